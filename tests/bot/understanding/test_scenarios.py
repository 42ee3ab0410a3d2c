"""A price that is only supposed beside a position never becomes its entry."""

import pytest

from bot.understanding import parsed_json, understand

BTC = {"symbol": "BTC", "side": "long", "qty": 0.5, "entry": 64000, "leverage": 10}
TRADE = "long 0.5 btc 64k 10x"


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("btc to 50k? im long 0.5 64k 10x", 50_000),
        (f"im {TRADE}, dips to 61k", 61_000),
        (f"{TRADE} can i hold to 60k", 60_000),
        (f"{TRADE} roe at 66k", 66_000),
        (f"{TRADE} pnl at 66k?", 66_000),
        (f"{TRADE} what if it goes to 70k", 70_000),
        (f"{TRADE}, 50k survive?", 50_000),
        (f"will i survive 58k {TRADE}", 58_000),
        ("if btc hits 50k do i die? long 0.5 at 64k 10x", 50_000),
        ("long 0.5 btc from 64k 10x if it tags 59k", 59_000),
    ],
)
def test_a_supposed_price_is_a_what_if_and_the_other_one_the_entry(text: str, price: int) -> None:
    reading = understand(text)
    assert reading.kind == "whatif"
    assert parsed_json(reading)["positions"] == [BTC]
    assert parsed_json(reading)["shocks"] == [{"target": "BTC", "price": price}]
    assert reading.unread == ()


def test_the_price_that_a_distance_is_counted_from_is_the_one_now() -> None:
    reading = understand(f"{TRADE} how far is liq from 62k")
    assert reading.kind == "position"
    assert parsed_json(reading)["positions"] == [BTC]
    assert parsed_json(reading)["marks"] == {"BTC": 62_000}


@pytest.mark.parametrize("text", [f"{TRADE} tp 70k", f"{TRADE}, stop to 62k", "long 0.5 btc 64k to 64500 10x"])
def test_a_target_a_stop_and_a_range_are_no_what_if(text: str) -> None:
    assert understand(text).kind == "position"
