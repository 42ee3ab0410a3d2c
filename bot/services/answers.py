"""What an answer changes in a question: a tapped choice, a typed slot, a price, a reply that says several things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from bot.rendering.views import Slot
from bot.services.funds import priced_asset
from bot.services.question import (
    TAKEN_AS_MARGIN,
    GivenPrice,
    Guessed,
    Leg,
    Question,
    guesses_of,
    in_range,
    leg_of,
    plan_price,
    question_of,
    slots_of,
    with_leg,
)
from bot.services.readiness import listing_for
from bot.services.symbols import COIN_VENUE, IN_ORDER, VENUE, Listing, is_known, listing_of
from bot.services.typed import can_be_entry
from bot.services.typed import is_below_zero as is_below_zero
from bot.services.typed import typed_leverage as typed_leverage
from bot.services.typed import typed_price as typed_price
from bot.services.typed import typed_wallet as typed_wallet
from bot.understanding.answers import understand_slot
from bot.understanding.readings import Reading
from bot.understanding.understand import understand
from bot.understanding.venues import engine_venue

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,8})?")
_COIN = re.compile(r"[A-Z0-9]{1,24}")
_DIGITS = re.compile(r"\d[\d.,]*")

_NUMBERED = frozenset({"quantity", "notional", "margin", "contracts", "contract_value", "entry", "leverage"})
_SIZES = ("quantity", "notional", "margin", "contracts")
_BESIDE_SIZES = ("contract_value", "margin_asset")
_INVERSE = frozenset({"inverse", "coin", "coin-m", "coinm", "coin margined", "coin-margined", "coin m"})
_LINEAR = frozenset({"linear", "usdt", "usd-m", "usdm", "usdt margined", "usdt-margined", "usdc", "usd m"})
_DOLLAR_WORDS = re.compile(r"\$|usd|dollar|bucks")
_GOAL = re.compile(
    r"(sl|stop(?:[ -]?loss)?|tp|take[ -]?profit|target)s?\s*(?:is|at|@|:|=)?\s*((?:(?!\b(?:sl|stop|tp|take|target)).)+)"
)
_FEE = re.compile(r"(?:taker\s+)?fees?\s*(?:of|:|=)?\s*(\S+)")
_NOTHING = frozenset({"none", "no", "off", "0", "-", "0%"})
MOST_FEE = Decimal("0.01")
"""A fee above 1 % is not one."""

_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,6})?)\s*%?")
_MOST_PERCENT = 50  # a maintenance rate above this is not one


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said now; everything that is not said stays as it is. `prices` are by the coin of the question.

    guessed: slots of it whose meaning was not said but read from the number's place. wallet_asset: as in a question.
    asset: which of several wallets is meant. venue, pooled: what was said about the account.
    """

    said: Leg = field(default_factory=Leg)
    wallet: Decimal | None = None
    wallet_asset: str | None = None
    asset: str | None = None
    venue: str | None = None
    pooled: bool | None = None
    fee_rate: Decimal | None = None
    cleared: tuple[str, ...] = ()
    """Slots of the position that are open again: its stop, its target, its mode."""
    prices: Mapping[str, GivenPrice] = field(default_factory=dict)
    guessed: tuple[Guessed, ...] = ()
    for_all: bool = False
    """The mode holds for every position of the question."""
    alone: bool = False
    """The mode holds for this position only, although all had the same before."""

    @property
    def only_prices(self) -> bool:
        """Whether nothing but prices now was said, which changes no position."""
        others = (self.wallet, self.venue, self.fee_rate, self.pooled)
        return bool(self.prices) and not self.cleared and others == (None,) * 4 and not _told(self.said)

    @classmethod
    def of_prices(cls, prices: Mapping[str, Decimal], *, question: Question, now: datetime) -> Answer | None:
        """Prices now for coins of the question, in the question's units; None when it has none of them."""
        found: dict[str, GivenPrice] = {}
        for leg in question.legs:
            for coin, price in prices.items():
                if not in_range(price):
                    continue
                there, here = (
                    listing_of(coin, question.rules, leg.contract, leg.rate, leg.quote),
                    listing_for(question, leg),
                )
                if there is None or here is None or there.symbol != here.symbol:
                    if coin in (leg.coin, *question.assets, question.wallet_asset):
                        found[coin] = GivenPrice(price=price, given_at=now)
                    continue
                # 1000PEPE is PEPE by the thousand: the price is carried over to the units of the question.
                found[leg.coin or ""] = GivenPrice(price=price * there.per / here.per, given_at=now)
        return cls(prices=found) if found else None

    @classmethod
    def as_notional(cls, leg: Leg) -> Answer | None:
        """The amount that was taken as margin was the position's size; None when none was."""
        return cls(said=Leg(notional=leg.margin)) if leg.margin_taken and leg.margin is not None else None


def tapped_answer(slot: str, choice: str) -> Answer | None:
    """What a button `set:SLOT:CHOICE` says; None for one that we never drew."""
    match slot, choice:
        case "side", "long" | "short":
            return Answer(said=Leg.model_validate({"side": choice}))
        case "mode", "isolated" | "cross":
            return Answer(said=Leg.model_validate({"mode": choice}))
        case "mode" | "stop" | "target", "none":
            return Answer(cleared=(slot,))
        case "fees", _ if _NUMBER.fullmatch(choice) and Decimal(choice) <= MOST_FEE:
            return Answer(fee_rate=Decimal(choice))
        case "symbol", _ if _COIN.fullmatch(choice):
            return Answer(said=Leg(coin=choice))
        case "contract", "linear" | "inverse":
            return Answer(said=Leg.model_validate({"contract": choice}))
        case "collateral", "multi":
            return Answer(pooled=True)
        case "collateral", "inverse":
            return Answer(said=Leg(contract="inverse"))
        case "venue", _ if choice in IN_ORDER:
            return Answer(venue=choice)
        case "leverage" | "wallet", _ if _NUMBER.fullmatch(choice) and in_range(Decimal(choice)):
            number = Decimal(choice)
            return Answer(wallet=number) if slot == "wallet" else Answer(said=Leg(leverage=number))
        case _:
            return None


def in_its_asset(answer: Answer, question: Question, leg: int) -> Answer:
    """A tapped wallet in the asset that it was asked in."""
    settle = _settle(question, leg) if answer.wallet is not None else None
    return answer if settle is None else replace(answer, wallet_asset=settle, asset=settle)


def with_answer(question: Question, answer: Answer, *, leg: int) -> Question:
    """The question with what the answer says about its position number `leg`, its wallet and its prices."""
    leg = min(leg, len(question.legs) - 1)
    changes = _changes(question.legs[leg], answer.said) | dict.fromkeys(answer.cleared)
    alike = not answer.alone and len({each.mode for each in question.legs}) == 1
    if "mode" in changes and (answer.for_all or alike):
        question = question.model_copy(
            update={"legs": tuple(each.model_copy(update={"mode": changes["mode"]}) for each in question.legs)}
        )
    question = with_leg(question, leg, **changes)
    update: dict[str, object] = {
        "mode_from": "said" if "mode" in changes else question.mode_from,
        "prices": {**question.prices, **answer.prices},
        "guessed": (
            *(slot for slot in question.guessed if slot not in _slots_of(answer)),
            *(answer.guessed if leg == 0 else ()),
        ),
    }
    if answer.venue is not None:
        own = "binance" if answer.venue in (VENUE, COIN_VENUE) else answer.venue
        update |= {"venue": own, "venue_from": "said"}
        question = question.model_copy(
            update={"legs": tuple(each.model_copy(update=_of_venue(each, answer.venue)) for each in question.legs)}
        )
    if answer.pooled is not None:
        update["pooled"] = answer.pooled
    if answer.fee_rate is not None:
        update |= {"fee_rate": answer.fee_rate or None, "fee_from": "said"}
    if answer.wallet is not None:
        update |= _wallet(question, answer)
    return question.model_copy(update=update)


def _wallet(question: Question, answer: Answer) -> dict[str, object]:
    """The balance that an answer names; behind several settle assets it is one of several."""
    asset = answer.wallet_asset or answer.asset
    settles = {found.settle for leg in question.legs if (found := listing_for(question, leg)) is not None}
    if len(settles) > 1 and asset is not None:
        return {"assets": {**question.assets, asset: answer.wallet}}
    return {"wallet": answer.wallet, "wallet_asset": asset, "wallet_from": "said"}


def _of_venue(leg: Leg, venue: str) -> dict[str, object]:
    """What a change of venue makes void: a rate was the other venue's, and so is a kind of contract it has not."""
    if venue == COIN_VENUE:
        return {"rate": None, "contract": "inverse"}
    venue = engine_venue(venue, coin_margined=leg.contract in ("inverse", "quanto"))
    if not is_known(venue):
        return {"rate": None}
    usual = listing_of(leg.coin or "", venue, leg.contract) is None and listing_of(leg.coin or "", venue) is not None
    return {"rate": None, **({"contract": None} if usual else {})}


def _slots_of(answer: Answer) -> set[str]:
    """The slots that the answer settles, which are guesses no longer."""
    named = _told(answer.said)
    slots = {"symbol" if name == "coin" else "size" if name in _SIZES else name for name in named}
    return slots | ({"wallet"} if answer.wallet is not None else set()) | ({"mark"} if answer.prices else set())


def _told(said: Leg) -> set[str]:
    """The slots of a position that something was said about; a number may be 0."""
    return {name for name in said.model_fields_set if getattr(said, name) not in (None, False, "")} | (
        {"leverage"} if said.leverage is not None else set()
    )


def _changes(leg: Leg, said: Leg) -> dict[str, object]:
    """The slots of a position that change, and those that a new value makes void."""
    changes: dict[str, object] = {name: getattr(said, name) for name in _told(said)}
    if any(name in changes for name in _SIZES):
        changes = {**dict.fromkeys((*_SIZES, *_BESIDE_SIZES)), "margin_taken": False, **changes}
    elif "leverage" in changes and (leg.quantity is not None or leg.notional is not None):
        changes |= {"margin": None, "margin_taken": False}
    if "entry" in changes:
        changes["at_market"] = False
    return changes


def answered_by(text: str, *, slot: Slot, question: Question, leg: int, now: datetime) -> Answer | None:
    """What a typed text says about the slot that was asked for; None when it does not answer that."""
    coin = question.legs[min(leg, len(question.legs) - 1)].coin
    if slot == "wallet":
        return _wallet_answer(text, question, leg)
    if slot == "venue":
        return _venue_answer(text, coin)
    if slot in ("stop", "target"):
        return goal_answer(slot, text, question.legs[min(leg, len(question.legs) - 1)])
    if slot == "fees":
        return _fee_answer(text)
    if slot == "contract":
        word = text.strip().lower()
        kind = "inverse" if word in _INVERSE else "linear" if word in _LINEAR else None
        return tapped_answer("contract", kind) if kind is not None else None
    if slot == "coin_price":
        price, asset = typed_price(text, coin=priced_asset(question) or ""), priced_asset(question)
        return None if price is None or asset is None else Answer(prices={asset: GivenPrice(price=price, given_at=now)})
    if slot == "mark":
        price = typed_price(text, coin=coin or "")
        return Answer.of_prices({coin or "": price}, question=question, now=now) if price is not None else None
    if slot == "leverage":
        leverage = typed_leverage(text)
        if leverage is not None:
            return Answer(said=Leg(leverage=leverage))
    heard = understand_slot(slot, text, coin)
    if heard is None or heard.position is None:
        return None
    said = leg_of(heard.position, taken=TAKEN_AS_MARGIN in slots_of(heard.assumed))
    if slot == "size":
        said = _size_in_unit(said, text, listing_for(question, question.legs[min(leg, len(question.legs) - 1)]))
    numbers = (said.quantity, said.notional, said.margin, said.contracts, said.entry, said.leverage)
    if not all(in_range(number) for number in numbers if number is not None):
        return None
    return Answer(said=said, guessed=guesses_of(heard.assumed))


def _size_in_unit(said: Leg, text: str, listing: Listing | None) -> Leg:
    """A size that answers a question in USD or contracts: plain dollars are the size, not margin, and a number without
    a unit counts in the contract's own."""
    if listing is None or listing.kind == "linear":
        return said
    if said.margin_taken and listing.kind == "inverse":
        return Leg(notional=said.margin)
    if said.quantity is not None and listing.coin.lower() not in text.lower():
        plain = said.quantity
        return Leg(notional=plain) if listing.kind == "inverse" else Leg(contracts=plain)
    return said


def _wallet_answer(text: str, question: Question, leg: int) -> Answer | None:
    """A wallet balance: of a coin-margined trade in its coin, where the text does not say dollars."""
    said = typed_wallet(text)
    if said is None:
        return None
    amount, unit = said
    settle = _settle(question, leg)
    dollars = "USDT" if _DOLLAR_WORDS.search(text.lower()) else None
    return Answer(wallet=amount, wallet_asset=unit or dollars or settle, asset=settle)


def _settle(question: Question, leg: int) -> str | None:
    listing = listing_for(question, question.legs[min(leg, len(question.legs) - 1)])
    return listing.settle if listing is not None else None


def goal_answer(slot: str, text: str, own: Leg) -> Answer | None:
    """A stop or target as a price or in percent of the entry; "none" takes it away."""
    if text.strip().lower() in _NOTHING:
        return Answer(cleared=(slot,))
    heard = understand_slot(slot, text, own.coin)
    if heard is None:
        return None
    value = f"{heard.price:f}" if heard.price is not None else f"{heard.pct:f}%" if heard.pct is not None else ""
    price = plan_price(slot, value, own) if value else None
    return Answer(said=Leg.model_validate({slot: price})) if price is not None else None


def _fee_answer(text: str) -> Answer | None:
    """A taker fee in percent; "none" counts none."""
    if text.strip().lower() in _NOTHING:
        return Answer(fee_rate=Decimal(0))
    percent = _PERCENT.fullmatch(text.strip())
    rate = Decimal(percent[1].replace(",", ".")) / 100 if percent is not None else None
    return Answer(fee_rate=rate) if rate is not None and rate <= MOST_FEE else None


def said_aside(text: str, *, question: Question, leg: int) -> Answer | None:
    """ "sl 61k tp 70k", "fees 0.05%", "on bybit": slots that a liquidation price is not made of, said by themselves."""
    words = text.strip().lower()
    fee = _FEE.fullmatch(words)
    if fee is not None:
        return _fee_answer(fee[1])
    goals = list(_GOAL.finditer(words))
    if goals and not words[: goals[0].start()].strip() and len(question.legs) == 1:
        said: dict[str, object] = {}
        for goal in goals:
            slot = "target" if goal[1][0] == "t" else "stop"
            heard = goal_answer(slot, goal[2].strip(" ,;"), question.legs[leg])
            if heard is None or slot in said or heard.cleared:
                return None
            said[slot] = getattr(heard.said, slot)
        return Answer(said=Leg.model_validate(said))
    named = understand_slot("venue", words.removeprefix("on ").removeprefix("at "), question.legs[leg].coin)
    return Answer(venue=named.venue) if named is not None and named.venue is not None else None


def _venue_answer(text: str, coin: str | None) -> Answer | None:
    """A venue by its name, or the maintenance rate in percent that the venue shows."""
    percent = _PERCENT.fullmatch(text.strip())
    if percent is not None:
        rate = Decimal(percent[1].replace(",", "."))
        return Answer(said=Leg(rate=rate / 100)) if 0 < rate <= _MOST_PERCENT else None
    heard = understand_slot("venue", text, coin)
    return Answer(venue=heard.venue) if heard is not None and heard.venue is not None else None


def answered_at_once(text: str, *, question: Question, leg: int, now: datetime) -> Answer | None:
    """What a text says that answers several questions in one go ("64k 20x 0.5"), read after what is known already.

    None when it adds fewer than two slots, for then it is no such text; and when a number of it found no place.
    """
    known = question.legs[min(leg, len(question.legs) - 1)]
    if known.coin is None:
        return None
    reading = understand(" ".join(filter(None, (known.side, known.coin, text))))
    read = question_of(reading, now=now) if reading.kind == "position" else None
    if not isinstance(read, Question) or len(read.legs) != 1 or read.legs[0].coin != known.coin:
        return None
    if known.side not in (None, read.legs[0].side):
        return None
    said = read.legs[0].model_copy(update={"coin": None, "side": None if known.side else read.legs[0].side})
    told = len(_told(said)) + (read.wallet is not None)
    taken = sum(name in _NUMBERED for name in _told(said)) + (read.wallet is not None)
    if told < 2 or read.prices or read.unanswered or read.venue or taken != len(_DIGITS.findall(text)):
        return None
    return Answer(said=said, wallet=read.wallet, wallet_asset=read.wallet_asset, guessed=read.guessed)


def amendment(reading: Reading, *, question: Question, leg: int, asked: bool, now: datetime) -> Answer | None:
    """What a follow-up such as "20x cross 5k" or "short 3200" changes; None unless all of it has a place on the card.

    Arguments: asked, whether the card has a question open, which is about the position number `leg`. Of a card with
    several positions a follow-up changes only what holds for all of them: mode and wallet.
    """
    if not reading.follow_up or reading.unread or reading.unknown_coin:
        return None
    read = question_of(reading, now=now)
    if not isinstance(read, Question) or len(read.legs) != 1 or read.prices or read.unanswered or read.assets:
        return None
    own, said = question.legs[min(leg, len(question.legs) - 1)], read.legs[0]
    answer = Answer(
        said=said.model_copy(update={"coin": None}),
        wallet=read.wallet,
        wallet_asset=read.wallet_asset,
        venue=read.venue,
        guessed=read.guessed,
    )
    told = _told(answer.said)
    if said.coin not in (None, own.coin) or not (told or read.wallet is not None or read.venue is not None):
        return None
    if said.entry is not None and not can_be_entry(said.entry, own):
        return None
    if len(question.legs) > 1 and not asked:
        return replace(answer, for_all=True) if told <= {"mode"} else None
    return answer
