"""A second method for the engine's answers, as plain and slow as possible: exact fractions, a scan and bisection.

It shares no code with the engine and reads a book in its JSON form. Between two floors the rung of every position is
fixed and `max(0, line)` is convex, so health is concave there: a pool that is alive at the near end of such a stretch
dies in it at most once, and whether it does shows at the far end. So the scan visits the floors outward from the mark
and bisects the first stretch that ends dead. It knows nothing of breakpoints where a rung's requirement leaves zero.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

BISECTIONS = 90
FAR = Fraction(10) ** 30

Prices = dict[str, Fraction]


@dataclass(frozen=True)
class Leg:
    """A position in plain fractions: sign is +1 or -1, rungs are (floor, rate, amount)."""

    symbol: str
    sign: int
    size: Fraction
    entry: Fraction
    rungs: tuple[tuple[Fraction, Fraction, Fraction], ...]


@dataclass(frozen=True)
class Pool:
    """What backs the legs, and the closing fee rate."""

    wallet: Fraction
    legs: tuple[Leg, ...]
    fee: Fraction

    def health(self, prices: Prices, rung_prices: Prices | None = None) -> Fraction:
        """Margin balance - requirement, each leg on the rung of its notional at `rung_prices` (default: the prices)."""
        worth = self.wallet
        for leg in self.legs:
            price = prices[leg.symbol]
            rung_notional = leg.size * (rung_prices or prices)[leg.symbol]
            _, rate, amount = [rung for rung in leg.rungs if rung[0] <= rung_notional][-1]
            notional = leg.size * price
            worth += leg.sign * leg.size * (price - leg.entry)
            worth -= max(Fraction(0), notional * rate - amount) + notional * self.fee
        return worth


def pools_of(book: dict[str, Any]) -> tuple[dict[str, Pool], Prices]:
    """The pools of a JSON book that states tiers, marks and contracts itself, and the marks."""
    rules = book.get("rules", {})
    marks = {each["symbol"]: Fraction(each.get("mark_price", each["entry_price"])) for each in book["positions"]}
    left = {asset: Fraction(balance) for asset, balance in book["wallet"].items()}
    members: dict[str, list[Leg]] = {f"cross:{asset}": [] for asset in left}
    wallets: dict[str, Fraction] = {}
    for each in book["positions"]:
        contract = each["contract"]
        size = Fraction(each["quantity"]) * Fraction(contract.get("multiplier", "1"))
        entry = Fraction(each["entry_price"])
        rungs = _rungs(book["tiers"][each["symbol"]])
        leg = Leg(each["symbol"], 1 if each["side"] == "long" else -1, size, entry, rungs)
        if each["margin_mode"] == "cross":
            members[f"cross:{contract['settle_asset']}"].append(leg)
            continue
        own = (
            Fraction(each["isolated_margin"])
            if "isolated_margin" in each
            else size * entry / Fraction(each["leverage"])
        )
        members[each["id"]] = [leg]
        wallets[each["id"]] = own
        left[contract["settle_asset"]] -= own
    wallets.update({f"cross:{asset}": balance for asset, balance in left.items()})
    fee = Fraction(rules.get("closing_fee_rate", "0"))
    if rules.get("tier_method") == "whole_position":
        members = {name: [_whole(leg) for leg in legs] for name, legs in members.items()}
    return {name: Pool(wallets[name], tuple(legs), fee) for name, legs in members.items()}, marks


def _rungs(rows: list[dict[str, str]]) -> tuple[tuple[Fraction, Fraction, Fraction], ...]:
    rungs: list[tuple[Fraction, Fraction, Fraction]] = []
    for row in rows:
        floor, rate = Fraction(row["floor"]), Fraction(row["rate"])
        amount = rungs[-1][2] + floor * (rate - rungs[-1][1]) if rungs else Fraction(0)
        rungs.append((floor, rate, Fraction(row["amount"]) if "amount" in row else amount))
    return tuple(rungs)


def _whole(leg: Leg) -> Leg:
    rungs = tuple((floor, rate, Fraction(0)) for floor, rate, _ in leg.rungs)
    return Leg(leg.symbol, leg.sign, leg.size, leg.entry, rungs)


def liquidation_price(pool: Pool, marks: Prices, symbol: str) -> Fraction | None:
    """The price of one symbol at which a living pool is first liquidatable, the others standing still."""

    def at(price: Fraction) -> Prices:
        return {**marks, symbol: price}

    own = [leg for leg in pool.legs if leg.symbol == symbol]
    floors = sorted({rung[0] / leg.size for leg in own for rung in leg.rungs if rung[0] > 0})
    mark = marks[symbol]
    below = _scan(pool, at, mark, [floor for floor in reversed(floors) if floor < mark], Fraction(0), closed=False)
    above = _scan(pool, at, mark, [floor for floor in floors if floor > mark], FAR, closed=False)
    net = sum(leg.sign * leg.size for leg in own)
    if net > 0:
        return below if below is not None else above
    if net < 0:
        return above if above is not None else below
    if below is not None and above is not None:
        return below if mark - below <= above - mark else above
    return below if below is not None else above


def market_move(
    pool: Pool, marks: Prices, weights: dict[str, Fraction], end: Fraction, *, closed: bool = False
) -> Fraction | None:
    """The common move, from 0 toward `end`, at which a living pool is first liquidatable."""

    def at(move: Fraction) -> Prices:
        return {symbol: mark * (1 + weights[symbol] * move) for symbol, mark in marks.items()}

    edges = {
        (rung[0] / leg.size / marks[leg.symbol] - 1) / weights[leg.symbol]
        for leg in pool.legs
        for rung in leg.rungs
        if weights[leg.symbol]
    }
    ahead = [edge for edge in edges if 0 < edge / end <= 1 and (closed or edge != end)]
    return _scan(pool, at, Fraction(0), sorted(ahead, key=abs), end, closed=closed)


def _scan(
    pool: Pool, at: Callable[[Fraction], Prices], start: Fraction, edges: list[Fraction], end: Fraction, *, closed: bool
) -> Fraction | None:
    """The first dead point from start (alive) through the edges to the end, which itself counts if closed."""
    for near, far in _stretches(start, edges, end):
        rung_prices = at((near + far) / 2)

        def health(point: Fraction, rung_prices: Prices = rung_prices) -> Fraction:
            return pool.health(at(point), rung_prices)

        step = (far - near) / 2**60
        if health(near) < 0 or (health(near) == 0 and health(near + step) <= 0):
            return near
        last = far == end
        if health(far) < 0 or (last and closed and health(far) == 0):
            return _bisect(health, near, far)
        if (not last or closed) and pool.health(at(far)) <= 0:
            return far
    return None


def _stretches(start: Fraction, edges: list[Fraction], end: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    near = start
    for edge in [*edges, end]:
        if edge != near:
            yield near, edge
        near = edge


def _bisect(health: Callable[[Fraction], Fraction], alive: Fraction, dead: Fraction) -> Fraction:
    # A far end that stands for infinity is brought near first, so that bisection starts at the right size.
    if abs(dead) >= FAR:
        reach = max(abs(alive), Fraction(1)) * (1 if dead > 0 else -1)
        while health(alive + reach) > 0:
            reach *= 2
        dead = alive + reach
    for _ in range(BISECTIONS):
        middle = (alive + dead) / 2
        alive, dead = (middle, dead) if health(middle) > 0 else (alive, middle)
    return dead
