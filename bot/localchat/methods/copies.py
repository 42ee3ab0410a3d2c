"""Sending on what is there already: copyMessage(s), forwardMessage(s)."""

from __future__ import annotations

from typing import Any

from bot.localchat.methods.call import Call, open_chat
from bot.localchat.methods.messages import put
from bot.localchat.methods.texts import CAPTION, caption_part
from bot.localchat.model import Chat, Json, Message, is_service
from bot.localchat.refusals import bad_request

MOST = 100
# What belongs to the message itself and not to what it carries.
_OWN = frozenset(
    {
        "message_id",
        "message_thread_id",
        "is_topic_message",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "reply_to_message",
        "quote",
        "via_bot",
        "forward_origin",
        "has_protected_content",
        "media_group_id",
        "reply_markup",
    }
)


def copy_message(call: Call) -> Json:
    """copyMessage: the content again, as the bot's own; a caption that is given takes the place of the old one."""
    content = _carried(_one(call, "copy"))
    if "caption" in call.params and "text" not in content:
        content = {name: value for name, value in content.items() if name not in CAPTION} | caption_part(call)
    return _id(put(call, open_chat(call), content))


def copy_messages(call: Call) -> list[Json]:
    """copyMessages: those that are there, in their order."""
    found = _many(call, "copy")
    chat = open_chat(call)
    contents = [_carried(message) for message in found]
    if call.params.get("remove_caption"):
        contents = [{name: value for name, value in each.items() if name not in CAPTION} for each in contents]
    return [_id(put(call, chat, content)) for content in contents]


def forward_message(call: Call) -> Json:
    """forwardMessage."""
    message = _one(call, "forward")
    return put(call, open_chat(call), _carried(message) | _origin(message))


def forward_messages(call: Call) -> list[Json]:
    """forwardMessages: those that are there, in their order."""
    found = _many(call, "forward")
    chat = open_chat(call)
    return [_id(put(call, chat, _carried(message) | _origin(message))) for message in found]


def _id(body: Json) -> Json:
    return {"message_id": body["message_id"]}


def _source(call: Call) -> Chat:
    chat = call.world.find_chat(call.bot, call.params["from_chat_id"])
    if chat is None or (chat.kind != "private" and not chat.has(call.bot.id)):
        raise bad_request("chat not found")
    return chat


def _one(call: Call, verb: str) -> Message:
    message = _source(call).messages.get(call.params["message_id"])
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if not _may_leave(message):
        past = {"copy": "copied", "forward": "forwarded"}[verb]
        raise bad_request(f"message can't be {past}")
    return message


def _many(call: Call, verb: str) -> list[Message]:
    wanted: list[Any] = call.params["message_ids"]
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > MOST:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(each, int) for each in wanted):
        raise bad_request("message identifier is not a number")
    if wanted != sorted(set(wanted)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    messages = _source(call).messages
    found = [messages[each] for each in wanted if each in messages and _may_leave(messages[each])]
    if not found:
        raise bad_request(f"there are no messages to {verb}")
    return found


def _may_leave(message: Message) -> bool:
    return not is_service(message.body) and not message.body.get("has_protected_content")


def _carried(message: Message) -> Json:
    return {name: value for name, value in message.body.items() if name not in _OWN}


def _origin(message: Message) -> Json:
    """Where a forwarded message comes from; a forward of a forward tells of the first."""
    body = message.body
    origin: Json = {"type": "user", "date": body["date"], "sender_user": body["from"]}
    return {"forward_origin": body.get("forward_origin", origin)}
