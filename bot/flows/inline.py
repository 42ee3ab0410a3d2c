"""Inline mode: "@bot 10x long eth 3200 500usd" in any chat.

    (nothing yet)                ->  the portfolio, the quiz's verdict, how it works
    eth                          ->  how far each leverage is from liquidation, and what to add
    10x long eth 3200 500usd     ->  isolated, cross, side by side, a ladder of moves: each a finished message
    what if btc -10% ...         ->  what the bot would answer in words, without buttons that change it
    (one is sent)                ->  it is the last question, for "20x" in the private chat
    [Cross] under the message    ->  the message changes; anybody else is led to the same trade of their own

Others read along wherever it is sent, so a trade never takes the wallet of the portfolio or of the settings. Nothing is
stored for an offer: its buttons carry the trade, and its card begins when it is sent or first tapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.dialogue import (
    CARDS_PER_EVENT,
    NO_CARD,
    Card,
    Chosen,
    Event,
    Offer,
    Offers,
    Outcome,
    Refusal,
    Screen,
    Toast,
)
from bot.flows import check_card, inline_own
from bot.flows.basis import Basis, with_saved_account
from bot.flows.cards import draft_in, on_card, with_draft
from bot.flows.flow import Flow
from bot.flows.links import INLINE, carried
from bot.flows.start import tongue_of
from bot.payloads import Payload, bot_link
from bot.rendering.inline_partial import asked_offer, partial_offer, unread_offer
from bot.rendering.inline_screen import PAGES, Page, offer, other_title, own_row, read_action, trade_offer, trade_screen
from bot.rendering.plain import plain_text
from bot.rendering.verdict import Tongue
from bot.rendering.views import CheckView
from bot.rendering.whatif_views import WhatIfView
from bot.services.answers import tapped_answer, with_answer
from bot.services.canonical import readings_of
from bot.services.checking import Worked, work_out
from bot.services.facts import Facts
from bot.services.partial import outlook_of
from bot.services.question import Question
from bot.services.scenario import EVERYTHING, Scenario
from bot.services.subject import subject_of_worked
from bot.services.trade_code import trade_code, trade_of
from bot.services.what_if_card import work_out as moved
from bot.storage.person_settings import PersonSettings
from bot.understanding.readings import Reading
from bot.understanding.understand import understand

FLOW: Final = "inline"
KEPT: Final = 300
"""Seconds that Telegram may show the same answer to whoever asks the same."""
MOST_OFFERS: Final = 8
_SPOKEN: Final = frozenset({"whatif", "compare", "size", "addmargin", "explain", "faq"})
_HALF: Final = re.compile(r"([a-z]{2,10}) +[\d.,]+k?", re.IGNORECASE)
"""A coin and a price: a trade that is just being typed."""

_PERSONAL: Final = "s"
_ANYBODY: Final = "g"

Asking = Callable[[Event, str, Reading, Facts], Outcome]


class Draft(BaseModel):
    """What a message that was sent through inline mode remembers: the trade as it was answered, and its page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Question
    page: Page = "b"
    at: datetime | None = None


# --- Offering ------------------------------------------------------------------------------------------------------


def offered(event: Event, text: str, facts: Facts, asking: Asking) -> Outcome:
    """The answer to a query. asking: what a text is answered in the chat."""
    tongue = tongue_of(event)
    if not text:
        return _answer(event, inline_own.offers(event, facts), text)
    general = _general(event, facts.settings.settings)
    half = _HALF.fullmatch(text)  # of a portfolio, which nobody means here, it would be a move
    reading = understand(half[1] if half is not None else text)
    if reading.kind in ("portfolio", "quiz"):
        return _answer(event, inline_own.offers(event, facts), text)
    if reading.kind in _SPOKEN:
        outcome = asking(event, text, reading, facts)
        if _is_quiz(outcome):
            return _answer(event, inline_own.offers(event, facts), text)
        spoken = _spoken(event, text, outcome, tongue)
        if spoken:
            return _answer(event, spoken, text)
    questions = _questions(event, text, facts, general=general, reading=reading)
    offers = [
        each
        for number, question in enumerate(questions)
        for each in _of_trade(event, question, number, tongue, general=general)
    ]
    if not offers:
        offers = [_partial(event, text, questions, tongue)]
    # A price that was given is told as "just now", which a kept answer would say again later.
    dated = any(question.prices for question in questions)
    code = trade_code(questions[0]) if questions else None
    personal = not (general and _names_its_exchange(questions))
    return _answer(event, offers[:MOST_OFFERS], text, personal=personal, seconds=0 if dated else KEPT, code=code)


def _names_its_exchange(questions: list[Question]) -> bool:
    """Whether everybody is answered alike: an exchange that is not said may be in the settings of who asks next."""
    return bool(questions) and all(question.venue is not None for question in questions)


def _is_quiz(outcome: Outcome) -> bool:
    """Whether the answer in the chat is a quiz, whose buttons would be lost here."""
    return any(card.flow == "quiz" for card in outcome.cards)


def _partial(event: Event, text: str, questions: list[Question], tongue: Tongue) -> Offer:
    """The best that can be said of less than a trade, and what is missing."""
    last = own_row(tongue, bot_link(event.bot_name, carried(text)))
    if not questions or not any(leg.coin or leg.side or leg.leverage for leg in questions[0].legs):
        return unread_offer(tongue, last)
    view = work_out(questions[0], now=event.time, explain=False).view
    outlook = outlook_of(questions[0], now=event.time)
    return partial_offer(view, outlook, tongue, last) if outlook is not None else asked_offer(view, tongue, last)


def _answer(
    event: Event, offers: list[Offer], text: str, *, personal: bool = True, seconds: int = 0, code: str | None = None
) -> Outcome:
    """The answer, and above it the way to the private chat, which brings along the query or else its trade (`code`)."""
    label = tongue_of(event).words.label("inline.go_private")
    start = carried(text, code)
    return Outcome(offers=Offers(offers=tuple(offers), label=label, start=start, personal=personal, seconds=seconds))


def _general(event: Event, settings: PersonSettings) -> bool:
    """Whether this person is answered like anybody: nothing set, and numbers as English writes them."""
    return settings == PersonSettings() and event.person.language_code in (None, "en")


def _questions(
    event: Event, text: str, facts: Facts, *, general: bool, reading: Reading | None = None
) -> list[Question]:
    """What a query asks, likeliest first; with the person's exchange, mode and fee, never with their wallet."""
    linked = trade_of(text, now=event.time)
    found = [linked] if linked is not None else readings_of(text, now=event.time, reading=reading)
    return found if general else [with_saved_account(question, event, facts) for question in found]


def _of_trade(event: Event, question: Question, number: int, tongue: Tongue, *, general: bool) -> list[Offer]:
    """The pages of one reading that have an answer; of a second reading only the one with both modes."""
    worked = work_out(question, now=event.time, explain=False)
    if not worked.answered:
        return []
    sent, code = _sent(event, question, worked, ladder=number == 0), trade_code(question)
    offers = []
    for page in sent.pages if number == 0 else ("b",):
        screen = _screen(sent, page, tongue, code)
        identity = f"{page}{number}{_ANYBODY if general else _PERSONAL}"
        made = trade_offer(identity, sent.view, page, tongue, screen, wallets=sent.wallets, ladder=sent.ladder)
        offers.append(replace(made, title=other_title(worked.view, tongue)) if number else made)
    return offers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A trade as its pages show it, those that have an answer; `link` opens it in private."""

    view: CheckView
    wallets: tuple[CheckView, ...]
    ladder: WhatIfView | None
    pages: tuple[Page, ...]
    link: str


def _sent(event: Event, question: Question, worked: Worked, *, ladder: bool) -> _Sent:
    """ladder: whether it is shown, which takes longer than all the rest."""
    wallets, subject = _wallets(question, worked, now=event.time), subject_of_worked(worked)
    shown = moved(subject, Scenario(), ladder_of=EVERYTHING).view if ladder and subject.books else None
    there = {
        "i": worked.halves.isolated is not None,
        "c": worked.halves.cross is not None or wallets,
        "b": True,
        "l": bool(subject.books),
    }
    return _Sent(
        view=worked.view,
        wallets=wallets,
        ladder=shown,
        pages=tuple(page for page in PAGES if there[page]),
        link=bot_link(event.bot_name, trade_code(question) or INLINE),
    )


def _wallets(question: Question, worked: Worked, *, now: datetime) -> tuple[CheckView, ...]:
    """The trade with each likely wallet, where cross waits for nothing else."""
    asked = worked.view.asked
    if asked is None or asked.slot != "wallet":
        return ()
    answers = (tapped_answer("wallet", choice) for choice in asked.choices)
    views = [
        work_out(with_answer(question, answer, leg=0), now=now, explain=False).view
        for answer in answers
        if answer is not None
    ]
    return tuple(view for view in views if any(leg.cross for leg in view.legs))


def _screen(sent: _Sent, page: Page, tongue: Tongue, code: str | None = None) -> Screen:
    return trade_screen(
        sent.view,
        page,
        tongue,
        pages=sent.pages,
        wallets=sent.wallets,
        ladder=sent.ladder,
        code=code,
        link=sent.link,
    )


def _spoken(event: Event, text: str, outcome: Outcome, tongue: Tongue) -> list[Offer]:
    """What the bot would say in the chat, without the buttons that go on from it."""
    screens = outcome.screens
    if not screens or screens[0].picture or screens[0].file:
        return []
    screen = Screen(text=screens[0].text, buttons=(own_row(tongue, bot_link(event.bot_name, carried(text))),))
    first, *said = [line for line in plain_text(screen).split("\n") if line.strip()]
    return [offer("said", first, said, screen)]


# --- Sent, and tapped ----------------------------------------------------------------------------------------------


def chosen(event: Event, content: Chosen, facts: Facts) -> Outcome:
    """An offer was sent: a trade becomes the person's last question, and its message a card."""
    page = next((each for each in PAGES if content.offer_id[:1] == each), None)
    number, by = content.offer_id[1:-1], content.offer_id[-1:]
    if page is None or by not in (_PERSONAL, _ANYBODY) or not (number.isdecimal() and number.isascii()):
        return Outcome()
    questions = _questions(event, content.text, facts, general=by == _ANYBODY)
    if len(number) > 2 or int(number) >= len(questions):
        return Outcome()
    draft = Draft(question=questions[int(number)], page=page, at=event.time)
    return Outcome(kept=(_card(event, draft),))


def _card(event: Event, draft: Draft) -> Card:
    """The card of an inline message: in its owner's private chat, where short messages go on from it."""
    card = Card(
        id=event.card_id(),
        owner_id=event.person.id,
        chat_id=event.chat.id,
        flow=FLOW,
        inline_message_id=event.inline_message_id,
    )
    return with_draft(card, draft)


def tapped_anywhere(event: Event, payload: Payload | None, card: Card | None, facts: Facts) -> Outcome | None:
    """A button under a message that was sent through inline mode; None for one that means nothing there.

    The message says whose it is, not the button: an answer that Telegram kept bears the name of whoever asked first.
    Before anything is known of the message, only who asked may begin its card.
    """
    if payload is None or payload.card_id not in (NO_CARD, card.id if card is not None else NO_CARD):
        return None
    name, code = read_action(payload.action)
    if card is not None:
        draft = draft_in(card, Draft) if card.flow == FLOW else None
        if draft is None:
            return None
        if card.owner_id != event.person.id:
            return _not_yours(event, trade_code(draft.question))
        return _turned(event, card, draft, name)
    question = trade_of(code, now=event.time)
    if payload.owner_id != event.person.id:
        return _not_yours(event, code if question is not None else None)
    if question is None:
        return None
    general = _general(event, facts.settings.settings)
    question = question if general else with_saved_account(question, event, facts)
    draft = Draft(question=question)
    return _turned(event, _card(event, draft), draft, name)


def _not_yours(event: Event, code: str | None) -> Outcome:
    """Somebody else's message: the same trade opens in private, for one's own wallet and changes."""
    refused: Refusal = "not_yours"
    text = tongue_of(event).words.label("inline.not_yours")
    return Outcome(toast=Toast(text=text, alert=True, url=bot_link(event.bot_name, code or INLINE)), refused=refused)


def _turned(event: Event, card: Card, draft: Draft, name: str) -> Outcome | None:
    """The page that was tapped, or the one with both modes for the wallet that was."""
    page = next((each for each in PAGES if each == name), None)
    if page is not None:
        return _shown(event, card, draft.model_copy(update={"page": page}))
    answer = tapped_answer("wallet", name[1:]) if name.startswith("w") else None
    if answer is None:
        return None
    question = with_answer(draft.question, answer, leg=0)
    return _shown(event, card, draft.model_copy(update={"question": question, "page": "b"}))


def _shown(event: Event, card: Card, draft: Draft) -> Outcome:
    """The message on its page."""
    worked = work_out(draft.question, now=event.time, explain=False)
    sent = _sent(event, draft.question, worked, ladder=draft.page == "l")
    page = draft.page if draft.page in sent.pages else "b"
    screen = _screen(sent, page, tongue_of(event))
    return on_card(card, draft.model_copy(update={"page": page, "at": event.time}), screen)


# --- In private ----------------------------------------------------------------------------------------------------


def brought_home(event: Event, facts: Facts) -> Facts:
    """The last question where it was sent through inline mode: in the private chat it goes on as a card of its own."""
    card = facts.card
    draft = draft_in(card, Draft) if card is not None and card.flow == FLOW else None
    if card is None or draft is None:
        return facts
    own = replace(
        card, id=event.card_id(LAST), chat_id=event.chat.id, flow=check_card.FLOW, version=0, inline_message_id=None
    )
    question = with_saved_account(draft.question, event, facts)
    return replace(facts, card=with_draft(own, check_card.Draft(question=question, at=draft.at)))


LAST: Final = CARDS_PER_EVENT // 2 - 1
"""The number of that card among those of an event that may have a picture: no other takes the last one."""


def _basis(card: Card) -> Basis | None:
    draft = draft_in(card, Draft)
    return Basis(question=draft.question, origin=card.id) if draft is not None else None


SENT: Final = Flow(name=FLOW, tapped=lambda event, card, action, facts: None, basis=_basis)
"""What the front desk knows of such a message: its buttons come by another way, and words by `brought_home`."""
