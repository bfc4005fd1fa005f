"""Who could have said something, who did, and what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT, counted_codings
from engagement_lib.coding.passages import case_values, in_order, overlapping, respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.segments import split_turns
from engagement_lib.tables import KINDS, Study


def participant_turns(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """The segments in which participants speak or write, with their `respondent`, from the waves that are prompted or not."""
    turns = split_turns(study.sources)
    prompts = [name for name, wave in study.settings.waves.items() if wave.prompted]
    turns = turns[(turns["role"] == "participant") & (turns["wave"].isin(prompts) == prompted)].reset_index(drop=True)
    return turns.assign(respondent=respondents(turns))


def eligible_respondents(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """Who could have been counted, one row a respondent and source: `respondent`, `source_id`, `kind`, `wave`.

    A source is taken when it holds a participant's words and has been read: where `readings` has rows, by the coder whose
    codings count, or in consensus; otherwise every source is taken as read.
    """
    turns = participant_turns(study, prompted=prompted)
    if not study.readings.empty:
        turns = turns[turns["source_id"].isin(_read_sources(study))]
    columns = ["respondent", "source_id", "kind", "wave"]
    return turns[columns].drop_duplicates().sort_values(columns, ignore_index=True)


def counted_passages(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """The codings that count, each with the `case_id`, `kind`, `wave` and `respondent` of the participant who speaks most of it.

    A coding that touches no participant's words, only an interviewer's or moderator's, is no evidence and is left out.
    """
    codings = counted_codings(study).reset_index(drop=True)
    turns = participant_turns(study, prompted=prompted)
    coding, turn = overlapping(codings, turns)
    ends = np.minimum(codings["end"].to_numpy()[coding], turns["end"].to_numpy()[turn])
    starts = np.maximum(codings["start"].to_numpy()[coding], turns["start"].to_numpy()[turn])
    pairs = pd.DataFrame({"coding": coding, "turn": turn, "shared": ends - starts})
    pairs = pairs.sort_values(["coding", "shared", "turn"], ascending=[True, False, True]).drop_duplicates("coding")
    speakers = turns.loc[pairs["turn"], ["case_id", "kind", "wave", "respondent"]].reset_index(drop=True)
    return codings.loc[pairs["coding"]].reset_index(drop=True).join(speakers)


def has_codings(study: Study) -> bool:
    """Whether any coding counts: before, nothing can be said of a claim or code, not even that nobody supports it."""
    return not counted_codings(study).empty


def in_scope(study: Study, table: pd.DataFrame, scope: dict[str, tuple[str, ...]], *, place: str) -> pd.Series:
    """Whether each row of a table with `respondent`, `kind` and `wave` lies in a claim's scope."""
    inside = pd.Series(True, index=table.index)
    for name, values in scope.items():
        inside &= case_values(table, study.cases, name, place=place).isin(values)
    return inside


def values_of(study: Study, eligible: pd.DataFrame, by: str, *, taken: tuple[str, ...]) -> tuple[pd.Series, list[str]]:
    """What `by` says of each row, and all its values in order; with `by` "" the one value "".

    Raises
    ------
    TableError
        If there is no such variable, or the answer has a column of that name already (`taken`).
    """
    if not by:
        return pd.Series("", index=eligible.index, dtype="str"), [""]
    if by in taken:
        raise TableError(Problem("cases", f"by='{by}'", "a name that the answer needs itself", "another", "Rename the variable."))
    values = case_values(eligible, study.cases, by, place=f"by='{by}'")
    return values, in_order(values, KINDS if by == "kind" else study.settings.scales.get(by, ()))


def cells_of(
    study: Study, eligible: pd.DataFrame, by: str | Sequence[str], *, taken: tuple[str, ...]
) -> tuple[pd.Series, list[dict[str, str]]]:
    """The number of the cell in which each row lies, and what each cell is: a value of every variable in `by`, in order.

    Only cells in which somebody lies are there; with `by` "" it is one, of everybody.

    Raises
    ------
    TableError
        If there is no such variable, it comes twice, or the answer has a column of that name already (`taken`).
    """
    names = variables_of(by)
    if len(set(names)) < len(names):
        expected, remedy = "each variable once", "Take one of them out."
        raise TableError(Problem("cases", f"by={by!r}", "a variable twice", expected, remedy))
    found = [values_of(study, eligible, name, taken=taken) for name in names]
    rows = list(zip(*(values for values, _ in found), strict=True)) if names else [()] * len(eligible)
    there = set(rows) if names else {()}
    cells = [cell for cell in product(*(order for _, order in found)) if cell in there]
    place = {cell: number for number, cell in enumerate(cells)}
    number = pd.Series([place[row] for row in rows], index=eligible.index, dtype="int64")
    return number, [dict(zip(names, cell, strict=True)) for cell in cells]


def variables_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The variables that `by` names: none, one or several."""
    return ((by,) if by else ()) if isinstance(by, str) else tuple(by)


def _read_sources(study: Study) -> set[str]:
    finished = study.readings[study.readings["finished"] != ""]
    independent = study.codings.loc[study.codings["layer"] == INDEPENDENT, "coder"]
    coders = [study.settings.coder] if study.settings.coder else list(independent.unique())
    by_coder = finished.loc[finished["coder"].isin([CONSENSUS, *(coders if len(coders) == 1 else [])]), "source_id"]
    return set(by_coder) | set(study.codings.loc[study.codings["layer"] == CONSENSUS, "source_id"])
