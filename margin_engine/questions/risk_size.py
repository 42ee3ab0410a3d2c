"""How large a position, so that its stop costs exactly what I am ready to lose?"""

from dataclasses import dataclass
from decimal import Decimal

from margin_engine.model.book import Book
from margin_engine.model.checks import above_zero
from margin_engine.model.decimals import ONE, ZERO, exactly
from margin_engine.model.derivation import GIVEN, Step, literal
from margin_engine.model.errors import EngineError, InvalidValue
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.payoff import gain, unit_worth
from margin_engine.questions.results import Evaluation
from margin_engine.questions.subject import Subject, subject_of
from margin_engine.questions.survival import TOUCHING, BeyondStop, course_of, trial


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSize:
    """A size from a stop. risk: the loss at the stop, both fees included, in the settle asset.

    affordable: whether the account has the initial margin. after: the book with that size, evaluated, and
    liquidated_before_stop whether it dies on the way to the stop or at it; both None where the book is refused
    (`refusal` says why: a leverage limit, margins above the wallet).
    """

    quantity: Decimal
    risk: Decimal
    affordable: bool
    after: Evaluation | None
    liquidated_before_stop: bool | None
    refusal: EngineError | None
    derivation: tuple[Step, ...]


@exactly
def size_for_risk(
    book: Book,
    identity: str,
    *,
    stop: Decimal,
    risk: Decimal | None = None,
    fraction: Decimal | None = None,
    entry_fee_rate: Decimal = ZERO,
    exit_fee_rate: Decimal = ZERO,
) -> RiskSize:
    """How many units, so that the stop costs exactly this much? q = risk / (loss + fees of one unit at the stop).

    The position stands in the book with any quantity. risk: an amount above 0 in the settle asset; or fraction: of the
    wallet's balance in it, in (0, 1]. Fees are fractions of the notional at entry and at the stop, in [0, 1). Raises
    InvalidValue where the stop is not on the losing side, or neither or both of risk and fraction are given.
    """
    subject = subject_of(book, identity)
    position, terms = subject.position, subject.holding.terms
    amount = _amount_at_risk(subject, risk, fraction)
    above_zero(stop, "stop")
    loss = -gain(terms, position.side, terms.multiplier, position.entry_price, stop)
    if loss <= 0:
        raise InvalidValue(field="stop", value=stop, rule="must be on the losing side of the entry price")
    fees = terms.multiplier * (
        entry_fee_rate * unit_worth(terms, position.entry_price) + exit_fee_rate * unit_worth(terms, stop)
    )
    quantity = amount / (loss + fees)
    resized = subject.resized(quantity)
    after: Evaluation | None = None
    dies: bool | None = None
    refusal: EngineError | None = None
    try:
        after = evaluate(resized)
        course = course_of(subject.pool_id, position.symbol, subject.mark_price, BeyondStop(stop=stop))
        dies = not trial(resized, course).holds
    except EngineError as error:
        refusal = error
    return RiskSize(
        quantity=quantity,
        risk=amount,
        affordable=refusal is None and all(spare >= -TOUCHING for spare in subject.opening_spares(resized)),
        after=after,
        liquidated_before_stop=dies,
        refusal=refusal,
        derivation=_steps(subject, amount, loss, fees, quantity),
    )


def _amount_at_risk(subject: Subject, risk: Decimal | None, fraction: Decimal | None) -> Decimal:
    if fraction is not None and risk is None:
        if not ZERO < fraction <= ONE:
            raise InvalidValue(field="fraction", value=fraction, rule="must be above 0 and at most 1")
        return fraction * subject.book.wallet.get(subject.settle_asset, ZERO)
    if risk is None or fraction is not None:
        raise InvalidValue(field="risk", value=risk, rule="must be given, or fraction in its place")
    above_zero(risk, "risk")
    return risk


def _steps(subject: Subject, amount: Decimal, loss: Decimal, fees: Decimal, quantity: Decimal) -> tuple[Step, ...]:
    label = subject.label
    return (
        subject.step("x_risk", "risk", literal(amount), amount, GIVEN),
        subject.step("x_loss", "loss_of_one_unit_at_the_stop", literal(loss), loss),
        subject.step("x_fees", "fees_of_one_unit", literal(fees), fees),
        subject.step("x_quantity", "quantity", f"x_risk_{label} / (x_loss_{label} + x_fees_{label})", quantity),
    )
