import numpy as np
import pytest

from engagement_lib.evidence.confidence import confidence, confidence_rule
from engagement_lib.settings import Settings

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]
CLAIM = {"claim_id": "C1", "theme": "capability", "statement": "Time is short.", "codes": "+no-time"}
PEOPLE = [f"P{number:02}" for number in range(40)]


@pytest.fixture
def pilot(make_study, answers):
    """Forty people who answered and twelve who were interviewed; the first twelve of each support C1."""

    def make(*, supporters=12, against=0, interviews=12, second_coder=True, slips=2, events=None, claim=CLAIM, readings=True):
        sources = [row | {"question": "barriers"} for row in answers(*PEOPLE)]
        talks = [f"I{number:02}" for number in range(interviews)]
        text = "P [participant]\nThere is no time"
        sources += [{"source_id": name, "case_id": name, "kind": "interview", "wave": "1", "text": text} for name in talks]
        said = [(f"{case}/q1/1", 0, 16, "supports") for case in PEOPLE[:supporters]]
        said += [(f"{case}/q1/1", 0, 16, "contradicts") for case in PEOPLE[supporters : supporters + against]]
        said += [(name, 16, 32, "supports") for name in talks if supporters]
        codings = [
            {"coding_id": f"{coder}{at}", "source_id": source, "start": start, "end": end, "code": "no-time", "coder": coder,
             "stance": stance, "quote": "There is no time"}
            for coder in ("AB", "CD")[: 1 + second_coder]
            for at, (source, start, end, stance) in enumerate(said)
            if coder == "AB" or at >= 2 * slips or at % 2
        ]  # fmt: skip
        names = [source["source_id"] for source in sources]
        read = [{"source_id": name, "coder": coder, "finished": "2020-09-01"} for coder in ("AB", "CD") for name in names]
        return make_study(
            settings={"coder": "AB", "asked": {"barriers": ("C1",), "interview": ("C1",)}},
            sources=sources,
            codebook=CODEBOOK,
            claims=[claim],
            codings=codings,
            readings=read[: len(read) // (2 - second_coder)] if readings else None,
            events=events,
        )

    return make


def row_of(study):
    return confidence(study).loc[0]


def test_broad_support_by_coders_who_agree_raises_no_concern(pilot):
    row = row_of(pilot())
    numbers = ["supporting", "base", "kinds", "cells", "cells_agreeing"]
    assert row[numbers].tolist() == [24, 52, 2, 2, 2]
    assert row["effective_kinds"] == pytest.approx(2.0)
    assert row["words_per_passage"] == 4
    assert row["double_coded"] == 1.0
    assert row["alpha_low"] < 1
    assert row[["coherence", "adequacy", "relevance"]].tolist() == ["none"] * 3


@pytest.mark.parametrize(
    ("changes", "component", "concern"),
    [
        ({"second_coder": False}, "methods", "moderate"),
        ({"slips": 12}, "methods", "serious"),
        ({"against": 8}, "coherence", "moderate"),
        ({"against": 28}, "coherence", "serious"),
        ({"supporters": 9, "interviews": 0, "slips": 0}, "adequacy", "moderate"),
        ({"supporters": 4, "interviews": 0, "slips": 0}, "adequacy", "serious"),
        ({"interviews": 0}, "relevance", "serious"),
    ],
)
def test_each_weakness_raises_its_concern(pilot, changes, component, concern):
    assert row_of(pilot(**changes))[component] == concern


def test_a_kind_of_source_that_was_asked_and_is_silent_is_a_concern(pilot, make_study):
    study = pilot()
    lone = {"source_id": "M1", "case_id": "M1", "kind": "comment", "wave": "1", "text": "Nothing to add."}
    settings = study.settings.model_copy(update={"asked": study.settings.asked | {"comment": ("C1",)}})
    more = make_study(
        settings=settings.model_dump(),
        sources=[*study.sources.to_dict("records"), lone],
        codebook=CODEBOOK,
        claims=[CLAIM],
        codings=study.codings.to_dict("records"),
    )
    assert row_of(more)["relevance"] == "moderate"


def test_the_rating_goes_down_a_step_for_a_moderate_concern_and_two_for_a_serious_one(pilot):
    row = row_of(pilot(second_coder=False, against=8))
    assert row[["methods", "coherence", "adequacy", "relevance"]].tolist() == ["moderate", "moderate", "none", "none"]
    assert row["proposed"] == "low"
    assert row["sentence"] == (
        "C1: low confidence proposed; concerns: moderate in methods, moderate in coherence. Not yet confirmed."
    )
    assert row_of(pilot(interviews=0, supporters=1, slips=0))["proposed"] == "very low"


def test_a_person_confirms_with_a_reason_and_not_without(pilot):
    event = {"event_id": "1", "at": "2020-10-01", "author": "KL", "kind": "confidence confirmed", "about_type": "claim",
             "about_id": "C1", "value": "moderate", "reason": "Few of them manage anybody."}  # fmt: skip
    row = row_of(pilot(events=[event]))
    assert row[["rating", "basis", "at"]].tolist() == ["moderate", "confirmed by KL", "2020-10-01"]
    assert row["sentence"].endswith("Confirmed by KL as moderate: Few of them manage anybody.")
    assert row_of(pilot(events=[event | {"reason": ""}]))["rating"] == "not yet confirmed"


def test_a_claim_about_one_group_takes_the_coverage_of_that_group(pilot):
    row = row_of(pilot(claim=CLAIM | {"scope": "group=not stated"}))
    assert row["coverage"] == row_of(pilot())["coverage"]
    assert np.isnan(row_of(pilot(claim=CLAIM | {"scope": "group=nobody"}))["coverage"])


def test_before_anything_is_coded_there_are_no_rows(make_study, answers):
    table = confidence(make_study(sources=answers("P1"), codebook=CODEBOOK, claims=[CLAIM]))
    assert table.empty
    assert "proposed" in table.columns


def test_the_rule_is_printed_with_the_thresholds_of_the_study():
    rule = confidence_rule(Settings(title="Pilot", confidence={"respondents_serious": 7}))
    assert rule["component"].tolist() == ["methods", "coherence", "adequacy", "relevance"]
    assert rule.loc[2, "serious"] == "fewer than 7 respondents support it"
