"""What is planted in a notebook and must not go out stands in no file of the release; without it the report goes out."""

import csv
import unicodedata
from io import BytesIO, StringIO
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from docx import Document
from gate_demo import cells
from openpyxl import load_workbook
from pypdf import PdfReader
from sharing_demo import INTERVIEW, PASSAGE, make_notebook, make_study, place_of

from engagement_lib.errors import StudyError
from engagement_lib.privacy.cells import MARK
from engagement_lib.sharing import report as report_module
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.printing import find_browser
from engagement_lib.sharing.report import write_report
from engagement_lib.sharing.running import Run, run_notebook
from engagement_lib.tables import check_table

NAME, PHONE, MAIL = "Ysolde Trevanion", "07700 900356", "jo.bell@trade.example.org"
FOLDER = "/home/trevanion/secret-interviews"
FORMATS = ("docx", "xlsx", "pdf") if find_browser() else ("docx", "xlsx")
START = """#md
# What people said

**Finding.** Many have no time to ask."""
IMPORTS = """import pandas as pd
from IPython.display import HTML, display

from engagement_lib import plot_codes, show_table

codes = pd.DataFrame({"code": ["no-time", "no-reply", "jargon"], "respondents": [31, 24, 17], "base": [60, 60, 60]})
codes["share"] = codes["respondents"] / codes["base"]
many = pd.DataFrame({"code": [f"code-{at:03}" for at in range(120)], "respondents": 30, "base": 60})
heard = pd.read_csv("heard.csv", names=["heard"])"""
CLEAN = (
    START,
    IMPORTS,
    'show_table(codes, "Respondents by code")',
    'plot_codes(codes, title="Codes by the people who name them")',
    'show_table(many, "Codes by the hundred", rows=120)',
    'print("Sixty of them were asked.")',
    "#finding\nMost of the 60 respondents speak of time: 31 of 60 do.",
)
# What is taken out of a page that goes out.
HEARD = f'"As {NAME} said on {PHONE}"\n"{MAIL} wrote"\n"{FOLDER}/P01.docx"\n'
MASKED = {
    IMPORTS: IMPORTS.replace("17]", "7]") + '\nmany.loc[117, "respondents"] = 7',
    CLEAN[-2]: 'show_table(heard, "Doubts")',
    CLEAN[-1]: 'raise KeyError(heard["heard"][0])',
}
# What nothing but a person can mend: a notebook each, that is withheld.
WITHHELD = {
    "quote": f"#md\n> {PASSAGE}",
    "title-of-chart": f"#md\nAs one said: “{PASSAGE}”.",
    "name": f"#md\n{NAME} said so.",
    "phone": f"#md\nRing {PHONE}.",
    "small": "#md\nOnly 7 of 60 speak of jargon.",
    "made-up": "#md\n“Nobody in this office has ever once told the truth about it”, they say.",
}
PRINTED = f"""print("jargon 7")
print("{PHONE}")
print("{FOLDER}/P01.docx")
display(HTML("<!-- {NAME} -->"))
# ask {MAIL}"""


def study_of(folder, **options):
    """Sixty people, one of them on the recruitment sheet by name."""
    study = make_study(folder, audience="public", synthetic=False, **options)
    people = pd.DataFrame({"case_id": ["P01", "S1", "S2", *(f"Q{at}" for at in range(57))]})
    people = people.assign(group=["producer", "user"] * 30, name=[NAME, *[""] * 59])
    return study.__class__(
        **{**vars(study), "cases": check_table("cases", people), "sources": study.sources.assign(level="public")}
    )


def notebook_of(study, *parts):
    """A notebook with a widget's state and a name in its metadata and in that of a cell."""
    notebook = make_notebook(*parts, study_hash=study_hash(study))
    notebook.metadata["authors"] = [{"name": NAME}]
    state = {"state": {"a": {"model_name": "TextModel", "state": {"value": f"{NAME}, {PHONE}"}}}}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {**state, "version_major": 2}}
    for cell in notebook.cells:
        cell.metadata["note"] = f"{NAME}, {MAIL}"
    return notebook


def release(folder, notebooks, run_id="r", study=None, **options):
    """The report on these notebooks, by their names; those of prose alone are not run, which changes nothing but the time."""
    study = study or study_of(folder)
    for name, parts in notebooks.items():
        nbformat.write(notebook_of(study, *parts), folder / f"{name}.ipynb")
    (folder / "heard.csv").write_text(HEARD, encoding="utf-8")
    paths = [folder / f"{name}.ipynb" for name in notebooks]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_module, "run_notebook", _run)
        return write_report(study, notebooks=paths, out=folder / "out", run_id=run_id, **options)


def _run(notebook, **how):
    return run_notebook(notebook, **how) if any(cell.cell_type == "code" for cell in notebook.cells) else Run(notebook)


def everything(folder):
    """All that the files of a release say, whatever their format."""
    return "\n".join(_said(path) for path in sorted(folder.rglob("*")) if path.is_file())


def _said(path):
    data = path.read_bytes()
    if path.suffix == ".pdf":
        reader = PdfReader(BytesIO(data))
        text = " ".join(page.extract_text() for page in reader.pages)
        return unicodedata.normalize("NFKC", " ".join(text.split())) + str(reader.metadata)
    if path.suffix in (".docx", ".xlsx"):
        archive = ZipFile(BytesIO(data))
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return data.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return release(tmp_path_factory.mktemp("clean"), {"a": CLEAN}, formats=FORMATS)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    books = {"a": tuple(MASKED.get(part, part) for part in CLEAN), "printed": (START, PRINTED)}
    books |= {name: (f"#md\n# About {name}", part) for name, part in WITHHELD.items()}
    return release(tmp_path_factory.mktemp("planted"), books, formats=FORMATS)


def test_without_plants_the_report_goes_out_as_it_is(clean):
    assert clean.pages["status"].tolist() == ["ok"]
    assert clean.reasons.empty
    html, said = (clean.folder / "a.html").read_text(encoding="utf-8"), everything(clean.folder)
    assert MARK not in html
    assert cells(html)[2] == ["jargon", "17", "60", "0.28"]
    assert "31 of 60" in said
    assert [word for word in (NAME, PHONE, MAIL, FOLDER) if word in said] == []


@pytest.mark.parametrize(
    "secret", [*NAME.split(), PHONE, MAIL, FOLDER, PASSAGE, "trevanion", "told the truth", "7 of 60", "0.12"]
)
def test_no_file_of_the_release_says_what_was_planted(planted, secret):
    assert secret not in everything(planted.folder)


def test_what_can_be_taken_out_is_taken_out_and_the_page_goes_out(planted):
    page = planted.pages.set_index("page").loc["a.html"]
    assert (page["cell"], page["error"].split(":")[0]) == ("7", "KeyError")
    html = (planted.folder / "a.html").read_text(encoding="utf-8")
    assert cells(html)[:3] == [["no-time", "31", "60", "0.52"], ["no-reply", "24", "60", "0.40"], ["jargon", MARK, "60", MARK]]
    assert [row[0] for row in cells(html)[-3:]] == ["As [person] said on [telephone]", "[e-mail] wrote", "[path]"]
    assert BeautifulSoup(html, "html.parser").find("img")["alt"] == (
        "Bar chart of respondents by code: highest no-time (31 of 60), lowest no-reply (24 of 60); n = 60 respondents."
    )


def test_the_tables_beside_the_page_hide_what_the_page_hides(planted):
    (by_code,) = planted.folder.glob("tables/a-01-*.csv")
    rows = list(csv.reader(StringIO(by_code.read_text(encoding="utf-8-sig"))))
    assert rows[3] == ["jargon", MARK, "60", MARK]
    (many,) = planted.folder.glob("tables/a-03-*.csv")
    assert "code-117,[c],60" in many.read_text(encoding="utf-8-sig")
    sheets = load_workbook(planted.folder / "tables.xlsx").worksheets
    found = {
        tuple(str(cell) for cell in row if cell is not None) for sheet in sheets for row in sheet.iter_rows(values_only=True)
    }
    assert ("jargon", MARK, "60", MARK) in found
    assert not any("7" in row for row in found if row[0] in ("jargon", "code-117"))
    Document(planted.folder / "summary.docx")


@pytest.mark.parametrize("name", [*WITHHELD, "printed"])
def test_what_only_a_person_can_mend_is_a_reason_and_the_page_is_withheld(planted, name):
    assert name in set(planted.reasons["page"].str.removesuffix(".html"))
    assert "This page is withheld" in (planted.folder / f"{name}.html").read_text(encoding="utf-8")
    assert "Withheld, for" in planted.index.read_text(encoding="utf-8")


def test_each_thing_printed_or_written_in_code_is_a_reason_of_its_own(planted):
    found = planted.reasons.loc[planted.reasons["page"] == "printed.html", "found"].tolist()
    for kind in ("plain output with small numbers", "telephone", "person", "e-mail"):
        assert any(kind in one for one in found), kind


def test_a_cleared_quotation_goes_out(tmp_path):
    study = study_of(tmp_path, cleared=[place_of(INTERVIEW, PASSAGE, "P01")])
    made = release(tmp_path, {"quote": ("#md\n# A", WITHHELD["quote"])}, study=study)
    assert made.reasons.empty
    assert PASSAGE in (made.folder / "quote.html").read_text(encoding="utf-8")


def test_a_name_in_a_title_stops_the_report(tmp_path):
    with pytest.raises(StudyError, match="titles of the notebooks: found person"):
        release(tmp_path, {"a": (f"#md\n# What {NAME} said",)})
    assert not (tmp_path / "out").exists()


def test_a_name_in_a_claim_is_not_on_the_index(tmp_path):
    claims = pd.DataFrame({"claim_id": ["C1"], "statement": [f"Ask {NAME}, {MAIL}"], "supporting": [7], "base": [60]})
    made = release(tmp_path, {}, claims=claims, formats=("docx", "xlsx"))
    said = everything(made.folder)
    assert [word for word in (NAME, MAIL) if word in said] == []
    assert [row[2] for row in cells(made.index.read_text(encoding="utf-8")) if row[0] == "C1"] == [MARK]


def test_the_difference_between_two_releases_tells_nobody(tmp_path):
    before = (START, IMPORTS, CLEAN[2])
    after = tuple(part.replace("[31, 24, 17]", "[31, 26, 29]").replace("60, 60, 60", "72, 72, 72") for part in before)
    made = [release(tmp_path, books, run_id=run) for run, books in (("r1", {"a": before}), ("r2", {"a": after}))]
    numbers = [[row[1] for row in cells((one.folder / "a.html").read_text(encoding="utf-8"))] for one in made]
    assert numbers == [["31", "24", "17"], ["31", MARK, "29"]]
    alone = release(tmp_path, {"b": after}, run_id="r0")
    assert [row[1] for row in cells((alone.folder / "b.html").read_text(encoding="utf-8"))] == ["31", "26", "29"]
