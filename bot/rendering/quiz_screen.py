"""The quiz in words: a question with its number, the reason for asking it, and the verdict.

Actions that its buttons send: `yes`, `no`, `why`, `back`, `verdict`, `avoid`, `on`, `again`, `card`, `close`, and those
of other conversations: `whatif`, `compare`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Button, Fill, Screen, Tap
from bot.rendering.check_buttons import close_row, in_rows
from bot.rendering.check_screen import bold, folded, joined, paragraphs
from bot.rendering.mistakes_screen import MistakeView, mistakes_block, mistakes_row
from bot.rendering.verdict import Tongue, short_leg_name
from bot.rendering.views import LegView, Mode
from margin_engine import Mistake, Verdict
from margin_engine.questions.advice import Advice
from margin_engine.questions.advice import Question as Asked

MOST_NAMED: Final = 4
MOST_OPEN: Final = 2
"""Conflicts that stand open; more are folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """An answer that the book gives itself, and the number behind it: the highest leverage, the positions."""

    yes: bool
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizView:
    """One question. own: the answers that the book gives; held: that book is the portfolio. begun: something was
    answered by the person. move: a fraction."""

    number: int
    of: int
    question: Asked
    answer: bool | None
    own: Mapping[Asked, OwnAnswer]
    held: bool
    begun: bool
    can_end: bool
    border: Decimal
    many: int
    move: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a position belongs. moves: it is held in the other mode now."""

    leg: LegView
    mode: Mode
    moves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InMode:
    """The book in one mode ("isolated", "cross", "split").

    at_stake: what liquidations can take in all; takes: what the first does. move: the signed move of everything that
    ends the first pool, None when none does or `dead`, some are gone already. first: the positions that go first;
    every: those are all.
    """

    name: str
    at_stake: Decimal
    takes: Decimal
    move: Decimal | None
    dead: bool = False
    first: tuple[LegView, ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """What the answers come to; without a book there are no positions, modes and own mistakes, but general ones.

    switch: whether the venue lets an open position change its mode ("allowed", "refused", "unknown"), None where none
    would.
    """

    advice: Advice
    answered: int
    own: Mapping[Asked, OwnAnswer]
    border: Decimal
    many: int
    move: Decimal
    placed: tuple[Placed, ...] = ()
    modes: tuple[InMode, ...] = ()
    needs_wallet: bool = False
    mistakes: tuple[MistakeView, ...] = ()
    general: tuple[Mistake, ...] = ()
    switch: str | None = None
    venue: str = ""
    held: bool = False
    settle: str = "USDT"


QUESTIONS: Final[dict[Asked, str]] = {
    Asked.HIGH_LEVERAGE: "quiz.high_leverage",
    Asked.MANY_POSITIONS: "quiz.many_positions",
    Asked.UNATTENDED: "quiz.unattended",
    Asked.KNOWN_LOSS: "quiz.known_loss",
    Asked.BEGINNER: "quiz.beginner",
}
WHYS: Final[dict[Asked, str]] = {
    Asked.HIGH_LEVERAGE: "quizwhy.high_leverage",
    Asked.MANY_POSITIONS: "quizwhy.many_positions",
    Asked.UNATTENDED: "quizwhy.unattended",
    Asked.KNOWN_LOSS: "quizwhy.known_loss",
    Asked.BEGINNER: "quizwhy.beginner",
}
REASONS: Final[dict[Asked, str]] = {
    Asked.HIGH_LEVERAGE: "quizreason.high_leverage",
    Asked.MANY_POSITIONS: "quizreason.many_positions",
    Asked.UNATTENDED: "quizreason.unattended",
    Asked.KNOWN_LOSS: "quizreason.known_loss",
    Asked.BEGINNER: "quizreason.beginner",
}
CONFLICTS: Final[dict[tuple[Asked, Asked], str]] = {
    (Asked.HIGH_LEVERAGE, Asked.MANY_POSITIONS): "quizconflict.leverage_many",
    (Asked.HIGH_LEVERAGE, Asked.UNATTENDED): "quizconflict.leverage_unattended",
    (Asked.HIGH_LEVERAGE, Asked.BEGINNER): "quizconflict.leverage_beginner",
    (Asked.KNOWN_LOSS, Asked.MANY_POSITIONS): "quizconflict.loss_many",
    (Asked.KNOWN_LOSS, Asked.UNATTENDED): "quizconflict.loss_unattended",
    (Asked.KNOWN_LOSS, Asked.BEGINNER): "quizconflict.loss_beginner",
}
"""Two answers that pull apart, one for each mode: each pair has its own sentence."""

GENERAL: Final[dict[Mistake, str]] = {
    Mistake.CROSS_WITH_HIGH_LEVERAGE: "quizmistake.high_leverage",
    Mistake.ISOLATED_UNATTENDED: "quizmistake.unattended",
    Mistake.SWITCH_CROSSED_AT_ONCE: "quizmistake.switch",
    Mistake.CROSS_TAKEN_FOR_SAFER: "quizmistake.safer",
}
SWITCHES: Final = {
    "allowed": "quiz.switch_allowed",
    "refused": "quiz.switch_refused",
    "unknown": "quiz.switch_unknown",
}
MODES: Final = {"isolated": "mode.isolated", "cross": "mode.cross", "split": "quiz.split"}


# --- A question ----------------------------------------------------------------------------------------------------


def question_screen(view: QuizView, tongue: Tongue, *, why: bool, problem: Markup | None = None) -> Screen:
    """One question: its number, what the book answers already, and on a tap why it is asked."""
    words, facts = tongue.words, _facts(view.border, view.many, view.move, tongue)
    head = words("quiz.progress", number=view.number, of=view.of, question=words(QUESTIONS[view.question], **facts))
    parts = [joined(bold([head]))]
    known = _known(view, tongue)
    if known:
        parts.append(known)
    if why:
        parts.append(words(WHYS[view.question], **facts))
    if problem is not None:
        parts.append(problem)
    return Screen(text=paragraphs(parts), buttons=_question_rows(view, tongue, why=why))


def _question_rows(view: QuizView, tongue: Tongue, *, why: bool) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    answers = (Tap(label=words.label("quiz.yes"), action="yes"), Tap(label=words.label("quiz.no"), action="no"))
    more = [Tap(label=words.label("quiz.hide_why" if why else "quiz.why"), action="why")]
    if view.can_end:
        more.append(Tap(label=words.label("quiz.now"), action="verdict"))
    rows: list[tuple[Button, ...]] = [answers, tuple(more)]
    if view.number > 1:
        rows.append((Tap(label=words.label("button.back"), action="back"),))
    return tuple(rows)


def _known(view: QuizView, tongue: Tongue) -> Markup:
    """What this question was answered with; on the first that is open, what the book answered before it."""
    words = tongue.words
    own = view.own.get(view.question)
    if own is not None:
        return words("quiz.own_this", source=_source(view.held, tongue), answer=_own(view.question, own, tongue))
    if view.answer is not None:
        return words("quiz.answered", answer=words.label("quiz.yes" if view.answer else "quiz.no").lower())
    if view.own and not view.begun:
        answers = Markup("; ").join(_own(question, answer, tongue) for question, answer in view.own.items())
        return words("quiz.own_before", source=_source(view.held, tongue), answers=answers)
    return Markup("")


def _source(held: bool, tongue: Tongue) -> Markup:
    return tongue.words("quiz.from_portfolio" if held else "quiz.from_trade")


def _own(question: Asked, own: OwnAnswer, tongue: Tongue) -> Markup:
    if question is Asked.HIGH_LEVERAGE:
        key = "quiz.own_leverage_yes" if own.yes else "quiz.own_leverage_no"
        return tongue.words(key, leverage=_times(own.value, tongue))
    number = int(own.value)
    return tongue.words.count("quiz.own_many_yes" if own.yes else "quiz.own_many_no", number)


def _times(leverage: Decimal, tongue: Tongue) -> str:
    return f"{tongue.numbers.plain(leverage, most=2)}x"


def _facts(border: Decimal, many: int, move: Decimal, tongue: Tongue) -> dict[str, str]:
    return {"border": _times(border, tongue), "many": str(many), "move": tongue.numbers.percent(move)}


def paused_screen(view: QuizView, tongue: Tongue) -> Screen:
    """The quiz was left in the middle: where it stands, and the way on."""
    words = tongue.words
    rows = (
        (
            Tap(label=words.label("quiz.on", number=view.number, of=view.of), action="on"),
            Tap(label=words.label("quiz.again"), action="again"),
        ),
        close_row(tongue),
    )
    return Screen(text=words("quiz.paused", number=view.number, of=view.of), buttons=rows)


# --- The verdict ---------------------------------------------------------------------------------------------------


def verdict_screen(view: VerdictView, tongue: Tongue, *, next_open: int | None) -> Screen:
    """The verdict: what, why, what pulls apart, what it means in numbers, what to avoid, what is still open."""
    words = tongue.words
    parts = [
        joined([*bold([headline(view, tongue)]), *_open(view, tongue)]),
        _split(view, tongue),
        _numbers(view, tongue),
        folded(_reasons(view, tongue), tongue),
        _conflicts(view, tongue),
        _avoid(view, tongue),
        words("quiz.never_trades"),
    ]  # fmt: skip
    text = paragraphs(parts)
    return Screen(text=text, buttons=_verdict_rows(view, tongue, next_open=next_open))


def _conflicts(view: VerdictView, tongue: Tongue) -> Markup:
    """Where two answers pull apart; many of them fold, because a phone shows little at once."""
    facts = _facts(view.border, view.many, view.move, tongue)
    text = joined(tongue.words(CONFLICTS[pair], **facts) for pair in view.advice.conflicts)
    return folded(text, tongue, anyway=len(view.advice.conflicts) > MOST_OPEN)


def headline(view: VerdictView, tongue: Tongue) -> Markup:
    """The verdict in one sentence."""
    words, advice = tongue.words, view.advice
    isolated, cross = len(advice.for_isolated), len(advice.for_cross)
    if advice.verdict is Verdict.EITHER:
        return words.count("quiz.either", view.answered)
    if advice.verdict is not Verdict.BOTH:
        key = "quiz.verdict_isolated" if advice.verdict is Verdict.ISOLATED else "quiz.verdict_cross"
        return words.count(key, isolated + cross, answered=view.answered)
    alone = sum(placed.mode == "isolated" for placed in view.placed)
    if not view.placed:
        return words("quiz.both", isolated=isolated, cross=cross, answered=view.answered)
    if alone == len(view.placed):
        return words.count("quiz.both_all_isolated", alone, cross=cross, answered=view.answered)
    return words("quiz.both_split", isolated=alone, positions=len(view.placed), cross=len(view.placed) - alone)


def _open(view: VerdictView, tongue: Tongue) -> list[Markup]:
    return [tongue.words.count("quiz.open", len(view.advice.open))] if view.advice.open else []


def _split(view: VerdictView, tongue: Tongue) -> Markup:
    """Which position belongs where, and whether the venue lets those that are open move there."""
    words = tongue.words
    if not view.placed:
        return words("quiz.both_how") if view.advice.verdict is Verdict.BOTH else Markup("")
    if view.advice.verdict is Verdict.EITHER:
        return Markup("")
    lines = [placed_line(placed, tongue) for placed in view.placed]
    if view.switch is not None and any(placed.moves for placed in view.placed):
        lines.append(words(SWITCHES[view.switch], venue=view.venue))
    return joined(lines)


def placed_line(placed: Placed, tongue: Tongue) -> Markup:
    """Where a position belongs: "• BTC long 20x → isolated"."""
    words = tongue.words
    leverage = _times(placed.leg.leverage, tongue) if placed.leg.leverage is not None else ""
    facts = {
        "name": short_leg_name(placed.leg, tongue),
        "leverage": leverage,
        "mode": words.label(MODES[placed.mode]).lower(),
    }
    if placed.moves and placed.leg.mode is not None:
        return words("quiz.placed_moves", held=words.label(MODES[placed.leg.mode]).lower(), **facts)
    return words("quiz.placed", **facts)


def _reasons(view: VerdictView, tongue: Tongue) -> Markup:
    words = tongue.words
    blocks = []
    for key, questions in (("quiz.for_isolated", view.advice.for_isolated), ("quiz.for_cross", view.advice.for_cross)):
        if questions:
            lines = [reason(question, view, tongue) for question in questions]
            blocks.append(joined([words(key), *lines]))
    if not blocks:
        blocks.append(words("quiz.either_why"))
    return paragraphs(blocks)


def reason(question: Asked, view: VerdictView, tongue: Tongue) -> Markup:
    """Why an answer speaks for its mode: "• …"."""
    words, own = tongue.words, view.own.get(question)
    facts = _facts(view.border, view.many, view.move, tongue)
    line = words(REASONS[question], **facts)
    if own is None:
        return line
    if question is Asked.HIGH_LEVERAGE:
        yours = words("quiz.yours_leverage", leverage=_times(own.value, tongue))
    else:
        yours = words.count("quiz.yours_many", int(own.value))
    return words("quiz.yours", line=line, yours=yours)


def _numbers(view: VerdictView, tongue: Tongue) -> Markup:
    words = tongue.words
    if not view.modes:
        return words("quiz.no_book")
    lines = [words("quiz.numbers"), *(_mode_line(mode, view, tongue) for mode in view.modes)]
    if view.needs_wallet:
        lines.append(words("quiz.needs_wallet" if view.held else "quiz.needs_wallet_here"))
    return joined(lines)


def _mode_line(mode: InMode, view: VerdictView, tongue: Tongue) -> Markup:
    words, numbers = tongue.words, tongue.numbers
    stake, part = numbers.money(mode.at_stake), mode.takes < mode.at_stake and mode.first
    names = [short_leg_name(leg, tongue) for leg in mode.first[:MOST_NAMED]]
    more = ["…"] if len(mode.first) > MOST_NAMED else []
    lost = numbers.money(mode.takes)
    facts = {
        "mode": words(MODES[mode.name]),
        "lost": words("quiz.lost_part" if part else "quiz.lost_all", lost=lost, stake=stake, asset=view.settle),
        "names": words("quiz.every") if mode.every and len(mode.first) > 1 else Markup(", ").join([*names, *more]),
    }
    if mode.dead:
        return words("quiz.mode_dead", **facts)
    if mode.move is None:
        return words("quiz.mode_never", **facts)
    key = "quiz.mode_fall" if mode.move < 0 else "quiz.mode_rise"
    return words(key, move=numbers.percent(mode.move), **facts)


def _avoid(view: VerdictView, tongue: Tongue) -> Markup:
    """The mistakes that match: the person's own, else those that the answers point at."""
    if view.mistakes:
        return mistakes_block(view.mistakes, tongue)
    if not view.general:
        return Markup("")
    facts = _facts(view.border, view.many, view.move, tongue)
    return joined([tongue.words("quiz.avoid"), *(tongue.words(GENERAL[each], **facts) for each in view.general)])


def _verdict_rows(view: VerdictView, tongue: Tongue, *, next_open: int | None) -> tuple[tuple[Button, ...], ...]:
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if next_open is not None:
        number = next_open + 1
        label = words.label("quiz.on", number=number, of=len(QUESTIONS))
        rows.append((Tap(label=label, action="on", style="primary"),))
    if view.modes:
        taps = [
            Tap(label=words.label("open.whatif"), action="whatif"),
            Tap(label=words.label("open.compare"), action="compare"),
        ]
        rows += in_rows(taps, 2)
    elif not tongue.in_group:
        rows.append((Fill(label=words.label("button.example"), text=words.label("example.both")),))
    rows += mistakes_row(view.mistakes, tongue, action="avoid")
    rows.append(
        (Tap(label=words.label("button.back"), action="back"), Tap(label=words.label("quiz.again"), action="again"))
    )
    card = Tap(label=words.label("button.picture"), action="card")
    rows.append((card, Tap(label=words.label("button.close"), action="close")))
    return tuple(rows)
