"""Judgements of any kind, one row a unit and one column a coder, and every coefficient of agreement on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.reliability.analytic import standard_error
from engagement_lib.reliability.coefficients import (
    Places,
    Scale,
    expected_agreement,
    observed_agreement,
    of_sums,
    split_sums,
    sums_of_units,
    unfit,
)
from engagement_lib.reliability.estimates import check_options, chosen_coefficients, estimate, resample
from engagement_lib.reliability.intervals import Interval
from engagement_lib.reliability.weights import (
    LEVELS,
    WEIGHTS_OF_LEVEL,
    CodeSet,
    Distance,
    Level,
    Numbers,
    set_distances,
    squared_differences,
    weight_matrix,
)
from engagement_lib.reliability.words import say_coefficient
from engagement_lib.tables import COUNT, NUMBER, TEXT

_COLUMNS: Final = {
    **dict.fromkeys(("coefficient", "level", "weights"), TEXT),
    **dict.fromkeys(("coders", "units", "respondents", "values"), COUNT),
    **dict.fromkeys(
        ("observed", "expected", "estimate", "low", "high", "standard_error", "p_below_667", "p_below_800"),
        NUMBER,
    ),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}


@dataclass(frozen=True)
class _Judged:
    """Which value stands where: `places` units x coders, -1 where nothing does, into `values`; what they are worth."""

    places: Places
    values: tuple[Any, ...]
    scale: Scale
    weights: str


def agreement_of_ratings(
    ratings: pd.DataFrame,
    *,
    level: Level = "nominal",
    coefficient: str | Sequence[str] = "all",
    categories: Sequence[Any] | None = None,
    weights: str | pd.DataFrame = "",
    distance: Distance | Callable[[CodeSet, CodeSet], float] | None = None,
    respondents: Sequence[str] | pd.Series | None = None,
    interval: Interval = "t",
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How well coders agree on judgements of any kind, one row a coefficient.

    Parameters
    ----------
    ratings
        One row a unit, one column a coder; None, NaN or "" where a coder did not judge the unit. Cells are words, numbers or,
        with `distance`, sets of codes. The index plays no part.
    level
        What the difference of two values means: "nominal" (same or not), "ordinal" (ranks), "interval" (distance) or "ratio"
        (distance in proportion to size; no value below 0).
    coefficient
        One or more of "alpha", "cohen_kappa", "conger_kappa", "scott_pi", "fleiss_kappa", "gwet_ac1", "gwet_ac2",
        "brennan_prediger", or "all" that fit the number of coders and the weights.
    categories
        Every value that a coder could have given, in their order; without it, those that occur, which changes Gwet's and
        Brennan and Prediger's coefficients where one was never used.
    weights
        For all coefficients but alpha: "identity", "linear", "quadratic", "ordinal", "radical", "ratio" or "bipolar", or a table
        of agreement from 0 to 1 with the categories on both sides, which then serves alpha too. Without it, identity for nominal
        values, Gwet's ordinal weights for ordinal ones, quadratic for intervals, ratio for ratios.
    distance
        For sets of codes, how far two are apart: "equality", "jaccard", "masi", "dice", or a function of two sets.
    respondents
        Who stands behind each unit; without it every unit is a respondent of its own.
    interval
        "t" (jackknife over respondents), "percentile" or "bca" (from draws of respondents); see `docs/agreement.md`.
    resamples, random_state
        How often respondents are drawn anew, and the seed of these draws.

    Returns
    -------
    DataFrame
        `coefficient`; `level` or the name of the distance; `weights`; numbers of `coders`, `units` (judged by two or more),
        `respondents` and `values`; `observed` and `expected` agreement (NaN for alpha); `estimate`; `low` and `high` (95%
        interval by respondent); `standard_error` (the formula for independent units, to compare with other tools);
        `p_below_667` and `p_below_800`; `reason` (why something is undefined, else ""); `sentence`.

    Raises
    ------
    TableError
        If an option is unknown, a value is no number where one is needed or not among the categories, or lengths differ.

    Notes
    -----
    Alpha after Krippendorff (2011); the others after Gwet (2014), who lets units judged by one coder count towards chance.

    Examples
    --------
    >>> ratings = pd.DataFrame({"AB": ["for", "for", "against", "for"], "CD": ["for", "against", "against", None]})
    >>> agreement_of_ratings(ratings, coefficient=["alpha", "cohen_kappa"])[["coefficient", "units", "estimate"]].round(3)
       coefficient  units  estimate
    0        alpha      3     0.444
    1  cohen_kappa      3     0.429
    """
    check_options(interval, resamples)
    judged = _judged(ratings, level, categories, weights, distance)
    people = _respondents(ratings, respondents)
    coders = ratings.shape[1]
    sums = sums_of_units(judged.places, people, judged.scale)[:, np.newaxis, :]
    resampled = resample(sums, resamples, random_state)
    carriers = _carriers(judged.places, people)
    rows = []
    for name in chosen_coefficients(list(coefficient) if not isinstance(coefficient, str) else coefficient, coders, judged.scale):
        measure = distance if isinstance(distance, str) else "own distance" if distance else level
        row: dict[str, Any] = {"coefficient": name, "level": measure, "weights": judged.weights, "coders": coders}
        row |= _base(judged, people)
        row["reason"] = unfit(name, coders, judged.scale) or _nothing(judged)
        if not row["reason"]:
            evaluate = of_sums(name, coders, judged.scale)
            (found,) = estimate(evaluate, resampled, interval=interval, carriers=np.array([carriers]))
            row |= found | _chance(name, resampled.whole, coders, judged)
            row["reason"] = _why_not(row)
        row["sentence"] = say_coefficient(row)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _judged(
    ratings: pd.DataFrame,
    level: str,
    categories: Sequence[Any] | None,
    weights: str | pd.DataFrame,
    distance: Distance | Callable[[CodeSet, CodeSet], float] | None,
) -> _Judged:
    if level not in LEVELS:
        raise TableError(_problem("level", repr(level), f"one of {', '.join(LEVELS)}", "Codes are nominal."))
    cells = [_cell(value) for value in ratings.to_numpy(dtype=object).ravel()]
    values = _values(cells, level, categories, is_set=distance is not None)
    place = {value: at for at, value in enumerate(values)}
    strange = next((value for value in cells if value is not None and value not in place), None)
    if strange is not None:
        raise TableError(_problem("categories", repr(strange), "only values among the categories", "Add it, or mend the value."))
    places = np.array([-1 if value is None else place[value] for value in cells], dtype=np.int64).reshape(ratings.shape)
    if distance is not None:
        apart = set_distances(list(values), distance)
        return _Judged(places, values, Scale(1 - apart, apart), "1 - distance")
    return _Judged(places, values, *_scale(values, level, weights))


def _cell(value: Any) -> Any:
    """None where nothing was said, else something that can be looked up."""
    if isinstance(value, (set, frozenset, list, tuple)):
        return frozenset(value)
    return None if pd.isna(value) or value == "" else value


def _values(cells: list[Any], level: str, categories: Sequence[Any] | None, *, is_set: bool) -> tuple[Any, ...]:
    if categories is not None:
        return tuple(dict.fromkeys(_cell(value) for value in categories))
    found = {value for value in cells if value is not None}
    if is_set:
        odd = next((value for value in found if not isinstance(value, frozenset)), None)
        if odd is not None:
            raise TableError(_problem("ratings", repr(odd), "sets of codes, as `distance` needs", "Leave out `distance`."))
        return tuple(sorted(found, key=lambda codes: (len(codes), sorted(codes))))
    if level == "nominal":
        return tuple(sorted(found, key=lambda value: (str(type(value)), str(value))))
    for value in found:
        if isinstance(value, (str, bool)) or not np.isfinite(value) or (level == "ratio" and value < 0):
            expected = "numbers from 0 upwards" if level == "ratio" else "numbers, or words named in `categories` in their order"
            raise TableError(_problem("ratings", repr(value), expected, "Mend the value, or measure at another level."))
    return tuple(sorted(found))


def _scale(values: tuple[Any, ...], level: Any, weights: str | pd.DataFrame) -> tuple[Scale, str]:
    if isinstance(weights, pd.DataFrame):
        missing = [value for value in values if value not in weights.index or value not in weights.columns]
        if missing:
            raise TableError(_problem("weights", f"no {missing[0]!r}", "every category on both sides", "Add it to the table."))
        given = weights.loc[list(values), list(values)].to_numpy(dtype=np.float64)
        return Scale(given, 1 - given), "as given"
    numbers = all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in values)
    if level in ("interval", "ratio") and not numbers:
        raise TableError(_problem("categories", repr(values), "numbers", f"Words have no distance at the {level} level."))
    worth = np.array(values if numbers and level != "ordinal" else range(len(values)), dtype=np.float64)
    name = weights or WEIGHTS_OF_LEVEL[level]
    differences = None if level == "ordinal" else squared_differences(worth, level)
    ranked = np.array(values, dtype=np.float64) if numbers else worth
    return Scale(weight_matrix(ranked, name), differences), name


def _respondents(ratings: pd.DataFrame, respondents: Sequence[str] | pd.Series | None) -> Places:
    if respondents is None:
        return np.arange(len(ratings))
    if len(respondents) != len(ratings):
        found = f"{len(respondents)} for {len(ratings)} units"
        raise TableError(_problem("respondents", found, "one for each unit", "Take both from the same table."))
    return pd.factorize(np.asarray(respondents, dtype=object), sort=True)[0].astype(np.int64)


def _base(judged: _Judged, people: Places) -> dict[str, int]:
    pairable = (judged.places >= 0).sum(axis=1) >= 2
    return {"units": int(pairable.sum()), "respondents": len(set(people[pairable])), "values": len(judged.values)}


def _carriers(places: Places, people: Places) -> int:
    """How many respondents have a value other than the commonest, on which agreement can vary."""
    given = places[places >= 0]
    if not len(given):
        return 0
    commonest = np.bincount(given).argmax()
    return len(set(people[((places >= 0) & (places != commonest)).any(axis=1)]))


def _nothing(judged: _Judged) -> str:
    if not ((judged.places >= 0).sum(axis=1) >= 2).any():
        return "no unit was judged by two coders"
    return ""


def _chance(name: str, whole: Numbers, coders: int, judged: _Judged) -> dict[str, float]:
    """Observed and expected agreement, and the standard error by formula, where the coefficient has them."""
    sums = split_sums(whole[0], coders, judged.scale)
    if name != "alpha":
        expected = float(expected_agreement(name, sums, judged.scale))
        error = standard_error(name, judged.places, judged.scale)
        return {"observed": float(observed_agreement(sums)), "expected": expected, "standard_error": error}
    apart = judged.scale.differences
    if apart is None or not apart.any():
        return {}
    return {"standard_error": standard_error(name, judged.places, Scale(1 - apart / apart.max(), apart))}


def _why_not(row: dict[str, Any]) -> str:
    if np.isnan(row["estimate"]):
        return "only one value was given, so that there is no disagreement to expect"
    if np.isnan(row["low"]):
        if row["estimate"] >= 1:
            return "the coders never differ, so that drawing respondents anew shows no variation"
        return "it varies, or the coders differ, with one respondent only, so that drawing respondents anew shows too little"
    return ""


def _problem(place: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem("agreement_of_ratings", place, found, expected, remedy)
