"""The form by which readers of a draft comment by reference."""

from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook
from sharing_demo import make_study

from engagement_lib.errors import TableError
from engagement_lib.exchange.comment_forms import comment_form, write_comment_form
from engagement_lib.loading.comments import read_comments
from engagement_lib.loading.references import INSTRUCTION, comment_references
from engagement_lib.tables import check_table, empty_table


def study_of(folder, **options):
    study = make_study(folder, **options)
    claims = pd.DataFrame({"claim_id": ["C1"], "statement": ["=Engagement comes\nlast"], "theme": ["culture"]})
    return replace(study, claims=check_table("claims", claims))


def test_the_form_lists_every_claim_and_theme_with_room_for_a_comment(tmp_path):
    assert comment_form(study_of(tmp_path)).to_numpy().tolist() == [
        ["claim-C1", "=Engagement comes\nlast", ""],
        ["theme-culture", "The theme: culture", ""],
        ["general", "Anything else, about all of it or about nothing named here", ""],
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "txt"])
def test_a_form_that_nobody_filled_in_is_read_back_as_blank(tmp_path, ending):
    study = study_of(tmp_path)
    write_comment_form(study, tmp_path / f"F01.{ending}")
    sources, aside = read_comments(tmp_path / f"F01.{ending}", references=comment_references(study.claims, study.codebook))
    assert sources[["question", "text", "reason"]].to_numpy().tolist() == [
        ["claim-C1", "", "blank"],
        ["theme-culture", "", "blank"],
        ["general", "", "blank"],
    ]
    assert set(aside["rule"]) - {"mail header"} == {"wording of the form"}


def test_the_workbook_can_be_read_and_says_how_to_fill_it_in(tmp_path):
    write_comment_form(study_of(tmp_path), tmp_path / "form.xlsx")
    book = load_workbook(tmp_path / "form.xlsx")
    sheet = book["Comments"]
    assert [(table.name, table.ref) for table in sheet.tables.values()] == [("comments", "A1:C4")]
    assert (sheet["B2"].data_type, sheet["B2"].alignment.wrap_text, sheet["C2"].value) == ("s", True, None)
    assert [row[0] for row in book["How_to_fill_this_in"].iter_rows(values_only=True)] == [
        "Comments on the draft: A small study",
        INSTRUCTION,
        "Send it to: team@example.gov.uk",
    ]


def test_a_study_that_names_nobody_says_so_in_its_form(tmp_path):
    study = study_of(tmp_path, contact="")
    for ending in ("xlsx", "txt"):
        write_comment_form(study, tmp_path / f"form.{ending}")
    help_ = load_workbook(tmp_path / "form.xlsx")["How_to_fill_this_in"]
    assert help_["A3"].value == "Send it back to whoever sent it to you."
    assert (
        (tmp_path / "form.txt").read_text(encoding="utf-8").startswith("Subject: Comments on the draft: A small study\n\nWrite")
    )


def test_the_e_mail_begins_with_whom_it_goes_to(tmp_path):
    write_comment_form(study_of(tmp_path), tmp_path / "form.txt")
    lines = (tmp_path / "form.txt").read_text(encoding="utf-8").split("\n")
    assert lines[:6] == [
        "To: team@example.gov.uk",
        "Subject: Comments on the draft: A small study",
        "",
        INSTRUCTION,
        "",
        "claim-C1: =Engagement comes last",
    ]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"form\.pdf: found the ending '\.pdf'; expected \.csv, \.xlsx or \.txt"):
        write_comment_form(study_of(tmp_path), tmp_path / "form.pdf")


def test_a_study_with_nothing_to_comment_on_is_told_so(tmp_path):
    study = replace(make_study(tmp_path), claims=empty_table("claims"))
    with pytest.raises(TableError, match="no claim and no theme"):
        write_comment_form(study, tmp_path / "form.csv")
