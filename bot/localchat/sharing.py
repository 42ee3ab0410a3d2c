"""What a person shares when a button of a bot's keyboard asks for it: their phone number, or a place."""

from __future__ import annotations

import re

from bot.localchat.model import Json, Person

_PHONE = re.compile(r"\+?[0-9]{5,15}")


def contact(person: Person, phone: str) -> Json:
    """The content of a message with the person's own contact; ValueError when `phone` is no phone number."""
    number = re.sub(r"[\s()-]", "", phone)
    if not _PHONE.fullmatch(number):
        raise ValueError("a phone number has 5 to 15 digits")
    return {"contact": {"phone_number": number, "first_name": person.first_name, "user_id": person.id}}


def location(latitude: float, longitude: float) -> Json:
    """The content of a message with a place, in degrees; ValueError when it is not on the earth."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("a latitude is from -90 to 90 degrees, a longitude from -180 to 180")
    return {"location": {"latitude": latitude, "longitude": longitude}}
