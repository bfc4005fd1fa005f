"""Codings held against the texts, the codebook and one another: which stand, and which count."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from operator import itemgetter
from typing import Any, Final

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import COUNT, TEXT, Study, check_table, records, row_place

CONSENSUS: Final = "consensus"
INDEPENDENT: Final = "independent"
_SHOWN: Final = 40


def check_codings(
    codings: pd.DataFrame, sources: pd.DataFrame, codebook: pd.DataFrame | None, *, origin: str = "codings"
) -> pd.DataFrame:
    """The codings in their shape, every one on a stretch of its source, with the words that stand there as its `quote`.

    A quote without offsets, that is with `start` and `end` both 0 or both blank, is looked for, and given those of the one place
    where it stands. Offsets without a quote are given theirs, and a coding without a `coding_id` is named by its coder, place and
    code.

    Parameters
    ----------
    codebook
        None where it could not be read, so that no code is held against it.
    origin
        The file that the codings come from, for the messages.

    Raises
    ------
    TableError
        With all there is to mend: a source or code that the study lacks, offsets outside the text, a quote that does not
        stand where it should, one to be looked for that stands nowhere or more than once, or a coding that comes twice.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P01"], "text": ["We never have the time."]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P01"], "code": ["no-time"], "coder": ["AB"],
    ...                         "quote": ["never have"]})
    >>> checked = check_codings(codings, sources, pd.DataFrame({"code": ["no-time"]}))
    >>> checked[["start", "end", "quote"]].values.tolist()
    [[3, 13, 'never have']]
    >>> check_codings(codings.drop(columns="coding_id"), sources, None).loc[0, "coding_id"]
    'AB:P01:3-13:no-time'
    """
    checked = check_table("codings", _fill_offsets(codings), origin=origin)
    texts: dict[str, str] = dict(zip(sources["source_id"], sources["text"], strict=True))
    unknown = _unknown(codings, checked["source_id"], texts, origin, "a source of the study")
    if codebook is not None:
        unknown += _unknown(codings, checked["code"], list(codebook["code"]), origin, "a code of the codebook")
    spans, faults = [], []
    for position, coding in enumerate(records(checked)):
        text = texts.get(coding["source_id"], "")
        spans.append(_span(coding, text))
        if coding["source_id"] in texts and (fault := _fault(coding, *spans[-1], text)):
            faults.append((position, Problem(origin, row_place(codings, position), *fault)))
    if problems := sorted(unknown + faults, key=itemgetter(0)):
        raise TableError(problem for _, problem in problems)
    table = checked.assign(
        start=[start for start, _ in spans],
        end=[end for _, end in spans],
        quote=[texts[source][start:end] for source, (start, end) in zip(checked["source_id"], spans, strict=True)],
    )
    return _named(table.astype({"start": COUNT, "end": COUNT, "quote": TEXT}), codings, origin)


def counted_codings(study: Study) -> pd.DataFrame:
    """The codings that count: of each source, those of one layer and nobody's twice.

    Where a source has a coding of the layer "consensus", or `readings` says that "consensus" finished it, only that layer counts
    there. Elsewhere the independent codings of the coder whom `study.toml` names do, or, where it names none, those of the
    only coder there is; of several, with none named, none counts. Codings by rule or machine never do.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ["sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events"]
    >>> study = Study(Path(), Settings(title="New"), **{name: empty_table(name) for name in names})
    >>> len(counted_codings(study))
    0
    """
    codings, readings = study.codings, study.readings
    met = readings.loc[(readings["coder"] == CONSENSUS) & (readings["finished"] != ""), "source_id"]
    agreed = codings["layer"] == CONSENSUS
    settled = codings["source_id"].isin({*met, *codings.loc[agreed, "source_id"]})
    alone = codings["layer"] == INDEPENDENT
    coders = [study.settings.coder] if study.settings.coder else list(codings.loc[alone, "coder"].unique())
    named = alone & codings["coder"].isin(coders if len(coders) == 1 else [])
    return codings[agreed | (named & ~settled)].reset_index(drop=True)


def _fill_offsets(codings: pd.DataFrame) -> pd.DataFrame:
    """The codings with 0 for `start` and `end` wherever both are blank, as they are in a spreadsheet of quotes."""
    if not {"start", "end"} <= set(codings.columns):
        return codings
    offsets = codings[["start", "end"]].astype(object)
    blank = (offsets.isna() | (offsets == "")).all(axis=1)
    return codings.assign(start=offsets["start"].where(~blank, 0), end=offsets["end"].where(~blank, 0))


def _named(table: pd.DataFrame, codings: pd.DataFrame, origin: str) -> pd.DataFrame:
    """The codings with a name for each that had none: coder, source, place and code."""
    place = table["start"].astype(str) + "-" + table["end"].astype(str)
    names = table["coder"] + ":" + table["source_id"] + ":" + place + ":" + table["code"]
    ids = table["coding_id"].where(table["coding_id"] != "", names)
    expected, remedy = "each coding once", "Take one of them out."
    again = ids.duplicated().to_numpy().nonzero()[0]
    if len(again):
        raise TableError(
            Problem(origin, row_place(codings, row), f"coding '{ids.iloc[row]}' a second time", expected, remedy) for row in again
        )
    return table.assign(coding_id=ids)


def _unknown(
    codings: pd.DataFrame, values: pd.Series, known: Collection[str], origin: str, expected: str
) -> list[tuple[int, Problem]]:
    """A problem for each value that is not known, with the position of the first row that has it."""
    problems = []
    strange = values[~values.isin(list(known))]
    for value, rows in strange.groupby(strange, sort=False):
        found = f"{values.name} '{value}'" + (f", here and in {len(rows) - 1} more" if len(rows) > 1 else "")
        near = get_close_matches(str(value), list(known), n=1)
        remedy = f"Did you mean '{near[0]}'?" if near else "Mend its name, or add it to the study."
        problems.append((int(rows.index[0]), Problem(origin, row_place(codings, rows.index[0]), found, expected, remedy)))
    return problems


def _span(coding: dict[str, Any], text: str) -> tuple[int, int]:
    """The offsets given, or those of the one place where the quote stands."""
    start, end, quote = int(coding["start"]), int(coding["end"]), coding["quote"]
    if not (start or end) and _times(quote, text) == 1:
        start = text.index(quote)
        return start, start + len(quote)
    return start, end


def _fault(coding: dict[str, Any], start: int, end: int, text: str) -> tuple[str, str, str] | None:
    """What is found, what expected and how to mend it; None where the coding stands on its words."""
    quote, length = coding["quote"], f"the {len(text)} characters of '{coding['source_id']}'"
    if start == end == 0 and quote:
        many = _times(quote, text)
        found = f"the quote '{_cut(quote)}' {f'{many} times' if many else 'nowhere'} in '{coding['source_id']}'"
        return found, "a quote that stands there once", "Give start and end too." if many else "Copy it again from the text."
    if not 0 <= start < end <= len(text):
        return f"start {start} and end {end}", f"a stretch within {length}", "Mend the offsets, or leave both 0 beside a quote."
    if quote and text[start:end] != quote:
        found = f"'{_cut(text[start:end])}' at {start} to {end}"
        remedy = "Copy the quote again from the text."
        if _times(quote, text) == 1:
            remedy = f"It stands at {text.index(quote)} to {text.index(quote) + len(quote)}: mend start and end."
        return found, f"the quote '{_cut(quote)}'", remedy
    return None


def _times(quote: str, text: str) -> int:
    """How often a quote stands in a text, counting places that overlap; 0 of an empty quote."""
    first = text.find(quote) if quote else -1
    many = 0
    while first >= 0:
        many += 1
        first = text.find(quote, first + 1)
    return many


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
