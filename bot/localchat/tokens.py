"""Tokens: their form, the bot that one names, and that a bot has one token at a time."""

from __future__ import annotations

import re
from hashlib import sha256

from bot.localchat.model import Bot
from bot.localchat.refusals import Refusal
from bot.localchat.world import World

TOKEN = re.compile(r"([0-9]{1,15}):[A-Za-z0-9_-]{35}")
_TOKEN_LIKE = re.compile(r"[0-9]+:.*", re.DOTALL)


def bot_id_of(token: str) -> int:
    """The bot's id from its token; a Refusal (401 for a token that is not well formed, 404 for anything else)."""
    found = TOKEN.fullmatch(token)
    if found is not None:
        return int(found.group(1))
    raise unauthorized() if _TOKEN_LIKE.fullmatch(token) else Refusal(404, "Not Found")


def caller(world: World, token: str) -> Bot:
    """The bot that calls with this token. The first token that is seen for an id is the bot's; another gets a 401."""
    bot = world.bot(bot_id_of(token))
    if not bot.token_digest:
        give(world, bot, token)
    elif bot.token_digest != _digest(token):
        raise unauthorized()
    return bot


def give(world: World, bot: Bot, token: str) -> None:
    """Let this be the bot's token from now on."""
    digest = _digest(token)
    if bot.token_digest != digest:
        bot.token_digest = digest
        world.mark("bot", bot.id)


def unauthorized() -> Refusal:
    """Telegram's answer to a token that is not the bot's."""
    return Refusal(401, "Unauthorized")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
