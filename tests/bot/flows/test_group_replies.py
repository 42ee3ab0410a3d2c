"""Replies in a group: to a card of one's own, to somebody else's, and to what was sent through inline mode."""

from dataclasses import replace

import pytest

from bot.dialogue import Chat, Commanded, Content, Event, Link, Outcome, Queried, Said, Show
from bot.flows.lobby import decide
from bot.rendering.plain import plain_text
from tests.bot.flows.talk import ANN, BOB, Talk

GROUP = Chat(id=-5, kind="supergroup")
TRADE = "long 0.5 btc 64k 20x, wallet 10k"
AT_10X = "Isolated: liquidated at 57,831.4"  # 64,000 x 0.9 / 0.996
AT_20X = "Isolated: liquidated at 61,044.2"  # 64,000 x 0.95 / 0.996


@pytest.fixture
def talk() -> Talk:
    talk = Talk(chat=GROUP)
    talk.command("liq", TRADE)
    return talk


def outcome_of(talk: Talk, event: Event) -> Outcome:
    return decide(event, talk.facts(event))


def told(outcome: Outcome) -> list[str]:
    return [plain_text(step.screen) for step in outcome.show if isinstance(step, Show)]


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (Said(text="10x"), AT_10X),
        (Said(text="what if btc -5%"), "Isolated: liquidated, 8,400 left."),
        (Commanded(name="liq", arguments="10x"), AT_10X),
        (Commanded(name="liq"), AT_20X),
        (Commanded(name="whatif", arguments="-5%"), "Isolated: liquidated, 8,400 left."),
        (Commanded(name="compare"), AT_20X),
    ],
)
def test_a_reply_to_somebody_elses_card_is_answered_on_ones_own(talk: Talk, content: Content, begins: str) -> None:
    anns = talk.card
    outcome = outcome_of(talk, talk.event(content, by=BOB, reply=True))
    [step] = outcome.show
    assert isinstance(step, Show)
    assert step.card is not None
    assert (step.card.owner_id, step.card.version, step.card.message_id) == (BOB.id, 0, None)
    assert step.card.id != anns.id
    assert told(outcome)[0].startswith(begins)


@pytest.mark.parametrize("text", ["nice one", "lol", "thanks", "good luck mate", "undo", "hm"])
def test_chatter_below_somebody_elses_card_is_left_alone(talk: Talk, text: str) -> None:
    assert outcome_of(talk, talk.event(Said(text=text), by=BOB, reply=True)) == Outcome()


def test_chatter_below_an_open_question_of_somebody_else_is_left_alone() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long btc")
    assert "?" in talk.text
    assert outcome_of(talk, talk.event(Said(text="no idea"), by=BOB, reply=True)) == Outcome()


def test_a_command_with_a_change_as_a_reply_to_ones_own_card_changes_it_in_place(talk: Talk) -> None:
    before = talk.card.id
    assert talk.command("liq", "10x", reply=True).startswith(AT_10X)
    assert talk.card.id == before


def test_a_command_right_after_ones_own_card_goes_on_from_it_and_not_from_somebody_elses(talk: Talk) -> None:
    assert told(outcome_of(talk, talk.event(Commanded(name="whatif", arguments="-5%"), by=BOB)))[0].count("left.") == 0
    assert talk.command("whatif", "-5%", by=ANN).startswith("Isolated: liquidated, 8,400 left.")


def test_words_that_are_no_reply_change_no_card_in_a_group(talk: Talk) -> None:
    assert outcome_of(talk, talk.event(Said(text="10x"))) == Outcome()


@pytest.mark.parametrize(
    ("content", "begins"),
    [(Commanded(name="liq"), AT_20X), (Commanded(name="liq", arguments="10x"), AT_10X), (Said(text="10x"), AT_10X)],
)
def test_a_reply_to_an_inline_message_goes_on_from_the_trade_behind_its_link(content: Content, begins: str) -> None:
    talk = Talk(chat=GROUP)
    event = replace(talk.event(content, by=BOB), quoted="t1_lBTC_q0p5_e64000_x20_w10000")
    assert told(outcome_of(talk, event))[0].startswith(begins)


def test_a_reply_to_an_inline_message_in_words_goes_on_from_what_was_typed_there() -> None:
    talk = Talk(chat=GROUP)
    # "long 0.5 btc 64k 20x" as a link carries it
    event = replace(talk.event(Commanded(name="liq")), quoted="q1_bG9uZyAwLjUgYnRjIDY0ayAyMHg")
    assert told(outcome_of(talk, event))[0].startswith(AT_20X)


@pytest.mark.parametrize("quoted", ["", "inline", "quiz", "t1_forged", "q1_!!"])
@pytest.mark.parametrize("arguments", ["", "10x"])
def test_an_inline_message_without_a_trade_is_said_to_have_none(quoted: str, arguments: str) -> None:
    talk = Talk(chat=GROUP)
    event = replace(talk.event(Commanded(name="liq", arguments=arguments)), quoted=quoted)
    assert told(outcome_of(talk, event))[0].startswith("I find no trade in that message.")


# --- Where no button comes back --------------------------------------------------------------------------------------


def test_the_quiz_asked_for_in_other_words_is_offered_with_the_way_to_it_and_never_as_a_question() -> None:
    talk = Talk(chat=Chat(id=7, kind="inline"))
    offers = []
    for text in ("", "isolated or cross?"):
        outcome = outcome_of(talk, talk.event(Queried(query_id="q", text=text)))
        assert outcome.offers is not None
        offers.append([each.title for each in outcome.offers.offers])
    assert offers[0] == offers[1]
    assert not any(title.startswith("1/5") for title in offers[1])


def test_a_guests_quiz_is_the_way_to_it() -> None:
    talk = Talk(chat=GROUP)
    event = replace(talk.event(Said(text="isolated or cross?")), guest="g", mentioned=True)
    [step] = outcome_of(talk, event).show
    assert isinstance(step, Show)
    assert "1/5" not in plain_text(step.screen)
    links = [each.url for row in step.screen.buttons for each in row if isinstance(each, Link)]
    assert links == ["https://t.me/marginbot?start=quiz"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("long 0.5 btc 64k 500x", "BTC allows at most 150x at this size, not 500x."),
        ("long 1 zzzz 5 10x", "I do not know ZZZZ."),
        (
            "long 1 pepe 5 10x on deribit",
            "I have no tier table of Deribit for PEPE, and another exchange's rules may differ.",
        ),
    ],
)
def test_an_offer_says_why_a_trade_cannot_be_worked_out(text: str, title: str) -> None:
    talk = Talk(chat=Chat(id=7, kind="inline"))
    outcome = outcome_of(talk, talk.event(Queried(query_id="q", text=text)))
    assert outcome.offers is not None
    [offer] = outcome.offers.offers
    assert offer.title == title
    assert plain_text(offer.screen).startswith(title)


def test_a_size_sent_through_inline_mode_speaks_of_no_button_that_is_not_there() -> None:
    talk = Talk(chat=Chat(id=7, kind="inline"))
    outcome = outcome_of(talk, talk.event(Queried(query_id="q", text="size btc 64k stop 62k risk 100")))
    assert outcome.offers is not None
    said = plain_text(outcome.offers.offers[0].screen)
    assert "For all of it, ask again and add: wallet." in said
    assert "tap" not in said.lower()


def test_words_too_long_for_a_link_are_asked_for_again_in_private() -> None:
    talk = Talk(chat=Chat(id=7, kind="inline"))
    query = "what if btc falls by ten percent and eth by twenty percent and sol by thirty percent"
    outcome = outcome_of(talk, talk.event(Queried(query_id="q", text=query)))
    assert outcome.offers is not None
    home = Talk(chat=Chat(id=7))
    assert home.command("start", outcome.offers.start).startswith("Your words were too long")


def test_a_reply_that_says_what_the_message_says_already_is_answered_with_all_of_it() -> None:
    talk = Talk(chat=GROUP)
    answer = talk.command("liq", "20x", quoted="long 1 eth 3200 20x, thoughts?")
    # 3,200 x 0.95 / 0.996
    assert answer.startswith("Isolated: liquidated at 3,052.21, 4.6% below entry.")
    assert answer.endswith("Long 1 ETH at 3,200, 20x.")


def test_money_that_did_not_come_from_the_wallet_is_named_in_three_lines_too() -> None:
    # 0.3 BTC at 92,000 and 5x take 5,520 of 4,000; from 92,000 to 80,000 they lose 3,600.
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.3 btc 92k 15x wallet 4k")
    talk.command("whatif", "btc 80k", reply=True)
    assert talk.say("same but 5x", reply=True).startswith("Isolated: survives, 1,920 (1,520 paid in) left.")
