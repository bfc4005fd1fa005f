"""What the difference between two releases of a table gives away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from engagement_lib.privacy.cells import (
    EVENTS,
    MARK,
    Cells,
    Flags,
    Key,
    Places,
    Rule,
    Sum,
    Zeros,
    join_cells,
    make_rule,
    only_cells,
    read_cells,
    read_layout,
    say_key,
    since_last,
    with_sums,
)
from engagement_lib.privacy.ranges import possible_ranges, weak_cells
from engagement_lib.tables import NUMBER, TEXT

OLD: Final = "last release"
NEW: Final = "this release"
MOVE: Final = "the difference"
_BESIDE: Final = "beside the last release another count could be worked out from it"
_FOUND: Final = {"cell": TEXT, "column": TEXT, "release": TEXT, "low": NUMBER, "high": NUMBER, "reason": TEXT, "remedy": TEXT}
_WAIT: Final = "Hide the count in this release, or wait until more have answered."
_HIDE: Final = "Hide the same cells as in the last release, or more."


class Told(NamedTuple):
    """What two releases together give away."""

    key: Key
    column: str
    release: str
    low: float
    high: float
    reason: str
    remedy: str


def differencing(
    old: pd.DataFrame,
    new: pd.DataFrame,
    *,
    counts: str | Sequence[str],
    by: Sequence[str] | None = None,
    base: str = "base",
    margins: Mapping[str, str] | Sequence[str] = (),
    smallest: int = 5,
    protection: int | None = None,
    zeros: Zeros = "show",
    keep: Sequence[str] = ("base",),
    events: Mapping[str, Collection[str]] = EVENTS,
    mark: str = MARK,
) -> pd.DataFrame:
    """What somebody who has both releases of a table can work out, one row a count or a difference; no rows where all is well.

    The differences between the releases are a table of their own, of those who have joined: they add up as the counts do, and
    their bases are the differences of the bases. A reader has both tables and this third one, and takes it that people are
    added and never taken away, unless a count that is shown in both has fallen.

    Parameters
    ----------
    old, new
        The two tables as they were, and are to be, published, with the mark for what is hidden.
    counts, by, base, margins, smallest, protection, zeros, keep, events, mark
        As for `suppress_small_cells`.

    Returns
    -------
    DataFrame
        `cell` (what it counts, in words), `column`, `release` ("the difference"; or "last release", "this release" for a count
        that was well hidden in its own release, and no longer is), `low`, `high`, `reason`, `remedy`. A cell that only one of the
        releases has cannot be compared.

    Raises
    ------
    TableError
        As for `suppress_small_cells`.

    Examples
    --------
    >>> old = pd.DataFrame({"code": ["jargon"], "respondents": [12], "base": [40]})
    >>> new = pd.DataFrame({"code": ["jargon"], "respondents": [14], "base": [60]})
    >>> differencing(old, new, counts="respondents")[["cell", "release", "low", "high"]].values.tolist()
    [['code jargon', 'the difference', 2.0, 2.0]]
    """
    place = "differencing"
    rule = make_rule(place, smallest=smallest, protection=protection, zeros=zeros)
    layout = read_layout(place, new, counts=counts, by=by, base=base, margins=margins, keep=keep, events=events, mark=mark)
    before, after = (read_cells(name, table, layout, rule) for name, table in ((OLD, old), (NEW, new)))
    rows = [(say_key(told.key), *told[1:]) for told in compare_cells(before, after, layout.margins, rule)]
    return pd.DataFrame(sorted(rows), columns=list(_FOUND)).astype(_FOUND)


def compare_cells(before: Cells, after: Cells, margins: Collection[str], rule: Rule) -> list[Told]:
    """The same for cells that are read already, without their sums."""
    before, after = (with_sums(cells, margins, truth=cells.value) for cells in (before, after))
    alone = np.concatenate([_weak(before, rule), _weak(after, rule)])
    for fallen in (False, True):
        joined = _with_moves(before, after, rule, fallen=fallen)
        low, high = possible_ranges(joined, joined.hidden)
        # What contradicts itself if people were only added need not if some were counted anew.
        if not np.isnan(low).any():
            break
    weak = weak_cells(joined, joined.hidden, low, high, rule)
    found: list[Told] = []
    for cell, (release, _, column) in enumerate(joined.places):
        ends = float(low[cell]), float(high[cell])
        if release == MOVE:
            reason = "" if joined.fixed[cell] else _say_move(*ends, float(joined.base[cell]), rule)
        else:
            reason = _say_both(*ends) if weak[cell] and not alone[cell] else ""
        if reason:
            found.append(Told(joined.keys[cell], column, release, *ends, reason, _WAIT if release == MOVE else _HIDE))
    return found


def told_by_last(before: Cells, cells: Cells, table: str, margins: Collection[str], rule: Rule) -> dict[int, str]:
    """The counts, with the reason, that must be hidden too since the last release gives them or others away; none if none can be.

    `before` are the cells of `table` as it was; `cells` hold those of it and say what is hidden of them.
    """
    mine = np.array([place[0] == table for place in cells.places], dtype=bool)
    after = only_cells(replace(cells, value=np.where(cells.hidden, np.nan, cells.value)), mine)
    own = zip(np.flatnonzero(mine).tolist(), after.places, after.keys, strict=True)
    number = {(place[2], key): at for at, place, key in own}
    told = [(number.get((one.column, one.key), -1), one.reason) for one in compare_cells(before, after, margins, rule)]
    can_hide = ~cells.hidden & ~cells.fixed & (cells.value >= cells.low) & (cells.value <= cells.high)
    found = {cell: f"beside the last release: {reason}" for cell, reason in told if cell >= 0 and can_hide[cell]}
    if not found:
        known = {cell for cell, _ in told}
        sums = [one.cells for one in cells.sums if known & set(one.cells.tolist())]
        beside = {cell for members in sums for cell in members.tolist() if can_hide[cell]}
        found = dict.fromkeys(sorted(beside, key=lambda cell: (cells.value[cell], cell))[:1], _BESIDE)
    return found


def _weak(cells: Cells, rule: Rule) -> Flags:
    low, high = possible_ranges(cells, cells.hidden)
    return weak_cells(cells, cells.hidden, low, high, rule)


def _with_moves(before: Cells, after: Cells, rule: Rule, *, fallen: bool) -> Cells:
    """Both releases and the differences as one set of cells: new - old - difference = 0, for each cell that both have."""
    old = {(place[2], key): at for at, (place, key) in enumerate(zip(before.places, before.keys, strict=True))}
    both = join_cells(
        [replace(before, places=_named(before, OLD)), replace(since_last(after, before, rule), places=_named(after, NEW))]
    )
    pairs = [
        (old[place[2], key], len(before) + at)
        for at, (place, key) in enumerate(zip(after.places, after.keys, strict=True))
        if (place[2], key) in old
    ]
    first, second = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1))
    shifted = tuple(replace(one, cells=one.cells + len(before)) for one in after.sums)
    signs = np.array([1.0, -1.0, -1.0])
    linking = tuple(
        Sum(np.array([new, was, len(both) + at]), signs, 0.0, 0.0)
        for at, (was, new) in enumerate(zip(first, second, strict=True))
    )
    return replace(join_cells([both, _moves(both, first, second, fallen=fallen)]), sums=(*before.sums, *shifted, *linking))


def _named(cells: Cells, release: str) -> tuple[tuple[str, int, str], ...]:
    return tuple((release, row, column) for _, row, column in cells.places)


def _moves(both: Cells, old: Places, new: Places, *, fallen: bool) -> Cells:
    """The differences as cells, all of them unknown: from 0 to those who are new in the base, unless something has fallen."""
    known = np.isfinite(both.base[new]) & np.isfinite(both.base[old])
    base = np.full(len(new), np.inf)
    base[known] = both.base[new][known] - both.base[old][known]
    fallen = fallen or bool((both.value[new] < both.value[old]).any() or (base < 0).any())
    low, high = (np.full(len(new), -np.inf), np.full(len(new), np.inf)) if fallen else (np.zeros(len(new)), base)
    places = tuple((MOVE, both.places[cell][1], both.places[cell][2]) for cell in new)
    keys = tuple(both.keys[cell] for cell in new)
    hidden, fixed = np.ones(len(new), dtype=bool), both.fixed[new]
    return Cells(places, keys, np.full(len(new), np.nan), base, low, high, hidden, fixed)


def _say_move(low: float, high: float, joined: float, rule: Rule) -> str:
    """Why a difference is too small to be known so well, "" where it is not."""
    least, most = sorted((abs(low), abs(high))) if low * high > 0 else (0.0, max(abs(low), abs(high)))
    few = 0 < abs(joined) < rule.smallest
    if np.isnan(low) or most >= rule.smallest or (most == 0 and not few):
        return ""
    known = f"{low:.0f}" if low == high else f"from {low:.0f} to {high:.0f}"
    if few:
        return "" if least == 0 and most >= abs(joined) else f"of the {joined:.0f} who have joined the group it is {known}"
    return "" if least == 0 and most >= rule.smallest - 1 else f"the count has moved by {known}"


def _say_both(low: float, high: float) -> str:
    if np.isnan(low):
        return "the two releases contradict each other, unless people were taken out"
    known = f"be worked out: {low:.0f}" if low == high else f"only be from {low:.0f} to {high:.0f}"
    return f"with both releases it can {known}"
