"""Names, places, roles and dates in texts, as `find_identifiers` gives them."""

import importlib.util
import json
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engagement_lib as eng
from engagement_lib.errors import StudyError, TableError
from engagement_lib.privacy.finds import INDIRECT
from engagement_lib.privacy.identifiers import find_identifiers

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "../shared/samples/identifiers/presidio_research/generated_small.json"


def find(*texts, **options):
    sources = pd.DataFrame({"source_id": [f"P{n}" for n in range(len(texts))], "text": list(texts)})
    return find_identifiers(sources, **options)


def found(text, **options):
    return [tuple(row) for row in find(text, **options)[["kind", "quote"]].to_numpy()]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We asked Dr Priyanka Holloway about it.", "Dr Priyanka Holloway"),
        ("We asked dr. Holloway about it.", "dr. Holloway"),
        ("We asked Nurse Grace about it.", "Nurse Grace"),
        ("I report to my line manager Gethin, always.", "Gethin"),
        ("It was my boss, Hope, who said so.", "Hope"),
        ("My colleague is Wanjiru, you know.", "Wanjiru"),
        ("Hello. I'm called Will, with two Ls.", "Will"),
        ("There's a woman called Faith in the team.", "Faith"),
        ("This is Grace speaking.", "Grace"),
        ("Rhodri Penhaligon here, I lead a team.", "Rhodri Penhaligon"),
        ("Thanks, Mark, that is kind.", "Mark"),
        ("That is all.\n\nKind regards,\nGrace Field\nLibrarian", "Grace Field"),
        ("That is all I have to say. – Joy", "Joy"),
        ("From: Dawn Field\nIt is late.", "Dawn Field"),
        ("Heather: I never said that.", "Heather"),
        ("We had a reply from Will about it.", "Will"),
        ("Ask J. Vanderbilt for it.", "J. Vanderbilt"),
        ("My boss Anna van Berg said so.", "Anna van Berg"),
        ("It was Sarah R. Okafor who knew.", "Sarah R. Okafor"),
        ("It was Sarah R Okafor who knew.", "Sarah R Okafor"),
        ("We met Anna van der Berg and left.", "Anna van der Berg"),
        ("It was Siobhan's idea.", "Siobhan"),
        ("We asked Quaye-Hughes about it.", "Quaye-Hughes"),
        ("We asked Jean-Xyz about it.", "Jean-Xyz"),
        ("Will Ashdown said so.", "Will Ashdown"),
        ("It was Sarah J Okafor who knew.", "Sarah J Okafor"),
        ("We asked Hughes about it.", "Hughes"),
        ("Yes. Hughes knew.", "Hughes"),
        ("We asked Brown about it.", "Brown"),
        ("and then MARGARET rang", "MARGARET"),
        ("so i said my name is vitoria and they wrote it down", "vitoria"),
        ("so i rang siobhan hughes and she knew", "siobhan hughes"),
        ("Helen (strategy team) [interviewer] 0:00:04\nWho uses it?", "Helen"),
        ("Chat - Dave [participant]\nNobody does.", "Dave"),
    ],
)
def test_a_person_is_found_whatever_gives_the_name_away(text, name):
    assert ("person", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Will you ask? Mark my words. May I? Grace is what it wants. The only thing is time.",
        "On Monday in January, I'd say, I was at Easter. English and Welsh people use Excel.",
        "Okay. Right. So, May.",
        "P06 [participant] 0:00:12\nNo idea.\n\nInterviewer [interviewer]\nNone.\n\nSpeaker 2 [unknown]\nNo.",
        "I'm Welsh. This is it speaking for itself. My manager is late.",
        "What, I ask you, What did they do with it?",
    ],
)
def test_a_capital_that_says_nothing_is_not_found(text):
    assert found(text) == []


def test_the_recruitment_sheet_gives_names_that_are_words_and_their_short_forms():
    cases = pd.DataFrame(
        {"case_id": ["P1", "P2"], "name": ["Rose Field", "Margaret Oduya"], "line_manager": ["Dr Hope Small", None]}
    )
    text = "Rose said so. I asked Field, and Peggy. And small letters: rose field, oduya, the field. Hope came. SMALL"
    rows = find(text, cases=cases)
    assert rows[["quote", "rule", "confidence"]].to_numpy().tolist() == [
        ["Rose", "on the list of participants, and a word", "low"],
        ["Field", "on the list of participants", "high"],
        ["Peggy", "short for a name on the list", "medium"],
        ["rose field", "on the list of participants, in small letters", "medium"],
        ["oduya", "on the list of participants, in small letters", "medium"],
        ["Hope", "on the list of participants, and a word", "low"],
        ["SMALL", "on the list of participants, and a word", "low"],
    ]


def test_people_on_the_sheet_stand_in_any_column_about_people_and_behind_an_email_address():
    cases = pd.DataFrame(
        {
            "case_id": ["P1"],
            "participant": ["yes"],
            "contact_email": ["d.zrtfold@example.org"],
            "colleagues": ["Bo Qwx and Dr; Ny Brr"],
        }
    )
    rows = find("I met Zrtfold, Bo and Brr.", cases=cases)
    assert rows["quote"].tolist() == ["Zrtfold", "Bo", "Brr"]
    assert set(rows["rule"]) == {"on the list of participants"}


def test_a_name_that_one_source_gives_away_is_known_in_all():
    rows = find("There is a man called Bramwyck here.", "Bramwyck did it. Grace knew. I asked Bramwyck.", "A lady called Grace.")
    assert rows[["source_id", "quote", "rule"]].to_numpy().tolist() == [
        ["P0", "Bramwyck", "says the name"],
        ["P1", "Bramwyck", "named so elsewhere"],
        ["P1", "Grace", "first name and a word"],
        ["P1", "Bramwyck", "named so elsewhere"],
        ["P2", "Grace", "says the name"],
    ]


def test_an_email_address_and_a_name_above_a_turn_give_names_away():
    rows = find("Brtzk [participant]\nWrite to ann.zrtfold@example.org.", "Zrtfold left. Brtzk stayed.")
    assert rows.loc[rows["source_id"] == "P1", ["quote", "rule"]].to_numpy().tolist() == [
        ["Zrtfold", "named so elsewhere"],
        ["Brtzk", "named so elsewhere"],
    ]


@pytest.mark.parametrize("words", ["Dr ", "A-", "x dot ", "abc", "AB12"])
def test_a_text_of_nothing_but_the_same_takes_no_longer_than_another(words):
    begun = time.process_time()
    find(words * 20_000)
    assert time.process_time() - begun < 4


def test_a_capital_that_nothing_explains_is_a_proper_name():
    rows = find("We went to see Qwxlm Brtzk there. It was called the Zrtfold. Zrtfold was nice. I like Patch.")
    assert rows[["kind", "quote", "confidence"]].to_numpy().tolist() == [
        ["proper name", "Qwxlm Brtzk", "medium"],
        ["proper name", "Zrtfold", "medium"],
        ["proper name", "Zrtfold", "medium"],
        ["proper name", "Patch", "low"],
    ]


def test_a_strange_word_that_mostly_stands_in_small_letters_is_none():
    assert found("Zrtfolds are good. I like zrtfolds, and zrtfolds like me.") == []


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("He moved to Truro.", "place", "Truro"),
        ("He moved to Reading.", "place", "Reading"),
        ("He moved to Wales.", "place", "Wales"),
        ("It was in Marsham Street then.", "place", "Marsham Street"),
        ("I was at St Bride's for a year.", "place", "St Bride"),
        ("I live at 14 Fennel Row, Market Haddow, LN99 7XY.", "postal address", "14 Fennel Row, Market Haddow"),
        ("I live at Flat 5, 48 Heol y Felin now.", "postal address", "Flat 5, 48 Heol y Felin"),
        ("I live at fourteen Fennel Row now.", "postal address", "fourteen Fennel Row"),
        ("Write to PO Box 12 please.", "postal address", "PO Box 12"),
        ("I work for the Home Office now.", "organisation", "Home Office"),
        ("I work at the Peatland Levy Board now.", "organisation", "Peatland Levy Board"),
        ("I work at the Department for Silly Walks and Hats now.", "organisation", "Department for Silly Walks and Hats"),
        ("I work at the University of Market Haddow now.", "organisation", "University of Market Haddow"),
        ("I work at the Department for Sheep, Goats and Hats now.", "organisation", "Department for Sheep, Goats and Hats"),
        ("I work at the XQPR now.", "organisation", "XQPR"),
        ("I work in the Housing Returns team now.", "team", "Housing Returns team"),
        ("We met on the third of February.", "date", "the third of February"),
        ("We met on 12/03/2020.", "date", "12/03/2020"),
        ("We met on 2020-03-12.", "date", "2020-03-12"),
        ("We met on May 3rd, 2020.", "date", "May 3rd, 2020"),
        ("I was born on 3 March 1961.", "date of birth", "3 March 1961"),
        ("I was born in 1961.", "date of birth", "1961"),
        ("She is 91 years old.", "age over 85", "91 years old"),
        ("He's eighty-eight now.", "age over 85", "He's eighty-eight"),
        ("She is in her nineties.", "age over 85", "in her nineties"),
        ("I'm the only G7 in our Truro office.", "role", "I'm the only G7 in our Truro office"),
        ("She's a Grade 7 in the Welsh Government.", "role", "Grade 7 in the Welsh Government"),
        ("He is the Permanent Secretary.", "role", "Permanent Secretary"),
        ("She is head of prices and wages.", "role", "head of prices and wages"),
    ],
)
def test_what_identifies_together_with_other_things_is_found_too(text, kind, quote):
    rows = find(text)
    row = rows[rows["kind"] == kind].iloc[0]
    assert row["quote"] == quote
    assert row["direct"] == (kind not in INDIRECT)


@pytest.mark.parametrize(
    "text",
    [
        "She is 84 years old.",
        "In March 2020 it rose by 91 per cent.",
        "In 1961 it fell. He was born late.",
        "Version 4.5.20 of it.",
    ],
)
def test_younger_ages_months_and_years_are_left(text):
    assert found(text) == []


def test_the_word_only_without_a_person_is_no_role():
    assert found("It's the only one in the sea. There's only me and one of three tables.")[0][1].startswith("There's only me")


def test_a_place_after_the_end_of_a_sentence_does_not_belong_to_a_role():
    assert ("role", "HEO") in found("I am an HEO. In Truro it rains.")


@pytest.mark.parametrize(
    ("text", "kind", "quote", "rule"),
    [
        ("It's oh seven seven double oh nine oh oh one two.", "telephone", "oh seven seven double oh nine oh oh one two",
         "UK number in words"),
        ("It is one two three four five six.", "telephone", "one two three four five six", "digits in words"),
        ("It is ann dot smith at example dot org.", "e-mail", "ann dot smith at example dot org", "at and dot in words"),
        ("It is ann dot smith, with an I.", "e-mail", "ann dot smith", "dot in words"),
        ("My UTR is 1955839661.", "UTR", "1955839661", "check digit right"),
        ("My UTR is 2955839661.", "UTR", "2955839661", "shape only"),
        ("My passport is 123456789, look.", "passport", "123456789", "beside the word"),
        ("The licence is MORGA753116SM9IJ.", "driving licence", "MORGA753116SM9IJ", "month and day right"),
        ("It was AB12 CDE.", "vehicle registration", "AB12 CDE", "number of since 2001"),
        ("The car is P123 ABC.", "vehicle registration", "P123 ABC", "beside the word"),
        ("The sort code is 12-34-56.", "sort code", "12-34-56", "beside the word"),
        ("The account number is 12345678.", "bank account", "12345678", "beside the word"),
        ("Pay GB82 WEST 1234 5698 7654 32 now.", "bank account", "GB82 WEST 1234 5698 7654 32", "check digits right"),
        ("Pay 4111 1111 1111 1111 now.", "payment card", "4111 1111 1111 1111", "check digit right"),
        ("Ring +33 1 23 45 67 89 now.", "telephone", "+33 1 23 45 67 89", "number with +"),
        ("Call me on 9472 7916 please.", "telephone", "9472 7916", "digits in groups"),
        ("She is on extension 4417.", "telephone", "extension 4417", "extension"),
        ("It came from 106.31.73.20.", "IP address", "106.31.73.20", "four numbers"),
    ],
)  # fmt: skip
def test_numbers_of_offices_banks_and_cars_are_found_by_shape_and_context(text, kind, quote, rule):
    row = find(text, level="shapes").iloc[0]
    assert (row["kind"], row["quote"], row["rule"]) == (kind, quote, rule)


@pytest.mark.parametrize(
    "text",
    [
        "It took 123456789 rows and 12345678 columns, or 12-34-56.",
        "Pay 4111 1111 1111 1112 or 106.31.73.256 now.",
        "Call me about 2019-2020 please.",
        "one, two, three, four",
        "one, two, three, four, five",
        "two three 4567 8910",
    ],
)
def test_numbers_without_context_or_with_a_wrong_check_digit_are_none(text):
    assert found(text, level="shapes") == []


def test_in_a_text_without_capitals_lists_and_cues_still_help():
    text = (
        "so i work in truro and my manager gethin said ask dr qwxlm about it and call me vitoria or my boss late, mr and mrs zrt"
    )
    rows = find(text)
    assert rows[["kind", "quote"]].to_numpy().tolist() == [
        ["place", "truro"],
        ["person", "gethin"],
        ["person", "dr qwxlm"],
        ["person", "vitoria"],
        ["person", "mrs zrt"],
    ]


def test_levels_hold_one_another():
    text = "Ring Priya at the Home Office on 07700 900123."
    levels = [set(found(text, level=level)) for level in ("shapes", "direct", "all")]
    assert levels[0] < levels[1] < levels[2]
    assert levels[0] == {("telephone", "07700 900123")}
    assert levels[2] - levels[1] == {("organisation", "Home Office")}


def test_organisations_and_places_of_the_recruitment_sheet_are_known():
    cases = pd.DataFrame(
        {"case_id": ["P1", "P2"], "organisation": ["Kestrelby (Wing)", "charity"], "office": ["Nether Wallop", ""]}
    )
    assert found("I came to Kestrelby from Nether Wallop.", cases=cases) == [
        ("organisation", "Kestrelby"),
        ("place", "Nether Wallop"),
    ]


def test_a_table_without_texts_and_an_unknown_level_are_refused():
    with pytest.raises(TableError, match="found the columns source_id; expected text"):
        find_identifiers(pd.DataFrame({"source_id": ["P1"]}))
    with pytest.raises(TableError, match="one of shapes, direct, all"):
        find("Hello.", level="everything")


def test_an_installed_model_is_used_beside_the_rules_and_named(tmp_path):
    import spacy

    model = spacy.blank("en")
    ruler = model.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "the miller"}, {"label": "DATE", "pattern": "last week"}])
    model.meta["name"], model.meta["version"] = "tiny", "1.2"
    model.to_disk(tmp_path / "tiny")
    row = find("We asked the miller last week.", model=str(tmp_path / "tiny")).iloc[0]
    assert (row["kind"], row["quote"], row["rule"]) == ("person", "the miller", "en_tiny 1.2")


def test_a_model_that_is_not_installed_or_knows_no_names_is_refused(tmp_path):
    import spacy

    with pytest.raises(StudyError, match="an installed spaCy model"):
        find("Hello.", model="en_core_web_nowhere")
    spacy.blank("en").to_disk(tmp_path / "none")
    with pytest.raises(StudyError, match="without names"):
        find("Hello.", model=str(tmp_path / "none"))


WORDS = st.sampled_from(
    (
        *("Dr", "Priya", "will", "Will", "the", "Home", "Office", "07700 900123", "my manager", "Truro", ",", ".", "\n", "St"),
        *("O'Neil's", "I'm", "the only", "G7", "dot", "at", "oh", "seven", "[participant]", "J.", "van", "of", "and", "MARY"),
        *("é", "\u202e", "李", "14", "Row"),
    )
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=25), st.sampled_from(["shapes", "direct", "all"]))
@settings(deadline=None)
def test_a_quote_is_what_stands_at_its_place_in_any_text(words, level):
    text = " ".join(words)
    table = find(text, level=level)
    assert [text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == table["quote"].tolist()
    assert (table["end"] > table["start"]).all()
    assert set(table["confidence"]) <= {"high", "medium", "low"}
    assert all(" ".join(quote.split()) in context for quote, context in zip(table["quote"], table["context"], strict=True))


@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_finds_are_the_same_in_any_order_of_rows(texts, random):
    sources = pd.DataFrame({"source_id": [f"P{n}" for n in range(len(texts))], "text": texts})
    cases = pd.DataFrame({"case_id": ["A", "B"], "name": ["Will Row", "Priya Home"]})
    order = random.sample(range(len(texts)), len(texts))
    pd.testing.assert_frame_equal(
        find_identifiers(sources, cases=cases), find_identifiers(sources.iloc[order], cases=cases.iloc[::-1])
    )


@pytest.fixture(scope="module")
def study():
    return eng.open_study(ROOT / "data")


def test_whatever_identifier_is_planted_in_the_study_is_touched_by_a_find(study):
    listed = pd.read_csv(ROOT / "tests/planted.csv", dtype=str)
    listed = listed[listed["feature"].str.contains("identifiers")]
    texts = study.sources.set_index("source_id")["text"]
    table = find_identifiers(study.sources, cases=study.cases)
    missed = []
    for row in listed.itertuples():
        start = texts[row.where].index(row.words)
        here = table[(table["source_id"] == row.where) & (table["start"] < start + len(row.words)) & (table["end"] > start)]
        missed += [row.words] if here.empty else []
    assert len(listed) == 28
    assert missed == []


def test_97_of_100_planted_direct_identifiers_are_found_with_the_names_of_the_sheet_alone(study):
    spec = importlib.util.spec_from_file_location("planting", ROOT / "benchmarks/planting.py")
    planting = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(planting)
    sources, gold, sheet = planting.plant(study.sources, seed=97, times=3)
    gold = gold[gold["direct"] & (gold["set"] != "hard")]
    table = find_identifiers(sources, cases=sheet, level="direct")
    by_source = {str(source): part for source, part in table.groupby("source_id")}
    covered = 0
    for row in gold.itertuples():
        here = by_source[row.source_id]
        letters = {at for start, end in zip(here["start"], here["end"], strict=True) for at in range(start, end)}
        covered += set(range(row.start, row.end)) <= letters
    assert len(gold) >= 200
    assert covered / len(gold) >= 0.97


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples in ../shared are not on this machine")
def test_nine_of_ten_names_in_sentences_from_many_countries_are_found():
    rows = json.loads(SAMPLES.read_text(encoding="utf-8"))
    table = find(*[row["full_text"] for row in rows])
    gold = [(f"P{n}", span) for n, row in enumerate(rows) for span in row["spans"] if span["entity_type"] == "PERSON"]
    touched = sum(
        ((table["source_id"] == source) & (table["start"] < span["end_position"]) & (table["end"] > span["start_position"])).any()
        for source, span in gold
    )
    assert touched / len(gold) >= 0.9
