"""Messages with the reading that a careful person gives them (golden/README.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.understanding import Reading, parsed_json, public_kind, understand

GOLDEN = Path(__file__).parent / "golden"


def _data(name: str) -> Any:
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


VOCABULARY = _data("vocabulary.json")
ALL: list[dict[str, Any]] = [
    example
    for name in ("utterances.json", "messages.json", "positions.json", "questions.json")
    for example in _data(name)
]


def _kind(reading: Reading, example: dict[str, Any]) -> str:
    """The kind, under its inside name where the example gives that."""
    return reading.kind if example.get("kind") == reading.kind else public_kind(reading)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example["text"][:60])
def test_a_message_is_read_as_a_careful_person_reads_it(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    lang = {"lang": example["lang"]} if "lang" in example else {}
    assert _kind(reading, example) == example.get("kind", "position")
    assert parsed_json(reading) == example["parsed"] | lang
    assert list(reading.missing) == example.get("missing", [])
    flagged = {entry.split(":")[0] for entry in reading.assumed}
    assert set(example.get("assumed", [])) <= flagged


@pytest.mark.parametrize("example", ALL, ids=lambda example: example["text"][:60])
def test_every_further_ask_is_read_in_its_order(example: dict[str, Any]) -> None:
    also = [{"kind": public_kind(other), "parsed": parsed_json(other)} for other in understand(example["text"]).also]
    assert also == example.get("also", [])


@pytest.mark.parametrize("example", ALL, ids=lambda example: example["text"][:60])
def test_flags_and_questions_use_the_closed_names(example: dict[str, Any]) -> None:
    reading = understand(example["text"])
    assert {entry.split(":")[0] for entry in reading.assumed} <= set(VOCABULARY["assumed"])
    assert set(reading.missing) <= set(VOCABULARY["missing"])


@pytest.mark.parametrize("example", _data("utterances.json"), ids=lambda example: example["text"][:60])
def test_capitals_and_trailing_spaces_change_nothing(example: dict[str, Any]) -> None:
    plain = understand(example["text"])
    shouted = understand(f"  {example['text'].upper()}  ")
    assert (shouted.kind, shouted.parsed, shouted.missing) == (plain.kind, plain.parsed, plain.missing)
