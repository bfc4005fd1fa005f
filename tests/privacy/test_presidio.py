import sys
from importlib.metadata import PackageNotFoundError
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest

from engagement_lib.errors import StudyError
from engagement_lib.privacy import presidio
from engagement_lib.privacy.presidio import find_by_presidio, offline_analyzer
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.tables import empty_table

SOURCES = pd.DataFrame({"source_id": ["P2", "P1"], "text": ["AB123456C is mine.", "Ann lives in SW1A 1AA."]})


def found(text, words, kind, score, name="Some"):
    at = text.index(words)
    about = {"recognizer_name": name} if name else None
    return SimpleNamespace(entity_type=kind, start=at, end=at + len(words), score=score, recognition_metadata=about)


class StandIn:
    """Finds what Presidio might find."""

    def analyze(self, text, *, language):
        assert language == "en"
        said = [("AB123456C", "UK_NINO", 0.5, "UkNinoRecognizer"), ("SW1A 1AA", "UK_POSTCODE", 0.1, "UkPostcodeRecognizer")]
        said += [("Ann", "PERSON", 0.85, ""), ("Ann", "US_THING", 0.9, "Other")]
        return [found(text, words, kind, score, name) for words, kind, score, name in said if words in text]


@pytest.fixture
def known_version(monkeypatch):
    monkeypatch.setattr(presidio, "version", lambda name: "2.2")


def test_what_presidio_finds_has_the_columns_and_kinds_of_our_own_findings(known_version):
    table = find_by_presidio(SOURCES, analyzer=StandIn())
    assert table[["source_id", "quote", "kind", "confidence", "direct", "rule"]].to_numpy().tolist() == [
        ["P1", "Ann", "person", "high", True, "a recogniser of Presidio 2.2"],
        ["P1", "Ann", "us thing", "high", True, "Other of Presidio 2.2"],
        ["P1", "SW1A 1AA", "postcode", "low", True, "UkPostcodeRecognizer of Presidio 2.2"],
        ["P2", "AB123456C", "National Insurance number", "medium", True, "UkNinoRecognizer of Presidio 2.2"],
    ]
    assert table.loc[3, "context"] == "AB123456C is mine."


def test_they_can_be_replaced(known_version):
    table = find_by_presidio(SOURCES, analyzer=StandIn())
    texts = pseudonymise(SOURCES, table, key=b"a7c1e05b9d2f48366e8d0b7f1c95a234", level="public").sources["text"].tolist()
    assert texts == ["[National Insurance number] is mine.", "[Person] lives in [postcode]."]


def test_no_sources_give_an_empty_table():
    table = find_by_presidio(empty_table("sources"), analyzer=StandIn())
    assert table.dtypes.astype(str)["direct"] == "bool"
    assert len(table) == 0


def test_a_presidio_of_unknown_version_is_named_so(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(presidio, "version", missing)
    assert find_by_presidio(SOURCES, analyzer=StandIn()).loc[0, "rule"].endswith("of Presidio (unknown version)")


def test_without_presidio_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    with pytest.raises(StudyError, match="found no Presidio; expected the package presidio-analyzer"):
        offline_analyzer()


def test_the_analyzer_stands_on_a_blank_pipeline_and_leaves_out_what_asks_the_network(monkeypatch):
    made = {}
    package, engines, recognisers = (ModuleType(name) for name in ("presidio_analyzer", "nlp_engine", "predefined_recognizers"))
    engines.SpacyNlpEngine = type("SpacyNlpEngine", (), {"nlp": None})
    recognisers.__getattr__ = lambda name: lambda: name
    package.predefined_recognizers, package.nlp_engine = recognisers, engines
    package.RecognizerRegistry = lambda **options: options
    package.AnalyzerEngine = lambda **options: made.update(options) or StandIn()
    for name, module in (("", package), (".nlp_engine", engines), (".predefined_recognizers", recognisers)):
        monkeypatch.setitem(sys.modules, f"presidio_analyzer{name}", module)
    assert isinstance(offline_analyzer(), StandIn)
    assert made["nlp_engine"].nlp["en"].pipe_names == []
    assert "UkNinoRecognizer" in made["registry"]["recognizers"]
    assert {"EmailRecognizer", "UrlRecognizer"} & set(made["registry"]["recognizers"]) == set()
