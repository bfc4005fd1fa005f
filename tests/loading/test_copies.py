"""Copies of one text among the sources."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.loading.copies import group_copies

CAMPAIGN = (
    "Please publish figures on allotments for every ward. Nobody counts them. The waiting list is ten years long in our town."
)


def answers(*texts, **columns):
    return pd.DataFrame({"source_id": [f"S{n}/why" for n in range(len(texts))], "kind": "survey", "text": list(texts), **columns})


def grouped(*texts, **options):
    found = group_copies(answers(*texts), **options)
    return [part["source_id"].str.split("/").str[0].tolist() for _, part in found.groupby("group", sort=False)]


def test_small_edits_make_no_other_text():
    edited = [
        CAMPAIGN.upper(),
        f"Hello, {CAMPAIGN} Thank you!",
        CAMPAIGN.replace("ten", "twelve").replace("figures", "figuers"),
        CAMPAIGN.replace(" Nobody counts them.", ""),
    ]
    assert sorted(grouped(CAMPAIGN, *edited, "Nobody ever told me what became of my reply to that.")[0]) == [
        "S0",
        "S1",
        "S2",
        "S3",
        "S4",
    ]


def test_every_submission_is_counted_and_the_largest_group_comes_first():
    other = "The same definition in the same words by three people who sat at one table."
    found = group_copies(answers(other, CAMPAIGN, other, CAMPAIGN, CAMPAIGN))
    assert found[["group", "copies", "source_id", "alike"]].to_numpy().tolist() == [
        ["K1", 3, "S1/why", 1.0],
        ["K1", 3, "S3/why", 1.0],
        ["K1", 3, "S4/why", 1.0],
        ["K2", 2, "S0/why", 1.0],
        ["K2", 2, "S2/why", 1.0],
    ]


def test_few_words_are_written_twice_by_chance():
    assert grouped("Nobody rings back.", "Nobody rings back.") == []
    assert grouped("Nobody rings back.", "Nobody rings back.", least=3) == [["S0", "S1"]]


def test_texts_that_share_a_phrase_are_no_copies():
    one = "I would like to know what happened to the reply that I sent in the spring."
    other = "What happened to the reply? It is on a shelf in an office that nobody has a key to."
    assert grouped(one, other) == []


def test_a_blank_answer_is_no_copy_of_another():
    assert group_copies(answers(CAMPAIGN, CAMPAIGN, reason=["", "as above"])).empty


def test_no_sources_give_an_empty_table_with_its_columns():
    found = group_copies(answers())
    assert list(found.columns) == ["group", "copies", "source_id", "case_id", "wave", "alike", "text"]
    assert found["copies"].dtype == "int64"


@given(st.permutations(range(5)))
def test_the_order_of_the_rows_does_not_matter(order):
    table = answers(
        CAMPAIGN,
        CAMPAIGN + " Please.",
        "Something else that takes more than eight words to say.",
        CAMPAIGN.lower(),
        CAMPAIGN[:70],
    )
    assert_frame_equal(group_copies(table.iloc[list(order)]), group_copies(table))
