from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.evidence.prevalence import jeffreys_interval, prevalence, wilson_interval
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

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


def test_jeffreys_interval_is_the_published_one_and_mirrors():
    assert jeffreys_interval(0, 20) == pytest.approx((0, 0.1166), abs=5e-5)
    assert jeffreys_interval(20, 20) == pytest.approx((0.8834, 1), abs=5e-5)


def test_jeffreys_interval_of_nobody_is_undefined_and_a_count_beyond_its_base_is_refused():
    assert np.isnan(jeffreys_interval(0, 0)).all()
    with pytest.raises(TableError, match="jeffreys_interval, count: found 6 of 5"):
        jeffreys_interval(6, 5)


def test_the_interval_can_be_chosen_and_an_unknown_one_is_refused(make_study, answers, coded):
    study = make_study(sources=answers("P1", "P2"), codebook=CODEBOOK[:1], codings=coded(("P1/q1/1", "no-time", "supports")))
    table = prevalence(study, interval="jeffreys")
    assert table[["low", "high"]].to_numpy()[0].tolist() == pytest.approx(jeffreys_interval(1, 2))
    with pytest.raises(TableError, match="interval: found 'wald'; expected 'wilson' or 'jeffreys'"):
        prevalence(study, interval="wald")


@pytest.fixture
def two_kinds(make_study, answers, talk, coded):
    """A producer who was interviewed and answered too, a producer and a user who answered."""

    def make(**settings):
        interview, [(start, end)] = talk("I1", ("P1", "participant", "No time, ever."), case_id="P1")
        return make_study(
            settings=settings,
            sources=[*answers("P1", "P2", "U1"), interview],
            cases=[
                {"case_id": "P1", "group": "producer"},
                {"case_id": "P2", "group": "producer"},
                {"case_id": "U1", "group": "user"},
            ],
            codebook=CODEBOOK[:1],
            codings=[
                *coded(("P2/q1/1", "no-time", "supports")),
                *coded(("I1", "no-time", "supports"), start=start, end=end),
            ],
        )

    return make


def test_a_pair_of_variables_gives_a_row_to_each_cell_in_which_somebody_is(two_kinds):
    table = prevalence(two_kinds(), by=("group", "kind"))
    assert table[["code", "group", "kind", "respondents", "base"]].to_numpy().tolist() == [
        ["no-time", "producer", "interview", 1, 1],
        ["no-time", "producer", "survey", 1, 2],
        ["no-time", "user", "survey", 0, 1],
    ]
    assert prevalence(two_kinds(), by=("group",)).equals(prevalence(two_kinds(), by="group"))


def test_a_pair_of_the_same_variable_is_refused(two_kinds):
    with pytest.raises(TableError, match="found a variable twice; expected each variable once"):
        prevalence(two_kinds(), by=("group", "group"))


def test_the_sentence_says_who_was_counted_and_for_whom_the_number_stands(two_kinds):
    table = prevalence(two_kinds(samples={"interview": "purposive"}), by=("group", "kind"))
    assert table.loc[0, "sentence"] == (
        "1 of 1 people interviewed (group producer, kind interview) have a passage with 'no-time': 100%, 95% interval 21% to"
        " 100%; the interval speaks of variation among those we spoke to; it is not an estimate for all."
    )
    assert table.loc[1, "sentence"] == (
        "1 of 2 people who answered the survey (group producer, kind survey) have a passage with 'no-time': 50%, 95% interval 9%"
        " to 91%; study.toml does not say how they were chosen, so the interval is no estimate for anyone but them."
    )


def test_a_word_stands_for_a_share_only_where_the_whole_interval_lies_in_its_band(make_study, answers, coded):
    people = [f"P{number}" for number in range(100)]
    holders = coded(*((f"{person}/q1/1", "no-time", "supports") for person in people[:25]))
    holders += coded(*((f"{person}/q1/1", "jargon", "supports") for person in people[:12]))
    study = make_study(sources=answers(*people), codebook=CODEBOOK, codings=holders)
    table = prevalence(study).set_index("code")
    assert table["quantifier"].tolist() == ["some", ""]
    assert "have a passage with 'no-time': some, 25%, 95% interval 18% to 34%" in table.loc["no-time", "sentence"]
    assert "have a passage with 'jargon': 12%, 95% interval" in table.loc["jargon", "sentence"]


def test_where_nobody_is_counted_the_sentence_says_why_there_is_no_share(make_study, answers, coded):
    study = make_study(
        settings={"waves": {"2": {"prompted": True}}},
        sources=answers("P1"),
        codebook=CODEBOOK[:1],
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    table = prevalence(study, prompted=True, campaigns=True)
    assert table["sentence"].tolist() == ["Nobody has words in a source that has been read, so there is no share."]
    assert table[["share", "share_once"]].isna().all(axis=None)


TEXT_OF_CAMPAIGN = "Please publish the figures for every ward in the country every single year"


@pytest.fixture
def campaign(make_study, coded):
    """Five who answer two questions: three sent in one text, of whom C also has words of C's own, as have D and E."""
    texts = {
        "A/q1": TEXT_OF_CAMPAIGN,
        "B/q1": f"{TEXT_OF_CAMPAIGN}!",
        "C/q1": TEXT_OF_CAMPAIGN.upper(),
        "C/q2": "Nobody rings back.",
        "D/q2": "No time.",
        "E/q1": "It is hard to find.",
    }
    sources = [
        {"source_id": source, "case_id": source[0], "kind": "survey", "wave": "1", "text": text} for source, text in texts.items()
    ]
    cases = [
        {"case_id": case, "group": group} for case, group in zip("ABCDE", ("user", "user", "both", "user", "both"), strict=True)
    ]
    codings = coded(("B/q1", "jargon", "supports"), ("C/q1", "jargon", "supports"), ("D/q2", "no-time", "supports"))
    return make_study(sources=sources, cases=cases, codebook=CODEBOOK, codings=codings)


def test_copies_of_a_text_are_counted_both_ways(campaign):
    table = prevalence(campaign, campaigns=True)
    columns = ["code", "respondents", "base", "respondents_once", "base_once", "share_once"]
    # A stands for all who sent the text; C stays for what C said besides.
    assert table[columns].to_numpy().tolist() == [["no-time", 1, 5, 1, 4, 0.25], ["jargon", 2, 5, 1, 4, 0.25]]
    assert table.loc[1, "sentence"].endswith("With the copies of a campaign counted as one: 1 of 4 (25%).")
    assert table.drop(columns=[name for name in table if name.endswith("_once") or name == "sentence"]).equals(
        prevalence(campaign).drop(columns="sentence")
    )


def test_a_campaign_is_counted_once_in_each_cell(campaign):
    table = prevalence(campaign, by="group", campaigns=True)
    columns = ["code", "group", "respondents", "base", "respondents_once", "base_once"]
    assert table.loc[table["code"] == "jargon", columns].to_numpy().tolist() == [
        ["jargon", "both", 1, 2, 1, 2],
        ["jargon", "user", 1, 3, 1, 2],
    ]


def test_a_column_of_the_answer_cannot_be_a_variable(make_study, answers):
    study = make_study(sources=answers("P1"), cases=[{"case_id": "P1", "sentence": "short"}], codebook=CODEBOOK)
    with pytest.raises(TableError, match="by='sentence': found a name that the answer needs itself"):
        prevalence(study, by=("kind", "sentence"))


@settings(max_examples=20)
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter_for_campaigns(order):
    texts = [TEXT_OF_CAMPAIGN, f"{TEXT_OF_CAMPAIGN}!", TEXT_OF_CAMPAIGN.upper(), "Nobody rings.", "No time.", "Hard to find."]
    sources = pd.DataFrame(
        {"source_id": [f"S{n}" for n in range(6)], "case_id": [f"P{n}" for n in range(6)], "kind": "survey", "text": texts}
    )
    codings = pd.DataFrame(
        {"coding_id": ["1", "2"], "source_id": ["S1", "S4"], "start": 0, "end": 2, "code": "no-time", "coder": "AB"}
    )
    given_tables = {"codebook": pd.DataFrame(CODEBOOK[:1]), "codings": codings, "sources": sources.iloc[order]}
    tables = {name: check_table(name, rows) for name, rows in given_tables.items()}
    empty = {name: empty_table(name) for name in ("cases", "readings", "memos", "claims", "events")}
    study = Study(Path(), Settings(title="Pilot"), **tables, **empty)
    assert prevalence(study, campaigns=True)[["respondents", "respondents_once", "base_once"]].to_numpy().tolist() == [[2, 2, 4]]
