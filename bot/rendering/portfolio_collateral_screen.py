"""The coins that back a multi-asset account. Actions: `collateral`, `collateral:new`, `collateral:COIN`,
`collateral:COIN:SLOT`, `more`."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import in_rows
from bot.rendering.check_screen import joined
from bot.rendering.portfolio_screen import backing_line
from bot.rendering.verdict import Tongue
from bot.rendering.views import Backing


def collateral_screen(lines: Sequence[Backing], tongue: Tongue, *, more: bool, remark: Markup | None = None) -> Screen:
    """The coins that back the account. more: whether there is room for another."""
    words = tongue.words
    text = [*([remark, Markup("")] if remark else []), words("collateral.title" if lines else "collateral.none")]
    text += [_backed(each, tongue) for each in lines]
    taps: list[Button] = [Tap(label=each.asset[:30], action=f"collateral:{each.asset}") for each in lines]
    last = [Tap(label=words.label("button.another_coin"), action="collateral:new")] if more else []
    back = Tap(label=words.label("button.back"), action="more")
    return Screen(text=joined(text), buttons=(*in_rows(taps, 3), (*last, back)))


def _backed(backing: Backing, tongue: Tongue) -> Markup:
    amount = tongue.numbers.amount(backing.amount, backing.asset)
    return tongue.words("collateral.line", asset=backing.asset, amount=amount, counts=backing_line(backing, tongue))


def coin_backing_screen(backing: Backing, tongue: Tongue) -> Screen:
    """One coin that backs the account, with what can be set of it."""
    words = tongue.words
    slots = (("button.amount", "amount"), ("button.price_of", "price"), ("button.haircut", "haircut"))
    taps = tuple(Tap(label=words.label(key), action=f"collateral:{backing.asset}:{slot}") for key, slot in slots)
    back = (Tap(label=words.label("button.back"), action="collateral"),)
    return Screen(text=_backed(backing, tongue), buttons=(taps, back))
