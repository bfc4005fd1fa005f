"""How two coded stretches of a source lie to each other: one over the other, inside it, at the same place, or near it."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import Positions, in_shape, overlapping
from engagement_lib.errors import Problem, TableError
from engagement_lib.segments import split_turns

OVERLAP: Final = "overlap"
INSIDE: Final = "inside"
EQUAL: Final = "equal"
NEAR: Final = "near"
RELATIONS: Final = (OVERLAP, INSIDE, EQUAL, NEAR)


def related(
    codings: pd.DataFrame, relation: str, *, words: int = 10, sources: pd.DataFrame | None = None
) -> tuple[Positions, Positions]:
    """The pairs of rows of which the first is so related to the second, by their positions; nothing is related to itself.

    Parameters
    ----------
    relation
        "overlap": they share a character; "inside": all of the first lies in the second, which is longer; "equal": they are the
        same stretch; "near": they share nothing, and at most so many `words` are spoken between them, by whomever.
    sources
        The texts, wanted for "near" alone.

    Raises
    ------
    TableError
        Where there is no such relation, "near" is asked for without the texts, or `words` is below 0.

    Examples
    --------
    >>> codings = pd.DataFrame({"source_id": ["P01", "P01"], "start": [2, 4], "end": [9, 6]})
    >>> [positions.tolist() for positions in related(codings, "inside")]
    [[1], [0]]
    """
    if relation not in RELATIONS:
        remedy = "Name one of these."
        raise TableError(Problem("code_overlaps", "relation", f"'{relation}'", f"one of {', '.join(RELATIONS)}", remedy))
    if relation == NEAR:
        return _near(codings, words, sources)
    one, other = overlapping(codings, codings)
    start, end = codings["start"].to_numpy(np.int64), codings["end"].to_numpy(np.int64)
    same = (start[one] == start[other]) & (end[one] == end[other])
    kept = one != other
    if relation == INSIDE:
        kept &= (start[one] >= start[other]) & (end[one] <= end[other]) & ~same
    elif relation == EQUAL:
        kept &= same
    return one[kept], other[kept]


def _near(codings: pd.DataFrame, words: int, sources: pd.DataFrame | None) -> tuple[Positions, Positions]:
    if sources is None:
        remedy = "Pass sources=study.sources."
        raise TableError(Problem("code_overlaps", "sources", "no texts", "the sources, to count words between", remedy))
    if words < 0:
        raise TableError(Problem("code_overlaps", "words", str(words), "0 or more", "10 is usual."))
    said_before = _words_before(codings, sources)
    reach = said_before["end"].to_numpy()
    # Counted in words, what begins near after a stretch begins within so many words of its end.
    after = pd.DataFrame({"source_id": codings["source_id"].to_numpy(), "start": reach, "end": reach + words + 1})
    begins = said_before["start"].to_numpy()
    points = pd.DataFrame({"source_id": codings["source_id"].to_numpy(), "start": begins, "end": begins + 1})
    first, second = overlapping(after, points)
    apart = codings["start"].to_numpy()[second] >= codings["end"].to_numpy()[first]
    first, second = first[apart], second[apart]
    one, other = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((other, one))
    return one[order], other[order]


def _words_before(codings: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """How many words of the source begin before the `start` and before the `end` of each coding; names of speakers are none."""
    turns = split_turns(in_shape("sources", sources))
    begins = {
        source: np.array([start + match.start() for start, quote in zip(said["start"], said["quote"], strict=True)
                          for match in re.finditer(r"\S+", quote)], dtype=np.int64)
        for source, said in turns[turns["source_id"].isin(codings["source_id"])].groupby("source_id")
    }  # fmt: skip
    nothing = np.array([], dtype=np.int64)
    return pd.DataFrame(
        {
            edge: [
                np.searchsorted(begins.get(source, nothing), place)
                for source, place in zip(codings["source_id"], codings[edge], strict=True)
            ]
            for edge in ("start", "end")
        },
        dtype="int64",
    )
