"""The log and other tables out to CSV and in again, one event or coding a row, in an order of their own; several logs merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import in_log_order
from engagement_lib.coding.merging import merge_logs
from engagement_lib.coding.passages import in_shape
from engagement_lib.coding.store import append_events, read_events, store_file
from engagement_lib.errors import Problem, StoreError
from engagement_lib.exchange.spreadsheets import unguarded, write_table
from engagement_lib.loading.spreadsheets import read_table
from engagement_lib.tables import SCHEMAS, check_table

_CSV: Final = ".csv"
_STORE: Final = ".db"


def write_rows(name: str, table: pd.DataFrame, path: Path | str) -> None:
    """Write a table of this name, "events" or "codings" say, as CSV: events by time, all others by their key.

    The same rows give the same bytes, so that two copies differ in no more lines than they differ in rows. Cells that a
    spreadsheet might run are guarded by an apostrophe, as `write_table` does; `read_rows` takes it away.

    Raises
    ------
    TableError
        Where the table is not of its shape, or the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> memos = pd.DataFrame({"memo_id": ["2", "1"], "text": ["-", "=1+1"]})
    >>> with TemporaryDirectory() as folder:
    ...     write_rows("memos", memos, Path(folder, "memos.csv"))
    ...     read_rows("memos", Path(folder, "memos.csv"))["text"].tolist()
    ['=1+1', '-']
    """
    shaped = in_shape(name, table)
    write_table(in_log_order(shaped) if name == "events" else shaped.sort_values(list(SCHEMAS[name].key)), path)


def read_rows(name: str, path: Path | str) -> pd.DataFrame:
    """The table that `write_rows` has written, word for word.

    Raises
    ------
    TableError
        Where there is no such file, or it holds no table of this shape.
    """
    table = check_table(name, unguarded(read_table(path)), origin=Path(path).name)
    return in_log_order(check_events(table, origin=Path(path).name)) if name == "events" else table


def read_log(path: Path | str) -> pd.DataFrame:
    """The events of a store, of the store in a study's folder, or of a CSV file, in the order of time.

    Raises
    ------
    EngagementError
        Where there is none, or it cannot be read.
    """
    file = store_file(path)
    if file.suffix.lower() == _CSV:
        return read_rows("events", file)
    if not file.exists():
        remedy = "Name a store, a study's folder that has one, or a CSV file of events."
        raise StoreError(Problem(str(path), "", "no log of events", "a file that holds one", remedy))
    return read_events(file)


def merge_files(paths: Sequence[Path | str], out: Path | str, *, now: datetime) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Merge the logs in these files into `out`, a store or a CSV file; the events that are there then, and the conflicts.

    What `out` holds already stays, as if it were one of them. `now` is the present moment, with its time zone.

    Raises
    ------
    EngagementError
        Where a log cannot be read, two of them have one id for two events, or `out` cannot be written. It is then as it was.
    """
    target = store_file(out)
    if target.suffix.lower() not in (_CSV, _STORE):
        found = f"the ending '{target.suffix}'"
        raise StoreError(Problem(target.name, "", found, f"{_STORE} or {_CSV}", "Give the file one of these endings."))
    (name, events), *others = [(str(path), read_log(path)) for path in (*([out] if target.exists() else []), *paths)]
    events, conflicts = merge_logs(events, events)
    for other, log in others:
        events, found_now = merge_logs(events, log, names=(name, other))
        name, conflicts = f"{name}, {other}", pd.concat([conflicts, found_now])
    if target.suffix.lower() == _CSV:
        write_rows("events", events, target)
    else:
        append_events(target, events, now=now)
    return events, conflicts.drop_duplicates(ignore_index=True)
