"""How many identifiers are found, how many finds are none, and how fast, as JSON: `python benchmarks/identifiers.py`.

- `planted`: sentences with identifiers set into the interviews of the synthetic study by `planting.py`, the recruitment sheet
  given as `cases`; five seeds together. An identifier counts as found if direct finds (any finds for indirect ones) cover all its
  characters. `held` sentences were never looked at while the rules were written; `hard` ones hold what rules cannot know, and
  are no part of `direct`.
- `study`: what `tests/planted.csv` lists; found if a find covers it.
- `samples`: the sentences of presidio-research (synthetic, of many countries) where they lie beside the project.
- `precision`: finds on the study without planted sentences that are of the kind they say, judged one by one while the rules were
  written (`NOT_OF_THE_KIND` lists the others); and how many finds a person goes through per 1,000 words.

All recalls come with the lower end of Wilson's 95% interval.
"""

import json
import re
import sys
import time
from pathlib import Path

import pandas as pd

import engagement_lib as eng
from engagement_lib.evidence.prevalence import wilson_interval
from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.privacy.placing import map_codings
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.privacy.review import review_queue
from engagement_lib.tables import Study

sys.path.insert(0, str(Path(__file__).parent))
from planting import plant  # lies beside this file

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "../shared/samples/identifiers/presidio_research"
SEED = 20
# What the planted kinds are called in the result.
KINDS_OF = {
    **dict.fromkeys(("name", "listed", "listed-word"), ("person", "proper name")),
    "e-mail-said": ("e-mail",),
    "telephone-said": ("telephone",),
    "address": ("postal address",),
    "NINO": ("National Insurance number",),
    "NHS": ("NHS number",),
    "licence": ("driving licence",),
    "car": ("vehicle registration",),
    "sort": ("sort code",),
    "account": ("bank account",),
    "birth": ("date of birth",),
    "age": ("age over 85",),
}
# What was found on the study and is not of the kind it is listed as; of a "proper name": no name of a person, place or body.
NOT_OF_THE_KIND = {
    "e-mail": {"Police dot UK"},
    "organisation": {"RFS", "Code of Practice", "StatsWales"},
    "person": {"Eve", "Guest", "I. Number", "V. Poor", "N. Marsh", "Ward", "Adam"},
    "place": {"Highland"},
    "proper name": {
        "Applicable", "Biscuit", "Code", "Education Statistics", "Explore", "Forms", "Grade", "Heads", "Know Your Patch",
        "National Insurance", "National Statistician", "Profession", "Royal", "Sea", "Sign Language", "Spending Review",
        "Statistics", "Tennis", "Trends", "Universal Credit", "Bonjour", "Cyhoeddwch", "Diwylliant", "Hoffwn", "Mae'r", "Owt",
        "RECIEVED",
    },
    "role": {"It's just me and Tom", "Nobody else has ever done that with me", "fast stream", "I'm the only one who has"},
}  # fmt: skip
MAPPED: dict[str, tuple[str, ...]] = {
    "PERSON": ("person", "proper name"),
    "GPE": ("place", "proper name"),
    "STREET_ADDRESS": ("postal address", "place", "proper name"),
    "ORGANIZATION": ("organisation", "proper name"),
    "EMAIL_ADDRESS": ("e-mail",),
    "PHONE_NUMBER": ("telephone",),
    "DOMAIN_NAME": ("URL",),
    "CREDIT_CARD": ("payment card",),
    "IBAN_CODE": ("bank account",),
    "IP_ADDRESS": ("IP address",),
}


def share(count: int, base: int) -> dict[str, float]:
    low, _ = wilson_interval(count, base)
    return {"found": count, "of": base, "share": round(count / base, 3) if base else 0.0, "at_least": round(low, 3)}


def covering(found: pd.DataFrame, gold: pd.DataFrame) -> pd.DataFrame:
    """For each identifier whether finds cover it, touch it, and whether one that touches it is of the right kind."""
    by_source = {str(source): part for source, part in found.groupby("source_id")}
    rows = []
    for row in gold.itertuples():
        part = by_source.get(row.source_id, found[:0])
        part = part[(part["start"] < row.end) & (part["end"] > row.start) & (part["direct"] | (not row.direct))]
        characters = {at for start, end in zip(part["start"], part["end"], strict=True) for at in range(start, end)}
        rows.append((set(range(row.start, row.end)) <= characters, len(part) > 0, bool(set(part["kind"]) & set(row.kinds))))
    return gold.assign(**pd.DataFrame(rows, columns=["covered", "touched", "right"], index=gold.index))


def recall(judged: pd.DataFrame, column: str = "covered") -> dict[str, float]:
    return share(int(judged[column].sum()), len(judged))


def on_no_list(quote: str) -> bool:
    g = load_gazetteer()
    return not any(g.is_name(part) for word in quote.replace("'s", "").split() for part in (word, *word.split("-")))


def of_planted(study: Study) -> dict[str, object]:
    """Recall on planted sentences, of several seeds together; the same with all capitals gone."""
    judged, lower, queued, left, extra = [], [], [], [], 0
    before = len(find_identifiers(study.sources))
    for seed in range(SEED, SEED + 5):
        sources, gold, sheet = plant(study.sources, seed=seed)
        gold = gold.assign(kinds=[KINDS_OF.get(kind, (kind,)) for kind in gold["kind"]])
        found = find_identifiers(sources, cases=sheet)
        extra += len(found) - before - len(gold)
        judged.append(covering(found, gold))
        queued.append(covering(review_queue(sources, found, cases=sheet).assign(direct=True), gold))
        left.append(taken_out(sources, found, gold, sheet))
        lower.append(covering(find_identifiers(sources.assign(text=sources["text"].str.lower()), cases=sheet), gold))
    rows, low = pd.concat(judged, ignore_index=True), pd.concat(lower, ignore_index=True)
    reviewed, cleaned = pd.concat(queued, ignore_index=True), pd.concat(left, ignore_index=True)
    direct = rows[rows["direct"] & (rows["set"] != "hard")]
    names = direct[direct["kind"] == "name"]
    return {
        "identifiers": len(rows),
        "direct": recall(direct),
        "direct_with_the_hard_ones": recall(rows[rows["direct"]]),
        "direct_with_the_hard_ones_found_or_in_the_review_queue": recall(reviewed[reviewed["direct"]], "touched"),
        "hard_found_or_in_the_review_queue": recall(reviewed[reviewed["set"] == "hard"], "touched"),
        "direct_gone_from_the_cleaned_text": recall(cleaned[cleaned["direct"] & (cleaned["set"] != "hard")], "gone"),
        "direct_as_the_right_kind": recall(direct, "right"),
        "direct_in_held_sentences": recall(direct[direct["set"] == "held"]),
        "names_not_on_the_sheet": recall(names),
        "names_not_on_the_sheet_nor_in_the_gazetteer": recall(names[names["quote"].map(on_no_list)]),
        "hard": {sentence: recall(part) for sentence, part in rows[rows["set"] == "hard"].groupby("sentence")},
        "by_kind": {kind: recall(part) for kind, part in rows[rows["set"] != "hard"].groupby("kind")},
        "direct_without_capitals": recall(low[low["direct"] & (low["set"] != "hard")]),
        "names_without_capitals": recall(low[low["kind"] == "name"]),
        "finds_more_than_planted_per_seed": extra / 5,
    }


def taken_out(sources: pd.DataFrame, found: pd.DataFrame, gold: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """For each identifier whether none of it is left where it stood, in the texts cleaned at the level "indirect"."""
    cleaned = pseudonymise(sources, found, key=b"0123456789abcdef0123456789abcdef", level="indirect", cases=sheet)
    mapped = map_codings(gold[["source_id", "start", "end", "quote"]], cleaned.places, cleaned.sources)
    outside = mapped["quote"].str.replace(r"\[[^\]]*\]", "", regex=True)
    return gold.assign(gone=[not re.search(r"\w", words) for words in outside])


def of_study(study: Study, found: pd.DataFrame) -> dict[str, object]:
    """What `tests/planted.csv` lists as an identifier."""
    listed = pd.read_csv(ROOT / "tests/planted.csv", dtype=str)
    listed = listed[listed["feature"].str.contains("identifiers")]
    texts = study.sources.set_index("source_id")["text"]
    gold = listed.rename(columns={"where": "source_id"}).assign(
        start=[texts[where].index(words) for where, words in zip(listed["where"], listed["words"], strict=True)],
        direct=listed["what"] != "person known by role and place",
    )
    gold = gold.assign(end=gold["start"] + gold["words"].str.len(), kinds=[(what,) for what in gold["what"]])
    judged = covering(found, gold)
    return {
        "covered": recall(judged),
        "touched": recall(judged, "touched"),
        "not_covered": judged.loc[~judged["covered"], ["what", "words"]].to_numpy().tolist(),
    }


def of_samples() -> dict[str, object]:
    """Sentences of presidio-research: many countries, so that only some kinds can be compared."""
    path = SAMPLES / "synth_dataset_v2.json"
    if not path.exists():
        return {"reason": "the samples in ../shared are not on this machine"}
    sentences = json.loads(path.read_text(encoding="utf-8"))
    sources = pd.DataFrame(
        {"source_id": [f"{n:04}" for n in range(len(sentences))], "text": [row["full_text"] for row in sentences]}
    )
    spans = [(f"{n:04}", span) for n, row in enumerate(sentences) for span in row["spans"]]
    gold = pd.DataFrame(
        [
            (source, span["start_position"], span["end_position"], span["entity_type"], MAPPED[span["entity_type"]], False)
            for source, span in spans
            if span["entity_type"] in MAPPED
        ],
        columns=["source_id", "start", "end", "kind", "kinds", "direct"],
    )
    found = find_identifiers(sources)
    judged = covering(found, gold)
    everything = pd.DataFrame(
        [(source, span["start_position"], span["end_position"], span["entity_type"]) for source, span in spans],
        columns=["source_id", "start", "end", "type"],
    )
    return {
        "recall": {
            kind: {"covered": recall(part), "touched": recall(part, "touched"), "right_kind": recall(part, "right")}
            for kind, part in judged.groupby("kind")
        },
        "precision": {kind: share(*hits(part, everything, kind)) for kind, part in found.groupby("kind")},
    }


def hits(found: pd.DataFrame, gold: pd.DataFrame, kind: str) -> tuple[int, int]:
    """How many finds touch an annotation of any type that may be of this kind, and how many finds there are."""
    types = {name for name, kinds in MAPPED.items() if kind in kinds} or set(gold["type"])
    types |= {"DATE_TIME"} if kind == "date" else {"TITLE", "PERSON"} if kind == "person" else set()
    annotated = gold[gold["type"].isin(types)]
    both = found.reset_index().merge(annotated, on="source_id", suffixes=("", "_gold"))
    touching = both[(both["start"] < both["end_gold"]) & (both["end"] > both["start_gold"])]
    return touching["index"].nunique(), len(found)


def of_precision(study: Study, found: pd.DataFrame) -> dict[str, object]:
    words = int(study.sources["text"].str.count(r"\w+").sum())
    right = pd.Series(
        [quote not in NOT_OF_THE_KIND.get(kind, ()) for kind, quote in zip(found["kind"], found["quote"], strict=True)],
        index=found.index,
    )
    in_words = found[found["rule"] != "speaker's name"]
    return {
        "words": words,
        "by_kind": {kind: share(int(right[part.index].sum()), len(part)) for kind, part in found.groupby("kind")},
        "finds_per_1000_words": {
            "all": round(1000 * len(found) / words, 2),
            "without_speakers_names": round(1000 * len(in_words) / words, 2),
            "direct": round(1000 * int(in_words["direct"].sum()) / words, 2),
            **{name: round(1000 * int((in_words["confidence"] == name).sum()) / words, 2) for name in ("high", "medium", "low")},
        },
        "different_finds": len(found.drop_duplicates(["kind", "quote"])),
    }


def of_speed(study: Study) -> dict[str, float]:
    """200,000 words: the study's texts, some of them twice. Seconds for the search, the review queue and the pseudonyms."""
    words = study.sources["text"].str.count(r"\w+")
    twice = pd.concat([study.sources, study.sources.assign(source_id=study.sources["source_id"] + "-again")], ignore_index=True)
    enough = twice[pd.concat([words, words], ignore_index=True).cumsum() <= 200_000]
    begun = time.perf_counter()
    found = find_identifiers(enough, cases=study.cases)
    searched = time.perf_counter()
    review_queue(enough, found, cases=study.cases)
    queued = time.perf_counter()
    pseudonymise(enough, found, key=b"0123456789abcdef0123456789abcdef", level="indirect", cases=study.cases)
    ended = time.perf_counter()
    words = int(enough["text"].str.count(r"\w+").sum())
    spans = {"seconds": searched - begun, "queue": queued - searched, "pseudonyms": ended - queued}
    return {"words": words} | {name: round(took, 2) for name, took in spans.items()}


if __name__ == "__main__":
    study = eng.open_study(ROOT / "data")
    found = find_identifiers(study.sources, cases=study.cases)
    print(
        json.dumps(
            {
                "planted": of_planted(study),
                "study": of_study(study, found),
                "samples": of_samples(),
                "precision": of_precision(study, found),
                "speed": of_speed(study),
            },
            indent=1,
            ensure_ascii=False,
        )
    )
