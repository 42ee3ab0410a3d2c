"""The rules are tried on what can fulfil them: leaving the others out must never change which one wins."""

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.topic_rules import Rule, rules, rules_about

NEEDLES = sorted({needle.strip() for rule in rules() for group in rule.groups for needle in group})


def holding(candidates: list[Rule], words: str) -> list[Rule]:
    return [rule for rule in candidates if all(any(needle in words for needle in group) for group in rule.groups)]


@given(st.lists(st.sampled_from(NEEDLES) | st.text("abils qu-/", max_size=6), max_size=8))
def test_every_rule_that_holds_is_among_those_worth_trying_in_the_same_order(parts: list[str]) -> None:
    words = f" {' '.join(' '.join(parts).split())} "
    assert holding(rules_about(words), words) == holding(list(rules()), words)


@given(st.sampled_from(rules()), st.data())
def test_a_text_made_for_a_rule_finds_it(rule: Rule, data: st.DataObject) -> None:
    words = "".join(data.draw(st.sampled_from(group)) for group in rule.groups).replace("  ", " ") + " "
    assert rule in holding(rules_about(words), words)
