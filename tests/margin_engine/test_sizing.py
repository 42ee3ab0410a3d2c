"""Sizes that keep a liquidation price where it is wanted, held against slow scanning in exact fractions."""

import os
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

import pytest

from margin_engine import Book, EngineError, evaluate, read_book
from margin_engine.questions.risk_size import size_for_risk
from margin_engine.questions.sizing import (
    Outcome,
    Sizing,
    SizingReason,
    largest_leverage,
    largest_quantity,
    margin_to_add,
    part_to_close,
)
from margin_engine.questions.survival import AtDistance, AtPrice, BeyondStop, Goal, Survives
from tests.margin_engine.builders import D, position, read
from tests.margin_engine.replay import replayed
from tests.support.engine_reference import account_of, health, shock_fraction
from tests.support.random_books import mixed_book, random_book

NOTCH = Fraction(1, 10**15)
SEEDS = 400 if os.environ.get("MARGINBOT_SOAK") else 16


def near(value: Decimal | None, expected: Decimal | int) -> bool:
    return value is not None and abs(value - expected) <= D("1e-25") * (1 + abs(Decimal(expected)))


def isolated(**fields: Any) -> Book:
    return read(position(margin_mode="isolated", **fields))


def check_working(answer: Sizing) -> None:
    values = replayed(answer.derivation)
    for step in answer.derivation:
        assert abs(values[step.symbol] - step.value) <= D("1e-60") * (1 + abs(step.value)), step
    assert answer.derivation[-1].value == answer.value


def test_the_margin_to_add_moves_an_isolated_liquidation_price_to_the_price_asked_for() -> None:
    # At 80 a long of 1 from 100 has lost 20 and needs 0.8: 20.8, of which 10 are there.
    answer = margin_to_add(isolated(), "p1", AtPrice(price=D(80)))
    assert (answer.outcome, answer.included) == (Outcome.FOUND, True)
    assert near(answer.value, D("10.8"))
    assert answer.after is not None
    assert near(answer.after.position("p1").liquidation_price, 80)
    check_working(answer)


def test_the_same_price_as_a_distance_as_a_stop_and_as_a_shock() -> None:
    answers = [
        margin_to_add(isolated(), "p1", goal)
        for goal in (AtDistance(distance=D("-0.2")), BeyondStop(stop=D(80)), Survives(shocks={"*": D("-0.2")}))
    ]
    assert all(near(answer.value, D("10.8")) for answer in answers)
    # At the stop and at the end of a shock it must still live: 10.8 is where it just does not.
    assert [answer.included for answer in answers] == [True, False, False]


def test_in_cross_the_money_goes_into_the_wallet() -> None:
    # At 40: lost 60, needs 0.4, has 50.
    answer = margin_to_add(read(position()), "p1", AtPrice(price=D(40)))
    assert near(answer.value, D("10.4"))
    assert answer.after is not None
    assert near(answer.after.pool("cross:USDT").wallet_balance, D("60.4"))


def test_a_goal_that_holds_needs_nothing() -> None:
    for question in (margin_to_add, part_to_close):
        answer = question(read(position()), "p1", AtPrice(price=D(80)))
        assert (answer.outcome, answer.value, answer.derivation) == (Outcome.HOLDS, D(0), ())


def test_the_largest_quantity_of_a_cross_position() -> None:
    # 50 = q x 20 + q x 0.8 at a price of 80.
    answer = largest_quantity(read(position()), "p1", AtPrice(price=D(80)))
    assert (answer.outcome, answer.reason, answer.included) == (Outcome.FOUND, None, True)
    assert near(answer.value, D(50) / D("20.8"))
    assert answer.after is not None
    assert near(answer.after.position("p1").liquidation_price, 80)
    check_working(answer)


def test_the_largest_quantity_stands_on_the_rung_that_holds_there() -> None:
    # Above 160 of notional (2 at 80) a rate of 10 % for the part beyond: 50 = 20 q + 0.01 x 80 q + 0.09 (80 q - 160).
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "160", "rate": "0.1"}]}
    answer = largest_quantity(read(position(), tiers=tiers), "p1", AtPrice(price=D(80)))
    assert near(answer.value, (50 + D("14.4")) / (20 + D("0.8") + D("7.2")))
    check_working(answer)


def test_a_floor_that_jumps_is_the_limit_itself() -> None:
    # From 160 of notional on 50 % of all of it: 2 at 80 lose 40 and need 80.
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "160", "rate": "0.5"}]}
    book = read(position(), tiers=tiers, rules={"tier_method": "whole_position"})
    answer = largest_quantity(book, "p1", Survives(shocks={"*": D("-0.2")}))
    assert answer.value is not None
    # On the way down from 100 the floor is met first: at a notional of 160 the requirement is 80 > 50 - loss.
    assert near(answer.value, D("1.6"))
    assert not answer.included
    check_working(answer)


def test_money_and_the_venues_limit_stand_before_the_goal() -> None:
    # 5 x 100 / 10 = 50: all of the wallet.
    money = largest_quantity(read(position()), "p1", AtDistance(distance=D("-0.05")))
    assert (money.value, money.reason, money.included) == (D(5), SizingReason.INITIAL_MARGIN, True)
    alone = largest_quantity(isolated(), "p1", AtDistance(distance=D("-0.05")))
    assert (alone.value, alone.reason, alone.included) == (D(5), SizingReason.INITIAL_MARGIN, True)
    stated = largest_quantity(isolated(isolated_margin="20"), "p1", AtDistance(distance=D("-0.05")))
    assert (stated.value, stated.reason) == (D(2), SizingReason.INITIAL_MARGIN)
    tiers = {"AAAUSDT": [{"floor": "0", "rate": "0.01"}, {"floor": "300", "rate": "0.01", "max_leverage": "5"}]}
    limit = largest_quantity(read(position(), tiers=tiers), "p1", AtDistance(distance=D("-0.05")))
    assert (limit.value, limit.reason, limit.included) == (D(3), SizingReason.LEVERAGE_LIMIT, False)
    assert limit.after is None


def test_what_size_cannot_mend_is_impossible_with_its_reason() -> None:
    # 10x and 1 % leave 9.1 % of room at any size.
    answer = largest_quantity(isolated(), "p1", AtPrice(price=D(80)))
    assert (answer.outcome, answer.reason, answer.value) == (Outcome.IMPOSSIBLE, SizingReason.AT_ANY_SIZE, None)
    closing = part_to_close(isolated(), "p1", AtPrice(price=D(80)))
    assert (closing.outcome, closing.reason) == (Outcome.IMPOSSIBLE, SizingReason.MARGIN_LEAVES_TOO)
    heavy = position(id="p2", symbol="BBBUSDT", quantity="3")
    for question in (largest_quantity, part_to_close):
        other = question(read(position(), heavy), "p1", Survives(shocks={"BBBUSDT": D("-0.5")}))
        assert (other.outcome, other.reason) == (Outcome.IMPOSSIBLE, SizingReason.DIES_WITHOUT_IT)


def test_a_loss_that_the_wallet_does_not_cover_cannot_be_closed() -> None:
    # It lost 50 of its 10; the other isolated position holds 35 of the wallet's 50.
    gone = position(mark_price="50", margin_mode="isolated")
    other = position(id="p2", symbol="BBBUSDT", margin_mode="isolated", isolated_margin="35")
    answer = part_to_close(read(gone, other), "p1", AtPrice(price=D(40)))
    assert (answer.outcome, answer.reason) == (Outcome.IMPOSSIBLE, SizingReason.LOSS_NOT_COVERED)


def test_a_size_that_nothing_limits_is_unbounded() -> None:
    # A long that has gained 900 on each needs 100 of initial margin on each, and no price near the mark costs it that.
    book = read(position(mark_price="1000"))
    assert largest_quantity(book, "p1", AtDistance(distance=D("-0.05"))).outcome is Outcome.UNBOUNDED


def test_the_part_to_close_frees_a_cross_pool() -> None:
    # 3 from 100: at 80 the pool of 50 needs 60 + 2.4. With r left: 50 = 20 r + 0.8 r.
    answer = part_to_close(read(position(quantity="3")), "p1", AtPrice(price=D(80)))
    assert near(answer.value, 3 - D(50) / D("20.8"))
    assert answer.included
    check_working(answer)


def test_the_part_to_close_counts_what_is_realised_on_it() -> None:
    # Mark 90: closing c realises 10 c of loss; at 80 the rest r = 3 - c has lost 20 r: 50 = 10 (3 - r) + 20.8 r.
    answer = part_to_close(read(position(quantity="3", mark_price="90")), "p1", AtPrice(price=D(80)))
    assert near(answer.value, 3 - D(20) / D("10.8"))


def test_the_largest_leverage_of_an_isolated_position() -> None:
    # 100 / L = 20 + 0.8.
    answer = largest_leverage(isolated(), "p1", AtPrice(price=D(80)))
    assert near(answer.value, 100 / D("20.8"))
    assert answer.after is not None
    assert near(answer.after.position("p1").liquidation_price, 80)
    check_working(answer)


def test_leverage_is_capped_has_a_floor_and_no_effect_in_cross() -> None:
    capped = {"AAAUSDT": [{"floor": "0", "rate": "0.01", "max_leverage": "25"}]}
    book = read(position(margin_mode="isolated"), tiers=capped)
    answer = largest_leverage(book, "p1", AtDistance(distance=D("-0.01")))
    assert (answer.outcome, answer.value, answer.reason) == (Outcome.FOUND, D(25), SizingReason.LEVERAGE_LIMIT)
    up = largest_leverage(isolated(side="short"), "p1", AtPrice(price=D(300)))
    assert (up.outcome, up.reason) == (Outcome.IMPOSSIBLE, SizingReason.BELOW_ONE)
    cross = largest_leverage(read(position()), "p1", AtPrice(price=D(10)))
    assert (cross.outcome, cross.reason) == (Outcome.IMPOSSIBLE, SizingReason.NO_EFFECT_IN_CROSS)
    assert largest_leverage(read(position()), "p1", AtPrice(price=D(80))).outcome is Outcome.HOLDS
    free = {"AAAUSDT": [{"floor": "0", "rate": "0"}]}
    risen = read(position(margin_mode="isolated", mark_price="150"), tiers=free)
    assert largest_leverage(risen, "p1", AtPrice(price=D(120))).outcome is Outcome.UNBOUNDED


def test_the_whole_account_can_be_asked_to_live() -> None:
    # Isolated 10x dies at -9.1 %, whatever the size of the cross position.
    weak = position(id="weak", symbol="AAAUSDT", margin_mode="isolated")
    book = read(weak, position(id="p2", symbol="BBBUSDT"))
    goal = Survives(shocks={"*": D("-0.1")}, whole_account=True)
    assert largest_quantity(book, "p2", goal).reason is SizingReason.DIES_WITHOUT_IT
    alone = largest_quantity(book, "p2", Survives(shocks={"*": D("-0.1")}))
    # 40 beside the isolated 10: 40 = 10 q + 0.9 q, and 40 / 10 = 4 of initial margin 10 each.
    assert near(alone.value, D(40) / D("10.9"))


def test_money_whose_haircut_takes_all_of_it_helps_nothing() -> None:
    collateral = {"BTC": {"price": "100"}, "USDT": {"price": "1", "haircut": "1"}}
    book = read(position(), wallet={"USDT": "0", "BTC": "0.5"}, asset_mode="multi", collateral=collateral)
    # A loss of 50 sinks USDT to -50: the first 50 count in full, then nothing does; 50 - 50 - 0.5 is still short.
    answer = margin_to_add(book, "p1", AtPrice(price=D(100) - D(60)))
    assert (answer.outcome, answer.value) == (Outcome.FOUND, D("10.4"))
    poor = read(position(), wallet={"USDT": "60", "BTC": "0.001"}, asset_mode="multi", collateral=collateral)
    short = margin_to_add(poor, "p1", AtPrice(price=D(60)))
    assert (short.outcome, short.reason) == (Outcome.IMPOSSIBLE, SizingReason.COUNTS_NOTHING)


def test_where_the_profit_of_others_does_not_count_a_price_is_the_one_that_is_shown() -> None:
    winner = position(id="p2", symbol="BBBUSDT", mark_price="120")
    book = read(position(), winner, rules={"others_profit_counts": False})
    shown = evaluate(book).position("p1").liquidation_price
    # 50 - (100 - P) - 1.2 of the other = 0.01 P.
    assert near(shown, D("51.2") / D("0.99"))
    assert shown is not None
    assert margin_to_add(book, "p1", AtPrice(price=shown + D("1e-9"))).outcome is Outcome.HOLDS
    # 10 lower: 10 of loss less 0.1 of requirement.
    assert near(margin_to_add(book, "p1", AtPrice(price=shown - 10)).value, D("9.9"))


@pytest.mark.parametrize(
    "goal", [AtPrice(price=D(0)), BeyondStop(stop=D(-1)), AtDistance(distance=D(-1)), Survives(shocks={"*": D(-1)})]
)
def test_a_goal_without_a_price_is_refused(goal: Goal) -> None:
    with pytest.raises(EngineError, match=r"goal\."):
        margin_to_add(read(position()), "p1", goal)


def test_an_unknown_position_is_refused() -> None:
    with pytest.raises(EngineError, match="identity: must be the id of a position"):
        largest_quantity(read(position()), "p9", AtPrice(price=D(80)))


VENUES = {
    "binance-usdm": ("BTCUSDT", "USDT"),
    "bybit": ("BTCUSDT", "USDT"),
    "okx": ("BTC-USDT-SWAP", "USDT"),
    "hyperliquid": ("BTC", "USDC"),
    "deribit": ("BTC_USDC-PERPETUAL", "USDC"),
    "margex": ("BTCUSDT", "USDT"),
}


@pytest.mark.parametrize("venue", VENUES)
def test_at_every_venue_the_answer_puts_the_liquidation_price_where_it_was_asked_for(venue: str) -> None:
    symbol, asset = VENUES[venue]
    fields = position(symbol=symbol, quantity="0.1", entry_price="64000", side="short")
    goal = AtDistance(distance=D("0.15"))
    for mode in ("cross", "isolated"):
        own = fields | {"margin_mode": mode}
        book = read_book({"venue": venue, "wallet": {asset: "64000"}, "positions": [own]})
        found = largest_quantity(book, "p1", goal) if mode == "cross" else largest_leverage(book, "p1", goal)
        assert found.after is not None
        distance = found.after.position("p1").distance
        assert distance is not None
        assert abs(distance - D("0.15")) < D("1e-25")
        check_working(found)


# Against scanning, on books of every kind and mode: at the answer the goal is met, a notch beyond it is not.


def text(value: Fraction) -> str:
    with localcontext() as context:
        context.prec = 60
        return format(D(value.numerator) / D(value.denominator), "f")


def lives(data: dict[str, Any], name: str) -> bool:
    """Whether a pool of a book lives on the straight path to the book's shocks, end included: by scanning."""
    account = account_of(data)
    pool = account.pools.get(name)
    if pool is None or not pool.legs:
        return True
    balance, need = health(pool, account.marks)
    return balance > need and shock_fraction(account, pool) is None


def with_first(data: dict[str, Any], **fields: Fraction | str) -> dict[str, Any]:
    stated = {key: value if isinstance(value, str) else text(value) for key, value in fields.items()}
    return {**data, "positions": [data["positions"][0] | stated, *data["positions"][1:]]}


def with_wallet(data: dict[str, Any], amount: Fraction) -> dict[str, Any]:
    asset = data["positions"][0]["contract"]["settle_asset"]
    balance = Fraction(data["wallet"].get(asset, "0")) + amount
    return {**data, "wallet": {**data["wallet"], asset: text(balance)}}


def own_margin(data: dict[str, Any]) -> Fraction:
    first = data["positions"][0]
    if "isolated_margin" in first:
        return Fraction(first["isolated_margin"])
    size = Fraction(first["quantity"]) * Fraction(first["contract"]["multiplier"])
    entry = Fraction(first["entry_price"])
    inverse = first["contract"]["kind"] == "inverse"
    return (size / entry if inverse else size * entry) / Fraction(first["leverage"])


def question(seed: int) -> tuple[dict[str, Any], Survives, str]:
    """A random book whose shocks usually hurt its first position, the same as a goal, and that position's pool."""
    random = Random(seed)
    data = random_book(random) if seed % 3 == 0 else mixed_book(random)
    first = data["positions"][0]
    size = random.choice((5, 10, 20, 40))
    against = f"{(-size if first['side'] == 'long' else size) / 100}"
    for symbol in {each["symbol"] for each in data["positions"]}:
        data["shocks"][symbol] = against if symbol == first["symbol"] else random.choice(("0", against))
    shared = "cross:USD" if data.get("asset_mode") == "multi" else f"cross:{first['contract']['settle_asset']}"
    name = first["id"] if first["margin_mode"] == "isolated" else shared
    return data, Survives(shocks={symbol: D(shock) for symbol, shock in data["shocks"].items()}), name


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_largest_quantity_lives_up_to_it_and_not_a_notch_beyond(seed: int) -> None:
    data, goal, name = question(seed)
    answer = largest_quantity(read_book(data), "p0", goal)
    nothing = {**data, "positions": data["positions"][1:]}
    if answer.reason in (SizingReason.DIES_WITHOUT_IT, SizingReason.AT_ANY_SIZE):
        assert lives(nothing, name) is (answer.reason is SizingReason.AT_ANY_SIZE)
    if answer.reason is SizingReason.AT_ANY_SIZE and data["positions"][0]["margin_mode"] == "isolated":
        assert not lives(with_first(data, quantity="0.000000001"), name)
    if answer.value is None:
        return
    check_working(answer)
    limit = Fraction(answer.value)
    for share in (Fraction(1, 100), Fraction(1, 3), Fraction(2, 3), Fraction(9, 10), 1 - NOTCH):
        assert lives(with_first(data, quantity=limit * share), name)
    if answer.reason is None:
        assert not lives(with_first(data, quantity=limit * (1 + NOTCH)), name)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_margin_to_add_is_just_enough(seed: int) -> None:
    data, goal, name = question(seed)
    answer = margin_to_add(read_book(data), "p0", goal)
    if answer.outcome is Outcome.HOLDS:
        assert lives(data, name)
        return
    if answer.outcome is Outcome.IMPOSSIBLE:
        assert data["collateral"]
        return
    assert answer.value is not None
    check_working(answer)
    for share, enough in ((1 - NOTCH, False), (1 + NOTCH, True)):
        amount = Fraction(answer.value) * share
        more = with_wallet(data, amount)
        if data["positions"][0]["margin_mode"] == "isolated":
            more = with_first(more, isolated_margin=own_margin(data) + amount)
        assert lives(more, name) is enough


def reduced(data: dict[str, Any], part: Fraction) -> dict[str, Any]:
    account, first = account_of(data), data["positions"][0]
    leg = next(leg for pool in account.pools.values() for leg in pool.legs if leg.id == "p0")
    whole = Fraction(first["quantity"])
    realised = Fraction(leg.pnl(account.marks[leg.symbol])) * part / whole
    less = with_wallet(with_first(data, quantity=whole - part), realised)
    if "isolated_margin" in first:
        return with_first(less, isolated_margin=own_margin(data) * (whole - part) / whole)
    return less


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_part_to_close_is_just_enough(seed: int) -> None:
    data, goal, name = question(seed)
    answer = part_to_close(read_book(data), "p0", goal)
    if answer.outcome is Outcome.HOLDS:
        assert lives(data, name)
        return
    whole = Fraction(data["positions"][0]["quantity"])
    if answer.outcome is Outcome.IMPOSSIBLE:
        for share in (Fraction(1, 4), Fraction(1, 2), Fraction(99, 100)):
            assert answer.reason is SizingReason.LOSS_NOT_COVERED or not lives(reduced(data, whole * share), name)
        return
    assert answer.value is not None
    check_working(answer)
    part = Fraction(answer.value)
    assert not lives(reduced(data, part * (1 - NOTCH)), name)
    if part < whole:
        assert lives(reduced(data, part * (1 + NOTCH)), name)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_largest_leverage_is_just_not_too_much(seed: int) -> None:
    data, goal, name = question(seed)
    first = data["positions"][0]
    if first["margin_mode"] == "cross":
        assert largest_leverage(read_book(data), "p0", goal).reason is SizingReason.NO_EFFECT_IN_CROSS
        return
    first.pop("isolated_margin", None)
    data = with_wallet(data, Fraction(ceil(own_margin(with_first(data, leverage="1")))))
    answer = largest_leverage(read_book(data), "p0", goal)
    if answer.value is None:
        lowest = with_first(data, leverage="1")
        assert lives(lowest, name) is (answer.outcome is Outcome.UNBOUNDED)
        return
    check_working(answer)
    for share, alive in ((1 - NOTCH, True), (1 + NOTCH, False)):
        assert lives(with_first(data, leverage=Fraction(answer.value) * share), name) is alive


# A size from a stop.


def test_a_size_from_a_stop_loses_exactly_the_risk_with_both_fees() -> None:
    # 2 % of 50 = 1; one unit loses 5, pays 0.1 to enter and 0.095 at the stop.
    answer = size_for_risk(
        read(position()), "p1", stop=D(95), fraction=D("0.02"), entry_fee_rate=D("0.001"), exit_fee_rate=D("0.001")
    )
    assert near(answer.quantity, 1 / D("5.195"))
    assert (answer.risk, answer.affordable, answer.liquidated_before_stop) == (D(1), True, False)
    assert replayed(answer.derivation)["x_quantity_p1"] == answer.quantity


def test_a_size_whose_stop_never_comes_says_so() -> None:
    # Isolated at 10x it is gone at 90.9; the stop at 85 would lose 15 on each.
    answer = size_for_risk(isolated(), "p1", stop=D(85), risk=D(30))
    assert (answer.quantity, answer.liquidated_before_stop, answer.affordable) == (D(2), True, True)


def test_a_size_beyond_the_money_or_the_limit_is_named() -> None:
    poor = size_for_risk(read(position()), "p1", stop=D(99), risk=D(10))
    assert (poor.quantity, poor.affordable, poor.refusal) == (D(10), False, None)
    none = size_for_risk(isolated(), "p1", stop=D(99), risk=D(10))
    assert (none.affordable, none.after, none.liquidated_before_stop) == (False, None, None)
    assert none.refusal is not None
    assert none.refusal.field == "wallet.USDT"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"stop": D(105), "risk": D(1)}, "stop: must be on the losing side"),
        ({"stop": D(0), "risk": D(1)}, "stop: must be above 0"),
        ({"stop": D("NaN"), "risk": D(1)}, "stop: must be a finite Decimal"),
        ({"stop": D(95), "risk": D("Infinity")}, "risk: must be a finite Decimal"),
        ({"stop": D(95)}, "risk: must be given"),
        ({"stop": D(95), "risk": D(1), "fraction": D("0.1")}, "risk: must be given"),
        ({"stop": D(95), "risk": D(0)}, "risk: must be above 0"),
        ({"stop": D(95), "fraction": D(2)}, "fraction: must be above 0 and at most 1"),
    ],
)
def test_a_stop_or_risk_that_cannot_be_meant_is_refused(fields: dict[str, Decimal], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        size_for_risk(read(position()), "p1", **fields)
