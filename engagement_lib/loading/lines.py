"""Lines of text to turns, in the layouts that people and transcription services use. For plain text, Markdown and Word files.

A layout is chosen for the whole file, the most telling first:

- `0:0:0.0 --> 0:0:1.510`, then the name, then the words (Teams, until 2021);
- `Name   0:01` on a line of its own, then the words (Teams, Otter);
- `Name [0:01]: words`, `[0:01] Name: words` or `Name: words`.

A file in none of them is one turn by nobody: a speaker is never invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from engagement_lib.layout import Turn, parse_time

_TIME: Final = r"(?:\d{1,2}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_NAME: Final = r"[^\W_][^:\n\t]{0,59}?"
_ARROW: Final = re.compile(rf"(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})")
_OWN_LINE: Final = re.compile(rf"(?P<speaker>{_NAME})(?:\s{{2,}}|\t+\s*)(?P<start>{_TIME})")
_INLINE: Final = re.compile(
    rf"(?:[\[(](?P<before>{_TIME})[\])]\s*)?(?P<speaker>{_NAME})\s*(?:[\[(](?P<after>{_TIME})[\])]\s*)?:(?=\s|$)\s*(?P<words>.*)"
)
_LABEL: Final = re.compile(r"[A-Z][A-Za-z]{0,11}[ _-]?\d{1,3}")
_MARKS: Final = str.maketrans("", "", "*_#>")


@dataclass(frozen=True)
class Reading:
    """What a reader made of one file: its turns in order, and what it set aside, as (line, text, rule)."""

    turns: list[Turn]
    set_aside: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Start:
    """A line on which a turn begins; `used` lines from it on are labels, and `words` already belongs to what is said."""

    speaker: str
    words: str = ""
    time_start: float | None = None
    time_end: float | None = None
    used: int = 1


_Layout = Callable[[list[str], int], _Start | None]


def read_lines(text: str) -> Reading:
    r"""The turns in a text, and the title lines above the first.

    Examples
    --------
    >>> read_lines("Interview 3\n\nHelen: Who uses it?\nP01: No idea.\nHelen: Really?").turns[1]
    Turn(speaker='P01', words='No idea.', role='unknown', time_start=None, time_end=None, start=0, end=0)
    """
    lines = text.split("\n")
    starts = _starts(lines)
    if not starts:
        return Reading([Turn("", text.strip())] if text.strip() else [])
    first = next(iter(starts))
    set_aside = [(number + 1, line, "title above the first turn") for number, line in enumerate(lines[:first]) if line.strip()]
    return Reading(list(_turns(lines, starts)), set_aside)


def _starts(lines: list[str]) -> dict[int, _Start]:
    """The lines on which a turn begins, by the most telling layout that occurs at all."""
    for layout in (_arrow, _own_line, _inline_timed, _labelled(lines)):
        starts = {number: start for number in range(len(lines)) if (start := layout(lines, number)) is not None}
        if starts:
            return starts
    return {}


def _turns(lines: list[str], starts: dict[int, _Start]) -> Iterator[Turn]:
    ends = [*list(starts)[1:], len(lines)]
    for (number, start), end in zip(starts.items(), ends, strict=True):
        words = "\n".join([start.words, *lines[number + start.used : end]]).strip()
        if words:
            yield Turn(start.speaker, words, time_start=start.time_start, time_end=start.time_end)


def _arrow(lines: list[str], number: int) -> _Start | None:
    match = _ARROW.fullmatch(lines[number].strip())
    if match is None or number + 1 >= len(lines):
        return None
    return _Start(lines[number + 1].strip(), "", parse_time(match["start"]), parse_time(match["end"]), used=2)


def _own_line(lines: list[str], number: int) -> _Start | None:
    match = _OWN_LINE.fullmatch(lines[number].strip())
    return _Start(match["speaker"].strip(), "", parse_time(match["start"])) if match else None


def _inline(lines: list[str], number: int) -> _Start | None:
    match = _INLINE.fullmatch(
        lines[number].strip().translate(_MARKS) if lines[number].lstrip()[:1] in "*_" else lines[number].strip()
    )
    if match is None or not match["speaker"].strip():
        return None
    clock = match["before"] or match["after"]
    return _Start(match["speaker"].strip(), match["words"], parse_time(clock) if clock else None)


def _inline_timed(lines: list[str], number: int) -> _Start | None:
    start = _inline(lines, number)
    return start if start is not None and start.time_start is not None else None


def _labelled(lines: list[str]) -> _Layout:
    """The layout `Name: words`.

    Words before a colon name a speaker if they look like a label (`P1`, `SPEAKER_00`), do so twice, or stand where nearly every
    line or paragraph begins with such words. Otherwise they are what somebody says: "One thing: nobody rings back."
    """
    found = {number: start for number in range(len(lines)) if (start := _inline(lines, number)) and _may_be_a_name(start.speaker)}
    times = Counter(start.speaker for start in found.values())
    filled = [number for number, line in enumerate(lines) if line.strip()]
    paragraphs = [number for number in filled if number == 0 or not lines[number - 1].strip()]
    throughout = {n for places in (filled, paragraphs) if _nearly_all(places, found) for n in places}

    def layout(_: list[str], number: int) -> _Start | None:
        start = found.get(number)
        if start is None or number in throughout or times[start.speaker] > 1 or _LABEL.fullmatch(start.speaker):
            return start
        return None

    return layout


def _nearly_all(places: list[int], found: Collection[int]) -> bool:
    named = sum(place in found for place in places)
    return named >= 3 and named >= 0.9 * len(places)


def _may_be_a_name(label: str) -> bool:
    return len(label.split()) <= 6 and (label[0].isupper() or label[0].isdigit()) and not re.search(r"[.?!,;](?:\s|$)", label)
