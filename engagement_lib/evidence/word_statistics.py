"""How strongly a word marks one of two groups, how evenly it is spread, and what chance makes of it among whole respondents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
# Permutations that are held in memory at once.
_AT_ONCE: Final = 250
_NEAR: Final = 1e-9


def log_odds(
    first: tuple[Numbers, Numbers], second: tuple[Numbers, Numbers], prior: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """The log-odds ratio of each word between two groups with an informative Dirichlet prior, and its z.

    Parameters
    ----------
    first, second
        The uses of each word in the group, and of all words.
    prior
        The same of what is added to either group.

    Notes
    -----
    ``d = log[(y1 + a) / (n1 + a_0 - y1 - a)] - log[(y2 + a) / (n2 + a_0 - y2 - a)]``, ``z = d / sqrt(1 / (y1 + a) + 1 / (y2 +
    a))``: Monroe, B. L., Colaresi, M. P. and Quinn, K. M. (2008), Political Analysis 16, 372-403.

    Examples
    --------
    >>> nine, four, one, ten, hundred = (np.array([number]) for number in (9.0, 4.0, 1.0, 10.0, 100.0))
    >>> d, z = log_odds((nine, hundred), (four, hundred), (one, ten))
    >>> d.round(3).tolist(), z.round(3).tolist()
    ([0.742], [1.355])
    """
    a, a_0 = prior
    d_1, d_2 = (np.log(y + a) - np.log(n + a_0 - y - a) for y, n in (first, second))
    return d_1 - d_2, (d_1 - d_2) / np.sqrt(1 / (first[0] + a) + 1 / (second[0] + a))


def dispersion(uses: npt.ArrayLike, words: npt.ArrayLike) -> Numbers:
    """Gries' DP of each word: how unevenly its uses, parts x words, are spread over parts of so many words. NaN without a use.

    Notes
    -----
    ``DP = 1/2 sum_i |v_i - s_i|`` with v_i the part's share of the uses and s_i its share of all words: Gries, S. Th. (2008),
    International Journal of Corpus Linguistics 13, 403-437.

    Examples
    --------
    >>> dispersion([[1], [2], [3], [4], [5]], [9, 10, 10, 10, 11]).round(2).tolist()
    [0.18]
    """
    used, said = np.asarray(uses, dtype=np.float64), np.asarray(words, dtype=np.float64)
    total = used.sum(axis=0)
    shares = np.divide(used, total, out=np.full_like(used, np.nan), where=total > 0)
    return np.asarray(np.abs(shares - (said / said.sum())[:, np.newaxis]).sum(axis=0) / 2, dtype=np.float64)


@dataclass(frozen=True)
class WordOdds:
    """The log-odds of words for any way to put respondents into two groups.

    `capped` are the uses that count, respondents x words; `totals` those of all phrases of one, two … words; `lengths` which of
    these each word belongs to; `prior` how many respondents who speak as all do together are added to each group.
    """

    capped: Numbers
    totals: Numbers
    lengths: Places
    prior: float

    def of(self, labels: Numbers) -> tuple[Numbers, Numbers]:
        """The log-odds and z of each word for each row of labels, 1 for the first group and 0 for the second."""
        y, n = self.capped.sum(axis=0), self.totals.sum(axis=0)[self.lengths]
        y_1, n_1 = labels @ self.capped, (labels @ self.totals)[:, self.lengths]
        each = self.prior / len(self.capped)
        return log_odds((y_1, n_1), (y - y_1, n - n_1), (each * y, each * n))


def compared_within(first: Flags, strata: Places) -> int:
    """How many respondents are in strata in which both groups are.

    Examples
    --------
    >>> compared_within(np.array([True, False, True]), np.array([0, 0, 1]))
    2
    """
    many, firsts = np.bincount(strata), np.bincount(strata, weights=first)
    return int(many[(firsts > 0) & (firsts < many)].sum())


def permuted_p(
    odds: WordOdds, first: Flags, strata: Places, *, resamples: int, random_state: int | np.random.Generator
) -> Numbers:
    """Of each word, how often labels permuted within strata give log-odds as far out as those found, or farther.

    Twice the share on the nearer side, at most 1. Whoever belongs to the first group is exchanged whole, with all that they say.

    Notes
    -----
    Each side is ``(b + 1) / (m + 1)``: Phipson, B. and Smyth, G. K. (2010), *Permutation P-values should never be zero*,
    Statistical Applications in Genetics and Molecular Biology 9, 39.

    Examples
    --------
    >>> said = np.repeat([1.0, 0.0], 8)[:, np.newaxis]
    >>> odds = WordOdds(said, np.full((16, 1), 5.0), np.zeros(1, dtype=np.int64), 10)
    >>> permuted_p(odds, np.arange(16) < 8, np.zeros(16, dtype=np.int64), resamples=999, random_state=0).tolist()
    [0.002]
    """
    found = odds.of(first.astype(np.float64)[np.newaxis])[0][0]
    above, below = np.zeros(len(found)), np.zeros(len(found))
    for labels in _permuted(first, strata, resamples, np.random.default_rng(random_state)):
        drawn, _ = odds.of(labels)
        above += (drawn >= found - _NEAR).sum(axis=0)
        below += (drawn <= found + _NEAR).sum(axis=0)
    return np.asarray(np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (resamples + 1)), dtype=np.float64)


def _permuted(first: Flags, strata: Places, resamples: int, generator: np.random.Generator) -> Iterator[Numbers]:
    """The labels permuted within strata, as many rows at a time as are held in memory."""
    places = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    for done in range(0, resamples, _AT_ONCE):
        labels = np.tile(first.astype(np.float64), (min(_AT_ONCE, resamples - done), 1))
        for mine in places:
            labels[:, mine] = generator.permuted(labels[:, mine], axis=1)
        yield labels
