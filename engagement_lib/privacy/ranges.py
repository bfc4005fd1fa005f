"""The lowest and highest value that each hidden count could have, given everything that is shown.

An integer programme for each end (Fischetti, M. and Salazar, J. J. (2001), *Solving the cell suppression problem on tabular data
with linear constraints*, Management Science 47, 1008-1027, section 2: the attacker's problems).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from engagement_lib.privacy.cells import Cells, Flags, Numbers, Places, Rule, Sum
from engagement_lib.privacy.solver import solve

_WHOLE: Final = 1e-6
_INFEASIBLE: Final = 2
# Beyond what any count could be, where nothing bounds it.
_FAR: Final = 1e6


def possible_ranges(cells: Cells, hidden: Flags, *, known: Mapping[int, float] | None = None) -> tuple[Numbers, Numbers]:
    """The ends of each cell's range, equal where it is shown or `known`, NaN where what is shown contradicts itself."""
    seen = cells.value.copy()
    unknown = hidden.copy()
    for cell, value in (known or {}).items():
        seen[cell], unknown[cell] = value, False
    low, high = np.where(unknown, cells.low, seen), np.where(unknown, cells.high, seen)
    for members, sums in components(cells.sums, unknown):
        if len(sums) == 1:
            low[members], high[members] = _by_one_sum(members, sums[0], low, high)
        else:
            low[members], high[members] = _by_programme(members, sums, low, high)
    wrong = low > high
    low[wrong] = high[wrong] = np.nan
    # 0 and not -0, which would be said as such.
    return low + 0.0, high + 0.0


def weak_cells(cells: Cells, hidden: Flags, low: Numbers, high: Numbers, rule: Rule) -> Flags:
    """The hidden cells of which a reader learns too much.

    He may not know a cell exactly; and its range must hold all that a hidden small count may be, or be as wide as the
    protection, or lie wholly where counts are not small.
    """
    holds_all = (low <= cells.low) & (high >= np.minimum(rule.smallest - 1, cells.high))
    protected = (holds_all | (high - low >= rule.protection) | (low >= rule.smallest)) & (high > low)
    weak: Flags = hidden & ~protected
    return weak


def told_to_insiders(cells: Cells, hidden: Flags, rule: Rule, truth: Numbers) -> list[tuple[int, int]]:
    """The hidden small counts that somebody could work out who knows another, his own: each with that other.

    Those know their own cell who are alone in it, or so few that they may tell one another. A count that may be of themselves is
    no news of another person.
    """
    few = hidden & (truth <= rule.insiders) & ((truth > 0) | (cells.base <= rule.insiders))
    found = []
    for members, _ in components(cells.sums, hidden):
        mine = hidden & np.isin(np.arange(len(cells)), members)
        for own in np.flatnonzero(few & mine).tolist():
            values = settled_values(cells, mine, own, truth[own])
            told = np.flatnonzero(mine & (values < rule.smallest)).tolist()
            found += [(cell, own) for cell in told if values[cell] > truth[own] or not cells.overlap(own, cell)]
    return found


def settled_values(cells: Cells, hidden: Flags, own: int, value: float) -> Numbers:
    """The hidden cells that can have one value alone once `own` is known, with that value; NaN for all others."""
    seen, unknown = cells.value.copy(), hidden.copy()
    seen[own], unknown[own] = value, False
    low, high = np.where(unknown, cells.low, seen), np.where(unknown, cells.high, seen)
    settled = np.full(len(cells), np.nan)
    for members, sums in components(cells.sums, unknown):
        if len(sums) == 1:
            least, most = _by_one_sum(members, sums[0], low, high)
            settled[members] = np.where(least == most, least, np.nan)
            continue
        system = equations(members, sums, low)
        ends = low[members], np.minimum(high[members], low[members] + _FAR)
        # A cell that differs between any two tables is not settled; few are left to be looked at one by one.
        tables = [_solve(np.sin(turn * np.arange(1, len(members) + 1)), system, ends)[1] for turn in (1, -1, 2, -2)]
        for at in np.flatnonzero(np.ptp(np.array(tables), axis=0) == 0):
            aim = np.eye(len(members))[at]
            lowest, highest = (sign * _solve(sign * aim, system, ends)[0] for sign in (1, -1))
            settled[members[at]] = lowest if lowest == highest else np.nan
    return settled


def components(sums: tuple[Sum, ...], unknown: Flags) -> Iterator[tuple[Places, list[Sum]]]:
    """The unknown cells that hang together by sums, with these; cells in no sum are left out."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    binding = [one for one in sums if unknown[one.cells].any()]
    if not binding:
        return
    pairs = [(row, cell) for row, one in enumerate(binding) for cell in one.cells[unknown[one.cells]]]
    rows, cols = np.array(pairs).T
    size = len(binding) + len(unknown)
    graph = coo_array((np.ones(len(pairs)), (rows, cols + len(binding))), shape=(size, size))
    _, number = connected_components(graph, directed=False)
    for component in sorted(set(number[: len(binding)])):
        members = np.flatnonzero((number[len(binding) :] == component) & unknown)
        yield members, [one for one, mine in zip(binding, number, strict=False) if mine == component]


def _by_one_sum(members: Places, one: Sum, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """With one sum alone each end follows from the opposite ends of the others."""
    ends = np.sort(np.stack([one.signs * low[one.cells], one.signs * high[one.cells]]), axis=0)
    others = ~np.eye(len(one.cells), dtype=bool)
    least = np.where(others, ends[0], 0.0).sum(axis=1)
    most = np.where(others, ends[1], 0.0).sum(axis=1)
    from_sum = np.sort(np.stack([(one.low - most) * one.signs, (one.high - least) * one.signs]), axis=0)
    place = {int(cell): at for at, cell in enumerate(one.cells)}
    at = [place[int(cell)] for cell in members]
    return np.maximum(low[members], from_sum[0][at]), np.minimum(high[members], from_sum[1][at])


def _by_programme(members: Places, sums: list[Sum], low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    system, ends = equations(members, sums, low), (low[members], high[members])
    outer = _narrowed(system, *ends)
    # A table that agrees with everything shown gives each cell a value: where that is an outer end, no other can lie beyond it.
    seen = np.full(len(members), np.inf), np.full(len(members), -np.inf)
    found = np.empty((2, len(members)))
    for at, aim in enumerate(np.eye(len(members))):
        for side, sign in enumerate((1, -1)):
            found[side, at] = outer[side][at]
            if seen[side][at] != outer[side][at] or abs(outer[side][at]) >= _FAR:
                value, table = _solve(sign * aim, system, ends)
                found[side, at] = sign * value
                seen = np.fmin(seen[0], table), np.fmax(seen[1], table)
    return found[0], found[1]


def _narrowed(system: tuple[Numbers, Numbers, Numbers], low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Ends that no cell can lie beyond, as they follow from one sum after the other."""
    matrix, least, most = system
    low, high = np.clip(low, -_FAR, _FAR), np.clip(high, -_FAR, _FAR)
    for _ in range(len(matrix)):
        before = low, high
        ends = np.where(matrix > 0, matrix * low, matrix * high), np.where(matrix > 0, matrix * high, matrix * low)
        others = [end.sum(axis=1, keepdims=True) - end for end in ends]
        from_sums = least[:, None] - others[1], most[:, None] - others[0]
        mine = matrix != 0
        low = np.maximum(low, np.where(mine, np.where(matrix > 0, from_sums[0], -from_sums[1]), -np.inf).max(axis=0))
        high = np.minimum(high, np.where(mine, np.where(matrix > 0, from_sums[1], -from_sums[0]), np.inf).min(axis=0))
        if (before[0] == low).all() and (before[1] == high).all():
            break
    return low, high


def equations(members: Places, sums: list[Sum], seen: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The sums over the members alone: a row each, and from where to where it may go; other cells are as `seen`."""
    place = {int(cell): at for at, cell in enumerate(members)}
    matrix = np.zeros((len(sums), len(members)))
    shown = np.zeros(len(sums))
    for row, one in enumerate(sums):
        for cell, sign in zip(one.cells, one.signs, strict=True):
            if int(cell) in place:
                matrix[row, place[int(cell)]] += sign
            else:
                shown[row] += sign * seen[cell]
    return matrix, np.array([one.low for one in sums]) - shown, np.array([one.high for one in sums]) - shown


def _solve(aim: Numbers, system: tuple[Numbers, Numbers, Numbers], ends: tuple[Numbers, Numbers]) -> tuple[float, Numbers]:
    """The least that whole numbers, times `aim`, can add up to, and these numbers; NaN where there are none."""
    from scipy.optimize import Bounds, LinearConstraint

    constraints, bounds = LinearConstraint(*system), Bounds(*ends)
    answer = solve(aim, constraints, bounds, whole=False)
    # Fractions do as well as whole numbers in most tables, and are found sooner.
    if answer.status == 0 and not np.allclose(answer.x, np.round(answer.x), atol=_WHOLE, rtol=0):
        answer = solve(aim, constraints, bounds, whole=True)
    if answer.status == 0:
        numbers = np.round(answer.x)
        return float(aim @ numbers), numbers
    return (np.nan if answer.status == _INFEASIBLE else -np.inf), np.full(len(aim), np.nan)
