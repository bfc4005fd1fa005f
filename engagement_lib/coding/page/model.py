"""What the page is sent: a source by turns and sentences, the codebook, and the codings of one coder alone.

All positions are code points into the source's text, as everywhere in a study; the page turns them into its own when they arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.folding import FOLDS, fold_log
from engagement_lib.coding.store import WAIT, read_events
from engagement_lib.errors import Problem, TableError
from engagement_lib.language import sentence_spans
from engagement_lib.segments import split_turns
from engagement_lib.tables import Study, records

RECENT: Final = 9
_CODING: Final = ("coding_id", "start", "end", "code", "coder", "stance", "memo")
_RULES: Final = ("code", "parent", "definition", "include", "exclude", "example", "counter_evidence")
_NOT_EVIDENCE: Final = ("interviewer", "moderator")

Tables = Mapping[str, pd.DataFrame]


def fold_study(study: Study, *, wait: float = WAIT) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The study's tables as its store has them now, and its whole log.

    Raises
    ------
    EngagementError
        Where the store cannot be read.
    """
    known = study.history.get("log", study.events)
    log = pd.concat([known, read_events(study.folder, wait=wait)], ignore_index=True).drop_duplicates("event_id")
    files = {name: study.history.get(name, getattr(study, name)) for name in FOLDS}
    return fold_log(log.reset_index(drop=True), files), log


def coded_sources(study: Study) -> list[str]:
    """The ids of the sources that have something to code, in the order of the study."""
    texts = study.sources
    return [str(name) for name in texts.loc[(texts["reason"] == "") & (texts["text"] != ""), "source_id"]]


def source_model(study: Study, source_id: str) -> dict[str, Any]:
    """A source as the page shows it: its text, and its turns with the sentences of each.

    Every sign of a turn that is no white space stands in one of its sentences.

    Raises
    ------
    TableError
        Where the study has no such source.
    """
    rows = study.sources[study.sources["source_id"] == source_id].reset_index(drop=True)
    if rows.empty:
        remedy = "Mend its name; study.sources lists them."
        raise TableError(Problem("coding page", "source_id", f"no source '{source_id}'", "a source of the study", remedy))
    source = records(rows)[0]
    kept = {name: source[name] for name in ("source_id", "case_id", "kind", "question", "text")}
    return kept | {"turns": [_turn(turn, study.settings.language.pipeline) for turn in records(split_turns(rows))]}


def own_codings(tables: Tables, coder: str) -> pd.DataFrame:
    """The codings of one coder that the page may show: nobody else's, and nothing by rule or machine."""
    codings = tables["codings"]
    layer = CONSENSUS if coder == CONSENSUS else INDEPENDENT
    return codings[(codings["coder"] == coder) & (codings["layer"] == layer)]


def coding_rows(codings: pd.DataFrame, source_id: str) -> list[dict[str, Any]]:
    """The codings of one source as the page is sent them, in the order of their place."""
    there = codings[codings["source_id"] == source_id].sort_values(["start", "end", "code", "coding_id"])
    return records(there[list(_CODING)])


def memo_rows(tables: Tables, source_id: str, coder: str) -> list[dict[str, str]]:
    """The coder's own memos about a source, its passages and the coder's codings, the eldest first."""
    memos, codings = tables["memos"], own_codings(tables, coder)
    there = set(codings.loc[codings["source_id"] == source_id, "coding_id"])
    about = memos["about_id"]
    passage = (memos["about_type"] == "passage") & about.str.startswith(f"{source_id}:")
    meant = passage | ((memos["about_type"] == "source") & (about == source_id)) | about.isin(there)
    mine = memos[meant & (memos["author"] == coder)].sort_values(["at", "memo_id"])
    return records(mine[["about_type", "about_id", "text"]])


def code_rows(tables: Tables) -> list[dict[str, str]]:
    """The codebook with its rules, one entry a code, in its own order."""
    return records(tables["codebook"][list(_RULES)])


def recent_codes(codings: pd.DataFrame) -> list[str]:
    """The codes that the coder used last, the latest first."""
    used = codings.sort_values(["at", "coding_id"], ascending=False)["code"].drop_duplicates()
    return [str(code) for code in used.head(RECENT)]


def source_rows(study: Study, tables: Tables, coder: str) -> list[dict[str, Any]]:
    """Every source that there is to code, with whether the coder has finished it and how many codings it has of theirs."""
    readings = tables["readings"]
    finished = set(readings.loc[(readings["coder"] == coder) & (readings["finished"] != ""), "source_id"])
    many = own_codings(tables, coder)["source_id"].value_counts()
    return [{"source_id": name, "finished": name in finished, "codings": int(many.get(name, 0))} for name in coded_sources(study)]


def _turn(turn: dict[str, Any], pipeline: str) -> dict[str, Any]:
    start, quote = int(turn["start"]), turn["quote"]
    spans = sentence_spans(quote, pipeline=pipeline) or [(0, len(quote))]
    time = turn["time_start"]
    return {
        "start": start,
        "end": int(turn["end"]),
        "speaker": turn["speaker"],
        "role": turn["role"],
        "time": None if pd.isna(time) else time,
        "evidence": turn["role"] not in _NOT_EVIDENCE,
        "sentences": [[start + begin, start + end] for begin, end in spans],
    }
