import pandas as pd
import pytest
from bs4 import BeautifulSoup
from sharing_demo import make_study

from engagement_lib.sharing.charts import Chart
from engagement_lib.sharing.plots_codes import plot_codes
from engagement_lib.sharing.protecting import Guard, protect_page, read_release
from engagement_lib.sharing.tables import show_table
from engagement_lib.tables import check_table

CODES = pd.DataFrame({"code": ["jargon", "no-time"], "respondents": [12, 3], "base": [40, 40], "share": [0.3, 0.075]})


@pytest.fixture
def guard(tmp_path):
    return Guard(make_study(tmp_path, audience="working-group", quotes="all"))


def page(*parts: str) -> str:
    return f"<main>{''.join(parts)}</main>"


def cells(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html, "html.parser")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]


def protected(guard, *parts: str):
    return protect_page(page(*parts), "a.html", guard)


def test_a_small_count_and_what_is_made_from_it_are_hidden(guard):
    done = protected(guard, show_table(CODES, "Codes").html)
    assert cells(done.html) == [["jargon", "12", "40", "0.30"], ["no-time", "[c]", "40", "[c]"]]
    assert "[c] stands for a number that is not shown, to protect people: fewer than 5 of them" in done.html
    assert done.tables["a.html: Codes"].truth["respondents"].tolist() == [12, 3]


def test_a_table_of_enough_people_stays_as_it_is(guard):
    html = page(show_table(CODES.head(1), "Codes").html)
    assert protect_page(html, "a.html", guard).html == str(BeautifulSoup(html, "html.parser"))


def test_the_public_needs_more_people(tmp_path):
    public = Guard(make_study(tmp_path, audience="public"))
    assert cells(protected(public, show_table(CODES.assign(respondents=[12, 9]), "Codes").html).html)[1][1] == "[c]"


def test_the_study_may_set_its_own_threshold(tmp_path):
    strict = Guard(make_study(tmp_path, audience="working-group", sharing={"smallest_working_group": 13}))
    assert cells(protected(strict, show_table(CODES, "Codes").html).html)[0][1] == "[c]"


def test_a_share_is_made_from_those_who_support(guard):
    claims = pd.DataFrame({"claim_id": ["C1"], "supporting": [9], "contradicting": [2], "base": [40], "share": [0.225]})
    assert cells(protected(guard, show_table(claims, "Claims").html).html) == [["C1", "9", "[c]", "40", "0.23"]]


def test_the_first_column_is_what_rows_are_by(guard):
    heard = pd.DataFrame({"respondents": [1, 2], "codes": [4, 6]})
    assert cells(protected(guard, show_table(heard, "Codes heard").html).html) == [["1", "4"], ["2", "6"]]


def test_whole_numbers_that_nobody_declared_may_count_people(guard):
    spread = pd.DataFrame({"code": ["jargon"], "producer": [3], "user": [12], "passages": [2]})
    assert cells(protected(guard, show_table(spread, "By group").html).html) == [["jargon", "[c]", "12", "2"]]


def test_counts_in_words_are_hidden_with_their_interval(guard):
    said = pd.DataFrame({"id": ["C1", "C2"], "for": ["3 of 52", "12 of 52"], "interval": ["2 to 15 %", "13 to 36 %"]})
    assert cells(protected(guard, show_table(said, "Claims").html).html) == [
        ["C1", "[c]", "[c]"],
        ["C2", "12 of 52", "13 to 36 %"],
    ]


def test_rows_that_no_words_tell_apart_are_counted_one_by_one(guard):
    twice = pd.DataFrame({"kind": ["survey", "survey"], "respondents": [3, 12]})
    assert cells(protected(guard, show_table(twice, "Kinds").html).html) == [["survey", "[c]"], ["survey", "12"]]


def test_what_the_last_release_tells_is_hidden_too(guard):
    before = read_release({"a.html": page(show_table(CODES, "Codes").html)})
    now = CODES.assign(respondents=[14, 3], base=[42, 42])
    later = Guard(guard.study, before)
    assert cells(protected(later, show_table(now, "Codes").html).html)[0][1] == "[c]"
    assert cells(protected(guard, show_table(now, "Codes").html).html)[0][1] == "14"


def test_a_table_with_other_columns_than_in_the_last_release_stands_for_itself(guard):
    later = Guard(guard.study, read_release({"a.html": page(show_table(CODES.drop(columns="share"), "Codes").html)}))
    assert cells(protected(later, show_table(CODES, "Codes").html).html)[0][1] == "12"


def test_rows_about_one_person_are_left_out(guard):
    people = pd.DataFrame({"case_id": ["P01", "S1"], "group": ["producer", "user"]})
    without = pd.DataFrame({"claim_id": ["C1", "C1"], "value": ["survey", "P01"], "share": [0.3, 0.2]})
    done = protected(guard, show_table(people, "People").html, show_table(without, "Without").html)
    assert cells(done.html) == [["C1", "survey", "0.30"]]
    assert "Left out, since each would be about a single person: all 2 rows." in done.html
    assert "Left out, since each would be about a single person: 1 of 2 rows." in done.html


def test_counts_that_cannot_be_are_a_reason(guard):
    done = protected(guard, show_table(CODES.assign(base=[4, 40]), "Codes").html)
    assert [(reason.place, reason.remedy != "") for reason in done.reasons] == [("table “Codes”", True)]


def test_a_claim_with_the_name_of_a_person_is_a_claim(guard):
    claims = pd.DataFrame({"claim_id": ["P01"], "statement": ["Nobody rings"]})
    assert cells(protected(guard, show_table(claims, "Claims").html).html) == [["P01", "Nobody rings"]]


def quotations(guard, **columns):
    return show_table(pd.DataFrame(columns), "Quotations", study=guard.study).html


def test_a_quotation_does_not_say_whose_it_is(guard):
    html = quotations(guard, source_id=["P01"], start=[10], end=[15], case_id=["P01"], group=["producer"], quote=["Hello"])
    assert cells(protected(guard, html).html) == [["quotation 1", "[c]", "[c]", "[c]", "", "Hello"]]


def test_what_enough_people_share_stays_beside_a_quotation(guard):
    many = pd.DataFrame({"case_id": [f"U{n}" for n in range(6)], "group": "user", "nation": ["Wales"] + ["England"] * 5})
    wide = Guard(guard.study.__class__(**{**vars(guard.study), "cases": check_table("cases", many)}))
    html = quotations(wide, case_id=["U0"], group=["user"], nation=["Wales"], quote=["Hello"])
    assert cells(protected(wide, html).html) == [["quotation 1", "user", "", "Hello"]]


def test_nobody_is_quoted_more_than_three_times_in_a_report(guard):
    first = quotations(guard, source_id=["S1/gaps", "S1/gaps"], quote=["One", "Two"])
    second = quotations(guard, source_id=["S1/gaps", "S1/gaps", "P01"], quote=["Three", "Four", "Five"])
    done = [protect_page(page(html), name, guard).html for name, html in (("a.html", first), ("b.html", second))]
    assert [row[1] for row in cells(done[1])] == ["Three", "[3 quotations of this person are shown already]", "Five"]
    assert guard.quoted == {"S1": 4, "P01": 1}


def test_a_passage_that_is_not_cleared_is_no_quotation(tmp_path):
    strict = Guard(make_study(tmp_path, audience="public"))
    protected(strict, quotations(strict, source_id=["P01"], start=[70], end=[80], quote=["Honestly"]))
    assert strict.quoted["P01"] == 0


def test_a_picture_of_small_counts_gives_way_to_its_table(guard):
    done = protected(guard, plot_codes(CODES)._repr_mimebundle_()["text/html"])
    soup = BeautifulSoup(done.html, "html.parser")
    assert soup.find("img") is None
    assert soup.select_one("figure details").has_attr("open")
    assert "The picture is left out" in soup.select_one("figure .note").get_text()


def test_a_picture_of_enough_people_stays(guard):
    done = protected(guard, plot_codes(CODES.head(1))._repr_mimebundle_()["text/html"])
    assert BeautifulSoup(done.html, "html.parser").find("img")["alt"].startswith("Bar chart of respondents by code")


def test_a_chart_without_a_table_to_open_loses_its_picture_all_the_same(guard):
    soup = BeautifulSoup(plot_codes(CODES)._repr_mimebundle_()["text/html"], "html.parser")
    soup.find("details").unwrap()
    assert "<img" not in protected(guard, str(soup)).html


def test_small_counts_in_prose_and_in_alternative_texts_are_hidden(guard):
    picture = '<img alt="2 of 52 say so" src="data:,"/>'
    done = protected(guard, "<p>Only <em>3 of 40</em> users.</p><pre>3 of 40</pre>", picture)
    assert "Only <em>[c] of 40</em> users." in done.html
    assert "<pre>3 of 40</pre>" in done.html
    assert 'alt="[c] of 52 say so"' in done.html


def test_identifiers_in_tables_are_blacked_out_and_in_prose_are_reasons(guard):
    told = show_table(pd.DataFrame({"doubt": ["Write to jo.bell@trade.example.org"], "size": [12]}), "Doubts").html
    done = protected(guard, told, "<h2>Who?</h2><p>Ask jo.bell@trade.example.org.</p><p>Write to team@example.gov.uk.</p>")
    assert cells(done.html) == [["Write to [e-mail]", "12"]]
    assert [(reason.place, reason.found) for reason in done.reasons] == [("below “Who?”", "e-mail (name@domain)")]


def test_an_identifier_in_an_alternative_text_is_a_reason(guard):
    done = protected(guard, '<img alt="Ring 07700 900356" src="data:,"/>', "<pre>07700 900357</pre>")
    assert [reason.found.split(" (")[0] for reason in done.reasons] == ["telephone", "telephone"]


def test_a_quotation_beside_an_id_in_prose_is_a_reason(guard):
    done = protected(guard, "<p>“We never hear back from them”, says P01.</p><p>P01 was long.</p>")
    assert [(reason.place, reason.found) for reason in done.reasons] == [("at the beginning", "a quotation beside the id P01")]


def test_an_empty_chart_and_a_table_without_rows_are_left_alone(guard):
    done = protected(guard, Chart(None, "No codings yet.", pd.DataFrame())._repr_mimebundle_()["text/html"])
    assert "No codings yet." in done.html
    assert done.tables == {}
