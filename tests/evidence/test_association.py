import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, completeness_score, homogeneity_score

from engagement_lib.evidence.association import (
    chance_of,
    cramers_v,
    cross_table,
    exchange_respondents,
    measure_association,
    number_people,
    shared_information,
    strata_of,
    two_sided,
)

PUBLISHED = np.array([[20.0, 15.0], [30.0, 35.0]])


def test_values_that_do_not_occur_have_no_row_or_column():
    assert cross_table(np.array([0, 2, 2]), np.array([3, 3, 1])).tolist() == [[0, 1], [1, 1]]
    assert cross_table(np.array([], dtype=int), np.array([], dtype=int)).shape == (0, 0)


def test_cramers_v_of_a_published_table():
    assert cramers_v(PUBLISHED, corrected=False) == pytest.approx(0.1048, abs=5e-5)


def test_bergsmas_correction_by_its_formula():
    n, phi = 100, 0.1048**2
    shrunk = 2 - 1 / (n - 1) - 1
    assert cramers_v(PUBLISHED) == pytest.approx(((phi - 1 / (n - 1)) / shrunk) ** 0.5, abs=5e-4)


def test_what_the_correction_takes_off_is_what_chance_adds():
    generator = np.random.default_rng(0)
    tables = [cross_table(generator.integers(0, 5, 100), generator.integers(0, 4, 100)) for _ in range(400)]
    assert np.mean([cramers_v(table, corrected=False) for table in tables]) == pytest.approx(0.19, abs=0.01)
    assert np.mean([cramers_v(table) for table in tables]) == pytest.approx(0.045, abs=0.01)


@pytest.mark.parametrize(
    "table", [np.zeros((0, 0)), np.array([[3.0, 4.0]]), np.array([[3.0], [4.0]]), np.eye(2), np.array([[0.5, 0.0], [0.0, 0.5]])]
)
def test_a_table_too_small_has_no_association(table):
    assert np.isnan(cramers_v(table))


def test_one_class_or_one_cluster_says_nothing():
    assert np.isnan(shared_information(np.array([[3.0, 4.0]]))).all()
    assert np.isnan(measure_association(np.array([[3.0], [4.0]]))).all()


def test_where_every_segment_is_a_cluster_chance_does_as_well():
    assert np.isnan(shared_information(np.eye(3))[0])


labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=8, max_size=40)


@given(labels)
def test_shared_information_is_that_of_scikit_learn(pairs):
    classes, clusters = np.array(pairs).T
    table = cross_table(classes, clusters)
    if min(table.shape) < 2:
        return
    ami, homogeneity, completeness = shared_information(table)
    if not np.isnan(ami):
        assert ami == pytest.approx(adjusted_mutual_info_score(classes, clusters), abs=1e-9)
    assert homogeneity == pytest.approx(homogeneity_score(classes, clusters), abs=1e-9)
    assert completeness == pytest.approx(completeness_score(classes, clusters), abs=1e-9)


@given(labels)
def test_neither_side_matters_for_v(pairs):
    one, other = np.array(pairs).T
    found = cramers_v(cross_table(one, other)), cramers_v(cross_table(other, one))
    assert found[0] == pytest.approx(found[1], nan_ok=True)


def test_people_are_numbered_as_they_come_and_part_by_their_kinds():
    segments = pd.DataFrame(
        {"respondent": ["Z", "A", "Z", "B"], "kind": ["interview", "survey", "survey", "survey"]}, index=[5, 6, 7, 8]
    )
    assert number_people(segments).tolist() == [0, 1, 0, 2]
    assert strata_of(segments).tolist() == [0, 1, 1]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 99))
def test_whoever_gives_labels_gives_them_to_one_respondent_of_the_same_stratum(person, seed):
    person = pd.factorize(np.array(person))[0].astype(np.int64)
    strata = np.arange(person.max() + 1) % 2
    given_by = person[exchange_respondents(person, strata, np.random.default_rng(seed))]
    pairs = set(zip(person.tolist(), given_by.tolist(), strict=True))
    assert len(pairs) == len({taker for taker, _ in pairs}) == len({giver for _, giver in pairs})
    assert all(strata[taker] == strata[giver] for taker, giver in pairs)


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 99))
def test_where_all_say_equally_much_every_label_is_given_once(people, many, seed):
    person = np.tile(np.arange(people), many)
    order = exchange_respondents(person, np.zeros(people, dtype=np.int64), np.random.default_rng(seed))
    assert sorted(order) == list(range(people * many))


def test_the_data_count_as_one_draw():
    assert chance_of(0.9, np.zeros(999)) == 0.001
    assert chance_of(0.0, np.array([0.0, np.nan])) == 1
    assert np.isnan(chance_of(np.nan, np.zeros(3)))
    assert np.isnan(chance_of(0.1, np.array([np.nan])))


def test_two_sides_count_twice():
    assert two_sided(-1.0, np.zeros(99)) == two_sided(1.0, np.zeros(99)) == 0.02
    assert two_sided(0.0, np.zeros(99)) == 1
    assert np.isnan(two_sided(np.nan, np.zeros(3)))
