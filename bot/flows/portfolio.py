"""The portfolio card: the saved account, its number first, and everything that changes it.

    /portfolio                       ->  "Nearest: ETH short …", then every position
    [Positions…]                     ->  one position, and what can be done to it (portfolio_orders.py)
    [Price now] [BTC]  63k           ->  measured from 63,000, which you gave just now; "btc 63k now" does the same
    [Set wallet]  12k                ->  the account with 12,000 USDT; "deposit 500", "withdraw 200" do their part
    [History], [Undo]                ->  what happened, and taken back (portfolio_history.py)
    [More…]                          ->  exchange, asset mode, import, export, rename, duplicate, delete, all portfolios
    [Close]                          ->  the message goes away; nothing is lost

In a group nothing personal is shown before its owner taps (portfolio_here.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.dialogue import Card, Close, Enclosed, Event, Outcome
from bot.flows import portfolio_collateral as collateral
from bot.flows import portfolio_files as files
from bot.flows import portfolio_forget as forget
from bot.flows import portfolio_here as here
from bot.flows import portfolio_history as past
from bot.flows import portfolio_list as shelf
from bot.flows import portfolio_orders as orders
from bot.flows import portfolio_share as sharing
from bot.flows.basis import SAVED
from bot.flows.cards import misread_note
from bot.flows.flow import Flow
from bot.flows.portfolio_card import FLOW as FLOW
from bot.flows.portfolio_card import Draft, ask, changed, draft_of, first_of, new_card, page, show_card
from bot.flows.portfolio_spoken import asks
from bot.flows.portfolio_spoken import worded as worded
from bot.flows.start import sent_home, tongue_of
from bot.rendering.portfolio_screen import coin_screen
from bot.services.account_view import look_at
from bot.services.accounts import with_wallet
from bot.services.answers import typed_price, typed_wallet
from bot.services.facts import SHARE_PREFIX, Facts
from bot.services.saved import asset_asked, coins_held, settles_held, with_prices
from bot.services.symbols import coin_of
from bot.understanding.portfolio_words import bare_name
from bot.understanding.readings import Reading

COMMANDS: Final = frozenset({"portfolio", "portfolios", "new", "history", "undo", "redo", "import", "export", "forget"})


def opened(event: Event, facts: Facts) -> Outcome:
    """/portfolio: a new card in the private chat; in a group the way there, and a button for its owner."""
    if not event.chat.is_private:
        return here.offered(event)
    return show_card(event, new_card(event), facts)


def takes(name: str, arguments: str) -> bool:
    """Whether a command is for this conversation; /start is when a link to a portfolio stands behind it."""
    return name in COMMANDS or (name == "start" and arguments.startswith(SHARE_PREFIX))


def commanded(event: Event, name: str, arguments: str, facts: Facts) -> Outcome:
    """The other commands of this conversation."""
    if not event.chat.is_private:
        return here.offered(event) if name == "portfolio" else sent_home(event, "portfolio.private", "portfolio")
    card = new_card(event)
    match name:
        case "start":
            return sharing.opened(event, facts)
        case "portfolios":
            return shelf.listed(event, card, facts)
        case "new":
            return shelf.created(event, card, arguments, facts)
        case "history":
            return past.history(event, card, "", facts)
        case "undo":
            steps = arguments.strip()
            return past.undone(event, card, facts, count=int(steps) or 1 if re.fullmatch(r"\d{1,2}", steps) else 1)
        case "redo":
            return past.redone(event, card, facts)
        case "import":
            return files.pasted(event, card, arguments, facts) if arguments.strip() else files.asked(event, card)
        case "export":
            return files.exported(event, facts)
        case "forget":
            return forget.asked(event, facts)
        case _:
            return opened(event, facts)


def enclosed(event: Event, file: Enclosed, facts: Facts) -> Outcome:
    """A file: what was read from it, on the card that asks for it or on one of its own."""
    if not event.chat.is_private:
        return sent_home(event, "portfolio.private", "portfolio")
    if file.text is None:
        return files.unreadable(event, file)
    card = facts.card
    draft = draft_of(card) if card is not None and card.flow == FLOW else None
    asking = draft is not None and draft.awaiting == "import"
    return files.pasted(event, card if card is not None and asking else new_card(event), file.text, facts)


# --- The card's own questions --------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """The next message after a question of the card; None when it does not answer that."""
    draft = draft_of(card)
    if draft is None or draft.awaiting is None or not event.chat.is_private:
        return None
    stored = facts.portfolio.portfolio
    match draft.awaiting:
        case "wallet":
            told = typed_wallet(text)
            known = (None, draft.coin, *settles_held(stored), *stored.wallet)
            if told is None or told[1] not in known:
                return None
            return changed(event, card, facts, with_wallet(stored, told[0], told[1] or draft.coin or None), "wallet")
        case "mark":
            price = typed_price(text, coin=coin_of(draft.coin))
            return None if price is None else _priced(event, card, {draft.coin: price}, facts)
        case "new":
            return shelf.created(event, card, bare_name(text), facts)
        case "rename":
            return shelf.renamed(event, card, bare_name(text), facts)
        case "collateral_price" if draft.page == shelf.TO_MULTI:
            price = typed_price(text, coin=draft.coin)
            return shelf.priced_for_multi(event, card, draft.coin, price, facts) if price is not None else None
        case "collateral_coin" | "collateral_amount" | "collateral_price" | "collateral_haircut":
            return collateral.typed(event, card, draft, text, facts)
        case _:
            return orders.typed(event, card, draft, text, facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again."""
    draft = draft_of(card)
    if draft is None or draft.awaiting is None:
        return None
    problem = misread_note(text)
    return ask(event, card, draft, problem=problem)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """Prices now for saved positions, shown on the portfolio's own card; None when none of them is held."""
    _, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
    outcome = _priced(event, card, prices, facts)
    return (outcome, set(held)) if outcome is not None else None


def _priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> Outcome | None:
    after, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
    if not held or not event.chat.is_private:
        return None
    draft = draft_of(card)
    if draft is not None and draft.page == "order" and draft.order is not None:
        return orders.recounted(event, card, draft, after, facts)
    return changed(event, card, facts, after, "price")


# --- Buttons -------------------------------------------------------------------------------------------------------


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    if not event.chat.is_private:
        return None
    draft = draft_of(card) or Draft()
    name, _, value = action.partition(":")
    match name:
        case "back" | "cancel":
            return show_card(event, card, facts)
        case "page":
            return show_card(event, card, facts, start=first_of(value))
        case "close":
            return Outcome(show=(Close(card=card),))
        case "wallet":
            return ask(
                event, card, Draft(page="wallet", awaiting="wallet", coin=asset_asked(facts.portfolio.portfolio))
            )
        case "price":
            return _price(event, card, value, facts)
        case "positions" | "pos" | "order" | "type" | "pick" | "as" | "do":
            return _about_positions(event, card, draft, name, value, facts)
        case "history" | "undo" | "redo":
            return _about_past(event, card, name, value, facts)
        case _:
            return _about_all(event, card, draft, name, value, facts)


def _price(event: Event, card: Card, value: str, facts: Facts) -> Outcome | None:
    """Whose price? One coin needs no choice."""
    view = look_at(facts.portfolio.portfolio, now=event.time)
    coins = [price.coin for price in view.prices]
    coin = value or (coins[0] if len(coins) == 1 else "")
    if coin in coins:
        return ask(event, card, Draft(page="mark", coin=coin, awaiting="mark"))
    if value or not coins:
        return None
    return page(card, Draft(page="coins"), coin_screen(view, tongue_of(event)))


def _about_positions(event: Event, card: Card, draft: Draft, name: str, value: str, facts: Facts) -> Outcome | None:
    match name:
        case "positions":
            return orders.positions(event, card, facts)
        case "pos":
            return orders.position(event, card, value, facts)
        case "order":
            return orders.order_tapped(event, card, value, facts)
        case "type":
            return orders.type_tapped(event, card, value, facts)
        case "pick":
            return orders.picked(event, card, draft, value, facts)
        case "as":
            return orders.mode_chosen(event, card, draft, value, facts)
        case _:
            return orders.made(event, card, draft, facts)


def _about_past(event: Event, card: Card, name: str, value: str, facts: Facts) -> Outcome:
    match name:
        case "undo":
            return past.undo_tapped(event, card, value, facts)
        case "redo":
            return past.redone(event, card, facts)
        case _:
            return past.history(event, card, value, facts)


def _about_all(event: Event, card: Card, draft: Draft, name: str, value: str, facts: Facts) -> Outcome | None:
    match name:
        case "more":
            return shelf.more(event, card, facts)
        case "list":
            return shelf.listed(event, card, facts)
        case "new":
            return ask(event, card, Draft(page="name", awaiting="new", back="list"))
        case "rename":
            return ask(event, card, Draft(page="name", awaiting="rename", back="more"))
        case "open":
            return shelf.opened(event, card, value, facts)
        case "duplicate":
            return shelf.duplicated(event, card, facts)
        case "delete":
            return shelf.delete_asked(event, card, facts)
        case "deleted":
            return shelf.deleted(event, card, draft, facts)
        case "restore":
            return shelf.restored(event, card, value, facts)
        case "venue":
            return shelf.venue_chosen(event, card, value, facts) if value else shelf.venues(event, card)
        case "import":
            return files.asked(event, card)
        case "export":
            return files.exported(event, facts)
        case "save_all" | "as_all" | "save_over":
            return files.saved(event, card, draft, value, facts, over=name == "save_over" and draft.replace_all)
        case "forget_all":
            return forget.done(event, card, draft)
        case "share":
            return sharing.made(event, card, value, facts) if value else sharing.asked(event, card, facts)
        case "unshare":
            return sharing.ended(event, card, facts)
        case "collateral":
            return collateral.tapped(event, card, value, facts)
        case "multi":
            return shelf.mode_chosen(event, card, value, facts)
        case _:
            return None


def undone(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """ "Undo" after the portfolio's card."""
    return past.undone(event, card, facts) if event.chat.is_private else None


PORTFOLIO: Final = Flow(
    name=FLOW,
    tapped=tapped,
    awaits=asks,
    typed=typed,
    misread=misread,
    priced=priced,
    undone=undone,
    basis=lambda card: SAVED,
    shown=show_card,
    coins=lambda card, facts: coins_held(facts.portfolio.portfolio),
)
"""What the front desk knows of this conversation."""
