"""How often the tests of the frame cry wolf, and how often they find what is there: `python benchmarks/frame.py`.

Studies are simulated in which the truth is known. Respondents differ in what they speak of and in how they speak, so that what
one person says hangs together; but what is spoken of has nothing to do with how.
"""

import numpy as np
import pandas as pd

from engagement_lib.evidence.association import cramers_v, cross_table, exchange_respondents, shared_information
from engagement_lib.evidence.discriminant import fold_of_people, held_out_accuracy
from engagement_lib.evidence.theme_splits import _split

STUDIES, PERMUTATIONS = 400, 99


def speakers(generator):
    """The respondent of each segment and the stratum of each respondent: 60 long interviews and 120 short answers."""
    sizes = np.concatenate([generator.integers(5, 26, 60), generator.integers(1, 5, 120)])
    return np.repeat(np.arange(180), sizes), np.repeat([0, 1], [60, 120])


def habits(person, choices, evenness, generator):
    """What each segment is of so many, each respondent with habits of their own."""
    likely = generator.dirichlet(np.full(choices, evenness), size=person.max() + 1).cumsum(axis=1)
    return (generator.random(len(person))[:, np.newaxis] > likely[person]).sum(axis=1).astype(np.int64)


def wolves_of_recovery(exchange):
    """The shares of studies without any link in which p is at most 0.05: by adjusted mutual information, by Cramér's V."""
    found = np.zeros(2)
    for study in range(STUDIES):
        generator = np.random.default_rng(study)
        person, strata = speakers(generator)
        themes, clusters = habits(person, 3, 0.5, generator), habits(person, 12, 0.5, generator)
        values = []
        for draw in range(PERMUTATIONS + 1):
            order = np.arange(len(person))
            if draw:
                order = exchange_respondents(person, strata, generator) if exchange else generator.permutation(len(person))
            table = cross_table(themes[order], clusters)
            values.append([shared_information(table)[0], cramers_v(table)])
        found += (np.array(values)[1:] >= values[0]).sum(axis=0) + 1 <= 0.05 * (PERMUTATIONS + 1)
    return found / STUDIES


def wolves_of_words(exchange):
    """The same for telling two themes apart by words that are each respondent's own."""
    found = 0
    for study in range(STUDIES):
        generator = np.random.default_rng(study)
        person, strata = speakers(generator)
        labels = habits(person, 2, 0.5, generator) == 1
        vectors = generator.normal(size=(180, 20))[person] + generator.normal(size=(len(person), 20))
        rows = [labels]
        for _ in range(PERMUTATIONS):
            order = exchange_respondents(person, strata, generator) if exchange else generator.permutation(len(person))
            rows.append(labels[order])
        told = held_out_accuracy(vectors, np.array(rows).T, fold_of_people(180, generator)[person])
        found += (told[1:] >= told[0]).sum() + 1 <= 0.05 * (PERMUTATIONS + 1)
    return found / STUDIES


def splits(two):
    """The share of themes of eight codes in 250 respondents that are called two, when they are one or two."""
    found = 0
    for study in range(STUDIES):
        generator = np.random.default_rng(study)
        leaning = generator.normal(size=(250, 2))[:, [0, 0, 0, 0, 1, 1, 1, 1] if two else [0] * 8]
        held = generator.random((250, 8)) < 1 / (1 + np.exp(-leaning - generator.normal(-2.2, 0.7, 8)))
        found += _split(held, np.zeros(250, dtype=np.int64), list("abcdefgh"), PERMUTATIONS, study)["p"] <= 0.05
    return found / STUDIES


def main():
    """Print the table of `docs/frame.md`."""
    rows = []
    for name, exchange in (("respondents exchange their labels", True), ("segments exchange their labels", False)):
        ami, v = wolves_of_recovery(exchange)
        rows.append({"by chance": name, "ami": ami, "cramers_v": v, "accuracy": wolves_of_words(exchange)})
    print(pd.DataFrame(rows).round(3).to_string(index=False))
    print(f"themes called two: {splits(False):.3f} of those that are one, {splits(True):.3f} of those that are two")


if __name__ == "__main__":
    main()
