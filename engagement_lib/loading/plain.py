"""Plain text and Markdown transcripts."""

from __future__ import annotations

from engagement_lib.loading.account import Reading
from engagement_lib.loading.lines import read_lines
from engagement_lib.loading.own_layout import read_own_layout
from engagement_lib.loading.text import decode


def read_plain(data: bytes, *, origin: str) -> Reading:
    r"""The turns of a plain text file; one in the library's own layout keeps the roles that it gives.

    Examples
    --------
    >>> [turn.speaker for turn in read_plain(b"I: Who?\nP1: Me.\nI: Why?", origin="a.txt").turns]
    ['I', 'P1', 'I']
    """
    text = decode(data, origin=origin)
    return read_own_layout(text) or read_lines(text)
