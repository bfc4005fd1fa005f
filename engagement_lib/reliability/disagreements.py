"""Where coders differ: the passages to talk about."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import in_shape, overlapping
from engagement_lib.reliability.units import Flags, Judgements, collect_judgements
from engagement_lib.reliability.weights import Numbers
from engagement_lib.tables import COUNT, TEXT, records

_COLUMNS: Final = {
    "source_id": TEXT,
    "start": COUNT,
    "end": COUNT,
    **dict.fromkeys(("case_id", "code", "coders_with", "coders_without", "codes", "memos", "before", "quote", "after"), TEXT),
}


def disagreements(
    codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame, *, readings: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Where coders differ, one row a segment and code, the codes with the lowest presence agreement first.

    The tables are those of `agreement`, and so are the segments and codings that count.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `case_id`, `code`, `coders_with` and `coders_without` (those who read the segment and gave it
        the code, or did not), `codes` (every code that each of them gave it), `memos` (what they noted there), `before`, `quote`
        and `after` (the segment between its neighbours in the same source, whoever speaks them).

    Raises
    ------
    TableError
        If a table has not its columns.

    Examples
    --------
    >>> segments = pd.DataFrame({"source_id": ["I1"], "start": [0], "end": [8], "case_id": ["P1"], "quote": ["No time."]})
    >>> codings = pd.DataFrame(
    ...     [("1", "I1", 0, 8, "no-time", "AB"), ("2", "I1", 0, 8, "jargon", "CD")],
    ...     columns=["coding_id", "source_id", "start", "end", "code", "coder"],
    ... )
    >>> differ = disagreements(codings, segments, pd.DataFrame({"code": ["no-time", "jargon"]}))
    >>> differ.loc[1, ["code", "coders_with", "coders_without", "codes"]].tolist()
    ['jargon', 'CD', 'AB', 'AB: no-time; CD: jargon']
    """
    judgements = collect_judgements(codings, segments, codebook, readings)
    judged, given = judgements.judged, judgements.given
    with_code = given.sum(axis=0)
    unit, code = np.nonzero((with_code > 0) & (with_code < judged.sum(axis=0)[:, np.newaxis]))
    order = np.lexsort((unit, code, _presence(judgements)[code]))
    unit, code = unit[order], code[order]
    table = judgements.units.loc[unit, ["source_id", "start", "end", "case_id", "quote"]].reset_index(drop=True)
    memos, neighbours = _memos(codings, judgements), _neighbours(segments)
    around = [neighbours[row["source_id"], row["start"], row["end"]] for row in records(table)]
    table = table.assign(
        code=[judgements.codes[k] for k in code],
        coders_with=[_names(judgements, given[:, u, k]) for u, k in zip(unit, code, strict=True)],
        coders_without=[_names(judgements, judged[:, u] & ~given[:, u, k]) for u, k in zip(unit, code, strict=True)],
        codes=[_codes(judgements, int(u)) for u in unit],
        memos=[memos.get(int(u), "") for u in unit],
        before=[before for before, _ in around],
        after=[after for _, after in around],
    )
    return table[list(_COLUMNS)].astype(_COLUMNS)


def _presence(judgements: Judgements) -> Numbers:
    """Agreement on presence for each code; 0 where nobody gave it."""
    r = judgements.judged.sum(axis=0)[:, np.newaxis]
    x = judgements.given.sum(axis=0)
    given, differing = x.sum(axis=0), (x * (r - x) / np.maximum(r - 1, 1)).sum(axis=0)
    shared: Numbers = 1 - np.divide(differing, given, out=np.ones(len(given)), where=given > 0)
    return shared


def _names(judgements: Judgements, chosen: Flags) -> str:
    return ", ".join(coder for coder, is_chosen in zip(judgements.coders, chosen, strict=True) if is_chosen)


def _codes(judgements: Judgements, unit: int) -> str:
    said = []
    for at, coder in enumerate(judgements.coders):
        if judgements.judged[at, unit]:
            codes = [code for code, given in zip(judgements.codes, judgements.given[at, unit], strict=True) if given]
            said.append(f"{coder}: {', '.join(codes) or 'nothing'}")
    return "; ".join(said)


def _memos(codings: pd.DataFrame, judgements: Judgements) -> dict[int, str]:
    """What the coders who count noted on codings that touch a unit."""
    coded = in_shape("codings", codings)
    coded = coded[(coded["memo"] != "") & coded["coder"].isin(judgements.coders)]
    coded = coded.sort_values(["coder", "start", "end", "code"], ignore_index=True)
    passage, unit = overlapping(coded, judgements.units)
    noted: dict[int, list[str]] = {}
    notes = coded["coder"] + " on " + coded["code"] + ": " + coded["memo"]
    for note, at in zip(notes.iloc[passage], unit, strict=True):
        noted.setdefault(int(at), []).append(note)
    return {at: "; ".join(dict.fromkeys(lines)) for at, lines in noted.items()}


def _neighbours(segments: pd.DataFrame) -> dict[tuple[str, int, int], tuple[str, str]]:
    """What stands before and after each segment in its source."""
    table = in_shape("segments", segments).sort_values(["source_id", "start", "end"], ignore_index=True)
    by_source = table.groupby("source_id")["quote"]
    before, after = by_source.shift(1).fillna(""), by_source.shift(-1).fillna("")
    keys = zip(table["source_id"], table["start"], table["end"], strict=True)
    return dict(zip(keys, zip(before, after, strict=True), strict=True))
