"""A study with identifiers set into it by the seeded program of the benchmark."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def study_with_plants():
    """Sources of the synthetic study with planted identifiers, what was planted where, and a recruitment sheet."""
    from engagement_lib.study import open_study

    spec = importlib.util.spec_from_file_location("planting", ROOT / "benchmarks" / "planting.py")
    planting = importlib.util.module_from_spec(spec)
    sys.modules["planting"] = planting
    spec.loader.exec_module(planting)
    sources = open_study(ROOT / "data").sources
    return planting.plant(sources[sources["source_id"].str.fullmatch(r"P[0-3]\d")], seed=20, times=2)
