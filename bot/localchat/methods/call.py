"""What a method of the Bot API works on: the calling bot, its typed parameters and the server's parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.localchat.model import Bot, Chat, Message
from bot.localchat.refusals import Refusal, bad_request, forbidden
from bot.localchat.spec import Upload
from bot.localchat.updates import Polling
from bot.localchat.webhook import Webhooks
from bot.localchat.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of the server that methods use."""

    world: World
    polling: Polling
    webhooks: Webhooks
    callback_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: `params` are typed by the spec, `uploads` are the files that came along by field name."""

    bot: Bot
    params: dict[str, Any]
    uploads: dict[str, Upload]
    services: Services

    @property
    def world(self) -> World:
        """The server's state."""
        return self.services.world


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A result with Telegram's remark beside it."""

    result: Any
    description: str


Handler = Callable[[Call], Any | Awaitable[Any]]


def chat_of(call: Call) -> Chat:
    """The chat named by chat_id, or a Refusal (400) when the bot knows none."""
    chat = call.world.find_chat(call.bot, call.params["chat_id"])
    if chat is None:
        raise bad_request("chat not found")
    _check_member(call, chat)
    return chat


def open_chat(call: Call) -> Chat:
    """The chat to send into; a Refusal (403) when the person has not written yet or has blocked the bot."""
    chat_id = call.params["chat_id"]
    chat = call.world.find_chat(call.bot, chat_id)
    if chat is None or (chat.kind == "private" and not chat.started and not chat.blocked):
        if chat_id in call.world.people:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    _check_member(call, chat)
    return chat


def _check_member(call: Call, chat: Chat) -> None:
    """A Refusal when the bot is not in the group (403) or the group has become a supergroup (400)."""
    if chat.kind == "private":
        return
    if chat.upgraded_to:
        parameters = {"migrate_to_chat_id": chat.upgraded_to}
        raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", parameters)
    if chat.statuses[call.bot.id] == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if not chat.has(call.bot.id):
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def own_message(call: Call, chat: Chat) -> Message:
    """The bot's own message named by message_id, to be edited, or a Refusal (400)."""
    if "message_id" not in call.params:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender_id != call.bot.id:
        raise bad_request("message can't be edited")
    return message
