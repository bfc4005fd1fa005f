"""Whether the synthetic interviews read like real transcripts, as JSON: `python benchmarks/realism.py`.

The same measures are taken of real transcripts beside the project (`../shared/samples/transcripts`) and of the interviews here.
The table gives for each measure the range of the real ones, that of ours, and the sources of ours that lie outside. Formulas:

- `turn_words`: the mean length of a turn in words; `short_turns`: the share of turns of at most five words;
- `interviewer_share`: the words of interviewers as a share of all (real: of interviews between two people alone);
- `mattr_500`: the moving-average type-token ratio (Covington and McFall 2010) with a window of 500 words, capitals ignored;
- `once_500`: in the same windows, words that come once as a share of all words, averaged;
- `fillers`: um, uh, er, mm, hmm, you know, I mean, sort of and kind of, per 1,000 words.
"""

import csv
import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean, median

from pypdf import PdfReader

import engagement_lib as eng

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "../shared/samples/transcripts"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
FILLER = re.compile(r"\b(?:um+|uh+|er|erm+|mm+|hmm+|mhm|you know|i mean|sort of|kind of)\b", re.IGNORECASE)
WINDOW = 500
# Who asks in the real interviews between two people; in the others nobody does.
ASKS = {f"{name}.csv": ("DB", "Devin Becker") for name in ("armantrout", "mohammad")} | {f"P{n}.pdf": ("Dan",) for n in (1, 2, 3)}
Said = list[tuple[str, str]]


def windows(words: list[str]) -> Iterable[tuple[int, int]]:
    """The words that are different, and those that come once, in each run of `WINDOW` words."""
    counts = Counter(words[:WINDOW])
    once = sum(count == 1 for count in counts.values())
    yield len(counts), once
    for gone, come in zip(words, words[WINDOW:], strict=False):
        once -= {1: 1, 2: -1}.get(counts[gone], 0)
        counts[gone] -= 1
        once += {0: 1, 1: -1}.get(counts[come], 0)
        counts[come] += 1
        if not counts[gone]:
            del counts[gone]
        yield len(counts), once


def measure(said: Said, asks: tuple[str, ...]) -> dict[str, float]:
    lengths = [length for _, words in said if (length := len(WORD.findall(words)))]
    text = " ".join(words for _, words in said)
    words = [word.casefold() for word in WORD.findall(text)]
    different, once = zip(*windows(words), strict=True)
    measures = {
        "turn_words": fmean(lengths),
        "short_turns": fmean(length <= 5 for length in lengths),
        "mattr_500": fmean(different) / WINDOW,
        "once_500": fmean(once) / WINDOW,
        "fillers": 1000 * len(FILLER.findall(text)) / len(words),
    }
    if asks:
        asked = sum(len(WORD.findall(part)) for speaker, part in said if speaker.rstrip(":") in asks)
        measures["interviewer_share"] = asked / len(words)
    return measures


def read_table_of_turns(path: Path) -> Said:
    """Oral histories as CSV, in which a blank speaker means that the last one goes on."""
    said, speaker = [], ""
    for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
        speaker = row["speaker"].strip() or speaker
        said.append((speaker, html.unescape(row["words"])))
    return said


def read_pages(path: Path) -> Said:
    """Interviews as PDF: `Name:` on a line of its own, then the words; each page begins with its number."""
    pages = (page.extract_text().split("\n", 1)[1] for page in PdfReader(path).pages)
    _, *parts = re.split(r"^([A-Z]\w+):\s*\n", "\n".join(pages), flags=re.MULTILINE)
    return list(zip(parts[::2], parts[1::2], strict=True))


def real_transcripts() -> dict[str, Said]:
    found = {path.name: read_table_of_turns(path) for path in SAMPLES.glob("csv_ohd_armantrout/transcripts/*.csv")}
    found |= {path.name: read_pages(path) for path in SAMPLES.glob("pdf_pdpilot/P*.pdf")}
    for path in SAMPLES.glob("json_qmsum_dev/*.json"):
        found[path.name] = [(turn["speaker"], turn["content"]) for turn in json.loads(path.read_text())["meeting_transcripts"]]
    captions = ("vtt_haskellweekly/*.vtt", "vtt_pythonbytes/*.vtt", "vtt_pythonbytes/059*.txt", "whisper_hitsave_dev/*.vtt")
    for path in [path for pattern in captions for path in SAMPLES.glob(pattern)]:
        turns = eng.split_turns(eng.read_transcript(path))
        found[path.name] = list(zip(turns["speaker"], turns["quote"], strict=True))
    return found


def our_interviews() -> dict[str, Said]:
    study = eng.open_study(ROOT / "data")
    turns = eng.split_turns(study.sources[study.sources["kind"] == "interview"])
    return {
        str(source): list(zip(part["role"], part["quote"], strict=True)) for source, part in turns.groupby("source_id", sort=True)
    }


if not SAMPLES.is_dir():
    raise SystemExit(f"The real transcripts are not beside the project: no folder {SAMPLES}")
real = {name: measure(said, ASKS.get(name, ())) for name, said in real_transcripts().items()}
ours = {name: measure(said, ("interviewer",)) for name, said in our_interviews().items()}
table = {}
for name in ("turn_words", "short_turns", "interviewer_share", "mattr_500", "once_500", "fillers"):
    there = [measures[name] for measures in real.values() if name in measures]
    here = {source: measures[name] for source, measures in ours.items()}
    table[name] = {
        "real": [round(min(there), 3), round(max(there), 3)],
        "real_transcripts": len(there),
        "ours": [round(f(here.values()), 3) for f in (min, median, max)],
        "outside": sorted(source for source, value in here.items() if not min(there) <= value <= max(there)),
    }
print(json.dumps({"interviews": len(ours), "measures": table}, indent=1))
