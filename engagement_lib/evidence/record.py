"""All that is known of each claim in one record, for programs: what `evidence.json` holds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.confidence import confidence
from engagement_lib.evidence.register import claims_register
from engagement_lib.evidence.sensitivity import AS_IT_STANDS, sensitivity
from engagement_lib.evidence.triangulation import triangulate
from engagement_lib.evidence.verdicts import verdict_rule, verdicts
from engagement_lib.tables import Study, records

VERSION: Final = 1
_APPRAISED: Final = ("base", "supporting", "qualifying", "contradicting", "both", "passages", "share", "low", "high", "interval",
                     "contradiction", "largest_share", "kinds", "indicated", "because")  # fmt: skip
_CELL: Final = ("kind", "group", "base", "asked", "supporting", "qualifying", "contradicting", "reading", "basis")
_CONFIDENCE: Final = ("methods", "coherence", "adequacy", "relevance", "proposed", "rating", "basis", "alpha_low", "coverage")
_VARIATION: Final = ("variation", "value", "base", "supporting", "share", "indicated", "flips")


def evidence_record(study: Study) -> dict[str, Any]:
    """What the evidence says of each claim, as nested dictionaries of plain values; undefined numbers are None.

    Prompted waves are left out. No quotations are in it, so that it may stand beside a page for anybody. `docs/evidence-json.md`
    says what every key means.

    Examples
    --------
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> evidence_record(study)["claims"]
    []
    """
    tables = {
        "appraisal": (appraise_claims(study), _APPRAISED),
        "verdict": (verdicts(study), ("verdict", "by", "at", "reason")),
        "register": (claims_register(study), ("registered", "by", "first_coded", "before_coding", "unchanged")),
        "confidence": (confidence(study), _CONFIDENCE),
    }
    single = {name: {row["claim_id"]: _some(row, keys) for row in records(table)} for name, (table, keys) in tables.items()}
    cells, varied = triangulate(study), sensitivity(study)
    claims = []
    for claim in records(study.claims):
        name = claim["claim_id"]
        entry = {key: claim[key] for key in ("claim_id", "theme", "statement", "codes", "scope", "would_count_against")}
        entry |= {part: known.get(name) for part, known in single.items()}
        entry["cells"] = _list(cells, name, _CELL)
        entry["without"] = _list(varied[varied["variation"] != AS_IT_STANDS], name, _VARIATION)
        standing = varied[(varied["claim_id"] == name) & (varied["variation"] == AS_IT_STANDS)]["fragility"]
        entry["fragility"] = int(standing.iloc[0]) if len(standing) else None
        claims.append(entry)
    settings = study.settings
    return {
        "version": VERSION,
        "title": settings.title,
        "question": settings.question,
        "synthetic": settings.synthetic,
        "rule": records(verdict_rule(settings)),
        "thresholds": {"verdicts": settings.verdicts.model_dump(), "confidence": settings.confidence.model_dump()},
        "claims": claims,
    }


def write_evidence(study: Study, path: str | Path) -> Path:
    """Write `evidence_record` as JSON, with sorted keys so that two runs can be compared line by line; the path is returned.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    path.write_text(json.dumps(evidence_record(study), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _list(table: pd.DataFrame, claim: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_some(row, keys) for row in records(table[table["claim_id"] == claim])]


def _some(row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: _plain(row[key]) for key in keys}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value
