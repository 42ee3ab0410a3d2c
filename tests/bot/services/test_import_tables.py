"""Tables of positions as exchanges export and show them: two or more of each, read into the same positions."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.services.imports import Incoming, read_import
from bot.storage.portfolios import Portfolio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Held = tuple[str, str, str, str, str, str]

BTC = ("BTCUSDT", "long", "0.5", "64000", "20", "cross")
ETH = ("ETHUSDT", "short", "4", "3200", "10", "isolated")


def read(text: str, venue: str = "binance-usdm", wallet: str = "10000") -> Incoming:
    account = Portfolio(venue=venue, wallet={"USDT": Decimal(wallet), "USDC": Decimal(wallet)})
    return read_import(text, account, serial=1, now=NOON)


def held(incoming: Incoming) -> list[Held]:
    assert incoming.portfolio is not None, [(line.text, line.trouble) for line in incoming.lines] or incoming.trouble
    return [
        (
            each.symbol,
            each.side,
            f"{each.quantity.normalize():f}",
            f"{each.entry_price.normalize():f}",
            f"{each.leverage.normalize():f}",
            each.margin_mode,
        )
        for each in incoming.portfolio.positions
    ]


BINANCE_API = (
    "symbol,positionAmt,entryPrice,breakEvenPrice,markPrice,unRealizedProfit,liquidationPrice,leverage,maxNotionalValue,"
    "marginType,isolatedMargin,isAutoAddMargin,positionSide,notional,isolatedWallet,updateTime\n"
    "BTCUSDT,0.500,64000.0,64032.0,63000.00000000,-500.00000000,44176.8,20,40000000,cross,0.00000000,false,BOTH,"
    "31500.00000000,0,1732276800000\n"
    "XRPUSDT,0.0,0.0,0.0,0.00000000,0.00000000,0,20,2500000,cross,0.00000000,false,BOTH,0,0,0\n"
    "ETHUSDT,-4.000,3200.0,3198.4,3100.00000000,400.00000000,3505.97,10,20000000,isolated,1680.00000000,false,BOTH,"
    "-12400.00000000,1280.00000000,1732276800000\n"
)
BINANCE_PAGE = (
    "Symbol\tSize\tEntry Price\tBreak Even Price\tMark Price\tLiq.Price\tMargin Ratio\tMargin\tPNL(ROI %)\n"
    "BTCUSDT Perp 20x\t0.500 BTC\t64,000.0\t64,032.0\t63,000.0\t44,176.8\t1.28%\t1,575.00 USDT (Cross)\t"
    "-500.00 USDT (-31.75%)\n"
    "ETHUSDT Perp 10x\t-4.000 ETH\t3,200.00\t3,198.40\t3,100.00\t3,505.97\t4.00%\t1,280.00 USDT (Isolated)\t"
    "+400.00 USDT (+31.25%)\n"
    "\n"
    "Total\t\t\t\t\t\t\t2,855.00 USDT\t-100.00 USDT\n"
)
BYBIT_API = (
    "\ufeffsymbol,side,size,avgPrice,positionValue,tradeMode,leverage,markPrice,liqPrice,positionIM,unrealisedPnl\r\n"
    "BTCUSDT,Buy,0.5,64000,32000,0,20,63000,44176.8,1600,-500\r\n"
    "BTCUSDT,Sell,0.2,65000,13000,1,10,63000,71000,1300,400\r\n"
)
BYBIT_PAGE = (
    "Contracts;Qty;Value;Entry Price;Mark Price;Liq. Price;IM;Unrealized P&L\n"
    '"BTCUSDT Cross 20.00x";0.500 BTC;31,500.00 USDT;64,000.00;63,000.00;44,176.80;1,575.00 USDT;-500.00 USDT\n'
    '"BTCUSDT\nIsolated 10.00x";-0.20 BTC;12,600.00 USDT;65,000.00;63,000.00;71,000.00;1,260.00 USDT;400.00 USDT\n'
)
OKX_API = (
    "instId,instType,mgnMode,posSide,pos,avgPx,lever,markPx,liqPx,upl,uplRatio\n"
    "BTC-USDT-SWAP,SWAP,cross,net,50,64000,20,63000,44176.8,-500,-0.3125\n"
)
OKX_PAGE = (
    "Instrument | Direction | Position | Avg. open price | Mark price | Est. liq. price | Margin\n"
    "BTCUSDT Perp | Long Cross 20x | 50 Cont | 64,000.0 | 63,000.0 | 44,176.8 | 1,575 USDT\n"
)
HYPERLIQUID_API = "coin,szi,entryPx,leverageType,leverage,positionValue\nBTC,0.5,64000.0,cross,20,31500.0\n"
HYPERLIQUID_PAGE = (
    "Coin\tSize\tPosition Value\tEntry Price\tMark Price\tPNL (ROE %)\tLiq. Price\tMargin\tFunding\n"
    "BTC  20x\t0.5 BTC\t$31,500.00\t64,000\t63,000\t-$500.00 (-31.2%)\t44,176\t$1,575.00 (Cross)\t-$1.20\n"
)
GERMAN = (
    "Symbol;Größe;Size;Entry Price;Mark Price;Leverage;Margin Mode\n"
    "BTCUSDT;;0,5;64.000,00;63.000,00;20;Cross\n"
    "ETHUSDT;;-4;3.200;3.100;10;Isolated\n"
    ";;;;;;\n"
    "Summe:;;;;;;\n"
)


@pytest.mark.parametrize("text", [BINANCE_API, BINANCE_PAGE, GERMAN])
def test_tables_of_binance(text: str) -> None:
    assert held(read(text)) == [BTC, ETH]


@pytest.mark.parametrize("text", [BYBIT_API, BYBIT_PAGE])
def test_tables_of_bybit(text: str) -> None:
    assert held(read(text, "bybit")) == [BTC, ("BTCUSDT", "short", "0.2", "65000", "10", "isolated")]


@pytest.mark.parametrize("text", [OKX_API, OKX_PAGE])
def test_tables_of_okx(text: str) -> None:
    assert held(read(text, "okx")) == [("BTC-USDT-SWAP", *BTC[1:])]  # 50 contracts of 0.01 BTC


@pytest.mark.parametrize("text", [HYPERLIQUID_API, HYPERLIQUID_PAGE])
def test_tables_of_hyperliquid(text: str) -> None:
    assert held(read(text, "hyperliquid")) == [("BTC", *BTC[1:])]


def test_the_margin_of_a_position_is_its_wallet_without_its_gain() -> None:
    kept = read(BINANCE_API).portfolio
    assert kept is not None
    assert kept.positions[1].isolated_margin == 1280
    bare = BINANCE_API.replace("isolatedWallet", "other")
    kept = read(bare).portfolio
    assert kept is not None
    assert kept.positions[1].isolated_margin == 1280  # 1,680 with a gain of 400


def test_a_contract_in_usdc_is_told_from_the_one_in_usdt() -> None:
    text = "Symbol,Size,Entry Price,Leverage,Margin Type\nBTCUSDC Perp,0.5 BTC,64000,20,Cross\n"
    assert held(read(text)) == [("BTCUSDC", *BTC[1:])]
    assert held(read("long 0.5 btcusdc 64000 20x cross")) == [("BTCUSDC", *BTC[1:])]


@pytest.mark.parametrize(
    ("venue", "symbol", "size", "kept"),
    [
        ("bybit", "BTCUSD", "32000", "32000"),
        ("bybit", "BTCUSD Perp", "32,000 USD", "32000"),
        ("binance-coinm", "BTCUSD_PERP", "320", "32000"),  # contracts of 100 USD
        ("binance-coinm", "BTCUSD Perpetual", "320 Cont", "32000"),
    ],
)
def test_a_coin_margined_contract_is_counted_in_dollars(venue: str, symbol: str, size: str, kept: str) -> None:
    text = f'Symbol,Size,Entry Price,Leverage,Margin Type\n{symbol},"{size}",64000,20,Isolated\n'
    account = Portfolio(venue=venue, wallet={"BTC": Decimal(1)})
    incoming = read_import(text, account, serial=1, now=NOON)
    if venue == "binance-coinm":  # its tiers are not published: the person says the rate
        assert [line.leg.quantity if line.leg else None for line in incoming.lines] == [Decimal(kept)]
    else:
        assert [each[2] for each in held(incoming)] == [kept]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ('BTCUSDT,"32,000 USDT",64000,20,Cross', "quantity"),  # a value, not a size
        ("BTCUSDT,0.5 ETH,64000,20,Cross", "quantity"),
        ("BTCUSDT,1.5K,64000,20,Cross", "quantity"),
        ("BTCUSD Perp,0.5,64000,20,Cross", "symbol"),
        ("BTCUSDT_261225,0.5,64000,20,Cross", "symbol"),
        ("BTC-PERP-X,0.5,64000,20,Cross", "symbol"),
        ("BTCUSDT,0.5,-64000,20,Cross", "entry"),
        ("BTCUSDT,0.5,64000,-20,Cross", "leverage"),
        ("BTCUSDT,0.5,64.000.00,20,Cross", "entry"),
    ],
)
def test_a_cell_that_can_mean_something_else_is_refused(cells: str, wrong: str) -> None:
    incoming = read(f"Symbol,Size,Entry Price,Leverage,Margin Type\n{cells}\n")
    assert incoming.portfolio is None
    [line] = incoming.lines
    assert line.trouble is not None
    assert line.trouble.facts.get("slot_name", "symbol") == wrong


def test_a_size_below_zero_of_a_long_is_refused() -> None:
    incoming = read("Symbol,Side,Size,Entry Price,Leverage\nBTCUSDT,Long,-0.5,64000,20\n")
    assert incoming.portfolio is None


def test_a_number_that_is_two_numbers_is_refused() -> None:
    """64.000 is 64 or 64,000: nothing else in the table tells."""
    incoming = read("Symbol;Size;Entry Price;Leverage;Margin Type\nBTCUSDT;1;64.000;20;Cross\n")
    assert incoming.portfolio is None


def test_deribits_coin_margined_contract_is_not_taken_for_the_one_in_usdc() -> None:
    incoming = read(
        "Instrument,Size,Average Price,Leverage,Margin Mode\nBTC-PERPETUAL,32000,64000,20,Cross\n", "deribit"
    )
    assert incoming.portfolio is None


@pytest.mark.parametrize("row", ['"BTCUSDT,0.5,64000', "BTC\0USDT,1,2", '"' * 1001])
def test_a_broken_table_is_refused_not_half_read(row: str) -> None:
    assert read(f"Symbol,Size,Entry Price\n{row}").portfolio is None


@pytest.mark.parametrize(
    ("margin", "left"), [("2,100.00 USDT (Isolated)", "2,100.00 USDT"), ("1,280.00 USDT (Isolated)", None)]
)
def test_a_margin_that_is_not_the_initial_one_is_said_to_be_left(margin: str, left: str | None) -> None:
    # 4 x 3,200 / 10 = 1,280
    incoming = read(BINANCE_PAGE.replace("1,280.00 USDT (Isolated)", margin))
    remark = incoming.lines[1].remark
    assert (remark.facts["text"] if remark is not None else None) == left
    assert incoming.portfolio is not None
    assert incoming.portfolio.positions[1].isolated_margin is None
