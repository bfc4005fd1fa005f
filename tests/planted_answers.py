"""Answers whose one word says what they are about."""

import numpy as np
import pandas as pd

DIRECTIONS = {"money": 0, "time": 1, "data": 2, "maps": 3}


class Planted:
    """A text "money 7" lies near the direction of money, a little aside by its number."""

    name = "planted"

    def encode(self, texts):
        rows = []
        for text in texts:
            word, number = text.split()
            row = np.random.default_rng(int(number)).normal(0, 0.1, 8)
            row[DIRECTIONS[word]] += 1
            rows.append(row)
        return np.array(rows, dtype=np.float32).reshape(-1, 8)


def answers(*parts, first=0):
    """So many answers of each word, each by somebody else."""
    rows = [(f"{word} {first + number}", f"{word[0].upper()}{first + number}") for word, many in parts for number in range(many)]
    ids = [name for _, name in rows]
    return pd.DataFrame({"source_id": ids, "case_id": ids, "quote": [text for text, _ in rows]})


def theme_of(model, source_id):
    table = model.assignments_
    return table.loc[table["source_id"] == source_id, "theme_id"].item()
