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
    said: list[str] = []
    end: float | None = None
    for caption in captions:
        another = None if caption.speaker else ANOTHER_SPEAKS.match(caption.words)
        words = caption.words[another.end() :] if another else caption.words
        if current is not None and current.speaker == caption.speaker and not another and _goes_on(current.speaker, said[-1]):
            end = caption.time_end
        else:
            if current is not None:
                yield replace(current, words=" ".join(said), time_end=end)
            current, said, end = caption, [], caption.time_end
        said.append(words)
    if current is not None:
        yield replace(current, words=" ".join(said), time_end=end)


def _goes_on(speaker: str, words: str) -> bool:
    return bool(speaker) or not _SENTENCE_END.search(words)
