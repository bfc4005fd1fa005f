"""How far the evidence carries each claim: who supports it, who contradicts it, and out of how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.claims import collect_evidence, parse_scope
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.evidence.respondents import eligible_respondents, has_codings, in_scope, values_of
from engagement_lib.evidence.verdicts import indicate_verdict
from engagement_lib.tables import COUNT, KINDS, NUMBER, TEXT, Study, records

_ABOUT: Final = ("claim_id", "theme", "statement")
_NUMBERS: Final = {
    **dict.fromkeys(("base", "sources", "supporting", "qualifying", "contradicting", "both", "passages"), COUNT),
    **dict.fromkeys(("share", "low", "high"), NUMBER),
    "interval": TEXT,
    **dict.fromkeys(("contradiction", "largest_share"), NUMBER),
    **dict.fromkeys(("kinds", "indicated", "because"), TEXT),
}
_ALL_OR_NONE: Final = "Wilson, since {} and drawing anew shows no variation"


def appraise_claims(
    study: Study, *, by: str = "", prompted: bool = False, resamples: int = 2000, random_state: int = 0
) -> pd.DataFrame:
    """How far the evidence carries each claim, one row a claim, or a claim and value of `by`; no rows before anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or a variable of the cases such as "group"; "" takes everyone in the claim's scope together. A webinar is
        one respondent, of the group "webinar".
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    resamples, random_state
        How often respondents are drawn anew for the interval, and the seed of these draws.

    Returns
    -------
    DataFrame
        `claim_id`, `theme`, `statement`; a column with the name of `by`, if any; `base` (respondents in scope with words in a
        source that has been read); `sources` (that hold evidence); `supporting`, `qualifying`, `contradicting` (respondents);
        `both` (who support and contradict, and count in each); `passages` (of evidence); `share` (supporting of base); `low`,
        `high` (95%); `interval` (how it was made); `contradiction` (share who contradict, of those who support or contradict);
        `largest_share` (of the supporting passages from one respondent); `kinds` (of sources that support); `indicated` (the
        verdict by `verdict_rule`; "" with `by`, and for prompted waves, which are no independent support); `because` (the
        numbers in words).

    Raises
    ------
    TableError
        If `by` is no variable, `resamples` is below 1, or a claim's codes or scope cannot be read.

    Notes
    -----
    Drawing respondents anew with replacement makes the number who support binomial, so that it is drawn directly; see
    `docs/evidence.md`. Only evidence from sources that have been read is counted; `because` says how much was left out.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ...     "claims": {"claim_id": ["C1"], "statement": "Time is short.", "codes": "+no-time"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> appraise_claims(study)[["claim_id", "base", "supporting", "share", "indicated"]]
      claim_id  base  supporting  share     indicated
    0       C1     2           1    0.5  insufficient
    """
    if resamples < 1:
        raise TableError(Problem("appraise_claims", "resamples", str(resamples), "at least 1", "2000 is usual."))
    columns = dict.fromkeys(_ABOUT, TEXT) | ({by: TEXT} if by else {}) | _NUMBERS
    eligible = eligible_respondents(study, prompted=prompted)
    values, names = values_of(study, eligible, by, taken=(*_ABOUT, *_NUMBERS))
    eligible = eligible.assign(value=values)
    evidence = collect_evidence(study, prompted=prompted)
    evidence = evidence.assign(respondent=respondents(evidence))
    rows = []
    for claim in records(study.claims) if has_codings(study) else []:
        scope = parse_scope(claim["scope"], claim_id=claim["claim_id"])
        base = eligible[in_scope(study, eligible, scope, place=f"claim '{claim['claim_id']}', scope")]
        mine = evidence[evidence["claim_id"] == claim["claim_id"]]
        unread = int((~mine["source_id"].isin(eligible["source_id"])).sum()) if not by else 0
        mine = mine.merge(base[["source_id", "respondent", "value"]], on=["source_id", "respondent"])
        for name in names:
            row = {column: claim[column] for column in _ABOUT} | {by: name}
            row |= _count(mine[mine["value"] == name], base[base["value"] == name])
            row |= _interval(row["supporting"], row["base"], resamples, random_state)
            row["because"] = _because(row, unread)
            row["indicated"] = "" if by or prompted else _indicate(study, row)
            rows.append(row)
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _count(evidence: pd.DataFrame, eligible: pd.DataFrame) -> dict[str, Any]:
    people = {stance: set(rows["respondent"]) for stance, rows in evidence.groupby("stance")}
    for_it, against = people.get("supports", set()), people.get("contradicts", set())
    supporting = evidence[evidence["stance"] == "supports"]
    found = set(supporting["kind"])
    return {
        "base": eligible["respondent"].nunique(),
        "sources": evidence["source_id"].nunique(),
        "supporting": len(for_it),
        "qualifying": len(people.get("qualifies", set())),
        "contradicting": len(against),
        "both": len(for_it & against),
        "either": len(for_it | against),
        "passages": len(evidence[["source_id", "start", "end"]].drop_duplicates()),
        "contradiction": _share(len(against), len(for_it | against)),
        "against_alone": _share(len(against - for_it), len(for_it | against)),
        "largest_share": _share(int(supporting["respondent"].value_counts().max()) if for_it else 0, len(supporting)),
        "kinds": ", ".join(kind for kind in KINDS if kind in found),
        "n_kinds": len(found),
    }


def _interval(count: int, base: int, resamples: int, random_state: int) -> dict[str, Any]:
    """The share and its 95% interval: percentiles over draws, or Wilson's where all or none support."""
    share = _share(count, base)
    low, high = wilson_interval(count, base)
    if base == 0:
        words = ""
    elif count in (0, base):
        words = _ALL_OR_NONE.format("all support it" if count else "nobody supports it")
    else:
        drawn = np.random.default_rng(random_state).binomial(base, share, size=resamples) / base
        low, high = (float(end) for end in np.percentile(drawn, [2.5, 97.5]))
        words = f"respondents drawn anew {resamples} times"
    return {"share": share, "low": low, "high": high, "interval": words}


def _indicate(study: Study, row: Mapping[str, Any]) -> str:
    return indicate_verdict(
        study.settings.verdicts,
        respondents=row["either"],
        contradiction=row["contradiction"],
        against_alone=row["against_alone"],
        kinds=row["n_kinds"],
        largest_share=row["largest_share"],
    )


def _because(row: Mapping[str, Any], unread: int) -> str:
    if row["base"] == 0:
        text = "No respondent in scope has words in a source that has been read."
    else:
        text = (
            f"Supported by {row['supporting']} of {row['base']} respondents ({row['share']:.0%}, 95% interval {row['low']:.0%} to"
            f" {row['high']:.0%}), qualified by {row['qualifying']}, contradicted by {row['contradicting']}."
        )
    if row["either"]:
        text += f" Of the {row['either']} who support or contradict it, {row['contradiction']:.0%} contradict it, "
        text += f"{row['against_alone']:.0%} without supporting it as well."
    if row["supporting"]:
        text += f" Support comes from these kinds of source: {row['kinds']}."
        text += f" The respondent with most supporting passages gives {row['largest_share']:.0%} of them."
    if unread:
        text += f" Passages left out because their source is not yet finished: {unread}."
    return text


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
