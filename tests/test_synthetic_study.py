"""The synthetic study: its size, that nobody copied, that codings stand where they say, and that what was planted is there."""

import csv
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import engagement_lib as eng
from engagement_lib.coding.codebook_doubts import codebook_doubts

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
# What the interviewers were told to ask in these words.
SET_QUESTIONS = (
    "Could you start by telling me what you do and how long you have been doing it?",
    "Who would you say uses the figures that you work on?",
    "When did you last hear from somebody who uses them?",
    "When did you last get in touch with the people who make the figures?",
    "What happened after that?",
    "If you could change one thing, what would it be?",
    "Is there anything you expected me to ask that I have not asked?",
)
# Names that nobody could have known between January and October 2020.
LATER = r"\b(?:DLUHC|DESNZ|UKHSA|Engagement Hub|USER hub|accredited official statistics|Code 3\.0|ChatGPT)\b"


@pytest.fixture(scope="module")
def study():
    return eng.open_study(DATA)


@pytest.fixture(scope="module")
def turns(study):
    return eng.split_turns(study.sources)


def table(name):
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def runs(text):
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold().replace("’", "'"))
    return {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}


def test_it_has_as_many_people_as_the_data_card_says(study):
    sources = study.sources
    interviews = sources.loc[sources["kind"] == "interview", "source_id"]
    survey = sources[sources["kind"] == "survey"].groupby("wave")["case_id"].nunique()
    assert interviews.str[0].value_counts().to_dict() == {"U": 55, "P": 45}
    assert survey.to_dict() == {"1": 195, "2": 60}
    assert (sources["kind"] == "comment").sum() == 8
    assert sources[sources["kind"] == "webinar"].groupby("wave").size().to_dict() == {"1": 3, "2": 1}


def test_interviews_have_500_to_1500_words_and_webinars_2000(study, turns):
    words = turns.assign(words=turns["quote"].str.split().str.len()).groupby(["kind", "source_id"])["words"].sum()
    assert words["interview"].between(500, 1500).all()
    assert (words["webinar"] >= 2000).all()


def test_the_files_come_in_the_formats_that_teams_have():
    endings = pd.Series([path.suffix for path in (DATA / "interviews").iterdir()]).value_counts(normalize=True)
    assert 0.4 <= endings[".docx"] <= 0.6
    assert 0.2 <= endings[".vtt"] <= 0.3
    assert {".txt", ".srt", ".odt"} <= set(endings.index)


def test_no_eight_words_stand_in_two_interviews(study):
    interviews = study.sources[study.sources["kind"].isin(["interview", "webinar"])]
    breaks = "|".join([r"^.* \[\w+\].*$", *map(re.escape, SET_QUESTIONS)])
    where = defaultdict(set)
    for source, text in zip(interviews["source_id"], interviews["text"], strict=True):
        for run in set().union(*map(runs, re.split(breaks, text, flags=re.MULTILINE | re.IGNORECASE))):
            where[run].add(source)
    assert {run: sources for run, sources in where.items() if len(sources) > 1} == {}


def test_nobody_knows_what_came_later(study):
    texts = study.sources[["source_id", "text"]]
    assert texts[texts["text"].str.contains(LATER, regex=True)].to_numpy().tolist() == []


def test_the_second_wave_was_prompted_and_some_of_its_authors_were_interviewed(study):
    sources = study.sources
    assert [study.settings.waves[wave].prompted for wave in ("1", "2")] == [False, True]
    interviewed = set(sources.loc[sources["kind"] == "interview", "case_id"])
    assert len(interviewed & set(sources.loc[sources["wave"] == "2", "case_id"])) >= 3


def test_the_codebook_has_rules_and_an_example_for_every_code(study):
    assert 30 <= len(study.codebook) <= 40
    assert set(codebook_doubts(study.codebook)["severity"]) <= {"slight"}
    assert set(study.codebook["theme"]) == {"culture", "capability", "collaboration", "outside"}


def test_the_first_codebook_and_its_changes_give_the_second(study):
    first = {row["code"] for row in table("data/codebook_history/codebook_1.csv")}
    changes = [row for row in table("data/codebook_history/changes.csv") if row["version"] == "2"]
    for change in changes:
        first = first - set(change["codes"].split()) | set(change["becomes"].split())
    assert first == set(study.codebook["code"])
    assert sorted(change["change"] for change in changes) == ["merged", "split"]


def test_the_first_reader_read_everything_and_the_second_what_was_drawn(study):
    with_words = set(study.sources.loc[study.sources["reason"] == "", "source_id"])
    read = study.readings.groupby("coder")["source_id"].agg(set)
    assert read["reader-1"] == with_words
    second = study.sources[study.sources["source_id"].isin(read["reader-2"])]
    assert (second["kind"] != "survey").sum() >= 30
    assert second.loc[second["kind"] == "survey"].groupby("wave")["case_id"].nunique().sum() >= 60
    drawn = {row["drawn"] for row in table("data/draw.csv")}
    assert drawn == set(second["source_id"].where(second["kind"] != "survey", second["case_id"] + " wave " + second["wave"]))


def test_there_are_codings_enough_and_a_consensus_where_both_read(study):
    codings, read = study.codings, study.readings
    assert len(codings) >= 2500
    assert set(codings["layer"]) == {"independent", "consensus"}
    consensus = codings[codings["layer"] == "consensus"]
    assert set(consensus["coder"]) == {"consensus"}
    assert set(consensus["source_id"]) <= set(read.loc[read["coder"] == "reader-2", "source_id"])
    assert {"contradicts", "qualifies"} <= set(codings["stance"])


def test_the_quotes_in_the_files_are_what_stands_between_the_offsets(study):
    texts = study.sources.set_index("source_id")["text"]
    for path in (DATA / "codings").glob("*.csv"):
        for row in table(path.relative_to(ROOT)):
            assert texts[row["source_id"]][int(row["start"]) : int(row["end"])] == row["quote"]


def test_there_are_twelve_claims_each_with_what_would_count_against_it(study):
    assert len(study.claims) == 12
    assert (study.claims[["would_count_against", "sources_expected"]] != "").all(axis=None)


def test_nothing_but_a_person_decides(study):
    assert study.events.empty


@pytest.mark.parametrize("planted", table("tests/planted.csv"), ids=lambda row: f"{row['what']}: {row['where']}")
def test_what_was_planted_is_where_the_list_says(planted, study):
    if planted["where"].endswith(".csv"):
        assert planted["words"] in (DATA / planted["where"]).read_text(encoding="utf-8")
        return
    texts = study.sources.set_index("source_id")["text"]
    assert planted["words"] in texts[planted["where"]]


def test_identifiers_with_a_telling_shape_are_found(study):
    found = eng.find_identifiers(study.sources)
    places = set(zip(found["source_id"], found["kind"], strict=True))
    listed = [row for row in table("tests/planted.csv") if row["feature"] == "find_identifiers"]
    assert {(row["where"], row["what"]) for row in listed} <= places


def test_every_way_of_writing_not_applicable_is_known(study):
    reasons = study.sources.set_index("source_id")["reason"]
    listed = [row for row in table("tests/planted.csv") if row["what"] == "non-answer"]
    assert len({row["words"] for row in listed}) >= 11
    assert {reasons[row["where"]] for row in listed} == {"not applicable"}


def test_one_code_is_used_by_nobody(study, turns):
    counts = eng.code_counts(study.codings, turns[turns["role"] == "participant"], study.codebook)
    assert set(counts.loc[counts["codings"] == 0, "code"]) == {"staff-exchange"}


def test_no_code_and_no_notebook_reads_the_answer_key():
    files = [*ROOT.glob("engagement_lib/**/*.py"), *ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("data/*.toml")]
    assert [path.name for path in files if "answer_key" in path.read_text(encoding="utf-8")] == []


def test_all_of_it_is_less_than_4_megabytes():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file() and path.parent.name != ".cache") < 4_000_000


def test_a_quote_that_was_altered_and_one_from_another_interview_are_found(study):
    checked = eng.check_quotes(study.quotes, study.sources).set_index("quote_id")
    assert checked.loc[checked["tier"] != "verbatim", "tier"].to_dict() == {"Q13": "near", "Q14": "another source's"}


@pytest.fixture(scope="module")
def mended(study):
    """A copy of the study without what was planted in its claims and quotes."""
    said = study.sources.set_index("source_id")["text"]
    quotes = study.quotes.copy()
    quotes.loc[quotes["quote_id"] == "Q13", "quote"] = "I don't know did they read it."
    quotes.loc[quotes["quote_id"] == "Q14", "source_id"] = "U32"
    assert "I don't know did they read it." in said["U37"]
    # The two who carry a claim by themselves keep one passage of it; the claims of nobody, of few and of one group are gone.
    loud = study.codings["code"].isin(["trusted-go-betweens", "misquoted"])
    first = ~study.codings[loud].duplicated(["source_id", "coder", "layer", "code"])
    codings = study.codings[~loud | first.reindex(study.codings.index, fill_value=True)].reset_index(drop=True)
    claims = study.claims[~study.claims["claim_id"].isin(["C3", "C7", "C11", "C12"])].reset_index(drop=True)
    return replace(study, quotes=quotes, codings=codings, claims=claims)


def weaknesses(study):
    """The claims that lean on one voice, on nobody or few, that one group only supports, or that most contradict."""
    rule, appraised = study.settings.verdicts, eng.appraise_claims(study, resamples=1)
    by_group = eng.appraise_claims(study, by="group", resamples=1)
    few = appraised["supporting"] + appraised["contradicting"] < rule.min_respondents
    heard = by_group[(by_group["base"] >= 100) & by_group["group"].isin(["producer", "user"])]
    silent = heard[heard["supporting"] == 0].merge(heard[heard["supporting"] >= 10], on="claim_id")
    return {
        "one voice": sorted(appraised.loc[appraised["largest_share"] > 0.5, "claim_id"]),
        "nobody or few": sorted(appraised.loc[few, "claim_id"]),
        "one group": sorted(set(silent["claim_id"])),
        "contradicted": sorted(appraised.loc[appraised["indicated"] == "contradicted", "claim_id"]),
    }


def test_every_planted_weakness_of_a_claim_is_found(study):
    assert weaknesses(study) == {
        "one voice": ["C10", "C7"],
        "nobody or few": ["C11", "C7"],
        "one group": ["C3"],
        "contradicted": ["C12"],
    }


def test_none_is_found_where_nothing_was_planted(mended):
    assert weaknesses(mended) == {"one voice": [], "nobody or few": [], "one group": [], "contradicted": []}
    assert set(eng.check_quotes(mended.quotes, mended.sources)["tier"]) == {"verbatim"}
