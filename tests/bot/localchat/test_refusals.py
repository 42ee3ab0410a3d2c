"""What Telegram refuses is refused here, with its code and its words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import OTHER_TOKEN, Api

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")

CANNOT = "can't parse entities: "


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2048 + "x"}, "message is too long"),  # 2 x 2048 + 1 UTF-16 units
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, f'{CANNOT}Can\'t find end tag corresponding to start tag "b"'),
        ({"text": "x", "parse_mode": "Nonsense"}, "unsupported parse_mode"),
        ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
        ({"text": "x", "reply_to_message_id": 1}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {"quote": "y"}}, 'can\'t find field "message_id"'),
        ({"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
        ({"text": "x", "reply_parameters": [1]}, "object expected as reply parameters"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "message_thread_id": "five"}, 'parameter "message_thread_id" must be an integer'),
        ({"text": "x", "protect_content": "perhaps"}, 'parameter "protect_content" must be a boolean'),
        ({"text": ["x"]}, 'parameter "text" must be a string'),
        ({"text": "x", "link_preview_options": {"url": "not-a-url"}}, "WEBPAGE_URL_INVALID"),
        (
            {"text": "x", "link_preview_options": {"is_disabled": "yes"}},
            'field "is_disabled" must be of type Boolean',
        ),
        ({"text": "x", "link_preview_options": "{"}, "can't parse link preview options JSON object"),
    ],
)
async def test_send_message_refuses(api: Api, ann: PersonView, params: dict[str, Any], problem: str) -> None:
    assert (await api.call("sendMessage", chat_id=ann.id, **params)).refusal == (400, f"Bad Request: {problem}")
    assert not [message for message in ann.messages if message.from_bot]


async def test_the_longest_text_and_data_are_taken(api: Api, ann: PersonView) -> None:
    markup = keyboard(callback_data="é" * 32)  # 64 bytes
    sent = await api.ok(
        "sendMessage", chat_id=ann.id, text=f"<b>{'😀' * 2048}</b>", parse_mode="HTML", reply_markup=markup
    )
    assert sent["entities"] == [{"offset": 0, "length": 4096, "type": "bold"}]


async def test_entities_beyond_the_hundredth_are_passed_over(api: Api, ann: PersonView) -> None:
    text = "<b>x</b> " * 101
    sent = await api.ok("sendMessage", chat_id=ann.id, text=text, parse_mode="HTML")
    assert [entity["offset"] for entity in sent["entities"]] == [2 * number for number in range(100)]


@pytest.mark.parametrize(
    ("entity", "problem"),
    [
        ({"offset": 100}, "entity begins after the end of the text at UTF-16 offset 100"),
        (
            {"length": 100},
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
        ),
        ({"offset": -1}, "receive an entity with incorrect offset -1"),
        ({"length": -1}, "receive an entity with incorrect length -1"),
        ({"offset": 6}, "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 6"),
        ({"type": "x"}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": None}, "can't parse MessageEntity: Can't find field \"type\""),
        ({"offset": None}, "can't parse MessageEntity: Can't find field \"offset\""),
        ({"offset": []}, 'can\'t parse MessageEntity: Field "offset" must be of type Number'),
        ({"type": "text_link"}, "can't parse MessageEntity: Can't find field \"url\""),
        ({"type": "text_link", "url": "not-a-url"}, "entity URL 'not-a-url' is invalid: Wrong HTTP URL"),
        ({"type": "text_link", "url": ""}, "entity URL '' is invalid: URL host is empty"),
        ({"type": "text_mention"}, "can't parse MessageEntity: Can't find field \"user\""),
        ({"type": "text_mention", "user": {"id": 0}}, "user not found"),
        ({"type": "custom_emoji"}, "can't parse MessageEntity: Can't find field \"custom_emoji_id\""),
        (
            {"type": "custom_emoji", "custom_emoji_id": "9999999999999999999"},
            'can\'t parse MessageEntity: Field "custom_emoji_id" must be a valid Number',
        ),
    ],
)
async def test_given_entities_are_checked(api: Api, ann: PersonView, entity: dict[str, Any], problem: str) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 1} | entity]
    answer = await api.call("sendMessage", chat_id=ann.id, text="hello😀", entities=entities)
    assert answer.refusal == (400, f"Bad Request: {problem}")


async def test_given_entities_are_kept(api: Api, ann: PersonView) -> None:
    entities = [{"type": "underline", "offset": 0, "length": 5}, {"type": "url", "offset": 0, "length": 5}]
    sent = await api.ok("sendMessage", chat_id=ann.id, text="hello", entities=entities)
    assert sent["entities"] == [{"offset": 0, "length": 5, "type": "underline"}]


async def test_a_quote_is_an_exact_part_of_what_it_answers(api: Api, ann: PersonView) -> None:
    asked = await ann.send("one two one")
    reply = {"message_id": asked.id, "quote": "<b>one</b>", "quote_parse_mode": "HTML", "quote_position": 8}
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_parameters=reply)
    assert (sent["quote"]["text"], sent["quote"]["position"]) == ("one", 8)
    wrong = await api.call("sendMessage", chat_id=ann.id, text="x", reply_parameters=reply | {"quote": "three"})
    assert wrong.refusal == (400, "Bad Request: QUOTE_TEXT_INVALID")


async def test_of_link_preview_options_only_the_known_ones_are_kept(api: Api, ann: PersonView) -> None:
    options = {"is_disabled": True, "url": "a.example", "unknown": [1]}
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", link_preview_options=options)
    assert sent["link_preview_options"] == {"is_disabled": True, "url": "a.example"}


async def test_a_missing_reply_may_be_allowed(api: Api, ann: PersonView) -> None:
    reply = {"message_id": 1, "allow_sending_without_reply": True}
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_parameters=reply)
    assert "reply_to_message" not in sent


@pytest.mark.parametrize("chat_id", [5, "@nobody", "nonsense"])
async def test_an_unknown_chat_is_not_found(api: Api, chat_id: int | str) -> None:
    assert (await api.call("sendMessage", chat_id=chat_id, text="x")).refusal == (400, "Bad Request: chat not found")
    assert (await api.call("getChat", chat_id=chat_id)).refusal == (400, "Bad Request: chat not found")


async def test_a_call_without_a_chat_says_so(api: Api) -> None:
    assert (await api.call("sendMessage", text="x")).refusal == (400, "Bad Request: chat_id is empty")


async def test_a_bot_cannot_write_first(chat: LocalChat, api: Api, bot: BotView) -> None:
    ben = chat.person("Ben")
    refused = (403, "Forbidden: bot can't initiate conversation with a user")
    assert (await api.call("sendMessage", chat_id=ben.id, text="x")).refusal == refused
    await ben.send("hello")
    await api.ok("sendMessage", chat_id=ben.id, text="x")


async def test_a_blocked_bot_cannot_write_until_it_is_unblocked(api: Api, ann: PersonView) -> None:
    ann.block()
    for method, params in (("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})):
        refused = (await api.call(method, chat_id=ann.id, **params)).refusal
        assert refused == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(ValueError, match="has blocked the bot"):
        await ann.send("hello?")
    ann.unblock()
    await api.ok("sendMessage", chat_id=ann.id, text="x")
    changes = [
        u["my_chat_member"]["new_chat_member"]["status"] for u in await api.ok("getUpdates") if "my_chat_member" in u
    ]
    assert changes == ["kicked", "member"]


async def test_an_edit_that_changes_nothing_is_refused(api: Api, ann: PersonView) -> None:
    markup = keyboard(callback_data="a")
    sent = await api.ok("sendMessage", chat_id=ann.id, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    same = await api.call("editMessageText", **where, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
    assert same.refusal == (400, NOT_MODIFIED)
    assert (await api.call("editMessageReplyMarkup", **where, reply_markup=markup)).refusal == (400, NOT_MODIFIED)
    await api.ok("editMessageText", **where, text="x", reply_markup=markup)  # only the formatting differs
    await api.ok("editMessageText", **where, text="x")  # only the keyboard is gone
    [shown] = [message for message in ann.messages if message.from_bot]
    assert (shown.html, shown.buttons, shown.edited) == ("x", (), True)


async def test_what_is_gone_or_anothers_cannot_be_edited_or_deleted(api: Api, ann: PersonView) -> None:
    own = ann.messages[0]
    edit = await api.call("editMessageText", chat_id=ann.id, message_id=1, text="x")
    assert edit.refusal == (400, "Bad Request: message to edit not found")
    edit = await api.call("editMessageText", chat_id=ann.id, message_id=own.id, text="x")
    assert edit.refusal == (400, "Bad Request: message can't be edited")
    edit = await api.call("editMessageText", chat_id=ann.id, text="x")
    assert edit.refusal == (400, "Bad Request: message identifier is not specified")
    gone = await api.call("deleteMessage", chat_id=ann.id, message_id=1)
    assert gone.refusal == (400, "Bad Request: message to delete not found")
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x")
    picture = {"type": "photo", "media": "attach://x"}
    media = await api.call("editMessageMedia", chat_id=ann.id, message_id=sent["message_id"], media=picture)
    assert media.refusal == (400, "Bad Request: there is no media in the message to edit")
    caption = await api.call("editMessageCaption", chat_id=ann.id, message_id=sent["message_id"], caption="y")
    assert caption.refusal == (400, "Bad Request: there is no caption in the message to edit")
    many = await api.call("deleteMessages", chat_id=ann.id, message_ids=list(range(1, 102)))
    assert many.refusal == (400, "Bad Request: too many message identifiers specified")
    await api.ok("deleteMessages", chat_id=ann.id, message_ids=[1, own.id, sent["message_id"]])
    assert ann.messages == []


async def test_a_tap_is_answered_once_by_its_own_bot_and_in_time(chat: LocalChat, api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(callback_data="a"))
    await ann.tap(None, "a", wait=False)
    query = (await api.ok("getUpdates"))[-1]["callback_query"]
    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == ("a", sent["message_id"], ann.id)
    other = Api(chat.url, api.session, OTHER_TOKEN)
    assert (await other.call("answerCallbackQuery", callback_query_id=query["id"])).refusal == TOO_OLD
    assert (await api.call("answerCallbackQuery", callback_query_id="1")).refusal == TOO_OLD
    assert (await api.call("answerCallbackQuery")).refusal == TOO_OLD
    long = await api.call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    assert long.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    await api.ok("answerCallbackQuery", callback_query_id=query["id"])
    assert (await api.call("answerCallbackQuery", callback_query_id=query["id"])).refusal == TOO_OLD


async def test_a_tap_gets_too_old(api: Api) -> None:
    chat = LocalChat("127.0.0.1:0", callback_seconds=0)
    api.url = await chat.start()
    ann = chat.person("Ann")
    chat.bot(api.token)
    await ann.tap_data(await ann.send("x"), "a", wait=False)
    query = (await api.ok("getUpdates"))[-1]["callback_query"]
    assert (await api.call("answerCallbackQuery", callback_query_id=query["id"])).refusal == TOO_OLD
    await chat.stop()


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"commands": [{"command": "Bad!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": " / ", "description": "x"}]}, "command must be non-empty"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "command length must not exceed 32"),
        ({"commands": [{"command": "a", "description": ""}]}, "command description must be non-empty"),
        (
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ({"commands": [1]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "x"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"commands": [], "language_code": "english"}, "invalid language code specified"),
        ({"commands": "x"}, "can't parse commands JSON object"),
        ({"commands": {}}, "expected an Array of BotCommand"),
        ({}, 'parameter "commands" is required'),
    ],
)
async def test_bad_commands_are_refused(api: Api, params: dict[str, Any], problem: str) -> None:
    assert (await api.call("setMyCommands", **params)).refusal == (400, f"Bad Request: {problem}")


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendMessage", {"chat_id": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": "", "text": "x"}, "chat_id is empty"),
        ("deleteMessage", {}, "message identifier is not specified"),
        ("deleteMessage", {"message_id": 5}, "chat identifier is not specified"),
        ("deleteMessages", {"chat_id": 5}, "message identifiers are not specified"),
        ("sendChatAction", {"chat_id": 5}, "wrong parameter action in request"),
        ("sendChatAction", {"chat_id": 5, "action": "dance"}, "wrong parameter action in request"),
        ("getChatMember", {"chat_id": 5}, "invalid user_id specified"),
        ("sendMediaGroup", {"chat_id": 5}, 'parameter "media" is required'),
        ("sendLocation", {"chat_id": 5, "longitude": 1}, "latitude is empty"),
        ("sendLocation", {"chat_id": 5, "latitude": 1}, "longitude is empty"),
        ("sendDice", {"chat_id": 5, "emoji": "x"}, "EMOTICON_INVALID"),
    ],
)
async def test_what_is_missing_is_named(api: Api, method: str, params: dict[str, Any], problem: str) -> None:
    assert (await api.call(method, **params)).refusal == (400, f"Bad Request: {problem}")


async def test_a_bot_has_one_token(chat: LocalChat, api: Api) -> None:
    await api.ok("getMe")
    other = Api(chat.url, api.session, "123456:" + "b" * 35)
    assert (await other.call("getMe")).refusal == (401, "Unauthorized")
    chat.bot(other.token)  # as BotFather gives out a new one
    await other.ok("getMe")
    assert (await api.call("getMe")).refusal == (401, "Unauthorized")
