"""What a person said about their positions, as the card keeps it: every slot said or open, nothing filled in.

A `Question` is the draft of a check card. It is made from a reading of the person's words and changed by buttons and
typed answers; what it leads to is worked out by checking.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Context, Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.understanding.coins import STABLES
from bot.understanding.readings import AccountSlots, Parsed, PositionSlots, Reading

MOST_LEGS = 8
"""Positions on one card; more do not fit a message."""

TAKEN_AS_MARGIN = "usd_amount_is_margin"
LEAST = Decimal("1e-12")
MOST = Decimal("1e15")
_DIGITS = Context(prec=15)
_DOLLARS = frozenset({"USDT", "USD", "U", "$"})


Guessed = Literal["symbol", "side", "size", "entry", "leverage", "mode", "wallet", "mark"]
_GUESSES: tuple[Guessed, ...] = ("symbol", "side", "size", "entry", "leverage", "mode", "wallet", "mark")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Leg(_Value):
    """One position as far as it was told. Size is `quantity` in coins or `notional` in USDT, or follows from `margin`.

    at_market: the entry was said to be "at the market". margin_taken: nobody called the amount of dollars margin.
    """

    coin: str | None = None
    side: Literal["long", "short"] | None = None
    quantity: Decimal | None = None
    notional: Decimal | None = None
    margin: Decimal | None = None
    contracts: Decimal | None = None
    entry: Decimal | None = None
    at_market: bool = False
    leverage: Decimal | None = None
    mode: Literal["isolated", "cross"] | None = None
    margin_taken: bool = False


class GivenPrice(_Value):
    """A price that the person gave, and when."""

    price: Decimal
    given_at: datetime


class Question(_Value):
    """The positions, the account behind them and the prices that were given, by coin.

    wallet_from "portfolio": the balance was not said here but is the saved one. unanswered: wishes of the same message
    that cannot be answered yet, by name. guessed: slots whose meaning was not said but read from the number's place.
    """

    legs: tuple[Leg, ...]
    wallet: Decimal | None = None
    wallet_from: Literal["said", "portfolio"] = "said"
    venue: str | None = None
    prices: dict[str, GivenPrice] = {}
    unanswered: tuple[str, ...] = ()
    guessed: tuple[Guessed, ...] = ()
    unread: tuple[str, ...] = ()
    """Figures of the message that found no place."""
    plan: tuple[str, ...] = ()
    """Stops and targets of the message, which the answer does not use."""
    unknown_coin: str | None = None
    foreign: tuple[str, ...] = ()
    """Money other than USDT that was named beside contracts; nothing is converted."""

    @property
    def mode(self) -> Literal["isolated", "cross"] | None:
        """The mode that was said for every position, if it was."""
        modes = {leg.mode for leg in self.legs}
        return modes.pop() if len(modes) == 1 else None


class Declined(_Value):
    """A question that is understood but cannot be answered: why, by name, and the word that shows it."""

    why: Literal["coin_margined", "coin_collateral", "other_dollar", "too_many", "out_of_range"]
    what: str = ""


_NOT_YET = frozenset({"time_to_liq", "liq_probability", "heatmap", "ladder", "equivalent_leverage", "can_switch"})


def question_of(reading: Reading, *, now: datetime) -> Question | Declined:
    """The question that a reading of kind "position" or "compare" asks.

    Arguments: now, the time of the message, from which given prices are dated. Result: the question, or why it is
    declined: coin-margined contracts and coin collateral are not built in, and treating them as dollars would be wrong.
    """
    parsed = reading.parsed
    said = parsed.positions or ()
    if len(said) > MOST_LEGS:
        return Declined(why="too_many", what=str(MOST_LEGS))
    for position in said:
        if position.contract in ("inverse", "quanto"):
            return Declined(why="coin_margined", what=position.symbol or "")
        if position.margin_unit and position.margin_unit.upper() not in _DOLLARS:
            return _not_dollars(position.margin_unit, reading)
    coin = coin_collateral(parsed.account)
    if coin:
        return _not_dollars(coin, reading)
    if not all(map(in_range, _numbers(parsed))):
        return Declined(why="out_of_range")
    taken = TAKEN_AS_MARGIN in slots_of(reading.assumed)
    prices = {name: GivenPrice(price=price, given_at=now) for name, price in (parsed.marks or {}).items()}
    unanswered = [ask for ask in parsed.ask or () if ask in _NOT_YET]
    return Question(
        legs=tuple(leg_of(position, taken=taken) for position in said) or (Leg(),),
        wallet=dollars_of(parsed.account),
        venue=parsed.venue,
        prices=prices,
        unanswered=tuple(unanswered),
        guessed=guesses_of(reading.assumed),
        unread=reading.unread,
        plan=reading.plan,
        unknown_coin=reading.unknown_coin,
        foreign=reading.foreign,
    )


def _not_dollars(asset: str, reading: Reading) -> Declined:
    money = asset.upper() in STABLES or asset in reading.foreign
    return Declined(why="other_dollar" if money else "coin_collateral", what=asset.upper())


def in_range(value: Decimal) -> bool:
    """Whether a price, size, margin or leverage can be meant: above 0, and no more digits than money has."""
    return LEAST <= value <= MOST


def _numbers(parsed: Parsed) -> list[Decimal]:
    """Every number of the positions, prices and wallet; a wallet of 0 is one that can be meant, and a leverage below 1
    is answered by itself."""
    found: list[Decimal | None] = list((parsed.marks or {}).values())
    for said in parsed.positions or ():
        entry = said.entry if isinstance(said.entry, Decimal) else None
        leverage = None if said.leverage is not None and 0 <= said.leverage < 1 else said.leverage
        found += [said.qty, said.contracts, said.notional, said.margin, entry, leverage]
    balance = dollars_of(parsed.account)
    return [value for value in (*found, balance or None) if value is not None]


def slots_of(assumed: Iterable[str]) -> set[str]:
    """The slot names that the entries of `assumed` begin with."""
    return {entry.partition(":")[0] for entry in assumed}


def guesses_of(assumed: Iterable[str]) -> tuple[Guessed, ...]:
    """The slots whose meaning was read from a number's place, in their usual order."""
    named = slots_of(assumed)
    return tuple(slot for slot in _GUESSES if slot in named)


def leg_of(said: PositionSlots, *, taken: bool) -> Leg:
    """A position as it was told; `taken`: its dollars were not called margin by the person."""
    at_market = said.entry == "live"
    return Leg(
        coin=said.symbol,
        side=said.side,
        quantity=said.qty,
        notional=said.notional,
        margin=said.margin,
        contracts=said.contracts if said.qty is None else None,
        entry=said.entry if isinstance(said.entry, Decimal) else None,
        at_market=at_market,
        leverage=said.leverage,
        mode=said.mode,
        margin_taken=taken and said.margin is not None,
    )


def dollars_of(account: AccountSlots | None) -> Decimal | None:
    """The wallet balance in dollars, None when none was told."""
    if account is None:
        return None
    if account.balance is not None:
        return account.balance
    dollars = [amount for asset, amount in (account.collateral or {}).items() if asset.upper() in _DOLLARS]
    return sum(dollars, Decimal(0)) if dollars else None


def coin_collateral(account: AccountSlots | None) -> str | None:
    """An asset other than dollars that is said to back the account."""
    if account is None:
        return None
    named = [
        account.unit if account.balance is not None else None,
        account.collateral_asset,
        *(account.collateral or {}),
    ]
    return next((asset for asset in named if asset and asset.upper() not in _DOLLARS), None)


def with_leg(question: Question, index: int, **changes: object) -> Question:
    """The question with one position changed."""
    legs = list(question.legs)
    legs[index] = legs[index].model_copy(update=changes)
    return question.model_copy(update={"legs": tuple(legs)})


def sized(leg: Leg) -> Decimal | None:
    """The position's size in coins: as said, else from its notional, else from margin x leverage; 15 digits.

    None when nothing said so far gives a size.
    """
    if leg.quantity is not None:
        return leg.quantity
    if leg.entry is None:
        return None
    notional = leg.notional
    if notional is None and leg.margin is not None and leg.leverage:
        notional = leg.margin * leg.leverage
    return _DIGITS.divide(notional, leg.entry) if notional is not None else None


def leveraged(leg: Leg) -> Decimal | None:
    """The position's leverage: as said, else notional / margin; 15 digits. None when nothing gives it."""
    if leg.leverage is not None:
        return leg.leverage
    notional = leg.notional
    if notional is None and leg.quantity is not None and leg.entry is not None:
        notional = leg.quantity * leg.entry
    if notional is None or not leg.margin:
        return None
    return _DIGITS.divide(notional, leg.margin)
