"""A conversation without Telegram or a database: the front desk decides, and what it says is kept as storage would."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.dialogue import (
    Attached,
    Card,
    Chat,
    Close,
    Commanded,
    Content,
    Enclosed,
    Event,
    FileProblem,
    Offer,
    Outcome,
    Person,
    Said,
    Screen,
    Show,
    Tap,
    Tapped,
)
from bot.flows.lobby import decide
from bot.payloads import Payload, decode_payload, encode_payload
from bot.rendering.plain import plain_text
from bot.services.facts import Facts, gather
from bot.storage.person_settings import PersonSettings, SaveSettings, StoredSettings
from bot.storage.portfolios import Portfolio
from tests.bot.flows.shelves import Shelves

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = Person(id=7, first_name="Ann")
BOB = Person(id=8, first_name="Bob")


@dataclass
class Message:
    """A message of the bot, as it is now."""

    id: int
    screen: Screen
    card_id: int | None = None

    @property
    def text(self) -> str:
        return plain_text(self.screen)

    @property
    def labels(self) -> list[list[str]]:
        return [[button.label for button in row] for row in self.screen.buttons]


@dataclass
class Talk:
    """One chat. Every method sends one thing and keeps what the bot shows."""

    person: Person = ANN
    chat: Chat = field(default_factory=lambda: Chat(id=7))
    time: datetime = NOON
    shelves: Shelves = field(default_factory=Shelves)
    settings: dict[int, StoredSettings] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    serials: Callable[[], int] = field(default_factory=lambda: count(1).__next__)
    offers: tuple[Offer, ...] = ()
    """What the last inline query was offered."""
    words: str = ""
    """What that query was."""
    sent: Screen | None = None
    """The message that was sent through inline mode, as it is now."""
    number: int = 1000
    """Telegram's number of the newest message of the chat."""
    leaders: frozenset[int] = frozenset()
    """Who is an administrator of the group."""

    @property
    def last(self) -> Message:
        """The message that was shown or edited last."""
        return self.messages[-1]

    @property
    def text(self) -> str:
        return self.last.text

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0]

    @property
    def labels(self) -> list[str]:
        return [label for row in self.last.labels for label in row]

    @property
    def card(self) -> Card:
        assert self.last.card_id is not None
        return self.cards[self.last.card_id]

    def card_of_newest(self) -> int:
        """The id of the newest card that is still there, 0 when there is none."""
        return max(self.cards, default=0)

    @property
    def portfolio(self) -> Portfolio:
        return self.shelves.open_of(self.person.id).portfolio

    @property
    def saved(self) -> bool:
        """Whether anything is stored for the person."""
        return self.shelves.open_of(self.person.id).version > 0

    def wait(self, **duration: float) -> None:
        self.time += timedelta(**duration)

    def say(self, text: str, *, by: Person | None = None, reply: bool = False, edited: bool = False) -> str:
        return self._send(Said(text=text), by=by, reply=reply, edited=edited)

    def edit(self, number: int, text: str, *, by: Person | None = None) -> str:
        """A person changes their message with that number, as `number` was when it was the newest."""
        return self._send(Said(text=text), by=by, edited=True, own=number)

    def command(
        self,
        name: str,
        arguments: str = "",
        *,
        by: Person | None = None,
        quoted: str | None = None,
        reply: bool = False,
    ) -> str:
        """A command; `quoted` is what somebody else's message says to which it replies."""
        return self._send(Commanded(name=name, arguments=arguments), by=by, quoted=quoted, reply=reply)

    def attach(self, what: str) -> str:
        return self._send(Attached(what=what))

    def enclose(self, text: str | None, *, problem: FileProblem | None = None, name: str = "book.csv") -> str:
        """A file with that text, or one that cannot be read."""
        return self._send(Enclosed(name=name, text=text, problem=problem))

    def tap(self, label: str, *, by: Person | None = None, on: Message | None = None) -> str:
        """Taps the button with that label, or with that slot ("Leverage" for "Leverage: 20x"), on the last message."""
        message = on or self.last
        found = [tap for row in message.screen.buttons for tap in row if isinstance(tap, Tap)]
        found = [tap for tap in found if label in (tap.label, tap.label.partition(":")[0])]
        assert found, f"no button {label!r} in {message.labels}"
        assert message.card_id is not None
        payload = Payload(
            card_id=message.card_id, owner_id=self.cards[message.card_id].owner_id, action=found[0].action
        )
        return self.tap_data(encode_payload(payload), by=by)

    def act(self, action: str, *, by: Person | None = None) -> str:
        """A tap with an action of our choosing, as forged data would be."""
        payload = Payload(card_id=self.card.id, owner_id=self.card.owner_id, action=action)
        return self.tap_data(encode_payload(payload), by=by)

    def tap_data(self, data: str, *, by: Person | None = None) -> str:
        return self._send(Tapped(query_id="q", data=data), by=by)

    def _send(
        self,
        content: Content,
        *,
        by: Person | None = None,
        reply: bool = False,
        edited: bool = False,
        own: int | None = None,
        quoted: str | None = None,
    ) -> str:
        event = replace(self.event(content, by=by, reply=reply, edited=edited, own=own), quoted=quoted)
        facts = self.facts(event)
        outcome = decide(event, facts)
        again = pickle.loads(pickle.dumps(decide(*pickle.loads(pickle.dumps((event, facts))))))  # as in another process
        assert outcome == again, "a decision must be the same when it is made again"
        self._apply(outcome)
        return self.text if self.messages else ""

    def event(
        self,
        content: Content,
        *,
        by: Person | None = None,
        reply: bool = False,
        edited: bool = False,
        own: int | None = None,
    ) -> Event:
        """What would happen if that were sent now."""
        return Event(
            serial=self.serials(),
            time=self.time,
            bot_id=1,
            chat=self.chat,
            person=by or self.person,
            content=content,
            message_id=own if own is not None else self._number_of(content),
            reply_to=self.last.id if reply else None,
            edited=edited,
            bot_name="marginbot",
        )

    def _number_of(self, content: Content) -> int:
        """The number of the message itself, for a tap of the one under which the button stands."""
        if isinstance(content, Tapped):
            return self.last.id if self.messages else 0
        self.number += 1
        return self.number

    def facts(self, event: Event) -> Facts:
        """What is known before that is decided."""
        self.shelves.by_id = self.cards  # in the order in which they were touched
        self.shelves.of_message = {each.id: each.card_id for each in self.messages if each.card_id is not None}
        self.shelves.as_set = self.settings
        facts = asyncio.run(gather(event, self.shelves, self._leads))
        return replace(facts, nonce=f"nonce{event.serial}")

    async def _leads(self, chat_id: int, person_id: int) -> bool:
        return person_id in self.leaders

    def _apply(self, outcome: Outcome) -> None:
        for change in outcome.changes:
            if isinstance(change, SaveSettings):
                self._set(change)
        others = [change for change in outcome.changes if not isinstance(change, SaveSettings)]
        self.shelves.apply(others, self.time)
        if outcome.toast:
            assert len(outcome.toast.text) <= 200
            self.toasts.append(outcome.toast.text)
        self.cards |= {card.id: replace(card, version=1) for card in outcome.kept}
        for shown in outcome.show:
            if isinstance(shown, Close):
                self.messages = [message for message in self.messages if message.card_id != shown.card.id]
                self.cards.pop(shown.card.id)
            else:
                self._show(shown)

    def _set(self, change: SaveSettings) -> None:
        held = self.settings.get(change.owner_id, StoredSettings())
        assert change.version == held.version
        kept = PersonSettings.model_validate_json(change.settings.model_dump_json())
        self.settings[change.owner_id] = StoredSettings(settings=kept, version=held.version + 1)

    def _show(self, shown: Show) -> None:
        check_telegram_takes(shown)
        card = shown.card
        if card is None:
            self.number += 1
            self.messages.append(Message(id=self.number, screen=shown.screen))
            return
        old = next((message for message in self.messages if message.card_id == card.id), None)
        if old is not None:
            assert card.message_id == old.id
            self.messages.remove(old)
        else:
            self.number += 1
        number = old.id if old else self.number
        self.messages.append(Message(id=number, screen=shown.screen, card_id=card.id))
        self.cards.pop(card.id, None)
        self.cards[card.id] = replace(card, version=card.version + 1, message_id=number)


def check_telegram_takes(shown: Show) -> None:
    """The limits that Telegram would refuse a message for."""
    most = 1024 if shown.screen.picture or shown.screen.file else 4096
    assert 0 < len(plain_text(shown.screen).encode("utf-16-le")) // 2 <= most
    buttons = [button for row in shown.screen.buttons for button in row]
    assert len(buttons) <= 100
    assert all(len(row) <= 8 for row in shown.screen.buttons)
    assert all(0 < len(button.label) <= 64 for button in buttons)
    for button in buttons:
        if isinstance(button, Tap):
            assert shown.card is not None, "a button needs a card to come back to"
            payload = Payload(card_id=shown.card.id, owner_id=shown.card.owner_id, action=button.action)
            assert decode_payload(encode_payload(payload)) == payload
