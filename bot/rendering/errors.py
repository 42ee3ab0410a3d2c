"""The engine's refusals in a person's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from bot.rendering.views import Note
from margin_engine import EngineError

_AVAILABLE = re.compile(r"must not need more than the (?P<free>[\d.]+) that is available in cross:(?P<asset>\w+)")


def refusal_note(error: EngineError, margins: Sequence[tuple[str, Decimal]] = ()) -> Note:
    """What the engine refused: the wallet that is too small by name, the rest with the engine's own rule.

    Arguments: margins, what each isolated position sets aside, by coin.
    """
    if error.field.startswith("wallet."):
        # "must cover the isolated margins of 1600": the amount stands at the rule's end.
        needed, wallet = _number(error.rule.rpartition(" ")[2]), _number(error.value)
        if needed is not None and wallet is not None:
            facts = {"wallet": wallet, "needed": needed, "asset": error.field.removeprefix("wallet.")}
            if len(margins) > 1:
                return Note(name="isolated_together", facts={**facts, "margins": tuple(margins)}, slot="wallet")
            return Note(name="isolated_above_wallet", facts=facts, slot="wallet")
    found = _AVAILABLE.fullmatch(error.rule)
    needed = _number(error.value)
    if found is not None and needed is not None:
        facts = {"needed": needed, "free": Decimal(found["free"]), "asset": found["asset"]}
        return Note(name="not_enough_free", facts=facts)
    name = error.field.rpartition(".")[2].replace("_", " ")
    return Note(name="refused", facts={"field": name, "rule": error.rule, "value": error.value})


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
