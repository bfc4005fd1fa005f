import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.privacy.aliases import alias_kind, propose_aliases, resolve_aliases, written


def names(*quotes, source="P1", kind="person"):
    return pd.DataFrame({"source_id": source, "kind": kind, "quote": list(quotes)})


def entities(table, **options):
    found = propose_aliases(table, **options)
    return dict(zip(found["alias"], found["entity"], strict=True))


@pytest.mark.parametrize(
    "alias",
    [
        "Sarah",
        "Ms Okafor",
        "Okafor",
        "Sarah O.",
        "S. Okafor",
        "S O",
        "Dr Sarah Okafor",
        "SARAH OKAFOR",
        "Sarah’s",
        "Sarah Jane Okafor",
    ],
)
def test_a_part_of_a_name_stands_for_the_only_one_who_has_it(alias):
    assert entities(names("Sarah Okafor", alias))[written(alias)] == "sarah okafor"


@pytest.mark.parametrize("alias", ["Tom", "Ms Sarah", "T. Okafor", "Sarah P.", "S.", "Oka", "Dr"])
def test_a_name_that_fits_nobody_stands_for_itself(alias):
    assert entities(names("Sarah Okafor", alias))[written(alias)] != "sarah okafor"


def test_a_half_of_a_double_name_is_enough():
    assert entities(names("Bethan Llewellyn-Parry", "Ms Parry"))["ms parry"] == "bethan llewellyn-parry"


def test_who_is_named_in_the_same_source_goes_before_who_is_named_elsewhere():
    both = pd.concat([names("Sarah Okafor", "Sarah"), names("Sarah Jones", source="P2"), names("Sarah", source="P3")])
    table = propose_aliases(both)
    assert table[["source_id", "alias", "entity", "rule", "candidates", "places"]].to_numpy().tolist() == [
        ["P1", "sarah", "sarah okafor", "the only one in this source", "sarah okafor", 1],
        ["P1", "sarah okafor", "sarah okafor", "named in full", "", 1],
        ["P2", "sarah jones", "sarah jones", "named in full", "", 1],
        ["P3", "sarah", "sarah", "2 people in the study", "sarah jones; sarah okafor", 1],
    ]


def test_whom_the_recruitment_sheet_names_may_be_meant_in_every_source():
    sheet = pd.DataFrame({"case_id": ["P1"], "name": ["Margaret Finch"], "line_manager": ["Tom"]})
    assert entities(names("Peggy", "Finch", "Tom"), cases=sheet) == {
        "peggy": "margaret finch", "finch": "margaret finch", "tom": "tom",
    }  # fmt: skip


def test_letters_stand_for_the_one_body_whose_words_begin_with_them():
    bodies = names("the Office for National Statistics", "ONS", "Office for National Statistics", "HMRC", kind="organisation")
    assert entities(bodies) == {
        "hmrc": "hmrc",
        "office for national statistics": "office for national statistics",
        "ons": "office for national statistics",
        "the office for national statistics": "office for national statistics",
    }


def test_places_and_numbers_have_no_aliases_and_proper_names_count_as_people():
    assert len(propose_aliases(names("Truro", kind="place"))) == 0
    assert propose_aliases(names("Tarn", kind="proper name"))["kind"].tolist() == ["person"]
    assert (alias_kind("proper name"), alias_kind("place")) == ("person", "place")


def test_the_table_is_the_same_in_any_order_and_empty_for_nothing():
    table = names("Sarah Okafor", "Sarah", "Sarah Jones", "Sarah")
    pd.testing.assert_frame_equal(propose_aliases(table.iloc[::-1]), propose_aliases(table))
    assert list(propose_aliases(table.iloc[:0]).dtypes.astype(str)) == ["str"] * 6 + ["int64"]


def test_what_a_person_says_of_one_source_goes_before_what_they_say_of_all():
    given = pd.DataFrame({"source_id": ["", "P2"], "kind": "person", "alias": "Sarah", "entity": ["Sarah Okafor", "Sarah Jones"]})
    table = pd.concat([names("Sarah"), names("Sarah", source="P2")])
    assert resolve_aliases(table, cases=None, given=given) == {
        ("P1", "person", "sarah"): "sarah okafor",
        ("P2", "person", "sarah"): "sarah jones",
    }


def test_aliases_without_a_column_or_of_two_minds_are_refused():
    with pytest.raises(TableError, match="found the columns alias; expected source_id, kind, entity"):
        resolve_aliases(names("Sarah"), cases=None, given=pd.DataFrame({"alias": ["sarah"]}))
    twice = pd.DataFrame({"source_id": "P1", "kind": "person", "alias": "sarah", "entity": ["a b", "c d"]})
    with pytest.raises(TableError, match="alias 'sarah' of source 'P1': found 'a b' and 'c d'; expected one entity"):
        resolve_aliases(names("Sarah"), cases=None, given=twice)
