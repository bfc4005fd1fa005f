"""What reviewers decided about identifiers, and which sources they signed off, from the log of events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.loading.text import sha256
from engagement_lib.privacy.aliases import alias_kind, written
from engagement_lib.privacy.clearance import read_place
from engagement_lib.privacy.finds import INDIRECT
from engagement_lib.tables import COUNT, TEXT, records

DECIDED: Final = "identifier decided"
SIGNED: Final = "source signed off"
IDENTIFIER: Final = "identifier"
NOT_ONE: Final = "not an identifier"
SAME: Final = "same as"
DECISIONS: Final = (IDENTIFIER, NOT_ONE, SAME)
EVERYWHERE: Final = "everywhere"
HERE: Final = "here"
STALE: Final = "the text has changed since"
BY_REVIEWER: Final = "a reviewer"
_AROUND: Final = 40
_COLUMNS: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT} | dict.fromkeys(
    ("quote", "decision", "kind", "same_as", "scope", "reviewer", "at", "reason"), TEXT
)
_SIGNED: Final = {"source_id": TEXT, "signed_off": "bool", "reviewer": TEXT, "at": TEXT, "reason": TEXT}
_Key = tuple[str, int, int]


def identifier_decisions(events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """What holds of what reviewers decided, one row a place, by source and place.

    Parameters
    ----------
    events
        The decisions in force: of those about one place, and of those about the same words everywhere, the latest holds.
    sources
        The texts that they are about.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `quote`, `decision` ("identifier", "not an identifier" or "same as"), `kind`, `same_as`,
        `scope` ("here", or "everywhere" for the same words all over the study), `reviewer`, `at`, and `reason` why it does not
        hold any more: "the text has changed since" where other words stand there.

    Examples
    --------
    >>> from engagement_lib.tables import empty_table
    >>> len(identifier_decisions(empty_table("events"), empty_table("sources")))
    0
    """
    texts = dict(zip(sources["source_id"], sources["text"], strict=True))
    held = events[(events["kind"] == DECIDED) & (events["about_type"] == "passage")].sort_values(["at", "event_id"])
    rows: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for event in records(held):
        if place := read_place(event["about_id"]):
            value = _value(event)
            stands = texts.get(place[0], "")[place[1] : place[2]]
            said = [value.get(name, "") for name in ("quote", "decision", "kind", "same_as")]
            scope = EVERYWHERE if value.get("scope") == EVERYWHERE else HERE
            reason = "" if stands == said[0] else STALE
            about = (EVERYWHERE, said[0]) if scope == EVERYWHERE else (HERE, event["about_id"])
            rows[about] = (*place, *said, scope, event["author"], event["at"], reason)
    table = pd.DataFrame(rows.values(), columns=list(_COLUMNS)).astype(_COLUMNS)
    return table.sort_values(["source_id", "start", "end", "scope"], ignore_index=True)


def apply_decisions(findings: pd.DataFrame, sources: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The findings as reviewers left them: without those that are none, with the kinds they gave, and with what they added.

    Parameters
    ----------
    findings
        As `find_identifiers` gives them.
    sources
        The texts.
    decisions
        As `identifier_decisions` gives them; those that do not hold any more are passed over.

    Returns
    -------
    DataFrame
        The columns of `findings` and `by`, who decided ("rules" where nobody did), by source and place. What was decided of a
        place goes before what was decided of its words everywhere.
    """
    valid = [row for row in records(decisions) if not row["reason"]]
    here = {(row["source_id"], row["start"], row["end"]): row for row in valid if row["scope"] == HERE}
    there = {row["quote"]: row for row in valid if row["scope"] == EVERYWHERE}
    rows = {(row["source_id"], row["start"], row["end"], row["kind"]): row | {"by": "rules"} for row in records(findings)}
    kept = [_decided(row, here.get(key[:3]) or there.get(row["quote"])) for key, row in rows.items()]
    known = {key[:3] for key in rows}
    texts = dict(zip(sources["source_id"], sources["text"], strict=True))
    added = [row for row in _added(here, there, texts) if (row["source_id"], row["start"], row["end"]) not in known]
    types = findings.dtypes.to_dict() | {"by": TEXT}
    table = pd.DataFrame([row for row in (*kept, *added) if row], columns=list(types)).astype(types)
    return table.sort_values(["source_id", "start", "end", "kind"], ignore_index=True)


def decided_aliases(decisions: pd.DataFrame) -> pd.DataFrame:
    """The aliases that reviewers gave, for `pseudonymise`: `source_id` ("" for all sources), `kind`, `alias` and `entity`."""
    rows = [
        (
            row["source_id"] if row["scope"] == HERE else "",
            alias_kind(row["kind"]),
            written(row["quote"]),
            written(row["same_as"]),
        )
        for row in records(decisions.sort_values("at"))
        if row["decision"] == SAME and not row["reason"]
    ]
    table = pd.DataFrame(rows, columns=["source_id", "kind", "alias", "entity"], dtype=TEXT)
    return table.drop_duplicates(["source_id", "kind", "alias"], keep="last", ignore_index=True)


def signed_off(sources: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Which sources a reviewer has signed off as they now stand, one row a source, in their order.

    Returns
    -------
    DataFrame
        `source_id`, `signed_off`, `reviewer`, `at`, and `reason` why it is not: "nobody has signed it off", or "the text has
        changed since", where its hash is not that of the text which was signed off.

    Examples
    --------
    >>> from engagement_lib.tables import empty_table
    >>> signed_off(pd.DataFrame({"source_id": ["P1"], "text": ["No."]}), empty_table("events"))["reason"].tolist()
    ['nobody has signed it off']
    """
    held = events[(events["kind"] == SIGNED) & (events["about_type"] == "source")].sort_values(["at", "event_id"])
    last = {row["about_id"]: row for row in records(held)}
    rows = []
    for source, text in zip(sources["source_id"], sources["text"], strict=True):
        event = last.get(source)
        if event is None:
            rows.append((source, False, "", "", "nobody has signed it off"))
        else:
            holds = _value(event).get("text_sha256") == sha256(text)
            rows.append((source, holds, event["author"], event["at"], "" if holds else STALE))
    return pd.DataFrame(rows, columns=list(_SIGNED)).astype(_SIGNED)


def _value(event: Mapping[str, str]) -> dict[str, str]:
    """The named values of an event; none where a file of events holds something else, which then decides nothing."""
    try:
        value = json.loads(event["value"])
    except json.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _decided(row: dict[str, Any], decision: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A finding as it was decided, None where it is none."""
    if decision is None:
        return row
    if decision["decision"] == NOT_ONE:
        return None
    kind = decision["kind"] or row["kind"]
    return row | {"kind": kind, "direct": kind not in INDIRECT, "confidence": "high", "by": decision["reviewer"]}


def _added(
    here: Mapping[_Key, Mapping[str, Any]], there: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """What reviewers called an identifier: at its place, or wherever the same words stand, as words of their own."""
    for (source, start, end), decision in here.items():
        if decision["decision"] != NOT_ONE:
            yield _finding(source, start, end, texts[source], decision)
    for quote, decision in there.items():
        if decision["decision"] == NOT_ONE:
            continue
        words = re.compile(rf"(?<!\w){re.escape(quote)}(?!\w)")
        for source, text in texts.items():
            for match in words.finditer(text):
                if (source, *match.span()) not in here:
                    yield _finding(source, *match.span(), text, decision)


def _finding(source: str, start: int, end: int, text: str, decision: Mapping[str, Any]) -> dict[str, Any]:
    around = text[max(0, start - _AROUND) : end + _AROUND]
    kind = decision["kind"]
    place = {"source_id": source, "start": start, "end": end, "kind": kind, "rule": BY_REVIEWER, "quote": text[start:end]}
    return place | {
        "confidence": "high",
        "direct": kind not in INDIRECT,
        "context": " ".join(around.split()),
        "by": decision["reviewer"],
    }
