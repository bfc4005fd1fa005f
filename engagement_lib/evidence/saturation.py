"""Whether more respondents would bring more codes: what is seen, and what is estimated to be unseen."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.evidence.accumulation import apply_rule, check_counts, in_random_orders, table_by, why_no_rule
from engagement_lib.evidence.fieldwork import Fieldwork, collect_fieldwork
from engagement_lib.evidence.richness import (
    ENDS,
    chao2_interval,
    coverage,
    draw_counts,
    new_codes,
    richness_at,
    tally,
    unseen_codes,
)
from engagement_lib.evidence.saturation_wording import say_saturation
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

BASE: Final = 4
RUN: Final = 2
THRESHOLD: Final = 0.05
_ESTIMATES: Final = ("chao2", "chao2_low", "chao2_high", "coverage", "expected_new", "expected_low", "expected_high")
_RULE: Final = ("saturated_after", "saturated_low", "saturated_median", "saturated_high")
_AT: Final = ("codes_by_then", "equal_coverage", "at_equal_coverage")
_SATURATION: Final = {
    **dict.fromkeys(("respondents", "codes", "in_one", "in_two"), COUNT),
    **dict.fromkeys((*_ESTIMATES, *_RULE, *_AT), NUMBER),
    **dict.fromkeys(("order", "reason", "sentence"), TEXT),
}


def saturation(
    study: Study,
    *,
    by: str = "",
    prompted: bool = False,
    orders: int = 1000,
    ahead: int = 5,
    resamples: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """How far new respondents would still bring new codes, one row a value of `by`; no rows before anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or a variable of the cases such as "group"; "" counts everyone together. A webinar is one respondent, of
        the group "webinar".
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    orders
        How many random orders of the respondents the rule of Guest, Namey and Chen is tried on.
    ahead
        For how many further respondents new codes are to be expected.
    resamples
        How many samples are drawn for the intervals.
    random_state
        The seed of orders and draws.

    Returns
    -------
    DataFrame
        A column with the name of `by`, if any; `respondents` (with words in a source that has been read, with codes or without);
        `codes` that somebody has; those that exactly one (`in_one`) and two respondents have (`in_two`); `chao2` (codes in all,
        with those unseen: at least so many) with its 95% interval; `coverage` (share of the mentions to come that carry a code
        seen already); `expected_new` (codes that `ahead` more respondents would add) with a 95% interval; `saturated_after` (how
        many respondents had been met when the rule of Guest, Namey and Chen was satisfied, with base 4, run 2 and 5%), its median
        and 90% range over random orders, and `codes_by_then` (how many of the codes they had shown by then); `equal_coverage`
        (the smallest coverage of all rows) and `at_equal_coverage` (how many codes the respondents show there); `order` (what
        order that of fieldwork is); `reason` (why something is undefined, else ""); `sentence` (the row in words).

    Raises
    ------
    TableError
        If `by` is no variable, or `orders`, `ahead` or `resamples` is below 1.

    Notes
    -----
    Formulas, papers and when not to use them: `docs/saturation.md`. A code counts where it was given, whatever the stance.

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
    >>> saturation(study, ahead=3)[["respondents", "codes", "in_one", "chao2", "coverage"]]
       respondents  codes  in_one  chao2  coverage
    0            3      2       1    2.0       1.0
    """
    check_counts("saturation", orders=orders, ahead=ahead, resamples=resamples)
    fieldwork = collect_fieldwork(study, by=by, prompted=prompted, taken=tuple(_SATURATION))
    covered = [float(coverage(work.held.sum(axis=0), len(work.held))) for work in fieldwork]
    known = [(share, work.value) for share, work in zip(covered, fieldwork, strict=True) if not np.isnan(share)]
    smallest, where = min(known, default=(float("nan"), ""))
    rows = []
    for work in fieldwork:
        in_orders = in_random_orders(work, orders, random_state)
        row = {by: work.value, "order": work.order} | _seen(work, smallest) | _estimates(work, ahead, resamples, random_state)
        row |= dict(zip(_RULE, apply_rule(work, in_orders, BASE, RUN, THRESHOLD)[:4], strict=True))
        row["codes_by_then"] = _codes_after(work, row["saturated_after"])
        row["reason"] = _reason(work, row, ahead)
        smallest_in = where if len(known) > 1 else ""
        row["sentence"] = say_saturation(row, by=by, webinars=work.webinars, ahead=ahead, smallest_in=smallest_in)
        rows.append(row)
    return table_by(rows, by, _SATURATION)


def _seen(work: Fieldwork, smallest: float) -> dict[str, Any]:
    """What has been seen, and how much of it at the smallest coverage."""
    counts, respondents = work.held.sum(axis=0), len(work.held)
    seen, once, twice, _ = (int(part) for part in tally(counts))
    return {
        "respondents": respondents,
        "codes": seen,
        "in_one": once,
        "in_two": twice,
        "equal_coverage": smallest,
        "at_equal_coverage": richness_at(counts, respondents, smallest),
    }


def _estimates(work: Fieldwork, ahead: int, resamples: int, random_state: int) -> dict[str, float]:
    """What is estimated of the codes not seen."""
    counts, respondents = work.held.sum(axis=0), len(work.held)
    seen, once, twice, _ = tally(counts)
    known = dict.fromkeys(_ESTIMATES, float("nan"))
    if respondents < 2 or seen == 0:
        return known
    drawn = draw_counts(counts, respondents, draws=resamples, random_state=random_state)
    known["chao2"] = float(seen + unseen_codes(once, twice, respondents))
    known["chao2_low"], known["chao2_high"] = chao2_interval(counts, respondents, drawn)
    known["coverage"] = float(coverage(counts, respondents))
    if ahead <= respondents:
        _, drawn_once, drawn_twice, _ = tally(drawn)
        known["expected_new"] = float(new_codes(once, twice, respondents, ahead))
        ends = np.percentile(new_codes(drawn_once, drawn_twice, respondents, ahead), ENDS)
        known["expected_low"], known["expected_high"] = (float(end) for end in ends)
    return known


def _codes_after(work: Fieldwork, respondents: float) -> float:
    return float("nan") if np.isnan(respondents) else float(work.held[: int(respondents)].any(axis=0).sum())


def _reason(work: Fieldwork, row: dict[str, Any], ahead: int) -> str:
    """Why something in a row of `saturation` is undefined, or ""."""
    if row["codes"] == 0:
        return "nobody here has a code"
    reasons = []
    if row["respondents"] == 1:
        reasons.append("there is only one respondent")
    elif np.isnan(row["expected_new"]):
        reasons.append(f"{ahead} more respondents are more than the {row['respondents']} there are, too far to look ahead")
    return "; ".join([*reasons, *filter(None, [why_no_rule(work, row["saturated_after"], BASE, RUN)])])
