"""Coefficients on judgements of any kind, against what is published and what other packages give."""

import json
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from pandas.testing import assert_frame_equal
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from engagement_lib.errors import TableError
from engagement_lib.reliability.ratings import agreement_of_ratings
from engagement_lib.reliability.weights import LEVELS

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "agreement"
SHARED = pytest.mark.skipif(not SAMPLES.exists(), reason="the published tables lie beside the project only where it is developed")

# Krippendorff (2011), example C: four observers, twelve units; a dot where nothing was recorded.
KRIPPENDORFF = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
# The same as Gwet prints it (irrCAC, cac.raw4raters): the last unit was judged by the third observer, not the second.
GWET = [KRIPPENDORFF[0], "1233224125..", ".33323422513", KRIPPENDORFF[3]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
PI_AND_THE_REST = ("alpha", "cohen_kappa", "scott_pi", "gwet_ac1", "brennan_prediger")


def digits(rows):
    """A column a coder, from rows of digits with dots where nothing was said."""
    return pd.DataFrame({coder: [int(cell) if cell != "." else None for cell in row] for coder, row in enumerate(rows)})


def crossed(table):
    """Two coders' judgements from the table that crosses them."""
    return pd.DataFrame([(c, k) for c, row in enumerate(table) for k, count in enumerate(row) for _ in range(count)])


def estimates(ratings, **options):
    table = agreement_of_ratings(ratings, **{"resamples": 1} | options)
    return dict(zip(table["coefficient"], table["estimate"], strict=True))


def row_of(ratings, coefficient, **options):
    return agreement_of_ratings(ratings, coefficient=coefficient, **{"resamples": 1} | options).loc[0]


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743421052631579), ("ordinal", 0.8153875), ("interval", 0.8491071), ("ratio", 0.7974028)],
)
def test_four_observers_with_missing_judgements_have_the_published_alpha(level, published):
    assert estimates(digits(KRIPPENDORFF), level=level)["alpha"] == pytest.approx(published, abs=5e-8)


@pytest.mark.parametrize(
    ("coefficient", "published", "error"),
    [
        ("gwet_ac1", 0.77544, 0.14295),
        ("fleiss_kappa", 0.76117, 0.15302),
        ("conger_kappa", 0.76282, 0.14917),
        ("brennan_prediger", 0.77273, 0.14472),
        ("alpha", 0.74342, 0.14557),
    ],
)
def test_four_raters_have_gwets_coefficients_and_standard_errors(coefficient, published, error):
    row = row_of(digits(GWET), coefficient)
    assert row["estimate"] == pytest.approx(published, abs=5e-6)
    assert row["standard_error"] == pytest.approx(error, abs=6e-6)


def test_four_raters_agree_as_often_as_gwet_says():
    assert row_of(digits(GWET), "gwet_ac1")["observed"] == pytest.approx(0.81818, abs=5e-6)


@pytest.mark.parametrize(
    ("weights", "published"), [("ordinal", 0.89894), ("linear", 0.85874), ("quadratic", 0.91400), ("bipolar", 0.90037)]
)
def test_four_raters_have_gwets_ac2_under_each_kind_of_weights(weights, published):
    found = estimates(digits(GWET), level="ordinal", weights=weights)
    assert found["gwet_ac2"] == pytest.approx(published, abs=6e-6)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.642), ("interval", 0.547), ("ratio", 0.483)])
def test_three_coders_have_the_published_alpha(level, published):
    # Krippendorff (1980), p. 139: a word a unit.
    ratings = pd.DataFrame([list(map(int, unit)) for unit in ["111", "122", "222", "444", "144", "222", "123", "333", "222"]])
    assert estimates(ratings, level=level)["alpha"] == pytest.approx(published, abs=0.0005)
    assert row_of(ratings, "fleiss_kappa")["observed"] == pytest.approx(0.740, abs=0.001)


def test_two_coders_of_a_binary_code_have_the_published_alpha():
    assert estimates(digits(["0100000010", "1110010000"]))["alpha"] == pytest.approx(0.0952, abs=5e-5)


def test_words_are_values_too_and_the_order_of_columns_does_not_matter():
    ratings = pd.DataFrame({"b": list("aabbdcccedda"), "a": list("babbbccceddd")})
    assert estimates(ratings)["alpha"] == pytest.approx(0.6919642857, abs=5e-11)
    assert estimates(ratings[["a", "b"]]) == estimates(ratings)


def test_a_blank_cell_is_no_judgement():
    ratings = pd.DataFrame({"AB": ["YES", "YES", ""], "CD": ["NO", "NO", None], "EF": ["NO", np.nan, "NO"]})
    assert estimates(ratings)["alpha"] == pytest.approx(-1 / 3)


def test_fleiss_patients_have_the_published_kappa_and_free_marginal_kappa():
    counts = [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0], [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6],
        [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0],
        [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ]  # fmt: skip
    ratings = pd.DataFrame([np.repeat(np.arange(5), unit) for unit in counts])
    row = row_of(ratings, "fleiss_kappa")
    assert row[["observed", "expected", "estimate"]].tolist() == pytest.approx([0.5556, 0.2201, 0.43024], abs=2e-4)
    assert estimates(ratings)["brennan_prediger"] == pytest.approx(0.44444, abs=5e-6)
    of_each = [estimates(ratings == value)["fleiss_kappa"] for value in range(5)]
    # Fleiss worked with rounded shares; without rounding the first is .245.
    assert of_each == pytest.approx([0.248, 0.248, 0.517, 0.470, 0.565], abs=4e-3)


@pytest.mark.parametrize(
    ("table", "published", "within"),
    [
        (ABSTRACTORS, {"alpha": 0.79726, "cohen_kappa": 0.79641, "scott_pi": 0.79624, "gwet_ac1": 0.84933}, 6e-6),
        (ABSTRACTORS, {"brennan_prediger": 0.835}, 5e-6),
        (COHEN, {"cohen_kappa": 0.49153}, 5e-6),
        (COHEN, {"gwet_ac1": 0.5760}, 5e-5),
        ([[25, 12, 3], [13, 2, 15], [12, 16, 2]], {"gwet_ac1": -0.0480}, 5e-5),
        ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], {"alpha": 0.800535, "cohen_kappa": 0.801325, "scott_pi": 0.799532}, 5e-7),
        ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], {"brennan_prediger": 0.82}, 5e-5),
        ([[40, 9], [6, 45]], {"cohen_kappa": 0.6995, "gwet_ac1": 0.7007, "brennan_prediger": 0.70, "alpha": 0.7008}, 5e-5),
        ([[80, 10], [5, 5]], {"cohen_kappa": 0.3182, "gwet_ac1": 0.8080, "brennan_prediger": 0.70, "alpha": 0.3177}, 5e-5),
        ([[118, 5], [2, 0]], {"cohen_kappa": -0.0234, "gwet_ac1": 0.9408}, 5e-5),
        ([[12, 9, 9], [9, 14, 9], [9, 9, 20]], {"brennan_prediger": 0.190, "scott_pi": 0.186, "cohen_kappa": 0.186}, 5e-4),
        ([[12, 18, 18], [0, 14, 18], [0, 0, 20]], {"scott_pi": 0.186, "cohen_kappa": 0.258}, 5e-4),
    ],
)
def test_two_coders_crossed_in_a_table_have_the_published_coefficients(table, published, within):
    found = estimates(crossed(table))
    assert {name: found[name] for name in published} == pytest.approx(published, abs=within)


@pytest.mark.parametrize(("weights", "published"), [("linear", 0.47368), ("quadratic", 0.45455)])
def test_cohens_table_has_the_published_weighted_kappa(weights, published):
    assert estimates(crossed(COHEN), level="ordinal", weights=weights)["cohen_kappa"] == pytest.approx(published, abs=5e-6)


def test_cohens_table_has_the_published_asymptotic_error_and_interval():
    row = row_of(crossed(COHEN), "cohen_kappa")
    error = row["standard_error"] * np.sqrt(199 / 200)  # Fleiss, Cohen and Everitt (1969) divide by n where Gwet takes n - 1.
    assert error == pytest.approx(0.0510, abs=5e-5)
    assert [row["estimate"] - 1.96 * error, row["estimate"] + 1.96 * error] == pytest.approx([0.3916, 0.5915], abs=1e-4)


def test_gwets_abstractors_have_the_published_errors():
    errors = {
        name: row_of(crossed(ABSTRACTORS), name)["standard_error"] * np.sqrt(99 / 100) for name in ("cohen_kappa", "gwet_ac1")
    }
    assert errors == pytest.approx({"cohen_kappa": 0.05891, "gwet_ac1": 0.04322}, abs=6e-6)


def test_weights_may_be_given_by_hand():
    # Artstein and Poesio (2008): half a disagreement where either label is "Chck".
    labels = ["STAT", "IReq", "Chck"]
    weights = pd.DataFrame([[1, 0, 0.5], [0, 1, 0.5], [0.5, 0.5, 1]], index=labels, columns=labels)
    ratings = crossed([[46, 0, 0], [6, 32, 6], [0, 0, 10]]).map(labels.__getitem__)
    found = estimates(ratings, weights=weights)
    assert found["alpha"] == pytest.approx(0.8156, abs=5e-5)
    assert found["cohen_kappa"] == pytest.approx(0.8163, abs=5e-5)


SETS = [("", ""), ("A", ""), ("A", "A"), ("A", "B"), ("AB", "A"), ("AB", "AC"), ("ABC", "ABC"), ("C", "AC"), ("C", "AC")]


def apartness(one, other):
    return 0 if one == other else 1 / 3 if one <= other or other <= one else 2 / 3 if one & other else 1


@pytest.mark.parametrize(
    ("distance", "known"),
    [
        ("equality", 0.2388),
        ("jaccard", 0.3156),
        ("dice", 0.3602),
        ("masi", 0.2731),
        (apartness, 0.1862),
        (lambda one, other: len(one ^ other) / max(len(one | other), 1) * apartness(one, other), 0.2529),
    ],
)
def test_sets_of_codes_have_the_known_alpha_under_each_distance(distance, known):
    ratings = pd.DataFrame([[frozenset(one), set(other)] for one, other in SETS], columns=["AB", "CD"])
    row = row_of(ratings, "alpha", distance=distance)
    assert row["estimate"] == pytest.approx(known, abs=5e-5)
    assert row["level"] == (distance if isinstance(distance, str) else "own distance")


@SHARED
def test_every_published_table_in_the_collection_has_its_values():
    names = {"S": "brennan_prediger", "cohen_kappa": "cohen_kappa", "scott_pi": "scott_pi", "gwet_ac1": "gwet_ac1"}
    names |= {"fleiss_kappa": "fleiss_kappa"} | {f"alpha_{level}": "alpha" for level in LEVELS}
    checked = []
    for oracle in json.loads((SAMPLES / "oracles.json").read_bytes()):
        shape, data = oracle["data_shape"], oracle["data"]
        if shape.startswith(("items x 2 coders, each a SET", "spans")):
            continue
        if shape.startswith("contingency"):
            ratings = crossed(data)
        elif shape.startswith("long"):
            ratings = pd.DataFrame(data, columns=["coder", "item", "label"]).pivot(index="item", columns="coder", values="label")
        else:
            ratings = pd.DataFrame(data)
        for name, (published, within) in oracle["expected"].items():
            level = name.removeprefix("alpha_") if name.removeprefix("alpha_") in LEVELS else "nominal"
            if name in names:
                found = row_of(ratings, names[name], level=level)["estimate"]
            elif name in ("percent_agreement", "observed", "expected"):
                found = row_of(ratings, "fleiss_kappa")["expected" if name == "expected" else "observed"]
            else:
                continue
            assert found == pytest.approx(published, abs=within), (oracle["id"], name)
            checked.append(name)
    assert len(checked) == 40


@SHARED
@pytest.mark.parametrize(("level", "known"), [("ordinal", 0.7598), ("nominal", 0.4765), ("interval", 0.7574), ("ratio", 0.6621)])
def test_the_newspaper_items_of_2007_have_the_known_alpha(level, known):
    oracle = next(oracle for oracle in json.loads((SAMPLES / "oracles.json").read_bytes()) if oracle["id"] == "hayes_kripp_2007")
    assert estimates(pd.DataFrame(oracle["data"]), level=level)["alpha"] == pytest.approx(known, abs=5e-5)


@SHARED
def test_the_newspaper_items_of_2007_have_the_known_interval_by_unit():
    oracle = next(oracle for oracle in json.loads((SAMPLES / "oracles.json").read_bytes()) if oracle["id"] == "hayes_kripp_2007")
    row = row_of(pd.DataFrame(oracle["data"]), "alpha", level="ordinal", interval="percentile", resamples=20_000)
    assert [row["low"], row["high"]] == pytest.approx([0.632, 0.841], abs=0.012)


@SHARED
@pytest.mark.parametrize("path", sorted((SAMPLES / "dkpro_oracles").glob("*.json")), ids=lambda path: path.stem)
def test_tables_of_gwets_coefficients_have_the_values_of_irrcac(path):
    fixture = json.loads(path.read_bytes())
    ratings = crossed(fixture["table"]).map(lambda place: fixture["categories"][place])
    for case in fixture["cases"]:
        weights = "identity" if case["weights"] == "unweighted" else case["weights"]
        name = case["measure"].lower()
        level = "nominal" if weights == "identity" else "interval"
        row = row_of(ratings, f"gwet_{name}", level=level, weights=weights, categories=fixture["categories"])
        assert row[["observed", "expected"]].tolist() == pytest.approx([case["pa"], case["pe"]], abs=1e-9)
        assert row["estimate"] == pytest.approx(case["coefficient"], abs=6e-6)


@SHARED
def test_seven_readers_of_stargazer_agree_on_breaks_as_statsmodels_says():
    # Hearst (1997) as in Fournier (2013): 21 paragraphs, 20 places where a topic may break.
    masses = json.loads((SAMPLES / "segeval_hearst1997" / "hearst1997.json").read_bytes())["items"]["stargazer"]
    breaks = {coder: set(np.cumsum(lengths)[:-1]) for coder, lengths in masses.items()}
    ratings = pd.DataFrame({coder: [place in at for place in range(1, 21)] for coder, at in breaks.items()})
    counts = np.array([[(~row).sum(), row.sum()] for row in ratings.to_numpy()])
    assert estimates(ratings)["fleiss_kappa"] == pytest.approx(fleiss_kappa(counts), abs=1e-12)


random_tables = st.lists(st.lists(st.sampled_from([None, 0, 1, 2, 5]), min_size=3, max_size=3), min_size=2, max_size=9)
full_tables = st.lists(st.lists(st.sampled_from([0, 1, 2]), min_size=3, max_size=3), min_size=2, max_size=12)


def check_against_krippendorff(rows):
    data = pd.DataFrame(rows, dtype=object)
    numbers = np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=float).T
    judged = numbers[:, (~np.isnan(numbers)).sum(axis=0) >= 2]
    for level in LEVELS:
        found = estimates(data, level=level, coefficient="alpha")["alpha"]
        if len(np.unique(judged[~np.isnan(judged)])) > 1:
            assert found == pytest.approx(krippendorff.alpha(reliability_data=numbers, level_of_measurement=level))
        else:
            assert np.isnan(found)


def check_against_others(rows):
    data = pd.DataFrame(rows)
    found = estimates(data, categories=[0, 1, 2])
    counts = np.array([[row.count(value) for value in (0, 1, 2)] for row in rows])
    with np.errstate(all="ignore"):
        assert found["fleiss_kappa"] == pytest.approx(fleiss_kappa(counts), nan_ok=True)
    assert found["brennan_prediger"] == pytest.approx(fleiss_kappa(counts, method="randolph"))
    pair = estimates(data[[0, 1]], categories=[0, 1, 2])
    table = np.array([[sum(row[:2] == [c, k] for row in rows) for k in (0, 1, 2)] for c in (0, 1, 2)])
    if len({row[0] for row in rows} | {row[1] for row in rows}) > 1:
        assert pair["cohen_kappa"] == pytest.approx(cohen_kappa_score(data[0], data[1], labels=[0, 1, 2]))
        assert pair["cohen_kappa"] == pytest.approx(cohens_kappa(table, return_results=False))
        for weights in ("linear", "quadratic"):
            ours = estimates(data[[0, 1]], level="ordinal", weights=weights, categories=[0, 1, 2])["cohen_kappa"]
            assert ours == pytest.approx(cohen_kappa_score(data[0], data[1], labels=[0, 1, 2], weights=weights))
        task = AnnotationTask([(coder, unit, rows[unit][coder]) for unit in range(len(rows)) for coder in (0, 1)])
        assert pair["scott_pi"] == pytest.approx(task.pi())
        assert pair["alpha"] == pytest.approx(task.alpha())


@given(random_tables)
@settings(deadline=None)
def test_alpha_is_that_of_the_krippendorff_package(rows):
    check_against_krippendorff(rows)


@given(full_tables)
@settings(deadline=None)
def test_kappas_are_those_of_statsmodels_scikit_learn_and_nltk(rows):
    check_against_others(rows)


@pytest.mark.slow
@given(random_tables)
@settings(deadline=None, max_examples=2000)
def test_alpha_is_that_of_the_krippendorff_package_on_2000_tables(rows):
    check_against_krippendorff(rows)


@pytest.mark.slow
@given(full_tables)
@settings(deadline=None, max_examples=2000)
def test_kappas_are_those_of_the_other_packages_on_2000_tables(rows):
    check_against_others(rows)


@given(random_tables, st.randoms())
@settings(deadline=None)
def test_the_order_of_coders_and_units_does_not_matter(rows, random):
    data = pd.DataFrame(rows, dtype=object)
    shuffled = data.iloc[random.sample(range(len(data)), len(data)), random.sample(range(3), 3)]
    for level in LEVELS:
        assert estimates(shuffled, level=level) == pytest.approx(estimates(data, level=level), nan_ok=True)


@given(random_tables)
@settings(deadline=None)
def test_the_names_of_nominal_values_do_not_matter(rows):
    renamed = pd.DataFrame([[None if cell is None else f"value {9 - cell}" for cell in row] for row in rows], dtype=object)
    assert estimates(renamed) == pytest.approx(estimates(pd.DataFrame(rows, dtype=object)), nan_ok=True)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=2).filter(lambda row: len(set(row)) > 1))
def test_coders_who_always_agree_have_one_whatever_the_coefficient(row):
    for level in LEVELS:
        assert set(estimates(pd.DataFrame({"AB": row, "CD": row, "EF": row}), level=level).values()) == {1.0}


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=2).filter(lambda rows: len(set(sum(rows, ()))) > 1)
)
def test_alpha_of_two_coders_without_gaps_is_scotts_pi_corrected_for_the_number_of_units(rows):
    found = estimates(pd.DataFrame([list(row) for row in rows]))
    assert found["alpha"] == pytest.approx(found["scott_pi"] + (1 - found["scott_pi"]) / (2 * len(rows)))


def test_the_coefficients_are_those_that_fit_the_number_of_coders_and_the_weights():
    two, three = crossed(ABSTRACTORS), digits(KRIPPENDORFF)
    names = ["alpha", "cohen_kappa", "scott_pi", "fleiss_kappa", "gwet_ac1", "brennan_prediger"]
    assert list(estimates(two)) == names
    assert list(estimates(three)) == ["alpha", "conger_kappa", "fleiss_kappa", "gwet_ac1", "brennan_prediger"]
    assert list(estimates(two, level="ordinal"))[-2:] == ["gwet_ac2", "brennan_prediger"]


@pytest.mark.parametrize(
    ("coefficient", "options", "reason"),
    [
        ("cohen_kappa", {}, "it is for two coders, and there are 4; Conger's kappa is the same for more"),
        ("scott_pi", {}, "it is for two coders, and there are 4; Fleiss' kappa is the same for more"),
        ("gwet_ac1", {"weights": "linear"}, "AC1 knows no weights; AC2 is the same with them"),
    ],
)
def test_a_coefficient_that_does_not_fit_says_which_does(coefficient, options, reason):
    row = row_of(digits(KRIPPENDORFF), coefficient, **options)
    assert np.isnan(row["estimate"])
    assert row["reason"] == reason


def test_one_value_alone_leaves_nothing_to_expect_but_for_those_that_take_chance_as_even():
    found = agreement_of_ratings(pd.DataFrame({"AB": ["x", "x"], "CD": ["x", "x"]}), categories=["x", "y"])
    said = dict(zip(found["coefficient"], zip(found["estimate"], found["reason"], strict=True), strict=True))
    undefined = "only one value was given, so that there is no disagreement to expect"
    assert [said[name][1] for name in ("alpha", "cohen_kappa", "scott_pi", "fleiss_kappa")] == [undefined] * 4
    never = "the coders never differ, so that drawing respondents anew shows no variation"
    assert [said[name] for name in ("gwet_ac1", "brennan_prediger")] == [(1.0, never)] * 2


@pytest.mark.parametrize("ratings", [pd.DataFrame({"AB": [], "CD": []}), pd.DataFrame({"AB": ["x", None], "CD": [None, "y"]})])
def test_without_a_unit_that_two_judged_nothing_is_defined(ratings):
    found = agreement_of_ratings(ratings)
    assert set(found["reason"]) == {"no unit was judged by two coders"}
    assert found["estimate"].isna().all()
    assert found["sentence"][0] == "alpha is undefined: no unit was judged by two coders."


def test_every_level_is_undefined_where_one_value_is_used_among_pairs():
    for level in LEVELS:
        assert np.isnan(estimates(pd.DataFrame([[1, 1], [1, 1], [None, 2]]), level=level)["alpha"])


def test_a_category_that_nobody_used_matters_to_gwet_and_brennan_and_prediger_only():
    ratings = crossed([[40, 9], [6, 45]])
    two, three = estimates(ratings), estimates(ratings, categories=[0, 1, 2])
    assert {name for name in two if two[name] != pytest.approx(three[name])} == {"gwet_ac1", "brennan_prediger"}


def test_words_have_ranks_in_the_order_of_their_categories():
    ratings = pd.DataFrame({"AB": ["low", "high", "middle", "low"], "CD": ["low", "middle", "middle", "middle"]})
    numbers = ratings.replace({"low": 1, "middle": 2, "high": 3}).astype(int)
    said = estimates(ratings, level="ordinal", categories=["low", "middle", "high"])
    assert said == pytest.approx(estimates(numbers, level="ordinal"))


def test_units_of_one_respondent_are_left_out_together():
    first, second = [1, 0] * 20, [1, 0] * 10 + [0, 1] * 10
    ratings = pd.DataFrame({"AB": first, "CD": second})
    alone, together = row_of(ratings, "alpha"), row_of(ratings, "alpha", respondents=[f"P{unit // 5}" for unit in range(40)])
    assert (alone["respondents"], together["respondents"]) == (40, 8)
    assert together["high"] - together["low"] > 1.5 * (alone["high"] - alone["low"])
    assert together["estimate"] == alone["estimate"]


def test_where_only_one_respondent_varies_there_is_no_interval():
    row = row_of(pd.DataFrame({"AB": [1, 0, 0, 0], "CD": [1, 1, 0, 0]}), "alpha", respondents=["P1", "P1", "P2", "P3"])
    assert row["reason"].startswith("it varies, or the coders differ, with one respondent only")
    assert np.isnan(row["low"])


def test_the_sentence_says_what_was_compared():
    row = row_of(digits(KRIPPENDORFF), "alpha", level="ordinal", interval="percentile", resamples=100)
    assert row["sentence"].startswith("alpha 0.82, 95% interval ")
    assert row["sentence"].endswith("(4 coders, 11 units of 11 respondents; ordinal).")


def test_an_ordinal_alpha_has_no_formula_for_its_error():
    assert np.isnan(row_of(digits(KRIPPENDORFF), "alpha", level="ordinal")["standard_error"])


def test_one_unit_has_no_standard_error():
    assert np.isnan(row_of(pd.DataFrame({"AB": ["x"], "CD": ["y"]}), "gwet_ac1")["standard_error"])


def test_the_types_of_columns_do_not_hang_on_the_ratings():
    full, empty = agreement_of_ratings(crossed(ABSTRACTORS)), agreement_of_ratings(pd.DataFrame({"AB": [], "CD": []}))
    assert_frame_equal(full.dtypes.to_frame(), empty.dtypes.to_frame())


def test_the_ratings_are_not_changed():
    ratings = digits(KRIPPENDORFF)
    before = ratings.copy()
    agreement_of_ratings(ratings, level="ratio")
    assert_frame_equal(ratings, before)


RATINGS = pd.DataFrame({"AB": [1, 2], "CD": [1, 3]})


@pytest.mark.parametrize(
    ("ratings", "options", "message"),
    [
        (RATINGS, {"level": "nomynal"}, "level: found 'nomynal'; expected one of nominal, ordinal, interval, ratio"),
        (pd.DataFrame({"AB": ["a", 1], "CD": [1, 1]}), {"level": "interval"}, "found 'a'; expected numbers"),
        (pd.DataFrame({"AB": [-1, 1], "CD": [1, 1]}), {"level": "ratio"}, "found -1; expected numbers from 0 upwards"),
        (pd.DataFrame({"AB": [np.inf, 1], "CD": [1, 1]}), {"level": "ordinal"}, "found inf; expected numbers"),
        (RATINGS, {"categories": [1, 2]}, "categories: found 3; expected only values among the categories"),
        (RATINGS.astype(str), {"level": "interval", "categories": ["1", "2", "3"]}, "expected numbers"),
        (RATINGS, {"weights": "cubic"}, "weights: found 'cubic'; expected one of identity, linear"),
        (RATINGS, {"weights": pd.DataFrame([[1]], index=[1], columns=[1])}, "weights: found no 2; expected every category"),
        (RATINGS, {"distance": "masi"}, "ratings: found [123]; expected sets of codes"),
        (pd.DataFrame({"AB": [{"a"}], "CD": [{"b"}]}), {"distance": "hamming"}, "distance: found 'hamming'; expected one of eq"),
        (RATINGS, {"respondents": ["P1"]}, "respondents: found 1 for 2 units"),
        (RATINGS, {"coefficient": "kappa"}, "coefficient: found 'kappa'; expected 'all', or one or more of alpha"),
        (RATINGS, {"interval": "normal"}, "interval: found 'normal'; expected one of t, percentile, bca"),
        (RATINGS, {"resamples": 0}, "resamples: found 0; expected at least 1"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(ratings, options, message):
    with pytest.raises(TableError, match=message):
        agreement_of_ratings(ratings, **options)
