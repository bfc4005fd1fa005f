"""`study.toml` to `Settings`, every mistake named by its key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from engagement_lib.errors import Problem, StudyError
from engagement_lib.loading.text import decode, read_bytes
from engagement_lib.settings import Settings

STUDY_FILE = "study.toml"
# What pydantic calls a tuple or a dictionary, in the words of somebody who writes TOML.
_EXPECTED = {
    "string_type": "text in quotation marks",
    "string_too_short": "at least one character",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list in [ ], or a section under [[ ]]",
    "dict_type": "a section under [ ]",
    "model_type": "a section under [ ]",
    "question": "a column in quotation marks, or a list of columns",
}


def read_settings(folder: Path) -> Settings:
    """What the folder's `study.toml` says.

    Raises
    ------
    StudyError
        Where there is no such file, it is not TOML, or it has keys or values that `Settings` does not know: all at once.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "no such folder"
        remedy = "Name the folder itself." if folder.exists() else "Mend the path, or make a study with `engagement new`."
        raise StudyError(Problem(str(folder), "", found, f"a folder with {STUDY_FILE}", remedy))
    text = decode(read_bytes(folder / STUDY_FILE, error=StudyError), origin=STUDY_FILE, error=StudyError)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise StudyError(_not_toml(str(fault))) from fault
    try:
        return Settings.model_validate(_tuples(values))
    except ValidationError as fault:
        raise StudyError(dict.fromkeys(_problem(error, text) for error in fault.errors())) from fault


def _not_toml(fault: str) -> Problem:
    said, _, place = fault.removesuffix(")").partition(" (at ")
    remedy = "Mend the line; text stands in quotation marks."
    return Problem(STUDY_FILE, place, f"what is not TOML ({said})", "a key, a value or a section", remedy)


def _tuples(value: Any) -> Any:
    """TOML's lists as tuples, which settings hold so that they cannot change."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _problem(error: Any, text: str) -> Problem:
    path, fault = error["loc"], error["type"]
    if path[2:3] == ("questions",) and len(path) > 4:  # pydantic adds which it tried, a column or a list of columns
        path, fault = path[:4], "question"
    key = ".".join(str(part) for part in path)
    line = _line(path[:-1] if fault == "missing" else path, text)
    place = f"line {line}, key '{key}'" if line else f"key '{key}'"
    if fault == "extra_forbidden":
        known = _known_keys(path)
        near = get_close_matches(str(path[-1]), known, n=1)
        remedy = f"Did you mean '{near[0]}'?" if near else "Take it out, or mend its name."
        return Problem(STUDY_FILE, place, f"the unknown key '{path[-1]}'", f"one of {', '.join(known)}", remedy)
    if fault == "missing":
        return Problem(STUDY_FILE, place, "nothing", f"a value for '{path[-1]}'", "Add the key.")
    expected = _EXPECTED.get(fault) or error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Problem(STUDY_FILE, place, repr(error["input"]), expected, "Mend the value.")


def _known_keys(path: tuple[Any, ...]) -> list[str]:
    """The keys that may stand where this one does."""
    section: type[BaseModel] = Settings
    for part in path[:-1]:
        if isinstance(part, str) and part in section.model_fields:
            section = _model_in(section.model_fields[part].annotation) or section
    return list(section.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)


def _line(path: Iterable[Any], text: str) -> int:
    """The line on which a key stands: each part of its path is looked for below the one before; 0 where it is not found."""
    at = found = 0
    lines = text.split("\n")
    for part in path:
        if isinstance(part, int):
            at = _skip(lines, at, part)
            found = at + 1
            continue
        pattern = re.compile(
            rf"\s*(?:\[+.*\b{re.escape(part)}\b.*\]+|[\"']?{re.escape(part)}[\"']?\s*[=.])|.*[{{,.]\s*{re.escape(part)}\s*="
        )
        match = next((number for number in range(at, len(lines)) if pattern.match(lines[number])), None)
        if match is None:
            return found
        at, found = match, match + 1
    return found


def _skip(lines: list[str], at: int, times: int) -> int:
    """The line of the `times`-th table of the array whose first table stands at line `at`."""
    header = lines[at].strip()
    for _ in range(times):
        at = next((number for number in range(at + 1, len(lines)) if lines[number].strip() == header), at)
    return at
