"""An update of a study: new files in, themes carried on, everything run again, and what changed since the last run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from engagement_lib.coding.passages import respondents
from engagement_lib.coding.store import append_events
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.changes import changed_claims, changed_files, changed_prevalence, changed_responses
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.evidence.run_record import describe_run, last_run, next_run, record_run
from engagement_lib.evidence.theme_concentration import theme_concentration
from engagement_lib.segments import split_turns
from engagement_lib.sharing.changes_page import CHANGED, Changes, say_changes
from engagement_lib.sharing.report import Progress, Report, write_report
from engagement_lib.study import open_study
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, empty_table, records
from engagement_lib.themes.decisions import decide_themes
from engagement_lib.themes.ledger import first_ledger, theme_flow
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.records import record_themes, recorded_themes
from engagement_lib.themes.updating import Mode, restore_themes, update_themes

MIN_WORDS: Final = 5
THEMES: Final = {
    **dict.fromkeys(("theme_id", "name", "keywords", "status", "parents"), TEXT),
    **dict.fromkeys(("respondents", "base"), COUNT),
    **dict.fromkeys(("share", "low", "high"), NUMBER),
    **dict.fromkeys(("replies", "replies_base", "new_segments"), COUNT),
}
_GAPS: Final = {"theme_id": TEXT, "new": "bool", "gap": TEXT, "sentence": TEXT}
_SPAN: Final = ["source_id", "start", "end"]


@dataclass(frozen=True, eq=False)
class Update:
    """An update as it was done: what it found, in words (`said`) and as tables (`changes`), the `themes` as a fitted model, the
    `report`, and the `page` to open first.
    """

    said: str
    changes: Changes
    themes: ThemeModel
    report: Report
    page: Path


def update_study(
    folder: Path | str,
    *,
    notebooks: Sequence[Path],
    out: Path,
    now: datetime,
    mode: Mode = "anchored",
    resamples: int | None = None,
    progress: Progress | None = None,
) -> Update:
    """The study as it is now, held against the last run; the report is written, and the run recorded in the study's store.

    New files that fit the patterns of `study.toml` are read as every other. Themes keep their ids from run to run, and what
    people decided about them is replayed. A run that finds all as it was is not recorded again.

    Parameters
    ----------
    folder
        Where `study.toml` lies.
    notebooks
        Run and rendered as by `write_report`; with none, only the page of changes and the index are.
    out
        The pages go to a folder in it that is named after the moment.
    now
        The present moment, with its time zone.
    mode
        How new segments are taken into themes: see `update_themes`.
    resamples
        For the stability of themes, without which no gap can be found; as `study.toml` has it unless said, and 0 leaves it out.
    progress
        Called with a notebook's name, or "themes", and "running", then "ok" or "failed".

    Raises
    ------
    EngagementError
        With everything there is to mend in the study; where the report cannot be written, or the store.
    """
    study = open_study(folder)
    before = last_run(study.events)
    run = next_run(study.events)
    if progress is not None:
        progress("themes", "running")
    segments = usable_turns(study)
    model = carry_themes(study, segments, run=run, mode=mode, resamples=resamples)
    gaps = [_gaps(study, model, segments[segments["prompted"] == prompted]) for prompted in (False, True)]
    found = describe_run(study, run=run, gaps=gaps[0]["theme_id"])
    if progress is not None:
        progress("themes", "ok")
    changes = _compare(study, model, _themes(model, segments), gaps, before=before, found=found)
    report = write_report(
        study,
        notebooks=notebooks,
        out=out,
        run_id=now.strftime("%Y-%m-%dT%H%M%SZ"),
        claims=appraise_claims(study),
        progress=progress,
        changes=changes,
    )
    if not changes.same:
        append_events(study.folder, pd.concat([record_themes(model), record_run(found)], ignore_index=True), now=now)
    return Update(say_changes(changes), changes, model, report, report.folder / CHANGED)


def usable_turns(study: Study) -> pd.DataFrame:
    """The participants' turns and answers of five words or more, with their `respondent`, and whether they are `prompted`."""
    turns = split_turns(study.sources)
    long_enough = turns["quote"].map(lambda quote: len(quote.split()) >= MIN_WORDS).astype(bool)
    turns = turns[(turns["role"] == "participant") & long_enough].reset_index(drop=True)
    prompts = [name for name, wave in study.settings.waves.items() if wave.prompted]
    return turns.assign(respondent=respondents(turns), prompted=turns["wave"].isin(prompts))


def carry_themes(
    study: Study, segments: pd.DataFrame, *, run: str, mode: Mode = "anchored", resamples: int | None = None
) -> ThemeModel:
    """The themes of a run, carried on from the last one that the store knows.

    Where it knows none, themes are made of what was said before any draft, and replies to it are then taken in.
    """
    language, chosen = study.settings.language, study.settings.themes.model_dump()
    options: dict[str, Any] = chosen | {"encoder": language.encoder, "weights": language.weights, "cache": str(study.folder)}
    options |= {"pipeline": language.pipeline} | ({} if resamples is None else {"resamples": resamples})
    assignments, ledger, last = recorded_themes(study.events, segments)
    if last:
        base = restore_themes(ThemeModel(**options, run=last), segments, assignments, ledger)
        return update_themes(base, segments, mode=mode, run=run, decisions=study.events)
    said = segments[~segments["prompted"]] if not segments["prompted"].all() else segments
    first = ThemeModel(**options, run="0").fit(said)
    model = update_themes(first, segments, mode=mode, run=run)
    model.ledger_ = first_ledger(model.theme_ids_, run)
    decided = decide_themes(model, study.events)
    found = decided.assignments_["theme_id"].tolist()
    decided.flow_ = theme_flow([""] * len(found), found)
    return decided


def _gaps(study: Study, model: ThemeModel, segments: pd.DataFrame) -> pd.DataFrame:
    """The themes that count and lie outside the frame, by what stands in these segments."""
    mine = model.assignments_[~model.assignments_["theme_id"].isin(model.excluded_)].merge(segments[_SPAN], on=_SPAN)
    told = theme_concentration(study, mine, stability=model.stability_)
    return told.loc[told["gap"] != "", ["theme_id", "gap", "sentence"]].reset_index(drop=True)


def _compare(
    study: Study,
    model: ThemeModel,
    themes: pd.DataFrame,
    gaps: list[pd.DataFrame],
    *,
    before: dict[str, Any],
    found: dict[str, Any],
) -> Changes:
    independent = gaps[0].assign(new=~gaps[0]["theme_id"].isin(before.get("gaps", [])))
    missed = model.decisions_[~model.decisions_["holds"]][["author", "decision", "theme_id", "about", "reason"]]
    return Changes(
        run=found["run"],
        before=str(before.get("run", "")),
        at=before.get("at", ""),
        files=changed_files(before, found),
        responses=changed_responses(study, before, found),
        prevalence=changed_prevalence(study, before),
        claims=changed_claims(study, before),
        replies=changed_prevalence(study, {}, prompted=True)[["code", "respondents", "base", "share", "low", "high"]],
        reply_claims=changed_claims(study, {}, prompted=True)[["claim_id", "statement", "supporting", "contradicting", "base"]],
        themes=themes,
        flow=model.flow_,
        decisions=missed.reset_index(drop=True),
        gaps=independent[list(_GAPS)].astype(_GAPS),
        reply_gaps=gaps[1],
        notice=_notice(model),
        same=not _differs(before, found, model, _last_names(study)),
    )


def _themes(model: ThemeModel, segments: pd.DataFrame) -> pd.DataFrame:
    """One row a theme of the ledger that counts, its independent respondents and, apart, those who had read the draft."""
    said = model.assignments_.merge(segments[[*_SPAN, "respondent", "prompted"]], on=_SPAN)
    people = said.groupby(["theme_id", "prompted"])["respondent"].nunique()
    base = said.groupby("prompted")["respondent"].nunique()
    arrived = model.flow_[model.flow_["old_theme_id"] == ""].groupby("theme_id")["segments"].sum()
    words = model.keywords_.groupby("theme_id")["keyword"].agg(", ".join)
    rows = []
    for row in records(model.ledger_[~model.ledger_["theme_id"].isin(model.excluded_)]):
        theme_id = row["theme_id"]
        independent, replies = (int(people.get((theme_id, prompted), 0)) for prompted in (False, True))
        whole = int(base.get(False, 0))
        about = {name: row[name] for name in ("theme_id", "name", "status", "parents")} | {"keywords": words.get(theme_id, "")}
        low, high = wilson_interval(independent, whole)
        about |= {"respondents": independent, "base": whole, "share": independent / whole if whole else float("nan")}
        about |= {"low": low, "high": high}
        about |= {"replies": replies, "replies_base": int(base.get(True, 0)), "new_segments": int(arrived.get(theme_id, 0))}
        rows.append(about)
    return pd.DataFrame(rows, columns=list(THEMES)).astype(THEMES)


def _notice(model: ThemeModel) -> str:
    excluded = f" Left out, since people excluded them: {', '.join(model.excluded_)}." if model.excluded_ else ""
    return f"The themes were made with {model.encoder_}. {model.reason_}".strip() + excluded


def _last_names(study: Study) -> list[str]:
    """What the themes were called in the last run."""
    return recorded_themes(study.events, empty_table("segments"))[1]["name"].tolist()


def _differs(before: dict[str, Any], found: dict[str, Any], model: ThemeModel, names: list[str]) -> bool:
    """Whether a run found anything that the last one had not."""
    same = all(before.get(name) == found[name] for name in found if name != "run") and model.ledger_["name"].tolist() == names
    return not same or bool((model.flow_["old_theme_id"] != model.flow_["theme_id"]).any())
