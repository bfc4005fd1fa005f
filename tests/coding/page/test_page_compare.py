"""Two coders side by side, and the consensus that a third person settles."""

import json

import pytest

pytestmark = pytest.mark.browser


def test_both_coders_stand_beside_each_turn(open_page, page, compared):
    open_page(compared)
    assert page.get_by_role("heading", level=2).text_content() == "Pilot: AB and CD compared, consensus"
    columns = page.locator(".eng-margin").nth(1).locator(".eng-columns > div")
    said = [" ".join(words.split()) for words in columns.all_inner_texts()]
    assert said == ["AB a jargon b no-time d no-reply", "CD c no-time (qualifies)", "consensus nothing"]


def test_a_difference_is_kept_or_left_out_and_the_keyboard_goes_on_to_the_next(open_page, page, compared, log):
    opened = open_page(compared)
    assert page.locator(".eng-compare p").first.text_content() == "2 differences, 2 to be settled."
    page.get_by_role("button", name="Keep: jargon on sentence 2").focus()
    opened.press("Enter").hear("Kept jargon on sentence 2, saved")
    assert page.evaluate("document.activeElement.ariaLabel") == "Keep: no-reply on sentence 4"
    opened.press("Tab", "Enter").hear("Left out no-reply on sentence 4, saved")
    assert page.evaluate("document.activeElement.textContent") == "Where they differ"
    assert page.locator(".eng-settled").all_text_contents() == ["Settled: kept", "Settled: left out"]
    kept = json.loads(log()[-2][3])
    assert (kept["coder"], kept["layer"], kept["code"], kept["quote"]) == ("consensus", "consensus", "jargon", "Honestly?")
    assert page.locator(".eng-columns").first.locator("div").nth(2).inner_text().split() == ["consensus", "b", "jargon"]


def test_what_both_gave_goes_into_the_consensus_at_once_and_once(open_page, page, compared, log):
    opened = open_page(compared)
    page.get_by_role("button", name="Take what both gave into the consensus (1)").click()
    opened.hear("Took into the consensus what both gave: 1, saved")
    assert page.get_by_role("button", name="Take what both gave").count() == 0
    assert json.loads(log()[-1][3])["quote"] == "I don't."


def test_what_was_settled_is_undone_by_whoever_settles_and_nothing_else(open_page, page, compared, log):
    opened = open_page(compared)
    page.get_by_role("button", name="Keep: jargon on sentence 2").click()
    opened.hear("Kept jargon")
    opened.focus(0).press("Control+z").hear("Undone: coding added jargon on sentence 2, saved")
    assert page.locator(".eng-settled").count() == 0
    opened.press("Control+z").hear("Nothing to undo.")
    assert [author for author, *_ in log()][-2:] == ["consensus", "consensus"]


def test_a_difference_leads_to_its_place_in_the_text(open_page, page, compared):
    opened = open_page(compared)
    page.get_by_role("button", name="Go there").nth(1).click()
    assert opened.here().startswith("We never have the time")


def test_a_source_that_one_has_not_finished_shows_nothing_of_either(open_page, page, compared):
    open_page(compared).focus(0).press(">").wait_open("P02")
    words = "AB and CD have not finished this source, so that it is not compared yet."
    assert page.locator(".eng-compare .eng-note").text_content() == words
    assert page.locator(".eng-mark").count() == 0
