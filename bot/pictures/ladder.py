"""The ladder: what is left after each of seven to nine moves, and which positions are gone."""

from __future__ import annotations

from bot.pictures.frame import BODY, HEAD, LEAST, MARGIN, SMALL, TITLE, WIDTH, Frame
from bot.pictures.specs import LadderSpec, Rung
from bot.pictures.verdicts import ladder_verdict
from bot.pictures.wording import Wording, with_letters

TOP, BOTTOM = 290.0, 1280.0
BARS = 250.0
"""Where the bars begin."""


def draw_ladder(spec: LadderSpec, frame: Frame, words: Wording) -> None:
    """Draws the sheet."""
    title = words(
        "picture.ladder_title", mode=words.mode(spec.mode), asset=with_letters(spec.asset),
        market=with_letters(words.market(spec.subject)),
    )  # fmt: skip
    frame.lines(44, title, size=BODY, color=frame.palette.muted, most=1)
    frame.lines(104, with_letters(ladder_verdict(spec, words)), size=TITLE, weight="bold")
    height = (BOTTOM - TOP) / len(spec.rungs)
    most = max(max(float(rung.equity) for rung in spec.rungs), 1e-12)
    for number, rung in enumerate(spec.rungs):
        _rung(rung, TOP + number * height, height, most, spec, frame, words)
    frame.footer(words.footer(spec.given, mixed=spec.mixed))


def _rung(rung: Rung, y: float, height: float, most: float, spec: LadderSpec, frame: Frame, words: Wording) -> None:
    palette, middle = frame.palette, y + height / 2
    now = not rung.move
    if now:
        frame.card(MARGIN - 20, y + 4, WIDTH - 2 * MARGIN + 40, height - 8, palette.panel)
    label = words("picture.now") if now else words.step(rung.move)
    frame.text(BARS - 30, middle, label, size=HEAD - 4, weight="bold", align="right")
    upper = middle - (18 if rung.gone else 0)
    room = WIDTH - MARGIN - BARS - 330
    length = max(0.0, float(rung.equity)) / most * room
    color = palette.near if rung.whole else palette.of(spec.mode)
    frame.box(BARS, upper - 19, max(length, 3), 38, color, hatch="//" if rung.gone else "", edge=palette.paper)
    amount = words.amount(rung.equity, spec.asset)
    text = frame.text(BARS + max(length, 3) + 16, upper, f"{amount} {with_letters(spec.asset)}", size=BODY)
    text.set_gid(f"equity:{rung.move}")
    if rung.gone:
        gone = words("picture.rung_all") if rung.whole else words("picture.rung_gone", names=", ".join(rung.gone))
        gone = frame.fitting(with_letters(gone), SMALL, "normal", WIDTH - MARGIN - BARS)
        frame.text(BARS, upper + 42, gone, size=max(LEAST, SMALL), color=palette.near)
