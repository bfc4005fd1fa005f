"""Shares of respondents, with their base and an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any, Final, Literal

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.respondents import cells_of, counted_passages, eligible_respondents, has_codings, variables_of
from engagement_lib.evidence.wording import choose_quantifier, name_people, say_caution, say_cell, say_percent
from engagement_lib.loading.copies import group_copies
from engagement_lib.settings import Settings
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study

Interval = Literal["wilson", "jeffreys"]
_NUMBERS: Final = {
    **dict.fromkeys(("respondents", "base"), COUNT),
    **dict.fromkeys(("share", "low", "high"), NUMBER),
}
_ONCE: Final = {f"{name}_once": dtype for name, dtype in _NUMBERS.items()}
_WORDS: Final = dict.fromkeys(("quantifier", "sentence"), TEXT)
_TAKEN: Final = ("code", *_NUMBERS, *_ONCE, *_WORDS)
# Answers and letters are sent in by campaigns; nobody copies an interview.
_SENT_IN: Final = ("survey", "comment")


def wilson_interval(count: int, base: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The lower and upper end of Wilson's interval for a share of `count` in `base`; NaN twice where the base is 0.

    Raises
    ------
    TableError
        If the count is below 0 or above the base, or the confidence not between 0 and 1.

    Notes
    -----
    ``(2np + z² ± z √(z² + 4npq)) / 2(n + z²)`` with n the base, p = count / n, q = 1 - p: Wilson (1927); as method 3 in Newcombe,
    R. G. (1998), *Two-sided confidence intervals for the single proportion*, Statistics in Medicine 17, 857-872.

    Examples
    --------
    >>> low, high = wilson_interval(15, 148)
    >>> round(low, 4), round(high, 4)
    (0.0624, 0.1605)
    """
    _check_interval("wilson_interval", count, base, confidence)
    if base == 0:
        return float("nan"), float("nan")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = 2 * count + z**2
    half = z * (z**2 + 4 * count * (1 - count / base)) ** 0.5
    whole = 2 * (base + z**2)
    # At 0 and at the base one end is 0 or 1 exactly; rounding would miss it by a hair.
    return 0.0 if count == 0 else (middle - half) / whole, 1.0 if count == base else (middle + half) / whole


def jeffreys_interval(count: int, base: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The lower and upper end of Jeffreys' interval for a share of `count` in `base`; NaN twice where the base is 0.

    Raises
    ------
    TableError
        If the count is below 0 or above the base, or the confidence not between 0 and 1.

    Notes
    -----
    The middle `confidence` of a Beta(x + 1/2, n - x + 1/2) distribution, with 0 and 1 for the ends where x = 0 and x = n: Brown,
    L. D., Cai, T. T. and DasGupta, A. (2001), *Interval estimation for a binomial proportion*, Statistical Science 16, 101-133.

    Examples
    --------
    >>> low, high = jeffreys_interval(0, 20)
    >>> round(low, 4), round(high, 4)
    (0.0, 0.1166)
    """
    from scipy.stats import beta

    _check_interval("jeffreys_interval", count, base, confidence)
    if base == 0:
        return float("nan"), float("nan")
    posterior = beta(count + 0.5, base - count + 0.5)
    low, high = (float(posterior.ppf((1 + side * confidence) / 2)) for side in (-1, 1))
    return 0.0 if count == 0 else low, 1.0 if count == base else high


def prevalence(
    study: Study,
    *,
    by: str | Sequence[str] = "",
    prompted: bool = False,
    interval: Interval = "wilson",
    campaigns: bool = False,
) -> pd.DataFrame:
    """How many respondents have at least one passage with each code, one row a code, or a code and cell of `by`; no rows before
    anything is coded.

    Parameters
    ----------
    by
        "kind", "wave" or a variable of the cases such as "group", or several such as ("group", "kind"); "" counts everyone
        together. A webinar is one respondent, of the group "webinar".
    prompted
        False leaves out the waves that answer to a draft; True takes only them.
    interval
        "wilson" or "jeffreys".
    campaigns
        True counts a second time, with the copies of one text (`group_copies` of survey answers and comments) as one text
        sent by one respondent.

    Returns
    -------
    DataFrame
        `code`; a column with the name of each variable in `by`; `respondents` (with a coding that counts, whatever its stance);
        `base` (those with words in a source that has been read); `share`; `low` and `high` (95% interval). With `campaigns`, the
        same five ending in `_once`. `quantifier` (the word of `[quantifiers]` in `study.toml` in whose band the whole interval
        lies, else ""); `sentence` (the row in words, and for whom it stands, after `[samples]`). Codes that nobody used stay,
        with 0.

    Raises
    ------
    TableError
        If `by` names no variable, or there is no such interval.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {
    ...     "sources": {"source_id": ["S1", "S2"], "case_id": ["P1", "P2"], "kind": "survey", "text": "There is no time."},
    ...     "codebook": {"code": ["no-time"]},
    ...     "codings": {"coding_id": ["1"], "source_id": "S1", "start": 9, "end": 16, "code": "no-time", "coder": "AB"},
    ... }
    >>> tables = {name: check_table(name, pd.DataFrame(rows)) for name, rows in said.items()}
    >>> tables |= {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    >>> study = Study(Path(), Settings(title="Pilot"), **tables)
    >>> prevalence(study).drop(columns=["quantifier", "sentence"]).round(2)
          code  respondents  base  share   low  high
    0  no-time            1     2    0.5  0.09  0.91
    """
    if interval not in ("wilson", "jeffreys"):
        raise TableError(Problem("prevalence", "interval", f"'{interval}'", "'wilson' or 'jeffreys'", "Name one of them."))
    names = variables_of(by)
    eligible = eligible_respondents(study, prompted=prompted)
    number, cells = cells_of(study, eligible, names, taken=_TAKEN)
    eligible = eligible.assign(cell=number)
    passages = counted_passages(study, prompted=prompted)[["code", "source_id", "respondent"]]
    passages = passages.merge(eligible, on=["source_id", "respondent"])
    counted = _Counts(passages, eligible, interval)
    once = _Counts(*_sent_once(study, passages, eligible), interval) if campaigns else None
    rows = []
    for code in study.codebook["code"] if has_codings(study) else ():
        for place, cell in enumerate(cells):
            row = {"code": code, **cell} | counted.numbers(code, place)
            row |= {f"{name}_once": value for name, value in once.numbers(code, place).items()} if once else {}
            rows.append(row | _say(row, cell, counted.kinds.get(place, ()), study.settings))
    columns = {"code": TEXT} | dict.fromkeys(names, TEXT) | _NUMBERS | (_ONCE if campaigns else {}) | _WORDS
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


class _Counts:
    """Respondents by code and cell, and by cell."""

    def __init__(self, passages: pd.DataFrame, eligible: pd.DataFrame, interval: Interval) -> None:
        self.holders = passages.groupby(["code", "cell"])["respondent"].nunique().to_dict()
        self.bases = eligible.groupby("cell")["respondent"].nunique().to_dict()
        self.kinds = eligible.groupby("cell")["kind"].unique().map(tuple).to_dict()
        self.interval = wilson_interval if interval == "wilson" else jeffreys_interval

    def numbers(self, code: str, cell: int) -> dict[str, Any]:
        count, base = int(self.holders.get((code, cell), 0)), int(self.bases.get(cell, 0))
        low, high = self.interval(count, base)
        share = count / base if base else float("nan")
        return {"respondents": count, "base": base, "share": share, "low": low, "high": high}


def _sent_once(study: Study, passages: pd.DataFrame, eligible: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The passages and the eligible as they would be if each text of which there are copies had been sent in once in a cell."""
    sent = study.sources[study.sources["kind"].isin(_SENT_IN) & study.sources["source_id"].isin(eligible["source_id"])]
    copies = group_copies(sent)
    text = eligible["source_id"].map(dict(zip(copies["source_id"], copies["group"], strict=True))).fillna(eligible["source_id"])
    sender = eligible.groupby([eligible["cell"], text])["respondent"].transform("min")
    # Of several who sent a text the first stands for all, also where the others say something of their own elsewhere.
    stands = dict(zip(zip(eligible["source_id"], eligible["respondent"], strict=True), sender, strict=True))
    pairs = zip(passages["source_id"], passages["respondent"], strict=True)
    return passages.assign(respondent=[stands[pair] for pair in pairs]), eligible.assign(respondent=sender)


def _say(row: Mapping[str, Any], cell: Mapping[str, str], kinds: Sequence[str], settings: Settings) -> dict[str, str]:
    if row["base"] == 0:
        return {"quantifier": "", "sentence": "Nobody has words in a source that has been read, so there is no share."}
    word = choose_quantifier(settings.quantifiers, row["respondents"], row["base"], low=row["low"], high=row["high"])
    sentence = (
        f"{row['respondents']} of {row['base']} {name_people(kinds)}{say_cell(cell)} have a passage with '{row['code']}':"
        f" {f'{word}, ' if word else ''}{say_percent(row['share'])}, 95% interval {say_percent(row['low'])} to"
        f" {say_percent(row['high'])}; {say_caution(settings, kinds)}."
    )
    if "share_once" in row:
        sentence += f" With the copies of a campaign counted as one: {row['respondents_once']} of {row['base_once']}"
        sentence += f" ({say_percent(row['share_once'])})."
    return {"quantifier": word, "sentence": sentence}


def _check_interval(name: str, count: int, base: int, confidence: float) -> None:
    if not 0 <= count <= base:
        raise TableError(Problem(name, "count", f"{count} of {base}", "from 0 to its base", "Mend the numbers."))
    if not 0 < confidence < 1:
        raise TableError(Problem(name, "confidence", str(confidence), "a number between 0 and 1", "0.95 is usual."))
