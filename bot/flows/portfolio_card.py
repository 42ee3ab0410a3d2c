"""What every page of the portfolio shares: the draft of its card, showing a page, and saving with the right version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Change, Event, Outcome, Screen, Show, Tap, Toast
from bot.flows.cards import draft_in, opened_card, with_draft
from bot.flows.start import tongue_of
from bot.rendering.check_buttons import shortened
from bot.rendering.mistakes_screen import with_mistakes
from bot.rendering.portfolio_pages import typed_screen
from bot.rendering.portfolio_screen import portfolio_screen
from bot.rendering.views import Note
from bot.services.account_view import look_at
from bot.services.facts import Facts
from bot.services.noticing import noticed_in, worst_first
from bot.services.orders import Order
from bot.services.symbols import SETTLE
from bot.storage.portfolios import Entry, Portfolio, SavePortfolio, StoredPortfolio

FLOW: Final = "portfolio"
GET_BACK: Final = timedelta(minutes=10)
"""How long a deleted portfolio is offered on the card of another."""

Awaiting = Literal[
    "wallet", "mark", "new", "rename", "reduce", "add", "leverage", "margin", "quantity", "entry", "import",
    "collateral_coin", "collateral_amount", "collateral_price", "collateral_haircut",
]  # fmt: skip

_QUESTIONS: Final[dict[Awaiting, str]] = {
    "wallet": "portfolio.ask_wallet",
    "mark": "portfolio.ask_mark",
    "new": "portfolio.ask_new",
    "rename": "portfolio.ask_rename",
    "reduce": "portfolio.ask_reduce",
    "add": "portfolio.ask_add",
    "leverage": "portfolio.ask_leverage",
    "margin": "portfolio.ask_margin",
    "quantity": "portfolio.ask_quantity",
    "entry": "portfolio.ask_entry",
    "import": "portfolio.ask_import",
    "collateral_coin": "collateral.ask_coin",
    "collateral_amount": "collateral.ask_amount",
    "collateral_price": "collateral.ask_price",
    "collateral_haircut": "collateral.ask_haircut",
}


class Draft(BaseModel):
    """What a portfolio card remembers: its page, what the next message may answer, and a change before it is made.

    portfolio_id, version: which portfolio, as it was when `order` or `incoming` was shown: another one is shown anew.
    coin: whose price, or in what the wallet is asked for; amount: of it, said before its price. position: whose page it
    is; back: where a question came from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: str = "card"
    start: int = 0
    coin: str = ""
    position: str = ""
    amount: Decimal | None = None
    back: str = "back"
    awaiting: Awaiting | None = None
    order: Order | None = None
    portfolio_id: int | None = None
    version: int = 0
    incoming: Portfolio | None = None
    replace_all: bool = False
    unsaid: tuple[str, ...] = ()

    def is_of(self, stored: StoredPortfolio) -> bool:
        """Whether the open portfolio is still the one that was shown."""
        return (self.portfolio_id, self.version) == (stored.id, stored.version)


def draft_of(card: Card) -> Draft | None:
    """The card's draft; None for one that an earlier version of the bot wrote."""
    return draft_in(card, Draft)


def new_card(event: Event) -> Card:
    """A fresh card of this conversation."""
    return opened_card(event, FLOW)


def page(card: Card, draft: Draft, screen: Screen, *, toast: str | None = None) -> Outcome:
    """The card on that page."""
    changed = with_draft(card, draft)
    return Outcome(show=(Show(screen=screen, card=changed),), toast=Toast(text=toast[:200]) if toast else None)


def show_card(
    event: Event,
    card: Card,
    facts: Facts,
    *,
    remark: Markup | None = None,
    start: int = 0,
    toast: str | None = None,
    undoable: bool = False,
) -> Outcome:
    """The first page: the open portfolio."""
    view = look_at(facts.portfolio.portfolio, now=event.time)
    several = len(facts.shelf.entries) > 1
    tongue = tongue_of(event)
    undo = undo_action(facts.portfolio) if undoable else ""
    screen = portfolio_screen(view, tongue, remark=remark, start=start, several=several, undo=undo)
    screen = with_mistakes(screen, worst_first(noticed_in(view, facts.portfolio.portfolio)), tongue)
    gone = just_deleted(event, facts)
    if gone is not None:
        label = tongue.words.label("button.restore", name=shortened(gone[0].name, 20))
        back = (Tap(label=label, action=f"restore:{gone[0].id}"),)
        screen = replace(screen, buttons=(back, *screen.buttons))
    return page(card, Draft(start=start), screen, toast=toast)


def first_of(value: str) -> int:
    """The number of a page's first line, as its button says it; the beginning for one that was never drawn."""
    return int(value) if value.isdecimal() and len(value) < 4 else 0


def undo_action(stored: StoredPortfolio) -> str:
    """The button that takes back the change after which the portfolio is as it is, and no other: `undo:STEP:ID`."""
    return f"undo:{stored.step}:{stored.id or ''}"


def just_deleted(event: Event, facts: Facts) -> tuple[Entry, datetime] | None:
    """The portfolio that was deleted last and when, while that is no longer ago than `GET_BACK`."""
    gone = [(each, each.deleted_at) for each in facts.shelf.entries if each.deleted_at is not None]
    last = max(gone, key=lambda each: each[1], default=None)
    return last if last is not None and event.time - last[1] <= GET_BACK else None


def with_open(facts: Facts, portfolio: Portfolio) -> Facts:
    """The facts as they are after the open portfolio was changed."""
    stored = facts.portfolio
    step = stored.step + 1
    return replace(facts, portfolio=replace(stored, portfolio=portfolio, step=step, newest=step))


def save(event: Event, facts: Facts, portfolio: Portfolio, kind: str) -> SavePortfolio:
    """The change that stores the open portfolio."""
    return SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version, kind=kind)


def changed(
    event: Event,
    card: Card,
    facts: Facts,
    portfolio: Portfolio,
    kind: str,
    *,
    remark: Markup | None = None,
    toast: str | None = None,
) -> Outcome:
    """The open portfolio changed, and shown with a button that takes the change back."""
    shown = show_card(event, card, with_open(facts, portfolio), remark=remark, toast=toast, undoable=remark is not None)
    return replace(shown, changes=(save(event, facts, portfolio, kind),))


def and_change(outcome: Outcome, *changes: Change) -> Outcome:
    """The outcome with further changes."""
    return replace(outcome, changes=(*outcome.changes, *changes))


def ask(event: Event, card: Card, draft: Draft, *, problem: Note | None = None) -> Outcome:
    """A question that the next message answers."""
    words = tongue_of(event).words
    facts: dict[str, Any] = {"coin": draft.coin or SETTLE}
    question = words(_QUESTIONS[draft.awaiting or "wallet"], **facts)
    return page(card, draft, typed_screen(question, tongue_of(event), back=draft.back, problem=problem))


Tapping = Callable[[Event, Card, Draft, str, Facts], Outcome | None]
