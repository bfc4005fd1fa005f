"""What may trip a coder in a codebook that is well formed: in what it says, and in how it has been used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.codebook import parent_doubts
from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.counts import code_counts
from engagement_lib.coding.passages import in_shape
from engagement_lib.segments import split_turns
from engagement_lib.tables import NUMBER, TEXT, records

SERIOUS: Final = "serious"
MODERATE: Final = "moderate"
SLIGHT: Final = "slight"
_SEVERITIES: Final = (SERIOUS, MODERATE, SLIGHT)
_COLUMNS: Final = {"severity": TEXT, "code": TEXT, "doubt": TEXT, "other": TEXT, "measure": NUMBER}
_WANTED: Final = {
    "definition": (SERIOUS, "no definition"),
    "exclude": (MODERATE, "nothing said of what to exclude"),
    "include": (SLIGHT, "nothing said of what to include"),
    "example": (SLIGHT, "no example"),
    "counter_evidence": (SLIGHT, "no counter-example: nothing said of what would speak against it"),
}
_PEOPLES: Final = (INDEPENDENT, CONSENSUS)
# Given fewer times, a code may well be one coder's by chance.
_OFTEN: Final = 3
_SIGNS: Final = str.maketrans("‘’‛´`“”„«»–—−", "'''''\"\"\"\"\"---")
_LEFT_OUT: Final = re.compile(r"\[?(?:…|\.{3,})\]?|\n")

Doubt = tuple[str, str, str, str, float]


def codebook_doubts(
    codebook: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
    alike: float = 0.5,
    over_used: float = 0.5,
) -> pd.DataFrame:
    """What may trip a coder in the codebook, one row a doubt, the worst first; no rows where there is none.

    A doubt is no fault: a person decides whether to do anything about it. What is not given is not looked at.

    Parameters
    ----------
    codebook
        Which may hold faults that `check_codebook` refuses; they are told as well.
    codings
        To find codes that nobody uses, or only one of several coders. Codings by rule or machine are passed over.
    sources
        To find examples that nobody said; with codings, codes that nearly everybody has.
    readings
        Who has finished what, to find codes that only one coder uses. Without it, a source counts as read by whoever coded in it.
    alike
        From which cosine of their words on two definitions are too alike.
    over_used
        Above which share of the respondents who have any code one code is used too much to tell them apart.

    Returns
    -------
    DataFrame
        `severity`, `code`, `doubt` in words, `other` (the code with which it may be confused, else "") and `measure` (the
        cosine, the share of respondents, how often a coder alone gave the code; else NaN). By severity, then in the order of the
        codebook.

        Serious: no definition; a parent that is no code, or a code among its own parents; names that differ in capitals alone;
        definitions too alike. Moderate: nothing said of what to exclude; over-used; given three times or more by one coder
        alone, in sources that another has read. Slight: nothing said of what to include; no example; no counter-example; an
        example that no participant said in these words; unused, unless it is the parent of others.

    Raises
    ------
    TableError
        Where the table is no codebook: a code without a name, or one that comes twice.

    Notes
    -----
    Definitions are compared by the cosine of their words' counts, weighted by ``ln((1 + n) / (1 + df)) + 1`` with n definitions
    of which df have the word, so that words which most definitions share count little: Salton, G. and Buckley, C. (1988),
    *Term-weighting approaches in automatic text retrieval*, Information Processing and Management 24, 513-523, with the smoothed
    form of the weight that scikit-learn has.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["no-time"], "definition": ["Too few hours."], "include": ["Hours."], "example": ["…"]})
    >>> codebook_doubts(codebook)[["severity", "doubt"]].values.tolist()
    [['moderate', 'nothing said of what to exclude'],
     ['slight', 'no counter-example: nothing said of what would speak against it']]
    """
    codes = in_shape("codebook", codebook)
    found = [*_gaps(codes), *_of_parents(codes), *_near_names(codes), *_near_definitions(codes, alike)]
    people = None if codings is None else in_shape("codings", codings).loc[lambda table: table["layer"].isin(_PEOPLES)]
    texts = None if sources is None else in_shape("sources", sources)
    if people is not None:
        found += [*_unused(codes, people), *_of_one_coder(people, readings)]
    if people is not None and texts is not None:
        found += _over_used(codes, people, texts, over_used)
    if texts is not None:
        found += _unsaid_examples(codes, texts)
    order = {code: number for number, code in enumerate(codes["code"])}
    found.sort(key=lambda doubt: (_SEVERITIES.index(doubt[0]), order.get(doubt[1], len(order)), doubt[1:3]))
    return pd.DataFrame(found, columns=list(_COLUMNS)).astype(_COLUMNS)


def _gaps(codes: pd.DataFrame) -> Iterator[Doubt]:
    for row in records(codes):
        for column, (severity, doubt) in _WANTED.items():
            if not row[column].strip():
                yield severity, row["code"], doubt, "", np.nan


def _of_parents(codes: pd.DataFrame) -> Iterator[Doubt]:
    parents = dict(zip(codes["code"], codes["parent"], strict=True))
    for code, doubt in parent_doubts(codes):
        yield SERIOUS, code, doubt, parents[code], np.nan


def _near_names(codes: pd.DataFrame) -> Iterator[Doubt]:
    for one, other in combinations(codes["code"], 2):
        if one.casefold() == other.casefold():
            yield SERIOUS, other, f"its name differs from '{one}' in capitals alone", one, np.nan


def _near_definitions(codes: pd.DataFrame, alike: float) -> Iterator[Doubt]:
    said = codes[codes["definition"].str.strip() != ""]
    names, cosines = said["code"].to_list(), cosines_of(said["definition"].to_list())
    for one, other in zip(*np.triu_indices(len(names), k=1), strict=True):
        if cosines[one, other] >= alike:
            doubt = f"its definition is much like that of '{names[one]}' (cosine {cosines[one, other]:.2f})"
            yield SERIOUS, names[other], doubt, names[one], float(cosines[one, other])


def cosines_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """How alike each two texts are, from 0 to 1, by their weighted words: a row and a column for each text.

    Examples
    --------
    >>> cosines_of(["Too few hours", "too few HOURS", "money"]).round(2).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    counts = [Counter(re.findall(r"\w+", text.casefold())) for text in texts]
    words = {word: number for number, word in enumerate(sorted(set().union(*counts)))}
    weights = np.zeros((len(texts), len(words)))
    for row, counted in enumerate(counts):
        weights[row, [words[word] for word in counted]] = list(counted.values())
    weights *= np.log((1 + len(texts)) / (1 + (weights > 0).sum(axis=0))) + 1
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    weights = np.divide(weights, lengths, out=weights, where=lengths > 0)
    return np.asarray(weights @ weights.T, dtype=np.float64)


def _unused(codes: pd.DataFrame, codings: pd.DataFrame) -> Iterator[Doubt]:
    used = {*codings["code"], *codes["parent"]}
    yield from ((SLIGHT, code, "nobody has used it", "", np.nan) for code in codes["code"] if code not in used)


def _of_one_coder(codings: pd.DataFrame, readings: pd.DataFrame | None) -> Iterator[Doubt]:
    """Codes that only one coder gives, among the sources that another coder has read too."""
    alone = codings[codings["layer"] == INDEPENDENT]
    read = alone if readings is None else in_shape("readings", readings).loc[lambda table: table["finished"] != ""]
    coders = read[read["coder"] != CONSENSUS].groupby("source_id")["coder"].agg(set)
    both = [
        len(coders.get(source, set()) - {coder}) > 0 for source, coder in zip(alone["source_id"], alone["coder"], strict=True)
    ]
    alone = alone[pd.Series(both, index=alone.index, dtype=bool)]
    for code, rows in alone.groupby("code"):
        if len(set(rows["coder"])) == 1 and len(rows) >= _OFTEN:
            doubt = f"only '{rows['coder'].iloc[0]}' gives it, {len(rows)} times, in sources that another coder has read"
            yield MODERATE, str(code), doubt, "", float(len(rows))


def _over_used(codes: pd.DataFrame, codings: pd.DataFrame, sources: pd.DataFrame, most: float) -> Iterator[Doubt]:
    turns = split_turns(sources)
    counts = code_counts(codings, turns, codes)
    anything = code_counts(codings.assign(code="any"), turns, pd.DataFrame({"code": ["any"]}))
    base = int(anything["respondents"].iloc[0])
    for code, many in zip(counts["code"], counts["respondents"], strict=True):
        if base and many / base > most:
            doubt = f"{many} of the {base} respondents who have any code have it: it may hold more than one thing"
            yield MODERATE, code, doubt, "", many / base


def _unsaid_examples(codes: pd.DataFrame, sources: pd.DataFrame) -> Iterator[Doubt]:
    turns = split_turns(sources)
    said = [_plain(" ".join(quotes)) for _, quotes in turns[turns["role"] == "participant"].groupby("source_id")["quote"]]
    for code, example in zip(codes["code"], codes["example"], strict=True):
        pieces = [_plain(piece).strip(" .,;:!?\"'()[]") for piece in _LEFT_OUT.split(example)]
        wanted = [piece for piece in pieces if piece]
        if wanted and not all(any(piece in text for text in said) for piece in wanted):
            yield SLIGHT, code, "no participant said its example in these words", "", np.nan


def _plain(text: str) -> str:
    """The text in small letters with plain quotation marks, dashes and blanks."""
    return " ".join(text.translate(_SIGNS).casefold().split())
