"""The one question of a card, and likely answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.rendering.views import Asked, Slot
from bot.services.halves import Halves, margin_of
from bot.services.question import Question
from bot.services.readiness import Ready

_ROUND_AMOUNTS = (1, 2, 5)


def asked_next(question: Question, legs: Sequence[Ready], halves: Halves) -> Asked | None:
    """The one thing that would complete the answer, unless the mode that was said needs nothing more."""
    if question.mode != "cross":
        for index, leg in enumerate(legs):
            if leg.leverage is None:
                return Asked(slot="leverage", leg=index, choices=("5", "10", "20", "50"))
    if question.mode == "isolated":
        return None
    answered = halves.isolated is not None
    if question.wallet is None:
        return Asked(slot="wallet", choices=likely_wallets(legs), of_cross=answered)
    for index, leg in enumerate(legs):
        if leg.quantity is None:
            return Asked(slot="size", leg=index, of_cross=answered)
    return None


def likely_wallets(legs: Sequence[Ready]) -> tuple[str, ...]:
    """Round amounts above the margins in use: what a person might well have."""
    sizes = [leg for leg in legs if leg.quantity is not None]
    used = sum((margin_of(leg) for leg in sizes), Decimal(0)) if len(sizes) == len(legs) else Decimal(0)
    floor = max(used, Decimal(100))
    decade = Decimal(1).scaleb(floor.adjusted())
    amounts = [decade * step * Decimal(10) ** power for power in range(3) for step in _ROUND_AMOUNTS]
    return tuple(f"{amount:f}" for amount in amounts if amount > floor)[:3]


def question_about(slot: Slot, leg: int, open_question: Asked | None, legs: Sequence[Ready]) -> Asked:
    """The question for one slot that somebody wants to change or that is missing, with likely answers.

    Arguments: open_question, what the card asks by itself; legs, the card's positions as far as they are worked out.
    """
    if open_question is not None and (open_question.slot, open_question.leg) == (slot, leg):
        return open_question
    choices: dict[str, tuple[str, ...]] = {
        "side": ("long", "short"),
        "mode": ("isolated", "cross"),
        "leverage": ("5", "10", "20", "50"),
        "wallet": likely_wallets(legs),
    }
    return Asked(slot=slot, leg=leg, choices=choices.get(slot, ()))
