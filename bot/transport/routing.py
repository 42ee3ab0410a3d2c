"""python-telegram-bot's handlers: which updates we look at, and how each becomes an event.

The handlers do not answer. Each notes the event for its update, so that decision and answer stay outside Telegram's
types; what no handler takes (a member joined, a poll) leads to nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import telegram
from telegram import Bot, ChatMember, ChatMemberRestricted, Document, Message, Update, User
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.dialogue import (
    Attached,
    Chat,
    Chosen,
    Commanded,
    Content,
    Enclosed,
    Event,
    Migrated,
    Person,
    Presence,
    Queried,
    Said,
    Tapped,
)
from bot.storage.inbox import Leased
from bot.transport.files import may_be_text

_ATTACHMENTS = ("photo", "voice", "sticker", "video", "video_note", "audio", "animation", "document", "location",
                "contact", "poll", "dice")  # fmt: skip

_PRESENT = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)

_FILES = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.Document.ALL & ~filters.ANIMATION


class Router:
    """Turns leased updates into events by way of `application`'s handlers. `read` gives what is in a file."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], read: Callable[[Document], Awaitable[Enclosed]]
    ) -> None:
        self._application = application
        self._read = read
        self._arriving: dict[int, Leased] = {}
        self._events: dict[int, Event] = {}
        said = (filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE) & ~filters.VIA_BOT
        application.add_handlers(
            [
                MessageHandler(filters.UpdateType.GUEST_MESSAGE & (filters.TEXT | filters.CAPTION), self._said),
                MessageHandler(filters.StatusUpdate.MIGRATE, self._migrated),
                ChatMemberHandler(self._present, ChatMemberHandler.MY_CHAT_MEMBER),
                MessageHandler(said & filters.COMMAND, self._commanded),
                MessageHandler(_FILES & said, self._enclosed),
                MessageHandler(said & (filters.TEXT | filters.CAPTION), self._said),
                MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, self._attached),
                CallbackQueryHandler(self._tapped),
                InlineQueryHandler(self._queried),
                ChosenInlineResultHandler(self._chosen),
                TypeHandler(Update, self._passed_over),
            ]
        )

    async def event(self, leased: Leased) -> Event | None:
        """The event behind an update, or None when it is not for us."""
        update = Update.de_json(json.loads(leased.payload), self._application.bot)
        self._arriving[update.update_id] = leased
        try:
            await self._application.process_update(update)
            return self._events.pop(update.update_id, None)
        finally:
            del self._arriving[update.update_id]

    async def _commanded(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        head, _, arguments = (message.text or message.caption or "").partition(" ")
        if "\n" in head:
            head, _, first = head.partition("\n")
            arguments = f"{first}\n{arguments}"
        name, _, addressee = head[1:].partition("@")
        bot: Bot = self._application.bot
        if not addressee or addressee.lower() == bot.username.lower():
            self._note(update, Commanded(name=name.lower(), arguments=arguments.strip()))

    async def _said(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        # A button that fills the message box puts the bot's name before the words; people write it too.
        words = _named(self._application.bot).sub("", message.text or message.caption or "")
        self._note(update, Said(text=words.strip()))

    async def _enclosed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        assert message.document is not None
        if message.caption and not may_be_text(message.document):
            await self._said(update, context)  # a picture sent as a file: its caption is what is meant
        else:
            self._note(update, await self._read(message.document))

    async def _attached(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        what = next((kind for kind in _ATTACHMENTS if getattr(message, kind, None)), None)
        if what is not None:
            self._note(update, Attached(what=what))

    async def _tapped(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        if query.data is not None and (query.message is not None or query.inline_message_id is not None):
            self._note(update, Tapped(query_id=query.id, data=query.data), inline=query.inline_message_id)

    async def _queried(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        assert query is not None
        self._note(update, Queried(query_id=query.id, text=query.query.strip()))

    async def _chosen(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        chosen = update.chosen_inline_result
        assert chosen is not None
        content = Chosen(offer_id=chosen.result_id, text=chosen.query.strip())
        self._note(update, content, inline=chosen.inline_message_id)

    async def _migrated(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Either side tells of it: the old group where it goes, the new one where it came from."""
        message = update.effective_message
        assert message is not None
        here, new, old = message.chat.id, message.migrate_to_chat_id, message.migrate_from_chat_id
        self._note(update, Migrated(old=old or here, new=new or here))

    async def _present(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        assert change is not None
        before, after = (_is_in(member) for member in (change.old_chat_member, change.new_chat_member))
        if before != after and change.chat.type in ("group", "supergroup"):
            self._note(update, Presence(here=after))

    async def _passed_over(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Nothing to note."""

    def _note(self, update: Update, content: Content, *, inline: str | None = None) -> None:
        leased = self._arriving[update.update_id]
        user, message = update.effective_user, update.effective_message
        if user is None:
            return
        full = message if isinstance(message, Message) else None
        written = full if not isinstance(content, Tapped) else None
        replied = written.reply_to_message if written else None
        bot: Bot = self._application.bot
        self._events[update.update_id] = Event(
            serial=leased.serial,
            time=leased.received_at,
            bot_id=bot.id,
            chat=_place(update.effective_chat, user, full),
            person=Person(id=user.id, first_name=user.first_name, language_code=user.language_code),
            content=content,
            message_id=message.message_id if message else None,
            reply_to=replied.message_id if replied else None,
            edited=update.edited_message is not None,
            bot_name=bot.username,
            quoted=_quoted(written, bot) if written else None,
            mentioned=full is not None and _named(bot).search(full.text or full.caption or "") is not None,
            anonymous=full is not None and full.sender_chat is not None and full.sender_chat.id == full.chat.id,
            guest=full.guest_query_id if full else None,
            inline_message_id=inline,
        )


def _place(chat: telegram.Chat | None, user: User, message: Message | None) -> Chat:
    if chat is None:  # through inline mode, where Telegram does not tell it
        return Chat(id=user.id, kind="inline")
    return Chat(
        id=chat.id,
        kind=chat.type,  # type: ignore[arg-type]  # PTB gives the enum whose values these are
        thread_id=message.message_thread_id if message and message.is_topic_message else None,
    )


def _named(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(bot.username)}\b", re.IGNORECASE)


def _quoted(message: Message, bot: Bot) -> str | None:
    """What somebody else has said to which a message replies, or the part of it that was marked."""
    replied = message.reply_to_message
    if replied is not None and replied.via_bot is not None and replied.via_bot.id == bot.id:
        return _behind(replied, bot)
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot.id:
        return None  # a card of ours, which is known better than by its words
    if message.quote is not None:
        return message.quote.text
    if replied is None or replied.forum_topic_created is not None:
        return None
    return replied.text or replied.caption


def _behind(sent: Message, bot: Bot) -> str:
    """What a message that was sent through inline mode is about: the payload of its link to the bot, else nothing.

    Its words are the bot's own, and no trade that somebody wrote.
    """
    rows = sent.reply_markup.inline_keyboard if sent.reply_markup is not None else ()
    start = f"https://t.me/{bot.username}?start="
    links = (button.url for row in rows for button in row if button.url is not None)
    return next((link.removeprefix(start) for link in links if link.startswith(start)), "")


def _is_in(member: ChatMember) -> bool:
    return member.status in _PRESENT or (isinstance(member, ChatMemberRestricted) and member.is_member)
