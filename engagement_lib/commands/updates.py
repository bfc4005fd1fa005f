"""`engagement update`: what has changed in a study since the last run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import NOTEBOOKS, Folder, err, fail
from engagement_lib.commands.console import out as console
from engagement_lib.errors import EngagementError, Problem


def update(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="Where to put the pages, in a folder named after the run.")] = Path("outputs"),
    notebooks: Annotated[Path, typer.Option(help="The folder of notebooks to run.")] = NOTEBOOKS,
    page_only: Annotated[bool, typer.Option(help="Leave the notebooks out, and render what changed alone.")] = False,
    frozen: Annotated[bool, typer.Option(help="Leave every old answer in its theme, and make no new theme.")] = False,
) -> None:
    """Bring in new files, say what is new, run everything again, and render "What changed since the last run", for the team."""
    from engagement_lib.tables import records
    from engagement_lib.update import update_study

    paths = [] if page_only else sorted(notebooks.glob("*.ipynb"))
    if not paths and not page_only:
        remedy = "Name the folder that holds them with --notebooks, or say --page-only."
        fail([Problem(str(notebooks), "", "no notebook", "at least one .ipynb file", remedy)])
    try:
        done = update_study(
            folder,
            notebooks=paths,
            out=out,
            now=datetime.now(UTC),
            mode="frozen" if frozen else "anchored",
            progress=lambda name, state: err.print(f"{state:8} {name}", soft_wrap=True),
        )
    except EngagementError as error:
        fail(error.problems)
    console.print(done.said, soft_wrap=True)
    failed = done.report.pages[done.report.pages["status"] != "ok"]
    for page in records(failed):
        err.print(f"{page['notebook']}: {page['error']}", style="red", soft_wrap=True)
    console.print(f"What changed is at {done.page}", soft_wrap=True)
    if len(failed):
        raise typer.Exit(1)
