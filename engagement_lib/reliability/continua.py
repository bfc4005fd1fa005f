"""Passages that coders chose themselves, laid on one line of participants' words, and what coders share along it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
import pandas as pd

from engagement_lib.reliability.coefficients import Places
from engagement_lib.reliability.units import Flags, Judgements
from engagement_lib.reliability.weights import Numbers


@dataclass(frozen=True)
class Continuum:
    """The words of all units on one line, source after source, whatever was said between them left out.

    `passages` has `start` and `end` on that line, `coder` and `code` as numbers; `borders` are where each unit begins and ends
    there, `owners` whose words those of a unit are, and `judged` (coders x units) who read them.
    """

    passages: pd.DataFrame
    borders: Places
    owners: Places
    judged: Flags


def lay_out(codings: pd.DataFrame, judgements: Judgements) -> Continuum:
    """The codings on the line of the units' words; of a coder's passages with one code, those that overlap are one."""
    units = judgements.units
    borders = np.concatenate([[0], np.cumsum((units["end"] - units["start"]).to_numpy(np.int64))])
    table = codings[codings["coder"].isin(judgements.coders) & codings["code"].isin(judgements.codes)].reset_index(drop=True)
    table = table.assign(
        coder=pd.Index(judgements.coders, dtype="str").get_indexer(pd.Index(table["coder"])),
        code=pd.Index(judgements.codes, dtype="str").get_indexer(pd.Index(table["code"])),
        start=_on_the_line(table, "start", units, borders),
        end=_on_the_line(table, "end", units, borders),
    )
    unit = np.searchsorted(borders, table["start"].to_numpy(), side="right") - 1
    filled = (table["end"] > table["start"]).to_numpy()
    read = np.zeros(len(table), dtype=bool)
    read[filled] = judgements.judged[table["coder"].to_numpy()[filled], unit[filled]]
    passages = _joined(table.loc[read, ["coder", "code", "start", "end"]])
    owners = pd.factorize(units["respondent"], sort=True)[0].astype(np.int64)
    return Continuum(passages, borders, owners, judgements.judged)


def sums_of_continuum(continuum: Continuum, codes: list[int]) -> Numbers:
    """Respondents x sums over the line, for some codes as the values 1 to q and the gap between passages as 0.

    The columns are ``l_ck`` ((q + 1)² of them): how much of the line one coder gave c and another k; ``s_c`` (q + 1): the
    squared lengths of passages, and of gaps their length, which are cut to single characters; and ``s*_c`` (q): the squares of
    what others covered of each passage (Krippendorff and others 2016, with units pairing with themselves taken out of chance).
    """
    passages = continuum.passages[continuum.passages["code"].isin(codes)]
    value: Places = (pd.Index(codes).get_indexer(pd.Index(passages["code"])) + 1).astype(np.int64)
    length = (passages["end"] - passages["start"]).to_numpy(np.float64)
    line = _cut(continuum, passages, value)
    many, values = int(continuum.owners.max(initial=-1)) + 1, len(codes) + 1
    squares = np.bincount(line.of_passage * values + value, weights=length**2, minlength=many * values).astype(np.float64)
    pairable = line.judged.sum(axis=0) >= 2
    gaps = ((line.given == 0) & line.judged & pairable).sum(axis=0) * line.lengths
    squares[::values] = np.bincount(line.owner, weights=gaps, minlength=many)
    cell = line.of_passage * (values - 1) + value - 1
    covered = np.bincount(cell, weights=_covered(line) ** 2, minlength=many * (values - 1)).astype(np.float64)
    columns = [_shared(line, many, values), squares, covered]
    return np.hstack([column.reshape(many, column.size // max(many, 1)) for column in columns])


def overlaps_of_codes(continuum: Continuum, codes: list[int]) -> bool:
    """Whether some coder has passages of two of these codes on the same words, so that they cannot stand on one line."""
    passages = continuum.passages[continuum.passages["code"].isin(codes)].sort_values(["coder", "start", "end"])
    same = passages["coder"].to_numpy()[1:] == passages["coder"].to_numpy()[:-1]
    return bool((same & (passages["start"].to_numpy()[1:] < passages["end"].to_numpy()[:-1])).any())


def as_one_code(continuum: Continuum, codes: list[int]) -> Continuum:
    """The line with some codes as one, the first of them; of a coder's passages those that overlap are one."""
    passages = continuum.passages[continuum.passages["code"].isin(codes)]
    return replace(continuum, passages=_joined(passages.assign(code=codes[0])))


@dataclass(frozen=True)
class _Line:
    """A continuum cut wherever a unit or passage begins or ends.

    Of each piece the `lengths`, its `owner`, who `judged` it and which value was `given` (coders x pieces). Of each passage its
    `coder`, the pieces from `first` to before `last`, and its owner, `of_passage`.
    """

    lengths: Numbers
    owner: Places
    judged: Flags
    given: Places
    coder: Places
    first: Places
    last: Places
    of_passage: Places


def _cut(continuum: Continuum, passages: pd.DataFrame, value: Places) -> _Line:
    coder, start, end = (passages[name].to_numpy(np.int64) for name in ("coder", "start", "end"))
    edges = np.unique(np.concatenate([continuum.borders, start, end]))
    unit = np.searchsorted(continuum.borders, edges[:-1], side="right") - 1
    owner, judged = continuum.owners[unit], continuum.judged[:, unit]
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    given = np.zeros((len(judged), len(edges)), dtype=np.int64)
    np.add.at(given, (coder, first), value)
    np.add.at(given, (coder, last), -value)
    given = np.cumsum(given, axis=1)[:, :-1]
    return _Line(np.diff(edges).astype(np.float64), owner, judged, given, coder, first, last, owner[first])


def _on_the_line(table: pd.DataFrame, end: str, units: pd.DataFrame, borders: Places) -> Places:
    """Offsets in sources as places on the line; what lies between two units is the border between them."""
    sources = pd.Index(sorted({*units["source_id"], *table["source_id"]}), dtype="str")
    reach = int(max(units["end"].max() if len(units) else 0, table["end"].max() if len(table) else 0)) + 1
    at = sources.get_indexer(pd.Index(table["source_id"])) * reach + table[end].to_numpy(np.int64)
    begins = sources.get_indexer(pd.Index(units["source_id"])) * reach + units["start"].to_numpy(np.int64)
    if not len(units):
        return np.zeros(len(table), dtype=np.int64)
    unit = np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)
    within = np.clip(at - begins[unit], 0, np.diff(borders)[unit])
    line: Places = borders[unit] + within
    return line


def _joined(passages: pd.DataFrame) -> pd.DataFrame:
    ordered = passages.sort_values(["coder", "code", "start", "end"], ignore_index=True)
    key = ["coder", "code"]
    reached = ordered.groupby(key)["end"].cummax().groupby([ordered["coder"], ordered["code"]]).shift(1, fill_value=-1)
    group = (ordered["start"] >= reached).cumsum()
    joined = ordered.groupby(group).agg(
        coder=("coder", "first"), code=("code", "first"), start=("start", "min"), end=("end", "max")
    )
    return joined.reset_index(drop=True)


def _shared(line: _Line, many: int, values: int) -> Numbers:
    """``l_ck`` by respondent: every two coders' values, each pair by one over the number of other coders."""
    others = np.maximum(line.judged.sum(axis=0) - 1, 1)
    shared = np.zeros(many * values * values)
    for i, j in permutations(range(len(line.judged)), 2):
        cell = (line.owner * values + line.given[i]) * values + line.given[j]
        both = line.judged[i] & line.judged[j]
        shared += np.bincount(cell, weights=line.lengths / others * both, minlength=len(shared))
    return shared


def _covered(line: _Line) -> Numbers:
    """How much of each passage some other coder gave any code."""
    marked = (line.given > 0) & line.judged
    by_others = (marked.sum(axis=0) - marked > 0) * line.lengths
    reached = np.concatenate([np.zeros((len(marked), 1)), np.cumsum(by_others, axis=1)], axis=1)
    covered: Numbers = reached[line.coder, line.last] - reached[line.coder, line.first]
    return covered
