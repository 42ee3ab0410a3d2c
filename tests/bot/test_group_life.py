"""A group's life with the bot: hello and goodbye, settings by its administrators, becoming a supergroup."""

from pathlib import Path
from typing import Any

from bot.localchat import LocalChat
from bot.localchat.driver import PersonView
from bot.localchat.group_view import GroupView
from bot.storage.group_settings import GroupSettings
from bot.storage.store import Store
from tests.bot.test_conversation import QUESTION, living
from tests.support.bots import TOKEN
from tests.support.groups import group_of

VERDICT = "Isolated: liquidated at 61,044.2, 4.6% below entry."
BOT_ID = int(TOKEN.split(":")[0])
HELLO = (
    "I work out where a trade is liquidated, isolated and cross.\n"
    "/liq long 0.5 btc 64k 20x, or /liq as a reply to a trade.\n"
    "For administrators: /settings"
)


async def stored(folder: Path, group: GroupView) -> GroupSettings:
    """What is kept of the group after the bot has stopped."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'bot.db'}")
    try:
        return (await store.group(BOT_ID, group.id)).settings
    finally:
        await store.close()


def said_by_the_bot(group: GroupView) -> list[str]:
    return [message.text for message in group.messages if message.from_bot]


# --- Coming and going ----------------------------------------------------------------------------------------------


async def test_the_bot_says_hello_once_when_it_is_added_and_keeps_what_was_set_while_it_is_away(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = chat.group("Desk", ann, chat.person("Ben"))
        group.add_bot(bot)
        hello = await ann.next(chat=group)
        group.promote(bot)
        await with_settings(ann, group, "Be quiet")
        before = said_by_the_bot(group)
        group.remove_bot(bot)
        group.add_bot(bot)
        again = await ann.next(chat=group)
    assert (hello.text, again.text) == (HELLO, HELLO)
    assert before.count(HELLO) == 1
    assert (await stored(tmp_path, group)).quiet


# --- Settings ------------------------------------------------------------------------------------------------------


async def with_settings(ann: PersonView, group: GroupView, *labels: str) -> Any:
    """Ann opens the group's settings and taps those buttons one after the other."""
    await ann.send("/settings", chat=group)
    card = await ann.next(chat=group)
    for label in labels:
        await ann.tap(card, label, chat=group)
        card = await ann.settled(card, chat=group)
    return card


async def test_only_an_administrator_changes_the_settings_and_any_of_them_may(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        await ben.send("/settings", chat=group)
        refused = await ben.next(chat=group)
        card = await with_settings(ann, group)
        toast = await ben.tap(card, "Be quiet", chat=group)
        await ann.tap(card, "Be quiet", chat=group)
        quiet = await ann.settled(card, chat=group)
    assert refused.text == "Only administrators of this group can change its settings."
    assert (toast.text, toast.alert) == (refused.text, True)
    assert "Not quiet" in card.text
    assert "Quiet: I answer commands" in quiet.text
    assert (await stored(tmp_path, group)).quiet


async def test_the_groups_exchange_is_used_and_named_as_its_setting(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        group = await group_of(chat, bot, ann, ben)
        card = await with_settings(ann, group, "Exchange", "Bybit")
        await ben.send(f"/liq {QUESTION}", chat=group)
        answer = await ben.next(chat=group)
        link = answer.find("Open in private")
        assert link is not None
        assert link.url is not None
        await ben.start(link.url.partition("?start=")[2], bot=bot)
        private = await ben.next(bot=bot)
    assert "Exchange: Bybit" in card.text
    assert "this group's exchange Bybit" in answer.text
    assert "exchange: Binance USD" in private.text  # in private the group's setting says nothing


async def test_a_command_that_is_off_leads_to_the_private_chat(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        await with_settings(ann, group, "Commands", "/quiz")
        await ann.send("/quiz", chat=group)
        off = await ann.next(chat=group)
    button = off.find("Open in private")
    assert off.text == "That command is off in this group."
    assert button is not None
    assert button.url == f"https://t.me/{bot.username}?start=quiz"


async def test_a_quiet_group_hears_nothing_but_answers_to_commands_mentions_and_replies(
    chat: LocalChat, tmp_path: Path
) -> None:
    async with living(chat, tmp_path) as bot:
        chat.bot(TOKEN, reads_all=True)
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann)
        await ann.send(QUESTION, chat=group)
        loud = await ann.next(chat=group)
        await with_settings(ann, group, "Be quiet")
        await ann.send(QUESTION, chat=group)
        await ann.send(f"@{bot.username} {QUESTION}", chat=group)
        mentioned = await ann.next(chat=group)
        answers = [text for text in said_by_the_bot(group) if text.startswith(VERDICT)]
    assert [loud.text, mentioned.text] == answers


# --- Becoming a supergroup -----------------------------------------------------------------------------------------


async def test_settings_cards_and_answers_go_along_to_the_supergroup(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, kind="group")
        await with_settings(ann, group, "Exchange", "Bybit")
        await ann.send("/liq long 0.5 btc 64k 20x iso", chat=group)
        old = await ann.next(chat=group)
        data = old.find("Compare")
        assert data is not None
        assert data.data is not None
        group.upgrade()
        await ann.send("/liq long 0.5 btc 64k 20x iso", chat=group)
        card = await ann.next(chat=group)
        await ann.tap_data(card, data.data, chat=group)  # the old card's button still leads to its trade
        compared = await ann.next(chat=group)
    assert card.raw["chat"]["type"] == "supergroup"
    assert "this group's exchange Bybit" in card.text
    # 64,000 x (1 - 1/20) / (1 - 0.005 - 0.00055): Bybit's rate and its fee to close
    assert compared.text.startswith("Isolated: liquidated at 61,139.2")
    assert (await stored(tmp_path, group)).venue == "bybit"


async def test_an_answer_on_its_way_when_the_group_moves_arrives_there(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann = chat.person("Ann")
        group = await group_of(chat, bot, ann, kind="group")
        chat.fault(method="sendMessage", kind="delay", value=0.3)
        await ann.send(f"/liq {QUESTION}", chat=group)
        group.upgrade()
        card = await ann.next(chat=group)
    assert card.text.startswith(VERDICT)
    assert card.reply_to_id is None
    assert card.raw["chat"]["id"] == group.id
