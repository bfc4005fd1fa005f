"""Whether a claim's verdict would stand without some of the evidence, or with other choices made on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.codings import INDEPENDENT
from engagement_lib.evidence.fragility import fragility
from engagement_lib.evidence.respondents import has_codings, values_of
from engagement_lib.evidence.voices import Appraised, Heard, appraise, hear_claims
from engagement_lib.loading.copies import group_copies
from engagement_lib.settings import Verdicts
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

AS_IT_STANDS: Final = "as it stands"
WITHOUT_ONE: Final = "without one respondent"
BY_ONE: Final = "by one coder alone"
_SENT_IN: Final = ("survey", "comment")
_SENSITIVITY: Final = {
    **dict.fromkeys(("claim_id", "variation", "value"), TEXT),
    **dict.fromkeys(("base", "supporting", "contradicting"), COUNT),
    **dict.fromkeys(("share", "change"), NUMBER),
    "indicated": TEXT,
    "flips": COUNT,
    "fragility": COUNT,
    "sentence": TEXT,
}
_MULTIVERSE: Final = {
    **dict.fromkeys(("claim_id", "codings", "campaigns", "thresholds"), TEXT),
    **dict.fromkeys(("base", "supporting", "contradicting"), COUNT),
    "share": NUMBER,
    "indicated": TEXT,
}


def sensitivity(study: Study, *, by: Sequence[str] = ("kind", "group"), prompted: bool = False) -> pd.DataFrame:
    """What becomes of each claim without some of the evidence, one row a claim and variation; no rows before anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or variables of the cases: each value of each is left out in turn, where a claim's scope has several.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.

    Returns
    -------
    DataFrame
        `claim_id`; `variation`: "as it stands", "without kind" and so on for `by`, "without one respondent" and, where several
        coders coded, "by one coder alone"; `value` (what is left out, or whose codings; of respondents the one without whom the
        share changes most); `base`, `supporting`, `contradicting` (respondents); `share` and its `change` from how it stands;
        `indicated` (the verdict by `verdict_rule`); `flips` (how many of these variations change it: 0 or 1, or the number of
        single respondents); `fragility` (how it stands: the least number of respondents who would have to be coded otherwise for
        another verdict, see `docs/sensitivity.md`; else 0); `sentence`.

    Raises
    ------
    TableError
        If `by` names no variable, or a claim's codes or scope cannot be read.

    Notes
    -----
    Codings by rule or machine never count, so that there is nothing to leave out of them.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": ["survey", "comment"], "text": "No time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 0, "end": 7, "code": "no-time", "coder": "AB"},
    ...     "claims": {"claim_id": ["C1"], "statement": "Time is short.", "codes": "+no-time"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> sensitivity(study, by=["kind"])[["variation", "value", "share", "change"]]
                    variation    value  share  change
    0            as it stands             0.5     0.0
    1            without kind   survey    0.0    -0.5
    2            without kind  comment    1.0     0.5
    3  without one respondent       P1    0.0    -0.5
    """
    rows = list(_variations(study, by, prompted)) if has_codings(study) else []
    order = {claim: place for place, claim in enumerate(study.claims["claim_id"])}
    rows.sort(key=lambda row: order[row["claim_id"]])
    return pd.DataFrame(rows, columns=list(_SENSITIVITY)).astype(_SENSITIVITY)


def multiverse(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """The verdict on each claim under every combination of defensible choices, one row a claim and combination.

    Returns
    -------
    DataFrame
        `claim_id`; `codings` ("as counted", or those of one coder alone); `campaigns` ("every submission", or "each text once");
        `thresholds` ("as declared"; "stricter" and "laxer" move the shares that make a claim contested or contradicted by a
        tenth, and the respondents wanted by two); `base`, `supporting`, `contradicting`, `share`; `indicated`. No rows before
        anything is coded.

    Raises
    ------
    TableError
        If a claim's codes or scope cannot be read.
    """
    rows = []
    if has_codings(study):
        copies = _copies(study)
        rule = study.settings.verdicts
        for (codings, heard), campaigns in product(_codings(study, prompted), ("every submission", "each text once")):
            for claim in heard:
                kept = ~claim.people["source_id"].isin(copies)
                voices = (claim if campaigns == "every submission" else claim.only(kept)).voices()
                for name, thresholds in _thresholds(rule).items():
                    row = {"claim_id": claim.claim_id, "codings": codings, "campaigns": campaigns, "thresholds": name}
                    rows.append(row | _numbers(appraise(voices, thresholds)))
    return pd.DataFrame(rows, columns=list(_MULTIVERSE)).astype(_MULTIVERSE)


def _variations(study: Study, by: Sequence[str], prompted: bool) -> Iterator[dict[str, Any]]:
    rule = study.settings.verdicts
    standing = {}
    for heard in hear_claims(study, prompted=prompted):
        voices = heard.voices()
        whole = standing[heard.claim_id] = appraise(voices, rule)
        yield _row(heard.claim_id, AS_IT_STANDS, "", whole, whole) | {"fragility": fragility(voices, rule)}
        for name in by:
            values, left_out = values_of(study, heard.people, name, taken=())
            # Without the only value that there is, nobody would be left.
            for value in left_out if len(left_out) > 1 else []:
                found = appraise(heard.only(values != value).voices(), rule)
                yield _row(heard.claim_id, f"without {name}", str(value), found, whole)
        yield _without_one(heard.claim_id, [appraise([*voices[:at], *voices[at + 1 :]], rule) for at in range(len(voices))],
                           [voice.respondent for voice in voices], whole)  # fmt: skip
    for coder, claims in _coders(study, prompted):
        for claim in claims:
            yield _row(claim.claim_id, BY_ONE, coder, appraise(claim.voices(), rule), standing[claim.claim_id])


def _row(claim_id: str, variation: str, value: str, found: Appraised, whole: Appraised) -> dict[str, Any]:
    flips = int(found.indicated != whole.indicated)
    row = {"claim_id": claim_id, "variation": variation, "value": value} | _numbers(found)
    row |= {"change": found.share - whole.share, "flips": flips, "fragility": 0}
    told = f"{claim_id} {variation}{f' {value}' if value else ''}: {found.supporting} of {found.base} support it, "
    then = f"{found.indicated}, where it is {whole.indicated} as it stands." if flips else f"{found.indicated}."
    return row | {"sentence": told + then}


def _without_one(claim_id: str, found: list[Appraised], names: list[str], whole: Appraised) -> dict[str, Any]:
    if not found:
        return _row(claim_id, WITHOUT_ONE, "", whole, whole)
    most = max(range(len(found)), key=lambda at: (found[at].indicated != whole.indicated, abs(found[at].share - whole.share)))
    row = _row(claim_id, WITHOUT_ONE, names[most], found[most], whole)
    flips = sum(one.indicated != whole.indicated for one in found)
    told = f"{claim_id} without any one of {len(found)} respondents: "
    told += f"for {flips} of them the verdict would be another." if flips else f"{whole.indicated} all the same."
    return row | {"flips": flips, "sentence": told}


def _numbers(found: Appraised) -> dict[str, Any]:
    return {
        "base": found.base,
        "supporting": found.supporting,
        "contradicting": found.contradicting,
        "share": found.share,
        "indicated": found.indicated,
    }


def _codings(study: Study, prompted: bool) -> Iterator[tuple[str, list[Heard]]]:
    yield "as counted", list(hear_claims(study, prompted=prompted))
    yield from _coders(study, prompted)


def _coders(study: Study, prompted: bool) -> Iterator[tuple[str, list[Heard]]]:
    """What would be heard if one coder's independent codings alone counted; nothing where there is one coder and no consensus."""
    alone = study.codings[study.codings["layer"] == INDEPENDENT]
    coders = sorted(alone["coder"].unique())
    if len(coders) < 2:
        return
    for coder in coders:
        readings = study.readings[study.readings["coder"] == coder]
        mine = alone[alone["coder"] == coder].reset_index(drop=True)
        settings = study.settings.model_copy(update={"coder": coder})
        changed = replace(study, codings=mine, readings=readings.reset_index(drop=True), settings=settings)
        yield coder, list(hear_claims(changed, prompted=prompted))


def _copies(study: Study) -> set[str]:
    """The sources that copy an earlier one; nobody copies an interview."""
    sent = study.sources[study.sources["kind"].isin(_SENT_IN)]
    groups = group_copies(sent)
    return set(groups.loc[groups.duplicated("group"), "source_id"]) if len(groups) else set()


def _thresholds(rule: Verdicts) -> dict[str, Verdicts]:
    def moved(shares: float, people: int) -> Verdicts:
        return rule.model_copy(
            update={
                "contested": min(max(rule.contested + shares, 0.0), 1.0),
                "contradicted": min(max(rule.contradicted + shares, 0.0), 1.0),
                "min_respondents": max(rule.min_respondents + people, 1),
            }
        )

    return {"as declared": rule, "stricter": moved(-0.1, 2), "laxer": moved(0.1, -2)}
