"""The what-if card: who survives in which mode, what falls in which order, what is left, and the board of moves.

Actions that its buttons send: `at:TARGET`, `move:POINTS`, `targets`, `changes`, `ladder`, `events`, `betas`, `undo`,
`reset`, `close`, and those of an open question (`set:SLOT:VALUE`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Fill, Screen, Tap
from bot.rendering import check_screen
from bot.rendering.assumed import assumed_block, assumed_in_short
from bot.rendering.check_buttons import choice_rows, in_rows, opener_row
from bot.rendering.check_screen import bold, folded_end, joined, paragraphs, table_lines
from bot.rendering.notes import reads_in_part, write_note
from bot.rendering.numbers import FAR
from bot.rendering.verdict import Tongue, leg_name, liquidation_price, short_leg_name
from bot.rendering.views import CheckView, LegView, Note
from bot.rendering.whatif_table import outcome_table
from bot.rendering.whatif_verdict import outcome_lines
from bot.rendering.whatif_views import FallView, HalfView, LeftView, WhatIfView
from bot.rendering.whatif_words import (
    farther,
    partition_name,
    plain_price,
    scenario_line,
    starts_line,
    target_name,
)

STEPS: Final = ("-20", "-10", "-5", "-2", "2", "5", "10", "20")
MOST_TARGETS: Final = 5
MOST_ROWS: Final = 7
"""Coins with a button of their own on the board; more are on a page."""

MOST_LINES: Final = 8
FEW_LINES: Final = 4
LONGEST: Final = 3900


def whatif_text(view: WhatIfView, tongue: Tongue, *, target: str, problem: Note | None = None) -> Markup:
    """The whole text; lists are cut shorter where it would not fit a message."""
    for most in (MOST_LINES, FEW_LINES, 1):
        text = _text(view, tongue, problem, target=target, most=most)
        if len(text.unescape()) <= LONGEST:
            break
    return text


def _text(view: WhatIfView, tongue: Tongue, problem: Note | None, *, target: str, most: int) -> Markup:
    words, numbers, tapped_name = tongue.words, tongue.numbers, target_name(target, tongue)
    parts = [
        joined(bold(outcome_lines(view, tongue))),
        write_note(problem, words, numbers) if problem is not None else Markup(""),
        joined(write_note(note, words, numbers) for note in view.remarks),
        joined(line for line in (scenario_line(view, tongue), starts_line(view, tongue)) if line),
        outcome_table(view, tongue) if view.moves or view.changes else Markup(""),
        *(_falls(half, tongue, most) for half in view.halves if half.falls),
        *(_left(half, view, tongue, most) for half in view.halves if half.left and not _said_above(half, view)),
        words("whatif.nothing_moved") if not (view.moves or view.changes or _solves(view)) else Markup(""),
        question_line(view, tongue),
        words("whatif.tap_adds", target=tapped_name) if view.answered and not tongue.afar else Markup(""),
        folded_end(tongue, assumed_block(view.assumed, tongue), _tiers(view, tongue)),
    ]
    return paragraphs(parts)


def _tiers(view: WhatIfView, tongue: Tongue) -> Markup:
    known = view.tiers is not None and (view.tiers.as_of or view.tiers.said)
    return table_lines(view.tiers if known else None, tongue)


def _said_above(half: HalfView, view: WhatIfView) -> bool:
    """Whether the verdict has said of the one position that is there where it goes."""
    return not view.moves and len(half.left) == 1 and not half.gone


def _solves(view: WhatIfView) -> bool:
    return any(half.solved for half in view.halves)


def question_line(view: WhatIfView, tongue: Tongue) -> Markup:
    """The one open question, as the check card asks it; empty without one."""
    if view.asked is None:
        return Markup("")
    legs = view.legs or (LegView(coin=""),) * (view.asked.leg + 1)
    return check_screen.question_line(view.asked, CheckView(legs=legs), tongue)


# --- What falls, and what is left ----------------------------------------------------------------------------------


def _falls(half: HalfView, tongue: Tongue, most: int) -> Markup:
    lines = [_fall(number, fall, tongue) for number, fall in enumerate(half.falls, start=1)]
    head = tongue.words("whatif.order", mode=partition_name(half.partition, tongue))
    return joined([head, *_cut(lines, most, tongue)])


def _cut(lines: Sequence[Markup], most: int, tongue: Tongue) -> list[Markup]:
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], tongue.words.count("whatif.more", len(lines) - most)]


def _fall(number: int, fall: FallView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    names = Markup(", ").join(short_leg_name(leg, tongue) for leg in fall.legs)
    name = words("whatif.fall_account", names=names) if fall.cross and len(fall.legs) > 1 else names
    loss = numbers.amount(fall.loss, fall.legs[0].settle if fall.legs else "USDT")
    part = numbers.percent(fall.at or Decimal(0))
    if fall.part is not None:
        quantity = numbers.quantity(fall.part)
        return words("whatif.fall_part", number=number, name=name, quantity=quantity, part=part, loss=loss)
    if fall.at is None:
        return words("whatif.fall_by_change", number=number, name=name, loss=loss)
    if fall.at == 0:
        return words("whatif.fall_before", number=number, name=name, loss=loss)
    coins = {leg.coin for leg, _ in fall.prices}
    if len(coins) != 1:
        return words("whatif.fall_on_the_way", number=number, name=name, part=part, loss=loss)
    leg, price = fall.prices[0]
    side = "long" if leg.side == "long" else "short"
    shown = numbers.liquidation_price(price, side=side, tick=leg.tick)  # type: ignore[arg-type]
    return words("whatif.fall_at", number=number, name=name, price=shown, part=part, loss=loss)


def _left(half: HalfView, view: WhatIfView, tongue: Tongue, most: int) -> Markup:
    """The survivors, nearest first, and how far everything may move from there."""
    key = "whatif.left" if view.moves or view.changes else "whatif.now"
    head = tongue.words(key, mode=partition_name(half.partition, tongue))
    lines = _cut([left_line(each, tongue) for each in half.left], most, tongue)
    moved = bool(view.moves)
    return joined([head, *lines, *_market(half, tongue, moved=moved)])


def left_line(left: LeftView, tongue: Tongue) -> Markup:
    """ "BTC long at 57,600: goes at 44,176.8, 23.3% lower (was 45,000)"."""
    words = tongue.words
    name = short_leg_name(left.leg, tongue)
    now = plain_price(left.price, left.leg.entry or left.price, tongue)
    if left.figures.liquidation_price is None:
        return words("whatif.left_dead" if left.figures.dead else "whatif.left_never", name=name, now=now)
    price, was = liquidation_price(left.leg, left.figures, tongue), None
    if left.before is not None and left.before.liquidation_price is not None:
        was = liquidation_price(left.leg, left.before, tongue)
    key = "whatif.left_line" if was in (None, price) else "whatif.left_line_was"
    return words(key, name=name, now=now, price=price, distance=farther(left.figures, tongue), was=was)


def _market(half: HalfView, tongue: Tongue, *, moved: bool) -> list[Markup]:
    """The account's own number, where it is one: how far everything may go from there."""
    if sum(each.cross for each in half.left) < 2:
        return []
    fall, rise = half.market_fall, half.market_rise
    if fall is None and rise is None:
        return []
    facts = {"fall": tongue.numbers.percent(fall or Decimal(0)), "rise": tongue.numbers.percent(rise or Decimal(0))}
    if rise is not None and rise > FAR:  # nobody needs to read a rise of a million percent
        facts["rise"] = tongue.words.label("whatif.more_than", percent=tongue.numbers.rate(FAR))
    return [tongue.words(_MARKET[moved, fall is not None, rise is not None], **facts)]


_MARKET: Final = {
    (True, True, True): "whatif.market_both",
    (True, True, False): "whatif.market_fall",
    (True, False, True): "whatif.market_rise",
    (False, True, True): "whatif.market_now_both",
    (False, True, False): "whatif.market_now_fall",
    (False, False, True): "whatif.market_now_rise",
}
"""The sentence for: prices moved, a fall ends the account, a rise does."""


# --- The board -----------------------------------------------------------------------------------------------------


def whatif_screen(
    view: WhatIfView,
    tongue: Tongue,
    *,
    target: str,
    betas: bool,
    undo: bool,
    make: bool = False,
    problem: Note | None = None,
) -> Screen:
    """The card with its board: answers to an open question, the target, the moves, and the pages.

    make: whether what is supposed can be stored with a tap.
    """
    text = whatif_text(view, tongue, target=target, problem=problem)
    rows: list[tuple[Button, ...]] = choice_rows(view.asked, tongue, per_row=3)
    if make:
        rows.append((Tap(label=tongue.words.label("button.make_it_so"), action="make", style="success"),))
    if view.answered:
        rows += board_rows(view, tongue, target=target, undo=undo)
    pages = _page_rows(view, tongue, betas=betas, undo=undo)
    rows += pages[:-1]
    if view.answered and view.asked is None and len(rows) < MOST_ROWS - 1:
        rows.append(opener_row(tongue, "compare", "act", "picture"))
    rows.append(pages[-1])
    return Screen(
        text=text,
        buttons=tuple(rows),
        question=question_line(view, tongue) or None,
        subject=_subject(view, tongue),
        assumed=assumed_in_short(view.assumed, tongue),
        partly=reads_in_part(view.remarks),
    )


def _subject(view: WhatIfView, tongue: Tongue) -> Markup:
    """The positions and what is supposed: "Long 0.5 BTC at 64,000, 20x. If BTC −10%."."""
    names = Markup(" · ").join(filter(None, (leg_name(leg, tongue) for leg in view.legs)))
    return Markup(". ").join(filter(None, (names, scenario_line(view, tongue))))


def board_rows(view: WhatIfView, tongue: Tongue, *, target: str, undo: bool) -> list[tuple[Button, ...]]:
    """The row that chooses the target, where there is a choice, and the moves."""
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if len(view.coins) > 1:
        coins = list(view.coins[:MOST_TARGETS])
        if target not in ("ALL", *coins):
            coins = [*coins[: MOST_TARGETS - 1], target]
        taps: list[Button] = [_target(name, tongue, chosen=name == target) for name in ("ALL", *coins)]
        if len(view.coins) > MOST_TARGETS:
            taps.append(Tap(label=words.label("whatif.more_targets"), action="targets"))
        rows += in_rows(taps, 3)
    steps: list[Button] = [_step(Decimal(each), tongue) for each in STEPS]
    undone: Button = Tap(label=words.label("button.undo"), action="undo")
    rows += in_rows([*steps, undone] if undo else steps, 3)
    return rows


def _target(name: str, tongue: Tongue, *, chosen: bool) -> Tap:
    label = tongue.words.label("whatif.all_button") if name == "ALL" else target_name(name, tongue)
    return Tap(label=tongue.words.label("whatif.chosen", name=label) if chosen else label, action=f"at:{name}")


def _step(points: Decimal, tongue: Tongue) -> Tap:
    sign = "−" if points < 0 else "+"
    return Tap(label=sign + tongue.numbers.rate(abs(points) / 100), action=f"move:{points}")


def _page_rows(view: WhatIfView, tongue: Tongue, *, betas: bool, undo: bool) -> list[tuple[Button, ...]]:
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if view.answered:
        rows.append(
            (
                Tap(label=words.label("button.changes"), action="changes"),
                Tap(label=words.label("button.ladder"), action="ladder"),
                Tap(label=words.label("button.events"), action="events"),
            )
        )
    last: list[Button] = []
    if view.answered and len(view.coins) > 1:
        last.append(Tap(label=words.label("button.betas_off" if betas else "button.betas_on"), action="betas"))
    if undo or view.moves or view.changes:
        last.append(Tap(label=words.label("button.reset"), action="reset"))
    return [*rows, (*last, Tap(label=words.label("button.close"), action="close"))]


def empty_screen(tongue: Tongue) -> Screen:
    """Nothing to move: one sentence and an example to tap."""
    words = tongue.words
    example = words.label("example.whatif")
    text = joined([words("whatif.empty"), Markup("<code>{}</code>").format(example)])
    return Screen(text=text, buttons=((Fill(label=words.label("button.example"), text=example),),))
