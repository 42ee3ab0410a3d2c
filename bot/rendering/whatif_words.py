"""A scenario in words: "If you add 500 USDT margin to BTC long, then BTC −15%, ETH +5%."; where its coins start."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.rendering.notes import age
from bot.rendering.numbers import is_tiny
from bot.rendering.verdict import Tongue, leg_name, mode_word, short_leg_name
from bot.rendering.views import Figures, LegView, Partition
from bot.rendering.whatif_views import ChangeView, MoveView, StartView, WhatIfView

MOST_STARTS: Final = 6

_GROUPS: Final = {"ALL": "whatif.everything", "ALTS": "whatif.alts", "REST": "whatif.rest"}
_MODES: Final[dict[Partition, str]] = {
    "isolated": "mode.isolated",
    "cross": "mode.cross",
    "given": "whatif.mode_given",
}


def target_name(target: str, tongue: Tongue) -> str:
    """ "everything", "alts", "the rest", or the coin's own name."""
    return tongue.words.label(_GROUPS[target]) if target in _GROUPS else target


def partition_name(partition: Partition, tongue: Tongue) -> str:
    """ "Isolated", "Cross", "As it stands"."""
    return tongue.words.label(_MODES[partition])


def signed_percent(percent: Decimal, tongue: Tongue) -> str:
    """ "−15%", "+2.5%", "0%": with the digits that it has, at most four."""
    sign = "−" if percent < 0 else "+" if percent > 0 else ""
    return sign + tongue.numbers.rate(abs(percent) / 100)


def signed_amount(amount: Decimal, asset: str, tongue: Tongue) -> str:
    """ "−1,600", "+25.5", "0"."""
    sign = "−" if amount < 0 else "+" if amount > 0 else ""
    return sign + tongue.numbers.amount(abs(amount), asset)


def move_words(move: MoveView, tongue: Tongue, *, again: bool = False) -> Markup:
    """One move: "BTC −15%", "BTC goes to 50,000", "everything moves as on Mar 12, 2020 (Covid crash)".

    Arguments: again, whether its event was named before, of everything.
    """
    words, target = tongue.words, target_name(move.target, tongue)
    more = signed_percent(move.points, tongue)
    if again:
        return words("whatif.move_more", target=target, percent=more)
    if move.price is not None:
        price = tongue.numbers.plain(move.price)
        key = "whatif.move_to_and" if move.points else "whatif.move_to"
        return words(key, target=target, price=price, percent=more)
    if move.event is not None and move.event_day is not None:
        key = "whatif.move_event_and" if move.points else "whatif.move_event"
        return words(key, target=target, event=move.event, day=tongue.numbers.day(move.event_day), percent=more)
    if move.beta is not None:
        leader = target_name(move.beta_to or "BTC", tongue)
        return words("whatif.move_beta", target=target, beta=tongue.numbers.plain(move.beta), leader=leader)
    return words("whatif.move", target=target, percent=more)


def change_words(change: ChangeView, asset: str, tongue: Tongue) -> Markup:
    """One change: "you add 500 USDT margin to BTC long"."""
    words, numbers = tongue.words, tongue.numbers
    amount = change.amount if change.amount is not None else Decimal(0)
    whose = whose_words(change.whose, change.everyone, tongue)
    match change.kind:
        case "close" if amount >= 1:
            return words("whatif.change_close", whose=whose)
        case "close":
            return words("whatif.change_close_part", whose=whose, percent=numbers.rate(amount))
        case "funding":
            percent, days = signed_percent(amount, tongue).removeprefix("+"), numbers.plain(change.days or Decimal(0))
            return words("whatif.change_funding", whose=whose, percent=percent, days=days)
        case "mode":
            return words("whatif.change_mode", whose=whose, mode=mode_word(change.mode, tongue))
        case "open":
            opened = leg_name(change.whose[0], tongue) if change.whose else whose
            return words("whatif.change_open", whose=opened)
        case "leverage":
            return words("whatif.change_leverage", whose=whose, amount=numbers.plain(amount, most=2))
        case "margin":
            return words("whatif.change_margin", whose=whose, amount=numbers.amount(amount, asset), asset=asset)
        case _:
            return words("whatif.change_deposit", amount=numbers.amount(amount, asset), asset=asset)


def whose_words(legs: Sequence[LegView], everyone: bool, tongue: Tongue) -> Markup:
    """ "BTC long", "BTC long and ETH short", "every position"."""
    if everyone:
        return tongue.words("whatif.whose_all")
    if not legs:
        return tongue.words("whatif.whose_none")
    return Markup(", ").join(short_leg_name(leg, tongue) for leg in legs)


def scenario_line(view: WhatIfView, tongue: Tongue) -> Markup:
    """What is supposed, in one sentence; nothing where nothing is."""
    changes = Markup(", ").join(change_words(each, view.asset, tongue) for each in view.changes)
    events = {each.event for each in view.moves if each.target == "ALL"}
    moves = Markup(", ").join(
        move_words(each, tongue, again=each.target != "ALL" and each.event in events - {None}) for each in view.moves
    )
    if not changes and not moves:
        return Markup("")
    both = tongue.words("whatif.then", changes=changes, moves=moves) if changes and moves else changes or moves
    return tongue.words("whatif.if", what=both)


def starts_line(view: WhatIfView, tongue: Tongue) -> Markup:
    """From which prices the moves are measured, and where they end: "From BTC 64,000, the entry, to 57,600."."""
    moved = [each for each in view.starts if each.moved] or list(view.starts)
    if not moved:
        return Markup("")
    shown = [_start(each, tongue) for each in moved[:MOST_STARTS]]
    if len(moved) > MOST_STARTS:
        shown.append(Markup("…"))
    return tongue.words("whatif.from", starts=Markup("; ").join(shown))


def _start(start: StartView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    price, end = numbers.plain(start.price), plain_price(start.end, start.price, tongue)
    if start.age is None:
        key = "whatif.start_entry" if start.moved else "whatif.start_still"
        return words(key, coin=start.coin, price=price, end=end)
    key = "whatif.start_given" if start.moved else "whatif.start_still_given"
    return words(key, coin=start.coin, price=price, end=end, age=age(start.age, words))


def plain_price(price: Decimal, near: Decimal, tongue: Tongue) -> str:
    """A price that was worked out, with as many digits as its kind needs: six, or two more than `near` has."""
    digits = max(6, near.adjusted() + 3)
    places = max(0, digits - 1 - price.adjusted())
    return tongue.numbers.plain(price, most=min(places, 12))


def farther(figures: Figures, tongue: Tongue) -> Markup:
    """ "23.3% lower": the distance that remains."""
    distance = figures.distance or Decimal(0)
    if is_tiny(distance):
        return tongue.words("whatif.tiny")
    return tongue.words("whatif.lower" if distance < 0 else "whatif.higher", percent=tongue.numbers.percent(distance))
