"""A second method for the engine's answers, as plain and slow as possible: a scan, bounds, and bisection.

It shares no code with the engine, reads a book in its JSON form, and works from the contract's words alone: every price
is alpha + beta t along a path, and health is margin balance - requirement at those prices. Between two floors the rung
of every position is fixed. On such a stretch bounds of the derivative tell whether health rises, falls, or stays above
0; where they tell nothing the stretch is halved; where health is monotone it is bisected. Nothing is solved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import wraps
from typing import Any, ParamSpec, TypeVar

D = Decimal
ONE, ZERO = D(1), D(0)
DIGITS = 60
FAR = D("1e26")
CLOSE = D("1e-26")
BISECTIONS = 120
NARROW = D("1e-16")
STABLE = ("USD", "USDT", "USDC", "FDUSD", "DAI", "USDE", "TUSD")

Line = tuple[Decimal, Decimal]
Span = tuple[Decimal, Decimal]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def precisely(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Work with sixty digits."""

    @wraps(question)
    def in_context(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        with localcontext() as context:
            context.prec = DIGITS
            return question(*args, **kwargs)

    return in_context


@dataclass(frozen=True)
class Leg:
    """A position: sign is +1 or -1, rungs are (floor, rate, amount); aside is what is set aside for closing."""

    id: str
    symbol: str
    asset: str
    inverse: bool
    sign: int
    size: Decimal
    entry: Decimal
    leverage: Decimal
    rungs: tuple[tuple[Decimal, Decimal, Decimal], ...]
    aside: Decimal
    counts: bool = True

    def notional(self, price: Decimal) -> Decimal:
        return self.size / price if self.inverse else self.size * price

    def pnl(self, price: Decimal) -> Decimal:
        if self.inverse:
            return self.sign * self.size * (1 / self.entry - 1 / price)
        return self.sign * self.size * (price - self.entry)

    def rung(self, price: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        value = self.notional(price)
        return [rung for rung in self.rungs if rung[0] <= value][-1]


@dataclass(frozen=True)
class Asset:
    """What backs: a balance, at a price, with a haircut."""

    balance: Decimal
    exact: Fraction
    price: Decimal = ONE
    haircut: Decimal = ZERO


@dataclass(frozen=True)
class Pool:
    """The assets that back the legs, and the closing fee rate."""

    assets: dict[str, Asset]
    legs: tuple[Leg, ...]
    fee: Decimal

    def balance(self, prices: dict[str, Decimal], worths: dict[str, Decimal]) -> Decimal:
        """The margin balance at these prices of symbols and assets."""
        total = D(0)
        for name, asset in self.assets.items():
            pnl = (leg.pnl(prices[leg.symbol]) for leg in self.legs if leg.asset == name and leg.counts)
            equity = asset.balance + sum(pnl, D(0))
            total += worths[name] * equity * (1 - asset.haircut if equity > 0 else 1)
        return total

    def requirement(self, prices: dict[str, Decimal], worths: dict[str, Decimal], rungs: list[Any] | None) -> Decimal:
        """The maintenance margin; each leg on the rung of its price, or on the one named."""
        total = D(0)
        for number, leg in enumerate(self.legs):
            value = leg.notional(prices[leg.symbol])
            _, rate, amount = rungs[number] if rungs else leg.rung(prices[leg.symbol])
            total += worths[leg.asset] * (max(D(0), value * rate - amount) + value * self.fee + leg.aside)
        return total

    def initial(self, prices: dict[str, Decimal]) -> Decimal:
        """The initial margin at the marks."""
        return sum(
            (
                self.assets[leg.asset].price * (leg.notional(prices[leg.symbol]) / leg.leverage + leg.aside)
                for leg in self.legs
            ),
            D(0),
        )


@dataclass(frozen=True)
class Path:
    """Prices alpha + beta t of symbols and of assets."""

    symbols: dict[str, Line]
    assets: dict[str, Line]

    def at(self, t: Decimal) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
        symbols = {name: alpha + beta * t for name, (alpha, beta) in self.symbols.items()}
        return symbols, {name: alpha + beta * t for name, (alpha, beta) in self.assets.items()}


@dataclass(frozen=True)
class Account:
    """A book's pools, marks, and how much symbols and assets move."""

    pools: dict[str, Pool]
    marks: dict[str, Decimal]
    betas: dict[str, Decimal]
    shocks: dict[str, Decimal]
    profits: bool
    moving: dict[str, Decimal] = field(default_factory=dict)


@precisely
def account_of(book: dict[str, Any]) -> Account:
    """The account of a JSON book that states tiers, marks, betas and contracts itself."""
    rules = book.get("rules", {})
    multi = book.get("asset_mode") == "multi"
    marks = {each["symbol"]: D(each.get("mark_price", each["entry_price"])) for each in book["positions"]}
    left = {asset: Fraction(balance) for asset, balance in book["wallet"].items()}
    pools: dict[str, Pool] = {}
    cross: list[Leg] = []
    fee = D(rules.get("closing_fee_rate", "0"))
    for each in book["positions"]:
        leg = _leg(each, book["tiers"][each["symbol"]], rules)
        left.setdefault(leg.asset, Fraction(0))
        if each["margin_mode"] == "cross":
            cross.append(leg)
            continue
        size, entry = Fraction(leg.size), Fraction(leg.entry)
        own = (size / entry if leg.inverse else size * entry) / Fraction(leg.leverage)
        own = Fraction(each.get("isolated_margin", own))
        pools[each["id"]] = Pool({leg.asset: _asset(own)}, (leg,), fee)
        left[leg.asset] -= own
    if multi:
        pools["cross:USD"] = Pool({name: _asset(own, book, name) for name, own in left.items()}, tuple(cross), fee)
    else:
        for name, own in left.items():
            legs = tuple(leg for leg in cross if leg.asset == name)
            pools[f"cross:{name}"] = Pool({name: _asset(own)}, legs, fee)
    named = [*dict.fromkeys([*left, *book.get("collateral", {})])] if multi else []
    betas = {name: D(book["betas"].get(name, "0")) for name in named}
    shocks = {name: D(book["shocks"].get(name, "0")) for name in named}
    return Account(
        pools=pools,
        marks=marks,
        betas={symbol: D(book["betas"][symbol]) for symbol in marks} | betas,
        shocks={symbol: D(book["shocks"][symbol]) for symbol in marks} | shocks,
        profits=rules.get("others_profit_counts", True),
        moving=betas,
    )


def _asset(own: Fraction, book: dict[str, Any] | None = None, name: str = "") -> Asset:
    balance = D(own.numerator) / D(own.denominator)
    given = (book or {}).get("collateral", {}).get(name)
    if book is None or given is None:
        assert book is None or name in STABLE
        return Asset(balance, own)
    return Asset(balance, own, D(given["price"]), D(given.get("haircut", "0")))


def _leg(each: dict[str, Any], rows: list[dict[str, str]], rules: dict[str, Any]) -> Leg:
    contract = each["contract"]
    size, entry, leverage = (
        D(each["quantity"]) * D(contract.get("multiplier", "1")),
        D(each["entry_price"]),
        D(each["leverage"]),
    )
    sign, inverse = 1 if each["side"] == "long" else -1, contract["kind"] == "inverse"
    # The value at the price where the initial margin is used up; a short inverse position at 1x never is.
    if inverse:
        worth = D(0) if leverage == 1 and sign < 0 else size / (entry / (1 + sign / leverage))
    else:
        worth = size * entry * (1 - sign / leverage)
    return Leg(
        id=each["id"],
        symbol=each["symbol"],
        asset=contract["settle_asset"],
        inverse=inverse,
        sign=sign,
        size=size,
        entry=entry,
        leverage=leverage,
        rungs=_rungs(rows, whole=rules.get("tier_method") == "whole_position"),
        aside=worth * D(rules.get("fee_to_close_rate", "0")),
    )


def _rungs(rows: list[dict[str, str]], *, whole: bool) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
    rungs: list[tuple[Decimal, Decimal, Decimal]] = []
    for row in rows:
        floor, rate = D(row["floor"]), D(row["rate"])
        amount = rungs[-1][2] + floor * (rate - rungs[-1][1]) if rungs else D(0)
        rungs.append((floor, rate, D(0) if whole else D(row["amount"]) if "amount" in row else amount))
    return tuple(rungs)


@precisely
def health(pool: Pool, marks: dict[str, Decimal]) -> tuple[Decimal, Decimal]:
    """Margin balance and requirement at the marks."""
    worths = {name: asset.price for name, asset in pool.assets.items()}
    return pool.balance(marks, worths), pool.requirement(marks, worths, None)


@precisely
def liquidation_price(account: Account, pool: Pool, symbol: str) -> Decimal | None:
    """The price of one symbol at which a living pool is first liquidatable, the others standing still."""
    marks = account.marks
    mark = marks[symbol]
    if not account.profits:
        legs = (replace(leg, counts=leg.symbol == symbol or leg.pnl(marks[leg.symbol]) < 0) for leg in pool.legs)
        pool = replace(pool, legs=tuple(legs))
        balance, need = health(pool, marks)
        if balance <= need:
            return mark
    lines = {name: (price, D(0)) for name, price in marks.items()} | {symbol: (D(0), D(1))}
    path = Path(lines, {name: (asset.price, D(0)) for name, asset in pool.assets.items()})
    below = _scan(pool, path, mark, CLOSE, closed=False)
    above = _scan(pool, path, mark, FAR, closed=False)
    net = sum(leg.sign * leg.size for leg in pool.legs if leg.symbol == symbol)
    if net > 0:
        return below if below is not None else above
    if net < 0:
        return above if above is not None else below
    if below is not None and above is not None:
        return below if mark - below <= above - mark else above
    return below if below is not None else above


@precisely
def market_move(account: Account, pool: Pool, side: int) -> Decimal | None:
    """The common move on one side at which a living pool is first liquidatable."""
    weights = account.betas
    if not any(weights[leg.symbol] for leg in pool.legs) and not any(weights.get(name) for name in pool.assets):
        return None
    ends = [side / abs(weight) for weight in weights.values() if weight * side < 0]
    end = min(ends, key=abs) * (1 - CLOSE) if ends else side * FAR
    return _scan(pool, _joint(account, pool, weights), D(0), end, closed=False)


@precisely
def shock_fraction(account: Account, pool: Pool) -> Decimal | None:
    """Where on the path to the shocked marks a living pool is first liquidatable."""
    return _scan(pool, _joint(account, pool, account.shocks), D(0), D(1), closed=True)


def _joint(account: Account, pool: Pool, weights: dict[str, Decimal]) -> Path:
    single = {name: (asset.price, asset.price * weights.get(name, D(0))) for name, asset in pool.assets.items()}
    return Path({name: (mark, mark * weights[name]) for name, mark in account.marks.items()}, single)


@precisely
def bankruptcy_price(account: Account, pool: Pool, symbol: str) -> Decimal | None:
    """The price of one symbol at which the margin balance is 0: where its sign changes, by bisection in fractions.

    The variable is what the contract is worth: the price, or 1 / price.
    """
    own = [leg for leg in pool.legs if leg.symbol == symbol]
    net = sum(leg.sign * leg.size for leg in own)
    if net == 0:
        return None
    inverse, home = own[0].inverse, own[0].asset

    def pnl(leg: Leg, worth: Fraction) -> Fraction:
        entry = 1 / Fraction(leg.entry) if leg.inverse else Fraction(leg.entry)
        return leg.sign * Fraction(leg.size) * (entry - worth if leg.inverse else worth - entry)

    equities = {name: asset.exact for name, asset in pool.assets.items()}
    for leg in pool.legs:
        if leg.symbol != symbol:
            mark = Fraction(account.marks[leg.symbol])
            equities[leg.asset] += pnl(leg, 1 / mark if leg.inverse else mark)

    def valued(name: str, equity: Fraction) -> Fraction:
        asset = pool.assets[name]
        return Fraction(asset.price) * equity * (1 - Fraction(asset.haircut) if equity > 0 else 1)

    beside = sum((valued(name, equity) for name, equity in equities.items() if name != home), Fraction(0))

    def balance(worth: Fraction) -> Fraction:
        return beside + valued(home, equities[home] + sum((pnl(leg, worth) for leg in own), Fraction(0)))

    low, high = Fraction(0), Fraction(10**26)
    start = balance(low)
    if start == 0 or start * balance(high) > 0:
        return None
    while high > 10**-26 and balance(high / 2) * start < 0:
        high /= 2
    low = high / 2
    if balance(low) == 0:
        return _decimal(1 / low if inverse else low)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if balance(middle) * start > 0 else (low, middle)
    return _decimal(1 / high if inverse else high)


def _decimal(value: Fraction) -> Decimal:
    return D(value.numerator) / D(value.denominator)


def _edges(pool: Pool, path: Path) -> set[Decimal]:
    """Where a floor is reached: size x price, or size / price, is the floor."""
    edges = set()
    for leg in pool.legs:
        alpha, beta = path.symbols[leg.symbol]
        for floor, _, _ in leg.rungs:
            if beta and floor:
                price = leg.size / floor if leg.inverse else floor / leg.size
                edges.add((price - alpha) / beta)
    return edges


def _scan(pool: Pool, path: Path, start: Decimal, end: Decimal, *, closed: bool) -> Decimal | None:
    """The first dead point from start (alive) through the edges to the end, which itself counts if closed."""
    ahead = [edge for edge in _edges(pool, path) if (edge - start) * (end - edge) > 0]
    for near, far in _stretches(start, sorted(ahead, key=lambda edge: abs(edge - start)), end):
        stretch = _Stretch(pool, path, (near + far) / 2)
        found = stretch.first_dead(near, far)
        if found is not None:
            return found
        if (far != end or closed) and _health_at(pool, path, far) <= 0:
            return far
    return None


def _stretches(start: Decimal, edges: list[Decimal], end: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    near = start
    for edge in [*edges, end]:
        if edge != near:
            yield near, edge
        near = edge


def _health_at(pool: Pool, path: Path, t: Decimal) -> Decimal:
    prices, worths = path.at(t)
    # A floor that is reached belongs to the upper rung: a price made from a floor may miss it in the last digit.
    rungs = [
        [rung for rung in leg.rungs if rung[0] <= leg.notional(prices[leg.symbol]) * (1 + D("1e-50"))][-1]
        for leg in pool.legs
    ]
    return pool.balance(prices, worths) - pool.requirement(prices, worths, rungs)


class _Stretch:
    """Health where the rung of every leg is the one that it has at `inside`."""

    def __init__(self, pool: Pool, path: Path, inside: Decimal) -> None:
        self.pool, self.path = pool, path
        prices = path.at(inside)[0]
        self.rungs = [leg.rung(prices[leg.symbol]) for leg in pool.legs]

    def health(self, t: Decimal) -> Decimal:
        prices, worths = self.path.at(t)
        return self.pool.balance(prices, worths) - self.pool.requirement(prices, worths, self.rungs)

    def first_dead(self, near: Decimal, far: Decimal) -> Decimal | None:
        """The first point from near on, before far, at which health is <= 0 on this stretch's rungs."""
        begin, finish = self.health(near), self.health(far)
        if begin < 0:
            return near
        waiting = [(near, begin, far, finish)]
        while waiting:
            one, at_one, two, at_two = waiting.pop()
            least, most = sorted(bound * (1 if two > one else -1) for bound in self.slope(one, two))
            length = abs(two - one)
            if max(at_one + min(least, D(0)) * length, at_two - max(most, D(0)) * length) > 0 or (
                least >= 0 and at_one >= 0
            ):
                continue
            if most <= 0:
                return self._bisected(one, two) if at_two < 0 else None
            middle = self._middle(one, two)
            if length <= NARROW * max(abs(one), abs(two)):
                if at_two <= 0:
                    return two
                continue
            at_middle = self.health(middle)
            if at_middle > 0:
                waiting.append((middle, at_middle, two, at_two))
            waiting.append((one, at_one, middle, at_middle))
        return None

    def _middle(self, one: Decimal, two: Decimal) -> Decimal:
        if one * two > 0 and not D("0.2") < one / two < 5:
            return (one * two).sqrt() * (1 if one > 0 else -1)
        return two / 10 if one == 0 and abs(two) > 10 else (one + two) / 2

    def _bisected(self, alive: Decimal, dead: Decimal) -> Decimal:
        for _ in range(BISECTIONS):
            middle = self._middle(alive, dead)
            alive, dead = (middle, dead) if self.health(middle) > 0 else (alive, middle)
            if abs(dead - alive) <= NARROW * abs(alive):
                break
        return dead

    def slope(self, one: Decimal, two: Decimal) -> Span:
        """Between which bounds the derivative of health lies on a stretch."""
        total = (ZERO, ZERO)
        for name, asset in self.pool.assets.items():
            alpha, beta = self.path.assets[name]
            equity, grows, need, needs = (asset.balance, asset.balance), (ZERO, ZERO), (ZERO, ZERO), (ZERO, ZERO)
            # What the legs of one symbol gain together is monotone in its price; their gains alone may be far larger.
            for symbol in {leg.symbol for leg in self.pool.legs if leg.asset == name}:
                own = [(leg, r) for leg, r in zip(self.pool.legs, self.rungs, strict=True) if leg.symbol == symbol]
                pull = self.path.symbols[symbol]
                ends = [pull[0] + pull[1] * t for t in (one, two)]
                counting = [leg for leg, _ in own if leg.counts]
                equity = _add(equity, _span(sum((leg.pnl(p) for leg in counting), ZERO) for p in ends))
                net = sum((leg.sign * leg.size for leg in counting), ZERO)
                grows = _add(grows, _span(net * pull[1] / (p * p if own[0][0].inverse else 1) for p in ends))
                for leg, rung in own:
                    speeds = _span(-leg.size * pull[1] / p / p if leg.inverse else leg.size * pull[1] for p in ends)
                    level, speed = self._needed(leg, rung, _span(leg.notional(p) for p in ends), speeds)
                    need, needs = _add(need, level), _add(needs, speed)
            share = 1 - asset.haircut
            shares = {share if equity[0] > 0 else ONE, share if equity[1] > 0 else ONE}
            counted = _span(e * (share if e > 0 else 1) for e in equity)
            rising = _span(s * g for s in shares for g in grows)
            worth = _span((alpha + beta * one, alpha + beta * two))
            gain = (rising[0] - needs[1], rising[1] - needs[0])
            total = _add(total, _span(w * g for w in worth for g in gain))
            total = _add(total, _span(beta * each for each in (counted[0] - need[1], counted[1] - need[0])))
        return total

    def _needed(self, leg: Leg, rung: tuple[Decimal, Decimal, Decimal], value: Span, speeds: Span) -> tuple[Span, Span]:
        """Bounds of one leg's requirement, and of its derivative."""
        fee, (_, rate, amount) = self.pool.fee, rung
        parts = (value[0] * rate - amount, value[1] * rate - amount)
        level = (max(ZERO, parts[0]) + value[0] * fee + leg.aside, max(ZERO, parts[1]) + value[1] * fee + leg.aside)
        rates = {rate if part > 0 else ZERO for part in parts}
        return level, _span(speed * (each + fee) for speed in speeds for each in rates)


def _span(values: Iterator[Decimal] | tuple[Decimal, ...]) -> Span:
    found = list(values)
    return min(found), max(found)


def _add(one: Span, other: Span) -> Span:
    return one[0] + other[0], one[1] + other[1]
