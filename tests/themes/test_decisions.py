import pandas as pd
import pytest
from planted_answers import Planted, answers, theme_of

from engagement_lib.coding.event_checks import check_events
from engagement_lib.coding.events import make_event, name_events
from engagement_lib.errors import TableError
from engagement_lib.tables import empty_table
from engagement_lib.themes.decisions import decide_themes, theme_decision
from engagement_lib.themes.model import ThemeModel
from engagement_lib.themes.updating import update_themes


def log(*events):
    rows = pd.DataFrame(list(events)).assign(at=[f"2020-10-02T09:00:{at:02d}.000000Z" for at in range(len(events))])
    return name_events(check_events(rows))


def decide(decision, theme_id, **said):
    return theme_decision(decision, theme_id, author="AB", **said)


@pytest.fixture(scope="module")
def model():
    """T01 is data, T02 money and T03 time."""
    segments = answers(("money", 20), ("time", 20), ("data", 20))
    return ThemeModel(3, encoder=Planted(), resamples=0).fit(segments)


def rows(model):
    return model.ledger_[["theme_id", "name", "status", "parents"]].to_numpy().tolist()


def reasons(model):
    return model.decisions_["reason"].tolist()


def test_a_name_stands_in_the_ledger_and_the_last_one_holds(model):
    decided = decide_themes(model, log(decide("name", "T01", name="Figures"), decide("name", "T01", name="Data")))
    assert rows(decided)[0] == ["T01", "Data", "new", ""]
    assert model.ledger_["name"].tolist() == ["", "", ""]


def test_a_merged_theme_goes_into_the_other_and_names_both(model):
    decided = decide_themes(model, log(decide("merge", "T03", into="T01")))
    assert decided.theme_ids_ == ["T01", "T02"]
    assert rows(decided)[0][2:] == ["merged", "T01 T03"]
    assert rows(decided)[2][2:] == ["faded", ""]
    assert decided.themes_["segments"].tolist() == [40, 20]
    assert model.theme_ids_ == ["T01", "T02", "T03"]


def test_themes_may_be_merged_one_after_another(model):
    decided = decide_themes(model, log(decide("merge", "T03", into="T01"), decide("merge", "T02", into="T01")))
    assert decided.theme_ids_ == ["T01"]
    assert rows(decided)[0][2:] == ["merged", "T01 T02 T03"]


def test_answers_that_leave_a_theme_make_another(model):
    decided = decide_themes(model, log(decide("split", "T02", into="T04", answers=answers(("money", 8)))))
    assert decided.theme_ids_ == ["T01", "T02", "T03", "T04"]
    assert rows(decided)[3] == ["T04", "", "split", "T02"]
    assert theme_of(decided, "M7") == "T04"
    assert theme_of(decided, "M8") == "T02"


def test_an_answer_that_was_moved_is_in_the_other_theme(model):
    decided = decide_themes(model, log(decide("move", "T03", answers=answers(("money", 1)).assign(start=0, end=7))))
    assert theme_of(decided, "M0") == "T03"
    assert decided.decisions_["about"].tolist() == ["M0 0-7"]


def test_an_excluded_theme_is_named_apart_until_it_is_included_again(model):
    first = decide("exclude", "T01")
    assert decide_themes(model, log(first, decide("exclude", "T02"))).excluded_ == ("T01", "T02")
    assert decide_themes(model, log(first, decide("include", "T01"))).excluded_ == ()


def test_decisions_hold_after_new_answers_whatever_is_nearer(model):
    decisions = log(
        decide("merge", "T03", into="T01"),
        decide("split", "T02", into="T09", answers=answers(("money", 8))),
        decide("move", "T02", answers=answers(("data", 1)).assign(start=0, end=6)),
        decide("exclude", "T09"),
    )
    new = update_themes(model, answers(("maps", 15), ("time", 4), first=50), decisions=decisions)
    assert reasons(new) == ["", "", "", ""]
    assert [theme_of(new, name) for name in ("T3", "M3", "M10", "D0", "T51", "M60")] == ["T01", "T09", "T02", "T02", "T01", "T10"]
    assert rows(new) == [
        ["T01", "", "merged", "T01 T03"],
        ["T02", "", "kept", ""],
        ["T03", "", "faded", ""],
        ["T09", "", "split", "T02"],
        ["T10", "", "new", ""],
    ]
    assert new.ledger_["first_run"].tolist() == ["1", "1", "1", "2", "2"]
    assert new.excluded_ == ("T09",)
    again = update_themes(new, answers(), decisions=decisions)
    assert reasons(again) == ["", "", "", ""]
    assert again.assignments_["theme_id"].tolist() == new.assignments_["theme_id"].tolist()
    assert again.ledger_["status"].tolist() == ["kept", "kept", "faded", "kept", "kept"]


def test_a_split_takes_along_the_new_answers_that_are_nearer(model):
    apart = log(decide("split", "T02", into="T04", answers=answers(("money", 10))))
    base = decide_themes(model, log(decide("merge", "T03", into="T02")))
    known = frozenset(base._rows.index[:-5])
    decided = decide_themes(base, apart, known=known)
    assert theme_of(decided, "M9") == "T04"
    assert theme_of(decided, "T15") == "T02"


def test_all_that_stays_may_be_new(model):
    apart = log(decide("split", "T02", into="T04", answers=answers(("money", 10))))
    known = frozenset(f"money {number}" for number in range(10))
    assert set(decide_themes(model, apart, known=known).theme_ids_) == {"T01", "T02", "T03", "T04"}


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([decide("name", "T44", name="x")], "there is no theme T44"),
        ([decide("exclude", "T44")], "there is no theme T44"),
        ([decide("merge", "T44", into="T01")], "there is no theme T44"),
        ([decide("merge", "T01", into="T44")], "there is no theme T44"),
        ([decide("merge", "T01", into="T01")], "T01 cannot be merged into itself"),
        ([decide("merge", "T03", into="T01"), decide("name", "T03", name="x")], "T03 was merged into T01"),
        ([decide("merge", "T03", into="T01"), decide("merge", "T02", into="T03")], "T03 was merged into T01"),
        ([decide("split", "T44", into="T09", answers=answers(("money", 2)))], "there is no theme T44"),
        ([decide("split", "T02", into="T01", answers=answers(("money", 2)))], "T01 is another theme by now"),
        (
            [decide("split", "T01", into="T09", answers=answers(("money", 3)))],
            "of 3 different answers that were to leave T01, 0 are still in it",
        ),
        ([decide("split", "T02", into="T09", answers=answers(("money", 20)))], "nothing would stay in T02"),
        ([decide("move", "T44", answers=answers(("money", 1)).assign(start=0, end=7))], "there is no theme T44"),
        ([decide("move", "T01", answers=answers(("maps", 1)).assign(start=0, end=6))], "no such answer is among them"),
    ],
)
def test_what_cannot_be_replayed_is_listed_with_the_reason(model, events, reason):
    decided = decide_themes(model, log(*events))
    assert reasons(decided)[-1] == reason
    assert not decided.decisions_["holds"].iloc[-1]


@pytest.mark.parametrize(
    "first",
    [
        decide("name", "T03", name="x"),
        decide("exclude", "T03"),
        decide("merge", "T03", into="T02"),
        decide("move", "T03", answers=answers(("money", 1)).assign(start=0, end=7)),
        decide("split", "T03", into="T09", answers=answers(("time", 4))),
    ],
)
def test_what_a_later_merge_overtook_is_not_missed(model, first):
    merged = decide_themes(model, log(decide("merge", "T03", into="T01")))
    assert reasons(decide_themes(merged, log(first, decide("merge", "T03", into="T01")))) == ["", ""]


def test_a_theme_that_faded_says_so(model):
    faded = decide_themes(model, log(decide("move", "T01", answers=answers(("time", 20)).assign(start=0, end=6))))
    assert faded.ledger_["status"].tolist() == ["new", "new", "faded"]
    assert reasons(decide_themes(faded, log(decide("name", "T03", name="x")))) == ["T03 has faded"]


def test_without_decisions_nothing_is_decided(model):
    decided = decide_themes(model, empty_table("events"))
    pd.testing.assert_frame_equal(decided.assignments_, model.assignments_)
    assert decided.decisions_.empty
    assert decided.decisions_["holds"].dtype == bool


def test_a_decision_holds_no_words_of_a_participant():
    event = decide("move", "T01", answers=answers(("money", 1)).assign(start=0, end=7))
    assert "money" not in event["value"]


@pytest.mark.parametrize(
    ("decision", "said", "found"),
    [
        ("rename", {}, "'rename'"),
        ("name", {}, "no name"),
        ("split", {}, "no into and no answers"),
        ("move", {}, "no answers"),
    ],
)
def test_a_decision_must_say_what_it_needs(decision, said, found):
    with pytest.raises(TableError, match=found):
        decide(decision, "T01", **said)


@pytest.mark.parametrize("value", ['{"decision": "rename"}', '{"decision": "merge"}', "a name"])
def test_the_store_refuses_a_decision_that_says_too_little(value):
    with pytest.raises(TableError):
        check_events(pd.DataFrame([make_event("theme decision", "T01", author="AB", value=value)]))
