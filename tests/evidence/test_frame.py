import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.evidence.frame import frame_coverage
from engagement_lib.evidence.prevalence import wilson_interval

CODEBOOK = {"no-time": "culture", "skill": "capability", "late": "outside", "odd": ""}
FRAME = {"frame": {"themes": ("culture", "capability")}}
ROWS = [
    ("P1", "no-time"),
    ("P1", "no-time late"),
    ("P2", "no-time skill"),
    ("P2", "late"),
    ("P3", "skill"),
    ("P4", "late odd"),
    ("P5", ""),
]


@pytest.fixture
def study(spoken):
    return spoken(ROWS, CODEBOOK, settings=FRAME, cases=[{"case_id": f"P{n}", "group": "user"} for n in range(1, 6)])


def test_each_part_of_the_codebook_has_its_share_of_what_was_coded(study):
    table = frame_coverage(study)
    columns = ["part", "name", "theme", "segments", "alone", "segment_base", "respondents", "respondent_base"]
    assert table[columns].to_numpy().tolist() == [
        ["frame", "the frame", "", 4, 3, 6, 3, 4],
        ["theme", "culture", "culture", 3, 1, 6, 2, 4],
        ["theme", "capability", "capability", 2, 1, 6, 2, 4],
        ["outside", "nothing of the frame", "", 2, 2, 6, 2, 4],
        ["code outside", "late", "outside", 3, 2, 6, 3, 4],
        ["code outside", "odd", "", 1, 1, 6, 1, 4],
    ]
    assert table["segment_share"].tolist() == pytest.approx([4 / 6, 1 / 2, 1 / 3, 1 / 3, 1 / 2, 1 / 6])
    assert table["respondent_share"].tolist() == [0.75, 0.5, 0.5, 0.5, 0.75, 0.25]


def test_respondents_have_wilsons_interval_and_segments_one_by_respondent(study):
    row = frame_coverage(study).iloc[0]
    assert (row["respondent_low"], row["respondent_high"]) == wilson_interval(3, 4)
    # Drawn anew, P4 or nobody else may be all there is.
    assert (row["segment_low"], row["segment_high"]) == (pytest.approx(0.2, abs=0.06), 1.0)


def test_a_row_says_what_it_shows(study):
    sentences = frame_coverage(study)["sentence"]
    caution = "study.toml does not say how they were chosen, so the interval is no estimate for anyone but them."
    few = " With fewer than 30 respondents the first interval is rather too narrow."
    assert sentences[0].startswith("4 of 6 coded turns and answers bear something of the frame: 67%, 95% interval ")
    assert "; 3 of them bear nothing else. They come from 3 of 4 respondents (75%, 95% interval 30% to 95%);" in sentences[0]
    assert sentences[0].endswith(f"; {caution}{few}")
    assert sentences[1].startswith("3 of 6 coded turns and answers bear 'culture': 50%")
    assert sentences[3].startswith("2 of 6 coded turns and answers bear codes, but none of the frame: 33%")
    assert "of them bear nothing else" not in sentences[3]
    assert "; 2 of them bear nothing of the frame." in sentences[4]


def test_cells_have_their_own_bases(spoken):
    cases = [{"case_id": "P1", "group": "producer"}, {"case_id": "P2", "group": "user"}, {"case_id": "P3", "group": "user"}]
    study = spoken([("P1", "late"), ("P2", "skill"), ("P3", "late")], CODEBOOK, settings=FRAME, cases=cases)
    table = frame_coverage(study, by="group").query("part == 'frame'")
    assert table[["group", "segments", "segment_base"]].to_numpy().tolist() == [["producer", 0, 1], ["user", 1, 2]]
    assert table["reason"].tolist() == ["there is only one respondent, so that there is nobody to draw anew", ""]
    assert table["sentence"].iloc[0] == (
        "0 of 1 coded turns and answers (group producer) bear something of the frame: 0%, all by one respondent, so that there"
        " is no interval."
    )


def test_where_nothing_is_coded_there_is_no_share(spoken):
    cases = [{"case_id": "P1", "group": "producer"}, {"case_id": "P2", "group": "user"}]
    study = spoken([("P1", "late"), ("P2", "")], CODEBOOK, settings=FRAME, cases=cases)
    row = frame_coverage(study, by="group").query("group == 'user'").iloc[0]
    assert np.isnan([row["segment_share"], row["respondent_share"], row["respondent_low"]]).all()
    assert row["reason"] == "nothing that was said here has been coded"
    assert row["sentence"] == "Nothing that was said has been coded (group user), so there is no share."


def test_before_anything_is_coded_there_are_no_rows_but_all_columns(spoken, study):
    empty = frame_coverage(spoken([("P1", "")], CODEBOOK))
    assert empty.empty
    assert empty.dtypes.to_dict() == frame_coverage(study).dtypes.to_dict()


def test_with_many_respondents_no_caution_is_needed(spoken):
    rows = [(f"P{number:02d}", "skill" if number % 2 else "late") for number in range(30)]
    assert frame_coverage(spoken(rows, CODEBOOK))["sentence"].str.contains("too narrow").sum() == 0


def test_at_least_one_draw_is_asked_for(study):
    with pytest.raises(TableError, match="frame_coverage, resamples: found 0; expected at least 1"):
        frame_coverage(study, resamples=0)


@given(names=st.permutations([f"P{number}" for number in range(1, 6)]), order=st.permutations(range(7)))
@options(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_names_and_the_order_of_rows_do_not_matter(study, renamed, names, order):
    other = renamed(study, dict(zip([f"P{number}" for number in range(1, 6)], names, strict=True)))
    object.__setattr__(other, "sources", other.sources.iloc[list(order)].reset_index(drop=True))
    assert frame_coverage(other, resamples=50).equals(frame_coverage(study, resamples=50))
