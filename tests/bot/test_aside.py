"""The place beside the loop: the loop goes on meanwhile, and turns come one after the other with a pause between."""

from __future__ import annotations

import asyncio
import threading
from itertools import pairwise

import pytest

from bot.aside import CROWD, Aside


async def test_the_loop_goes_on_while_work_is_done_aside() -> None:
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def work() -> bool:
        loop.call_soon_threadsafe(begun.set)
        return go_on.wait(10)

    working = asyncio.create_task(Aside().run(work))
    await begun.wait()
    go_on.set()  # the loop had its turn while the work was under way
    assert await working


async def test_one_turn_begins_a_pause_after_the_end_of_the_one_before() -> None:
    aside, clock, times = Aside(pause=0.05), asyncio.get_running_loop().time, list[tuple[float, float]]()

    async def take() -> None:
        async with aside.turn():
            began = clock()
            await asyncio.sleep(0.01)
            times.append((began, clock()))

    await asyncio.gather(*(take() for _ in range(3)))
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(times)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.049  # clocks of loops have a granularity


async def test_a_crowd_does_not_wait_for_pauses() -> None:
    aside, third = Aside(pause=60), asyncio.Event()
    taken: list[int] = []

    async def take(number: int) -> None:
        async with aside.turn():
            await asyncio.sleep(0)  # the others come meanwhile
            taken.append(number)
            if number == 2:
                third.set()

    crowd = [asyncio.create_task(take(number)) for number in range(CROWD + 3)]
    async with asyncio.timeout(20):
        await third.wait()  # the first two left more than a crowd behind them
    await asyncio.sleep(0.05)
    assert taken == [0, 1, 2]
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


async def test_work_that_fails_says_so_and_gives_its_turn_on() -> None:
    aside = Aside(pause=0)
    with pytest.raises(ZeroDivisionError):
        async with aside.turn():
            await aside.run(lambda: 1 // 0)
    async with aside.turn():
        assert await aside.run(lambda: 1) == 1
