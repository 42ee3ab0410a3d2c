"""The card about size: what the stop allows, and whether the liquidation comes before it, loudly.

Actions that its buttons send: `plan:SLOT:VALUE`, `ask:SLOT`, `back`, `close`; and `whatif`, `compare`,
`act`, which open other conversations.
"""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.act_views import SizeHalf, SizeView
from bot.rendering.assumed import assumed_block, assumed_in_short
from bot.rendering.check_buttons import CHOICES, back_row, close_row, in_rows, opener_row
from bot.rendering.check_screen import bold, folded_end, joined, paragraphs, table_lines
from bot.rendering.compare_screen import cut_leverage, signed
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue, away, liquidation_price, no_price
from bot.rendering.views import Mode, Note

QUESTIONS = {
    "symbol": "ask.symbol",
    "side": "ask.side",
    "entry": "ask.entry",
    "stop": "size.ask_stop",
    "risk": "size.ask_risk",
    "wallet": "ask.wallet",
    "leverage": "ask.leverage",
}
OPEN = {"leverage": "slot.leverage", "wallet": "slot.wallet", "risk": "size.risk", "stop": "size.stop"}


def size_screen(view: SizeView, tongue: Tongue) -> Screen:
    """The card: the answer as far as there is one, and the one thing that is missing."""
    words = tongue.words
    remarks = [write_note(note, words, tongue.numbers) for note in view.remarks]
    parts = [
        joined(bold(_head(view, tongue))),
        joined(remarks),
        joined(_lines(view, tongue)),
        question(view.asked, view.coin, tongue) if view.asked else Markup(""),
        folded_end(tongue, assumed_block(view.assumed, tongue), table_lines(view.tiers, tongue)),
    ]
    text = paragraphs(parts)
    asks = question(view.asked, view.coin, tongue) if view.asked else None
    return Screen(
        text=text,
        question=asks,
        assumed=assumed_in_short(view.assumed, tongue),
        buttons=(*_choices(view, tongue), *_rows(view, tongue)),
    )


def slot_screen(view: SizeView, slot: str, tongue: Tongue, *, problem: Note | None = None) -> Screen:
    """The question for one slot, with likely answers; a typed answer does as well."""
    lines = [question(slot, view.coin, tongue)]
    if problem is not None:
        lines.insert(0, write_note(problem, tongue.words, tongue.numbers))
    return Screen(text=joined(lines), buttons=(*_choices(view, tongue, slot=slot), back_row(tongue)))


def question(slot: str, coin: str, tongue: Tongue) -> Markup:
    """The one short question for a slot of the plan."""
    return tongue.words(QUESTIONS[slot], coin=coin or tongue.words("ask.the_coin"), asset="USDT", example="64k")


def _choices(view: SizeView, tongue: Tongue, *, slot: str = "") -> list[tuple[Button, ...]]:
    slot = slot or view.asked
    taps: list[Button] = [
        Tap(label=_choice(slot, choice, tongue), action=f"plan:{slot}:{choice}") for choice in view.choices
    ]
    return in_rows(taps, 3)


def _choice(slot: str, choice: str, tongue: Tongue) -> str:
    words, numbers = tongue.words, tongue.numbers
    if choice in CHOICES:
        return words.label(CHOICES[choice])
    if slot == "symbol":
        return choice
    number = numbers.plain(Decimal(choice))
    if slot == "stop":
        return words.label("size.stop_away", percent=number)
    if slot == "risk":
        return f"{number}%"
    return f"{number}x" if slot == "leverage" else number


def _rows(view: SizeView, tongue: Tongue) -> list[tuple[Button, ...]]:
    """What can be changed, and where the planned position can be looked at further."""
    label = tongue.words.label
    rows: list[tuple[Button, ...]] = []
    if view.solved == "qty" and not view.asked and view.risk is not None:
        taps: list[Button] = [Tap(label=label(key), action=f"ask:{slot}") for slot, key in OPEN.items()]
        rows += in_rows(taps, 2)
    if view.quantity is not None:
        rows.append(opener_row(tongue, "whatif", "compare", "act"))
    return [*rows, close_row(tongue)]


# --- Lines ---------------------------------------------------------------------------------------------------------


def _head(view: SizeView, tongue: Tongue) -> list[Markup]:
    """The liquidation before the stop first, if there is one; then the answer and each mode."""
    words = tongue.words
    if view.solved == "none":
        return [words("size.open")] if view.asked and not view.remarks else []
    if view.solved == "stop" and view.stop is not None and view.risk is not None:
        price, risk = tongue.numbers.plain(view.stop), tongue.numbers.money(view.risk)
        return [words("size.stop_at", price=price, risk=risk, asset=view.settle)]
    loud = [_loud(half, view, tongue) for half in view.halves if half.before_stop]
    answer = [_answer(view, tongue)] if view.solved == "qty" and view.notional is not None else []
    return [*loud, *answer, *_leverage(view, tongue), *_mode_lines(view, tongue)]


def _loud(half: SizeHalf, view: SizeView, tongue: Tongue) -> Markup:
    words = tongue.words
    mode = _mode(half.mode, view, half, tongue)
    stop = tongue.numbers.plain(view.stop) if view.stop is not None else ""
    price = half.figures.liquidation_price if half.figures is not None else None
    if half.figures is None or price is None or view.leg is None:
        return words("size.loud_at_once", mode=mode)
    return words("size.loud", mode=mode, price=liquidation_price(view.leg, half.figures, tongue), stop=stop)


def _answer(view: SizeView, tongue: Tongue) -> Markup:
    """ "0.05 BTC loses 100 USDT at the stop of 62,000." """
    words, numbers = tongue.words, tongue.numbers
    if view.notional is None:
        return Markup("")
    size = f"{numbers.quantity(view.quantity)} {view.coin}" if view.quantity is not None else ""
    if not size:
        worth = view.notional.quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        size = words.label("size.worth", amount=numbers.money(worth), asset=view.settle, coin=view.coin)
    if view.risk is not None and view.stop is not None:
        risk, stop = numbers.money(view.risk), numbers.plain(view.stop)
        return words("size.loses", size=size, risk=risk, asset=view.settle, stop=stop)
    share = view.facts.get("stop_share")
    if view.risk is not None and isinstance(share, Decimal):
        return words(
            "size.loses_away", size=size, risk=numbers.money(view.risk), asset=view.settle, percent=numbers.rate(share)
        )
    return words("size.at_most", size=size, constraint=_constraint(view, tongue))


def _constraint(view: SizeView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    if view.bound is not None:
        return words("act.goal_price", price=numbers.plain(view.bound))
    if view.survive is not None:
        return words("act.goal_survive", move=signed(view.survive, tongue))
    return words("size.goal_stop", stop=numbers.plain(view.stop) if view.stop is not None else "")


def _leverage(view: SizeView, tongue: Tongue) -> list[Markup]:
    """The highest isolated leverage that keeps the liquidation where it should be."""
    words = tongue.words
    if view.most_leverage is None:
        return [words("size.no_leverage", constraint=_constraint(view, tongue))] if view.solved == "leverage" else []
    leverage = tongue.numbers.plain(cut_leverage(view.most_leverage), most=2)
    limit = view.leverage_reason == "leverage_limit"
    if view.solved == "leverage" or view.risk is None:
        key = "size.leverage_limit" if limit else "size.leverage"
        return [words(key, leverage=leverage, constraint=_constraint(view, tongue))]
    return [words("size.beyond_limit" if limit else "size.beyond", leverage=leverage)]


def _mode_lines(view: SizeView, tongue: Tongue) -> list[Markup]:
    """Where each mode is liquidated, when that is not before the stop."""
    words = tongue.words
    lines = []
    for half in view.halves:
        mode = _mode(half.mode, view, half, tongue)
        if half.trouble is not None:
            lines.append(words("verdict.refused", mode=mode, why=write_note(half.trouble, words, tongue.numbers)))
        elif half.figures is not None and view.leg is not None and not half.before_stop:
            if half.figures.liquidation_price is None:
                lines.append(no_price(half.figures, view.leg, tongue, mode=mode))
                continue
            price, distance = liquidation_price(view.leg, half.figures, tongue), away(view.leg, half.figures, tongue)
            lines.append(words("size.after_stop", mode=mode, price=price, distance=distance))
    return lines


def _mode(mode: Mode, view: SizeView, half: SizeHalf, tongue: Tongue) -> Markup:
    """ "Isolated at 20x", "Cross with 5,000 USDT"."""
    words, numbers = tongue.words, tongue.numbers
    if mode == "isolated":
        if view.leverage is None:
            return words("mode.isolated")
        return words("size.isolated_at", leverage=numbers.plain(view.leverage, most=2))
    if half.wallet is None:
        return words("mode.cross")
    return words("mode.cross_with", wallet=numbers.money(half.wallet), asset=view.settle)


def _lines(view: SizeView, tongue: Tongue) -> list[Markup]:
    """Value and margin, the target, the size with fees inside the risk."""
    words, numbers = tongue.words, tongue.numbers
    lines = []
    if view.solved == "qty" and view.quantity is not None and view.notional is not None:
        lines.append(words("size.value", amount=numbers.money(view.notional), asset=view.settle))
        if view.leverage is not None:
            margin = numbers.money(view.notional / view.leverage)
            leverage = numbers.plain(view.leverage, most=2)
            lines.append(words("size.margin", amount=margin, asset=view.settle, leverage=leverage))
    if view.quantity_after_fees is not None and view.fee_rate:
        size = f"{numbers.quantity(view.quantity_after_fees)} {view.coin}"
        lines.append(words("size.with_fees", size=size, rate=numbers.rate(view.fee_rate)))
    if view.reward is not None and view.risk:
        ratio = numbers.plain((view.reward / view.risk).quantize(Decimal("0.01")), most=2)
        price = numbers.plain(view.target) if view.target is not None else ""
        reward = numbers.money(view.reward)
        lines.append(words("size.target", price=price, amount=reward, asset=view.settle, ratio=ratio))
    if view.reason == "leverage_limit":
        lines.append(words("size.limited_by_leverage"))
    if view.reason == "initial_margin" and view.leverage is not None:
        lines.append(words("size.limited_by_margin", leverage=numbers.plain(view.leverage, most=2)))
    wallet = view.facts.get("wallet")
    if view.solved == "qty" and view.risk is not None and wallet is None:
        ask = words("inline.ask_again", slot=words.label("slot.wallet").lower())
        lines.append(ask if tongue.afar else words("size.cross_needs_wallet"))
    return lines
