"""The card about margin: what a goal needs, what a named change does, what can be taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any, Final, Literal

from bot.rendering.act_views import ActView, Block, Change, Way
from bot.rendering.errors import refusal_note
from bot.rendering.views import Mode, Note
from bot.services.aims import Aim
from bot.services.checking import figures, market_of
from bot.services.comparing import referred
from bot.services.equity import money_of, one_asset_of, with_money
from bot.services.finding import mark_of, moved_by
from bot.services.halves import isolated_margins
from bot.services.own_coin import lives_at
from bot.services.rescuing import Rescue, goal_of, money_step, nearest_of, rescued
from bot.services.subject import Subject
from margin_engine import (
    AddMargin,
    AssetMode,
    Book,
    EngineError,
    Evaluation,
    MarginMode,
    Outcome,
    PoolHealth,
    Position,
    Reduce,
    Side,
    TakeMargin,
    Withdraw,
    apply,
    evaluate,
    margin_to_add,
    preset_of,
    write_evaluation,
)
from margin_engine.model.decimals import plain

_DOWN: Final = Context(prec=50, rounding=ROUND_FLOOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """A card about margin, the book that it is about, and the one that follows; None where nothing follows."""

    view: ActView
    book: Book | None = None
    after: Book | None = None
    rescues: tuple[Rescue, ...] = ()


def acted(subject: Subject, aim: Aim, *, position: str = "", remarks: Sequence[Note] = ()) -> Acted:
    """Everything that the card shows.

    Arguments: position, the id that is meant, "" for all of them.
    """
    book = subject.as_it_stands
    if book is None or not book.positions:
        return Acted(view=ActView(private=subject.held and not subject.legs, remarks=tuple(remarks)))
    moved = moved_by(book, aim.shocks) if aim.shocks else None
    if aim.shocks and moved is None:
        remarks, aim = (*remarks, Note(name="move_not_followed")), aim.model_copy(update={"shocks": ()})
    base = ActView(
        settle=paid_in(book) or subject.settle,
        nearest=nearest_of(subject, book),
        offers=_offers(book),
        fee_rate=preset_of(book.venue).taker_fee,
        parts=moved[1] if moved is not None else (),
        remarks=(*remarks, *subject.remarks),
        assumed=subject.assumed,
        tiers=subject.tiers,
        asked=not aim.said,
        withdraw=aim.withdraw,
    )
    if aim.withdraw:
        return _withdrawn(book, aim, base)
    if aim.amount is not None or aim.options:
        return _changed(subject, book, aim, position, base)
    if not aim.is_goal:
        return Acted(view=base, book=book)
    return _reached(subject, book, aim, position, base)


def _offers(book: Book) -> tuple[int, ...]:
    """Moves to offer: falls for a book that is long, rises for one that is short."""
    sign = -1 if is_long(book) else 1
    return tuple(sign * percent for percent in (10, 20, 30))


def is_long(book: Book) -> bool:
    """Whether a book holds more long than short, by notional at the marks."""
    worth = sum(mark_of(each) * each.quantity * (1 if each.side is Side.LONG else -1) for each in book.positions)
    return worth >= 0


# --- Goals ---------------------------------------------------------------------------------------------------------


def _reached(subject: Subject, book: Book, aim: Aim, position: str, base: ActView) -> Acted:
    """What the goal needs: of a trade whose mode nobody said in both modes, else of the book as it stands."""
    unsaid = not subject.held and all(leg.mode is None for leg in subject.legs.values())
    names: list[Literal["isolated", "cross"]] = ["isolated", "cross"]
    if unsaid and position in ("", *(each.id for each in book.positions)):
        books = [(name, subject.books[name]) for name in names if name in subject.books]
        found = [rescued(subject, each, aim, position=position, name=name) for name, each in books]
    else:
        found = [rescued(subject, book, aim, position=position, name="account")]
    goal, number = _named(aim)
    view = replace(base, goal=goal, number=number, blocks=tuple(each.block for each in found))
    after = found[0].closed if aim.closing else found[0].backed
    return Acted(view=view, book=found[0].book, after=after, rescues=tuple(found))


def _named(
    aim: Aim,
) -> tuple[Literal["survive", "move", "distance", "price", "ratio", "leverage", "none"], Decimal | None]:
    if aim.survive is not None:
        return "survive", aim.survive
    if aim.shocks:
        return "move", None
    if aim.distance is not None:
        return "distance", aim.distance
    if aim.price is not None:
        return "price", aim.price
    return ("ratio", aim.ratio) if aim.ratio is not None else ("leverage", aim.leverage)


# --- Named changes -------------------------------------------------------------------------------------------------


def _changed(subject: Subject, book: Book, aim: Aim, position: str, base: ActView) -> Acted:
    """What a named amount does, or several beside each other: the position before and after."""
    ids = [each.id for each in book.positions if position in ("", each.id)]
    if len(ids) > 1 and not _whole(book, position):
        which = tuple((identity, subject.legs[identity]) for identity in ids)
        return Acted(view=replace(base, which=which), book=book)
    own = book.position(ids[0])
    wanted = [(option.amount, option.reduce_qty) for option in aim.options] or [(aim.amount, None)]
    found = [_change(subject, book, own, amount, part, aim.check) for amount, part in wanted]
    after = next((each[1] for each in found if each[1] is not None), None)
    return Acted(view=replace(base, changes=tuple(each[0] for each in found)), book=book, after=after)


def _whole(book: Book, position: str) -> bool:
    """Whether money without a position goes to the one shared balance of all."""
    return position == "" and all(each.margin_mode is MarginMode.CROSS for each in book.positions)


def _change(
    subject: Subject, book: Book, own: Position, amount: Decimal | None, part: Decimal | None, check: Decimal | None
) -> tuple[Change, Book | None]:
    kind: Literal["add", "take", "close"] = "close" if amount is None else "add" if amount > 0 else "take"
    value = abs(amount) if amount is not None else part or Decimal(0)
    mode: Mode = "isolated" if own.margin_mode is MarginMode.ISOLATED else "cross"
    leg = referred(subject.legs[own.id], own)
    reference = leg.reference.price if leg.reference is not None else own.entry_price
    now = evaluate(book, explain=False)
    change = Change(
        kind=kind,
        value=value,
        mode=mode,
        leg=leg,
        before=figures(now, own.id, reference, quantity=own.quantity),
        check=check,
        fall_before=_fall(now),
    )
    try:
        after, outside = _applied(book, own, kind, value)
        then = evaluate(after, explain=False)
    except EngineError as error:
        return replace(change, refusal=_refusal(error, book)), None
    if all(each.id != own.id for each in then.positions):
        return change, after
    alive = lives_at(after, own.id, check) if check is not None else None
    return (
        replace(
            change,
            after=figures(then, own.id, reference, quantity=own.quantity),
            outside=outside,
            wallet_known=subject.wallet is not None,
            alive=alive,
            fall_after=_fall(then),
        ),
        after,
    )


def _applied(book: Book, own: Position, kind: str, value: Decimal) -> tuple[Book, bool]:
    """The book after the change, and whether its money has to come from outside."""
    if kind == "close":
        return apply(book, [Reduce(id=own.id, quantity=value)]), False
    asset = paid_in(book) or next(iter(book.wallet))
    if kind == "take":
        isolated = own.margin_mode is MarginMode.ISOLATED
        taken = TakeMargin(id=own.id, amount=value) if isolated else Withdraw(asset=asset, amount=value)
        return apply(book, [taken]), False
    if own.margin_mode is MarginMode.CROSS:
        return with_money(book, own, value), True
    try:
        return apply(book, [AddMargin(id=own.id, amount=value)]), False
    except EngineError:
        return with_money(book, own, value), True


def _refusal(error: EngineError, book: Book) -> Note:
    """Why the change cannot be done; "must be at most 300, what ..." names the most."""
    most = error.rule.removeprefix("must be at most ").partition(",")[0]
    try:
        return Note(name="at_most", facts={"margin": Decimal(most)})
    except ArithmeticError:
        return refusal_note(error, isolated_margins(book))


def _fall(evaluation: Evaluation) -> Decimal | None:
    """How far everything may move together before the shared pool dies, on its nearer side."""
    market = market_of(evaluation)
    return market.nearer if market is not None else None


# --- Taking out ----------------------------------------------------------------------------------------------------


def _withdrawn(book: Book, aim: Aim, base: ActView) -> Acted:
    """The most that can leave the shared balance: what is free, less what the goal needs of it.

    With all that is free gone, the goal lacks x; so x less than that may leave.
    """
    goal, number = _named(aim) if aim.is_goal else ("none", None)
    view = replace(base, goal=goal, number=number)
    asset = paid_in(book)
    shared = f"cross:{one_asset_of(book)}"
    pool = next((pool for pool in evaluate(book, explain=False).pools if pool.id == shared), None)
    if asset is None or pool is None:
        return Acted(view=replace(view, remarks=(*view.remarks, Note(name="no_shared_balance"))), book=book)
    most = max(Decimal(0), min(pool.available_balance, _held(book, pool, asset)))
    if most and most < pool.available_balance and book.asset_mode == AssetMode.MULTI:
        note = Note(name="free_in_all", facts={"free": pool.available_balance, "asset": asset})
        view = replace(view, remarks=(*view.remarks, note))
    cross = next((each for each in book.positions if each.margin_mode is MarginMode.CROSS), None)
    wanted = goal_of(book, cross, aim) if cross is not None and aim.is_goal else None
    if cross is not None and wanted is not None and most > 0:
        drained = book.deposited(asset, -most)
        lacking = margin_to_add(drained, cross.id, wanted)
        if lacking.outcome is Outcome.FOUND and lacking.value is not None:
            spare = most - lacking.value
            most = _down(book, spare, included=lacking.included)
    most = max(Decimal(0), _down(book, most, included=True))
    after = book.deposited(asset, -most) if most else book
    return Acted(view=replace(view, withdrawable=most), book=book, after=after)


def _held(book: Book, pool: PoolHealth, asset: str) -> Decimal:
    """What the shared balance holds of an asset: where all assets back it, less what isolated margins set aside."""
    if book.asset_mode != AssetMode.MULTI:
        return pool.wallet_balance
    aside = sum((margin for _, margin in isolated_margins(book)), Decimal(0))
    return book.wallet.get(asset, Decimal(0)) - aside


def paid_in(book: Book) -> str | None:
    """The asset that is added and taken out: of an account that all assets back, that in which money is paid."""
    return money_of(book) if book.asset_mode == AssetMode.MULTI else one_asset_of(book)


def _down(book: Book, value: Decimal, *, included: bool) -> Decimal:
    step = money_step(book, value)
    rounded = _DOWN.divide(value, step).to_integral_value(rounding=ROUND_FLOOR) * step
    return rounded - step if rounded == value and not included else rounded


# --- For other programs --------------------------------------------------------------------------------------------


def act_results(found: Acted) -> dict[str, Any] | None:
    """The answer, the book before it and the book after it; None while there is no book."""
    if found.book is None or (found.view.asked and not found.view.withdraw):
        return None
    return {
        "solution": _solution(found),
        "before": write_evaluation(evaluate(found.book)),
        "after": write_evaluation(evaluate(found.after)) if found.after is not None else None,
        "after_reason": None if found.after is not None else "nothing of this kind brings it about",
    }


def _solution(found: Acted) -> dict[str, Any]:
    view = found.view
    if view.withdraw:
        return {"kind": "withdraw", **_number("amount", view.withdrawable, "no shared balance"), "asset": view.settle}
    if view.changes:
        return {"kind": "change", "changes": [_written(change) for change in view.changes], "asset": view.settle}
    if not view.blocks:
        return {"kind": view.goal, **_number("add_margin", None, "which position is meant was not said")}
    first = view.blocks[0]
    return {
        "kind": view.goal,
        **_number("target", view.number, "a move of one's own"),
        "holds": first.holds,
        **_number("add_margin", first.total, _first_reason(first)),
        "asset": view.settle,
        "options": [option for block in view.blocks for option in _options(block)],
    }


def _first_reason(block: Block) -> str:
    reasons = [way.reason for need in block.needs for way in need.impossible if way.kind == "add" and way.reason]
    return reasons[0] if reasons else "impossible"


def _options(block: Block) -> list[dict[str, Any]]:
    return [
        {"book": block.name, "margin_mode": need.mode, **_option(way)}
        for need in block.needs
        for way in (*need.ways, *need.impossible)
    ]


def _option(way: Way) -> dict[str, Any]:
    return {
        "id": way.id,
        "kind": "add_margin" if way.kind == "add" else "close_quantity",
        **_number("value", way.value, way.reason or "impossible"),
        **_number("money", way.money, way.reason or "impossible"),
    }


def _written(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    refusal = change.refusal.name if change.refusal is not None else "cannot be liquidated, or is closed"
    return {
        "kind": change.kind,
        "value": plain(change.value),
        "margin_mode": change.mode,
        **_number("liquidation_price_before", before.liquidation_price if before else None, "cannot be liquidated"),
        **_number("liquidation_price_after", after.liquidation_price if after else None, refusal),
        "alive_at_check": change.alive,
    }


def _number(name: str, value: Decimal | None, reason: str) -> dict[str, Any]:
    """A figure as a decimal string; null with its reason beside it."""
    return {name: plain(value) if value is not None else None, f"{name}_reason": None if value is not None else reason}
