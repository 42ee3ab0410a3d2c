"""What-ifs in visible arithmetic: long 0.5 BTC at 64,000, 20x, 10,000 USDT; maintenance 0.4 % of the notional."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.rendering.whatif_views import HalfView, WhatIfView
from bot.services.question import Question, question_of
from bot.services.scenario import Ladder, Scenario, Solve, Supposed, scenario_of
from bot.services.subject import Subject, subject_of_question
from bot.services.what_if_card import work_out
from bot.understanding.understand import understand

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE = "long 0.5 btc 64k 20x, wallet 10k"
TWO = "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x"


def subject(text: str) -> Subject:
    question = question_of(understand(text), now=NOON)
    assert isinstance(question, Question)
    return subject_of_question(question, now=NOON)


def looked(trade: str, text: str = "", *changes: Supposed) -> WhatIfView:
    scenario = scenario_of(understand(text)) if text else Scenario()
    return work_out(subject(trade), scenario.model_copy(update={"changes": changes or scenario.changes})).view


def half(view: WhatIfView, name: str) -> HalfView:
    return next(each for each in view.halves if each.partition == name)


def price_of(view: WhatIfView, name: str, number: int = 0) -> Decimal:
    price = half(view, name).left[number].figures.liquidation_price
    assert price is not None
    return price.quantize(Decimal("0.01"))


def test_isolated_loses_its_margin_where_cross_is_carried_by_the_wallet() -> None:
    view = looked(ONE, "btc -10")
    isolated, cross = half(view, "isolated"), half(view, "cross")
    assert [isolated.before, isolated.after, isolated.gone] == [10000, 8400, 1]  # 32,000 / 20 = 1,600 are lost
    assert [cross.before, cross.after, cross.gone] == [10000, 6800, 0]  # 0.5 x 6,400 = 3,200 are lost
    # (32,000 - 1,600) / (0.5 x 0.996) = 61,044.18, which is (64,000 - 61,044.18) / 6,400 of the way
    (fall,) = isolated.falls
    assert fall.at == pytest.approx(Decimal("0.46184"), abs=Decimal("1e-4"))
    assert fall.prices[0][1].quantize(Decimal("0.01")) == Decimal("61044.18")


def test_a_cross_account_goes_as_a_whole() -> None:
    view = looked(TWO, "btc -10 eth +80")
    cross = half(view, "cross")
    assert [cross.after, cross.gone, len(cross.falls)] == [0, 2, 1]  # 3,200 + 4 x 2,560 = 13,440 above the wallet
    assert {leg.coin for leg in cross.falls[0].legs} == {"BTC", "ETH"}


def test_what_stays_is_sorted_by_what_goes_first() -> None:
    left = half(looked(TWO, "btc -5"), "cross").left
    distances = [abs(each.figures.distance or Decimal(0)) for each in left]
    assert distances == sorted(distances)


def test_added_margin_counts_in_isolated_and_changes_nothing_in_cross() -> None:
    view = looked(ONE, "", Supposed(kind="margin", amount=Decimal(500)))
    assert price_of(view, "isolated") == Decimal("60040.16")  # (32,000 - 2,100) / 0.498
    assert price_of(view, "cross") == Decimal("44176.71")  # as before: (32,000 - 10,000) / 0.498
    assert "whatif_margin_in_cross" in [note.name for note in view.remarks]


def test_a_deposit_counts_in_cross_and_is_no_gain() -> None:
    view = looked(ONE, "", Supposed(kind="deposit", amount=Decimal(1000)))
    assert price_of(view, "cross") == Decimal("42168.67")  # (32,000 - 11,000) / 0.498
    assert price_of(view, "isolated") == Decimal("61044.18")
    assert [half(view, "cross").after, half(view, "cross").change] == [11000, 0]


def test_half_the_position_carries_half_the_loss() -> None:
    view = looked(ONE, "btc -10", Supposed(kind="close", amount=Decimal("0.5")))
    assert half(view, "cross").after == 8400  # 0.25 x 6,400 = 1,600 are lost
    assert price_of(view, "cross") == Decimal("24096.39")  # (16,000 - 10,000) / (0.25 x 0.996)


def test_leverage_moves_the_isolated_price_only() -> None:
    view = looked(ONE, "", Supposed(kind="leverage", amount=Decimal(10)))
    assert price_of(view, "isolated") == Decimal("57831.33")  # (32,000 - 3,200) / 0.498
    assert price_of(view, "cross") == Decimal("44176.71")


def test_money_that_is_not_there_is_counted_as_paid_in_and_named() -> None:
    view = looked("long 0.5 btc 64k 20x isolated", "", Supposed(kind="leverage", amount=Decimal(10)))
    assert half(view, "isolated").paid_in == 1600  # 3,200 instead of 1,600, and no wallet was told
    assert half(view, "isolated").change == 0
    assert "whatif_paid_in" in [note.name for note in view.remarks]


def test_funding_is_paid_three_times_a_day_at_the_price_now() -> None:
    view = looked(ONE, "", Supposed(kind="funding", amount=Decimal("0.05"), days=Decimal(3)))
    assert half(view, "cross").after == 9856  # 9 x 0.05 % of 32,000 = 144
    assert price_of(view, "isolated") == Decimal("61333.33")  # (32,000 - 1,456) / 0.498


def test_funding_that_eats_a_margin_ends_the_position() -> None:
    view = looked(ONE, "", Supposed(kind="funding", amount=Decimal("0.5"), days=Decimal(30)))
    assert half(view, "isolated").gone == 1  # 90 x 0.5 % of 32,000 = 14,400, and 1,600 are there
    assert half(view, "isolated").after == 8400
    assert half(view, "cross").gone == 1


def test_a_switch_shows_the_other_mode_first_with_the_venues_rule() -> None:
    view = looked(ONE, "", Supposed(kind="mode", mode="cross"))
    assert [each.partition for each in view.halves] == ["cross", "isolated"]
    assert any(note.name.startswith("whatif_switch_") for note in view.remarks)


def test_one_position_that_switches_makes_a_book_of_both_modes() -> None:
    view = looked(TWO, "", Supposed(kind="mode", coin="BTC", mode="isolated"))
    assert [each.partition for each in view.halves] == ["given", "cross", "isolated"]
    modes = {each.leg.coin: each.cross for each in half(view, "given").left}
    assert modes == {"BTC": False, "ETH": True}


def test_a_switch_to_cross_needs_the_wallet() -> None:
    view = looked("long 0.5 btc 64k 20x isolated", "", Supposed(kind="mode", mode="cross"))
    assert view.asked is not None
    assert view.asked.slot == "wallet"


def test_a_position_that_is_opened_stands_beside_the_others() -> None:
    view = looked(ONE, "if i also open short 2 eth 3200 and market drops 10%")
    cross = half(view, "cross")
    assert cross.after == 7440  # 10,000 - 3,200 + 2 x 320
    assert len(cross.left) == 2


def test_how_far_one_coin_may_go_alone() -> None:
    view = work_out(subject(TWO), Scenario(solve=(Solve(target="BTC", direction="down"),))).view
    (isolated,), (cross,) = half(view, "isolated").solved, half(view, "cross").solved
    assert isolated.price is not None
    assert isolated.price.quantize(Decimal("0.01")) == Decimal("57831.33")  # (32,000 - 3,200) / 0.498
    # 10,000 - 0.5 (64,000 - P) = 0.004 x 0.5 P + 0.004 x 4 x 3,200: P = (22,000 + 51.2) / 0.498
    assert cross.price is not None
    assert cross.price.quantize(Decimal("0.01")) == Decimal("44279.52")
    assert (cross.cross, isolated.cross) == (True, False)


def test_a_ladder_has_a_rung_for_every_step_of_its_range() -> None:
    scenario = Scenario(ladder=Ladder(target="BTC", low=Decimal(-20), high=Decimal(20)))
    view = work_out(subject(ONE), scenario).view
    assert [int(rung.percent) for rung in view.ladder] == [-20, -15, -10, -5, 0, 5, 10, 15, 20]
    assert [rung.equity["cross"] for rung in view.ladder][:3] == [3600, 5200, 6800]  # 10,000 - 0.5 x 64,000 x 20 %, ...
    assert [rung.equity["isolated"] for rung in view.ladder][:5] == [8400, 8400, 8400, 8400, 10000]


def test_without_a_wallet_the_isolated_half_is_answered_and_one_thing_asked() -> None:
    view = looked("short 2 eth 3200 20x", "eth +10")
    assert [each.partition for each in view.halves] == ["isolated"]
    assert [half(view, "isolated").change, view.wallet_known] == [-320, False]
    assert view.asked is not None
    assert view.asked.slot == "wallet"


def test_nothing_is_moved_by_a_move_that_cannot_be_meant() -> None:
    worked = work_out(subject(ONE), scenario_of(understand("btc -100%")))
    assert worked.refusal is not None
    assert [len(worked.view.moves), half(worked.view, "cross").after] == [0, 10000]
