import numpy as np
import pandas as pd
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.word_differences import compare_words
from engagement_lib.tables import empty_table

PRODUCERS, USERS = [f"P{n}" for n in range(8)], [f"U{n}" for n in range(8)]
CASES = pd.DataFrame({"case_id": [*PRODUCERS, *USERS], "group": ["producer"] * 8 + ["user"] * 8})
COMMON = "The weather was fine."


def segments(said, **more):
    """A survey answer by each of these people."""
    rows = {"source_id": list(said), "start": 0, "case_id": list(said), "kind": "survey", "role": "participant", **more}
    table = pd.DataFrame({**rows, "quote": list(said.values())})
    return table.assign(end=table["quote"].str.len())


def compare(said, **options):
    options = {"by": "group", "groups": ("producer", "user"), "resamples": 499, "longest": 1} | options
    return compare_words(segments(said) if isinstance(said, dict) else said, CASES, **options)


SAID = dict.fromkeys(PRODUCERS, f"Endless budgets. {COMMON}") | dict.fromkeys(USERS, COMMON)


def test_words_of_one_group_stand_first_with_counts_and_bases():
    table = compare(SAID).set_index("word")
    assert table.index.tolist() == ["budgets", "endless", "fine", "weather"]
    assert table.loc["budgets", "first":"second_uses"].tolist() == ["producer", 8, 8, 1.0, 8, "user", 0, 8, 0.0, 0]
    assert table.loc["budgets", "log_odds"] > 0 > table.loc["fine", "log_odds"]
    assert table["compared"].tolist() == [16] * 4
    assert table["family"].tolist() == [4] * 4


def test_by_permuting_respondents_only_the_words_that_differ_are_found():
    table = compare(SAID, resamples=1999).set_index("word")
    assert table.loc["budgets", "p"] == pytest.approx(2 / 2000)
    assert table.loc["budgets", "p_adjusted"] == pytest.approx(2 / 2000)
    assert set(table["reason"]) == {""}


def test_a_word_said_a_hundred_times_by_one_person_does_not_rank():
    talkative = SAID | {"P0": SAID["P0"] + " Zebra." * 100}
    assert "zebra" not in compare(talkative)["word"].tolist()
    table = compare(talkative, min_respondents=1).set_index("word")
    assert table.index.tolist()[-1] == "zebra"
    assert table.loc["zebra", ["first_respondents", "first_uses", "largest_share"]].tolist() == [1, 100, 1.0]
    assert table.loc["zebra", "p"] > 0.5
    assert table.loc["zebra", "dispersion"] > 0.2


def test_how_often_one_person_says_a_word_changes_neither_its_rank_nor_its_p():
    plain = compare(SAID, min_respondents=1)
    loud = compare(SAID | {"U3": COMMON + " Fine." * 50}, min_respondents=1)
    columns = ["word", "first_respondents", "second_respondents", "log_odds", "z", "p", "p_adjusted"]
    pd.testing.assert_frame_equal(plain[columns], loud[columns])
    assert loud.set_index("word").loc["fine", "largest_share"] == pytest.approx(51 / 66)


def test_more_uses_count_where_the_cap_is_higher():
    often = {who: said.replace("fine", "fine, fine and fine") if who in USERS else said for who, said in SAID.items()}
    odds = [compare(often, cap=cap).set_index("word").loc["fine", "log_odds"] for cap in (1, 3)]
    assert odds[1] < odds[0] < 0


def test_phrases_are_compared_with_phrases_and_shown_as_they_are_written_most():
    said = (
        dict.fromkeys(PRODUCERS, "User Groups met.")
        | {"P0": "A user group met."}
        | dict.fromkeys(USERS, "Groups met, users not.")
    )
    words = compare(said, longest=2)["word"].tolist()
    assert "user groups" in words
    assert "users not" not in words


def test_each_value_is_compared_with_all_others_where_no_groups_are_named():
    cases = CASES.assign(nation=["Cymru"] * 8 + ["England"] * 4 + ["Scotland"] * 3 + [""])
    table = compare_words(segments(SAID), cases, by="nation", longest=1, resamples=99)
    pairs = table[["first", "second", "first_base", "second_base"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["Cymru", "all others", 8, 7], ["England", "all others", 4, 11], ["Scotland", "all others", 3, 12]]
    assert set(table["family"]) == {len(table)}


def test_respondents_are_exchanged_only_with_others_of_their_kind_of_source():
    kinds = ["comment" if who in PRODUCERS else "survey" for who in SAID]
    apart = compare(segments(SAID, kind=kinds))
    assert apart["p"].isna().all()
    assert apart["p_adjusted"].isna().all()
    assert apart["compared"].tolist() == [0] * 4
    assert set(apart["reason"]) == {"no kind of which there are respondents of both groups"}
    assert compare(segments(SAID, kind=kinds), within="")["p"].notna().all()


def test_a_webinar_is_one_respondent_and_who_asks_is_none():
    talk = pd.DataFrame(
        [("W1", 0, "W1/Ann", "webinar", "participant", "Llama."), ("W1", 9, "W1/Bob", "webinar", "participant", "Llama."),
         ("U0", 40, "", "interview", "interviewer", "Zebra.")],
        columns=["source_id", "start", "case_id", "kind", "role", "quote"],
    ).assign(end=50)  # fmt: skip
    table = compare(pd.concat([segments(SAID), talk]), groups=("webinar", "user"), min_respondents=1).set_index("word")
    assert table.loc["llama", ["first_respondents", "first_base", "first_uses"]].tolist() == [1, 1, 2]
    assert "zebra" not in table.index


def test_somebody_who_says_no_word_is_not_in_the_base():
    assert compare(SAID | {"P0": " "})["first_base"].tolist() == [7] * 4


@pytest.mark.parametrize("groups", [None, ("producer", "user")])
def test_no_segments_give_no_rows_with_all_columns(groups):
    table = compare_words(empty_table("segments"), CASES, by="group", groups=groups)
    assert table.empty
    assert table.dtypes.to_dict() == compare(SAID).dtypes.to_dict()


def test_words_of_too_few_give_no_rows():
    assert compare(dict.fromkeys(("P0", "U0"), COMMON)).empty


def test_one_value_alone_has_nothing_to_be_compared_with():
    assert compare(dict.fromkeys(USERS, COMMON), groups=None).empty


def test_the_order_of_rows_does_not_matter():
    table = segments(SAID | {"P1": "Budgets and weather", "U5": "Endless weather"})
    shuffled = table.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(compare(table), compare(shuffled))


def test_false_alarms_are_rare_where_nothing_differs_though_people_talk_in_their_own_ways():
    draw = np.random.default_rng(5)
    words = ["amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "inlet", "jetty"]
    alarms = []
    for seed in range(12):
        said = {who: " ".join(draw.choice(words, p=draw.dirichlet(np.full(10, 0.3)), size=40)) for who in SAID}
        alarms += (compare(said, min_respondents=2, random_state=seed)["p"] < 0.05).tolist()
    assert np.mean(alarms) <= 0.08


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "groupe"}, "no variable 'groupe'"),
        ({"groups": ("producer", "producer")}, "found 'producer', 'producer'; expected two different values"),
        ({"groups": ("producer",)}, "found 'producer'; expected two different values"),
        ({"groups": ("producer", "press")}, "found 'press'; expected one of producer, user"),
        ({"resamples": 0}, "resamples: found 0; expected at least 1"),
        ({"cap": 0}, "cap: found 0"),
        ({"longest": 0}, "longest: found 0"),
        ({"min_respondents": 0}, "min_respondents: found 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(options, message):
    with pytest.raises(TableError, match=message):
        compare(SAID, **options)


def test_somebody_in_two_groups_is_refused():
    both = pd.concat([segments(SAID, wave="1"), segments({"P3": COMMON}, wave="2").assign(source_id="D3")])
    with pytest.raises(TableError, match="found 'P3' in two groups"):
        compare(both, by="wave", groups=("1", "2"))
