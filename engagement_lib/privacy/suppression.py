"""Small counts of people hidden in a table, and with them whatever would give them away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.cells import (
    EVENTS,
    MARK,
    Cells,
    Flags,
    Layout,
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
from engagement_lib.privacy.complements import hide_complements
from engagement_lib.privacy.differencing import told_by_last
from engagement_lib.tables import COUNT, NUMBER, TEXT

SMALLEST: Final[Mapping[str, int]] = {"working-group": 5, "public": 10}
SMALL: Final = "small"
COMPLEMENT: Final = "complement"
DERIVED: Final = "derived"
_HIDDEN: Final = {"row": COUNT, "cell": TEXT, "column": TEXT, "kind": TEXT, "value": NUMBER, "reason": TEXT}


@dataclass(frozen=True, eq=False)
class Suppressed:
    """A table without its small counts, a note in words for its readers, and, for the team alone, what was hidden.

    `hidden` has one row a hidden cell: `row` (counted from 0), `cell` (what it counts, in words), `column`, `kind` (small,
    complement, derived), `value` (the count, NaN for what is no count) and `reason`. `totals` is the table of totals in the same
    way, if there was one.
    """

    table: pd.DataFrame
    note: str
    hidden: pd.DataFrame
    totals: Suppressed | None = None


def suppress_small_cells(
    table: pd.DataFrame,
    *,
    counts: str | Sequence[str],
    by: Sequence[str] | None = None,
    base: str = "base",
    margins: Mapping[str, str] | Sequence[str] = (),
    totals: pd.DataFrame | None = None,
    fixed_totals: bool = False,
    smallest: int = 5,
    protection: int | None = None,
    zeros: Zeros = "show",
    complement: bool = False,
    insiders: int = 1,
    keep: Sequence[str] = ("base",),
    derived: Mapping[str, Sequence[str]] | None = None,
    events: Mapping[str, Collection[str]] = EVENTS,
    last: pd.DataFrame | None = None,
    mark: str = MARK,
) -> Suppressed:
    """The table with "[c]" for each count of few people, each that would give one away, and whatever was made from them.

    Parameters
    ----------
    table
        One row for each cell of its variables, with counts of respondents: `prevalence`, `code_by_case`, `triangulate`.
    counts
        The column with the counts, or several.
    by
        The variables; unless said, the columns of words before the first count.
    base
        The column that says out of how many people; a count is then known to be no greater. It need not be there.
    margins
        The variables over which the counts add up, each with the word that stands in the rows of its totals, or their names alone
        where that is "all". Codes do not add up: one person may have several.
    totals
        A table of the same counts by fewer of the variables, to be published too: small counts are hidden in it as well, and
        totals where the parts cannot do without.
    fixed_totals
        True where the totals are published already and stay as they are.
    smallest
        The smallest count that may be shown: 5 for the working group, 10 for the public (`SMALLEST`).
    protection
        How wide the range must be in which a reader can place a hidden count, if it does not hold all small counts; `smallest`
        unless said.
    zeros
        "show", or "hide": a zero says of everybody in the group that they did not say it.
    complement
        True hides a count too where fewer than `smallest` people of the base are left out of it.
    insiders
        So many people behind one hidden cell may tell one another, and know it: 1 is somebody alone in it; 0 leaves them out.
    keep
        Declared sample sizes and the like, shown always.
    derived
        From which counts a column is made. Any column that is not named here, in `by` or in `keep` is hidden in a row in which
        any count is.
    events
        The values of variables whose rows count events, such as webinars, and no people: shown always.
    last
        The table as last published, with its marks. A count is hidden too that has moved by fewer than `smallest`, in whose group
        fewer than that are new, or from which, beside that release, another could be worked out. Hiding cannot mend everything:
        `differencing` says what is left.
    mark
        What stands for a hidden value, never blank.

    Returns
    -------
    Suppressed
        `table` (the same columns, rows and order; columns that may hold the mark are of objects), `note`, and `hidden`.

    Raises
    ------
    TableError
        If a count is no whole number from 0 to its base, two rows are the same cell, a column is missing, or no choice of cells
        protects a count, since what gives it away stands in `totals` or counts events.

    Notes
    -----
    A count from 1 to `smallest` - 1 is hidden, and any count whose base is below `smallest`: of two people even a zero tells. For
    what else is hidden see `docs/release.md`; Hundepool, A. and others (2012), *Statistical disclosure control*, Wiley,
    chapter 4, explains the terms.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["all", "producer", "user", "both"], "respondents": [40, 23, 14, 3]})
    >>> suppressed = suppress_small_cells(table, counts="respondents", margins=["group"])
    >>> suppressed.table["respondents"].tolist()
    [40, 23, '[c]', '[c]']
    >>> suppressed.hidden["kind"].tolist()
    ['complement', 'small']
    """
    place = "suppress_small_cells"
    rule = make_rule(place, smallest=smallest, protection=protection, zeros=zeros, complement=complement, insiders=insiders)
    layout = read_layout(place, table, counts=counts, by=by, base=base, margins=margins, keep=keep, events=events, mark=mark)
    tables = {place: table} | ({} if totals is None else {f"{place}, totals": totals})
    parts = [_read_counts(name, each, layout, rule, fixed=fixed_totals and name != place) for name, each in tables.items()]
    before = None if last is None else read_cells(f"{place}, last", last, layout, rule)
    parts[0] = parts[0] if before is None else since_last(parts[0], before, rule)
    cells = join_cells(parts)
    cells = with_sums(cells, layout.margins, truth=cells.value)
    reasons = [why_small(cells, cell, rule) for cell in range(len(cells))]
    hidden = _hide(cells, reasons, rule)
    while before is not None and (more := told_by_last(before, replace(cells, hidden=hidden), place, layout.margins, rule)):
        reasons = [reason or more.get(cell, "") for cell, reason in enumerate(reasons)]
        hidden = _hide(cells, reasons, rule)
    done: Suppressed | None = None
    for name, each in reversed(tables.items()):
        companion = _companion(each, name, (cells, hidden, reasons), made_from(each, layout, keep, derived), layout)
        done = Suppressed(_marked(each, companion, layout, keep), say_note(rule, mark), companion, done)
    return cast("Suppressed", done)


def _hide(cells: Cells, reasons: Sequence[str], rule: Rule) -> Flags:
    """What is hidden for its own sake, and all that has to be hidden with it."""
    hidden, unmet = hide_complements(cells, np.array([bool(reason) for reason in reasons], dtype=bool), rule)
    if unmet:
        raise TableError([_unprotected(cells, need.cell) for need in unmet])
    return hidden


def _read_counts(place: str, table: pd.DataFrame, layout: Layout, rule: Rule, *, fixed: bool = False) -> Cells:
    """The counts of a table in which nothing is hidden yet; of one that is `fixed`, those that are shown."""
    cells = read_cells(place, table, layout, rule, fixed=fixed)
    if fixed:
        return only_cells(cells, ~cells.hidden)
    if cells.hidden.any():
        found, remedy = f"'{layout.mark}'", "Give the table as it was before anything was hidden."
        raise TableError(Problem(place, "counts", found, "counts", remedy))
    return cells


def _unprotected(cells: Cells, cell: int) -> Problem:
    place, row, column = cells.places[cell]
    return Problem(
        place,
        f"row {row}, column '{column}'",
        f"a count ({say_key(cells.keys[cell])}) that what may not be hidden gives away",
        "a table in which it can be hidden",
        "Hide the totals too (fixed_totals=False), put values together, or leave the table out.",
    )


def made_from(
    table: pd.DataFrame, layout: Layout, keep: Sequence[str], derived: Mapping[str, Sequence[str]] | None
) -> dict[str, tuple[str, ...]]:
    """The other columns that are hidden with a count, each with the counts that it is made from."""
    shown = {*layout.by, *layout.counts, *keep}
    return {name: tuple((derived or {}).get(name, layout.counts)) for name in table.columns if name not in shown}


def _companion(
    table: pd.DataFrame,
    place: str,
    found_in: tuple[Cells, Flags, Sequence[str]],
    made: Mapping[str, Sequence[str]],
    layout: Layout,
) -> pd.DataFrame:
    """What is hidden in one table and why, in its order."""
    cells, hidden, reasons = found_in
    found: dict[tuple[int, str], tuple[str, float, str]] = {}
    for cell in np.flatnonzero(hidden).tolist():
        where, row, column = cells.places[cell]
        if where == place:
            reason = reasons[cell] or _for_whom(cells, cell, reasons)
            found[row, column] = (SMALL if reasons[cell] else COMPLEMENT, float(cells.value[cell]), reason)
    for row, column in sorted(found):
        for name in [name for name, counts in made.items() if column in counts]:
            found.setdefault((row, name), (DERIVED, float("nan"), f"made from '{column}', which is hidden"))
    order = {name: at for at, name in enumerate(table.columns)}
    rows = [
        (row, say_row(table, layout, row), column, *found[row, column])
        for row, column in sorted(found, key=lambda place: (place[0], order[place[1]]))
    ]
    return pd.DataFrame(rows, columns=list(_HIDDEN)).astype(_HIDDEN)


def _for_whom(cells: Cells, cell: int, reasons: Sequence[str]) -> str:
    """Which small count could otherwise be worked out: one in the same sum where there is any."""
    partners = sorted({int(other) for one in cells.sums if cell in one.cells for other in one.cells if reasons[other]})
    whom = f"the count of {say_key(cells.keys[partners[0]])}" if partners else "a small count"
    return f"{whom} could be worked out from it"


def _marked(table: pd.DataFrame, companion: pd.DataFrame, layout: Layout, keep: Sequence[str]) -> pd.DataFrame:
    """The table with the mark; every column that may hold one is of objects, whether or not it does this time."""
    marked = table.copy()
    for name in table.columns:
        if name in (*layout.by, *keep):
            continue
        values = table[name].astype(object).to_numpy(dtype=object, copy=True)
        values[companion.loc[companion["column"] == name, "row"].to_numpy()] = layout.mark
        marked[name] = pd.Series(values, index=table.index, dtype=object)
    return marked


def say_note(rule: Rule, mark: str) -> str:
    """What stands below a table, whether or not anything in it is hidden."""
    zero = "Zeros are shown." if rule.zeros == "show" else "Zeros are hidden too."
    return (
        f"{mark} stands for a number that is not shown, to protect people: a count of fewer than {rule.smallest}, one in a group"
        f" of fewer than {rule.smallest}, or one from which such a count could be worked out. {zero}"
    )
