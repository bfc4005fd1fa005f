"""A study as it stood on a day, and who did what when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.event_checks import VALUES
from engagement_lib.coding.events import CODE_SPLIT, CODING_ADDED, in_log_order, read_time, read_values
from engagement_lib.coding.folding import FOLDS, fold_log, latest_time, undone_events
from engagement_lib.coding.versions import log_up_to
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import TEXT, Study

_TRAIL: Final = ("at", "author", "kind", "about_type", "about_id", "what", "reason", "undone", "event_id")


def read_codings(study: Study, *, as_of: str = "") -> pd.DataFrame:
    """The codings as they stood on a day, one row a coding: those of the files, and what the log had made of them.

    Parameters
    ----------
    as_of
        A date, whose whole day (of UTC) counts, or a time; now where it is "". A coding of a file that has no date has been there
        always.

    Raises
    ------
    TableError
        Where `as_of` is no date.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.coding.events import codings_added
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> rows = pd.DataFrame({"coding_id": ["1", "2"], "source_id": "P01", "start": [3, 20], "end": [13, 29], "code": "no-time",
    ...                      "coder": "AB", "at": ["2020-10-01", "2020-10-02"]})
    >>> log = codings_added(check_table("codings", rows)).assign(event_id=["e1", "e2"])
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names}, history={"log": log})
    >>> read_codings(study, as_of="2020-10-01")["coding_id"].tolist()
    ['1']
    """
    return _fold(study, as_of)["codings"]


def read_readings(study: Study, *, as_of: str = "") -> pd.DataFrame:
    """Who had read which source by a day, one row a source and coder. Readings of a file have been there always."""
    return _fold(study, as_of)["readings"]


def read_memos(study: Study, *, as_of: str = "") -> pd.DataFrame:
    """The memos as they stood on a day, one row a memo. One of a file that has no date has been there always."""
    return _fold(study, as_of)["memos"]


def read_codes(study: Study, *, as_of: str = "", version: str = "") -> pd.DataFrame:
    """The codebook as it stood on a day or in a version, one row a code. Codes of a file have been there always.

    Parameters
    ----------
    as_of
        As in `read_codings`.
    version
        A version that an act upon the codebook names: the codebook after the last such act. That of the study's file, before any
        act, is version 1, or 0 where the file holds no code.

    Raises
    ------
    TableError
        Where `as_of` is no date, there is no such version, or both are given.
    """
    if as_of and version:
        found, expected = f"as_of='{as_of}' and version='{version}'", "one of the two"
        raise TableError(Problem("codebook", "version", found, expected, "Leave one of them out."))
    if not version:
        return _fold(study, as_of)["codebook"]
    files = _files(study)
    log, until = log_up_to(study.history.get("log", files["events"]), version, files["codebook"])
    return fold_log(log, files, as_of=until)["codebook"]


def audit_trail(study: Study, *, author: str = "", about: str = "", since: str = "", until: str = "") -> pd.DataFrame:
    """Who did what when, one row an event of the log in the order of time, with what was undone.

    Parameters
    ----------
    author
        One person's events only; everybody's where it is "".
    about
        Events about the thing of this id only: a source, coding, code, claim or passage.
    since, until
        Dates, whose whole days (of UTC) count, or times.

    Returns
    -------
    DataFrame
        `at` (UTC), `author`, `kind`, `about_type`, `about_id`, `what` (the event's value in words), `reason`, `undone` ("yes"
        where it was undone and not redone since) and `event_id`. Rows of CSV tables that the log does not hold are not listed.

    Raises
    ------
    TableError
        Where `since` or `until` is no date.
    """
    log = in_log_order(study.history.get("log", study.events))
    shown = pd.Series(True, index=log.index)
    for column, wanted in (("author", author), ("about_id", about)):
        shown &= (log[column] == wanted) if wanted else True
    if since:
        shown &= log["at"] >= read_time(since, place="since")
    if until:
        shown &= log["at"] <= latest_time(until)
    undone = log["event_id"].isin(undone_events(log)).map({True: "yes", False: ""})
    trail = log.assign(undone=undone)[shown]
    return trail.assign(what=_in_words(trail))[list(_TRAIL)].astype(TEXT).reset_index(drop=True)


def _fold(study: Study, as_of: str) -> dict[str, pd.DataFrame]:
    files = _files(study)
    return fold_log(study.history.get("log", files["events"]), files, as_of=as_of)


def _files(study: Study) -> dict[str, pd.DataFrame]:
    return {name: study.history.get(name, getattr(study, name)) for name in FOLDS}


def _in_words(events: pd.DataFrame) -> pd.Series:
    """What the values say: texts as they are, named values one after the other, a coding as its code, place and quote."""
    words = events["value"].copy()
    named = events[events["kind"].isin(VALUES)]
    said = [_words(kind, value) for kind, value in zip(named["kind"].to_list(), read_values(named), strict=True)]
    words[named.index] = pd.Series(said, index=named.index, dtype=TEXT)
    return words


def _words(kind: str, value: Mapping[str, Any]) -> str:
    if kind == CODING_ADDED:
        return f"{value['code']} on {value['source_id']}:{value['start']}-{value['end']} '{value.get('quote', '')}'"
    if kind == CODE_SPLIT:
        value = {**value, "into": ", ".join(code["code"] for code in value["into"])}
    return "; ".join(f"{name}: {held}" for name, held in value.items() if held not in ("", None))
