"""How well coders agree on each code, how sure that is, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.reliability.alpha import Numbers
from engagement_lib.reliability.units import Flags, Judgements, collect_judgements
from engagement_lib.reliability.words import RELIABLE, TENTATIVE, say_agreement
from engagement_lib.tables import COUNT, NUMBER, TEXT

_NO_INTERVAL: Final[Mapping[str, float]] = dict.fromkeys(("low", "high", "p_below_667", "p_below_800"), float("nan"))
_AGREEMENT: Final = {
    **dict.fromkeys(("code", "unit", "basis"), TEXT),
    **dict.fromkeys(("coders", "units", "respondents"), COUNT),
    "prevalence": TEXT,
    **dict.fromkeys(("agreement_presence", "agreement_absence", "alpha", "low", "high", "p_below_667", "p_below_800"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_DISAGREEMENTS: Final = {
    "source_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    **dict.fromkeys(("case_id", "code", "coders_with", "coders_without", "quote"), TEXT),
}


def agreement(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How well coders agree, one row a code of the codebook.

    A unit is a participant's segment that two or more coders have read; a coder gives it a code if any of their codings with
    that code touches it. Only codings made independently of one another count (layer "independent").

    Parameters
    ----------
    codings, segments, codebook, readings
        The study's tables; `segments` says what is compared: sentences, turns or answers. With `readings`, a coder has read the
        sources they finished; without, those in which they coded something, which `basis` says.
    resamples
        How often respondents are drawn anew, with replacement, for the interval.
    random_state
        The seed of these draws.

    Returns
    -------
    DataFrame
        `code`; `unit`; `basis` (which sources were taken); `coders`, `units`, `respondents` (numbers);
        `prevalence` (each coder's share of units with the code, of those they read); `agreement_presence` (of the judgements
        that give the code, the share that another coder, drawn at random, shares) and `agreement_absence` (the same for those
        that do not); `alpha` (Krippendorff's); `low`, `high` (95% percentile interval); `p_below_667`, `p_below_800` (shares of
        the draws below these thresholds); `reason` (why something is undefined, else ""); `sentence` (the row in words).

    Raises
    ------
    TableError
        If a table has not its columns, or `resamples` is below 1.

    Notes
    -----
    Respondents are drawn, not segments, since what one person says hangs together; a webinar is one respondent. Alpha is a
    function of sums over units (Krippendorff 2011), so that a draw is a weighting of respondents' sums. See `docs/agreement.md`.

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
    if resamples < 1:
        raise TableError(Problem("agreement", "resamples", str(resamples), "at least 1", "2000 is usual."))
    judgements = collect_judgements(codings, segments, codebook, readings)
    sums = _sums_by_respondent(judgements)
    drawn = _alpha(*_parts(_draws(len(sums), resamples, random_state) @ sums))
    rows = [_row(judgements, sums, drawn[:, k], k) for k in range(len(judgements.codes))]
    return pd.DataFrame(rows, columns=list(_AGREEMENT)).astype(_AGREEMENT)


def disagreements(
    codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame, *, readings: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Where coders differ, one row a segment and code, the codes with the lowest presence agreement first.

    The tables are those of `agreement`, and so are the segments and codings that count.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `case_id`, `code`, `coders_with` and `coders_without` (those who read the segment and gave it
        the code, or did not), `quote`.

    Raises
    ------
    TableError
        If a table has not its columns.

    Examples
    --------
    >>> segments = pd.DataFrame({"source_id": ["I1"], "start": [0], "end": [8], "case_id": ["P1"], "quote": ["No time."]})
    >>> codings = pd.DataFrame(
    ...     [("1", "I1", 0, 8, "no-time", "AB"), ("2", "I1", 0, 8, "jargon", "CD")],
    ...     columns=["coding_id", "source_id", "start", "end", "code", "coder"],
    ... )
    >>> disagreements(codings, segments, pd.DataFrame({"code": ["no-time"]}))[["code", "coders_with", "coders_without", "quote"]]
          code coders_with coders_without     quote
    0  no-time          AB             CD  No time.
    """
    judgements = collect_judgements(codings, segments, codebook, readings)
    judged, given, units = judgements.judged, judgements.given, judgements.units
    with_code = given.sum(axis=0)
    unit, code = np.nonzero((with_code > 0) & (with_code < judged.sum(axis=0)[:, np.newaxis]))
    _, n_1, o_10 = _parts(_sums_by_respondent(judgements).sum(axis=0, keepdims=True))
    presence = np.divide(o_10, n_1, out=np.zeros_like(o_10), where=n_1 > 0)[0]
    order = np.lexsort((unit, code, -presence[code]))
    unit, code = unit[order], code[order]
    table = units.loc[unit, ["source_id", "start", "end", "case_id", "quote"]].reset_index(drop=True)
    table = table.assign(
        code=[judgements.codes[k] for k in code],
        coders_with=[_names(judgements, given[:, u, k]) for u, k in zip(unit, code, strict=True)],
        coders_without=[_names(judgements, judged[:, u] & ~given[:, u, k]) for u, k in zip(unit, code, strict=True)],
    )
    return table[list(_DISAGREEMENTS)].astype(_DISAGREEMENTS)


def _row(judgements: Judgements, sums: Numbers, drawn: Numbers, k: int) -> dict[str, Any]:
    """What is known of the k-th code; `drawn` are its alphas in the draws."""
    n, n_1, o_10 = _parts(sums.sum(axis=0, keepdims=True))
    with_code, disagreeing, every = n_1[0, k], o_10[0, k], n[0, 0]
    holders = int((_parts(sums)[1][:, k] > 0).sum())
    lackers = int((_parts(sums)[0][:, 0] > _parts(sums)[1][:, k]).sum())
    row: dict[str, Any] = {
        "code": judgements.codes[k],
        "unit": "segment",
        "basis": judgements.basis,
        "coders": len(judgements.coders),
        "units": len(judgements.units),
        "respondents": len(sums),
        "prevalence": _prevalence(judgements, k),
        "agreement_presence": _agreement_on(with_code, disagreeing),
        "agreement_absence": _agreement_on(every - with_code, disagreeing),
        "alpha": _alpha(n, n_1, o_10)[0, k],
    }
    row["reason"] = _undefined(row, with_code, every) or _no_interval(row, disagreeing, min(holders, lackers), drawn)
    row |= _NO_INTERVAL if row["reason"] else _interval(drawn)
    given = int(judgements.given[:, :, k].any(axis=0).sum())
    row["sentence"] = say_agreement(row, given=given, holders=holders, undefined=float(np.isnan(drawn).mean()))
    return row


def _sums_by_respondent(judgements: Judgements) -> Numbers:
    """Respondents x sums over their units: judgements; then for each code those that give it; then its disagreeing pairs.

    With r coders on a unit of whom x give the code, these are r, x and the coincidence ``o_10 = x (r - x) / (r - 1)``.
    """
    r = judgements.judged.sum(axis=0, dtype=np.float64)[:, np.newaxis]
    x = judgements.given.sum(axis=0, dtype=np.float64)
    places, names = pd.factorize(judgements.units["respondent"], sort=True)
    sums = np.zeros((len(names), 1 + 2 * x.shape[1]))
    np.add.at(sums, places, np.hstack([r, x, x * (r - x) / (r - 1)]))
    return sums


def _parts(sums: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The columns of `_sums_by_respondent` apart: n, n_1 and o_10."""
    codes = sums.shape[1] // 2
    return sums[:, :1], sums[:, 1 : codes + 1], sums[:, codes + 1 :]


def _alpha(n: Numbers, n_1: Numbers, o_10: Numbers) -> Numbers:
    """Alpha of a code that is given or not: ``1 - (n - 1) o_10 / (n_0 n_1)``; NaN where only one of the two occurs."""
    expected = (n - n_1) * n_1
    return 1 - np.divide((n - 1) * o_10, expected, out=np.full_like(o_10, np.nan), where=expected > 0)


def _draws(respondents: int, resamples: int, random_state: int) -> Numbers:
    """How often each respondent comes in each draw; the same draws serve all codes."""
    if respondents == 0:
        return np.empty((resamples, 0))
    generator = np.random.default_rng(random_state)
    return generator.multinomial(respondents, np.full(respondents, 1 / respondents), size=resamples).astype(np.float64)


def _interval(drawn: Numbers) -> dict[str, float]:
    """The percentile interval and the shares below the thresholds, of those draws in which alpha is defined."""
    defined = drawn[~np.isnan(drawn)]
    low, high = np.percentile(defined, [2.5, 97.5])
    return {
        "low": float(low),
        "high": float(high),
        "p_below_667": float((defined < TENTATIVE).mean()),
        "p_below_800": float((defined < RELIABLE).mean()),
    }


def _agreement_on(judgements: float, disagreeing: float) -> float:
    return 1 - disagreeing / judgements if judgements > 0 else float("nan")


def _prevalence(judgements: Judgements, code: int) -> str:
    given, judged = judgements.given[:, :, code].sum(axis=1), judgements.judged.sum(axis=1)
    return "; ".join(f"{coder} {g / j:.2f}" for coder, g, j in zip(judgements.coders, given, judged, strict=True))


def _names(judgements: Judgements, chosen: Flags) -> str:
    return ", ".join(coder for coder, is_chosen in zip(judgements.coders, chosen, strict=True) if is_chosen)


def _undefined(row: Mapping[str, Any], with_code: float, every: float) -> str:
    """Why alpha is undefined, or ""."""
    if every == 0:
        return f"no participant's segment lies in {row['basis']}"
    if with_code == 0:
        return "nobody gave the code to any segment"
    return "every coder gave the code to every segment" if with_code == every else ""


def _no_interval(row: Mapping[str, Any], disagreeing: float, carriers: int, drawn: Numbers) -> str:
    """Why drawing respondents anew says nothing of alpha, or ""."""
    if disagreeing == 0:
        return "the coders never differ, so that drawing respondents anew shows no variation"
    if row["respondents"] == 1:
        return "there is only one respondent, so that there is nobody to draw anew"
    if carriers == 1:
        return "it varies with one respondent only, so that drawing respondents anew shows no variation"
    return "it was undefined in every draw" if np.isnan(drawn).all() else ""
