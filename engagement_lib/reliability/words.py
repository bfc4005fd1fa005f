"""A coefficient in words, with the thresholds applied to the lower end of its interval."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from engagement_lib.reliability.estimates import RELIABLE, TENTATIVE

FEW_RESPONDENTS: Final = 30
NAMES: Final = {
    "alpha": "alpha",
    "cohen_kappa": "Cohen's kappa",
    "conger_kappa": "Conger's kappa",
    "scott_pi": "Scott's pi",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "Gwet's AC1",
    "gwet_ac2": "Gwet's AC2",
    "brennan_prediger": "Brennan and Prediger's coefficient",
}
_SURE: Final = 0.95
_STRENGTHS: Final[Mapping[str, Mapping[str, float]]] = {
    "altman": {"very good": 0.8, "good": 0.6, "moderate": 0.4, "fair": 0.2, "poor": -1.0},
    "landis-koch": {"almost perfect": 0.8, "substantial": 0.6, "moderate": 0.4, "fair": 0.2, "slight": 0.0, "poor": -1.0},
    "fleiss": {"excellent": 0.75, "intermediate to good": 0.4, "poor": -1.0},
}
# The share of units on which coders agree, and the lead of AC1, from which on a low alpha is put down to the code's rarity.
_PARADOX: Final = (0.85, 0.2)


def say_agreement(row: Mapping[str, Any], *, given: int, holders: int, undefined: float, is_reflexive: bool = False) -> str:
    """A row of `agreement` in words.

    `given` is how many of its units at least one coder gave the code, `holders` of how many respondents these are, and
    `undefined` the share of draws in which the coefficient was undefined. `is_reflexive` leaves out the thresholds.

    Examples
    --------
    >>> row = {"code": "no-time", "coefficient": "alpha", "unit": "segment", "coders": 2, "units": 90, "respondents": 40,
    ...        "estimate": 0.9, "low": 0.7, "high": 0.97, "observed": 0.95, "agreement_presence": 0.92, "gwet_ac1": 0.92}
    >>> print(say_agreement(row, given=31, holders=30, undefined=0.0))
    no-time: alpha 0.90, 95% interval 0.70 to 0.97 (2 coders; 90 segments, 31 with the code, from 30 of 40 respondents).
    The lower end lies between 0.667 and 0.800: conclusions from this code are tentative.
    """
    name = NAMES[row["coefficient"]]
    if np.isnan(row.get("estimate", np.nan)):
        return f"{row['code']}: {name} is undefined, because {row['reason']}."
    spread = f"{given} with the code, from {holders} of {row['respondents']} respondents"
    ground = f"({row['coders']} coders; {row['units']} {row['unit']}s, {spread})"
    text = f"{row['code']}: {name} {row['estimate']:.2f}"
    if np.isnan(row["low"]):
        text += f" without an interval {ground}, because {row['reason']}."
        return text if is_reflexive else f"{text} Draw no firm conclusion from it."
    text += f", 95% interval {row['low']:.2f} to {row['high']:.2f} {ground}."
    if is_reflexive:
        return f"{text} A talking point, not a mark: this study does reflexive thematic analysis."
    text += f" {_verdict(row['low'])}{_paradox(row)}"
    if holders < FEW_RESPONDENTS:
        text += f" Fewer than {FEW_RESPONDENTS} respondents bear the code: the interval is rough."
    if undefined > 0:
        text += f" In {undefined:.1%} of the draws it was undefined; these are left out."
    return text


def say_coefficient(row: Mapping[str, Any]) -> str:
    """A row of `agreement_of_ratings` in words.

    Examples
    --------
    >>> say_coefficient({"coefficient": "scott_pi", "reason": "it is for two coders, and there are 3"})
    "Scott's pi is undefined: it is for two coders, and there are 3."
    """
    name = NAMES[row["coefficient"]]
    if np.isnan(row.get("estimate", np.nan)):
        return f"{name} is undefined: {row['reason']}."
    ground = f"({row['coders']} coders, {row['units']} units of {row['respondents']} respondents; {row['level']})"
    if np.isnan(row["low"]):
        return f"{name} {row['estimate']:.2f} {ground}, without an interval: {row['reason']}."
    return f"{name} {row['estimate']:.2f}, 95% interval {row['low']:.2f} to {row['high']:.2f} {ground}."


def strength_of(estimate: float, standard_error: float, *, scale: str = "altman") -> str:
    """The word of a scale that a coefficient bears with a probability of at least 95%; "" where it is undefined.

    Parameters
    ----------
    scale
        "altman", "landis-koch" or "fleiss". Such words are custom, not theory; the thresholds of `say_agreement` are stricter.

    Notes
    -----
    The probabilities of the words, from the highest down, are added up until they reach 0.95 (Gwet 2014, chapter 6), under a
    normal distribution cut off at -1 and 1.

    Examples
    --------
    >>> strength_of(0.67, 0.15)
    'moderate'
    """
    if np.isnan(estimate) or np.isnan(standard_error):
        return ""
    normal = NormalDist(estimate, max(standard_error, 1e-12))
    whole = normal.cdf(1) - normal.cdf(-1)
    lower_ends = _STRENGTHS[scale]
    return next(word for word, low in lower_ends.items() if (normal.cdf(1) - normal.cdf(low)) / whole >= _SURE)


def _verdict(low: float) -> str:
    if low >= RELIABLE:
        return f"Even the lower end reaches {RELIABLE:.3f}: the coders agree well enough to rely on this code."
    if low >= TENTATIVE:
        return f"The lower end lies between {TENTATIVE:.3f} and {RELIABLE:.3f}: conclusions from this code are tentative."
    return f"The lower end lies below {TENTATIVE:.3f}: draw no conclusion from this code as it stands."


def _paradox(row: Mapping[str, Any]) -> str:
    """What is to be said where alpha is low although coders mostly agree, since chance alone would give nearly full agreement."""
    most, lead = _PARADOX
    is_low = row["coefficient"] == "alpha" and row["estimate"] < TENTATIVE
    if not (is_low and row["observed"] >= most and row["gwet_ac1"] - row["estimate"] >= lead):
        return ""
    return (
        f" The code is so rare, or so common, that chance alone would give nearly full agreement: the coders agree on "
        f"{row['observed']:.0%} of {row['unit']}s, and Gwet's AC1, which takes less off for chance, is {row['gwet_ac1']:.2f}. "
        f"Look at agreement on presence instead, which is {row['agreement_presence']:.2f}."
    )
