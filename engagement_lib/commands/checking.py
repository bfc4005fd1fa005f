"""`engagement check` and `engagement inspect`: what a study holds, and what a reader finds in a file."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from engagement_lib.commands.console import Folder, fail, out
from engagement_lib.errors import EngagementError
from engagement_lib.layout import format_time

if TYPE_CHECKING:
    from engagement_lib.loading.account import Reading
    from engagement_lib.tables import Study


_SHOWN: Final = 3


class Format(StrEnum):
    """How `inspect` prints turns."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def check(folder: Folder) -> None:
    """Load a study, print what it holds, what is worth a look, and every problem in it. Exits with 1 where there is any."""
    from engagement_lib.doubts import find_hints
    from engagement_lib.study import check_study

    try:
        study, problems = check_study(folder)
    except EngagementError as error:
        fail(error.problems)
    _print_contents(study)
    for hint in find_hints(study):
        out.print(hint, soft_wrap=True)
    if problems:
        fail(problems)
    out.print("No problems found.")


def inspect(
    file: Annotated[Path, typer.Argument(help="A transcript, in any format that has a reader.")],
    output: Annotated[Format, typer.Option("--format", help="How to print the turns.")] = Format.TABLE,
    account: Annotated[bool, typer.Option(help="Show what became of each character instead.")] = False,
) -> None:
    """Show the turns that a reader finds in one file, and what it sets aside."""
    from engagement_lib.loading.transcripts import read_turns

    try:
        reading = read_turns(file)
    except EngagementError as error:
        fail(error.problems)
    if output is Format.TABLE:
        (_print_account if account else _print_turns)(file, reading)
        return
    rows = _pieces(reading) if account else _turns(reading)
    if output is Format.JSON:
        aside = [{"line": line, "text": text, "rule": rule} for line, text, rule in reading.set_aside]
        told = {"pieces": rows} if account else {"turns": rows, "set_aside": aside}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print_contents(study: Study) -> None:
    from engagement_lib.study import describe_study

    described = describe_study(study)
    table = Table(title=study.settings.title, title_justify="left")
    for column in described.columns:
        table.add_column(str(column).replace("_", " "), justify="left" if column in ("kind", "wave") else "right")
    for row in described.itertuples(index=False):
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    out.print(table if table.row_count else Text(study.settings.title, style="italic"))
    held = ("cases", "codebook", "codings", "readings", "claims", "events")
    rows = ((len(getattr(study, name)), name) for name in held)
    out.print(", ".join(f"{many:,} row{'s' * (many != 1)} of {name}" for many, name in rows), soft_wrap=True)


def _turns(reading: Reading) -> list[dict[str, object]]:
    return [
        {"turn": number, "speaker": t.speaker, "time_start": t.time_start, "time_end": t.time_end, "words": t.words}
        for number, t in enumerate(reading.turns, start=1)
    ]


def _pieces(reading: Reading) -> list[dict[str, object]]:
    text = reading.account.text
    return [piece._asdict() | {"text": text[piece.start : piece.end]} for piece in reading.account.pieces()]


def _print_turns(file: Path, reading: Reading) -> None:
    table = Table(title=f"{file.name}: {len(reading.turns)} turns", title_justify="left")
    for column in ("turn", "time", "speaker", "words"):
        table.add_column(column, justify="right" if column == "turn" else "left", overflow="fold")
    for number, turn in enumerate(reading.turns, start=1):
        clock = "" if turn.time_start is None else format_time(turn.time_start)
        table.add_row(str(number), clock, Text(turn.speaker or "–"), Text(turn.words))
    out.print(table)
    _print_set_aside(reading)


def _print_account(file: Path, reading: Reading) -> None:
    """What the characters of a file became, kind by kind, and what was set aside."""
    from engagement_lib.loading.account import READ

    characters, stretches = Counter[str](), Counter[str]()
    for start, end, became in reading.account.pieces():
        characters[became] += end - start
        stretches[became] += 1
    total = characters.total()
    table = Table(title=f"{file.name}: what became of its {total:,} characters", title_justify="left")
    table.add_column("what they became", overflow="fold")
    for column in ("characters", "share", "stretches"):
        table.add_column(column, justify="right")
    for became in sorted(characters, key=lambda became: (became not in READ, -characters[became])):
        name = became if became in READ else f"set aside: {became}"
        table.add_row(
            Text(name), f"{characters[became]:,}", f"{100 * characters[became] / total:.1f} %", f"{stretches[became]:,}"
        )
    out.print(table)
    _print_set_aside(reading)


def _print_set_aside(reading: Reading) -> None:
    for rule in dict.fromkeys(rule for _, _, rule in reading.set_aside):
        lines = [(line, text) for line, text, why in reading.set_aside if why == rule]
        for line, text in lines[:_SHOWN]:
            out.print(Text(f"line {line} set aside ({rule}): {text!r}"), soft_wrap=True)
        if len(lines) > _SHOWN:
            out.print(Text(f"and {len(lines) - _SHOWN} more set aside ({rule}); --format json lists them"), soft_wrap=True)
