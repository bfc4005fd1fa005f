"""Copies of one text: campaigns, duplicates, one person who answers twice."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pandas as pd

from engagement_lib.tables import COUNT, NUMBER, TEXT, check_table

_WORD: Final = re.compile(r"\w+")
# Words in a row that two texts must share before they are compared, and how many groups a text is compared with.
_RUN: Final = 3
_NEAREST: Final = 5
_COLUMNS: Final = {
    "group": TEXT,
    "copies": COUNT,
    "source_id": TEXT,
    "case_id": TEXT,
    "wave": TEXT,
    "alike": NUMBER,
    "text": TEXT,
}


def group_copies(sources: pd.DataFrame, *, alike: float = 0.75, least: int = 8) -> pd.DataFrame:
    """The texts that are copies of one another, word for word or with small edits: one row a source, the largest group first.

    Each text is compared with the longest of its group: `alike` is the share of their letters that both have in the same order
    (normalised Indel similarity), capitals and punctuation apart; 1 is a copy word for word. Every submission stays a row.

    Parameters
    ----------
    sources
        A table of `sources`; those without words are left out.
    alike
        From which similarity on a text counts as a copy.
    least
        Texts of fewer words are left out: people who never heard of each other write the same few words.

    Returns
    -------
    DataFrame
        `group` ("K1" is the largest), `copies` (sources in it), `source_id`, `case_id`, `wave`, `alike` and `text`.

    Examples
    --------
    >>> answers = ["Publish ward figures every year, for every council in England.", "Nobody rings back.",
    ...            "please publish ward figures every year for every council in Wales"]
    >>> table = pd.DataFrame({"source_id": ["S1", "S2", "S3"], "kind": "survey", "text": answers})
    >>> group_copies(table)[["group", "copies", "source_id", "alike"]].round(2).values.tolist()
    [['K1', 2, 'S3', 1.0], ['K1', 2, 'S1', 0.86]]
    """
    table = check_table("sources", sources)
    table = table[table["reason"] == ""]
    plain = pd.Series([" ".join(_WORD.findall(text.casefold())) for text in table["text"]], index=table.index, dtype=TEXT)
    long = plain[[text.count(" ") + 1 >= least for text in plain]]
    groups = _group(sorted(set(long), key=lambda text: (-len(text), text)), alike)
    found = table.loc[long.index].assign(first=[groups[text][0] for text in long], alike=[groups[text][1] for text in long])
    found["copies"] = found.groupby("first")["source_id"].transform("size").astype(COUNT)
    found = found[found["copies"] > 1].sort_values(
        ["copies", "first", "alike", "source_id"], ascending=[False, True, False, True]
    )
    names = {first: f"K{number}" for number, first in enumerate(found["first"].unique(), 1)}
    return found.assign(group=found["first"].map(names))[list(_COLUMNS)].astype(_COLUMNS).reset_index(drop=True)


def _group(texts: list[str], alike: float) -> dict[str, tuple[str, float]]:
    """For each text the longest text that it is a copy of, which may be itself, and how alike they are."""
    from rapidfuzz.fuzz import ratio

    found: dict[str, tuple[str, float]] = {}
    firsts: dict[str, list[str]] = {}
    for text in texts:
        words = text.split()
        runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
        shared = Counter(first for run in runs for first in firsts.get(run, ()))
        nearest = sorted(shared, key=lambda first: (-shared[first], first))[:_NEAREST]
        scored = [(ratio(text, first) / 100, first) for first in nearest]
        score, first = max(scored, default=(0.0, ""))
        if score >= alike:
            found[text] = (first, score)
            continue
        found[text] = (text, 1.0)
        for run in runs:
            firsts.setdefault(run, []).append(text)
    return found
