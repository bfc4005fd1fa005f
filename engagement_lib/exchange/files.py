"""Bytes to files that are whole or not there at all."""

from __future__ import annotations

from pathlib import Path

from engagement_lib.errors import Problem, TableError


def replace_file(path: Path, data: bytes) -> None:
    """Write the bytes beside the file and then put them in its place, so that no reader ever finds half of them.

    Raises
    ------
    TableError
        Where the folder is not there, or a folder stands where the file should.
    """
    if not path.parent.is_dir():
        raise TableError(Problem(path.name, "", f"no folder '{path.parent.name}'", "a folder to write to", "Make it first."))
    if path.is_dir():
        raise TableError(Problem(path.name, "", "a folder", "the name of a file", "Name a file in it."))
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
