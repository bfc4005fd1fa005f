"""What the README says is run as it stands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


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
    assert [command[1] for command in commands] == ["new", "inspect", "check", "report"]
    for command in commands[:3]:
        if command[1] == "inspect":
            shutil.copy(next((ROOT / "data" / "interviews").glob("P01*.docx")), tmp_path / command[2])
        done = subprocess.run([engagement, *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README)) | {"data/study.toml"}))
def test_every_link_leads_somewhere(path):
    assert (ROOT / path).exists()
