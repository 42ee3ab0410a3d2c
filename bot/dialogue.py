"""The words between Telegram and the conversations: events come in, outcomes go out.

Nothing here knows Telegram's library, the database or a clock. A flow is a pure function from an `Event`, the card it
concerns and the facts that were gathered to an `Outcome`; the transport turns updates into events and outcomes into
messages. Both sides depend on this module and not on each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from markupsafe import Markup

NO_CARD: Final = 0
"""The card's id behind a button of an offer: no event opens a card with this number."""

CARDS_PER_EVENT: Final = 16
"""How many cards one event may open; keeps card ids unique without asking the database for one."""


NumberFormat = Literal["comma", "point", "space"]
"""What stands between thousands: 1,234.5, 1.234,5 or 1 234,5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wrote or tapped, and how they want to be answered.

    numbers: None for what the language has. time_zone: a name of the tz database, None for UTC. brief: short answers.
    """

    id: int
    first_name: str = ""
    language_code: str | None = None
    numbers: NumberFormat | None = None
    time_zone: str | None = None
    brief: bool = False


SHARED_IDS: Final = frozenset({1087968824, 136817688, 777000})
"""The ids under which Telegram sends what anonymous administrators, channels and linked channels write: everybody's, so
they stand for no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where it happened. `thread_id` is set in a forum's topic only.

    kind "inline": in some chat that the bot is not in, through inline mode; Telegram does not tell which. Its id is
    the person's.
    """

    id: int
    kind: Literal["private", "group", "supergroup", "channel", "inline"] = "private"
    thread_id: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody but the person reads along."""
        return self.kind == "private"

    @property
    def is_group(self) -> bool:
        """Whether members of a group that the bot is in, or was called into, read along."""
        return self.kind not in ("private", "inline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text, or the caption of a picture, a file or a voice message."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """`/name arguments`, addressed to this bot."""

    name: str
    arguments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """A button was tapped. `query_id` is what Telegram wants answered; `data` is hostile until decoded."""

    query_id: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Something without words: a photo, a voice message, a sticker."""

    what: str


FileProblem = Literal["too_big", "not_text", "not_fetched"]
"""Why a file cannot be read: it is longer than we take, it is no text, or Telegram did not hand it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A file. `text` is what is in it; None when it cannot be read, and then `problem` says why."""

    name: str
    text: str | None = None
    problem: FileProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The bot was added to a group (`here`), or is not in it any more."""

    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A group became a supergroup with another id."""

    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queried:
    """Words behind the bot's name in any chat, as they are just being typed; `query_id` is what Telegram wants
    answered with offers."""

    query_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One of the offers for `text` was sent to a chat; `offer_id` is hostile until it is read."""

    offer_id: str
    text: str


Content = Said | Commanded | Tapped | Attached | Enclosed | Presence | Migrated | Queried | Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, with the time at which it was received.

    `serial` is our own number of the update: unique, and the same when the update is handled again after a crash.
    `message_id` is the message itself or, for a tap, the message under which the button stands. `edited` marks a
    message that its author has changed after sending it. `bot_name` is the bot's own, for links to it.

    `quoted` is what a message of somebody else says to which this one replies, or the part of it that was marked; of a
    message sent through inline mode, the payload of its link to the bot.
    `mentioned`: the bot is named in the text. `anonymous`: written in the name of the group, as administrators may.
    `guest` is what Telegram wants answered, once, where the bot was called into a chat that it is not in.
    `inline_message_id` names the message where it was sent through inline mode.
    """

    serial: int
    time: datetime
    bot_id: int
    chat: Chat
    person: Person
    content: Content
    message_id: int | None = None
    reply_to: int | None = None
    edited: bool = False
    bot_name: str = ""
    quoted: str | None = None
    mentioned: bool = False
    anonymous: bool = False
    guest: str | None = None
    inline_message_id: str | None = None

    def card_id(self, index: int = 0) -> int:
        """The id of the `index`-th card that this event opens. Handled twice, it gives the same id twice."""
        if not 0 <= index < CARDS_PER_EVENT:
            raise ValueError(f"an event opens at most {CARDS_PER_EVENT} cards, asked for number {index}")
        return self.serial * CARDS_PER_EVENT + index


# --- What is shown -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button that comes back to the card's flow as `action`, e.g. "lev:20". `style` is Telegram's colour."""

    label: str
    action: str
    style: Literal["primary", "success", "danger"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A button that copies `text` (1-256 characters) to the clipboard."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A button that fills the message box with `text`, to be changed and sent."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A button that lets the person choose a chat and puts the bot's name and `text` into its message box."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


Button = Tap | Copy | Fill | Send | Link


CAPTION_LIMIT: Final = 1024
"""Telegram's limit for the words under a picture, in characters after its HTML is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture to be drawn when it is sent. `spec` is plain JSON, which the drawing room reads; `instead` is the text
    that says the same where it cannot be drawn."""

    spec: Mapping[str, Any]
    instead: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file that is sent along: its name and what is in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What an answer assumes: the part of its text that lists it, and the names of what is to be told in any case."""

    text: Markup
    names: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a message shows: text in Telegram's HTML (escaped by MarkupSafe) and rows of buttons.

    With a picture or a file the text is its caption (CAPTION_LIMIT). A picture never holds up the texts of its chat: it
    comes after those that were sent before it, and those after it may come first. A file is sent once and never edited.
    Where the rest is cut short, as in groups, `question`, the line of the text that asks something, `subject`, what the
    answer is about as it was read, and the names of `assumed` must not be lost. `partly`: some words found no place in
    the answer.
    """

    text: Markup
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Drawing | None = None
    file: TextFile | None = None
    question: Markup | None = None
    subject: Markup | None = None
    assumed: Assumed | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A live message: edited in place, with the draft of the one conversation that it stands for.

    `draft` is plain JSON; its flow gives it a type. `version` counts the changes: 0 is a card not stored yet.
    `message_id` is Telegram's, known once the message was sent; `asked` is that of the message that it answers. A card
    that was sent through inline mode has an `inline_message_id` instead, and its owner's private chat.
    """

    id: int
    owner_id: int
    chat_id: int
    flow: str
    draft: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    message_id: int | None = None
    asked: int | None = None
    inline_message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Shows `screen`: in place of the card's message when the card has one, else as a new message.

    Without a card it is a passing remark that has no buttons to come back from. `whisper` is what the person who asked
    sees instead where Telegram can show it to them alone; where it cannot, `screen` is shown and nothing of it.
    """

    screen: Screen
    card: Card | None = None
    whisper: Screen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Takes the card's message away."""

    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """The small answer to a tap (at most 200 characters); an alert has to be dismissed. `url`, a link to the bot, is
    opened with it."""

    text: str
    alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A finished message that an inline query offers: `title` and `description` (two lines) are what the list shows.

    `id` (1-64 bytes) comes back when it is chosen. Its buttons come back with the message; no card is stored for them
    before that.
    """

    id: str
    title: str
    description: str
    screen: Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The answer to an inline query: the offers, and the button above them, which opens the private chat with `start`.

    personal: they are this person's alone, else Telegram may show them to whoever asks the same. seconds: how long it
    may do so without asking again.
    """

    offers: tuple[Offer, ...]
    label: str
    start: str
    personal: bool = True
    seconds: int = 0


class Change:
    """A change of stored state, applied in the same transaction as the answer. Storage defines the kinds."""

    __slots__ = ()


Refusal = Literal["forged", "stale", "not_yours"]
"""Why a tap leads to nothing: its data is not ours, its card or meaning is gone, or the card is somebody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an event leads to. For a tap the empty outcome still stops the button's spinner.

    `refused` is for those who run the bot; the person reads the toast. `offers` answer an inline query. `kept` are
    cards that are stored and not shown: no message shows them yet, or it stands already.
    """

    show: tuple[Show | Close, ...] = ()
    toast: Toast | None = None
    changes: tuple[Change, ...] = ()
    refused: Refusal | None = None
    offers: Offers | None = None
    kept: tuple[Card, ...] = ()

    @property
    def cards(self) -> list[Card]:
        """The cards that it shows, in their order."""
        return [step.card for step in self.show if isinstance(step, Show) and step.card is not None]

    @property
    def screens(self) -> list[Screen]:
        """The screens that it shows, in their order."""
        return [step.screen for step in self.show if isinstance(step, Show)]
