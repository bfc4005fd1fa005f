"""Which passages share words with which segments, who stands behind a segment, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import SCHEMAS, TEXT, check_table

NOT_STATED: Final = "not stated"
WEBINAR: Final = "webinar"

Positions = npt.NDArray[np.int64]
_SPAN = ["source_id", "start", "end"]


def overlapping(passages: pd.DataFrame, segments: pd.DataFrame) -> tuple[Positions, Positions]:
    """The pairs of rows, one of each table, that share a character: the positions in the first, and those in the second.

    Both tables have `source_id`, `start` and `end`. Segments may nest. Pairs come in the order of the first table.

    Examples
    --------
    >>> coded = pd.DataFrame({"source_id": ["P01"], "start": [2], "end": [6]})
    >>> turns = pd.DataFrame({"source_id": ["P01", "P01", "P02"], "start": [0, 6, 0], "end": [4, 9, 9]})
    >>> [positions.tolist() for positions in overlapping(coded, turns)]
    [[0], [0]]
    """
    starts, ends = _on_one_line(pd.concat([passages[_SPAN], segments[_SPAN]]))
    mine, theirs = np.split(starts, [len(passages)])
    my_ends, their_ends = np.split(ends, [len(passages)])
    # Of two that overlap, one begins within the other: either the segment in the passage or, strictly later, the reverse.
    passage, segment = _beginning_within(mine, my_ends, theirs)
    outer, inner = _beginning_within(theirs + 1, their_ends, mine)
    passage, segment = np.concatenate([passage, inner]), np.concatenate([segment, outer])
    filled = (my_ends > mine)[passage] & (their_ends > theirs)[segment]
    passage, segment = passage[filled], segment[filled]
    order = np.lexsort((segment, passage))
    return passage[order], segment[order]


def most_shared(passages: pd.DataFrame, segments: pd.DataFrame) -> Positions:
    """For each passage the position of the segment with which it shares most characters, the first of equals; -1 for none.

    Examples
    --------
    >>> coded = pd.DataFrame({"source_id": ["P01", "P02"], "start": [2, 0], "end": [9, 3]})
    >>> turns = pd.DataFrame({"source_id": ["P01", "P01"], "start": [0, 4], "end": [4, 9]})
    >>> most_shared(coded, turns).tolist()
    [1, -1]
    """
    passage, segment = overlapping(passages, segments)
    ends = np.minimum(passages["end"].to_numpy()[passage], segments["end"].to_numpy()[segment])
    shared = ends - np.maximum(passages["start"].to_numpy()[passage], segments["start"].to_numpy()[segment])
    # Of several written to one place the last stays: the one that shares most.
    order = np.lexsort((-segment, shared))
    most = np.full(len(passages), -1)
    most[passage[order]] = segment[order]
    return most


def respondents(segments: pd.DataFrame) -> pd.Series:
    """Who stands behind each segment: its case; its source in a webinar, which is one group event, or where no case is known.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["I1", "W1"], "case_id": ["P01", "W1/Ann"], "kind": ["interview", "webinar"]})
    >>> respondents(turns).tolist()
    ['P01', 'W1']
    """
    alone = (segments["kind"] != "webinar") & (segments["case_id"] != "")
    return segments["case_id"].where(alone, segments["source_id"]).rename("respondent")


def in_order(values: Iterable[str], scale: Sequence[str] = ()) -> list[str]:
    """The values that there are, each once: those of a scale in its order, the others after them by the alphabet.

    Examples
    --------
    >>> in_order(["rarely", "not stated", "daily", "rarely"], ("daily", "rarely"))
    ['daily', 'rarely', 'not stated']
    """
    found = set(values)
    return [value for value in scale if value in found] + sorted(found - set(scale))


def case_values(people: pd.DataFrame, cases: pd.DataFrame, variable: str, *, place: str = "header") -> pd.Series:
    """What a variable says of the respondent in each row; "not stated" where it says nothing, or no case is known.

    `people` has `respondent`, `kind` and `wave`. The variables "kind" and "wave" are those of the row, all others the case's. The
    group of a webinar is "webinar". `place` says where the variable was asked for, for the message.

    Raises
    ------
    TableError
        Where the cases have no such variable.

    Examples
    --------
    >>> people = pd.DataFrame({"respondent": ["P01", "W1"], "kind": ["interview", "webinar"], "wave": ["1", "1"]})
    >>> case_values(people, pd.DataFrame({"case_id": ["P01"], "group": ["producer"]}), "group").tolist()
    ['producer', 'webinar']
    """
    if variable in ("kind", "wave"):
        return people[variable]
    known = ["group", *(column for column in cases.columns if column not in ("case_id", "group"))]
    if variable not in known:
        near = get_close_matches(variable, known, n=1)
        remedy = f"Did you mean '{near[0]}'?" if near else "Mend its name, or add a column to the cases."
        expected = f"one of {', '.join(['kind', 'wave', *known])}"
        raise TableError(Problem("cases", place, f"no variable '{variable}'", expected, remedy))
    values = people["respondent"].map(dict(zip(cases["case_id"], cases[variable], strict=True))).astype(object)
    if variable == "group":
        values = values.where(people["kind"] != WEBINAR, WEBINAR)
    return values.where(values.notna() & (values != ""), NOT_STATED).astype(TEXT)


def in_shape(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table with just the columns of its schema, in their types; columns that somebody added are left out.

    Raises
    ------
    TableError
        Where a column that must be there is not, or holds what it may not.
    """
    schema = SCHEMAS[name]
    return check_table(name, table if schema.extra else table[[column for column in table.columns if column in schema.columns]])


def _on_one_line(spans: pd.DataFrame) -> tuple[Positions, Positions]:
    """Starts and ends, each source moved to a stretch of its own, so that all sources are searched at once."""
    source, _ = pd.factorize(spans["source_id"])
    starts, ends = spans["start"].to_numpy(np.int64), spans["end"].to_numpy(np.int64)
    moved = source.astype(np.int64) * (max(starts.max(), ends.max()) + 2 if len(spans) else 1)
    return starts + moved, ends + moved


def _beginning_within(begins: Positions, ends: Positions, starts: Positions) -> tuple[Positions, Positions]:
    """Pairs of a stretch, half-open, and a start that lies within it."""
    order = np.argsort(starts, kind="stable")
    ranked = starts[order]
    first = np.searchsorted(ranked, begins, side="left")
    many = np.maximum(np.searchsorted(ranked, ends, side="left") - first, 0)
    stretch = np.repeat(np.arange(len(begins)), many)
    within = np.arange(len(stretch)) - np.repeat(np.cumsum(many) - many, many)
    return stretch, order[np.repeat(first, many) + within]
