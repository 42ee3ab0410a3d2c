"""Pages of the comparison: what the modes are about in one's own numbers, and what a switch of mode would do."""

from __future__ import annotations

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.compare_screen import amount
from bot.rendering.compare_views import CompareView, Sums, SwitchView
from bot.rendering.notes import write_note
from bot.rendering.source_titles import source_title
from bot.rendering.verdict import (
    Tongue,
    away,
    figures_of,
    leg_name,
    liquidation_price,
    mode_word,
    no_price,
    short_leg_name,
    side_word,
)
from bot.rendering.views import Figures, LegView, Mode

PERMISSIONS = {"allowed": "switch.allowed", "refused": "switch.refused", "unknown": "switch.unknown"}


def table_screen(view: CompareView, tongue: Tongue) -> Screen:
    """What each mode is about, row by row, with the person's own numbers in it."""
    words, check = tongue.words, view.check
    isolated, cross = view.sums.get("isolated"), view.sums.get("cross")
    facts = {"asset": check.settle, **_amounts("isolated", isolated, tongue), **_amounts("cross", cross, tongue)}
    leverages = [leg.leverage for leg in check.legs if leg.leverage is not None]
    highest = f"{tongue.numbers.plain(max(leverages), most=2)}x" if leverages else words("table.unknown")
    count = len(check.legs)
    rows = [
        words("matrix.risk", **facts),
        words("matrix.protection", nearest=_nearest(view, tongue), market=_market(view, tongue)),
        words("matrix.capital", **facts),
        words("matrix.suits", highest=highest, positions=words.count("matrix.positions", count)),
        words("matrix.skill"),
        words("matrix.adjusting"),
        words("matrix.worst", **facts),
    ]
    head = Markup("<b>{}</b>").format(words("matrix.title", **facts))
    return Screen(text=paragraphs([head, *rows]), buttons=(back_row(tongue),))


def _amounts(name: str, sums: Sums | None, tongue: Tongue) -> dict[str, str]:
    unknown = tongue.words.label("table.unknown")
    if sums is None:
        return {f"{name}_loss": unknown, f"{name}_free": unknown, f"{name}_margin": unknown}
    return {
        f"{name}_loss": amount(sums.loss, tongue),
        f"{name}_free": amount(sums.free, tongue),
        f"{name}_margin": amount(sums.margin, tongue),
    }


def _nearest(view: CompareView, tongue: Tongue) -> str:
    """How far the nearest isolated position is from its liquidation."""
    found = [leg.isolated.move for leg in view.check.legs if leg.isolated and leg.isolated.move is not None]
    return tongue.numbers.percent(min(found, key=abs)) if found else tongue.words.label("table.never")


def _market(view: CompareView, tongue: Tongue) -> str:
    """How far everything may move together in cross, on the nearer side."""
    nearer = view.check.market.nearer if view.check.market is not None else None
    return tongue.numbers.percent(nearer) if nearer is not None else tongue.words.label("table.never")


def which_screen(view: CompareView, tongue: Tongue) -> Screen:
    """Which position would change its mode?"""
    taps: list[Button] = [
        Tap(label=str(short_leg_name(leg, tongue)), action=f"switch:{identity}")
        for identity, leg in zip(view.ids, view.check.legs, strict=True)
    ]
    return Screen(text=tongue.words("switch.which"), buttons=(*in_rows(taps, 2), back_row(tongue)))


def switch_screen(view: SwitchView, tongue: Tongue, *, already: bool = False, several: bool = False) -> Screen:
    """What one position's change of mode would do, and whether the venue lets it happen."""
    words = tongue.words
    name, end = short_leg_name(view.leg, tongue), mode_word(view.end, tongue)
    head = _head(view, name, end, tongue)
    lines = [
        words("switch.already", name=name, mode=end) if already else Markup(""),
        _was(view, tongue),
        *_effects(view, tongue),
    ]
    venue = [
        words(PERMISSIONS[view.permission], venue=view.venue),
        words("switch.rule", rule=view.rule, source=source_title(view.source, words)),
    ]
    parts = [joined(bold([head])), leg_name(view.leg, tongue), joined(filter(None, lines)), joined(venue)]
    if not view.stated:
        parts.append(words("switch.assumed", mode=mode_word(view.start, tongue)))
    turn = Tap(
        label=words.label("button.from_cross" if view.end == "cross" else "button.from_isolated"),
        action=f"switch:{view.id}:{view.end}",
    )
    rows: list[tuple[Button, ...]] = [] if view.stated else [(turn,)]
    if several:
        rows.append((Tap(label=words.label("button.other_position"), action="which"),))
    return Screen(text=paragraphs(parts), buttons=(*rows, back_row(tongue)))


def _head(view: SwitchView, name: Markup, end: str, tongue: Tongue) -> Markup:
    words = tongue.words
    if view.refusal is not None:
        return words("switch.refusal", name=name, mode=end, why=write_note(view.refusal, words, tongue.numbers))
    after = figures_of(view.leg, view.end)
    if after is None or after.liquidation_price is None:
        mode = words("switch.to", name=name, mode=end)
        return no_price(after, view.leg, tongue, mode=mode) if after is not None else mode
    price, distance = liquidation_price(view.leg, after, tongue), away(view.leg, after, tongue)
    return words("switch.price", name=name, mode=end, price=price, distance=distance)


def _was(view: SwitchView, tongue: Tongue) -> Markup:
    """Where it is liquidated now."""
    before = figures_of(view.leg, view.start)
    return _where(view.leg, before, mode_word(view.start, tongue), tongue) if before is not None else Markup("")


def _where(leg: LegView, figures: Figures, mode: str, tongue: Tongue) -> Markup:
    name = tongue.words("switch.now", mode=mode)
    if figures.liquidation_price is None:
        return no_price(figures, leg, tongue, mode=name)
    return tongue.words(
        "verdict.price_too",
        mode=name,
        price=liquidation_price(leg, figures, tongue),
        distance=away(leg, figures, tongue),
    )


def _effects(view: SwitchView, tongue: Tongue) -> list[Markup]:
    """What it kills at once, and what it frees or needs."""
    if view.refusal is not None:
        return []
    words, numbers = tongue.words, tongue.numbers
    lines = []
    if view.dead:
        names = ", ".join(f"{coin} {side_word(side, tongue)}" for coin, side in view.dead)
        lines.append(words("switch.crossed", names=names))
    else:
        lines.append(words("switch.nothing_crossed"))
    if view.released is not None:
        key = "switch.released" if view.released > 0 else "switch.needed" if view.released < 0 else "switch.neither"
        lines.append(words(key, amount=numbers.money(abs(view.released)), asset=view.settle))
    if view.together > 1:
        lines.append(words.count("switch.together", view.together))
    return lines


def _mode(mode: Mode, tongue: Tongue) -> str:
    return tongue.words.label("mode.isolated" if mode == "isolated" else "mode.cross").lower()
