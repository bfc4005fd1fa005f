import json
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.reliability.alpha import (
    LEVELS,
    alpha_of_coincidences,
    count_coincidences,
    krippendorff_alpha,
    squared_differences,
)

NAN = float("nan")
ORACLES = Path(__file__).parents[3] / "shared" / "samples" / "agreement" / "oracles.json"

# Krippendorff (2011), example C: four observers, twelve units, 0 where nothing was recorded.
FOUR_OBSERVERS = ["123321412000", "123322412503", "033323422510", "123324412510"]
# Krippendorff (1980), p. 139: three coders, a word a unit.
THREE_CODERS = ["111", "122", "222", "444", "144", "222", "123", "333", "222"]


def digits(rows: list[str]) -> np.ndarray:
    cells = np.array([[float(digit) for digit in row] for row in rows])
    return np.where(cells == 0, NAN, cells)


def judgements_of(table: list[list[int]]) -> np.ndarray:
    """Two coders' judgements from the table that crosses them."""
    pairs = [(c, k) for c, row in enumerate(table) for k, count in enumerate(row) for _ in range(count)]
    return np.array(pairs, dtype=float).T


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743421052631579), ("ordinal", 0.8153875), ("interval", 0.8491071), ("ratio", 0.7974028)],
)
def test_four_observers_with_missing_judgements_have_the_published_alpha(level, published):
    assert krippendorff_alpha(digits(FOUR_OBSERVERS), level=level) == pytest.approx(published, abs=5e-8)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.642), ("interval", 0.547), ("ratio", 0.483)])
def test_three_coders_have_the_published_alpha(level, published):
    assert krippendorff_alpha(digits(THREE_CODERS).T, level=level) == pytest.approx(published, abs=0.0005)


def test_two_coders_of_a_binary_code_have_the_published_alpha():
    data = [[int(digit) for digit in row] for row in ("0100000010", "1110010000")]
    assert krippendorff_alpha(data) == pytest.approx(0.0952, abs=5e-5)


def test_words_are_values_too():
    assert krippendorff_alpha([list("aabbdcccedda"), list("babbbccceddd")]) == pytest.approx(0.6919642857, abs=5e-11)


def test_a_table_of_words_may_hold_none_where_nothing_was_said():
    data = pd.DataFrame([["YES", "YES", None], ["NO", "NO", None], ["NO", None, "NO"]])
    assert krippendorff_alpha(data) == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("table", "published", "within"),
    [
        ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], 0.800535, 5e-7),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], 0.79726, 5e-6),
        ([[40, 9], [6, 45]], 0.7008, 5e-5),
        ([[80, 10], [5, 5]], 0.3177, 5e-5),
    ],
)
def test_two_coders_crossed_in_a_table_have_the_published_alpha(table, published, within):
    assert krippendorff_alpha(judgements_of(table)) == pytest.approx(published, abs=within)


@pytest.mark.parametrize("table", [[[13, 0, 0], [0, 20, 7], [0, 4, 56]], [[20, 10], [20, 50]]])
def test_alpha_of_two_coders_is_scotts_pi_corrected_for_the_number_of_units(table):
    counts = np.array(table, dtype=float)
    n = counts.sum()
    shares = (counts.sum(axis=0) + counts.sum(axis=1)) / (2 * n)
    pi = (np.trace(counts) / n - (shares**2).sum()) / (1 - (shares**2).sum())
    assert krippendorff_alpha(judgements_of(table)) == pytest.approx(pi + (1 - pi) / (2 * n))


def test_a_difference_may_be_weighted_by_hand():
    crossed = np.array([[46, 0, 0], [6, 32, 6], [0, 0, 10]], dtype=float)
    differences = np.array([[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]])
    assert alpha_of_coincidences(crossed + crossed.T, differences) == pytest.approx(0.8156, abs=5e-5)


SETS = [("", ""), ("A", ""), ("A", "A"), ("A", "B"), ("AB", "A"), ("AB", "AC"), ("ABC", "ABC"), ("C", "AC"), ("C", "AC")]


def jaccard(one: set[str], other: set[str]) -> float:
    return 1 - len(one & other) / len(one | other) if one | other else 0.0


def dice(one: set[str], other: set[str]) -> float:
    return 1 - 2 * len(one & other) / (len(one) + len(other)) if one | other else 0.0


def apartness(one: set[str], other: set[str]) -> float:
    return 0 if one == other else 1 / 3 if one <= other or other <= one else 2 / 3 if one & other else 1


def masi(one: set[str], other: set[str]) -> float:
    return 1 - (1 - jaccard(one, other)) * (1 - apartness(one, other))


def jaccard_times_apartness(one: set[str], other: set[str]) -> float:
    return jaccard(one, other) * apartness(one, other)


@pytest.mark.parametrize(
    ("difference", "known"),
    [
        (set.__ne__, 0.2388),
        (jaccard, 0.3156),
        (dice, 0.3602),
        (masi, 0.2731),
        (jaccard_times_apartness, 0.2529),
        (apartness, 0.1862),
    ],
)
def test_sets_of_codes_have_the_known_alpha_under_each_distance(difference, known):
    values = sorted({word for pair in SETS for word in pair})
    ratings = np.array([[float(pair.count(value)) for value in values] for pair in SETS])
    differences = np.array([[float(difference(set(one), set(other))) for other in values] for one in values])
    assert alpha_of_coincidences(count_coincidences(ratings), differences) == pytest.approx(known, abs=5e-5)


@pytest.mark.skipif(not ORACLES.exists(), reason="the published tables lie beside the project only where it is developed")
def test_every_published_table_in_the_collection_has_its_alpha():
    checked = []
    for oracle in json.loads(ORACLES.read_bytes()):
        for name, (published, within) in oracle["expected"].items():
            if oracle["data_shape"].startswith("items") and name.removeprefix("alpha_") in LEVELS:
                data = np.array(oracle["data"], dtype=object).T
                assert krippendorff_alpha(data, level=name.removeprefix("alpha_")) == pytest.approx(published, abs=within)
                checked.append((oracle["id"], name))
    assert len(checked) == 10


@pytest.mark.skipif(not ORACLES.exists(), reason="the published tables lie beside the project only where it is developed")
@pytest.mark.parametrize(("level", "known"), [("ordinal", 0.7598), ("nominal", 0.4765), ("interval", 0.7574), ("ratio", 0.6621)])
def test_the_newspaper_items_of_2007_have_the_known_alpha(level, known):
    oracle = next(oracle for oracle in json.loads(ORACLES.read_bytes()) if oracle["id"] == "hayes_kripp_2007")
    assert krippendorff_alpha(np.array(oracle["data"], dtype=object).T, level=level) == pytest.approx(known, abs=5e-5)


cells = st.lists(st.lists(st.sampled_from([NAN, 0.0, 1.0, 2.0, 5.0]), min_size=6, max_size=6), min_size=2, max_size=5).map(
    np.array
)


def defined(data: np.ndarray) -> bool:
    judged = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    return len(np.unique(judged[~np.isnan(judged)])) > 1


@given(cells)
@settings(deadline=None)
def test_alpha_is_that_of_the_krippendorff_package(data):
    for level in LEVELS:
        ours = krippendorff_alpha(data, level=level)
        if defined(data):
            assert ours == pytest.approx(krippendorff.alpha(reliability_data=data, level_of_measurement=level))
        else:
            assert np.isnan(ours)


@given(cells, st.randoms())
@settings(deadline=None)
def test_the_order_of_coders_and_units_does_not_matter(data, random):
    coders, units = list(range(data.shape[0])), list(range(data.shape[1]))
    random.shuffle(coders)
    random.shuffle(units)
    for level in LEVELS:
        assert krippendorff_alpha(data[coders][:, units], level=level) == pytest.approx(
            krippendorff_alpha(data, level=level), nan_ok=True
        )


@given(cells)
@settings(deadline=None)
def test_the_names_of_nominal_values_do_not_matter(data):
    renamed = np.where(np.isnan(data), None, np.char.add("value ", (9 - data).astype(str)))
    assert krippendorff_alpha(renamed) == pytest.approx(krippendorff_alpha(data), nan_ok=True)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=2).filter(lambda row: len(set(row)) > 1))
def test_coders_who_always_agree_have_alpha_one(row):
    assert [krippendorff_alpha([row, row, row], level=level) for level in LEVELS] == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_undefined_where_only_one_value_is_used(level):
    assert np.isnan(krippendorff_alpha([[1, 1, NAN], [1, 1, 2]], level=level))


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_undefined_without_units(level):
    assert np.isnan(krippendorff_alpha(np.empty((2, 0)), level=level))


def test_the_data_are_not_changed():
    data = digits(FOUR_OBSERVERS)
    before = data.copy()
    krippendorff_alpha(data, level="ratio")
    np.testing.assert_array_equal(data, before)


def test_two_zeros_do_not_differ_at_the_ratio_level():
    differences = squared_differences(np.array([0.0, 1.0, 3.0]), np.ones(3), "ratio")
    np.testing.assert_allclose(differences, [[0, 1, 1], [1, 0, 0.25], [1, 0.25, 0]])


@pytest.mark.parametrize(
    ("data", "level", "message"),
    [
        ([1, 2, 3], "nominal", "1 dimension"),
        ([[1, 2], [1, 2]], "nomynal", "'nomynal'; expected one of nominal, ordinal, interval, ratio"),
        ([["a", 1], [1, 1]], "interval", "'a'; expected numbers"),
        ([[-1, 1], [1, 1]], "ratio", "-1; expected numbers from 0 upwards"),
        ([[float("inf"), 1], [1, 1]], "ordinal", "inf; expected numbers"),
    ],
)
def test_data_that_cannot_be_measured_are_refused_by_name(data, level, message):
    with pytest.raises(TableError, match=message):
        krippendorff_alpha(data, level=level)
