"""Who asks too fast is told once and then not heard until the minute is over; who is blocked is not heard at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import Markup

from bot.dialogue import Chat, Commanded, Content, Event, Outcome, Person, Said, Screen, Show, Tapped, Toast
from bot.services import door as room
from bot.services.door import Door

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADMINS = -100
ANSWER = Outcome(show=(Show(screen=Screen(text=Markup("an answer"))),))
ASKED, TAPPED = Said(text="liq?"), Tapped(query_id="q", data="d")


class Talk:
    """Updates of several people at given seconds, through one door."""

    def __init__(self, limit: int = 3) -> None:
        self.blocked: tuple[int, ...] = ()
        self.reads = 0
        self.door = Door(limit=limit, admin_chat=ADMINS, blocked=self.read)
        self.serial = 0

    async def read(self, _bot_id: int) -> tuple[int, ...]:
        self.reads += 1
        return self.blocked

    def event(self, second: float, content: Content = ASKED, person: int = 1, chat: int = 1) -> Event:
        self.serial += 1
        return Event(
            serial=self.serial, time=NOON + timedelta(seconds=second), bot_id=9, chat=Chat(id=chat),
            person=Person(id=person), content=content,
        )  # fmt: skip

    def at(self, second: float, content: Content = ASKED, *, person: int = 1, chat: int = 1) -> str | None:
        """What is shown for an update, "toast: ..." for a toast, None for nothing."""
        event = self.event(second, content, person, chat)
        return said(self.door.turned_away(event) or self.door.answered(event, ANSWER))


def said(outcome: Outcome) -> str | None:
    if outcome.toast:
        return f"toast: {outcome.toast.text}"
    [*shown] = outcome.show
    return str(shown[0].screen.text) if shown and isinstance(shown[0], Show) else None


def test_the_fourth_of_three_is_told_to_wait_and_the_fifth_is_not_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    talk = Talk()
    assert [talk.at(second) for second in (0, 10, 20)] == ["an answer"] * 3
    assert talk.at(21) == "You ask faster than I answer. I go on in 39 seconds."
    assert [talk.at(second) for second in (22, 40, 59.9)] == [None] * 3
    assert talk.at(60) == "an answer"
    assert caplog.messages == ["person 1 in chat 1 asks faster than the limit"]  # whom to block, if it has to be


def test_taps_count_and_every_one_too_many_gets_a_toast() -> None:
    talk = Talk()
    assert [talk.at(0), talk.at(1, TAPPED), talk.at(2, TAPPED)] == ["an answer"] * 3
    assert talk.at(3, TAPPED) == "toast: You ask faster than I answer. I go on in 57 seconds."
    assert talk.at(59, TAPPED) == "toast: You ask faster than I answer. I go on in 1 second."
    assert talk.at(59.5) is None


def test_others_are_not_slowed_and_admins_have_no_limit() -> None:
    talk = Talk()
    for _ in range(9):
        talk.at(0)
    assert talk.at(0, person=2) == "an answer"
    assert [talk.at(0, Commanded(name="blocked"), chat=ADMINS) for _ in range(9)] == ["an answer"] * 9


def test_no_limit_is_no_limit() -> None:
    talk = Talk(limit=0)
    assert [talk.at(0) for _ in range(500)] == ["an answer"] * 500


def test_talk_of_a_group_that_is_not_answered_does_not_count() -> None:
    talk = Talk()
    for _ in range(50):
        event = talk.event(0)
        assert talk.door.turned_away(event) is None
        assert talk.door.answered(event, Outcome()) == Outcome()
    assert talk.at(1) == "an answer"


def test_an_update_that_is_decided_again_counts_once() -> None:
    talk = Talk()
    event = talk.event(0)
    for _ in range(9):
        assert talk.door.turned_away(event) is None
        assert talk.door.answered(event, ANSWER) == ANSWER
    assert [talk.at(second) for second in (1, 2)] == ["an answer"] * 2
    over = talk.event(3)
    for _ in range(2):
        assert talk.door.turned_away(over) is None
        assert said(talk.door.answered(over, ANSWER)) == "You ask faster than I answer. I go on in 57 seconds."


def test_nothing_of_what_was_asked_too_fast_is_done() -> None:
    talk = Talk(limit=1)
    talk.at(0)
    outcome = talk.door.answered(talk.event(1), replace(ANSWER, toast=Toast(text="saved")))
    assert (outcome.changes, outcome.toast) == ((), None)


def test_only_so_many_people_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_REMEMBERED", 2)
    talk = Talk(limit=1)
    for person in (1, 2, 3):
        assert talk.at(0, person=person) == "an answer"
    assert talk.at(1, person=1) == "an answer"  # the longest unheard was let go
    assert talk.at(1, person=3) == "You ask faster than I answer. I go on in 59 seconds."


async def test_who_is_blocked_is_read_once_in_a_while_and_not_by_the_update(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk()
    talk.blocked = (1,)
    assert [await talk.door.blocks(talk.event(0, person=person)) for person in (1, 2, 1, 1)] == [
        True,
        False,
        True,
        True,
    ]
    assert talk.reads == 1
    talk.blocked = ()
    monkeypatch.setattr(room, "REFRESHED", 0.0)
    assert not await talk.door.blocks(talk.event(0))
    assert talk.reads == 2


async def test_while_it_cannot_be_read_what_was_read_last_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_bot_id: int) -> tuple[int, ...]:
        raise OSError

    talk = Talk()
    talk.blocked = (1,)
    assert await talk.door.blocks(talk.event(0))
    monkeypatch.setattr(room, "REFRESHED", 0.0)
    monkeypatch.setattr(talk.door, "_read", broken)
    assert await talk.door.blocks(talk.event(0))


def test_a_clock_that_was_ahead_silences_nobody() -> None:
    talk = Talk()
    assert [talk.at(3600) for _ in range(3)] == ["an answer"] * 3
    assert talk.at(3600) == "You ask faster than I answer. I go on in 60 seconds."
    assert [talk.at(second) for second in (1, 2, 3)] == ["an answer"] * 3  # it has been set back by an hour


def test_anonymous_administrators_are_counted_by_their_group() -> None:
    talk = Talk()
    for group in (-1, -2):
        assert [talk.at(0, person=1087968824, chat=group) for _ in range(3)] == ["an answer"] * 3
        assert talk.at(0, person=1087968824, chat=group) == "You ask faster than I answer. I go on in 60 seconds."
