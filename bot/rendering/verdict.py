"""The verdict of a check card: what a liquidation would do in each mode, before anything else is said."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.dialogue import NumberFormat
from bot.rendering.notes import distance, reference_name, write_note
from bot.rendering.numbers import FAR, Numbers
from bot.rendering.views import CheckView, Figures, Goal, LegView, Market, Mode, Note, Opening, Partition, SideName
from bot.rendering.words import Words


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words and numbers of one person; in a group, where only commands and replies reach the bot, other words."""

    words: Words
    numbers: Numbers
    in_group: bool = False
    brief: bool = False
    """Whether the person asked for short answers."""
    afar: bool = False
    """Whether it is sent through inline mode, where no answer can be typed."""

    @classmethod
    def of(
        cls,
        language_code: str | None,
        *,
        in_group: bool = False,
        numbers: NumberFormat | None = None,
        brief: bool = False,
        afar: bool = False,
    ) -> Tongue:
        """The tongue for Telegram's language code, with numbers and length as the person set them."""
        words = Words.of(language_code, in_group=in_group)
        return cls(words, Numbers.of(language_code, numbers), in_group, brief, afar)


MODES: dict[Mode, str] = {"isolated": "mode.isolated", "cross": "mode.cross"}


def modes_in_order(view: CheckView) -> tuple[Mode, Mode]:
    """The mode that was said comes first; isolated when none was."""
    return ("cross", "isolated") if view.mode == "cross" else ("isolated", "cross")


def figures_of(leg: LegView, mode: Partition) -> Figures | None:
    """One position's figures in one mode."""
    return {"isolated": leg.isolated, "cross": leg.cross, "given": leg.given}[mode]


def mode_name(view: CheckView, mode: Partition, tongue: Tongue) -> Markup:
    """ "Isolated", "Cross with 10,000 USDT", or "As you wrote it"."""
    if mode == "given":
        return tongue.words("mode.given")
    if mode == "isolated":
        return tongue.words("mode.isolated")
    if view.in_account:
        return tongue.words("mode.cross_in_account")
    if not view.wallets:
        return tongue.words("mode.cross")
    return tongue.words("mode.cross_with", wallet=wallet_name(view, tongue))


def wallet_name(view: CheckView, tongue: Tongue) -> str:
    """ "10,000 USDT", or "0.05 BTC + 2,000 USDT"."""
    return " + ".join(f"{tongue.numbers.amount(amount, asset)} {asset}" for asset, amount in view.wallets)


def sized_coin(leg: LegView, tongue: Tongue) -> Markup:
    """ "0.5 BTC", "10,000 USD of BTC", "100 contracts of ETH", or the coin alone."""
    words = tongue.words
    if leg.quantity is None:
        return Markup(escape(leg.coin))
    size = tongue.numbers.quantity(leg.quantity)
    if not leg.coin:
        return Markup(size)
    if leg.unit is None:
        return words("leg.coins", size=size, coin=leg.coin)
    if leg.unit:
        return words("leg.face", size=size, unit=leg.unit, coin=leg.coin)
    return words("leg.contracts", size=size, coin=leg.coin)


def leg_name(leg: LegView, tongue: Tongue) -> Markup:
    """ "Long 0.5 BTC at 64,000, 20x", as far as it was said."""
    words, numbers = tongue.words, tongue.numbers
    side = words("side.long" if leg.side == "long" else "side.short") if leg.side else Markup("")
    parts = [part for part in (side, sized_coin(leg, tongue)) if part]
    name = Markup(" ").join(parts)
    if leg.entry is not None:
        name = words("leg.at", name=name, price=numbers.plain(leg.entry))
    if leg.leverage is not None and not name:
        return Markup(f"{numbers.plain(leg.leverage, most=2)}x")
    if leg.leverage is not None:
        name = words("leg.leverage", name=name, leverage=numbers.plain(leg.leverage, most=2))
    return name


def short_leg_name(leg: LegView, tongue: Tongue) -> Markup:
    """ "BTC long": enough where its size stands elsewhere."""
    return Markup("{} {}").format(leg.coin, side_word(leg.side, tongue))


def side_word(side: SideName | None, tongue: Tongue) -> str:
    """ "long" or "short" within a sentence."""
    return tongue.words.label("side.long" if side == "long" else "side.short").lower()


def mode_word(mode: str | None, tongue: Tongue) -> str:
    """ "isolated" or "cross" within a sentence."""
    return tongue.words.label("mode.isolated" if mode == "isolated" else "mode.cross").lower()


def verdict_lines(view: CheckView, tongue: Tongue) -> list[Markup]:
    """The first lines of the card: a stop or target that comes too late, then one for each mode that has an answer."""
    return [*_too_late(view, tongue), *_modes(view, tongue)]


def _too_late(view: CheckView, tongue: Tongue) -> list[Markup]:
    """Stops and targets on the wrong side of the price, and those before which a liquidation comes; of the mode that
    was said first, all modes in one line."""
    lines = []
    for leg in view.legs:
        goals = (
            (("verdict.stop_too_late", leg.plan.stop), ("verdict.target_too_late", leg.plan.target)) if leg.plan else ()
        )
        for key, goal in goals:
            if goal is not None and goal.wrong_side:
                lines.append(_wrong_side(leg, goal, key.removeprefix("verdict.").partition("_")[0], tongue))
                continue
            if goal is None or not goal.dies_before:
                continue
            modes = [mode for mode in modes_in_order(view) if mode in goal.dies_before]
            named = " + ".join(tongue.words.label(MODES[mode]) for mode in modes)
            name = f"{named}, {short_leg_name(leg, tongue)}" if len(view.legs) > 1 else named
            lines.append(tongue.words(key, mode=name, price=tongue.numbers.plain(goal.price)))
    return lines


def _wrong_side(leg: LegView, goal: Goal, name: str, tongue: Tongue) -> Markup:
    """ "A stop at 66,000 is above entry: a long's would trigger at once."; name is "stop" or "target"."""
    if leg.reference is None:
        raise ValueError("the side of a stop needs a reference")
    words, numbers = tongue.words, tongue.numbers
    reference = reference_name(leg.reference, words, numbers)
    if name == "stop":
        key = "verdict.stop_above_long" if leg.side == "long" else "verdict.stop_below_short"
    else:
        key = "verdict.target_below_long" if leg.side == "long" else "verdict.target_above_short"
    return words(key, price=numbers.plain(goal.price), reference=reference)


def _modes(view: CheckView, tongue: Tongue) -> list[Markup]:
    if len(view.legs) > 1:
        return _verdict_of_several(view, tongue)
    leg = view.legs[0]
    lines: list[Markup] = []
    for mode in modes_in_order(view):
        trouble = view.isolated_trouble if mode == "isolated" else view.cross_trouble
        figures = figures_of(leg, mode)
        if trouble is not None:
            lines.append(_refused(view, mode, trouble, tongue))
        elif figures is not None:
            lines.append(_single(view, leg, mode, figures, tongue, brief=bool(lines)))
    return lines


def short_line(view: CheckView, mode: Mode, tongue: Tongue) -> Markup:
    """ "Isolated: 61,044.2, 4.6% below entry.": one mode of one position in a list's line; of several the usual one."""
    leg = view.legs[0]
    figures = figures_of(leg, mode)
    if len(view.legs) == 1 and figures is not None:
        return _single(view, leg, mode, figures, tongue, brief=True)
    lines = verdict_lines(view, tongue)
    return lines[0] if lines else Markup("")


def _refused(view: CheckView, mode: Mode, trouble: Note, tongue: Tongue) -> Markup:
    name = mode_name(view, mode, tongue)
    return tongue.words("verdict.refused", mode=name, why=write_note(trouble, tongue.words, tongue.numbers))


def _single(view: CheckView, leg: LegView, mode: Mode, figures: Figures, tongue: Tongue, *, brief: bool) -> Markup:
    name = mode_name(view, mode, tongue)
    key = "verdict.price_too" if brief else "verdict.price"
    if mode == "cross" and figures.dead and view.opening is not None:
        return _cannot_open(view.opening, name, tongue)
    if figures.liquidation_price is None:
        return no_price(figures, leg, tongue, mode=name)
    return tongue.words(
        key, mode=name, price=liquidation_price(leg, figures, tongue), distance=away(leg, figures, tongue)
    )


def _cannot_open(opening: Opening, name: Markup, tongue: Tongue) -> Markup:
    """A cross trade that no exchange would open, and that would be dead if it were open."""
    numbers, asset = tongue.numbers, opening.asset
    needed, free = numbers.amount(opening.needed, asset), numbers.amount(opening.free, asset)
    return tongue.words("verdict.cannot_open", mode=name, needed=needed, free=free, asset=asset)


def liquidation_price(leg: LegView, figures: Figures, tongue: Tongue) -> str:
    """The liquidation price to the tick, rounded to the pessimistic side."""
    if figures.liquidation_price is None:
        raise ValueError("only a position with a liquidation price has one to show")
    # A hedge leg can be ended from its other side, and then the pessimistic side is the other one, too.
    side: SideName = "long" if figures.below_mark else "short"
    return tongue.numbers.liquidation_price(figures.liquidation_price, side=side, tick=leg.tick)


def away(leg: LegView, figures: Figures, tongue: Tongue, *, brief: bool = False) -> Markup:
    """The distance in words, with what it is measured from."""
    if leg.reference is None:
        raise ValueError("a distance needs a reference")
    return distance(figures, leg.reference, tongue.words, tongue.numbers, brief=brief)


def no_price(figures: Figures, leg: LegView, tongue: Tongue, *, mode: Markup) -> Markup:
    """Why there is no liquidation price, in words: never a 0 or a dash."""
    words = tongue.words
    if figures.reason == "hedged_flat":
        return words("verdict.never_flat", mode=mode)
    if figures.reason == "far":
        return words("verdict.never_far", mode=mode)
    if figures.dead:
        if leg.reference is None or leg.reference.age is None:
            return words("verdict.at_once", mode=mode)
        name = reference_name(leg.reference, words, tongue.numbers)
        if figures.died_at is not None:
            side: SideName = "long" if figures.died_at > leg.reference.price else "short"
            price = tongue.numbers.liquidation_price(figures.died_at, side=side, tick=leg.tick)
            return words("verdict.already_from", mode=mode, reference=name, price=price)
        return words("verdict.already", mode=mode, reference=name)
    return words("verdict.never_long" if leg.side == "long" else "verdict.never_short", mode=mode)


def _verdict_of_several(view: CheckView, tongue: Tongue) -> list[Markup]:
    lines: list[Markup] = []
    for mode in modes_in_order(view):
        trouble = view.isolated_trouble if mode == "isolated" else view.cross_trouble
        if trouble is not None:
            lines.append(_refused(view, mode, trouble, tongue))
        elif mode == "cross" and view.market is not None:
            lines.append(_account_line(view, view.market, tongue))
        elif mode == "isolated" and all(leg.isolated for leg in view.legs):
            lines.append(_first_isolated(view, tongue))
    return lines


def _account_line(view: CheckView, market: Market, tongue: Tongue) -> Markup:
    name = mode_name(view, "cross", tongue)
    if market.liquidatable and view.opening is not None:
        return _cannot_open(view.opening, name, tongue)
    priced = any(leg.priced for leg in view.legs)
    return market_line(market, name, tongue, priced=priced)


def market_line(market: Market, name: Markup, tongue: Tongue, *, priced: bool = False) -> Markup:
    """The account's number: how far everything may fall or rise together.

    Arguments: priced, whether somebody gave a price now, so that a dead account is dead already.
    """
    words, numbers = tongue.words, tongue.numbers
    if market.liquidatable:
        return words("market.already" if priced else "market.at_once", mode=name)
    match market.fall, market.rise:
        case None, None:
            return words("market.never", mode=name)
        case fall, None if fall is not None:
            return words("market.fall", mode=name, fall=numbers.percent(fall))
        case None, rise if rise is not None:
            if rise > FAR:
                return words("market.rise_far", mode=name, rise=numbers.rate(FAR))
            return words("market.rise", mode=name, rise=numbers.percent(rise))
        case fall, rise:
            assert fall is not None
            assert rise is not None
            # A hedged book can outlast a rise of a million percent, which nobody needs to read.
            if rise > FAR:
                return words("market.both_far", mode=name, fall=numbers.percent(fall), rise=numbers.rate(FAR))
            return words("market.both", mode=name, fall=numbers.percent(fall), rise=numbers.percent(rise))


def _first_isolated(view: CheckView, tongue: Tongue) -> Markup:
    """The position that goes first in isolated, when every one is its own."""
    known = [(leg, leg.isolated) for leg in view.legs if leg.isolated]
    dead = [leg for leg, figures in known if figures.dead]
    if dead:
        return tongue.words("verdict.first_at_once", name=short_leg_name(dead[0], tongue))
    mortal = [(leg, figures) for leg, figures in known if figures.distance is not None]
    if not mortal:
        return tongue.words("verdict.none_isolated")
    leg, figures = min(mortal, key=lambda pair: pair[1].nearness)
    name = short_leg_name(leg, tongue)
    price = liquidation_price(leg, figures, tongue)
    return tongue.words("verdict.first", name=name, price=price, distance=away(leg, figures, tongue))
