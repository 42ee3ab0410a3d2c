"""From a reading to a question, and what answers change in it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.services.answers import Answer, answered_by, tapped_answer, with_answer
from bot.services.question import Declined, GivenPrice, Leg, Question, question_of
from bot.services.sizing import leveraged, sized
from bot.understanding.readings import AccountSlots, Parsed, PositionSlots, Reading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def asked(
    position: PositionSlots, account: AccountSlots | None = None, assumed: tuple[str, ...] = ()
) -> Question | Declined:
    parsed = Parsed(positions=(position,), account=account)
    return question_of(Reading(kind="position", parsed=parsed, assumed=assumed), now=NOW)


def test_a_size_follows_from_margin_and_leverage_and_a_leverage_from_size_and_margin() -> None:
    told = Leg(margin=Decimal(1000), leverage=Decimal(10), entry=Decimal(64000))
    assert sized(told) == Decimal("0.15625")  # 1,000 x 10 / 64,000
    told = Leg(quantity=Decimal("0.75"), margin=Decimal(3400), entry=Decimal(67200))
    assert leveraged(told) == Decimal("14.8235294117647")  # 0.75 x 67,200 / 3,400
    assert sized(Leg(notional=Decimal(32000), entry=Decimal(64000))) == Decimal("0.5")
    assert sized(Leg(margin=Decimal(1000))) is None
    assert leveraged(Leg(quantity=Decimal(1))) is None


@pytest.mark.parametrize(
    ("position", "account", "why"),
    [
        (PositionSlots(symbol="ETH"), AccountSlots(balance=Decimal(5), unit="USDC"), "other_dollar"),
        (PositionSlots(symbol="ETH", margin=Decimal(5), margin_unit="USDC"), None, "other_dollar"),
        (PositionSlots(symbol="ETH", qty=Decimal("1e16")), None, "out_of_range"),
        (PositionSlots(symbol="ETH", entry=Decimal(0)), None, "out_of_range"),
        (PositionSlots(symbol="ETH", leverage=Decimal(-3)), None, "out_of_range"),
    ],
)
def test_what_is_not_built_in_is_declined_by_name(
    position: PositionSlots, account: AccountSlots | None, why: str
) -> None:
    declined = asked(position, account)
    assert isinstance(declined, Declined)
    assert declined.why == why


def test_more_positions_than_fit_a_card_are_declined() -> None:
    parsed = Parsed(positions=tuple(PositionSlots(symbol="BTC") for _ in range(9)))
    assert question_of(Reading(kind="position", parsed=parsed), now=NOW) == Declined(why="too_many", what="8")


def test_dollars_by_any_name_are_the_wallet_and_nothing_is_a_wallet_too() -> None:
    for account in (AccountSlots(balance=Decimal(5), unit="USD"), AccountSlots(collateral={"USDT": Decimal(5)})):
        question = asked(PositionSlots(symbol="ETH"), account)
        assert isinstance(question, Question)
        assert question.wallet == Decimal(5)
    empty = asked(PositionSlots(symbol="ETH"), AccountSlots(balance=Decimal(0)))
    assert isinstance(empty, Question)
    assert empty.wallet == 0


def test_assumptions_of_the_reading_are_kept() -> None:
    taken = ("usd_amount_is_margin: 1000 taken as margin", "wallet: 5 taken as the wallet balance")
    question = asked(PositionSlots(symbol="ETH", margin=Decimal(1000)), AccountSlots(balance=Decimal(5)), taken)
    assert isinstance(question, Question)
    assert (question.legs[0].margin_taken, question.guessed) == (True, ("wallet",))


def test_a_question_survives_its_way_through_json() -> None:
    leg = Leg(coin="BTC", side="long", quantity=Decimal("0.50"), entry=Decimal("64000.10"), margin_taken=True)
    prices = {"BTC": GivenPrice(price=Decimal("63000.5"), given_at=NOW)}
    question = Question(legs=(leg,), wallet=Decimal("1E+4"), prices=prices, guessed=("size",))
    assert Question.model_validate(question.model_dump(mode="json", exclude_defaults=True)) == question


def test_a_new_size_takes_the_place_of_every_other_kind_of_size() -> None:
    question = Question(legs=(Leg(coin="BTC", margin=Decimal(1000), leverage=Decimal(10), margin_taken=True),))
    changed = with_answer(question, Answer(said=Leg(quantity=Decimal(2))), leg=0).legs[0]
    assert (changed.quantity, changed.margin, changed.notional, changed.margin_taken) == (Decimal(2), None, None, False)


def test_a_new_leverage_takes_the_place_of_a_margin_that_implied_one() -> None:
    question = Question(legs=(Leg(coin="BTC", quantity=Decimal(1), margin=Decimal(6400), entry=Decimal(64000)),))
    changed = with_answer(question, Answer(said=Leg(leverage=Decimal(20))), leg=0).legs[0]
    assert (leveraged(changed), changed.margin) == (Decimal(20), None)


def test_a_mode_said_for_all_changes_for_all() -> None:
    question = Question(legs=(Leg(coin="BTC", mode="cross"), Leg(coin="ETH", mode="cross")))
    changed = with_answer(question, Answer(said=Leg(mode="isolated")), leg=0)
    assert [leg.mode for leg in changed.legs] == ["isolated", "isolated"]


def test_an_answer_settles_what_was_a_guess() -> None:
    question = Question(legs=(Leg(coin="BTC"),), wallet=Decimal(5), guessed=("size", "wallet"))
    assert with_answer(question, Answer(wallet=Decimal(6)), leg=0).guessed == ("size",)


def test_a_price_for_a_coin_by_the_thousand_is_carried_over() -> None:
    question = Question(legs=(Leg(coin="1000PEPE"),))
    answer = Answer.of_prices({"PEPE": Decimal("0.00001")}, question=question, now=NOW)
    assert answer is not None
    assert answer.prices["1000PEPE"].price == Decimal("0.01")
    assert Answer.of_prices({"BTC": Decimal(1)}, question=question, now=NOW) is None


@pytest.mark.parametrize(
    "forged", ["leverage:1e9", "leverage:0", "leverage:-5", "wallet:NaN", "side:up", "symbol:<b>", "entry:5", "x:y"]
)
def test_forged_choices_mean_nothing(forged: str) -> None:
    slot, _, choice = forged.partition(":")
    assert tapped_answer(slot, choice) is None


@pytest.mark.parametrize(
    ("slot", "text"),
    [("size", "1" * 29), ("entry", "0"), ("wallet", "0.5 btc margin"), ("venue", "0%"), ("venue", "60%")],
)
def test_typed_numbers_that_cannot_be_meant_are_no_answer(slot: str, text: str) -> None:
    question = Question(legs=(Leg(coin="BTC", side="long"),))
    assert answered_by(text, slot=slot, question=question, leg=0, now=NOW) is None  # type: ignore[arg-type]
