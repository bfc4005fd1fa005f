"""Which passages a reader may see: all of them in the team; outside it those that somebody cleared."""

from __future__ import annotations

import re
from typing import Final

from engagement_lib.tables import Study

CLEARED: Final = "quote cleared"
Passage = tuple[str, int, int]
_PLACE: Final = re.compile(r"(.+):(\d+)-(\d+)")


def shows_everything(study: Study) -> bool:
    """Whether every passage may be shown: to the team, or where `study.toml` says so with its reason."""
    return study.audience == "team" or study.settings.sharing.quotes == "all"


def cleared_passages(study: Study) -> set[Passage]:
    """The passages that may be quoted outside the team: source, start, end; none where `study.toml` says "none".

    The latest event about a passage whose kind begins with "quote" holds. What was cleared is taken back by any other such kind,
    or by "quote cleared" with the value "no".
    """
    if study.settings.sharing.quotes == "none":
        return set()
    events = study.events[(study.events["about_type"] == "passage") & study.events["kind"].str.startswith("quote ")]
    latest = events.sort_values(["at", "event_id"]).drop_duplicates("about_id", keep="last")
    holds = (latest["kind"] == CLEARED) & (latest["value"].str.lower() != "no")
    places = (read_place(about) for about in latest.loc[holds, "about_id"])
    return {place for place in places if place}


def read_place(about_id: str) -> Passage | None:
    """The source, start and end that an event about a passage names, None where it names none.

    Examples
    --------
    >>> read_place("P01:120-180")
    ('P01', 120, 180)
    """
    place = _PLACE.fullmatch(about_id)
    return (place[1], int(place[2]), int(place[3])) if place else None
