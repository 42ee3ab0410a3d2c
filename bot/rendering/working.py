"""The working of an answer, folded up until it is wanted: the formula in letters, with the numbers, and its result.

    Isolated: q size, E entry, W margin, m maintenance rate
    P = (q × E − W) ÷ (q × (1 − m))
    W = 0.5 × 64,000 ÷ 20 = 1,600
    P = (0.5 × 64,000 − 1,600) ÷ (0.5 × (1 − 0.004)) = 61,044.17671
    Maintenance 0.4%: positions up to 300,000 USDT, value at that price 30,522.09.

Positions that share a formula share its line; each has its own numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

from markupsafe import Markup

from bot.rendering.formula import MINUS, Quotient, Write, letter_of, quotient_of, rewritten
from bot.rendering.own_coin import own_coin_working
from bot.rendering.verdict import Tongue, figures_of, mode_name, modes_in_order, short_leg_name
from bot.rendering.views import CheckView, Figures, LegView, Mode
from margin_engine import Evaluation, Step

_SHOWN = Context(prec=10)
_NAMES = {
    "P": "letter.price",
    "q": "letter.size",
    "E": "letter.entry",
    "m": "letter.rate",
    "D": "letter.amount",
    "U": "letter.others_pnl",
    "R": "letter.others_need",
    "F": "letter.floor",
    "f": "letter.fee",
    "Z": "letter.fee_to_close",
}


def working_block(view: CheckView, tongue: Tongue, *, room: int) -> Markup:
    """The working behind the liquidation prices, in a quote of at most `room` characters."""
    lines: list[Markup] = []
    for mode in modes_in_order(view):
        evaluation = view.isolated_evaluation if mode == "isolated" else view.cross_evaluation
        if evaluation is not None:
            lines += _of_mode(view, mode, evaluation, tongue)
    lines.append(tongue.words("working.rounded"))
    kept: list[Markup] = []
    for line in lines:
        room -= len(line.striptags()) + 1
        if room < 60:
            kept.append(tongue.words("working.cut"))
            break
        kept.append(line)
    return Markup("<blockquote>{}</blockquote>").format(Markup("\n").join(kept))


class _Derivation:
    """The steps behind the price of one position. `letters`: those of its formula, each once."""

    def __init__(self, steps: Sequence[Step], tongue: Tongue) -> None:
        self.last = steps[-1]
        self.steps = {step.symbol: step for step in steps}
        self.quotient: Quotient | None = quotient_of(self.last, self.steps)
        self._tongue = tongue
        written = self.written(lambda symbol: f"[{symbol}]")
        used = [step for step in steps if f"[{step.symbol}]" in written]
        letters = [letter_of(step) for step in used]
        self.letters = list(dict.fromkeys(letters))
        # Two legs of one coin have each their own size and entry: q1, q2.
        self._names = {
            step.symbol: letter + (str(letters[: n + 1].count(letter)) if letters.count(letter) > 1 else "")
            for n, (step, letter) in enumerate(zip(used, letters, strict=True))
        }

    def name(self, symbol: str) -> str:
        """A symbol as its letter."""
        return self._names.get(symbol, symbol)

    def number(self, symbol: str) -> str:
        """A symbol as its number, a negative one in brackets."""
        step = self.steps.get(symbol)
        number = _number(step.value, self._tongue) if step is not None else symbol
        return f"({number})" if number.startswith(MINUS) else number

    def written(self, write: Write) -> str:
        """The formula of the price."""
        return self.quotient.written(write) if self.quotient else rewritten(self.last.formula, write)

    @property
    def derived(self) -> list[Step]:
        """The letters of the formula that follow from other numbers themselves: the margin, a fee to close."""
        own = ("size", "wallet_balance", "fee_to_close")
        return [step for step in self.steps.values() if step.name in own and step.uses and step.value]


def _of_mode(view: CheckView, mode: Mode, evaluation: Evaluation, tongue: Tongue) -> list[Markup]:
    """One mode: each formula once, and under it the numbers of every position that has it."""
    words = tongue.words
    blocks: dict[str, list[Markup]] = {}
    letters: list[str] = []
    shared: set[str] = set()
    for leg, position in zip(view.legs, evaluation.positions, strict=False):
        steps = evaluation.steps_of(position.id, "liquidation_price")
        name = short_leg_name(leg, tongue) if len(view.legs) > 1 else Markup("")
        if not steps:
            if position.pool_id not in shared:  # one pool has one comparison, whoever is in it
                blocks.setdefault("", []).extend(_standing(position.pool_id, leg.settle, evaluation, tongue))
            shared.add(position.pool_id)
            continue
        if steps[-1].formula in {step.symbol for step in steps}:  # the other leg of a hedge
            blocks[next(reversed(blocks))].append(words("working.shared", name=name))
            continue
        derived = _Derivation(steps, tongue)
        letters += [letter for letter in derived.letters if letter not in letters]
        numbers = [*_numbers(derived, leg, mode, name, tongue), *own_coin_working(leg, figures_of(leg, mode), tongue)]
        blocks.setdefault(derived.written(derived.name), []).extend(numbers)
    head = words("working.head", mode=mode_name(view, mode, tongue), letters=_legend(letters, mode, tongue))
    lines = [head if letters else Markup("<b>{}</b>").format(mode_name(view, mode, tongue))]
    for formula, own in blocks.items():
        lines += [*([words("working.formula", formula=formula)] if formula else []), *own]
    return lines


def _legend(letters: Sequence[str], mode: Mode, tongue: Tongue) -> str:
    wallet = "letter.margin" if mode == "isolated" else "letter.wallet"
    keys = [(letter, wallet if letter == "W" else _NAMES[letter]) for letter in letters if letter in (*_NAMES, "W")]
    return ", ".join(f"{letter} {tongue.words.label(key)}" for letter, key in keys)


def _numbers(derived: _Derivation, leg: LegView, mode: Mode, name: Markup, tongue: Tongue) -> list[Markup]:
    """The formula with the numbers of one position, its result, and the rung that holds there."""
    words, lines = tongue.words, [Markup("<i>{}</i>").format(name)] if name else []
    for step in derived.derived:
        numbers = rewritten(step.formula, derived.number)
        lines.append(words("working.line", letter=letter_of(step), numbers=numbers, value=derived.number(step.symbol)))
    lines += [
        words("working.given", letter=letter_of(step), value=derived.number(step.symbol))
        for step in derived.steps.values()
        if step.name.endswith("_of_others") and step.value
    ]
    price = _number(derived.last.value, tongue)
    lines.append(words("working.line", letter="P", numbers=derived.written(derived.number), value=price))
    figures = figures_of(leg, mode)
    return [*lines, *_rung(figures, leg.settle, tongue)] if figures else lines


def _rung(figures: Figures, asset: str, tongue: Tongue) -> list[Markup]:
    rung, words, numbers = figures.rung, tongue.words, tongue.numbers
    if rung is None:
        return []
    rate = numbers.rate(rung.rate)
    if rung.cap:
        cap = words("working.rung_to", cap=numbers.amount(rung.cap, asset), asset=asset)
    else:
        cap = words("working.rung_only" if rung.only else "working.rung_last")
    if rung.value is None:
        return [words("working.rung", rate=rate, cap=cap)]
    return [words("working.rung_value", rate=rate, cap=cap, value=numbers.amount(rung.value, asset), asset=asset)]


def _standing(pool_id: str, settle: str, evaluation: Evaluation, tongue: Tongue) -> list[Markup]:
    """Without a price: what is left in the pool, against what it has to hold."""
    pool = evaluation.pool(pool_id)
    asset = pool_id.removeprefix("cross:") if pool_id.startswith("cross:") else settle
    facts = {
        "left": tongue.numbers.amount(pool.margin_balance, asset),
        "wallet": tongue.numbers.amount(pool.wallet_balance, asset),
        "needed": tongue.numbers.amount(pool.maintenance_margin, asset),
        "asset": asset,
    }
    return [tongue.words("working.dead" if pool.liquidatable else "working.alive", **facts)]


def _number(value: Decimal, tongue: Tongue) -> str:
    return tongue.numbers.plain(_SHOWN.plus(value), most=10).replace("-", MINUS)
