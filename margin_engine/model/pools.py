"""The one domain idea: a pool is a wallet balance and the positions that it backs.

Cross margin is one pool with all positions of a settle asset, isolated margin is a pool for each position; in
multi-asset mode the cross pool holds several assets, each with its price and haircut. No formula asks which mode it is
in; comparing the modes is the same book partitioned twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from margin_engine.model.book import Book, MarginMode, Position, Rules
from margin_engine.model.contracts import ContractKind, Terms, closing_notional, notional, unrealised_pnl
from margin_engine.model.decimals import ZERO
from margin_engine.model.tiers import Ladder, TierTable


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A position with nothing left open.

    size = quantity x multiplier; signed_size is negative for a short. beta and shock are those of its symbol.
    fee_to_close: what is set aside for closing it, a part of both margins, in the settle asset.
    """

    position: Position
    label: str
    terms: Terms
    size: Decimal
    signed_size: Decimal
    mark_price: Decimal
    table: TierTable
    amounts: tuple[Decimal, ...]
    ladder: Ladder[Decimal]
    tiers_source: str
    beta: Decimal
    shock: Decimal
    fee_to_close: Decimal = ZERO

    @cached_property
    def inverse(self) -> bool:
        """Whether the contract is worth 1 / price."""
        return self.terms.kind is ContractKind.INVERSE

    @property
    def quote(self) -> str:
        """What its prices are counted in: the settle asset of a linear contract, USD for the others."""
        return self.terms.settle_asset if self.terms.kind is ContractKind.LINEAR else "USD"

    @cached_property
    def notional_at_mark(self) -> Decimal:
        """What it is worth at the mark, in the settle asset."""
        return notional(kind=self.terms.kind, size=self.size, price=self.mark_price)

    def pnl_at(self, price: Decimal) -> Decimal:
        """What closing it at a price above 0 would gain, in the settle asset."""
        entry_price, kind = self.position.entry_price, self.terms.kind
        return unrealised_pnl(kind=kind, signed_size=self.signed_size, entry_price=entry_price, price=price)

    @cached_property
    def piece_at_mark(self) -> int:
        """The piece of the ladder on which the notional at the mark stands."""
        return self.ladder.piece_at(self.notional_at_mark)

    @property
    def own_margin(self) -> Fraction:
        """The isolated margin, exact: as given, else notional at entry / leverage (not always a finite decimal)."""
        position = self.position
        if position.isolated_margin is not None:
            return Fraction(position.isolated_margin)
        value = notional(kind=self.terms.kind, size=Fraction(self.size), price=Fraction(position.entry_price))
        return value / Fraction(position.leverage)


def fee_to_close(terms: Terms, position: Position, rate: Decimal) -> Decimal:
    """What a venue sets aside for closing a position at its bankruptcy price: rate x the value there."""
    if not rate:
        return ZERO
    size = position.quantity * terms.multiplier * position.side.sign
    entry_price, leverage = position.entry_price, position.leverage
    return rate * closing_notional(kind=terms.kind, signed_size=size, entry_price=entry_price, leverage=leverage)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackingAsset:
    """One asset of a pool in multi-asset mode, valued in USD.

    exact_balance: its cross wallet balance, `balance` the same as a decimal. price: above 0. haircut: in [0, 1], for a
    positive equity only. beta and shock: how its price moves in a market-wide move and in a what-if; 0 if not named.
    stated: whether the book gives its price, or a stable asset's is assumed.
    """

    asset: str
    label: str
    exact_balance: Fraction
    balance: Decimal
    price: Decimal
    haircut: Decimal
    beta: Decimal
    shock: Decimal
    stated: bool = True


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A wallet balance in `asset` and the holdings that it backs; `id` is the position's own, or "cross:ASSET".

    exact_balance is the wallet balance before any rounding: margins of a third cancel to nothing, as they should.
    assets: what a pool in multi-asset mode is made of (its `asset` is then USD); empty where there is only `asset`.
    """

    id: str
    label: str
    asset: str
    mode: MarginMode
    exact_balance: Fraction
    wallet_balance: Decimal
    holdings: tuple[Holding, ...]
    assets: tuple[BackingAsset, ...] = ()

    @cached_property
    def straight(self) -> bool:
        """Whether everything in it is a straight line in prices: one asset and no inverse contract.

        Then finite decimals carry all of it; else quotients come in, and sums are made of fractions.
        """
        return not self.assets and not any(holding.inverse for holding in self.holdings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A book with nothing left open, in pools: each isolated position's, then the cross pools.

    collateral_betas: the weights in a market-wide move of the assets that a book in multi-asset mode names.
    rule_sources: where the rates of `rules` come from, by slot, where they are the venue's own. book: as it was given.
    """

    venue: str
    tiers_as_of: str | None
    assumptions: tuple[str, ...]
    rules: Rules
    wallet: dict[str, Decimal]
    pools: tuple[Pool, ...]
    order: tuple[str, ...]
    book: Book
    collateral_betas: tuple[Decimal, ...] = ()
    rule_sources: Mapping[str, str] = field(default_factory=dict)


def decimal_of(value: Fraction) -> Decimal:
    """A fraction as a decimal: exact where it is one, else rounded in the last digit of the context."""
    return Decimal(value.numerator) / Decimal(value.denominator)
