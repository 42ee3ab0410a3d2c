"""The one question of a card, and likely answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal

from bot.rendering.views import Asked, Slot
from bot.services.funds import Funds, priced_asset
from bot.services.halves import Halves, margin_of, needs_size
from bot.services.question import Leg, Question
from bot.services.readiness import Ready, likely_price
from bot.services.symbols import IN_ORDER
from bot.understanding.coins import STABLES
from margin_engine import preset_of

_ROUND_AMOUNTS = (1, 2, 5)
_NONE = Decimal(0)
_FIRST_VENUES = 5
_USUAL_FEE = Decimal("0.0005")
_THREE_DIGITS = Context(prec=3)
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


def fee_choices(venue: str) -> tuple[str, ...]:
    """No fee, and the venue's taker fee where it is known."""
    taker = preset_of(venue).taker_fee
    return ("0", f"{taker if taker is not None else _USUAL_FEE:f}")


def question_about(
    slot: Slot,
    leg: int,
    open_question: Asked | None,
    question: Question,
    legs: Sequence[Ready],
    *,
    more: bool = False,
) -> Asked:
    """The question for one slot that somebody wants to change or that is missing, with likely answers.

    Arguments: open_question, what the card asks by itself; legs, the card's positions as far as they are worked out;
    more, whether all choices are wanted.
    """
    if open_question is not None and (open_question.slot, open_question.leg) == (slot, leg):
        return open_question
    asset = legs[leg].listing.settle if leg < len(legs) else "USDT"
    choices: dict[str, tuple[str, ...]] = {
        "side": ("long", "short"),
        "mode": ("isolated", "cross", "none"),
        "leverage": ("5", "10", "20", "50"),
        "wallet": likely_wallets(legs, asset),
        "contract": ("linear", "inverse"),
        "fees": fee_choices(question.rules),
        "position": ("BTC", "ETH", "SOL"),
    }
    own = question.legs[min(max(leg, 0), len(question.legs) - 1)]
    if slot == "coin_price":
        asset = priced_asset(question) or asset
        return Asked(slot=slot, leg=leg, asset=asset, example=likely_price(asset))
    if slot in ("stop", "target"):
        choices[slot] = ("none",) if getattr(own, slot) is not None else ()
    if slot == "venue":
        choices[slot] = IN_ORDER if more else IN_ORDER[:_FIRST_VENUES]
    return Asked(
        slot=slot,
        leg=leg,
        choices=choices.get(slot, ()),
        asset=asset,
        example=_example(slot, own),
        more=slot == "venue" and not more,
    )


def _example(slot: Slot, leg: Leg) -> Decimal | None:
    """A price near those of the trade: its entry, for a stop or target one 5 % from it."""
    price = leg.entry if leg.entry is not None else likely_price(leg.coin or "")
    if price is None or slot not in ("stop", "target"):
        return price
    up = (leg.side != "short") == (slot == "target")
    return _THREE_DIGITS.multiply(price, Decimal("1.05") if up else Decimal("0.95"))
