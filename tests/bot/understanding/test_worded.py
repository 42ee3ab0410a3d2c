"""Numbers in words and in Chinese numerals, and moves in the languages that people mix."""

from decimal import Decimal

import pytest

from bot.understanding import parsed_json, understand
from bot.understanding.worded import with_digits

BTC = {"symbol": "BTC", "side": "long", "entry": 64000, "leverage": 20}


@pytest.mark.parametrize(
    ("said", "margin"),
    [
        ("ten grand", 10_000),
        ("five hundred bucks", 500),
        ("2.5 grand", 2500),
        ("one thousand dollars", 1000),
        ("twenty five hundred dollars", 2500),
        ("one hundred and fifty usdt", 150),
        ("two thousand three hundred usdt", 2300),
    ],
)
def test_an_amount_in_words_is_read(said: str, margin: int) -> None:
    assert parsed_json(understand(f"long btc 64k 20x {said}"))["positions"] == [{**BTC, "margin": margin}]


@pytest.mark.parametrize(("said", "balance"), [("10 thou", 10_000), ("fifty k", 50_000), ("twenty grand", 20_000)])
def test_a_wallet_in_words_is_read(said: str, balance: int) -> None:
    account = understand(f"long 0.5 btc 64k 20x wallet {said}").parsed.account
    assert account is not None
    assert account.balance == balance


@pytest.mark.parametrize(("said", "qty"), [("half a btc", "0.5"), ("a quarter btc", "0.25"), ("quarter btc", "0.25")])
def test_a_part_of_a_coin_in_words_is_read(said: str, qty: str) -> None:
    (slots,) = understand(f"long {said} 64k 20x").parsed.positions or ()
    assert slots.qty == Decimal(qty)


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("两千", "2000"),
        ("一万", "10000"),
        ("五百", "500"),
        ("一万二千", "12000"),
        ("二十倍", "20 倍"),
        ("一个", "1 个"),
        ("三十五", "35"),
        ("万一", "万一"),
        ("统一", "统一"),
        ("一下", "一下"),
    ],
)
def test_chinese_numerals_become_digits_where_they_are_numbers(said: str, digits: str) -> None:
    assert with_digits(said).split() == digits.split()


def test_a_chinese_trade_in_numerals_is_read() -> None:
    assert parsed_json(understand("做多 一个 btc 64000 二十倍"))["positions"] == [{**BTC, "qty": 1}]


@pytest.mark.parametrize(
    ("text", "target", "pct"),
    [
        ("если упадет на 10%", "ALL", -10),
        ("что если биткоин вырастет на 10 процентов", "BTC", 10),
        ("y si btc cae un 10 por ciento", "BTC", -10),
        ("wenn es um 10% fällt", "ALL", -10),
        ("btc yüzde 10 düşerse", "BTC", -10),
        ("%10 artarsa", "ALL", 10),
        ("e se btc subir 10%", "BTC", 10),
        ("gimana kalau btc turun 10 persen", "BTC", -10),
        ("如果btc跌百分之10", "BTC", -10),
        ("跌10%怎么办", "ALL", -10),
    ],
)
def test_a_move_is_supposed_in_any_of_the_languages(text: str, target: str, pct: int) -> None:
    reading = understand(text)
    assert reading.kind == "whatif"
    assert parsed_json(reading)["shocks"] == [{"target": target, "pct": pct}]


@pytest.mark.parametrize("text", ["all in long btc 64k 20x", "long btc 64k 20x all in", "full port long btc 64k 20x"])
def test_a_size_left_to_everything_one_has_is_asked_for(text: str) -> None:
    reading = understand(text)
    assert parsed_json(reading)["positions"] == [BTC]
    assert reading.missing == ("size",)
    assert reading.unread != ()


@pytest.mark.parametrize("text", ["how much margin to move liq to 58k", "how much usdt to get my liq down to 58000"])
def test_where_the_liquidation_is_to_go_needs_no_coin(text: str) -> None:
    reading = understand(text)
    assert reading.kind == "addmargin"
    assert reading.parsed.target is not None
    assert reading.parsed.target.liq_price == 58_000


def test_korean_trading_words_are_read() -> None:
    reading = understand("비트코인 롱 0.5 64000 20배 격리 청산가")
    assert parsed_json(reading)["positions"] == [{**BTC, "qty": 0.5, "mode": "isolated"}]
    assert reading.lang == "ko"
