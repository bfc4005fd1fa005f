"""What stands in place of an identifier: a numbered name for its kind, or something more general than it was."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from engagement_lib.privacy.dates import OLD
from engagement_lib.privacy.finds import AGE, BIRTH, DATE, PLACE, PROPER_NAME, ROLE
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.levels import DIRECT, PUBLIC
from engagement_lib.privacy.roles import GRADE, OFFICE, ONLY

POSTCODE: Final = "postcode"
# What the numbered names begin with; any other kind is called as it is.
LABELS: Final[Mapping[str, str]] = {PROPER_NAME: "Name", "URL": "Web address", "passport": "Passport number"}
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_OUTWARD: Final = re.compile(r"([A-Z]{1,2})\d[A-Z\d]?(?=\s?\d[A-Z]{2}$)")
_OLD: Final = re.compile(OLD, re.IGNORECASE)
# The bands of the civil service's grades, each with how it begins.
_BANDS: Final = (
    (re.compile(r"(?:AA|AO|EO|administrative|executive|scientific)", re.IGNORECASE), "junior grade"),
    (re.compile(r"(?:HEO|SEO|HSO|SSO|fast stream|higher |senior )", re.IGNORECASE), "middle grade"),
    (re.compile(r"(?:G|grade) ?(?:6|7|six|seven)|PSO|SRO|principal|deputy principal", re.IGNORECASE), "senior grade"),
    (re.compile(r"SCS|.*(?:secretary|general|chief|national|deputy director)", re.IGNORECASE), "senior civil service"),
)


class General(NamedTuple):
    """Which part of an identifier goes, `start` to `end` within it, and what comes; "" where a numbered name does."""

    start: int
    end: int
    words: str


def generalise(kind: str, words: str, level: str) -> General | None:
    """What becomes of an identifier of this kind at a level; None where it is general enough to stay.

    Examples
    --------
    >>> generalise("place", "Truro", "indirect").words, generalise("place", "Truro", "public").words
    ('place in the South West', 'place in England')
    >>> generalise("date", "3 March 2020", "indirect").words, generalise("postcode", "SW1A 1AA", "indirect").words
    ('2020', 'postcode area SW')
    >>> generalise("place", "Scotland", "public") is None
    True
    """
    if kind == PLACE and " ".join(words.split()) in load_gazetteer().wide:
        return None
    if kind == AGE and (number := _OLD.search(words)):
        return General(*number.span(), "over 85")
    make = _GENERAL.get(kind)
    return General(0, len(words), make(words, level) if make else "")


def label(kind: str) -> str:
    """What the numbered name of a kind begins with.

    Examples
    --------
    >>> label("organisation"), label("proper name"), label("NHS number")
    ('Organisation', 'Name', 'NHS number')
    """
    return LABELS.get(kind, kind[:1].upper() + kind[1:])


def grade_in(words: str) -> int:
    """How many characters of a role's words are the grade or office that they begin with; 0 where they begin otherwise.

    Examples
    --------
    >>> grade_in("G7 in our Truro"), grade_in("the only one")
    (2, 0)
    """
    match = re.match(f"(?:{GRADE}|{OFFICE})", words)
    return match.end() if match else 0


@cache
def regions() -> Mapping[str, tuple[str, str]]:
    """The region of each place of the gazetteer and its nation, as they are said after "in"; the places in small letters.

    What several places are called is not there.
    """
    lists = tomllib.loads(str((files("engagement_lib.privacy") / "regions.toml").read_bytes(), "utf-8"))
    said = {name: (_said(name), "England") for name in lists["england"]}
    said |= {name: (name, name) for section in ("nation", "elsewhere") for name in lists[section]}
    listed = lists["england"] | lists["nation"] | lists["elsewhere"]
    return {" ".join(place.split()).lower(): said[name] for name, places in listed.items() for place in places.split(",")}


def _said(region: str) -> str:
    return region if region.startswith(("London", "Yorkshire")) else f"the {region}"


def _place(words: str, level: str) -> str:
    found = regions().get(" ".join(words.split()).lower())
    return f"place in {found[level == PUBLIC]}" if found else PLACE


def _postcode(words: str, level: str) -> str:
    outward = _OUTWARD.match(" ".join(words.upper().split()))
    if outward is None or level == PUBLIC:
        return POSTCODE
    return f"{POSTCODE} {outward[0]}" if level == DIRECT else f"{POSTCODE} area {outward[1]}"


def _date(words: str, _: str) -> str:
    year = _YEAR.search(words)
    return year.group() if year else DATE


def _role(words: str, level: str) -> str:
    if ONLY.search(words):
        return "one of few in such a role"
    band = next((band for pattern, band in _BANDS if pattern.match(words)), "senior post" if grade_in(words) else ROLE)
    return ROLE if level == PUBLIC else band


def _always(words: str) -> Callable[[str, str], str]:
    return lambda _, __: words


_GENERAL: Final[Mapping[str, Callable[[str, str], str]]] = {
    PLACE: _place,
    POSTCODE: _postcode,
    DATE: _date,
    BIRTH: _always(BIRTH),
    AGE: _always("over 85"),
    ROLE: _role,
}
