"""The book: what a person holds, as they state it. Whatever they leave open is filled in by venues/account.py.

A book is checked when it is made, relations between positions included; what only the venue can tell (a missing tier
table, a leverage above its limit) is checked when it is asked about. Nothing in a book is ever changed: a what-if is a
changed copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.checks import above_zero, below_one, finite
from margin_engine.model.contracts import Contract
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.errors import InconsistentBook, InvalidValue
from margin_engine.model.tiers import TierMethod, TierTable

EVERY_OTHER = "*"


class Side(StrEnum):
    """Which way a position gains."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 long, -1 short."""
        return 1 if self is Side.LONG else -1


class MarginMode(StrEnum):
    """Whether a position has a pool of its own or shares the account's."""

    ISOLATED = "isolated"
    CROSS = "cross"


class AssetMode(StrEnum):
    """Whether each asset backs the positions that settle in it, or all assets back one cross pool in USD."""

    SINGLE = "single"
    MULTI = "multi"


class LiquidationProcess(StrEnum):
    """What a liquidation takes: the whole pool, or the venue's own steps."""

    WHOLE = "whole"
    VENUE = "venue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One position as stated. Prices are in the quote coin; `quantity` > 0, before the contract's multiplier: coins
    (linear), face value in the quote (inverse), contracts (quanto).

    mark_price: None takes the symbol's other mark, else the entry price. isolated_margin: the position's own wallet in
    the settle asset, without its unrealised PnL; None is the initial margin at entry.
    """

    id: str
    symbol: str
    side: Side
    quantity: Decimal
    entry_price: Decimal
    leverage: Decimal
    margin_mode: MarginMode
    mark_price: Decimal | None = None
    isolated_margin: Decimal | None = None
    contract: Contract | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A venue's rules that have a slot. The defaults are the plain ones.

    closing_fee_rate: fraction of the notional that counts inside the requirement, in [0, 1). others_profit_counts: if
    not, profits of other symbols are left out of a position's liquidation price (their losses count); pool figures stay
    as they are. fee_to_close_rate: rate on the value at the bankruptcy price that stands in both margins, in [0, 1).
    """

    closing_fee_rate: Decimal = ZERO
    tier_method: TierMethod = TierMethod.MARGINAL
    liquidation_process: LiquidationProcess = LiquidationProcess.WHOLE
    others_profit_counts: bool = True
    fee_to_close_rate: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Collateral:
    """What an asset counts as in multi-asset mode: its price in USD and its haircut, in [0, 1] (0.05 counts 95 %)."""

    price: Decimal
    haircut: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An account as stated: total wallet by asset (isolated margins included) and its positions.

    collateral: what assets count as in asset_mode "multi"; in "single" it is checked and has no effect. tiers: tables
    that replace the venue's own. rules: None keeps the venue's own. betas: weight of each symbol in a market-wide move
    (default 1). shocks: fractions of the mark price, above -1 (default 0). "*" stands for every symbol that is not
    named; an asset of collateral moves only if it is named itself. Raises an EngineError that names the first thing
    wrong.
    """

    venue: str = "binance-usdm"
    wallet: Mapping[str, Decimal] = field(default_factory=dict)
    positions: tuple[Position, ...] = ()
    asset_mode: str = AssetMode.SINGLE
    collateral: Mapping[str, Collateral] = field(default_factory=dict)
    tiers: Mapping[str, TierTable] = field(default_factory=dict)
    rules: Rules | None = None
    betas: Mapping[str, Decimal] = field(default_factory=dict)
    shocks: Mapping[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.asset_mode not in tuple(AssetMode):
            raise InvalidValue(field="asset_mode", value=self.asset_mode, rule="must be one of single, multi")
        for asset, balance in self.wallet.items():
            finite(balance, f"wallet.{asset}")
        for asset, collateral in self.collateral.items():
            above_zero(collateral.price, f"collateral.{asset}.price")
            if not ZERO <= finite(collateral.haircut, f"collateral.{asset}.haircut") <= ONE:
                rule = "must be at least 0 and at most 1"
                raise InvalidValue(field=f"collateral.{asset}.haircut", value=collateral.haircut, rule=rule)
        for symbol, table in self.tiers.items():
            table.check(field=f"tiers.{symbol}")
        if self.rules is not None:
            _check_rules(self.rules)
        for symbol, beta in self.betas.items():
            finite(beta, f"betas.{symbol}")
        for symbol, shock in self.shocks.items():
            if finite(shock, f"shocks.{symbol}") <= -1:
                raise InvalidValue(field=f"shocks.{symbol}", value=shock, rule="must be above -1")
        for index, position in enumerate(self.positions):
            _check_position(position, f"positions[{index}]")
        _check_ids(self.positions)
        _check_cross_legs(self.positions)

    def position(self, identity: str, *, field: str = "identity") -> Position:
        """The position of that id. Raises InvalidValue about `field`, which lists the ids."""
        for position in self.positions:
            if position.id == identity:
                return position
        rule = f"must be the id of a position: {', '.join(each.id for each in self.positions) or 'there is none'}"
        raise InvalidValue(field=field, value=identity, rule=rule)

    def with_position(self, position: Position) -> "Book":
        """The book with this position in place of the one of its id."""
        return replace(self, positions=tuple(position if each.id == position.id else each for each in self.positions))

    def deposited(self, asset: str, amount: Decimal) -> "Book":
        """The book with that much more of an asset in the wallet; less of it where the amount is below 0."""
        return replace(self, wallet={**self.wallet, asset: self.wallet.get(asset, ZERO) + amount})

    def without_positions(self, *identities: str) -> "Book":
        """The book without the positions of these ids; the wallet stays."""
        return replace(self, positions=tuple(each for each in self.positions if each.id not in identities))

    def beta(self, symbol: str) -> Decimal:
        """The symbol's weight in a market-wide move."""
        return self.betas.get(symbol, self.betas.get(EVERY_OTHER, ONE))

    def shock(self, symbol: str) -> Decimal:
        """The fraction by which a what-if moves the symbol's mark."""
        return self.shocks.get(symbol, self.shocks.get(EVERY_OTHER, ZERO))


def _check_position(position: Position, path: str) -> None:
    _check_names(position, path)
    above_zero(position.quantity, f"{path}.quantity")
    above_zero(position.entry_price, f"{path}.entry_price")
    above_zero(position.leverage, f"{path}.leverage")
    if position.mark_price is not None:
        above_zero(position.mark_price, f"{path}.mark_price")
    if position.isolated_margin is not None:
        _check_isolated_margin(position.isolated_margin, position.margin_mode, f"{path}.isolated_margin")
    if position.contract is not None:
        _check_contract(position.contract, f"{path}.contract")


def _check_names(position: Position, path: str) -> None:
    if not position.id or position.id.startswith("cross:"):
        rule = 'must not be empty or start with "cross:", the name of the shared pools'
        raise InvalidValue(field=f"{path}.id", value=repr(position.id), rule=rule)
    if position.symbol in ("", EVERY_OTHER):
        raise InvalidValue(field=f"{path}.symbol", value=repr(position.symbol), rule="must name one symbol")


def _check_isolated_margin(margin: Decimal, mode: MarginMode, path: str) -> None:
    if mode is MarginMode.CROSS:
        raise InconsistentBook(field=path, value=margin, rule="must be left out for a cross position")
    if finite(margin, path) < 0:
        raise InvalidValue(field=path, value=margin, rule="must be at least 0")


def _check_contract(contract: Contract, path: str) -> None:
    if contract.multiplier is not None:
        above_zero(contract.multiplier, f"{path}.multiplier")
    if contract.settle_asset == "":
        raise InvalidValue(field=f"{path}.settle_asset", value='""', rule="must name an asset")


def _check_rules(rules: Rules) -> None:
    for name, rate in (("closing_fee_rate", rules.closing_fee_rate), ("fee_to_close_rate", rules.fee_to_close_rate)):
        below_one(rate, f"rules.{name}")


def _check_ids(positions: tuple[Position, ...]) -> None:
    seen: dict[str, int] = {}
    for index, position in enumerate(positions):
        first = seen.setdefault(position.id, index)
        if first != index:
            rule = f"must be unique, positions[{first}] has it already"
            raise InconsistentBook(field=f"positions[{index}].id", value=position.id, rule=rule)


def _check_cross_legs(positions: tuple[Position, ...]) -> None:
    seen: dict[tuple[str, Side], int] = {}
    for index, position in enumerate(positions):
        if position.margin_mode is not MarginMode.CROSS:
            continue
        first = seen.setdefault((position.symbol, position.side), index)
        if first != index:
            rule = f"must not repeat: one cross {position.side.value} per symbol, positions[{first}] is it"
            raise InconsistentBook(field=f"positions[{index}].side", value=position.side.value, rule=rule)
