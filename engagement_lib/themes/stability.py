"""How far themes can be trusted: do they come back when respondents are drawn anew, and does chance do as well?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs, parallel_config
from numpy.typing import NDArray

from engagement_lib.themes.encoders import TfidfEncoder, Vectors, unit_rows
from engagement_lib.themes.graph import Array, Themes, grow_trees
from engagement_lib.themes.stability_cache import Drawn, no_cache
from engagement_lib.themes.threads import one_thread

WORDS_SHARE: Final = 0.1  # of the squared distance in the graph that comes from the words themselves
MIN_RESPONDENTS: Final = 5
NULLS: Final = 20  # draws of the null: it is one mean over all its themes, which twenty tell to about .01
WORTH_WORKERS: Final = 500  # texts, from which on starting further processes takes less time than it saves
RECOVERED: Final = 0.75
DISSOLVED: Final = 0.5
READINGS: Final = ((0.85, "highly stable"), (0.75, "stable"), (0.6, "a pattern, its edges doubtful"), (-1.0, "not to be trusted"))
NO_BETTER: Final = "no better than chance"
STABILITY_COLUMNS: Final = {
    "theme_id": "str",
    "stability": "float64",
    "recovered": "float64",
    "dissolved": "float64",
    "resamples": "int64",
    "null": "float64",
    "reading": "str",
    "because": "str",
}


@dataclass(frozen=True)
class Space:
    """Texts in canonical order with their vectors, or with None where the vectors are those of their words (TF-IDF).

    `mixed` says that the vectors are those of the graph already.
    """

    texts: Sequence[str]
    vectors: Vectors | None
    mixed: bool = False

    @cached_property
    def words(self) -> TfidfEncoder:
        """The vectors of words, fitted to these texts."""
        return TfidfEncoder().fit(self.texts)

    @cached_property
    def graph_vectors(self) -> Vectors:
        """What the graph is drawn from: the vectors of meaning with a tenth of the vectors of words, or the latter alone."""
        if self.mixed and self.vectors is not None:
            return self.vectors
        return self.place(self.texts, self.vectors)

    def place(self, texts: Sequence[str], vectors: Vectors | None) -> Vectors:
        """Where texts stand among those of the space; their `vectors` are not looked at where the space has none."""
        words = self.words.encode(texts)
        if self.vectors is None or vectors is None:
            return words
        return np.hstack([np.sqrt(np.float32(1 - WORDS_SHARE)) * vectors, np.sqrt(np.float32(WORDS_SHARE)) * words])

    def take(self, rows: NDArray[np.intp]) -> Space:
        """The space of some of the texts."""
        return Space([self.texts[row] for row in rows], None if self.vectors is None else self.vectors[rows], self.mixed)

    def null(self, generator: np.random.Generator) -> Space:
        """A space of the same shape without themes.

        The graph's vectors are drawn from a Gaussian with the same mean and covariance. Where they are made of words alone, the
        words are shuffled over the texts instead, which keeps each text's length and each word's frequency.
        """
        if self.vectors is None:
            return Space(_shuffle_words(self.texts, generator), None)
        centre, root = self._gaussian
        noise = generator.standard_normal((len(self.texts), len(centre)))
        return Space(self.texts, unit_rows(centre + noise @ root), mixed=True)

    @cached_property
    def _gaussian(self) -> tuple[Array, Array]:
        """The mean of the graph's vectors, and the symmetric square root of their covariance."""
        centre = self.graph_vectors.mean(axis=0, dtype=np.float64)
        apart = self.graph_vectors - centre
        values, axes = np.linalg.eigh(apart.T @ apart / len(apart))
        return centre, np.asarray((axes * np.sqrt(np.clip(values, 0, None))) @ axes.T)


def cluster(space: Space, n_themes: int) -> Themes:
    """The theme of each text of a space, cut into so many, or into as many as there are texts."""
    n_themes = min(n_themes, len(space.texts))
    if n_themes < 2:
        return np.zeros(len(space.texts), dtype=np.intp)
    return grow_trees(space.graph_vectors).cut(n_themes)


def theme_stability(
    space: Space,
    themes: Themes,
    voices: pd.DataFrame,
    *,
    theme_ids: Sequence[str],
    resamples: int,
    random_state: int,
    n_jobs: int | None = None,
    cache: Drawn = no_cache,
) -> pd.DataFrame:
    """How well each theme comes back when respondents are drawn anew: one row a theme.

    Each time respondents are drawn with replacement, the texts of those drawn (once each) are clustered afresh, and each theme is
    held against the new theme most like it (Hennig 2007, Comput. Stat. Data Anal. 52, 258-271). There are always as many themes
    as there were. The same is done 20 times on a null: words shuffled over texts, or a Gaussian with the same covariance.

    Parameters
    ----------
    space, themes
        The texts, and the theme of each: a position in `theme_ids`.
    voices
        `text`, a position in the space, and `respondent`, who said it.
    n_jobs
        Processes, as joblib counts; the result does not depend on it. None takes those of a backend that was chosen with
        `joblib.parallel_config`, else all processors where there are texts enough.
    cache
        Where draws are kept and found again: see `kept_in`.

    Returns
    -------
    DataFrame
        `theme_id`; `stability`, the mean Jaccard similarity; `recovered` and `dissolved`, the shares of resamples in which it is
        above 0.75 or at most 0.5; `resamples`, the base of these; `null`, the mean similarity of themes that chance makes;
        `reading` in words; `because`, why a number is missing.
    """
    people = np.unique(voices["respondent"].to_numpy(dtype=object))
    because = _too_little(len(people), len(theme_ids), resamples)
    found = np.full((0, len(theme_ids)), np.nan)
    null = np.nan
    if not because:
        workers = _workers(n_jobs, len(themes))
        draw = partial(_draw, space, themes, voices, people=people, random_state=random_state, n_jobs=workers)
        rows = cache(draw, (space.texts, space.vectors, themes, voices, random_state), resamples)
        found, null = rows[:, :-1], float(np.nanmean(rows[:NULLS, -1]))
    return _summary(theme_ids, found, null, because)


def _workers(n_jobs: int | None, texts: int) -> int | None:
    if n_jobs is None and texts >= WORTH_WORKERS and effective_n_jobs(None) == 1:
        return -1
    return n_jobs


def _draw(
    space: Space,
    themes: Themes,
    voices: pd.DataFrame,
    first: int,
    last: int,
    *,
    people: NDArray[np.object_],
    random_state: int,
    n_jobs: int | None,
) -> NDArray[np.float64]:
    """The draws from `first` to before `last`, one row each; whatever was drawn before does not matter."""
    seeds = np.random.SeedSequence(random_state).spawn(last)
    rows = Parallel(n_jobs=n_jobs)(
        delayed(_one_resample)(space, themes, voices, people, np.random.default_rng(seeds[at]), chance=at < NULLS)
        for at in range(first, last)
    )
    return np.array(rows)


def _too_little(people: int, themes: int, resamples: int) -> str:
    if themes < 2:
        return "fewer than two themes"
    if people < MIN_RESPONDENTS:
        return f"fewer than {MIN_RESPONDENTS} respondents"
    return "" if resamples else "no resamples were asked for"


def _one_resample(
    space: Space,
    themes: Themes,
    voices: pd.DataFrame,
    people: NDArray[np.object_],
    generator: np.random.Generator,
    *,
    chance: bool,
) -> NDArray[np.float64]:
    """Each theme's similarity to the nearest new theme, and last the mean of that over the themes of a null, or NaN."""
    drawn = set(generator.choice(people, size=len(people)))
    rows = np.unique(voices.loc[voices["respondent"].isin(drawn), "text"].to_numpy(dtype=np.intp))
    n_themes = int(themes.max()) + 1
    by_chance = np.nan
    # A draw is one task: what it does in turn is not sent round again. Threads are counted where the work is done.
    with parallel_config("sequential"), one_thread():
        if chance:
            null = space.null(generator)
            again = _similarities(cluster(null, n_themes)[rows], cluster(null.take(rows), n_themes), n_themes)
            by_chance = float(np.nanmean(again))
        found = _similarities(themes[rows], cluster(space.take(rows), n_themes), n_themes)
    return np.array([*found, by_chance])


def _shuffle_words(texts: Sequence[str], generator: np.random.Generator) -> list[str]:
    words = [text.split() for text in texts]
    shuffled = generator.permutation([word for text in words for word in text])
    return [" ".join(part) for part in np.split(shuffled, np.cumsum([len(text) for text in words])[:-1])]


def _similarities(old: Themes, new: Themes, n_themes: int) -> NDArray[np.float64]:
    """For each old theme the largest Jaccard similarity to a new one; NaN where none of its texts was drawn."""
    table = np.zeros((n_themes, int(new.max()) + 1))
    np.add.at(table, (old, new), 1)
    sizes = table.sum(axis=1, keepdims=True)
    similarity = table / (sizes + table.sum(axis=0) - table)
    return np.where(sizes.ravel() > 0, similarity.max(axis=1), np.nan)


def _summary(theme_ids: Sequence[str], found: NDArray[np.float64], null: float, because: str) -> pd.DataFrame:
    times = np.isfinite(found).sum(axis=0)
    base = np.where(times > 0, times, np.nan)
    stability = np.nansum(found, axis=0) / base
    table = pd.DataFrame(
        {
            "theme_id": list(theme_ids),
            "stability": stability,
            "recovered": (found > RECOVERED).sum(axis=0) / base,
            "dissolved": (found <= DISSOLVED).sum(axis=0) / base,
            "resamples": times,
            "null": null,
            "reading": [_reading(value, null) for value in stability],
            "because": [because or ("" if drawn else "none of its respondents was drawn") for drawn in times],
        }
    )
    return table.astype(STABILITY_COLUMNS)


def _reading(stability: float, null: float) -> str:
    if np.isnan(stability):
        return ""
    return NO_BETTER if stability <= null else next(words for limit, words in READINGS if stability >= limit)
