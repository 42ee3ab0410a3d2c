"""Moves of prices in words: which target goes where, read from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding import coins
from bot.understanding.coins import plausible_price
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.readings import Shock
from bot.understanding.targets import FALLS, RISES, target_at
from bot.understanding.words import Concept as C

_WHOLE = {
    C.HALVE: Decimal(-50),
    C.DOUBLE: Decimal(100),
    C.TRIPLE: Decimal(200),
    C.TO_ZERO: Decimal(-100),
    C.FLAT: Decimal(0),
}
_OTHER_ROLES = frozenset({C.BALANCE, C.COLLATERAL, C.FUNDING, C.RISK, C.MARGIN, C.LEVERAGE, C.BETA})


@dataclass(slots=True)
class _Walk:
    """Where a left-to-right reading of shocks stands: a builder, used inside one call only."""

    shocks: list[Shock] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    waiting: list[tuple[Number, bool]] = field(default_factory=list)
    sign: int = 0
    ahead: int = 0
    to_price: bool = False
    spent: bool = False
    guessed: bool = False
    both_ways: bool = False
    listing: bool = False
    joined: bool = False
    ranging: bool = False


def shocks_of(pieces: Sequence[Piece], roles: dict[int, C], *, whose: str | None = None) -> tuple[list[Shock], bool]:
    """The shocks that pieces speak of, in order, and whether a direction had to be guessed.

    Arguments: whose, the symbol that a price without a coin belongs to ("what if it goes to 58k"), if there is one.

    Each number goes to the coins named before it, else after it, else to ALL; its direction is its sign, else the
    verb's.
    """
    mapped = any(piece.concept is C.HEATMAP for piece in pieces)
    walk = _Walk(both_ways=mapped, listing=mapped)
    roles, named_by_beta = _with_beta_lists(pieces, roles)
    for index, piece in enumerate(pieces):
        target = None if index in named_by_beta else target_at(pieces, index)
        if piece.number and roles.get(index) in _OTHER_ROLES:
            continue
        if target:
            _meet_target(walk, target)
        elif piece.number and piece.number.unit not in ("hours", "days", "coin", "contracts", "coins"):
            _meet_number(walk, piece.number, pieces, index)
        else:
            _meet_word(walk, piece)
    for number, to_price in walk.waiting:
        if walk.shocks and (number.sign or number.unit == "%") and _widen(walk, number, listed=True):
            continue
        unnamed = whose if whose and not number.sign and number.unit in ("", "usd") else "ALL"
        _emit(walk, walk.targets if walk.targets and not walk.spent else [unnamed], number, to_price)
    return walk.shocks + _betas(pieces, roles, walk.shocks), walk.guessed


def _with_beta_lists(pieces: Sequence[Piece], roles: dict[int, C]) -> tuple[dict[int, C], set[int]]:
    """ "beta 1.5 for eth and 2 for sol": every such number a beta, and the targets behind "for"."""
    found: dict[int, C] = dict(roles)
    targets: set[int] = set()
    if not any(piece.concept is C.BETA for piece in pieces):
        return found, targets
    for index, piece in enumerate(pieces):
        after = pieces[index + 1].text if index + 1 < len(pieces) else ""
        if piece.number and after == "for" and piece.number.unit == "":
            found[index] = C.BETA
            targets.add(index + 2)
    return found, targets


def _meet_target(walk: _Walk, target: str) -> None:
    if walk.waiting:
        number, to_price = walk.waiting.pop(0)
        _emit(walk, [target], number, to_price)
        walk.targets, walk.spent = [target], True
        return
    if walk.spent or not walk.targets or not (walk.joined or walk.listing):
        walk.targets = [target]
        walk.to_price = False
    elif target not in walk.targets:
        walk.targets = [*walk.targets, target]
    walk.spent, walk.joined, walk.ranging = False, False, False


def _meet_word(walk: _Walk, piece: Piece) -> None:
    concept = piece.concept
    if concept in FALLS or concept in RISES:
        walk.sign = -1 if concept in FALLS else 1
        walk.to_price = False
    elif concept in (C.GO_TO, C.AT) or piece.text in ("=", "@"):
        walk.ranging = walk.spent and piece.text == "to"
        walk.to_price = not walk.spent
        if concept is C.GO_TO and any(word in piece.text for word in ("fall", "drop", "dump", "crash", "down", "dip")):
            walk.sign = -1
    elif concept in _WHOLE and walk.targets and not walk.spent:
        walk.shocks += [Shock(target=target, pct=_WHOLE[concept]) for target in walk.targets]
        walk.spent = True
    elif concept is C.MOVE:
        walk.both_ways = True
    elif piece.text in (".", "…") and walk.spent:
        walk.ranging = True
    elif concept in (C.AND, C.VERSUS) or piece.text in (",", "&", "+", "/"):
        walk.joined = True
        walk.ranging = walk.ranging or (walk.spent and concept is C.AND)


def _is_start(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a price is only where a move begins: the 64k of "from 64k to 58k"."""
    before, after, then = (pieces[at] if 0 <= at < len(pieces) else None for at in (index - 1, index + 1, index + 2))
    number = pieces[index].number
    opens = before is not None and before.text == "from" and after is not None and after.concept is C.GO_TO
    return (
        opens and number is not None and number.unit in ("", "usd") and not number.sign and bool(then and then.number)
    )


def _sign_ahead(pieces: Sequence[Piece], index: int) -> int:
    """The direction of the verb behind a number: "btc %10 düşerse", "alles 20% fällt", "a 10% rise"; 0 without one."""
    for piece in pieces[index + 1 : index + 4]:
        if piece.concept in FALLS | RISES:
            return -1 if piece.concept in FALLS else 1
        if piece.number or piece.coin or piece.kind == "punct" or piece.concept in (C.AND, C.GO_TO):
            return 0
    return 0


def is_step(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a number is the step of a table: "every 5%", "in steps of 2%"."""
    before = [piece for piece in pieces[max(0, index - 2) : index] if piece.text != "of"]
    return bool(before) and (before[-1].concept is C.EACH or before[-1].text in ("steps of", "step", "in steps"))


def _meet_number(walk: _Walk, number: Number, pieces: Sequence[Piece], index: int) -> None:
    walk.ahead = _sign_ahead(pieces, index)
    if is_step(pieces, index):
        return
    if _is_start(pieces, index):
        return
    if number.unit == "x":
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        as_much = after is not None and (after.coin is not None or after.text == "as")
        if walk.targets and not walk.spent and not as_much and number.value > 1:
            walk.shocks += [Shock(target=target, pct=(number.value - 1) * 100) for target in walk.targets]
            walk.spent = True
        return
    if walk.spent and walk.ranging and walk.shocks and _widened(walk, number):
        return
    if not walk.targets or walk.spent:
        walk.waiting.append((number, walk.to_price))
        walk.spent = True
        return
    _emit(walk, walk.targets, number, walk.to_price)
    walk.spent = True


def _widened(walk: _Walk, number: Number) -> bool:
    """ "from -10% to +10%": the second number makes a range of the last shock."""
    if number.unit != "%" and not number.sign:
        return False
    walk.ranging = False
    return _widen(walk, number, listed=False)


def _widen(walk: _Walk, number: Number, *, listed: bool) -> bool:
    """The last shock as a range that reaches to a further percentage; False when it is no percentage.

    Arguments: listed, one of a list ("drops 5%, 10%, 20%"), so that a number without a sign goes on in its direction.
    """
    last = walk.shocks[-1]
    reach = last.range_pct or ((last.pct, last.pct) if isinstance(last.pct, Decimal) else None)
    if reach is None:
        return False
    falls = listed and not number.sign and last.range_pct is None and isinstance(last.pct, Decimal) and last.pct < 0
    value = -number.value if falls else number.signed
    walk.shocks[-1] = Shock(target=last.target, range_pct=(min(*reach, value), max(*reach, value)))
    return True


def _emit(walk: _Walk, targets: list[str], number: Number, to_price: bool) -> None:
    for target in targets:
        shock = _shock(walk, target, number, to_price)
        if shock:
            walk.shocks.append(shock)


def _shock(walk: _Walk, target: str, number: Number, to_price: bool) -> Shock | None:
    if number.sign == "±" or (walk.both_ways and number.unit == "%" and not walk.sign):
        return Shock(target=target, range_pct=(-number.value, number.value))
    percent = number.unit == "%"
    if target in coins.STABLES and not percent and not number.sign and Decimal("0.5") < number.value < Decimal("1.5"):
        return Shock(target=target, price=number.value)
    named_price = plausible_price(target, number.price(target))
    if not percent and not number.sign and (to_price or number.scaled or named_price or number.value > 100):
        fits = named_price is not False or target in ("USDT", "USDC", "DAI", "FDUSD")
        grouped = target in ("ALL", "ALTS", "REST")
        if grouped or ("/" in target and not to_price) or (not fits and not to_price):
            return None
        price = number.price(target)
        return Shock(target=target, pct=Decimal(-100)) if price == 0 else Shock(target=target, price=price)
    if number.unit == "usd":
        return None
    if number.sign:
        return Shock(target=target, pct=number.signed)
    sign = walk.sign or walk.ahead
    walk.guessed = walk.guessed or sign == 0
    return Shock(target=target, pct=number.value * (sign or -1))


_TIMES_AS = {"twice": Decimal(2), "double": Decimal(2), "half": Decimal("0.5"), "triple": Decimal(3)}


def _betas(pieces: Sequence[Piece], roles: dict[int, C], shocks: list[Shock]) -> list[Shock]:
    """ "with beta 1.4 for alts", "alts move 1.5x btc", "alts drop twice as much"."""
    leader = next((shock.target for shock in shocks if shock.target not in ("ALL", "ALTS", "REST")), "BTC")
    roles, _targets = _with_beta_lists(pieces, roles)
    found = []
    for index, piece in enumerate(pieces):
        after = pieces[index + 1 : index + 3]
        as_much = bool(after) and after[0].text == "as" and piece.text in (*_TIMES_AS, "x")
        if piece.text in _TIMES_AS and as_much:
            found.append(Shock(target=_moved(pieces, index, leader), beta_to=leader, beta=_TIMES_AS[piece.text]))
        if piece.number is None:
            continue
        coin = after[0].coin if after and piece.number.unit == "x" else None
        if (
            roles.get(index) is C.BETA
            or (coin and not coin.weak)
            or (piece.number.unit == "x" and after[:1] and after[0].text == "as")
        ):
            base = coin.symbol if coin else leader
            found.append(Shock(target=_moved(pieces, index, base), beta_to=base, beta=piece.number.value))
    return found


def _moved(pieces: Sequence[Piece], index: int, leader: str) -> str:
    """The target that a beta is for: after "for", else the nearest before that is not the leader."""
    ahead = (
        range(index + 1, len(pieces))
        if any(piece.text == "for" for piece in pieces[index + 1 : index + 3])
        else range(0)
    )
    names = (target_at(pieces, at) for at in (*ahead, *range(index - 1, -1, -1)))
    return next((name for name in names if name and name != leader), "ALTS")
