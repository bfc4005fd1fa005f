import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.fieldwork import collect_fieldwork

CODEBOOK = [{"code": "no-time"}, {"code": "jargon"}, {"code": "unused"}]
SOURCE_IDS = "wave and source_id, for want of dates"


def collect(study, *, by="", prompted=False):
    return collect_fieldwork(study, by=by, prompted=prompted, taken=("codes",))


def held(work):
    return work.held.astype(int).tolist()


def test_respondents_come_by_wave_and_source_id_in_which_numbers_count(make_study, answers, coded):
    study = make_study(
        settings={"waves": {"pilot": {}, "main": {}}},
        sources=answers("P1", wave="main") + answers("P10", "P9", wave="pilot"),
        codebook=CODEBOOK,
        codings=coded(("P1/q1/main", "no-time", "supports"), ("P9/q1/pilot", "jargon", "contradicts")),
    )
    [work] = collect(study)
    assert (work.value, held(work), work.webinars, work.order) == ("", [[1, 0], [0, 0], [0, 1]], 0, SOURCE_IDS)


def test_respondents_come_by_date_where_the_cases_have_one(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2", "P3"),
        cases=[
            {"case_id": "P1", "date": "2020-06-18"},
            {"case_id": "P2", "date": "2020-06-17 09:30"},
            {"case_id": "P3", "date": "2020-02-01"},
        ],
        codebook=CODEBOOK,
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P2/q1/1", "jargon", "supports")),
    )
    [work] = collect(study)
    assert (held(work), work.order) == ([[0, 0], [1, 0], [0, 1]], "wave and date")


def test_respondents_without_a_date_come_last_in_their_wave(make_study, answers, coded):
    study = make_study(
        sources=answers("P1", "P2", "P3") + answers("P0", wave="2"),
        cases=[
            {"case_id": "P0", "date": "2020-01-01"},
            {"case_id": "P1", "date": "12 March"},
            {"case_id": "P2", "date": "2020-06-18"},
        ],
        codebook=CODEBOOK,
        codings=coded(("P2/q1/1", "no-time", "supports"), ("P0/q1/2", "jargon", "supports")),
    )
    [work] = collect(study)
    assert held(work) == [[0, 1], [0, 0], [0, 0], [1, 0]]
    assert work.order == "wave and date, the 2 of 4 respondents without a date last in their wave"
    assert [part.order for part in collect(study, by="wave")] == [
        "wave and date, the 2 of 3 respondents without a date last in their wave",
        "wave and date",
    ]


def test_dates_that_cannot_be_read_are_said_to_be_wanted_in_their_form(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        cases=[{"case_id": "P1", "date": "12 March"}],
        codebook=CODEBOOK,
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    assert collect(study)[0].order == f"{SOURCE_IDS} in the form 2020-06-18"


def test_each_value_has_its_respondents_and_all_have_the_same_codes(make_study, answers, talk, coded):
    webinar, places = talk("W1", ("Ann", "participant", "No time."), ("Bob", "participant", "None."), kind="webinar")
    interview, [(start, end)] = talk("I1", ("P1", "participant", "No time, ever."), case_id="P1")
    codings = [row for begin, stop in places for row in coded(("W1", "no-time", "supports"), start=begin, end=stop)]
    codings += coded(("I1", "no-time", "supports"), start=start, end=end) + coded(("P1/q1/1", "jargon", "supports"))
    study = make_study(sources=[*answers("P1", "P2"), webinar, interview], codebook=CODEBOOK, codings=codings)
    found = [(work.value, held(work), work.webinars) for work in collect(study, by="kind")]
    assert found == [("interview", [[0, 1]], 0), ("webinar", [[0, 1]], 1), ("survey", [[1, 0], [0, 0]], 0)]
    [everyone] = collect(study)
    assert (held(everyone), everyone.webinars) == ([[1, 1], [0, 0], [0, 1]], 1)


def test_the_order_of_rows_does_not_matter(make_study, answers, coded):
    tables = {
        "sources": answers("P2", "P10", "P1"),
        "codebook": CODEBOOK,
        "codings": coded(("P1/q1/1", "no-time", "supports"), ("P10/q1/1", "jargon", "supports")),
    }
    one = collect(make_study(**tables))
    other = collect(make_study(**{name: rows[::-1] for name, rows in tables.items()}))
    assert held(one[0]) == held(other[0]) == [[0, 1], [0, 0], [1, 0]]


def test_prompted_waves_are_kept_apart(make_study, answers, coded):
    study = make_study(
        settings={"waves": {"2": {"prompted": True}}},
        sources=answers("P1", "P2") + answers("P3", wave="2"),
        codebook=CODEBOOK,
        codings=coded(("P1/q1/1", "no-time", "supports"), ("P3/q1/2", "jargon", "supports")),
    )
    assert held(collect(study)[0]) == [[1], [0]]
    assert held(collect(study, prompted=True)[0]) == [[1]]


def test_before_anything_is_coded_there_is_nothing(make_study, answers):
    assert collect(make_study(sources=answers("P1"), codebook=CODEBOOK)) == []


def test_a_name_that_the_answer_needs_itself_is_refused(make_study, answers, coded):
    study = make_study(
        sources=answers("P1"),
        cases=[{"case_id": "P1", "codes": "x"}],
        codebook=CODEBOOK,
        codings=coded(("P1/q1/1", "no-time", "supports")),
    )
    with pytest.raises(TableError, match="by='codes': found a name that the answer needs itself"):
        collect(study, by="codes")
