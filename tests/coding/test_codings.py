from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.codings import check_codings, counted_codings
from engagement_lib.errors import TableError
from engagement_lib.settings import Settings
from engagement_lib.tables import Study, check_table, empty_table

TEXT = "Dim amser 🕰️ byth. The café is shut: שלום. Time, time and time."
SOURCES = pd.DataFrame({"source_id": ["P01", "S01/q1"], "text": [TEXT, ""]})
CODEBOOK = pd.DataFrame({"code": ["no-time", "box-ticking"]})


def check(*rows, index=None, origin="codings.csv"):
    full = [{"coding_id": f"{n}", "source_id": "P01", "code": "no-time", "coder": "AB"} | row for n, row in enumerate(rows)]
    return check_codings(pd.DataFrame(full, index=index), SOURCES, CODEBOOK, origin=origin)


def problems(*rows, **options):
    with pytest.raises(TableError) as error:
        check(*rows, **options)
    return [str(problem) for problem in error.value.problems]


def spans(table):
    return table[["start", "end", "quote"]].to_numpy().tolist()


def test_a_quote_that_stands_where_it_should_stays():
    checked = check({"start": 4, "end": 9, "quote": "amser"})
    assert spans(checked) == [[4, 9, "amser"]]
    assert checked.dtypes.astype(str).to_dict() == empty_table("codings").dtypes.astype(str).to_dict()


def test_a_quote_without_offsets_gets_those_of_its_place_in_code_points():
    start = TEXT.index("café")
    assert spans(check({"quote": "café"}, {"quote": "Dim"})) == [[start, start + 4, "café"], [0, 3, "Dim"]]


def test_blank_offsets_are_as_good_as_none():
    rows = [{"quote": "amser", "start": "", "end": ""}, {"quote": "amser", "start": "4", "end": "9"}, {"quote": "Dim"}]
    assert spans(check(*rows)) == [[4, 9, "amser"], [4, 9, "amser"], [0, 3, "Dim"]]
    assert problems({"quote": "Dim", "start": "", "end": "3"}) == [
        "codings.csv, row 2: found start ''; expected a number in 'start'. Mend the cell and load again."
    ]


def test_offsets_without_a_quote_are_given_theirs():
    assert spans(check({"start": 0, "end": 9})) == [[0, 9, "Dim amser"]]


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 30))
def test_a_checked_quote_is_the_text_between_its_offsets(start, length):
    table = check({"start": start, "end": min(start + length, len(TEXT))})
    assert [TEXT[begin:end] for begin, end, _ in spans(table)] == table["quote"].tolist()


@pytest.mark.parametrize("column", [{}, {"coding_id": ""}])
def test_a_coding_without_an_id_is_named_by_its_coder_place_and_code(column):
    rows = pd.DataFrame([{"source_id": "P01", "code": "no-time", "coder": "AB", "quote": "amser"} | column])
    assert check_codings(rows, SOURCES, CODEBOOK)["coding_id"].tolist() == ["AB:P01:4-9:no-time"]


def test_a_coding_without_an_id_that_comes_twice_is_named():
    assert problems({"coding_id": "", "quote": "Dim"}, {"quote": "amser"}, {"coding_id": "", "start": 0, "end": 3}) == [
        "codings.csv, row 4: found coding 'AB:P01:0-3:no-time' a second time; expected each coding once. Take one of them out."
    ]


def test_no_code_is_held_against_a_codebook_that_could_not_be_read():
    rows = pd.DataFrame([{"source_id": "P01", "code": "hurry", "coder": "AB", "quote": "amser"}])
    assert check_codings(rows, SOURCES, None)["code"].tolist() == ["hurry"]


def test_no_codings_stay_no_codings():
    pd.testing.assert_frame_equal(
        check_codings(empty_table("codings"), empty_table("sources"), empty_table("codebook")), empty_table("codings")
    )


def test_the_table_given_is_not_changed():
    given_table = pd.DataFrame({"coding_id": ["1"], "source_id": ["P01"], "code": ["no-time"], "coder": ["AB"], "quote": ["Dim"]})
    before = given_table.copy()
    check_codings(given_table, SOURCES, CODEBOOK)
    pd.testing.assert_frame_equal(given_table, before)


def test_a_quote_that_stands_elsewhere_is_told_where():
    assert problems({"start": 0, "end": 5, "quote": "amser"}) == [
        "codings.csv, row 2: found 'Dim a' at 0 to 5; expected the quote 'amser'. It stands at 4 to 9: mend start and end."
    ]


def test_a_quote_that_stands_nowhere_or_more_than_once_elsewhere_is_to_be_copied_again():
    gone, twice = problems({"start": 0, "end": 3, "quote": "Nid"}, {"start": 0, "end": 4, "quote": "ime"})
    assert gone.endswith("found 'Dim' at 0 to 3; expected the quote 'Nid'. Copy the quote again from the text.")
    assert twice.endswith("expected the quote 'ime'. Copy the quote again from the text.")


def test_long_quotes_are_cut_to_forty_characters():
    (message,) = problems({"start": 0, "end": len(TEXT), "quote": "x" * 50})
    assert f"found '{TEXT[:40]}…' at 0 to {len(TEXT)}; expected the quote '{'x' * 40}…'" in message


def test_a_quote_to_be_looked_for_must_stand_there_once():
    nowhere, thrice = problems({"quote": "money"}, {"quote": "ime"})
    assert "found the quote 'money' nowhere in 'P01'; expected a quote that stands there once. Copy it again" in nowhere
    assert "found the quote 'ime' 3 times in 'P01'; expected a quote that stands there once. Give start and end too." in thrice


def test_places_that_overlap_are_counted_apart():
    sources = pd.DataFrame({"source_id": ["P01"], "text": ["aaa"]})
    row = pd.DataFrame({"coding_id": ["1"], "source_id": ["P01"], "code": ["no-time"], "coder": ["AB"], "quote": ["aa"]})
    with pytest.raises(TableError, match="'aa' 2 times"):
        check_codings(row, sources, CODEBOOK)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (9, 4), (-3, 2), (0, len(TEXT) + 1)])
def test_offsets_must_lie_within_the_text(start, end):
    (message,) = problems({"start": start, "end": end})
    assert f"found start {start} and end {end}; expected a stretch within the {len(TEXT)} characters of 'P01'" in message


def test_an_empty_answer_has_nothing_to_code():
    (message,) = problems({"source_id": "S01/q1", "start": 0, "end": 4})
    assert "the 0 characters of 'S01/q1'" in message


def test_an_unknown_code_is_named_once_with_the_nearest():
    rows = [{"code": "notime", "start": 0, "end": 3}] * 3 + [{"code": "?", "start": 0, "end": 3}]
    assert problems(*rows) == [
        "codings.csv, row 2: found code 'notime', here and in 2 more; expected a code of the codebook. Did you mean 'no-time'?",
        "codings.csv, row 5: found code '?'; expected a code of the codebook. Mend its name, or add it to the study.",
    ]


def test_an_unknown_source_is_named_and_its_offsets_are_not_judged():
    assert problems({"source_id": "P1", "start": 99, "end": 3}) == [
        "codings.csv, row 2: found source_id 'P1'; expected a source of the study. Did you mean 'P01'?"
    ]


def test_all_problems_come_at_once_with_the_rows_of_the_spreadsheet():
    rows = [{"source_id": "P9", "quote": "Dim"}, {"start": "3", "end": "1"}, {"code": "x", "quote": "Dim"}]
    found = problems(*rows, index=[0, 4, 7], origin="codings/AB.csv")
    assert [message.split(":")[0] for message in found] == [f"codings/AB.csv, row {row}" for row in (2, 6, 9)]


def study(codings, *, coder="", readings=()):
    full = [
        {"coding_id": f"{n}", "source_id": source, "coder": who, "layer": layer, "code": "no-time"}
        for n, (source, who, layer) in enumerate(codings)
    ]
    tables = {name: empty_table(name) for name in ("sources", "cases", "codebook", "memos", "claims", "events")}
    tables["codings"] = check_table("codings", pd.DataFrame(full)) if full else empty_table("codings")
    read = pd.DataFrame(list(readings), columns=["source_id", "coder", "finished"])
    return Study(Path(), Settings(title="Pilot", coder=coder), readings=check_table("readings", read), **tables)


def counted(*codings, **options):
    return counted_codings(study(codings, **options))[["source_id", "coder", "layer"]].to_numpy().tolist()


def test_the_named_coders_independent_codings_count():
    rows = [("P1", "AB", "independent"), ("P1", "CD", "independent")]
    assert counted(*rows, coder="CD") == [["P1", "CD", "independent"]]


def test_consensus_counts_in_place_of_the_coder_source_by_source():
    rows = [("P1", "AB", "independent"), ("P1", "AB+CD", "consensus"), ("P2", "AB", "independent")]
    assert counted(*rows, coder="AB") == [["P1", "AB+CD", "consensus"], ["P2", "AB", "independent"]]


def test_a_source_that_consensus_finished_without_a_code_counts_none():
    rows = [("P1", "AB", "independent"), ("P2", "AB", "independent")]
    readings = [("P1", "consensus", "yes"), ("P2", "consensus", "")]
    assert counted(*rows, coder="AB", readings=readings) == [["P2", "AB", "independent"]]


def test_an_only_coder_needs_no_naming():
    assert counted(("P1", "AB", "independent"), ("P1", "robot", "machine")) == [["P1", "AB", "independent"]]


def test_of_several_coders_without_one_named_only_consensus_counts():
    rows = [("P1", "AB", "independent"), ("P2", "CD", "independent"), ("P3", "AB", "consensus")]
    assert counted(*rows) == [["P3", "AB", "consensus"]]


def test_rules_and_machines_never_count():
    assert counted(("P1", "AB", "rule"), ("P1", "AB", "machine"), coder="AB") == []


def test_no_codings_count_as_none_with_all_columns():
    pd.testing.assert_frame_equal(counted_codings(study([])), empty_table("codings"))
