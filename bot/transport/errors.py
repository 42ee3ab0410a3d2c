"""What becomes of a call that Telegram did not take.

1. Nothing to do: "message is not modified" (it shows that already), "query is too old" or unknown (the button spins
   no more), "message to delete not found" (it is gone). The letter is settled.
2. The message to edit is gone (its reader deleted it, or it cannot be edited any more): the card is sent anew.
3. The question that is replied to is gone: sends never depend on it (`allow_sending_without_reply`).
4. Forbidden: the person blocked the bot, or it was removed from the group. The letter is given up, quietly.
5. The group became a supergroup (ChatMigrated): its letters and cards move to the new id and go out there.
6. Too many calls (RetryAfter): this chat waits as long as Telegram says; the others go on.
7. The server was not reached, or broke off, or answered 5xx: tried again, more and more slowly, for a day, after which
   Telegram has forgotten what was asked, too. A call that timed out may have been done: an edit shows the same twice,
   and a message may then stand there twice, which is rarer and better than an answer that never comes.
8. The token is refused: nothing can be sent; the bot stops and says so.
9. Anything else is a fault of ours: logged with Telegram's words, and the letter is given up so that the chat goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing more to do for this letter."""


@dataclass(frozen=True, slots=True)
class SendAnew:
    """The message to edit is gone."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class TryAgain:
    """After so many seconds; the letters of the chat wait behind this one."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`loud` when somebody should look at it."""

    loud: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """No call can succeed any more."""


Verdict = Settled | SendAnew | Moved | TryAgain | GiveUp | Stop

_NOTHING_TO_DO: Final = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
    "message can't be deleted",
)
_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)


def judge(error: Exception, attempt: int) -> Verdict:
    """What to do after `error` on the `attempt`-th try (1 = the first) of a letter."""
    if isinstance(error, RetryAfter):  # 6
        return TryAgain(seconds(error))
    if isinstance(error, ChatMigrated):  # 5
        return Moved(error.new_chat_id)
    if isinstance(error, Forbidden):  # 4
        return GiveUp(loud=False)
    if isinstance(error, InvalidToken):  # 8
        return Stop()
    if isinstance(error, BadRequest):  # a NetworkError by PTB's family tree, so it comes first
        text = str(error).lower()
        if any(known in text for known in _NOTHING_TO_DO):  # 1
            return Settled()
        return SendAnew() if any(known in text for known in _GONE) else GiveUp(loud=True)  # 2, 9
    if isinstance(error, NetworkError):  # 7
        return TryAgain(min(LONGEST_PAUSE, 0.25 * 2.0 ** min(attempt, 10)))
    return GiveUp(loud=True)  # 9


def seconds(error: RetryAfter) -> float:
    """Telegram's waiting time in seconds; PTB gives a number or a time span, by its settings."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
