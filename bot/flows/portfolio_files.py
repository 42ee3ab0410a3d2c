"""Import and export: positions from elsewhere, and everything as files that can be sent back.

/import, [Import]                ->  "Paste …"; lines, a table, CSV or JSON
(pasted, or sent as a file)      ->  line by line what was read; bad lines are named [Save all]
(a photo as a file, a film)      ->  one line: only texts, only so long
/export, [Export]                ->  the portfolio as a JSON file, its positions as a CSV file
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.dialogue import Card, Enclosed, Event, FileProblem, Outcome, Screen, Show
from bot.flows.cards import quoted
from bot.flows.portfolio_card import Draft, and_change, ask, changed, page, show_card
from bot.flows.portfolio_list import listed
from bot.flows.start import said, tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_import_screen import file_screen, import_screen
from bot.services.exports import csv_of, json_of
from bot.services.facts import Facts
from bot.services.imports import Incoming, read_import
from bot.services.orders import remoded
from bot.services.portfolios import free_name, shelf_trouble
from bot.services.saved import is_unused
from bot.storage.portfolios import Portfolio, SavePortfolio, StoredPortfolio

_PROBLEMS: Final[dict[FileProblem, str]] = {
    "too_big": "file.too_big",
    "not_text": "file.not_text",
    "not_fetched": "file.not_fetched",
}


def asked(event: Event, card: Card) -> Outcome:
    """What can be pasted."""
    return ask(event, card, Draft(page="import", awaiting="import"))


def pasted(event: Event, card: Card, text: str, facts: Facts) -> Outcome:
    """What was read from the pasted text; nothing is stored yet."""
    incoming = read_import(text, facts.portfolio.portfolio, serial=event.serial, now=event.time)
    stored = facts.portfolio
    draft = Draft(page="import", portfolio_id=stored.id, version=stored.version, awaiting="import")
    if incoming.portfolio is not None:
        update = {"incoming": incoming.portfolio, "replace_all": incoming.whole, "awaiting": None}
        draft = draft.model_copy(update={**update, "unsaid": incoming.unsaid})
    return page(card, draft, _screen(event, incoming, facts))


def _screen(event: Event, incoming: Incoming, facts: Facts) -> Screen:
    name = _target(incoming.portfolio, facts, whole=incoming.whole)
    return import_screen(
        incoming.lines,
        tongue_of(event),
        name=name,
        ready=incoming.portfolio is not None,
        unsaid=len(incoming.unsaid),
        trouble=incoming.trouble,
        replaced=incoming.replaced,
        over=facts.portfolio.portfolio.name if incoming.whole and incoming.replaced else "",
    )


def _target(portfolio: Portfolio | None, facts: Facts, *, whole: bool) -> str:
    """The portfolio that an import goes into: a whole one beside the open one, unless that is unused."""
    open_one = facts.portfolio.portfolio
    if portfolio is None or not whole or is_unused(open_one):
        return open_one.name
    return free_name(portfolio.name[:40], facts.shelf)


def saved(event: Event, card: Card, draft: Draft, mode: str, facts: Facts, *, over: bool = False) -> Outcome | None:
    """`save_all`, `as_all:MODE`, `save_over`: all of it in one change, unless the portfolio is another one by now.

    Arguments: over, whether a whole portfolio takes the place of the open one, whose name stays.
    """
    portfolio, stored, words = draft.incoming, facts.portfolio, tongue_of(event).words
    if draft.page != "import" or portfolio is None or (draft.unsaid and mode not in ("isolated", "cross")):
        return None
    if not draft.is_of(stored):
        return show_card(event, card, facts, remark=words("import.overtaken"))
    if draft.unsaid and mode == "cross":
        again = remoded(portfolio, draft.unsaid)
        if again.portfolio is None:
            note = again.refusal
            tongue = tongue_of(event)
            remark = write_note(note, tongue.words, tongue.numbers) if note is not None else None
            return show_card(event, card, facts, remark=remark)
        portfolio = again.portfolio
    if over:
        portfolio = portfolio.model_copy(update={"name": stored.portfolio.name})
    if not draft.replace_all or over or is_unused(stored.portfolio):
        return changed(event, card, facts, portfolio, "import", remark=words("import.done"))
    full = shelf_trouble(facts.shelf)
    if full is not None:
        return listed(event, card, facts, remark=write_note(full, words, tongue_of(event).numbers))
    named = portfolio.model_copy(update={"name": free_name(portfolio.name[:40], facts.shelf)})
    shown = show_card(
        event, card, replace(facts, portfolio=StoredPortfolio(portfolio=named)), remark=words("import.done")
    )
    return and_change(shown, SavePortfolio(owner_id=event.person.id, portfolio=named, version=0, kind="import"))


def exported(event: Event, facts: Facts) -> Outcome:
    """The portfolio as a JSON file, and its positions as a CSV file."""
    portfolio, words = facts.portfolio.portfolio, tongue_of(event).words
    if not portfolio.positions:
        return said(event, "export.empty")
    name = re.sub(r"[^\w-]+", "-", portfolio.name).strip("-") or "portfolio"
    count = len(portfolio.positions)
    whole = file_screen(
        words.count("export.whole", count, name=portfolio.name), name=f"{name}.json", text=json_of(portfolio)
    )
    table = file_screen(words.count("export.table", count), name=f"{name}-positions.csv", text=csv_of(portfolio))
    return Outcome(show=(Show(screen=whole), Show(screen=table)))


def unreadable(event: Event, file: Enclosed) -> Outcome:
    """A file without a text for us: one line that says why."""
    text = tongue_of(event).words(_PROBLEMS[file.problem or "not_fetched"], name=quoted(file.name))
    return Outcome(show=(Show(screen=Screen(text=text)),))
