"""An answer as a group gets it: at most three lines and four buttons, the rest by a link to the private chat.

1. The verdict, as it is; with a question or assumptions below it at most two lines of it.
2. The question, where one is open: it is what comes next.
3. What the answer is about, and the names of what was assumed besides the usual.

Tables, further paragraphs, and buttons that open pages with more of either are for the private chat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup, escape

from bot.dialogue import Button, Link, Screen, Tap
from bot.rendering.check_buttons import in_rows, shortened
from bot.rendering.verdict import Tongue
from bot.rendering.words import Words

MOST_LINES: Final = 3
MOST_BUTTONS: Final = 4
PER_ROW: Final = 3
LONGEST_LABEL: Final = 19
NARROW: Final = 8
"""Letters of a label that fit a third of a group's bubble."""
LONGEST_LINE: Final = 240
"""Letters after which a line is cut: six lines of a phone."""

KEPT: Final[Mapping[str, frozenset[str]]] = {
    "check": frozenset({"set", "pick", "whatif", "compare", "act"}),
    "whatif": frozenset({"set", "move:-10", "move:10", "compare"}),
    "compare": frozenset({"set", "whatif"}),
    "act": frozenset({"set", "goal", "whatif"}),
    "size": frozenset({"plan", "whatif", "compare"}),
    "explain": frozenset({"set", "know"}),
    "quiz": frozenset({"yes", "no", "back", "verdict", "on", "again"}),
}
"""By conversation: the actions whose buttons stay, in the order in which they stand on the card."""

_SHORT: Final = 2
"""Lines of a paragraph that says what the answer is about; a longer one is a list."""

_TABLE: Final = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_TABLE_STOOD: Final = "\0"
_FOLD: Final = re.compile(r"</?blockquote[^>]*>")


def in_group(screen: Screen, tongue: Tongue, *, flow: str, url: str) -> Screen:
    """The screen of a card of that conversation, as short as a group wants it; url: where all of it is."""
    taps = [each for row in screen.buttons for each in row if _stays(each, flow)]
    room = MOST_BUTTONS - 1 if url else MOST_BUTTONS
    buttons: list[Button] = [_labelled(each) for each in taps[:room]]
    narrow = len(buttons) < MOST_BUTTONS and all(len(each.label) <= NARROW for each in buttons)
    rows = in_rows(buttons, PER_ROW if narrow else 2)
    if url:
        link = Link(label=tongue.words.label("button.in_private"), url=url)
        rows = [*rows[:-1], (*rows[-1], link)] if rows and len(rows[-1]) < PER_ROW - 1 else [*rows, (link,)]
    return replace(screen, text=short_text(screen, tongue), buttons=tuple(rows), picture=None)


def _stays(button: Button, flow: str) -> bool:
    kept = KEPT.get(flow, frozenset())
    return not isinstance(button, Tap) or bool(kept & {button.action, button.action.partition(":")[0]})


def _labelled(button: Button) -> Button:
    return replace(button, label=shortened(button.label, LONGEST_LABEL))


def short_text(screen: Screen, tongue: Tongue) -> Markup:
    """The three lines of an answer."""
    text = str(screen.text).partition(screen.assumed.text)[0] if screen.assumed else str(screen.text)
    text = _FOLD.sub("", _TABLE.sub(_TABLE_STOOD, text))
    parts = [part for part in re.split(r"\n\s*\n", text) if part.strip() and _TABLE_STOOD not in part]
    paragraphs = [part.strip("\n").split("\n") for part in parts]
    question = str(screen.question).split("\n")[-1] if screen.question else ""
    head, *rest = [part for part in paragraphs if not question or question not in part] or [[]]
    if not screen.assumed and not question and not screen.subject:
        return _joined(_cut([line for part in (head, *rest) for line in part], MOST_LINES))
    name, remark = _named(screen, rest)
    name = "" if Markup("\n".join(head)).striptags() == Markup(name).striptags() else name
    about = _about(name, screen.assumed.names if screen.assumed else (), tongue)
    mark = str(tongue.words("group.partly")) if screen.partly else ""
    remark = [] if question or mark or len(head) != 1 else remark
    tail = [line for line in (*remark, question, " ".join(filter(None, (about, mark)))) if line]
    return _joined([*_cut(head, MOST_LINES - len(tail)), *tail])


def _named(screen: Screen, rest: list[list[str]]) -> tuple[str, list[str]]:
    """What the answer is about, and a remark of one line that stands before it."""
    if screen.subject:
        first = rest[0] if rest and len(rest[0]) == 1 and rest[0][0] != screen.subject else []
        return str(screen.subject), first
    names = [part[0] for part in rest[:2] if len(part) <= _SHORT]
    remark = names[:1] if len(names) > 1 and len(rest[1]) == 1 else []
    return (names[len(remark)] if names else ""), remark


def _about(name: str, names: Sequence[Markup], tongue: Tongue) -> str:
    """ "Long 0.5 BTC at 64,000, 20x. Assumed: wallet.", as far as there is either."""
    assumed = f"{tongue.words('check.assumed')} {', '.join(names)}" if names else ""
    parts = [part for part in (name.rstrip("."), assumed) if part]
    return ". ".join(parts) + ("." if parts else "")


def _cut(lines: list[str], most: int) -> list[str]:
    """The first lines; that some are left out is said by the last one's end."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]


def _joined(lines: list[str]) -> Markup:
    return Markup("\n").join(_whole(line.strip()) for line in lines)


def _whole(line: str) -> Markup:
    """A line as HTML that closes what it opens, and not too long: cut, it loses its formatting."""
    plain = Markup(line).striptags() if len(line) <= LONGEST_LINE else Markup(line).unescape()
    if len(plain) > LONGEST_LINE:
        return Markup(escape(shortened(re.sub(r"<[^>]*>", "", plain), LONGEST_LINE)))
    balanced = all(line.count(f"<{tag}>") == line.count(f"</{tag}>") for tag in ("b", "i", "code", "u", "s"))
    return Markup(line) if balanced else Markup(escape(plain))


def is_said_in_a_line(screen: Screen) -> bool:
    """Whether an answer can be one line among others: of a trade, with a number, and with a link to the rest of it."""
    linked = any(isinstance(each, Link) for row in screen.buttons for each in row)
    first = Markup(str(screen.text).split("\n", 1)[0]).striptags()
    return linked and bool(screen.subject) and screen.picture is None and any(map(str.isdigit, first))


def line_of(name: str, person_id: int, screen: Screen) -> Markup:
    """An answer as one line among others: who asked, who is told of it by that, the trade, and what becomes of it, in
    the second mode too where there is room."""
    verdict, *more = (_whole(line) for line in str(screen.text).split("\n"))
    about = [] if screen.subject is None else [Markup("{}.").format(screen.subject.rstrip("."))]
    second = more[:1] if len(more) == MOST_LINES - 1 and not screen.question else []
    fitting = ([*about, verdict, *second], [*about, verdict])
    said = next((parts for parts in fitting if _letters(parts) <= LONGEST_LINE), [verdict])
    return Markup('<a href="tg://user?id={}">{}</a>: {}').format(person_id, name or "…", Markup(" ").join(said))


def _letters(parts: list[Markup]) -> int:
    return sum(len(part.striptags()) + 1 for part in parts)


def more_of(words: Words) -> str:
    """What stands behind a line for those of the same person that are left out; {number} is how many."""
    return words.label("group.more")
