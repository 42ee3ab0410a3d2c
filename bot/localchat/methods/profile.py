"""What a bot says about itself: getMe, its commands, name and descriptions."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.localchat.methods.call import Call, Handler
from bot.localchat.model import Bot, Chat, Json, Person
from bot.localchat.refusals import bad_request

MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(call: Call) -> Json:
    """getMe."""
    return {
        **call.bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": call.bot.reads_all,
        "supports_inline_queries": call.bot.inline,
        "supports_guest_queries": call.bot.guest,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(call: Call) -> bool:
    """setMyCommands."""
    commands = call.params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope_key(call)] = [_command(command) for command in commands]
    _changed(call)
    return True


def get_my_commands(call: Call) -> list[Json]:
    """getMyCommands."""
    return call.bot.commands.get(_scope_key(call), [])


def delete_my_commands(call: Call) -> bool:
    """deleteMyCommands."""
    call.bot.commands.pop(_scope_key(call), None)
    _changed(call)
    return True


def commands_for(bot: Bot, person: Person, chat: Chat) -> list[Json]:
    """The commands that a person sees in a chat: the narrowest scope first, in it the person's language."""
    if chat.kind == "private":
        scopes: list[list[Any]] = [["chat", chat.id], ["all_private_chats"], ["default"]]
    else:
        narrow: list[list[Any]] = [["chat_member", chat.id, person.id]]
        own, all_groups = ["chat", chat.id], ["all_group_chats"]
        if chat.leads(person.id):
            narrow += [["chat_administrators", chat.id], own, ["all_chat_administrators"]]
        scopes = [*narrow, own, all_groups, ["default"]]
    for scope in scopes:
        for code in (person.language_code or "", ""):
            found = bot.commands.get(json.dumps([*scope, code]))
            if found:
                return found
    return []


def setter(field: str, parameter: str, limit: int) -> Handler:
    """The method that sets one of the bot's texts, for one language or as the fallback."""

    def set_text(call: Call) -> bool:
        text = call.params.get(parameter, "")
        if len(text) > limit:
            raise bad_request(f"{parameter} is too long")
        texts: dict[str, str] = getattr(call.bot, field)
        language = _language(call)
        if text:
            texts[language] = text
        else:
            texts.pop(language, None)
        _changed(call)
        return True

    return set_text


def getter(field: str, parameter: str) -> Handler:
    """The method that gives one of the bot's texts in a language, or the fallback."""

    def get_text(call: Call) -> Json:
        texts: dict[str, str] = getattr(call.bot, field)
        fallback = call.bot.name if field == "names" else ""
        return {parameter: texts.get(_language(call), texts.get("", fallback))}

    return get_text


def _changed(call: Call) -> None:
    call.world.profile_changed(call.bot)


def _language(call: Call) -> str:
    code: str = call.params.get("language_code", "")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _scope_key(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    names = _SCOPES.get(str(scope.get("type")))
    if names is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    missing = next((name for name in names if name not in scope), None)
    if missing is not None:
        raise bad_request(f"can't parse BotCommandScope: Can't find field \"{missing}\"")
    return json.dumps([scope["type"], *(scope[name] for name in names), _language(call)])


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).strip().removeprefix("/")
    description = str(command.get("description", "")).strip()
    for what, text, longest in (
        ("command", name, LONGEST_COMMAND),
        ("command description", description, LONGEST_DESCRIPTION),
    ):
        if not text:
            raise bad_request(f"{what} must be non-empty")
        if len(text) > longest:
            raise bad_request(f"{what} length must not exceed {longest}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
