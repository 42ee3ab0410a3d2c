"""Inline mode as the page asks for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import Api
from tests.bot.localchat.test_inline import article, query_of
from tests.bot.localchat.test_inline_messages import KEYBOARD, updates
from tests.bot.localchat.test_page import Stream, post


async def found(api: Api, ann: PersonView, place: dict[str, int], **answer: Any) -> dict[str, Any]:
    """What the page is told when it asks and the bot answers."""
    asked = {"person": ann.id, **place, "bot_username": "local_123456_bot", "query": "btc", "offset": ""}
    query, waiting = await query_of(api, post(api, "inline", **asked))
    await api.ok("answerInlineQuery", inline_query_id=query["id"], **answer)
    status, told = await waiting
    assert status == 200
    return dict(told)


async def test_the_page_asks_and_chooses_in_a_private_chat(api: Api, ann: PersonView, bot: BotView) -> None:
    button = {"text": "Save first", "start_parameter": "save"}
    place = {"person": ann.id, "bot": bot.id}
    results = [article(description="10x", reply_markup=KEYBOARD)]
    told = await found(api, ann, {"bot": bot.id}, results=results, button=button, next_offset="1")
    query_id = told.pop("query_id")
    shown = {"id": "1", "type": "article", "title": "Isolated", "description": "10x", "preview": "Isolated"}
    assert told == {
        "results": [shown | {"thumbnail": None, "photo": None}],
        "button": button,
        "next_offset": "1",
        "cached": False,
    }
    status, sent = await post(api, "choose", **place, query_id=query_id, result_id="1")
    assert (status, ann.messages[-1].id) == (200, sent["id"])
    assert ann.messages[-1].raw["via_bot"]["id"] == bot.id
    status, again = await post(api, "inline", **place, bot_username="@Local_123456_bot", query="btc", offset="")
    assert (status, again["cached"]) == (200, True)


async def test_the_page_asks_in_a_group(chat: LocalChat, api: Api, ann: PersonView) -> None:
    group = chat.group("Desk", ann)
    told = await found(api, ann, {"group": group.id}, results=[article()])
    chosen = {"query_id": told["query_id"], "result_id": "1"}
    status, sent = await post(api, "choose", person=ann.id, group=group.id, **chosen)
    assert status == 200
    assert (await ann.wait_for(lambda m: m.id == sent["id"], chat=group)).html == "<b>Isolated</b>"


async def test_the_button_over_the_results_opens_the_private_chat(api: Api, ann: PersonView, bot: BotView) -> None:
    button = {"text": "Save first", "start_parameter": "save"}
    told = await found(api, ann, {"bot": bot.id}, results=[], button=button)
    await updates(api)
    payload = told["button"]["start_parameter"]
    status, _ = await post(api, "start", person=ann.id, bot=bot.id, payload=payload)
    assert (status, (await updates(api))[-1]["message"]["text"]) == (200, "/start save")


async def test_a_bot_that_does_not_answer_is_late(api: Api) -> None:
    local = LocalChat("127.0.0.1:0", callback_seconds=0.05)
    api.url = await local.start()
    bot = local.bot(api.token)
    ann = local.person("Ann")
    asked = {"person": ann.id, "bot": bot.id, "bot_username": bot.username, "query": "x"}
    assert await post(api, "inline", **asked) == (200, {"late": True})
    await local.stop()


async def test_a_stop_ends_the_wait_for_an_answer(api: Api) -> None:
    local = LocalChat("127.0.0.1:0")
    api.url = await local.start()
    bot = local.bot(api.token)
    asked = {"person": local.person("Ann").id, "bot": bot.id, "bot_username": bot.username, "query": "x"}
    waiting = asyncio.ensure_future(post(api, "inline", **asked))
    await api.ok("getUpdates", timeout=2)
    await local.stop()
    assert await waiting == (200, {"late": True})


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("inline", {"bot_username": "nobody", "query": "x"}, "there is no bot @nobody"),
        ("choose", {"query_id": "1", "result_id": "1"}, "these results are no longer there: ask again"),
        ("choose", {"query_id": "1"}, "'result_id'"),
    ],
)
async def test_what_cannot_be_done_says_so(
    api: Api, ann: PersonView, bot: BotView, path: str, body: dict[str, str], problem: str
) -> None:
    assert await post(api, path, person=ann.id, bot=bot.id, **body) == (400, {"error": problem})


async def test_a_bot_without_inline_mode_is_not_asked(chat: LocalChat, api: Api, ann: PersonView, bot: BotView) -> None:
    chat.bot(api.token, name="Margin", inline=False)
    asked = {"person": ann.id, "bot": bot.id, "bot_username": bot.username, "query": "x"}
    assert await post(api, "inline", **asked) == (400, {"error": "Margin has no inline mode"})


@pytest.mark.parametrize("path", ["inline", "choose"])
async def test_other_pages_are_turned_away(api: Api, path: str) -> None:
    async with api.session.post(f"{api.url}/page/{path}", json={}) as response:
        assert response.status == 403
    async with api.session.post(f"{api.url}/page/{path}", data="{}", headers={"Origin": api.url}) as response:
        assert response.status == 403


async def test_the_page_shows_whom_it_came_through_and_the_switches(api: Api, ann: PersonView, bot: BotView) -> None:
    switches = [
        {"text": "Here", "switch_inline_query_current_chat": "btc"},
        {"text": "Elsewhere", "switch_inline_query": ""},
        {"text": "Groups", "switch_inline_query_chosen_chat": {"query": "eth", "allow_group_chats": True}},
    ]
    told = await found(api, ann, {"bot": bot.id}, results=[article(reply_markup={"inline_keyboard": [switches]})])
    await post(api, "choose", person=ann.id, bot=bot.id, query_id=told["query_id"], result_id="1")
    async with api.session.get(f"{api.url}/page/events?person={ann.id}&bot={bot.id}") as response:
        _, snapshot = await Stream(response).next()
    message = snapshot["messages"][-1]
    assert (message["own"], message["via"]) == (True, "local_123456_bot")
    shown = [(button["text"], button["kind"], button["value"]) for button in message["buttons"][0]]
    assert shown == [("Here", "fill", "btc"), ("Elsewhere", "inline", ""), ("Groups", "inline", "eth")]
