"""Inline mode: queries that wait for a bot's answer, answers that are kept for others, messages sent through bots.

Queries and kept answers live in memory alone; a message sent through a bot is kept like any other.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bot.localchat.feed import Change, ChatKey
from bot.localchat.model import Bot, Chat, Json, Message, Person

if TYPE_CHECKING:
    from bot.localchat.world import World

LONGEST_QUERY = 256
QUERY_SECONDS = 3600
"""How long results can be chosen."""
MOST_KEPT = 10_000

CacheKey = tuple[int, str, str, int]
"""Bot, query, offset, and the person whose own answer it is (0: anybody's)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result to choose: what the list shows, and the `content` of the message it becomes.

    `photo` is the unique id of the picture the list can show. A photo known by its URL alone is not fetched: `stand_in`
    is the size of the grey picture that is sent in its place.
    """

    id: str
    kind: str
    title: str
    description: str
    content: Json
    photo: str | None = None
    stand_in: tuple[int, int] | None = None

    @property
    def preview(self) -> str:
        """The words of the message it becomes."""
        return str(self.content.get("text") or self.content.get("caption") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a bot answered: results by id, the button above them, and the offset of the next page ("" for none)."""

    results: dict[str, Result]
    button: Json | None
    next_offset: str


@dataclass(slots=True, kw_only=True)
class Query:
    """What a person has typed after a bot's name, in the chat `place`; `cached` when an earlier answer served."""

    id: str
    bot_id: int
    person_id: int
    place: ChatKey
    text: str
    offset: str
    at: float
    answer: Answer | None = None
    cached: bool = False


class Inline:
    """The open queries, the kept answers, and where messages with an inline_message_id are."""

    def __init__(self) -> None:
        self.queries: dict[str, Query] = {}
        self.kept: dict[CacheKey, tuple[float, Answer]] = {}
        self.where: dict[str, tuple[ChatKey, int]] = {}


def ask(world: World, bot: Bot, person: Person, chat: Chat, text: str, offset: str = "") -> Query:
    """Type `text` after the bot's name in the chat: answered at once when an answer is kept, else the bot is asked.

    ValueError when the bot's inline mode is off.
    """
    if not bot.inline:
        raise ValueError(f"{bot.name} has no inline mode")
    _forget_old(world.inline)
    query = Query(
        id=str(secrets.randbits(62)),
        bot_id=bot.id,
        person_id=person.id,
        place=chat.key,
        text=text[:LONGEST_QUERY],
        offset=offset,
        at=time.time(),
    )
    world.inline.queries[query.id] = query
    query.answer = _kept(world.inline, query)
    query.cached = query.answer is not None
    if query.answer is None:
        world.enqueue(bot, "inline_query", _update(query, bot, person, chat))
    return query


def answer(world: World, query: Query, given: Answer, *, cache_seconds: int, personal: bool) -> None:
    """Give a query its answer, and keep it for the same question: of anybody, or of this person (`personal`)."""
    query.answer = given
    if cache_seconds > 0:
        key = (query.bot_id, query.text, query.offset, query.person_id if personal else 0)
        world.inline.kept[key] = (time.time() + cache_seconds, given)
    world.feed.publish(query.place, Change(kind="answered", subject=query))


def find_message(world: World, bot: Bot, inline_id: str) -> tuple[Chat, Message] | None:
    """The message that was sent through the bot and has this inline_message_id, with its chat."""
    known = world.inline.where.get(inline_id)
    places = [known] if known is not None else _search(world, inline_id)
    for key, message_id in places:
        chat = world.chats.get(key)
        message = chat.messages.get(message_id) if chat is not None else None
        if chat is not None and message is not None and _through(message) == bot.id:
            world.inline.where[inline_id] = (key, message_id)
            return chat, message
    return None


def _through(message: Message) -> int:
    """The bot that a message was sent through; a guest's answer is its own."""
    through: Json = message.body.get("via_bot") or message.body["from"]
    return int(through["id"])


def _search(world: World, inline_id: str) -> list[tuple[ChatKey, int]]:
    """Where the message is, looked for once after a start."""
    return [(c.key, m.id) for c in world.chats.values() for m in c.messages.values() if m.inline_id == inline_id]


def _kept(inline: Inline, query: Query) -> Answer | None:
    for person_id in (query.person_id, 0):
        until, kept = inline.kept.get((query.bot_id, query.text, query.offset, person_id), (0.0, None))
        if kept is not None and until > time.time():
            return kept
    return None


def _forget_old(inline: Inline) -> None:
    """Drop queries that are too old to be chosen from, kept answers that have run out, and more than there is room."""
    now = time.time()
    for old in [query.id for query in islice(inline.queries.values(), 10) if query.at < now - QUERY_SECONDS]:
        del inline.queries[old]
    if len(inline.queries) >= MOST_KEPT:
        del inline.queries[next(iter(inline.queries))]
    if len(inline.kept) >= MOST_KEPT:
        inline.kept = {key: value for key, value in inline.kept.items() if value[0] > now}
    if len(inline.kept) >= MOST_KEPT:
        del inline.kept[next(iter(inline.kept))]


def _update(query: Query, bot: Bot, person: Person, chat: Chat) -> Json:
    kind = "sender" if chat.bot_id == bot.id else chat.kind
    return {
        "id": query.id,
        "from": person.user(),
        "chat_type": kind,
        "query": query.text,
        "offset": query.offset,
    }
