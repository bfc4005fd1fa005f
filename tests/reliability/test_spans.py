"""The u-alpha family against values worked out by two programs, and its laws."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.errors import TableError
from engagement_lib.reliability.spans import agreement_of_spans
from engagement_lib.tables import empty_table

COLUMNS = ["source_id", "start", "end", "code", "coder"]
CODEBOOK = pd.DataFrame({"code": ["culture", "capability", "collaboration"], "theme": ["Cs", "Cs", "Cs"]})
THREE = [
    ("I1", 0, 10, "culture", "AB"), ("I1", 20, 40, "capability", "AB"), ("I1", 50, 60, "culture", "AB"),
    ("I1", 2, 10, "culture", "CD"), ("I1", 20, 38, "capability", "CD"), ("I1", 50, 60, "collaboration", "CD"),
    ("I1", 0, 12, "culture", "EF"), ("I1", 22, 40, "capability", "EF"), ("I1", 52, 60, "culture", "EF"),
]  # fmt: skip


def codings_of(rows):
    return pd.DataFrame(rows, columns=COLUMNS).assign(coding_id=[str(at) for at in range(len(rows))])


def segments_of(*lengths):
    rows = [(f"I{at}", 0, length, f"P{at}") for at, length in enumerate(lengths, start=1)]
    return pd.DataFrame(rows, columns=["source_id", "start", "end", "case_id"])


def of(codings, segments, **options):
    table = agreement_of_spans(codings, segments, CODEBOOK, **{"resamples": 1} | options)
    return {(row.domain, row.coefficient, row.code): (row.estimate, row.coverage) for row in table.itertuples()}


def test_two_coders_of_one_code_have_the_known_u_alpha():
    spans = [("I1", 2, 10, "culture", "AB"), ("I1", 14, 20, "culture", "AB")]
    spans += [("I1", 4, 8, "culture", "CD"), ("I1", 15, 17, "culture", "CD")]
    assert of(codings_of(spans), segments_of(24))["culture", "u", ""][0] == pytest.approx(0.3583333, abs=5e-8)


def test_three_coders_of_three_codes_have_the_known_family():
    found = of(codings_of(THREE), segments_of(80), domain="theme")
    known = {("u", ""): 0.7555950, ("|u", ""): 0.8379804, ("cu", ""): 0.7413085}
    known |= {("(k)u", "capability"): 1.0, ("(k)u", "culture"): 0.6773, ("(k)u", "collaboration"): 0.0222}
    for (coefficient, code), value in known.items():
        assert found["Cs", coefficient, code][0] == pytest.approx(value, abs=5e-5 if code else 1.1e-7)
    coverage = [found["Cs", "(k)u", code][1] for code in ("capability", "culture", "collaboration")]
    assert coverage == pytest.approx([0.9286, 0.8958, 0.90], abs=5e-5)


def by_hand(spans, length, coders):
    """|u-alpha character by character, after Krippendorff and others (2016)."""
    given = np.zeros((len(coders), length), dtype=int)
    for _, start, end, _, coder in spans:
        given[coders.index(coder), start:end] = 1
    shared = np.zeros((2, 2))
    for i, j in itertools.permutations(range(len(coders)), 2):
        np.add.at(shared, (given[i], given[j]), 1 / (len(coders) - 1))
    margins, every = shared.sum(axis=1), shared.sum()
    squares = np.array([(given == 0).sum(), sum((end - start) ** 2 for _, start, end, _, _ in spans)], dtype=float)
    expected = every * 2 * margins[0] * margins[1] / (every**2 - squares.sum())
    return 1 - (shared[0, 1] + shared[1, 0]) / expected if expected else float("nan")


def cut(edges):
    return [(edges[at], edges[at + 1]) for at in range(0, len(edges) - 1, 2)]


edges = st.lists(st.integers(0, 40), unique=True, max_size=8).map(sorted).map(cut)


@given(edges, edges, edges)
@settings(deadline=None, max_examples=60)
def test_u_alpha_of_one_code_is_that_worked_out_by_the_character(first, second, third):
    given = zip("ABC", (first, second, third), strict=True)
    spans = [("I1", start, end, "culture", coder) for coder, mine in given for start, end in mine]
    readings = pd.DataFrame({"source_id": "I1", "coder": list("ABC"), "finished": "yes"})
    found = of(codings_of(spans), segments_of(40), readings=readings)["culture", "u", ""][0]
    assert found == pytest.approx(by_hand(spans, 40, list("ABC")), nan_ok=True)


def test_coders_who_agree_have_one_and_no_interval():
    spans = [("I1", 2, 10, "culture", coder) for coder in ("AB", "CD")]
    row = agreement_of_spans(codings_of(spans), segments_of(24), CODEBOOK).loc[0]
    assert row["estimate"] == 1.0
    assert row["sentence"] == (
        "culture: u-alpha 1.00 (2 coders, 2 passages of 1 respondents), without an interval: "
        "the coders never differ, so that drawing respondents anew shows no variation."
    )


def test_passages_of_one_code_that_overlap_are_one():
    spans = [("I1", 2, 6, "culture", "AB"), ("I1", 4, 10, "culture", "AB"), ("I1", 2, 10, "culture", "CD")]
    row = agreement_of_spans(codings_of(spans), segments_of(24), CODEBOOK).loc[0]
    assert (row["passages"], row["estimate"]) == (2, 1.0)


def test_words_of_an_interviewer_are_not_compared_nor_counted():
    segments = pd.DataFrame(
        [("I1", 0, 10, "P1", "participant"), ("I1", 11, 20, "", "interviewer"), ("I1", 21, 30, "P1", "participant")],
        columns=["source_id", "start", "end", "case_id", "role"],
    )
    spans = [("I1", 5, 25, "culture", "AB"), ("I1", 5, 10, "culture", "CD"), ("I1", 21, 25, "culture", "CD")]
    row = agreement_of_spans(codings_of(spans), segments, CODEBOOK).loc[0]
    # What the first took in one passage, the second took in two that touch once the question is left out.
    assert row["characters"] == 19
    assert row["estimate"] == 1.0


def test_codes_that_overlap_can_be_compared_only_for_whether_the_words_were_picked():
    spans = [("I1", 0, 10, "culture", "AB"), ("I1", 5, 12, "capability", "AB"), ("I1", 0, 11, "culture", "CD")]
    table = agreement_of_spans(codings_of(spans), segments_of(24), CODEBOOK, domain="all")
    assert table["coefficient"].tolist() == ["u", "|u"]
    assert table.loc[0, "reason"].startswith("a coder gave two of its codes to the same words")
    assert table.loc[0, "sentence"].startswith("all codes: u-alpha is undefined: a coder gave two")
    picked = [("I1", 0, 12, "culture", "AB"), ("I1", 0, 11, "culture", "CD")]
    assert table.loc[1, "estimate"] == pytest.approx(by_hand(picked, 24, ["AB", "CD"]))


def test_a_code_that_nobody_gave_has_its_reason():
    table = agreement_of_spans(codings_of(THREE), segments_of(80), pd.concat([CODEBOOK, pd.DataFrame({"code": ["misquoted"]})]))
    assert table.loc[3, ["domain", "reason"]].tolist() == ["misquoted", "nobody gave a code of it to any words"]


def test_nothing_read_by_two_has_its_reason():
    table = agreement_of_spans(empty_table("codings"), empty_table("segments"), CODEBOOK)
    assert set(table["reason"]) == {"no participant's words lie in sources in which two or more coders coded something"}
    assert table.dtypes.to_dict() == agreement_of_spans(codings_of(THREE), segments_of(80), CODEBOOK).dtypes.to_dict()


def test_all_words_with_one_code_leave_nothing_to_differ_on():
    spans = [("I1", 0, 24, "culture", coder) for coder in ("AB", "CD")]
    row = agreement_of_spans(codings_of(spans), segments_of(24), CODEBOOK).loc[0]
    assert row["reason"] == "nothing is left to differ on: there is one code only, or all words have the same"


def many():
    random = np.random.default_rng(3)
    rows = []
    for at in range(1, 13):
        for coder in ("AB", "CD"):
            start = int(random.integers(0, 20))
            rows.append((f"I{at}", start, start + int(random.integers(10, 40)), "culture", coder))
    return codings_of(rows), segments_of(*[80] * 12)


def test_the_interval_holds_the_estimate_and_narrows_it():
    row = agreement_of_spans(*many(), CODEBOOK).loc[0]
    assert row["low"] < row["estimate"] < row["high"] < 1
    assert row["reason"] == ""
    assert row["sentence"].endswith("(2 coders, 24 passages of 12 respondents).")


def test_one_respondent_who_varies_gives_no_interval():
    row = agreement_of_spans(codings_of(THREE), segments_of(80), CODEBOOK).loc[0]
    assert row["reason"].startswith("it varies, or the coders differ, with one respondent only")


def test_neither_the_order_of_rows_nor_the_call_changes_anything():
    codings, segments = many()
    before = codings.copy(), segments.copy()
    table = agreement_of_spans(codings, segments, CODEBOOK)
    assert_frame_equal(agreement_of_spans(codings[::-1], segments[::-1], CODEBOOK), table)
    assert_frame_equal(codings, before[0])
    assert_frame_equal(segments, before[1])


def test_a_code_outside_any_theme_belongs_to_no_domain():
    codebook = CODEBOOK.assign(theme=["Cs", "Cs", ""])
    table = agreement_of_spans(codings_of(THREE), segments_of(80), codebook, domain="theme")
    assert table["domain"].unique().tolist() == ["Cs"]
    assert "collaboration" not in set(table["code"])


def test_a_domain_that_the_codebook_lacks_is_refused_by_name():
    with pytest.raises(TableError, match="domain: found 'frame'; expected 'code', 'all' or a column of the codebook"):
        agreement_of_spans(codings_of(THREE), segments_of(80), CODEBOOK, domain="frame")


@pytest.fixture
def published():
    """Krippendorff (2004), section 11.4: a line from 150 to 450 with two codes."""
    rows = [(225, 70, "AB", "c"), (370, 30, "AB", "c"), (220, 80, "CD", "c"), (355, 20, "CD", "c"), (400, 20, "CD", "c")]
    rows += [(start, length, coder, "k") for coder in ("AB", "CD") for start, length in ((180, 60), (300, 50))]
    spans = [("I1", start, start + length, code, coder) for start, length, coder, code in rows]
    segments = pd.DataFrame({"source_id": ["I1"], "start": [150], "end": [450], "case_id": ["P1"]})
    return codings_of(spans), segments, pd.DataFrame({"code": ["c", "k"]})


def test_the_older_version_has_its_published_values(published):
    table = agreement_of_spans(*published, version="2004")
    assert table["domain"].tolist() == ["c", "k", "all codes"]
    assert table["estimate"].tolist() == pytest.approx([0.7286, 1.0, 0.8591], abs=5e-4)
    assert table["sentence"][0].endswith("without an interval: the version of 2004 is for comparison with other tools.")


def test_the_version_of_2016_differs_on_the_same_passages(published):
    assert agreement_of_spans(*published, resamples=1).loc[0, "estimate"] == pytest.approx(0.5163, abs=5e-5)


def test_the_older_version_wants_coders_who_read_the_same(published):
    codings, segments, codebook = published
    more = segments.assign(source_id="I2", case_id="P2")
    readings = [("I1", "AB"), ("I1", "CD"), ("I2", "AB"), ("I2", "EF")]
    readings = pd.DataFrame(readings, columns=["source_id", "coder"]).assign(finished="yes")
    table = agreement_of_spans(codings, pd.concat([segments, more]), codebook, readings=readings, version="2004")
    assert set(table["reason"]) == {"the version of 2004 takes coders who all read the same"}
    assert table["estimate"].isna().all()
