"""A study with comments on its draft by reference."""

import pandas as pd
import pytest

from engagement_lib.doubts import find_hints
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.study import check_study, open_study

FILES = {
    "study.toml": r"""title = "Pilot"
cases = "cases.csv"
codebook = "codebook.csv"
codings = "codings.csv"
claims = "claims.csv"
readings = "readings.csv"

[waves.2]
prompted = true

[[transcripts]]
files = "interviews/*"

[[comments]]
files = "comments/*"
wave = "2"
name = "(?P<source_id>F\\d+)(_from_(?P<case_id>P\\d+))?"
""",
    "interviews/P01.txt": "Helen: Pwy?\nP01: No time at all.\n",
    "comments/F01.csv": "reference,about,comment\nclaim-C1,Time is short.,No time here either.\ntheme-culture,,\n",
    "comments/F02_from_P01.txt": "Subject: Draft\n\nclaim-C1: Still no time.\n",
    "cases.csv": "case_id,group\nP01,producer\nF01,user\n",
    "codebook.csv": "code,theme\nno-time,culture\n",
    "codings.csv": "source_id,code,coder,quote\nP01,no-time,AB,No time\nF01/claim-C1,no-time,AB,No time\n",
    "claims.csv": "claim_id,statement,codes\nC1,Time is short.,+no-time\n",
    "readings.csv": "source_id,coder,finished\nP01,AB,yes\nF01/claim-C1,AB,yes\n",
}


@pytest.fixture
def folder(tmp_path):
    def make(**changes):
        for name, text in (FILES | changes).items():
            if text is not None:
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return make


def problems(folder):
    return [str(problem) for problem in check_study(folder)[1]]


def test_each_comment_is_a_source_of_the_prompted_wave_with_its_reference(folder):
    sources = open_study(folder()).sources
    comments = sources.loc[sources["kind"] == "comment", ["source_id", "case_id", "question", "wave", "reason", "origin"]]
    assert comments.to_numpy().tolist() == [
        ["F01/claim-C1", "F01", "claim-C1", "2", "", "comments/F01.csv"],
        ["F01/theme-culture", "F01", "theme-culture", "2", "blank", "comments/F01.csv"],
        ["F02/claim-C1", "P01", "claim-C1", "2", "", "comments/F02_from_P01.txt"],
    ]


def test_a_comment_on_the_draft_is_no_support_for_it(folder):
    study = open_study(folder())
    independent, prompted = (appraise_claims(study, prompted=one, resamples=100) for one in (False, True))
    assert independent[["supporting", "kinds"]].to_numpy().tolist() == [[1, "interview"]]
    assert prompted[["supporting", "indicated"]].to_numpy().tolist() == [[1, ""]]


def test_comments_belong_to_a_prompted_wave(folder):
    toml = FILES["study.toml"]
    expected = "expected a prompted wave, since who comments on a draft has read it"
    (problem,) = problems(folder(**{"study.toml": toml.replace("prompted = true", "")}))
    assert f"[[comments]] of 'comments/*': found wave '2', which is not prompted; {expected}. Write prompted = true" in problem
    assert (
        "found wave '1', which is not prompted" in problems(folder(**{"study.toml": toml.replace('wave = "2"', 'wave = "1"')}))[0]
    )
    assert (
        "found wave '3'; expected one of 1, 2" in problems(folder(**{"study.toml": toml.replace('wave = "2"', 'wave = "3"')}))[0]
    )


def test_an_unknown_reference_is_named_with_file_and_row_and_nothing_else_is_held_against_it(folder):
    form = FILES["comments/F01.csv"].replace("claim-C1", "claim-C7")
    (problem,) = problems(folder(**{"comments/F01.csv": form}))
    assert problem.startswith("comments/F01.csv, row 2: found the reference 'claim-C7'; expected one of claim-C1, theme-culture")


def test_a_name_that_does_not_fit_is_named(folder):
    (problem,) = problems(folder(**{"comments/reply.csv": FILES["comments/F01.csv"]}))
    assert problem.startswith("comments/reply.csv: found the name 'reply'; expected a name that fits")


def test_where_the_claims_cannot_be_read_no_reference_is_held_against_anybody(folder):
    told = problems(folder(**{"claims.csv": "claim\nC1\n"}))
    assert len(told) == 2
    assert all("claims.csv, header" in problem for problem in told)


def test_what_was_set_aside_is_worth_a_look(folder):
    study = check_study(folder())[0]
    assert [hint for hint in find_hints(study) if "set aside" in hint] == [
        "comments/F01.csv: set aside: wording of the form (1). Look whether any of it is a comment.",
        "comments/F02_from_P01.txt: set aside: mail header (1). Look whether any of it is a comment.",
    ]
    assert not any("does not name" in hint for hint in find_hints(study))


def test_a_study_without_comments_is_as_it_was(folder):
    toml = FILES["study.toml"].partition("[[comments]]")[0]
    empty = dict.fromkeys(("comments/F01.csv", "comments/F02_from_P01.txt"))
    plain = {"study.toml": toml, "codings.csv": "source_id,code,coder\n", "readings.csv": "source_id,coder\n", **empty}
    study, found = check_study(folder(**plain))
    assert (found, study.sources["source_id"].tolist()) == ([], ["P01"])
    assert pd.api.types.is_string_dtype(study.sources["question"])
