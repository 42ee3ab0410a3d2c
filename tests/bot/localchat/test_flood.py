"""Flood limits: off by default; asked for, they answer as Telegram does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.localchat import FloodLimits, LocalChat
from bot.localchat.flood import Flood
from bot.localchat.refusals import Refusal
from tests.bot.localchat.conftest import TOKEN, Api


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Tried:
    """Calls of bot 1 against limits."""

    def __init__(self, **limits: float) -> None:
        self.clock = Clock()
        self.flood = Flood(FloodLimits(**limits), self.clock)  # type: ignore[arg-type]

    def wait(self, method: str = "sendMessage", chat_id: int | str = 5, **raw: object) -> int:
        """Seconds that the call is told to wait, 0 when it passes."""
        try:
            self.flood.check(1, method, {"chat_id": chat_id, **raw})
        except Refusal as refusal:
            return told(refusal)
        return 0


def told(refusal: Refusal) -> int:
    assert refusal.parameters is not None
    seconds = refusal.parameters["retry_after"]
    assert (refusal.code, refusal.description) == (429, f"Too Many Requests: retry after {seconds}")
    return int(seconds)


def test_a_chat_takes_a_small_burst_and_then_one_a_second() -> None:
    tried = Tried(burst=3)
    assert [tried.wait() for _ in range(4)] == [0, 0, 0, 1]
    assert tried.wait(chat_id=6) == 0  # another chat is free
    tried.clock.now += 2  # over the second's end, a refused call made it one longer
    assert [tried.wait(), tried.wait(), tried.wait()] == [0, 0, 1]


def test_calling_inside_the_wait_lengthens_it_up_to_a_bound() -> None:
    tried = Tried(burst=1, penalty=10, longest=25)
    assert [tried.wait() for _ in range(5)] == [0, 1, 11, 21, 25]
    tried.clock.now += 25
    assert tried.wait() == 0


def test_a_group_takes_twenty_a_minute_and_edits_count_as_sends() -> None:
    tried = Tried(rate=1000, burst=1000, total=1000)
    sent = [tried.wait("sendMessage", -7) for _ in range(10)] + [tried.wait("editMessageText", -7) for _ in range(10)]
    assert sent == [0] * 20
    assert tried.wait("editMessageText", -7) == 3  # 60 s / 20
    assert tried.wait("sendMessage", 5) == 0


def test_all_chats_together_take_thirty_a_second() -> None:
    tried = Tried()
    assert [tried.wait(chat_id=number) for number in range(1, 32)] == [0] * 30 + [1]
    assert tried.wait(chat_id=40) == 1
    tried.clock.now += 1
    assert tried.wait(chat_id=50) == 0


def test_an_album_counts_message_by_message() -> None:
    tried = Tried(burst=3)
    assert tried.wait("sendMediaGroup", media=[{}] * 3) == 0
    assert tried.wait() == 1
    assert tried.wait("copyMessages", 9, message_ids="[1, 2, 3]") == 0
    assert tried.wait("sendMessage", 9) == 1


@pytest.mark.parametrize("method", ["answerCallbackQuery", "sendChatAction", "getMe", "deleteMessage", "getUpdates"])
def test_what_is_free_is_not_counted(method: str) -> None:
    tried = Tried(burst=1)
    assert [tried.wait(method) for _ in range(100)] == [0] * 100
    assert [tried.wait(), tried.wait(method)] == [0, 0]


def test_quiet_chats_are_forgotten() -> None:
    tried = Tried(total=10**6)
    for number in range(1, 12_000):
        tried.wait(chat_id=number)
        tried.clock.now += 0.01
    assert len(tried.flood._buckets) < 11_000


@pytest.mark.parametrize("limits", [{"rate": 0}, {"burst": 0}, {"penalty": -1}, {"longest": 0}])
def test_limits_without_sense_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        FloodLimits(**limits)  # type: ignore[arg-type]


@pytest.fixture
async def strict() -> AsyncIterator[LocalChat]:
    local = LocalChat("127.0.0.1:0", flood=True)
    await local.start()
    yield local
    await local.stop()


async def test_a_bot_sees_the_refusal_over_http(strict: LocalChat, api: Api) -> None:
    strict.bot(TOKEN)
    ann = strict.person("Ann")
    asked = await ann.send("/start")
    api.url = strict.url
    for _ in range(3):
        await api.ok("sendMessage", chat_id=ann.id, text="x")
    answer = await api.call("sendMessage", chat_id=ann.id, text="x")
    assert answer.refusal == (429, "Too Many Requests: retry after 1")
    assert answer.body["parameters"] == {"retry_after": 1}
    await ann.tap_data(asked, "a", wait=False)
    query = (await api.ok("getUpdates"))[-1]["callback_query"]
    await api.ok("answerCallbackQuery", callback_query_id=query["id"])


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        (FloodLimits(rate=100, burst=100, group_minute=2, total=100), 30),  # 60 s / 2
        (FloodLimits(rate=100, burst=100, group_minute=100, total=2), 1),
    ],
)
async def test_the_limits_of_a_group_and_of_all_chats_are_seen_over_http(
    api: Api, limits: FloodLimits, seconds: int
) -> None:
    local = LocalChat("127.0.0.1:0", flood=limits)
    api.url = await local.start()
    group = local.group("Desk", local.person("Ann"), bots=[local.bot(TOKEN)])
    for _ in range(2):
        await api.ok("sendMessage", chat_id=group.id, text="x")
    answer = await api.call("sendMessage", chat_id=group.id, text="x")
    assert answer.refusal == (429, f"Too Many Requests: retry after {seconds}")
    await local.stop()


async def test_without_being_asked_nothing_is_limited(api: Api, ann: object) -> None:
    for _ in range(40):
        await api.ok("sendMessage", chat_id=ann.id, text="x")  # type: ignore[attr-defined]
