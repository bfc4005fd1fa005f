"""What may speak against a claim and has not been looked at: passages near to it in meaning that nobody coded for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.coding.passages import overlapping
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.claims import link_id, parse_claim_codes, parse_scope
from engagement_lib.evidence.respondents import counted_passages, has_codings, in_scope, participant_turns
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, records
from engagement_lib.themes.encoders import Encoder, Vectors, find_encoder

REVIEWED: Final = "candidate reviewed"
CANDIDATE: Final = "candidate"
_TEXTS: Final = {"the claim": "statement", "what would count against it": "would_count_against"}
_FEWEST_WORDS: Final = 5
_COLUMNS: Final = {
    **dict.fromkeys(("claim_id", "near_to"), TEXT),
    "rank": COUNT,
    "nearness": NUMBER,
    "source_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    **dict.fromkeys(("case_id", "kind", "reviewed", "by", "quote"), TEXT),
}


def counter_evidence(
    study: Study, *, candidates: int = 20, encoder: Encoder | None = None, prompted: bool = False
) -> pd.DataFrame:
    """The passages to read before a claim is called supported: those nearest to it that no code of the claim was given to.

    Candidates are turns and answers of those in the claim's scope with five words or more, nearest by the angle between their
    vectors: to the claim's statement, and to what would count against it. That they are near does not make them evidence.

    Parameters
    ----------
    candidates
        How many to give for each of the two.
    encoder
        What turns texts into vectors; without it, the one that `study.toml` names.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.

    Returns
    -------
    DataFrame
        One row a claim and candidate: `claim_id`; `near_to` ("the claim" or "what would count against it"); `rank` from 1;
        `nearness` (cosine, at most 1); `source_id`, `start`, `end`, `case_id`, `kind`; `reviewed` ("yes" or "no") and `by` whom;
        `quote`. A passage near to both has two rows. No rows before anything is coded.

    Raises
    ------
    TableError
        If `candidates` is below 1, or a claim's codes or scope cannot be read.

    Notes
    -----
    A person has reviewed a candidate who appended an event of the kind "candidate reviewed" about the "candidate" that `link_id`
    names ("C1/P01:3-9"). What turns out to bear on the claim is coded, and is then no candidate any more.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> from engagement_lib.themes.encoders import TfidfEncoder
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2", "S3"], "case_id": ["P1", "P2", "P3"], "kind": "survey",
    ...                 "text": ["We are very short of time.", "There is time enough for that.", "The tables are hard to find."]},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 0, "end": 25, "code": "no-time", "coder": "AB"},
    ...     "claims": {"claim_id": ["C1"], "statement": "Time is short.", "codes": "+no-time",
    ...                "would_count_against": "People with time enough."},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> near = counter_evidence(study, candidates=1, encoder=TfidfEncoder())
    >>> near[["near_to", "source_id", "reviewed"]].values.tolist()
    [['the claim', 'S2', 'no'], ['what would count against it', 'S2', 'no']]
    """
    if candidates < 1:
        raise TableError(Problem("counter_evidence", "candidates", str(candidates), "at least 1", "20 is usual."))
    claims = records(study.claims) if has_codings(study) else []
    if not claims:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    language = study.settings.language
    weights = study.folder / language.weights if language.weights else ""
    encoder = encoder or find_encoder(language.encoder, weights=weights, cache=study.folder)
    turns = participant_turns(study, prompted=prompted)
    turns = turns[[len(quote.split()) >= _FEWEST_WORDS for quote in turns["quote"]]].reset_index(drop=True)
    spoken = counted_passages(study, prompted=prompted)
    asked = [claim[column] for claim in claims for column in _TEXTS.values()]
    vectors = encoder.encode([*turns["quote"], *asked])
    said, wanted = vectors[: len(turns)], vectors[len(turns) :].reshape(len(claims), len(_TEXTS), -1)
    reviewed = {row["about_id"]: row["author"] for row in records(fold_events(study.events, REVIEWED, CANDIDATE))}
    rows = []
    for claim, about in zip(claims, wanted, strict=True):
        left = _uncoded(study, claim, turns, spoken).to_numpy()
        for (near_to, column), vector in zip(_TEXTS.items(), about, strict=True):
            if claim[column]:
                named = {"claim_id": claim["claim_id"], "near_to": near_to}
                rows += [named | row for row in _nearest(turns[left], said[left] @ vector)[:candidates]]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    names = [link_id(row["claim_id"], row) for row in records(table)]
    table = table.assign(
        reviewed=["yes" if name in reviewed else "no" for name in names], by=[reviewed.get(name, "") for name in names]
    )
    return table.astype(_COLUMNS)


def unread_candidates(candidates: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """How many candidates stand unread for each claim, one row a claim: no claim may be called supported while there are any.

    Returns
    -------
    DataFrame
        `claim_id`; `candidates` and `unread` (passages); `sentence`.

    Examples
    --------
    >>> rows = {"claim_id": "C1", "source_id": ["S1", "S2"], "start": 0, "end": 9, "reviewed": ["yes", "no"]}
    >>> unread_candidates(pd.DataFrame(rows), pd.DataFrame({"claim_id": ["C1"]})).loc[0, "sentence"]
    'C1: 1 of 2 passages that may speak against it have not been read; it may not be called supported.'
    """
    passages = candidates.drop_duplicates(["claim_id", "source_id", "start", "end"])
    rows = []
    for claim in claims["claim_id"]:
        mine = passages[passages["claim_id"] == claim]
        unread = int((mine["reviewed"] != "yes").sum())
        text = f"{claim}: {unread} of {len(mine)} passages that may speak against it have not been read"
        text += "; it may not be called supported." if unread else "."
        rows.append({"claim_id": claim, "candidates": len(mine), "unread": unread, "sentence": text})
    columns = {"claim_id": TEXT, "candidates": COUNT, "unread": COUNT, "sentence": TEXT}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _uncoded(study: Study, claim: Mapping[str, Any], turns: pd.DataFrame, spoken: pd.DataFrame) -> pd.Series:
    """Whether each turn is of somebody in the claim's scope, and bears none of its codes."""
    scope = parse_scope(claim["scope"], claim_id=claim["claim_id"])
    codes = parse_claim_codes(claim["codes"], claim_id=claim["claim_id"])
    _, touched = overlapping(spoken[spoken["code"].isin(list(codes))].reset_index(drop=True), turns)
    inside = in_scope(study, turns, scope, place=f"claim '{claim['claim_id']}', scope")
    return inside & ~turns.index.isin(touched)


def _nearest(turns: pd.DataFrame, nearness: Vectors) -> list[dict[str, Any]]:
    """The turns from the nearest on. Of two as near, the first in the study: another machine must not list them otherwise."""
    order = np.argsort(-np.round(nearness.astype(np.float64), 6), kind="stable")
    ordered = turns.iloc[order][["source_id", "start", "end", "case_id", "kind", "quote"]]
    said = zip(nearness[order], records(ordered), strict=True)
    return [row | {"rank": rank, "nearness": float(near)} for rank, (near, row) in enumerate(said, start=1)]
