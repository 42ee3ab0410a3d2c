"""Whose letter leaves next in a group: members in turn, each member's in order, many together."""

from collections import deque
from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.outbox import Kind, Letter
from bot.transport.turns import MOST_APART, MOST_TOGETHER, combined, enter, together

FLOODER, BEN = 1, 2


def letter(number: int, asker: int, kind: Kind = "send", **payload: Any) -> Letter:
    line = {
        "line": f"line {number}",
        "way": {"text": f"A{asker}", "url": f"https://t.me/b?start=card_{number}"},
        "more": "(+{number} more)",
    }
    said = {"asker": asker, **(line if kind == "send" else {}), **payload}
    return Letter(id=number, bot_id=1, chat_id=-5, kind=kind, payload=said)


def queue_of(*askers: int) -> deque[Letter]:
    queue: deque[Letter] = deque()
    for number, asker in enumerate(askers):
        enter(queue, letter(number, asker))
    return queue


def test_somebody_who_asks_twenty_times_delays_another_by_one_message() -> None:
    queue = queue_of(*[FLOODER] * 20, BEN)
    assert [each.payload["asker"] for each in queue][:3] == [FLOODER, BEN, FLOODER]


def test_the_first_letter_is_on_its_way_and_keeps_its_place() -> None:
    queue = queue_of(FLOODER, FLOODER)
    queue.popleft()
    enter(queue, letter(9, BEN))
    assert [each.id for each in queue] == [1, 9]


@given(st.lists(st.integers(1, 5), max_size=40), st.lists(st.booleans(), max_size=40))
def test_every_members_letters_stay_in_order_and_none_is_lost(askers: list[int], sent: list[bool]) -> None:
    numbers, queue, out = count(), deque[Letter](), []
    for asker, one_leaves in zip(askers, [*sent, *[False] * len(askers)], strict=False):
        enter(queue, letter(next(numbers), asker))
        if one_leaves:
            out.append(queue.popleft())
    out += queue
    assert len(out) == len(askers)
    for asker in set(askers):
        mine = [each.id for each in out if each.payload["asker"] == asker]
        assert mine == sorted(mine)


def test_few_letters_leave_one_by_one_and_many_together() -> None:
    assert together(queue_of(*range(MOST_APART))) == []
    many = together(queue_of(*range(20)))
    assert [each.id for each in many] == list(range(MOST_TOGETHER))
    message = combined(many)
    assert message.payload["text"] == "\n".join(f"line {number}" for number in range(MOST_TOGETHER))
    assert [len(row) for row in message.payload["buttons"]] == [3, 3, 3]


def test_letters_of_another_topic_and_those_behind_an_edit_leave_apart() -> None:
    queue = deque([letter(0, 1), letter(1, 2, topic=7), letter(2, 3, "edit"), letter(3, 3), letter(4, 4), letter(5, 5)])
    assert [each.id for each in together(queue)] == [0, 4, 5]


def test_several_answers_to_one_member_are_one_line_with_the_newest_and_how_many_more() -> None:
    queue = deque([letter(0, FLOODER), letter(1, FLOODER), letter(2, BEN), letter(3, FLOODER), letter(4, 5)])
    many = together(queue)
    message = combined(many)
    assert [each.id for each in many] == [0, 1, 2, 3, 4]
    assert message.payload["text"] == "line 3 (+2 more)\nline 2\nline 4"
    assert [button["text"] for row in message.payload["buttons"] for button in row] == ["A1", "A2", "A5"]


def test_what_has_no_line_leaves_alone() -> None:
    queue = deque(replace(each, payload={"asker": each.payload["asker"]}) for each in queue_of(*range(6)))
    assert together(queue) == []
