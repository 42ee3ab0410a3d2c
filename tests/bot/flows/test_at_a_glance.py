"""Every kind of card as it is met on a phone: in a notification first, then with one thumb.

A notification shows some 60 characters: a number, or what is asked. The buttons are at most three in a row, shorter
than 20 characters each.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue import Screen
from bot.rendering.plain import plain_text
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.dialogues import FLOWS, begun, blocks, played
from tests.bot.flows.elsewhere import query
from tests.bot.flows.talk import Talk

NOTICED = 60
WIDEST = 3
LONGEST = 20
TRADE = "long 0.5 btc 64k 20x, wallet 10k"

NUMBERED: dict[str, Callable[[Talk], Any]] = {
    "a trade": lambda talk: talk.say(TRADE),
    "a trade without its wallet": lambda talk: talk.say("long 0.5 btc 64k 20x"),
    "a trade in cross": lambda talk: talk.say("short 4 eth 3200 cross, wallet 2k"),
    "a trade that cross cannot open": lambda talk: talk.say("long 0.5 btc 64k 20x cross wallet 100"),
    "several trades": lambda talk: talk.say("cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x"),
    "a trade with a stop": lambda talk: talk.say(TRADE + ", sl 61.5k, tp 70k"),
    "a price now": lambda talk: (talk.say(TRADE), talk.say("btc 63k now")),
    "the working": lambda talk: (talk.say(TRADE), talk.tap("Show the working")),
    "a trade shown anew": lambda talk: (talk.say(TRADE), talk.command("last")),
    "a what-if": lambda talk: talk.say(TRADE + ", what if btc -10%"),
    "a ladder": lambda talk: (talk.say(TRADE + ", what if btc -10%"), talk.tap("Ladder")),
    "a comparison": lambda talk: talk.command("compare", TRADE),
    "margin to add": lambda talk: talk.say(TRADE + ", how much margin to survive -10%"),
    "a size": lambda talk: talk.command("size", "btc long 64k, stop 62k, risk 100, wallet 10k"),
    "a portfolio": lambda talk: talk.command("portfolio"),
}
SAVED = {"a portfolio"}


def lines_of(name: str) -> Talk:
    talk = talk_with(THREE) if name in SAVED else Talk()
    NUMBERED[name](talk)
    return talk


@pytest.mark.parametrize("name", NUMBERED)
def test_a_notification_carries_the_verdict_and_its_number(name: str) -> None:
    noticed = lines_of(name).text[:NOTICED]
    assert re.search(r"\d", noticed), noticed
    assert re.match(r"Isolated|Cross|Nearest|Your|Size|Add|If|\d", noticed), noticed


OTHERS: dict[str, Callable[[Talk], Any]] = {
    "start": lambda talk: talk.command("start"),
    "help": lambda talk: talk.command("help"),
    "quiz": lambda talk: talk.command("quiz"),
    "learn": lambda talk: talk.command("learn"),
    "settings": lambda talk: talk.command("settings"),
    "a question": lambda talk: talk.say("eth"),
    "two readings": lambda talk: talk.say("long eth 3200 500 10x"),
    "mistakes": lambda talk: talk.command("check", "cross 10k: long 0.5 btc 64k 50x"),
    "another price": lambda talk: (talk.say(TRADE), talk.tap("Show the working"), talk.tap("Other price there?")),
    "a link": lambda talk: (talk.say(TRADE), talk.command("link")),
}
ALL = NUMBERED | OTHERS


@pytest.mark.parametrize("name", ALL)
def test_the_buttons_of_every_card_are_for_one_thumb(name: str) -> None:
    talk = talk_with(THREE) if name in SAVED else Talk()
    ALL[name](talk)
    assert_for_one_thumb(talk.last.screen)


def assert_for_one_thumb(screen: Screen) -> None:
    rows = [[button.label for button in row] for row in screen.buttons]
    assert all(len(row) <= WIDEST for row in rows), rows
    assert all(len(label) < LONGEST for row in rows for label in row), rows


@pytest.mark.parametrize(
    "text",
    [
        TRADE,
        "10x long eth 3200 500usd",
        "cross 10k: long 0.5 btc 64k 10x, short 4 eth 3200 10x",
        "eth",
        TRADE + ", what if btc -10%",
        "short 1000 contracts xbtusd bitmex 60000 25x wallet 0.001 btc",
    ],
)
def test_what_is_sent_through_inline_mode_is_noticed_and_tapped_as_easily(text: str) -> None:
    talk = Talk()
    query(talk, text)
    for offer in talk.offers:
        noticed = plain_text(offer.screen)[:NOTICED]
        assert re.search(r"\d", noticed), noticed
        assert re.search(r"\d", offer.title + offer.description)
        assert offer.description.count("\n") <= 1
        assert_for_one_thumb(offer.screen)


def test_the_portfolio_is_noticed_by_its_number_where_it_is_sent() -> None:
    talk = talk_with(THREE)
    query(talk, "")
    for offer in talk.offers[:2]:
        assert re.search(r"\d", plain_text(offer.screen)[:NOTICED])
        assert_for_one_thumb(offer.screen)


def test_no_screen_of_the_documentation_has_wider_rows_and_long_labels_stand_alone_or_in_pairs() -> None:
    shown = 0
    for page in sorted(FLOWS.glob("*.md")):
        for block in blocks(page):
            talk = begun(block)
            for turn in block.turns:
                played(talk, turn.input)
                for row in talk.last.labels if talk.messages else ():
                    shown += 1
                    assert len(row) <= WIDEST, (page.name, row)
                    most = LONGEST if len(row) == WIDEST else 40  # a position or an event by its name
                    assert all(len(label) < most for label in row), (page.name, row)
    assert shown > 1000
