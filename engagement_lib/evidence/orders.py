"""How codes come in as respondents do, in the order of fieldwork or any other, and when no more come in.

`held` has one row a respondent and one column a code: whether the respondent has it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def random_places(respondents: int, *, orders: int, random_state: int) -> Positions:
    """Random orders, one a row: the place of each respondent in it, counted from 0.

    Examples
    --------
    >>> sorted(random_places(4, orders=1, random_state=0)[0].tolist())
    [0, 1, 2, 3]
    """
    places = np.tile(np.arange(respondents, dtype=np.int64), (orders, 1))
    return np.random.default_rng(random_state).permuted(places, axis=1)


def new_by_place(held: Flags, places: Positions | None = None) -> Positions:
    """How many codes nobody before had, one row an order, one column a place in it; without `places`, the order of the rows.

    Examples
    --------
    >>> held = np.array([[True, True, False], [True, False, False], [False, True, True]])
    >>> new_by_place(held).tolist()
    [[2, 0, 1]]
    >>> new_by_place(held, np.array([[2, 1, 0]])).tolist()
    [[2, 1, 0]]
    """
    respondents = len(held)
    places = np.arange(respondents, dtype=np.int64)[np.newaxis] if places is None else places
    code, respondent = np.nonzero(held.T)
    if not len(code):
        return np.zeros((len(places), respondents), dtype=np.int64)
    begins = np.flatnonzero(np.diff(code, prepend=-1))
    # With the orders side by side in memory, this takes a tenth of the time.
    by_respondent = np.ascontiguousarray(places.T)
    first = np.minimum.reduceat(by_respondent[respondent], begins, axis=0)
    # All orders are counted at once, each moved to a stretch of its own.
    moved = first + respondents * np.arange(len(places), dtype=np.int64)
    return np.bincount(moved.ravel(), minlength=len(places) * respondents).reshape(len(places), respondents)


def saturated_after(new: npt.ArrayLike, *, base: int, run: int, threshold: float) -> Numbers:
    """After how many respondents the rule of Guest, Namey and Chen calls each order saturated; infinity where it never does.

    Parameters
    ----------
    new
        As `new_by_place` gives it: one row an order.
    base
        How many respondents at the beginning new codes are held against (b).
    run
        How many respondents in succession must bring few new codes (r).
    threshold
        How few: the share of new codes in the run, of those of the base, that still counts as saturated.

    Notes
    -----
    ``N_s / U_b ≤ threshold``, where U_b are the different codes of the first b respondents and N_s the new ones of the r from s
    on; runs move on by one, and the base stays. The number is that of the last respondent before the run, so that 6 with r = 2 is
    what the paper writes as 6+2: Guest, G., Namey, E. and Chen, M. (2020), PLoS ONE 15(5), e0232076. Without a code in the base
    the rule has no answer.

    Examples
    --------
    >>> saturated_after([[12, 9, 9, 7, 1, 2, 0, 1, 0, 0, 1, 0]], base=4, run=2, threshold=0.05)
    array([6.])
    """
    counts = np.asarray(new, dtype=np.int64)
    orders, respondents = counts.shape
    if respondents < base + run:
        return np.full(orders, np.inf)
    total = np.cumsum(np.hstack([np.zeros((orders, 1), dtype=np.int64), counts]), axis=1)
    in_base = total[:, base]
    in_run = total[:, base + run :] - total[:, base : respondents - run + 1]
    # A share of whole numbers that is just the threshold must not miss it by rounding.
    few = (in_run <= threshold * in_base[:, np.newaxis] + 1e-9) & (in_base > 0)[:, np.newaxis]
    return np.where(few.any(axis=1), base + few.argmax(axis=1), np.inf)
