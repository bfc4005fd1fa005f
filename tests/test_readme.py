"""What the README and the documents beside it say is run as it stands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engagement_lib.loading import transcripts

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_session_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    (session,) = blocks("python")
    namespace: dict[str, object] = {}
    exec(compile(session, "README.md", "exec"), namespace)  # noqa: S102  # the README is ours
    assert "supports" in set(namespace["eng"].collect_evidence(namespace["study"])["stance"])


def test_every_make_command_is_a_target():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    commands = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(blocks("sh")) + " ".join(re.findall(r"`([^`]+)`", README))))
    assert commands
    assert commands <= targets


def test_the_commands_for_a_new_study_run(tmp_path):
    engagement = Path(sys.executable).with_name("engagement")
    commands = [line.split("#")[0].split() for block in blocks("sh") for line in block.splitlines() if "my-study" in line]
    assert [command[1] for command in commands][:4] == ["new", "inspect", "check", "report"]
    for command in commands[:3]:
        if command[1] == "inspect":
            shutil.copy(next((ROOT / "data" / "interviews").glob("P*.docx")), tmp_path / command[2])
        done = subprocess.run([engagement, *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README)) | {"data/study.toml"}))
def test_every_link_leads_somewhere(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.stem)
def test_the_examples_in_the_documents_run(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(transcripts, "READERS", dict(transcripts.READERS))
    for number, example in enumerate(blocks("python", path.read_text(encoding="utf-8"))):
        exec(compile(example, f"{path.name}, example {number}", "exec"), {})  # noqa: S102  # the documents are ours


def test_a_format_that_a_user_adds_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(transcripts, "READERS", dict(transcripts.READERS))
    *_, example = blocks("python", (ROOT / "docs" / "formats.md").read_text(encoding="utf-8"))
    exec(compile(example, "formats.md", "exec"), {})  # noqa: S102  # the documents are ours
    (tmp_path / "P01.bars").write_text("Ann|Who?\nP01|Me.\n", encoding="utf-8")
    turns = transcripts.read_turns(tmp_path / "P01.bars").turns
    assert [(turn.speaker, turn.words) for turn in turns] == [("Ann", "Who?"), ("P01", "Me.")]
