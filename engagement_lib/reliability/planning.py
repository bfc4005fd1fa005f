"""How much to code twice, and whom to draw for it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import in_shape, respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import COUNT, NUMBER, TEXT

_DRAWN: Final = {**dict.fromkeys(("source_id", "respondent", "stratum"), TEXT), "units": COUNT, "draw_probability": NUMBER}


def units_to_double_code(prevalence: float, *, smallest: float = 0.667, confidence: float = 0.95) -> int:
    """How many units two coders must both judge, so that an alpha above `smallest` can be told from one at it.

    Parameters
    ----------
    prevalence
        The share of units with the code.
    smallest
        The alpha that must be exceeded, such as 0.667 or 0.800.
    confidence
        One-sided. Units of one respondent hang together, so that this is the least; more respondents help more than longer ones.

    Raises
    ------
    TableError
        If a number does not lie between 0 and 1.

    Notes
    -----
    ``N = z² ((1 + α)(3 - α) / (4 p (1 - p)(1 - α)) - α)``: Bloch, D. A. and Kraemer, H. C. (1989), Biometrics 45, 269-287, as
    Krippendorff (2019, section 12.2.4) uses it.

    Examples
    --------
    >>> [units_to_double_code(p) for p in (0.5, 0.1, 0.05)]
    [30, 86, 165]
    """
    for name, value in (("prevalence", prevalence), ("smallest", smallest), ("confidence", confidence)):
        if not 0 < value < 1:
            remedy = "Give a share, such as 0.05 for 5%."
            raise TableError(Problem("units_to_double_code", name, str(value), "a number between 0 and 1", remedy))
    z = NormalDist().inv_cdf(confidence)
    spread = 4 * prevalence * (1 - prevalence) * (1 - smallest)
    return ceil(z**2 * ((1 + smallest) * (3 - smallest) / spread - smallest))


def plan_double_coding(
    segments: pd.DataFrame, *, share: float = 0.2, by: Sequence[str] = ("kind",), at_least: int = 2, random_state: int = 0
) -> pd.DataFrame:
    """The sources that a second coder should read, one row a source, drawn by respondent within strata.

    Whole respondents are drawn, since agreement is known by respondent; all their sources are read. Draw before anyone codes.

    Parameters
    ----------
    segments
        The study's segments; those of participants count. Merge a variable of the cases into them to draw by it.
    share
        The share of respondents to draw from each stratum, rounded up.
    by
        The columns of `segments` whose values make the strata. A webinar is one respondent.
    at_least
        The fewest respondents to draw from a stratum that has so many.
    random_state
        The seed of the draw. The same table in any order of rows gives the same draw.

    Returns
    -------
    DataFrame
        `source_id`; `respondent`; `stratum`; `units` (segments to read); `draw_probability` (of the respondent), to be kept
        in `readings`, where `agreement(weighted=True)` weights back by it.

    Raises
    ------
    TableError
        If the share does not lie between 0 and 1, or there is no such column.

    Examples
    --------
    >>> segments = pd.DataFrame({"source_id": [f"I{n}" for n in range(9)], "start": 0, "end": 5,
    ...                          "case_id": [f"P{n}" for n in range(9)], "kind": "interview"})
    >>> drawn = plan_double_coding(segments, share=0.3)
    >>> len(drawn), drawn["draw_probability"].round(2).unique().tolist()
    (3, [0.33])
    """
    if not 0 < share <= 1:
        raise TableError(Problem("plan_double_coding", "share", str(share), "above 0 and at most 1", "0.2 is usual."))
    table = _with_strata(segments, by)
    people = table.groupby("respondent")["stratum"].first().reset_index().sort_values(["stratum", "respondent"])
    generator = np.random.default_rng(random_state)
    drawn: dict[str, float] = {}
    for _, members in people.groupby("stratum"):
        many = len(members)
        size = min(many, max(at_least, ceil(share * many - 1e-9)))
        drawn |= dict.fromkeys(generator.choice(members["respondent"].to_numpy(), size=size, replace=False), size / many)
    chosen = table[table["respondent"].isin(drawn)]
    sources = chosen.groupby(["stratum", "respondent", "source_id"]).size().rename("units").reset_index()
    return sources.assign(draw_probability=sources["respondent"].map(drawn))[list(_DRAWN)].astype(_DRAWN)


def _with_strata(segments: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The participants' segments with `respondent` and `stratum`, which is that of the respondent's first source."""
    shaped = in_shape("segments", segments)
    for name in by:
        if name not in segments.columns and name not in shaped.columns:
            remedy = "Merge the variable of the cases into the segments first."
            raise TableError(Problem("plan_double_coding", f"by='{name}'", "no such column", "columns of the segments", remedy))
    values = [(segments if name in segments.columns else shaped)[name].fillna("").astype(str).to_numpy() for name in by]
    stratum = pd.Series([", ".join(parts) for parts in zip(*values, strict=True)] if by else "everyone", index=shaped.index)
    table = shaped.assign(respondent=respondents(shaped), stratum=stratum.astype(TEXT))
    return table[table["role"] == "participant"].sort_values(["source_id", "start", "end"], ignore_index=True)
