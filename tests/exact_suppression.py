"""Small tables, what can be worked out of them, and the fewest cells that must be hidden: by whole-number programmes alone.

Nothing here is shared with the library but the rule. Cells are counted from 0 through an array with its totals.
"""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp


def draw_counts(rng):
    """An array of one to three rows and two to four columns, with many small counts, and with its totals."""
    rows, columns = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    kinds = rng.choice(3, p=[0.15, 0.35, 0.5], size=(rows, columns))
    inner = np.choose(kinds, [np.zeros_like(kinds), rng.integers(1, 5, size=kinds.shape), rng.integers(5, 30, size=kinds.shape)])
    whole = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    return whole if rows == 1 else np.vstack([whole, whole.sum(axis=0)])


def long_table(counts):
    """The array as a long table, a variable for its rows and one for its columns, with "all" for the totals."""
    rows = [f"r{at}" for at in range(len(counts) - 1)] + ["all"] if len(counts) > 1 else ["r0"]
    columns = [f"c{at}" for at in range(counts.shape[1] - 1)] + ["all"]
    places = [(row, column) for row in rows for column in columns]
    return pd.DataFrame(places, columns=["row", "column"]).assign(respondents=counts.ravel())


def sums_of(counts):
    """Each sum of the array as a row of signs over its cells."""
    place = np.arange(counts.size).reshape(counts.shape)
    lines = [*place, *(place.T if len(counts) > 1 else [])]
    signs = np.zeros((len(lines), counts.size))
    for at, line in enumerate(lines):
        signs[at, line] = 1
        signs[at, line[-1]] = -1
    return signs


def range_of(counts, hidden, cell, *, known=None):
    """The least and the greatest whole number that a hidden cell can be, where hidden ones are at least 1."""
    flat = counts.ravel().astype(float)
    low, high = np.where(hidden, 1.0, flat), np.where(hidden, np.inf, flat)
    for other, value in (known or {}).items():
        low[other] = high[other] = value
    ends = []
    for sign in (1, -1):
        aim = np.zeros(counts.size)
        aim[cell] = sign
        answer = milp(
            aim,
            constraints=LinearConstraint(sums_of(counts), 0, 0),
            bounds=Bounds(low, high),
            integrality=np.ones(counts.size, dtype=int),
        )
        ends.append(sign * round(answer.fun) if answer.status == 0 else -sign * np.inf)
    return tuple(ends)


def fewest_hidden(counts, smallest):
    """The fewest cells that must be hidden so that the range of each small one holds 1 to `smallest` - 1, or is `smallest` wide.

    Tables of fractions are let in, and nobody is taken to know his own cell, so that the true number may be greater.
    """
    flat, size = counts.ravel().astype(float), counts.size
    small = np.flatnonzero((flat > 0) & (flat < smallest))
    beyond = 2 * flat.sum() + 10 * smallest
    width = size + len(small) * (2 * size + 1)
    rows, least, most = [], [], []

    def add(numbers, low, high):
        row = np.zeros(width)
        for at, number in numbers:
            row[at] += number
        rows.append(row)
        least.append(low)
        most.append(high)

    lows, highs = np.zeros(width), np.ones(width)
    lows[small] = 1
    highs[:size][flat == 0] = 0
    for number, cell in enumerate(small):
        start = size + number * (2 * size + 1)
        lower, upper, switch = start, start + size, start + 2 * size
        highs[lower : upper + size] = beyond
        for table in (lower, upper):
            for signs in sums_of(counts):
                add([(table + at, signs[at]) for at in range(size)], 0, 0)
            for at in range(size):
                add([(table + at, 1), (at, flat[at] - beyond)], -np.inf, flat[at])
                add([(table + at, 1), (at, flat[at] - min(flat[at], 1))], flat[at], np.inf)
        add([(upper + cell, 1), (lower + cell, -1), (switch, smallest)], smallest, np.inf)
        add([(lower + cell, 1), (switch, beyond - 1)], -np.inf, beyond)
        add([(upper + cell, 1), (switch, -(smallest - 1))], 0, np.inf)
    whole = np.zeros(width, dtype=int)
    whole[:size] = 1
    whole[size + 2 * size :: 2 * size + 1] = 1
    aim = np.concatenate([np.ones(size), np.zeros(width - size)])
    limits = [LinearConstraint(np.array(rows), least, most)] if rows else []
    return round(milp(aim, constraints=limits, bounds=Bounds(lows, highs), integrality=whole, options={"mip_rel_gap": 0}).fun)
