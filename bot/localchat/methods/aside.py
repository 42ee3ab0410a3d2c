"""Messages for one member's eyes (sendMessage's ephemeral_message_parameters), and answers of a guest."""

from __future__ import annotations

import time

from bot.localchat import guests
from bot.localchat.fields import refusing, required_integer
from bot.localchat.methods.call import Call, chat_of, open_chat
from bot.localchat.methods.inline_results import read_results
from bot.localchat.methods.texts import keyboard_part, text_part, thread_part
from bot.localchat.model import Json
from bot.localchat.refusals import Refusal, bad_request


def send_ephemeral(call: Call) -> Json:
    """sendMessage to one member of a group; its message_id is 0."""
    with refusing():
        receiver = required_integer(call.params["ephemeral_message_parameters"], "receiver_user_id")
    chat = open_chat(call)
    if chat.kind == "private":
        raise bad_request("ephemeral messages can't be sent to private chats")
    if receiver not in call.world.people or not chat.has(receiver):
        raise bad_request("USER_NOT_PARTICIPANT")
    content = text_part(call) | keyboard_part(call) | thread_part(call, chat, None)
    content["receiver_user"] = call.world.people[receiver].user()
    return _told(call.world.add_message(chat, sender=call.bot.user(), content=content).body)


def _told(body: Json) -> Json:
    return {**body, "message_id": 0, "ephemeral_message_id": body["message_id"]}


def delete_ephemeral(call: Call) -> bool:
    """deleteEphemeralMessage."""
    if not call.world.ephemeral:
        raise Refusal(404, "Not Found")  # as a server before 10.2 knows no such method
    chat = chat_of(call)
    message = chat.messages.get(call.params["ephemeral_message_id"])
    theirs = message is not None and message.only_for == call.params["receiver_user_id"] != 0
    if message is None or not theirs or message.sender_id != call.bot.id:
        raise bad_request("message to delete not found")
    call.world.delete_message(chat, message)
    return True


def answer_guest_query(call: Call) -> Json:
    """answerGuestQuery: once and in time."""
    query = call.world.guests.get(call.params["guest_query_id"])
    late = query is None or time.time() - query.at > call.services.callback_seconds
    if query is None or late or query.bot_id != call.bot.id or query.answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    [result] = read_results(call, [call.params["result"]])
    return {"inline_message_id": guests.answer(call.world, query, result.content)}
