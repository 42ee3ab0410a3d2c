"""Pictures that come by themselves: with which answers, in place of which, and what words after them are for."""

from __future__ import annotations

import pytest

from bot.dialogue import Chat
from tests.bot.flows.talk import Message, Talk

QUESTION = "long 0.5 btc 64k 20x, wallet 10k"


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.command("settings")
    talk.tap("Pictures")
    talk.tap("at once, dark")
    talk.tap("Close")
    return talk


def shown(talk: Talk) -> list[str]:
    """What the chat shows: "picture" or the first line of a text."""
    return ["picture" if each.screen.picture else each.text.partition("\n")[0] for each in talk.messages]


def picture(talk: Talk) -> Message:
    [found] = [each for each in talk.messages if each.screen.picture]
    return found


def test_a_picture_follows_the_answer_on_the_paper_that_was_set(talk: Talk) -> None:
    talk.say(QUESTION)
    assert shown(talk) == ["Isolated: liquidated at 61,044.2, 4.6% below entry.", "picture"]
    drawing = picture(talk).screen.picture
    assert drawing is not None
    assert drawing.spec["theme"] == "dark"


def test_without_the_setting_none_comes() -> None:
    talk = Talk()
    talk.say(QUESTION)
    assert "picture" not in shown(talk)


def test_words_after_the_picture_change_the_card_and_its_picture_in_place(talk: Talk) -> None:
    talk.say(QUESTION)
    before = picture(talk)
    talk.say("10x")
    assert [each.id for each in talk.messages] == [before.id - 1, before.id]
    assert talk.messages[0].text.startswith("Isolated: liquidated at 57,831.4, 9.6% below entry.")
    assert picture(talk).text.startswith("Isolated: ends at −9.6%")


def test_words_that_leave_the_picture_as_it_is_are_answered_below_it(talk: Talk) -> None:
    talk.say("short 2 eth 3200 10x cross, wallet 5k")
    talk.tap("Save", on=talk.messages[0])
    talk.command("portfolio")
    drawn = talk.messages[-1]
    talk.say("close half the eth")
    assert talk.messages[-2:] == [drawn, talk.last]
    assert talk.text.startswith("Close 50% of ETH short")
    assert talk.tap("Make it so").startswith("Your cross account: everything may rise 155.2%")
    assert talk.tap("Undo").startswith("Your cross account: everything may rise 77.4%")


def test_a_reply_to_the_picture_is_for_its_card(talk: Talk) -> None:
    talk.say(QUESTION)
    talk.say("short 5 eth 3200 10x, wallet 10k")
    talk.say("5x", reply=True)
    assert shown(talk)[-2:] == ["Isolated: liquidated at 3,824.70, 19.5% above entry.", "picture"]
    assert shown(talk).count("picture") == 2


def test_the_picture_keeps_its_kind_when_its_numbers_change(talk: Talk) -> None:
    talk.say(QUESTION)
    talk.tap("Ladder")
    talk.say("10x")
    assert "• Ladder" in [label for row in picture(talk).labels for label in row]


def test_an_answer_that_lacks_something_gets_its_picture_when_it_was_said(talk: Talk) -> None:
    talk.say("long btc 64k 20x")
    assert "picture" not in shown(talk)
    talk.say("10k")
    talk.say("0.5")
    assert shown(talk)[-1] == "picture"


def test_a_card_about_the_same_positions_brings_no_second_picture(talk: Talk) -> None:
    talk.say(QUESTION)
    card = talk.messages[0]
    talk.tap("Compare", on=card)
    talk.say("what if btc drops 3%")
    assert shown(talk).count("picture") == 1


def test_pages_of_a_card_leave_its_picture_alone(talk: Talk) -> None:
    talk.say(QUESTION)
    before = picture(talk)
    talk.tap("Show the working", on=talk.messages[0])
    assert picture(talk) is before


def test_a_closed_picture_stays_away_until_the_positions_change(talk: Talk) -> None:
    talk.say(QUESTION)
    talk.tap("Close")
    assert "picture" not in shown(talk)
    talk.say("10x")
    assert shown(talk)[-1] == "picture"


def test_an_edited_question_changes_its_picture_too(talk: Talk) -> None:
    number = talk.number + 1
    talk.say(QUESTION)
    talk.edit(number, QUESTION.replace("20x", "10x"))
    assert shown(talk) == ["Isolated: liquidated at 57,831.4, 9.6% below entry.", "picture"]
    assert picture(talk).text.startswith("Isolated: ends at −9.6%")


def test_the_portfolio_brings_its_picture_which_goes_when_the_account_is_another_one(talk: Talk) -> None:
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k")
    talk.tap("Save", on=talk.messages[0])
    talk.command("portfolio")
    assert shown(talk).count("picture") == 2
    talk.say("btc 63k now")
    assert shown(talk).count("picture") == 1


def test_several_asks_of_one_message_bring_one_picture_of_the_same_positions(talk: Talk) -> None:
    talk.say("long 0.5 btc 64k 20x iso, wallet 10k. what if btc drops 3%?")
    assert shown(talk).count("picture") == 1


def test_no_picture_comes_by_itself_in_a_group(talk: Talk) -> None:
    group = Talk(chat=Chat(id=-5, kind="group"), settings=talk.settings)
    group.command("liq", QUESTION)
    assert "picture" not in shown(group)


def test_a_picture_on_a_tap_has_the_paper_that_was_set(talk: Talk) -> None:
    talk.say(QUESTION)
    talk.tap("Picture", on=talk.messages[0])
    assert talk.last.screen.picture is not None
    assert talk.last.screen.picture.spec["theme"] == "dark"
