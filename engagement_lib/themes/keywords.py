"""The words that set a theme apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.language import BLANK, content_words

KEYWORDS: Final = 8


def theme_keywords(texts: Sequence[str], themes: Sequence[str], *, pipeline: str = BLANK, most: int = KEYWORDS) -> pd.DataFrame:
    """The keywords of each theme, best first: one row a theme and word.

    `weight` is the class-based TF-IDF of a lemma t in theme c, W = tf(t,c)/|c| · log(1 + A/tf(t)) with A the mean number of words
    a theme (Grootendorst 2022, arXiv:2203.05794, eq. 1). A lemma is shown as the form that is written most often. Words of one
    text alone come after those that two texts share; equal weights stand in the order of the alphabet. A theme without a content
    word has no row.

    Parameters
    ----------
    texts, themes
        The texts and the theme of each.
    pipeline
        The language pipeline for the lemmas.
    most
        How many words a theme at most.

    Returns
    -------
    DataFrame
        `theme_id`, `rank` from 1, `keyword`, `weight`.

    Examples
    --------
    >>> words = theme_keywords(["A slow website", "The website again", "No time", "Little time"], ["T01", "T01", "T02", "T02"])
    >>> words.loc[words["rank"] == 1, ["theme_id", "keyword"]].to_numpy().tolist()
    [['T01', 'website'], ['T02', 'time']]
    """
    words = content_words(texts, pipeline=pipeline)
    pairs = pd.DataFrame(
        [(theme, text, *word) for text, (theme, found) in enumerate(zip(themes, words, strict=True)) for word in found],
        columns=["theme_id", "text", "lemma", "word"],
    ).astype({"theme_id": "str", "lemma": "str", "word": "str"})
    grouped = pairs.groupby(["theme_id", "lemma"])
    counts = grouped.agg(count=("text", "size"), texts=("text", "nunique")).reset_index()
    in_theme = counts.groupby("theme_id")["count"].transform("sum")
    in_all = counts.groupby("lemma")["count"].transform("sum")
    a_theme = len(pairs) / max(pairs["theme_id"].nunique(), 1)
    counts["weight"] = (counts["count"] / in_theme * np.log1p(a_theme / in_all)).astype("float64").round(9)
    counts["keyword"] = counts["lemma"].map(_usual_forms(pairs)).astype("str")
    counts["shared"] = counts["texts"] > 1
    order = ["theme_id", "shared", "weight", "keyword"]
    counts = counts.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    counts["rank"] = counts.groupby("theme_id").cumcount() + 1
    return counts.loc[counts["rank"] <= most, ["theme_id", "rank", "keyword", "weight"]].reset_index(drop=True)


def _usual_forms(pairs: pd.DataFrame) -> pd.Series:
    """For each lemma the word that is written most often; of equals the shortest, then the first in the alphabet."""
    forms = pairs.value_counts(["lemma", "word"], sort=False).rename("count").reset_index()
    forms = forms.assign(length=forms["word"].str.len())
    forms = forms.sort_values(["lemma", "count", "length", "word"], ascending=[True, False, True, True])
    return forms.drop_duplicates("lemma").set_index("lemma")["word"]
