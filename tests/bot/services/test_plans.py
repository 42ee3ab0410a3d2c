"""Stops, targets and fees: what each leaves, and what is said when a liquidation comes first."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest

from bot.rendering.check_screen import card_text
from bot.rendering.verdict import Tongue
from bot.rendering.views import PlanView
from bot.services.answers import Answer, answered_by, said_aside, with_answer
from bot.services.checking import Worked, work_out
from bot.services.question import Leg, Question, plan_price, question_of
from bot.understanding.understand import understand

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG = Leg(coin="BTC", side="long", quantity=D("0.5"), entry=D(64000), leverage=D(20))


def asked(text: str) -> Question:
    question = question_of(understand(text), now=NOW)
    assert isinstance(question, Question)
    return question


def worked(leg: Leg, *, wallet: int | None = None, fee: str | None = None) -> Worked:
    rate = D(fee) if fee else None
    return work_out(Question(legs=(leg,), wallet=D(wallet) if wallet else None, fee_rate=rate), now=NOW)


def plan_of(answer: Worked) -> PlanView:
    plan = answer.view.legs[0].plan
    assert plan is not None
    return plan


def planned(**changes: D) -> Leg:
    return LONG.model_copy(update=changes)


def test_a_stop_and_a_target_leave_what_the_prices_say() -> None:
    plan = plan_of(worked(planned(stop=D(61500), target=D(70000))))
    assert plan.stop is not None
    assert plan.target is not None
    assert plan.stop.result == D("0.5") * (61500 - 64000)
    assert plan.target.result == D("0.5") * (70000 - 64000)
    assert plan.target.on_margin == D(3000) / D(1600)
    assert plan.reward_to_risk == D(3000) / D(1250)


def test_fees_are_paid_on_both_ways_and_move_the_break_even() -> None:
    plan = plan_of(worked(planned(stop=D(61500), target=D(70000)), fee="0.0005"))
    assert plan.target is not None
    assert plan.target.result == 3000 - D("0.0005") * (32000 + 35000)
    # 64,000 x (1 + 0.0005) / (1 - 0.0005)
    assert plan.break_even is not None
    assert abs(plan.break_even - D(64000) * D("1.0005") / D("0.9995")) < D("1e-9")


def test_the_fee_of_the_entry_has_left_the_cross_wallet() -> None:
    figures = worked(LONG, wallet=10000, fee="0.0005").view.legs[0].cross
    assert figures is not None
    assert figures.liquidation_price is not None
    # (32,000 - (10,000 - 16)) / (0.5 x 0.996)
    assert abs(figures.liquidation_price - D(22016) / D("0.498")) < D("1e-6")


def test_a_stop_behind_the_liquidation_price_is_said_first_and_its_result_is_not_promised() -> None:
    answer = worked(planned(stop=D(60000), target=D(70000)))
    plan = plan_of(answer)
    assert plan.stop is not None
    assert plan.stop.out_of_reach
    assert plan.reward_to_risk is None
    text = str(card_text(answer.view, Tongue.of("en")))
    assert text.startswith("<b>⚠ Isolated: liquidated before the stop at 60,000.</b>")
    assert "−2,000" not in text


def test_a_stop_that_only_cross_lives_to_see_is_told_by_mode() -> None:
    plan = plan_of(worked(planned(stop=D(60000), target=D(70000)), wallet=10000))
    assert plan.stop is not None
    assert plan.stop.dies_before == ("isolated",)
    assert not plan.stop.out_of_reach
    assert plan.reward_to_risk == D("1.5")


def test_without_a_size_only_the_return_is_known() -> None:
    plan = plan_of(worked(LONG.model_copy(update={"quantity": None, "stop": D(62000)})))
    assert plan.stop is not None
    assert plan.stop.result is None
    assert plan.stop.on_margin == D(-2000) / D(64000) * 20


def test_an_inverse_plan_is_counted_in_the_coin() -> None:
    leg = Leg(
        coin="BTC", side="long", notional=D(5000), entry=D(64000), leverage=D(10), contract="inverse", target=D(70000)
    )
    plan = plan_of(work_out(Question(legs=(leg,)), now=NOW))
    assert plan.target is not None
    assert plan.target.result is not None
    assert abs(plan.target.result - (D(5000) / 64000 - D(5000) / 70000)) < D("1e-12")


def test_the_first_target_of_a_message_is_used_and_the_others_are_named() -> None:
    question = asked("long 0.5 btc 64k 20x sl 61.5k tp 66k tp 68k")
    assert (question.legs[0].stop, question.legs[0].target) == (D(61500), D(66000))
    assert question.plan == ("target 68000",)


@pytest.mark.parametrize(
    ("name", "value", "side", "price"),
    [
        ("stop", "5%", "long", D(60800)),
        ("stop", "5%", "short", D(67200)),
        ("target", "5%", "long", D(67200)),
        ("target", "5%", "short", D(60800)),
        ("stop", "61500", "long", D(61500)),
        ("stop", "?", "long", None),
    ],
)
def test_percentages_count_from_the_entry(name: str, value: str, side: str, price: D | None) -> None:
    leg = LONG.model_copy(update={"side": side})
    assert plan_price(name, value, leg) == price


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sl 61.5k tp 70k", Answer(said=Leg(stop=D(61500), target=D(70000)))),
        ("stop loss at 5%", Answer(said=Leg(stop=D(60800)))),
        ("fees 0.05%", Answer(fee_rate=D("0.0005"))),
        ("on bybit", Answer(venue="bybit")),
        ("sl 61k and sl 60k", None),
        ("hello stop 61k", None),
        ("fees 5%", None),
    ],
)
def test_what_is_said_aside_changes_its_slot_or_nothing(text: str, answer: Answer | None) -> None:
    assert said_aside(text, question=Question(legs=(LONG,)), leg=0) == answer


@pytest.mark.parametrize(("slot", "text"), [("stop", "none"), ("target", "off"), ("fees", "0.06%"), ("fees", "none")])
def test_goals_and_fees_are_typed_and_taken_away(slot: str, text: str) -> None:
    question = Question(legs=(planned(stop=D(61500), target=D(70000)),), fee_rate=D("0.0005"))
    answer = answered_by(text, slot=slot, question=question, leg=0, now=NOW)  # type: ignore[arg-type]
    assert answer is not None
    changed = with_answer(question, answer, leg=0)
    expected = {"stop": None, "target": None, "fees": None if text == "none" else D("0.0006")}[slot]
    assert (changed.fee_rate if slot == "fees" else getattr(changed.legs[0], slot)) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("long 0.5 btc at 64k 10x iso stop 66k target 70k", "A stop at 66,000 is above entry: a long's"),
        ("long 0.5 btc at 64k 10x iso stop 62k target 63k", "A target at 63,000 is below entry: a long's"),
    ],
)
def test_a_stop_or_target_that_would_trigger_at_once_is_said_first(words: str, said: str) -> None:
    answer = work_out(asked(words), now=NOW)
    text = card_text(answer.view, Tongue.of("en"))
    assert said in text.split("\n", 1)[0]
    assert "Reward to risk" not in text


def test_a_shorts_target_above_its_price_is_said_first() -> None:
    short = planned(target=D(66000), stop=D(60000)).model_copy(update={"side": "short"})
    text = card_text(worked(short).view, Tongue.of("en"))
    assert "A stop at 60,000 is below entry: a short's would trigger at once." in text
    assert "A target at 66,000 is above entry: a short's would trigger at once." in text


def test_a_stop_that_secures_a_gain_is_on_the_right_side_of_the_price_now() -> None:
    question = asked("long 0.5 btc at 64k 10x iso stop 66k, btc now 68k")
    plan = plan_of(work_out(question, now=NOW))
    assert plan.stop is not None
    assert not plan.stop.wrong_side


def test_the_table_says_whose_stop_it_shows_where_one_mode_dies_before() -> None:
    answer = worked(planned(stop=D(60000)), wallet=20000)
    text = card_text(answer.view, Tongue.of("en"))
    assert "The stop is that of Cross: Isolated has lost its margin before it." in text
