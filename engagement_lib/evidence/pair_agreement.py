"""Do coders tell two themes apart?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from engagement_lib.evidence.respondents import participant_turns
from engagement_lib.reliability.agreement import agreement
from engagement_lib.reliability.ratings import agreement_of_ratings
from engagement_lib.reliability.units import Judgements, collect_judgements
from engagement_lib.tables import COUNT, NUMBER, Study

AGREEMENT_COLUMNS: Final = {
    **dict.fromkeys(("coders", "chosen", "chosen_respondents", "differing_respondents"), COUNT),
    **dict.fromkeys(
        ("same", "choice_alpha", "choice_low", "choice_high", "alpha_first", "alpha_second", "alpha_together"), NUMBER
    ),
}
_FEW_DRAWS: Final = 1
_NOBODY: Final = "no segment was read by two coders"
_NEVER: Final = "no segment to which two coders each gave one theme of the two"


def pair_agreement(study: Study, first: str, second: str, *, prompted: bool = False) -> dict[str, Any]:
    """How two coders or more, each on their own, agree on two themes, and on which of the two it is.

    The keys are those of `AGREEMENT_COLUMNS`, and `choice_reason`, why the agreement on the choice is undefined. A coder chooses
    one of the two on a segment to which they give it and not the other.
    """
    turns = participant_turns(study, prompted=prompted).drop(columns="respondent")
    theme_of = dict(zip(study.codebook["code"], study.codebook["theme"], strict=True))
    codings = study.codings.assign(code=study.codings["code"].map(theme_of).fillna(""))
    codebook = pd.DataFrame({"code": [first, second]})
    judgements = collect_judgements(codings, turns, codebook, study.readings)
    row: dict[str, Any] = {"coders": len(judgements.coders)} | _choice(judgements, first, second)
    # A draw or two are enough: the interval by jackknife needs none.
    options: dict[str, Any] = {"readings": study.readings, "resamples": _FEW_DRAWS}
    apart = agreement(codings, turns, codebook, **options).set_index("code")["estimate"]
    merged = codings.assign(code=codings["code"].replace(second, first))
    together = agreement(merged, turns, codebook.head(1), **options)["estimate"]
    return row | {"alpha_first": apart[first], "alpha_second": apart[second], "alpha_together": together.iloc[0]}


def _choice(judgements: Judgements, first: str, second: str) -> dict[str, Any]:
    """The agreement on which of two themes a segment bears."""
    row: dict[str, Any] = dict.fromkeys(("chosen", "chosen_respondents", "differing_respondents"), 0)
    row |= dict.fromkeys(("same", "choice_alpha", "choice_low", "choice_high"), np.nan)
    if not len(judgements.units):
        return row | {"choice_reason": _NOBODY}
    chose = np.where(judgements.given[:, :, 0], first, second).astype(object)
    chose[judgements.given.sum(axis=2) != 1] = None
    ratings = pd.DataFrame(dict(zip(judgements.coders, chose, strict=True)))
    several = ratings.notna().sum(axis=1) > 1
    if not several.any():
        return row | {"choice_reason": _NEVER}
    people = judgements.units.loc[several, "respondent"]
    measured = agreement_of_ratings(ratings[several], coefficient="alpha", respondents=people, resamples=_FEW_DRAWS).iloc[0]
    differing = people[[len(set(chosen) - {None}) > 1 for chosen in chose.T[several]]]
    row |= {"chosen": int(several.sum()), "choice_alpha": measured["estimate"], "same": _same(ratings[several])}
    row |= {"chosen_respondents": people.nunique(), "differing_respondents": differing.nunique()}
    return row | {"choice_low": measured["low"], "choice_high": measured["high"], "choice_reason": measured["reason"]}


def _same(ratings: pd.DataFrame) -> float:
    """The share of the pairs of coders who chose on one segment that chose the same."""
    alike = several = 0
    for _, row in ratings.iterrows():
        chosen = row.dropna()
        counts = chosen.value_counts().to_numpy()
        alike += int((counts * (counts - 1)).sum())
        several += len(chosen) * (len(chosen) - 1)
    return alike / several
