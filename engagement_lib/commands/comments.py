"""`engagement comments-form`: the form by which readers of a draft comment on its claims and themes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import Folder, fail, out
from engagement_lib.errors import EngagementError


def comments_form(
    folder: Folder,
    file: Annotated[Path, typer.Option("--out", help="A .csv or .xlsx file to fill in, or the .txt of an e-mail to answer.")],
) -> None:
    """Write a form for comments on each claim and theme by reference. Those filled in go under `comments` in study.toml."""
    from engagement_lib.exchange.comment_forms import write_comment_form
    from engagement_lib.study import open_study

    try:
        write_comment_form(open_study(folder), file)
    except EngagementError as error:
        fail(error.problems)
    out.print(f"The form is at {file}", soft_wrap=True)
