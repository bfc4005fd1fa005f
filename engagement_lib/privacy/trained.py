"""Names found by a trained spaCy model, where one is installed: beside the rules, never instead of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from engagement_lib.errors import Problem, StudyError
from engagement_lib.privacy.corpus import Text
from engagement_lib.privacy.finds import ORGANISATION, PERSON, PLACE, Find

if TYPE_CHECKING:
    from spacy.language import Language

# DATE is left out: models call "last week" and "two years" dates.
_KINDS: Final = {"PERSON": PERSON, "PER": PERSON, "ORG": ORGANISATION, "GPE": PLACE, "LOC": PLACE, "FAC": PLACE}


@cache
def load_model(name: str) -> Language:
    """The spaCy model of this name, loaded once and never downloaded.

    Raises
    ------
    StudyError
        Where it is not installed, or recognises no names.
    """
    import spacy

    try:
        model = spacy.load(name)
    except OSError as fault:
        remedy = 'Install the model, or leave `model` at "" for the rules alone.'
        raise StudyError(Problem("find_identifiers", "model", f"'{name}'", "an installed spaCy model", remedy)) from fault
    if not {"ner", "entity_ruler"} & set(model.pipe_names):
        remedy = 'Name a model that recognises names, or leave `model` at "".'
        raise StudyError(Problem("find_identifiers", "model", f"'{name}' without names", "a model with the part 'ner'", remedy))
    return model


def find_by_model(text: Text, name: str) -> Iterator[Find]:
    """People, places and organisations that the model sees; the rule names the model and its version."""
    model = load_model(name)
    rule = f"{model.meta['lang']}_{model.meta['name']} {model.meta['version']}"
    for entity in model(text.spoken).ents:
        if kind := _KINDS.get(entity.label_):
            yield Find(entity.start_char, entity.end_char, kind, rule, "medium")
