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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Every group of every rule is one bit.

    starts: first word (with the space behind it) or stem of a text -> the groups that have such a text. longest: the
    length of the longest start. needs: each rule with all of its groups.
    """

    starts: dict[str, int]
    longest: int
    needs: tuple[tuple[Rule, int], ...]


@cache
def _index() -> _Index:
    starts: dict[str, int] = {}
    needs: list[tuple[Rule, int]] = []
    bit = 1
    for rule in rules():
        need = 0
        for group in rule.groups:
            for needle in group:
                word, space, _ = needle[1:].partition(" ")
                start = word + space
                starts[start] = starts.get(start, 0) | bit
            need |= bit
            bit <<= 1
        needs.append((rule, need))
    return _Index(starts=starts, longest=max(map(len, starts)), needs=tuple(needs))


def rules_about(words: str) -> list[Rule]:
    """The rules that are worth trying on a text, in order: of each other one some group has no text that begins here.

    Arguments: words between single spaces.
    """
    index, met = _index(), 0
    for word in set(words.split()):
        text = f"{word} "
        for end in range(1, min(len(text), index.longest) + 1):
            met |= index.starts.get(text[:end], 0)
    return [rule for rule, need in index.needs if met & need == need]


def _needle(word: str) -> str:
    """The text to look for: with a space behind a whole word, without one behind a stem."""
    return f" {word[:-1]}" if word.endswith("*") else f" {word} "
