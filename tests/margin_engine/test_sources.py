"""Every rule names its source, and every source that is named or listed is both."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from margin_engine import evaluate, read_book
from margin_engine.model.derivation import ALREADY_THERE, CLOSED_FORM, JUMP, ROOT
from margin_engine.venues.catalogue import Preset, catalogue
from margin_engine.venues.packaged import rows_of
from tests.margin_engine import pages
from tests.margin_engine.test_venues import NAMES, own_book

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
EVIDENCE = {"recomputed", "read", "unconfirmed", "assumed", "own"}
OWN = {"given", "assumed", "definition", CLOSED_FORM, ROOT, ALREADY_THERE, JUMP}


@cache
def listed() -> dict[str, list[str]]:
    """The page's rows by key."""
    rows = re.findall(r"^\| `([^`]+)` \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {key: [cell.strip() for cell in rest.split("|")] for key, rest in rows}


def named() -> set[str]:
    """Every key in the data of the venues."""
    keys = {row["source"] for name in ("tiers.csv", "growing_rates.csv", "ticks.csv") for row in rows_of(name)}
    for preset in catalogue().values():
        keys |= {*preset.sources.values(), preset.switching.source, *(note.source for note in preset.noted)}
        keys |= {preset.assumed.source} if preset.assumed else set()
    return keys


def test_the_page_lists_every_source_that_is_named_and_no_other() -> None:
    assert set(listed()) == named() | OWN | {"binance-usdm-tiers"}


def test_every_source_says_what_it_is_and_how_good_it_is() -> None:
    for key, (what, _, _, evidence) in listed().items():
        assert what, key
        assert evidence in EVIDENCE, key


@pytest.mark.parametrize("preset", catalogue().values(), ids=lambda preset: preset.name)
def test_every_rule_of_a_venue_names_its_source(preset: Preset) -> None:
    plain = catalogue()["generic"]
    known = {"margin_modes", "default_mode", "rules", "contracts"}
    single = ("trigger_price", "max_leverage", "taker_fee", "maker_fee", "rounds_toward_mark", "isolated_in_multi")
    known |= {slot for slot in single if getattr(preset, slot) is not None}
    slots = ("closing_fee_rate", "tier_method", "others_profit_counts", "fee_to_close_rate")
    known |= {f"rules.{slot}" for slot in slots if getattr(preset.rules, slot) != getattr(plain.rules, slot)}
    assert set(preset.sources) == known
    assert preset.switching.rule
    assert preset.switching.source


@pytest.mark.parametrize("book", [*map(own_book, NAMES), *(item["book"] for item in pages.items())])
def test_every_step_of_a_derivation_leads_to_the_page(book: dict[str, Any]) -> None:
    for step in evaluate(read_book(book)).derivation:
        assert step.source.removeprefix("tiers, ") in listed(), step


def test_the_rate_of_a_venues_fee_names_the_venues_source_and_a_given_one_does_not() -> None:
    own = {step.name: step.source for step in evaluate(read_book(own_book("gate"))).derivation}
    given = evaluate(read_book(own_book("gate", rules={"closing_fee_rate": "0.001"}))).derivation
    assert own["closing_fee_rate"] == "gate-samples"
    assert {step.source for step in given if step.name == "closing_fee_rate"} == {"given"}
