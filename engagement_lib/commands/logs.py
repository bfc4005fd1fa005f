"""`engagement new` and `engagement merge`: a study begun, and what several people did put into one log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import fail
from engagement_lib.commands.console import out as console
from engagement_lib.errors import EngagementError


def new(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")]) -> None:
    """Make an empty study: a commented study.toml, and a codebook, cases and claims to fill in."""
    from engagement_lib.study import new_study

    try:
        made = new_study(folder)
    except EngagementError as error:
        fail(error.problems)
    for path in made:
        console.print(f"  {path}", soft_wrap=True)
    console.print(f"Put your transcripts into {folder}/interviews, fill in {folder}/study.toml, then:", soft_wrap=True)
    console.print(f"  engagement check {folder}\n  engagement report {folder} --audience team", soft_wrap=True)


def merge(
    logs: Annotated[list[Path], typer.Argument(help="Logs of events: stores, studies' folders that have one, or CSV files.")],
    out: Annotated[Path, typer.Option(help="A .db or .csv file; what it holds already stays.")],
) -> None:
    """Put what several people have decided and coded into one log, each event once, and list where they decided differently."""
    from engagement_lib.exchange.logs import merge_files
    from engagement_lib.tables import records

    try:
        events, conflicts = merge_files(logs, out, now=datetime.now(UTC))
    except EngagementError as error:
        fail(error.problems)
    people = ", ".join(sorted(set(events["author"])))
    console.print(
        f"{out} holds {len(events):,} event{'s' * (len(events) != 1)}" + (f" by {people}." if people else "."), soft_wrap=True
    )
    for row in records(conflicts):
        console.print(
            f"{row['about_type']} '{row['about_id']}' {row['conflict']}: {row['first_value']} ({row['first_author']}, "
            f"{row['first_at']}), then {row['second_value']} ({row['second_author']}, {row['second_at']}). The later one holds.",
            soft_wrap=True,
        )
