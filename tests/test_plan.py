"""The plan: only our columns, only what differs, and no plan that loses a sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from support import HEADERS, NOW, OURS, applied, grid_sheet, make_plan, make_sheet

from sheetflow.cells import to_number
from sheetflow.columns import FRESH
from sheetflow.errors import Refused
from sheetflow.plan import CellChange, PutBack, holds
from sheetflow.sheet import Formula, Link, Links, Sheet

ANA = {"Company": "Acme", "Interview": "2026-11-19", "Interviewers": "Ana <ana@acme.example>"}
BLANK = Sheet("x", (), NOW.tzinfo, links="many")  # type: ignore[arg-type]


def test_marks() -> None:
    assert CellChange(0, 0, "due", None, "x").mark == "+"
    assert CellChange(0, 0, "due", " ", "x").mark == "+"
    assert CellChange(0, 0, "due", "y", "x").mark == "~"
    assert CellChange(0, 0, "due", "y", "").mark == "-"


def test_a_first_plan_adds_our_columns_to_the_right_and_touches_no_other() -> None:
    sheet = make_sheet([ANA], headers=["Notes", *HEADERS])
    plan = make_plan(sheet)
    width = len(sheet.rows[0])
    assert [column for _, column in plan.added] == list(OURS)
    assert [index for index, _ in plan.added] == list(range(width, width + 13))
    assert all(change.column >= width for change in plan.changes)
    assert plan.width == width + 13
    assert plan.at["stamp"] == width + 12
    assert list(plan.changes) == sorted(plan.changes, key=lambda change: change[:2])
    assert plan


def test_missing_columns_to_mark_in_are_added_empty() -> None:
    plan = make_plan(make_sheet([{"Company": "Acme", "Role": "Cook"}], headers=["Company", "Role"]))
    marks = {index for index, column in plan.added if column.owner == "person"}
    assert {column.key for index, column in plan.added if index in marks} == {c.key for c in FRESH if c.marks}
    assert not [change for change in plan.changes if change.column in marks and change.row > 0]


def test_nothing_to_do_is_no_plan() -> None:
    after = applied(make_plan(make_sheet([ANA])))
    plan = make_plan(after)
    assert plan.changes == ()
    assert not plan
    assert plan.counts == {}
    assert plan.statuses == {"Send thank-you": 1}


def test_only_what_differs() -> None:
    after = applied(make_plan(make_sheet([ANA, {**ANA, "Company": "Birch", "Interviewers": "Bo <bo@birch.example>"}])))
    grid = [list(row) for row in after.rows]
    place = grid[0].index("Flag")
    grid[2][place] = "scribble"
    (change,) = make_plan(replace(after, rows=grid)).changes
    assert change == (2, place, "flag", "scribble", "Due")
    assert change.mark == "~"


def test_missing_rules_make_a_plan() -> None:
    after = applied(make_plan(make_sheet([ANA])))
    assert make_plan(replace(after, rules=frozenset({"Due", "Check", "Ghosted"}))).rules == ("Overdue",)
    assert make_plan(replace(after, rules=frozenset({"Due", "Check", "Ghosted"})))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (None, "", True),
        ("", "", True),
        (None, (), True),
        ("", Links(), True),
        (Links(), "", True),
        (" ", "", False),
        ("x", "", False),
        (0, "", False),
        (None, "x", False),
        ("x", "y", False),
        ("a\r\nb", "a\nb", True),
        ("a\rb", "a\nb", True),
        ("a\nb", "a\r\nb", False),
        ("a b", "a\nb", False),
        (Formula("=1", "x"), "x", True),
        (Formula("=1", "y"), "x", False),
        (5, "5", True),
        (5.0, "5", True),
        (5, "6", False),
        (46346, date(2026, 11, 20), True),
        (46347, date(2026, 11, 20), False),
        (46346.0, date(2026, 11, 20), True),
        (date(2026, 11, 20), date(2026, 11, 20), True),
        (datetime(2026, 11, 20), date(2026, 11, 20), True),  # noqa: DTZ001
        (datetime(2026, 11, 20, 1), date(2026, 11, 20), False),  # noqa: DTZ001
        ("2026-11-20", date(2026, 11, 20), False),
        (None, date(2026, 11, 20), False),
        (46346.5, datetime(2026, 11, 20, 12), True),  # noqa: DTZ001
        (46346.5 + 0.4 / 86400, datetime(2026, 11, 20, 12), True),  # noqa: DTZ001
        (46346.5 + 0.6 / 86400, datetime(2026, 11, 20, 12), False),  # noqa: DTZ001
        (Links([Link("a", "b")]), "x", False),
        ("x", Links([Link("a", "b")]), False),
    ],
)
def test_what_counts_as_the_same(old: object, new: object, same: bool) -> None:
    assert (old == new or holds(old, new, BLANK)) is same


def test_the_day_zero_of_the_sheet_counts() -> None:
    other = replace(BLANK, day_zero=date(1904, 1, 1))
    day = date(2026, 11, 20)
    assert holds(to_number(day, date(1904, 1, 1)), day, other)
    assert not holds(to_number(day, date(1904, 1, 1)), day, BLANK)


def test_dates_are_typed_where_the_backend_has_dates_and_text_where_not() -> None:
    timed = {**ANA, "Interview": "2026-11-19 14:30"}
    texts = applied(make_plan(make_sheet([timed])))
    typed = applied(make_plan(make_sheet([timed], links="many")))
    place = list(texts.rows[0]).index("Thank-you due")
    assert texts.rows[1][place] == "2026-11-20 14:30"
    assert typed.rows[1][place] == datetime(2026, 11, 20, 14, 30)  # noqa: DTZ001
    assert texts.rows[1][place + 1] == "2026-12-04"
    assert typed.rows[1][place + 1] == date(2026, 12, 4)
    assert type(typed.rows[1][place + 1]) is date


@pytest.mark.parametrize("links", ["text", "many"])
def test_a_date_without_a_time_has_none_and_no_date_is_an_empty_cell(links: str) -> None:
    after = applied(make_plan(make_sheet([ANA, {"Company": "Birch"}], links=links)))
    place = list(after.rows[0]).index("Thank-you due")
    due = after.rows[1][place]
    assert due == "2026-11-20" if links == "text" else type(due) is date
    assert not any(after.rows[2][place - 2 : place + 4])


@pytest.mark.parametrize(
    ("style", "kinds"), [("text", (str, str)), ("single", (Links, Links)), ("many", (Links, Links))]
)
def test_links_as_the_backend_keeps_them(style: str, kinds: tuple[type, type]) -> None:
    panel = {**ANA, "Company": "Birch", "Interviewers": "a@birch.example; b@birch.example"}
    after = applied(make_plan(make_sheet([ANA, panel], links=style)))
    place = list(after.rows[0]).index("Send")
    assert (type(after.rows[1][place]), type(after.rows[2][place])) == kinds
    urls = after.rows[2][place] if style == "text" else after.rows[2][place].urls
    assert urls.count("\n") == (0 if style == "single" else 1)
    assert not make_plan(after).changes


# --- guards ------------------------------------------------------------------------------------------------------


def lost(rows: int, gone: int, *, computed: int | None = None) -> Sheet:
    """A sheet after a run, with the person's cells of the first ``gone`` rows deleted."""
    made = [{"Company": f"C{n}", "Interview": "2026-11-19"} for n in range(rows)]
    after = applied(make_plan(make_sheet(made)))
    grid = [list(row) for row in after.rows]
    for row in grid[1 : gone + 1]:
        row[: len(HEADERS)] = [""] * len(HEADERS)
    return replace(after, rows=grid)


@pytest.mark.parametrize(
    ("rows", "gone", "refused"),
    [(10, 3, False), (10, 4, True), (9, 8, False), (9, 9, True), (1, 1, True), (100, 30, False), (100, 31, True)],
)
def test_a_plan_that_would_wipe_too_much_is_refused(rows: int, gone: int, refused: bool) -> None:
    plan = make_plan(lost(rows, gone))
    plan.refuse_if_unsafe(force=True)
    if not refused:
        plan.refuse_if_unsafe()
        return
    with pytest.raises(Refused, match=rf"{gone} of the {rows} rows.*--force") as caught:
        plan.refuse_if_unsafe()
    assert caught.value.exit_code == 3
    assert caught.value.full == (
        f"{gone} of the {rows} rows that were computed before have lost everything they were computed from. Nothing "
        "was written. If your rows moved, bring them back (Undo, or File > Version history); if you meant to delete "
        "them, run once more with --force."
    )


def test_an_empty_tracker_is_safe() -> None:
    make_plan(grid_sheet(HEADERS)).refuse_if_unsafe()


# --- after an overtaken write ------------------------------------------------------------------------------------


def test_a_covered_cell_of_the_persons_is_put_back_and_one_of_ours_compared_with_what_stands_there() -> None:
    after = applied(make_plan(make_sheet([ANA], headers=["Notes", *HEADERS])))
    flag = list(after.rows[0]).index("Flag")
    grid = [list(row) for row in after.rows]
    grid[1][0] = "my note"
    sheet = replace(after, rows=grid, overwritten={(1, 0): "Due", (1, flag): "x"})
    plan = make_plan(sheet)
    assert [tuple(change) for change in plan.changes] == [(1, flag, "flag", "x", "Due")]
    assert plan.put_back == (PutBack(1, 0, "my note"),)


def test_covered_cells_in_and_around_the_header_are_put_back_once() -> None:
    sheet = make_sheet([ANA], headers=["Notes", *HEADERS, "Flag"])
    grid = [["my tracker"], *map(list, sheet.rows)]
    flag, new = grid[1].index("Flag"), len(grid[1])
    plain = make_plan(replace(sheet, rows=grid))
    covered = {
        (0, 0): "x",
        (1, new): "y",
        (1, flag): "z",
        (1, 0): "w",
        (2, new): "v",
        (0, new): "u",
        (3, flag): "s",
        (9, flag): "t",
    }
    plan = make_plan(replace(sheet, rows=grid, overwritten=covered))
    assert plan.changes == plain.changes, "what stands there moves on when a column is inserted"
    assert sorted(plan.put_back, key=lambda cell: cell[:2]) == [
        PutBack(0, 0, "my tracker"),
        PutBack(0, new, None),
        PutBack(1, 0, "Notes"),
        PutBack(1, flag, "Flag"),
        PutBack(1, new, None),
        PutBack(2, new, None),
        PutBack(3, flag, None),
        PutBack(9, flag, None),
    ]
    assert list(plan.changes) == sorted(plan.changes, key=lambda change: change[:2])


def test_an_overwritten_cell_that_holds_the_right_thing_is_left() -> None:
    after = applied(make_plan(make_sheet([ANA])))
    flag = list(after.rows[0]).index("Flag")
    plan = make_plan(replace(after, overwritten={(1, flag): "Due", (99, flag): ""}))
    assert (plan.changes, plan.put_back) == ((), (PutBack(99, flag, None),))
