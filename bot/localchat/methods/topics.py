"""Topics of forums: create, edit, close, reopen, delete; the same for General."""

from __future__ import annotations

from bot.localchat import topics
from bot.localchat.methods.call import Call, chat_of
from bot.localchat.model import Chat, Json, Topic
from bot.localchat.refusals import bad_request
from bot.localchat.threads import GENERAL


def create_forum_topic(call: Call) -> Json:
    """createForumTopic."""
    chat = _forum(call)
    if not chat.leads(call.bot.id):
        raise bad_request("not enough rights to create a topic")
    color = call.params.get("icon_color", topics.COLORS[0])
    if color not in topics.COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    emoji = call.params.get("icon_custom_emoji_id", "")
    topic = topics.create(call.world, chat, _name(call), by=call.bot.user(), color=color, emoji=emoji)
    told: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return told | ({"icon_custom_emoji_id": emoji} if emoji else {})


def edit_forum_topic(call: Call) -> bool:
    """editForumTopic."""
    chat, topic = _topic(call, "edit the topic")
    name = _name(call) if call.params.get("name") else topic.name
    emoji = call.params.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    if (name, emoji) == (topic.name, topic.icon_custom_emoji_id):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.edit(
        call.world,
        chat,
        topic,
        by=call.bot.user(),
        name=name if name != topic.name else None,
        emoji=emoji if emoji != topic.icon_custom_emoji_id else None,
    )
    return True


def close_forum_topic(call: Call) -> bool:
    """closeForumTopic."""
    return _set_closed(call, True)


def reopen_forum_topic(call: Call) -> bool:
    """reopenForumTopic."""
    return _set_closed(call, False)


def delete_forum_topic(call: Call) -> bool:
    """deleteForumTopic."""
    chat, topic = _topic(call, "delete the topic")
    topics.delete(call.world, chat, topic)
    return True


def close_general_forum_topic(call: Call) -> bool:
    """closeGeneralForumTopic."""
    return _set_general_closed(call, True)


def reopen_general_forum_topic(call: Call) -> bool:
    """reopenGeneralForumTopic."""
    return _set_general_closed(call, False)


def _set_closed(call: Call, closed: bool) -> bool:
    if call.params["message_thread_id"] == GENERAL:
        return _set_general_closed(call, closed)
    chat, topic = _topic(call, "close or open the topic")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.set_closed(call.world, chat, topic, closed, by=call.bot.user())
    return True


def _set_general_closed(call: Call, closed: bool) -> bool:
    chat = _forum(call)
    if not chat.leads(call.bot.id):
        raise bad_request("not enough rights to close or open the topic")
    if chat.general_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topics.set_closed(call.world, chat, None, closed, by=call.bot.user())
    return True


def _forum(call: Call) -> Chat:
    chat = chat_of(call)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(call: Call, act: str) -> tuple[Chat, Topic]:
    """The topic that is meant, for who leads the group or has made it; a Refusal (400) for others."""
    chat = _forum(call)
    thread = call.params["message_thread_id"]
    if thread <= 0:
        raise bad_request("invalid message thread identifier specified")
    topic = chat.topics.get(thread)
    if not chat.leads(call.bot.id) and (topic is None or topic.creator_id != call.bot.id):
        raise bad_request(f"not enough rights to {act}")
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def _name(call: Call) -> str:
    name = str(call.params["name"]).strip()[: topics.LONGEST_NAME]
    if not name:
        raise bad_request("title must be non-empty")
    return name
