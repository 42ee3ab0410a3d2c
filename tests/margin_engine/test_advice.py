"""The decision tree: every combination of answers, what a book answers itself, and the split of its positions."""

from itertools import product

import pytest

from margin_engine import MarginMode
from margin_engine.questions.advice import LEANS, Answers, Question, Verdict, advise, prefilled
from tests.margin_engine.builders import position, read

ISOLATED, CROSS = MarginMode.ISOLATED, MarginMode.CROSS


@pytest.mark.parametrize("answers", list(product((False, True), repeat=5)))
def test_the_verdict_follows_from_what_speaks(answers: tuple[bool, ...]) -> None:
    high, many, unattended, known, beginner = answers
    advice = advise(Answers(**dict(zip((each.value for each in Question), answers, strict=True))))
    for_isolated, for_cross = high or known, many or unattended or beginner
    expected = {
        (True, True): Verdict.BOTH,
        (True, False): Verdict.ISOLATED,
        (False, True): Verdict.CROSS,
        (False, False): Verdict.EITHER,
    }[for_isolated, for_cross]
    assert advice.verdict is expected
    assert len(advice.for_isolated) == high + known
    assert len(advice.for_cross) == many + unattended + beginner
    assert len(advice.conflicts) == (high + known) * (many + unattended + beginner)
    assert all((LEANS[one], LEANS[other]) == (ISOLATED, CROSS) for one, other in advice.conflicts)
    assert advice.open == ()


def test_questions_that_are_not_answered_stay_open_and_speak_for_nothing() -> None:
    advice = advise(Answers(known_loss=True))
    assert (advice.verdict, advice.first) == (Verdict.ISOLATED, Question.KNOWN_LOSS)
    assert advice.open == (
        Question.HIGH_LEVERAGE,
        Question.MANY_POSITIONS,
        Question.UNATTENDED,
        Question.BEGINNER,
    )
    assert advise(Answers()).first is None


def test_a_book_answers_its_leverage_and_its_number_of_positions() -> None:
    three = [position(id=name, symbol=f"{name}USDT") for name in ("A", "B", "C")]
    assert prefilled(read(*three)) == Answers(high_leverage=False, many_positions=True)
    assert prefilled(read(position(leverage="21"))) == Answers(high_leverage=True, many_positions=False)
    assert prefilled(read(position(leverage="20"))).high_leverage is False
    said = Answers(high_leverage=True, many_positions=True, beginner=True)
    assert prefilled(read(position()), said) == said
    assert prefilled(read()) == Answers()


def test_both_isolates_what_is_above_20x_and_shares_the_rest() -> None:
    book = read(position(leverage="50"), position(id="p2", symbol="BBBUSDT", leverage="5"))
    advice = advise(Answers(high_leverage=True, unattended=True), book)
    assert advice.verdict is Verdict.BOTH
    assert advice.split == {"p1": ISOLATED, "p2": CROSS}
    assert advice.conflicts == ((Question.HIGH_LEVERAGE, Question.UNATTENDED),)


def test_both_without_high_leverage_isolates_the_highest() -> None:
    book = read(position(leverage="10"), position(id="p2", symbol="BBBUSDT", leverage="5"))
    assert advise(Answers(known_loss=True, unattended=True), book).split == {"p1": ISOLATED, "p2": CROSS}


def test_a_single_mode_is_advised_for_all_and_either_leaves_them() -> None:
    book = read(position(), position(id="p2", symbol="BBBUSDT", margin_mode="isolated"))
    assert advise(Answers(beginner=True), book).split == {"p1": CROSS, "p2": CROSS}
    assert advise(Answers(known_loss=True), book).split == {"p1": ISOLATED, "p2": ISOLATED}
    assert advise(Answers(known_loss=False), book).split == {"p1": CROSS, "p2": ISOLATED}
    assert advise(Answers(beginner=True, known_loss=True), read()).split == {}
