"""The house itself: which room may call which, and what opening the package costs."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import engagement_lib

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "engagement_lib"
ROOMS = (
    "errors",
    "tables",
    "settings",
    "layout",
    "loading",
    "language",
    "segments",
    "privacy",
    "coding",
    "reliability",
    "themes",
    "evidence",
    "sharing",
    "exchange",
    "doubts",
    "desk",
    "study",
    "update",
    "commands",
    "cli",
)
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if path.name != "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(LIBRARY).with_suffix("").parts[0]


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a module imports from at run time (imports for type checkers do not count)."""
    tree = ast.parse(path.read_bytes())
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    names = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0 and id(node) not in typing_only
    ]
    return {name.split(".")[1] for name in names if name.startswith("engagement_lib.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(LIBRARY).as_posix())
def test_imports_go_down_the_list_of_rooms(path):
    above = set(ROOMS[ROOMS.index(room(path)) + 1 :])
    assert imported_rooms(path) & above == set()


def test_every_room_is_on_the_list():
    assert {room(path) for path in MODULES} == set(ROOMS)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) != "loading"], ids=lambda path: path.relative_to(LIBRARY).as_posix()
)
def test_only_loading_decodes_bytes(path):
    decoding = re.findall(r"\.read_text\(|\.decode\(|\bpd\.read_\w+\(|(?<!\.)\bopen\(", path.read_text(encoding="utf-8"))
    assert decoding == []


def test_opening_the_package_loads_nothing_heavy():
    script = "import engagement_lib, sys, json; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout)
    assert {"spacy", "sklearn", "scipy", "matplotlib", "seaborn", "nbconvert", "papermill", "docx", "openpyxl"} & set(
        loaded
    ) == set()


def test_every_public_name_can_be_had():
    assert [name for name in engagement_lib.__all__ if getattr(engagement_lib, name, None) is None] == []


def test_there_are_few_enough_public_names_to_learn():
    assert len(engagement_lib.__all__) <= 90


def test_every_public_function_shows_an_example_or_what_it_returns():
    silent = [name for name in engagement_lib.__all__ if not (getattr(engagement_lib, name).__doc__ or "").strip()]
    assert silent == []


def pinned() -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"]]


@pytest.mark.parametrize("requirement", wanted(), ids=lambda requirement: requirement.name)
def test_the_lock_holds_what_the_project_wants(requirement):
    versions = pinned()[canonicalize_name(requirement.name)]
    assert all(requirement.specifier.contains(version) for version in versions)


def test_the_conda_environment_asks_for_the_same():
    lines = (ROOT / "environment.yml").read_text().split("\n  #")[0].split("dependencies:")[1]
    conda = {Requirement(line) for line in re.findall(r"^  - (.+)$", lines, flags=re.MULTILINE)}
    pip = (ROOT / "environment.yml").read_text().split("- pip:")[1]
    conda |= {Requirement(line) for line in re.findall(r"^      - ([^-\s][^#\n]*)", pip, flags=re.MULTILINE)}
    names_there = {"matplotlib-base": "matplotlib"}
    there = {names_there.get(r.name, canonicalize_name(r.name)): str(r.specifier) for r in conda if r.name != "python"}
    assert there == {canonicalize_name(r.name): str(r.specifier) for r in wanted()}


def test_no_lock_holds_an_address():
    locks = ("requirements.lock", "weights.lock", "environment.yml", "pyproject.toml")
    assert [name for name in locks if re.search(r"https?://|index-url", (ROOT / name).read_text())] == []


def test_no_torch_is_installed_by_default():
    assert {"torch", "sentence-transformers", "transformers"} & set(pinned()) == set()


def test_every_pin_has_a_hash():
    text = (ROOT / "requirements.lock").read_text() + (ROOT / "weights.lock").read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
