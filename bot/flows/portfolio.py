"""The portfolio card: the saved account, its number first, and the few things that change it.

    /portfolio                       ->  "Your account: everything may fall 21.1% …", then every position
    [Remove…] [Long 0.5 BTC …]       ->  "Remove Long 0.5 BTC …? This cannot be undone." [Remove] [« Back]
    [Price now] [BTC]  63k           ->  measured from 63,000, which you gave just now; "btc 63k now" does the same
    [Set wallet]  12k                ->  the account with 12,000 USDT
    [Close]                          ->  the message goes away; nothing is lost

Pages: `card`, `which` (to remove), `really`, `coins` (whose price), and two that are answered by typing, `wallet` and
`mark`. In a group nothing personal is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.dialogue import Card, Close, Event, Outcome, Screen, Show
from bot.flows.basis import SAVED
from bot.flows.flow import Flow
from bot.flows.start import said, tongue_of
from bot.rendering.portfolio_screen import (
    ask_screen,
    coin_screen,
    held_name,
    portfolio_screen,
    really_screen,
    which_screen,
)
from bot.rendering.verdict import Tongue
from bot.rendering.views import HeldView, Note, PortfolioView
from bot.services.accounts import look_at, with_wallet, without
from bot.services.answers import is_below_zero, typed_price, typed_wallet
from bot.services.facts import Facts
from bot.services.saved import coins_held, with_prices
from bot.storage.portfolios import Portfolio, SavePortfolio
from bot.understanding.readings import Reading

FLOW: Final = "portfolio"

Page = Literal["card", "which", "really", "coins", "wallet", "mark"]


class Draft(BaseModel):
    """What a portfolio card remembers: its page, whose price is asked for, and what the next message may answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Page = "card"
    coin: str = ""
    awaiting: Literal["wallet", "mark"] | None = None


def opened(event: Event, facts: Facts) -> Outcome:
    """/portfolio: a new card in the private chat; in a group only the way there."""
    if event.chat.kind != "private":
        return said(event, "portfolio.private")
    card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow=FLOW)
    return _card(event, card, facts.portfolio.portfolio)


def coins_of(facts: Facts) -> tuple[str, ...]:
    """The coins that are saved."""
    return coins_held(facts.portfolio.portfolio)


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """The next message after a question of the card: the wallet or a price. None when it is neither."""
    draft = _draft(card)
    if draft is None or draft.awaiting is None:
        return None
    stored = facts.portfolio.portfolio
    if draft.awaiting == "wallet":
        wallet = typed_wallet(text)
        return None if wallet is None else _changed(event, card, facts, with_wallet(stored, wallet))
    price = typed_price(text, coin=draft.coin)
    return None if price is None else _priced(event, card, {draft.coin: price}, facts)


def awaits(card: Card) -> bool:
    """Whether the next message may answer a question of the card."""
    draft = _draft(card)
    return draft is not None and draft.awaiting is not None


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = _draft(card)
    if draft is None or draft.awaiting is None:
        return None
    name = "above_zero" if is_below_zero(text) else "unreadable"
    problem = Note(name=name, facts={"text": text if len(text) <= 40 else text[:39] + "…"})
    return _ask(event, card, draft, problem=problem)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """Prices now for saved positions, shown on the portfolio's own card; None when none of them is held."""
    _, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
    outcome = _priced(event, card, prices, facts)
    return (outcome, set(held)) if outcome is not None else None


def _priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> Outcome | None:
    changed, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
    return _changed(event, card, facts, changed) if held and event.chat.kind == "private" else None


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    stored = facts.portfolio.portfolio
    view = look_at(stored, now=event.time)
    tongue = tongue_of(event)
    name, _, value = action.partition(":")
    match name:
        case "back" | "cancel":
            return _card(event, card, stored)
        case "close":
            return Outcome(show=(Close(card=card),))
        case "wallet":
            return _ask(event, card, Draft(page="wallet", awaiting="wallet"))
        case "price":
            return _price(event, card, view, value, tongue)
        case "remove":
            return _remove(event, card, view, value, stored, tongue)
        case "removed":
            return _removed(event, card, view, value, facts, tongue)
        case _:
            return None


def _price(event: Event, card: Card, view: PortfolioView, value: str, tongue: Tongue) -> Outcome | None:
    """Whose price? One coin needs no choice."""
    coins = [price.coin for price in view.prices]
    coin = value or (coins[0] if len(coins) == 1 else "")
    if coin in coins:
        return _ask(event, card, Draft(page="mark", coin=coin, awaiting="mark"))
    if value or not coins:
        return None
    return _page(card, Draft(page="coins"), coin_screen(view, tongue))


def _remove(
    event: Event, card: Card, view: PortfolioView, value: str, stored: Portfolio, tongue: Tongue
) -> Outcome | None:
    if not value:
        return _page(card, Draft(page="which"), which_screen(view, tongue)) if view.held else None
    held = _held(view, value)
    if held is None:
        return _card(event, card, stored, remark=tongue.words("portfolio.gone"))
    return _page(card, Draft(page="really"), really_screen(held, tongue))


def _removed(event: Event, card: Card, view: PortfolioView, value: str, facts: Facts, tongue: Tongue) -> Outcome | None:
    held = _held(view, value)
    if held is None:
        return _card(event, card, facts.portfolio.portfolio, remark=tongue.words("portfolio.gone"))
    remark = tongue.words("portfolio.removed", name=held_name(held, tongue))
    return _changed(event, card, facts, without(facts.portfolio.portfolio, value, now=event.time), remark=remark)


def _held(view: PortfolioView, identity: str) -> HeldView | None:
    return next((held for held in view.held if held.id == identity), None)


# --- Showing -------------------------------------------------------------------------------------------------------


def _draft(card: Card) -> Draft | None:
    try:
        return Draft.model_validate(card.draft)
    except ValidationError:
        return None


def _page(card: Card, draft: Draft, screen: Screen) -> Outcome:
    changed = replace(card, draft=draft.model_dump(mode="json", exclude_defaults=True))
    return Outcome(show=(Show(screen=screen, card=changed),))


def _card(event: Event, card: Card, portfolio: Portfolio, *, remark: Markup | None = None) -> Outcome:
    screen = portfolio_screen(look_at(portfolio, now=event.time), tongue_of(event), remark=remark)
    return _page(card, Draft(), screen)


def _changed(event: Event, card: Card, facts: Facts, portfolio: Portfolio, *, remark: Markup | None = None) -> Outcome:
    shown = _card(event, card, portfolio, remark=remark)
    return replace(shown, changes=(_save(event, facts, portfolio),))


def _save(event: Event, facts: Facts, portfolio: Portfolio) -> SavePortfolio:
    return SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version)


def _ask(event: Event, card: Card, draft: Draft, *, problem: Note | None = None) -> Outcome:
    words = tongue_of(event).words
    wallet = draft.awaiting == "wallet"
    question = words("portfolio.ask_wallet") if wallet else words("portfolio.ask_price", coin=draft.coin)
    return _page(card, draft, ask_screen(question, tongue_of(event), problem=problem))


PORTFOLIO: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=awaits,
    typed=typed,
    misread=misread,
    priced=priced,
    basis=lambda card: SAVED,
    coins=lambda card, facts: coins_of(facts),
)
