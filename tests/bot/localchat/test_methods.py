"""Every method of the Bot API is emulated or answers 501 with its name; copies, forwards and small messages."""

from __future__ import annotations

from typing import Any

import pytest

from bot.localchat import LocalChat, PersonView
from bot.localchat.methods import HANDLERS
from bot.localchat.spec import methods
from tests.bot.localchat.conftest import Api


async def test_every_method_of_the_bot_api_is_emulated_or_named_as_not(api: Api) -> None:
    assert HANDLERS.keys() <= methods().keys()
    for key, method in methods().items():
        if key in HANDLERS:
            continue
        problem = f"Not Implemented: method {method.name} is not emulated by the local chat"
        assert (await api.call(method.name)).refusal == (501, problem)


async def test_no_emulated_method_breaks_when_nothing_is_given(api: Api) -> None:
    for key in HANDLERS.keys() - {"getupdates"}:
        status = (await api.call(key)).status
        assert status in (200, 400), key


async def test_old_parameter_names_are_taken_and_unknown_ones_are_in_the_log(
    chat: LocalChat, api: Api, ann: PersonView
) -> None:
    asked = ann.messages[0]
    sent = await api.ok(
        "sendMessage",
        chat_id=ann.id,
        text="x",
        reply_to_message_id=asked.id,
        disable_web_page_preview=True,
        colour="red",
    )
    assert sent["reply_to_message"]["message_id"] == asked.id
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert chat.calls[-1].unknown_parameters == ("colour",)
    await api.ok("sendMessage", chat_id=ann.id, text="x", reply_to_message_id=1, allow_sending_without_reply=True)


async def test_a_copy_is_the_bots_own_and_a_forward_tells_its_origin(api: Api, ann: PersonView) -> None:
    said = await ann.send("good morning")
    where = {"chat_id": ann.id, "from_chat_id": ann.id, "message_id": said.id}
    copied = await api.ok("copyMessage", **where)
    forwarded = await api.ok("forwardMessage", **where)
    shown = await ann.next()
    assert (shown.id, shown.text, shown.from_bot, "forward_origin" in shown.raw) == (
        copied["message_id"], "good morning", True, False,
    )  # fmt: skip
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id
    several = await api.ok("copyMessages", chat_id=ann.id, from_chat_id=ann.id, message_ids=[1, said.id])
    assert len(several) == 1


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("copyMessage", {"message_id": 1}, "message to copy not found"),
        ("forwardMessage", {"message_id": 1}, "message to forward not found"),
        ("copyMessage", {}, "message identifier is not specified"),
        ("copyMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("copyMessages", {"message_ids": [1]}, "there are no messages to copy"),
        ("forwardMessages", {"message_ids": [1]}, "there are no messages to forward"),
        ("forwardMessages", {"message_ids": [2, 1]}, "message identifiers must be in a strictly increasing order"),
        ("forwardMessages", {"message_ids": list(range(101))}, "too many message identifiers specified"),
        ("forwardMessages", {"message_ids": ["x"]}, "message identifier is not a number"),
        ("copyMessage", {"message_id": 1, "from_chat_id": 99}, "chat not found"),
    ],
)
async def test_a_copy_is_refused(api: Api, ann: PersonView, method: str, params: dict[str, Any], problem: str) -> None:
    answer = await api.call(method, **{"chat_id": ann.id, "from_chat_id": ann.id, **params})
    assert answer.refusal == (400, f"Bad Request: {problem}")


async def test_what_is_protected_stays(api: Api, ann: PersonView) -> None:
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x", protect_content=True)
    where = {"chat_id": ann.id, "from_chat_id": ann.id, "message_id": sent["message_id"]}
    assert (await api.call("copyMessage", **where)).refusal == (400, "Bad Request: message can't be copied")
    assert (await api.call("forwardMessage", **where)).refusal == (400, "Bad Request: message can't be forwarded")


async def test_small_messages_are_sent(api: Api, ann: PersonView) -> None:
    place = await api.ok("sendLocation", chat_id=ann.id, latitude="48.2", longitude=16.4)
    assert place["location"] == {"latitude": 48.2, "longitude": 16.4}
    contact = await api.ok("sendContact", chat_id=ann.id, phone_number="1", first_name="Ben")
    assert contact["contact"] == {"phone_number": "1", "first_name": "Ben"}
    dice = await api.ok("sendDice", chat_id=ann.id)
    assert 1 <= dice["dice"]["value"] <= 6


AWKWARD: tuple[Any, ...] = (
    *(2**70, "", "\ud800", "[null]", '{"type": 5}', [None], [[]], [{"type": []}], {"type": None}, {"message_id": {}}),
    {"inline_keyboard": [[None]]},
)


async def test_no_value_of_a_parameter_breaks_the_server(chat: LocalChat, api: Api, ann: PersonView) -> None:
    for key in HANDLERS.keys() - {"getupdates", "setwebhook"}:
        method = methods()[key]
        for name in method.readers:
            sent = await api.ok("sendMessage", chat_id=ann.id, text="x")
            good = {"chat_id": ann.id, "from_chat_id": ann.id, "message_id": sent["message_id"], "text": "y"}
            for value in AWKWARD:
                params = {each: good[each] for each in good if each in method.readers} | {name: value}
                answer = await api.call(key, **params)
                assert answer.status != 500, (method.name, name, value, answer)
