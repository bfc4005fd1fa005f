"""A row of the table of saturation in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

FEW_RESPONDENTS: Final = 30


def say_saturation(row: Mapping[str, Any], *, by: str, webinars: int, ahead: int, smallest_in: str) -> str:
    """The row in words.

    `webinars` is how many of the respondents are webinars; `smallest_in` the value of `by` with the smallest coverage, or ""
    where there is nothing to compare.

    Examples
    --------
    >>> row = {"group": "user", "respondents": 55, "codes": 31, "in_one": 4, "in_two": 2, "coverage": 0.984, "chao2": 34.9,
    ...        "chao2_low": 31.6, "chao2_high": 55.5, "expected_new": 0.4, "expected_low": 0.1, "expected_high": 0.8,
    ...        "saturated_after": 9.0, "saturated_low": 6.0, "saturated_median": 8.0, "saturated_high": 13.0,
    ...        "codes_by_then": 26.0, "order": "wave and date", "reason": ""}
    >>> print(say_saturation(row, by="group", webinars=0, ahead=5, smallest_in=""))
    group user: 31 codes seen in 55 respondents. About 98.4% of what such respondents mention carries a code seen already; 5 more
    would be expected to add 0.40 new codes (95% interval 0.10 to 0.80). Seen and unseen together, there are at least 34.9 codes
    by estimate (95% interval 31.6 to 55.5). The rule of Guest, Namey and Chen (base 4, run 2, 5%) calls the codes
    saturated after 9 respondents in the order of fieldwork (wave and date), with 26 of the 31 codes; in random orders after 8
    (median; 90% of them 6 to 13).
    """
    name = f"{by} {row[by]}" if by else "All"
    said = [f"{name}: {_count(row['codes'], 'code')} seen in {_who(row['respondents'], webinars)}."]
    if np.isnan(row["coverage"]):
        return f"{said[0]} Nothing can be said of codes yet unseen: {row['reason'].split('; ')[0]}."
    said += [_coverage(row, webinars, ahead), _rule(row)]
    if smallest_in and smallest_in == row[by]:
        said.append("Its coverage is the smallest, at which the others are compared with it.")
    elif smallest_in:
        at = f"{by} {smallest_in} ({_share(row['equal_coverage'])}, the smallest)"
        said.append(f"At the coverage of {at}, it shows {row['at_equal_coverage']:.1f} codes.")
    if row["respondents"] < FEW_RESPONDENTS:
        said.append(f"With fewer than {FEW_RESPONDENTS} respondents these estimates are rough.")
    return " ".join(said)


def _who(respondents: int, webinars: int) -> str:
    if webinars == respondents:
        return f"{_count(webinars, 'webinar')}, {'each ' if webinars > 1 else ''}a group event that counts as one respondent"
    if not webinars:
        return _count(respondents, "respondent")
    among = "1 is a webinar, a group event" if webinars == 1 else f"{webinars} are webinars, each a group event"
    return f"{respondents} respondents (of whom {among} that counts once)"


def _coverage(row: Mapping[str, Any], webinars: int, ahead: int) -> str:
    """What is known of codes yet unseen."""
    such = "webinars" if webinars == row["respondents"] else "respondents"
    interval = f"(95% interval {row['chao2_low']:.1f} to {row['chao2_high']:.1f})"
    if row["chao2"] == row["codes"]:
        ground = "only one code rests on one respondent alone, and none on two" if row["in_one"] else "each rests on two or more"
        text = f"By estimate no code is left unseen, since {ground}; that is no proof"
        return f"{text}." if row["chao2_high"] == row["codes"] else f"{text} {interval}."
    text = f"About {_share(row['coverage'])} of what such {such} mention carries a code seen already"
    if not np.isnan(row["expected_new"]):
        spread = f"(95% interval {_few(row['expected_low'])} to {_few(row['expected_high'])})"
        text += f"; {ahead} more would be expected to add {_few(row['expected_new'])} new codes {spread}"
    return f"{text}. Seen and unseen together, there are at least {row['chao2']:.1f} codes by estimate {interval}."


def _rule(row: Mapping[str, Any]) -> str:
    """What the rule of Guest, Namey and Chen says."""
    if np.isnan(row["saturated_after"]):
        reason = row["reason"].split("; ")[-1]
        return f"{reason[0].upper()}{reason[1:]}."
    text = "The rule of Guest, Namey and Chen (base 4, run 2, 5%) calls the codes saturated after"
    text += f" {row['saturated_after']:.0f} respondents in the order of fieldwork ({row['order']}),"
    text += f" with {row['codes_by_then']:.0f} of the {_count(row['codes'], 'code')}"
    if np.isnan(row["saturated_median"]):
        return f"{text}; in most random orders it never does."
    low, median, high = (row[f"saturated_{name}"] for name in ("low", "median", "high"))
    most = f"{low:.0f} or later, or never" if np.isnan(high) else f"{low:.0f} to {high:.0f}"
    return f"{text}; in random orders after {median:.0f} (median; 90% of them {most})."


def _share(share: float) -> str:
    """A share in per cent, which is not rounded to all of it."""
    return f"{min(share, 0.999):.1%}" if share < 1 else "100%"


def _few(number: float) -> str:
    return f"{number:.1f}" if number >= 1 else f"{number:.2f}"


def _count(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"
