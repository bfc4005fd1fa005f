"""The codebook's versions: which the log names, which comes next, and the log up to one of them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from engagement_lib.coding.events import CODE_KINDS, in_log_order, read_values
from engagement_lib.coding.folding import undone_events
from engagement_lib.errors import Problem, TableError


def version_places(log: pd.DataFrame) -> dict[str, int]:
    """For each version that an act upon the codebook names, the row of its last act in a log in order; what was undone is none.

    Examples
    --------
    >>> from engagement_lib.coding.events import make_event
    >>> said = [make_event("code retired", code, author="AB", value={"version": "2"}) for code in "ab"]
    >>> version_places(pd.DataFrame(said).assign(event_id=["1", "2"]))
    {'2': 1}
    """
    acts = log[log["kind"].isin(CODE_KINDS) & ~log["event_id"].isin(undone_events(log))]
    named = zip((value.get("version", "") for value in read_values(acts)), acts.index, strict=True)
    return {version: int(place) for version, place in named if version}


def first_version(codebook: pd.DataFrame) -> str:
    """The version of the codebook of the study's file: "1", or "0" where it holds no code."""
    return "1" if len(codebook) else "0"


def next_version(versions: Iterable[str], codebook: pd.DataFrame) -> str:
    """The whole number after the highest there is; versions with other names are passed over.

    Examples
    --------
    >>> next_version(["2", "pilot", "10"], pd.DataFrame({"code": ["no-time"]}))
    '11'
    """
    numbers = [int(version) for version in (*versions, first_version(codebook)) if version.isdecimal()]
    return str(max(numbers) + 1)


def log_up_to(log: pd.DataFrame, version: str, codebook: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The log up to the last act of a version, and the time of that; for the version of the file, no event and no time.

    Raises
    ------
    TableError
        Where no act names the version, naming those that there are.
    """
    ordered = in_log_order(log)
    places = version_places(ordered)
    if version in places:
        return ordered.iloc[: places[version] + 1], str(ordered["at"].iloc[places[version]])
    first = first_version(codebook)
    if version == first:
        return ordered.iloc[:0], ""
    known = ", ".join(dict.fromkeys([first, *places]))
    raise TableError(Problem("codebook", "version", f"version '{version}'", f"one of {known}", "Name one of these."))
