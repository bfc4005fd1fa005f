import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.theme_splits import best_split, theme_splits

CODES = ("a1", "a2", "b1", "b2")
CODEBOOK = dict.fromkeys(CODES, "culture")


def people(generator, two, count=120):
    """What each respondent speaks of: one half or the other where the theme is two, else any code alike."""
    rows = []
    for number in range(count):
        half = CODES[:2] if generator.random() < 0.5 else CODES[2:]
        chosen = [code for code in CODES if generator.random() < (0.7 if code in half else 0.1)] if two else []
        chosen = chosen if two else [code for code in CODES if generator.random() < 0.35]
        rows.append((f"P{number:03d}", " ".join(chosen)))
    return rows


def test_a_theme_that_is_two_falls_apart_where_it_should(spoken):
    study = spoken(people(np.random.default_rng(0), two=True), CODEBOOK)
    row = theme_splits(study, draws=199).iloc[0]
    assert (row["codes"], row["used"], row["first_half"], row["second_half"]) == (4, 4, "a1; a2", "b1; b2")
    assert (row["within"] > 0.2, row["between"] < 0) == (True, True)
    assert row["difference"] == pytest.approx(row["within"] - row["between"])
    assert (row["difference"] > row["null_high"], row["p"]) == (True, 0.005)
    assert row["sentence"].endswith("(p = 0.005): it may be two.")


def test_a_theme_that_is_one_does_not(spoken):
    row = theme_splits(spoken(people(np.random.default_rng(1), two=False), CODEBOOK), draws=199).iloc[0]
    assert row["p"] > 0.05
    assert row["sentence"].endswith(": nothing says that it is two.")


def test_a_theme_of_which_each_group_says_one_half_is_one_within_the_groups(spoken):
    generator = np.random.default_rng(5)
    rows, cases = [], []
    for number in range(160):
        group, half = ("user", CODES[:2]) if number % 2 else ("producer", CODES[2:])
        rows.append((f"P{number:03d}", " ".join(code for code in half if generator.random() < 0.5)))
        cases.append({"case_id": f"P{number:03d}", "group": group})
    study = spoken(rows, CODEBOOK, cases=cases)
    assert theme_splits(study, draws=99)["p"].tolist() == [0.01]
    assert theme_splits(study, within="group", draws=99)["p"].iloc[0] > 0.05


def test_a_theme_with_few_codes_in_use_cannot_be_split(spoken):
    rows = [(f"P{number}", "a1 a2 b1" + (" b2" if number < 4 else "")) for number in range(9)]
    row = theme_splits(spoken(rows, CODEBOOK)).iloc[0]
    assert (row["codes"], row["used"], row["respondents"]) == (4, 3, 9)
    assert np.isnan(row["p"])
    assert row["reason"] == "fewer than 4 of its codes are used by 5 respondents or more"
    assert row["sentence"] == f"Whether 'culture' is two cannot be said: {row['reason']}."


def test_the_halves_of_a_clear_case_are_found_beyond_what_can_be_tried_one_by_one():
    second = np.arange(14) % 2 == 1
    near = np.where(second == second[:, np.newaxis], 0.5, 0.1)
    half, within, between = best_split(near)
    assert half.tolist() in (second.tolist(), (~second).tolist())
    assert (within, between) == (pytest.approx(0.5), pytest.approx(0.1))


def test_each_half_has_two_codes_or_more():
    alone = np.array([[1, 0, 0, 0], [0, 1, 0.9, 0.9], [0, 0.9, 1, 0.9], [0, 0.9, 0.9, 1]])
    assert best_split(alone)[0].sum() == 2


def test_before_anything_is_coded_there_are_no_rows_but_all_columns(spoken):
    empty = theme_splits(spoken([("P1", "")], CODEBOOK))
    assert empty.empty
    assert empty.dtypes.to_dict() == theme_splits(spoken([("P1", "a1")], CODEBOOK)).dtypes.to_dict()


def test_at_least_one_draw_is_asked_for(spoken):
    with pytest.raises(TableError, match="theme_splits, draws: found 0; expected at least 1"):
        theme_splits(spoken([], CODEBOOK), draws=0)


def test_neither_names_nor_the_order_of_rows_matter(spoken, renamed):
    study = spoken(people(np.random.default_rng(2), two=True, count=40), CODEBOOK)
    other = renamed(study, {f"P{number:03d}": f"Q{39 - number:03d}" for number in range(40)})
    object.__setattr__(other, "codings", other.codings.iloc[::-1].reset_index(drop=True))
    assert theme_splits(other, draws=20).equals(theme_splits(study, draws=20))
