"""The card about margin: what a goal needs, the ways beside each other, the cheapest first.

Actions that its buttons send: `goal:PERCENT`, `position:ID`, `suppose:KIND`, `set:SLOT:VALUE`, `back`, `close`;
and `compare`, `whatif`, `picture`, which open other conversations.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.act_views import ActView, Block, Change, Need, Way
from bot.rendering.assumed import MOST, assumed_block, assumed_in_short
from bot.rendering.check_buttons import back_row, close_row, in_rows, opener_row
from bot.rendering.check_screen import bold, folded_end, joined, paragraphs, table_lines
from bot.rendering.compare_screen import parts_name, signed
from bot.rendering.notes import write_note
from bot.rendering.verdict import (
    Tongue,
    away,
    leg_name,
    liquidation_price,
    mode_word,
    no_price,
    short_leg_name,
    side_word,
)
from bot.rendering.views import Figures, LegView, Note

LONGEST = 3700
"""Characters after which ways are left out; Telegram takes 4096."""

SUGGESTED = {"add": "act.suppose_add", "close": "act.suppose_close"}
MODES = {"isolated": "mode.isolated", "cross": "mode.cross"}
IMPOSSIBLE = {
    "margin_leaves_too": "act.margin_leaves_too",
    "loss_not_covered": "act.loss_not_covered",
    "dies_without_it": "act.dies_without_it",
    "counts_nothing": "act.counts_nothing",
}


def act_screen(view: ActView, tongue: Tongue, *, suggested: Sequence[str] = ()) -> Screen:
    """The card itself. suggested: what a what-if can be tried with, "add" and "close"."""
    if view.private:
        return Screen(text=tongue.words("act.private"), buttons=(close_row(tongue),))
    head = _head(view, tongue)
    remarks = [write_note(note, tongue.words, tongue.numbers) for note in view.remarks]
    end = [folded_end(tongue, assumed_block(view.assumed, tongue, most=MOST), table_lines(view.tiers, tongue))]
    body = _body(view, tongue, room=LONGEST - sum(len(part) for part in (*head, *remarks, *end)))
    parts = [joined(bold(head)), joined(remarks), *body, *end]
    text = paragraphs(parts)
    asks = tongue.words("act.ask_goal") if view.asked else None
    return Screen(
        text=text,
        question=asks,
        assumed=assumed_in_short(view.assumed, tongue, most=MOST),
        buttons=(*_offers(view, tongue), *_rows(view, tongue, suggested)),
    )


def _offers(view: ActView, tongue: Tongue) -> list[tuple[Button, ...]]:
    """Moves to survive; or the positions, where several are meant."""
    if view.which:
        taps: list[Button] = [
            Tap(label=str(short_leg_name(leg, tongue)), action=f"position:{identity}") for identity, leg in view.which
        ]
        return in_rows(taps, 2)
    if not (view.asked or view.goal == "survive") or view.withdraw:
        return []
    return [
        tuple(Tap(label=_percent(offer, tongue), action=f"goal:{offer:+d}") for offer in view.offers),
    ]


def _percent(offer: int, tongue: Tongue) -> str:
    return signed(Decimal(offer) / 100, tongue)


def _rows(view: ActView, tongue: Tongue, suggested: Sequence[str]) -> list[tuple[Button, ...]]:
    labels = {name: tongue.words.label(key) for name, key in SUGGESTED.items()}
    tries = tuple(Tap(label=labels[name], action=f"suppose:{name}") for name in suggested)
    others = () if view.which else opener_row(tongue, "whatif", "compare", "picture")
    return [row for row in (tries, others, close_row(tongue)) if row]


def aim_question(view: ActView, tongue: Tongue, *, problem: Note | None) -> Screen:
    """The question what is to be survived, again after words that did not answer it."""
    words = tongue.words
    lines = (
        [words("act.ask_goal")]
        if problem is None
        else [write_note(problem, words, tongue.numbers), words("act.ask_goal")]
    )
    return Screen(text=joined(lines), buttons=(*_offers(view, tongue), back_row(tongue)))


# --- The first lines -----------------------------------------------------------------------------------------------


def _head(view: ActView, tongue: Tongue) -> list[Markup]:
    words = tongue.words
    if view.which:
        return [words("act.which")]
    if view.withdraw:
        return [_withdrawable(view, tongue)]
    if view.changes:
        return [_change_head(change, view, tongue) for change in view.changes]
    if view.asked:
        return [_stands(view, tongue)]
    return [_block_head(view, block, tongue) for block in view.blocks]


def _stands(view: ActView, tongue: Tongue) -> Markup:
    """What is liquidated first as things stand."""
    words = tongue.words
    if view.nearest is None:
        return words("act.none_dies")
    leg, figures = view.nearest
    if figures.liquidation_price is None:
        return no_price(figures, leg, tongue, mode=short_leg_name(leg, tongue))
    price, distance = liquidation_price(leg, figures, tongue), away(leg, figures, tongue)
    return words("act.nearest", name=short_leg_name(leg, tongue), price=price, distance=distance)


def _withdrawable(view: ActView, tongue: Tongue) -> Markup:
    words = tongue.words
    if view.withdrawable is None:
        return words("act.nothing_to_take")
    amount = tongue.numbers.amount(view.withdrawable, view.settle)
    if view.goal == "none":
        return words("act.take", amount=amount, asset=view.settle)
    return words("act.take_goal", amount=amount, asset=view.settle, goal=_goal(view, tongue))


def _everything(view: ActView, tongue: Tongue) -> Markup:
    return tongue.words("act.everything", move=signed(view.number or Decimal(0), tongue))


def _goal(view: ActView, tongue: Tongue) -> Markup:
    """What is to be reached, in words."""
    words, numbers, number = tongue.words, tongue.numbers, view.number or Decimal(0)
    match view.goal:
        case "survive":
            return words("act.goal_survive", move=signed(number, tongue))
        case "move":
            return words("act.goal_move", move=parts_name(view.parts, tongue))
        case "distance":
            return words("act.goal_distance", percent=numbers.rate(number))
        case "price":
            return words("act.goal_price", price=numbers.plain(number))
        case "ratio":
            return words("act.goal_ratio", percent=numbers.rate(number))
        case _:
            return words("act.goal_leverage", leverage=numbers.plain(number, most=2))


def _block_head(view: ActView, block: Block, tongue: Tongue) -> Markup:
    """ "Isolated: add 4,876.80 USDT, or close 0.31 BTC, to survive everything −20%." """
    words = tongue.words
    goal = _goal(view, tongue)
    name = "" if block.name == "account" else Markup("{}: ").format(words.label(MODES[block.name]))
    if block.holds and view.goal in ("survive", "move"):
        move = parts_name(view.parts, tongue) if view.goal == "move" else _everything(view, tongue)
        return words("act.survives", name=name, move=move) if name else words("act.survives_alone", move=move)
    if block.holds:
        return words("act.holds", name=name, goal=goal)
    closes = [way for need in block.needs for way in need.ways if way.kind == "close"]
    total = block.total
    if total is None:
        return words("act.impossible", name=name, goal=goal)
    add = tongue.numbers.amount(total, view.settle)
    needy = [need for need in block.needs if not need.holds]
    if len(needy) == 1 and closes:
        part = _part(closes[0], tongue)
        return words("act.add_or_close", name=name, amount=add, asset=view.settle, part=part, goal=goal)
    return words("act.add", name=name, amount=add, asset=view.settle, goal=goal)


def _part(way: Way, tongue: Tongue) -> str:
    coin = way.leg.coin if way.leg is not None else ""
    return f"{tongue.numbers.quantity(way.value or Decimal(0))} {coin}"


def _change_head(change: Change, view: ActView, tongue: Tongue) -> Markup:
    """ "300 USDT more: liquidated at 3,580.74, 11.9% above entry." """
    words = tongue.words
    what = _what(change, view, tongue)
    if change.refusal is not None:
        return words("act.refused", what=what, why=write_note(change.refusal, words, tongue.numbers))
    if change.leg is None or change.after is None:
        return words("act.closed", what=what)
    return words("act.then", what=what, where=_where(change.leg, change.after, tongue))


def _what(change: Change, view: ActView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    match change.kind:
        case "add":
            return words("act.more", amount=numbers.amount(change.value, view.settle), asset=view.settle)
        case "take":
            return words("act.less", amount=numbers.amount(change.value, view.settle), asset=view.settle)
        case _:
            coin = change.leg.coin if change.leg is not None else ""
            return words("act.closing", part=f"{numbers.quantity(change.value)} {coin}")


def _where(leg: LegView, figures: Figures, tongue: Tongue) -> Markup:
    """ "liquidated at 61,044.2, 4.6% below entry", or why not."""
    if figures.liquidation_price is None:
        why = no_price(figures, leg, tongue, mode=short_leg_name(leg, tongue))
        return Markup(str(why).removesuffix("."))  # the sentence around it ends with one
    words = tongue.words
    return words(
        "act.where", price=liquidation_price(leg, figures, tongue), distance=away(leg, figures, tongue, brief=True)
    )


# --- What follows --------------------------------------------------------------------------------------------------


def _body(view: ActView, tongue: Tongue, *, room: int) -> list[Markup]:
    words = tongue.words
    if view.which or view.withdraw:
        return [words("act.take_rest")] if view.withdraw and view.withdrawable is not None else []
    if view.changes:
        shown = [_change_lines(change, tongue) for change in view.changes]
        return [shown[0]] if len(view.changes) > 1 else shown
    if view.asked:
        return [words("act.ask_goal")]
    blocks = [_block(view, block, tongue) for block in view.blocks if not block.holds]
    kept = _cut(blocks, room, tongue)
    if any(need.ways for block in view.blocks for need in block.needs):
        rate = tongue.numbers.rate(view.fee_rate) if view.fee_rate else None
        kept.append(words("act.cheapest", rate=rate) if rate else words("act.cheapest_no_fee"))
    return kept


def _cut(blocks: Sequence[Markup], room: int, tongue: Tongue) -> list[Markup]:
    """The blocks, the last lines left out where they would not fit the message."""
    kept: list[Markup] = []
    for block in blocks:
        lines = block.split("\n")
        while lines and len("\n".join(lines)) > room:
            lines.pop()
        if len(lines) < len(block.split("\n")):
            lines.append(tongue.words("working.cut"))
        kept.append(Markup("\n").join(lines))
        room -= len(kept[-1])
    return kept


def _block(view: ActView, block: Block, tongue: Tongue) -> Markup:
    """Every pool that needs something, with its ways in their order."""
    words = tongue.words
    lines = [] if block.name == "account" else [Markup("<b>{}</b>").format(words.label(MODES[block.name]))]
    for need in block.needs:
        if not need.holds:
            lines += _need(view, need, tongue, named=block.name == "account")
    if block.free is not None and (block.total or 0) > 0 and any(need.mode == "isolated" for need in block.needs):
        lines.append(words("act.free", amount=tongue.numbers.amount(block.free, view.settle), asset=view.settle))
    return joined(lines)


def _need(view: ActView, need: Need, tongue: Tongue, *, named: bool) -> list[Markup]:
    words = tongue.words
    lines = []
    if named:
        lines.append(_pool_name(need, tongue))
    for number, way in enumerate(need.ways, start=1):
        lines.append(words("act.way", number=number, what=_way(way, need, view, tongue)))
    helps = {way.kind for way in need.ways}
    reasons = dict.fromkeys(
        IMPOSSIBLE.get(way.reason or "", "act.no_way") for way in need.impossible if way.kind not in helps
    )
    lines += [words(reason) for reason in reasons]
    return lines


def _pool_name(need: Need, tongue: Tongue) -> Markup:
    words = tongue.words
    if need.leg is None:
        return words("act.pool_shared")
    return words("act.pool", name=short_leg_name(need.leg, tongue), mode=mode_word(need.mode, tongue))


def _way(way: Way, need: Need, view: ActView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    where = Markup("")
    if way.after is not None and way.leg is not None and need.leg is not None:
        where = Markup("; {}").format(_where(way.leg, way.after, tongue))
    if way.kind == "add":
        return words(
            "act.way_add", amount=numbers.amount(way.value or Decimal(0), view.settle), asset=view.settle, where=where
        )
    fee = numbers.amount(way.money or Decimal(0), view.settle)
    side = side_word(way.leg.side if way.leg is not None else None, tongue)
    return words("act.way_close", part=_part(way, tongue), side=side, fee=fee, asset=view.settle, where=where)


def _change_lines(change: Change, tongue: Tongue) -> Markup:
    """The position before, where the money comes from, and the price that was to be lived through."""
    words, numbers = tongue.words, tongue.numbers
    if change.leg is None:
        return Markup("")
    lines = [leg_name(change.leg, tongue)]
    if change.before is not None:
        lines.append(words("act.before", where=_where(change.leg, change.before, tongue)))
    if change.refusal is not None:
        return joined(lines)
    if change.alive is not None and change.check is not None:
        key = "act.alive" if change.alive else "act.dead"
        lines.append(words(key, price=numbers.plain(change.check)))
    if change.kind == "add":
        lines.append(words(_source(change)))
    if change.mode == "cross" and change.fall_after is not None:
        lines.append(words("act.market", percent=numbers.percent(change.fall_after)))
    return joined(lines)


def _source(change: Change) -> str:
    """Where added money comes from; of a wallet that nobody said, only that it must have it."""
    if change.mode == "cross":
        return "act.to_wallet"
    if not change.wallet_known:
        return "act.from_somewhere"
    return "act.from_outside" if change.outside else "act.from_wallet"
