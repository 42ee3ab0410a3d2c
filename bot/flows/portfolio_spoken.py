"""Orders to the portfolio in words: which of them are meant for it, and where they go.

"close half the sol"             ->  the change before it is made (portfolio_orders.py)
"deposit 500", "withdraw 200"    ->  done, with Undo
"rename to swing", "open swing"  ->  done (portfolio_list.py)
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome, Show
from bot.flows import portfolio_collateral as collateral
from bot.flows import portfolio_files as files
from bot.flows import portfolio_history as past
from bot.flows import portfolio_list as shelf
from bot.flows import portfolio_orders as orders
from bot.flows.cards import age_of
from bot.flows.portfolio_card import FLOW, changed, draft_of, new_card, show_card
from bot.flows.portfolio_repeats import anew
from bot.flows.start import tongue_of
from bot.flows.whatif_card import FLOW as WHAT_IF
from bot.rendering.check_buttons import shortened
from bot.rendering.notes import write_note
from bot.services.facts import Facts
from bot.services.money import with_money
from bot.understanding.portfolio_words import Spoken, order_of, orders_of
from bot.understanding.readings import FRESH
from bot.understanding.tagging import Message
from margin_engine import known_venues

_ALWAYS: Final = frozenset(
    {"open", "add", "reduce", "close", "remove", "margin", "deposit", "withdraw", "rename", "new", "choose", "redo"}
)
"""Orders that can mean nothing but the portfolio; the others change the card that a person is just looking at."""
_OF_HELD: Final = frozenset({"isolated", "cross", "leverage"})
"""Orders that are about saved positions where the card is, too."""


_THIS: Final = r"(?:\s+(?:it|(?:this|the|my)\s+)?(?:portfolio)?)?\s*[.!]?\s*"
_DELETE: Final = re.compile(r"\s*delete" + _THIS, re.IGNORECASE)
_DUPLICATE: Final = re.compile(r"\s*(?:duplicate|copy)" + _THIS, re.IGNORECASE)
_ASSET_MODE: Final = re.compile(r"\s*(?P<mode>multi|single)[ -]?asset(?:s)?(?:\s+mode)?\s*", re.IGNORECASE)
_VENUE: Final = re.compile(r"\s*(?:set\s+)?(?:venue|exchange)(?:\s+to)?\s+[\w. -]{2,30}", re.IGNORECASE)


def asks(card: Card) -> bool:
    """Whether the next message may answer a question of the card."""
    draft = draft_of(card)
    return draft is not None and draft.awaiting is not None


def worded(event: Event, text: str, message: Message, facts: Facts) -> Outcome | None:
    """An order about the portfolio in words; None when the text is something else."""
    outcome = _worded(event, text, message, facts)
    return anew(event, facts.card, outcome) if outcome is not None and facts.card is not None else outcome


def _worded(event: Event, text: str, message: Message, facts: Facts) -> Outcome | None:
    if not event.chat.is_private or facts.book is not None or event.edited:
        return None
    card = facts.card
    own = card if card is not None and card.flow == FLOW else None
    if own is not None and asks(own):
        # An open question is answered first; a pasted text looks like trades, and is all for the import.
        draft = draft_of(own)
        if draft is not None and draft.awaiting == "import":
            return files.pasted(event, own, text, facts)
        if draft is None or draft.awaiting not in ("new", "rename"):
            return None  # a name is no order: what is one is meant so
    about = _about_card(event, own, text, message, facts) if own is not None else None
    if about is not None:
        return about
    names = tuple(entry.name for entry in facts.shelf.living)
    spoken, rest = _orders(text, message, names)
    if spoken is None or (card is not None and own is None and not _fits(card, spoken, event, several=bool(rest))):
        return None
    sure = card is None or own is not None or not _is_fresh(card, event)
    outcome = _spoken(event, own or new_card(event), spoken, facts, sure=sure)
    return _with_rest(event, outcome, rest) if outcome is not None and rest else outcome


def _about_card(event: Event, card: Card, text: str, message: Message, facts: Facts) -> Outcome | None:
    """What the buttons behind More do, in words: "delete", "duplicate", "venue bybit", "multi-asset mode"."""
    if _DELETE.fullmatch(text):
        return shelf.delete_asked(event, card, facts)
    if _DUPLICATE.fullmatch(text):
        return shelf.duplicated(event, card, facts)
    mode = _ASSET_MODE.fullmatch(text)
    if mode is not None:
        return shelf.mode_chosen(event, card, mode["mode"].lower(), facts)
    named = next((piece.venue for piece in message.pieces if piece.venue), None) if _VENUE.fullmatch(text) else None
    known = [each for each in known_venues() if named and each in (named, f"{named}-usdm", f"{named}-v4")]
    return shelf.venue_chosen(event, card, known[0], facts) if known else None


def _orders(text: str, message: Message, names: tuple[str, ...]) -> tuple[Spoken | None, tuple[str, ...]]:
    """The order of a text, or the first of several and the others."""
    alone = order_of(text, names=names, message=message)
    several = orders_of(text, names=names) if alone is None else None
    return several or (alone, ())


def _with_rest(event: Event, outcome: Outcome, rest: tuple[str, ...]) -> Outcome:
    """One order at a time: what else the message asked for is named, and not done."""
    told = tongue_of(event).words("order.rest", text=shortened("; ".join(rest), 200))
    first, *others = outcome.show
    if not isinstance(first, Show):
        return outcome
    screen = replace(first.screen, text=first.screen.text + Markup("\n\n") + told)
    return replace(outcome, show=(replace(first, screen=screen), *others))


def _is_fresh(card: Card, event: Event) -> bool:
    age = age_of(card, event.time)
    return age is None or age <= FRESH


def _fits(card: Card, spoken: Spoken, event: Event, *, several: bool = False) -> bool:
    """Whether an order can be meant although the newest card is another conversation's.

    What follows a what-if is supposed like it: "deposit 500" then moves no money. A whole new position is shown first
    in any case, and of several orders none is supposed: a what-if reads one of them.
    """
    if several and spoken.kind not in ("deposit", "withdraw", "wallet"):
        return True
    if card.flow == WHAT_IF and _is_fresh(card, event):
        return spoken.kind in ("open", "withdraw", "rename", "new", "choose", "redo")
    return spoken.kind in _ALWAYS or (spoken.kind in _OF_HELD and _is_of_saved(card))


def _is_of_saved(card: Card) -> bool:
    """Whether a card of another conversation is about the open portfolio, not about a trade of its own."""
    basis = card.draft.get("basis")
    return isinstance(basis, dict) and basis.get("question") is None


def _spoken(event: Event, card: Card, spoken: Spoken, facts: Facts, *, sure: bool) -> Outcome | None:
    match spoken.kind:
        case "new":
            return shelf.created(event, card, spoken.name, facts)
        case "choose":
            return shelf.opened_by_name(event, card, spoken.name, facts)
        case "rename":
            return shelf.renamed(event, card, spoken.name, facts)
        case "redo":
            return past.redone(event, card, facts) if facts.steps else None
        case "undo":
            return past.undone(event, card, facts, count=int(spoken.quantity or 1))
        case "deposit" | "withdraw" | "wallet":
            return _money(event, card, spoken, facts)
        case _:
            return orders.spoken_order(event, card, spoken, facts, sure=sure)


def _money(event: Event, card: Card, spoken: Spoken, facts: Facts) -> Outcome:
    tongue = tongue_of(event)
    if spoken.kind != "withdraw" and spoken.asset and spoken.amount:
        held = facts.portfolio.portfolio.wallet.get(spoken.asset, Decimal(0)) if spoken.kind == "deposit" else 0
        asked = collateral.brought_in(event, card, spoken.asset, held + spoken.amount, facts)
        if asked is not None:
            return asked
    portfolio, note = with_money(facts.portfolio.portfolio, spoken)
    remark = write_note(note, tongue.words, tongue.numbers)
    if portfolio is None:
        return show_card(event, card, facts, remark=remark)
    return changed(event, card, facts, portfolio, spoken.kind, remark=remark)
