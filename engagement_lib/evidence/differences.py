"""Differences between two shares: their interval, odds ratios, permutation of labels, and what the bases could have shown."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.prevalence import wilson_interval

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
# Permutations that are held in memory at once.
_AT_ONCE: Final = 2000
_NEAR: Final = 1e-9


def newcombe_interval(first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95) -> tuple[float, float]:
    """The lower and upper end of Newcombe's hybrid score interval for the first share less the second, each (count, base).

    NaN twice where a base is 0.

    Raises
    ------
    TableError
        If a count is below 0 or above its base, or the confidence not between 0 and 1.

    Notes
    -----
    With Wilson's (l_i, u_i) for p_i: ``p1 - p2 - √((p1 - l1)² + (u2 - p2)²)`` to ``p1 - p2 + √((u1 - p1)² + (p2 - l2)²)``: method
    10 in Newcombe, R. G. (1998), *Interval estimation for the difference between independent proportions: comparison of eleven
    methods*, Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> low, high = newcombe_interval((56, 70), (48, 80))
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    (l_1, u_1), (l_2, u_2) = wilson_interval(*first, confidence=confidence), wilson_interval(*second, confidence=confidence)
    if not first[1] or not second[1]:
        return float("nan"), float("nan")
    p_1, p_2 = first[0] / first[1], second[0] / second[1]
    below = ((p_1 - l_1) ** 2 + (u_2 - p_2) ** 2) ** 0.5
    above = ((u_1 - p_1) ** 2 + (p_2 - l_2) ** 2) ** 0.5
    return p_1 - p_2 - below, p_1 - p_2 + above


def conditional_odds_ratio(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float, float]:
    """The odds ratio of two shares, each (count, base), given the margins, and the ends of its exact 95% interval.

    NaN three times where a base is 0, or nobody or everybody is counted, since any ratio is then as good as another.

    Notes
    -----
    The conditional maximum likelihood estimate of Fisher's noncentral hypergeometric distribution and the exact interval by its
    tails (Cornfield 1956), as `scipy.stats.contingency.odds_ratio` has them.

    Examples
    --------
    >>> [round(number, 3) for number in conditional_odds_ratio((3, 4), (1, 4))]
    [6.408, 0.212, 626.244]
    """
    from scipy.stats.contingency import odds_ratio

    (a, m), (b, n) = first, second
    if not m or not n or a + b in (0, m + n):
        return (float("nan"),) * 3
    found = odds_ratio([[a, m - a], [b, n - b]], kind="conditional")
    ends = found.confidence_interval(0.95)
    return float(found.statistic), float(ends.low), float(ends.high)


def difference_within(holds: Flags, first: Flags, strata: Places) -> tuple[Numbers, int]:
    """Of each code, the difference of the two groups' shares within strata, and how many respondents it rests on.

    Parameters
    ----------
    holds
        Respondents x codes: whether they have the code.
    first
        Whether each respondent is of the first group; the others are of the second.
    strata
        The stratum of each, counted from 0.

    Notes
    -----
    ``sum_s w_s (p_1s - p_2s) / sum_s w_s`` with ``w_s = n_1s n_2s / n_s``: Mantel and Haenszel's weights, as in Greenland, S. and
    Robins, J. M. (1985), Biometrics 41, 55-68. A stratum in which only one group is has no weight. NaN where none has.

    Examples
    --------
    >>> holds, first = np.array([[True], [False], [False], [True]]), np.array([True, False, True, False])
    >>> difference_within(holds, first, np.array([0, 0, 0, 1]))[0].round(3).tolist()
    [0.5]
    """
    n_1, n = np.bincount(strata, weights=first), np.bincount(strata)
    weight = n_1 * (n - n_1) / np.maximum(n, 1)
    both = weight > 0
    excess = holds[first].sum(axis=0) - _expected(holds, first, strata)
    nothing = np.full(holds.shape[1], np.nan)
    return excess / weight.sum() if both.any() else nothing, int(n[both].sum())


def permutation_p(
    holds: Flags, first: Flags, strata: Places, *, resamples: int, random_state: int | np.random.Generator
) -> Numbers:
    """Of each code, how often permuted labels of the groups give a difference within strata as large as theirs, or larger.

    Parameters
    ----------
    holds, first, strata
        As in `difference_within`.
    resamples
        How often the labels are permuted between the respondents of each stratum; the same permutations serve all codes.
    random_state
        A seed, or a generator.

    Notes
    -----
    ``(b + 1) / (m + 1)`` with b of the m permutations as far as the data, or farther, from what is expected, on either side:
    Phipson, B. and Smyth, G. K. (2010), *Permutation P-values should never be zero*, Statistical Applications in Genetics and
    Molecular Biology 9, 39. Rows are put in an order of their own first, so that it does not matter in which they come.

    Examples
    --------
    >>> holds = np.array([[True]] * 8 + [[False]] * 8)
    >>> permutation_p(holds, np.arange(16) < 8, np.zeros(16, dtype=np.int64), resamples=999, random_state=0).tolist()
    [0.001]
    """
    if resamples < 1:
        raise TableError(Problem("compare_groups", "resamples", str(resamples), "at least 1", "9999 is usual."))
    order = np.lexsort((*holds.T[::-1], first, strata))
    holds, first, strata = holds[order], first[order], strata[order]
    # Whole numbers below 2 ** 24 are exact in single precision, which multiplies twice as fast.
    has, expected = holds.astype(np.float32), _expected(holds, first, strata)
    limit = np.abs(holds[first].sum(axis=0) - expected) - _NEAR
    generator = np.random.default_rng(random_state)
    ends = np.append(np.flatnonzero(np.diff(strata)) + 1, len(strata))
    found = np.zeros(holds.shape[1], dtype=np.int64)
    for done in range(0, resamples, _AT_ONCE):
        labels = np.tile(first.astype(np.float32), (min(_AT_ONCE, resamples - done), 1))
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            generator.permuted(labels[:, start:end], axis=1, out=labels[:, start:end])
        found += (np.abs(labels @ has - expected) >= limit).sum(axis=0)
    return (found + 1) / (resamples + 1)


def adjust_p(values: Numbers) -> Numbers:
    """The p-values adjusted for their number, so that those below alpha hold in expectation at most a share alpha of false ones.

    NaN stays NaN, and is not of the family.

    Notes
    -----
    ``min over j >= i of (m / j) p_(j)``, at most 1: Benjamini, Y. and Hochberg, Y. (1995), *Controlling the false discovery
    rate: a practical and powerful approach to multiple testing*, Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> adjust_p(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(-values[known], kind="stable")]
    adjusted = np.full(len(values), np.nan)
    ranks = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(values[order] * (len(order) / ranks)), 1) if len(order) else []
    return adjusted


def smallest_difference(share: Numbers, first: int, second: int, *, power: float = 0.8) -> Numbers:
    """The smallest difference that groups of these sizes would show with this power, from each share on; NaN where none would do.

    Notes
    -----
    One group is taken to lie at the share (or at 1 less the share, whichever is below a half), the other above it by d. A
    two-sided test of two proportions at 5% finds d with the power at which ``d = z_.975 √(p̄ q̄ (1/m + 1/n)) + z_power √(p1 q1 / m
    + p2 q2 / n)``: Fleiss, J. L., Levin, B. and Paik, M. C. (2003), *Statistical methods for rates and proportions*, chapter 4,
    without the correction for continuity. Solved by bisection; of the two groups the one is taken above for which d is larger.

    Examples
    --------
    >>> smallest_difference(np.array([0.1, 0.3, 0.5]), 45, 55).round(2).tolist()
    [0.23, 0.28, 0.27]
    """
    if not first or not second:
        return np.full(len(share), np.nan)
    start = np.minimum(share, 1 - share)
    found = np.stack([_bisect(start, m, n, power) for m, n in ((first, second), (second, first))])
    return np.asarray(found.max(axis=0), dtype=np.float64)


def _bisect(start: Numbers, upper: int, lower: int, power: float) -> Numbers:
    z, z_power = (NormalDist().inv_cdf(point) for point in (0.975, power))

    def missing(d: Numbers) -> Numbers:
        high = start + d
        pooled = (upper * high + lower * start) / (upper + lower)
        by_chance = np.sqrt(pooled * (1 - pooled) * (1 / upper + 1 / lower))
        if_so = np.sqrt(np.maximum(high * (1 - high), 0) / upper + start * (1 - start) / lower)
        return np.asarray(z * by_chance + z_power * if_so - d, dtype=np.float64)

    below, above = np.zeros_like(start), 1 - start
    hopeless = missing(above) > 0
    for _ in range(60):
        middle = (below + above) / 2
        enough = missing(middle) <= 0
        below, above = np.where(enough, below, middle), np.where(enough, middle, above)
    return np.where(hopeless, np.nan, above)


def _expected(holds: Flags, first: Flags, strata: Places) -> Numbers:
    """How many of the first group would have each code if its share were that of its stratum, in every stratum."""
    n_1, n = np.bincount(strata, weights=first), np.bincount(strata)
    by_stratum = np.zeros((len(n), holds.shape[1]))
    np.add.at(by_stratum, strata, holds)
    return np.asarray((n_1 / np.maximum(n, 1)) @ by_stratum, dtype=np.float64)
