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
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from engagement_lib.layout import Turn, parse_time
from engagement_lib.loading.account import SPEAKER, STRUCTURE, TIME, WORDS, Account, Piece, Reading
from engagement_lib.loading.captions import ANOTHER_SPEAKS, join_turns

CLOCK: Final = r"(?:\d{1,2}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_NAME: Final = r"[^\W_][^:\n\t*]{0,59}?"
_BOLD: Final = r"[*_]{0,3}"
_ARROW: Final = re.compile(rf"(?P<start>{CLOCK})\s*-->\s*(?P<end>{CLOCK})")
_OWN_LINE: Final = re.compile(rf"(?P<speaker>{_NAME})(?:\s{{2,}}|\t+\s*)(?P<start>{CLOCK})")
_CLOCKED: Final = re.compile(rf"(?P<start>{CLOCK})(?:\s+(?P<words>.*))?")
_INLINE: Final = re.compile(
    rf"{_BOLD}(?:[\[(](?P<before>{CLOCK})[\])]\s*)?{_BOLD}(?P<speaker>{_NAME}){_BOLD}\s*"
    rf"(?:[\[(](?P<after>{CLOCK})[\])]\s*)?:{_BOLD}(?=\s|$)\s*(?P<words>.*)"
)
_VOICE: Final = re.compile(r"<v(?:\.\S*)? +(?P<speaker>[^<>]+)>(?P<words>.*?)(?:</v>)?")
_BRACKETED: Final = re.compile(r"\[(?P<speaker>[A-Za-z]{1,12}[_-]?\d{1,3})\]:?\s+(?P<words>.+)")
_BEFORE_VOICE: Final = re.compile(r"(?:\s+|(?<=\S))(?=<v[. ])")
_LABEL: Final = re.compile(r"[A-Z][A-Za-z]{0,11}[ _-]?\d{1,3}")
_NOT_A_SENTENCE: Final = re.compile(r"\([^()]*\)|\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St)\.")
_FOOTER: Final = re.compile(r"Transcribed by https?://\S+", re.IGNORECASE)


class _Line(NamedTuple):
    """A line, or a part of one that holds a turn of its own, and where it starts in the text."""

    text: str
    at: int


@dataclass(frozen=True)
class _Start:
    """A line on which a turn begins, `sure` where it can be nothing else; `used` lines from it on are labels.

    `words` is where the turn's first words stand in the text, and `labels` where its speaker and times do.
    """

    speaker: str
    words: tuple[int, int] = (0, 0)
    time_start: float | None = None
    time_end: float | None = None
    labels: tuple[Piece, ...] = ()
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
    account = Account(text)
    lines = list(_lines(text))
    filled = [line for line in lines if line.text.strip()]
    if filled and _FOOTER.fullmatch(filled[-1].text.strip()):
        account.take(filled[-1].at, filled[-1].at + len(filled[-1].text), "footer of the transcription service")
        lines = lines[: lines.index(filled[-1])]
    lines = [part for line in lines for part in _apart(line)]
    clocked = _clocked(lines)
    starts = max(_every(_arrow, lines), _every(_own_line, lines), clocked, _labelled(lines), _bracketed(lines), key=len)
    if not starts:
        end = lines[-1].at + len(lines[-1].text) if lines else 0
        account.take(0, end, WORDS)
        words = text[:end].strip()
        return Reading([Turn("", words)] if words else [], account)
    for line in lines[: next(iter(starts))]:
        account.take(line.at, line.at + len(line.text), "title above the first turn")
    turns = _turns(lines, starts, account, captions=starts is clocked)
    return Reading(list(join_turns(turns) if starts is clocked else turns), account)


def may_be_a_name(label: str) -> bool:
    """Whether what stands before a colon may be a person's name, and is not the beginning of a sentence."""
    bare = _NOT_A_SENTENCE.sub("", label)
    return not label[0].islower() and len(bare.split()) <= 6 and not re.search(r"[.?!,;](?:\s|$)", bare)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.split("\n"):
        yield _Line(line, at)
        at += len(line) + 1


def _apart(line: _Line) -> Iterator[_Line]:
    """The line, broken before every voice but the first: `0:01 <v Ann>Yes. <v Bob>No.`"""
    if "<v" not in line.text:
        yield line
        return
    cuts = [match.start() for match in _BEFORE_VOICE.finditer(line.text)]
    if cuts and _CLOCKED.fullmatch(line.text[: cuts[0]]):
        del cuts[0]
    for start, end in pairwise([0, *cuts, len(line.text)]):
        part = line.text[start:end]
        blank = len(part) - len(part.lstrip()) if start else 0
        yield _Line(part[blank:], line.at + start + blank)


def _turns(lines: list[_Line], starts: _Starts, account: Account, *, captions: bool) -> Iterator[Turn]:
    ends = [*list(starts)[1:], len(lines)]
    for (number, start), end in zip(starts.items(), ends, strict=True):
        labels, spoken = lines[number : number + start.used], lines[number + start.used : end]
        for line in labels:
            account.take(line.at, line.at + len(line.text), STRUCTURE)
        for label in start.labels:
            account.take(*label)
        places = [start.words, *((line.at, line.at + len(line.text)) for line in spoken)]
        for place in places:
            account.take(*place, WORDS)
        words = "\n".join(account.text[first:last] for first, last in places).strip()
        another = ANOTHER_SPEAKS.match(words) if captions and not start.speaker else None
        if another:
            first = next(first for first, last in places if account.text[first:last].strip())
            first = account.text.index(another.group(), first)
            account.take(first, first + len(another.group()), STRUCTURE)
        if words:
            yield Turn(start.speaker, words, time_start=start.time_start, time_end=start.time_end)


def _every(layout: Callable[[list[_Line], int], _Start | None], lines: list[_Line]) -> _Starts:
    return {number: start for number in range(len(lines)) if (start := layout(lines, number)) is not None}


def _match(pattern: re.Pattern[str], line: _Line) -> re.Match[str] | None:
    """The match of a whole line, but for the blanks around it."""
    start, end = len(line.text) - len(line.text.lstrip()), len(line.text.rstrip())
    return pattern.fullmatch(line.text, min(start, end), end)


def _span(match: re.Match[str], group: str, line: _Line) -> tuple[int, int]:
    start, end = match.span(group)
    return line.at + start, line.at + end


def _labels(match: re.Match[str], line: _Line, *groups: str) -> tuple[Piece, ...]:
    """Where those of the groups that match stand in the text."""
    found = [group for group in groups if match[group]]
    return tuple(Piece(*_span(match, group, line), SPEAKER if group == "speaker" else TIME) for group in found)


def _arrow(lines: list[_Line], number: int) -> _Start | None:
    match = _match(_ARROW, lines[number]) if "-->" in lines[number].text else None
    if match is None:
        return None
    times = _labels(match, lines[number], "start", "end")
    start, end = parse_time(match["start"]), parse_time(match["end"])
    following = [*lines[number + 1 : number + 3], _Line("", 0), _Line("", 0)]
    label, words = following[0].text.strip(), following[1].text.strip()
    if not words or _ARROW.fullmatch(words) or not re.fullmatch(_NAME, label) or not may_be_a_name(label):
        return _Start("", time_start=start, time_end=end, labels=times)
    speaker = Piece(following[0].at, following[0].at + len(following[0].text), SPEAKER)
    return _Start(label, time_start=start, time_end=end, labels=(*times, speaker), used=2)


def _own_line(lines: list[_Line], number: int) -> _Start | None:
    match = _match(_OWN_LINE, lines[number]) if ":" in lines[number].text else None
    if match is None:
        return None
    labels = _labels(match, lines[number], "speaker", "start")
    return _Start(match["speaker"].strip(), time_start=parse_time(match["start"]), labels=labels)


def _inline(lines: list[_Line], number: int) -> _Start | None:
    line = lines[number]
    if "<" in line.text and (voice := _match(_VOICE, line)):
        speaker = " ".join(voice["speaker"].split())
        return _Start(speaker, _span(voice, "words", line), labels=_labels(voice, line, "speaker"), sure=True)
    match = _match(_INLINE, line) if ":" in line.text else None
    if match is None:
        return None
    clock = match["before"] or match["after"]
    start, labels = parse_time(clock) if clock else None, _labels(match, line, "speaker", "before", "after")
    words = _span(match, "words", line)
    return _Start(match["speaker"].strip(), words, start, labels=labels, sure=clock is not None)


def _clocked(lines: list[_Line]) -> _Starts:
    """The layout `0:01 words`, where nearly every line or paragraph begins with a time; or else `0:01 Name: words`."""
    clocks = {
        number: match
        for number, line in enumerate(lines)
        if line.text.lstrip()[:1].isdigit() and (match := _match(_CLOCKED, line))
    }
    spoken = [_blanked(line, clocks[number]) if number in clocks else line for number, line in enumerate(lines)]
    begun = {*clocks, *(number for number, line in enumerate(lines) if _VOICE.fullmatch(line.text))}
    if any(_nearly_all(places, begun) for places in _places(lines)):
        named = _labelled(spoken)
        bare = {n: _Start("", _span(match, "words", lines[n]) if match["words"] else (0, 0)) for n, match in clocks.items()}
        starts = {n: named.get(n) or bare[n] for n in range(len(lines)) if n in named or n in bare}
    else:
        starts = {number: start for number, start in _named(spoken).items() if number in clocks}
    if len(starts) < 3 or not clocks:
        return {}
    for number in starts.keys() & clocks.keys():
        match = clocks[number]
        labels = (*starts[number].labels, *_labels(match, lines[number], "start"))
        starts[number] = replace(starts[number], time_start=parse_time(match["start"]), labels=labels)
    return starts


def _blanked(line: _Line, clock: re.Match[str]) -> _Line:
    """The line with blanks for its time."""
    end = clock.end("start")
    return _Line(" " * end + line.text[end:], line.at)


def _named(lines: list[_Line]) -> _Starts:
    return {number: start for number, start in _every(_inline, lines).items() if start.sure or may_be_a_name(start.speaker)}


def _labelled(lines: list[_Line]) -> _Starts:
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


def _bracketed(lines: list[_Line]) -> _Starts:
    """The layout `[P1] words`, where nearly every line or paragraph begins so; elsewhere brackets hold remarks: `[slide3]`."""
    matches = {number: match for number, line in enumerate(lines) if "[" in line.text and (match := _match(_BRACKETED, line))}
    if not any(_nearly_all(places, matches) for places in _places(lines)):
        return {}
    return {
        number: _Start(match["speaker"], _span(match, "words", line), labels=_labels(match, line, "speaker"))
        for number, match in matches.items()
        for line in [lines[number]]
    }


def _places(lines: list[_Line]) -> tuple[list[int], list[int]]:
    """The lines that hold words, and those of them that begin a paragraph."""
    filled = [number for number, line in enumerate(lines) if line.text.strip()]
    return filled, [number for number in filled if number == 0 or not lines[number - 1].text.strip()]


def _nearly_all(places: list[int], found: Collection[int]) -> bool:
    named = sum(place in found for place in places)
    return named >= 3 and named >= 0.9 * len(places)
