"""The gate before a page is written: nobody outside the team reads a participant's words that nobody cleared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final

import pandas as pd

from engagement_lib.sharing.clearance import Word, cleared_passages, participants_words, split_words
from engagement_lib.tables import COUNT, TEXT, Study

Run = tuple[str, ...]
_COLUMNS: Final = {"source_id": TEXT, "start": COUNT, "end": COUNT, "words": COUNT, "quote": TEXT}
# Tags that may stand within a word.
_INLINE: Final = re.compile("a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var|wbr")


def uncleared_passages(html: str, study: Study, *, words: int = 8) -> pd.DataFrame:
    """The passages of participants that a finished page shows and nobody cleared, one row a passage; no rows where all is well.

    A passage is found where `words` words in a row are the same, whatever the capitals, punctuation or mark-up: in the text, in
    alternative texts and in comments of the page. The study's own wording (claims, definitions, questions) is no passage, though
    a participant may have repeated it. An answer of fewer words is not found.

    Parameters
    ----------
    html
        The page as it will be written.
    study
        With the texts, and the events that say which passages are cleared.
    words
        How many words in a row make a passage.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `words` (how many), `quote`, in the order of the sources. It holds what must not be shared.

    Examples
    --------
    >>> from pathlib import Path
    >>> from engagement_lib.settings import Settings
    >>> from engagement_lib.tables import check_table, empty_table
    >>> names = ("sources", "cases", "codebook", "codings", "readings", "memos", "claims", "events")
    >>> study = Study(Path(), Settings(title="Pilot"), **{name: empty_table(name) for name in names})
    >>> said = {"source_id": ["S1"], "kind": ["survey"], "text": ["I was asked, and never heard what became of it."]}
    >>> from dataclasses import replace
    >>> study = replace(study, sources=check_table("sources", pd.DataFrame(said)), audience="public")
    >>> uncleared_passages("<p>She was asked and never heard what became of it</p>", study)[["source_id", "start", "words"]]
      source_id  start  words
    0        S1      2      9
    """
    suspect = _shown_runs(html, words) - _allowed_runs(study, words)
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    rows = [
        (source_id, said[first][1], said[last][2], last - first + 1, texts[source_id][said[first][1] : said[last][2]])
        for source_id, said in (participants_words(study) if suspect else ())
        for first, last in _stretches(said, suspect, words)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def repeats_uncleared(texts: Iterable[str], study: Study, *, words: int = 8) -> list[bool]:
    """Whether each text repeats `words` words in a row of a participant that nobody cleared."""
    runs = [_runs([text], words) for text in texts]
    suspect = set().union(*runs)
    if suspect:
        suspect -= _allowed_runs(study, words)
    said = {
        run
        for _, spoken in (participants_words(study) if suspect else ())
        for first, last in _stretches(spoken, suspect, words)
        for run in _windows([word for word, _, _ in spoken[first : last + 1]], words)
    }
    return [not said.isdisjoint(mine) for mine in runs]


class _Reader(HTMLParser):
    """What a page says, in two readings: as it is seen, and with a gap at every tag; and what its attributes and comments say."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.parts: list[str] = []
        self.aside: list[str] = []

    def handle_data(self, data: str) -> None:
        self.seen.append(data)
        self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        self.aside.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.aside += [value for name, value in attrs if value and not (name == "src" and value.startswith("data:"))]
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not _INLINE.fullmatch(tag):
            self.seen.append(" ")


def _shown_runs(html: str, words: int) -> set[Run]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _runs(["".join(reader.seen), " ".join(reader.parts), *reader.aside], words)


def _allowed_runs(study: Study, words: int) -> set[Run]:
    """The runs of the researchers' own wording, and of the passages that are cleared."""
    settings, claims, codebook = study.settings, study.claims, study.codebook
    own = [settings.title, settings.question, *settings.questions.values(), *(wave.title for wave in settings.waves.values())]
    own += [text for column in ("statement", "scope", "would_count_against") for text in claims[column]]
    own += [text for column in ("definition", "include", "exclude", "counter_evidence") for text in codebook[column]]
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    cleared = [texts.get(source_id, "")[start:end] for source_id, start, end in sorted(cleared_passages(study))]
    return _runs([*own, *cleared], words)


def _runs(texts: Iterable[str], words: int) -> set[Run]:
    return {run for text in texts for run in _windows([word for word, _, _ in split_words(text)], words)}


def _windows(plain: list[str], words: int) -> Iterator[Run]:
    return (tuple(plain[at : at + words]) for at in range(len(plain) - words + 1))


def _stretches(said: list[Word], suspect: set[Run], words: int) -> Iterator[tuple[int, int]]:
    """The first and last word of each stretch all of whose runs are suspect."""
    first = last = -1
    for at, run in enumerate(_windows([word for word, _, _ in said], words)):
        if run not in suspect:
            continue
        if first >= 0 and at > last + 1:
            yield first, last
            first = -1
        first, last = (at if first < 0 else first), at + words - 1
    if first >= 0:
        yield first, last
