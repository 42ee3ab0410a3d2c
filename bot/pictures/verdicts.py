"""The verdict of each kind of picture in one sentence: what is drawn largest, and what its caption begins with."""

from __future__ import annotations

from decimal import Decimal

from bot.pictures.phrases import MOST_NAMES, Phrases
from bot.pictures.specs import Bar, Border, DistancesSpec, LadderSpec, Reason, TwoCoinsSpec


def ladder_verdict(spec: LadderSpec, words: Phrases) -> str:
    """The first rung on each side at which everything, or something, is gone."""
    if any(rung.whole and not rung.move for rung in spec.rungs):
        return words("picture.sunk")
    whole = [rung.move for rung in spec.rungs if rung.whole]
    some = [rung.move for rung in spec.rungs if rung.gone]
    for moves, key in ((whole, "picture.ladder_whole"), (some, "picture.ladder_some")):
        falls, rises = [move for move in moves if move <= 0], [move for move in moves if move > 0]
        sides = ([words.step(max(falls))] if falls else []) + ([words.step(min(rises))] if rises else [])
        if sides:
            return words(key, moves=words("picture.or").join(sides))
    low, high = spec.rungs[-1].move, spec.rungs[0].move
    return words("picture.ladder_lives", low=words.step(low), high=words.step(high))


def name_of(bar: Bar, words: Phrases) -> str:
    """What a bar is of."""
    if not bar.account:
        return f"{bar.name} {bar.detail}".strip()
    return words("picture.market_bar", names=bar.detail) if bar.detail else words("picture.whole_market")


def where_of(bar: Bar, words: Phrases) -> str:
    """Where a bar ends, in words: "−4.6% → 61,044.2"."""
    if bar.dead:
        return words("picture.now_dead")
    if bar.distance is None:
        return words("picture.no_price")
    return words.move(bar.distance) + (f" → {bar.price}" if bar.price else "")


def reason_of(reason: Reason, words: Phrases) -> str:
    """A reason and what it speaks for."""
    if reason.mode is None:
        return reason.text
    return words("picture.reason", mode=words.mode(reason.mode), text=reason.text)


def distances_verdict(spec: DistancesSpec, words: Phrases) -> str:
    """The verdict: what goes first."""
    first = spec.bars[0]
    if first.distance is None and not first.dead:
        return words("picture.nothing_dies")
    if first.account:
        return words("picture.market_first", where=where_of(first, words))
    tied = [bar.name for bar in spec.bars if not bar.account and where_of(bar, words) == where_of(first, words)]
    if first.dead or len(tied) > 1 or len(spec.bars) == 1:
        names = ", ".join(tied[:MOST_NAMES]) + (f" +{len(tied) - MOST_NAMES}" if len(tied) > MOST_NAMES else "")
        return words("picture.only", name=names, where=where_of(first, words))
    return words("picture.first", name=first.name, where=where_of(first, words))


def two_coins_verdict(spec: TwoCoinsSpec, words: Phrases) -> str:
    """Where the whole goes when both fall, or what goes at all."""
    if not spec.borders:
        return words("picture.two_lives", span=words.numbers.rate(spec.span))
    nearest = min(spec.borders, key=_reach)
    x, y = min(nearest.line, key=lambda point: point[0] ** 2 + point[1] ** 2)
    where = words(
        "picture.two_where", across=spec.across, up=spec.up, x=words.move(Decimal(f"{x:.6f}")),
        y=words.move(Decimal(f"{y:.6f}")),
    )  # fmt: skip
    return words("picture.two_all" if nearest.whole else "picture.two_some", names=nearest.name, where=where)


def _reach(border: Border) -> float:
    return min(x * x + y * y for x, y in border.line)
