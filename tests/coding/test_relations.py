import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.coding.relations import RELATIONS, related
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table

TEXTS = {
    "A": "Helen [interviewer]\nOne two?\n\nP1 [participant]\nThree four five.\n\nHelen [interviewer]\nSix",
    "B": "Seven eight nine ten",
}
SOURCES = pd.DataFrame({"source_id": list("AB"), "kind": ["interview", "survey"], "text": [TEXTS["A"], TEXTS["B"]]})
SPANS = st.sampled_from("AB").flatmap(
    lambda source: st.tuples(st.just(source), st.integers(0, len(TEXTS[source]) - 1), st.integers(1, 20))
)


def table(rows):
    return pd.DataFrame(
        {
            "source_id": pd.Series([source for source, _, _ in rows], dtype="str"),
            "start": np.array([start for _, start, _ in rows], dtype="int64"),
            "end": np.array([start + length for _, start, length in rows], dtype="int64"),
        }
    )


def pairs(rows, relation, **options):
    return list(zip(*(found.tolist() for found in related(table(rows), relation, **options)), strict=True))


def words_between(source, end, start):
    """The words said that begin from one place up to another; the names of speakers are not said."""
    said = re.sub(r"(?m)^.*\[.*$", lambda name: " " * len(name[0]), TEXTS[source])
    return len([word for word in re.finditer(r"\S+", said) if end <= word.start() < start])


def holds(one, other, relation, words):
    (source, start, length), (its_source, its_start, its_length) = one, other
    end, its_end = start + length, its_start + its_length
    if source != its_source:
        return False
    if relation == "near":
        gaps = [(end, its_start)] * (its_start >= end) + [(its_end, start)] * (start >= its_end)
        return any(words_between(source, *gap) <= words for gap in gaps)
    if relation == "overlap":
        return start < its_end and its_start < end
    same = (start, end) == (its_start, its_end)
    return same if relation == "equal" else not same and its_start <= start and end <= its_end


@settings(max_examples=60)
@given(st.lists(SPANS, max_size=6), st.sampled_from(RELATIONS), st.integers(0, 4))
def test_stretches_are_related_as_their_characters_and_words_say(rows, relation, words):
    expected = [
        (i, j) for i, one in enumerate(rows) for j, other in enumerate(rows) if i != j and holds(one, other, relation, words)
    ]
    assert pairs(rows, relation, words=words, sources=SOURCES) == expected


def test_the_names_of_speakers_between_two_passages_are_no_words():
    end, start = TEXTS["A"].index("?") + 1, TEXTS["A"].index("Three")
    assert pairs([("A", 20, end - 20), ("A", start, 5)], "near", words=0, sources=SOURCES) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("relation", RELATIONS)
def test_nothing_is_related_to_nothing(relation):
    assert pairs([], relation, sources=empty_table("sources")) == []


def test_what_cannot_be_asked_for_is_refused():
    for options, found in (
        ({"relation": "beside"}, "found 'beside'; expected one of overlap, inside, equal, near"),
        ({"relation": "near"}, "found no texts"),
        ({"relation": "near", "words": -1, "sources": SOURCES}, "found -1; expected 0 or more"),
    ):
        with pytest.raises(TableError, match=found):
            related(table([]), **options)
