"""Messages written before the readings of rows, choices, follow-ups and changes were (golden/further.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.understanding import Reading, parsed_json, understand

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "golden" / "further.json").read_text("utf-8"))


def _plain(reading: Reading) -> dict[str, Any]:
    return dict(parsed_json(reading))


def _first(reading: Reading) -> dict[str, Any]:
    """The slots of the first position, and the balance beside it."""
    parsed = _plain(reading)
    return {**next(iter(parsed.get("positions") or ()), {}), "bal": parsed.get("account", {}).get("balance")}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"][:50])
def test_what_must_be_read_is_there(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    parsed = _plain(reading)
    assert reading.kind in example.get("kinds", [reading.kind])
    positions = example.get("positions", [])
    assert len(parsed.get("positions") or ()) >= len(positions)
    for got, wanted in zip(parsed.get("positions") or (), positions, strict=False):
        assert {name: got.get(name) for name in wanted} == wanted
    for name in ("shocks", "marks", "target"):
        assert parsed.get(name) == example.get(name, parsed.get(name))
    if "balance" in example:
        assert parsed["account"]["balance"] == example["balance"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"][:50])
def test_what_must_be_offered_or_named_is(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    said = " ".join((*reading.unread, *reading.plan, *reading.assumed))
    assert all(word in said for word in example.get("named", []))
    offered = [_first(each) for each in (reading, *reading.alternatives)]
    for wanted in example.get("offered", []):
        assert any({name: slots.get(name) for name in wanted} == wanted for slots in offered)
    assert reading.follow == example.get("follow", reading.follow)
    assert reading.scale == example.get("scale", reading.scale)
