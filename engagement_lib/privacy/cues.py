"""What says that the next words are a name: titles, "my manager ...", "I'm called ...", greetings and the ends of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from engagement_lib.privacy.corpus import Text
from engagement_lib.privacy.finds import CAPITAL_WORD, INITIAL, PERSON, Confidence, Find, without_ending
from engagement_lib.privacy.gazetteer import Gazetteer, alternatives, load_gazetteer

# Who is not named by what stands above a turn: "P06", "INT", "Speaker 1", "Interviewer".
_NOBODY: Final = re.compile(
    r"(?:[A-Za-z]{1,4}\d{1,4}|[A-Z]{1,3}|\d+|(?i:interviewer|participant|respondent|speaker|moderator|facilitator|chair|host|unknown|guest|"
    r"producer|user|panel|panellist|audience|attendee|caller|researcher|transcriber|note-?taker|question|answer|voice|anon|anonymous)s?"
    r"\W*\w{0,2})?"
)
# A chat is exported with "Chat - " before the name, and an office may follow in brackets.
_AROUND: Final = re.compile(r"^(?:chat|poll|q ?& ?a)\s*[-–:]\s*|\s*(?:[(,|].*)?$", re.IGNORECASE)
_TITLES: Final = {"Dr", "Mr", "Mrs", "Ms", "Mx", "Prof", "Professor", "Sir", "Dame"}
_SOMEBODY: Final = "man|woman|lady|gentleman|chap|bloke|lad|girl|guy|person|colleague|somebody|someone|friend"
_WHOSE: Final = "(?:my|our|his|her|your|their)"
_WHO: Final = "(?:who is|who's|who’s|that's|that’s)"
_GREETING: Final = (
    "hi|hiya|hello|hey|dear|thanks|thank you|cheers|welcome|over to|bye|goodbye|good morning|good afternoon|morning|sorry|diolch|"
    "well|so|right|okay|ok|yes|no"
)
_ENDING: Final = (
    r"(?:(?:many|kind|kindest|best|warm|warmest|with|my|very)\s+)*(?:regards|wishes|thanks)|yours(?:\s+(?:sincerely|faithfully|truly|ever))?|"
    r"sincerely|cheers|all the best|love|diolch|cofion(?: gorau)?"
)
_ONE: Final = rf"(?:{INITIAL}|{CAPITAL_WORD})"


class _Cue(NamedTuple):
    """A pattern whose group `name` is somebody's name, and whose group `title`, if any, belongs to it.

    Where it is not `strict`, the name must be a known one or no word of English: "thanks, Mark", but not "thanks, Statistics". Of
    the cues in small letters, only those that are strict hold in texts that have capitals.
    """

    rule: str
    confidence: Confidence
    strict: bool
    pattern: re.Pattern[str]


def find_cued(text: Text) -> Iterator[Find]:
    """Names that a title or the words around them give away.

    Examples
    --------
    >>> said = Text("P1", "Ask Dr Holloway. My line manager Gethin knows. I'm called Will, with two Ls.")
    >>> sorted({said.text[find.start:find.end] for find in find_cued(said)})
    ['Dr Holloway', 'Gethin', 'Will']
    """
    yield from _speakers(text)
    g = load_gazetteer()
    for cue in _cues():
        for match in cue.pattern.finditer(text.spoken):
            yield from _cued(match, _name(match["name"], g, strict=cue.strict), cue)
    for cue in _small_cues():
        if cue.strict or text.few_capitals:
            for match in cue.pattern.finditer(text.spoken):
                yield from _cued(match, _small_name(match["name"], g), cue)


def _cued(match: re.Match[str], length: int, cue: _Cue) -> Iterator[Find]:
    if length:
        begins = match.start("title") if "title" in cue.pattern.groupindex else match.start("name")
        yield Find(begins, match.start("name") + length, PERSON, cue.rule, cue.confidence)


def _speakers(text: Text) -> Iterator[Find]:
    """The names above turns, without the office that may follow in brackets."""
    for start, speaker in text.speakers:
        name = _AROUND.sub("", speaker)
        if not _NOBODY.fullmatch(name) and name != text.source_id:
            begins = start + speaker.index(name)
            yield Find(begins, begins + len(name), PERSON, "speaker's name", "high")


def _name(words: str, g: Gazetteer, *, strict: bool) -> int:
    """How many characters of these words can be a name; 0 where they are a body, a place, a day or a mere word."""
    end = 0
    for match in re.finditer(r"\S+", words):
        word = without_ending(match.group())
        if _is_no_name(word, g, first=end == 0, strict=strict):
            break
        if end == 0 and not strict and g.is_word(word) and not g.is_name(word):
            return 0
        if word.lower() not in g.particles:
            end = match.start() + len(word)
    return end


def _is_no_name(word: str, g: Gazetteer, *, first: bool, strict: bool) -> bool:
    # "My manager May", but neither "so, May" nor "Thanks Siobhan May".
    if g.is_name(word) and ((first and strict) or word not in g.neutral):
        return False
    listed = (
        word in g.neutral or word in g.organisations or word in g.heads or (word.isupper() and len(word) > 1 and "." not in word)
    )
    return (
        listed
        or (first and word in g.towns | g.counties | g.wide)
        or word.partition("'")[0].lower() in g.openers - g.both - g.particles
    )


def _small_name(words: str, g: Gazetteer) -> int:
    """The same in a text without capitals: one word that is no common one, and a second one that is no word."""
    first, *more = re.finditer(r"\S+", words)
    if first.group() in g.openers - g.both or (g.is_word(first.group()) and first.group() not in g.both):
        return 0
    return more[0].end() if more and not g.is_word(more[0].group()) else first.end()


@cache
def _cues() -> tuple[_Cue, ...]:
    g = load_gazetteer()
    name = rf"(?P<name>{_ONE}(?:[ \u00a0](?:(?:{alternatives(g.particles)})[ \u00a0])*{_ONE}){{0,3}})"
    known = {title for title in g.titles if not g.is_word(title)} | _TITLES
    relation, i_am = rf"(?:{alternatives(g.relations)})", r"i(?:'m|’m| am)"
    after = r"(?=\s*(?:[,.!?;\n]|$)|\s+(?:and|for)\b)"
    rows: tuple[tuple[str, Confidence, bool, str], ...] = (
        ("title", "high", True, rf"\b(?P<title>(?:{alternatives(known)}|dr|mr|mrs|ms|prof)\b\.?)[ \u00a0]{name}"),
        ("title", "high", False, rf"\b(?P<title>(?:{alternatives(g.titles - known)})\b\.?)[ \u00a0]{name}"),
        ("says the name", "high", True, rf"\b(?i:(?:my|the|his|her) name(?:'s|’s| is| was)|{i_am} called|call me)\s+{name}"),
        ("says the name", "high", True, rf"\b(?i:(?:{_SOMEBODY}) (?:called|named))\s+{name}"),
        ("says the name", "medium", False, rf"\b(?i:called|named|known as|goes by)\s+{name}"),
        ("introduces", "high", True, rf"\b(?i:this is|it(?:'s|’s| is)|{i_am})\s+{name}(?=,?\s+(?:speaking|here|calling)\b)"),
        ("introduces", "medium", False, rf"\b(?i:{i_am})\s+{name}"),
        ("introduces", "medium", False, rf"\b{name}\s+(?:speaking\b|here(?=[,.!]|\s+(?:from|at|again)\b))"),
        ("somebody's", "high", True, rf"\b(?i:{_WHOSE}\s+(?:[a-z-]+\s+){{0,2}}{relation}(?:,?\s+(?:called|named))?,?)\s+{name}"),
        ("somebody's", "medium", False, rf"\b(?i:{relation}(?:'s|’s|,|\s+(?:is|was|called|named)|,\s+{_WHO})?)\s+{name}"),
        ("greeting", "medium", False, rf"(?<!\w)(?i:{_GREETING}),?\s+{name}{after}"),
        ("end of a letter", "high", True, rf"(?:^|(?<=[.!?,] ))(?i:{_ENDING})[ ]*[,.!]?[ ]*\n+\s*{name}(?=[ ]*(?:$|[,(]))"),
        ("end of a letter", "medium", False, rf"(?:\n|[.!?] )[–—-][ ]?{name}\s*\Z"),
        ("speaker before a colon", "medium", False, rf"^{name}:(?=\s)"),
        ("head of a letter", "high", True, rf"^(?:From|To|Cc|Bcc|Sent by|Signed|Name|Attendees?|Present)\s*:[ ]*{name}"),
        ("from somebody", "medium", False, rf"\b(?i:(?:reply|letter|note|message|e-?mail|call|response)\s+(?:from|by))\s+{name}"),
        ("initials", "medium", True, rf"(?<![\w.])(?P<title>(?:{INITIAL}[ \u00a0]?)+)(?P<name>{CAPITAL_WORD})"),
    )
    return tuple(_Cue(rule, sure, strict, re.compile(pattern, re.MULTILINE)) for rule, sure, strict, pattern in rows)


@cache
def _small_cues() -> tuple[_Cue, ...]:
    word = r"(?![^\W_]*[A-Z])[^\W\d_]+(?:['’-][^\W\d_]+)*"
    name = rf"(?P<name>{word}(?:[ \u00a0]{word})?)"
    relation = alternatives(load_gazetteer().relations)
    rows: tuple[tuple[str, Confidence, bool, str], ...] = (
        ("title, in small letters", "medium", True, rf"\b(?P<title>(?:dr|mr|mrs|ms|mx|prof|professor)\b\.?)[ \u00a0](?={name})"),
        (
            "says the name, in small letters",
            "medium",
            True,
            rf"\b(?i:my name(?:'s|’s| is)|i(?:'m|’m| am) called|call me)\s+{name}",
        ),
        ("says the name, in small letters", "low", False, rf"\b(?:called|named)\s+{name}"),
        ("somebody's, in small letters", "low", False, rf"\bmy (?:{relation})\s+{name}"),
    )
    return tuple(_Cue(rule, sure, strict, re.compile(pattern)) for rule, sure, strict, pattern in rows)
