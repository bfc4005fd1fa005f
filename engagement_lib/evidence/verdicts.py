"""What the numbers indicate of a claim, by a stated rule, and what people have decided of it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from engagement_lib.coding.decisions import fold_events
from engagement_lib.settings import Settings, Verdicts
from engagement_lib.tables import TEXT, Study

INSUFFICIENT: Final = "insufficient"
CONTRADICTED: Final = "contradicted"
CONTESTED: Final = "contested"
WITH_CONDITIONS: Final = "supported with conditions"
SUPPORTED: Final = "supported"
VERDICTS: Final = (INSUFFICIENT, CONTRADICTED, CONTESTED, WITH_CONDITIONS, SUPPORTED)
NOT_CONFIRMED: Final = "not yet confirmed"


def verdict_rule(settings: Settings) -> pd.DataFrame:
    """The rule by which a verdict is indicated, in words: one row a `verdict` and `when`; the first row that fits holds.

    The thresholds are those of the section "verdicts" in `study.toml`.

    Examples
    --------
    >>> print(verdict_rule(Settings(title="Pilot")).loc[0, "when"])
    fewer than 5 respondents support or contradict the claim
    """
    rule = settings.verdicts
    concentrated = "one respondent gives more than half of the supporting passages"
    rows = [
        (INSUFFICIENT, f"fewer than {rule.min_respondents} respondents support or contradict the claim"),
        (
            CONTRADICTED,
            f"at least {rule.contradicted:.0%} of the respondents who support or contradict the claim only contradict it",
        ),
        (CONTESTED, f"at least {rule.contested:.0%} of the respondents who support or contradict the claim contradict it"),
        (WITH_CONDITIONS, f"fewer than {rule.min_kinds} kinds of source support the claim, or {concentrated}"),
        (SUPPORTED, "none of the above holds"),
    ]
    return pd.DataFrame(rows, columns=["verdict", "when"]).astype(TEXT)


def indicate_verdict(
    rule: Verdicts, *, respondents: int, contradiction: float, against_alone: float, kinds: int, largest_share: float
) -> str:
    """The verdict that the rule indicates.

    Parameters
    ----------
    respondents
        How many support or contradict the claim.
    contradiction
        The share of them who contradict it, whether or not they support it as well.
    against_alone
        The share of them who contradict it and say nothing in its support.
    kinds
        From how many kinds of source support comes.
    largest_share
        The share of the supporting passages that comes from one respondent.

    Examples
    --------
    >>> indicate_verdict(Verdicts(), respondents=9, contradiction=0.1, against_alone=0.1, kinds=2, largest_share=0.3)
    'supported'
    """
    if respondents < rule.min_respondents:
        return INSUFFICIENT
    if against_alone >= rule.contradicted:
        return CONTRADICTED
    if contradiction >= rule.contested:
        return CONTESTED
    return WITH_CONDITIONS if kinds < rule.min_kinds or largest_share > 0.5 else SUPPORTED


def verdicts(study: Study) -> pd.DataFrame:
    """What people have decided of each claim, one row a claim: `claim_id`, `verdict`, `by`, `at`, `reason`.

    The latest decision holds. A claim of which nobody has decided is "not yet confirmed".

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.tables import check_table, empty_table
    >>> claims = check_table("claims", pd.DataFrame({"claim_id": ["C1"], "statement": "Time is short."}))
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), claims=claims, **{name: empty_table(name) for name in names})
    >>> verdicts(study).loc[0, "verdict"]
    'not yet confirmed'
    """
    latest = fold_events(study.events, "verdict given", "claim")
    latest = latest.rename(columns={"about_id": "claim_id", "value": "verdict", "author": "by"})
    latest = latest[["claim_id", "verdict", "by", "at", "reason"]]
    table = study.claims[["claim_id"]].merge(latest, on="claim_id", how="left").fillna("")
    return table.assign(verdict=table["verdict"].where(table["verdict"] != "", NOT_CONFIRMED)).astype(TEXT)
