"""The short read before a decision: the card that an event concerns and the person's portfolios."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol

from bot.dialogue import CARDS_PER_EVENT, Card, Chosen, Commanded, Event, Queried, Said, Tapped
from bot.payloads import decode_payload, linked_card
from bot.storage.group_settings import StoredGroup
from bot.storage.person_settings import StoredSettings
from bot.storage.portfolios import Census, Portfolio, Share, Shelf, Step, StoredPortfolio
from margin_engine import Book

Found = Literal["tapped", "replied", "asked", "newest", "linked"]

SHARE_PREFIX: Final = "copy-"
"""What the token of a shared portfolio begins with behind /start, so that other links can stand beside it."""

GROUP_FLOW: Final = "group"
"""The conversation about a group's settings, which is for its administrators."""

STEPS_READ: Final = 20
_HISTORY: Final = frozenset({"history", "undo", "redo", "then"})
_NUMBERED = re.compile(r"(open|copy):(\d{1,18})")
CARDS_READ: Final = 10
_PRICE_ASKED = re.compile(r"\W*[a-z0-9]{1,12}\W+[\d.,]+\s?k?\s*\?\s*", re.IGNORECASE)
_GOING_BACK = re.compile(r"\W*(undo|redo)\b[\w ]{0,30}\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a flow may know besides the event.

    `card` is the one whose button was tapped, else the one that answered the message which was edited now ("asked"),
    else the one that a link names ("linked"), else the one replied to, else the one of this person in this chat that
    was shown or touched last ("newest"); `found` says which. A tap on a card that is gone, or on somebody else's, gives
    the card None or the other's. `pictured` is the picture that came after the card by itself, if it is still there.
    `portfolio` is the open one, `shelf` all of them; `settings` are the person's own.

    The rest is read only for events that need it: `other`, the portfolio whose id a button names; `steps`, the open
    one's history; `share`, the link behind /start; `shares`, the person's own links; `census`, how much is stored.
    `recent` are the cards of the last messages, the newest first, where a text may mean one further up.
    `nonce` is fresh and unguessable, for a link that is made now. `book` is what the open portfolio came from, where
    that says more than it. `group` is what is set for the group that the event is of; `leads`, whether the person is an
    administrator there, is asked only where it matters.
    """

    card: Card | None = None
    found: Found | None = None
    pictured: Card | None = None
    portfolio: StoredPortfolio = field(default_factory=lambda: StoredPortfolio(portfolio=Portfolio()))
    shelf: Shelf = field(default_factory=Shelf)
    settings: StoredSettings = field(default_factory=StoredSettings)
    other: StoredPortfolio | None = None
    steps: tuple[Step, ...] = ()
    share: Share | None = None
    shares: tuple[Share, ...] = ()
    census: Census | None = None
    recent: tuple[Card, ...] = ()
    nonce: str = ""
    book: Book | None = None
    group: StoredGroup = field(default_factory=StoredGroup)
    leads: bool = False


class Reader(Protocol):
    """The reads that storage offers for this."""

    async def card(self, bot_id: int, card_id: int) -> Card | None: ...
    async def card_of_message(self, bot_id: int, chat_id: int, message_id: int) -> Card | None: ...
    async def card_of_question(self, bot_id: int, chat_id: int, asked: int) -> Card | None: ...
    async def card_of_inline(self, bot_id: int, inline_message_id: str) -> Card | None: ...
    async def last_cards(self, bot_id: int, chat_id: int, owner_id: int, count: int) -> tuple[Card, ...]: ...
    async def newest_card(self, bot_id: int, chat_id: int, owner_id: int) -> Card | None: ...
    async def group(self, bot_id: int, chat_id: int) -> StoredGroup: ...
    async def shelf(self, owner_id: int) -> Shelf: ...
    async def settings(self, owner_id: int) -> StoredSettings: ...
    async def portfolio_by_id(self, owner_id: int, portfolio_id: int) -> StoredPortfolio | None: ...
    async def steps(self, owner_id: int, portfolio_id: int, *, last: int, count: int) -> tuple[Step, ...]: ...
    async def share(self, token: str) -> Share | None: ...
    async def shares(self, owner_id: int) -> tuple[Share, ...]: ...
    async def kept(self, owner_id: int) -> Census: ...


Leads = Callable[[int, int], Awaitable[bool]]
"""Asks Telegram whether somebody is an administrator of a group: by the chat's id and the person's."""


async def nobody_leads(chat_id: int, person_id: int) -> bool:
    """Where there is nobody to ask."""
    return False


async def gather(event: Event, storage: Reader, leads: Leads = nobody_leads) -> Facts:
    """Reads what the flows may need for `event`: one card and the portfolios in one round trip, seldom more."""
    (card, found), shelf, settings, group = await asyncio.gather(
        _card(event, storage), storage.shelf(event.person.id), storage.settings(event.person.id), _group(event, storage)
    )
    facts = Facts(
        card=card, found=found if card else None, portfolio=shelf.open, shelf=shelf, settings=settings, group=group
    )
    if event.chat.is_group and _is_about_the_group(event, card):
        facts = replace(facts, leads=event.anonymous or await leads(event.chat.id, event.person.id))
    facts = await _with_picture(event, facts, storage)
    match event.content:
        case Said(text=text) if facts.found == "newest" and _PRICE_ASKED.fullmatch(text):
            last = await storage.last_cards(event.bot_id, event.chat.id, event.person.id, CARDS_READ)
            return replace(facts, recent=last)
        case Queried(text=""):
            return replace(
                facts, recent=await storage.last_cards(event.bot_id, event.chat.id, event.person.id, CARDS_READ)
            )
        case Tapped(data=data):
            payload = decode_payload(data)
            return await _for_action(event, payload.action, facts, storage) if payload and card else facts
        case Commanded(name="start", arguments=arguments) if arguments.startswith(SHARE_PREFIX):
            return replace(facts, share=await storage.share(arguments.removeprefix(SHARE_PREFIX).strip()))
        case Commanded(name="start", arguments=arguments) if (linked := linked_card(arguments)) is not None:
            return replace(facts, card=await storage.card(event.bot_id, linked), found="linked")
        case Commanded(name="forget"):
            return replace(facts, census=await storage.kept(event.person.id))
        case Commanded(name="history" | "undo" | "redo"):
            return await _with_steps(event, facts, storage)
        case Said(text=text) if _GOING_BACK.fullmatch(text):
            return await _with_steps(event, facts, storage)
        case _:
            return facts


async def _group(event: Event, storage: Reader) -> StoredGroup:
    return await storage.group(event.bot_id, event.chat.id) if event.chat.is_group else StoredGroup()


def _is_about_the_group(event: Event, card: Card | None) -> bool:
    """Whether only administrators may do what the event asks for."""
    if isinstance(event.content, Tapped):
        return card is not None and card.flow == GROUP_FLOW
    return isinstance(event.content, Commanded) and event.content.name == "settings"


def picture_of(card_id: int) -> int:
    """The id of the picture that comes after a card by itself; cards in the upper half of an event's ids have none."""
    return card_id + CARDS_PER_EVENT // 2


async def _with_picture(event: Event, facts: Facts, storage: Reader) -> Facts:
    """The card and its picture: words after a picture that came by itself are for the card that it came after."""
    card = facts.card
    beside = card.draft.get("beside") if card is not None and not isinstance(event.content, Tapped) else None
    if isinstance(beside, int):
        answer = await storage.card(event.bot_id, beside)
        return replace(facts, card=answer, pictured=card) if answer is not None else facts
    if card is None or facts.settings.settings.pictures is None:
        return facts
    return replace(facts, pictured=await storage.card(event.bot_id, picture_of(card.id)))


async def _for_action(event: Event, action: str, facts: Facts, storage: Reader) -> Facts:
    """What a button of a portfolio's card needs beside the open portfolio."""
    numbered = _NUMBERED.fullmatch(action)
    name = action.partition(":")[0]
    if numbered:
        return replace(facts, other=await storage.portfolio_by_id(event.person.id, int(numbered[2])))
    if name in _HISTORY:
        return await _with_steps(event, facts, storage)
    if name == "share":
        shares = await storage.shares(event.person.id)
        return replace(facts, shares=shares, nonce=secrets.token_urlsafe(18))
    return facts


async def _with_steps(event: Event, facts: Facts, storage: Reader) -> Facts:
    stored = facts.portfolio
    if stored.id is None:
        return facts
    steps = await storage.steps(event.person.id, stored.id, last=stored.newest, count=STEPS_READ)
    return replace(facts, steps=steps)


async def _card(event: Event, storage: Reader) -> tuple[Card | None, Found]:
    if isinstance(event.content, (Queried, Chosen)):
        return None, "newest"
    if isinstance(event.content, Tapped) and event.inline_message_id is not None:
        return await storage.card_of_inline(event.bot_id, event.inline_message_id), "tapped"
    if isinstance(event.content, Tapped):
        payload = decode_payload(event.content.data)
        return await storage.card(event.bot_id, payload.card_id) if payload else None, "tapped"
    if event.edited and event.message_id is not None:
        card = await storage.card_of_question(event.bot_id, event.chat.id, event.message_id)
        if card is not None:
            return card, "asked"
    if event.reply_to is not None:
        card = await storage.card_of_message(event.bot_id, event.chat.id, event.reply_to)
        if card is not None:
            return card, "replied"
    return await storage.newest_card(event.bot_id, event.chat.id, event.person.id), "newest"
