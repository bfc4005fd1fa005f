from dataclasses import replace
from html import escape

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharing_demo import ANSWER, INTERVIEW, PASSAGE, WEBINAR, make_study, place_of

from engagement_lib.sharing.gate import repeats_uncleared, uncleared_passages
from engagement_lib.tables import check_table

PLACE = place_of(INTERVIEW, PASSAGE, "P01")
SOURCES = {"P01": INTERVIEW, "W1": WEBINAR, "S1/gaps": ANSWER}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("study"), audience="public")


def found(html, study, **options):
    return uncleared_passages(html, study, **options)["quote"].tolist()


def test_a_page_without_participants_words_has_no_problem(study):
    problems = uncleared_passages("<p>We asked eight people, of whom three had no time at all.</p>", study)
    assert problems.dtypes.astype(str).to_dict() == {
        "source_id": "str",
        "start": "int64",
        "end": "int64",
        "words": "int64",
        "quote": "str",
    }
    assert problems.empty


def test_a_passage_is_found_with_its_place_and_length(study):
    problems = uncleared_passages(f"<p>As one said: “{PASSAGE}”.</p>", study)
    start, end = (int(number) for number in PLACE.removeprefix("P01:").split("-"))
    assert problems.to_numpy().tolist() == [["P01", start, end, 10, PASSAGE]]


def test_fewer_words_in_a_row_are_no_passage(study):
    assert found("<p>release week eats everything and I could</p>", study) == []
    assert found("<p>release week eats everything and I could</p>", study, words=7) == [
        "release week eats everything and I could"
    ]


def test_two_passages_of_one_source_are_two_problems(study):
    html = f"<p>{PASSAGE}</p><p>love to ask but nobody has the time</p>"
    assert found(html, study) == [PASSAGE, "love to ask – but nobody has the time"]


def test_interviewers_and_moderators_may_be_quoted(study):
    assert found("<p>How do you find out who uses what you publish, and what do they want?</p>", study) == []
    assert found("<p>please put your questions in the chat box as we go along</p>", study) == []


@pytest.mark.parametrize(
    "html",
    [
        f'<img alt="{PASSAGE}">',
        f"<!-- {PASSAGE} -->",
        "<td>release week eats</td><td>everything and I could name</td>",
        "<p>rel<b>ease</b> week eats <mark>every</mark>thing and I could name</p>",
        "<td>rel<b>ease</b> week</td><td>eats every<i>thing</i> and I could name</td>",
        "<p>RELEASE WEEK: EATS EVERYTHING, AND I COULD NAME</p>",
        "<p>release week eats every&shy;thing and I&nbsp;could name</p>",
        f"<script>var text = '{PASSAGE}'</script>",
        f'<a href="https://example.org?q={PASSAGE}">here</a>',
    ],
)
def test_a_passage_cannot_hide_in_mark_up(study, html):
    assert len(found(html, study)) == 1


def test_a_picture_is_not_read_as_words(study):
    assert found('<img alt="" src="data:image/png;base64,aGVsbG8=">', study) == []


def test_a_cleared_passage_may_be_shown_and_what_surrounds_it_not(tmp_path):
    study = make_study(tmp_path, audience="public", cleared=[PLACE])
    assert found(f"<p>{PASSAGE}</p>", study) == []
    assert found(f"<p>{PASSAGE}, all of them in this building</p>", study) != []


def test_a_passage_cleared_in_a_source_that_is_gone_is_no_fault(tmp_path):
    assert found("<p>nothing</p>", make_study(tmp_path, audience="public", cleared=["P99:0-5"])) == []


def test_the_study_s_own_wording_may_be_shown_though_a_participant_repeats_it(study):
    claim = "release week eats everything and I could name"
    own = replace(study, claims=check_table("claims", pd.DataFrame({"claim_id": ["C1"], "statement": [claim]})))
    assert found(f"<p>{claim}</p>", own) == []


def test_each_text_is_said_to_repeat_uncleared_words_or_not(study):
    assert repeats_uncleared(["no time", f"he said {PASSAGE}", ""], study) == [False, True, False]
    assert repeats_uncleared([], study) == []


@given(source=st.sampled_from(sorted(SOURCES)), data=st.data())
def test_any_eight_words_of_a_participant_are_found_whatever_stands_between_them(study, source, data):
    words = [word for word in SOURCES[source].split("\n")[-1].split() if any(map(str.isalnum, word))]
    first = data.draw(st.integers(0, len(words) - 8))
    joints = data.draw(st.lists(st.sampled_from([" ", ", ", "<br>", " <em>", "</td><td>"]), min_size=8, max_size=8))
    case = data.draw(st.sampled_from([str.upper, str.lower, str]))
    html = "".join(f"{escape(case(word))}{joint}" for word, joint in zip(words[first:], joints, strict=False))
    assert uncleared_passages(html, study)["source_id"].tolist() == [source]


@pytest.mark.slow
def test_three_hundred_long_sources_are_searched(tmp_path):
    words = [f"word{number % 9973}" for number in range(450_000)]
    texts = [" ".join(words[at : at + 1500]) for at in range(0, 450_000, 1500)]
    rows = pd.DataFrame({"source_id": [f"S{at}" for at in range(300)], "kind": "survey", "text": texts})
    study = replace(make_study(tmp_path, audience="public"), sources=check_table("sources", rows))
    assert found(f"<p>{' '.join(words[4000:4020])}</p>", study)
