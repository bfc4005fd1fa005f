"""Findings by Presidio, an optional extra, beside those of the library itself: on a blank pipeline and without the network."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final, Protocol

import pandas as pd

from engagement_lib.errors import Problem, StudyError
from engagement_lib.privacy.finds import INDIRECT, ORGANISATION, PERSON, PLACE
from engagement_lib.tables import COUNT, TEXT

# What Presidio calls the kinds; any other keeps its name, in small letters and with blanks.
_KINDS: Final[Mapping[str, str]] = {
    "PERSON": PERSON,
    "LOCATION": PLACE,
    "ORGANIZATION": ORGANISATION,
    "UK_NHS": "NHS number",
    "UK_NINO": "National Insurance number",
    "UK_POSTCODE": "postcode",
    "UK_PASSPORT": "passport",
    "UK_DRIVING_LICENCE": "driving licence",
    "UK_VEHICLE_REGISTRATION": "vehicle registration",
    "IBAN_CODE": "bank account",
    "CREDIT_CARD": "payment card",
    "EMAIL_ADDRESS": "e-mail",
    "PHONE_NUMBER": "telephone",
    "IP_ADDRESS": "IP address",
}
# Those for e-mail and web addresses ask the network for a list of domains when they are first used, and are left out.
_RECOGNISERS: Final = (
    "NhsRecognizer",
    "UkNinoRecognizer",
    "UkPostcodeRecognizer",
    "UkPassportRecognizer",
    "UkDrivingLicenceRecognizer",
    "UkVehicleRegistrationRecognizer",
    "IbanRecognizer",
    "CreditCardRecognizer",
    "IpRecognizer",
)
_HIGH: Final = 0.85
_MEDIUM: Final = 0.4
_AROUND: Final = 40
_COLUMNS: Final = (
    {"source_id": TEXT, "start": COUNT, "end": COUNT}
    | dict.fromkeys(("kind", "rule", "quote", "confidence"), TEXT)
    | {"direct": "bool", "context": TEXT}
)


class Analyzer(Protocol):
    """What looks for identifiers in a text, as Presidio's `AnalyzerEngine` does."""

    def analyze(self, text: str, *, language: str) -> list[Any]:
        """What was found: each with `entity_type`, `start`, `end`, `score` and `recognition_metadata`."""
        ...


def find_by_presidio(sources: pd.DataFrame, *, analyzer: Analyzer) -> pd.DataFrame:
    """What Presidio finds, in the columns of `find_identifiers`, to be put below its rows before the review.

    Parameters
    ----------
    sources
        The texts: `source_id` and `text`.
    analyzer
        `offline_analyzer()`, or one of your own. Presidio's default one asks the network for a list of domains.

    Notes
    -----
    A score of .85 or more is "high", of .4 or more "medium", any other "low". The rule names Presidio's recogniser.

    Examples
    --------
    >>> class Nobody:
    ...     def analyze(self, text, *, language):
    ...         return []
    >>> len(find_by_presidio(pd.DataFrame({"source_id": ["P1"], "text": ["Ask Ann."]}), analyzer=Nobody()))
    0
    """
    rows = [
        _row(source, text, found)
        for source, text in sorted(zip(sources["source_id"], sources["text"], strict=True))
        for found in analyzer.analyze(text, language="en")
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    return table.sort_values(["source_id", "start", "end", "kind"], ignore_index=True)


def offline_analyzer() -> Analyzer:
    """Presidio's recognisers of UK numbers on a pipeline without a model; nothing is downloaded and no network asked.

    Raises
    ------
    StudyError
        Where Presidio is not installed.
    """
    try:
        import presidio_analyzer
        from presidio_analyzer import predefined_recognizers
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError as fault:
        remedy = "Install the extra 'presidio', or go on without: the library's own rules find the same kinds."
        raise StudyError(Problem("offline_analyzer", "", "no Presidio", "the package presidio-analyzer", remedy)) from fault
    import spacy

    engine = SpacyNlpEngine()
    # Given here, a blank pipeline keeps the engine from loading, or fetching, a model of its own.
    engine.nlp = {"en": spacy.blank("en")}
    registry = presidio_analyzer.RecognizerRegistry(
        recognizers=[getattr(predefined_recognizers, name)() for name in _RECOGNISERS], supported_languages=["en"]
    )
    made: Analyzer = presidio_analyzer.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    return made


def _row(source: str, text: str, found: Any) -> tuple[Any, ...]:
    start, end, score = int(found.start), int(found.end), float(found.score)
    kind = _KINDS.get(found.entity_type, found.entity_type.replace("_", " ").lower())
    name = (found.recognition_metadata or {}).get("recognizer_name", "a recogniser")
    confidence = "high" if score >= _HIGH else "medium" if score >= _MEDIUM else "low"
    context = " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
    rule = f"{name} of Presidio {_version()}"
    return source, start, end, kind, rule, text[start:end], confidence, kind not in INDIRECT, context


def _version() -> str:
    try:
        return version("presidio-analyzer")
    except ModuleNotFoundError:
        return "(unknown version)"
