"""What a what-if card remembers, and how it is shown: every step of the conversation ends here."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Event, Outcome, Screen
from bot.flows.basis import SAVED, Basis, subject_at
from bot.flows.cards import draft_in, on_card, opened_card
from bot.flows.flow import Told
from bot.flows.start import tongue_of
from bot.rendering.assumptions import SLOT_NAMES, SLOT_OF_NOTE
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue
from bot.rendering.views import Note
from bot.rendering.whatif_pages import (
    amount_screen,
    changes_screen,
    events_screen,
    ladder_screen,
    targets_screen,
    whose_screen,
)
from bot.rendering.whatif_screen import question_line, whatif_screen
from bot.rendering.whatif_words import starts_line
from bot.services.facts import Facts
from bot.services.making import made_so
from bot.services.market_moves import events
from bot.services.scenario import EVERYTHING, Scenario, Supposed
from bot.services.what_if_card import WhatIfWorked, work_out
from bot.services.what_ifs import as_told
from bot.storage.portfolios import Portfolio
from bot.understanding.readings import Reading
from margin_engine import EngineError, write_what_if

FLOW: Final = "whatif"
IN_SIGHT: Final = 2
"""How many messages may stand between the card and a typed move for it to be edited in place (see check_card.py)."""

Page = Literal["card", "targets", "changes", "whose", "amount", "ladder", "events"]


class Draft(BaseModel):
    """What a what-if card remembers. target: what the moves are for; about: the position that changes are about, -1
    for all of them; history: the scenarios before, and bases, as many from the end, the positions before where a step
    changed those; pending: a change that waits for its position; typing: the amount that the next message gives.
    stands: id and version of the open portfolio that "Make it so" was offered for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis = SAVED
    scenario: Scenario = Scenario()
    history: tuple[Scenario, ...] = ()
    bases: tuple[Basis | None, ...] = ()
    page: Page = "card"
    target: str = EVERYTHING
    about: int = -1
    pending: Supposed | None = None
    typing: Literal["margin", "deposit"] | None = None
    stands: tuple[int, int] | None = None
    at: datetime | None = None


def draft_of(card: Card) -> Draft | None:
    """The card's draft, or None for one of another conversation or time."""
    return draft_in(card, Draft) if card.flow == FLOW else None


def new_card(event: Event) -> Card:
    """A card that this event opens."""
    return opened_card(event, FLOW)


def worked_out(event: Event, card: Card, draft: Draft, facts: Facts) -> WhatIfWorked:
    subject = subject_at(event, card, draft.basis, facts)
    wanted = draft.target if draft.page == "ladder" else None
    return work_out(subject, draft.scenario, ladder_of=wanted)


def shown(
    event: Event,
    card: Card,
    draft: Draft,
    facts: Facts,
    *,
    problem: Note | None = None,
    worked: WhatIfWorked | None = None,
    quiet: bool = False,
) -> Outcome:
    """The card on the page that its draft is on. quiet: its open question is not what the next message answers."""
    if worked is None or draft.page == "ladder":
        worked = worked_out(event, card, draft, facts)
    view = worked.view
    asked_now = view.asked if not quiet and draft.page == "card" else None
    basis = draft.basis.model_copy(
        update={"awaiting": asked_now.slot if asked_now else None, "leg": asked_now.leg if asked_now else 0}
    )
    stored = facts.portfolio
    makes = stored.id is not None and makeable(event, draft, facts) is not None
    stands = (stored.id, stored.version) if makes else None
    settled = draft.model_copy(update={"basis": basis, "at": event.time, "stands": stands})
    screen = _screen(worked, settled, tongue_of(event), problem)
    return on_card(card, settled, screen)


def makeable(event: Event, draft: Draft, facts: Facts) -> Portfolio | None:
    """The open portfolio with what is supposed of it; None where that cannot be stored, and for other positions."""
    if draft.basis.question is not None or not event.chat.is_private or facts.book is not None:
        return None
    return made_so(facts.portfolio.portfolio, draft.scenario, identity=f"m{event.serial}", now=event.time)


def _screen(worked: WhatIfWorked, draft: Draft, tongue: Tongue, problem: Note | None) -> Screen:
    view = worked.view
    about = draft.about if draft.about < len(view.legs) else -1
    match draft.page if view.answered else "card":
        case "targets":
            return targets_screen(view, tongue)
        case "changes":
            modes = {leg.mode for n, leg in enumerate(view.legs) if about in (-1, n)}
            offered = [mode for mode in ("isolated", "cross") if modes != {mode}]
            return changes_screen(view, tongue, about=about if len(view.legs) > 1 else -1, modes=offered)
        case "whose":
            everyone = draft.pending is None or draft.pending.kind != "margin"
            return whose_screen(view, tongue, everyone=everyone)
        case "amount" if draft.typing is not None:
            whose = view.legs[about] if about >= 0 else view.legs[0] if len(view.legs) == 1 else None
            return amount_screen(view, tongue, kind=draft.typing, whose=whose, problem=problem)
        case "ladder":
            chosen = draft.scenario.ladder.target if draft.scenario.ladder else draft.target
            return ladder_screen(view, tongue, chosen=chosen)
        case "events":
            known = [(each.name, each.first_day) for each in reversed(events().values())]
            return events_screen(view, tongue, known)
        case _:
            return whatif_screen(
                view,
                tongue,
                target=draft.target,
                betas=draft.scenario.betas,
                undo=bool(draft.history),
                make=draft.stands is not None,
                problem=problem,
            )


def told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """The card's answer for other programs: `whatif` of the account as it stands."""
    draft = draft_of(card)
    if draft is None:
        return Told()
    worked = worked_out(event, card, draft, facts)
    tongue, view = tongue_of(event), worked.view
    book = facts.book if draft.basis.question is None and facts.book is not None else worked.book
    asked = view.asked
    missing = (f"{SLOT_NAMES[asked.slot]}: {question_line(view, tongue).unescape()}",) if asked is not None else ()
    if book is None:
        return Told(missing=missing)
    try:
        results = {"whatif": write_what_if(as_told(book, draft.scenario, free_wallet=view.wallet_known))}
    except EngineError:
        return Told(missing=missing)
    entries = [
        f"{_slot_of(note)}: {write_note(note, tongue.words, tongue.numbers).unescape()}" for note in view.assumed
    ]
    if any(start.age is None for start in view.starts):
        entries.append(f"mark: {starts_line(view, tongue).unescape()}")
    return Told(answered=True, assumed=tuple(entries), missing=missing, results=results)


def _slot_of(note: Note) -> str:
    """The slot that an assumption stands for; those of the what-if itself are about its shocks."""
    return SLOT_OF_NOTE.get(note.name) or note.slot or "shocks"
