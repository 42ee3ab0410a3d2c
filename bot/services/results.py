"""The engine's numbers behind an answer, in the form in which other programs read them."""

from __future__ import annotations

from typing import Any

from bot.rendering.views import Note
from bot.services.checking import Worked
from bot.services.halves import Halves
from margin_engine import Book, EngineError, Evaluation, compare, write_comparison, write_evaluation

_PARTITIONS = ("as_given", "isolated", "cross")
_COMPARED = ("liquidation_price", "distance", "margin_ratio", "max_loss")
_UNSAID = "not worked out: something that it depends on was not said"


def check_results(worked: Worked, kind: str) -> dict[str, Any] | None:
    """`evaluate` and `compare` of a check card; None when nothing was answered.

    A half that was not worked out is null with its reason. `evaluate` has the modes as they were said, isolated where
    none was said; if that half has no answer, the other's.
    """
    halves = worked.halves
    given = halves.given or _first(halves, crossed=worked.view.mode == "cross")
    if given is None:
        return None
    comparison: dict[str, Any] = {
        "as_given": write_evaluation(given),
        "as_given_reason": None,
        "isolated": write_evaluation(halves.isolated) if halves.isolated else None,
        "isolated_reason": None if halves.isolated else _reason(halves.isolated_trouble),
        "cross": write_evaluation(halves.cross) if halves.cross else None,
        "cross_reason": None if halves.cross else _reason(halves.cross_trouble),
    }
    comparison["differences"] = _differences(comparison) if halves.isolated and halves.cross else []
    if kind == "compare":
        return {"compare": comparison}
    return {"evaluate": comparison["as_given"], "compare": comparison}


def _first(halves: Halves, *, crossed: bool) -> Evaluation | None:
    return (halves.cross or halves.isolated) if crossed else (halves.isolated or halves.cross)


def _reason(trouble: Note | None) -> str:
    if trouble is None:
        return _UNSAID
    return f"{trouble.name}: " + ", ".join(f"{name} {value}" for name, value in trouble.facts.items())


def _differences(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """Figure by figure what the mode changes, for the card's own positions only."""
    halves = [comparison[name]["positions"] for name in _PARTITIONS]
    found = []
    for positions in zip(*halves, strict=False):
        for field in _COMPARED:
            figures = {name: position[field] for name, position in zip(_PARTITIONS, positions, strict=True)}
            if len(set(figures.values())) > 1:
                found.append({"id": positions[0]["id"], "field": field, **figures})
    return found


def account_results(book: Book | None) -> dict[str, Any] | None:
    """`evaluate` and `compare` of an account as it stands; None without one."""
    if book is None:
        return None
    try:
        comparison = write_comparison(compare(book))
    except EngineError:
        return None
    return {"evaluate": comparison["as_given"], "compare": comparison}
