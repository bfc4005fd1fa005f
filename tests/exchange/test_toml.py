import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.exchange.toml import as_toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAVES = st.one_of(TEXTS, st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e6, 1e6), st.lists(TEXTS, max_size=3))
TABLES = st.recursive(
    st.dictionaries(TEXTS, LEAVES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        TEXTS, st.one_of(LEAVES, inner, st.lists(inner, min_size=1, max_size=2)), min_size=1, max_size=3
    ),
    max_leaves=8,
)


@given(TABLES)
def test_what_is_written_is_what_is_read(values):
    assert tomllib.loads(as_toml(values)) == values


@pytest.mark.parametrize("text", ['a "quote" \\ and\nanother line\x7f', "Cafe\u0301 🕰️ שלום", "'''", ""])
def test_any_text_can_be_written(text):
    assert tomllib.loads(as_toml({text: {"value": text}})) == {text: {"value": text}}


def test_nothing_is_an_empty_file():
    assert as_toml({}) == "\n"
