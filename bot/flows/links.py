"""Links that open the bot with a question: t.me/BOT?start=PAYLOAD, at most 64 of A-Z, a-z, 0-9, _ and -.

    t1_lBTC_q0p5_e64000_x20    a trade (services/trade_code.py)
    q1_MTB4IGxvbmcgZXRo        a text, as it was typed in inline mode
    w1_BTC_m10_ETH_5p5         a what-if of the saved portfolio: coins with percents, "m" for a fall
    quiz, learn, portfolio     conversations by their names
    inline                     what inline mode is
    inline_long                words of inline mode that do not fit: they have to be sent again

The number behind the letter is the version. What cannot be read is said to be damaged, and nothing else happens.
"""

from __future__ import annotations

import base64
import binascii
import re
from decimal import Decimal
from typing import Final

from bot.dialogue import Card
from bot.flows import check_card, whatif_card
from bot.flows.cards import draft_in
from bot.services.scenario import MOST_MOVES, Move, Scenario
from bot.services.trade_code import LONGEST, trade_code
from margin_engine.model.decimals import plain

INLINE: Final = "inline"
TOO_LONG: Final = "inline_long"
TEXT: Final = "q1_"
WHAT_IF: Final = "w1_"
TRADE: Final = "t1_"
_TARGET: Final = re.compile(r"[A-Z0-9]{1,15}")
_POINTS: Final = re.compile(r"m?\d{1,4}(?:p\d{1,4})?")
_BY_NAME: Final = frozenset({"quiz", "portfolio", "learn", "mistakes", "settings"})


def text_code(text: str) -> str | None:
    """The payload that carries a text; None for none, and for one that does not fit."""
    code = TEXT + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return code if text and len(code) <= LONGEST else None


def carried(text: str, trade: str | None = None) -> str:
    """The payload that brings along a query: its words, else its trade, else that it was too long for both."""
    return text_code(text) or trade or (TOO_LONG if text else INLINE)


def text_of(code: str) -> str | None:
    """The text behind a payload; None for a forged one."""
    packed = code.removeprefix(TEXT)
    try:
        text = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return text.strip() or None


def what_if_code(scenario: Scenario) -> str | None:
    """The payload of moves in percent, and of nothing else; None for other scenarios."""
    plain = all(move.plain and _TARGET.fullmatch(move.target) for move in scenario.moves)
    if not (scenario.moves and plain) or scenario != Scenario(moves=scenario.moves):
        return None
    parts = [f"{move.target}_{_points(move.points)}" for move in scenario.moves]
    code = WHAT_IF + "_".join(parts)
    return code if len(code) <= LONGEST and what_if_of(code) == scenario else None


def _points(value: Decimal) -> str:
    return plain(value).replace("-", "m").replace(".", "p")


def what_if_of(code: str) -> Scenario | None:
    """The moves behind a payload; None for a forged one."""
    parts = code.removeprefix(WHAT_IF).split("_")
    targets, points = parts[::2], parts[1::2]
    well_formed = all(map(_TARGET.fullmatch, targets)) and all(map(_POINTS.fullmatch, points))
    if not well_formed or len(targets) != len(points) or len(set(targets)) != len(targets) or len(targets) > MOST_MOVES:
        return None
    values = [Decimal(each.replace("m", "-").replace("p", ".")) for each in points]
    if any(value <= -100 for value in values):
        return None
    return Scenario(moves=tuple(Move(target=t, points=v) for t, v in zip(targets, values, strict=True)))


def code_of(card: Card) -> str | None:
    """The payload that opens the question of a card again; None for a card that has none, or too long a one."""
    if card.flow == check_card.FLOW:
        draft = check_card.draft_of(card)
        return trade_code(draft.question) if draft is not None else None
    if card.flow == whatif_card.FLOW:
        told = draft_in(card, whatif_card.Draft)
        held = told is not None and told.basis.question is None
        return what_if_code(told.scenario) if told is not None and held else None
    return card.flow if card.flow in _BY_NAME else None
