"""`marginbot ask`: one message answered on the terminal by the same flows; nothing is sent and nothing is saved."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.dialogue import Card, Chat, Commanded, Drawing, Event, Outcome, Person, Said, Screen, Show
from bot.flows.conversations import FLOWS
from bot.flows.desk import decide
from bot.flows.flow import Told
from bot.flows.picture import opened
from bot.flows.start import tongue_of
from bot.rendering.plain import plain_text
from bot.rendering.portfolio_screen import portfolio_screen
from bot.services.account_view import look_at
from bot.services.accounts import portfolio_of, with_marks
from bot.services.equity import with_moving_collateral
from bot.services.facts import Facts
from bot.services.results import account_results
from bot.services.saved import coins_held
from bot.storage.portfolios import Mark, Portfolio, SavePortfolio, StoredPortfolio
from bot.understanding.readings import Context, Reading, parsed_json
from bot.understanding.trace import trace
from bot.understanding.understand import public_kind, understand
from margin_engine import Book, EngineError, evaluate, read_book

ANSWERED: Final = 0
REFUSED: Final = 2
TEXT_LIMIT: Final = 4096
"""Characters of one message, as in Telegram."""


def main(*, text: str | None, book: str | None, as_json: bool, traced: bool = False, picture: str | None = None) -> int:
    """Answers `text`, or every line of standard input where `text` is None (then as JSON).

    Arguments: book, the path of a book in the engine's form, the "current" account; picture, where to write the PNG of
    the answer. Result: the exit code; 2 when the book was refused, or there is no picture, with one line on stderr.
    """
    try:
        account = _read_account(book)
    except (EngineError, OSError) as error:
        reason = f"{book}: {error.strerror or error}" if isinstance(error, OSError) else f"{book}: {error}"
        print(reason, file=sys.stderr)
        return REFUSED
    if text is None:
        for line in sys.stdin:
            print(_written(answer_line(line, account, traced=traced)), flush=True)
        return ANSWERED
    answer = answer_one(text, account, traced=traced)
    print(_written(answer) if as_json else answer["reply"])
    return ANSWERED if picture is None else _draw(text, account, Path(picture))


def _draw(text: str, account: Book | None, path: Path) -> int:
    """Writes the picture of the answer, as its "Picture" button would draw it."""
    from bot.pictures.drawing import draw  # matplotlib takes half a second to start, and few ask for it
    from bot.pictures.specs import spec_of

    drawing = picture_of(text, account)
    if drawing is None:
        print("ask: there is nothing to draw in this answer", file=sys.stderr)
        return REFUSED
    try:
        path.write_bytes(draw(spec_of(drawing.spec)).png)
    except OSError as error:
        print(f"ask: --picture: {error.strerror}: {path}", file=sys.stderr)
        return REFUSED
    return ANSWERED


def picture_of(text: str, book: Book | None = None, *, now: datetime | None = None) -> Drawing | None:
    """What the "Picture" button under the answer to `text` would draw; None where there is nothing to draw."""
    event, facts, _, card = _decided(text, book, now or datetime.now(UTC))
    flow = FLOWS.get(card.flow) if card is not None else None
    basis = flow.basis(card) if card is not None and flow is not None else None
    shown = opened(event, basis, facts).show
    return next((show.screen.picture for show in shown if isinstance(show, Show)), None)


def _decided(text: str, book: Book | None, now: datetime) -> tuple[Event, Facts, Outcome, Card | None]:
    """The message as an event, what is known, what the flows answer, and the card of the answer, if it has one."""
    book = with_moving_collateral(book) if book is not None else None
    portfolio = portfolio_of(book, now=now) if book is not None else Portfolio()
    event, facts = _event(text[:TEXT_LIMIT], now), Facts(portfolio=StoredPortfolio(portfolio=portfolio), book=book)
    outcome = decide(event, facts)
    return event, facts, outcome, next(iter(outcome.cards), None)


def _read_account(path: str | None) -> Book | None:
    """The book of a file, refused at once when the engine would refuse it. Raises EngineError, OSError."""
    if path is None:
        return None
    book = read_book(Path(path).read_bytes())
    evaluate(book)
    return book


def _written(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def answer_line(line: str, book: Book | None, *, traced: bool = False) -> dict[str, Any]:
    """The answer to one line of `--lines`: a message as a JSON string. A line that is none gives its error."""
    try:
        text = json.loads(line)
    except ValueError:
        text = None
    if not isinstance(text, str):
        return {"error": {"field": "$", "value": line.strip()[:80], "rule": "must be a message as a JSON string"}}
    return answer_one(text, book, traced=traced)


def answer_one(
    text: str, book: Book | None = None, *, now: datetime | None = None, traced: bool = False
) -> dict[str, Any]:
    """What the bot would say to one message, and the reading and the numbers behind it.

    Arguments: book, the person's account: its wallet stands for one that the text does not name; now, the time of the
    message (default: this moment); traced, whether `trace` says how the message was read. Result: kind, parsed,
    assumed, missing, also, reply, results, ready for JSON.
    """
    now = now or datetime.now(UTC)
    event, facts, outcome, card = _decided(text, book, now)
    portfolio, reading = facts.portfolio.portfolio, _reading(event)
    told = FLOWS[card.flow].told(event, card, reading, facts) if card is not None else Told()
    account = _account(outcome, reading, facts.book)
    reply = _reply(outcome)
    if account is not None:
        # Nothing is saved here: a price now holds for this answer alone.
        marks = _noted(outcome) or portfolio.marks
        view = look_at(portfolio.model_copy(update={"marks": marks}), now=now, book=account)
        shown = plain_text(portfolio_screen(view, tongue_of(event)))
        not_held = [coin for coin in reading.parsed.marks or {} if coin not in coins_held(portfolio)]
        words = tongue_of(event).words
        reply = "\n\n".join([shown, *([words.label("start.not_held", coins=", ".join(not_held))] if not_held else [])])
    return {
        "kind": public_kind(reading),
        "parsed": parsed_json(reading),
        "assumed": _assumed(reading, told),
        "missing": _missing(reading, told),
        "also": [_also(other) for other in reading.also],
        "reply": reply,
        "results": account_results(account) if account is not None else told.results,
        **({"trace": trace(_words(event))} if traced else {}),
    }


def _words(event: Event) -> str:
    """The words that are read: those behind /liq, another command with its name, which is a hint."""
    match event.content:
        case Commanded(name="liq", arguments=arguments):
            return arguments
        case Commanded(name=name, arguments=arguments):
            return f"/{name} {arguments}"
        case Said(text=text):
            return text
        case _:
            return ""


def _account(outcome: Outcome, reading: Reading, book: Book | None) -> Book | None:
    """The book that the answer shows: asked for, or at the prices that the message gave."""
    if book is None:
        return None
    marks = _noted(outcome)
    if marks is not None:
        return with_marks(book, marks)
    asked = reading.kind == "position" and not reading.parsed.positions and reading.parsed.account is None
    return book if asked or reading.kind == "portfolio" else None


def _noted(outcome: Outcome) -> Mapping[str, Mark] | None:
    """The prices by symbol after a message that gave some, None after any other."""
    saved = next((change for change in outcome.changes if isinstance(change, SavePortfolio)), None)
    return saved.portfolio.marks if saved is not None else None


def _event(text: str, now: datetime) -> Event:
    """The message as the chat would deliver it: a command when it begins with a slash."""
    words = text.strip().split(maxsplit=1)
    content: Said | Commanded = Said(text=text)
    if words and words[0].startswith("/") and len(words[0]) > 1:
        name = words[0][1:].partition("@")[0]
        content = Commanded(name=name.lower(), arguments=words[1] if len(words) > 1 else "")
    return Event(serial=1, time=now, bot_id=0, chat=Chat(id=1), person=Person(id=1), content=content)


def _reading(event: Event) -> Reading:
    """What the message says: that of a command is its arguments."""
    match event.content:
        case Commanded(name="portfolio"):
            return Reading(kind="portfolio")
        case Commanded(name="start" | "help" | "cancel") | Commanded(name="liq", arguments=""):
            return Reading(kind="smalltalk")
        case _:
            return understand(_words(event), Context())


def _read(screen: Screen) -> str:
    """A screen on the terminal: its text, and what is in its file."""
    return plain_text(screen) + (f"\n{screen.file.text.rstrip()}" if screen.file is not None else "")


def _reply(outcome: Outcome) -> str:
    shown: Iterable[str] = map(_read, outcome.screens)
    return "\n\n".join(shown)


def _assumed(reading: Reading, told: Told) -> list[str]:
    if not told.answered:
        return list(reading.assumed)
    said = {entry.partition(":")[0] for entry in told.assumed}
    return [entry for entry in reading.assumed if entry.partition(":")[0] not in said] + list(told.assumed)


def _missing(reading: Reading, told: Told) -> list[str]:
    """What the bot asks for next: nothing once the mode that was said has its answer."""
    if told.answered or not told.missing:
        return list(told.missing) if told.answered else list(reading.missing)
    asked = {entry.partition(":")[0] for entry in told.missing}
    return [*told.missing, *(entry for entry in reading.missing if entry.partition(":")[0] not in asked)]


def _also(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "parsed": parsed_json(reading),
        "assumed": list(reading.assumed),
        "missing": list(reading.missing),
    }
