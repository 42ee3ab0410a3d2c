"""What a person said about their positions, as the card keeps it: every slot said or open, nothing filled in.

A `Question` is the draft of a check card. It is made from a reading of the person's words and changed by buttons and
typed answers; what it leads to is worked out by checking.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.rendering.views import Note
from bot.services.symbols import Kind, has_quote, is_known, listing_of
from bot.understanding.coins import STABLES
from bot.understanding.readings import AccountSlots, Parsed, PositionSlots, Reading
from bot.understanding.venues import engine_venue

MOST_LEGS = 8
"""Positions on one card; more do not fit a message."""

TAKEN_AS_MARGIN = "usd_amount_is_margin"
LEAST = Decimal("1e-12")
MOST = Decimal("1e15")
_ANY_RATE = Decimal("0.005")
_DOLLARS = frozenset({"USDT", "USD", "U", "$"})
_DOLLAR = "USDT"
_POOLED_VENUES = frozenset({"bybit", "okx"})
"""Venues whose accounts count every asset as collateral unless they are told not to."""


Guessed = Literal["symbol", "side", "size", "entry", "leverage", "mode", "wallet", "mark"]
_GUESSES: tuple[Guessed, ...] = ("symbol", "side", "size", "entry", "leverage", "mode", "wallet", "mark")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Leg(_Value):
    """One position as far as it was told. Size is `quantity` in coins, `notional` in dollars or a number of
    `contracts`, or follows from `margin`.

    at_market: the entry was said to be "at the market". margin_taken: nobody called the amount of dollars margin.
    margin_asset: the coin that the margin is in, None for dollars. contract_value: dollars in one contract. quote: the
    dollar coin other than USDT that the contract was written with ("BTCUSDC"). rate: the maintenance rate, where the
    person gave one because the venue's tiers are not known.
    """

    coin: str | None = None
    side: Literal["long", "short"] | None = None
    quantity: Decimal | None = None
    notional: Decimal | None = None
    margin: Decimal | None = None
    contracts: Decimal | None = None
    contract_value: Decimal | None = None
    margin_asset: str | None = None
    contract: Kind | None = None
    quote: Literal["USDC"] | None = None
    rate: Decimal | None = None
    entry: Decimal | None = None
    at_market: bool = False
    leverage: Decimal | None = None
    stop: Decimal | None = None
    target: Decimal | None = None
    mode: Literal["isolated", "cross"] | None = None
    margin_taken: bool = False


class GivenPrice(_Value):
    """A price that the person gave, and when."""

    price: Decimal
    given_at: datetime


class Question(_Value):
    """The positions, the account behind them and the prices that were given, by coin.

    wallet: in `wallet_asset`, None where the unit was not said. assets: what else the account holds, by asset. pooled:
    whether all assets back one cross pool, None where nobody said. wallet_from, venue_from, mode_from, fee_from:
    "portfolio", "settings" and "group" for what was not said here but stands there. venue: as the person named it.
    unanswered: wishes of the same message that cannot be answered yet, by name. guessed: slots whose meaning was not
    said but read from the number's place.
    """

    legs: tuple[Leg, ...]
    wallet: Decimal | None = None
    wallet_asset: str | None = None
    wallet_from: Literal["said", "portfolio", "settings"] = "said"
    assets: dict[str, Decimal] = {}
    pooled: bool | None = None
    venue: str | None = None
    venue_from: Literal["said", "portfolio", "settings", "group"] = "said"
    mode_from: Literal["said", "settings"] = "said"
    fee_rate: Decimal | None = None
    """The taker fee paid at the entry and at the exit, a fraction of the notional; None counts none."""
    fee_from: Literal["said", "settings"] = "said"
    prices: dict[str, GivenPrice] = {}
    unanswered: tuple[str, ...] = ()
    guessed: tuple[Guessed, ...] = ()
    unread: tuple[str, ...] = ()
    """Figures of the message that found no place."""
    plan: tuple[str, ...] = ()
    """Stops and targets of the message that the answer does not use."""
    unknown_coin: str | None = None
    foreign: tuple[str, ...] = ()
    """Money other than USDT that was named beside contracts; nothing is converted."""

    @property
    def mode(self) -> Literal["isolated", "cross"] | None:
        """The mode that was said for every position, if it was."""
        modes = {leg.mode for leg in self.legs}
        return modes.pop() if len(modes) == 1 else None

    @property
    def known_venue(self) -> bool:
        """Whether a venue was named whose rules are known."""
        return self.venue is not None and is_known(engine_venue(self.venue, coin_margined=False))

    @property
    def rules(self) -> str:
        """The venue of the engine whose rules hold: the one that was named, if it is known, else Binance's."""
        coin_margined = any(leg.contract in ("inverse", "quanto") for leg in self.legs)
        named = engine_venue(self.venue or "binance", coin_margined=coin_margined)
        return named if is_known(named) else engine_venue("binance", coin_margined=coin_margined)


class Declined(_Value):
    """A question that is understood but cannot be answered: why, by name, and the word that shows it."""

    why: Literal["other_dollar", "too_many", "out_of_range", "size_not_here"]
    what: str = ""

    @property
    def note(self) -> Note:
        """The sentence that says so."""
        return Note(name=self.why, facts={"what": self.what})


_NOT_YET = frozenset({"time_to_liq", "liq_probability", "heatmap", "ladder", "equivalent_leverage", "can_switch"})


def question_of(reading: Reading, *, now: datetime) -> Question | Declined:
    """The question that a reading of kind "position" or "compare" asks.

    Arguments: now, the time of the message, from which given prices are dated. Result: the question, or why it is
    declined: a wallet in money that the venue's contracts are not settled in is not taken for what it is not.
    """
    parsed = reading.parsed
    said = parsed.positions or ()
    if len(said) > MOST_LEGS:
        return Declined(why="too_many", what=str(MOST_LEGS))
    money = _other_money(reading, said)
    if money is not None:
        return Declined(why="other_dollar", what=money)
    if not all(map(in_range, _numbers(parsed))):
        return Declined(why="out_of_range")
    taken = TAKEN_AS_MARGIN in slots_of(reading.assumed)
    prices = {name: GivenPrice(price=price, given_at=now) for name, price in (parsed.marks or {}).items()}
    unanswered = [ask for ask in parsed.ask or () if ask in _NOT_YET]
    wallet, asset, assets = _held(parsed.account)
    legs = tuple(_quoted(leg_of(position, taken=taken), reading) for position in said) or (Leg(),)
    planned, unused = planned_leg(legs[0], reading.plan) if len(legs) == 1 else (legs[0], reading.plan)
    return Question(
        legs=(planned, *legs[1:]),
        wallet=wallet,
        wallet_asset=asset,
        assets=assets,
        pooled=_pooled(parsed, assets),
        venue=parsed.venue,
        prices=prices,
        unanswered=tuple(unanswered),
        guessed=guesses_of(reading.assumed),
        unread=reading.unread,
        plan=unused,
        unknown_coin=reading.unknown_coin,
        foreign=reading.foreign,
        fee_rate=reading.fee_pct / 100 if reading.fee_pct is not None else None,
    )


def _quoted(leg: Leg, reading: Reading) -> Leg:
    """The leg with the dollar coin that its contract was written with."""
    return leg.model_copy(update={"quote": "USDC"}) if leg.coin in reading.in_usdc else leg


def _other_money(reading: Reading, said: Sequence[PositionSlots]) -> str | None:
    """Money that stands for an amount and that the venue's contracts are not settled in: EUR, or USDC at Binance."""
    account = reading.parsed.account
    units = [*(each.margin_unit for each in said), account.unit if account and account.balance is not None else None]
    for unit in filter(None, units):
        asset = unit.upper()
        if asset in reading.foreign and asset not in STABLES:
            return asset
        own = any(each.symbol in reading.in_usdc for each in said) and asset == "USDC"
        if own and has_quote(engine_venue(reading.parsed.venue or "binance", coin_margined=False), asset):
            continue
        if asset in STABLES - _DOLLARS and asset != settled_in(reading.parsed.venue):
            return asset
    return None


def settled_in(venue: str | None) -> str:
    """The dollar coin in which a venue's contracts are settled, as the person names the venue."""
    rules = engine_venue(venue or "binance", coin_margined=False)
    listing = listing_of("BTC", rules, "linear", _ANY_RATE) if is_known(rules) else None
    return listing.settle if listing is not None else _DOLLAR


def _held(account: AccountSlots | None) -> tuple[Decimal | None, str | None, dict[str, Decimal]]:
    """The wallet's balance, the asset it was said in, and what else is held, by asset."""
    if account is None:
        return None, None, {}
    held = {asset.upper(): amount for asset, amount in (account.collateral or {}).items()}
    dollars = [held.pop(asset) for asset in list(held) if asset in _DOLLARS]
    unit = account.unit.upper() if account.unit else None
    balance = account.balance
    if balance is None and dollars:
        balance, unit = sum(dollars, Decimal(0)), _DOLLAR
    if balance is not None and unit is None and account.collateral_asset:
        unit = account.collateral_asset.upper()
    return balance, _DOLLAR if unit in _DOLLARS else unit, held


def _pooled(parsed: Parsed, assets: Mapping[str, Decimal]) -> bool | None:
    """Whether all assets back one pool: said, or the venue's own way with the coins that were named."""
    account = parsed.account
    if account is None or account.multi_asset is not None:
        return account.multi_asset if account else None
    coins = set(assets) | ({account.unit.upper()} if account.unit else set())
    linear = all(each.contract in (None, "linear") for each in parsed.positions or ())
    if linear and (account.collateral_asset or (parsed.venue in _POOLED_VENUES and coins - STABLES - _DOLLARS)):
        return True
    return None


def in_range(value: Decimal) -> bool:
    """Whether a price, size, margin or leverage can be meant: above 0, and no more digits than money has."""
    return LEAST <= value <= MOST


def _numbers(parsed: Parsed) -> list[Decimal]:
    """Every number of the positions, prices and wallet; a wallet of 0 is one that can be meant, and a leverage below 1
    is answered by itself."""
    found: list[Decimal | None] = list((parsed.marks or {}).values())
    for said in parsed.positions or ():
        entry = said.entry if isinstance(said.entry, Decimal) else None
        leverage = None if said.leverage is not None and 0 <= said.leverage < 1 else said.leverage
        found += [said.qty, said.contracts, said.notional, said.margin, entry, leverage]
        found += [said.contract_value_usd]
    balance, _, assets = _held(parsed.account)
    return [value for value in (*found, balance or None, *assets.values()) if value is not None]


def slots_of(assumed: Iterable[str]) -> set[str]:
    """The slot names that the entries of `assumed` begin with."""
    return {entry.partition(":")[0] for entry in assumed}


def guesses_of(assumed: Iterable[str]) -> tuple[Guessed, ...]:
    """The slots whose meaning was read from a number's place, in their usual order."""
    named = slots_of(assumed)
    return tuple(slot for slot in _GUESSES if slot in named)


def leg_of(said: PositionSlots, *, taken: bool) -> Leg:
    """A position as it was told; `taken`: its dollars were not called margin by the person."""
    at_market = said.entry == "live"
    return Leg(
        coin=said.symbol,
        side=said.side,
        quantity=said.qty,
        notional=said.notional,
        margin=said.margin,
        contracts=said.contracts if said.qty is None else None,
        contract_value=said.contract_value_usd,
        margin_asset=coin_or_none(said.margin_unit),
        contract=said.contract,
        entry=said.entry if isinstance(said.entry, Decimal) else None,
        at_market=at_market,
        leverage=said.leverage,
        mode=said.mode,
        margin_taken=taken and said.margin is not None,
    )


def planned_leg(leg: Leg, plan: Sequence[str]) -> tuple[Leg, tuple[str, ...]]:
    """The leg with the first stop and the first target of a plan ("stop 61500", "stop 2%"), and what is left over.

    A percentage counts from the entry, toward the loss for a stop and toward the gain for a target.
    """
    unused: list[str] = []
    for entry in plan:
        name, _, value = entry.partition(" ")
        price = plan_price(name, value, leg)
        if price is None or getattr(leg, name) is not None:
            unused.append(entry)
        else:
            leg = leg.model_copy(update={name: price})
    return leg, tuple(unused)


def plan_price(name: str, value: str, leg: Leg) -> Decimal | None:
    """The price of a stop or target that is given as a price or in percent; None where that tells none."""
    try:
        number = Decimal(value.removesuffix("%"))
    except InvalidOperation:
        return None
    if not value.endswith("%"):
        return number if in_range(number) else None
    if leg.entry is None or leg.side is None:
        return None
    up = (leg.side == "long") == (name == "target")
    price = leg.entry * (1 + abs(number) / (100 if up else -100))
    return price if price > 0 and in_range(price) else None


def coin_or_none(unit: str | None) -> str | None:
    """An asset by its name, None for dollars."""
    return None if unit is None or unit.upper() in STABLES | _DOLLARS else unit.upper()


def wallet_said(account: AccountSlots | None) -> tuple[Decimal, str | None] | None:
    """A wallet balance and the asset it was said in (None: not said), None when none was told."""
    balance, asset, _ = _held(account)
    return None if balance is None else (balance, asset)


def with_leg(question: Question, index: int, **changes: object) -> Question:
    """The question with one position changed."""
    legs = list(question.legs)
    legs[index] = legs[index].model_copy(update=changes)
    return question.model_copy(update={"legs": tuple(legs)})
