"""Keyboards: what Telegram refuses is refused, what it keeps is kept, and the page is told of reply keyboards."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.localchat import LocalChat, PersonView
from bot.localchat.reply_keyboards import reply_keyboard
from tests.bot.localchat.conftest import Api

BUTTON = {"text": "y", "callback_data": "z"}
UNREADABLE = "can't parse inline keyboard button: "


def inline(*rows: Any) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def one(**button: Any) -> dict[str, Any]:
    return inline([{"text": "x", **button}])


def request(**fields: Any) -> dict[str, Any]:
    return {"keyboard": [[{"text": "x", **fields}]]}


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
        ({"inline_keyboard": "bad"}, 'field "inline_keyboard" must be of type Array'),
        (inline("bad"), 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
        (inline(["bad"]), f"{UNREADABLE}InlineKeyboardButton must be an Object"),
        (inline([{"callback_data": "x"}]), f'{UNREADABLE}Can\'t find field "text"'),
        (inline([{"text": [], "callback_data": "x"}]), f'{UNREADABLE}Field "text" must be of type String'),
        (one(), f"{UNREADABLE}Text buttons are unallowed in the inline keyboard"),
        (one(callback_data=""), f"{UNREADABLE}Text buttons are unallowed in the inline keyboard"),
        (one(url=""), f"{UNREADABLE}Text buttons are unallowed in the inline keyboard"),
        (one(callback_data=True), f'{UNREADABLE}Field "callback_data" must be of type String'),
        (
            one(callback_data="a", url="https://a.example"),
            f"{UNREADABLE}exactly one action is allowed, found callback_data, url",
        ),
        (one(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (one(callback_data="é" * 33), "BUTTON_DATA_INVALID"),  # 2 bytes each
        (one(url="not-a-url"), "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
        (one(url="https://localhost/x"), "inline keyboard button URL 'https://localhost/x' is invalid: Wrong HTTP URL"),
        (
            one(url="ftp://a.example"),
            "inline keyboard button URL 'ftp://a.example' is invalid: Unsupported URL protocol",
        ),
        (one(url="https://"), "inline keyboard button URL 'https://' is invalid: URL host is empty"),
        (
            one(url="https://a.example:0"),
            "inline keyboard button URL 'https://a.example:0' is invalid: Wrong port number specified in the URL",
        ),
        (
            one(url="https://a b.example"),
            "inline keyboard button URL 'https://a b.example' is invalid: Disallowed character in URL host",
        ),
        (
            one(web_app={"url": "http://a.example"}),
            "inline keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
        ),
        (one(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (one(copy_text={"text": "y" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (one(copy_text="y"), f'{UNREADABLE}Field "copy_text" must be of type Object'),
        (one(pay=True), "BUTTON_TYPE_INVALID"),
        (one(callback_game={}), "BUTTON_TYPE_INVALID"),
        (
            one(switch_inline_query_chosen_chat={"allow_user_chats": "yes"}),
            f'{UNREADABLE}Field "allow_user_chats" must be of type Boolean',
        ),
        (one(login_url={"forward_text": "x"}), f'{UNREADABLE}Can\'t find field "url"'),
        (inline([BUTTON] * 9), "reply markup is too long"),
        (inline(*[[BUTTON]] * 101), "reply markup is too long"),
        (inline(*[[{"text": "y" * 120, "callback_data": "z"}]] * 100), "reply markup is too long"),  # over 10 kB
        ({"keyboard": "bad"}, 'field "keyboard" must be of type Array'),
        ({"keyboard": ["bad"]}, 'field "keyboard" must be an Array of Arrays'),
        ({"keyboard": [[5]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [["A"]], "resize_keyboard": "yes"}, 'field "resize_keyboard" must be of type Boolean'),
        ({"keyboard": [["A"]], "selective": "yes"}, 'field "selective" must be of type Boolean'),
        ({"remove_keyboard": "yes"}, 'field "remove_keyboard" must be of type Boolean'),
        ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        (request(request_chat={}), "can't parse keyboard button: Can't find field \"request_id\""),
        (
            request(request_chat={"request_id": 1, "chat_is_forum": "yes"}),
            'can\'t parse keyboard button: Field "chat_is_forum" must be of type Boolean',
        ),
        (request(request_users={"request_id": 1, "max_quantity": 999}), "BUTTON_QUANTITY_MAX_INVALID"),
        (
            request(web_app={"url": "http://a.example"}),
            "keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
        ),
    ],
)
async def test_a_keyboard_is_refused(api: Api, ann: PersonView, markup: Any, problem: str) -> None:
    answer = await api.call("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)
    assert answer.refusal == (400, f"Bad Request: {problem}")
    assert len(ann.messages) == 1


@pytest.mark.parametrize("markup", [{}, {"y": 1}, inline(), inline([]), inline([{**BUTTON, "text": ""}]), ""])
async def test_what_holds_no_button_is_no_keyboard(api: Api, ann: PersonView, markup: Any) -> None:
    assert "reply_markup" not in await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ({"url": "HTTPS://A.example"}, {"url": "https://a.example/"}),
        ({"url": "a.example?q"}, {"url": "http://a.example/?q"}),
        ({"url": "tg://user?id=5"}, {"url": "tg://user?id=5"}),
        ({"switch_inline_query": ""}, {"switch_inline_query": ""}),
        ({"callback_data": 5, "url": None}, {"callback_data": "5"}),
        ({"copy_text": {"text": "y" * 256}}, {"copy_text": {"text": "y" * 256}}),
        ({"url": "tg://x", "style": "danger", "unknown": [1]}, {"url": "tg://x", "style": "danger"}),
    ],
)
async def test_a_button_is_kept_as_telegram_keeps_it(
    api: Api, ann: PersonView, button: dict[str, Any], kept: dict[str, Any]
) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=one(**button))
    assert sent["reply_markup"] == inline([{"text": "x", **kept}])


async def test_an_edit_takes_inline_keyboards_only(api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"keyboard": [["A"]]})
    assert "reply_markup" not in sent
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    answer = await api.call("editMessageText", **where, text="y", reply_markup={"keyboard": [["A"]]})
    assert answer.refusal == (400, "Bad Request: inline keyboard expected")


async def test_the_page_shows_a_reply_keyboard_that_the_bot_does_not_get_back(
    chat: LocalChat, api: Api, ann: PersonView
) -> None:
    await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup={"keyboard": [["A"]], "is_persistent": True})
    await api.ok("sendMessage", chat_id=ann.id, text="y", reply_markup={"force_reply": True})
    told = []
    async with api.session.get(f"{chat.url}/page/events?person={ann.id}&bot=123456") as events:
        async for line in events.content:
            if line.startswith(b"data:"):
                told = json.loads(line.removeprefix(b"data:"))["messages"][-2:]
                break
    assert [(message["keyboard"], message["forceReply"]) for message in told] == [
        ({"rows": [[{"text": "A"}]], "placeholder": "", "one_time": False, "persistent": True}, False),
        (None, True),
    ]


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        (
            {"keyboard": [["A", {"text": "B"}], []], "input_field_placeholder": "p", "one_time_keyboard": True},
            ({"rows": [[{"text": "A"}, {"text": "B"}]], "placeholder": "p", "one_time": True, "persistent": False},
             False),
        ),
        ({"remove_keyboard": True}, ({"remove": True}, False)),
        ({"force_reply": True}, (None, True)),
        (inline([BUTTON]), (None, False)),
        (None, (None, False)),
    ],
)  # fmt: skip
def test_the_page_is_told_of_other_markups(markup: Any, told: Any) -> None:
    assert reply_keyboard(markup) == told


def test_the_page_is_told_what_a_key_asks_for() -> None:
    requests: list[dict[str, Any]] = [
        {"request_contact": True},
        {"request_location": True},
        {"request_contact": False},
        {"request_poll": {}},
        {"request_users": {"request_id": 1}},
    ]
    shown, _ = reply_keyboard({"keyboard": [[{"text": "x", **fields} for fields in requests]]})
    assert shown is not None
    assert [key.get("request") for key in shown["rows"][0]] == ["contact", "location", None, "other", "other"]


def test_a_keyboard_is_cut_at_twelve_in_a_row_and_three_hundred_in_all() -> None:
    shown, _ = reply_keyboard({"keyboard": [["A"] * 13] * 30})
    assert shown is not None
    assert [len(row) for row in shown["rows"]] == [12] * 25  # 25 x 12 = 300
