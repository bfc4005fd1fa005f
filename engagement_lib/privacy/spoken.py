"""Numbers and addresses said in words: "oh seven seven double oh", "ann dot smith at example dot org"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engagement_lib.privacy.finds import Find

_DIGITS: Final = {
    **dict.fromkeys(("oh", "o", "zero", "nought", "naught", "nil"), "0"),
    **{word: str(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1)},
}
_TIMES: Final = {"double": 2, "treble": 3, "triple": 3}
_WORD: Final = rf"(?:(?:{'|'.join(_TIMES)})[\s-]+)?(?:{'|'.join(_DIGITS)})"
_UNIT: Final = rf"(?:{_WORD}|\d{{1,6}})"
_NUMBER: Final = re.compile(rf"(?<![\w-])(?:plus\s+)?{_UNIT}(?:[\s,.-]{{1,2}}{_UNIT}){{4,}}(?![\w-])", re.IGNORECASE)
_PART: Final = re.compile(rf"(?:({'|'.join(_TIMES)})[\s-]+)?({'|'.join(_DIGITS)}|\d+)", re.IGNORECASE)

_SIGN: Final = r"(?:dot|underscore|hyphen|dash)"
# Lengths are bounded, so that a text of nothing but dots takes no longer than another.
_PIECE: Final = r"\w{1,40}(?:[.-]\w{1,40}){0,4}"
_MORE: Final = rf"(?:\s{{1,3}}{_SIGN}\s{{1,3}}(?!dot\b)\w{{1,40}}){{0,5}}"
_MAIL: Final = re.compile(
    rf"(?<!\w){_PIECE}{_MORE}\s{{1,3}}at\s{{1,3}}{_PIECE}{_MORE}\s{{1,3}}dot\s{{1,3}}(?!dot\b)\w{{1,40}}", re.IGNORECASE
)
_DOTTED: Final = re.compile(r"(?<!\w)(?!dot\b)\w{1,40}(?:\s{1,3}(?:dot|underscore)\s{1,3}(?!dot\b)\w{1,40}){1,6}", re.IGNORECASE)


def find_spoken(text: str) -> Iterator[Find]:
    """Telephone numbers and e-mail addresses that were read out.

    Examples
    --------
    >>> said = "It's oh seven seven double oh ... no, oh one six three two nine six oh double one seven."
    >>> [said[find.start:find.end] for find in find_spoken(said)]
    ['oh one six three two nine six oh double one seven']
    """
    for match in _NUMBER.finditer(text):
        yield from _number(match)
    if re.search(r"\b(?:dot|underscore)\b", text, re.IGNORECASE):
        yield from (Find(*match.span(), "e-mail", "at and dot in words", "high") for match in _MAIL.finditer(text))
        yield from (Find(*match.span(), "e-mail", "dot in words", "medium") for match in _DOTTED.finditer(text))


def _number(match: re.Match[str]) -> Iterator[Find]:
    """A find where enough digits were said; figures alone are for the shapes, and three words for a count are no number."""
    parts = _PART.findall(match.group())
    if sum(not digits.isdigit() for _, digits in parts) < 4:
        return
    digits = "".join(_DIGITS.get(word.lower(), word) * _TIMES.get(times.lower(), 1) for times, word in parts)
    national = digits.startswith(("0", "44")) and 9 <= len(digits) <= 14
    if national:
        yield Find(*match.span(), "telephone", "UK number in words", "high")
    elif len(digits) >= 6:
        yield Find(*match.span(), "telephone", "digits in words", "low")
