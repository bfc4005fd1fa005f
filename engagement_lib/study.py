"""Open a study: everything its folder holds, read and checked; every problem at once."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from shutil import copytree

import pandas as pd

from engagement_lib.coding.codings import check_codings
from engagement_lib.coding.folding import FOLDS, fold_log
from engagement_lib.coding.logged import check_logged, join_log, with_names
from engagement_lib.coding.passages import respondents
from engagement_lib.doubts import Checklist, find_misfits, is_lost
from engagement_lib.errors import Problem, StudyError, TranscriptError
from engagement_lib.evidence.claims import check_claims
from engagement_lib.language import BLANK, describe_pipeline, load_pipeline
from engagement_lib.loading.cache import TextCache
from engagement_lib.loading.coded_answers import read_coded_answers
from engagement_lib.loading.comments import read_comments
from engagement_lib.loading.references import comment_references
from engagement_lib.loading.spreadsheets import read_table, unguarded
from engagement_lib.loading.study_file import STUDY_FILE, read_settings
from engagement_lib.loading.survey import read_survey
from engagement_lib.loading.transcripts import read_turns, transcript_row
from engagement_lib.segments import split_turns
from engagement_lib.settings import Comments, Language, Settings, Transcripts
from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.tables import COUNT, SCHEMAS, TEXT, Audience, Study, check_table, empty_table, row_place

_BLANK_STUDY = Path(__file__).parent / "blank_study"
# The id of a transcript, which comes from the name of its file, where nobody knows which.
_ANY_FILE = "[^/]+"


def open_study(folder: Path | str, *, audience: Audience = "team") -> Study:
    """The study in a folder, with every table read and checked.

    Parameters
    ----------
    folder
        Where `study.toml` lies.
    audience
        Who will read what is shown. Anyone but the team sees only passages that may be quoted.

    Raises
    ------
    StudyError
        With everything there is to mend: a missing file, an unknown key, a coding whose quote no longer stands in its source.
    """
    study, problems = check_study(folder, audience=audience)
    if problems:
        raise StudyError(problems)
    return study


def check_study(folder: Path | str, *, audience: Audience = "team") -> tuple[Study, list[Problem]]:
    """The study as far as it can be read, and every problem found on the way, in the order in which the files are read.

    Raises
    ------
    StudyError
        Where `study.toml` itself cannot be read.
    """
    folder = Path(folder)
    settings = _find_weights(read_settings(folder), folder)
    steps = Checklist()
    steps.attempt(lambda: _try_language(settings.language), otherwise=None)
    sources, cases = _read_texts(folder, settings, steps)
    files = {name: _read(folder, getattr(settings, name), name, steps) for name in ("codebook", "events")}
    unread = settings.codebook in steps.unread()
    log = steps.attempt(
        partial(join_log, folder, files["events"], origin=settings.events or "events"), otherwise=empty_table("events")
    )
    known = None if unread else with_names(files["codebook"], log)
    files["codings"], files["readings"] = _read_codings(folder, settings, sources, known, steps)
    claims = _read(folder, settings.claims, "claims", steps)
    files["memos"] = _read(folder, settings.memos, "memos", steps)
    tables = files if log.empty else steps.attempt(partial(fold_log, log, files), otherwise=files)
    codebook = None if unread else tables["codebook"]
    logged = tables["codings"]["coding_id"].isin(log["about_id"])
    steps.attempt(
        partial(check_logged, steps.keep(tables["codings"][logged], sources), sources, codebook), otherwise=empty_table("codings")
    )
    steps.attempt(lambda: check_claims(claims, codebook, origin=settings.claims), otherwise=claims)
    study = Study(
        folder=folder,
        settings=settings,
        sources=sources,
        cases=cases,
        claims=claims,
        quotes=_read(folder, settings.quotes, "quotes", steps),
        audience=audience,
        history={} if log.empty else {"log": log, **files},
        **tables,
    )
    steps.problems += find_misfits(study, unread=steps.unread(), lost=steps.lost)
    return study, steps.problems


def describe_study(study: Study) -> pd.DataFrame:
    """What the study's sources are: one row a `kind` and `wave`.

    Returns
    -------
    DataFrame
        `kind`, `wave`, `sources`, `with_words` (sources with something to analyse), `respondents` (people with words; a webinar
        is one event) and `words`, those of interviewers and moderators included.
    """
    turns = split_turns(study.sources)
    spoken = turns.assign(
        respondent=respondents(turns).where(turns["role"] == "participant"),
        words=[len(quote.split()) for quote in turns["quote"]],
    )
    by_kind = spoken.groupby(["kind", "wave"])
    table = study.sources.groupby(["kind", "wave"]).size().rename("sources").to_frame()
    table["with_words"] = by_kind["source_id"].nunique()
    table["respondents"] = by_kind["respondent"].nunique()
    table["words"] = by_kind["words"].sum()
    return table.fillna(0).astype(COUNT).reset_index()


def describe_environment(study: Study) -> pd.DataFrame:
    """What a result was made with: one row a `what` and `value`, versions first, the study's fingerprint last."""
    names = ("engagement-lib", "pandas", "numpy", "scipy", "scikit-learn", "spacy", "seaborn")
    rows = [("Python", platform.python_version()), *((name, version(name)) for name in names)]
    language = study.settings.language
    rows += [("language pipeline", describe_pipeline(language.pipeline)), ("encoder", language.encoder)]
    rows += [("study", study_hash(study))]
    return pd.DataFrame(rows, columns=["what", "value"], dtype=TEXT)


def new_study(folder: Path | str) -> list[Path]:
    """The files of a new, empty study, just made in the folder: a commented `study.toml`, and tables to fill in.

    Raises
    ------
    StudyError
        Where the folder holds something already; nothing is then written.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        remedy = "Name a new folder; nothing was written."
        raise StudyError(Problem(str(folder), "", "something already there", "no folder of this name, or an empty one", remedy))
    copytree(_BLANK_STUDY, folder, dirs_exist_ok=True)
    for name in ("interviews", "codings"):
        (folder / name).mkdir()
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _find_weights(settings: Settings, folder: Path) -> Settings:
    """The settings with the folder of weights named from the root, since a notebook runs in a folder of its own."""
    if not settings.language.weights:
        return settings
    language = settings.language.model_copy(update={"weights": str((folder / settings.language.weights).resolve())})
    return settings.model_copy(update={"language": language})


def _try_language(language: Language) -> None:
    """Load what `study.toml` asks for by name: if it is not there, every notebook would stop at it."""
    if language.pipeline != BLANK:
        load_pipeline(language.pipeline)
    if language.weights and language.encoder == "minilm":
        from engagement_lib.themes.encoders import find_encoder

        find_encoder(language.encoder, weights=language.weights)


def _read_texts(folder: Path, settings: Settings, steps: Checklist) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All sources, and the cases behind them: those of the cases' own file first, then those that a survey brings."""
    cache = TextCache(folder)
    sources = [_read_transcripts(folder, section, steps, cache) for section in settings.transcripts]
    cache.save()
    cases = [_read(folder, settings.cases, "cases", steps), *(_named_cases(folder, section) for section in settings.transcripts)]
    for survey in settings.surveys:
        options = survey.model_dump(exclude={"file", "level"})
        nothing = (empty_table("sources"), empty_table("cases"))
        read = partial(read_survey, folder / survey.file, **options)
        lost = f".*/(?:{'|'.join(map(re.escape, survey.questions))})"
        answers, people = steps.attempt(read, otherwise=nothing, file=survey.file, lost=lost)
        sources.append(answers.assign(origin=survey.file, level=survey.level))
        cases.append(people)
    for section in settings.comments:
        sources += _read_comments(folder, settings, section, steps)
    return _without_repeats(_stack("sources", sources), steps), _merge_cases(cases)


def _without_repeats(sources: pd.DataFrame, steps: Checklist) -> pd.DataFrame:
    """The sources of which no earlier one has the id; a problem for each file with others."""
    again = sources.duplicated("source_id")
    first = sources[~again].set_index("source_id")["origin"]
    for origin, repeated in sources[again].groupby("origin", sort=False):
        source = repeated["source_id"].iloc[0]
        found = f"source_id '{source}' a second time" + (f", and {len(repeated) - 1} more" if len(repeated) > 1 else "")
        remedy = f"Give one of them another id: rename the file, or mend `name` or `questions` in {STUDY_FILE}."
        steps.problems.append(Problem(str(origin), "", found, f"an id that is not in {first[source]}", remedy))
    return sources[~again].reset_index(drop=True)


def _read_transcripts(folder: Path, section: Transcripts, steps: Checklist, cache: TextCache) -> pd.DataFrame:
    paths, rows = _find(folder, section.files, "files", steps), list[dict[str, str]]()
    for path in sorted(paths, key=lambda path: (_ids(path, section) or (path.name, ""), path.name)):
        name, (source_id, _) = _name(folder, path), _ids(path, section) or ("", "")
        step, lost = partial(_read_transcript, path, section, cache), re.escape(source_id) or _ANY_FILE
        read = steps.attempt(step, otherwise=list[dict[str, str]](), file=name, lost=lost)
        rows += [row | {"origin": name, "level": section.level} for row in read]
    steps.lost += [] if paths else [_ANY_FILE]
    return pd.DataFrame(rows, columns=list(SCHEMAS["sources"].columns)).astype(SCHEMAS["sources"].columns)


def _read_comments(folder: Path, settings: Settings, section: Comments, steps: Checklist) -> list[pd.DataFrame]:
    """The comments in each reply. Any reference is taken where claims or codebook cannot be read, which is told elsewhere."""
    tried = Checklist()
    claims, codebook = (_read(folder, getattr(settings, name), name, tried) for name in ("claims", "codebook"))
    references = None if tried.problems else comment_references(claims, codebook)
    named = Transcripts(files=section.files, kind="comment", wave=section.wave, name=section.name)
    tables = []
    for path in _find(folder, section.files, "files", steps):
        name = _name(folder, path)
        reply, _ = _ids(path, named) or (_ANY_FILE, "")
        step = partial(_read_reply, path, named, references)
        read = steps.attempt(step, otherwise=empty_table("sources"), file=name, lost=f"{re.escape(reply)}/.*")
        tables.append(read.assign(origin=name))
    return tables


def _read_reply(path: Path, section: Transcripts, references: pd.DataFrame | None) -> pd.DataFrame:
    reply, case = _checked_ids(path, section)
    return read_comments(path, references=references, source_id=reply, case_id=case, wave=section.wave)[0]


def _find(folder: Path, pattern: str, key: str, steps: Checklist) -> list[Path]:
    """The files that fit a pattern, in the order of their names; hidden ones and what Word locks a file with are passed over."""
    remedy = f"Put them there, or mend `{key}` in {STUDY_FILE}."
    try:
        paths = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith((".", "~$")))
    except (ValueError, NotImplementedError) as fault:
        found, expected = f"the pattern '{pattern}' ({fault})", "one relative to the study's folder, such as 'interviews/*'"
        steps.problems.append(Problem(STUDY_FILE, f"key '{key}'", found, expected, remedy))
        return []
    if not paths:
        steps.problems.append(Problem(pattern, "", "no file", "at least one", remedy))
    home = folder.resolve()
    away = [path for path in paths if not path.resolve().is_relative_to(home)]
    found, expected = "a link to a file outside of the study's folder", "a file in it"
    steps.problems += [Problem(_name(folder, path), "", found, expected, "Copy the file itself there.") for path in away]
    return [path for path in paths if path not in away]


def _name(folder: Path, path: Path) -> str:
    """A file's name as it lies in the study's folder; a pattern may lead out of it."""
    return path.relative_to(folder).as_posix()


def _ids(path: Path, section: Transcripts) -> tuple[str, str] | None:
    """The ids of the source and of the case that a file's name gives; None where it does not fit."""
    match = re.match(section.name, path.stem)
    if match is None:
        return None
    named = match.groupdict()
    source_id = named.get("source_id") or match.group()
    return source_id, named.get("case_id") or ("" if section.kind == "webinar" else source_id)


def _named_cases(folder: Path, section: Transcripts) -> pd.DataFrame:
    """The cases that the names of files tell of: groups of the pattern beside the two ids are variables."""
    if not set(re.compile(section.name).groupindex) - {"source_id", "case_id"}:
        return empty_table("cases")
    named = [
        (re.match(section.name, path.stem), _ids(path, section)) for path in _find(folder, section.files, "files", Checklist())
    ]
    rows = [{**match.groupdict(""), "case_id": ids[1]} for match, ids in named if match and ids and ids[1]]
    table = pd.DataFrame(rows).drop(columns="source_id", errors="ignore").drop_duplicates("case_id")
    return check_table("cases", table, origin=section.files) if rows else empty_table("cases")


def _checked_ids(path: Path, section: Transcripts) -> tuple[str, str]:
    ids = _ids(path, section)
    if ids is None:
        expected, remedy = f"a name that fits '{section.name}'", f"Rename the file, or mend `name` in {STUDY_FILE}."
        raise TranscriptError(Problem(path.name, "", f"the name '{path.stem}'", expected, remedy))
    return ids


def _read_transcript(path: Path, section: Transcripts, cache: TextCache) -> list[dict[str, str]]:
    source_id, case_id = _checked_ids(path, section)
    options = section.model_dump(exclude={"files", "name", "level"})
    return [transcript_row(path, source_id=source_id, case_id=case_id, cache=cache, **options)]


def _read_codings(
    folder: Path, settings: Settings, sources: pd.DataFrame, codebook: pd.DataFrame | None, steps: Checklist
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Codings and readings, from tables of their own and from spreadsheets of coded answers."""
    paths = _find(folder, settings.codings, "codings", steps) if settings.codings else []
    raw = {
        (file := _name(folder, path)): steps.attempt(partial(_read_table, path), otherwise=empty_table("codings"), file=file)
        for path in paths
    }
    readings = [_read(folder, settings.readings, "readings", steps)]
    for section in settings.coded_answers:
        if is_lost(f"/{section.question}", steps.lost):
            continue
        options = section.model_dump(exclude={"file"})
        nothing = (empty_table("codings"), empty_table("readings"))
        read = partial(read_coded_answers, folder / section.file, sources, **options)
        raw[section.file], finished = steps.attempt(read, otherwise=nothing, file=section.file)
        readings.append(finished)
    raw = {origin: steps.keep(table, sources) for origin, table in raw.items()}
    codings = {
        origin: steps.attempt(partial(check_codings, table, sources, codebook, origin=origin), otherwise=empty_table("codings"))
        for origin, table in raw.items()
    }
    steps.problems += _shared_ids(codings, raw)
    return _stack("codings", codings.values()), steps.keep(_stack("readings", readings), sources)


def _shared_ids(codings: dict[str, pd.DataFrame], raw: dict[str, pd.DataFrame]) -> Iterator[Problem]:
    """A problem for each file that gives its codings the ids of another file's."""
    first: dict[str, str] = {}
    for origin, table in codings.items():
        again = [row for row, name in enumerate(table["coding_id"]) if name in first]
        if again:
            name = table["coding_id"].iloc[again[0]]
            found = f"coding_id '{name}' a second time" + (f", and {len(again) - 1} more" if len(again) > 1 else "")
            remedy = "Give them other ids, or take the column out: ids are then made."
            yield Problem(origin, row_place(raw[origin], again[0]), found, f"an id that is not in {first[name]}", remedy)
        first |= dict.fromkeys((name for name in table["coding_id"] if name not in first), origin)


def _read(folder: Path, file: str, name: str, steps: Checklist) -> pd.DataFrame:
    """One table of the study; an empty one where `study.toml` names no file for it."""
    if not file:
        return empty_table(name)
    step = partial(_read_checked, folder / file, name, origin=file)
    return steps.attempt(step, otherwise=empty_table(name), file=file)


def _read_checked(path: Path, name: str, *, origin: str) -> pd.DataFrame:
    return check_table(name, _read_table(path) if name in FOLDS else read_table(path), origin=origin)


def _read_table(path: Path) -> pd.DataFrame:
    """A table that may have been written by the library, with the words as they were."""
    return unguarded(read_table(path))


def _stack(name: str, tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty_table(name)


def _merge_cases(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One row a case. What an earlier table says of a case stands; a later one fills what it left blank."""
    stacked = pd.concat(list(tables), ignore_index=True)
    filled = stacked.replace("", None).groupby("case_id", sort=False).first()
    return check_table("cases", filled.reset_index().fillna(""))


def account_for(study: Study) -> pd.DataFrame:
    """What became of each character of the study's transcripts, whose files are read again: one row a source and what it became.

    Returns
    -------
    DataFrame
        `source_id`, `kind`, `became` ("words", "speaker", "time", "structure", "blank", or the rule by which it was set aside),
        `characters` and `stretches`. Survey answers and comments are words from end to end, and are not listed.

    Raises
    ------
    TranscriptError
        Where a file is no longer there, or cannot be read any more.
    """
    rows = []
    talks = study.sources[study.sources["kind"].isin(["interview", "webinar"])]
    for source, kind, origin in zip(talks["source_id"], talks["kind"], talks["origin"], strict=True):
        pieces = pd.DataFrame(read_turns(study.folder / origin).account.pieces(), columns=["start", "end", "became"])
        lengths = (pieces["end"] - pieces["start"]).groupby(pieces["became"]).agg(["sum", "size"])
        rows += [(source, kind, became, *counts) for became, counts in zip(lengths.index, lengths.to_numpy(), strict=True)]
    columns = dict.fromkeys(("source_id", "kind", "became"), TEXT) | dict.fromkeys(("characters", "stretches"), COUNT)
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
