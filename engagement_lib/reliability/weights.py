"""How far two values are apart: squared differences for alpha, weights for the other coefficients, distances of sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from engagement_lib.errors import Problem, TableError

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Distance = Literal["equality", "jaccard", "masi", "dice"]
Numbers = npt.NDArray[np.float64]
CodeSet = frozenset[str]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
DISTANCES: Final[tuple[Distance, ...]] = get_args(Distance)
WEIGHTS_OF_LEVEL: Final[Mapping[Level, str]] = {
    "nominal": "identity",
    "ordinal": "ordinal",
    "interval": "quadratic",
    "ratio": "ratio",
}


def squared_differences(values: Numbers, level: Level) -> Numbers:
    """Krippendorff's ``delta²_ck`` between rising values, values x values, at every level but the ordinal.

    At the ordinal level the difference of two ranks is the number of judgements between them, and changes with every draw.

    Examples
    --------
    >>> squared_differences(np.array([1.0, 3.0]), "interval").tolist()
    [[0.0, 4.0], [4.0, 0.0]]
    """
    if level == "nominal":
        return 1 - np.eye(len(values))
    gaps = np.subtract.outer(values, values)
    return gaps**2 if level == "interval" else _parts_of_sums(gaps, values) ** 2


def weight_matrix(values: Numbers, name: str) -> Numbers:
    """How much of an agreement two values count as, values x values: 1 on the diagonal, from 1 to 0 beside it.

    Parameters
    ----------
    values
        Rising numbers, one a category; ordinal weights look at their order only.
    name
        "identity", "linear", "quadratic", "ordinal", "radical", "ratio" or "bipolar".

    Raises
    ------
    TableError
        If there are no weights of that name.

    Notes
    -----
    Gwet, K. L. (2014), *Handbook of inter-rater reliability*, 4th ed., section 3.5. His ordinal weights are not Krippendorff's
    ordinal differences: with the same ratings the two give different numbers.

    Examples
    --------
    >>> weight_matrix(np.array([1.0, 2.0, 3.0]), "linear").tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if name not in _APART:
        raise TableError(
            Problem("agreement", "weights", repr(name), f"one of {', '.join(_APART)}", "Leave it out for the level's own.")
        )
    apart = _APART[name](values)
    most = float(apart.max(initial=0.0))
    return 1 - apart / most if most > 0 else np.ones_like(apart)


def set_distances(sets: list[CodeSet], distance: Distance | Callable[[CodeSet, CodeSet], float]) -> Numbers:
    """How far sets of codes are apart, sets x sets, from 0 (the same) to 1 (nothing in common).

    Parameters
    ----------
    distance
        "equality" (0 or 1); "jaccard", ``1 - |A ∩ B| / |A ∪ B|``; "dice", ``1 - 2 |A ∩ B| / (|A| + |B|)``; "masi", ``1 - J M``
        with J the share that Jaccard takes and M = 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else
        0 (Passonneau 2006); or a function of two sets. By the distances named, two empty sets are 0 apart, and an empty one is 1
        from any other.

    Raises
    ------
    TableError
        If there is no distance of that name.

    Examples
    --------
    >>> a, b = frozenset({"culture", "time"}), frozenset({"culture", "time", "tools", "skills"})
    >>> set_distances([a, b], "masi").round(3).tolist()
    [[0.0, 0.667], [0.667, 0.0]]
    """
    if isinstance(distance, str) and distance not in DISTANCES:
        raise TableError(
            Problem("agreement", "distance", repr(distance), f"one of {', '.join(DISTANCES)}, or a function", "'masi' is usual.")
        )
    between = _with_empty(_SET_DISTANCES[distance]) if isinstance(distance, str) else distance
    cells = [between(a, b) for a, b in product(sets, sets)]
    return np.array(cells, dtype=np.float64).reshape(len(sets), len(sets))


def _parts_of_sums(gaps: Numbers, values: Numbers) -> Numbers:
    sums = np.add.outer(values, values)
    shares: Numbers = np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums != 0)
    return shares


def _ranks_between(values: Numbers) -> Numbers:
    """Pairs of ranks from one to the other: ``C(|k - l| + 1, 2)``."""
    ranks = np.arange(len(values))
    steps = np.abs(np.subtract.outer(ranks, ranks))
    return (steps + 1) * steps / 2.0


def _bipolar(values: Numbers) -> Numbers:
    gaps, sums = np.subtract.outer(values, values), np.add.outer(values, values)
    spread = (sums - 2 * values.min()) * (2 * values.max() - sums)
    apart: Numbers = np.divide(gaps**2, spread, out=np.zeros_like(gaps), where=spread != 0)
    return apart


_APART: Final[Mapping[str, Callable[[Numbers], Numbers]]] = {
    "identity": lambda values: 1 - np.eye(len(values)),
    "linear": lambda values: np.abs(np.subtract.outer(values, values)),
    "quadratic": lambda values: np.subtract.outer(values, values) ** 2,
    "ordinal": _ranks_between,
    "radical": lambda values: np.sqrt(np.abs(np.subtract.outer(values, values))),
    "ratio": lambda values: _parts_of_sums(np.subtract.outer(values, values), values) ** 2,
    "bipolar": _bipolar,
}


def _with_empty(between: Callable[[CodeSet, CodeSet], float]) -> Callable[[CodeSet, CodeSet], float]:
    return lambda a, b: between(a, b) if a and b else float(bool(a) != bool(b))


def _jaccard(a: CodeSet, b: CodeSet) -> float:
    return 1 - len(a & b) / len(a | b)


def _masi(a: CodeSet, b: CodeSet) -> float:
    monotonic = 1.0 if a == b else 2 / 3 if a < b or b < a else 1 / 3 if a & b else 0.0
    return 1 - (1 - _jaccard(a, b)) * monotonic


_SET_DISTANCES: Final[Mapping[str, Callable[[CodeSet, CodeSet], float]]] = {
    "equality": lambda a, b: float(a != b),
    "jaccard": _jaccard,
    "masi": _masi,
    "dice": lambda a, b: 1 - 2 * len(a & b) / (len(a) + len(b)),
}
