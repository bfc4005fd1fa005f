"""The answer of a study in five sentences, made from its numbers and from what people have confirmed."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import pandas as pd

from engagement_lib.evidence.respondents import eligible_respondents
from engagement_lib.evidence.verdicts import CONTESTED, CONTRADICTED, INSUFFICIENT, NOT_CONFIRMED, SUPPORTED, WITH_CONDITIONS
from engagement_lib.sharing.drawing import count_of
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import KINDS, Study, records

CARRIED: Final = (SUPPORTED, WITH_CONDITIONS)
_HEARD: Final = {"interview": "interview", "webinar": "webinar", "survey": "survey respondent", "comment": "commenter"}
_NUMBERS: Final = ("supporting", "contradicting", "base")
_ORDER: Final = (SUPPORTED, WITH_CONDITIONS, CONTESTED, CONTRADICTED, INSUFFICIENT)
_WIDEST: Final = 90
_DRAWN: Final = frozenset(("random", "census"))


def answer_in_sentences(study: Study, claims: pd.DataFrame) -> list[str]:
    """The sentences: who was heard, what the numbers indicate, of what most and least, what people decided, how far it reaches.

    What cannot be said of a study is left out, and a study without claims is said to have none.

    Parameters
    ----------
    study
        Whose respondents, waves and samples they are.
    claims
        As `list_claims` gives them; may be empty.
    """
    indicated = _indicated(claims, study.settings.frame.themes)
    sentences = [_heard(study), indicated, _extremes(_shown(claims, study)), _confirmed(claims), _reach(study)]
    return [sentence for sentence in sentences if sentence]


def join_words(words: list[str]) -> str:
    """Words as a list within a sentence.

    Examples
    --------
    >>> join_words(["a", "b", "c"]), join_words(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def count_verdicts(verdicts: pd.Series) -> str:
    """How many claims have each verdict, in words, the strongest first.

    Examples
    --------
    >>> count_verdicts(pd.Series(["contested", "supported", "contested"]))
    '1 supported and 2 contested'
    """
    numbers = verdicts.value_counts()
    known = [verdict for verdict in _ORDER if verdict in numbers]
    others = sorted(str(verdict) for verdict in numbers.index if verdict and verdict not in _ORDER)
    return join_words([f"{numbers[verdict]} {verdict}" for verdict in [*known, *others]])


def _heard(study: Study) -> str:
    heard = eligible_respondents(study)
    if heard.empty:
        return "Nobody has been heard and read yet."
    by_kind = heard.groupby("kind")["respondent"].nunique()
    kinds = [count_of(by_kind[kind], _HEARD[kind]) for kind in KINDS if kind in by_kind]
    told = f"This report rests on {count_of(heard['respondent'].nunique(), 'respondent')}: {join_words(kinds)}"
    replied = eligible_respondents(study, prompted=True)["respondent"].nunique()
    who = f"{count_of(replied, 'respondent')} who replied to a draft {'is' if replied == 1 else 'are'}"
    return f"{told}; {who} counted apart." if replied else f"{told}."


def _indicated(claims: pd.DataFrame, frame: tuple[str, ...]) -> str:
    if claims.empty:
        return "No claims were appraised for this study, so nothing is said of what its evidence carries."
    indicated = claims.loc[claims["indicated"] != "", "indicated"]
    if indicated.empty:
        return f"Of its {count_of(len(claims), 'claim')} none has a verdict indicated yet."
    themes = claims["theme"].where(claims["theme"].isin(frame) | (not frame), "")
    carried = [
        f"{rows['indicated'].isin(CARRIED).sum()} of {count_of(len(rows), 'claim')} {place}"
        for place, rows in claims.groupby(themes.map(lambda theme: f"in {theme}" if theme else "outside the frame"), sort=False)
    ]
    by_theme = f"; the evidence carries {join_words(carried)}" if len(carried) > 1 else ""
    told = f"By a rule set beforehand, the numbers indicate of {count_of(len(claims), 'claim')}: {count_verdicts(indicated)}"
    return f"{told}{by_theme}."


def _shown(claims: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The claims with the numbers that a table for these readers shows, and NaN for those that it hides."""
    columns = ["claim_id", *_NUMBERS]
    shown = show_table(claims[columns], "claims", study=study, rows=max(len(claims), 1)).table
    return claims.assign(**{name: pd.to_numeric(shown[name], errors="coerce").to_numpy() for name in _NUMBERS})


def _extremes(claims: pd.DataFrame) -> str:
    numbers = claims.dropna(subset=list(_NUMBERS))
    numbers = numbers[numbers["base"] > 0]
    parts = []
    carried = numbers[numbers["indicated"].isin(CARRIED)]
    if len(carried):
        most = _row(carried, carried["supporting"] / carried["base"])
        parts.append(
            f"of the claims that the evidence carries, {most['claim_id']} ({_short(most['statement'])}) has most behind it "
            f"({most['supporting']:.0f} of {most['base']:.0f} respondents)"
        )
    against = numbers[numbers["contradicting"] > 0]
    if len(against):
        least = _row(against, against["contradicting"] / (against["supporting"] + against["contradicting"]))
        parts.append(
            f"{least['claim_id']} ({_short(least['statement'])}) meets most contradiction "
            f"({least['contradicting']:.0f} contradict it, {least['supporting']:.0f} support it)"
        )
    told = "; ".join(parts)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _row(rows: pd.DataFrame, size: pd.Series) -> dict[str, Any]:
    return records(rows.loc[[size.idxmax()]])[0]


def _short(statement: str) -> str:
    """A statement up to its colon, or to its first words: the whole stands in the table below."""
    return textwrap.shorten(statement.partition(":")[0].rstrip("."), _WIDEST, placeholder="…")


def _confirmed(claims: pd.DataFrame) -> str:
    if claims.empty:
        return ""
    decided = claims[claims["verdict"] != NOT_CONFIRMED]
    if decided.empty:
        return "Nobody has confirmed a verdict: all of them are indicated by the numbers, and not yet confirmed."
    left = len(claims) - len(decided)
    rest = f"; the other {left} {'is' if left == 1 else 'are'} not yet confirmed" if left else ""
    differ = decided[(decided["verdict"] != decided["indicated"]) & (decided["indicated"] != "")]["claim_id"].tolist()
    against = f", otherwise than the numbers indicate of {join_words(differ)}" if differ else ""
    told = f"People have decided on {len(decided)} of {count_of(len(claims), 'claim')}: {count_verdicts(decided['verdict'])}"
    return f"{told}{against}{rest}."


def _reach(study: Study) -> str:
    kinds = [kind for kind in KINDS if kind in set(study.sources["kind"])]
    samples = {kind: str(getattr(study.settings.samples, kind)) for kind in kinds}
    if not kinds or set(samples.values()) <= _DRAWN:
        return ""
    if set(samples.values()) == {"unknown"}:
        return "It is not stated how people were chosen, so no share may be taken for that of all who could have been asked."
    named = [
        f"{sample} for {join_words([f'{kind}s' for kind in kinds if samples[kind] == sample])}"
        for sample in dict.fromkeys(samples.values())
    ]
    return f"The shares are of those who were heard, and not of all who could have been: the sample is {'; '.join(named)}."
