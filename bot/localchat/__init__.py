"""A local Telegram Bot API server for any bot, with a page to chat in and a driver for tests. No Telegram needed."""

from bot.localchat.chat import ListenError, LocalChat, serve
from bot.localchat.driver import PersonView
from bot.localchat.driver_inline import InlineView, ResultView
from bot.localchat.faults import LoggedCall
from bot.localchat.flood import FloodLimits
from bot.localchat.group_view import GroupView
from bot.localchat.store import StateError
from bot.localchat.views import Button, CallbackAnswer, MessageView
from bot.localchat.watching import BotView

__all__ = [
    "BotView",
    "Button",
    "CallbackAnswer",
    "FloodLimits",
    "GroupView",
    "InlineView",
    "ListenError",
    "LocalChat",
    "LoggedCall",
    "MessageView",
    "PersonView",
    "ResultView",
    "StateError",
    "serve",
]
