"""What is sent through a bot: whom it comes from, who is told, how the bot edits it, what its buttons tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.localchat import BotView, GroupView, LocalChat, MessageView, PersonView
from bot.localchat.driver import tiny_png
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.test_files import photo, upload
from tests.bot.localchat.test_inline import article, ask
from tests.bot.localchat.test_refusals import NOT_MODIFIED

KEYBOARD = {"inline_keyboard": [[{"text": "Refresh", "callback_data": "r:1"}]]}
Chosen = tuple[MessageView, dict[str, Any]]


async def updates(api: Api) -> list[dict[str, Any]]:
    """What the bot has not confirmed yet; it is confirmed."""
    found: list[dict[str, Any]] = await api.ok("getUpdates")
    if found:
        await api.ok("getUpdates", offset=found[-1]["update_id"] + 1)
    return found


async def sent(api: Api, person: PersonView, *, chat: GroupView | None = None, **other: Any) -> Chosen:
    """A result with a button, sent; and what the bot is told of the choice."""
    await updates(api)
    seen = await ask(api, person.inline("btc", chat=chat), results=[article(reply_markup=KEYBOARD, **other)])
    message = await person.choose(seen.results[0], chat=chat)
    [chosen] = [u["chosen_inline_result"] for u in await updates(api) if "chosen_inline_result" in u]
    return message, chosen


async def test_a_result_is_the_persons_message_through_the_bot(api: Api, ann: PersonView, bot: BotView) -> None:
    await updates(api)
    seen = await ask(api, ann.inline("btc"), results=[article(reply_markup=KEYBOARD)])
    message = await ann.choose(seen.results[0])
    assert (message.html, message.from_bot, message.raw["from"]["id"]) == ("<b>Isolated</b>", False, ann.id)
    told, chosen = await updates(api)
    via = {"id": bot.id, "is_bot": True, "first_name": "local_123456_bot", "username": "local_123456_bot"}
    assert (told["message"]["via_bot"], told["message"]["reply_markup"]) == (via, KEYBOARD)
    inline_message_id = chosen["chosen_inline_result"].pop("inline_message_id")
    assert isinstance(inline_message_id, str)
    assert chosen["chosen_inline_result"] == {"result_id": "1", "from": told["message"]["from"], "query": "btc"}


async def test_without_a_keyboard_there_is_no_inline_message_id(api: Api, ann: PersonView) -> None:
    seen = await ask(api, ann.inline("btc"), results=[article()])
    await ann.choose(seen.results[0])
    assert "inline_message_id" not in (await updates(api))[-1]["chosen_inline_result"]


async def test_a_result_from_the_cache_is_chosen_as_well(chat: LocalChat, api: Api, ann: PersonView) -> None:
    await ask(api, ann.inline("btc"), results=[article()])
    ben = chat.person("Ben")
    seen = await ben.inline("btc")
    assert seen.cached
    assert (await ben.choose(seen.results[0])).html == "<b>Isolated</b>"
    assert (await updates(api))[-1]["chosen_inline_result"]["from"]["id"] == ben.id


async def test_without_feedback_the_bot_is_not_told_of_the_choice(chat: LocalChat, api: Api, ann: PersonView) -> None:
    chat.bot(api.token, inline_feedback=False)
    seen = await ask(api, ann.inline("btc"), results=[article(reply_markup=KEYBOARD)])
    await ann.choose(seen.results[0])
    assert [kind for update in await updates(api) for kind in update if kind != "update_id"] == ["message"]


async def test_in_a_group_the_message_goes_to_the_bot_it_came_through(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    other = chat.bot(OTHER_TOKEN)
    group = chat.group("Desk", ann, bots=(bot, other))
    others = Api(chat.url, api.session, OTHER_TOKEN)
    await updates(others)
    seen = await ask(api, ann.inline("btc", bot=bot, chat=group), results=[article()])
    message = await ann.choose(seen.results[0], chat=group)
    told = {kind: update[kind] for update in await updates(api) for kind in update}
    assert (told["message"]["message_id"], told["message"]["chat"]["id"]) == (message.id, group.id)
    assert await updates(others) == []


async def test_a_bot_that_is_not_in_the_group_hears_of_the_choice_alone(
    chat: LocalChat, api: Api, ann: PersonView
) -> None:
    group = chat.group("Desk", ann)
    message, chosen = await sent(api, ann, chat=group)
    assert message.raw["chat"]["title"] == "Desk"
    assert await api.ok("editMessageText", inline_message_id=chosen["inline_message_id"], text="now") is True
    assert (await ann.wait_for(lambda m: m.id == message.id, chat=group)).text == "now"


async def test_the_bot_edits_text_and_keyboard_by_inline_message_id(api: Api, ann: PersonView) -> None:
    message, chosen = await sent(api, ann)
    by = {"inline_message_id": chosen["inline_message_id"]}
    markup = {"reply_markup": KEYBOARD}
    assert await api.ok("editMessageText", **by, text="<i>Cross</i>", parse_mode="HTML", **markup) is True
    fresh = ann.fresh(message)
    assert fresh is not None
    assert (fresh.html, fresh.edited, fresh.from_bot) == ("<i>Cross</i>", True, False)
    assert fresh.raw["via_bot"]["id"] == 123456
    same = await api.call("editMessageText", **by, text="<i>Cross</i>", parse_mode="HTML", **markup)
    assert same.refusal == (400, NOT_MODIFIED)
    assert (await api.call("editMessageReplyMarkup", **by, **markup)).refusal == (400, NOT_MODIFIED)
    assert await api.ok("editMessageReplyMarkup", **by) is True
    bare = ann.fresh(message)
    assert bare is not None
    assert bare.buttons == ()
    assert await api.ok("editMessageReplyMarkup", **by, **markup) is True


async def test_the_bot_edits_caption_and_picture_by_inline_message_id(api: Api, ann: PersonView) -> None:
    first = (await photo(api, ann, tiny_png())).body["result"]["photo"][-1]["file_id"]
    second = (await photo(api, ann, tiny_png())).body["result"]["photo"][-1]["file_id"]
    await updates(api)
    result = {"type": "photo", "id": "p", "photo_file_id": first, "caption": "one", "reply_markup": KEYBOARD}
    message = await ann.choose((await ask(api, ann.inline("map"), results=[result])).results[0])
    by = {"inline_message_id": (await updates(api))[-1]["chosen_inline_result"]["inline_message_id"]}
    assert await api.ok("editMessageCaption", **by, caption="two") is True
    assert (await ann.wait_for(lambda m: m.id == message.id)).text == "two"
    assert await api.ok("editMessageMedia", **by, media={"type": "photo", "media": second, "caption": "three"}) is True
    shown = await ann.wait_for(lambda m: m.id == message.id)
    assert shown.photo is not None
    assert (shown.text, shown.photo[-1]["file_id"]) == ("three", second)
    new = await upload(
        api,
        "editMessageMedia",
        tiny_png(),
        field="new",
        name="a.png",
        kind="image/png",
        media='{"type": "photo", "media": "attach://new"}',
        **by,
    )
    assert new.refusal == (400, "Bad Request: invalid message content specified")


@pytest.mark.parametrize(
    ("inline_message_id", "problem"),
    [("A" * 32, "MESSAGE_ID_INVALID"), ("A" * 27, "MESSAGE_ID_INVALID")]
    + [(wrong, "invalid inline message identifier specified") for wrong in ("1", "A" * 31, "!" * 32)],
)
async def test_an_unknown_inline_message_id_is_refused(
    api: Api, ann: PersonView, inline_message_id: str, problem: str
) -> None:
    by = {"inline_message_id": inline_message_id}
    refused = await api.call("editMessageText", **by, text="x")
    assert refused.refusal == (400, f"Bad Request: {problem}")
    refused = await api.call("editMessageReplyMarkup", **by)
    assert refused.refusal == (400, f"Bad Request: {problem}")


async def test_another_bot_cannot_edit_it_and_nobody_once_it_is_deleted(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    message, chosen = await sent(api, ann)
    by = {"inline_message_id": chosen["inline_message_id"]}
    gone = (400, "Bad Request: MESSAGE_ID_INVALID")
    other = Api(chat.url, api.session, OTHER_TOKEN)
    assert (await other.call("editMessageText", **by, text="mine")).refusal == gone
    await api.ok("editMessageText", **by, text="x")
    await ann.delete(message, bot=bot)
    assert (await api.call("editMessageText", **by, text="y")).refusal == gone


async def test_a_tap_carries_the_inline_message_id_and_no_message(chat: LocalChat, api: Api, ann: PersonView) -> None:
    ben = chat.person("Ben")
    group = chat.group("Desk", ann, ben)
    message, chosen = await sent(api, ann, chat=group)
    await ben.tap(message, "Refresh", chat=group, wait=False)
    query = (await updates(api))[-1]["callback_query"]
    assert (query["inline_message_id"], query["data"]) == (chosen["inline_message_id"], "r:1")
    assert (query["from"]["id"], "message" in query) == (ben.id, False)
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="done")


async def test_a_person_cannot_edit_what_a_bot_has_written_for_them(api: Api, ann: PersonView) -> None:
    message, _ = await sent(api, ann)
    with pytest.raises(ValueError, match="has no text message"):
        await ann.edit(message, "mine")


async def test_results_are_chosen_by_whom_they_were_found_for(chat: LocalChat, api: Api, ann: PersonView) -> None:
    seen = await ask(api, ann.inline("btc"), results=[article()])
    with pytest.raises(ValueError, match="no longer there"):
        await chat.person("Ben").choose(seen.results[0])


async def test_a_result_answers_a_message_and_goes_into_a_topic(chat: LocalChat, api: Api, ann: PersonView) -> None:
    group = chat.group("Desk", ann)
    asked = await ann.send("which?", chat=group)
    seen = await ask(api, ann.inline("btc", chat=group), results=[article()])
    assert (await ann.choose(seen.results[0], chat=group, reply_to=asked)).reply_to_id == asked.id
    topic = group.topic("Alts")
    placed = await ann.choose(seen.results[0], chat=group, topic=topic)
    assert (placed.raw["message_thread_id"], placed.raw["is_topic_message"]) == (topic, True)


async def test_after_an_upgrade_what_was_sent_before_is_still_edited(
    chat: LocalChat, api: Api, ann: PersonView
) -> None:
    group = chat.group("Desk", ann, kind="group")
    _, chosen = await sent(api, ann, chat=group)
    group.upgrade()
    assert await api.ok("editMessageText", inline_message_id=chosen["inline_message_id"], text="now") is True


async def test_who_is_not_in_the_group_cannot_send_there(chat: LocalChat, api: Api, ann: PersonView) -> None:
    group = chat.group("Desk", chat.person("Ben"))
    seen = await ask(api, ann.inline("btc"), results=[article()])
    with pytest.raises(ValueError, match="is not in the group"):
        await ann.choose(seen.results[0], chat=group)


async def test_what_was_sent_through_a_bot_is_edited_after_a_restart(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    first = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    api = Api(await first.start(), session)
    ann = first.person("Ann")
    bot = first.bot(api.token, inline_feedback=True)
    await ann.send("/start", bot=bot)
    message, chosen = await sent(api, ann)
    await first.stop()
    second = LocalChat("127.0.0.1:0", tmp_path / "state.sqlite")
    api.url = await second.start()
    by = {"inline_message_id": chosen["inline_message_id"]}
    assert await api.ok("editMessageText", **by, text="again", reply_markup=KEYBOARD) is True
    again = second.person("Ann")
    assert [m.text for m in again.messages if m.id == message.id] == ["again"]
    await again.tap(None, "Refresh", wait=False)
    assert (await updates(api))[-1]["callback_query"]["inline_message_id"] == chosen["inline_message_id"]
    await second.stop()
