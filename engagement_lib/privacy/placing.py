"""Places carried from a text to the same text with stretches replaced, and back."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.privacy.clearance import read_place
from engagement_lib.tables import COUNT, TEXT

PLACES = ("source_id", "start", "end", "new_start", "new_end")
_Positions = npt.NDArray[np.int64]


def map_places(table: pd.DataFrame, places: pd.DataFrame, *, back: bool = False) -> pd.DataFrame:
    """The table with its `start` and `end` where the same words stand after the replacements.

    Parameters
    ----------
    table
        Any table with `source_id`, `start` and `end`: codings, evidence, segments.
    places
        What was replaced, one row a stretch: `source_id`, `start`, `end`, `new_start`, `new_end`.
    back
        From the new text to the old one.

    Returns
    -------
    DataFrame
        All rows and columns, in their order. A place that begins or ends within a replaced stretch is widened to all of it, since
        half of a pseudonym says nothing. Outside of replaced stretches going there and back changes nothing.

    Examples
    --------
    >>> places = pd.DataFrame({"source_id": ["P1"], "start": [4], "end": [9], "new_start": [4], "new_end": [16]})
    >>> rows = pd.DataFrame({"source_id": "P1", "start": [0, 6, 10], "end": [3, 12, 12]})
    >>> map_places(rows, places)[["start", "end"]].values.tolist()
    [[0, 3], [4, 19], [17, 19]]
    """
    starts, ends = (table[name].to_numpy(np.int64).copy() for name in ("start", "end"))
    for source, rows in table.reset_index(drop=True).groupby("source_id", sort=False):
        there = places[places["source_id"] == source].sort_values("start")
        old, new = ([there[name].to_numpy(np.int64) for name in pair] for pair in (PLACES[1:3], PLACES[3:5]))
        at = rows.index.to_numpy()
        starts[at], ends[at] = _move(starts[at], ends[at], *(new, old) if back else (old, new))
    moved = {name: pd.Series(values, index=table.index, dtype=COUNT) for name, values in (("start", starts), ("end", ends))}
    return table.assign(**moved)


def map_codings(codings: pd.DataFrame, places: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The codings, evidence or readings with their places and quotes in the new texts.

    Parameters
    ----------
    codings
        Any table with `source_id`; where it has `start` and `end` these are mapped as `map_places` does, and where it has a
        `quote` too that is what now stands there. A table without places, such as `readings`, stays as it is.
    places
        As for `map_places`.
    sources
        The new texts.

    Raises
    ------
    TableError
        Where a row's source is not among the new ones.
    """
    if not {"start", "end"} <= set(codings.columns):
        return codings.copy()
    texts = dict(zip(sources["source_id"], sources["text"], strict=True))
    lost = sorted(set(codings["source_id"]) - set(texts))
    if lost:
        remedy = "Give all the sources that the codings stand in."
        raise TableError(Problem("sources", "source_id", f"no source '{lost[0]}'", "one for every coding", remedy))
    mapped = map_places(codings, places)
    if "quote" not in mapped.columns:
        return mapped
    spans = zip(mapped["source_id"], mapped["start"], mapped["end"], strict=True)
    return mapped.assign(quote=pd.Series([texts[source][start:end] for source, start, end in spans], mapped.index, dtype=TEXT))


def map_passages(events: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The events with the passages, links and candidates that they are about where these stand in the new texts.

    What was cleared or overruled stays so. Memos, which have the same two columns, are mapped as well.

    Examples
    --------
    >>> places = pd.DataFrame({"source_id": ["P1"], "start": [4], "end": [9], "new_start": [4], "new_end": [16]})
    >>> events = pd.DataFrame({"about_type": ["passage", "claim"], "about_id": ["P1:10-12", "C1"]})
    >>> map_passages(events, places)["about_id"].tolist()
    ['P1:17-19', 'C1']
    """
    about = events["about_id"].tolist()
    read = [_read_about(what, name) for what, name in zip(events["about_type"], about, strict=True)]
    at = [row for row, (_, place) in enumerate(read) if place]
    spans = pd.DataFrame([place for _, place in read if place], columns=["source_id", "start", "end"])
    moved = map_places(spans, places)
    for row, source, start, end in zip(at, moved["source_id"], moved["start"], moved["end"], strict=True):
        about[row] = f"{read[row][0]}{source}:{start}-{end}"
    return events.assign(about_id=pd.Series(about, events.index, dtype=TEXT))


def _read_about(what: str, name: str) -> tuple[str, tuple[str, int, int] | None]:
    """What stands before the passage that an event is about (a claim and a slash in a link), and the passage."""
    claim = re.match("[^/]+/", name) if what in ("link", "candidate") else None
    before = claim.group() if claim else ""
    return before, read_place(name[len(before) :]) if claim or what == "passage" else None


def _move(starts: _Positions, ends: _Positions, old: list[_Positions], new: list[_Positions]) -> tuple[_Positions, _Positions]:
    if not len(old[0]):
        return starts, ends
    shift = new[1] - old[1]
    begun = np.searchsorted(old[0], starts, side="right") - 1
    inside = (begun >= 0) & (starts < old[1][begun])
    new_starts = np.where(inside, new[0][begun], starts + np.where(begun >= 0, shift[begun], 0))
    begun = np.searchsorted(old[0], ends, side="left") - 1
    inside = (begun >= 0) & (ends <= old[1][begun])
    new_ends = np.where(inside, new[1][begun], ends + np.where(begun >= 0, shift[begun], 0))
    return new_starts, new_ends
