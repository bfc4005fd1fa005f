"""Draws for the stability of themes that were made before, kept in the study's folder and found again by their content."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engagement_lib.themes.vectors import Vectors

_FOLDER: Final = Path(".cache", "stability")
_METHOD: Final = "1"  # to be counted up when the same content gives other draws
_MOST: Final = 50  # files; the oldest go

Rows = NDArray[np.float64]
Draw = Callable[[int, int], Rows]
Content = tuple[Sequence[str], Vectors | None, NDArray[np.intp], pd.DataFrame, int]
Drawn = Callable[[Draw, Content, int], Rows]


def no_cache(draw: Draw, content: Content, resamples: int) -> Rows:  # noqa: ARG001 - the shape of `Drawn`
    """All draws, made now."""
    return draw(0, resamples)


def kept_in(folder: str | Path) -> Drawn:
    """What keeps draws in `.cache/stability` of a study's folder, and makes those only that are not there yet.

    Draws are found by the hash of all that they depend on: texts, vectors, themes, who said what, and the random state. A file
    that cannot be read or written costs time and nothing else. At most 50 files are kept.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> def draw(first, last):
    ...     print(f"draws {first} to {last}")
    ...     return np.arange(first, last, dtype=np.float64)[:, np.newaxis]
    >>> content = ["more time"], None, np.array([0]), pd.DataFrame({"text": [0], "respondent": ["P1"]}), 7
    >>> with TemporaryDirectory() as folder:
    ...     kept = kept_in(folder)
    ...     len(kept(draw, content, 2)), len(kept(draw, content, 3)), len(kept(draw, content, 1))
    draws 0 to 2
    draws 2 to 3
    (2, 3, 1)
    """
    return partial(_kept, Path(folder) / _FOLDER)


def _kept(folder: Path, draw: Draw, content: Content, resamples: int) -> Rows:
    file = folder / f"{_key(content)}.npz"
    rows = _read(file)
    known = 0 if rows is None else len(rows)
    if known < resamples:
        new = draw(known, resamples)
        rows = new if rows is None else np.vstack([rows, new])
        _write(file, rows)
    return np.asarray(rows)[:resamples]


def _key(content: Content) -> str:
    texts, vectors, themes, voices, random_state = content
    digest = hashlib.sha256(f"{_METHOD} {random_state} {len(texts)}".encode())
    for text in [*texts, *voices["respondent"]]:
        digest.update(hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).digest())
    for numbers in (themes, voices["text"], () if vectors is None else vectors):
        array = np.ascontiguousarray(numbers)
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _read(file: Path) -> Rows | None:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            rows, hashed = np.asarray(held["rows"]), str(held["hash"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return rows if hashed == hashlib.sha256(rows.tobytes()).hexdigest() else None


def _write(file: Path, rows: Rows) -> None:
    """Under another name first, so that nobody reads half a file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            np.savez(part, rows=rows, hash=hashlib.sha256(rows.tobytes()).hexdigest())
        Path(part.name).replace(file)
        for old in sorted(file.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-_MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        # A full disk, or a folder that is only read: the draws are there all the same.
        return
