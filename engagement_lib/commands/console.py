"""What all commands print through, and how they end where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from engagement_lib.errors import Problem

# Titles, names and paths may hold square brackets or colons, which are not marks of ours.
out: Final = Console(markup=False, emoji=False, highlight=False)
err: Final = Console(markup=False, emoji=False, highlight=False, stderr=True)

NOTEBOOKS: Final = Path(__file__).parents[2] / "notebooks"
Folder = Annotated[Path, typer.Argument(help="The study's folder, with study.toml in it.")]


def fail(problems: Iterable[Problem]) -> NoReturn:
    """Print every problem, and leave with 1."""
    problems = list(problems)
    for problem in problems:
        err.print(Text(str(problem), style="red"), soft_wrap=True)
    err.print(f"{len(problems)} problem{'s' * (len(problems) != 1)} found.", style="bold red")
    raise typer.Exit(1)
