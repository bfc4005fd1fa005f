"""Are two themes of the frame one? What they share, whether coders tell them apart, and whether the words do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.association import (
    Numbers,
    Places,
    chance_of,
    exchange_respondents,
    number_people,
    strata_of,
    two_sided,
)
from engagement_lib.evidence.clusters import spread_by_respondent
from engagement_lib.evidence.discriminant import FOLDS, fold_of_people, held_out_accuracy
from engagement_lib.evidence.framed import Flags, Framed, frame_segments, frame_themes
from engagement_lib.evidence.pair_agreement import AGREEMENT_COLUMNS, pair_agreement
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.evidence.respondents import has_codings
from engagement_lib.reliability.estimates import TENTATIVE
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study
from engagement_lib.themes.encoders import Encoder, find_encoder
from engagement_lib.themes.threads import one_thread

TWO: Final = "two"
ONE: Final = "one"
UNCLEAR: Final = "not clear"
MUCH: Final = 0.5
TOLD: Final = 0.6
_LEVEL: Final = 0.05
_LEAST: Final = 10
_OVERLAP: Final = ("both", "jaccard", "jaccard_low", "jaccard_high", "lift", "lift_null", "lift_p")
_UNITS: Final = ("segment", "respondent")
_WORDS: Final = ("accuracy", "accuracy_null", "accuracy_p")
_COLUMNS: Final = {
    **dict.fromkeys(("first", "second"), TEXT),
    **{
        f"{unit}_{name}": COUNT if name in ("base", "first", "second", "both") else NUMBER
        for unit in _UNITS
        for name in ("base", "first", "second", *_OVERLAP)
    },
    **AGREEMENT_COLUMNS,
    **dict.fromkeys(("word_segments", "word_respondents"), COUNT),
    **dict.fromkeys(_WORDS, NUMBER),
    **dict.fromkeys(("reading", "reason", "sentence"), TEXT),
}


def frame_separability(
    study: Study,
    *,
    frame: Sequence[str] | None = None,
    prompted: bool = False,
    encoder: Literal["minilm", "tfidf"] | Encoder = "tfidf",
    permutations: int = 999,
    resamples: int = 2000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Whether each two themes of the frame are one, one row a pair; no rows before anything is coded.

    Parameters
    ----------
    frame
        Themes of the codebook; None takes those that `study.toml` names under `[frame]`, else all.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    encoder
        What turns words into numbers: "tfidf" (word use), "minilm" (meaning), or an object with `encode`, as in `ThemeModel`.
    permutations, resamples, random_state
        How often respondents exchange what they said, how often they are drawn anew, and the seed of both.

    Returns
    -------
    DataFrame
        `first`, `second`; then of segments and of respondents (columns beginning `segment_` and `respondent_`): `base` (with
        any code), `first`, `second`, `both` (which bear the themes), `jaccard` (those with both, of those with either) with
        its 95% interval `jaccard_low`, `jaccard_high` by respondent, `lift` (how many times more often both come together than
        if they had nothing to do with each other), `lift_null` (the same by chance), `lift_p` (two-sided). Of segments that two
        coders read: `coders`, `chosen` (segments to which two coders each gave one theme of the two and not the other), the
        `chosen_respondents` behind them and the `differing_respondents` in whose words they chose differently, `same` (share
        of pairs of coders who chose the same), `choice_alpha` with `choice_low`, `choice_high` (95%; NaN where coders hardly ever
        differ), `alpha_first`, `alpha_second` (agreement on each theme), `alpha_together` (on both taken as one). Of segments
        with one theme of the two: `word_segments`, `word_respondents`, `accuracy` (balanced, with which the words tell the themes
        apart in people not learnt from), `accuracy_null`, `accuracy_p`. `reading` ("two", "one", "not clear"), `reason` (why
        something is undefined, else ""), `sentence`.

    Raises
    ------
    TableError
        If the codebook lacks a theme of the frame, or `permutations` or `resamples` is below 1.

    Notes
    -----
    Signs that two themes are two: less than half of the segments with either bear both (upper end of the interval); two
    coders choose alike (lower end of alpha at 0.667 or above; where there is no interval, because they hardly ever differ, of
    Wilson's interval for the share of respondents in whose words they do not); words tell them apart in at least 60% and more
    than by chance. Where all signs that can be had say so, the reading is "two", where none does "one". It is a proposal. A coded
    segment bears one code at least, so that themes compete for it and `segment_lift` lies below 1 more easily than above: see
    `docs/frame.md`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> people = ["P1", "P2", "P3", "P4"]
    >>> said = {
    ...     "sources": {"source_id": people, "case_id": people, "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time", "skill"], "theme": ["culture", "capability"]},
    ...     "codings": {"coding_id": list("12345"), "source_id": [*people, "P1"], "start": 9, "end": 16, "coder": "AB",
    ...                 "code": ["no-time", "no-time", "skill", "skill", "skill"]},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> frame_separability(study)[["first", "second", "segment_both", "segment_jaccard", "segment_lift"]].round(2)
         first      second  segment_both  segment_jaccard  segment_lift
    0  culture  capability             1             0.25          0.67
    """
    for name, number in (("permutations", permutations), ("resamples", resamples)):
        if number < 1:
            raise TableError(Problem("frame_separability", name, str(number), "at least 1", "999 and 2000 are usual."))
    names = frame_themes(study, frame)
    framed = frame_segments(study, frame=frame, prompted=prompted)
    pairs = list(combinations(range(len(names)), 2)) if has_codings(study) else []
    vectors = _vectors(framed, encoder, study.folder) if pairs else np.zeros((0, 1))
    rows = []
    for pair in pairs:
        row: dict[str, Any] = {"first": names[pair[0]], "second": names[pair[1]]}
        generator = np.random.default_rng(random_state)
        row |= _overlaps(framed, pair, permutations, resamples, generator)
        row |= pair_agreement(study, names[pair[0]], names[pair[1]], prompted=prompted)
        row |= _in_words(framed, pair, vectors, permutations, generator)
        row["reason"] = _reason(row)
        row["reading"] = read_pair(row)
        rows.append(row | {"sentence": _say(row)})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def read_pair(row: Mapping[str, Any]) -> str:
    """Whether two themes are two, by what is known of them: "two", "one" or "not clear".

    Examples
    --------
    >>> nan = float("nan")
    >>> signs = {"segment_jaccard_high": 0.2, "accuracy": 0.8, "accuracy_p": 0.001}
    >>> read_pair(signs | {"choice_low": nan, "chosen_respondents": 0, "differing_respondents": 0})
    'two'
    """
    signs = []
    if not np.isnan(row["segment_jaccard_high"]):
        signs.append(row["segment_jaccard_high"] < MUCH)
    if not np.isnan(row["choice_low"]):
        signs.append(row["choice_low"] >= TENTATIVE)
    elif row["chosen_respondents"]:
        alike = row["chosen_respondents"] - row["differing_respondents"]
        signs.append(wilson_interval(alike, row["chosen_respondents"])[0] >= TENTATIVE)
    if not np.isnan(row["accuracy_p"]):
        signs.append(row["accuracy"] >= TOLD and row["accuracy_p"] <= _LEVEL)
    # One sign alone says too little either way.
    if len(signs) < 2 or len(set(signs)) > 1:
        return UNCLEAR
    return TWO if signs[0] else ONE


def _overlaps(
    framed: Framed, pair: tuple[int, int], permutations: int, resamples: int, generator: np.random.Generator
) -> dict[str, Any]:
    """The overlap of two themes on segments, and on respondents."""
    flags = framed.themes[:, list(pair)]
    person, strata = number_people(framed.segments), strata_of(framed.segments)
    voiced = np.zeros((len(strata), 2), dtype=bool)
    np.logical_or.at(voiced, person, flags)
    everyone = np.arange(len(strata))
    row: dict[str, Any] = {}
    for unit, held, owner in zip(_UNITS, (flags, voiced), (person, everyone), strict=True):
        found = _overlap(held, owner, resamples, generator)
        null = np.array([_lift(held[:, 0], held[exchange_respondents(owner, strata, generator), 1]) for _ in range(permutations)])
        known = null[np.isfinite(null)]
        found |= {"lift_null": float(known.mean()) if len(known) else np.nan, "lift_p": two_sided(found["lift"], null)}
        row |= {f"{unit}_{name}": value for name, value in found.items()}
    return row


def _overlap(held: Flags, person: Places, resamples: int, generator: np.random.Generator) -> dict[str, Any]:
    both, either = held.all(axis=1), held.any(axis=1)
    sizes = np.bincount(person, weights=either).astype(np.float64)
    hits = np.bincount(person, weights=both)[sizes > 0].astype(np.float64)
    row: dict[str, Any] = {
        "base": len(held),
        "first": int(held[:, 0].sum()),
        "second": int(held[:, 1].sum()),
        "both": int(both.sum()),
    }
    row |= {"jaccard": both.sum() / either.sum() if either.any() else np.nan, "lift": _lift(held[:, 0], held[:, 1])}
    row |= {"jaccard_low": np.nan, "jaccard_high": np.nan}
    if len(hits) > 1:
        seed = int(generator.integers(2**31))
        spread = spread_by_respondent(hits[:, np.newaxis], sizes[sizes > 0], resamples=resamples, random_state=seed)
        row |= {"jaccard_low": float(spread.low[0]), "jaccard_high": float(spread.high[0])}
    return row


def _lift(first: Flags, second: Flags) -> float:
    expected = float(first.sum()) * float(second.sum())
    return float((first & second).sum() * len(first) / expected) if expected else float("nan")


def _in_words(
    framed: Framed,
    pair: tuple[int, int],
    vectors: npt.NDArray[np.floating],
    permutations: int,
    generator: np.random.Generator,
) -> dict[str, Any]:
    """How well the words of segments with one theme of the two tell which."""
    alone = framed.themes[:, list(pair)].sum(axis=1) == 1
    mine = framed.take(alone)
    label, person = mine.themes[:, pair[0]], number_people(mine.segments)
    people = int(person.max(initial=-1)) + 1
    row = {"word_segments": len(label), "word_respondents": people} | dict.fromkeys(_WORDS, np.nan)
    if people < 2 * FOLDS or min(label.sum(), (~label).sum()) < _LEAST:
        return row
    strata = strata_of(mine.segments)
    fold = fold_of_people(people, generator)[person]
    others = np.array([label[exchange_respondents(person, strata, generator)] for _ in range(permutations)])
    with one_thread():
        told = held_out_accuracy(vectors[alone], np.vstack([label, others]).T, fold)
    return row | dict(zip(_WORDS, _beside(told), strict=True))


def _vectors(framed: Framed, encoder: Literal["minilm", "tfidf"] | Encoder, folder: Path) -> npt.NDArray[np.floating]:
    chosen = find_encoder(encoder, cache=folder) if isinstance(encoder, str) else encoder
    return np.asarray(chosen.encode(list(framed.segments["quote"])))


def _beside(told: Numbers) -> tuple[float, float, float]:
    return float(told[0]), float(np.nanmean(told[1:])), chance_of(float(told[0]), told[1:])


def _reason(row: Mapping[str, Any]) -> str:
    reasons = [f"nobody has '{row[side]}'" for side in ("first", "second") if not row[f"segment_{side}"]]
    if np.isnan(row["choice_alpha"]):
        reasons.append(row["choice_reason"])
    if np.isnan(row["accuracy"]):
        reasons.append(f"fewer than {2 * FOLDS} respondents or {_LEAST} segments of either theme alone to learn words from")
    return "; ".join(reasons)


def _say(row: Mapping[str, Any]) -> str:
    text = (
        f"'{row['first']}' and '{row['second']}': {row['segment_both']} coded segments bear both, of {row['segment_first']} and"
    )
    text += f" {row['segment_second']}; {row['respondent_both']} respondents voice both, of {row['respondent_first']} and"
    text += f" {row['respondent_second']}."
    if not np.isnan(row["segment_jaccard_high"]):
        text += (
            f" Of segments with either, {row['segment_jaccard']:.0%} bear both (95% interval {row['segment_jaccard_low']:.0%} to"
        )
        text += f" {row['segment_jaccard_high']:.0%})."
    if not np.isnan(row["choice_alpha"]):
        text += f" Where two coders each chose one of the two ({row['chosen']} segments), alpha is {row['choice_alpha']:.2f}."
    if not np.isnan(row["accuracy"]):
        text += f" The words tell them apart in {row['accuracy']:.0%}, by chance {row['accuracy_null']:.0%}"
        text += f" (p = {row['accuracy_p']:.3f})."
    return f"{text} By these signs: {row['reading']}."
