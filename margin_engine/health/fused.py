"""The same lines added up by one compiled loop: health/surface.py's `add_lines` through numba (extra `fast`).

The first call compiles it (about a second); from then on it is several times as fast as NumPy's passes over arrays.
"""

import numba
import numpy as np

from margin_engine.health.surface import Floats

_STRIP = 512
"""Scenarios at a time: the innermost cache holds them, and every pass over them runs in vector instructions."""


def _add_lines(
    prices: Floats, inverse: bool, starts: Floats, slopes: Floats, intercepts: Floats, total: Floats
) -> None:
    strip_at, strip_value = np.empty(_STRIP), np.empty(_STRIP)
    for begin in range(0, prices.size, _STRIP):
        price, sum_here = prices[begin : begin + _STRIP], total[begin : begin + _STRIP]
        at, value = strip_at[: price.size], strip_value[: price.size]
        # One loop for each pass, over slices: this is the form that the compiler turns into vector instructions.
        if inverse:
            for i in range(price.size):
                at[i] = 1.0 / price[i]
        else:
            for i in range(price.size):
                at[i] = price[i]
        slope, intercept = slopes[0], intercepts[0]
        for i in range(at.size):
            value[i] = intercept + slope * at[i]
        for piece in range(1, starts.size):
            start, slope, intercept = starts[piece], slopes[piece], intercepts[piece]
            for i in range(at.size):
                line, below = intercept + slope * at[i], value[i]
                value[i] = line if at[i] >= start else below
        for i in range(at.size):
            sum_here[i] += value[i]


add_lines_fused = numba.njit(nogil=True, error_model="numpy")(_add_lines)
"""Add to the last argument the line that holds at each price (above 0), as `add_lines` does."""
