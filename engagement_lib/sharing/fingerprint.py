"""What a study holds, in one number, so that prose can say for which study it was written."""

from __future__ import annotations

import hashlib
from typing import Final

from engagement_lib.tables import Study

_TEXTS: Final = ["source_id", "text_sha256"]
_TABLES: Final = ("codebook", "codings", "claims")
# Columns that tables have gained since: while they are empty a study keeps the hash that it had without them.
_GAINED: Final = ("counter_evidence",)


def study_hash(study: Study) -> str:
    """The SHA-256 of a study's texts, codebook, codings and claims, in hexadecimal; the order of rows does not matter.

    What people decide later (verdicts, cleared quotes, memos) and who reads do not change it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> study_hash(study)[:12]
    'dcbc94955cf2'
    """
    digest = hashlib.sha256()
    for table in (study.sources[_TEXTS], *(getattr(study, name) for name in _TABLES)):
        columns = sorted(column for column in table.columns if column not in _GAINED or (table[column] != "").any())
        rows = table[columns].sort_values(columns, ignore_index=True)
        digest.update(rows.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        digest.update(b"\0")
    return digest.hexdigest()
