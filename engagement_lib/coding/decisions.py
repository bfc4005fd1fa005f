"""What people decided: the log of events folded into what holds now."""

from __future__ import annotations

import pandas as pd

from engagement_lib.coding.passages import in_shape


def fold_events(events: pd.DataFrame, kind: str, about_type: str) -> pd.DataFrame:
    """The latest event of a kind about each thing of a type, one row a thing, by `about_id`; the columns of the table "events".

    The latest is that with the last `at`, and of two at one moment that with the last `event_id`, so that the order of the log
    does not matter and two logs may simply be joined.

    Examples
    --------
    >>> log = pd.DataFrame({"event_id": ["2", "1"], "at": ["2020-10-02", "2020-10-01"], "author": ["AB", "CD"],
    ...                     "kind": "verdict given", "about_type": "claim", "about_id": "C1",
    ...                     "value": ["contested", "supported"]})
    >>> fold_events(log, "verdict given", "claim")[["about_id", "value"]].values.tolist()
    [['C1', 'contested']]
    """
    log = in_shape("events", events)
    log = log[(log["kind"] == kind) & (log["about_type"] == about_type)].sort_values(["at", "event_id"])
    return log.drop_duplicates("about_id", keep="last").sort_values("about_id", ignore_index=True)
