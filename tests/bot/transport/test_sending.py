"""The sender: what overtakes what, what is kept in order, and Telegram's rates."""

import asyncio
import time

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome, Screen, Show, Tap, Tapped
from bot.localchat import LocalChat
from bot.services.facts import gather
from bot.storage.store import Store
from bot.transport.pacing import TelegramPacing
from tests.support.bots import running


class Ladder:
    """A card that shows how often it was tapped, and the plain remark "between" on request."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.count = 0

    async def __call__(self, event: Event) -> Outcome:
        if not isinstance(event.content, Tapped):
            card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="x")
            return Outcome(show=(Show(screen=self.screen(), card=card),))
        card = (await gather(event, self.store)).card  # type: ignore[assignment]
        self.count += 1
        if event.content.data.endswith("between"):
            return Outcome(show=(Show(screen=Screen(text=Markup("between"))),))
        return Outcome(show=(Show(screen=self.screen(), card=card),))

    def screen(self) -> Screen:
        buttons = ((Tap(label="More", action="more"), Tap(label="Between", action="between")),)
        return Screen(text=Markup("{} taps").format(self.count), buttons=buttons)


def edits(chat: LocalChat) -> list[str]:
    return [call.params["text"] for call in chat.calls if call.method.lower() == "editmessagetext"]


async def test_of_waiting_edits_of_a_card_only_the_newest_is_made(chat: LocalChat, store: Store) -> None:
    async with running(chat, Ladder(store), store=store):
        ann = chat.person("Ann")
        await ann.send("start")
        card = await ann.next()
        chat.fault(method="editMessageText", kind="delay", value=0.5)
        for _ in range(6):
            await ann.tap(card, "More")
        await ann.wait_for(lambda message: message.text == "6 taps")
    assert edits(chat) == ["1 taps", "6 taps"]


async def test_an_edit_never_overtakes_a_message_sent_in_between(chat: LocalChat, store: Store) -> None:
    async with running(chat, Ladder(store), store=store):
        ann = chat.person("Ann")
        await ann.send("start")
        card = await ann.next()
        chat.fault(method="editMessageText", kind="delay", value=0.5)
        for button in ("More", "More", "Between", "More"):
            await ann.tap(card, button)
        await ann.wait_for(lambda message: message.text == "4 taps")
        order = [
            call.params["text"] for call in chat.calls if call.method.lower() in ("editmessagetext", "sendmessage")
        ]
    assert order[1:] == ["1 taps", "2 taps", "between", "4 taps"]


async def test_a_tap_is_answered_while_its_chat_waits(chat: LocalChat, store: Store) -> None:
    async with running(chat, Ladder(store), store=store):
        ann = chat.person("Ann")
        await ann.send("start")
        card = await ann.next()
        chat.fault(method="editMessageText", kind="status", value=429, retry_after=3)
        await ann.tap(card, "More")
        started = time.monotonic()
        await ann.tap(card, "More")
        assert time.monotonic() - started < 2


async def test_a_group_gets_two_at_once_and_nobody_else_waits_for_it() -> None:
    pacing = TelegramPacing()
    await asyncio.wait_for(asyncio.gather(*(pacing.turn(-100) for _ in range(2))), timeout=1)
    third = asyncio.create_task(pacing.turn(-100))
    await asyncio.wait_for(pacing.turn(5), timeout=1)
    done, _ = await asyncio.wait([third], timeout=0.5)
    assert not done
    third.cancel()


async def test_a_private_chat_may_get_three_at_once_but_not_ten() -> None:
    pacing = TelegramPacing()
    await asyncio.wait_for(asyncio.gather(*(pacing.turn(5) for _ in range(3))), timeout=1)
    rest = asyncio.gather(*(pacing.turn(5) for _ in range(7)))
    done, _ = await asyncio.wait([rest], timeout=0.5)
    assert not done
    rest.cancel()
    await asyncio.gather(rest, return_exceptions=True)


async def test_an_answer_whose_message_is_said_to_be_gone_twice_is_given_up(chat: LocalChat, store: Store) -> None:
    async with running(chat, Ladder(store), store=store):
        ann = chat.person("Ann")
        await ann.send("start")
        card = await ann.next()
        for method in ("editMessageText", "sendMessage"):
            chat.fault(method=method, kind="status", value=400, description="Bad Request: MESSAGE_ID_INVALID")
        chat.fault(method="sendMessage", kind="status", value=400, description="Bad Request: MESSAGE_ID_INVALID")
        await ann.tap(card, "More")
        await ann.tap(card, "Between")
        await ann.tap(card, "More")
        await ann.wait_for(lambda message: message.text == "3 taps")
    assert "1 taps" not in {message.text for message in ann.messages}
