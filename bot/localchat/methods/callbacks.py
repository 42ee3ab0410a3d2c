"""answerCallbackQuery."""

from __future__ import annotations

import time

from bot.localchat.feed import Change
from bot.localchat.methods.call import Call
from bot.localchat.refusals import bad_request

LONGEST_ANSWER = 200


def answer_callback_query(call: Call) -> bool:
    """Answer a tap, once and in time."""
    world = call.world
    tap = world.taps.get(call.params["callback_query_id"])
    late = tap is None or time.time() - tap.at > call.services.callback_seconds
    if tap is None or late or tap.bot_id != call.bot.id or tap.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.params.get("text", "")
    if len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answer = {"text": text, "alert": bool(call.params.get("show_alert")), "url": call.params.get("url", "")}
    world.mark("tap", tap.id)
    world.feed.publish(tap.place, Change(kind="answered", subject=tap))
    return True
