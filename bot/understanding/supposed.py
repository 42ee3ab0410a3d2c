"""Short words on a what-if card: "add 500 margin", "close half my eth", "20x instead", "switch to cross", "reset".

What they say is told by the reading of the message (`Reading.changes`); here is only whether it says one thing and
nothing else, so that nothing of it is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from bot.understanding.follow_ups import nothing_but
from bot.understanding.groups import SIDES
from bot.understanding.readings import Change, Mode, Reading, Side
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.understand import understand
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

What = Literal["margin", "deposit", "close", "leverage", "mode", "funding", "reset", "undo", "betas", "ladder", "event"]
LONGEST: Final = 80
"""Characters of a text that can be such words."""


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


_BESIDE: Final = frozenset({C.IF, C.WHAT_IF, C.AND, C.MY, C.GO_TO, C.INSTEAD, C.MONEY, *SIDES})
"""Words that may stand in any of these messages: they join it, or say whose position is meant."""

_MEANT: Final[dict[What, frozenset[C]]] = {
    "margin": frozenset({C.ADD, C.TOP_UP, C.MARGIN, C.MORE}),
    "deposit": frozenset({C.ADD, C.TOP_UP, C.BALANCE, C.ACCOUNT, C.MORE, C.ALL}),
    "close": frozenset({C.CLOSE, C.HALVE, C.ALL, C.PERCENT, C.SIZE}),
    "mode": frozenset({C.SWITCH, C.MOVE, C.ISOLATED, C.CROSS, C.MARGIN, C.MODE}),
    "funding": frozenset({C.FUNDING, C.DAYS, C.WEEKS, C.EACH, C.HOURS, C.PERCENT, C.AT}),
    "leverage": frozenset({C.LEVERAGE, C.TIMES, C.AT}),
}


def word_of(text: str) -> Word | None:
    """What a short message says, None for any other."""
    if len(text) > LONGEST:
        return None
    message = tagged(text)
    reading = understand(message) if message.pieces else Reading(kind="unknown")
    word = _of_the_card(message, reading)
    if word is not None or reading.also or reading.unread or reading.unknown_coin or reading.foreign:
        return word
    word = _of_the_scenario(message, reading)
    if word is not None or any(piece.coin and not piece.coin.weak and not piece.coin.known for piece in message.pieces):
        return word
    word = _changed(message, reading)
    return word if word is not None and _only(message, _MEANT[word.what] | _BESIDE) else None


def _only(message: Message, concepts: Collection[C], texts: Collection[str] = frozenset()) -> bool:
    """Whether nothing else is said."""
    pieces = message.pieces
    while pieces and pieces[-1].text in ("?", "!", "."):
        pieces = pieces[:-1]
    texts = listed("sizes_meant") | set(texts)
    rest = [piece for piece in pieces if piece.text not in texts and fraction_of(piece.text) is None]
    return nothing_but(rest, concepts, coins=True)


def _of_the_card(message: Message, reading: Reading) -> Word | None:
    """ "undo", "reset", "with betas", "ladder": what is about the card itself."""
    if reading.kind == "undo":
        return Word(what="undo")
    if message.has(C.RESET) and _only(message, (C.RESET,)) and not _numbered(message):
        return Word(what="reset")
    if message.has(C.BETA) and _only(message, (C.BETA,), listed("betas_on") | listed("betas_off")):
        named = any(piece.text in listed("betas_on") | listed("betas_off") for piece in message.pieces)
        off = any(piece.text in listed("betas_off") for piece in message.pieces)
        return (
            Word(what="betas", on=not off) if (named or len(message.pieces) == 1) and not _numbered(message) else None
        )
    if message.has(C.LADDER) and _only(message, (C.LADDER,), listed("shows")) and not _numbered(message):
        return Word(what="ladder")
    return None


def _numbered(message: Message) -> bool:
    return any(piece.number for piece in message.pieces)


def _of_the_scenario(message: Message, reading: Reading) -> Word | None:
    """ "ftx again", "2020-03-12 again": every price as it went then."""
    shocks = reading.parsed.shocks or ()
    if reading.kind != "whatif" or len(shocks) != 1 or reading.parsed.positions or reading.changes:
        return None
    alone = not message.has(C.IF, C.WHAT_IF) and len(message.pieces) <= _EVENT_PIECES
    return (
        Word(what="event", event=shocks[0].named) if alone and shocks[0].named and shocks[0].target == "ALL" else None
    )


_EVENT_PIECES: Final = 6


def _changed(message: Message, reading: Reading) -> Word | None:
    """The one change that the reading tells."""
    parsed = reading.parsed
    if parsed.shocks or parsed.add_positions or parsed.account or parsed.marks:
        return None
    if reading.kind == "compare" and parsed.switch is not None and not parsed.positions:
        side = next((SIDES[piece.concept] for piece in message.pieces if piece.concept in SIDES), None)
        moved = message.has(C.SWITCH, C.MOVE) and parsed.switch.to is not None
        return Word(what="mode", coin=parsed.switch.symbol, side=side, mode=parsed.switch.to) if moved else None
    if reading.follow_up and reading.kind == "position":
        return _leverage(reading)
    if len(reading.changes) != 1 or parsed.positions:
        return None
    change = reading.changes[0]
    match change.what:
        case "add_margin" | "deposit" if change.amount and change.unit is None:
            return _amount(message, change)
        case "close":
            return _closed(message, change)
        case "funding" if change.days and change.interval_h in (None, 8):
            return Word(what="funding", amount=change.rate_pct, days=change.days)
        case "leverage":
            return Word(what="leverage", coin=change.symbol, amount=change.leverage)
        case "mode":
            return Word(what="mode", coin=change.symbol, side=change.side, mode=change.mode)
        case _:
            return None


def _leverage(reading: Reading) -> Word | None:
    """ "20x instead", "10x on eth": a leverage and nothing else."""
    positions = reading.parsed.positions or ()
    said = positions[0].model_dump(exclude_none=True).keys() if len(positions) == 1 else set()
    if "leverage" not in said or said - {"leverage", "symbol"} or reading.parsed.venue:
        return None
    return Word(what="leverage", coin=positions[0].symbol, amount=positions[0].leverage)


def _amount(message: Message, change: Change) -> Word:
    """Money for a position, or for the wallet where neither margin nor a position is named."""
    position = change.symbol or change.side or message.has(C.MARGIN)
    position = position or any(piece.text in listed("position_words") | {"it"} for piece in message.pieces)
    margin = bool(position) and change.what == "add_margin" and not message.has(C.BALANCE, C.ACCOUNT)
    what: What = "margin" if margin else "deposit"
    return Word(what=what, coin=change.symbol, side=change.side, amount=change.amount)


def _closed(message: Message, change: Change) -> Word | None:
    """A part of a position; "close" alone says not how much."""
    named = change.symbol or change.side or message.has(C.ALL) or change.share != 100 or _numbered(message)
    if not named or change.share is None or not 0 < change.share <= 100:
        return None
    return Word(what="close", coin=change.symbol, side=change.side, amount=change.share / 100)
