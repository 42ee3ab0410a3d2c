"""Short words on a what-if card: "add 500 margin", "close half my eth", "20x instead", "switch to cross", "reset".

Each is read only as a whole message, so that nothing of it is dropped without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from bot.understanding import coins
from bot.understanding.answers import read_number
from bot.understanding.events import event_at
from bot.understanding.readings import Mode, Side

What = Literal["margin", "deposit", "close", "leverage", "mode", "funding", "reset", "undo", "betas", "ladder", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a short message says. coin, side: whose; amount: USDT, fraction closed, leverage, or percent per 8 hours."""

    what: What
    coin: str | None = None
    side: Side | None = None
    amount: Decimal | None = None
    days: Decimal | None = None
    mode: Mode | None = None
    on: bool = True
    event: str | None = None


_NUMBER: Final = r"(?P<number>\d[\d.,]*\s*k?)\s*(?:usdt?|\$|u)?"
_WHOSE: Final = (
    r"(?:(?:to|of|on|for)\s+)?(?:my\s+|the\s+)?(?P<coin>[a-z0-9]{2,12})?\s*(?P<side>long|short)?(?:\s+position)?"
)
_LEAD: Final = r"(?:what\s+if\s+|if\s+|and\s+if\s+|and\s+)?(?:i\s+|we\s+)?"
_PARTS: Final = {
    "half": Decimal("0.5"),
    "a half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "a quarter": Decimal("0.25"),
    "a third": Decimal(1) / Decimal(3),
    "all": Decimal(1),
    "everything": Decimal(1),
}
_RATE: Final = r"(?P<rate>[-+−]?\d[\d.]*)\s*%(?:\s*(?:/|per|every|each)\s*8\s*h(?:ours)?)?"
_RULES: Final = tuple(
    (what, re.compile(_LEAD + pattern + r"\s*[?.!]*"))
    for what, pattern in (
        ("reset", r"(?:reset|start over|clear)"),
        ("undo", r"(?:undo|take (?:it|that) back)"),
        ("betas", r"(?:with|use|using) (?:the )?betas?"),
        ("unbetas", r"(?:without|no) (?:the )?betas?"),
        ("ladder", r"(?:ladder|table|show (?:the |a )?(?:ladder|table))"),
        ("margin", rf"add\s+{_NUMBER}\s*(?:of\s+)?(?:more\s+)?margin(?:\s+{_WHOSE})?"),
        ("margin", rf"add\s+{_NUMBER}\s+(?:to|on)\s+(?!my wallet|the wallet|my account|the account){_WHOSE}"),
        ("deposit", rf"(?:deposit|top up|add)\s+{_NUMBER}(?:\s+(?:to|into) (?:my |the )?(?:wallet|account))?"),
        ("close", rf"(?:close|cut|sell|reduce)\s+(?P<part>{'|'.join(_PARTS)})(?:\s+{_WHOSE})?"),
        ("close", rf"(?:close|cut|reduce)\s+(?P<percent>\d{{1,3}}(?:\.\d+)?)\s*%(?:\s+{_WHOSE})?"),
        ("close", rf"close\s+{_WHOSE}"),
        ("leverage", r"(?:use\s+|at\s+|with\s+)?(?P<number>\d{1,3}(?:\.\d+)?)\s*x(?:\s+instead)?"
                     r"(?:\s+(?:on|for)\s+(?P<coin>[a-z0-9]{2,12}))?(?:\s+instead)?"),
        ("mode", r"(?:switch|change|move|go)\s+(?:(?:my\s+)?(?!to\b)(?P<coin>[a-z0-9]{2,12})\s*"
                 r"(?P<side>long|short)?\s+)?(?:to\s+)?(?P<mode>cross|isolated|iso)(?:\s+margin)?"),
        ("funding", rf"funding\s+(?:of\s+|at\s+|stays\s+at\s+)?{_RATE}\s+(?:for|x|over)?\s*"
                    r"(?P<days>\d{1,3}(?:\.\d+)?)\s*(?:d|days?)"),
    )
)  # fmt: skip
_DAY: Final = re.compile(r"(?:like\s+|as\s+(?:on|in)\s+)?(?P<day>20\d\d-\d\d-\d\d)(?:\s+again)?[?.!]*")


def word_of(text: str) -> Word | None:
    """What a short message says, None for any other."""
    said = " ".join(text.lower().replace("’", "'").split())
    for what, rule in _RULES:
        hit = rule.fullmatch(said)
        if hit is not None:
            return _word(what, {name: value for name, value in hit.groupdict().items() if value})
    hit = _DAY.fullmatch(said)
    if hit is not None:
        return Word(what="event", event=hit["day"])
    named = event_at(f" {said.removesuffix(' again')} ") if said.endswith(" again") else None
    return Word(what="event", event=named) if named is not None else None


def _word(what: str, found: dict[str, str]) -> Word | None:
    coin = None
    if "coin" in found and found["coin"] not in ("long", "short", "it", "position", "account", "all", "everything"):
        known = coins.find(found["coin"])
        if known is None:
            return None
        coin = known.symbol
    side: Side | None = found.get("side") or (found.get("coin") if found.get("coin") in ("long", "short") else None)  # type: ignore[assignment]
    match what:
        case "betas" | "unbetas":
            return Word(what="betas", on=what == "betas")
        case "reset" | "undo" | "ladder":
            return Word(what=what)
        case "close":
            part = Decimal(found["percent"]) / 100 if "percent" in found else _PARTS.get(found.get("part", "all"))
            if not part or part > 1 or not (coin or side or found.get("part") or found.get("percent")):
                return None
            return Word(what="close", coin=coin, side=side, amount=part)
        case "mode":
            return Word(what="mode", coin=coin, side=side, mode="cross" if found["mode"] == "cross" else "isolated")
        case "funding":
            return Word(what="funding", amount=Decimal(found["rate"].replace("−", "-")), days=Decimal(found["days"]))
        case "margin" | "deposit" | "leverage":
            number = read_number(found["number"], None)
            return Word(what=what, coin=coin, side=side, amount=number) if number else None
        case _:
            return None
