"""Does the frame hold the evidence? What share of what was said it holds at all, and what lies outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.association import number_people
from engagement_lib.evidence.clusters import spread_by_respondent
from engagement_lib.evidence.framed import UNITS, Flags, Framed, Unit, frame_segments
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.evidence.respondents import cells_of, eligible_respondents, has_codings, variables_of
from engagement_lib.evidence.wording import say_caution, say_cell, say_percent
from engagement_lib.settings import Settings
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

THE_FRAME: Final = "the frame"
NOTHING_ELSE: Final = "nothing of the frame"
_COLUMNS: Final = {
    **dict.fromkeys(("segments", "alone", "segment_base"), COUNT),
    **dict.fromkeys(("segment_share", "segment_low", "segment_high"), NUMBER),
    **dict.fromkeys(("respondents", "respondent_base"), COUNT),
    **dict.fromkeys(("respondent_share", "respondent_low", "respondent_high"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_FIRST: Final = ("part", "name", "theme")
_FEW: Final = 30


def frame_coverage(
    study: Study,
    *,
    frame: Sequence[str] | None = None,
    by: str | Sequence[str] = "",
    prompted: bool = False,
    unit: Unit = "turn",
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How much of what was coded the frame holds, and what lies outside; no rows before anything is coded.

    Parameters
    ----------
    frame
        Themes of the codebook; None takes those that `study.toml` names under `[frame]`, else all.
    by
        "kind", "wave" or a variable of the cases such as "group", or several; "" takes everyone together.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    unit
        "turn": a segment is a turn or a whole answer; "sentence": a sentence of one.
    resamples, random_state
        How often respondents are drawn anew for the intervals of segments, and the seed of these draws.

    Returns
    -------
    DataFrame
        One row a part of the codebook and cell of `by`: `part` is "frame", "theme" (each of the frame), "outside" (segments
        that bear nothing of the frame) or "code outside" (each), `name` which one, `theme` that of a code; a column for each
        variable in `by`; `segments` that bear it; `alone` (of these, those that bear nothing else: of the frame or a theme,
        no other part of the codebook; of a code outside, nothing of the frame); `segment_base` (participants' segments with any
        code, in sources that have been read); `segment_share` with its 95% interval `segment_low`, `segment_high` (respondents
        drawn anew); `respondents` with such a segment, of a `respondent_base` with any coded segment; `respondent_share` with
        Wilson's 95% interval `respondent_low`, `respondent_high`; `reason` (why something is undefined, else ""); `sentence`.

    Raises
    ------
    TableError
        If `by` names no variable, the codebook lacks a theme of the frame, there is no such unit, or `resamples` is below 1.

    Notes
    -----
    Of what nobody coded the frame is not asked: it may be small talk, or a matter that the codebook misses. See
    `docs/frame.md`, and `theme_concentration` for heaps of passages without a code.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Frame
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time", "late"], "theme": ["culture", "outside"]},
    ...     "codings": {"coding_id": ["1", "2"], "source_id": ["S1", "S2"], "start": 9, "end": 16, "code": ["no-time", "late"],
    ...                 "coder": "AB"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot", frame=Frame(themes=("culture",))), **tables)
    >>> frame_coverage(study)[["part", "name", "segments", "segment_base", "respondent_share"]]
               part                  name  segments  segment_base  respondent_share
    0         frame             the frame         1             2               0.5
    1         theme               culture         1             2               0.5
    2       outside  nothing of the frame         1             2               0.5
    3  code outside                  late         1             2               0.5
    """
    if resamples < 1:
        raise TableError(Problem("frame_coverage", "resamples", str(resamples), "at least 1", "2000 is usual."))
    names = variables_of(by)
    eligible = eligible_respondents(study, prompted=prompted)
    number, cells = cells_of(study, eligible, names, taken=(*_FIRST, *_COLUMNS))
    framed = frame_segments(study, frame=frame, prompted=prompted, unit=unit)
    places = eligible.assign(cell=number)[["source_id", "respondent", "cell"]]
    cell_of = framed.segments.merge(places, on=["source_id", "respondent"], how="left")["cell"].to_numpy()
    rows = []
    for place, cell in enumerate(cells) if has_codings(study) else ():
        mine = framed.take(cell_of == place)
        kinds = tuple(eligible.loc[number == place, "kind"].unique())
        parts = _parts(study, mine)
        numbers = _numbers(mine, [part["borne"] for part in parts], resamples=resamples, random_state=random_state)
        for at, (part, number_of) in enumerate(zip(parts, numbers, strict=True)):
            row = {name: part[name] for name in _FIRST} | cell | number_of | {"alone": int(part["alone"].sum())}
            rows.append((at, place, row | {"sentence": _say(row, cell, kinds, unit, study.settings)}))
    rows.sort(key=lambda row: row[:2])
    types = dict.fromkeys((*_FIRST, *names), TEXT) | _COLUMNS
    return pd.DataFrame([row for _, _, row in rows], columns=list(types)).astype(types)


def _parts(study: Study, framed: Framed) -> list[dict[str, Any]]:
    """The rows of the answer, but for their numbers: which segments bear each part, and which of these nothing else."""
    held, outside = framed.held, framed.outside
    several = framed.themes.sum(axis=1) > 1
    parts = [{"part": "frame", "name": THE_FRAME, "theme": "", "borne": held, "alone": held & ~outside}]
    for at, theme in enumerate(framed.names):
        borne = framed.themes[:, at]
        parts.append({"part": "theme", "name": theme, "theme": theme, "borne": borne, "alone": borne & ~several & ~outside})
    parts.append({"part": "outside", "name": NOTHING_ELSE, "theme": "", "borne": ~held, "alone": ~held})
    for place in np.flatnonzero(~framed.inside):
        code, borne = study.codebook.iloc[place], framed.codes[:, place]
        about = {"part": "code outside", "name": code["code"], "theme": code["theme"]}
        parts.append(about | {"borne": borne, "alone": borne & ~held})
    return parts


def _numbers(framed: Framed, borne: list[Flags], *, resamples: int, random_state: int) -> list[dict[str, Any]]:
    """The numbers of each part; the same draws of respondents serve all of them."""
    person = number_people(framed.segments)
    sizes = np.bincount(person).astype(np.float64)
    counted = [np.bincount(person, weights=flags, minlength=len(sizes)).astype(np.float64) for flags in borne]
    hits, people, base = np.column_stack(counted), len(sizes), len(person)
    low, high = np.full((2, len(borne)), np.nan)
    if people > 1:
        spread = spread_by_respondent(hits, sizes, resamples=resamples, random_state=random_state)
        low, high = spread.low, spread.high
    alone = "" if people > 1 else "there is only one respondent, so that there is nobody to draw anew"
    reason = alone if people else "nothing that was said here has been coded"
    rows = []
    for at, flags in enumerate(borne):
        holders = int((hits[:, at] > 0).sum())
        wilson_low, wilson_high = wilson_interval(holders, people)
        rows.append(
            {
                "segments": int(flags.sum()),
                "segment_base": base,
                "segment_share": float(flags.mean()) if base else np.nan,
                "segment_low": float(low[at]),
                "segment_high": float(high[at]),
                "respondents": holders,
                "respondent_base": people,
                "respondent_share": holders / people if people else np.nan,
                "respondent_low": wilson_low,
                "respondent_high": wilson_high,
                "reason": reason,
            }
        )
    return rows


def _say(row: Mapping[str, Any], cell: Mapping[str, str], kinds: Sequence[str], unit: Unit, settings: Settings) -> str:
    if not row["respondent_base"]:
        return f"Nothing that was said has been coded{say_cell(cell)}, so there is no share."
    what = {"outside": "bear codes, but none of the frame", "frame": "bear something of the frame"}
    text = (
        f"{row['segments']} of {row['segment_base']} {UNITS[unit]}{say_cell(cell)} {what.get(row['part'], _bear(row['name']))}:"
    )
    text += f" {say_percent(row['segment_share'])}"
    if row["reason"]:
        return f"{text}, all by one respondent, so that there is no interval."
    text += (
        f", 95% interval {say_percent(row['segment_low'])} to {say_percent(row['segment_high'])} with the respondents drawn anew"
    )
    if row["part"] != "outside":
        text += f"; {row['alone']} of them bear nothing {'of the frame' if row['part'] == 'code outside' else 'else'}"
    text += (
        f". They come from {row['respondents']} of {row['respondent_base']} respondents ({say_percent(row['respondent_share'])},"
    )
    text += f" 95% interval {say_percent(row['respondent_low'])} to {say_percent(row['respondent_high'])});"
    few = " With fewer than 30 respondents the first interval is rather too narrow."
    return f"{text} {say_caution(settings, kinds)}.{few if row['respondent_base'] < _FEW else ''}"


def _bear(name: str) -> str:
    return f"bear '{name}'"
