"""What each coder said of each unit: segments against the codings that touch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.passages import in_shape, overlapping, respondents

FINISHED: Final = "sources that two or more coders finished"
CODED: Final = "sources in which two or more coders coded something"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judgements:
    """The judgements of coders on units.

    `units` is one row a unit, with its `respondent`; `judged` says, coders x units, who read it; `given`, coders x units x codes,
    who gave it which code. `basis` says which sources were taken.
    """

    units: pd.DataFrame
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    judged: Flags
    given: Flags
    basis: str


def collect_judgements(
    codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame, readings: pd.DataFrame | None
) -> Judgements:
    """The judgements on those participant segments that two or more coders have read, units in the order of their place.

    Only codings of the layer "independent" count. A coder has read a source that `readings` says is finished; without readings,
    one in which they coded something. What was read in consensus is nobody's own judgement.
    """
    coded = in_shape("codings", codings)
    coded = coded[coded["layer"] == INDEPENDENT].reset_index(drop=True)
    readers, basis = _readers(coded, readings)
    units = _units(in_shape("segments", segments), readers)
    codes = tuple(in_shape("codebook", codebook)["code"])
    coders = tuple(sorted(set(readers.loc[readers["source_id"].isin(units["source_id"]), "coder"])))
    finished = set(zip(readers["coder"], readers["source_id"], strict=True))
    judged = np.array([[(coder, source) in finished for source in units["source_id"]] for coder in coders], dtype=bool)
    judged = judged.reshape(len(coders), len(units))
    given = np.zeros((len(coders), len(units), len(codes)), dtype=bool)
    coded = coded[coded["code"].isin(codes) & coded["coder"].isin(coders)].reset_index(drop=True)
    passage, unit = overlapping(coded, units)
    coder = pd.Index(coders, dtype="str").get_indexer(coded["coder"])[passage]
    given[coder, unit, pd.Index(codes, dtype="str").get_indexer(coded["code"])[passage]] = True
    return Judgements(units, coders, codes, judged, given & judged[:, :, np.newaxis], basis)


def _readers(codings: pd.DataFrame, readings: pd.DataFrame | None) -> tuple[pd.DataFrame, str]:
    """One row a source and coder, of those sources that have two or more, and the words for it."""
    if readings is None or readings.empty:
        basis, read = CODED, codings
    else:
        basis, read = FINISHED, in_shape("readings", readings).query("finished != ''")
    readers = read.loc[read["coder"] != CONSENSUS, ["source_id", "coder"]].drop_duplicates()
    return readers[readers.groupby("source_id")["coder"].transform("size") >= 2], basis


def _units(segments: pd.DataFrame, readers: pd.DataFrame) -> pd.DataFrame:
    units = segments[(segments["role"] == "participant") & segments["source_id"].isin(readers["source_id"])]
    units = units.sort_values(["source_id", "start", "end"], ignore_index=True)
    return units.assign(respondent=respondents(units))
