"""What does a position earn at a target, where does it break even, and is the target worth the risk of the stop?"""

from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.book import Book
from margin_engine.model.checks import above_zero, below_one
from margin_engine.model.contracts import ContractKind
from margin_engine.model.decimals import ZERO, exactly
from margin_engine.model.derivation import ASSUMED, DEFINITION, GIVEN, Step, literal
from margin_engine.questions.payoff import direction, gain, price_of_worth, unit_worth
from margin_engine.questions.subject import Subject, subject_of
from margin_engine.questions.survival import BeyondStop, course_of, trial

BREAK_EVEN = "PnL = both fees + funding, solved for the price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a trade costs beside its price. Rates are fractions of the notional there, in [0, 1).

    funding: paid while it is held, in the settle asset; received if negative.
    """

    entry_fee_rate: Decimal = ZERO
    exit_fee_rate: Decimal = ZERO
    funding: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """A position closed at `price`. Amounts in the settle asset: net = pnl - fees - funding.

    return_on_margin: net / margin, the isolated margin or the initial margin at entry; None where that is 0. reached:
    whether its pool lives on the straight way from the mark to the price, that price included.
    """

    price: Decimal
    pnl: Decimal
    fees: Decimal
    net: Decimal
    return_on_margin: Decimal | None
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profit:
    """margin in the settle asset. break_even: the price at which net is 0, None where no price above 0 pays the costs.

    reward_to_risk: net at the target / loss at the stop; None without a stop, or where the stop loses nothing.
    """

    margin: Decimal
    target: Outturn
    stop: Outturn | None
    break_even: Decimal | None
    reward_to_risk: Decimal | None
    derivation: tuple[Step, ...]


_FREE = Costs()


@exactly
def profit(book: Book, identity: str, *, target: Decimal, stop: Decimal | None = None, costs: Costs = _FREE) -> Profit:
    """What does closing at the target leave, on which margin, after which costs, and against which stop?

    net = PnL - entry fee - exit fee - funding. target and stop are prices above 0, on either side. Raises InvalidValue
    for a price or rate out of range or an unknown id, and whatever refuses the book.
    """
    _check(target, stop, costs)
    subject = subject_of(book, identity)
    working = _Working(subject, costs)
    margin = working.margin()
    at_target = working.outturn("target", target)
    at_stop = None if stop is None else working.outturn("stop", stop)
    break_even = working.break_even()
    ratio = None if at_stop is None else working.reward_to_risk(at_target, at_stop)
    return Profit(
        margin=margin,
        target=at_target,
        stop=at_stop,
        break_even=break_even,
        reward_to_risk=ratio,
        derivation=tuple(working.steps),
    )


def _check(target: Decimal, stop: Decimal | None, costs: Costs) -> None:
    for name, price in (("target", target), ("stop", stop)):
        if price is not None:
            above_zero(price, name)
    for name, rate in (("entry_fee_rate", costs.entry_fee_rate), ("exit_fee_rate", costs.exit_fee_rate)):
        below_one(rate, f"costs.{name}")


class _Working:
    """The steps of one answer, written as they are worked out; each method reads its answer off its last step."""

    def __init__(self, subject: Subject, costs: Costs) -> None:
        self.subject, self.costs, self.steps = subject, costs, list[Step]()
        position, terms = subject.position, subject.holding.terms
        self.inverse = terms.kind is ContractKind.INVERSE
        self.size = position.quantity * terms.multiplier
        for symbol, name, value in (
            ("q", "size", self.size),
            ("s", "side", Decimal(position.side.sign)),
            ("E", "entry_price", position.entry_price),
            ("a", "entry_fee_rate", costs.entry_fee_rate),
            ("b", "exit_fee_rate", costs.exit_fee_rate),
            ("G", "funding", costs.funding),
        ):
            self.write(symbol, name, literal(value), value, GIVEN)
        unit = unit_worth(terms, position.entry_price)
        self.write("w_E", "worth_of_one_unit_at_entry", self.unit("E"), unit)
        self.write("N_E", "notional_at_entry", self.named("q * w_E"), self.size * unit)

    def write(self, symbol: str, name: str, formula: str, value: Decimal, source: str = DEFINITION) -> Decimal:
        self.steps.append(self.subject.step(symbol, name, formula, value, source))
        return value

    def named(self, formula: str) -> str:
        """A formula over bare symbols, each given the position's label."""
        return " ".join(f"{word}_{self.subject.label}" if word[0].isalpha() else word for word in formula.split())

    def unit(self, price: str) -> str:
        return f"1 / {price}_{self.subject.label}" if self.inverse else f"{price}_{self.subject.label}"

    def margin(self) -> Decimal:
        """The isolated margin as stated, or the initial margin at entry, which both modes have in common."""
        position = self.subject.position
        if position.isolated_margin is not None:
            return self.write("W", "margin", literal(position.isolated_margin), position.isolated_margin, GIVEN)
        self.write("L", "leverage", literal(position.leverage), position.leverage, GIVEN)
        value = self.subject.notional_at_entry / position.leverage
        return self.write("W", "margin", self.named("N_E / L"), value, ASSUMED)

    def outturn(self, when: str, price: Decimal) -> Outturn:
        position, terms = self.subject.position, self.subject.holding.terms
        unit = unit_worth(terms, price)
        pnl = gain(terms, position.side, self.size, position.entry_price, price)
        fees = self.subject.notional_at_entry * self.costs.entry_fee_rate + self.size * unit * self.costs.exit_fee_rate
        net = pnl - fees - self.costs.funding
        here = f"_{when}"
        self.write(f"P{here}", when, literal(price), price, GIVEN)
        self.write(f"w{here}", "worth_of_one_unit", self.unit(f"P{here}"), unit)
        rise = f"( w_E - w{here} )" if self.inverse else f"( w{here} - w_E )"
        self.write(f"U{here}", "pnl", self.named(f"s * q * {rise}"), pnl)
        self.write(f"C{here}", "fees", self.named(f"N_E * a + q * w{here} * b"), fees)
        self.write(f"net{here}", "net_pnl", self.named(f"U{here} - C{here} - G"), net)
        margin = self.steps_value("W")
        returned = None
        if margin > 0:
            returned = self.write(f"return{here}", "return_on_margin", self.named(f"net{here} / W"), net / margin)
        return Outturn(price=price, pnl=pnl, fees=fees, net=net, return_on_margin=returned, reached=self.reached(price))

    def steps_value(self, symbol: str) -> Decimal:
        return next(step.value for step in self.steps if step.symbol == f"{symbol}_{self.subject.label}")

    def reached(self, price: Decimal) -> bool:
        subject = self.subject
        course = course_of(subject.pool_id, subject.position.symbol, subject.mark_price, BeyondStop(stop=price))
        return trial(subject.book, course).holds

    def break_even(self) -> Decimal | None:
        """w = (d w_E + a w_E + G / q) / (d - b), d = +1 where the position gains as its worth rises, else -1."""
        terms, side, costs = self.subject.holding.terms, self.subject.position.side, self.costs
        way = Decimal(direction(terms, side))
        entry = unit_worth(terms, self.subject.position.entry_price)
        unit = (way * entry + costs.entry_fee_rate * entry + costs.funding / self.size) / (way - costs.exit_fee_rate)
        if unit <= 0:
            return None
        self.write("d", "direction", literal(way), way)
        formula = self.named("( d * w_E + a * w_E + G / q ) / ( d - b )")
        self.write("w_even", "worth_at_break_even", formula, unit, BREAK_EVEN)
        return self.write("P_even", "break_even", self.unit("w_even"), price_of_worth(terms, unit))

    def reward_to_risk(self, target: Outturn, stop: Outturn) -> Decimal | None:
        if stop.net >= 0:
            return None
        formula = self.named("net_target / ( 0 - net_stop )")
        return self.write("reward_to_risk", "reward_to_risk", formula, target.net / -stop.net)
