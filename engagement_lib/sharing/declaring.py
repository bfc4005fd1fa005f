"""What the numbers of a table on a page count: one row a count of people, with its variables and the number it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from engagement_lib.privacy.cells import EVENTS, MARK, TOTAL, as_number
from engagement_lib.privacy.release import CountTable
from engagement_lib.sharing.columns import PART, SAME, Columns, is_share, read_columns
from engagement_lib.sharing.columns import TOTAL as TOTAL_WORDS
from engagement_lib.tables import Study

Place = tuple[int, int]
_BASE: Final = "the number they are of"
_ROW: Final = "row"
# The columns of a table of what stands without one thing, or otherwise.
_LEFT_OUT: Final = ("variation", "value")
_STANDS: Final = "as it stands"
_EVENT: Final = " webinar"


class Count(NamedTuple):
    """A count of people: what it counts, its name, the number and that which it is of; and the row and column where it stands."""

    key: Mapping[str, str]
    name: str
    number: object
    base: float
    place: Place | None


@dataclass(frozen=True, eq=False)
class Declared:
    """What a table counts: `about` with one row a count, each at one of `places` (None for what any reader can work out), and
    the places of numbers that are `small` by themselves, beside the counts.
    """

    columns: Columns
    about: CountTable | None
    places: tuple[Place | None, ...]
    small: frozenset[Place]

    def beside(self, place: Place) -> set[Place]:
        """What is made from a number and must be hidden with it."""
        row, at = place
        return {(row, other) for other in self.columns.made_from(row, at)}


def declare(table: pd.DataFrame, study: Study, smallest: int, *, by: Sequence[str] | None = None) -> Declared:
    """What a table of a page counts.

    Parameters
    ----------
    table
        As `read_tables` gives it.
    study
        Its cases say which words are groups of people; its `study.toml` may say which columns count people, or nobody.
    smallest
        The smallest number of people that may be shown.
    by
        The columns that say what a row is by; unless said, the fewest that tell the rows apart.
    """
    columns = read_columns(table, study)
    counts = list(_counts(columns, columns.by() if by is None else [name for name in by if name in table.columns]))
    small = frozenset(_small_alone(columns, smallest))
    if not counts:
        return Declared(columns, None, (), small)
    names = list(dict.fromkeys(name for count in counts for name in count.key))
    long = pd.DataFrame([{name: count.key.get(name, TOTAL) for name in names} | {_BASE: count.base} for count in counts])
    for name in dict.fromkeys(count.name for count in counts):
        long[name] = pd.Series([count.number if count.name == name else None for count in counts], dtype=object)
    numbers = [name for name in long.columns if name not in (*names, _BASE)]
    totals = [name for name in names if (long[name] == TOTAL).any()]
    events = {**EVENTS, **{name: ("these",) for name in names if name.startswith("without ") and name.endswith(_EVENT)}}
    about = CountTable(long, counts=numbers, by=names, base=_BASE, keep=[_BASE], margins=totals, events=events, truth=long)
    return Declared(columns, about, tuple(count.place for count in counts), small)


def _counts(columns: Columns, by: Sequence[str]) -> Iterator[Count]:
    """The counts of a table, those who were left out of one among them."""
    table = columns.table
    left_out = set(_LEFT_OUT) <= set(table.columns)
    by = [*by, *(name for name in _LEFT_OUT if left_out and name not in by)]
    columns_by = [[(SAME.get(name, name), _plain(str(value))) for value in table[name]] for name in by]
    keys = [dict(pairs) for pairs in zip(*columns_by, strict=True)] if by else [{} for _ in range(len(table))]
    if len({tuple(key.items()) for key in keys}) < len(keys):
        keys = [{**key, _ROW: str(row)} for row, key in enumerate(keys)]
    found = [_count(columns, row, name, key) for row, key in enumerate(keys) for name in columns.counts]
    found = [count for count in found if count.number is not None]
    yield from _told_apart(found) if left_out else found


def _count(columns: Columns, row: int, name: str, key: Mapping[str, str]) -> Count:
    table = columns.table
    number, base = table[name].iloc[row], "" if name in columns.undeclared else columns.base_of(name)
    of = as_number(table[base].iloc[row]) if base else np.nan
    if match := PART.fullmatch(str(number)):
        number, of = (int(part.replace(",", "")) for part in match.groups())
    if number != MARK and (pd.isna(number) or number == ""):
        number = None
    wide = {columns.variable: _plain(name)} if name in columns.wide else {}
    place = row, list(table.columns).index(name)
    return Count({**key, **wide}, "respondents" if wide else SAME.get(name, name), number, of, place)


def _plain(value: str) -> str:
    return TOTAL if TOTAL_WORDS.fullmatch(value) else value


def _told_apart(counts: Sequence[Count]) -> Iterator[Count]:
    """The counts of a table of what stands without one thing; and those who were left out, whom any reader can work out."""
    whole = {(_rest(count), count.name): count for count in counts if count.key["variation"] == _STANDS}
    for count in counts:
        key, of = dict(_rest(count)), whole.get((_rest(count), count.name))
        variation = " ".join(filter(None, (count.key["variation"], count.key["value"])))
        these = _left_out(of, count) if of is not None and variation.startswith("without ") else None
        if count.key["variation"] == _STANDS:
            yield count._replace(key=key)
        elif these is None:
            # Counted anew and not added up: it stands for itself.
            yield count._replace(key={name: f"{value}, {variation}" for name, value in key.items()} or {_ROW: variation})
        else:
            yield count._replace(key={**key, variation: "the others"})
            yield these._replace(key={**key, variation: "these"})


def _left_out(of: Count, others: Count) -> Count | None:
    """Those who are not among the others, hidden where either number is; None where they cannot be told."""
    if MARK in (of.number, others.number):
        return of._replace(number=MARK, base=of.base - others.base, place=None)
    number, base = float(str(of.number)) - float(str(others.number)), of.base - others.base
    return of._replace(number=number, base=base, place=None) if number >= 0 and not number > base else None


def _rest(count: Count) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in count.key.items() if name not in _LEFT_OUT)


def _small_alone(columns: Columns, smallest: int) -> Iterator[Place]:
    """Shares of fewer people than may be shown, in a table without counts."""
    for at, name in enumerate(columns.table.columns):
        if is_share(name) and set(columns.counts) <= set(columns.undeclared):
            yield from ((row, at) for row in _small_shares(columns, name, smallest))


def _small_shares(columns: Columns, name: str, smallest: int) -> Iterator[int]:
    """The rows in which a share tells a small count; every row, where the number that it is of does not stand beside it."""
    base = columns.base_of(name)
    for row, (text, of) in enumerate(zip(columns.table[name], columns.table[base or name], strict=True)):
        share = _as_share(str(text))
        people = share * float(of) if base else 0.0
        if share > 0 and people < smallest - 0.5:
            yield row


def _as_share(text: str) -> float:
    number = as_number(text.rstrip(" %") or 0)
    number = 0.0 if np.isnan(number) else number
    return number / 100 if "%" in text or number > 1 else number
