"""The comparison's figures, with visible arithmetic."""

from decimal import Decimal
from typing import Any

import pytest

from bot.rendering.compare_views import CompareView, SwitchView
from bot.services.comparing import Compared, compare_results, compared, open_to_both
from bot.services.question import Leg, Question
from bot.services.subject import Subject, subject_of_portfolio, subject_of_question
from bot.services.switching import switched
from bot.storage.portfolios import Mark, Portfolio, SavedPosition
from bot.understanding.readings import Shock
from tests.bot.flows.talk import NOON

D = Decimal
BTC = Leg(coin="BTC", side="long", quantity=D("0.5"), entry=D(64000), leverage=D(20))
SOL = Leg(coin="SOL", side="short", quantity=D(50), entry=D(150), leverage=D(10))


def subject(*legs: Leg, wallet: int | None = 10000) -> Subject:
    question = Question(legs=legs or (BTC,), wallet=D(wallet) if wallet is not None else None)
    return subject_of_question(open_to_both(question), now=NOON)


def view(*legs: Leg, wallet: int | None = 10000, **asked: Any) -> CompareView:
    return compared(subject(*legs, wallet=wallet), **asked).view


def saved(identity: str, symbol: str, mode: Any, **slots: Any) -> SavedPosition:
    return SavedPosition(id=identity, symbol=symbol, margin_mode=mode, saved_at=NOON, **slots)


ACCOUNT = Portfolio(
    wallet={"USDT": D(10000)},
    positions=(
        saved("a", "BTCUSDT", "isolated", side="long", quantity=D("0.5"), entry_price=D(64000), leverage=D(20)),
        saved("b", "ETHUSDT", "cross", side="short", quantity=D(4), entry_price=D(3200), leverage=D(10)),
    ),
)


def test_isolated_can_lose_its_margin_and_cross_the_wallet() -> None:
    sums = view().sums
    # 0.5 x 64,000 / 20 = 1,600; what is free beside it is 10,000 - 1,600 in either mode.
    assert (sums["isolated"].loss, sums["isolated"].free) == (D(1600), D(8400))
    assert (sums["cross"].loss, sums["cross"].free) == (D(10000), D(8400))
    assert "given" not in sums


def test_a_fall_of_ten_percent_takes_the_isolated_margin_and_only_the_loss_in_cross() -> None:
    moves = view().moves
    assert [move.parts[0].fraction for move in moves] == [D("-0.1"), D("-0.2"), D("-0.3")]
    ten = moves[0].left
    # Isolated dies at -4.6 % and loses 1,600; in cross 0.5 x 6,400 = 3,200 are lost and it lives.
    assert (ten["isolated"].equity, ten["isolated"].dead) == (D(8400), ("p1",))
    assert (ten["cross"].equity, ten["cross"].dead) == (D(6800), ())


def test_a_short_is_looked_at_in_rises_and_a_hedge_on_both_sides() -> None:
    assert [move.parts[0].fraction for move in view(SOL).moves] == [D("0.1"), D("0.2"), D("0.3")]
    assert [move.parts[0].fraction for move in view(BTC, SOL).moves] == [D("-0.2"), D("-0.1"), D("0.1"), D("0.2")]


def test_cross_leaves_more_from_the_isolated_death_until_the_loss_is_the_margin() -> None:
    falls = view().falls
    assert falls is not None
    # Isolated dies at 61,044.18 = -4.618 % having lost all 1,600; the loss in cross is 1,600 at -1,600 / 32,000 = -5 %.
    assert [even.better for even in falls] == ["cross", "isolated"]
    assert falls[0].at == pytest.approx(D(30400) / D("0.498") / 64000 - 1)
    assert falls[1].at == D("-0.05")
    assert view().rises == ()


def test_ones_own_move_takes_the_place_of_the_usual_ones() -> None:
    leg = BTC.model_copy(update={"quantity": D(1), "leverage": D(10)})
    [move] = view(leg, shocks=(Shock(target="BTC", price=D(55000)),)).moves
    assert move.asked
    # 1 BTC from 64,000 to 55,000 loses 9,000 of 10,000; isolated dies at 57,831.4 and loses its 6,400.
    assert move.left["cross"].equity == D(1000)
    assert move.left["isolated"].equity == D(3600)


def test_a_move_of_another_coin_or_without_a_figure_is_said_not_to_be_followed() -> None:
    for shock in (Shock(target="DOGE", pct=D(-10)), Shock(target="BTC", named="2020-03-12"), Shock(target="ALL")):
        found = view(shocks=(shock,))
        assert [note.name for note in found.check.remarks] == ["move_not_here"]
        assert len(found.moves) == 3


def test_a_move_of_the_alts_leaves_bitcoin_where_it_is() -> None:
    [move] = view(BTC, SOL, shocks=(Shock(target="ALTS", pct=D(10)),)).moves
    # SOL short 50 at 150: +10 % costs 750 in cross.
    assert move.left["cross"].equity == D(9250)


def test_isolated_that_the_wallet_cannot_pay_is_refused_and_cross_is_shown() -> None:
    found = view(wallet=1000)
    assert list(found.sums) == ["cross"]
    assert found.check.isolated_trouble is not None
    assert found.check.isolated_trouble.name == "isolated_above_wallet"
    assert found.falls is None


def test_without_a_wallet_only_the_isolated_half_is_told_and_the_wallet_is_asked() -> None:
    found = compared(subject(wallet=None))
    assert not found.view.compared
    assert found.view.check.asked is not None
    assert found.view.check.asked.slot == "wallet"
    results = compare_results(found)
    assert results is not None
    assert results["compare"]["cross"] is None
    assert results["compare"]["cross_reason"]


def test_a_position_that_was_said_to_be_cross_is_compared_as_well() -> None:
    crossed = BTC.model_copy(update={"mode": "cross"})
    assert set(view(crossed).sums) == {"isolated", "cross"}


def test_mixed_modes_have_a_third_column_as_given() -> None:
    found = compared(subject_of_portfolio(ACCOUNT, now=NOON)).view
    assert set(found.sums) == {"isolated", "cross", "given"}
    # As given: the margin of the BTC position, 1,600, and the pool of the rest, 8,400.
    assert found.sums["given"].loss == D(10000)
    # All isolated: 1,600 + 4 x 3,200 / 10 = 2,880.
    assert found.sums["isolated"].loss == D(2880)


def test_the_isolated_leverage_that_is_liquidated_where_cross_is() -> None:
    [equal] = view(equal_of="BTC").equal
    # An isolated margin of all 10,000 gives the price of cross: 32,000 / 10,000.
    assert equal.leverage == pytest.approx(D("3.2"))


def preview(found: Compared | None = None, identity: str = "p1", **kind: Any) -> SwitchView:
    shown = switched(found.subject if found and found.subject else subject(), identity, **kind)
    assert shown is not None
    return shown


def test_the_preview_of_a_switch_has_both_prices_and_the_venues_rule() -> None:
    shown = preview()
    assert (shown.start, shown.end, shown.stated, shown.permission) == ("isolated", "cross", False, "refused")
    assert shown.leg.isolated is not None
    assert shown.leg.cross is not None
    assert shown.leg.isolated.liquidation_price == pytest.approx(D(30400) / D("0.498"))
    assert shown.leg.cross.liquidation_price == pytest.approx(D(22000) / D("0.498"))
    assert "-4048" in shown.rule
    assert shown.dead == ()


def test_a_switch_to_isolated_below_its_new_price_is_liquidated_at_once() -> None:
    priced = Portfolio(
        wallet={"USDT": D(10000)},
        positions=(
            saved("a", "BTCUSDT", "cross", side="long", quantity=D("0.5"), entry_price=D(64000), leverage=D(20)),
        ),
        marks={"BTCUSDT": Mark(price=D(61000), given_at=NOON)},
    )
    shown = preview(compared(subject_of_portfolio(priced, now=NOON)), "a")
    # At 61,000 the loss is 1,500 of 1,600; the rest, 100, is below 0.4 % of 30,500 = 122.
    assert shown.dead == (("BTC", "long"),)


def test_a_switch_that_cannot_be_paid_says_what_is_free() -> None:
    shown = preview(compared(subject(wallet=1000)), start="cross")
    assert shown.refusal is not None
    assert shown.refusal.name == "switch_unaffordable"
    assert shown.refusal.facts["free"] == D(0)


def test_a_position_that_is_not_there_has_no_preview() -> None:
    assert switched(subject(), "zzz") is None
