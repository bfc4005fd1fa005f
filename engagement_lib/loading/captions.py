"""Captions, which break speech off where the screen is full, to turns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from engagement_lib.layout import Turn

_SENTENCE_END: Final = re.compile(r"[.?!…][\"'”’)]*$")
ANOTHER_SPEAKS: Final = re.compile(r"(?:-|>>) ")


def join_turns(captions: Iterable[Turn]) -> Iterator[Turn]:
    """The turns in captions: those in a row by one speaker are one.

    Nobody's words are joined as far as the end of a sentence, or to the dash or `>>` that says that somebody else speaks.

    Examples
    --------
    >>> [turn.words for turn in join_turns([Turn("", "Hello and"), Turn("", "welcome."), Turn("", "Who"), Turn("", "- Me")])]
    ['Hello and welcome.', 'Who', 'Me']
    """
    current: Turn | None = None
    for caption in captions:
        another = None if caption.speaker else ANOTHER_SPEAKS.match(caption.words)
        turn = replace(caption, words=caption.words[another.end() :]) if another else caption
        if current is not None and current.speaker == turn.speaker and not another and _goes_on(current):
            current = replace(current, words=f"{current.words} {turn.words}", time_end=turn.time_end)
        else:
            if current is not None:
                yield current
            current = turn
    if current is not None:
        yield current


def _goes_on(turn: Turn) -> bool:
    return bool(turn.speaker) or not _SENTENCE_END.search(turn.words)
