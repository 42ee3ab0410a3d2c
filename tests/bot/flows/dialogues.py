"""The dialogues of docs/flows: what is typed or tapped, and what the phone shows, word for word.

In a block marked `chat` a line that begins with "> " is the person's; everything up to the next one is what the bot
shows then: "(file) ..." with the name of its file, its text, then a line for each row of buttons, then "(toast) ..."
for the small answer to a tap.

    > long btc            a text               > (tap) Save          a button of the last message
    > /liq btc 64k        a command            > (reply) 10x         a reply to the last message
    > (photo)             something wordless   > (3 h later)         time passes; nothing is shown
    > @bot long btc       behind the bot's name in a group: the list, each offer with its description below it
    > (send) Ladder       the offer whose title begins so is sent    > (tap there) Cross    a button under it

In a block marked `chat group` Ann, an administrator, and Bob are in a group: "> Bob: ..." is Bob's, and
"(on “...”) /liq" replies to a message of somebody else that says so.

A block marked `chat three` is one of somebody who has saved the three positions of `tests/bot/flows/books.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue import Chat
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.elsewhere import elsewhere
from tests.bot.flows.talk import ANN, BOB, Talk

FLOWS = Path(__file__).parents[3] / "docs" / "flows"
_BLOCK = re.compile(r"^```chat( three| group)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ON = re.compile(r"\(on “(.*?)”\) ")
_LATER = re.compile(r"\((\d+) h later\)")


@dataclass(frozen=True)
class Turn:
    """What the person does, and what the bot shows then."""

    input: str
    shown: str


@dataclass(frozen=True)
class Block:
    """A dialogue, and whether its person has saved the three positions, or is in a group."""

    turns: list[Turn]
    three: bool = False
    group: bool = False


def begun(block: Block) -> Talk:
    """A talk of whoever the dialogue is of."""
    if block.group:
        return Talk(chat=Chat(id=-5, kind="supergroup"), leaders=frozenset({ANN.id}))
    return talk_with(THREE) if block.three else Talk()


def blocks(page: Path) -> Iterator[Block]:
    """The dialogues of a page."""
    for kind, block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        parts = (part.partition("\n") for part in re.split(r"^> ", block, flags=re.MULTILINE)[1:])
        yield Block(
            [Turn(head.strip(), shown.strip("\n")) for head, _, shown in parts], kind == " three", kind == " group"
        )


def played(talk: Talk, line: str) -> str:
    """What the bot shows after one line of the person's."""
    later = _LATER.fullmatch(line)
    if later:
        talk.wait(hours=int(later.group(1)))
        return ""
    if line.startswith(("@bot", "(send) ", "(tap there) ")):
        return elsewhere(talk, line)
    by = BOB if line.startswith("Bob: ") else None
    line = line.removeprefix("Bob: ")
    said_on = _ON.match(line)
    line = line[said_on.end() :] if said_on else line
    toasts, before = len(talk.toasts), [(message.id, message.screen) for message in talk.messages]
    if line.startswith("(tap) "):
        talk.tap(line.removeprefix("(tap) "), by=by)
    elif line.startswith("(reply) "):
        talk.say(line.removeprefix("(reply) "), by=by, reply=True)
    elif line.startswith("("):
        talk.attach(line.strip("()"))
    elif line.startswith("/"):
        name, _, arguments = line[1:].partition(" ")
        talk.command(name, arguments, by=by, quoted=said_on[1] if said_on else None)
    else:
        talk.say(line, by=by)
    shown = []
    if [(message.id, message.screen) for message in talk.messages] != before and talk.messages:
        file = talk.last.screen.file
        shown = [f"(file) {file.name}"] if file is not None else []
        shown += [talk.text, *(" ".join(f"[{label}]" for label in row) for row in talk.last.labels)]
    return "\n".join([*shown, *(f"(toast) {toast}" for toast in talk.toasts[toasts:])])
