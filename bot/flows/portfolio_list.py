"""Several portfolios: the list, a new one, another one opened, renamed, duplicated, deleted, and had back.

/portfolios, [All portfolios]    ->  "3 portfolios", the open one marked, a button for each other
/new bybit alts, [New]           ->  an empty one, open from now on
[Delete…] [Delete]               ->  gone from the list; [Get back …] for ten minutes
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.portfolio_card import Draft, and_change, ask, changed, page, save, show_card
from bot.flows.start import tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_pages import delete_screen, list_screen, more_screen, venue_screen
from bot.rendering.venues import title_of, titles
from bot.rendering.views import Note
from bot.services.account_view import look_at
from bot.services.accounts import examined
from bot.services.backing import unpriced, with_backing, with_marked
from bot.services.facts import Facts
from bot.services.funds import HAIRCUT
from bot.services.portfolios import clean_name, free_name, name_trouble, shelf_lines, shelf_trouble
from bot.services.saved import main_asset
from bot.storage.portfolios import (
    MOST_PORTFOLIOS,
    NEARLY_FULL,
    DeletePortfolio,
    OpenPortfolio,
    Portfolio,
    RenamePortfolio,
    RestorePortfolio,
    SavePortfolio,
    StoredPortfolio,
)
from margin_engine import known_venues

TO_MULTI: Final = "to_multi"
"""The page of a price that is asked for because all assets are to back one account."""


def listed(event: Event, card: Card, facts: Facts, *, remark: Markup | None = None) -> Outcome:
    """All portfolios."""
    lines = shelf_lines(facts.shelf, now=event.time)
    most = MOST_PORTFOLIOS if sum(line.deleted_ago is None for line in lines) >= NEARLY_FULL else None
    return page(card, Draft(page="list"), list_screen(lines, tongue_of(event), most=most, remark=remark))


def more(event: Event, card: Card, facts: Facts, *, remark: Markup | None = None) -> Outcome:
    """What else can be done with the open portfolio."""
    view = look_at(facts.portfolio.portfolio, now=event.time)
    screen = more_screen(view, tongue_of(event), stored=facts.portfolio.id is not None)
    if remark is not None:
        screen = replace(screen, text=remark + Markup("\n\n") + screen.text)
    return page(card, Draft(page="more"), screen)


def _why(event: Event, note: Note) -> Markup:
    tongue = tongue_of(event)
    return write_note(note, tongue.words, tongue.numbers)


def created(event: Event, card: Card, text: str, facts: Facts) -> Outcome:
    """A new portfolio of that name; asks again where it cannot have it."""
    full = shelf_trouble(facts.shelf)
    if full is not None:
        return listed(event, card, facts, remark=_why(event, full))
    name = clean_name(text)
    trouble = name_trouble(name, facts.shelf)
    if trouble is not None:
        draft = Draft(page="name", awaiting="new", back="list")
        return ask(event, card, draft, problem=trouble if name else None)
    portfolio = Portfolio(name=name, venue=facts.portfolio.portfolio.venue)
    return _added(event, card, facts, portfolio, kind="new")


def _added(event: Event, card: Card, facts: Facts, portfolio: Portfolio, *, kind: str) -> Outcome:
    opened = replace(facts, portfolio=StoredPortfolio(portfolio=portfolio))
    remark = tongue_of(event).words("portfolio.opened", name=portfolio.name)
    change = SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=0, kind=kind)
    return and_change(show_card(event, card, opened, remark=remark), change)


def duplicated(event: Event, card: Card, facts: Facts) -> Outcome:
    """A copy of the open portfolio, open from now on."""
    full = shelf_trouble(facts.shelf)
    if full is not None:
        return listed(event, card, facts, remark=_why(event, full))
    stored = facts.portfolio.portfolio
    name = free_name(stored.name, facts.shelf)
    return _added(event, card, facts, stored.model_copy(update={"name": name}), kind="copy")


def opened(event: Event, card: Card, number: str, facts: Facts) -> Outcome | None:
    """`open:ID`: another portfolio is the current one."""
    stored = facts.other
    if stored is None or stored.id is None or str(stored.id) != number:
        return listed(event, card, facts, remark=tongue_of(event).words("portfolio.not_there"))
    remark = tongue_of(event).words("portfolio.opened", name=stored.portfolio.name)
    shown = show_card(event, card, replace(facts, portfolio=stored), remark=remark)
    return and_change(shown, OpenPortfolio(owner_id=event.person.id, portfolio_id=stored.id))


def opened_by_name(event: Event, card: Card, name: str, facts: Facts) -> Outcome:
    """ "open swing": the list says what is open; the document comes with the next look."""
    entry = next(entry for entry in facts.shelf.living if entry.name == name)
    if entry.is_open:
        return show_card(event, card, facts)
    entries = tuple(replace(each, is_open=each.id == entry.id) for each in facts.shelf.entries)
    facts = replace(facts, shelf=replace(facts.shelf, entries=entries))
    shown = listed(event, card, facts, remark=tongue_of(event).words("portfolio.opened", name=name))
    return and_change(shown, OpenPortfolio(owner_id=event.person.id, portfolio_id=entry.id))


def renamed(event: Event, card: Card, text: str, facts: Facts) -> Outcome:
    """The open portfolio under another name; asks again where it cannot have it."""
    stored, name = facts.portfolio, clean_name(text)
    trouble = name_trouble(name, facts.shelf, but=stored.id)
    if trouble is not None:
        return ask(event, card, Draft(page="name", awaiting="rename", back="more"), problem=trouble if name else None)
    portfolio = stored.portfolio.model_copy(update={"name": name})
    remark = tongue_of(event).words("portfolio.renamed", name=name)
    if stored.id is None:  # never stored: it begins its life under that name
        return changed(event, card, facts, portfolio, "new", remark=remark)
    if name == stored.portfolio.name:
        return show_card(event, card, facts)
    entries = tuple(replace(each, name=name) if each.id == stored.id else each for each in facts.shelf.entries)
    after = replace(facts, portfolio=replace(stored, portfolio=portfolio), shelf=replace(facts.shelf, entries=entries))
    shown = show_card(event, card, after, remark=remark)
    change = RenamePortfolio(owner_id=event.person.id, portfolio_id=stored.id, version=stored.version, name=name)
    return and_change(shown, change)


def delete_asked(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """Deleting asks first; None for a portfolio that was never stored."""
    stored = facts.portfolio
    if stored.id is None:
        return None
    view = look_at(stored.portfolio, now=event.time)
    draft = Draft(page="delete", portfolio_id=stored.id, version=stored.version)
    return page(card, draft, delete_screen(view, tongue_of(event)))


def deleted(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """The portfolio that was asked about goes, unless it has changed meanwhile: then it is asked again."""
    stored = facts.portfolio
    if draft.page != "delete" or stored.id is None:
        return None
    if not draft.is_of(stored):
        return delete_asked(event, card, facts)
    entries = tuple(
        replace(each, deleted_at=event.time, is_open=False) if each.id == stored.id else each
        for each in facts.shelf.entries
    )
    after = replace(facts, shelf=replace(facts.shelf, entries=entries))
    shown = listed(event, card, after, remark=tongue_of(event).words("portfolio.deleted", name=stored.portfolio.name))
    change = DeletePortfolio(owner_id=event.person.id, portfolio_id=stored.id, version=stored.version)
    return and_change(shown, change)


def restored(event: Event, card: Card, number: str, facts: Facts) -> Outcome:
    """`restore:ID`: a deleted portfolio is back, under a name that is free."""
    words = tongue_of(event).words
    gone = (each for each in facts.shelf.entries if each.deleted_at is not None)
    entry = next((each for each in gone if str(each.id) == number), None)
    if entry is None:
        return listed(event, card, facts, remark=words("portfolio.gone_for_good"))
    full = shelf_trouble(facts.shelf)
    if full is not None:
        return listed(event, card, facts, remark=_why(event, full))
    name = free_name(entry.name, facts.shelf)
    entries = tuple(
        replace(each, name=name, deleted_at=None, is_open=True) if each.id == entry.id else replace(each, is_open=False)
        for each in facts.shelf.entries
    )
    after = replace(facts, shelf=replace(facts.shelf, entries=entries))
    shown = listed(event, card, after, remark=words("portfolio.restored", name=name))
    return and_change(shown, RestorePortfolio(owner_id=event.person.id, portfolio_id=entry.id, name=name))


# --- Where the account is -------------------------------------------------------------------------------------------


def venues(event: Event, card: Card) -> Outcome:
    """Which exchange?"""
    named = [(name, title_of(name)) for name in titles()]
    return page(card, Draft(page="venue"), venue_screen(named, tongue_of(event)))


def venue_chosen(event: Event, card: Card, name: str, facts: Facts) -> Outcome | None:
    """`venue:NAME`: the account counts by that exchange's rules, if it lists everything that is held."""
    if name not in known_venues():
        return None
    portfolio = facts.portfolio.portfolio.model_copy(update={"venue": name})
    words = tongue_of(event).words
    return _settled(event, card, facts, portfolio, "venue", words("portfolio.venue_set", venue=title_of(name)))


def mode_chosen(event: Event, card: Card, mode: str, facts: Facts) -> Outcome | None:
    """`multi:MODE`: whether every asset backs the cross pool."""
    if mode not in ("single", "multi"):
        return None
    portfolio = facts.portfolio.portfolio
    if mode == "multi":
        portfolio = with_marked(portfolio)
        lacking = unpriced(portfolio)
        if lacking:
            draft = Draft(page=TO_MULTI, awaiting="collateral_price", coin=lacking[0], back="more")
            return ask(event, card, draft)
    portfolio = portfolio.model_copy(update={"asset_mode": mode})
    words = tongue_of(event).words
    remark = words("portfolio.multi_set") if mode == "multi" else words("portfolio.single_set")
    if mode == "multi" and any(held.haircut == HAIRCUT for held in portfolio.collateral.values()):
        remark += Markup(" ") + words("collateral.assumed", haircut=tongue_of(event).numbers.rate(HAIRCUT))
    return _settled(event, card, facts, portfolio, "asset_mode", remark)


def priced_for_multi(event: Event, card: Card, coin: str, price: Decimal, facts: Facts) -> Outcome | None:
    """A price without which not all assets could back the account: the next one is asked for, or the mode is set."""
    portfolio, _ = with_backing(facts.portfolio.portfolio, coin, now=event.time, price=price)
    if portfolio is None:
        return None
    shown = mode_chosen(event, card, "multi", replace(facts, portfolio=replace(facts.portfolio, portfolio=portfolio)))
    if shown is None or shown.changes:
        return shown
    return and_change(shown, save(event, facts, portfolio, "wallet"))


def _settled(event: Event, card: Card, facts: Facts, portfolio: Portfolio, kind: str, remark: Markup) -> Outcome:
    _, before = examined(facts.portfolio.portfolio)
    _, trouble = examined(portfolio) if portfolio.positions else (None, None)
    if trouble is not None and trouble.name == "cross_wallet_open" and trouble != before:
        named = {"asset": main_asset(portfolio), "venue": title_of(portfolio.venue)}
        trouble = Note(name="wallet_in", facts=named)
    if trouble is not None and trouble != before:
        why = tongue_of(event).words("portfolio.not_set", why=_why(event, trouble))
        return more(event, card, facts, remark=why)
    return changed(event, card, facts, portfolio, kind, remark=remark)
