"""The command line, `engagement`: check a study, look into a file, render or update a report, begin or clean a study."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from engagement_lib.commands.comments import comments_form
from engagement_lib.commands.console import Folder
from engagement_lib.commands.console import err as _err
from engagement_lib.commands.console import fail as _fail
from engagement_lib.commands.console import out as _out
from engagement_lib.commands.releases import compare
from engagement_lib.commands.updates import update
from engagement_lib.errors import EngagementError, Problem
from engagement_lib.layout import format_time

if TYPE_CHECKING:
    from engagement_lib.loading.account import Reading
    from engagement_lib.tables import Study

app: Final = typer.Typer(
    help="Check, read and report on a study of interviews and survey answers.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
_NOTEBOOKS: Final = Path(__file__).parents[1] / "notebooks"
_SHOWN: Final = 3
app.command(epilog="Example: [bold]engagement update data[/bold]")(update)
app.command(epilog="Example: [bold]engagement compare outputs/run-1 outputs/run-2[/bold]")(compare)
app.command(epilog="Example: [bold]engagement comments-form data --out comments.xlsx[/bold]")(comments_form)


class Format(StrEnum):
    """How `inspect` prints turns."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Audience(StrEnum):
    """Who reads a report."""

    TEAM = "team"
    WORKING_GROUP = "working-group"
    PUBLIC = "public"


class Level(StrEnum):
    """What is taken out of the texts."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    PUBLIC = "public"


class Beside(StrEnum):
    """What a report is written as beside its pages."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"


@app.command(epilog="Example: [bold]engagement check data[/bold]")
def check(folder: Folder) -> None:
    """Load a study, print what it holds, what is worth a look, and every problem in it. Exits with 1 where there is any."""
    from engagement_lib.doubts import find_hints
    from engagement_lib.study import check_study

    try:
        study, problems = check_study(folder)
    except EngagementError as error:
        _fail(error.problems)
    _print_contents(study)
    for hint in find_hints(study):
        _out.print(hint, soft_wrap=True)
    if problems:
        _fail(problems)
    _out.print("No problems found.")


@app.command(epilog="Example: [bold]engagement inspect data/interviews/P01.docx --format csv > turns.csv[/bold]")
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
        _fail(error.problems)
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


@app.command(epilog="Example: [bold]engagement report data --out outputs[/bold]")
def report(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="Where to put the pages, in a folder named after the run.")] = Path("outputs"),
    audience: Annotated[Audience, typer.Option(help="Who will read them.")] = Audience.WORKING_GROUP,
    notebooks: Annotated[Path, typer.Option(help="The folder of notebooks to run.")] = _NOTEBOOKS,
    leave_out: Annotated[
        list[Beside] | None, typer.Option(help="A format not to write beside the pages; may be repeated.")
    ] = None,
) -> None:
    """Run every notebook on a study and render the pages. One that fails is shown as far as it went; the rest still run."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from engagement_lib.evidence.appraisal import appraise_claims
    from engagement_lib.sharing.report import write_report
    from engagement_lib.study import open_study
    from engagement_lib.tables import records

    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        remedy = "Name the folder that holds them with --notebooks."
        _fail([Problem(str(notebooks), "", "no notebook", "at least one .ipynb file", remedy)])
    try:
        study = open_study(folder, audience=audience.value)
        with Progress(
            TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=_err
        ) as bar:
            task = bar.add_task("starting", total=len(paths))
            now = datetime.now(UTC)
            run = write_report(
                study,
                notebooks=paths,
                out=out,
                run_id=now.strftime("%Y-%m-%dT%H%M%SZ"),
                made=now.isoformat(timespec="seconds"),
                formats=[one.value for one in Beside if one not in (leave_out or [])],
                claims=appraise_claims(study),
                progress=lambda name, state: bar.update(task, description=name, advance=state != "running"),
            )
    except EngagementError as error:
        _fail(error.problems)
    failed = run.pages[run.pages["status"] != "ok"]
    for page in records(failed):
        place = f"{page['notebook']}, cell {page['cell']}" if page["cell"] else page["notebook"]
        _err.print(Text(f"{place}: {page['error']}", style="red"), soft_wrap=True)
        for reason in records(run.reasons[run.reasons["page"] == page["page"]]):
            where = f"{reason['place']}: " if reason["place"] else ""
            _err.print(f"  {where}{reason['found']}. {reason['remedy']}", soft_wrap=True)
    for fault in records(run.faults):
        _err.print(f"{fault['page']}, line {fault['line']}: {fault['found']}. {fault['remedy']}", soft_wrap=True)
    for notice in run.notices:
        _err.print(notice, soft_wrap=True)
    _out.print(f"The report is at {run.index}", soft_wrap=True)
    if len(failed):
        raise typer.Exit(1)


@app.command(epilog="Example: [bold]engagement new my-study[/bold]")
def new(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")]) -> None:
    """Make an empty study: a commented study.toml, and a codebook, cases and claims to fill in."""
    from engagement_lib.study import new_study

    try:
        made = new_study(folder)
    except EngagementError as error:
        _fail(error.problems)
    for path in made:
        _out.print(f"  {path}", soft_wrap=True)
    _out.print(f"Put your transcripts into {folder}/interviews, fill in {folder}/study.toml, then:", soft_wrap=True)
    _out.print(f"  engagement check {folder}\n  engagement report {folder} --audience team", soft_wrap=True)


@app.command(epilog="Example: [bold]engagement merge mine/study.db theirs/study.db --out mine/study.db[/bold]")
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
        _fail(error.problems)
    people = ", ".join(sorted(set(events["author"])))
    _out.print(
        f"{out} holds {len(events):,} event{'s' * (len(events) != 1)}" + (f" by {people}." if people else "."), soft_wrap=True
    )
    for row in records(conflicts):
        _out.print(
            f"{row['about_type']} '{row['about_id']}' {row['conflict']}: {row['first_value']} ({row['first_author']}, "
            f"{row['first_at']}), then {row['second_value']} ({row['second_author']}, {row['second_at']}). The later one holds.",
            soft_wrap=True,
        )


@app.command(epilog="Example: [bold]engagement key ~/keys/pilot.key[/bold]")
def key(file: Annotated[Path, typer.Argument(help="A new file, outside of every study and of Git.")]) -> None:
    """Make the key by which a study's pseudonyms are numbered. Whoever has it can test a guess at a name."""
    from engagement_lib.privacy.keys import new_key

    try:
        made = new_key(file)
    except EngagementError as error:
        _fail(error.problems)
    _out.print(
        f"{made} is the key. Keep it where only you can read it; without it the next pseudonyms are others.", soft_wrap=True
    )


@app.command(
    epilog="Example: [bold]engagement pseudonymise data --key ~/keys/pilot.key --log ~/keys/pilot-log.csv --out cleaned[/bold]"
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
        _fail(error.problems)
    for line in describe_cleaning(study, cleaned):
        _out.print(line, soft_wrap=True)
    _out.print(f"The cleaned study is at {out}, the log at {log}. Read the texts before you share them.", soft_wrap=True)


@app.command(epilog="Example: [bold]engagement weights weights[/bold]")
def weights(
    folder: Annotated[Path, typer.Argument(help="Where the weights lie, or are to lie; name it in study.toml then.")],
) -> None:
    """Check the weights of the encoder MiniLM in a folder; those that are not there are fetched from the Hugging Face hub."""
    from engagement_lib.themes.weights import fetch_weights

    try:
        files = fetch_weights(folder)
    except EngagementError as error:
        _fail(error.problems)
    for path in files:
        _out.print(f"  {path}", soft_wrap=True)
    _out.print("These are the known weights. Name their folder in study.toml, as `weights` under [language].", soft_wrap=True)


@app.command(epilog="Example: [bold]engagement lab[/bold]")
def lab(
    notebooks: Annotated[Path, typer.Option(help="The folder of notebooks to open.")] = _NOTEBOOKS,
) -> None:
    """Open JupyterLab on the notebooks, for this machine alone; it asks nothing of the network."""
    if not notebooks.is_dir():
        _fail([Problem(str(notebooks), "", "no such folder", "a folder of notebooks", "Name it with --notebooks.")])
    from jupyterlab.labapp import main

    main(
        [
            "--ip=127.0.0.1",
            f"--ServerApp.root_dir={notebooks.resolve().parent}",
            f"--LabApp.default_url=/lab/tree/{notebooks.name}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.news_url=None",
            "--LabApp.extension_manager=readonly",
        ]
    )


@app.command(epilog="Example: [bold]engagement notebooks data notebooks/05-themes.ipynb[/bold]")
def notebooks(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="Notebooks to run and save with their outputs.")],
) -> None:
    """Run notebooks on a synthetic study and save them with their outputs, for committing."""
    from engagement_lib.sharing.report import save_notebooks
    from engagement_lib.study import open_study

    try:
        save_notebooks(open_study(folder), files, progress=lambda name, state: _err.print(f"{state:8} {name}"))
    except EngagementError as error:
        _fail(error.problems)


def _print_contents(study: Study) -> None:
    from engagement_lib.study import describe_study

    described = describe_study(study)
    table = Table(title=study.settings.title, title_justify="left")
    for column in described.columns:
        table.add_column(str(column).replace("_", " "), justify="left" if column in ("kind", "wave") else "right")
    for row in described.itertuples(index=False):
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    _out.print(table if table.row_count else Text(study.settings.title, style="italic"))
    held = ("cases", "codebook", "codings", "readings", "claims", "events")
    rows = ((len(getattr(study, name)), name) for name in held)
    _out.print(", ".join(f"{many:,} row{'s' * (many != 1)} of {name}" for many, name in rows), soft_wrap=True)


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
    _out.print(table)
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
    _out.print(table)
    _print_set_aside(reading)


def _print_set_aside(reading: Reading) -> None:
    for rule in dict.fromkeys(rule for _, _, rule in reading.set_aside):
        lines = [(line, text) for line, text, why in reading.set_aside if why == rule]
        for line, text in lines[:_SHOWN]:
            _out.print(Text(f"line {line} set aside ({rule}): {text!r}"), soft_wrap=True)
        if len(lines) > _SHOWN:
            _out.print(Text(f"and {len(lines) - _SHOWN} more set aside ({rule}); --format json lists them"), soft_wrap=True)
