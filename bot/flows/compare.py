"""The comparison: the same positions isolated, cross and as they are, and what moves leave in each.

    iso or cross for long 0.5 btc 64k 20x, 10k wallet?   ->  both modes side by side, three shocks, the break-evens
    [Compare] under a check card or a portfolio          ->  the same for its positions
    [In my numbers]                                      ->  what the modes are about, row by row
    [Switch mode]                                        ->  which position; then the venue's rule and what would happen
    switch my eth short to iso?                          ->  that page at once

States are pages of one card: `card`, `table`, `which` (whose mode), `switch` (one position). What is missing (a wallet,
a size) is asked for on the card itself, the half that needs nothing being answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome, Screen
from bot.flows.about import about, in_account
from bot.flows.basis import Basis, account_beside, answered, at_rest, coins_of, subject_at
from bot.flows.basis import priced as basis_priced
from bot.flows.basis import tapped as basis_tapped
from bot.flows.cards import draft_in, in_sight, misread_note, on_card, opened_card
from bot.flows.flow import Flow, Told, showing
from bot.flows.start import declined, tongue_of
from bot.rendering.assumptions import assumed_entries, missing_entry
from bot.rendering.compare_pages import switch_screen, table_screen, which_screen
from bot.rendering.compare_screen import compare_screen, slot_question
from bot.rendering.verdict import Tongue
from bot.rendering.views import Mode, Note
from bot.services.checking import work_out
from bot.services.comparing import Compared, compare_results, compared, open_to_both
from bot.services.facts import Facts
from bot.services.finding import positions_of
from bot.services.question import Declined
from bot.services.subject import Subject
from bot.services.switching import switched
from bot.understanding.readings import Reading, Shock

FLOW: Final = "compare"

Page = Literal["card", "table", "which", "switch"]


class Draft(BaseModel):
    """What a comparison remembers: its positions, the person's own move, and the page. position, start: what a switch
    page is about, and the mode that it starts from. to: the mode that was asked for, so that "already" can be said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis
    at: datetime | None = None
    page: Page = "card"
    shocks: tuple[Shock, ...] = ()
    equal_of: str | None = None
    odds: bool = False
    """How likely it is was asked as well, which is not answered here."""
    position: str = ""
    start: Mode | None = None
    to: Mode | None = None
    quiet: bool = False


# --- A new comparison ----------------------------------------------------------------------------------------------


def asked(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Outcome:
    """What a message wants compared: its own trade, else the card at hand, else the portfolio."""
    found = about(event, reading, at_hand, facts)
    if isinstance(found, Declined):
        return declined(event, found.note)
    if found is None:
        return declined(event, Note(name="compare_what"))
    parsed = reading.parsed
    asks = parsed.ask or ()
    draft = Draft(
        basis=found,
        shocks=parsed.shocks or (),
        equal_of=(parsed.focus or "").partition(" ")[0] if "equivalent_leverage" in asks else None,
        odds="liq_probability" in asks,
    )
    card = opened_card(event, FLOW)
    if parsed.switch is not None:
        draft = _at_switch(draft, reading, _subject(event, card, draft, facts))
    return _shown(event, card, draft, facts)


def opened(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """The button under a card: its positions compared, on a card of their own."""
    if basis is None:
        return declined(event, Note(name="compare_what"))
    return _shown(event, opened_card(event, FLOW), Draft(basis=in_account(event, basis, facts)), facts)


def _at_switch(draft: Draft, reading: Reading, subject: Subject) -> Draft:
    """The draft on the page of the position whose switch was asked for; where several are meant, on their choice."""
    wanted = reading.parsed.switch
    book = subject.as_it_stands
    if wanted is None or book is None:
        return draft
    side = (reading.parsed.focus or "").partition(" ")[2] or None
    found = positions_of(book, wanted.symbol, side)
    if len(found) != 1:
        return draft.model_copy(update={"page": "which" if len(book.positions) > 1 else "card"})
    return draft.model_copy(update={"page": "switch", "position": found[0].id, "to": wanted.to})


# --- Typed and tapped ----------------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A text that answers the open question or changes a slot; None for any other."""
    draft = draft_in(card, Draft)
    if draft is None or reading.kind not in ("position", "unknown", "mark", "smalltalk", "whatif"):
        return None
    basis = answered(event, draft.basis, text, reading, facts)
    if basis is None:
        return None
    return _shown(event, in_sight(event, card), draft.model_copy(update={"basis": basis, "page": "card"}), facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_in(card, Draft)
    if draft is None or draft.basis.awaiting is None:
        return None
    problem = misread_note(text)
    return _shown(event, in_sight(event, card), draft, facts, problem=problem)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """ "btc 63k now": the trade compared from there; a portfolio's prices are its own."""
    draft = draft_in(card, Draft)
    found = basis_priced(event, draft.basis, prices) if draft is not None else None
    if draft is None or found is None:
        return None
    update = {"basis": found[0], "page": "card"}
    return _shown(event, in_sight(event, card), draft.model_copy(update=update), facts), found[1]


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "back" | "cancel":
            return _shown(event, card, draft.model_copy(update={"page": "card", "quiet": name == "cancel"}), facts)
        case "close":
            return Outcome(show=(Close(card=card),))
        case "table" | "which":
            return _page(event, card, draft, name, facts)
        case "switch":
            return _switch(event, card, draft, value, facts)
        case _:
            basis = basis_tapped(draft.basis, action)
            if basis is None:
                return None
            return _shown(event, card, draft.model_copy(update={"basis": basis, "page": "card"}), facts)


def _page(event: Event, card: Card, draft: Draft, page: Page, facts: Facts) -> Outcome:
    return _shown(event, card, draft.model_copy(update={"page": page}), facts)


def _switch(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    """ "switch": whose mode; "switch:ID" and "switch:ID:MODE": that position, from that mode."""
    identity, _, mode = value.partition(":")
    ids = _compared(event, card, draft, facts).view.ids
    if not identity:
        if len(ids) != 1:
            return _page(event, card, draft, "which", facts)
        identity = ids[0]
    if identity not in ids or mode not in ("", "isolated", "cross"):
        return None
    start: Mode | None = "cross" if mode == "cross" else "isolated" if mode == "isolated" else None
    update = {"page": "switch", "position": identity, "start": start, "to": None}
    return _shown(event, card, draft.model_copy(update=update), facts)


# --- Showing -------------------------------------------------------------------------------------------------------


def _subject(event: Event, card: Card, draft: Draft, facts: Facts) -> Subject:
    """The books behind the card, both modes open where one was said for all."""
    basis = draft.basis
    if basis.question is not None:
        basis = basis.model_copy(update={"question": open_to_both(basis.question)})
    return subject_at(event, card, basis, facts)


def _compared(event: Event, card: Card, draft: Draft, facts: Facts) -> Compared:
    remarks = (Note(name="compare_no_odds"),) if draft.odds else ()
    subject = _subject(event, card, draft, facts)
    found = compared(subject, shocks=draft.shocks, equal_of=draft.equal_of, remarks=remarks)
    question = draft.basis.question
    if found.view.compared or question is None:
        return found
    # What waits for an answer is shown as a check card shows it.
    account = account_beside(event, card, facts, draft.basis)
    check = work_out(open_to_both(question), now=event.time, account=account, explain=False).view
    check = replace(check, asked=subject.asked, remarks=(*remarks, *check.remarks))
    return replace(found, view=replace(found.view, check=check, private=False))


def _shown(event: Event, card: Card, draft: Draft, facts: Facts, *, problem: Note | None = None) -> Outcome:
    """The card on the page that its draft is on; what its question may be answered with is remembered."""
    found = _compared(event, card, draft, facts)
    screen, page = _screen(tongue_of(event), draft, found, problem)
    asked = found.view.check.asked if page == "card" and not draft.quiet and draft.basis.question is not None else None
    waiting = {"awaiting": asked.slot if asked else None, "leg": asked.leg if asked else 0}
    basis = draft.basis.model_copy(update=waiting)
    settled = draft.model_copy(update={"basis": basis, "page": page, "at": event.time, "quiet": False})
    return on_card(card, settled, screen)


def _screen(tongue: Tongue, draft: Draft, found: Compared, problem: Note | None) -> tuple[Screen, Page]:
    view = found.view
    if problem is not None:
        return slot_question(view, tongue, problem=problem), "card"
    if not view.compared:
        return compare_screen(view, tongue), "card"
    match draft.page:
        case "table":
            return table_screen(view, tongue), "table"
        case "which":
            return which_screen(view, tongue), "which"
        case "switch":
            said = draft.basis.question.mode if draft.basis.question is not None else None
            preview = switched(found.subject, draft.position, start=draft.start, said=said, to=draft.to)
            if preview is not None:
                already = draft.to is not None and preview.stated and draft.to == preview.start
                several = len(view.ids) > 1
                return switch_screen(preview, tongue, already=already, several=several), "switch"
    return compare_screen(view, tongue), "card"


# --- For others ----------------------------------------------------------------------------------------------------


def basis(card: Card) -> Basis | None:
    """The positions of the card, for another flow to go on with."""
    draft = draft_in(card, Draft)
    return at_rest(draft.basis) if draft is not None else None


def _awaits(card: Card) -> bool:
    draft = draft_in(card, Draft)
    return draft is not None and draft.basis.awaiting is not None


def told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """The comparison for other programs; the engine's own answer of one book."""
    draft, tongue = draft_in(card, Draft), tongue_of(event)
    if draft is None:
        return Told()
    found = _compared(event, card, draft, facts)
    results, missing = compare_results(found), missing_entry(found.view.check, tongue)
    return Told(
        answered=results is not None,
        assumed=() if found.view.held else tuple(assumed_entries(found.view.check, tongue)),
        missing=(missing,) if missing and not found.view.compared else (),
        results=results,
    )


COMPARE: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=_awaits,
    typed=typed,
    misread=misread,
    priced=priced,
    basis=basis,
    shown=showing(Draft, _shown),
    coins=lambda card, facts: coins_of(basis(card), facts),
    told=told,
)
