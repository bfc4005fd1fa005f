"""`engagement key` and `engagement pseudonymise`: a study written anew without what says who people are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engagement_lib.commands.console import Folder, fail
from engagement_lib.commands.console import out as console
from engagement_lib.errors import EngagementError


class Level(StrEnum):
    """What is taken out of the texts."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    PUBLIC = "public"


def key(file: Annotated[Path, typer.Argument(help="A new file, outside of every study and of Git.")]) -> None:
    """Make the key by which a study's pseudonyms are numbered. Whoever has it can test a guess at a name."""
    from engagement_lib.privacy.keys import new_key

    try:
        made = new_key(file)
    except EngagementError as error:
        fail(error.problems)
    console.print(
        f"{made} is the key. Keep it where only you can read it; without it the next pseudonyms are others.", soft_wrap=True
    )


def pseudonymise(
    folder: Folder,
    *,
    key: Annotated[Path, typer.Option(help="The study's key, made with `engagement key`.")],
    log: Annotated[Path, typer.Option(help="A new file for the log of every replacement, outside of every study and of Git.")],
    out: Annotated[Path, typer.Option(help="A new folder for the cleaned study.")],
    level: Annotated[Level, typer.Option(help="What is taken out.")] = Level.INDIRECT,
    aliases: Annotated[Path | None, typer.Option(help="A table of who is meant by which name, mended by a person.")] = None,
    earlier: Annotated[Path | None, typer.Option(help="The log of an earlier run: whoever has a number keeps it.")] = None,
) -> None:
    """Write the study anew without what says who people are, with its codings carried over. The study itself is not changed."""
    from engagement_lib.exchange.cleaned_study import check_log, check_out, write_cleaned, write_log
    from engagement_lib.exchange.cleaning import clean_study, describe_cleaning
    from engagement_lib.exchange.spreadsheets import unguarded
    from engagement_lib.loading.spreadsheets import read_table
    from engagement_lib.privacy.keys import read_key
    from engagement_lib.study import open_study

    try:
        secret = read_key(key, study=folder)
        check_log(log, study=folder, out=check_out(out))
        study = open_study(folder)
        before, given = (unguarded(read_table(path)) if path else None for path in (earlier, aliases))
        cleaned = clean_study(study, key=secret, level=level.value, aliases=given, earlier=before)
        # The log comes first: texts whose log was lost cannot be held against the raw ones any more.
        write_log(cleaned.log, log, study=out)
        write_cleaned(cleaned.tables, study.settings, out)
        open_study(out)
    except EngagementError as error:
        fail(error.problems)
    for line in describe_cleaning(study, cleaned):
        console.print(line, soft_wrap=True)
    console.print(f"The cleaned study is at {out}, the log at {log}. Read the texts before you share them.", soft_wrap=True)
