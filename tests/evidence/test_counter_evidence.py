import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.counter_evidence import counter_evidence, unread_candidates

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]
CLAIM = {"claim_id": "C1", "statement": "time short", "codes": "+no-time", "would_count_against": "plenty"}
SAID = {
    "P1": "we are very short of time",
    "P2": "there is plenty of time here",
    "P3": "time is rather short for us",
    "P4": "the tables are hard to find",
    "P5": "no time",
    "P6": "short of time but well paid",
}
WORDS = ("time", "short", "plenty", "tables")


class Counting:
    """Vectors of how often four words occur."""

    name = "counting"

    def encode(self, texts):
        counts = np.array([[text.split().count(word) for word in WORDS] for text in texts], dtype=np.float32)
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return np.divide(counts, lengths, out=np.zeros_like(counts), where=lengths > 0)


@pytest.fixture
def pilot(make_study):
    def make(claims=(CLAIM,), codings=None, **tables):
        sources = [
            {"source_id": f"S{case}", "case_id": case, "kind": "survey", "wave": "1", "text": text} for case, text in SAID.items()
        ]
        coding = {"coding_id": "1", "source_id": "SP1", "start": 0, "end": 9, "code": "no-time", "coder": "AB"}
        cases = [{"case_id": case, "group": "user" if case != "P6" else "producer"} for case in SAID]
        codings = [coding] if codings is None else codings
        return make_study(sources=sources, cases=cases, codebook=CODEBOOK, claims=list(claims), codings=codings, **tables)

    return make


def near(study, **options):
    table = counter_evidence(study, encoder=Counting(), **options)
    return [(row.near_to, row.rank, row.source_id) for row in table.itertuples()]


def test_the_nearest_passages_that_nobody_coded_for_it_come_first(pilot):
    # P1 is coded, P5 has two words.
    assert near(pilot(), candidates=2) == [
        ("the claim", 1, "SP3"),
        ("the claim", 2, "SP6"),
        ("what would count against it", 1, "SP2"),
        ("what would count against it", 2, "SP3"),
    ]


def test_a_code_of_another_claim_makes_no_difference(pilot):
    codings = [{"coding_id": "1", "source_id": "SP1", "start": 0, "end": 9, "code": "jargon", "coder": "AB"}]
    assert near(pilot(codings=codings), candidates=1)[0] == ("the claim", 1, "SP1")


def test_only_people_in_the_scope_of_a_claim_are_candidates(pilot):
    found = near(pilot([CLAIM | {"scope": "group=producer"}]))
    assert {source for *_, source in found} == {"SP6"}


def test_a_claim_that_does_not_say_what_would_count_against_it_is_searched_once(pilot):
    assert {about for about, *_ in near(pilot([CLAIM | {"would_count_against": ""}]))} == {"the claim"}


def test_a_candidate_that_somebody_read_says_by_whom(pilot):
    event = {"event_id": "1", "at": "2020-10-01", "author": "KL", "kind": "candidate reviewed", "about_type": "candidate",
             "about_id": "C1/SP3:0-27"}  # fmt: skip
    study = pilot(events=[event])
    table = counter_evidence(study, encoder=Counting())
    assert set(table.loc[table["source_id"] == "SP3", "by"]) == {"KL"}
    assert table.groupby("reviewed").size().to_dict() == {"no": 6, "yes": 2}
    told = unread_candidates(table, study.claims)
    assert told[["candidates", "unread"]].to_numpy().tolist() == [[4, 3]]
    assert told.loc[0, "sentence"].endswith("it may not be called supported.")


def test_a_claim_with_nothing_unread_may_be_called_supported(pilot):
    study = pilot([CLAIM | {"scope": "group=nobody"}])
    told = unread_candidates(counter_evidence(study, encoder=Counting()), study.claims).loc[0]
    assert told["sentence"] == "C1: 0 of 0 passages that may speak against it have not been read."


def test_the_encoder_of_the_study_is_taken_where_none_is_given(pilot):
    table = counter_evidence(pilot(settings={"language": {"encoder": "tfidf"}}), candidates=1)
    assert table["source_id"].tolist() == ["SP6", "SP2"]


def test_before_anything_is_coded_there_are_no_candidates(pilot):
    table = counter_evidence(pilot(codings=[]), encoder=Counting())
    assert table.empty
    assert "reviewed" in table.columns


def test_fewer_than_one_candidate_is_refused(pilot):
    with pytest.raises(TableError, match="candidates: found 0; expected at least 1"):
        counter_evidence(pilot(), candidates=0)
