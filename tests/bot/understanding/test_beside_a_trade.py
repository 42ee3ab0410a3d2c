"""What people write before and behind a trade: none of it is taken for a figure of the trade."""

from decimal import Decimal

import pytest

from bot.understanding import understand
from bot.understanding.readings import PositionSlots, Reading

LONG = "long 0.3 btc 64k 20x"
TOLD = PositionSlots(symbol="BTC", side="long", qty=Decimal("0.3"), entry=Decimal(64000), leverage=Decimal(20))


def _only(reading: Reading) -> PositionSlots:
    (slots,) = reading.parsed.positions or ()
    return slots


@pytest.mark.parametrize(
    "text",
    [
        f"if btc goes to 60k do i get liquidated {LONG}",
        f"if btc goes to 60k, {LONG}",
        f"will i get liquidated if btc drops to 60k {LONG}",
        f"when btc hits 60k do i die {LONG}",
        f"roe if btc hits 60k {LONG}",
        "if btc goes to 60k whats left of my 0.3 btc long from 64k 20x",
        "what if btc falls to 60k with a 0.3 btc long 64k 20x",
        f"{LONG}, if btc goes to 60k do i get liquidated",
    ],
)
def test_a_move_supposed_before_the_trade_is_no_entry_of_it(text: str) -> None:
    reading = understand(text)
    (shock,) = reading.parsed.shocks or ()
    assert (reading.kind, shock.target, shock.price) == ("whatif", "BTC", Decimal(60000))
    assert _only(reading) == TOLD
    assert not reading.unread


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("if i long btc 64k 20x where do i get liquidated", "position"),
        ("what if btc drops 10% and i open long 0.5 btc 60k 10x", "whatif"),
    ],
)
def test_a_trade_that_is_itself_supposed_stays_so(text: str, kind: str) -> None:
    reading = understand(text)
    assert reading.kind == kind
    assert bool(reading.parsed.positions) is (kind == "position")
