"""What an event must say to be added to a log, in which nothing can be mended later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.events import (
    ABOUT,
    CODE_ADDED,
    CODE_MERGED,
    CODE_MOVED,
    CODE_RENAMED,
    CODE_RETIRED,
    CODE_SPLIT,
    CODING,
    CODING_ADDED,
    CODING_STANCE,
    IDENTIFIER_DECIDED,
    RUN_RECORDED,
    SOURCE_FINISHED,
    SOURCE_READ,
    SOURCE_SIGNED_OFF,
    THEME_DECISION,
    THEME_RECORDED,
    read_time,
)
from engagement_lib.errors import Problem, TableError
from engagement_lib.loading.text import normalise
from engagement_lib.privacy.decisions import DECISIONS, EVERYWHERE, HERE, IDENTIFIER, SAME
from engagement_lib.tables import LAYERS, SCHEMAS, STANCES, TEXT, check_table, records, row_place

_REMEDY: Final = "Mend it, and add the events again; none of them was added."


def check_events(events: pd.DataFrame, *, origin: str = "events") -> pd.DataFrame:
    """The events in their shape, in normalised text, those of a known kind with what that kind must say; ids may be blank.

    A kind that is not known is kept, unless it looks like one that is misspelt.

    Raises
    ------
    TableError
        With everything there is to mend: what is added to a log cannot be mended later.

    Examples
    --------
    >>> from engagement_lib.coding.events import make_event
    >>> check_events(pd.DataFrame([make_event("verdict given", "C1", author="AB", value="supported")])).loc[0, "about_type"]
    'claim'
    """
    blank = pd.Series("", index=events.index, dtype=TEXT)
    given = events["event_id"].fillna("").astype(str) if "event_id" in events.columns else blank
    # The check of the table wants an id in every row; a new event has none yet.
    stand_in = pd.Series([f"\x00{row}" for row in range(len(events))], index=events.index, dtype=TEXT)
    table = check_table("events", events.assign(event_id=given.where(given != "", stand_in)), origin=origin)
    table["event_id"] = given.to_numpy()
    problems = [
        Problem(
            origin, f"event '{row['event_id']}'" if row["event_id"] else row_place(events, position), found, expected, _REMEDY
        )
        for position, row in enumerate(records(table))
        for found, expected in _faults(row)
    ]
    if problems:
        raise TableError(problems)
    times = [read_time(at) if at else "" for at in table["at"]]
    texts = {name: column.map(normalise) for name, column in table.items()}
    return pd.DataFrame(texts | {"at": pd.Series(times, index=table.index)}, dtype=TEXT)


def _faults(event: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is found and what expected, of all that is wrong with an event."""
    kind, about = event["kind"], event["about_type"]
    text = "".join(event.values())
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        yield "a character that no text file can hold (U+0000, or half of a surrogate pair)", "characters of text"
        return
    if event["at"]:
        try:
            read_time(event["at"])
        except TableError as error:
            yield f"at {error.problems[0].found}", error.problems[0].expected
    if kind not in ABOUT:
        if near := get_close_matches(kind.casefold(), ABOUT, n=1, cutoff=0.85):
            yield f"kind '{kind}'", f"'{near[0]}'"
        return
    if not event["about_id"] or about != (ABOUT[kind] or about or "something"):
        yield f"about_type '{about}' and about_id '{event['about_id']}'", f"the {ABOUT[kind] or 'thing'} that it is about"
    if kind in VALUES:
        yield from _value_faults(event["value"], VALUES[kind])


def _value_faults(text: str, shape: _Shape) -> Iterator[tuple[str, str]]:
    try:
        value = json.loads(text or "{}")
    except json.JSONDecodeError:
        value = None
    shown = f"the value '{text[:40]}'"
    if not isinstance(value, dict):
        yield shown, "named values as JSON"
    elif missing := [name for name in shape.required if value.get(name) in (None, "")]:
        yield shown, f"JSON that names {', '.join(missing)}"
    elif strange := [name for name in value if name not in (*shape.required, *shape.optional)]:
        yield f"'{strange[0]}' in {shown}", f"only {', '.join((*shape.required, *shape.optional))}"
    elif wrong := [name for name, held in value.items() if name not in shape.numbers and not isinstance(held, str)]:
        yield f"{value[wrong[0]]!r} for '{wrong[0]}'", "text in quotation marks"
    elif fault := shape.check(value):
        yield shown, fault


def _check_coding(value: dict[str, Any]) -> str:
    start, end = value["start"], value["end"]
    if not (type(start) is int and type(end) is int and 0 <= start < end):
        return "whole numbers for start and end, the first the smaller"
    sound = value.get("layer", LAYERS[0]) in LAYERS and value.get("stance", STANCES[0]) in STANCES
    return "" if sound else f"a layer of {', '.join(LAYERS)} and a stance of {', '.join(STANCES)}"


def _check_reading(value: dict[str, Any]) -> str:
    drawn = value.get("draw_probability", 1)
    return "" if isinstance(drawn, int | float) and 0 < drawn <= 1 else "a draw_probability above 0 and at most 1"


def _check_split(value: dict[str, Any]) -> str:
    into, known = value["into"], {"code", *_CODE}
    sound = isinstance(into, list) and all(
        isinstance(code, dict)
        and code.get("code")
        and set(code) <= known
        and all(isinstance(held, str) for held in code.values())
        for code in into
    )
    return "" if sound else "a list of the codes that it is split into, each with its 'code' and what the codebook says of it"


def _check_move(value: dict[str, Any]) -> str:
    return "" if "parent" in value else 'JSON that names the parent, "" for none'


def _check_stance(value: dict[str, Any]) -> str:
    return "" if value["stance"] in STANCES else f"a stance of {', '.join(STANCES)}"


def _check_identifier(value: dict[str, Any]) -> str:
    decision = value["decision"]
    if decision not in DECISIONS or value.get("scope", HERE) not in (HERE, EVERYWHERE):
        return f"a decision of {', '.join(DECISIONS)} and a scope of {HERE}, {EVERYWHERE}"
    lacking = [
        name
        for name, wanted in (("kind", (IDENTIFIER, SAME)), ("same_as", (SAME,)))
        if decision in wanted and not value.get(name)
    ]
    return f"a {lacking[0]} for the decision '{decision}'" if lacking else ""


def _check_theme_decision(value: dict[str, Any]) -> str:
    needed = THEME_DECISIONS.get(value["decision"])
    if needed is None:
        return f"a decision of {', '.join(THEME_DECISIONS)}"
    return "" if all(value.get(name) for name in needed) else f"beside it {', '.join(needed)}"


def _check_run(value: dict[str, Any]) -> str:
    wrong = [name for name, kind in _RUN.items() if name in value and not isinstance(value[name], kind)]
    return f"{' and '.join(wrong)} as `engagement update` writes them" if wrong else ""


@dataclass(frozen=True)
class _Shape:
    """What the value of a kind must name and what it may, which of these are no texts, and what else is wrong ("" if nothing)."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    check: Callable[[dict[str, Any]], str] = lambda _: ""


# What each decision about a theme must say beside its name.
THEME_DECISIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "merge": ("into",),
    "split": ("into", "texts"),
    "exclude": (),
    "include": (),
    "move": ("texts",),
}
# What else a recorded run may say, and as what.
_RUN: Final[Mapping[str, type]] = {"files": dict, "respondents": dict, "claims": dict, "codes": dict, "gaps": list}
_CODE: Final = tuple(column for column in SCHEMAS["codebook"].columns if column != "code")
# The kinds whose value is JSON.
VALUES: Final[Mapping[str, _Shape]] = {
    SOURCE_READ: _Shape((), ("coder", "round", "draw_probability"), ("draw_probability",), _check_reading),
    SOURCE_FINISHED: _Shape((), ("coder", "finished")),
    CODING_ADDED: _Shape(CODING[:4], CODING[4:], ("start", "end"), _check_coding),
    CODING_STANCE: _Shape(("stance",), check=_check_stance),
    CODE_ADDED: _Shape((), (*_CODE, "version")),
    CODE_RENAMED: _Shape(("code",), ("version",)),
    CODE_MOVED: _Shape((), ("parent", "version"), check=_check_move),
    CODE_MERGED: _Shape(("into",), ("version",)),
    CODE_SPLIT: _Shape(("into",), ("version",), ("into",), _check_split),
    CODE_RETIRED: _Shape((), ("version",)),
    IDENTIFIER_DECIDED: _Shape(("decision", "quote"), ("kind", "same_as", "scope"), check=_check_identifier),
    SOURCE_SIGNED_OFF: _Shape(("text_sha256",)),
    THEME_RECORDED: _Shape(("run", "status"), ("name", "parents", "first_run", "last_run", "members")),
    THEME_DECISION: _Shape(("decision",), ("name", "into", "texts", "answer"), check=_check_theme_decision),
    RUN_RECORDED: _Shape(("run",), tuple(_RUN), tuple(_RUN), _check_run),
}
