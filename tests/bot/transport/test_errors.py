"""The error policy, line by line as it is numbered in bot/transport/errors.py."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.transport.errors import GiveUp, Moved, SendAnew, Settled, Stop, TryAgain, Verdict, judge
from bot.transport.request import NotSent


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (BadRequest("Message is not modified: specified new message content"), Settled()),
        (BadRequest("Query is too old and response timeout expired or query ID is invalid"), Settled()),
        (BadRequest("Message to delete not found"), Settled()),
        (BadRequest("Message to edit not found"), SendAnew()),
        (BadRequest("Message can't be edited"), SendAnew()),
        (Forbidden("Forbidden: bot was blocked by the user"), GiveUp(loud=False)),
        (ChatMigrated(-1005), Moved(-1005)),
        (RetryAfter(timedelta(seconds=7)), TryAgain(7.0)),
        (NotSent("cannot connect"), TryAgain(0.5)),
        (TimedOut(), TryAgain(0.5)),
        (NetworkError("Bad Gateway"), TryAgain(0.5)),
        (InvalidToken(), Stop()),
        (BadRequest("Can't parse entities"), GiveUp(loud=True)),
        (BadRequest("Chat not found"), GiveUp(loud=True)),
        (TypeError("ours"), GiveUp(loud=True)),
    ],
)
def test_each_error_has_its_verdict(error: Exception, verdict: Verdict) -> None:
    assert judge(error, 1) == verdict


def test_a_server_that_is_down_is_asked_ever_more_slowly_but_at_least_every_minute() -> None:
    pauses = [judge(NetworkError("down"), attempt) for attempt in range(1, 20)]
    seconds = [pause.seconds for pause in pauses if isinstance(pause, TryAgain)]
    assert seconds == sorted(seconds)
    assert seconds[-1] == 60.0
