"""Commands of the admin chat: who gets no answers.

    /block 123        that person's updates are done without an answer, in all chats
    /unblock 123      they get answers again
    /blocked          who is blocked

Whoever may write in the admin chat may use them. Everywhere else they are commands that the bot does not know.
"""

from __future__ import annotations

from typing import Final

from bot.dialogue import Change, Commanded, Event, Outcome, Screen, Show
from bot.rendering.admin_screen import admin_screen, blocked_screen
from bot.storage.blocked import Block, Unblock

COMMANDS: Final = ("block", "unblock", "blocked")


def takes(event: Event, admin_chat: int | None) -> bool:
    """Whether an event is for this conversation."""
    asked = event.content
    return isinstance(asked, Commanded) and asked.name in COMMANDS and event.chat.id == admin_chat and not event.edited


def commanded(event: Event, blocked: tuple[int, ...]) -> Outcome:
    """What an admin's command leads to; `blocked` are the ids of those who are."""
    assert isinstance(event.content, Commanded)
    name = event.content.name
    if name == "blocked":
        return _said(blocked_screen(blocked))
    person = _person(event.content.arguments)
    if person is None:
        return _said(admin_screen("admin.which", command=name))
    if person == event.person.id and name == "block":
        return _said(admin_screen("admin.yourself"))
    if (person in blocked) == (name == "block"):
        return _said(admin_screen("admin.was_blocked" if name == "block" else "admin.not_blocked", person=person))
    if name == "block":
        return _said(admin_screen("admin.is_blocked", person=person), Block(bot_id=event.bot_id, person_id=person))
    return _said(admin_screen("admin.unblocked", person=person), Unblock(bot_id=event.bot_id, person_id=person))


def _person(text: str) -> int | None:
    digits = text.strip()
    found = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else 0
    return found if 0 < found < 2**63 else None


def _said(screen: Screen, *changes: Change) -> Outcome:
    return Outcome(show=(Show(screen=screen),), changes=changes)
