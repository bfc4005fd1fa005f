"""What the page is sent: the entries of one source with what was decided of each, and how far all sources are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.privacy.finds import ADDRESS, AGE, BIRTH, DATE, ORGANISATION, PERSON, PLACE, PROPER_NAME, ROLE, TEAM
from engagement_lib.privacy.review import NUMBER_LEFT, overlay_decisions
from engagement_lib.tables import records

# The kinds that a reviewer may give.
KINDS: Final = (
    PERSON, ORGANISATION, TEAM, PLACE, ROLE, PROPER_NAME, DATE, BIRTH, AGE, ADDRESS, "postcode", "telephone", "e-mail", "URL",
    "handle", "National Insurance number", "NHS number", "UTR", "passport", "driving licence", "vehicle registration",
    "sort code", "bank account", "payment card", "IP address", NUMBER_LEFT,
)  # fmt: skip
_AROUND: Final = 120
_SURE: Final = 0.2


def queue_items(queue: pd.DataFrame, texts: Mapping[str, str], decisions: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """The entries of each source, in the order of the queue; `needed` says that somebody must decide before the sign-off.

    What the words themselves settle to be an identifier is taken as found; countries, years and figures are left as they are.
    """
    items: dict[str, list[dict[str, Any]]] = {source: [] for source in texts}
    for row in records(overlay_decisions(queue, decisions)):
        text, start, end = texts[row["source_id"]], row["start"], row["end"]
        item = {name: row[name] for name in _ITEM}
        item["before"] = " ".join(text[max(0, start - _AROUND) : start].split()) + " " * text[start - 1 : start].isspace()
        item["after"] = " " * text[end : end + 1].isspace() + " ".join(text[end : end + _AROUND].split())
        items[row["source_id"]].append(item | {"needed": row["doubt"] > _SURE})
    return items


_ITEM: Final = ("start", "end", "quote", "what", "kind", "rule", "decision", "kind_decided", "same_as", "reviewer")


def source_rows(items: Mapping[str, list[dict[str, Any]]], signed: pd.DataFrame) -> list[dict[str, Any]]:
    """Each source with its sign-off and how many entries of it are not decided."""
    left = {source: sum(item["needed"] and not item["decision"] for item in rows) for source, rows in items.items()}
    return [
        {
            "source_id": row["source_id"],
            "signed_off": bool(row["signed_off"]),
            "reviewer": row["reviewer"],
            "reason": row["reason"],
            "left": left[row["source_id"]],
        }
        for row in records(signed)
    ]


def known_names(findings: pd.DataFrame) -> list[str]:
    """The people and bodies that somebody may be the same as, by name."""
    return sorted(findings.loc[findings["kind"].isin((PERSON, ORGANISATION)), "quote"].unique())
