"""What is meant comes back: intents rendered in random styles, orders and company."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import Reading, parsed_json, understand
from bot.understanding.placing import values_of
from tests.bot.understanding.intents import INTENTS, NOISE, Intent, positions, sizes

JOINTS = st.sampled_from((" ", ", ", "\n"))


def _slots(reading: Reading) -> dict[str, Any]:
    return {name: value for name, value in parsed_json(reading).items() if name != "lang"}


@given(INTENTS, JOINTS)
def test_an_intent_rendered_in_any_style_is_read_back(intent: Intent, joint: str) -> None:
    text = joint.join(intent.parts)
    reading = understand(text)
    assert (reading.kind, _slots(reading)) == (intent.kind, intent.parsed), text


@given(st.one_of(positions(), sizes()), JOINTS, st.data())
def test_the_order_of_the_slots_changes_nothing(intent: Intent, joint: str, data: st.DataObject) -> None:
    text = joint.join(data.draw(st.permutations(intent.parts)))
    reading = understand(text)
    assert (reading.kind, _slots(reading)) == (intent.kind, intent.parsed), text


@given(INTENTS, JOINTS, st.data())
def test_noise_words_never_change_a_number(intent: Intent, joint: str, data: st.DataObject) -> None:
    parts = list(intent.parts)
    for word in data.draw(st.lists(st.sampled_from(NOISE), min_size=1, max_size=4)):
        parts.insert(data.draw(st.integers(0, len(parts))), word)
    text = joint.join(parts)
    said = understand(joint.join(intent.parts))
    assert _numbers(understand(text)) == _numbers(said), text


def _numbers(reading: Reading) -> frozenset[Decimal]:
    return values_of(reading.model_copy(update={"assumed": (), "unread": ()}))
