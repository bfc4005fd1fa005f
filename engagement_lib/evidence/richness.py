"""How many codes there are in all, seen and not yet seen, from how many respondents hold each of those seen.

The letters are those of the papers: T respondents, S codes seen, Q₁ and Q₂ codes seen in exactly one and two respondents, and U
mentions, a mention being one code in one respondent. `counts` holds for each code how many respondents have it, be it none.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.95
_Z: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
ENDS: Final = (100 * (1 - CONFIDENCE) / 2, 100 * (1 + CONFIDENCE) / 2)


def tally(counts: npt.ArrayLike) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """S, Q₁, Q₂ and U of the counts, along their last axis.

    Examples
    --------
    >>> [int(number) for number in tally([3, 2, 1, 1, 0])]
    [4, 2, 1, 7]
    """
    y = np.asarray(counts, dtype=np.float64)
    parts = ((y > 0), (y == 1), (y == 2))
    seen, once, twice = (part.sum(axis=-1, dtype=np.float64) for part in parts)
    return seen, once, twice, y.sum(axis=-1)


def unseen_codes(once: npt.ArrayLike, twice: npt.ArrayLike, respondents: int) -> Numbers:
    """How many codes are estimated to be out there and not yet seen (Q̂₀); at least so many, since the estimate is a lower bound.

    Notes
    -----
    ``Q̂₀ = (T-1)/T · Q₁²/(2Q₂)``, and ``(T-1)/T · Q₁(Q₁-1)/2`` where Q₂ = 0: Chao, A. (1987), Biometrics 43, 783-791, in the form
    of Chao, A. et al. (2014), Ecological Monographs 84, 45-67. Chao1 is the same with individuals for respondents.

    Examples
    --------
    >>> round(float(unseen_codes(13, 4, 200)), 3)
    21.019
    """
    q_1, q_2 = np.asarray(once, dtype=np.float64), np.asarray(twice, dtype=np.float64)
    quotient = np.divide(q_1**2, 2 * q_2, out=np.array(q_1 * np.maximum(q_1 - 1, 0) / 2), where=q_2 > 0)
    return np.asarray((respondents - 1) / respondents * quotient)


def new_codes(once: npt.ArrayLike, twice: npt.ArrayLike, respondents: int, ahead: npt.ArrayLike) -> Numbers:
    """How many codes that many more respondents are expected to add; not to be trusted beyond double the sample.

    Notes
    -----
    ``Q̂₀ [1 - A^t*]`` with ``A = 1 - Q₁ / (T Q̂₀ + Q₁)``: Chao et al. (2014), as above.

    Examples
    --------
    >>> round(float(new_codes(3, 8, 12, 5)), 4)
    0.4442
    """
    q_0 = unseen_codes(once, twice, respondents)
    return np.asarray(q_0 * (1 - _shrinkage(once, twice, respondents) ** np.asarray(ahead, dtype=np.float64)))


def coverage(counts: npt.ArrayLike, respondents: int, *, ahead: npt.ArrayLike = 0) -> Numbers:
    """The share of all mentions to come that carry a code seen already, now or after so many more respondents; NaN where unknown.

    Notes
    -----
    ``Ĉ = 1 - (Q₁/U) A^(t*+1)`` with A as in `new_codes`: Chao, A. and Jost, L. (2012), Ecology 93, 2533-2547, after Good and
    Turing. With one respondent, or nothing coded, nothing can be said.

    Examples
    --------
    >>> round(float(coverage([80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1], 200)), 4)
    0.9964
    """
    _, q_1, q_2, u = tally(counts)
    exponent = np.asarray(ahead, dtype=np.float64) + 1
    if respondents < 2 or u == 0:
        return np.full(exponent.shape, np.nan)
    return np.asarray(1 - q_1 / u * _shrinkage(q_1, q_2, respondents) ** exponent)


def chao2_interval(counts: npt.ArrayLike, respondents: int, drawn: npt.ArrayLike) -> tuple[float, float]:
    """The 95% interval of the number of codes in all (Chao2), never below the number seen.

    `drawn` are samples as `draw_counts` makes them. They are used where the formula for the variance fails.

    Notes
    -----
    ``S + Q̂₀/K`` to ``S + Q̂₀·K`` with ``K = exp(z √ln(1 + var/Q̂₀²))`` (Chao 1987). Where Q₂ = 0 the variance is that of the draws;
    where nothing unseen is estimated, the interval goes from S to the upper end of the draws.

    Examples
    --------
    >>> low, high = chao2_interval([80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1], 200, np.empty((0, 14)))
    >>> round(low, 3), round(high, 3)
    (14.013, 18.716)
    """
    s, q_1, q_2, _ = (float(part) for part in tally(counts))
    q_0 = float(unseen_codes(q_1, q_2, respondents))
    if q_2 > 0 and q_1 > 0:
        variance = chao2_variance(q_1, q_2, respondents)
    else:
        seen, once, twice, _ = tally(drawn)
        richness = seen + unseen_codes(once, twice, respondents)
        if q_0 == 0:
            return s, max(s, float(np.percentile(richness, ENDS[1])))
        variance = float(richness.var(ddof=1))
    k = float(np.exp(_Z * np.sqrt(np.log1p(variance / q_0**2))))
    return s + q_0 / k, s + q_0 * k


def chao2_variance(once: float, twice: float, respondents: int) -> float:
    """The variance of Chao2 where some codes are seen in exactly two respondents.

    Notes
    -----
    ``Q₂ [ (A/2) r² + A² r³ + (A²/4) r⁴ ]`` with ``A = (T-1)/T`` and ``r = Q₁/Q₂``: Chao (1987).

    Examples
    --------
    >>> round(chao2_variance(13, 4, 200) ** 0.5, 3)
    16.353
    """
    a, r = (respondents - 1) / respondents, once / twice
    return twice * (a / 2 * r**2 + a**2 * r**3 + a**2 / 4 * r**4)


def rarefy(counts: npt.ArrayLike, respondents: int) -> Numbers:
    """How many codes t of the respondents are expected to show, for t = 0, 1, ... T: the mean over all orders of them.

    Notes
    -----
    ``S(t) = S - Σ_j C(T-Y_j, t) / C(T, t)``: Colwell, R. K. et al. (2012), Journal of Plant Ecology 5, 3-21.

    Examples
    --------
    >>> rarefy([3, 1], 3).round(2).tolist()
    [0.0, 1.33, 1.67, 2.0]
    """
    y = _positive(counts)
    return np.asarray((1 - _missed(y, respondents, respondents, respondents)).sum(axis=1))


def rarefied_coverage(counts: npt.ArrayLike, respondents: int) -> Numbers:
    """The coverage that t of the respondents are expected to reach, for t = 0, 1, ... T; all NaN where it is unknown.

    Notes
    -----
    ``Ĉ(t) = 1 - Σ_j (Y_j/U) C(T-Y_j, t) / C(T-1, t)`` below T (Chao and Jost 2012), and the estimate of `coverage` at T.

    Examples
    --------
    >>> rarefied_coverage([80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1], 200)[[1, 100, 200]].round(7).tolist()
    [0.2264459, 0.9840431, 0.9963827]
    """
    y = _positive(counts)
    whole = coverage(y, respondents)
    if np.isnan(whole):
        return np.full(respondents + 1, np.nan)
    below = 1 - _missed(y, respondents, respondents - 1, respondents - 1) @ (y / y.sum())
    return np.append(below, whole)


def richness_at(counts: npt.ArrayLike, respondents: int, wanted: float) -> float:
    """How many codes as many respondents show as it takes to reach this coverage, at most all; NaN where coverage is unknown.

    Notes
    -----
    Coverage-based rarefaction (Chao and Jost 2012); between two numbers of respondents the line between their values is taken.

    Examples
    --------
    >>> round(richness_at([80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1], 200, 0.985), 3)
    12.91
    """
    reached = rarefied_coverage(counts, respondents)
    if np.isnan(reached).any():
        return float("nan")
    return float(np.interp(wanted, reached, rarefy(counts, respondents)))


def draw_counts(counts: npt.ArrayLike, respondents: int, *, draws: int, random_state: int) -> npt.NDArray[np.int64]:
    """What T other respondents might have said: draws x codes, the unseen ones that are estimated among them.

    Drawing the respondents themselves anew would not do: a draw can never show a code that nobody has, and repeats those who
    hold a rare one, so that it finds fewer rare codes than there are, and the interval lies too low.

    Notes
    -----
    Each code seen is held with the probability ``(Y/T) [1 - λ (1 - Y/T)^T]``, and the ⌈Q̂₀⌉ unseen ones share ``(Q₁/T) A``, which
    is what this takes away: the bootstrap of Chao et al. (2014).

    Examples
    --------
    >>> draw_counts([3, 1, 1], 3, draws=1000, random_state=0).shape
    (1000, 4)
    """
    # The draws must not depend on the order in which the codes stand.
    y, t = np.sort(_positive(counts))[::-1], respondents
    _, q_1, q_2, _ = tally(y)
    q_0 = float(unseen_codes(q_1, q_2, t))
    chances = y / t
    if q_0 > 0:
        uncovered = float(q_1 / t * _shrinkage(q_1, q_2, t))
        absent = (1 - chances) ** t
        chances = chances * (1 - uncovered / (chances * absent).sum() * absent)
        unseen = int(np.ceil(q_0))
        chances = np.append(chances, np.full(unseen, uncovered / unseen))
    generator = np.random.default_rng(random_state)
    return generator.binomial(t, np.clip(chances, 0, 1), size=(draws, len(chances)))


def _shrinkage(once: npt.ArrayLike, twice: npt.ArrayLike, respondents: int) -> Numbers:
    """A: by what factor each further respondent makes the number of codes still unseen smaller; 0 where none is estimated."""
    q_0, q_1 = unseen_codes(once, twice, respondents), np.asarray(once, dtype=np.float64)
    return np.divide(respondents * q_0, respondents * q_0 + q_1, out=np.zeros_like(q_0), where=q_0 > 0)


def _positive(counts: npt.ArrayLike) -> Numbers:
    y = np.asarray(counts, dtype=np.float64)
    return y[y > 0]


def _missed(y: Numbers, respondents: int, whole: int, largest: int) -> Numbers:
    """``C(T-Y, t) / C(whole, t)`` for t = 0 ... `largest`: one row a t, one column a code."""
    steps = np.arange(largest, dtype=np.float64)[:, np.newaxis]
    # As a running product nothing overflows, and a code that cannot be missed is at 0 exactly.
    factors = np.maximum(respondents - y - steps, 0) / (whole - steps)
    return np.vstack([np.ones((1, len(y))), np.cumprod(factors, axis=0)])
