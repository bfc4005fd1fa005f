"""Settings to the words of a `study.toml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(values: Mapping[str, Any]) -> str:
    r"""The values as TOML: texts, numbers, lists of them, sections, and lists of sections; what is empty is left out.

    Examples
    --------
    >>> print(as_toml({"title": "Pilot", "waves": {"1": {"prompted": False}}, "surveys": [{"file": "a.csv"}]}), end="")
    title = "Pilot"
    <BLANKLINE>
    [waves.1]
    prompted = false
    <BLANKLINE>
    [[surveys]]
    file = "a.csv"
    """
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    sections = {name: value for name, value in values.items() if _is_section(value)}
    for name, value in values.items():
        if name not in sections:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in sections.items():
        here = (*path, name)
        for part in [value] if isinstance(value, Mapping) else value:
            said = ".".join(map(_key, here))
            own = any(not _is_section(held) for held in part.values()) or not isinstance(value, Mapping)
            yield from ["", f"[{said}]" if isinstance(value, Mapping) else f"[[{said}]]"] if own else []
            yield from _lines(part, here)


def _is_section(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and isinstance(value[0], Mapping)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    # A text of JSON is one of TOML, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
