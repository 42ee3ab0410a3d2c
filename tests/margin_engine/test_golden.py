"""Figures that others published or measured, each with its source in golden/, and the pages that list them."""

from typing import Any

import pytest

from tests.margin_engine import pages


@pytest.mark.parametrize("item", pages.items(), ids=lambda item: item["id"])
def test_a_published_figure_is_met_within_its_own_rounding(item: dict[str, Any]) -> None:
    for figure in pages.figures(item):
        assert figure.agrees, f"{figure.path}: published {figure.published}, engine {figure.found}"


def test_every_kind_of_evidence_is_told_apart() -> None:
    assert len(pages.items()) == 63
    assert {item["evidence"] for item in pages.items()} == set(pages.EVIDENCE)


PAGES = {"verification": (pages.VERIFICATION, pages.verification), "venues": (pages.VENUES, pages.venues)}


@pytest.mark.parametrize(("page", "made"), PAGES.values(), ids=PAGES)
def test_a_page_is_as_its_data_make_it(page: Any, made: Any) -> None:
    text = made()
    print(text)
    assert pages.made_part(page) == text, "make it anew: python -m tests.margin_engine.pages"
