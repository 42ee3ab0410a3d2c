"""Where a message belongs: in a topic of a forum, in a thread of replies, or in neither."""

from __future__ import annotations

from bot.localchat.model import Chat, Json, Message

GENERAL = 1


def place(chat: Chat, topic: int | None, answered: Message | None, *, by: int) -> Json:
    """`message_thread_id` and `is_topic_message` of a new message by the user `by`, if it has any.

    `topic` is the thread that was asked for; an answer without one goes where the answered message is. A message in
    General has no thread of its own. In a supergroup an answer outside topics is in the thread of the message that
    began the replies, and is_topic_message is not set then. ValueError (Telegram's words) for a topic that is not
    there, or that is closed to this user.
    """
    if topic and topic not in chat.topics:
        raise ValueError("message thread not found")
    thread = topic or _topic_of(answered)
    found = chat.topics.get(thread)
    closed = found.closed if found else chat.forum and chat.general_closed
    if closed and not chat.leads(by):
        raise ValueError("TOPIC_CLOSED")
    if found:
        return {"message_thread_id": thread, "is_topic_message": True}
    if answered is not None and chat.kind == "supergroup":
        return {"message_thread_id": answered.body.get("message_thread_id", answered.id)}
    return {}


def _topic_of(message: Message | None) -> int:
    if message is None or not message.body.get("is_topic_message"):
        return 0
    return int(message.body["message_thread_id"])
