"""The steps of a what-if card: another scenario, a change of the account, and the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.dialogue import Card, Event, Outcome, Said, Toast
from bot.flows.basis import Basis, subject_at
from bot.flows.portfolio_card import changed as saved_anew
from bot.flows.portfolio_card import new_card as portfolio_card
from bot.flows.portfolio_card import with_open
from bot.flows.start import tongue_of
from bot.flows.whatif_card import Draft, Page, makeable, new_card, shown, worked_out
from bot.rendering.notes import write_note
from bot.rendering.views import Note
from bot.services.facts import Facts
from bot.services.market_moves import events
from bot.services.scenario import EVERYTHING, MOST_CHANGES, Move, Scenario, Supposed, with_change, with_moves
from bot.services.subject import Subject
from bot.understanding.supposed import Word

MOST_UNDONE: Final = 20

DEFAULT_FUNDING: Final = Decimal("0.01")
"""Percent every eight hours: what the funding buttons take, the rate at which perpetuals start from."""


def worded(event: Event, card: Card, draft: Draft, word: Word, facts: Facts) -> Outcome | None:
    """The short words of a what-if: "add 500 margin", "with betas", "reset"."""
    match word.what:
        case "undo":
            return taken_back(event, card, draft, facts)
        case "reset":
            return with_scenario(event, card, draft, Scenario(), facts)
        case "betas":
            return with_scenario(event, card, draft, draft.scenario.model_copy(update={"betas": word.on}), facts)
        case "ladder":
            return shown(event, card, draft.model_copy(update={"page": "ladder"}), facts)
        case "event":
            return with_event(event, card, draft, word.event or "", facts)
        case kind:
            change = Supposed(
                kind=kind, coin=word.coin, side=word.side, amount=word.amount, mode=word.mode, days=word.days
            )
            subject = subject_at(event, card, draft.basis, facts)
            if word.coin is not None and not _mine(subject, change):
                return shown(event, card, draft, facts, problem=not_held([word.coin]))
            if kind in ("margin", "close") and len(_mine(subject, change)) > 1:
                waiting = draft.model_copy(update={"page": "whose", "pending": change, "typing": None})
                return shown(event, card, waiting, facts)
            return changed(event, card, draft, change, facts)


def not_held(coins: Sequence[str]) -> Note:
    return Note(name="whatif_not_held", facts={"coins": ", ".join(coins)})


def _mine(subject: Subject, change: Supposed) -> list[int]:
    """The numbers of the positions that a change is about."""
    return [
        number
        for number, leg in enumerate(subject.legs.values())
        if change.coin in (None, leg.coin) and change.side in (None, leg.side)
    ]


def with_scenario(
    event: Event,
    card: Card,
    draft: Draft,
    scenario: Scenario,
    facts: Facts,
    *,
    page: Page = "card",
    problem: Note | None = None,
) -> Outcome:
    """The card with another scenario, the one before kept for Undo; one that cannot be meant is refused by name."""
    after = draft.model_copy(
        update={
            "scenario": scenario,
            "history": (*draft.history, draft.scenario)[-MOST_UNDONE:],
            "bases": (*draft.bases, None)[-MOST_UNDONE:],
            "page": page,
            "pending": None,
            "typing": None,
        }
    )
    if scenario == draft.scenario:
        after = after.model_copy(update={"history": draft.history, "bases": draft.bases})
        # What was said already is shown once more: an edit that changes nothing would look like no answer.
        card = new_card(event) if isinstance(event.content, Said) and draft.page == page else card
    worked = worked_out(event, card, after, facts)
    if worked.refusal is None:
        return shown(event, card, after, facts, worked=worked, problem=problem)
    back = draft.model_copy(update={"page": "card", "pending": None, "typing": None})
    outcome = shown(event, card, back, facts, problem=worked.refusal)
    words, numbers = tongue_of(event).words, tongue_of(event).numbers
    return replace(outcome, toast=Toast(text=str(write_note(worked.refusal, words, numbers).unescape())[:200]))


def changed(event: Event, card: Card, draft: Draft, change: Supposed, facts: Facts) -> Outcome:
    if len(draft.scenario.changes) >= MOST_CHANGES:
        problem = Note(name="whatif_enough", facts={"number": Decimal(MOST_CHANGES)})
        return shown(event, card, draft.model_copy(update={"page": "card", "pending": None}), facts, problem=problem)
    scenario = with_change(draft.scenario, change).model_copy(update={"solve": (), "ladder": None})
    return with_scenario(event, card, draft, scenario, facts)


def made(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """`make`: what was supposed is stored, unless the portfolio is another one by now: then it is shown anew."""
    after, stored, words = makeable(event, draft, facts), facts.portfolio, tongue_of(event).words
    if draft.stands is None:
        return None
    if after is None or draft.stands != (stored.id, stored.version):
        return replace(shown(event, card, draft, facts), toast=Toast(text=words.label("toast.changed_meanwhile")))
    told = with_open(facts, after)
    clean = {"scenario": Scenario(betas=draft.scenario.betas), "history": (), "bases": (), "page": "card"}
    board = draft.model_copy(update=clean)
    beside = saved_anew(event, portfolio_card(event), facts, after, "whatif", remark=words("portfolio.made"))
    return replace(beside, show=(*shown(event, card, board, told).show, *beside.show))


def with_event(event: Event, card: Card, draft: Draft, day: str, facts: Facts) -> Outcome | None:
    if day not in events():
        return None
    scenario = with_moves(draft.scenario, [Move(target=EVERYTHING, event=day)])
    return with_scenario(event, card, draft, scenario.model_copy(update={"solve": (), "ladder": None}), facts)


def taken_back(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome:
    if not draft.history:
        return Outcome(toast=Toast(text=tongue_of(event).words.label("toast.no_undo")))
    basis = (draft.bases[-1] if draft.bases else None) or draft.basis
    before = {"scenario": draft.history[-1], "basis": basis, "history": draft.history[:-1], "bases": draft.bases[:-1]}
    return shown(event, card, draft.model_copy(update={**before, "page": "card", "pending": None}), facts)


def with_basis(event: Event, card: Card, draft: Draft, basis: Basis, facts: Facts) -> Outcome:
    """The card about positions that were changed, the old kept for Undo; an answer to its question is no change."""
    update = {"basis": basis, "page": "card"}
    if draft.basis.awaiting is None and basis != draft.basis:
        update["history"] = (*draft.history, draft.scenario)[-MOST_UNDONE:]
        update["bases"] = (*draft.bases, draft.basis)[-MOST_UNDONE:]
    return shown(event, card, draft.model_copy(update=update), facts)


def change_tapped(event: Event, card: Card, draft: Draft, name: str, value: str, facts: Facts) -> Outcome | None:
    """ "about:1", "do:close:0.5", "type:margin": whose, what, and an amount to be typed."""
    subject = subject_at(event, card, draft.basis, facts)
    if name == "about":
        if value not in map(str, range(-1, len(subject.legs))):
            return None
        chosen = draft.model_copy(update={"about": int(value), "page": "changes"})
        if draft.pending is None:
            return shown(event, card, chosen, facts)
        return changed(event, card, chosen, about(subject, chosen, draft.pending), facts)
    kind, _, amount = value.partition(":")
    if name == "type":
        if kind not in ("margin", "deposit"):
            return None
        return shown(event, card, draft.model_copy(update={"page": "amount", "typing": kind}), facts)
    change = _change_of(kind, amount)
    if change is None:
        return None
    if kind == "margin" and draft.about < 0 and len(subject.legs) > 1:
        return shown(event, card, draft.model_copy(update={"page": "whose", "pending": change}), facts)
    return changed(event, card, draft, about(subject, draft, change), facts)


def _change_of(kind: str, value: str) -> Supposed | None:
    """What a button `do:KIND:VALUE` says; None for one that we never drew."""
    if kind == "mode":
        return Supposed(kind="mode", mode="cross" if value == "cross" else "isolated")
    if kind not in ("margin", "deposit", "close", "leverage", "funding") or not re.fullmatch(r"\d{1,6}(\.\d+)?", value):
        return None
    number = Decimal(value)
    if not number or (kind == "close" and number > 1):
        return None
    if kind == "funding":
        return Supposed(kind="funding", amount=DEFAULT_FUNDING, days=number)
    return Supposed.model_validate({"kind": kind, "amount": number})


def about(subject: Subject, draft: Draft, change: Supposed) -> Supposed:
    """The change for the position that was chosen; of the account where it is one of the account."""
    legs = list(subject.legs.values())
    if change.kind == "deposit" or not 0 <= draft.about < len(legs):
        return change
    return change.model_copy(update={"coin": legs[draft.about].coin, "side": legs[draft.about].side})
