"""The check card: a trade in, the verdict out, and every assumption a button.

    long 0.5 btc 64k 20x     ->  isolated at once; "Cross needs your wallet balance." [2,000] [5,000] [10,000]
    10k                      ->  the same card, now with both modes side by side
    20x cross 5k, short 66k  ->  the same card with what was said, whether something was asked or not
    [Change] [Leverage: 20x] ->  "What leverage?" [5x] [10x] [20x] [50x]
    [Show the working]       ->  the formula, the same with numbers, the result
    sl 61.5k tp 70k          ->  what the stop and the target leave, and whether a liquidation comes first
    [Change] [Add a position]->  "Which position do you add?" [BTC] [ETH] [SOL], or all of it typed
    [Save] [As cross]        ->  check_saving.py

States are pages of one card: `card`, `change` (which slot), `slot` (one question), `save_mode`, `replace`, `choose`
(two readings of one message). `awaiting` names the slot that the next message may answer, on the card itself as well.

A typed text changes the card only if the whole of it says something there: nothing is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.dialogue import Card, Change, Event, Outcome
from bot.flows.basis import Basis, answer_to, asking, taken_prices, with_saved_account
from bot.flows.cards import in_sight, misread_note
from bot.flows.check_card import FLOW, Draft, draft_of, new_card, shown, worked_out
from bot.flows.check_saving import save, take_wallet
from bot.flows.check_turns import BARE, asked_back, chosen, turn_of, visibly
from bot.flows.flow import Flow, Told, showing
from bot.flows.places import is_signed_move
from bot.flows.start import tongue_of
from bot.rendering.assumptions import assumed_entries, missing_entry
from bot.rendering.views import Mode
from bot.services.adding import with_coin, with_more, without_leg
from bot.services.answers import Answer, in_its_asset, tapped_answer, with_answer
from bot.services.facts import Facts
from bot.services.preferring import without_preferences
from bot.services.question import Question
from bot.services.results import check_results
from bot.services.saved import with_prices
from bot.services.turning import meanings, other_coin
from bot.storage.portfolios import SavePortfolio
from bot.understanding.readings import PositionSlots, Reading
from bot.understanding.turns import Turn
from bot.understanding.understand import understand

MOST_UNDONE: Final = 5
"""How many changes of a card can be taken back."""

# --- A new question ------------------------------------------------------------------------------------------------


def asked(event: Event, questions: tuple[Question, ...], facts: Facts, *, before: Card | None = None) -> Outcome:
    """A new card for a question; with several readings it asks first which one is meant.

    before: the card that it goes on from, to which "undo" leads back.
    """
    filled = tuple(with_saved_account(question, event, facts) for question in questions)
    last = draft_of(before) if before is not None and before.flow == FLOW else None
    known = last is not None and (last.page != "choose" or last.meant)
    history = (*last.history, last.question)[-MOST_UNDONE:] if last is not None and known else ()
    draft = Draft(question=filled[0], history=history)
    if len(filled) > 1:
        draft = draft.model_copy(update={"alternatives": filled, "page": "choose"})
    return shown(event, new_card(event), draft, facts)


def again(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """The question of a card asked once more, by whoever the event is of."""
    draft = draft_of(card)
    if draft is None:
        return None
    meant = draft.alternatives if draft.page == "choose" and not draft.meant else (draft.question,)
    return asked(event, tuple(without_preferences(question) for question in meant), facts)


# --- A typed answer ------------------------------------------------------------------------------------------------


def awaits(card: Card) -> bool:
    """Whether the next message may answer a question of the card."""
    draft = draft_of(card)
    return draft is not None and (draft.awaiting is not None or draft.page == "choose")


def is_another_trade(card: Card, coins: tuple[str | None, ...]) -> bool:
    """Whether one of the coins that a text names is none of the card's: then it is not about this card."""
    own = coins_of(card)
    return bool(own) and any(coin is not None and coin not in own for coin in coins)


def adds(card: Card) -> bool:
    """Whether the card asks for a further position."""
    draft = draft_of(card)
    return draft is not None and draft.awaiting == "position"


def typed(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """What a text answers or changes on the card; None when some part of it has no place there."""
    draft = draft_of(card)
    if draft is None or _supposes(draft, reading):
        return None
    if adds(card):
        added = with_more(draft.question, text, reading, now=event.time)
        return None if added is None else _to(event, in_sight(event, card), draft, added, facts)
    if draft.page == "choose":
        number = chosen(text, draft)
        if number is not None:
            return _picked(event, in_sight(event, card), draft, number, facts)
        if not draft.meant:
            return None
    turn = turn_of(event, draft, text, facts)
    if turn is not None and (turn.do not in BARE or (draft.awaiting is None and turn.do != "slots")):
        return _turned(event, card, draft, text, turn, facts)
    answer = answer_to(
        draft.question,
        draft.awaiting,
        max(draft.leg, 0),
        text,
        reading,
        replied=facts.found == "replied",
        now=event.time,
    )
    if answer is None:
        return _turned(event, card, draft, text, turn, facts) if turn is not None else None
    return visibly(event, card, draft, facts, lambda place: _with(event, place, draft, answer, facts))


def _supposes(draft: Draft, reading: Reading) -> bool:
    """Whether "-10" is a move of the prices, and no wallet: nobody writes a balance with its sign."""
    return draft.awaiting in ("wallet", None) and is_signed_move(reading)


def _turned(event: Event, card: Card, draft: Draft, text: str, turn: Turn, facts: Facts) -> Outcome | None:
    """A short turn: taken where it can mean one thing, else asked about; None when it has no place on the card."""
    found = meanings(turn, draft.question, now=event.time)
    if len(found) == 1:
        return visibly(event, card, draft, facts, lambda place: _to(event, place, draft, found[0].question, facts))
    return asked_back(event, card, draft, turn.text or text.strip(), found, facts) if found else None


def misread(event: Event, card: Card, text: str, facts: Facts) -> Outcome | None:
    """Words that do not answer the open question: the question again. None when nothing is asked."""
    draft = draft_of(card)
    if draft is None or not awaits(card) or _supposes(draft, understand(text)):
        return None
    problem = misread_note(text)
    page = draft if draft.page == "choose" and not draft.meant else draft.model_copy(update={"page": "slot"})
    return shown(event, in_sight(event, card), page, facts, problem=problem)


def coins_of(card: Card | None) -> tuple[str, ...]:
    """The coins that a card is about, so that "price now 63k" finds its coin."""
    draft = draft_of(card) if card is not None and card.flow == FLOW else None
    return tuple(leg.coin for leg in draft.question.legs if leg.coin) if draft else ()


def explained(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """ "Show me the math": the working of the newest card, if that is a check card with an answer."""
    draft = draft_of(card) if card.flow == FLOW else None
    if draft is None or not worked_out(event, card, draft, facts).answered:
        return None
    return shown(event, in_sight(event, card), draft.model_copy(update={"working": True, "page": "card"}), facts)


def undone(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """ "Undo": the card as it was before its last change; None when nothing was changed."""
    draft = draft_of(card) if card.flow == FLOW else None
    if draft is None or not draft.history:
        return None
    update = {
        "question": draft.history[-1],
        "history": draft.history[:-1],
        "page": "card",
        "leg": 0,
        "saved": False,
        "alternatives": (),
        "meant": (),
    }
    return shown(event, in_sight(event, card), draft.model_copy(update=update), facts)


def for_coin(event: Event, card: Card, basis: Basis, said: PositionSlots, facts: Facts) -> Outcome | None:
    """ "ETH too", "ETH at 3k instead": a new card that asks the same for another coin; None for several positions.

    Side, leverage, mode and amounts of dollars hold on; sizes in coins and prices are those of the other coin only.
    Arguments: basis, what the card, of whatever flow, is about; said, the coin and its entry, if that is said.
    """
    question = basis.question
    if question is None or len(question.legs) != 1 or said.symbol is None:
        return None
    entry = said.entry if isinstance(said.entry, Decimal) else None
    return asked(event, (other_coin(question, said.symbol, entry=entry),), facts, before=card)


def priced(event: Event, card: Card, prices: Mapping[str, Decimal], facts: Facts) -> tuple[Outcome, set[str]] | None:
    """ "btc 63k now": the card measured from there, and the coins it took; None when it is about other coins."""
    draft = draft_of(card)
    if draft is None or draft.page == "choose":
        return None
    answer = Answer.of_prices(prices, question=draft.question, now=event.time)
    if answer is None:
        return None
    return _with(event, in_sight(event, card), draft, answer, facts), taken_prices(event, prices, draft.question)


def _with(event: Event, card: Card, draft: Draft, answer: Answer, facts: Facts) -> Outcome:
    changed = with_answer(draft.question, answer, leg=max(draft.leg, 0))
    changes = _noted(event, answer, facts)
    return _to(event, card, draft, changed, facts, changes=changes)


def _to(
    event: Event, card: Card, draft: Draft, changed: Question, facts: Facts, *, changes: tuple[Change, ...] = ()
) -> Outcome:
    """The card with another question; the one before can be taken back."""
    only_prices = changed.model_copy(update={"prices": draft.question.prices}) == draft.question
    if changed != draft.question:
        draft = draft.model_copy(update={"history": (*draft.history, draft.question)[-MOST_UNDONE:]})
    goes_on = draft.saving and draft.page == "slot"
    reset: dict[str, object] = {"page": "card", "leg": 0, "saving": False, "quiet": False, "more": False}
    reset |= {"alternatives": (), "meant": (), "said": ""}
    if not (draft.saved and only_prices):  # a price changes nothing of what was saved
        reset |= {"saved": False, "other_wallet": False}
    after = draft.model_copy(update={"question": changed, **reset})
    if goes_on:
        saved = save(event, card, after, facts, mode=draft.save_as)
        if saved is not None:
            return saved
    if not after.saved:
        after = after.model_copy(update={"save_as": None})
    return shown(event, card, after, facts, changes=changes)


def _noted(event: Event, answer: Answer, facts: Facts) -> tuple[Change, ...]:
    """A price now is one for the saved positions of that coin, too."""
    prices = {coin: given.price for coin, given in answer.prices.items()}
    portfolio, held = with_prices(facts.portfolio.portfolio, prices, now=event.time)
    if not held:
        return ()
    return (SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version),)


# --- A tap ---------------------------------------------------------------------------------------------------------


def tapped(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    """A button of the card; None for one that means nothing here, as forged or outlived data does."""
    draft = draft_of(card)
    if draft is None:
        return None
    name, _, value = action.partition(":")
    match name:
        case "back" | "cancel":
            update = {
                "page": "card",
                "leg": 0,
                "saving": False,
                "quiet": name == "cancel",
                "more": False,
                "alternatives": (),
                "meant": (),
            }
            return shown(event, card, draft.model_copy(update=update), facts)
        case "working":
            return shown(event, card, draft.model_copy(update={"working": not draft.working, "page": "card"}), facts)
        case "change":
            leg = 0 if len(draft.question.legs) == 1 else -1
            return shown(event, card, draft.model_copy(update={"page": "change", "leg": leg}), facts)
        case "leg" if value in _legs(draft):
            return shown(event, card, draft.model_copy(update={"page": "change", "leg": int(value)}), facts)
        case "slot":
            return _ask_slot(event, card, draft, value, facts)
        case "set":
            slot, _, choice = value.partition(":")
            if slot == "position":
                added = with_coin(draft.question, choice)
                return None if added is None else _to(event, card, draft, added, facts)
            answer = tapped_answer(slot, choice)
            if answer is None:
                return None
            return _with(event, card, draft, in_its_asset(answer, draft.question, max(draft.leg, 0)), facts)
        case "notional" if value in _legs(draft):
            answer = Answer.as_notional(draft.question.legs[int(value)])
            at_leg = draft.model_copy(update={"leg": int(value)})
            return None if answer is None else _with(event, card, at_leg, answer, facts)
        case "pick" if value.isdecimal():
            return _picked(event, card, draft, int(value), facts)
        case "more":
            return shown(event, card, draft.model_copy(update={"more": True}), facts)
        case "remove" if value in _legs(draft) and len(draft.question.legs) > 1:
            return _to(event, card, draft, without_leg(draft.question, int(value)), facts)
        case "save" if value in ("", "isolated", "cross"):
            return save(event, card, draft, facts, mode=_mode(value))
        case "replace":
            return save(event, card, draft, facts, mode=draft.save_as, instead=True)
        case "wallet":
            return take_wallet(event, card, draft, facts)
        case _:
            return None


def _legs(draft: Draft) -> list[str]:
    return [str(number) for number in range(len(draft.question.legs))]


def _mode(value: str) -> Mode | None:
    return "isolated" if value == "isolated" else "cross" if value == "cross" else None


def _picked(event: Event, card: Card, draft: Draft, number: int, facts: Facts) -> Outcome | None:
    """One of the readings was meant."""
    if number >= len(draft.alternatives):
        return None
    if draft.meant:
        return _to(event, card, draft, draft.alternatives[number], facts)
    update = {"question": draft.alternatives[number], "alternatives": (), "page": "card"}
    return shown(event, card, draft.model_copy(update=update), facts)


def _ask_slot(event: Event, card: Card, draft: Draft, value: str, facts: Facts) -> Outcome | None:
    """ "slot:leverage" or, of one of several positions, "slot:leverage:1"."""
    slot, _, leg = value.partition(":")
    asked = asking(Basis(question=draft.question, leg=max(draft.leg, 0)), slot, leg)
    if asked is None:
        return None
    update = {"page": "slot", "awaiting": asked.awaiting, "leg": asked.leg, "saving": False, "more": False}
    return shown(event, card, draft.model_copy(update=update), facts)


# --- For others ----------------------------------------------------------------------------------------------------


def basis(card: Card) -> Basis | None:
    """The positions of the card, for another flow to go on with."""
    draft = draft_of(card)
    known = draft is not None and (draft.page != "choose" or draft.meant)
    return Basis(question=draft.question, origin=card.id) if draft is not None and known else None


def told(event: Event, card: Card, reading: Reading, facts: Facts) -> Told:
    """The card's answer for other programs; while it asks which reading is meant, only that question."""
    draft, tongue = draft_of(card), tongue_of(event)
    if draft is None:
        return Told()
    if draft.page == "choose":
        return Told(missing=(f"size: {tongue.words.label('choose.question')}",))
    worked = worked_out(event, card, draft, facts, explain=True)
    asked = missing_entry(worked.view, tongue)
    return Told(
        answered=worked.answered,
        assumed=tuple(assumed_entries(worked.view, tongue)),
        missing=(asked,) if asked else (),
        results=check_results(worked, reading.kind),
    )


CHECK: Final = Flow(
    name=FLOW,
    tapped=tapped,
    again=again,
    awaits=awaits,
    typed=typed,
    adds=adds,
    misread=misread,
    priced=priced,
    undone=undone,
    explained=explained,
    basis=basis,
    shown=showing(Draft, shown),
    coins=lambda card, facts: coins_of(card),
    told=told,
)
