"""One thread for matrix products, so that a sum has the same last digit on a laptop and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it ships no types


class _OneThread:
    """Counts who is inside, as the limit holds for the whole process: the first sets it, the last takes it away."""

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._limits: threadpool_limits | None = None

    @contextmanager
    def block(self) -> Iterator[None]:
        with self._lock:
            if not self._inside:
                self._limits = threadpool_limits(1)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside and self._limits is not None:
                    self._limits.restore_original_limits()


_ONE_THREAD = _OneThread()


@contextmanager
def one_thread() -> Iterator[None]:
    """A block in which matrix products take one thread: sums in another order would differ in the last digit.

    Blocks may lie within each other and run at the same time in several threads.
    """
    with _ONE_THREAD.block():
        yield
