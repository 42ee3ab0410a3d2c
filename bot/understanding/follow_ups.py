"""Short messages that only make sense beside something else: "10x iso", "wallet 5k", "liq?", "btc is 61k"."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from bot.understanding.asks import asks_of
from bot.understanding.lexer import Piece
from bot.understanding.readings import Follow
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_QUIET = frozenset(".,!:=~+@()/$€£'\"\n-&")
_SLOTS = frozenset(
    {
        *(C.LONG, C.SHORT, C.EMOJI_LONG, C.EMOJI_SHORT, C.ISOLATED, C.CROSS, C.MODE, C.LEVERAGE, C.TIMES, C.ENTRY),
        *(C.AT, C.SIZE, C.NOTIONAL, C.MARGIN, C.BALANCE, C.HAVE, C.LIVE, C.MARKET, C.CONTRACTS, C.COINS, C.MONEY),
        *(C.INVERSE, C.LINEAR, C.PERPETUAL, C.AND, C.GO_TO, C.NOW, C.THANKS, C.INSTEAD),
    }
)
_LEADS = frozenset({C.AND, C.ASKING, C.WHAT_IF})
_TOO = _LEADS | {C.ALSO, C.PERPETUAL, C.INSTEAD}
_LABELS = frozenset({C.ENTRY, C.SIZE, C.NOTIONAL, C.MARGIN, C.BALANCE, C.LEVERAGE})
_SAYING = frozenset({C.LONG, C.SHORT, C.ISOLATED, C.CROSS, C.LIVE})
_ASKING = frozenset({"?", "what", "whats", "where", "wheres", "show", "tell", "give", "price", "level", "so", "and"})
_ASKED = frozenset({C.LIQ, C.FILLER, C.MY, C.AND, C.PRICE, C.MARK, C.NOW})


def nothing_but(pieces: Sequence[Piece], concepts: Collection[C], *, coins: bool, asked: bool = False) -> bool:
    """Whether a message has only numbers, words of the given meanings, and words that change nothing.

    Arguments: coins, whether names of coins may stand too; asked, whether a question mark may stand at the end. An
    unknown word is always too much.
    """
    if asked and pieces and pieces[-1].text == "?":
        pieces = pieces[:-1]
    for piece in pieces:
        quiet = piece.concept in (C.FILLER, C.MY) or piece.text in listed("polite") or piece.text in _QUIET
        named = coins and piece.coin is not None and not piece.coin.weak
        if not (piece.number or named or quiet or piece.concept in concepts):
            return False
    return True


def is_follow_up(message: Message) -> bool:
    """Whether a message says slots of a position or its account and nothing else: "2 btc", "entry 65k", "10x iso"."""
    pieces = message.pieces
    coins = [piece for piece in pieces if piece.coin and not piece.coin.weak]
    if coins and pieces[-1].text == "?":
        return nothing_but(pieces[:-1], (), coins=True) and not _numbers(pieces)
    leads = bool(pieces) and pieces[0].concept in _LEADS and not coins  # "and cross?", "what about 20x?"
    meanings = _SLOTS | _LEADS if leads else _SLOTS
    if message.has(C.LONG, C.SHORT):
        meanings |= {C.SWITCH, C.REVERSE}  # "change to short", "flip it to long"
    if not nothing_but(pieces, meanings, coins=True, asked=not coins):
        return False
    labelled = any(role in _LABELS for role in message.roles.values())
    unit = any(piece.number and piece.number.unit in ("x", "coin", "contracts", "coins") for piece in pieces)
    named = bool(coins) and not any(piece.number for piece in pieces)
    return labelled or unit or named or any(piece.concept in _SAYING for piece in pieces)


def names_too(message: Message) -> bool:
    """Whether a message asks the last question again for other coins, and says nothing else: "eth too", "and sol?"."""
    pieces = message.pieces
    coins = [piece for piece in pieces if piece.coin and not piece.coin.weak]
    said = message.has(C.ALSO, C.AND) or " same " in message.words or " about " in message.words
    return bool(coins) and said and nothing_but(pieces, _TOO, coins=True, asked=True) and not _numbers(pieces)


def asks_undo(message: Message) -> bool:
    """Whether a message takes back the last change, and says nothing else."""
    return message.has(C.UNDO) and nothing_but(message.pieces, (C.UNDO, C.LIVE), coins=False, asked=True)


def names_instead(message: Message) -> bool:
    """Whether a message puts another coin in the place of the last question's, and says nothing else: "eth instead"."""
    pieces = message.pieces
    coins = [piece for piece in pieces if piece.coin and not piece.coin.weak]
    meanings = _TOO | {C.INSTEAD, C.SWITCH, C.GO_TO}
    said = message.has(C.INSTEAD, C.SWITCH) or any(piece.text == "instead" for piece in pieces)
    return bool(coins) and said and nothing_but(pieces, meanings, coins=True, asked=True) and not _numbers(pieces)


def follow_of(message: Message) -> Follow | None:
    """How a message about a position goes on from the last question, None when it stands alone."""
    if names_instead(message):
        return "instead"
    return "too" if names_too(message) else "slots" if is_follow_up(message) else None


def _numbers(pieces: Sequence[Piece]) -> bool:
    return any(piece.number for piece in pieces)


def asks_own_liquidation(message: Message) -> bool:
    """ "liq?", "whats my liq price": the liquidation price of what is open, and no question about the word."""
    general = (
        any(piece.text in ("what", "whats", "what is") for piece in message.pieces) and " my " not in message.words
    )
    return message.has(C.LIQ) and _only_asks(message, _ASKED) and not general


def asks_alone(message: Message) -> bool:
    """ "max loss?", "odds?": an ask without a position, so that of what is open."""
    found = asks_of(message)
    concepts = _ASKED | {C.ALL, C.ACCOUNT, C.MAX_LOSS, C.DISTANCE, C.PROBABILITY, C.TIME_TO, C.FIRST, C.EQUITY}
    return bool(found) and _only_asks(message, concepts)


def _only_asks(message: Message, concepts: Collection[C]) -> bool:
    return all(piece.concept in concepts or piece.text in _ASKING for piece in message.pieces)


def stated_prices(message: Message) -> dict[str, Decimal]:
    """Prices of a message that states where coins are: "btc is 61k", "sol 140, eth 3400 now"; empty for any other.

    Each number must be the price of the coin right before it, and "is" or a word for the present must stand.
    """
    present = message.has(C.NOW, C.MARK, C.PRICE) or " is " in message.words
    moves = message.has(C.IF, C.WHAT_IF, C.GO_TO, C.FALL, C.RISE, C.WHY, C.LONG, C.SHORT)
    found: dict[str, Decimal] = {}
    symbol: str | None = None
    for piece in message.pieces if present and not moves else ():
        if piece.coin and not piece.coin.weak:
            symbol = piece.coin.symbol
        elif piece.number:
            if symbol is None or piece.number.unit not in ("", "usd") or not piece.number.usual_price(symbol):
                return {}
            found[symbol] = piece.number.price(symbol)
            symbol = None
    return found
