"""Sending a result of an inline query: the person's message, through the bot."""

from __future__ import annotations

import secrets

from bot.localchat import people
from bot.localchat.methods.uploads import photo_sizes
from bot.localchat.model import Chat, Json, Message, Person
from bot.localchat.pictures import grey_png
from bot.localchat.world import World


def choose(
    world: World,
    person: Person,
    chat: Chat,
    query_id: str,
    result_id: str,
    *,
    reply_to: int | None = None,
    topic: int | None = None,
) -> Message:
    """Send a result into the chat as the person's message through the bot; the bot is told when it wants to know.

    ValueError when the results are gone, or the person may not write there.
    """
    query = world.inline.queries.get(query_id)
    result = query.answer.results.get(result_id) if query is not None and query.answer is not None else None
    if query is None or result is None or query.person_id != person.id:
        raise ValueError("these results are no longer there: ask again")
    bot = world.bots[query.bot_id]
    content: Json = {**result.content, "via_bot": bot.user()}
    if result.stand_in is not None:
        file = world.add_file(grey_png(*result.stand_in), name="photo.png", content_type="image/png")
        content["photo"] = photo_sizes(file)
    message = people.write(world, chat, person, content, reply_to=reply_to, topic=topic)
    chosen: Json = {"result_id": result.id, "from": person.user(), "query": query.text}
    if "reply_markup" in content:
        message.inline_id = secrets.token_urlsafe(24)
        world.mark("message", (*chat.key, message.id))
        chosen["inline_message_id"] = message.inline_id
    if bot.inline_feedback:
        world.enqueue(bot, "chosen_inline_result", chosen)
    return message
