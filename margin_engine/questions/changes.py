"""What changes make of a book, composed in order.

    from decimal import Decimal
    from margin_engine import Deposit, PriceShock, apply

    apply(book, [PriceShock(shocks={"BTCUSDT": Decimal("-0.1")}), Deposit(asset="USDT", amount=Decimal(500))])

Nothing is liquidated here; that is what_if_changes. Realised PnL goes to the wallet.
Trading fees are a change of their own (`PayFee`), because only the venue and the order tell them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from margin_engine.model.book import Book, MarginMode, Position
from margin_engine.model.contracts import average_entry
from margin_engine.model.decimals import ZERO, exactly, plain
from margin_engine.model.errors import EngineError, InconsistentBook, InvalidValue
from margin_engine.model.pools import Holding, decimal_of
from margin_engine.questions.change_kinds import (
    Add,
    AddMargin,
    Change,
    Close,
    Deposit,
    Open,
    PayFee,
    PayFunding,
    PriceShock,
    Reduce,
    SetLeverage,
    SwitchMode,
    TakeMargin,
    Withdraw,
)
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.marks import at_marks, marks_of, moved
from margin_engine.questions.payoff import gain, held, unit_worth
from margin_engine.questions.results import PoolHealth
from margin_engine.venues.account import open_account


@exactly
def apply(book: Book, changes: Iterable[Change]) -> Book:
    """The book after these changes, one after the other, nothing being liquidated on the way.

    Raises an EngineError whose field is the path of the refused change: `changes[1].amount`.
    """
    for index, change in enumerate(changes):
        book = changed(book, change, f"changes[{index}]")
    return book


def changed(book: Book, change: Change, path: str) -> Book:
    """The book after one change; `path` names it in a refusal. Call it within the engine's decimal context."""
    after = _changed(book, change, path)
    if isinstance(change, (Withdraw, AddMargin, Open, Add, SetLeverage)) or _takes_margin_out(change):
        _check_affordable(book, after, path)
    return after


def _takes_margin_out(change: Change) -> bool:
    """Whether a switch sets margin aside; one that brings margin back is never refused for want of money."""
    return isinstance(change, SwitchMode) and change.margin_mode is MarginMode.ISOLATED


def _changed(book: Book, change: Change, path: str) -> Book:
    match change:
        case PriceShock():
            return _shocked(book, change.shocks, path)
        case Deposit():
            return book.deposited(change.asset, _amount(change.amount, f"{path}.amount"))
        case Withdraw():
            return _withdrawn(book, change, path)
        case PayFee():
            return book.deposited(change.asset, -change.amount)
        case PayFunding():
            return _funded(book, change)
        case Open():
            return _opened(book, change.position, path)
        case AddMargin() | TakeMargin():
            return _margin_moved(book, change, path)
        case Add():
            return _added(book, change, path)
        case Reduce() | Close():
            return _reduced(book, change, path)
        case SetLeverage():
            leverage = _amount(change.leverage, f"{path}.leverage")
            return book.with_position(replace(book.position(change.id, field=f"{path}.id"), leverage=leverage))
        case _:
            return _switched(book, change, path)


def _amount(value: Decimal, path: str) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite() or value <= 0:
        raise InvalidValue(field=path, value=value, rule="must be a Decimal above 0")
    return value


def _shocked(book: Book, shocks: Mapping[str, Decimal], path: str) -> Book:
    for symbol, shock in shocks.items():
        if not isinstance(shock, Decimal) or not shock.is_finite() or shock <= -1:
            raise InvalidValue(field=f"{path}.shocks.{symbol}", value=shock, rule="must be a Decimal above -1")
    return moved(book, shocks)


def _withdrawn(book: Book, change: Withdraw, path: str) -> Book:
    amount = _amount(change.amount, f"{path}.amount")
    if change.asset not in book.wallet:
        raise InvalidValue(field=f"{path}.asset", value=change.asset, rule="must be an asset of wallet")
    _check_available(book, change.asset, amount, path)
    return book.deposited(change.asset, -amount)


def _holding(book: Book, identity: str, path: str) -> Holding:
    book.position(identity, field=f"{path}.id")
    return held(open_account(book), identity)[1]


def _funded(book: Book, change: PayFunding) -> Book:
    account = open_account(book)
    for position in [each for each in book.positions if each.symbol == change.symbol]:
        _, holding = held(account, position.id)
        paid = holding.signed_size * unit_worth(holding.terms, holding.mark_price) * change.rate
        if position.margin_mode is MarginMode.ISOLATED:
            book = book.with_position(replace(position, isolated_margin=decimal_of(holding.own_margin) - paid))
        book = book.deposited(holding.terms.settle_asset, -paid)
    return book


def _opened(book: Book, position: Position, path: str) -> Book:
    marks = marks_of(book)
    mark = marks.get(position.symbol)
    if mark is not None and position.mark_price not in (None, mark):
        rule = f"must be left out or be the mark of {position.symbol}, {plain(mark)}"
        raise InconsistentBook(field=f"{path}.position.mark_price", value=position.mark_price, rule=rule)
    if any(each.id == position.id for each in book.positions):
        raise InconsistentBook(field=f"{path}.position.id", value=position.id, rule="must be unique")
    if mark is None:
        mark = position.entry_price if position.mark_price is None else position.mark_price
    opened = (*book.positions, replace(position, mark_price=mark))
    return at_marks(replace(book, positions=opened), marks)


def _margin_moved(book: Book, change: AddMargin | TakeMargin, path: str) -> Book:
    amount = _amount(change.amount, f"{path}.amount")
    position = _isolated(book, change.id, path)
    holding = _holding(book, change.id, path)
    own = decimal_of(holding.own_margin)
    if isinstance(change, AddMargin):
        _check_available(book, holding.terms.settle_asset, amount, path)
        return book.with_position(replace(position, isolated_margin=own + amount))
    free = min(own, evaluate(book, explain=False).pool(change.id).available_balance)
    if amount > free:
        rule = f"must be at most {plain(free)}, what the position holds beyond its initial margin"
        raise InvalidValue(field=f"{path}.amount", value=plain(amount), rule=rule)
    return book.with_position(replace(position, isolated_margin=own - amount))


def _isolated(book: Book, identity: str, path: str) -> Position:
    position = book.position(identity, field=f"{path}.id")
    if position.margin_mode is MarginMode.CROSS:
        rule = "must be an isolated position: a cross position has no margin of its own"
        raise InconsistentBook(field=f"{path}.id", value=identity, rule=rule)
    return position


def _price(stated: Decimal | None, holding: Holding, path: str) -> Decimal:
    return holding.mark_price if stated is None else _amount(stated, f"{path}.price")


def _added(book: Book, change: Add, path: str) -> Book:
    quantity, holding = _amount(change.quantity, f"{path}.quantity"), _holding(book, change.id, path)
    position, price = holding.position, _price(change.price, holding, path)
    fills = ((position.quantity, position.entry_price), (quantity, price))
    margin = position.isolated_margin
    if margin is not None:
        margin += quantity * holding.terms.multiplier * unit_worth(holding.terms, price) / position.leverage
    grown = replace(
        position,
        quantity=position.quantity + quantity,
        entry_price=average_entry(holding.terms.kind, fills),
        isolated_margin=margin,
    )
    # The mark is stated now: without it the new entry price would become the mark.
    return at_marks(book.with_position(grown), {position.symbol: holding.mark_price})


def _reduced(book: Book, change: Reduce | Close, path: str) -> Book:
    holding = _holding(book, change.id, path)
    position, price = holding.position, _price(change.price, holding, path)
    quantity = position.quantity if isinstance(change, Close) else _amount(change.quantity, f"{path}.quantity")
    if quantity > position.quantity:
        rule = f"must be at most the position's {plain(position.quantity)}"
        raise InvalidValue(field=f"{path}.quantity", value=plain(quantity), rule=rule)
    realised = gain(holding.terms, position.side, quantity * holding.terms.multiplier, position.entry_price, price)
    marks = {position.symbol: holding.mark_price}
    book = at_marks(book.deposited(holding.terms.settle_asset, realised), marks)
    left = position.quantity - quantity
    if not left:
        return book.without_positions(position.id)
    margin = position.isolated_margin
    kept = None if margin is None else margin * left / position.quantity
    return at_marks(book.with_position(replace(position, quantity=left, isolated_margin=kept)), marks)


def _switched(book: Book, change: SwitchMode, path: str) -> Book:
    position = book.position(change.id, field=f"{path}.id")
    if change.margin_mode is position.margin_mode:
        rule = "must be the other margin mode"
        raise InconsistentBook(field=f"{path}.margin_mode", value=change.margin_mode.value, rule=rule)
    return book.with_position(replace(position, margin_mode=change.margin_mode, isolated_margin=change.margin))


def _check_available(book: Book, asset: str, amount: Decimal, path: str) -> None:
    """What leaves the shared part: at most what is available, and never a profit that is not realised."""
    pools = {pool.id: pool for pool in evaluate(book, explain=False).pools}
    pool = pools.get(f"cross:{asset}")
    if pool is None:
        # In multi-asset mode the pool is shared by all assets: what leaves is judged by what it leaves behind.
        return
    most = max(ZERO, min(pool.available_balance, pool.wallet_balance))
    if amount > most:
        rule = f"must be at most {plain(most)}, what is available in {pool.id}"
        raise InvalidValue(field=f"{path}.amount", value=plain(amount), rule=rule)


def _check_affordable(before: Book, after: Book, path: str) -> None:
    """What a person asks for is paid from what is available; a shortfall that was there before may stay, not grow."""
    spares = {pool.id: _spare(pool) for pool in evaluate(before, explain=False).pools}
    try:
        pools = evaluate(after, explain=False).pools
    except EngineError as refusal:
        raise type(refusal)(field=f"{path}: {refusal.field}", value=refusal.value, rule=refusal.rule) from None
    for pool in pools:
        had, spare = spares.get(pool.id, ZERO), _spare(pool)
        if pool.id.startswith("cross:") and spare < min(had, ZERO):
            rule = f"must not need more than the {plain(max(ZERO, had))} that is available in {pool.id}"
            raise InconsistentBook(field=path, value=plain(had - spare), rule=rule)


def _spare(pool: PoolHealth) -> Decimal:
    return pool.margin_balance - pool.initial_margin
