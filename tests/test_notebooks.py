"""The notebooks as they are committed: their form, and whether what they say stands in what they show."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from engagement_lib import open_study
from engagement_lib.sharing.fingerprint import study_hash

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\w.]*\d)")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_bytes())["cells"]


def source(cell) -> str:
    return "".join(cell["source"])


def tags(cell) -> list[str]:
    return cell["metadata"].get("tags", [])


def shown(cell) -> str:
    """Everything that the outputs of a cell say in words."""
    return " ".join("".join(output.get("data", {}).get("text/plain", "")) for output in cell.get("outputs", []))


def numbers(text: str) -> set[float]:
    return {float(number.replace(",", "")) for number in NUMBER.findall(text)}


def code(cells) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_there_are_eight():
    assert [path.stem for path in NOTEBOOKS] == [
        "01-load-and-check",
        "02-explore",
        "03-code",
        "04-agreement",
        "05-themes",
        "06-evidence-for-the-three-cs",
        "07-new-responses",
        "08-report",
    ]


def test_the_first_cell_says_what_it_finds_reads_and_writes(cells):
    assert [f"**{word}" in source(cells[0]) for word in ("Finding.**", "Reads**", "Writes**", "Takes**")] == [True] * 4


def test_there_is_one_title_and_no_level_is_skipped(cells):
    text = "\n".join(source(cell) for cell in cells if cell["cell_type"] == "markdown")
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_second_cell_holds_parameters_and_nothing_but_literals(cells):
    assert "parameters" in tags(cells[1])
    for node in ast.parse(source(cells[1])).body:
        ast.literal_eval(node.value)


def test_cells_are_short_and_hold_no_programming(cells):
    kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try)
    for cell in code(cells):
        assert len(source(cell).splitlines()) <= 7, source(cell)
        assert not [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, kinds)]


def test_every_run_ended_well(cells):
    assert [output for cell in code(cells) for output in cell["outputs"] if output["output_type"] in ("error", "stream")] == []


def test_the_versions_are_shown_last_and_not_compared(cells):
    assert "nbval-ignore-output" in tags(cells[-1])


def test_every_picture_says_what_it_shows(cells):
    pages = ["".join(output.get("data", {}).get("text/html", "")) for cell in code(cells) for output in cell["outputs"]]
    pictures = [picture for page in pages for picture in re.findall(r"<img[^>]*>", page)]
    assert [picture[:80] for picture in pictures if not re.search(r'alt="[^"]{20,}"', picture)] == []


def test_every_number_in_the_commentary_stands_in_an_output(cells):
    """The finding at the top may use any output of the notebook; a later comment, those above it."""
    everything = " ".join(shown(cell) for cell in code(cells))
    above = ""
    missing = []
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            above += " " + shown(cell)
            continue
        if position and "finding" not in tags(cell):
            continue
        text = re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`|^#.*$|\b[A-Z]\d+\b", " ", source(cell), flags=re.MULTILINE)
        text = text.split("**Reads**")[0]
        known = numbers(everything if position == 0 else above)
        missing += [(number, text[:60]) for number in numbers(text) if number not in known]
    assert missing == []


def test_the_outputs_come_from_the_synthetic_study():
    study = open_study(ROOT / "data")
    assert study.settings.synthetic
    made_on = {json.loads(path.read_bytes())["metadata"]["engagement"]["study"] for path in NOTEBOOKS}
    assert made_on == {study_hash(study)}
