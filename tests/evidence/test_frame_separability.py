import numpy as np
import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.frame_separability import frame_separability, read_pair
from engagement_lib.evidence.pair_agreement import pair_agreement

CODEBOOK = {"no-time": "culture", "skill": "capability", "late": "outside"}
FRAME = {"frame": {"themes": ("culture", "capability")}}
NAN = float("nan")
SIGNS = {"segment_jaccard_high": 0.1, "choice_low": 0.8, "chosen_respondents": 9, "differing_respondents": 1}
WORDS = {"accuracy": 0.9, "accuracy_p": 0.01}
ABOUT = {"no-time": "the week is over before I begin", "skill": "nobody ever taught me how to ask"}


def apart(number=40):
    """Each says one thing of the one theme and one of the other, in words that differ."""
    return [(f"P{at // 2:02d}", code, ABOUT[code]) for at in range(number) for code in [("no-time", "skill")[at % 2]]]


def second_coder(rows, change=None):
    """What another coder made of the same answers."""
    return [
        {
            "coding_id": f"CD {at} {code}",
            "source_id": f"A{at:03d}",
            "start": 0,
            "end": 9,
            "code": code,
            "coder": "CD",
            "layer": "independent",
            "stance": "supports",
        }
        for at, (_, codes, *_) in enumerate(rows)
        for code in (change or {}).get(at, codes).split()
    ]


@pytest.fixture
def twice(spoken):
    """A study that two coders read, of whom the second differs in the answers named."""

    def make(rows, change=None):
        first = spoken(rows, CODEBOOK, settings=FRAME)
        codings = [*first.codings.to_dict("records"), *second_coder(rows, change)]
        readings = [
            {"source_id": f"A{at:03d}", "coder": coder, "finished": "yes"} for at in range(len(rows)) for coder in ("AB", "CD")
        ]
        return spoken(rows, CODEBOOK, settings=FRAME, codings=codings, readings=readings)

    return make


def test_what_two_themes_share_is_counted_in_segments_and_people(spoken):
    rows = [("P1", "no-time"), ("P1", "no-time skill"), ("P2", "skill"), ("P3", "no-time"), ("P4", "late"), ("P5", "")]
    row = frame_separability(spoken(rows, CODEBOOK, settings=FRAME), permutations=19).iloc[0]
    assert row[["first", "second"]].tolist() == ["culture", "capability"]
    columns = ["base", "first", "second", "both", "jaccard", "lift"]
    assert row[[f"segment_{name}" for name in columns]].tolist() == [5, 3, 2, 1, 0.25, pytest.approx(5 / 6)]
    assert row[[f"respondent_{name}" for name in columns]].tolist() == [4, 2, 2, 1, pytest.approx(1 / 3), 1.0]
    assert 0 <= row["segment_jaccard_low"] <= 0.25 <= row["segment_jaccard_high"] <= 1
    assert row["sentence"].startswith(
        "'culture' and 'capability': 1 coded segments bear both, of 3 and 2; 1 respondents voice both, of 2 and 2."
    )


def test_themes_that_differ_in_every_way_are_two(twice):
    row = frame_separability(twice(apart()), permutations=99, resamples=200).iloc[0]
    assert row[["segment_jaccard", "segment_jaccard_low"]].tolist() == [0, 0]
    assert row[["segment_lift", "segment_lift_p"]].tolist() == [0, 0.02]
    assert row["respondent_lift"] == 1
    assert row[["accuracy", "accuracy_p", "word_segments", "word_respondents"]].tolist() == [1, 0.01, 40, 20]
    assert row["reading"] == "two"
    assert "The words tell them apart in 100%" in row["sentence"]
    assert row["sentence"].endswith("By these signs: two.")


def test_themes_on_the_same_words_are_one(twice):
    rows = [(f"P{at // 2:02d}", "no-time skill" if at % 5 else ("no-time", "skill")[at // 5 % 2]) for at in range(120)]
    swapped = {at: ("no-time", "skill")[(at // 5 + at // 10) % 2] for at in range(0, 120, 5)}
    row = frame_separability(twice(rows, swapped), permutations=99, resamples=200).iloc[0]
    assert row["segment_jaccard"] == 0.8
    assert row["choice_low"] < 0.667
    assert row["accuracy"] == pytest.approx(0.5, abs=0.2)
    assert row["reading"] == "one"


@pytest.mark.parametrize(
    ("signs", "reading"),
    [
        ({}, "two"),
        ({"segment_jaccard_high": 0.5}, "not clear"),
        ({"choice_low": 0.5}, "not clear"),
        ({"accuracy": 0.59}, "not clear"),
        ({"accuracy_p": 0.06}, "not clear"),
        ({"segment_jaccard_high": 0.6, "choice_low": 0.1, "accuracy": 0.5}, "one"),
        ({"choice_low": NAN, "accuracy_p": NAN, "chosen_respondents": 0}, "not clear"),
        ({"segment_jaccard_high": NAN, "choice_low": NAN, "differing_respondents": 0}, "two"),
        ({"segment_jaccard_high": NAN, "choice_low": NAN, "chosen_respondents": 4, "differing_respondents": 0}, "not clear"),
    ],
)
def test_a_pair_is_read_by_the_signs_that_can_be_had(signs, reading):
    assert read_pair(SIGNS | WORDS | signs) == reading


def test_a_theme_that_nobody_has_is_named(spoken):
    row = frame_separability(spoken([("P1", "late")], CODEBOOK, settings=FRAME), permutations=9).iloc[0]
    assert row["reason"] == (
        "nobody has 'culture'; nobody has 'capability'; no segment was read by two coders; fewer than 10 respondents or 10"
        " segments of either theme alone to learn words from"
    )
    assert np.isnan(
        row[["segment_jaccard", "segment_lift", "segment_lift_null", "segment_lift_p", "accuracy"]].astype(float)
    ).all()
    assert row["reading"] == "not clear"


def test_one_respondent_gives_no_interval(spoken):
    row = frame_separability(spoken([("P1", "skill no-time")], CODEBOOK, settings=FRAME), permutations=9).iloc[0]
    assert row["segment_jaccard"] == 1
    assert np.isnan(row["segment_jaccard_low"])


def test_an_encoder_may_be_given(spoken):
    class Blind:
        name = "blind"

        def encode(self, texts):
            return np.ones((len(texts), 2))

    row = frame_separability(spoken(apart(), CODEBOOK, settings=FRAME), permutations=9, encoder=Blind()).iloc[0]
    assert row["accuracy"] == 0.5


def test_before_anything_is_coded_there_are_no_rows_but_all_columns(spoken):
    empty = frame_separability(spoken([("P1", "")], CODEBOOK))
    assert empty.empty
    full = frame_separability(spoken([("P1", "skill")], CODEBOOK, settings=FRAME), permutations=1)
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize("option", ["permutations", "resamples"])
def test_at_least_one_draw_is_asked_for(spoken, option):
    with pytest.raises(TableError, match=f"frame_separability, {option}: found 0; expected at least 1"):
        frame_separability(spoken([], CODEBOOK), **{option: 0})


def test_neither_names_nor_the_order_of_rows_matter(spoken, renamed):
    study = spoken(apart(), CODEBOOK, settings=FRAME)
    other = renamed(study, {f"P{number:02d}": f"Q{19 - number:02d}" for number in range(20)})
    object.__setattr__(other, "sources", other.sources.iloc[::-1].reset_index(drop=True))
    options = {"permutations": 19, "resamples": 50}
    assert frame_separability(other, **options).equals(frame_separability(study, **options))


def test_coders_who_choose_between_two_themes_are_held_together(twice):
    rows = [("P1", "no-time"), ("P1", "skill"), ("P2", "no-time"), ("P2", "skill"), ("P3", "no-time"), ("P3", "no-time skill")]
    row = pair_agreement(twice(rows, {0: "skill", 4: ""}), "culture", "capability")
    assert (row["coders"], row["chosen"], row["chosen_respondents"], row["differing_respondents"]) == (2, 4, 2, 1)
    assert row["same"] == 0.75
    # Four units, one of them split: D_o = 1/4, D_e = 30/56.
    assert row["choice_alpha"] == pytest.approx(1 - 0.25 / (30 / 56))
    assert row["alpha_together"] < 1
    assert 0 < row["alpha_first"] < 1
    assert 0 < row["alpha_second"] < 1


def test_coders_who_never_choose_say_nothing(twice):
    row = pair_agreement(twice([("P1", "no-time"), ("P2", "no-time skill")], {0: ""}), "culture", "capability")
    assert row["chosen"] == 0
    assert np.isnan(row["choice_alpha"])
    assert row["choice_reason"] == "no segment to which two coders each gave one theme of the two"
