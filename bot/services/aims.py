"""What somebody wants to reach or do with margin: "survive -20 %", "liq 20 % away", "add 300", as a card keeps it."""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from bot.services.question import in_range
from bot.understanding.answers import read_number
from bot.understanding.readings import Option, Reading, Shock, Target

_PERCENT = re.compile(r"([-+−–])?\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*%?")
_HUNDRED = Decimal(100)


class Aim(BaseModel):
    """What is wanted: at most one of these. Percents are fractions here.

    survive: a move of everything (signed). shocks: a move of one's own. distance: of the liquidation price, without
    sign. price: the liquidation price. ratio: maintenance margin / margin balance. leverage: notional / margin balance.
    amount: money to add, below 0 to take out; `check` is the price to live through then. options: to be compared.
    withdraw: the most that can be taken out so that the move is survived. closing: closing is what was asked about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    survive: Decimal | None = None
    shocks: tuple[Shock, ...] = ()
    distance: Decimal | None = None
    price: Decimal | None = None
    ratio: Decimal | None = None
    leverage: Decimal | None = None
    amount: Decimal | None = None
    check: Decimal | None = None
    options: tuple[Option, ...] = ()
    withdraw: bool = False
    closing: bool = False

    @property
    def is_goal(self) -> bool:
        """Whether something is to be reached."""
        reached = (self.survive, self.distance, self.price, self.ratio, self.leverage)
        return bool(self.shocks) or any(value is not None for value in reached)

    @property
    def said(self) -> bool:
        """Whether anything is wanted at all."""
        return self.is_goal or self.amount is not None or bool(self.options)


def aim_of(reading: Reading) -> Aim:
    """What a reading of kind "addmargin" wants; percents out of range are left open."""
    parsed, target = reading.parsed, reading.parsed.target or Target()
    return Aim(
        survive=_move(target.survive_pct),
        shocks=target.shocks or (),
        distance=_share(target.distance_pct),
        price=target.liq_price,
        ratio=_share(target.margin_ratio_pct),
        leverage=target.effective_leverage if target.effective_leverage and target.effective_leverage > 0 else None,
        amount=parsed.amount if parsed.amount and in_range(abs(parsed.amount)) else None,
        check=parsed.check.price if parsed.check is not None else None,
        options=parsed.options or (),
        withdraw=parsed.solve == "max_withdraw",
        closing=parsed.solve == "reduce_qty",
    )


def _move(percent: Decimal | None) -> Decimal | None:
    return percent / _HUNDRED if percent is not None and percent > -100 and percent else None


def _share(percent: Decimal | None) -> Decimal | None:
    return abs(percent) / _HUNDRED if percent is not None and 0 < abs(percent) < 100 else None


def tapped_aim(value: str) -> Aim | None:
    """What a button `goal:-20` wants; None for one that was never drawn."""
    return Aim(survive=Decimal(value) / _HUNDRED) if re.fullmatch(r"[-+][1-9]\d", value) else None


def typed_aim(text: str, *, falls: bool) -> Aim | None:
    """ "-20%", "20" as an answer to "which move should it survive?"; None for other texts.

    Arguments: falls, whether a number without a sign is a fall, which it is for a long book.
    """
    hit = _PERCENT.fullmatch(text.strip())
    if hit is None:
        return None
    value = read_number(hit[2], None)
    if value is None or not 0 < value < _HUNDRED:
        return None
    down = hit[1] in ("-", "−", "–") or (hit[1] is None and falls)
    return Aim(survive=(-value if down else value) / _HUNDRED)
