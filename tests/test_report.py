"""A plan as words: what is due first, lines that fit, and nothing of the person's in public."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import HEADERS, NOW, applied, make_plan, make_sheet

from sheetflow import report
from sheetflow.plan import Plan
from sheetflow.report import Report, as_json, changes, markdown, terminal

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
    {"Company": "Canary 远山科技", "Role": "数据分析师" * 9, "Interview": "2026-11-16 09:00", "Outcome": "canary"},
    {"Company": "", "Role": "canary", "Interview": "2026-11-20"},
]


def plan(rows: list[dict[str, Any]] = ROWS) -> Plan:
    return make_plan(make_sheet(rows, headers=[*HEADERS, "Canary notes", "Firm"]), name="Canary Sam")


def words(lines: Any) -> str:
    return "\n".join(lines)


def test_overdue_comes_first_then_by_due_date() -> None:
    told = Report(plan(), quiet=False, applied=False)
    assert [(item.row, item.flag) for item in told.to_do] == [(3, "Overdue"), (6, "Overdue"), (2, "Due")]
    assert told.to_do[1].due == "17 Nov 2026, 09:00"
    assert told.ghosted == [4]
    assert [(t.row, t.column) for t in told.troubles] == [(5, "Interview"), (5, "Snooze until"), (7, "Company")]
    text = words(terminal(told, 100))
    assert text.startswith("To do now (3):\n  row 3  Canary Birch")
    assert "OVERDUE since 17 Nov 2026, 09:00" in text
    assert "Ghosted: row 4." in text
    assert "Left alone, since another header already fills that column: Firm." in text
    assert "would be filled" in text


def test_nothing_to_do() -> None:
    told = Report(make_plan(applied(make_plan(make_sheet([])))), quiet=False, applied=True)
    assert words(terminal(told, 80)) == (
        "Nothing to send today.\n0 rows: none with an interview.\nNothing to change: every cell is as it should be."
    )


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_every_line_fits_the_terminal(width: int) -> None:
    told = Report(plan(), quiet=False, applied=True, requests="1 read, 1 write")
    for line in [*terminal(told, width), *changes(told, width)]:
        assert report._columns(line) <= width, line


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    assert report._columns("远山ab") == 6
    assert report._columns("e\u0301") == 1
    assert report._fit("远山科技", 5) == "远山…"
    assert report._fit("abcde", 5) == "abcde"
    assert report._fit("abcdef", 5) == "abcd…"
    assert report._pad("远", 4) == "远  "


def test_changes_say_old_and_new() -> None:
    first = words(changes(Report(plan(), quiet=False, applied=False), 120))
    assert "+ column R  Follow-up status" in first
    assert "+ highlight for Due rows" in first
    assert "+ R2     Follow-up status: Send thank-you" in first
    after = applied(plan())
    after.rows[1][list(after.rows[0]).index("Flag")] = "scribble"
    after.rows[3][list(after.rows[0]).index("Draft to")] = "somebody"
    second = words(changes(Report(make_plan(after, name="Canary Sam"), quiet=False, applied=False), 120))
    assert second.splitlines() == ["~ S2     Flag: scribble → Due", "- Y4     Draft to: somebody → (empty)"]


def test_a_long_plan_is_cut() -> None:
    told = Report(
        make_plan(make_sheet([{"Company": f"C{n}", "Interview": "2026-11-19"} for n in range(300)])), False, False
    )
    assert list(changes(told, 100))[-1].startswith("… and ")
    quiet = Report(told.plan, True, False)
    assert list(changes(quiet, 100))[-1] == "… and 100 more rows."


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
    "requests": str,
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
    assert set(read["problems"][0]) == {"row", "column", "text"}
    names = {"row", "column", "change"}
    assert {frozenset(cell) for cell in read["cells"]} == {
        frozenset(names if quiet else names | {"cell", "before", "after"})
    }
    if not quiet:
        assert read["cells"][0] == {
            "row": 1,
            "column": "Follow-up status",
            "change": "+",
            "cell": "R1",
            "before": "",
            "after": "Follow-up status",
        }


def test_nothing_of_the_persons_in_public() -> None:
    told = Report(plan(), quiet=True, applied=True)
    for text in (words(terminal(told, 100)), words(changes(told, 100)), as_json(told, NOW), markdown(told, ["warned"])):
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
    assert len(text.encode()) <= report.SUMMARY_LIMIT
    assert "and 1460 more" in text


def test_a_summary_is_never_made_from_a_private_report() -> None:
    with pytest.raises(AssertionError):
        markdown(Report(plan(), False, True))


def test_control_characters_do_not_reach_the_terminal() -> None:
    nasty = [
        {"Company": "A\x1b[31m\n::add-mask::x\r\u202e", "Role": "\u2028::error::", "Interview": "\x1b]0;x\x07 soon"}
    ]
    told = Report(plan([*nasty, {**ROWS[0], **nasty[0], "Interview": "2026-11-19"}]), False, False)
    for line in [*terminal(told, 100), *changes(told, 100)]:
        assert not set(line) & set("\x1b\x07\n\r\u202e\u2028"), line
        assert not line.startswith("::")
