"""What `study.toml` may say: every key, its default and what it is for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Kind = Literal["interview", "webinar", "comment"]
Level = Literal["raw", "direct", "indirect", "public"]
Sample = Literal["unknown", "purposive", "convenience", "self-selected", "random", "census"]


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


def _bands(bands: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The bands of shares, when each has a lower and an upper end from 0 to 1 and none overlaps the next."""
    ordered = sorted(bands.items(), key=lambda band: band[1])
    for word, (low, high) in ordered:
        if not 0 <= low < high <= 1:
            raise ValueError(f"two shares from 0 to 1, the lower one first, beside '{word}'")
    for (word, (_, high)), (after, (low, _)) in pairwise(ordered):
        if low < high:
            raise ValueError(f"bands that do not overlap, as those of '{word}' and '{after}' do")
    return bands


Bands = Annotated[dict[str, tuple[float, float]], AfterValidator(_bands)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Wave(_Section):
    """A wave of fieldwork. Replies to a draft are `prompted` by it, and are never counted as independent support."""

    title: str = ""
    prompted: bool = False


class Transcripts(_Section):
    """Interviews, webinars or comments that lie together.

    `files` is a pattern relative to the study's folder. `name` is a regular expression on the file name without its ending; its
    group `source_id`, or all that matches, becomes the source's id, and its group `case_id`, or the source's id, the case; any
    other group is a variable of the case. Speakers named in `interviewers` or `moderators` are never evidence, where `*` stands
    for any letters; every other named speaker is a participant. `level` says what was taken out of the texts: see
    `docs/pseudonyms.md`.
    """

    files: str
    kind: Kind = "interview"
    wave: str = "1"
    name: Pattern = r".+"
    interviewers: tuple[str, ...] = ("Interviewer", "I")
    moderators: tuple[str, ...] = ("Moderator",)
    unlabelled_role: Literal["participant", "unknown"] = "unknown"
    level: Level = "raw"


class Comments(_Section):
    """Replies to a draft by reference that lie together: forms filled in (.csv, .xlsx) and e-mails.

    `files` and `name` are as for transcripts: the group `source_id`, or all that matches, is the reply's id, and `case_id`, or
    the reply's id, the case. `wave` is one that is prompted. See `docs/comments.md`.
    """

    files: str
    wave: str
    name: Pattern = r".+"


class Survey(_Section):
    """A survey file: one row a respondent.

    `case` is the column with the respondent's id. `questions` gives each open question its column, or the columns whose parts
    make up one answer; `attributes` gives each of a case's variables its column, and `values` says what a value found there
    is called in the study. `level` says what was taken out of the texts: see `docs/pseudonyms.md`.
    """

    file: str
    wave: str = "1"
    sheet: str = ""
    case: str
    questions: dict[str, str | tuple[str, ...]]
    attributes: dict[str, str] = Field(default_factory=dict)
    level: Level = "raw"
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


class CodedAnswers(_Section):
    """A spreadsheet in which an analyst gave codes to whole answers: one row a respondent, the codes in one cell."""

    file: str
    case: str
    question: str
    codes: str
    separator: str = Field(default=",", min_length=1)
    coder: str


class Language(_Section):
    """`pipeline` is "blank" or the name of an installed spaCy model; `encoder` "minilm" or "tfidf"; `weights` a folder that holds
    the encoder's weights, where they are not installed.
    """

    pipeline: str = "blank"
    encoder: Literal["minilm", "tfidf"] = "minilm"
    weights: str = ""


class Sharing(_Section):
    """Which passages a reader outside the team may see: those somebody cleared, none, or all of them for a stated `reason`; the
    smallest count of people that each audience may see; how many quotations of one person; and which columns of tables count
    people, or nobody, where their names do not tell. See `docs/release.md`.
    """

    quotes: Literal["none", "cleared", "all"] = "cleared"
    reason: str = ""
    smallest_working_group: int = Field(default=5, ge=2)
    smallest_public: int = Field(default=10, ge=2)
    quotations: int = Field(default=3, ge=1)
    count_people: tuple[str, ...] = ()
    count_nobody: tuple[str, ...] = ()


class Verdicts(_Section):
    """The thresholds of the rule by which a verdict is indicated. See `docs/evidence.md`."""

    min_respondents: int = Field(default=5, ge=1)
    min_kinds: int = Field(default=2, ge=1)
    contested: float = Field(default=0.25, ge=0, le=1)
    contradicted: float = Field(default=0.5, ge=0, le=1)


class Confidence(_Section):
    """What raises a concern about a claim, on the way to a rating of confidence. See `docs/confidence.md`."""

    alpha_moderate: float = Field(default=0.667, ge=-1, le=1)
    alpha_serious: float = Field(default=0.5, ge=-1, le=1)
    double_coded: float = Field(default=0.1, ge=0, le=1)
    contradiction_moderate: float = Field(default=0.2, ge=0, le=1)
    contradiction_serious: float = Field(default=0.35, ge=0, le=1)
    respondents_moderate: int = Field(default=10, ge=0)
    respondents_serious: int = Field(default=5, ge=0)
    coverage: float = Field(default=0.9, ge=0, le=1)


class Reliability(_Section):
    """Whether agreement between coders is a mark of quality here. Reflexive thematic analysis does not take it for one."""

    approach: Literal["coding reliability", "reflexive"] = "coding reliability"


class Frame(_Section):
    """The `themes` of the codebook that make up the frame which the study tests; all others lie outside it. With none named,
    every theme of the codebook belongs to it. See `docs/frame.md`.
    """

    themes: tuple[str, ...] = ()


class Samples(_Section):
    """How those who speak in each kind of source were chosen: "purposive", "convenience", "self-selected", "random" (each with a
    known chance) or "census" (everybody was asked). What is said beside a number depends on it. See `docs/evidence.md`.
    """

    interview: Sample = "unknown"
    webinar: Sample = "unknown"
    survey: Sample = "unknown"
    comment: Sample = "unknown"


class Themes(_Section):
    """`n_themes` 0 lets the data choose; `unclear` is the margin below which an answer counts as unclear; `resamples` is how
    often respondents are drawn anew to see how stable the themes are.
    """

    n_themes: int = Field(default=0, ge=0)
    unclear: float = Field(default=0.05, ge=0)
    random_state: int = 0
    resamples: int = Field(default=100, ge=0)


class Settings(_Section):
    """All of `study.toml`. File names are relative to its folder; "" means that the study has no such file.

    `scales` gives the values that a variable of the cases may have, in their order. `quantifiers` gives words and the shares,
    from and to, for which they stand. `asked` says what each question of a survey, or the talk in a kind of source, asked about:
    claims, themes or codes by their names, "*" for whatever comes up.
    """

    title: str
    question: str = ""
    synthetic: bool = False
    contact: str = ""
    coder: str = ""
    cases: str = ""
    codebook: str = ""
    codings: str = ""
    readings: str = ""
    memos: str = ""
    claims: str = ""
    events: str = ""
    quotes: str = ""
    waves: dict[str, Wave] = Field(default_factory=dict)
    questions: dict[str, str] = Field(default_factory=dict)
    scales: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    transcripts: tuple[Transcripts, ...] = ()
    surveys: tuple[Survey, ...] = ()
    comments: tuple[Comments, ...] = ()
    coded_answers: tuple[CodedAnswers, ...] = ()
    language: Language = Language()
    sharing: Sharing = Sharing()
    verdicts: Verdicts = Verdicts()
    confidence: Confidence = Confidence()
    reliability: Reliability = Reliability()
    frame: Frame = Frame()
    samples: Samples = Samples()
    quantifiers: Bands = Field(
        default_factory=lambda: {
            "a few": (0, 0.1),
            "some": (0.1, 0.4),
            "around half": (0.4, 0.6),
            "most": (0.6, 0.9),
            "nearly all": (0.9, 1),
        }
    )
    asked: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    themes: Themes = Themes()
