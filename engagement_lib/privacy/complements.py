"""Which further counts to hide, so that no hidden one can be worked out: as few as need be, rather small ones than totals.

The programme is that of Fischetti, M. and Salazar, J. J. (2001), *Solving the cell suppression problem on tabular data with
linear constraints*, Management Science 47, 1008-1027: for each count in need two tables that agree with everything shown and lie
far enough apart. Small tables are solved as a whole; in large ones one count after the other, and with the choice to hide
relaxed to fractions, after Kelly, J. P., Golden, B. L. and Assad, A. A. (1992), *Cell suppression: disclosure protection for
sensitive tabular data*, Networks 22, 397-417. What was hidden without need is shown again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engagement_lib.privacy.cells import Cells, Flags, Numbers, Places, Rule
from engagement_lib.privacy.ranges import components, equations, possible_ranges, told_to_insiders, weak_cells
from engagement_lib.privacy.solver import solve

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

_Block = tuple[Any, Numbers, Numbers]
_NOTHING: Final = 1e-6
# Up to so many cells times needs a table is solved as a whole in a second; up to so many cells, one need after the other.
_SMALL: Final = 250
_MIDDLING: Final = 100


@dataclass(frozen=True)
class Need:
    """A count that must be better hidden: from everybody (`own` -1), or from those who know that their own cell is `value`."""

    cell: int
    own: int = -1
    value: float = 0.0


def hide_complements(cells: Cells, primary: Flags, rule: Rule) -> tuple[Flags, list[Need]]:
    """The cells to hide, all of `primary` among them, and the needs that no hiding meets."""
    hidden = primary.copy()
    can_hide = ~cells.fixed & (cells.value >= cells.low) & (cells.value <= cells.high)
    while needs := unmet(cells, hidden, rule):
        more = _widen(cells, hidden, can_hide, needs, rule)
        if not (more & ~hidden).any():
            return hidden, needs
        hidden |= more
    return _show_again(cells, hidden, primary, rule), []


def unmet(cells: Cells, hidden: Flags, rule: Rule, *, members: Flags | None = None) -> list[Need]:
    """The hidden counts that can be worked out too closely, by everybody or by somebody who knows his own."""
    if members is not None:
        cells, hidden = _part(cells, members), hidden & members
    low, high = possible_ranges(cells, hidden)
    weak = [Need(int(cell)) for cell in np.flatnonzero(weak_cells(cells, hidden, low, high, rule))]
    return weak or [Need(cell, own, cells.value[own]) for cell, own in told_to_insiders(cells, hidden, rule, cells.value)]


def _part(cells: Cells, members: Flags) -> Cells:
    return replace(cells, sums=tuple(one for one in cells.sums if members[one.cells].any()))


def _widen(cells: Cells, hidden: Flags, can_hide: Flags, needs: list[Need], rule: Rule) -> Flags:
    """The cells hidden, with more for the needs of each component: for all at once where it is small, else for the first."""
    more = hidden.copy()
    for members, _ in components(cells.sums, hidden | can_hide):
        mine = [need for need in needs if need.cell in members]
        if mine and len(members) * len(mine) > _SMALL:
            more |= _choose(cells, hidden, members, mine[:1], rule, whole=len(members) <= _MIDDLING)
        elif mine:
            more |= _choose(cells, hidden, members, mine, rule, whole=True)
    return more


def _choose(cells: Cells, hidden: Flags, members: Places, needs: list[Need], rule: Rule, *, whole: bool) -> Flags:
    """The members that a programme hides; all of them where it finds no way, so that nothing is left open."""
    from scipy.optimize import Bounds

    programme = _Programme(cells, hidden, members, needs, rule, whole=whole)
    answer = solve(programme.costs, programme.constraints(), Bounds(programme.low, programme.high), whole=whole)
    chosen = np.zeros(len(cells), dtype=bool)
    chosen[members] = answer.x[: len(members)] > _NOTHING if answer.status == 0 else True
    return chosen


class _Programme:
    """Numbers in this order: hide or not, for each member; then for each need the lower table, the upper one, and a switch.

    The switch says which of the two the range of the count in need shall do: hold all that a small count may be (1), or be as
    wide as the protection (0). In fractions it would do neither, and so is set beforehand.
    """

    def __init__(self, cells: Cells, hidden: Flags, members: Places, needs: list[Need], rule: Rule, *, whole: bool) -> None:
        self.needs, self.rule, self.size = needs, rule, len(members)
        self.place = {int(cell): at for at, cell in enumerate(members)}
        self.value = cells.value[members]
        # A count without a base may be anything: beyond all counts together, with room for the protection, is as good.
        beyond = self.value.sum() + rule.protection + rule.smallest
        self.least = cells.low[members]
        self.most = np.minimum(cells.high[members], np.maximum(beyond, self.value))
        mine = np.zeros(len(cells), dtype=bool)
        mine[members] = True
        self.sums = equations(members, [one for one in cells.sums if mine[one.cells].any()], cells.value)
        weights = 1 + self.value / (1 + self.value.max())
        self.costs = np.concatenate([weights, np.zeros(len(needs) * (2 * self.size + 1))])
        table = (self.least, self.least, [0.0]), (self.most, self.most, [1.0])
        self.low = np.concatenate([hidden[members].astype(float), *table[0] * len(needs)])
        self.high = np.concatenate([np.ones(self.size), *table[1] * len(needs)])
        for number, need in enumerate(needs):
            self._settle(number, need, whole)

    def _settle(self, number: int, need: Need, whole: bool) -> None:
        """Set what one need leaves no choice in: the switch, and the count that somebody knows."""
        lower, upper, switch = self._starts(number)
        cell = self.place[need.cell]
        narrow = self.most[cell] - self.least[cell] < self.rule.protection
        if need.own >= 0 or narrow or not whole:
            self.low[switch] = self.high[switch] = float(need.own < 0 and narrow)
        if need.own >= 0:
            known = [start + self.place[need.own] for start in (lower, upper)]
            self.low[known] = self.high[known] = need.value

    def _starts(self, number: int) -> tuple[int, int, int]:
        lower = self.size + number * (2 * self.size + 1)
        return lower, lower + self.size, lower + 2 * self.size

    def constraints(self) -> LinearConstraint:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import vstack

        blocks = [block for number, need in enumerate(self.needs) for block in self._of_need(number, need)]
        rows, low, high = zip(*blocks, strict=True)
        return LinearConstraint(vstack(rows, format="csc"), np.concatenate(low), np.concatenate(high))

    def _of_need(self, number: int, need: Need) -> Iterator[_Block]:
        lower, upper, switch = self._starts(number)
        for start in (lower, upper):
            yield from self._of_table(start)
        cell = self.place[need.cell]
        width = self.rule.protection if need.own < 0 else 1
        yield self._row({upper + cell: 1, lower + cell: -1, switch: width}, width, np.inf)
        if need.own < 0:
            floor, most = self.least[cell], self.most[cell]
            top = min(self.rule.smallest - 1, most)
            yield self._row({lower + cell: 1, switch: most - floor}, -np.inf, most)
            yield self._row({upper + cell: 1, switch: floor - top}, floor, np.inf)

    def _of_table(self, start: int) -> Iterator[_Block]:
        """A table agrees with the sums, and with each count that is not hidden."""
        from scipy.sparse import coo_array

        matrix, least, most = self.sums
        rows, cols = matrix.nonzero()
        yield coo_array((matrix[rows, cols], (rows, cols + start)), shape=(len(matrix), len(self.costs))), least, most
        each = np.arange(self.size)
        for room, low, high in ((self.most - self.value, -np.inf, 0.0), (self.least - self.value, 0.0, np.inf)):
            data = np.concatenate([np.ones(self.size), -room])
            places = (np.concatenate([each, each]), np.concatenate([each + start, each]))
            yield coo_array((data, places), shape=(self.size, len(self.costs))), self.value + low, self.value + high

    def _row(self, numbers: dict[int, float], low: float, high: float) -> _Block:
        from scipy.sparse import coo_array

        places = (np.zeros(len(numbers), dtype=int), np.array(list(numbers)))
        row = coo_array((np.array(list(numbers.values()), dtype=float), places), shape=(1, len(self.costs)))
        return row, np.array([low]), np.array([high])


def _show_again(cells: Cells, hidden: Flags, primary: Flags, rule: Rule) -> Flags:
    """The cells hidden without those, greatest first, that nobody needs to be hidden."""
    hidden = hidden.copy()
    whole = hidden.copy()
    for cell in sorted(np.flatnonzero(hidden & ~primary), key=lambda cell: (-cells.value[cell], cell)):
        hidden[cell] = False
        members = next((m for m, _ in components(cells.sums, whole) if cell in m), np.array([cell]))
        if unmet(cells, hidden, rule, members=np.isin(np.arange(len(cells)), members)):
            hidden[cell] = True
    return hidden
