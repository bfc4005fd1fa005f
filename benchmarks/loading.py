"""What reading costs beside the libraries alone, as JSON: `python benchmarks/loading.py`.

Made here: captions of ten hours, a Word file of 20,000 paragraphs, a survey of 200,000 rows with two open and three closed
questions (`--rows 1000000` for more). Each pair is read three times in turn and the fastest run counts. Captions are held
against webvtt-py where it can be imported (`pip install webvtt-py`); it is not installed with the project.
"""

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
from docx import Document

from engagement_lib.loading.survey import read_survey
from engagement_lib.loading.transcripts import read_turns

WORDS = ("we", "publish", "the", "tables", "on", "Thursday", "and", "nobody", "rings", "back", "until", "it", "is", "out")
options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
options.add_argument("--rows", type=int, default=200_000)
options.add_argument("--only", default="", help=argparse.SUPPRESS)
options.add_argument("--file", default="", help=argparse.SUPPRESS)
chosen = options.parse_args()
OPEN = {"barriers": "Q1 What gets in the way?", "change": "Q2 What should change?"}


def said(random_numbers: random.Random, many: int) -> str:
    return " ".join(random_numbers.choices(WORDS, k=many))


def captions(path: Path) -> None:
    numbers, at = random.Random(1), 0
    cues = []
    for cue in range(50_000):
        start, at = at, at + 720
        clocks = [f"{t // 3600000:02}:{t // 60000 % 60:02}:{t // 1000 % 60:02}.{t % 1000:03}" for t in (start, at - 20)]
        cues.append(f"{clocks[0]} --> {clocks[1]}\n<v Speaker {cue // 7 % 3}>{said(numbers, 9)}</v>\n")
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def word_file(path: Path) -> None:
    numbers, document = random.Random(2), Document()
    for turn in range(20_000):
        document.add_paragraph(f"Speaker {turn % 2}: {said(numbers, 25)}")
    document.save(str(path))


def survey(path: Path) -> None:
    numbers = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["ref", "role", "nation", "sector", *OPEN.values()])
        for row in range(chosen.rows):
            answers = [said(numbers, numbers.randint(3, 40)) if numbers.random() < 0.7 else "" for _ in OPEN]
            table.writerow([f"R{row}", numbers.choice(["user", "producer"]), "Wales", "health", *answers])


def webvtt_captions(path: str) -> int:
    import webvtt

    return sum(len(caption.text) for caption in webvtt.read(path))


def docx_paragraphs(path: str) -> int:
    return sum(len(paragraph.text) for paragraph in Document(path).paragraphs)


STEPS = {
    "vtt": read_turns,
    "webvtt": webvtt_captions,
    "docx": read_turns,
    "python_docx": docx_paragraphs,
    "survey": lambda path: read_survey(path, case="ref", questions=OPEN, attributes={"role": "role", "nation": "nation"}),
    "read_csv": pd.read_csv,
}


def measured(step: str, path: Path) -> tuple[float, float]:
    """The seconds and the megabytes that a step takes in a process of its own, without what the imports take."""
    command = [sys.executable, __file__, "--only", step, "--file", str(path)]
    seconds, megabytes = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return seconds, megabytes


def pair(ours: str, theirs: str, path: Path) -> dict[str, float]:
    runs = [(measured(ours, path), measured(theirs, path)) for _ in range(3)]
    best = [min(run[side] for run in runs) for side in (0, 1)]
    return {
        f"{ours}_seconds": round(best[0][0], 3),
        f"{theirs}_seconds": round(best[1][0], 3),
        f"{ours}_to_{theirs}": round(best[0][0] / best[1][0], 2),
        f"{ours}_to_{theirs}_memory": round(best[0][1] / best[1][1], 2),
    }


if chosen.only:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    before = pages * resource.getpagesize() / 1024
    begun = time.perf_counter()
    STEPS[chosen.only](chosen.file)
    taken = time.perf_counter() - begun
    print(json.dumps([taken, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024]))
    sys.exit()

with tempfile.TemporaryDirectory() as folder:
    results: dict[str, float | None] = {}
    for make, name, ours, theirs in (
        (captions, "talk.vtt", "vtt", "webvtt"),
        (word_file, "talk.docx", "docx", "python_docx"),
        (survey, "survey.csv", "survey", "read_csv"),
    ):
        path = Path(folder) / name
        make(path)
        known = theirs != "webvtt" or find_spec("webvtt") is not None
        results |= pair(ours, theirs, path) if known else {f"{ours}_seconds": round(measured(ours, path)[0], 3)}
    print(json.dumps({"survey_rows": chosen.rows, **results}, indent=2))
