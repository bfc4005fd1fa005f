from pathlib import Path

import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.privacy.levels import check_level, low_sources
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

NAMES = ("cases", "codebook", "codings", "readings", "memos", "claims", "events")


def study(*levels, synthetic=False, audience="team", text="No."):
    rows = {"source_id": [f"P{n}" for n in range(len(levels))], "kind": "interview", "level": list(levels), "text": text}
    sources = check_table("sources", pd.DataFrame(rows | {"origin": "interviews/a.txt"}))
    tables = {name: empty_table(name) for name in NAMES}
    return Study(Path(), Settings(title="Pilot", synthetic=synthetic), sources=sources, audience=audience, **tables)


@pytest.mark.parametrize(
    ("level", "audiences"),
    [
        ("", ["team"]),
        ("raw", ["team"]),
        ("direct", ["team"]),
        ("indirect", ["team", "working-group"]),
        ("public", ["team", "working-group", "public"]),
        ("misspelt", ["team"]),
    ],
)
def test_a_source_goes_to_those_for_whom_its_level_is_high_enough(level, audiences):
    one = study(level)
    for audience in ("team", "working-group", "public"):
        if audience in audiences:
            assert check_level(one, audience) is one
        else:
            with pytest.raises(TableError):
                check_level(one, audience)


def test_the_refusal_names_the_file_the_source_and_what_to_do():
    low = study("direct", "indirect", "raw", "")
    with pytest.raises(TableError) as refused:
        check_level(low, "working-group")
    assert str(refused.value) == (
        "interviews/a.txt, source 'P0' and 2 more: found the level 'direct'; expected 'indirect' or above for the audience "
        "'working-group'. Run `engagement pseudonymise` with `--level indirect`, a key, a log and a new folder, and report on "
        "that folder."
    )


def test_a_source_without_an_origin_is_named_by_its_id():
    low = study("")
    with pytest.raises(TableError, match="sources, source 'P0': found the level 'raw'"):
        check_level(Study(**{**vars(low), "sources": low.sources.assign(origin="")}), "public")


def test_the_audience_is_that_of_the_study_unless_said():
    with pytest.raises(TableError, match="for the audience 'public'"):
        check_level(study("indirect", audience="public"))


def test_a_synthetic_study_may_be_shown_as_it_is():
    synthetic = study("raw", synthetic=True)
    assert check_level(synthetic, "public") is synthetic


def test_sources_without_a_word_need_no_level():
    assert len(low_sources(study("raw", text="").sources, "public")) == 0
