"""Two people with 500 forged buttons, links and ids on each other, over HTTP: nothing is learnt, nothing changes."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.localchat import BotView, CallbackAnswer, LocalChat, MessageView, PersonView
from bot.payloads import Payload, decode_payload, encode_payload
from tests.bot.test_conversation import living

FORGED = 250  # by each of the two
LINKS = 50
POLITE = ("This is somebody else's card. Ask your own: /liq", "This button is too old. Send your question again.")
OWN_QUIZ = "That quiz is somebody else's. Yours opens in our private chat."
OPENING = (
    *("/portfolio", "/portfolios", "/history", "/forget", "/settings", "/check", "/quiz", "/learn"),
    "/liq long 1 {coin} 50 20x iso",
    "/whatif long 1 {coin} 50 20x iso, wallet 1k, {coin} -20%",
    "/compare long 1 {coin} 50 20x iso, wallet 1k",
    "/size {coin} long 50, stop 48, risk 100, wallet 10k",
    "/addmargin long 1 {coin} 50 20x iso, wallet 1k",
)
"""One card of every conversation."""
ACTIONS = ("do", "undo", "save_all", "forget_all", "share:copy", "unshare", "export", "open:1", "restore:1", "picture")
KEPT = ("portfolios", "portfolio_steps", "shares", "person_settings", "blocked")


@dataclass
class Party:
    """A person with something to lose."""

    person: PersonView
    coin: str
    secrets: tuple[str, ...]

    @property
    def seen(self) -> list[MessageView]:
        return [message for message in self.person.messages if message.from_bot]

    @property
    def data(self) -> list[str]:
        """What stands behind the buttons that the bot has shown to this person."""
        return [button.data for message in self.seen for button in message.flat_buttons() if button.data]

    async def settle_in(self, bot: BotView, amount: str) -> None:
        """Saves something of everything."""
        await self.person.send(f"add {amount} {self.coin} long 50 20x iso", bot=bot)
        preview = await self.person.next()
        await self.person.tap(preview, "Make it so")
        await self.person.settled(preview)
        for command in OPENING:
            await self.ask(command.format(coin=self.coin))

    async def ask(self, words: str) -> None:
        """Writes something that is answered by a new message."""
        before = len(self.seen)
        await self.person.send(words)
        await self.person.wait_for(lambda _: len(self.seen) > before)

    async def share(self) -> None:
        """Makes a link to the portfolio."""
        card = self.seen[0]
        for button in ("More…", "Share", "A copy"):
            await self.person.tap(card, button)
            card = await self.person.settled(card)


def rows(database: Path, table: str) -> set[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return set(connection.execute(f"SELECT * FROM {table}"))


def forged(chance: random.Random, thief: Party, victim: Party) -> str:
    """What somebody could send who knows all of another's buttons, and how they are made."""
    real = decode_payload(chance.choice(victim.data))
    own = decode_payload(chance.choice(thief.data))
    assert real is not None
    assert own is not None
    card, owner = chance.choice(
        [
            (real.card_id, real.owner_id),
            (real.card_id, own.owner_id),  # another's card as one's own
            (own.card_id, real.owner_id),  # one's own card as another's
            (real.card_id + chance.choice((-1, 1, 1000)), real.owner_id),
            (2**62 + chance.randrange(99), own.owner_id),
        ]
    )
    action = chance.choice(
        [real.action, own.action, "do", "undo", "save_all", "forget_all", "share:copy", "export", "open:1"]
    )
    data = encode_payload(Payload(card_id=card, owner_id=owner, action=action))
    match chance.randrange(8):
        case 0:
            return f"{chance.choice('02x')}{data[1:]}"
        case 1:
            return "".join(chance.sample(data, len(data)))
        case 2:
            return data[: chance.randrange(1, len(data))]
        case 3:
            return "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(1, 20)))
        case _:
            return data


def link(chance: random.Random, token: str, victim: Party) -> str:
    """A command with a payload that could be another's."""
    place = chance.randrange(len(token))
    near = f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"
    guesses = (
        *(f"copy-{guess}" for guess in (near, token.swapcase(), token[:-1], chance.randrange(99), "")),
        f"portfolio_{chance.randrange(9)}",
        chance.choice(victim.data).replace(".", "-"),
    )
    return chance.choice([*(f"/start {guess}" for guess in guesses), f"/portfolio {chance.randrange(9)}"])


async def attack(thief: Party, victim: Party, token: str, chance: random.Random) -> Counter[str]:
    """Result: how often each answer to a tap came."""
    said: Counter[str] = Counter()
    for number in range(FORGED - LINKS):
        if number % (FORGED // LINKS - 1) == 0:
            await thief.ask(link(chance, token, victim))
        answer: CallbackAnswer = await thief.person.tap_data(thief.seen[0], forged(chance, thief, victim))
        said[str(answer.text)] += 1
    return said


async def test_two_people_learn_nothing_and_change_nothing(chat: LocalChat, tmp_path: Path) -> None:
    ann = Party(chat.person("Ann"), "avax", ("AVAX", "7,654", "7654"))
    ben = Party(chat.person("Ben"), "link", ("LINK", "3,217", "3217"))
    database = tmp_path / "bot.db"
    async with living(chat, tmp_path) as bot:
        await asyncio.gather(ann.settle_in(bot, "7654"), ben.settle_in(bot, "3217"))
        await asyncio.gather(ann.share(), ben.share())
        kept = {table: rows(database, table) for table in KEPT}
        cards = rows(database, "cards")
        known = {each.person.id: len(each.seen) for each in (ann, ben)}
        [ann_token, ben_token] = [row[0] for row in sorted(kept["shares"], key=lambda row: row[1] != ann.person.id)]
        chance = random.Random(7)
        said = await asyncio.gather(
            attack(ann, ben, ben_token, random.Random(chance.random())),
            attack(ben, ann, ann_token, random.Random(chance.random())),
        )
    assert {table: rows(database, table) for table in KEPT} == kept
    assert cards <= rows(database, "cards")
    for answers in said:
        assert set(answers) <= {*POLITE, OWN_QUIZ}
        assert min(answers[words] for words in POLITE) > 20
    for thief, victim in ((ann, ben), (ben, ann)):
        learnt = " ".join(message.text for message in thief.seen[known[thief.person.id] :])
        assert not [secret for secret in victim.secrets if secret in learnt]
