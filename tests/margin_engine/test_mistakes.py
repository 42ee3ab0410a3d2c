"""Mistakes that a book shows, each with its numbers; and the quiet where there are none."""

import pytest

from margin_engine import Book
from margin_engine.questions.mistakes import Finding, Habits, Mistake, Thresholds, mistakes
from tests.margin_engine.builders import D, position, read

ROOMY = {"USDT": "1000"}


def one(book: Book, habits: Habits | None = None) -> Finding:
    found = mistakes(book, habits or Habits())
    assert len(found) == 1, found
    return found[0]


def test_a_plain_book_shows_nothing() -> None:
    assert mistakes(read(position())) == ()
    assert mistakes(read()) == ()


def test_cross_with_high_leverage_names_what_is_at_stake_in_both_modes() -> None:
    finding = one(read(position(leverage="25")))
    assert (finding.mistake, finding.positions) == (Mistake.CROSS_WITH_HIGH_LEVERAGE, ("p1",))
    assert finding.numbers["leverage"] == 25
    assert (finding.numbers["at_stake"], finding.numbers["isolated_at_stake"]) == (D(50), D(4))
    assert finding.numbers["distance"] < 0
    assert mistakes(read(position(leverage="20"))) == ()
    assert mistakes(read(position(leverage="25", margin_mode="isolated"))) == ()


def test_an_isolated_position_that_nobody_watches_needs_a_stop() -> None:
    book = read(position(margin_mode="isolated"))
    finding = one(book, Habits(unattended=True))
    assert finding.mistake is Mistake.ISOLATED_UNATTENDED
    assert finding.numbers["at_stake"] == 10
    assert mistakes(book, Habits(unattended=True, stops={"p1": D(95)})) == ()
    assert mistakes(book, Habits(unattended=False)) == ()


def test_a_switch_that_would_cross_at_once_is_found_where_it_is_thought_of() -> None:
    hurt = read(position(mark_price="90.5"))
    finding = one(hurt, Habits(switching=("p1",)))
    assert finding.mistake is Mistake.SWITCH_CROSSED_AT_ONCE
    # 10 - 9.5 of margin balance against 1 % of 90.5.
    assert (finding.numbers["margin_balance"], finding.numbers["maintenance_margin"]) == (D("0.5"), D("0.905"))
    assert mistakes(hurt) == ()
    assert mistakes(read(position()), Habits(switching=("p1",))) == ()
    # What the account cannot pay for is refused, not crossed.
    assert mistakes(read(position(leverage="2.1")), Habits(switching=("p1",)))[0].mistake is not finding.mistake
    assert mistakes(read(position(quantity="4", leverage="4"), wallet={"USDT": "90"}), Habits(switching=("p1",)))


def test_cross_taken_for_safer_compares_what_is_at_stake() -> None:
    finding = one(read(position()), Habits(thinks_cross_safer=True))
    assert finding.mistake is Mistake.CROSS_TAKEN_FOR_SAFER
    assert finding.numbers == {"at_stake": D(50), "isolated_at_stake": D(10)}


def test_a_liquidation_within_a_usual_day_is_found() -> None:
    # Isolated at 10x: 9.1 % away.
    book = read(position(margin_mode="isolated"))
    finding = one(book, Habits(daily_moves={"AAAUSDT": D("0.1")}))
    assert finding.mistake is Mistake.LIQUIDATION_WITHIN_A_DAY
    assert finding.numbers["daily_move"] == D("0.1")
    assert mistakes(book, Habits(daily_moves={"AAAUSDT": D("0.09"), "BBBUSDT": D(1)})) == ()
    assert mistakes(book, Habits(daily_moves={"AAAUSDT": D("0.09")}), Thresholds(daily_moves=D(2)))


def test_positions_that_lean_one_way_are_one_bet() -> None:
    second = position(id="p2", symbol="BBBUSDT")
    finding = one(read(position(), second, wallet=ROOMY))
    assert (finding.mistake, finding.positions) == (Mistake.ONE_BET, ("p1", "p2"))
    assert finding.numbers == {"net": D(200), "gross": D(200), "share": D(1)}
    assert mistakes(read(position(), second | {"side": "short"}, wallet=ROOMY)) == ()
    assert mistakes(read(position(), second, wallet=ROOMY, betas={"BBBUSDT": "-1"})) == ()
    assert mistakes(read(position(), position(id="p2", margin_mode="isolated"), wallet=ROOMY)) == ()


def test_a_stop_beyond_the_liquidation_price_never_comes() -> None:
    book = read(position(margin_mode="isolated"))
    finding = one(book, Habits(stops={"p1": D(90)}))
    assert finding.mistake is Mistake.STOP_BEYOND_LIQUIDATION
    assert finding.numbers["stop"] == 90
    assert 90 < finding.numbers["liquidation_price"] < 91
    assert mistakes(book, Habits(stops={"p1": D(92)})) == ()
    dead = read(position(margin_mode="isolated", mark_price="80"))
    assert mistakes(dead, Habits(stops={"p1": D(70)})) == ()


def test_leverage_at_the_edge_of_its_rung_leaves_no_room() -> None:
    tiers = {
        "AAAUSDT": [
            {"floor": "0", "rate": "0.01", "max_leverage": "20"},
            {"floor": "200", "rate": "0.02", "max_leverage": "10"},
        ]
    }
    at_limit = one(read(position(leverage="18"), tiers=tiers))
    assert at_limit.mistake is Mistake.LEVERAGE_AT_THE_LIMIT
    assert at_limit.numbers["limit"] == 20
    # 180 of notional: from 200 on only 10x.
    near_rung = one(read(position(quantity="1.8", leverage="15"), tiers=tiers))
    assert (near_rung.numbers["next_floor"], near_rung.numbers["next_limit"]) == (D(200), D(10))
    assert mistakes(read(position(quantity="1.8", leverage="10"), tiers=tiers)) == ()
    assert mistakes(read(position(leverage="15"), tiers=tiers)) == ()


def test_a_position_that_is_most_of_the_account_is_named_with_its_share() -> None:
    # 100 / 4 = 25 of 50.
    finding = one(read(position(leverage="4")))
    assert finding.mistake is Mistake.POSITION_IS_THE_ACCOUNT
    assert finding.numbers == {"initial_margin": D(25), "wallet": D(50), "share": D("0.5")}


@pytest.mark.parametrize("mode", ["isolated", "cross"])
@pytest.mark.parametrize("mark", ["90", "100", "110"])
def test_the_part_of_the_wallet_is_what_opening_it_set_aside_whatever_the_price_is_now(mode: str, mark: str) -> None:
    # 100 / 4 = 25 of 50; no gain or loss is in the wallet, so neither is it in the margin
    finding = one(read(position(leverage="4", margin_mode=mode, mark_price=mark)))
    assert finding.numbers == {"initial_margin": D(25), "wallet": D(50), "share": D("0.5")}


def test_findings_come_in_the_order_of_the_mistakes() -> None:
    book = read(position(leverage="25"), position(id="p2", symbol="BBBUSDT", leverage="2"), wallet={"USDT": "90"})
    found = [each.mistake for each in mistakes(book)]
    assert found == [Mistake.CROSS_WITH_HIGH_LEVERAGE, Mistake.ONE_BET, Mistake.POSITION_IS_THE_ACCOUNT]
