"""Codings carried over to corrected texts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from engagement_lib.coding import carrying
from engagement_lib.coding.carrying import carry_over
from engagement_lib.coding.codings import check_codings
from engagement_lib.errors import TableError
from engagement_lib.tables import check_table, empty_table

OLD = """Helen [interviewer] 0:00:04
How do you know who uses your statistics?

P01 [participant] 0:00:12
Honestly? We dont. Dim amser 🕰️ byth. Yes.

Helen [interviewer] 0:00:20
Do you ask them?

P01 [participant] 0:00:24
Yes. We ask, once a year, and nobody answers: שלום.
"""


def sources(text, name="P01"):
    return pd.DataFrame({"source_id": [name], "text": [text]})


def coding(text, words, *, nth=0, name="1"):
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    row = {"coding_id": name, "source_id": "P01", "start": start, "end": start + len(words), "code": "x", "coder": "AB"}
    return check_table("codings", pd.DataFrame([row | {"quote": words}]))


def carried(old, words, new, *, nth=0, **options):
    """What became of a coding: outcome, where it stands now and its words, or why it was lost."""
    table, report = carry_over(coding(old, words, nth=nth), sources(old), sources(new), **options)
    row = report.iloc[0]
    if row["outcome"] == "lost":
        assert_frame_equal(table, coding(old, words, nth=nth))
        assert pd.isna(row["start"])
        return "lost", row["reason"]
    start, end = int(row["start"]), int(row["end"])
    assert new[start:end] == row["quote"]
    assert table.loc[0, ["start", "end", "quote"]].tolist() == [start, end, row["quote"]]
    assert row["reason"] == ""
    return row["outcome"], start, row["quote"]


def test_a_coding_before_the_mended_word_is_kept():
    assert carried(OLD, "Honestly?", OLD.replace("dont", "don't")) == ("kept", OLD.index("Honestly?"), "Honestly?")


def test_a_coding_behind_the_mended_word_moves_with_its_words():
    new = OLD.replace("dont", "don't")
    assert carried(OLD, "amser 🕰️ byth", new) == ("moved", OLD.index("amser") + 1, "amser 🕰️ byth")


def test_a_coding_on_the_mended_word_goes_over_to_the_new_words():
    new = OLD.replace("dont", "don't")
    assert carried(OLD, "We dont.", new) == ("changed", OLD.index("We dont."), "We don't.")


@pytest.mark.parametrize(
    ("old", "new"), [("Dim", "Doedd dim"), ("byth.", "byth!"), ("nobody", "no-one"), ("[participant]", "[interviewer]")]
)
def test_words_just_beside_a_coding_are_not_taken_into_it(old, new):
    outcome, _, words = carried(OLD, "amser 🕰️ byth", OLD.replace(old, new))
    assert (outcome in ("kept", "moved"), words) == (True, "amser 🕰️ byth")


def test_a_word_put_in_within_a_coding_belongs_to_it():
    assert carried(OLD, "We ask, once a year", OLD.replace("once a", "once a whole"))[2] == "We ask, once a whole year"


def test_a_word_taken_out_within_a_coding_is_gone_from_it():
    assert carried(OLD, "We ask, once a year, and nobody", OLD.replace("once a year, ", ""), alike=0.6)[2] == "We ask, and nobody"


def test_words_that_were_taken_out_are_lost():
    assert carried(OLD, "Dim amser 🕰️ byth.", OLD.replace("Dim amser 🕰️ byth. ", "")) == ("lost", "its words were taken out")


def test_words_that_were_written_anew_are_lost():
    new = OLD.replace("We ask, once a year, and nobody answers", "I could not say, to be honest with you")
    outcome, reason = carried(OLD, "once a year, and nobody", new)
    assert outcome == "lost"
    assert reason.startswith("other words stand in its place, alike by 0.")


def test_how_alike_is_asked_for():
    new = OLD.replace("We dont.", "We do.")
    assert carried(OLD, "We dont.", new, alike=0.95) == ("lost", "other words stand in its place, alike by 0.86")
    assert carried(OLD, "We dont.", new, alike=0.8)[0] == "changed"


def test_repeated_words_each_go_with_their_own_place():
    new = OLD.replace("dont", "don't")
    assert carried(OLD, "Yes.", new, nth=0) == ("moved", OLD.index("Yes.") + 1, "Yes.")
    assert carried(OLD, "Yes.", new, nth=1) == ("moved", OLD.rindex("Yes.") + 1, "Yes.")


def test_the_repeated_words_that_were_taken_out_do_not_go_to_the_others():
    new = OLD.replace(" Yes.", "")
    assert carried(OLD, "Yes.", new, nth=0)[0] == "lost"
    assert carried(OLD, "Yes.", new, nth=1) == ("moved", new.index("Yes."), "Yes.")


def test_of_words_that_cannot_be_told_apart_none_goes_over():
    assert [carried("Yes. Yes.", "Yes.", "Yes.", nth=nth)[0] for nth in (0, 1)] == ["lost", "lost"]
    assert carried("Yes. Yes.", "Yes.", "Yes.")[1] == (
        "places of its words: 2 in the old text, 1 in the new one; what is around them does not tell which it is"
    )


def test_a_mended_one_of_repeated_words_goes_over_though_the_other_still_stands():
    old = "We dont know who they are.\nThat is because we dont know.\n"
    assert carried(old.replace("We", "we"), "we dont", old.replace("We dont", "we don't")) == ("changed", 0, "we don't")


def test_words_deleted_and_said_elsewhere_by_chance_are_lost():
    old = "I rang them and they said no, so that was that.\nNext came the survey of users and all it brought.\n"
    new = "I rang them and that was that.\nNext came the survey of users, who said no to it, and all it brought.\n"
    assert carried(old, "said no", new)[0] == "lost"


def test_a_paragraph_that_was_moved_takes_its_codings_along():
    paragraph = "It was the deadline, every time, that kept us from ringing anybody at all."
    rest = "".join(f"Line {n} says something of its own about release {n * 7}.\n" for n in range(9))
    old, new = f"{paragraph}\n{rest}", f"{rest}{paragraph}\n"
    assert carried(old, paragraph, new) == ("moved", len(rest), paragraph)
    assert carried(old, "every time", new) == ("moved", new.index("every time"), "every time")


def test_a_source_that_is_gone_loses_its_codings_and_one_that_stayed_keeps_them():
    table = coding(OLD, "Honestly?")
    kept, report = carry_over(table, sources(OLD), sources(OLD))
    assert_frame_equal(kept, table)
    assert report.loc[0, ["outcome", "alike"]].tolist() == ["kept", 1.0]
    left, report = carry_over(table, sources(OLD), sources(OLD, "P02"))
    assert_frame_equal(left, table)
    assert report.loc[0, ["outcome", "reason"]].tolist() == ["lost", "its source is not among the new ones"]


def test_every_coding_is_there_in_its_order_with_a_row_in_the_report():
    new = OLD.replace("dont", "don't").replace("Dim amser 🕰️ byth. ", "")
    words = ["byth", "Honestly?", "We dont.", "once a year"]
    table = pd.concat([coding(OLD, each, name=each) for each in words], ignore_index=True)
    moved, report = carry_over(table, sources(OLD), sources(new))
    assert moved["coding_id"].tolist() == report["coding_id"].tolist() == words
    assert report["outcome"].tolist() == ["lost", "kept", "changed", "moved"]
    assert (
        report[["old_start", "old_end", "old_quote"]].to_numpy().tolist() == table[["start", "end", "quote"]].to_numpy().tolist()
    )
    with pytest.raises(TableError, match="the quote 'byth'"):
        check_codings(moved, sources(new), None)


def test_codings_that_do_not_stand_in_the_old_text_are_refused():
    table = pd.concat([coding(OLD, "Yes.", name="1").assign(quote="No."), coding(OLD, "Yes.", name="2").assign(source_id="P09")])
    with pytest.raises(TableError) as error:
        carry_over(table, sources(OLD), sources(OLD))
    start = OLD.index("Yes.")
    assert [str(problem).split(". Give the texts")[0] for problem in error.value.problems] == [
        f"codings, coding '1': found 'Yes.' at {start} to {start + 4} of 'P01'; expected the quote 'No.'",
        f"codings, coding '2': found '' at {start} to {start + 4} of 'P09'; expected the quote 'Yes.'",
    ]


def test_no_codings_are_carried_over_to_none_with_an_empty_report():
    table, report = carry_over(empty_table("codings"), empty_table("sources"), empty_table("sources"))
    assert_frame_equal(table, empty_table("codings"))
    assert report.empty
    assert list(report.columns)[:3] == ["coding_id", "source_id", "outcome"]


def test_a_text_too_long_to_compare_loses_its_codings_and_guesses_none(monkeypatch):
    monkeypatch.setattr(carrying, "_MOST_PAIRS", 3)
    assert carried("aa bb cc dd", "bb cc", "aa bx cx dd")[0] == "lost"


words = st.lists(st.sampled_from(["time", "no", "yes", "users", "🙈", "e\u0301", "\n", "ask", "never"]), min_size=1, max_size=25)


@given(words, words, st.data())
def test_whatever_was_corrected_no_coding_is_dropped_and_none_stands_on_other_words_than_the_report_says(before, after, data):
    old, new = " ".join(before), " ".join(after)
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    row = {"coding_id": "1", "source_id": "P01", "start": start, "end": end, "code": "x", "coder": "AB", "quote": old[start:end]}
    table, report = carry_over(check_table("codings", pd.DataFrame([row])), sources(old), sources(new))
    outcome, quote = report.loc[0, ["outcome", "quote"]]
    stands = new[table.loc[0, "start"] : table.loc[0, "end"]]
    assert outcome == "lost" or stands == quote == table.loc[0, "quote"]
    assert (outcome in ("kept", "moved")) <= (stands == old[start:end])
    assert (outcome == "kept") <= (table.loc[0, "start"] == start)


@given(words, st.data())
def test_the_steps_of_a_correction_account_for_every_character_of_both_texts(before, data):
    old, new = " ".join(before), " ".join(data.draw(words))
    steps = carrying._Correction(old, new).steps
    assert "".join(old[begin:until] for _, begin, until, _, _ in steps) == old
    assert "".join(new[begin:until] for _, _, _, begin, until in steps) == new
    assert all(old[a:b] == new[c:d] for kind, a, b, c, d in steps if kind == "equal")
