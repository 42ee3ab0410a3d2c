"""Margin to add and parts to close, with visible arithmetic."""

from decimal import Decimal
from typing import Any

import pytest

from bot.rendering.act_screen import act_screen
from bot.rendering.verdict import Tongue
from bot.services.acting import Acted, act_results, acted
from bot.services.aims import Aim, typed_aim
from bot.services.question import Leg, Question
from bot.services.subject import Subject, subject_of_portfolio, subject_of_question
from bot.storage.portfolios import Mark, Portfolio, SavedContract, SavedPosition
from bot.understanding.readings import Option, Shock
from margin_engine import Survives, margin_to_add
from tests.bot.flows.talk import NOON

D = Decimal


def saved(identity: str, symbol: str, mode: Any, side: Any, quantity: str, entry: int, leverage: int) -> SavedPosition:
    return SavedPosition(
        id=identity,
        symbol=symbol,
        margin_mode=mode,
        side=side,
        quantity=D(quantity),
        entry_price=D(entry),
        leverage=D(leverage),
        saved_at=NOON,
    )


BTC = saved("a", "BTCUSDT", "isolated", "long", "0.5", 64000, 20)
ETH = saved("b", "ETHUSDT", "cross", "short", "4", 3200, 10)


def account(*positions: SavedPosition, wallet: int = 10000, **marks: int) -> Subject:
    prices = {symbol: Mark(price=D(price), given_at=NOON) for symbol, price in marks.items()}
    portfolio = Portfolio(wallet={"USDT": D(wallet)}, positions=positions, marks=prices)
    return subject_of_portfolio(portfolio, now=NOON)


def reached(subject: Subject, position: str = "", **aim: Any) -> Acted:
    return acted(subject, Aim(**aim), position=position)


def added(found: Acted) -> Decimal | None:
    return found.view.blocks[0].total


def test_a_distance_takes_the_margin_that_is_missing_at_that_price() -> None:
    found = reached(account(BTC, ETH), "a", distance=D("0.2"))
    # At 51,200: 0.5 x 64,000 - 0.5 x 51,200 x 0.996 = 6,502.4 are needed, 1,600 are there.
    assert added(found) == D("4902.40")
    after = found.view.blocks[0].needs[0].ways[0].after
    assert after is not None
    assert after.liquidation_price == D(51200)


def test_surviving_needs_a_cent_more_than_being_liquidated_there() -> None:
    found = reached(account(BTC), survive=D("-0.2"))
    assert added(found) == D("4902.41")


def test_a_liquidation_price_and_a_price_of_ones_own_move() -> None:
    # At 50,000: 32,000 - 25,000 x 0.996 = 7,100 are needed.
    assert added(reached(account(BTC), "a", price=D(50000))) == D(5500)
    assert added(reached(account(BTC), shocks=(Shock(target="BTC", price=D(50000)),))) == D("5500.01")


def test_a_goal_that_holds_needs_nothing() -> None:
    found = reached(account(BTC, ETH), survive=D("0.05"))
    assert added(found) == 0
    assert found.view.blocks[0].holds


def test_closing_part_of_an_isolated_position_is_impossible_with_the_engines_reason() -> None:
    [need] = reached(account(BTC), survive=D("-0.2")).view.blocks[0].needs
    assert [way.reason for way in need.impossible] == ["margin_leaves_too"]


def test_in_cross_a_part_is_closed_for_its_fee_which_comes_first() -> None:
    short = saved("b", "ETHUSDT", "cross", "short", "10", 3200, 10)
    [need] = reached(account(short, wallet=4000), survive=D("0.2")).view.blocks[0].needs
    close, add = need.ways
    assert (close.kind, add.kind) == ("close", "add")
    # At 3,840 one ETH has lost 640 and needs 15.36: 6,553.60 - 4,000 are missing. One closed costs 0.05 % of 3,200.
    assert close.value == pytest.approx(D("2553.6") / (D("655.36") - D("1.6")), abs=D("0.00001"))
    assert close.value is not None
    assert close.value > 10 - D(4000) / D("655.36")
    # The taker fee of 0.05 % on 3.90603 x 3,200.
    assert close.money == pytest.approx(D("0.0005") * 3200 * close.value)
    # 10 x 655.36 - 4,000 = 2,553.6, and a cent since the end of the move counts.
    assert add.value == D("2553.61")


def test_after_the_money_is_added_the_engine_says_that_the_goal_holds() -> None:
    found = reached(account(BTC, ETH), survive=D("-0.3"))
    assert found.after is not None
    assert margin_to_add(found.after, "a", Survives(shocks={"*": D("-0.3")})).value == 0


def test_a_margin_ratio_takes_the_requirement_over_the_ratio() -> None:
    # Maintenance 0.004 x 32,000 = 128; 128 / 0.05 = 2,560; 1,600 are there.
    assert added(reached(account(BTC), ratio=D("0.05"))) == D(960)
    # In cross a part does as well: 32,000 x 0.004 / 0.02 = 6,400 > 4,000, so 2,400 / (640 - the fee of 1.60).
    short = saved("b", "ETHUSDT", "cross", "short", "10", 3200, 10)
    [need] = reached(account(short, wallet=4000), ratio=D("0.02")).view.blocks[0].needs
    assert [(way.kind, way.value) for way in need.ways] == [("close", D("3.75940")), ("add", D(2400))]


def test_an_effective_leverage_takes_the_notional_over_it() -> None:
    # 32,000 / 10 = 3,200; 1,600 are there.
    assert added(reached(account(BTC), leverage=D(10))) == D(1600)


def test_every_pool_of_an_account_has_its_own_need() -> None:
    long_eth = saved("b", "ETHUSDT", "cross", "long", "40", 3200, 20)
    found = reached(account(BTC, long_eth), survive=D("-0.1"))
    modes = [(need.mode, need.holds) for need in found.view.blocks[0].needs]
    assert modes == [("isolated", False), ("cross", False)]
    assert found.after is not None
    for identity in ("a", "b"):
        assert margin_to_add(found.after, identity, Survives(shocks={"*": D("-0.1")})).value == 0


def test_a_trade_whose_mode_nobody_said_is_answered_in_both() -> None:
    leg = Leg(coin="BTC", side="long", quantity=D("0.5"), entry=D(64000), leverage=D(20))
    subject = subject_of_question(Question(legs=(leg,), wallet=D(10000)), now=NOON)
    isolated, cross = reached(subject, survive=D("-0.2")).view.blocks
    assert (isolated.name, cross.name) == ("isolated", "cross")
    assert (isolated.total, cross.total) == (D("4902.41"), D(0))


def test_a_named_amount_moves_the_isolated_price() -> None:
    [change] = acted(account(BTC, ETH), Aim(amount=D(500)), position="a").view.changes
    assert change.after is not None
    assert change.after.liquidation_price == pytest.approx((D(32000) - 2100) / D("0.498"))
    assert not change.outside


def test_an_amount_that_is_not_free_comes_from_outside() -> None:
    [change] = acted(account(BTC, wallet=1700), Aim(amount=D(500)), position="a").view.changes
    assert change.outside
    assert change.after is not None
    assert change.after.liquidation_price == pytest.approx((D(32000) - 2100) / D("0.498"))


def test_margin_in_use_cannot_be_taken_out_and_the_most_is_said() -> None:
    [change] = acted(account(BTC), Aim(amount=D(-500), check=D(60000)), position="a").view.changes
    assert change.refusal is not None
    assert change.refusal.facts == {"margin": D(0)}


def test_a_price_to_live_through_is_answered() -> None:
    for amount, alive in ((3000, True), (100, False)):
        [change] = acted(account(BTC), Aim(amount=D(amount), check=D(60000)), position="a").view.changes
        assert change.alive is alive


def test_two_options_stand_beside_each_other() -> None:
    aim = Aim(options=(Option(amount=D(500)), Option(reduce_qty=D("0.1"))))
    first, second = acted(account(BTC), aim, position="a").view.changes
    assert (first.kind, second.kind) == ("add", "close")


def test_the_most_that_can_be_taken_out_leaves_the_goal_alive() -> None:
    short = saved("b", "ETHUSDT", "cross", "short", "4", 3200, 10)
    found = acted(account(short, wallet=6000), Aim(withdraw=True, survive=D("0.3")))
    # Free: 6,000 - 1,280 = 4,720. At 4,160: 4 x 960 + 4 x 4,160 x 0.004 = 3,906.56 must stay: 2,093.43 may go.
    assert found.view.withdrawable == D("2093.43")
    assert acted(account(short, wallet=6000), Aim(withdraw=True)).view.withdrawable == D(4720)


def test_results_are_decimal_strings_and_null_has_a_reason() -> None:
    results = act_results(reached(account(BTC), survive=D("-0.2")))
    assert results is not None
    solution = results["solution"]
    assert solution["add_margin"] == "4902.41"
    closing = next(each for each in solution["options"] if each["kind"] == "close_quantity")
    assert closing["value"] is None
    assert closing["value_reason"] == "margin_leaves_too"
    assert results["before"]["pools"][0]["wallet_balance"] == "1600"
    assert results["after"]["pools"][0]["wallet_balance"] == "6502.41"


def test_nothing_is_answered_while_nothing_is_wanted() -> None:
    found = acted(account(BTC), Aim())
    assert found.view.asked
    assert act_results(found) is None


def test_a_typed_percentage_is_a_fall_of_a_long_book_and_a_rise_of_a_short_one() -> None:
    assert typed_aim("25", falls=True) == Aim(survive=D("-0.25"))
    assert typed_aim("25%", falls=False) == Aim(survive=D("0.25"))
    assert typed_aim("+10%", falls=True) == Aim(survive=D("0.1"))
    assert typed_aim("−30 %", falls=False) == Aim(survive=D("-0.3"))
    assert [typed_aim(text, falls=True) for text in ("100", "0", "lots", "-20 -30")] == [None] * 4


def test_the_price_now_is_where_the_way_begins() -> None:
    # At 62,000 the fall of 10 % ends at 55,800: 32,000 - 27,900 x 0.996 = 4,211.6 are needed.
    assert added(reached(account(BTC, BTCUSDT=62000), survive=D("-0.1"))) == D("2611.61")


def test_the_part_to_close_pays_its_own_fee() -> None:
    long = saved("a", "BTCUSDT", "cross", "long", "0.5", 64000, 10)
    (need,) = reached(account(long, wallet=5000), survive=D("-0.3")).view.blocks[0].needs
    close = next(way for way in need.ways if way.kind == "close")
    # At 44,800 0.5 BTC lose 9,600 and need 0.4 % of 22,400 = 89.60: 4,689.60 are missing. A coin less spares 19,200 +
    # 179.20 and costs 0.05 % of 64,000 = 32: 4,689.60 / (19,379.20 - 32) = 0.2423916
    assert close.value == D("0.242392")
    assert close.money == D("0.242392") * 32


def test_it_is_not_said_that_closing_does_not_help_below_a_part_that_does() -> None:
    long = saved("a", "BTCUSDT", "cross", "long", "0.5", 64000, 10)
    view = reached(account(long, ETH, wallet=4500), survive=D("-0.3")).view
    shown = str(act_screen(view, Tongue.of("en")).text)
    assert "Close 0." in shown
    assert "does not help" not in shown


def test_a_contract_that_names_no_asset_takes_money_of_its_exchanges_own() -> None:
    stated = ETH.model_copy(update={"contract": SavedContract(multiplier=D(1))})
    found, plain = (reached(account(BTC, each), "b", distance=D("0.9")) for each in (stated, ETH))
    assert found.view.blocks[0].needs[0].ways == plain.view.blocks[0].needs[0].ways
