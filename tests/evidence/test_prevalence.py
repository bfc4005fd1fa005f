import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.evidence.prevalence import prevalence, wilson_interval

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]


@pytest.mark.parametrize(
    ("count", "base", "published"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (0, 10, (0.0, 0.2775)),
    ],
)
def test_wilsons_interval_is_the_published_one(count, base, published):
    assert wilson_interval(count, base) == pytest.approx(published, abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))), st.floats(0.5, 0.999))
def test_wilsons_interval_holds_the_share_lies_in_0_to_1_and_mirrors(numbers, confidence):
    count, base = numbers
    low, high = wilson_interval(count, base, confidence=confidence)
    assert 0 <= low <= count / base <= high <= 1
    mirrored = wilson_interval(base - count, base, confidence=confidence)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-12)


def test_a_share_of_nobody_has_no_interval():
    assert np.isnan(wilson_interval(0, 0)).all()


@pytest.mark.parametrize(("count", "base"), [(-1, 5), (6, 5)])
def test_a_count_beyond_its_base_is_refused(count, base):
    with pytest.raises(TableError, match=f"count: found {count} of 5; expected from 0 to its base"):
        wilson_interval(count, base)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_beyond_0_to_1_is_refused(confidence):
    with pytest.raises(TableError, match="expected a number between 0 and 1"):
        wilson_interval(1, 5, confidence=confidence)


def test_each_respondent_counts_once_and_an_unused_code_stays(make_study, answers, coded):
    codings = coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "no-time", "contradicts"))
    codings += coded(("P1/q1/1", "no-time", "supports"), start=5, end=9)
    study = make_study(sources=answers("P1", "P2", "P3", "P4"), codebook=CODEBOOK, codings=codings)
    table = prevalence(study)
    assert table.drop(columns=["quantifier", "sentence"]).round(4).to_numpy().tolist() == [
        ["no-time", 2, 4, 0.5, 0.15, 0.85],
        ["jargon", 0, 4, 0.0, 0.0, 0.4899],
    ]
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == {
        "code": "str",
        "respondents": "int64",
        "base": "int64",
        "share": "float64",
        "low": "float64",
        "high": "float64",
        "quantifier": "str",
        "sentence": "str",
    }


def test_the_same_respondent_in_two_kinds_of_source_counts_once_in_all_and_once_in_each(make_study, answers, talk, coded):
    interview, [(start, end)] = talk("I1", ("P1", "participant", "No time, ever."), case_id="P1")
    codings = coded(("P1/q1/1", "no-time", "supports")) + coded(("I1", "no-time", "supports"), start=start, end=end)
    study = make_study(sources=[*answers("P1", "P2"), interview], codebook=CODEBOOK[:1], codings=codings)
    assert prevalence(study)[["respondents", "base"]].to_numpy().tolist() == [[1, 2]]
    by_kind = prevalence(study, by="kind")
    assert by_kind[["code", "kind", "respondents", "base", "share"]].to_numpy().tolist() == [
        ["no-time", "interview", 1, 1, 1.0],
        ["no-time", "survey", 1, 2, 0.5],
    ]


def test_a_webinar_is_one_respondent_in_a_group_of_its_own(make_study, answers, talk, coded):
    webinar, places = talk("W1", ("Ann", "participant", "No time."), ("Bob", "participant", "None."), kind="webinar")
    codings = [row for start, end in places for row in coded(("W1", "no-time", "supports"), start=start, end=end)]
    study = make_study(
        sources=[*answers("P1", "P2"), webinar],
        cases=[{"case_id": "P1", "group": "user", "nation": "Wales"}, {"case_id": "P2", "group": "", "nation": ""}],
        codebook=CODEBOOK[:1],
        codings=codings,
    )
    assert prevalence(study, by="group")[["group", "respondents", "base"]].to_numpy().tolist() == [
        ["not stated", 0, 1],
        ["user", 0, 1],
        ["webinar", 1, 1],
    ]
    assert prevalence(study, by="nation")[["nation", "respondents", "base"]].to_numpy().tolist() == [
        ["Wales", 0, 1],
        ["not stated", 1, 2],
    ]


def test_a_source_counts_once_the_counted_coder_has_finished_it(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2", "P3", "P4"),
        codebook=CODEBOOK[:1],
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "no-time", "supports")),
        readings=[
            {"source_id": "P1/q1/1", "coder": "AB", "finished": "2020-09-01"},
            {"source_id": "P2/q1/1", "coder": "AB", "finished": ""},
            {"source_id": "P3/q1/1", "coder": "AB", "finished": "2020-09-01"},
            {"source_id": "P4/q1/1", "coder": "CD", "finished": "2020-09-01"},
        ],
    )
    assert prevalence(study)[["respondents", "base"]].to_numpy().tolist() == [[1, 2]]


def test_a_source_agreed_in_consensus_has_been_read(make_study, answers, coded):
    codings = coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "no-time", "supports"))
    codings[0] |= {"layer": "consensus", "coder": "AB+CD"}
    study = make_study(
        settings={"coder": "AB"},
        sources=answers("P1", "P2", "P3"),
        codebook=CODEBOOK[:1],
        codings=codings,
        readings=[{"source_id": "P3/q1/1", "coder": "AB", "finished": "2020-09-01"}],
    )
    assert prevalence(study)[["respondents", "base"]].to_numpy().tolist() == [[1, 2]]


def test_a_source_that_was_finished_in_consensus_has_been_read_though_nothing_was_found_in_it(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2", "P3"),
        codebook=CODEBOOK[:1],
        codings=coded(("P1/q1/1", "no-time", "supports")),
        readings=[
            {"source_id": "P1/q1/1", "coder": "AB", "finished": "2020-09-01"},
            {"source_id": "P2/q1/1", "coder": "consensus", "finished": "2020-09-01"},
        ],
    )
    assert prevalence(study)[["respondents", "base"]].to_numpy().tolist() == [[1, 2]]


def test_the_coder_named_in_the_settings_is_the_one_who_must_have_finished(make_study, answers, coded):
    codings = coded(("P1/q1/1", "no-time", "supports")) + [
        row | {"coder": "CD", "coding_id": "other"} for row in coded(("P2/q1/1", "no-time", "supports"))
    ]
    study = make_study(
        settings={"coder": "CD"},
        sources=answers("P1", "P2"),
        codebook=CODEBOOK[:1],
        codings=codings,
        readings=[{"source_id": f"{case}/q1/1", "coder": "CD", "finished": "yes"} for case in ("P1", "P2")],
    )
    assert prevalence(study)[["respondents", "base"]].to_numpy().tolist() == [[1, 2]]


def test_blank_answers_are_not_in_the_base(make_study, answers, coded):
    blank = answers("P9")[0] | {"text": "", "reason": "blank"}
    study = make_study(sources=[*answers("P1"), blank], codebook=CODEBOOK[:1], codings=coded(("P1/q1/1", "no-time", "supports")))
    assert prevalence(study)["base"].tolist() == [1]


def test_prompted_waves_are_kept_apart(make_study, answers, coded):
    study = make_study(
        settings={"waves": {"2": {"prompted": True}}},
        sources=answers("P1", "P2") + answers("P3", wave="2"),
        codebook=CODEBOOK[:1],
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P3/q1/2", "no-time", "supports")),
    )
    assert prevalence(study, by="wave")[["wave", "respondents", "base"]].to_numpy().tolist() == [["1", 1, 2]]
    assert prevalence(study, by="wave", prompted=True)[["wave", "respondents", "base"]].to_numpy().tolist() == [["2", 1, 1]]


@pytest.mark.parametrize("by", ["", "kind"])
def test_before_anything_is_coded_the_table_is_empty_with_all_its_columns(make_study, answers, by):
    table = prevalence(make_study(sources=answers("P1"), codebook=CODEBOOK), by=by)
    assert table.empty
    numbers = ["respondents", "base", "share", "low", "high"]
    assert list(table.columns) == ["code", *([by] if by else []), *numbers, "quantifier", "sentence"]


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("colour", "by='colour': found no variable 'colour'; expected one of kind, wave, group, base"),
        ("case_id", "found no variable 'case_id'"),
        ("base", "by='base': found a name that the answer needs itself"),
    ],
)
def test_a_variable_that_cannot_be_counted_by_is_refused(make_study, answers, coded, by, message):
    study = make_study(
        sources=answers("P1"),
        cases=[{"case_id": "P1", "base": "military"}],
        codebook=CODEBOOK,
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    with pytest.raises(TableError, match=message):
        prevalence(study, by=by)
