"""The picture card: a photo under the answer, whose buttons change it in place.

    [Picture] of any card        ->  equity against the market's move, isolated and cross; the caption says it in words
    [Ladder] [±60%] [Cross]      ->  the same message with another picture
    [Two coins] [Across: BTC]    ->  the next coin takes its place
    20x                          ->  drawn anew with what was said
    [Close]                      ->  the photo goes away

It works on the same positions as the card that it was opened from. Where a picture cannot be drawn its text comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.dialogue import Card, Close, Drawing, Event, Outcome, Screen, Show
from bot.flows.basis import SAVED, Basis, answered, at_rest, coins_of, subject_at
from bot.flows.cards import draft_in, opened_card, with_draft
from bot.flows.flow import Flow, showing
from bot.flows.start import said, tongue_of
from bot.rendering.picture_screen import picture_rows
from bot.services.facts import Facts, picture_of
from bot.services.picture_card import Kind, Pictured, Span, Wish, pictured
from bot.services.picturing import Unpictured
from bot.services.quizzing import Given
from bot.understanding.readings import Reading

FLOW: Final = "picture"
DRAWING: Final = frozenset({"picture", "kind", "span", "mode", "theme", "across", "up"})
"""The buttons that lead to a picture: the one that opens it, and those under it."""
GAPS: Final = {
    "several_assets": "picture.not_several_assets",
    "one_coin": "picture.not_one_coin",
    "empty": "picture.not_empty",
}
"""Why there is no picture, in words."""

Partition = Literal["isolated", "cross", "given"]


class Draft(BaseModel):
    """What a picture card remembers: whose picture, which, and how far. beside: the card that it came after by itself.
    given: the answers of the quiz that it was opened from. span: None until one is chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis = SAVED
    kind: Kind = "market"
    mode: Partition | None = None
    span: Span | None = None
    across: str = ""
    up: str = ""
    theme: Literal["light", "dark"] = "light"
    beside: int | None = None
    given: Given | None = None


def opened(
    event: Event, basis: Basis | None, facts: Facts, *, kind: Kind = "market", given: Given | None = None
) -> Outcome:
    """A new picture of the positions of a card, else of the portfolio; with the answers of a quiz, of its verdict."""
    card = opened_card(event, FLOW)
    paper = facts.settings.settings.pictures or "light"
    draft = Draft(basis=at_rest(basis or SAVED), kind=kind, theme=paper, given=given)
    return _shown(event, card, draft, facts)


def beside(event: Event, card: Card, own: Card | None, basis: Basis, facts: Facts) -> tuple[Show | Close, ...]:
    """The picture that comes with a card by itself: in place of the one that it has (`own`), else a new one.

    Nothing where there is nothing to draw.
    """
    draft = draft_of(own) if own is not None else None
    if own is None or draft is None:
        own = Card(id=picture_of(card.id), owner_id=card.owner_id, chat_id=card.chat_id, flow=FLOW)
        draft = Draft(theme=facts.settings.settings.pictures or "light", beside=card.id)
    draft = draft.model_copy(update={"basis": basis})
    found = _picture(event, own, draft, facts)
    return () if isinstance(found, str) else (_show(event, own, draft, found),)


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button under the picture; None for one that means nothing here, as forged or outlived data does."""
    draft = draft_of(card)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "close":
            return Outcome(show=(Close(card=card),))
        case "kind" | "span" | "mode":
            try:
                draft = Draft.model_validate({**draft.model_dump(), name: value})
            except ValidationError:
                return None
        case "theme":
            draft = draft.model_copy(update={"theme": "light" if draft.theme == "dark" else "dark"})
        case "across" | "up":
            draft = _next_coin(event, card, draft, name, facts)
        case _:
            return None
    return _shown(event, card, draft, facts)


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A text that changes something of the positions: drawn anew. None when it says nothing about them."""
    draft = draft_of(card)
    basis = answered(event, draft.basis, text, reading, facts) if draft is not None else None
    if draft is None or basis is None:
        return None
    return _shown(event, card, draft.model_copy(update={"basis": basis}), facts)


def draft_of(card: Card) -> Draft | None:
    """The draft of a picture card; None where another version wrote it."""
    return draft_in(card, Draft)


def _next_coin(event: Event, card: Card, draft: Draft, axis: str, facts: Facts) -> Draft:
    """The next coin on one axis, passing over that of the other."""
    found = _picture(event, card, draft, facts)
    if not isinstance(found, Pictured):
        return draft
    own, other = (found.wish.across, found.wish.up) if axis == "across" else (found.wish.up, found.wish.across)
    coins: Sequence[str] = [coin for coin in found.coins if coin != other]
    following = coins[(coins.index(own) + 1) % len(coins)]
    kept = {"across": found.wish.across, "up": found.wish.up}
    return draft.model_copy(update={**kept, axis: following})


def _picture(event: Event, card: Card, draft: Draft, facts: Facts) -> Pictured | str:
    """The picture of the draft, or the key of the sentence that says why there is none."""
    subject = subject_at(event, card, draft.basis, facts)
    wish = Wish(
        kind=draft.kind, mode=draft.mode, span=draft.span, across=draft.across, up=draft.up, theme=draft.theme,
        language=event.person.language_code, given=draft.given,
    )  # fmt: skip
    try:
        return pictured(subject, wish) or ("picture.private" if _private(event, draft) else "picture.nothing")
    except Unpictured as gap:
        return GAPS[gap.why]


def _private(event: Event, draft: Draft) -> bool:
    return draft.basis.question is None and not event.chat.is_private


def _shown(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome:
    found = _picture(event, card, draft, facts)
    return said(event, found) if isinstance(found, str) else Outcome(show=(_show(event, card, draft, found),))


def _show(event: Event, card: Card, draft: Draft, found: Pictured) -> Show:
    wish = found.wish
    rows = picture_rows(
        tongue_of(event), kind=wish.kind, kinds=found.kinds, span=wish.span or "", mode=wish.mode or "",
        modes=found.modes, pair=(wish.across, wish.up), coins=len(found.coins), theme=wish.theme,
    )  # fmt: skip
    screen = Screen(text=found.caption, buttons=rows, picture=Drawing(spec=found.spec, instead=found.instead))
    kept = draft.model_copy(update={"kind": wish.kind, "mode": wish.mode, "across": wish.across, "up": wish.up})
    return Show(screen=screen, card=with_draft(card, kept))


def basis(card: Card) -> Basis | None:
    """The positions of the picture, for another flow to go on with."""
    draft = draft_of(card)
    return draft.basis if draft is not None else None


PICTURE: Final = Flow(
    name=FLOW,
    tapped=tapped,
    typed=typed,
    basis=basis,
    shown=showing(Draft, _shown),
    coins=lambda card, facts: coins_of(basis(card), facts),
)
