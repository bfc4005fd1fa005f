"""Codings carried over to a corrected text: by their position, their words and what stands around them; none is guessed at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd
from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

from engagement_lib.coding.passages import in_shape
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import COUNT, NUMBER, TEXT, records

KEPT: Final = "kept"
MOVED: Final = "moved"
CHANGED: Final = "changed"
LOST: Final = "lost"
_AROUND: Final = 40
# Words as long as this that stand once in either text are the same words, whatever became of those around them.
_LONG: Final = 40
_MARGIN: Final = 0.1
_CONTEXT: Final = 0.6
# Beyond this many pairs of lines, words or characters, which would take a hundred megabytes, a stretch counts as written anew.
_MOST_PAIRS: Final = 800_000_000
_WORD: Final = re.compile(r"\s*\S+|\s+$")

Step = tuple[str, int, int, int, int]
Place = tuple[int, int]


@dataclass(frozen=True)
class _Correction:
    """A text before and after it was corrected."""

    old: str
    new: str

    @cached_property
    def steps(self) -> list[Step]:
        """Which stretches of the old text became which of the new one: lines first, then words in them, then characters."""
        return list(_align(self.old, self.new))

    def image(self, start: int, end: int) -> Place | None:
        """Where in the new text lies what became of this stretch of the old one; None where it was taken out."""
        pieces = []
        for kind, begin, until, new_begin, new_until in self.steps:
            low, high = max(begin, start), min(until, end)
            if kind == "equal" and low < high:
                pieces.append((new_begin + low - begin, new_begin + high - begin))
            elif (kind == "replace" and low < high) or (kind == "insert" and start < begin < end):
                pieces.append((new_begin, new_until))
        return (pieces[0][0], pieces[-1][1]) if pieces else None


def carry_over(
    codings: pd.DataFrame, old_sources: pd.DataFrame, new_sources: pd.DataFrame, *, alike: float = 0.8
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The codings with their places in corrected texts, and a report of what became of each.

    Parameters
    ----------
    codings
        As they stand in the old texts.
    old_sources, new_sources
        The texts before and after, with `source_id` and `text`.
    alike
        How alike, from 0 to 1, old and new words must be for a coding to go over to the new ones.

    Returns
    -------
    tuple
        The codings, all of them and in their order, and a table with one row a coding: `coding_id`, `source_id`, `outcome`,
        `old_start`, `old_end`, `old_quote`, `start`, `end`, `quote`, `alike` and `reason`. The outcome is "kept" (the same words
        at the same place), "moved" (the same words elsewhere), "changed" (other words at the place that became of the old one,
        as alike as asked) or "lost". A lost coding is left as it was, so that the study names it until somebody decides where it
        belongs or withdraws it; `reason` says why it was lost, and its new place is blank.

    Raises
    ------
    TableError
        Where a coding does not stand in its old text.

    Notes
    -----
    Texts are aligned by their longest common subsequence of lines, then of words in lines that differ, then of characters. Words
    that stand more than once go over only where each of their places did, or where the 40 characters on either side tell the
    places apart: the two places must be each other's best match, clearly better than the next. Likeness is the normalised Indel
    similarity.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["1", "2"], "source_id": "P01", "start": [0, 12], "end": [10, 20], "code": "no-time",
    ...                         "coder": "AB", "quote": ["Its late. ", "no time."]})
    >>> old = pd.DataFrame({"source_id": ["P01"], "text": ["Its late. I no time."]})
    >>> new = pd.DataFrame({"source_id": ["P01"], "text": ["It's late. I no time."]})
    >>> carried, report = carry_over(codings, old, new)
    >>> report[["outcome", "start", "quote"]].values.tolist()
    [['changed', 0.0, "It's late. "], ['moved', 13.0, 'no time.']]
    """
    table = in_shape("codings", codings)
    old, new = _texts(old_sources), _texts(new_sources)
    _check_old(table, old)
    corrections = {source: _Correction(old[source], new[source]) for source in set(table["source_id"]) if source in new}
    rows = [_carry(row, corrections.get(row["source_id"]), alike) for row in records(table)]
    columns = {"coding_id": TEXT, "source_id": TEXT, "outcome": TEXT, "old_start": COUNT, "old_end": COUNT, "old_quote": TEXT}
    columns |= {"start": NUMBER, "end": NUMBER, "quote": TEXT, "alike": NUMBER, "reason": TEXT}
    report = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    held = report["outcome"] != LOST
    carried = table.assign(**{name: report[name].where(held, table[name]).astype(table[name].dtype) for name in _PLACED})
    return carried, report


_PLACED: Final = ("start", "end", "quote")


def _texts(sources: pd.DataFrame) -> dict[str, str]:
    return dict(zip(sources["source_id"], sources["text"], strict=True))


def _check_old(codings: pd.DataFrame, old: dict[str, str]) -> None:
    problems = []
    for row in records(codings):
        source, start, end = row["source_id"], row["start"], row["end"]
        stands = old.get(source, "")[start:end]
        if not (0 <= start < end <= len(old.get(source, ""))) or stands != row["quote"]:
            found = f"'{stands}' at {start} to {end} of '{source}'"
            remedy = "Give the texts with which the codings were made."
            problems.append(Problem("codings", f"coding '{row['coding_id']}'", found, f"the quote '{row['quote']}'", remedy))
    if problems:
        raise TableError(problems)


def _carry(row: dict[str, Any], correction: _Correction | None, alike: float) -> list[Any]:
    old = [row["start"], row["end"], row["quote"]]
    named = [row["coding_id"], row["source_id"]]
    if correction is None:
        return [*named, LOST, *old, None, None, "", None, "its source is not among the new ones"]
    unchanged = correction.old == correction.new
    place, reason = ((row["start"], row["end"]), "") if unchanged else _find(correction, row["start"], row["end"], alike)
    if place is None:
        return [*named, LOST, *old, None, None, "", None, reason]
    words = correction.new[place[0] : place[1]]
    outcome = CHANGED if words != row["quote"] else KEPT if place == (row["start"], row["end"]) else MOVED
    return [*named, outcome, *old, *place, words, ratio(row["quote"], words) / 100, ""]


def _find(correction: _Correction, start: int, end: int, alike: float) -> tuple[Place | None, str]:
    """The new place of a coding, or None and why there is none."""
    words, image = correction.old[start:end], correction.image(start, end)
    here, there = _places(words, correction.old), _places(words, correction.new)
    same = image is not None and correction.new[image[0] : image[1]] == words
    if image and same and len(here) == len(there) and here.index(start) == there.index(image[0]):
        return image, ""
    if there and (place := _by_context(correction, start, here, there, len(words))):
        return place, ""
    if len(there) >= len(here) or same:
        counted = f"places of its words: {len(here)} in the old text, {len(there)} in the new one"
        return None, f"{counted}; what is around them does not tell which it is"
    if image is None:
        return None, "its words were taken out"
    share = ratio(words, correction.new[image[0] : image[1]]) / 100
    return (image, "") if share >= alike else (None, f"other words stand in its place, alike by {share:.2f}")


def _by_context(correction: _Correction, start: int, here: list[int], there: list[int], length: int) -> Place | None:
    """The place whose surroundings are those of the old one, and of no other old one; long words that stand once are enough."""
    if len(here) == len(there) == 1 and length >= _LONG:
        return there[0], there[0] + length
    scores = {other: _likeness(correction, start, other, length) for other in there}
    best = max(there, key=lambda other: scores[other])
    rivals = [score for other, score in scores.items() if other != best]
    rivals += [_likeness(correction, one, best, length) for one in here if one != start]
    clear = scores[best] >= _CONTEXT and all(scores[best] >= score + _MARGIN for score in rivals)
    return (best, best + length) if clear else None


def _likeness(correction: _Correction, one: int, other: int, length: int) -> float:
    """How alike, from 0 to 1, the characters before and after two places are."""
    before = ratio(correction.old[max(one - _AROUND, 0) : one], correction.new[max(other - _AROUND, 0) : other])
    one, other = one + length, other + length
    return (before + ratio(correction.old[one : one + _AROUND], correction.new[other : other + _AROUND])) / 200


def _places(words: str, text: str) -> list[int]:
    """Where words stand in a text, places that overlap among them."""
    return [match.start() for match in re.finditer(f"(?={re.escape(words)})", text)]


def _align(old: str, new: str) -> Iterator[Step]:
    for kind, begin, until, new_begin, new_until in _steps(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if kind != "replace":
            yield kind, begin, until, new_begin, new_until
            continue
        lines, new_lines = old[begin:until], new[new_begin:new_until]
        for step in _steps(_WORD.findall(lines), _WORD.findall(new_lines)):
            yield from _letters(step, lines, new_lines, begin, new_begin)


def _letters(step: Step, old: str, new: str, at: int, new_at: int) -> Iterator[Step]:
    """A step between words; where they were replaced, the steps between their characters."""
    kind, begin, until, new_begin, new_until = step
    if kind != "replace":
        yield kind, begin + at, until + at, new_begin + new_at, new_until + new_at
        return
    for letters, low, high, new_low, new_high in _steps(list(old[begin:until]), list(new[new_begin:new_until])):
        yield letters, low + begin + at, high + begin + at, new_low + new_begin + new_at, new_high + new_begin + new_at


def _steps(old: list[str], new: list[str]) -> Iterator[Step]:
    """The steps between two lists of pieces of text, counted in characters; a deletion beside an insertion is one replacement."""
    ends, new_ends = [0], [0]
    for pieces, places in ((old, ends), (new, new_ends)):
        for piece in pieces:
            places.append(places[-1] + len(piece))
    if len(old) * len(new) > _MOST_PAIRS:
        yield "replace", 0, ends[-1], 0, new_ends[-1]
        return
    waiting: Step | None = None
    for part in Indel.opcodes(old, new):
        spans = ends[part.src_start], ends[part.src_end], new_ends[part.dest_start], new_ends[part.dest_end]
        if part.tag == "equal":
            yield from [waiting] if waiting else []
            waiting = None
            yield "equal", *spans
        elif waiting:
            waiting = ("replace", waiting[1], spans[1], waiting[3], spans[3])
        else:
            waiting = (part.tag, *spans)
    yield from [waiting] if waiting else []
