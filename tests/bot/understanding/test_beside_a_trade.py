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
        f"what happens at 60k {LONG}",
        f"does a move to 60k liquidate me {LONG}",
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


def test_a_fall_asked_about_before_the_trade_is_supposed_of_it() -> None:
    reading = understand(f"will a 10% drop liquidate my {LONG}")
    (shock,) = reading.parsed.shocks or ()
    assert (reading.kind, shock.pct) == ("whatif", Decimal(-10))
    assert _only(reading) == TOLD


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


WHOLE = "long 0.5 btc 64k 20x"
HALF_BTC = TOLD.model_copy(update={"qty": Decimal("0.5")})


@pytest.mark.parametrize(
    ("text", "share", "qty"),
    [
        (f"{WHOLE}, closed half at 66k", Decimal(50), None),
        (f"{WHOLE} and closed 50% at 66k, liq?", Decimal(50), None),
        (f"{WHOLE}, took profit on half at 66k", Decimal(50), None),
        (f"closed half of my {WHOLE} at 66k", Decimal(50), None),
        (f"{WHOLE}, sold 0.2 at 66k", None, Decimal("0.2")),
    ],
)
def test_a_part_that_was_closed_leaves_the_entry_and_names_its_price(
    text: str, share: Decimal | None, qty: Decimal | None
) -> None:
    reading = understand(text)
    (change,) = reading.changes
    assert (reading.kind, change.what, change.share, change.qty) == ("whatif", "close", share, qty)
    assert _only(reading) == HALF_BTC
    assert reading.unread == ("exit 66000",)


@pytest.mark.parametrize(
    "text",
    [
        f"pnl {WHOLE} exit 66k",
        f"pnl {WHOLE} exit at 66k",
        f"{WHOLE}, exit 66000",
        f"pnl {WHOLE} close at 66k",
        f"pnl {WHOLE} sell at 66k",
        f"{WHOLE} out at 66k",
        f"pnl if i close at 66k {WHOLE}",
        "bought 0.5 btc at 64k sold at 66k 20x profit?",
    ],
)
def test_the_price_at_which_a_trade_is_left_is_its_target(text: str) -> None:
    reading = understand(text)
    assert (reading.kind, reading.plan, reading.unread) == ("position", ("target 66000",), ())
    assert _only(reading) == HALF_BTC


@pytest.mark.parametrize(
    "text",
    [
        "buy 1 btc 64k 10x sell 0.5 btc 66k 10x",
        "hedge: buy 1 btc 64k sell 0.5 btc 66k 10x",
        "long 1 btc 64k 10x sell 2 eth 3200 10x",
        "long 1 btc 64k, short 0.5 btc 66k 10x",
    ],
)
def test_a_sale_that_is_a_trade_of_its_own_stays_one(text: str) -> None:
    assert [slots.side for slots in understand(text).parsed.positions or ()] == ["long", "short"]


def test_a_wallet_behind_a_question_for_the_liquidation_belongs_to_the_trade() -> None:
    reading = understand(f"{WHOLE}, whats liq, account 4000")
    assert reading.parsed.account is not None
    assert reading.parsed.account.balance == 4000
    assert not reading.also


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("size 10k short eth 3300 15x wallet 4k", "10000"),  # 10,000 ETH take 2,200,000 margin
        ("short eth 3300 15x size 10k", "10000"),  # 33,000,000 USDT
        ("my eth short got in at 3300 15x size 10k, whats liq, account 4000", "10000"),
        ("long btc 64k 20x size 500", "500"),  # 32,000,000 USDT
    ],
)
def test_a_size_that_nobody_holds_in_coins_is_money_and_asked_about(text: str, size: str) -> None:
    reading = understand(text)
    assert (_only(reading).qty, _only(reading).notional) == (None, Decimal(size))
    assert [_only(other).margin for other in reading.alternatives] == [Decimal(size)]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("long sol 150 10x size 20k", "20000"),  # 3,000,000 USDT
        ("long sol 150 10x size 2000 wallet 5k", "2000"),  # 30,000 margin of a wallet of 5,000
    ],
)
def test_a_size_that_is_hardly_coins_is_asked_about(text: str, size: str) -> None:
    reading = understand(text)
    assert _only(reading).qty == Decimal(size)
    assert [_only(other).notional for other in reading.alternatives] == [Decimal(size)]


@pytest.mark.parametrize(
    "text", ["long doge 0.15 10x size 20k", "short eth 3300 15x size 100", "size 0.5 btc long 64k 20x"]
)
def test_a_size_that_people_hold_is_coins(text: str) -> None:
    reading = understand(text)
    assert _only(reading).qty
    assert not reading.alternatives


@pytest.mark.parametrize(
    "text",
    [
        "long eth 10x from 3.2k with 1k collateral total acct 5k cross",
        "long eth 3200 10x collateral 1000 account 5000",
        "long eth 3200 10x, 1000 usdt collateral, 5k balance",
    ],
)
def test_a_collateral_smaller_than_the_account_is_the_margin(text: str) -> None:
    reading = understand(text)
    assert reading.parsed.account is not None
    assert (_only(reading).margin, reading.parsed.account.balance) == (Decimal(1000), Decimal(5000))
    assert not reading.alternatives


def test_two_amounts_of_dollars_joined_are_one_balance() -> None:
    account = understand("long btc 64k 10x collateral 500 usd and 1000 usdt cross").parsed.account
    assert account is not None
    assert account.balance == 1500


@pytest.mark.parametrize("amount", ["10000 usd", "10000", "10000$"])
def test_dollars_beside_an_inverse_contract_are_its_size(amount: str) -> None:
    reading = understand(f"inverse btcusd long {amount} 64k 10x, 0.1 btc in wallet")
    assert (_only(reading).notional, _only(reading).margin) == (Decimal(10000), None)
    assert any(flag.startswith("size: 10000 USD") for flag in reading.assumed)


def test_dollars_that_are_called_margin_of_an_inverse_contract_stay_margin() -> None:
    slots = _only(understand("inverse btcusd long 10000 usd margin 64k 10x"))
    assert (slots.notional, slots.margin) == (None, Decimal(10000))


@pytest.mark.parametrize(
    "text",
    [
        "how much margin do i need to hold long 1 eth 3200 25x through -15%",
        "how much margin to hold long 1 eth 3200 25x through a 15% drop",
        "how much margin to survive -15% long 1 eth 3200 25x",
        "/addmargin long 1 eth 3200 25x survive -15%",
    ],
)
def test_the_margin_that_a_told_trade_needs_for_a_move_is_asked(text: str) -> None:
    reading = understand(text)
    assert reading.parsed.target is not None
    assert (reading.kind, reading.parsed.target.survive_pct) == ("addmargin", Decimal(-15))
    assert (_only(reading).entry, _only(reading).leverage) == (Decimal(3200), Decimal(25))


@pytest.mark.parametrize(
    "text",
    [
        "long 0.5 btc 64k 20x liq 58k wallet?",
        "what wallet do i need for long 0.5 btc 64k 20x liq at 58k",
        "how much margin for long 0.5 btc 64k 20x liq at 58k",
    ],
)
def test_what_a_wanted_liquidation_price_takes_is_asked(text: str) -> None:
    reading = understand(text)
    assert reading.parsed.target is not None
    assert (reading.kind, reading.parsed.target.liq_price) == ("addmargin", Decimal(58000))
    assert _only(reading) == HALF_BTC


def test_a_liquidation_price_beside_a_wallet_that_is_told_is_the_exchanges() -> None:
    reading = understand("long 0.5 btc 64k 20x liq 58k wallet 5k?")
    assert (reading.kind, reading.venue_liquidation) == ("position", Decimal(58000))


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("sl 63k tp 67k 3R?", ()),  # the card says the reward to the risk
        ("sl 63k tp 67k is that 3R?", ()),
        ("sl 63k 3R", ("3R",)),
        ("sl 63k tp 2R", ("2R",)),
        ("wallet 10k fees included", ("fees",)),
        ("wallet 10k, incl fees", ("fees",)),
        ("without fees", ()),
        ("breakeven?", ("breakeven",)),
    ],
)
def test_what_is_wished_beside_a_trade_is_answered_or_named(words: str, unread: tuple[str, ...]) -> None:
    reading = understand(f"{WHOLE} {words}")
    assert (reading.kind, reading.unread) == ("position", unread)
    assert _only(reading) == HALF_BTC
    assert not [entry for entry in reading.plan if entry.split()[1] in ("2", "3")]


@pytest.mark.parametrize(
    "told", ["btc now 63k", "btc price 63k", "btc currently 63k", "btc mark 63000", "btc is 63k", "now btc is 63k"]
)
def test_a_price_now_behind_two_positions_opens_no_third_one(told: str) -> None:
    reading = understand(f"long 0.4 btc 63.8k 15x, short 5 eth 3200 10x, wallet 5k, {told}")
    assert [(slots.symbol, slots.side) for slots in reading.parsed.positions or ()] == [
        ("BTC", "long"),
        ("ETH", "short"),
    ]
    assert reading.parsed.marks == {"BTC": Decimal(63000)}
    assert not reading.missing


def test_a_side_with_a_price_now_behind_another_position_is_a_position() -> None:
    reading = understand("long 5 eth 3200 10x, short btc now 63k 20x 0.1 btc, wallet 2k")
    assert [(slots.symbol, slots.side) for slots in reading.parsed.positions or ()] == [
        ("ETH", "long"),
        ("BTC", "short"),
    ]


@pytest.mark.parametrize("asked", ["will it survive at 60k", "does it survive 60k", "ok at 60k?"])
def test_a_price_to_live_through_once_margin_is_added_is_no_entry(asked: str) -> None:
    reading = understand(f"{LONG}, if i add 500 margin {asked}")
    assert _only(reading).entry == Decimal(64000)
    assert reading.parsed.amount == Decimal(500)
    assert reading.parsed.check is not None
    assert reading.parsed.check.price == Decimal(60000)


def test_the_entry_of_a_told_trade_is_no_price_to_live_through() -> None:
    assert understand(f"{LONG} add 500 margin").parsed.check is None
