"""The buttons of a check card: likely answers, what can be changed, and what can be done with it.

Actions that they send: `change`, `slot:SLOT:LEG`, `leg:N`, `set:SLOT:VALUE`, `notional:N`, `working`, `save`,
`save:MODE`, `more`, `remove:LEG`, `replace`, `wallet`, `portfolio`, `whatif`, `compare`, `act`, `size`, `mismatch`,
`picture`, `back`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.dialogue import Button, Copy, Send, Tap
from bot.rendering.notes import SLOT_LABELS
from bot.rendering.numbers import DOLLARS, pessimistic
from bot.rendering.venues import title_of
from bot.rendering.verdict import Tongue, figures_of, liquidation_price, modes_in_order, wallet_name
from bot.rendering.views import Asked, CheckView, SideName, Slot

CHOICES: dict[str, str] = {
    "long": "side.long",
    "short": "side.short",
    "isolated": "mode.isolated",
    "cross": "mode.cross",
    "linear": "kind.linear_short",
    "inverse": "kind.inverse_short",
    "multi": "kind.multi",
}


def choice_rows(asked: Asked | None, tongue: Tongue, *, per_row: int) -> list[tuple[Button, ...]]:
    """A button for each likely answer."""
    if asked is None:
        return []
    taps = [Tap(label=_choice(asked, choice, tongue), action=f"set:{asked.slot}:{choice}") for choice in asked.choices]
    if asked.more:
        taps.append(Tap(label=tongue.words.label("button.more"), action="more"))
    return in_rows(taps, per_row)


def _choice(asked: Asked, choice: str, tongue: Tongue) -> str:
    if choice in CHOICES:
        return tongue.words.label(CHOICES[choice])
    if choice == "none":
        return tongue.words.label("change.both" if asked.slot == "mode" else "button.none")
    if asked.slot in ("symbol", "position"):
        return choice
    if asked.slot == "venue":
        return title_of(choice)
    if asked.slot == "fees":
        return tongue.numbers.rate(Decimal(choice)) if Decimal(choice) else tongue.words.label("button.none")
    number = tongue.numbers.plain(Decimal(choice))
    if asked.slot == "wallet" and asked.asset not in DOLLARS:
        return f"{number} {asked.asset}"
    return f"{number}x" if asked.slot == "leverage" else number


def assumption_rows(view: CheckView, tongue: Tongue) -> list[tuple[Button, ...]]:
    """A button for each assumption that a person can change, and one for the price now of every coin."""
    taps: list[Tap] = []
    words = tongue.words
    for note in (*view.assumed, *view.remarks):
        if note.name == "taken_as_margin":
            taps.append(Tap(label=words.label("button.is_notional"), action=f"notional:{note.leg}"))
        elif note.slot == "coin_price":
            label = f"{words.label('slot.mark')} {note.facts['unit']}"
            _add(taps, Tap(label=label, action="slot:coin_price"))
        elif note.slot is not None and note.slot != "mark":
            _add(taps, _slot_tap(note.slot, note.leg, view, tongue, named=note.slot == "size" and len(view.legs) > 1))
    if view.answered:
        coins = list(dict.fromkeys(leg.coin for leg in view.legs))
        for coin in coins:
            leg = next(number for number, leg in enumerate(view.legs) if leg.coin == coin)
            _add(taps, _slot_tap("mark", leg, view, tongue, named=len(coins) > 1))
    return in_rows(taps, 2)


def _add(taps: list[Tap], tap: Tap) -> None:
    if all(each.action != tap.action for each in taps):
        taps.append(tap)


def _slot_tap(slot: Slot, leg: int, view: CheckView, tongue: Tongue, *, named: bool) -> Tap:
    """ "Price now", or "Price now ETH" where several coins have one."""
    label = tongue.words.label(SLOT_LABELS[slot])
    action = f"slot:{slot}:{leg}" if leg else f"slot:{slot}"
    return Tap(label=f"{label} {view.legs[leg].coin}" if named else label, action=action)


def card_rows(
    view: CheckView, tongue: Tongue, *, working: bool, saved: bool, other_wallet: bool
) -> list[tuple[Button, ...]]:
    """What can be done with the whole card."""
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if view.answered:
        label = words.label("button.hide_working" if working else "button.working")
        rows.append((Tap(label=label, action="working"), Tap(label=words.label("button.change"), action="change")))
        rows.append(opener_row(tongue, "whatif", "compare", "act"))
        if working:
            rows.append((Tap(label=words.label("button.mismatch"), action="mismatch"),))
    elif view.legs[0].coin:
        rows.append((Tap(label=words.label("button.change"), action="change"),))
    plan = view.legs[0].plan if len(view.legs) == 1 else None
    if view.answered and plan is not None and plan.stop is not None:
        rows.append((Tap(label=words.label("button.size"), action="size"),))
    if saved and other_wallet and view.wallet is not None:
        label = words.label("button.use_wallet", wallet=wallet_name(view, tongue))
        rows.append((Tap(label=label, action="wallet"),))
    sized = all(leg.quantity is not None for leg in view.legs)
    picture = (Tap(label=words.label("button.picture"), action="picture"),) if view.answered and sized else ()
    if saved:
        rows.append((Tap(label=words.label("button.portfolio"), action="portfolio"), *picture))
    elif view.answered:
        rows.append((Tap(label=words.label("button.save"), action="save", style="success"), *picture))
    return rows


def passing_row(view: CheckView, tongue: Tongue, words: str | None) -> tuple[Button, ...]:
    """The row that takes the answer elsewhere: the liquidation price to copy, and the trade in words to send.

    The price is that of the mode that comes first, without separators, as an exchange's form takes it.
    """
    row: list[Button] = []
    leg = view.legs[0]
    for mode in modes_in_order(view) if len(view.legs) == 1 else ():
        figures = figures_of(leg, mode)
        if figures is not None and figures.liquidation_price is not None:
            side: SideName = "long" if figures.below_mark else "short"
            price = pessimistic(figures.liquidation_price, side=side, tick=leg.tick)
            label = tongue.words.label("button.copy_price", price=liquidation_price(leg, figures, tongue))
            row.append(Copy(label=label, text=format(price, "f")))
            break
    if words is not None:
        row.append(Send(label=tongue.words.label("button.send"), text=words))
    return tuple(row)


OPENERS: dict[str, str] = {
    "whatif": "button.what_if",
    "compare": "button.compare",
    "act": "button.act",
    "picture": "button.picture",
}


def opener_row(tongue: Tongue, *names: str) -> tuple[Button, ...]:
    """The buttons that open those other conversations about the same positions."""
    return tuple(Tap(label=tongue.words.label(OPENERS[name]), action=name) for name in names)


def in_rows(taps: Sequence[Button], per_row: int) -> list[tuple[Button, ...]]:
    """Buttons in rows of `per_row`."""
    return [tuple(taps[start : start + per_row]) for start in range(0, len(taps), per_row)]


def back_row(tongue: Tongue) -> tuple[Button, ...]:
    """The row with the way back to the card itself."""
    return (Tap(label=tongue.words.label("button.back"), action="back"),)


def close_row(tongue: Tongue) -> tuple[Button, ...]:
    """The row that takes the card away."""
    return (Tap(label=tongue.words.label("button.close"), action="close"),)


def shortened(text: str, most: int) -> str:
    """A label of at most `most` characters, cut between words so that no number loses its end."""
    if len(text) <= most:
        return text
    head = text[:most].rpartition(" ")[0] or text[: most - 1]
    return head.rstrip(",; ")[: most - 1] + "…"
