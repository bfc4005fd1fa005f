"""Who speaks how much about what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import case_values, in_shape, overlapping, respondents
from engagement_lib.tables import COUNT, NUMBER, TEXT

_COLUMNS: Final = {"respondent": TEXT, "about": TEXT, "words": COUNT, "turns": COUNT, "base": COUNT, "share": NUMBER}


def who_speaks(
    segments: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    codebook: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who speaks how much about what, one row a respondent and code, or a respondent and question.

    Only participants' words count; words are what blanks part. A webinar is one respondent.

    Parameters
    ----------
    segments
        Turns or answers, each word in one of them only.
    cases
        Whose variables stand beside each row.
    codings
        Of one layer. Then "about" is a code, and the words are those that begin in a passage with it, each counted once for a
        code; a respondent who says nothing about a code has a row with 0. Without codings it is the question that was answered,
        or, where none was, the kind of source.
    codebook
        Whose codes are counted, in its order; those of the codings, by the alphabet, if None.

    Returns
    -------
    DataFrame
        `respondent`, `about`, `words` and `turns` (segments) that are about it, `base` (all words of the respondent), `share`
        (words / base); then `kind` (of the sources in which the respondent speaks, with "+" between several) and the variables of
        the cases, "not stated" where nothing is known. Who says no word has no row.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1"], "start": [0], "end": [22], "case_id": ["P1"], "role": ["participant"],
    ...                       "quote": ["No time, and no money."]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [0], "end": [7], "code": ["time"],
    ...                         "coder": ["AB"]})
    >>> cases = pd.DataFrame({"case_id": ["P1"], "group": ["producer"]})
    >>> who_speaks(turns, cases, codings=codings).values.tolist()
    [['P1', 'time', 2, 1, 5, 0.4, 'interview', 'producer']]
    """
    turns = in_shape("segments", segments)
    turns = turns.assign(words=[len(quote.split()) for quote in turns["quote"]])
    turns = turns[(turns["role"] == "participant") & (turns["words"] > 0)].reset_index(drop=True)
    turns = turns.assign(respondent=respondents(turns))
    people = turns.groupby("respondent", as_index=False).agg(base=("words", "sum"), kind=("kind", _all))
    rows = _by_question(turns) if codings is None else _by_code(turns, people, in_shape("codings", codings), codebook)
    table = rows.merge(people, on="respondent", how="left")
    table["share"] = table["words"] / table["base"]
    known = in_shape("cases", cases)
    speakers = table[["respondent", "kind"]].assign(wave="")
    variables = {str(name): case_values(speakers, known, str(name)) for name in known.columns if name not in ("case_id", "kind")}
    return table[[*_COLUMNS, "kind"]].astype(_COLUMNS | {"kind": TEXT}).assign(**variables)


def _all(values: pd.Series) -> str:
    return "+".join(sorted(set(values)))


def _by_question(turns: pd.DataFrame) -> pd.DataFrame:
    about = turns["question"].where(turns["question"] != "", turns["kind"])
    return (
        turns.assign(about=about)
        .groupby(["respondent", "about"], as_index=False)
        .agg(words=("words", "sum"), turns=("words", "size"))
    )


def _by_code(turns: pd.DataFrame, people: pd.DataFrame, codings: pd.DataFrame, codebook: pd.DataFrame | None) -> pd.DataFrame:
    codes = sorted(set(codings["code"])) if codebook is None else list(in_shape("codebook", codebook)["code"])
    coding, turn = overlapping(codings, turns)
    begin = np.maximum(codings["start"].to_numpy()[coding], turns["start"].to_numpy()[turn])
    end = np.minimum(codings["end"].to_numpy()[coding], turns["end"].to_numpy()[turn])
    offset = turns["start"].to_numpy()[turn]
    spans = pd.DataFrame(
        {"turn": turn, "about": codings["code"].to_numpy()[coding], "begin": begin - offset, "end": end - offset}
    )
    pairs = spans.groupby(["turn", "about"], as_index=False).agg(spans=("begin", list), ends=("end", list))
    quotes = turns["quote"].to_numpy()
    pairs["words"] = [
        _words_within(quotes[at], zip(begins, ends, strict=True))
        for at, begins, ends in zip(pairs["turn"], pairs["spans"], pairs["ends"], strict=True)
    ]
    pairs["respondent"] = turns["respondent"].to_numpy()[pairs["turn"]]
    counts = pairs.groupby(["respondent", "about"]).agg(words=("words", "sum"), turns=("words", "size"))
    rows = pd.MultiIndex.from_product([people["respondent"], codes], names=["respondent", "about"])
    return counts.reindex(rows, fill_value=0).reset_index()


def _words_within(quote: str, spans: Iterable[tuple[int, int]]) -> int:
    """How many words begin in any of the stretches, each counted once."""
    begins = np.array([match.start() for match in re.finditer(r"\S+", quote)])
    within = np.zeros(len(begins), dtype=bool)
    for begin, end in spans:
        within |= (begins >= begin) & (begins < end)
    return int(within.sum())
