"""Answers to inline queries that are kept, and for whom."""

from __future__ import annotations

import pytest

from bot.localchat import BotView, LocalChat, PersonView
from tests.bot.localchat.conftest import OTHER_TOKEN, Api
from tests.bot.localchat.test_inline import article, ask


async def test_an_answer_is_kept_for_everybody(chat: LocalChat, api: Api, ann: PersonView, bot: BotView) -> None:
    await ask(api, ann.inline("btc"), results=[article()], next_offset="1")
    for person in (ann, chat.person("Ben")):
        seen = await person.inline("btc")
        assert (seen.cached, seen.next_offset, [r.title for r in seen.results]) == (True, "1", ["Isolated"])
    assert bot.pending == 0


async def test_a_personal_answer_is_kept_for_that_person_alone(chat: LocalChat, api: Api, ann: PersonView) -> None:
    await ask(api, ann.inline("mine"), results=[article()], is_personal=True)
    assert (await ann.inline("mine")).cached
    assert not (await ask(api, chat.person("Ben").inline("mine"), results=[])).cached


async def test_another_query_offset_or_bot_is_asked_anew(chat: LocalChat, api: Api, ann: PersonView) -> None:
    await ask(api, ann.inline("btc"), results=[article()])
    assert not (await ask(api, ann.inline("eth"), results=[])).cached
    assert not (await ask(api, ann.inline("btc", offset="1"), results=[])).cached
    other = chat.bot(OTHER_TOKEN)
    api.token = OTHER_TOKEN
    assert not (await ask(api, ann.inline("btc", bot=other), results=[])).cached


@pytest.mark.parametrize("seconds", [0, -5])
async def test_an_answer_without_time_is_not_kept(api: Api, ann: PersonView, seconds: int) -> None:
    await ask(api, ann.inline("btc"), results=[article()], cache_time=seconds)
    assert not (await ask(api, ann.inline("btc"), results=[])).cached


@pytest.mark.parametrize(("given", "kept"), [({}, 300), ({"cache_time": 20}, 20), ({"cache_time": 10**6}, 86400)])
async def test_an_answer_is_kept_as_long_as_it_says(
    api: Api, ann: PersonView, monkeypatch: pytest.MonkeyPatch, given: dict[str, int], kept: int
) -> None:
    now = 1_900_000_000.0
    monkeypatch.setattr("bot.localchat.inline.time.time", lambda: now)
    await ask(api, ann.inline("btc"), results=[article()], **given)
    now += kept - 1
    assert (await ann.inline("btc")).cached
    now += 2
    assert not (await ask(api, ann.inline("btc"), results=[])).cached
