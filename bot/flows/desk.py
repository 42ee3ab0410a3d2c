"""The front desk: which conversation an event belongs to.

1. A tap goes to the flow of its card, if the card is there and the button is the person's own.
2. A command goes to its flow.
3. A text is understood first. A trade of its own, or one of another coin, wins over a question that a card has open;
   else the open question is tried; else a follow-up ("20x cross 5k") changes the card that the person touched last, if
   all of it has a place there; else the kind of the reading decides.
4. In groups, what is not meant for the bot is left alone; what else groups need is in lobby.py.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import (
    Attached,
    Card,
    Chosen,
    Close,
    Commanded,
    Enclosed,
    Event,
    Outcome,
    Queried,
    Refusal,
    Said,
    Show,
    Tapped,
    Toast,
)
from bot.flows import check, entrances, explain, inline, last, learn, picture, portfolio, prices, start, whatif
from bot.flows.at_once import followed
from bot.flows.basis import Basis
from bot.flows.cards import age_of
from bot.flows.conversations import ASKED, OPENERS, flow_of
from bot.flows.flow import in_passing
from bot.flows.places import asked_by, asks_why, goes_nowhere, in_place, is_whole, names_the_last
from bot.flows.pressing import pressed
from bot.payloads import decode_payload
from bot.services.answers import is_below_zero
from bot.services.facts import Facts
from bot.services.question import TAKEN_AS_MARGIN, Declined, question_of, slots_of
from bot.understanding.alternatives import AMOUNT_SWAPPED
from bot.understanding.readings import FRESH, Context, Reading
from bot.understanding.tagging import read as tagged
from bot.understanding.topics import asks_advice
from bot.understanding.understand import understand


def decide(event: Event, facts: Facts) -> Outcome:
    """What an event leads to. Pure: time and ids are the event's, nothing is read or written here."""
    event = start.as_set(event, facts.settings.settings)
    outcome = _decided(event, facts)
    if not isinstance(event.content, Tapped):
        outcome = replace(outcome, show=tuple(asked_by(event, step) for step in outcome.show))
    return followed(event, outcome, facts)


def _decided(event: Event, facts: Facts) -> Outcome:
    if isinstance(event.content, Tapped):
        return _tapped(event, event.content.data, facts)
    facts = inline.brought_home(event, facts)
    if facts.card is not None and facts.card.owner_id != event.person.id:
        return _by_stranger(event, replace(facts, card=None, found=None))
    match event.content:
        case _ if event.edited:
            return _edited(event, facts)
        case Commanded(name=name, arguments=arguments):
            return _commanded(event, name, arguments, facts)
        case Attached():
            return start.attached(event) if _meant_for_us(event, facts) else Outcome()
        case Enclosed():
            return portfolio.enclosed(event, event.content, facts) if _meant_for_us(event, facts) else Outcome()
        case Said(text=text):
            return _said(event, text, facts)
        case Queried(text=text):
            return inline.offered(event, text, facts, _answered)
        case Chosen():
            return inline.chosen(event, event.content, facts)
        case _:
            return Outcome()


def can_wait(event: Event) -> bool:
    """Whether deciding takes several times as long as usual, for what may come after other people's answers."""
    if isinstance(event.content, Enclosed):
        return True  # it may have a hundred lines
    payload = decode_payload(event.content.data) if isinstance(event.content, Tapped) else None
    return payload is not None and payload.action.partition(":")[0] in picture.DRAWING


def _by_stranger(event: Event, facts: Facts) -> Outcome:
    """A reply to somebody else's card answers nothing there: a trade of one's own is answered, the rest left alone."""
    match event.content:
        case Said(text=text) if not event.edited:
            reading = understand(text)
            return _answered(event, text, reading, facts) if is_whole(reading) else Outcome()
        case Attached() | Enclosed():
            return Outcome()
        case _:
            return _decided(event, facts)


# --- Taps ----------------------------------------------------------------------------------------------------------


def _tapped(event: Event, data: str, facts: Facts) -> Outcome:
    payload, card = decode_payload(data), facts.card
    if event.inline_message_id is not None:
        outcome = inline.tapped_anywhere(event, payload, card, facts)
        return outcome or _too_old(event, "forged" if payload is None else "stale")
    if payload is None:
        return _too_old(event, "forged")
    if payload.owner_id != event.person.id or (card is not None and card.owner_id != event.person.id):
        return entrances.joined(event, card, payload, facts)
    if card is None or card.id != payload.card_id:
        return _too_old(event)
    return _own_tap(event, card, payload.action, facts) or _too_old(event)


def _own_tap(event: Event, card: Card, action: str, facts: Facts) -> Outcome | None:
    if action in OPENERS:
        return OPENERS[action](event, _basis(card), facts)
    flow = flow_of(card)
    return flow.tapped(event, card, action, facts) if flow is not None else None


def _basis(card: Card | None) -> Basis | None:
    flow = flow_of(card)
    return flow.basis(card) if card is not None and flow is not None else None


def _too_old(event: Event, refused: Refusal = "stale") -> Outcome:
    words = start.tongue_of(event).words
    return Outcome(toast=Toast(text=words.label("toast.too_old"), alert=True), refused=refused)


# --- Commands ------------------------------------------------------------------------------------------------------


def _commanded(event: Event, name: str, arguments: str, facts: Facts) -> Outcome:
    match name.lower():
        case command if portfolio.takes(command, arguments):
            return portfolio.commanded(event, command, arguments, facts)
        case "start":
            return entrances.linked(event, arguments, facts, _answered)
        case "help":
            return start.helped(event)
        case "liq" if _replied(facts) and arguments.strip():  # "/liq 10x" to a card is "10x" to it
            return _said(replace(event, content=Said(text=arguments)), arguments, facts)
        case "liq" if arguments.strip():
            return _answered(event, arguments, understand(arguments), facts)
        case "liq":
            return start.prompted(event)
        case "whatif" if arguments.strip():
            return whatif.commanded(event, arguments, _at_hand(event, facts), facts)
        case "whatif":
            return whatif.opened(event, _at_hand(event, facts), facts)
        case "check":
            return entrances.checked(event, arguments, facts)
        case "learn":
            return entrances.learnt(event, arguments, _at_hand(event, facts), facts)
        case "last" | "again":
            return last.shown_anew(event, facts, fresh=name.lower() == "again")
        case "link":
            return last.linked(event, facts)
        case "cancel":
            return _cancelled(event, facts)
        case _:
            reading = understand(f"/{name} {arguments}")
            if reading.kind in ("unknown", "smalltalk"):
                return start.unknown_command(event, name)
            return _question(event, arguments, reading, facts)


def _cancelled(event: Event, facts: Facts) -> Outcome:
    """/cancel takes back the open question: the card goes on without it."""
    card = facts.card
    if card is None or not _awaits(card):
        return start.said(event, "start.nothing")
    back = _own_tap(event, card, "cancel", facts)
    sentence = start.said(event, "start.cancelled")
    return Outcome(show=(*(back.show if back else ()), *sentence.show))


# --- Texts ---------------------------------------------------------------------------------------------------------


def _said(event: Event, text: str, facts: Facts) -> Outcome:
    message = tagged(text)
    ordered = portfolio.worded(event, text, message, facts)
    if ordered is not None:
        return ordered
    again = prices.asked_again(text, facts)
    if again is not None:
        text, facts = again
        message = tagged(text)
    card = facts.card
    flow = flow_of(card)
    coins = flow.coins(card, facts) if card is not None and flow is not None else ()
    context = Context(symbols=coins, age=age_of(card, event.time))
    reading = understand(message, context)
    if not (context.fresh or _replied(facts)):
        card = None  # nobody goes on from what was asked yesterday without pointing at it
    if reading.follow in ("undo", "too"):
        return _goes_on(event, card, text, reading, facts)
    if card is not None and flow is not None and reading.kind == "unknown":
        button = pressed(event, card, flow, text, facts) if event.chat.is_private or _replied(facts) else None
        tapped = _own_tap(event, *button, facts) if button is not None else None
        if tapped is not None:
            return tapped
    adds = card is not None and flow is not None and flow.adds(card)
    if card is not None and (adds or names_the_last(reading) or not _is_another(reading, card)):
        answer = _answer(event, card, text, reading, facts)
        if answer is not None:
            return answer
    if reading.follow == "instead":
        return _goes_on(event, card, text, reading, facts)
    return _answered(event, text, reading, facts)


def _answered(event: Event, text: str, reading: Reading, facts: Facts) -> Outcome:
    """What a text asks, and after it what else it asks, on cards of their own about the same positions."""
    outcome = _question(event, text, reading, facts)
    for other in reading.also:
        first = outcome.cards
        if other.kind in ASKED and first and _basis(first[-1]) is not None:
            more = ASKED[other.kind](event, other, _basis(first[-1]), facts)
        else:
            more = _question(event, text, other, facts)
        if not more.changes:
            shown = _renumbered(event, more, len(first))
            lesson = other.kind == "faq" and first
            outcome = replace(outcome, show=(*outcome.show, *(map(in_passing, shown) if lesson else shown)))
    return outcome


def _renumbered(event: Event, outcome: Outcome, cards: int) -> tuple[Show | Close, ...]:
    """What an outcome shows, its new card numbered after those that the same event opens already."""
    return tuple(
        replace(show, card=replace(show.card, id=event.card_id(cards)))
        if isinstance(show, Show) and show.card is not None and show.card.id == event.card_id()
        else show
        for show in outcome.show
    )


def _goes_on(event: Event, card: Card | None, text: str, reading: Reading, facts: Facts) -> Outcome:
    """ "Undo", "eth too", "eth instead": what goes on from the newest card; where none fits, the text stands alone."""
    if card is None or not (_replied(facts) or event.chat.is_private):
        outcome = None
    elif reading.follow == "undo":
        flow = flow_of(card)
        outcome = flow.undone(event, card, facts) if flow is not None else None
    else:
        basis, said = _basis(card), reading.parsed.positions or ()
        outcome = check.for_coin(event, card, basis, said[0], facts) if basis is not None and len(said) == 1 else None
    if outcome is not None:
        return outcome
    if reading.follow == "undo":
        return start.said(event, "start.nothing_to_undo") if _meant_for_us(event, facts) else Outcome()
    return _answered(event, text, reading, facts)


def _is_another(reading: Reading, card: Card) -> bool:
    """Whether a text asks about another trade than the card's: a trade of its own, or another coin."""
    if is_whole(reading):
        return True
    coins = tuple(position.symbol for position in reading.parsed.positions or ())
    return card.flow == check.CHECK.name and reading.kind == "position" and check.is_another_trade(card, coins)


def _edited(event: Event, facts: Facts) -> Outcome:
    """A message changed after it was sent: its card shows the answer to what it says now, whatever was tapped there.

    Without such a card only a trade is answered, and nothing is said to any other change.
    """
    own = facts.card if facts.found == "asked" else None
    match event.content:
        case Said(text=text) | Commanded(name="liq", arguments=text):
            reading = understand(text)
        case _:
            return Outcome()
    if own is None and not is_whole(reading):
        return Outcome()
    outcome = _answered(event, text, reading, replace(facts, card=None, found=None))
    return outcome if own is None else in_place(outcome, own)


def _answer(event: Event, card: Card, text: str, reading: Reading, facts: Facts) -> Outcome | None:
    """A text as an answer to an open question of the card, a price, or a reply that amends it."""
    if reading.kind == "mark" and reading.parsed.marks:
        return prices.marked(event, reading, facts, meant=_meant_for_us(event, facts))
    if not (_awaits(card) or _replied(facts) or event.chat.is_private):
        return None  # in a group a finished card is changed by replies only
    flow = flow_of(card)
    if flow is None:
        return None
    answered = flow.typed(event, card, text, reading, facts)
    if answered is None and asks_why(reading) and _meant_for_us(event, facts):
        answered = flow.explained(event, card, facts)
    if answered is not None:
        return answered
    unread = reading.kind == "unknown" or reading.follow_up or is_below_zero(text)
    if not (_awaits(card) and unread and _meant_for_us(event, facts)):
        return None
    return flow.misread(event, card, text, facts)


def _question(event: Event, text: str, reading: Reading, facts: Facts) -> Outcome:
    """What a text asks on its own."""
    parsed = reading.parsed
    if not (_meant_for_us(event, facts) or is_whole(reading) or reading.kind == "mark"):
        return Outcome()
    match reading.kind:
        case _ if goes_nowhere(text, reading):
            return start.no_place(event, text, beside=_at_hand(event, facts) is not None)
        case "position" if parsed.positions:
            return _trade(event, reading, facts)
        case "compare" if parsed.positions and reading.alternatives:
            return _trade(event, reading, facts)
        case "portfolio":
            return portfolio.opened(event, facts)
        case "position" if reading.unknown_coin is None and parsed.account is None and not reading.unread:
            return _own_liquidation(event, facts)
        case "position":
            return _trade(event, reading, facts)
        case "mark" if parsed.marks:
            return prices.marked(event, reading, facts, meant=_meant_for_us(event, facts))
        case "mark":
            return start.price_of_what(event)
        case "explain" if parsed.topic == "steps" and facts.card is not None and (flow := flow_of(facts.card)):
            shown = flow.explained(event, facts.card, facts)
            return shown or explain.asked(event, reading, None, facts)
        case kind if kind in ASKED:
            return ASKED[kind](event, reading, _at_hand(event, facts), facts)
        case "smalltalk":
            return start.small_talk(event)
        case _ if asks_advice(text):
            return start.said(event, "start.no_advice")
        case _:
            return learn.word_asked(event, text, _at_hand(event, facts), facts) or start.nonsense(event)


def _at_hand(event: Event, facts: Facts) -> Basis | None:
    """The positions of the card that a question goes on from: the one replied to, else a fresh one of the person's own
    in private, or for a command."""
    age = age_of(facts.card, event.time)
    meant = event.chat.is_private or isinstance(event.content, Commanded)
    fresh = meant and (age is None or age <= FRESH)
    return _basis(facts.card) if fresh or _replied(facts) else None


def _trade(event: Event, reading: Reading, facts: Facts) -> Outcome:
    questions = []
    # Dollars taken as margin are answered at once: the card says so and has a button for the other reading.
    taken = TAKEN_AS_MARGIN in slots_of(reading.assumed)
    others = [each for each in reading.alternatives if not (taken and AMOUNT_SWAPPED in each.assumed)]
    for each in (reading, *others):
        question = question_of(each, now=event.time)
        if isinstance(question, Declined):
            return start.declined(event, question.note)
        questions += [question] if question not in questions else []
    return check.asked(event, tuple(questions), facts, before=_before(event, facts))


def _before(event: Event, facts: Facts) -> Card | None:
    """The card that was spoken of just before a new trade, to which "undo" leads back."""
    age = age_of(facts.card, event.time)
    fresh = event.chat.is_private and age is not None and age <= FRESH
    return facts.card if fresh else None


def _own_liquidation(event: Event, facts: Facts) -> Outcome:
    """ "liq?": of what is saved; without anything saved, how to ask."""
    held = facts.portfolio.portfolio.positions
    return portfolio.opened(event, facts) if held or not event.chat.is_private else start.prompted(event)


def _awaits(card: Card) -> bool:
    flow = flow_of(card)
    return flow is not None and flow.awaits(card)


def _replied(facts: Facts) -> bool:
    return facts.found == "replied"


def _meant_for_us(event: Event, facts: Facts) -> bool:
    """In private and behind the bot's name everything is; in a group a command, a mention or a reply to our cards."""
    told = event.mentioned or isinstance(event.content, Commanded) or _replied(facts)
    return not event.chat.is_group or told
