"""Linear and whole-number programmes, solved without a word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from engagement_lib.privacy.cells import Numbers

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint, OptimizeResult

_OUTPUT = 1


def solve(aim: Numbers, constraints: LinearConstraint, bounds: Bounds, *, whole: bool) -> OptimizeResult:
    """The numbers that make `aim` times them as small as can be, as `scipy.optimize.milp` gives them; exact, not nearly so."""
    from scipy.optimize import milp

    integrality = np.full(len(aim), int(whole))
    with _silent():
        return milp(aim, constraints=constraints, bounds=bounds, integrality=integrality, options={"mip_rel_gap": 0.0})


@contextmanager
def _silent() -> Iterator[None]:
    """HiGHS 1.12, which scipy brings, prints a line of its own where it mends a solution, whatever it is told."""
    before = os.dup(_OUTPUT)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUTPUT)
        os.close(nowhere)
        yield
    finally:
        os.dup2(before, _OUTPUT)
        os.close(before)
