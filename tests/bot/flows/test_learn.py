"""Learn: every topic has its answer, every number is the engine's, stories are played through, taps are checked."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from importlib.resources import files
from itertools import product

import pytest
from babel.messages.pofile import read_po

from bot.dialogue import Chat
from bot.rendering.learn_screen import story_screen
from bot.rendering.learn_topics import PAGES, SECTIONS, STORIES, TOPICS
from bot.rendering.verdict import Tongue
from bot.services import stories
from bot.services.lessons import lesson_facts
from bot.storage.portfolios import Mark
from tests.bot.flows.books import THREE, account, saved, talk_with
from tests.bot.flows.talk import BOB, NOON, Talk

TONGUE = Tongue.of("en")
PLACES = (
    "lesson", "short", "deep", "learn", "own", "voices", "table", "words", "stories", "storytitle", "storyapart",
    "storycrash", "storyhundred", "storyhedge", "storythree", "quiz", "quizwhy", "quizreason", "quizconflict",
    "quizmistake", "mistake", "mend", "mistakes",
)  # fmt: skip


def sentences() -> list[tuple[str, str]]:
    """Every sentence of these conversations by its key."""
    with (files("bot.rendering") / "locales" / "en.po").open("rb") as source:
        catalogue = read_po(source, locale="en")
    found = []
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        found += [(key, text) for text in texts if key.partition(".")[0] in PLACES]
    return found


def topics_that_are_read() -> set[str]:
    table = json.loads((files("bot.understanding") / "data" / "topics.json").read_text(encoding="utf-8"))
    return {rule["topic"] for rule in table["rules"]}


# --- The words -----------------------------------------------------------------------------------------------------


def test_no_number_is_typed_into_a_text() -> None:
    typed = {key: text for key, text in sentences() if re.search(r"\d", re.sub(r"\{[^}]*\}", "", text))}
    assert typed == {}


def test_nobody_is_told_what_to_buy_or_sell() -> None:
    advice = re.compile(r"\b(you should|buy|sell|go long|go short|a good time)\b", re.IGNORECASE)
    found = {key: text for key, text in sentences() if advice.search(text)}
    assert set(found) == {"quiz.never_trades", "learn.never"}  # which say that it is not told


def test_every_topic_that_a_question_can_have_is_answered() -> None:
    assert topics_that_are_read() - {"quiz_start"} <= set(TOPICS)


def test_every_topic_stands_in_a_section() -> None:
    assert {topic for section in SECTIONS for topic in section.topics} == set(TOPICS)


def test_the_eight_questions_and_the_four_errors_have_their_sections() -> None:
    sizes = {section.name: len(section.topics) for section in SECTIONS}
    assert (sizes["asked"], sizes["wrong"]) == (8, 4)


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_short_then_deeper_and_fits_a_phone(name: str) -> None:
    talk = talk_with(THREE)
    short = talk.command("learn", name)
    assert 80 < len(short) < 700
    deep = talk.tap("More")
    assert len(short) < len(deep) < 2000
    assert talk.tap("Less") == short


@pytest.mark.parametrize("name", [name for name, topic in TOPICS.items() if topic.own])
def test_a_topic_shows_the_persons_own_number_where_there_is_a_book(name: str) -> None:
    assert "Yours:" in talk_with(THREE).command("learn", name)
    assert "Yours:" not in Talk().command("learn", name)


def test_sources_that_are_named_stand_in_the_page_of_sources() -> None:
    page = (files("bot") / ".." / "docs" / "sources.md").read_text(encoding="utf-8")
    assert all(f"`{topic.source}`" in page for topic in TOPICS.values() if topic.source)


# --- The numbers ---------------------------------------------------------------------------------------------------


def test_the_numbers_of_the_example_are_the_engines() -> None:
    facts = lesson_facts()
    # (32,000 - 1,600) / (0.5 x 0.996) and (32,000 - 10,000) / (0.5 x 0.996); 32,000 x 0.004; 32,000 x 0.0001
    assert f"{facts['isolated_price']:.4f}" == "61044.1767"
    assert f"{facts['cross_price']:.4f}" == "44176.7068"
    assert (facts["maintenance"], facts["funding_cost"]) == (Decimal(128), Decimal("3.2"))
    assert facts["low_cross_price"] == facts["high_cross_price"]
    assert facts["large_maintenance"] == 640_000 * facts["large_rate"] - facts["large_amount"]
    assert facts["beyond_price"] > facts["entry_price"]


def test_the_story_of_the_crash_has_the_figures_that_are_often_told_wrong() -> None:
    talk = Talk()
    talk.command("learn")
    talk.tap("Stories")
    talk.tap("The coin that crashed")
    talk.tap("Next »")
    assert "costs 0.1 BTC, 5.0% of the account" in talk.text
    assert "1.9 BTC are left: 1.4 idle and 0.5 in A" in talk.text
    talk.tap("Next »")
    talk.tap("Next »")
    assert "a common fall of 38.8% ends everything, and 2 BTC are lost. Isolated that fall costs 0.6." in talk.text


@pytest.mark.parametrize(("name", "choice"), [(n, c) for n, (choices, _) in stories.STORIES.items() for c in choices])
def test_every_story_can_be_played_through_with_every_choice(name: str, choice: str) -> None:
    assert name in STORIES
    texts = []
    for step in range(4):
        view = stories.story_of(name, choice, step)  # type: ignore[arg-type]  # a parameter of this test is a str
        assert view is not None
        texts.append(str(story_screen(view, TONGUE).text))
    assert len(set(texts)) == 4
    assert all(re.search(r"\d", text.split("\n", 1)[1]) for text in texts[:3])


def test_a_choice_changes_the_numbers_of_the_step_that_is_shown() -> None:
    talk = Talk()
    talk.command("learn")
    talk.tap("Stories")
    talk.tap("The innocent long")
    talk.tap("Next »")
    assert "5,000 USDT lost" in talk.text
    talk.tap("+5%")
    assert "The pool still stands: 3,500 USDT are left of 5,000." in talk.text
    assert "✓ +5%" in talk.labels


# --- The conversation ----------------------------------------------------------------------------------------------


def test_every_button_of_every_page_leads_somewhere() -> None:
    talk = Talk()
    talk.command("learn")
    for section in SECTIONS:
        talk.act(f"s:{section.name}")
        assert len(talk.labels) == len(section.topics) + 2
    for page in PAGES:
        talk.act(f"g:{page}")
    for name in STORIES:
        talk.act(f"p:{name}")
        talk.act("menu")
    assert talk.toasts == []
    assert len(talk.messages) == 1


@pytest.mark.parametrize(
    "action", ["s:nope", "t:nope", "g:nope", "p:nope", "n:9", "n:x", "n:²", "c:77", "more", "less:1", "menu:x", "x"]
)
def test_a_forged_button_does_nothing(action: str) -> None:
    talk = Talk()
    before = talk.command("learn")
    talk.act(action)
    assert talk.text == before
    assert talk.toasts == ["This button is too old. Send your question again."]


@pytest.mark.parametrize("action", ["n:4", "c:77", "c:", "more"])
def test_a_forged_step_of_a_story_does_nothing(action: str) -> None:
    talk = Talk()
    talk.command("learn")
    before = talk.act("p:crash")
    talk.act(action)
    assert talk.text == before
    assert len(talk.toasts) == 1


def test_somebody_elses_lesson_is_left_alone() -> None:
    talk = Talk(chat=Chat(id=-5, kind="supergroup"))
    before = talk.command("learn")
    talk.act("menu", by=BOB)
    assert talk.text == before
    assert talk.toasts == ["This is somebody else's card. Your own opens in our private chat."]


def test_nothing_of_the_portfolio_is_shown_in_a_group() -> None:
    talk = talk_with(THREE)
    talk.chat = Chat(id=-5, kind="supergroup")
    for name, full in product(TOPICS, (False, True)):
        shown = talk.command("learn", name)
        assert "Yours:" not in (talk.act("more") if full else shown)


def test_a_question_behind_the_command_is_answered() -> None:
    talk = Talk()
    assert talk.command("learn", "is isolated safer").startswith("Is isolated safer?")
    assert talk.command("learn", "which mode should i use").startswith("1/5 ")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("funding", "Funding"),
        ("What's funding?", "Funding"),
        ("maintanance margin", "Maintenance margin"),
        ("who gets the rest?", "Who gets the rest"),
        ("bankruptcy price", "The words, with one example"),
        ("what is a pool?", "The words, with one example"),
        ("rung", "Tiers"),
        ("the innocent long", "The innocent long, 1/4"),
        ("stories", "5 stories, played with real numbers. Change them as you go."),
        ("quiz", "1/5 Do you trade above 20x leverage?"),
        ("often said, wrong", "Often said, wrong: 4 topics"),
    ],
)
def test_a_name_behind_the_command_opens_its_page(asked: str, first: str) -> None:
    assert Talk().command("learn", asked).partition("\n")[0] == first


def test_a_word_of_several_titles_asks_which() -> None:
    talk = Talk()
    assert talk.command("learn", "leverage") == "What of “leverage”?"
    assert talk.labels == ["High leverage", "Isolated at low leverage", "Leverage in cross", "All topics", "Close"]
    assert talk.tap("High leverage").startswith("High leverage\n")
    assert talk.tap("All topics").startswith("What would you like to know?")


def test_in_a_group_where_topics_have_no_buttons_they_are_named() -> None:
    shown = Talk(chat=Chat(id=-5, kind="supergroup")).command("learn", "leverage")
    titles = "High leverage, Isolated at low leverage, Leverage in cross"
    assert shown == f"What of “leverage”?\nWrite /learn and one of these: {titles}."


@pytest.mark.parametrize(
    ("asked", "told"),
    [("what is adl", "adl"), ("What's ADL?", "ADL"), ("margin call", "margin call"), ("<b>", "<b>"), ("the", "the")],
)
def test_what_there_is_nothing_on_is_said_above_all_topics(asked: str, told: str) -> None:
    for chat in (None, Chat(id=-5, kind="supergroup")):
        talk = Talk() if chat is None else Talk(chat=chat)
        first, second, *_ = talk.command("learn", asked).split("\n")
        assert first == f"I have nothing on “{told}”."
        assert second.startswith("What would you like to know?")


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("what is the bankruptcy price", "The words, with one example"),
        ("what does notional mean?", "The words, with one example"),
        ("what's adl", "I did not understand that. Write a trade like this:"),
        ("notional", "I did not understand that. Write a trade like this:"),
    ],
)
def test_what_a_word_means_is_asked_without_the_command_too(said: str, first: str) -> None:
    assert Talk().say(said).partition("\n")[0] == first


def test_a_long_text_that_begins_with_a_word_of_the_glossary_is_shown_shortened() -> None:
    assert Talk().command("learn", "pool " + 60 * "x").startswith("I have nothing on “pool…”.")


def test_the_rule_of_the_exchange_that_was_named_stands_first() -> None:
    shown = Talk().say("does bybit uta let me mix iso n cross")
    assert "\nBybit: The margin mode holds for the whole unified account" in shown
    assert "Source: Bybit’s API pages on the margin mode." in shown


def test_a_switch_that_would_end_a_position_at_once_is_said() -> None:
    held = account(saved("BTC", "long", "0.1", "64000", "25", "cross"))
    fallen = {"BTCUSDT": Mark(price=Decimal(61_000), given_at=NOON)}
    shown = talk_with(held.model_copy(update={"marks": fallen})).say("can i switch margin mode mid trade")
    assert "Yours: BTC long moved to isolated would be liquidated at once." in shown
