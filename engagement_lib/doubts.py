"""What is well formed file by file and yet does not fit together, and what may be right but is worth a look."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Final, TypeVar

import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.events import STORE
from engagement_lib.coding.passages import NOT_STATED, WEBINAR
from engagement_lib.errors import EngagementError, Problem, TableError
from engagement_lib.evidence.asked import check_asked
from engagement_lib.evidence.claims import parse_scope
from engagement_lib.evidence.framed import check_frame
from engagement_lib.evidence.respondents import in_scope
from engagement_lib.evidence.triangulation import CELL, JUDGED, JUDGEMENTS
from engagement_lib.evidence.verdicts import VERDICTS
from engagement_lib.loading.study_file import STUDY_FILE
from engagement_lib.loading.transcripts import READERS
from engagement_lib.segments import split_turns
from engagement_lib.sharing.clearance import CLEARED, read_place
from engagement_lib.tables import Study, records, row_place

GIVEN: Final = "verdict given"
_READ: Final = (*(ending for ending in READERS if ending != ".md"), ".xlsm")
# UTF-8 that was taken for Windows-1252: the curly quotation marks, dashes and accented letters of English and French.
_WRONGLY_DECODED: Final = re.compile("â€[™œ˜¦“”\x9d]|Ã[©¨ª«¢®´»§¶¼¤]")
# In a conversation of fewer turns anybody may be heard once.
_LONG_TALK: Final = 20
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")
_NAMED: Final = 8

Result = TypeVar("Result")


class Checklist:
    """Steps that may each fail without stopping the next; what failed is gathered in `problems`.

    `lost` are regular expressions that fit the ids of the sources that could not be read, so that nothing which is about them is
    held against anybody.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lost: list[str] = []

    def attempt(self, step: Callable[[], Result], *, otherwise: Result, file: str = "", lost: str = "") -> Result:
        """What the step gives, or `otherwise`; `file`, where it has one, is named as it lies in the study's folder."""
        try:
            return step()
        except EngagementError as error:
            name = Path(file).name
            self.problems += [replace(problem, file=file) if problem.file == name else problem for problem in error.problems]
            self.lost += [lost] if lost else []
            return otherwise

    def unread(self) -> set[str]:
        """The files that something is wrong with."""
        return {problem.file for problem in self.problems}

    def keep(self, table: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that are about no source that was lost."""
        if "source_id" not in table.columns:
            return table
        known = set(sources["source_id"])
        kept = [source in known or not is_lost(source, self.lost) for source in table["source_id"]]
        return table.loc[pd.Series(kept, index=table.index, dtype=bool)]


def find_misfits(study: Study, *, unread: Collection[str] = (), lost: Sequence[str] = ()) -> list[Problem]:
    """What does not fit together; nothing is held against what could not be read.

    Parameters
    ----------
    unread
        The files that something is wrong with.
    lost
        Regular expressions that fit the ids of the sources in them.
    """
    return [
        *_coder(study, unread, lost),
        *_waves(study),
        *_people(study, unread),
        *_scales(study, unread),
        *_readings(study, lost),
        *_scopes(study, unread),
        *check_asked(study, unread=unread),
        *check_frame(study, unread=unread),
        *_events(study, unread, lost),
        *_sharing(study),
    ]


def find_hints(study: Study) -> list[str]:
    """What may be right but is worth a look, a sentence each: files that nothing names, speakers and what they are taken for."""
    hints = []
    if study.sources.empty:
        hints.append(f"The study holds no text yet. Name some in {STUDY_FILE}, under [[transcripts]] or [[surveys]].")
    if unnamed := _unnamed_files(study):
        hints.append(f"{STUDY_FILE} does not name {_listed(unnamed)}; nothing there is read.")
    turns = split_turns(study.sources)
    turns = turns[turns["kind"].isin(["interview", "webinar"])]
    return [
        *hints,
        *_decoded(study.sources),
        *_set_aside(study.sources),
        *_same_text(study.sources),
        *_without_source(study),
        *_speakers(turns),
        *_interviews(turns, study),
        *_nobody_in_scope(study),
    ]


def is_lost(source_id: str, lost: Sequence[str]) -> bool:
    """Whether a source of this id may stand in a file that could not be read."""
    return any(re.fullmatch(pattern, source_id) for pattern in lost)


def _coder(study: Study, unread: Collection[str], lost: Sequence[str]) -> Iterator[Problem]:
    """Whose codings count must be told as soon as two people have coded."""
    if lost or any(PurePath(file).match(study.settings.codings or "-") for file in unread):
        return
    codings, named = study.codings, study.settings.coder
    agreed = codings.loc[codings["layer"] == CONSENSUS, "source_id"]
    alone = codings[(codings["layer"] == INDEPENDENT) & ~codings["source_id"].isin(agreed)]
    coders = sorted(set(alone["coder"]))
    if named in {*coders, *study.readings["coder"]} or not coders or (len(coders) == 1 and not named):
        return
    remedy = _near(named, coders) or "Name the coder whose codings count where there is no consensus."
    yield Problem(STUDY_FILE, "key 'coder'", f"'{named}'" if named else "no name", f"one of {_listed(coders)}", remedy)


def _waves(study: Study) -> Iterator[Problem]:
    known = {"1": None, **study.settings.waves}
    sections = [("transcripts", section.files, section.wave) for section in study.settings.transcripts]
    sections += [("surveys", section.file, section.wave) for section in study.settings.surveys]
    sections += [("comments", section.files, section.wave) for section in study.settings.comments]
    for name, files, wave in sections:
        if wave not in known:
            remedy = _near(wave, known) or f"Add a section [waves.{wave}] that says whether it was prompted, or mend the name."
            yield Problem(STUDY_FILE, f"[[{name}]] of '{files}'", f"wave '{wave}'", f"one of {_listed(known)}", remedy)
        elif name == "comments" and not (wave in study.settings.waves and study.settings.waves[wave].prompted):
            expected = "a prompted wave, since who comments on a draft has read it"
            remedy = f"Write prompted = true under [waves.{wave}], or name another wave."
            yield Problem(STUDY_FILE, f"[[{name}]] of '{files}'", f"wave '{wave}', which is not prompted", expected, remedy)


def _people(study: Study, unread: Collection[str]) -> Iterator[Problem]:
    file, known = study.settings.cases, set(study.cases["case_id"])
    spoken = study.sources[study.sources["kind"].isin(["interview", "comment"])]
    for case, origin in zip(spoken["case_id"], spoken["origin"], strict=True):
        if file and file not in unread and case not in known:
            yield Problem(file, "", f"no row for '{case}'", f"a case for {origin}", "Add a row for the person who speaks in it.")


def _scales(study: Study, unread: Collection[str]) -> Iterator[Problem]:
    """A value that is not on its variable's scale may be misspelt, and has no place among the others."""
    if {study.settings.cases, *(survey.file for survey in study.settings.surveys)} & set(unread):
        return
    names = [str(name) for name in study.cases.columns if name != "case_id"]
    for variable, scale in study.settings.scales.items():
        place = f"key 'scales.{variable}'"
        if variable not in names:
            known = _listed([name for name in study.cases.columns if name != "case_id"])
            yield Problem(
                STUDY_FILE,
                place,
                f"no variable '{variable}'",
                f"one of {known}",
                _near(variable, names) or "Mend it.",
            )
            continue
        strange = study.cases[~study.cases[variable].isin(["", *scale])]
        for value, people in strange.groupby(variable, sort=False)["case_id"]:
            found = f"'{value}' of {_listed(list(people))}"
            remedy = _near(str(value), scale) or "Mend it, give it another name under `values`, or put it on the scale."
            yield Problem(STUDY_FILE, place, found, f"one of {_listed(scale)}", remedy)


def _readings(study: Study, lost: Sequence[str]) -> Iterator[Problem]:
    known = set(study.sources["source_id"])
    in_file = len(study.history.get("readings", study.readings))
    for row, (source, coder) in enumerate(zip(study.readings["source_id"], study.readings["coder"], strict=True)):
        if source not in known and not is_lost(source, lost):
            held = row < in_file
            file, place = (study.settings.readings, row_place(study.readings, row)) if held else (STORE, f"reading of '{coder}'")
            yield Problem(file, place, f"source '{source}'", "a source of the study", "Mend the id.")


def _scopes(study: Study, unread: Collection[str]) -> Iterator[Problem]:
    """A claim's scope may name only variables that there are."""
    if {study.settings.cases, *(survey.file for survey in study.settings.surveys)} & set(unread):
        return
    nobody = pd.DataFrame({"respondent": [], "kind": [], "wave": []}, dtype="str")
    for claim in records(study.claims):
        place = f"claim '{claim['claim_id']}', scope"
        try:
            in_scope(study, nobody, parse_scope(claim["scope"]), place=place)
        except TableError as error:
            new = [problem for problem in error.problems if problem.place == place]
            yield from (replace(problem, file=study.settings.claims) for problem in new)


def _events(study: Study, unread: Collection[str], lost: Sequence[str]) -> Iterator[Problem]:
    """A decision that is misspelt would be passed over without a word."""
    held = study.history.get("events", study.events)
    rows = {name: row_place(held, row) for row, name in enumerate(held["event_id"])}
    for event in records(study.events):
        name = event["event_id"]
        file, place = (study.settings.events, rows[name]) if name in rows else (STORE, f"event '{name}'")
        yield from (replace(problem, file=file) for problem in _event(study, event, place, unread, lost))


def _event(study: Study, event: dict[str, str], place: str, unread: Collection[str], lost: Sequence[str]) -> Iterator[Problem]:
    kind, file = event["kind"], study.settings.events
    near = get_close_matches(kind.casefold(), (CLEARED, GIVEN, JUDGED), n=1, cutoff=0.85)
    if near and kind not in near:
        remedy = f"Write '{CLEARED}' or 'quote withdrawn' of a passage, '{GIVEN}' of a claim, '{JUDGED}' of a cell."
        yield Problem(file, place, f"kind '{kind}'", f"'{near[0]}'", remedy)
    elif kind in (GIVEN, JUDGED) or kind.startswith("quote "):
        wanted = {GIVEN: "claim", JUDGED: CELL}.get(kind, "passage")
        if event["about_type"] != wanted:
            found = f"about_type '{event['about_type']}' beside '{kind}'"
            yield Problem(file, place, found, f"'{wanted}'", "Mend the cell.")
        elif kind == GIVEN:
            yield from _verdict(study, event["about_id"], event["value"], place, unread)
        elif kind == JUDGED:
            yield from _judgement(study, event, place, unread)
        else:
            yield from _passage(study, event["about_id"], place, lost)
        if not _DATE.fullmatch(event["at"]):
            remedy = "Write year, month and day: of two decisions the later holds."
            yield Problem(file, place, f"at '{event['at']}'", "a date such as 2020-10-02", remedy)


def _verdict(study: Study, claim: str, verdict: str, place: str, unread: Collection[str]) -> Iterator[Problem]:
    file, known = study.settings.events, list(study.claims["claim_id"])
    if claim not in known and study.settings.claims not in unread:
        remedy = _near(claim, known) or "Mend the id."
        yield Problem(file, place, f"claim '{claim}'", f"one of {_listed(known) or 'none: the study has no claims'}", remedy)
    remedy = _near(verdict, VERDICTS, cutoff=0.9) if verdict else "Say which."
    if verdict not in VERDICTS and remedy:
        yield Problem(file, place, f"the verdict '{verdict}'", f"a verdict such as {_listed(VERDICTS)}", remedy)


def _judgement(study: Study, event: dict[str, str], place: str, unread: Collection[str]) -> Iterator[Problem]:
    """A judgement that names no claim, is none of those there are, or has no reason, would not hold."""
    file, known, about = study.settings.events, list(study.claims["claim_id"]), event["about_id"]
    claim = about.partition("/")[0]
    if claim not in known and study.settings.claims not in unread:
        expected = "a claim and the values of its cell, such as 'C1/interview/producer'"
        yield Problem(file, place, f"cell '{about}'", expected, _near(claim, known) or "Mend the id.")
    if event["value"] not in ("", *JUDGEMENTS):
        remedy = _near(event["value"], JUDGEMENTS) or "Leave it empty to take a judgement back."
        yield Problem(file, place, f"the judgement '{event['value']}'", f"one of {_listed(JUDGEMENTS)}", remedy)
    if event["value"] and not event["reason"]:
        yield Problem(file, place, "a judgement without a reason", "one in 'reason'", "Say why; it does not hold without.")


def _passage(study: Study, about: str, place: str, lost: Sequence[str]) -> Iterator[Problem]:
    file, at = study.settings.events, read_place(about)
    if at is None:
        expected = "a source and its characters from start to end such as 'P01:120-180'"
        yield Problem(file, place, f"passage '{about}'", expected, "Mend the cell.")
        return
    source, start, end = at
    texts = dict(zip(study.sources["source_id"], study.sources["text"], strict=True))
    if source not in texts:
        if not is_lost(source, lost):
            remedy = _near(source, list(texts)) or "Mend the id."
            yield Problem(file, place, f"source '{source}'", "a source of the study", remedy)
    elif not start < end <= len(texts[source]):
        expected = f"a stretch within the {len(texts[source])} characters of '{source}'"
        yield Problem(file, place, f"passage '{about}'", expected, "Mend the numbers.")


def _sharing(study: Study) -> Iterator[Problem]:
    if study.settings.sharing.quotes == "all" and not study.settings.sharing.reason:
        found, expected = 'quotes = "all" without a reason', "why every passage may be quoted"
        yield Problem(STUDY_FILE, "key 'sharing.reason'", found, expected, "Say why, or clear passages one by one.")


def _unnamed_files(study: Study) -> list[str]:
    """Files in the study's folder, and in the folders in it, that could be read and are named nowhere."""
    settings = study.settings
    names = {getattr(settings, table) for table in ("cases", "codebook", "readings", "memos", "claims", "events", "quotes")}
    names |= {survey.file for survey in settings.surveys} | {section.file for section in settings.coded_answers}
    patterns = [settings.codings, *(section.files for section in settings.transcripts)]
    patterns = [pattern for pattern in (*patterns, *(section.files for section in settings.comments)) if pattern]
    named = {study.folder / name for name in names if name} | {path for pattern in patterns for path in _glob(study, pattern)}
    found = (path for pattern in ("*", "*/*") for path in sorted(study.folder.glob(pattern)))
    found = (
        path
        for path in found
        if path.suffix.lower() in _READ and not path.name.startswith((".", "~$")) and path.parent.name[:1] != "."
    )
    return [path.relative_to(study.folder).as_posix() for path in found if path not in named]


def _glob(study: Study, pattern: str) -> list[Path]:
    try:
        return list(study.folder.glob(pattern))
    except (ValueError, NotImplementedError):
        return []


def _decoded(sources: pd.DataFrame) -> Iterator[str]:
    """Files in an encoding that was guessed at, and text that was decoded wrongly before it came here."""
    guessed = sources[sources["normalised"].str.contains(" made UTF-8")]
    for changes, rows in guessed.groupby("normalised"):
        encoding, files = str(changes).split(" made UTF-8")[0], _listed(dict.fromkeys(rows["origin"]))
        yield f"Not UTF-8, and read as {encoding}: {files}. Look whether accents and dashes are right."
    broken = [(match.group(), row["origin"]) for row in records(sources) if (match := _WRONGLY_DECODED.search(row["text"]))]
    if broken:
        files = _listed(dict.fromkeys(origin for _, origin in broken))
        yield f"Characters such as '{broken[0][0]}' come of a wrong encoding: {files}. Export them again as UTF-8."


def _set_aside(sources: pd.DataFrame) -> Iterator[str]:
    """What replies to a draft hold that was not taken for a comment."""
    said = sources["normalised"].str.extract(r"(set aside: .+)")[0]
    for (origin, aside), _ in sources[said.notna()].groupby([sources["origin"], said], sort=False):
        yield f"{origin}: {aside}. Look whether any of it is a comment."


def _same_text(sources: pd.DataFrame) -> Iterator[str]:
    """Files that hold what another does."""
    files = sources[sources["kind"] != "survey"]
    for _, same in files.groupby("text_sha256", sort=False)["origin"]:
        if len(same) > 1:
            yield f"The same text stands in {_listed(list(same))}. If one is a copy, take it out: its words would count twice."


def _without_source(study: Study) -> Iterator[str]:
    """People who are in the table of cases, and of whom there is nothing to read."""
    heard = set(study.sources["case_id"])
    silent = [case for case in study.cases["case_id"] if case not in heard]
    if silent:
        yield f"Nothing is loaded of {_listed(silent)}, named in {study.settings.cases or 'the cases'}."


def _speakers(turns: pd.DataFrame) -> Iterator[str]:
    """Who is taken for what: an interviewer whom nobody named would be counted as evidence."""
    for roles, sentence in (
        (["participant"], "Taken for participants, whose words count"),
        (["interviewer", "moderator"], "Taken for interviewers and moderators, whose words are never evidence"),
    ):
        names = list(dict.fromkeys(turns.loc[turns["role"].isin(roles) & (turns["speaker"] != ""), "speaker"]))
        if names or (len(turns) and "participant" not in roles):
            yield f"{sentence}: {_listed(names) or 'nobody'}."


def _interviews(turns: pd.DataFrame, study: Study) -> Iterator[str]:
    origins = dict(zip(study.sources["source_id"], study.sources["origin"], strict=True))
    for source, spoken in turns.groupby("source_id", sort=False):
        roles, names = set(spoken["role"]), list(dict.fromkeys(spoken["speaker"]))
        if roles == {"unknown"}:
            yield f"{origins[source]} names no speaker, so that none of it counts. Whose words it is, `unlabelled_role` may say."
        elif spoken["kind"].iloc[0] == "interview" and len(names) > 1 and not roles & {"interviewer", "moderator"}:
            yield f"{origins[source]}: nobody in it asks. If one of {_listed(names)} does, add the name to `interviewers`."
        elif "participant" not in roles:
            yield f"{origins[source]}: no participant says a word in it."
        turns_of = spoken.loc[spoken["speaker"] != "", "speaker"].value_counts()
        once = sorted(turns_of.index[turns_of == 1])
        if once and len(spoken) > _LONG_TALK and spoken["kind"].iloc[0] == "interview":
            yield f"{origins[source]}: heard once only: {_listed(once)}. If that is a spelling of another name, mend it."


def _nobody_in_scope(study: Study) -> Iterator[str]:
    """A claim may be about people who are still to be heard, or its scope may be misspelt."""
    values = {"kind": set(study.sources["kind"]), "wave": set(study.sources["wave"])}
    values |= {name: {*study.cases[name], NOT_STATED} - {""} for name in study.cases.columns}
    values["group"] = values["group"] | ({WEBINAR} & values["kind"])
    for claim in records(study.claims):
        for name, wanted in parse_scope(claim["scope"]).items():
            for value in (value for value in wanted if value not in values.get(name, {value})):
                known = _listed(sorted(values[name] - {NOT_STATED})) or "none"
                yield f"Claim '{claim['claim_id']}' is about {name} '{value}', which nobody in the study has. There are: {known}."


def _near(word: str, known: Collection[str], *, cutoff: float = 0.75) -> str:
    """A question whether something that there is was meant, "" where nothing comes near."""
    by_small = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_small, n=1, cutoff=cutoff)
    return f"Did you mean '{by_small[near[0]]}'?" if near else ""


def _listed(names: Collection[str]) -> str:
    first = list(names)[:_NAMED]
    return ", ".join(first) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
