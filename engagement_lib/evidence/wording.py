"""What may be said beside a number: of whom it speaks, and which word stands for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from engagement_lib.settings import Settings
from engagement_lib.tables import KINDS

_PEOPLE: Final = {
    "interview": "people interviewed",
    "webinar": "webinars",
    "survey": "people who answered the survey",
    "comment": "people who sent a comment",
}
_HEARD: Final = {
    "purposive": "those we spoke to",
    "convenience": "those we could reach",
    "self-selected": "those who chose to take part",
}


def name_people(kinds: Collection[str]) -> str:
    """Those who speak in these kinds of source: "people interviewed", or "respondents" where there are several kinds.

    Examples
    --------
    >>> name_people(["interview"])
    'people interviewed'
    """
    return _PEOPLE[next(iter(kinds))] if len(set(kinds)) == 1 else "respondents"


def say_caution(settings: Settings, kinds: Collection[str]) -> str:
    """For whom a number stands, after how those who speak in these kinds of source were chosen.

    Examples
    --------
    >>> from engagement_lib.settings import Samples
    >>> print(say_caution(Settings(title="Pilot", samples=Samples(interview="purposive")), ["interview"]))
    the interval speaks of variation among those we spoke to; it is not an estimate for all
    """
    samples = {getattr(settings.samples, kind) for kind in KINDS if kind in kinds}
    if "unknown" in samples:
        return "study.toml does not say how they were chosen, so the interval is no estimate for anyone but them"
    if samples == {"census"}:
        return "everybody was asked, so the count speaks of all, as far as they answered"
    if samples <= {"random", "census"}:
        return "they were drawn at random, so the interval speaks of all who might have been, as far as those drawn answered"
    heard = _HEARD[samples.pop()] if len(samples) == 1 else "those we heard"
    return f"the interval speaks of variation among {heard}; it is not an estimate for all"


def choose_quantifier(bands: Mapping[str, tuple[float, float]], count: int, base: int, *, low: float, high: float) -> str:
    """The word in whose band of shares the whole interval lies; "" where there is none, and where nobody or everybody is counted.

    Examples
    --------
    >>> choose_quantifier({"a few": (0, 0.1), "some": (0.1, 0.4)}, 30, 100, low=0.22, high=0.39)
    'some'
    >>> choose_quantifier({"a few": (0, 0.1), "some": (0.1, 0.4)}, 12, 100, low=0.07, high=0.2)
    ''
    """
    if count in (0, base):
        return ""
    return next((word for word, (start, end) in bands.items() if start <= low and high <= end), "")


def say_percent(share: float) -> str:
    """A share as a percentage without decimals; one that would be rounded to 0% or 100% says so.

    Examples
    --------
    >>> [say_percent(share) for share in (0, 0.002, 0.5, 0.998, 1)]
    ['0%', 'under 1%', '50%', 'over 99%', '100%']
    """
    said = f"{share:.0%}"
    if said == "0%" and share > 0:
        return "under 1%"
    return "over 99%" if said == "100%" and share < 1 else said


def say_points(difference: float) -> str:
    """A difference of shares in points of a hundred, without decimals; the sign is one that screen readers speak.

    Examples
    --------
    >>> say_points(-0.124)
    '−12'
    """
    return f"{100 * difference:+.0f}".replace("-", "−") if round(100 * difference) else "0"


def say_cell(cell: Mapping[str, str]) -> str:
    """Which part of the respondents is meant: " (group producer, kind interview)"; "" for everybody.

    Examples
    --------
    >>> say_cell({"group": "producer"})
    ' (group producer)'
    """
    return f" ({', '.join(f'{name} {value}' for name, value in cell.items())})" if cell else ""
