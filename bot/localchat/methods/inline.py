"""answerInlineQuery, and finding what was sent through a bot."""

from __future__ import annotations

import re
import time
from typing import Any

from bot.localchat import inline
from bot.localchat.inline import Answer, Query, Result
from bot.localchat.methods.call import Call
from bot.localchat.methods.inline_results import read_results
from bot.localchat.model import Chat, Json, Message
from bot.localchat.refusals import bad_request, not_emulated

CACHE_SECONDS = 300
LONGEST_CACHE_SECONDS = 24 * 3600
MOST_RESULTS = 50
LONGEST_OFFSET = 64
LONGEST_ID = 64
LONGEST_PARAMETER = 64
_INLINE_ID = re.compile(r"[A-Za-z0-9_-]{27}|[A-Za-z0-9_-]{32}")  # 20 or 24 bytes, as Telegram makes them


def answer_inline_query(call: Call) -> bool:
    """answerInlineQuery: once and in time."""
    if not call.bot.inline:
        raise bad_request("USER_BOT_INVALID")
    button = _button(call.params.get("button"))
    given = call.params["results"]
    if len(given) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    results = read_results(call, given)
    query = _open_query(call)
    next_offset = call.params.get("next_offset", "")
    if len(next_offset.encode("utf-8", "surrogatepass")) > LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    answered = Answer(results=_by_id(results), button=button, next_offset=next_offset)
    seconds = min(max(call.params.get("cache_time", CACHE_SECONDS), 0), LONGEST_CACHE_SECONDS)
    personal = bool(call.params.get("is_personal"))
    inline.answer(call.world, query, answered, cache_seconds=seconds, personal=personal)
    return True


def _open_query(call: Call) -> Query:
    query = call.world.inline.queries.get(call.params["inline_query_id"])
    late = query is None or time.time() - query.at > call.services.callback_seconds
    if query is None or late or query.bot_id != call.bot.id or query.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


def _by_id(results: list[Result]) -> dict[str, Result]:
    found: dict[str, Result] = {}
    for result in results:
        if not result.id:
            raise bad_request("RESULT_ID_EMPTY")
        if len(result.id.encode("utf-8", "surrogatepass")) > LONGEST_ID:
            raise bad_request("RESULT_ID_INVALID")
        if result.id in found:
            raise bad_request("RESULT_ID_DUPLICATE")
        found[result.id] = result
    return found


def _button(button: Any) -> Json | None:
    """The button above the results, checked; None for none."""
    if not button:
        return None
    text, parameter = button.get("text"), button.get("start_parameter")
    if not isinstance(text, str) or not text:
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    if ("web_app" in button) == (parameter is not None):
        raise bad_request("InlineQueryResultsButton must have exactly one optional field")
    if "web_app" in button:
        raise not_emulated("a web_app button above inline results")
    parameter = str(parameter)
    if not parameter:
        raise bad_request("can't use empty start_parameter")
    if len(parameter.encode("utf-8", "surrogatepass")) > LONGEST_PARAMETER:
        raise bad_request("too long start_parameter specified")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", parameter):
        raise bad_request("unallowed characters in start_parameter are used")
    return {"text": text, "start_parameter": parameter}


def inline_message(call: Call, inline_id: str) -> tuple[Chat, Message]:
    """The message sent through the bot that inline_message_id means, or a Refusal (400)."""
    if not _INLINE_ID.fullmatch(inline_id):
        raise bad_request("invalid inline message identifier specified")
    found = inline.find_message(call.world, call.bot, inline_id)
    if found is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return found
