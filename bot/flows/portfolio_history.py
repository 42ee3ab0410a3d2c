"""What happened to the open portfolio: every change with its time and the numbers of then, undo and redo.

/history, [History]              ->  the changes, newest first
/undo, [Undo], "undo"            ->  as it was before the last change; twenty changes back
/redo, [Redo], "redo"            ->  the change again, until another one is made
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.portfolio_card import Draft, and_change, first_of, just_deleted, page, show_card, undo_action
from bot.flows.start import tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_past_screen import history_screen
from bot.services.facts import Facts
from bot.services.portfolio_past import step_lines
from bot.storage.portfolios import StepPortfolio

MOST_TOLD: Final = 8
"""Changes that are named when several are taken back at once."""


def history(event: Event, card: Card, value: str, facts: Facts, *, remark: Markup | None = None) -> Outcome:
    """The page of changes from number `value` on."""
    stored = facts.portfolio
    screen = history_screen(
        step_lines(facts.steps, stored),
        tongue_of(event),
        now=event.time,
        undo=undo_action(stored) if stored.can_undo else "",
        can_redo=stored.can_redo,
        start=first_of(value),
        remark=remark,
    )
    return page(card, Draft(page="history"), screen)


def undo_tapped(event: Event, card: Card, value: str, facts: Facts) -> Outcome:
    """`undo:STEP:ID`: the change that the button stands under, while it is the newest of the open portfolio."""
    stored = facts.portfolio
    step, _, identity = value.partition(":")
    if value and (step != str(stored.step) or identity not in ("", str(stored.id))):
        return history(event, card, "", facts, remark=tongue_of(event).words("past.not_newest"))
    return undone(event, card, facts)


def undone(event: Event, card: Card, facts: Facts, *, count: int = 1) -> Outcome:
    """So many changes back, as far as there are."""
    stored = facts.portfolio
    gone = just_deleted(event, facts)
    if gone is not None and all(step.at <= gone[1] for step in facts.steps if step.number <= stored.step):
        return show_card(event, card, facts, remark=tongue_of(event).words("past.deleted", name=gone[0].name))
    if not stored.can_undo:
        return show_card(event, card, facts, remark=tongue_of(event).words("past.nothing_to_undo"))
    first = min((step.number for step in facts.steps), default=stored.step)
    return _gone_to(event, card, facts, max(first, stored.step - count), undo=True)


def redone(event: Event, card: Card, facts: Facts) -> Outcome:
    """One change forward again."""
    stored = facts.portfolio
    if not stored.can_redo:
        return show_card(event, card, facts, remark=tongue_of(event).words("past.nothing_to_redo"))
    return _gone_to(event, card, facts, stored.step + 1, undo=False)


def _gone_to(event: Event, card: Card, facts: Facts, number: int, *, undo: bool) -> Outcome:
    stored, tongue = facts.portfolio, tongue_of(event)
    step = next((each for each in facts.steps if each.number == number), None)
    if step is None or stored.id is None:
        nothing = tongue.words("past.nothing_to_undo" if undo else "past.nothing_to_redo")
        return show_card(event, card, facts, remark=nothing)
    lines = step_lines(facts.steps, stored)
    told = [line for line in lines if (number < line.number <= stored.step if undo else line.number == number)]
    notes = [note for line in told for note in line.changes]
    what = Markup("; ").join(write_note(note, tongue.words, tongue.numbers) for note in notes[:MOST_TOLD])
    what += Markup("; …") if len(notes) > MOST_TOLD else Markup("")
    remark = tongue.words("past.undid" if undo else "past.redid", what=what or tongue.words("past.nothing"))
    portfolio = step.portfolio.model_copy(update={"name": stored.portfolio.name})
    after = replace(facts, portfolio=replace(stored, portfolio=portfolio, step=number))
    change = StepPortfolio(owner_id=event.person.id, portfolio_id=stored.id, version=stored.version, to=number)
    return and_change(show_card(event, card, after, remark=remark), change)
