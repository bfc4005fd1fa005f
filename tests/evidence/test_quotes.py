"""Whether a quote is what somebody said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.evidence.quotes import TIERS, check_quotes

P01 = """Helen [interviewer]
Would you say that it comes last?

P01 [participant]
It comes at the end. “Users?”, it says – with a question mark. And I copy it over, every quarter.

Helen [interviewer]
And then?

P01 [participant]
And I copy it over. Straße, 25 °C & “R&D”."""
SOURCES = pd.DataFrame(
    {
        "source_id": ["P01", "S1/q", "S2/q"],
        "kind": ["interview", "survey", "survey"],
        "text": [P01, "Nobody rings back.", "nobody rings back"],
    }
)


def checked(quote, source="P01", **options):
    return check_quotes(pd.DataFrame({"source_id": [source], "quote": [quote]}), SOURCES, **options).iloc[0]


@pytest.mark.parametrize(
    ("quote", "tier"),
    [
        ("It comes at the end.", "verbatim"),
        (' It COMES at the end. "Users?", it says - with a', "the same but for typography"),
        ("with a  question\nmark", "the same but for typography"),
        ('STRASSE, 25 °c & "R&D"', "the same but for typography"),
        ("“It comes at the end…", "the same but for typography"),
        ("It comes at the end … I copy it over", "joined from parts"),
        ("It comes [...] with a question mark. […] every quarter", "joined from parts"),
        ("every quarter ... It comes at the end", "not found"),
        ("... comes ... Straße", "not found"),
        ("it comes last", "another speaker's"),
        ("Nobody rings back", "another source's"),
        ("It goes at the end. “Users?”, it says", "near"),
        ("something else altogether, of which nobody spoke", "not found"),
        ("", "not found"),
        ("…", "not found"),
    ],
)
def test_the_first_tier_that_fits_holds(quote, tier):
    assert checked(quote)["tier"] == tier


def test_a_quote_from_a_source_that_is_not_there_is_looked_for_in_the_others():
    row = checked("Nobody rings back.", source="S9/q")
    assert (row["tier"], row["found_in"], row["places"]) == ("another source's", "S1/q", 2)
    assert checked("No such words.", source="S9/q")["tier"] == "not found"


def test_the_offsets_are_where_the_words_stand_in_the_source():
    for quote in ("It comes at the end.", 'users?", it says - with a question mark', "Straße"):
        row = checked(quote)
        assert len(P01[int(row["start"]) : int(row["end"])]) == len(quote)
    row = checked("comes … every quarter")
    assert P01[int(row["start"]) : int(row["end"])].startswith("comes at the end")


def test_what_stands_twice_has_no_place():
    row = checked("And I copy it over")
    assert row["places"] == 2
    assert np.isnan(row["start"])
    assert np.isnan(row["end"])


def test_a_word_that_was_cut_is_not_verbatim():
    row = checked("Nobody ring", source="S1/q")
    assert (row["tier"], row["difference"]) == ("near", "-rings +ring")


def test_what_is_near_shows_the_words_that_differ():
    row = checked("It comes in the end. “Users?”, it said – with a question mark.")
    assert (row["tier"], row["difference"]) == ("near", "-at +in; -says +said")
    assert P01[int(row["start"]) : int(row["end"])] == "It comes at the end. “Users?”, it says – with a question mark."
    assert 0.85 <= row["alike"] < 1
    assert checked("It comes in the end. “Users?”, it said – with a question mark.", near=0.99)["tier"] == "not found"


def test_other_columns_and_the_order_of_rows_are_kept():
    quotes = pd.DataFrame({"quote_id": ["Q2", "Q1"], "source_id": "S1/q", "quote": ["Nobody", "rings back."]}, index=[7, 3])
    table = check_quotes(quotes, SOURCES)
    assert table["quote_id"].tolist() == ["Q2", "Q1"]
    assert table.index.tolist() == [7, 3]
    assert check_quotes(table, SOURCES).equals(table)


def test_no_quotes_give_an_empty_table():
    assert check_quotes(pd.DataFrame({"source_id": [], "quote": []}), SOURCES).columns.tolist()[-1] == "difference"


@given(st.data())
def test_whatever_words_are_taken_from_a_participant_are_found_there(data):
    said = P01.split("\n")[4].split()
    start = data.draw(st.integers(0, len(said) - 1))
    quote = " ".join(said[start : data.draw(st.integers(start + 1, len(said)))])
    assert checked(quote)["tier"] == "verbatim"


@given(st.text())
def test_any_text_is_of_some_tier(quote):
    assert checked(quote)["tier"] in TIERS
