"""Texts that were read before, kept in the study's folder and found again by the content of their files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from engagement_lib.loading.text import sha256

_FILE: Final = Path(".cache", "texts.json")


class TextCache:
    """What reading made of each file of a study, so that a file is read anew only when it, how it is read or a reader changes.

    A folder that cannot be written to, or a cache that cannot be read, costs time and nothing else.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     cache = TextCache(Path(folder))
    ...     cache.find(b"bytes", {"kind": "interview"}, lambda: {"text": "words"})
    ...     cache.save()
    ...     TextCache(Path(folder)).find(b"bytes", {"kind": "interview"}, lambda: {"text": "not read again"})
    {'text': 'words'}
    {'text': 'words'}
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._readers = _fingerprint()
        self._known = _load(self._file)
        self._used: dict[str, dict[str, str]] = {}

    def find(self, data: bytes, options: Mapping[str, object], read: Callable[[], dict[str, str]]) -> dict[str, str]:
        """What was made of these bytes with these options before; else what `read` makes of them now."""
        key = sha256(f"{self._readers} {sha256(data)} {sorted(options.items())}")
        self._used[key] = self._known.get(key) or read()
        return self._used[key]

    def save(self) -> None:
        """Keep what was used, and forget the rest."""
        if self._used == self._known:
            return
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            temporary.write_text(json.dumps(self._used, ensure_ascii=False), encoding="utf-8")
            temporary.replace(self._file)


def _load(file: Path) -> dict[str, dict[str, str]]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _fingerprint() -> str:
    """The hash of the readers themselves: what another version has read may not be what this one would."""
    folder = Path(__file__).parent
    return sha256(b"".join(path.read_bytes() for path in [folder.parent / "layout.py", *sorted(folder.glob("*.py"))]))
