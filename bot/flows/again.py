"""A card opened once more, in a private chat: what was asked is the same, what was not said is the reader's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.dialogue import Card, Event, Outcome
from bot.flows.basis import Basis, with_saved_account
from bot.flows.cards import Draft, draft_in, opened_card
from bot.flows.flow import Going
from bot.services.facts import Facts
from bot.services.preferring import without_preferences


def shown_again(kind: type[Draft], show: Callable[[Event, Card, Draft, Facts], Outcome | None]) -> Going:
    """How a flow opens its cards once more: `show` with the draft of the card, on a card of the event's own."""

    def going(event: Event, card: Card, facts: Facts) -> Outcome | None:
        draft = draft_in(card, kind)
        if draft is None:
            return None
        basis: Any = getattr(draft, "basis", None)
        if isinstance(basis, Basis) and basis.question is not None:
            own = with_saved_account(without_preferences(basis.question), event, facts)
            draft = draft.model_copy(update={"basis": basis.model_copy(update={"question": own, "origin": None})})
        return show(event, opened_card(event, card.flow), draft, facts)

    return going
