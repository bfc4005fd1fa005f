import pytest

from engagement_lib.sharing.small_words import hide_small_counts


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("2 of 52 support it", "[c] of 52 support it"),
        ("Two of the 40 users ring.", "[c] of the 40 users ring."),
        ("Three people said so, and four other respondents.", "[c] people said so, and [c] other respondents."),
        ("support C1 (4 of 298)", "support C1 ([c] of 298)"),
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
        "2.4 people a week, in 2020",
        "10.4 of 12",
        "1,004 people",
        "three webinars and two waves",
        "no one of us",
        '“I could name five users”, and "two of 9 users"',
        "",
    ],
)
def test_what_counts_no_few_people_stays(text):
    assert hide_small_counts(text, 5) == text


def test_the_public_sees_fewer_counts():
    assert hide_small_counts("seven of 52, 12 of 52, nine users", 10) == "[c] of 52, 12 of 52, [c] users"
    assert hide_small_counts("12 users", 15) == "[c] users"
