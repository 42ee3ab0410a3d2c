"""The first root of a polynomial: exact where it is a fraction, never missed, never invented."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margin_engine.health.polynomials import first_root, polynomial, sign_at, sign_beyond, without_factor

F = Fraction


def through(*roots: Fraction) -> tuple[int, ...]:
    """The polynomial with these roots."""
    found = [F(1)]
    for root in roots:
        found = [a - root * b for a, b in zip([F(0), *found], [*found, F(0)], strict=True)]
    return polynomial(found)


fractions = st.fractions(min_value=-20, max_value=20, max_denominator=50)


@given(st.lists(fractions, max_size=6), fractions, st.one_of(st.none(), fractions), st.sampled_from([1, -1]))
def test_the_first_of_known_roots_is_found_exactly(
    roots: list[Fraction], near: Fraction, far: Fraction | None, direction: int
) -> None:
    if far is not None and (far - near) * direction <= 0:
        near, far = far, near
    if far == near:
        return
    ahead = [r for r in roots if (r - near) * direction > 0 and (far is None or (far - r) * direction > 0)]
    wanted = min(ahead, key=lambda root: root * direction, default=None)
    assert first_root(through(*roots), near, far, direction) == wanted


@given(st.lists(fractions, min_size=1, max_size=4), fractions, st.integers(1, 5))
def test_factors_that_have_no_root_change_nothing(roots: list[Fraction], near: Fraction, height: int) -> None:
    product = [F(each) for each in through(*roots)]
    raised = [F(0)] * (len(product) + 2)
    for place, each in enumerate(product):
        raised[place] += each * height
        raised[place + 2] += each  # times (x^2 + height)
    assert first_root(polynomial(raised), near, None) == first_root(through(*roots), near, None)


@pytest.mark.parametrize(("roots", "wanted"), [([F(0), F(1), F(2)], F(0)), ([F(-1, 2), F(0), F(1)], F(-1, 2))])
def test_a_root_at_zero_is_met_on_the_way_like_any_other(roots: list[Fraction], wanted: Fraction) -> None:
    assert first_root(through(*roots), F(-1), F(3)) == wanted
    assert first_root(through(*(-each for each in roots)), F(1), F(-3), -1) == -wanted


def test_a_root_right_in_the_middle_of_a_stretch_is_found_before_the_one_behind_it() -> None:
    assert first_root(through(F(1, 2), F(3, 4)), F(0), F(1)) == F(1, 2)
    assert first_root(through(F(5, 2), F(11, 4)), F(2), F(3)) == F(5, 2)


def test_an_irrational_root_is_found_to_more_than_a_hundred_digits() -> None:
    root = first_root((-2, 0, 1), F(0), F(2))
    assert root is not None
    assert abs(root * root - 2) < F(1, 10**110)
    least = first_root((-2 * 10**40, 0, 10**80), F(0), None)
    assert least is not None
    assert abs(least * least * 10**40 / 2 - 1) < F(1, 10**110)


def test_a_double_irrational_root_is_found() -> None:
    # (x^2 - 2)^2
    root = first_root((4, 0, -4, 0, 1), F(0), None)
    assert root is not None
    assert abs(root * root - 2) < F(1, 10**110)


def test_two_roots_that_lie_very_close_are_told_apart() -> None:
    close = F(1) + F(1, 10**30)
    assert first_root(through(F(1), close), F(0), F(2)) == 1
    assert first_root(through(F(1), close), F(1), F(2)) == close


@pytest.mark.parametrize("p", [(), (5,)])
def test_what_is_constant_has_no_root(p: tuple[int, ...]) -> None:
    assert first_root(p, F(0), None) is None


def test_the_sign_beyond_a_root_is_that_of_the_first_derivative_that_is_not_zero() -> None:
    squared, cubed = through(F(1), F(1)), through(F(1), F(1), F(1))
    assert (sign_beyond(squared, F(1), 1), sign_beyond(squared, F(1), -1)) == (1, 1)
    assert (sign_beyond(cubed, F(1), 1), sign_beyond(cubed, F(1), -1)) == (1, -1)
    assert sign_beyond((), F(1), 1) == 0


@given(st.lists(fractions, min_size=1, max_size=4), fractions)
def test_a_factor_is_taken_out_with_its_sign_kept(roots: list[Fraction], at: Fraction) -> None:
    left = without_factor(through(*roots), roots[0], at)
    assert sign_at(left, roots[0])
    turned = roots.count(roots[0]) % 2 if at < roots[0] else 0
    if at != roots[0]:
        assert sign_at(left, at) == sign_at(through(*roots), at)
        assert sign_at(through(*(r for r in roots if r != roots[0])), at) == sign_at(left, at) * (-1) ** turned


def test_a_root_is_found_where_the_slope_is_level_in_the_middle_of_its_stretch() -> None:
    # -(1 - y)^3 + 15 y (1 - y)^2 + 9 y^2 (1 - y) + y^3 for y from 0 to 1: one root, and a slope of 0 at y = 1/2,
    # over a stretch too narrow to be halved before Newton's steps begin.
    width = F(1, 2**45)
    inside = [F(-1), F(18), F(-24), F(8)]
    outside = [F(0)] * 4
    for power, each in enumerate(inside):
        shifted = [F(1)]
        for _ in range(power):
            shifted = [a - b for a, b in zip([F(0), *shifted], [*shifted, F(0)], strict=True)]
        for place, factor in enumerate(shifted):
            outside[place] += each * factor / width**power
    p = polynomial(outside)
    root = first_root(p, F(1), 1 + width)
    assert root is not None
    assert sign_at(p, root - F(1, 10**115)) == -sign_at(p, root + F(1, 10**115)) == -1
