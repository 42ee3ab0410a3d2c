"""What happened to the open portfolio: every change with its time and the numbers of then, undo and redo.

/history, [History]              ->  the changes, newest first
/undo, [Undo], "undo"            ->  as it was before the last change; twenty changes back
/redo, [Redo], "redo"            ->  the change again, until another one is made
"""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.portfolio_card import Draft, and_change, just_deleted, page, show_card
from bot.flows.start import tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_past_screen import history_screen
from bot.services.facts import Facts
from bot.services.portfolio_past import step_lines
from bot.storage.portfolios import StepPortfolio


def history(event: Event, card: Card, value: str, facts: Facts, *, remark: Markup | None = None) -> Outcome:
    """The page of changes from number `value` on."""
    stored = facts.portfolio
    screen = history_screen(
        step_lines(facts.steps, stored),
        tongue_of(event),
        now=event.time,
        can_undo=stored.can_undo,
        can_redo=stored.can_redo,
        start=int(value) if value.isdigit() and len(value) < 4 else 0,
        remark=remark,
    )
    return page(card, Draft(page="history"), screen)


def undone(event: Event, card: Card, facts: Facts) -> Outcome:
    """One change back."""
    stored = facts.portfolio
    gone = just_deleted(event, facts)
    if gone is not None and all(step.at <= gone[1] for step in facts.steps if step.number <= stored.step):
        return show_card(event, card, facts, remark=tongue_of(event).words("past.deleted", name=gone[0].name))
    if not stored.can_undo:
        return show_card(event, card, facts, remark=tongue_of(event).words("past.nothing_to_undo"))
    return _gone_to(event, card, facts, stored.step - 1, undo=True)


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
    of = number + 1 if undo else number
    told = next((line for line in step_lines(facts.steps, stored) if line.number == of), None)
    what = Markup("; ").join(write_note(note, tongue.words, tongue.numbers) for note in told.changes) if told else ""
    remark = tongue.words("past.undid" if undo else "past.redid", what=what or tongue.words("past.nothing"))
    portfolio = step.portfolio.model_copy(update={"name": stored.portfolio.name})
    after = replace(facts, portfolio=replace(stored, portfolio=portfolio, step=number))
    change = StepPortfolio(owner_id=event.person.id, portfolio_id=stored.id, version=stored.version, to=number)
    return and_change(show_card(event, card, after, remark=remark), change)
