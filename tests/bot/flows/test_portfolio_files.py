"""Import and export: everything is shown before it is kept, and what is exported imports back unchanged."""

import json
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Chat, FileProblem
from bot.services.exports import csv_of, json_of
from bot.services.imports import read_import
from bot.storage.portfolios import MOST_POSITIONS, Mark, Portfolio, SavedPosition
from tests.bot.flows.talk import ANN, NOON, Talk

LINES = "long 0.5 btc 64k 20x cross\nshort 4 eth 3200 10x iso"
BINANCE = (
    "Symbol,Size,Entry Price,Mark Price,Leverage,Margin Type\n"
    'BTCUSDT,0.5 BTC,"64,000.0","63,000.0",20x,Cross\n'
    'ETHUSDT,-4 ETH,"3,200.00","3,100.00",10x,Isolated\n'
)
BYBIT = "symbol,side,size,avgPrice,markPrice,leverage\nBTCUSDT,Buy,0.5,64000,63000,20\n"
OKX = "instId\tposSide\tpos\tavgPx\tmarkPx\tlever\tmgnMode\nBTC-USDT-SWAP\tlong\t50\t64000\t63000\t20\tcross\n"
HYPERLIQUID = "coin,szi,entryPx,leverage,mode\nBTC,-0.5,64000,20,cross\n"


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say("deposit 10000")
    return talk


def held(portfolio: Portfolio) -> list[tuple[str, str, Decimal, Decimal, Decimal, str]]:
    return [
        (each.symbol, each.side, each.quantity, each.entry_price, each.leverage, each.margin_mode)
        for each in portfolio.positions
    ]


BTC = ("BTCUSDT", "long", Decimal("0.5"), Decimal(64000), Decimal(20), "cross")
ETH = ("ETHUSDT", "short", Decimal(4), Decimal(3200), Decimal(10), "isolated")


@pytest.mark.parametrize("text", [LINES, BINANCE])
def test_positions_are_shown_before_they_are_kept(talk: Talk, text: str) -> None:
    talk.command("import")
    assert talk.say(text).startswith("2 positions read\n\n")
    assert talk.portfolio.positions == ()
    assert "✓ Imported." in talk.tap("Save all")
    assert held(talk.portfolio) == [BTC, ETH]
    talk.tap("Undo")
    assert talk.portfolio.positions == ()


def test_a_table_brings_its_prices_along(talk: Talk) -> None:
    talk.command("import", BINANCE)
    talk.tap("Save all")
    assert talk.portfolio.marks["BTCUSDT"].price == 63000
    assert "63,000, which you gave just now" in talk.text


def test_a_bad_line_is_named_and_nothing_is_kept(talk: Talk) -> None:
    talk.command("import", LINES + "\nand some more of those")
    assert talk.text.startswith("1 line not read, so nothing is kept\n\n3. ⚠ and some more of those: I could not read")
    assert "Save all" not in talk.labels
    talk.act("save_all")
    assert talk.portfolio.positions == ()
    talk.say(LINES)  # the card still waits for it
    talk.tap("Save all")
    assert len(talk.portfolio.positions) == 2


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("NOSUCHCOIN,1,10,5x,Cross", "symbol: I know no contract “NOSUCHCOIN” with tiers at Binance USD‑M."),
        ("BTCUSDT,many,10,5x,Cross", "quantity: “many”"),
        ("BTCUSDT,32000 USDT,64000,5x,Cross", "“32000 USDT” is an amount of money. I need the size in coins"),
        ("BTCUSDT,1,0,5x,Cross", "entry: “0”"),
        ("BTCUSDT,1,64000,,Cross", "leverage: “–”"),
        ("BTCUSD_PERP,1,64000,5x,Cross", "symbol: I know no contract “BTCUSD_PERP”"),
    ],
)
def test_a_cell_that_says_nothing_is_named(talk: Talk, cells: str, said: str) -> None:
    text = talk.command("import", f"Symbol,Size,Entry Price,Leverage,Margin Type\n{cells}")
    assert f"2. ⚠ {cells}: {said}" in text


def test_positions_that_do_not_say_their_mode_are_asked_about(talk: Talk) -> None:
    talk.command("import", BYBIT)
    assert "1 of them did not say isolated or cross: which is it?" in talk.text
    assert talk.act("save_all") == talk.text
    assert talk.portfolio.positions == ()
    talk.tap("As cross")
    assert held(talk.portfolio) == [BTC]


def test_sizes_in_contracts_are_counted_by_what_one_holds() -> None:
    # 50 contracts of 0.01 BTC
    read = read_import(OKX, Portfolio(venue="okx"), serial=1, now=NOON)
    assert read.portfolio is not None
    assert [(each.symbol, each.quantity) for each in read.portfolio.positions] == [("BTC-USDT-SWAP", Decimal("0.5"))]


def test_a_size_below_zero_is_a_short() -> None:
    read = read_import(HYPERLIQUID, Portfolio(venue="hyperliquid"), serial=1, now=NOON)
    assert read.portfolio is not None
    assert [(each.symbol, each.side, each.quantity) for each in read.portfolio.positions] == [
        ("BTC", "short", Decimal("0.5"))
    ]


def test_a_book_in_the_engines_form_becomes_a_portfolio_beside_the_open_one(talk: Talk) -> None:
    book = {
        "venue": "bybit",
        "wallet": {"USDT": "5000"},
        "positions": [
            {"id": "p 1 – anything", "symbol": "BTCUSDT", "side": "long", "quantity": "0.5", "entry_price": "64000",
             "mark_price": "63000", "leverage": "20", "margin_mode": "isolated", "isolated_margin": "1700"}
        ],
        "rules": {"closing_fee_rate": "0.0006"},
    }  # fmt: skip
    talk.command("import", json.dumps(book))
    assert talk.text.startswith("1 position read")
    talk.tap("Save all")
    assert talk.portfolio.name == "main 2"
    assert talk.portfolio.venue == "bybit"
    assert talk.portfolio.rules is not None
    assert talk.portfolio.rules.closing_fee_rate == Decimal("0.0006")
    talk.tap("Positions…")
    talk.tap("Long 0.5 BTC at 64,000, 20x, isolated")
    assert "Close position" in talk.labels


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is not valid JSON."),
        ('{"positions": [{"id": "a"}]}', "positions[0].symbol"),
        ('{"marginbot_portfolio": {"venue": 5}}', "it is not as /export writes it"),
        ('{"marginbot_portfolio": {"venue": "moon"}}', "no rules for moon"),
        ('{"marginbot_portfolio": []}', "it is not as /export writes it"),
        ('{"wallet": {"USDT": 5}}', "must be a decimal string"),
        ("[" * 3000, "not read"),
    ],
)
def test_a_document_that_cannot_be_is_said_why(talk: Talk, text: str, said: str) -> None:
    before = talk.portfolio
    assert said in talk.command("import", text)
    assert talk.portfolio == before


def test_too_many_positions_are_refused_before_anything_is_kept(talk: Talk) -> None:
    many = "\n".join(f"long {number} btc 64k 20x iso" for number in range(1, MOST_POSITIONS + 2))
    assert "a portfolio holds 100 positions." in talk.command("import", many)


def test_an_import_that_was_overtaken_is_not_made(talk: Talk) -> None:
    talk.command("import", LINES)
    preview = talk.last
    talk.command("portfolio")
    talk.tap("Set wallet")
    talk.say("20k")
    assert "Not imported: the portfolio has changed meanwhile." in talk.tap("Save all", on=preview)
    assert talk.portfolio.positions == ()


def test_what_is_exported_can_be_sent_back(talk: Talk) -> None:
    talk.command("import", LINES)
    talk.tap("Save all")
    talk.say("btc 63k now")
    before, shown = talk.portfolio, len(talk.messages)
    talk.command("export")
    whole, table = [message.screen.file for message in talk.messages[shown:]]
    assert whole is not None
    assert table is not None
    assert (whole.name, table.name) == ("main.json", "main-positions.csv")
    talk.command("new", "copy")
    assert talk.enclose(whole.text).startswith("2 positions read")
    talk.tap("Save all")
    assert talk.portfolio == before.model_copy(update={"name": "copy"})
    talk.command("new", "positions")
    talk.say("deposit 10000")
    talk.enclose(table.text)
    talk.tap("Save all")
    assert talk.portfolio.positions == before.positions


def test_an_empty_portfolio_has_nothing_to_export(talk: Talk) -> None:
    assert talk.command("export") == "Your portfolio has no positions to export."


numbers = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(1000), places=4)
_ids = count()


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    coins = draw(st.lists(st.sampled_from(["BTC", "ETH", "SOL", "XRP"]), unique=True, min_size=1, max_size=4))
    positions, marks = [], {}
    for number, coin in enumerate(coins):
        mode = draw(st.sampled_from(["isolated", "cross"]))
        entry, given_price = draw(numbers), draw(st.none() | numbers)
        fields: dict[str, Any] = {
            "id": f"w{number}", "symbol": f"{coin}USDT", "side": draw(st.sampled_from(["long", "short"])),
            "quantity": draw(numbers), "entry_price": entry, "leverage": draw(st.integers(1, 20)),
            "margin_mode": mode, "saved_at": NOON - timedelta(minutes=draw(st.integers(0, 10**6))),
        }  # fmt: skip
        positions.append(SavedPosition.model_validate(fields))
        marks[f"{coin}USDT"] = (
            Mark(price=given_price, given_at=NOON - timedelta(hours=draw(st.integers(0, 999))))
            if given_price is not None
            else Mark(price=entry, given_at=NOON, source="entry")
        )
    return Portfolio(wallet={"USDT": Decimal(10**9)}, positions=tuple(positions), marks=marks)


@given(portfolios())
def test_every_portfolio_comes_back_from_json_unchanged(portfolio: Portfolio) -> None:
    read = read_import(json_of(portfolio), Portfolio(), serial=1, now=NOON + timedelta(days=1))
    assert read.portfolio == portfolio


@given(portfolios())
def test_every_position_and_given_price_comes_back_from_csv_unchanged(portfolio: Portfolio) -> None:
    text = csv_of(portfolio)
    read = read_import(text, Portfolio(wallet=portfolio.wallet), serial=1, now=NOON)
    assert read.portfolio == portfolio


def test_a_long_portfolio_is_exported_and_imported_as_a_whole() -> None:
    talk = Talk()
    positions = tuple(
        SavedPosition(
            id=f"w{number}", symbol="BTCUSDT", side="long", quantity=Decimal("0.001"), entry_price=Decimal("64123.4"),
            leverage=Decimal(3), margin_mode="isolated", saved_at=talk.time,
        )
        for number in range(MOST_POSITIONS)
    )  # fmt: skip
    portfolio = Portfolio(wallet={"USDT": Decimal(10**6)}, positions=positions)
    talk.shelves.add(ANN.id, portfolio, talk.time)
    talk.command("export")
    table = talk.last.screen.file
    assert table is not None
    talk.command("new", "again")
    assert talk.enclose(table.text).startswith("100 positions read")
    talk.tap("Save all")
    assert talk.portfolio.positions == positions


def test_a_file_is_read_on_the_card_that_asks_for_it(talk: Talk) -> None:
    talk.command("import")
    asked = talk.last.id
    assert talk.enclose(BINANCE).startswith("2 positions read\n\n")
    assert talk.last.id == asked
    talk.tap("Save all")
    assert held(talk.portfolio) == [BTC, ETH]


def test_a_file_needs_no_asking(talk: Talk) -> None:
    talk.say("long 1 sol 150 5x iso")
    assert talk.enclose(LINES).startswith("2 positions read\n\n")
    assert talk.portfolio.positions == ()
    talk.tap("Save all")
    assert held(talk.portfolio) == [BTC, ETH]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("too_big", "trip.csv is longer than 256 KB, which is all I read of a file."),
        ("not_text", "trip.csv is not a text. I read CSV, JSON and plain text files with positions."),
        ("not_fetched", "I could not get trip.csv from Telegram. Send it again, or paste what is in it."),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_line(talk: Talk, problem: FileProblem, said: str) -> None:
    before = talk.portfolio
    assert talk.enclose(None, problem=problem, name="trip.csv") == said
    assert talk.portfolio == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing"),
        ("long 1 btc 64k 5x iso\n" * 5000, "a portfolio holds 100 positions."),
        ("long 1 btc 64k 5x iso " * 5000, "one line has 109999 characters, and I read 4096 at most."),
        ("Symbol,Size,Entry Price\n" + " " * 200_000, "I could not read a position in it."),
        (",".join(["Symbol", "Size", "Entry Price"]) + '\n"BTCUSDT,1,2', "2. ⚠"),
    ],
    ids=["empty", "many lines", "a long line", "blanks", "an open quote"],
)
def test_files_of_any_content_are_answered_shortly(talk: Talk, text: str, said: str) -> None:
    assert said in talk.enclose(text)
    assert talk.portfolio.positions == ()


def test_a_file_in_a_group_is_left_alone() -> None:
    talk = Talk(chat=Chat(id=-5, kind="supergroup"))
    assert talk.enclose(LINES) == ""


def test_a_document_with_a_text_that_cannot_be_stored_is_refused_and_the_place_is_named(talk: Talk) -> None:
    talk.command("import", LINES)
    talk.tap("Save all")
    document = json.loads(json_of(talk.portfolio))
    portfolio = document["marginbot_portfolio"]
    [btc, _] = portfolio["positions"]
    for place, broken in (
        ("name", {**portfolio, "name": "a\ud800b"}),
        ("name", {**portfolio, "name": "a\0b"}),
        ("positions[1].id", {**portfolio, "positions": [btc, {**btc, "id": "\udfff"}]}),
        ("positions[0].symbol", {**portfolio, "positions": [{**btc, "symbol": "BTC\ud800USDT"}]}),
    ):
        refused = read_import(json.dumps({"marginbot_portfolio": broken}), Portfolio(), serial=1, now=NOON)
        assert refused.portfolio is None
        assert refused.trouble is not None
        assert refused.trouble.facts == {
            "why": f"marginbot_portfolio.{place}: must be text, without NUL or half a character"
        }
    keyed = json.dumps({"marginbot_portfolio": {**portfolio, "wallet": {"USDT": "1", "\ud800": "1"}}})
    talk.command("import")
    assert "a name in marginbot_portfolio.wallet: must be text, without NUL" in talk.say(keyed)
