import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.frequency import segment_prevalence

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}]


@pytest.fixture
def talks(make_study, talk, coded):
    """Two interviews: I1 with three turns of two words, of which two are coded, and one of the interviewer's; I2 with one."""

    def make(**tables):
        first, places = talk(
            "I1",
            ("Helen", "interviewer", "No time?"),
            ("P1", "participant", "No time."),
            ("P1", "participant", "No time."),
            ("P1", "participant", "Quite so."),
            case_id="P1",
        )
        second, _ = talk("I2", ("P2", "participant", "Hard words, that is all I know."), case_id="P2")
        codings = [row for start, end in places[:3] for row in coded(("I1", "no-time", "supports"), start=start, end=end)]
        said = {
            "sources": [first, second],
            "cases": [{"case_id": "P1", "group": "producer"}, {"case_id": "P2", "group": "user"}],
            "codebook": CODEBOOK,
            "codings": codings,
        }
        return make_study(**said | tables)

    return make


def test_participants_segments_words_and_passages_are_counted(talks):
    table = segment_prevalence(talks()).set_index("code")
    counts = ["segments", "base", "share", "respondents", "base_respondents", "passages", "words", "per_1000_words"]
    assert table.loc["no-time", counts].tolist() == [2, 4, 0.5, 1, 2, 2, 13, 2000 / 13]
    assert table.loc["jargon", counts].tolist() == [0, 4, 0, 0, 2, 0, 13, 0]


def test_the_table_has_its_columns_and_types_also_before_anything_is_coded(talks):
    types = segment_prevalence(talks(), by="group").dtypes
    empty = segment_prevalence(talks(codings=None), by="group")
    assert empty.empty
    assert empty.dtypes.equals(types)
    assert list(types.index[:4]) == ["code", "group", "segments", "base"]


def test_of_two_respondents_the_intervals_reach_from_one_to_the_other(talks):
    row = segment_prevalence(talks()).loc[0]
    assert (row["low"], row["high"]) == (0, pytest.approx(2 / 3))
    assert (row["rate_low"], row["rate_high"]) == (0, pytest.approx(2000 / 6))
    assert row["reason"] == ""
    assert row["sentence"] == (
        "2 of 4 turns and answers have 'no-time': 50%, 95% interval 0% to 67% with the 2 respondents drawn anew (design effect"
        " 1.0, effective base 4); 153.8 passages in 1,000 words; study.toml does not say how they were chosen, so the interval is"
        " no estimate for anyone but them. With fewer than 30 respondents the interval is rather too narrow."
    )


def test_where_no_segment_has_a_code_the_reason_says_how_the_interval_was_made(talks):
    row = segment_prevalence(talks()).loc[1]
    assert row[["low", "wilson_low"]].tolist() == [0, 0]
    assert row["high"] == row["wilson_high"] > 0.6
    assert np.isnan([row["design_effect"], row["rate_low"], row["rate_high"]]).all()
    assert row["reason"].startswith("no segment has the code, so that drawing respondents anew shows no variation")
    assert "0%, 95% interval 0% to 99%, each of 2 respondents counted as one segment; 0.0 passages" in row["sentence"]


def test_where_every_segment_has_a_code_the_reason_says_so(make_study, answers, coded):
    codings = coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "no-time", "supports"))
    study = make_study(sources=answers("P1", "P2"), codebook=CODEBOOK[:1], codings=codings)
    row = segment_prevalence(study).loc[0]
    assert (row["share"], row["high"]) == (1, 1)
    assert row["reason"].startswith("every segment has the code")


def test_one_respondent_alone_has_no_interval(talks):
    table = segment_prevalence(talks(), by=("group", "kind")).set_index(["code", "group"])
    row = table.loc["no-time", "producer"]
    assert (row["segments"], row["base"], row["kind"]) == (2, 3, "interview")
    assert row[["low", "high", "design_effect", "effective_base", "rate_low"]].isna().all()
    assert row["reason"] == "there is only one respondent, so that there is nobody to draw anew"
    assert row["sentence"] == (
        "2 of 3 turns and answers (group producer, kind interview) have 'no-time': 67%, all by one respondent, so that there is"
        " no interval."
    )


def test_where_nobody_was_heard_there_is_no_share(talks):
    table = segment_prevalence(talks(), prompted=True)
    assert table[["segments", "base", "words"]].to_numpy().tolist() == [[0, 0, 0]] * 2
    assert table[["share", "per_1000_words"]].isna().all(axis=None)
    assert table.loc[0, "reason"] == "nobody has words in a source that has been read"
    assert table.loc[0, "sentence"] == "Nobody has words in a source that has been read, so there is no share."


def test_a_segment_may_be_a_sentence(make_study, coded):
    sources = [
        {"source_id": "S1", "case_id": "P1", "kind": "survey", "text": "No time. Nobody rings."},
        {"source_id": "S2", "case_id": "P2", "kind": "survey", "text": "Fine."},
    ]
    study = make_study(sources=sources, codebook=CODEBOOK[:1], codings=coded(("S1", "no-time", "supports")))
    row = segment_prevalence(study, unit="sentence").loc[0]
    assert (row["segments"], row["base"]) == (1, 3)
    assert row["sentence"].startswith("1 of 3 sentences have 'no-time': 33%")


def test_sources_that_are_not_yet_read_are_left_out(talks):
    readings = [{"source_id": "I1", "coder": "AB", "finished": "2020-09-01"}, {"source_id": "I2", "coder": "AB", "finished": ""}]
    row = segment_prevalence(talks(readings=readings)).loc[0]
    assert (row["base"], row["base_respondents"], row["words"]) == (3, 1, 6)


def test_codes_that_the_codebook_lacks_are_left_out(talks):
    table = segment_prevalence(talks(codebook=CODEBOOK[1:]))
    assert table[["code", "segments", "passages"]].to_numpy().tolist() == [["jargon", 0, 0]]


def test_a_caution_for_few_is_left_out_from_thirty_respondents_on(make_study, answers, coded):
    people = [f"P{number}" for number in range(30)]
    codings = coded(("P1/q1/1", "no-time", "supports"))
    study = make_study(sources=answers(*people), codebook=CODEBOOK[:1], codings=codings)
    assert "too narrow" not in segment_prevalence(study).loc[0, "sentence"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"resamples": 0}, "resamples: found 0; expected at least 1"),
        ({"unit": "word"}, "unit: found 'word'; expected 'turn' or 'sentence'"),
        ({"by": "colour"}, "found no variable 'colour'"),
        ({"by": "words"}, "found a name that the answer needs itself"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(talks, options, message):
    with pytest.raises(TableError, match=message):
        segment_prevalence(talks(), **options)


def test_the_order_of_rows_does_not_matter(talks, make_study):
    study = talks()
    turned = study.__class__(
        **{
            name: getattr(study, name)
            for name in ("folder", "settings", "cases", "codebook", "readings", "memos", "claims", "events")
        },
        sources=study.sources.iloc[::-1],
        codings=study.codings.iloc[::-1],
    )
    assert segment_prevalence(turned).equals(segment_prevalence(study))
