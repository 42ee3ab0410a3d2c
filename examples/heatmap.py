"""Two coins in one cross pool, a map of their prices: # is liquidated. Needs NumPy (extra `clouds`).

Prints:

    BTC\\ETH -30% -20% -10%  +0% +10% +20% +30%
       -30%    #    #    #    #    #    #    #
       -20%    .    .    #    #    #    #    #
       -10%    .    .    .    .    #    #    #
        +0%    .    .    .    .    .    .    #
       +10%    .    .    .    .    .    .    .
       +20%    .    .    .    .    .    .    .
       +30%    .    .    .    .    .    .    .
"""

import numpy as np

from margin_engine import read_book
from margin_engine.questions.clouds import surfaces

BOOK = {
    "venue": "generic",
    "wallet": {"USDT": "10000"},
    "positions": [
        {
            "id": symbol,
            "symbol": symbol,
            "side": side,
            "quantity": quantity,
            "entry_price": price,
            "leverage": "20",
            "margin_mode": "cross",
        }
        for symbol, side, quantity, price in (("BTCUSDT", "long", "1", "64000"), ("ETHUSDT", "short", "10", "3000"))
    ],
    "tiers": {symbol: [{"floor": "0", "rate": "0.01"}] for symbol in ("BTCUSDT", "ETHUSDT")},
}


def main() -> None:
    surface = surfaces(read_book(BOOK))["cross:USDT"]
    moves = np.arange(-0.3, 0.31, 0.1)
    # Bitcoin downward, ether across: two axes that broadcast.
    dead = surface.liquidatable({"BTCUSDT": 64000 * (1 + moves[:, None]), "ETHUSDT": 3000 * (1 + moves[None, :])})
    print("BTC\\ETH " + " ".join(f"{move:+4.0%}" for move in moves))
    for move, row in zip(moves, dead, strict=True):
        print(f"{move:+7.0%} " + " ".join(f"{'#' if cell else '.':>4}" for cell in row))


if __name__ == "__main__":
    main()
