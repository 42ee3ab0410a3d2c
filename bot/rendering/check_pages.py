"""The pages of a check card that ask something: what to change, one slot, how to save, which reading was meant."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.dialogue import Screen, Tap
from bot.rendering.check_buttons import CHOICES, back_row, choice_rows, in_rows, shortened
from bot.rendering.check_screen import bold, joined, paragraphs, positions_block, question_line
from bot.rendering.notes import SLOT_LABELS, write_note
from bot.rendering.numbers import DOLLARS
from bot.rendering.verdict import Tongue, leg_name, sized_coin, verdict_lines, wallet_name
from bot.rendering.views import Asked, CheckView, LegView, Note, Slot

CHOICE_LENGTH = 44
"""Characters of a button that fit one line of a phone."""


def change_screen(view: CheckView, tongue: Tongue, *, leg: int) -> Screen:
    """What can be changed: one button for each slot, with its value now; several positions are chosen first."""
    words = tongue.words
    if len(view.legs) > 1 and leg < 0:
        rows = [
            (Tap(label=str(leg_name(each, tongue).striptags()), action=f"leg:{n}"),) for n, each in enumerate(view.legs)
        ]
        account: tuple[Slot, ...] = ("wallet", "fees", "venue", "position")
        shared = [Tap(label=_account_label(slot, view, tongue), action=f"slot:{slot}") for slot in account]
        buttons = (*rows, *in_rows(shared, 2), back_row(tongue))
        return Screen(text=_with_question(view, words("change.which"), tongue), buttons=buttons)
    leg = min(max(leg, 0), len(view.legs) - 1)
    own: tuple[Slot, ...] = ("side", "size", "entry", "leverage", "mode", "wallet", "mark", "stop", "target", "fees")
    slots: tuple[Slot, ...] = (*own, "venue", *(("contract",) if view.both_kinds else ()))
    taps = [Tap(label=_slot_label(slot, view, view.legs[leg], tongue), action=f"slot:{slot}:{leg}") for slot in slots]
    if len(view.legs) > 1:
        taps.append(Tap(label=words.label("button.remove_leg"), action=f"remove:{leg}"))
    else:
        taps.append(Tap(label=words.label("slot.position"), action="slot:position"))
    head = Markup("\n").join((leg_name(view.legs[leg], tongue), words("change.what")))
    return Screen(text=_with_question(view, head, tongue), buttons=(*in_rows(taps, 2), back_row(tongue)))


def _account_label(slot: Slot, view: CheckView, tongue: Tongue) -> str:
    """ "Wallet: 10,000", or "Add a position"."""
    if slot == "position":
        return tongue.words.label(SLOT_LABELS[slot])
    return _slot_label(slot, view, view.legs[0], tongue)


def _slot_label(slot: Slot, view: CheckView, leg: LegView, tongue: Tongue) -> str:
    """ "Leverage: 20x": a slot with its value now."""
    label = tongue.words.label(SLOT_LABELS[slot])
    return tongue.words.label("change.slot", slot=label, value=_slot_value(slot, view, leg, tongue))


def _slot_value(slot: Slot, view: CheckView, leg: LegView, tongue: Tongue) -> str:
    words, numbers = tongue.words, tongue.numbers
    match slot:
        case "side" if leg.side is not None:
            return words.label(CHOICES[leg.side])
        case "size" if leg.quantity is not None:
            return str(sized_coin(leg, tongue).striptags())
        case "entry" if leg.entry is not None:
            return numbers.plain(leg.entry)
        case "leverage" if leg.leverage is not None:
            return f"{numbers.plain(leg.leverage, most=2)}x"
        case "mode":
            return words.label(CHOICES[leg.mode]) if leg.mode is not None else words.label("change.both")
        case "wallet" if view.wallets:
            return wallet_name(view, tongue) if view.settle not in DOLLARS else numbers.money(view.wallets[0][1])
        case "mark" if leg.reference is not None and leg.reference.age is not None:
            return numbers.plain(leg.reference.price)
        case "mark" if leg.entry is not None:
            return words.label("change.entry")
        case "stop" | "target":
            goal = (leg.plan.stop if slot == "stop" else leg.plan.target) if leg.plan is not None else None
            return numbers.plain(goal.price) if goal is not None else words.label("change.no_goal")
        case "fees":
            return numbers.rate(view.fee) if view.fee else words.label("change.no_goal")
        case "venue":
            return view.venue
        case "contract":
            return words.label(CHOICES["linear" if view.kind == "linear" else "inverse"])
        case _:
            return words.label("change.open")


def slot_screen(view: CheckView, tongue: Tongue, asked: Asked, *, problem: Note | None = None) -> Screen:
    """The question for one slot, with likely answers; a typed answer does as well."""
    asks = question = question_line(asked, view, tongue)
    if problem is not None:
        question = Markup("\n").join((write_note(problem, tongue.words, tongue.numbers), question))
    return Screen(
        text=_with_question(view, question, tongue),
        question=asks,
        buttons=(*choice_rows(asked, tongue, per_row=3), back_row(tongue)),
    )


def save_mode_screen(view: CheckView, tongue: Tongue) -> Screen:
    """Saving needs a mode: which one?"""
    words = tongue.words
    taps = (
        Tap(label=words.label("save.as_isolated"), action="save:isolated"),
        Tap(label=words.label("save.as_cross"), action="save:cross"),
    )
    return Screen(text=_with_question(view, words("save.which_mode"), tongue), buttons=(taps, back_row(tongue)))


def replace_screen(view: CheckView, tongue: Tongue, *, held: Markup) -> Screen:
    """The portfolio already has such a position: replace it?"""
    words = tongue.words
    question = words("save.exists", held=held)
    buttons = (Tap(label=words.label("save.replace"), action="replace", style="danger"),)
    return Screen(text=_with_question(view, question, tongue), buttons=(buttons, back_row(tongue)))


def choose_screen(readings: Sequence[CheckView], tongue: Tongue, *, problem: Note | None = None) -> Screen:
    """Two readings of one message that differ in money: which one was meant?"""
    words = tongue.words
    names = [Markup("; ").join(_read_as(leg, tongue, name=True) for leg in view.legs) for view in readings]
    short = [Markup("; ").join(_read_as(leg, tongue, name=False) for leg in view.legs) for view in readings]
    if len({(name, view.wallets) for name, view in zip(names, readings, strict=True)}) > len(set(names)):
        short = [words("choose.wallet", wallet=wallet_name(view, tongue)) for view in readings]
        names = [Markup("{}, {}").format(name, wallet) for name, wallet in zip(names, short, strict=True)]
    lines = [words("choose.line", number=n, name=name) for n, name in enumerate(names, start=1)]
    taps = [
        (Tap(label=shortened(words.label("choose.line", number=n + 1, name=name.unescape()), CHOICE_LENGTH),
             action=f"pick:{n}"),)
        for n, name in enumerate(short)
    ]  # fmt: skip
    question = joined([words("choose.question"), *lines])
    if problem is not None:
        question = joined([write_note(problem, words, tongue.numbers), question])
    return Screen(text=question, buttons=tuple(taps))


def _read_as(leg: LegView, tongue: Tongue, *, name: bool) -> Markup:
    """The amount of dollars as what it was read, behind the position's name where that is wanted."""
    words, numbers = tongue.words, tongue.numbers
    if leg.said_margin is not None:
        amount = words("choose.margin", amount=numbers.amount(leg.said_margin, leg.settle), asset=leg.settle)
    elif leg.said_notional is not None:
        dollars = leg.settle if leg.settle in DOLLARS else "USD"
        amount = words("choose.notional", amount=numbers.money(leg.said_notional), asset=dollars)
    else:
        return leg_name(leg, tongue)
    return Markup("{}, {}").format(leg_name(leg, tongue), amount) if name else amount


def _with_question(view: CheckView, question: Markup, tongue: Tongue) -> Markup:
    head = joined(bold(verdict_lines(view, tongue))) or positions_block(view, tongue)
    return paragraphs((head, question))
