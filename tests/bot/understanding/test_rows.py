"""Rows copied from an exchange's table of positions: every figure goes where its column says."""

from decimal import Decimal

import pytest

from bot.understanding import Reading, parsed_json, understand

ETH_ROW = "| -4.500 ETH | 3,312.40 | 3,290.11 | 3,489.20 | 12.30% | 745.29 USDT (Isolated) | +100.31 (+13.46%)"
BTC_ROW = "0.500 BTC\t64,000.0\t63,500.0\t61,100.0\t8.50%\t1,600.00 USDT (Isolated)\t-250.00 USDT(-15.63%)"
LONG = {"symbol": "BTC", "side": "long", "qty": 0.5, "entry": 64000, "leverage": 20}
ISOLATED = {**LONG, "margin": 1600, "mode": "isolated"}


def _flags(reading: Reading) -> set[str]:
    return {entry.split(":")[0] for entry in reading.assumed}


@pytest.mark.parametrize(
    ("text", "position", "marks", "liquidation"),
    [
        (
            "ETHUSDT Perp 20x | Size | Entry Price | Mark Price | Liq.Price | Margin Ratio | Margin | PNL(ROE %)\n"
            + ETH_ROW,
            {"symbol": "ETH", "side": "short", "qty": 4.5, "entry": 3312.4, "leverage": 20}
            | {"margin": 745.29, "mode": "isolated"},
            {"ETH": 3290.11},
            "3489.20",
        ),
        (
            "Symbol\tSize\tEntry Price\tMark Price\tLiq.Price\tMargin Ratio\tMargin\tPNL(ROE %)\nBTCUSDT Perp 20x\t"
            + BTC_ROW,
            ISOLATED,
            {"BTC": 63500},
            "61100",
        ),
        (
            "BTCUSDT Perp\nIsolated 20x\nUnrealized PNL (USDT) ROI\n-250.00 -15.63%\nSize (BTC) 0.500\n"
            "Margin (USDT) 1,600.00\nMargin Ratio 8.50%\nEntry Price (USDT) 64,000.0\nMark Price (USDT) 63,500.0\n"
            "Liq.Price (USDT) 61,100.0",
            ISOLATED,
            {"BTC": 63500},
            "61100",
        ),
        (
            "Contracts Qty Value Entry Price Mark Price Liq. Price IM MM Unrealized P&L (%) Realized P&L\n"
            "BTCUSDT Isolated 20.00x 0.500 31,750.00 USDT 64,000.00 63,500.00 61,100.00 1,600.00 USDT 160.00 "
            "-250.00 USDT (-15.63%) -17.60 USDT",
            {**ISOLATED, "notional": 31750},
            {"BTC": 63500},
            "61100",
        ),
        (
            "BTC-USDT-SWAP Isolated 20.00x Long\nSize 0.5 BTC\nAvg. open price 64,000.0\nMark price 63,500.0\n"
            "Est. liq. price 61,100.0\nMargin 1,600 USDT\nMargin ratio 512.40%\nFloating PnL -250.00 USDT -15.63%",
            ISOLATED,
            {"BTC": 63500},
            "61100",
        ),
        (
            "Coin Size Position Value Entry Price Mark Price PNL (ROE %) Liq. Price Margin Funding\n"
            "BTC 20x 0.5 BTC $31,750.00 64,000 63,500 -$250.00 (-15.6%) 61,100 $1,600.00 (Isolated) $0.00",
            {**ISOLATED, "notional": 31750},
            {"BTC": 63500},
            "61100",
        ),
        (
            "BTCUSDT Long 0.5 BTC entry 64,000 mark 63,500 liq 61,100 Margin(USDT) 1,600 (Isolated) uPnl -250 20x",
            ISOLATED,
            {"BTC": 63500},
            "61100",
        ),
    ],
)
def test_the_header_and_the_labels_decide(
    text: str, position: dict[str, object], marks: dict[str, float], liquidation: str
) -> None:
    reading = understand(text)
    assert reading.kind == "position"
    assert parsed_json(reading) == {"positions": [position], "ask": ["liq_price"], "marks": marks}
    assert reading.venue_liquidation == Decimal(liquidation)
    assert reading.also == reading.alternatives == ()


@pytest.mark.parametrize(
    ("text", "position", "marks"),
    [
        (
            "ETHUSDT Short -4.5 ETH 3,312.40 3,290.11 3,489.20 20x",
            {"symbol": "ETH", "side": "short", "qty": 4.5, "entry": 3312.4, "leverage": 20},
            {"ETH": 3290.11},
        ),
        (
            "BTCUSDT\nPerp 20x\n0.500\n64,000.0\n63,500.0\n61,100.0\n8.50%\n1,600.00\n(Isolated)\n-250.00\n(-15.63%)",
            ISOLATED,
            {"BTC": 63500},
        ),
        ("BTC 20x Long 0.5 BTC 31,750 64,000 63,500 61,100", {**LONG, "notional": 31750}, {"BTC": 63500}),
        (
            "SOLUSDT 20x 50.00 151.2 149.8 -70.00 (-18.5%)",
            {"symbol": "SOL", "side": "long", "qty": 50, "entry": 151.2, "leverage": 20},
            {"SOL": 149.8},
        ),
    ],
)
def test_without_a_header_the_usual_order_decides_and_is_flagged(
    text: str, position: dict[str, object], marks: dict[str, float]
) -> None:
    reading = understand(text)
    assert parsed_json(reading) == {"positions": [position], "ask": ["liq_price"], "marks": marks}
    assert {"entry", "mark"} <= _flags(reading)


def test_every_row_of_a_table_is_a_position_of_its_own() -> None:
    reading = understand(
        "Symbol Size Entry Price Mark Price Liq.Price Margin PNL(ROE %)\n"
        "BTCUSDT 20x 0.500 BTC 64,000.0 63,500.0 61,100.0 1,600.00 -250.00 (-15.63%)\n"
        "ETHUSDT 10x -2.000 ETH 3,200.0 3,100.0 3,500.0 640.00 +200.00 (+31.25%)"
    )
    assert parsed_json(reading)["positions"] == [
        {**LONG, "margin": 1600},
        {"symbol": "ETH", "side": "short", "qty": 2, "entry": 3200, "leverage": 10, "margin": 640},
    ]
    assert parsed_json(reading)["marks"] == {"BTC": 63500, "ETH": 3100}


def test_a_side_that_a_row_does_not_name_is_told_from_its_profit_and_flagged() -> None:
    fallen = "BTCUSDT 20x 0.500 64,000.0 63,500.0 61,100.0 8.50% 1,600.00 -250.00"
    assert (understand(fallen).parsed.positions or ())[0].side == "long"  # a loss below the entry is a long's
    assert "side" in _flags(understand(fallen))


@pytest.mark.parametrize("tail", ["liq 61,020", "binance says liq 61,020", "liq price 61020?"])
def test_the_liquidation_price_that_somebody_states_is_named(tail: str) -> None:
    reading = understand(f"long 0.5 btc 64k 20x {tail}")
    assert reading.venue_liquidation == 61020
    assert reading.unread == ("liq 61020",)


@pytest.mark.parametrize(
    ("tail", "named"), [("funding 0.01%", "funding 0.01%"), ("wallet 10k, 2k already used", "2000 in use")]
)
def test_what_does_not_count_beside_a_position_is_named(tail: str, named: str) -> None:
    reading = understand(f"long 0.5 btc 64k 20x {tail}")
    assert named in reading.unread
    assert (reading.parsed.positions or ())[0].margin is None
