import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.reliability.planning import plan_double_coding, units_to_double_code
from engagement_lib.tables import empty_table

SEGMENTS = pd.DataFrame(
    [(f"I{n:02}", 0, 5, f"P{n:02}", "interview", "participant") for n in range(20)]
    + [(f"I{n:02}", 6, 9, f"P{n:02}", "interview", "interviewer") for n in range(20)]
    + [(f"S{n:02}/{q}", 0, 5, f"R{n:02}", "survey", "participant") for n in range(5) for q in "ab"]
    + [("W1", start, start + 5, f"W1/{start}", "webinar", "participant") for start in (0, 6)],
    columns=["source_id", "start", "end", "case_id", "kind", "role"],
)


@pytest.mark.parametrize(
    ("prevalence", "tentative", "reliable"), [(0.5, 30, 52), (0.25, 41, 70), (0.10, 86, 147), (0.05, 165, 280)]
)
def test_the_numbers_of_units_are_those_of_the_published_formula(prevalence, tentative, reliable):
    assert units_to_double_code(prevalence) == tentative
    assert units_to_double_code(prevalence, smallest=0.8) == reliable


@given(st.floats(0.01, 0.49), st.floats(0.3, 0.9))
def test_a_rarer_code_needs_more_units(prevalence, smallest):
    assert units_to_double_code(prevalence, smallest=smallest) >= units_to_double_code(0.5, smallest=smallest)


@pytest.mark.parametrize(
    "options", [{"prevalence": 0}, {"prevalence": 0.1, "smallest": 1}, {"prevalence": 0.1, "confidence": 95}]
)
def test_a_number_outside_its_range_is_refused(options):
    with pytest.raises(TableError, match="a number between 0 and 1"):
        units_to_double_code(**options)


def test_each_stratum_gives_its_share_of_respondents_and_at_least_two():
    plan = plan_double_coding(SEGMENTS, share=0.2)
    drawn = plan.drop_duplicates("respondent").groupby("stratum")["draw_probability"].agg(["size", "first"])
    assert drawn.to_dict("index") == {
        "interview": {"size": 4, "first": 0.2},
        "survey": {"size": 2, "first": 0.4},
        "webinar": {"size": 1, "first": 1.0},
    }


def test_all_sources_of_a_respondent_are_read_and_a_webinar_is_one():
    plan = plan_double_coding(SEGMENTS, share=0.2)
    survey = plan[plan["stratum"] == "survey"]
    assert survey.groupby("respondent")["source_id"].size().tolist() == [2, 2]
    assert plan.loc[plan["respondent"] == "W1", "units"].tolist() == [2]


def test_the_draw_does_not_hang_on_the_order_of_rows_but_on_the_seed():
    plan = plan_double_coding(SEGMENTS)
    assert_frame_equal(plan_double_coding(SEGMENTS.sample(frac=1, random_state=3)), plan)
    assert not plan_double_coding(SEGMENTS, random_state=1).equals(plan)


def test_over_many_draws_each_respondent_comes_as_often_as_its_probability():
    seen = [set(plan_double_coding(SEGMENTS, share=0.25, random_state=seed)["respondent"]) for seed in range(300)]
    often = np.mean(["P07" in drawn for drawn in seen])
    assert often == pytest.approx(0.25, abs=0.08)


def test_a_variable_of_the_cases_can_make_strata_and_so_can_nothing():
    grouped = SEGMENTS.assign(group=["user", "producer"] * 26)
    assert set(plan_double_coding(grouped, by=("kind", "group"))["stratum"]) >= {"interview, user", "interview, producer"}
    assert set(plan_double_coding(SEGMENTS, by=())["stratum"]) == {"everyone"}


def test_of_no_segments_nobody_is_drawn():
    plan = plan_double_coding(empty_table("segments"))
    assert plan.empty
    assert plan.dtypes.to_dict() == plan_double_coding(SEGMENTS).dtypes.to_dict()


@pytest.mark.parametrize(
    ("options", "message"), [({"share": 0}, "share: found 0"), ({"by": ("sector",)}, "by='sector': found no such column")]
)
def test_an_unknown_option_is_refused_by_name(options, message):
    with pytest.raises(TableError, match=message):
        plan_double_coding(SEGMENTS, **options)
