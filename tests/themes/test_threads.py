from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from engagement_lib.themes.threads import one_thread

np.zeros((2, 2)) @ np.zeros((2, 2))  # so that the library for matrix products is loaded


def blas_threads():
    return {found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"}


@pytest.fixture
def two_threads():
    with threadpool_limits(2):
        yield


@pytest.mark.usefixtures("two_threads")
def test_blocks_may_lie_within_each_other():
    with one_thread():
        with one_thread():
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


@pytest.mark.usefixtures("two_threads")
def test_a_thread_that_leaves_does_not_lift_the_limit_for_who_is_still_inside():
    def enter_and_leave():
        with one_thread():
            return blas_threads()

    with one_thread(), ThreadPoolExecutor(2) as pool:
        assert [pool.submit(enter_and_leave).result() for _ in range(3)] == [{1}] * 3
        assert blas_threads() == {1}
    assert blas_threads() == {2}


@pytest.mark.usefixtures("two_threads")
def test_an_error_inside_lifts_the_limit():
    with pytest.raises(ZeroDivisionError), one_thread():
        1 / 0  # noqa: B018 - it is there to fail
    assert blas_threads() == {2}
