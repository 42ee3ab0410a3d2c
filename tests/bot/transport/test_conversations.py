"""The way of an update, there and back: over HTTP, in order, once, whatever the server does meanwhile."""

import asyncio
import logging
from dataclasses import replace

import pytest
from markupsafe import Markup
from sqlalchemy.event import listen

from bot.dialogue import (
    Attached,
    Card,
    Close,
    Commanded,
    Copy,
    Enclosed,
    Event,
    Fill,
    Outcome,
    Said,
    Screen,
    Show,
    Tap,
    Tapped,
    Toast,
)
from bot.localchat import LocalChat
from bot.payloads import Payload, decode_payload, encode_payload
from bot.services.facts import gather
from bot.storage.inbox import LANE_DEPTH
from bot.storage.store import Store
from bot.transport.dispatcher import LEASED_AHEAD
from tests.support.bots import TOKEN, running


def remark(text: str) -> Outcome:
    return Outcome(show=(Show(screen=Screen(text=Markup.escape(text))),))


async def parrot(event: Event) -> Outcome:
    match event.content:
        case Said(text=text):
            return remark(f"{event.person.first_name} said {text}")
        case Commanded(name=name, arguments=arguments):
            return remark(f"command {name}: {arguments}")
        case Attached(what=what):
            return remark(f"attached {what}")
        case Tapped(data=data):
            return Outcome(toast=Toast(text=data))
        case Enclosed(name=name):
            return remark(f"file {name}")
        case _:
            return Outcome()


class Counter:
    """A card that counts its taps: the least conversation that has state."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @staticmethod
    def screen(count: int) -> Screen:
        buttons = ((Tap(label="More", action="more"), Tap(label="Close", action="close")), (Copy(label="C", text="c"),))
        return Screen(text=Markup("<b>{}</b> taps").format(count), buttons=buttons)

    async def __call__(self, event: Event) -> Outcome:
        facts = await gather(event, self.store)
        if not isinstance(event.content, Tapped):
            card = Card(
                id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="count", draft={"n": 0}
            )
            return Outcome(show=(Show(screen=self.screen(0), card=card),))
        payload = decode_payload(event.content.data)
        if payload is None or facts.card is None or facts.card.flow != "count":
            return Outcome(toast=Toast(text="too old", alert=True))
        if payload.action == "close":
            return Outcome(show=(Close(card=facts.card),))
        count = facts.card.draft["n"] + 1
        card = replace(facts.card, draft={"n": count})
        return Outcome(show=(Show(screen=self.screen(count), card=card),), toast=Toast(text=f"now {count}"))


async def test_a_text_is_answered(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        await ann.send("2 < 3 & more")
        assert (await ann.next()).text == "Ann said 2 < 3 & more"


async def test_commands_captions_and_wordless_things_arrive_as_what_they_are(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store) as bot:
        ann = chat.person("Ann")
        for sent, heard in [
            (ann.send("/liq btc 64k"), "command liq: btc 64k"),
            (ann.send(f"/LIQ@{bot.username}\nbtc"), "command liq: btc"),
            (ann.send_photo(caption="long btc"), "Ann said long btc"),
            (ann.send_photo(), "attached photo"),
            (ann.send_voice(), "attached voice"),
            (ann.send_sticker(), "attached sticker"),
        ]:
            await sent
            assert (await ann.next()).text == heard


async def test_a_command_for_another_bot_is_none_of_ours(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        await ann.send("/liq@somebody_else_bot btc")
        await ann.send("after")
        assert (await ann.next()).text == "Ann said after"


async def test_an_edited_message_arrives_as_edited(chat: LocalChat, store: Store) -> None:
    async def decide(event: Event) -> Outcome:
        return remark(f"edited: {event.edited}")

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        message = await ann.send("first")
        assert (await ann.next()).text == "edited: False"
        await ann.edit(message, "second")
        assert (await ann.next()).text == "edited: True"


async def test_a_tap_is_answered_and_the_message_edited_in_place(chat: LocalChat, store: Store) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        assert [[button.text for button in row] for row in card.buttons] == [["More", "Close"], ["C"]]
        assert (await ann.tap(card, "More")).text == "now 1"
        card = await ann.settled(card)
        assert (card.text, len([m for m in ann.messages if m.from_bot])) == ("1 taps", 1)


async def test_taps_in_quick_succession_are_all_counted(chat: LocalChat, store: Store) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        for _ in range(10):
            await ann.tap(card, "More", wait=False)
        await ann.wait_for(lambda message: message.text == "10 taps")


async def test_close_takes_the_message_away_and_its_old_button_is_too_old(chat: LocalChat, store: Store) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        more = card.find("More")
        assert more is not None
        assert more.data is not None
        await ann.tap(card, "Close")
        await ann.gone(card)
        await ann.send("count")
        other = await ann.next()
        assert (await ann.tap_data(other, more.data)).text == "too old"


@pytest.mark.parametrize("data", ["", "x", "1.zz", "2.1.1.more", "1.1.1.more", "1." + "z" * 30 + ".1.more", "1.-1.1.m"])
async def test_forged_buttons_are_answered(chat: LocalChat, store: Store, data: str) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        assert (await ann.tap_data(card, data)).text == "too old"


async def test_buttons_work_after_a_restart(chat: LocalChat, store: Store) -> None:
    ann = chat.person("Ann")
    async with running(chat, Counter(store), store=store) as bot:
        await ann.send("count", bot=bot)
        card = await ann.next()
    async with running(chat, Counter(store), store=store):
        assert (await ann.tap(card, "More")).text == "now 1"


async def test_what_is_written_while_the_bot_is_away_is_answered_once_when_it_is_back(
    chat: LocalChat, store: Store
) -> None:
    ann = chat.person("Ann")
    bot = chat.bot(TOKEN)
    await ann.send("are you there?", bot=bot)
    async with running(chat, parrot, store=store):
        assert (await ann.next()).text == "Ann said are you there?"
        chat.repeat_update()
        await ann.send("again")
        assert (await ann.next()).text == "Ann said again"
    assert len([message for message in ann.messages if message.from_bot]) == 2


async def test_a_persons_messages_are_answered_in_order(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store):
        ann, ben = chat.person("Ann"), chat.person("Ben")
        for number in range(20):
            await ann.send(str(number))
            await ben.send(str(number))
        for person in (ann, ben):
            await person.wait_for(lambda message: message.text.endswith("said 19"), timeout=10)
            heard = [message.text.split()[-1] for message in person.messages if message.from_bot]
            assert heard == [str(number) for number in range(20)]


async def test_more_than_is_leased_at_once_is_answered_without_waiting_for_the_next_look(
    chat: LocalChat, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._member, "look_every", 3600.0)
    people = [chat.person(f"Person {number}") for number in range(LEASED_AHEAD // LANE_DEPTH + 1)]
    all_there = asyncio.Event()

    async def patient(event: Event) -> Outcome:
        await all_there.wait()
        return await parrot(event)

    async with running(chat, patient, store=store) as bot:
        for number in range(LANE_DEPTH + 2):
            for person in people:
                await person.send(str(number))
        while (await store.waiting(bot.id)).updates < len(people) * (LANE_DEPTH + 2):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        all_there.set()
        for person in people:
            await person.wait_for(lambda message: message.text.endswith("said 9"), timeout=60)  # 8 + 2, from 0 on


async def test_an_answer_takes_three_transactions(chat: LocalChat, store: Store) -> None:
    committed: list[object] = []
    listen(store._writing.sync_engine, "commit", committed.append)
    async with running(chat, parrot, store=store) as bot:
        ann = chat.person("Ann")
        for text in ("warm", "now"):
            committed.clear()
            await ann.send(text)
            await ann.next()
            while (await store.waiting(bot.id)).letters:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert len(committed) == 1 + 1 + 1  # taken in and leased; answered and the next one leased; struck off


async def test_a_slow_answer_to_one_person_does_not_keep_another_waiting(chat: LocalChat, store: Store) -> None:
    release = asyncio.Event()

    async def decide(event: Event) -> Outcome:
        if event.person.first_name == "Ann":
            await release.wait()
        return remark(f"for {event.person.first_name}")

    async with running(chat, decide, store=store):
        ann, ben = chat.person("Ann"), chat.person("Ben")
        await ann.send("slow")
        await ben.send("quick")
        assert (await ben.next()).text == "for Ben"
        release.set()
        assert (await ann.next()).text == "for Ann"


async def test_a_fault_of_ours_is_told_and_the_next_question_is_answered(
    chat: LocalChat, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def decide(event: Event) -> Outcome:
        if event.content == Said(text="crash"):
            raise RuntimeError("a fault")
        return await parrot(event)

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("crash")
        assert (await ann.next()).text == "Sorry, my fault."
        await ann.send("fine")
        assert (await ann.next()).text == "Ann said fine"
    assert "could not be answered" in caplog.text


async def test_a_screen_that_telegram_refuses_does_not_hold_up_the_chat(
    chat: LocalChat, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def decide(event: Event) -> Outcome:
        if event.content == Said(text="broken"):
            return Outcome(show=(Show(screen=Screen(text=Markup("<b>never closed"))),))
        return await parrot(event)

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("broken")
        await ann.send("fine")
        assert (await ann.next()).text == "Ann said fine"
    assert "Can't parse entities" in caplog.text


@pytest.mark.parametrize("kind", ["reset_before", "status"])
async def test_an_answer_that_did_not_get_through_is_sent_again(chat: LocalChat, store: Store, kind: str) -> None:
    async with running(chat, parrot, store=store):
        ann = chat.person("Ann")
        chat.fault(method="sendMessage", kind=kind, times=2, value=502)  # type: ignore[arg-type]
        await ann.send("hello")
        assert (await ann.next(timeout=10)).text == "Ann said hello"


async def test_a_limited_chat_waits_as_long_as_told_and_the_others_do_not(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store):
        ann, ben = chat.person("Ann"), chat.person("Ben")
        chat.fault(method="sendMessage", kind="status", times=1, value=429, retry_after=2)
        await ann.send("first")
        await asyncio.sleep(0.3)
        await ben.send("me")
        assert (await ben.next(timeout=1)).text == "Ben said me"
        assert not [message for message in ann.messages if message.from_bot]
        assert (await ann.next(timeout=5)).text == "Ann said first"


async def test_a_person_who_has_blocked_the_bot_is_left_in_peace(chat: LocalChat, store: Store) -> None:
    ann = chat.person("Ann")
    async with running(chat, parrot, store=store) as bot:
        await ann.send("hello", bot=bot)
        await ann.next()
    await ann.send("and then")
    ann.block()
    async with running(chat, parrot, store=store):
        ben = chat.person("Ben")
        await ben.send("me")
        assert (await ben.next()).text == "Ben said me"
    assert await store.begin(bot.id) == []


async def test_a_card_whose_message_was_deleted_is_sent_anew(chat: LocalChat, store: Store) -> None:
    async with running(chat, Counter(store), store=store):
        ann = chat.person("Ann")
        await ann.send("count")
        card = await ann.next()
        chat.fault(
            method="editMessageText", kind="status", value=400, description="Bad Request: message to edit not found"
        )
        await ann.tap(card, "More")
        anew = await ann.wait_for(lambda message: message.text == "1 taps")
        assert anew.id != card.id
        await ann.tap(anew, "More")
        await ann.wait_for(lambda message: message.text == "2 taps" and message.id == anew.id)


async def test_the_commands_are_published(chat: LocalChat, store: Store) -> None:
    async with running(chat, parrot, store=store) as bot:
        menus = {scope: [command["command"] for command in menu] for scope, menu in bot.commands.items()}
    assert menus == {'["all_private_chats", ""]': ["help", "portfolio"], '["all_group_chats", ""]': ["help"]}


async def test_a_second_program_on_the_token_is_said_plainly(
    chat: LocalChat, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(chat, parrot, store=store):
        chat.fault(
            method="getUpdates", kind="status", value=409, description="Conflict: terminated by other getUpdates"
        )
        ann = chat.person("Ann")
        with caplog.at_level(logging.WARNING):
            await ann.send("hello")
            assert (await ann.next(timeout=10)).text == "Ann said hello"
            await ann.send("once more")
            assert (await ann.next(timeout=10)).text == "Ann said once more"
    assert "another program polls with this bot's token (409)" in caplog.text


async def test_no_log_line_holds_the_token(chat: LocalChat, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with running(chat, parrot, store=store):
            for kind in ("reset_before", "reset_after", "status"):
                chat.fault(method="getUpdates", kind=kind, value=502)
                chat.fault(method="sendMessage", kind=kind, value=502)
            ann = chat.person("Ann")
            await ann.send("hello")
            await ann.next(timeout=20)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot.", "asyncio", "aiohttp"))]
    assert ours
    assert not [line for line in ours if TOKEN in line]


async def test_a_button_that_fills_the_message_box_carries_its_text(chat: LocalChat, store: Store) -> None:
    async def decide(event: Event) -> Outcome:
        card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="x")
        screen = Screen(text=Markup("try"), buttons=((Fill(label="Example", text="long btc"),),))
        return Outcome(show=(Show(screen=screen, card=card),))

    async with running(chat, decide, store=store):
        ann = chat.person("Ann")
        await ann.send("help")
        example = (await ann.next()).find("Example")
        assert example is not None
        assert example.switch_inline_query_current_chat == "long btc"


def test_a_payload_reads_back_and_a_long_one_is_refused() -> None:
    payload = Payload(card_id=2**62, owner_id=2**52, action="mode:isolated")
    assert decode_payload(encode_payload(payload)) == payload
    with pytest.raises(ValueError, match="at most 64 bytes"):
        encode_payload(replace(payload, action="x" * 60))


async def test_an_inline_message_that_is_gone_holds_up_nothing_and_is_not_sent_anew(
    chat: LocalChat, store: Store
) -> None:
    async def decide(event: Event) -> Outcome:
        gone = Card(
            id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="x", inline_message_id="A" * 27
        )
        screen = Screen(text=Markup("edited"), buttons=((Tap(label="More", action="more"),),))
        return Outcome(show=(Show(screen=screen, card=gone), Close(card=gone), *remark("here").show))

    async with running(chat, decide, store=store) as bot:
        ann = chat.person("Ann")
        await ann.send("go", bot=bot)
        assert (await ann.next()).text == "here"
        assert [message.text for message in ann.messages if message.from_bot] == ["here"]
    assert await store.begin(bot.id) == []


async def test_a_card_is_found_by_its_inline_message(chat: LocalChat, store: Store) -> None:
    async def decide(event: Event) -> Outcome:
        kept = Card(
            id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow="x", inline_message_id="B" * 27
        )
        return Outcome(kept=(kept,), show=remark("kept").show)

    async with running(chat, decide, store=store) as bot:
        ann = chat.person("Ann")
        await ann.send("go", bot=bot)
        await ann.next()
    card = await store.card_of_inline(bot.id, "B" * 27)
    assert card is not None
    assert (card.owner_id, card.version, card.message_id) == (ann.id, 1, None)
    assert await store.last_cards(bot.id, ann.id, ann.id, 5) == (card,)
    assert await store.card_of_inline(bot.id, "C" * 27) is None
    assert await store.card_of_inline(bot.id + 1, "B" * 27) is None
