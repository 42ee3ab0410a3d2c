"""The sender: letters leave in order within a chat, many chats at once, and are struck off when they are out.

A chat has two lanes: its texts, and its pictures, which are slow to come. A picture leaves after every text that was
posted before it; texts do not wait for pictures.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.pictures.workshop import Superseded, Workshop
from bot.storage.database import DatabaseError
from bot.storage.outbox import Delivered, Kind, Letter, without_messages
from bot.storage.store import Store
from bot.transport.errors import GiveUp, Moved, SendAnew, Settled, Stop, TryAgain, judge
from bot.transport.files import send_file
from bot.transport.metrics import Metrics
from bot.transport.pacing import Pacer
from bot.transport.parameters import STYLE, guest_answer, markup_of, place_of
from bot.transport.pictures import Pictures, Ready
from bot.transport.request import Api
from bot.transport.turns import combined, enter, together
from bot.transport.whispers import Whispers

log = logging.getLogger(__name__)

AT_ONCE: Final = 64
MOST_ATTEMPTS: Final = 1500
"""Of one letter: with the longest pause of a minute, about a day."""
MESSAGES_KEPT: Final = 10_000

Lane = tuple[int, bool]
"""A chat, and whether it is the lane of its pictures."""


class Sender:
    """Sends what it is given. `give_up` is called when the token is refused and nothing can be sent any more."""

    def __init__(
        self,
        api: Api,
        store: Store,
        pacer: Pacer,
        give_up: Callable[[Exception], None],
        workshop: Workshop,
        metrics: Metrics,
    ) -> None:
        self._api = api
        self._store = store
        self._pacer = pacer
        self._give_up = give_up
        self._metrics = metrics
        self._pictures = Pictures(api, store, workshop)
        self._whispers = Whispers(api)
        self._ready: dict[int, Ready] = {}  # what picture letters show, by letter
        self._lanes: dict[Lane, deque[Letter]] = {}
        self._stepped = asyncio.Event()  # a lane of texts went on
        self._messages: OrderedDict[int, tuple[int, int]] = OrderedDict()  # card -> message, ahead of the database
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, letters: Iterable[Letter]) -> None:
        """Takes letters, which are already in the outbox, to be sent in this order."""
        for letter in letters:
            if letter.at_once:  # Telegram neither orders nor limits that
                self._start(self._offer(letter) if letter.kind == "offers" else self._send(letter))
                continue
            lane = (letter.chat_id, self._is_picture(letter))
            if lane in self._lanes:
                if lane[1]:
                    self._pictures.supersede(letter.card_id)
                    self._lanes[lane].append(letter)
                else:
                    enter(self._lanes[lane], letter)
            else:
                self._lanes[lane] = deque([letter])
                self._start(self._serve(lane))

    def _is_picture(self, letter: Letter) -> bool:
        """Whether it leaves in the lane of pictures: one itself, or what comes after one of the same card."""
        waiting = self._lanes.get((letter.chat_id, True), ())
        return "picture" in letter.payload or any(each.card_id == letter.card_id is not None for each in waiting)

    async def drain(self, seconds: float) -> None:
        """Waits until all is out, at most so long; what is left goes out after the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, lane: Lane) -> None:
        """Sends what waits in a lane. When that goes wrong outside the call itself (the database is away, a fault of
        ours) the lane goes on with the same letter after a pause.
        """
        queue, pause = self._lanes[lane], 0.5
        while queue:
            try:
                await self._step(lane, queue)
                pause = 0.5
            except Exception:
                log.exception("the letters of chat %s wait %.1f s", lane[0], pause)
                await asyncio.sleep(pause)
                pause = min(30.0, pause * 2)
        del self._lanes[lane]

    async def _step(self, lane: Lane, queue: deque[Letter]) -> None:
        """Sends the next letter of a lane, with those that leave together with it."""
        await self._drop_overtaken(queue)
        if lane[1] and not await self._prepared(queue[0]):
            queue.popleft()
            return
        if (head := queue[0]).kind != "delete":
            await self._pacer.turn(lane[0])
            await self._drop_overtaken(queue)  # newer ones may have come while this one waited
            if lane[1] and queue[0] is not head:
                self._ready.pop(head.id, None)
                return
        await self._send_first(queue)
        if not lane[1]:
            self._stepped.set()
            self._stepped = asyncio.Event()

    async def _send_first(self, queue: deque[Letter]) -> None:
        """Sends the first letter, or those that leave with it."""
        batch = together(queue) or [queue[0]]
        if await self._send(combined(batch) if len(batch) > 1 else batch[0]):
            for letter in batch[1:]:
                await self._settle(Delivered(letter_id=letter.id))
        for letter in batch:
            queue.remove(letter)
            self._ready.pop(letter.id, None)

    async def _prepared(self, letter: Letter) -> bool:
        """Draws a picture and lets the texts before it go first; False, and settled, when a newer one is wanted."""
        if "picture" in letter.payload:
            try:
                self._ready[letter.id] = await self._pictures.ready(letter)
            except Superseded:
                await self._settle(Delivered(letter_id=letter.id))
                return False
        while any(text.id < letter.id for text in self._lanes.get((letter.chat_id, False), ())):
            await self._stepped.wait()
        return True

    async def _drop_overtaken(self, queue: deque[Letter]) -> None:
        """An edit gives way to a newer edit of the same card, unless its person is sent something else in between."""
        while queue[0].kind == "edit":
            head = queue[0]
            edits = []
            for letter in list(queue)[1:]:
                if letter.payload.get("asker") != head.payload.get("asker"):
                    continue
                if letter.kind != "edit":
                    break
                edits.append(letter)
            if not any(letter.card_id == head.card_id for letter in edits):
                return
            queue.popleft()
            await self._settle(Delivered(letter_id=head.id))

    async def _send(self, letter: Letter) -> bool:
        """Makes the call until there is a verdict on it, then strikes the letter off. Result: whether it is off."""
        anew = False
        chat_id = letter.chat_id
        for attempt in range(1, MOST_ATTEMPTS + 1):
            if not self._store.holds(letter):  # another worker has taken this one's letters for those of a dead one
                return False
            if letter.expires_at is not None and datetime.now(UTC) >= letter.expires_at:
                break
            try:
                async with self._places:
                    message_id = await self._call(letter, chat_id, anew=anew)
            except DatabaseError:  # which says nothing of the letter
                log.exception("chat %s: a letter waits for the database", chat_id)
                await asyncio.sleep(min(30.0, 0.25 * 2.0 ** min(attempt, 10)))
                continue
            except Exception as error:
                verdict = judge(error, attempt)
                match verdict:
                    case TryAgain(seconds):
                        log.info("chat %s waits %.1f s: %s", chat_id, seconds, error)
                        await asyncio.sleep(seconds)
                        continue
                    case SendAnew() if not anew and "inline" not in letter.payload:
                        anew = True
                        continue
                    case Moved(new):
                        await self._store.move_chat(letter.bot_id, chat_id, new)
                        chat_id, anew = new, True  # messages of the old chat are not there
                        letter = replace(letter, payload=without_messages(letter.payload))
                        continue
                    case SendAnew() if anew:  # nothing was edited, so nothing helps
                        log.error("chat %s: not sent: %s", chat_id, error)
                    case GiveUp(loud=loud):
                        log.log(logging.ERROR if loud else logging.INFO, "chat %s: not sent: %s", chat_id, error)
                    case Stop():
                        self._give_up(error)
                        return False
                    case Settled() | SendAnew():
                        pass
                break
            else:
                await self._delivered(letter, chat_id, message_id)
                return True
        await self._settle(Delivered(letter_id=letter.id))
        return True

    async def _offer(self, letter: Letter) -> None:
        """Answers an inline query, once: before it could be tried again its person has typed on."""
        if letter.expires_at is not None and datetime.now(UTC) >= letter.expires_at:
            return
        try:
            async with self._places:
                await self._api.call("answerInlineQuery", await self._pictures.offered(letter))
        except Exception as error:
            match judge(error, attempt=1):
                case Stop():
                    self._give_up(error)
                case GiveUp(loud=True):
                    log.error("an inline query of person %s is not answered: %s", letter.chat_id, error)
                case _:
                    log.info("an inline query of person %s is not answered: %s", letter.chat_id, error)
        else:
            self._metrics.sent(letter)

    async def _delivered(self, letter: Letter, chat_id: int, message_id: int | None) -> None:
        self._metrics.sent(letter)
        if letter.card_id is not None and message_id is not None:
            self._messages[letter.card_id] = (chat_id, message_id)
            if len(self._messages) > MESSAGES_KEPT:
                self._messages.popitem(last=False)
        await self._settle(Delivered(letter_id=letter.id, card_id=letter.card_id, message_id=message_id))

    async def _settle(self, delivered: Delivered) -> None:
        """Strikes a letter off. If that fails the chat goes on, and it is tried again until the bot stops; a letter
        that is not struck off by then goes out once more after the next start.
        """
        try:
            await self._store.settle(delivered)
        except Exception:
            log.exception("letter %d is out but cannot be struck off; trying again", delivered.letter_id)
            self._start(self._settle_later(delivered))

    async def _settle_later(self, delivered: Delivered) -> None:
        pause = 0.5
        while True:
            await asyncio.sleep(pause)
            try:
                await self._store.settle(delivered)
                return
            except DatabaseError:
                pause = min(30.0, pause * 2)

    async def _call(self, letter: Letter, chat_id: int, *, anew: bool) -> int | None:
        """Makes the letter's call. Result: the id of the message that now shows the card, if there is one."""
        payload = letter.payload
        if letter.kind == "answer":
            await self._api.call("answerCallbackQuery", payload)
            return None
        if letter.kind == "guest":
            await self._api.call("answerGuestQuery", guest_answer(payload))
            return None
        if "whisper" in payload and await self._whispers.send(chat_id, payload):
            return None
        if "inline" in payload:
            await self._edit_inline(letter.kind, payload)
            return None
        message_id = None if letter.kind == "send" or anew else await self._message_of(letter, chat_id)
        if letter.kind == "delete":
            if message_id is not None:
                await self._api.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
            return None
        if letter.id in self._ready:
            return await self._pictures.call(letter, chat_id, message_id, self._ready[letter.id])
        if "file" in payload:
            return await send_file(self._api, chat_id, payload)
        shown = {"chat_id": chat_id, "text": payload["text"], **STYLE, **markup_of(payload)}
        if message_id is not None:
            await self._api.call("editMessageText", {**shown, "message_id": message_id})
            return message_id
        message: dict[str, int] = await self._api.call("sendMessage", shown | place_of(payload))
        return message["message_id"]

    async def _edit_inline(self, kind: Kind, payload: Mapping[str, Any]) -> None:
        """Edits a message that was sent through inline mode. It is its sender's: to close it is to take its buttons."""
        where = {"inline_message_id": payload["inline"]}
        if kind == "delete":
            await self._api.call("editMessageReplyMarkup", where)
            return
        await self._api.call("editMessageText", {**where, "text": payload["text"], **STYLE, **markup_of(payload)})

    async def _message_of(self, letter: Letter, chat_id: int) -> int | None:
        if letter.card_id is None:
            return None
        known_chat, known = self._messages.get(letter.card_id, (chat_id, None))
        if known is not None:
            return known if known_chat == chat_id else None
        card = await self._store.card(letter.bot_id, letter.card_id)
        return card.message_id if card else letter.payload.get("message")
