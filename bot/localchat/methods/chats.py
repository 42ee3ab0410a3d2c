"""getChat, getChatMember."""

from __future__ import annotations

from bot.localchat.methods.call import Call, chat_of
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request


def get_chat(call: Call) -> Json:
    """getChat."""
    gifts = {
        "unlimited_gifts": True,
        "limited_gifts": True,
        "unique_gifts": True,
        "premium_subscription": True,
        "gifts_from_channels": True,
    }
    return {
        **call.world.chat_object(chat_of(call)),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


def get_chat_member(call: Call) -> Json:
    """getChatMember."""
    chat = chat_of(call)
    user_id = call.params["user_id"]
    members = {chat.id, chat.bot_id} if chat.kind == "private" else chat.members
    known = call.world.people.get(user_id) or call.world.bots.get(user_id)
    if known is None:
        raise bad_request("invalid user_id specified")
    return {"user": known.user(), "status": "member" if user_id in members else "left"}
