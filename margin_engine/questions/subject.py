"""The position that a sizing question is about, and its book with that position made larger, safer, or left out."""

from dataclasses import dataclass, replace
from decimal import Decimal

from margin_engine.health.risk import worth_of
from margin_engine.model.book import Book, MarginMode, Position
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import DEFINITION, Step
from margin_engine.model.pools import Holding, decimal_of
from margin_engine.questions.marks import at_marks, marks_of
from margin_engine.questions.payoff import held, unit_worth
from margin_engine.venues.account import open_account
from margin_engine.venues.partition import SHARED_POOL

_TINY = Decimal("1e-9")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One position of a book with what its venue says about it. pool_id: the pool that backs it."""

    book: Book
    position: Position
    pool_id: str
    holding: Holding

    @property
    def label(self) -> str:
        """How symbols name it."""
        return self.holding.label

    @property
    def mark_price(self) -> Decimal:
        """The mark of its symbol."""
        return self.holding.mark_price

    @property
    def settle_asset(self) -> str:
        """The asset of its margins and PnL."""
        return self.holding.terms.settle_asset

    @property
    def notional_at_entry(self) -> Decimal:
        """Its notional at the entry price, in the settle asset."""
        return self.position.quantity * self.worth_at(self.position.entry_price)

    @property
    def leverage_limit(self) -> Decimal | None:
        """The leverage that its rung at entry allows, or None where there is no limit."""
        # At its own size: some venues' tables depend on it. A leverage of 1 is never refused.
        table = held(open_account(self.levered(ONE)), self.position.id)[1].table
        return table.tiers[table.rung_at(self.notional_at_entry)].max_leverage

    @property
    def ladder_starts(self) -> tuple[Decimal, ...]:
        """The notionals at which its requirement bends or jumps."""
        return self.holding.ladder.starts

    def worth_at(self, price: Decimal) -> Decimal:
        """The notional of one unit of quantity at a price above 0."""
        return self.holding.terms.multiplier * unit_worth(self.holding.terms, price)

    def resized(self, quantity: Decimal) -> Book:
        """The book with this position at another quantity, or without it at 0. Its stated margin stays."""
        if not quantity:
            return self.book.without_positions(self.position.id)
        return self.book.with_position(replace(self.position, quantity=quantity))

    def backed(self, amount: Decimal) -> Book:
        """The book with that much more behind the position, from outside: its own margin, or the wallet."""
        book = self.book.deposited(self.settle_asset, amount)
        if self.position.margin_mode is MarginMode.CROSS:
            return book
        own = decimal_of(held(open_account(self.book), self.position.id)[1].own_margin)
        return book.with_position(replace(self.position, isolated_margin=own + amount))

    def levered(self, leverage: Decimal) -> Book:
        """The book with this position at another leverage, with its initial margin at entry from outside."""
        levered = replace(self.position, leverage=leverage, isolated_margin=None)
        return self.book.deposited(self.settle_asset, self.notional_at_entry / leverage).with_position(levered)

    def opening_spares(self, resized: Book) -> tuple[Decimal, ...]:
        """What is left when the position is opened, each at least 0 if it can be.

        The shared pool's margin balance beyond its initial margins, and a stated margin beyond the one at entry.
        """
        shared = tuple(
            worth.margin_balance - worth.initial_margin
            for pool in open_account(resized).pools
            for worth in (worth_of(pool),)
            if pool.id in (f"cross:{self.settle_asset}", SHARED_POOL)
        )
        return shared if self.position.isolated_margin is None else (*shared, self._stated_beyond(resized))

    def affordable_quantities(self) -> tuple[Decimal, ...]:
        """The quantities at which the money for the margin ends: edges, since what is beyond is refused."""
        unit = self.worth_at(self.position.entry_price) / self.position.leverage
        money = self.position.isolated_margin
        if money is None:
            free = {pool.id: pool.wallet_balance for pool in open_account(self.resized(ZERO)).pools}
            money = free.get(f"cross:{self.settle_asset}", self.book.wallet.get(self.settle_asset, ZERO))
        return (money / unit,) if money > 0 else ()

    def step(self, symbol: str, name: str, formula: str, value: Decimal, source: str = DEFINITION) -> Step:
        """A step of working about this position."""
        return Step(
            symbol=f"{symbol}_{self.label}",
            name=name,
            formula=formula,
            value=value,
            unit="",
            source=source,
            subject=self.position.id,
            label=self.label,
        )

    def _stated_beyond(self, resized: Book) -> Decimal:
        quantity = sum((each.quantity for each in resized.positions if each.id == self.position.id), ZERO)
        needed = quantity * self.worth_at(self.position.entry_price) / self.position.leverage
        return (self.position.isolated_margin or ZERO) - needed


def subject_of(book: Book, identity: str) -> Subject:
    """The position of that id, resolved at a tiny quantity, so that the size it happens to have is never refused.

    Every position of the answer's books states its mark. Raises InvalidValue for an unknown id, and whatever refuses
    the rest of the book.
    """
    book = at_marks(book, marks_of(book))
    position = book.position(identity)
    margin = None if position.isolated_margin is None else ZERO
    tiny = replace(position, quantity=position.quantity * _TINY, isolated_margin=margin)
    pool, holding = held(open_account(book.with_position(tiny)), identity)
    return Subject(book=book, position=position, pool_id=pool.id, holding=holding)
