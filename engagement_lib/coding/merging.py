"""Two people's logs as one: their union, and what they decided differently without knowing of each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import (
    CODE_ADDED,
    CODE_MERGED,
    CODE_MOVED,
    CODE_RENAMED,
    CODE_SPLIT,
    CODING_ADDED,
    CODING_STANCE,
    in_log_order,
    make_event,
    two_contents,
)
from engagement_lib.coding.folding import undone_events
from engagement_lib.errors import TableError
from engagement_lib.tables import TEXT, check_table, records

CONFLICTS: Final[Mapping[str, str]] = {
    CODE_ADDED: "defined in two ways",
    CODE_RENAMED: "renamed in two ways",
    CODE_MOVED: "moved below two parents",
    CODE_MERGED: "merged into two codes",
    CODING_ADDED: "added in two ways",
    CODING_STANCE: "given two stances",
    "verdict given": "given two verdicts",
}
_SAID: Final = ("event", "author", "at", "value")
COLUMNS: Final = (
    "about_type",
    "about_id",
    "conflict",
    *(f"first_{name}" for name in _SAID),
    *(f"second_{name}" for name in _SAID),
)


def merge_logs(
    one: pd.DataFrame, other: pd.DataFrame, *, names: tuple[str, str] = ("the one log", "the other")
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The events of two logs, each once and in the order of time, and the conflicts between the two.

    Merging is a union: it does not matter which log comes first, in which order several are merged, or how often one is.

    Parameters
    ----------
    one, other
        Tables "events" in which every event has its id.
    names
        What to call them in messages.

    Returns
    -------
    tuple
        The events, and a table with one row a conflict: `about_type`, `about_id`, `conflict` ("defined in two ways" of a code,
        and the like), and of the earlier and the later event `first_` and `second_` with `event`, `author`, `at` and `value`. In
        a conflict each log holds a last word that the other lacks, and the two differ. The later one, `second`, holds until
        somebody decides again. What was undone is in no conflict.

    Raises
    ------
    TableError
        Where one id stands for two events, naming both, or an event is not of the shape that its kind wants.

    Examples
    --------
    >>> ab = pd.DataFrame([make_event("code added", "no-time", author="AB", value={"definition": "Too few hours."})])
    >>> cd = pd.DataFrame([make_event("code added", "no-time", author="CD", value={"definition": "Deadlines."})])
    >>> events, conflicts = merge_logs(ab.assign(event_id="1", at="2020-10-01"), cd.assign(event_id="2", at="2020-10-02"))
    >>> events["author"].tolist(), conflicts[["about_id", "conflict"]].values.tolist()
    (['AB', 'CD'], [['no-time', 'defined in two ways']])
    """
    first, second = (_whole(log, name) for log, name in zip((one, other), names, strict=True))
    both = pd.concat([first, second]).drop_duplicates(ignore_index=True)
    twice = both[both["event_id"].duplicated(keep=False)]
    if len(twice):
        raise TableError(
            two_contents(" and ".join(names), str(name), *rows.astype(object).to_numpy().tolist())
            for name, rows in twice.groupby("event_id")
        )
    merged = in_log_order(both)
    undone = undone_events(merged)
    mine, theirs = (_last_words(log, known, undone) for log, known in ((first, second), (second, first)))
    rows = [_conflict(mine[about], theirs[about]) for about in mine if about in theirs]
    conflicts = pd.DataFrame([row for row in rows if row], columns=list(COLUMNS)).astype(TEXT)
    return merged, conflicts.sort_values(list(COLUMNS), ignore_index=True)


def _whole(log: pd.DataFrame, name: str) -> pd.DataFrame:
    return check_table("events", check_events(log.drop_duplicates(), origin=name), origin=name)


def _last_words(log: pd.DataFrame, known: pd.DataFrame, undone: set[str]) -> dict[tuple[str, str], dict[str, str]]:
    """The last event of each kind about each thing that the other log does not know."""
    own = ~(log["event_id"].isin(known["event_id"]) | log["event_id"].isin(undone))
    told = in_log_order(log[own & log["kind"].isin([*CONFLICTS, CODE_SPLIT])])
    return {(event["kind"], event["about_id"]): event for row in records(told) for event in _parts(row)}


def _parts(event: dict[str, str]) -> Iterator[dict[str, str]]:
    """The event; of a split, the definition of each code that came of it."""
    if event["kind"] != CODE_SPLIT:
        yield event
        return
    for part in json.loads(event["value"])["into"]:
        value = {name: said for name, said in part.items() if name != "code"}
        as_added = make_event(CODE_ADDED, part["code"], author=event["author"], value=value)
        yield as_added | {"event_id": event["event_id"], "at": event["at"]}


def _conflict(mine: dict[str, str], theirs: dict[str, str]) -> list[str]:
    if _content(mine) == _content(theirs):
        return []
    first, second = sorted((mine, theirs), key=lambda event: (event["at"], event["event_id"]))
    said = [event[name] for event in (first, second) for name in ("event_id", "author", "at", "value")]
    return [first["about_type"], first["about_id"], CONFLICTS[first["kind"]], *said]


def _content(event: dict[str, str]) -> Any:
    """What the event says, but for the version of the codebook, which two people count alike."""
    if event["kind"] == "verdict given":
        return event["value"]
    return {name: said for name, said in json.loads(event["value"] or "{}").items() if name != "version" and said != ""}
