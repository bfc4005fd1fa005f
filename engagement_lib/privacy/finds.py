"""A find, how sure it is, and which of several finds on the same words stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

Confidence = Literal["high", "medium", "low"]

CONFIDENCES: Final = ("high", "medium", "low")

PERSON: Final = "person"
PROPER_NAME: Final = "proper name"
ORGANISATION: Final = "organisation"
TEAM: Final = "team"
PLACE: Final = "place"
ADDRESS: Final = "postal address"
DATE: Final = "date"
BIRTH: Final = "date of birth"
AGE: Final = "age over 85"
ROLE: Final = "role"

# What points to a person only together with other things; all other kinds point to one alone.
INDIRECT: Final = frozenset({ORGANISATION, TEAM, PLACE, DATE, AGE, ROLE})

# Letters that a name may begin with, and a name of one word; `re` has no class for capitals. Lengths are bounded, so that a
# text of nothing but capitals takes no longer than another.
_CAPITAL: Final = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x530) if chr(code).isupper())
CAPITAL_WORD: Final = rf"[{_CAPITAL}][^\W\d_]{{0,40}}(?:['’-][^\W\d_]{{1,40}}){{0,4}}"
INITIAL: Final = rf"(?:[{_CAPITAL}]\.){{1,4}}"
_POSSESSIVE: Final = re.compile("['’](?:s|d|ll|ve|re|m|S)$")


class Find(NamedTuple):
    """A stretch of a text that looks like an identifier."""

    start: int
    end: int
    kind: str
    rule: str
    confidence: Confidence


def outermost(finds: Iterable[Find]) -> list[Find]:
    """The finds that lie within no other, by place; of several on the same words the surest.

    Of two that are as sure a direct one stands. A role may run over names and places, and neither hides the other.
    """
    roles: list[Find] = []
    others: list[Find] = []
    for find in finds:
        (roles if find.kind == ROLE else others).append(find)
    return sorted([*_outermost(roles), *_outermost(others)], key=_order)


def _outermost(finds: Iterable[Find]) -> Iterator[Find]:
    reached = 0
    for find in sorted(finds, key=_order):
        if find.end > reached:
            reached = find.end
            yield find


def _order(find: Find) -> tuple[int, int, int, bool, str, str]:
    return find.start, -find.end, CONFIDENCES.index(find.confidence), find.kind in INDIRECT, find.kind, find.rule


def without_ending(word: str) -> str:
    """A word without what is written together with it: "Gareth's", "Gareth'll".

    Examples
    --------
    >>> without_ending("Gareth's"), without_ending("O'Brien")
    ('Gareth', "O'Brien")
    """
    if "'" not in word and "’" not in word:
        return word
    return word[: match.start()] if (match := _POSSESSIVE.search(word)) else word


def covered(finds: Sequence[Find], length: int) -> bytearray:
    """For each character of a text of this length, 1 where a find stands."""
    marks = bytearray(length)
    for find in finds:
        marks[find.start : find.end] = b"\1" * (find.end - find.start)
    return marks
