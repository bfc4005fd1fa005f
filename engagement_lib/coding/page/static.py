"""The page where nothing runs: the coded passages that are cleared, as a list that any reader of HTML can follow."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import Any

import pandas as pd

from engagement_lib.tables import records

Passage = tuple[str, int, int]


def static_html(codings: pd.DataFrame, sources: pd.DataFrame, cleared: Collection[Passage], *, coder: str) -> str:
    """The cleared passages that the coder has coded, each with its codes, in the order of the sources; no other words of anybody.

    A cleared passage is shown where a coding has a word in common with it, and never more of the text than was cleared.

    Examples
    --------
    >>> from engagement_lib.tables import empty_table
    >>> print(static_html(empty_table("codings"), empty_table("sources"), set(), coder="AB"))
    <section class="eng-coded" aria-label="Coded passages"><p>Coding by AB. No coded passage is cleared ...</p></section>
    """
    entries = [entry for place in _in_order(sources, cleared) if (entry := _entry(place, codings, sources))]
    if entries:
        many = f"{len(entries)} coded passage{'s' if len(entries) > 1 else ''} that may be quoted:"
        body = f"<p>Coding by {escape(coder)}. {many}</p><ul>{''.join(entries)}</ul>"
    else:
        body = f"<p>Coding by {escape(coder)}. No coded passage is cleared to be shown here; the texts stay in the study.</p>"
    return f'<section class="eng-coded" aria-label="Coded passages">{body}</section>'


def _in_order(sources: pd.DataFrame, cleared: Collection[Passage]) -> list[Passage]:
    order = {name: place for place, name in enumerate(sources["source_id"])}
    return sorted((place for place in cleared if place[0] in order), key=lambda place: (order[place[0]], place[1], place[2]))


def _entry(place: Passage, codings: pd.DataFrame, sources: pd.DataFrame) -> str:
    source_id, start, end = place
    there = codings[(codings["source_id"] == source_id) & (codings["start"] < end) & (codings["end"] > start)]
    words: Any = sources.loc[sources["source_id"] == source_id, "text"].iloc[0][start:end]
    if there.empty or not words:
        return ""
    said = "; ".join(
        f"{escape(row['code'])} ({escape(row['stance'])})"
        for row in records(there.sort_values(["code", "stance"]).drop_duplicates(["code", "stance"]))
    )
    quote = f'<blockquote><p dir="auto">{escape(words)}</p></blockquote>'
    return f"<li>{quote}<p>{escape(source_id)}. Coded: {said}.</p></li>"
