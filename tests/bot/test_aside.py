"""The process beside the bot: the loop goes on meanwhile, and turns come one after the other with a pause between."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from itertools import pairwise
from pathlib import Path

import pytest
from anyio import BrokenWorkerProcess

from bot.aside import CROWD, Aside


async def test_work_is_done_in_a_process_of_its_own_that_is_kept() -> None:
    aside = Aside()
    first = await aside.run(os.getpid)
    assert first != os.getpid()
    assert await aside.run(os.getpid) == first


async def test_work_that_gives_way_leaves_the_niceness_of_the_bot_alone() -> None:
    own = os.nice(0)
    assert await Aside().run(os.nice, 0) == min(19, own + 10)
    assert os.nice(0) == own


async def test_the_loop_goes_on_while_work_is_done_aside(tmp_path: Path) -> None:
    aside, said = Aside(), tmp_path / "said"
    await aside.run(os.getpid)
    asyncio.get_running_loop().call_later(0.05, said.touch)  # which never comes when the loop is held up
    assert await aside.run(exists_soon, said)


def exists_soon(path: Path) -> bool:
    until = time.monotonic() + 10
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return path.exists()


async def test_a_process_that_died_is_started_anew() -> None:
    aside = Aside()
    os.kill(await aside.run(os.getpid), signal.SIGKILL)
    assert await aside.run(abs, -1) == 1


async def test_what_kills_the_process_in_the_middle_is_tried_once_more(tmp_path: Path) -> None:
    assert await Aside().run(die_the_first_time, tmp_path / "died") == "done"
    with pytest.raises(BrokenWorkerProcess):
        await Aside().run(os._exit, 1)


def die_the_first_time(died: Path) -> str:
    if not died.exists():
        died.touch()
        os._exit(1)
    return "done"


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


async def test_work_that_fails_says_so_with_the_place_and_gives_its_turn_on() -> None:
    aside = Aside(pause=0)
    with pytest.raises(ZeroDivisionError) as failed:
        async with aside.turn():
            await aside.run(divmod, 1, 0)
    assert "in _done" in failed.value.__notes__[0]
    async with aside.turn():
        assert await aside.run(abs, -1) == 1
