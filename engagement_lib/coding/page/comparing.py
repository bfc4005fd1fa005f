"""Two coders side by side: where they differ, what both gave, and what of it has been settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.page.acts import SETTLED, place_id
from engagement_lib.coding.page.model import coding_rows
from engagement_lib.coding.passages import overlapping
from engagement_lib.loading.text import sha256
from engagement_lib.segments import split_sentences, split_turns
from engagement_lib.tables import Study, records

_SHOWN: Final = ("start", "end", "code", "coders_with", "coders_without", "memos")


class Differences(Protocol):
    """Finds where coders differ, as `disagreements` does."""

    def __call__(
        self, codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame, *, readings: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """One row a segment and code."""


def compare_model(
    study: Study, tables: Mapping[str, pd.DataFrame], source_id: str, pair: tuple[str, str], differences: Differences
) -> dict[str, Any]:
    """What the page is sent of two coders in one source.

    Returns
    -------
    dict
        `pair`; `waiting`, the coders who have not finished the source, whose codings are then not sent; `codings` of both;
        `differences`, in the order of the text, each with `settled` ("kept", "left out" or ""); and `agreed`, what both gave and
        the consensus lacks, each on the words that both coded.
    """
    waiting = _unfinished(tables, source_id, pair)
    if waiting:
        return {"pair": list(pair), "waiting": waiting, "codings": [], "differences": [], "agreed": []}
    codings = tables["codings"]
    there = codings[codings["source_id"] == source_id]
    both = there[there["coder"].isin(pair) & (there["layer"] == INDEPENDENT)].reset_index(drop=True)
    agreed = there[(there["coder"] == CONSENSUS) & (there["layer"] == CONSENSUS)].reset_index(drop=True)
    rows = study.sources[study.sources["source_id"] == source_id].reset_index(drop=True)
    sentences = split_sentences(split_turns(rows), pipeline=study.settings.language.pipeline)
    read = pd.DataFrame({"source_id": source_id, "coder": list(pair), "draw_probability": float("nan"), "finished": "yes"})
    found = differences(both, sentences, tables["codebook"], readings=read.assign(round="")).sort_values(["start", "end", "code"])
    left = _left_out(tables["events"])
    shown = [row | {"settled": _settled(row, source_id, agreed, left)} for row in records(found[list(_SHOWN)])]
    return {
        "pair": list(pair),
        "waiting": [],
        "codings": coding_rows(both, source_id),
        "differences": shown,
        "agreed": _agreed(both, pair, source_id, agreed),
    }


def _unfinished(tables: Mapping[str, pd.DataFrame], source_id: str, pair: tuple[str, str]) -> list[str]:
    """The coders who have not finished a source: they are still blind, and so must those be who compare."""
    readings = tables["readings"]
    done = readings[(readings["source_id"] == source_id) & (readings["finished"] != "")]
    return [coder for coder in pair if coder not in set(done["coder"])]


def _left_out(events: pd.DataFrame) -> set[tuple[str, str]]:
    """Places and codes that were settled by leaving the code out."""
    settled = events[events["kind"] == SETTLED]
    return {
        (about, json.loads(value)["code"]) for about, value in zip(settled["about_id"], settled["value"], strict=True) if value
    }


def _settled(row: dict[str, Any], source_id: str, agreed: pd.DataFrame, left: set[tuple[str, str]]) -> str:
    touching = (agreed["code"] == row["code"]) & (agreed["start"] < row["end"]) & (agreed["end"] > row["start"])
    if touching.any():
        return "kept"
    return "left out" if (place_id(source_id, row["start"], row["end"]), row["code"]) in left else ""


def _agreed(both: pd.DataFrame, pair: tuple[str, str], source_id: str, agreed: pd.DataFrame) -> list[dict[str, Any]]:
    """What both coders gave: each code on the words that both coded, where the consensus has not got it."""
    one, other = (both[both["coder"] == coder].reset_index(drop=True) for coder in pair)
    mine, theirs = overlapping(one, other)
    pairs = zip(records(one.iloc[mine]), records(other.iloc[theirs]), strict=True)
    there = set(zip(agreed["start"], agreed["end"], agreed["code"], strict=True))
    shared = {
        (max(row["start"], twin["start"]), min(row["end"], twin["end"]), row["code"])
        for row, twin in pairs
        if row["code"] == twin["code"]
    } - there
    # The id comes from what is agreed, so that two people who settle at once add one coding and not two.
    return [
        {"id": sha256(f"{source_id}:{start}-{end}:{code}")[:32], "start": start, "end": end, "code": code}
        for start, end, code in sorted(shared)
    ]
