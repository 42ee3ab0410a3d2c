"""The HTTP backend under python-telegram-bot: calls, uploads, files, and how faults become its errors."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.localchat import LocalChat
from bot.transport.request import AiohttpRequest, Api, NotSent
from tests.support.bots import TOKEN


@pytest.fixture
async def bot(chat: LocalChat) -> AsyncIterator[Bot]:
    request = AiohttpRequest()
    root = chat.url
    bot = Bot(
        TOKEN,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request,
        get_updates_request=request,
    )
    async with bot:
        yield bot


async def greet(chat: LocalChat, bot: Bot) -> int:
    """Ann writes first, as she must. Result: the id of her chat."""
    ann = chat.person("Ann")
    await ann.send("hello", bot=chat.bot(TOKEN))
    return ann.id


async def test_a_document_is_uploaded_and_fetched_back_whole(chat: LocalChat, bot: Bot) -> None:
    content = b"symbol,side\nBTC,long\n" * 5000
    message = await bot.send_document(await greet(chat, bot), content, filename="book.csv", caption="<i>é</i> & co")
    assert message.document is not None
    assert message.document.file_name == "book.csv"
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content


async def test_plain_calls_and_the_librarys_own_give_the_same(chat: LocalChat, bot: Bot) -> None:
    chat_id = await greet(chat, bot)
    ours = await Api(bot).call("sendMessage", {"chat_id": chat_id, "text": "2 < 3 é"})
    theirs = await bot.send_message(chat_id, "2 < 3 é")
    assert ours["text"] == theirs.text == "2 < 3 é"


async def test_a_refusal_is_the_librarys_error_with_telegrams_words(chat: LocalChat, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await Api(bot).call("sendMessage", {"chat_id": await greet(chat, bot), "text": ""})


async def test_a_connection_that_breaks_and_an_answer_that_does_not_come(chat: LocalChat, bot: Bot) -> None:
    chat.fault(method="getMe", kind="reset_before")
    with pytest.raises(NetworkError, match="the connection to the Bot API server broke") as broken:
        await bot.get_me()
    assert TOKEN not in str(broken.value)
    chat.fault(method="getMe", kind="delay", value=1.0)
    with pytest.raises(TimedOut, match="did not answer in time"):
        await bot.get_me(read_timeout=0.2)


async def test_a_server_that_is_not_there_was_not_reached() -> None:
    request = AiohttpRequest()
    bot = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=request, get_updates_request=request)
    await request.initialize()
    with pytest.raises(NotSent, match="cannot connect") as caught:
        await bot.get_me()
    assert TOKEN not in repr(caught.value)
    await request.shutdown()
