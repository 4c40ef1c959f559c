"""The table of notes: every line of it through its life, from the row that asks for it to the mark that ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import NOW, applied, make_plan, make_sheet

from sheetflow.columns import BY_KEY
from sheetflow.letters.stamps import read_stamp
from sheetflow.notes import NOTES
from sheetflow.rules.cadence import RULES
from sheetflow.sheet import Sheet

ANA = "Ana Ruiz <ana@acme.example>"
MET = {"Company": "Acme", "Interviewers": ANA}
ASKS = {
    "thank_you": {**MET, "Interview": "2026-11-19"},
    "follow_up": {**MET, "Interview": "2026-11-02", "Thank-you sent": "2026-11-02"},
    "second_follow_up": {
        **MET, "Interview": "2026-10-26", "Thank-you sent": "2026-10-26", "Follow-up sent": "2026-11-10",
    },
    "withdrawal": {**MET, "Interview": "2026-11-19", "Outcome": "Withdrawn"},
    "feedback_request": {
        **MET, "Interview": "2026-11-09", "Thank-you sent": "2026-11-10", "Reply received": "2026-11-18",
        "Outcome": "Rejected",
    },
    "check_in": {"Company": "Acme", "Contact": ANA, "Applied": "2026-11-02"},
}  # fmt: skip
"""Note -> a row that asks for it."""


def run(sheet: Sheet) -> Sheet:
    return applied(make_plan(sheet, NOW))


def cell(sheet: Sheet, header: str) -> str:
    row = sheet.rows[1]
    at = list(sheet.rows[0]).index(header)
    return row[at] if at < len(row) else ""


def typed(sheet: Sheet, header: str, value: str) -> Sheet:
    row = [*sheet.rows[1], *[""] * (len(sheet.rows[0]) - len(sheet.rows[1]))]
    row[list(sheet.rows[0]).index(header)] = value
    return replace(sheet, rows=[sheet.rows[0], row])


def test_every_note_has_a_row_that_asks_for_it_and_every_rule_a_note_that_there_is() -> None:
    assert set(ASKS) == set(NOTES)
    assert {rule.note for rule in RULES} - {""} == set(NOTES)


@pytest.mark.parametrize("name", NOTES)
def test_a_note_lives_until_it_is_marked(name: str) -> None:
    note = NOTES[name]
    sheet = run(make_sheet([ASKS[name]]))
    stamp = read_stamp(cell(sheet, "Draft stamp"))
    assert stamp is not None
    assert stamp.note == name
    assert cell(sheet, "Draft to") == ANA
    assert "https://" in cell(sheet, "Send")
    mine = typed(sheet, "Draft", "Dear Ana,\n\nmy own words.")
    for _ in range(2):
        mine = run(mine)
        assert cell(mine, "Draft") == "Dear Ana,\n\nmy own words."
        assert "my%20own%20words" in cell(mine, "Send")
    for each in (sheet, mine):
        after = run(typed(each, BY_KEY[note.marked].header, "2026-11-20"))
        assert [cell(after, header) for header in ("Draft to", "Draft subject", "Draft", "Send", "Draft stamp")] == [
            ""
        ] * 5


@pytest.mark.parametrize("name", [name for name, note in NOTES.items() if note.wants])
def test_what_a_note_wants_makes_it_richer_and_is_asked_for(name: str) -> None:
    poor = run(make_sheet([ASKS[name]]))
    assert "and the draft takes it up" in cell(poor, "Why")
    for key in NOTES[name].wants:
        rich = run(make_sheet([{**ASKS[name], BY_KEY[key].header: "the hand-drawn map"}]))
        assert "the hand-drawn map" in cell(rich, "Draft")
        assert "takes it up" not in cell(rich, "Why")


@pytest.mark.parametrize("name", [name for name, note in NOTES.items() if not note.wants])
def test_a_note_that_wants_nothing_asks_for_nothing(name: str) -> None:
    assert "takes it up" not in cell(run(make_sheet([ASKS[name]])), "Why")
