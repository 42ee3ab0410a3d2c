"""Import and export: positions from elsewhere, and everything as text that can be pasted back.

/import, [Import]                ->  "Paste …"; lines, a table, CSV or JSON
(pasted)                         ->  line by line what was read; bad lines are named [Save all]
/export, [Export]                ->  the portfolio as JSON, its positions as CSV
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.dialogue import Card, Event, Outcome, Screen, Show
from bot.flows.portfolio_card import Draft, and_change, ask, changed, page, show_card
from bot.flows.portfolio_list import listed
from bot.flows.start import said, tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_import_screen import import_screen, text_screen
from bot.services.exports import csv_of, json_of
from bot.services.facts import Facts
from bot.services.imports import Incoming, read_import
from bot.services.orders import remoded
from bot.services.portfolios import free_name, shelf_trouble
from bot.services.saved import is_unused
from bot.storage.portfolios import Portfolio, SavePortfolio, StoredPortfolio

LONGEST: Final = 3600
"""Characters of one exported message: Telegram takes 4096 after its own escapes."""
MOST_MESSAGES: Final = 10


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
    )


def _target(portfolio: Portfolio | None, facts: Facts, *, whole: bool) -> str:
    """The portfolio that an import goes into: a whole one beside the open one, unless that is unused."""
    open_one = facts.portfolio.portfolio
    if portfolio is None or not whole or is_unused(open_one):
        return open_one.name
    return free_name(portfolio.name[:40], facts.shelf)


def saved(event: Event, card: Card, draft: Draft, mode: str, facts: Facts) -> Outcome | None:
    """`save_all`, `as_all:MODE`: all of it in one change, unless the portfolio is another one by now."""
    portfolio, stored, words = draft.incoming, facts.portfolio, tongue_of(event).words
    if draft.page != "import" or portfolio is None or (draft.unsaid and mode not in ("isolated", "cross")):
        return None
    if (draft.portfolio_id, draft.version) != (stored.id, stored.version):
        return show_card(event, card, facts, remark=words("import.overtaken"))
    if draft.unsaid and mode == "cross":
        again = remoded(portfolio, draft.unsaid)
        if again.portfolio is None:
            note = again.refusal
            tongue = tongue_of(event)
            remark = write_note(note, tongue.words, tongue.numbers) if note is not None else None
            return show_card(event, card, facts, remark=remark)
        portfolio = again.portfolio
    if not draft.replace_all or is_unused(stored.portfolio):
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
    """The portfolio as JSON where it fits a message, and its positions as CSV, each message complete in itself."""
    portfolio = facts.portfolio.portfolio
    if not portfolio.positions:
        return said(event, "export.empty")
    whole = json_of(portfolio)
    texts = [whole] if len(whole) <= LONGEST else []
    texts += list(csv_of(portfolio, most=LONGEST))[:MOST_MESSAGES]
    return Outcome(
        show=(*said(event, "export.how").show, *(Show(screen=text_screen(text)) for text in texts)),
    )
