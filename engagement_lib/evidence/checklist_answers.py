"""What a study's data know of how it was done, in sentences; "" where they do not."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Final

import pandas as pd

from engagement_lib.coding.codings import CONSENSUS, INDEPENDENT
from engagement_lib.coding.passages import case_values, in_order
from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.claims import collect_evidence
from engagement_lib.evidence.frame import frame_coverage
from engagement_lib.evidence.quotes import TIERS, check_quotes
from engagement_lib.evidence.respondents import participant_turns
from engagement_lib.evidence.saturation import saturation
from engagement_lib.evidence.verdicts import NOT_CONFIRMED, verdicts
from engagement_lib.evidence.wording import say_percent
from engagement_lib.language import describe_pipeline
from engagement_lib.segments import split_turns
from engagement_lib.tables import KINDS, Study

_PEOPLE: Final = {
    "interview": "interviewed",
    "webinar": "webinars (each one event)",
    "survey": "who answered the survey",
    "comment": "who sent a comment",
}
_SOFTWARE: Final = ("engagement-lib", "pandas", "numpy", "scipy", "scikit-learn", "spacy")
_DRAWS: Final = 200
_FEW: Final = 5


def say_participants(study: Study) -> str:
    """How many took part, by kind of source."""
    people = _people(study)
    if people.empty:
        return ""
    counts = people.groupby("kind")["respondent"].nunique()
    told = "; ".join(f"{counts[kind]} {_PEOPLE[kind]}" for kind in KINDS if kind in counts.index)
    return f"{people['respondent'].nunique()} respondents with words: {told}."


def say_sampling(study: Study) -> str:
    """How those who speak in each kind of source were chosen, where `study.toml` says so."""
    kinds = set(study.sources["kind"])
    stated = [f"{kind}: {chosen}" for kind, chosen in study.settings.samples if kind in kinds and chosen != "unknown"]
    return f"{'; '.join(stated)}." if stated else ""


def say_sample(study: Study) -> str:
    """Who took part, by group, and what else is known of each."""
    people = _people(study)
    if people.empty:
        return ""
    first = people.drop_duplicates("respondent")
    groups = case_values(first, study.cases, "group").value_counts()
    told = "; ".join(f"{name} {groups[name]}" for name in in_order(groups.index, study.settings.scales.get("group", ())))
    others = [name for name in study.cases.columns if name not in ("case_id", "group")]
    also = f" Of each case there is also {', '.join(others)}." if others else ""
    return f"{say_participants(study)} By group: {told}.{also}"


def say_repeats(study: Study) -> str:
    """Whether anybody was interviewed more than once."""
    interviews = study.sources[(study.sources["kind"] == "interview") & (study.sources["reason"] == "")]
    if interviews.empty:
        return ""
    often = interviews.groupby("case_id").size()
    return f"Of {len(often)} people interviewed, {int((often > 1).sum())} were interviewed more than once."


def say_duration(study: Study) -> str:
    """How long interviews and webinars took, where their transcripts have times."""
    turns = split_turns(study.sources)
    talks = turns[turns["kind"].isin(["interview", "webinar"])]
    spans = talks.groupby("source_id")[["time_start", "time_end"]].agg({"time_start": "min", "time_end": "max"})
    ends = spans["time_end"].fillna(talks.groupby("source_id")["time_start"].max())
    minutes = ((ends - spans["time_start"]) / 60).dropna()
    minutes = minutes[minutes > 0]
    if minutes.empty:
        return ""
    text = f"By the times in {len(minutes)} of {len(spans)} transcripts, a median of {minutes.median():.0f} minutes"
    return f"{text}, from {minutes.min():.0f} to {minutes.max():.0f}."


def say_saturation(study: Study) -> str:
    """How far more respondents would bring more codes."""
    table = saturation(study, orders=_DRAWS, resamples=_DRAWS)
    return "" if table.empty else str(table["sentence"].iloc[0])


def say_coders(study: Study) -> str:
    """Who coded, and how much was coded twice."""
    coders = sorted(set(study.codings.loc[study.codings["layer"] == INDEPENDENT, "coder"]))
    if not coders:
        return ""
    text = f"{len(coders)} coded on their own ({', '.join(coders)})." if len(coders) > 1 else f"One coded ({coders[0]})."
    finished = study.readings[(study.readings["finished"] != "") & (study.readings["coder"] != CONSENSUS)]
    if finished.empty:
        return f"{text} What each has read is not written down."
    readers = finished.groupby("source_id")["coder"].nunique()
    twice = int((readers > 1).sum())
    text += f" {twice} of {len(readers)} sources read ({say_percent(twice / len(readers))}) were read by two or more."
    agreed = set(study.codings.loc[study.codings["layer"] == CONSENSUS, "source_id"])
    agreed |= set(study.readings.loc[(study.readings["coder"] == CONSENSUS) & (study.readings["finished"] != ""), "source_id"])
    return f"{text} A consensus was reached on {len(agreed)}." if agreed else text


def say_coding_tree(study: Study) -> str:
    """How many codes there are, under which themes, and how many are defined."""
    codebook = study.codebook
    if codebook.empty:
        return ""
    themes = codebook["theme"].replace("", "no theme")
    told = "; ".join(f"{theme} {many}" for theme, many in themes.groupby(themes, sort=False).size().items())
    return f"{len(codebook)} codes ({told}), {int((codebook['definition'] != '').sum())} of them with a definition."


def say_derivation(study: Study) -> str:
    """Which themes were brought to the data, where `study.toml` names a frame."""
    frame = study.settings.frame.themes
    if not frame:
        return ""
    outside = int((~study.codebook["theme"].isin(frame)).sum())
    return f"The themes {', '.join(frame)} are the frame that was tested; {outside} codes of the codebook lie outside it."


def say_software(study: Study) -> str:
    """What the results were made with, and in which versions."""
    named = ", ".join(f"{name} {version(name)}" for name in _SOFTWARE)
    language = study.settings.language
    return f"Python {platform.python_version()}, {named}; {describe_pipeline(language.pipeline)}; encoder {language.encoder}."


def say_quotations(study: Study) -> str:
    """How many quotes are typed out, and how many stand word for word in their source."""
    if study.quotes.empty:
        return ""
    tiers = check_quotes(study.quotes, study.sources)["tier"].value_counts()
    told = "; ".join(f"{tier} {tiers[tier]}" for tier in TIERS if tier in tiers.index)
    return f"{len(study.quotes)} quotes, each held against its source: {told}. Each names the source it is from."


def say_consistency(study: Study) -> str:
    """How far the evidence carries the claims."""
    claims = appraise_claims(study, resamples=1)
    if claims.empty:
        return ""
    told = "; ".join(f"{verdict} {many}" for verdict, many in claims["indicated"].value_counts(sort=False).items())
    confirmed = int((verdicts(study)["verdict"] != NOT_CONFIRMED).sum())
    return f"{len(claims)} claims, by a stated rule: {told}. {confirmed} of the verdicts were given by a person."


def say_major_themes(study: Study) -> str:
    """How many respondents voice each theme of the frame."""
    return _say_parts(study, "theme")


def say_minor_themes(study: Study) -> str:
    """What lies outside the frame, which codes few respondents have, and how many passages speak against claims."""
    parts = frame_coverage(study, resamples=1)
    if parts.empty:
        return ""
    told = _say_parts(study, "code outside")
    rare = parts[(parts["part"] == "code outside") & (parts["respondents"] < _FEW)]
    text = f"Outside the frame: {told}" if told else "The codebook has no code outside the frame."
    text += f" Fewer than {_FEW} respondents: {', '.join(rare['name'])}." if len(rare) else ""
    return f"{text} {say_diversity(study)}".strip()


def say_analysis(study: Study) -> str:
    """How the analysis was done: who coded, by which codes, with which frame."""
    told = (say_coders(study), say_coding_tree(study), say_derivation(study))
    return " ".join(filter(None, told))


def say_diversity(study: Study) -> str:
    """How many passages speak for, qualify and speak against the claims."""
    stances = collect_evidence(study)["stance"].value_counts()
    told = [f"{int(stances[name])} that {verb}" for name, verb in _STANCES.items() if name in stances.index]
    return f"Passages that bear on the claims: {'; '.join(told)}; none is left out." if told else ""


def say_links(study: Study) -> str:
    """What leads from data to conclusions: claims with their passages, and quotes with their sources."""
    return " ".join(filter(None, (say_consistency(study), say_quotations(study))))


def say_documentation(study: Study) -> str:
    """What is written down of the work: dates and authors of codings, memos and decisions."""
    if study.codings.empty:
        return ""
    dated = int((study.codings["at"] != "").sum())
    text = f"{len(study.codings)} codings name their coder, {dated} of them the date; {len(study.memos)} memos;"
    return f"{text} {len(study.events)} decisions in the log. {say_software(study)}"


_STANCES: Final = {"supports": "support them", "qualifies": "qualify them", "contradicts": "contradict them"}
ANSWERS: Final[Mapping[str, Callable[[Study], str]]] = {
    "participants": say_participants,
    "sampling": say_sampling,
    "sample": say_sample,
    "repeats": say_repeats,
    "duration": say_duration,
    "saturation": say_saturation,
    "coders": say_coders,
    "coding_tree": say_coding_tree,
    "derivation": say_derivation,
    "software": say_software,
    "quotations": say_quotations,
    "consistency": say_consistency,
    "major_themes": say_major_themes,
    "minor_themes": say_minor_themes,
    "analysis": say_analysis,
    "diversity": say_diversity,
    "links": say_links,
    "documentation": say_documentation,
}


def _people(study: Study) -> pd.DataFrame:
    """Everybody with words, in any wave: one row a respondent, kind and wave."""
    turns = pd.concat([participant_turns(study, prompted=prompted) for prompted in (False, True)])
    return turns[["respondent", "kind", "wave"]].drop_duplicates().reset_index(drop=True)


def _say_parts(study: Study, part: str) -> str:
    """The parts of the codebook with their respondents, the most voiced first."""
    parts = frame_coverage(study, resamples=1)
    mine = parts[parts["part"] == part].sort_values(["respondents", "name"], ascending=[False, True])
    told = [
        f"{name} {many} of {base} respondents ({say_percent(share)})" if base else f"{name} nobody"
        for name, many, base, share in zip(
            mine["name"], mine["respondents"], mine["respondent_base"], mine["respondent_share"], strict=True
        )
    ]
    return f"{'; '.join(told)}." if told else ""
