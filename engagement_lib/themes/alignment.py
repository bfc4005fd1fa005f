"""Themes held against what is known already: who voices them, and which codes people gave to the same segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from engagement_lib.coding.passages import case_values, in_order, in_shape, overlapping, respondents
from engagement_lib.errors import Problem, TableError

NO_CODE: Final = ""
_Z: Final = 1.959963984540054  # of the normal distribution, for 95%
_SPAN: Final = ["source_id", "start", "end"]


def theme_by_case(
    assignments: pd.DataFrame, segments: pd.DataFrame, cases: pd.DataFrame, variable: str, *, scale: Sequence[str] = ()
) -> pd.DataFrame:
    """How many respondents of each kind voice each theme: one row a theme and value of the variable.

    Parameters
    ----------
    assignments
        The table `theme_assignments` of one run.
    segments
        The segments it was made from.
    cases
        The cases with their variables.
    variable
        One of these, or "kind" or "wave". Of whom it says nothing is "not stated"; in `group`, webinars are "webinar".
    scale
        The values of the variable in their order, if they have one.

    Returns
    -------
    DataFrame
        `theme_id`, `value`, `respondents` with that value who voice the theme, of a `base` of all with that value who have any
        assigned segment, their `share`, from 0 to 1, and the ends of its 95% interval, `low` and `high` (Wilson 1927).

    Raises
    ------
    TableError
        When the cases have no such variable, or a segment that was assigned is not among the segments.

    Examples
    --------
    >>> assignments = pd.DataFrame({"source_id": ["A", "B"], "start": 0, "end": 9, "theme_id": ["T01", "T02"]})
    >>> segments = assignments.assign(case_id=["P1", "P2"], kind="survey", wave="1")
    >>> theme_by_case(assignments, segments, pd.DataFrame({"case_id": ["P1", "P2"], "group": ["user", "user"]}), "group").round(2)
      theme_id value  respondents  base  share   low  high
    0      T01  user            1     2    0.5  0.09  0.91
    1      T02  user            1     2    0.5  0.09  0.91
    """
    spoken = in_shape("segments", segments)[[*_SPAN, "case_id", "kind", "wave"]]
    voices = assignments[[*_SPAN, "theme_id"]].merge(spoken, on=_SPAN, how="left", indicator=True)
    _refuse_strangers(voices[voices["_merge"] == "left_only"])
    voices["respondent"] = respondents(voices)
    voices["value"] = case_values(voices, cases, variable)
    base = voices.groupby("value")["respondent"].nunique()
    counts = voices.groupby(["theme_id", "value"])["respondent"].nunique()
    every = pd.MultiIndex.from_product(
        [sorted(set(voices["theme_id"])), in_order(base.index, scale)], names=["theme_id", "value"]
    )
    table = counts.reindex(every, fill_value=0).rename("respondents").reset_index()
    table["base"] = table["value"].map(base)
    table = table.astype({"theme_id": "str", "value": "str", "respondents": "int64", "base": "int64"})
    table["share"] = (table["respondents"] / table["base"]).astype("float64")
    table["low"], table["high"] = _wilson(table["share"], table["base"])
    return table


def align_themes(assignments: pd.DataFrame, codings: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """How themes and codes meet: one row a theme and code of the codebook, unused ones too, and one a theme for no code ("").

    A theme of whose segments most bear no code may lie outside the codebook, provided the sources were read.

    Parameters
    ----------
    assignments
        The table `theme_assignments` of one run, of sources that somebody has read.
    codings
        Those that count. A segment bears a code when they share a character.
    codebook
        Gives the codes and their order.

    Returns
    -------
    DataFrame
        `theme_id`, `code`, `segments` of the theme that bear the code, of a `base` of all its segments, their `share`, and
        `code_segments`, how many segments of any theme bear the code.

    Raises
    ------
    TableError
        When a coding has a code that is not in the codebook.

    Examples
    --------
    >>> assignments = pd.DataFrame({"source_id": ["A", "B"], "start": 0, "end": 9, "theme_id": ["T01", "T01"]})
    >>> codings = pd.DataFrame({"source_id": ["A"], "start": [4], "end": [6], "code": ["time"]})
    >>> align_themes(assignments, codings, pd.DataFrame({"code": ["time"]}))
      theme_id  code  segments  base  share  code_segments
    0      T01  time         1     2    0.5              1
    1      T01               1     2    0.5              1
    """
    codes = list(dict.fromkeys(codebook["code"]))
    strange = sorted(set(codings["code"]) - set(codes))
    if strange:
        expected, remedy = "a code of the codebook", "Add it to the codebook, or mend the coding."
        raise TableError(Problem("codings", "", f"the code '{code}'", expected, remedy) for code in strange)
    table = assignments[[*_SPAN, "theme_id"]].reset_index(drop=True)
    shared = _shared(table, codings)[["segment", "code"]].drop_duplicates()
    without = np.setdiff1d(np.arange(len(table)), shared["segment"])
    borne = pd.concat([shared, pd.DataFrame({"segment": without, "code": NO_CODE})])
    borne["theme_id"] = table["theme_id"].to_numpy()[borne["segment"]]
    base = table.groupby("theme_id").size()
    every = pd.MultiIndex.from_product([list(base.index), [*codes, NO_CODE]], names=["theme_id", "code"])
    met = borne.groupby(["theme_id", "code"]).size().reindex(every, fill_value=0).rename("segments").reset_index()
    met["base"] = met["theme_id"].map(base)
    met["share"] = met["segments"] / met["base"]
    met["code_segments"] = met["code"].map(borne["code"].value_counts()).fillna(0)
    counts = dict.fromkeys(("segments", "base", "code_segments"), "int64")
    return met.astype({"theme_id": "str", "code": "str", "share": "float64"} | counts)


def alignment_score(assignments: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """How far themes agree with codes: one row.

    Every segment counts with the one code that covers most of it (of equals, the first in the alphabet); segments without a code
    are left out.

    Returns
    -------
    DataFrame
        `segments`, the base; `themes` and `codes` among them; `ami`, the adjusted mutual information (Vinh, Epps & Bailey 2010),
        and `ari`, the adjusted Rand index (Hubert & Arabie 1985): 0 at chance, 1 when the same; `because`, why they are NaN.

    Examples
    --------
    >>> assignments = pd.DataFrame({"source_id": ["A", "B"], "start": 0, "end": 9, "theme_id": ["T01", "T02"]})
    >>> codings = pd.DataFrame({"source_id": ["A", "B"], "start": [0, 2], "end": [9, 4], "code": ["time", "skill"]})
    >>> alignment_score(assignments, codings)
       segments  themes  codes  ami  ari because
    0         2       2      2  1.0  1.0
    """
    table = assignments[[*_SPAN, "theme_id"]].reset_index(drop=True)
    cover = _shared(table, codings).groupby(["segment", "code"])["characters"].sum().reset_index()
    most = cover.sort_values(["segment", "characters", "code"], ascending=[True, False, True]).drop_duplicates("segment")
    themes = table["theme_id"].to_numpy()[most["segment"]]
    enough = len(most) >= 2
    row = {
        "segments": len(most),
        "themes": len(set(themes)),
        "codes": most["code"].nunique(),
        "ami": float(adjusted_mutual_info_score(most["code"], themes)) if enough else np.nan,
        "ari": float(adjusted_rand_score(most["code"], themes)) if enough else np.nan,
        "because": "" if enough else "fewer than two segments bear a code",
    }
    return pd.DataFrame([row]).astype({"segments": "int64", "themes": "int64", "codes": "int64", "because": "str"})


def _wilson(share: pd.Series, base: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The ends of Wilson's (1927) 95% interval; a base is never 0, since a value without respondents is no value."""
    weight = _Z**2 / base
    half = np.sqrt(weight * share * (1 - share) + weight**2 / 4)
    low, high = (share + weight / 2 - half) / (1 + weight), (share + weight / 2 + half) / (1 + weight)
    # At 0 and 1 one end is 0 or 1 exactly; rounding would miss it by a hair.
    return low.mask(share == 0, 0.0).astype("float64"), high.mask(share == 1, 1.0).astype("float64")


def _shared(table: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """One row for each coding on a segment: `segment`, its position, `code`, and how many `characters` they share."""
    coding, segment = overlapping(codings, table)
    ends = np.minimum(codings["end"].to_numpy()[coding], table["end"].to_numpy()[segment])
    starts = np.maximum(codings["start"].to_numpy()[coding], table["start"].to_numpy()[segment])
    return pd.DataFrame({"segment": segment, "code": codings["code"].to_numpy()[coding], "characters": ends - starts})


def _refuse_strangers(strange: pd.DataFrame) -> None:
    if len(strange):
        expected, remedy = "every segment that was assigned", "Give the segments that the run was made from."
        raise TableError(
            Problem("segments", "", f"no segment {source_id} {start}-{end}", expected, remedy)
            for source_id, start, end in strange[_SPAN].itertuples(index=False)
        )
