"""The log of a study: what its store holds and what its file of events does, held against the texts and the codebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from engagement_lib.coding.codings import check_codings
from engagement_lib.coding.events import FOLDED, STORE, in_log_order
from engagement_lib.coding.renaming import code_names
from engagement_lib.errors import TableError
from engagement_lib.tables import TEXT, Study, empty_table, row_place


def join_log(folder: Path, events: pd.DataFrame, *, origin: str = "events.csv") -> pd.DataFrame:
    """All events of a study, those of its file `origin` and those of its store, each once.

    Where there is no store, and the file holds decisions alone, there is nothing to fold, and so no log.

    Raises
    ------
    EngagementError
        Where the store cannot be read, or one id stands for two events, naming both.

    Examples
    --------
    >>> len(join_log(Path("no such folder"), empty_table("events")))
    0
    """
    if not (folder / STORE).exists() and not events["kind"].isin(FOLDED).any():
        return empty_table("events")
    # The database's library is slow to import, and a study without a store does not need it.
    from engagement_lib.coding.merging import merge_logs
    from engagement_lib.coding.store import read_events

    return merge_logs(events, read_events(folder / STORE), names=(origin, STORE))[0]


def log_now(study: Study) -> pd.DataFrame:
    """The log of a study as it stands now, in order: the events of its file, and those that its store has come to hold."""
    from engagement_lib.coding.store import read_events

    both = pd.concat([study.history.get("events", study.events), read_events(study.folder)])
    return in_log_order(both.drop_duplicates("event_id"))


def with_names(codebook: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """The codes of a codebook, and every name that a code has had in the log: a file may still call it so.

    Examples
    --------
    >>> with_names(pd.DataFrame({"code": ["no-time"]}), empty_table("events"))["code"].tolist()
    ['no-time']
    """
    names: Iterable[str] = dict.fromkeys([*codebook["code"], *sorted(code_names(log))])
    return pd.DataFrame({"code": list(names)}, dtype=TEXT)


def check_logged(codings: pd.DataFrame, sources: pd.DataFrame, codebook: pd.DataFrame | None) -> pd.DataFrame:
    """The codings of the log, held against the texts and the codebook; they have no row in a file, and are named by their ids.

    Raises
    ------
    TableError
        As `check_codings` does.

    Examples
    --------
    >>> len(check_logged(empty_table("codings"), empty_table("sources"), None))
    0
    """
    rows = codings.reset_index(drop=True)
    try:
        return check_codings(rows, sources, codebook, origin=STORE)
    except TableError as error:
        ids = {row_place(rows, position): name for position, name in enumerate(rows["coding_id"])}
        raise TableError(replace(problem, place=f"coding '{ids[problem.place]}'") for problem in error.problems) from error
