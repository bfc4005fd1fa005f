"""The words that participants said, to be held against what is shown; and, from `privacy`, which passages may be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from engagement_lib.layout import parse_turns
from engagement_lib.privacy.clearance import CLEARED, Passage, cleared_passages, read_place, shows_everything
from engagement_lib.tables import Study, records

__all__ = [
    "CLEARED",
    "Passage",
    "Word",
    "cleared_passages",
    "participants_words",
    "read_place",
    "shows_everything",
    "split_words",
]

Word = tuple[str, int, int]
# Soft hyphens, joiners and accents that combine stand within a word, though they are no letters.
_WORD: Final = re.compile(r"[\w\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]+")


def participants_words(study: Study) -> Iterator[tuple[str, list[Word]]]:
    """Each source's id with the words of its participants, turn by turn; interviewers' and moderators' are left out."""
    for source in records(study.sources):
        source_id, text = source["source_id"], source["text"]
        if source["kind"] not in ("interview", "webinar"):
            yield source_id, split_words(text)
            continue
        for turn in parse_turns(text, origin=source_id):
            if turn.role not in ("interviewer", "moderator"):
                yield source_id, split_words(turn.words, start=turn.start)


def split_words(text: str, *, start: int = 0) -> list[Word]:
    """The words of a text as they are compared, with where they start and end: small letters, no accents, no hidden signs.

    Examples
    --------
    >>> split_words("No-one's", start=10)
    [('no', 10, 12), ('one', 13, 16), ('s', 17, 18)]
    """
    found = ((_comparable(match[0]), start + match.start(), start + match.end()) for match in _WORD.finditer(text))
    return [word for word in found if word[0]]


def _comparable(word: str) -> str:
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word).casefold()
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Me", "Cf"))
