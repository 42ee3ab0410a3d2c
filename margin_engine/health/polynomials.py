"""The first root of a polynomial with rational coefficients on a stretch, in exact arithmetic.

Roots are isolated by Descartes' rule of signs and bisection (Vincent, Collins, Akritas): the number of sign changes of
the coefficients of (1 + x)^n p(near + (far - near) / (1 + x)) bounds the roots between near and far from above, and is
exact where it is 0 or 1. A repeated root (health that touches zero and rises again) is a root like any other, since
repeated factors are divided out first. The one root of a stretch is then found by bisection and Newton's steps, all of
them in integers, and proved by a change of sign around it; a root that is a plain fraction is given as exactly that.

A polynomial is a tuple of integer coefficients, lowest power first, the last one not 0; () is zero everywhere.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

Polynomial = tuple[int, ...]

_BISECTED_BITS = 40
_NEWTON_STEPS = 5
_ROOT_BITS = 420
"""Relative accuracy of a root: 2^-420 is about 126 digits, more than the decimals that answers are made of hold."""
_PLAIN_DENOMINATOR = 10**40


def polynomial(coefficients: Iterable[Fraction]) -> Polynomial:
    """The same roots and signs, in integers without a common factor."""
    fractions = list(coefficients)
    scale = lcm(*(each.denominator for each in fractions)) if fractions else 1
    return _primitive([each.numerator * (scale // each.denominator) for each in fractions])


def sign_at(p: Sequence[int], at: Fraction) -> int:
    """The sign of p at a point."""
    value = _scaled_value(p, at.numerator, at.denominator)
    return (value > 0) - (value < 0)


def sign_beyond(p: Polynomial, at: Fraction, direction: int) -> int:
    """The sign of p just beyond a point: that of the first derivative which is not 0 there. 0 only for zero itself."""
    turned = 1
    while p:
        sign = sign_at(p, at)
        if sign:
            return sign * turned
        p, turned = _derivative(p), turned * direction
    return 0


def first_root(p: Polynomial, near: Fraction, far: Fraction | None, direction: int = 1) -> Fraction | None:
    """The root nearest to `near` strictly between near and far, which lies in `direction`, or None.

    far None: the stretch has no end. Exact where the root is a plain fraction, else to more than 100 digits.
    """
    if direction < 0:
        mirrored = tuple(-each if power % 2 else each for power, each in enumerate(p))
        root = first_root(mirrored, -near, None if far is None else -far)
        return None if root is None else -root
    if len(p) < 2:
        return None
    end = far if far is not None else max(near, _bound(p)) + 1
    if len(p) == 2:
        only = Fraction(-p[0], p[1])
        return only if near < only < end else None
    if not p[0] and near < 0 < end:
        # A bisection toward 0 has no relative accuracy to stop at.
        before = first_root(p, near, Fraction(0))
        return Fraction(0) if before is None else before
    unit = _onto_unit(p, near, end)
    changes = _changes_within(unit)
    if changes > 1:
        p = _squarefree(p)
        unit = _onto_unit(p, near, end)
    bracket = _isolated(unit, near, end - near) if changes else None
    if bracket is None:
        return None
    low, high = bracket
    return low if low == high else _refined(p, low, high)


def without_factor(p: Polynomial, root: Fraction, at: Fraction) -> Polynomial:
    """p with every factor that vanishes at `root` divided out, its sign kept on the side of `at`."""
    while p and not sign_at(p, root):
        quotient, carry = [], Fraction(0)
        for each in reversed(p):
            carry = carry * root + each
            quotient.append(carry if at > root else -carry)
        p = polynomial(reversed(quotient[:-1]))
    return p


def _primitive(p: list[int]) -> Polynomial:
    while p and not p[-1]:
        p.pop()
    common = gcd(*p)
    return tuple(each // common for each in p)


def _scaled_value(p: Sequence[int], numerator: int, denominator: int) -> int:
    """p at a fraction, times denominator^degree (> 0): the same sign."""
    value, power = 0, 1
    for each in reversed(p):
        value = value * numerator + each * power
        power *= denominator
    return value


def _derivative(p: Sequence[int]) -> Polynomial:
    return tuple(power * each for power, each in enumerate(p) if power)


def _bound(p: Polynomial) -> Fraction:
    """No root lies beyond it (Cauchy)."""
    return 1 + Fraction(max(abs(each) for each in p[:-1]), abs(p[-1]))


def _squarefree(p: Polynomial) -> Polynomial:
    a, b = p, _primitive(list(_derivative(p)))
    while b:
        a, b = b, _remainder(a, b)
    return _quotient(p, a) if len(a) > 1 else p


def _remainder(a: Polynomial, b: Polynomial) -> Polynomial:
    rest = list(a)
    while len(rest) >= len(b):
        lead, shift = rest[-1], len(rest) - len(b)
        rest = [each * b[-1] for each in rest]
        for place, each in enumerate(b):
            rest[shift + place] -= lead * each
        rest.pop()
    return _primitive(rest)


def _quotient(a: Polynomial, b: Polynomial) -> Polynomial:
    """a / b where it goes without remainder, in integers without a common factor."""
    rest, result = [Fraction(each) for each in a], []
    while len(rest) >= len(b):
        lead, shift = rest[-1] / b[-1], len(rest) - len(b)
        for place, each in enumerate(b):
            rest[shift + place] -= lead * each
        rest.pop()
        result.append(lead)
    return polynomial(reversed(result))


def _onto_unit(p: Polynomial, near: Fraction, far: Fraction) -> list[int]:
    """The polynomial whose roots in (0, 1) are those of p between near and far."""
    coefficients = [Fraction(each) for each in p]
    for done in range(len(p) - 1):
        for place in range(len(p) - 2, done - 1, -1):
            coefficients[place] += near * coefficients[place + 1]
    scale = far - near
    return list(polynomial(each * scale**power for power, each in enumerate(coefficients)))


def _shifted_by_one(q: list[int]) -> list[int]:
    shifted = list(q)
    for done in range(len(q) - 1):
        for place in range(len(q) - 2, done - 1, -1):
            shifted[place] += shifted[place + 1]
    return shifted


def _changes_within(q: list[int]) -> int:
    """No fewer than q has roots in (0, 1), and just as many if 0 or 1."""
    signs = [each > 0 for each in _shifted_by_one(q[::-1]) if each]
    return sum(1 for one, following in pairwise(signs) if one != following)


def _isolated(q: list[int], low: Fraction, width: Fraction) -> tuple[Fraction, Fraction] | None:
    """Where the first root of q in (0, 1) lies, (0, 1) standing for (low, low + width): it alone, or it exactly."""
    changes = _changes_within(q)
    if changes == 0:
        return None
    if changes == 1:
        return low, low + width
    degree, half = len(q) - 1, width / 2
    left = [each << (degree - power) for power, each in enumerate(q)]
    found = _isolated(left, low, half)
    if found is not None:
        return found
    right = _shifted_by_one(left)
    return (low + half, low + half) if not right[0] else _isolated(right, low + half, half)


def _refined(p: Polynomial, low: Fraction, high: Fraction) -> Fraction:
    """The one root of p between low and high, which is simple."""
    before = sign_beyond(p, low, 1)
    while low * high <= 0 or (high - low) * 2**_BISECTED_BITS > abs(low):
        low, high = _halved(p, low, high, before)
        if low == high:
            return low
    at = _polished(p, low, high)
    margin = abs(low) / 2 ** (_ROOT_BITS - 20)
    if not (low < at - margin and at + margin < high and sign_at(p, at - margin) == before == -sign_at(p, at + margin)):
        # Another root beside the stretch has drawn Newton's steps away.
        while (high - low) * 2**_ROOT_BITS > abs(low):
            low, high = _halved(p, low, high, before)
        at = high
    plain = at.limit_denominator(_PLAIN_DENOMINATOR)
    return plain if low < plain < high and not sign_at(p, plain) else at


def _polished(p: Polynomial, low: Fraction, high: Fraction) -> Fraction:
    """Newton's steps from the middle: each doubles the digits."""
    slope, at = _derivative(p), (low + high) / 2
    for _ in range(_NEWTON_STEPS):
        steepness = _value(slope, at)
        if not steepness:
            break
        at = _rounded(at - _value(p, at) / steepness)
    return at


def _halved(p: Polynomial, low: Fraction, high: Fraction, before: int) -> tuple[Fraction, Fraction]:
    middle = (low + high) / 2
    sign = sign_at(p, middle)
    if not sign:
        return middle, middle
    return (middle, high) if sign == before else (low, middle)


def _value(p: Sequence[int], at: Fraction) -> Fraction:
    return Fraction(_scaled_value(p, at.numerator, at.denominator), at.denominator ** max(0, len(p) - 1))


def _rounded(value: Fraction) -> Fraction:
    """The value with as many bits as a root has: what a Newton step adds beyond them is noise."""
    shift = _ROOT_BITS - (abs(value.numerator).bit_length() - value.denominator.bit_length())
    scale = 2 ** abs(shift)
    return Fraction(round(value * scale), scale) if shift > 0 else Fraction(round(value / scale) * scale)
