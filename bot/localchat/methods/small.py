"""Messages with a little of something: sendLocation, sendContact, sendDice."""

from __future__ import annotations

import secrets

from bot.localchat.methods.call import Call, open_chat
from bot.localchat.methods.messages import put
from bot.localchat.model import Json
from bot.localchat.refusals import bad_request, not_emulated

_SIDES = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def send_location(call: Call) -> Json:
    """sendLocation: a point; one that moves is not emulated."""
    if call.params.get("live_period"):
        raise not_emulated("live_period")
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    location = {"latitude": latitude, "longitude": longitude}
    return put(call, open_chat(call), {"location": location})


def send_contact(call: Call) -> Json:
    """sendContact."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.params[name] for name in names if call.params.get(name)}
    return put(call, open_chat(call), {"contact": contact})


def send_dice(call: Call) -> Json:
    """sendDice."""
    emoji = call.params.get("emoji") or "🎲"
    sides = _SIDES.get(emoji.replace("\ufe0f", ""))
    if sides is None:
        raise bad_request("EMOTICON_INVALID")
    return put(call, open_chat(call), {"dice": {"emoji": emoji, "value": secrets.randbelow(sides) + 1}})
