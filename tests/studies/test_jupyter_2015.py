"""The real Jupyter user-experience survey of 2015: 1,706 rows, eight open questions, the codes that its analysts gave."""

from pathlib import Path

import pytest

import engagement_lib as eng
from engagement_lib.sharing.report import write_report
from engagement_lib.study import describe_study

ROOT = Path(__file__).parents[2]
STUDY = Path(__file__).parent / "jupyter_2015"
SAMPLES = ROOT / "../shared/samples/surveys/jupyter_2015_ux"

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples in ../shared are not on this machine")


@pytest.fixture(scope="module")
def study():
    return eng.open_study(STUDY, audience="working-group")


# The report of so many answers takes minutes: `make test-all` writes it.
@pytest.fixture(scope="module")
def report(study, tmp_path_factory):
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return write_report(study, notebooks=notebooks, out=tmp_path_factory.mktemp("outputs"), run_id="jupyter")


def page(report, name: str) -> str:
    return (report.folder / f"{name}.html").read_text(encoding="utf-8")


def test_every_respondent_and_question_is_there(study):
    assert describe_study(study)[["sources", "with_words", "respondents"]].values.tolist() == [[1706 * 8, 4642, 953]]


def test_the_analysts_codes_are_codings_of_whole_answers(study):
    assert len(study.codings) == 7467
    assert set(study.codings["coder"]) == {"analysts"}


@pytest.mark.slow
def test_every_notebook_runs(report):
    assert report.pages["status"].tolist() == ["ok"] * 8


@pytest.mark.slow
def test_commentary_on_another_study_is_left_out(report):
    assert "The commentary has still to be written for this study." in page(report, "06-evidence-for-the-three-cs")
    assert "Synthetic study" not in page(report, "01-load-and-check")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("04-agreement", "The study has no second coder"),
        ("06-evidence-for-the-three-cs", "The study has no claims"),
        ("07-new-responses", "No second wave has come in."),
    ],
)
def test_what_the_study_lacks_is_said(report, name, said):
    assert said in page(report, name)
