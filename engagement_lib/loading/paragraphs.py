"""The paragraphs and tables of a word processor's file to turns. For Word and OpenDocument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from engagement_lib.loading.account import Reading
from engagement_lib.loading.lines import CLOCK, read_lines
from engagement_lib.loading.text import normalise

_CLOCK: Final = re.compile(CLOCK)


def read_paragraphs(blocks: Iterable[tuple[str, bool]]) -> Reading:
    """The turns in paragraphs and table rows, each given with whether it stands in a table.

    Where each turn has its time, as meeting software writes it, a table is nobody's words, and is set aside.

    Examples
    --------
    >>> read_paragraphs([("Helen: Who uses it?", False), ("P01: No idea.", False), ("Helen: Really?", False)]).turns[1].words
    'No idea.'
    """
    lines = list(paragraph_lines(blocks))
    beside = read_lines("\n".join("" if in_table else line for line, in_table in lines))
    if not beside.turns or any(turn.time_start is None for turn in beside.turns):
        return read_lines("\n".join(line for line, _ in lines))
    at = 0
    tables = []
    for line, in_table in lines:
        if in_table:
            tables.append((at, line, "table beside the turns"))
        at += 1 if in_table else len(line) + 1
    beside.account.put_back(tables)
    return beside


def paragraph_lines(blocks: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The lines of paragraphs and table rows in their order, and whether each stands in a table."""
    for text, in_table in blocks:
        yield from ((line, in_table) for line in normalise(text).split("\n"))


def table_row(cells: Sequence[str]) -> str:
    """A table's row as a line: the first cell of two or more names the speaker, beside a time if there is one.

    Where the speaker's cell is blank, the last one goes on.
    """
    clock = next((cell for cell in cells[:2] if _CLOCK.fullmatch(cell)), "")
    speaker, *words = [cell for cell in cells if cell != clock or not clock] or [""]
    if not any(words):
        return f"{clock} {speaker}".strip()
    label = f"{speaker.rstrip(':')} [{clock}]:" if clock else f"{speaker.rstrip(':')}:"
    return " ".join([label, *words] if speaker else words)
