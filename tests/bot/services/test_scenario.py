"""How moves add up, and how far each coin goes."""

from decimal import Decimal

import pytest

from bot.services.market_moves import base_of, events, recorded
from bot.services.moved_prices import Shifts, shifts_of, with_rung
from bot.services.scenario import Move, Scenario, Supposed, scenario_of, tapped, with_change, with_moves
from bot.understanding.understand import understand

PRICES = {"BTC": Decimal(64000), "ETH": Decimal(3200), "SOL": Decimal(150)}


def told(text: str) -> Scenario:
    return scenario_of(understand(text))


def percents(scenario: Scenario, prices: dict[str, Decimal] = PRICES) -> dict[str, Decimal]:
    """Where each coin ends, in percent of its start, to six digits."""
    shifts = shifts_of(scenario, prices)
    assert shifts.refusal is None
    return {
        coin: (shift.fraction * 100).quantize(Decimal("0.0001")).normalize() for coin, shift in shifts.by_coin.items()
    }


def near(**values: str) -> dict[str, Decimal]:
    return {coin: Decimal(value).normalize() for coin, value in values.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("everything drops 15%", near(BTC="-15", ETH="-15", SOL="-15")),
        ("what if BTC drops 10% and ETH rises 5%", near(BTC="-10", ETH="5")),
        ("alts -20% btc -10%", near(BTC="-10", ETH="-20", SOL="-20")),
        ("alts bleed 25 while btc flat", near(BTC="0", ETH="-25", SOL="-25")),
        ("rest -5 btc -10", near(BTC="-10", ETH="-5", SOL="-5")),
        ("btc to 50k", near(BTC="-21.875")),  # 50,000 / 64,000 - 1
        ("btc halves", near(BTC="-50")),
        ("btc drops 8% with beta 1.4 for alts", near(BTC="-8", ETH="-11.2", SOL="-11.2")),  # 1.4 x 8
        ("eth/btc -10%", near(ETH="-10")),
        ("btc +20 eth/btc -10%", near(BTC="20", ETH="8")),  # 1.2 x 0.9 = 1.08
        ("same crash as march 2020", near(BTC="-52.33", ETH="-55.81", SOL="-69.7559")),  # SOL: 52.33 x 1.333
    ],
)
def test_words_lead_each_coin_where_they_say(text: str, expected: dict[str, Decimal]) -> None:
    assert percents(told(text)) == expected


def test_a_typed_move_replaces_that_of_its_target_and_one_of_a_group_those_of_its_coins() -> None:
    scenario = told("btc -10 eth +5")
    assert percents(with_moves(scenario, told("eth -3").moves)) == near(BTC="-10", ETH="-3")
    assert percents(with_moves(scenario, told("alts -20").moves)) == near(BTC="-10", ETH="-20", SOL="-20")
    assert percents(with_moves(scenario, told("-7").moves)) == near(BTC="-7", ETH="-7", SOL="-7")


def test_a_second_tap_adds_percentage_points_of_the_starting_price() -> None:
    once = tapped(Scenario(), "BTC", Decimal(-10))
    # -10 and -5 are -15 of the start, not 0.90 x 0.95 = -14.5
    assert percents(tapped(once, "BTC", Decimal(-5))) == near(BTC="-15")


def test_a_tap_on_everything_moves_every_coin_by_as_many_points() -> None:
    scenario = tapped(told("btc to 50k"), "ALL", Decimal(-5))
    assert percents(scenario) == near(BTC="-26.875", ETH="-5", SOL="-5")
    assert percents(tapped(scenario, "ALL", Decimal(5))) == near(BTC="-21.875")


def test_a_tap_on_one_coin_goes_on_from_where_the_market_has_led_it() -> None:
    scenario = tapped(Scenario(), "ALL", Decimal(-10))
    assert percents(tapped(scenario, "ETH", Decimal(5), stands=Decimal(-10))) == near(BTC="-10", ETH="-5", SOL="-10")


def test_taps_that_cancel_leave_nothing() -> None:
    there = tapped(Scenario(), "BTC", Decimal(-10))
    assert tapped(there, "BTC", Decimal(10)).moves == ()


def test_betas_move_groups_and_what_follows_btc() -> None:
    # ETH 1.177, SOL 1.333
    assert percents(told("-10").model_copy(update={"betas": True})) == near(BTC="-10", ETH="-11.77", SOL="-13.33")
    assert percents(told("btc -10").model_copy(update={"betas": True})) == near(BTC="-10", ETH="-11.77", SOL="-13.33")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("-100", "whatif_below_zero"),
        ("btc -150%", "whatif_below_zero"),
        ("+1000000", "whatif_too_far"),
        ("doge -100%", "whatif_below_zero"),
    ],
)
def test_a_move_that_no_price_can_make_is_refused(text: str, name: str) -> None:
    shifts = shifts_of(told(text), PRICES)
    assert shifts.refusal is not None
    assert shifts.refusal.name == name


def test_what_is_not_held_is_named() -> None:
    assert shifts_of(told("doge -10"), PRICES) == Shifts(not_held=("DOGE",))


def test_lots_of_a_coin_move_as_the_coin_does() -> None:
    prices = {"1000PEPE": Decimal("0.01")}
    assert percents(told("pepe -10%"), prices) == near(**{"1000PEPE": "-10"})
    goal = Scenario(moves=(Move(target="PEPE", price=Decimal("0.000005")),))
    assert percents(goal, prices) == near(**{"1000PEPE": "-50"})  # 0.000005 x 1,000 / 0.01 - 1
    assert (base_of("1000PEPE"), base_of("1INCH"), base_of("1MBABYDOGE")) == ("PEPE", "1INCH", "BABYDOGE")


def test_an_event_has_a_record_for_its_coins_and_a_named_stand_in_for_others() -> None:
    cascade = events()["2025-10-10"]
    assert recorded(cascade, "BTC").percent == Decimal("-16.50")
    assert recorded(cascade, "BTC").by == "record"
    covid = events()["2020-03-12"]
    assert (recorded(covid, "SOL").percent, recorded(covid, "SOL").by) == (Decimal("-52.33") * Decimal("1.333"), "beta")
    assert (recorded(covid, "ZZZ").percent, recorded(covid, "ZZZ").by) == (Decimal("-52.33"), "btc")
    assert recorded(covid, "FARTCOIN").percent == -99  # 52.33 x 2.654 would be more than all of it


def test_every_event_has_btc_and_no_coin_falls_to_nothing() -> None:
    assert len(events()) == 22
    for event in events().values():
        assert "BTC" in event.extremes
        assert all(percent > -99 for percent in event.extremes.values())
        assert all((percent < 0) == (event.direction == "down") for percent in event.extremes.values())


def test_another_leverage_replaces_the_one_before_and_margins_add_up() -> None:
    scenario = with_change(Scenario(), Supposed(kind="leverage", amount=Decimal(20)))
    scenario = with_change(scenario, Supposed(kind="leverage", amount=Decimal(5)))
    for _ in range(2):
        scenario = with_change(scenario, Supposed(kind="margin", amount=Decimal(100)))
    assert [(change.kind, change.amount) for change in scenario.changes] == [
        ("leverage", Decimal(5)),
        ("margin", Decimal(100)),
        ("margin", Decimal(100)),
    ]


def test_a_rung_stands_in_place_of_the_targets_own_move() -> None:
    scenario = told("btc -10 eth +5")
    assert percents(with_rung(scenario, "BTC", Decimal(-20))) == near(BTC="-20", ETH="5")
    assert percents(with_rung(scenario, "ALL", Decimal(-20))) == near(BTC="-20", ETH="-20", SOL="-20")
