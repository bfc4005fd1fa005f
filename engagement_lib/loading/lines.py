"""Lines of text to turns, in the layouts that people and transcription services use. For plain text, Markdown and Word files.

A layout is chosen for the whole file: the one with most turns, and of two with as many the first of

- `0:0:0.0 --> 0:0:1.510`, then the name, then the words (Teams, until 2021);
- `Name   0:01` on a line of its own, then the words (Teams, Otter);
- `0:01 words`, `0:01 <v Name>words` or `0:01 Name: words`, line by line (captions saved as text);
- `Name [0:01]: words`, `[0:01] Name: words` or `Name: words`, in bold or not;
- `[P1] words`.

A file in none of them is one turn by nobody: a speaker is never invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from engagement_lib.layout import Turn, parse_time
from engagement_lib.loading.captions import join_turns

TIME: Final = r"(?:\d{1,2}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_NAME: Final = r"[^\W_][^:\n\t*]{0,59}?"
_BOLD: Final = r"[*_]{0,3}"
_ARROW: Final = re.compile(rf"(?P<start>{TIME})\s*-->\s*(?P<end>{TIME})")
_OWN_LINE: Final = re.compile(rf"(?P<speaker>{_NAME})(?:\s{{2,}}|\t+\s*)(?P<start>{TIME})")
_CLOCK: Final = re.compile(rf"(?P<start>{TIME})(?:\s+(?P<words>.*))?")
_INLINE: Final = re.compile(
    rf"{_BOLD}(?:[\[(](?P<before>{TIME})[\])]\s*)?{_BOLD}(?P<speaker>{_NAME}){_BOLD}\s*"
    rf"(?:[\[(](?P<after>{TIME})[\])]\s*)?:{_BOLD}(?=\s|$)\s*(?P<words>.*)"
)
_VOICE: Final = re.compile(r"<v(?:\.\S*)? +(?P<speaker>[^<>]+)>(?P<words>.*?)(?:</v>)?")
_BRACKETED: Final = re.compile(r"\[(?P<speaker>[A-Za-z]{1,12}[_-]?\d{1,3})\]:?\s+(?P<words>.+)")
_LABEL: Final = re.compile(r"[A-Z][A-Za-z]{0,11}[ _-]?\d{1,3}")
_NOT_A_SENTENCE: Final = re.compile(r"\([^()]*\)|\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St)\.")
_FOOTER: Final = re.compile(r"Transcribed by https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a reader made of one file: its turns in order, and what it set aside, as (line, text, rule)."""

    turns: list[Turn]
    set_aside: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Start:
    """A line on which a turn begins, `sure` where it can be nothing else; `used` lines from it on are labels."""

    speaker: str
    words: str = ""
    time_start: float | None = None
    time_end: float | None = None
    used: int = 1
    sure: bool = False


_Starts = dict[int, _Start]


def read_lines(text: str) -> Reading:
    r"""The turns in a text; title lines above the first and the footer of a transcription service are set aside.

    Examples
    --------
    >>> read_lines("Interview 3\n\nHelen: Who uses it?\nP01: No idea.\nHelen: Really?").turns[1]
    Turn(speaker='P01', words='No idea.', role='unknown', time_start=None, time_end=None, start=0, end=0)
    """
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    set_aside = []
    if filled and _FOOTER.fullmatch(lines[filled[-1]].strip()):
        set_aside = [(filled[-1] + 1, lines[filled[-1]], "footer of the transcription service")]
        lines = lines[: filled[-1]]
    lines = [part for line in lines for part in _apart(line)]
    clocked = _clocked(lines)
    starts = max(_every(_arrow, lines), _every(_own_line, lines), clocked, _labelled(lines), _bracketed(lines), key=len)
    if not starts:
        words = "\n".join(lines).strip()
        return Reading([Turn("", words)] if words else [], set_aside)
    first = next(iter(starts))
    titles = [(number + 1, line, "title above the first turn") for number, line in enumerate(lines[:first]) if line.strip()]
    turns = _turns(lines, starts)
    return Reading(list(join_turns(turns) if starts is clocked else turns), titles + set_aside)


def may_be_a_name(label: str) -> bool:
    """Whether what stands before a colon may be a person's name, and is not the beginning of a sentence."""
    bare = _NOT_A_SENTENCE.sub("", label)
    return not label[0].islower() and len(bare.split()) <= 6 and not re.search(r"[.?!,;](?:\s|$)", bare)


def _apart(line: str) -> list[str]:
    """The line, broken before every voice but the first: `0:01 <v Ann>Yes. <v Bob>No.`"""
    first, *voices = re.split(r"(?:\s+|(?<=\S))(?=<v[. ])", line)
    return [f"{first} {voices[0]}", *voices[1:]] if voices and _CLOCK.fullmatch(first) else [first, *voices]


def _turns(lines: list[str], starts: _Starts) -> Iterator[Turn]:
    ends = [*list(starts)[1:], len(lines)]
    for (number, start), end in zip(starts.items(), ends, strict=True):
        words = "\n".join([start.words, *lines[number + start.used : end]]).strip()
        if words:
            yield Turn(start.speaker, words, time_start=start.time_start, time_end=start.time_end)


def _every(layout: Callable[[list[str], int], _Start | None], lines: list[str]) -> _Starts:
    return {number: start for number in range(len(lines)) if (start := layout(lines, number)) is not None}


def _arrow(lines: list[str], number: int) -> _Start | None:
    match = _ARROW.fullmatch(lines[number].strip())
    if match is None:
        return None
    speaker, words = (line.strip() for line in [*lines[number + 1 : number + 3], "", ""][:2])
    named = words and _ARROW.fullmatch(words) is None and re.fullmatch(_NAME, speaker) and may_be_a_name(speaker)
    start, end = parse_time(match["start"]), parse_time(match["end"])
    return _Start(speaker if named else "", "", start, end, used=2 if named else 1)


def _own_line(lines: list[str], number: int) -> _Start | None:
    match = _OWN_LINE.fullmatch(lines[number].strip())
    return _Start(match["speaker"].strip(), "", parse_time(match["start"])) if match else None


def _inline(lines: list[str], number: int) -> _Start | None:
    line = lines[number].strip()
    if voice := _VOICE.fullmatch(line):
        return _Start(" ".join(voice["speaker"].split()), voice["words"], sure=True)
    match = _INLINE.fullmatch(line)
    if match is None:
        return None
    clock = match["before"] or match["after"]
    return _Start(match["speaker"].strip(), match["words"], parse_time(clock) if clock else None, sure=clock is not None)


def _clocked(lines: list[str]) -> _Starts:
    """The layout `0:01 words`, where nearly every line or paragraph begins with a time; or else `0:01 Name: words`."""
    clocks = {number: match for number, line in enumerate(lines) if (match := _CLOCK.fullmatch(line.strip()))}
    spoken = [(clocks[number]["words"] or "") if number in clocks else line for number, line in enumerate(lines)]
    begun = {*clocks, *(number for number, line in enumerate(lines) if _VOICE.fullmatch(line))}
    if any(_nearly_all(places, begun) for places in _places(lines)):
        named = _labelled(spoken)
        starts = {n: named.get(n, _Start("", spoken[n])) for n in range(len(lines)) if n in clocks or n in named}
    else:
        starts = {number: start for number, start in _named(spoken).items() if number in clocks}
    if len(starts) < 3 or not clocks:
        return {}
    times = {number: parse_time(match["start"]) for number, match in clocks.items()}
    return {number: replace(start, time_start=times.get(number, start.time_start)) for number, start in starts.items()}


def _named(lines: list[str]) -> _Starts:
    return {number: start for number, start in _every(_inline, lines).items() if start.sure or may_be_a_name(start.speaker)}


def _labelled(lines: list[str]) -> _Starts:
    """The layout `Name: words`.

    Words before a colon name a speaker if a time stands with them, they look like a label (`P1`, `SPEAKER_00`), do so twice, or
    stand where nearly every line or paragraph begins with such words. Otherwise they are what somebody says: "One thing: nobody
    rings back."
    """
    found = _named(lines)
    times = Counter(start.speaker.casefold() for start in found.values())
    throughout = {number for places in _places(lines) if _nearly_all(places, found) for number in places}
    return {
        number: start
        for number, start in found.items()
        if start.sure or number in throughout or times[start.speaker.casefold()] > 1 or _LABEL.fullmatch(start.speaker)
    }


def _bracketed(lines: list[str]) -> _Starts:
    """The layout `[P1] words`, where nearly every line or paragraph begins so; elsewhere brackets hold remarks: `[slide3]`."""
    matches = {number: match for number, line in enumerate(lines) if (match := _BRACKETED.fullmatch(line.strip()))}
    if not any(_nearly_all(places, matches) for places in _places(lines)):
        return {}
    return {number: _Start(match["speaker"], match["words"]) for number, match in matches.items()}


def _places(lines: list[str]) -> tuple[list[int], list[int]]:
    """The lines that hold words, and those of them that begin a paragraph."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return filled, [number for number in filled if number == 0 or not lines[number - 1].strip()]


def _nearly_all(places: list[int], found: Collection[int]) -> bool:
    named = sum(place in found for place in places)
    return named >= 3 and named >= 0.9 * len(places)
