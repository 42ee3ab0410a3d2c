"""The driver's manners: what a test may rely on when it speaks as a person."""

from __future__ import annotations

import asyncio
import re

import aiohttp
import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import OTHER_TOKEN, TOKEN, Api

BUTTONS = {
    "inline_keyboard": [
        [{"text": "✅ Isolated", "callback_data": "iso"}, {"text": "Cross", "callback_data": "x:1"}],
        [{"text": "Docs", "url": "https://a.example"}, {"text": "Copy", "copy_text": {"text": "61044.2"}}],
    ]
}


def test_people_are_found_by_name_and_more_can_come(chat: LocalChat) -> None:
    assert chat.person("Ann") is chat.person("Ann", language_code="de")
    assert chat.person("Ann").person.language_code == "de"
    assert len({chat.person(name).id for name in ("Ann", "Ben", "Cem")}) == 3


def test_a_bot_needs_a_token_of_telegrams_form(chat: LocalChat) -> None:
    assert chat.bot(TOKEN).id == 123456
    with pytest.raises(ValueError, match="a token is digits, a colon and 35 characters"):
        chat.bot("nonsense")


async def test_each_message_of_the_bot_is_given_once_and_in_order(api: Api, ann: PersonView) -> None:
    for text in ("one", "two"):
        await api.ok("sendMessage", chat_id=ann.id, text=text)
    assert [(await ann.next()).text, (await ann.next()).text] == ["one", "two"]
    with pytest.raises(AssertionError, match=r"no further message of the bot within 0\.05 s"):
        await ann.next(timeout=0.05)


async def test_what_came_before_the_last_act_is_not_next(api: Api, ann: PersonView) -> None:
    await api.ok("sendMessage", chat_id=ann.id, text="old")
    await ann.send("question")
    waiting = asyncio.create_task(ann.next())
    await asyncio.sleep(0.02)
    await api.ok("sendMessage", chat_id=ann.id, text="new")
    assert (await waiting).text == "new"


async def test_a_message_is_seen_with_formatting_and_buttons(api: Api, ann: PersonView) -> None:
    reply = {"message_id": ann.messages[0].id}
    await api.ok(
        "sendMessage",
        chat_id=ann.id,
        text="😀 <b>x</b> &lt;",
        parse_mode="HTML",
        reply_markup=BUTTONS,
        reply_parameters=reply,
    )
    seen = await ann.next()
    assert (seen.text, seen.html, seen.from_bot, seen.edited) == ("😀 x <", "😀 <b>x</b> &lt;", True, False)
    assert [[button.text for button in row] for row in seen.buttons] == [["✅ Isolated", "Cross"], ["Docs", "Copy"]]
    docs, copy = seen.buttons[1]
    assert (docs.url, copy.copy_text, docs.data) == ("https://a.example/", "61044.2", None)
    assert seen.reply_to_id == reply["message_id"]


@pytest.mark.parametrize(("wanted", "data"), [("Cross", "x:1"), ("x:1", "x:1"), ("isolated", "iso")])
async def test_a_button_is_tapped_by_text_data_or_part_of_its_text(
    api: Api, ann: PersonView, wanted: str, data: str
) -> None:
    await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=BUTTONS)
    tap = asyncio.create_task(ann.tap(None, wanted))
    await asyncio.sleep(0)
    query = (await api.ok("getUpdates"))[-1]["callback_query"]
    assert query["data"] == data
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="hey", show_alert=True)
    answer = await tap
    assert (answer.text, answer.alert) == ("hey", True)


async def test_a_missing_button_is_an_error_that_lists_those_there_are(api: Api, ann: PersonView) -> None:
    with pytest.raises(AssertionError, match="there are no buttons"):
        await ann.tap(None, "Go")
    await api.ok("sendMessage", chat_id=ann.id, text="card", reply_markup=BUTTONS)
    with pytest.raises(AssertionError, match=re.escape("no button 'Go'; Ann sees:\nbot #")) as caught:
        await ann.tap(None, "Go")
    assert "[✅ Isolated](iso) [Cross](x:1)\n[Docs] [Copy]" in str(caught.value)
    with pytest.raises(AssertionError, match="is not a callback button"):
        await ann.tap(None, "Docs")
    with pytest.raises(AssertionError, match=r"was not answered within 0\.05 s"):
        await ann.tap(None, "Cross", timeout=0.05)


async def test_a_button_that_was_edited_away_can_only_be_forged(api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=BUTTONS)
    card = await ann.next()
    await api.ok("editMessageReplyMarkup", chat_id=ann.id, message_id=sent["message_id"])
    with pytest.raises(AssertionError, match="no button"):
        await ann.tap(card, "Cross")
    await ann.tap_data(card, "x:1", wait=False)
    await api.ok("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    await ann.tap_data(card, "x:2", wait=False)
    first, second = (update["callback_query"] for update in (await api.ok("getUpdates"))[-2:])
    assert (first["data"], second["data"]) == ("x:1", "x:2")
    assert first["message"]["text"] == "x"
    assert second["message"]["date"] == 0  # Telegram's InaccessibleMessage


async def test_edits_and_deletions_can_be_waited_for(api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="one")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    card = await ann.next()
    await api.ok("editMessageText", **where, text="two")
    edited = await ann.settled(card)
    assert (card.text, edited.text, edited.edited) == ("one", "two", True)
    with pytest.raises(AssertionError, match="was not edited within"):
        await ann.settled(edited, timeout=0.05)
    later = asyncio.create_task(ann.wait_for(lambda message: message.text == "three"))
    await asyncio.sleep(0)
    await api.ok("editMessageText", **where, text="three")
    assert (await later).id == card.id
    await api.ok("deleteMessage", **where)
    await ann.gone(card)
    assert ann.fresh(card) is None


async def test_a_person_replies_and_edits(api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="question")
    answer = await ann.reply(await ann.next(), "/answer 42")
    await ann.edit(answer, "43")
    written, edited = (await api.ok("getUpdates"))[-2:]
    assert written["message"]["reply_to_message"]["message_id"] == sent["message_id"]
    assert written["message"]["entities"] == [{"offset": 0, "length": 7, "type": "bot_command"}]
    assert (edited["edited_message"]["text"], "edit_date" in edited["edited_message"]) == ("43", True)
    assert "entities" not in edited["edited_message"]
    assert ann.fresh(answer) is not None
    assert written["message"]["text"] == "/answer 42"  # an update that waits keeps what it carried


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4097])
async def test_a_person_cannot_send_nothing_or_too_much(ann: PersonView, text: str) -> None:
    with pytest.raises(ValueError, match="the message is"):
        await ann.send(text)


async def test_a_caption_is_shorter_than_a_text(ann: PersonView) -> None:
    assert len((await ann.send_photo("x" * 1024)).text) == 1024
    with pytest.raises(ValueError, match="the caption is longer than 1024"):
        await ann.send_photo("x" * 1025)


async def test_with_several_bots_one_must_be_named_once(chat: LocalChat, bot: BotView) -> None:
    other = chat.bot(OTHER_TOKEN)
    ben = chat.person("Ben")
    with pytest.raises(ValueError, match="2 bots are known"):
        await ben.send("to whom?")
    await ben.send("to the other", bot=other)
    await ben.send("still to the other")
    assert (bot.pending, other.pending) == (0, 2)


async def test_each_bot_has_a_chat_of_its_own_with_a_person(
    chat: LocalChat, session: aiohttp.ClientSession, ann: PersonView
) -> None:
    other = Api(chat.url, session, OTHER_TOKEN)
    refused = (await other.call("sendMessage", chat_id=ann.id, text="x")).refusal
    assert refused == (403, "Forbidden: bot can't initiate conversation with a user")
    assert await other.ok("getUpdates") == []


async def test_a_fault_delays_refuses_or_cuts_the_line(chat: LocalChat, api: Api, ann: PersonView) -> None:
    chat.fault(kind="status", value=429, retry_after=3)
    answer = await api.call("sendMessage", chat_id=ann.id, text="a")
    assert (answer.status, answer.body["parameters"]) == (429, {"retry_after": 3})
    chat.fault(kind="reset_before")
    with pytest.raises(aiohttp.ClientError):
        await api.call("sendMessage", chat_id=ann.id, text="b")
    chat.fault(kind="reset_after")
    with pytest.raises(aiohttp.ClientError):
        await api.call("sendMessage", chat_id=ann.id, text="c")
    chat.fault(method=None, kind="delay", value=0.2)
    began = asyncio.get_running_loop().time()
    await api.ok("sendMessage", chat_id=ann.id, text="d")
    assert asyncio.get_running_loop().time() - began >= 0.2
    assert [message.text for message in ann.messages if message.from_bot] == ["c", "d"]
    assert [call.status for call in chat.calls] == [429, 0, 0, 200]


async def test_faults_can_be_forgotten_and_must_be_known(chat: LocalChat, api: Api, ann: PersonView) -> None:
    chat.fault(kind="status", value=500, times=5)
    assert (await api.call("sendMessage", chat_id=ann.id, text="a")).refusal == (500, "Internal Server Error")
    chat.clear_faults()
    await api.ok("sendMessage", chat_id=ann.id, text="a")
    with pytest.raises(ValueError, match="kind must be one of delay"):
        chat.fault(kind="nonsense")  # type: ignore[arg-type]


async def test_a_bot_can_be_given_the_name_that_people_see(chat: LocalChat) -> None:
    named = chat.bot("424242:" + "n" * 35, name="Marginbot")
    assert named.bot.user()["first_name"] == "Marginbot"
    assert chat.bot("424242:" + "n" * 35).bot.name == "Marginbot"
