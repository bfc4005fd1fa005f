"""Two groups of respondents compared, code by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.differences import (
    Flags,
    adjust_p,
    conditional_odds_ratio,
    difference_within,
    newcombe_interval,
    permutation_p,
    smallest_difference,
)
from engagement_lib.evidence.respondents import counted_passages, eligible_respondents, has_codings, values_of
from engagement_lib.evidence.wording import say_caution, say_percent, say_points
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

_SIDES: Final = ("first", "second")
_COLUMNS: Final = {
    "code": TEXT,
    **{
        f"{side}{name}": dtype
        for side in _SIDES
        for name, dtype in (("", TEXT), ("_respondents", COUNT), ("_base", COUNT), ("_share", NUMBER))
    },
    **dict.fromkeys(("difference", "low", "high", "odds_ratio", "odds_low", "odds_high", "difference_within"), NUMBER),
    **dict.fromkeys(("compared", "family"), COUNT),
    **dict.fromkeys(("p", "p_adjusted", "smallest_difference"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_LEVEL: Final = 0.05


def compare_groups(
    study: Study,
    *,
    by: str,
    groups: tuple[str, str],
    codes: Sequence[str] | None = None,
    within: str = "kind",
    prompted: bool = False,
    resamples: int = 9999,
    random_state: int = 0,
) -> pd.DataFrame:
    """How two groups of respondents differ, one row a code; no rows before anything is coded.

    Parameters
    ----------
    by, groups
        A variable of the cases such as "group", "kind" or "wave", and two of its values.
    codes
        The codes to compare, all of the codebook if None. They are the family for which p-values are adjusted: name them before
        looking, and name all that are looked at.
    within
        Respondents are compared with others of the same "kind" of source, or of the same value of another variable; somebody
        who speaks in several kinds with others who speak in just these. "" compares everybody with everybody.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    resamples, random_state
        How often the groups' labels are permuted, and the seed of the permutations.

    Returns
    -------
    DataFrame
        `code`; `first`, `second` (the groups), for each its `_respondents` with the code, its `_base` and `_share`; `difference`
        (first share less second) with its 95% interval `low`, `high` (Newcombe's); `odds_ratio` (conditional) with its exact 95%
        interval `odds_low`, `odds_high`; `difference_within` (the same difference among those who are alike in `within`) and
        the respondents whom it rests on, `compared`; `family` (codes in the call); `p` (two-sided, by permuting labels within
        `within`); `p_adjusted` (Benjamini and Hochberg over the family); `smallest_difference` (from the share of both together
        on, that bases like these would have shown with 80% power); `reason` (why something is undefined, else ""); `sentence`.

    Raises
    ------
    TableError
        If a variable, group or code is unknown, both groups are the same, somebody is in both, or `resamples` is below 1.

    Notes
    -----
    A respondent is permuted whole, since what one person says hangs together. No difference found is not no difference: the
    interval says which differences the numbers allow. Formulas and their sources stand with the functions in
    `engagement_lib/evidence/differences.py` and in `docs/evidence.md`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> people = [f"P{number}" for number in range(8)]
    >>> said = {
    ...     "sources": {"source_id": people, "case_id": people, "kind": "survey", "text": "There is no time."},
    ...     "cases": {"case_id": people, "group": ["producer"] * 4 + ["user"] * 4},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": people[1:5], "source_id": people[1:5], "start": 9, "end": 16, "code": "no-time",
    ...                 "coder": "AB"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> table = compare_groups(study, by="group", groups=("producer", "user"))
    >>> table[["code", "first_share", "second_share", "difference", "low", "high"]].round(2)
          code  first_share  second_share  difference   low  high
    0  no-time         0.75          0.25         0.5 -0.14  0.79
    """
    chosen = _codes(study, codes)
    people = _people(study, by, groups, within, prompted)
    if not has_codings(study) or not chosen:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    holds = _holds(study, people, chosen, prompted)
    first = (people["value"] == groups[0]).to_numpy()
    strata, names = pd.factorize(people["stratum"], sort=True)
    table = _counts(chosen, groups, holds, first)
    table["difference_within"], table["compared"] = difference_within(holds, first, strata)
    table["family"] = len(chosen)
    p = permutation_p(holds, first, strata, resamples=resamples, random_state=random_state)
    table["p"] = p if table["compared"].iloc[0] else np.nan
    table["p_adjusted"] = adjust_p(table["p"].to_numpy(np.float64))
    pooled = holds.mean(axis=0) if len(holds) else np.full(len(chosen), np.nan)
    table["smallest_difference"] = smallest_difference(pooled, int(first.sum()), int((~first).sum()))
    table["reason"] = [_reason(row, within) for row in table.to_dict("records")]
    caution = say_caution(study.settings, set(people["kinds"].str.split("+").explode()))
    told = within if len(names) > 1 else ""
    table["sentence"] = [_say(row, told, caution) for row in table.to_dict("records")]
    return table[list(_COLUMNS)].astype(_COLUMNS)


def _codes(study: Study, codes: Sequence[str] | None) -> list[str]:
    known = list(study.codebook["code"])
    chosen = known if codes is None else list(dict.fromkeys(codes))
    problems = []
    for code in chosen:
        if code not in known:
            near = get_close_matches(code, known, n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else "Mend its name, or add it to the codebook."
            problems.append(Problem("compare_groups", "codes", f"'{code}'", "a code of the codebook", remedy))
    if problems:
        raise TableError(problems)
    return chosen


def _people(study: Study, by: str, groups: tuple[str, str], within: str, prompted: bool) -> pd.DataFrame:
    """The respondents of both groups, one row each: `respondent`, `value`, `stratum` and their `kinds`."""
    eligible = eligible_respondents(study, prompted=prompted)
    values, there = values_of(study, eligible, by, taken=()) if by else _no_variable()
    _check_groups(groups, by, [*there, *(study.cases[by] if by in study.cases.columns else [])])
    eligible = eligible.assign(value=values, alike=values_of(study, eligible, within, taken=())[0])
    eligible = eligible[eligible["value"].isin(groups)]
    people = eligible.groupby("respondent", as_index=False).agg(
        values=("value", "nunique"), value=("value", "first"), stratum=("alike", _all), kinds=("kind", _all)
    )
    if (people["values"] > 1).any():
        name = people.loc[people["values"] > 1, "respondent"].iloc[0]
        remedy = "Compare groups in which nobody is twice, such as those of a variable of the cases."
        raise TableError(Problem("compare_groups", f"by='{by}'", f"'{name}' in both groups", "everybody in one", remedy))
    return people.astype({"value": TEXT, "stratum": TEXT, "kinds": TEXT})


def _no_variable() -> tuple[pd.Series, list[str]]:
    remedy = 'Name one, such as by="group".'
    raise TableError(Problem("compare_groups", "by", "no variable", "a variable that tells the groups apart", remedy))


def _check_groups(groups: tuple[str, str], by: str, known: Sequence[str]) -> None:
    if len(groups) != 2 or groups[0] == groups[1]:
        found = ", ".join(f"'{group}'" for group in groups)
        raise TableError(Problem("compare_groups", "groups", found, "two different values", f"Name two values of '{by}'."))
    names = sorted({str(value) for value in known} - {""})
    for group in groups:
        if group not in names:
            expected = f"one of {', '.join(names) or 'none: nobody has a value'}"
            raise TableError(Problem("compare_groups", "groups", f"'{group}'", expected, f"Name a value of '{by}'."))


def _all(values: pd.Series) -> str:
    return "+".join(sorted(set(values)))


def _holds(study: Study, people: pd.DataFrame, codes: Sequence[str], prompted: bool) -> Flags:
    """Respondents x codes: whether they have a passage with the code in a source that has been read."""
    read = eligible_respondents(study, prompted=prompted)[["source_id", "respondent"]]
    passages = counted_passages(study, prompted=prompted).merge(read, on=["source_id", "respondent"])
    person = pd.Index(people["respondent"]).get_indexer(pd.Index(passages["respondent"]))
    code = pd.Index(codes).get_indexer(pd.Index(passages["code"]))
    known = (person >= 0) & (code >= 0)
    holds = np.zeros((len(people), len(codes)), dtype=bool)
    holds[person[known], code[known]] = True
    return holds


def _counts(codes: Sequence[str], groups: tuple[str, str], holds: Flags, first: Flags) -> pd.DataFrame:
    rows = []
    for at, code in enumerate(codes):
        row: dict[str, Any] = {"code": code}
        pairs = []
        for side, group, mine in zip(_SIDES, groups, (first, ~first), strict=True):
            count, base = int(holds[mine, at].sum()), int(mine.sum())
            share = count / base if base else float("nan")
            row |= {side: group, f"{side}_respondents": count, f"{side}_base": base, f"{side}_share": share}
            pairs.append((count, base))
        row["difference"] = row["first_share"] - row["second_share"]
        row["low"], row["high"] = newcombe_interval(*pairs)
        row["odds_ratio"], row["odds_low"], row["odds_high"] = conditional_odds_ratio(*pairs)
        rows.append(row)
    return pd.DataFrame(rows)


def _reason(row: Mapping[Any, Any], within: str) -> str:
    for side in _SIDES:
        if not row[f"{side}_base"]:
            return f"nobody of '{row[side]}' has words in a source that has been read"
    if not row["compared"]:
        return f"no {within} of which there are respondents of both groups"
    counted = row["first_respondents"] + row["second_respondents"]
    if counted == 0:
        return "nobody of either group has the code, so that there is no odds ratio"
    if counted == row["first_base"] + row["second_base"]:
        return "everybody of both groups has the code, so that there is no odds ratio"
    return "" if row["smallest_difference"] > 0 else "the bases are too small to show any difference with 80% power"


def _say(row: Mapping[Any, Any], within: str, caution: str) -> str:
    sides = [f"{row[f'{s}_respondents']} of {row[f'{s}_base']} {row[s]}" for s in _SIDES]
    if np.isnan(row["difference"]):
        return f"'{row['code']}': {sides[0]} and {sides[1]}; nothing to compare, since {row['reason']}."
    text = (
        f"'{row['code']}': {sides[0]} ({say_percent(row['first_share'])}) and {sides[1]} ({say_percent(row['second_share'])}), "
    )
    text += f"a difference of {say_points(row['difference'])} points, 95% interval {say_points(row['low'])} to"
    text += f" {say_points(row['high'])}"
    if np.isnan(row["p"]):
        return f"{text}; not tested, since there is {row['reason']}; {caution}."
    text += f" ({say_points(row['difference_within'])} within {within})" if within else ""
    family = f"{row['family']} code{'s' if row['family'] > 1 else ''}"
    p = f"p = {row['p']:.4f}, adjusted for {family} {row['p_adjusted']:.4f}"
    if row["p_adjusted"] < _LEVEL:
        unsure = ", though the interval holds 0" if row["low"] <= 0 <= row["high"] else ""
        return f"{text}: a difference was found ({p}){unsure}; {caution}."
    limit = row["smallest_difference"]
    missed = "any difference" if np.isnan(limit) else f"a difference under {100 * limit:.0f} points"
    return f"{text}: no difference found ({p}); with these bases {missed} is missed more than one time in five; {caution}."
