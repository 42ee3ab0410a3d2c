"""Random books in JSON form that state everything themselves: prices, contracts, tables, rules."""

from random import Random
from typing import Any

SYMBOLS = ("AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDC")
RATES = ("0.004", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5")


def random_book(random: Random) -> dict[str, Any]:
    """One to six linear positions with marginal, whole-position or jumping tables, hedges and shared symbols."""
    method = random.choice(("marginal", "marginal", "whole_position"))
    marks = {symbol: number(random, 1, 60000) for symbol in SYMBOLS}
    book: dict[str, Any] = {
        "venue": "generic",
        "wallet": {},
        "positions": [],
        "tiers": {symbol: _table(random, method) for symbol in SYMBOLS},
        "rules": {"closing_fee_rate": random.choice(("0", "0", "0.0006", "0.01")), "tier_method": method},
        "betas": {symbol: random.choice(("1", "1.5", "0.5", "-0.5", "0")) for symbol in SYMBOLS},
        "shocks": {symbol: number(random, 0, 160, places=2, minus=80, scale=100) for symbol in SYMBOLS},
    }
    needed = {"USDT": 0.0, "USDC": 0.0}
    taken: set[tuple[str, str]] = set()
    for place in range(random.randint(1, 6)):
        position = _position(random, f"p{place}", marks)
        asset = position["contract"]["settle_asset"]
        leg = (position["symbol"], position["side"])
        if position["margin_mode"] == "cross":
            if leg in taken:
                continue
            taken.add(leg)
        notional = (
            float(position["quantity"]) * float(position["contract"]["multiplier"]) * float(position["entry_price"])
        )
        if position["margin_mode"] == "isolated" and random.random() < 0.5:
            position["isolated_margin"] = f"{notional * random.uniform(0.02, 0.9):.4f}"
        needed[asset] += float(position.get("isolated_margin", notional / float(position["leverage"]))) * 1.0001 + 0.01
        needed[asset] += random.choice((0.0, 0.1, 0.5, 1.2)) * notional
        book["positions"].append(position)
    book["wallet"] = {asset: f"{balance:.4f}" for asset, balance in needed.items()}
    return book


def number(random: Random, low: int, high: int, *, places: int = 4, minus: int = 0, scale: int = 1) -> str:
    """A decimal string between low and high, less `minus`, divided by scale."""
    return f"{(random.uniform(low, high) - minus) / scale:.{places}f}"


def _position(random: Random, name: str, marks: dict[str, str]) -> dict[str, Any]:
    symbol = random.choice(SYMBOLS)
    mark = float(marks[symbol])
    return {
        "id": name,
        "symbol": symbol,
        "side": random.choice(("long", "short")),
        "quantity": random.choice(("1", "0.5", "3", number(random, 1, 50))),
        "entry_price": f"{mark * random.uniform(0.8, 1.25):.4f}",
        "mark_price": marks[symbol],
        "leverage": random.choice(("1", "2", "3", "7", "10", "20", "50")),
        "margin_mode": random.choice(("isolated", "cross", "cross")),
        "contract": {"kind": "linear", "multiplier": "1", "settle_asset": symbol[-4:]},
    }


def _table(random: Random, method: str) -> list[dict[str, str]]:
    rates = sorted(random.sample(RATES, random.randint(1, 5)), key=float)
    if random.random() < 0.1:
        random.shuffle(rates)
    floors = sorted(random.sample(range(1000, 400000, 500), len(rates) - 1))
    rows = [{"floor": str(floor), "rate": rate} for floor, rate in zip([0, *floors], rates, strict=True)]
    if method == "marginal" and random.random() < 0.3:
        # Amounts that do not continue the rung below: the requirement jumps, or starts with a stretch of zero.
        for row in random.sample(rows, random.randint(1, len(rows))):
            row["amount"] = number(random, 0, 20000, places=2)
    return rows
