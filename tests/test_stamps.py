"""Whose words are in the draft cells: a hand-edited draft is kept, an untouched one follows its row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import HEADERS, NOW, applied, assess, grid_sheet, make_plan, make_sheet

from sheetflow.columns import FRESH
from sheetflow.letters.stamps import Cells, Stamp, fingerprint, read_stamp, row_fingerprints
from sheetflow.sheet import Links, Sheet

OURS = [column.header for column in FRESH if column.owner == "sheetflow"]
MINE = "Dear Ana,\n\nmy own words.\n"
ANA = {"Company": "Acme", "Role": "Nurse", "Interview": "2026-11-19", "Interviewers": "Ana Ruiz <ana@acme.example>"}
BO = {"Company": "Birch", "Role": "Cook", "Interview": "2026-11-18", "Interviewers": "Bo Chen <bo@birch.example>"}
CY = {"Company": "Cedar", "Role": "Clerk", "Interview": "2026-11-17", "Interviewers": "Cy Day <cy@cedar.example>"}
SAME = {"Interviewers": "Pat Fox <pat@agency.example>"}


class Tracker:
    """A sheet that a person works on between runs; rows are named by their company."""

    def __init__(self, *rows: Mapping[str, Any], now: datetime = NOW, **settings: Any) -> None:
        self.now, self.settings = now, settings
        self.sheet = make_sheet(rows)
        self.run()

    def run(self, days: int = 0) -> None:
        """A run, and one more that must have nothing to do."""
        self.now += timedelta(days=days)
        self.sheet = applied(make_plan(self.sheet, self.now, **self.settings))
        again = make_plan(self.sheet, self.now, **self.settings)
        assert again.changes == (), again.changes

    @property
    def header(self) -> list[str]:
        return list(self.sheet.rows[0])

    def row(self, company: str) -> dict[str, Any]:
        index = self.header.index("Company")
        (cells,) = [row for row in self.sheet.rows[1:] if row[index] == company]
        return dict(zip(self.header, [*cells, *[""] * len(self.header)], strict=False))

    def type(self, company: str, **cells: Any) -> None:
        """Type into a row's cells, named like ``Draft_subject``."""
        grid = [list(row) + [""] * (len(self.header) - len(row)) for row in self.sheet.rows]
        (row,) = [row for row in grid[1:] if row[self.header.index("Company")] == company]
        for name, value in cells.items():
            row[
                self.header.index(
                    name.replace("_", " ").replace("Thank you", "Thank-you").replace("ollow up", "ollow-up")
                )
            ] = value
        self.sheet = replace(self.sheet, rows=grid)

    def sort(self, order: Sequence[str], stays: Callable[[str], bool]) -> None:
        """Bring the rows into an order (by company), but for the columns that ``stays`` names."""
        company = self.header.index("Company")
        rows = [list(row) + [""] * (len(self.header) - len(row)) for row in self.sheet.rows[1:]]
        moved = sorted(rows, key=lambda row: order.index(row[company]))
        grid = [
            [old[c] if stays(name) else new[c] for c, name in enumerate(self.header)]
            for old, new in zip(rows, moved, strict=True)
        ]
        self.sheet = replace(self.sheet, rows=[self.header, *grid])


def draft(tracker: Tracker, company: str) -> tuple[str, str, str]:
    row = tracker.row(company)
    return row["Draft to"], row["Draft subject"], row["Draft"]


def test_a_stamp_names_the_note_and_is_no_number() -> None:
    stamp = Tracker(ANA).row("Acme")["Draft stamp"]
    assert re.fullmatch(r"thank_you [0-9a-f]{12} [0-9a-f]{12}", stamp)
    with pytest.raises(ValueError, match="convert"):
        float(stamp)


@pytest.mark.parametrize(
    "text", ["", "x", "thank_you", "thank_you 0123456789ab", "other 0123456789ab 0123456789ab", "5"]
)
def test_what_is_no_stamp(text: str) -> None:
    assert read_stamp(text) is None


@pytest.mark.parametrize(
    "stamp", [Stamp("thank_you", "0" * 12, "1" * 12), Stamp("withdrawal", "typed", "1" * 12, "2" * 12)]
)
def test_a_stamp_reads_as_it_is_written(stamp: Stamp) -> None:
    assert read_stamp(f" {stamp} ") == stamp


@pytest.mark.parametrize(
    ("one", "other"),
    [("a\nb", "a\r\nb"), ("a\nb", "a\rb"), ("a\nb", "a  \nb\t"), ("a", "a\n\n "), ("=a", "'=a"), ("", "\n")],
)
def test_what_a_fingerprint_ignores(one: str, other: str) -> None:
    for cells in (lambda t: Cells(t, "s", "b"), lambda t: Cells("t", t, "b"), lambda t: Cells("t", "s", t)):
        assert fingerprint(cells(one)) == fingerprint(cells(other))


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", " a"), ("a b", "a  b"), ("a\nb", "a\n\nb"), ("a", "A")])
def test_what_a_fingerprint_sees(one: str, other: str) -> None:
    for cells in (lambda t: Cells(t, "s", "b"), lambda t: Cells("t", t, "b"), lambda t: Cells("t", "s", t)):
        assert fingerprint(cells(one)) != fingerprint(cells(other))


def test_a_fingerprint_tells_the_cells_apart() -> None:
    assert fingerprint(Cells("a", "b", "c")) != fingerprint(Cells("a", "bc", ""))
    assert fingerprint(Cells("a", "", "c")) != fingerprint(Cells("", "a", "c"))


def test_half_a_character_has_a_fingerprint() -> None:
    assert fingerprint(Cells("\ud800")) != fingerprint(Cells("\ud801"))


def test_fingerprints_stay_what_they_are() -> None:
    """They stand in people's sheets: another one would make every draft look edited by hand."""
    rows = [
        {"Company": "Acme", "Role": "Nurse", "Interview": "2026-11-19 14:30"},
        {"Company": "ACME", "Role": "nurse", "Interview": "2026-11-19 14:30"},
        {"Company": "Acme"},
        {"Role": "a blank row"},
    ]
    assert fingerprint(Cells("a", "b", "c")) == "6876ebd947ba"
    assert row_fingerprints(assess(make_sheet(rows)), range(4)) == {
        0: "d8a84cafa542",
        1: "d8a84cafa542",
        2: "b933899d2d0e",
        3: "",
    }


# --- untouched -------------------------------------------------------------------------------------------------


def test_an_untouched_draft_follows_its_row() -> None:
    t = Tracker(ANA)
    t.type("Acme", Highlight="the penguins")
    t.run()
    assert "the penguins" in t.row("Acme")["Draft"]
    t.type("Acme", Draft=t.row("Acme")["Draft"].replace("\n", "\r\n") + " \r\n", Highlight="the seals")
    t.run()
    assert "the seals" in t.row("Acme")["Draft"]


def test_an_untouched_draft_goes_when_its_note_is_sent() -> None:
    t = Tracker(ANA)
    t.type("Acme", Thank_you_sent="2026-11-20")
    t.run()
    row = t.row("Acme")
    assert [row[name] for name in ("Draft to", "Draft subject", "Draft", "Send", "Draft stamp")] == [""] * 5


def test_words_put_back_as_they_were_follow_again() -> None:
    t = Tracker(ANA)
    words = t.row("Acme")["Draft"]
    t.type("Acme", Draft=MINE)
    t.run()
    t.type("Acme", Draft=words, Highlight="the penguins")
    t.run()
    assert "the penguins" in t.row("Acme")["Draft"]


# --- edited ----------------------------------------------------------------------------------------------------

EDITS = {
    "body": {"Draft": MINE},
    "subject": {"Draft subject": "My own subject"},
    "recipient": {"Draft to": "Ana Ruiz <ana.ruiz@acme.example>"},
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_stays_whatever_else_changes(edit: str) -> None:
    t = Tracker(ANA)
    t.type("Acme", **EDITS[edit])
    kept = draft(t, "Acme")
    for days, typed in (
        (0, {}),
        (1, {"Highlight": "penguins"}),
        (1, {"Role": "Doctor"}),
        (1, {"Interview": "2026-11-16"}),
    ):
        t.type("Acme", **typed)
        t.run(days)
        assert draft(t, "Acme") == kept


def test_links_are_made_from_the_edited_text() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft="My words", Draft_subject="Two\r\nlines", Draft_to="ana.ruiz@acme.example")
    t.run()
    assert t.row("Acme")["Send"] == (
        "https://mail.google.com/mail/?view=cm&fs=1&to=ana.ruiz%40acme.example&su=Two%20lines&body=My%20words"
    )


@pytest.mark.parametrize("emptied", ["", " ", "\n", None])
def test_an_emptied_draft_brings_a_fresh_one(emptied: str | None) -> None:
    t = Tracker(ANA)
    fresh = draft(t, "Acme")
    t.type("Acme", Draft=MINE, Draft_subject="Mine")
    t.run()
    t.type("Acme", Draft=emptied)
    t.run()
    assert draft(t, "Acme") == fresh


def test_an_edit_goes_when_its_note_is_sent() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=MINE)
    t.run()
    t.type("Acme", Thank_you_sent="x")
    t.run()
    assert draft(t, "Acme") == ("", "", "")
    assert t.row("Acme")["Draft stamp"] == ""


@pytest.mark.parametrize("corrected", [{"Role": "Doctor"}, {"Company": "Acme Ltd"}, {"Interview": "2026-11-18"}])
def test_an_edit_typed_together_with_a_correction_is_the_same_notes(corrected: dict[str, str]) -> None:
    t = Tracker(ANA, BO)
    t.type("Acme", Draft=MINE, **corrected)
    t.type(corrected.get("Company", "Acme"), Thank_you_sent="x")
    t.run()
    assert draft(t, corrected.get("Company", "Acme")) == ("", "", "")


def test_the_stamp_follows_a_corrected_row() -> None:
    t = Tracker(ANA, BO)
    t.type("Acme", Draft=MINE)
    t.run()
    before = read_stamp(t.row("Acme")["Draft stamp"])
    t.type("Acme", Role="Doctor")
    t.run()
    after = read_stamp(t.row("Acme")["Draft stamp"])
    assert before
    assert after
    assert after.row != before.row
    assert after == before._replace(row=after.row)


@pytest.mark.parametrize("name", ["Draft_to", "Draft_subject"])
def test_what_is_typed_into_a_row_to_check_stays(name: str) -> None:
    t = Tracker({**ANA, "Interview": "someday"})
    t.type("Acme", **{name: "mine"})
    t.run()
    assert sorted(draft(t, "Acme")) == ["", "", "mine"]


def test_words_typed_into_a_row_to_check_get_no_stamp() -> None:
    t = Tracker({**ANA, "Interview": "someday"})
    t.type("Acme", Draft=MINE)
    t.run()
    assert (t.row("Acme")["Draft"], t.row("Acme")["Draft stamp"]) == (MINE, "")


def test_a_draft_emptied_in_a_row_to_check_leaves_the_rest() -> None:
    t = Tracker(ANA)
    to, subject, _ = draft(t, "Acme")
    stamp = t.row("Acme")["Draft stamp"]
    t.type("Acme", Draft="", Interview="someday")
    t.run()
    assert (*draft(t, "Acme"), t.row("Acme")["Draft stamp"]) == (to, subject, "", stamp)


def test_the_same_words_in_two_rows_belong_to_both() -> None:
    t = Tracker({**ANA, **SAME}, {**BO, **SAME})
    for company in ("Acme", "Birch"):
        t.type(company, Draft=MINE, Draft_subject="Thanks")
    for _ in range(2):
        t.run()
        for company in ("Acme", "Birch"):
            assert t.row(company)["Send"]
            assert "another row" not in t.row(company)["Why"]


def test_an_edit_goes_when_the_row_is_closed() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=MINE, Outcome="Closed")
    t.run()
    assert draft(t, "Acme") == ("", "", "")


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"Snooze_until": "2026-12-24"}, "Snoozed"),
        ({"Outcome": "Ghosted"}, "Ghosted"),
        ({"Interview": "2027-01-10"}, "Upcoming"),
        ({"Interview": ""}, "No interview"),
        ({"Outcome": "Offer", "Interview": "2026-11-01"}, "Offer"),
        ({"Interview": "someday"}, "Check row"),
    ],
)
def test_an_edit_waits_without_a_link_while_no_note_is_due(cells: dict[str, str], status: str) -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=MINE)
    t.run()
    kept = draft(t, "Acme")
    assert t.row("Acme")["Send"]
    t.type("Acme", **cells)
    t.run()
    assert t.row("Acme")["Follow-up status"] == status
    assert draft(t, "Acme") == kept
    assert t.row("Acme")["Send"] == ""
    t.type("Acme", Snooze_until="", Outcome="", Interview="2026-11-19")
    t.run()
    assert draft(t, "Acme") == kept
    assert t.row("Acme")["Send"]


def test_an_edit_gives_way_to_a_different_note() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=MINE)
    t.run()
    t.run(17)
    assert t.row("Acme")["Follow-up status"] == "Send follow-up"
    assert t.row("Acme")["Draft"] != MINE
    assert t.row("Acme")["Draft stamp"].startswith("follow_up ")


def test_a_withdrawal_by_rule_8_waits_for_an_edit() -> None:
    t = Tracker(ANA, {**BO, "Outcome": "Accepted"})
    t.type("Acme", Draft="")
    t.type("Birch", Outcome="")
    t.run()
    t.type("Acme", Draft=MINE)
    t.run()
    t.type("Birch", Outcome="Accepted")
    t.run()
    row = t.row("Acme")
    assert row["Follow-up status"] == "Send withdrawal"
    assert row["Draft"] == MINE
    assert row["Send"] == ""
    assert "; it waits for the draft that you edited: empty Draft, or mark that note as sent." in row["Why"]
    t.type("Acme", Draft="")
    t.run()
    assert "withdraw" in t.row("Acme")["Draft"]
    assert t.row("Acme")["Send"]


def test_any_other_withdrawal_replaces_an_edit() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=MINE)
    t.run()
    t.type("Acme", Outcome="Withdrawn")
    t.run()
    assert "withdraw" in t.row("Acme")["Draft"]


def test_words_typed_before_a_note_is_due_become_that_note() -> None:
    t = Tracker({**ANA, "Interview": "2026-11-23"})
    assert t.row("Acme")["Follow-up status"] == "Upcoming"
    t.type("Acme", Draft=MINE, Draft_to="ana@acme.example", Draft_subject="Thanks")
    t.run()
    assert (draft(t, "Acme"), t.row("Acme")["Send"]) == (("ana@acme.example", "Thanks", MINE), "")
    assert t.row("Acme")["Draft stamp"] == ""
    t.run(4)
    assert t.row("Acme")["Follow-up status"] == "Send thank-you"
    assert draft(t, "Acme") == ("ana@acme.example", "Thanks", MINE)
    assert "my%20own%20words" in t.row("Acme")["Send"]
    t.type("Acme", Thank_you_sent="x")
    t.run()
    assert draft(t, "Acme") == ("", "", "")


def test_a_second_follow_up_edit_and_a_feedback_edit_go_when_marked() -> None:
    t = Tracker({**ANA, "Interview": "2026-10-26", "Thank-you sent": "x", "Follow-up sent": "2026-11-10"})
    assert t.row("Acme")["Follow-up status"] == "Send second follow-up"
    t.type("Acme", Draft=MINE)
    t.run()
    t.type("Acme", Second_follow_up_sent="x")
    t.run()
    assert t.row("Acme")["Draft"] == ""
    t.type("Acme", Outcome="Rejected")
    t.run()
    t.type("Acme", Draft=MINE)
    t.run()
    assert t.row("Acme")["Draft"] == MINE
    t.type("Acme", Closing_note_sent="2026-11-20")
    t.run()
    assert t.row("Acme")["Draft"] == ""


def test_a_blank_row_keeps_an_edit_and_loses_an_untouched_draft() -> None:
    t = Tracker(ANA, BO)
    t.type("Acme", Draft=MINE)
    t.run()
    grid = [list(row) for row in t.sheet.rows]
    for row in grid[1:]:
        row[: len(HEADERS)] = [""] * len(HEADERS)
    t.sheet = replace(t.sheet, rows=grid)
    t.run()
    at = t.header.index
    assert [row[at("Draft")] for row in t.sheet.rows[1:]] == [MINE, ""]
    assert [row[at(name)] for name in ("Follow-up status", "Flag", "Send", "Why") for row in t.sheet.rows[1:]] == [
        ""
    ] * 8
    t.sheet.rows[1][: len(HEADERS)] = [ANA.get(name, "") for name in HEADERS]
    t.run()
    assert t.row("Acme")["Draft"] == MINE
    assert t.row("Acme")["Send"]


def test_a_check_row_leaves_the_draft_as_it_is() -> None:
    t = Tracker(ANA)
    before = draft(t, "Acme"), t.row("Acme")["Draft stamp"]
    t.type("Acme", Interview="30 February 2026")
    t.run()
    assert (draft(t, "Acme"), t.row("Acme")["Draft stamp"]) == before
    t.type("Acme", Interview="2026-11-19", Highlight="penguins")
    t.run()
    assert "penguins" in t.row("Acme")["Draft"]


# --- several people ----------------------------------------------------------------------------------------------

PANEL = {**ANA, "Interviewers": "Ana Ruiz <ana@acme.example>; Bo Chen <bo@acme.example>"}


def test_an_edited_section_goes_to_its_own_recipient() -> None:
    t = Tracker(PANEL)
    t.type("Acme", Draft=t.row("Acme")["Draft"].replace("Hi Bo,", "Dear Bo,").replace("\n", "\r\n"))
    t.run()
    ana, bo = t.row("Acme")["Send"].split("\n")
    assert "to=ana%40acme.example" in ana
    assert "body=Hi%20Ana" in ana
    assert "Bo" not in ana
    assert "to=bo%40acme.example" in bo
    assert "body=Dear%20Bo" in bo


@pytest.mark.parametrize(
    "text",
    [
        "Dear both,\n\nthank you.",
        "To: Ana Ruiz <ana@acme.example>\nno blank line\n-----\nTo: bo@acme.example\n\nx",
        "To: ana@acme.example\n\nx\n-----\nDear Bo",
        "To: \n\nx\n-----\nTo: bo@acme.example\n\nx",
        "To: ana@acme.example; bo@acme.example\n\nx",
    ],
)
def test_sections_that_no_longer_parse_have_no_link(text: str) -> None:
    t = Tracker(PANEL)
    t.type("Acme", Draft=text)
    t.run()
    assert t.row("Acme")["Draft"] == text
    assert t.row("Acme")["Send"] == ""
    assert "no longer reads as sections" in t.row("Acme")["Why"]


def test_a_bad_address_typed_into_a_section_is_named() -> None:
    t = Tracker(PANEL)
    t.type("Acme", Draft=t.row("Acme")["Draft"].replace("<bo@acme.example>", "<bo@acme>"))
    t.run()
    assert t.row("Acme")["Send"].count("https://") == 1
    assert "bo@acme is not a complete address: correct it in Draft." in t.row("Acme")["Why"]


def test_a_deleted_section_is_simply_not_sent() -> None:
    t = Tracker(PANEL)
    t.type("Acme", Draft=t.row("Acme")["Draft"].split("\n-----\n")[1])
    t.run()
    assert t.row("Acme")["Send"].count("https://") == 1
    assert "bo%40acme.example" in t.row("Acme")["Send"]


def test_a_bad_address_typed_into_draft_to_is_named() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft_to="Ana <ana@acme>")
    t.run()
    assert t.row("Acme")["Send"] == ""
    assert "ana@acme is not a complete address: correct it in Draft to" in t.row("Acme")["Why"]


# --- sorting -----------------------------------------------------------------------------------------------------


def hidden(name: str) -> bool:
    return name == "Draft stamp"


def computed(name: str) -> bool:
    return name in OURS


def nothing(_name: str) -> bool:
    return False


@pytest.mark.parametrize("stays", [hidden, computed, nothing])
def test_untouched_drafts_survive_any_sort(stays: Callable[[str], bool]) -> None:
    t = Tracker(ANA, BO, CY)
    before = {company: t.row(company) for company in ("Acme", "Birch", "Cedar")}
    t.sort(["Cedar", "Acme", "Birch"], stays)
    t.run()
    assert {company: t.row(company) for company in before} == before


@pytest.mark.parametrize("run_between", [True, False])
def test_edits_survive_a_sort_that_leaves_the_hidden_stamps_behind(run_between: bool) -> None:
    t = Tracker(ANA, BO, CY)
    t.type("Acme", Draft=MINE)
    t.type("Birch", Draft_subject="Mine, too")
    if run_between:
        t.run()
    before = {company: draft(t, company) for company in ("Acme", "Birch", "Cedar")}
    t.sort(["Cedar", "Acme", "Birch"], hidden)
    t.run()
    assert {company: draft(t, company) for company in before} == before
    for company in before:
        assert t.row(company)["Send"], company
        assert "another row" not in t.row(company)["Why"]
    t.type("Acme", Thank_you_sent="x")
    t.run()
    assert draft(t, "Acme") == ("", "", "")
    assert draft(t, "Birch") == before["Birch"]


@pytest.mark.parametrize("typed", ["Acme", "Birch", "Cedar"])
def test_words_typed_after_a_sort_that_left_the_stamps_behind_are_for_their_rows_note(typed: str) -> None:
    due = {"Interview": "2026-11-02", "Thank-you sent": "x"}
    t = Tracker(ANA, {**BO, **due}, CY)
    t.sort(["Birch", "Acme", "Cedar"], hidden)  # Cedar stays where it was
    t.type(typed, Draft=MINE)
    t.type(typed, **({"Follow_up_sent": "x"} if typed == "Birch" else {"Thank_you_sent": "x"}))
    t.run()
    assert draft(t, typed) == ("", "", "")


@pytest.mark.parametrize("people", [{}, SAME])
@pytest.mark.parametrize("run_between", [True, False])
def test_an_edit_parted_from_its_row_is_kept_without_a_link(run_between: bool, people: dict[str, str]) -> None:
    if people and not run_between:
        pytest.skip("nothing tells the two kinds of sort apart then")
    t = Tracker({**ANA, **people}, {**BO, **people}, {**CY, **people})
    t.type("Acme", Draft=MINE)
    if run_between:
        t.run()
    t.sort(["Cedar", "Acme", "Birch"], computed)
    for _ in range(3):
        t.run()
        row = t.row("Cedar")  # it stands where Acme stood
        assert row["Draft"] == MINE
        assert row["Send"] == ""
        assert "; the draft in this row was edited for another row; empty Draft for a fresh one." in row["Why"]
        assert "Acme" in t.row("Acme")["Draft"]
        assert t.row("Acme")["Send"]
    t.type("Cedar", Draft="")
    t.run()
    assert "Cedar" in t.row("Cedar")["Draft"]
    assert t.row("Cedar")["Send"]


def test_sorting_back_gives_an_edit_back_to_its_row() -> None:
    t = Tracker(ANA, BO, CY)
    t.type("Acme", Draft=MINE)
    t.run()
    t.sort(["Cedar", "Acme", "Birch"], computed)
    t.run()
    t.sort(["Acme", "Birch", "Cedar"], computed)
    t.run()
    assert t.row("Acme")["Draft"] == MINE
    assert t.row("Acme")["Send"]


def test_an_edit_is_not_lost_in_a_parted_row_that_is_closed() -> None:
    t = Tracker(ANA, BO, CY)
    t.type("Acme", Draft=MINE)
    t.run()
    t.sort(["Cedar", "Acme", "Birch"], computed)
    t.type("Cedar", Outcome="Closed")
    t.run()
    assert t.row("Cedar")["Draft"] == MINE


def test_the_edit_of_a_row_whose_new_place_had_no_draft_stays_parted() -> None:
    t = Tracker(ANA, {**BO, "Interview": "2026-12-20"})
    t.type("Acme", Draft=MINE)
    t.run()
    t.sort(["Birch", "Acme"], computed)
    t.run()
    assert t.row("Birch")["Draft"] == MINE
    assert t.row("Birch")["Send"] == ""
    t.run(35)
    assert t.row("Birch")["Follow-up status"] == "Send thank-you"
    assert t.row("Birch")["Send"] == ""


def test_a_sorted_check_row_keeps_its_stamp() -> None:
    t = Tracker(ANA, BO, CY)
    t.type("Acme", Draft=MINE)
    t.run()
    t.sort(["Cedar", "Acme", "Birch"], hidden)
    t.type("Acme", Interview="someday")
    t.type("Birch", Interview="someday")
    t.run()
    t.type("Acme", Interview=ANA["Interview"], Highlight="penguins")
    t.type("Birch", Interview=BO["Interview"], Highlight="penguins")
    t.run()
    assert t.row("Acme")["Draft"] == MINE
    assert t.row("Acme")["Draft stamp"].startswith("thank_you ")
    assert "penguins" in t.row("Birch")["Draft"]


def test_a_copied_row_gets_a_draft_of_its_own() -> None:
    t = Tracker(ANA, BO)
    t.type("Acme", Draft=MINE)
    t.run()
    copy = list(t.sheet.rows[1])
    copy[0], copy[t.header.index("Interviewers")] = "Copper", "Di Ems <di@copper.example>"
    untouched = list(t.sheet.rows[2])
    untouched[0] = "Dune"
    t.sheet = replace(t.sheet, rows=[*t.sheet.rows, copy, untouched])
    t.run()
    assert t.row("Acme")["Draft"] == MINE
    assert t.row("Acme")["Send"]
    assert t.row("Copper")["Send"] == ""
    assert "Dune" in t.row("Dune")["Draft"]


def test_a_copied_row_may_take_an_edit_for_the_same_person_along() -> None:
    t = Tracker(ANA, BO)
    copy = list(t.sheet.rows[1])
    copy[0] = "Copper"
    t.sheet = replace(t.sheet, rows=[*t.sheet.rows, copy])
    t.type("Copper", Draft=MINE, Draft_to="ana@acme.example")
    t.run()
    assert t.row("Copper")["Draft"] == MINE
    assert t.row("Copper")["Send"]


def test_a_copied_rows_new_edit_for_somebody_else_has_no_link() -> None:
    t = Tracker(ANA, BO)
    copy = list(t.sheet.rows[1])
    copy[0], copy[t.header.index("Interviewers")] = "Copper", "Di Ems <di@copper.example>"
    t.sheet = replace(t.sheet, rows=[*t.sheet.rows, copy])
    t.type("Copper", Draft=MINE)
    t.run()
    assert t.row("Copper")["Draft"] == MINE
    assert t.row("Copper")["Send"] == ""


# --- how a backend gives cells back --------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [5, 5.0, Links()])
def test_what_is_not_text_in_a_draft_cell_does_no_harm(value: object) -> None:
    sheet: Sheet = make_sheet([{**ANA, "Draft": value, "Draft stamp": ""}], links="many")
    plan = make_plan(sheet)
    after = applied(plan)
    assert make_plan(after).changes == ()
    draft_column = plan.at["draft"]
    if value == 5:
        assert after.rows[1][draft_column] == value


# --- gaps that are still to be filled in -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dear Ana, thank you for [something special].", "[something special]"),
        ("Dear {{ person.first_name }}, thank you.", "{{ person.first_name }}"),
        ("Dear Ana, thank you for the [", "["),
        ("Dear Ana, thank you {{", "{{"),
        ("Dear Ana [or Bo\nor Cy], thank you", "["),
    ],
)
def test_while_a_draft_holds_a_gap_there_is_no_link(words: str, said: str) -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft=words)
    t.run()
    row = t.row("Acme")
    assert (row["Draft"], row["Send"]) == (words, "")
    assert f"; Send is empty as long as the draft says {said}: fill it in, or take it out." in row["Why"]
    t.type("Acme", Draft="Dear Ana, thank you for the penguins.")
    t.run()
    assert t.row("Acme")["Send"]
    assert "Send is empty" not in t.row("Acme")["Why"]


def test_a_gap_in_the_subject_counts_too() -> None:
    t = Tracker(ANA)
    t.type("Acme", Draft_subject="Thank you [role]")
    t.run()
    assert t.row("Acme")["Send"] == ""


@pytest.mark.parametrize("own", ["Engineer [m/w/d]", "Engineer [m/w/d], remote [EU]"])
def test_brackets_that_stand_in_the_rows_own_cells_are_no_gap(own: str) -> None:
    t = Tracker({**ANA, "Role": own, "Notes": "{{ mustache }}"})
    t.type("Acme", Draft=f"Dear Ana, thank you for telling me about {own} and {{{{ mustache }}}}.")
    t.run()
    assert t.row("Acme")["Send"]
    t.type("Acme", Draft="Dear Ana, thank you for telling me about Engineer [m/w/x].")
    t.run()
    assert t.row("Acme")["Send"] == ""


def test_brackets_in_ones_own_signature_are_no_gap() -> None:
    t = Tracker(ANA, signature="Sam Lee [she/her]")
    assert t.row("Acme")["Send"]


# --- a sheet that version 1 wrote --------------------------------------------------------------------------------


def test_version_1s_drafts_are_taken_over_and_no_edit_is_lost() -> None:
    with (Path(__file__).parent / "golden" / "version_1.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    before = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    t = Tracker.__new__(Tracker)
    t.now, t.settings, t.sheet = NOW, {}, grid_sheet(*rows)
    t.run()
    for company in ("Birch", "Dune", "Fir"):  # edited by hand: the text, the subject, a gap filled in
        assert draft(t, company) == tuple(before[company][name] for name in ("Draft to", "Draft subject", "Draft"))
    assert "my%20own%20words" in t.row("Birch")["Send"]
    assert "the%20dog" in t.row("Fir")["Send"]
    assert t.row("Dune")["Send"] == ""  # version 1's placeholder is still in it
    assert "as long as the draft says [something special from your conversation]" in t.row("Dune")["Why"]
    for company in ("Acme", "Cedar", "Elm"):  # untouched: written anew
        assert t.row(company)["Draft"].startswith("Hi ")
        assert "[" not in t.row(company)["Draft"]
        assert t.row(company)["Send"].startswith("https://")
    t.type("Birch", Thank_you_sent="2026-11-20")
    t.run()
    assert draft(t, "Birch") == ("", "", "")
