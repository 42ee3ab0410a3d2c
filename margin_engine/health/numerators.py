"""Polynomials with fractions for coefficients, lowest power first, and the legs of a joint path written as such.

Each leg's PnL and notional is a line, or a constant over 1 + pull x t. Times the product of all these denominators,
which is above 0 on the whole path, each is a polynomial, and so is every sum of them.
"""

from collections.abc import Sequence
from fractions import Fraction

from margin_engine.health.legs import Leg, PulledLeg

_ZERO, _ONE = Fraction(0), Fraction(1)

Coefficients = list[Fraction]


class Numerators:
    """Sums of courses of legs over one denominator: the product of all 1 + pull t, which is above 0 on the path.

    whole: that product, as a polynomial.
    """

    def __init__(self, legs: Sequence[Leg[Fraction]]) -> None:
        pulls = {leg.pull for leg in legs if isinstance(leg, PulledLeg)}
        self.pulls = pulls
        self.whole = _product(pulls)
        self._without = {pull: _product(pulls - {pull}) for pull in pulls}

    def pnl(self, leg: Leg[Fraction]) -> Coefficients:
        """The PnL of a leg, times the denominator."""
        found = times(self.whole, [leg.pnl_at_zero, leg.pnl_slope])
        return plus(found, self._without[leg.pull], leg.pnl_over) if isinstance(leg, PulledLeg) else found

    def notional(self, leg: Leg[Fraction]) -> Coefficients:
        """The notional of a leg, times the denominator."""
        if isinstance(leg, PulledLeg):
            return scaled(self._without[leg.pull], leg.notional_at_zero)
        return times(self.whole, [leg.notional_at_zero, leg.notional_slope])


def _product(pulls: set[Fraction]) -> Coefficients:
    result = [_ONE]
    for pull in sorted(pulls):
        result = times(result, [_ONE, pull])
    return result


def times(one: Coefficients, other: Coefficients) -> Coefficients:
    """The product of two polynomials."""
    result = [_ZERO] * (len(one) + len(other) - 1)
    for place, each in enumerate(one):
        if each:
            for further, factor in enumerate(other):
                result[place + further] += each * factor
    return result


def plus(one: Coefficients, other: Coefficients, factor: Fraction) -> Coefficients:
    """one + factor x other."""
    result = one + [_ZERO] * (len(other) - len(one))
    if factor:
        for place, each in enumerate(other):
            if each:
                result[place] += factor * each
    return result


def scaled(one: Coefficients, factor: Fraction) -> Coefficients:
    """factor x one."""
    return [each * factor for each in one]


def value(coefficients: Coefficients, at: Fraction) -> Fraction:
    """A polynomial at a point."""
    found = _ZERO
    for each in reversed(coefficients):
        found = found * at + each
    return found
