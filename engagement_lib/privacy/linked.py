"""Small counts hidden in several tables at once, since what one of them shows may tell what another hides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engagement_lib.privacy.audit import true_values
from engagement_lib.privacy.cells import Cells, Flags, Rule, join_cells, since_last, why_small, with_sums
from engagement_lib.privacy.complements import hide_complements
from engagement_lib.privacy.differencing import told_by_last
from engagement_lib.privacy.release import CountTable, added_variables, layout_of, read_table


class Hidden(NamedTuple):
    """A count to hide: its table, row (counted from 0) and column, its value, and why it is small ("" where it is not)."""

    table: str
    row: int
    column: str
    value: float
    reason: str


def hide_together(
    tables: Mapping[str, CountTable],
    rule: Rule,
    *,
    beside: Mapping[str, CountTable] | None = None,
    last: Mapping[str, CountTable] | None = None,
) -> list[Hidden]:
    """The counts to hide in tables that go out together, so that no table tells what another one hides.

    Hiding cannot protect everything, where what gives a count away is out already: `check_release` says what is left.

    Parameters
    ----------
    tables
        Each as it was counted, by its name.
    rule
        As `make_rule` gives it.
    beside
        Tables that are out already and stay as they are, each with what is hidden of it and the truth.
    last
        Tables of the last release, by the same names.

    Raises
    ------
    TableError
        If a count is no whole number from 0 to its base, or two rows of a table are the same cell.

    Examples
    --------
    >>> import pandas as pd
    >>> from engagement_lib.privacy.cells import make_rule
    >>> parts = pd.DataFrame({"group": ["producer", "user", "both"], "respondents": [23, 14, 3], "base": [40, 35, 20]})
    >>> total = pd.DataFrame({"respondents": [40], "base": [95]})
    >>> tables = {"By group": CountTable(parts, ["respondents"]), "In all": CountTable(total, ["respondents"], by=[])}
    >>> hidden = hide_together(tables, make_rule("example", smallest=5, protection=None, zeros="show"))
    >>> [(one.table, one.row, one.value) for one in hidden]
    [('By group', 2, 3.0), ('By group', 1, 14.0)]
    """
    if not tables:
        return []
    everything = {**tables, **(beside or {})}
    read = {name: read_table(name, about, rule, fixed=name not in tables) for name, about in everything.items()}
    before = {name: read_table(name, about, rule) for name, about in (last or {}).items() if name in tables}
    parts = [since_last(cells, before[name], rule) if name in before else cells for name, cells in read.items()]
    cells = join_cells(parts)
    truth = true_values(cells, {name: about.truth for name, about in everything.items() if about.truth is not None})
    variables = added_variables(layout_of(name, about) for name, about in everything.items())
    cells = with_sums(replace(cells, value=truth), variables, truth=truth, by_bases=True)
    reasons = [why_small(cells, cell, rule) for cell in range(len(cells))]
    hidden = _hide(cells, reasons, rule)
    for name, old in before.items():
        while more := told_by_last(old, replace(cells, hidden=hidden), name, set(everything[name].margins), rule):
            reasons = [reason or more.get(cell, "") for cell, reason in enumerate(reasons)]
            hidden = _hide(cells, reasons, rule)
    mine = [cell for cell in np.flatnonzero(hidden).tolist() if cells.places[cell][0] in tables]
    order = sorted(mine, key=lambda cell: (not reasons[cell], cell))
    return [Hidden(*cells.places[cell], float(truth[cell]), reasons[cell]) for cell in order]


def _hide(cells: Cells, reasons: list[str], rule: Rule) -> Flags:
    small = cells.hidden | np.array([bool(reason) for reason in reasons], dtype=bool)
    return hide_complements(cells, small, rule)[0]
