"""What groups of respondents say differently: words and phrases compared so that one talkative person makes no difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.passages import NOT_STATED, case_values, in_shape, respondents
from engagement_lib.errors import Problem, TableError
from engagement_lib.evidence.differences import adjust_p
from engagement_lib.evidence.word_statistics import WordOdds, compared_within, dispersion, permuted_p
from engagement_lib.language import BLANK, content_phrases
from engagement_lib.tables import COUNT, NUMBER, TEXT

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

OTHERS: Final = "all others"
_SIDES: Final = ("first", "second")
_COLUMNS: Final = {
    "word": TEXT,
    **{
        f"{side}{name}": dtype
        for side in _SIDES
        for name, dtype in (("", TEXT), ("_respondents", COUNT), ("_base", COUNT), ("_share", NUMBER), ("_uses", COUNT))
    },
    **dict.fromkeys(("log_odds", "z", "dispersion", "largest_share"), NUMBER),
    **dict.fromkeys(("compared", "family"), COUNT),
    **dict.fromkeys(("p", "p_adjusted"), NUMBER),
    "reason": TEXT,
}


@dataclass(frozen=True)
class _Speech:
    """What respondents say: `people` (respondent, value, stratum, words), in order; `uses`, people x phrases; the `phrases` as
    they are written most often, and how many words each has.
    """

    people: pd.DataFrame
    uses: Places
    phrases: list[str]
    lengths: Places


@dataclass(frozen=True)
class _Asked:
    """The options of a call, as `compare_words` has them."""

    cap: int
    min_respondents: int
    prior: float
    resamples: int
    generator: np.random.Generator
    within: str


def compare_words(
    segments: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    by: str,
    groups: tuple[str, str] | None = None,
    within: str = "kind",
    longest: int = 2,
    cap: int = 1,
    min_respondents: int = 5,
    prior: float = 10.0,
    resamples: int = 9999,
    random_state: int = 0,
    pipeline: str = BLANK,
) -> pd.DataFrame:
    """Words and phrases that one group says and another does not, one row a word and comparison, the most telling first.

    Only participants' words count, and the respondent is counted, not the word: by default somebody who says a word a hundred
    times counts as somebody who says it once. A webinar is one respondent.

    Parameters
    ----------
    segments
        Turns or answers, each word in one of them only: not turns and their sentences together.
    by, groups
        A variable of the cases, or "kind" or "wave", and two of its values. If `groups` is None each value is compared with all
        others; who is "not stated" is left out.
    within
        Labels are permuted among respondents of the same "kind" of source, or of the same value of another variable; "" permutes
        them among all.
    longest
        Of how many words a phrase may be: 1 compares single words only.
    cap
        How many uses of a word by one respondent count at most.
    min_respondents
        Words of fewer respondents, in both groups together, are left out. They could not be told apart anyway, and naming them
        may name a person.
    prior
        How many respondents who speak as all do together are added to each group, so that rare words are not overrated.
    resamples, random_state
        How often labels are permuted, and the seed of the permutations.
    pipeline
        What gives the lemmas by which words are grouped; they are shown as they are written most often.

    Returns
    -------
    DataFrame
        `word`; `first`, `second` (the groups), for each its `_respondents` who say it, its `_base`, `_share` and all `_uses`;
        `log_odds` (natural logarithm; above 0 where the first says it more) and `z`, that over its standard error; `dispersion`
        (Gries' DP of the uses over respondents: 0 where all use it in the measure in which they speak, near 1 where one does) and
        `largest_share` of the uses by one respondent; `compared`, the respondents of strata in which both groups are; `family`,
        the rows of the call; `p` (two-sided, by permuting respondents); `p_adjusted` (Benjamini and Hochberg over the family);
        `reason`, why p is NaN, else "". By `first`, then by the size of z.

    Raises
    ------
    TableError
        If the variable or a group is unknown, both groups are the same, somebody is in two, or an option is too small.

    Notes
    -----
    With y the respondents' capped uses of a word, n their sum over all phrases of as many words, and ``a_w`` the prior, which is
    `prior` times the mean use per respondent: ``d = log[(y1 + a_w) / (n1 + a_0 - y1 - a_w)] - log[(y2 + a_w) / (n2 + a_0 - y2 -
    a_w)]``, with variance ``1 / (y1 + a_w) + 1 / (y2 + a_w)``: Monroe, B. L., Colaresi, M. P. and Quinn, K. M. (2008), *Fightin'
    words: lexical feature selection and evaluation for identifying the content of political conflict*, Political Analysis 16,
    372-403. Their z takes each use as drawn by itself; it ranks words here, and p does not rest on it. ``DP = 1/2 sum |v_i -
    s_i|`` with the shares of the uses and of all words: Gries, S. Th. (2008), *Dispersions and adjusted frequencies in corpora*,
    International Journal of Corpus Linguistics 13, 403-437. p is twice the smaller of ``(b + 1) / (m + 1)`` for either tail of d
    (Phipson and Smyth 2010).

    Examples
    --------
    >>> people = [f"P{number}" for number in range(12)]
    >>> said = pd.DataFrame({"source_id": people, "start": 0, "end": 20, "case_id": people, "kind": "survey",
    ...                      "role": "participant", "quote": ["Never any budget."] * 6 + ["Endless jargon."] * 6})
    >>> cases = pd.DataFrame({"case_id": people, "group": ["producer"] * 6 + ["user"] * 6})
    >>> table = compare_words(said, cases, by="group", groups=("producer", "user"), longest=1)
    >>> table[["word", "first_respondents", "second_respondents", "log_odds", "p"]].round(3).values.tolist()
    [['budget', 6, 0, 1.577, 0.003], ['endless', 0, 6, -0.788, 0.003], ['jargon', 0, 6, -0.788, 0.003]]
    """
    _check_options(longest=longest, cap=cap, min_respondents=min_respondents, resamples=resamples)
    turns = in_shape("segments", segments)
    turns = turns[turns["role"] == "participant"].reset_index(drop=True)
    turns = turns.assign(respondent=respondents(turns))
    turns = turns.assign(value=case_values(turns, in_shape("cases", cases), by), stratum="")
    if within:
        turns["stratum"] = case_values(turns, in_shape("cases", cases), within)
    pairs = _comparisons(turns, by, groups)
    speech = _listen(turns, by, longest, pipeline)
    asked = _Asked(cap, min_respondents, prior, resamples, np.random.default_rng(random_state), within)
    tables = [_compare(speech, pair, asked) for pair in pairs]
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _COLUMNS.items()})
    both = pd.concat(filled, ignore_index=True)
    return both.assign(family=len(both), p_adjusted=adjust_p(both["p"].to_numpy(np.float64)))[list(_COLUMNS)].astype(_COLUMNS)


def _check_options(**options: int) -> None:
    for name, value in options.items():
        if value < 1:
            raise TableError(Problem("compare_words", name, str(value), "at least 1", "Leave it out for the usual number."))


def _comparisons(turns: pd.DataFrame, by: str, groups: tuple[str, str] | None) -> list[tuple[str, str]]:
    """The groups to compare: the two that are named, or each with all others."""
    known = sorted(set(turns["value"]) - {NOT_STATED})
    if groups is None:
        return [(value, OTHERS) for value in known] if len(known) > 1 else []
    if len(groups) != 2 or groups[0] == groups[1]:
        found = ", ".join(f"'{group}'" for group in groups)
        raise TableError(Problem("compare_words", "groups", found, "two different values", f"Name two values of '{by}'."))
    for group in groups:
        if len(turns) and group not in turns["value"].to_numpy():
            expected = f"one of {', '.join(known)}"
            raise TableError(Problem("compare_words", "groups", f"'{group}'", expected, f"Name a value of '{by}'."))
    return [groups]


def _listen(turns: pd.DataFrame, by: str, longest: int, pipeline: str) -> _Speech:
    spoken = turns.assign(words=[len(quote.split()) for quote in turns["quote"]])
    people = spoken.groupby("respondent", as_index=False).agg(
        values=("value", "nunique"), value=("value", "first"), stratum=("stratum", _all), words=("words", "sum")
    )
    if (people["values"] > 1).any():
        name = people.loc[people["values"] > 1, "respondent"].iloc[0]
        remedy = "Compare groups in which nobody is twice, such as those of a variable of the cases."
        raise TableError(Problem("compare_words", f"by='{by}'", f"'{name}' in two groups", "everybody in one", remedy))
    people = people[people["words"] > 0].reset_index(drop=True)
    said = content_phrases(spoken["quote"], most=longest, pipeline=pipeline)
    person = pd.Index(people["respondent"]).get_indexer(pd.Index(spoken["respondent"]))
    counts = Counter((int(who), lemma) for who, phrases in zip(person, said, strict=True) for lemma, _ in phrases)
    forms = Counter(phrase for phrases in said for phrase in phrases)
    lemmas = sorted({lemma for _, lemma in counts})
    column = {lemma: at for at, lemma in enumerate(lemmas)}
    uses = np.zeros((len(people), len(lemmas)), dtype=np.int64)
    for (who, lemma), many in counts.items():
        uses[who, column[lemma]] = many
    usual: dict[str, str] = {}
    for lemma, word in sorted(forms, key=lambda form: (forms[form], -len(form[1]), form[1]), reverse=True):
        usual.setdefault(lemma, word)
    lengths = np.array([lemma.count(" ") for lemma in lemmas], dtype=np.int64)
    return _Speech(people, uses, [usual[lemma] for lemma in lemmas], lengths)


def _all(values: pd.Series) -> str:
    return "+".join(sorted(set(values)))


def _compare(speech: _Speech, pair: tuple[str, str], asked: _Asked) -> pd.DataFrame:
    value = speech.people["value"]
    others = ~value.isin([NOT_STATED, pair[0]]) if pair[1] == OTHERS else value == pair[1]
    taken = ((value == pair[0]) | others).to_numpy()
    people, uses = speech.people[taken].reset_index(drop=True), speech.uses[taken]
    kept = (uses > 0).sum(axis=0) >= asked.min_respondents
    first = (people["value"] == pair[0]).to_numpy()
    table = _counts(uses[:, kept], first, pair, [phrase for phrase, keep in zip(speech.phrases, kept, strict=True) if keep])
    if table.empty:
        return table
    capped = np.minimum(uses, asked.cap)
    totals = np.stack([capped[:, speech.lengths == length].sum(axis=1) for length in range(speech.lengths.max() + 1)], axis=1)
    odds = WordOdds(capped[:, kept].astype(np.float64), totals.astype(np.float64), speech.lengths[kept], asked.prior)
    d, z = odds.of(first.astype(np.float64)[np.newaxis])
    table = table.assign(log_odds=d[0], z=z[0], dispersion=dispersion(uses[:, kept], people["words"]))
    table["largest_share"] = uses[:, kept].max(axis=0) / uses[:, kept].sum(axis=0)
    strata, _ = pd.factorize(people["stratum"], sort=True)
    compared = compared_within(first, strata)
    p = permuted_p(odds, first, strata, resamples=asked.resamples, random_state=asked.generator) if compared else np.nan
    reason = "" if compared else f"no {asked.within} of which there are respondents of both groups"
    order = np.lexsort((table["word"], -np.abs(table["z"].round(9))))
    return table.assign(compared=compared, p=p, reason=reason).iloc[order]


def _counts(uses: Places, first: Flags, pair: tuple[str, str], phrases: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame({"word": phrases}, dtype=TEXT)
    for side, group, mine in zip(_SIDES, pair, (first, ~first), strict=True):
        said = (uses[mine] > 0).sum(axis=0)
        base = int(mine.sum())
        table = table.assign(**{side: group, f"{side}_respondents": said, f"{side}_base": base})
        table = table.assign(**{f"{side}_share": said / base, f"{side}_uses": uses[mine].sum(axis=0)})
    return table
