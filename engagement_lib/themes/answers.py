"""What a theme model is fitted to, and the lasting order of what it finds."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engagement_lib.coding.passages import in_shape, respondents
from engagement_lib.errors import Problem, TableError

MIN_TEXTS: Final = 10  # from which on the data may choose how many themes there are
FEW_TEXTS: Final = 50
QUOTES: Final = 3
SPAN: Final = ["source_id", "start", "end"]


def usable_segments(segments: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The participants' segments in the order of their places; and those that are left out, with the `reason`.

    The first has `key`, which is the same for texts that differ in capitals and white space only, and `respondent`.

    Raises
    ------
    TableError
        When there is no column `quote`, or a row is not a segment.
    """
    if "quote" not in segments.columns:
        found = f"the columns {', '.join(map(str, segments.columns))}"
        raise TableError(Problem("table 'segments'", "header", found, "a column 'quote'", "Take segments from split_turns."))
    table = in_shape("segments", segments).sort_values(SPAN, ignore_index=True)
    table = table.assign(key=text_keys(table["quote"]), respondent=respondents(table), reason="")
    table.loc[table["key"] == "", "reason"] = "blank"
    others = table["role"] != "participant"
    table.loc[others, "reason"] = "said by role " + table.loc[others, "role"]
    table = table.astype({"reason": "str", "respondent": "str"})
    used = table[table["reason"] == ""].drop(columns="reason").reset_index(drop=True)
    return used, table.loc[table["reason"] != "", [*SPAN, "reason"]].reset_index(drop=True)


def text_keys(quotes: pd.Series) -> pd.Series:
    """The same key for texts that differ in capitals and white space only.

    Examples
    --------
    >>> text_keys(pd.Series(["No  time"])).tolist()
    ['no time']
    """
    return quotes.map(lambda quote: " ".join(quote.split()).casefold()).astype("str")


def different_texts(used: pd.DataFrame) -> pd.Series:
    """The different texts among the used segments, in the order of their `key`, which is the index.

    Where a text was written in several ways, the one in small letters stands for all.
    """
    return used.groupby("key")["quote"].max().sort_index()


def number_themes(themes: NDArray[np.intp], used: pd.DataFrame) -> NDArray[np.intp]:
    """The theme of each text, numbered by how many respondents a theme has, and among equals by its first text.

    `used` has the `text`, a position in `themes`, and the `respondent` of each segment.
    """
    rows = used.assign(theme=themes[used["text"]])
    order = rows.groupby("theme").agg(respondents=("respondent", "nunique"), first=("text", "min"))
    order = order.sort_values(["respondents", "first"], ascending=[False, True])
    return np.asarray(pd.Index(order.index).get_indexer(themes), dtype=np.intp)


def choose_quotes(said: pd.DataFrame, *, most: int = QUOTES) -> pd.DataFrame:
    """The quotes nearest to the centre of each theme, each of another respondent and another text: one row a quote.

    `said` has the used segments with their `theme_id` and how `near` the centre they are. What comes back has `theme_id`, `rank`
    from 1, `source_id`, `start`, `end`, `case_id` and `quote`.
    """
    columns = ["theme_id", "rank", *SPAN, "case_id", "quote"]
    order = ["theme_id", "near", "key", *SPAN]
    quotes = said.assign(near=said["near"].round(5)).sort_values(order, ascending=[column != "near" for column in order])
    quotes = quotes.drop_duplicates(["theme_id", "key"]).drop_duplicates(["theme_id", "respondent"])
    quotes = quotes.assign(rank=quotes.groupby("theme_id").cumcount() + 1)
    return quotes.loc[quotes["rank"] <= most, columns].astype({"rank": "int64"}).reset_index(drop=True)


def why_not_many(vectors: NDArray[np.floating], wanted: int) -> str:
    """Why these vectors make one theme or none, or "" where they may make more; `wanted` is how many were asked for, if any."""
    if not len(vectors):
        return "No participant said or wrote anything."
    if wanted == 1:
        return "One theme was asked for."
    if len(vectors) < (2 if wanted else MIN_TEXTS):
        few = f"Fewer than {MIN_TEXTS} different texts: too few to say how many themes there are."
        return few if len(vectors) > 1 else "There is but one text."
    if np.ptp(vectors, axis=0).max() < 1e-6:
        return "To this encoder all texts are alike."
    return ""


def few_texts(texts: int) -> str:
    """What to bear in mind where there are few different texts; "" where there are enough."""
    if not 1 < texts < FEW_TEXTS:
        return ""
    return f"There are {texts} different texts. Below {FEW_TEXTS}, take themes for a first sorting, and read every text."
