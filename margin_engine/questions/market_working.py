"""The working of a market-wide move that ends a pool: its closed form, or the health that is 0 at its root."""

from decimal import Decimal

from margin_engine.health.crossings import FALL, Met
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import CLOSED_FORM, JUMP, ROOT, literal
from margin_engine.model.pools import Holding
from margin_engine.questions.formulas import (
    Rung,
    asset_label,
    inverse_market_formula,
    market_formula,
    moved,
    notional_formula,
    pnl_formula,
    surplus_formula,
)
from margin_engine.questions.marked_working import MarkedWorking


def write_market_move(working: MarkedWorking, direction: int, met: Met) -> None:
    """The common move that ends a living pool on one side, as a step."""
    side = "fall" if direction == FALL else "rise"
    formula, source = _formula(working, met, side)
    name = f"market_{side}_to_liquidation"
    working.write.about_pool(side, name, formula, met.at, pure=True, source=source)
    if source == ROOT:
        health = _health(working, met, side)
        working.write.about_pool(f"H_{side}", f"health_at_market_{side}", health, ZERO, source=ROOT)


def _formula(working: MarkedWorking, met: Met, side: str) -> tuple[str, str]:
    """x = (B - R) / (sum of beta N (m + f) - sum of beta s N) where all lines are straight; else the root itself."""
    holdings, label = working.pool.holdings, working.pool.label
    if met.jump:
        return _jump_formula(working, holdings[met.jump[0]], met.jump[1], side), JUMP
    pool = working.pool
    alike = not pool.assets and all(each.inverse and each.beta == holdings[0].beta for each in holdings)
    if not pool.straight and not alike:
        return literal(met.at), ROOT
    rungs = _rungs(working, met, side)
    if alike:
        return inverse_market_formula(holdings, rungs, f"W_{label}"), CLOSED_FORM
    same = rungs == [working.rungs[holding.label] for holding in holdings]
    surplus = f"B_{label} - R_{label}" if same else surplus_formula(holdings, rungs, label)
    return market_formula(holdings, rungs, surplus), CLOSED_FORM


def _jump_formula(working: MarkedWorking, jumping: Holding, floor: Decimal, side: str) -> str:
    working.write.given(jumping, f"F_{side}", f"floor_{side}", floor, jumping.tiers_source, pure=False)
    weight = "" if jumping.beta == ONE else f" / beta_{jumping.label}"
    ends = (f"F_{side}_{jumping.label}", f"N_{jumping.label}")
    above, below = ends[::-1] if jumping.inverse else ends
    return f"({above} / {below} - 1){weight}"


def _rungs(working: MarkedWorking, met: Met, side: str) -> list[Rung]:
    return [
        working.rungs[holding.label] if piece == holding.piece_at_mark else working.write.rung(holding, piece, side)
        for holding, piece in zip(working.pool.holdings, met.pieces, strict=True)
    ]


def _health(working: MarkedWorking, met: Met, side: str) -> str:
    """Margin balance - maintenance margin after the move, term by term: what comes to 0 at the root."""
    pool, move = working.pool, f"{side}_{working.pool.label}"
    rungs = dict(zip((holding.label for holding in pool.holdings), _rungs(working, met, side), strict=True))
    if not pool.assets:
        return _balance_and_need(list(pool.holdings), rungs, f"W_{pool.label}", move)
    terms = []
    for asset in pool.assets:
        label, settled = asset_label(asset), working.marked.settling_in(asset)
        price = moved(f"c_{label}", f"beta_{label}", asset.beta, move)
        pnl = "".join(f" + {_pnl(holding, move)}" for holding in settled)
        positive = asset.haircut and _equity(working, asset.asset, asset.balance, met.at) > 0
        share = f" * (1 - h_{label})" if positive else ""
        need = "".join(f" - ({rungs[h.label].requirement(_notional(h, move))})" for h in settled)
        terms.append(f"{price} * ((W_{label}{pnl}){share}{need})")
    return " + ".join(terms)


def _balance_and_need(holdings: list[Holding], rungs: dict[str, Rung], wallet: str, move: str) -> str:
    pnl = "".join(f" + {_pnl(holding, move)}" for holding in holdings)
    need = "".join(f" - ({rungs[h.label].requirement(_notional(h, move))})" for h in holdings)
    return wallet + pnl + need


def _price(holding: Holding, move: str) -> str:
    return moved(f"P_{holding.label}", f"beta_{holding.label}", holding.beta, move)


def _pnl(holding: Holding, move: str) -> str:
    return pnl_formula(holding, _price(holding, move))


def _notional(holding: Holding, move: str) -> str:
    return notional_formula(holding, _price(holding, move))


def _equity(working: MarkedWorking, asset: str, balance: Decimal, move: Decimal) -> Decimal:
    """An asset's balance + PnL after the move."""
    for holding in working.pool.holdings:
        if holding.terms.settle_asset == asset:
            balance += holding.pnl_at(holding.mark_price * (1 + holding.beta * move))
    return balance
