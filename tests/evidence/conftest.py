"""Studies built by hand, and the words of transcripts and answers to put into them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

TABLES = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")


def _table(name, rows):
    return check_table(name, pd.DataFrame(rows)) if rows else empty_table(name)


@pytest.fixture
def make_study():
    """A study from lists of rows, a table each; what `study.toml` would say stands in `settings`."""

    def make(*, settings: Mapping[str, object] | None = None, **tables):
        return Study(
            Path(),
            Settings.model_validate({"title": "Pilot"} | dict(settings or {})),
            **{name: _table(name, tables.get(name)) for name in TABLES},
        )

    return make


@pytest.fixture
def answers():
    """Survey sources of one wave: one a respondent, all with an answer of sixteen letters."""

    def make(*cases, wave="1"):
        return [
            {"source_id": f"{case}/q1/{wave}", "case_id": case, "kind": "survey", "wave": wave, "text": "There is no time"}
            for case in cases
        ]

    return make


@pytest.fixture
def talk():
    """A transcript as a source, from turns of (speaker, role, words), and the place of each turn's words in it."""

    def make(source_id, *turns, kind="interview", case_id=""):
        text, places = "", []
        for speaker, role, words in turns:
            text += f"{speaker} [{role}]\n"
            places.append((len(text), len(text) + len(words)))
            text += f"{words}\n\n"
        said = {"source_id": source_id, "case_id": case_id or source_id, "kind": kind, "wave": "1"}
        return said | {"text": text.removesuffix("\n\n")}, places

    return make


@pytest.fixture
def coded():
    """Codings by AB of the first four letters of sources, from (source_id, code, stance)."""

    def make(*rows, start=0, end=4):
        return [
            {
                "coding_id": f"{source_id} {code} {stance} {start}",
                "source_id": source_id,
                "start": start,
                "end": end,
                "code": code,
                "coder": "AB",
                "layer": "independent",
                "stance": stance,
                "quote": "Ther",
            }
            for source_id, code, stance in rows
        ]

    return make


@pytest.fixture
def spoken(make_study):
    """A study of survey answers that are coded from end to end, from rows of (case, codes) or (case, codes, text)."""

    def make(rows, codebook, *, coder="AB", settings=None, **tables):
        sources, codings = [], []
        for at, (case, codes, *text) in enumerate(rows):
            place = f"A{at:03d}"
            words = text[0] if text else "There is no time"
            about = {"source_id": place, "case_id": case, "kind": "survey", "question": "q1", "wave": "1"}
            sources.append(about | {"text": words})
            span = {"source_id": place, "start": 0, "end": len(words), "quote": words, "layer": "independent", "coder": coder}
            codings += [span | {"coding_id": f"{coder} {place} {code}", "code": code} for code in codes.split()]
        codes = [{"code": code, "theme": theme} for code, theme in codebook.items()]
        tables = {"sources": sources, "codings": codings, "codebook": codes} | tables
        return make_study(settings={"coder": coder} | dict(settings or {}), **tables)

    return make


@pytest.fixture
def renamed():
    """A study in which everybody bears another name, in another order of the alphabet; nothing else is changed."""

    def rename(study, names):
        return replace(
            study,
            sources=study.sources.assign(case_id=study.sources["case_id"].replace(names)),
            cases=study.cases.assign(case_id=study.cases["case_id"].replace(names)),
        )

    return rename
