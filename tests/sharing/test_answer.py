from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sharing_demo import make_study

from engagement_lib.sharing.answer import answer_in_sentences, count_verdicts, join_words
from engagement_lib.tables import check_table, empty_table

NOT_YET = "not yet confirmed"
HEARD = "This report rests on 3 respondents: 1 interview, 1 webinar and 1 survey respondent."
UNKNOWN = "It is not stated how people were chosen, so no share may be taken for that of all who could have been asked."


def claims(*rows):
    names = ["claim_id", "theme", "statement", "supporting", "contradicting", "base", "indicated", "verdict"]
    return pd.DataFrame(rows, columns=names)


MANY = claims(
    ("C1", "culture", "Make room: there is none.", 9, 6, 20, "contested", NOT_YET),
    ("C2", "culture", "Close the loop.", 8, 1, 10, "supported", NOT_YET),
    ("C3", "skills", "Teach", 7, 0, 20, "supported with conditions", NOT_YET),
    ("C4", "other", "Meet", 1, 9, 20, "contradicted", NOT_YET),
)


def test_a_study_is_answered_in_five_sentences(tmp_path):
    study = make_study(tmp_path, frame={"themes": ("culture", "skills")}, samples={"interview": "purposive", "survey": "random"})
    assert answer_in_sentences(study, MANY) == [
        HEARD,
        (
            "By a rule set beforehand, the numbers indicate of 4 claims: 1 supported, 1 supported with conditions, 1 contested "
            "and 1 contradicted; the evidence carries 1 of 2 claims in culture, 1 of 1 claim in skills and 0 of 1 claim outside "
            "the frame."
        ),
        (
            "Of the claims that the evidence carries, C2 (Close the loop) has most behind it (8 of 10 respondents); C4 (Meet) "
            "meets most contradiction (9 contradict it, 1 support it)."
        ),
        "Nobody has confirmed a verdict: all of them are indicated by the numbers, and not yet confirmed.",
        (
            "The shares are of those who were heard, and not of all who could have been: the sample is purposive for interviews; "
            "unknown for webinars; random for surveys."
        ),
    ]


def test_a_study_without_claims_says_so(tmp_path):
    sentences = answer_in_sentences(make_study(tmp_path), MANY.head(0))
    assert sentences == [
        HEARD,
        "No claims were appraised for this study, so nothing is said of what its evidence carries.",
        UNKNOWN,
    ]


def test_a_study_in_which_nobody_was_heard_says_so(tmp_path):
    study = replace(make_study(tmp_path), sources=empty_table("sources"))
    assert answer_in_sentences(study, MANY)[0] == "Nobody has been heard and read yet."


def test_where_all_were_drawn_by_chance_nothing_is_said_against_the_shares(tmp_path):
    study = make_study(tmp_path, samples={"interview": "random", "webinar": "census", "survey": "random"})
    assert len(answer_in_sentences(study, MANY)) == 4


def test_replies_to_a_draft_are_counted_apart(tmp_path):
    study = make_study(tmp_path, waves={"1": {}, "2": {"prompted": True}})
    sources = study.sources.assign(wave=["1", "1", "2", "2"])
    first = answer_in_sentences(replace(study, sources=check_table("sources", sources)), MANY)[0]
    assert first == (
        "This report rests on 2 respondents: 1 interview and 1 webinar; 1 respondent who replied to a draft is counted apart."
    )


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (
            ["contested", NOT_YET, NOT_YET, NOT_YET],
            "People have decided on 1 of 4 claims: 1 contested; the other 3 are not yet confirmed.",
        ),
        (
            ["contested", "contested", "supported with conditions", NOT_YET],
            (
                "People have decided on 3 of 4 claims: 1 supported with conditions and 2 contested, otherwise than the numbers "
                "indicate of C2; the other 1 is not yet confirmed."
            ),
        ),
        (
            ["contested", "supported", "supported with conditions", "set aside"],
            (
                "People have decided on 4 of 4 claims: 1 supported, 1 supported with conditions, 1 contested and 1 set aside, "
                "otherwise than the numbers indicate of C4."
            ),
        ),
    ],
)
def test_what_people_decided_is_told(tmp_path, verdicts, sentence):
    assert answer_in_sentences(make_study(tmp_path), MANY.assign(verdict=verdicts))[3] == sentence


def test_themes_are_not_compared_where_there_is_one(tmp_path):
    one = answer_in_sentences(make_study(tmp_path), MANY.head(2))[1]
    assert one == "By a rule set beforehand, the numbers indicate of 2 claims: 1 supported and 1 contested."


def test_claims_without_an_indicated_verdict_are_said_to_have_none(tmp_path):
    sentences = answer_in_sentences(make_study(tmp_path), MANY.assign(indicated=""))
    assert sentences[1] == "Of its 4 claims none has a verdict indicated yet."


def test_numbers_that_are_not_known_or_that_nobody_could_give_are_not_told(tmp_path):
    unknown = MANY.assign(supporting=np.nan)
    assert not any("most behind it" in sentence for sentence in answer_in_sentences(make_study(tmp_path), unknown))
    nobody = MANY.assign(base=0)
    assert not any("most behind it" in sentence for sentence in answer_in_sentences(make_study(tmp_path), nobody))


def test_where_nothing_is_carried_or_contradicted_it_is_not_named(tmp_path):
    contested = answer_in_sentences(make_study(tmp_path), MANY.head(1))[2]
    assert contested == "C1 (Make room) meets most contradiction (6 contradict it, 9 support it)."
    carried = answer_in_sentences(make_study(tmp_path), MANY.iloc[[2]])[2]
    assert carried == "Of the claims that the evidence carries, C3 (Teach) has most behind it (7 of 20 respondents)."


def test_a_long_statement_is_shortened(tmp_path):
    sentence = answer_in_sentences(make_study(tmp_path), MANY.iloc[[2]].assign(statement="word " * 40))[2]
    assert "C3 (" + "word " * 17 + "word…) has" in sentence


def test_words_and_verdicts_are_joined():
    assert join_words([]) == ""
    assert join_words(["a", "b"]) == "a and b"
    assert count_verdicts(pd.Series([], dtype=object)) == ""
    assert count_verdicts(pd.Series(["", "odd", "supported"])) == "1 supported and 1 odd"
