"""Which respondents have which codes, in the order in which fieldwork met them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import WEBINAR, in_order
from engagement_lib.evidence.orders import Flags
from engagement_lib.evidence.respondents import counted_passages, eligible_respondents, has_codings, values_of
from engagement_lib.tables import Study


@dataclass(frozen=True)
class Fieldwork:
    """The respondents with one value of a variable: `held` has one row a respondent, in `order`, and one column a code.

    `webinars` is how many of the respondents are webinars.
    """

    value: str
    held: Flags
    webinars: int
    order: str


def collect_fieldwork(study: Study, *, by: str, prompted: bool, taken: tuple[str, ...]) -> list[Fieldwork]:
    """One `Fieldwork` for each value of a variable, none before anything is coded.

    Respondents come by wave, then by the date of their case where the study's cases have a variable `date`, then by source_id, in
    which numbers count as numbers. One without a code is a respondent all the same, if a source of theirs has been read.

    Raises
    ------
    TableError
        If `by` is no variable, or has a name of `taken`.
    """
    if not has_codings(study):
        return []
    eligible = eligible_respondents(study, prompted=prompted)
    values, names = values_of(study, eligible, by, taken=taken)
    eligible = _in_order_of_fieldwork(study, eligible.assign(value=values))
    mentions = counted_passages(study, prompted=prompted)[["code", "source_id", "respondent"]]
    mentions = mentions.merge(eligible[["respondent", "source_id", "value"]], on=["source_id", "respondent"])
    codes = sorted(mentions["code"].unique())
    return [
        _collect(
            name, eligible[eligible["value"] == name], mentions[mentions["value"] == name], codes, dated="date" in study.cases
        )
        for name in names
    ]


def _collect(value: str, eligible: pd.DataFrame, mentions: pd.DataFrame, codes: list[str], *, dated: bool) -> Fieldwork:
    first = eligible.drop_duplicates("respondent")
    held = np.zeros((len(first), len(codes)), dtype=np.bool_)
    rows = pd.Index(first["respondent"]).get_indexer(pd.Index(mentions["respondent"]))
    held[rows, pd.Index(codes).get_indexer(pd.Index(mentions["code"]))] = True
    return Fieldwork(value, held, int((first["kind"] == WEBINAR).sum()), _say_order(first["date"], dated=dated))


def _in_order_of_fieldwork(study: Study, eligible: pd.DataFrame) -> pd.DataFrame:
    """The rows in order, each with the `date` of its respondent, "" where there is none."""
    dates: dict[str, str] = {}
    if "date" in study.cases:
        dates = dict(zip(study.cases["case_id"], map(_date, study.cases["date"]), strict=True))
    eligible = eligible.assign(date=eligible["respondent"].map(lambda respondent: dates.get(respondent, "")).astype("str"))
    waves = {wave: place for place, wave in enumerate(in_order(eligible["wave"], tuple(study.settings.waves)))}
    keys = [
        (waves[wave], day == "", day, _natural(source), respondent)
        for wave, day, source, respondent in zip(
            eligible["wave"], eligible["date"], eligible["source_id"], eligible["respondent"], strict=True
        )
    ]
    return eligible.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def _say_order(dates: pd.Series, *, dated: bool) -> str:
    without = int((dates == "").sum())
    if without == len(dates):
        return "wave and source_id, for want of dates" + (" in the form 2020-06-18" if dated else "")
    if without:
        return f"wave and date, the {without} of {len(dates)} respondents without a date last in their wave"
    return "wave and date"


def _date(text: str) -> str:
    """The date that a text begins with, or ""."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _natural(text: str) -> list[str | int]:
    """A key to sort by in which S9 stands before S10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]
