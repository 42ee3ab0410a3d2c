"""Pictures: how long a warm drawing takes, what memory it holds, and what it does to the texts beside it.

    python -m benchmarks.pictures [--pictures 1000] [--rounds 4]

The texts' delay is measured in one run on one bot: rounds in which twenty people ask for a picture at once alternate
with rounds in which nobody does.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks import local_chat
from benchmarks.answers import OUR_TOKEN, OURS, process
from bot.localchat import LocalChat, PersonView
from bot.pictures.specs import PictureSpec
from bot.pictures.workshop import Workshop
from bot.services.picturing import SPANS
from margin_engine import Book, MarginMode, Position, Side, in_mode
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

PICTURES = 60
ROUNDS = 4
AT_ONCE = 20
TEXTS = 100
SPACING = 0.05
"""Seconds between two texts: with the pictures about what Telegram lets a bot send."""
QUESTION = "long 0.5 btc {}k 20x iso, wallet 10k, liq?"
ACCOUNT = "long 0.{} btc 64k 20x, short 5 eth 3200 10x, wallet 1{}k"


async def main(pictures: int = PICTURES, rounds: int = ROUNDS) -> None:
    await drawing(pictures)
    await delays(rounds)


# --- Drawing -------------------------------------------------------------------------------------------------------


def specs() -> Iterator[PictureSpec]:
    """Pictures of every kind but the card, each of another book."""
    number = 0
    while True:
        number += 1
        positions = tuple(
            Position(
                id=symbol, symbol=symbol, side=side, quantity=quantity * (1 + Decimal(number) / 1000),
                entry_price=price, leverage=Decimal(10), margin_mode=MarginMode.CROSS,
            )
            for symbol, side, quantity, price in (
                ("BTCUSDT", Side.LONG, Decimal("0.5"), Decimal(64000)),
                ("ETHUSDT", Side.SHORT, Decimal(5), Decimal(3200)),
                ("SOLUSDT", Side.LONG, Decimal(100), Decimal(150)),
            )
        )  # fmt: skip
        cross = Book(wallet={"USDT": Decimal(10000)}, positions=positions)
        yield market_spec({"cross": cross, "isolated": in_mode(cross, MarginMode.ISOLATED)}, span=SPANS[1])
        yield ladder_spec(cross, mode="cross", span=SPANS[2])
        yield distances_spec(cross, mode="cross")
        yield two_coins_spec(cross, mode="cross", across="BTCUSDT", up="ETHUSDT", span=SPANS[2])


async def drawing(count: int) -> None:
    """Draws one picture after the other, none of them twice."""
    shop = Workshop()
    supply = specs()
    started = time.perf_counter()
    await shop.draw(next(supply))
    cold = time.perf_counter() - started
    taken, sizes, memory = [], [], []
    for _ in range(count):
        spec = next(supply)
        started = time.perf_counter()
        picture = await shop.draw(spec)
        taken.append(time.perf_counter() - started)
        sizes.append(len(picture.png))
        memory.append(shop.memory)
    await shop.close()
    early = memory[max(0, len(memory) // 10 - 1)]
    print(f"pictures: first {cold * 1000:.0f} ms (with the start of the process), then {count} warm: "
          f"median {statistics.median(taken) * 1000:.0f} ms, p90 {percentile(taken, 90) * 1000:.0f} ms (aim: 200); "
          f"{statistics.mean(sizes) / 1024:.0f} KiB each")  # fmt: skip
    print(f"pictures: memory of the process after a tenth of them {early / 2**20:.0f} MiB, after all "
          f"{memory[-1] / 2**20:.0f} MiB (aim: no growth)")  # fmt: skip


def percentile(values: list[float], share: int) -> float:
    """The value below which `share` percent of them are."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


# --- Texts beside it -----------------------------------------------------------------------------------------------


async def delays(rounds: int) -> None:
    """The delay of texts while twenty pictures are asked for at once, and while none is."""
    chat = LocalChat("127.0.0.1:0", flood=local_chat.NO_LIMIT)
    root = await chat.start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "MARGINBOT_TOKEN": OUR_TOKEN,
            "MARGINBOT_API_URL": root,
            "MARGINBOT_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}",
            "MARGINBOT_PACING": "off",
        }
        found: dict[bool, list[list[float]]] = {False: [], True: []}
        shown: list[float] = []
        async with process(OURS, environment):
            await a_round(chat, 0, drawn=True)  # warms up bot and drawing process
            for number in range(1, rounds + 1):
                for drawn in (False, True):
                    texts, last = await a_round(chat, 2 * number + drawn, drawn=drawn)
                    found[drawn].append(texts)
                    shown += [last] if drawn else []
    await chat.stop()
    report(found, shown)


def report(found: dict[bool, list[list[float]]], shown: list[float]) -> None:
    """Over all rounds, and each round beside the one before it, because shared machines drift."""
    every = {drawn: [delay for texts in rounds for delay in texts] for drawn, rounds in found.items()}
    for drawn, name in ((False, "alone"), (True, f"beside {AT_ONCE} pictures")):
        texts = every[drawn]
        print(
            f"texts {name}: median {statistics.median(texts) * 1000:.1f} ms, p99 {percentile(texts, 99) * 1000:.1f} ms"
        )
    ratio = percentile(every[True], 99) / percentile(every[False], 99)
    rounds = [
        percentile(beside, 99) / percentile(alone, 99) for alone, beside in zip(found[False], found[True], strict=True)
    ]
    print(f"p99 of texts beside pictures / alone: {ratio:.2f} (aim: at most 1.5); round by round: median "
          f"{statistics.median(rounds):.2f} (min {min(rounds):.2f}, max {max(rounds):.2f}); "
          f"text and {AT_ONCE} pictures were there after {statistics.median(shown):.1f} s")  # fmt: skip


async def a_round(chat: LocalChat, number: int, *, drawn: bool) -> tuple[list[float], float]:
    """The delays of a hundred texts, and the seconds until the last picture was there."""
    bot = chat.bot(OUR_TOKEN)
    painters = [chat.person(f"Painter {number} {each}") for each in range(AT_ONCE)] if drawn else []
    cards = []
    for each, painter in enumerate(painters):
        await painter.send(ACCOUNT.format(100 + each, number), bot=bot)
        cards.append(await painter.next(timeout=20))
    people = [chat.person(f"Person {each}") for each in range(TEXTS)]
    started = time.perf_counter()
    asking = [asyncio.create_task(painter.tap(card, "Picture")) for painter, card in zip(painters, cards, strict=True)]
    texts = []
    for each, person in enumerate(people):
        texts.append(asyncio.create_task(asked(person, QUESTION.format(60 + each % 9), chat)))
        await asyncio.sleep(SPACING)
    delays = await asyncio.gather(*texts)
    await asyncio.gather(*asking)
    for painter in painters:
        await painter.wait_for(lambda message: message.photo is not None, timeout=60)
    return list(delays), time.perf_counter() - started


async def asked(person: PersonView, question: str, chat: LocalChat) -> float:
    """The seconds from a question to its answer."""
    started = time.perf_counter()
    await person.send(question, bot=chat.bot(OUR_TOKEN))
    await person.next(timeout=30)
    return time.perf_counter() - started


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=int, default=PICTURES)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    asyncio.run(main(chosen.pictures, chosen.rounds))
