"""`engagement compare`: what changed between two releases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import fail, out
from engagement_lib.errors import EngagementError


def compare(
    old: Annotated[Path, typer.Argument(help="The folder of the earlier release.")],
    new: Annotated[Path, typer.Argument(help="The folder of the later one.")],
    file: Annotated[Path | None, typer.Option("--out", help="Where to write the page; changes.html in NEW unless said.")] = None,
) -> None:
    """Compare two releases for the same readers: verdicts, counts, thresholds, codebook, files, versions; and write a page."""
    from engagement_lib.sharing.changes import write_changes

    file = file or new / "changes.html"
    try:
        changes = write_changes(old, new, file)
    except EngagementError as error:
        fail(error.problems)
    for what, many in changes["what"].value_counts(sort=False).items():
        out.print(f"  {what:10} {many:5,}")
    out.print(f"{len(changes):,} difference{'s' * (len(changes) != 1)}. The page is at {file}", soft_wrap=True)
