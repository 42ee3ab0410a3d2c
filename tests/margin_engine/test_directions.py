"""Where pools die along given directions."""

from dataclasses import replace
from decimal import Decimal

from margin_engine import AssetMode, Book, Collateral, MarginMode, Position, Side, what_if
from margin_engine.health.crossings import FALL, RISE
from margin_engine.questions.directions import death_of, deaths_along


def long(symbol: str, mode: MarginMode, mark: str | None = None) -> Position:
    return Position(
        id=symbol, symbol=symbol, side=Side.LONG, quantity=Decimal(1), entry_price=Decimal(1000),
        leverage=Decimal(10), margin_mode=mode, mark_price=Decimal(mark) if mark else None,
    )  # fmt: skip


def test_each_pool_dies_where_the_what_if_kills_it() -> None:
    book = Book(
        wallet={"USDT": Decimal(600)},
        positions=(long("BTCUSDT", MarginMode.CROSS), long("ETHUSDT", MarginMode.ISOLATED)),
    )
    ways = [
        {"BTCUSDT": Decimal("-0.6")},
        {"BTCUSDT": Decimal("-0.6"), "ETHUSDT": Decimal("-0.2")},
        {"ETHUSDT": Decimal("0.5")},
    ]
    found = deaths_along(book, ways)
    for number, way in enumerate(ways):
        killed = {death.id: death.at_fraction for death in what_if(replace(book, shocks=way)).liquidated}
        assert {identity: ways[number] for identity, ways in found.items() if ways[number] is not None} == killed
    # 500 of cross wallet against a requirement of 0.4 %: 500 + 1,000 m = 4 (1 + m), m = -496 / 996, over 0.6
    assert round(found["cross:USDT"][0] or 0, 6) == Decimal("0.829987")
    assert found["ETHUSDT"][0] is None
    assert found["cross:USDT"][2] is None


def test_a_pool_that_is_dead_already_dies_at_the_start_of_every_way() -> None:
    book = Book(wallet={"USDT": Decimal(100)}, positions=(long("BTCUSDT", MarginMode.CROSS, "800"),))
    assert deaths_along(book, [{"ETHUSDT": Decimal("0.1")}, {}]) == {"cross:USDT": (Decimal(0), Decimal(0))}


def test_collateral_moves_where_a_way_names_it() -> None:
    book = Book(
        wallet={"BTC": Decimal(1)},
        positions=(long("ETHUSDT", MarginMode.CROSS),),
        asset_mode=AssetMode.MULTI,
        collateral={"BTC": Collateral(price=Decimal(100)), "USDT": Collateral(price=Decimal(1))},
    )
    [(identity, (fallen, still))] = deaths_along(book, [{"BTC": Decimal("-0.99")}, {"SOLUSDT": Decimal("0.1")}]).items()
    # 100 (1 - 0.99 t) = 4, the requirement of 0.4 % on 1,000: t = 96 / 99
    assert identity == "cross:USD"
    assert round(fallen or 0, 6) == Decimal("0.969697")
    assert still is None


def test_a_pool_dies_on_the_side_that_is_asked_first_else_on_the_other() -> None:
    # 500 + 1,000 m = 4 (1 + m), m = -496 / 996; alone no rise ends it, and a coin that it does not hold none at all.
    book = Book(wallet={"USDT": Decimal(500)}, positions=(long("BTCUSDT", MarginMode.CROSS),))
    for first in (FALL, RISE):
        assert round(death_of(book, "cross:USDT", ("BTCUSDT",), first=first) or 0, 6) == Decimal("-0.497992")
    assert death_of(book, "cross:USDT", ("ETHUSDT",), first=FALL) is None
