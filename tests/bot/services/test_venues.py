"""Every venue by its own rules: what a message leads to, against figures that the venues or others published."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ask import answer_one
from bot.services.answers import answered_by, with_answer
from bot.services.checking import Worked, work_out
from bot.services.question import Leg, Question, question_of
from bot.services.symbols import IN_ORDER, coin_of, listing_of, venues_with
from bot.understanding.understand import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def worked(text: str) -> Worked:
    question = question_of(understand(text), now=NOW)
    assert isinstance(question, Question)
    return work_out(question, now=NOW)


def figure(text: str, name: str, *, half: str = "isolated") -> D:
    """One figure of the first position in the JSON of `marginbot ask`."""
    value = answer_one(text, now=NOW)["results"]["compare"][half]["positions"][0][name]
    assert isinstance(value, str)
    return D(value)


def test_an_inverse_contract_of_bybit_is_counted_in_its_coin() -> None:
    # Bybit's help page: short 60,000 USD at 50,000, 10x: value 1.2 BTC, initial margin 0.12 BTC before the closing fee
    # of 1.2 x (1 - 0.1) x 0.055 %, which its rules set aside with it.
    text = "bybit inverse short btc 60000 usd notional entry 50000 10x wallet 100 btc"
    assert figure(text, "notional") == D("1.2")
    assert figure(text, "initial_margin") == D("0.12") + D("1.08") * D("0.00055")
    assert worked(text).view.settle == "BTC"


def test_okx_liquidates_an_inverse_position_where_its_own_answer_says() -> None:
    # A position of 27 April 2021 as OKX reports it (copied by JKorf/OKX.Net): 1 contract of 10 USD, 2352.84966818.
    text = "okx eth-usd-swap long 1 contract 2566.31 10x isolated margin 0.0003896645377994 eth"
    assert abs(figure(text, "liquidation_price") / D("2352.8496681818233") - 1) < D("1e-5")


def test_okx_counts_its_closing_fee_and_its_contracts() -> None:
    # 50 x 0.01 BTC at 64,000, 10x: (q E - q E / L) / (q (1 - 0.004 - 0.0005)) = 57,600 / 0.9955
    text = "okx 50 contracts btc-usdt-swap long 64000 10x isolated"
    assert abs(figure(text, "liquidation_price") - D(57600) / D("0.9955")) < D("1e-6")


def test_gate_values_a_contract_of_a_ten_thousandth_bitcoin() -> None:
    # ccxt's sample of Gate: 0.0001 BTC at 46,051.6 are worth 4.60516 USDT.
    text = "gate btc long 1 contract entry 46051.6 10x isolated"
    assert figure(text, "notional") == D("4.60516")


def test_primexbt_needs_the_margin_of_its_own_example_and_its_rate_is_called_assumed() -> None:
    # primexbt.help, margin call and liquidation: 1 BTC at 67,000 and 200x takes 335.
    text = "primexbt long 1 btc 67000 200x wallet 1000"
    assert figure(text, "initial_margin") == D(335)
    assert "Maintenance rate: 0.5%, assumed." in answer_one(text, now=NOW)["reply"]


def test_binance_coin_m_takes_the_rate_of_its_own_example() -> None:
    # Binance's FAQ: 100 contracts of 100 USD at 25,000 are 0.4 BTC and require 0.0016 BTC.
    text = "coin-m long 100 contracts btc 25000 1x cross wallet 1 btc"
    assert figure(text, "notional", half="cross") == D("0.4")
    assert figure(text, "maintenance_margin", half="cross") == D("0.0016")
    assert any(entry.startswith("tiers: 0.4% is assumed") for entry in answer_one(text, now=NOW)["assumed"])


def test_bitmex_quanto_takes_the_rate_that_was_typed() -> None:
    question = question_of(understand("long 1000 contracts ethusd bitmex 3000 10x isolated"), now=NOW)
    assert isinstance(question, Question)
    asked = work_out(question, now=NOW).view.asked
    assert asked is not None
    assert asked.slot == "venue"
    answer = answered_by("0.7%", slot="venue", question=question, leg=0, now=NOW)
    assert answer is not None
    leg = work_out(with_answer(question, answer, leg=0), now=NOW).view.legs[0]
    assert leg.isolated is not None
    assert leg.isolated.margin == D("0.3")  # 1,000 x 0.000001 x 3,000 / 10
    price = leg.isolated.liquidation_price
    assert price is not None
    # 0.9 x 3,000 / (1 - 0.007 - 0.0005)
    assert abs(price - D(2700) / D("0.9925")) < D("1e-6")


def test_a_wallet_in_dollars_behind_a_coin_is_converted_and_said_to_be() -> None:
    answer = answer_one("coin-m long 50 contracts btc 64k 10x wallet 5k", now=NOW)
    assert "Cross with 0.078125 BTC" in answer["reply"]  # 5,000 / 64,000
    assert any(entry.startswith("wallet: 5,000 USD at 64,000 is 0.078125 BTC") for entry in answer["assumed"])


def test_two_settle_assets_need_two_wallets() -> None:
    question = Question(
        legs=(
            Leg(coin="BTC", side="long", notional=D(10000), entry=D(60000), leverage=D(10), contract="inverse"),
            Leg(
                coin="ETH", side="short", notional=D(3000), entry=D(3000), leverage=D(5), contract="inverse",
                rate=D("0.01"),
            ),
        ),
        wallet=D("0.1"),
        wallet_asset="BTC",
        venue="bybit",
    )  # fmt: skip
    asked = work_out(question, now=NOW).view.asked
    assert asked is not None
    assert (asked.slot, asked.leg, asked.asset) == ("wallet", 1, "ETH")
    answer = answered_by("2", slot="wallet", question=question, leg=1, now=NOW)
    assert answer is not None
    answered = work_out(with_answer(question, answer, leg=1), now=NOW)
    assert answered.view.wallets == (("BTC", D("0.1")), ("ETH", D(2)))
    assert answered.halves.cross is not None
    assert [pool.id for pool in answered.halves.cross.pools] == ["cross:BTC", "cross:ETH"]


def test_coins_back_a_pooled_account_after_a_haircut() -> None:
    # equity at P: 0.05 x P x 0.95 + 2,000 + (P - 61,000); requirement: 0.005 P; no leverage, no closing fee
    view = worked("bybit uta cross: 1 btc long 61000 1x, balance 0.05 btc + 2000 usdt").view
    assert view.pooled
    figures = view.legs[0].cross
    assert figures is not None
    assert figures.liquidation_price is not None
    expected = (D(61000) - D(2000)) / (1 + D("0.0475") - D("0.005"))
    assert abs(figures.liquidation_price - expected) < D("0.001")


def test_what_a_coin_in_the_account_backs_is_asked() -> None:
    asked = worked("long 1 btc 64k 10x wallet 0.5 btc").view.asked
    assert asked is not None
    assert (asked.slot, asked.choices, asked.asset) == ("collateral", ("inverse", "multi"), "BTC")
    asked = worked("long 1 eth 3k 10x cross multi-asset wallet 0.5 btc").view.asked
    assert asked is not None
    assert (asked.slot, asked.asset) == ("coin_price", "BTC")


@pytest.mark.parametrize("text", ["bybit long 2 eth 3200 10x", "okx short 3 sol 150 10x", "coin-m long eth 3k 10x"])
def test_a_coin_without_tiers_is_not_answered_by_another_venue(text: str) -> None:
    answer = answer_one(text, now=NOW)
    assert answer["results"] is None
    assert answer["missing"][0].startswith("venue: ")
    assert answer["reply"].startswith("I have no tier table of ")


def test_the_venues_that_have_a_coin_are_offered_with_binance_first() -> None:
    assert venues_with("ETH", "linear")[:2] == ("binance-usdm", "hyperliquid")
    assert venues_with("BTC", "inverse") == ("bybit", "bitmex", "kraken-futures", "binance-coinm")


@pytest.mark.parametrize(
    ("symbol", "coin"),
    [
        ("BTCUSDT", "BTC"),
        ("1000PEPEUSDT", "1000PEPE"),
        ("BTC-USDT-SWAP", "BTC"),
        ("XBTUSD", "BTC"),
        ("PI_XBTUSD", "BTC"),
        ("BTC_USDC-PERPETUAL", "BTC"),
        ("ETHUSD_PERP", "ETH"),
        ("kPEPE", "kPEPE"),
        ("SOL", "SOL"),
    ],
)
def test_a_contracts_name_tells_its_coin(symbol: str, coin: str) -> None:
    assert coin_of(symbol) == coin


def test_lots_are_those_of_the_venue() -> None:
    binance, hyperliquid = listing_of("PEPE"), listing_of("PEPE", "hyperliquid")
    assert binance is not None
    assert hyperliquid is not None
    assert (binance.symbol, binance.per) == ("1000PEPEUSDT", 1000)
    assert (hyperliquid.symbol, hyperliquid.per, hyperliquid.settle) == ("kPEPE", 1000, "USDC")


@given(
    venue=st.sampled_from((*IN_ORDER, "bitget", None)),
    coin=st.sampled_from(("BTC", "ETH", "SOL", "PEPE", "NOSUCHCOIN")),
    contract=st.sampled_from((None, "linear", "inverse", "quanto")),
    size=st.sampled_from(("quantity", "notional", "margin", "contracts", None)),
    margin_asset=st.sampled_from((None, "BTC", "ETH")),
    wallet=st.sampled_from((None, D("0.5"), D(10000))),
    wallet_asset=st.sampled_from((None, "USDT", "BTC", "ETH", "USDC")),
    pooled=st.sampled_from((None, True)),
)
def test_no_question_breaks_and_amounts_stand_in_the_settle_asset(
    venue: str | None,
    coin: str,
    contract: str | None,
    size: str | None,
    margin_asset: str | None,
    wallet: D | None,
    wallet_asset: str | None,
    pooled: bool | None,
) -> None:
    leg = Leg.model_validate(
        {
            "coin": coin,
            "side": "long",
            "entry": D(3000),
            "leverage": D(10),
            "contract": contract,
            "margin_asset": margin_asset if size == "margin" else None,
            **({size: D("1.5")} if size else {}),
        }
    )
    question = Question(legs=(leg,), venue=venue, wallet=wallet, wallet_asset=wallet_asset, pooled=pooled)
    answer = work_out(question, now=NOW)
    assert answer.answered or answer.view.asked is not None or answer.view.isolated_trouble is not None
    for half in (answer.halves.isolated, answer.halves.cross):
        assert half is None or not half.pools or half.venue == question.rules
    for ready in answer.legs:
        assert ready.listing.venue == question.rules


def test_primexbt_says_that_a_lower_leverage_closes_earlier() -> None:
    # It closes at 100 % of the used initial margin, counted here at 200x: 0.5 % (docs/sources.md: primexbt-help).
    answer = worked("long 1 BTC 64000 20x primexbt")
    assert "closes_earlier" in {note.name for note in answer.view.remarks}
