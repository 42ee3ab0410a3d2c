"""A card opened once more, in a private chat: what was asked is the same, what was not said is the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import Card, Event, Outcome
from bot.flows.basis import Basis, with_saved_account
from bot.flows.cards import opened_card
from bot.flows.flow import Flow
from bot.services.facts import Facts
from bot.services.preferring import without_preferences


def opened_again(flow: Flow, event: Event, card: Card, facts: Facts) -> Outcome | None:
    """The card of a flow opened once more; None where there is nothing to show of it."""
    if flow.again is not None:
        return flow.again(event, card, facts)
    own = replace(opened_card(event, card.flow), draft=_as_own(card.draft, flow.basis(card), event, facts))
    return flow.shown(event, own, facts)


def _as_own(draft: Mapping[str, Any], basis: Basis | None, event: Event, facts: Facts) -> Mapping[str, Any]:
    """A draft whose positions take what was not said from whoever reads them."""
    if basis is None or basis.question is None or "basis" not in draft:
        return draft
    question = with_saved_account(without_preferences(basis.question), event, facts)
    own = basis.model_copy(update={"question": question, "origin": None})
    return {**draft, "basis": own.model_dump(mode="json", exclude_defaults=True)}
