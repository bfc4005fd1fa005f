"""Who and what a recruitment sheet names: people, their short forms, organisations and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from engagement_lib.privacy.gazetteer import load_gazetteer

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OF_PEOPLE: Final = re.compile(
    "name|participant|interviewee|respondent|person|manager|colleague|supervisor|contact|attendee|speaker|e-?mail|known_as",
    re.IGNORECASE,
)
_OF_BODIES: Final = re.compile("organi[sz]ation|department|employer|team|unit|body|company|institution|agency", re.IGNORECASE)
_OF_PLACES: Final = re.compile("place|town|city|office|location|county|address|site|based", re.IGNORECASE)
_NOT_OF_PEOPLE: Final = re.compile(
    "organi[sz]ation|department|employer|team|unit|company|institution|agency|file|id$", re.IGNORECASE
)


@dataclass(frozen=True)
class Roster:
    """What the recruitment sheet gives away.

    `people` are the words of each person's name in small letters, in their order; `words` all of them; `short` the short forms
    of their first names that are not on the sheet; `bodies` and `places` are names as they are written.
    """

    people: frozenset[tuple[str, ...]] = frozenset()
    words: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    bodies: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)


def read_roster(cases: pd.DataFrame | None) -> Roster:
    """The names on a recruitment sheet, found by what its columns are called.

    People are looked for in columns such as "name", "line_manager", "colleagues" or "email", several to a cell parted by a comma,
    semicolon, slash, line break, "and" or "&"; organisations and teams in "organisation", "department", "team"; places in
    "office", "town", "place". A cell without a capital ("ministerial department") names nobody.

    Examples
    --------
    >>> sheet = pd.DataFrame({"case_id": ["P1"], "name": ["Dr Margaret Oyelaran-Finch"], "line_manager": ["Gethin Pugh; Mo Ali"]})
    >>> roster = read_roster(sheet)
    >>> sorted(roster.people)
    [('gethin', 'pugh'), ('margaret', 'oyelaran-finch'), ('mo', 'ali')]
    >>> sorted(roster.short)
    ['madge', 'maggie', 'marge', 'meg', 'peggy']
    """
    if cases is None:
        return Roster()
    columns = [str(name) for name in cases.columns]
    of_people = people_columns(columns)
    of_places = [name for name in columns if _OF_PLACES.search(name) and name not in of_people]
    of_bodies = [name for name in columns if _OF_BODIES.search(name) and name not in of_people + of_places]
    people = frozenset(words for cell in _cells(cases, of_people) for words in _people(cell))
    given = load_gazetteer().short
    words = frozenset(word for person in people for word in person)
    short = frozenset(name for person in people for name in given.get(person[0], frozenset()))
    return Roster(
        people, words, short - words, frozenset(_proper(_cells(cases, of_bodies))), frozenset(_proper(_cells(cases, of_places)))
    )


def people_columns(columns: Iterable[str]) -> list[str]:
    """Those of the columns of a recruitment sheet that name people.

    Examples
    --------
    >>> people_columns(["case_id", "name", "organisation_name", "email"])
    ['name', 'email']
    """
    return [name for name in columns if _OF_PEOPLE.search(name) and not _NOT_OF_PEOPLE.search(name)]


def _cells(cases: pd.DataFrame, columns: Iterable[str]) -> Iterator[str]:
    for name in columns:
        yield from (cell.strip() for cell in cases[name].dropna().astype(str) if cell.strip())


def _people(cell: str) -> Iterator[tuple[str, ...]]:
    """The people in a cell; of an e-mail address the words before the @."""
    titles = {title.lower() for title in load_gazetteer().titles}
    for part in re.split(r"[;,/&\n]|\band\b", re.sub(r"\([^)]*\)|@\S+", "", cell)):
        words = [word for word in _WORD.findall(part) if len(word) > 1 and word.lower() not in titles]
        if words and (words[0][0].isupper() or "@" in cell):
            yield tuple(word.lower() for word in words)


def _proper(cells: Iterable[str]) -> Iterator[str]:
    """The names in cells of organisations and places: parts that begin with a capital."""
    for cell in cells:
        for part in re.split(r"[;,/()\n]", cell):
            name = " ".join(part.split())
            if len(name) > 1 and name[0].isupper() and not load_gazetteer().is_word(name):
                yield name
