"""Messages with the reading that a careful person gives them (golden/README.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.understanding import parsed_json, understand

GOLDEN = Path(__file__).parent / "golden"
VOCABULARY = {
    "assumed": {
        "usd_amount_is_margin",
        "mode",
        "entry",
        "leverage",
        "size",
        "wallet",
        "venue",
        "contract",
        "side",
        "symbol",
        "mark",
        "fees",
        "target",
    },
    "missing": {"balance", "entry", "leverage", "side", "size", "symbol", "stop", "max_probability", "target"},
}


def _examples(name: str) -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return examples


ALL = [*_examples("utterances.json"), *_examples("positions.json"), *_examples("questions.json")]


@pytest.mark.parametrize("example", ALL, ids=lambda example: example["text"][:60])
def test_a_message_is_read_as_a_careful_person_reads_it(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    assert reading.kind == example.get("kind", "position")
    assert parsed_json(reading) == example["parsed"]
    assert reading.lang == example.get("lang")
    assert list(reading.missing) == example.get("missing", [])
    flagged = {entry.split(":")[0] for entry in reading.assumed}
    assert set(example.get("assumed", [])) <= flagged


@pytest.mark.parametrize("example", ALL, ids=lambda example: example["text"][:60])
def test_flags_and_questions_use_the_closed_names(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    assert {entry.split(":")[0] for entry in reading.assumed} <= VOCABULARY["assumed"]
    assert set(reading.missing) <= VOCABULARY["missing"]


@pytest.mark.parametrize("example", _examples("utterances.json"), ids=lambda example: example["text"][:60])
def test_capitals_and_trailing_spaces_change_nothing(example: dict[str, Any]) -> None:
    plain = understand(example["text"])
    shouted = understand(f"  {example['text'].upper()}  ")
    assert (shouted.kind, shouted.parsed, shouted.missing) == (plain.kind, plain.parsed, plain.missing)
