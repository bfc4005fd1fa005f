"""What codings add up to: respondents by code, segments by code, codes on the same passages, and the passages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import case_values, in_order, in_shape, most_shared, overlapping, respondents
from engagement_lib.coding.relations import INSIDE, OVERLAP, related
from engagement_lib.segments import split_turns
from engagement_lib.tables import COUNT, NUMBER, TEXT, empty_table, records

_COUNTS: Final = ["codings", "segments", "sources", "respondents"]
_SPAN: Final = ["source_id", "start", "end"]
_PASSAGE: Final = {
    "coding_id": TEXT, "source_id": TEXT, "start": COUNT, "end": COUNT, "code": TEXT, "coder": TEXT, "case_id": TEXT,
    "speaker": TEXT, "role": TEXT, "left": TEXT, "quote": TEXT, "right": TEXT,
}  # fmt: skip


def code_counts(codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """How many respondents have each code, one row a code of the codebook, unused ones too.

    Only participants' words count: a coding that touches no participant's segment is left out, and so is one whose code
    the codebook lacks. Give codings of one layer, such as `counted_codings(study)`, since all that are given count alike.

    Returns
    -------
    DataFrame
        `code`, `theme`; `codings`, the `segments` that they touch, the `sources` of these and the `respondents` behind them (a
        webinar is one); `base`, the respondents in the segments; `share`, respondents / base; `reason`, why share is NaN.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1", "P2"], "start": [0, 0], "end": [9, 9], "case_id": ["P1", "P2"],
    ...                       "role": ["participant", "participant"]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [2], "end": [5], "code": ["time"],
    ...                         "coder": ["AB"]})
    >>> counts = code_counts(codings, turns, pd.DataFrame({"code": ["time", "money"]}))
    >>> counts[["code", "respondents", "base", "share"]].values.tolist()
    [['time', 1, 2, 0.5], ['money', 0, 2, 0.0]]
    """
    turns, codes = _participants(segments), in_shape("codebook", codebook)
    touched = _touched(codings, turns).groupby("code")
    counts = touched.agg(
        codings=("coding", "nunique"), segments=("segment", "nunique"), sources=("source_id", "nunique"),
        respondents=("respondent", "nunique"),
    )  # fmt: skip
    table = codes[["code", "theme"]].join(counts.reindex(codes["code"], fill_value=0).reset_index(drop=True))
    base = turns["respondent"].nunique()
    table = table.assign(base=base, share=table["respondents"] / base if base else np.nan)
    table["reason"] = "" if base else "no participant in the segments"
    return table.astype(dict.fromkeys([*_COUNTS, "base"], COUNT) | {"share": NUMBER, "reason": TEXT})


def code_matrix(codings: pd.DataFrame, segments: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Whether each segment has each code: one row a segment, whoever speaks, and one column a code of the codebook.

    A segment has a code when it shares a character with a coding of it. Rows are indexed by source_id, start, end, in the order
    of the segments; columns stand in that of the codebook, which leaves out codings of other codes.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1", "P1"], "start": [0, 9], "end": [9, 20]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [2], "end": [9], "code": ["time"],
    ...                         "coder": ["AB"]})
    >>> code_matrix(codings, turns, pd.DataFrame({"code": ["time", "money"]})).values.tolist()
    [[True, False], [False, False]]
    """
    codings, segments = in_shape("codings", codings), in_shape("segments", segments)
    codes = pd.Index(in_shape("codebook", codebook)["code"], name="code")
    column = codes.get_indexer(codings["code"])
    coding, segment = overlapping(codings, segments)
    known = column[coding] >= 0
    has = np.zeros((len(segments), len(codes)), dtype=bool)
    has[segment[known], column[coding[known]]] = True
    return pd.DataFrame(has, index=pd.MultiIndex.from_frame(segments[_SPAN]), columns=codes)


def code_overlaps(
    codings: pd.DataFrame,
    codebook: pd.DataFrame,
    *,
    relation: str = OVERLAP,
    words: int = 10,
    sources: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How often two codes fall on the same words, or lie so to each other, one row for each two codes of the codebook, zeros too.

    Give codings of one layer; those whose code the codebook lacks are left out.

    Parameters
    ----------
    relation
        "overlap": a passage of either shares a character with one of the other. "equal": both are the same stretch. "inside": one
        of `code` lies in a longer one of `other`; there is then a row for either order. "near": the passages share nothing, and
        at most so many `words` are spoken between them, by whomever.
    sources
        The study's texts, wanted for "near" alone.

    Returns
    -------
    DataFrame
        `code`, `other` (later in the codebook, unless the relation is "inside"), `passages` (the pairs of a coding of either that
        are so related) and the `sources` in which they lie.

    Raises
    ------
    TableError
        Where there is no such relation, "near" is asked for without the texts, or `words` is below 0.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["1", "2"], "source_id": ["P1", "P1"], "start": [2, 4], "end": [9, 12],
    ...                         "code": ["time", "money"], "coder": ["AB", "AB"]})
    >>> code_overlaps(codings, pd.DataFrame({"code": ["money", "time"]})).values.tolist()
    [['money', 'time', 1, 1]]
    """
    codings = in_shape("codings", codings)
    codes = pd.Index(in_shape("codebook", codebook)["code"])
    place = codes.get_indexer(codings["code"])
    one, other = related(codings, relation, words=words, sources=sources)
    ordered = (place[one] >= 0) & (place[other] >= 0) & (place[one] != place[other])
    if relation != INSIDE:
        ordered &= place[one] < place[other]
    one, other = one[ordered], other[ordered]
    pairs = pd.DataFrame({"one": place[one], "other": place[other], "source": codings["source_id"].to_numpy()[one]})
    counts = pairs.groupby(["one", "other"])["source"].agg(["size", "nunique"])
    either = ~np.eye(len(codes), dtype=bool)
    first, second = np.nonzero(either if relation == INSIDE else np.triu(either))
    counts = counts.reindex(pd.MultiIndex.from_arrays([first, second]), fill_value=0)
    table = pd.DataFrame({"code": codes[first], "other": codes[second]})
    return table.assign(passages=counts["size"].to_numpy(np.int64), sources=counts["nunique"].to_numpy(np.int64))


def code_by_case(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    cases: pd.DataFrame,
    variable: str,
    *,
    scale: Sequence[str] = (),
    codebook: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How many respondents of each kind have each code, one row a code and value of a variable of the cases.

    Only participants' words count. Codes are those of the codings by the alphabet, or those of the `codebook` in its order,
    unused ones too; values those of the respondents in the segments, so that each has a base. A case that says nothing, or that
    there is no row for, is "not stated"; a webinar, which is one respondent, has the group "webinar". The variables "kind" and
    "wave" are those of the segments. The values of a `scale` come in its order.

    Returns
    -------
    DataFrame
        `code`, `value`, `respondents`, `base` (respondents of this value in the segments) and `share`, by code and value.

    Raises
    ------
    TableError
        Where the cases have no such variable.

    Examples
    --------
    >>> turns = pd.DataFrame({"source_id": ["P1", "U1"], "start": [0, 0], "end": [9, 9], "case_id": ["P1", "U1"],
    ...                       "role": ["participant", "participant"]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [2], "end": [5], "code": ["time"],
    ...                         "coder": ["AB"]})
    >>> cases = pd.DataFrame({"case_id": ["P1", "U1"], "group": ["producer", "user"]})
    >>> code_by_case(codings, turns, cases, "group").values.tolist()
    [['time', 'producer', 1, 1, 1.0], ['time', 'user', 0, 1, 0.0]]
    """
    turns = _participants(segments)
    turns = turns.assign(value=case_values(turns, in_shape("cases", cases), variable))
    touched = _touched(codings, turns)
    touched["value"] = turns["value"].to_numpy()[touched["segment"]]
    base = turns.groupby("value")["respondent"].nunique()
    codes = sorted(set(codings["code"])) if codebook is None else list(in_shape("codebook", codebook)["code"])
    rows = pd.MultiIndex.from_product([codes, in_order(base.index, scale)], names=["code", "value"])
    counts = touched.groupby(["code", "value"])["respondent"].nunique().reindex(rows, fill_value=0)
    table = counts.rename("respondents").reset_index()
    table["base"] = table["value"].map(base)
    table["share"] = table["respondents"] / table["base"]
    return table.astype({"code": TEXT, "value": TEXT, "respondents": COUNT, "base": COUNT, "share": NUMBER})


def find_passages(
    codings: pd.DataFrame,
    sources: pd.DataFrame,
    code: str | Sequence[str],
    *,
    context: int = 60,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The passages with a code, in the order of their place, with who speaks and so many characters of context on either side.

    Codings of sources that are not given are left out.

    Parameters
    ----------
    code
        One code, or several, such as a code and those below it.
    cases
        Whose variables are to stand beside each passage.

    Returns
    -------
    DataFrame
        coding_id, source_id, start, end, code, coder; case_id, speaker and role of who says most of it, "" where nobody does;
        left, quote, right; then the variables of the cases. The context is the text as it stands, and may reach into what another
        speaker says.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "kind": ["comment"], "text": ["We never have the time."]})
    >>> codings = pd.DataFrame({"coding_id": ["1"], "source_id": ["P1"], "start": [3], "end": [13], "code": ["time"],
    ...                         "coder": ["AB"]})
    >>> find_passages(codings, sources, "time", context=9)[["left", "quote", "right"]].values.tolist()
    [['We ', 'never have', ' the time']]
    """
    codings, sources = in_shape("codings", codings), in_shape("sources", sources)
    texts = dict(zip(sources["source_id"], sources["text"], strict=True))
    wanted = codings["code"].isin([code] if isinstance(code, str) else list(code))
    mine = codings[wanted & codings["source_id"].isin(texts)].sort_values([*_SPAN, "code", "coding_id"], ignore_index=True)
    turns = split_turns(sources[sources["source_id"].isin(mine["source_id"])])
    turns = turns.assign(respondent=respondents(turns)).reindex(most_shared(mine, turns)).reset_index(drop=True)
    rows = []
    for coding in records(mine):
        text, start, end = texts[coding["source_id"]], coding["start"], coding["end"]
        rows.append((text[max(0, start - context) : start], text[start:end], text[end : end + context]))
    words = pd.DataFrame(rows, columns=["left", "quote", "right"])
    people = turns[["case_id", "speaker", "role"]].fillna("")
    passages = pd.concat([mine.drop(columns="quote"), people, words], axis=1)[list(_PASSAGE)].astype(_PASSAGE)
    known = empty_table("cases")[["case_id"]] if cases is None else in_shape("cases", cases)
    return passages.assign(**{str(name): case_values(turns, known, str(name)) for name in known.columns if name != "case_id"})


def _participants(segments: pd.DataFrame) -> pd.DataFrame:
    """Participants' segments, with who stands behind each."""
    turns = in_shape("segments", segments)
    turns = turns[turns["role"] == "participant"].reset_index(drop=True)
    return turns.assign(respondent=respondents(turns))


def _touched(codings: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """One row for each coding and segment that share a character: their positions, the code, the source and the respondent."""
    codings = in_shape("codings", codings)
    coding, segment = overlapping(codings, turns)
    of_segment = turns[["source_id", "respondent"]].iloc[segment].reset_index(drop=True)
    return of_segment.assign(coding=coding, segment=segment, code=codings["code"].to_numpy()[coding])
