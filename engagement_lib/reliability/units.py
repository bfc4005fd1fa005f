"""What each coder said of each unit: segments against the codings that touch them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.passages import in_order, in_shape, overlapping, respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import LAYERS, NUMBER, TEXT

Unit = Literal["segment", "source", "respondent"]
Between = Literal["coders", "rounds"]

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
ROUND: Final = "#"
FINISHED: Final = "sources that two or more coders finished"
CODED: Final = "sources in which two or more coders coded something"
_BY_READING: Final = ("round", "month")

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judgements:
    """The judgements of coders on units.

    `units` is one row a unit, with its `respondent`, its `weight` (1, or one over the probability with which it was drawn) and
    `by` (what the units are to be parted by, "" for all); `judged` says, coders x units, who read it; `given`, coders x units x
    codes, who gave it which code. `basis` says which sources were taken.
    """

    units: pd.DataFrame
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    judged: Flags
    given: Flags
    basis: str


def collect_judgements(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: pd.DataFrame,
    readings: pd.DataFrame | None,
    *,
    layers: Sequence[str] = (INDEPENDENT,),
    by: str = "",
    weighted: bool = False,
) -> Judgements:
    """The judgements on those participant segments that two or more coders have read, units in the order of their place.

    Only codings of the layers named count, by default those made independently. A coder has read a source that `readings` says
    is finished; without readings, one in which they coded something. What was read in consensus is nobody's own judgement, and
    so is no second round of one's own: a coder whose name ends in `#2` is the one before it, reading again.
    """
    coded = _first_rounds(_in_layers(codings, layers))
    readers, basis = _readers(coded, None if readings is None else _first_rounds(readings))
    return _judgements(coded, _units(segments, readers, by=by, weighted=weighted), readers, codebook, basis)


def collect_rounds(
    codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame, readings: pd.DataFrame | None
) -> list[tuple[str, Judgements]]:
    """For each coder who read something again, the judgements of each round as those of a coder of its own."""
    coded = _in_layers(codings, (INDEPENDENT,))
    named = pd.concat([coded["coder"], readings["coder"]] if readings is not None else [coded["coder"]])
    repeated = sorted({name.split(ROUND)[0] for name in named if ROUND in name})
    collected = []
    for person in repeated:
        mine = coded[coded["coder"].str.split(ROUND).str[0] == person].reset_index(drop=True)
        read = None if readings is None else readings[readings["coder"].str.split(ROUND).str[0] == person]
        readers, basis = _readers(mine, read)
        collected.append((person, _judgements(mine, _units(segments, readers), readers, codebook, basis)))
    return collected


def group_units(judgements: Judgements, unit: Unit) -> Judgements:
    """The judgements on whole sources or respondents: a coder gives a code who gives it to any segment there.

    Raises
    ------
    TableError
        If the unit is unknown.
    """
    if unit not in UNITS:
        remedy = "'segment' takes the table of segments as it is."
        raise TableError(Problem("agreement", "unit", repr(unit), f"one of {', '.join(UNITS)}", remedy))
    if unit == "segment":
        return judgements
    column = "source_id" if unit == "source" else "respondent"
    places, _ = pd.factorize(judgements.units[column], sort=True)
    many = int(places.max(initial=-1)) + 1
    coder, segment = np.nonzero(judgements.judged)
    judged = np.zeros((len(judgements.coders), many), dtype=bool)
    judged[coder, places[segment]] = True
    coder, segment, code = np.nonzero(judgements.given)
    given = np.zeros((*judged.shape, len(judgements.codes)), dtype=bool)
    given[coder, places[segment], code] = True
    units = judgements.units.assign(place=places).drop_duplicates("place").sort_values("place", ignore_index=True)
    return replace(judgements, units=units.drop(columns="place"), judged=judged, given=given)


def parts_of(judgements: Judgements) -> list[tuple[str, Judgements]]:
    """The judgements on each value of `by` apart, in their order."""
    values = judgements.units["by"]
    names = in_order(values) or [""]
    return [(name, _of(judgements, (values == name).to_numpy())) for name in names]


def collect_ratings(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    readings: pd.DataFrame | None = None,
    code: str = "",
    layers: Sequence[str] = (INDEPENDENT,),
) -> pd.DataFrame:
    """What each coder said of each segment, one row a segment: all the codes they gave it or, with `code`, their stance on it.

    The tables are those of `agreement`, and so are the segments and codings that count. `agreement_of_ratings` takes the
    coders' columns, with a distance of sets where cells are sets, at the ordinal level where they are stances.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `respondent`, then a column for each coder. A cell is a set of codes (empty where the coder
        read the segment and gave it none), or with `code` "contradicts", "qualifies" or "supports" ("" where the code was not
        given without a stance); None where the coder did not read the segment or, with `code`, did not give it.

    Raises
    ------
    TableError
        If a table has not its columns, or the codebook not the code.

    Examples
    --------
    >>> segments = pd.DataFrame({"source_id": ["I1", "I1"], "start": [0, 9], "end": [8, 20], "case_id": ["P1", "P1"]})
    >>> codings = pd.DataFrame(
    ...     [("1", "I1", 0, 8, "no-time", "AB"), ("2", "I1", 0, 8, "jargon", "AB"), ("3", "I1", 2, 6, "no-time", "CD")],
    ...     columns=["coding_id", "source_id", "start", "end", "code", "coder"],
    ... )
    >>> table = collect_ratings(codings, segments, pd.DataFrame({"code": ["no-time", "jargon"]}))
    >>> [sorted(codes) for codes in table["AB"]], [sorted(codes) for codes in table["CD"]]
    ([['jargon', 'no-time'], []], [['no-time'], []])
    """
    judgements = collect_judgements(codings, segments, codebook, readings, layers=layers)
    table = judgements.units[["source_id", "start", "end", "respondent"]].copy()
    if code and code not in judgements.codes:
        expected = f"one of {', '.join(judgements.codes)}"
        raise TableError(Problem("codebook", "code", repr(code), expected, "Mend its name, or add it to the codebook."))
    stances = _stances(_in_layers(codings, layers), judgements, code) if code else {}
    names = np.array(judgements.codes, dtype=object)
    for at, coder in enumerate(judgements.coders):
        pairs = zip(judgements.given[at], judgements.judged[at], strict=True)
        sets = [frozenset(names[flags]) if read else None for flags, read in pairs]
        cells = [stances.get((coder, unit)) for unit in range(len(table))] if code else sets
        table[coder] = pd.Series(cells, index=table.index, dtype=object)
    return table


def _in_layers(codings: pd.DataFrame, layers: Sequence[str]) -> pd.DataFrame:
    for layer in layers:
        if layer not in LAYERS:
            raise TableError(Problem("agreement", "layers", repr(layer), f"some of {', '.join(LAYERS)}", "Mend its name."))
    coded = in_shape("codings", codings)
    return coded[coded["layer"].isin(layers)].reset_index(drop=True)


def _first_rounds(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["coder"].str.contains(ROUND, regex=False)].reset_index(drop=True)


def _judgements(
    coded: pd.DataFrame, units: pd.DataFrame, readers: pd.DataFrame, codebook: pd.DataFrame, basis: str
) -> Judgements:
    codes = tuple(in_shape("codebook", codebook)["code"])
    coders = tuple(sorted(set(readers.loc[readers["source_id"].isin(units["source_id"]), "coder"])))
    sources = pd.Index(sorted(set(units["source_id"])), dtype="str")
    read = readers[readers["source_id"].isin(sources)]
    finished = np.zeros((len(coders), len(sources)), dtype=bool)
    finished[pd.Index(coders, dtype="str").get_indexer(read["coder"]), sources.get_indexer(read["source_id"])] = True
    judged: Flags = finished[:, sources.get_indexer(units["source_id"])].reshape(len(coders), len(units))
    given = np.zeros((len(coders), len(units), len(codes)), dtype=bool)
    coded = coded[coded["code"].isin(codes) & coded["coder"].isin(coders)].reset_index(drop=True)
    passage, unit = overlapping(coded, units)
    coder = pd.Index(coders, dtype="str").get_indexer(coded["coder"])[passage]
    given[coder, unit, pd.Index(codes, dtype="str").get_indexer(coded["code"])[passage]] = True
    return Judgements(units, coders, codes, judged, given & judged[:, :, np.newaxis], basis)


def _readers(codings: pd.DataFrame, readings: pd.DataFrame | None) -> tuple[pd.DataFrame, str]:
    """One row a source and coder, of those sources that have two or more, with what their reading says; and the words for it."""
    if readings is None or readings.empty:
        basis, read = CODED, codings[["source_id", "coder"]].assign(round="", finished="", draw_probability=np.nan)
    else:
        basis, read = FINISHED, in_shape("readings", readings).query("finished != ''")
    readers = read[(read["coder"] != CONSENSUS)].drop_duplicates(["source_id", "coder"])
    return readers[readers.groupby("source_id")["coder"].transform("size") >= 2], basis


def _units(segments: pd.DataFrame, readers: pd.DataFrame, *, by: str = "", weighted: bool = False) -> pd.DataFrame:
    shaped = in_shape("segments", segments)
    shaped = shaped.assign(by=_parted(segments, shaped["source_id"], readers, by))
    units = shaped[(shaped["role"] == "participant") & shaped["source_id"].isin(readers["source_id"])]
    units = units.sort_values(["source_id", "start", "end"], ignore_index=True)
    drawn = readers.groupby("source_id")["draw_probability"].min()
    weight = (1 / units["source_id"].map(drawn)).astype(NUMBER) if weighted else pd.Series(1.0, index=units.index)
    if not (weight.notna() & np.isfinite(weight)).all():
        source = units.loc[~(weight.notna() & np.isfinite(weight)), "source_id"].iloc[0]
        expected = "a draw_probability above 0 for every source read twice"
        remedy = "Write down how sources were drawn, or leave out `weighted`."
        raise TableError(Problem("readings", f"source '{source}'", "none", expected, remedy))
    return units.assign(respondent=respondents(units), weight=weight)


def _parted(segments: pd.DataFrame, sources: pd.Series, readers: pd.DataFrame, by: str) -> pd.Series:
    """What `by` says of each segment: a column of the segments, or the round or month of the last reading of its source."""
    if not by:
        return pd.Series("", index=sources.index, dtype=TEXT)
    if by in _BY_READING:
        said = readers["round"] if by == "round" else readers["finished"].str[:7]
        return sources.map(said.groupby(readers["source_id"]).max()).fillna("").astype(TEXT)
    if by not in segments.columns:
        expected = f"a column of the segments, or {' or '.join(_BY_READING)}"
        raise TableError(
            Problem("agreement", "by", repr(by), expected, "Merge the variable of the cases into the segments first.")
        )
    return pd.Series(segments[by].to_numpy(), index=sources.index).fillna("").astype(TEXT)


def _stances(coded: pd.DataFrame, judgements: Judgements, code: str) -> dict[tuple[str, int], str]:
    """The stance of each coder on each unit that they gave the code; that of the longest passage where there are several."""
    mine = coded[(coded["code"] == code) & coded["coder"].isin(judgements.coders)]
    mine = mine.assign(length=mine["end"] - mine["start"]).sort_values(["length", "start", "coding_id"], ignore_index=True)
    passage, unit = overlapping(mine, judgements.units)
    coder = pd.Index(judgements.coders, dtype="str").get_indexer(pd.Index(mine["coder"]))[passage]
    said = zip(coder, unit, mine["stance"].iloc[passage], strict=True)
    return {(judgements.coders[k], int(at)): str(stance) for k, at, stance in said if judgements.judged[k, at]}


def _of(judgements: Judgements, chosen: Flags) -> Judgements:
    units = judgements.units[chosen].reset_index(drop=True)
    judged = judgements.judged[:, chosen]
    return replace(judgements, units=units, judged=judged, given=judgements.given[:, chosen])
