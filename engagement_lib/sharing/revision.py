"""The commit at which a folder stands, where it is kept in Git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any


def read_revision(folder: Path) -> dict[str, Any]:
    """The `commit` of the repository that holds a folder, and whether it has `uncommitted` changes; "" and None without Git.

    Examples
    --------
    >>> sorted(read_revision(Path("no such folder")).items())
    [('commit', ''), ('uncommitted', None)]
    """
    commit = _git(folder, "rev-parse", "HEAD")
    status = _git(folder, "status", "--porcelain", "--untracked-files=normal", "--", ".") if commit else None
    return {"commit": (commit or "").strip(), "uncommitted": None if status is None else bool(status.strip())}


def _git(folder: Path, *words: str) -> str | None:
    """What Git says of a folder, None where it says nothing; no program that a repository names is run by it."""
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    command = [git, "-c", "core.fsmonitor=false", "--no-optional-locks", "-C", str(folder), *words]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - git, asked to read
    return None if done.returncode else str(done.stdout, "utf-8", "replace")
