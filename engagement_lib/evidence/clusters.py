"""Shares of what hangs together by respondent: intervals that draw respondents anew, design effects, effective bases."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_Z: Final = NormalDist().inv_cdf(0.975)


class Spread(NamedTuple):
    """Of each code: a share or rate, its percentile interval, its design effect, and Wilson's interval on the effective base."""

    share: Numbers
    low: Numbers
    high: Numbers
    design_effect: Numbers
    effective_base: Numbers
    wilson_low: Numbers
    wilson_high: Numbers


def resampled_interval(parts: Numbers, wholes: Numbers, *, resamples: int, random_state: int) -> tuple[Numbers, Numbers]:
    """The 95% percentile interval of each column's sum over the sum of the wholes, respondents drawn anew with replacement.

    Parameters
    ----------
    parts
        Respondents x codes: what each respondent has of each code.
    wholes
        Of each respondent, out of how much; above 0.

    Notes
    -----
    A cluster bootstrap: Davison, A. C. and Hinkley, D. V. (1997), *Bootstrap methods and their application*, section 3.8. One
    draw weights respondents multinomially, and serves all codes.

    Examples
    --------
    >>> low, high = resampled_interval(np.array([[4.0], [0.0]]), np.array([5.0, 5.0]), resamples=200, random_state=0)
    >>> low.tolist(), high.tolist()
    ([0.0], [0.8])
    """
    people = len(wholes)
    drawn = np.random.default_rng(random_state).multinomial(people, np.full(people, 1 / people), size=resamples)
    low, high = np.percentile(drawn @ parts / (drawn @ wholes)[:, np.newaxis], [2.5, 97.5], axis=0)
    return low, high


def spread_by_respondent(hits: Numbers, sizes: Numbers, *, resamples: int, random_state: int) -> Spread:
    """How sure the share of segments with each code is, when segments of one respondent hang together.

    Parameters
    ----------
    hits
        Respondents x codes: the segments that have the code.
    sizes
        The segments of each respondent, of whom there are at least two.

    Notes
    -----
    With y_i of m_i segments of respondent i, M their sum and p = sum(y_i) / M over G respondents, the variance of p is
    ``G / (G - 1) * sum((y_i - p m_i)^2) / M^2``; the design effect is this over ``p (1 - p) / M`` (Kish 1965, *Survey sampling*),
    and the effective base ``M / design effect``, never more than M. Wilson's interval on it has the 97.5% point of Student's t
    with G - 1 degrees of freedom for z, which comes to the same as the adjustment of Korn and Graubard (1998), Survey
    Methodology 24, 193-201. Where p is 0 or 1 nothing varies: each respondent then counts as one segment.

    Examples
    --------
    >>> spread = spread_by_respondent(np.array([[4.0], [0.0]]), np.array([5.0, 5.0]), resamples=200, random_state=0)
    >>> spread.share.tolist(), spread.design_effect.round(2).tolist()
    ([0.4], [6.67])
    """
    people, base = len(sizes), sizes.sum()
    share = hits.sum(axis=0) / base
    varies = (share > 0) & (share < 1)
    variance = people / (people - 1) * ((hits - share * sizes[:, np.newaxis]) ** 2).sum(axis=0) / base**2
    alone = np.where(varies, share * (1 - share) / base, np.nan)
    effect = variance / alone
    # A code that everybody has to the same degree has a design effect of 0; no base is larger than itself.
    effective = np.where(varies, base / np.maximum(effect, 1), people)
    wilson_low, wilson_high = score_interval(share, effective, quantile=_student(people - 1))
    low, high = resampled_interval(hits, sizes, resamples=resamples, random_state=random_state)
    low, high = np.where(varies, low, wilson_low), np.where(varies, high, wilson_high)
    return Spread(share, low, high, effect, effective, wilson_low, wilson_high)


def score_interval(share: Numbers, base: Numbers, *, quantile: float = _Z) -> tuple[Numbers, Numbers]:
    """Wilson's interval for shares of bases that need not be whole numbers.

    Examples
    --------
    >>> low, high = score_interval(np.array([15 / 148]), np.array([148.0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0624], [0.1605])
    """
    weight = quantile**2 / base
    half = np.sqrt(weight * share * (1 - share) + weight**2 / 4)
    low, high = (share + weight / 2 - half) / (1 + weight), (share + weight / 2 + half) / (1 + weight)
    return np.where(share == 0, 0.0, low), np.where(share == 1, 1.0, high)


def _student(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))
