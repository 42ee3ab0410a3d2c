"""From a book to an account: fill in what the book leaves to its venue, and say so.

What one position of a symbol states (its mark, its contract) holds for the symbol. Everything that was filled in is
named in `assumptions`, each entry starting with the slot's name.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from margin_engine.model.book import Book, LiquidationProcess, MarginMode, Position, Rules
from margin_engine.model.contracts import Contract, ContractKind, Terms
from margin_engine.model.decimals import ONE, plain
from margin_engine.model.derivation import labels_for
from margin_engine.model.errors import InconsistentBook, InvalidValue
from margin_engine.model.pools import Account, Holding, Pool, decimal_of
from margin_engine.model.tiers import Ladder, TierMethod, TierTable
from margin_engine.venues.presets import Preset, default_contract, preset_of, tier_table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """What all positions of a symbol have in common."""

    terms: Terms
    mark_price: Decimal
    table: TierTable
    amounts: tuple[Decimal, ...]
    ladder: Ladder
    tiers_source: str


def open_account(book: Book) -> Account:
    """Resolve a book into pools. Call it within the engine's decimal context.

    Raises Unsupported for a venue that is not known, InconsistentBook where positions contradict each other or the
    wallet does not hold what they need, InvalidValue for a leverage above its rung's limit.
    """
    preset = preset_of(book.venue)
    rules = preset.rules if book.rules is None else book.rules
    assumptions: list[str] = []
    markets: dict[str, _Market] = {}
    for index, position in enumerate(book.positions):
        if position.symbol not in markets:
            markets[position.symbol] = _open_market(book, index, preset, rules, assumptions)
        _check_leverage(position, markets[position.symbol], f"positions[{index}].leverage")
    labels = labels_for(position.id for position in book.positions)
    holdings = [_hold(book, position, markets[position.symbol], labels[position.id]) for position in book.positions]
    margins = {h.label: h.own_margin for h in holdings if h.position.margin_mode is MarginMode.ISOLATED}
    shared = _shared_balances(book, holdings, margins)
    assumptions += _assumed_margins(holdings, margins)
    assumptions += [f"collateral: {asset} does not count, asset_mode is single" for asset in book.collateral]
    if rules.liquidation_process is LiquidationProcess.VENUE or book.rules is None:
        assumptions += preset.notes
    from_venue = any(symbol not in book.tiers for symbol in markets)
    return Account(
        venue=book.venue,
        tiers_as_of=preset.tiers_as_of if from_venue else None,
        assumptions=tuple(assumptions),
        rules=rules,
        wallet=dict(book.wallet),
        pools=_partition(holdings, margins, shared),
        order=tuple(position.id for position in book.positions),
    )


def _open_market(book: Book, index: int, preset: Preset, rules: Rules, assumptions: list[str]) -> _Market:
    symbol = book.positions[index].symbol
    peers = [(place, peer) for place, peer in enumerate(book.positions) if peer.symbol == symbol]
    terms = _terms(preset, index, peers, assumptions)
    table, source = _table(book, preset, symbol, index, assumptions)
    table.check_method(field=f"tiers.{symbol}", method=rules.tier_method)
    return _Market(
        terms=terms,
        mark_price=_mark(symbol, peers, assumptions),
        table=table,
        amounts=table.amounts(rules.tier_method),
        ladder=_compiled(table, rules.tier_method, rules.closing_fee_rate),
        tiers_source=source,
    )


@lru_cache(maxsize=1024)
def _compiled(table: TierTable, method: TierMethod, closing_fee_rate: Decimal) -> Ladder:
    """The table's ladder, which depends on nothing else: a venue's tables stay the same from book to book."""
    return table.ladder(method=method, closing_fee_rate=closing_fee_rate)


def _mark(symbol: str, peers: list[tuple[int, Position]], assumptions: list[str]) -> Decimal:
    """The symbol's one mark: as given by any of its positions, else their common entry price."""
    given = [(place, peer.mark_price) for place, peer in peers if peer.mark_price is not None]
    candidates = given or [(place, peer.entry_price) for place, peer in peers]
    mark = candidates[0][1]
    for place, other in candidates[1:]:
        if other != mark:
            rule = f"must be one mark for all of {symbol} (positions[{candidates[0][0]}] has {plain(mark)}"
            rule += ")" if given else ", its entry price, as no mark is given)"
            raise InconsistentBook(field=f"positions[{place}].mark_price", value=plain(other), rule=rule)
    if not given:
        assumptions.append(f"mark_price: {symbol} at its entry price {plain(mark)}")
    return mark


def _terms(preset: Preset, index: int, peers: list[tuple[int, Position]], assumptions: list[str]) -> Terms:
    """The symbol's one contract: what its positions state, each open term filled in by venue and symbol."""
    symbol = peers[0][1].symbol
    default = default_contract(preset.name, symbol)
    stated = [(place, peer.contract) for place, peer in peers if peer.contract is not None]
    if not stated:
        settled = f", settled in {default.settle_asset}" if default else ""
        assumptions.append(f"contract: {symbol} linear, multiplier 1{settled}")
    resolved = [(place, _filled(contract, default, place)) for place, contract in stated or [(index, Contract())]]
    for place, terms in resolved[1:]:
        if terms != resolved[0][1]:
            rule = f"must be one contract for all of {symbol}, positions[{resolved[0][0]}] states another"
            raise InconsistentBook(field=f"positions[{place}].contract", value=_described(terms), rule=rule)
    return resolved[0][1]


def _filled(contract: Contract, default: Terms | None, place: int) -> Terms:
    settle_asset = contract.settle_asset or (default.settle_asset if default else None)
    if settle_asset is None:
        rule = "must be given, the symbol does not tell it"
        raise InconsistentBook(field=f"positions[{place}].contract.settle_asset", value="nothing", rule=rule)
    multiplier = ONE if contract.multiplier is None else contract.multiplier
    return Terms(kind=contract.kind or ContractKind.LINEAR, multiplier=multiplier, settle_asset=settle_asset)


def _described(terms: Terms) -> str:
    return f"{terms.kind.value} x {plain(terms.multiplier)} in {terms.settle_asset}"


def _table(book: Book, preset: Preset, symbol: str, index: int, assumptions: list[str]) -> tuple[TierTable, str]:
    given = book.tiers.get(symbol)
    if given is not None:
        return given, "tiers, given"
    own = tier_table(preset.name, symbol)
    if own is None:
        rule = f"must have a tier table at {preset.name} or an entry in tiers"
        raise InconsistentBook(field=f"positions[{index}].symbol", value=symbol, rule=rule)
    assumptions.append(f"tiers: {symbol} by the table of {preset.name} of {preset.tiers_as_of}")
    return own, f"tiers, {preset.name} {preset.tiers_as_of}"


def _check_leverage(position: Position, market: _Market, path: str) -> None:
    """The limit is that of the rung which holds the notional at entry."""
    notional = position.quantity * market.terms.multiplier * position.entry_price
    limit = market.table.tiers[market.table.rung_at(notional)].max_leverage
    if limit is not None and position.leverage > limit:
        rule = f"must be at most {plain(limit)} for a notional of {plain(notional)}"
        raise InvalidValue(field=path, value=plain(position.leverage), rule=rule)


def _hold(book: Book, position: Position, market: _Market, label: str) -> Holding:
    size = position.quantity * market.terms.multiplier
    return Holding(
        position=position,
        label=label,
        terms=market.terms,
        size=size,
        signed_size=size * position.side.sign,
        mark_price=market.mark_price,
        table=market.table,
        amounts=market.amounts,
        ladder=market.ladder,
        tiers_source=market.tiers_source,
        beta=book.beta(position.symbol),
        shock=book.shock(position.symbol),
    )


def _shared_balances(book: Book, holdings: list[Holding], margins: dict[str, Fraction]) -> dict[str, Fraction]:
    """What the wallet holds of each asset beside the isolated margins, which are given by label."""
    left = {asset: Fraction(balance) for asset, balance in book.wallet.items()}
    for index, holding in enumerate(holdings):
        asset = holding.terms.settle_asset
        if asset not in left:
            field = f"positions[{index}].contract.settle_asset"
            raise InconsistentBook(field=field, value=asset, rule="must be an asset of wallet")
        if holding.label in margins:
            left[asset] -= margins[holding.label]
    for holding in holdings:
        asset = holding.terms.settle_asset
        if holding.label in margins and left[asset] < 0:
            rule = f"must cover the isolated margins of {plain(decimal_of(Fraction(book.wallet[asset]) - left[asset]))}"
            raise InconsistentBook(field=f"wallet.{asset}", value=plain(book.wallet[asset]), rule=rule)
    return left


def _assumed_margins(holdings: list[Holding], margins: dict[str, Fraction]) -> list[str]:
    return [
        f"isolated_margin: {holding.position.id} its initial margin at entry, "
        f"{plain(decimal_of(margins[holding.label]))}"
        for holding in holdings
        if holding.label in margins and holding.position.isolated_margin is None
    ]


def _partition(holdings: list[Holding], margins: dict[str, Fraction], shared: dict[str, Fraction]) -> tuple[Pool, ...]:
    """A pool for each isolated position, in the book's order, then the cross pool of each asset of the wallet."""
    pools = [
        _pool(holding.position.id, holding.label, holding.terms.settle_asset, margins[holding.label], [holding])
        for holding in holdings
        if holding.label in margins
    ]
    cross = [holding for holding in holdings if holding.label not in margins]
    for number, (asset, balance) in enumerate(shared.items(), start=1):
        label = f"cross_{asset}" if asset.isascii() and asset.isalnum() else f"cross_x{number}"
        own = [holding for holding in cross if holding.terms.settle_asset == asset]
        pools.append(_pool(f"cross:{asset}", label, asset, balance, own))
    return tuple(pools)


def _pool(identity: str, label: str, asset: str, balance: Fraction, holdings: list[Holding]) -> Pool:
    return Pool(
        id=identity,
        label=label,
        asset=asset,
        mode=MarginMode.CROSS if identity.startswith("cross:") else MarginMode.ISOLATED,
        exact_balance=balance,
        wallet_balance=decimal_of(balance),
        holdings=tuple(holdings),
    )
