"""Claims against kinds of source and groups: where they agree, differ, are silent, or were never asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.coding.passages import respondents
from engagement_lib.evidence.asked import topics_of_claims, topics_put
from engagement_lib.evidence.claims import collect_evidence, parse_scope
from engagement_lib.evidence.respondents import cells_of, eligible_respondents, has_codings, in_scope, variables_of
from engagement_lib.evidence.wording import name_people, say_cell
from engagement_lib.settings import Settings, Verdicts
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, records

AGREEMENT: Final = "agreement"
PARTIAL: Final = "partial"
DISSONANCE: Final = "dissonance"
SILENCE: Final = "silence"
NOT_ASKED: Final = "not asked"
NOT_STATED: Final = "silence or not asked"
NOBODY: Final = "nobody in scope"
# What a person may judge a cell to be; the other two say what the program does not know.
JUDGEMENTS: Final = (AGREEMENT, PARTIAL, SILENCE, NOT_ASKED, DISSONANCE)
JUDGED: Final = "cell judged"
CELL: Final = "cell"
COMPUTED: Final = "computed"

_ABOUT: Final = ("claim_id", "theme", "statement")
_COLUMNS: Final = {
    **dict.fromkeys(("base", "asked", "supporting", "qualifying", "contradicting", "both", "passages"), COUNT),
    **dict.fromkeys(("share", "contradiction"), NUMBER),
    **dict.fromkeys(("expected", "computed", "reading", "basis", "at", "reason", "sentence"), TEXT),
}


def triangulate(study: Study, *, by: str | Sequence[str] = ("kind", "group"), prompted: bool = False) -> pd.DataFrame:
    """What each kind of source and group says of each claim, one row a claim and cell; no rows before anything is coded.

    Parameters
    ----------
    by
        The variables that make the cells: "kind", "wave", a variable of the cases such as "group", or several.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.

    Returns
    -------
    DataFrame
        `claim_id`, `theme`, `statement`; a column for each variable in `by`; `base` (respondents in the claim's scope with words
        in a source that has been read); `asked` (of them, those who were asked about it, as `[asked]` in `study.toml` says);
        `supporting`, `qualifying`, `contradicting`, `both` (respondents); `passages` (of evidence); `share` (supporting of base)
        and `contradiction` (who contradict, of those who support or contradict), NaN where nobody is there; `expected` ("yes"
        or "no" with "kind" in `by`, as `sources_expected` of the claim says, else ""); `computed` (the reading by rule);
        `reading` (that of a person, else the computed one); `basis` ("computed" or "judged by" somebody), `at`, `reason`
        (theirs); `sentence`.

    Raises
    ------
    TableError
        If `by` names no variable, or a claim's codes or scope cannot be read.

    Notes
    -----
    A convergence coding matrix: Farmer, T., Robinson, K., Elliott, S. J. and Eyles, J. (2006), *Developing and implementing a
    triangulation protocol for qualitative health research*, Qualitative Health Research 16, 377-394. The rule stands in
    `docs/evidence.md`. A judgement is an event of the kind "cell judged" about the "cell" "C1/interview/producer": the claim and
    the values of `by`, in order; without a reason it does not hold.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "P1"], "case_id": ["S1", "P1"], "kind": ["survey", "comment"],
    ...                 "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ...     "claims": {"claim_id": ["C1"], "statement": "Time is short.", "codes": "+no-time"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "events")}
    >>> study = Study(Path(), Settings(title="Pilot", asked={"comment": ("C1",)}), **tables)
    >>> triangulate(study, by="kind")[["claim_id", "kind", "base", "asked", "supporting", "reading"]]
      claim_id     kind  base  asked  supporting    reading
    0       C1   survey     1      0           1  agreement
    1       C1  comment     1      1           0    silence
    """
    names = variables_of(by)
    columns = dict.fromkeys((*_ABOUT, *names), TEXT) | _COLUMNS
    eligible = eligible_respondents(study, prompted=prompted)
    number, cells = cells_of(study, eligible, names, taken=(*_ABOUT, *_COLUMNS))
    eligible = eligible.assign(cell=number)
    evidence = collect_evidence(study, prompted=prompted)
    evidence = evidence.assign(respondent=respondents(evidence))
    put, topics = topics_put(study, prompted=prompted), topics_of_claims(study)
    judgements = {row["about_id"]: row for row in records(fold_events(study.events, JUDGED, CELL))}
    rows = []
    for claim in records(study.claims) if has_codings(study) else []:
        scope = parse_scope(claim["scope"], claim_id=claim["claim_id"])
        base = eligible[in_scope(study, eligible, scope, place=f"claim '{claim['claim_id']}', scope")]
        mine = evidence[evidence["claim_id"] == claim["claim_id"]]
        mine = mine.merge(base[["source_id", "respondent", "cell"]], on=["source_id", "respondent"])
        for place, cell in enumerate(cells):
            there = base[base["cell"] == place]
            heard = there[["respondent", "kind", "wave"]].drop_duplicates().merge(put, on=["respondent", "kind", "wave"])
            counts = _count(mine[mine["cell"] == place], there) | _asked(heard, topics[claim["claim_id"]], study.settings)
            row = {name: claim[name] for name in _ABOUT} | cell | counts | {"expected": _expected(claim, cell)}
            row["computed"] = read_cell(study.settings.verdicts, counts)
            row |= _judged(row["computed"], judgements.get("/".join([claim["claim_id"], *cell.values()]), {}))
            thin = _is_thin(study.settings.verdicts, counts)
            rows.append(row | {"sentence": _say(row, cell, tuple(there["kind"].unique()), thin=thin)})
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def read_cell(rule: Verdicts, counts: Mapping[str, Any]) -> str:
    """What a cell says of a claim, by rule, from the numbers of respondents there.

    Parameters
    ----------
    rule
        The thresholds of `[verdicts]` in `study.toml`.
    counts
        `base`, `asked`, `supporting`, `qualifying`, `contradicting`, `both`; `stated`, whether it is known what was asked.

    Examples
    --------
    >>> counts = {"base": 9, "asked": 0, "stated": True, "supporting": 0, "qualifying": 0, "contradicting": 0, "both": 0}
    >>> read_cell(Verdicts(), counts), read_cell(Verdicts(), counts | {"asked": 9})
    ('not asked', 'silence')
    """
    if not counts["base"]:
        return NOBODY
    either = counts["supporting"] + counts["contradicting"] - counts["both"]
    if either == 0:
        if counts["qualifying"]:
            return PARTIAL
        unheard = NOT_ASKED if counts["stated"] else NOT_STATED
        return SILENCE if counts["asked"] else unheard
    if (counts["contradicting"] - counts["both"]) / either >= rule.contradicted:
        return DISSONANCE
    return PARTIAL if counts["contradicting"] / either >= rule.contested or _is_thin(rule, counts) else AGREEMENT


def _is_thin(rule: Verdicts, counts: Mapping[str, Any]) -> bool:
    """Whether fewer speak to the claim than a verdict wants, though enough are there: agreement in meaning, not in prominence."""
    either = counts["supporting"] + counts["contradicting"] - counts["both"]
    return bool(0 < either < rule.min_respondents <= counts["base"])


def _count(evidence: pd.DataFrame, base: pd.DataFrame) -> dict[str, Any]:
    people = {stance: set(rows["respondent"]) for stance, rows in evidence.groupby("stance")}
    for_it, against = people.get("supports", set()), people.get("contradicts", set())
    number = base["respondent"].nunique()
    return {
        "base": number,
        "supporting": len(for_it),
        "qualifying": len(people.get("qualifies", set())),
        "contradicting": len(against),
        "both": len(for_it & against),
        "passages": len(evidence[["source_id", "start", "end"]].drop_duplicates()),
        "share": len(for_it) / number if number else float("nan"),
        "contradiction": len(against) / len(for_it | against) if for_it | against else float("nan"),
    }


def _asked(put: pd.DataFrame, topics: Sequence[str], settings: Settings) -> dict[str, Any]:
    """How many were asked, and whether it is stated of everything that was put to them what it asked about."""
    asked = put.loc[put["topic"].isin(list(topics)), "respondent"].nunique()
    return {"asked": asked, "stated": set(put["topic"]) <= set(settings.asked)}


def _expected(claim: Mapping[str, Any], cell: Mapping[str, str]) -> str:
    if "kind" not in cell or not claim["sources_expected"]:
        return ""
    return "yes" if cell["kind"] in claim["sources_expected"].replace(",", " ").split() else "no"


def _judged(computed: str, judgement: Mapping[str, Any]) -> dict[str, str]:
    if not judgement or not judgement["value"] or not judgement["reason"]:
        return {"reading": computed, "basis": COMPUTED, "at": "", "reason": ""}
    basis = f"judged by {judgement['author']}"
    return {"reading": judgement["value"], "basis": basis, "at": judgement["at"], "reason": judgement["reason"]}


def _say(row: Mapping[str, Any], cell: Mapping[str, str], kinds: Sequence[str], *, thin: bool) -> str:
    text = f"{row['claim_id']}{say_cell(cell)}: {row['reading']}"
    text += f" ({row['basis']}: {row['reason']})" if row["reason"] else ""
    if row["base"] == 0:
        return f"{text}."
    text += f"; of {row['base']} {name_people(kinds)} {row['supporting']} support it, {row['qualifying']} qualify it and"
    text += f" {row['contradicting']} contradict it{', few of those there' if thin else ''}; "
    if row["asked"]:
        return text + f"{row['asked']} were asked about it."
    if row["stated"]:
        return text + "none was asked about it."
    return text + "study.toml does not say whether they were asked about it."
