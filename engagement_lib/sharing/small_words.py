"""Small counts of people in sentences, hidden as they are in tables."""

from __future__ import annotations

import re
from typing import Final

from engagement_lib.privacy.cells import MARK

_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PEOPLE: Final = (
    r"(?:people|persons?|respondents?|participants?|interviewees?|informants?|producers?|users?|speakers?|men|women|analysts?)\b"
)
_NUMBER: Final = rf"(?<![\w.,−-])(\d{{1,3}}|{'|'.join(_WORDS)})(?![\w−-]|[.,:]\d)"
# "2 of 9", "two of the nine users", "three people", "4 other respondents"; but not "4 of 12 claims", which counts no people.
_SHARE: Final = rf"(?= of (?:the |these |those |all )?(?:\d+|{'|'.join(_WORDS)}|ten|eleven|twelve)\b(?! (?!{_PEOPLE})[a-z]+s\b))"
_PLAIN: Final = rf"(?= (?:other |more |different )?{_PEOPLE})"
# A participant's words stay as they are: "I could name five users" counts nobody who was asked.
_QUOTED: Final = '“[^”]*”|"[^"]*"'
_COUNT: Final = re.compile(rf"{_QUOTED}|{_NUMBER}(?:{_SHARE}|{_PLAIN})", re.IGNORECASE)


def hide_small_counts(text: str, smallest: int) -> str:
    """The text with a mark for each count of fewer people than `smallest`; zeros stay, and what stands in quotation marks.

    Examples
    --------
    >>> hide_small_counts("Two of the 40 users ring, 12 write, and 3 of 9 claims stand.", 5)
    '[c] of the 40 users ring, 12 write, and 3 of 9 claims stand.'
    """
    return _COUNT.sub(lambda match: MARK if match[1] and 0 < _value(match[1]) < smallest else match[0], text)


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.index(word.lower()) + 1
