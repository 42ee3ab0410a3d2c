"""An answer of a group as one line among those of others, when many wait."""

import pytest

from bot.dialogue import Chat
from bot.rendering.group_screen import is_said_in_a_line, line_of
from tests.bot.flows.talk import Talk

GROUP = Chat(id=-5, kind="supergroup")


def test_a_line_names_the_trade_and_both_modes() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.5 btc 64k 20x, wallet 10k")
    assert is_said_in_a_line(talk.last.screen)
    # 64,000 x 0.95 / 0.996 = 61,044.18; (32,000 - 10,000) / (0.5 x 0.996) = 44,176.71; up to the tick
    assert line_of("Ann", 7, talk.last.screen).striptags() == (
        "Ann: Long 0.5 BTC at 64,000, 20x. Isolated: liquidated at 61,044.2, 4.6% below entry. "
        "Cross with 10,000 USDT: 44,176.8, 31.0% below entry."
    )


def test_a_line_has_no_question_which_nobody_could_answer_there() -> None:
    talk = Talk(chat=GROUP)
    talk.command("liq", "long 0.5 btc 64k 20x")
    assert line_of("Ann", 7, talk.last.screen).striptags() == (
        "Ann: Long 0.5 BTC at 64,000, 20x. Isolated: liquidated at 61,044.2, 4.6% below entry."
    )


@pytest.mark.parametrize("command", ["quiz", "settings", "learn", "help", "portfolio"])
def test_what_lives_by_its_buttons_or_has_no_number_is_no_line(command: str) -> None:
    talk = Talk(chat=GROUP, leaders=frozenset({7}))
    talk.command(command)
    assert not is_said_in_a_line(talk.last.screen)
