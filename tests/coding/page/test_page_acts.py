"""The page in Chromium, with the keyboard and the mouse, and the real store behind it."""

import json

import pytest

pytestmark = pytest.mark.browser


def value(row):
    return json.loads(row[3])


def test_everything_from_opening_to_the_last_source_goes_by_keyboard(open_page, log):
    opened = open_page()
    opened.press("Tab")
    for _ in range(20):
        if "Transcript" in opened.page.evaluate("document.activeElement.closest('[role=grid]')?.ariaLabel ?? ''"):
            break
        opened.press("Tab")
    opened.press("ArrowDown", "ArrowDown", "ArrowDown", *"hours", "Enter").hear("Coded no-time on sentence 4, saved")
    opened.press("!").hear("Source P01 finished, saved")
    opened.press(">").wait_open("P02").press("End", "2").hear("No code is on 2 yet.")
    opened.press("1").hear("Coded no-time on sentence 5, saved")
    opened.press("!").hear("Source P02 finished, saved")
    opened.press(">").wait_open("S1/gaps").press("Enter", "ArrowDown", "Enter").hear("Coded no-reply on sentence 1, saved")
    opened.press("!").hear("Source S1/gaps finished, saved")
    opened.press(">").hear("This is the last source.")
    opened.press("<").wait_open("P02")
    assert [about for _, kind, about, _ in log() if kind == "source finished"] == ["P01", "P02", "S1/gaps"]
    assert [(value(row)["source_id"], value(row)["code"], value(row)["quote"]) for row in log() if row[1] == "coding added"] == [
        ("P01", "no-time", "We never have the time 🙂, and nobody rings back."),
        ("P02", "no-time", "A last word."),
        ("S1/gaps", "no-reply", "More local figures, please."),
    ]


def test_the_mouse_codes_the_words_it_draws_over(open_page, page, log):
    opened = open_page()
    box = page.evaluate(
        """(() => { const node = document.querySelector('[data-sentence="3"]').firstChild.firstChild;
        const range = document.createRange(); range.setStart(node, 4); range.setEnd(node, 7);
        const box = range.getBoundingClientRect(); return [box.left, box.right, (box.top + box.bottom) / 2]; })()"""
    )
    page.mouse.move(box[0] + 1, box[2])
    page.mouse.down()
    page.mouse.move(box[1], box[2], steps=4)
    page.mouse.up()
    page.get_by_role("option", name="jargon").click()
    opened.hear("Coded jargon on “never” in sentence 4, saved")
    assert value(log()[0])["quote"] == "never"


def test_a_click_selects_a_sentence_and_three_the_turn(open_page, page):
    open_page()
    page.locator("[data-sentence='1']").click()
    assert "Sentence 2: “Honestly?”" in page.locator(".eng-target").text_content()
    page.locator("[data-sentence='1']").click(click_count=3)
    assert page.locator(".eng-target").text_content().startswith("Turn 2: “Honestly?")


def test_with_shift_a_click_extends_the_selection(open_page, page):
    open_page()
    page.locator("[data-sentence='1']").click()
    page.locator("[data-sentence='3']").click(modifiers=["Shift"])
    assert page.locator(".eng-target").text_content().startswith("Sentences 2 to 4")


PLACES = {
    "ArrowDown": "sentence 2",
    "ArrowRight": "“How” in sentence 1",
    "ArrowRight ArrowRight": "“do” in sentence 1",
    "ArrowRight ArrowRight ArrowLeft": "“How” in sentence 1",
    "ArrowDown ArrowDown ArrowRight ArrowRight Shift+ArrowRight": "“don't. We” in sentences 3 to 4",
    "Shift+ArrowDown": "sentences 1 to 2",
    "PageDown": "turn 2",
    "PageDown ArrowDown": "sentence 2",
    "PageDown Shift+PageDown": "turns 2 to 3",
    "PageDown Space": "the whole source",
    "PageDown Shift+Space": "sentence 2",
    "Control+a": "the whole source",
    "Control+a Escape": "sentence 1",
    "End": "sentence 9",
    "End ArrowDown": "sentence 9",
    "End Home": "sentence 1",
    "Shift+End": "the whole source",
    ".": "sentence 2",
    "End ,": "sentence 8",
}


def test_keys_move_and_select(open_page, page):
    opened = open_page()
    found = {}
    for keys in PLACES:
        opened.focus(0).press("Home", *keys.split())
        found[keys] = page.locator(".eng-target").text_content().split(": ")[0]
    assert found == {keys: place[0].upper() + place[1:] for keys, place in PLACES.items()}


def test_codings_that_overlap_have_letters_brackets_and_lines_of_their_own(open_page, page):
    opened = open_page().focus(2)
    opened.press("n", "o", "-", "t", "Enter").hear("Coded no-time on sentence 3, saved")
    opened.press("ArrowRight", "ArrowRight", "Shift+ArrowRight", "j", "Enter").hear(
        "Coded jargon on “don't. We” in sentences 3 to 4"
    )
    opened.press("PageUp", "PageDown", "s", "a", "m", "Enter").hear("Coded same-few-voices on turn 2, saved")
    labels = page.locator(".eng-turn").nth(1).locator(".eng-labels li")
    assert [words.strip() for words in labels.all_text_contents()] == ["a same-few-voices", "b no-time", "c jargon"]
    marks = page.evaluate(
        """[...document.querySelectorAll('[data-sentence="2"] .eng-mark')].map(mark => [mark.textContent,
        mark.className.split("-").at(-1), mark.dataset.opens ?? "", mark.dataset.closes ?? ""])"""
    )
    assert marks == [
        ["I ", "solid", "", ""],
        ["I ", "dashed", "b[", ""],
        ["don't.", "solid", "", ""],
        ["don't.", "dashed", "", "]b"],
        ["don't.", "dotted", "c[", ""],
    ]


def test_several_codes_stand_on_one_passage_and_one_of_them_only_once(open_page, log):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("Coded jargon on sentence 2, saved")
    opened.press("s", "Enter").hear("Coded same-few-voices on sentence 2, saved")
    opened.press("1").hear("jargon stands on sentence 2 already")
    assert [value(row)["code"] for row in log()] == ["jargon", "same-few-voices"]


def test_a_code_keeps_its_digit_until_ten_have_been_used(open_page, make_desk, page):
    codes = [f"code-{letter}" for letter in "abcdefghij"]
    opened = open_page(make_desk(codes=codes)).focus(1)
    opened.press("0").hear("No code has been used yet.")
    for code in codes[:9]:
        opened.press(*code[:6], "Enter").hear(f"Coded {code} on sentence 2, saved")
    opened.press("ArrowDown", "3").hear("Coded code-c on sentence 3, saved")
    opened.press(*"code-j", "Enter").hear("Coded code-j on sentence 3, saved")
    opened.press("0").hear("1 code-j, 2 code-b, 3 code-c, 4 code-d")
    assert page.locator(".eng-codes li").first.text_content() == "code-j, key 1"


def test_where_one_is_can_be_heard(open_page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press(":").hear("Turn 2; P01, participant; 0:00:12; sentence 2; coded jargon. This source: 1 of 7 sentences coded")


def test_a_sentence_is_described_by_its_place_and_its_codes_and_a_turn_by_who_speaks(open_page, page):
    opened = open_page().focus(0)
    description = "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    assert page.evaluate(description) == "Turn 1; Helen, interviewer; 0:00:04; sentence 1; not coded"
    opened.press("ArrowDown", "ArrowDown", "j", "Enter").hear("saved")
    assert page.evaluate(description) == "sentence 3; coded jargon"


def test_a_stance_is_given_with_a_sign(open_page, log):
    opened = open_page().focus(1)
    opened.press("-").hear("Nothing is coded on this passage")
    opened.press("j", "Enter").hear("saved")
    for key, stance in (("-", "contradicts"), ("=", "qualifies"), ("+", "supports")):
        opened.press(key).hear(f"jargon on sentence 2 now {stance}, saved")
    assert [value(row)["stance"] for row in log()[1:]] == ["contradicts", "qualifies", "supports"]


def test_a_memo_is_written_on_the_coding_or_on_the_passage(open_page, page, log):
    opened = open_page().focus(1)
    opened.press(";", *"Odd", "Control+Enter").hear("Memo on sentence 2, saved")
    opened.press("j", "Enter").hear("saved")
    opened.press(";", *"Why", "Control+Enter").hear("Memo on jargon on sentence 2, saved")
    assert page.locator(".eng-note-text").all_text_contents() == ["Memo: Why", "Memo: Odd"]
    place, coding = log()[0], log()[2]
    assert (place[1:3], place[3]) == (["memo", "P01:97-106"], "Odd")
    assert (coding[1:3], coding[3]) == (["memo", log()[1][2]], "Why")
    opened.press("Control+z").hear("Undone: memo jargon on sentence 2, saved")
    opened.press("Control+z").hear("Undone: coding added jargon on sentence 2, saved")
    opened.press("Control+z").hear("Undone: memo on sentence 2, saved")


def test_escape_leaves_a_memo_unwritten(open_page, log):
    opened = open_page().focus(1)
    opened.press(";", "x", "Escape")
    assert opened.here() == "Honestly?"
    assert log() == []


def test_a_coding_is_withdrawn_undone_and_done_again(open_page, page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press("Delete").hear("Withdrew jargon from sentence 2, saved")
    assert page.locator(".eng-mark").count() == 0
    opened.press("Control+z").hear("Undone: coding withdrawn jargon on sentence 2, saved")
    assert page.locator(".eng-mark").count() == 1
    opened.press("Control+z").hear("Undone: coding added jargon on sentence 2, saved")
    assert page.locator(".eng-mark").count() == 0
    opened.press("Control+z").hear("Nothing to undo")
    opened.press("Control+y").hear("Done again: coding added jargon on sentence 2, saved")
    opened.press("Control+Shift+z").hear("Done again: coding withdrawn jargon on sentence 2, saved")
    opened.press("Control+y").hear("Nothing to redo")


def test_what_was_done_in_another_source_is_undone_by_its_name(open_page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press(">").wait_open("P02").press("Control+z").hear("Undone: coding added jargon on a passage of P01, saved")


def test_search_goes_from_place_to_place_and_comes_back(open_page, page):
    opened = open_page().focus(0)
    opened.press("/", *"list", "Enter")
    assert page.locator(".eng-count").text_content().startswith("1 of 2, in sentence 5: It's <b>on the list</b>.")
    opened.press("Enter", "Enter", "Shift+Enter")
    assert page.locator(".eng-count").text_content().startswith("2 of 2, in sentence 6")
    opened.press("Escape")
    assert opened.here() == "Who is on the list?"
    assert "“list” in sentence 6" in page.locator(".eng-target").text_content().lower()


def test_a_search_of_signs_is_no_pattern(open_page, page):
    open_page().focus(0).press("/", "(", ".", "*")
    assert page.locator(".eng-count").text_content() == "0 places"


def test_the_next_uncoded_passage_passes_over_what_is_coded_and_what_was_asked(open_page):
    opened = open_page().focus(3)
    opened.press("j", "Enter").hear("saved")
    opened.press("Home", ".", ".", ".")
    assert opened.here() == "It's <b>on the list</b>."
    opened.press(".")
    assert opened.here() == "A handful of names."


def test_the_progress_counts_sentences_of_participants_and_sources(open_page, page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press("!").hear("finished, saved")
    words = page.locator(".eng-progress").text_content()
    assert words == "This source: 1 of 7 sentences coded, finished. Sources: 1 of 3 finished."


def test_the_rules_of_a_code_are_in_sight_before_it_is_given(open_page, page):
    opened = open_page().focus(1)
    opened.press(*"no-t")
    assert page.locator(".eng-rules dd").all_text_contents() == [
        "Too few hours for users.",
        "Hours, people, money.",
        "A named manager: leadership-time.",
        "“It is me and Tuesdays.”",
    ]
    opened.press("x", "y")
    opened.hear("No code has these words. Escape goes back.")
    opened.press("Enter", "Escape")
    assert opened.here() == "Honestly?"


def test_escape_leaves_nothing_typed_behind_that_would_hide_codes(open_page, page):
    opened = open_page().focus(1)
    codes = page.get_by_role("option").count()
    opened.press(*"no-t", "Escape")
    assert (page.get_by_label("Find a code").input_value(), page.get_by_role("option").count()) == ("", codes)


def test_the_key_map_opens_on_a_question_mark_and_closes_with_escape(open_page, page):
    opened = open_page().focus(1)
    opened.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    opened.press("Escape")
    assert not page.get_by_role("dialog", name="Keys").is_visible()
    assert opened.here() == "Honestly?"


def test_markup_in_a_transcript_shows_as_written_and_does_not_run(open_page, page, make_desk):
    open_page(make_desk(source_id="P02"), source="P02")
    assert "<script>window.harmed = true</script> & the tables." in page.locator(".eng-grid").text_content()
    assert page.evaluate("window.harmed") is None


def test_what_is_copied_is_the_selected_passage(open_page, page):
    opened = open_page().focus(1)
    opened.press("Shift+ArrowDown")
    copied = page.evaluate(
        """(() => { const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData("text/plain"); })()"""
    )
    assert copied == "Honestly? I don't."


def test_buttons_do_what_the_keys_do(open_page, page, log):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    page.get_by_label("Stance of jargon on sentence 2").select_option("qualifies")
    opened.hear("jargon on sentence 2 now qualifies, saved")
    page.get_by_role("button", name="Withdraw jargon on sentence 2").click()
    opened.hear("Withdrew jargon from sentence 2, saved")
    page.get_by_role("button", name="Undo").click()
    opened.hear("Undone")
    page.get_by_role("button", name="Redo").click()
    opened.hear("Done again")
    page.get_by_role("button", name="Next uncoded").click()
    assert opened.here() == "I don't."
    page.get_by_role("button", name="Finish source").click()
    opened.hear("Source P01 finished, saved")
    page.get_by_role("button", name="Next source").click()
    opened.wait_open("P02")
    page.get_by_label("Source", exact=True).select_option("P01")
    opened.wait_open("P01")
    assert len(log()) == 6


def test_a_source_that_others_coded_shows_none_of_it(open_page, page, make_desk):
    other = make_desk("CD")
    act = {"kind": "code", "id": "other-coding", "source_id": "P01", "start": 97, "end": 106, "code": "jargon"}
    assert other.answer(act)["kind"] == "saved"
    opened = open_page()
    assert page.locator(".eng-mark").count() == 0
    opened.focus(1).press("Enter")
    assert page.locator(".eng-codes kbd").count() == 0
