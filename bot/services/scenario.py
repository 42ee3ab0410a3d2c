"""What is supposed: moves of prices, one for each target, and changes of the account before them.

A `Scenario` is the draft of a what-if card. How its moves add up is said here and nowhere else:

    a typed move        replaces the move of its target; of everything all moves, of the alts those of single alts
    a tap of +5         adds 5 percentage points of the starting price to the target; on everything, to each target
    what holds          for each coin the narrowest: its own move, its ratio's, ALTS, REST, then ALL
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from bot.services.market_moves import base_of
from bot.services.question import Leg, in_range, leg_of
from bot.understanding.coins import STABLES
from bot.understanding.readings import AccountSlots, Change, Parsed, Reading, Shock

EVERYTHING: Final = "ALL"
ALTS: Final = "ALTS"
REST: Final = "REST"
GROUPS: Final = (EVERYTHING, ALTS, REST)
MOST_MOVES: Final = 24
MOST_CHANGES: Final = 8

ChangeKind = Literal["margin", "deposit", "close", "leverage", "mode", "funding", "open"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Move(_Value):
    """Where one target goes: to a price, as in an event of that first day, as `beta` times another target, else
    nowhere; and from there by `points`, percentage points of its starting price."""

    target: str
    points: Decimal = Decimal(0)
    price: Decimal | None = None
    event: str | None = None
    beta_to: str | None = None
    beta: Decimal | None = None

    @property
    def plain(self) -> bool:
        """Whether it is a percentage and nothing else."""
        return self.price is None and self.event is None and self.beta is None


class Supposed(_Value):
    """A change of the account before the move. coin (and side) None: every position, or the account.

    amount: USDT (margin, deposit), fraction of the position (close), leverage, percent of the notional each eight hours
    (funding, for `days`). opened: the position that is opened besides.
    """

    kind: ChangeKind
    coin: str | None = None
    side: Literal["long", "short"] | None = None
    amount: Decimal | None = None
    mode: Literal["isolated", "cross"] | None = None
    days: Decimal | None = None
    opened: Leg | None = None


class Ladder(_Value):
    """A table over a range of percentages of one target."""

    target: str
    low: Decimal
    high: Decimal


class Solve(_Value):
    """How far one target may go before something is liquidated."""

    target: str
    direction: Literal["down", "up"]


class Scenario(_Value):
    """Everything supposed. betas: whether groups move by the coins' betas, and other coins along with BTC."""

    moves: tuple[Move, ...] = ()
    changes: tuple[Supposed, ...] = ()
    betas: bool = False
    ladder: Ladder | None = None
    solve: tuple[Solve, ...] = ()
    unanswered: tuple[str, ...] = ()
    """Wishes of the message that the card does not answer, by name."""
    unread: tuple[str, ...] = ()
    """Figures of the message that found no place."""
    guessed: bool = False
    """A move without a direction was taken as a fall."""
    backed_by: str | None = None
    """An asset other than USDT that was said to back the account."""

    def move(self, target: str) -> Move | None:
        """The move of exactly that target."""
        return next((each for each in self.moves if each.target == target), None)


# --- From words ----------------------------------------------------------------------------------------------------

_NOT_ANSWERED: Final = frozenset({"time_to_liq", "liq_probability", "heatmap", "equivalent_leverage"})


def scenario_of(reading: Reading) -> Scenario:
    """The scenario that a reading of kind "whatif" tells."""
    parsed = reading.parsed
    shocks = parsed.shocks or ()
    moves = [move for shock in shocks if (move := _move(shock)) is not None]
    ranged = next((shock for shock in shocks if shock.range_pct), None)
    ladder = None
    if ranged is not None and ranged.range_pct:
        low, high = sorted(ranged.range_pct)
        ladder = Ladder(target=ranged.target, low=low, high=high)
    told, left = _told_changes(reading)
    started = Scenario(
        changes=(*_changes(parsed), *told),
        ladder=ladder,
        solve=tuple(filter(None, map(_solve, shocks))),
        unanswered=tuple(ask for ask in parsed.ask or () if ask in _NOT_ANSWERED),
        unread=(*reading.unread, *left),
        guessed=any(entry.startswith("target: a move without a direction") for entry in reading.assumed),
        backed_by=_backing(parsed.account),
    )
    return with_moves(started, moves)


def _backing(account: AccountSlots | None) -> str | None:
    """A coin that is said to back the account, without how much of it."""
    asset = account.collateral_asset.upper() if account is not None and account.collateral_asset else None
    return asset if asset not in STABLES else None


def _move(shock: Shock) -> Move | None:
    if shock.named is not None:
        return Move(target=shock.target, event=shock.named)
    if shock.price is not None:
        return Move(target=shock.target, price=shock.price)
    if shock.beta is not None:
        return Move(target=shock.target, beta=shock.beta, beta_to=shock.beta_to)
    if isinstance(shock.pct, Decimal):
        return Move(target=shock.target, points=shock.pct)
    return None


def _solve(shock: Shock) -> Solve | None:
    if shock.pct == "solve_down":
        return Solve(target=shock.target, direction="down")
    return Solve(target=shock.target, direction="up") if shock.pct == "solve_up" else None


def _changes(parsed: Parsed) -> list[Supposed]:
    found = [_closed(name) for name in parsed.remove or ()]
    for slots in parsed.add_positions or ():
        leg = leg_of(slots, taken=False)
        numbers = (leg.quantity, leg.notional, leg.margin, leg.entry, leg.leverage)
        if all(in_range(number) for number in numbers if number is not None):
            found.append(Supposed(kind="open", opened=leg))
    funding = parsed.funding
    if funding is not None and funding.rate_pct is not None and parsed.horizon_days:
        each = funding.rate_pct * 8 / (funding.interval_h or Decimal(8))
        found.append(Supposed(kind="funding", amount=each, days=parsed.horizon_days))
    return found


def _told_changes(reading: Reading) -> tuple[list[Supposed], list[str]]:
    """The changes beside the moves that no slot of the reading holds, and in words those that the card cannot do."""
    found: list[Supposed] = []
    left: list[str] = []
    for change in reading.changes:
        if change.what == "funding" or (change.what == "close" and reading.parsed.remove):
            continue  # told by a slot
        amount = _amount(change, reading)
        kind = _KINDS.get(change.what)
        if kind is None or amount is None or change.unit is not None or not in_range(amount):
            left.append(_in_words(change))
            continue
        found.append(Supposed(kind=kind, coin=change.symbol, side=change.side, amount=amount))
    return found, left


def _in_words(change: Change) -> str:
    """ "close 150%", "add margin 0.5 BTC": a change that is left out."""
    value, unit = change.amount or change.qty or change.share, f" {change.unit}" if change.unit else ""
    sign = "%" if value is not None and value == change.share else unit
    return f"{change.what.replace('_', ' ')} {value.normalize():f}{sign}" if value else change.what


_KINDS: Final[dict[str, ChangeKind]] = {
    "add_margin": "margin",
    "deposit": "deposit",
    "close": "close",
    "leverage": "leverage",
}


def _amount(change: Change, reading: Reading) -> Decimal | None:
    """Money, leverage, or the fraction that is closed; None for coins of a position whose size was not told here."""
    if change.what != "close":
        return change.leverage if change.what == "leverage" else change.amount
    if change.share is not None:
        return change.share / 100 if change.share <= 100 else None
    own = [each for each in reading.parsed.positions or () if change.symbol in (None, each.symbol)]
    whole = own[0].qty if len(own) == 1 else None
    return min(change.qty / whole, Decimal(1)) if change.qty is not None and whole else None


def _closed(name: str) -> Supposed:
    """ "SOL long", "ETH": a position that is closed."""
    coin, _, side = name.partition(" ")
    named = side if side in ("long", "short") else None
    return Supposed.model_validate({"kind": "close", "coin": coin, "side": named, "amount": 1})


# --- How moves add up ----------------------------------------------------------------------------------------------


def with_moves(scenario: Scenario, moves: Sequence[Move]) -> Scenario:
    """The scenario with moves that were told: each replaces that of its target, one of a group those of its coins."""
    groups = {move.target for move in moves}
    held = {
        move.target: move
        for move in scenario.moves
        if not (EVERYTHING in groups or (ALTS in groups and _within_alts(move.target)))
    }
    held |= {move.target: move for move in moves}
    return scenario.model_copy(update={"moves": tuple(held.values())[-MOST_MOVES:]})


def _within_alts(target: str) -> bool:
    return target not in GROUPS and is_alt(base_of(target.partition("/")[0]))


def with_change(scenario: Scenario, change: Supposed) -> Scenario:
    """The scenario with one more change, after those that are there; another leverage, mode or funding of the same
    position replaces the one before."""
    replaced = ("leverage", "mode", "funding")
    place = (change.kind, change.coin, change.side)
    kept = [
        each for each in scenario.changes if change.kind not in replaced or (each.kind, each.coin, each.side) != place
    ]
    return scenario.model_copy(update={"changes": (*kept, change)})


def tapped(scenario: Scenario, target: str, points: Decimal, *, stands: Decimal = Decimal(0)) -> Scenario:
    """The scenario after a tap: `points` percentage points of the starting price more, for the target or for each.

    Arguments: stands, where the target's coin stands already by a wider move, in percent.
    """
    moves = scenario.moves
    if target == EVERYTHING:
        moves = tuple(_further(move, points) if _stands_alone(move) else move for move in moves)
        if scenario.move(EVERYTHING) is None:
            moves = (Move(target=EVERYTHING, points=points), *moves)
    elif scenario.move(target) is None:
        wider = move_of(scenario, target)
        if wider is not None and wider.event is not None and wider.target in GROUPS:
            moves = (*moves, _further(wider.model_copy(update={"target": target}), points))
        else:
            moves = (*moves, Move(target=target, points=stands + points))
    else:
        moves = tuple(_further(move, points) if move.target == target else move for move in moves)
    return scenario.model_copy(update={"moves": _without_zeros(moves)[-MOST_MOVES:], "solve": (), "ladder": None})


def _stands_alone(move: Move) -> bool:
    """Whether a move says by itself where its target goes: not one that follows another price."""
    return move.beta is None and "/" not in move.target


def _further(move: Move, points: Decimal) -> Move:
    return move.model_copy(update={"points": move.points + points})


def _without_zeros(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves without those back at the start, as long as no group would move their coin instead."""
    still = tuple(move for move in moves if not (move.plain and not move.points and move.target in GROUPS))
    if any(move.target in GROUPS for move in still):
        return still
    return tuple(move for move in still if not (move.plain and not move.points))


def move_of(scenario: Scenario, coin: str) -> Move | None:
    """The move that holds for a coin: the narrowest that names it. None when it stays, as stable coins do in groups."""
    base = base_of(coin)
    own = scenario.move(coin) or scenario.move(base)
    if own is not None:
        return own
    ratio = next(
        (move for move in scenario.moves if move.target.partition("/")[0] == base and "/" in move.target), None
    )
    if ratio is not None:
        return ratio
    if base in STABLES:
        return None
    if is_alt(base) and (alts := scenario.move(ALTS)) is not None:
        return alts
    return scenario.move(REST) or scenario.move(EVERYTHING)


def is_alt(coin: str) -> bool:
    """Whether a coin is one of the alts: not BTC, and no stable coin."""
    return coin != "BTC" and coin not in STABLES
