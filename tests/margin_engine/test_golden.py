"""Figures that others published or measured, each with its source in golden/."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from margin_engine import evaluate, read_book, write_evaluation

GOLDEN = Path(__file__).parent / "golden"


def items() -> list[Any]:
    return [
        pytest.param(item, id=item["id"])
        for name in ("linear.json", "linear_elsewhere.json")
        for item in json.loads((GOLDEN / name).read_text(encoding="utf-8"))["items"]
    ]


@pytest.mark.parametrize("item", items())
def test_a_published_figure_is_met_within_its_own_rounding(item: dict[str, Any]) -> None:
    answer = write_evaluation(evaluate(read_book(item["book"])))
    for path, expected in item["expected"].items():
        section, identity, field = path.split(".")
        found = next(each for each in answer[section] if each["id"] == identity)[field]
        tolerance = item["tolerance"][path] if isinstance(item["tolerance"], dict) else item["tolerance"]
        if expected is None:
            assert found is None
        else:
            assert abs(Decimal(found) - Decimal(expected)) <= Decimal(str(tolerance)) * abs(Decimal(expected)), path
