"""Comments on a draft by reference, from forms and e-mails."""

import re
import textwrap

import pandas as pd
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.errors import TableError
from engagement_lib.exchange.spreadsheets import write_table
from engagement_lib.loading.comments import read_comments
from engagement_lib.loading.mail import read_mail
from engagement_lib.loading.references import INSTRUCTION, comment_references
from engagement_lib.loading.text import normalise
from engagement_lib.tables import SCHEMAS

CLAIMS = pd.DataFrame({"claim_id": ["C1", "C 2"], "statement": ["Close the loop.", "=Ring back"], "theme": ["culture", ""]})
REFERENCES = comment_references(CLAIMS, pd.DataFrame({"theme": ["capability", "culture", ""]}))
KNOWN = dict(zip(REFERENCES["reference"], REFERENCES["about"], strict=True))
FORM = "reference,about,comment\nclaim-C1,Close the loop.,Diolch 🙈\nCLAIM-c-2,'=Ring back,\ntheme-culture,,n/a\n"


def said(sources):
    return sources[["source_id", "question", "text", "reason"]].to_numpy().tolist()


@pytest.fixture
def read(write):
    def from_file(name, content, references=REFERENCES, **options):
        return read_comments(write(name, content), references=references, **options)

    return from_file


@pytest.fixture
def problems(read):
    def from_file(name, content, **options):
        with pytest.raises(TableError) as caught:
            read(name, content, **options)
        return [str(problem) for problem in caught.value.problems]

    return from_file


def test_claims_and_themes_have_references_and_so_has_anything_else():
    assert REFERENCES.to_numpy().tolist() == [
        ["claim-C1", "Close the loop."],
        ["claim-C-2", "=Ring back"],
        ["theme-capability", "The theme: capability"],
        ["theme-culture", "The theme: culture"],
        ["general", "Anything else, about all of it or about nothing named here"],
    ]


def test_each_row_of_a_form_is_a_source_whether_it_says_something_or_not(read):
    sources, aside = read("F01.csv", FORM, wave="2", case_id="P07")
    assert said(sources) == [
        ["F01/claim-C1", "claim-C1", "Diolch 🙈", ""],
        ["F01/claim-C-2", "claim-C-2", "", "blank"],
        ["F01/theme-culture", "theme-culture", "n/a", "not applicable"],
    ]
    assert list(sources.columns) == list(SCHEMAS["sources"].columns)
    assert sources[["case_id", "kind", "wave", "level", "origin"]].drop_duplicates().to_numpy().tolist() == [
        ["P07", "comment", "2", "raw", "F01.csv"]
    ]
    assert aside.to_numpy().tolist() == [
        ["F01.csv", "row 2", "Close the loop.", "wording of the form"],
        ["F01.csv", "row 3", "=Ring back", "wording of the form"],
    ]
    assert set(sources["normalised"]) == {"set aside: wording of the form (2)"}


def test_wording_that_the_study_no_longer_has_is_set_aside_by_that_name(read):
    _, aside = read("F01.csv", "reference,about,comment\nclaim-C1,Close it?,No.\n")
    assert aside["rule"].tolist() == ["wording that is not the study's"]


def test_without_a_case_of_its_own_a_reply_is_the_case(read):
    assert set(read("F01.csv", FORM)[0]["case_id"]) == {"F01"}
    assert set(read("F01.csv", FORM, source_id="R1")[0]["case_id"]) == {"R1"}


def test_a_reference_that_stands_twice_is_one_source(read):
    sources, _ = read("F01.csv", "reference,comment\nclaim-C1,One.\nclaim-C1,Two.\n")
    assert said(sources) == [["F01/claim-C1", "claim-C1", "One.\nTwo.", ""]]


def test_an_unknown_reference_is_named_with_its_row_and_the_nearest_one(problems):
    known = "claim-C1, claim-C-2, theme-capability, theme-culture, general"
    assert problems("F01.csv", "reference,comment\nclaim-C1,a\ntheme-cultur,b\nzzz,c\n,d\n") == [
        f"F01.csv, row 3: found the reference 'theme-cultur'; expected one of {known}. Did you mean 'theme-culture'?",
        f"F01.csv, row 4: found the reference 'zzz'; expected one of {known}. Mend it, or write 'general'.",
        f"F01.csv, row 5: found a comment without a reference; expected one of {known}. Mend it, or write 'general'.",
    ]


def test_where_the_claims_cannot_be_read_any_reference_is_taken_but_none(read, problems):
    sources, aside = read("F01.csv", "reference,about,comment\nclaim-X9,New?,a\n", references=None)
    assert said(sources) == [["F01/claim-X9", "claim-X9", "a", ""]]
    assert aside["rule"].tolist() == ["wording that is not the study's"]
    assert "expected one of the references of the form" in problems("F02.csv", "reference,comment\n,d\n", references=None)[0]


def test_columns_that_are_missing_or_that_nobody_knows_are_named(problems):
    there = "the columns 'ref', 'comment', 'notes', 'empty'"
    remedy = "Move what stands in it to 'comment', beside its reference."
    assert problems("F01.csv", "ref,comment,notes,empty\nclaim-C1,a,b,\n") == [
        f"F01.csv, header: found {there}; expected a column 'reference'. Use the form as it was sent, or mend the name.",
        f"F01.csv, header: found a column 'ref'; expected only reference, about, comment. {remedy}",
        f"F01.csv, header: found a column 'notes'; expected only reference, about, comment. {remedy}",
    ]


def test_a_form_without_rows_is_named(problems):
    assert problems("F01.csv", "reference,comment\n") == [
        "F01.csv: found no comment; expected a row or line with a reference. Take the file out, or mend it."
    ]


BROKEN = textwrap.wrap(INSTRUCTION, 100)
MAIL = f"""From: Ann
Subject: Re: the draft

Dear all,

{BROKEN[0]}
{BROKEN[1]}

claim-C1: Close
the loop.

I agree.

So do others.

* [theme-culture] – Fine words.
theme-park visitors say so too
general matters apart
From: here on
On Monday, 5 October 2020, Helen wrote:
> claim-C-2: =Ring back
>> older still
No, thank you.
--\u0020
Ann Smith
"""


def test_what_stands_below_a_reference_in_an_e_mail_is_about_it(read):
    sources, _ = read("F01.txt", MAIL)
    assert said(sources) == [
        ["F01/general", "general", "Dear all,", ""],
        ["F01/claim-C1", "claim-C1", "I agree.\n\nSo do others.", ""],
        [
            "F01/theme-culture",
            "theme-culture",
            "Fine words.\ntheme-park visitors say so too\ngeneral matters apart\nFrom: here on",
            "",
        ],
        ["F01/claim-C-2", "claim-C-2", "No, thank you.", ""],
    ]


def test_what_in_an_e_mail_is_nobodys_comment_is_set_aside_with_its_line(read):
    _, aside = read("F01.txt", MAIL)
    assert aside[["place", "text", "rule"]].to_numpy().tolist() == [
        ["line 1", "From: Ann", "mail header"],
        ["line 2", "Subject: Re: the draft", "mail header"],
        ["line 6", BROKEN[0], "wording of the form"],
        ["line 7", BROKEN[1], "wording of the form"],
        ["line 9", "Close", "wording of the form"],
        ["line 10", "the loop.", "wording of the form"],
        ["line 20", "On Monday, 5 October 2020, Helen wrote:", "quoted"],
        ["line 21", "=Ring back", "quoted"],
        ["line 22", "older still", "quoted"],
        ["line 24", "-- ", "signature"],
        ["line 25", "Ann Smith", "signature"],
    ]


def test_an_e_mail_that_names_no_reference_is_about_everything(read):
    assert said(read("F01.txt", "All of it is late.\n")[0]) == [["F01/general", "general", "All of it is late.", ""]]


def test_a_reference_with_nothing_below_it_is_blank(read):
    assert said(read("F01.txt", "claim-C1:\n\nclaim-C-2: No.\n")[0]) == [
        ["F01/claim-C1", "claim-C1", "", "blank"],
        ["F01/claim-C-2", "claim-C-2", "No.", ""],
    ]


def test_wording_that_is_broken_off_stays_with_the_comment(read):
    assert said(read("F01.txt", "claim-C1: Close\n")[0]) == [["F01/claim-C1", "claim-C1", "Close", ""]]


def test_an_unknown_reference_in_an_e_mail_is_named_with_its_line(problems):
    (problem,) = problems("F01.txt", "Dear all,\nclaim-C9: no.\n")
    assert problem.startswith("F01.txt, line 2: found the reference 'claim-C9'; expected one of claim-C1, ")


def test_an_e_mail_of_headers_alone_is_no_comment(problems):
    assert problems("F01.txt", "From: Ann\nSubject: Draft\n")[0].startswith("F01.txt: found no comment")


def test_the_message_that_a_reply_carries_below_is_set_aside(read):
    mail = "claim-C1: Yes.\n\n-----Original Message-----\nFrom: Helen\nSent: Monday\n\nclaim-C-2: =Ring back\n"
    sources, aside = read("F01.txt", mail)
    assert said(sources) == [["F01/claim-C1", "claim-C1", "Yes.", ""], ["F01/claim-C-2", "claim-C-2", "", "blank"]]
    assert aside["rule"].tolist() == ["quoted", "mail header", "mail header", "wording of the form"]


def test_a_reply_in_word_is_read_as_an_e_mail(tmp_path):
    document = Document()
    for line in ("claim-C1:", "In Word."):
        document.add_paragraph(line)
    document.save(tmp_path / "F01.docx")
    assert said(read_comments(tmp_path / "F01.docx", references=REFERENCES)[0]) == [["F01/claim-C1", "claim-C1", "In Word.", ""]]


def test_an_old_encoding_is_said_beside_what_was_set_aside(read):
    sources, _ = read("F01.csv", "reference,about,comment\nclaim-C1,Close the loop.,Siân\n".encode("cp1252"))
    assert sources["normalised"].tolist() == ["Windows-1252 made UTF-8; set aside: wording of the form (1)"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)
LINES = st.one_of(
    st.sampled_from(["claim-C1: a", "> claim-C-2", "general:", "-- ", "", "Subject: x", "[theme-culture] b", "On it I wrote:"]),
    WORDS,
)


@given(st.lists(LINES, max_size=12))
def test_every_line_of_an_e_mail_is_in_a_comment_or_set_aside_but_for_its_reference(lines):
    try:
        pieces = read_mail("\n".join(lines), "F01.txt", KNOWN)
    except TableError:
        return
    for number, line in enumerate(lines, start=1):
        held = "".join(piece.text for piece in pieces if piece.place == f"line {number}").strip()
        before = line.strip().removesuffix(held)
        assert len(before) + len(held) == len(line.strip())
        assert re.fullmatch(rf"\W*(?:{'|'.join(map(re.escape, KNOWN))})?\W*", before, re.IGNORECASE)


@given(st.lists(st.sampled_from(sorted(KNOWN)), unique=True, min_size=1), st.data())
def test_a_form_gives_back_what_was_written_into_it(tmp_path_factory, names, data):
    comments = [data.draw(WORDS) for _ in names]
    form = pd.DataFrame({"reference": names, "about": [KNOWN[name] for name in names], "comment": comments})
    folder = tmp_path_factory.mktemp("form")
    for ending in ("csv", "xlsx"):
        write_table(form, folder / f"F01.{ending}")
        sources, aside = read_comments(folder / f"F01.{ending}", references=REFERENCES)
        assert sources["question"].tolist() == names
        assert sources["text"].tolist() == [normalise(comment).strip() for comment in comments]
        assert set(aside["rule"]) == {"wording of the form"}
