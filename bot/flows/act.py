"""Making it safer: margin to add or a part to close, so that a goal is reached; or what a named amount does.

    need liq 20% away on sol long, how much usdt   ->  add so much, or close so much, the cheapest first
    top up needed to survive -15% market           ->  the same for every pool of the account
    add 300 to my eth short, new liq?              ->  where it is liquidated then
    [Make it safer] under a card                   ->  "What should it survive?" [-10%] [-20%] [-30%], or typed

What is missing is asked one thing at a time: which position, then the goal. `awaiting` is "goal" while the next message
may name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome
from bot.flows import whatif
from bot.flows.about import about, in_account
from bot.flows.act_amounts import in_another_unit
from bot.flows.basis import Basis, account_beside, answered, at_rest, coins_of, subject_at
from bot.flows.basis import priced as basis_priced
from bot.flows.basis import tapped as basis_tapped
from bot.flows.cards import draft_in, in_sight, misread_note, on_card, opened_card
from bot.flows.flow import Flow, Told, showing
from bot.flows.start import declined, tongue_of
from bot.rendering.act_screen import act_screen, aim_question
from bot.rendering.act_views import ActView
from bot.rendering.assumptions import assumed_entries, missing_entry
from bot.rendering.compare_screen import compare_screen
from bot.rendering.compare_views import CompareView
from bot.rendering.views import CheckView, Note
from bot.services.acting import Acted, act_results, acted, is_long
from bot.services.aims import Aim, aim_of, tapped_aim, typed_aim
from bot.services.checking import work_out
from bot.services.facts import Facts
from bot.services.finding import positions_of
from bot.services.question import Declined
from bot.services.subject import Subject
from bot.services.supposing import SUGGESTED, suggested
from bot.understanding.readings import Reading

FLOW: Final = "act"


class Draft(BaseModel):
    """What the card remembers: its positions, what is wanted, and of which position ("" is all of them)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis
    at: datetime | None = None
    aim: Aim = Aim()
    position: str = ""
    coin: str | None = None
    side: Literal["long", "short"] | None = None
    awaiting: Literal["goal"] | None = None


# --- A new card ----------------------------------------------------------------------------------------------------


def asked(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Outcome:
    """What a message wants done: about its own position, else the card at hand, else the portfolio."""
    found = about(event, reading, at_hand, facts)
    if isinstance(found, Declined):
        return declined(event, found.note)
    if found is None:
        return declined(event, Note(name="act_on_what"))
    other = in_another_unit(event, reading, found, facts)
    if other is not None:
        return other
    parsed = reading.parsed
    whole = parsed.scope == "account"
    draft = Draft(
        basis=found,
        aim=aim_of(reading),
        coin=None if whole else parsed.symbol,
        side=None if whole else parsed.side,
    )
    return _shown(event, opened_card(event, FLOW), draft, facts)


def opened(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """The button under a card: its positions, the goal still open."""
    if basis is None:
        return declined(event, Note(name="act_on_what"))
    return _shown(event, opened_card(event, FLOW), Draft(basis=in_account(event, basis, facts)), facts)


# --- Typed and tapped ----------------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A text that names the goal, answers an open slot or changes one; None for any other."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    if draft.awaiting == "goal":
        subject = subject_at(event, card, draft.basis, facts)
        book = subject.as_it_stands
        aim = aim_of(reading) if reading.kind == "addmargin" else None
        aim = aim if aim is not None and aim.said else typed_aim(text, falls=book is None or is_long(book))
        if aim is not None:
            return _shown(event, in_sight(event, card), draft.model_copy(update={"aim": aim}), facts)
    if reading.kind == "addmargin":
        return None
    basis = answered(event, draft.basis, text, reading, facts)
    if basis is None:
        return None
    return _shown(event, in_sight(event, card), draft.model_copy(update={"basis": basis}), facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_in(card, Draft)
    if draft is None or not _awaits(card):
        return None
    problem = misread_note(text)
    return _shown(event, in_sight(event, card), draft, facts, problem=problem)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """ "btc 63k now": the trade measured from there; a portfolio's prices are its own."""
    draft = draft_in(card, Draft)
    found = basis_priced(event, draft.basis, prices) if draft is not None else None
    if draft is None or found is None:
        return None
    update = {"basis": found[0]}
    return _shown(event, in_sight(event, card), draft.model_copy(update=update), facts), found[1]


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "back":
            return _shown(event, card, draft, facts)
        case "cancel":
            return _shown(event, card, draft, facts, quiet=True)
        case "close":
            return Outcome(show=(Close(card=card),))
        case "goal":
            aim = tapped_aim(value)
            return None if aim is None else _shown(event, card, draft.model_copy(update={"aim": aim}), facts)
        case "suppose" if value in SUGGESTED:
            return _supposed(event, card, draft, value, facts)
        case "position":
            subject = subject_at(event, card, draft.basis, facts)
            if value not in subject.legs:
                return None
            return _shown(event, card, draft.model_copy(update={"position": value}), facts)
        case _:
            basis = basis_tapped(draft.basis, action)
            return None if basis is None else _shown(event, card, draft.model_copy(update={"basis": basis}), facts)


def _supposed(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    """A what-if with what the card suggests."""
    view = _acted(draft, subject_at(event, card, draft.basis, facts)).view
    scenario = next((suggested(view, kind) for kind in SUGGESTED if kind == value), None)
    return whatif.opened(event, basis(card), facts, scenario=scenario) if scenario is not None else None


def _tries(view: ActView) -> list[str]:
    return [kind for kind in SUGGESTED if suggested(view, kind) is not None]


# --- Showing -------------------------------------------------------------------------------------------------------


def _acted(draft: Draft, subject: Subject) -> Acted:
    """The answer; a position that was named and is not there is said so, and the whole account is taken."""
    book = subject.as_it_stands
    if draft.position or draft.coin is None or book is None:
        return acted(subject, draft.aim, position=draft.position)
    own = positions_of(book, draft.coin, draft.side)
    if not own:
        remark = Note(name="not_held", facts={"coin": draft.coin})
        return acted(subject, draft.aim, remarks=(remark,))
    if len(own) == 1:
        return acted(subject, draft.aim, position=own[0].id)
    found = acted(subject, Aim(), remarks=())
    which = tuple((each.id, subject.legs[each.id]) for each in own)
    return replace(found, view=replace(found.view, which=which, asked=False))


def _shown(
    event: Event, card: Card, draft: Draft, facts: Facts, *, problem: Note | None = None, quiet: bool = False
) -> Outcome:
    """The card with the one question that is open: a slot of its positions, else the goal."""
    tongue, subject = tongue_of(event), subject_at(event, card, draft.basis, facts)
    check = _waits(event, card, draft, subject, facts)
    awaiting: Literal["goal"] | None = None
    if check is not None:
        asked_slot = check.asked
        screen = compare_screen(CompareView(check=check, held=subject.held), tongue)
        waiting = {"awaiting": asked_slot.slot if asked_slot else None, "leg": asked_slot.leg if asked_slot else 0}
        basis = draft.basis.model_copy(update=waiting if draft.basis.question is not None and not quiet else {})
    else:
        view = _acted(draft, subject).view
        awaiting = "goal" if view.asked and not view.withdraw and not quiet and not view.private else None
        screen = (
            aim_question(view, tongue, problem=problem)
            if problem is not None
            else act_screen(view, tongue, suggested=_tries(view))
        )
        basis = at_rest(draft.basis)
    settled = draft.model_copy(update={"basis": basis, "at": event.time, "awaiting": awaiting})
    return on_card(card, settled, screen)


def _waits(event: Event, card: Card, draft: Draft, subject: Subject, facts: Facts) -> CheckView | None:
    """What the positions still lack, as a check card shows it; None once there is a book."""
    if subject.as_it_stands is not None or (subject.held and not subject.legs):
        return None
    if draft.basis.question is None:
        return CheckView(
            legs=tuple(subject.legs.values()),
            isolated_trouble=subject.trouble.get("isolated"),
            cross_trouble=subject.trouble.get("cross") or subject.trouble.get("given"),
            wallets=((subject.settle, subject.wallet),) if subject.wallet is not None else (),
            asked=subject.asked,
        )
    account = account_beside(event, card, facts, draft.basis)
    check = work_out(draft.basis.question, now=event.time, account=account, explain=False).view
    return replace(check, asked=subject.asked)


# --- For others ----------------------------------------------------------------------------------------------------


def basis(card: Card) -> Basis | None:
    """The positions of the card, for another flow to go on with."""
    draft = draft_in(card, Draft)
    return at_rest(draft.basis) if draft is not None else None


def _awaits(card: Card) -> bool:
    draft = draft_in(card, Draft)
    return draft is not None and (draft.awaiting is not None or draft.basis.awaiting is not None)


def told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """The answer for other programs."""
    draft, tongue = draft_in(card, Draft), tongue_of(event)
    if draft is None:
        return Told()
    subject = subject_at(event, card, draft.basis, facts)
    check = _waits(event, card, draft, subject, facts)
    if check is not None:
        asked_next = missing_entry(check, tongue)
        return Told(missing=(asked_next,) if asked_next else ())
    found = _acted(draft, subject)
    results = act_results(found)
    return Told(
        answered=results is not None,
        assumed=() if subject.held else tuple(_assumed(found.view, subject, event)),
        missing=_missing(found.view, event),
        results=results,
    )


def _assumed(view: ActView, subject: Subject, event: Event) -> list[str]:
    legs = tuple(subject.legs.values())
    return assumed_entries(CheckView(legs=legs, assumed=view.assumed), tongue_of(event))


def _missing(view: ActView, event: Event) -> tuple[str, ...]:
    words = tongue_of(event).words
    if view.which:
        return (f"symbol: {words.label('act.which')}",)
    return (f"target: {words.label('act.ask_goal')}",) if view.asked and not view.withdraw else ()


ACT: Final = Flow(
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
