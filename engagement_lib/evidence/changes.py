"""What has changed since the last run: files, respondents, prevalence, verdicts; replies to a draft always apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from engagement_lib.evidence.appraisal import appraise_claims
from engagement_lib.evidence.prevalence import prevalence
from engagement_lib.tables import COUNT, NUMBER, TEXT, Study, records

FILES: Final = dict.fromkeys(("file", "kind", "wave", "state"), TEXT)
RESPONSES: Final = {
    **dict.fromkeys(("source", "support"), TEXT),
    **dict.fromkeys(("respondents", "new", "heard_before", "gone"), COUNT),
}
CODES: Final = {
    "code": TEXT,
    **dict.fromkeys(("respondents", "base"), COUNT),
    **dict.fromkeys(("share", "low", "high", "share_before", "change"), NUMBER),
}
CLAIMS: Final = {
    **dict.fromkeys(("claim_id", "statement", "indicated_before", "indicated"), TEXT),
    "moved": "bool",
    **dict.fromkeys(("supporting", "contradicting", "base"), COUNT),
    **dict.fromkeys(("supporting_before", "contradicting_before", "base_before"), "Int64"),  # a new claim has none
}
INDEPENDENT: Final = "independent"
PROMPTED: Final = "prompted by the draft, shown apart"
ALL: Final = "all together"


def changed_files(before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """The files that are "new", "changed" or "gone" since the last run, one row a file, by name.

    Examples
    --------
    >>> changed_files({"files": {"a.txt": ["1", "interview", "1"]}}, {"files": {"b.txt": ["2", "survey", "2"]}}).values.tolist()
    [['a.txt', 'interview', '1', 'gone'], ['b.txt', 'survey', '2', 'new']]
    """
    earlier, later = before.get("files", {}), now["files"]
    rows = []
    for name in sorted({*earlier, *later}):
        _, kind, wave = later.get(name) or earlier[name]
        state = "new" if name not in earlier else "gone" if name not in later else "changed"
        if state != "changed" or earlier[name][0] != later[name][0]:
            rows.append((name, kind, wave, state))
    return pd.DataFrame(rows, columns=list(FILES)).astype(FILES)


def changed_responses(study: Study, before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """Who is heard, by kind of source and wave, one row each, and "all together", in which nobody counts twice.

    `support` says whether they count as independent support for a claim: replies to a draft never do. Of the `respondents` now,
    so many are `new` in this source, though some of these were `heard_before` elsewhere; so many are `gone` from it.
    """
    earlier, later = _by_source(before), _by_source(now)
    known = set[str]().union(*earlier.values())
    prompts = {name for name, wave in study.settings.waves.items() if wave.prompted}
    rows = []
    for support in (INDEPENDENT, PROMPTED):
        sources = [
            name for name in sorted({*earlier, *later}) if (name.partition(", wave ")[2] in prompts) == (support == PROMPTED)
        ]
        for name, among in [(ALL, sources)] * bool(sources) + [(name, [name]) for name in sources]:
            was, there = (set[str]().union(*(told.get(source, ()) for source in among)) for told in (earlier, later))
            new = there - was
            rows.append((name, support, len(there), len(new), len(new & known), len(was - there)))
    return pd.DataFrame(rows, columns=list(RESPONSES)).astype(RESPONSES)


def _by_source(run: Mapping[str, Any]) -> dict[str, set[str]]:
    """The marks of those heard in each kind of source and wave."""
    return {source: set(marks.split()) for source, marks in run.get("respondents", {}).items()}


def changed_prevalence(study: Study, before: Mapping[str, Any], *, prompted: bool = False) -> pd.DataFrame:
    """The prevalence of each code now, with its 95% interval, and what it was in the last run: one row a code.

    `change` is the share now less the share before. The largest changes come first, then the order of the codebook. Of replies to
    a draft (`prompted`) there is no earlier share.
    """
    table = prevalence(study, prompted=prompted)[["code", "respondents", "base", "share", "low", "high"]]
    earlier = {} if prompted else before.get("codes", {})
    shares = [earlier[code][0] / earlier[code][1] if earlier.get(code, (0, 0))[1] else float("nan") for code in table["code"]]
    table = table.assign(share_before=pd.Series(shares, index=table.index, dtype=NUMBER))
    table["change"] = table["share"] - table["share_before"]
    order = (-table["change"].abs()).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True).astype(CODES)


def changed_claims(study: Study, before: Mapping[str, Any], *, prompted: bool = False) -> pd.DataFrame:
    """What the evidence indicates of each claim now and in the last run: one row a claim, those whose verdict `moved` first.

    Nothing is indicated by replies to a draft (`prompted`), which are no independent support.
    """
    earlier = {} if prompted else before.get("claims", {})
    rows = []
    for row in records(appraise_claims(study, prompted=prompted)):
        was = earlier.get(row["claim_id"], ["", pd.NA, pd.NA, pd.NA])
        about = {name: row[name] for name in ("claim_id", "statement", "indicated", "supporting", "contradicting", "base")}
        about |= dict(zip(("indicated_before", "supporting_before", "contradicting_before", "base_before"), was, strict=True))
        rows.append(about | {"moved": bool(was[0]) and was[0] != row["indicated"]})
    table = pd.DataFrame(rows, columns=list(CLAIMS)).astype(CLAIMS)
    return table.sort_values("moved", ascending=False, kind="stable", ignore_index=True)
