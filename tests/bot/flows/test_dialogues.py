"""The pages of docs/flows are played word for word."""

import pytest

from tests.bot.flows.dialogues import FLOWS, Block, begun, blocks, played

CASES = [
    pytest.param(block, id=f"{page.stem}-{number}-{block.turns[0].input[:30]}")
    for page in sorted(FLOWS.glob("*.md"))
    for number, block in enumerate(blocks(page), start=1)
]


@pytest.mark.parametrize("block", CASES)
def test_a_dialogue_of_the_documentation_is_what_the_bot_says(block: Block) -> None:
    talk = begun(block)
    for turn in block.turns:
        assert played(talk, turn.input) == turn.shown, f"after {turn.input!r}"


def test_the_documentation_has_dialogues() -> None:
    assert len(CASES) >= 20
