"""Who was asked about what, as `study.toml` says: silence is a finding only where somebody was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

import pandas as pd

from engagement_lib.errors import Problem
from engagement_lib.evidence.claims import parse_claim_codes
from engagement_lib.evidence.respondents import eligible_respondents
from engagement_lib.tables import KINDS, Study, records

EVERYTHING: Final = "*"
_FILE: Final = "study.toml"
_PUT: Final = ["respondent", "kind", "wave", "topic"]


def topics_put(study: Study, *, prompted: bool = False) -> pd.DataFrame:
    """What was put to whom, one row a `respondent`, `kind` of source, `wave` and `topic`: a question, or the kind for a talk.

    The questions of a survey count as put to everybody who has words in an answer to one of them that has been read, also where
    they left the others blank; the talk in an interview, webinar or comment to those who speak in one that has been read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> said = {"source_id": ["S1/time", "S1/else"], "case_id": "S1", "kind": "survey", "question": ["time", "else"],
    ...         "text": ["There is no time.", ""], "reason": ["", "blank"]}
    >>> names = ("cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> tables = {name: empty_table(name) for name in names}
    >>> study = Study(Path(), Settings(title="Pilot"), check_table("sources", pd.DataFrame(said)), **tables)
    >>> topics_put(study)[["respondent", "topic"]].values.tolist()
    [['S1', 'else'], ['S1', 'time']]
    """
    eligible = eligible_respondents(study, prompted=prompted)
    topics = study.sources["question"].where(study.sources["question"] != "", study.sources["kind"])
    put = study.sources[["source_id", "case_id", "kind", "wave"]].assign(topic=topics)
    asked = put[put["kind"] == "survey"].rename(columns={"case_id": "respondent"})[["respondent", "kind", "wave", "topic"]]
    people = eligible[["respondent", "kind", "wave"]].drop_duplicates()
    # Through the source too: a survey without cases knows its respondents by nothing else.
    heard = eligible.merge(put[["source_id", "topic"]], on="source_id")[_PUT]
    return (
        pd.concat([people.merge(asked, on=["respondent", "kind", "wave"])[_PUT], heard])
        .drop_duplicates()
        .sort_values(_PUT, ignore_index=True)
    )


def topics_of_claims(study: Study) -> dict[str, list[str]]:
    """The questions, or kinds of source, that asked about each claim: by its id, its theme, one of its codes, or everything."""
    found = {}
    for claim in records(study.claims):
        bears = {claim["claim_id"], claim["theme"], EVERYTHING, *parse_claim_codes(claim["codes"], claim_id=claim["claim_id"])}
        found[claim["claim_id"]] = [topic for topic, about in study.settings.asked.items() if bears & {*about} - {""}]
    return found


def check_asked(study: Study, *, unread: Collection[str] = ()) -> Iterator[Problem]:
    """What `[asked]` names and the study lacks: a question or kind, or a claim, theme or code where these could be read."""
    settings = study.settings
    questions = [*settings.questions, *(name for survey in settings.surveys for name in survey.questions)]
    topics = [*KINDS, *dict.fromkeys(questions)]
    columns = (study.claims["claim_id"], study.claims["theme"], study.codebook["theme"], study.codebook["code"])
    names = [EVERYTHING, *(name for column in columns for name in column.unique() if name)]
    for topic, about in settings.asked.items():
        place = f"key 'asked.{topic}'"
        if topic not in topics:
            expected = f"one of {', '.join(topics)}"
            yield Problem(_FILE, place, f"'{topic}'", expected, _near(topic, topics))
        for name in about:
            if name not in names and not {settings.claims, settings.codebook} & set(unread):
                yield Problem(_FILE, place, f"'{name}'", "a claim, theme or code of the study, or '*'", _near(name, names))


def _near(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"Did you mean '{near[0]}'?" if near else "Mend the name, or take it out."
