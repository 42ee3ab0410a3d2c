"""A move of the whole market: how far it goes, where it ends each pool, and the working of that figure."""

from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from margin_engine.health.crossings import FALL, RISE, Met, move_crossing
from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.derivation import CLOSED_FORM, JUMP, ROOT, literal
from margin_engine.model.pools import Account, Holding, Pool
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
from margin_engine.questions.marked_pool import MarkedPool

BETA = attrgetter("beta")

Ends = dict[int, Fraction | None]


def market_ends(account: Account) -> Ends:
    """How far a market-wide move goes on each side: until the first moving price of the account would reach 0.

    None: without end. Collateral counts as far as it moves.
    """
    betas = [holding.beta for pool in account.pools for holding in pool.holdings] + list(account.collateral_betas)
    highest, lowest = max(betas, default=ZERO), min(betas, default=ZERO)
    return {
        FALL: -1 / Fraction(highest) if highest > 0 else None,
        RISE: -1 / Fraction(lowest) if lowest < 0 else None,
    }


def moves(pool: Pool) -> bool:
    """Whether a market-wide move changes anything about a pool that has positions."""
    moving = any(holding.beta for holding in pool.holdings) or any(asset.beta for asset in pool.assets)
    return bool(pool.holdings) and moving


def market_crossing(pool: Pool, direction: int, end: Fraction | None) -> Met | None:
    """Where a market-wide move on one side makes a living pool liquidatable, as a signed fraction of the marks."""
    return move_crossing(pool, weigh=BETA, direction=direction, end=end)


def market_figure(marked: MarkedPool, direction: int, end: Fraction | None) -> Decimal | None:
    """The common move that ends a living pool on one side, as the value of a step; None if none does."""
    if not moves(marked.pool):
        return None
    met = market_crossing(marked.pool, direction, end)
    if met is None:
        return None
    side = "fall" if direction == FALL else "rise"
    formula, source = _formula(marked, met, side)
    name = f"market_{side}_to_liquidation"
    figure = marked.write.about_pool(side, name, formula, met.at, pure=True, source=source)
    if source == ROOT:
        marked.write.about_pool(f"H_{side}", f"health_at_market_{side}", _health(marked, met, side), ZERO, source=ROOT)
    return figure


def _formula(marked: MarkedPool, met: Met, side: str) -> tuple[str, str]:
    """x = (B - R) / (sum of beta N (m + f) - sum of beta s N) where all lines are straight; else the root itself."""
    holdings, label = marked.pool.holdings, marked.pool.label
    if met.jump:
        return _jump_formula(marked, holdings[met.jump[0]], met.jump[1], side), JUMP
    pool = marked.pool
    alike = not pool.assets and all(each.inverse and each.beta == holdings[0].beta for each in holdings)
    if not pool.straight and not alike:
        return literal(met.at), ROOT
    rungs = _rungs(marked, met, side)
    if alike:
        return inverse_market_formula(holdings, rungs, f"W_{label}"), CLOSED_FORM
    same = rungs == [marked.rungs[holding.label] for holding in holdings]
    surplus = f"B_{label} - R_{label}" if same else surplus_formula(holdings, rungs, label)
    return market_formula(holdings, rungs, surplus), CLOSED_FORM


def _jump_formula(marked: MarkedPool, jumping: Holding, floor: Decimal, side: str) -> str:
    marked.write.given(jumping, f"F_{side}", f"floor_{side}", floor, jumping.tiers_source, pure=False)
    weight = "" if jumping.beta == ONE else f" / beta_{jumping.label}"
    ends = (f"F_{side}_{jumping.label}", f"N_{jumping.label}")
    above, below = ends[::-1] if jumping.inverse else ends
    return f"({above} / {below} - 1){weight}"


def _rungs(marked: MarkedPool, met: Met, side: str) -> list[Rung]:
    return [
        marked.rungs[holding.label] if piece == holding.piece_at_mark else marked.write.rung(holding, piece, side)
        for holding, piece in zip(marked.pool.holdings, met.pieces, strict=True)
    ]


def _health(marked: MarkedPool, met: Met, side: str) -> str:
    """Margin balance - maintenance margin after the move, term by term: what comes to 0 at the root."""
    pool, move = marked.pool, f"{side}_{marked.pool.label}"
    rungs = dict(zip((holding.label for holding in pool.holdings), _rungs(marked, met, side), strict=True))
    if not pool.assets:
        return _balance_and_need(list(pool.holdings), rungs, f"W_{pool.label}", move)
    terms = []
    for asset in pool.assets:
        label, settled = asset_label(asset), marked.settling_in(asset)
        price = moved(f"c_{label}", f"beta_{label}", asset.beta, move)
        pnl = "".join(f" + {_pnl(holding, move)}" for holding in settled)
        positive = asset.haircut and _equity(marked, asset.asset, asset.balance, met.at) > 0
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


def _equity(marked: MarkedPool, asset: str, balance: Decimal, move: Decimal) -> Decimal:
    """An asset's balance + PnL after the move."""
    for holding in marked.pool.holdings:
        if holding.terms.settle_asset == asset:
            balance += holding.pnl_at(holding.mark_price * (1 + holding.beta * move))
    return balance
