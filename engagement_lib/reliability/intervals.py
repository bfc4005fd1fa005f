"""How sure a coefficient is: from leaving respondents out one by one (Student's t), or drawing them anew (percentile, BCa)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import t as student

from engagement_lib.reliability.weights import Numbers

Interval = Literal["t", "percentile", "bca"]

INTERVALS: Final[tuple[Interval, ...]] = get_args(Interval)
_AT_ONCE: Final = 2_000_000
_ENDS: Final = np.array([0.025, 0.975])
_NO_ENDS: Final = (float("nan"), float("nan"))


def draw_sums(sums: Numbers, resamples: int, random_state: int) -> Numbers:
    """The sums of each draw, draws x further axes: as many respondents as there are, with replacement.

    Parameters
    ----------
    sums
        Respondents x further axes.

    Examples
    --------
    >>> draw_sums(np.array([[1.0], [1.0], [1.0]]), 2, 0).tolist()
    [[3.0], [3.0]]
    """
    many = len(sums)
    flat = sums.reshape(many, int(np.prod(sums.shape[1:])))
    generator = np.random.default_rng(random_state)
    drawn = [np.zeros((0, flat.shape[1]))]
    at_once = max(_AT_ONCE // max(many, 1), 1)
    for begin in range(0, resamples, at_once):
        rows = min(at_once, resamples - begin)
        chosen = generator.integers(0, max(many, 1), size=(rows, many)) + np.arange(rows)[:, np.newaxis] * many
        times = np.bincount(chosen.ravel(), minlength=rows * many).reshape(rows, many)
        drawn.append(times.astype(np.float64) @ flat)
    return np.concatenate(drawn).reshape(resamples, *sums.shape[1:])


@dataclass(frozen=True)
class Spread:
    """An estimate, how it comes out elsewhere, and what that varies with.

    `whole` is the estimate; `drawn` those of the draws in which it is defined; `left_out` the estimate without each respondent
    in turn; `carriers` how many respondents it varies with, one more than the degrees of freedom.
    """

    whole: float
    drawn: Numbers
    left_out: Numbers
    carriers: int


def ends_of_interval(kind: str, spread: Spread) -> tuple[float, float]:
    """The lower and upper end of the 95% interval; NaN twice where it cannot be had.

    Parameters
    ----------
    kind
        One of `INTERVALS`. "t" is Student's t on the logarithm of 1 - estimate, with the jackknife's standard error over
        respondents, so that no end lies above 1 (one below -1 is given as -1); "percentile" and "bca" are taken from the draws.

    Notes
    -----
    BCa: Efron, B. (1987), *Better bootstrap confidence intervals*, JASA 82, 171-185; ties count half. Jackknife of a ratio of
    sums: Shao, J. and Tu, D. (1995), *The jackknife and bootstrap*, chapter 2.
    """
    if kind == "t":
        error = _jackknife_error(spread)
        if np.isnan(error):
            return _NO_ENDS
        reach = student.ppf(_ENDS[1], spread.carriers - 1) * error
        low, high = 1 - (1 - spread.whole) * np.exp([reach, -reach])
        return max(float(low), -1.0), float(high)
    if len(spread.drawn) == 0 or np.ptp(spread.drawn) == 0:
        return _NO_ENDS
    shares = _ENDS if kind == "percentile" else _shares_of_bca(spread)
    low, high = _NO_ENDS if np.isnan(shares).any() else np.quantile(spread.drawn, shares)
    return float(low), float(high)


def share_below(bound: float, kind: str, spread: Spread) -> float:
    """How probable it is that the coefficient lies below a bound: by Student's t, or the share of draws that do."""
    if kind == "t":
        beyond = np.log1p(-spread.whole) - np.log1p(-bound)
        return float(student.cdf(beyond / _jackknife_error(spread), spread.carriers - 1))
    return float((spread.drawn < bound).mean())


def _jackknife_error(spread: Spread) -> float:
    """The standard error of log(1 - estimate); NaN where leaving somebody out leaves nothing to estimate, or no disagreement."""
    estimates = np.append(spread.left_out, spread.whole)
    if spread.carriers < 2 or np.isnan(estimates).any() or estimates.max() >= 1:
        return float("nan")
    logs = np.log1p(-spread.left_out)
    many = len(logs)
    return float(np.sqrt((many - 1) / many * ((logs - logs.mean()) ** 2).sum())) or float("nan")


def _shares_of_bca(spread: Spread) -> Numbers:
    """Which shares of the draws BCa takes for its ends, in place of 2.5% and 97.5%."""
    below = ((spread.drawn < spread.whole).mean() + (spread.drawn <= spread.whole).mean()) / 2
    pulls = spread.left_out.mean() - spread.left_out
    power = float((pulls**2).sum() ** 1.5)
    if not 0 < below < 1 or not power > 0:
        return np.full(2, np.nan)
    bias, acceleration = ndtri(below), (pulls**3).sum() / (6 * power)
    moved = bias + ndtri(_ENDS)
    shares: Numbers = ndtr(bias + moved / (1 - acceleration * moved))
    return shares
