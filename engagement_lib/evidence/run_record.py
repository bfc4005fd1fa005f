"""What a run found, kept as one event of the store, so that the next run can say what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.events import RUN_RECORDED, THEME_RECORDED, in_log_order, make_event, read_values
from engagement_lib.coding.passages import respondents
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.prevalence import prevalence
from engagement_lib.segments import split_turns
from engagement_lib.tables import SCHEMAS, TEXT, Study, records

RECORDER: Final = "engagement-lib"
_MARK: Final = 12


def describe_run(study: Study, *, run: str, gaps: Iterable[str] = ()) -> dict[str, Any]:
    """What a run found, as values that can be kept: files, respondents, claims, codes, gap themes.

    Respondents are named by the beginning of a hash, which keeps the log short; whoever knows an id can find it again.

    Parameters
    ----------
    run
        What it is called.
    gaps
        The ids of the themes that lie outside the frame.
    """
    files = study.sources[["origin", "file_sha256", "kind", "wave"]]
    files = files.sort_values(list(files.columns)).drop_duplicates("origin")
    return {
        "run": run,
        "files": {row["origin"]: [row["file_sha256"][:_MARK], row["kind"], row["wave"]] for row in records(files)},
        "respondents": heard_in(study),
        "claims": {
            row["claim_id"]: [row["indicated"], row["supporting"], row["contradicting"], row["base"]]
            for row in records(appraise_claims(study))
        },
        "codes": {row["code"]: [row["respondents"], row["base"]] for row in records(prevalence(study))},
        "gaps": sorted(gaps),
    }


def heard_in(study: Study) -> dict[str, str]:
    """For each kind of source and wave ("survey, wave 1") the marks of the respondents with words in it, parted by blanks."""
    turns = split_turns(study.sources)
    turns = turns[turns["role"] == "participant"]
    turns = turns.assign(respondent=respondents(turns))
    heard: dict[str, set[str]] = {}
    for row in records(turns[["kind", "wave", "respondent"]].drop_duplicates()):
        heard.setdefault(f"{row['kind']}, wave {row['wave']}", set()).add(mark_of(row["respondent"]))
    return {source: " ".join(sorted(marks)) for source, marks in sorted(heard.items())}


def mark_of(name: str) -> str:
    """The beginning of the hash of a name.

    Examples
    --------
    >>> mark_of("P01")
    '2758a1c329d4'
    """
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


def record_run(found: Mapping[str, Any]) -> pd.DataFrame:
    """The event that keeps a run, to be added to the store with `append_events`.

    Examples
    --------
    >>> record_run({"run": "1"})[["kind", "about_id"]].values.tolist()
    [['run recorded', '1']]
    """
    event = make_event(RUN_RECORDED, str(found["run"]), author=RECORDER, value=dict(found))
    return pd.DataFrame([event], columns=list(SCHEMAS["events"].columns)).astype(TEXT)


def last_run(events: pd.DataFrame) -> dict[str, Any]:
    """What the last run found, and `at`, when it was recorded; nothing where no run is recorded.

    Parameters
    ----------
    events
        Those of the study that were not undone.

    Examples
    --------
    >>> last_run(record_run({"run": "1"}))["run"]
    '1'
    """
    told = in_log_order(events[events["kind"] == RUN_RECORDED]).tail(1)
    return {**read_values(told)[0], "at": told["at"].iloc[0]} if len(told) else {}


def next_run(events: pd.DataFrame) -> str:
    """What the next run is called: a number above those of all runs and of all themes that are recorded.

    Examples
    --------
    >>> next_run(record_run({"run": "1"}))
    '2'
    """
    told = read_values(events[events["kind"].isin((RUN_RECORDED, THEME_RECORDED))])
    return str(max((int(value["run"]) for value in told if value["run"].isdecimal()), default=0) + 1)
