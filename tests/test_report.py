"""A plan as words: what is due first, lines that fit, and nothing of the person's in public."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import HEADERS, NOW, applied, make_plan, make_sheet

from sheetflow import terminal as screen
from sheetflow.plan import Plan
from sheetflow.report import SUMMARY_LIMIT, Report, as_json, markdown, rows_words
from sheetflow.sheet import column_letters
from sheetflow.terminal import changes, lines, next_step

ROWS = [
    {
        "Company": "Canary Acme",
        "Role": "Canary Cook",
        "Interview": "2026-11-19",
        "Interviewers": "Canary Ana <canary@acme.example>",
    },
    {
        "Company": "Canary Birch",
        "Role": "Canary",
        "Interview": "2026-11-01",
        "Thank-you sent": "x",
        "Contact": "canary@birch.example",
    },
    {"Company": "Canary Cedar", "Interview": "2026-10-01", "Thank-you sent": "x"},
    {"Company": "Canary Dune", "Interview": "canary day", "Snooze until": "03/04/2026"},
    {"Company": "Canary 远山科技", "Role": "数据分析师" * 9, "Interview": "2026-11-16 09:00", "Outcome": "pending"},
    {"Company": "", "Role": "canary", "Interview": "2026-11-20"},
]


def plan(rows: list[dict[str, Any]] = ROWS) -> Plan:
    return make_plan(make_sheet(rows, headers=[*HEADERS, "Canary notes", "Firm"]), name="Canary Sam")


def words(lines: Any) -> str:
    return "\n".join(lines)


def test_overdue_comes_first_then_by_due_date() -> None:
    told = Report(plan(), quiet=False, applied=False)
    assert [(item.row, item.flag) for item in told.to_do] == [(6, "Overdue"), (2, "Due"), (3, "Overdue")]
    assert told.to_do[0].due == "17 Nov 2026, 09:00"
    assert told.ghosted == [4]
    assert [(t.rows, t.column) for t in told.troubles] == [
        ((5,), "Interview"),
        ((5,), "Snooze until"),
        ((7,), "Company"),
    ]
    text = words(lines(told, 100))
    assert text.startswith("To do now (3):\n  row 6  Canary 远山")
    assert "OVERDUE since 17 Nov 2026, 09:00" in text
    assert "Ghosted: row 4." in text
    assert "would be filled" in text


def test_nothing_to_do() -> None:
    told = Report(make_plan(applied(make_plan(make_sheet([])))), quiet=False, applied=True)
    assert words(lines(told, 80)) == (
        "Nothing to send today.\n0 rows: none to go by.\nNothing to change: every cell is as it should be."
    )


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_every_line_fits_the_terminal(width: int) -> None:
    told = Report(plan(), quiet=False, applied=True, requests="1 read, 1 write")
    for line in [*lines(told, width), *changes(told, width)]:
        assert screen._columns(line) <= width, line


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    assert screen._columns("远山ab") == 6
    assert screen._columns("e\u0301") == 1
    assert screen._fit("远山科技", 5) == "远山…"
    assert screen._fit("abcde", 5) == "abcde"
    assert screen._fit("abcdef", 5) == "abcd…"
    assert screen._pad("远", 4) == "远  "


def test_changes_say_old_and_new() -> None:
    made = plan()
    first = words(changes(Report(made, quiet=False, applied=False), 120))
    assert f"+ column {column_letters(made.at['status'])}  Follow-up status" in first
    assert "+ highlight for Due rows" in first
    assert "row 2, Canary Acme\n  + Flag: Due\n  + Follow-up status: Send thank-you\n" in first
    assert "Draft stamp:" not in first
    after = applied(made)
    after.rows[1][made.at["flag"]] = "scribble"
    after.rows[3][made.at["draft_to"]] = "somebody"
    second = words(changes(Report(make_plan(after, name="Canary Sam"), quiet=False, applied=False), 120))
    assert second.splitlines() == [
        "row 2, Canary Acme",
        "  ~ Flag: scribble → Due",
        "row 4, Canary Cedar",
        "  - Draft to: somebody → (empty)",
    ]


def test_a_long_plan_is_cut() -> None:
    told = Report(
        make_plan(make_sheet([{"Company": f"C{n}", "Interview": "2026-11-19"} for n in range(300)])), False, False
    )
    assert list(changes(told, 100))[-1] == "… and 200 more rows."
    assert list(changes(Report(told.plan, True, False), 100))[-1] == "… and 200 more rows."


def test_a_long_list_is_cut_and_equal_problems_are_one_line() -> None:
    many = [{"Company": f"C{n}", "Interview": "2026-11-19"} for n in range(1446)]
    bad = [{"Company": f"D{n}", "Interview": "someday"} for n in range(1000)]
    text = words(lines(Report(make_plan(make_sheet([*many, *bad])), False, True), 100))
    assert "To do now (1,446):" in text
    assert "  and 1,426 more\n" in text
    assert text.count("someday") == 1
    assert "and 960 more, Interview: cannot read" in " ".join(text.split())
    assert len(text.splitlines()) < 40


def test_problems_of_one_kind_are_one_line_and_the_order_of_dates_is_settled_once() -> None:
    days = [{"Company": f"C{n}", "Interview": f"{n:02}/0{n + 1}/2026"} for n in range(1, 8)]
    told = Report(make_plan(make_sheet(days)), False, True)
    assert [(t.rows, t.column) for t in told.troubles] == [((2, 3, 4, 5, 6, 7, 8), "Interview")]
    assert told.troubles[0].text.startswith("cannot tell 1 February from 2 January in 01/02/2026; ")
    assert told.troubles[0].text.endswith("; the others likewise")
    asked = (
        "7 dates can be read day first or month first, and nothing here says which: settle it with --date-order dmy or "
        "mdy, or date_order in sheetflow.toml"
    )
    assert told.notices == [asked] == Report(told.plan, True, True).notices
    few = Report(make_plan(make_sheet(days[:5])), False, True).troubles
    assert [t.rows for t in few] == [(2,), (3,), (4,), (5,), (6,)]
    assert Report(make_plan(make_sheet(days), date_order="dmy"), False, True).notices == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [((3,), "row 3"), ((3, 4), "rows 3 and 4"), ((3, 4, 7), "rows 3, 4 and 7"), (range(1, 43), "and 2 more")],
)
def test_rows_in_words(rows: Any, words: str) -> None:
    assert rows_words(list(rows)).endswith(words)


def test_rows_of_one_sentence_are_one_line() -> None:
    stages = [{"Company": f"C{n}", "Outcome": "Phone screen"} for n in range(30)]
    for quiet in (True, False):
        text = words(lines(Report(make_plan(make_sheet(stages)), quiet, True), 2000))
        assert "To check (30):\n  rows 2, 3, 4, 5," in text
        assert ("which day? Type it into Interview" in text) != quiet
        assert text.count("30 and 31: ") == 1


def test_rows_without_a_company_are_said_once() -> None:
    notes = [{"Role": "Total"}, {"Company": "Acme", "Interview": "2026-11-19"}, {"Role": "x"}]
    text = words(lines(Report(make_plan(make_sheet(notes)), False, True), 100))
    assert "\n2 rows have no company and are left alone.\n" in text
    assert "\n1 row: 1 Send thank-you.\n" in text
    text = words(lines(Report(make_plan(make_sheet(notes[:1])), True, True), 100))
    assert "\n1 row has no company and is left alone.\n" in text
    assert "1 rows" not in text
    assert "no company" not in words(lines(Report(make_plan(make_sheet(notes[1:2])), True, True), 100))


def test_what_was_understood_is_in_the_summary_and_the_json_without_a_name() -> None:
    made = make_plan(
        make_sheet([{"Company": "Canary", "Status": "applied", "Canary stage": "x", "Stage": "Technical"}])
    )
    assert "Stage (column " in words(lines(Report(made, False, True), 2000))
    quiet = Report(made, True, True)
    assert "stays your own" in markdown(quiet)
    assert "anary" not in markdown(quiet) + as_json(quiet, NOW)
    assert json.loads(as_json(quiet, NOW))["understood"] == quiet.notices != []


def test_the_next_step() -> None:
    def step(*rows: dict[str, Any]) -> str:
        return next_step(Report(make_plan(make_sheet(list(rows))), False, True), "my.csv")

    assert step(ROWS[0]) == "Open my.csv: the letters are in the column Draft, with a link beside each in Send."
    assert step() == "The tracker has no rows yet: type a Company and the day of its Interview, and run again."
    assert step({"Company": "Acme"}).startswith(
        "No row has a day to go by. Type the day of an interview into Interview"
    )
    assert step({"Company": "Acme", "Applied": "2026-11-19"}) == ""
    assert step({"Company": "Acme", "Interview": "2026-11-30"}) == ""


SCHEMA = {
    "applied": bool,
    "now": str,
    "changed": int,
    "statuses": dict,
    "to_do": list,
    "ghosted": list,
    "problems": list,
    "added_columns": list,
    "added_rules": list,
    "cells": list,
    "understood": list,
    "requests": str,
    "mailbox": str,
}


@pytest.mark.parametrize("quiet", [True, False])
def test_json(quiet: bool) -> None:
    read = json.loads(as_json(Report(plan(), quiet, True, "1 read"), NOW))
    assert {name: type(value) for name, value in read.items()} == SCHEMA
    assert read["changed"] == len(read["cells"])
    assert read["now"] == "2026-11-20T15:00:00+01:00"
    assert set(read["to_do"][0]) == (
        {"row", "status", "flag"} if quiet else {"row", "company", "role", "status", "flag", "due"}
    )
    assert set(read["problems"][0]) == {"rows", "column", "text"}
    names = {"row", "column", "change"}
    assert {frozenset(cell) for cell in read["cells"]} == {
        frozenset(names if quiet else names | {"cell", "before", "after"})
    }
    if not quiet:
        assert read["cells"][0] == {
            "row": 1,
            "column": "Flag",
            "change": "+",
            "cell": f"{column_letters(plan().at['flag'])}1",
            "before": "",
            "after": "Flag",
        }


def test_nothing_of_the_persons_in_public() -> None:
    told = Report(plan(), quiet=True, applied=True)
    for text in (words(lines(told, 100)), words(changes(told, 100)), as_json(told, NOW), markdown(told, ["warned"])):
        low = text.casefold()
        for secret in ("canary", "数据", "nov", "2026-11-1", "03/04", "firm", "@", "https", "hello"):
            assert secret not in low.replace("2026-11-20t15:00:00", ""), (secret, text)


def test_the_summary() -> None:
    text = markdown(Report(plan(), True, True, "1 read, 1 write"), ["Make it private."])
    assert text.startswith("## sheetflow\n\n> Make it private.\n")
    assert "- **Overdue**, Send thank-you: row 6\n" in text
    assert "- **Ghosted**: row 4\n" in text
    assert "- row 5, Interview: text that is not a date; write it like 2026-11-20\n" in text
    assert "| Send thank-you | 2 |\n" in text
    assert "Requests: 1 read, 1 write." in text


def test_the_summary_is_short_whatever_the_sheet() -> None:
    many = [{"Company": f"C{n}", "Interview": "someday" if n % 2 else "2026-11-19"} for n in range(3000)]
    text = markdown(Report(make_plan(make_sheet(many)), True, True))
    assert len(text.encode()) <= SUMMARY_LIMIT
    assert "and 1,460 more, Interview: text that is not a date" in text


def test_a_summary_is_never_made_from_a_private_report() -> None:
    with pytest.raises(AssertionError):
        markdown(Report(plan(), False, True))


def test_control_characters_do_not_reach_the_terminal() -> None:
    nasty = [
        {"Company": "A\x1b[31m\n::add-mask::x\r\u202e", "Role": "\u2028::error::", "Interview": "\x1b]0;x\x07 soon"}
    ]
    told = Report(plan([*nasty, {**ROWS[0], **nasty[0], "Interview": "2026-11-19"}]), False, False)
    for line in [*lines(told, 100), *changes(told, 100)]:
        assert not set(line) & set("\x1b\x07\n\r\u202e\u2028"), line
        assert not line.startswith("::")
