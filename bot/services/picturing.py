"""From books to pictures' specs: which numbers a picture shows. Pure; nothing is drawn here.

Equity along a move comes from the engine's surfaces (its exact lines in float64), the endings from its exact walk:

    equity(move) = sum over the pools that live there of wallet + PnL, collateral in full, at mark x (1 + beta x move)

A pool that died on the way counts for nothing, as in `what_if`: a liquidation takes the whole pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.pictures.specs import Ending, LadderSpec, Line, MarketSpec, Mode, Rung, Theme
from bot.rendering.numbers import Numbers
from bot.services.equity import is_cut, settled_in
from bot.services.finding import mark_of
from bot.services.own_coin import as_shown
from bot.services.symbols import coin_of
from margin_engine import Book, Evaluation, MarketPath, Position, evaluate, path, tick_size
from margin_engine.questions.clouds import Surface, surfaces
from margin_engine.questions.results import PositionHealth

Floats = npt.NDArray[np.float64]

SPANS: Final = (Decimal("0.1"), Decimal("0.3"), Decimal("0.6"))
"""How far a picture may go to both sides, as fractions of the marks."""

POINTS: Final = 121
_RUNGS: Final = {
    SPANS[0]: ("0.1", "0.075", "0.05", "0.025"),
    SPANS[1]: ("0.3", "0.2", "0.1", "0.05"),
    SPANS[2]: ("0.6", "0.4", "0.2", "0.1"),
}
_NEXT_TO: Final = 1e-9


class Unpictured(Exception):
    """There is no such picture of this book. why: "several_assets", "one_coin" or "empty"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a picture is drawn for whom: paper, Telegram's language code, and whether the prices now were given, for all
    positions or some (`mixed`)."""

    theme: Theme = "light"
    language: str = "en"
    given: bool | None = None
    mixed: bool = False


PLAIN: Final = Look()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One book in one mode, and what the engine says of it, asked once.

    names: what positions are called, by id; without a name it is coin and side. went: where positions that are
    liquidated already went, as it is written.
    """

    book: Book
    mode: Mode
    names: Mapping[str, str] = field(default_factory=dict)
    went: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.book.positions:
            raise Unpictured("empty")

    @cached_property
    def evaluation(self) -> Evaluation:
        """The book at its marks, with the liquidation prices that people are shown."""
        return as_shown(evaluate(self.book, explain=False))

    @cached_property
    def market(self) -> MarketPath:
        """Which pools a move of the market ends."""
        return path(self.book)

    @cached_property
    def ends(self) -> dict[str, tuple[float, float]]:
        """Between which moves of the market each pool lives, by id; one that is dead already lives nowhere."""
        fall = {death.id: float(death.at) for death in self.market.fall}
        rise = {death.id: float(death.at) for death in self.market.rise}
        return {
            pool.id: (0.0, 0.0)
            if pool.liquidatable
            else (fall.get(pool.id, -float("inf")), rise.get(pool.id, float("inf")))
            for pool in self.evaluation.pools
        }

    @cached_property
    def asset(self) -> str:
        """The one asset that everything is counted in. Raises Unpictured where there are several."""
        found = {self._asset_of(health) for health in self.evaluation.positions}
        if len(found) > 1:
            raise Unpictured("several_assets")
        return found.pop()

    @cached_property
    def now(self) -> Decimal:
        """The equity of what lives now."""
        return decimal_of(_totals(self, np.zeros(1))[0][0])

    @cached_property
    def dead(self) -> tuple[str, ...]:
        """The pools of positions that are liquidated already."""
        return tuple(pool.id for pool in self.evaluation.pools if pool.liquidatable and self.positions_of(pool.id))

    @cached_property
    def surfaces(self) -> dict[str, Surface]:
        """The pools that count in the asset."""
        own = {health.pool_id for health in self.evaluation.positions} | {f"cross:{self.asset}"}
        return {identity: surface for identity, surface in surfaces(self.book).items() if identity in own}

    @cached_property
    def worths(self) -> dict[str, Surface]:
        """The same pools with all collateral in full, as a what-if counts what is left."""
        full = {asset: replace(held, haircut=Decimal(0)) for asset, held in self.book.collateral.items()}
        return surfaces(replace(self.book, collateral=full))

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols that are held, in the book's order."""
        return tuple(dict.fromkeys(position.symbol for position in self.book.positions))

    @property
    def subject(self) -> str:
        """The coin that a move of the market comes to, "" where there are several."""
        alone = len(self.symbols) == 1 and self.book.beta(self.symbols[0]) == 1
        return coin_of(self.symbols[0]) if alone else ""

    def name(self, identity: str) -> str:
        """What a position is called."""
        position = self.book.position(identity)
        return self.names.get(identity) or f"{coin_of(position.symbol)} {position.side.value}"

    def positions_of(self, pool_id: str) -> tuple[PositionHealth, ...]:
        """What a pool backs."""
        return tuple(health for health in self.evaluation.positions if health.pool_id == pool_id)

    def _asset_of(self, health: PositionHealth) -> str:
        if health.pool_id.startswith("cross:"):
            return health.pool_id.removeprefix("cross:")
        return settled_in(self.book, self.book.position(health.id))

    def weights(self, surface: Surface) -> Floats:
        """How much each price of a pool moves with the market."""
        held = set(self.symbols)
        zero = Decimal(0)
        moved = [self.book.beta(name) if name in held else self.book.betas.get(name, zero) for name in surface.names]
        return np.array([float(weight) for weight in moved])


def rounded(value: float) -> float:
    """A float with as many digits as a picture can show, so that specs stay small."""
    return float(f"{value:.8g}")


def decimal_of(value: float) -> Decimal:
    """A float of the surfaces as a decimal of 12 digits: what stands behind them is rounding."""
    return Decimal(f"{value:.12g}")


def shown(value: Decimal) -> Decimal:
    """A decimal with 15 digits: what is written is rounded from it."""
    return Decimal(f"{value:.15g}")


def listed(names: Iterable[str], most: int = 3) -> str:
    """A few names, and how many more: "BTC long, ETH short, SOL long +2"."""
    every = list(names)
    return ", ".join(every[:most]) + (f" +{len(every) - most}" if len(every) > most else "")


def price_written(position: Position, price: Decimal, numbers: Numbers, *, venue: str, up: bool) -> str:
    """A price at which something ends, rounded toward the price now."""
    return numbers.liquidation_price(
        price, side="long" if up else "short", tick=tick_size(venue, position.symbol) or None
    )


# --- Equity against the market's move ------------------------------------------------------------------------------


def market_of(scenes: Sequence[Scene], span: Decimal, look: Look = PLAIN) -> MarketSpec:
    """Equity against the market's move, a line for each mode.

    Arguments: scenes, of the same positions, one of each mode; span, how far to both sides, in (0, 1). Raises
    Unpictured, or the engine's refusal of a book.
    """
    if not scenes or len({scene.asset for scene in scenes}) > 1:
        raise Unpictured("several_assets" if scenes else "empty")
    numbers = Numbers.of(look.language)
    return MarketSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        mixed=look.mixed,
        haircut=any(is_cut(scene.book) for scene in scenes),
        asset=scenes[0].asset,
        subject=scenes[0].subject,
        span=span,
        now=scenes[0].now,
        lines=tuple(_line(scene, span, numbers, dead=scenes[0].dead) for scene in scenes),
    )


def _line(scene: Scene, span: Decimal, numbers: Numbers, *, dead: Sequence[str]) -> Line:
    """dead: the pools that are gone now in the first mode: where others are, the equity now is another one."""
    moves = _moves(scene, float(span))
    equity, requirement = _totals(scene, moves)
    market = scene.market
    now = tuple(_gone(scene, [each.id for each in scene.positions_of(pool)]) for pool in scene.dead)
    return Line(
        mode=scene.mode,
        now=scene.now if scene.dead != dead else None,
        positions=len(scene.book.positions),
        moves=tuple(rounded(move) for move in moves),
        equity=tuple(rounded(value) for value in equity),
        requirement=tuple(rounded(value) for value in requirement),
        fall=now + tuple(_ending(scene, death.at, death.positions, numbers) for death in market.fall),
        rise=tuple(_ending(scene, death.at, death.positions, numbers) for death in market.rise),
    )


def _gone(scene: Scene, identities: Sequence[str]) -> Ending:
    """What is liquidated already; where it went is one price only if it stood alone."""
    names = tuple(scene.name(identity) for identity in identities)
    return Ending(at=Decimal(0), names=names, price=scene.went.get(identities[0], "") if len(identities) == 1 else "")


def _ending(scene: Scene, at: Decimal, identities: Sequence[str], numbers: Numbers) -> Ending:
    names = tuple(scene.name(identity) for identity in identities)
    prices: dict[str, str] = {}
    for position in map(scene.book.position, identities):
        move = scene.book.beta(position.symbol) * at
        if move:
            price = mark_of(position) * (1 + move)
            coin, venue = coin_of(position.symbol), scene.book.venue
            prices.setdefault(coin, price_written(position, price, numbers, venue=venue, up=move < 0))
    written = prices.values() if scene.subject else (f"{coin} {price}" for coin, price in prices.items())
    return Ending(at=shown(at), names=names, price=listed(written))


def first_span(scenes: Sequence[Scene]) -> Decimal:
    """The smallest range that has the nearest ending of each mode, as far as the widest has it; else the middle one."""
    sides = [(*scene.market.fall[:1], *scene.market.rise[:1]) for scene in scenes if not scene.dead]
    nearest = [min(abs(death.at) for death in deaths) for deaths in sides if deaths]
    within = [at for at in nearest if at <= SPANS[-1]]
    return next(span for span in SPANS if span >= max(within)) if within else SPANS[1]


def _moves(scene: Scene, span: float) -> Floats:
    """Evenly from edge to edge, and just before and behind every ending, so that the line falls where it does."""
    ends = [end for pair in scene.ends.values() for end in pair if 0 < abs(end) <= span]
    beside = [end * (1 + side * _NEXT_TO) for end in ends for side in (-1, 1)]
    moves = np.unique(np.concatenate([np.linspace(-span, span, POINTS), beside, [0.0]]))
    for surface in scene.surfaces.values():
        for weight in scene.weights(surface):
            moves = moves[1 + weight * moves > _NEXT_TO]
    return moves


def _totals(scene: Scene, moves: Floats) -> tuple[Floats, Floats]:
    """Equity and requirement of the account at each move; what a haircut takes is a part of the requirement."""
    equity, requirement = np.zeros(moves.shape), np.zeros(moves.shape)
    for identity, surface in scene.surfaces.items():
        weights = scene.weights(surface)
        prices = np.array(surface.marks)[:, None] * (1 + weights[:, None] * moves[None, :])
        worth = np.broadcast_to(scene.worths[identity].equity(prices), moves.shape)
        need = worth - np.broadcast_to(surface.health(prices), moves.shape)
        fall, rise = scene.ends[identity]
        alive = (moves > fall) & (moves < rise) if scene.positions_of(identity) else np.ones(moves.shape, np.bool_)
        equity += np.where(alive, worth, 0)
        requirement += np.where(alive, need, 0)
    return equity, requirement


# --- The ladder ----------------------------------------------------------------------------------------------------


def ladder_of(scene: Scene, span: Decimal, look: Look = PLAIN) -> LadderSpec:
    """The account at nine moves of the market. span: one of SPANS. Raises Unpictured, or the engine's refusal."""
    steps = [Decimal(step) for step in _RUNGS[span]]
    moves = [*steps, Decimal(0), *(-step for step in reversed(steps))]
    kept = [move for move in moves if _possible(scene, float(move))]
    left = _totals(scene, np.array([float(move) for move in kept]))[0]
    return LadderSpec(
        theme=look.theme,
        language=look.language,
        given=look.given,
        mixed=look.mixed,
        haircut=is_cut(scene.book),
        asset=scene.asset,
        subject=scene.subject,
        mode=scene.mode,
        rungs=tuple(_rung(scene, move, equity) for move, equity in zip(kept, left, strict=True)),
    )


def _possible(scene: Scene, move: float) -> bool:
    return all(bool(np.all(1 + scene.weights(surface) * move > 0)) for surface in scene.surfaces.values())


def _rung(scene: Scene, move: Decimal, equity: float) -> Rung:
    at = float(move)
    dead = [identity for identity, (fall, rise) in scene.ends.items() if not fall < at < rise]
    gone = tuple(scene.name(each.id) for each in scene.evaluation.positions if each.pool_id in dead)
    return Rung(move=move, equity=decimal_of(equity), gone=gone, whole=len(gone) == len(scene.book.positions))
