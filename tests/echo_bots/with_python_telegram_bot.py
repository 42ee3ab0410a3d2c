"""An echo bot on python-telegram-bot: commands, buttons, edits, a photo, an inline answer.

Arguments: API root, token, and for webhooks the port to listen on.
"""

import sys
from pathlib import Path
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

Context = ContextTypes.DEFAULT_TYPE
PICTURE = Path(__file__).with_name("picture.png")
COUNT = InlineKeyboardMarkup([[InlineKeyboardButton("Count", callback_data="1")]])


async def publish(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    await application.bot.set_my_commands([("start", "Say hello"), ("photo", "Send a picture")])


async def start(update: Update, context: Context) -> None:
    assert update.message
    await update.message.reply_text(
        "*Hello\\!* Press to count\\.", parse_mode=ParseMode.MARKDOWN_V2, reply_markup=COUNT
    )


async def photo(update: Update, context: Context) -> None:
    assert update.message
    await update.message.reply_photo(PICTURE, caption="A <b>grey</b> square", parse_mode=ParseMode.HTML)


async def download(update: Update, context: Context) -> None:
    assert update.message
    file = await update.message.photo[-1].get_file()
    await update.message.reply_text(f"{len(await file.download_as_bytearray())} bytes")


async def echo(update: Update, context: Context) -> None:
    assert update.message
    sent = await update.message.reply_text(update.message.text or "", do_quote=True)
    context.bot_data[update.message.message_id] = sent


async def echo_edited(update: Update, context: Context) -> None:
    assert update.edited_message
    await context.bot_data[update.edited_message.message_id].edit_text(update.edited_message.text or "")


async def count(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query
    pressed = int(query.data or 0)
    await query.answer(f"Counted {pressed}")
    again = InlineKeyboardMarkup([[InlineKeyboardButton("Count", callback_data=str(pressed + 1))]])
    await query.edit_message_text(f"Count: {pressed}", reply_markup=again)


async def offer(update: Update, context: Context) -> None:
    assert update.inline_query
    words = update.inline_query.query or "nothing"
    result = InlineQueryResultArticle("1", f"Echo {words}", InputTextMessageContent(words), reply_markup=COUNT)
    await update.inline_query.answer([result], cache_time=0, is_personal=True)


async def chosen(update: Update, context: Context) -> None:
    result = update.chosen_inline_result
    assert result
    await context.bot.edit_message_text(
        f"{result.query}, chosen", inline_message_id=result.inline_message_id, reply_markup=COUNT
    )


def main(root: str, token: str, port: str | None = None) -> None:
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder()
        .token(token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .post_init(publish)
        .build()
    )
    application.add_handlers(
        [
            CommandHandler("start", start),
            CommandHandler("photo", photo),
            MessageHandler(filters.PHOTO, download),
            MessageHandler(filters.UpdateType.EDITED_MESSAGE, echo_edited),
            MessageHandler(filters.TEXT, echo),
            CallbackQueryHandler(count),
            InlineQueryHandler(offer),
            ChosenInlineResultHandler(chosen),
        ]
    )
    if port is None:
        application.run_polling()
    else:
        application.run_webhook(
            listen="127.0.0.1",
            port=int(port),
            url_path="updates",
            webhook_url=f"http://127.0.0.1:{port}/updates",
            secret_token="a-secret-of-ours",
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
