"""How codes accumulate as respondents come in, and when the rule of Guest, Namey and Chen calls them saturated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.fieldwork import Fieldwork, collect_fieldwork
from engagement_lib.evidence.orders import Positions, new_by_place, random_places, saturated_after
from engagement_lib.evidence.richness import new_codes, rarefy, tally
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

_BAND: Final = (0.05, 0.5, 0.95)
_ACCUMULATION: Final = {
    "respondents": COUNT,
    **dict.fromkeys(("codes", "low", "median", "high", "rarefied"), NUMBER),
    "extrapolated": "bool",
    "order": TEXT,
}
_GRID: Final = {
    **dict.fromkeys(("base", "run"), COUNT),
    "threshold": NUMBER,
    "respondents": COUNT,
    **dict.fromkeys(("saturated_after", "low", "median", "high", "reached"), NUMBER),
    **dict.fromkeys(("order", "reason"), TEXT),
}


def accumulation(
    study: Study, *, by: str = "", prompted: bool = False, orders: int = 1000, random_state: int = 0
) -> pd.DataFrame:
    """How many codes had been seen after each respondent, one row a value of `by` and number of respondents.

    Parameters
    ----------
    by, prompted, orders, random_state
        As in `saturation`.

    Returns
    -------
    DataFrame
        A column with the name of `by`, if any; `respondents` (1 to double the number there are); `codes` seen after so many in
        the order of fieldwork; `low`, `median` and `high` (90% band over random orders); `rarefied` (mean over all orders and,
        beyond the sample, how many are expected); `extrapolated` (whether it is beyond the sample, where only `rarefied` is
        known); `order` (what order that of fieldwork is). One respondent alone is not extrapolated.

    Raises
    ------
    TableError
        If `by` is no variable, or `orders` is below 1.

    Notes
    -----
    The order is that of waves, then of the cases' variable `date`, where there is one, as 2020-06-18, then of source_ids, in
    which numbers count as numbers. Before anything is coded there are no rows. Formulas and papers: `docs/saturation.md`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> cases = ["P1", "P2", "P3"]
    >>> said = {
    ...     "sources": {"source_id": cases, "case_id": cases, "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time", "jargon"]},
    ...     "codings": {
    ...         "coding_id": list("1234"), "source_id": [*cases, "P3"], "start": 9, "end": 16, "coder": "AB",
    ...         "code": ["no-time", "no-time", "no-time", "jargon"],
    ...     },
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> accumulation(study)[["respondents", "codes", "low", "high", "rarefied", "extrapolated"]].head(3).round(2)
       respondents  codes  low  high  rarefied  extrapolated
    0            1    1.0  1.0   2.0      1.33         False
    1            2    1.0  1.0   2.0      1.67         False
    2            3    2.0  2.0   2.0      2.00         False
    """
    check_counts("accumulation", orders=orders)
    parts = []
    for work in collect_fieldwork(study, by=by, prompted=prompted, taken=tuple(_ACCUMULATION)):
        part = _curve(work, orders, random_state)
        parts.append(part.assign(**{by: work.value}) if by else part)
    columns = _columns(by, _ACCUMULATION)
    return pd.concat(parts, ignore_index=True)[list(columns)].astype(columns) if parts else table_by([], by, _ACCUMULATION)


def guest_grid(
    study: Study,
    *,
    by: str = "",
    prompted: bool = False,
    bases: Sequence[int] = (4, 5, 6),
    runs: Sequence[int] = (2, 3),
    thresholds: Sequence[float] = (0.05, 0.0),
    orders: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """When the rule of Guest, Namey and Chen called the codes saturated, one row a value of `by`, base, run and threshold.

    Parameters
    ----------
    by, prompted, orders, random_state
        As in `saturation`; all rows of a value are tried on the same orders.
    bases
        How many respondents at the beginning new codes are held against.
    runs
        How many respondents in succession must bring few new codes.
    thresholds
        How few, as a share of the codes of the base.

    Returns
    -------
    DataFrame
        A column with the name of `by`, if any; `base`, `run`, `threshold`; `respondents`; `saturated_after` (how many had been
        met, in the order of fieldwork, before the run; the paper would write 6 with run 2 as 6+2); `low`, `median` and `high`
        (90% range over random orders; NaN where the rule is not satisfied in so many of them); `reached` (the share of random
        orders in which it is); `order`; `reason` (why `saturated_after` is undefined, else "").

    Raises
    ------
    TableError
        If `by` is no variable, a base, a run or `orders` is below 1, or a threshold not between 0 and 1.

    Notes
    -----
    Guest, G., Namey, E. and Chen, M. (2020), PLoS ONE 15(5), e0232076. Before anything is coded there are no rows.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> cases = ["P1", "P2", "P3"]
    >>> said = {
    ...     "sources": {"source_id": cases, "case_id": cases, "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time", "jargon"]},
    ...     "codings": {
    ...         "coding_id": list("1234"), "source_id": [*cases, "P3"], "start": 9, "end": 16, "coder": "AB",
    ...         "code": ["no-time", "no-time", "no-time", "jargon"],
    ...     },
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> guest_grid(study, bases=[1], runs=[1])[["base", "run", "threshold", "saturated_after", "median", "reached"]].round(2)
       base  run  threshold  saturated_after  median  reached
    0     1    1       0.05              1.0     1.0      1.0
    1     1    1       0.00              1.0     1.0      1.0
    """
    check_counts("guest_grid", orders=orders, base=min(bases, default=1), run=min(runs, default=1))
    for threshold in thresholds:
        if not 0 <= threshold <= 1:
            raise TableError(Problem("guest_grid", "threshold", str(threshold), "a number between 0 and 1", "0.05 is usual."))
    names = ("saturated_after", "low", "median", "high", "reached")
    rows = []
    for work in collect_fieldwork(study, by=by, prompted=prompted, taken=tuple(_GRID)):
        in_orders = in_random_orders(work, orders, random_state)
        for base, run, threshold in ((b, r, t) for b in bases for r in runs for t in thresholds):
            found = dict(zip(names, apply_rule(work, in_orders, base, run, threshold), strict=True))
            row = {by: work.value, "base": base, "run": run, "threshold": threshold, "respondents": len(work.held)}
            rows.append(row | found | {"order": work.order, "reason": why_no_rule(work, found["saturated_after"], base, run)})
    return table_by(rows, by, _GRID)


def in_random_orders(work: Fieldwork, orders: int, random_state: int) -> Positions:
    """How many new codes each place brings, in random orders of the respondents."""
    return new_by_place(work.held, random_places(len(work.held), orders=orders, random_state=random_state))


def apply_rule(work: Fieldwork, in_orders: Positions, base: int, run: int, threshold: float) -> tuple[float, ...]:
    """What the rule says of the order of fieldwork; low, median and high of random orders; in what share it is satisfied."""
    after = saturated_after(in_orders, base=base, run=run, threshold=threshold)
    actual = saturated_after(new_by_place(work.held), base=base, run=run, threshold=threshold)[0]
    # Between a number and infinity there is no middle: a quantile must be one of the orders'.
    low, median, high = np.quantile(after, _BAND, method="inverted_cdf")
    satisfied = (float(x) if np.isfinite(x) else float("nan") for x in (actual, low, median, high))
    return *satisfied, float(np.isfinite(after).mean())


def why_no_rule(work: Fieldwork, after: float, base: int, run: int) -> str:
    """Why the rule of Guest, Namey and Chen gives no number, or ""."""
    if not np.isnan(after):
        return ""
    if len(work.held) < base + run:
        return f"the rule of Guest, Namey and Chen takes {base + run} respondents or more"
    if not work.held[:base].any():
        return f"none of the first {base} respondents has a code, so that the rule of Guest, Namey and Chen has nothing to go by"
    return "new codes have not run out by the rule of Guest, Namey and Chen"


def check_counts(function: str, **numbers: int) -> None:
    """Refuse a number below 1."""
    for name, number in numbers.items():
        if number < 1:
            raise TableError(Problem(function, name, str(number), "at least 1", "Leave it out to take the usual number."))


def table_by(rows: list[dict[str, Any]], by: str, columns: dict[str, str]) -> pd.DataFrame:
    """The rows as a table, with a column for `by`, if any."""
    columns = _columns(by, columns)
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _curve(work: Fieldwork, orders: int, random_state: int) -> pd.DataFrame:
    """The accumulation of one value's respondents, and beyond."""
    counts, respondents = work.held.sum(axis=0), len(work.held)
    low, median, high = np.quantile(np.cumsum(in_random_orders(work, orders, random_state), axis=1), _BAND, axis=0)
    seen, once, twice, _ = tally(counts)
    ahead = np.arange(1, respondents + 1) if respondents > 1 else np.arange(0)
    nothing = np.full(len(ahead), np.nan)
    met = {"codes": np.cumsum(new_by_place(work.held)[0]), "low": low, "median": median, "high": high}
    columns = {name: np.append(values, nothing) for name, values in met.items()}
    columns["rarefied"] = np.append(rarefy(counts, respondents)[1:], seen + new_codes(once, twice, respondents, ahead))
    number = np.arange(1, respondents + len(ahead) + 1)
    return pd.DataFrame({"respondents": number, **columns, "extrapolated": number > respondents, "order": work.order})


def _columns(by: str, columns: dict[str, str]) -> dict[str, str]:
    return {by: TEXT} | columns if by else columns
