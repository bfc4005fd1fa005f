"""WebVTT captions, from Teams, Zoom and the rest. See the W3C's WebVTT, section 4."""

from __future__ import annotations

from typing import Final

from engagement_lib.errors import Problem, TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.account import Account, Reading
from engagement_lib.loading.captions import join_turns
from engagement_lib.loading.cues import caption_blocks, read_cue, speaker_names, unroll
from engagement_lib.loading.text import decode

_ASIDE: Final = ("NOTE", "STYLE", "REGION")


def read_vtt(data: bytes, *, origin: str) -> Reading:
    r"""The turns of a WebVTT file: cues in a row by one speaker are one turn.

    Cues without a speaker are kept without one, and joined to the end of a sentence. A cue's times may follow the last cue
    without a blank line between. Lines that roll up from one caption to the next are read once.

    Raises
    ------
    TranscriptError
        Where the file does not begin with WEBVTT, or a cue has no times, or times that run backwards: with its line.

    Examples
    --------
    >>> read_vtt(b"WEBVTT\n\n00:01.000 --> 00:02.500\n<v Ann>Hello</v>\n", origin="a.vtt").turns
    [Turn(speaker='Ann', words='Hello', role='unknown', time_start=1.0, time_end=2.5, start=0, end=0)]
    """
    text = decode(data, origin=origin)
    if not text.startswith("WEBVTT"):
        found = repr(text.split("\n", 1)[0][:40])
        raise TranscriptError(Problem(origin, "line 1", found, "WEBVTT", "Export the captions again as WebVTT."))
    account = Account(text)
    header, *blocks = caption_blocks(text)
    account.take(header[0].at, header[-1].end, "header")
    turns: list[Turn] = []
    cues = unroll(blocks, account)
    names = speaker_names(cues)
    for block in cues:
        first, following = block[0], block[1:]
        if "-->" in first.text:
            turns += read_cue(block, names, account, origin=origin)
        elif first.text.split()[0] in _ASIDE:
            account.take(first.at, block[-1].end, f"{first.text.split()[0]} block")
        elif following and "-->" in following[0].text:
            account.take(first.at, first.end, "caption identifier")
            turns += read_cue(following, names, account, origin=origin)
        else:
            turns += read_cue(block, names, account, origin=origin)
    return Reading(list(join_turns(turns)), account)
