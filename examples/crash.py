"""A crash: bitcoin loses 40 %, the others 80 %. What dies on the way, in which order, and what is left?

Prints:

    after 5.1% of the way: SOL liquidated, 500.00 USDT lost
    after 36.8% of the way: BTC, ETH liquidated, 9500.00 USDT lost
    left: 0.00 of 10000.00 USDT
"""

from margin_engine import read_book, what_if

HELD = {"BTC": ("0.5", "64000", "20"), "ETH": ("5", "3000", "10"), "SOL": ("50", "200", "20")}
POSITIONS = [
    {
        "id": coin,
        "symbol": f"{coin}USDT",
        "side": "long",
        "quantity": quantity,
        "entry_price": price,
        "leverage": leverage,
        "margin_mode": "isolated" if coin == "SOL" else "cross",
    }
    for coin, (quantity, price, leverage) in HELD.items()
]
BOOK = {
    "venue": "generic",
    "wallet": {"USDT": "10000"},
    "positions": POSITIONS,
    "tiers": {each["symbol"]: [{"floor": "0", "rate": "0.01"}] for each in POSITIONS},
    "shocks": {"BTCUSDT": "-0.4", "*": "-0.8"},
}


def main() -> None:
    answer = what_if(read_book(BOOK))
    for death in answer.liquidated:
        coins = ", ".join(death.positions)
        print(f"after {death.at_fraction:.1%} of the way: {coins} liquidated, {death.loss:.2f} USDT lost")
    print(f"left: {answer.equity_after['USDT']:.2f} of {answer.equity_before['USDT']:.2f} USDT")


if __name__ == "__main__":
    main()
