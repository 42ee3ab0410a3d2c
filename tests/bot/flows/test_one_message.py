"""One message, one answer: a trade in a line is answered in one message, with no menu in between."""

import json
import re
from pathlib import Path

import pytest

from bot.flows.check_card import draft_of
from tests.bot.flows.talk import Talk

GOLDEN = Path(__file__).parents[1] / "understanding" / "golden"
NUMBER = re.compile(r"(Isolated|Cross).*\d")
FILES = ("utterances", "messages", "positions")


def trades() -> list[str]:
    """The golden trades of one line that say all that an isolated price depends on, and ask nothing else."""
    rows = [row for name in FILES for row in json.loads((GOLDEN / f"{name}.json").read_text())]
    found = []
    for row in rows:
        said = row["parsed"].get("positions") or []
        whole = all({"symbol", "side", "entry", "leverage"} <= set(position) for position in said)
        alone = not re.search(r"\b(and|also) what\b", row["text"]) and not (
            row.get("missing") or row["parsed"].get("account") or row["parsed"].get("venue")
        )
        linear = all(position.get("contract") in (None, "linear") for position in said)
        priced = all(not isinstance(position.get("entry"), str) for position in said)
        if row.get("kind", "position") == "position" and said and whole and alone and linear and priced:
            found += [row["text"]] if "\n" not in row["text"] else []
    return found


def test_every_whole_trade_of_the_golden_utterances_is_answered_in_one_message() -> None:
    texts = trades()
    assert len(texts) > 100
    unanswered = []
    for text in texts:
        talk = Talk()
        talk.say(text)
        draft = draft_of(talk.card) if talk.last.card_id is not None else None
        if len(talk.messages) != 1 or draft is None or draft.page != "card" or not NUMBER.match(talk.text):
            unanswered.append((text, talk.first_line))
    assert not unanswered


@pytest.mark.parametrize("question", ["how far to liq?", "whats my max loss?", "odds?"])
def test_a_question_behind_a_trade_is_asked_of_it_and_answered_once(question: str) -> None:
    # (46,000 - 4,500) / (0.5 * 0.996)
    talk = Talk()
    text = talk.say(f"my btc long 0.5@92k, cross, 4.5k bal at 25x. {question}")
    assert len(talk.messages) == 1
    assert text.startswith("Cross with 4,500 USDT: liquidated at 83,333.4")
