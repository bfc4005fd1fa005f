import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.decisions import fold_events
from engagement_lib.tables import empty_table

LOG = pd.DataFrame(
    [
        ("1", "2020-10-01", "verdict given", "claim", "C2", "supported"),
        ("2", "2020-10-03", "verdict given", "claim", "C1", "contested"),
        ("3", "2020-10-02", "verdict given", "claim", "C1", "supported"),
        ("4", "2020-10-01", "verdict given", "claim", "C2", "insufficient"),
        ("5", "2020-10-09", "quote cleared", "claim", "C1", "yes"),
        ("6", "2020-10-09", "verdict given", "theme", "C1", "x"),
    ],
    columns=["event_id", "at", "kind", "about_type", "about_id", "value"],
).assign(author="AB")


@given(st.permutations(range(len(LOG))))
def test_the_latest_event_about_each_thing_holds_whatever_the_order_of_the_log(order):
    latest = fold_events(LOG.iloc[order], "verdict given", "claim")
    assert latest[["about_id", "event_id", "value"]].to_numpy().tolist() == [
        ["C1", "2", "contested"],
        ["C2", "4", "insufficient"],
    ]


def test_joining_a_log_with_itself_changes_nothing():
    once = fold_events(LOG, "verdict given", "claim")
    again = fold_events(pd.concat([LOG, LOG]).drop_duplicates("event_id"), "verdict given", "claim")
    pd.testing.assert_frame_equal(once, again)


def test_no_events_fold_to_none():
    pd.testing.assert_frame_equal(fold_events(empty_table("events"), "verdict given", "claim"), empty_table("events"))
