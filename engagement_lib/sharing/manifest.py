"""What a release was made from and of, for programs: what `manifest.json` holds."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel

from engagement_lib.privacy.clearance import CLEARED, cleared_passages, read_place
from engagement_lib.sharing.pages import Frame
from engagement_lib.sharing.revision import read_revision
from engagement_lib.tables import Study, records

MANIFEST: Final = "manifest.json"
VERSION: Final = 1
_LIBRARY: Final = "engagement-lib"
_TABLES: Final = ("cases", "codebook", "codings", "readings", "memos", "claims", "events", "quotes")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_TEXT_COLUMNS: Final = ["origin", "kind", "file_sha256"]


def manifest(study: Study, folder: Path, frame: Frame, *, made: str = "") -> dict[str, Any]:
    """What a release was made from and of, as nested dictionaries of plain values, explained in `docs/formats-out.md`.

    Outside the team no file of the study and no person is named: files go by what they hold, and people by numbers.

    Parameters
    ----------
    study
        As it was opened for the release's audience.
    folder
        Where the finished release lies; every file in it but the manifest itself is listed.
    frame
        What its pages share.
    made
        When it was made, as it is to be written; "" leaves it out.
    """
    return {
        "version": VERSION,
        "run": frame.run_id,
        "made": made,
        "title": frame.study_title,
        "synthetic": frame.synthetic,
        "audience": study.audience,
        "study": {"hash": frame.hash, **read_revision(study.folder)},
        "library": {"version": version(_LIBRARY), **read_revision(Path(__file__).parent)},
        "data": _data_files(study),
        "thresholds": _thresholds(study),
        "codebook": _codebook(study),
        "cleared": _cleared(study),
        "software": {"python": platform.python_version(), **_packages()},
        "pages": [{"file": page.file, "title": page.title} for page in frame.pages],
        "files": list(_files(folder)),
    }


def write_manifest(study: Study, folder: Path, frame: Frame, *, made: str = "") -> Path:
    """Write `manifest` as JSON with sorted keys beside the pages; the path is returned.

    The same study, pages and software give the same bytes, but for `made`.
    """
    path = folder / MANIFEST
    told = json.dumps(manifest(study, folder, frame, made=made), indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(told + "\n", encoding="utf-8")
    return path


def _data_files(study: Study) -> list[dict[str, str]]:
    """Each file that the study was read from: what it holds and its SHA-256; its name for the team alone."""
    texts = records(study.sources[_TEXT_COLUMNS].drop_duplicates())
    rows = [(row["origin"], row["kind"], row["file_sha256"]) for row in texts if row["file_sha256"]]
    rows += [(path.relative_to(study.folder).as_posix(), name, _sha256(path)) for name, path in _table_files(study)]
    named = study.audience == "team"
    files = [{"holds": holds, "sha256": digest, **({"file": file} if named else {})} for file, holds, digest in rows]
    return sorted(files, key=lambda file: (file["holds"], file.get("file", ""), file["sha256"]))


def _table_files(study: Study) -> Iterator[tuple[str, Path]]:
    patterns = [("settings", "study.toml"), *((name, getattr(study.settings, name)) for name in _TABLES)]
    patterns += [("coded answers", section.file) for section in study.settings.coded_answers]
    for name, pattern in patterns:
        yield from ((name, path) for path in sorted(study.folder.glob(pattern) if pattern else []) if path.is_file())


def _thresholds(study: Study) -> dict[str, Any]:
    """Every section of `study.toml` that sets a threshold or a rule; where the weights of an encoder lie is nobody's business."""
    settings = study.settings
    sections = {name: section.model_dump() for name, section in settings if isinstance(section, BaseModel)}
    sections["language"].pop("weights")
    return {**sections, "quantifiers": settings.quantifiers}


def _codebook(study: Study) -> dict[str, Any]:
    rows = {row["code"]: _digest(json.dumps(row, sort_keys=True)) for row in records(study.codebook)}
    whole = _digest(json.dumps(rows, sort_keys=True))
    return {"version": whole[:12], "sha256": whole, "codes": {code: digest[:12] for code, digest in rows.items()}}


def _cleared(study: Study) -> list[dict[str, Any]]:
    """Who cleared the passages that may be quoted: each with name and date for the team, counts without names for others."""
    held = cleared_passages(study)
    events = study.events[(study.events["about_type"] == "passage") & (study.events["kind"] == CLEARED)]
    latest = events.sort_values(["at", "event_id"]).drop_duplicates("about_id", keep="last").sort_values("about_id")
    latest = latest[pd.Series([read_place(about) in held for about in latest["about_id"]], index=latest.index, dtype=bool)]
    if study.audience == "team":
        return [{"passage": row["about_id"], "by": row["author"], "at": row["at"]} for row in records(latest)]
    counts = sorted(Counter(latest["author"]).values(), reverse=True)
    return [{"by": f"person {number}", "passages": count} for number, count in enumerate(counts, start=1)]


def _packages() -> dict[str, str]:
    """The version of each package that the library asks for and that is installed."""
    names = sorted(
        match[0].lower() for line in requires(_LIBRARY) or [] if "extra ==" not in line and (match := _NAME.match(line))
    )
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # asked for since the library was installed
            continue
    return found


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            yield {"file": name, "bytes": path.stat().st_size, "sha256": _sha256(path)}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
