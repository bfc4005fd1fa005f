"""A coefficient with its interval, for many codes at once, from the sums of each respondent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from engagement_lib.errors import Problem, TableError
from engagement_lib.reliability.coefficients import COEFFICIENTS, Scale, applicable
from engagement_lib.reliability.intervals import INTERVALS, Spread, draw_sums, ends_of_interval, share_below
from engagement_lib.reliability.weights import Numbers

TENTATIVE: Final = 0.667
RELIABLE: Final = 0.800
_THRESHOLDS: Final = {"p_below_667": TENTATIVE, "p_below_800": RELIABLE}


@dataclass(frozen=True)
class Resampled:
    """Sums over respondents for one or more codes, codes x sums last: of all, of each draw, and without each respondent."""

    whole: Numbers
    drawn: Numbers
    left_out: Numbers


def check_options(interval: str, resamples: int) -> None:
    """Raise a TableError unless there is such an interval, and at least one draw."""
    if interval not in INTERVALS:
        expected, remedy = f"one of {', '.join(INTERVALS)}", "'t' covers best; see docs/agreement.md."
        raise TableError(Problem("agreement", "interval", repr(interval), expected, remedy))
    if resamples < 1:
        raise TableError(Problem("agreement", "resamples", str(resamples), "at least 1", "2000 is usual."))


def chosen_coefficients(wanted: str | list[str] | tuple[str, ...], coders: int, scale: Scale) -> tuple[str, ...]:
    """The coefficients asked for; "all" are those that fit so many coders and such a scale.

    Raises
    ------
    TableError
        If one is unknown.
    """
    if wanted == "all":
        return applicable(coders, scale)
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    for name in names:
        if name not in COEFFICIENTS:
            expected = f"'all', or one or more of {', '.join(COEFFICIENTS)}"
            raise TableError(Problem("agreement", "coefficient", repr(name), expected, "'alpha' is usual."))
    return names


def resample(sums: Numbers, resamples: int, random_state: int) -> Resampled:
    """The sums (respondents x codes x sums) drawn anew; the same draws serve all codes and coefficients."""
    whole = sums.sum(axis=0)
    return Resampled(whole, draw_sums(sums, resamples, random_state), whole - sums)


def estimate(
    evaluate: Callable[[Numbers], Numbers], resampled: Resampled, *, interval: str, carriers: Numbers
) -> list[dict[str, float]]:
    """For each code `estimate`, `low`, `high`, `p_below_667`, `p_below_800` and `undefined`, the share of draws without a value.

    `evaluate` is the coefficient as a function of sums, whose last axis it takes away. `carriers` says for each code how many
    respondents it varies with, which is what Student's t is sure of.
    """
    whole, drawn, left_out = (evaluate(part) for part in (resampled.whole, resampled.drawn, resampled.left_out))
    rows = []
    for k, value in enumerate(whole):
        undefined = np.isnan(drawn[:, k])
        spread = Spread(float(value), drawn[~undefined, k], left_out[:, k], int(carriers[k]))
        low, high = ends_of_interval(interval, spread)
        row = {"estimate": spread.whole, "low": low, "high": high, "undefined": float(undefined.mean())}
        sure = not np.isnan(low)
        below = {column: share_below(bound, interval, spread) if sure else np.nan for column, bound in _THRESHOLDS.items()}
        rows.append(row | below)
    return rows
