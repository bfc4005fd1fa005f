"""How far two ways of dividing the same segments agree, and what chance makes of it when whole respondents are exchanged."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

STATISTICS: Final = ("ami", "homogeneity", "completeness", "cramers_v")


def cross_table(rows: Places, columns: Places) -> Numbers:
    """How often each two numbers from 0 come together; values that do not occur have no row or column.

    Examples
    --------
    >>> cross_table(np.array([0, 0, 2]), np.array([0, 1, 1])).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    if not len(rows):
        return np.zeros((0, 0))
    wide = int(columns.max()) + 1
    table = np.bincount(rows * wide + columns, minlength=(int(rows.max()) + 1) * wide).reshape(-1, wide).astype(np.float64)
    return table[table.any(axis=1)][:, table.any(axis=0)]


def cramers_v(table: Numbers, *, corrected: bool = True) -> float:
    """Cramér's V of a table of counts: 0 where rows and columns are independent, 1 where one tells the other.

    NaN where there are fewer than two rows, columns or things counted. Uncorrected, V lies well above 0 by chance alone.

    Notes
    -----
    With ``φ² = χ² / n``, r rows and c columns: ``φ̃² = max(0, φ² - (r-1)(c-1)/(n-1))``, ``r̃ = r - (r-1)²/(n-1)``, c̃ alike, and
    ``Ṽ = √(φ̃² / min(r̃ - 1, c̃ - 1))``: Bergsma, W. (2013), *A bias-correction for Cramér's V and Tschuprow's T*, Journal of the
    Korean Statistical Society 42, 323-328.

    Examples
    --------
    >>> table = np.array([[20.0, 15.0], [30.0, 35.0]])
    >>> round(cramers_v(table, corrected=False), 4), round(cramers_v(table), 4)
    (0.1048, 0.03)
    """
    n, (r, c) = table.sum(), table.shape
    if min(r, c) < 2 or n < 2:
        return float("nan")
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / n
    phi = float(((table - expected) ** 2 / expected).sum() / n)
    if not corrected:
        return float((phi / (min(r, c) - 1)) ** 0.5)
    shrunk = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return float((max(0.0, phi - (r - 1) * (c - 1) / (n - 1)) / shrunk) ** 0.5) if shrunk > 0 else float("nan")


def shared_information(table: Numbers) -> tuple[float, float, float]:
    """Adjusted mutual information, homogeneity and completeness of a table with the known classes in rows, clusters in columns.

    Adjusted mutual information is 0 at chance; homogeneity is 1 where each cluster has segments of one class alone, completeness
    where each class lies in one cluster. NaN where there is but one class or cluster.

    Notes
    -----
    ``AMI = (I - E[I]) / ((H(U) + H(V)) / 2 - E[I])`` with the expectation under fixed margins: Vinh, N. X., Epps, J. and
    Bailey, J. (2010), Journal of Machine Learning Research 11, 2837-2854. ``h = I / H(U)``, ``c = I / H(V)``: Rosenberg, A. and
    Hirschberg, J. (2007), EMNLP-CoNLL, 410-420.

    Examples
    --------
    >>> [round(value, 3) for value in shared_information(np.array([[2.0, 0.0, 0.0], [0.0, 1.0, 1.0]]))]
    [0.571, 1.0, 0.667]
    """
    from sklearn.metrics.cluster import expected_mutual_information

    n = table.sum()
    if min(table.shape) < 2:
        return (float("nan"),) * 3
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    filled = np.where(table > 0, table, 1)
    information = float((table * np.log(filled * n / np.outer(rows, columns))).sum() / n)
    of_rows, of_columns = _entropy(rows / n), _entropy(columns / n)
    by_chance = float(expected_mutual_information(table.astype(np.int64), int(n)))
    room = (of_rows + of_columns) / 2 - by_chance
    # Where every segment is a cluster of its own chance does as well as anything: there is no room above it.
    adjusted = (information - by_chance) / room if abs(room) > 1e-12 else float("nan")
    return adjusted, information / of_rows, information / of_columns


def measure_association(table: Numbers) -> Numbers:
    """All of `STATISTICS` of a table with the known classes in rows and the clusters in columns."""
    return np.array([*shared_information(table), cramers_v(table)])


def number_people(segments: pd.DataFrame) -> Places:
    """The number of each segment's `respondent`, counted from 0 in the order of the segments, whatever they are called."""
    return pd.factorize(segments["respondent"])[0].astype(np.int64)


def strata_of(segments: pd.DataFrame) -> Places:
    """Of each respondent, by number, which kinds of source the segments are from, as the number of a stratum."""
    kinds = segments["kind"].groupby(number_people(segments)).agg(lambda values: "+".join(sorted(set(values))))
    return pd.factorize(kinds.to_numpy(dtype=object), sort=True)[0].astype(np.int64)


def exchange_respondents(person: Places, strata: Places, generator: np.random.Generator) -> Places:
    """For each segment, the segment whose label it is given when respondents of a stratum exchange theirs among them.

    A respondent is given the labels of one other in the order in which that one spoke, from a place drawn at random on; where
    there are too few they begin again, where there are too many the rest is left out. What one person says stays together.

    Parameters
    ----------
    person
        The number of each segment's respondent.
    strata
        The stratum of each respondent.

    Examples
    --------
    >>> person, strata = np.array([0, 1, 1, 2]), np.array([0, 0, 0])
    >>> exchange_respondents(person, strata, np.random.default_rng(4)).tolist()
    [2, 0, 0, 3]
    """
    order = np.argsort(person, kind="stable")
    sizes = np.bincount(person, minlength=len(strata))
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(person), dtype=np.int64)
    rank[order] = np.arange(len(person)) - np.repeat(starts, sizes)
    giver = np.empty(len(strata), dtype=np.int64)
    giver[np.argsort(strata, kind="stable")] = np.lexsort((generator.random(len(strata)), strata))
    first = generator.integers(0, np.maximum(sizes[giver], 1))
    mine = giver[person]
    return np.asarray(order[starts[mine] + (rank + first[person]) % sizes[mine]])


def chance_of(value: float, by_chance: Numbers) -> float:
    """How often chance gives as much or more, the data counted as one draw: ``(b + 1) / (m + 1)``; NaN where undefined.

    Notes
    -----
    Phipson, B. and Smyth, G. K. (2010), Statistical Applications in Genetics and Molecular Biology 9, article 39.

    Examples
    --------
    >>> chance_of(0.4, np.array([0.1, 0.5, 0.4]))
    0.75
    """
    known = by_chance[np.isfinite(by_chance)]
    if np.isnan(value) or not len(known):
        return float("nan")
    return float(((known >= value - 1e-12).sum() + 1) / (len(known) + 1))


def two_sided(value: float, by_chance: Numbers) -> float:
    """Twice the smaller of the chances of as much or more and of as little or less, at most 1.

    Examples
    --------
    >>> two_sided(0.1, np.array([0.2, 0.5, 0.4]))
    0.5
    """
    return min(1.0, 2 * min(chance_of(value, by_chance), chance_of(-value, -by_chance))) if np.isfinite(value) else float("nan")


def _entropy(shares: Numbers) -> float:
    return float(-(shares * np.log(shares)).sum())
