"""The positions that a question is about, as books of the engine in each mode that enough was said for.

What-ifs, comparisons and goals start here, whether the positions come from a message, from a card or from a portfolio.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.rendering.errors import refusal_note
from bot.rendering.views import Asked, Goal, LegView, Note, Partition, TierTable
from bot.services.account_view import leg_view
from bot.services.accounts import account_book, examined, with_marks
from bot.services.beside import Account
from bot.services.checking import Worked, tier_date, unit_of, work_out
from bot.services.halves import isolated_margins
from bot.services.question import Question
from bot.services.saved import lacking, main_asset, wallet_of
from bot.services.symbols import SETTLE, VENUE, coin_of, tick_of
from bot.storage.portfolios import Portfolio
from margin_engine import Book, EngineError, Evaluation, MarginMode, Side, default_contract, evaluate, in_mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Positions, and their books by partition; a partition that lacks something or is refused has no book.

    legs: how each position is shown, by the engine's id, in the book's order. held: they are a saved account. asked:
    the one thing whose answer would complete the books. trouble: why a partition is refused. The book "given" is there
    only where some positions are isolated and others cross. tiers: the table's date.
    wallet: what is in the account, in `settle`; wallets: the same by asset. pooled: all assets back one cross pool, and
    amounts are dollars at the prices now.
    """

    legs: Mapping[str, LegView] = field(default_factory=dict)
    books: Mapping[Partition, Book] = field(default_factory=dict)
    trouble: Mapping[Partition, Note] = field(default_factory=dict)
    held: bool = False
    wallet: Decimal | None = None
    wallets: tuple[tuple[str, Decimal], ...] = ()
    pooled: bool = False
    settle: str = SETTLE
    asked: Asked | None = None
    remarks: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    tiers: TierTable | None = None

    @property
    def as_it_stands(self) -> Book | None:
        """The book in the modes that were said: mixed, else the only one, else isolated; None without any."""
        said = {leg.mode for leg in self.legs.values()}
        order: tuple[Partition, ...] = ("given", "cross", "isolated") if said == {"cross"} else _SAID_FIRST
        return next((self.books[name] for name in order if name in self.books), None)


_SAID_FIRST: tuple[Partition, ...] = ("given", "isolated", "cross")


def subject_of_question(question: Question, *, now: datetime, account: Account | None = None) -> Subject:
    """The subject of positions that somebody told; every amount depends on the sizes, so all of them are needed."""
    return subject_of_worked(
        work_out(question.model_copy(update={"unanswered": ()}), now=now, account=account, explain=False)
    )


def subject_of_worked(worked: Worked) -> Subject:
    """The subject of a check card that is worked out already."""
    view = worked.view
    unsized = next((index for index, leg in enumerate(worked.legs) if leg.quantity is None), None)
    legs = {ready.id: leg for ready, leg in zip(worked.legs, view.legs, strict=True)} if worked.question else {}
    return Subject(
        legs=legs | _saved_beside(worked),
        books=_books(worked) if unsized is None else {},
        trouble=_troubles(worked),
        wallet=_wallet(worked),
        wallets=view.wallets,
        pooled=view.pooled,
        settle=view.settle,
        asked=Asked(slot="size", leg=unsized) if unsized is not None else view.asked,
        remarks=view.remarks,
        assumed=(*view.assumed, *_left_out(view.legs)),
        tiers=view.tiers,
    )


def goals_of(legs: Iterable[LegView]) -> list[tuple[LegView, str, Goal]]:
    """Every stop and target with its position and which of the two it is."""
    plans = [(leg, leg.plan) for leg in legs if leg.plan is not None]
    goals = [(leg, name, goal) for leg, plan in plans for name, goal in (("stop", plan.stop), ("target", plan.target))]
    return [(leg, name, goal) for leg, name, goal in goals if goal is not None]


def _left_out(legs: Iterable[LegView]) -> list[Note]:
    """The stops and targets, which a check card works out and a subject's books know nothing of."""
    notes = []
    for leg, which, goal in goals_of(legs):
        name = "stop_left_out" if which == "stop" else "target_left_out"
        notes.append(Note(name=name, facts={"coin": leg.coin, "goal": goal.price}))
    return notes


def _wallet(worked: Worked) -> Decimal | None:
    """The wallet of a trade; of an account in which all assets count, their value at the prices now."""
    funds = worked.funds
    if not funds.pooled or funds.wallet is None:
        return worked.view.wallet
    prices = {asset: each.price for asset, each in funds.collateral.items()}
    return sum((amount * prices.get(asset, Decimal(1)) for asset, amount in funds.wallet.items()), Decimal(0))


def _books(worked: Worked) -> dict[Partition, Book]:
    """The books that were worked out."""
    halves = worked.halves
    named: dict[Partition, Evaluation | None] = {
        "isolated": halves.isolated,
        "cross": halves.cross,
        "given": halves.given,
    }
    return {name: evaluation.book for name, evaluation in named.items() if evaluation is not None}


def _troubles(worked: Worked) -> dict[Partition, Note]:
    notes: list[tuple[Partition, Note | None]] = [
        ("isolated", worked.halves.isolated_trouble),
        ("cross", worked.halves.cross_trouble),
    ]
    return {name: note for name, note in notes if note is not None}


def _saved_beside(worked: Worked) -> dict[str, LegView]:
    """The saved positions that share the cross pool with the trade."""
    venue = worked.question.rules if worked.question else VENUE
    found = {}
    for each in worked.others.positions:
        terms = default_contract(venue, each.symbol)
        found[each.id] = LegView(
            coin=coin_of(each.symbol),
            side="long" if each.side is Side.LONG else "short",
            quantity=each.quantity,
            entry=each.entry_price,
            leverage=each.leverage,
            mode="cross" if each.margin_mode is MarginMode.CROSS else "isolated",
            tick=tick_of(each.symbol, venue),
            unit=unit_of(terms),
            settle=terms.settle_asset if terms is not None else SETTLE,
        )
    return found


def subject_of_portfolio(portfolio: Portfolio, *, now: datetime, book: Book | None = None) -> Subject:
    """The subject of a saved account, as it stands and in both modes.

    Arguments: book, where the account came as one that says more than a portfolio keeps.
    """
    if not portfolio.positions:
        return Subject(held=True, wallet=wallet_of(portfolio), settle=main_asset(portfolio))
    legs = {each.id: leg_view(each, portfolio, now=now) for each in portfolio.positions}
    has_cross = any(each.margin_mode == "cross" for each in portfolio.positions)
    open_asset = lacking(portfolio)
    wallet = wallet_of(portfolio) if open_asset is None else None
    if wallet is None:  # only margins are counted then, of every asset
        portfolio = portfolio.model_copy(update={"wallet": {}})
    try:
        stands = with_marks(book, portfolio.marks) if book is not None else account_book(portfolio)
    except EngineError as error:
        note = examined(portfolio)[1] or refusal_note(error)
        trouble: dict[Partition, Note] = {"isolated": note, "cross": note}
        return Subject(legs=legs, trouble=trouble, held=True, wallet=wallet, settle=main_asset(portfolio))
    named: list[tuple[Partition, Book]] = [("isolated", in_mode(stands, MarginMode.ISOLATED))]
    refused: dict[Partition, Note] = {}
    if wallet is not None:
        try:
            named.append(("cross", in_mode(stands, MarginMode.CROSS)))
        except EngineError as error:  # a symbol is held twice on one side, as isolated positions may be
            refused["cross"] = refusal_note(error, isolated_margins(stands))
    elif not has_cross:
        named = [("isolated", stands)]
    if has_cross and any(each.margin_mode == "isolated" for each in portfolio.positions) and wallet is not None:
        named.append(("given", stands))
    books, more, tiers = _accepted(named)
    return Subject(
        legs=legs,
        books=books,
        trouble=refused | more,
        held=True,
        wallet=wallet,
        settle=main_asset(portfolio),
        asked=Asked(slot="wallet", asset=open_asset or main_asset(portfolio)) if wallet is None else None,
        tiers=tier_date(tiers, now=now) if books else None,
    )


def _accepted(named: list[tuple[Partition, Book]]) -> tuple[dict[Partition, Book], dict[Partition, Note], str | None]:
    """The books that the engine takes, why it refuses the others, and the date of the tables."""
    books: dict[Partition, Book] = {}
    trouble: dict[Partition, Note] = {}
    tiers = None
    for name, book in named:
        try:
            tiers = evaluate(book, explain=False).tiers_as_of
            books[name] = book
        except EngineError as error:
            trouble[name] = refusal_note(error, isolated_margins(book))
    return books, trouble, tiers
