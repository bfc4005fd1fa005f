"""Names and words that identifiers are looked up in: a list of facts, and the words of English."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "ness")


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """What the file `gazetteer.toml` holds, names as they are written, and the words of English in small letters.

    `short` gives the short forms of a first name, both in small letters.
    """

    wide: frozenset[str]
    counties: frozenset[str]
    towns: frozenset[str]
    streets: frozenset[str]
    organisations: frozenset[str]
    heads: frozenset[str]
    units: frozenset[str]
    first: frozenset[str]
    last: frozenset[str]
    titles: frozenset[str]
    relations: frozenset[str]
    short: dict[str, frozenset[str]]
    particles: frozenset[str]
    neutral: frozenset[str]
    openers: frozenset[str]
    both: frozenset[str]
    english: frozenset[str]

    def is_word(self, word: str) -> bool:
        """Whether this is a word of English, in any of its forms, that may begin a sentence without being a name.

        Examples
        --------
        >>> [load_gazetteer().is_word(word) for word in ("Redeployed", "Thirty-five", "Mark", "Sarah", "Oyelaran")]
        [True, True, True, False, False]
        """
        lower = word.lower().replace("’", "'")
        if lower in self.english:
            return True
        if "-" in lower:
            return all(self.is_word(part) for part in lower.split("-") if part)
        if lower in _names():
            return False
        return any(len(stem) > 2 and (stem in self.english or stem + "e" in self.english) for stem in _stems(lower))

    def is_name(self, word: str) -> bool:
        """Whether people are called so, by first or last name."""
        return word in self.first or word in self.last


def alternatives(words: Iterable[str]) -> str:
    """The part of a pattern that matches any of the words, the longest first, with any white space between two words."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer, read once."""
    lists = _lists()
    short = {long.lower(): frozenset(name.lower() for name in names) for long, *names in map(str.split, lists.pop("short"))}
    held = {name: frozenset(words) for name, words in lists.items()}
    held["organisations"] = held.pop("names")
    english = (_lemmas() - _names()) | held["openers"] | held["both"]
    return Gazetteer(**held, short=short, english=english)


@cache
def _lists() -> dict[str, list[str]]:
    sections = tomllib.loads(str((files("engagement_lib.privacy") / "gazetteer.toml").read_bytes(), "utf-8"))
    return {
        name: [" ".join(word.split()) for word in words.split(",")]
        for lists in sections.values()
        for name, words in lists.items()
    }


@cache
def _names() -> frozenset[str]:
    """What is a name and no word, in small letters: the lists of lemmas hold both."""
    lists = _lists()
    names = {name.lower() for key in ("first", "last", "towns", "counties", "wide") for name in lists[key]}
    return frozenset(names - set(lists["both"]) - set(lists["openers"]))


def _lemmas() -> frozenset[str]:
    """The words of `spacy-lookups-data`: lemmas by part of speech, and the forms that are looked up."""
    folder = files("spacy_lookups_data") / "data"
    index, forms = (
        json.loads(gzip.decompress((folder / f"en_lemma_{name}.json.gz").read_bytes())) for name in ("index", "lookup")
    )
    return frozenset(forms) | frozenset().union(*index.values())


def _stems(word: str) -> set[str]:
    """What may be left of a word without its ending."""
    return {word.removesuffix(ending) for ending in _ENDINGS} | {word.partition("'")[0]}
