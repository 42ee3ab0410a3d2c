"""The ranges of single numbers. `path` names where a number stands; each check raises InvalidValue."""

from decimal import Decimal

from margin_engine.model.decimals import ONE, ZERO
from margin_engine.model.errors import InvalidValue


def finite(value: Decimal, path: str) -> Decimal:
    """The value, a Decimal that is neither infinite nor NaN."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise InvalidValue(field=path, value=value, rule="must be a finite Decimal")
    return value


def above_zero(value: Decimal, path: str) -> None:
    """Refuse what is not above 0."""
    if finite(value, path) <= 0:
        raise InvalidValue(field=path, value=value, rule="must be above 0")


def below_one(value: Decimal, path: str) -> None:
    """Refuse a rate that is not in [0, 1)."""
    if not ZERO <= finite(value, path) < ONE:
        raise InvalidValue(field=path, value=value, rule="must be at least 0 and below 1")
