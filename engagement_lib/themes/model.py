"""Themes that participants' words suggest, found the same way every time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from engagement_lib.errors import EngagementError, Problem
from engagement_lib.language import BLANK
from engagement_lib.tables import SCHEMAS
from engagement_lib.themes.answers import (
    MIN_TEXTS,
    SPAN,
    choose_quotes,
    different_texts,
    few_texts,
    number_themes,
    usable_segments,
    why_not_many,
)
from engagement_lib.themes.curve import CURVE, choose_n_themes, theme_sizes
from engagement_lib.themes.encoders import Encoder, TfidfEncoder, find_encoder
from engagement_lib.themes.graph import Themes, grow_trees
from engagement_lib.themes.keywords import theme_keywords
from engagement_lib.themes.landmarks import carry_themes, choose_landmarks
from engagement_lib.themes.ledger import first_ledger, theme_names
from engagement_lib.themes.stability import Space, theme_stability
from engagement_lib.themes.stability_cache import kept_in, no_cache
from engagement_lib.themes.threads import one_thread
from engagement_lib.themes.vectors import Vectors, encode_texts, encoder_name, nearest_two, unit_rows


class ThemeModel(BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Themes in what participants said or wrote; nothing is random but the test of their stability.

    Only segments of the role "participant" with a word in them are used. Texts that differ in no more than capitals and white
    space count once and always share a theme. Fewer than ten different texts make one theme, unless `n_themes` says otherwise.
    Above 5,000 different texts, themes are found in 5,000 of them, the landmarks, whatever the order of the rows, and every other
    text joins its neighbours among these; above 10,000 the vectors are kept on disk.

    Parameters
    ----------
    n_themes
        How many; None or 0 lets the data choose (see `curve_`).
    encoder
        "minilm", "tfidf", or an object whose `encode(texts)` gives one row of numbers a text.
    weights
        A folder with the weights of "minilm", where they are not installed.
    cache
        The study's folder, to keep the vectors of "minilm" and the draws of `stability_` there and find them again; "" for none.
    progress
        Whether a bar shows how far the encoding is, in a terminal or a notebook.
    unclear
        An assignment counts as unclear when its own theme is nearer than the next one by less than this, in cosine similarity.
    resamples
        How often respondents are drawn anew for `stability_`; 0 leaves it out.
    random_state
        Of these draws.
    pipeline
        The language pipeline for keywords.
    run
        What this run is called in `assignments_`.
    n_jobs
        Processes for `stability_`, as joblib counts, see `theme_stability`; the result does not depend on it.

    Attributes
    ----------
    assignments_ : DataFrame
        The theme of each segment, with its margin and the next theme: the table `theme_assignments`.
    themes_ : DataFrame
        One row a theme: `theme_id`, `keywords`, `segments`, `respondents` of a `base` of all respondents, their `share`,
        `largest_share` (of the theme's segments, by one respondent), `unclear` (segments) and `stability`, which is computed when
        it is first asked for.
    unclear_ : DataFrame
        The unclear assignments, the most doubtful first.
    stability_, keywords_ : DataFrame
        See `theme_stability` and `theme_keywords`.
    quotes_ : DataFrame
        Up to three quotes a theme, nearest to its centre first, from different respondents: `theme_id`, `rank`, `source_id`,
        `start`, `end`, `case_id`, `quote`.
    curve_ : DataFrame
        See `choose_n_themes`; `chosen` marks the number that was taken.
    unused_ : DataFrame
        The segments that were left out, with the `reason`.
    encoder_ : str
        What the texts were encoded with, and why, where it is not what was asked for.
    ledger_ : DataFrame
        The themes with their lasting ids: the table `themes`. `update_themes` carries it on.
    reason_ : str
        Why there is no theme, only one, or fewer than were asked for; else "".
    notice_ : str
        What to bear in mind: few texts, or a cache of vectors that was broken; else "".

    Examples
    --------
    >>> answers = pd.DataFrame({"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "quote": ["More time", "No time"]})
    >>> ThemeModel(encoder="tfidf").fit(answers).themes_[["theme_id", "keywords", "respondents", "base"]]
      theme_id keywords  respondents  base
    0      T01     time            2     2
    """

    def __init__(
        self,
        n_themes: int | None = None,
        *,
        encoder: Literal["minilm", "tfidf"] | Encoder = "minilm",
        weights: str = "",
        cache: str | Path = "",
        progress: bool = False,
        unclear: float = 0.05,
        resamples: int = 100,
        random_state: int = 0,
        pipeline: str = BLANK,
        run: str = "1",
        n_jobs: int | None = None,
    ) -> None:
        self.n_themes = n_themes
        self.encoder = encoder
        self.weights = weights
        self.cache = cache
        self.progress = progress
        self.unclear = unclear
        self.resamples = resamples
        self.random_state = random_state
        self.pipeline = pipeline
        self.run = run
        self.n_jobs = n_jobs

    def fit(self, segments: pd.DataFrame) -> Self:
        """The model itself, with the themes of the segments; what was fitted before is forgotten.

        Raises
        ------
        TableError
            When the segments are not of the shape they should have.
        EngagementError
            When more themes are asked for than there are different texts, or the encoder cannot be had.
        """
        for name in ("themes_", "stability_", "keywords_"):
            self.__dict__.pop(name, None)
        used, self.unused_ = usable_segments(segments)
        texts = different_texts(used)
        self._landmarks = choose_landmarks(list(texts))
        with one_thread():
            self._encoder = self._fitted_encoder([texts.iloc[row] for row in self._landmarks])
            self.encoder_ = encoder_name(self._encoder)
            vectors = encode_texts(self._encoder, list(texts))
            themes = self._find_themes(list(texts), vectors)
        self.notice_ = " ".join(filter(None, [few_texts(len(texts)), getattr(self._encoder, "notice", "")]))
        used["text"] = texts.index.get_indexer(pd.Index(used["key"]))
        self._settle(used, texts, vectors, number_themes(themes, used))
        self.ledger_ = first_ledger(self.theme_ids_, self.run)
        return self

    def predict(self, segments: pd.DataFrame) -> pd.DataFrame:
        """The assignments of segments to the themes as they stand: the table `theme_assignments`, in the order of places.

        A text that was there when the model was fitted keeps its theme; any other goes to the theme with the nearest centre.
        Segments of another role than participant, or without a word, have no row.

        Raises
        ------
        TableError
            When the segments are not of the shape they should have.
        EngagementError
            When the model has no themes.
        """
        self._check_fitted()
        used, _ = usable_segments(segments)
        if len(used) and not self.theme_ids_:
            remedy = "Fit the model to segments with participants' words first."
            raise EngagementError(Problem("themes", "", "a model without themes", "one with at least one theme", remedy))
        texts = different_texts(used)
        with one_thread():
            themes, vectors = self._place(texts)
        rows = texts.index.get_indexer(pd.Index(used["key"]))
        return self._assign(used, rows, themes, vectors)

    @property
    def unclear_(self) -> pd.DataFrame:
        """The assignments with a margin below `unclear`, the most doubtful first."""
        self._check_fitted()
        doubtful = self.assignments_[self.assignments_["margin"] < self.unclear]
        return doubtful.sort_values(["margin", *SPAN], ignore_index=True)

    @cached_property
    def keywords_(self) -> pd.DataFrame:
        """The words that set each theme apart."""
        self._check_fitted()
        theme_ids = [self.theme_ids_[theme] for theme in self._themes]
        # The keys are in small letters, as lemmas are looked up: "Users" would stand beside "user".
        return theme_keywords(list(self._rows.index), theme_ids, pipeline=self.pipeline)

    @cached_property
    def stability_(self) -> pd.DataFrame:
        """How far each theme can be trusted."""
        self._check_fitted()
        return theme_stability(
            self._space,
            self._themes[self._landmarks],
            self._voices(self._used),
            theme_ids=self.theme_ids_,
            resamples=self.resamples,
            random_state=self.random_state,
            n_jobs=self.n_jobs,
            cache=kept_in(self.cache) if self.cache and Path(self.cache, "study.toml").is_file() else no_cache,
        )

    @cached_property
    def themes_(self) -> pd.DataFrame:
        """One row a theme."""
        self._check_fitted()
        said = self.assignments_.merge(self._used[[*SPAN, "respondent"]], on=SPAN)
        by_voice = said.groupby(["theme_id", "respondent"]).size().groupby("theme_id")
        words = self.keywords_.groupby("theme_id")["keyword"].agg(", ".join)
        doubtful = self.unclear_["theme_id"].value_counts()
        themes = pd.DataFrame({"theme_id": pd.Series(self.theme_ids_, dtype="str")})
        by_id = themes["theme_id"]
        themes["keywords"] = pd.Series([words.get(theme_id, "") for theme_id in self.theme_ids_], dtype="str")
        themes["segments"] = by_id.map(by_voice.sum()).astype("int64")
        themes["respondents"] = by_id.map(by_voice.size()).astype("int64")
        themes["base"] = np.int64(self._used["respondent"].nunique())
        themes["share"] = (themes["respondents"] / themes["base"]).astype("float64")
        themes["largest_share"] = (by_id.map(by_voice.max()) / themes["segments"]).astype("float64")
        themes["unclear"] = by_id.map(doubtful).fillna(0).astype("int64")
        themes["stability"] = self.stability_["stability"]
        return themes

    def _fitted_encoder(self, texts: Sequence[str]) -> Encoder:
        encoder = (
            self.encoder
            if not isinstance(self.encoder, str)
            else find_encoder(self.encoder, weights=self.weights, cache=self.cache, progress=self.progress)
        )
        return encoder.fit(texts) if isinstance(encoder, TfidfEncoder) else encoder

    def _settle(
        self, used: pd.DataFrame, texts: pd.Series, vectors: Vectors, themes: Themes, theme_ids: Sequence[str] | None = None
    ) -> None:
        """Keeps what new segments are held against, and says what is in each theme; `themes` are positions in `theme_ids`."""
        n_themes = len(np.unique(themes))
        self.theme_ids_ = list(theme_ids or theme_names(n_themes))
        self._used, self._themes, self._vectors = used, themes, vectors
        self._rows = pd.Series(range(len(texts)), index=texts.index, dtype="int64")
        centres = [vectors[themes == theme].mean(axis=0) for theme in range(n_themes)]
        self._centroids = unit_rows(np.array(centres).reshape(n_themes, vectors.shape[1]))
        self.assignments_ = self._assign(used, used["text"].to_numpy(), themes, vectors)
        near = nearest_two(vectors, self._centroids, themes)[0]
        self.quotes_ = choose_quotes(used.assign(theme_id=self.assignments_["theme_id"], near=near[used["text"]]))

    def _voices(self, used: pd.DataFrame) -> pd.DataFrame:
        """Who said which landmark: `text`, its position among the landmarks, and `respondent`."""
        among = pd.Series(range(len(self._landmarks)), index=self._landmarks)
        voices = used.loc[used["text"].isin(self._landmarks), ["text", "respondent"]]
        return voices.assign(text=voices["text"].map(among))

    def _place(self, texts: pd.Series) -> tuple[Themes, Vectors]:
        """The theme and vector of each text, by its key: those it has already, or the nearest centre's."""
        known = self._rows.reindex(texts.index, fill_value=-1).to_numpy()
        themes = np.zeros(len(texts), dtype=np.intp)
        vectors = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        old, new = known >= 0, known < 0
        themes[old], vectors[old] = self._themes[known[old]], self._vectors[known[old]]
        if new.any():
            vectors[new] = encode_texts(self._encoder, list(texts[new]))
            themes[new] = (vectors[new] @ self._centroids.T).argmax(axis=1)
        return themes, vectors

    def _find_themes(self, texts: list[str], vectors: Vectors) -> Themes:
        """The theme of each text, not yet numbered; fills in `curve_` and `reason_`."""
        words = isinstance(self._encoder, TfidfEncoder)
        whole = len(self._landmarks) == len(texts)
        seen = vectors if whole else vectors[self._landmarks]
        self._space = Space([texts[row] for row in self._landmarks], None if words else seen)
        wanted = self._wanted(len(seen))
        self.curve_ = pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in CURVE.items()})
        self.reason_ = why_not_many(vectors, wanted)
        if self.reason_:
            return np.zeros(len(texts), dtype=np.intp)
        sizes = sorted({*theme_sizes(len(seen)), *([min(wanted, len(seen))] if wanted else [])})
        trees = grow_trees(self._space.graph_vectors)
        curve = choose_n_themes(trees, seen, sizes, words=words, wanted=min(wanted, len(seen)))
        best = min(wanted, len(seen)) or int(curve.loc[curve["chosen"], "n_themes"].iloc[0])
        self.curve_ = curve.assign(chosen=curve["n_themes"] == best)
        themes = trees.cut(best)
        if themes.max() + 1 < wanted:
            self.reason_ = f"No more than {themes.max() + 1} of the {wanted} themes asked for can be told apart."
        if whole:
            return themes
        return carry_themes(trees, self._space, themes, best, texts=texts, vectors=vectors, landmarks=self._landmarks)

    def _wanted(self, texts: int) -> int:
        wanted = self.n_themes or 0
        if wanted < 0 or wanted > texts >= MIN_TEXTS:
            expected = f"from 1 to {texts}, the number of different texts, or None"
            raise EngagementError(Problem("themes", "n_themes", str(wanted), expected, "Ask for fewer themes."))
        return wanted

    def _assign(self, used: pd.DataFrame, rows: NDArray[np.intp], themes: Themes, vectors: Vectors) -> pd.DataFrame:
        """The table `theme_assignments` of these segments; `rows` are the positions of their texts in `themes` and `vectors`."""
        own, other, second = nearest_two(vectors, self._centroids, themes)
        names = np.array([*self.theme_ids_, ""], dtype=object)
        table = used[SPAN].assign(
            run=self.run, theme_id=names[themes][rows], margin=(own - other).round(6)[rows], second_theme_id=names[second][rows]
        )
        schema = SCHEMAS["theme_assignments"].columns
        return table[list(schema)].astype(schema).sort_values(SPAN, ignore_index=True)

    def _check_fitted(self) -> None:
        if not hasattr(self, "theme_ids_"):
            raise NotFittedError("This ThemeModel has no themes yet: call fit(segments) first.")
