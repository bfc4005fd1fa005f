"""How often each code comes in what was said: its share of the segments, and how often in a thousand words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from engagement_lib.coding.codings import counted_codings
from engagement_lib.coding.passages import overlapping, respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.clusters import Numbers, resampled_interval, spread_by_respondent
from engagement_lib.evidence.respondents import (
    cells_of,
    counted_passages,
    eligible_respondents,
    has_codings,
    participant_turns,
    variables_of,
)
from engagement_lib.evidence.wording import say_caution, say_cell, say_percent
from engagement_lib.segments import split_sentences
from engagement_lib.settings import Settings
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

Unit = Literal["turn", "sentence"]
_COLUMNS: Final = {
    "code": TEXT,
    **dict.fromkeys(("segments", "base"), COUNT),
    **dict.fromkeys(("share", "low", "high"), NUMBER),
    **dict.fromkeys(("respondents", "base_respondents"), COUNT),
    **dict.fromkeys(("design_effect", "effective_base", "wilson_low", "wilson_high"), NUMBER),
    **dict.fromkeys(("passages", "words"), COUNT),
    **dict.fromkeys(("per_1000_words", "rate_low", "rate_high"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_UNITS: Final = {"turn": "turns and answers", "sentence": "sentences"}
_NEVER: Final = "no segment has the code, so that drawing respondents anew shows no variation: each counts as one segment"
_ALWAYS: Final = "every segment has the code, so that drawing respondents anew shows no variation: each counts as one segment"
_ALONE: Final = "there is only one respondent, so that there is nobody to draw anew"
_NOBODY: Final = "nobody has words in a source that has been read"
_FEW: Final = 30


def segment_prevalence(
    study: Study,
    *,
    by: str | Sequence[str] = "",
    prompted: bool = False,
    unit: Unit = "turn",
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How much of what was said has each code, one row a code, or a code and cell of `by`; no rows before anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or a variable of the cases such as "group", or several; "" takes everyone together.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    unit
        "turn": a segment is a turn or a whole answer; "sentence": a sentence of one.
    resamples, random_state
        How often respondents are drawn anew for the intervals, and the seed of these draws.

    Returns
    -------
    DataFrame
        `code`; a column for each variable in `by`; `segments` (participants' that share a character with a coding that counts);
        `base` (all of participants' segments in sources that have been read); `share`; `low`, `high` (95%, respondents drawn
        anew); `respondents` (with the code) of `base_respondents`; `design_effect` (how many times larger the variance of the
        share is than if segments were drawn one by one); `effective_base` (as many segments drawn one by one would be as
        telling); `wilson_low`, `wilson_high` (95%, Wilson on the effective base); `passages` with the code, in so many `words` of
        participants; `per_1000_words` with its 95% interval `rate_low`, `rate_high`; `reason` (why something is undefined, else
        ""); `sentence`.

    Raises
    ------
    TableError
        If `by` names no variable, there is no such unit, or `resamples` is below 1.

    Notes
    -----
    What one person says hangs together, so that intervals which take segments for independent hold the true share far too
    seldom; see `docs/evidence.md` for a simulation. Who talks longer has more segments with any code: the rate per thousand words
    makes up for that, the share of respondents (`prevalence`) does not.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> segment_prevalence(study)[["code", "segments", "base", "share", "words", "per_1000_words"]]
          code  segments  base  share  words  per_1000_words
    0  no-time         1     2    0.5      8           125.0
    """
    if resamples < 1:
        raise TableError(Problem("segment_prevalence", "resamples", str(resamples), "at least 1", "2000 is usual."))
    if unit not in _UNITS:
        raise TableError(Problem("segment_prevalence", "unit", f"'{unit}'", "'turn' or 'sentence'", "Name one of them."))
    names = variables_of(by)
    eligible = eligible_respondents(study, prompted=prompted)
    number, cells = cells_of(study, eligible, names, taken=tuple(_COLUMNS))
    eligible = eligible.assign(cell=number)
    segments, hits, passages = _count(study, eligible, prompted, unit)
    rows = []
    for place, cell in enumerate(cells) if has_codings(study) else ():
        inside = (segments["cell"] == place).to_numpy()
        mine = _sum(segments[inside], hits[inside], passages[passages["cell"] == place], list(study.codebook["code"]))
        columns = _numbers(*mine, resamples=resamples, random_state=random_state)
        kinds = tuple(eligible.loc[eligible["cell"] == place, "kind"].unique())
        for at, code in enumerate(study.codebook["code"]):
            row = {"code": code, **cell} | {name: values[at] for name, values in columns.items()}
            rows.append((at, place, row | {"sentence": _say(row, cell, kinds, unit, study.settings)}))
    rows.sort(key=lambda row: row[:2])
    types = {"code": TEXT} | dict.fromkeys(names, TEXT) | _COLUMNS
    return pd.DataFrame([row for _, _, row in rows], columns=list(types)).astype(types)


def _count(study: Study, eligible: pd.DataFrame, prompted: bool, unit: Unit) -> tuple[pd.DataFrame, Numbers, pd.DataFrame]:
    """The segments with `respondent`, `cell` and `words`; which code of the codebook each has; the passages with their cell."""
    turns = participant_turns(study, prompted=prompted).drop(columns="respondent")
    if unit == "sentence":
        turns = split_sentences(turns, pipeline=study.settings.language.pipeline)
    segments = turns.assign(respondent=respondents(turns), words=[len(quote.split()) for quote in turns["quote"]])
    cells = eligible[["source_id", "respondent", "cell"]]
    segments = segments.merge(cells, on=["source_id", "respondent"])
    codings, codes = counted_codings(study), pd.Index(study.codebook["code"])
    coding, segment = overlapping(codings, segments)
    column = codes.get_indexer(codings["code"])[coding]
    hits = np.zeros((len(segments), len(codes)))
    hits[segment[column >= 0], column[column >= 0]] = 1
    return segments, hits, counted_passages(study, prompted=prompted).merge(cells, on=["source_id", "respondent"])


def _sum(
    segments: pd.DataFrame, hits: Numbers, passages: pd.DataFrame, codes: list[str]
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """By respondent: segments with each code, segments, passages with each code, words."""
    person, people = pd.factorize(segments["respondent"], sort=True)
    with_code, sizes, words = np.zeros((len(people), len(codes))), np.zeros(len(people)), np.zeros(len(people))
    np.add.at(with_code, person, hits)
    np.add.at(sizes, person, 1)
    np.add.at(words, person, segments["words"])
    counts = pd.crosstab(passages["respondent"], passages["code"]).reindex(index=people, columns=codes, fill_value=0)
    return with_code, sizes, counts.to_numpy(np.float64), words


def _numbers(
    hits: Numbers, sizes: Numbers, passages: Numbers, words: Numbers, *, resamples: int, random_state: int
) -> dict[str, Any]:
    """The columns of the answer, an array each over the codes."""
    codes, people, base = hits.shape[1], len(sizes), int(sizes.sum())
    nothing = np.full(codes, np.nan)
    found, counts = hits.sum(axis=0).astype(np.int64), passages.sum(axis=0).astype(np.int64)
    columns: dict[str, Any] = {
        "segments": found,
        "base": np.full(codes, base),
        "share": found / base if base else nothing,
        "respondents": (hits > 0).sum(axis=0),
        "base_respondents": np.full(codes, people),
        "passages": counts,
        "words": np.full(codes, int(words.sum())),
        "per_1000_words": 1000 * counts / words.sum() if base else nothing,
    }
    if people < 2:
        undefined = ("low", "high", "design_effect", "effective_base", "wilson_low", "wilson_high", "rate_low", "rate_high")
        return columns | dict.fromkeys(undefined, nothing) | {"reason": [_ALONE if people else _NOBODY] * codes}
    spread = spread_by_respondent(hits, sizes, resamples=resamples, random_state=random_state)
    low, high = resampled_interval(passages, words, resamples=resamples, random_state=random_state)
    reasons = np.select([found == 0, found == base], [_NEVER, _ALWAYS], "")
    rates = {"rate_low": np.where(counts > 0, 1000 * low, np.nan), "rate_high": np.where(counts > 0, 1000 * high, np.nan)}
    return columns | spread._asdict() | rates | {"reason": reasons}


def _say(row: Mapping[str, Any], cell: Mapping[str, str], kinds: Sequence[str], unit: Unit, settings: Settings) -> str:
    if row["base_respondents"] == 0:
        return "Nobody has words in a source that has been read, so there is no share."
    text = f"{row['segments']} of {row['base']} {_UNITS[unit]}{say_cell(cell)} have '{row['code']}': {say_percent(row['share'])}"
    if row["base_respondents"] == 1:
        return f"{text}, all by one respondent, so that there is no interval."
    text += f", 95% interval {say_percent(row['low'])} to {say_percent(row['high'])}"
    if row["reason"]:
        text += f", each of {row['base_respondents']} respondents counted as one segment"
    else:
        text += f" with the {row['base_respondents']} respondents drawn anew (design effect {row['design_effect']:.1f}"
        text += f", effective base {row['effective_base']:.0f})"
    text += f"; {row['per_1000_words']:.1f} passages in 1,000 words; {say_caution(settings, kinds)}."
    few = " With fewer than 30 respondents the interval is rather too narrow."
    return text + (few if row["base_respondents"] < _FEW else "")
