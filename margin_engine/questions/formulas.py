"""The formulas of an evaluation, as text over symbols: what a reader sees, and what a test replays.

Letters: q size, s side (+1 long, -1 short), E entry price, P mark price, L leverage, m maintenance rate, D maintenance
amount, f closing fee rate, Z fee set aside for closing, W wallet balance, N notional, U unrealised PnL, I initial
margin, R maintenance margin (the requirement), B margin balance, V the whole wallet of an asset; in multi-asset mode c
price and h haircut of an asset, X its equity, C what that counts. A suffix names the position, pool or asset.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.decimals import ONE
from margin_engine.model.pools import BackingAsset, Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How a piece of a ladder reads in a formula: notional x rate - amount + what is set aside; an empty term is 0."""

    rate: str
    amount: str
    aside: str = ""

    def requirement(self, notional: str) -> str:
        """The requirement on this piece."""
        grown = f"{notional} * {self.rate}" if self.rate else "0"
        return grown + (f" - {self.amount}" if self.amount else "") + (f" + {self.aside}" if self.aside else "")


def asset_label(asset: BackingAsset) -> str:
    """How symbols name an asset of a pool in multi-asset mode."""
    return f"asset_{asset.label}"


def notional_formula(holding: Holding, price: str) -> str:
    """The notional at a price (a symbol, or brackets)."""
    return f"q_{holding.label} {'/' if holding.inverse else '*'} {price}"


def pnl_formula(holding: Holding, price: str) -> str:
    """The unrealised PnL at a price (a symbol, or brackets)."""
    label = holding.label
    if holding.inverse:
        return f"s_{label} * q_{label} * (1 / E_{label} - 1 / {price})"
    return f"s_{label} * q_{label} * ({price} - E_{label})"


def closing_formula(holding: Holding) -> str:
    """What is set aside for closing: rate x value at the bankruptcy price."""
    label, sign = holding.label, "+" if holding.inverse else "-"
    return f"z * {notional_formula(holding, f'E_{label}')} * (1 {sign} s_{label} / L_{label})"


def liquidation_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], backing: str, share: str = "") -> str:
    """The field's closed form, over all legs of the symbol.

    Linear, quanto: P = (W + U - M + D - s q E) / (q (m + f) - s q). Inverse: P = (s q + q (m + f)) / (W + U - M + D + s
    q / E). share: what the PnL counts where that is not all ("(1 - h) * ").
    """
    terms = [f" + {rung.amount}" for rung in rungs if rung.amount] + [
        f" - {rung.aside}" for rung in rungs if rung.aside
    ]
    growth = [f"q_{holding.label} * {rung.rate}" for holding, rung in zip(holdings, rungs, strict=True) if rung.rate]
    if holdings[0].inverse:
        costs = [f" + {share}s_{holding.label} * q_{holding.label} / E_{holding.label}" for holding in holdings]
        sizes = " + ".join(f"{share}s_{holding.label} * q_{holding.label}" for holding in holdings)
        return f"({' + '.join([sizes, *growth])}) / ({backing}{''.join(terms + costs)})"
    costs = [f" - {share}s_{holding.label} * q_{holding.label} * E_{holding.label}" for holding in holdings]
    falls = [f" - {share}s_{holding.label} * q_{holding.label}" for holding in holdings]
    return f"({backing}{''.join(terms + costs)}) / ({' + '.join(growth) or '0'}{''.join(falls)})"


def bankruptcy_formula(holdings: Sequence[Holding], wallet: str) -> str:
    """The price at which nothing is left, over all legs of the symbol.

    Linear, quanto: P = (s q E - (W + U)) / (s q). Inverse: P = s q / (W + U + s q / E).
    """
    sizes = " + ".join(f"s_{holding.label} * q_{holding.label}" for holding in holdings)
    if holdings[0].inverse:
        costs = "".join(f" + s_{holding.label} * q_{holding.label} / E_{holding.label}" for holding in holdings)
        return f"({sizes}) / ({wallet}{costs})"
    costs = " + ".join(f"s_{holding.label} * q_{holding.label} * E_{holding.label}" for holding in holdings)
    return f"({costs} - {f'({wallet})' if ' ' in wallet else wallet}) / ({sizes})"


def market_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], surplus: str) -> str:
    """The common move: x = (B - R) / (sum of beta N (m + f) - sum of beta s N); surplus is the numerator."""
    growth: list[str] = []
    sizes: list[str] = []
    for holding, rung in zip(holdings, rungs, strict=True):
        if holding.beta:
            notional = f"N_{holding.label}" if holding.beta == ONE else f"beta_{holding.label} * N_{holding.label}"
            sizes.append(f" - s_{holding.label} * {notional}")
            growth += [f"{notional} * {rung.rate}"] if rung.rate else []
    return f"({surplus}) / ({' + '.join(growth) or '0'}{''.join(sizes)})"


def inverse_market_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], wallet: str) -> str:
    """The common move of inverse positions of one beta: 1 + beta x = (s N + N (m + f)) / (W + D + s q / E)."""
    sizes = [f"s_{holding.label} * N_{holding.label}" for holding in holdings]
    growth = [f"N_{holding.label} * {rung.rate}" for holding, rung in zip(holdings, rungs, strict=True) if rung.rate]
    terms = [f" + {rung.amount}" for rung in rungs if rung.amount] + [
        f" - {rung.aside}" for rung in rungs if rung.aside
    ]
    costs = [f" + s_{holding.label} * q_{holding.label} / E_{holding.label}" for holding in holdings]
    weight = "" if holdings[0].beta == ONE else f" / beta_{holdings[0].label}"
    return f"(({' + '.join(sizes + growth)}) / ({wallet}{''.join(terms + costs)}) - 1){weight}"


def surplus_formula(holdings: Sequence[Holding], rungs: Sequence[Rung], label: str) -> str:
    """What a pool holds beyond its requirement: notionals at the mark, on the rungs that hold where the move ends."""
    required = (rung.requirement(f"N_{holding.label}") for holding, rung in zip(holdings, rungs, strict=True))
    return f"B_{label}" + "".join(f" - ({terms})" for terms in required)


def moved(price: str, beta_symbol: str, beta: Decimal, move: str) -> str:
    """A price after a joint move, ready to stand in a product: price * (1 + beta * move), or as it is if it stays."""
    if not beta:
        return price
    return f"({price} * (1 + {move}))" if beta == ONE else f"({price} * (1 + {beta_symbol} * {move}))"
