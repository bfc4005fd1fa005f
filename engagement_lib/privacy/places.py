"""Places, postal addresses, organisations and teams: from the gazetteer, the recruitment sheet and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from engagement_lib.privacy.corpus import Text, Word
from engagement_lib.privacy.finds import ADDRESS, CAPITAL_WORD, ORGANISATION, PLACE, TEAM, Confidence, Find
from engagement_lib.privacy.gazetteer import Gazetteer, alternatives, load_gazetteer
from engagement_lib.privacy.roster import Roster

_JOINS: Final = re.compile(r"[ \u00a0]|[ \u00a0](?:of|for|and|&)[ \u00a0]|[ \u00a0](?:of|for)[ \u00a0]the[ \u00a0]|,[ \u00a0]")
_NUMBER: Final = (
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|one|two|three|four|five|six|seven|eight|nine|a hundred(?: and)?"
)


def find_places(text: Text, roster: Roster) -> list[Find]:
    """Places, addresses, organisations and teams in a source."""
    names = _names(roster)
    found = [find for word in text.words for find in _listed(text.spoken, word, names)]
    if text.few_capitals:
        found += _in_small_letters(text)
    return [*found, *_addresses(text.spoken), *_bodies(text)]


@lru_cache(maxsize=1)
def _names(roster: Roster) -> Mapping[str, tuple[tuple[str, str, str, Confidence], ...]]:
    """What is looked up, by its first word: the name, its kind, the rule and how sure it is; the longest name first."""
    g = load_gazetteer()
    lists: list[tuple[frozenset[str], str, str, Confidence]] = [
        (roster.bodies, ORGANISATION, "on the list of participants", "high"),
        (roster.places, PLACE, "on the list of participants", "high"),
        (g.organisations, ORGANISATION, "public body or firm", "high"),
        (g.counties, PLACE, "county or district", "high"),
        (g.towns, PLACE, "city or town", "high"),
        (g.wide, PLACE, "country or region", "low"),
    ]
    by_word: dict[str, list[tuple[str, str, str, Confidence]]] = {}
    for names, kind, rule, sure in lists:
        for name in names:
            key = _first_word(name)
            by_word.setdefault(key, []).append((name, kind, rule, sure))
    return {key: tuple(sorted(rows, key=lambda row: (-len(row[0]), row))) for key, rows in by_word.items()}


def _first_word(name: str) -> str:
    match = re.match(CAPITAL_WORD, name)
    return match.group() if match else name


def _listed(text: str, word: Word, names: Mapping[str, Sequence[tuple[str, str, str, Confidence]]]) -> Iterator[Find]:
    """The longest name on a list that begins with this word."""
    g = load_gazetteer()
    key = word.text if word.text in names else word.text.split("-")[0].split("'")[0]
    for name, kind, rule, sure in names.get(key, ()):
        end = word.start + len(name)
        if text.startswith(name, word.start) and not text[end : end + 1].isalnum():
            if name.lower() in g.both or (kind == ORGANISATION and g.is_word(name)):
                if word.opens:
                    return
                yield Find(word.start, end, kind, f"{rule}, and a word", "medium")
            else:
                yield Find(word.start, end, kind, rule, sure)
            return


def _in_small_letters(text: Text) -> Iterator[Find]:
    """Towns and counties in a text whose capitals are gone, but for those that are also words."""
    g = load_gazetteer()
    known = {name.lower() for name in g.towns | g.counties if name.lower() not in g.both and not g.is_word(name)}
    for word in text.all_words:
        if word.text in known:
            yield Find(word.start, word.end, PLACE, "place, in small letters", "medium")


@cache
def _address() -> re.Pattern[str]:
    streets = alternatives(load_gazetteer().streets)
    name = rf"{CAPITAL_WORD}(?![\w])"
    number = rf"(?:\d{{1,4}}[A-Za-z]?(?:[–/-]\d{{1,4}}[A-Za-z]?)?|(?i:{_NUMBER})(?:[- ](?i:{_NUMBER}))?)"
    flat = r"(?:(?i:flat|apartment|apt|unit|room|suite)\.? ?\w{1,4},? )?"
    little = r"(?:(?:y|yr|the|of|de|la|a|and|on|upon|in|under)[ \u00a0])*"
    welsh = rf"(?:Heol|Ffordd|Stryd|Lôn|Rhodfa|Maes|Rue)(?:[ \u00a0]{little}{name}){{1,3}}"
    street = rf"(?:(?:{name}[ \u00a0]{little}){{1,3}}(?:{streets})\b|{welsh}\b)"
    return re.compile(rf"(?<![\w.]){flat}{number},? {street}(?:,\s{name}(?:[ \u00a0]{name}){{0,2}}){{0,2}}")


def _addresses(text: str) -> Iterator[Find]:
    yield from (Find(*match.span(), ADDRESS, "number and street", "high") for match in _address().finditer(text))
    yield from (Find(*match.span(), ADDRESS, "box", "high") for match in re.finditer(r"\bP\.?O\.? Box \d+", text))


def _bodies(text: Text) -> Iterator[Find]:
    """Runs of words with capitals that end as bodies, teams or streets do, or begin as bodies do."""
    g = load_gazetteer()
    for run in _runs(text, g):
        words = [word.text for word in run]
        start, end = run[0].start, run[-1].end
        unit = re.match(r"[ \u00a0](\w+)", text.spoken[end:])
        if len(run) > 1 and words[0] in ("St", "Saint"):
            yield Find(start, end, PLACE, "named after a saint", "medium")
        elif len(run) > 1 and words[-1] in g.streets - {"House", "Park", "Court"}:
            yield Find(start, end, PLACE, "street", "medium")
        elif len(run) > 1 and g.heads & set(words):
            yield Find(start, end, ORGANISATION, "named as bodies are", "medium")
        if unit and unit[1] in g.units and not (len(run) == 1 and _names_no_team(run[0], g)):
            yield Find(start, end + unit.end(), TEAM, "named as teams are", "medium")


def _names_no_team(word: Word, g: Gazetteer) -> bool:
    """Whether a word before "team" or "building" is a place's name, or has its capital from the sentence."""
    return word.text in g.towns | g.counties | g.wide | g.neutral or (word.opens and g.is_word(word.text))


def _runs(text: Text, g: Gazetteer) -> Iterator[list[Word]]:
    """Words with capitals that follow one another, or are joined by "of", "for" and "and" as in the names of bodies."""
    run: list[Word] = []
    for word in text.words:
        if run and _joined(text.spoken[run[-1].end : word.start], run, word, g):
            run.append(word)
            continue
        yield from [run] if run else []
        run = [] if _says_nothing(word, g) else [word]
    yield from [run] if run else []


def _joined(gap: str, run: Sequence[Word], word: Word, g: Gazetteer) -> bool:
    if not _JOINS.fullmatch(gap) or word.opens or word.text in ("I", "I'm") or len(run) > 9:
        return False
    joined_by = gap.strip()
    if joined_by == ",":
        return run[0].text in ("Department", "Ministry") and len(run) > 1
    if joined_by in ("and", "&"):
        return not g.is_name(run[-1].text) and not g.is_name(word.text)
    return not joined_by or run[-1].text in g.heads or joined_by.startswith(("of", "for"))


def _says_nothing(word: Word, g: Gazetteer) -> bool:
    """Whether a run cannot begin here: "The", "But", "I", "Monday"; a word such as "Office" may be a name's beginning."""
    return word.text in ("I", "A") or (word.opens and word.text.lower() in g.openers) or word.text in _days(g)


@cache
def _days(g: Gazetteer) -> frozenset[str]:
    return frozenset(word for word in g.neutral if word.endswith(("day", "days", "ary", "ber", "uly", "ril")))
