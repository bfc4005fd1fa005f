"""Levels of a source, from raw to public, and which of them each audience may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import pandas as pd

from engagement_lib.errors import Problem, TableError
from engagement_lib.tables import Audience, Study, records

SourceLevel = Literal["raw", "direct", "indirect", "public"]
CleanedLevel = Literal["direct", "indirect", "public"]

RAW: Final = "raw"
DIRECT: Final = "direct"
PUBLIC: Final = "public"
# Each holds less of anybody than the one before: as loaded; without what points to a person by itself; with the rest made
# general; without anything that links two passages of one person.
SOURCE_LEVELS: Final = (RAW, DIRECT, "indirect", PUBLIC)
NEEDED: Final[Mapping[str, SourceLevel]] = {"team": "raw", "working-group": "indirect", "public": "public"}


def check_level(study: Study, audience: Audience | None = None) -> Study:
    """The study, where each source is of the level that the audience needs, and all of it where the study is synthetic.

    The team may see everything, the working group sources of the level "indirect" or above, the public those of "public". A
    source whose level is blank counts as raw. Nobody stands behind a text of a study that its `study.toml` calls synthetic.

    Parameters
    ----------
    audience
        Who will read; the study's own audience where it is None.

    Raises
    ------
    TableError
        With each file of which a source is below the level, the source, and what to do.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> check_level(study, "public") is study
    True
    """
    audience = audience or study.audience
    low = low_sources(study.sources, audience)
    if study.settings.synthetic or low.empty:
        return study
    raise TableError(_problem(rows, str(origin), audience) for origin, rows in low.groupby("origin", sort=True))


def low_sources(sources: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """The sources with words that are below the level which an audience needs; those that say nothing are passed over.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1", "P2"], "level": ["direct", "public"], "text": "No.", "origin": "a.txt"})
    >>> low_sources(sources, "working-group")["source_id"].tolist()
    ['P1']
    """
    return sources[(sources["level"].map(rank) < rank(NEEDED[audience])) & (sources["text"] != "")]


def rank(level: str) -> int:
    """Where a level stands, 0 for raw; one that is not known counts as raw.

    Examples
    --------
    >>> [rank(level) for level in ("", "raw", "public")]
    [0, 0, 3]
    """
    return SOURCE_LEVELS.index(level) if level in SOURCE_LEVELS else 0


def _problem(rows: pd.DataFrame, origin: str, audience: Audience) -> Problem:
    first, needed = records(rows.sort_values("source_id"))[0], NEEDED[audience]
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    found = f"the level '{first['level'] or RAW}'"
    remedy = f"Run `engagement pseudonymise` with `--level {needed}`, a key, a log and a new folder, and report on that folder."
    expected = f"'{needed}' or above for the audience '{audience}'"
    return Problem(origin or "sources", f"source '{first['source_id']}'{more}", found, expected, remedy)
