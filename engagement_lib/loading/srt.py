"""SubRip captions (.srt): a number, a line of times, and lines of words."""

from __future__ import annotations

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.cues import Block, caption_blocks, read_cue, speaker_names, unroll
from engagement_lib.loading.lines import Reading
from engagement_lib.loading.text import decode


def read_srt(data: bytes, *, origin: str) -> Reading:
    r"""The turns of a SubRip file: cues in a row by one speaker are one turn. Cues without a speaker are kept without one.

    Lines that roll up from one caption to the next are read once.

    Raises
    ------
    TranscriptError
        Where a cue has no number or no times, or times that run backwards: with its line.

    Examples
    --------
    >>> read_srt(b"1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nyou.\n", origin="a.srt").turns
    [Turn(speaker='', words='Hello you.', role='unknown', time_start=1.0, time_end=4.0, start=0, end=0)]
    """
    blocks, aside = unroll(list(caption_blocks(decode(data, origin=origin))))
    names = speaker_names(blocks)
    turns: list[Turn] = []
    for block in blocks:
        if not block.lines[0].strip().isdecimal():
            expected, remedy = "the number of a cue", "Mend the cue, or export the captions again."
            raise TranscriptError(Problem(origin, f"line {block.line}", repr(block.lines[0][:60]), expected, remedy))
        aside.append((block.line, block.lines[0], "caption number"))
        turns += read_cue(Block(block.line + 1, block.lines[1:] or [""]), names, origin)
    return Reading(list(join_turns(turns)), sorted(aside))
