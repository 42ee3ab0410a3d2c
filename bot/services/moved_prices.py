"""How far each coin goes in a scenario, as a fraction of its starting price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final, Literal

from bot.rendering.views import Note
from bot.services.market_moves import DEEPEST, base_of, beta_of, events, recorded
from bot.services.scenario import EVERYTHING, GROUPS, Move, Scenario, move_of
from bot.understanding.coins import STABLES

MOST: Final = Decimal(100)
"""A rise of 10,000 % is the most that is worked out."""

_PRECISE: Final = Context(prec=40)
_LOT: Final = re.compile(r"(1(?:0{3,6}|M))(?=[A-Z])")
_ZERO: Final = Decimal(0)

By = Literal["said", "record", "record_beta", "record_btc", "beta"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far one coin goes: a fraction of its starting price, above -1; `by`, what says so."""

    fraction: Decimal
    by: By = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts:
    """Every coin's way. refusal: the first that cannot be meant; not_held: targets named that nothing is held of."""

    by_coin: Mapping[str, Shift] = field(default_factory=dict)
    refusal: Note | None = None
    not_held: tuple[str, ...] = ()


def shifts_of(scenario: Scenario, prices: Mapping[str, Decimal]) -> Shifts:
    """How far each coin of `prices` goes.

    Arguments: prices, where each coin starts, by the name of its contract (1000PEPE for lots of PEPE). Result: with a
    refusal when a price would fall to 0 or below, rise by more than 10,000 %, or is told to be at a price of 0.
    """
    found: dict[str, Shift] = {}
    for coin, price in prices.items():
        shift = _shift(scenario, coin, {**{base_of(each): value for each, value in prices.items()}, coin: price})
        if shift is None:
            continue
        refusal = _refusal(coin, shift.fraction)
        if refusal is not None:
            return Shifts(refusal=refusal)
        found[coin] = shift
    refused = next((note for move in scenario.moves if (note := _refused_alone(move))), None)
    return Shifts(by_coin=found, refusal=refused, not_held=_not_held(scenario, prices))


def _refusal(coin: str, fraction: Decimal) -> Note | None:
    if -1 < fraction <= MOST:
        return None
    name = "whatif_below_zero" if fraction <= -1 else "whatif_too_far"
    return Note(name=name, facts={"coin": coin})


def _refused_alone(move: Move) -> Note | None:
    """A percentage that no coin can go, told of a coin that is not held."""
    return _refusal(move.target, move.points / 100) if move.plain and move.target not in GROUPS else None


def _not_held(scenario: Scenario, prices: Mapping[str, Decimal]) -> tuple[str, ...]:
    held = {base_of(coin) for coin in prices} | set(prices)
    named = [move.target.partition("/")[0] for move in scenario.moves if move.target not in GROUPS]
    leaders = {move.beta_to for move in scenario.moves} | {
        move.target.partition("/")[2] for move in scenario.moves if "/" in move.target
    }
    if scenario.betas:
        leaders.add("BTC")
    return tuple(coin for coin in named if coin not in held and coin not in leaders)


def _shift(scenario: Scenario, coin: str, prices: Mapping[str, Decimal]) -> Shift | None:
    move = move_of(scenario, coin)
    if move is None:
        follows = scenario.betas and base_of(coin) not in {"BTC", *STABLES}
        leader = _fraction_of("BTC", scenario, prices) if follows else None
        if leader is None:
            return None
        return Shift(fraction=max(leader * beta_of(coin), DEEPEST / 100), by="beta")
    if "/" in move.target:
        return _in_ratio(move, scenario, prices)
    if move.beta is not None:
        leader = _fraction_of(move.beta_to or "BTC", scenario, prices) or _ZERO
        return Shift(fraction=leader * move.beta + move.points / 100)
    if move.event is not None and move.event in events():
        past = recorded(events()[move.event], coin)
        by: dict[str, By] = {"record": "record", "beta": "record_beta", "btc": "record_btc"}
        return Shift(fraction=(past.percent + move.points) / 100, by=by[past.by])
    if move.price is not None:
        return _to_price(move, coin, prices)
    if scenario.betas and move.target in GROUPS:
        return Shift(fraction=move.points * beta_of(coin) / 100, by="beta")
    return Shift(fraction=move.points / 100)


def _to_price(move: Move, coin: str, prices: Mapping[str, Decimal]) -> Shift | None:
    price = prices.get(coin)
    if price is None or move.price is None:
        return None
    lot = _LOT.match(coin)
    per = Decimal(lot[1].replace("M", "000000")) if lot and move.target != coin else Decimal(1)
    return Shift(fraction=_PRECISE.divide(move.price * per, price) - 1 + move.points / 100)


def _in_ratio(move: Move, scenario: Scenario, prices: Mapping[str, Decimal]) -> Shift | None:
    """ "eth/btc -10": ETH against BTC, which goes its own way or stays. To a ratio: both prices must be known."""
    coin, _, other = move.target.partition("/")
    beside = _fraction_of(other, scenario, prices) or _ZERO
    if move.price is None:
        return Shift(fraction=(1 + beside) * (1 + move.points / 100) - 1)
    if coin not in prices or other not in prices:
        return None
    goal = move.price * prices[other] * (1 + beside)
    return Shift(fraction=_PRECISE.divide(goal, prices[coin]) - 1 + move.points / 100)


def _fraction_of(coin: str, scenario: Scenario, prices: Mapping[str, Decimal]) -> Decimal | None:
    """How far another coin goes, which need not be held; None when it stays or follows itself."""
    if coin in GROUPS:
        group = scenario.move(coin)
        return group.points / 100 if group is not None and group.plain else None
    move = move_of(scenario, coin)
    if move is None or move.beta is not None or "/" in move.target:
        return None
    shift = _shift(scenario.model_copy(update={"betas": False}), coin, prices)
    return shift.fraction if shift is not None else None


def with_rung(scenario: Scenario, target: str, percent: Decimal) -> Scenario:
    """The scenario with one target at a percentage of its starting price, for a rung of a ladder; the rest goes along.

    On everything it replaces every move.
    """
    kept = () if target == EVERYTHING else tuple(move for move in scenario.moves if move.target != target)
    return scenario.model_copy(update={"moves": (*kept, Move(target=target, points=percent))})
