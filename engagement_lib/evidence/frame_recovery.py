"""Do themes that were made without the frame find it again?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.codings import counted_codings
from engagement_lib.coding.passages import overlapping
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.association import (
    STATISTICS,
    Numbers,
    Places,
    chance_of,
    cross_table,
    exchange_respondents,
    measure_association,
    number_people,
    strata_of,
)
from engagement_lib.evidence.framed import SPAN, Flags, Framed, bear_frame
from engagement_lib.evidence.respondents import eligible_respondents, participant_turns
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

MAIN: Final = "main theme"
ALONE: Final = "theme that stands alone"
IN_OR_OUT: Final = "of the frame or not"
MAIN_CODE: Final = "main code"
_COLUMNS: Final = {
    **dict.fromkeys(("labels", "statistic"), TEXT),
    **dict.fromkeys(("segments", "respondents", "groups", "themes"), COUNT),
    **dict.fromkeys(("value", "null", "null_high", "p"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_NAMES: Final = {
    "ami": "adjusted mutual information",
    "homogeneity": "homogeneity",
    "completeness": "completeness",
    "cramers_v": "Cramér's V, corrected for bias,",
}
_LEVEL: Final = 0.05
_LITTLE: Final = 0.3


@dataclass(frozen=True)
class _Labels:
    """One way to say to which part of the frame segments belong: their positions, and the number of the part of each."""

    name: str
    rows: npt.NDArray[np.intp]
    values: Places


def frame_recovery(
    study: Study,
    assignments: pd.DataFrame,
    *,
    frame: Sequence[str] | None = None,
    permutations: int = 999,
    random_state: int = 0,
) -> pd.DataFrame:
    """How far themes made without the frame divide the coded segments as it does: one row a way to label segments and statistic.

    Parameters
    ----------
    assignments
        The table `theme_assignments` of one run, such as `ThemeModel.assignments_`. Its segments count that lie in sources
        that have been read, and in which something is coded.
    frame
        Themes of the codebook; None takes those that `study.toml` names under `[frame]`, else all.
    permutations, random_state
        How often respondents exchange their labels, and the seed of these exchanges.

    Returns
    -------
    DataFrame
        `labels`: "main theme" (the theme of the frame that covers most of a segment; others left out), "theme that stands alone"
        (the same, only of segments with one theme and nothing outside), "of the frame or not", for each theme "culture or
        not" among all coded segments, and "main code" (the code that covers most of a segment, in or outside the frame: how far
        the themes of the run are the codebook's); `statistic`: "ami" (adjusted mutual information), "homogeneity" (1 where each
        theme of the run is of one kind), "completeness" (1 where each theme of the frame lies in one of the run) or "cramers_v"
        (corrected); `segments` and `respondents` behind it; `groups` (labels that occur) and `themes` (of the run); `value`;
        `null` and `null_high` (mean and 95th percentile by chance); `p`; `reason` (why something is undefined, else "");
        `sentence`.

    Raises
    ------
    TableError
        If an assigned segment holds no participant's words, the codebook lacks a theme of the frame, or `permutations` is not 1
        or more.

    Notes
    -----
    By chance: respondents of the same kinds of source exchange their segments' labels, whole, so that what one person says stays
    together (`exchange_respondents`); ``p = (b + 1) / (m + 1)``. Homogeneity and completeness rise with the number of themes by
    chance alone: read them beside `null`. Formulas and papers: `docs/frame.md`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> people = [f"P{number}" for number in range(8)]
    >>> said = {
    ...     "sources": {"source_id": people, "case_id": people, "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time", "late"], "theme": ["culture", "capability"]},
    ...     "codings": {"coding_id": people, "source_id": people, "start": 9, "end": 16, "coder": "AB",
    ...                 "code": ["no-time"] * 4 + ["late"] * 4},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> found = pd.DataFrame({"source_id": people, "start": 0, "end": 17, "theme_id": ["T01"] * 4 + ["T02"] * 4})
    >>> frame_recovery(study, found).loc[:3, ["labels", "statistic", "segments", "value"]]
           labels     statistic  segments  value
    0  main theme           ami         8    1.0
    1  main theme   homogeneity         8    1.0
    2  main theme  completeness         8    1.0
    3  main theme     cramers_v         8    1.0
    """
    if permutations < 1:
        raise TableError(Problem("frame_recovery", "permutations", str(permutations), "at least 1", "999 is usual."))
    framed = bear_frame(study, place_assignments(study, assignments), frame=frame)
    clusters = pd.factorize(framed.segments["theme_id"], sort=True)[0].astype(np.int64)
    rows = []
    for labels in _ways(study, framed) if len(framed.segments) else []:
        segments, mine = framed.segments.iloc[labels.rows], clusters[labels.rows]
        measured = _measure(labels.values, mine, segments, permutations, random_state)
        about = {"labels": labels.name, "segments": len(segments), "respondents": segments["respondent"].nunique()}
        about |= {"groups": len(np.unique(labels.values)), "themes": len(np.unique(mine))}
        for statistic, numbers in zip(STATISTICS, measured, strict=True):
            row = about | {"statistic": statistic} | numbers
            row["reason"] = _reason(row)
            rows.append(row | {"sentence": _say(row)})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def place_assignments(study: Study, assignments: pd.DataFrame) -> pd.DataFrame:
    """The assigned segments in sources that have been read, in the order of their places, with `respondent`, `kind` and `topic`.

    `topic` is the question of a survey answer, and the source of any other segment.

    Raises
    ------
    TableError
        If a segment holds no participant's words.
    """
    waves = (False, True)
    turns = pd.concat([participant_turns(study, prompted=prompted) for prompted in waves], ignore_index=True)
    table = assignments[[*SPAN, "theme_id"]].sort_values(SPAN, ignore_index=True)
    segment, turn = overlapping(table, turns)
    place = pd.Series(turn, index=segment).groupby(level=0).first()
    strange = table[~table.index.isin(place.index)]
    if len(strange):
        expected, remedy = "a segment of participants' words", "Give the assignments of this study."
        raise TableError(
            Problem("theme_assignments", "", f"the segment {source} {start}-{end}", expected, remedy)
            for source, start, end in strange[SPAN].itertuples(index=False)
        )
    spoken = turns.loc[place.reindex(table.index), ["respondent", "kind", "wave", "question"]].reset_index(drop=True)
    table = table.join(spoken)
    table["topic"] = table["question"].where(table["kind"] == "survey", table["source_id"])
    read = [source for prompted in waves for source in eligible_respondents(study, prompted=prompted)["source_id"]]
    return table[table["source_id"].isin(read)].reset_index(drop=True)


def _ways(study: Study, framed: Framed) -> list[_Labels]:
    """Every way to label the segments; each with those segments that it can label."""
    theme_of = dict(zip(study.codebook["code"], study.codebook["theme"], strict=True))
    main = _covers_most(study, framed, framed.names, theme_of)
    codes = list(study.codebook["code"])
    main_code = _covers_most(study, framed, codes, dict(zip(codes, codes, strict=True)))
    held = framed.held
    alone = (framed.themes.sum(axis=1) == 1) & ~framed.outside
    every = np.arange(len(held))
    ways = [_labels(MAIN, held, main), _labels(ALONE, alone, main), _Labels(IN_OR_OUT, every, held.astype(np.int64))]
    ways += [_Labels(f"{name} or not", every, framed.themes[:, at].astype(np.int64)) for at, name in enumerate(framed.names)]
    return [*ways, _Labels(MAIN_CODE, every, main_code)]


def _labels(name: str, rows: Flags, values: Places) -> _Labels:
    return _Labels(name, np.flatnonzero(rows), values[rows])


def _covers_most(study: Study, framed: Framed, names: Sequence[str], name_of: Mapping[str, str]) -> Places:
    """Of each segment, the place in `names` of what most of its characters are coded with; codes of no such name do not count."""
    codings = counted_codings(study)
    named = pd.Index(list(names), dtype="object").get_indexer(pd.Index(codings["code"].map(name_of), dtype="object"))
    coding, segment = overlapping(codings, framed.segments)
    ends = np.minimum(codings["end"].to_numpy()[coding], framed.segments["end"].to_numpy()[segment])
    starts = np.maximum(codings["start"].to_numpy()[coding], framed.segments["start"].to_numpy()[segment])
    cover = np.zeros((len(framed.segments), len(names) + 1))
    # What has no name here has the place -1, which is the last column; nothing is read from there.
    np.add.at(cover, (segment, named[coding]), ends - starts)
    cover[:, -1] = -1
    return np.asarray(cover.argmax(axis=1), dtype=np.int64)


def _measure(
    values: Places, clusters: Places, segments: pd.DataFrame, permutations: int, random_state: int
) -> list[dict[str, float]]:
    """The numbers of each statistic; the same exchanges serve all."""
    found = measure_association(cross_table(values, clusters))
    null = np.full((permutations, len(STATISTICS)), np.nan)
    if len(segments):
        person, strata = number_people(segments), strata_of(segments)
        generator = np.random.default_rng(random_state)
        for at in range(permutations):
            null[at] = measure_association(cross_table(values[exchange_respondents(person, strata, generator)], clusters))
    return [_beside_chance(float(value), by_chance) for value, by_chance in zip(found, null.T, strict=True)]


def _beside_chance(value: float, by_chance: Numbers) -> dict[str, float]:
    known = by_chance[np.isfinite(by_chance)]
    if np.isnan(value) or not len(known):
        return {"value": value, "null": np.nan, "null_high": np.nan, "p": np.nan}
    high = float(np.percentile(known, 95))
    return {"value": value, "null": float(known.mean()), "null_high": high, "p": chance_of(value, by_chance)}


def _reason(row: Mapping[str, Any]) -> str:
    if row["segments"] < 2:
        return "fewer than two segments can be labelled so"
    if row["groups"] < 2:
        return "all segments have the same label"
    if row["themes"] < 2:
        return "all segments lie in one theme of the run"
    return "every segment is a theme of its own" if np.isnan(row["value"]) else ""


def _say(row: Mapping[str, Any]) -> str:
    what = f"By '{row['labels']}', {_NAMES[row['statistic']]}"
    if row["reason"]:
        return f"{what} is not to be had: {row['reason']}."
    text = f"{what} is {row['value']:.2f} over {row['segments']} segments of {row['respondents']} respondents, by chance"
    text += f" {row['null']:.2f} (p = {row['p']:.3f}): "
    if row["p"] > _LEVEL:
        return f"{text}no more than chance gives."
    return text + ("more than chance gives, and still little." if row["value"] < _LITTLE else "more than chance gives.")
