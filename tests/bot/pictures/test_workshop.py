"""The warm process: cached, superseded, refused, killed, started anew, closed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from bot.pictures.specs import PictureSpec, ShareSpec
from bot.pictures.workshop import NotDrawn, Superseded, Workshop
from tests.bot.pictures.books import pictures

HANGING = (sys.executable, "-c", "import sys, time\nfor line in sys.stdin:\n    time.sleep(60)")
DYING = (sys.executable, "-c", "import sys\nsys.stdin.readline()")


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    shop = Workshop()
    yield shop
    await shop.close()


def card(number: int) -> PictureSpec:
    return ShareSpec(title="A title", verdict=f"Verdict {number}")


async def test_equal_specs_are_drawn_once(workshop: Workshop) -> None:
    one = await workshop.draw(card(1))
    again, also = await asyncio.gather(workshop.draw(card(1)), workshop.draw(card(1)))
    assert one.width == 1080
    assert again.png == also.png == one.png
    assert workshop.counts.drawn == 1
    assert workshop.counts.from_cache == 2


async def test_two_who_ask_at_once_for_the_same_share_one_drawing(workshop: Workshop) -> None:
    one, other = await asyncio.gather(workshop.draw(card(1), card="a"), workshop.draw(card(1), card="b"))
    assert one == other
    assert workshop.counts.drawn == 1


async def test_a_newer_question_of_the_same_card_ends_the_older_one(workshop: Workshop) -> None:
    older = asyncio.create_task(workshop.draw(card(1), card=7))
    other = asyncio.create_task(workshop.draw(card(2), card=8))
    await asyncio.sleep(0)
    newer = await workshop.draw(card(3), card=7)
    with pytest.raises(Superseded):
        await older
    assert (await other).png != newer.png
    assert workshop.counts.superseded == 1


async def test_a_spec_that_cannot_be_drawn_is_a_fault_with_facts_and_the_next_one_is_drawn(workshop: Workshop) -> None:
    market = pictures()["market-single"]
    broken = market.model_copy(update={"lines": ()})
    with pytest.raises(NotDrawn) as fault:
        await workshop.draw(broken)
    assert fault.value.why == "refused"
    assert "ValidationError" in fault.value.detail
    assert (await workshop.draw(market)).height == 1350
    assert workshop.counts.faults == {"refused": 1}


async def test_a_killed_process_is_started_anew(workshop: Workshop) -> None:
    await workshop.draw(card(1))
    assert workshop._process is not None
    os.kill(workshop._process.pid, signal.SIGKILL)
    assert (await workshop.draw(card(2))).width == 1080
    assert workshop.counts.restarts == 1


async def test_a_process_that_dies_each_time_is_given_up_after_two_tries() -> None:
    shop = Workshop(command=DYING)
    with pytest.raises(NotDrawn) as fault:
        await shop.draw(card(1))
    assert fault.value.why == "lost"
    assert shop.counts.faults == {"lost": 1}
    await shop.close()


async def test_a_process_that_hangs_is_given_up_in_time() -> None:
    shop = Workshop(command=HANGING, time_limit=0.3)
    with pytest.raises(NotDrawn, match="lost"):
        await shop.draw(card(1))
    await shop.close()


async def test_too_many_at_once_are_refused_at_once() -> None:
    shop = Workshop(command=HANGING, most_waiting=2)
    waiting = [asyncio.create_task(shop.draw(card(number))) for number in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(NotDrawn) as fault:
        await shop.draw(card(2))
    assert fault.value.why == "busy"
    await shop.close()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [getattr(end, "why", "") for end in ends] == ["closed", "closed"]


async def test_a_closed_workshop_leaves_no_process_and_draws_no_more(workshop: Workshop) -> None:
    await workshop.warm()
    process = workshop._process
    assert process is not None
    await workshop.close()
    assert process.returncode is not None
    with pytest.raises(NotDrawn, match="closed"):
        await workshop.draw(card(1))
