"""The page says "saved" of what is in the store, keeps what is not, and says when nobody answers."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from engagement_lib.coding import store

pytestmark = pytest.mark.browser
SOON = {"within": 1000, "every": 300}


def test_a_locked_file_is_told_and_what_was_done_is_saved_again(open_page, page, make_desk, log):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    holder = sqlite3.connect(opened.desk.study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("j", "Enter").hear("Not saved. study.db: found a file that somebody else has locked")
    assert "Try again in a moment." in page.get_by_role("alert").text_content()
    assert page.locator(".eng-saved").text_content() == "Not saved: 1"
    assert "jargon – not saved yet" in page.locator(".eng-margin").nth(1).text_content()
    holder.execute("ROLLBACK")
    holder.close()
    page.get_by_role("button", name="Save again").click()
    opened.hear("Coded jargon on sentence 2, saved")
    assert page.locator(".eng-saved").text_content() == "All saved"
    assert page.locator(".eng-trouble").is_hidden()
    assert len(log()) == 2


def test_acts_after_a_failure_wait_for_it_and_are_saved_in_their_order(open_page, make_desk, log, study):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    holder = sqlite3.connect(study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("j", "Enter").hear("Not saved.")
    opened.press("-").hear("Not saved yet: 2")
    holder.close()
    opened.press("ArrowDown", "n", "Enter").hear("saved")
    opened.page.wait_for_function("document.querySelector('.eng-saved').textContent === 'All saved'")
    assert [row[1] for row in log()] == ["coding added", "coding added", "coding given a stance", "coding added"]


def test_what_was_not_saved_is_undone_without_the_store(open_page, page, make_desk, log, study):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    holder = sqlite3.connect(study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("j", "Enter").hear("Not saved.")
    opened.press("Control+z").hear("Undone; it had not been saved.")
    holder.close()
    assert page.locator(".eng-saved").text_content() == "All saved"
    assert len(log()) == 1


def test_a_kernel_that_does_not_answer_is_told_and_the_act_is_sent_when_it_does(open_page, page, log):
    opened = open_page(options=SOON).focus(1)
    opened.hangs = True
    opened.press("j", "Enter").hear("Not connected: the notebook's kernel does not answer.")
    assert page.locator(".eng-saved").text_content() == "Not connected"
    assert log() == []
    opened.hangs = False
    opened.hear("Coded jargon on sentence 2, saved")
    assert page.locator(".eng-saved").text_content() == "All saved"
    assert len(log()) == 1


def test_a_page_that_only_reads_says_too_when_the_kernel_is_gone(open_page):
    opened = open_page(options=SOON)
    opened.hangs = True
    opened.hear("Not connected")


def test_an_act_whose_answer_was_lost_stands_in_the_store_once(open_page, log):
    opened = open_page(options=SOON).focus(1)
    opened.deaf = True
    opened.press("j", "Enter").hear("Not connected")
    assert len(log()) == 1
    opened.deaf = False
    opened.hear("Coded jargon on sentence 2, saved")
    assert len(log()) == 1


def test_after_a_reload_everything_acknowledged_is_there(open_page, page):
    opened = open_page().focus(1)
    opened.press("j", "Enter").hear("saved")
    opened.press("-").hear("saved")
    opened.load().wait_open()
    assert page.locator(".eng-margin").nth(1).text_content() == "a jargon (contradicts)"


def test_what_was_not_saved_before_a_reload_is_saved_after_it(open_page, page, make_desk, log):
    opened = open_page(options=SOON).focus(1)
    opened.hangs = True
    opened.press("j", "Enter").hear("Not connected")
    opened.hangs = False
    # A kernel that was started anew has a desk of its own.
    opened.desk = make_desk()
    opened.load().wait_open()
    page.wait_for_function(
        "document.querySelector('.eng-status').textContent.startsWith('What was not saved before is saved now: 1')"
    )
    assert page.locator(".eng-margin").nth(1).text_content() == "a jargon"
    assert len(log()) == 1
    opened.load().wait_open()
    assert len(log()) == 1


def test_a_page_without_a_kernel_says_so_from_the_beginning(open_page, page, make_desk):
    opened = open_page(options=SOON)
    opened.hangs = True
    opened.load()
    page.wait_for_selector(".eng-trouble:not([hidden])")
    assert page.locator(".eng-body").is_hidden()
    opened.hangs = False
    opened.wait_open()
    page.wait_for_selector(".eng-trouble", state="hidden")


def fill_disk(folder, monkeypatch):
    monkeypatch.setattr(store, "_PRAGMAS", (*store._PRAGMAS, "PRAGMA max_page_count = 1"))
    store._engine.cache_clear()


def forbid_writing(folder, monkeypatch):
    monkeypatch.setattr(store, "_PRAGMAS", (*store._PRAGMAS, "PRAGMA query_only = ON"))
    store._engine.cache_clear()


def renew(folder, monkeypatch, version="99"):
    with closing(sqlite3.connect(folder / "study.db")) as connection, connection:
        connection.execute("UPDATE store SET value = ?", (version,))


REFUSALS = {
    fill_disk: "study.db: found a full disk; expected room for the events. Make room and do it again",
    forbid_writing: "found a file or folder that may only be read; expected one that may be written. Ask for the right",
    renew: "study.db: found version 99 of the store; expected version 1 or older. A newer engagement-lib wrote it",
}


@pytest.mark.parametrize("spoil", REFUSALS)
def test_what_the_store_refuses_is_told_and_what_was_typed_is_saved_again(open_page, log, study, monkeypatch, spoil):
    opened = open_page().focus(1)
    opened.press("s", "Enter").hear("saved")
    typed = "A long thought. " * 400
    with monkeypatch.context() as spoilt:
        spoil(study.folder, spoilt)
        opened.press(";").page.get_by_role("textbox", name="Memo on same-few-voices").fill(typed)
        opened.press("Control+Enter").hear(REFUSALS[spoil])
        assert opened.page.locator(".eng-saved").text_content() == "Not saved: 1"
    store._engine.cache_clear()
    renew(study.folder, None, "1")
    opened.page.get_by_role("button", name="Save again").click()
    opened.hear("Memo on same-few-voices on sentence 2, saved")
    assert [row[3] for row in log()][1:] == [typed]


def test_an_act_that_the_desk_refuses_holds_up_the_others_until_it_is_undone(open_page, page, log):
    opened = open_page().focus(1)
    opened.press("s", "Enter").hear("saved")
    opened.desk.acting = replace(opened.desk.acting, codes={"no-time"})
    opened.press("j", "Enter").hear("Not saved. coding page: found 'jargon'; expected one that the study has.")
    opened.press("Control+z").hear("Undone; it had not been saved.")
    assert page.locator(".eng-mark").count() == 1
    assert page.locator(".eng-trouble").is_hidden()
    opened.press("n", "o", "-", "t", "Enter").hear("Coded no-time on sentence 2, saved")
    assert len(log()) == 2


def test_a_coding_that_was_saved_while_another_waited_is_not_said_to_wait(open_page, page, study, make_desk):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    opened.hangs = True
    opened.press("j", "Enter", "n", "o", "-", "t", "Enter")
    opened.hangs = False
    opened.desk.acting = replace(opened.desk.acting, codes={"jargon"})
    page.get_by_role("button", name="Undo").focus()
    page.evaluate("document.querySelector('.eng-trouble button').click()")
    opened.hear("Not saved. coding page: found 'no-time'")
    opened.press("Enter").hear("Undone; it had not been saved.")
    assert page.locator(".eng-margin").nth(1).locator("li").all_inner_texts() == ["a jargon", "b same-few-voices"]


def test_an_act_saved_after_one_has_left_the_source_and_come_back_is_shown(open_page, page, study, make_desk):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    codes, opened.desk.acting = opened.desk.acting, replace(opened.desk.acting, codes=set())
    opened.press("j", "Enter").hear("Not saved.")
    opened.press(">").wait_open("P02").press("<").wait_open("P01")
    opened.desk.acting = replace(opened.desk.acting, codes=codes.codes)
    page.get_by_role("button", name="Save again").click()
    opened.hear("Coded jargon on sentence 2, saved")
    assert page.locator(".eng-margin").nth(1).locator("li").all_inner_texts() == ["a jargon", "b same-few-voices"]


def test_a_withdrawal_a_stance_and_a_memo_are_undone_in_sight_while_unsaved(open_page, page, study, make_desk, log):
    opened = open_page(make_desk(wait=0.1)).focus(1)
    opened.press("s", "Enter").hear("saved")
    holder = sqlite3.connect(study.folder / "study.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    opened.press("-").hear("Not saved.")
    opened.press(";", "x", "Control+Enter").hear("Not saved yet: 2")
    opened.press("Delete").hear("Not saved yet: 3")
    margin, memos = page.locator(".eng-margin").nth(1), page.locator(".eng-note-text")
    assert (margin.text_content(), memos.count()) == ("Not coded", 0)
    opened.press("Control+z").hear("Undone; it had not been saved.")
    assert (margin.text_content(), memos.count()) == ("a same-few-voices (contradicts)", 1)
    opened.press("Control+z").hear("Undone; it had not been saved.")
    assert memos.count() == 0
    opened.press("Control+z").hear("Undone; it had not been saved.")
    assert margin.text_content() == "a same-few-voices"
    holder.close()
    assert len(log()) == 1
