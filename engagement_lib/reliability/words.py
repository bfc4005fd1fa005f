"""A row of the agreement table in words, with the threshold applied to the lower end of the interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

TENTATIVE: Final = 0.667
RELIABLE: Final = 0.800
FEW_RESPONDENTS: Final = 30


def say_agreement(row: Mapping[str, Any], *, given: int, holders: int, undefined: float) -> str:
    """The row in words.

    `given` is how many of its segments at least one coder gave the code, `holders` of how many respondents these are, and
    `undefined` the share of draws in which alpha was undefined.

    Examples
    --------
    >>> row = {"code": "no-time", "coders": 2, "units": 90, "respondents": 40, "alpha": 0.9, "low": 0.7, "high": 0.97}
    >>> print(say_agreement(row, given=31, holders=30, undefined=0.0))
    no-time: alpha 0.90, 95% interval 0.70 to 0.97 (2 coders; 90 segments, 31 with the code, from 30 of 40 respondents).
    The lower end lies between 0.667 and 0.800: conclusions from this code are tentative.
    """
    if np.isnan(row["alpha"]):
        return f"{row['code']}: alpha is undefined, because {row['reason']}."
    spread = f"{given} with the code, from {holders} of {row['respondents']} respondents"
    ground = f"({row['coders']} coders; {row['units']} segments, {spread})"
    text = f"{row['code']}: alpha {row['alpha']:.2f}"
    if np.isnan(row["low"]):
        return f"{text} without an interval {ground}, because {row['reason']}. Draw no firm conclusion from it."
    text += f", 95% interval {row['low']:.2f} to {row['high']:.2f} {ground}. {_verdict(row['low'])}"
    if holders < FEW_RESPONDENTS:
        text += f" With the code in fewer than {FEW_RESPONDENTS} respondents the interval is probably too narrow."
    if undefined > 0:
        text += f" In {undefined:.1%} of the draws alpha was undefined; these are left out."
    return text


def _verdict(low: float) -> str:
    if low >= RELIABLE:
        return f"Even the lower end reaches {RELIABLE:.3f}: the coders agree well enough to rely on this code."
    if low >= TENTATIVE:
        return f"The lower end lies between {TENTATIVE:.3f} and {RELIABLE:.3f}: conclusions from this code are tentative."
    return f"The lower end lies below {TENTATIVE:.3f}: draw no conclusion from this code as it stands."
