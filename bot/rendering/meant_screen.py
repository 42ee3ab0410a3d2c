"""Asks which of several things a short turn meant: "65,000: what is it?" with a button for each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import Screen, Tap
from bot.rendering.check_buttons import back_row, in_rows
from bot.rendering.check_screen import bold, joined, paragraphs, positions_block
from bot.rendering.verdict import Tongue, short_leg_name, verdict_lines
from bot.rendering.views import CheckView

_LABELS = {
    "entry": "meant.entry",
    "mark": "meant.mark",
    "wallet": "meant.wallet",
    "margin": "meant.margin",
    "size": "meant.size",
}


def meant_screen(view: CheckView, tongue: Tongue, *, said: str, meant: Sequence[str]) -> Screen:
    """What the words can mean for the card, a button for each; what the card says now stands above.

    Arguments: said, the words; meant, the names of what they can mean, in the order of the alternatives.
    """
    words = tongue.words
    of_positions = all(name == "all" or name.startswith("leg:") for name in meant)
    question = words("meant.which_position" if of_positions else "meant.what", said=said)
    head = joined(bold(verdict_lines(view, tongue))) or positions_block(view, tongue)
    taps = [Tap(label=_label(name, view, tongue), action=f"pick:{number}") for number, name in enumerate(meant)]
    text = paragraphs((head, question))
    return Screen(text=text, question=question, buttons=(*in_rows(taps, 2 if of_positions else 3), back_row(tongue)))


def _label(name: str, view: CheckView, tongue: Tongue) -> str:
    """ "Entry", "BTC long", "Both"."""
    words = tongue.words
    if name in _LABELS:
        return words.label(_LABELS[name])
    if name == "all":
        return words.label("meant.both" if len(view.legs) == 2 else "meant.all")
    leg = view.legs[int(name.removeprefix("leg:"))]
    return str(short_leg_name(leg, tongue)) if leg.side is not None else leg.coin
