"""The same position both ways: where is it liquidated, and what can it cost?

Prints:

    isolated  liquidated at 61414.14, loses at most 1600.00
    cross     liquidated at 44444.44, loses at most 10000.00
"""

from decimal import Decimal

from margin_engine import Book, MarginMode, Position, Rules, Side, Tier, TierTable, compare


def main() -> None:
    position = Position(
        id="p1",
        symbol="BTCUSDT",
        side=Side.LONG,
        quantity=Decimal("0.5"),
        entry_price=Decimal(64000),
        leverage=Decimal(20),
        margin_mode=MarginMode.ISOLATED,
    )
    book = Book(
        venue="generic",
        wallet={"USDT": Decimal(10000)},
        positions=(position,),
        tiers={"BTCUSDT": TierTable((Tier(floor=Decimal(0), rate=Decimal("0.01")),))},
        rules=Rules(),
    )
    both = compare(book)
    for name, answer in (("isolated", both.isolated), ("cross", both.cross)):
        if answer is None:
            continue
        health = answer.position("p1")
        print(f"{name:9} liquidated at {health.liquidation_price:.2f}, loses at most {health.max_loss:.2f}")


if __name__ == "__main__":
    main()
