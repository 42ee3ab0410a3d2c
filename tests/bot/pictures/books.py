"""Books of different kinds, and the pictures that are made of them."""

from __future__ import annotations

from decimal import Decimal

from bot.pictures.specs import Mode, PictureSpec, Reason, ShareRow, ShareSpec, Theme
from bot.services.picturing import SPANS, Look
from margin_engine import Book, MarginMode, Position, Side, Tier, TierTable
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec


def held(symbol: str, side: str, quantity: str, entry: str, leverage: str, mode: str, **more: str) -> Position:
    """A position; its id is its symbol and side."""
    return Position(
        id=f"{symbol}-{side}",
        symbol=symbol,
        side=Side(side),
        quantity=Decimal(quantity),
        entry_price=Decimal(entry),
        leverage=Decimal(leverage),
        margin_mode=MarginMode(mode),
        mark_price=Decimal(more["mark"]) if "mark" in more else None,
    )


def single(mode: str) -> Book:
    """0.5 BTC long at 64,000 with 20x and 10,000 USDT."""
    return Book(wallet={"USDT": Decimal(10000)}, positions=(held("BTCUSDT", "long", "0.5", "64000", "20", mode),))


def three(mode: str) -> Book:
    """Two longs and a short."""
    return Book(
        wallet={"USDT": Decimal(10000)},
        positions=(
            held("BTCUSDT", "long", "0.5", "64000", "20", mode),
            held("ETHUSDT", "short", "5", "3200", "10", mode),
            held("SOLUSDT", "long", "100", "150", "10", mode),
        ),
    )


def hedge(mode: str) -> Book:
    """Long BTC, short ETH."""
    return Book(
        wallet={"USDT": Decimal(6000)},
        positions=(
            held("BTCUSDT", "long", "0.4", "64000", "10", mode),
            held("ETHUSDT", "short", "8", "3200", "10", mode),
        ),
    )


def coin_margined(mode: str) -> Book:
    """An inverse contract, settled in BTC."""
    return Book(
        venue="binance-coinm",
        wallet={"BTC": Decimal(1)},
        positions=(held("BTCUSD_PERP", "long", "30000", "60000", "10", mode),),
        tiers={"BTCUSD_PERP": TierTable(tiers=(Tier(floor=Decimal(0), rate=Decimal("0.004")),))},
    )


def many() -> Book:
    """Twelve cross positions."""
    coins = ("BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "LINK", "AVAX", "LTC", "BCH", "DOT", "UNI")
    return Book(
        wallet={"USDT": Decimal(500)},
        positions=tuple(
            held(f"{coin}USDT", "long" if number % 3 else "short", str(20 + 10 * number), "10", "10", "cross")
            for number, coin in enumerate(coins)
        ),
    )


def sunk() -> Book:
    """A cross account that is below its requirement at the mark already."""
    return Book(
        wallet={"USDT": Decimal(1000)},
        positions=(
            held("BTCUSDT", "long", "0.5", "64000", "20", "cross", mark="62000"),
            held("ETHUSDT", "long", "1", "3200", "10", "cross"),
        ),
    )


def pictures(theme: Theme = "light", language: str = "en") -> dict[str, PictureSpec]:
    """A picture of every kind, of books of different kinds."""
    look = Look(theme=theme, language=language)
    both: tuple[Mode, ...] = ("cross", "isolated")
    return {
        "market-single": market_spec({mode: single(mode) for mode in both}, span=SPANS[2], look=look),
        "market-three": market_spec({mode: three(mode) for mode in both}, span=SPANS[1], look=look),
        "market-inverse": market_spec({"isolated": coin_margined("isolated")}, span=SPANS[1], look=look),
        "ladder-three": ladder_spec(three("isolated"), mode="isolated", span=SPANS[1], look=look),
        "ladder-sunk": ladder_spec(sunk(), mode="cross", span=SPANS[0], look=look),
        "distances-many": distances_spec(many(), mode="cross", look=look),
        "coins-hedge": two_coins_spec(
            hedge("cross"), mode="cross", across="BTCUSDT", up="ETHUSDT", span=SPANS[2], look=look
        ),
        "coins-isolated": two_coins_spec(
            three("isolated"), mode="isolated", across="BTCUSDT", up="ETHUSDT", span=SPANS[1], look=look
        ),
        "share-table": ShareSpec(
            theme=theme, language=language, title="Long 0.5 BTC at 64,000, 20x, 10,000 USDT",
            verdict="Isolated ends at −4.6%, cross at −31.0%",
            rows=(
                ShareRow(label="Liquidated at", isolated="61,044.2", cross="44,176.8"),
                ShareRow(label="Lost then", isolated="1,600 USDT", cross="10,000 USDT"),
            ),
        ),
        "share-verdict": ShareSpec(
            theme=theme, language=language, title="Isolated or cross? Five questions", mode="isolated",
            verdict="Isolated fits you",
            reasons=(Reason(mode="isolated", text="More than 20x."), Reason(mode="cross", text="A calm night.")),
        ),
    }  # fmt: skip
