"""Why does the venue show another price? Its number in, the assumptions that give it out.

    why does binance show 61,020?   ->  "Binance shows 61,020, I get 61,044.2: 24.2 apart." and what gives 61,020:
                                        12.04 USDT of added margin; a maintenance rate of 0.3605%; …
    "Did you add margin by hand?"   ->  [No] [Don't know], or an amount: the same again with what is known now
    [What is known]                 ->  every such answer, to be changed
    show me the math                ->  the working of the last answer, which its own flow shows

One question at a time: the venue's number, the position, the mode, then what may have changed since the opening. All is
worked out with what is known so far; "don't know" leaves it open. Other questions about how it works get their
lesson, with the number of the positions at hand where there is one; beside a trade as a remark, so that a short message
still changes the trade.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Close, Event, Outcome, Screen
from bot.flows import learn, start
from bot.flows.basis import Basis, at_rest, basis_of, coins_of, subject_at
from bot.flows.basis import answered as basis_answered
from bot.flows.basis import priced as basis_priced
from bot.flows.basis import tapped as basis_tapped
from bot.flows.cards import draft_in, misread_note, on_card, opened_card
from bot.flows.flow import Flow, Told, in_passing, showing
from bot.flows.start import tongue_of
from bot.rendering.explain_screen import explain_screen, item_screen, known_screen, open_screen
from bot.rendering.explain_views import Item
from bot.rendering.views import Note
from bot.services.answers import typed_price
from bot.services.facts import Facts
from bot.services.mismatch import Said, difference, items_of, next_item
from bot.services.question import Declined, in_range
from bot.services.subject import Subject
from bot.understanding.answers import read_number, understand_slot
from bot.understanding.readings import Reading

FLOW: Final = "explain"

_UNSURE: Final = re.compile(r"(?:i\s+)?(?:don'?t|dont|do not)\s+know|no idea|idk|dunno|not sure|unsure|\?+")
_NONE: Final = re.compile(r"no(?:ne|pe|thing)?|0")
_AMOUNT: Final = re.compile(r"[-+−]?\s*\$?\s*\d[\d.,]{0,20}\s*[km]?\s*(?:\$|usdt?|usdc|u|dollars?|bucks)?")
_RATE: Final = re.compile(r"(\d{1,2}(?:[.,]\d{1,6})?)\s*%?")


class Draft(BaseModel):
    """What an explain card remembers: the positions, what was said about the venue's price, and its page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis
    said: Said = Said()
    known_page: bool = False
    reopened: Item | None = None
    """A question that was answered and is open again."""
    awaiting: Item | None = None
    at: datetime | None = None


# --- A new question ------------------------------------------------------------------------------------------------


def asked(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Outcome:
    """A question about how it works: why a venue's price differs, or one of the topics."""
    parsed = reading.parsed
    basis = basis_of(event, reading, at_hand, facts)
    if isinstance(basis, Declined):
        return start.declined(event, basis.note)
    if parsed.topic != "venue_mismatch":
        lesson = learn.asked(event, reading, basis, facts)
        working = basis is not None and basis.question is not None
        return replace(lesson, show=tuple(map(in_passing, lesson.show))) if working else lesson
    if basis is None:
        return start.declined(event, Note(name="explain_what"))
    values = parsed.values
    said = Said(
        venue=parsed.venue,
        shown=values.venue if values is not None and _usable(values.venue) else None,
        ours=values.bot if values is not None and _usable(values.bot) else None,
    )
    return _shown(event, opened_card(event, FLOW), Draft(basis=basis, said=said), facts)


def opened(event: Event, basis: Basis | None, facts: Facts) -> Outcome:
    """The same from a card's button, about the positions of that card."""
    if basis is None:
        return start.declined(event, Note(name="explain_what"))
    return _shown(event, opened_card(event, FLOW), Draft(basis=basis), facts)


def _usable(price: Decimal | None) -> bool:
    return price is not None and in_range(price)


# --- Showing -------------------------------------------------------------------------------------------------------


def _shown(event: Event, card: Card, draft: Draft, facts: Facts, *, problem: Note | None = None) -> Outcome:
    """The card: the page of what is known, one question that was reopened, else the answer with its next question."""
    subject, tongue = subject_at(event, card, draft.basis, facts), tongue_of(event)
    if not subject.legs and subject.held:
        if event.chat.is_private:
            return start.said(event, "explain.empty")
        return start.sent_home(event, "explain.private", "mismatch")
    found = difference(subject, draft.said)
    if found is None:
        notes = (*((problem,) if problem is not None else ()), *subject.trouble.values(), *subject.remarks)
        screen = open_screen(tuple(subject.legs.values()), subject.asked, notes, tongue)
        return _page(event, card, draft.model_copy(update={"awaiting": None}), screen, subject)
    item = draft.reopened or next_item(found, draft.said)
    if draft.known_page:
        screen = known_screen(found, items_of(found), tongue)
        item = None
    elif draft.reopened is not None:
        screen = item_screen(found, draft.reopened, tongue, problem=problem)
    else:
        screen = explain_screen(found, tongue, item=item, items=items_of(found), problem=problem)
    return _page(event, card, draft.model_copy(update={"awaiting": item}), screen, None)


def _page(event: Event, card: Card, draft: Draft, screen: Screen, waits: Subject | None) -> Outcome:
    """The screen under its draft; `waits`: a slot of the positions is open, which the next message may answer."""
    asked_slot = waits.asked if waits is not None else None
    update = {"awaiting": asked_slot.slot if asked_slot else None, "leg": asked_slot.leg if asked_slot else 0}
    settled = draft.model_copy(update={"basis": draft.basis.model_copy(update=update), "at": event.time})
    return on_card(card, settled, screen)


# --- An answer -----------------------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """The answer to the open question, or a slot of the positions that changes; None for any other text."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    said = _answer(text, draft, subject_at(event, card, draft.basis, facts)) if draft.awaiting is not None else None
    if said is not None:
        return _shown(event, card, _settled(draft, said), facts)
    basis = basis_answered(event, draft.basis, text, reading, facts)
    return None if basis is None else _shown(event, card, draft.model_copy(update={"basis": basis}), facts)


def _answer(text: str, draft: Draft, subject: Subject) -> Said | None:
    item, words = draft.awaiting, text.strip().lower().rstrip(".!")
    if item is None:
        return None
    if _UNSURE.fullmatch(words):
        return draft.said.unsure_of(item)
    match item:
        case "shown":
            legs = list(subject.legs.values())
            price = typed_price(text, coin=legs[draft.said.leg or 0].coin if legs else "")
            return draft.said.having("shown", price) if price is not None else None
        case "mode":
            heard = understand_slot("mode", text)
            mode = heard.position.mode if heard is not None and heard.position is not None else None
            return draft.said.having(item, mode) if mode is not None else None
        case "leg":
            coins = [leg.coin.lower() for leg in subject.legs.values()]
            return draft.said.having(item, coins.index(words)) if coins.count(words) == 1 else None
        case "rate":
            hit = _RATE.fullmatch(words)
            rate = read_number(hit[1], None) if hit else None
            return draft.said.having(item, rate / 100) if rate is not None and 0 < rate < 100 else None
        case _ if _NONE.fullmatch(words):
            return draft.said.having(item, Decimal(0))
        case _:
            amount = read_number(words.replace("−", "-"), None) if _AMOUNT.fullmatch(words) else None
            fits = amount is not None and (amount == 0 or in_range(abs(amount)))
            allowed = fits and (item != "paid" or amount is None or amount >= 0)
            return draft.said.having(item, amount) if allowed and amount is not None else None


def _settled(draft: Draft, said: Said) -> Draft:
    return draft.model_copy(update={"said": said, "reopened": None, "known_page": False})


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    problem = misread_note(text, signed=draft.awaiting in ("added", "others"))
    return _shown(event, card, draft, facts, problem=problem)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    draft = draft_in(card, Draft)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    item, _, choice = value.partition(":")
    match name:
        case "close":
            return Outcome(show=(Close(card=card),))
        case "cancel":
            stopped = draft.said
            for each in ITEMS:
                stopped = stopped if stopped.knows(each) else stopped.unsure_of(each)
            return _shown(event, card, _settled(draft, stopped), facts)
        case "back":
            return _shown(event, card, draft.model_copy(update={"reopened": None, "known_page": False}), facts)
        case "known":
            return _shown(event, card, draft.model_copy(update={"reopened": None, "known_page": True}), facts)
        case "ask" if item in ITEMS:
            update = {"reopened": item, "known_page": False}
            return _shown(event, card, draft.model_copy(update=update), facts)
        case "unsure" if item in ITEMS:
            return _shown(event, card, _settled(draft, draft.said.unsure_of(_item(item))), facts)
        case "know" if item in ITEMS:
            said = _chosen(draft, _item(item), choice, subject_at(event, card, draft.basis, facts))
            return None if said is None else _shown(event, card, _settled(draft, said), facts)
        case _:
            basis = basis_tapped(draft.basis, action)
            return None if basis is None else _shown(event, card, draft.model_copy(update={"basis": basis}), facts)


ITEMS: Final[tuple[Item, ...]] = ("shown", "leg", "mode", "added", "paid", "others", "rate")


def _item(name: str) -> Item:
    return next(each for each in ITEMS if each == name)


def _chosen(draft: Draft, item: Item, choice: str, subject: Subject) -> Said | None:
    """What a button says; None for one that we never drew."""
    if item == "mode" and choice in ("isolated", "cross"):
        return draft.said.having(item, choice)
    if item == "leg" and choice in [str(number) for number in range(len(subject.legs))]:
        return draft.said.having(item, int(choice))
    if item in ("added", "paid", "others") and choice == "0":
        return draft.said.having(item, Decimal(0))
    return None


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """Prices now for coins of the card; None when it has none of them."""
    draft = draft_in(card, Draft)
    found = basis_priced(event, draft.basis, prices) if draft is not None else None
    if draft is None or found is None:
        return None
    return _shown(event, card, draft.model_copy(update={"basis": found[0]}), facts), found[1]


def _told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """What the card still asks; nothing for other programs hangs on an explanation."""
    draft = draft_in(card, Draft)
    if draft is None or draft.awaiting is None:
        return Told(answered=draft is not None)
    return Told(answered=True, missing=("values: the price that the venue shows",) if draft.awaiting == "shown" else ())


def _awaits(card: Card) -> bool:
    draft = draft_in(card, Draft)
    return draft is not None and (draft.awaiting is not None or draft.basis.awaiting is not None)


def _basis(card: Card) -> Basis | None:
    draft = draft_in(card, Draft)
    return at_rest(draft.basis) if draft is not None else None


EXPLAIN: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=_awaits,
    typed=typed,
    misread=misread,
    priced=priced,
    basis=_basis,
    shown=showing(Draft, _shown),
    coins=lambda card, facts: coins_of(_basis(card), facts),
    told=_told,
)
