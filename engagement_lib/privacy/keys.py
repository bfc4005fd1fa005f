"""The key of a study's pseudonyms, which lies outside the study, and the look at whether a file does."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from engagement_lib.errors import Problem, StudyError
from engagement_lib.loading.text import read_bytes

LEAST: Final = 32
_FEWEST: Final = 8
_STUDY_FILE: Final = "study.toml"


def new_key(path: Path | str) -> Path:
    """The file of a new key, drawn by the machine's own source of secrets, which only its owner may read.

    Raises
    ------
    StudyError
        Where the file stands already, its folder does not, or it would lie in a study or under Git. Nothing is then written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     len(read_key(new_key(Path(folder, "pilot.key"))))
    64
    """
    return write_apart(Path(path), f"{secrets.token_hex(LEAST)}\n".encode(), what="the key")


def read_key(path: Path | str, *, study: Path | str = "") -> bytes:
    """The key in a file, without white space around it.

    Parameters
    ----------
    path
        A file outside of every study's folder and of every Git repository.
    study
        A study's folder in which it must not lie either, where that has no `study.toml` of its own.

    Raises
    ------
    StudyError
        Where there is no such file, it lies in a study or under Git, or it holds less than 32 characters, or hardly any different
        ones.
    """
    path = Path(path)
    check_apart(path, what="the key", study=study)
    key = read_bytes(path, error=StudyError).strip()
    if len(key) < LEAST or len(set(key)) < _FEWEST:
        found = f"{len(key)} characters, {len(set(key))} of them different"
        expected = f"at least {LEAST} that nobody can guess"
        raise StudyError(Problem(path.name, "", found, expected, "Make a key with `engagement key FILE`."))
    return key


def check_apart(path: Path, *, what: str, study: Path | str = "") -> Path:
    """The path of a file that gives people away, where it lies in no study's folder and under no Git.

    Raises
    ------
    StudyError
        Where it does.
    """
    real = path.resolve()
    for folder in real.parents:
        if (folder / _STUDY_FILE).exists() or (study and folder == Path(study).resolve()):
            found, expected = f"a place in the study '{folder.name}'", f"{what} outside of every study"
            remedy = "Whoever is given the study would have it too: name a file elsewhere, which only you may read."
            raise StudyError(Problem(path.name, "", found, expected, remedy))
        if (folder / ".git").exists():
            found, expected = f"a place under Git, in '{folder.name}'", f"{what} where Git does not see it"
            remedy = "What Git has had is never quite gone: name a file elsewhere, which only you may read."
            raise StudyError(Problem(path.name, "", found, expected, remedy))
    return path


def write_apart(path: Path, data: bytes, *, what: str, study: Path | str = "") -> Path:
    """Write a new file that gives people away, for its owner alone; its path.

    Raises
    ------
    StudyError
        Where it stands already, its folder does not, or it would lie in a study or under Git.
    """
    check_apart(path, what=what, study=study)
    if not path.parent.is_dir():
        raise StudyError(Problem(path.name, "", f"no folder '{path.parent.name}'", "a folder to write to", "Make it first."))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        remedy = "Name another; nothing was written."
        raise StudyError(Problem(path.name, "", "a file of this name", "a new one", remedy)) from fault
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return path
