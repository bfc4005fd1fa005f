"""What the command line prints, and how it leaves where there are problems."""

from __future__ import annotations

from typing import Final, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from engagement_lib.errors import Problem

# Titles, names and paths may hold square brackets or colons, which are not marks of ours.
out: Final = Console(markup=False, emoji=False, highlight=False)
err: Final = Console(markup=False, emoji=False, highlight=False, stderr=True)


def fail(problems: list[Problem]) -> NoReturn:
    """Print the problems and how many there are, and leave with 1."""
    for problem in problems:
        err.print(Text(str(problem), style="red"), soft_wrap=True)
    err.print(f"{len(problems)} problem{'s' * (len(problems) != 1)} found.", style="bold red")
    raise typer.Exit(1)
