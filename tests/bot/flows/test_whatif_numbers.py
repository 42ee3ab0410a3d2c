"""The numbers on the card are the engine's: read out of the texts and compared, for random books; and how it fits."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask import answer_one
from bot.services.accounts import portfolio_of
from margin_engine import Book, MarginMode, Position, Side, in_mode, tick_size, what_if
from tests.bot.flows.talk import NOON, Talk

COINS = ("BTC", "ETH", "SOL", "XRP", "DOGE")
TWENTY = "BTC ETH SOL XRP BNB DOGE ADA AVAX LINK LTC DOT TRX BCH XLM SUI NEAR APT ARB OP UNI"
STARTS = {"BTC": 64000, "ETH": 3200, "SOL": 150, "XRP": 2, "DOGE": 1}


@st.composite
def books(draw: st.DrawFn) -> Book:
    """One to five positions of as many coins with a wallet that holds their isolated margins."""
    coins = draw(st.lists(st.sampled_from(COINS), min_size=1, max_size=5, unique=True))
    mode = draw(st.sampled_from(("isolated", "cross", "mixed")))
    positions, needed = [], Decimal(0)
    for number, coin in enumerate(coins):
        value = Decimal(draw(st.integers(500, 20_000)))
        leverage = Decimal(draw(st.sampled_from((2, 5, 10, 20))))
        crossed = mode == "cross" or (mode == "mixed" and number % 2 == 0)
        positions.append(
            Position(
                id=f"p{number}",
                symbol=f"{coin}USDT",
                side=draw(st.sampled_from((Side.LONG, Side.SHORT))),
                quantity=(value / STARTS[coin]).quantize(Decimal("0.001")) + Decimal("0.001"),
                entry_price=Decimal(STARTS[coin]),
                leverage=leverage,
                margin_mode=MarginMode.CROSS if crossed else MarginMode.ISOLATED,
            )
        )
        needed += positions[-1].quantity * positions[-1].entry_price / leverage
    wallet = (needed * Decimal(draw(st.integers(110, 300))) / 100).quantize(Decimal(1)) + 10
    return Book(venue="binance-usdm", wallet={"USDT": wallet}, positions=tuple(positions))


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def shown(book: Book, text: str) -> str:
    """What the card says to a text about a saved account."""
    talk = Talk()
    talk.shelves.add(7, portfolio_of(book, now=NOON), NOON)
    return talk.say(text)


@settings(max_examples=25, deadline=None)
@given(book=books(), percent=st.integers(-40, 40).filter(bool))
def test_what_is_left_and_what_falls_are_the_engines_numbers(book: Book, percent: int) -> None:
    text = shown(book, f"what if everything goes {percent:+d}%")
    shocks = {"*": Decimal(percent) / 100}
    for name, mode in (("Isolated", MarginMode.ISOLATED), ("Cross", MarginMode.CROSS)):
        answer = what_if(replace(in_mode(book, mode), shocks=shocks))
        line = next(each for each in text.split("\n") if each.startswith(f"{name}: "))
        hit = re.search(r"([−\d,.]+) left\.$", line)
        assert hit is not None, line
        left = answer.equity_after["USDT"]
        assert abs(number(hit[1]) - left) <= max(Decimal("0.005"), abs(left) / 10**6), line
        gone = sum(len(each.positions) for each in answer.liquidated)
        counted = re.search(r"(\d+|none) of \d+ liquidated", line)
        said = 0 if counted is None or counted[1] == "none" else int(counted[1])
        assert gone == (1 if line.startswith(f"{name}: liquidated") else said), line


@settings(max_examples=15, deadline=None)
@given(book=books(), percent=st.integers(-30, 30).filter(bool))
def test_liquidation_prices_that_are_left_are_the_engines(book: Book, percent: int) -> None:
    text = shown(book, f"what if everything goes {percent:+d}%")
    block = text.partition("Cross, left:\n")[2].partition("\n\n")[0]
    answer = what_if(replace(in_mode(book, MarginMode.CROSS), shocks={"*": Decimal(percent) / 100}))
    for line in block.split("\n") if block else ():
        hit = re.match(r"(\w+) (?:long|short) at [\d,.]+: goes at ([\d,.]+)", line)
        if hit is None:
            continue
        position = next(each for each in answer.after.positions if each.symbol == f"{hit[1]}USDT")
        assert position.liquidation_price is not None
        # Shown to the tick, at most one of them farther in than it is.
        tick = tick_size("binance-usdm", position.symbol)
        assert tick is not None
        assert abs(number(hit[2]) - position.liquidation_price) < tick, line


@settings(max_examples=25, deadline=None)
@given(book=books(), percent=st.integers(-40, 40).filter(bool))
def test_the_terminal_gives_the_engines_what_if_of_the_book_as_it_is(book: Book, percent: int) -> None:
    results = answer_one(f"everything {percent:+d}%", book, now=datetime(2026, 11, 22, tzinfo=UTC))["results"]
    shocked = what_if(replace(book, shocks={each.symbol: Decimal(percent) / 100 for each in book.positions}))
    found = results["whatif"]
    assert {asset: Decimal(amount) for asset, amount in found["equity_after"].items()} == shocked.equity_after
    assert [(each["id"], tuple(each["positions"])) for each in found["liquidated"]] == [
        (each.id, each.positions) for each in shocked.liquidated
    ]


def twenty() -> Book:
    """Twenty positions with long numbers."""
    coins = [
        "BTC",
        "ETH",
        "SOL",
        "XRP",
        "BNB",
        "DOGE",
        "ADA",
        "AVAX",
        "LINK",
        "LTC",
        "DOT",
        "TRX",
        "BCH",
        "XLM",
        "SUI",
        "NEAR",
        "APT",
        "ARB",
        "OP",
        "UNI",
    ]
    positions = []
    for index, coin in enumerate(coins):
        position = Position(
            id=f"p{index}",
            symbol=f"{coin}USDT",
            side=Side.LONG if index % 3 else Side.SHORT,
            quantity=Decimal("1234.567"),
            entry_price=Decimal("123.4567"),
            leverage=Decimal(5),
            margin_mode=MarginMode.CROSS if index % 2 else MarginMode.ISOLATED,
        )
        positions.append(position)
    return Book(venue="binance-usdm", wallet={"USDT": Decimal("12345678.91")}, positions=tuple(positions))


def pages(book: Book) -> list[str]:
    """Everything that a what-if about a book shows on its way through the pages."""
    talk = Talk()
    talk.shelves.add(7, portfolio_of(book, now=NOON), NOON)
    found = [talk.say(text) for text in ("what if everything drops 30%", "same crash as march 2020", "with betas")]
    for action in ("targets", "changes", "whose", "ladder", "events", "back"):
        talk.act(action)
        found.append(talk.text)
    found += [talk.say(text) for text in ("deposit 1000", "20x instead", "how far can btc fall", "btc +-5% table")]
    return found


def test_twenty_positions_fit_a_message_and_a_phone() -> None:
    for text in pages(twenty()):
        assert len(text) < 4096
        head = text[:60]
        assert re.search(r"(Isolated|Cross|As it stands): .*\d", head.replace("\n", " ")), head


def test_lines_in_fixed_width_fit_a_phone() -> None:
    talk = Talk()
    talk.shelves.add(7, portfolio_of(twenty(), now=NOON), NOON)
    talk.say("what if everything drops 30%")
    widths = [len(line) for line in fixed_lines(talk)]
    talk.act("ladder")
    widths += [len(line) for line in fixed_lines(talk)]
    assert widths
    assert max(widths) <= 34


def fixed_lines(talk: Talk) -> list[str]:
    blocks = re.findall(r"<pre>(.*?)</pre>", str(talk.last.screen.text), re.DOTALL)
    return [line for block in blocks for line in block.split("\n")]
