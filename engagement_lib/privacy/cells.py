"""Counts of people as cells that add up: what a reader of a table can see, and what he knows of the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import row_place

MARK: Final = "[c]"
TOTAL: Final = "all"
# A webinar is one group event, and is counted as one: its number says nothing of a person.
_EVENT: Final = ("webinar", "webinar, webinar")
EVENTS: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(("group", "kind", "kind_and_group", "value"), _EVENT)
Zeros = Literal["show", "hide"]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Key = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Rule:
    """What is a small count, and how wide the range must be in which a reader can place a hidden one."""

    smallest: int
    protection: int
    zeros: Zeros = "show"
    complement: bool = False
    insiders: int = 1


@dataclass(frozen=True)
class Layout:
    """How a long table counts people: the variables, the counts, their base, and the word for a total in each variable."""

    by: tuple[str, ...]
    counts: tuple[str, ...]
    base: str
    margins: Mapping[str, str]
    events: Mapping[str, Collection[str]]
    mark: str = MARK


@dataclass(frozen=True)
class Sum:
    """The cells times their signs add up to a number from `low` to `high`, and everybody knows it."""

    cells: Places
    signs: Numbers
    low: float
    high: float


@dataclass(frozen=True)
class Cells:
    """Every count of one or several tables, in an order that does not depend on that of the rows.

    `places` holds the table, row and column of each; `value` NaN where it is not known; `low` and `high` what a reader takes for
    granted of a hidden one; `fixed` those that cannot be hidden.
    """

    places: tuple[tuple[str, int, str], ...]
    keys: tuple[Key, ...]
    value: Numbers
    base: Numbers
    low: Numbers
    high: Numbers
    hidden: Flags
    fixed: Flags
    sums: tuple[Sum, ...] = ()

    def __len__(self) -> int:
        return len(self.places)

    def overlap(self, one: int, other: int) -> bool:
        """Whether some people may be in both cells: no variable has two values."""
        if self.places[one][2] != self.places[other][2]:
            return False
        both = self.keys[one] | self.keys[other]
        return len({name for name, _ in both}) == len(both)


_COLUMNS: Final = ("value", "base", "low", "high", "hidden", "fixed")


def make_rule(
    place: str, *, smallest: int, protection: int | None, zeros: Zeros, complement: bool = False, insiders: int = 1
) -> Rule:
    """The rule, when it makes sense: the protection is `smallest` unless said."""
    problems = [
        Problem(place, name, str(value), f"a whole number of at least {least}", remedy)
        for name, value, least, remedy in (
            ("smallest", smallest, 2, "5 is usual for a working group and 10 for the public."),
            ("protection", smallest if protection is None else protection, 1, "Leave it out, or give a wider range."),
            ("insiders", insiders, 0, "1 stands for somebody who knows to be the only one."),
        )
        if value < least
    ]
    if zeros not in ("show", "hide"):
        problems.append(Problem(place, "zeros", f"'{zeros}'", "'show' or 'hide'", "Name one of them."))
    if problems:
        raise TableError(problems)
    return Rule(smallest, smallest if protection is None else protection, zeros, complement, insiders)


def read_layout(
    place: str,
    table: pd.DataFrame,
    *,
    counts: str | Sequence[str],
    by: Sequence[str] | None,
    base: str,
    margins: Mapping[str, str] | Sequence[str],
    keep: Sequence[str],
    events: Mapping[str, Collection[str]],
    mark: str,
) -> Layout:
    """How the table counts people; its variables, unless said, are the columns of words before the first count."""
    counts = (counts,) if isinstance(counts, str) else tuple(counts)
    _need_columns(place, table, (*counts, *(by or ())))
    if not counts or not mark.strip():
        found = "no column of counts" if not counts else "a blank mark"
        raise TableError(Problem(place, "options", found, "counts, and a word for a hidden one", 'Give both, such as "[c]".'))
    if by is None:
        before = list(table.columns[: min(list(table.columns).index(name) for name in counts)])
        by = [name for name in before if name not in (*keep, base) and not pd.api.types.is_numeric_dtype(table[name])]
    totals = dict(margins) if isinstance(margins, Mapping) else dict.fromkeys(margins, TOTAL)
    strange = [name for name in totals if name not in by]
    if strange:
        found, remedy = f"{', '.join(strange)}", f"The variables are {', '.join(by) or 'none'}."
        raise TableError(Problem(place, "margins", found, "variables of the table", remedy))
    return Layout(tuple(by), counts, base if base in table.columns else "", totals, events, mark)


def read_cells(place: str, table: pd.DataFrame, layout: Layout, rule: Rule, *, fixed: bool = False) -> Cells:
    """The counts of one table; a count that is not defined (NaN) is no cell."""
    named = [column for column in layout.by if column in table.columns]
    bases = pd.to_numeric(table[layout.base], errors="coerce") if layout.base in table.columns else None
    found = []
    for row, values in enumerate(zip(*(table[name].astype(str) for name in named), strict=True) if named else [()] * len(table)):
        key = frozenset((name, v) for name, v in zip(named, values, strict=True) if v != layout.margins.get(name))
        event = any(value in layout.events.get(name, ()) for name, value in key)
        base = np.inf if bases is None or pd.isna(bases.iloc[row]) else float(bases.iloc[row])
        for column in layout.counts:
            cell = table[column].iloc[row] if column in table.columns else None
            if cell is None or pd.isna(cell):
                continue
            where = f"{row_place(table, row)}, column '{column}'"
            value = np.nan if cell == layout.mark else _whole(cell, base, place, where)
            found.append((column, tuple(sorted(key)), row, value, base, fixed or event))
    found.sort(key=lambda cell: cell[:3])
    _check_once(place, table, found)
    return _of_rows(place, found, rule)


def _of_rows(place: str, found: Sequence[tuple[Any, ...]], rule: Rule) -> Cells:
    value = np.array([cell[3] for cell in found], dtype=np.float64)
    base = np.array([cell[4] for cell in found], dtype=np.float64)
    low, high = limits(base, rule)
    hidden, fixed = np.isnan(value), np.array([cell[5] for cell in found], dtype=bool)
    places = tuple((place, row, column) for column, _, row, *_ in found)
    return Cells(places, tuple(frozenset(cell[1]) for cell in found), value, base, low, high, hidden, fixed)


def limits(base: Numbers, rule: Rule) -> tuple[Numbers, Numbers]:
    """What a hidden count is at least and at most, for somebody who knows the rule: never 0 where zeros are shown, say."""
    large = base >= rule.smallest
    shows = rule.zeros == "show"
    low = np.where(large & shows, 1.0, 0.0)
    return low, base - np.where(large & shows & rule.complement, 1.0, 0.0)


def why_small(cells: Cells, cell: int, rule: Rule) -> str:
    """Why a count must be hidden for its own sake, "" where it need not."""
    value, base = cells.value[cell], cells.base[cell]
    if cells.fixed[cell] or base == 0:
        return ""
    if base < rule.smallest:
        return f"there are fewer than {rule.smallest} people in the group"
    if 0 < value < rule.smallest:
        return f"fewer than {rule.smallest} people"
    if value == 0 and rule.zeros == "hide":
        return "nobody, which says it of everybody in the group"
    if rule.complement and (0 < base - value < rule.smallest or (value == base and rule.zeros == "hide")):
        return f"fewer than {rule.smallest} people of the group are left out of it"
    return ""


def join_cells(parts: Sequence[Cells]) -> Cells:
    """The cells of several tables as one; sums are to be found afterwards."""
    whole: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    places = tuple(place for part in parts for place in part.places)
    return Cells(places, tuple(key for part in parts for key in part.keys), **whole)


def only_cells(cells: Cells, wanted: Flags) -> Cells:
    """Some of the cells, before their sums are found."""
    some = np.flatnonzero(wanted)
    kept: dict[str, Any] = {name: getattr(cells, name)[some] for name in _COLUMNS}
    return Cells(tuple(cells.places[at] for at in some), tuple(cells.keys[at] for at in some), **kept)


def with_sums(cells: Cells, margins: Collection[str], *, truth: Numbers, by_bases: bool = False) -> Cells:
    """The cells with each sum that a reader can form: parts by one variable of `margins`, and the total they belong to.

    People who stand in two parts make the parts exceed the total. How many they are is taken as known, which errs on the side
    of the people, where `truth` (each count, NaN where it is not known) says so; else the parts are taken to add up. `by_bases`
    forms sums over several tables only where their bases, or else their counts, add up, so that they count the same people.
    """
    totals: dict[tuple[str, Key], list[int]] = {}
    for cell, (place, key) in enumerate(zip(cells.places, cells.keys, strict=True)):
        totals.setdefault((place[2], key), []).append(cell)
    parts: dict[tuple[str, str, Key, str], list[int]] = {}
    for cell, (place, key) in enumerate(zip(cells.places, cells.keys, strict=True)):
        for pair in sorted(key):
            if pair[0] in margins and (place[2], key - {pair}) in totals:
                parts.setdefault((place[0], place[2], key - {pair}, pair[0]), []).append(cell)
    pairs = [(total, members) for (_, column, key, _), members in parts.items() for total in totals[column, key]]
    pairs += [(first, [again]) for first, *others in totals.values() for again in others]
    linked = [(total, members) for total, members in pairs if not by_bases or _same_people(cells, total, members, truth)]
    return replace(cells, sums=(*cells.sums, *[_sum_of(total, members, truth) for total, members in linked]))


def _same_people(cells: Cells, total: int, parts: Sequence[int], truth: Numbers) -> bool:
    """Whether the bases add up, and the counts too where they are known; in one table it is enough that somebody said so.

    Where a base is not stated the counts alone have to tell.
    """
    if {cells.places[part][0] for part in parts} == {cells.places[total][0]}:
        return True
    base, value = cells.base[[*parts]].sum(), truth[[*parts]].sum()
    known = not np.isnan(value + truth[total])
    stated = np.isfinite(base + cells.base[total])
    return bool((base == cells.base[total] if stated else known) and (not known or value == truth[total]))


def since_last(cells: Cells, last: Cells, rule: Rule) -> Cells:
    """The cells, of which hidden ones may be 0 where few have joined the group since: that none of them said it tells."""
    before = {(place[2], key): at for at, (place, key) in enumerate(zip(last.places, last.keys, strict=True))}
    low = cells.low.copy()
    for cell, (place, key) in enumerate(zip(cells.places, cells.keys, strict=True)):
        at = before.get((place[2], key))
        joined = cells.base[cell] - last.base[at] if at is not None and np.isfinite(last.base[at]) else 0
        if 0 < abs(joined) < rule.smallest:
            low[cell] = 0
    return replace(cells, low=low)


def _sum_of(total: int, parts: Sequence[int], truth: Numbers) -> Sum:
    signs = np.array([1.0] * len(parts) + [-1.0])
    members = np.array([*parts, total], dtype=np.int64)
    gap = float(signs @ truth[members])
    gap = 0.0 if np.isnan(gap) else gap
    return Sum(members, signs, gap, gap)


def _whole(cell: object, base: float, place: str, where: str) -> float:
    number = as_number(cell)
    if not number >= 0 or number % 1 or number > base:
        expected = "a whole number of people" + ("" if np.isinf(base) else f", at most its base of {base:.0f}")
        remedy = "Give the counts as they were counted, before they are rounded or hidden."
        raise TableError(Problem(place, where, f"'{cell}'", expected, remedy))
    return number


def as_number(cell: Any) -> float:
    """A cell as a number, NaN where it is none; cell by cell far faster than `pandas.to_numeric`."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _check_once(place: str, table: pd.DataFrame, found: Sequence[tuple[Any, ...]]) -> None:
    problems = [
        Problem(
            place, row_place(table, after[2]), f"{say_key(after[1])} a second time", "one row each", "Name all variables in by."
        )
        for before, after in pairwise(found)
        if before[:2] == after[:2]
    ]
    if problems:
        raise TableError(problems)


def _need_columns(place: str, table: pd.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        there = f"the columns {', '.join(map(str, table.columns))}"
        raise TableError(Problem(place, "header", there, f"a column '{missing[0]}'", "Name the columns of the table."))


def say_key(key: Collection[tuple[str, str]]) -> str:
    """A cell in words: "code jargon, group user"; "everybody" where it has no value of any variable."""
    return ", ".join(f"{name} {value}" for name, value in sorted(key)) or "everybody"


def say_row(table: pd.DataFrame, layout: Layout, row: int) -> str:
    """What a row of a table counts, in words."""
    return say_key([(name, str(table[name].iloc[row])) for name in layout.by if name in table.columns])
