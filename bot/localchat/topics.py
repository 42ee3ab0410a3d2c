"""A forum's topics: they begin, get another name, are closed, reopened and deleted. `by` is who does it (a User)."""

from __future__ import annotations

from bot.localchat.groups import service
from bot.localchat.model import Chat, Json, Topic
from bot.localchat.world import World

LONGEST_NAME = 128
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create(world: World, chat: Chat, name: str, *, by: Json, color: int = COLORS[0], emoji: str = "") -> Topic:
    """A new topic; its id is that of the message that tells of it."""
    told: Json = {"name": name, "icon_color": color} | ({"icon_custom_emoji_id": emoji} if emoji else {})
    # The message's own id is its thread, and is only known when the message is there: it is the chat's next.
    topic = Topic(id=chat.next_message_id, name=name, creator_id=by["id"], icon_color=color, icon_custom_emoji_id=emoji)
    chat.topics[topic.id] = topic
    service(world, chat, by, {"forum_topic_created": told} | _within(topic))
    world.changed(chat)
    return topic


def edit(
    world: World, chat: Chat, topic: Topic, *, by: Json, name: str | None = None, emoji: str | None = None
) -> None:
    """Another name or icon for a topic."""
    told: Json = {}
    if name is not None:
        told["name"] = topic.name = name
    if emoji is not None:
        told["icon_custom_emoji_id"] = topic.icon_custom_emoji_id = emoji
    service(world, chat, by, {"forum_topic_edited": told} | _within(topic))
    world.changed(chat)


def set_closed(world: World, chat: Chat, topic: Topic | None, closed: bool, *, by: Json) -> None:
    """Close a topic (None: General), so that only who leads the group writes there, or open it again."""
    if topic is None:
        chat.general_closed = closed
    else:
        topic.closed = closed
    told: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    service(world, chat, by, told | (_within(topic) if topic else {}))
    world.changed(chat)


def delete(world: World, chat: Chat, topic: Topic) -> None:
    """Take a topic away with everything that was written in it."""
    del chat.topics[topic.id]
    for message in [m for m in chat.messages.values() if m.body.get("message_thread_id") == topic.id]:
        world.delete_message(chat, message)
    world.changed(chat)


def _within(topic: Topic) -> Json:
    return {"message_thread_id": topic.id, "is_topic_message": True}
