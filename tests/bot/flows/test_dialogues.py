"""The pages of docs/flows are played word for word."""

import pytest

from tests.bot.flows.dialogues import FLOWS, Turn, blocks, played
from tests.bot.flows.talk import Talk

CASES = [
    pytest.param(turns, id=f"{page.stem}-{number}-{turns[0].input[:30]}")
    for page in sorted(FLOWS.glob("*.md"))
    for number, turns in enumerate(blocks(page), start=1)
]


@pytest.mark.parametrize("turns", CASES)
def test_a_dialogue_of_the_documentation_is_what_the_bot_says(turns: list[Turn]) -> None:
    talk = Talk()
    for turn in turns:
        assert played(talk, turn.input) == turn.shown, f"after {turn.input!r}"


def test_the_documentation_has_dialogues() -> None:
    assert len(CASES) >= 20
