"""Exact dates, dates of birth, and ages at which few people are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engagement_lib.privacy.finds import AGE, BIRTH, DATE, Find

_MONTH: Final = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)  # fmt: skip
_TENTHS: Final = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_ORDINAL: Final = (
    rf"(?:(?:twenty|thirty)[\s-](?:{_TENTHS})|{_TENTHS}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|"
    "eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR: Final = r"(?:,?\s+(?:19|20)\d\d)"
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w.,/])(?:the\s+)?{_DAY}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b{_YEAR}?",
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:(?:st|nd|rd|th)\b{_YEAR}?|{_YEAR}|(?![\w.,:%]))",
        rf"\b(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?{_MONTH}\b{_YEAR}?",
        rf"\b{_MONTH}\s+the\s+{_ORDINAL}\b{_YEAR}?",
        rf"(?<![\w./-]){_DAY}([./-])(?:1[0-2]|0?[1-9])\1(?:19|20)\d\d(?![\w-])",
        rf"(?<![\w./-])(?:1[0-2]|0?[1-9])([/-]){_DAY}\1(?:19|20)\d\d(?![\w-])",
        rf"(?<![\w./-]){_DAY}([/-])(?:1[0-2]|0?[1-9])\1\d\d(?![\w-])",
        r"(?<![\w./-])(?:19|20)\d\d-(?:1[0-2]|0[1-9])-(?:3[01]|[12]\d|0[1-9])(?![\w-])",
    )
)
_BIRTH: Final = re.compile(
    r"(?:\bborn(?: on| in)?|birthday(?: is| was|'s|’s)?|date of birth|\bd\.?o\.?b\b\.?)[^.;!?\n]{0,25}$", re.IGNORECASE
)
_BIRTH_YEAR: Final = re.compile(
    rf"\b(?:born in|(?:year|date) of birth(?: is| was)?:?|d\.?o\.?b\.?:?)\s+(?P<date>(?:{_MONTH}\s+)?(?:19|20)\d\d)(?![\w/-])",
    re.IGNORECASE,
)

_UNITS: Final = "one|two|three|four|five|six|seven|eight|nine"
OLD: Final = (
    rf"(?:8[6-9]|9\d|1[01]\d|eighty[\s-](?:six|seven|eight|nine)|ninety(?:[\s-](?:{_UNITS}))?|"
    rf"(?:a|one) hundred(?: and (?:{_UNITS}))?)"
)
_OLD_ORDINAL: Final = (
    r"(?:(?:8[6-9]|9\d|1[01]\d)(?:st|nd|rd|th)|(?:eighty|ninety)[\s-](?:sixth|seventh|eighth|ninth)|"
    r"ninety[\s-](?:first|second|third|fourth|fifth)|ninetieth|hundredth)"
)
_WHO_IS: Final = (
    r"\b(?:i|he|she|who|mum|mam|mother|dad|father|nan|gran|grandma|grandad|aunt|uncle|husband|wife)"
    r"(?:'m|’m|'s|’s|\s+am|\s+is|\s+was|'ll be|’ll be)"
)
_NO_MORE: Final = r"(?=\s*[,.;!?\n]|\s+(?:now|this|next|in|last|and|when|on)\b|$)"
_AGES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:aged|age of|age:?|turned|turning|turns)\s+{OLD}\b(?!%|\s+per)",
        rf"(?<![\w£.,]){OLD}(?:\s+|-)years?(?:\s+|-)old\b",
        rf"{_WHO_IS}\s+(?:only\s+|nearly\s+|now\s+)?{OLD}{_NO_MORE}",
        r"\bin\s+(?:my|his|her|their)\s+(?:early\s+|mid-?\s*|late\s+)?(?:nineties|90s|hundreds)\b",
        r"\bin\s+(?:my|his|her|their)\s+late\s+(?:eighties|80s)\b",
        r"\b(?:centenarian|nonagenarian)s?\b",
        rf"\b{_OLD_ORDINAL}\s+birthday\b",
    )
)


def find_dates(text: str) -> Iterator[Find]:
    """Days of events and of birth, years of birth, and ages over 85.

    Examples
    --------
    >>> said = "Born on 3 March 1961; we met on the third of February; my mother is ninety-one."
    >>> [(find.kind, said[find.start:find.end]) for find in find_dates(said)]
    [('date of birth', '3 March 1961'), ('date', 'the third of February'), ('age over 85', 'mother is ninety-one')]
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if _BIRTH.search(text, max(0, match.start() - 45), match.start()):
                yield Find(*match.span(), BIRTH, "day after a word for birth", "high")
            else:
                yield Find(*match.span(), DATE, "day and month", "medium")
    for match in _BIRTH_YEAR.finditer(text):
        yield Find(*match.span("date"), BIRTH, "year of birth", "medium")
    for pattern in _AGES:
        yield from (Find(*match.span(), AGE, "age in years", "high") for match in pattern.finditer(text))
