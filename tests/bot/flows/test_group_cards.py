"""Every kind of card as a group gets it: what a notification shows, how much of a phone it takes, its buttons."""

import math
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.dialogue import Chat, Commanded, Link, Show
from bot.flows.lobby import decide
from bot.payloads import base36
from bot.rendering.learn_topics import TOPICS
from bot.storage.group_settings import GroupSettings, SaveGroup
from bot.storage.person_settings import PersonSettings, StoredSettings
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.talk import BOB, Talk

GROUP = Chat(id=-5, kind="supergroup")
LETTERS = 31
"""Letters of a line in a group's bubble on a phone of 390 px, as a rule."""
MOST_PHONE_LINES = 12
NOTIFIED = 60

ONE = "long 0.5 btc 64k 20x, wallet 10k"
TWO = "long 0.5 btc 64k 20x, short 3 eth 3200 10x, wallet 5k"
ANSWERED = {
    "both modes": ("liq", ONE),
    "isolated": ("liq", "long 0.5 btc 64k 20x iso"),
    "one half open": ("liq", "long 0.5 btc 64k 20x"),
    "dollars taken as margin": ("liq", "10x long eth 3200 500usd"),
    "several positions": ("liq", TWO),
    "a stop that comes too late": ("liq", f"{ONE} sl 50k"),
    "what if": ("whatif", f"{ONE}, btc -10%"),
    "what if of several": ("whatif", f"{TWO}, btc -10%"),
    "a comparison": ("compare", ONE),
    "a comparison of several": ("compare", TWO),
    "a size": ("size", "btc 64k stop 62k risk 100"),
    "a check of mistakes": ("check", "long 0.1 btc 64k 100x isolated"),
}
ASKING = {
    "nothing but a coin": ("liq", "long btc"),
    "two readings": ("liq", "btc long 1000 10x 64k"),
    "a goal": ("addmargin", ONE),
    "a quiz": ("quiz", ""),
    "what there is to learn": ("learn", ""),
    "help": ("help", ""),
    "nonsense": ("liq", "qwertz"),
    "no mistake": ("check", "long 0.1 btc 64k 2x"),
    "what a comparison needs": ("compare", ""),
    "what a what-if needs": ("whatif", ""),
}


def check_is_short(talk: Talk) -> None:
    lines = talk.text.split("\n")
    assert len(lines) <= 3, talk.text
    assert sum(math.ceil(len(line) / LETTERS) for line in lines) <= MOST_PHONE_LINES, talk.text
    assert len(talk.labels) <= 4
    assert all(len(row) <= 3 for row in talk.last.labels)
    assert all(len(label) < 20 for label in talk.labels)
    assert "<pre>" not in talk.last.screen.text


@pytest.mark.parametrize(("name", "arguments"), ANSWERED.values(), ids=ANSWERED.keys())
def test_an_answer_begins_with_its_number_and_opens_in_private(name: str, arguments: str) -> None:
    talk = Talk(chat=GROUP)
    talk.command(name, arguments)
    check_is_short(talk)
    assert re.search(r"\d", talk.first_line[:NOTIFIED])
    [link] = [each for row in talk.last.screen.buttons for each in row if isinstance(each, Link)]
    assert link.url.startswith("https://t.me/marginbot?start=card_")


@pytest.mark.parametrize(("name", "arguments"), ASKING.values(), ids=ASKING.keys())
def test_what_asks_or_explains_is_as_short(name: str, arguments: str) -> None:
    talk = Talk(chat=GROUP)
    talk.command(name, arguments)
    check_is_short(talk)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_lesson_is_short_in_a_group(topic: str) -> None:
    talk = Talk(chat=GROUP)
    talk.command("learn", topic)
    check_is_short(talk)


def test_every_card_stays_short_when_it_is_tapped() -> None:
    tapped = set()
    for name, arguments in (*ANSWERED.values(), *ASKING.values()):
        first = Talk(chat=GROUP)
        first.command(name, arguments)
        for label in first.labels:
            talk = Talk(chat=GROUP)
            talk.command(name, arguments)
            if label in talk.labels and any(
                getattr(b, "action", "") for r in talk.last.screen.buttons for b in r if b.label == label
            ):
                talk.tap(label)
                check_is_short(talk)
                tapped.add(label)
    assert {"What if…", "Compare", "Make it safer", "Yes", "−10%"} <= tapped


def test_a_whole_quiz_is_short() -> None:
    talk = Talk(chat=GROUP)
    talk.command("quiz")
    for _ in range(5):
        talk.tap("Yes")
        check_is_short(talk)
    assert "Start over" in talk.labels


@pytest.mark.parametrize(
    ("name", "arguments", "last"),
    [
        ("liq", ONE, "Long 0.5 BTC at 64,000, 20x."),
        (
            "liq",
            "10x long eth 3200 500usd",
            "Long 1.5625 ETH at 3,200, 10x. Assumed: 500 USDT taken as margin (not position size).",
        ),
        ("liq", f"{ONE} on deribit", "Long 0.5 BTC at 64,000, 20x. Assumed: contract."),
        ("liq", f"{ONE} 12%", "Long 0.5 BTC at 64,000, 20x. Assumed: size. ⚠ not all read"),
        ("liq", TWO, "Long 0.5 BTC at 64,000, 20x · Short 3 ETH at 3,200, 10x."),
        ("whatif", f"{ONE}, btc -10%", "Long 0.5 BTC at 64,000, 20x. If BTC −10%."),
    ],
)
def test_the_last_line_is_the_trade_as_it_was_read_with_what_is_unusual_about_it(
    name: str, arguments: str, last: str
) -> None:
    talk = Talk(chat=GROUP)
    talk.command(name, arguments)
    assert talk.text.split("\n")[-1] == last


def test_an_exchange_from_ones_settings_is_named_as_assumed() -> None:
    talk = Talk(chat=GROUP)
    talk.settings[talk.person.id] = StoredSettings(settings=PersonSettings(venue="okx"), version=1)
    assert talk.command("liq", ONE).endswith("Long 0.5 BTC at 64,000, 20x. Assumed: exchange.")


def test_the_long_form_in_private_has_ones_own_wallet_and_not_the_groups_exchange() -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    talk.command("liq", "long 0.5 btc 64k 20x")
    [link] = [each for row in talk.last.screen.buttons for each in row if isinstance(each, Link)]
    assert "Cross needs your wallet balance." in talk.text
    talk.chat = Chat(id=7)
    talk.command("start", link.url.partition("?start=")[2])
    assert "Cross" in talk.text.split("\n")[1]
    assert "Cross needs your wallet balance" not in talk.text


def test_a_link_to_somebody_elses_card_opens_its_trade_as_ones_own() -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    talk.command("compare", ONE)
    payload = payload_of(talk)
    talk.chat = Chat(id=8)
    assert talk.command("start", payload, by=BOB).startswith("Isolated: liquidated at 61,044.2")
    assert (talk.card.owner_id, talk.card.chat_id) == (BOB.id, 8)


def test_a_link_to_somebody_elses_card_brings_one_picture_where_pictures_come_at_once() -> None:
    talk = Talk(chat=GROUP)
    talk.settings[BOB.id] = StoredSettings(settings=PersonSettings(pictures="dark"), version=1)
    talk.command("liq", ONE)
    event = replace(talk.event(Commanded(name="start", arguments=payload_of(talk)), by=BOB), chat=Chat(id=BOB.id))
    shown = decide(event, talk.facts(event)).show
    assert [step.card.flow for step in shown if isinstance(step, Show) and step.card] == ["check", "picture"]


def test_a_link_says_nothing_of_its_owners_settings() -> None:
    talk = Talk(chat=GROUP)
    held = PersonSettings(venue="okx", mode="cross", wallet=Decimal(7777))
    talk.settings[talk.person.id] = StoredSettings(settings=held, version=1)
    talk.command("liq", "long 0.5 btc 64k 20x")
    assert payload_of(talk).partition("_t1_")[2] == "lBTC_q0p5_e64000_x20"


def test_a_link_to_somebody_elses_card_without_a_trade_opens_nothing() -> None:
    talk = Talk(chat=GROUP)
    talk.command("learn", "is isolated safer")
    gone = "That link is somebody else's, or too old. Write the trade here and I answer it."
    payload = payload_of(talk)
    talk.chat = Chat(id=8)
    assert talk.command("start", payload, by=BOB) == gone
    assert talk.command("start", "card_g_portfolio", by=BOB) == gone
    assert Talk(chat=Chat(id=7)).command("start", "card_zzz") == gone


@pytest.mark.parametrize("name", ["portfolio", "history", "settings", "forget", "size"])
def test_in_a_group_a_link_to_ones_own_card_shows_nothing_of_it(name: str) -> None:
    talk = talk_with(THREE)
    # 1 % of the 5,000 USDT that are saved: "loses 50 USDT" would tell them.
    talk.command(name, "btc long 64k, stop 62k, risk 1%" if name == "size" else "")
    payload = f"card_{base36(talk.last.card_id or 0)}"
    talk.chat = GROUP
    assert talk.command("start", payload) == "That link opens in our private chat."
    assert [each for row in talk.last.screen.buttons for each in row] == [
        Link(label="Open in private", url=f"https://t.me/marginbot?start={payload}")
    ]
    talk.chat = Chat(id=7)
    assert re.search(r"\d", talk.command("start", payload))


def test_in_a_group_a_link_to_a_what_if_of_the_saved_account_works_nothing_out() -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    assert talk.command("start", "w1_BTC_m10").startswith("Your portfolio is personal: ask me in our private chat")


def payload_of(talk: Talk) -> str:
    """What the link of the last message to the private chat carries."""
    [link] = [each for row in talk.last.screen.buttons for each in row if isinstance(each, Link)]
    return link.url.partition("?start=")[2]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("help", "Write a trade in your own words."), ("liq", "Write the trade after /liq"), ("quiz", "1/5 ")],
)
def test_the_way_from_a_command_leads_to_the_same_in_private(name: str, begins: str) -> None:
    talk = Talk(chat=GROUP)
    settings = GroupSettings(off=("liq", "quiz"))
    talk.shelves.apply([SaveGroup(bot_id=1, chat_id=GROUP.id, settings=settings, version=0)], talk.time)
    talk.command(name, "long 0.5 btc 64k 20x" if name == "liq" else "")
    payload = payload_of(talk)
    talk.chat = Chat(id=7)
    assert talk.command("start", payload).startswith(begins)


@pytest.mark.parametrize(
    ("command", "start"), [("portfolio", "portfolio"), ("whatif", "whatif"), ("undo", "portfolio")]
)
def test_what_is_personal_leads_to_the_private_chat(command: str, start: str) -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    assert "personal" in talk.command(command, "-10" if command == "whatif" else "")
    assert payload_of(talk) == start
