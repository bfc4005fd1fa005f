"""How well coders agree on each code, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from engagement_lib.coding.codings import INDEPENDENT
from engagement_lib.reliability.coefficients import (
    Places,
    Scale,
    Sums,
    observed_agreement,
    of_sums,
    split_sums,
    sums_of_units,
    unfit,
)
from engagement_lib.reliability.coefficients import (
    coefficient as value_of,
)
from engagement_lib.reliability.estimates import Resampled, check_options, chosen_coefficients, estimate, resample
from engagement_lib.reliability.intervals import Interval
from engagement_lib.reliability.units import (
    Between,
    Judgements,
    Unit,
    collect_judgements,
    collect_rounds,
    group_units,
    parts_of,
)
from engagement_lib.reliability.weights import Numbers
from engagement_lib.reliability.words import say_agreement
from engagement_lib.tables import COUNT, NUMBER, TEXT

Approach = Literal["coding reliability", "reflexive"]

_GIVEN_OR_NOT: Final = Scale(np.eye(2), 1 - np.eye(2))
_COLUMNS: Final = {
    **dict.fromkeys(("code", "coefficient", "unit", "basis"), TEXT),
    **dict.fromkeys(("coders", "units", "respondents"), COUNT),
    "prevalence": TEXT,
    **dict.fromkeys(("observed", "agreement_presence", "agreement_absence"), NUMBER),
    **dict.fromkeys(("estimate", "low", "high", "p_below_667", "p_below_800", "gwet_ac1"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}


def agreement(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    coefficient: str | Sequence[str] = "alpha",
    unit: Unit = "segment",
    by: str = "",
    between: Between = "coders",
    layers: Sequence[str] = (INDEPENDENT,),
    weighted: bool = False,
    approach: Approach = "coding reliability",
    interval: Interval = "t",
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How well coders agree, one row a code of the codebook and coefficient.

    A unit is a participant's segment that two or more coders have read; a coder gives it a code if any of their codings with
    that code touches it.

    Parameters
    ----------
    codings, segments, codebook, readings
        The study's tables; `segments` says what is compared: sentences, turns or answers. With `readings`, a coder has read the
        sources they finished; without, those in which they coded something, which `basis` says.
    coefficient
        One or more of "alpha", "cohen_kappa", "conger_kappa", "scott_pi", "fleiss_kappa", "gwet_ac1", "brennan_prediger", or
        "all" that fit the number of coders.
    unit
        "segment"; or "source" or "respondent", where a code counts that is given to any segment there.
    by
        A column of `segments` ("kind", "wave", or a variable of the cases merged into them), or "round" or "month" of the last
        reading of a source: then every value has rows of its own.
    between
        "coders", or "rounds" for each coder against himself: the second round of coder AB is coded as AB#2.
    layers
        The layers whose coders are compared, such as ("independent", "machine"); consensus is nobody's own judgement.
    weighted
        Whether units count by one over the `draw_probability` of their source in `readings`.
    approach
        With "reflexive" (thematic analysis that does not take agreement for quality) no row is measured against a threshold.
    interval
        "t" (jackknife over respondents), "percentile" or "bca" (from draws of respondents); see `docs/agreement.md`.
    resamples, random_state
        How often respondents are drawn anew, with replacement, and the seed of these draws.

    Returns
    -------
    DataFrame
        `coder` where rounds are compared; a column with the name of `by`, if any; `code`; `coefficient`; `unit`; `basis` (which
        sources were taken); `coders`, `units`, `respondents` (numbers); `prevalence` (each coder's share of units with the
        code, of those they read); `observed` (the share of units on which two coders agree); `agreement_presence` (of the
        judgements that give the code, the share that another coder, drawn at random, shares) and `agreement_absence` (the same
        for those that do not); `estimate`, `low`, `high` (the coefficient with its 95% interval); `p_below_667`, `p_below_800`
        (how probable it is that it lies below these thresholds); `gwet_ac1` (beside alpha, since it takes less off for
        chance); `reason` (why something is undefined, else ""); `sentence` (the row in words).

    Raises
    ------
    TableError
        If a table has not its columns, or an option is unknown.

    Notes
    -----
    Respondents are left out or drawn, not segments, since what one person says hangs together; a webinar is one respondent.
    Each coefficient is a function of sums over units, so that a draw is a weighting of respondents' sums. See
    `docs/agreement.md`.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     [("I1", 0, 8, "P1"), ("I1", 9, 20, "P1"), ("I2", 0, 9, "P2")], columns=["source_id", "start", "end", "case_id"]
    ... )
    >>> codings = pd.DataFrame(
    ...     [("1", "I1", 0, 8, "no-time", "AB"), ("2", "I2", 0, 9, "no-time", "AB"),
    ...      ("3", "I1", 2, 6, "no-time", "CD"), ("4", "I2", 0, 9, "jargon", "CD")],
    ...     columns=["coding_id", "source_id", "start", "end", "code", "coder"],
    ... )
    >>> table = agreement(codings, segments, pd.DataFrame({"code": ["no-time"]}))
    >>> table[["code", "units", "prevalence", "agreement_presence"]]
          code  units        prevalence  agreement_presence
    0  no-time      3  AB 0.67; CD 0.33            0.666667
    """
    check_options(interval, resamples)
    if between == "rounds":
        parts = collect_rounds(codings, segments, codebook, readings)
    else:
        collected = collect_judgements(codings, segments, codebook, readings, layers=layers, by=by, weighted=weighted)
        parts = parts_of(collected)
    options: dict[str, Any] = {"interval": interval, "resamples": resamples, "random_state": random_state}
    rows = []
    for name, judgements in parts:
        part = {"coder": name} if between == "rounds" else {by: name}
        rows += [part | row for row in _rows(judgements, coefficient, unit, approach == "reflexive", **options)]
    first = {"coder": TEXT} if between == "rounds" else {by: TEXT} if by else {}
    columns = first | _COLUMNS
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _rows(
    judgements: Judgements,
    wanted: str | Sequence[str],
    unit: Unit,
    is_reflexive: bool,
    *,
    interval: str,
    resamples: int,
    random_state: int,
) -> list[dict[str, Any]]:
    """A row for each code and coefficient, but for what it is parted by."""
    judgements = group_units(judgements, unit)
    coders = len(judgements.coders)
    sums, people = _sums_by_respondent(judgements)
    resampled = resample(sums, resamples, random_state)
    holders = _holders(judgements.given.any(axis=0), people)
    lackers = _holders((judgements.judged[:, :, np.newaxis] & ~judgements.given).any(axis=0), people)
    carriers = np.minimum(holders, lackers)
    rows = []
    for name in chosen_coefficients(wanted if isinstance(wanted, str) else tuple(wanted), coders, _GIVEN_OR_NOT):
        found = estimate(of_sums(name, coders, _GIVEN_OR_NOT), resampled, interval=interval, carriers=carriers)
        misfit = unfit(name, coders, _GIVEN_OR_NOT)
        for k, described in enumerate(_described(judgements, resampled, len(sums))):
            row = described | {"unit": unit, "coefficient": name} | ({} if misfit else found[k])
            row["reason"] = misfit or _reason(row, int(carriers[k]))
            given = int(judgements.given[:, :, k].any(axis=0).sum())
            undefined = row.get("undefined", 0.0) if interval != "t" else 0.0
            row["sentence"] = say_agreement(
                row, given=given, holders=int(holders[k]), undefined=undefined, is_reflexive=is_reflexive
            )
            rows.append(row)
    return sorted(rows, key=lambda row: judgements.codes.index(row["code"]))


def _sums_by_respondent(judgements: Judgements) -> tuple[Numbers, Places]:
    """Respondents x codes x sums, and each unit's respondent."""
    units = judgements.units
    people = pd.factorize(units["respondent"], sort=True)[0].astype(np.int64)
    weights = units["weight"].to_numpy() / (units["weight"].mean() if len(units) else 1.0)
    places = [np.where(judgements.judged, judgements.given[:, :, k], -1).T for k in range(len(judgements.codes))]
    sums = [sums_of_units(place.astype(np.int64), people, _GIVEN_OR_NOT, weights) for place in places]
    columns = 8 + 2 * len(judgements.coders)
    return np.stack(sums, axis=1) if sums else np.zeros((int(people.max(initial=-1)) + 1, 0, columns)), people


def _described(judgements: Judgements, resampled: Resampled, respondents: int) -> list[dict[str, Any]]:
    """What holds for a code whatever the coefficient."""
    sums = split_sums(resampled.whole, len(judgements.coders), _GIVEN_OR_NOT)
    observed, ac1 = observed_agreement(sums), value_of("gwet_ac1", sums, _GIVEN_OR_NOT)
    rows = []
    for k, code in enumerate(judgements.codes):
        row: dict[str, Any] = {"code": code, "basis": judgements.basis, "coders": int(judgements.judged.any(axis=1).sum())}
        row |= {"units": len(judgements.units), "respondents": respondents, "prevalence": _prevalence(judgements, k)}
        row |= {"observed": observed[k], "gwet_ac1": ac1[k]} | _specific_agreement(sums, k)
        rows.append(row)
    return rows


def _specific_agreement(sums: Sums, k: int) -> dict[str, float]:
    """Agreement on presence and on absence: ``1 - o_10 / n_1`` and ``1 - o_10 / n_0`` (Cicchetti and Feinstein 1990)."""
    disagreeing = float(sums.coincidences[k]) / 2
    absent, present = sums.margins[k]
    return {
        "agreement_presence": 1 - disagreeing / present if present > 0 else np.nan,
        "agreement_absence": 1 - disagreeing / absent if absent > 0 else np.nan,
    }


def _holders(units: Any, people: Places) -> Numbers:
    """How many respondents have a unit with each code; `units` is units x codes."""
    many = int(people.max(initial=-1)) + 1
    has = np.zeros((many, units.shape[1]), dtype=bool)
    np.logical_or.at(has, people, units)
    counted: Numbers = has.sum(axis=0, dtype=np.float64)
    return counted


def _prevalence(judgements: Judgements, code: int) -> str:
    given, judged = judgements.given[:, :, code].sum(axis=1), judgements.judged.sum(axis=1)
    told = zip(judgements.coders, given, judged, strict=True)
    return "; ".join(f"{coder} {g / j:.2f}" for coder, g, j in told if j)


def _reason(row: Mapping[str, Any], carriers: int) -> str:
    """Why the coefficient, or its interval, is undefined, or ""."""
    if row["units"] == 0:
        return f"no participant's {row['unit']} lies in {row['basis']}"
    if np.isnan(row["estimate"]):
        nobody = np.isnan(row["agreement_presence"])
        return f"nobody gave the code to any {row['unit']}" if nobody else f"every coder gave the code to every {row['unit']}"
    return _no_interval(row, carriers) if np.isnan(row["low"]) else ""


def _no_interval(row: Mapping[str, Any], carriers: int) -> str:
    if row["observed"] == 1:
        return "the coders never differ, so that drawing respondents anew shows no variation"
    if row["respondents"] == 1:
        return "there is only one respondent, so that there is nobody to draw anew"
    if carriers < 2:
        return "it varies with one respondent only, so that drawing respondents anew shows no variation"
    return "only one respondent has anything on which the coders differ, so that without them nothing varies"
