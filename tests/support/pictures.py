"""The pictures of docs/pictures: every kind on light and dark paper, as wide as a phone's screen.

`python -m tests.support.pictures` writes them anew.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image

from bot.pictures.drawing import draw
from bot.pictures.specs import PictureSpec, Theme, spec_of
from bot.services.picture_card import Wish, pictured
from bot.services.picturing import SPANS, Look
from bot.services.question import Declined, question_of
from bot.services.quizzing import Given
from bot.services.subject import subject_of_question
from bot.understanding.readings import Context
from bot.understanding.understand import understand
from margin_engine import MarginMode, in_mode
from tests.bot.flows.talk import NOON
from tests.bot.pictures.books import hedge, three
from tests.support.picture_specs import distances_spec, ladder_spec, market_spec, two_coins_spec

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH: Final = 390
COLOURS: Final = 128


def shown(theme: Theme) -> dict[str, PictureSpec]:
    """One picture of each kind."""
    look = Look(theme=theme)
    cross, isolated = three("cross"), in_mode(three("cross"), MarginMode.ISOLATED)
    return {
        "market": market_spec({"isolated": isolated, "cross": cross}, span=SPANS[2], look=look),
        "ladder": ladder_spec(isolated, mode="isolated", span=SPANS[1], look=look),
        "distances": distances_spec(cross, mode="cross", look=look),
        "two-coins": two_coins_spec(
            hedge("cross"), mode="cross", across="BTCUSDT", up="ETHUSDT", span=SPANS[2], look=look
        ),
        "table": readme(Wish(kind="share", theme=theme)),
        "verdict": readme(Wish(kind="verdict", theme=theme, given=Given(unattended=True, known_loss=True))),
    }


def readme(wish: Wish) -> PictureSpec:
    """A picture under the README's question."""
    question = question_of(understand("long 0.5 btc 64k 20x, wallet 10k", Context()), now=NOON)
    assert not isinstance(question, Declined)
    found = pictured(subject_of_question(question, now=NOON), wish)
    assert found is not None
    return spec_of(dict(found.spec))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        for name, spec in shown(theme).items():
            with Image.open(io.BytesIO(draw(spec).png)) as image:
                height = round(image.height * WIDTH / image.width)
                small = image.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
            small.quantize(COLOURS).save(FOLDER / f"{name}-{theme}.png", optimize=True)


if __name__ == "__main__":
    main()
