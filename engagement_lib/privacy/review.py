"""What a second reader goes through: every finding, and whatever might be an identifier that the search passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from engagement_lib.privacy.corpus import Corpus, Text, Word, read_corpus
from engagement_lib.privacy.decisions import EVERYWHERE, HERE
from engagement_lib.privacy.finds import PERSON, PROPER_NAME
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.generalising import generalise
from engagement_lib.privacy.levels import PUBLIC
from engagement_lib.privacy.roster import read_roster
from engagement_lib.tables import COUNT, NUMBER, TEXT, records

FINDING: Final = "finding"
CAPITAL: Final = "capital"
NUMBER_LEFT: Final = "number"
CUE: Final = "cue"
SMALL: Final = "name in small letters"
_AROUND: Final = 60
# What a decision says, by the column of the queue in which it stands.
_DECIDED: Final = {"decision": "decision", "kind_decided": "kind", "same_as": "same_as", "reviewer": "reviewer"}
_COLUMNS: Final = (
    {"source_id": TEXT, "start": COUNT, "end": COUNT}
    | dict.fromkeys(("quote", "what", "kind", "rule"), TEXT)
    | {"doubt": NUMBER}
    | dict.fromkeys((*_DECIDED, "context"), TEXT)
)
_DOUBT: Final = {"low": 0.6, "medium": 0.4, "high": 0.1}
# A country or region, which is what other places are made to, and so stays at every level.
_STAYS: Final = 0.0
_DIGITS: Final = re.compile(r"\d(?:[\d ,./:-]*\d)?")
_FIGURE: Final = re.compile(r"(?:19|20)\d\d|\d{1,3}(?:,\d{3})+")
_AFTER: Final = re.compile(
    r"\b(?:called|named|known as|nicknamed|goes by|name(?:'s|’s| is)|works? (?:at|for)|working (?:at|for)|worked (?:at|for))\s+"
    r"(?P<words>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)?)",
    re.IGNORECASE,
)
# What people do, and things seldom: a word before it that begins a sentence may be somebody's name ("Field never liked it").
_DOES: Final = re.compile(
    r" (?:never|always|said|says|rang|rings|knows|knew|thinks|thought|wants|wanted|asked|asks|told|tells|wrote|writes|liked|"
    r"likes|went|came|left|had|has|does|did|would|could)\b"
)
_RARE: Final = 2


class _Left(NamedTuple):
    start: int
    end: int
    what: str
    kind: str
    rule: str
    doubt: float


def review_queue(
    sources: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    decisions: pd.DataFrame | None = None,
    cases: pd.DataFrame | None = None,
    everything: bool = False,
) -> pd.DataFrame:
    """What a person looks at before a source is signed off, one row a place, the most doubtful first.

    Parameters
    ----------
    sources
        The texts: `source_id` and `text`. Give the whole study at once, as for `find_identifiers`.
    findings
        As `find_identifiers` gives them.
    decisions
        As `identifier_decisions` gives them, to see what is decided already.
    cases
        The recruitment sheet: words on it are doubtful wherever they stand.
    everything
        Also common words at the beginning of a sentence, days, months and languages, which name nobody.

    Returns
    -------
    DataFrame
        `source_id`, `start`, `end`, `quote`; `what`: "finding", or what the search passed over: "capital" (a word with one),
        "number" (four digits or more), "cue" (words after "called", "works at" and the like) or "name in small letters"
        (somebody named elsewhere, or a rare word that is none of English); the `kind` proposed and the `rule`; `doubt` from 0
        (surely an identifier, or surely none) to 1; `decision`, `kind_decided`, `same_as` and `reviewer`, "" where nobody has
        decided; `context`, 60 characters on either side.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["P1"], "text": ["I was told by one they call Spud, then Grace called dobbo."]})
    >>> from engagement_lib.privacy.identifiers import find_identifiers
    >>> review_queue(sources, find_identifiers(sources))[["quote", "what", "doubt"]].values.tolist()
    [['dobbo', 'cue', 0.9], ['Spud', 'finding', 0.6], ['Grace', 'finding', 0.4]]
    """
    corpus = read_corpus(zip(sources["source_id"], sources["text"], strict=True))
    by_source = {str(source): records(rows) for source, rows in findings.groupby("source_id")}
    said = _said(findings)
    sheet = read_roster(cases).words
    rows = [
        _row(text, left)
        for text in corpus.texts
        for left in _all(text, by_source.get(text.source_id, []), (corpus, said, sheet), everything=everything)
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    queue = table.sort_values(
        ["doubt", "source_id", "start", "end", "what"], ascending=[False, True, True, True, True], ignore_index=True
    )
    return queue if decisions is None else overlay_decisions(queue, decisions)


def overlay_decisions(queue: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The queue with what was decided of each place, or else of its words everywhere; decisions that do not hold are passed over.

    Examples
    --------
    >>> from engagement_lib.privacy.decisions import identifier_decisions
    >>> from engagement_lib.tables import empty_table
    >>> queue = review_queue(empty_table("sources"), pd.DataFrame(columns=["source_id", "kind", "quote"]))
    >>> len(overlay_decisions(queue, identifier_decisions(empty_table("events"), empty_table("sources"))))
    0
    """
    valid = [row for row in records(decisions) if not row["reason"]]
    here = {(row["source_id"], row["start"], row["end"]): row for row in valid if row["scope"] == HERE}
    there = {row["quote"]: row for row in valid if row["scope"] == EVERYWHERE}
    places = zip(queue["source_id"], queue["start"], queue["end"], queue["quote"], strict=True)
    held: list[Mapping[str, Any]] = [here.get(place[:3]) or there.get(place[3]) or {} for place in places]
    said = {name: [row.get(key, "") for row in held] for name, key in _DECIDED.items()}
    return queue.assign(**{name: pd.Series(values, queue.index, dtype=TEXT) for name, values in said.items()})


def _all(
    text: Text, found: list[dict[str, Any]], known: tuple[Corpus, frozenset[str], frozenset[str]], *, everything: bool
) -> Iterator[_Left]:
    corpus, said, sheet = known
    taken = bytearray(len(text.text))
    for row in found:
        stays = generalise(row["kind"], row["quote"], PUBLIC) is None
        doubt = _STAYS if stays else _DOUBT[row["confidence"]]
        yield _Left(row["start"], row["end"], FINDING, row["kind"], row["rule"], doubt)
        taken[row["start"] : row["end"]] = b"\1" * (row["end"] - row["start"])
    for lefts in (_after_cues(text, taken), _in_small_letters(text, taken, corpus, said), _numbers(text, taken)):
        # Each looks at what those before it have taken, and so is asked for all that it has before the next one is.
        for left in list(lefts):
            yield left
            taken[left.start : left.end] = b"\1" * (left.end - left.start)
    yield from _capitals(text, taken, sheet, everything=everything)


def _capitals(text: Text, taken: bytearray, sheet: frozenset[str], *, everything: bool) -> Iterator[_Left]:
    """Words with a capital that no finding holds, those that follow one another together."""
    run: list[tuple[Word, str, float]] = []
    for word in text.words:
        rule, doubt = _judge(word, text.spoken[word.end : word.end + 10], sheet)
        free = not any(taken[word.start : word.end]) and (everything or doubt > 0)
        joined = bool(run) and not word.opens and text.spoken[run[-1][0].end : word.start] == " "
        if run and not (free and joined):
            yield _of_run(run)
            run = []
        if free:
            run.append((word, rule, doubt))
    if run:
        yield _of_run(run)


def _of_run(run: list[tuple[Word, str, float]]) -> _Left:
    _, rule, doubt = max(run, key=lambda one: one[2])
    return _Left(run[0][0].start, run[-1][0].end, CAPITAL, PROPER_NAME, rule, doubt)


def _judge(word: Word, after: str, sheet: frozenset[str]) -> tuple[str, float]:
    """Why a word with a capital may name somebody, and how doubtful that it does not."""
    g = load_gazetteer()
    if word.text.lower() in sheet:
        return "on the recruitment sheet", 0.9
    if word.text in g.neutral or len(word.text) == 1 or word.text.lower() in g.openers - g.both:
        return "a word that names nobody", 0.0
    if g.is_name(word.text):
        return "a name that is also a word", 0.8
    if word.opens and _DOES.match(after):
        return "begins a sentence as a person would", 0.7
    if word.opens:
        return ("begins a sentence", 0.0) if g.is_word(word.text) else ("begins a sentence, and is no word", 0.7)
    return "capital amid a sentence", 0.5


def _numbers(text: Text, taken: bytearray) -> Iterator[_Left]:
    for match in _DIGITS.finditer(text.spoken):
        if sum(sign.isdigit() for sign in match.group()) < 4 or any(taken[match.start() : match.end()]):
            continue
        figure = _FIGURE.fullmatch(match.group())
        rule, doubt = ("a year or a figure", 0.2) if figure else ("four digits or more", 0.6)
        yield _Left(*match.span(), NUMBER_LEFT, NUMBER_LEFT, rule, doubt)


def _after_cues(text: Text, taken: bytearray) -> Iterator[_Left]:
    """What stands after a word that names somebody or something, where no finding holds it."""
    g = load_gazetteer()
    for match in _AFTER.finditer(text.spoken):
        start, end = match.span("words")
        first = re.split(r"\s", match["words"])[0]
        if any(taken[start : start + len(first)]):
            continue
        if not g.is_word(first):
            yield _Left(start, start + len(first), CUE, PROPER_NAME, "after a cue, and no word", 0.9)
        elif any(word[0].isupper() for word in match["words"].split()):
            yield _Left(start, end, CUE, PROPER_NAME, "after a cue", 0.7)


def _in_small_letters(text: Text, taken: bytearray, corpus: Corpus, said: frozenset[str]) -> Iterator[_Left]:
    """Words in small letters that name somebody elsewhere, or that are rare and no words of English in a text that is English."""
    g = load_gazetteer()
    small = [word for word in text.all_words if word.text[0].islower() and not any(taken[word.start : word.end])]
    strange = {word.text for word in small if len(word.text) > 3 and not g.is_word(word.text)}
    foreign = 2 * len(strange) > len({word.text for word in small})
    for word in small:
        if word.text in said:
            yield _Left(word.start, word.end, SMALL, PERSON, "named elsewhere with a capital", 0.9)
        elif word.text in strange and not foreign and corpus.all_small[word.text] <= _RARE:
            yield _Left(word.start, word.end, SMALL, PROPER_NAME, "rare, and no word of English", 0.5)


def _said(findings: pd.DataFrame) -> frozenset[str]:
    """The words of people's names that are no words of English, in small letters."""
    g = load_gazetteer()
    quotes = findings.loc[findings["kind"] == PERSON, "quote"].unique()
    words = {word.lower() for quote in quotes for word in re.findall(r"[^\W\d_]{3,}", quote)}
    titles = {title.lower() for title in g.titles}
    return frozenset(word for word in words - titles if not g.is_word(word))


def _row(text: Text, left: _Left) -> tuple[Any, ...]:
    around = " ".join(text.text[max(0, left.start - _AROUND) : left.end + _AROUND].split())
    quote = text.text[left.start : left.end]
    about = (left.what, left.kind, left.rule, left.doubt)
    return text.source_id, left.start, left.end, quote, *about, *[""] * len(_DECIDED), around
