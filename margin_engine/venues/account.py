"""From a book to an account: fill in what the book leaves to its venue, and say so.

What one position of a symbol states (its mark, its contract) holds for the symbol. Everything that was filled in is
named in `assumptions`, each entry starting with the slot's name.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from margin_engine.model.book import Book, LiquidationProcess, MarginMode, Position, Rules
from margin_engine.model.contracts import Contract, ContractKind, Terms, notional
from margin_engine.model.decimals import ONE, plain
from margin_engine.model.derivation import labels_for
from margin_engine.model.errors import InconsistentBook, InvalidValue
from margin_engine.model.pools import Account, Holding, fee_to_close
from margin_engine.model.tiers import Ladder, TierMethod, TierTable
from margin_engine.venues.partition import partitioned
from margin_engine.venues.presets import Preset, default_contract, listing, preset_of

_WHOLE_PROCESS = "liquidation_process: the whole pool at once"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """What all positions of a symbol have in common."""

    terms: Terms
    mark_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tiers:
    """The tiers that hold for a position. as_of: None where the book gives them, or they have no date."""

    table: TierTable
    source: str
    as_of: str | None


def open_account(book: Book) -> Account:
    """Resolve a book into pools. Call it within the engine's decimal context.

    Raises Unsupported for a venue that is not known, InconsistentBook where positions contradict each other or the
    wallet does not hold what they need, InvalidValue for a leverage above its rung's limit.
    """
    preset = preset_of(book.venue)
    rules = preset.rules if book.rules is None else book.rules
    for symbol, table in book.tiers.items():
        table.check_method(field=f"tiers.{symbol}", method=rules.tier_method)
    assumptions: list[str] = []
    peers = _peers(book)
    markets: dict[str, _Market] = {}
    labels = labels_for(position.id for position in book.positions)
    holdings: list[Holding] = []
    dates: set[str] = set()
    for index, position in enumerate(book.positions):
        if position.symbol not in markets:
            markets[position.symbol] = _open_market(peers[position.symbol], preset, assumptions)
        market = markets[position.symbol]
        tiers = _tiers(book, preset, rules, index, market.terms, assumptions)
        dates |= {tiers.as_of} if tiers.as_of else set()
        _check_leverage(position, market.terms, tiers.table, f"positions[{index}].leverage")
        holdings.append(_hold(book, rules, position, market, tiers, labels[position.id]))
    pools, wallet, collateral_betas = partitioned(book, holdings, assumptions)
    assumptions += _venue_notes(book, preset, rules)
    return Account(
        venue=book.venue,
        tiers_as_of=min(dates, default=None),
        assumptions=tuple(dict.fromkeys(assumptions)),
        rules=rules,
        wallet=wallet,
        pools=pools,
        order=tuple(position.id for position in book.positions),
        book=book,
        collateral_betas=collateral_betas,
        rule_sources=preset.rule_sources if book.rules is None else {},
    )


def _venue_notes(book: Book, preset: Preset, rules: Rules) -> list[str]:
    asked = rules.liquidation_process is LiquidationProcess.VENUE
    notes = list(preset.notes) if asked or book.rules is None else []
    if asked and not any(note.startswith("liquidation_process:") for note in notes):
        notes.append(_WHOLE_PROCESS)
    isolated = any(position.margin_mode is MarginMode.ISOLATED for position in book.positions)
    if book.asset_mode == "multi" and isolated and preset.isolated_in_multi is False:
        notes.append(f"asset_mode: {preset.name} itself refuses isolated positions beside multi-asset mode")
    return notes


def _peers(book: Book) -> dict[str, list[tuple[int, Position]]]:
    """The positions of each symbol, with their places in the book."""
    peers: dict[str, list[tuple[int, Position]]] = {}
    for place, position in enumerate(book.positions):
        peers.setdefault(position.symbol, []).append((place, position))
    return peers


def _open_market(peers: list[tuple[int, Position]], preset: Preset, assumptions: list[str]) -> _Market:
    return _Market(terms=_terms(preset, peers, assumptions), mark_price=_mark(peers, assumptions))


@lru_cache(maxsize=1024)
def _compiled(
    table: TierTable, method: TierMethod, closing_fee_rate: Decimal
) -> tuple[tuple[Decimal, ...], Ladder[Decimal]]:
    """The table's amounts and ladder, which depend on nothing else: a venue's tables stay the same from book to
    book."""
    return table.amounts(method), table.ladder(method=method, closing_fee_rate=closing_fee_rate)


def _mark(peers: list[tuple[int, Position]], assumptions: list[str]) -> Decimal:
    """The symbol's one mark: as given by any of its positions, else their common entry price."""
    symbol = peers[0][1].symbol
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


def _terms(preset: Preset, peers: list[tuple[int, Position]], assumptions: list[str]) -> Terms:
    """The symbol's one contract: what its positions state, each open term filled in by venue and symbol."""
    first, symbol = peers[0][0], peers[0][1].symbol
    default = default_contract(preset.name, symbol)
    stated = [(place, peer.contract) for place, peer in peers if peer.contract is not None]
    resolved = [(place, _filled(contract, default, place)) for place, contract in stated or [(first, Contract())]]
    terms = resolved[0][1]
    if not stated:
        settled = f", settled in {terms.settle_asset}"
        assumptions.append(f"contract: {symbol} {terms.kind.value}, multiplier {plain(terms.multiplier)}{settled}")
    for place, other in resolved[1:]:
        if other != terms:
            rule = f"must be one contract for all of {symbol}, positions[{resolved[0][0]}] states another"
            raise InconsistentBook(field=f"positions[{place}].contract", value=_described(other), rule=rule)
    return terms


def _filled(contract: Contract, default: Terms | None, place: int) -> Terms:
    """A contract with its open terms by the venue, as far as it is of the venue's kind.

    One that states its kind and no multiplier has 1; a quanto contract must state it.
    """
    kind = contract.kind or (default.kind if default else ContractKind.LINEAR)
    if default is not None and default.kind is not kind:
        default = None
    settle_asset = contract.settle_asset or (default.settle_asset if default else None)
    if settle_asset is None:
        rule = "must be given, the symbol does not tell it"
        raise InconsistentBook(field=f"positions[{place}].contract.settle_asset", value="nothing", rule=rule)
    multiplier = contract.multiplier
    if multiplier is None and contract.kind is None and default is not None:
        multiplier = default.multiplier
    if multiplier is None and kind is ContractKind.QUANTO:
        rule = "must be given for a quanto contract"
        raise InconsistentBook(field=f"positions[{place}].contract.multiplier", value="nothing", rule=rule)
    return Terms(kind=kind, multiplier=ONE if multiplier is None else multiplier, settle_asset=settle_asset)


def _described(terms: Terms) -> str:
    return f"{terms.kind.value} x {plain(terms.multiplier)} in {terms.settle_asset}"


def _tiers(book: Book, preset: Preset, rules: Rules, index: int, terms: Terms, assumptions: list[str]) -> _Tiers:
    """The tiers of one position: a venue's may depend on its size."""
    position = book.positions[index]
    symbol, given = position.symbol, book.tiers.get(position.symbol)
    if given is not None:
        return _Tiers(table=given, source="tiers, given", as_of=None)
    size = position.quantity * terms.multiplier
    own = listing(preset.name, symbol, size=size, method=rules.tier_method)
    if own is None:
        rule = f"must have a tier table at {preset.name} or an entry in tiers"
        raise InconsistentBook(field=f"positions[{index}].symbol", value=symbol, rule=rule)
    own.table.check_method(field=f"tiers.{symbol}", method=rules.tier_method)
    assumptions.append(own.note)
    return _Tiers(table=own.table, source=f"tiers, {own.source}", as_of=own.as_of)


def _check_leverage(position: Position, terms: Terms, table: TierTable, path: str) -> None:
    """The limit is that of the rung which holds the notional at entry."""
    value = notional(kind=terms.kind, size=position.quantity * terms.multiplier, price=position.entry_price)
    limit = table.tiers[table.rung_at(value)].max_leverage
    if limit is not None and position.leverage > limit:
        rule = f"must be at most {plain(limit)} for a notional of {plain(value)}"
        raise InvalidValue(field=path, value=plain(position.leverage), rule=rule)


def _hold(book: Book, rules: Rules, position: Position, market: _Market, tiers: _Tiers, label: str) -> Holding:
    size = position.quantity * market.terms.multiplier
    amounts, ladder = _compiled(tiers.table, rules.tier_method, rules.closing_fee_rate)
    return Holding(
        position=position,
        label=label,
        terms=market.terms,
        size=size,
        signed_size=size * position.side.sign,
        mark_price=market.mark_price,
        table=tiers.table,
        amounts=amounts,
        ladder=ladder,
        tiers_source=tiers.source,
        beta=book.beta(position.symbol),
        shock=book.shock(position.symbol),
        fee_to_close=fee_to_close(market.terms, position, rules.fee_to_close_rate),
    )
