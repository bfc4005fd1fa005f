from dataclasses import replace

import pandas as pd
import pytest
from sharing_demo import make_study

from engagement_lib.sharing.fingerprint import study_hash
from engagement_lib.tables import empty_table


def test_the_hash_is_the_same_for_the_same_study_in_any_order_and_for_any_reader(tmp_path):
    study = make_study(tmp_path)
    other = make_study(tmp_path / "elsewhere", audience="public", cleared=["P01:0-2"])
    turned = replace(other, sources=other.sources.iloc[::-1], codebook=other.codebook.iloc[::-1])
    assert study_hash(study) == study_hash(turned)
    assert len(study_hash(study)) == 64


def test_the_hash_does_not_change_from_version_to_version(tmp_path):
    assert study_hash(make_study(tmp_path)) == "d87bf121954f30160e00f4603d96ca406ebf88b98ca96cb604f26a5790ab1f38"


def test_a_column_that_was_added_later_counts_from_when_it_is_filled(tmp_path):
    study = make_study(tmp_path)
    filled = replace(study, codebook=study.codebook.assign(counter_evidence="The opposite."))
    without = replace(study, codebook=study.codebook.drop(columns="counter_evidence"))
    assert study_hash(without) == study_hash(study) != study_hash(filled)


@pytest.mark.parametrize("name", ["sources", "codebook", "claims"])
def test_the_hash_changes_with_each_table_it_stands_for(tmp_path, name):
    study = make_study(tmp_path)
    table = getattr(study, name)
    assert study_hash(replace(study, **{name: table.iloc[1:]})) != study_hash(study)


def test_a_coding_changes_the_hash(tmp_path):
    study = make_study(tmp_path)
    coding = pd.DataFrame([dict.fromkeys(study.codings.columns, "0")])
    assert study_hash(replace(study, codings=pd.concat([empty_table("codings"), coding]))) != study_hash(study)
