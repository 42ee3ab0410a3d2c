"""The one question of a card, and likely answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.rendering.views import Asked, Slot
from bot.services.funds import Funds, priced_asset
from bot.services.halves import Halves, margin_of, needs_size
from bot.services.question import Question
from bot.services.readiness import Ready
from bot.understanding.coins import STABLES

_ROUND_AMOUNTS = (1, 2, 5)
_NONE = Decimal(0)
_LEAST = Decimal(100)
"""Dollars from which a wallet is worth a button."""


def asked_next(question: Question, legs: Sequence[Ready], funds: Funds, halves: Halves) -> Asked | None:
    """The one thing that would complete the answer, unless the mode that was said needs nothing more."""
    if question.mode != "cross":
        for index, leg in enumerate(legs):
            if leg.leverage is None:
                return Asked(slot="leverage", leg=index, choices=("5", "10", "20", "50"))
    for index, leg in enumerate(legs):
        if needs_size(leg):
            return Asked(slot="size", leg=index)
    if question.mode == "isolated":
        return None
    answered = halves.isolated is not None
    if funds.asked is not None:
        asked = funds.asked
        choices = asked.choices or (likely_wallets(legs, asked.asset) if asked.slot == "wallet" else ())
        return replace(asked, choices=choices, of_cross=answered)
    for index, leg in enumerate(legs):
        if leg.quantity is None:
            return Asked(slot="size", leg=index, of_cross=answered)
    return None


def likely_wallets(legs: Sequence[Ready], asset: str) -> tuple[str, ...]:
    """Round amounts above the margins in use: what a person might well have. Of a coin from about 100 dollars on."""
    own = [leg for leg in legs if leg.listing.settle == asset]
    used = sum((margin_of(leg) for leg in own), Decimal(0)) if all(leg.quantity is not None for leg in own) else _NONE
    price = next((leg.mark for leg in own if leg.listing.coin == asset), Decimal(1))
    if asset not in STABLES and price == 1:
        price = Decimal(1000)  # a coin whose price nobody said: its first amount is a tenth
    floor = max(used, _LEAST / price)
    decade = Decimal(1).scaleb(floor.adjusted())
    amounts = [decade * step * Decimal(10) ** power for power in range(3) for step in _ROUND_AMOUNTS]
    return tuple(f"{amount:f}" for amount in amounts if amount > floor)[:3]


def question_about(
    slot: Slot, leg: int, open_question: Asked | None, question: Question, legs: Sequence[Ready]
) -> Asked:
    """The question for one slot that somebody wants to change or that is missing, with likely answers.

    Arguments: open_question, what the card asks by itself; legs, the card's positions as far as they are worked out.
    """
    if open_question is not None and (open_question.slot, open_question.leg) == (slot, leg):
        return open_question
    asset = legs[leg].listing.settle if leg < len(legs) else "USDT"
    choices: dict[str, tuple[str, ...]] = {
        "side": ("long", "short"),
        "mode": ("isolated", "cross"),
        "leverage": ("5", "10", "20", "50"),
        "wallet": likely_wallets(legs, asset),
        "contract": ("linear", "inverse"),
    }
    if slot == "coin_price":
        return Asked(slot=slot, leg=leg, asset=priced_asset(question) or asset)
    return Asked(slot=slot, leg=leg, choices=choices.get(slot, ()), asset=asset)
