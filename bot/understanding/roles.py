"""Which label belongs to which number: "entry 64000", "10k wallet", "stop at 62k".

People put labels before or behind; the pairing with the best total score wins, so that "margin 500 wallet 5000" and
"500 margin 5000 wallet" both come out right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.coins import plausible_price, plausible_quantity, usual_price, window
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.worded import fraction_of
from bot.understanding.words import Concept as C

LABELS = frozenset(
    {
        C.ENTRY,
        C.AT,
        C.SIZE,
        C.NOTIONAL,
        C.MARGIN,
        C.BALANCE,
        C.HAVE,
        C.COLLATERAL,
        C.STOP,
        C.TAKE_PROFIT,
        C.MARK,
        C.PRICE,
        C.NOW,
        C.LEVERAGE,
        C.LIQ,
        C.RISK,
        C.ADDED,
        C.FUNDING,
        C.REWARD,
        C.MARGIN_RATIO,
        C.BETA,
        C.CONTRACTS,
        C.EQUITY,
        C.PNL,
        C.USED,
    }
)
PRICES = frozenset({C.ENTRY, C.AT, C.STOP, C.TAKE_PROFIT, C.MARK, C.PRICE, C.LIQ, C.NOW})
MONEY = frozenset({C.MARGIN, C.BALANCE, C.COLLATERAL, C.RISK, C.ADDED, C.NOTIONAL})
_BETWEEN = frozenset(
    {C.FILLER, C.MY, C.ISOLATED, C.CROSS, C.MONEY, C.MORE, C.BELOW, C.ABOVE, C.GO_TO, C.PERPETUAL, C.MODE}
)
_BETWEEN_AFTER = _BETWEEN | {C.AT, C.PRICE, C.LEVERAGE, C.EACH, C.AWAY, C.CAN}
_LIQ_MOVES = frozenset({C.FALL, C.RISE, C.NEED, C.MOVE})
_SIGNS = frozenset(":=~(*|>•-\"'_")
REACH = 5
_PRICE_TOO = 0.85
"""How well an amount that could be the coin's price suits a word for money: of two the other one is meant."""

_VALUE = 0.6
"""How well a number that cannot be coins suits "size": as the position's value, unless another label claims it."""

_MOST_HELD = 20_000_000
_MOST_OF_POSITION_SIZE = 100_000
"""Worth of coins at the low of the price window beyond which a size is no count of coins."""

MOST_LEVERAGE = 10_000
"""A number beyond this is no leverage, even where the word stands; venues refuse far lower ones."""

_PERCENT_ROLES = frozenset({C.FUNDING, C.RISK, C.STOP, C.TAKE_PROFIT, C.LIQ, C.MARGIN_RATIO})
WORTH_BEFORE = "position"
"""The word for what a position is worth that only stands behind it: "10k position"."""

_RESULTS = frozenset({C.PNL, C.EQUITY})
_LISTED = frozenset({C.TAKE_PROFIT, C.STOP, *_RESULTS})
"""Labels whose number goes on: targets in a list, a profit with its percentage."""

SEPARATORS = frozenset({",", ";", "\n", "|", "+", "&", "•", "·"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """The best pairing so far: its score, the last number taken, and the pairs (number, label)."""

    score: float
    last: int
    pairs: tuple[tuple[int, int], ...]


def nearest_symbols(pieces: Sequence[Piece]) -> list[str | None]:
    """For each piece the symbol that it most likely speaks of: its clause's coin, else the last one before, else the
    first.
    """
    clauses = [0]
    for piece in pieces[1:]:
        clauses.append(clauses[-1] + (piece.text in SEPARATORS or piece.concept is C.AND))
    named = [(index, piece.coin.symbol) for index, piece in enumerate(pieces) if piece.coin and not piece.coin.weak]
    in_clause: dict[int, str] = {}
    for index, symbol in named:
        in_clause.setdefault(clauses[index], symbol)
    found: list[str | None] = []
    last: str | None = None
    for index, piece in enumerate(pieces):
        if piece.coin and not piece.coin.weak:
            last = piece.coin.symbol
            in_clause[clauses[index]] = last
        found.append(in_clause.get(clauses[index]) or last)
    first = named[0][1] if named else None
    return [symbol or first for symbol in found]


def labelled(pieces: Sequence[Piece], symbols: Sequence[str | None]) -> dict[int, C]:
    """Index of each labelled number -> the concept of its label.

    Arguments: symbols, those of `nearest_symbols`. Only labels that can carry the number are tried (a leverage never
    goes to "wallet"). Linear in the number of pieces.
    """
    paths = [_Path(score=0.0, last=-1, pairs=())]
    for index, piece in enumerate(pieces):
        if piece.concept not in LABELS or (piece.coin and not piece.coin.weak):
            continue
        grown = list(paths)
        for number, score in _candidates(pieces, index, symbols):
            grown += [
                _Path(score=path.score + score, last=number, pairs=(*path.pairs, (number, index)))
                for path in paths
                if number > path.last
            ]
        paths = _pruned(grown, index)
    best = max(paths, key=lambda path: path.score)
    named = {number: pieces[label].concept or C.FILLER for number, label in best.pairs}
    named = {number: C.BALANCE if role is C.HAVE else role for number, role in named.items()}
    named |= _owned(pieces, named, symbols)
    return _listed(pieces, _with_parts(pieces, named), symbols)


def _with_parts(pieces: Sequence[Piece], roles: dict[int, C]) -> dict[int, C]:
    """ "tp 50% at 66k", "tp half @ 66k": the price at which a part is taken is the target, and neither the part nor an
    entry is.
    """
    found = dict(roles)
    for index, (label, part, joint, priced) in enumerate(zip(pieces, pieces[1:], pieces[2:], pieces[3:], strict=False)):
        price, share = priced.number, fraction_of(part.text)
        shared = share is not None or (part.number is not None and part.number.unit == "%")
        if label.concept in (C.STOP, C.TAKE_PROFIT) and shared and joint.concept is C.AT and price is not None:
            found.pop(index + 1, None)
            found |= {index + 3: label.concept} | ({index + 1: C.USED} if share is not None and part.number else {})
    return found


def _owned(pieces: Sequence[Piece], roles: dict[int, C], symbols: Sequence[str | None]) -> dict[int, C]:
    """ "with my 10k", "10k in my futures account": the money that one has, and neither a price nor coins."""
    found: dict[int, C] = {}
    asks_size = any(piece.concept in (C.SIZE_ASK, C.SURVIVE) for piece in pieces)
    for index, piece in enumerate(pieces):
        after = pieces[index + 1 : index + 3]
        mine = index > 0 and pieces[index - 1].text == "my" and not (after and (after[0].coin or after[0].text == "of"))
        mine = mine or (asks_size and index > 0 and pieces[index - 1].text in ("with", "on", "have"))
        inside = len(after) == 2 and after[0].text == "in" and after[1].concept in (C.MY, C.PERPETUAL, C.ACCOUNT)
        number = piece.number
        if (mine or inside) and index not in roles and number and (asks_size or _is_money(number, symbols[index])):
            if number.unit not in ("", "usd"):
                continue
            found[index] = C.BALANCE
    return found


def rewards_of(pieces: Sequence[Piece]) -> dict[int, C]:
    """ "3R", "2r": a reward as so many times the risk, and neither a price nor an amount."""
    return {
        index: C.REWARD
        for index, piece in enumerate(pieces[:-1])
        if piece.number and piece.number.unit == "" and pieces[index + 1].text == "r" and pieces[index + 1].glued
    }


def _is_money(number: Number, symbol: str | None) -> bool:
    """Whether a number is an amount of money by its unit, or by its size where it is no usual price."""
    large = number.unit == "" and (number.scaled or number.value >= 100)
    return number.unit == "usd" or (large and not number.usual_price(symbol))


def _listed(pieces: Sequence[Piece], roles: dict[int, C], symbols: Sequence[str | None]) -> dict[int, C]:
    """ "targets: 65000, 66000, 67000": the numbers of a list have the first one's label, up to the end of the line."""
    found = dict(roles)
    for index, role in roles.items():
        at = index + 1
        while role in _LISTED and at < len(pieces) and (pieces[at].number or pieces[at].text in ",-/()&"):
            number = pieces[at].number
            if number and (at in roles or number.unit not in (("%",) if role in _RESULTS else ("", "usd", "%"))):
                break
            if number and number.unit == "usd" and role not in _RESULTS and not number.usual_price(symbols[at]):
                break  # "target 3.5k, 100$ in"
            if number:
                found[at] = role
            at += 1
    return found


def _pruned(paths: list[_Path], index: int) -> list[_Path]:
    """Paths that only differ before this label have the same future: the best of them is enough."""
    kept: dict[int, _Path] = {}
    for path in paths:
        key = max(path.last, index)
        if key not in kept or path.score > kept[key].score:
            kept[key] = path
    return list(kept.values())


def _candidates(pieces: Sequence[Piece], label: int, symbols: Sequence[str | None]) -> list[tuple[int, float]]:
    concept = pieces[label].concept
    found = []
    for index, weight in ((_after(pieces, label), 1.1), (_before(pieces, label), 1.0)):
        number = pieces[index].number if index is not None else None
        if index is None or number is None or concept is None or (_prefix_only(pieces[label]) and index < label):
            continue
        if concept in (C.LIQ, C.TAKE_PROFIT) and index < label:
            continue
        worth = concept is C.NOTIONAL and pieces[label].text == WORTH_BEFORE
        if worth and index > label:
            continue
        if concept is C.USED and index > label:
            continue  # "2k used"; the amount behind is what something was used for
        fit = _fit(concept, number, symbols[index], pieces[label].text)
        if concept is C.SIZE and index > label and number.unit == "" and is_value(number, symbols[index], ""):
            fit = _VALUE
        if fit > 0:
            gap = abs(index - label) - 1
            lines = any(piece.text == "\n" for piece in pieces[min(index, label) : max(index, label)])
            found.append(
                (index, weight * fit - 0.03 * gap - 0.2 * lines - 0.2 * (concept in (C.AT, C.NOW)) + 0.3 * worth)
            )
    return found


def is_value(number: Number, symbol: str | None, word: str) -> bool:
    """Whether a bare number behind "size" is the position's value: nobody holds so many coins.

    Arguments: word, the label; behind "position size" people write the value, so that far fewer coins are too many.
    """
    known = window(symbol)
    if known is None or number.unit != "" or number.value < 1000:
        return False
    most = _MOST_OF_POSITION_SIZE if word in ("position size", "pos size") else _MOST_HELD
    return min(number.values) * known.low > most


def _prefix_only(label: Piece) -> bool:
    """Labels that only stand before their number: "at 64k", "from 64k"."""
    return label.concept in (C.AT, C.HAVE, C.CONTRACTS, C.EQUITY) or label.text == "from"


def _after(pieces: Sequence[Piece], label: int) -> int | None:
    between = _BETWEEN_AFTER | _LIQ_MOVES if pieces[label].concept is C.LIQ else _BETWEEN_AFTER
    for index in range(label + 1, min(label + 2 + REACH, len(pieces))):
        piece = pieces[index]
        if piece.number:
            return index
        newline = piece.text == "\n" and index == label + 1
        if not (piece.concept in between or piece.text in _SIGNS or newline):
            return None
    return None


def _before(pieces: Sequence[Piece], label: int) -> int | None:
    for index in range(label - 1, max(label - 2 - REACH, -1), -1):
        piece = pieces[index]
        if piece.number:
            return index
        unit = piece.coin is not None and index > 0 and pieces[index - 1].number is not None
        if not (piece.concept in _BETWEEN or piece.text == "(" or unit):
            return None
    return None


def _fit(label: C, number: Number, symbol: str | None, word: str) -> float:
    """How well a number suits a label, 0 (cannot be) to 1."""
    if label is C.PNL:
        return 0.95 if number.unit in ("", "usd", "%") else 0.0
    if label is C.USED:
        return 0.95 if _is_money(number, symbol) else 0.0
    if label is C.EQUITY:
        return 0.9 if word in ("pnl", "p&l", "profit") and number.unit in ("", "usd", "%") else 0.0
    if label is C.HAVE:
        return 0.9 if _is_money(number, symbol) else 0.0
    match number.unit:
        case "x":
            return float(label is C.LEVERAGE)
        case "%":
            return float(label in _PERCENT_ROLES)
        case "contracts" | "coins":
            return float(label is C.SIZE)
        case "hours" | "days":
            return 0.0
        case "coin" if label is C.ENTRY and number.usual_price(number.asset):
            return 0.8  # "entry was 3200 eth"
        case "coin":
            return 1.0 if label is C.SIZE else 0.7 * (label in MONEY)
        case "usd":
            if label in PRICES:
                return 1.0 if plausible_price(symbol, number.price(symbol)) is not False else 0.4
            if label in MONEY and number.usual_price(symbol):
                return _PRICE_TOO if number.dollar else 0.95
            return float(label in MONEY or label is C.SIZE)
        case _:
            return _bare_fit(label, number, symbol, word)


def _bare_fit(label: C, number: Number, symbol: str | None, word: str) -> float:
    if label is C.LEVERAGE:
        if 1 <= number.value <= 200 and not number.scaled:
            return 1.0
        return 0.0 if number.scaled or number.value > MOST_LEVERAGE or number.usual_price(symbol) else 0.6
    if label in PRICES:
        if word == "from" and number.value < 100 and not number.fits_price(symbol):
            return 0.4 * usual_price(symbol, number.value * 1000)
        if label in (C.NOW, C.LIQ, C.PRICE, C.MARK) and plausible_price(symbol, number.price(symbol)) is False:
            return 0.0
        return 1.0 if plausible_price(symbol, number.price(symbol)) is not False else 0.4
    if label is C.SIZE:
        return 1.0 if plausible_quantity(symbol, number.value) else 0.0
    if label in MONEY and number.usual_price(symbol):
        return _PRICE_TOO
    if label in (C.FUNDING, C.BETA, C.MARGIN_RATIO):
        return 1.0 if number.value <= 100 else 0.0
    if label is C.CONTRACTS:
        return 0.9
    if label is C.REWARD:
        return 1.0 if number.value <= 50 else 0.0
    return 1.0
