"""What a link brings: a trade, a text of inline mode, a what-if of the portfolio. See links.py for their form."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import Event, Outcome, Send, Show
from bot.flows import check, whatif
from bot.flows.cards import remark
from bot.flows.inline import Asking
from bot.flows.links import INLINE, TEXT, TOO_LONG, TRADE, WHAT_IF, text_of, what_if_of
from bot.flows.start import tongue_of
from bot.rendering.start_screen import sentence_screen, with_example
from bot.rendering.verdict import Tongue
from bot.services.facts import Facts
from bot.services.trade_code import trade_of
from bot.understanding.understand import understand


def opened(event: Event, payload: str, facts: Facts, asking: Asking) -> Outcome | None:
    """The question behind a link; None for a payload of another kind. What is damaged is said to be."""
    tongue = tongue_of(event)
    if payload == INLINE:
        example = tongue.words.label("inline.example_both")
        text = tongue.words("inline.hello", example=f"@{event.bot_name} {example}")
        rows = ((Send(label=tongue.words.label("button.back_to_chat"), text=""),),)
        return remark(replace(sentence_screen(text), buttons=rows))
    if payload == TOO_LONG:
        return remark(sentence_screen(tongue.words("link.too_long")))
    if payload.startswith(TRADE):
        question = trade_of(payload, now=event.time)
        return check.asked(event, (question,), facts) if question is not None else _damaged(tongue)
    if payload.startswith(WHAT_IF):
        scenario = what_if_of(payload)
        if scenario is None:
            return _damaged(tongue)
        return whatif.opened(event, None, facts, scenario=scenario)
    if payload.startswith(TEXT):
        text_said = text_of(payload)
        return _brought(event, text_said, facts, asking) if text_said is not None else _damaged(tongue)
    return None


def _brought(event: Event, text: str, facts: Facts, asking: Asking) -> Outcome:
    """The query answered in private, and the way back to the chat with the same words."""
    outcome = asking(event, text, understand(text), replace(facts, card=None, found=None))
    back = Send(label=tongue_of(event).words.label("button.back_to_chat"), text=text)
    first = next((step for step in outcome.show if isinstance(step, Show)), None)
    if first is None:
        return outcome
    screen = replace(first.screen, buttons=(*first.screen.buttons, (back,)))
    shown = tuple(
        replace(step, screen=screen) if step is first else step for step in outcome.show if isinstance(step, Show)
    )
    return replace(outcome, show=shown)


def _damaged(tongue: Tongue) -> Outcome:
    return remark(with_example(tongue.words("link.damaged"), tongue))
