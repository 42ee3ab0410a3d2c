"""What a check card remembers, and how it is shown: every step of the conversation ends here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.dialogue import Card, Change, Event, Outcome, Screen, Show, Toast
from bot.flows.basis import account_beside
from bot.flows.cards import draft_in, opened_card, with_draft
from bot.flows.start import tongue_of
from bot.rendering.check_buttons import passing_row
from bot.rendering.check_pages import change_screen, choose_screen, save_mode_screen, slot_screen
from bot.rendering.check_screen import SavedAs, card_screen
from bot.rendering.meant_screen import meant_screen
from bot.rendering.mistakes_screen import with_mistakes
from bot.rendering.views import CheckView, Mode, Note, Slot
from bot.services.asking import question_about
from bot.services.canonical import words_of
from bot.services.checking import Worked, work_out
from bot.services.facts import Facts
from bot.services.noticing import noticed, worst_first
from bot.services.question import Question
from bot.services.saved import wallet_of
from bot.services.subject import subject_of_worked
from bot.services.trade_code import trade_code
from margin_engine import Mistake

FLOW: Final = "check"
TOAST_LENGTH: Final = 200

Page = Literal["card", "change", "slot", "save_mode", "replace", "choose"]


class Draft(BaseModel):
    """What a check card remembers. `leg` is the position that a page is about, -1 before one is chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Question
    page: Page = "card"
    leg: int = 0
    awaiting: Slot | None = None
    more: bool = False
    """All choices of the open question are wanted."""
    working: bool = False
    saved: bool = False
    saving: bool = False
    """Saving was tapped and goes on once the open question is answered; `save_as` is the mode chosen for it."""
    save_as: Mode | None = None
    other_wallet: bool = False
    """The portfolio has another wallet balance than the saved card."""
    quiet: bool = False
    """The card's own question was cancelled: the next message is not taken for its answer."""
    alternatives: tuple[Question, ...] = ()
    meant: tuple[str, ...] = ()
    """What each alternative takes the words for, where they are readings of `said`, a short turn; else empty."""
    said: str = ""
    history: tuple[Question, ...] = ()
    """What the question was before each change, the newest last, so that a change can be taken back."""
    at: datetime | None = None
    """When the card was last spoken of; a short message goes on from a fresh card only."""

    @property
    def saved_as(self) -> Mode | None:
        """The one mode in which the card was saved, None for several."""
        modes = {leg.mode or self.save_as for leg in self.question.legs}
        return modes.pop() if len(modes) == 1 else None


def draft_of(card: Card) -> Draft | None:
    """The card's draft, or None for one of another time that nobody can read any more."""
    return draft_in(card, Draft)


def new_card(event: Event) -> Card:
    """A card that this event opens."""
    return opened_card(event, FLOW)


def worked_out(event: Event, card: Card, draft: Draft, facts: Facts, *, explain: bool = False) -> Worked:
    """The card's answer at the time of the event; with the person's account where nobody else reads along.

    explain: whether it carries its working.
    """
    return work_out(draft.question, now=event.time, account=account_beside(event, card, facts), explain=explain)


def shown(
    event: Event,
    card: Card,
    draft: Draft,
    facts: Facts,
    *,
    screen: Screen | None = None,
    problem: Note | None = None,
    toast: str = "",
    alert: bool = False,
    changes: tuple[Change, ...] = (),
) -> Outcome:
    """The card on the page that its draft is on, or with `screen` in its place."""
    own, settled = _screen(event, card, draft, facts, problem)
    settled = settled.model_copy(update={"at": event.time})
    changed = with_draft(card, settled)
    return Outcome(
        show=(Show(screen=screen or own, card=changed),),
        toast=Toast(text=toast[:TOAST_LENGTH], alert=alert) if toast else None,
        changes=changes,
    )


def _screen(event: Event, card: Card, draft: Draft, facts: Facts, problem: Note | None) -> tuple[Screen, Draft]:
    """The page that the draft is on, and the draft with what its next message may answer."""
    tongue = tongue_of(event)
    silent = draft.model_copy(update={"awaiting": None})
    if draft.page == "choose" and not draft.meant:
        return choose_screen(_readings(draft, event.time), tongue, problem=problem), silent
    worked = worked_out(event, card, draft, facts, explain=draft.working)
    view = worked.view
    if draft.page == "choose":
        return meant_screen(view, tongue, said=draft.said, meant=draft.meant), silent
    match draft.page:
        case "change":
            return change_screen(view, tongue, leg=draft.leg), silent
        case "slot" if draft.awaiting is not None:
            asked = question_about(draft.awaiting, draft.leg, view.asked, draft.question, worked.legs, more=draft.more)
            return slot_screen(view, tongue, asked, problem=problem), draft
        case "save_mode":
            return save_mode_screen(view, tongue), silent
        case _:
            asking = view.asked if not draft.quiet else None
            awaiting = {"awaiting": asking.slot, "leg": asking.leg} if asking else {"awaiting": None}
            wallet = _other_wallet(event, draft, facts, view.settle) if draft.saved else None
            saved = SavedAs(mode=draft.saved_as, account_wallet=wallet, asset=view.settle) if draft.saved else None
            screen = card_screen(view, tongue, working=draft.working, saved=saved)
            if asking is None and worked.answered:
                found = worst_first(noticed(subject_of_worked(worked), mend=False))
                screen = with_mistakes(screen, found, tongue, said=_said(view))
            passing = passing_row(view, tongue, _sent_words(event, draft)) if worked.answered else ()
            screen = replace(screen, buttons=(*screen.buttons, *((passing,) if passing else ())))
            return screen, draft.model_copy(update={"page": "card", **awaiting})


def _sent_words(event: Event, draft: Draft) -> str | None:
    """The trade as inline mode reads it back, for a friend: in words, else as its code; from the private chat only."""
    if not event.chat.is_private:
        return None
    return words_of(draft.question, now=event.time) or trade_code(draft.question)


def _said(view: CheckView) -> set[Mistake]:
    """What the card says in its own words: the stop that never comes, and a trade that the wallet does not open."""
    too_large = {Mistake.POSITION_IS_THE_ACCOUNT} if view.opening is not None else set()
    return {Mistake.STOP_BEYOND_LIQUIDATION, *too_large}


def _readings(draft: Draft, now: datetime) -> list[CheckView]:
    return [work_out(question, now=now, explain=False).view for question in draft.alternatives]


def _other_wallet(event: Event, draft: Draft, facts: Facts, asset: str) -> Decimal | None:
    """The account's own wallet beside that of a saved card, where nobody else reads along."""
    return wallet_of(facts.portfolio.portfolio, asset) if draft.other_wallet and event.chat.is_private else None
