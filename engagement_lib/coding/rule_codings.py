"""Codings by rule in a study's store: put there in one call, and taken out in another."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pandas as pd

from engagement_lib.coding.events import CODING, CODING_ADDED, CODING_WITHDRAWN, make_event
from engagement_lib.coding.folding import FOLDS, fold_log
from engagement_lib.coding.logged import log_now
from engagement_lib.coding.passages import in_shape
from engagement_lib.coding.store import append_events
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import Study, empty_table, records

RULE: Final = "rule"


def keep_rule_codings(study: Study, codings: pd.DataFrame, *, author: str, reason: str, now: datetime) -> pd.DataFrame:
    """Put codings by rule into the study's store, all or none; the events that say so, one row a coding that did not stand.

    Parameters
    ----------
    codings
        As `code_by_pattern` gives them. The coder in them is the rule.
    author, reason
        Who ran the rule, and what for.
    now
        The present moment, with its time zone.

    Raises
    ------
    TableError
        Where a coding is of another layer: what a rule finds is never somebody's judgement.
    StoreError
        Where the store cannot be written.

    Examples
    --------
    >>> from datetime import UTC
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from engagement_lib.settings import Settings
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> said = {"author": "AB", "reason": "to find passages", "now": datetime(2020, 10, 2, 9, tzinfo=UTC)}
    >>> found = pd.DataFrame({"coding_id": ["pattern:asks:P01:0-6"], "source_id": "P01", "start": 0, "end": 6, "code": "asks",
    ...                       "coder": "pattern", "layer": "rule"})
    >>> with TemporaryDirectory() as folder:
    ...     study = Study(Path(folder), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    ...     len(keep_rule_codings(study, found, **said)), len(withdraw_rule_codings(study, "pattern", **said))
    (1, 1)
    """
    table = in_shape("codings", codings)
    others = table[table["layer"] != RULE]
    if len(others):
        row = others.iloc[0]
        remedy = "Give the codings of code_by_pattern."
        raise TableError(Problem("codings", f"coding '{row['coding_id']}'", f"layer '{row['layer']}'", f"layer '{RULE}'", remedy))
    new = table[~table["coding_id"].isin(_standing(study)["coding_id"])]
    events = [
        make_event(CODING_ADDED, row["coding_id"], author=author, value={name: row[name] for name in CODING}, reason=reason)
        for row in records(new)
    ]
    return _append(study, events, now)


def withdraw_rule_codings(study: Study, coder: str, *, author: str, reason: str, now: datetime) -> pd.DataFrame:
    """Take all codings that stand of a rule out again; the events that say so, one row a coding, no row where none stands.

    Codings by people are left alone, whatever their coder is called. Nothing is deleted: the log knows what was found.

    Raises
    ------
    StoreError
        Where the store cannot be written.
    """
    standing = _standing(study)
    mine = standing[(standing["layer"] == RULE) & (standing["coder"] == coder)]
    events = [make_event(CODING_WITHDRAWN, name, author=author, reason=reason) for name in mine["coding_id"]]
    return _append(study, events, now)


def _standing(study: Study) -> pd.DataFrame:
    """The codings that stand in the study's store and files now."""
    files = {name: study.history.get(name, getattr(study, name)) for name in FOLDS}
    return fold_log(log_now(study), files)["codings"]


def _append(study: Study, events: list[dict[str, str]], now: datetime) -> pd.DataFrame:
    return append_events(study.folder, pd.DataFrame(events), now=now) if events else empty_table("events")
