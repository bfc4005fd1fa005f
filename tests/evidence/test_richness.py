from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.evidence.richness import (
    chao2_interval,
    chao2_variance,
    coverage,
    draw_counts,
    new_codes,
    rarefied_coverage,
    rarefy,
    richness_at,
    tally,
    unseen_codes,
)

# Published data: spiders (Ellison et al. 2010) and ants (Longino and Colwell 2011), as Chao et al. (2014) analyse them.
GIRDLED = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12]
ANTS = [80, 59, 34, 23, 19, 15, 13, 8, 8, 4, 3, 2, 2, 1]
INTERVIEWS = [11, 10, 10, 10, 10, 7, 7, 6, 6, 6, 5, 5, 5, 4, 4, 4, 3, 3, *[2] * 8, *[1] * 3]
NO_DRAWS = np.empty((0, 1))


@st.composite
def samples(draw, least=2):
    """Respondents, and how many of them have each code."""
    respondents = draw(st.integers(least, 30))
    return respondents, draw(st.lists(st.integers(1, respondents), min_size=1, max_size=12))


def test_a_tally_counts_codes_seen_those_of_one_and_of_two_respondents_and_mentions():
    assert [float(part) for part in tally(GIRDLED)] == [26, 12, 4, 168]
    assert [part.tolist() for part in tally([[1, 2, 0], [3, 3, 1]])] == [[2, 3], [1, 1], [1, 0], [3, 7]]


@pytest.mark.parametrize(
    ("seen", "once", "twice", "respondents", "published"),
    [
        (26, 12, 4, 168, 43.893),
        (37, 14, 4, 252, 61.403),
        (14, 1, 2, 200, 14.249),
        (227, 49, 23, 599, 279.109),
        (56, 13, 4, 200, 77.019),
        (241, 71, 34, 230, 314.810),
        (122, 28, 16, 150, 146.337),
        (29, 3, 8, 12, 29.5156),
    ],
)
def test_the_number_of_codes_in_all_is_the_published_one(seen, once, twice, respondents, published):
    assert seen + unseen_codes(once, twice, respondents) == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(
    ("once", "twice", "respondents", "published"),
    [(12, 4, 168, 14.306), (14, 4, 252, 18.532), (1, 2, 200, 0.726), (13, 4, 200, 16.353)],
)
def test_its_standard_error_is_the_published_one(once, twice, respondents, published):
    assert chao2_variance(once, twice, respondents) ** 0.5 == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(
    ("counts", "respondents", "published"),
    [
        (GIRDLED, 168, (30.511, 96.971)),
        ([*[10] * 19, *[2] * 4, *[1] * 14], 252, (43.502, 128.583)),
        (ANTS, 200, (14.013, 18.716)),
    ],
)
def test_its_interval_is_the_published_one(counts, respondents, published):
    assert chao2_interval(counts, respondents, NO_DRAWS) == pytest.approx(published, abs=5e-4)


def test_without_codes_of_two_respondents_the_other_formula_holds():
    assert unseen_codes(4, 0, 10) == pytest.approx(0.9 * 4 * 3 / 2)
    assert [float(unseen_codes(once, 0, 10)) for once in (0, 1)] == [0, 0]


def test_without_codes_of_two_respondents_the_spread_of_the_interval_is_that_of_the_draws():
    counts, drawn = [5, 1, 1, 1, 1], np.array([[5, 2, 1, 0, 0], [5, 1, 1, 1, 0], [5, 1, 0, 0, 0]])
    richness = np.array([3 + 0.9 * 1 / 2, 4 + 0.9 * 3, 2])
    k = np.exp(1.959964 * np.sqrt(np.log(1 + richness.var(ddof=1) / 5.4**2)))
    assert chao2_interval(counts, 10, drawn) == pytest.approx((5 + 5.4 / k, 5 + 5.4 * k))


def test_where_nothing_unseen_is_estimated_the_interval_begins_at_what_was_seen():
    drawn = np.array([[3, 1, 1], [3, 0, 0]])
    low, high = chao2_interval([3, 3, 3], 10, drawn)
    assert low == 3
    assert high == pytest.approx(1 + 0.975 * (3 + 0.9 - 1))
    assert chao2_interval([3, 3, 3], 10, np.array([[3, 3, 0]])) == (3, 3)


@pytest.mark.parametrize(
    ("counts", "respondents", "published", "digits"),
    [(GIRDLED, 168, 0.9289, 4), (ANTS, 200, 0.9963827, 7), (INTERVIEWS, 12, 0.985034, 6)],
)
def test_coverage_is_the_published_one(counts, respondents, published, digits):
    assert round(float(coverage(counts, respondents)), digits) == published


@pytest.mark.parametrize(
    ("seen_mentions_once_twice", "respondents", "published", "digits"),
    [
        ((227, 5976, 49, 23), 599, 0.9918134, 7),
        ((241, 2943, 71, 34), 230, 0.9759754, 7),
        ((122, 1730, 28, 16), 150, 0.9839382, 7),
        ((56, 1170, 13, 4), 200, 0.9889231, 7),
        ((37, 252, 14, 4), 252, 0.9446, 4),
    ],
)
def test_coverage_is_the_published_one_for_these_tallies(seen_mentions_once_twice, respondents, published, digits):
    seen, mentions, once, twice = seen_mentions_once_twice
    others = [3] * (seen - once - twice - 1)
    counts = [1] * once + [2] * twice + [*others, mentions - once - 2 * twice - sum(others)]
    assert [float(part) for part in tally(counts)] == [seen, once, twice, mentions]
    assert round(float(coverage(counts, respondents)), digits) == published


def test_with_one_respondent_or_nothing_coded_coverage_is_unknown():
    assert np.isnan(coverage([1, 1], 1))
    assert np.isnan(coverage([0, 0], 9))
    assert np.isnan(coverage([], 9))
    assert np.isnan(rarefied_coverage([1, 1], 1)).all()
    assert np.isnan(richness_at([1, 1], 1, 0.5))


@pytest.mark.parametrize(
    ("seen_once_twice", "respondents", "ahead", "published"),
    [
        ((29, 3, 8), 12, 5, 29.4442),
        ((14, 1, 2), 200, 95, 14.211194),
        ((14, 1, 2), 200, 200, 14.244103),
        ((227, 49, 23), 599, 284, 245.732481),
        ((227, 49, 23), 599, 599, 258.745498),
        ((241, 71, 34), 230, 109, 267.977661),
        ((122, 28, 16), 150, 150, 138.600961),
        ((56, 13, 4), 200, 95, 61.343524),
    ],
)
def test_the_codes_after_more_respondents_are_the_published_ones(seen_once_twice, respondents, ahead, published):
    seen, once, twice = seen_once_twice
    digits = len(str(published).split(".")[1])
    assert round(float(seen + new_codes(once, twice, respondents, ahead)), digits) == published


def test_coverage_after_more_respondents_is_the_published_one():
    assert coverage(ANTS, 200, ahead=[95, 200]) == pytest.approx([0.9994539, 0.9999324], abs=5e-8)


def test_rarefaction_is_the_published_one():
    assert rarefy(ANTS, 200)[[1, 100, 200]] == pytest.approx([1.355, 12.811923, 14], abs=5e-7)
    assert rarefied_coverage(ANTS, 200)[[1, 100, 200]] == pytest.approx([0.2264459, 0.9840431, 0.9963827], abs=5e-8)
    assert rarefy(INTERVIEWS, 12)[[0, 1, 12]] == pytest.approx([0, 11.25, 29])


def test_the_codes_at_a_coverage_are_the_published_ones():
    # The published value goes between whole numbers of plots by another curve than the line here.
    assert richness_at(ANTS, 200, 0.985) == pytest.approx(12.909623, abs=5e-5)


def test_the_codes_at_the_coverage_reached_are_those_seen_and_at_none_there_are_none():
    assert richness_at(ANTS, 200, float(coverage(ANTS, 200))) == 14
    assert richness_at(ANTS, 200, 0.0) == 0
    assert richness_at([3, 3], 5, 1.0) == 2


@given(
    st.integers(2, 6).flatmap(
        lambda t: st.tuples(st.just(t), st.lists(st.lists(st.booleans(), min_size=t, max_size=t), min_size=1))
    )
)
def test_rarefaction_is_the_mean_over_all_choices_of_respondents(sample):
    respondents, codes = sample
    held = np.array(codes).T
    means = [
        np.mean([held[list(chosen)].any(axis=0).sum() for chosen in combinations(range(respondents), t)])
        for t in range(1, respondents + 1)
    ]
    assert rarefy(held.sum(axis=0), respondents)[1:] == pytest.approx(means)


@given(samples())
def test_curves_rise_from_none_to_what_was_seen_and_coverage_stays_within_0_and_1(sample):
    respondents, counts = sample
    codes, covered = rarefy(counts, respondents), rarefied_coverage(counts, respondents)
    assert codes[0] == 0
    assert codes[-1] == pytest.approx(len(counts))
    assert (np.diff(codes) >= -1e-9).all()
    assert (np.diff(covered) >= -1e-9).all()
    assert -1e-9 <= covered.min() <= covered.max() <= 1 + 1e-9


@given(samples(), st.integers(0, 100))
def test_more_respondents_never_add_more_codes_than_are_unseen_nor_fewer_than_before(sample, ahead):
    respondents, counts = sample
    _, once, twice, _ = tally(counts)
    added = new_codes(once, twice, respondents, [ahead, ahead + 1])
    assert 0 <= added[0] <= added[1] <= unseen_codes(once, twice, respondents) + 1e-9


@given(samples())
def test_the_interval_holds_the_estimate_and_what_was_seen(sample):
    respondents, counts = sample
    seen, once, twice, _ = tally(counts)
    low, high = chao2_interval(counts, respondents, draw_counts(counts, respondents, draws=50, random_state=0))
    assert seen <= low <= seen + unseen_codes(once, twice, respondents) + 1e-9 <= high + 2e-9


@given(samples(), st.randoms(use_true_random=False))
def test_draws_are_of_so_many_respondents_whatever_the_order_of_the_codes(sample, random):
    respondents, counts = sample
    drawn = draw_counts(counts, respondents, draws=5, random_state=3)
    _, once, twice, _ = tally(counts)
    assert drawn.shape == (5, len(counts) + np.ceil(unseen_codes(once, twice, respondents)))
    assert 0 <= drawn.min() <= drawn.max() <= respondents
    shuffled = random.sample(counts, len(counts))
    assert (draw_counts([*shuffled, 0], respondents, draws=5, random_state=3) == drawn).all()


def test_draws_show_nearly_all_codes_of_one_respondent_where_drawing_respondents_anew_shows_less_than_half():
    held = np.zeros((40, 25), dtype=int)
    held[:, :5] = np.random.default_rng(1).integers(0, 2, size=(40, 5))
    held[np.arange(18), np.arange(5, 23)] = 1
    held[[30, 31, 32, 33], [23, 23, 24, 24]] = 1
    drawn = draw_counts(held.sum(axis=0), 40, draws=500, random_state=0)
    anew = np.random.default_rng(0).multinomial(40, np.full(40, 1 / 40), size=500) @ held
    _, in_draws, _, _ = tally(drawn)
    _, in_anew, _, _ = tally(anew)
    assert in_draws.mean() > 0.85 * 18
    assert in_anew.mean() < 0.5 * 18


def test_the_mean_of_the_draws_is_the_count_but_for_what_the_unseen_take():
    drawn = draw_counts([30, 30, 12, 3, 1, 1], 40, draws=4000, random_state=0)
    assert drawn[:, :3].mean(axis=0) == pytest.approx([30, 30, 12], abs=0.2)
    assert (drawn[:, 4:6].mean(axis=0) < 0.9).all()
    assert drawn.sum(axis=1).mean() == pytest.approx(77, abs=0.5)


def test_the_interval_of_new_codes_holds_their_mean_about_as_often_as_it_says_and_drawing_respondents_anew_does_not():
    random = np.random.default_rng(5)
    chances = 1 / (1 + np.exp(3 - 2 * random.standard_normal(60)))
    intervals, anew, found = [], [], []
    for study in range(200):
        # Some respondents say much more than others.
        spoken = 1 - (1 - chances) ** np.exp(0.5 * random.standard_normal(60))[:, np.newaxis]
        held = random.random((60, 60)) < spoken
        counts = held[:55].sum(axis=0)
        found.append((held[55:].any(axis=0) & (counts == 0)).sum())
        again = random.multinomial(55, np.full(55, 1 / 55), size=200) @ held[:55]
        for drawn, kept in ((draw_counts(counts, 55, draws=200, random_state=study), intervals), (again, anew)):
            _, once, twice, _ = tally(drawn)
            kept.append(np.percentile(new_codes(once, twice, 55, 5), [2.5, 97.5]))
    holds, anew_holds = (np.mean([low <= np.mean(found) <= high for low, high in kept]) for kept in (intervals, anew))
    assert holds > 0.9
    assert anew_holds < 0.85
