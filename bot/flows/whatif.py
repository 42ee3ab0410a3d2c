"""The what-if card: prices move, the account changes, and both modes are shown before and after, side by side.

    what if btc drops 10%         ->  who survives in which mode, what falls in which order, what is left
    [−5%] [−10%]  eth +5          ->  the same card: taps add percentage points, typed moves replace
    add 500 margin · close half   ->  changes of the account, made first, at the prices now
    [Make it so]                  ->  with nothing but changes: the open portfolio is changed, and shown
    how far can btc fall          ->  the distance itself, in every mode
    [Ladder] [Events] [Changes]   ->  pages of the card; [Undo] [Reset] take back, [Close] takes it away

Pages: `card`, `targets`, `changes`, `whose`, `amount` (answered by typing), `ladder`, `events`. The scenario holds
every change, so that the card can be drawn again at any time; `history` holds the scenarios before, for Undo.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.dialogue import Card, Close, Event, Outcome
from bot.flows.basis import SAVED, Basis, answered, at_rest, basis_of, coins_of, subject_at
from bot.flows.basis import priced as basis_priced
from bot.flows.basis import tapped as tapped_slot
from bot.flows.cards import in_sight, misread_note, remark
from bot.flows.flow import Flow, showing
from bot.flows.start import declined, sent_home, tongue_of
from bot.flows.whatif_card import FLOW, Draft, Page, draft_of, new_card, shown, told, worked_out
from bot.flows.whatif_steps import (
    about,
    change_tapped,
    changed,
    made,
    not_held,
    taken_back,
    with_basis,
    with_event,
    with_scenario,
    worded,
)
from bot.rendering.whatif_screen import empty_screen
from bot.services.answers import is_below_zero, typed_wallet
from bot.services.facts import Facts
from bot.services.question import Declined
from bot.services.saved import with_prices
from bot.services.scenario import EVERYTHING, Scenario, Supposed, scenario_of, with_change, with_moves
from bot.services.scenario import tapped as tapped_move
from bot.services.what_if_card import WhatIfWorked, moved
from bot.services.what_if_card import coins_of as shown_coins
from bot.storage.portfolios import SavePortfolio
from bot.understanding.readings import Reading
from bot.understanding.supposed import word_of
from bot.understanding.understand import understand

_LAST_COMMA: Final = re.compile(r",\s*(?=[^,]*$)")
_STANDS_ALONE: Final = re.compile(r"\b(?:what\s+if|if|suppose|imagine|how\s+(?:far|much))\b")


# --- A new question ------------------------------------------------------------------------------------------------


def asked(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Outcome:
    """A what-if in words: a new card about its own positions, those of the card before, or the portfolio."""
    basis = basis_of(event, reading, at_hand, facts)
    if isinstance(basis, Declined):
        return declined(event, basis.note)
    marks = reading.parsed.marks or {}
    if reading.parsed.positions or not marks:
        return opened(event, basis, facts, scenario=scenario_of(reading))
    basis, facts, changes = _from_there(event, basis, marks, facts)
    return replace(opened(event, basis, facts, scenario=scenario_of(reading)), changes=changes)


def _from_there(
    event: Event, basis: Basis | None, marks: Mapping[str, Decimal], facts: Facts
) -> tuple[Basis | None, Facts, tuple[SavePortfolio, ...]]:
    """What a what-if works on with the prices that were stated beside it: "btc at 63k now, what if -10%"."""
    if basis is not None and basis.question is not None:
        found = basis_priced(event, basis, marks)
        return found[0] if found is not None else basis, facts, ()
    portfolio, held = with_prices(facts.portfolio.portfolio, marks, now=event.time)
    if not held or not event.chat.is_private:
        return basis, facts, ()
    save = SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version)
    return basis, replace(facts, portfolio=replace(facts.portfolio, portfolio=portfolio), book=None), (save,)


def commanded(event: Event, arguments: str, at_hand: Basis | None, facts: Facts) -> Outcome:
    """/whatif with words: "btc -10", or a trade and behind its last comma what is supposed of it.

    A trade alone opens a board with nothing moved yet.
    """
    reading = understand(f"/whatif {arguments}")
    if reading.parsed.positions and reading.kind != "whatif":
        parted = understand(_LAST_COMMA.sub(", what if ", arguments))
        reading = parted if parted.kind == "whatif" and parted.parsed.positions else reading
    return asked(event, reading, at_hand, facts)


def opened(event: Event, basis: Basis | None, facts: Facts, *, scenario: Scenario | None = None) -> Outcome:
    """A new card about the positions of a card or, without one, the portfolio; without either, how to ask."""
    basis = basis or SAVED
    if basis.question is None and not event.chat.is_private:
        return sent_home(event, "whatif.private", "whatif")
    if basis.question is None and not facts.portfolio.portfolio.positions:
        return remark(empty_screen(tongue_of(event)))
    scenario = scenario or Scenario()
    draft = Draft(basis=at_rest(basis), scenario=scenario)
    worked = worked_out(event, new_card(event), draft, facts)
    draft = draft.model_copy(update={"target": _first_target(scenario, worked)})
    if scenario.ladder is not None:
        draft = draft.model_copy(update={"page": "ladder"})
    if worked.refusal is not None:
        return shown(event, new_card(event), _without_moves(draft), facts, problem=worked.refusal)
    return shown(event, new_card(event), draft, facts, worked=worked)


def _without_moves(draft: Draft) -> Draft:
    return draft.model_copy(update={"scenario": draft.scenario.model_copy(update={"moves": ()})})


def _first_target(scenario: Scenario, worked: WhatIfWorked) -> str:
    """What the buttons move first: the one coin there is, the one coin that was named, else everything."""
    coins = worked.view.coins
    if len(coins) == 1:
        return coins[0]
    named = [move.target for move in scenario.moves if move.target in coins]
    return named[0] if len(scenario.moves) == 1 and named else EVERYTHING


# --- A typed text --------------------------------------------------------------------------------------------------


def awaits(card: Card) -> bool:
    """Whether the next message may answer a question of the card."""
    draft = draft_of(card)
    return draft is not None and (draft.typing is not None or draft.basis.awaiting is not None)


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """What a text supposes besides or answers; None for a question of its own and for what has no place here."""
    draft = draft_of(card)
    if draft is None or (reading.parsed.positions and reading.kind == "whatif"):
        return None
    if draft.typing is not None and (amount := typed_wallet(text)) is not None and amount[0] > 0:
        subject = subject_at(event, card, draft.basis, facts)
        change = about(subject, draft, Supposed(kind=draft.typing, amount=amount[0]))
        return changed(event, in_sight(event, card), draft, change, facts)
    if draft.typing is not None and is_below_zero(text):
        return None  # a wrong amount, no move
    word = word_of(text)
    if word is not None:
        return worded(event, in_sight(event, card), draft, word, facts)
    if reading.kind == "whatif" and not _STANDS_ALONE.search(text.lower()):
        return _supposed(event, in_sight(event, card), draft, reading, facts)
    basis = answered(event, draft.basis, text, reading, facts)
    if basis is None:
        return None
    return with_basis(event, in_sight(event, card), draft, basis, facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_of(card)
    if draft is None or not awaits(card):
        return None
    problem = misread_note(text)
    return shown(event, in_sight(event, card), draft, facts, problem=problem)


def _supposed(event: Event, card: Card, draft: Draft, reading: Reading, facts: Facts) -> Outcome | None:
    """Further moves: each replaces that of its target."""
    told = scenario_of(reading)
    if told.solve:
        return with_scenario(event, card, draft, draft.scenario.model_copy(update={"solve": told.solve}), facts)
    if told.ladder is not None:
        scenario = draft.scenario.model_copy(update={"ladder": told.ladder, "solve": ()})
        return with_scenario(event, card, draft, scenario, facts, page="ladder")
    if not told.moves and not told.changes:
        return None
    absent = moved(subject_at(event, card, draft.basis, facts), told).not_held
    moves = [move for move in told.moves if move.target.partition("/")[0] not in absent]
    if not moves and not told.changes:
        return shown(event, card, draft.model_copy(update={"page": "card"}), facts, problem=not_held(absent))
    scenario = with_moves(draft.scenario, moves) if moves else draft.scenario
    for change in told.changes:
        scenario = with_change(scenario, change)
    said_of_it = {"solve": (), "ladder": None, "unread": told.unread, "guessed": told.guessed}
    problem = not_held(absent) if absent else None
    return with_scenario(event, card, draft, scenario.model_copy(update=said_of_it), facts, problem=problem)


def undone(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """ "Undo" in words: the scenario before; None when there is none."""
    draft = draft_of(card)
    return taken_back(event, in_sight(event, card), draft, facts) if draft is not None and draft.history else None


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """ "btc 63k now": the moves measured from there, and the coins it took."""
    draft = draft_of(card)
    if draft is None:
        return None
    if draft.basis.question is None:
        portfolio, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
        if not held or not event.chat.is_private:
            return None
        told = replace(facts, portfolio=replace(facts.portfolio, portfolio=portfolio), book=None)
        outcome = shown(event, in_sight(event, card), draft.model_copy(update={"page": "card"}), told)
        save = SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version)
        return replace(outcome, changes=(save,)), set(held)
    found = basis_priced(event, draft.basis, prices)
    if found is None:
        return None
    after = draft.model_copy(update={"basis": found[0], "page": "card"})
    return shown(event, in_sight(event, card), after, facts), found[1]


# --- A tap ---------------------------------------------------------------------------------------------------------

_PAGES: Final[dict[str, Page]] = {
    "targets": "targets",
    "changes": "changes",
    "ladder": "ladder",
    "events": "events",
    "whose": "whose",
}


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    draft = draft_of(card)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "close":
            return Outcome(show=(Close(card=card),))
        case "back" | "cancel":
            quiet = {"page": "card", "pending": None, "typing": None}
            return shown(event, card, draft.model_copy(update=quiet), facts, quiet=name == "cancel")
        case "undo":
            return taken_back(event, card, draft, facts)
        case "reset":
            return with_scenario(event, card, draft, Scenario(), facts)
        case "betas":
            betas = not draft.scenario.betas
            return with_scenario(event, card, draft, draft.scenario.model_copy(update={"betas": betas}), facts)
        case "make":
            return made(event, card, draft, facts)
        case "event":
            return with_event(event, card, draft, value, facts)
        case "move":
            return _moved(event, card, draft, value, facts)
        case "at":
            return _aimed(event, card, draft, value, facts)
        case _ if not value and name in _PAGES:
            return shown(event, card, draft.model_copy(update={"page": _PAGES[name], "pending": None}), facts)
        case "about" | "do" | "type":
            return change_tapped(event, card, draft, name, value, facts)
        case _:
            basis = tapped_slot(draft.basis, action)
            return shown(event, card, draft.model_copy(update={"basis": basis}), facts) if basis is not None else None


def _moved(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    """A tap of the board: percentage points of the starting price more."""
    if not re.fullmatch(r"-?\d{1,3}", value):
        return None
    shift = moved(subject_at(event, card, draft.basis, facts), draft.scenario).by_coin.get(draft.target)
    stands = shift.fraction * 100 if shift is not None else Decimal(0)
    scenario = tapped_move(draft.scenario, draft.target, Decimal(value), stands=stands)
    return with_scenario(event, card, draft, scenario, facts)


def _aimed(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    """Another target for the moves, or for the ladder."""
    if value not in (EVERYTHING, *shown_coins(subject_at(event, card, draft.basis, facts))):
        return None
    update: dict[str, object] = {"target": value, "page": "ladder" if draft.page == "ladder" else "card"}
    if draft.page == "ladder":
        update["scenario"] = draft.scenario.model_copy(update={"ladder": None})
    return shown(event, card, draft.model_copy(update=update), facts)


# --- For others ----------------------------------------------------------------------------------------------------


def basis(card: Card) -> Basis | None:
    """The positions of the card, for another flow to go on with."""
    draft = draft_of(card)
    return draft.basis if draft is not None else None


WHATIF: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=awaits,
    typed=typed,
    misread=misread,
    priced=priced,
    undone=undone,
    basis=basis,
    shown=showing(Draft, shown),
    coins=lambda card, facts: coins_of(basis(card), facts),
    told=told,
)
