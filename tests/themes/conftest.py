"""Invented answers about engagement with users of statistics, in themes that differ in their words."""

import numpy as np
import pandas as pd
import pytest

from engagement_lib.tables import check_table

STEMS = {
    "time": ("no time", "hours", "deadline", "busy week", "calendar"),
    "skill": ("training", "course", "coaching", "facilitation skills", "workshop"),
    "website": ("website", "search page", "broken link", "navigation menu", "download button"),
}


def _segments_of(texts, *, cases=None, kind="survey", role="participant"):
    cases = cases or [f"P{i:02d}" for i in range(len(texts))]
    spans = {"source_id": [f"S{i:03d}" for i in range(len(texts))], "start": 0, "end": [len(text) for text in texts]}
    return check_table("segments", pd.DataFrame(spans | {"case_id": cases, "kind": kind, "role": role, "quote": texts}))


def theme_of(text):
    return next((i for i, words in enumerate(STEMS.values()) if any(word in text for word in words)), 7)


class PlantedEncoder:
    """Vectors near one of the axes, by the theme whose words a text has; nothing else can be seen in them."""

    name = "planted"

    def encode(self, texts):
        rows = []
        for text in texts:
            noise = np.random.default_rng(sum(map(ord, text))).normal(size=8) * 0.05
            rows.append(
                noise + np.eye(8)[next((i for i, words in enumerate(STEMS.values()) if any(w in text for w in words)), 7)]
            )
        return np.array(rows)


@pytest.fixture(scope="session")
def segments_of():
    """What makes segments of texts: one source and, where no other is said, one case a text."""
    return _segments_of


@pytest.fixture
def texts():
    """Sixty texts, twenty a theme."""
    return [f"the {first} and the {second}" for words in STEMS.values() for first in words for second in words if first != second]


@pytest.fixture
def segments(texts):
    """Every respondent wrote two of them."""
    return _segments_of(texts, cases=[f"P{i // 2:02d}" for i in range(len(texts))])


@pytest.fixture
def planted():
    return PlantedEncoder()


@pytest.fixture
def planted_themes(segments):
    """The theme of each segment that was planted."""
    return [theme_of(quote) for quote in segments["quote"]]
