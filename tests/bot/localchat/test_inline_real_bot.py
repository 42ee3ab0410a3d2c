"""An inline bot on python-telegram-bot, as one would write it for Telegram, runs against the server unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, ChosenInlineResultHandler, InlineQueryHandler

from bot.localchat import LocalChat, PersonView
from tests.bot.localchat.conftest import TOKEN
from tests.bot.localchat.test_real_bot import Bot, Context

KEYBOARD = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Refresh", callback_data="refresh"))


async def find(update: Update, context: Context) -> None:
    assert update.inline_query is not None
    words = update.inline_query.query
    content = InputTextMessageContent(f"<b>{words}</b>", parse_mode=ParseMode.HTML)
    result = InlineQueryResultArticle("1", words.title(), content, reply_markup=KEYBOARD, description="a result")
    button = InlineQueryResultsButton("Save first", start_parameter="save")
    await update.inline_query.answer([result], cache_time=10, is_personal=True, button=button)


async def chosen(update: Update, context: Context) -> None:
    assert update.chosen_inline_result is not None
    inline_message_id = update.chosen_inline_result.inline_message_id
    await context.bot.edit_message_text("chosen", inline_message_id=inline_message_id, reply_markup=KEYBOARD)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await context.bot.edit_message_text("chosen", inline_message_id=inline_message_id, reply_markup=KEYBOARD)


async def tapped(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    assert update.callback_query.message is None
    await update.callback_query.answer("one moment")
    await update.callback_query.edit_message_text("refreshed")


@pytest.fixture
async def ann(chat: LocalChat) -> AsyncIterator[PersonView]:
    app: Bot = Application.builder().token(TOKEN).base_url(f"{chat.url}/bot").build()
    app.add_handler(InlineQueryHandler(find))
    app.add_handler(ChosenInlineResultHandler(chosen))
    app.add_handler(CallbackQueryHandler(tapped))
    async with app:
        assert app.bot.supports_inline_queries
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        yield chat.person("Ann")
        await app.updater.stop()
        await app.stop()


async def test_results_are_found_sent_edited_and_tapped(chat: LocalChat, ann: PersonView) -> None:
    group = chat.group("Desk", ann)
    seen = await ann.inline("btc", chat=group)
    assert [(result.title, result.description) for result in seen.results] == [("Btc", "a result")]
    assert seen.button == {"text": "Save first", "start_parameter": "save"}
    sent = await ann.choose(seen.find("Btc"), chat=group)
    assert sent.html == "<b>btc</b>"
    edited = await ann.settled(sent, chat=group)
    assert edited.text == "chosen"
    answer = await ann.tap(edited, "Refresh", chat=group)
    assert answer.text == "one moment"
    assert (await ann.settled(edited, chat=group)).text == "refreshed"
