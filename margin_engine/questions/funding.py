"""How long does a pool last at flat prices while it pays funding? And which rate would end it in time?

Funding is paid at every interval, so a pool dies at a payment, not between two. Longs pay notional x rate to shorts, in
the settle asset; a rate below 0 turns it round. An isolated position pays from its own margin, a cross one from the
wallet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from margin_engine.model.book import EVERY_OTHER, Book
from margin_engine.model.checks import above_zero
from margin_engine.model.decimals import ONE, ZERO, as_shown, exactly
from margin_engine.model.derivation import DEFINITION, GIVEN, Step, literal
from margin_engine.model.errors import InvalidValue
from margin_engine.model.pools import Pool
from margin_engine.questions.flips import Trial, first_flip
from margin_engine.questions.payoff import unit_worth
from margin_engine.questions.survival import health
from margin_engine.venues.account import open_account

HOURS_A_DAY = Decimal(24)
FURTHEST = Decimal(2**60)
"""Payments beyond which nothing is looked for."""


class BleedReason(StrEnum):
    """Why funding does not end a pool.

    ALREADY_LIQUIDATABLE: it is, at the marks. NEVER: it pays nothing, or receives what it needs.
    """

    ALREADY_LIQUIDATABLE = "already_liquidatable"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bleed:
    """One pool at flat prices, amounts in its unit (USD in multi-asset mode).

    surplus: margin balance beyond the requirement. payment: what the first interval costs it, below 0 if it earns.
    intervals: the number of the payment that makes it liquidatable; days: until then. None with a reason.
    """

    pool_id: str
    surplus: Decimal
    payment: Decimal
    intervals: Decimal | None
    days: Decimal | None
    reason: BleedReason | None
    derivation: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KillingRate:
    """The funding rate per interval at which a pool is liquidatable at the last of `intervals` payments.

    rate: below 0 where the pool is net short; None with a reason.
    """

    pool_id: str
    rate: Decimal | None
    intervals: Decimal
    reason: BleedReason | None
    derivation: tuple[Step, ...]


@exactly
def funding_bleed(book: Book, rates: Mapping[str, Decimal], *, interval_hours: Decimal) -> tuple[Bleed, ...]:
    """At flat prices and these rates, after how many days is each pool with positions liquidatable?

    n = surplus / payment, rounded up to a whole payment; days = n x interval / 24, the first payment being one interval
    away. rates: fraction of the notional per interval by symbol, "*" for the rest, else 0. Raises InvalidValue for an
    interval that is not above 0 hours, and whatever refuses the book.
    """
    above_zero(interval_hours, "interval_hours")
    payers = _payers(book, rates)
    return tuple(payer.bleed(interval_hours) for payer in payers)


@exactly
def killing_rate(
    book: Book, *, days: Decimal, interval_hours: Decimal, symbol: str | None = None
) -> tuple[KillingRate, ...]:
    """Which funding rate per interval makes each pool with positions liquidatable within this many days?

    rate = surplus / (n x sum of signed notionals), n the whole payments within the days. symbol: the only one whose
    positions pay (None: all, at one common rate). Raises InvalidValue where no payment falls within the days.
    """
    above_zero(interval_hours, "interval_hours")
    intervals = (days * HOURS_A_DAY / interval_hours).to_integral_value(ROUND_FLOOR)
    if intervals < 1:
        raise InvalidValue(field="days", value=days, rule=f"must hold at least one interval of {interval_hours} hours")
    payers = _payers(book, {EVERY_OTHER: ONE} if symbol is None else {symbol: ONE})
    return tuple(payer.killing_rate(intervals) for payer in payers)


def _payers(book: Book, rates: Mapping[str, Decimal]) -> list["_Payer"]:
    return [_Payer(book, pool, rates) for pool in open_account(book).pools if pool.holdings]


class _Payer:
    """One pool and what each asset pays at an interval; a pool of one asset is a straight line in the payments."""

    def __init__(self, book: Book, pool: Pool, rates: Mapping[str, Decimal]) -> None:
        self.book, self.pool = book, pool
        self.payments: dict[str, Decimal] = {}
        rest = rates.get(EVERY_OTHER, ZERO)
        for holding in pool.holdings:
            value = holding.signed_size * unit_worth(holding.terms, holding.mark_price)
            asset = holding.terms.settle_asset
            paid = value * rates.get(holding.position.symbol, rest)
            self.payments[asset] = self.payments.get(asset, ZERO) + paid
        self.surplus = health(pool)
        self.dead = self.surplus <= 0
        self.straight = set(self.payments) == {pool.asset}
        self.payment = self.payments[pool.asset] if self.straight else self.surplus - self.surplus_after(ONE)

    def surplus_after(self, payments: Decimal) -> Decimal:
        """The shared pool's health after that many payments, whole or not."""
        book = self.book
        for asset, paid in self.payments.items():
            book = book.deposited(asset, -payments * paid)
        pools = open_account(book).pools
        return next(health(pool) for pool in pools if pool.id == self.pool.id)

    def bleed(self, interval_hours: Decimal) -> Bleed:
        intervals, reason = self._intervals()
        steps = [
            self._step("surplus", "surplus", literal(self.surplus), self.surplus, DEFINITION),
            self._step("payment", "payment", literal(self.payment), self.payment, DEFINITION),
        ]
        days = None
        if intervals is not None:
            days = intervals * interval_hours / HOURS_A_DAY
            source = "surplus / payment, rounded up to a whole payment"
            steps += [
                self._step("n", "intervals", literal(intervals), intervals, source),
                self._step("hours", "interval_hours", literal(interval_hours), interval_hours, GIVEN),
                self._step("days", "days_to_liquidation", f"n_{self._label} * hours_{self._label} / 24", days),
            ]
        return Bleed(
            pool_id=self.pool.id,
            surplus=self.surplus,
            payment=self.payment,
            intervals=intervals,
            days=days,
            reason=reason,
            derivation=tuple(steps),
        )

    def _intervals(self) -> tuple[Decimal | None, BleedReason | None]:
        if self.dead:
            return None, BleedReason.ALREADY_LIQUIDATABLE
        if self.straight:
            if self.payment <= 0:
                return None, BleedReason.NEVER
            return as_shown(self.surplus / self.payment).to_integral_value(ROUND_CEILING), None
        # Haircuts bend the line, downward only: once dead it stays so, and whole payments can be halved into.
        alive, dead = ZERO, ONE
        while self.surplus_after(dead) > 0:
            alive, dead = dead, dead * 2
            if dead > FURTHEST:
                return None, BleedReason.NEVER
        while dead - alive > 1:
            middle = ((alive + dead) / 2).to_integral_value(ROUND_FLOOR)
            alive, dead = (middle, dead) if self.surplus_after(middle) > 0 else (alive, middle)
        return dead, None

    def killing_rate(self, intervals: Decimal) -> KillingRate:
        """Here a payment is that of a rate of 1, so a rate is a number of payments."""
        steps: tuple[Step, ...] = ()
        rate: Decimal | None = None
        reason: BleedReason | None = None
        if self.dead:
            reason = BleedReason.ALREADY_LIQUIDATABLE
        elif not self.payment:
            reason = BleedReason.NEVER
        elif self.straight:
            rate = self.surplus / (intervals * self.payment)
            steps = self._rate_steps(intervals, rate)
        else:
            total = self._bent_rate(ONE.copy_sign(self.payment))
            rate, reason = (None, BleedReason.NEVER) if total is None else (total / intervals, None)
        return KillingRate(pool_id=self.pool.id, rate=rate, intervals=intervals, reason=reason, derivation=steps)

    def _bent_rate(self, sign: Decimal) -> Decimal | None:
        def tried(rate: Decimal) -> Trial:
            surplus = self.surplus_after(sign * rate)
            return Trial(holds=surplus > 0, lines=(surplus,))

        end = ONE
        while tried(end).holds and end < FURTHEST:
            end *= 2
        flip = first_flip(tried, start=ZERO, edges=(), end=end)
        return sign * flip.at if flip else None

    def _rate_steps(self, intervals: Decimal, rate: Decimal) -> tuple[Step, ...]:
        label = self._label
        return (
            self._step("surplus", "surplus", literal(self.surplus), self.surplus, DEFINITION),
            self._step("exposure", "net_notional", literal(self.payment), self.payment, DEFINITION),
            self._step("n", "intervals", literal(intervals), intervals, GIVEN),
            self._step("rate", "funding_rate", f"surplus_{label} / (n_{label} * exposure_{label})", rate),
        )

    @property
    def _label(self) -> str:
        return self.pool.label

    def _step(self, symbol: str, name: str, formula: str, value: Decimal, source: str = DEFINITION) -> Step:
        return Step(
            symbol=f"{symbol}_{self._label}",
            name=name,
            formula=formula,
            value=value,
            unit="",
            source=source,
            subject=self.pool.id,
            label=self._label,
        )
