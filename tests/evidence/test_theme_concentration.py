import numpy as np
import pandas as pd
import pytest

from engagement_lib.evidence.theme_concentration import effective_number, theme_concentration

CODEBOOK = {"no-time": "culture", "skill": "capability", "late": "outside"}
FRAME = {"frame": {"themes": ("culture", "capability")}}
STABLE = {"stability": 0.8, "null": 0.3}


def assigned(study, theme_ids):
    places = study.sources[["source_id"]].assign(start=0, end=study.sources["text"].str.len())
    return places.assign(theme_id=theme_ids)


def stability_of(**numbers):
    return pd.DataFrame([{"theme_id": "T1"} | STABLE | numbers])


@pytest.fixture
def outsiders(make_study, answers, talk, coded):
    """Ten people in two kinds of source, of whom so many are coded outside the frame and so many within."""

    def make(outside=0, within=0, **settings):
        sources, starts = [], []
        for at in range(10):
            if at % 2:
                source, [(start, _)] = talk(f"I{at}", ("P", "participant", "There is no time"), case_id=f"P{at}")
            else:
                [source], start = answers(f"P{at}"), 0
            sources.append(source | {"question": f"q{at}" if source["kind"] == "survey" else ""})
            starts.append(start)
        codes = ["late"] * outside + ["skill"] * within
        codings = [
            row
            for source, start, code in zip(sources, starts, codes, strict=False)
            for row in coded((source["source_id"], code, "supports"), start=start, end=start + 4)
        ]
        study = make_study(
            sources=sources,
            codings=codings,
            codebook=[{"code": code, "theme": theme} for code, theme in CODEBOOK.items()],
            settings=FRAME | settings,
        )
        places = [(source["source_id"], start, start + 16, "T1") for source, start in zip(sources, starts, strict=True)]
        return study, pd.DataFrame(places, columns=["source_id", "start", "end", "theme_id"])

    return make


def test_equal_shares_are_as_effective_as_they_are_many():
    assert effective_number(np.array([3.0, 3.0, 3.0])) == pytest.approx(3)
    assert effective_number(np.array([8.0, 1.0, 1.0])) == pytest.approx(100 / 66)


def test_each_theme_has_its_voices_and_its_place_in_the_frame(spoken):
    rows = [("P1", "no-time"), ("P1", "no-time late"), ("P1", ""), ("P2", "late"), ("P3", "skill")]
    study = spoken(rows, CODEBOOK, settings=FRAME)
    table = theme_concentration(study, assigned(study, ["T1", "T1", "T1", "T1", "T2"]))
    numbers = ["segments", "respondents", "kinds", "largest_share", "largest_topic_share", "frame_share", "outside_share"]
    assert table[["theme_id", *numbers]].to_numpy().tolist() == [
        ["T1", 4, 2, 1, 0.75, 1.0, 0.5, 0.25],
        ["T2", 1, 1, 1, 1.0, 1.0, 1.0, 0.0],
    ]
    assert table["effective_respondents"].tolist() == pytest.approx([1.6, 1])
    assert table["uncoded_share"].tolist() == [0.25, 0.0]
    assert table[["nearest", "nearest_share", "largest_topic"]].to_numpy().tolist() == [
        ["culture", 0.5, "q1"],
        ["capability", 1.0, "q1"],
    ]
    assert table["beware"][0] == "as few voices as 1.6 equal ones; one respondent gives 75%; 100% stand under q1"
    assert table["sentence"][0] == (
        "T1: 4 segments of 2 respondents, the frame holds 50%, other codes 25%, no code 25%."
        " Beware: as few voices as 1.6 equal ones; one respondent gives 75%; 100% stand under q1."
    )


def test_a_theme_that_is_a_campaign_says_so(spoken):
    text = "please publish figures for every ward in every town each year"
    rows = [*((f"P{number}", "late", f"{text} {number}") for number in range(6)), ("P7", "late", "Something else was said")]
    study = spoken(rows, CODEBOOK, settings=FRAME)
    row = theme_concentration(study, assigned(study, ["T1"] * 7)).iloc[0]
    assert row["copied_share"] == pytest.approx(6 / 7)
    assert "86% lie in copies of one text" in row["beware"]


def test_a_gap_needs_people_kinds_of_source_and_stability(outsiders):
    study, table = outsiders(outside=9, within=1)
    row = theme_concentration(study, table, stability=stability_of()).iloc[0]
    assert (row["gap"], row["because"], row["nearest"], row["beware"]) == ("outside the frame, in the codebook", "", "late", "")
    assert row["sentence"].endswith(
        " It lies outside the frame, in the codebook, most of it under 'late': a person should name it."
    )


def test_what_no_code_holds_is_a_gap_of_another_sort(outsiders):
    study, table = outsiders(within=1)
    row = theme_concentration(study, table, stability=stability_of()).iloc[0]
    assert row["gap"] == "outside the frame, without a code"
    assert row["sentence"].endswith(" It lies outside the frame, without a code: a person should name it.")


def test_what_the_frame_holds_is_no_gap(outsiders):
    study, table = outsiders(outside=8, within=2)
    row = theme_concentration(study, table, stability=stability_of()).iloc[0]
    assert (row["frame_share"], row["gap"], row["because"]) == (0.2, "", "")


@pytest.mark.parametrize(
    ("stability", "because"),
    [
        (None, "its stability is not known"),
        (pd.DataFrame(columns=["theme_id", "stability", "null"]), "its stability is not known"),
        (stability_of(stability=float("nan")), "its stability is not known"),
        (stability_of(stability=0.55), "its stability is 0.55, below 0.6"),
        (stability_of(stability=0.7, null=0.7), "it is no more stable than chance makes"),
    ],
)
def test_a_theme_that_may_be_chance_is_no_gap(outsiders, stability, because):
    study, table = outsiders(outside=10)
    row = theme_concentration(study, table, stability=stability).iloc[0]
    assert (row["gap"], row["because"]) == ("", because)
    assert row["sentence"].endswith(f" It lies outside the frame, but is not called a gap: {because}.")


def test_the_people_and_kinds_that_a_gap_needs_are_those_of_a_verdict(outsiders):
    study, table = outsiders(outside=10, verdicts={"min_respondents": 11, "min_kinds": 3})
    row = theme_concentration(study, table, stability=stability_of()).iloc[0]
    assert row["because"] == "fewer than 11 respondents; fewer than 3 kinds of source"


def test_of_two_topics_with_as_many_segments_the_first_by_name_is_shown(spoken):
    study = spoken([("P1", ""), ("P2", "")], CODEBOOK)
    study.sources["question"] = ["b", "a"]
    row = theme_concentration(study, assigned(study, ["T1", "T1"])).iloc[0]
    assert (row["largest_topic"], row["nearest"], row["nearest_share"]) == ("a", "", 0)


def test_without_assignments_there_are_no_rows_but_all_columns(spoken):
    study = spoken([("P1", "")], CODEBOOK)
    empty = theme_concentration(study, assigned(study, ["T1"]).head(0))
    assert empty.empty
    assert empty.dtypes.to_dict() == theme_concentration(study, assigned(study, ["T1"])).dtypes.to_dict()
