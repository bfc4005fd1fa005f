"""How confident one may be in each claim: a profile, and a rating proposed by declared rules for a person to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.coding.passages import respondents
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.claims import collect_evidence, parse_claim_codes, parse_scope
from engagement_lib.evidence.respondents import has_codings, participant_turns
from engagement_lib.evidence.saturation import saturation
from engagement_lib.evidence.triangulation import AGREEMENT, NOBODY, PARTIAL, SILENCE, triangulate
from engagement_lib.reliability.agreement import agreement
from engagement_lib.settings import Confidence, Settings
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, records

CONFIRMED: Final = "confidence confirmed"
NOT_CONFIRMED: Final = "not yet confirmed"
RATINGS: Final = ("very low", "low", "moderate", "high")
COMPONENTS: Final = ("methods", "coherence", "adequacy", "relevance")
_LOWERED: Final[Mapping[str, int]] = {"none": 0, "moderate": 1, "serious": 2}
_COLUMNS: Final = {
    **dict.fromkeys(("claim_id", "theme"), TEXT),
    **dict.fromkeys(("supporting", "base", "kinds", "cells_agreeing", "cells"), COUNT),
    **dict.fromkeys(("share", "effective_kinds", "words_per_passage", "contradiction"), NUMBER),
    **dict.fromkeys(("alpha_low", "double_coded", "coverage"), NUMBER),
    **dict.fromkeys(COMPONENTS, TEXT),
    **dict.fromkeys(("proposed", "rating", "basis", "at", "reason", "sentence"), TEXT),
}


def confidence_rule(settings: Settings) -> pd.DataFrame:
    """What raises a concern, in words: one row a `component`, with what is `moderate` and what is `serious`.

    The thresholds are those of the section "confidence" in `study.toml`.

    Examples
    --------
    >>> confidence_rule(Settings(title="Pilot")).loc[1, "serious"]
    'at least 35% of those who support or contradict the claim contradict it'
    """
    rule = settings.confidence
    unsure = f"the lower end of alpha for its support is below {rule.alpha_moderate:.3f} or unknown"
    thin = f"fewer than {rule.respondents_moderate} respondents support it, or coverage of codes is below {rule.coverage:.0%}"
    at_least = "at least {:.0%} of those who support or contradict the claim contradict it".format
    rows = [
        (
            "methods",
            f"{unsure}, or fewer than {rule.double_coded:.0%} of respondents were coded by two",
            f"the lower end of alpha is below {rule.alpha_serious:.3f}",
        ),
        ("coherence", at_least(rule.contradiction_moderate), at_least(rule.contradiction_serious)),
        ("adequacy", thin, f"fewer than {rule.respondents_serious} respondents support it"),
        ("relevance", "a group or kind of source that was asked is silent", "support comes from one kind of source only"),
    ]
    return pd.DataFrame(rows, columns=["component", "moderate", "serious"]).astype(TEXT)


def confidence(study: Study, *, random_state: int = 0) -> pd.DataFrame:
    """How confident one may be in each claim, one row a claim; no rows before anything is coded.

    Prompted waves are left out: they are no independent support.

    Returns
    -------
    DataFrame
        `claim_id`, `theme`; `supporting` of `base` respondents and their `share`; `kinds` (of source with support) and
        `effective_kinds` (``exp(H)`` of the supporting respondents over kinds: 1 where all come from one); `cells_agreeing` of
        `cells` (kinds of source by group with somebody in scope, that agree with the claim; see `triangulate`);
        `words_per_passage` (median, of supporting passages); `contradiction` (share who contradict, of those who speak to it);
        `alpha_low` (the lower end of the 95% interval of alpha on whether a turn bears a code that supports it, NaN where
        there is none) and `double_coded` (share of all respondents); `coverage` (of codes, in the groups in scope; see
        `saturation`); for `methods`, `coherence`, `adequacy` and `relevance` the concern ("none", "moderate", "serious") by
        `confidence_rule`; `proposed` (from "high" one step down for a moderate concern, two for a serious one, no lower than
        "very low"); `rating` (a person's, else "not yet confirmed"), `basis` (whose), `at`, `reason`; `sentence`.

    Raises
    ------
    TableError
        If a claim's codes or scope cannot be read.

    Notes
    -----
    Informed by GRADE-CERQual, which is made for syntheses of studies: Lewin, S. and others (2018), *Applying GRADE-CERQual to
    qualitative evidence synthesis findings*, Implementation Science 13 (Suppl 1), 2. A person confirms by an event of the kind
    "confidence confirmed" about the "claim", whose value is a rating; without a reason it does not hold.

    Examples
    --------
    >>> from pathlib import Path
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
    >>> confidence(study)[["claim_id", "methods", "adequacy", "relevance", "proposed"]]
      claim_id   methods adequacy relevance  proposed
    0       C1  moderate  serious   serious  very low
    """
    if not has_codings(study):
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    appraisal = {row["claim_id"]: row for row in records(appraise_claims(study, resamples=1))}
    evidence = collect_evidence(study)
    evidence = evidence[evidence["stance"] == "supports"].assign(respondent=respondents)
    cells = triangulate(study)
    reliability = _reliability(study, random_state)
    covered = _coverage(study)
    confirmed = {row["about_id"]: row for row in records(fold_events(study.events, CONFIRMED, "claim"))}
    rows = []
    for claim in records(study.claims):
        name = claim["claim_id"]
        mine = evidence[evidence["claim_id"] == name]
        scope = parse_scope(claim["scope"], claim_id=name)
        row = {
            column: appraisal[name][column] for column in ("claim_id", "theme", "supporting", "base", "share", "contradiction")
        }
        row |= _spread(mine) | _cells(cells[cells["claim_id"] == name]) | reliability[name]
        row["coverage"] = min((covered[group] for group in scope.get("group", ("",)) if group in covered), default=np.nan)
        row |= _concerns(study.settings.confidence, row)
        row["proposed"] = RATINGS[max(3 - sum(_LOWERED[row[component]] for component in COMPONENTS), 0)]
        row |= _confirmed(confirmed.get(name, {}))
        rows.append(row | {"sentence": _say(row)})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _spread(evidence: pd.DataFrame) -> dict[str, Any]:
    people = evidence.drop_duplicates(["respondent", "kind"])["kind"].value_counts(normalize=True)
    words = evidence["quote"].map(lambda quote: len(quote.split()))
    return {
        "kinds": len(people),
        "effective_kinds": float(np.exp(-(people * np.log(people)).sum())) if len(people) else np.nan,
        "words_per_passage": float(words.median()) if len(words) else np.nan,
    }


def _cells(cells: pd.DataFrame) -> dict[str, Any]:
    there = cells[cells["reading"] != NOBODY]
    return {
        "cells": len(there),
        "cells_agreeing": int((there["reading"] == AGREEMENT).sum()),
        "silent": int((there["reading"] == SILENCE).sum()),
        "partial": int((there["reading"] == PARTIAL).sum()),
    }


def _reliability(study: Study, random_state: int) -> dict[str, dict[str, float]]:
    """For each claim whether coders agree on which turns bear it out, all its codes with a plus as one."""
    turns = participant_turns(study)
    everyone = turns["respondent"].nunique()
    parts = [study.codings]
    for claim in records(study.claims):
        signs = parse_claim_codes(claim["codes"], claim_id=claim["claim_id"])
        mine = study.codings[study.codings["code"].isin([code for code, sign in signs.items() if sign == "+"])]
        parts.append(mine.assign(code=claim["claim_id"], coding_id=claim["claim_id"] + "/" + mine["coding_id"]))
    # The codings themselves stay, so that whoever gave none of these codes still counts as a reader of what they coded.
    table = agreement(
        pd.concat(parts, ignore_index=True),
        turns,
        pd.DataFrame({"code": study.claims["claim_id"]}),
        readings=study.readings,
        resamples=1,
        random_state=random_state,
    )
    read_twice = table["respondents"] / everyone if everyone else np.nan
    table = table.assign(alpha_low=table["low"], double_coded=read_twice)
    return {row["code"]: {name: row[name] for name in ("alpha_low", "double_coded")} for row in records(table)}


def _coverage(study: Study) -> dict[str, float]:
    """The coverage of codes for each group, and of all under ""."""
    whole = saturation(study, orders=1, resamples=1)
    groups = saturation(study, by="group", orders=1, resamples=1)
    return dict(zip(["", *groups["group"]], [*whole["coverage"], *groups["coverage"]], strict=True))


def _concerns(rule: Confidence, row: Mapping[str, Any]) -> dict[str, str]:
    low, contradiction = row["alpha_low"], row["contradiction"]
    methods = "moderate" if np.isnan(low) or low < rule.alpha_moderate or row["double_coded"] < rule.double_coded else "none"
    coherence = "moderate" if contradiction >= rule.contradiction_moderate else "none"
    few = row["supporting"] < rule.respondents_moderate or not row["coverage"] >= rule.coverage
    return {
        "methods": "serious" if low < rule.alpha_serious else methods,
        "coherence": "serious" if contradiction >= rule.contradiction_serious else coherence,
        "adequacy": "serious" if row["supporting"] < rule.respondents_serious else "moderate" if few else "none",
        "relevance": "serious" if row["kinds"] < 2 else "moderate" if row["silent"] else "none",
    }


def _confirmed(event: Mapping[str, Any]) -> dict[str, str]:
    if not event or not event["value"] or not event["reason"]:
        return {"rating": NOT_CONFIRMED, "basis": "proposed by rule", "at": "", "reason": ""}
    return {"rating": event["value"], "basis": f"confirmed by {event['author']}", "at": event["at"], "reason": event["reason"]}


def _say(row: Mapping[str, Any]) -> str:
    concerns = [f"{row[component]} in {component}" for component in COMPONENTS if row[component] != "none"]
    why = f"; concerns: {', '.join(concerns)}" if concerns else "; no concern by rule"
    said = f"{row['claim_id']}: {row['proposed']} confidence proposed{why}."
    if not row["at"]:
        return f"{said} Not yet confirmed."
    return f"{said} {row['basis'][0].upper()}{row['basis'][1:]} as {row['rating']}: {row['reason']}"
