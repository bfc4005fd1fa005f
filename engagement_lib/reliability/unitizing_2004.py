"""The older alpha for passages, which squares the distances of their borders; for comparison with tools that still print it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engagement_lib.reliability.weights import Numbers


def disagreement_2004(passages: pd.DataFrame, coders: int, length: int) -> tuple[float, float]:
    """The observed and expected disagreement, ``D_o`` and ``D_e``, of one code's passages on a line of so many characters.

    `passages` has `coder` (a number), `start` and `end`, those of a coder apart from one another. Alpha is ``1 - D_o / D_e``; of
    several codes, one less the quotient of the sums.

    Notes
    -----
    Krippendorff, K. (1995), *On the reliability of unitizing continuous data*, Sociological Methodology 25, 47-76; Krippendorff,
    K. (2004), *Content analysis*, 2nd edition, section 11.4.

    Examples
    --------
    >>> passages = pd.DataFrame({"coder": [0, 1], "start": [2, 4], "end": [8, 8]})
    >>> [round(part, 4) for part in disagreement_2004(passages, 2, 10)]
    [0.04, 0.0911]
    """
    lines = [_sections(passages[passages["coder"] == coder], length) for coder in range(coders)]
    observed = sum(_apart(one, other) for i, one in enumerate(lines) for j, other in enumerate(lines) if i != j)
    sections = np.concatenate(lines)
    units, gaps = sections[sections[:, 2] == 1, 1], np.sort(sections[sections[:, 2] == 0, 1])
    # Of the gaps that hold a unit of this length, the places where it may begin.
    first = np.searchsorted(gaps, units)
    places = np.append(np.cumsum(gaps[::-1])[::-1], 0)[first] - (len(gaps) - first) * (units - 1)
    against_units = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    every = coders * length
    expected = 2 / length * (against_units + units**2 * places).sum() / (every * (every - 1) - (units * (units - 1)).sum())
    return observed / (coders * (coders - 1) * length**2), float(expected)


def _sections(passages: pd.DataFrame, length: int) -> Numbers:
    """One coder's line cut into sections: where each begins, how long it is, and whether it is a unit (1) or a gap (0)."""
    ordered = passages.sort_values("start")
    starts, ends = ordered["start"].to_numpy(np.float64), ordered["end"].to_numpy(np.float64)
    gap_starts, gap_ends = np.append(0, ends), np.append(starts, length)
    units = np.column_stack([starts, ends - starts, np.ones_like(starts)])
    gaps = np.column_stack([gap_starts, gap_ends - gap_starts, np.zeros_like(gap_starts)])
    return np.concatenate([units, gaps[gaps[:, 1] > 0]])


def _apart(one: Numbers, other: Numbers) -> float:
    """The squared distances of one coder's units from another's: of their borders where they meet, else their length in a gap."""
    begin, length, is_unit = (column[:, np.newaxis] for column in one.T)
    begins, lengths, are_units = other.T
    ahead = begin - begins
    meeting = (is_unit * are_units == 1) & (-length < ahead) & (ahead < lengths)
    inside = (is_unit == 1) & (are_units == 0) & (ahead >= 0) & (ahead <= lengths - length)
    around = (is_unit == 0) & (are_units == 1) & (ahead <= 0) & (ahead >= lengths - length)
    borders = ahead**2 + (ahead + length - lengths) ** 2
    return float(np.where(meeting, borders, np.where(inside, length**2, np.where(around, lengths**2, 0.0))).sum())
