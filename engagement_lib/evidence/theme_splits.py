"""Is a theme of the frame really two? How its codes come together in the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.association import Numbers, Places, chance_of, number_people
from engagement_lib.evidence.framed import Flags, frame_segments, frame_themes
from engagement_lib.evidence.one_theme import draw_one_theme, fit_popularity
from engagement_lib.evidence.respondents import has_codings, values_of
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

LEAST: Final = 5
_HALF: Final = 2
_ALL_SPLITS: Final = 12
_COLUMNS: Final = {
    "theme": TEXT,
    **dict.fromkeys(("codes", "used", "respondents"), COUNT),
    **dict.fromkeys(("first_half", "second_half"), TEXT),
    **dict.fromkeys(("within", "between", "difference", "null", "null_high", "p"), NUMBER),
    **dict.fromkeys(("reason", "sentence"), TEXT),
}
_LEVEL: Final = 0.05


def theme_splits(
    study: Study,
    *,
    frame: Sequence[str] | None = None,
    within: str = "",
    prompted: bool = False,
    draws: int = 999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Whether each theme of the frame falls into two, one row a theme; no rows before anything is coded.

    Parameters
    ----------
    frame
        Themes of the codebook; None takes those that `study.toml` names under `[frame]`, else all.
    within
        "kind", "wave" or a variable of the cases such as "group": then codes are held together only among respondents of the
        same value, so that a theme of which producers say one half and users the other does not count as two for that alone.
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    draws, random_state
        How many studies are drawn in which the theme is one, and the seed of these draws.

    Returns
    -------
    DataFrame
        `theme`; `codes` of it, those of them that are `used` here (by five respondents or more); `respondents` with any of
        these; `first_half` and `second_half` (the codes of the best split into two, at least two in each); `within` and `between`
        (mean correlation of codes of the same half, and of different halves); `difference` of the two, with what it is where the
        theme is one (`null`, and its 95th percentile `null_high`) and `p`; `reason` (why there is none, else ""); `sentence`.

    Raises
    ------
    TableError
        If the codebook lacks a theme of the frame, `within` is no variable, or `draws` is below 1.

    Notes
    -----
    Two codes correlate (phi) where the same respondents have both. Of all splits (beyond 12 codes: of those along the leading
    eigenvector of the correlations) the one with the largest difference is taken, which chance makes large too. So the same
    is done to studies drawn from a model in which the theme is one: each respondent has as many of its codes as in the data,
    each code is as common as in the data on average, and nothing else matters: see `draw_one_theme`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> names = ("sources", "cases", "codings", "readings", "memos", "claims", "events")
    >>> tables = {name: empty_table(name) for name in names}
    >>> codebook = check_table("codebook", pd.DataFrame({"code": ["no-time"], "theme": ["culture"]}))
    >>> theme_splits(Study(Path(), Settings(title="Pilot"), codebook=codebook, **tables)).empty
    True
    """
    if draws < 1:
        raise TableError(Problem("theme_splits", "draws", str(draws), "at least 1", "999 is usual."))
    framed = frame_segments(study, frame=frame, prompted=prompted)
    person = number_people(framed.segments)
    held = np.zeros((int(person.max(initial=-1)) + 1, framed.codes.shape[1]), dtype=bool)
    np.logical_or.at(held, person, framed.codes)
    said = values_of(study, framed.segments, within, taken=())[0].groupby(person).first()
    strata = pd.factorize(said, sort=True)[0].astype(np.int64)
    rows = []
    for theme in frame_themes(study, frame) if has_codings(study) else ():
        own = (study.codebook["theme"] == theme).to_numpy()
        used = own & (held.sum(axis=0) >= LEAST)
        mine, names = held[:, used], study.codebook["code"].to_numpy()[used]
        row = {"theme": theme, "codes": int(own.sum()), "used": len(names), "respondents": int(mine.any(axis=1).sum())}
        row |= _split(mine, strata, names, draws, random_state)
        rows.append(row | {"sentence": _say(row)})
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def best_split(correlations: Numbers) -> tuple[Flags, float, float]:
    """Which codes are in the second half of the best split, and the mean correlation within halves and between them.

    Examples
    --------
    >>> near = np.array([[1.0, 0.8, 0.1, 0.1], [0.8, 1.0, 0.1, 0.1], [0.1, 0.1, 1.0, 0.6], [0.1, 0.1, 0.6, 1.0]])
    >>> half, within, between = best_split(near)
    >>> half.tolist(), round(within, 2), round(between, 2)
    ([False, False, True, True], 0.7, 0.1)
    """
    codes = len(correlations)
    halves = _every_split(codes) if codes <= _ALL_SPLITS else _along_axis(correlations)
    second = halves.astype(np.float64)
    own = correlations - np.diag(np.diag(correlations))
    # Sums over ordered pairs: between the halves twice, within them what is left of all.
    crossing = 2 * ((1 - second) @ own * second).sum(axis=1)
    sizes = second.sum(axis=1)
    pairs = 2 * sizes * (codes - sizes)
    between = crossing / pairs
    within = (own.sum() - crossing) / (codes * (codes - 1) - pairs)
    best = int(np.argmax(within - between))
    return halves[best], float(within[best]), float(between[best])


def _split(held: Flags, strata: Places, names: Sequence[str], draws: int, random_state: int) -> dict[str, Any]:
    numbers = ("within", "between", "difference", "null", "null_high", "p")
    row: dict[str, Any] = {"first_half": "", "second_half": "", "reason": ""} | dict.fromkeys(numbers, np.nan)
    if len(names) < 2 * _HALF:
        return row | {"reason": f"fewer than {2 * _HALF} of its codes are used by {LEAST} respondents or more"}
    half, within, between = best_split(_phi(held, strata))
    generator = np.random.default_rng(random_state)
    amounts, places = held.sum(axis=1), [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    popularity = [fit_popularity(held[rows]) for rows in places]
    null, drawn = [], np.zeros_like(held)
    for _ in range(draws):
        for rows, popular in zip(places, popularity, strict=True):
            drawn[rows] = draw_one_theme(popular, amounts[rows], generator)
        _, inside, across = best_split(_phi(drawn, strata))
        null.append(inside - across)
    by_chance = np.array(null)
    for name, chosen in (("first_half", ~half), ("second_half", half)):
        row[name] = "; ".join(code for code, there in zip(names, chosen, strict=True) if there)
    row |= {"within": within, "between": between, "difference": within - between, "null": float(by_chance.mean())}
    return row | {"null_high": float(np.percentile(by_chance, 95)), "p": chance_of(within - between, by_chance)}


def _phi(held: Flags, strata: Places) -> Numbers:
    """The correlation of each two codes over respondents of a stratum; 0 where a code is had by nobody, or everybody."""
    sizes = np.bincount(strata)[:, np.newaxis]
    sums = np.zeros((len(sizes), held.shape[1]))
    np.add.at(sums, strata, held)
    centred = held - (sums / sizes)[strata]
    spread = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(spread > 0, spread, 1)
    return np.asarray(scaled.T @ scaled)


def _every_split(codes: int) -> Flags:
    """Every way to part codes into two halves of two or more, the first code always in the first half."""
    numbers = np.arange(2 ** (codes - 1))
    splits = np.hstack([np.zeros((len(numbers), 1), dtype=bool), (numbers[:, np.newaxis] >> np.arange(codes - 1)) % 2 == 1])
    sizes = splits.sum(axis=1)
    return np.asarray(splits[(sizes >= _HALF) & (codes - sizes >= _HALF)])


def _along_axis(correlations: Numbers) -> Flags:
    """The ways to part codes that are ordered along the axis on which they differ most."""
    codes = len(correlations)
    middle = np.eye(codes) - 1 / codes
    place = np.argsort(np.argsort(np.linalg.eigh(middle @ correlations @ middle)[1][:, -1], kind="stable"))
    splits: Flags = place >= np.arange(_HALF, codes - _HALF + 1)[:, np.newaxis]
    return splits


def _say(row: Mapping[str, Any]) -> str:
    if row["reason"]:
        return f"Whether '{row['theme']}' is two cannot be said: {row['reason']}."
    text = f"'{row['theme']}' parts best into ({row['first_half']}) and ({row['second_half']}): codes of one half correlate"
    text += (
        f" {row['within']:.2f}, of different halves {row['between']:.2f}; were it one, the difference of {row['difference']:.2f}"
    )
    text += f" would be {row['null']:.2f} (p = {row['p']:.3f}):"
    return f"{text} {'it may be two' if row['p'] <= _LEVEL else 'nothing says that it is two'}."
