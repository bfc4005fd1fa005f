"""Every place of a word in five million words, beside NLTK's concordance, as JSON: `python benchmarks/kwic.py`.

Both look for the same word, once, and give every hit with 40 characters on either side. NLTK is given the text in words already,
and its time is that of making the `Text`, its `ConcordanceIndex` and the lines; ours is one call of `kwic` on the study's turns.
The text is drawn with a seed: 20,000 words, as frequent as Zipf's law has it, in turns of 50, with typographic apostrophes and
emoji in some of them.
"""

import json
import random
import time

import numpy as np
import pandas as pd
from nltk.text import Text

from engagement_lib.segments import kwic
from engagement_lib.tables import check_table

WORDS = 5_000_000
TURN = 50
VOCABULARY = 20_000
EVERY = 1_999  # so often the word that is looked for is said

draw, numbers = random.Random(0), np.random.default_rng(0)
vocabulary = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 9))) for _ in range(VOCABULARY)]
chances = 1 / np.arange(1, VOCABULARY + 1)
said = [vocabulary[at] for at in numbers.choice(VOCABULARY, size=WORDS, p=chances / chances.sum())]
said[::EVERY] = [draw.choice(["feedback", "Feedback", "FEEDBACK"]) for _ in said[::EVERY]]
said[7 :: 20 * TURN] = ["it’s"] * len(said[7 :: 20 * TURN])
said[9 :: 900 * TURN] = ["🙂"] * len(said[9 :: 900 * TURN])
quotes = [" ".join(said[at : at + TURN]) for at in range(0, WORDS, TURN)]
ends = np.cumsum([len(quote) + 2 for quote in quotes])
turns = check_table(
    "segments",
    pd.DataFrame({"source_id": "P01", "start": [0, *ends[:-1]], "end": ends - 2, "role": "participant", "quote": quotes}),
)


def timed(step) -> tuple[float, int]:
    begun = time.perf_counter()
    hits = len(step())
    return time.perf_counter() - begun, hits


ours, theirs, hits = [], [], set()
for _ in range(5):
    for spent, step in (
        (ours, lambda: kwic(turns, "feedback", window=40)),
        (theirs, lambda: Text(said).concordance_list("feedback", width=88, lines=WORDS)),
    ):
        seconds, found = timed(step)
        spent.append(seconds)
        hits.add(found)
print(
    json.dumps(
        {
            "words": WORDS,
            "hits": sorted(hits),
            "kwic_seconds": round(float(np.median(ours)), 3),
            "nltk_seconds": round(float(np.median(theirs)), 3),
            "ratio": round(float(np.median(theirs) / np.median(ours)), 1),
            "lowest_ratio_of_a_pair": round(min(np.array(theirs) / np.array(ours)), 1),
            "kwic_of_a_phrase_seconds": round(timed(lambda: kwic(turns, "it's* feedback"))[0], 3),
        },
        indent=2,
    )
)
