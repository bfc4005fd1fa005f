import pytest

from engagement_lib.errors import TableError
from engagement_lib.evidence.framed import any_of, bear_frame, check_frame, frame_segments, frame_themes

CODEBOOK = {"no-time": "culture", "skill": "capability", "late": "outside", "odd": ""}


def test_the_frame_is_what_the_study_says(spoken):
    study = spoken([], CODEBOOK, settings={"frame": {"themes": ("capability",)}})
    assert frame_themes(study) == ("capability",)
    assert frame_themes(study, ["culture"]) == ("culture",)


def test_without_a_frame_every_theme_of_the_codebook_belongs_to_it(spoken):
    assert frame_themes(spoken([], CODEBOOK)) == ("culture", "capability", "outside")


def test_a_theme_that_the_codebook_lacks_or_that_comes_twice_is_named(spoken):
    with pytest.raises(TableError) as caught:
        frame_themes(spoken([], CODEBOOK), ["cultur", "zz", "outside", "outside"])
    assert str(caught.value).splitlines() == [
        "frame, themes: found 'cultur'; expected one of culture, capability, outside. Did you mean 'culture'?",
        "frame, themes: found 'zz'; expected one of culture, capability, outside. Mend its name, or give the codes their theme.",
        "frame, themes: found 'outside' a second time; expected each theme once. Take one of them out.",
    ]


def test_a_codebook_without_themes_says_so(spoken):
    with pytest.raises(TableError, match="expected one of no themes: the codebook names none"):
        frame_themes(spoken([], {"odd": ""}), ["culture"])


def test_the_settings_are_held_against_the_codebook_unless_it_could_not_be_read(spoken):
    study = spoken([], CODEBOOK, settings={"frame": {"themes": ("colour",)}, "codebook": "codebook.csv"})
    assert [str(problem) for problem in check_frame(study)] == [
        "study.toml, key 'frame.themes': found 'colour'; expected one of culture, capability, outside. Did you mean 'culture'?"
    ]
    assert list(check_frame(study, unread=["codebook.csv"])) == []


def test_only_coded_segments_are_taken_with_what_they_bear(spoken):
    framed = frame_segments(spoken([("P1", "no-time late"), ("P2", ""), ("P1", "odd")], CODEBOOK), frame=["culture"])
    assert framed.segments[["source_id", "respondent"]].to_numpy().tolist() == [["A000", "P1"], ["A002", "P1"]]
    assert framed.themes.tolist() == [[True], [False]]
    assert framed.held.tolist() == [True, False]
    assert framed.outside.tolist() == [True, True]


def test_sentences_are_segments_too(spoken, coded):
    study = spoken([("P1", "")], CODEBOOK)
    text = "There is time. No skill."
    sources = [row | {"text": text} for row in study.sources.to_dict("records")]
    study = spoken([("P1", "", text)], CODEBOOK, codings=coded(("A000", "skill", "supports"), start=15, end=17), sources=sources)
    assert frame_segments(study, unit="sentence").segments["quote"].tolist() == ["No skill."]


def test_there_are_two_units(spoken):
    with pytest.raises(TableError, match="frame, unit: found 'word'; expected 'turn' or 'sentence'"):
        frame_segments(spoken([], CODEBOOK), unit="word")


def test_what_nobody_has_read_is_left_out(spoken):
    readings = [{"source_id": "A001", "coder": "AB", "finished": "yes"}]
    study = spoken([("P1", "skill"), ("P2", "skill")], CODEBOOK, readings=readings)
    assert frame_segments(study).segments["source_id"].tolist() == ["A001"]


def test_nothing_coded_gives_no_segments(spoken):
    study = spoken([("P1", "")], CODEBOOK)
    framed = frame_segments(study)
    assert framed.themes.shape == (0, 3)
    assert any_of(framed.themes).tolist() == []
    assert bear_frame(study, framed.segments).codes.shape == (0, 4)
