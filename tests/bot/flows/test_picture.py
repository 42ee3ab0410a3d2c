"""The picture card: opened from a card, changed by its buttons, and what it says where there is nothing to draw."""

from __future__ import annotations

import json

import pytest

from bot.dialogue import CAPTION_LIMIT, Chat, Enclosed, Event, Said, Tap, Tapped
from bot.flows.desk import can_wait
from bot.flows.picture import DRAWING
from bot.payloads import Payload, encode_payload
from bot.pictures.specs import MarketSpec, ShareSpec, TwoCoinsSpec, data_of, spec_of
from bot.rendering.plain import plain_text
from bot.services.picture_card import KINDS, Wish, pictured
from bot.services.question import Question, question_of
from bot.services.quizzing import Given
from bot.services.subject import subject_of_question
from bot.understanding.readings import Context
from bot.understanding.understand import understand
from tests.bot.flows.books import THREE as THREE_HELD
from tests.bot.flows.books import talk_with
from tests.bot.flows.talk import NOON, Message, Talk

QUESTION = "long 0.5 btc 64k 20x, wallet 10k"
THREE = "long 0.5 btc 64k 20x, short 5 eth 3200 10x, long 100 sol 150 10x, wallet 10k"


def spec(message: Message) -> object:
    """What the message draws, through JSON as in the outbox."""
    assert message.screen.picture is not None
    return spec_of(json.loads(json.dumps(dict(message.screen.picture.spec))))


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.say(THREE)
    talk.tap("Picture")
    return talk


def test_the_picture_comes_as_a_card_of_its_own_and_its_caption_says_it_in_words(talk: Talk) -> None:
    assert len(talk.messages) == 2
    cross = "Cross: ends at −31.7%, no rise below +1,000% ends it."
    assert talk.first_line == f"Isolated: first ends at −4.6% or +9.6%. {cross}"
    market = spec(talk.last)
    assert isinstance(market, MarketSpec)
    assert [line.mode for line in market.lines] == ["isolated", "cross"]


def test_every_button_changes_the_picture_in_place_and_every_caption_fits(talk: Talk) -> None:
    number = talk.last.id
    seen = set()
    for label in ("Ladder", "±60%", "Cross", "Distances", "Two coins", "Isolated", "±10%", "Dark", "Table", "Market"):
        talk.tap(label)
        assert talk.last.id == number
        drawing = talk.last.screen.picture
        assert drawing is not None
        seen.add(json.dumps(dict(drawing.spec)))
        assert 0 < len(talk.text.encode("utf-16-le")) // 2 <= CAPTION_LIMIT
        assert len(plain_text(type(talk.last.screen)(text=drawing.instead))) < 4096
        assert all(
            len(line) <= 40 for line in str(drawing.instead).partition("<pre>")[2].partition("</pre>")[0].splitlines()
        )
    assert len(seen) == 10


def test_what_is_shown_now_is_marked_on_its_button(talk: Talk) -> None:
    assert "• Market" in talk.labels
    talk.tap("Ladder")
    assert {"• Ladder", "• ±10%", "• Isolated", "Market"} <= set(talk.labels)


def test_the_axes_of_two_coins_go_through_the_coins(talk: Talk) -> None:
    talk.tap("Two coins")
    pairs = []
    for label in ("Across", "Up", "Across", "Up"):
        talk.tap(label)
        shown = spec(talk.last)
        assert isinstance(shown, TwoCoinsSpec)
        pairs.append((shown.across, shown.up))
    assert pairs == [("SOL", "ETH"), ("SOL", "BTC"), ("ETH", "BTC"), ("ETH", "SOL")]


def test_what_draws_can_wait_and_nothing_else(talk: Talk) -> None:
    card = talk.messages[0]
    openers = actions(card)
    waiting = set[str]()
    for label in ("Ladder", "Two coins", "Market"):
        talk.tap(label)
        under = actions(talk.last) - openers - {"close"}
        assert all(can_wait(event_of(talk, action)) for action in under)
        waiting |= under
    assert {action for action in openers if can_wait(event_of(talk, action))} == {"picture"}
    assert {action.partition(":")[0] for action in waiting} | {"picture"} == DRAWING
    assert not can_wait(event_of(talk, "close"))
    assert not can_wait(talk.event(Said(text=QUESTION)))
    assert can_wait(talk.event(Enclosed(name="book.csv", text="")))


def actions(message: Message) -> set[str]:
    """What the buttons of the message mean."""
    return {tap.action for row in message.screen.buttons for tap in row if isinstance(tap, Tap)}


def event_of(talk: Talk, action: str) -> Event:
    """A tap on a button of the last card."""
    payload = Payload(card_id=talk.card.id, owner_id=talk.card.owner_id, action=action)
    return talk.event(Tapped(query_id="q", data=encode_payload(payload)))


def test_close_takes_the_picture_away_and_leaves_the_card(talk: Talk) -> None:
    talk.tap("Close")
    assert len(talk.messages) == 1
    assert "Picture" in talk.labels


def test_words_after_a_picture_change_its_positions() -> None:
    talk = Talk()
    talk.say(QUESTION)
    talk.tap("Picture")
    assert talk.first_line == "Isolated: ends at −4.6%, no rise ends it. Cross: ends at −31.0%, no rise ends it."
    talk.say("10x")
    assert talk.first_line == "Isolated: ends at −9.6%, no rise ends it. Cross: ends at −31.0%, no rise ends it."


def test_a_picture_of_one_coin_offers_no_second_one() -> None:
    talk = Talk()
    talk.say(QUESTION)
    talk.tap("Picture")
    assert "Two coins" not in talk.labels
    talk.act("kind:two_coins")
    assert isinstance(spec(talk.last), MarketSpec)


def test_forged_and_outlived_actions_mean_nothing(talk: Talk) -> None:
    for action in ("kind:moon", "span:9", "mode:both", "fly", "kind", "across:x:y"):
        before = talk.last
        talk.act(action)
        assert talk.last.screen.picture is not None
        assert action == "across:x:y" or talk.last is before


def test_without_sizes_there_is_nothing_to_draw() -> None:
    talk = Talk()
    talk.say("long btc 64k 20x")
    assert "Picture" not in talk.labels
    talk.act("picture")
    assert talk.text.startswith("There is nothing to draw yet")


def test_the_portfolio_is_drawn_in_its_owners_chat_only() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save")
    talk.say("short 5 eth 3200 10x cross")
    talk.tap("Save")
    talk.command("portfolio")
    account = talk.card
    talk.tap("Picture")
    assert {"• Market", "Table"} <= set(talk.labels)
    talk.tap("Ladder")
    assert "• As held" in talk.labels
    talk.chat = Chat(id=-5, kind="group")
    talk.cards[account.id] = account
    talk.messages.append(Message(id=account.message_id or 0, screen=talk.last.screen, card_id=account.id))
    talk.act("picture")
    assert "private chat" in talk.text


@pytest.mark.parametrize(("payload", "shown"), [("picture", "• Market"), ("picture_two_coins", "• Two coins")])
def test_a_link_opens_a_picture_of_the_portfolio(payload: str, shown: str) -> None:
    talk = talk_with(THREE_HELD)
    talk.command("start", payload)
    assert shown in talk.labels


def test_a_link_to_a_picture_that_there_is_not_opens_the_first_one() -> None:
    talk = talk_with(THREE_HELD)
    talk.command("start", "picture_moon")
    assert "• Market" in talk.labels


def test_a_picture_is_the_same_after_the_outbox_has_kept_it() -> None:
    question = question_of(understand(THREE, Context()), now=NOON)
    assert isinstance(question, Question)
    for kind in KINDS.values():
        found = pictured(subject_of_question(question, now=NOON), Wish(kind=kind, given=Given(beginner=True)))
        assert found is not None
        assert found.wish.kind == kind
        assert data_of(spec_of(json.loads(json.dumps(dict(found.spec))))) == found.spec


def test_the_verdict_of_a_quiz_is_drawn_with_its_reasons_and_both_modes_in_numbers() -> None:
    talk = Talk()
    talk.say(QUESTION)
    talk.command("quiz")
    for answer in ("yes", "yes", "no"):  # the first two the positions answer themselves
        talk.say(answer)
    talk.tap("Picture")
    card = spec(talk.last)
    assert isinstance(card, ShareSpec)
    assert card.verdict == talk.first_line
    assert [reason.mode for reason in card.reasons] == ["isolated", "cross"]
    # 1,600 is the isolated margin; 10,000 the wallet behind cross
    assert [(row.isolated, row.cross) for row in card.rows] == [("−4.6%", "−31.0%"), ("1,600 USDT", "10,000 USDT")]
    assert "Market" in talk.labels


def test_a_verdict_without_positions_has_no_other_pictures() -> None:
    talk = Talk()
    talk.command("quiz")
    talk.say("yes")
    talk.tap("Verdict now")
    talk.tap("Picture")
    assert talk.labels == ["Dark", "Close"]
