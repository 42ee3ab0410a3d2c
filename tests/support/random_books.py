"""Random books in JSON form that state everything themselves: prices, contracts, tables, rules."""

from random import Random
from typing import Any

SYMBOLS = ("AAAUSDT", "BBBUSDT", "CCCUSDT", "DDDUSDC")
RATES = ("0.004", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5")
BETAS = ("1", "1", "1.5", "0.5", "-0.5", "0")
CONTRACTS: dict[str, dict[str, str]] = {
    **{symbol: {"kind": "linear", "multiplier": "1", "settle_asset": symbol[-4:]} for symbol in SYMBOLS},
    "AAAUSD": {"kind": "inverse", "multiplier": "10", "settle_asset": "AAA"},
    "AAAUSD_Q": {"kind": "inverse", "multiplier": "1", "settle_asset": "AAA"},
    "BBBUSD": {"kind": "inverse", "multiplier": "100", "settle_asset": "BBB"},
    "EEEUSD": {"kind": "quanto", "multiplier": "0.00001", "settle_asset": "AAA"},
    "FFFUSDT": {"kind": "quanto", "multiplier": "2.5", "settle_asset": "USDT"},
    "GGGAAA": {"kind": "linear", "multiplier": "1", "settle_asset": "AAA"},
}
ASSETS = ("USDT", "USDC", "AAA", "BBB")


def random_book(random: Random) -> dict[str, Any]:
    """One to six linear positions with marginal, whole-position or jumping tables, hedges and shared symbols."""
    method = random.choice(("marginal", "marginal", "whole_position"))
    marks = {symbol: number(random, 1, 60000) for symbol in SYMBOLS}
    book: dict[str, Any] = {
        "venue": "generic",
        "wallet": {},
        "positions": [],
        "tiers": {symbol: _table(random, method, 400000) for symbol in SYMBOLS},
        "rules": {"closing_fee_rate": random.choice(("0", "0", "0.0006", "0.01")), "tier_method": method},
        "betas": {symbol: random.choice(("1", "1.5", "0.5", "-0.5", "0")) for symbol in SYMBOLS},
        "shocks": {symbol: number(random, 0, 160, places=2, minus=80, scale=100) for symbol in SYMBOLS},
    }
    needed = {"USDT": 0.0, "USDC": 0.0}
    for position in _positions(random, SYMBOLS, marks):
        _fund(random, position, needed)
        book["positions"].append(position)
    book["wallet"] = {asset: f"{balance:.4f}" for asset, balance in needed.items()}
    return book


def mixed_book(random: Random) -> dict[str, Any]:
    """One to six positions of every kind in either asset mode, with moving collateral and every rule."""
    method = random.choice(("marginal", "marginal", "whole_position"))
    symbols = random.sample(tuple(CONTRACTS), random.randint(1, 4))
    marks = {symbol: number(random, 1, 60000) for symbol in symbols}
    positions = _positions(random, symbols, marks)
    book: dict[str, Any] = {
        "venue": "generic",
        "wallet": {},
        "asset_mode": random.choice(("single", "multi", "multi")),
        "positions": positions,
        "tiers": {symbol: _table(random, method, int(_reach(symbol, positions))) for symbol in symbols},
        "rules": {
            "closing_fee_rate": random.choice(("0", "0.0006", "0.01")),
            "tier_method": method,
            "others_profit_counts": random.random() < 0.75,
            "fee_to_close_rate": random.choice(("0", "0", "0.0006")),
        },
        "betas": {symbol: random.choice(BETAS) for symbol in symbols},
        "shocks": {symbol: number(random, 0, 160, places=2, minus=80, scale=100) for symbol in symbols},
    }
    needed = dict.fromkeys(ASSETS, 0.0)
    for position in positions:
        _fund(random, position, needed)
    book["wallet"] = {asset: f"{balance:.8f}" for asset, balance in needed.items() if balance}
    if book["asset_mode"] == "multi":
        _back(random, book)
    return book


def _back(random: Random, book: dict[str, Any]) -> None:
    """Collateral for multi mode: coins with prices like those of their contracts, haircuts, some that move.

    A wallet balance is cut down or sent below 0 here and there, since other assets back the pool as well.
    """
    wallet, isolated = (
        book["wallet"],
        {p["contract"]["settle_asset"] for p in book["positions"] if p["margin_mode"] == "isolated"},
    )
    for asset in ("AAA", "BBB", "USDC"):
        if asset in wallet or random.random() < 0.5:
            book.setdefault("collateral", {})[asset] = {
                "price": "0.9990" if asset == "USDC" else number(random, 1, 60000),
                # No share that a rate takes away exactly: health would be flat, and bounds would never tell its sign.
                "haircut": random.choice(("0", "0.03", "0.15", "0.35", "0.88")),
            }
            if asset not in wallet and random.random() < 0.5:
                wallet[asset] = number(random, 0, 3)
    for asset in [asset for asset in wallet if asset not in isolated]:
        if random.random() < 0.3:
            wallet[asset] = f"{float(wallet[asset]) * random.choice((-0.2, 0.0, 0.2)):.8f}"
    for asset in book.get("collateral", {}):
        if random.random() < 0.6:
            book["betas"][asset] = random.choice(("1", "1", "0.5", "-0.5"))
        if random.random() < 0.6:
            book["shocks"][asset] = number(random, 0, 160, places=2, minus=80, scale=100)


def number(random: Random, low: int, high: int, *, places: int = 4, minus: int = 0, scale: int = 1) -> str:
    """A decimal string between low and high, less `minus`, divided by scale."""
    return f"{(random.uniform(low, high) - minus) / scale:.{places}f}"


def _positions(random: Random, symbols: Any, marks: dict[str, str]) -> list[dict[str, Any]]:
    taken: set[tuple[str, str]] = set()
    positions = []
    for place in range(random.randint(1, 6)):
        position = _position(random, f"p{place}", symbols, marks)
        leg = (position["symbol"], position["side"])
        if position["margin_mode"] == "cross":
            if leg in taken:
                continue
            taken.add(leg)
        positions.append(position)
    return positions


def _position(random: Random, name: str, symbols: Any, marks: dict[str, str]) -> dict[str, Any]:
    symbol = random.choice(symbols)
    mark = float(marks[symbol])
    contract = CONTRACTS[symbol]
    quantity = random.choice(("1", "0.5", "3", number(random, 1, 50)))
    if contract["kind"] == "inverse":
        quantity = f"{float(quantity) * mark / float(contract['multiplier']) + 0.01:.2f}"
    return {
        "id": name,
        "symbol": symbol,
        "side": random.choice(("long", "short")),
        "quantity": quantity,
        "entry_price": f"{mark * random.uniform(0.8, 1.25):.4f}",
        "mark_price": marks[symbol],
        "leverage": random.choice(("1", "2", "3", "7", "10", "20", "50")),
        "margin_mode": random.choice(("isolated", "cross", "cross")),
        "contract": contract,
    }


def _notional(position: dict[str, Any]) -> float:
    """At entry, in the settle asset."""
    size = float(position["quantity"]) * float(position["contract"]["multiplier"])
    entry = float(position["entry_price"])
    return size / entry if position["contract"]["kind"] == "inverse" else size * entry


def _reach(symbol: str, positions: list[dict[str, Any]]) -> float:
    """A notional, in thousandths, in the range of those that the symbol's positions have."""
    return max([4000 * _notional(each) for each in positions if each["symbol"] == symbol], default=400000)


def _fund(random: Random, position: dict[str, Any], needed: dict[str, float]) -> None:
    """Let the wallet cover a position's isolated margin, or have something for a cross one."""
    asset, notional = position["contract"]["settle_asset"], _notional(position)
    if position["margin_mode"] == "isolated" and random.random() < 0.5:
        position["isolated_margin"] = f"{notional * random.uniform(0.02, 0.9):.8f}"
    own = float(position.get("isolated_margin", notional / float(position["leverage"])))
    needed[asset] += own * 1.0001 + notional * 1e-6 + 1e-6
    needed[asset] += random.choice((0.0, 0.1, 0.5, 1.2)) * notional


def _table(random: Random, method: str, highest: int) -> list[dict[str, str]]:
    rates = sorted(random.sample(RATES, random.randint(1, 5)), key=float)
    if random.random() < 0.1:
        random.shuffle(rates)
    floors = sorted(random.sample(range(100, max(highest, 200)), len(rates) - 1))
    scale = 1 if highest == 400000 else 1000
    rows = [
        {"floor": f"{floor / scale:.3f}" if floor else "0", "rate": rate}
        for floor, rate in zip([0, *floors], rates, strict=True)
    ]
    if method == "marginal" and random.random() < 0.3:
        # Amounts that do not continue the rung below: the requirement jumps, or starts with a stretch of zero.
        for row in random.sample(rows, random.randint(1, len(rows))):
            row["amount"] = number(random, 0, highest // 20 + 1, places=2, scale=scale)
    return rows
