import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.layout import parse_turns
from engagement_lib.loading.text import sha256
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.tables import empty_table

KEY = b"a7c1e05b9d2f48366e8d0b7f1c95a234"
OTHER = b"b7c1e05b9d2f48366e8d0b7f1c95a234"


def table(**texts):
    return pd.DataFrame({"source_id": list(texts), "text": list(texts.values())})


def findings(sources, *rows):
    """Findings of these words, each `(source, words, kind)`, at the first place where they stand."""
    texts = dict(zip(sources["source_id"], sources["text"], strict=True))
    at = [texts[source].index(words) for source, words, _ in rows]
    return pd.DataFrame(
        {
            "source_id": [source for source, _, _ in rows],
            "start": at,
            "end": [start + len(words) for start, (_, words, _) in zip(at, rows, strict=True)],
            "kind": [kind for _, _, kind in rows],
        }
    )


def clean(text, *rows, level="indirect", key=KEY, **options):
    sources = table(P1=text)
    found = findings(sources, *(("P1", *row) for row in rows))
    return pseudonymise(sources, found, key=key, level=level, **options).sources.loc[0, "text"]


def numbers(text):
    return re.findall(r"\[(.+?)\]", text)


def test_one_person_has_one_pseudonym_all_over_the_study_however_named():
    sources = table(
        P1="Sarah Okafor rang. Ms Okafor was kind, and Sarah's desk is here. Sarah O. signed.",
        P2="I know Sarah. Tom knows her.",
    )
    found = pd.DataFrame(
        [
            ("P1", 0, 12, "person"), ("P1", 19, 28, "person"), ("P1", 43, 48, "person"), ("P1", 65, 73, "person"),
            ("P2", 7, 12, "proper name"), ("P2", 14, 17, "person"),
        ],
        columns=["source_id", "start", "end", "kind"],
    )  # fmt: skip
    result = pseudonymise(sources, found, key=KEY, level="direct")
    first, second = result.sources["text"]
    sarah, tom = numbers(second)
    assert numbers(first) == [sarah] * 4
    assert first == f"[{sarah}] rang. [{sarah}] was kind, and [{sarah}]'s desk is here. [{sarah}] signed."
    assert sarah != tom
    assert set(result.log["entity"]) == {"sarah okafor", "tom"}


def test_the_number_is_the_hmac_of_kind_and_entity_by_the_key():
    # printf 'person\\0ann' | openssl dgst -sha256 -hmac a7c1e05b9d2f48366e8d0b7f1c95a234, modulo 1,000
    assert clean("Ann", ("Ann", "person")) == "[Person 945]"


def test_two_of_one_first_name_are_not_taken_for_one_another():
    text = "Sarah Okafor and Sarah Jones came. Sarah spoke."
    rows = [("Sarah Okafor", "person"), ("Sarah Jones", "person")]
    sources = table(P1=text)
    found = pd.concat([findings(sources, *(("P1", *row) for row in rows)),
                       pd.DataFrame({"source_id": ["P1"], "start": [35], "end": [40], "kind": ["person"]})])  # fmt: skip
    made = numbers(pseudonymise(sources, found, key=KEY, level="direct").sources.loc[0, "text"])
    assert len(set(made)) == 3


def test_another_key_gives_other_numbers_and_the_same_one_the_same():
    people = [(name, "person") for name in ("Ada Byrne", "Bo Cole", "Cy Dunn", "Di Eze")]
    text = "Ada Byrne, Bo Cole, Cy Dunn, Di Eze."
    assert clean(text, *people) == clean(text, *people)
    assert clean(text, *people) != clean(text, *people, key=OTHER)


@given(st.permutations(range(6)), st.permutations(range(3)))
def test_the_order_of_the_rows_does_not_matter(order, texts):
    sources = table(P1="Ask Ann Pugh in Truro.", P2="Ann said so. Ring 07700 900123.", P3="")
    found = findings(
        sources, ("P1", "Ann Pugh", "person"), ("P1", "Truro", "place"), ("P2", "Ann", "person"), ("P2", "Ann said", "person"),
        ("P2", "07700 900123", "telephone"), ("P2", "900", "NHS number"),
    )  # fmt: skip
    expected = pseudonymise(sources, found, key=KEY, level="indirect")
    result = pseudonymise(sources.iloc[texts], found.iloc[order], key=KEY, level="indirect")
    pd.testing.assert_frame_equal(result.log, expected.log)
    pd.testing.assert_frame_equal(result.places, expected.places)
    assert dict(result.sources.to_numpy()[:, :2].tolist()) == dict(expected.sources.to_numpy()[:, :2].tolist())


def test_six_hundred_people_have_six_hundred_numbers_of_four_digits():
    names = [f"Person{first}{second} Smith" for first in "abcdefghijklmnopqrstuvwxy" for second in "abcdefghijklmnopqrstuvwx"]
    text = "; ".join(names)
    made = numbers(clean(text, *((name, "person") for name in names)))
    assert len(set(made)) == 600
    assert all(re.fullmatch(r"Person \d{4}", one) for one in made)


def test_numbers_that_collide_are_told_apart_and_are_the_same_in_every_run():
    names = [f"P{first}{second} Smith" for first in "abcdefghijklmnopqrstuvwxy" for second in "abcdefghijkl"]
    made = numbers(clean("; ".join(names), *((name, "person") for name in names)))
    again = numbers(clean("; ".join(reversed(names)), *((name, "person") for name in names)))
    assert len(set(made)) == 300
    assert made == again[::-1]


def test_whoever_has_a_number_keeps_it_when_responses_are_added():
    names = [f"P{first}{second} Smith" for first in "abcdefghijklmnopqrstuvwxy" for second in "abcdefghijkl"]
    first = table(P1="; ".join(names[:40]))
    earlier = pseudonymise(first, findings(first, *(("P1", name, "person") for name in names[:40])), key=KEY, level="direct").log
    both = table(P1="; ".join(names[:40]), P2="; ".join(names[40:]))
    found = findings(both, *(("P1" if at < 40 else "P2", name, "person") for at, name in enumerate(names)))
    log = pseudonymise(both, found, key=KEY, level="direct", earlier=earlier).log
    assert log.loc[log["source_id"] == "P1", "pseudonym"].tolist() == earlier["pseudonym"].tolist()
    assert log["pseudonym"].is_unique


def test_a_log_that_lacks_a_column_is_refused():
    sources = table(P1="Ann")
    with pytest.raises(TableError, match="earlier log, columns: found the columns kind; expected entity, pseudonym"):
        pseudonymise(sources, findings(sources, ("P1", "Ann", "person")), key=KEY, level="direct",
                     earlier=pd.DataFrame({"kind": ["person"]}))  # fmt: skip


TEXT = "Ann of the DVLA in Truro, SW1A 1AA, said on 3 March 2020 that the G7 aged 88 was born on 1 May 1932."
ROWS = [
    ("Ann", "person"), ("DVLA", "organisation"), ("Truro", "place"), ("SW1A 1AA", "postcode"), ("3 March 2020", "date"),
    ("G7", "role"), ("aged 88", "age over 85"), ("1 May 1932", "date of birth"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (
            "direct",
            (
                "[Person 945] of the DVLA in Truro, [postcode SW1A], said on 3 March 2020 that the G7 aged 88 was born on "
                "[date of birth]."
            ),
        ),
        (
            "indirect",
            (
                "[Person 945] of the [Organisation 952] in [place in the South West], [postcode area SW], said on [2020] that "
                "the [senior grade] aged [over 85] was born on [date of birth]."
            ),
        ),
        (
            "public",
            (
                "[Person] of the [Organisation] in [place in England], [postcode], said on [2020] that the [role] aged [over 85] "
                "was born on [date of birth]."
            ),
        ),
    ],
)
def test_each_level_takes_out_more(level, expected):
    assert clean(TEXT, *ROWS, level=level) == expected


@pytest.mark.parametrize(
    ("before", "after"), [("raw", "indirect"), ("", "indirect"), ("direct", "indirect"), ("public", "public")]
)
def test_a_level_is_raised_and_never_lowered(before, after):
    sources = table(P1="Ann").assign(level=before)
    result = pseudonymise(sources, findings(sources, ("P1", "Ann", "person")), key=KEY, level="indirect")
    assert result.sources["level"].tolist() == [after]


def test_what_leads_to_the_raw_file_is_blank_and_the_hash_is_that_of_the_new_text():
    sources = table(P1="Ann").assign(text_sha256="old", file_sha256="f", origin="Ann Pugh.docx", kind="comment")
    before = sources.copy()
    row = pseudonymise(sources, findings(sources, ("P1", "Ann", "person")), key=KEY, level="direct").sources.loc[0]
    assert row[["file_sha256", "origin", "kind"]].tolist() == ["", "", "comment"]
    assert row["text_sha256"] == sha256(row["text"])
    pd.testing.assert_frame_equal(sources, before)


def test_the_log_holds_one_row_a_replacement():
    sources = table(P1="Ring Ann on 07700 900123.")
    found = findings(sources, ("P1", "Ann", "person"), ("P1", "07700 900123", "telephone"))
    found = found.assign(rule=["named so elsewhere", ""], by=["AB", ""])
    log = pseudonymise(sources, found, key=KEY, level="direct").log
    assert log.to_numpy().tolist() == [
        ["P1", 5, 8, "person", "Ann", "[Person 945]", "named so elsewhere", "AB", "ann"],
        ["P1", 12, 24, "telephone", "07700 900123", log.loc[1, "pseudonym"], "", "rules", "07700900123"],
    ]


@pytest.mark.parametrize("other", ["07700900123", "+44 7700 900123", "0044 7700 900-123", "+44 (0)7700 900 123"])
def test_a_telephone_number_has_one_pseudonym_however_it_is_written(other):
    one, two = numbers(clean(f"07700 900123 or {other}.", ("07700 900123", "telephone"), (other, "telephone")))
    assert one == two


def test_an_address_without_a_digit_is_compared_by_its_words():
    one, two = numbers(clean("ann@example.org, bob@example.org", ("ann@example.org", "e-mail"), ("bob@example.org", "e-mail")))
    assert one != two


def test_a_body_and_its_letters_are_one_and_another_with_the_same_letters_makes_them_unclear():
    rows = [("Fellbrook District Council", "organisation"), ("FDC", "organisation")]
    one, letters = numbers(clean("Fellbrook District Council, FDC", *rows))
    assert one == letters
    more = numbers(clean("Fellbrook District Council, FDC, Farley Deer Company", *rows, ("Farley Deer Company", "organisation")))
    assert len(set(more)) == 3


def test_findings_that_overlap_are_one_replacement_over_all_of_them_named_after_the_longest():
    sources = table(P1="Ask Ann Pugh Trust now")
    found = findings(sources, ("P1", "Ann Pugh", "person"), ("P1", "Pugh Trust", "organisation"), ("P1", "Ann", "person"))
    result = pseudonymise(sources, found, key=KEY, level="indirect")
    assert re.fullmatch(r"Ask \[Organisation \d{3}\] now", result.sources.loc[0, "text"])
    assert result.log["original"].tolist() == ["Ann Pugh Trust"]
    assert result.places.to_numpy().tolist() == [["P1", 4, 18, 4, 22]]


def test_findings_side_by_side_are_two_replacements():
    assert clean("AnnBob", ("Ann", "person"), ("Bob", "person"), level="public") == "[Person][Person]"


def test_a_role_is_cut_down_to_the_grade_where_its_unit_is_found_by_itself():
    rows = [("G7 in our Truro", "role"), ("Truro", "place")]
    assert clean("She is a G7 in our Truro office", *rows) == "She is a [senior grade] in our [place in the South West] office"
    assert clean("She is a G7 in our Truro office", rows[0]) == "She is a [senior grade] office"


def test_somebody_who_is_the_only_one_is_made_general_with_all_that_is_said():
    text = "Well, I'm the only G7 in our Truro office, I think."
    rows = [("I'm the only G7 in our Truro office", "role"), ("Truro", "place")]
    assert clean(text, *rows) == "Well, [one of few in such a role], I think."


def test_a_proper_name_is_a_person_or_body_where_the_same_words_are_one_elsewhere():
    text = "Oyelaran said. Then Oyelaran left. Tarn too."
    sources = table(P1=text)
    found = pd.DataFrame(
        [("P1", 0, 8, "person"), ("P1", 20, 28, "proper name"), ("P1", 35, 39, "proper name")],
        columns=["source_id", "start", "end", "kind"],
    )
    first, second, tarn = numbers(pseudonymise(sources, found, key=KEY, level="direct").sources.loc[0, "text"])
    assert first == second
    assert re.fullmatch(r"Person \d{3}", first)
    assert re.fullmatch(r"Name \d{3}", tarn)


def test_a_transcript_is_still_one_after_it():
    text = "Ann Pugh [participant] 0:00:04\nI live at 14 Fennel Row,\nMarket Haddow.\n\nHelen [interviewer]\nThank you, Ann."
    rows = [("Ann Pugh", "person"), ("14 Fennel Row,\nMarket Haddow", "postal address"), ("Helen", "person")]
    made = list(parse_turns(clean(text, *rows)))
    assert [turn.role for turn in made] == ["participant", "interviewer"]
    assert re.fullmatch(r"I live at \[Postal address (\d{3})\]\n\[Postal address \1\]\.", made[0].words)


def test_a_finding_that_runs_over_two_turns_leaves_the_blank_line_between_them():
    text = "A [participant]\nAsk Ann\n\nB [participant]\nWho?"
    made = clean(text, ("Ann\n\nB", "person"), level="public")
    assert made == "A [participant]\nAsk [Person]\n\n[Person] [participant]\nWho?"


def test_aliases_that_a_person_has_mended_hold():
    sources = table(P1="Peggy rang Maggie.", P2="Peggy again.")
    found = findings(sources, ("P1", "Peggy", "person"), ("P1", "Maggie", "person"), ("P2", "Peggy", "person"))
    aliases = pd.DataFrame({"source_id": ["", "P2"], "kind": "person", "alias": ["Peggy", "peggy"], "entity": ["maggie", ""]})
    log = pseudonymise(sources, found, key=KEY, level="direct", aliases=aliases).log
    assert log["entity"].tolist() == ["maggie", "maggie", "peggy"]


def test_no_findings_change_no_text():
    sources = empty_table("sources")
    result = pseudonymise(sources, find_identifiers(sources), key=KEY, level="public")
    assert [len(part) for part in result] == [0, 0, 0]
    assert result.sources.columns.tolist() == sources.columns.tolist()
    assert result.log.dtypes.astype(str).tolist() == ["str", "int64", "int64", "str", "str", "str", "str", "str", "str"]
    some = table(P1="Nothing.")
    assert pseudonymise(some, find_identifiers(some), key=KEY, level="direct").sources.loc[0, "text"] == "Nothing."


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("P9", 0, 3, "person", "Ann"), "source 'P9': found no such source; expected the words 'Ann' in the text"),
        (("P1", 4, 7, "person", "Ann"), r"found 'rin' at 4 to 7; expected the words 'Ann'"),
        (("P1", 2, 99, "person", "n"), "at 2 to 99"),
        (("P1", 3, 3, "person", ""), "at 3 to 3"),
    ],
)
def test_findings_of_other_texts_are_refused(row, found):
    sources = table(P1="Ann rings.")
    rows = pd.DataFrame([row], columns=["source_id", "start", "end", "kind", "quote"])
    with pytest.raises(TableError, match=found):
        pseudonymise(sources, rows, key=KEY, level="direct")


def test_a_short_key_and_an_unknown_level_are_refused():
    sources = table(P1="Ann")
    found = findings(sources, ("P1", "Ann", "person"))
    with pytest.raises(TableError, match="found a key of 5 bytes; expected at least 16"):
        pseudonymise(sources, found, key=b"short", level="direct")
    with pytest.raises(TableError, match="found 'raw'; expected one of direct, indirect, public"):
        pseudonymise(sources, found, key=KEY, level="raw")


def test_nothing_that_was_found_stands_in_the_cleaned_study_any_more(study_with_plants):
    sources, gold, sheet = study_with_plants
    found = find_identifiers(sources, cases=sheet)
    result = pseudonymise(sources, found, key=KEY, level="indirect", cases=sheet)
    texts = dict(zip(result.sources["source_id"], result.sources["text"], strict=True))
    left = find_identifiers(result.sources, cases=sheet)
    named = gold[gold["kind"].isin(["e-mail", "telephone", "NINO", "passport", "listed"]) & (gold["set"] != "hard")]
    assert [row for row in named.itertuples() if row.quote in texts[row.source_id]] == []
    assert len(left[left["kind"].isin(["e-mail", "telephone", "postcode", "National Insurance number"])]) == 0
