"""Is a theme that the texts suggest one voice or one question, and does it lie outside the frame?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.evidence.association import Numbers
from engagement_lib.evidence.frame_recovery import place_assignments
from engagement_lib.evidence.framed import Framed, bear_frame
from engagement_lib.evidence.wording import say_percent
from engagement_lib.loading.copies import group_copies
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, records

GAP_IN_CODES: Final = "outside the frame, in the codebook"
GAP_WITHOUT_CODES: Final = "outside the frame, without a code"
LARGEST: Final = 0.25
EFFECTIVE: Final = 5.0
ONE_TOPIC: Final = 0.9
MEMBERSHIP: Final = 0.2
TRUSTED: Final = 0.6
# Answers and letters are sent in by campaigns; nobody copies an interview.
_SENT_IN: Final = ("survey", "comment")
_COLUMNS: Final = {
    "theme_id": TEXT,
    **dict.fromkeys(("segments", "respondents", "kinds"), COUNT),
    **dict.fromkeys(("effective_respondents", "largest_share", "copied_share", "largest_topic_share"), NUMBER),
    "largest_topic": TEXT,
    **dict.fromkeys(("frame_share", "outside_share", "uncoded_share"), NUMBER),
    "nearest": TEXT,
    "nearest_share": NUMBER,
    **dict.fromkeys(("beware", "gap", "because", "sentence"), TEXT),
}


def theme_concentration(
    study: Study, assignments: pd.DataFrame, *, frame: Sequence[str] | None = None, stability: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How many voices each theme of a run rests on, and whether the frame holds it: one row a theme.

    Parameters
    ----------
    assignments
        The table `theme_assignments` of one run; segments in sources that nobody has read are left out.
    frame
        Themes of the codebook; None takes those that `study.toml` names under `[frame]`, else all.
    stability
        `ThemeModel.stability_` of the same run; without it no theme can be called a gap of the frame.

    Returns
    -------
    DataFrame
        `theme_id`; `segments`, `respondents`, `kinds` of source; `effective_respondents` (as many who say equally much would
        be as varied); `largest_share` of the segments by one respondent; `copied_share` (of the segments, those that lie in
        copies of one answer or comment, as in a campaign); `largest_topic` (the interview, webinar, e-mail or question of a
        survey with most of them) and `largest_topic_share`; `frame_share` (segments with a code of the frame),
        `outside_share` (with codes, but none of the frame), `uncoded_share`; `nearest` (the theme of the frame, or the code
        outside it, that most of its segments bear) and `nearest_share`; `beware` (what speaks against taking it for a theme of
        many); `gap` ("outside the frame, in the codebook", "outside the frame, without a code" or ""); `because` (what a theme
        outside the frame lacks to be called a gap); `sentence`.

    Raises
    ------
    TableError
        If an assigned segment holds no participant's words, or the codebook lacks a theme of the frame.

    Notes
    -----
    With s_i the share of respondent i, ``1 / sum(s_i^2)`` effective respondents: the inverse of Simpson's (1949) index, Nature
    163, 688. Beware: fewer than 5 of them, one respondent or one text and its copies with more than a quarter, one topic with
    more than 90%. A gap has less
    than a fifth of its segments in the frame, as many respondents and kinds of source as a verdict wants (`[verdicts]`), and a
    stability of 0.6 or more that is better than chance. Whether it matters, and what it is called, is for a person to say.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> people = ["P1", "P2", "P3"]
    >>> sources = {"source_id": people, "case_id": people, "kind": "survey", "text": "There is no time.", "question": "why"}
    >>> names = ("cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> tables = {name: empty_table(name) for name in names}
    >>> study = Study(Path(), Settings(title="Pilot"), check_table("sources", pd.DataFrame(sources)), **tables)
    >>> found = pd.DataFrame({"source_id": people, "start": 0, "end": 17, "theme_id": "T01"})
    >>> theme_concentration(study, found)[["theme_id", "respondents", "effective_respondents", "largest_topic"]]
      theme_id  respondents  effective_respondents largest_topic
    0      T01            3                    3.0           why
    """
    placed = place_assignments(study, assignments)
    framed = bear_frame(study, placed, frame=frame)
    copies = group_copies(study.sources[study.sources["kind"].isin(_SENT_IN)])
    placed["text"] = placed["source_id"].map(dict(zip(copies["source_id"], copies["group"], strict=True)))
    trust = None if stability is None else {row["theme_id"]: row for row in records(stability)}
    rows = []
    for theme_id in sorted(set(placed["theme_id"])):
        mine = placed[placed["theme_id"] == theme_id]
        row = {"theme_id": theme_id} | _voices(mine)
        row |= _place_in_frame(study, framed.take((framed.segments["theme_id"] == theme_id).to_numpy()), len(mine))
        row["beware"] = _flags(row)
        missing = _missing(study, row, None if trust is None else trust.get(theme_id, {}))
        outside = row["frame_share"] < MEMBERSHIP
        row["because"] = missing if outside else ""
        row["gap"] = _gap(row) if outside and not missing else ""
        rows.append(row | {"sentence": _say(row)})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def effective_number(counts: Numbers) -> float:
    """How many equal parts would be as varied as these: 1 over the sum of the squared shares.

    Examples
    --------
    >>> effective_number(np.array([2.0, 1.0, 1.0]))
    2.6666666666666665
    """
    return float(counts.sum() ** 2 / (counts**2).sum())


def _voices(mine: pd.DataFrame) -> dict[str, Any]:
    voices, topics = mine["respondent"].value_counts(), mine["topic"].value_counts()
    largest = min(topics.index[topics == topics.max()])
    return {
        "segments": len(mine),
        "respondents": len(voices),
        "kinds": mine["kind"].nunique(),
        "effective_respondents": effective_number(voices.to_numpy().astype(np.float64)),
        "largest_share": float(voices.max() / len(mine)),
        "copied_share": float(mine["text"].value_counts().max() / len(mine)) if mine["text"].notna().any() else 0.0,
        "largest_topic": largest,
        "largest_topic_share": float(topics.max() / len(mine)),
    }


def _place_in_frame(study: Study, framed: Framed, segments: int) -> dict[str, Any]:
    """The shares of a theme's segments that the frame holds, lie outside it, and bear no code; what most of them bear."""
    held = framed.held
    counts = dict(zip(framed.names, framed.themes.sum(axis=0), strict=True))
    outside = study.codebook["code"].to_numpy()[~framed.inside]
    counts |= dict(zip(outside, framed.codes[:, ~framed.inside].sum(axis=0), strict=True))
    nearest = max(counts, key=lambda name: counts[name], default="")
    most = int(counts.get(nearest, 0))
    return {
        "frame_share": float(held.sum() / segments),
        "outside_share": float((~held).sum() / segments),
        "uncoded_share": 1 - len(framed.segments) / segments,
        "nearest": nearest if most else "",
        "nearest_share": most / segments,
    }


def _flags(row: Mapping[str, Any]) -> str:
    flags = []
    if row["effective_respondents"] < EFFECTIVE:
        flags.append(f"as few voices as {row['effective_respondents']:.1f} equal ones")
    if row["largest_share"] > LARGEST:
        flags.append(f"one respondent gives {say_percent(row['largest_share'])}")
    if row["copied_share"] > LARGEST:
        flags.append(f"{say_percent(row['copied_share'])} lie in copies of one text")
    if row["largest_topic_share"] > ONE_TOPIC:
        flags.append(f"{say_percent(row['largest_topic_share'])} stand under {row['largest_topic']}")
    return "; ".join(flags)


def _missing(study: Study, row: Mapping[str, Any], trust: Mapping[str, Any] | None) -> str:
    """What a theme outside the frame lacks to be called a gap of it."""
    rule, lacks = study.settings.verdicts, []
    if row["respondents"] < rule.min_respondents:
        lacks.append(f"fewer than {rule.min_respondents} respondents")
    if row["kinds"] < rule.min_kinds:
        lacks.append(f"fewer than {rule.min_kinds} kinds of source")
    if trust is None or np.isnan(trust.get("stability", np.nan)):
        return "; ".join([*lacks, "its stability is not known"])
    if trust["stability"] < TRUSTED:
        lacks.append(f"its stability is {trust['stability']:.2f}, below {TRUSTED}")
    elif trust["stability"] <= trust["null"]:
        lacks.append("it is no more stable than chance makes")
    return "; ".join(lacks)


def _gap(row: Mapping[str, Any]) -> str:
    return GAP_IN_CODES if row["outside_share"] >= row["uncoded_share"] else GAP_WITHOUT_CODES


def _say(row: Mapping[str, Any]) -> str:
    text = f"{row['theme_id']}: {row['segments']} segments of {row['respondents']} respondents, the frame holds"
    text += f" {say_percent(row['frame_share'])}, other codes {say_percent(row['outside_share'])}, no code"
    text += f" {say_percent(row['uncoded_share'])}."
    if row["beware"]:
        text += f" Beware: {row['beware']}."
    if row["gap"]:
        return f"{text} It lies {row['gap']}{_most(row)}: a person should name it."
    return f"{text} It lies outside the frame, but is not called a gap: {row['because']}." if row["because"] else text


def _most(row: Mapping[str, Any]) -> str:
    return f", most of it under '{row['nearest']}'" if row["gap"] == GAP_IN_CODES else ""
