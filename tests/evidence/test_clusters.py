import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.evidence.clusters import resampled_interval, score_interval, spread_by_respondent
from engagement_lib.evidence.prevalence import wilson_interval


def spread(hits, sizes, resamples=200):
    return spread_by_respondent(np.array(hits, dtype=float), np.array(sizes, dtype=float), resamples=resamples, random_state=0)


@given(st.integers(1, 500).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_the_interval_of_a_share_is_wilsons(numbers):
    count, base = numbers
    low, high = score_interval(np.array([count / base]), np.array([float(base)]))
    assert (low[0], high[0]) == pytest.approx(wilson_interval(count, base), abs=1e-12)


def test_the_variance_of_a_share_is_that_between_respondents():
    # Two respondents of 10 segments; p = 0.5, sum (y - p m)^2 = 9 + 9, G / (G - 1) = 2, so that the variance is 36 / 400.
    found = spread([[8], [2]], [10, 10])
    assert found.design_effect[0] == pytest.approx((36 / 400) / (0.25 / 20))
    assert found.effective_base[0] == pytest.approx(20 / 7.2)


def test_segments_of_which_each_has_its_own_respondent_have_a_design_effect_of_about_one():
    found = spread([[1]] * 30 + [[0]] * 70, [1] * 100)
    assert found.design_effect[0] == pytest.approx(100 / 99)
    assert found.wilson_low[0] == pytest.approx(wilson_interval(30, 100)[0], abs=0.005)


def test_a_code_that_everybody_has_to_the_same_degree_makes_no_base_larger_than_it_is():
    found = spread([[3], [3], [3]], [10, 10, 10])
    assert (found.design_effect[0], found.effective_base[0]) == (pytest.approx(0, abs=1e-12), 30)
    assert (found.low[0], found.high[0]) == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize(("hit", "end", "mirrored"), [(0, "high", "low"), (10, "low", "high")])
def test_where_nothing_varies_each_respondent_counts_as_one_segment(hit, end, mirrored):
    found = spread([[hit]] * 20, [10] * 20)
    assert np.isnan(found.design_effect[0])
    assert found.effective_base[0] == 20
    assert getattr(found, mirrored)[0] == hit / 10
    # Wider than Wilson's 0.1611 for 0 of 20, since Student's t with 19 degrees of freedom stands for the normal.
    assert abs(getattr(found, end)[0] - hit / 10) == pytest.approx(0.1797, abs=5e-5)
    assert getattr(found, f"wilson_{end}")[0] == getattr(found, end)[0]


def test_two_respondents_drawn_anew_give_the_four_possible_shares():
    low, high = resampled_interval(np.array([[4.0], [0.0]]), np.array([5.0, 15.0]), resamples=4000, random_state=0)
    assert (low[0], high[0]) == (0, 0.8)


def test_the_same_seed_gives_the_same_interval_and_another_one_hardly_another():
    parts, wholes = np.random.default_rng(3).poisson(2, (60, 1)).astype(float), np.full(60, 10.0)
    draw = lambda seed: resampled_interval(parts, wholes, resamples=2000, random_state=seed)  # noqa: E731
    assert draw(1)[0] == draw(1)[0]
    assert draw(1)[0] == pytest.approx(draw(2)[0], abs=0.01)


def simulate(people, segments, prevalence, *, runs, seed, icc=0.2):
    """Runs x people: of so many segments each, how many have a code, for people who are more or less given to it."""
    generator = np.random.default_rng(seed)
    together = 1 / icc - 1
    given_to_it = generator.beta(prevalence * together, (1 - prevalence) * together, (runs, people))
    return generator.binomial(segments, given_to_it).astype(float)


def test_intervals_by_respondent_hold_the_share_where_those_by_segment_do_so_half_the_time():
    runs, people, segments, true = 4000, 45, 40, 0.1
    # All runs at once: a column each.
    found = spread(simulate(people, segments, true, runs=runs, seed=0).T, [segments] * people, resamples=500)
    by_segment = score_interval(found.share, np.full(runs, people * segments))
    covered = {
        "by segment": np.mean((by_segment[0] <= true) & (true <= by_segment[1])),
        "resampled": np.mean((found.low <= true) & (true <= found.high)),
        "effective": np.mean((found.wilson_low <= true) & (true <= found.wilson_high)),
    }
    assert 0.4 < covered["by segment"] < 0.6
    assert covered["resampled"] >= 0.92
    assert covered["effective"] >= 0.92
