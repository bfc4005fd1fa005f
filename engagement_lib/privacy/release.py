"""Whether the tables of a report may go out together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.audit import judge_cells, shown_beside, true_values
from engagement_lib.privacy.cells import (
    EVENTS,
    MARK,
    Cells,
    Layout,
    Rule,
    Zeros,
    join_cells,
    make_rule,
    read_cells,
    read_layout,
    say_key,
    say_row,
    with_sums,
)
from engagement_lib.privacy.differencing import compare_cells
from engagement_lib.privacy.suppression import SMALLEST
from engagement_lib.tables import COUNT, TEXT, Audience

PEOPLE: Final = ("cases", "people", "supporting", "qualifying", "contradicting", "both")
# Counts of passages, events and the like, and sample sizes, which are declared; by the names that the library gives them.
NOT_PEOPLE: Final = frozenset(
    ("alike", "asked", "base", "characters", "claims", "coders", "codes", "codings", "compared", "copies", "end", "family",
     "fewest", "filled_in", "high", "item", "length", "longest", "low", "mean", "median", "medium", "minutes", "most", "n_themes",
     "open", "paragraphs", "passages", "places", "quotes", "rank", "row", "rows", "run", "segments", "sentences", "sources",
     "start", "stretches", "themes", "times", "units", "unread", "values", "wave", "webinar", "with_words", "words")
)  # fmt: skip
# One person may have several of these, so that their counts do not add up to people.
NOT_ADDED: Final = frozenset(("claim_id", "code", "keywords", "other", "statement", "theme", "theme_id"))
_REASONS: Final = {"table": TEXT, "row": COUNT, "cell": TEXT, "column": TEXT, "reason": TEXT, "remedy": TEXT}
_SUPPRESS: Final = "Put the table through suppress_small_cells, together with the tables that hold its totals."
_DECLARE: Final = "Declare it, as a count of people or as one that is kept, with CountTable."
_Row = tuple[str, int, str, str, str, str]


@dataclass(frozen=True, eq=False)
class CountTable:
    """A table of a release with what its columns are, where their names do not tell; see `suppress_small_cells`.

    `counts` () stands for the columns with the library's names for counts of people: `respondents` and what begins or ends so,
    and those in `PEOPLE`. `truth` is the table before anything was hidden, if what somebody alone in a cell can work out is to be
    looked at.
    """

    table: pd.DataFrame
    counts: Sequence[str] = ()
    by: Sequence[str] | None = None
    base: str = "base"
    margins: Mapping[str, str] | Sequence[str] = ()
    keep: Sequence[str] = ("base",)
    derived: Mapping[str, Sequence[str]] = field(default_factory=dict)
    events: Mapping[str, Collection[str]] = field(default_factory=lambda: EVENTS)
    truth: pd.DataFrame | None = None
    mark: str = MARK


Tables = Mapping[str, pd.DataFrame | CountTable]


@dataclass(frozen=True, eq=False)
class _Read:
    about: CountTable
    layout: Layout
    cells: Cells


def check_release(
    tables: Tables,
    *,
    audience: Audience,
    last_release: Tables | None = None,
    smallest: int | None = None,
    protection: int | None = None,
    zeros: Zeros = "show",
    complement: bool = False,
    insiders: int = 1,
) -> pd.DataFrame:
    """Why tables may not go out as they stand, one row a reason; no rows where they may, and for the team always.

    Each table is looked at by itself, beside the others, and beside the same table of the last release. Two tables hang together
    where one has the variables of the other and one more, and its bases add up to the other's; codes, claims and themes never
    add up, since one person may have several.

    Parameters
    ----------
    tables
        Each as it is to be shown, by its caption or name; with a `CountTable` where the names of columns do not tell what they
        are. A table of a chart is to be given too.
    audience
        "working-group", "public", or "team".
    last_release
        What went out last, by the same names.
    smallest
        The smallest count that may be shown, unless that of the audience in `SMALLEST` holds.
    protection, zeros, complement, insiders
        As for `suppress_small_cells`.

    Returns
    -------
    DataFrame
        `table`, `row` (counted from 0; -1 where the whole column is meant), `cell` (what the row counts, in words), `column`,
        `reason`, `remedy`. For the team alone: a reason may tell a number that must not go out.

    Raises
    ------
    TableError
        If there is no such audience, or a threshold makes no sense.

    Notes
    -----
    A column of whole numbers whose name says nothing is a reason too: what nobody has declared may count people.

    Examples
    --------
    >>> spread = pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [12, 3], "base": [40, 40]})
    >>> check_release({"Codes": spread}, audience="public")[["table", "cell", "reason"]].values.tolist()
    [['Codes', 'code no-time', 'shown, and must be hidden: fewer than 10 people']]
    """
    place = "check_release"
    if audience not in (*SMALLEST, "team"):
        raise TableError(Problem(place, "audience", f"'{audience}'", f"one of {', '.join(SMALLEST)}, team", "Name one of them."))
    threshold = SMALLEST.get(audience, 2) if smallest is None else smallest
    rule = make_rule(place, smallest=threshold, protection=protection, zeros=zeros, complement=complement, insiders=insiders)
    rows: list[_Row] = []
    if audience != "team":
        read = {name: _read(name, table, rule, rows) for name, table in tables.items()}
        rows += _within({name: one for name, one in read.items() if one}, rule)
        for name, table in (last_release or {}).items():
            if (one := read.get(name)) and (before := _read(name, table, rule, [])):
                rows += _beside_last(name, before, one, rule)
    order = {name: at for at, name in enumerate(tables)}
    rows.sort(key=lambda row: (order[row[0]], *row[1:]))
    return pd.DataFrame(rows, columns=list(_REASONS)).astype(_REASONS)


def _read(name: str, table: pd.DataFrame | CountTable, rule: Rule, rows: list[_Row]) -> _Read | None:
    """The counts of a table, None where it has none; `rows` takes what cannot be read or is not declared."""
    about = table if isinstance(table, CountTable) else CountTable(table)
    counts = [column for column in about.table.columns if counts_people(column)] if not about.counts else about.counts
    counts = [column for column in counts if column not in about.keep]
    declared = {*counts, *about.keep, *(about.by or ()), *about.derived, about.base}
    unknown = [column for column in about.table.columns if column not in declared and str(column) not in NOT_PEOPLE]
    unclear = [str(column) for column in unknown if is_whole(about.table[column], about.mark)]
    rows += [(name, -1, "", column, "nobody has said whether it counts people", _DECLARE) for column in unclear]
    if not counts:
        return None
    try:
        layout = layout_of(name, about, counts)
        return _Read(about, layout, read_cells(name, about.table, layout, rule))
    except TableError as error:
        rows += [(name, -1, problem.place, "", f"found {problem.found}", problem.remedy) for problem in error.problems]
        return None


def read_table(name: str, about: CountTable, rule: Rule, *, fixed: bool = False) -> Cells:
    """The counts of a table whose columns are declared.

    Raises
    ------
    TableError
        If a count is no whole number from 0 to its base, or two rows are the same cell.
    """
    return read_cells(name, about.table, layout_of(name, about), rule, fixed=fixed)


def added_variables(layouts: Iterable[Layout]) -> set[str]:
    """The variables over which counts of people add up: codes, claims and themes do not, unless somebody said so."""
    return {name for one in layouts for name in one.by if name not in NOT_ADDED or name in one.margins}


def layout_of(name: str, about: CountTable, counts: Sequence[str] = ()) -> Layout:
    """How a declared table counts people; `counts` stand for those that it declares."""
    return read_layout(
        name, about.table, counts=counts or about.counts, by=about.by, base=about.base, margins=about.margins, keep=about.keep,
        events=about.events, mark=about.mark,
    )  # fmt: skip


def counts_people(column: object) -> bool:
    """Whether a column counts people, by its name."""
    name = str(column)
    return name in PEOPLE or name.startswith(("respondents", "people_")) or name.endswith("_respondents")


def is_whole(values: pd.Series, mark: str) -> bool:
    """Whether a column holds whole numbers, some of them above 1, and nothing else but the mark."""
    if pd.api.types.is_bool_dtype(values):
        return False
    shown = values[values.notna() & (values.astype(str) != mark)]
    if shown.map(lambda value: isinstance(value, str)).any():
        return False
    numbers = pd.to_numeric(shown, errors="coerce").to_numpy(dtype="float64")
    return bool(len(numbers) and (numbers % 1 == 0).all() and (pd.api.types.is_integer_dtype(values) or (numbers > 1).any()))


def _within(read: Mapping[str, _Read], rule: Rule) -> Iterator[_Row]:
    """What the tables of this release give away, each and together."""
    if not read:
        return
    variables = added_variables(one.layout for one in read.values())
    cells = join_cells([one.cells for one in read.values()])
    truth = true_values(cells, {name: one.about.truth for name, one in read.items() if one.about.truth is not None})
    cells = with_sums(cells, variables, truth=truth, by_bases=True)
    for cell, _, _, passes, reason in judge_cells(cells, cells, rule, truth):
        name, row, column = cells.places[cell]
        if not passes:
            yield name, row, say_row(read[name].about.table, read[name].layout, row), column, reason, _SUPPRESS
    for name, one in read.items():
        about = one.about
        for row, column, *_, reason in shown_beside(about.table, one.layout, (*about.keep, "asked"), about.derived):
            yield name, row, say_row(about.table, one.layout, row), column, reason, _SUPPRESS


def _beside_last(name: str, before: _Read, now: _Read, rule: Rule) -> Iterator[_Row]:
    rows = {(place[2], key): place[1] for place, key in zip(now.cells.places, now.cells.keys, strict=True)}
    for told in compare_cells(before.cells, now.cells, now.layout.margins, rule):
        row = rows.get((told.column, told.key), -1)
        yield name, row, say_key(told.key), told.column, f"{told.release}: {told.reason}", told.remedy
