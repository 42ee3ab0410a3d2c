"""Messages that invite a wrong number: each is read right, or says what it took or left out."""

from decimal import Decimal

import pytest

from bot.understanding import Reading, parsed_json, understand, understand_slot
from bot.understanding.readings import PositionSlots

BTC = {"symbol": "BTC", "side": "long", "qty": 0.5, "entry": 64000, "leverage": 20}
BASE = "long 0.5 btc 64k 20x"


def _only(text: str) -> PositionSlots:
    (slots,) = understand(text).parsed.positions or ()
    return slots


def _balance(text: str) -> Decimal | None:
    account = understand(text).parsed.account
    return account.balance if account else None


def _said(text: str, *names: str) -> list[object]:
    return [getattr(_only(text), name) for name in names]


def _flags(reading: Reading) -> set[str]:
    return {entry.split(":")[0] for entry in reading.assumed}


@pytest.mark.parametrize(
    ("text", "balance"),
    [
        (f"{BASE} wallet 10 000", 10_000),
        (f"{BASE} 10 000 wallet", 10_000),
        ("long 0.5 btc 64k, 10 000 wallet 20x", 10_000),
        ("long 0.5 btc 64 000 20x cross wallet 10 000 usdt", 10_000),
        ("10 000 usdt wallet long 0.5 btc 64 000 x20", 10_000),
        ("long 2 sol 150 20x wallet 100 500", 100_500),
        ("wallet 20 000 221 2 sol long 10x", 20_000),
    ],
)
def test_spaces_set_thousands_apart(text: str, balance: int) -> None:
    assert _balance(text) == balance
    assert understand(text).assumed == ()


@pytest.mark.parametrize(
    ("text", "qty", "entry"),
    [
        ("long 1 000 sol 150 5x", "1000", "150"),
        ("long 1 500 sol 150 5x", "1500", "150"),
        ("long 1 000 000 doge 0.15 5x", "1000000", "0.15"),
        ("long 0.5 btc 64 250.50 5x mark 63500", "0.5", "64250.50"),
        ("sol long 100 150 5x", "100", "150"),
        ("long 1e3 doge 0.15 5x", "1000", "0.15"),
        ("long ½ btc 64k 5x", "0.5", "64000"),
        ("long 1½ btc 64k 5x", "1.5", "64000"),
        ("long 1/2 btc 64k 5x", "0.5", "64000"),
        ("long 0.5 x 64000 btc 5x", "0.5", "64000"),
        ("long 0.5 btc entry-64k lev-5x", "0.5", "64000"),
    ],
)
def test_a_quantity_and_its_price_are_read_however_they_are_written(text: str, qty: str, entry: str) -> None:
    assert _said(text, "qty", "entry", "leverage", "margin") == [Decimal(qty), Decimal(entry), 5, None]


@pytest.mark.parametrize("text", ["long sol 150 100x", "sol 150 x100 long", "sol long 150 lev 100"])
def test_a_price_before_a_three_digit_leverage_is_no_thousands(text: str) -> None:
    assert _said(text, "entry", "leverage") == [150, 100]


def test_a_leverage_without_its_x_stands_before_an_amount_and_is_not_a_part_of_it() -> None:
    assert _said("btc l 64000 20 500 usdt", "entry", "leverage", "margin") == [64000, 20, 500]


@pytest.mark.parametrize(
    ("text", "slot", "flag"),
    [
        ("long -0.5 btc 64k 20x", "qty", "size"),
        ("long 0.5 btc 64k leverage -20", "leverage", "leverage"),
        ("long 0.5 btc entry -64k 20x", "entry", "entry"),
        (f"{BASE} margin -500", "margin", "size"),
    ],
)
def test_a_number_below_zero_is_left_out_and_named(text: str, slot: str, flag: str) -> None:
    reading = understand(text)
    assert getattr(_only(text), slot) is None
    assert flag in _flags(reading)
    assert reading.unread != ()


def test_a_wallet_below_zero_is_left_out_and_named() -> None:
    reading = understand(f"{BASE} wallet -100")
    assert reading.parsed.account is None
    assert "wallet" in _flags(reading)


def test_a_quantity_below_zero_without_a_side_is_a_short_and_says_so() -> None:
    reading = understand("-0.5 btc 64k 20x")
    assert (_only("-0.5 btc 64k 20x").side, _only("-0.5 btc 64k 20x").qty) == ("short", Decimal("0.5"))
    assert "side" in _flags(reading)


@pytest.mark.parametrize("text", ["long btc 64k 20x using 10% of 10k", "long btc 64k 20x with 10% of my 10k wallet"])
def test_a_share_of_the_wallet_is_the_margin(text: str) -> None:
    assert _only(text).margin == 1000  # 10 % of 10,000
    assert _balance(text) == 10_000
    assert "usd_amount_is_margin" in _flags(understand(text))


def test_a_share_of_an_unsaid_wallet_is_named() -> None:
    reading = understand("long btc 64k 20x with 5% of my balance")
    assert (_only("long btc 64k 20x with 5% of my balance").margin, reading.unread) == (None, ("5%",))


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("short 1 bnb 600 10x, long 10 link 15 10x", ["BNB", "LINK"]),
        (f"{BASE}, long 100 near 4 10x", ["BTC", "NEAR"]),
        ("near long 4 10x, btc short 64k 20x", ["NEAR", "BTC"]),
        ("long 20 link 15 10x and short 500 near 4.2 5x", ["LINK", "NEAR"]),
        ("long 100 margin NEAR 4 10x", ["NEAR"]),
        ("long sui 100 near 3.2 10x", ["SUI"]),
        ("long 100 people 0.05 10x", ["PEOPLE"]),
        ("long BTC NOT isolated 64k 20x", ["BTC"]),
        ("i want ONE position long btc 64k 20x", ["BTC"]),
    ],
)
def test_an_everyday_word_is_a_coin_only_where_a_trade_has_its_coin(text: str, symbols: list[str]) -> None:
    positions = understand(text).parsed.positions or ()
    assert [slots.symbol for slots in positions] == symbols
    assert all(slots.entry is not None for slots in positions)


@pytest.mark.parametrize(
    "text",
    [
        "short 1.5 ETH 3200 10x cross, bal 2345",
        "short 1.5 eth 3200 10x (iso) bal: 2345",
        "bal 2345 short 1.5 eth 3200 10x",
    ],
)
def test_bal_is_the_balance(text: str) -> None:
    assert _balance(text) == 2345
    assert _said(text, "symbol", "margin") == ["ETH", None]


@pytest.mark.parametrize(
    "tail", ["w/ 10k", "w 10k", ", 10k", "with 10k", "10000 usdt", "and 10k usd", "$10k", "with 10 000"]
)
def test_money_beside_a_whole_position_is_the_wallet_and_says_so(tail: str) -> None:
    reading = understand(f"{BASE} {tail}")
    assert _balance(f"{BASE} {tail}") == 10_000
    assert _only(f"{BASE} {tail}").margin is None
    assert "wallet" in _flags(reading)


@pytest.mark.parametrize(
    "text",
    [f"{BASE} i have 10k", f"i have 10k, {BASE}", f"{BASE} with my 10k", f"{BASE} with 10k in my futures account"],
)
def test_the_money_that_one_has_is_the_wallet(text: str) -> None:
    assert _balance(text) == 10_000
    assert _only(text).margin is None


def test_money_behind_isolated_is_still_the_margin() -> None:
    assert _only(f"{BASE} iso 2000").margin == 2000
    assert _balance(f"{BASE} iso 2000") is None


@pytest.mark.parametrize(
    ("tail", "mark"),
    [
        ("iso, btc at 60k", 60_000),
        ("current 63k", 63_000),
        ("price 63k", 63_000),
        ("trading at 63k", 63_000),
        (", btc is 61k", 61_000),
        (", btc now at 60k", 60_000),
    ],
)
def test_a_second_price_is_the_one_now_and_never_the_entry(tail: str, mark: int) -> None:
    reading = understand(f"{BASE} {tail}")
    assert parsed_json(reading)["marks"] == {"BTC": mark}
    assert _only(f"{BASE} {tail}").entry == 64_000


def test_the_price_of_another_coin_opens_no_position() -> None:
    reading = understand("long 0.5 btc at 64k 20x, eth is 3200")
    assert parsed_json(reading)["positions"] == [BTC]
    assert parsed_json(reading)["marks"] == {"ETH": 3200}


@pytest.mark.parametrize(
    ("tail", "flag", "unread"),
    [
        (", dca another 0.5 at 62k", "size", ("0.5", "62000")),
        (", add another 0.5 at 62k", "size", ("0.5", "62000")),
        ("and 0.5 more at 62k", "size", ("0.5", "62000")),
        ("10x", "leverage", ("10x",)),
        ("63k", "entry", ("63000",)),
        ("margin 500 margin 600", "size", ("600",)),
        ("wallet 10k wallet 5k", "wallet", ("5000",)),
    ],
)
def test_what_finds_no_place_is_named(tail: str, flag: str, unread: tuple[str, ...]) -> None:
    reading = understand(f"{BASE} {tail}")
    assert reading.kind == "position"
    assert flag in _flags(reading)
    assert reading.unread == unread
    assert _said(f"{BASE} {tail}", "qty", "entry", "leverage") == [Decimal("0.5"), 64_000, 20]


def test_of_a_range_of_leverages_the_higher_one_is_taken_and_no_quantity() -> None:
    for text in ("$SOL/USDT (2-5x) long ENTRY: 150 - 145", "SOL LONG\nLeverage: 2x-5x\nEntry 150 - 145\nTP 160 170"):
        assert _said(text, "leverage", "entry", "qty") == [5, Decimal("147.5"), None]
        assert {"leverage", "entry"} <= _flags(understand(text))


@pytest.mark.parametrize(
    ("said", "leverage"), [("1000x", 1000), ("500x", 500), ("0x", 0), ("0.5x", "0.5"), ("lev 500", 500), ("x300", 300)]
)
def test_a_leverage_that_nobody_offers_is_read_as_said(said: str, leverage: int | str) -> None:
    assert _said(f"long 0.5 btc 64k {said}", "leverage", "qty", "margin") == [Decimal(leverage), Decimal("0.5"), None]


@pytest.mark.parametrize(
    "text",
    [
        "BTCUSD_PERP long 100 contracts 64000 20x",
        "BTCUSD long 100 contracts 64000 20x",
        "BTC-USD-SWAP long 100 contracts 64000 20x",
        "XBTUSD long 64000 20x",
    ],
)
def test_a_contract_settled_in_the_coin_is_inverse(text: str) -> None:
    assert (_only(text).contract, _only(text).symbol) == ("inverse", "BTC")
    assert "contract" in _flags(understand(text))


@pytest.mark.parametrize(
    ("text", "asset", "flag"),
    [
        ("BTCUSDC long 0.5 64000 20x bybit", "USDC", "contract"),
        (f"{BASE} wallet 10k €", "EUR", "wallet"),
        (f"{BASE} wallet €10k", "EUR", "wallet"),
        (f"{BASE} wallet 10k gbp", "GBP", "wallet"),
        ("long btc 64k 20x 500 eur", "EUR", "size"),
    ],
)
def test_money_that_is_not_usdt_is_named(text: str, asset: str, flag: str) -> None:
    reading = understand(text)
    assert reading.foreign == (asset,)
    assert flag in _flags(reading)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("long 0.5 foocoin 2.56 20x", "FOOCOIN"),
        ("foocoin long 0.5 at 2.56 20x", "FOOCOIN"),
        ("FOOUSDT long 0.5 at 2.56 20x", "FOO"),
        ("long 0.5 wbtc 2.56 20x", "WBTC"),
        ("long 0.5 ETHBTC 2.56 20x", "ETHBTC"),
    ],
)
def test_an_unknown_coin_is_named_and_its_numbers_stay_where_they_belong(text: str, name: str) -> None:
    reading = understand(text)
    assert (reading.unknown_coin, reading.missing) == (name, ("symbol",))
    assert _said(text, "symbol", "qty", "entry", "leverage") == [None, Decimal("0.5"), Decimal("2.56"), 20]


def test_a_price_in_thousands_without_its_k_is_read_and_flagged() -> None:
    reading = understand("long btc from 64 with 500 bucks")
    assert _said("long btc from 64 with 500 bucks", "entry", "qty", "margin") == [64_000, None, 500]
    assert "entry" in _flags(reading)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2 btc", {"symbol": "BTC", "qty": 2}),
        ("size 2", {"qty": 2}),
        ("entry 65k", {"entry": 65000}),
        ("entry 65 000", {"entry": 65000}),
        ("leverage 5", {"leverage": 5}),
        ("margin 5k", {"margin": 5000}),
        ("eth?", {"symbol": "ETH"}),
        ("buy at 140", {"side": "long", "entry": 140}),
        ("10x iso", {"leverage": 10, "mode": "isolated"}),
        ("short 10x", {"side": "short", "leverage": 10}),
        ("long 64k", {"side": "long", "entry": 64000}),
        ("make it short", {"side": "short"}),
        ("same but 10x", {"leverage": 10}),
    ],
)
def test_a_short_message_says_its_slots_and_no_other(text: str, position: dict[str, object]) -> None:
    reading = understand(text)
    assert (reading.kind, reading.follow_up) == ("position", True)
    assert parsed_json(reading) == {"positions": [position], "ask": ["liq_price"]}


@pytest.mark.parametrize("text", ["wallet 5k", "wallet is 5k", "my wallet is 5000", "wallet 5 000", "i have 5k"])
def test_a_wallet_alone_is_a_follow_up(text: str) -> None:
    reading = understand(text)
    assert (reading.kind, reading.follow_up) == ("position", True)
    assert parsed_json(reading) == {"positions": [], "ask": ["liq_price"], "account": {"balance": 5000}}


def test_an_amount_behind_cross_is_the_wallet() -> None:
    reading = understand("20x cross 5k")
    assert _only("20x cross 5k").entry is None
    assert _balance("20x cross 5k") == 5000
    assert "wallet" in _flags(reading)


def test_a_whole_trade_is_no_follow_up() -> None:
    assert not understand(BASE).follow_up


@pytest.mark.parametrize(
    ("text", "marks"), [("btc is 61k", {"BTC": 61000}), ("sol 140, eth 3400 now", {"SOL": 140, "ETH": 3400})]
)
def test_stated_prices_are_marks(text: str, marks: dict[str, int]) -> None:
    reading = understand(text)
    assert reading.kind == "mark"
    assert parsed_json(reading) == {"marks": marks}


@pytest.mark.parametrize(
    ("text", "ask"),
    [("liq?", "liq_price"), ("whats my liq price", "liq_price"), ("my liq?", "liq_price"), ("max loss?", "max_loss")],
)
def test_a_bare_question_is_about_what_is_open(text: str, ask: str) -> None:
    reading = understand(text)
    assert reading.kind == "position"
    assert parsed_json(reading) == {"positions": [], "ask": [ask], "portfolio": "current"}


def test_closing_and_musing_open_no_position() -> None:
    assert parsed_json(understand("close my btc long")) == {"portfolio": "current", "remove": ["BTC long"]}
    for text in ("should i buy btc?", "how many people long btc"):
        assert understand(text).kind == "unknown"


def test_each_position_keeps_its_own_mode() -> None:
    reading = understand(f"{BASE} isolated, short 2 eth 3200 10x cross, wallet 10k")
    assert reading.kind == "position"
    assert [slots.mode for slots in reading.parsed.positions or ()] == ["isolated", "cross"]


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("symbol", "long 100 people 0.05 10x"),
        ("symbol", "the second one"),
        ("wallet", "20x cross 5k"),
        ("wallet", "-100"),
        ("wallet", "margin 10k"),
        ("wallet", "10k 20k"),
        ("mark", "long 64k"),
        ("mark", "eth 3200"),
        ("entry", "-64k"),
        ("entry", "64k 20x"),
        ("mode", "should i use isolated?"),
        ("mode", "x"),
        ("mode", "20x cross"),
        ("leverage", "20x cross"),
        ("size", "2 eth"),
        ("size", "0.5 btc at 64k"),
    ],
)
def test_a_text_that_says_anything_else_is_no_answer(slot: str, text: str) -> None:
    assert understand_slot(slot, text, "BTC") is None


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("leverage", "1000", 1000),
        ("leverage", "500x", 500),
        ("leverage", "0.5x", "0.5"),
        ("leverage", "20x please", 20),
        ("leverage", "make it 20x", 20),
        ("entry", "65 000", 65000),
        ("entry", "around 64k i think", 64000),
        ("entry", "it is 64,000", 64000),
    ],
)
def test_words_around_an_answer_do_not_matter(slot: str, text: str, value: int | str) -> None:
    answer = understand_slot(slot, text, "BTC")
    assert answer is not None
    assert answer.position == PositionSlots.model_validate({slot: Decimal(value)})


@pytest.mark.parametrize("text", ["10 000", "10k", "about 10k", "my wallet is 10k", "i have 10k", "10,000 usdt"])
def test_a_wallet_is_read_with_its_filler_words(text: str) -> None:
    answer = understand_slot("wallet", text)
    assert answer is not None
    assert answer.account is not None
    assert answer.account.balance == 10_000


@pytest.mark.parametrize(
    "text",
    ["long 0.5 btc 64k 20x, what if the covid crash comes again", "long 0.5 btc 64k 20x, covid crash again"],
)
def test_an_event_beside_a_position_is_supposed_of_it(text: str) -> None:
    reading = understand(text)
    assert (reading.kind, [shock.named for shock in reading.parsed.shocks or ()]) == ("whatif", ["2020-03-12"])
    assert [slots.entry for slots in reading.parsed.positions or ()] == [Decimal(64000)]


def test_a_signed_move_behind_a_position_is_supposed_of_it() -> None:
    reading = understand("long 0.5 btc 64k 20x, btc -10")
    assert (reading.kind, reading.unread) == ("whatif", ())
    assert [(shock.target, shock.pct) for shock in reading.parsed.shocks or ()] == [("BTC", Decimal(-10))]


def test_a_price_now_beside_a_move_is_where_it_starts() -> None:
    reading = understand("btc at 63k now, what if -10%")
    assert (reading.kind, reading.parsed.marks) == ("whatif", {"BTC": Decimal(63000)})
    assert [(shock.target, shock.pct) for shock in reading.parsed.shocks or ()] == [("ALL", Decimal(-10))]


def test_half_of_a_coin_that_is_closed_is_half_of_what_is_held() -> None:
    (change,) = understand("close half the eth").changes
    assert (change.symbol, change.share, change.qty) == ("ETH", Decimal(50), None)


@pytest.mark.parametrize("fee", ["fees 0.05%", ", taker fee 0.05%, wallet 10k", "with 0.05% fees", "fee: 0.05%"])
def test_a_fee_beside_a_trade_is_the_takers(fee: str) -> None:
    reading = understand(f"{BASE} {fee}")
    assert (reading.kind, reading.fee_pct, reading.unread) == ("position", Decimal("0.05"), ())


@pytest.mark.parametrize("fee", ["fee 5%", "maker fee 0.02%", "liquidation fee 0.5%"])
def test_what_is_no_takers_fee_is_none(fee: str) -> None:
    assert understand(f"{BASE} {fee}").fee_pct is None


def test_of_two_margins_both_are_offered() -> None:
    reading = understand(f"{BASE} 500 or 600 margin")
    (other,) = reading.alternatives
    offered = [(each.parsed.positions or ())[0].margin for each in (reading, other)]
    assert offered == [Decimal(600), Decimal(500)]


@pytest.mark.parametrize("head", ["buy 0.5 more btc at 60000", "what if i buy 0.5 btc at 60000"])
def test_the_price_of_a_trade_before_a_colon_is_not_the_entry_behind_it(head: str) -> None:
    reading = understand(f"{head}: long 0.5 btc 64k 20x, wallet 10k")
    position = (reading.parsed.positions or ())[0]
    assert (position.qty, position.entry) == (Decimal("0.5"), Decimal(64000))
    assert reading.parsed.marks is None
    assert reading.unread == (head,)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("long eth 3200 10x since 2024", 3200),
        ("lost 2000 last week, now short eth 3200 10x", 3200),
        ("I'm up 500 on my long, entry was 3200 eth, 10x lev, wallet has 2k", 3200),
        ("BTC 4h chart, RSI 70, long 64000 20x", 64000),
        ("#1 pick: long btc 64000 20x", 64000),
        ("btc is up 500, long 64k 20x", 64000),
        ("made 300 usdt yesterday. long btc 64k 20x", 64000),
    ],
)
def test_figures_of_talk_are_no_part_of_the_trade(text: str, entry: int) -> None:
    reading = understand(text)
    (position,) = reading.parsed.positions or ()
    assert (reading.kind, position.entry, position.qty, position.margin) == ("position", Decimal(entry), None, None)


def test_money_behind_targets_is_no_target() -> None:
    (position,) = understand("ETH at 3200, 10x long, target 3.5k, 100$ in").parsed.positions or ()
    assert (position.entry, position.margin) == (Decimal(3200), Decimal(100))


@pytest.mark.parametrize(
    "text",
    [
        "/whatif long 0.5 btc 64k 20x btc -10%",
        "long 0.5 btc 64k 20x btc -10%",
        "what if btc -10% long 0.5 btc 64k 20x",
        "/whatif btc -10% long 0.5 btc 64k 20x",
    ],
)
def test_a_move_beside_a_trade_needs_no_comma(text: str) -> None:
    reading = understand(text)
    assert reading.kind == "whatif"
    assert [(shock.target, shock.pct) for shock in reading.parsed.shocks or ()] == [("BTC", Decimal(-10))]
    assert [position.qty for position in reading.parsed.positions or ()] == [Decimal("0.5")]


@pytest.mark.parametrize(
    "text", ["short 0.5 btc 95k 10x iso, add 2k then price +15%", "short 0.5 btc 95k 10x iso, add 2k, price now 95k"]
)
def test_an_amount_before_the_word_price_is_no_price_that_the_coin_never_had(text: str) -> None:
    reading = understand(text)
    assert reading.parsed.amount == Decimal(2000) or reading.changes[0].amount == Decimal(2000)
    assert Decimal(2000) not in (reading.parsed.marks or {}).values()


@pytest.mark.parametrize("joint", ["plus", "and", "add", "+"])
@pytest.mark.parametrize("mode", ["iso", "cross"])
def test_a_mode_between_two_fills_does_not_part_them(joint: str, mode: str) -> None:
    slots = _only(f"long 0.5 btc 90k 10x {mode} {joint} 0.5 at 80k")
    assert slots.qty == Decimal(1)
    assert slots.entry == Decimal(90_000 + 80_000) / 2


def test_w_before_an_amount_is_with_and_not_the_coin_of_that_name() -> None:
    for text in ("sol long 25x at 150 w 1k", "sol long 25x at 150 with 1k"):
        assert _said(text, "qty", "margin") == [None, 1000]


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("hyperliquid hype long 400 @ 42.1 5x iso", "hyperliquid"),
        ("long 400 hype 42.1 5x hyperliquid", "hyperliquid"),
        ("dydx dydx long 400 @ 1.1 5x", "dydx"),
        ("long hyperliquid 400 @ 42.1 5x", None),
    ],
)
def test_an_exchange_named_beside_its_own_coin_is_the_place(text: str, venue: str | None) -> None:
    assert understand(text).parsed.venue == venue


@pytest.mark.parametrize(
    "text", ["long btc 20x 500 at 64k", "long btc 500 at 64k 20x", "long 500 @ 64k btc 20x", "long btc 500 64k 20x"]
)
def test_coins_that_nobody_trades_before_a_price_are_money(text: str) -> None:
    # 500 BTC at 64,000 would be worth 32,000,000.
    assert _said(text, "qty", "margin", "entry") == [None, 500, 64_000]


@pytest.mark.parametrize(("text", "coins"), [("long doge 50000 at 0.12 20x", 50_000), ("long 12 at 64k btc 10x", 12)])
def test_coins_before_a_price_stay_coins(text: str, coins: int) -> None:
    assert _said(text, "qty", "margin") == [coins, None]


@pytest.mark.parametrize(
    "text",
    [
        "25x link long $5000 position avg 14.2 isolated",
        "link long 5k position 14.2 25x iso",
        "25x link long 5000$ pos size 14.2 iso",
        "whats the liq of my 5k position, link long 14.2 25x iso",
        "link long 14.2 25x iso, 200$ margin 5k position",
    ],
)
def test_money_before_the_word_position_is_what_it_is_worth(text: str) -> None:
    assert _said(text, "notional", "entry", "qty") == [5_000, Decimal("14.2"), None]


@pytest.mark.parametrize("text", ["btc long 64k position 10x 500 margin", "btc 64k position long 10x 500 margin"])
def test_a_price_before_the_word_position_stays_the_price(text: str) -> None:
    assert _said(text, "entry", "margin", "notional") == [64_000, 500, None]


@pytest.mark.parametrize("part", ["50%", "half"])
@pytest.mark.parametrize("at", ["at", "@"])
@pytest.mark.parametrize(
    ("trade", "entry", "price"),
    [("long 2000 sui 3.4 10x", Decimal("3.4"), "3.6"), ("long 0.5 btc 64k 20x", Decimal(64_000), "66000")],
)
def test_a_target_for_a_part_is_no_entry_and_the_part_is_named(
    part: str, at: str, trade: str, entry: Decimal, price: str
) -> None:
    reading = understand(f"{trade} cross wallet 2k, tp {part} {at} {price}")
    (slots,) = reading.parsed.positions or ()
    assert slots.entry == entry
    assert reading.plan == (f"target {price}",)
    assert reading.unread == (part,)
