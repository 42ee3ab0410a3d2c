"""Size from a stop, with visible arithmetic."""

from decimal import Decimal
from typing import Any

import pytest

from bot.services.fitting import Sized, size_results, sized_up
from bot.services.planning import Plan, missing, plan_of, tapped_slot, typed_slot
from bot.understanding.understand import understand
from tests.bot.flows.talk import NOON

D = Decimal
PLAN: dict[str, Any] = {"coin": "BTC", "side": "long", "entry": D(64000), "stop": D(62000), "risk": D(100)}


def found(**slots: Any) -> Sized:
    return sized_up(Plan(**{**PLAN, **slots}), now=NOON)


def test_the_size_is_the_risk_over_the_loss_of_one_coin() -> None:
    view = found().view
    assert view.quantity == D("0.05")  # 100 / (64,000 - 62,000)
    # Both fees inside: 100 / (2,000 + 0.0005 x 126,000).
    assert view.quantity_after_fees == pytest.approx(D(100) / D(2063))


def test_the_leverage_that_keeps_the_liquidation_beyond_the_stop() -> None:
    # Isolated margin at 62,000: q (64,000 - 62,000 x 0.996); L = 64,000 / 2,248.
    assert found().view.most_leverage == pytest.approx(D(64000) / D(2248))


def test_a_liquidation_before_the_stop_is_told_for_each_mode() -> None:
    halves = {half.mode: half.before_stop for half in found(leverage=D(50), wallet=D(5000)).view.halves}
    assert halves == {"isolated": True, "cross": False}
    # With 80 USDT the account is gone before 62,000: 80 - 0.05 x 2,000 < 0.
    halves = {half.mode: half.before_stop for half in found(leverage=D(50), wallet=D(80)).view.halves}
    assert halves == {"isolated": True, "cross": True}


def test_a_share_of_the_wallet_and_a_target() -> None:
    shown = found(
        risk=None, risk_share=D("0.01"), wallet=D(2500), entry=D(3100), stop=D(3000), target=D(3400), coin="ETH"
    )
    assert (shown.view.quantity, shown.view.reward) == (D("0.25"), D(75))
    ratio = found(reward_ratio=D(3))
    assert ratio.view.target == D(70000)  # 64,000 + 3 x 2,000


def test_without_an_entry_a_stop_in_percent_gives_the_value_of_the_position() -> None:
    shown = found(entry=None, stop=None, stop_share=D("0.02"), risk=D(40), coin="DOGE").view
    assert shown.notional == D(2000)
    assert shown.quantity is None
    assert shown.asked == "entry"


def test_the_leverage_for_a_liquidation_price() -> None:
    shown = found(stop=None, risk=None, bound=D(60000), solve="leverage").view
    # L = 64,000 / (64,000 - 60,000 x 0.996)
    assert shown.most_leverage == pytest.approx(D(64000) / D(4240))


def test_the_largest_size_in_cross_that_survives_a_fall() -> None:
    shown = found(stop=None, risk=None, survive=D("-0.25"), wallet=D(1000), solve="qty", entry=D(64000)).view
    # q x 64,000 x (0.25 + 0.75 x 0.004) = 1,000
    assert shown.quantity == pytest.approx(D(1000) / (64000 * D("0.253")))


def test_a_stop_on_the_winning_side_is_asked_again() -> None:
    view = found(stop=D(66000)).view
    assert [note.name for note in view.remarks] == ["stop_side"]
    assert view.asked == "stop"


def test_a_liquidation_price_on_the_winning_side_is_refused() -> None:
    view = found(stop=None, risk=None, bound=D(70000), solve="leverage").view
    assert view.solved == "none"
    assert [note.name for note in view.remarks] == ["bound_side"]


def test_the_stop_that_costs_the_risk() -> None:
    view = found(stop=None, margin=D(500), leverage=D(10), solve="stop").view
    # Size 5,000 / 64,000 = 0.078125; 100 / 0.078125 = 1,280 below.
    assert view.stop == D(62720)
    assert found(stop=None, solve="stop").view.solved == "none"


def test_what_is_missing_is_asked_in_order() -> None:
    plan = Plan()
    asked = []
    for slot, value in (("symbol", "BTC"), ("side", "long")):
        asked.append(missing(plan))
        plan = tapped_slot(plan, slot, value) or plan
    for slot, text in (("entry", "64k"), ("stop", "62k"), ("risk", "1%"), ("wallet", "5k")):
        asked.append(missing(plan))
        plan = typed_slot(plan, missing(plan) or "entry", text) or plan
        assert slot == asked[-1]
    assert asked == ["symbol", "side", "entry", "stop", "risk", "wallet"]
    assert missing(plan) is None


@pytest.mark.parametrize(("slot", "text"), [("stop", "soon"), ("risk", "0"), ("risk", "a lot"), ("entry", "-5")])
def test_an_answer_that_says_nothing_changes_nothing(slot: Any, text: str) -> None:
    assert typed_slot(Plan(coin="BTC", side="long"), slot, text) is None


@pytest.mark.parametrize("tap", [("risk", "50"), ("colour", "1"), ("leverage", "1000"), ("symbol", "<b>")])
def test_a_button_that_was_never_drawn_means_nothing(tap: tuple[str, str]) -> None:
    assert tapped_slot(Plan(), *tap) is None


def test_lots_of_a_thousand_are_counted_in_the_contracts_unit() -> None:
    plan = plan_of(understand("size pepe long 0.00001 stop 0.0000095 risk 50$"))
    assert isinstance(plan, Plan)
    assert (plan.coin, plan.entry, plan.stop) == ("1000PEPE", D("0.01"), D("0.0095"))
    assert sized_up(plan, now=NOON).view.quantity == D(100000)  # 50 / 0.0005


def test_results_carry_both_books_or_the_reason() -> None:
    plan = Plan(**PLAN, leverage=D(20), wallet=D(5000))
    results = size_results(sized_up(plan, now=NOON), plan)
    assert results is not None
    assert results["solution"]["quantity"] == "0.05"
    assert results["before"]["positions"] == []
    assert results["after"]["positions"][0]["notional"] == "3200"
    bare = Plan(**PLAN)
    results = size_results(sized_up(bare, now=NOON), bare)
    assert results is not None
    assert results["after"] is None
    assert results["after_reason"]
