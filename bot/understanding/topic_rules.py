"""The rules by which a question about how it works finds its topic, read from `data/topics.json`.

A rule holds when of every one of its lists ("all") some word or phrase occurs; a trailing "*" takes any ending,
"@name" stands for a named set of words. Particular rules stand before general ones.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A topic, the kind of its questions, and the groups of which each must occur: texts to look for between spaces."""

    topic: str
    kind: Literal["explain", "faq"]
    groups: tuple[tuple[str, ...], ...]


@cache
def _table() -> dict[str, Any]:
    text = files(__package__).joinpath("data", "topics.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def word_set(name: str) -> list[str]:
    """The words of a named set ("venue", "liq")."""
    words: list[str] = _table()["sets"][name]
    return words


def _expanded(words: list[str]) -> list[str]:
    return [plain for word in words for plain in (word_set(word[1:]) if word.startswith("@") else [word])]


@cache
def topic_vocabulary() -> frozenset[str]:
    """Every word that a rule looks for: such words are right as they are and no misspelt trading words."""
    groups = [group for rule in _table()["rules"] for group in rule["all"]]
    return frozenset(part for group in groups for word in _expanded(group) for part in word.split())


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they are tried."""
    found = []
    for row in _table()["rules"]:
        groups = tuple(tuple(_needle(word) for word in _expanded(group)) for group in row["all"])
        found.append(Rule(topic=row["topic"], kind=row["kind"], groups=groups))
    return tuple(found)


def _needle(word: str) -> str:
    """The text to look for: with a space behind a whole word, without one behind a stem."""
    return f" {word[:-1]}" if word.endswith("*") else f" {word} "
