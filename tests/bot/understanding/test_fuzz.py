"""Thousands of random messages: none fails, and what comes out has the documented form."""

import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.understanding import parsed_json, public_kind, understand
from bot.understanding.normalise import EMOJI
from bot.understanding.words import LANGUAGES, phrases

RUNS, MESSAGES = 10, 10_000 if os.environ.get("MARGINBOT_SOAK") else 500
KINDS = frozenset(
    (
        "position",
        "whatif",
        "compare",
        "size",
        "addmargin",
        "explain",
        "faq",
        "portfolio",
        "quiz",
        "settings",
        "smalltalk",
    )
) | {"unknown"}
VOCABULARY = json.loads((Path(__file__).parent / "golden" / "vocabulary.json").read_text(encoding="utf-8"))
SLOTS = frozenset(VOCABULARY["slots"]) | {"lang"}
WORDS = [phrase for language in LANGUAGES for row in phrases(language).values() for phrase in row]
SIGNS = [
    *"@:,.;?!-+/$%()\n'\"~=<>&#*€£¥",
    "->",
    "±",
    "+-",
    "\u200b",
    "\u202e",
    "\u200f",
    "\u0336",
    *EMOJI,
    "🙏",
    "½",
    "１",
]
COINS = [
    "btc",
    "ETH",
    "sol",
    "xbt",
    "BTCUSDT",
    "btc-perp",
    "kpepe",
    "near",
    "link",
    "ВТС",
    "биток",
    "比特币",
    "foo",
    "ethbtc",
]
NUMBERS = [
    "64k",
    "64.000",
    "3,200",
    "0,5",
    "58 900",
    "1e9",
    "20x",
    "x10",
    "-10%",
    "+5",
    "500$",
    "100u",
    "1.5m",
    "0",
    "²",
]


def _message(draw: random.Random) -> str:
    """Words, coins, numbers and signs in any order, now and then with letters exchanged or characters from anywhere."""
    pools = (WORDS, COINS, NUMBERS, SIGNS)
    parts = [draw.choice(draw.choice(pools)) for _ in range(draw.randint(1, 24))]
    text = draw.choice((" ", " ", "", "\n")).join(parts)
    if draw.random() < 0.2:
        at = draw.randrange(len(text) + 1)
        text = text[:at] + chr(draw.choice((draw.randrange(32, 0x2FFF), draw.randrange(0x10000, 0x1FFFF)))) + text[at:]
    return text


def _paths(value: Any, path: str = "") -> set[str]:
    """The paths of all slots, in the notation of the vocabulary: [] for items, * for any key of an open mapping."""
    if isinstance(value, Mapping):
        opened = path in ("marks", "account.collateral")
        inner = ((f"{path}.{'*' if opened else key}".lstrip("."), item) for key, item in value.items())
        return set().union(*({name} | _paths(item, name) for name, item in inner)) if value else set()
    if isinstance(value, list):
        return set().union(*(_paths(item, f"{path}[]") for item in value)) if value else set()
    return set()


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_random_message_gives_a_reading_of_the_documented_form(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(MESSAGES):
        text = _message(draw)
        reading = understand(text)
        for each in (reading, *reading.also, *reading.alternatives):
            slots = parsed_json(each)
            assert public_kind(each) in KINDS
            assert json.loads(json.dumps(slots)) == slots, text
            flags = {entry.partition(":")[0] for entry in each.assumed}
            assert flags <= set(VOCABULARY["assumed"]), text
            assert set(each.missing) <= set(VOCABULARY["missing"]), text
            assert not _unknown(slots), (text, _unknown(slots))


def _unknown(slots: Mapping[str, Any]) -> set[str]:
    """The slots that the vocabulary does not have; groups such as "account" are named there by their members."""
    members = {name for name in _paths(slots) if not any(slot.startswith(f"{name}.") for slot in SLOTS)}
    return members - SLOTS
