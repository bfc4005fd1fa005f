"""Two releases of a report held beside each other: what moved between them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.sharing.blocks import Paragraph, ShownPage, ShownTable, read_page
from engagement_lib.sharing.manifest import MANIFEST, VERSION
from engagement_lib.tables import TEXT

NOTHING: Final = "not there"
_COLUMNS: Final = ("what", "about", "before", "after")
# The first page tells of the claims: what is said there is compared cell by cell, other tables as a whole.
_INDEX: Final = "index.html"
COMPARED: Final = "changes.html"
_OF_COMPARED: Final = "tables/changes-"
_CLAIM: Final = ("claim", "claim id", "id")
_VERDICTS: Final = ("verdict", "indicated verdict", "indicated", "confidence")
_Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Release:
    """A release as it lies in a folder: its manifest, and its pages as they are read."""

    folder: Path
    manifest: Mapping[str, Any]
    pages: Mapping[str, ShownPage]


def open_release(folder: Path | str) -> Release:
    """The release in a folder, with the pages that its manifest names.

    Raises
    ------
    StudyError
        Where the folder has no manifest that can be read, or a page of it is missing or was changed since.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    remedy = "Name the folder of a report, which has one beside its pages."
    if not path.is_file():
        raise StudyError(Problem(str(folder), "", f"no {MANIFEST}", "a folder with a release", remedy))
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as fault:
        raise StudyError(Problem(MANIFEST, "", f"what is not JSON ({fault})", "a manifest", "Make the report again.")) from fault
    if not isinstance(manifest, dict) or manifest.get("version") != VERSION:
        raise StudyError(Problem(MANIFEST, "", "a manifest of another kind", f"version {VERSION}", "Make the report again."))
    pages = {name: _page(folder, name) for name in (_INDEX, *(page["file"] for page in manifest["pages"]))}
    return Release(folder, manifest, pages)


def last_release(out: Path, new: Path, audience: str) -> Release | None:
    """The latest release before that in the folder `new`, among those in the folder `out` for the same readers; None without any.

    One that cannot be read any more is passed over.
    """
    folders = {path.parent for path in out.glob(f"*/{MANIFEST}") if path.parent.name < new.name}
    for folder in sorted(folders, key=lambda path: path.name, reverse=True):
        try:
            found = open_release(folder)
        except StudyError:
            continue
        if found.manifest["audience"] == audience:
            return found
    return None


def compare_releases(old_folder: Path | str, new_folder: Path | str) -> pd.DataFrame:
    """What differs between two releases for the same readers, one row a difference; no rows where they say the same.

    All of it is read off the manifests and the finished pages, so that it tells nothing that the two releases do not tell.

    Returns
    -------
    DataFrame
        `what` (release, verdict, claim, page, finding, table, threshold, codebook, data, cleared, software or file), `about`
        (which of them), `before` and `after` ("not there" where one release lacks it).

    Raises
    ------
    StudyError
        As `open_release` does, and where the two were made for different readers: the one would tell what the other hides.
    """
    old, new = open_release(old_folder), open_release(new_folder)
    readers = [release.manifest["audience"] for release in (old, new)]
    if readers[0] != readers[1]:
        found, remedy = f"releases for {readers[0]} and for {readers[1]}", "Make both for the same audience, and compare these."
        raise StudyError(Problem(str(new_folder), "", found, "two for the same readers", remedy))
    return say_differences(old, new)


def say_differences(old: Release, new: Release) -> pd.DataFrame:
    """The same for two releases for the same readers that are open already."""
    rows = [
        *_releases(old.manifest, new.manifest),
        *_claims(old.pages[_INDEX], new.pages[_INDEX]),
        *_pages(old, new),
        *_parts("threshold", _flat(old.manifest["thresholds"]), _flat(new.manifest["thresholds"])),
        *_codebooks(old.manifest["codebook"], new.manifest["codebook"]),
        *_data(old.manifest["data"], new.manifest["data"]),
        *_parts("cleared", _cleared(old.manifest), _cleared(new.manifest)),
        *_parts("software", _software(old.manifest), _software(new.manifest)),
        *_parts("file", _files(old.manifest), _files(new.manifest)),
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(TEXT)


def _page(folder: Path, name: str) -> ShownPage:
    path = folder / name
    if Path(name).name != name or not path.is_file():
        remedy = "Compare whole releases: put the page back, or make the report again."
        raise StudyError(Problem(str(folder), "", f"no page '{name}'", "every page that the manifest names", remedy))
    return read_page(str(path.read_bytes(), "utf-8", "replace"), name)


def _releases(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Row]:
    told = {"run": ("run",), "made": ("made",), "title": ("title",), "study hash": ("study", "hash")}
    told |= {"commit of the study": ("study", "commit"), "commit of the library": ("library", "commit")}
    told |= {"uncommitted changes in the study": ("study", "uncommitted")}
    yield from _parts("release", *({name: _say(_at(one, keys)) for name, keys in told.items()} for one in (old, new)))


def _at(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = value[key]
    return value


def _claims(old: ShownPage, new: ShownPage) -> Iterator[_Row]:
    """What the first page says of each claim, cell by cell, verdicts first."""
    cells = [_claim_cells(page) for page in (old, new)]
    rows = list(_parts("claim", *cells))
    moved = [about for _, about, _, _ in rows if about.partition(": ")[2] in _VERDICTS]
    yield from (("verdict", *row[1:]) for row in rows if row[1] in moved)
    yield from (row for row in rows if row[1] not in moved)


def _claim_cells(page: ShownPage) -> dict[str, str]:
    tables = [table for table in page.tables() if table.columns and table.columns[0] in _CLAIM]
    return {
        f"{row[0].text}: {column}": _say(cell.text)
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
    }


def _pages(old: Release, new: Release) -> Iterator[_Row]:
    """Pages that came and went; of the others the findings, and the tables that differ, with how many of their rows do."""
    yield from _parts("page", *({name: page.title for name, page in release.pages.items()} for release in (old, new)))
    both = [name for name in new.pages if name in old.pages and name != _INDEX]
    titles = {name: new.pages[name].title for name in both}
    yield from _parts("finding", *({titles[name]: _finding(release.pages[name]) for name in both} for release in (old, new)))
    for name in both:
        before, after = _tables(old.pages[name]), _tables(new.pages[name])
        for caption in dict.fromkeys([*before, *after]):
            if before.get(caption) != after.get(caption):
                yield "table", f"{titles[name]}: {caption}", *_count_rows(before.get(caption), after.get(caption))


def _finding(page: ShownPage) -> str:
    found = (block.text for block in page.blocks if isinstance(block, Paragraph) and block.style == "finding")
    return next(found, NOTHING)


def _tables(page: ShownPage) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each table, header included, by its caption; a caption that comes again is numbered."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for table in page.tables():
        times = sum(name == table.caption or name.startswith(f"{table.caption} (") for name in found)
        name = f"{table.caption} ({times + 1})" if times else table.caption
        found[name] = _rows(table)
    return found


def _rows(table: ShownTable) -> list[tuple[str, ...]]:
    return [table.columns, *(tuple(_say(cell.text) for cell in row) for row in table.rows)]


def _count_rows(before: list[tuple[str, ...]] | None, after: list[tuple[str, ...]] | None) -> tuple[str, str]:
    """How many rows a table has in each release, and how many of them the other lacks."""
    if before is None or after is None:
        return _size(before), _size(after)
    if before[0] != after[0]:
        return f"columns {', '.join(before[0])}", f"columns {', '.join(after[0])}"
    return _beside(before[1:], after[1:], "row"), _beside(after[1:], before[1:], "row")


def _size(rows: list[tuple[str, ...]] | None) -> str:
    return NOTHING if rows is None else _many(len(rows) - 1, "row")


def _beside(mine: Sequence[Any], others: Sequence[Any], word: str) -> str:
    """How many there are, and how many of them the other release lacks."""
    return f"{_many(len(mine), word)}, {(Counter(mine) - Counter(others)).total():,} not in the other release"


def _codebooks(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Row]:
    yield from _parts("codebook", {"version": old["version"]}, {"version": new["version"]})
    for code in dict.fromkeys([*old["codes"], *new["codes"]]):
        before, after = old["codes"].get(code), new["codes"].get(code)
        if before is None or after is None:
            yield "codebook", f"code {code}", "there" if before else NOTHING, "there" if after else NOTHING
        elif before != after:
            yield "codebook", f"code {code}", f"as in {before}", f"as in {after}"


def _data(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> Iterator[_Row]:
    """Each kind of file of the study of which there are others now; in the team, whose manifests name them, each by its name."""
    if any("file" in one for one in (*old, *new)):
        yield from _parts("data", *({one["file"]: f"as in {one['sha256'][:12]}" for one in files} for files in (old, new)))
        return
    for kind in dict.fromkeys(one["holds"] for one in (*old, *new)):
        before, after = ([one["sha256"] for one in files if one["holds"] == kind] for files in (old, new))
        if Counter(before) != Counter(after):
            yield "data", kind, _beside(before, after, "file"), _beside(after, before, "file")


def _cleared(manifest: Mapping[str, Any]) -> dict[str, str]:
    cleared = manifest["cleared"]
    passages, people = sum(one.get("passages", 1) for one in cleared), {one["by"] for one in cleared}
    return {"passages cleared": str(passages), "people who cleared them": str(len(people))}


def _software(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {"engagement-lib": manifest["library"]["version"], **manifest["software"]}


def _files(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The files with their size and what they hold, but for the page that compares this very release with another."""
    files = [one for one in manifest["files"] if not one["file"].startswith((COMPARED, _OF_COMPARED))]
    return {one["file"]: f"{one['bytes']:,} bytes, {one['sha256'][:12]}" for one in files}


def _parts(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[_Row]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, NOTHING), new.get(name, NOTHING)
        if before != after:
            yield what, name, before, after


def _flat(value: Any, name: str = "") -> dict[str, str]:
    """Nested settings as one level: "verdicts.contested"."""
    if not isinstance(value, dict):
        return {name: _say(value)}
    inner = (_flat(one, f"{name}.{key}" if name else key) for key, one in value.items())
    return {key: said for one in inner for key, said in one.items()}


def _say(value: Any) -> str:
    if value is None:
        return "not defined"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(_say, value)) if isinstance(value, list) else str(value)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
