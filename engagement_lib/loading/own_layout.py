"""Transcripts in the layout in which the library itself keeps them, roles and all: see `engagement_lib.layout`."""

from __future__ import annotations

import re
from typing import Final

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import parse_turns
from engagement_lib.loading.account import SPEAKER, STRUCTURE, TIME, WORDS, Account, Reading

_TIMES: Final = re.compile(r"[\d:.]+(?:–[\d:.]+)?$")


def read_own_layout(text: str) -> Reading | None:
    r"""The turns of a text in the library's own layout, with their roles; None where a single block is in another.

    Examples
    --------
    >>> reading = read_own_layout("Helen [interviewer] 0:00:04\nWho?\n\nP01 [participant]\nMe.")
    >>> [(turn.speaker, turn.role) for turn in reading.turns]
    [('Helen', 'interviewer'), ('P01', 'participant')]
    >>> read_own_layout("Helen: Who?\nP01: Me.") is None
    True
    """
    account = Account(text)
    try:
        turns = list(parse_turns(text))
    except TranscriptError:
        return None
    at = 0
    for turn in turns:
        header = text[at : turn.start - 1]
        account.take(at, turn.start, STRUCTURE)
        account.take(at, at + len(turn.speaker), SPEAKER)
        if times := _TIMES.search(header):
            account.take(at + times.start(), at + times.end(), TIME)
        account.take(turn.start, turn.end, WORDS)
        at = turn.end + 2
    return Reading(turns, account)
