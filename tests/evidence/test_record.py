import json

import pytest

from engagement_lib.evidence.record import evidence_record, write_evidence

CODEBOOK = [{"code": "no-time"}]
CLAIM = {"claim_id": "C1", "theme": "capability", "statement": "Time is short.", "codes": "+no-time"}


@pytest.fixture
def study(make_study, answers, coded):
    codings = coded(*((f"P{at}/q1/1", "no-time", "supports") for at in range(6)))
    silent = {"claim_id": "C2", "statement": "Nobody hears back.", "codes": "", "scope": "group=producer"}
    return make_study(sources=answers(*(f"P{at}" for at in range(9))), codebook=CODEBOOK, claims=[CLAIM, silent], codings=codings)


def test_a_claim_stands_with_all_that_is_known_of_it(study):
    first = evidence_record(study)["claims"][0]
    assert first["appraisal"]["supporting"] == 6
    assert first["verdict"]["verdict"] == "not yet confirmed"
    assert first["register"]["registered"] == "not registered"
    assert first["confidence"]["relevance"] == "serious"
    assert [cell["reading"] for cell in first["cells"]] == ["agreement"]
    assert first["fragility"] == 2
    assert {row["variation"] for row in first["without"]} == {"without one respondent"}


def test_what_is_undefined_is_null_and_nothing_is_a_quotation(study):
    record = evidence_record(study)
    assert record["claims"][1]["appraisal"]["share"] is None
    assert "There is no time" not in json.dumps(record)


def test_the_file_reads_back_as_the_record(study, tmp_path):
    path = write_evidence(study, tmp_path / "evidence.json")
    assert json.loads(path.read_text(encoding="utf-8")) == evidence_record(study)
    assert write_evidence(study, tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_before_anything_is_coded_the_claims_stand_alone(make_study, answers):
    record = evidence_record(make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM]))
    assert record["claims"][0]["appraisal"] is None
    assert record["claims"][0]["fragility"] is None
