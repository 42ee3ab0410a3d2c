"""The account that is measured: cross positions in one pool, long and short in turn, five rungs each."""

from random import Random
from typing import Any

RUNGS = (("0", "0.004"), ("50000", "0.005"), ("250000", "0.01"), ("1000000", "0.025"), ("5000000", "0.05"))
TABLE = [{"floor": floor, "rate": rate} for floor, rate in RUNGS]
CONTRACT = {"kind": "linear", "multiplier": "1", "settle_asset": "USDT"}
LEVERAGE = 10


def account(positions: int, *, seed: int, sides: str = "both") -> dict[str, Any]:
    """A book in JSON form. sides: "long", "short", or "both" in turn. Marks lie within 5 % of the entries."""
    random = Random(seed)
    held = [_position(number, random, sides) for number in range(positions)]
    notional = sum(float(each["quantity"]) * float(each["entry_price"]) for each in held)
    return {
        "venue": "generic",
        "wallet": {"USDT": f"{notional * 0.15:.2f}"},
        "positions": held,
        "tiers": {each["symbol"]: TABLE for each in held},
        "rules": {},
    }


def _position(number: int, random: Random, sides: str) -> dict[str, Any]:
    price = 1000 * (number % 10 + 1)
    side = sides if sides != "both" else ("long", "short")[number % 2]
    return {
        "id": f"p{number}",
        "symbol": f"S{number}USDT",
        "side": side,
        "quantity": f"{random.uniform(1, 100):.3f}",
        "entry_price": str(price),
        "mark_price": f"{price * random.uniform(0.95, 1.05):.2f}",
        "leverage": str(LEVERAGE),
        "margin_mode": "cross",
        "contract": CONTRACT,
    }
