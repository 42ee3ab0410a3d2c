"""Prices now that a text tells: for the last card, for an earlier one of that coin, and for what is saved.

btc 63k now      ->  the last card measured from there, and the saved positions of that coin
btc 63k?         ->  the last check of BTC with that price now, whatever was asked since
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import Close, Event, Outcome, Show
from bot.flows import check, start
from bot.flows.conversations import flow_of
from bot.services.facts import Facts
from bot.services.saved import with_prices
from bot.storage.portfolios import SavePortfolio
from bot.understanding.readings import Reading
from bot.understanding.understand import understand


def asked_again(text: str, facts: Facts) -> tuple[str, Facts] | None:
    """ "btc 63k?" as "btc 63k now" to the last check of that coin; None for any other text.

    A newer card of another kind that is about the coin keeps it: there a price is supposed.
    """
    newest, told = facts.card, f"{text.rstrip().removesuffix('?')} now"
    marks = understand(told).parsed.marks if facts.recent and text.rstrip().endswith("?") else None
    if newest is None or marks is None:
        return None
    flow = flow_of(newest)
    if newest.flow != check.CHECK.name and flow is not None and set(flow.coins(newest, facts)) & set(marks):
        return None
    found = next((card for card in facts.recent if set(check.coins_of(card)) & set(marks)), None)
    return None if found is None else (told, replace(facts, card=found))


def marked(event: Event, reading: Reading, facts: Facts, *, meant: bool) -> Outcome:
    """ "btc 63k now": for the newest card if it is about that coin, and for the saved positions of that coin.

    Of several prices each one is taken where it belongs; what has no place is named. meant: whether the text was
    meant for the bot in any case.
    """
    given, card = reading.parsed.marks or {}, facts.card
    stored, held = with_prices(facts.portfolio.portfolio, given, now=event.time)
    save = SavePortfolio(owner_id=event.person.id, portfolio=stored, version=facts.portfolio.version)
    changes = (save,) if held else ()
    taken: set[str] = set()
    shown: tuple[Show | Close, ...] = ()
    flow = flow_of(card)
    answer = flow.priced(event, card, given, facts) if card is not None and flow is not None else None
    if answer is not None:
        shown, taken = answer[0].show, answer[1]
    rest = {coin: price for coin, price in given.items() if coin not in taken}
    if not shown and not held:
        return start.no_position(event, rest) if meant else Outcome()
    noted = {coin: price for coin, price in rest.items() if coin in held and event.chat.is_private}
    remark = start.about_prices(event, noted, [coin for coin in rest if coin not in held])
    return Outcome(show=(*shown, *remark.show), changes=changes)
