import pandas as pd
import pytest
from sharing_demo import make_study

from engagement_lib.sharing.columns import is_measure, is_share, read_columns


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path)


def read(study, **columns):
    return read_columns(pd.DataFrame(columns), study)


def test_people_are_counted_by_the_names_the_library_gives_them(study):
    found = read(study, code=["a"], respondents=[3], supporting=[2], codings=[9], base=[40])
    assert found.counts == ("respondents", "supporting")
    assert found.undeclared == ()


def test_whole_numbers_that_nobody_declared_may_count_people(study):
    found = read(study, code=["a"], men=[3], passages=[2], share=[0.5])
    assert (found.counts, found.undeclared) == (("men",), ("men",))


def test_a_noun_at_the_beginning_of_a_name_says_that_no_people_are_counted(study):
    assert read(study, theme=["a"], segments_culture=[3]).counts == ()


def test_a_study_may_say_what_its_columns_count(tmp_path):
    told = make_study(tmp_path, sharing={"count_people": ["passages"], "count_nobody": ["men"]})
    assert read(told, code=["a"], men=[3], passages=[2]).counts == ("passages",)


def test_the_first_column_is_what_rows_are_by(study):
    assert read(study, respondents=[1, 2], codes=[4, 6]).counts == ()


def test_groups_of_the_studys_people_may_be_headings(study):
    found = read(study, code=["a"], producer=[3], user=[12], webinar=[2], passages=[4])
    assert (found.variable, found.wide, found.undeclared) == ("group", ("producer", "user", "webinar"), ())


def test_both_is_a_count_of_people_unless_it_is_a_group(tmp_path):
    study = make_study(tmp_path)
    assert read(study, claim_id=["C1"], both=[3]).counts == ("both",)
    cases = study.cases.assign(group=["producer", "user", "both"])
    grouped = read(study.__class__(**{**vars(study), "cases": cases}), code=["a"], both=[3], user=[5])
    assert (grouped.variable, grouped.wide) == ("group", ("both", "user"))


def test_headings_that_add_up_to_a_total_are_values_of_one_variable(study):
    found = read(study, code=["a", "b"], men=[3, 7], women=[12, 5], Total=[15, 12])
    assert (found.variable, found.wide) == ("heading", ("men", "women", "Total"))
    assert read(study, code=["a", "b"], men=[3, 7], women=[12, 5], Total=[15, 13]).wide == ()


def test_sources_by_kind_are_as_good_as_people(study):
    assert read(study, kind=["comment"], sources=[8]).counts == ("sources",)
    assert read(study, code=["a"], sources=[8]).counts == ()


def test_a_part_of_a_whole_in_words_is_a_count(study):
    found = read(study, id=["C1", "C2"], said=["3 of 52", "12 of 52"], interval=["2 to 15 %", "13 to 36 %"])
    assert (found.counts, found.words) == (("said",), ("id",))


def test_rows_are_by_the_fewest_columns_of_words_that_tell_as_much(study):
    long = {"code": ["a", "a", "b", "b"], "theme": ["x", "x", "y", "y"], "group": ["p", "u", "p", "u"], "wave": [1, 1, 1, 1]}
    assert read(study, **long, respondents=[1, 2, 3, 4]).by() == ["code", "group"]
    assert read(study, what=["rings", "rings"], wave=[1, 2], respondents=[3, 4]).by() == ["wave"]


def test_what_a_whole_table_is_about_counts_among_what_rows_are_by(study):
    assert read(study, kind=["survey", "survey"], wave=[1, 2], respondents=[3, 4]).by() == ["kind", "wave"]
    assert read(study, code=["a"], theme=["x"], producer=[12], user=[3]).by() == ["code"]
    assert read(study, group=["all"], code=[""], respondents=[4]).by() == []


def test_what_is_made_from_a_count_is_told_by_its_row(study):
    found = read(study, code=["a"], respondents=[3], codings=[4], base=[40], share=[0.1], interval=["2% to 15%"], why=["rare"])
    assert found.made_from(0, 1) == [2, 4, 5]


def test_how_many_units_few_people_gave_is_hidden_with_them(study):
    assert read(study, kind=["comment"], units=[3], respondents=[3]).made_from(0, 2) == [1]


def test_the_share_that_supports_is_not_made_from_those_who_contradict(study):
    found = read(study, claim_id=["C1"], supporting=[9], contradicting=[2], base=[40], share=[0.2], passages=[8])
    assert (found.made_from(0, 1), found.made_from(0, 2)) == ([4, 5], [5])


def test_a_share_of_one_wave_is_made_from_the_count_of_that_wave(study):
    found = read(study, code=["a"], respondents_wave_1=[9], respondents_wave_2=[2], share_wave_1=[0.2], share_wave_2=[0.1])
    assert found.made_from(0, 2) == [4]


def test_nothing_is_made_from_an_undeclared_number_beside_a_count_of_people(study):
    found = read(study, code=["a"], respondents=[30], tries=[2], share=[0.5])
    assert found.made_from(0, 2) == []
    assert read(study, code=["a"], tries=[2], share=[0.5]).made_from(0, 1) == [2]


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("share", True),
        ("first_share", True),
        ("percentage_of_people", True),
        ("per_cent", True),
        ("largest_share", False),
        ("segment_share", False),
        ("alpha", False),
    ],
)
def test_a_share_of_people_is_known_by_its_name(name, people):
    assert is_share(name) is people


def test_the_base_of_a_share_has_its_name(study):
    found = read(study, code=["a"], first_share=[0.2], first_base=[40], second_share=[0.1], of=[12])
    assert (found.base_of("first_share"), found.base_of("second_share")) == ("first_base", "of")
    assert read(study, code=["a"], share=[0.2]).base_of("share") == ""


def test_the_base_of_one_of_two_counts_has_its_name(study):
    found = read(study, code=["a"], respondents=[7], base=[19], other_respondents=[45], other_base=[342])
    assert (found.base_of("respondents"), found.base_of("other_respondents")) == ("base", "other_base")


def test_what_is_lacking_in_a_column_of_words_says_nothing_of_it(study):
    found = read(study, code=["a", "b"], said=["3 of 52", None], because=[None, "rare"])
    assert found.counts == ("said",)


def test_a_measure_is_a_share_an_interval_or_a_part():
    assert [is_measure(text) for text in ("12%", "2 to 15 %", "0.1–0.3", "3 of 52", "1,200 words", "rare")] == [True] * 4 + [
        False
    ] * 2
