"""Whose letter leaves next in a group, and which leave as one message.

Members are served in turn: a letter stands behind as many letters of each other member as its own writer has waiting
before it, so somebody who asks twenty times at once delays the others by one message. When many wait, the next answers
leave together: a line for each member, with a button that opens the whole answer in private. Of several answers to one
member it is the newest, and how many there were besides. What lives by its buttons leaves as a message of its own.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, Final

from bot.storage.outbox import Letter

MOST_APART: Final = 4
"""As many waiting letters leave one by one, which at 15 a minute takes a quarter of a minute; more leave together."""
MOST_TOGETHER: Final = 9
"""Members whose answers leave as one message."""
PER_ROW: Final = 3


def enter(queue: deque[Letter], letter: Letter) -> None:
    """Puts a letter where its turn is. The first of the queue is on its way already."""
    mine = [place for place, each in enumerate(queue) if _asker(each) == _asker(letter)]
    earliest = max(mine[-1] + 1 if mine else 0, 1)
    turns: Counter[Any] = Counter()
    for place, each in enumerate(queue):
        if place >= earliest and turns[_asker(each)] > len(mine):
            queue.insert(place, letter)
            return
        turns[_asker(each)] += 1
    queue.append(letter)


def together(queue: deque[Letter]) -> list[Letter]:
    """The letters that leave with the first one as one message; empty when it leaves alone."""
    if len(queue) <= MOST_APART or "line" not in queue[0].payload:
        return []
    found: list[Letter] = []
    members: set[Any] = set()
    apart: set[Any] = set()  # whose next letter cannot leave with the others, and so no later one
    for each in queue:
        fits = "line" in each.payload and each.payload.get("topic") == queue[0].payload.get("topic")
        room = _asker(each) in members or len(members) < MOST_TOGETHER
        if fits and each.kind == "send" and room and _asker(each) not in apart:
            found.append(each)
            members.add(_asker(each))
        else:
            apart.add(_asker(each))
    return found if len(found) > 1 else []


def combined(letters: list[Letter]) -> Letter:
    """One message that says what those letters say: a line and a button for each member."""
    first, newest = letters[0], {_asker(each): each.payload for each in letters}
    waiting = Counter(_asker(each) for each in letters)
    text = "\n".join(_line(payload, waiting[asker] - 1) for asker, payload in newest.items())
    buttons = [payload["way"] for payload in newest.values()]
    rows = [buttons[start : start + PER_ROW] for start in range(0, len(buttons), PER_ROW)]
    payload: dict[str, Any] = {"text": text, "buttons": rows}
    if first.payload.get("topic") is not None:
        payload["thread"] = first.payload["topic"]
    return Letter(id=first.id, bot_id=first.bot_id, chat_id=first.chat_id, kind="send", payload=payload)


def _line(payload: Mapping[str, Any], others: int) -> str:
    more: str = payload["more"].format(number=others) if others else ""
    return " ".join(filter(None, (payload["line"], more)))


def _asker(letter: Letter) -> Any:
    return letter.payload.get("asker")
