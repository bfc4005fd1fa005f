import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.reliability.agreement import agreement
from engagement_lib.tables import check_table, empty_table

CODEBOOK = check_table("codebook", pd.DataFrame({"code": ["no-time", "jargon"]}))


def segments_of(rows):
    """Segments from (source_id, start, end, case_id)."""
    table = pd.DataFrame(rows, columns=["source_id", "start", "end", "case_id"])
    return check_table("segments", table.assign(quote=[f"{source} {start}" for source, start, *_ in rows]))


def codings_of(rows):
    """Codings from (source_id, start, end, code, coder)."""
    table = pd.DataFrame(rows, columns=["source_id", "start", "end", "code", "coder"])
    return check_table("codings", table.assign(coding_id=[str(i) for i in range(len(rows))]))


def readings_of(rows):
    return check_table("readings", pd.DataFrame(rows, columns=["source_id", "coder", "finished"]))


def study_of(judgements, *, cases=None):
    """Segments of ten characters and codings 'no-time' from coders' rows of 0, 1 and None, with readings of all else."""
    cases = cases or [f"P{u:02}" for u in range(len(next(iter(judgements.values()))))]
    segments = segments_of([(f"I{u:02}", 0, 10, case) for u, case in enumerate(cases)])
    codings = [(f"I{u:02}", 2, 5, "no-time", coder) for coder, row in judgements.items() for u, given in enumerate(row) if given]
    readings = [
        (f"I{u:02}", coder, "2020-09-01") for coder, row in judgements.items() for u, given in enumerate(row) if given is not None
    ]
    return codings_of(codings), segments, readings_of(readings)


# Krippendorff (2011), example A: alpha .095.
TWO_CODERS = {
    "AB": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
    "CD": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
}


def test_a_row_says_all_that_is_known_of_a_code():
    codings, segments, readings = study_of(TWO_CODERS)
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0].to_dict()
    numbers = ["observed", "agreement_presence", "agreement_absence", "estimate", "low", "high", "gwet_ac1"]
    assert [round(float(row.pop(number)), 3) for number in numbers] == [0.6, 0.333, 0.714, 0.095, -1.0, 0.701, 0.31]
    assert [round(float(row.pop(number)), 3) for number in ("p_below_667", "p_below_800")] == [0.967, 0.99]
    assert row == {
        "code": "no-time",
        "coefficient": "alpha",
        "unit": "segment",
        "basis": "sources that two or more coders finished",
        "coders": 2,
        "units": 10,
        "respondents": 10,
        "prevalence": "AB 0.20; CD 0.40",
        "reason": "",
        "sentence": (
            "no-time: alpha 0.10, 95% interval -1.00 to 0.70 (2 coders; 10 segments, 5 with the code, from 5 of 10 respondents). "
            "The lower end lies below 0.667: draw no conclusion from this code as it stands. "
            "Fewer than 30 respondents bear the code: the interval is rough."
        ),
    }


def test_the_example_of_the_documentation_comes_out_as_written_there():
    first, second = [1] * 6 + [1] * 3 + [0] * 3 + [0] * 88, [1] * 6 + [0] * 3 + [1] * 3 + [0] * 88
    codings, segments, readings = study_of({"AB": first, "CD": second}, cases=[f"P{u % 12:02}" for u in range(100)])
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    numbers = row[["agreement_presence", "agreement_absence", "estimate"]].tolist()
    assert [round(number, 2) for number in numbers] == [0.67, 0.97, 0.64]


def test_the_columns_are_in_their_order_and_types():
    table = agreement(*study_of(TWO_CODERS)[:2], CODEBOOK)
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == {
        "code": "str",
        "coefficient": "str",
        "unit": "str",
        "basis": "str",
        "coders": "int64",
        "units": "int64",
        "respondents": "int64",
        "prevalence": "str",
        "observed": "float64",
        "agreement_presence": "float64",
        "agreement_absence": "float64",
        "estimate": "float64",
        "low": "float64",
        "high": "float64",
        "p_below_667": "float64",
        "p_below_800": "float64",
        "gwet_ac1": "float64",
        "reason": "str",
        "sentence": "str",
    }


def alpha_of(data):
    """By another package; NaN where it is undefined."""
    data = np.array([[np.nan if cell is None else cell for cell in row] for row in data], dtype=float)
    judged = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    if len(np.unique(judged[~np.isnan(judged)])) < 2:
        return float("nan")
    return krippendorff.alpha(data, level_of_measurement="nominal")


CASES = ["P1", "P1", "P2", "P3", "P3", "P3", "P4", "P5", "P5", "P6"]


def test_a_percentile_interval_is_that_of_alphas_worked_out_anew_on_each_draw():
    codings, segments, readings = study_of(TWO_CODERS, cases=CASES)
    data = np.array(list(TWO_CODERS.values()))
    drawn = np.random.default_rng(5).integers(0, 6, size=(200, 6))
    times = [np.bincount(draw, minlength=6) for draw in drawn]
    alphas = [alpha_of(np.repeat(data, draw[[int(case[1]) - 1 for case in CASES]], axis=1)) for draw in times]
    options = {"interval": "percentile", "resamples": 200, "random_state": 5}
    row = agreement(codings, segments, CODEBOOK, readings=readings, **options).loc[0]
    assert row[["low", "high"]].tolist() == pytest.approx(np.nanpercentile(alphas, [2.5, 97.5]).tolist())
    assert row["p_below_667"] == pytest.approx(np.mean([alpha < 0.667 for alpha in alphas if not np.isnan(alpha)]))


def test_the_t_interval_is_that_of_alphas_worked_out_without_each_respondent():
    codings, segments, readings = study_of(TWO_CODERS, cases=CASES)
    data = np.array(list(TWO_CODERS.values()))
    logs = [np.log(1 - alpha_of(data[:, [other != case for other in CASES]])) for case in sorted(set(CASES))]
    error = np.sqrt(5 / 6 * np.sum((np.array(logs) - np.mean(logs)) ** 2))
    # Four respondents have the code from somebody: three degrees of freedom.
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    assert row["high"] == pytest.approx(1 - (1 - alpha_of(data)) * np.exp(-3.1824463 * error))
    assert row["low"] == -1.0


cells = st.lists(st.tuples(*[st.sampled_from([None, 0, 1])] * 3), min_size=1, max_size=8)


@given(cells)
@settings(deadline=None, max_examples=25)
def test_alpha_is_krippendorffs_of_the_same_judgements(rows):
    codings, segments, readings = study_of(dict(zip("ABC", zip(*rows, strict=True), strict=True)))
    alpha = agreement(codings, segments, CODEBOOK, readings=readings, resamples=1).loc[0, "estimate"]
    if readings.empty:
        assert np.isnan(alpha)
    else:
        expected = alpha_of(np.array(rows, dtype=object).T)
        assert alpha == pytest.approx(expected, nan_ok=True)


def test_a_coding_gives_its_code_to_every_segment_that_it_touches():
    segments = segments_of([("I1", 0, 10, "P1"), ("I1", 11, 20, "P1"), ("I1", 21, 30, "P1")])
    codings = codings_of([("I1", 9, 22, "no-time", "AB"), ("I1", 11, 20, "no-time", "CD")])
    table = agreement(codings, segments, CODEBOOK)
    assert table["prevalence"].tolist() == ["AB 1.00; CD 0.33", "AB 0.00; CD 0.00"]


def test_two_codings_of_one_coder_on_a_segment_are_one_judgement():
    segments = segments_of([("I1", 0, 10, "P1"), ("I1", 11, 20, "P1")])
    codings = codings_of([("I1", 0, 4, "no-time", "AB"), ("I1", 5, 9, "no-time", "AB"), ("I1", 0, 9, "no-time", "CD")])
    assert agreement(codings, segments, CODEBOOK).loc[0, "estimate"] == 1.0


def test_only_participants_segments_are_units():
    segments = segments_of([("I1", 0, 10, "P1"), ("I1", 11, 20, ""), ("I1", 21, 30, ""), ("I1", 31, 40, "")])
    segments = segments.assign(role=["participant", "interviewer", "moderator", "unknown"])
    codings = codings_of([("I1", 0, 40, "no-time", "AB"), ("I1", 11, 20, "no-time", "CD")])
    table = agreement(codings, segments, CODEBOOK)
    assert table[["units", "prevalence"]].to_numpy().tolist()[0] == [1, "AB 1.00; CD 0.00"]


@pytest.mark.parametrize("layer", ["consensus", "rule", "machine"])
def test_only_independent_codings_are_compared(layer):
    codings, segments, _ = study_of(TWO_CODERS)
    others = codings_of([(f"I{u:02}", 0, 9, "no-time", "AB") for u in range(10)])
    others = others.assign(layer=layer, coding_id="other " + others["coding_id"])
    assert_frame_equal(agreement(pd.concat([codings, others]), segments, CODEBOOK), agreement(codings, segments, CODEBOOK))


def test_with_readings_an_uncoded_source_counts_once_it_is_finished_and_not_before():
    segments = segments_of([("I1", 0, 10, "P1"), ("I2", 0, 10, "P2"), ("I3", 0, 10, "P3")])
    codings = codings_of([("I1", 0, 9, "no-time", "AB"), ("I2", 0, 9, "no-time", "AB"), ("I2", 0, 9, "no-time", "CD")])
    finished = [
        ("I1", "AB", "yes"),
        ("I1", "CD", "yes"),
        ("I2", "AB", "yes"),
        ("I2", "CD", ""),
        ("I3", "AB", "yes"),
        ("I3", "CD", "yes"),
    ]
    table = agreement(codings, segments, CODEBOOK, readings=readings_of(finished))
    assert table[["basis", "units", "prevalence"]].to_numpy().tolist()[0] == [
        "sources that two or more coders finished",
        2,
        "AB 0.50; CD 0.00",
    ]


@pytest.mark.parametrize("readings", [None, empty_table("readings")])
def test_without_readings_the_sources_in_which_two_coders_coded_are_taken(readings):
    segments = segments_of([("I1", 0, 10, "P1"), ("I2", 0, 10, "P2")])
    codings = codings_of([("I1", 0, 9, "no-time", "AB"), ("I1", 0, 9, "jargon", "CD"), ("I2", 0, 9, "no-time", "AB")])
    table = agreement(codings, segments, CODEBOOK, readings=readings)
    assert table[["basis", "units", "prevalence"]].to_numpy().tolist()[0] == [
        "sources in which two or more coders coded something",
        1,
        "AB 1.00; CD 0.00",
    ]


def test_a_third_coder_who_read_only_some_sources_counts_there():
    codings, segments, readings = study_of({"AB": [1, 1, 0, 0], "CD": [1, 0, 0, 0], "EF": [1, None, None, 0]})
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    assert row["coders"] == 3
    assert row["prevalence"] == "AB 0.50; CD 0.25; EF 0.50"
    assert row["agreement_presence"] == pytest.approx((3 + 0) / 4)
    assert row["agreement_absence"] == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("judgements", "reason"),
    [
        ({"AB": [1, 0, 1]}, "no participant's segment lies in sources that two or more coders finished"),
        ({"AB": [0, 0], "CD": [0, 0]}, "nobody gave the code to any segment"),
        ({"AB": [1, 1], "CD": [1, 1]}, "every coder gave the code to every segment"),
    ],
)
def test_an_undefined_alpha_has_its_reason(judgements, reason):
    row = agreement(*study_of(judgements)[:2], CODEBOOK, readings=study_of(judgements)[2]).loc[0]
    assert row["reason"] == reason
    assert row["sentence"] == f"no-time: alpha is undefined, because {reason}."
    assert row[["estimate", "low", "high", "p_below_667", "p_below_800"]].isna().all()


@pytest.mark.parametrize(
    ("judgements", "cases", "alpha", "reason"),
    [
        (
            {"AB": [1, 1, 0, 0], "CD": [1, 1, 0, 0]},
            None,
            "1.00",
            "the coders never differ, so that drawing respondents anew shows no variation",
        ),
        (
            {"AB": [1, 1, 0, 0], "CD": [1, 0, 0, 0]},
            ["P1"] * 4,
            "0.53",
            "there is only one respondent, so that there is nobody to draw anew",
        ),
        (
            {"AB": [1, 1, 0, 0], "CD": [1, 0, 0, 0]},
            ["P1", "P1", "P2", "P3"],
            "0.53",
            "it varies with one respondent only, so that drawing respondents anew shows no variation",
        ),
    ],
)
def test_alpha_stands_without_an_interval_where_drawing_anew_would_show_none(judgements, cases, alpha, reason):
    codings, segments, readings = study_of(judgements, cases=cases)
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    assert row["reason"] == reason
    assert f"alpha {alpha} without an interval" in row["sentence"]
    assert row["sentence"].endswith(f"because {reason}. Draw no firm conclusion from it.")
    assert row[["low", "high", "p_below_667", "p_below_800"]].isna().all()


def test_an_interval_from_draws_is_undefined_where_every_draw_is():
    codings, segments, readings = study_of({"AB": [1, 0, 1], "CD": [1, 0, 0]})
    options = [{"interval": "percentile", "resamples": 2, "random_state": seed} for seed in range(40)]
    rows = [agreement(codings, segments, CODEBOOK, readings=readings, **option).loc[0] for option in options]
    assert {bool(row["reason"]) for row in rows} == {True, False}
    assert all(np.isnan(row["low"]) == bool(row["reason"]) for row in rows)


def test_draws_without_a_value_are_counted_in_the_sentence():
    codings, segments, readings = study_of({"AB": [1, 0, 1, 0], "CD": [1, 0, 0, 0]})
    row = agreement(codings, segments, CODEBOOK, readings=readings, interval="percentile", resamples=400).loc[0]
    assert "of the draws it was undefined; these are left out." in row["sentence"]


def test_where_one_respondent_alone_divides_the_coders_there_is_no_interval():
    codings, segments, readings = study_of({"AB": [1, 1, 0, 0, 1], "CD": [1, 1, 0, 0, 0]})
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    assert row["reason"] == "only one respondent has anything on which the coders differ, so that without them nothing varies"


@pytest.mark.parametrize(
    ("differing", "reading"),
    [
        (0.002, "Even the lower end reaches 0.800: the coders agree well enough to rely on this code."),
        (0.1, "The lower end lies between 0.667 and 0.800: conclusions from this code are tentative."),
        (0.2, "The lower end lies below 0.667: draw no conclusion from this code as it stands."),
    ],
)
def test_the_sentence_applies_the_threshold_to_the_lower_end(differing, reading):
    first = np.tile([1, 0], 300)
    second = np.where(np.arange(600) < 600 * differing, 1 - first, first)
    codings, segments, readings = study_of({"AB": first, "CD": second})
    assert agreement(codings, segments, CODEBOOK, readings=readings).loc[0, "sentence"].endswith(reading)


def test_respondents_are_drawn_and_not_their_segments():
    first, second = [1, 0] * 20, [1, 0] * 10 + [0, 1] * 10
    apart, together = ([f"P{u // size:02}" for u in range(40)] for size in (1, 10))
    tables = [study_of({"AB": first, "CD": second}, cases=cases) for cases in (apart, together)]
    narrow, wide = (agreement(codings, segments, CODEBOOK, readings=readings) for codings, segments, readings in tables)
    assert narrow.loc[0, "estimate"] == wide.loc[0, "estimate"]
    assert wide.loc[0, "high"] - wide.loc[0, "low"] > 1.5 * (narrow.loc[0, "high"] - narrow.loc[0, "low"])


def test_all_who_speak_in_a_webinar_are_one_respondent():
    codings, segments, _ = study_of(TWO_CODERS)
    segments = segments.assign(kind="webinar", source_id="W1", start=np.arange(10) * 10, end=np.arange(10) * 10 + 9)
    codings = codings.assign(start=codings["source_id"].str[1:].astype(int) * 10, source_id="W1", end=lambda t: t["start"] + 4)
    row = agreement(codings, segments, CODEBOOK).loc[0]
    assert (row["units"], row["respondents"]) == (10, 1)


def test_the_names_of_coders_do_not_matter():
    numbers = ["agreement_presence", "agreement_absence", "estimate", "low", "high", "p_below_667", "p_below_800"]
    codings, segments, readings = study_of({"AB": [1, 1, 0, 0, 1], "CD": [1, 0, 0, 1, None], "EF": [0, None, 0, 0, 1]})
    swapped = [table.assign(coder=table["coder"].map({"AB": "EF", "CD": "AB", "EF": "CD"})) for table in (codings, readings)]
    assert_frame_equal(
        agreement(swapped[0], segments, CODEBOOK, readings=swapped[1])[numbers],
        agreement(codings, segments, CODEBOOK, readings=readings)[numbers],
    )


@given(st.randoms())
@settings(deadline=None, max_examples=10)
def test_the_order_of_rows_does_not_matter(random):
    judgements = {"AB": [1, 1, 0, 0, 1, 0], "CD": [1, 0, 0, 1, 1, 0], "EF": [1, None, 0, 0, None, 1]}
    tables = study_of(judgements, cases=["P1", "P1", "P2", "P3", "P3", "P4"])
    shuffled = [table.iloc[random.sample(range(len(table)), len(table))] for table in tables]
    expected = agreement(tables[0], tables[1], CODEBOOK, readings=tables[2], coefficient="all")
    assert_frame_equal(agreement(shuffled[0], shuffled[1], CODEBOOK, readings=shuffled[2], coefficient="all"), expected)


def test_every_code_of_the_codebook_has_a_row_before_anything_is_coded():
    table = agreement(empty_table("codings"), empty_table("segments"), CODEBOOK)
    assert table[["code", "coders", "units", "respondents", "prevalence"]].to_numpy().tolist() == [
        ["no-time", 0, 0, 0, ""],
        ["jargon", 0, 0, 0, ""],
    ]


def test_an_empty_codebook_gives_an_empty_table_of_the_same_types():
    codings, segments, _ = study_of(TWO_CODERS)
    table = agreement(codings, segments, empty_table("codebook"))
    assert table.empty
    assert table.dtypes.to_dict() == agreement(codings, segments, CODEBOOK).dtypes.to_dict()


def test_the_tables_are_not_changed():
    tables = (*study_of(TWO_CODERS)[:2], CODEBOOK)
    before = [table.copy() for table in tables]
    agreement(*tables)
    for table, copy in zip(tables, before, strict=True):
        assert_frame_equal(table, copy)


def test_fewer_than_one_draw_is_refused():
    with pytest.raises(TableError, match="resamples: found 0; expected at least 1"):
        agreement(*study_of(TWO_CODERS)[:2], CODEBOOK, resamples=0)


def test_a_table_without_its_columns_is_refused_by_name():
    with pytest.raises(TableError, match=r"table 'codings', header: .* expected a column 'coder'"):
        agreement(empty_table("codings").drop(columns="coder"), empty_table("segments"), CODEBOOK)


def test_further_columns_of_a_table_do_no_harm():
    codings, segments, _ = study_of(TWO_CODERS)
    assert_frame_equal(agreement(codings, segments.assign(theme="T01"), CODEBOOK), agreement(codings, segments, CODEBOOK))


def simulated(seed, *, people=20, each=30):
    """Coders whose difficulty varies from one respondent to the next; the segments of one respondent are alike."""
    random = np.random.default_rng(seed)
    truth = random.random((people, each)) < random.beta(2, 4, size=(people, 1))
    slips = random.beta(1, 6, size=(people, 1))
    return [np.where(random.random(truth.shape) < slips, ~truth, truth).astype(int).ravel().tolist() for _ in range(2)]


@pytest.mark.slow
def test_the_interval_covers_alpha_about_as_often_as_it_says():
    target = np.mean([alpha_of(simulated(seed, people=400)) for seed in range(60)])
    cases = [f"P{u // 30:02}" for u in range(600)]
    covered = []
    for seed in range(200):
        first, second = simulated(1000 + seed)
        codings, segments, readings = study_of({"AB": first, "CD": second}, cases=cases)
        row = agreement(codings, segments, CODEBOOK, readings=readings, resamples=500).loc[0]
        covered.append(row["low"] <= target <= row["high"])
    assert 0.85 <= np.mean(covered) <= 0.99


THREE = {"AB": [1, 1, 0, 0, 1, 0], "CD": [1, 0, 0, 1, 1, 0], "EF": [1, 0, 0, 0, 0, 1]}


def test_all_coefficients_that_fit_stand_below_one_another():
    codings, segments, readings = study_of(THREE)
    table = agreement(codings, segments, CODEBOOK, readings=readings, coefficient="all")
    names = ["alpha", "conger_kappa", "fleiss_kappa", "gwet_ac1", "brennan_prediger"]
    assert table["coefficient"].tolist() == names * 2
    assert table["code"].tolist() == ["no-time"] * 5 + ["jargon"] * 5
    assert table.loc[3, "estimate"] == pytest.approx(table.loc[0, "gwet_ac1"])


def test_a_coefficient_for_two_coders_says_so_of_three():
    codings, segments, readings = study_of(THREE)
    row = agreement(codings, segments, CODEBOOK, readings=readings, coefficient=["cohen_kappa"]).loc[0]
    assert row["sentence"] == (
        "no-time: Cohen's kappa is undefined, because it is for two coders, and there are 3; Conger's kappa is the same for more."
    )


def test_a_rare_code_with_little_agreement_is_told_to_be_rare():
    codings, segments, readings = study_of({"AB": [1, 1, 0] + [0] * 37, "CD": [1, 0, 1] + [0] * 37})
    row = agreement(codings, segments, CODEBOOK, readings=readings).loc[0]
    assert "The code is so rare, or so common, that chance alone would give nearly full agreement" in row["sentence"]
    assert "the coders agree on 95% of segments, and Gwet's AC1, which takes less off for chance, is 0.94" in row["sentence"]
    assert "Look at agreement on presence instead, which is 0.50." in row["sentence"]


def test_in_reflexive_analysis_no_threshold_is_applied():
    codings, segments, readings = study_of(TWO_CODERS)
    said = agreement(codings, segments, CODEBOOK, readings=readings, approach="reflexive")["sentence"]
    assert said[0].endswith("A talking point, not a mark: this study does reflexive thematic analysis.")
    codings, segments, readings = study_of({"AB": [1, 0, 0], "CD": [1, 0, 0]})
    said = agreement(codings, segments, CODEBOOK, readings=readings, approach="reflexive")["sentence"]
    assert said[0].endswith("drawing respondents anew shows no variation.")


def test_whole_sources_and_respondents_can_be_the_units():
    segments = segments_of([("I1", 0, 10, "P1"), ("I1", 11, 20, "P1"), ("I2", 0, 10, "P1"), ("I3", 0, 10, "P2")])
    codings = codings_of(
        [
            ("I1", 0, 9, "no-time", "AB"),
            ("I1", 11, 19, "no-time", "CD"),
            ("I2", 0, 9, "no-time", "CD"),
            ("I3", 0, 1, "x", "AB"),
        ]
    )
    finished = readings_of([(source, coder, "yes") for source in ("I1", "I2", "I3") for coder in ("AB", "CD")])
    tables = [
        agreement(codings, segments, CODEBOOK, readings=finished, unit=unit) for unit in ("segment", "source", "respondent")
    ]
    assert [table.loc[0, ["unit", "units", "prevalence"]].tolist() for table in tables] == [
        ["segment", 4, "AB 0.25; CD 0.50"],
        ["source", 3, "AB 0.33; CD 0.67"],
        ["respondent", 2, "AB 0.50; CD 0.50"],
    ]


def test_each_value_of_a_column_of_the_segments_has_rows_of_its_own():
    codings, segments, readings = study_of(TWO_CODERS)
    segments = segments.assign(group=["user", "producer"] * 5)
    table = agreement(codings, segments, CODEBOOK, readings=readings, by="group")
    assert table[["group", "code", "units"]].to_numpy().tolist() == [
        ["producer", "no-time", 5],
        ["producer", "jargon", 5],
        ["user", "no-time", 5],
        ["user", "jargon", 5],
    ]
    alone = agreement(codings, segments[segments["group"] == "user"], CODEBOOK, readings=readings)
    assert_frame_equal(table[table["group"] == "user"].drop(columns="group").reset_index(drop=True), alone)


def test_the_month_and_round_of_the_last_reading_part_the_sources():
    codings, segments, readings = study_of(TWO_CODERS)
    readings = readings.assign(
        finished=["2020-08-30"] * 9 + ["2020-09-02"] + ["2020-08-31"] * 10, round=["1"] * 5 + ["2"] * 5 + ["1"] * 5 + ["2"] * 5
    )
    by_month = agreement(codings, segments, CODEBOOK, readings=readings, by="month")
    by_round = agreement(codings, segments, CODEBOOK, readings=readings, by="round")
    assert by_month[["month", "units"]].to_numpy().tolist()[::2] == [["2020-08", 9], ["2020-09", 1]]
    assert by_round[["round", "units"]].to_numpy().tolist()[::2] == [["1", 5], ["2", 5]]


def test_a_coder_can_be_compared_with_himself_and_is_not_otherwise_counted_twice():
    codings, segments, readings = study_of(TWO_CODERS | {"AB#2": [0, 1, 0, 0, 0, 0, 0, 0, 1, 1]})
    again = agreement(codings, segments, CODEBOOK, readings=readings, between="rounds")
    assert again.loc[0, ["coder", "code", "coders", "prevalence"]].tolist() == ["AB", "no-time", 2, "AB 0.20; AB#2 0.30"]
    assert again["coder"].unique().tolist() == ["AB"]
    once, _, read_once = study_of(TWO_CODERS)
    expected = agreement(once, segments, CODEBOOK, readings=read_once)
    assert_frame_equal(agreement(codings, segments, CODEBOOK, readings=readings), expected)
    assert agreement(codings, segments, CODEBOOK, between="rounds")["units"].tolist() == [2, 2]


def test_a_machine_is_a_coder_like_any_other_once_its_layer_is_named():
    codings, segments, readings = study_of(TWO_CODERS)
    codings = codings.assign(layer=np.where(codings["coder"] == "CD", "machine", "independent"))
    table = agreement(codings, segments, CODEBOOK, readings=readings, layers=("independent", "machine"))
    assert table.loc[0, "prevalence"] == "AB 0.20; CD 0.40"
    assert agreement(codings, segments, CODEBOOK, readings=readings).loc[0, "prevalence"] == "AB 0.20; CD 0.00"


def test_units_can_be_weighted_back_by_how_their_sources_were_drawn():
    codings, segments, readings = study_of(TWO_CODERS)
    often = readings.assign(draw_probability=np.where(readings["source_id"] < "I05", 0.25, 0.5))
    weighted = agreement(codings, segments, CODEBOOK, readings=often, weighted=True).loc[0, "agreement_presence"]
    # A unit of the first half counts twice: two of its four judgements with the code are shared, of the others none of two.
    assert weighted == pytest.approx(1 - (2 * 2 + 2) / (2 * 4 + 2))
    even = readings.assign(draw_probability=0.2)
    plain = agreement(codings, segments, CODEBOOK, readings=readings)
    assert_frame_equal(agreement(codings, segments, CODEBOOK, readings=even, weighted=True), plain)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "word"}, "unit: found 'word'; expected one of segment, source, respondent"),
        ({"by": "sector"}, "by: found 'sector'; expected a column of the segments, or round or month"),
        ({"layers": ["mine"]}, "layers: found 'mine'; expected some of independent"),
        ({"coefficient": "kappa"}, "coefficient: found 'kappa'"),
        ({"weighted": True}, "readings, source 'I00': found none; expected a draw_probability above 0"),
    ],
)
def test_an_option_that_is_unknown_is_refused_by_name(options, message):
    codings, segments, readings = study_of(TWO_CODERS)
    with pytest.raises(TableError, match=message):
        agreement(codings, segments, CODEBOOK, readings=readings, **options)
