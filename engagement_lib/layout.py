"""How a transcript looks as plain text: turns to text and back, without loss.

Whatever the file was, the text of an interview or webinar is kept in one layout. Each turn is a block: a header line with the
speaker, the role in square brackets and the time where it is known; then the words. A blank line parts two blocks, and none
stands within one, so that the text alone says who spoke when::

    Helen [interviewer] 0:00:04
    How do you know who uses your statistics?

    P01 [participant] 0:00:12–0:00:30
    Honestly? I don't.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.tables import ROLES

_HEADER: Final = re.compile(rf"(?P<speaker>.*?) ?\[(?P<role>{'|'.join(ROLES)})\](?: (?P<start>[\d:.]+)(?:–(?P<end>[\d:.]+))?)?")
_BLANK_LINES: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Turn:
    """What one speaker says until another does.

    `speaker` is "" where the file names none; `time_start` and `time_end` are seconds from the start of the recording, None
    where the file has no times. `start` and `end` say where `words` stand in the text, once they stand in one.
    """

    speaker: str
    words: str
    role: str = "unknown"
    time_start: float | None = None
    time_end: float | None = None
    start: int = 0
    end: int = 0


def write_turns(turns: Iterable[Turn]) -> str:
    """The turns as one text in the layout above; `parse_turns` gives them back.

    Blank lines within a turn are closed up, since a blank line ends a turn; turns without a word are left out.

    Examples
    --------
    >>> print(write_turns([Turn("Helen", "How do you know?", "interviewer", 4.0)]))
    Helen [interviewer] 0:00:04
    How do you know?
    """
    blocks = (f"{_header(turn)}\n{_close_up(turn.words)}" for turn in turns if turn.words.strip())
    return "\n\n".join(blocks)


def parse_turns(text: str, *, origin: str = "text") -> Iterator[Turn]:
    r"""The turns of a text in the layout above, with their place in it.

    Raises
    ------
    TranscriptError
        Where a block has no header, naming `origin` and the line.

    Examples
    --------
    >>> [turn.words for turn in parse_turns("Helen [interviewer]\nHow do you know?")]
    ['How do you know?']
    """
    at = 0
    for block in text.split("\n\n") if text else ():
        header, _, words = block.partition("\n")
        match = _HEADER.fullmatch(header)
        if match is None or not words:
            line = text.count("\n", 0, at) + 1
            raise TranscriptError(
                Problem(
                    origin,
                    f"line {line}",
                    repr(header[:60]),
                    "a header such as 'P01 [participant] 0:00:12'",
                    "Load the file again.",
                )
            )
        start = at + len(header) + 1
        yield Turn(
            match["speaker"], words, match["role"], _seconds(match["start"]), _seconds(match["end"]), start, start + len(words)
        )
        at += len(block) + 2


def format_time(seconds: float) -> str:
    """Seconds as `h:mm:ss`, with milliseconds where there are any.

    Examples
    --------
    >>> format_time(3725), format_time(1.51)
    ('1:02:05', '0:00:01.510')
    """
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    clock = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{clock}.{thousandths:03}" if thousandths else clock


def parse_time(clock: str) -> float:
    """A time such as `1:02:05`, `02:05` or `0:00:01.510` in seconds.

    Examples
    --------
    >>> parse_time("1:02:05"), parse_time("00:01,510")
    (3725.0, 1.51)
    """
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds, 3)


def _seconds(clock: str | None) -> float | None:
    return None if clock is None else parse_time(clock)


def _header(turn: Turn) -> str:
    header = f"{turn.speaker} [{turn.role}]" if turn.speaker else f"[{turn.role}]"
    if turn.time_start is not None:
        header += f" {format_time(turn.time_start)}"
        if turn.time_end is not None:
            header += f"–{format_time(turn.time_end)}"
    return header


def _close_up(words: str) -> str:
    return _BLANK_LINES.sub("\n", words.strip())
