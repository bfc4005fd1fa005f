"""Krippendorff's alpha for any number of coders, with missing judgements, at four levels of measurement."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.errors import Problem, TableError

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Numbers = npt.NDArray[np.float64]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)


def krippendorff_alpha(data: npt.ArrayLike | pd.DataFrame, *, level: Level = "nominal") -> float:
    """Krippendorff's alpha: 1 where coders always agree, 0 where they agree as often as chance would have it.

    Parameters
    ----------
    data
        One row a coder, one column a unit; NaN or None where a coder has not judged a unit. Words will do at the nominal level.
    level
        What the difference of two values means: "nominal" (same or not), "ordinal" (ranks), "interval" (distance), "ratio"
        (distance in proportion to size; no value below 0). Codes are nominal.

    Returns
    -------
    float
        Alpha; NaN where it is undefined, because no unit has two judgements or only one value occurs in those that have.

    Raises
    ------
    TableError
        If the data have not two dimensions, the level is unknown, or a value is no number where one is needed.

    Notes
    -----
    ``alpha = 1 - D_o / D_e`` with the coincidences ``o_ck`` and margins ``n_c`` of Krippendorff, K. (2011), *Computing
    Krippendorff's alpha-reliability*, University of Pennsylvania.

    Examples
    --------
    >>> nan = float("nan")
    >>> round(krippendorff_alpha([[1, 0, 1, 1, nan], [1, 0, 0, 1, 1]]), 3)
    0.533
    >>> krippendorff_alpha([[1, 1], [1, 1]])
    nan
    """
    _check_level(level)
    cells = np.asarray(data, dtype=object)
    if cells.ndim != 2:
        raise TableError(_problem("data", f"{cells.ndim} dimension(s)", "two: coders and units", "Give one row a coder."))
    values, places = _values(cells, level)
    ratings = np.zeros((cells.shape[1], len(values)))
    coder, unit = np.nonzero(places >= 0)
    np.add.at(ratings, (unit, places[coder, unit]), 1.0)
    coincidences = count_coincidences(ratings)
    return alpha_of_coincidences(coincidences, squared_differences(values, coincidences.sum(axis=0), level))


def count_coincidences(ratings: Numbers) -> Numbers:
    """The coincidences ``o_ck`` of values c and k within units, values x values.

    `ratings` holds, units x values, how many coders gave a unit a value. Units that fewer than two coders judged are left out.

    Examples
    --------
    >>> count_coincidences(np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 1.0]])).tolist()
    [[2.0, 1.0], [1.0, 0.0]]
    """
    pairable = ratings[ratings.sum(axis=1) >= 2]
    shares = pairable / (pairable.sum(axis=1, keepdims=True) - 1)
    coincidences: Numbers = pairable.T @ shares - np.diag(shares.sum(axis=0))
    return coincidences


def alpha_of_coincidences(coincidences: Numbers, differences: Numbers) -> float:
    """Alpha from the coincidences ``o_ck`` and any squared differences ``delta_ck``; NaN where no difference is to be expected.

    Examples
    --------
    >>> round(alpha_of_coincidences(np.array([[4.0, 1.0], [1.0, 2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])), 3)
    0.533
    """
    margins = coincidences.sum(axis=0)
    expected = float(margins @ differences @ margins)
    if expected == 0:
        return float("nan")
    return 1 - (float(margins.sum()) - 1) * float((coincidences * differences).sum()) / expected


def squared_differences(values: Numbers, margins: Numbers, level: Level) -> Numbers:
    """The squared differences ``delta_ck`` between values at a level of measurement, values x values.

    `values` must rise; `margins` (``n_c``, how often each occurs) matters at the ordinal level only, where the difference of two
    ranks is the number of judgements between them.

    Examples
    --------
    >>> squared_differences(np.array([1.0, 3.0]), np.array([2.0, 2.0]), "interval").tolist()
    [[0.0, 4.0], [4.0, 0.0]]
    """
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "ordinal":
        ranks = np.cumsum(margins) - margins / 2
        return np.subtract.outer(ranks, ranks) ** 2
    gaps = np.subtract.outer(values, values)
    if level == "interval":
        return gaps**2
    sums = np.add.outer(values, values)
    shares: Numbers = np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums != 0)
    return shares**2


def _values(cells: npt.NDArray[Any], level: Level) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """The values that occur, rising, and the place of each cell's value among them, -1 where the cell is missing."""
    if level == "nominal":
        codes, words = pd.factorize(cells.ravel())
        return np.arange(len(words), dtype=np.float64), codes.reshape(cells.shape).astype(np.int64)
    numbers = _as_numbers(cells, level)
    missing = np.isnan(numbers)
    values = np.unique(numbers[~missing])
    return values, np.where(missing, -1, np.searchsorted(values, np.where(missing, 0, numbers)))


def _as_numbers(cells: npt.NDArray[Any], level: Level) -> Numbers:
    flat = pd.Series(cells.ravel(), dtype=object)
    numbers: Numbers = np.asarray(pd.to_numeric(flat, errors="coerce"), dtype=np.float64)
    unfit = (np.isnan(numbers) & flat.notna().to_numpy()) | np.isinf(numbers)
    if level == "ratio":
        unfit |= numbers < 0
    if unfit.any():
        expected = "numbers from 0 upwards" if level == "ratio" else "numbers"
        raise TableError(_problem("data", repr(flat[unfit].iloc[0]), expected, "Mend the value, or measure at another level."))
    return numbers.reshape(cells.shape)


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise TableError(_problem("level", repr(level), f"one of {', '.join(LEVELS)}", "Codes are nominal."))


def _problem(place: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem("krippendorff_alpha", place, found, expected, remedy)
