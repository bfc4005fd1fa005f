"""Identifiers with a fixed shape: e-mail and web addresses, telephone and other numbers, postcodes, handles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from engagement_lib.privacy.checks import (
    SHAPE_ONLY,
    judge_card,
    judge_driving_licence,
    judge_iban,
    judge_internet,
    judge_national_insurance,
    judge_nhs,
    judge_postcode,
    judge_utr,
)
from engagement_lib.privacy.finds import Confidence, Find, outermost
from engagement_lib.privacy.spoken import find_spoken

_GAP: Final = r"[ \u00a0.()\u2013-]{0,2}"
_REACH: Final = 60


@dataclass(frozen=True)
class _Shape:
    """One shape of a kind of identifier.

    `judge` names the rule that the words found fit; "" where they are none after all. `context` must stand within 60 characters
    before the words, or up to 20 after them, where the shape alone says too little.
    """

    kind: str
    pattern: re.Pattern[str]
    judge: Callable[[str], str]
    context: re.Pattern[str] | None = None
    confidence: Confidence = "high"


def find_shapes(text: str) -> list[Find]:
    """What has a fixed shape in a text, written or said in words; of two on the same words the surer.

    Examples
    --------
    >>> [(find.kind, find.start) for find in find_shapes("Ring 07700 900123 or write to ann@example.org.")]
    [('telephone', 5), ('e-mail', 30)]
    """
    return outermost([*_of_shapes(text), *find_spoken(text)])


def _of_shapes(text: str) -> Iterator[Find]:
    for shape in _SHAPES:
        if shape.context and not shape.context.search(text):
            continue
        for match in shape.pattern.finditer(text):
            rule = shape.judge(match.group())
            if rule and _has_context(shape, text, match):
                sure: Confidence = "medium" if rule == SHAPE_ONLY and shape.context is None else shape.confidence
                yield Find(match.start(), match.end(), shape.kind, rule, sure)


def _has_context(shape: _Shape, text: str, match: re.Match[str]) -> bool:
    if shape.context is None:
        return True
    return bool(shape.context.search(text[max(0, match.start() - _REACH) : match.end() + 20]))


def _always(rule: str) -> Callable[[str], str]:
    return lambda _: rule


def _judge_digits(words: str) -> str:
    """Two years, or a day and a time, are no telephone number."""
    return "" if re.match(r"(?:19|20)\d\d[ .-]", words) else "digits in groups"


def _near(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


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
            r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,9}(?:uk|com|org|net|scot|wales|cymru|io|dev|app|info|eu)\b(?:/[\w/.%#?=&~+-]*[\w/])?(?!@)",
            re.IGNORECASE,
        ),
        _always("domain"),
        confidence="medium",
    ),
    _Shape(
        "NHS number", re.compile(r"(?<![\d£$€+-])(?<!\d[.,])\d{3}([ \u00a0-]?)\d{3}\1\d{4}(?![.,-]?\d)", re.ASCII), judge_nhs
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
        "telephone",
        re.compile(rf"(?<![\w+])\+(?!44)[1-9]\d{{0,2}}(?:{_GAP}\d){{6,12}}(?!\d)", re.ASCII),
        _always("number with +"),
    ),
    _Shape(
        "telephone",
        re.compile(r"(?<![\w£$€+,.-])\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\w|[.,-]\d)", re.ASCII),
        _judge_digits,
        _near(r"tele|phone|(?:ring|call|text) (?:me|us|him|her|them)\b|mobile\b|fax|dial|answering"),
        "low",
    ),
    _Shape("telephone", re.compile(r"(?<!\w)(?:extension|ext\.?) ?\d{3,5}(?!\d)", re.IGNORECASE), _always("extension")),
    _Shape(
        "National Insurance number",
        re.compile(r"(?<!\w)(?:[A-Z]{2}(?:[ \u00a0-]?\d\d){3}[ \u00a0-]?[A-D]|[A-Z]{2}\d{6}|[a-z]{2}\d{6}[a-d])(?!\w)", re.ASCII),
        judge_national_insurance,
    ),
    _Shape(
        "postcode",
        re.compile(
            r"(?<!\w)(?:GIR[ \u00a0]?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNP-Y\d]?[ \u00a0]?\d[ABD-HJLNP-UW-Z]{2})(?!\w)",
            re.IGNORECASE | re.ASCII,
        ),
        judge_postcode,
    ),
    _Shape("handle", re.compile(r"(?<![\w@./])@\w[\w.-]{0,62}\w(?:@[\w-]+(?:\.[\w-]+)+)?"), _always("@name")),
    _Shape(
        "handle",
        re.compile(r"(?<![\w@./-])(?=\w{0,29}[\d_])[a-z]\w{3,29}(?![\w@./-])", re.ASCII),
        _always("beside the word"),
        _near(r"handle\b|user ?name|instagram|tiktok|twitter name|mastodon|bluesky"),
        "low",
    ),
    _Shape(
        "UTR",
        re.compile(r"(?<![\w£.,-])\d{5} ?\d{5}K?(?!\w)", re.ASCII),
        judge_utr,
        _near(r"utr\b|unique tax|tax(?:payer)? ref"),
    ),
    _Shape(
        "passport",
        re.compile(r"(?<![\w£.,-])(?:\d(?: ?\d){8}|[A-Z]{2} ?\d{7})(?![\w-]|,\d)", re.ASCII),
        _always("beside the word"),
        _near("passport"),
    ),
    _Shape(
        "driving licence",
        # The two digits of the issue may follow.
        re.compile(r"(?<!\w)[A-Z][A-Z9]{4} ?\d{6} ?[A-Z9]{2}\d ?[A-Z]{2}(?: ?\d\d)?(?!\w)", re.IGNORECASE | re.ASCII),
        judge_driving_licence,
    ),
    _Shape(
        "vehicle registration",
        re.compile(r"(?<!\w)[A-HJ-PR-Y]{2}\d\d ?[A-HJ-PR-Z]{3}(?!\w)", re.ASCII),
        _always("number of since 2001"),
        confidence="medium",
    ),
    _Shape(
        "vehicle registration",
        re.compile(
            r"(?<!\w)(?:[A-HJ-NPR-TV-Y]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,4}[A-Z]?|[A-Za-z]{2}\d\d ?[A-Za-z]{3})(?!\w)", re.ASCII
        ),
        _always("beside the word"),
        _near(r"regist?ration (?:number|plate)?|reg(?:\.|\b)|number ?plate|licence plate|car\b|van\b|lorry|parked"),
    ),
    _Shape(
        "bank account",
        re.compile(
            r"(?<![\w-])(?:\d\d([- ])\d\d\1\d\d[ ,]{1,2}\d{4} ?\d{4}|\d{4} ?\d{4}[ ,]{1,2}\d\d([- ])\d\d\2\d\d)(?![\w-]|[.,]\d)",
            re.ASCII,
        ),
        _always("sort code and account together"),
    ),
    _Shape(
        "sort code",
        re.compile(r"(?<![\w-])\d\d([- ]?)\d\d\1\d\d(?![\w-])", re.ASCII),
        _always("beside the word"),
        _near("sort[- ]code"),
    ),
    _Shape(
        "bank account",
        re.compile(r"(?<![\w£.,-])(?:\d{8}|\d{4} \d{4})(?![\w-]|[.,]\d)", re.ASCII),
        _always("beside the word"),
        _near(r"account (?:number|no|is|was|with)|bank account|acc(?:oun)?t\.? no|sort[- ]code|a/c"),
    ),
    _Shape(
        "bank account",
        re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE | re.ASCII),
        judge_iban,
    ),
    _Shape(
        "payment card",
        re.compile(r"(?<![\w£.,-])\d{4}([ -]?)\d{4}\1\d{4}(?:\1\d{1,7})?(?![\w-]|[.,]\d)", re.ASCII),
        judge_card,
    ),
    _Shape(
        "reference number",
        re.compile(r"(?<![\w£.,/-])(?!(?:19|20)\d\d\b)(?=[A-Z/-]*\d)[A-Z\d][A-Z\d/-]{3,14}(?<=\d)(?![\w/-]|[.,]\d)", re.ASCII),
        _always("beside the word"),
        _near(
            r"(?:staff|employee|payroll|case|customer|client|membership|patient|hospital|claim|crime|pupil|student|application) "
            r"(?:numbers?|no\b|ref\b|reference|id\b)"
        ),
        "medium",
    ),
    _Shape(
        "IP address",
        re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]?\d)", re.ASCII),
        judge_internet,
        confidence="medium",
    ),
)  # fmt: skip
