"""Questions about how it works: which topic, and whether it explains one's own numbers or is a general question.

The rules stand in `data/topics.json`; the first that holds wins.
"""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from bot.understanding.account import venue_of
from bot.understanding.positions import book_of
from bot.understanding.readings import Parsed, Reading, Values
from bot.understanding.tagging import Message
from bot.understanding.topic_rules import Rule, rules_about, word_set
from bot.understanding.words import Concept as C

_ADVICE = re.compile(
    r"\W*(?:(?:should|shall|do)\s+i\s+(?:go\s+)?(?:long|short|buy|sell)|(?:long\s+or\s+short|buy\s+or\s+sell))\b(?:[^\W\d]|\s){0,40}\W*",
    re.IGNORECASE,
)
_EXPLAINED_WHY = frozenset({"hedge_mode", "liquidation_price", "cross_liquidation_chance"})
_SHOWING = frozenset({"show", "shows", "showing", "say", "says", "display", "displays", "give", "gives"})
_WHETHER = frozenset({"cross_account_liquidation", "partial_liquidation", "cross_other_positions"})
_LAST = frozenset({"steps", "probability_method"})
_OWN_BOOK = frozenset({"cross_other_positions", "no_liq_price", "cross_account_liquidation"})


def asks_advice(text: str) -> bool:
    """Whether a text asks what to buy or sell: "should I long btc?"."""
    return _ADVICE.fullmatch(text) is not None


def topic_of(message: Message) -> tuple[Literal["explain", "faq"], str] | None:
    """The kind and topic of a question about how it works, None when no rule holds."""
    words = _plain(message)
    for rule in rules_about(words):
        if all(any(needle in words for needle in group) for group in rule.groups):
            return _kind(rule, message), rule.topic
    return None


def _kind(rule: Rule, message: Message) -> Literal["explain", "faq"]:
    """Why something is so is explained; whether it can be so is a general question."""
    if message.has(C.WHY):
        return "explain" if rule.topic in _EXPLAINED_WHY else rule.kind
    asks_whether = bool({"can", "could", "will", "would"} & set(message.words.split()[:1]))
    return "faq" if asks_whether and rule.topic in _WHETHER else rule.kind


def _plain(message: Message) -> str:
    """The words between single spaces, numbers with their unit apart ("50 x"), punctuation kept only where rules use
    it.
    """
    parts: list[str] = []
    for piece in message.pieces:
        if piece.number:
            unit = {"x": " x", "%": " %"}.get(piece.number.unit, "")
            parts.append(f"{piece.text}{unit}")
        elif piece.text == "-" and parts and parts[-1] == "-":
            parts[-1] = "--"
        elif piece.kind == "word" or piece.text in "-/%":
            parts.append(piece.text)
    return f" {' '.join(parts)} "


def read(message: Message) -> Reading:
    """The message as kind "explain" or "faq" with its topic; kind "unknown" when it has none."""
    found = topic_of(message)
    if found is None:
        return Reading(kind="unknown", parsed=Parsed())
    kind, topic = found
    venue = venue_of(message)
    book = book_of(message, _shown(message)) if topic == "venue_mismatch" and message.has(C.LONG, C.SHORT) else None
    positions = tuple(slots for slots in book.positions if slots.entry is not None) if book else ()
    parsed = Parsed(
        positions=positions or None,
        account=book.account if book and positions else None,
        topic=topic,
        portfolio="current" if kind == "explain" and topic in _OWN_BOOK else None,
        ref="last_answer" if topic in _LAST else None,
        values=_values(_only_shown(message) if positions else message) if topic == "venue_mismatch" else None,
        venue=venue,
    )
    return Reading(kind=kind, parsed=parsed)


def _shown(message: Message) -> frozenset[int]:
    """The price right behind "why does bybit show", which is no entry of the position that is told beside it."""
    says = next((at for at, piece in enumerate(message.pieces) if piece.text in _SHOWING), None)
    near = range(0) if says is None else range(says + 1, min(says + 6, len(message.pieces)))
    found = next((at for at in near if message.pieces[at].number), None)
    return frozenset() if found is None else frozenset({found})


def _only_shown(message: Message) -> Message:
    """The message up to the price that the venue shows."""
    end = max(_shown(message), default=-1) + 1
    return replace(message, pieces=message.pieces[:end])


def _values(message: Message) -> Values | None:
    """The two prices of "why is my liq 61,234 and binance says 61,180": the venue's follows its name."""
    pieces = message.pieces
    prices = [index for index, p in enumerate(pieces) if p.number and p.number.unit in ("", "usd")]
    says = [i for i, p in enumerate(pieces) if p.text in word_set("venue")]
    ours = [i for i, p in enumerate(pieces) if p.text in ("you", "your", "bot", "yours", "here", "my")]
    if not prices:
        return None
    values: dict[str, Decimal] = {}
    for index in prices[:2]:
        number = pieces[index].number
        venue = max((i for i in says if i < index), default=-1)
        bot = max((i for i in ours if i < index), default=-1)
        name = "venue" if venue > bot else "bot"
        if number is not None:
            values.setdefault(name if name not in values else ("bot" if name == "venue" else "venue"), number.value)
    return Values.model_validate(values)
