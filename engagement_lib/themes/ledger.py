"""Themes with an identity that outlasts a run: which of the new ones is which of the old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from engagement_lib.tables import SCHEMAS

NEW: Final = "new"
KEPT: Final = "kept"
SPLIT: Final = "split"
MERGED: Final = "merged"
FADED: Final = "faded"
SAME: Final = 0.5  # Jaccard similarity from which a new theme is an old one
_PART: Final = 0.5  # of a theme's old texts, from which it is made of another
FLOW: Final = {
    "old_theme_id": "str",
    "theme_id": "str",
    "segments": "int64",
    "base": "int64",
    "share": "float64",
    "jaccard": "float64",
}
_LEDGER: Final = SCHEMAS["themes"].columns


def theme_names(themes: int, *, first: int = 1) -> list[str]:
    """So many ids in a row: T01, T02, …

    Examples
    --------
    >>> theme_names(2, first=9)
    ['T09', 'T10']
    """
    last = first + themes - 1
    width = max(2, len(str(last)))
    return [f"T{number:0{width}d}" for number in range(first, last + 1)]


def first_ledger(theme_ids: Sequence[str], run: str) -> pd.DataFrame:
    """The ledger of a first run, in which all themes are new."""
    rows = [{"theme_id": theme_id, "status": NEW, "first_run": run, "last_run": run} for theme_id in theme_ids]
    return pd.DataFrame([dict.fromkeys(_LEDGER, "") | row for row in rows], columns=list(_LEDGER)).astype(_LEDGER)


def theme_flow(old: Sequence[str], new: Sequence[str]) -> pd.DataFrame:
    """Where the segments of each old theme went: one row an old and a new theme that have a segment in common.

    Parameters
    ----------
    old, new
        The theme of each segment that both runs hold, in the same order.

    Returns
    -------
    DataFrame
        `old_theme_id`, `theme_id`, `segments` in common, of a `base` of all in the old theme, their `share`, and `jaccard`, the
        segments in common by those in either.

    Examples
    --------
    >>> theme_flow(["T01", "T01", "T02"], ["T01", "T03", "T02"])[["old_theme_id", "theme_id", "segments", "share", "jaccard"]]
      old_theme_id theme_id  segments  share  jaccard
    0          T01      T01         1    0.5      0.5
    1          T01      T03         1    0.5      0.5
    2          T02      T02         1    1.0      1.0
    """
    pairs = pd.DataFrame({"old_theme_id": list(old), "theme_id": list(new)}, dtype="str")
    flow = pairs.groupby(["old_theme_id", "theme_id"]).size().rename("segments").reset_index()
    flow["base"] = flow["old_theme_id"].map(pairs["old_theme_id"].value_counts())
    flow["share"] = flow["segments"] / flow["base"]
    flow["jaccard"] = flow["segments"] / (
        flow["base"] + flow["theme_id"].map(pairs["theme_id"].value_counts()) - flow["segments"]
    )
    return flow.astype(FLOW)


def match_themes(flow: pd.DataFrame) -> dict[str, str]:
    """The old theme that each new one is, those alone that are one: of all ways to pair them, that with the most in common.

    Pairs are found by the Hungarian method (Kuhn 1955) on Jaccard similarity, and stand from 0.5 up.

    Examples
    --------
    >>> match_themes(theme_flow(["T01", "T01", "T02"], ["0", "0", "1"]))
    {'0': 'T01', '1': 'T02'}
    """
    if flow.empty:
        return {}
    table = flow.pivot(index="old_theme_id", columns="theme_id", values="jaccard").fillna(0.0)
    alike = table.to_numpy(dtype=np.float64)
    old, new = linear_sum_assignment(alike, maximize=True)
    pairs = [(of, at) for of, at in zip(old.tolist(), new.tolist(), strict=True) if alike[of, at] >= SAME]
    return {str(table.columns[at]): str(table.index[of]) for of, at in pairs}


def name_themes(flow: pd.DataFrame, found: Sequence[str], ledger: pd.DataFrame) -> dict[str, str]:
    """The lasting id of each theme of a run: that of the old theme which it is, or the next that nobody had.

    Parameters
    ----------
    flow
        From old themes, by their ids, to those of the run as they stand in `found`.
    found
        The themes of the run in the order in which new ones are numbered.
    ledger
        Every theme there ever was.
    """
    known = match_themes(flow)
    strangers = [theme for theme in found if theme not in known]
    last = max((int(theme_id[1:]) for theme_id in ledger["theme_id"]), default=0)
    return known | dict(zip(strangers, theme_names(len(strangers), first=last + 1), strict=True))


def carry_ledger(ledger: pd.DataFrame, flow: pd.DataFrame, theme_ids: Sequence[str], run: str) -> pd.DataFrame:
    """The ledger after a run, one row a theme that ever was, with what became of it.

    *kept* is a theme that is an old one. *split* has most of its old segments from one old theme that lost it, *merged* holds
    most of at least two old themes; `parents` names them. *new* has no such parent. *faded* is an old theme that this run has
    not: its `last_run` stays.
    """
    rows = ledger.set_index("theme_id", drop=False)
    for theme_id in theme_ids:
        status, parents = _origin(flow, theme_id, known=theme_id in rows.index)
        if theme_id in rows.index:
            rows.loc[theme_id, ["status", "last_run"]] = [status, run]
            if status == MERGED:
                rows.loc[theme_id, "parents"] = parents
        else:
            rows.loc[theme_id] = dict.fromkeys(_LEDGER, "") | {
                "theme_id": theme_id, "status": status, "parents": parents, "first_run": run, "last_run": run
            }  # fmt: skip
    rows.loc[~rows["theme_id"].isin(list(theme_ids)), "status"] = FADED
    return rows.reset_index(drop=True).astype(_LEDGER).sort_values("theme_id", ignore_index=True)


def _origin(flow: pd.DataFrame, theme_id: str, *, known: bool) -> tuple[str, str]:
    mine = flow[flow["theme_id"] == theme_id]
    whole = sorted(mine.loc[mine["share"] >= _PART, "old_theme_id"])
    if len(whole) > 1:
        return MERGED, " ".join(whole)
    if known:
        return KEPT, ""
    main = mine[mine["segments"] > mine["segments"].sum() * _PART]
    return (SPLIT, str(main["old_theme_id"].iloc[0])) if len(main) else (NEW, "")
