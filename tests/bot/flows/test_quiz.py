"""The quiz: every branch of the tree, what a portfolio answers, Back to the first question, stale and foreign taps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, product

import pytest

from bot.dialogue import Chat
from bot.flows.quiz import Draft
from bot.rendering.quiz_screen import CONFLICTS, verdict_screen
from bot.rendering.verdict import Tongue
from bot.services.quizzing import ORDER, Given, verdict_view
from bot.services.subject import Subject, subject_of_portfolio
from bot.storage.portfolios import ForgetPerson
from margin_engine.questions.advice import LEANS
from tests.bot.flows.books import THREE, account, saved, talk_with
from tests.bot.flows.dialogues import FLOWS
from tests.bot.flows.talk import ANN, BOB, NOON, Talk

GROUP = Chat(id=-5, kind="supergroup")
TONGUE = Tongue.of("en")
EVERY = list(product((True, False), repeat=len(ORDER)))


def given(answers: tuple[bool, ...]) -> Given:
    return Given(**{question.value: answer for question, answer in zip(ORDER, answers, strict=True)})


def text_of(answers: tuple[bool, ...], subject: Subject) -> str:
    return str(verdict_screen(verdict_view(given(answers), subject), TONGUE, next_open=None).text)


def rows() -> Iterator[str]:
    """The table of docs/flows/quiz.md, a row for each combination of answers."""
    book = subject_of_portfolio(THREE, now=NOON)
    for answers in EVERY:
        marks = " ".join("●" if answer else "○" for answer in answers)
        without, with_book = (_headline(text_of(answers, subject)) for subject in (Subject(), book))
        pairs = verdict_view(given(answers), Subject()).advice.conflicts
        conflicts = ", ".join(f"{ORDER.index(one) + 1}–{ORDER.index(other) + 1}" for one, other in pairs)
        yield f"| {marks} | {without} | {with_book} | {conflicts or 'none'} |"


def _headline(text: str) -> str:
    return text.partition("\n")[0].removeprefix("<b>").removesuffix("</b>")


# --- The verdict ---------------------------------------------------------------------------------------------------


def test_the_reviewed_table_has_the_verdict_of_all_32_combinations_with_and_without_a_book() -> None:
    page = (FLOWS / "quiz.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if re.match(r"\| [●○]", line)]
    assert table == list(rows())
    assert len(table) == 32


@pytest.mark.parametrize("answers", EVERY)
def test_every_verdict_begins_with_itself_and_a_number_in_60_characters(answers: tuple[bool, ...]) -> None:
    for subject in (Subject(), subject_of_portfolio(THREE, now=NOON)):
        first = _headline(text_of(answers, subject))
        assert re.match(r"(Isolated|Cross|Both|Either)", first)
        assert re.search(r"\d", first[:60]), first


@pytest.mark.parametrize("answers", EVERY)
def test_each_conflict_has_its_own_sentence_and_there_are_no_others(answers: tuple[bool, ...]) -> None:
    text = text_of(answers, Subject())
    pairs = verdict_view(given(answers), Subject()).advice.conflicts
    isolated = sum(answer for question, answer in zip(ORDER, answers, strict=True) if LEANS[question] == "isolated")
    assert len(pairs) == isolated * (sum(answers) - isolated)
    assert text.count("⚡") == len(pairs)


def test_the_sentences_of_the_conflicts_differ() -> None:
    sentences = {str(TONGUE.words(key, border="20x", many="3", move="4.6%")) for key in CONFLICTS.values()}
    assert len(sentences) == 6


def test_reasons_stand_under_the_mode_that_they_speak_for() -> None:
    text = text_of((True, False, True, False, False), Subject())
    isolated, cross = text.partition("For cross:")[::2]
    assert "Above 20x one move ends a trade" in isolated.partition("For isolated:")[2]
    assert "You want to sleep: cross meets a dip" in cross


# --- The way through -----------------------------------------------------------------------------------------------


def test_five_answers_lead_to_the_verdict_in_one_message() -> None:
    talk = Talk()
    talk.command("quiz")
    for number in range(1, 6):
        assert talk.first_line.startswith(f"{number}/5 ")
        talk.tap("No")
    assert talk.first_line == "Either mode: none of your 5 answers speaks for one."
    assert len(talk.messages) == 1


def test_every_question_says_why_it_is_asked() -> None:
    talk = Talk()
    talk.command("quiz")
    reasons = set()
    for _ in range(5):
        before = talk.text
        talk.tap("Why do you ask?")
        assert talk.text.startswith(before)
        reasons.add(talk.text.removeprefix(before))
        talk.tap("Hide the reason")
        assert talk.text == before
        talk.tap("Yes")
    assert len(reasons) == 5
    assert all(len(reason) > 60 for reason in reasons)


def test_back_leads_from_the_verdict_to_the_first_question_and_answers_are_kept() -> None:
    talk = Talk()
    talk.command("quiz")
    for answer in ("Yes", "No", "Yes", "No", "Yes"):
        talk.tap(answer)
    for number, answer in zip(range(5, 0, -1), ("yes", "no", "yes", "no", "yes"), strict=True):
        talk.tap("« Back")
        assert talk.first_line.startswith(f"{number}/5 ")
        assert f"Your answer: {answer}." in talk.text
    assert "« Back" not in talk.labels
    talk.tap("No")  # the others are answered: the verdict, without question 1
    assert talk.first_line.startswith("Cross: 2 of 5 answers")


def test_a_verdict_before_the_end_offers_the_rest() -> None:
    talk = Talk()
    talk.command("quiz")
    assert "Verdict now" not in talk.labels
    talk.tap("Yes")
    talk.tap("Verdict now")
    assert "4 questions are open and can still change this." in talk.text
    talk.tap("Go on: 2/5")
    assert talk.first_line.startswith("2/5 ")


def test_start_over_forgets_the_answers() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.tap("Yes")
    talk.tap("Verdict now")
    talk.tap("Start over")
    assert talk.first_line.startswith("1/5 ")
    assert "Your answer" not in talk.text


def test_a_second_quiz_leaves_the_first_as_it_was() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.tap("Yes")
    first = talk.last
    talk.command("quiz")
    assert talk.first_line.startswith("1/5 ")
    talk.tap("Yes", on=first)
    assert talk.first_line.startswith("3/5 ")


@pytest.mark.parametrize(("word", "line"), [("yes", "2/5 "), ("N", "2/5 "), ("да", "2/5 "), ("nope.", "2/5 ")])
def test_an_answer_may_be_written(word: str, line: str) -> None:
    talk = Talk()
    talk.command("quiz")
    talk.say(word)
    assert talk.first_line.startswith(line)


def test_words_that_are_no_answer_get_the_question_again() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.say("dunno")
    assert talk.first_line.startswith("1/5 ")
    assert "I could not read “dunno”." in talk.text


def test_a_trade_in_the_middle_is_answered_and_the_quiz_goes_on_by_its_buttons() -> None:
    talk = Talk()
    talk.command("quiz")
    quiz = talk.last
    talk.say("long 0.5 btc 64k 20x iso")
    assert talk.first_line.startswith("Isolated: liquidated at 61,044.2")
    talk.tap("Yes", on=quiz)
    assert talk.first_line.startswith("2/5 ")


def test_cancel_pauses_and_close_takes_the_message_away() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.tap("Yes")
    quiz = talk.last
    talk.command("cancel")
    paused = next(message for message in talk.messages if message.id == quiz.id)
    assert paused.text == "The quiz waits at question 2 of 5."
    talk.tap("Go on: 2/5", on=paused)
    assert talk.first_line.startswith("2/5 ")
    talk.tap("Verdict now")
    talk.tap("Close")
    assert all(message.id != quiz.id for message in talk.messages)


# --- With a book ---------------------------------------------------------------------------------------------------


def test_a_portfolio_answers_the_first_two_and_says_so() -> None:
    talk = talk_with(THREE)
    talk.command("quiz")
    assert talk.first_line.startswith("3/5 ")
    answered = "The first two are answered by your portfolio: up to 25x, so yes; 3 positions, so yes."
    assert answered in talk.text


def test_what_the_portfolio_answered_can_be_changed() -> None:
    talk = talk_with(THREE)
    talk.command("quiz")
    talk.tap("« Back")
    assert "From your portfolio: 3 positions, so yes." in talk.text
    talk.tap("No")
    for _ in range(3):
        talk.tap("No")
    assert Draft.model_validate(talk.card.draft).given.many_positions is False
    assert talk.first_line.startswith("Isolated: 1 of 5 answers speaks for it")


def test_the_verdict_names_where_each_position_belongs_and_what_it_means_in_both_modes() -> None:
    talk = talk_with(THREE)
    talk.command("quiz")
    for answer in ("No", "Yes", "No"):
        talk.tap(answer)
    assert talk.first_line == "Both: 1 of your 3 positions isolated, 2 cross."
    assert "BTC long 25x → isolated (now cross)" in talk.text
    assert "SOL long 5x → cross" in talk.text
    assert "Binance USD‑M does not change the mode of an open position" in talk.text.replace("USD-M", "USD‑M")
    # 0.1 x 64,000 / 25 + 3,200 / 10 + 20 x 150 / 5 = 256 + 320 + 600
    assert "256 of 1,176 USDT" in talk.text
    assert "all 5,000 USDT" in talk.text


@pytest.mark.parametrize(("label", "says"), [("What if…", "SOL long at 150"), ("Compare", "Cross in your account")])
def test_the_verdict_leads_to_other_conversations_about_the_same_positions(label: str, says: str) -> None:
    talk = talk_with(THREE)
    talk.command("quiz")
    for answer in ("No", "Yes", "No"):
        talk.tap(answer)
    verdict = talk.last
    assert says in talk.tap(label)
    assert any(message.id == verdict.id for message in talk.messages)


def test_a_position_that_stands_alone_is_isolated_where_both_pull() -> None:
    talk = talk_with(account(saved("BTC", "long", "0.1", "64000", "25", "isolated")))
    talk.command("quiz")
    for answer in ("Yes", "No", "No"):
        talk.tap(answer)
    assert talk.first_line == "Isolated for your position; cross has 1 of 5 answers."


def test_without_a_wallet_the_isolated_half_is_there_and_the_other_is_asked_for() -> None:
    talk = talk_with(account(saved("BTC", "long", "0.1", "64000", "25", "isolated"), wallet=None))
    talk.command("quiz")
    for _ in range(3):
        talk.tap("No")
    assert "Isolated: a common fall of 3.6% ends BTC long, all 256 USDT." in talk.text
    assert "Cross: tell me your wallet balance" in talk.text


def test_the_wallet_of_a_trade_can_be_written_on_the_verdict() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x isolated")
    talk.command("quiz")
    for _ in range(3):
        talk.tap("No")
    quiz = talk.last
    assert "Cross: write “wallet” and its amount to see it." in talk.text
    talk.say("wallet 10k")
    assert talk.last.id == quiz.id
    assert "Cross: a common fall of 31.0% ends BTC long, all 10,000 USDT." in talk.text


def test_a_portfolio_that_changes_in_the_middle_counts_as_it_is_now() -> None:
    talk = talk_with(THREE)
    talk.command("quiz")
    talk.shelves.apply([ForgetPerson(owner_id=talk.person.id)], talk.time)
    talk.tap("Yes")
    talk.tap("No")
    talk.tap("No")
    assert "2 questions are open" in talk.text


def test_no_portfolio_is_shown_in_a_group() -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    talk.command("quiz")
    assert talk.first_line.startswith("1/5 ")
    assert "portfolio" not in talk.text


# --- Hostile and foreign taps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["yes:1", "step:9", "on:", "set:wallet:5", "again:x", ""])
def test_a_forged_button_does_nothing(action: str) -> None:
    talk = Talk()
    talk.command("quiz")
    before = talk.text
    talk.act(action)
    assert talk.text == before
    assert talk.toasts == ["This button is too old. Send your question again."]


@pytest.mark.parametrize("action", ["yes", "no", "why"])
def test_an_answer_on_a_verdict_is_too_old(action: str) -> None:
    talk = Talk()
    talk.command("quiz")
    for _ in range(5):
        talk.tap("No")
    talk.act(action)
    assert talk.toasts == ["This button is too old. Send your question again."]


def test_back_on_the_first_question_does_nothing() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.act("back")
    assert talk.toasts == ["This button is too old. Send your question again."]


def test_two_people_of_a_group_take_their_own_quiz_interleaved() -> None:
    numbers = count(1)
    talk = Talk(chat=GROUP, serials=numbers.__next__)
    talk.command("quiz", by=ANN)
    anns = talk.last
    talk.tap("Yes", by=BOB, on=anns)  # Bob taps on Ann's: nothing is posted for that
    assert talk.messages == [anns]
    talk.command("quiz", by=BOB)
    bobs = talk.last
    assert bobs.card_id != anns.card_id
    assert bobs.text.startswith("1/5 ")
    assert talk.toasts == ["That quiz is somebody else's. Yours opens in our private chat."]
    talk.tap("Yes", by=ANN, on=anns)
    talk.tap("No", by=BOB, on=bobs)
    by_card = {message.card_id: message.text for message in talk.messages}
    assert by_card[anns.card_id].startswith("2/5 ")
    assert by_card[bobs.card_id].startswith("2/5 ")
    drafts = {card.owner_id: Draft.model_validate(card.draft) for card in talk.cards.values()}
    assert drafts[ANN.id].given == Given(high_leverage=True)
    assert drafts[BOB.id].given == Given(high_leverage=False)


def test_somebody_else_cannot_close_a_quiz() -> None:
    talk = Talk(chat=GROUP)
    talk.command("quiz", by=ANN)
    talk.tap("Yes")
    talk.tap("Verdict now")
    talk.act("close", by=BOB)
    assert len(talk.messages) == 1
    assert talk.toasts == ["This is somebody else's card. Ask your own: /liq"]
