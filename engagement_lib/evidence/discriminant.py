"""Can the words tell two kinds of segment apart, in people whose words were not used to learn the difference?"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from engagement_lib.evidence.association import Numbers, Places
from engagement_lib.evidence.framed import Flags

FOLDS: Final = 5


def fold_of_people(people: int, generator: np.random.Generator, *, folds: int = FOLDS) -> Places:
    """The fold of each respondent, drawn at random, as many in one as in another."""
    fold: Places = np.empty(people, dtype=np.int64)
    fold[generator.permutation(people)] = np.arange(people) % folds
    return fold


def held_out_accuracy(vectors: npt.NDArray[np.floating], labels: Flags, fold: Places) -> Numbers:
    """The balanced accuracy with which each column of labels is told from the vectors in the folds left out.

    Parameters
    ----------
    vectors
        Segments x dimensions.
    labels
        Segments x ways to label them: whether they are of the first kind.
    fold
        The fold of each segment; that of all segments of one respondent is the same.

    Returns
    -------
    ndarray
        For each way, the mean of the shares of either kind that were told rightly; 0.5 is guessing, NaN where one kind is absent.

    Notes
    -----
    Fisher's (1936) linear discriminant with both kinds given the same weight: ``w = S^-1 (m_1 - m_0)``, with the threshold half
    way between the means; S is the covariance of all segments learnt from, shrunk after Ledoit and Wolf (2004), Journal of
    Multivariate Analysis 88, 365-411. S does not depend on the labels, so that one inversion serves all permutations of them.

    Examples
    --------
    >>> vectors = np.array([[0.0], [0.1], [1.0], [1.1]])
    >>> labels = np.array([[False], [False], [True], [True]])
    >>> held_out_accuracy(vectors, labels, np.array([0, 1, 0, 1])).tolist()
    [1.0]
    """
    from sklearn.covariance import ledoit_wolf

    x, y = vectors.astype(np.float64), labels.astype(np.float64)
    right, wrong = np.zeros((2, labels.shape[1])), np.zeros((2, labels.shape[1]))
    for held_out in np.unique(fold):
        test, train = fold == held_out, fold != held_out
        covariance = ledoit_wolf(x[train])[0]
        first, second = _mean(x[train], y[train]), _mean(x[train], 1 - y[train])
        weights = np.linalg.solve(covariance + 1e-9 * np.eye(x.shape[1]), first - second)
        said = x[test] @ weights > ((first + second) / 2 * weights).sum(axis=0)
        for kind, mine in enumerate((~labels[test], labels[test])):
            right[kind] += (mine & (said == labels[test])).sum(axis=0)
            wrong[kind] += (mine & (said != labels[test])).sum(axis=0)
    whole = right + wrong
    shares = np.divide(right, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return np.asarray(shares.mean(axis=0))


def _mean(x: Numbers, weight: Numbers) -> Numbers:
    """Dimensions x ways: the mean of the segments that each way takes; 0 where it takes none."""
    return np.asarray(x.T @ weight / np.maximum(weight.sum(axis=0), 1))
