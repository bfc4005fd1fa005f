"""Themes held against people's labels and beside other methods, as JSON: `python benchmarks/themes.py FOLDER [PEERS]`.

FOLDER holds labelled sets as CSV (`text`, `label`). PEERS is the Python of the environment that `make bench-peers` makes; without
it KMeans, NMF and LDA are the only others. All methods get the same texts and the same vectors. Every set is taken whole and in
draws of 200 and 500 texts; what is given to a method as the number of themes is the number of labels.
Methods with a seed are run with five, and their mean counts. With the folder of a model in MODEL its encoding is timed too.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from engagement_lib.tables import check_table
from engagement_lib.themes.encoders import find_encoder
from engagement_lib.themes.model import ThemeModel

SEEDS = int(os.environ.get("SEEDS", "5"))
DRAWS = {200: 3, 500: 2}
BOOTSTRAPS = 5
HERE = Path(__file__)
HOME_METHODS = ("KMeans", "NMF", "LDA")
PEER_METHODS = ("UMAP + KMeans", "BERTopic, defaults", "BERTopic, KMeans", "Turftopic GMM")


class Known:
    """Vectors that are known already."""

    name = "known vectors"

    def __init__(self, texts, vectors):
        self.vectors = dict(zip(texts, vectors, strict=True))

    def encode(self, texts):
        return np.array([self.vectors[text] for text in texts])


def read_sets(folder):
    """The labelled sets, each text once."""
    encoder = find_encoder("minilm")
    for path in sorted(Path(folder).glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        key = table["text"].map(lambda text: " ".join(text.split()).casefold())
        table = table[(key != "") & ~key.duplicated()]
        texts = table["text"].tolist()
        yield path.stem, texts, encoder.encode(texts), pd.factorize(table["label"], sort=True)[0]


def problems_of(sets):
    """Every set in draws and whole: the name, how many texts, and these with their vectors and labels."""
    for name, texts, vectors, labels in sets:
        for size, draws in DRAWS.items():
            for draw in range(draws if size < len(texts) else 0):
                rows = np.sort(np.random.default_rng(draw).choice(len(texts), size, replace=False))
                yield name, str(size), [texts[row] for row in rows], vectors[rows], labels[rows]
        yield name, "whole", texts, vectors, labels


def segments_of(texts):
    spans = {"source_id": [f"S{at:05d}" for at in range(len(texts))], "start": 0, "end": [len(text) for text in texts]}
    answers = pd.DataFrame(spans | {"case_id": spans["source_id"], "kind": "survey", "role": "participant", "quote": texts})
    return check_table("segments", answers)


def ours(texts, vectors, themes, *, order=None):
    segments = segments_of(texts)
    model = ThemeModel(themes, encoder=Known(texts, vectors) if vectors is not None else "tfidf", resamples=0)
    model.fit(segments if order is None else segments.iloc[order])
    return pd.factorize(model.assignments_["theme_id"], sort=True)[0]


def others(python, method, seeds, problems):
    """What another method finds in these problems, in a process of its own: for each problem one array a seed; and the cost."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "given.npz"), Path(folder, "found.npz")
        parts = {
            f"{at}/{part}": np.array(value)
            for at, (texts, vectors, themes) in enumerate(problems)
            for part, value in (("texts", texts), ("vectors", vectors), ("themes", themes))
        }
        np.savez(given, **parts)
        command = [python, str(HERE.with_name("theme_peers.py")), method, str(seeds), str(given), str(found)]
        cost = cost_of(command)
        with np.load(found) as held:
            return [[held[f"{at}/{seed}"] for seed in range(seeds)] for at in range(len(problems))], cost


def cost_of(command):
    """Seconds from the start of Python to its end, and the peak of memory, of a process of its own."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:3]} ended with {status}")
    cpu = used.ru_utime + used.ru_stime
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def agreement(found, labels):
    return {
        "nmi": float(normalized_mutual_info_score(labels, found)),
        "ari": float(adjusted_rand_score(labels, found)),
        "themes": len(set(found.tolist()) - {-1}),
        "outliers": float((found == -1).mean()),
    }


def score(problems, runs, method):
    """One row a problem: the mean over seeds, and how far seeds agree with each other."""
    rows = []
    for (name, size, _, _, labels), found in zip(problems, runs, strict=True):
        row = pd.DataFrame([agreement(one, labels) for one in found]).mean().to_dict()
        row["between_seeds"] = float(np.mean([adjusted_rand_score(*pair) for pair in combinations(found, 2)] or [1.0]))
        rows.append({"set": name, "texts": size, "method": method, "labels": len(set(labels.tolist()))} | row)
    return rows


def run_ours(problems):
    rows = []
    for method, vectors_used, given in (
        ("ours, number given", True, True),
        ("ours, number found", True, False),
        ("ours, TF-IDF, number given", False, True),
        ("ours, TF-IDF, number found", False, False),
    ):
        runs = [
            [ours(texts, vectors if vectors_used else None, len(set(labels.tolist())) if given else None)]
            for _, _, texts, vectors, labels in problems
        ]
        rows += score(problems, runs, method)
    return rows


def run_others(problems, peers):
    given = [(texts, vectors, len(set(labels.tolist()))) for _, _, texts, vectors, labels in problems]
    rows = []
    for method in (*HOME_METHODS, *(PEER_METHODS if peers else ())):
        python = peers if method in PEER_METHODS else sys.executable
        runs, _ = others(python, method, SEEDS, given)
        rows += score(problems, runs, method)
    return rows


def steadiness(sets, peers):
    """How far the same method agrees with itself when rows are shuffled, and when texts are drawn anew (ARI, on whole sets)."""
    methods = {"ours": lambda problems: [ours(*problem) for problem in problems]}
    for method in ("KMeans", *(("UMAP + KMeans", "BERTopic, KMeans") if peers else ())):
        python = peers if method in PEER_METHODS else sys.executable
        methods[method] = partial(_first_seed, python, method)
    rows = []
    for name, texts, vectors, labels in sets:
        themes, n = len(set(labels.tolist())), len(texts)
        orders = [np.random.default_rng(0).permutation(n)]
        orders += [np.unique(np.random.default_rng(draw).integers(0, n, n)) for draw in range(BOOTSTRAPS)]
        problems = [([texts[row] for row in order], vectors[order], themes) for order in [np.arange(n), *orders]]
        for method, run in methods.items():
            whole, *again = run(problems)
            alike = [adjusted_rand_score(whole[order], found) for order, found in zip(orders, again, strict=True)]
            rows.append({"set": name, "method": method, "shuffled": alike[0], "bootstrap": float(np.mean(alike[1:]))})
    return rows


def _first_seed(python, method, problems):
    return [found for (found,) in others(python, method, 1, problems)[0]]


def costs(sets, peers, model):
    """What import and fit of the largest set cost, cold: a process of its own, the median of three by seconds."""
    name, texts, vectors, labels = max(sets, key=lambda one: len(one[1]))
    themes = len(set(labels.tolist()))
    told = {"set": name, "texts": len(texts)}
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "given.npz")
        np.savez(given, texts=np.array(texts), vectors=vectors)
        alone = [sys.executable, str(HERE), "--alone", str(given)]
        told["ours, number given"] = middle(lambda: cost_of([*alone, str(themes)]))
        told["ours, number found"] = middle(lambda: cost_of([*alone, "0"]))
        told["ours, encoding 2,000 texts"] = middle(lambda: cost_of([*alone, "encode"]))
    for method in (*HOME_METHODS, *(PEER_METHODS if peers else ())):
        python = peers if method in PEER_METHODS else sys.executable
        told[method] = middle(lambda python=python, method=method: others(python, method, 1, [(texts, vectors, themes)])[1])
    if peers and model:
        os.environ["MODEL"] = str(model)
        run = partial(others, peers, "sentence-transformers", 1, [(texts, vectors, themes)])
        told["sentence-transformers, encoding 2,000 texts"] = middle(lambda: run()[1])
    begun = time.perf_counter()
    ours(texts, vectors, None)
    told["ours, number found, warm seconds"] = round(time.perf_counter() - begun, 2)
    return told


def middle(measure):
    return sorted((measure() for _ in range(3)), key=lambda cost: cost["seconds"])[1]


def fit_alone(given, what):
    """What the cost of ours is measured by."""
    with np.load(given) as held:
        texts, vectors = held["texts"].tolist(), held["vectors"]
    if what == "encode":
        find_encoder("minilm").encode(texts)
    else:
        ours(texts, vectors, int(what) or None)


def summary(rows):
    table = pd.DataFrame(rows)
    means = table.groupby(["method", "texts", "set"])[["nmi", "ari", "themes", "outliers", "between_seeds"]].mean()
    means = means.groupby(["method", "texts"]).mean().round(3).reset_index()
    return means.to_dict("records"), table.groupby(["set", "texts", "method"])[["nmi", "ari"]].mean().round(3)


def main(folder, peers=""):
    peers = os.path.abspath(peers) if peers else ""  # noqa: PTH100 - a link to Python must not be followed out of its environment
    sets = list(read_sets(folder))
    problems = list(problems_of(sets))
    rows = [*run_ours(problems), *run_others(problems, peers)]
    means, by_set = summary(rows)
    told = {
        "means over sets": means,
        "by set": by_set.reset_index().to_dict("records"),
        "steadiness": steadiness(sets, peers),
        "cost": costs(sets, peers, os.environ.get("MODEL")),
        "peak_mb_of_all": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    if sys.argv[1] == "--alone":
        fit_alone(sys.argv[2], sys.argv[3])
    else:
        main(*sys.argv[1:3])
