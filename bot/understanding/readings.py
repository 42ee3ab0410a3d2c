"""What a message was understood to say: one kind, typed slots, what was assumed and what is missing.

The slot names are an outside contract (`marginbot ask --json`): they appear in JSON exactly as the fields are called
here. `None` (or an empty tuple or mapping) means *not said*; nothing here is a default. Numbers are `Decimal`;
percent slots are in percent with their sign (-10 is a fall of ten percent); money is in the quote asset unless a unit
says otherwise.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Kind = Literal[
    "position",
    "whatif",
    "compare",
    "size",
    "addmargin",
    "explain",
    "faq",
    "portfolio",
    "quiz",
    "settings",
    "smalltalk",
    "unknown",
    "mark",
    "undo",
]
Side = Literal["long", "short"]
Mode = Literal["isolated", "cross"]
Contract = Literal["linear", "inverse", "quanto"]
Follow = Literal[
    "slots", "too", "instead", "move", "price", "plan", "money", "scale", "flip", "drop", "close", "steps", "undo"
]
What = Literal["add_margin", "add_size", "deposit", "withdraw", "close", "leverage", "mode", "funding"]
Json: TypeAlias = str | int | float | bool | Mapping[str, "Json"] | Sequence["Json"]


FRESH = timedelta(hours=12)
"""How long a question is remembered for messages that only make sense beside it."""


class Slots(BaseModel):
    """A group of slots; frozen, and closed against misspelt names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PositionSlots(Slots):
    """One position as far as it was told. qty is in coins; entry "live" means at the market."""

    symbol: str | None = None
    side: Side | None = None
    qty: Decimal | None = None
    contracts: Decimal | None = None
    contract_value_usd: Decimal | None = None
    notional: Decimal | None = None
    margin: Decimal | None = None
    margin_unit: str | None = None
    entry: Decimal | Literal["live"] | None = None
    leverage: Decimal | None = None
    mode: Mode | None = None
    contract: Contract | None = None


class AccountSlots(Slots):
    """The account behind the positions: a wallet balance, or amounts by asset."""

    balance: Decimal | None = None
    unit: str | None = None
    collateral: dict[str, Decimal] | None = None
    collateral_asset: str | None = None
    multi_asset: bool | None = None
    position_mode: Literal["hedge", "one_way"] | None = None


class Shock(Slots):
    """A supposed move of one target: by percent, to a price, over a range, as in a known event, or by a beta."""

    target: str
    pct: Decimal | Literal["solve_down", "solve_up"] | None = None
    price: Decimal | None = None
    range_pct: tuple[Decimal, Decimal] | None = None
    named: str | None = None
    beta_to: str | None = None
    beta: Decimal | None = None


class Funding(Slots):
    """Funding: percent per interval, and the interval in hours."""

    rate_pct: Decimal | None = None
    interval_h: Decimal | None = None


class Risk(Slots):
    """What may be lost: money, or percent of the balance."""

    amount: Decimal | None = None
    pct: Decimal | None = None


class Constraint(Slots):
    """What a size must keep to: a liquidation price at or under / over, or a move that it must survive."""

    liq_price_max: Decimal | None = None
    liq_price_min: Decimal | None = None
    survive_pct: Decimal | None = None
    scope: Literal["ALL"] | None = None


class Switch(Slots):
    """A change of margin mode that is asked about."""

    symbol: str | None = None
    to: Mode | None = None


class Target(Slots):
    """What added margin (or a smaller position) is to reach."""

    distance_pct: Decimal | None = None
    survive_pct: Decimal | None = None
    liq_price: Decimal | None = None
    margin_ratio_pct: Decimal | None = None
    effective_leverage: Decimal | None = None
    shocks: tuple[Shock, ...] | None = None


class Option(Slots):
    """One of several ways out: add an amount, or close so many coins."""

    amount: Decimal | None = None
    reduce_qty: Decimal | None = None


class Check(Slots):
    """A price that the position has to live through."""

    price: Decimal | None = None


class Values(Slots):
    """Two liquidation prices that differ: ours and the venue's, as the person quotes them."""

    bot: Decimal | None = None
    venue: Decimal | None = None


class Change(Slots):
    """One supposed change of what is open, beside a move of prices. Only the fields of its kind are filled.

    add_margin, deposit, withdraw: amount (in unit, None for USDT), and symbol and side where a position is named.
    add_size: amount in coins of unit, which make a position larger; symbol and side where one is named.
    close: share in percent (100 is all of it) or qty in coins, symbol and side where named. leverage: leverage.
    mode: mode. funding: rate_pct per interval, interval_h in hours, days that it lasts.
    """

    what: What
    symbol: str | None = None
    side: Side | None = None
    amount: Decimal | None = None
    unit: str | None = None
    share: Decimal | None = None
    qty: Decimal | None = None
    leverage: Decimal | None = None
    mode: Mode | None = None
    rate_pct: Decimal | None = None
    interval_h: Decimal | None = None
    days: Decimal | None = None


class Parsed(Slots):
    """All slots of one reading. Which of them can occur depends on the kind."""

    positions: tuple[PositionSlots, ...] | None = None
    ask: tuple[str, ...] | None = None
    account: AccountSlots | None = None
    marks: dict[str, Decimal] | None = None
    venue: str | None = None
    funding: Funding | None = None
    horizon_days: Decimal | None = None
    portfolio: str | None = None
    shocks: tuple[Shock, ...] | None = None
    add_positions: tuple[PositionSlots, ...] | None = None
    remove: tuple[str, ...] | None = None
    focus: str | None = None
    modes: tuple[Mode, ...] | None = None
    switch: Switch | None = None
    symbol: str | None = None
    side: Side | None = None
    entry: Decimal | Literal["live"] | None = None
    leverage: Decimal | None = None
    margin: Decimal | None = None
    mode: Mode | None = None
    stop: Decimal | None = None
    stop_distance_pct: Decimal | None = None
    take_profit: Decimal | None = None
    risk: Risk | None = None
    reward_ratio: Decimal | None = None
    constraint: Constraint | None = None
    solve: str | None = None
    amount: Decimal | None = None
    options: tuple[Option, ...] | None = None
    check: Check | None = None
    scope: Literal["account"] | None = None
    target: Target | None = None
    topic: str | None = None
    ref: Literal["last_answer"] | None = None
    values: Values | None = None


class Reading(Slots):
    """One message understood.

    kind: what is wanted ("mark" is a statement of a current price; it leaves the bot as kind "portfolio").
    parsed: the slots that were said or, if named in `assumed`, inferred.
    assumed, missing: each entry starts with a slot's name from the closed lists; `missing` is in the order of asking.
    also: further wishes of the same message.
    alternatives: other readings that would lead to different money; worth a button each.
    lang: the language, None for English. unread: figures that were not understood, as "10x". unknown_coin: a name in a
    coin's place that no coin has, as "FOOCOIN"; its position has no symbol. foreign: money other than USDT and dollars
    that is named, as "EUR" of an amount or "USDC" of a contract; the figures stand unconverted. in_usdc: the coins
    whose contract was written with USDC. risk_unit: what the amount of `parsed.risk` is in, None for dollars.
    contract: the kind of contract of a planned trade, where it was said.
    plan: stops and targets beside a position, which its liquidation does not depend on, as "stop 60000".
    venue_liquidation: a liquidation price that the person states, as the exchange shows it; it changes nothing.
    follow: how the message goes on from the last question, None for one that stands alone.

    | follow | messages | what carries it |
    |---|---|---|
    | slots | "10x iso", "5x?", "and cross?", "make it short" | the slots of `parsed.positions[0]` |
    | slots | "wallet 5k", "and on bybit?" | `parsed.account`, `parsed.venue` |
    | too | "eth too", "same for eth" | `parsed.positions[0].symbol`: the same question for it |
    | instead | "eth instead (at 3k)" | `parsed.positions[0]`: its symbol in the place of the coin, its entry |
    | move | "-10", "-10 -20" | `parsed.shocks` with target ALL; `ladder` where there are several |
    | price | "65k", "50k?", "at 3300" | `alternatives`: the entry, and a move to it where the card has one coin |
    | money | "and with 5k?" | `alternatives`: the wallet, the margin |
    | plan | "sl 61.5k", "tp 70k" | `plan` |
    | scale | "2x size", "half it" | `scale`: the size times that |
    | flip | "flip it", "other way" | nothing: the other side |
    | drop | "drop the eth", "without eth" | `parsed.remove`: without the positions in it |
    | close | "close it", "close half" | `changes[0]`, of what is open |
    | steps | "why?", "show me the math" | `parsed.topic` |
    | undo | "undo" | nothing |

    A message that fills no slot without its last question ("flip", "scale", "drop", "plan",
    "price", "money") is of kind "unknown".

    fee_pct: the taker's fee in percent of the notional, said beside a position ("fees 0.05%").
    scale: see above. ladder: several moves in percent, in the order said. changes: what is supposed to change in what
    is open beside the prices, in the order said:

    | said | kind | where |
    |---|---|---|
    | "add 500 margin", "deposit 1000", "take out 300" | addmargin | `parsed.amount` (below 0: taken out), `changes` |
    | "what if i add 500 and btc drops 10%" | whatif | `parsed.shocks`, `changes` (add_margin, deposit, withdraw) |
    | "close half (of my btc long)", "reduce my btc long by 0.2" | whatif | `changes` (close: share or qty) |
    | "close my eth short" | whatif | `parsed.remove`, `changes` (close: share 100) |
    | "what if i open short 2 eth 3200 10x" | whatif | `parsed.add_positions` |
    | "what if i use 20x and btc drops 10%" | whatif | `parsed.shocks`, `changes` (leverage) |
    | "switch to cross", with a move | compare | `parsed.switch`, `parsed.shocks` |
    | "funding 0.05% for 3 days" | whatif | `parsed.funding`, `parsed.horizon_days`, `changes` (funding) |
    | "ladder -5 -10 -20", "-5 to -20 in steps of 5" | whatif | `parsed.shocks` (the whole range), `ladder` |
    | "2020-03-12 again" | whatif | `parsed.shocks[0].named` |
    | "how much margin to survive -20%", "to move liq to 58k" | addmargin | `parsed.target` |
    | "size for 2% risk with stop 62k" | size | `parsed.risk`, `parsed.stop` |
    | "why does binance show 61,020?", "liq 58000?" | explain | `parsed.values.venue`, `parsed.venue` |
    """

    kind: Kind
    parsed: Parsed = Parsed()
    assumed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    also: tuple["Reading", ...] = ()
    alternatives: tuple["Reading", ...] = ()
    lang: str | None = None
    unread: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    unknown_coin: str | None = None
    foreign: tuple[str, ...] = ()
    in_usdc: tuple[str, ...] = ()
    risk_unit: str | None = None
    contract: Contract | None = None
    venue_liquidation: Decimal | None = None
    fee_pct: Decimal | None = None
    follow: Follow | None = None
    scale: Decimal | None = None
    changes: tuple[Change, ...] = ()
    ladder: tuple[Decimal, ...] = ()

    @property
    def follow_up(self) -> bool:
        """Whether single slots were said that change an open card."""
        return self.follow == "slots"


class Context(Slots):
    """What the conversation already knows.

    symbols: the symbols of the open card, so that "price now 63000" finds its coin when there is only one. age: how
    long ago that card was last spoken of, None when that is not known; what is older than `FRESH` is forgotten.
    """

    symbols: tuple[str, ...] = ()
    age: timedelta | None = None

    @property
    def fresh(self) -> bool:
        """Whether the last question is still what a short message goes on from."""
        return self.age is None or self.age <= FRESH


def parsed_json(reading: Reading) -> dict[str, Json]:
    """The slots of a reading as plain JSON values: only what was said, numbers as JSON numbers, shapes as documented.

    `lang` stands among them where the message is not in English. A position supposed beside the book has only the slots
    of `ADDED_SLOTS` there.

    Example: "long btc" -> {"positions": [{"symbol": "BTC", "side": "long"}], "ask": ["liq_price"]}.
    """
    added = tuple(_outside(position) for position in reading.parsed.add_positions or ())
    parsed = reading.parsed.model_copy(update={"add_positions": added}) if added else reading.parsed
    if parsed.topic in WIDER_TOPICS:
        parsed = parsed.model_copy(update={"topic": WIDER_TOPICS[parsed.topic]})
    slots = {name: _plain(value) for name, value in _said(parsed)}
    return slots | ({"lang": reading.lang} if reading.lang else {})


WIDER_TOPICS = {"low_leverage": "mode_choice_high_leverage", "rest_of_margin": "cross_liquidation_process"}
"""Topics with a lesson of their own that other programs know by a wider name."""

ADDED_SLOTS = frozenset({"symbol", "side", "qty", "entry"})
"""What a supposed position tells other programs; its leverage and margin are for the bot's own use."""


def _outside(position: PositionSlots) -> PositionSlots:
    return PositionSlots.model_validate(position.model_dump(include=set(ADDED_SLOTS), exclude_none=True))


def _said(slots: BaseModel) -> list[tuple[str, object]]:
    values = ((name, getattr(slots, name)) for name in type(slots).model_fields)
    return [(name, value) for name, value in values if value is not None]


def _plain(value: object) -> Json:
    match value:
        case bool() | str() | int():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case BaseModel():
            return {name: _plain(item) for name, item in _said(value)}
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case _:
            raise TypeError(f"a slot of type {type(value).__name__} has no JSON form")
