"""What a card works on: positions that were told, or the open portfolio; and how its open slots are asked and answered.

Check, what-if, compare and the rest hold a `Basis` and share these few steps:

    basis_of(...)        the positions of a message, else those of the card before, else the portfolio
    subject_at(...)      its books, with the one question that is still open
    answered(...)        a typed text that answers that question or changes a slot
    tapped(...)          `set:SLOT:VALUE`, `slot:SLOT:LEG`
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, get_args

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Event
from bot.rendering.views import Slot
from bot.services.accounts import ids_of_card
from bot.services.answers import (
    Answer,
    amendment,
    answered_at_once,
    answered_by,
    in_its_asset,
    said_aside,
    tapped_answer,
    with_answer,
)
from bot.services.beside import Account, with_saved_wallet
from bot.services.facts import Facts
from bot.services.preferring import with_group_venue, with_settings
from bot.services.question import Declined, Question, question_of
from bot.services.saved import coins_held, is_unused
from bot.services.subject import Subject, subject_of_portfolio, subject_of_question
from bot.services.symbols import is_known
from bot.understanding.readings import Reading

SLOTS: Final[tuple[Slot, ...]] = get_args(Slot)


class Basis(BaseModel):
    """The positions behind a card; `question` None is the open portfolio. awaiting: the slot that the next message may
    answer, of the position number `leg`. origin: the check card that the positions are from, since what was saved from
    that card is this trade and not beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Question | None = None
    awaiting: Slot | None = None
    leg: int = 0
    origin: int | None = None


SAVED: Final = Basis()


def basis_of(event: Event, reading: Reading, at_hand: Basis | None, facts: Facts) -> Basis | Declined | None:
    """What a message is about: its own positions, else those of the card at hand, else the portfolio.

    Arguments: at_hand, the basis of the card that the message goes on from. A card about none of the coins that the
    message names gives way to a portfolio that holds one. Result: None when there is nothing to go on from.
    """
    parsed = reading.parsed
    if parsed.positions:
        question = question_of(reading, now=event.time)
        return (
            question if isinstance(question, Declined) else Basis(question=with_saved_account(question, event, facts))
        )
    named = {shock.target for shock in parsed.shocks or ()} | ({parsed.symbol} if parsed.symbol else set())
    held = set(coins_held(facts.portfolio.portfolio)) if event.chat.is_private else set()
    if at_hand is not None and (at_hand.question is None or not (named & held - set(coins_of(at_hand, facts)))):
        return at_hand
    return SAVED if held else at_hand


def coins_of(basis: Basis | None, facts: Facts) -> tuple[str, ...]:
    """The coins of the positions, in their order."""
    if basis is None:
        return ()
    if basis.question is None:
        return coins_held(facts.portfolio.portfolio)
    return tuple(leg.coin for leg in basis.question.legs if leg.coin)


def at_rest(basis: Basis) -> Basis:
    """The same positions without the question that a card had open, for another conversation to go on with."""
    return basis.model_copy(update={"awaiting": None, "leg": 0})


def with_saved_account(question: Question, event: Event, facts: Facts) -> Question:
    """What was not said comes from the portfolio, then from the settings; a wallet never where others read along."""
    saved = with_group_venue(_with_portfolio(question, event, facts), facts.group.settings.venue)
    return with_settings(saved, facts.settings.settings, private=event.chat.is_private)


def _with_portfolio(question: Question, event: Event, facts: Facts) -> Question:
    portfolio = facts.portfolio.portfolio
    if not event.chat.is_private or is_unused(portfolio):
        return question
    if question.venue is None and portfolio.venue != question.rules and is_known(portfolio.venue):
        question = question.model_copy(update={"venue": portfolio.venue, "venue_from": "portfolio"})
    if question.wallet is not None or question.assets:
        return question
    filled = with_saved_wallet(question, Account(portfolio=portfolio))
    return question if filled.wallet is None else filled.model_copy(update={"wallet_from": "portfolio"})


def account_beside(event: Event, card: Card, facts: Facts, basis: Basis | None = None) -> Account | None:
    """The person's saved account as a card may show it: in their private chat only.

    Arguments: basis, what the card works on, where another card may have saved it.
    """
    if not event.chat.is_private:
        return None
    origin = card.id if basis is None or basis.origin is None else basis.origin
    return Account(portfolio=facts.portfolio.portfolio, own_ids=ids_of_card(origin))


def subject_at(event: Event, card: Card, basis: Basis, facts: Facts) -> Subject:
    """The books behind a card at the time of the event; those of a portfolio in its owner's private chat only."""
    if basis.question is not None:
        return subject_of_question(basis.question, now=event.time, account=account_beside(event, card, facts, basis))
    if not event.chat.is_private:
        return Subject(held=True)
    return subject_of_portfolio(facts.portfolio.portfolio, now=event.time, book=facts.book)


def answer_to(
    question: Question, awaiting: Slot | None, leg: int, text: str, reading: Reading, *, replied: bool, now: datetime
) -> Answer | None:
    """What a text says about a question: the slot that was asked for, else several at once, else an amendment.

    Arguments: awaiting, the slot that was asked for, of the position number `leg`; replied, whether the text replies to
    the card. None when some part of the text has no place there.
    """
    # Of several positions an open wallet asks about none in particular, so that "10x" then is no position's either.
    asked = awaiting is not None and (awaiting not in ("wallet", "mode") or len(question.legs) == 1)
    if awaiting is not None:
        answer = answered_by(text, slot=awaiting, question=question, leg=leg, now=now)
        if answer is not None:
            return answer
    if awaiting != "position":
        answer = said_aside(text, question=question, leg=min(leg, len(question.legs) - 1))
        if answer is not None:
            return answer
    answer = amendment(reading, question=question, leg=leg, asked=asked, now=now)
    if answer is None and (asked or (replied and len(question.legs) == 1)):
        answer = answered_at_once(text, question=question, leg=leg, now=now)
    return answer


def answered(event: Event, basis: Basis, text: str, reading: Reading, facts: Facts) -> Basis | None:
    """The basis after a typed text that answers its open slot or changes another; None when it says neither."""
    if basis.question is None:
        return None
    answer = answer_to(
        basis.question,
        basis.awaiting,
        basis.leg,
        text,
        reading,
        replied=facts.found == "replied",
        now=event.time,
    )
    return None if answer is None else _with(basis, basis.question, answer)


def taken_prices(event: Event, prices: Mapping[str, Decimal], question: Question) -> set[str]:
    """The coins whose price now belongs to a question."""
    return {
        coin
        for coin, price in prices.items()
        if Answer.of_prices({coin: price}, question=question, now=event.time) is not None
    }


def priced(event: Event, basis: Basis, prices: Mapping[str, Decimal]) -> tuple[Basis, set[str]] | None:
    """The basis measured from prices now, by coin, and the coins it took; None when it is about other coins.

    The prices of a portfolio are its own: they are kept with it.
    """
    question = basis.question
    answer = Answer.of_prices(prices, question=question, now=event.time) if question is not None else None
    if question is None or answer is None:
        return None
    changed = basis.model_copy(update={"question": with_answer(question, answer, leg=0)})
    return changed, taken_prices(event, prices, question)


def tapped(basis: Basis, action: str) -> Basis | None:
    """The basis after `set:SLOT:VALUE` or `slot:SLOT:LEG`; None for other actions and forged ones."""
    name, _, value = action.partition(":")
    slot, _, choice = value.partition(":")
    if basis.question is None:
        return None
    if name == "set":
        answer = tapped_answer(slot, choice)
        if answer is None:
            return None
        return _with(basis, basis.question, in_its_asset(answer, basis.question, basis.leg))
    if name != "slot":
        return None
    return asking(basis, slot, choice)


def asking(basis: Basis, slot: str, leg: str) -> Basis | None:
    """The basis with one slot open for the next message; `leg` is the number of a position, or empty."""
    known = next((each for each in SLOTS if each == slot), None)
    legs = [str(number) for number in range(len(basis.question.legs))] if basis.question else []
    if known is None or (leg and leg not in legs):
        return None
    return basis.model_copy(update={"awaiting": known, "leg": int(leg) if leg else basis.leg})


def _with(basis: Basis, question: Question, answer: Answer) -> Basis:
    changed = with_answer(question, answer, leg=basis.leg)
    return basis.model_copy(update={"question": changed, "awaiting": None, "leg": 0})
