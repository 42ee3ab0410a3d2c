"""A person who uses inline mode, in the hands of a test."""

# ruff: noqa: ASYNC109 - a test says how long it is ready to wait

from __future__ import annotations

from dataclasses import dataclass

from bot.localchat import inline
from bot.localchat.choosing import choose
from bot.localchat.group_view import GroupView
from bot.localchat.inline import Query, Result
from bot.localchat.model import Chat, Json
from bot.localchat.views import MessageView, view
from bot.localchat.watching import PATIENCE, BotView, Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """A result in the list: `kind` as the Bot API's type, `preview` the words of the message it becomes."""

    id: str
    kind: str
    title: str
    description: str
    preview: str
    query_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineView:
    """What a person sees of an answer: the results, the `button` above them, and whether it came from the cache."""

    results: tuple[ResultView, ...]
    button: Json | None
    cached: bool
    next_offset: str

    def find(self, title_or_id: str) -> ResultView:
        """The result with this title or id; AssertionError with those there are when there is none."""
        found = next((r for r in self.results if title_or_id in (r.title, r.id)), None)
        if found is None:
            raise AssertionError(f"no result {title_or_id!r} among {[result.title for result in self.results]}")
        return found


class InlineActions(Watcher):
    """Asking bots in any chat, and sending what they found: in a group (`chat`), else in the private chat with `bot`.

    `beside` is the private chat with another bot than the one that is asked.
    """

    async def inline(
        self,
        query: str,
        *,
        offset: str = "",
        timeout: float = PATIENCE,
        bot: BotView | None = None,
        chat: GroupView | None = None,
        beside: BotView | None = None,
    ) -> InlineView:
        """Type `query` after the bot's name and wait for the results.

        ValueError when the bot has no inline mode, AssertionError when no answer comes.
        """
        asked = self._bot(bot)
        place = self._inline_place(chat, beside or BotView(self._world, asked))
        posed = inline.ask(self._world, asked, self.person, place, query, offset)
        await self._until(place, lambda: posed.answer, timeout, f"the inline query {query!r} was not answered")
        return _answered(posed)

    async def choose(
        self,
        result: ResultView,
        *,
        reply_to: MessageView | None = None,
        topic: int | None = None,
        chat: GroupView | None = None,
        beside: BotView | None = None,
    ) -> MessageView:
        """Send a result, by default into the private chat with the bot that found it."""
        queries = self._world.inline.queries
        bot = self._world.bots[queries[result.query_id].bot_id] if result.query_id in queries else self._bot(None)
        place = self._inline_place(chat, beside or BotView(self._world, bot))
        answered = reply_to.id if reply_to is not None else None
        sent = choose(self._world, self.person, place, result.query_id, result.id, reply_to=answered, topic=topic)
        self._acted(place)
        return view(sent)

    def _inline_place(self, chat: GroupView | None, private: BotView) -> Chat:
        return chat.chat if chat is not None else self._world.private_chat(private.bot, self.person)


def _answered(query: Query) -> InlineView:
    answer = query.answer
    assert answer is not None
    return InlineView(
        results=tuple(_result(query, result) for result in answer.results.values()),
        button=answer.button,
        cached=query.cached,
        next_offset=answer.next_offset,
    )


def _result(query: Query, result: Result) -> ResultView:
    return ResultView(
        id=result.id,
        kind=result.kind,
        title=result.title,
        description=result.description,
        preview=result.preview,
        query_id=query.id,
    )
