"""Adding margin, taking it out, or cutting: "add 300 to my eth short", "need liq 20% away on sol, how much usdt"."""

from collections.abc import Sequence
from decimal import Decimal

from bot.understanding.account import account_of, saved_name, venue_of
from bot.understanding.asks import asks_of
from bot.understanding.changes import changes_of, is_of_my_trade, price_of_more
from bot.understanding.facts import Facts
from bot.understanding.groups import SIDES, Group, groups_of
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.positions import Book, book_of
from bot.understanding.readings import Check, Option, Parsed, Reading, Shock, Target
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C

_BEHIND = 5
"""So many pieces after "survive" its price may stand: "survive a drop to btc 60000"."""

_MOST_PERCENT = 100
"""Without a coin a number above this is a price to live through; "survive 20" means a percentage."""


def asks_what_it_takes(facts: Facts) -> bool:
    """Whether what it takes is asked of a told trade: "how much margin to hold long 1 eth 3200 25x through -15%", "long
    0.5 btc 64k 20x liq 58k wallet?".
    """
    pieces = facts.message.pieces
    asked = facts.has(C.NEED) or (len(pieces) > 1 and pieces[-1].text == "?" and pieces[-2].concept is C.BALANCE)
    wallet = facts.has(C.BALANCE) and C.BALANCE not in facts.roles and asked and not facts.has(C.CROSS)
    if not (wallet or facts.says("how much margin")):
        return False
    return C.LIQ in facts.roles or (facts.has(C.SURVIVE) and facts.percents)


def read(message: Message) -> Reading:
    """The message as kind "addmargin"."""
    pieces = message.pieces
    roles = message.roles
    group = _pointed(pieces, roles)
    amount_at, reduce_at = _amount_index(pieces, roles), _reduce_index(pieces)
    used = {index for index in (amount_at, reduce_at) if index is not None}
    target, in_target = _target(message, roles, used)
    lived_at = None if amount_at is None else price_of_more(message, amount_at) or _survived(message)
    used |= in_target if lived_at is None else {*in_target, lived_at}
    book = _told(message, used)
    check = None if amount_at is None else _check(message, used, lived_at, book)
    whole = group.symbol is None or _of_account(message, target)
    amount = _amount(message, amount_at)
    options = _options(pieces, amount, amount_at, reduce_at)
    solve = _solve(message, amount, reduce_at)
    parsed = Parsed(
        positions=book.positions if book else None,
        portfolio=saved_name(message) or (None if book else "current"),
        scope="account" if whole and not book else None,
        symbol=None if whole or book else group.symbol,
        side=None if whole or book else group.side,
        amount=None if options else amount,
        options=options,
        check=check,
        target=target,
        solve=solve,
        ask=_asks(message),
        marks=(book.marks or None) if book else None,
        venue=venue_of(message) if book else None,
        account=book.account
        if book
        else account_of(message, {i: r for i, r in roles.items() if i not in used}, None)[0],
    )
    open_end = not any((parsed.amount, options, target, check)) and solve != "max_withdraw"
    return Reading(
        kind="addmargin",
        parsed=parsed,
        assumed=book.assumed if book else (),
        missing=("target",) if open_end else (),
        changes=() if parsed.amount is None else changes_of(message)[0],
    )


def _pointed(pieces: Sequence[Piece], roles: dict[int, C]) -> Group:
    """The position that is meant: of "add 0.1 btc to my eth long" the one of ETH, since the BTC is what is paid in."""
    groups = groups_of(pieces, roles)
    paid = {piece.number.asset for piece in pieces if piece.number and piece.number.unit == "coin"}
    return next((group for group in groups if group.symbol and group.symbol not in paid), groups[0])


def _told(message: Message, used: set[int]) -> Book | None:
    """The position, when the message describes one with an entry and does not only point at it."""
    book = book_of(message, frozenset(used))
    if not any(slots.entry is not None and slots.side and slots.symbol for slots in book.positions):
        return None
    return book if any(slots.leverage or slots.qty for slots in book.positions) else None


def _is_amount(number: Number | None) -> bool:
    return number is not None and number.unit in ("", "usd", "coin") and number.sign != "±"


def _amount_index(pieces: Sequence[Piece], roles: dict[int, C]) -> int | None:
    """The number that is put in or taken out: the first after the verb that no label claims, else the one before it."""
    verbs = [index for index, piece in enumerate(pieces) if piece.concept in (C.ADD, C.TOP_UP, C.WITHDRAW)]
    for verb in verbs:
        for index in range(verb + 1, min(verb + 7, len(pieces))):
            piece = pieces[index]
            if is_of_my_trade(pieces, verb, index):
                break
            if _is_amount(piece.number) and roles.get(index) in (
                None,
                C.MARGIN,
                C.COLLATERAL,
                C.BALANCE,
                C.SIZE,
                C.ADDED,
            ):
                return index
            if piece.number or piece.concept in (C.LIQ, C.AT, C.SURVIVE, C.IF, C.HOW_MUCH, C.OR):
                break
        for index in range(verb - 1, max(verb - 4, -1), -1):
            if _is_amount(pieces[index].number) and roles.get(index) in (None, C.MARGIN):
                return index
    return None


def _reduce_index(pieces: Sequence[Piece]) -> int | None:
    """The coins of "close 0.1 btc"."""
    for verb, piece in enumerate(pieces):
        if piece.concept is C.CLOSE:
            for index in range(verb + 1, min(verb + 5, len(pieces))):
                number = pieces[index].number
                if pieces[index].concept in (C.LIQ, C.AT, C.NEED, C.GO_TO, C.SURVIVE):
                    break
                if number and number.unit in ("", "coin", "coins"):
                    return index
    return None


def _amount(message: Message, index: int | None) -> Decimal | None:
    number = message.pieces[index].number if index is not None else None
    if number is None:
        return None
    value = number.money() if number.unit != "coin" else number.value
    return -value if message.has(C.WITHDRAW) and not _added_instead(message, index) else value


def _added_instead(message: Message, index: int | None) -> bool:
    """Whether the verb nearest before the amount puts in although another one takes out."""
    before = [p.concept for p in message.pieces[: index or 0] if p.concept in (C.ADD, C.TOP_UP, C.WITHDRAW)]
    return bool(before) and before[-1] is not C.WITHDRAW


def _options(
    pieces: Sequence[Piece], amount: Decimal | None, amount_at: int | None, reduce_at: int | None
) -> tuple[Option, ...] | None:
    """ "add 500 or close 0.1 btc", "add 200 or 500"."""
    if not any(piece.concept in (C.OR, C.VERSUS) for piece in pieces) or amount is None or amount_at is None:
        return None
    reduced = pieces[reduce_at].number if reduce_at is not None else None
    if reduced:
        options = (Option(amount=amount), Option(reduce_qty=reduced.value))
        return options if amount_at < (reduce_at or 0) else options[::-1]
    after = [piece.number for piece in pieces[amount_at + 1 : amount_at + 4] if _is_amount(piece.number)]
    joined = pieces[amount_at + 1].concept is C.OR if amount_at + 1 < len(pieces) else False
    return (Option(amount=amount), Option(amount=after[0].money())) if joined and after and after[0] else None


def _target(message: Message, roles: dict[int, C], used: set[int]) -> tuple[Target | None, set[int]]:
    """What is to be reached, and the numbers that say so."""
    pieces, symbols = message.pieces, message.symbols
    lived_at = _survived(message) if not used else None
    if lived_at is not None and (price := pieces[lived_at].number) is not None:
        symbol = symbols[lived_at]
        target = Target(liq_price=price.price(None)) if symbol is None else _shocked(symbol, price, lived_at)[0]
        return target, {lived_at}
    moved = message.has(C.SURVIVE) and any(piece.number and piece.number.unit == "%" for piece in pieces)
    for index, piece in enumerate(pieces):
        number = piece.number
        if number is None or index in used:
            continue
        near = [p.concept for p in pieces[max(0, index - 6) : index + 4]]
        before = [p.concept for p in pieces[max(0, index - 6) : index]]
        if roles.get(index) is C.MARGIN_RATIO or (C.MARGIN_RATIO in near and number.unit == "%"):
            return Target(margin_ratio_pct=number.value), {index}
        if (
            number.unit == "x"
            and not moved
            and C.LIQ not in roles.values()
            and (C.LEVERAGE in near or {C.GO_TO, C.NEED} & set(_behind_side(before)))
        ):
            return Target(effective_leverage=number.value), {index}
        if number.unit == "%" and message.has(C.MARGIN_RATIO) and not message.has(C.SURVIVE, C.AWAY, C.FALL):
            return Target(margin_ratio_pct=number.value), {index}
        if number.unit == "%":
            return _percent_target(message, number, near), {index}
        if (
            number.unit in ("", "usd")
            and C.LIQ in before
            and C.SURVIVE not in before
            and (number.fits_price(symbols[index]) or _aims(symbols[index], before))
        ):
            return (
                (Target(liq_price=number.price(symbols[index])), {index})
                if symbols[index] is None or _names_liq(pieces, index)
                else _shocked(symbols[index], number, index)
            )
        lived = message.has(C.SURVIVE) and not moved
        if number.unit in ("", "usd") and lived and number.fits_price(symbols[index]) and not used:
            return _shocked(symbols[index], number, index)
    return None, set()


def _behind_side(before: Sequence[C | None]) -> Sequence[C | None]:
    """What stands behind the last side: of "add 500 to my eth long 3000 50x" nothing aims at the leverage."""
    last = max((at for at, concept in enumerate(before) if concept in SIDES), default=-1)
    return before[last + 1 :]


def _survived(message: Message) -> int | None:
    """The price right behind "survive", which is no entry: "long 0.5 btc at 64000 20x, how much to survive 60000"."""
    pieces, symbols = message.pieces, message.symbols
    for verb, piece in enumerate(pieces):
        if piece.concept is not C.SURVIVE:
            continue
        behind = range(verb + 1, min(verb + 1 + _BEHIND, len(pieces)))
        index = next((at for at in behind if pieces[at].number or pieces[at].concept in SIDES), None)
        number = pieces[index].number if index is not None else None
        if index is not None and number and number.unit in ("", "usd") and not number.sign:
            unnamed = symbols[index] is None and (number.scaled or number.value > _MOST_PERCENT)
            return index if unnamed or number.fits_price(symbols[index]) else None
    return None


def _aims(symbol: str | None, before: Sequence[C | None]) -> bool:
    """Whether the liquidation is to go somewhere although no coin is named: "to move liq to 58k"."""
    return symbol is None and bool(before) and before[-1] in (C.GO_TO, C.AT, C.BELOW, C.ABOVE)


def _names_liq(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the price is the liquidation's own ("liq at 55k"), not where the coin would go ("at btc 50k")."""
    return not any(piece.coin and not piece.coin.weak for piece in pieces[max(0, index - 2) : index])


def _shocked(symbol: str | None, number: Number, index: int) -> tuple[Target | None, set[int]]:
    if symbol is None:
        return None, set()
    return Target(shocks=(Shock(target=symbol, price=number.price(symbol)),)), {index}


def _percent_target(message: Message, number: Number, near: list[C | None]) -> Target:
    """Away from the liquidation price, or a move to live through."""
    survives = message.has(C.SURVIVE, C.FALL, C.RISE) or C.WITHIN in near or number.sign == "-"
    if not survives or (C.AWAY in near and not message.has(C.SURVIVE)):
        return Target(distance_pct=number.value)
    rise = (message.has(C.RISE) and not message.has(C.FALL)) or number.sign == "+"
    return Target(survive_pct=number.value if rise else -number.value)


def _check(message: Message, used: set[int], lived_at: int | None, book: Book | None) -> Check | None:
    """The price that the position must live through after the change: "still be ok at 60k"; never its own entry."""
    symbols = message.symbols
    lived = message.pieces[lived_at].number if lived_at is not None else None
    if lived_at is not None and lived is not None:
        return Check(price=lived.price(symbols[lived_at]))
    told = {slots.entry for slots in book.positions} if book else set()
    told |= {book.account.balance} if book and book.account else set()
    for index, piece in enumerate(message.pieces):
        if (
            piece.number
            and index not in used
            and piece.number.unit in ("", "usd")
            and piece.number.fits_price(symbols[index])
            and piece.number.price(symbols[index]) not in told
        ):
            return Check(price=piece.number.price(symbols[index]))
    return None


def _of_account(message: Message, target: Target | None) -> bool:
    """Whether the whole account is meant although a coin is named as the thing that moves."""
    if target and target.shocks:
        return not message.has(C.LONG, C.SHORT, C.ISOLATED)
    return message.has(C.ACCOUNT) and not message.has(C.LONG, C.SHORT)


def _solve(message: Message, amount: Decimal | None, reduce_at: int | None) -> str | None:
    if amount is None and message.has(C.WITHDRAW):
        return "max_withdraw"
    if (
        reduce_at is None
        and message.has(C.CLOSE)
        and message.has(C.HOW_MUCH, C.HOW_MANY)
        and not message.has(C.ADD, C.TOP_UP)
        and not any(f" {word} " in message.words for word in ("usdt", "margin", "money"))
    ):
        return "reduce_qty"
    return None


def _asks(message: Message) -> tuple[str, ...] | None:
    found = [ask for ask in asks_of(message) if ask not in ("liq_distance_pct", "liq_price", "equity")]
    if message.has(C.CLOSE) and (
        " same " in message.words or " instead " in message.words or " equivalent " in message.words
    ):
        found.append("equivalent_reduction")
    return tuple(dict.fromkeys(found)) or None
