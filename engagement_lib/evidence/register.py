"""When each claim was written down, and whether it has changed since: a claim made to fit what was found is no test."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.tables import TEXT, Study, records

REGISTERED: Final = "claim registered"
NOT_REGISTERED: Final = "not registered"
_WORDED: Final = ("claim_id", "statement", "codes", "scope", "would_count_against", "sources_expected")
_COLUMNS: Final = dict.fromkeys(("claim_id", "registered", "by", "first_coded", "before_coding", "unchanged", "sentence"), TEXT)


def claim_hash(claim: Mapping[str, Any]) -> str:
    """The SHA-256 of all that a claim says: its statement, codes, scope, what would count against it and the sources expected.

    Examples
    --------
    >>> claim_hash({"claim_id": "C1", "statement": "Time is short."})[:8]
    'fd9528b6'
    """
    text = "\x1f".join(str(claim.get(column, "")) for column in _WORDED)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def claims_register(study: Study) -> pd.DataFrame:
    """When each claim was registered, whether that was before anything was coded, and whether it still reads the same.

    A registration is an event of the kind "claim registered" about the "claim", whose value is its `claim_hash`.

    Returns
    -------
    DataFrame
        One row a claim: `claim_id`; `registered` and `by` (when and by whom, of the latest registration); `first_coded` (the
        earliest `at` of a coding that bears on it, whoever made it; "" where none has a date); `before_coding` and `unchanged`
        ("yes", "no", or "" where it cannot be said); `sentence`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> claims = check_table("claims", pd.DataFrame({"claim_id": ["C1"], "statement": ["Time is short."]}))
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), claims=claims, **{name: empty_table(name) for name in names})
    >>> claims_register(study).loc[0, "sentence"]
    'C1 was not registered before it was looked at.'
    """
    events = fold_events(study.events, REGISTERED, "claim")
    known = {row["about_id"]: row for row in records(events)}
    dated = study.codings[study.codings["at"] != ""]
    rows = []
    for claim in records(study.claims):
        codes = {word.lstrip("+-") for word in claim["codes"].replace(",", " ").replace(";", " ").split()}
        first = str(dated.loc[dated["code"].isin(codes), "at"].min()) if dated["code"].isin(codes).any() else ""
        rows.append(_row(claim, known.get(claim["claim_id"]), first))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _row(claim: Mapping[str, Any], event: Mapping[str, Any] | None, first: str) -> dict[str, str]:
    row = {
        "claim_id": claim["claim_id"],
        "registered": NOT_REGISTERED,
        "by": "",
        "first_coded": first,
        "before_coding": "",
        "unchanged": "",
    }
    if event is None:
        return row | {"sentence": f"{claim['claim_id']} was not registered before it was looked at."}
    # Dates without a time of day are compared by the day.
    day = min(len(event["at"]), len(first)) if first else 0
    before = ("yes" if event["at"][:day] < first[:day] else "no") if first else ""
    unchanged = "yes" if event["value"] == claim_hash(claim) else "no"
    when = {
        "yes": "before anything was coded for it",
        "no": "when codings that bear on it stood already",
        "": "before any dated coding",
    }
    text = f"{claim['claim_id']} was registered on {event['at'][:10]}, {when[before]}, and "
    text += "reads the same since." if unchanged == "yes" else "has been worded anew since: look at what was changed."
    found = {"registered": event["at"], "by": event["author"], "before_coding": before, "unchanged": unchanged}
    return row | found | {"sentence": text}
