"""What becomes of themes when a quarter more answers come in, as JSON: `python benchmarks/theme_updates.py [FOLDER]`.

FOLDER holds labelled sets as CSV (`text`, `label`). How many old answers keep their theme, anchored, frozen and from scratch, and
how well themes agree with people's labels then; and whether a label that comes with the new answers alone makes a theme.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from engagement_lib.themes.encoders import find_encoder
from engagement_lib.themes.ledger import theme_flow
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.updating import update_themes

SETS = Path(__file__).parents[1] / "../shared/samples/clustering"
TEXTS, MORE, SEEDS = 2000, 0.25, 3
HELD_OUT = 8  # labels a draw, those with the most answers that a quarter more can hold


def main() -> None:
    """Print one JSON object: for each set and way the mean over draws, and how many of the labels held out made a theme."""
    sets = Path(sys.argv[1]) if len(sys.argv) > 1 else SETS
    if not sets.exists():
        sys.exit("The labelled sets in ../shared are not on this machine.")
    with TemporaryDirectory() as folder:
        Path(folder, "study.toml").write_text('title = "Labelled sets"\n')
        encoder = find_encoder("minilm", cache=folder)
        told = {path.stem: measure(pd.read_csv(path), encoder) for path in sorted(sets.glob("*.csv"))}
    ways = {way: {"kept_by_id": summary([one[way]["kept_by_id"] for one in told.values()])} for way in ("anchored", "frozen")}
    print(json.dumps({"encoder": encoder.name, "more": MORE, "draws": SEEDS, "over_sets": ways, "sets": told}, indent=2))


def summary(values: list[float]) -> dict[str, float]:
    """The mean and the worst of the sets."""
    return {"mean": round(float(np.mean(values)), 4), "worst": min(values)}


def measure(table: pd.DataFrame, encoder: object) -> dict[str, dict[str, float]]:
    """The means over draws of which answers come first, and over the labels held out."""
    drawn = [answers_of(table, seed) for seed in range(SEEDS)]
    fresh = [ThemeModel(encoder=encoder, resamples=0).fit(answers) for answers in drawn]
    rows = [one_draw(answers, model, encoder) for answers, model in zip(drawn, fresh, strict=True)]
    told = {way: {name: round(float(np.mean([row[way][name] for row in rows])), 4) for name in rows[0][way]} for way in rows[0]}
    births = pd.DataFrame(
        [birth for answers, model in zip(drawn, fresh, strict=True) for birth in held_out(answers, model, encoder)]
    )
    return told | {"held out": {"labels": len(births)} | births.mean().round(4).to_dict()}


def answers_of(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    drawn = table.sample(min(TEXTS, len(table)), random_state=seed).reset_index(drop=True)
    ids = [f"S{row}" for row in range(len(drawn))]
    told = {"source_id": ids, "case_id": ids, "quote": drawn["text"].astype(str), "label": drawn["label"].astype(str)}
    return pd.DataFrame(told)


def one_draw(answers: pd.DataFrame, fresh: ThemeModel, encoder: object) -> dict[str, dict[str, float]]:
    """What becomes of the first four fifths."""
    first = round(len(answers) / (1 + MORE))
    old = ThemeModel(encoder=encoder, resamples=0).fit(answers.head(first))
    every = {mode: update_themes(old, answers.tail(-first), mode=mode) for mode in ("anchored", "frozen")}
    # Otherwise what the update loses or wins could be due to another number of themes.
    every["from scratch"] = fresh
    every["from scratch, as many"] = ThemeModel(len(every["anchored"].theme_ids_), encoder=encoder, resamples=0).fit(answers)
    return {way: judge(old, model, answers) for way, model in every.items()}


def held_out(answers: pd.DataFrame, fresh: ThemeModel, encoder: object) -> list[dict[str, float]]:
    """For each label that comes with the new answers alone: whether new themes were made of it, and how well they hold it."""
    many, rows = answers["label"].value_counts(), []
    whole = round(len(answers) * MORE / (1 + MORE))
    for label in sorted(many.index[many <= whole], key=lambda name: (-many[name], name))[:HELD_OUT]:
        late = answers["label"] == label
        new = late | answers.index.isin(answers.index[~late][: whole - many[label]])
        old = ThemeModel(encoder=encoder, resamples=0).fit(answers[~new])
        both = update_themes(old, answers[new])
        told = both.assignments_.merge(answers, on="source_id")
        born = told[~told["theme_id"].isin(old.theme_ids_)]
        kept = old.assignments_.merge(both.assignments_, on=["source_id", "start", "end"], suffixes=("_old", ""))
        rows.append({
            "noticed": float(bool(made_of(both, answers, label) - set(old.theme_ids_))),
            "noticed_from_scratch": float(bool(made_of(fresh, answers, label))),
            "in_new_themes": float((born["label"] == label).sum() / many[label]),
            "purity_of_new_themes": float((born["label"] == label).mean()) if len(born) else float("nan"),
            "new_themes": float(born["theme_id"].nunique()),
            "kept_by_id": float((kept["theme_id_old"] == kept["theme_id"]).mean()),
        })  # fmt: skip
    return rows


def made_of(model: ThemeModel, answers: pd.DataFrame, label: str) -> set[str]:
    """The themes most of whose answers have a label."""
    told = model.assignments_.merge(answers, on="source_id")
    share = (told["label"] == label).groupby(told["theme_id"]).mean()
    return {str(theme) for theme in share.index if share[theme] > 0.5}


def judge(old: ThemeModel, new: ThemeModel, labelled: pd.DataFrame) -> dict[str, float]:
    """The share of old answers in the same theme, by id and by the best pairing, and the agreement with people's labels."""
    both = old.assignments_.merge(new.assignments_, on=["source_id", "start", "end"], suffixes=("_old", ""))
    flow = theme_flow(both["theme_id_old"].tolist(), both["theme_id"].tolist())
    counts = flow.pivot(index="old_theme_id", columns="theme_id", values="segments").fillna(0).to_numpy()
    paired = counts[linear_sum_assignment(counts, maximize=True)].sum() / len(both)
    labels = new.assignments_.merge(labelled, on="source_id")
    return {
        "themes": float(len(new.theme_ids_)),
        "new_themes": float(len(set(new.theme_ids_) - set(old.theme_ids_))),
        "kept_by_id": float((both["theme_id_old"] == both["theme_id"]).mean()),
        "kept_as_paired": float(paired),
        "ari": float(adjusted_rand_score(labels["label"], labels["theme_id"])),
        "nmi": float(normalized_mutual_info_score(labels["label"], labels["theme_id"])),
    }


if __name__ == "__main__":
    main()
