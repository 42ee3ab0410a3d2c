"""Inline queries: what a bot is asked, what its answers must look like, and what is kept of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from bot.localchat.driver_inline import InlineView
from tests.bot.localchat.conftest import OTHER_TOKEN, Answer, Api

TOO_OLD = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
UNREADABLE = "can't parse inline query result: "


def article(result_id: str = "1", **other: Any) -> dict[str, Any]:
    return {
        "type": "article",
        "id": result_id,
        "title": "Isolated",
        "input_message_content": {"message_text": "<b>Isolated</b>", "parse_mode": "HTML"},
        **other,
    }


async def query_of(api: Api, asked: Awaitable[Any]) -> tuple[dict[str, Any], asyncio.Future[Any]]:
    """The query that reaches the bot when a person asks, and the asking that waits for the answer."""
    waiting = asyncio.ensure_future(asked)
    await asyncio.sleep(0)
    offset = 0
    while True:
        for update in await api.ok("getUpdates", offset=offset, timeout=2, limit=1):
            offset = update["update_id"] + 1
            if "inline_query" in update:
                await api.ok("getUpdates", offset=offset)
                return update["inline_query"], waiting


async def ask(api: Api, asked: Awaitable[InlineView], **answer: Any) -> InlineView:
    """What a person sees when the bot answers their query."""
    query, waiting = await query_of(api, asked)
    await api.ok("answerInlineQuery", inline_query_id=query["id"], **answer)
    seen: InlineView = await waiting
    return seen


async def answered(api: Api, ann: PersonView, **answer: Any) -> Answer:
    """How an answer to a query of Ann's is taken."""
    query, waiting = await query_of(api, ann.inline("x"))
    waiting.cancel()
    return await api.call("answerInlineQuery", inline_query_id=query["id"], **{"results": [], **answer})


async def test_a_query_reaches_the_bot_and_its_results_the_person(api: Api, ann: PersonView) -> None:
    query, waiting = await query_of(api, ann.inline("btc 10x", offset="20"))
    assert query.pop("id").isdigit()
    assert query == {
        "from": {"id": ann.id, "is_bot": False, "first_name": "Ann", "language_code": "en"},
        "chat_type": "sender",
        "query": "btc 10x",
        "offset": "20",
    }
    waiting.cancel()
    button = {"text": "Save a position first", "start_parameter": "save_1-x"}
    answer = {"results": [article(description="10x")], "next_offset": "40", "button": button}
    seen = await ask(api, ann.inline("other"), **answer)
    assert [(r.id, r.kind, r.title, r.description, r.preview) for r in seen.results] == [
        ("1", "article", "Isolated", "10x", "Isolated")
    ]
    assert (seen.button, seen.next_offset, seen.cached) == (button, "40", False)


async def test_the_bot_is_told_what_kind_of_chat_is_asked_from(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    for kind in ("group", "supergroup"):
        group = chat.group("Desk", ann, kind=kind)
        query, waiting = await query_of(api, ann.inline("x", chat=group))
        waiting.cancel()
        assert query["chat_type"] == kind
    query, waiting = await query_of(api, ann.inline("x", bot=bot, beside=chat.bot(OTHER_TOKEN)))
    waiting.cancel()
    assert query["chat_type"] == "private"


async def test_a_query_is_cut_at_256_characters(api: Api, ann: PersonView) -> None:
    query, waiting = await query_of(api, ann.inline("x" * 300))
    waiting.cancel()
    assert query["query"] == "x" * 256


async def test_getme_tells_the_switch_and_a_bot_without_inline_mode_is_not_asked(
    chat: LocalChat, api: Api, ann: PersonView, bot: BotView
) -> None:
    assert (await api.ok("getMe"))["supports_inline_queries"] is True
    chat.bot(api.token, inline=False)
    assert (await api.ok("getMe"))["supports_inline_queries"] is False
    waiting = bot.pending
    with pytest.raises(ValueError, match="has no inline mode"):
        await ann.inline("x")
    assert bot.pending == waiting
    refused = await api.call("answerInlineQuery", inline_query_id="1", results=[])
    assert refused.refusal == (400, "Bad Request: USER_BOT_INVALID")


LONG = {"message_text": "x" * 4097}
BUTTON = {"text": "Go", "start_parameter": "a"}


@pytest.mark.parametrize(
    ("results", "problem"),
    [
        (["x"], f"{UNREADABLE}Inline query result must be an object"),
        ([{"id": "1"}], f'{UNREADABLE}Can\'t find field "type"'),
        ([{"type": "poem", "id": "1"}], f'{UNREADABLE}type "poem" is unsupported for the inline query result'),
        ([{"type": "article", "title": "x"}], f'{UNREADABLE}Can\'t find field "id"'),
        ([article(id=[])], f'{UNREADABLE}Field "id" must be of type String'),
        ([article(title=None)], f'{UNREADABLE}Can\'t find field "title"'),
        ([article(title="")], "ARTICLE_TITLE_EMPTY"),
        ([article("")], "RESULT_ID_EMPTY"),
        ([article("é" * 33)], "RESULT_ID_INVALID"),
        ([article("1"), article("2"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article(str(number)) for number in range(51)], "too many inline query results specified"),
        ([article(input_message_content=None)], f'{UNREADABLE}Can\'t find field "message_text"'),
        ([article(input_message_content={})], f"{UNREADABLE}Input message content is not specified"),
        ([article(input_message_content="x")], f'{UNREADABLE}Field "input_message_content" must be of type Object'),
        ([article(input_message_content=LONG)], "MESSAGE_TOO_LONG"),
        (
            [article(input_message_content={"message_text": "<b>x", "parse_mode": "HTML"})],
            f"{UNREADABLE}Can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            [article(input_message_content={"message_text": "x", "parse_mode": "Nonsense"})],
            f"{UNREADABLE}Unsupported parse_mode",
        ),
        ([article(reply_markup=[])], f'{UNREADABLE}Field "reply_markup" must be of type Object'),
        ([article(reply_markup={"keyboard": [["x"]]})], "inline keyboard expected"),
        (
            [article(reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y" * 65}]]})],
            "BUTTON_DATA_INVALID",
        ),
        ([{"type": "photo", "id": "1"}], f'{UNREADABLE}Can\'t find field "photo_file_id"'),
        (
            [{"type": "photo", "id": "1", "photo_file_id": "local-once-here-gone"}],
            "wrong file identifier/HTTP URL specified",
        ),
        (
            [{"type": "photo", "id": "1", "photo_url": "https://a.example/b.jpg"}],
            f'{UNREADABLE}Can\'t find field "thumbnail_url"',
        ),
        (
            [{"type": "photo", "id": "1", "photo_url": "https://a.example/b", "thumbnail_url": ""}],
            "PHOTO_THUMB_URL_EMPTY",
        ),
        (
            [{"type": "photo", "id": "1", "photo_url": "u", "thumbnail_url": "t", "caption": "x" * 1025}],
            "MEDIA_CAPTION_TOO_LONG",
        ),
        ([{"type": "document", "id": "1", "title": ""}], "FILE_TITLE_EMPTY"),
        ([{"type": "video", "id": "1", "title": ""}], "VIDEO_TITLE_EMPTY"),
        ([{"type": "voice", "id": "1"}], f'{UNREADABLE}Can\'t find field "title"'),
        ([{"type": "gif", "id": "1"}], f'{UNREADABLE}Can\'t find field "gif_file_id"'),
        ([{"type": "document", "id": "1", "title": "x"}], f'{UNREADABLE}Can\'t find field "document_file_id"'),
        (
            [{"type": "document", "id": "1", "title": "x", "document_url": "https://a.example/b"}],
            f'{UNREADABLE}Can\'t find field "mime_type"',
        ),
        (
            [{"type": "document", "id": "1", "title": "x", "document_url": "u", "mime_type": "text/csv"}],
            "unallowed document MIME type",
        ),
        (
            [{"type": "video", "id": "1", "title": "x", "video_url": "u", "mime_type": "text/csv"}],
            "unallowed video MIME type",
        ),
    ],
)
async def test_results_are_checked(api: Api, ann: PersonView, results: list[Any], problem: str) -> None:
    assert (await answered(api, ann, results=results)).refusal == (400, f"Bad Request: {problem}")


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        ({"button": {"start_parameter": "a"}}, "can't parse inline query results button: Can't find field \"text\""),
        ({"button": {"text": "Go"}}, "InlineQueryResultsButton must have exactly one optional field"),
        (
            {"button": BUTTON | {"web_app": {"url": "https://a.example"}}},
            "InlineQueryResultsButton must have exactly one optional field",
        ),
        ({"button": BUTTON | {"start_parameter": ""}}, "can't use empty start_parameter"),
        ({"button": BUTTON | {"start_parameter": "a" * 65}}, "too long start_parameter specified"),
        ({"button": BUTTON | {"start_parameter": "a b"}}, "unallowed characters in start_parameter are used"),
    ],
)
async def test_the_rest_of_an_answer_is_checked(
    api: Api, ann: PersonView, params: dict[str, Any], problem: str
) -> None:
    assert (await answered(api, ann, **params)).refusal == (400, f"Bad Request: {problem}")


@pytest.mark.parametrize(
    "params",
    [
        {"results": [{"type": "gif", "id": "1", "gif_url": "https://a.example/b.gif"}]},
        {"results": [{"type": "location", "id": "1"}]},
        {"results": [article(input_message_content={"latitude": 1.0, "longitude": 2.0})]},
        {
            "results": [
                {"type": "document", "id": "1", "title": "x", "document_url": "u", "mime_type": "application/pdf"}
            ]
        },
        {"button": {"text": "Go", "web_app": {"url": "https://a.example"}}},
    ],
)
async def test_what_is_not_emulated_says_so(api: Api, ann: PersonView, params: dict[str, Any]) -> None:
    code, text = (await answered(api, ann, **params)).refusal
    assert (code, text.startswith("Not Implemented: "), text.endswith("not emulated by the local chat")) == (
        501,
        True,
        True,
    )


@pytest.mark.parametrize("method", ["savePreparedInlineMessage", "answerWebAppQuery"])
async def test_the_methods_beside_inline_mode_are_not_emulated(api: Api, method: str) -> None:
    params = {"user_id": 1, "web_app_query_id": "1", "result": article()}
    refused = await api.call(method, **params)
    assert refused.refusal == (501, f"Not Implemented: method {method} is not emulated by the local chat")


async def test_the_longest_of_everything_is_taken(api: Api, ann: PersonView) -> None:
    results = [article(f"{number:064}", input_message_content={"message_text": "x" * 4096}) for number in range(50)]
    button = {"text": "Go", "start_parameter": "a" * 64}
    taken = await answered(api, ann, results=results, next_offset="x" * 64, button=button)
    assert taken.body == {"ok": True, "result": True}


async def test_a_query_is_answered_once_by_its_own_bot_and_in_time(chat: LocalChat, api: Api, ann: PersonView) -> None:
    query, waiting = await query_of(api, ann.inline("x"))
    answer: dict[str, Any] = {"inline_query_id": query["id"], "results": []}
    chat.bot(OTHER_TOKEN)
    other = Api(chat.url, api.session, OTHER_TOKEN)
    assert (await other.call("answerInlineQuery", **answer)).refusal == TOO_OLD
    await api.ok("answerInlineQuery", **answer)
    assert (await waiting).results == ()
    assert (await api.call("answerInlineQuery", **answer)).refusal == TOO_OLD
    assert (await api.call("answerInlineQuery", inline_query_id="5", results=[])).refusal == TOO_OLD
    assert (await api.call("answerInlineQuery", results=[])).refusal == TOO_OLD


async def test_a_query_gets_too_old(api: Api) -> None:
    local = LocalChat("127.0.0.1:0", callback_seconds=0)
    api.url = await local.start()
    local.bot(api.token)
    assert (await answered(api, local.person("Ann"))).refusal == TOO_OLD
    await local.stop()
