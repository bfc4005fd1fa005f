"""`engagement weights`: the weights of the encoder checked, or fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import fail, out
from engagement_lib.errors import EngagementError


def weights(
    folder: Annotated[Path, typer.Argument(help="Where the weights lie, or are to lie; name it in study.toml then.")],
) -> None:
    """Check the weights of the encoder MiniLM in a folder; those that are not there are fetched from the Hugging Face hub."""
    from engagement_lib.themes.weights import fetch_weights

    try:
        files = fetch_weights(folder)
    except EngagementError as error:
        fail(error.problems)
    for path in files:
        out.print(f"  {path}", soft_wrap=True)
    out.print("These are the known weights. Name their folder in study.toml, as `weights` under [language].", soft_wrap=True)
