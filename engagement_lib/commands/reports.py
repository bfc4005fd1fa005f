"""`engagement report`, `engagement notebooks` and `engagement lab`: notebooks run and rendered, run and saved, or opened."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from engagement_lib.commands.console import NOTEBOOKS, Folder, err, fail
from engagement_lib.commands.console import out as console
from engagement_lib.errors import EngagementError, Problem


class Audience(StrEnum):
    """Who reads a report."""

    TEAM = "team"
    WORKING_GROUP = "working-group"
    PUBLIC = "public"


class Beside(StrEnum):
    """What a report is written as beside its pages."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"


def report(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="Where to put the pages, in a folder named after the run.")] = Path("outputs"),
    audience: Annotated[Audience, typer.Option(help="Who will read them.")] = Audience.WORKING_GROUP,
    notebooks: Annotated[Path, typer.Option(help="The folder of notebooks to run.")] = NOTEBOOKS,
    leave_out: Annotated[
        list[Beside] | None, typer.Option(help="A format not to write beside the pages; may be repeated.")
    ] = None,
) -> None:
    """Run every notebook on a study and render the pages. One that fails is shown as far as it went; the rest still run."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from engagement_lib.evidence.appraisal import appraise_claims
    from engagement_lib.sharing.report import write_report
    from engagement_lib.study import open_study
    from engagement_lib.tables import records

    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        remedy = "Name the folder that holds them with --notebooks."
        fail([Problem(str(notebooks), "", "no notebook", "at least one .ipynb file", remedy)])
    try:
        study = open_study(folder, audience=audience.value)
        with Progress(
            TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
        ) as bar:
            task = bar.add_task("starting", total=len(paths))
            now = datetime.now(UTC)
            run = write_report(
                study,
                notebooks=paths,
                out=out,
                run_id=now.strftime("%Y-%m-%dT%H%M%SZ"),
                made=now.isoformat(timespec="seconds"),
                formats=[one.value for one in Beside if one not in (leave_out or [])],
                claims=appraise_claims(study),
                progress=lambda name, state: bar.update(task, description=name, advance=state != "running"),
            )
    except EngagementError as error:
        fail(error.problems)
    failed = run.pages[run.pages["status"] != "ok"]
    for page in records(failed):
        place = f"{page['notebook']}, cell {page['cell']}" if page["cell"] else page["notebook"]
        err.print(Text(f"{place}: {page['error']}", style="red"), soft_wrap=True)
        for reason in records(run.reasons[run.reasons["page"] == page["page"]]):
            where = f"{reason['place']}: " if reason["place"] else ""
            err.print(f"  {where}{reason['found']}. {reason['remedy']}", soft_wrap=True)
    for fault in records(run.faults):
        err.print(f"{fault['page']}, line {fault['line']}: {fault['found']}. {fault['remedy']}", soft_wrap=True)
    for notice in run.notices:
        err.print(notice, soft_wrap=True)
    console.print(f"The report is at {run.index}", soft_wrap=True)
    if len(failed):
        raise typer.Exit(1)


def notebooks(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="Notebooks to run and save with their outputs.")],
) -> None:
    """Run notebooks on a synthetic study and save them with their outputs, for committing."""
    from engagement_lib.sharing.report import save_notebooks
    from engagement_lib.study import open_study

    try:
        save_notebooks(open_study(folder), files, progress=lambda name, state: err.print(f"{state:8} {name}"))
    except EngagementError as error:
        fail(error.problems)


def lab(
    notebooks: Annotated[Path, typer.Option(help="The folder of notebooks to open.")] = NOTEBOOKS,
) -> None:
    """Open JupyterLab on the notebooks, for this machine alone; it asks nothing of the network."""
    if not notebooks.is_dir():
        fail([Problem(str(notebooks), "", "no such folder", "a folder of notebooks", "Name it with --notebooks.")])
    from jupyterlab.labapp import main

    main(
        [
            "--ip=127.0.0.1",
            f"--ServerApp.root_dir={notebooks.resolve().parent}",
            f"--LabApp.default_url=/lab/tree/{notebooks.name}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly",
        ]
    )
