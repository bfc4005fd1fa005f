"""Each respondent's voice on a claim, and the verdict that any set of voices would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engagement_lib.coding.passages import respondents
from engagement_lib.evidence.claims import collect_evidence, parse_scope
from engagement_lib.evidence.respondents import eligible_respondents, in_scope
from engagement_lib.evidence.verdicts import indicate_verdict
from engagement_lib.settings import Verdicts
from engagement_lib.tables import Study, records


@dataclass(frozen=True)
class Voice:
    """What one respondent says of a claim: supporting passages by kind of source, and whether they contradict or qualify it."""

    respondent: str
    supporting: Mapping[str, int]
    contradicts: bool = False
    qualifies: bool = False

    @property
    def supports(self) -> bool:
        """Whether any passage supports the claim."""
        return bool(self.supporting)


@dataclass(frozen=True)
class Appraised:
    """How many voices support and contradict a claim, of how many, and the verdict that the rule indicates."""

    base: int
    supporting: int
    contradicting: int
    indicated: str

    @property
    def share(self) -> float:
        """Of all in scope, the share who support the claim; NaN where there is nobody."""
        return self.supporting / self.base if self.base else float("nan")


@dataclass(frozen=True)
class Heard:
    """Those in a claim's scope, one row a `respondent` and source with its `kind`, and the evidence they gave."""

    claim_id: str
    people: pd.DataFrame
    evidence: pd.DataFrame

    def voices(self) -> list[Voice]:
        """One voice for each respondent in scope, in the order of their names; silent ones too."""
        supporting: dict[str, Counter[str]] = {}
        others: dict[str, set[str]] = {}
        for row in records(self.evidence[["respondent", "kind", "stance"]]):
            if row["stance"] == "supports":
                supporting.setdefault(row["respondent"], Counter())[row["kind"]] += 1
            else:
                others.setdefault(row["respondent"], set()).add(row["stance"])
        return [
            Voice(name, supporting.get(name, {}), "contradicts" in others.get(name, ()), "qualifies" in others.get(name, ()))
            for name in sorted(self.people["respondent"].unique())
        ]

    def only(self, people: pd.Series) -> Heard:
        """The same from some rows of `people` alone."""
        chosen = self.people[people]
        pairs = set(zip(chosen["source_id"], chosen["respondent"], strict=True))
        said = zip(self.evidence["source_id"], self.evidence["respondent"], strict=True)
        return Heard(self.claim_id, chosen, self.evidence[np.array([pair in pairs for pair in said], dtype=bool)])


def hear_claims(study: Study, *, prompted: bool = False) -> Iterator[Heard]:
    """For each claim, in order, who is in its scope and what they said of it."""
    eligible = eligible_respondents(study, prompted=prompted)
    evidence = collect_evidence(study, prompted=prompted)
    evidence = evidence.assign(respondent=respondents(evidence))
    for claim in records(study.claims):
        scope = parse_scope(claim["scope"], claim_id=claim["claim_id"])
        people = eligible[in_scope(study, eligible, scope, place=f"claim '{claim['claim_id']}', scope")].reset_index(drop=True)
        mine = evidence[evidence["claim_id"] == claim["claim_id"]]
        heard = mine.merge(people[["source_id", "respondent"]], on=["source_id", "respondent"])
        yield Heard(claim["claim_id"], people, heard)


def appraise(voices: Iterable[Voice], rule: Verdicts) -> Appraised:
    """What the voices come to; silent ones count in the base.

    Examples
    --------
    >>> appraise([Voice("P1", {"survey": 1}), Voice("P2", {})], Verdicts())
    Appraised(base=2, supporting=1, contradicting=0, indicated='insufficient')
    """
    base = either = supporting = contradicting = alone = passages = largest = 0
    kinds: Counter[str] = Counter()
    for voice in voices:
        base += 1
        either += voice.supports or voice.contradicts
        supporting += voice.supports
        contradicting += voice.contradicts
        alone += voice.contradicts and not voice.supports
        mine = sum(voice.supporting.values())
        passages += mine
        largest = max(largest, mine)
        kinds.update(voice.supporting)
    indicated = indicate_verdict(
        rule,
        respondents=either,
        contradiction=contradicting / either if either else float("nan"),
        against_alone=alone / either if either else float("nan"),
        kinds=len(kinds),
        largest_share=largest / passages if passages else float("nan"),
    )
    return Appraised(base, supporting, contradicting, indicated)
