"""The coins behind a multi-asset account: how much of each, its price and its haircut, one question at a time.

[More…] [Collateral]             ->  "BTC: 0.5, at 64,000 given 3 h ago, less 5%." [BTC] [Another coin]
[Another coin]  0.5 btc, 64k     ->  the coin with what it counts as; the haircut is assumed until it is told
[BTC] [Amount] [Price] [Haircut] ->  its question; an amount of 0 takes the coin out
[Asset mode] with coins held     ->  the price of each is asked for first
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.portfolio_card import Awaiting, Draft, ask, changed, page, show_card
from bot.flows.start import tongue_of
from bot.rendering.notes import write_note
from bot.rendering.portfolio_collateral_screen import coin_backing_screen, collateral_screen
from bot.rendering.views import Note
from bot.services.answers import typed_price
from bot.services.backing import MOST_COINS, backing_of, with_backing, with_marked
from bot.services.facts import Facts
from bot.services.funds import HAIRCUT
from bot.services.typed import typed_wallet
from bot.understanding.answers import read_number
from bot.understanding.coins import STABLES

_SLOTS: Final[dict[str, Awaiting]] = {
    "amount": "collateral_amount",
    "price": "collateral_price",
    "haircut": "collateral_haircut",
}
_PERCENT: Final = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*(%?)")


def listed(event: Event, card: Card, facts: Facts, *, remark: Markup | None = None) -> Outcome:
    """All coins that back the account."""
    lines = backing_of(facts.portfolio.portfolio, now=event.time)
    more = len(lines) < MOST_COINS
    return page(card, Draft(page="collateral"), collateral_screen(lines, tongue_of(event), more=more, remark=remark))


def tapped(event: Event, card: Card, value: str, facts: Facts) -> Outcome | None:
    """`collateral`, `collateral:new`, `collateral:COIN`, `collateral:COIN:SLOT`."""
    coin, _, slot = value.partition(":")
    if not coin:
        return listed(event, card, facts)
    lines = backing_of(facts.portfolio.portfolio, now=event.time)
    if coin == "new" and len(lines) < MOST_COINS:
        return ask(event, card, Draft(page="typed", awaiting="collateral_coin", back="collateral"))
    held = next((each for each in lines if each.asset == coin), None)
    if held is None:
        return None
    if not slot:
        return page(card, Draft(page="coin", coin=coin), coin_backing_screen(held, tongue_of(event)))
    awaiting = _SLOTS.get(slot)
    if awaiting is None:
        return None
    return ask(event, card, Draft(page="typed", awaiting=awaiting, coin=coin, back=f"collateral:{coin}"))


def brought_in(event: Event, card: Card, coin: str, amount: Decimal, facts: Facts) -> Outcome | None:
    """A balance of a coin that a multi-asset account has no price of: asked for first. None where it has, or for
    dollars."""
    portfolio = with_marked(facts.portfolio.portfolio)
    if portfolio.asset_mode != "multi" or coin in STABLES or coin in portfolio.collateral:
        return None
    return ask(event, card, Draft(page="typed", awaiting="collateral_price", coin=coin, amount=amount))


def typed(event: Event, card: Card, draft: Draft, text: str, facts: Facts) -> Outcome | None:
    """The answer to a question of these pages; None when it is none."""
    coin = draft.coin
    match draft.awaiting:
        case "collateral_coin":
            return _coin_named(event, card, text, facts)
        case "collateral_amount":
            told = typed_wallet(text)
            if told is None or told[1] not in (None, coin):
                return None
            return _set(event, card, draft, facts, amount=told[0])
        case "collateral_price":
            price = typed_price(text, coin=coin)
            return _set(event, card, draft, facts, amount=draft.amount, price=price) if price is not None else None
        case _:
            haircut = _haircut(text)
            return _set(event, card, draft, facts, haircut=haircut) if haircut is not None else None


def _coin_named(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    told = typed_wallet(text)
    if told is None or told[1] is None or told[1] in STABLES or told[0] == 0:
        return None
    amount, coin = told
    if coin in facts.portfolio.portfolio.collateral:
        return _set(event, card, Draft(coin=coin, back="collateral"), facts, amount=amount)
    return ask(
        event, card, Draft(page="typed", awaiting="collateral_price", coin=coin, amount=amount, back="collateral")
    )


def _haircut(text: str) -> Decimal | None:
    """A percentage from 0 to 100 as a fraction; "0.05" alone may be one already, so it is not taken."""
    found = _PERCENT.fullmatch(text.strip())
    number = read_number(found[1], None) if found else None
    if found is None or number is None or number > 100 or (0 < number < 1 and not found[2]):
        return None
    return number / 100


def _set(
    event: Event,
    card: Card,
    draft: Draft,
    facts: Facts,
    *,
    amount: Decimal | None = None,
    price: Decimal | None = None,
    haircut: Decimal | None = None,
) -> Outcome:
    tongue = tongue_of(event)
    after, trouble = with_backing(
        facts.portfolio.portfolio, draft.coin, now=event.time, amount=amount, price=price, haircut=haircut
    )
    if after is None:
        why = trouble or Note(name="unreadable", facts={"text": draft.coin})
        remark = tongue.words("portfolio.not_set", why=write_note(why, tongue.words, tongue.numbers))
        return show_card(event, card, facts, remark=remark)
    line = next((each for each in backing_of(after, now=event.time) if each.asset == draft.coin), None)
    if line is None:
        return changed(event, card, facts, after, "wallet", remark=tongue.words("collateral.out", asset=draft.coin))
    facts_said = {"asset": draft.coin, "amount": tongue.numbers.amount(line.amount, draft.coin)}
    facts_said["haircut"] = tongue.numbers.rate(line.haircut)
    remark = tongue.words("collateral.set", **facts_said)
    if haircut is None and line.haircut == HAIRCUT:
        remark += Markup(" ") + tongue.words("collateral.assumed", haircut=facts_said["haircut"])
    return changed(event, card, facts, after, "wallet", remark=remark)
