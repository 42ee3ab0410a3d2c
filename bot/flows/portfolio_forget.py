"""/forget: what is stored about a person, and all of it deleted after they confirm it.

/forget                          ->  "Stored about you: 2 portfolios …" [Delete everything] [Keep]
[Delete everything]              ->  all of it is gone, history included; it cannot be had back
"""

from __future__ import annotations

from bot.dialogue import Card, Close, Event, Outcome, Screen, Tap
from bot.flows.portfolio_card import Draft, new_card, page
from bot.flows.start import said, tongue_of
from bot.services.facts import Facts
from bot.storage.portfolios import Census, ForgetPerson


def asked(event: Event, facts: Facts) -> Outcome:
    """What is stored, and the question."""
    words, census = tongue_of(event).words, facts.census or Census()
    # The card that asks is stored, too.
    text = words(
        "forget.stored",
        portfolios=words.count("forget.portfolios", census.portfolios),
        positions=words.count("forget.positions", census.positions),
        steps=words.count("forget.steps", census.steps),
        settings=words("forget.settings") if census.settings else words("forget.no_settings"),
        shares=words.count("forget.shares", census.shares),
        cards=words.count("forget.cards", census.cards),
    )
    buttons = (
        (Tap(label=words.label("button.forget"), action="forget_all", style="danger"),),
        (Tap(label=words.label("button.keep"), action="close"),),
    )
    return page(new_card(event), Draft(page="forget"), Screen(text=text, buttons=buttons))


def done(event: Event, card: Card, draft: Draft) -> Outcome | None:
    """`forget_all`: only from the page that said what there is."""
    if draft.page != "forget":
        return None
    told = said(event, "forget.done").show
    return Outcome(show=(Close(card=card), *told), changes=(ForgetPerson(owner_id=event.person.id),))
