"""Exact arithmetic: one decimal context for every answer, never the caller's own.

Precision 120 keeps sums and products of inputs exact: a requirement multiplies four inputs, and venues publish at most
15 digits each. Only divisions round, in the 120th digit, so that 12 digits survive any cancellation. Two quotients that
are equal as fractions may differ there, so what compares them compares them `as_shown`.
"""

from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps
from typing import ParamSpec, TypeVar

PRECISION = 120
SHOWN_DIGITS = 34
ZERO = Decimal(0)
ONE = Decimal(1)

_TRAPS = [InvalidOperation, DivisionByZero, Overflow, FloatOperation]
_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
_SHOWN = Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_EVEN, traps=_TRAPS)

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def exactly(question: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Make a function calculate in the engine's own decimal context and leave the caller's as it was.

    It is entered once for each question, not for each operation.
    """

    @wraps(question)
    def in_engine_context(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        with localcontext(_CONTEXT):
            return question(*args, **kwargs)

    return in_engine_context


def as_shown(value: Decimal) -> Decimal:
    """A figure with the digits that are ever shown: what orders figures, and calls them equal, goes by these."""
    return _SHOWN.plus(value)


def plain(value: Decimal) -> str:
    """Write a finite number without exponent, at most 34 significant digits, no trailing zeros, never "-0"."""
    if not value:
        return "0"
    text = format(as_shown(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
