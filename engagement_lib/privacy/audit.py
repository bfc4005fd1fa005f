"""What a reader can work out of the counts that a table hides."""

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
    Numbers,
    Rule,
    Zeros,
    join_cells,
    make_rule,
    only_cells,
    read_cells,
    read_layout,
    say_key,
    say_row,
    since_last,
    why_small,
    with_sums,
)
from engagement_lib.privacy.ranges import possible_ranges, told_to_insiders, weak_cells
from engagement_lib.tables import COUNT, NUMBER, TEXT

_Row = tuple[int, str, float, float, bool, str]
_FOUND: Final = {
    "row": COUNT,
    "cell": TEXT,
    "column": TEXT,
    "low": NUMBER,
    "high": NUMBER,
    "passes": "bool",
    "reason": TEXT,
}


def audit_suppression(
    table: pd.DataFrame,
    *,
    counts: str | Sequence[str],
    by: Sequence[str] | None = None,
    base: str = "base",
    margins: Mapping[str, str] | Sequence[str] = (),
    totals: pd.DataFrame | None = None,
    smallest: int = 5,
    protection: int | None = None,
    zeros: Zeros = "show",
    complement: bool = False,
    insiders: int = 1,
    keep: Sequence[str] = ("base",),
    shares: Mapping[str, int] | None = None,
    percentages: Mapping[str, int] | None = None,
    derived: Mapping[str, Sequence[str]] | None = None,
    events: Mapping[str, Collection[str]] = EVENTS,
    last: pd.DataFrame | None = None,
    truth: pd.DataFrame | None = None,
    mark: str = MARK,
) -> pd.DataFrame:
    """The lowest and highest value that each hidden count could have, given everything shown; one row a hidden count.

    A reader is taken to know the rule by which counts were hidden, the bases and all sums. What is shown beside a hidden count
    and is made from it, and a count that should be hidden and is not, are rows too.

    Parameters
    ----------
    table
        As it is to be published, with the mark for what is hidden.
    shares, percentages
        Columns with counts / base, from 0 to 1 or to 100, and to how many decimals they are rounded: where one is shown beside a
        hidden count it tells within what limits that lies.
    derived
        From which count a share is made; the first of `counts` unless said.
    truth
        The table before anything was hidden, row by row. It says who is alone in a cell, without which `insiders` are those
        alone in a group; and where people stand in two parts of a sum, by how many the parts exceed the total.
    counts, by, base, margins, totals, smallest, protection, zeros, complement, insiders, keep, events, last, mark
        As for `suppress_small_cells`.

    Returns
    -------
    DataFrame
        `row` (counted from 0), `cell` (what it counts, in words), `column`, `low`, `high`; `passes`, and in `reason` why not. A
        hidden count passes where `low` is below `high`, and the range holds all that a hidden small count may be (from 1, or 0
        where zeros are hidden, to `smallest` - 1 or the base), or is at least `protection` wide, or begins at `smallest`.

    Raises
    ------
    TableError
        As for `suppress_small_cells`.

    Notes
    -----
    Each end is the solution of an integer programme: Fischetti, M. and Salazar, J. J. (2001), Management Science 47, 1008-1027,
    section 2. For `insiders`, each hidden cell in turn is taken as known to those in it; see `docs/release.md`.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["all", "producer", "user"], "respondents": [40, 37, "[c]"], "base": [90, 50, 40]})
    >>> audit_suppression(table, counts="respondents", margins=["group"])[["cell", "low", "high", "passes"]].values.tolist()
    [['group user', 3.0, 3.0, False]]
    """
    place = "audit_suppression"
    rule = make_rule(place, smallest=smallest, protection=protection, zeros=zeros, complement=complement, insiders=insiders)
    layout = read_layout(place, table, counts=counts, by=by, base=base, margins=margins, keep=keep, events=events, mark=mark)
    cells = read_cells(place, table, layout, rule)
    if last is not None:
        cells = since_last(cells, read_cells(f"{place}, last", last, layout, rule), rule)
    if totals is not None:
        elsewhere = read_cells(f"{place}, totals", totals, layout, rule, fixed=True)
        cells = join_cells([cells, only_cells(elsewhere, ~elsewhere.hidden)])
    true = true_values(cells, {} if truth is None else {place: truth})
    cells = with_sums(cells, layout.margins, truth=true)
    rounded = {name: (1, decimals) for name, decimals in (shares or {}).items()}
    rounded |= {name: (100, decimals) for name, decimals in (percentages or {}).items()}
    narrowed = narrow_by_shares(cells, {place: table}, layout, rounded, derived or {})
    judged = ((cells.places[found[0]], found[1:]) for found in judge_cells(cells, narrowed, rule, true))
    rows: list[_Row] = [(row, column, *found) for (where, row, column), found in judged if where == place]
    rows += shown_beside(table, layout, (*keep, *rounded), derived or {})
    return _as_table(rows, table, layout)


def judge_cells(cells: Cells, narrowed: Cells, rule: Rule, truth: Numbers) -> list[tuple[int, float, float, bool, str]]:
    """Each hidden cell and each small one that is shown: its range, whether it passes, and why not."""
    low, high = possible_ranges(narrowed, cells.hidden)
    weak = weak_cells(cells, cells.hidden, low, high, rule)
    told = dict(reversed(told_to_insiders(narrowed, cells.hidden, rule, truth)))
    found = []
    for cell in range(len(cells)):
        if cells.hidden[cell]:
            reason = _say_weak(low[cell], high[cell], rule) if weak[cell] else ""
            if cell in told and not reason:
                reason = f"whoever is alone in {say_key(cells.keys[told[cell]])} can work it out"
            found.append((cell, float(low[cell]), float(high[cell]), not reason, reason))
        elif reason := why_small(cells, cell, rule):
            found.append((cell, float(low[cell]), float(high[cell]), False, f"shown, and must be hidden: {reason}"))
    return found


def narrow_by_shares(
    cells: Cells,
    tables: Mapping[str, pd.DataFrame],
    layout: Layout,
    rounded: Mapping[str, tuple[int, int]],
    derived: Mapping[str, Sequence[str]],
) -> Cells:
    """The cells with the limits that the shares shown beside them set: base times share, give or take half of its last digit."""
    low, high = cells.low.copy(), cells.high.copy()
    for name, (per, decimals) in rounded.items():
        (count, *_) = derived.get(name, layout.counts)
        for cell in np.flatnonzero(cells.hidden & np.isfinite(cells.base)):
            table, row, column = cells.places[cell]
            share = pd.to_numeric(tables[table][name].iloc[row], errors="coerce") if table in tables else np.nan
            if column == count and not np.isnan(share):
                ends = (share + np.array([-0.5, 0.5]) / 10**decimals) / per * cells.base[cell]
                low[cell] = max(low[cell], np.ceil(ends[0] - 1e-9))
                high[cell] = min(high[cell], np.floor(ends[1] + 1e-9))
    return replace(cells, low=low, high=high)


def shown_beside(table: pd.DataFrame, layout: Layout, keep: Sequence[str], derived: Mapping[str, Sequence[str]]) -> list[_Row]:
    """What is shown in the row of a hidden count, and is neither kept nor a count of its own."""
    found = []
    for name in [name for name in table.columns if name not in {*layout.by, *layout.counts, *keep, layout.base}]:
        made = [column for column in derived.get(name, layout.counts) if column in table.columns]
        hidden = (table[made].astype(object) == layout.mark).any(axis=1).to_numpy()
        shown = ~(table[name].isna() | table[name].astype(str).isin(["", layout.mark])).to_numpy()
        reason = f"shown beside a hidden count, '{made[0]}'" if made else ""
        found += [(int(row), name, float("nan"), float("nan"), False, reason) for row in np.flatnonzero(hidden & shown)]
    return found


def true_values(cells: Cells, truth: Mapping[str, pd.DataFrame]) -> Numbers:
    """Each count as it is, NaN for those that are hidden and of whose table the truth is not given."""
    values = cells.value.copy()
    for cell in np.flatnonzero(cells.hidden):
        place, row, column = cells.places[cell]
        if place in truth:
            values[cell] = float(truth[place][column].iloc[row])
    return values


def _say_weak(low: float, high: float, rule: Rule) -> str:
    if np.isnan(low):
        return "what is shown contradicts itself, so that nothing can be said of it"
    if low == high:
        return f"it can be worked out: {low:.0f}"
    return f"it can only be from {low:.0f} to {high:.0f}, a range narrower than {rule.protection}"


def _as_table(rows: Sequence[_Row], table: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    order = {name: at for at, name in enumerate(table.columns)}
    whole = [
        (row, say_row(table, layout, row), column, *rest)
        for row, column, *rest in sorted(rows, key=lambda found: (found[0], order[found[1]]))
    ]
    return pd.DataFrame(whole, columns=list(_FOUND)).astype(_FOUND)
