"""getChat and what it is about: members, pinned messages, leaving."""

from __future__ import annotations

from bot.localchat import groups, membership
from bot.localchat.methods.call import Call, chat_of
from bot.localchat.model import Chat, Json, Message
from bot.localchat.refusals import bad_request

_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def get_chat(call: Call) -> Json:
    """getChat."""
    chat = chat_of(call)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        chat.kind == "private",
    )
    full = {
        **call.world.chat_object(chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }
    if chat.kind != "private":
        full["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    return full | {"pinned_message": pinned.body} if pinned else full


def get_chat_member(call: Call) -> Json:
    """getChatMember."""
    chat = chat_of(call)
    user_id = call.params["user_id"]
    user = membership.user_object(call.world, user_id)
    if user is None:
        raise bad_request("invalid user_id specified")
    if chat.kind == "private":
        status = "member" if user_id in (chat.id, chat.bot_id) else "left"
    else:
        status = chat.statuses.get(user_id, "left")
    return membership.member_object(chat, user, status)


def get_chat_administrators(call: Call) -> list[Json]:
    """getChatAdministrators: without other bots, as Telegram leaves them out."""
    chat = chat_of(call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    found = []
    for user_id, status in chat.statuses.items():
        user = membership.user_object(call.world, user_id)
        if user and chat.leads(user_id) and (not user["is_bot"] or user_id == call.bot.id):
            found.append(membership.member_object(chat, user, status))
    return found


def get_chat_member_count(call: Call) -> int:
    """getChatMemberCount."""
    chat = chat_of(call)
    return 2 if chat.kind == "private" else len(chat.members)


def leave_chat(call: Call) -> bool:
    """leaveChat."""
    chat = chat_of(call)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    groups.remove(call.world, chat, call.bot.user(), by=call.bot.user())
    return True


def pin_chat_message(call: Call) -> bool:
    """pinChatMessage."""
    chat = chat_of(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to pin not found")
    _check_may_pin(call, chat)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    pinned: Json = {name: value for name, value in message.body.items() if name != "reply_to_message"}
    if chat.kind == "private":
        call.world.add_message(chat, sender=call.bot.user(), content={"pinned_message": pinned})
    else:
        groups.service(call.world, chat, call.bot.user(), {"pinned_message": pinned} | _thread(message))
    call.world.changed(chat)
    return True


def unpin_chat_message(call: Call) -> bool:
    """unpinChatMessage: the one that is named, else the newest pin."""
    chat = chat_of(call)
    _check_may_pin(call, chat)
    wanted = call.params.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.changed(chat)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    """unpinAllChatMessages."""
    chat = chat_of(call)
    _check_may_pin(call, chat)
    chat.pinned.clear()
    call.world.changed(chat)
    return True


def _check_may_pin(call: Call, chat: Chat) -> None:
    if chat.kind != "private" and not chat.leads(call.bot.id):
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _thread(message: Message) -> Json:
    return {name: message.body[name] for name in ("message_thread_id", "is_topic_message") if name in message.body}
