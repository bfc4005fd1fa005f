"""The frame that a study tests, and what each segment of participants' words bears of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.codings import counted_codings
from engagement_lib.coding.counts import code_matrix
from engagement_lib.coding.passages import respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.respondents import eligible_respondents, participant_turns
from engagement_lib.segments import split_sentences
from engagement_lib.tables import Study

Flags = npt.NDArray[np.bool_]
Unit = Literal["turn", "sentence"]
UNITS: Final = {"turn": "coded turns and answers", "sentence": "coded sentences"}
SPAN: Final = ["source_id", "start", "end"]


@dataclass(frozen=True)
class Framed:
    """Segments in which something is coded, in the order of their places, and what they bear.

    `segments` has `respondent` and `kind` beside the place; `themes` is segments x themes of the frame, `codes` segments x codes
    of the codebook. `names` are the themes of the frame, `inside` says which codes belong to it.
    """

    segments: pd.DataFrame
    names: tuple[str, ...]
    themes: Flags
    codes: Flags
    inside: Flags

    @property
    def outside(self) -> Flags:
        """Whether each segment bears a code that lies outside the frame."""
        return any_of(self.codes[:, ~self.inside])

    @property
    def held(self) -> Flags:
        """Whether each segment bears a theme of the frame."""
        return any_of(self.themes)

    def take(self, rows: Flags) -> Framed:
        """Those segments alone."""
        segments = self.segments[rows].reset_index(drop=True)
        return replace(self, segments=segments, themes=self.themes[rows], codes=self.codes[rows])


def frame_themes(study: Study, frame: Sequence[str] | None = None) -> tuple[str, ...]:
    """The themes of the frame: those given, else those that `study.toml` names under `[frame]`, else all that codes have.

    Raises
    ------
    TableError
        If the codebook lacks one of them, or one comes twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Frame, Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> names = ("sources", "cases", "codings", "readings", "memos", "claims", "events")
    >>> tables = {name: empty_table(name) for name in names}
    >>> codebook = check_table("codebook", pd.DataFrame({"code": ["no-time", "late"], "theme": ["culture", "outside"]}))
    >>> study = Study(Path(), Settings(title="Pilot", frame=Frame(themes=("culture",))), codebook=codebook, **tables)
    >>> frame_themes(study)
    ('culture',)
    """
    known = [theme for theme in dict.fromkeys(study.codebook["theme"]) if theme]
    named = study.settings.frame.themes if frame is None else tuple(frame)
    problems = list(_strange(named, known, "frame"))
    if problems:
        raise TableError(problems)
    return named or tuple(known)


def check_frame(study: Study, *, unread: Collection[str] = ()) -> Iterator[Problem]:
    """What `[frame]` names and the codebook lacks, where that could be read."""
    if study.settings.codebook not in unread:
        known = [theme for theme in dict.fromkeys(study.codebook["theme"]) if theme]
        yield from _strange(study.settings.frame.themes, known, "study.toml")


def frame_segments(study: Study, *, frame: Sequence[str] | None = None, prompted: bool = False, unit: Unit = "turn") -> Framed:
    """The substantive segments: participants' in sources that have been read, that share a character with a coding that counts.

    Raises
    ------
    TableError
        If the frame has a theme that the codebook lacks, or there is no such unit.
    """
    if unit not in UNITS:
        raise TableError(Problem("frame", "unit", f"'{unit}'", "'turn' or 'sentence'", "Name one of them."))
    turns = participant_turns(study, prompted=prompted).drop(columns="respondent")
    if unit == "sentence":
        turns = split_sentences(turns, pipeline=study.settings.language.pipeline)
    read = eligible_respondents(study, prompted=prompted)["source_id"]
    turns = turns[turns["source_id"].isin(read)].sort_values(SPAN, ignore_index=True)
    return bear_frame(study, turns.assign(respondent=respondents(turns)), frame=frame)


def bear_frame(study: Study, segments: pd.DataFrame, *, frame: Sequence[str] | None = None) -> Framed:
    """Of these segments, which have a `respondent`, those in which something is coded, with what they bear."""
    names = frame_themes(study, frame)
    codes = code_matrix(counted_codings(study), segments.drop(columns="respondent"), study.codebook).to_numpy()
    member = study.codebook["theme"].to_numpy()[:, np.newaxis] == np.array(names, dtype=object)
    themes: Flags = (codes.astype(np.int64) @ member.astype(np.int64)) > 0
    return Framed(segments.reset_index(drop=True), names, themes, codes, any_of(member)).take(any_of(codes))


def any_of(flags: Flags) -> Flags:
    """Whether anything holds, of each row.

    Examples
    --------
    >>> any_of(np.array([[True, False], [False, False]])).tolist()
    [True, False]
    """
    return np.asarray(flags.any(axis=1), dtype=bool)


def _strange(named: Sequence[str], known: Sequence[str], file: str) -> Iterator[Problem]:
    place = "key 'frame.themes'" if file == "study.toml" else "themes"
    expected = f"one of {', '.join(known) or 'no themes: the codebook names none'}"
    for at, theme in enumerate(named):
        near = get_close_matches(theme, known, n=1)
        if theme not in known:
            remedy = f"Did you mean '{near[0]}'?" if near else "Mend its name, or give the codes their theme."
            yield Problem(file, place, f"'{theme}'", expected, remedy)
        elif theme in named[:at]:
            yield Problem(file, place, f"'{theme}' a second time", "each theme once", "Take one of them out.")
