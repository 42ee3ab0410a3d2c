"""The peer: a bare echo on stock python-telegram-bot, as its documentation shows it. Arguments: API root, token."""

import logging
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def main(root: str, token: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder().token(token).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot").build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
