"""The signs by which a message shows its kind: rules over the concepts that occur, each with its weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.account import saved_name, venue_of
from bot.understanding.asks import asks_of
from bot.understanding.changes import changes_of, closing
from bot.understanding.comparisons import asks_equal_leverage, asks_switch, told
from bot.understanding.events import event_at
from bot.understanding.facts import Facts
from bot.understanding.follow_ups import asks_alone, asks_own_liquidation, asks_undo, follow_of, stated_prices
from bot.understanding.margins import asks_what_it_takes
from bot.understanding.readings import Kind
from bot.understanding.shocks import shocks_of
from bot.understanding.sizes import counts_coins
from bot.understanding.tagging import Message
from bot.understanding.targets import is_multiple
from bot.understanding.what_ifs import only_symbol, opens_at, solved, told_book
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

COMMANDS: dict[str, Kind] = {
    "liq": "position",
    "l": "position",
    "position": "position",
    "pos": "position",
    "whatif": "whatif",
    "if": "whatif",
    "crash": "whatif",
    "stress": "whatif",
    "compare": "compare",
    "cmp": "compare",
    "vs": "compare",
    "size": "size",
    "risk": "size",
    "add": "addmargin",
    "addmargin": "addmargin",
    "margin": "addmargin",
    "quiz": "quiz",
    "settings": "settings",
    "portfolio": "portfolio",
    "book": "portfolio",
    "positions": "portfolio",
    "start": "smalltalk",
    "help": "smalltalk",
}


def _manages(facts: Facts) -> bool:
    return facts.has(C.MANAGE) and facts.says("portfolio", "book", "positions", "position") and not facts.numbers


def _is_saved(facts: Facts) -> bool:
    moved = facts.has(C.FALL, C.RISE, C.IF, C.WHAT_IF, C.COMPARE) or facts.percents or facts.both_modes
    return saved_name(facts.message) is not None and not moved and not facts.described


def _is_explain(facts: Facts) -> bool:
    return facts.topic is not None and facts.topic[0] == "explain" and _is_question(facts, facts.topic[1])


def _is_faq(facts: Facts) -> bool:
    return facts.topic is not None and facts.topic[0] == "faq" and _is_question(facts, facts.topic[1])


def _is_question(facts: Facts, topic: str) -> bool:
    """Whether the topic is what is asked, and not a position, a shock or an amount that could be computed."""
    if not facts.has(C.WHY) and (facts.has(C.HOW_FAR) or solved(facts.message)):
        return False
    if topic == "venue_mismatch" and facts.has(C.WHY) and facts.described and venue_of(facts.message):
        return True
    if topic == "venue_mismatch":
        return len(facts.numbers) <= 3 and not facts.levered
    if topic in ("mode_choice_high_leverage", "mode_choice_beginner") and not (facts.coins or facts.sides):
        return True
    if facts.described and (facts.coins or facts.sides) and not facts.has(C.WHY):
        return False
    if asks_switch(facts.message) and facts.coins and facts.has(C.ISOLATED, C.CROSS):
        return False
    if topic in ("partial_liquidation", "probability_method"):
        return True
    if facts.both_modes and (facts.mine or asks_equal_leverage(facts.message) or facts.says("same liq", "same price")):
        return False
    acted = facts.has(C.ADD, C.TOP_UP, C.WITHDRAW) and (facts.amounts or facts.has(C.HOW_MUCH))
    if facts.has(C.MARGIN_CALL) or acted or (topic == "quiz_start" and facts.coins):
        return False
    priced = facts.coins and any(n.scaled or n.value > 100 for n in facts.numbers) and not facts.has(C.WHY)
    return not facts.percents and not (facts.has(C.WHAT_IF) and facts.numbers) and not priced


def _is_size(facts: Facts) -> bool:
    pointed = facts.coins or facts.sides
    if C.RISK in facts.roles and (pointed or C.STOP in facts.roles or facts.has(C.BALANCE)):
        return True
    if C.STOP in facts.roles and "stop_before_liq" in asks_of(facts.message):
        return True
    if facts.both_modes:
        return False
    if facts.has(C.ENTRY_ASK, C.STOP_ASK) and pointed:
        return True
    if facts.has(C.MAXIMUM) and facts.has(C.SURVIVE) and facts.says("lev", "leverage", "max lev", "max leverage"):
        return True
    if facts.has(C.SIZE_ASK) and (pointed or facts.has(C.STOP, C.RISK, C.SURVIVE)):
        return True
    if pointed and facts.says("leverage", "lev") and facts.says(*listed("leverage_asks")) and not facts.says("same"):
        return True
    if facts.has(C.MAXIMUM) and facts.sides and facts.has(C.SURVIVE, C.BELOW, C.ABOVE):
        return True
    if (
        facts.has(C.SURVIVE)
        and facts.percents
        and facts.sides
        and facts.coins
        and facts.has(C.NEED, C.HAVE)
        and not facts.levered
    ):
        return not facts.has(C.TOP_UP, C.ADD, C.WITHDRAW) and not any(number.unit == "coin" for number in facts.numbers)
    return counts_coins(facts.message) and not (
        facts.has(C.TOP_UP, C.CLOSE, C.WITHDRAW) or facts.says("need", "needed")
    )


def _is_add_margin(facts: Facts) -> bool:
    if facts.has(C.MARGIN_CALL) and not facts.described:
        return True
    if facts.has(C.WITHDRAW) and _withdraws(facts):
        return True
    if facts.has(C.TOP_UP) and (facts.numbers or facts.has(C.HOW_MUCH, C.SURVIVE)):
        return True
    if facts.has(C.ADD) and _adds(facts):
        return True
    if facts.described and asks_what_it_takes(facts):
        return True
    if facts.described and not facts.has(C.MORE):
        return False
    aimed = facts.has(C.LIQ, C.SURVIVE, C.MARGIN_RATIO) or facts.says("effective leverage")
    aimed = aimed or (facts.has(C.ACCOUNT, C.ALL) and facts.has(C.GO_TO) and facts.levered)
    asked = facts.has(C.HOW_MUCH, C.HOW_MANY)
    if facts.has(C.MARGIN_RATIO) and facts.numbers and (asked or facts.has(C.NEED, C.GO_TO)):
        return True
    if asked and facts.has(C.CLOSE) and (aimed or facts.levered):
        return True
    if (asked and aimed and facts.says(*listed("money_words"))) or (
        aimed and facts.says("how much usdt", "how much margin", "how much money")
    ):
        return True
    return bool((asked or facts.has(C.NEED)) and facts.has(C.LIQ) and facts.has(C.AWAY) and facts.percents)


def _withdraws(facts: Facts) -> bool:
    pieces = facts.message.pieces
    verb = next(index for index, piece in enumerate(pieces) if piece.concept is C.WITHDRAW)
    if any(piece.number and piece.number.unit in ("", "usd", "coin") for piece in pieces[verb + 1 : verb + 4]):
        return True
    return not facts.described and (
        facts.amounts or facts.percents or facts.has(C.HOW_MUCH, C.MAXIMUM, C.MARGIN, C.ACCOUNT, C.CAN)
    )


def _adds(facts: Facts) -> bool:
    """Whether margin is added: not "add a long", and no move supposed with a figure unless it is to be survived."""
    pieces = facts.message.pieces
    asked = facts.has(C.HOW_MUCH)
    if not asked and any(opens_at(pieces, index) for index in range(len(pieces))):
        return False
    if facts.described and any(
        "further fill" in entry or entry.startswith("entry: the average") for entry in facts.book.assumed
    ):
        return False
    supposed = facts.has(C.FALL, C.RISE, C.MARKET) and facts.percents
    return (facts.has(C.HOW_MUCH) and (facts.has(C.SURVIVE) or not supposed)) or (facts.amounts and not supposed)


def _is_compare(facts: Facts) -> bool:
    if asks_switch(facts.message) and facts.has(C.ISOLATED, C.CROSS):
        return True
    if _each_its_mode(facts):
        return False
    if facts.both_modes and (
        facts.described or facts.coins or facts.numbers or facts.mine or facts.has(C.COMPARE, C.WHAT_IF)
    ):
        return True
    if not facts.has(C.COMPARE):
        return False
    modes = facts.has(C.MODE, C.ISOLATED, C.CROSS) or facts.says(
        "compare", "compare modes", "which mode", "both modes", "which margin mode"
    )
    return modes and (facts.described or bool(facts.coins) or facts.mine or facts.has(C.ALL))


def _each_its_mode(facts: Facts) -> bool:
    """ "long btc ... isolated, short eth ... cross": positions in two modes, and no choice between them."""
    if not facts.both_modes or facts.has(C.COMPARE, C.VERSUS, C.OR):
        return False
    modes = [slots.mode for slots in facts.book.positions]
    return len(modes) > 1 and None not in modes and len(set(modes)) == 2


def _closes(facts: Facts) -> bool:
    """ "close my btc long": a position of the book is gone, and nothing else is told."""
    first = next((piece for piece in facts.message.pieces if piece.concept is not C.FILLER), None)
    return first is not None and first.concept is C.CLOSE and bool(facts.coins) and not facts.numbers


def _is_what_if(facts: Facts) -> bool:
    message = facts.message
    if _closes(facts):
        return True
    if event_at(message.words) and not facts.described:
        return True
    if _supposes_beside_a_position(message):
        return True
    left = facts.described and message.exits  # "if i close at 66k": a target of the trade
    if facts.has(C.IF, C.WHAT_IF) and (
        (facts.has(C.CLOSE) and not left)
        or facts.has(C.ALSO)
        or any(opens_at(message.pieces, i) for i in range(len(message.pieces)))
    ):
        return True
    if facts.described:
        return False
    return bool(solved(message)) or _plain_shock(facts)


def _supposes_beside_a_position(message: Message) -> bool:
    """ "long 1 btc 64k 10x, what if btc drops 20%": a position is told, and then a move."""
    book, supposed = told_book(message)
    if book is None or not any(told(slots) for slots in book.positions):
        return False
    if event_at(supposed.words):
        return True
    moved = supposed.has(C.FALL, C.RISE, C.GO_TO, C.HALVE, C.DOUBLE, C.TO_ZERO, C.MOVE)
    signed = any(piece.number and (piece.number.unit == "%" or piece.number.sign) for piece in supposed.pieces)
    living = supposed.has(C.SURVIVE, C.EQUITY, C.PNL, C.MAX_LOSS)
    whose = only_symbol(book, supposed)
    return (moved or signed or living) and bool(shocks_of(supposed.pieces, supposed.roles, whose=whose)[0])


def _plain_shock(facts: Facts) -> bool:
    """A move in so many words: a direction, a sign, a percentage, a price with "if", a table."""
    message = facts.message
    shocks, _ = shocks_of(message.pieces, message.roles)
    if not shocks or facts.levered:
        return False
    if facts.has(C.WHAT_IF, C.IF, C.LADDER, C.HEATMAP, C.BETA, C.EMOJI_DOWN, C.EMOJI_UP):
        return True
    pointed = (
        facts.coins or facts.has(C.ALL, C.ALTS, C.MARKET, C.REST) or any(shock.target != "ALL" for shock in shocks)
    )
    if facts.has(C.HALVE, C.DOUBLE, C.TRIPLE, C.TO_ZERO, C.FALL, C.RISE, C.GO_TO) and pointed:
        return True
    if pointed and any(is_multiple(message.pieces, index) for index in range(len(message.pieces))):
        return True
    said = [
        piece
        for piece in message.pieces
        if piece.concept not in (C.NOW, C.FILLER, C.AND, C.IF) and piece.kind != "punct"
    ]
    only_number = len(said) == 1 and bool(facts.numbers) and bool(facts.numbers[0].sign or facts.numbers[0].unit == "%")
    return only_number or bool(facts.percents and (pointed or facts.has(C.FALL, C.RISE)))


def _is_price_list(facts: Facts) -> bool:
    """Coins with prices and nothing else: "btc 55k eth 2400"."""
    if facts.sides or facts.levered or not facts.coins or facts.has(C.NOW, C.MARK, C.PRICE, C.ISOLATED, C.CROSS):
        return False
    shocks, _ = shocks_of(facts.message.pieces, facts.message.roles)
    priced = [shock for shock in shocks if shock.price is not None]
    return len(priced) == len(facts.numbers) and bool(priced) and COMMANDS.get(facts.message.command) != "position"


def _is_vague_move(facts: Facts) -> bool:
    """A move without a usable figure: "eth drops by 300 dollars", "btc crashes"; the figure is asked for."""
    return (
        bool(facts.coins or facts.has(C.MARKET, C.ALTS, C.ALL))
        and facts.has(C.FALL, C.RISE, C.WHAT_IF)
        and not facts.sides
    )


def _is_mark(facts: Facts) -> bool:
    """A statement of a current price: "btc 63k now", "price now 63000"."""
    if facts.sides or facts.levered or facts.percents or len(facts.numbers) > 4 or facts.has(C.HOW_MUCH, C.WHY):
        return False
    return bool(facts.roles & {C.MARK, C.NOW, C.PRICE}) or bool(stated_prices(facts.message))


def _is_position(facts: Facts) -> bool:
    if facts.described and (facts.coins or len(facts.numbers) > 1):
        return True
    if facts.sides and facts.coins:
        return bool(facts.numbers) or not (facts.has(C.HOW_MANY) or facts.says("should i", "should"))
    if COMMANDS.get(facts.message.command) == "position":
        return bool(facts.coins or facts.numbers)
    listed = facts.coins > 0 and len(facts.numbers) >= 2 and bool(facts.roles & {C.ENTRY, C.LEVERAGE, C.MARGIN, C.SIZE})
    if listed or (facts.coins > 0 and facts.levered):
        return True
    return len(facts.numbers) > 2 and any(entry.startswith("entry: the average") for entry in facts.book.assumed)


def _says_slots(facts: Facts) -> bool:
    return asks_alone(facts.message) or follow_of(facts.message) is not None


def _speaks_of_margin(facts: Facts) -> bool:
    return facts.has(C.TOP_UP, C.WITHDRAW) or (facts.has(C.ADD) and "margin" in facts.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sign that a message is of a kind.

    because: the sign in words, for the trace. weight: how plainly it speaks, in the scale of `candidates.py`.
    """

    kind: Kind
    because: str
    weight: int
    holds: Callable[[Facts], bool]


def _rules(*rows: tuple[Kind, str, Callable[[Facts], bool]]) -> tuple[Rule, ...]:
    """Rules from the plainest sign to the faintest, one step of weight apart."""
    return tuple(
        Rule(kind=kind, because=because, weight=len(rows) - index, holds=holds)
        for index, (kind, because, holds) in enumerate(rows)
    )


def _closes_part(facts: Facts) -> bool:
    """ "close half of my long", "reduce my btc long by 0.2": a part is closed, and nothing else is asked."""
    if not facts.has(C.CLOSE) or facts.has(C.OR, C.VERSUS, C.ASKING, C.COMPARE, C.CAN, C.ADD, C.TOP_UP):
        return False
    first = next((piece for piece in facts.message.pieces if piece.concept not in (C.FILLER, C.IF, C.WHAT_IF)), None)
    change = closing(facts.message)
    part = change is not None and (change.qty is not None or change.share != 100)
    told_before = facts.levered and facts.described and len(facts.book.positions) == 1
    return part and first is not None and (first.concept is C.CLOSE or told_before)


def _changes_and_moves(facts: Facts) -> bool:
    """ "what if i add 500 and btc drops 10%", "add 500 then btc -10%": something is changed, and the market moves."""
    if (
        not (facts.has(C.FALL, C.RISE) or any(number.unit == "%" and number.sign for number in facts.numbers))
        or not facts.percents
        or facts.has(C.SURVIVE, C.HOW_MUCH, C.NEED, C.LIQ, C.COMPARE)
    ):
        return False
    joined = facts.has(C.IF, C.WHAT_IF, C.AND) or facts.says("then") or _supposes_beside_a_position(facts.message)
    if facts.both_modes or facts.has(C.SWITCH) or not joined:
        return False
    return bool(changes_of(facts.message)[0])


def _supposes_funding(facts: Facts) -> bool:
    """ "funding 0.05% for 3 days": what it costs in what is open."""
    lasting = any(number.unit in ("days", "hours") for number in facts.numbers) or facts.has(C.IF, C.WHAT_IF)
    return C.FUNDING in facts.roles and lasting and not (facts.sides or (facts.coins and facts.levered))


RULES = _rules(
    ("undo", "takes back the last change", lambda facts: asks_undo(facts.message)),
    ("portfolio", "manages what is saved", _manages),
    ("position", "names a saved portfolio", _is_saved),
    ("position", "asks for its own liquidation price", lambda facts: asks_own_liquidation(facts.message)),
    ("whatif", "closes a part", _closes_part),
    ("explain", "asks why, about its own numbers", _is_explain),
    ("faq", "asks how it works", _is_faq),
    ("size", "asks for a size", _is_size),
    ("whatif", "supposes a change and a move", _changes_and_moves),
    ("addmargin", "puts margin in or takes it out", _is_add_margin),
    ("compare", "names both modes", _is_compare),
    ("whatif", "supposes a move", _is_what_if),
    ("position", "tells a position", _is_position),
    ("mark", "states a price now", _is_mark),
    ("position", "says single slots", _says_slots),
    ("whatif", "supposes funding", _supposes_funding),
    ("whatif", "lists coins with prices", _is_price_list),
    ("whatif", "names a move without a figure", _is_vague_move),
    ("addmargin", "speaks of adding margin", _speaks_of_margin),
    ("quiz", "asks for the quiz", lambda facts: facts.has(C.QUIZ)),
    ("settings", "asks for settings", lambda facts: facts.has(C.SETTINGS)),
    (
        "portfolio",
        "speaks of the portfolio",
        lambda facts: facts.mine or facts.says("portfolio", "the book", "positions", "book"),
    ),
    ("smalltalk", "greets or thanks", lambda facts: facts.has(C.GREETING, C.THANKS, C.HELP)),
)
"""The signs, plainest first."""
