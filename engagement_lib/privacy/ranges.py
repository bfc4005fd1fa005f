"""The lowest and highest value that each hidden count could have, given everything that is shown.

An integer programme for each end (Fischetti, M. and Salazar, J. J. (2001), *Solving the cell suppression problem on tabular data
with linear constraints*, Management Science 47, 1008-1027, section 2: the attacker's problems).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from engagement_lib.privacy.cells import Cells, Flags, Numbers, Places, Rule, Sum

_WHOLE: Final = 1e-6
_INFEASIBLE: Final = 2


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
    return low, high


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
            low, high = possible_ranges(cells, mine, known={own: truth[own]})
            told = np.flatnonzero(mine & (low == high) & (low < rule.smallest)).tolist()
            found += [(cell, own) for cell in told if low[cell] > truth[own] or not cells.overlap(own, cell)]
    return found


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
    matrix, least, most = equations(members, sums, low)
    ends = np.empty((2, len(members)))
    for at in range(len(members)):
        ends[:, at] = [_solve(sign, at, (matrix, least, most), (low[members], high[members])) for sign in (1, -1)]
    return ends[0], ends[1]


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


def _solve(sign: int, at: int, sums: tuple[Numbers, Numbers, Numbers], ends: tuple[Numbers, Numbers]) -> float:
    """The least (`sign` 1) or greatest (-1) whole number; in whole numbers only where fractions would do better."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    aim = np.zeros(len(ends[0]))
    aim[at] = sign
    limits, bounds = LinearConstraint(*sums), Bounds(*ends)
    answer = milp(aim, constraints=limits, bounds=bounds)
    if answer.status == 0 and not np.allclose(answer.x, np.round(answer.x), atol=_WHOLE, rtol=0):
        answer = milp(aim, constraints=limits, bounds=bounds, integrality=np.ones(len(aim), dtype=int))
    if answer.status == 0:
        return sign * float(np.round(answer.fun))
    return float("nan") if answer.status == _INFEASIBLE else -sign * np.inf
