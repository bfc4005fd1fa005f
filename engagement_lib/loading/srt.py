"""SubRip captions (.srt): a number, a line of times, and lines of words."""

from __future__ import annotations

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.account import Account, Reading
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.cues import Line, caption_blocks, read_cue, speaker_names, unroll
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
    account = Account(decode(data, origin=origin))
    blocks = unroll(list(caption_blocks(account.text)), account)
    names = speaker_names(blocks)
    turns: list[Turn] = []
    for number, *cue in blocks:
        if not number.text.strip().isdecimal():
            expected, remedy = "the number of a cue", "Mend the cue, or export the captions again."
            raise TranscriptError(Problem(origin, f"line {number.number}", repr(number.text[:60]), expected, remedy))
        account.take(number.at, number.end, "caption number")
        turns += read_cue(cue or [Line(number.number + 1, number.end, "")], names, account, origin=origin)
    return Reading(list(join_turns(turns)), account)
