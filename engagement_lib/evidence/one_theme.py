"""Studies in which a theme is one: how much each respondent says of it and how common each code is, and nothing else."""

from __future__ import annotations

from typing import Final

import numpy as np

from engagement_lib.evidence.association import Numbers, Places
from engagement_lib.evidence.framed import Flags

_ROUNDS: Final = 1000
_NEAR: Final = 1e-10


def fit_popularity(held: Flags) -> Numbers:
    """How common each code is in people who have as many codes as these have: weights of which only the ratios matter.

    A code that nobody has weighs nothing.

    Notes
    -----
    The conditional likelihood of Rasch's model is largest where each code is expected as often as it comes; this is reached by
    raising and lowering the weights in proportion: Andersen, E. B. (1972), Journal of the Royal Statistical Society B 34, 42-54.

    Examples
    --------
    >>> fit_popularity(np.array([[True, False], [True, False], [False, True]])).round(3).tolist()
    [1.333, 0.667]
    """
    codes = held.shape[1]
    amounts = held.sum(axis=1)
    # Who has none of the codes, or all, says nothing of which are the more common.
    telling = (amounts > 0) & (amounts < codes)
    many = np.bincount(amounts[telling], minlength=codes + 1).astype(np.float64)
    wanted = held[telling].sum(axis=0).astype(np.float64)
    weights = wanted / max(wanted.mean(), 1.0) if wanted.any() else np.ones(codes)
    for _ in range(_ROUNDS):
        expected = _expect(weights, many)
        ratio = np.divide(wanted, expected, out=np.ones(codes), where=expected > 0)
        weights = weights * ratio
        weights /= weights.mean()
        if np.abs(ratio - 1).max() < _NEAR:
            break
    return np.asarray(weights)


def draw_one_theme(weights: Numbers, amounts: Places, generator: np.random.Generator) -> Flags:
    """Respondents x codes: for each respondent as many codes as `amounts` says, the weightier ones more often.

    Notes
    -----
    Each set of r codes is drawn in proportion to the product of its weights, code by code: ``P(code j | r left) = w_j e_(r-1)(w
    after j) / e_r(w from j on)``, with e_r the elementary symmetric function of degree r: Chen, S. X., Dempster, A. P. and
    Liu, J. S. (1994), Biometrika 81, 457-469.

    Examples
    --------
    >>> draw_one_theme(np.array([1.0, 1.0, 0.0]), np.array([2, 0]), np.random.default_rng(0)).tolist()
    [[True, True, False], [False, False, False]]
    """
    codes = len(weights)
    sums = [symmetric_sums(weights[at:], codes) for at in range(codes + 1)]
    left = amounts.astype(np.int64)
    drawn: Flags = np.zeros((len(amounts), codes), dtype=bool)
    for at in range(codes):
        whole = sums[at][left]
        taken = weights[at] * np.where(left > 0, sums[at + 1][left - 1], 0.0)
        # Where codes that weigh nothing are all that is left, they must be taken all the same.
        chance = np.where(whole > 0, taken / np.where(whole > 0, whole, 1), left >= codes - at)
        drawn[:, at] = generator.random(len(amounts)) < chance
        left = left - drawn[:, at]
    return drawn


def symmetric_sums(weights: Numbers, degree: int) -> Numbers:
    """The elementary symmetric functions of the weights, from degree 0 on: sums of the products of so many of them.

    Examples
    --------
    >>> symmetric_sums(np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 6.0, 11.0, 6.0, 0.0]
    """
    sums = np.zeros(degree + 1)
    sums[0] = 1
    for weight in weights:
        sums[1:] = sums[1:] + weight * sums[:-1]
    return sums


def _expect(weights: Numbers, many: Numbers) -> Numbers:
    """How often each code is expected, where `many` respondents have 0, 1, 2 … codes."""
    codes = len(weights)
    whole = symmetric_sums(weights, codes)
    expected = np.zeros(codes)
    for at in range(codes):
        others = symmetric_sums(np.delete(weights, at), codes)
        share = np.divide(weights[at] * others[:-1], whole[1:], out=np.zeros(codes), where=whole[1:] > 0)
        expected[at] = (many[1:] * share).sum()
    return expected
