"""The ledger of themes in the study's store: what each run found, as events, so that the next one goes on from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.events import THEME_RECORDED, in_log_order, make_event, read_values
from engagement_lib.tables import SCHEMAS, TEXT, records
from engagement_lib.themes.answers import SPAN, text_keys
from engagement_lib.themes.model import ThemeModel

RECORDER: Final = "engagement-lib"
_MARK: Final = 12
_LEDGER: Final = SCHEMAS["themes"].columns


def text_mark(key: str) -> str:
    """What a text is called in the log: the beginning of the hash of its key, since a log is no place for people's words.

    Examples
    --------
    >>> text_mark("no time")
    'ffe88fff239e'
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


def next_theme_id(theme_ids: Iterable[str]) -> str:
    """An id that none of these themes has, for a theme that somebody splits off.

    Examples
    --------
    >>> next_theme_id(["T01", "T07"])
    'T08'
    """
    return f"T{max((int(theme_id[1:]) for theme_id in theme_ids), default=0) + 1:02d}"


def record_themes(themes: ThemeModel) -> pd.DataFrame:
    """The events that keep a run's themes in the store, one row a theme of the ledger, to be added with `append_events`.

    Texts are named by a hash, so that the log holds no words of a participant.

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> record_themes(ThemeModel(encoder="tfidf").fit(answers))[["kind", "about_id"]].values.tolist()
    [['theme recorded', 'T01']]
    """
    members: dict[str, list[str]] = {}
    for key, theme in zip(themes._rows.index, themes._themes, strict=True):
        members.setdefault(themes.theme_ids_[theme], []).append(text_mark(str(key)))
    rows = [
        make_event(THEME_RECORDED, row["theme_id"], author=RECORDER, value=_value(row, themes.run, members))
        for row in records(themes.ledger_)
    ]
    return pd.DataFrame(rows, columns=list(SCHEMAS["events"].columns)).astype(TEXT)


def recorded_themes(events: pd.DataFrame, segments: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """What the store knows of the last run: the theme of each segment that it had, the ledger, and what the run was called.

    The first two are what `restore_themes` wants; all are empty where no run is recorded.

    Parameters
    ----------
    events
        Those of the study that were not undone.
    segments
        With their `quote`. Those whose text no run had have no row.

    Examples
    --------
    >>> from engagement_lib.tables import empty_table
    >>> [len(found) for found in recorded_themes(empty_table("events"), empty_table("segments"))]
    [0, 0, 0]
    """
    told = in_log_order(events[events["kind"] == THEME_RECORDED])
    rows = list(zip(told["about_id"].to_list(), read_values(told), strict=True))
    run = rows[-1][1]["run"] if rows else ""
    same = [(theme_id, value) for theme_id, value in rows if value["run"] == run]
    # Merged logs of two people who both made this run hold each theme and text twice: the later holds.
    last = dict(same)
    theme_of = {mark: theme_id for theme_id, value in same for mark in value.get("members", "").split()}
    found = segments[SPAN].assign(theme_id=[theme_of.get(text_mark(key), "") for key in text_keys(segments["quote"])])
    ledger = pd.DataFrame([{"theme_id": theme_id} | _row(value) for theme_id, value in last.items()], columns=list(_LEDGER))
    known = found[found["theme_id"] != ""].astype({"theme_id": TEXT})
    return known.reset_index(drop=True), ledger.astype(_LEDGER).sort_values("theme_id", ignore_index=True), run


def _value(row: dict[str, Any], run: str, members: dict[str, list[str]]) -> dict[str, str]:
    held = {name: row[name] for name in _LEDGER if name != "theme_id"}
    return held | {"run": run, "members": " ".join(sorted(members.get(row["theme_id"], [])))}


def _row(value: dict[str, Any]) -> dict[str, str]:
    return {name: value.get(name, "") for name in _LEDGER if name != "theme_id"}
