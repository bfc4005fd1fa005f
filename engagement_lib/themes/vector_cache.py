"""Vectors that were computed before, kept in the study's folder and found again by the content of their texts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from engagement_lib.themes.vectors import Encoder, Vectors

_FILE: Final = Path(".cache", "vectors.db")
_TABLE: Final = "CREATE TABLE IF NOT EXISTS vectors (text_key BLOB PRIMARY KEY, vector BLOB NOT NULL, hash BLOB NOT NULL)"
_SELECT: Final = "SELECT text_key, vector, hash FROM vectors WHERE text_key IN ({})"
_BOUND: Final = "DELETE FROM vectors WHERE rowid <= (SELECT max(rowid) FROM vectors) - ?"
_MOST: Final = 200_000  # vectors, some 350 MB; the oldest go
_AT_ONCE: Final = 500
_WAIT: Final = 30.0


class CachedEncoder:
    """An encoder that computes the vector of a text once for each study and takes it from `.cache/vectors.db` from then on.

    A vector is found by the hash of the encoder's identity and of the text, and used only if its own hash holds. A folder that
    cannot be written to, or a file that is no cache, costs time and nothing else: a broken file is set aside and made anew, and
    `notice` says so. Several processes may use one cache at once. It holds 200,000 vectors at most.

    Parameters
    ----------
    encoder
        Its `identity`, or its `name` where it has none, must say all that its vectors depend on, and the vector of a text must
        not depend on the others.
    folder
        The study's folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> class Lengths:
    ...     name = "lengths"
    ...     def encode(self, texts):
    ...         print(f"encodes {len(texts)}")
    ...         return np.array([[len(text)] for text in texts], dtype=np.float32)
    >>> with TemporaryDirectory() as folder:
    ...     first = CachedEncoder(Lengths(), folder).encode(["more", "time"])
    ...     CachedEncoder(Lengths(), folder).encode(["time", "again"]).tolist()
    encodes 2
    encodes 1
    [[4.0], [5.0]]
    """

    def __init__(self, encoder: Encoder, folder: str | Path) -> None:
        self.encoder, self.file = encoder, Path(folder) / _FILE
        self.name, self.notice = encoder.name, ""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, in their order; those that were not there are computed, each text once."""
        identity = getattr(self.encoder, "identity", self.name)
        keys = [_digest(f"{identity}\0{text}".encode("utf-8", "surrogatepass")) for text in texts]
        known = self._read(set(keys))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new or not texts:
            vectors = np.asarray(self.encoder.encode(list(new.values())), dtype=np.float32)
            if not texts:
                return vectors
            fresh = dict(zip(new, vectors, strict=True))
            self._write(fresh)
            known |= fresh
        return np.array([known[key] for key in keys], dtype=np.float32)

    def _read(self, keys: set[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        if not self.file.exists():
            return found
        try:
            with self._opened() as connection:
                wanted = sorted(keys)
                for start in range(0, len(wanted), _AT_ONCE):
                    some = wanted[start : start + _AT_ONCE]
                    rows = connection.execute(_SELECT.format(",".join("?" * len(some))), some)
                    found |= {key: np.frombuffer(data, "<f4") for key, data, hashed in rows if _digest(key + data) == hashed}
        except sqlite3.OperationalError:
            # Locked, or not to be opened: what is in it is not known to be wrong.
            return found
        except sqlite3.DatabaseError:
            self._set_aside()
        return found

    def _write(self, vectors: dict[bytes, Vectors]) -> None:
        data = {key: vector.astype("<f4").tobytes() for key, vector in vectors.items()}
        rows = [(key, vector, _digest(key + vector)) for key, vector in data.items()]
        try:
            self.file.parent.mkdir(exist_ok=True)
            with self._opened() as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
                connection.execute(_BOUND, (_MOST,))
        except (OSError, sqlite3.DatabaseError):
            # A full disk, a folder that is only read, a cache that somebody else has locked: the vectors are there all the same.
            return

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=_WAIT)) as connection:
            connection.execute(_TABLE)
            yield connection

    def _set_aside(self) -> None:
        """A file that is no cache is kept beside the new one, for whoever wants to know what it was."""
        aside = self.file.with_suffix(".broken")
        try:
            self.file.replace(aside)
        except OSError:
            self.notice = f"{self.file} is no cache of vectors and cannot be set aside: vectors are computed anew each time."
        else:
            self.notice = f"{self.file} was no cache of vectors; it is now {aside.name}, and a new one was made."


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
