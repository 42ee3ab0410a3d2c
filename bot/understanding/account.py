"""What a message says beside its positions: venue, account, modes, marks, funding, time, saved names."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from bot.understanding.coins import STABLES, plausible_price
from bot.understanding.lexer import Piece, around
from bot.understanding.readings import AccountSlots, Funding
from bot.understanding.tagging import Message
from bot.understanding.venues import coin_names
from bot.understanding.words import Concept as C
from bot.understanding.words import listed

_DENIED = frozenset({"not", "isnt", "without", "dont"})
_JOINS = frozenset({C.AND, C.MONEY, C.FILLER, C.AT})
_PRICE_REACH = 6
"""How many words an amount of a coin and its price may span."""

_TRADED = frozenset({C.LONG, C.SHORT, C.FALL, C.RISE, C.GO_TO, C.HALVE, C.DOUBLE})


def venue_of(message: Message) -> str | None:
    """The venue that is named; "hyperliquid" and "dydx" are also coins and count only when they stand as a place."""
    pieces = message.pieces
    return next((piece.venue for index, piece in enumerate(pieces) if is_venue(pieces, index)), None)


def is_venue(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the piece names a venue rather than a coin."""
    venue = pieces[index].venue
    return bool(venue) and (pieces[index].text not in coin_names() or _is_place(pieces, index))


def _is_place(pieces: Sequence[Piece], index: int) -> bool:
    before = pieces[index - 1].text if index else ""
    near_by = around(pieces, index)
    own = pieces[index].coin
    other_coin = any(
        piece.coin and at != index and (not piece.coin.weak or (own is not None and piece.coin.symbol == own.symbol))
        for at, piece in near_by
    )
    moved = any(piece.concept in _TRADED or (piece.number and piece.number.sign) for _, piece in near_by)
    return other_coin or not moved or before in ("on", "in", "at", "from", "why does", "does")


def modes_of(message: Message) -> list[Literal["isolated", "cross"]]:
    """The margin modes that are named, in order, each once."""
    found: list[Literal["isolated", "cross"]] = []
    for index, piece in enumerate(message.pieces):
        if any(before.text in _DENIED for before in message.pieces[max(0, index - 2) : index]):
            continue
        if piece.concept is C.ISOLATED and "isolated" not in found:
            found.append("isolated")
        if piece.concept is C.CROSS and "cross" not in found and not _is_verb(message.pieces, index):
            found.append("cross")
    return found


def _is_verb(pieces: Sequence[Piece], index: int) -> bool:
    return index > 0 and pieces[index - 1].text in ("prices", "they", "lines")


def account_of(message: Message, roles: dict[int, C], bare_balance: int | None) -> tuple[AccountSlots | None, set[int]]:
    """The account slots and the numbers they used.

    Arguments: roles of the labelled numbers; bare_balance, the index of an unlabelled number that stands at "cross"
    and was taken for the balance.
    """
    pieces = message.pieces
    indices = sorted(index for index, role in roles.items() if role in (C.BALANCE, C.COLLATERAL))
    indices += [] if bare_balance is None else [bare_balance]
    amounts: dict[str, Decimal] = {}
    for index in indices:
        number = pieces[index].number
        if number:
            asset = number.asset if number.unit == "coin" or number.asset not in ("", "USDT") else "USD"
            amounts[asset] = amounts.get(asset, Decimal(0)) + number.money()
    slots: dict[str, object] = _balance(amounts)
    slots |= {"collateral_asset": backing} if (backing := _collateral_asset(pieces)) else {}
    slots |= {"multi_asset": True} if message.has(C.MULTI_ASSET) else {}
    if message.has(C.HEDGE) and " hedge mode " in message.words.replace("hedgemode", "hedge mode"):
        slots["position_mode"] = "hedge"
    elif message.has(C.ONE_WAY):
        slots["position_mode"] = "one_way"
    return (AccountSlots.model_validate(slots) if slots else None), set(indices)


def _balance(amounts: dict[str, Decimal]) -> dict[str, object]:
    coins = [asset for asset in amounts if asset not in STABLES]
    if not amounts:
        return {}
    if len(amounts) == 1 and not coins:
        asset, amount = next(iter(amounts.items()))
        return {"balance": amount} | ({"unit": asset} if asset not in ("USD", "USDT") else {})
    if len(amounts) == 1:
        return {"balance": amounts[coins[0]], "unit": coins[0]}
    return {"collateral": {"USDT" if asset == "USD" else asset: amount for asset, amount in amounts.items()}}


def with_listed(pieces: Sequence[Piece], roles: dict[int, C]) -> dict[int, C]:
    """The roles, with every amount of a listed balance labelled, "0.05 btc + 2000 usdt in the wallet", and what a coin
    of it costs: "0.05 btc at 64000".
    """
    indices = [index for index, role in roles.items() if role in (C.BALANCE, C.COLLATERAL)]
    amounts = _joined_amounts(pieces, sorted(indices), roles)
    prices = [at for index in amounts if (at := _price_of_amount(pieces, index)) is not None]
    return roles | dict.fromkeys(amounts, C.BALANCE) | dict.fromkeys(prices, C.MARK)


def _price_of_amount(pieces: Sequence[Piece], index: int) -> int | None:
    """The number that tells what a coin of the wallet costs, right behind its amount: "0.05 btc (btc 64000)".

    Only of a coin that nothing before it trades: else the price may be that trade's entry.
    """
    number = pieces[index].number
    if number is None or number.unit != "coin":
        return None
    traded = {piece.coin.symbol for piece in pieces[:index] if piece.coin and not piece.coin.weak}
    if not traded or number.asset in traded:
        return None
    told = False
    for at in range(index + 1, min(index + _PRICE_REACH, len(pieces))):
        piece = pieces[at]
        if piece.number is not None:
            likely = piece.number.unit in ("", "usd") and plausible_price(
                number.asset, piece.number.price(number.asset)
            )
            return at if told and likely else None
        again = at > index + 1 and piece.coin is not None and piece.coin.symbol == number.asset
        told = told or again or piece.concept is C.AT
        if not (piece.coin or told or piece.text in ("(", ",") or piece.concept is C.AND):
            return None
    return None


def _joined_amounts(pieces: Sequence[Piece], indices: list[int], roles: dict[int, C]) -> list[int]:
    """The amounts joined to a balance by "+", "and": "balance 0.05 btc + 2000 usdt", "2000 usdt and 0.05 btc in the
    wallet".
    """
    found = list(indices)
    for start in indices:
        for step in (1, -1):
            index, joined = start + step, False
            price = _price_of_amount(pieces, start)
            while 0 <= index < len(pieces) and index not in found:
                piece = pieces[index]
                joined = joined or piece.text in ("+", "&") or piece.concept is C.AND
                if index == price or (piece.text in ("(", ")", ",") and price is not None):
                    index += step
                    continue
                if piece.number:
                    if joined and piece.number.unit in ("coin", "usd") and index not in roles:
                        found.append(index)
                        joined, index = False, index + step
                        continue
                    break
                if not (piece.text in ("+", "&", "$") or piece.coin or piece.concept in _JOINS):
                    break
                index += step
    return sorted(found)


def _collateral_asset(pieces: Sequence[Piece]) -> str | None:
    """The asset of "my collateral is eth", "eth as collateral"; not of "collateral 2 eth", which is an amount."""
    for index, piece in enumerate(pieces):
        if piece.concept is not C.COLLATERAL:
            continue
        for step in (1, -1):
            at = index + step
            while 0 <= at < len(pieces) and (pieces[at].concept is C.FILLER or pieces[at].text in ":="):
                at += step
            coin = pieces[at].coin if 0 <= at < len(pieces) else None
            amount = at > 0 and pieces[at - 1].number is not None
            if coin and not amount:
                return coin.symbol
    return None


def funding_of(message: Message, roles: dict[int, C]) -> tuple[Funding | None, set[int]]:
    """Funding rate and interval: "funding 0.05%/8h", "0.01% funding every 8 hours"."""
    pieces = message.pieces
    index = next((index for index, role in roles.items() if role is C.FUNDING), None)
    number = pieces[index].number if index is not None else None
    if index is None or number is None:
        return None, set()
    used, interval = {index}, None
    for at in range(index + 1, min(index + 6, len(pieces))):
        after = pieces[at].number
        if after and after.unit == "hours":
            interval = after.value
            used.add(at)
            break
        if after:
            break
    return Funding(rate_pct=number.signed, interval_h=interval), used


def horizon_of(message: Message) -> Decimal | None:
    """Over how many days: "7d", "next 2 weeks", "24 hours"."""
    for piece in message.pieces:
        if piece.number and piece.number.unit == "days":
            return piece.number.value
    hours = [piece.number.value for piece in message.pieces if piece.number and piece.number.unit == "hours"]
    if hours and not message.has(C.FUNDING):
        return hours[0] / 24
    return Decimal(7) if " week " in message.words and message.has(C.PROBABILITY) else None


def marks_of(message: Message, roles: dict[int, C]) -> tuple[dict[str, Decimal], set[int]]:
    """Current prices by symbol that the message states."""
    marks: dict[str, Decimal] = {}
    used: set[int] = set()
    for index, role in sorted(roles.items()):
        number, symbol = message.pieces[index].number, message.symbols[index]
        if role in (C.MARK, C.NOW, C.PRICE) and number and symbol:
            marks[symbol] = number.price(symbol)
            used.add(index)
    return marks, used


def _is_named(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the word before "portfolio" is its name: "on my degen portfolio", not "my whole portfolio"."""
    if index and pieces[index - 1].text == "my alts":
        return True
    if index < 2 or pieces[index - 1].kind != "word":
        return False
    owned = pieces[index - 2].concept is C.MY or pieces[index - 2].text in ("the", "on", "in", "load")
    return (
        owned
        and pieces[index - 1].concept in (None, C.ALTS)
        and pieces[index - 1].text not in listed("portfolio_adjectives")
    )


def saved_name(message: Message) -> str | None:
    """The name of a saved portfolio: "saved: alts", "load portfolio alts"; None when none is named."""
    pieces = message.pieces
    for index, piece in enumerate(pieces):
        if piece.text in ("portfolio", "book") and _is_named(pieces, index):
            return pieces[index - 1].text.removeprefix("my ")
        if piece.concept is not C.SAVED:
            continue
        colon = index + 1 < len(pieces) and pieces[index + 1].text == ":"
        named = index == 0 or colon or pieces[index - 1].concept is C.MY or len(piece.text.split()) > 1
        if not named:
            continue
        for after in pieces[index + 1 : index + 5]:
            if (after.kind == "punct" and after.text in ":=\"'-") or after.text in (
                "portfolio",
                "book",
                "my",
                "as",
                "named",
                "called",
            ):
                continue
            return after.raw.lower() if after.kind == "word" else None
    return None
