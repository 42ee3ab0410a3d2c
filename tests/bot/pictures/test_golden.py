"""Pictures against those kept in `golden/`, each a tenth as wide and as high.

A mean difference of a few grey levels is rounding or another release of the library; more is another picture. When a
change is meant: `python -m tests.bot.pictures.test_golden` writes them anew; look at them before they are kept.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.pictures.drawing import draw
from tests.bot.pictures.books import pictures

GOLDEN = Path(__file__).parent / "golden"
KEPT = ("market-three", "market-inverse", "ladder-three", "distances-many", "coins-hedge", "share-table")
SHRINK = 10
TOLERANCE = 3.0
"""Mean difference in grey levels of 255."""


def small(name: str) -> Image.Image:
    """A picture, averaged."""
    with Image.open(io.BytesIO(draw(pictures("dark" if "coins" in name else "light")[name]).png)) as image:
        return image.convert("RGB").reduce(SHRINK)


@pytest.mark.parametrize("name", KEPT)
def test_a_picture_looks_as_it_did(name: str) -> None:
    with Image.open(GOLDEN / f"{name}.png") as kept:
        expected = np.asarray(kept.convert("RGB"), np.float64)
    drawn = np.asarray(small(name), np.float64)
    assert drawn.shape == expected.shape
    assert np.abs(drawn - expected).mean() < TOLERANCE


def test_the_tolerance_tells_two_pictures_apart() -> None:
    one, other = (np.asarray(small(name), np.float64) for name in ("market-three", "market-inverse"))
    assert np.abs(one - other).mean() > 2 * TOLERANCE


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in KEPT:
        small(name).save(GOLDEN / f"{name}.png", optimize=True)
