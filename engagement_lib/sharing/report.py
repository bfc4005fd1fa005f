"""Notebooks run on a study and rendered as pages; or run and saved with their outputs, for committing."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Final

import pandas as pd
from nbformat.v4 import new_notebook

from engagement_lib.errors import Problem, StudyError
from engagement_lib.evidence.record import write_evidence
from engagement_lib.privacy.levels import check_level
from engagement_lib.sharing.changes import render_changes as render_comparison
from engagement_lib.sharing.changes_page import CHANGED, TITLE, Changes, render_changes, say_changes
from engagement_lib.sharing.checking import find_faults
from engagement_lib.sharing.contents import INDEX, frame_of, render_index
from engagement_lib.sharing.downloads import FOLDER as TABLES
from engagement_lib.sharing.downloads import set_tables_aside
from engagement_lib.sharing.findings import name_study
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.sharing.formats import FILES, Format, planned_downloads, with_sizes, write_formats
from engagement_lib.sharing.manifest import MANIFEST, write_manifest
from engagement_lib.sharing.outgoing import REASONS, Outgoing, protect_index, protect_pages, read_last_release
from engagement_lib.sharing.pages import GENERATOR, Frame, Page, render_notebook, render_template
from engagement_lib.sharing.releases import COMPARED, Release, last_release, open_release, say_differences
from engagement_lib.sharing.running import Run, read_notebooks, run_notebook, write_notebook
from engagement_lib.tables import TEXT, Audience, Study

Progress = Callable[[str, str], None]
EVIDENCE: Final = "evidence.json"
_COLUMNS: Final = ("notebook", "title", "page", "status", "cell", "error")


@dataclass(frozen=True)
class Report:
    """A report as written: its `folder`, its `pages`, the `index` to open first, why pages are withheld, and `faults` on them.

    `pages` has one row a page: `notebook`, `title`, `page` (file name), `status` (ok, failed), `cell` (the number of the cell
    that failed, "" where none did), `error`. `reasons` has one row a reason to withhold a page: `page`, `place`, `found`,
    `remedy`. `faults` has the rows of `check_page`, each with its `page`. `notices` say why a format was not made. All are for
    those who made the report: they may tell what must not go out.
    """

    folder: Path
    pages: pd.DataFrame
    index: Path
    reasons: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REASONS)))
    faults: pd.DataFrame = field(default_factory=lambda: find_faults({}))
    notices: tuple[str, ...] = ()


def write_report(
    study: Study,
    *,
    notebooks: Sequence[Path],
    out: Path,
    run_id: str,
    progress: Progress | None = None,
    audience: Audience | None = None,
    claims: pd.DataFrame | None = None,
    formats: Collection[Format] = (),
    made: str = "",
    changes: Changes | None = None,
) -> Report:
    """The report of a study: every notebook run on it and written as a page, with an index, to a folder named after the run.

    A notebook that fails is shown as far as it went, and the rest still run. Prose written for another study is left out. Outside
    the team small counts of people are hidden, and a page that would still give somebody away is withheld; see `docs/release.md`.

    Parameters
    ----------
    study
        Each notebook gets its folder and the audience as the parameters `study_folder` and `audience`.
    notebooks
        In the order in which they are to be read.
    out, run_id
        The pages go to the folder `run_id` in `out`; pages of an earlier run of this name are removed.
    progress
        Called with a notebook's name and "running", then "ok" or "failed".
    audience
        Who reads; the study's own audience unless said.
    claims
        The appraised claims for the index, as `appraise_claims` gives them; people's verdicts are added.
    formats
        What is written beside the pages: "docx" (the summary), "xlsx" (the tables), "pdf" (all of it, where a browser is found).
    made
        When, as the manifest beside the pages is to say it.
    changes
        What an update found: its page comes first. It is for the team alone, since themes have not been read by anybody yet.

    Raises
    ------
    TableError
        If a source is below the level that the audience needs, and the study is not synthetic: see `check_level`.
    StudyError
        If a notebook is missing, `run_id` is no name of a folder, the folder cannot be made, or a title or the index itself may
        not go out; or with `changes` for others than the team.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> with TemporaryDirectory() as out:
    ...     write_report(study, notebooks=[], out=Path(out), run_id="pilot").index.name
    'index.html'
    """
    study = check_level(study if audience is None else replace(study, audience=audience))
    contents = read_notebooks(notebooks)
    frame = frame_of(study, run_id, contents)
    _check_titles(frame, study)
    _check_readers(study, changes)
    of_notebooks, runs, rendered = frame.pages, [], {}
    if changes is not None:
        changed = Page("changed", TITLE, CHANGED, shows_all=True)
        frame = replace(frame, pages=(changed, *of_notebooks))
        rendered[CHANGED] = render_changes(changes, changed, frame, study)
        runs.append((changed, Run(new_notebook()), say_changes(changes)))  # type: ignore[no-untyped-call] # nbformat has no types
    last = read_last_release(out, run_id, frame.audience_words)
    folder = _fresh_folder(out, run_id)
    parameters = {"study_folder": str(study.folder.resolve()), "audience": study.audience}
    for page, (path, notebook) in zip(of_notebooks, contents.items(), strict=True):
        _tell(progress, path, "running")
        run = run_notebook(notebook, folder=path.parent, parameters=parameters)
        rendered[page.file], finding = render_notebook(run, page, frame)
        runs.append((page, run, finding))
        _tell(progress, path, "failed" if run.cell else "ok")
    outgoing = protect_pages(rendered, study, last=last)
    entries, rows, written = [], [], {}
    for page, run, finding in runs:
        html, said, status, error = _judge_page(outgoing, page, run, finding, frame)
        written[page] = _write_page(folder, page.file, html)
        entries.append((page, said, status))
        rows.append((page.notebook, page.title, page.file, "failed" if error else "ok", str(run.cell or ""), error))
    if len(study.claims) and study.audience == "team":
        write_evidence(study, folder / EVIDENCE)
    faults = find_faults({page.file: html for page, html in written.items()})
    earlier = last_release(out, folder, study.audience)
    before = "" if earlier is None else earlier.manifest["run"]
    first_page = partial(render_index, study, frame, entries, claims, pages=written, faults=faults, earlier=before)
    index = protect_index(first_page(downloads=planned_downloads(formats)), INDEX, study, outgoing)
    finished = {INDEX: index} | {page.file: html for page, html in written.items()}
    downloads, notices = write_formats(folder, finished, frame, formats=formats, contact=study.settings.contact)
    if len(downloads) < len(set(formats)):
        index = protect_index(first_page(downloads=downloads), INDEX, study, outgoing)
    index = _write_page(folder, INDEX, with_sizes(index, downloads))
    write_manifest(study, folder, frame, made=made)
    finished = {INDEX: index}
    if earlier is not None:
        finished[COMPARED] = _write_comparison(earlier, open_release(folder))
        write_manifest(study, folder, frame, made=made)
    faults = pd.concat([find_faults(finished), faults], ignore_index=True)
    pages = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(TEXT)
    return Report(folder, pages, folder / INDEX, outgoing.reasons, faults, tuple(notices))


def save_notebooks(study: Study, notebooks: Sequence[Path], *, progress: Progress | None = None) -> None:
    """Nothing: the notebooks are run on a synthetic study and saved with their outputs, for committing.

    Their prose is from then on taken as written for this study. A notebook that fails is left as it was.

    Parameters
    ----------
    study
        Its folder is the notebooks' parameter `study_folder`, relative to theirs.
    notebooks
        Run in this order.
    progress
        Called with a notebook's name and "running", then "ok" or "failed".

    Raises
    ------
    StudyError
        If the study is not synthetic, since outputs on real data are not committed; or naming every notebook that failed.
    """
    if not study.settings.synthetic:
        remedy = "Use `engagement report`, which writes to a folder that Git ignores."
        raise StudyError(
            Problem("study.toml", "key 'synthetic'", "false", "a synthetic study: its outputs are committed", remedy)
        )
    problems = []
    for path, notebook in read_notebooks(notebooks).items():
        _tell(progress, path, "running")
        relative = Path(os.path.relpath(study.folder.resolve(), path.parent.resolve())).as_posix()
        run = run_notebook(notebook, folder=path.parent, parameters={"study_folder": relative})
        if run.cell:
            remedy = "Mend the cell, and run it again; the notebook was not saved."
            found = f"{run.error_name}: {run.error}"
            problems.append(Problem(path.name, f"cell {run.cell}", found, "a cell that runs", remedy))
        else:
            write_notebook(name_study(run.notebook, study_hash(study)), path)
        _tell(progress, path, "failed" if run.cell else "ok")
    if problems:
        raise StudyError(problems)


def _fresh_folder(out: Path, run_id: str) -> Path:
    """The run's folder, without the pages of an earlier run: one that was shared by mistake must not stay behind."""
    if Path(run_id).name != run_id or run_id in ("", ".", ".."):
        raise StudyError(Problem("write_report", "run_id", f"'{run_id}'", "a name for a folder", "Give it one without slashes."))
    folder = out / run_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        found, remedy = f"that it cannot be made ({fault.strerror})", "Name another place with --out."
        raise StudyError(Problem(str(folder), "", found, "a folder for the pages", remedy)) from fault
    for page in folder.glob("*.html"):
        if GENERATOR.split()[0].encode("utf-8") in page.read_bytes():
            page.unlink()
    for table in (folder / TABLES).glob("*.csv"):
        table.unlink()
    for name in (*FILES.values(), MANIFEST):
        (folder / name).unlink(missing_ok=True)
    return folder


def _check_titles(frame: Frame, study: Study) -> None:
    """Titles stand on every page, and on those that are withheld."""
    titles = "".join(f"<p>{escape(page.title)}</p>" for page in frame.pages)
    reasons = protect_pages({"": f'<main><div class="prose">{titles}</div></main>'}, study).reasons
    if len(reasons):
        remedy = "Give the notebook another title."
        raise StudyError(Problem("titles of the notebooks", "", found, "none", remedy) for found in reasons["found"])


def _check_readers(study: Study, changes: Changes | None) -> None:
    """What changed tells whose reply is new: small numbers of people, held against a run that others never saw."""
    if changes is not None and study.audience != "team":
        found, remedy = f"audience '{study.audience}'", "Write this report without `changes`, as `engagement report` does."
        raise StudyError(Problem("write_report", "changes", found, "'team': others do not see what changed", remedy))


def _judge_page(outgoing: Outgoing, page: Page, run: Run, finding: str, frame: Frame) -> tuple[str, str, str, str]:
    """A page with its finding, its status in words, and what those who made the report must know, "" where all is well."""
    reasons = outgoing.reasons[outgoing.reasons["page"] == page.file]
    if len(reasons):
        count = f"{len(reasons)} reason{'s' * (len(reasons) > 1)}"
        html = render_template("withheld", frame=frame, page=page, reason=f"There {_be(reasons)} {count}.", **frame.beside(page))
        return html, "", f"Withheld, for {count}.", f"withheld, for {count}"
    if run.cell:
        error = f"{run.error_name}: {run.error}" if run.error else run.error_name
        return outgoing.pages[page.file], finding, f"Stopped at cell {run.cell} with {run.error_name}.", error
    return outgoing.pages[page.file], finding, "Complete.", ""


def _be(reasons: pd.DataFrame) -> str:
    return "is" if len(reasons) == 1 else "are"


def _write_comparison(old: Release, new: Release) -> str:
    """What changed since the last release, as a page: made of the finished pages of both, it tells nothing that they do not."""
    html = render_comparison(say_differences(old, new), old.manifest, new.manifest)
    return _write_page(new.folder, COMPARED, html)


def _write_page(folder: Path, name: str, html: str) -> str:
    """The page as written, its tables beside it as CSV with the mark by which spreadsheets know UTF-8."""
    html, tables = set_tables_aside(html, stem=Path(name).stem)
    (folder / name).write_bytes(html.encode("utf-8"))
    for path, text in tables.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode("utf-8-sig"))
    return html


def _tell(progress: Progress | None, path: Path, state: str) -> None:
    if progress is not None:
        progress(path.name, state)
