"""What a person sees: messages, buttons and answers as values for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.localchat.html_out import to_html
from bot.localchat.model import Json, Message, answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: its `text` and what it does (`data` for a callback button); `raw` is the Bot API's object."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    raw: Json

    def __str__(self) -> str:
        return f"[{self.text}]" if self.data is None else f"[{self.text}]({self.data})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as it stood when it was looked at. `text` is the text or the caption; `raw` is the Bot API's object.

    Ask the person for `fresh(message)` to see it as it is now; `version` is greater then if it has changed.
    """

    id: int
    version: int
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    from_bot: bool
    edited: bool
    reply_to_id: int | None
    raw: Json

    @property
    def html(self) -> str:
        """The text with its formatting as Telegram's HTML."""
        return to_html(self.text, list(self.entities))

    @property
    def photo(self) -> list[Json] | None:
        """The sizes of the photo it carries, if any."""
        return self.raw.get("photo")

    @property
    def document(self) -> Json | None:
        """The document it carries, if any."""
        return self.raw.get("document")

    def flat_buttons(self) -> list[Button]:
        """All buttons, row after row."""
        return [button for row in self.buttons for button in row]

    def find(self, text_or_data: str) -> Button | None:
        """The button meant: by exact text, by exact data, or as the only one whose text contains the words."""
        buttons = self.flat_buttons()
        for found in (
            [button for button in buttons if button.text == text_or_data],
            [button for button in buttons if button.data == text_or_data],
        ):
            if found:
                return found[0]
        containing = [button for button in buttons if text_or_data.casefold() in button.text.casefold()]
        return containing[0] if len(containing) == 1 else None

    def shown(self) -> str:
        """Text and buttons on few lines, for an error's words."""
        rows = "\n".join(" ".join(map(str, row)) for row in self.buttons)
        return f"{'bot' if self.from_bot else 'person'} #{self.id}: {self.text}" + (f"\n{rows}" if rows else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What the bot said to a tap: `text` ("" for nothing), as a toast or as an alert."""

    text: str
    alert: bool
    url: str


def view(message: Message) -> MessageView:
    """A stored message as a person sees it now."""
    body: dict[str, Any] = message.body
    rows: list[list[Json]] = body.get("reply_markup", {}).get("inline_keyboard", [])
    return MessageView(
        id=message.id,
        version=message.version,
        text=body.get("text") or body.get("caption") or "",
        entities=tuple(body.get("entities") or body.get("caption_entities") or ()),
        buttons=tuple(tuple(_button(button) for button in row) for row in rows),
        from_bot=body["from"]["is_bot"],
        edited=message.edited,
        reply_to_id=(answered(body) or {}).get("message_id"),
        raw=body,
    )


def _button(button: dict[str, Any]) -> Button:
    return Button(
        text=button["text"],
        data=button.get("callback_data"),
        url=button.get("url"),
        copy_text=button.get("copy_text", {}).get("text"),
        switch_inline_query=button.get("switch_inline_query"),
        switch_inline_query_current_chat=button.get("switch_inline_query_current_chat"),
        raw=button,
    )
