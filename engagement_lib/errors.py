"""What can go wrong, said so that a researcher can mend it.

A `Problem` is one thing to mend; an error carries all that were found, so that nobody mends a study one message at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend.

    `file` is relative to the study's folder, `place` a line, row, key or cell of it ("" when the whole file is meant),
    `found` what stands there, `expected` what should, `remedy` what to do.

    Examples
    --------
    >>> print(Problem("cases.csv", "row 7", "case_id 'P03' a second time", "one row a case", "Give one of them another id."))
    cases.csv, row 7: found case_id 'P03' a second time; expected one row a case. Give one of them another id.
    """

    file: str
    place: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        # A file's name may hold a line break, and would then look like two problems.
        where = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in where)
        return f"{where}: found {self.found}; expected {self.expected}. {self.remedy}"


class EngagementError(ValueError):
    """What the library raises on bad input; `problems` holds every `Problem` found, in the order of the files."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StudyError(EngagementError):
    """A study that cannot be opened as it stands."""


class TranscriptError(EngagementError):
    """A transcript that cannot be read without losing a word."""


class TableError(EngagementError):
    """A table that is not of the shape it should have."""


class StoreError(EngagementError):
    """A store of events that cannot be opened, read or written to; nothing that it holds is lost by it."""
