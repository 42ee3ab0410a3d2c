"""A bot on python-telegram-bot, as one would write it for Telegram, runs against the server unchanged."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.localchat import LocalChat, PersonView
from bot.localchat.driver import tiny_png
from tests.bot.localchat.conftest import TOKEN

Bot = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("More", callback_data="more"), InlineKeyboardButton("Close", callback_data="close")]]
)


def message_of(update: Update) -> Message:
    assert update.effective_message is not None
    return update.effective_message


async def start(update: Update, context: Context) -> None:
    words = f"<b>Hello</b> {' '.join(context.args or ())}"
    await message_of(update).reply_text(words, parse_mode=ParseMode.HTML, reply_markup=KEYBOARD)


async def picture(update: Update, context: Context) -> None:
    await message_of(update).reply_photo(tiny_png(), caption="a picture")
    await message_of(update).reply_document(io.BytesIO(b"{}"), filename="book.json")


async def tapped(update: Update, context: Context) -> None:
    query = update.callback_query
    assert isinstance(query, CallbackQuery)
    await query.answer("one moment")
    if query.data == "more":
        await query.edit_message_text("<i>More</i>", parse_mode=ParseMode.HTML, reply_markup=KEYBOARD)
    else:
        await query.delete_message()


async def echo(update: Update, context: Context) -> None:
    message = message_of(update)
    if message.photo:
        content = await (await message.photo[-1].get_file()).download_as_bytearray()
        await message.reply_text(f"{len(content)} bytes")
    else:
        await message.reply_text(f"{'again: ' if update.edited_message else ''}{message.text}", do_quote=True)


@pytest.fixture
async def application(chat: LocalChat) -> AsyncIterator[Bot]:
    app: Bot = (
        Application.builder().token(TOKEN).base_url(f"{chat.url}/bot").base_file_url(f"{chat.url}/file/bot").build()
    )
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CommandHandler("picture", picture))
    app.add_handler(CallbackQueryHandler(tapped))
    app.add_handler(MessageHandler(filters.ALL, echo))
    async with app:
        await app.bot.set_my_commands([("start", "begin")])
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        yield app
        await app.updater.stop()
        await app.stop()


@pytest.fixture
def ann(chat: LocalChat, application: Bot) -> PersonView:
    return chat.person("Ann")


async def test_commands_buttons_edits_and_deletions_work(ann: PersonView) -> None:
    await ann.send("/start there")
    card = await ann.next()
    assert card.html == "<b>Hello</b> there"
    answer = await ann.tap(card, "More")
    assert (answer.text, answer.alert) == ("one moment", False)
    assert (await ann.settled(card)).html == "<i>More</i>"
    await ann.tap(card, "Close")
    await ann.gone(card)


async def test_words_edits_and_photos_are_answered(ann: PersonView) -> None:
    asked = await ann.send("hello 😀")
    answered = await ann.next()
    assert (answered.text, answered.reply_to_id) == ("hello 😀", asked.id)
    await ann.edit(asked, "bye")
    assert (await ann.next()).text == "again: bye"
    await ann.send_photo()
    assert (await ann.next()).text == f"{len(tiny_png())} bytes"


async def test_pictures_and_documents_are_uploaded(ann: PersonView) -> None:
    await ann.send("/picture")
    shown, saved = await ann.next(), await ann.next()
    assert shown.text == "a picture"
    assert shown.photo is not None
    assert saved.document is not None
    assert saved.document["file_name"] == "book.json"


async def test_two_people_talk_to_the_bot_at_once(chat: LocalChat, ann: PersonView) -> None:
    ben = chat.person("Ben")
    for number in range(5):
        await ann.send(f"ann {number}")
        await ben.send(f"ben {number}")
    await ann.wait_for(lambda message: message.from_bot and message.text == "ann 4")
    await ben.wait_for(lambda message: message.from_bot and message.text == "ben 4")
    assert [m.text for m in ben.messages if m.from_bot] == [f"ben {number}" for number in range(5)]


async def test_refusals_arrive_as_the_librarys_errors(
    chat: LocalChat, application: Bot, ann: PersonView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the library warns about its older form otherwise
    bot = application.bot
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(ann.id, "x")
    await ann.send("hello")
    sent = await ann.next()
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("hello", ann.id, sent.id)
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(ann.id, "<b>x", parse_mode=ParseMode.HTML)
    markup = InlineKeyboardMarkup.from_button(InlineKeyboardButton("x", callback_data="x" * 65))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(ann.id, "x", reply_markup=markup)
    chat.fault(kind="status", value=429, retry_after=7)
    with pytest.raises(RetryAfter, match="7"):
        await bot.send_message(ann.id, "x")


async def test_a_wrong_token_is_an_invalid_token(chat: LocalChat) -> None:
    app: Bot = Application.builder().token("123456:wrong").base_url(f"{chat.url}/bot").build()
    with pytest.raises(InvalidToken):
        await app.initialize()
    await app.shutdown()
    await app.bot.shutdown()
