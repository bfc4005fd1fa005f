import pandas as pd
import pytest

from engagement_lib.privacy.limits import identifier_warnings
from engagement_lib.tables import empty_table

SHEET = pd.DataFrame({"case_id": ["P1"], "name": ["Priya Oduya"]})
ENGLISH = "We ask people what they want, and they tell us. " * 250


def warned(*texts, cases=None):
    sources = pd.DataFrame({"source_id": [f"P{n}" for n in range(len(texts))], "text": list(texts)})
    return identifier_warnings(sources, cases=cases)


def test_a_study_with_capitals_enough_words_and_a_sheet_is_warned_of_nicknames_alone():
    table = warned(ENGLISH, cases=SHEET)
    assert table[["source_id", "warning", "found"]].to_numpy().tolist() == [
        ["", "nicknames that cannot be known", "no short form is known of priya"]
    ]


def test_names_with_known_short_forms_bring_no_warning():
    assert warned(ENGLISH, cases=pd.DataFrame({"case_id": ["P1"], "name": ["Margaret Oduya"]})).empty


def test_a_study_without_names_and_with_few_words_is_warned():
    assert warned("A few words.")["warning"].tolist() == ["no names to look for", "few words to compare with"]


def test_names_on_the_sheet_that_are_words_are_named_up_to_ten():
    names = ["Grace", "Will", "Hope", "Joy", "Mark", "Rose", "Dawn", "Faith", "Penny", "Pat", "Bill"]
    table = warned(ENGLISH, cases=pd.DataFrame({"case_id": names, "name": names}))
    assert table.loc[table["warning"] == "names that are also words", "found"].tolist() == [
        "bill, dawn, faith, grace, hope, joy, mark, pat, penny, rose and 1 more"
    ]


@pytest.mark.parametrize(
    ("text", "warning", "words"),
    [
        ("we ask people what they want, and they tell us. " * 3, "hardly any capitals", "0 of 30 words begin with one"),
        ("WE ASK PEOPLE WHAT THEY WANT AND SO ON. " * 3, "nearly all in capitals", "27 of 27 words"),
        (
            "We asked them and they wrote 我們想知道 on it. " * 3,
            "a script without capitals",
            "letters that are neither large nor small",
        ),
        (
            "Hoffwn gael crynodeb byr syml Gymraeg bob rhyddhad hefyd iawn wedyn. " * 5,
            "hardly any English",
            "3 of 11 different words",
        ),
    ],
)
def test_a_source_in_which_names_cannot_be_seen_is_named(text, warning, words):
    table = warned(ENGLISH, text, cases=SHEET)
    assert table.loc[table["source_id"] == "P1", ["warning", "found"]].to_numpy().tolist() == [[warning, words]]


def test_no_sources_bring_no_warnings_but_all_columns():
    table = identifier_warnings(empty_table("sources"))
    assert table.dtypes.astype(str).to_dict() == dict.fromkeys(["source_id", "warning", "found", "remedy"], "str")
    assert table.empty
