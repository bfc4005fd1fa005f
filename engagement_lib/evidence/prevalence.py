"""Shares of respondents, with their base and an interval."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.respondents import counted_passages, eligible_respondents, has_codings, values_of
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

_COLUMNS: Final = {
    "code": TEXT,
    **dict.fromkeys(("respondents", "base"), COUNT),
    **dict.fromkeys(("share", "low", "high"), NUMBER),
}


def wilson_interval(count: int, base: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The lower and upper end of Wilson's interval for a share of `count` in `base`; NaN twice where the base is 0.

    Raises
    ------
    TableError
        If the count is below 0 or above the base, or the confidence not between 0 and 1.

    Notes
    -----
    ``(2np + z² ± z √(z² + 4npq)) / 2(n + z²)`` with n the base, p = count / n, q = 1 - p: Wilson (1927); as method 3 in Newcombe,
    R. G. (1998), *Two-sided confidence intervals for the single proportion*, Statistics in Medicine 17, 857-872.

    Examples
    --------
    >>> low, high = wilson_interval(15, 148)
    >>> round(low, 4), round(high, 4)
    (0.0624, 0.1605)
    """
    if not 0 <= count <= base:
        raise TableError(Problem("wilson_interval", "count", f"{count} of {base}", "from 0 to its base", "Mend the numbers."))
    if not 0 < confidence < 1:
        raise TableError(Problem("wilson_interval", "confidence", str(confidence), "a number between 0 and 1", "0.95 is usual."))
    if base == 0:
        return float("nan"), float("nan")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = 2 * count + z**2
    half = z * (z**2 + 4 * count * (1 - count / base)) ** 0.5
    whole = 2 * (base + z**2)
    # At 0 and at the base one end is 0 or 1 exactly; rounding would miss it by a hair.
    return 0.0 if count == 0 else (middle - half) / whole, 1.0 if count == base else (middle + half) / whole


def prevalence(study: Study, *, by: str = "", prompted: bool = False) -> pd.DataFrame:
    """How many respondents have at least one passage with each code, one row a code, or a code and value of `by`; no rows before
    anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or a variable of the cases such as "group"; "" counts everyone together. A webinar is one respondent, of
        the group "webinar".
    prompted
        False leaves out the waves that answer to a draft; True takes only them.

    Returns
    -------
    DataFrame
        `code`; a column with the name of `by`, if any; `respondents` (with a coding that counts, whatever its stance); `base`
        (those with words in a source that has been read); `share`; `low` and `high` (Wilson's 95% interval). Codes that nobody
        used stay, with 0. The interval speaks of respondents like these, not of everyone who might have been asked.

    Raises
    ------
    TableError
        If `by` is no variable.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> prevalence(study).round(2)
          code  respondents  base  share   low  high
    0  no-time            1     2    0.5  0.09  0.91
    """
    eligible = eligible_respondents(study, prompted=prompted)
    values, names = values_of(study, eligible, by, taken=tuple(_COLUMNS))
    eligible = eligible.assign(value=values)
    passages = counted_passages(study, prompted=prompted)[["code", "source_id", "respondent"]]
    passages = passages.merge(eligible, on=["source_id", "respondent"])
    bases = eligible.groupby("value")["respondent"].nunique()
    holders = passages.groupby(["code", "value"])["respondent"].nunique()
    rows = []
    for code in study.codebook["code"] if has_codings(study) else ():
        for name in names:
            count, base = int(holders.get((code, name), 0)), int(bases.get(name, 0))
            low, high = wilson_interval(count, base)
            share = count / base if base else float("nan")
            rows.append({"code": code, by: name, "respondents": count, "base": base, "share": share, "low": low, "high": high})
    columns = _COLUMNS if not by else {"code": TEXT, by: TEXT} | _COLUMNS
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
