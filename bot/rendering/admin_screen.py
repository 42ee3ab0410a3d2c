"""What admins read: notices of errors, who is blocked; and what a person reads who asks faster than the limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from bot.dialogue import Screen
from bot.rendering.words import Words

MOST_FAULTS: Final = 10
MOST_BLOCKED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Errors of one kind at one place: an exception's type, "module:line", how many of them and since when (UTC)."""

    kind: str
    place: str
    count: int
    since: datetime


def notice(faults: Sequence[Fault]) -> Markup:
    """What admins are told of errors: the most frequent first, and nothing that anybody wrote."""
    words = Words.of(None)
    total = sum(fault.count for fault in faults)
    since = min(fault.since for fault in faults)
    lines = [words.count("notice.errors", total, since=f"{since:%H:%M}")]
    often = sorted(faults, key=lambda fault: -fault.count)
    lines += [words("notice.fault", kind=f.kind, place=f.place, count=f.count) for f in often[:MOST_FAULTS]]
    if len(often) > MOST_FAULTS:
        lines.append(words("notice.more", places=len(often) - MOST_FAULTS))
    return Markup("\n").join(lines)


def blocked_screen(people: Sequence[int]) -> Screen:
    """Who is blocked."""
    words = Words.of(None)
    if not people:
        return Screen(text=words("admin.nobody"))
    ids = [Markup("<code>{}</code>").format(person) for person in people[:MOST_BLOCKED]]
    return Screen(text=Markup("\n").join([words.count("admin.blocked", len(people)), *ids]))


def admin_screen(key: str, **values: object) -> Screen:
    """One sentence to an admin."""
    return Screen(text=Words.of(None)(key, **values))


def wait_label(language_code: str | None, seconds: float) -> str:
    """What a person is told who asks too fast."""
    return str(Words.of(language_code).count("limit.wait", max(1, math.ceil(seconds))))
