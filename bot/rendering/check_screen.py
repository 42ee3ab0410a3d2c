"""The check card: verdict, both modes side by side, what was assumed, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Screen
from bot.rendering.assumed import assumed_block, assumed_in_short
from bot.rendering.check_buttons import assumption_rows, card_rows, choice_rows
from bot.rendering.check_table import comparison_table
from bot.rendering.notes import SLOT_LABELS, reads_in_part, write_note
from bot.rendering.numbers import DOLLARS
from bot.rendering.own_coin import own_coin_lines
from bot.rendering.plan_table import plan_blocks
from bot.rendering.verdict import (
    Tongue,
    away,
    figures_of,
    leg_name,
    liquidation_price,
    mode_name,
    mode_word,
    modes_in_order,
    no_price,
    short_leg_name,
    verdict_lines,
    wallet_name,
)
from bot.rendering.views import Asked, CheckView, Figures, LegView, Mode, Partition, Rung, Slot, TierTable
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
    "venue": "ask.venue",
    "contract": "ask.contract",
    "collateral": "ask.collateral",
    "coin_price": "ask.mark",
    "stop": "ask.stop",
    "target": "ask.target",
    "fees": "ask.fees",
    "position": "ask.position",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAs:
    """That the card is saved: in which mode, None for several, and the portfolio's wallet where it is another one."""

    mode: Mode | None = None
    account_wallet: Decimal | None = None
    asset: str = "USDT"


OF_A_LEG: frozenset[Slot] = frozenset({"side", "size", "entry", "leverage", "mode", "stop", "target", "contract"})
"""Slots of one position; the others are the account's, or name their coin themselves."""


def card_text(view: CheckView, tongue: Tongue, *, working: bool = False) -> Markup:
    """The whole text of a card, its paragraphs in the order in which a person needs them."""
    parts = [
        joined(bold(verdict_lines(view, tongue))),
        joined(
            [
                *own_coin_lines(view.legs, tongue),
                *(write_note(note, tongue.words, tongue.numbers) for note in view.remarks),
            ]
        ),
        positions_block(view, tongue),
        comparison_table(view, tongue) if len(view.legs) == 1 else Markup(""),
        plan_blocks(view, tongue),
        question_line(view.asked, view, tongue) if view.asked else Markup(""),
        card_end(view, tongue),
    ]
    text = paragraphs(parts)
    if working:
        block = working_block(view, tongue, room=LONGEST - len(text))
        text = paragraphs((text, block))
    return text


def card_screen(
    view: CheckView,
    tongue: Tongue,
    *,
    working: bool = False,
    saved: SavedAs | None = None,
) -> Screen:
    """The card itself with its buttons."""
    text = card_text(view, tongue, working=working)
    if saved is not None:
        text = paragraphs((text, _saved(saved, tongue)))
    other_wallet = saved is not None and saved.account_wallet is not None
    return Screen(
        text=text,
        question=question_line(view.asked, view, tongue) if view.asked else None,
        subject=subject_line(view, tongue),
        assumed=assumed_in_short(view.assumed, tongue),
        partly=reads_in_part(view.remarks),
        buttons=(
            *choice_rows(view.asked, tongue, per_row=3),
            *assumption_rows(view, tongue),
            *card_rows(view, tongue, working=working, saved=saved is not None, other_wallet=other_wallet),
        ),
    )


def subject_line(view: CheckView, tongue: Tongue) -> Markup:
    """The positions in one line: "Long 0.5 BTC at 64,000, 20x"; several with " · " between them."""
    return Markup(" · ").join(filter(None, (leg_name(leg, tongue) for leg in view.legs)))


def _saved(saved: SavedAs, tongue: Tongue) -> Markup:
    words = tongue.words
    if saved.mode is None:
        line = words("check.saved")
    else:
        line = words("check.saved_isolated" if saved.mode == "isolated" else "check.saved_cross")
    if saved.account_wallet is None:
        return line
    wallet = tongue.numbers.amount(saved.account_wallet, saved.asset)
    return joined([line, words("check.other_wallet", wallet=wallet, asset=saved.asset)])


def question_line(asked: Asked, view: CheckView, tongue: Tongue) -> Markup:
    """The one short question for a slot; with several positions it names the one that is meant."""
    words = tongue.words
    if tongue.afar:
        return words("inline.ask_again", slot=words.label(SLOT_LABELS[asked.slot]).lower())
    if asked.of_cross and asked.slot == "wallet":
        return words("ask.wallet_for_cross", asset=asked.asset)
    if asked.of_cross and asked.slot == "size":
        question = words("ask.size_for_cross" if _linear(view, asked) else "ask.face_for_cross")
    elif asked.slot == "venue" and asked.of_venue:
        question = words("ask.venue_or_rate", venue=asked.of_venue)
    else:
        coin = view.legs[asked.leg].coin if asked.leg < len(view.legs) else ""
        coin = asked.asset if asked.slot == "coin_price" else coin
        key = "ask.face" if asked.slot == "size" and not _linear(view, asked) else QUESTIONS[asked.slot]
        example = tongue.numbers.plain(asked.example) if asked.example is not None else "64k"
        question = words(key, coin=coin or words("ask.the_coin"), asset=asked.asset, example=example)
    if len(view.legs) > 1 and asked.slot in OF_A_LEG:
        return words("ask.of_leg", leg=leg_name(view.legs[asked.leg], tongue), question=question)
    return question


def _linear(view: CheckView, asked: Asked) -> bool:
    leg = view.legs[min(asked.leg, len(view.legs) - 1)]
    return leg.unit is None and leg.settle in DOLLARS


def joined(lines: Iterable[Markup]) -> Markup:
    """Lines under each other."""
    return Markup("\n").join(lines)


def paragraphs(parts: Iterable[Markup]) -> Markup:
    """Those that say something, a line apart."""
    return Markup("\n\n").join(filter(None, parts))


def folded(text: Markup, tongue: Tongue, *, anyway: bool = False) -> Markup:
    """A paragraph that a tap unfolds for who asked for short answers (`anyway`: for all), and else stands open."""
    fold = text and (tongue.brief or anyway)
    return Markup("<blockquote expandable>{}</blockquote>").format(text) if fold else text


def folded_end(tongue: Tongue, *parts: Markup) -> Markup:
    """The end of a card, what is assumed and the tier table: folded for who asked for short answers."""
    return folded(paragraphs(parts), tongue)


def bold(lines: Sequence[Markup]) -> list[Markup]:
    """Lines in bold."""
    return [Markup("<b>{}</b>").format(line) for line in lines]


def positions_block(view: CheckView, tongue: Tongue) -> Markup:
    """The positions: one by its name, several under each mode with their figures."""
    if len(view.legs) == 1:
        leg = view.legs[0]
        wallet_shown = leg.cross is not None or view.cross_trouble is not None
        name = leg_name(leg, tongue)
        if leg.mode is not None and not view.answered:  # an answered card says it by the order of its modes
            name = Markup("{}, {}").format(name, mode_word(leg.mode, tongue))
        return joined([name, *([] if wallet_shown else _wallet(view, tongue))])
    partitions: tuple[Partition, ...] = ("given", *modes_in_order(view))
    shown = [mode for mode in partitions if any(figures_of(leg, mode) for leg in view.legs)]
    blocks = [_mode_block(view, mode, tongue) for mode in shown]
    if not blocks:
        blocks = [joined(leg_name(leg, tongue) for leg in view.legs)]
    if not any(leg.cross for leg in view.legs) and view.cross_trouble is None:
        blocks += _wallet(view, tongue)
    return paragraphs(blocks)


def _wallet(view: CheckView, tongue: Tongue) -> list[Markup]:
    """The wallet, as long as no verdict names it."""
    return [tongue.words("check.wallet", wallet=wallet_name(view, tongue))] if view.wallets else []


def _mode_block(view: CheckView, mode: Partition, tongue: Tongue) -> Markup:
    """Every position under one mode, and what can be lost in it. A dead account is said once, with all that goes."""
    words = tongue.words
    lines = [Markup("<b>{}</b>").format(mode_name(view, mode, tongue))]
    shown = [(leg, figures_of(leg, mode)) for leg in view.legs]
    together = [leg for leg, figures in shown if figures and figures.dead and _is_cross(leg, mode)]
    if together:
        priced = any(leg.priced for leg in together)
        lines.append(words("block.already" if priced else "block.at_once"))
        lines += [words("block.goes", name=leg_name(leg, tongue)) for leg in together]
    lines += [_leg_line(leg, figures, tongue) for leg, figures in shown if leg not in together]
    return joined([*lines, *_losses(view, mode, [figures for _, figures in shown], tongue)])


def _is_cross(leg: LegView, mode: Partition) -> bool:
    return mode == "cross" or (mode == "given" and leg.mode == "cross")


def _leg_line(leg: LegView, figures: Figures | None, tongue: Tongue) -> Markup:
    words = tongue.words
    if figures is None:
        return words("block.open", name=leg_name(leg, tongue))
    if figures.liquidation_price is None:
        where = no_price(figures, leg, tongue, mode=short_leg_name(leg, tongue))
    else:
        where = words("block.where", price=liquidation_price(leg, figures, tongue), distance=away(leg, figures, tongue))
    return words("block.line", name=leg_name(leg, tongue), where=where)


def _losses(view: CheckView, mode: Partition, figures: Sequence[Figures | None], tongue: Tongue) -> list[Markup]:
    """What can be lost, where every size is known: an amount that rests on a stand-in would be invented."""
    words = tongue.words
    losses = [(leg.settle, each.loss) for leg, each in zip(view.legs, figures, strict=True) if each and each.loss]
    known = [each for each in figures if each is not None and each.loss is not None]
    if mode == "given" or len(known) < len(view.legs):
        return []
    if mode == "cross":
        lost = {"USD": losses[0][1]} if view.pooled and losses else dict(losses)
        alive = any(not each.dead for each in known)
        bounded = all(each.reason == "covered_to_zero" for each in known)
        loss = words("block.cross_loss_bounded" if bounded else "block.cross_loss", loss=_sums(lost, view, tongue))
        return [loss, *([words("block.others_still")] if alive else [])]
    sums: dict[str, Decimal] = {}
    for asset, amount in losses:
        sums[asset] = sums.get(asset, Decimal(0)) + amount
    return [words("block.isolated_loss", loss=_sums(sums, view, tongue))]


def _sums(sums: Mapping[str, Decimal], view: CheckView, tongue: Tongue) -> str:
    amounts = sums or {view.settle: Decimal(0)}
    return " + ".join(f"{tongue.numbers.amount(amount, asset)} {asset}" for asset, amount in amounts.items())


def card_end(view: CheckView, tongue: Tongue) -> Markup:
    """What the card assumes, and the tier table that it rests on."""
    return folded_end(tongue, assumed_block(view.assumed, tongue), _tiers(view, tongue))


def _tiers(view: CheckView, tongue: Tongue) -> Markup:
    if view.tiers is None:
        return Markup("")
    rung = _first_rung(view) if len(view.legs) == 1 else None
    words, numbers = tongue.words, tongue.numbers
    table = table_name(view.tiers, tongue)
    if view.tiers.basis != "published":
        rate = numbers.rate(rung.rate) if rung is not None else ""
        given = "tiers.rate_given" if view.tiers.basis == "given" else "tiers.rate_assumed"
        return words(given, rate=rate) if rate else Markup("")
    if rung is None:
        return table_lines(view.tiers, tongue)
    if rung.by_size:
        line = words("tiers.at_size", rate=numbers.rate(rung.rate), table=table)
    elif rung.cap is None:
        line = words("tiers.only_rung" if rung.only else "tiers.last_rung", rate=numbers.rate(rung.rate), table=table)
    else:
        asset = view.legs[0].settle
        cap = numbers.amount(rung.cap, asset)
        line = words("tiers.rung", rate=numbers.rate(rung.rate), cap=cap, asset=asset, table=table)
    return joined([line, *old_table(view.tiers, tongue)])


def _first_rung(view: CheckView) -> Rung | None:
    leg = view.legs[0]
    shown = next((figures for mode in modes_in_order(view) if (figures := figures_of(leg, mode))), None)
    return shown.rung if shown else None


def table_name(tiers: TierTable, tongue: Tongue) -> str:
    """ "table of Sep 29, 2026", with the venue where somebody named it."""
    words = tongue.words
    day = tongue.numbers.day(tiers.as_of) if tiers.as_of else tiers.said
    if not day:
        return words.label("tiers.undated_of", venue=tiers.venue) if tiers.venue else words.label("tiers.undated")
    return (
        words.label("tiers.of_venue", venue=tiers.venue, day=day) if tiers.venue else words.label("tiers.of", day=day)
    )


def table_lines(tiers: TierTable | None, tongue: Tongue) -> Markup:
    """The table that an answer rests on, and the warning when it is old; empty without one."""
    if tiers is None:
        return Markup("")
    key = "tiers.venue_table" if tiers.venue else "tiers.table"
    return joined([tongue.words(key, table=table_name(tiers, tongue)), *old_table(tiers, tongue)])


def old_table(tiers: TierTable, tongue: Tongue) -> list[Markup]:
    """The warning that an answer rests on a tier table older than 90 days."""
    if not tiers.old:
        return []
    return [
        tongue.words("tiers.old_of", day=tiers.said) if tiers.said else tongue.words("tiers.old", days=tiers.age_days)
    ]
