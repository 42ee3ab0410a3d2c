"""Who is what in a chat, as the Bot API tells it: ChatMember objects and the updates when one changes."""

from __future__ import annotations

import time

from bot.localchat.feed import LOBBY, Change
from bot.localchat.model import Chat, Json
from bot.localchat.world import World

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
"""What an administrator may do here: everything, there are no partial rights (topics: in supergroups)."""


def user_object(world: World, user_id: int) -> Json | None:
    """The person or bot with this id as the Bot API's User object, None for a stranger."""
    known = world.people.get(user_id) or world.bots.get(user_id)
    return known.user() if known else None


def member_object(chat: Chat, user: Json, status: str) -> Json:
    """The Bot API's ChatMember object for this status."""
    member: Json = {"user": user, "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
        if chat.kind == "supergroup":
            member["can_manage_topics"] = chat.forum
    elif status == "kicked":
        member["until_date"] = 0
    return member


def change(world: World, chat: Chat, actor: Json, user: Json, old: str, new: str) -> Json:
    """The Bot API's ChatMemberUpdated object: `actor` has made `user` from `old` to `new`."""
    return {
        "chat": world.chat_object(chat),
        "from": actor,
        "date": int(time.time()),
        "old_chat_member": member_object(chat, user, old),
        "new_chat_member": member_object(chat, user, new),
    }


def set_status(world: World, chat: Chat, user: Json, status: str, *, by: Json) -> None:
    """Give somebody another status in a group.

    A bot is told of its own with my_chat_member; bots that lead the group and ask for it, of others' with chat_member.
    """
    old = chat.statuses.get(user["id"], "left")
    if old == status:
        return
    chat.statuses[user["id"]] = status
    told = change(world, chat, by, user, old, status)
    if user["id"] in world.bots:
        world.enqueue(world.bots[user["id"]], "my_chat_member", told)
    for member in chat.members:
        if member in world.bots and member != user["id"] and chat.leads(member):
            world.enqueue(world.bots[member], "chat_member", told)
    world.changed(chat)
    world.feed.publish(chat.key, Change(kind="profile"))  # other commands may count now
    world.feed.publish(LOBBY, Change(kind="arrival"))
