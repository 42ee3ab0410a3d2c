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
from bot.understanding.alternatives import alternatives_of, missing_of, with_quantity
from bot.understanding.asides import Asides, asides_of, stated_marks
from bot.understanding.asks import asks_of
from bot.understanding.assign import assign
from bot.understanding.draft import Draft
from bot.understanding.figures import left_over, liquidation_of, row_flags
from bot.understanding.fills import fills_of
from bot.understanding.follow_ups import follow_of
from bot.understanding.groups import Group, groups_of
from bot.understanding.plans import infer_side, named_plan, plan_of, side_of_row
from bot.understanding.readings import AccountSlots, Funding, Parsed, PositionSlots, Reading
from bot.understanding.sizes_meant import size_in_money, size_of_inverse
from bot.understanding.tagging import Message
from bot.understanding.units import FOREIGN
from bot.understanding.words import Concept as C

_WITH_USDC = frozenset({None, "binance", "hyperliquid", "dydx", "deribit"})
"""Where contracts written with USDC are settled in it; with no venue named, Binance's are meant."""

_OTHER_DOLLARS = frozenset({"USDC", "FDUSD", "BUSD", "DAI"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The positions of a message and what was said beside them.

    stop, target: price labelled as stop loss / first take profit; stop_pct: the stop as a distance. prices of the plan,
    not of the position; plan: all of them by name. unread: figures that were not understood. unknown_coin: a name in a
    coin's place that no coin has; its position has no symbol. liquidation: the liquidation price that was stated.
    other_wallets: balances that contradict the account's.
    """

    positions: tuple[PositionSlots, ...]
    account: AccountSlots | None
    marks: dict[str, Decimal]
    funding: Funding | None
    assumed: tuple[str, ...]
    stop: Decimal | None
    stop_pct: Decimal | None
    target: Decimal | None
    unread: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    unknown_coin: str | None = None
    liquidation: Decimal | None = None
    other_wallets: tuple[Decimal, ...] = ()

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
    roles = {index: role for index, role in message.roles.items() if index not in also_used}
    roles |= _posted(message, roles)
    roles = _prices_as_entries(message, with_listed(pieces, roles)) | stated_marks(pieces)
    modes = modes_of(message)
    groups = groups_of(pieces, roles)
    fills = [fills_of(pieces, group, roles) for group in groups]
    filled = frozenset(index for each in fills if each for index in each.used)
    roles = {index: role for index, role in roles.items() if index not in filled}
    bare = _balance_at_cross(message, roles, groups)
    asides = asides_of(message, roles, groups, also_used | filled)
    roles = asides.roles
    account, in_account = account_of(message, roles, bare)
    funding, in_funding = funding_of(message, roles)
    marks, in_marks = marks_of(message, roles)
    used = in_account | in_funding | in_marks | also_used | asides.used | filled
    used |= {index for index, role in roles.items() if role is C.ADDED}
    walleted = (account is not None and bool(account.balance or account.collateral)) or asides.wallet is not None
    drafts = [
        assign(pieces, group, roles, used, walleted=walleted, fills=each)
        for group, each in zip(groups, fills, strict=True)
    ]
    _share_margins(drafts, asides)
    _each(drafts)
    account = _with_wallet(account, asides, drafts)
    _share(drafts, modes, message)
    _live(drafts, message)
    _added(drafts, roles, message)
    for draft in drafts:
        size_in_money(draft, account)
        size_of_inverse(draft)
    stop, stop_pct, target = plan_of(message, roles)
    for draft in drafts:
        infer_side(draft, stop, target)
        side_of_row(draft, message, roles)
        _typed_coin(draft)
    positions = tuple(_slots(draft) for draft in drafts)
    account = _hedged(message, account, positions)
    return Book(
        positions=tuple(slot for slot in positions if slot.model_fields_set),
        account=account,
        marks=marks,
        funding=funding,
        assumed=tuple(dict.fromkeys((*(entry for draft in drafts for entry in draft.assumed), *asides.assumed)))
        + _wallet_flag(message, bare)
        + row_flags(message)
        + _foreign_flags(message, account),
        stop=stop,
        stop_pct=stop_pct,
        target=target,
        unread=(*asides.unread, *(text for draft in drafts for text in draft.unread), *left_over(message, roles)),
        liquidation=liquidation_of(message, roles),
        other_wallets=tuple(asides.other_wallets),
        plan=named_plan(message, roles),
        unknown_coin=unknown_coin_of(message),
    )


def unknown_coin_of(message: Message) -> str | None:
    """The first name that stands where a coin must be and that no coin has."""
    return next((piece.coin.symbol for piece in message.pieces if piece.coin and not piece.coin.known), None)


def foreign_of(message: Message) -> tuple[str, ...]:
    """The money other than USDT and dollars that is named: of amounts, and quotes of contracts ("BTCUSDC")."""
    assets = [piece.number.asset for piece in message.pieces if piece.number and piece.number.unit == "usd"]
    quotes = [piece.coin.quote for piece in message.pieces if piece.coin]
    return tuple(dict.fromkeys(name for name in (*assets, *quotes) if name in FOREIGN or name in _OTHER_DOLLARS))


def in_usdc(message: Message) -> tuple[str, ...]:
    """The coins whose contract was written with USDC: BTC of "BTCUSDC"."""
    return tuple(
        dict.fromkeys(piece.coin.symbol for piece in message.pieces if piece.coin and piece.coin.quote == "USDC")
    )


def read(message: Message, book: Book) -> Reading:
    """The message as kind "position". Arguments: book, what `book_of` found in it."""
    saved = saved_name(message)
    positions = () if saved and not book.said else book.positions
    if not positions and book.account is None and not book.marks and not any(p.number for p in message.pieces):
        saved = saved or "current"
    parsed = Parsed(
        positions=positions,
        ask=asks_of(message) or ("liq_price",),
        account=book.account,
        marks=book.marks or None,
        venue=venue_of(message),
        funding=book.funding,
        horizon_days=horizon_of(message),
        portfolio=saved,
    )
    missing = () if saved else missing_of(positions, walleted=book.account is not None, open_size=_opens_size(message))
    follow = follow_of(message) if missing and len(positions) <= 1 else None
    reading = Reading(
        kind="position",
        parsed=parsed,
        assumed=book.assumed,
        missing=missing,
        unread=book.unread,
        plan=book.plan,
        venue_liquidation=book.liquidation,
        follow=follow,
    )
    reading = with_quantity(message, reading)
    alternatives = alternatives_of(message, reading, book.other_wallets)
    return reading.model_copy(update={"alternatives": alternatives}) if alternatives else reading


def _opens_size(message: Message) -> bool:
    """Whether the size is left to what one has ("all in"), so that it must be asked for."""
    return message.has(C.ALL_IN)


def _share_margins(drafts: list[Draft], asides: Asides) -> None:
    """ "10% of 10k" as the margin of the position that it stands in."""
    for index, margin in asides.margins.items():
        draft = next((draft for draft in drafts if draft.group.start <= index < draft.group.end), drafts[0])
        draft.slots.setdefault("margin", margin)


def _each(drafts: list[Draft]) -> None:
    """ "500 each": the margin of the last position is that of all."""
    last = drafts[-1]
    said = any(piece.text == "each" for piece in last.pieces[last.group.start : last.group.end])
    for draft in drafts[:-1] if said and "margin" in last.slots else ():
        draft.slots.setdefault("margin", last.slots["margin"])


def _with_wallet(account: AccountSlots | None, asides: Asides, drafts: list[Draft]) -> AccountSlots | None:
    """The account with a balance that was not called one."""
    number = next((draft.wallet for draft in drafts if draft.wallet), None)
    if account is not None and (account.balance is not None or account.collateral is not None):
        return account
    known = account or AccountSlots()
    if asides.wallet is not None:
        return known.model_copy(update={"balance": asides.wallet})
    if number is None:
        return account
    unit = number.asset if number.unit == "coin" or number.asset in FOREIGN | _OTHER_DOLLARS else None
    value = number.value if number.unit == "coin" else number.money()
    return known.model_copy(update={"balance": value, **({"unit": unit} if unit else {})})


def _hedged(
    message: Message, account: AccountSlots | None, positions: tuple[PositionSlots, ...]
) -> AccountSlots | None:
    """The account in hedge mode, where "hedge" is said of a long and a short of one coin."""
    pairs = {(slots.symbol, slots.side) for slots in positions}
    both = any((symbol, "long") in pairs and (symbol, "short") in pairs for symbol, _ in pairs)
    if not message.has(C.HEDGE) or not both:
        return account
    return (account or AccountSlots()).model_copy(update={"position_mode": "hedge"})


def _foreign_flags(message: Message, account: AccountSlots | None) -> tuple[str, ...]:
    """What is said in other money than USDT; no rate is known, so the figures stand as they are."""
    found = []
    for name in foreign_of(message):
        quoted = any(piece.coin and piece.coin.quote == name for piece in message.pieces)
        if quoted and name == "USDC" and venue_of(message) in _WITH_USDC:
            continue
        slot = "contract" if quoted else "wallet" if account is not None and account.unit == name else "size"
        found.append(f"{slot}: {name} is not USDT and is not converted")
    return tuple(found)


def _slots(draft: Draft) -> PositionSlots:
    slots, symbol = dict(draft.slots), draft.group.symbol
    inside = draft.pieces[draft.group.start : draft.group.end]
    unlisted = any(piece.coin and not piece.coin.known and piece.coin.symbol == symbol for piece in inside)
    if symbol and not unlisted:
        slots["symbol"] = symbol
    if draft.group.side:
        slots["side"] = draft.group.side
    return PositionSlots.model_validate(slots)


def _posted(message: Message, roles: dict[int, C]) -> dict[int, C]:
    """ "with 1k collateral, account 5k": of two amounts of dollars the collateral is the position's margin, where the
    account is the larger one and nothing joins them.
    """
    pieces = message.pieces
    posted = [at for at, role in roles.items() if role is C.COLLATERAL]
    held = [at for at, role in roles.items() if role is C.BALANCE]
    if len(posted) != 1 or len(held) != 1 or C.MARGIN in roles.values():
        return {}
    first, last = sorted((*posted, *held))
    joined = any(piece.text in ("+", "&") or piece.concept is C.AND for piece in pieces[first:last])
    one, whole = pieces[posted[0]].number, pieces[held[0]].number
    if joined or one is None or whole is None or {one.unit, whole.unit} - {"", "usd"}:
        return {}
    return {posted[0]: C.MARGIN} if one.money() < whole.money() else {}


def _prices_as_entries(message: Message, roles: dict[int, C]) -> dict[int, C]:
    """ "price 64000" is the entry when nothing else is: a mark is only told beside an entry, or with "if", "now"."""
    prices = [index for index, role in roles.items() if role is C.PRICE]
    entries = any(role in (C.ENTRY, C.AT) for role in roles.values())
    symbols = message.symbols
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
    symbols = message.symbols
    for index, piece in enumerate(pieces):
        number = piece.number
        before = pieces[index - 1] if index else None
        if before is not None and before.text == "," and index > 1 and len(groups) > 1:
            before = pieces[index - 2]  # of several positions: "..., cross, 4k"
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
        if number.unit == "usd" or (number.value > 200 and (others or not number.fits_price(symbols[index]))):
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
        if message.has(C.QUANTO):
            draft.slots["contract"] = "quanto"
        elif message.has(C.INVERSE):
            draft.slots["contract"] = "inverse"
        elif message.has(C.LINEAR):
            draft.slots["contract"] = "linear"
        elif _is_coin_settled(draft, message):
            draft.slots["contract"] = "inverse"
            draft.assumed.append(f"contract: {draft.group.symbol} against USD is settled in the coin")
    levers = [draft.slots["leverage"] for draft in drafts if "leverage" in draft.slots]
    apart = len({draft.slots.get("mode") for draft in drafts}) > 1
    if len(drafts) > 1 and len(levers) == 1 and not apart:
        for draft in drafts:
            if "leverage" not in draft.slots:
                draft.slots["leverage"] = levers[0]
                draft.assumed.append("leverage: taken for all positions")


def _is_coin_settled(draft: Draft, message: Message) -> bool:
    inside = message.pieces[draft.group.start : draft.group.end]
    counted = any(piece.number and piece.number.unit == "contracts" for piece in inside)
    return any(piece.coin and (piece.coin.margined or (counted and piece.coin.quote == "USD")) for piece in inside)


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
    elif isinstance(entry, Decimal) and isinstance(qty, Decimal) and isinstance(leverage, Decimal) and leverage:
        slots["margin"] = entry * qty / leverage + number.money()
        drafts[0].assumed.append("size: the initial margin at entry plus what was added")


def _typed_coin(draft: Draft) -> None:
    inside = (piece.coin for piece in draft.pieces[draft.group.start : draft.group.end])
    coin = next((coin for coin in inside if coin and coin.typed and coin.symbol == draft.group.symbol), None)
    if coin is not None:
        draft.assumed.append(f"symbol: {coin.typed} taken as {coin.symbol}")
