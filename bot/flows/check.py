"""The check card: a trade in, the verdict out, and every assumption a button.

    long 0.5 btc 64k 20x     ->  isolated at once; "Cross needs your wallet balance." [2,000] [5,000] [10,000]
    10k                      ->  the same card, now with both modes side by side
    [Change] [Leverage] [10x]->  the same card with 10x
    [Show the working]       ->  formula, the same formula with numbers, result
    [Save] [As cross]        ->  "Saved in your portfolio." [Portfolio]

States are pages of one card: `card`, `change` (which slot), `slot` (one question), `save_mode`, `replace`, `choose`
(two readings of one message). `awaiting` names the slot that the next message may answer, on the card itself as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.dialogue import Card, Change, Event, Outcome, Screen, Show, Toast
from bot.flows.start import tongue_of
from bot.rendering.check_pages import change_screen, choose_screen, replace_screen, save_mode_screen, slot_screen
from bot.rendering.check_screen import card_screen
from bot.rendering.notes import write_note
from bot.rendering.portfolio_screen import place_name
from bot.rendering.verdict import Tongue
from bot.rendering.views import Mode, Note, Slot
from bot.services.accounts import Saving, coin_of, saving, wallet_of, with_wallet
from bot.services.answers import Answer, amendment, answered_at_once, answered_by, tapped_answer, with_answer
from bot.services.checking import Worked, question_about, work_out
from bot.services.facts import Facts
from bot.services.question import Question
from bot.storage.portfolios import SavedPosition, SavePortfolio
from bot.understanding.readings import Reading

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
    working: bool = False
    saved: bool = False
    saving: bool = False
    """Saving was tapped and goes on once the open question is answered; `save_as` is the mode chosen for it."""
    save_as: Mode | None = None
    other_wallet: bool = False
    quiet: bool = False
    """The card's own question was cancelled: the next message is not taken for its answer."""
    alternatives: tuple[Question, ...] = ()


def draft_of(card: Card) -> Draft | None:
    """The card's draft, or None for one of another time that nobody can read any more."""
    try:
        return Draft.model_validate(card.draft)
    except ValidationError:
        return None


# --- A new question ------------------------------------------------------------------------------------------------


def asked(event: Event, questions: tuple[Question, ...], facts: Facts) -> Outcome:
    """A new card for a question; with several readings it asks first which one is meant."""
    filled = tuple(_with_saved_wallet(question, event, facts) for question in questions)
    draft = Draft(question=filled[0])
    if len(filled) > 1:
        draft = Draft(question=filled[0], alternatives=filled, page="choose")
    card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow=FLOW)
    return _shown(event, card, draft, facts)


def _with_saved_wallet(question: Question, event: Event, facts: Facts) -> Question:
    """An unsaid wallet comes from the portfolio, but never where others read along."""
    saved = wallet_of(facts.portfolio.portfolio)
    if question.wallet is not None or saved is None or event.chat.kind != "private":
        return question
    return question.model_copy(update={"wallet": saved, "wallet_from": "portfolio"})


# --- A typed answer ------------------------------------------------------------------------------------------------


def typed(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """The next message after a question: the card with the answer, or None when the text does not answer it."""
    draft = draft_of(card)
    if draft is None or draft.awaiting is None:
        return None
    leg = max(draft.leg, 0)
    answer = answered_by(text, slot=draft.awaiting, question=draft.question, leg=leg, now=event.time)
    answer = answer or answered_at_once(text, question=draft.question, leg=leg, now=event.time)
    return None if answer is None else _with(event, card, draft, answer, facts)


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again. None when nothing is asked."""
    draft = draft_of(card)
    if draft is None or draft.awaiting is None:
        return None
    shown = text if len(text) <= 40 else text[:39] + "…"
    problem = Note(name="unreadable", facts={"text": shown})
    return _shown(event, card, draft.model_copy(update={"page": "slot"}), facts, problem=problem)


def amended(event: Event, card: Card, question: Question, facts: Facts) -> Outcome | None:
    """A reply such as "20x cross": what it says replaces what the card has."""
    draft = draft_of(card)
    if draft is None:
        return None
    said = question.legs[0]
    answer = Answer(said=said, wallet=question.wallet, prices=question.prices, guessed=question.guessed)
    return _with(event, card, draft, answer, facts)


def reworded(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """A short text such as "10x" or "cross" after an answer; None when it is no such thing.

    Without a reply or an open question the card may be far up the chat, so the answer is a new one.
    """
    draft = draft_of(card)
    if draft is None or draft.page == "choose" or len(draft.question.legs) != 1:
        return None
    answer = amendment(text, question=draft.question, now=event.time)
    if facts.found != "replied" and draft.awaiting is None:
        card = Card(id=event.card_id(), owner_id=event.person.id, chat_id=event.chat.id, flow=FLOW)
        draft = Draft(question=draft.question)
    return None if answer is None else _with(event, card, draft, answer, facts)


def amends(card: Card, reading: Reading, *, replied: bool) -> bool:
    """Whether a reading changes the card's one position rather than asking anew."""
    said = reading.parsed.positions or ()
    draft = draft_of(card)
    if draft is None or draft.page == "choose" or len(said) != 1 or len(draft.question.legs) != 1:
        return False
    own = draft.question.legs[0]
    if said[0].symbol not in (None, own.coin):
        return False
    # A second side beside an open question is a new trade; in a reply it is a change of this one.
    return replied or (draft.awaiting is not None and (own.side is None or said[0].side is None))


def coins_of(card: Card | None) -> tuple[str, ...]:
    """The coins that a card is about, so that "price now 63k" finds its coin."""
    draft = draft_of(card) if card is not None and card.flow == FLOW else None
    return tuple(leg.coin for leg in draft.question.legs if leg.coin) if draft else ()


def explained(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """ "Show me the math": the working of the newest card, if that is a check card with an answer."""
    draft = draft_of(card) if card.flow == FLOW else None
    if draft is None or not work_out(draft.question, now=event.time).answered:
        return None
    return _shown(event, card, draft.model_copy(update={"working": True, "page": "card"}), facts)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> Outcome | None:
    """ "btc 63k now": the card measured from there, or None when it is about other coins."""
    draft = draft_of(card)
    if draft is None or draft.page == "choose":
        return None
    answer = Answer.of_prices(prices, question=draft.question, now=event.time)
    return None if answer is None else _with(event, card, draft, answer, facts)


def _with(event: Event, card: Card, draft: Draft, answer: Answer, facts: Facts) -> Outcome:
    changed = with_answer(draft.question, answer, leg=max(draft.leg, 0))
    goes_on = draft.saving and draft.page == "slot"
    reset = {"page": "card", "leg": 0, "saved": False, "saving": False, "other_wallet": False, "quiet": False}
    after = draft.model_copy(update={"question": changed, **reset})
    if goes_on:
        saved = _save(event, card, after, facts, mode=draft.save_as)
        if saved is not None:
            return saved
    return _shown(event, card, after.model_copy(update={"save_as": None}), facts)


# --- A tap ---------------------------------------------------------------------------------------------------------


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    draft = draft_of(card)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "back" | "cancel":
            update = {"page": "card", "leg": 0, "saving": False, "quiet": name == "cancel"}
            return _shown(event, card, draft.model_copy(update=update), facts)
        case "working":
            return _shown(event, card, draft.model_copy(update={"working": not draft.working, "page": "card"}), facts)
        case "change":
            leg = 0 if len(draft.question.legs) == 1 else -1
            return _shown(event, card, draft.model_copy(update={"page": "change", "leg": leg}), facts)
        case "leg" if value in map(str, range(len(draft.question.legs))):
            return _shown(event, card, draft.model_copy(update={"page": "change", "leg": int(value)}), facts)
        case "slot":
            return _ask_slot(event, card, draft, value, facts)
        case "set":
            slot, _, choice = value.partition(":")
            answer = tapped_answer(slot, choice)
            return None if answer is None else _with(event, card, draft, answer, facts)
        case "notional" if value in map(str, range(len(draft.question.legs))):
            answer = Answer.as_notional(draft.question.legs[int(value)])
            return (
                None
                if answer is None
                else _with(event, card, draft.model_copy(update={"leg": int(value)}), answer, facts)
            )
        case "pick" if value in map(str, range(len(draft.alternatives))):
            update = {"question": draft.alternatives[int(value)], "alternatives": (), "page": "card"}
            return _shown(event, card, draft.model_copy(update=update), facts)
        case "save" if value in ("", "isolated", "cross"):
            return _save(event, card, draft, facts, mode=_mode(value))
        case "replace":
            return _save(event, card, draft, facts, mode=draft.save_as, instead=True)
        case "wallet":
            return _take_wallet(event, card, draft, facts)
        case _:
            return None


def _mode(value: str) -> Mode | None:
    return "isolated" if value == "isolated" else "cross" if value == "cross" else None


def _ask_slot(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    slots: tuple[Slot, ...] = ("symbol", "side", "size", "entry", "leverage", "mode", "wallet", "mark")
    slot = next((each for each in slots if each == value), None)
    if slot is None:
        return None
    update = {"page": "slot", "awaiting": slot, "leg": max(draft.leg, 0), "saving": False}
    return _shown(event, card, draft.model_copy(update=update), facts)


# --- Saving --------------------------------------------------------------------------------------------------------


def _save(
    event: Event, card: Card, draft: Draft, facts: Facts, *, mode: Mode | None, instead: bool = False
) -> Outcome | None:
    tongue = tongue_of(event)
    if draft.saved:
        return _shown(event, card, draft, facts, toast=tongue.words.label("toast.already_saved"))
    worked = work_out(draft.question, now=event.time)
    if not worked.answered:
        return None
    if mode is None and any(leg.mode is None for leg in draft.question.legs):
        return _shown(event, card, draft.model_copy(update={"page": "save_mode"}), facts)
    needed = _needed_to_save(worked, draft.question, facts, mode)
    if needed is not None:
        slot, leg = needed
        update = {"page": "slot", "awaiting": slot, "leg": leg, "saving": True, "save_as": mode}
        return _shown(event, card, draft.model_copy(update=update), facts)
    result = saving(
        facts.portfolio.portfolio,
        draft.question,
        worked,
        card_id=card.id,
        mode=mode,
        now=event.time,
        replace=instead,
    )
    if result.held:
        screen = replace_screen(worked.view, tongue, held=_place(result.held[0], tongue))
        return _shown(event, card, draft.model_copy(update={"page": "replace", "save_as": mode}), facts, screen=screen)
    return _saved(event, card, draft, facts, result, tongue)


def _place(held: SavedPosition, tongue: Tongue) -> Markup:
    return place_name(coin_of(held.symbol), held.side, held.margin_mode, tongue)


def _needed_to_save(worked: Worked, question: Question, facts: Facts, mode: Mode | None) -> tuple[Slot, int] | None:
    """What a saved position has to have that a card need not: a size, a leverage and, in cross, a wallet."""
    for index, leg in enumerate(worked.legs):
        if leg.leverage is None:
            return "leverage", index
        if leg.quantity is None:
            return "size", index
    crossed = any((leg.mode or mode) == "cross" for leg in question.legs)
    if crossed and question.wallet is None and wallet_of(facts.portfolio.portfolio) is None:
        return "wallet", 0
    return None


def _saved(event: Event, card: Card, draft: Draft, facts: Facts, result: Saving, tongue: Tongue) -> Outcome:
    words = tongue.words
    if result.portfolio is None:
        why = write_note(result.refusal, words, tongue.numbers) if result.refusal else ""
        toast = words.label("save.refused", why=why)
        return _shown(event, card, draft.model_copy(update={"page": "card"}), facts, toast=toast, alert=True)
    toast = words.label("save.done")
    if result.wallet_kept is not None:
        toast += " " + words.label("save.wallet_kept", wallet=tongue.numbers.money(result.wallet_kept))
    update = {"page": "card", "saved": True, "save_as": None, "other_wallet": result.wallet_kept is not None}
    change = SavePortfolio(owner_id=event.person.id, portfolio=result.portfolio, version=facts.portfolio.version)
    kept = result.wallet_kept is not None
    return _shown(event, card, draft.model_copy(update=update), facts, toast=toast, alert=kept, changes=(change,))


def _take_wallet(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """The portfolio takes the card's wallet balance."""
    wallet = draft.question.wallet
    if wallet is None or not draft.saved:
        return None
    words = tongue_of(event).words
    portfolio = with_wallet(facts.portfolio.portfolio, wallet)
    change = SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version)
    toast = words.label("save.wallet_taken", wallet=tongue_of(event).numbers.money(wallet))
    return _shown(event, card, draft.model_copy(update={"other_wallet": False}), facts, toast=toast, changes=(change,))


# --- Showing -------------------------------------------------------------------------------------------------------


def _shown(
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
    own, settled = _screen(event, draft, problem)
    changed = replace(card, draft=settled.model_dump(mode="json", exclude_defaults=True))
    return Outcome(
        show=(Show(screen=screen or own, card=changed),),
        toast=Toast(text=toast[:TOAST_LENGTH], alert=alert) if toast else None,
        changes=changes,
    )


def _screen(event: Event, draft: Draft, problem: Note | None) -> tuple[Screen, Draft]:
    """The page that the draft is on, and the draft with what its next message may answer."""
    tongue = tongue_of(event)
    if draft.page == "choose":
        views = [work_out(question, now=event.time).view for question in draft.alternatives]
        return choose_screen(views, tongue), draft.model_copy(update={"awaiting": None})
    worked = work_out(draft.question, now=event.time)
    view = worked.view
    silent = draft.model_copy(update={"awaiting": None})
    match draft.page:
        case "change":
            return change_screen(view, tongue, leg=draft.leg), silent
        case "slot" if draft.awaiting is not None:
            return slot_screen(view, tongue, question_about(draft.awaiting, draft.leg, worked), problem=problem), draft
        case "save_mode":
            return save_mode_screen(view, tongue), silent
        case _:
            asking = view.asked if not draft.quiet else None
            awaiting = {"awaiting": asking.slot, "leg": asking.leg} if asking else {"awaiting": None}
            screen = card_screen(
                view, tongue, working=draft.working, saved=draft.saved, other_wallet=draft.other_wallet
            )
            return screen, draft.model_copy(update={"page": "card", **awaiting})
