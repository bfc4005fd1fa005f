import pandas as pd
import pytest
from bs4 import BeautifulSoup
from gate_demo import CODES, cells, page, prose, shown, through, words
from sharing_demo import make_study

from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.outgoing import protect_pages
from engagement_lib.sharing.plots_codes import plot_codes


@pytest.fixture
def study(tmp_path):
    return make_study(tmp_path, audience="working-group", quotes="all")


def html_of(study, *parts):
    html, reasons = through(study, *parts)
    assert reasons.to_numpy().tolist() == []
    return html


def test_a_small_count_and_what_is_made_from_it_are_hidden(study):
    html = html_of(study, shown(CODES))
    assert cells(html) == [["jargon", "12", "40", "0.30"], ["no-time", "[c]", "40", "[c]"]]
    assert "[c] stands for a number that is not shown, to protect people: fewer than 5 of them" in words(html)


def test_a_table_of_enough_people_stays_as_it_is(study):
    assert html_of(study, shown(CODES.head(1))) == str(BeautifulSoup(page(shown(CODES.head(1))), "html.parser"))


def test_the_public_needs_more_people(tmp_path):
    public = make_study(tmp_path, audience="public")
    assert cells(html_of(public, shown(CODES.assign(respondents=[12, 9]))))[1][1] == "[c]"


def test_the_study_may_set_its_own_threshold(tmp_path):
    strict = make_study(tmp_path, audience="working-group", sharing={"smallest_working_group": 13})
    assert cells(html_of(strict, shown(CODES)))[0][1] == "[c]"


def test_what_would_tell_a_small_count_in_the_same_table_is_hidden(study):
    table = {"group": ["producer", "user", "both", "Total"], "respondents": [23, 14, 3, 40]}
    assert [row[1] for row in cells(html_of(study, shown(table)))] == ["23", "[c]", "[c]", "40"]


def test_what_would_tell_a_small_count_in_another_table_is_hidden(study):
    by_group = {"code": ["jargon"], "producer": [23], "user": [3]}
    in_all = {"code": ["jargon", "no-time"], "theme": ["a", "b"], "respondents": [26, 30], "base": [60, 60]}
    pages = {"a.html": page(shown(by_group, "By group")), "b.html": page(shown(in_all, "In all"))}
    outgoing = protect_pages(pages, study)
    assert outgoing.reasons.empty
    assert cells(outgoing.pages["a.html"]) == [["jargon", "[c]", "[c]"]]
    assert cells(outgoing.pages["b.html"])[0][2] == "26"


def test_those_who_are_left_out_of_a_count_are_protected(study):
    table = {
        "claim_id": ["C1"] * 3,
        "variation": ["as it stands", "without group", "without group"],
        "value": ["", "producer", "user"],
        "supporting": [27, 25, 12],
        "base": [90, 50, 40],
    }
    assert [row[3] for row in cells(html_of(study, shown(table)))] == ["27", "[c]", "12"]


def test_an_event_is_no_small_count(study):
    table = {"kind": ["interview", "webinar"], "respondents": [23, 3]}
    assert [row[1] for row in cells(html_of(study, shown(table)))] == ["23", "3"]


def test_a_share_of_few_people_is_hidden_with_its_interval(study):
    table = {"code": ["a", "b"], "share": [0.5, 0.05], "low": [0.4, 0.01], "base": [40, 40]}
    assert cells(html_of(study, shown(table)))[1] == ["b", "[c]", "[c]", "40"]


def test_counts_that_cannot_be_are_a_reason(study):
    _, reasons = through(study, f'<div id="cell-3">{shown(CODES.assign(base=[4, 40]))}</div>')
    assert reasons[["page", "place"]].to_numpy().tolist() == [["a.html", "cell 3, table “Codes”"]]
    assert "at most its base" not in reasons["found"].iloc[0]


def test_a_number_in_words_that_a_table_hides_is_hidden_by_a_program_and_a_reason_in_prose(study):
    table = shown({"group": ["producer", "user", "both", "Total"], "respondents": [23, 14, 3, 40]})
    program = "<p>Said by 14 users, and by 23 producers.</p>"
    assert "Said by [c] users, and by 23 producers." in html_of(study, table, program)
    _, reasons = through(study, table, prose("<p>Said by 14 users, and by 23 producers.</p>"))
    assert reasons["found"].tolist() == ["“14” in the prose, which a table here hides since it would give a smaller number away"]


def test_a_number_that_stands_elsewhere_may_stand_in_words(study):
    table = shown({"group": ["producer", "user", "both", "Total"], "respondents": [23, 14, 3, 40]})
    other = shown({"code": ["jargon"], "respondents": [14]}, "Codes")
    assert "14 users" in words(html_of(study, table, other, prose("<p>Said by 14 users.</p>")))


def test_a_number_that_a_table_hides_of_a_claim_may_not_stand_in_words_about_that_claim(study):
    """5 is no secret, and stands in the table; that 5 contradict C3 would tell who the fifth is to 4 who know one another."""
    by_kind = {"claim_id": ["C3"] * 2 + ["C4"] * 2, "kind": ["interview", "survey"] * 2, "contradicting": [1, 4, 12, 13]}
    in_all = {"claim_id": ["C3", "C4", "C5"], "contradicting": [5, 25, 5]}
    because = {"claim_id": ["C3", "C5"], "because": ["Contradicted by 5 of 40 respondents."] * 2}
    tables = shown(by_kind, "By kind"), shown(in_all, "In all"), shown(because, "Why")
    html = html_of(study, *tables, "<p>C3 is contradicted by 5, C4 by 25.</p><p>C5 is contradicted by 5.</p>")
    assert [row[-1] for row in cells(html)[4:]] == [
        "[c]",
        "25",
        "5",
        "Contradicted by [c] of 40 respondents.",
        "Contradicted by 5 of 40 respondents.",
    ]
    assert "C3 is contradicted by [c], C4 by 25. C5 is contradicted by 5." in words(html)
    _, reasons = through(study, *tables, prose("<p>C3 is contradicted by 5 users, C5 too.</p>"))
    assert reasons["found"].str.contains("which a table here hides").tolist() == [True]


def test_a_small_count_in_prose_is_a_reason_with_its_cell(study):
    _, reasons = through(study, prose("<p>Only <em>3 of 40</em> users, and 12 more.</p>", cell=6))
    assert reasons.to_numpy().tolist() == [
        [
            "a.html",
            "cell 6",
            "“3” in the prose, which counts fewer than 5 people",
            "Say it without the number, such as “some” or “hardly anybody”.",
        ]
    ]
    assert through(study, prose("<p>Only <em>some of 40</em> users, and 12 more.</p>"))[1].empty


def test_one_of_many_in_prose_is_a_small_count(study):
    _, reasons = through(study, prose("<p>One of the 40 users</p>"))
    assert reasons["found"].tolist() == ["“One” in the prose, which counts fewer than 5 people"]


def test_small_counts_that_a_program_wrote_are_hidden(study):
    told = shown({"claim_id": ["C1"], "because": ["Supported by 3 of 40"], "definition": ["Two people who ring"]})
    html = html_of(study, f"<p>3 of 40 users</p>{told}")
    assert "[c] of 40 users" in words(html)
    assert cells(html) == [["C1", "Supported by [c] of 40", "Two people who ring"]]


def test_participants_words_keep_their_numbers(study):
    from engagement_lib.sharing.tables import show_table

    table = show_table(pd.DataFrame({"source_id": ["P01"], "quote": ["I could name five users"]}), "Quotes", study=study).html
    assert cells(html_of(study, table, "<q>two users</q>")) == [["quotation 1", "I could name five users"]]


def test_a_number_that_a_participant_says_is_no_count_of_participants(study):
    assert "five users" in words(html_of(study, prose("<blockquote><p>I could name five users</p></blockquote>")))
    _, reasons = through(study, prose("<blockquote><p>Only three users</p></blockquote>"))
    assert len(reasons) == 1


def test_nobody_is_named_by_an_id_in_prose_or_cells(study):
    html = html_of(study, prose("<p>P01 was long.</p>"), shown({"doubt": ["P01, S1"]}), "<p>P01</p>")
    assert "[a respondent] was long." in words(html)
    assert cells(html) == [["[respondents]"]]


def test_a_chart_of_small_counts_is_drawn_and_said_without_them(study):
    html = html_of(study, plot_codes(CODES)._repr_mimebundle_()["text/html"])
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("img")["alt"] == "Bar chart of respondents by code: jargon (12 of 40); n = 40 respondents."
    assert cells(html)[1] == ["no-time", "[c]", "40", "[c]"]


def test_the_names_in_a_chart_are_blacked_out_with_its_table(study):
    named = CODES.assign(code=["jo.bell@trade.example.org", "no-time"], respondents=[12, 13])
    figure = plot_codes(named, title="Codes")._repr_mimebundle_()["text/html"].replace("jo.bell", "jo.bell", 1)
    html, reasons = through(study, figure)
    assert cells(html)[1][0] == "[e-mail]"
    assert "jo.bell" not in BeautifulSoup(html, "html.parser").find("img")["alt"]
    assert reasons["found"].tolist() == ["e-mail (name@domain)"]


def test_an_empty_chart_is_left_alone(study):
    assert "No codings yet." in html_of(study, Chart(None, "No codings yet.", pd.DataFrame())._repr_mimebundle_()["text/html"])
