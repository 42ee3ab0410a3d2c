"""A trade in a link or in words, and back: the same question, whatever it was, and nothing from a forged one."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.canonical import readings_of, words_of
from bot.services.question import GivenPrice, Leg, Question
from bot.services.trade_code import said_alone, trade_code, trade_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "understanding" / "golden"
numbers = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(10_000_000), places=4).map(Decimal.normalize)
plain = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(90_000), places=2)
leverages = st.integers(2, 100).map(Decimal)


@st.composite
def legs(draw: st.DrawFn) -> Leg:
    size = draw(st.sampled_from(("quantity", "notional", "margin", None)))
    return Leg(
        coin=draw(st.sampled_from(("BTC", "ETH", "SOL", "DOGE", "XRP"))),
        side=draw(st.sampled_from(("long", "short"))),
        entry=draw(plain),
        leverage=draw(leverages),
        mode=draw(st.sampled_from((None, "isolated", "cross"))),
        **({size: draw(plain)} if size else {}),
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    found = draw(st.lists(legs(), min_size=1, max_size=3, unique_by=lambda leg: leg.coin))
    wallet = draw(st.none() | plain)
    venue = draw(st.sampled_from((None, "bybit", "okx", "bitmex")))
    priced = draw(st.booleans())
    prices = {found[0].coin or "": GivenPrice(price=draw(plain), given_at=NOW)} if priced else {}
    return Question(legs=tuple(found), wallet=wallet, venue=venue, prices=prices)


@given(questions())
def test_a_link_brings_back_the_same_question_and_fits_telegrams_start(question: Question) -> None:
    code = trade_code(question)
    if code is None:  # too long: then there is no link, rather than half of one
        assert len(question.legs) > 1 or question.prices
        return
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", code)
    assert trade_of(code, now=NOW) == question


@given(questions())
def test_words_for_a_friend_read_back_as_the_same_question(question: Question) -> None:
    words = words_of(question, now=NOW)
    if words is not None:
        [read, *_] = readings_of(words, now=NOW)
        assert [leg.model_copy(update={"margin_taken": False}) for leg in read.legs] == list(question.legs)
        assert (read.wallet, read.venue) == (question.wallet, question.venue)
        assert {coin: each.price for coin, each in read.prices.items()} == {
            coin: each.price for coin, each in question.prices.items()
        }


def asked() -> list[Question]:
    """What the trades of the golden utterances ask."""
    rows = [
        row
        for name in ("utterances", "messages", "positions")
        for row in json.loads((GOLDEN / f"{name}.json").read_text())
    ]
    texts = [
        row["text"] for row in rows if row.get("kind", "position") == "position" and row["parsed"].get("positions")
    ]
    return [read[0] for text in texts if (read := readings_of(text, now=NOW)) and read[0].legs[0].coin]


def test_nearly_every_trade_that_people_write_can_be_sent_and_linked_to() -> None:
    found = asked()
    worded = [question for question in found if words_of(question, now=NOW) is not None]
    linked = [question for question in found if trade_code(question) is not None]
    assert len(found) > 200
    assert len(worded) / len(found) > 0.95
    assert len(linked) / len(found) > 0.95


def test_what_came_from_the_portfolio_and_the_settings_stays_at_home() -> None:
    leg = Leg(coin="BTC", side="long", quantity=Decimal("0.5"), entry=Decimal(64000), leverage=Decimal(20))
    question = Question(
        legs=(leg,), wallet=Decimal(77777), wallet_from="portfolio", venue="bybit", venue_from="settings"
    )
    assert trade_code(question) == "t1_lBTC_q0p5_e64000_x20"
    assert words_of(question, now=NOW) == "long 0.5 BTC 64000 20x"
    assert said_alone(question) == Question(legs=(leg,))


@pytest.mark.parametrize(
    "code",
    [
        "", "t1", "t1_", "t1__", "t2_lBTC_e64000", "t1_q5", "t1_lBTC_q5_q6", "t1_lBTC_w1_w2", "t1_lBTC_e-1",
        "t1_lBTC_e0",
        "t1_lBTC_e1p", "t1_lBTC_eNaN", "t1_lBTC_e1E9", "t1_lbtc", "t1_lBTC_V../x", "t1_lBTC_gBTC-1", "t1_lBTC_bETH",
        "t1_lBTC_gBTC-1-zzzzzzz", "t1_lBTC_?", "t1_lBTC_e64000_" + "w1" * 40, "t1_lBTC_i_o", "t1_lBTC_é", "t1_lBTC_e٣",
        "t1_" + "_".join(["lA"] * 9),
    ],
)  # fmt: skip
def test_a_forged_link_is_none(code: str) -> None:
    assert trade_of(code, now=NOW) is None


@given(st.text(alphabet="t1_lhzqnacvexstruwVWfbgyYAMQioLIK0123456789pBTCE-", max_size=64))
def test_whatever_a_link_says_it_is_read_or_refused_and_never_fails(text: str) -> None:
    question = trade_of("t1_" + text, now=NOW)
    if question is not None:
        assert 1 <= len(question.legs) <= 8
