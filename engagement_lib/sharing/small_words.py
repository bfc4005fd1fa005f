"""Small counts of people in sentences: found, and hidden as they are in tables."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from engagement_lib.privacy.cells import MARK

_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PEOPLE: Final = (
    r"(?:people|persons?|respondents?|participants?|interviewees?|informants?|producers?|users?|speakers?|men|women|analysts?)\b"
)
# "A talkative person is still one person" counts nobody: "one" alone is no count.
_AROUND: Final = r"(?![\w−-]|[.,:]\d)"
_NUMBER: Final = rf"(?<![\w.,−-])(\d{{1,3}}|{'|'.join(_WORDS)}){_AROUND}"
# A bound counts nobody, nor a place in an order, nor a mere thought: "fewer than five people", "saturated after 5 respondents",
# "if two people agree".
_BOUND: Final = "(?<!fewer than )(?<!at least )(?<!more than )(?<!saturated after )(?<!\\bif )(?<!how far )"
_PLAIN_NUMBER: Final = rf"(?<![\w.,−-]){_BOUND}(\d{{1,3}}|{'|'.join(_WORDS[1:])}){_AROUND}"
# "2 of 9", "two of the nine users", "three people", "4 other respondents"; but not "4 of 12 claims", which counts no people.
_WHOLE: Final = rf" of (?:the |these |those |all )?(\d+|{'|'.join(_WORDS)})\b(?! (?!{_PEOPLE})(?:[a-z]+s|claim|code|theme)\b)"
_SHARE: Final = re.compile(rf"{_NUMBER}(?={_WHOLE}(?: \w+)?(?P<aside> \([^)]*\))?)", re.IGNORECASE)
# How few would turn a verdict if they were coded otherwise counts none who said anything.
_PLAIN: Final = re.compile(
    rf"{_PLAIN_NUMBER}(?= (?:other |more |different )?{_PEOPLE}(?! (?:were )?coded otherwise\b))", re.IGNORECASE
)
# As the library says of a claim: "supported by 5 of 40 respondents, contradicted by 1. Of the 6 who support or contradict it".
_BY: Final = re.compile(r"\b(?:supported|qualified|contradicted) by (\d{1,3})\b(?!%|[.,]\d)", re.IGNORECASE)
_DO: Final = re.compile(rf"{_PLAIN_NUMBER}(?= (?:support|contradict|qualify)\b)", re.IGNORECASE)
_WHO: Final = re.compile(r"\bof the (\d{1,3})(?= who\b)", re.IGNORECASE)
_PER_CENT: Final = re.compile(r"(\d+(?:\.\d+)?) ?%(?! interval)")
# A participant's words stay as they are: "I could name five users" counts nobody who was asked.
_QUOTED: Final = re.compile('“[^”]*”|"[^"]*"')


class Number(NamedTuple):
    """A count of people in a text: where it stands, its value, of how many (0 where nobody says), and the brackets behind it."""

    start: int
    end: int
    value: int
    whole: int = 0
    aside: tuple[int, int] = (0, 0)


def find_counts(text: str) -> list[Number]:
    """The counts of people in a text, outside quotation marks."""
    found: dict[int, Number] = {}
    for pattern in (_SHARE, _PLAIN, _BY, _DO, _WHO):
        for match in pattern.finditer(text):
            number = Number(*match.span(1), _value(match[1]))
            if pattern is _SHARE:
                number = number._replace(whole=_value(match[2]), aside=match.span("aside"))
            if pattern is _WHO:
                number = number._replace(whole=number.value)
            found.setdefault(number.start, number)
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    return sorted(number for number in found.values() if not any(start <= number.start < end for start, end in quoted))


def small_counts(text: str, smallest: int, told: Collection[int] = ()) -> list[str]:
    """The counts of fewer people than `smallest`, and those in `told`, which tables hide, as they stand in the text.

    Examples
    --------
    >>> small_counts("Two of the 40 users ring, 12 people write, and 3 of 9 claims stand.", 5)
    ['Two']
    """
    return [text[one.start : one.end] for one in find_counts(text) if 0 < one.value < smallest or one.value in told]


def hide_small_counts(text: str, smallest: int, told: Collection[int] = ()) -> str:
    """The text with a mark for each of these counts, and for the shares and counts beside it that would tell it.

    Examples
    --------
    >>> hide_small_counts("Supported by 32 of 298 (11%), contradicted by 1. Of the 33 who do either, 3% contradict it.", 5)
    'Supported by 32 of 298 (11%), contradicted by [c]. Of the [c] who do either, [c] contradict it.'
    """
    counts = find_counts(text)
    small = [one for one in counts if 0 < one.value < smallest or one.value in told]
    large = [one.value for one in counts if one not in small]
    who = [match for match in _WHO.finditer(text) if any(0 < abs(int(match[1]) - number) < smallest for number in large)]
    if not small and not who:
        return text
    spans = {(one.start, one.end) for one in small} | {match.span(1) for match in who}
    spans |= {match.span() for match in _PER_CENT.finditer(text) if _tells(match, counts, small, smallest)}
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + MARK + text[end:]
    return text


def _tells(share: re.Match[str], counts: list[Number], small: list[Number], smallest: int) -> bool:
    """Whether a share stands in the brackets behind a small count, or is of so few that it tells one."""
    if any(one.aside[0] <= share.start() < one.aside[1] for one in small):
        return True
    wholes = [one.whole for one in counts if one.whole and one.start < share.start()]
    people = float(share[1]) / 100 * wholes[-1] if wholes else 0.0
    # A share in whole per cent is as good as the number that it comes near to.
    near = wholes and any(abs(people - one.value) <= 0.5 + wholes[-1] / 200 for one in small if one.value >= smallest)
    return 0 < people < smallest - 0.5 or bool(near)


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.index(word.lower()) + 1
