"""Answers for the eyes of one member of a group."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.transport.parameters import STYLE, markup_of
from bot.transport.request import Api

log = logging.getLogger(__name__)

_PROBE: Final = "deleteEphemeralMessage"


class Whispers:
    """Messages that one member of a group alone can see, where the Bot API server offers them (10.2 and later).

    A server that does not know them would pass over the parameter that makes them so and post what is personal for
    all to read. So it is asked first for a method that came with them: one that has it finds fault with the call.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._offered: bool | None = None

    async def send(self, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Shows `payload["whisper"]` to its person alone. Result: whether that was done; nothing is shown else."""
        whisper = payload["whisper"]
        if not await self._offers(chat_id, whisper["person"]):
            return False
        call: dict[str, Any] = {"chat_id": chat_id, "text": whisper["text"], **STYLE, **markup_of(whisper)}
        call["ephemeral_message_parameters"] = {"receiver_user_id": whisper["person"]}
        if payload.get("topic") is not None:
            call["message_thread_id"] = payload["topic"]
        try:
            await self._api.call("sendMessage", call)
        except BadRequest as error:
            log.info("chat %s: an answer for one person is not taken: %s", chat_id, error)
            return False
        return True

    async def _offers(self, chat_id: int, person_id: int) -> bool:
        if self._offered is None:
            call = {"chat_id": chat_id, "receiver_user_id": person_id, "ephemeral_message_id": 0}
            try:
                await self._api.call(_PROBE, call)
                self._offered = True
            except BadRequest:
                self._offered = True
            except InvalidToken:  # "Not Found", which is what an unknown method is answered with
                self._offered = False
            except NetworkError as error:
                log.info("it is not known whether answers for one person can be sent: %s", error)
                return False
            except TelegramError:
                self._offered = False
        return self._offered
