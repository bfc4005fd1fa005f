"""The command line, `engagement`; each command stands in a module of `commands`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import typer

from engagement_lib.commands.checking import check, inspect
from engagement_lib.commands.comments import comments_form
from engagement_lib.commands.logs import merge, new
from engagement_lib.commands.pseudonyms import key, pseudonymise
from engagement_lib.commands.releases import compare
from engagement_lib.commands.reports import lab, notebooks, report
from engagement_lib.commands.updates import update
from engagement_lib.commands.weights import weights

# In the order in which somebody new to it needs them, each with an example.
COMMANDS: Final[tuple[tuple[Callable[..., None], str], ...]] = (
    (new, "new my-study"),
    (check, "check data"),
    (inspect, "inspect data/interviews/P01.docx --format csv > turns.csv"),
    (lab, "lab"),
    (report, "report data --out outputs"),
    (update, "update data"),
    (compare, "compare outputs/run-1 outputs/run-2"),
    (comments_form, "comments-form data --out comments.xlsx"),
    (merge, "merge mine/study.db theirs/study.db --out mine/study.db"),
    (key, "key ~/keys/pilot.key"),
    (pseudonymise, "pseudonymise data --key ~/keys/pilot.key --log ~/keys/pilot-log.csv --out cleaned"),
    (weights, "weights weights"),
    (notebooks, "notebooks data notebooks/05-themes.ipynb"),
)

app: Final = typer.Typer(
    help="Check, read and report on a study of interviews and survey answers.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for command, example in COMMANDS:
    app.command(epilog=f"Example: [bold]engagement {example}[/bold]")(command)
