"""An echo bot on aiogram: commands, buttons, edits, a photo, an inline answer.

Arguments: API root, token, and for webhooks the port to listen on.
"""

import asyncio
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    ChosenInlineResult,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

PICTURE = Path(__file__).with_name("picture.png")
SECRET = "a-secret-of-ours"
router = Router()
echoes: dict[int, Message] = {}


def counter(value: int) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text="Count", callback_data=str(value))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


@router.message(Command("start"))
async def start(message: Message) -> None:
    await message.answer("*Hello\\!* Press to count\\.", parse_mode=ParseMode.MARKDOWN_V2, reply_markup=counter(1))


@router.message(Command("photo"))
async def photo(message: Message) -> None:
    await message.answer_photo(FSInputFile(PICTURE), caption="A <b>grey</b> square", parse_mode=ParseMode.HTML)


@router.message(F.photo)
async def download(message: Message, bot: Bot) -> None:
    assert message.photo
    content = await bot.download(message.photo[-1])
    assert content
    await message.answer(f"{len(content.read())} bytes")


@router.message(F.text)
async def echo(message: Message) -> None:
    echoes[message.message_id] = await message.reply(message.text or "")


@router.edited_message(F.text)
async def echo_edited(message: Message) -> None:
    await echoes[message.message_id].edit_text(message.text or "")


@router.callback_query()
async def count(query: CallbackQuery, bot: Bot) -> None:
    pressed = int(query.data or 0)
    await query.answer(f"Counted {pressed}")
    message = query.message
    await bot.edit_message_text(
        f"Count: {pressed}",
        chat_id=message.chat.id if message else None,
        message_id=message.message_id if message else None,
        inline_message_id=query.inline_message_id,
        reply_markup=counter(pressed + 1),
    )


@router.inline_query()
async def offer(query: InlineQuery) -> None:
    words = query.query or "nothing"
    result = InlineQueryResultArticle(
        id="1",
        title=f"Echo {words}",
        input_message_content=InputTextMessageContent(message_text=words),
        reply_markup=counter(1),
    )
    await query.answer([result], cache_time=0, is_personal=True)


@router.chosen_inline_result()
async def chosen(result: ChosenInlineResult, bot: Bot) -> None:
    await bot.edit_message_text(
        f"{result.query}, chosen", inline_message_id=result.inline_message_id, reply_markup=counter(1)
    )


async def main(root: str, token: str, port: str | None = None) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(root))
    bot = Bot(token, session=session)
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    await bot.set_my_commands(
        [
            BotCommand(command="start", description="Say hello"),
            BotCommand(command="photo", description="Send a picture"),
        ]
    )
    if port is None:
        await bot.delete_webhook()
        await dispatcher.start_polling(bot)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/updates")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await bot.set_webhook(
        f"http://127.0.0.1:{port}/updates",
        secret_token=SECRET,
        allowed_updates=dispatcher.resolve_used_update_types(),
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
