from dataclasses import replace

import pandas as pd
import pytest

from engagement_lib.coding.page.model import fold_study, source_model
from engagement_lib.errors import TableError
from engagement_lib.tables import check_table, records


def test_a_source_that_the_study_has_not_is_named(study):
    with pytest.raises(TableError, match="no source 'P77'"):
        source_model(study, "P77")


def test_every_sign_of_a_turn_stands_in_a_sentence(study):
    for name in study.sources.loc[study.sources["text"] != "", "source_id"]:
        source = source_model(study, name)
        for turn in source["turns"]:
            inside = "".join(source["text"][start:end] for start, end in turn["sentences"])
            assert "".join(inside.split()) == "".join(source["text"][turn["start"] : turn["end"]].split())


def test_an_answer_is_one_turn_without_a_speaker(study):
    (turn,) = source_model(study, "S1/gaps")["turns"]
    assert (turn["speaker"], turn["time"], turn["evidence"], turn["sentences"]) == ("", None, True, [[0, 27]])


def test_a_turn_of_signs_alone_is_a_sentence(study):
    sources = study.sources.assign(text=study.sources["text"].where(study.sources["source_id"] != "S1/gaps", "🙂"))
    (turn,) = source_model(replace(study, sources=sources), "S1/gaps")["turns"]
    assert turn["sentences"] == [[0, 1]]


def test_the_study_s_files_and_its_store_are_folded_together(study, make_desk):
    row = {"coding_id": "c1", "source_id": "P01", "start": 97, "end": 106, "code": "jargon", "coder": "AB", "quote": "Honestly?"}
    with_file = replace(study, codings=check_table("codings", pd.DataFrame([row | {"layer": "independent"}])))
    make_desk().answer({"kind": "code", "id": "coding-2", "source_id": "P01", "start": 97, "end": 106, "code": "no-time"})
    tables, log = fold_study(with_file)
    assert [row["coding_id"] for row in records(tables["codings"])] == ["c1", "coding-2"]
    assert len(log) == 1
