"""How many old answers keep their theme when a quarter more come in: on the labelled sets, anchored, frozen and from scratch."""

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


def main() -> None:
    """Print one JSON object: for each set and way the mean over draws."""
    if not SETS.exists():
        sys.exit("The labelled sets in ../shared are not on this machine.")
    with TemporaryDirectory() as folder:
        Path(folder, "study.toml").touch()
        encoder = find_encoder("minilm", cache=folder)
        told = {path.stem: measure(pd.read_csv(path), encoder) for path in sorted(SETS.glob("*.csv"))}
    print(json.dumps({"encoder": encoder.name, "more": MORE, "draws": SEEDS, "sets": told}, indent=2))


def measure(table: pd.DataFrame, encoder: object) -> dict[str, dict[str, float]]:
    """The means over draws of which answers come first."""
    rows = [one_draw(table, encoder, seed) for seed in range(SEEDS)]
    return {way: {name: round(float(np.mean([row[way][name] for row in rows])), 4) for name in rows[0][way]} for way in rows[0]}


def one_draw(table: pd.DataFrame, encoder: object, seed: int) -> dict[str, dict[str, float]]:
    """What becomes of the first four fifths."""
    drawn = table.sample(min(TEXTS, len(table)), random_state=seed).reset_index(drop=True)
    ids = [f"S{row}" for row in range(len(drawn))]
    answers = pd.DataFrame({"source_id": ids, "case_id": ids, "quote": drawn["text"].astype(str)})
    first = round(len(drawn) / (1 + MORE))
    old = ThemeModel(encoder=encoder, resamples=0).fit(answers.head(first))
    every = {mode: update_themes(old, answers.tail(-first), mode=mode) for mode in ("anchored", "frozen")}
    every["from scratch"] = ThemeModel(encoder=encoder, resamples=0).fit(answers)
    return {way: judge(old, model, answers.assign(label=drawn["label"])) for way, model in every.items()}


def judge(old: ThemeModel, new: ThemeModel, labelled: pd.DataFrame) -> dict[str, float]:
    """The share of old answers in the same theme, by id and by the best pairing, and the agreement with people's labels."""
    both = old.assignments_.merge(new.assignments_, on=["source_id", "start", "end"], suffixes=("_old", ""))
    flow = theme_flow(both["theme_id_old"].tolist(), both["theme_id"].tolist())
    counts = flow.pivot(index="old_theme_id", columns="theme_id", values="segments").fillna(0).to_numpy()
    paired = counts[linear_sum_assignment(counts, maximize=True)].sum() / len(both)
    labels = new.assignments_.merge(labelled, on="source_id")
    return {
        "themes": float(len(new.theme_ids_)),
        "kept_by_id": float((both["theme_id_old"] == both["theme_id"]).mean()),
        "kept_as_paired": float(paired),
        "ari": float(adjusted_rand_score(labels["label"], labels["theme_id"])),
        "nmi": float(normalized_mutual_info_score(labels["label"], labels["theme_id"])),
    }


if __name__ == "__main__":
    main()
