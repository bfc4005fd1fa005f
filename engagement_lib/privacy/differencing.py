"""What the difference between two releases of a table gives away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.privacy.cells import (
    EVENTS,
    MARK,
    Cells,
    Layout,
    Rule,
    Sum,
    Zeros,
    join_cells,
    make_rule,
    read_cells,
    read_layout,
    say_key,
    with_sums,
)
from engagement_lib.privacy.ranges import possible_ranges, weak_cells
from engagement_lib.tables import NUMBER, TEXT

OLD: Final = "last release"
NEW: Final = "this release"
_MOVE: Final = "the difference"
_FOUND: Final = {"cell": TEXT, "column": TEXT, "release": TEXT, "low": NUMBER, "high": NUMBER, "reason": TEXT, "remedy": TEXT}
_WAIT: Final = "Hide the count in this release, or wait until more have answered."
_HIDE: Final = "Hide the same cells as in the last release, or more."


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
    return compare_cells(before, after, layout, rule)


def compare_cells(before: Cells, after: Cells, layout: Layout, rule: Rule) -> pd.DataFrame:
    """The same for cells that are read already."""
    before, after = (with_sums(cells, layout.margins) for cells in (before, after))
    alone = [_weak(cells, rule) for cells in (before, after)]
    joined, moves = _with_moves(before, after, rule)
    low, high = possible_ranges(joined, joined.hidden)
    weak = weak_cells(joined, joined.hidden, low, high, rule)
    rows = []
    for cell in range(len(joined)):
        release, _, column = joined.places[cell]
        ends = float(low[cell]), float(high[cell])
        if cell in moves:
            reason, remedy = _say_move(*ends, float(joined.base[cell]), rule), _WAIT
        else:
            known = np.concatenate(alone)[cell]
            reason = _say_both(*ends) if weak[cell] and not known else ""
            remedy = _HIDE
        if reason and not (cell in moves and joined.fixed[cell]):
            rows.append((say_key(joined.keys[cell]), column, release, *ends, reason, remedy))
    return pd.DataFrame(sorted(rows), columns=list(_FOUND)).astype(_FOUND)


def _weak(cells: Cells, rule: Rule) -> np.ndarray:
    low, high = possible_ranges(cells, cells.hidden)
    return weak_cells(cells, cells.hidden, low, high, rule)


def _with_moves(before: Cells, after: Cells, rule: Rule) -> tuple[Cells, range]:
    """Both releases and the differences as one set of cells: new - old - difference = 0, for each cell that both have."""
    old = {(place[2], key): at for at, (place, key) in enumerate(zip(before.places, before.keys, strict=True))}
    pairs = [
        (old[place[2], key], len(before) + at)
        for at, (place, key) in enumerate(zip(after.places, after.keys, strict=True))
        if (place[2], key) in old
    ]
    both = join_cells([before, after])
    first, second = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1))
    moves = _moves(both, first, second)
    joined = join_cells([both, moves])
    few = (np.abs(moves.base) > 0) & (np.abs(moves.base) < rule.smallest)
    joined.low[second[few]] = 0.0
    shifted = tuple(replace(one, cells=one.cells + len(before)) for one in after.sums)
    signs = np.array([1.0, -1.0, -1.0])
    linking = tuple(
        Sum(np.array([new, was, len(both) + at]), signs, 0.0, 0.0) for at, (was, new) in enumerate(zip(first, second, strict=True))
    )
    return replace(joined, sums=(*before.sums, *shifted, *linking)), range(len(both), len(joined))


def _moves(both: Cells, old: np.ndarray, new: np.ndarray) -> Cells:
    """The differences as cells, all of them unknown: from 0 to those who are new in the base, unless something has fallen."""
    with np.errstate(invalid="ignore"):
        base = np.where(np.isfinite(both.base[new]) & np.isfinite(both.base[old]), both.base[new] - both.base[old], np.inf)
        fallen = bool((both.value[new] < both.value[old]).any() or (base < 0).any())
    unknown = np.full(len(new), np.inf)
    low, high = (-unknown, unknown) if fallen else (np.zeros(len(new)), np.where(np.isfinite(base), base, np.inf))
    places = tuple((_MOVE, both.places[cell][1], both.places[cell][2]) for cell in new)
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
