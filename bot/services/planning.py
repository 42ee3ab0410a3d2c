"""A planned trade as a card keeps it: what may be lost, where the stop is, what is still open. Nothing is filled in."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.services.answers import typed_leverage, typed_wallet
from bot.services.question import Declined, Leg, Question, in_range
from bot.services.sizing import sized
from bot.services.symbols import listing_of, nearest
from bot.understanding.answers import read_number, understand_slot
from bot.understanding.readings import AccountSlots, Reading

PlanSlot = Literal["symbol", "side", "entry", "stop", "risk", "wallet", "leverage"]
_HUNDRED = Decimal(100)
_PERCENT = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?\s*%")


class Plan(BaseModel):
    """A planned trade. Shares are fractions: stop_share of the entry, risk_share of the wallet, survive signed.

    bound: a liquidation price that must not be passed. solve: what is wanted, None for the size that fits the stop.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    coin: str | None = None
    side: Literal["long", "short"] | None = None
    entry: Decimal | None = None
    stop: Decimal | None = None
    stop_share: Decimal | None = None
    target: Decimal | None = None
    reward_ratio: Decimal | None = None
    risk: Decimal | None = None
    risk_in_coins: bool = False
    """Whether `risk` was said in the coin of the trade; it counts at the entry."""
    risk_share: Decimal | None = None
    wallet: Decimal | None = None
    wallet_from: Literal["said", "portfolio"] = "said"
    leverage: Decimal | None = None
    mode: Literal["isolated", "cross"] | None = None
    margin: Decimal | None = None
    bound: Decimal | None = None
    survive: Decimal | None = None
    solve: str | None = None
    venue: str | None = None
    """A venue that was named; the tiers are Binance's all the same, which is said."""

    @property
    def stop_price(self) -> Decimal | None:
        """The stop as a price: as said, else its distance from the entry."""
        if self.stop is not None or self.stop_share is None or self.entry is None:
            return self.stop
        return self.entry * (1 - self.stop_share if self.side == "long" else 1 + self.stop_share)

    @property
    def amount_at_risk(self) -> Decimal | None:
        """What may be lost: as said, else the share of the wallet."""
        if self.risk is not None and self.risk_in_coins:
            return self.risk * self.entry if self.entry is not None else None
        if self.risk is not None or self.risk_share is None or self.wallet is None:
            return self.risk
        return self.risk_share * self.wallet

    @property
    def target_price(self) -> Decimal | None:
        """The target: as said, else entry + reward ratio x (entry - stop)."""
        stop = self.stop_price
        if self.target is not None or self.reward_ratio is None or self.entry is None or stop is None:
            return self.target
        price = self.entry + self.reward_ratio * (self.entry - stop)
        return price if price > 0 else None

    def question(self, quantity: Decimal | None, *, entry: Decimal, leverage: Decimal | None) -> Question:
        """The planned position as a question, so that books are made of it as of any other."""
        leg = Leg(coin=self.coin, side=self.side, quantity=quantity, entry=entry, leverage=leverage, mode=self.mode)
        return Question(legs=(leg,), wallet=self.wallet, wallet_from=self.wallet_from)


def plan_of(reading: Reading) -> Plan | Declined:
    """What a reading of kind "size" plans, in the units of the venue's contract."""
    parsed = reading.parsed
    other = other_money(parsed.account)
    if other is not None:
        return Declined(why="other_dollar", what=other)
    if reading.contract in ("inverse", "quanto"):
        return Declined(why="size_not_here")
    if reading.risk_unit is not None and reading.risk_unit != parsed.symbol:
        return Declined(why="other_dollar", what=reading.risk_unit)
    constraint, risk = parsed.constraint, parsed.risk
    entry = parsed.entry if isinstance(parsed.entry, Decimal) else None
    bound = (constraint.liq_price_max or constraint.liq_price_min) if constraint else None
    numbers = (
        entry,
        parsed.stop,
        parsed.take_profit,
        parsed.leverage,
        parsed.margin,
        bound,
        balance_of(parsed.account),
    )
    if not all(in_range(number) for number in numbers if number):
        return Declined(why="out_of_range")
    plan = Plan(
        coin=parsed.symbol,
        side=parsed.side,
        entry=entry,
        stop=parsed.stop,
        stop_share=_share(parsed.stop_distance_pct),
        target=parsed.take_profit,
        reward_ratio=parsed.reward_ratio if parsed.reward_ratio and parsed.reward_ratio > 0 else None,
        risk=risk.amount if risk and risk.amount and in_range(risk.amount) else None,
        risk_in_coins=reading.risk_unit is not None,
        risk_share=_share(risk.pct) if risk else None,
        wallet=balance_of(parsed.account),
        leverage=parsed.leverage if parsed.leverage and parsed.leverage >= 1 else None,
        mode=parsed.mode,
        margin=parsed.margin,
        bound=bound,
        survive=constraint.survive_pct / _HUNDRED if constraint and constraint.survive_pct else None,
        solve=parsed.solve,
        venue=parsed.venue if parsed.venue not in (None, "binance", "binance-usdm") else None,
    )
    return in_lots(with_side(plan))


_DOLLARS = frozenset({"USDT", "USD", "U", "$"})


def other_money(account: AccountSlots | None) -> str | None:
    """An asset other than dollars that the wallet is said to be in: the risk is counted in dollars here."""
    if account is None:
        return None
    named = [
        account.unit if account.balance is not None else None,
        account.collateral_asset,
        *(account.collateral or {}),
    ]
    return next((asset.upper() for asset in named if asset and asset.upper() not in _DOLLARS), None)


def balance_of(account: AccountSlots | None) -> Decimal | None:
    """The wallet balance in dollars, None when none was told."""
    if account is None or account.balance is not None:
        return account.balance if account is not None else None
    dollars = [amount for asset, amount in (account.collateral or {}).items() if asset.upper() in _DOLLARS]
    return sum(dollars, Decimal(0)) if dollars else None


def _share(percent: Decimal | None) -> Decimal | None:
    return percent / _HUNDRED if percent is not None and 0 < percent < _HUNDRED else None


def in_lots(plan: Plan) -> Plan:
    """The plan in the venue's units: PEPE at 0.00001 is 1000PEPE at 0.01."""
    listing = listing_of(plan.coin) if plan.coin else None
    if listing is None or listing.per == 1 or listing.coin == plan.coin:
        return plan
    prices = {name: getattr(plan, name) for name in ("entry", "stop", "target", "bound")}
    moved = {name: price * listing.per for name, price in prices.items() if price is not None}
    if plan.risk is not None and plan.risk_in_coins:
        moved["risk"] = plan.risk / listing.per
    return plan.model_copy(update={"coin": listing.coin, **moved})


def with_side(plan: Plan) -> Plan:
    """The plan with the side that its stop and entry tell, where nobody said it."""
    if plan.side is not None or plan.entry is None or plan.stop is None or plan.entry == plan.stop:
        return plan
    return plan.model_copy(update={"side": "long" if plan.stop < plan.entry else "short"})


def missing(plan: Plan) -> PlanSlot | None:
    """What is asked for next; None once the plan can be answered."""
    if plan.coin is None or listing_of(plan.coin) is None:
        return "symbol"
    if plan.side is None:
        return "side"
    constrained = plan.bound is not None or plan.survive is not None
    if constrained and plan.risk is None and plan.risk_share is None:
        return "entry" if plan.entry is None and plan.survive is None else None
    if plan.entry is None and plan.stop_share is None:
        return "entry"
    if plan.stop is None and plan.stop_share is None and plan.solve != "stop":
        return "stop"
    if plan.solve == "leverage":
        return None
    if plan.risk is None and plan.risk_share is None:
        return "risk"
    return "wallet" if plan.risk is None and plan.wallet is None else None


def choices(plan: Plan, slot: PlanSlot) -> tuple[str, ...]:
    """Likely answers to the question for a slot."""
    if slot == "symbol":
        return nearest(plan.coin) if plan.coin else ("BTC", "ETH", "SOL")
    likely: dict[PlanSlot, tuple[str, ...]] = {
        "side": ("long", "short"),
        "stop": ("1", "2", "5"),
        "risk": ("0.5", "1", "2"),
        "wallet": ("1000", "5000", "10000"),
        "leverage": ("5", "10", "20", "50"),
    }
    return likely.get(slot, ())


def tapped_slot(plan: Plan, slot: str, value: str) -> Plan | None:
    """The plan after a button `plan:SLOT:VALUE`; None for one that was never drawn."""
    known: PlanSlot | None = next((each for each in _SLOTS if each == slot), None)
    if known is None or value not in choices(plan, known):
        return None
    if known == "symbol":
        return in_lots(plan.model_copy(update={"coin": value}))
    if known == "side":
        return plan.model_copy(update={"side": value})
    number = Decimal(value)
    if known == "stop":
        return plan.model_copy(update={"stop_share": number / _HUNDRED, "stop": None})
    if known == "risk":
        return plan.model_copy(update={"risk_share": number / _HUNDRED, "risk": None, "risk_in_coins": False})
    update = {"wallet": number, "wallet_from": "said"} if known == "wallet" else {"leverage": number}
    return plan.model_copy(update=update)


_SLOTS: tuple[PlanSlot, ...] = ("symbol", "side", "entry", "stop", "risk", "wallet", "leverage")


def typed_slot(plan: Plan, slot: PlanSlot, text: str) -> Plan | None:
    """The plan after a typed answer to the question for a slot; None when it does not answer that."""
    if slot == "wallet":
        wallet = typed_dollars(text)
        return plan.model_copy(update={"wallet": wallet, "wallet_from": "said"}) if wallet else None
    if slot == "leverage":
        leverage = typed_leverage(text)
        return plan.model_copy(update={"leverage": leverage}) if leverage and leverage >= 1 else None
    if slot == "risk":
        return _typed_risk(plan, text)
    heard = understand_slot(slot, text, plan.coin)
    if heard is None:
        return None
    said = heard.position
    if slot == "symbol":
        return in_lots(plan.model_copy(update={"coin": said.symbol})) if said and said.symbol else None
    if slot == "side":
        return plan.model_copy(update={"side": said.side}) if said and said.side else None
    if slot == "entry":
        entry = said.entry if said is not None and isinstance(said.entry, Decimal) else heard.price
        return with_side(plan.model_copy(update={"entry": entry})) if entry and in_range(entry) else None
    if heard.pct is not None and _share(abs(heard.pct)) is not None:
        return plan.model_copy(update={"stop_share": abs(heard.pct) / _HUNDRED, "stop": None})
    if heard.price is not None and in_range(heard.price):
        return plan.model_copy(update={"stop": heard.price, "stop_share": None})
    return None


def typed_dollars(text: str) -> Decimal | None:
    """An amount of dollars above 0; None for anything else."""
    said = typed_wallet(text)
    if said is None or said[0] <= 0 or (said[1] is not None and said[1].upper() not in _DOLLARS):
        return None
    return said[0]


def _typed_risk(plan: Plan, text: str) -> Plan | None:
    """ "1%" is a share of the wallet, "100" and "$100" are money."""
    words = text.strip().lower().removeprefix("risk ").strip()
    if _PERCENT.fullmatch(words):
        share = _share(read_number(words, None))
        return plan.model_copy(update={"risk_share": share, "risk": None, "risk_in_coins": False}) if share else None
    amount = typed_dollars(words)
    return plan.model_copy(update={"risk": amount, "risk_share": None, "risk_in_coins": False}) if amount else None


def planned_size(plan: Plan) -> Decimal | None:
    """The size that margin and leverage make, where the stop is what is wanted."""
    return sized(Leg(entry=plan.entry, margin=plan.margin, leverage=plan.leverage))
