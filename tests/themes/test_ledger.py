import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.themes.ledger import carry_ledger, first_ledger, match_themes, name_themes, theme_flow, theme_names


def flow_of(*pairs):
    return theme_flow(
        [old for old, _, times in pairs for _ in range(times)], [new for _, new, times in pairs for _ in range(times)]
    )


def carried(flow, theme_ids, known=("T01", "T02")):
    ledger = carry_ledger(first_ledger(list(known), "1"), flow, theme_ids, "2")
    return ledger[["theme_id", "status", "parents", "first_run", "last_run"]].to_numpy().tolist()


def test_ids_are_numbered_with_two_figures_and_more_where_need_be():
    assert theme_names(3) == ["T01", "T02", "T03"]
    assert theme_names(2, first=100) == ["T100", "T101"]


def test_the_first_ledger_holds_new_themes():
    assert first_ledger(["T01"], "1").to_numpy().tolist() == [["T01", "", "new", "", "1", "1"]]


def test_a_flow_counts_segments_in_common():
    flow = flow_of(("T01", "a", 3), ("T01", "b", 1), ("T02", "b", 4))
    assert flow[["old_theme_id", "theme_id", "segments", "base", "share"]].to_numpy().tolist() == [
        ["T01", "a", 3, 4, 0.75],
        ["T01", "b", 1, 4, 0.25],
        ["T02", "b", 4, 4, 1.0],
    ]
    assert flow["jaccard"].tolist() == [3 / 4, 1 / 8, 4 / 5]


def test_no_segments_in_common_match_nothing():
    assert theme_flow([], []).empty
    assert match_themes(theme_flow([], [])) == {}


def test_themes_match_that_are_more_alike_than_not():
    assert match_themes(flow_of(("T01", "a", 3), ("T01", "b", 1), ("T02", "b", 4))) == {"a": "T01", "b": "T02"}
    assert match_themes(flow_of(("T01", "a", 2), ("T01", "b", 2), ("T01", "c", 2))) == {}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=30), st.randoms())
def test_the_order_of_segments_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    flows = [theme_flow([old for old, _ in some], [new for _, new in some]) for some in (pairs, shuffled)]
    pd.testing.assert_frame_equal(*flows)
    assert match_themes(flows[0]) == match_themes(flows[1])


def test_a_theme_that_nobody_had_gets_the_next_id_even_after_one_that_faded():
    ledger = first_ledger(["T01", "T02", "T07"], "1")
    assert name_themes(flow_of(("T01", "a", 3)), ["a", "b", "c"], ledger) == {"a": "T01", "b": "T08", "c": "T09"}


def test_a_theme_that_is_an_old_one_is_kept_and_one_that_is_gone_has_faded():
    assert carried(flow_of(("T01", "T01", 3)), ["T01"]) == [["T01", "kept", "", "1", "2"], ["T02", "faded", "", "1", "1"]]


def test_a_theme_without_old_segments_is_new():
    flow = flow_of(("T01", "T01", 3), ("T02", "T02", 3))
    assert carried(flow, ["T01", "T02", "T03"])[2] == ["T03", "new", "", "2", "2"]


def test_a_theme_out_of_another_is_split_from_it():
    flow = flow_of(("T01", "T01", 6), ("T01", "T03", 4), ("T02", "T02", 3))
    assert carried(flow, ["T01", "T02", "T03"])[2] == ["T03", "split", "T01", "2", "2"]


def test_a_theme_of_bits_of_several_is_new():
    flow = flow_of(("T01", "T01", 6), ("T01", "T03", 2), ("T02", "T02", 6), ("T02", "T03", 2))
    assert carried(flow, ["T01", "T02", "T03"])[2] == ["T03", "new", "", "2", "2"]


def test_a_theme_that_holds_two_is_merged_from_both():
    flow = flow_of(("T01", "T01", 6), ("T02", "T01", 4))
    assert carried(flow, ["T01"]) == [["T01", "merged", "T01 T02", "1", "2"], ["T02", "faded", "", "1", "1"]]
    assert carried(flow_of(("T01", "T03", 4), ("T02", "T03", 4)), ["T03"])[2] == ["T03", "merged", "T01 T02", "2", "2"]
