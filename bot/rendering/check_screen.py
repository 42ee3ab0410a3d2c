"""The check card: verdict, both modes side by side, what was assumed, and the buttons that change it.

Actions that its buttons send: `change`, `slot:SLOT`, `leg:N`, `set:SLOT:VALUE`, `notional:N`, `working`, `save`,
`save:MODE`, `replace`, `wallet`, `portfolio`, `back`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.notes import SLOT_LABELS, reference_name, write_note
from bot.rendering.verdict import (
    Tongue,
    away,
    figures_of,
    leg_name,
    liquidation_price,
    mode_name,
    modes_in_order,
    no_price,
    short_leg_name,
    verdict_lines,
)
from bot.rendering.views import Asked, CheckView, Partition, Slot, TierTable
from bot.rendering.working import working_block

LONGEST = 3900
"""Characters after which the working is cut short; Telegram takes 4096."""

QUESTIONS: dict[Slot, str] = {
    "symbol": "ask.symbol",
    "side": "ask.side",
    "size": "ask.size",
    "entry": "ask.entry",
    "leverage": "ask.leverage",
    "mode": "ask.mode",
    "wallet": "ask.wallet",
    "mark": "ask.mark",
}
CHOICES: dict[str, str] = {
    "long": "side.long",
    "short": "side.short",
    "isolated": "mode.isolated",
    "cross": "mode.cross",
}


def card_text(view: CheckView, tongue: Tongue, *, working: bool = False) -> Markup:
    """The whole text of a card, its paragraphs in the order in which a person needs them."""
    paragraphs = [
        joined(bold(verdict_lines(view, tongue))),
        joined(write_note(note, tongue.words, tongue.numbers) for note in view.remarks),
        positions_block(view, tongue),
        _table(view, tongue) if len(view.legs) == 1 else Markup(""),
        question_line(view.asked, view, tongue) if view.asked else Markup(""),
        _assumptions(view, tongue),
        _tiers(view, tongue),
    ]
    text = Markup("\n\n").join(paragraph for paragraph in paragraphs if paragraph)
    if working:
        block = working_block(view, tongue, room=LONGEST - len(text))
        text = Markup("\n\n").join((text, block))
    return text


def card_screen(
    view: CheckView, tongue: Tongue, *, working: bool = False, saved: bool = False, other_wallet: bool = False
) -> Screen:
    """The card itself with its buttons. `other_wallet`: the portfolio has another wallet balance than the card."""
    text = card_text(view, tongue, working=working)
    if saved:
        text = Markup("\n\n").join((text, tongue.words("check.saved")))
    rows: list[tuple[Button, ...]] = [
        *choice_rows(view.asked, tongue, per_row=3),
        *_assumption_buttons(view, tongue),
        *_card_buttons(view, tongue, working=working, saved=saved, other_wallet=other_wallet),
    ]
    return Screen(text=text, buttons=tuple(rows))


def question_line(asked: Asked, view: CheckView, tongue: Tongue) -> Markup:
    """The one short question for a slot; with several positions it names the one that is meant."""
    words = tongue.words
    if asked.of_cross and asked.slot == "wallet":
        return words("ask.wallet_for_cross")
    if asked.of_cross and asked.slot == "size":
        return words("ask.size_for_cross")
    coin = view.legs[asked.leg].coin if asked.leg < len(view.legs) else ""
    question = words(QUESTIONS[asked.slot], coin=coin or words("ask.the_coin"))
    if len(view.legs) > 1 and asked.slot not in ("wallet", "mark"):
        return words("ask.of_leg", leg=leg_name(view.legs[asked.leg], tongue), question=question)
    return question


def joined(lines: Iterable[Markup]) -> Markup:
    """Lines under each other."""
    return Markup("\n").join(lines)


def bold(lines: Sequence[Markup]) -> list[Markup]:
    """Lines in bold."""
    return [Markup("<b>{}</b>").format(line) for line in lines]


def positions_block(view: CheckView, tongue: Tongue) -> Markup:
    """The positions: one by its name, several under each mode with their figures."""
    if len(view.legs) == 1:
        leg = view.legs[0]
        wallet_shown = leg.cross is not None or view.cross_trouble is not None
        return joined([leg_name(leg, tongue), *([] if wallet_shown else _wallet(view, tongue))])
    partitions: tuple[Partition, ...] = ("given", *modes_in_order(view))
    shown = [mode for mode in partitions if any(figures_of(leg, mode) for leg in view.legs)]
    blocks = [_mode_block(view, mode, tongue) for mode in shown]
    return Markup("\n\n").join(blocks) or joined(leg_name(leg, tongue) for leg in view.legs)


def _wallet(view: CheckView, tongue: Tongue) -> list[Markup]:
    """The wallet, as long as no verdict names it."""
    if view.wallet is None:
        return []
    return [tongue.words("check.wallet", wallet=tongue.numbers.money(view.wallet), asset=view.settle)]


def _mode_block(view: CheckView, mode: Partition, tongue: Tongue) -> Markup:
    """Every position under one mode, and what can be lost in it."""
    words, numbers = tongue.words, tongue.numbers
    lines = [Markup("<b>{}</b>").format(mode_name(view, mode, tongue))]
    losses: list[Decimal] = []
    for leg in view.legs:
        figures = figures_of(leg, mode)
        if figures is None:
            lines.append(words("block.open", name=leg_name(leg, tongue)))
            continue
        losses.append(figures.loss)
        if figures.liquidation_price is None:
            where = no_price(figures, leg, tongue, mode=short_leg_name(leg, tongue))
        else:
            where = words(
                "block.where", price=liquidation_price(leg, figures, tongue), distance=away(leg, figures, tongue)
            )
        lines.append(words("block.line", name=leg_name(leg, tongue), where=where))
    if mode == "cross" and view.wallet is not None:
        lines.append(words("block.cross_loss", loss=numbers.money(view.wallet), asset=view.settle))
        lines.append(words("block.others_still"))
    elif mode == "isolated" and len(losses) == len(view.legs):
        lines.append(words("block.isolated_loss", loss=numbers.money(sum(losses, Decimal(0))), asset=view.settle))
    return joined(lines)


def _table(view: CheckView, tongue: Tongue) -> Markup:
    """Both modes side by side, narrow enough for a phone; one mode alone is a line."""
    leg, words, numbers = view.legs[0], tongue.words, tongue.numbers
    shown = [(mode, figures) for mode in modes_in_order(view) if (figures := figures_of(leg, mode))]
    if not shown or leg.size_free_up_to is not None:
        return Markup("")
    columns = []
    for mode, figures in shown:
        priced = figures.liquidation_price is not None
        sign = "" if figures.distance is None else "−" if figures.distance < 0 else "+"
        columns.append(
            (
                words.label("mode.isolated" if mode == "isolated" else "mode.cross"),
                liquidation_price(leg, figures, tongue) if priced else words.label("table.none"),
                sign + numbers.percent(figures.distance) if figures.distance is not None else words.label("table.none"),
                numbers.money(figures.margin) if figures.margin is not None else words.label("table.unknown"),
                numbers.money(figures.loss),
            )
        )
    labels = (
        "",
        words.label("table.price"),
        words.label("table.distance"),
        words.label("table.margin"),
        words.label("table.loss"),
    )
    wide = max(len(label) for label in labels)
    widths = [max(len(cell) for cell in column) for column in columns]
    rows = [
        label.ljust(wide)
        + "".join("  " + column[n].rjust(width) for column, width in zip(columns, widths, strict=True))
        for n, label in enumerate(labels)
    ]
    table = Markup("<pre>{}</pre>").format("\n".join(rows))
    if leg.reference is None:
        return table
    reference = reference_name(leg.reference, words, numbers, brief=True)
    return joined([table, words("table.caption", asset=view.settle, reference=reference)])


def _assumptions(view: CheckView, tongue: Tongue) -> Markup:
    if not view.assumed:
        return Markup("")
    lines = [Markup("• {}").format(write_note(note, tongue.words, tongue.numbers)) for note in view.assumed]
    return joined([tongue.words("check.assumed"), *lines])


def _tiers(view: CheckView, tongue: Tongue) -> Markup:
    if view.tiers is None:
        return Markup("")
    lines = []
    rung = view.legs[0].rung if len(view.legs) == 1 else None
    words, numbers = tongue.words, tongue.numbers
    day = table_day(view.tiers, tongue)
    if rung is None:
        lines.append(words("tiers.table", day=day))
    elif rung.cap is None:
        lines.append(words("tiers.last_rung", rate=numbers.rate(rung.rate), day=day))
    else:
        cap = numbers.money(rung.cap)
        lines.append(words("tiers.rung", rate=numbers.rate(rung.rate), cap=cap, asset=view.settle, day=day))
    lines += old_table(view.tiers, tongue)
    return joined(lines)


def table_day(tiers: TierTable, tongue: Tongue) -> str:
    """The date of a tier table, or that it has none."""
    return tongue.numbers.day(tiers.as_of) if tiers.as_of else tongue.words.label("tiers.undated")


def old_table(tiers: TierTable, tongue: Tongue) -> list[Markup]:
    """The warning that an answer rests on a tier table older than 90 days."""
    return [tongue.words("tiers.old", days=tiers.age_days)] if tiers.old else []


def choice_rows(asked: Asked | None, tongue: Tongue, *, per_row: int) -> list[tuple[Button, ...]]:
    """A button for each likely answer."""
    if asked is None:
        return []
    taps = [
        Tap(label=_choice(asked.slot, choice, tongue), action=f"set:{asked.slot}:{choice}") for choice in asked.choices
    ]
    return in_rows(taps, per_row)


def _choice(slot: Slot, choice: str, tongue: Tongue) -> str:
    if choice in CHOICES:
        return tongue.words.label(CHOICES[choice])
    if slot == "symbol":
        return choice
    number = tongue.numbers.plain(Decimal(choice))
    return f"{number}x" if slot == "leverage" else number


def _assumption_buttons(view: CheckView, tongue: Tongue) -> list[tuple[Button, ...]]:
    """A button for each assumption that a person can change."""
    taps: list[Tap] = []
    words = tongue.words
    for note in view.assumed:
        if note.name == "taken_as_margin":
            taps.append(Tap(label=words.label("button.is_notional"), action=f"notional:{note.facts.get('leg', 0)}"))
        elif note.slot is not None and all(tap.action != f"slot:{note.slot}" for tap in taps):
            taps.append(Tap(label=words.label(SLOT_LABELS[note.slot]), action=f"slot:{note.slot}"))
    if any(leg.reference is not None and leg.reference.age is not None for leg in view.legs):
        taps.append(Tap(label=words.label(SLOT_LABELS["mark"]), action="slot:mark"))
    return in_rows(taps, 2)


def _card_buttons(
    view: CheckView, tongue: Tongue, *, working: bool, saved: bool, other_wallet: bool
) -> list[tuple[Button, ...]]:
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if view.answered:
        label = words.label("button.hide_working" if working else "button.working")
        rows.append((Tap(label=label, action="working"), Tap(label=words.label("button.change"), action="change")))
    elif view.legs[0].coin:
        rows.append((Tap(label=words.label("button.change"), action="change"),))
    if saved and other_wallet and view.wallet is not None:
        label = words.label("button.use_wallet", wallet=tongue.numbers.money(view.wallet))
        rows.append((Tap(label=label, action="wallet"),))
    if saved:
        rows.append((Tap(label=words.label("button.portfolio"), action="portfolio"),))
    elif view.answered:
        rows.append((Tap(label=words.label("button.save"), action="save", style="success"),))
    return rows


def in_rows(taps: Sequence[Button], per_row: int) -> list[tuple[Button, ...]]:
    """Buttons in rows of `per_row`."""
    return [tuple(taps[start : start + per_row]) for start in range(0, len(taps), per_row)]


def back_row(tongue: Tongue) -> tuple[Button, ...]:
    """The row with the way back to the card itself."""
    return (Tap(label=tongue.words.label("button.back"), action="back"),)


def shortened(text: str, most: int) -> str:
    """A label of at most `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
