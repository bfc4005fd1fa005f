import pytest

from engagement_lib.sharing.small_words import find_counts, hide_small_counts, small_counts


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("2 of 52 support it", "[c] of 52 support it"),
        ("Two of the 40 users ring.", "[c] of the 40 users ring."),
        ("One of nine users", "[c] of nine users"),
        ("Three people said so, and four other respondents.", "[c] people said so, and [c] other respondents."),
        ("support C1 (4 of 298)", "support C1 ([c] of 298)"),
        ("contradicted by 1.", "contradicted by [c]."),
        (
            "meets most contradiction (32 contradict it, 4 support it)",
            "meets most contradiction (32 contradict it, [c] support it)",
        ),
    ],
)
def test_a_count_of_few_people_is_hidden(text, safe):
    assert hide_small_counts(text, 5) == safe


@pytest.mark.parametrize(
    "text",
    [
        "0 of 52 support it",
        "nobody, and none of the 12 users",
        "5 of 52, and 12 users",
        "3 of 12 claims stand",
        "the evidence carries 1 of 1 claim in skills",
        "2.4 people a week, in 2020",
        "10.4 of 12",
        "1,004 people",
        "three webinars and two waves",
        "no one of us, and a talkative person is still one person",
        "another with 2 respondents coded otherwise, and saturated after 4 respondents",
        "If two people who work apart agree, it says how far two people would do so.",
        "carries 1 of 1 claim in skills and 2 of 4 claims in culture",
        "fewer than 3 respondents support the claim, or at least two people",
        '“I could name five users”, and "two of 9 users"',
        "",
    ],
)
def test_what_counts_no_few_people_stays(text):
    assert hide_small_counts(text, 5) == text
    assert small_counts(text, 5) == []


def test_the_public_sees_fewer_counts():
    assert hide_small_counts("seven of 52, 12 of 52, nine users", 10) == "[c] of 52, 12 of 52, [c] users"
    assert hide_small_counts("12 users", 15) == "[c] users"


def test_the_share_and_interval_behind_a_small_count_are_hidden():
    said = "Supported by 4 of 298 respondents (1%, 95% interval 0% to 2%), qualified by 0."
    assert hide_small_counts(said, 5) == "Supported by [c] of 298 respondents ([c], 95% interval [c] to [c]), qualified by 0."


def test_a_share_that_is_of_few_people_is_hidden_where_a_small_count_is():
    said = "32 of 298 (11%) do; contradicted by 1. Of the 33 who do either, 3% contradict it, 97% do not."
    assert hide_small_counts(said, 5) == (
        "32 of 298 (11%) do; contradicted by [c]. Of the [c] who do either, [c] contradict it, 97% do not."
    )


def test_the_share_that_comes_near_to_a_count_which_a_table_hides_is_hidden_with_it():
    said = "Supported by 27, contradicted by 5. Of the 30 who do either, 17% contradict it, 90% support it."
    assert hide_small_counts(said, 5, {5}) == (
        "Supported by 27, contradicted by [c]. Of the [c] who do either, [c] contradict it, 90% support it."
    )


def test_a_count_that_differs_from_another_by_few_is_hidden():
    assert (
        hide_small_counts("Supported by 34 of 298. Of the 38 who say either", 5)
        == "Supported by 34 of 298. Of the [c] who say either"
    )
    assert hide_small_counts("Supported by 34 of 298. Of the 48 who say either", 5).endswith("Of the 48 who say either")


def test_a_count_that_a_table_hides_is_hidden_in_words():
    assert hide_small_counts("48 of 52, and 48 claims", 5, {48}) == "[c] of 52, and 48 claims"
    assert small_counts("48 producers and 3 users", 5, {48}) == ["48", "3"]


def test_a_count_knows_of_how_many_it_is():
    found = [(one.value, one.whole) for one in find_counts("Two of twelve, and of the 9 who ring")]
    assert found == [(2, 12), (9, 9)]
