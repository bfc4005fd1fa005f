"""Which passages a reader may see: all of them in the team; outside it those that somebody cleared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from engagement_lib.layout import parse_turns
from engagement_lib.tables import Study, records

CLEARED: Final = "quote cleared"
Passage = tuple[str, int, int]
Word = tuple[str, int, int]
# Soft hyphens, joiners and accents that combine stand within a word, though they are no letters.
_WORD: Final = re.compile(r"[\w\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufeff]+")
_PLACE: Final = re.compile(r"(.+):(\d+)-(\d+)")


def shows_everything(study: Study) -> bool:
    """Whether every passage may be shown: to the team, or where `study.toml` says so with its reason."""
    return study.audience == "team" or study.settings.sharing.quotes == "all"


def cleared_passages(study: Study) -> set[Passage]:
    """The passages that may be quoted outside the team: source, start, end; none where `study.toml` says "none".

    The latest event about a passage whose kind begins with "quote" holds. What was cleared is taken back by any other such kind,
    or by "quote cleared" with the value "no".
    """
    if study.settings.sharing.quotes == "none":
        return set()
    events = study.events[(study.events["about_type"] == "passage") & study.events["kind"].str.startswith("quote ")]
    latest = events.sort_values(["at", "event_id"]).drop_duplicates("about_id", keep="last")
    holds = (latest["kind"] == CLEARED) & (latest["value"].str.lower() != "no")
    places = (read_place(about) for about in latest.loc[holds, "about_id"])
    return {place for place in places if place}


def read_place(about_id: str) -> Passage | None:
    """The source, start and end that an event about a passage names, None where it names none.

    Examples
    --------
    >>> read_place("P01:120-180")
    ('P01', 120, 180)
    """
    place = _PLACE.fullmatch(about_id)
    return (place[1], int(place[2]), int(place[3])) if place else None


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
