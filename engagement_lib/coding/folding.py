"""The log folded into tables: what the codings, readings, memos and codebook are on a day, from the events up to it.

A study's own files come first, as if what stands in them had been there before every event, or since the date that they give;
what the log says of the same thing holds over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engagement_lib.coding.events import (
    CODING,
    CODING_ADDED,
    CODING_STANCE,
    CODING_WITHDRAWN,
    FOLDED,
    MARKS,
    MEMO,
    SOURCE_FINISHED,
    SOURCE_READ,
    STORE,
    UNDONE,
    in_log_order,
    read_time,
    read_values,
)
from engagement_lib.coding.renaming import START, Codebook, fold_codes, present_names
from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.spreadsheets import uncollected
from engagement_lib.tables import LAYERS, NUMBER, SCHEMAS, STANCES, TEXT, empty_table

FOLDS: Final = ("codebook", "codings", "readings", "memos", "events")
_UNSAID: Final = {"coder": "", "layer": LAYERS[0], "stance": STANCES[0], "memo": "", "quote": ""}
_PLACE: Final = ["source_id", "start", "end", "code"]
_READ_BY: Final = ["source_id", "coder"]


def fold_log(log: pd.DataFrame, files: Mapping[str, pd.DataFrame], *, as_of: str = "") -> dict[str, pd.DataFrame]:
    """The tables "codebook", "codings", "readings", "memos" and "events" on a day, from a log and what a study's files hold.

    Parameters
    ----------
    log
        Events, as `read_events` gives them, in any order. The files' own events are among them.
    files
        The tables of these names as the files have them; those without rows may be left out.
    as_of
        A date, whose whole day counts, or a time; all there is where it is "". What has no date has been there always.

    Returns
    -------
    dict
        Each table in its shape. "events" holds the decisions in force: what was undone is not among them, nor what is told by
        the other tables. A code that was renamed or merged is called by its present name in codings of any age. One that was
        retired or split leaves the codebook when no coding stands on it any more.

    Raises
    ------
    TableError
        Where a file and the log have one id for two codings or memos, naming both.

    Examples
    --------
    >>> from engagement_lib.coding.events import make_event
    >>> event = make_event("code added", "no-time", author="AB", value={"definition": "Too few hours."})
    >>> log = pd.DataFrame([event | {"event_id": "1", "at": "2020-10-02"}])
    >>> fold_log(log, {})["codebook"]["code"].tolist(), len(fold_log(log, {}, as_of="2020-10-01")["codebook"])
    (['no-time'], 0)
    """
    tables = {name: files.get(name, empty_table(name)) for name in FOLDS}
    latest = latest_time(as_of)
    known = in_log_order(log[log["at"] <= latest] if latest else log)
    undone = undone_events(known)
    book = fold_codes(known, undone, tables["codebook"])
    held = known[~(known["event_id"].isin(undone) | known["kind"].isin(MARKS))]
    with uncollected():
        codings = _fold_codings(held, known["at"], _up_to(tables["codings"], latest), book)
    return {
        "codebook": book.table(set(codings["code"])),
        "codings": codings,
        "readings": _fold_readings(held, tables["readings"]),
        "memos": _fold_memos(held, _up_to(tables["memos"], latest)),
        "events": held[~held["kind"].isin(FOLDED)].reset_index(drop=True),
    }


def latest_time(as_of: str) -> str:
    """What every time up to this day's end, or to this time, is at most; "" where there is no bound."""
    if not as_of:
        return ""
    at = read_time(as_of)
    return at if "T" in at else f"{at}T99"


def undone_events(log: pd.DataFrame) -> set[str]:
    """The ids of the events that were undone, and not redone since, by a log in order."""
    last = log[log["kind"].isin(MARKS)].drop_duplicates("about_id", keep="last")
    return set(last.loc[last["kind"] == UNDONE, "about_id"])


def _up_to(table: pd.DataFrame, latest: str) -> pd.DataFrame:
    return table[table["at"] <= latest] if latest else table


def _fold_codings(held: pd.DataFrame, times: pd.Series, files: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """The codings that stand: those of the files, and those last added after they were last withdrawn."""
    added = held[held["kind"] == CODING_ADDED].drop_duplicates("about_id", keep="last")
    own, made = _name_codes(files, _places(files["at"], times), book), _name_codes(_codings_of(added), _floats(added), book)
    _refuse_two_codings(own, made)
    earlier = ~own["coding_id"].isin(made["coding_id"])
    table = pd.concat([own[earlier], made], ignore_index=True)
    places = np.concatenate([np.full(int(earlier.sum()), START), _floats(added)])
    gone = _last(held, CODING_WITHDRAWN, table["coding_id"])
    stances = held[held["kind"] == CODING_STANCE].drop_duplicates("about_id", keep="last")
    words = pd.Series([value["stance"] for value in read_values(stances)], index=stances["about_id"], dtype=TEXT)
    newer = _last(held, CODING_STANCE, table["coding_id"]) > places
    table["stance"] = table["stance"].where(~newer, table["coding_id"].map(words)).astype(TEXT)
    return table[~(gone > places)].reset_index(drop=True)


def _codings_of(added: pd.DataFrame) -> pd.DataFrame:
    values = read_values(added)
    # Most events say all there is to say of a coding, and are then read as they are, which is four times as fast.
    full = values if all(len(value) == len(CODING) for value in values) else [_UNSAID | value for value in values]
    said = zip(*map(itemgetter(*CODING), full), strict=True) if full else [()] * len(CODING)
    columns: dict[str, Any] = dict(zip(CODING, map(list, said), strict=True))
    columns["coder"] = [coder or author for coder, author in zip(columns["coder"], added["author"].to_list(), strict=True)]
    columns |= {"coding_id": added["about_id"].to_numpy(), "at": added["at"].to_numpy()}
    return pd.DataFrame(columns, columns=list(SCHEMAS["codings"].columns)).astype(SCHEMAS["codings"].columns)


def _name_codes(codings: pd.DataFrame, places: npt.NDArray[np.float64], book: Codebook) -> pd.DataFrame:
    return codings.assign(code=present_names(codings["code"], places, book).to_numpy()).astype({"code": TEXT})


def _places(at: pd.Series, times: pd.Series) -> npt.NDArray[np.float64]:
    """Where in the log what has these dates comes: after the events up to then."""
    return np.where(at == "", START, times.searchsorted(at, side="right") - 0.5)


def _floats(events: pd.DataFrame) -> npt.NDArray[np.float64]:
    return events.index.to_numpy(np.float64)


def _last(held: pd.DataFrame, kind: str, about: pd.Series) -> npt.NDArray[np.float64]:
    """Where in the log the last event of a kind about each of these stands; -inf where there is none."""
    last = held[held["kind"] == kind].drop_duplicates("about_id", keep="last")
    return about.map(pd.Series(last.index, index=last["about_id"], dtype=NUMBER)).fillna(-np.inf).to_numpy(np.float64)


def _refuse_two_codings(own: pd.DataFrame, made: pd.DataFrame) -> None:
    """A file's coding may stand in the log as well, but not at another place."""
    both = own.merge(made, on="coding_id", suffixes=("", "_there"))
    other = (both[_PLACE].to_numpy() != both[[f"{name}_there" for name in _PLACE]].to_numpy()).any(axis=1)
    if other.any():
        raise TableError(
            _two(f"coding '{row['coding_id']}'", [row[name] for name in _PLACE], [row[f"{name}_there"] for name in _PLACE])
            for row in both[other].to_dict("records")
        )


def _two(place: str, here: list[Any], there: list[Any]) -> Problem:
    found = f"'{' | '.join(map(str, here))}' in a file and '{' | '.join(map(str, there))}' in the log"
    return Problem(STORE, place, found, "the same in both", "Take it out of the file, or give it another id there.")


def _fold_readings(held: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """One row a source and coder: what the last event says of each column, else what the file does."""
    about = held[held["kind"].isin((SOURCE_READ, SOURCE_FINISHED))]
    if about.empty:
        return files.reset_index(drop=True)
    values = read_values(about)
    told = pd.DataFrame({"source_id": about["about_id"].to_numpy()})
    told["coder"] = [value.get("coder") or author for value, author in zip(values, about["author"].to_list(), strict=True)]
    told["round"] = [value.get("round") or None for value in values]
    told["draw_probability"] = pd.Series([value.get("draw_probability") for value in values], dtype=NUMBER)
    finished = about["kind"].to_numpy() == SOURCE_FINISHED
    days = [value.get("finished") or at[:10] for value, at in zip(values, about["at"].to_list(), strict=True)]
    told["finished"] = [day if end else None for day, end in zip(days, finished, strict=True)]
    known = files.assign(round=files["round"].replace("", None), finished=files["finished"].replace("", None))
    rows = pd.concat([known.astype({"draw_probability": NUMBER}), told.astype({"draw_probability": NUMBER})])
    table = rows.groupby(_READ_BY, sort=False, as_index=False).last()
    return table.fillna({"round": "", "finished": ""}).astype(SCHEMAS["readings"].columns)[list(SCHEMAS["readings"].columns)]


def _fold_memos(held: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    memos = held[held["kind"] == MEMO].rename(columns={"event_id": "memo_id", "value": "text"})
    memos = memos[list(SCHEMAS["memos"].columns)]
    both = files.merge(memos, on="memo_id", suffixes=("", "_there"))
    other = both[both["text"] != both["text_there"]]
    if len(other):
        names = zip(other["memo_id"], other["text"], other["text_there"], strict=True)
        raise TableError(_two(f"memo '{name}'", [here], [there]) for name, here, there in names)
    return pd.concat([files, memos[~memos["memo_id"].isin(files["memo_id"])]], ignore_index=True)
