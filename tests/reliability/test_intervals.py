import numpy as np
import pytest
from scipy.stats import bootstrap

from engagement_lib.reliability.intervals import Spread, draw_sums, ends_of_interval, share_below


def mean_spread(values, resamples=4000):
    """A mean, whose draws and jackknife are known."""
    values = np.asarray(values, dtype=float)
    sums = np.column_stack([values, np.ones_like(values)])
    drawn = draw_sums(sums, resamples, 0)
    left_out = sums.sum(axis=0) - sums
    return Spread(values.mean(), drawn[:, 0] / drawn[:, 1], left_out[:, 0] / left_out[:, 1], len(values))


SKEWED = [0.1, 0.11, 0.15, 0.2, 0.21, 0.3, 0.32, 0.5, 0.8, 0.95]


def test_bca_is_that_of_scipy():
    ours = ends_of_interval("bca", mean_spread(SKEWED, 20_000))
    theirs = bootstrap((SKEWED,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(0)).confidence_interval
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_a_percentile_interval_is_that_of_the_draws():
    spread = mean_spread(SKEWED)
    assert ends_of_interval("percentile", spread) == pytest.approx(np.quantile(spread.drawn, [0.025, 0.975]))


def test_draws_do_not_hang_on_how_many_are_held_at_once(monkeypatch):
    sums = np.arange(12.0).reshape(6, 2)
    together = draw_sums(sums, 50, 3)
    monkeypatch.setattr("engagement_lib.reliability.intervals._AT_ONCE", 60)
    np.testing.assert_array_equal(draw_sums(sums, 50, 3), together)


@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_draws_that_never_vary_give_no_interval(kind):
    assert np.isnan(ends_of_interval(kind, mean_spread([0.5] * 4))).all()


def test_bca_is_undefined_where_every_draw_lies_on_one_side():
    spread = mean_spread(SKEWED)
    assert np.isnan(ends_of_interval("bca", Spread(2.0, spread.drawn, spread.left_out, 10))).all()


def test_bca_is_undefined_where_leaving_anyone_out_changes_nothing():
    spread = mean_spread(SKEWED)
    assert np.isnan(ends_of_interval("bca", Spread(spread.whole, spread.drawn, np.full(10, 0.4), 10))).all()


def test_the_share_below_a_bound_agrees_with_the_end_of_the_interval():
    spread = mean_spread(SKEWED)
    low, high = ends_of_interval("t", spread)
    assert share_below(low, "t", spread) == pytest.approx(0.025)
    assert share_below(high, "t", spread) == pytest.approx(0.975)
    assert share_below(0.4, "percentile", spread) == (spread.drawn < 0.4).mean()


def test_the_lower_end_is_never_below_minus_one():
    assert ends_of_interval("t", Spread(0.5, np.array([]), np.array([-3.0, 0.2, 0.9]), 2))[0] == -1.0
