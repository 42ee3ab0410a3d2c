"""Supposed moves: "btc drops 10% and eth rises 5%", "alts -20% btc -10%", "if btc goes to 50k", "same crash as march
2020".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.understanding.account import account_of, funding_of, horizon_of, saved_name, venue_of, with_listed
from bot.understanding.asides import figure
from bot.understanding.asks import asks_of
from bot.understanding.changes import changes_of, is_closed_already
from bot.understanding.events import event_at
from bot.understanding.follow_ups import stated_prices
from bot.understanding.groups import SIDES
from bot.understanding.hypothesis import hypothesis
from bot.understanding.lexer import Piece
from bot.understanding.positions import Book, book_of
from bot.understanding.readings import AccountSlots, Change, Parsed, PositionSlots, Reading, Shock
from bot.understanding.shocks import is_step, shocks_of
from bot.understanding.tagging import Message
from bot.understanding.targets import FALLS, RISES, target_at
from bot.understanding.words import Concept as C


def solved(message: Message) -> list[Shock]:
    """Questions for the distance itself: "how far can btc fall", "how much can the whole market drop"."""
    pieces = message.pieces
    asked = message.has(C.HOW_FAR) or (message.has(C.HOW_MUCH) and message.has(C.FALL, C.RISE))
    if not asked or any(piece.number and piece.number.unit == "%" for piece in pieces):
        return []
    up = (
        (message.has(C.RISE) and not message.has(C.FALL))
        or " how high" in message.words
        or " how far up" in message.words
    )
    targets = [
        name for index in range(len(pieces)) if (name := target_at(pieces, index)) and not _is_mine(pieces, index)
    ]
    if not targets:
        targets, up = _mine(pieces, up=up)
    return [
        Shock(target=target, pct="solve_up" if up else "solve_down") for target in dict.fromkeys(targets or ["ALL"])
    ][:3]


def _mine(pieces: Sequence[Piece], *, up: bool) -> tuple[list[str], bool]:
    """The coins of the positions that are pointed at, where nothing else moves: "how far is my btc short from liq"."""
    named = [piece.coin.symbol for piece in pieces if piece.coin and not piece.coin.weak]
    return named, up or (bool(named) and any(piece.concept is C.SHORT for piece in pieces))


def _is_mine(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a coin names a position of the book ("my sol long"), not a price that moves."""
    before = next((piece for piece in reversed(pieces[:index]) if piece.concept != C.FILLER), None)
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return (before is not None and before.concept is C.MY) or (after is not None and after.concept in SIDES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """Positions supposed to be opened or closed, and the message without the words that said so."""

    rest: Message
    added: tuple[PositionSlots, ...] = ()
    removed: tuple[str, ...] = ()


def _changes(message: Message) -> _Changes:
    pieces = list(message.pieces)
    added: tuple[PositionSlots, ...] = ()
    removed: list[str] = []
    index = 0
    kept: list[Piece] = []
    while index < len(pieces):
        if pieces[index].concept is C.CLOSE:
            names, index = _closed(pieces, index + 1)
            removed += names
            continue
        if opens_at(pieces, index):
            end = _clause_end(pieces, index)
            book = book_of(replace(message, pieces=tuple(pieces[index + 1 : end])))
            added += tuple(slots.model_copy(update={"mode": None}) for slots in book.positions)
            index = end
            continue
        kept.append(pieces[index])
        index += 1
    return _Changes(rest=replace(message, pieces=tuple(kept)), added=added, removed=tuple(removed))


def opens_at(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a further position is opened here: "also open short 2 eth", "add a long"; not "add 300 to my short"."""
    reach = {C.OPEN: 4, C.ALSO: 4, C.ADD: 3}.get(pieces[index].concept or C.FILLER, 0)
    for piece in pieces[index + 1 : index + reach]:
        if piece.concept in SIDES:
            return True
        if piece.number or piece.concept is C.GO_TO:
            return False
    return False


def _closed(pieces: list[Piece], index: int) -> tuple[list[str], int]:
    names: list[str] = []
    while index < len(pieces):
        piece = pieces[index]
        if piece.coin and not piece.coin.weak:
            side = next((SIDES[p.concept] for p in pieces[index + 1 : index + 2] if p.concept in SIDES), None)
            names.append(f"{piece.coin.symbol} {side}" if side else piece.coin.symbol)
        elif piece.concept is C.AND:
            if not _names_another(pieces, index):
                break
        elif not (piece.concept in SIDES or piece.concept in (C.MY, C.FILLER) or piece.text in "&+"):
            break
        index += 1
    return names, index


def _names_another(pieces: list[Piece], index: int) -> bool:
    """Whether "and" goes on with a further position to close, and not with a move ("and btc drops 10%")."""
    coin = next((at for at in range(index + 1, min(index + 4, len(pieces))) if pieces[at].coin), None)
    after = pieces[coin + 1 : coin + 2] if coin is not None else []
    moves = any(p.concept in FALLS | RISES | {C.GO_TO, C.FLAT, C.HALVE, C.DOUBLE, C.HOW_FAR} or p.number for p in after)
    return coin is not None and not moves


def _clause_end(pieces: list[Piece], index: int) -> int:
    for at in range(index + 1, len(pieces)):
        joint = pieces[at].concept in (C.AND, C.IF, C.WHAT_IF) or pieces[at].text in (",", ".", "?", "\n", ";")
        moves = (
            piece.concept in FALLS | RISES | {C.GO_TO, C.MARKET, C.ALL, C.HOW_FAR}
            or (piece.number and piece.number.sign)
            for piece in pieces[at : at + 5]
        )
        if joint and any(moves):
            return at
    return len(pieces)


def told_book(message: Message) -> tuple[Book | None, Message]:
    """The positions told beside the hypothesis, when side, coin and a number are there; and the part to read shocks
    from.
    """
    supposed, facts = hypothesis(message)
    has_side = any(piece.concept in SIDES for piece in facts.pieces)
    has_coin = any(piece.coin for piece in facts.pieces)
    if has_side and has_coin and any(piece.number for piece in facts.pieces):
        return book_of(facts), supposed
    return None, message


def _stated(message: Message) -> dict[str, Decimal]:
    """The prices that are stated beside what is supposed of them: "btc at 63k now, what if -10%"."""
    supposed, facts = hypothesis(message)
    prices = stated_prices(facts) if supposed.pieces and facts.pieces and facts.has(C.NOW, C.MARK) else {}
    return prices if any(piece.number for piece in supposed.pieces) else {}


def read(message: Message) -> Reading:
    """The message as kind "whatif"."""
    whole = message
    supposed_changes, used = changes_of(message)
    left_at = message.exits
    used |= left_at | {at - 1 for at in left_at if message.pieces[at - 1].concept is C.AT}
    message = replace(message, pieces=tuple(piece for at, piece in enumerate(message.pieces) if at not in used))
    changes = _changes(_without_part(message, supposed_changes))
    book, supposed = told_book(changes.rest)
    if book is None and changes.rest.pieces and _is_told_part(changes.rest, supposed_changes):
        book, supposed = book_of(changes.rest), replace(message, pieces=())
    roles = supposed.roles
    supposed_changes = tuple(_of_told(change, book) for change in supposed_changes)
    event = event_at(message.words)
    solving = [] if book else solved(changes.rest)
    shocks, guessed = (
        shocks_of(_without_collateral(supposed.pieces), roles, whose=only_symbol(book, supposed))
        if not solving and not event
        else ([], False)
    )
    if event:
        targets = [name for i in range(len(supposed.pieces)) if (name := target_at(supposed.pieces, i))]
        shocks = [Shock(target=targets[0] if targets and targets[0] != "LUNA" else "ALL", named=event)]
    marks = {} if book or event or solving else _stated(changes.rest)
    if marks:
        supposed = hypothesis(changes.rest)[0]
        shocks, guessed = shocks_of(
            supposed.pieces, supposed.roles, whose=next(iter(marks)) if len(marks) == 1 else None
        )
    message = whole
    closed_at = _closed_at(whole, book, supposed_changes, shocks)
    if closed_at is not None:
        marks, shocks, left_at = closed_at, [], frozenset()
    saved = saved_name(message)
    parsed = Parsed(
        positions=book.positions if book else None,
        shocks=tuple(_merged(solving or shocks)) or None,
        marks=marks or None,
        portfolio=saved or (None if book else "current"),
        ask=_asks(message, shocks, bool(solving)),
        account=book.account if book else _account(message),
        funding=book.funding if book else funding_of(message, message.roles)[0],
        add_positions=changes.added or None,
        remove=None if any(_is_part(change) for change in supposed_changes) else changes.removed or None,
        focus=_focus(supposed, solving or shocks),
        venue=venue_of(message),
        horizon_days=horizon_of(message),
    )
    assumed = ("target: a move without a direction is taken as a fall",) if guessed else ()
    missing = () if parsed.shocks or parsed.add_positions or parsed.remove or supposed_changes else ("target",)
    exits = tuple(f"exit {figure(number)}" for at in sorted(left_at) if (number := whole.pieces[at].number))
    unread = (*(book.unread if book else ()), *exits)
    beside = {"plan": book.plan, "venue_liquidation": book.liquidation} if book else {}
    flags = (*(book.assumed if book else ()), *assumed)
    reading = Reading(
        kind="whatif",
        parsed=parsed,
        assumed=flags,
        missing=missing,
        changes=supposed_changes,
        ladder=ladder_of(whole, parsed.shocks or ()),
    )
    return reading.model_copy(update={"unread": unread, **beside})


def _closed_at(
    message: Message, book: Book | None, changes: Sequence[Change], shocks: Sequence[Shock]
) -> dict[str, Decimal] | None:
    """The price at which a part of the only coin is closed: "close half at 66k", "close half if btc drops to 60k".

    It is the price now of what happens, since the part is closed there. None where it is closed before a move.
    """
    symbols = {slots.symbol for slots in book.positions} if book else {shock.target for shock in shocks}
    if len(symbols) != 1 or [change.what for change in changes] != ["close"] or (symbol := symbols.pop()) is None:
        return None
    if is_closed_already(message.pieces):
        return None  # what it earned is in the wallet by now
    exits = [number for at in message.exits if (number := message.pieces[at].number)]
    if len(exits) == 1 and not shocks:
        return {symbol: exits[0].price(symbol)}
    price = next((shock.price for shock in shocks if shock.target == symbol and len(shocks) == 1), None)
    return {symbol: price} if price is not None and _closes_after(message, symbol, price) else None


def _closes_after(message: Message, symbol: str, price: Decimal) -> bool:
    """Whether the move comes first: "btc drops to 60k then i close half", "close half if btc drops to 60k"."""
    pieces = message.pieces
    verb = next(at for at, piece in enumerate(pieces) if piece.concept is C.CLOSE)
    move = next((at for at, p in enumerate(pieces) if p.number and p.number.price(symbol) == price), verb)
    supposed = [at for at, piece in enumerate(pieces) if piece.concept in (C.IF, C.WHAT_IF)]
    return move < verb or (bool(supposed) and verb < supposed[0] < move)


def _of_told(change: Change, book: Book | None) -> Change:
    """The change, without a side that the told positions of its coin do not have: it was said of another one."""
    sides = {slots.side for slots in book.positions if slots.symbol == change.symbol} if book else set()
    return change if not sides or change.side in sides else change.model_copy(update={"side": None})


def _is_part(change: Change) -> bool:
    return change.what == "close" and change.share != 100


def _is_told_part(message: Message, changes: Sequence[Change]) -> bool:
    """Whether a part is closed of a position that the message tells: "close half of my long 0.5 btc 64k 20x"."""
    part = any(_is_part(change) for change in changes)
    return part and any(piece.number and piece.number.unit == "x" for piece in message.pieces)


def _without_part(message: Message, changes: Sequence[Change]) -> Message:
    """The message without the verb of a part that is closed, where a position is told: it still stands."""
    if not _is_told_part(message, changes):
        return message
    pieces = message.pieces
    named = _closed_coin(pieces)
    return replace(
        message, pieces=tuple(p for at, p in enumerate(pieces) if p.concept is not C.CLOSE and at not in named)
    )


def _closed_coin(pieces: Sequence[Piece]) -> frozenset[int]:
    """The coin behind the verb, where another place of the message tells its position: it is no coin that moves."""
    verb = next((index for index, piece in enumerate(pieces) if piece.concept is C.CLOSE), len(pieces))
    for index in range(verb + 1, min(verb + 5, len(pieces))):
        coin = pieces[index].coin
        if pieces[index].number or pieces[index].concept is C.AND or pieces[index].text in ",.:;":
            break
        if coin and not coin.weak:
            symbols = [piece.coin.symbol for piece in pieces if piece.coin and not piece.coin.weak]
            return frozenset({index}) if symbols.count(coin.symbol) > 1 else frozenset()
    return frozenset()


def ladder_of(message: Message, shocks: Sequence[Shock]) -> tuple[Decimal, ...]:
    """The moves of a table, in percent: those listed ("ladder -5 -10 -20"), or in steps over a range ("every 5%")."""
    reach = shocks[0].range_pct if len(shocks) == 1 else None
    if reach is None or not message.has(C.LADDER, C.EACH):
        return ()
    numbers = [(at, piece.number) for at, piece in enumerate(message.pieces) if piece.number]
    steps = [number.value for at, number in numbers if is_step(message.pieces, at) and number.value > 0]
    listed = tuple(
        number.signed for at, number in numbers if number.sign in ("+", "-") and not is_step(message.pieces, at)
    )
    if not steps:
        return listed if len(listed) > 1 else ()
    count = int((reach[1] - reach[0]) / steps[0])
    return tuple(reach[0] + steps[0] * index for index in range(min(count, MOST_STEPS - 1) + 1))


MOST_STEPS = 50
"""Rows of a table at most."""


def only_symbol(book: Book | None, supposed: Message) -> str | None:
    """The symbol of a told book that has only one, where the other part supposes a move: a price without a coin there
    is its price. "if price 68100" only says where it stands.
    """
    moved = supposed.has(*FALLS, *RISES, C.GO_TO, C.SURVIVE, C.EQUITY, C.PNL, C.MAX_LOSS)
    symbols = {slots.symbol for slots in book.positions} if book and moved else set()
    return symbols.pop() if len(symbols) == 1 else None


def _asks(message: Message, shocks: Sequence[Shock], solving: bool) -> tuple[str, ...] | None:
    """Asks beside the shock; a distance question is the shock itself."""
    found = tuple(
        ask for ask in asks_of(message) if not (ask == "liq_distance_pct" or (solving and ask == "liq_price"))
    )
    ranged = any(shock.range_pct for shock in shocks) and ".." in message.words.replace(" ", "")
    return found or (("ladder",) if ranged else None)


def _account(message: Message) -> AccountSlots | None:
    return account_of(message, with_listed(message.pieces, message.roles), None)[0]


def _without_collateral(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without "my collateral is eth": that coin is not a target."""
    found: list[Piece] = []
    blocked = False
    for piece in pieces:
        if piece.concept is C.COLLATERAL:
            blocked = True
        elif blocked and piece.coin:
            blocked = False
            continue
        elif piece.number or piece.text == ",":
            blocked = False
        found.append(piece)
    return found


def _merged(shocks: list[Shock]) -> list[Shock]:
    """The shocks, one for each target: the last that was said."""
    found: dict[tuple[str, bool], Shock] = {}
    for shock in shocks:
        found[(shock.target, shock.beta is not None)] = shock
    return list(found.values())


def _focus(message: Message, shocks: list[Shock]) -> str | None:
    """The position of the book that is asked about: "does my btc long survive if eth drops 20%"."""
    shocked = {shock.target for shock in shocks}
    for index, piece in enumerate(message.pieces):
        if piece.coin and not piece.coin.weak and _is_mine(message.pieces, index):
            after = message.pieces[index + 1 : index + 2]
            side = next((SIDES[p.concept] for p in after if p.concept in SIDES), None)
            if piece.coin.symbol not in shocked or side:
                return piece.coin.symbol
    return None
