"""Positions as people describe them: free text, signal posts, exchange rows, command arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.understanding.account import (
    account_of,
    funding_of,
    horizon_of,
    marks_of,
    modes_of,
    saved_name,
    venue_of,
    with_listed,
)
from bot.understanding.asks import asks_of
from bot.understanding.assign import Draft, assign
from bot.understanding.groups import Group, groups_of
from bot.understanding.readings import AccountSlots, Funding, Parsed, PositionSlots, Reading
from bot.understanding.roles import labelled, nearest_symbols
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The positions of a message and what was said beside them.

    stop, target: price labelled as stop loss / first take profit; stop_pct: the stop as a distance. prices of the
    plan, not of the position.
    """

    positions: tuple[PositionSlots, ...]
    account: AccountSlots | None
    marks: dict[str, Decimal]
    funding: Funding | None
    assumed: tuple[str, ...]
    stop: Decimal | None
    stop_pct: Decimal | None
    target: Decimal | None

    @property
    def said(self) -> bool:
        """Whether anything at all of a position was said beside a symbol: a side, a size, a price, a leverage."""
        slots = [slot for slot in self.positions if slot.model_fields_set - {"symbol", "mode"}]
        return bool(slots)


def book_of(message: Message, also_used: frozenset[int] = frozenset()) -> Book:
    """Everything that a message says about positions and their account.

    Arguments: also_used, numbers that a reader has already given another meaning (shocks, risk).
    """
    pieces = message.pieces
    roles = {index: role for index, role in labelled(pieces).items() if index not in also_used}
    roles = _prices_as_entries(message, with_listed(pieces, roles))
    modes = modes_of(message)
    groups = groups_of(pieces, roles)
    bare = _balance_at_cross(message, roles, groups)
    account, in_account = account_of(message, roles, bare)
    funding, in_funding = funding_of(message, roles)
    marks, in_marks = marks_of(pieces, roles)
    used = in_account | in_funding | in_marks | also_used | {index for index, role in roles.items() if role is C.ADDED}
    drafts = [assign(pieces, group, roles, used) for group in groups]
    _share(drafts, modes, message)
    _live(drafts, message)
    _added(drafts, roles, message)
    stop, stop_pct, target = _plan(message, roles)
    for draft in drafts:
        _infer_side(draft, stop, target)
    positions = tuple(_slots(draft) for draft in drafts)
    return Book(
        positions=tuple(slot for slot in positions if slot.model_fields_set),
        account=account,
        marks=marks,
        funding=funding,
        assumed=tuple(dict.fromkeys(entry for draft in drafts for entry in draft.assumed))
        + _wallet_flag(message, bare),
        stop=stop,
        stop_pct=stop_pct,
        target=target,
    )


def read(message: Message, book: Book) -> Reading:
    """The message as kind "position". Arguments: book, what `book_of` found in it."""
    saved = saved_name(message)
    positions = () if saved and not book.said else book.positions
    parsed = Parsed(
        positions=positions,
        ask=asks_of(message) or ("liq_price",),
        account=book.account,
        marks=book.marks or None,
        venue=venue_of(message),
        funding=book.funding,
        horizon_days=horizon_of(message),
        portfolio=saved,
        lang=message.lang,
    )
    missing = () if saved else missing_of(positions)
    reading = Reading(kind="position", parsed=parsed, assumed=book.assumed, missing=missing)
    return reading.model_copy(update={"alternatives": _alternatives(reading)})


def missing_of(positions: tuple[PositionSlots, ...]) -> tuple[str, ...]:
    """What has to be asked before a liquidation price can be given, in the order of asking.

    An isolated price needs symbol, side, entry and leverage (or margin and size in its place), but no size; a cross
    price needs the size, and no leverage.
    """
    lacking: set[str] = set()
    for slots in positions or (PositionSlots(),):
        size = any((slots.qty, slots.notional, slots.contracts))
        lacking |= {"symbol"} if slots.symbol is None else set()
        lacking |= {"side"} if slots.side is None else set()
        lacking |= {"entry"} if slots.entry is None else set()
        if slots.mode == "cross" and not size and not (slots.margin and slots.leverage):
            lacking.add("size")
        if slots.leverage is None and not (slots.margin and size) and not (slots.mode == "cross" and size):
            lacking |= {"leverage"} if size or slots.margin else {"size", "leverage"}
    return tuple(name for name in ("symbol", "side", "size", "entry", "leverage") if name in lacking)


def _slots(draft: Draft) -> PositionSlots:
    slots = dict(draft.slots)
    if draft.group.symbol:
        slots["symbol"] = draft.group.symbol
    if draft.group.side:
        slots["side"] = draft.group.side
    return PositionSlots.model_validate(slots)


def _prices_as_entries(message: Message, roles: dict[int, C]) -> dict[int, C]:
    """ "price 64000" is the entry when nothing else is: a mark is only told beside an entry, or with "if", "now"."""
    prices = [index for index, role in roles.items() if role is C.PRICE]
    entries = any(role in (C.ENTRY, C.AT) for role in roles.values())
    symbols = nearest_symbols(message.pieces)
    bare = [
        i
        for i, p in enumerate(message.pieces)
        if p.number and p.number.unit == "" and i not in roles and p.number.usual_price(symbols[i])
    ]
    if entries or bare or message.has(C.IF, C.WHAT_IF):
        return roles
    return roles | dict.fromkeys(prices, C.ENTRY)


def _balance_at_cross(message: Message, roles: dict[int, C], groups: list[Group]) -> int | None:
    """The number of "cross 8000", "cross 10k usdt:": the balance of the account, unless it can be the only price."""
    if any(role is C.BALANCE for role in roles.values()):
        return None
    pieces = message.pieces
    symbols = nearest_symbols(pieces)
    for index, piece in enumerate(pieces):
        number = piece.number
        before = pieces[index - 1] if index else None
        if (
            number is None
            or before is None
            or before.concept is not C.CROSS
            or number.unit not in ("", "usd")
            or index in roles
        ) and not (
            number and before and before.concept is C.MARGIN and index > 1 and pieces[index - 2].concept is C.CROSS
        ):
            continue
        others = any(
            p.number and i != index and (roles.get(i) in (C.ENTRY, C.AT) or p.number.usual_price(symbols[i]))
            for i, p in enumerate(pieces)
        )
        if number.unit == "usd" or (others and number.value > 200):
            return index
    return None


def _wallet_flag(message: Message, bare: int | None) -> tuple[str, ...]:
    number = message.pieces[bare].number if bare is not None else None
    sure = number is None or number.unit == "usd" or message.has(C.HEDGE)
    return () if sure or number is None else (f"wallet: {number.money().normalize():f} taken as the wallet balance",)


def _share(drafts: list[Draft], modes: Sequence[str], message: Message) -> None:
    """What is said once for all: the mode, a leverage outside the positions, the contract kind."""
    for draft in drafts:
        inside = [
            p.concept for p in message.pieces[draft.group.start : draft.group.end] if p.concept in (C.ISOLATED, C.CROSS)
        ]
        if len(modes) == 1:
            draft.slots["mode"] = modes[0]
        elif len(set(inside)) == 1 and len(drafts) > 1:
            draft.slots["mode"] = "isolated" if inside[0] is C.ISOLATED else "cross"
        if message.has(C.INVERSE):
            draft.slots["contract"] = "inverse"
        elif message.has(C.LINEAR):
            draft.slots["contract"] = "linear"
        elif _bitcoin_bitmex(draft, message):
            draft.slots["contract"] = "inverse"
            draft.assumed.append("contract: XBTUSD is coin-margined")
    levers = [draft.slots["leverage"] for draft in drafts if "leverage" in draft.slots]
    if len(drafts) > 1 and len(levers) == 1:
        for draft in drafts:
            if "leverage" not in draft.slots:
                draft.slots["leverage"] = levers[0]
                draft.assumed.append("leverage: taken for all positions")


def _bitcoin_bitmex(draft: Draft, message: Message) -> bool:
    inside = message.pieces[draft.group.start : draft.group.end]
    return any(piece.text in ("xbtusd", "btcusd_perp") for piece in inside)


def _live(drafts: list[Draft], message: Message) -> None:
    """Entry at the market: said outright, or "now" without a price."""
    for draft in drafts:
        inside = [piece.concept for piece in message.pieces[draft.group.start : draft.group.end]]
        if "entry" in draft.slots:
            continue
        if C.LIVE in inside or C.MARKET in inside:
            draft.slots["entry"] = "live"
        elif C.NOW in inside and (draft.slots.keys() & {"leverage", "qty", "margin"}):
            draft.slots["entry"] = "live"
            draft.assumed.append("entry: at the market")


def _added(drafts: list[Draft], roles: dict[int, C], message: Message) -> None:
    """ "3200 margin and i added 1000 more": the margin is the sum."""
    index = next((index for index, role in roles.items() if role is C.ADDED), None)
    number = message.pieces[index].number if index is not None else None
    if number is None or len(drafts) != 1 or number.unit not in ("", "usd"):
        return
    slots = drafts[0].slots
    margin, entry, qty, leverage = (slots.get(name) for name in ("margin", "entry", "qty", "leverage"))
    if isinstance(margin, Decimal):
        slots["margin"] = margin + number.money()
    elif isinstance(entry, Decimal) and isinstance(qty, Decimal) and isinstance(leverage, Decimal):
        slots["margin"] = entry * qty / leverage + number.money()
        drafts[0].assumed.append("size: the initial margin at entry plus what was added")


def _plan(message: Message, roles: dict[int, C]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Stop price, stop distance in percent, first target price."""
    symbols = nearest_symbols(message.pieces)
    stop = stop_pct = target = None
    for index, role in sorted(roles.items()):
        number = message.pieces[index].number
        if number is None:
            continue
        if role is C.STOP and number.unit == "%":
            stop_pct = stop_pct if stop_pct is not None else number.value
        elif role is C.STOP and stop is None:
            stop = number.price(symbols[index])
        elif role is C.TAKE_PROFIT and target is None and number.unit != "%":
            target = number.price(symbols[index])
    return stop, stop_pct, target


def _infer_side(draft: Draft, stop: Decimal | None, target: Decimal | None) -> None:
    entry = draft.slots.get("entry")
    if draft.group.side or "side" in draft.slots or not isinstance(entry, Decimal):
        return
    if stop is not None and stop != entry:
        draft.slots["side"] = "long" if stop < entry else "short"
        draft.assumed.append("side: told from the stop and the entry")
    elif target is not None and target != entry:
        draft.slots["side"] = "long" if target > entry else "short"
        draft.assumed.append("side: told from the target and the entry")


def _alternatives(reading: Reading) -> tuple[Reading, ...]:
    """The same message with the bare money amount as the position's value instead of its margin, and the other way
    round.
    """
    positions = reading.parsed.positions or ()
    if not any(entry.startswith(("usd_amount_is_margin", "size: a size in money")) for entry in reading.assumed):
        return ()
    swapped = tuple(_swapped(slots) for slots in positions)
    if swapped == positions:
        return ()
    parsed = reading.parsed.model_copy(update={"positions": swapped})
    return (
        Reading(
            kind="position",
            parsed=parsed,
            assumed=("size: the amount taken the other way",),
            missing=missing_of(swapped),
        ),
    )


def _swapped(slots: PositionSlots) -> PositionSlots:
    if slots.margin_unit or (slots.margin is not None and slots.notional is not None):
        return slots
    return slots.model_copy(update={"margin": slots.notional, "notional": slots.margin})
