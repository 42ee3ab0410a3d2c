"""The buttons under a picture, which change it in place.

Actions that they send: `kind:KIND`, `span:SPAN`, `mode:MODE`, `across`, `up`, `theme`, `close`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.dialogue import Button, Tap
from bot.rendering.check_buttons import in_rows, opener_row
from bot.rendering.verdict import Tongue

SPANS: Final = {"0.1": "±10%", "0.3": "±30%", "0.6": "±60%"}
KINDS: Final = {
    "verdict": "button.picture_verdict",
    "market": "button.picture_market",
    "ladder": "button.picture_ladder",
    "distances": "button.picture_distances",
    "two_coins": "button.picture_two_coins",
    "share": "button.picture_share",
}
MODES: Final = {"isolated": "mode.isolated", "cross": "mode.cross", "given": "button.picture_given"}
WITH_SPAN: Final = ("market", "ladder", "two_coins")
WITH_MODE: Final = ("ladder", "distances", "two_coins")


def picture_rows(
    tongue: Tongue,
    *,
    kind: str,
    kinds: Sequence[str],
    span: str,
    mode: str,
    modes: Sequence[str],
    pair: tuple[str, str],
    coins: int,
    theme: str,
) -> tuple[tuple[Button, ...], ...]:
    """Which picture, how far, in which mode, of which coins, on which paper. What is shown now has a dot."""
    words = tongue.words
    rows: list[tuple[Button, ...]] = []
    if len(kinds) > 1:
        rows += in_rows([_tap(words.label(KINDS[each]), f"kind:{each}", each == kind) for each in kinds], 3)
    if kind in WITH_SPAN:
        rows.append(tuple(_tap(label, f"span:{each}", each == span) for each, label in SPANS.items()))
    if kind in WITH_MODE and len(modes) > 1:
        order = [each for each in ("isolated", "cross", "given") if each in modes]
        rows.append(tuple(_tap(words.label(MODES[each]), f"mode:{each}", each == mode) for each in order))
    if kind == "two_coins" and coins > 2:
        rows.append(
            (
                Tap(label=words.label("button.picture_across", coin=pair[0]), action="across"),
                Tap(label=words.label("button.picture_up", coin=pair[1]), action="up"),
            )
        )
    if modes:
        rows.append(opener_row(tongue, "whatif", "compare", "act"))
    paper = words.label("button.picture_light" if theme == "dark" else "button.picture_dark")
    rows.append((Tap(label=paper, action="theme"), Tap(label=words.label("button.close"), action="close")))
    return tuple(rows)


def _tap(label: str, action: str, shown: bool) -> Tap:
    return Tap(label=f"• {label}" if shown else label, action=action)
