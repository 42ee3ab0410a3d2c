"""Isolated beside cross: "iso or cross for long 0.5 btc 64k 20x with 5k in the wallet?", "switch eth short cross->iso
now".
"""

from bot.understanding.account import horizon_of, modes_of, saved_name, venue_of
from bot.understanding.asks import asks_of
from bot.understanding.hypothesis import hypothesis
from bot.understanding.positions import Book, book_of
from bot.understanding.readings import Mode, Parsed, PositionSlots, Reading, Switch
from bot.understanding.shocks import shocks_of
from bot.understanding.tagging import Message
from bot.understanding.targets import FALLS, RISES
from bot.understanding.words import Concept as C
from bot.understanding.words import listed


def read(message: Message) -> Reading:
    """The message as kind "compare". Both modes are always compared, whichever was named first."""
    supposed, facts = hypothesis(message)
    moves = bool(facts.pieces) or (asks_switch(message) and message.has(*FALLS, *RISES))
    shocks, guessed = shocks_of(supposed.pieces, supposed.roles) if moves else ([], False)
    if not shocks:
        facts, guessed = message, False
    book = book_of(facts)
    switch = _switch(message)
    start = _start(message, switch)
    positions = tuple(slots.model_copy(update={"mode": start}) for slots in book.positions if told(slots))
    saved = saved_name(message)
    parsed = Parsed(
        positions=positions,
        modes=("isolated", "cross"),
        account=book.account,
        marks=(book.marks or None) if positions else None,
        shocks=tuple(shocks) or None,
        portfolio=saved or (None if positions else "current"),
        switch=switch,
        ask=_asks(message, bool(shocks)),
        horizon_days=horizon_of(message),
        focus=None if positions or asks_switch(message) else _focus(book),
        venue=venue_of(message),
    )
    assumed = book.assumed + (("target: a move without a direction is taken as a fall",) if guessed else ())
    missing = tuple(name for name in ("symbol", "side", "entry") if any(_lacks(slots, name) for slots in positions))
    return Reading(kind="compare", parsed=parsed, assumed=assumed, missing=missing, unread=book.unread)


def _start(message: Message, switch: Switch | None) -> Mode | None:
    """The mode in which a position stands whose switch is asked about: of two that are named, the one it leaves."""
    if switch is None or switch.to is None or len(modes_of(message)) != 2:
        return None
    return "cross" if switch.to == "isolated" else "isolated"


def told(slots: PositionSlots) -> bool:
    """Whether a position was described, and not only pointed at by coin and side."""
    return bool(slots.model_fields_set - {"symbol", "side", "mode", "contract"})


def _lacks(slots: PositionSlots, name: str) -> bool:
    return getattr(slots, name) is None


def _focus(book: Book) -> str | None:
    """The symbol, with its side where it was said, that a question about the open account points at."""
    if not book.positions or not book.positions[0].symbol:
        return None
    first = book.positions[0]
    return f"{first.symbol} {first.side}" if first.side else first.symbol


def asks_switch(message: Message) -> bool:
    """Whether a change of mode is asked about: "switch to iso", "should i move my eth short to cross"."""
    if message.has(C.SWITCH):
        return True
    one_mode = len(modes_of(message)) == 1 and not any(piece.number for piece in message.pieces)
    moved = message.has(C.MOVE, C.GO_TO) and message.has(C.CAN, C.IF, C.MY, C.MOVE)
    put = message.has(C.MY) and any(
        f" {verb} " in message.words for verb in ("put", "make", "set", "turn", "move", "flip")
    )
    return one_mode and (moved or put)


def asks_equal_leverage(message: Message) -> bool:
    """Whether the leverage is asked for that makes one mode as good as the other."""
    levered = message.has(C.LEVERAGE, C.MAXIMUM) and ("leverage" in message.words or " lev" in message.words)
    return levered and any(f" {word} " in message.words for word in listed("equal"))


def _switches(message: Message, index: int) -> bool:
    """Whether a coin is the one whose mode changes, and not one that is supposed to move."""
    pieces = message.pieces
    coin = pieces[index].coin
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return coin is not None and not coin.weak and (after is None or after.concept not in FALLS | RISES)


def _switch(message: Message) -> Switch | None:
    if not asks_switch(message):
        return None
    modes = modes_of(message)
    coin = next((piece.coin.symbol for index, piece in enumerate(message.pieces) if _switches(message, index)), None)  # type: ignore[union-attr]
    to: Mode | None = modes[-1] if modes else None
    for index, piece in enumerate(message.pieces):
        if piece.concept is C.GO_TO or piece.text in ("switch to", "change to", "go cross", "go iso", "go isolated"):
            after = message.pieces[index : index + 3]
            named = next((p for p in after if p.concept in (C.ISOLATED, C.CROSS)), None)
            to = to if named is None else "isolated" if named.concept is C.ISOLATED else "cross"
    return Switch(symbol=coin, to=to)


def _asks(message: Message, shocked: bool) -> tuple[str, ...] | None:
    found = [ask for ask in asks_of(message) if not (shocked and ask == "max_loss")]
    if asks_switch(message) and message.has(C.CAN):
        found.append("can_switch")
    if asks_equal_leverage(message):
        found.append("equivalent_leverage")
    return tuple(dict.fromkeys(found)) or None
