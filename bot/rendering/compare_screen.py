"""The comparison: both modes side by side, what moves leave in each, from where on the other one leaves more.

Actions that its buttons send: `table`, `switch`, `switch:ID`, `switch:ID:MODE`, `set:SLOT:VALUE`, `slot:SLOT:LEG`,
`back`, `close`; and `whatif`, `act`, `portfolio`, which open other conversations.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.assumed import MOST, assumed_block, assumed_in_short
from bot.rendering.check_buttons import back_row, choice_rows, close_row, opener_row
from bot.rendering.check_screen import (
    bold,
    card_text,
    folded_end,
    joined,
    paragraphs,
    question_line,
    subject_line,
    table_lines,
)
from bot.rendering.check_table import without_price
from bot.rendering.compare_views import CompareView, EqualLeverage, Even, Left, Move, Part
from bot.rendering.notes import reads_in_part, reference_name, write_note
from bot.rendering.own_coin import own_coin_lines
from bot.rendering.plain import clipped
from bot.rendering.tables import in_columns
from bot.rendering.verdict import Tongue, figures_of, leg_name, liquidation_price, short_leg_name, verdict_lines
from bot.rendering.views import CheckView, LegView, Note, Partition

WHOLE_FROM = Decimal(1000)
"""Amounts from here on are shown without cents in a table."""

FALLEN = "✗"


def compare_screen(view: CompareView, tongue: Tongue) -> Screen:
    """The comparison itself; while a half waits for an answer, the half that is there and the question."""
    if view.private:
        return Screen(text=tongue.words("compare.private"), buttons=(close_row(tongue),))
    if not view.compared:
        return _open_screen(view, tongue)
    check = view.check
    single = len(check.legs) == 1
    parts = [
        joined(bold([*_asked_lines(view, tongue), *verdict_lines(check, tongue)])),
        joined(
            [
                *own_coin_lines(check.legs, tongue),
                *(write_note(note, tongue.words, tongue.numbers) for note in check.remarks),
            ]
        ),
        leg_name(check.legs[0], tongue) if single else Markup(""),
        joined([_price_table(view, tongue), _prices_caption(check, tongue)]),
        joined([_amount_table(view, tongue), _amounts_caption(view, tongue)]),
        joined([*_even_lines(view, tongue), *_equal_lines(view, tongue)]),
        folded_end(tongue, assumed_block(check.assumed, tongue, most=MOST), table_lines(check.tiers, tongue)),
    ]
    text = paragraphs(parts)
    return Screen(
        text=text,
        subject=subject_line(check, tongue),
        assumed=assumed_in_short(check.assumed, tongue, most=MOST),
        partly=reads_in_part(check.remarks),
        buttons=tuple(_rows(view, tongue)),
    )


def _open_screen(view: CompareView, tongue: Tongue) -> Screen:
    """What waits for an answer. A portfolio's wallet is set on its own card."""
    words = tongue.words
    if view.held:
        sentence = words(
            "compare.no_wallet" if view.check.wallet is None else "compare.trouble", why=_why(view, tongue)
        )
        portfolio = Tap(label=words.label("button.portfolio"), action="portfolio")
        return Screen(text=sentence, buttons=((portfolio,), close_row(tongue)))
    text = card_text(view.check, tongue)
    if not text:
        text = words("compare.trouble", why=_why(view, tongue))
    asks = question_line(view.check.asked, view.check, tongue) if view.check.asked else None
    buttons = (*choice_rows(view.check.asked, tongue, per_row=3), close_row(tongue))
    return Screen(
        text=text,
        question=asks,
        subject=subject_line(view.check, tongue),
        assumed=assumed_in_short(view.check.assumed, tongue),
        partly=reads_in_part(view.check.remarks),
        buttons=buttons,
    )


def _why(view: CompareView, tongue: Tongue) -> Markup:
    notes = [note for note in (view.check.isolated_trouble, view.check.cross_trouble) if note is not None]
    return write_note(notes[0], tongue.words, tongue.numbers) if notes else Markup("")


def slot_question(view: CompareView, tongue: Tongue, *, problem: Note | None) -> Screen:
    """The open question again, after words that did not answer it."""
    check, words = view.check, tongue.words
    question = question_line(check.asked, check, tongue) if check.asked else words("compare.what")
    lines = [question] if problem is None else [write_note(problem, words, tongue.numbers), question]
    return Screen(text=joined(lines), buttons=(*choice_rows(check.asked, tongue, per_row=3), back_row(tongue)))


def _rows(view: CompareView, tongue: Tongue) -> list[tuple[Button, ...]]:
    label = tongue.words.label
    table = Tap(label=label("button.table"), action="table")
    switch = Tap(label=label("button.switch"), action="switch")
    both = {"isolated", "cross"} <= set(view.sums)
    return [(table, switch) if both else (switch,), opener_row(tongue, "whatif", "act", "picture"), close_row(tongue)]


# --- Lines ---------------------------------------------------------------------------------------------------------


def columns_of(view: CompareView) -> list[Partition]:
    """The partitions that have figures, in the order of the columns."""
    order: tuple[Partition, ...] = ("isolated", "cross", "given")
    return [name for name in order if name in view.sums]


def column_name(name: Partition, tongue: Tongue) -> str:
    """What heads the column of a partition."""
    keys = {"isolated": "mode.isolated", "cross": "mode.cross", "given": "mode.as_given"}
    return tongue.words.label(keys[name])


def _asked_lines(view: CompareView, tongue: Tongue) -> list[Markup]:
    """What the person's own move costs in each mode: that was the question."""
    words = tongue.words
    lines = []
    for move in (move for move in view.moves if move.asked):
        parts = [part for name in columns_of(view) if (part := _outcome(view, move, name, tongue))]
        lines.append(words("compare.move", move=move_name(move, tongue), outcome=Markup("; ").join(parts)))
    return lines


def _outcome(view: CompareView, move: Move, name: Partition, tongue: Tongue) -> Markup:
    """ "isolated loses 6,400 USDT and is liquidated"; empty where amounts are in several assets."""
    left, before = move.left[name], view.sums[name].equity
    if left.equity is None or before is None:
        return Markup("")
    words, change = tongue.words, left.equity - before
    mode, loss = column_name(name, tongue).lower(), tongue.numbers.money(abs(change))
    if change >= 0:
        return words("compare.gains", mode=mode, amount=loss, asset=view.check.settle)
    key = "compare.loses_dead" if left.dead else "compare.loses"
    return words(key, mode=mode, amount=loss, asset=view.check.settle)


def move_name(move: Move, tongue: Tongue) -> Markup:
    """ "BTC at 55,000", "everything −10%"."""
    return parts_name(move.parts, tongue)


def parts_name(parts: Sequence[Part], tongue: Tongue) -> Markup:
    """The parts of a move, each by its name."""
    return Markup(", ").join(_part_name(part, tongue) for part in parts)


def _part_name(part: Part, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    if part.price is not None:
        return words("compare.to_price", coin=part.coin, price=numbers.plain(part.price))
    name = part.coin or words("compare.everything")
    if part.coin == "ALTS":
        name = words("compare.alts")
    return Markup("{} {}").format(name, signed(part.fraction, tongue))


def signed(fraction: Decimal, tongue: Tongue) -> str:
    """−10% or +10%, with as many digits as it has."""
    return ("−" if fraction < 0 else "+") + tongue.numbers.rate(abs(fraction))


def _price_table(view: CompareView, tongue: Tongue) -> Markup:
    """Liquidation price and distance of one position; of several a row each with the price in every mode."""
    words, check = tongue.words, view.check
    columns = columns_of(view)
    if len(check.legs) == 1:
        leg = check.legs[0]
        labels = ["", words.label("table.price"), words.label("table.distance")]
        return in_columns(labels, [[column_name(name, tongue), *_cell(leg, name, tongue)] for name in columns])
    labels = ["", *(_row_name(leg, tongue) for leg in check.legs)]
    return in_columns(
        labels, [[column_name(name, tongue), *(_cell(leg, name, tongue)[0] for leg in check.legs)] for name in columns]
    )


def _row_name(leg: LegView, tongue: Tongue) -> str:
    return tongue.words.label(
        "compare.long_row" if leg.side == "long" else "compare.short_row", coin=clipped(leg.coin, 9)
    )


def _cell(leg: LegView, name: Partition, tongue: Tongue) -> list[str]:
    """The liquidation price and the distance; never a 0 or a dash for what cannot be liquidated."""
    words, figures = tongue.words, figures_of(leg, name)
    if figures is None:
        return [words.label("table.unknown"), words.label("table.unknown")]
    if figures.liquidation_price is None or figures.distance is None:
        return list(without_price(leg, figures, tongue))
    sign = "−" if figures.distance < 0 else "+"
    return [liquidation_price(leg, figures, tongue), sign + tongue.numbers.percent(figures.distance)]


def _prices_caption(check: CheckView, tongue: Tongue) -> Markup:
    """What the distances are from; of several positions, whose prices now were given."""
    words, numbers = tongue.words, tongue.numbers
    if len(check.legs) == 1 and check.legs[0].reference is not None:
        name = reference_name(check.legs[0].reference, words, numbers, brief=True)
        return words("compare.distance_from", reference=name)
    return words("compare.prices_caption")


def amount(value: Decimal | None, tongue: Tongue) -> str:
    """An amount for a table: from 1,000 on without cents."""
    if value is None:
        return tongue.words.label("table.unknown")
    return tongue.numbers.money(value.quantize(Decimal(1)) if abs(value) >= WHOLE_FROM else value)


def _amount_table(view: CompareView, tongue: Tongue) -> Markup:
    """What can be lost, what is free, and what every move leaves."""
    words = tongue.words
    moves = [_move_label(move, tongue) for move in view.moves]
    labels = ["", words.label("table.loss"), words.label("compare.free"), words.label("compare.left"), *moves]
    columns = []
    for name in columns_of(view):
        sums = view.sums[name]
        left = [_left_cell(view, move.left[name], tongue) for move in view.moves]
        columns.append([column_name(name, tongue), amount(sums.loss, tongue), amount(sums.free, tongue), "", *left])
    return in_columns(labels, columns)


def _move_label(move: Move, tongue: Tongue) -> str:
    if len(move.parts) > 1:
        return tongue.words.label("compare.that_move")
    part = move.parts[0]
    if part.price is not None:
        return f" {part.coin} {tongue.numbers.plain(part.price)}"
    return " " + " ".join(filter(None, (part.coin, signed(part.fraction, tongue))))


def _left_cell(view: CompareView, left: Left, tongue: Tongue) -> str:
    """What is left, with a cross where something is liquidated; of several positions their number."""
    gone = "" if not left.dead else FALLEN if len(view.check.legs) == 1 else f"{len(left.dead)}{FALLEN}"
    return " ".join(filter(None, (amount(left.equity, tongue), gone)))


def _amounts_caption(view: CompareView, tongue: Tongue) -> Markup:
    words = tongue.words
    if any(sums.loss is None for sums in view.sums.values()):
        return words("compare.several_assets")
    dead = any(left.dead for move in view.moves for left in move.left.values())
    key = "compare.caption_single" if len(view.check.legs) == 1 else "compare.caption_several"
    asked = any(move.asked for move in view.moves)
    caption = words("compare.caption_asked" if asked else "compare.caption", asset=view.check.settle)
    return Markup("{} {}").format(caption, words(key)) if dead else caption


def _even_lines(view: CompareView, tongue: Tongue) -> list[Markup]:
    """From which common move on the other mode leaves more."""
    if view.falls is None or view.rises is None:
        return []
    return [
        _even_line(view.falls, "compare.falls", "compare.no_fall", tongue),
        _even_line(view.rises, "compare.rises", "compare.no_rise", tongue),
    ]


def _even_line(evens: Sequence[Even], key: str, none: str, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    if not evens:
        return words(none)
    parts = [
        words(
            "compare.isolated_more" if even.better == "isolated" else "compare.cross_more",
            percent=numbers.percent(even.at),
        )
        for even in evens[:4]
    ]
    return words(key, parts=Markup(", ").join(parts))


def _equal_lines(view: CompareView, tongue: Tongue) -> list[Markup]:
    return [_equal_line(each, tongue) for each in view.equal]


def _equal_line(equal: EqualLeverage, tongue: Tongue) -> Markup:
    words, leg = tongue.words, equal.leg
    name = short_leg_name(leg, tongue)
    if equal.leverage is None:
        return words("compare.no_equal", name=name)
    return words("compare.equal", name=name, leverage=tongue.numbers.plain(cut_leverage(equal.leverage), most=2))


def cut_leverage(leverage: Decimal) -> Decimal:
    """Two digits, cut: a leverage rounded up would bring the price nearer than it says."""
    return leverage.quantize(Decimal("0.01"), rounding="ROUND_DOWN")
