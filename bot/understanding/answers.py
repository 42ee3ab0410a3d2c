"""Answers to one question of the bot: "10k", "20x", "0.5 btc", "$500 margin", "iso", "63k"."""

from collections.abc import Callable
from decimal import Decimal

from bot.understanding.account import account_of, modes_of, venue_of, with_listed
from bot.understanding.coins import plausible_price, plausible_quantity, window
from bot.understanding.follow_ups import nothing_but
from bot.understanding.groups import EMOJI_SIDES, SIDES
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.readings import AccountSlots, PositionSlots, Slots
from bot.understanding.roles import MOST_LEVERAGE
from bot.understanding.tagging import Message
from bot.understanding.tagging import read as tagged
from bot.understanding.words import Concept as C

_SIDE_WORDS = {"l": "long", "s": "short", "b": "long", "up": "long", "down": "short"}


class Answer(Slots):
    """What an answer said; only the part that belongs to the question is filled.

    price: an entry-like price for "stop", "mark", "target". pct: a percentage for "stop", "target", "max_probability".
    assumed: as in a reading, for example that a bare dollar amount is the margin.
    """

    position: PositionSlots | None = None
    account: AccountSlots | None = None
    price: Decimal | None = None
    pct: Decimal | None = None
    venue: str | None = None
    assumed: tuple[str, ...] = ()


def read_number(text: str, coin: str | None) -> Decimal | None:
    """The one number of a short answer, None when there is none or more than one.

    Arguments: coin, the symbol whose price is meant, or None for other amounts; it decides "64.000". Result: the
    value with its sign, percent signs, units and currency ignored.
    """
    numbers = _numbers(tagged(text))
    if len(numbers) != 1:
        return None
    value = numbers[0].price(coin) if coin else numbers[0].money()
    return -value if numbers[0].sign == "-" else value


def understand_slot(slot: str, text: str, coin: str | None = None) -> Answer | None:
    """An answer to the question for one slot.

    Arguments: slot, a name from the closed list of missing slots (symbol, side, size, entry, leverage, balance, stop,
    max_probability, target) or mode, margin, mark, wallet, venue; coin, the symbol that the card is about. Result:
    the answer, None when the text as a whole does not answer that question. A leverage that no venue offers is an
    answer all the same: whoever knows the limits can say so.
    """
    reader, words = _READERS.get(slot, (None, frozenset()))
    message = tagged(text)
    if reader is None or not _answers(message, words, slot, coin):
        return None
    return reader(message, coin)


def _answers(message: Message, words: frozenset[C], slot: str, coin: str | None) -> bool:
    """Whether the whole message is an answer: nothing in it speaks of another slot, asks, or is not understood."""
    pieces = message.pieces
    named = [piece.coin.symbol for piece in pieces if piece.coin and not piece.coin.weak]
    if slot in ("entry", "stop", "mark", "target") and any(name != coin for name in named):
        return False
    if any(piece.number and piece.number.sign in ("-", "±") for piece in pieces) and slot not in ("stop", "target"):
        return False
    if slot in ("symbol", "venue"):
        pieces = tuple(piece for piece in pieces if not piece.coin and not piece.venue)
    if slot == "side":
        pieces = tuple(piece for piece in pieces if piece.text not in _SIDE_WORDS)
    return nothing_but(pieces, words, coins=slot not in ("side", "mode", "leverage", "max_probability"))


def _numbers(message: Message) -> list[Number]:
    return [piece.number for piece in message.pieces if piece.number]


def _only(message: Message) -> Number | None:
    numbers = _numbers(message)
    return numbers[0] if len(numbers) == 1 else None


def _symbol(message: Message, _: str | None) -> Answer | None:
    coins = [piece.coin for piece in message.pieces if piece.coin]
    named = [coin for coin in coins if not coin.weak] or coins
    if _numbers(message) or len({coin.symbol for coin in named}) != 1 or not named[0].known:
        return None
    return Answer(position=PositionSlots(symbol=named[0].symbol))


def _side(message: Message, _: str | None) -> Answer | None:
    sides = {side for piece in message.pieces if (side := _side_of(piece))}
    return Answer(position=PositionSlots.model_validate({"side": sides.pop()})) if len(sides) == 1 else None


def _side_of(piece: Piece) -> str | None:
    if piece.concept in SIDES:
        return SIDES[piece.concept]
    return EMOJI_SIDES[piece.concept] if piece.concept in EMOJI_SIDES else _SIDE_WORDS.get(piece.text)


def _leverage(message: Message, _: str | None) -> Answer | None:
    number = _only(message)
    if number is None or number.unit not in ("", "x") or number.value > MOST_LEVERAGE or number.sign or number.scaled:
        return None
    return Answer(position=PositionSlots(leverage=number.value))


def _mode(message: Message, _: str | None) -> Answer | None:
    modes = [] if _numbers(message) else modes_of(message)
    return Answer(position=PositionSlots(mode=modes[0])) if len(modes) == 1 else None


def _entry(message: Message, coin: str | None) -> Answer | None:
    number = _only(message)
    if number is None:
        live = message.has(C.LIVE, C.MARKET, C.NOW)
        return Answer(position=PositionSlots(entry="live")) if live else None
    price = _price_of(number, coin)
    if price is None:
        return None
    doubt = (
        ()
        if plausible_price(coin, price) is not False
        else (f"entry: {price.normalize():f} is far from this coin's prices",)
    )
    return Answer(position=PositionSlots(entry=price), assumed=doubt)


def _price_of(number: Number, coin: str | None) -> Decimal | None:
    fits = number.unit in ("", "usd") and number.sign in ("", "+") and number.value > 0
    return number.price(coin) if fits else None


def _price(message: Message, coin: str | None) -> Answer | None:
    number = _only(message)
    price = _price_of(number, coin) if number else None
    return None if price is None else Answer(price=price)


def _stop(message: Message, coin: str | None) -> Answer | None:
    number = _only(message)
    if number and number.unit == "%":
        return Answer(pct=number.value)
    return _price(message, coin)


def _target(message: Message, coin: str | None) -> Answer | None:
    number = _only(message)
    if number is None:
        return None
    if number.unit == "%" or number.sign or (number.value <= 100 and not plausible_price(coin, number.price(coin))):
        return Answer(pct=-number.value if number.sign == "-" or message.has(C.FALL) else number.value)
    return _price(message, coin)


def _probability(message: Message, _: str | None) -> Answer | None:
    number = _only(message)
    return Answer(pct=number.value) if number and number.unit in ("", "%") and 0 < number.value <= 100 else None


def _size(message: Message, coin: str | None) -> Answer | None:
    number = _only(message)
    if number is None or number.value <= 0 or number.unit in ("x", "%", "hours", "days"):
        return None
    if number.unit == "coin" and coin and number.asset != coin and not message.has(C.MARGIN):
        return None
    slots, doubt = _sized(message, number, coin)
    return Answer(position=PositionSlots.model_validate(slots), assumed=(doubt,) if doubt else ())


def _sized(message: Message, number: Number, coin: str | None) -> tuple[dict[str, Decimal | str], str]:
    """The size slot that a number fills, and the doubt about it, empty when there is none."""
    if number.unit == "contracts":
        return {"contracts": number.value}, ""
    if message.has(C.NOTIONAL):
        return {"notional": number.money()}, ""
    if message.has(C.MARGIN):
        unit = {"margin_unit": number.asset} if number.unit == "coin" else {}
        return {"margin": number.money(), **unit}, ""
    if number.unit in ("coin", "coins"):
        return {"qty": number.value}, ""
    if number.unit == "usd":
        return {
            "margin": number.money()
        }, f"usd_amount_is_margin: {number.money().normalize():f} {number.asset} taken as margin"
    known = window(coin)
    worth = number.value * known.low if known else None
    if not plausible_quantity(coin, number.value) or (worth is not None and worth > 1_000_000 and number.value >= 50):
        return {"margin": number.money()}, f"usd_amount_is_margin: {number.money().normalize():f} taken as margin"
    return {"qty": number.value}, f"size: {number.value.normalize():f} taken as coins" if number.value >= 5 else ""


def _margin(message: Message, _: str | None) -> Answer | None:
    number = _only(message)
    if number is None or number.value <= 0 or number.unit not in ("", "usd", "coin"):
        return None
    unit = {"margin_unit": number.asset} if number.unit == "coin" else {}
    return Answer(position=PositionSlots.model_validate({"margin": number.money(), **unit}))


def _balance(message: Message, _: str | None) -> Answer | None:
    amounts = [index for index, p in enumerate(message.pieces) if p.number and p.number.unit in ("", "usd", "coin")]
    if not amounts:
        return None
    roles = with_listed(message.pieces, message.roles | {amounts[0]: C.BALANCE})
    account, used = account_of(message, roles, None)
    return Answer(account=account) if account and len(used) == len(_numbers(message)) else None


def _venue(message: Message, _: str | None) -> Answer | None:
    venue = venue_of(message)
    return Answer(venue=venue) if venue else None


_PRICE = frozenset({C.AT, C.PRICE, C.MARK, C.NOW, C.MONEY, C.HAVE})
_WALLET = frozenset({C.BALANCE, C.HAVE, C.COLLATERAL, C.MONEY, C.AND, C.ACCOUNT, C.PERPETUAL})
_READERS: dict[str, tuple[Callable[[Message, str | None], Answer | None], frozenset[C]]] = {
    "symbol": (_symbol, frozenset({C.PERPETUAL, C.COINS})),
    "side": (_side, frozenset({*SIDES, *EMOJI_SIDES, C.OPEN, C.HAVE})),
    "size": (_size, frozenset({C.SIZE, C.NOTIONAL, C.MARGIN, C.MONEY, C.CONTRACTS, C.COINS, C.HAVE})),
    "margin": (_margin, frozenset({C.MARGIN, C.MONEY, C.HAVE})),
    "entry": (_entry, _PRICE | {C.ENTRY, C.LIVE, C.MARKET}),
    "leverage": (_leverage, frozenset({C.LEVERAGE, C.TIMES})),
    "mode": (_mode, frozenset({C.ISOLATED, C.CROSS, C.MODE, C.MARGIN})),
    "balance": (_balance, _WALLET),
    "wallet": (_balance, _WALLET),
    "stop": (_stop, _PRICE | {C.STOP, C.AWAY, C.BELOW, C.ABOVE, C.PERCENT}),
    "mark": (_price, _PRICE),
    "target": (_target, _PRICE | {C.TAKE_PROFIT, C.GO_TO, C.FALL, C.RISE, C.IF, C.WHAT_IF, C.ALL, C.MARKET, C.PERCENT}),
    "max_probability": (_probability, frozenset({C.PROBABILITY, C.MAXIMUM, C.BELOW, C.RISK, C.LIQ, C.PERCENT})),
    "venue": (_venue, frozenset({C.PERPETUAL})),
}
