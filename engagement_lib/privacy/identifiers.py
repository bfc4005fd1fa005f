"""Identifiers in texts: e-mail and web addresses, telephone numbers, postcodes, National Insurance and NHS numbers, handles.

Only what has a fixed shape is found. Names, places, employers and turns of phrase identify people more often, and are for a
person to look for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from engagement_lib.tables import COUNT, TEXT

SHAPE_ONLY: Final = "shape only"
_GAP: Final = r"[ \u00a0.()\u2013-]{0,2}"
_COLUMNS: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT, "kind": TEXT, "rule": TEXT, "quote": TEXT}


@dataclass(frozen=True)
class _Shape:
    """One shape of a kind of identifier. `judge` names the rule that the words found fit; "" where they are none after all."""

    kind: str
    pattern: re.Pattern[str]
    judge: Callable[[str], str]


def find_identifiers(sources: pd.DataFrame) -> pd.DataFrame:
    """What looks like an identifier in the texts, one row a place: `source_id`, `start`, `end`, `kind`, `rule`, `quote`.

    A first pass for a person to go through: it finds what has a fixed shape in the United Kingdom, and no names. Numbers whose
    check digit or prefix is wrong are given too, with the rule "shape only", since people mistype them. What lies within a longer
    find is left out. Rows come by source and place.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "text": ["Ring 07700 900123 or write to ann@example.org."]})
    >>> find_identifiers(sources)[["kind", "quote"]].values.tolist()
    [['telephone', '07700 900123'], ['e-mail', 'ann@example.org']]
    """
    rows = [
        (source, start, end, kind, rule, text[start:end])
        for source, text in sorted(zip(sources["source_id"], sources["text"], strict=True))
        for start, end, kind, rule in _outermost(text)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _outermost(text: str) -> Iterator[tuple[int, int, str, str]]:
    """The finds in a text that lie within no other; of two on the same words, the surer."""
    found = []
    for rank, shape in enumerate(_SHAPES):
        for match in shape.pattern.finditer(text):
            rule = shape.judge(match.group())
            found.append((match.start(), -match.end(), rule == SHAPE_ONLY, rank, shape.kind, rule))
    reached = 0
    for start, negative_end, _, _, kind, rule in sorted(find for find in found if find[-1]):
        if -negative_end > reached:
            reached = -negative_end
            yield start, reached, kind, rule


def _always(rule: str) -> Callable[[str], str]:
    return lambda _: rule


def _judge_nhs(words: str) -> str:
    """Modulus 11 of the NHS Data Model and Dictionary, "NHS number": 11 - (sum of d_i (11 - i), i = 1..9) mod 11; 11 is 0."""
    digits = [int(digit) for digit in words if digit.isdigit()]
    check = (11 - sum((11 - i) * digit for i, digit in enumerate(digits[:9], start=1)) % 11) % 11
    return "check digit right" if check == digits[9] else SHAPE_ONLY


def _judge_national_insurance(words: str) -> str:
    """The prefixes that HM Revenue & Customs gives out (National Insurance Manual, NIM39110)."""
    prefix = words[:2].upper()
    letters = re.fullmatch("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]", prefix)
    return "prefix in use" if letters and prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"} else SHAPE_ONLY


def _judge_postcode(words: str) -> str:
    """Letters may be large, small or as a telephone puts them, "Sw1a 1aa"; only "W1 2nd" and the like are no postcodes."""
    counted = re.search("(?:1st|2nd|3rd|[04-9]th)$", words)
    return "" if counted and not words.islower() else "UK postcode"


_SHAPES: Final = (
    _Shape("e-mail", re.compile(r"(?<!\w)\w[\w.%+&'-]{0,63}@[\w-]+(?:\.[\w-]+)+"), _always("name@domain")),
    _Shape(
        "URL",
        re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]", re.IGNORECASE),
        _always("http or www"),
    ),
    _Shape(
        "URL",
        re.compile(
            r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,9}(?:uk|com|org|net|scot|wales|cymru)\b(?:/[\w/.%#?=&~+-]*[\w/])?(?!@)",
            re.IGNORECASE,
        ),
        _always("domain"),
    ),
    _Shape(
        "NHS number", re.compile(r"(?<![\d£$€+-])(?<!\d[.,])\d{3}([ \u00a0-]?)\d{3}\1\d{4}(?![.,-]?\d)", re.ASCII), _judge_nhs
    ),
    _Shape(
        "telephone",
        re.compile(rf"(?<![\w+])(?<!\d[.,])(?:\+|00) ?44{_GAP}(?:\(?0\)?{_GAP})?[1-35789]\d(?:{_GAP}\d){{7,8}}(?!\d)", re.ASCII),
        _always("UK number with +44"),
    ),
    _Shape(
        "telephone",
        re.compile(rf"(?<![\w+])(?<!\d[.,])(?:\((?=0\d{{2,4}}\)))?0[1-35789]\d(?:{_GAP}\d){{7,8}}(?!\d)", re.ASCII),
        _always("UK number with 0"),
    ),
    _Shape(
        "National Insurance number",
        re.compile(r"(?<!\w)(?:[A-Z]{2}(?:[ \u00a0-]?\d\d){3}[ \u00a0-]?[A-D]|[A-Z]{2}\d{6}|[a-z]{2}\d{6}[a-d])(?!\w)", re.ASCII),
        _judge_national_insurance,
    ),
    _Shape(
        "postcode",
        re.compile(
            r"(?<!\w)(?:GIR[ \u00a0]?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNP-Y\d]?[ \u00a0]?\d[ABD-HJLNP-UW-Z]{2})(?!\w)",
            re.IGNORECASE | re.ASCII,
        ),
        _judge_postcode,
    ),
    _Shape("handle", re.compile(r"(?<![\w@./])@\w[\w.-]{0,62}\w(?:@[\w-]+(?:\.[\w-]+)+)?"), _always("@name")),
)
