"""Two bots over HTTP and a group, for the tests of groups."""

from __future__ import annotations

from typing import Any

from tests.bot.localchat.conftest import OTHER_TOKEN, Api

ALL_KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]


async def updates(api: Api, *, kinds: list[str] | None = None) -> list[dict[str, Any]]:
    """What the bot has not confirmed yet, which is confirmed with that."""
    found: list[dict[str, Any]] = await api.ok("getUpdates", allowed_updates=kinds or ALL_KINDS)
    if found:
        await api.ok("getUpdates", offset=found[-1]["update_id"] + 1)
    return found


async def told(api: Api) -> list[str]:
    """What the bot was told, in words: texts of messages, the names of service fields, kinds of other updates."""
    words: list[str] = []
    for update in await updates(api):
        [kind] = [name for name in update if name != "update_id"]
        body = update[kind]
        if kind == "message" and "text" not in body:
            known = ("message_id", "from", "chat", "date", "message_thread_id", "is_topic_message")
            words += [name for name in body if name not in known]
        elif kind.endswith("chat_member"):
            words.append(f"{kind} {body['old_chat_member']['status']} -> {body['new_chat_member']['status']}")
        else:
            words.append(body["text"] if kind == "message" else kind)
    return words


def other(api: Api) -> Api:
    """The second bot."""
    return Api(api.url, api.session, OTHER_TOKEN)
