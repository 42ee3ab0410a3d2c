"""Numbers that look like a position's own and are not: amounts below zero, shares of the wallet, later fills, prices.

Whatever is set apart here is named in `assumed`, so that nobody takes it for read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from bot.understanding.groups import Group
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.roles import SEPARATORS
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_SIGNED = frozenset({C.SIZE, C.FUNDING, C.STOP, C.TAKE_PROFIT, C.LIQ, C.RISK, C.BETA, C.EQUITY, C.PNL})
_SLOT = {
    **dict.fromkeys((C.BALANCE, C.COLLATERAL), "wallet"),
    **dict.fromkeys((C.ENTRY, C.AT), "entry"),
    **dict.fromkeys((C.MARK, C.NOW, C.PRICE), "mark"),
    C.LEVERAGE: "leverage",
}


@dataclass(slots=True, kw_only=True)
class Asides:
    """What was set apart, while it is being found.

    roles: those of the message without what was set apart, and with later prices as marks. used: numbers that are no
    part of a position any more. margins: index of a percentage -> the margin that it makes. wallet: the amount of which
    it is a share. unread: the words that were not understood. other_wallets: balances beside the first one.
    """

    roles: dict[int, C]
    used: set[int] = field(default_factory=set)
    margins: dict[int, Decimal] = field(default_factory=dict)
    wallet: Decimal | None = None
    assumed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    other_wallets: list[Decimal] = field(default_factory=list)

    def drop(self, index: int, number: Number, reason: str) -> None:
        """Set a number apart as not understood."""
        role = self.roles.pop(index, None)
        self.used.add(index)
        self.unread.append(figure(number))
        self.assumed.append(f"{slot_of(role, number)}: {figure(number)} {reason}")


def figure(number: Number) -> str:
    """A number as it was read: sign, value, unit."""
    unit = {"x": "x", "%": "%", "usd": f" {number.asset}", "coin": f" {number.asset}"}.get(number.unit, "")
    return f"{number.sign}{number.value.normalize():f}{unit}"


def slot_of(role: C | None, number: Number) -> str:
    """The slot that a number would have filled."""
    if role in _SLOT:
        return _SLOT[role]
    return "leverage" if number.unit == "x" else "size"


def asides_of(message: Message, roles: dict[int, C], groups: Sequence[Group], kept: frozenset[int]) -> Asides:
    """The numbers of a message that are set apart. Arguments: kept, numbers that already have another meaning."""
    asides = Asides(roles={index: role for index, role in roles.items() if index not in kept}, used=set(kept))
    _chatter(asides, message.pieces)
    _negatives(asides, message.pieces, kept)
    _shares(asides, message.pieces, kept)
    _two_wallets(asides, message.pieces)
    _between(asides, message)
    for group in groups:
        _later_fills(asides, message.pieces, group)
        _later_prices(asides, message.pieces, group)
    return asides


def stated_marks(pieces: Sequence[Piece]) -> dict[int, C]:
    """ "eth is 3200": a price now, whatever position is told beside it."""
    found: dict[int, C] = {}
    for index in range(2, len(pieces)):
        coin, number = pieces[index - 2].coin, pieces[index].number
        if coin and not coin.weak and pieces[index - 1].text == "is" and _is_price(number, coin.symbol):
            found[index] = C.MARK
    return found


def _chatter(asides: Asides, pieces: Sequence[Piece]) -> None:
    """Figures of other things: "since 2024", "RSI 70", "#1 pick", and results: "lost 2000 last week", "I'm up 500"."""
    for index, piece in enumerate(pieces):
        number = piece.number
        if number is None or index in asides.used or index in asides.roles or number.unit not in ("", "usd"):
            continue
        before = [each.text for each in pieces[max(0, index - 2) : index]]
        beside = {each.text for each in pieces[max(0, index - 1) : index + 2]}
        year = number.unit == "" and 1990 <= number.value < 2100 and number.value % 1 == 0
        if (before[-1:] == ["#"]) or beside & listed("indicators") or (year and set(before[-1:]) & listed("since")):
            asides.used.add(index)
        elif set(before[-1:]) & listed("results_told") or (
            set(before[-1:]) & {"up", "down"} and set(before[:1]) & listed("standing")
        ):
            asides.drop(index, number, "is a result, and not of the trade")


def _negatives(asides: Asides, pieces: Sequence[Piece], kept: frozenset[int]) -> None:
    """ "wallet -100", "-64k": no amount or price is below zero; a quantity may be, on the short side."""
    for index, piece in enumerate(pieces):
        number, role = piece.number, asides.roles.get(index)
        if number is None or number.sign != "-" or index in kept or role in _SIGNED:
            continue
        if number.unit in ("", "usd", "x") or role is not None:
            asides.drop(index, number, "is below zero and was not taken")


def _shares(asides: Asides, pieces: Sequence[Piece], kept: frozenset[int]) -> None:
    """ "using 10% of 10k", "10% of my wallet": a margin that is a share of the wallet."""
    for index, piece in enumerate(pieces):
        number, after = piece.number, pieces[index + 1] if index + 1 < len(pieces) else None
        own = asides.roles.get(index) in (None, C.MARGIN, C.SIZE, C.AT, C.NOTIONAL)
        if number is None or number.unit != "%" or not own or index in kept or after is None or not _shared(after):
            continue
        whole = _amount_after(asides, pieces, index)
        amount = pieces[whole].number if whole is not None else None
        if whole is None or amount is None or amount.unit not in ("", "usd"):
            asides.drop(index, number, "of something whose amount was not said")
            continue
        asides.used |= {index, whole}
        asides.roles.pop(index, None)
        margin = amount.money() * number.value / 100
        asides.margins[index] = margin
        asides.assumed.append(f"usd_amount_is_margin: {figure(number)} of {figure(amount)} taken as margin")
        if asides.roles.pop(whole, None) is not C.BALANCE:
            asides.assumed.append(f"wallet: {figure(amount)} taken as the wallet balance")
        asides.wallet = amount.money()


def _shared(after: Piece) -> bool:
    """Whether a percentage before this piece is a share of it: "10% of 10k", "half my wallet"."""
    return after.text == "of" or after.concept in (C.MY, C.BALANCE)


def _two_wallets(asides: Asides, pieces: Sequence[Piece]) -> None:
    """Of two balances of one asset that nothing joins, the first holds and the second is named."""
    said = [at for at, role in sorted(asides.roles.items()) if role is C.BALANCE]
    for first, second in pairwise(said):
        one, other = pieces[first].number, pieces[second].number
        joined = any(piece.text in "+&" or piece.concept is C.AND for piece in pieces[first + 1 : second])
        if one and other and not joined and one.asset == other.asset and one.value != other.value:
            asides.drop(second, other, f"was said beside {figure(one)} and is not used")
            if not any(piece.text in listed("free_money") for piece in pieces[first + 1 : second + 3]):
                asides.other_wallets.append(other.money())


def _between(asides: Asides, message: Message) -> None:
    """ "5,000 wallet 2,300": a word for money between two amounts may speak of either, so the choice is flagged."""
    pieces = message.pieces
    for at, piece in enumerate(pieces):
        if piece.concept not in (C.BALANCE, C.MARGIN) or not 0 < at < len(pieces) - 1:
            continue
        left = at - 2 if pieces[at - 1].coin and at > 1 else at - 1
        right = next((index for index in range(at + 1, len(pieces)) if not _passes(pieces[index])), at)
        pair = [(index, pieces[index].number) for index in (left, right)]
        chosen = next(((index, n) for index, n in pair if n and asides.roles.get(index) is piece.concept), None)
        other = next(((index, n) for index, n in pair if n and asides.roles.get(index) is None), None)
        if chosen is None or other is None or other[1].unit not in ("", "usd", "coin"):
            continue
        symbol = message.symbols[other[0]]
        if other[1].unit == "coin" or (other[1].usual_price(symbol) and not chosen[1].usual_price(symbol)):
            continue
        slot = "wallet" if piece.concept is C.BALANCE else "usd_amount_is_margin"
        asides.assumed.append(f"{slot}: {figure(chosen[1])} taken, not {figure(other[1])}")
        if other[1].usual_price(symbol):
            asides.assumed.append(f"entry: {figure(other[1])} stands beside the wallet")


def _passes(piece: Piece) -> bool:
    return piece.concept in (C.ISOLATED, C.CROSS, C.FILLER) or piece.text in (":", "=")


def _amount_after(asides: Asides, pieces: Sequence[Piece], index: int) -> int | None:
    """The amount behind "10% of", else the wallet that was said elsewhere."""
    for at in range(index + 2, min(index + 6, len(pieces))):
        if pieces[at].number:
            return at
        if pieces[at].concept not in (C.FILLER, C.MY, C.BALANCE, C.ALL):
            break
    return next((at for at, role in asides.roles.items() if role is C.BALANCE), None)


def _later_fills(asides: Asides, pieces: Sequence[Piece], group: Group) -> None:
    """ "dca another 0.5 at 62k": a further fill is named and left out; an average would be a guess."""
    for index in range(group.start, group.end):
        piece = pieces[index]
        if piece.concept is not C.MORE and piece.text not in listed("later_fills"):
            continue
        start = index - 1 if pieces[index - 1].number and piece.concept is C.MORE else index
        start -= 1 if pieces[start - 1].number and pieces[start].coin else 0
        end = next((at for at in range(index, group.end) if pieces[at].text in SEPARATORS), group.end)
        told = any(pieces[at].number for at in range(group.start, start))
        priced = any(_is_price(pieces[at].number, group.symbol) for at in range(start, end))
        if not told or not priced or any(asides.roles.get(at) is C.ADDED for at in range(start, end)):
            continue
        for at in range(start, end):
            number = pieces[at].number
            if number and at not in asides.used and number.unit in ("", "usd", "coin", "coins"):
                asides.drop(at, number, "belongs to a further fill and is not counted")


def _is_price(number: Number | None, symbol: str | None) -> bool:
    return number is not None and number.unit in ("", "usd") and number.usual_price(symbol)


def _later_prices(asides: Asides, pieces: Sequence[Piece], group: Group) -> None:
    """ "long btc 64k 20x, btc at 60k": beside an entry, a price after the coin named again is the one now."""
    roles, entered, named = asides.roles, False, False
    for index in range(group.start, group.end):
        piece, role = pieces[index], asides.roles.get(index)
        number = piece.number
        if number is None or index in asides.used or not _is_price(number, group.symbol):
            continue
        if role in (None, C.AT):
            again = entered and _names_coin(pieces, index, group)
            apart = entered and role is C.AT and not named and _starts_clause(pieces, index)
            if again or apart:
                roles[index] = C.MARK
                asides.assumed.append(f"mark: {figure(number)} taken as the price now")
                continue
        entered = entered or role in (None, C.AT, C.ENTRY)
        named = named or role is C.ENTRY


def _names_coin(pieces: Sequence[Piece], index: int, group: Group) -> bool:
    """Whether the coin is named again right before a price, and nothing but "is" or "at" stands between."""
    for at in range(index - 1, group.start, -1):
        piece = pieces[at]
        if piece.coin and piece.coin.symbol == group.symbol:
            return any(p.coin and p.coin.symbol == group.symbol for p in pieces[group.start : at])
        if piece.concept not in (C.FILLER, C.AT) and piece.text not in ("=", ":"):
            return False
    return False


def _starts_clause(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a separator and nothing else stands before the "at" of a price."""
    before = [piece for piece in pieces[max(0, index - 4) : index] if piece.concept not in (C.AT, C.FILLER, C.MARKET)]
    return bool(before) and before[-1].text in SEPARATORS
