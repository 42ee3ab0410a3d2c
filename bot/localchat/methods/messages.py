"""Sending text, deleting, typing."""

from __future__ import annotations

import time

from bot.localchat import threads
from bot.localchat.feed import Change
from bot.localchat.methods.aside import send_ephemeral
from bot.localchat.methods.call import Call, chat_of, open_chat
from bot.localchat.methods.texts import keyboard_part, quote_part, replied_to, text_part, thread_part
from bot.localchat.model import Chat, Json, Message
from bot.localchat.refusals import bad_request
from bot.localchat.reply_keyboards import reply_keyboard

DELETABLE_SECONDS = 48 * 3600
_ACTIONS = frozenset(
    {
        "cancel",
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def put(call: Call, chat: Chat, content: Json) -> Json:
    """Put a bot's message with this content into the chat, with the call's reply and keyboard."""
    reply = replied_to(call, chat)
    content |= keyboard_part(call) | thread_part(call, chat, reply) | quote_part(call, reply)
    if call.params.get("protect_content"):
        content["has_protected_content"] = True
    if chat.kind != "private" and chat.last_bot != call.bot.id:
        chat.last_bot = call.bot.id
        call.world.mark("chat", chat.key)
    message = call.world.add_message(chat, sender=call.bot.user(), content=content, reply_to=reply)
    message.keyboard, message.force_reply = reply_keyboard(call.params.get("reply_markup"))
    return message.body


def send_message(call: Call) -> Json:
    """sendMessage."""
    if call.params.get("ephemeral_message_parameters") and call.world.ephemeral:
        return send_ephemeral(call)
    content = text_part(call)
    return put(call, open_chat(call), content)


def send_chat_action(call: Call) -> bool:
    """sendChatAction."""
    action = call.params["action"].lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(call)
    if call.params.get("message_thread_id", threads.GENERAL) not in (threads.GENERAL, *chat.topics):
        raise bad_request("message thread not found")
    call.world.feed.publish(chat.key, Change(kind="typing", subject={"action": action, "name": call.bot.name}))
    return True


def delete_message(call: Call) -> bool:
    """deleteMessage."""
    chat = chat_of(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted" + (" for everyone" if chat.kind != "supergroup" else ""))
    call.world.delete_message(chat, message)
    return True


def delete_messages(call: Call) -> bool:
    """deleteMessages: those that are there and may go; the rest is passed over."""
    chat = chat_of(call)
    ids = call.params["message_ids"]
    if not 1 <= len(ids) <= 100:
        raise bad_request(
            "message identifiers are not specified" if not ids else "too many message identifiers specified"
        )
    for message_id in ids:
        message = chat.messages.get(message_id) if isinstance(message_id, int) else None
        if message is not None and _deletable(call, chat, message):
            call.world.delete_message(chat, message)
    return True


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    """In groups a bot deletes what it wrote itself, as an administrator everything but the beginning of a topic."""
    mine = chat.kind == "private" or message.sender_id == call.bot.id or chat.leads(call.bot.id)
    kept = "forum_topic_created" in message.body
    return mine and not kept and time.time() - message.body["date"] < DELETABLE_SECONDS
