"""From cells to typed columns: what is read, what is remarked, what is blank."""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import HEADERS, grid_sheet, make_sheet, parse

from sheetflow.cells import Problem
from sheetflow.columns import OURS, YOURS
from sheetflow.sheet import CellError, Formula, Link, Links
from sheetflow.table import holds_computed

FIVE_O_CLOCK = datetime(2026, 11, 20, 17)


def only(**cells: Any) -> dict[str, Any]:
    """A table's only row; cells by header with underscores for spaces."""
    named = {name.replace("_", " ").replace("Thank you", "Thank-you"): cell for name, cell in cells.items()}
    frame = parse(make_sheet([{"Company": "Acme", **named}])).frame
    return {str(name): frame[name].iat[0] for name in frame.columns}


def test_the_columns_of_the_frame_and_their_types() -> None:
    frame = parse(make_sheet([{"Company": "Acme"}])).frame
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        **dict.fromkeys(("company", "role", "interviewers", "contact", "highlight", "question"), "object"),
        "outcome_kind": "object", "reachable": "bool",
        **dict.fromkeys(("apart", "feeling", "outcome", "language"), "object"),
        **dict.fromkeys(("interview", "applied", "decision_by", "thanked", "followed", "seconded", "closing", "reply",
                         "snooze"), "datetime64[us]"),
        **dict.fromkeys(("thanked_tick", "followed_tick", "seconded_tick", "closing_tick"), "bool"),
        **dict.fromkeys(("thanked_denied", "followed_denied", "seconded_denied", "closing_denied"), "bool"),
        "interview_timed": "bool", "filled": "bool",
    }  # fmt: skip
    assert len(frame) == 1


def test_a_sheet_without_rows_has_the_same_columns() -> None:
    empty, one = (parse(make_sheet(rows)).frame for rows in ([], [{"Company": "Acme"}]))
    assert (empty.dtypes == one.dtypes).all()
    assert len(empty) == 0


def test_a_missing_column_counts_as_empty() -> None:
    table = parse(grid_sheet(["Company", "Role"], ["Acme", "Analyst"]))
    row = table.frame.iloc[0]
    assert (row["interviewers"], row["outcome"], row["feeling"]) == ((), "", "")
    assert all(pd.isna(row[name]) for name in ("interview", "thanked", "reply", "snooze"))
    assert table.column("outcome") == [None]
    assert table.column("role") == ["Analyst"]


@pytest.mark.parametrize("below", [[], [["", ""]], [["", " "], [], [None, None, "x"]]])
def test_blank_rows_at_the_end_are_no_rows(below: list[list[Any]]) -> None:
    assert len(parse(grid_sheet(["Company", "Role"], *below)).frame) == 0
    assert len(parse(grid_sheet(["Company", "Role"], ["Acme"], *below)).frame) == 1


def test_ragged_and_blank_rows_keep_their_place() -> None:
    table = parse(grid_sheet(["x"], ["Role", "Company", "Mine"], ["Analyst"], [], [None, "Acme"], ["", "", "note"]))
    assert table.first_row == 2
    assert table.frame["company"].tolist() == ["", "", "Acme"]
    assert table.frame["filled"].tolist() == [True, False, True]
    assert table.column("role") == ["Analyst", None, None]


def test_rows_of_ours_alone_are_part_of_the_table() -> None:
    table = parse(grid_sheet(["Company", "Role", "Why", "Draft stamp"], ["Acme"], ["", "", "old"], ["", "", " "], []))
    assert table.frame["filled"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("cells", "filled"),
    [({"Company": "x"}, True), ({"Snooze until": "x"}, True), ({"Thank-you sent": False, "Why": "ours"}, False),
     ({"Thank-you sent": "FALSE", "Why": "ours"}, False), ({"Role": Formula("=A1", ""), "Why": "ours"}, False),
     ({"Role": Formula("=A1", "x")}, True), ({"Mine": "x", "Why": "ours"}, False), ({"Question": 0}, True)],
)  # fmt: skip
def test_what_fills_a_row(cells: dict[str, Any], filled: bool) -> None:
    frame = parse(make_sheet([cells], (*HEADERS, "Mine", "Why", "Draft stamp"))).frame
    assert frame["filled"].tolist() == [filled]


def test_dates_and_times() -> None:
    row = only(Interview=FIVE_O_CLOCK, Thank_you_sent=FIVE_O_CLOCK, Reply_received="2026-11-20 17:00",
               Snooze_until=date(2026, 12, 1))  # fmt: skip
    assert (row["interview"], row["interview_timed"]) == (FIVE_O_CLOCK, True)
    assert row["thanked"] == row["reply"] == datetime(2026, 11, 20)  # a time elsewhere is dropped
    assert row["snooze"] == datetime(2026, 12, 1)
    assert not only(Interview="2026-11-20")["interview_timed"]


def test_ticks() -> None:
    row = only(**{"Thank_you_sent": "x", "Follow-up_sent": True, "Second_follow-up_sent": "no",
                  "Closing_note_sent": "2026-11-20"})  # fmt: skip
    assert [row[f"{name}_tick"] for name in ("thanked", "followed", "seconded", "closing")] == [
        True,
        True,
        False,
        False,
    ]
    assert all(pd.isna(row[name]) for name in ("thanked", "followed", "seconded"))
    assert row["closing"] == datetime(2026, 11, 20)


def test_a_sent_cell_can_say_that_nothing_was_sent() -> None:
    row = only(**{"Thank_you_sent": "Not  sent", "Follow-up_sent": "no", "Second_follow-up_sent": "未发送",
                  "Closing_note_sent": "sent"})  # fmt: skip
    assert [row[f"{name}_denied"] for name in ("thanked", "followed", "seconded", "closing")] == [
        True, False, True, False,
    ]  # fmt: skip
    assert not any(row[f"{name}_tick"] for name in ("thanked", "followed", "seconded"))


def test_the_days_of_an_application_and_of_a_decision() -> None:
    row = only(Applied="2026-11-02 10:00", Decision_by=date(2026, 12, 1))
    assert (row["applied"], row["decision_by"]) == (datetime(2026, 11, 2), datetime(2026, 12, 1))
    table = parse(make_sheet([{"Company": "Acme", "Applied": "x", "Decision by": True}]))
    assert table.frame[["applied", "decision_by"]].isna().all(axis=None)
    assert not table.problems
    assert list(parse(make_sheet([{"Company": "Acme", "Applied": "soon"}])).problems[0]) == ["applied"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("English", "en"), ("german", "de"), ("Deutsch", "de"), ("FR", "fr"), ("español", "es"), ("Espanol", "es"),
     ("中文", "zh"), ("zh", "zh"), ("", ""), ("TBD", ""), (None, "")],
)  # fmt: skip
def test_languages(cell: Any, code: str) -> None:
    table = parse(make_sheet([{"Company": "Acme", "Language": cell}]))
    assert table.frame["language"].tolist() == [code]
    assert not table.problems


def test_an_unknown_language_is_a_problem_and_never_silent_english() -> None:
    table = parse(make_sheet([{"Company": "Acme", "Language": "Klingon"}]))
    assert table.frame["language"].tolist() == [""]
    assert table.problems[0]["language"] == Problem(
        "Language",
        "there are no letters in Klingon; write English, German, French, Spanish or Chinese",
        "a language without letters; write English, German, French, Spanish or Chinese",
    )


def test_numbers_that_python_calls_equal_are_told_apart() -> None:
    values = [1, 1.0, True, "1", False, 0, 0.0, "0"]
    table = parse(make_sheet([{"Company": "Acme", "Thank-you sent": value} for value in values]))
    assert table.frame["thanked_tick"].tolist() == [False, False, True, False, False, False, False, False]
    assert sorted(table.problems) == [0, 1, 3, 5, 6, 7]
    table = parse(make_sheet([{"Company": "Acme", "Role": value} for value in values]))
    assert table.frame["role"].tolist() == ["1", "1", "TRUE", "1", "", "0", "0", "0"]


def test_problems_go_to_their_rows() -> None:
    sheet = make_sheet([{"Interview": "2026-11-20"}, {"Interview": "soon", "Reply received": True},
                        {"Interview": "soon", "Thank-you sent": "maybe"}])  # fmt: skip
    problems = parse(sheet).problems
    assert {row: list(found) for row, found in problems.items()} == {1: ["interview", "reply"],
                                                                     2: ["interview", "thanked"]}  # fmt: skip
    assert problems[1]["interview"] == Problem(
        "Interview",
        "cannot read soon as a date; write it like 2026-11-20",
        "text that is not a date; write it like 2026-11-20",
    )
    assert problems[1]["reply"] == Problem(
        "Reply received", "TRUE is no date; write the date, like 2026-11-20", "a tick, not a date"
    )


@pytest.mark.parametrize(
    ("sheet_order", "setting", "expected"),
    [("", "", None), ("", "dmy", datetime(2026, 4, 3)), ("", "mdy", datetime(2026, 3, 4)),
     ("dmy", "mdy", datetime(2026, 4, 3)), ("mdy", "dmy", datetime(2026, 3, 4))],
)  # fmt: skip
def test_the_sheets_own_date_order_comes_before_the_setting(sheet_order: str, setting: str, expected: Any) -> None:
    cells = {"Company": "Acme", "Interview": "03/04/2026", "Thank-you sent": "03/04/2026"}
    table = parse(make_sheet([cells], date_order=sheet_order), date_order=setting)
    if expected is None:
        assert list(table.problems[0]) == ["interview", "thanked"]
    else:
        assert table.frame["interview"].iat[0] == table.frame["thanked"].iat[0] == expected


def test_a_column_that_shows_its_order_says_so_once() -> None:
    days = ["03/04/2026", "3/25/2026", "05/06/2026", "no", None]
    table = parse(make_sheet([{"Company": "Acme", "Interview": day, "Reply received": "03/04/2026"} for day in days]))
    assert table.frame["interview"].dropna().tolist() == [
        datetime(2026, 3, 4),
        datetime(2026, 3, 25),
        datetime(2026, 5, 6),
    ]
    assert [sorted(found) for found in table.problems.values()] == [["reply"]] * 5
    (notice,) = table.notices
    assert notice.say(quiet=False) == (
        "Interview: 03/04/2026 is 4 March here, since 3/25/2026 stands in the same column"
    )
    assert "2026" not in notice.say(quiet=True)


def test_an_order_that_is_given_is_not_looked_for() -> None:
    rows = [{"Company": "Acme", "Thank-you sent": day} for day in ("03/04/2026", "3/25/2026")]
    table = parse(make_sheet(rows), date_order="dmy")
    assert table.frame["thanked"].tolist() == [datetime(2026, 4, 3), datetime(2026, 3, 25)]
    assert table.notices == []


def test_words_for_nothing_are_empty_in_every_date_column() -> None:
    headers = [column.header for column in YOURS if column.kind in ("moment", "day", "sent")]
    for word in ("TBD", "n/a", "no", "null", "NA", "nan", "NaT", "—", "☐", "not yet", "nein", "non", "?"):
        table = parse(make_sheet([{"Company": "Acme", **dict.fromkeys(headers, word)}]))
        assert not table.problems
        assert not table.frame[["thanked_tick", "followed_tick", "seconded_tick", "closing_tick"]].any(axis=None)


def test_dates_count_from_the_sheets_day_zero_and_today() -> None:
    sheet = make_sheet(
        [{"Interview": 44884, "Thank-you sent": 44884, "Reply received": "=TODAY()-1", "Follow-up sent": "=TODAY()"}],
        day_zero=date(1904, 1, 1),
    )
    row = parse(sheet, date(2026, 12, 1)).frame.iloc[0]
    assert row["interview"] == row["thanked"] == datetime(2026, 11, 20)
    assert row["reply"] == datetime(2026, 11, 30)
    assert row["followed"] == datetime(2026, 12, 1)


def test_text_is_never_turned_into_something_else() -> None:
    row = only(Company=" NA ", Role="None", Highlight="null", Question="0004")
    assert [row[name] for name in ("company", "role", "highlight", "question")] == ["NA", "None", "null", "0004"]


def remarks(**cells: Any) -> list[str]:
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    return parse(make_sheet([{}, {"Company": "Acme", **named}])).remarks.get(1, [])


@pytest.mark.parametrize("error", ["#REF!", CellError("#N/A"), Formula("=A1", CellError("#VALUE!"))])
def test_a_formula_error_in_a_text_column_is_left_out_with_a_remark(error: Any) -> None:
    for header in ("Role", "Interviewers", "Outcome", "How it went"):
        assert remarks(**{header: error}) == [f"{header} holds a formula error and is left out"]


def test_an_outcome_in_unknown_words_waits_for_the_rules_to_say_whether_it_is_a_problem() -> None:
    table = parse(make_sheet([{"Company": "Acme", "Outcome": word} for word in ("applied", "banana", "rejected")]))
    assert (dict(table.problems), dict(table.remarks)) == ({}, {})
    assert table.frame["outcome_kind"].tolist() == ["waiting", "unknown", ""]
    assert table.frame["outcome"].tolist() == ["", "", "Rejected"]


def test_two_sided_outcomes_are_remarked() -> None:
    assert remarks(Outcome="declined") == [
        "Outcome says declined, by whom? Write Rejected if they turned you down, Withdrawn if you did"
    ]
    for silent in ("", "Applied", "Rejected", "not selected", "FALSE", False, "TBD", None):
        assert remarks(Outcome=silent) == []


def test_outcomes_are_words_of_the_closed_list() -> None:
    words = ["rejected", "Absage", "declined", "applied", "banana", "", "OFFER "]
    outcomes = parse(make_sheet([{"Company": "Acme", "Outcome": word} for word in words])).frame["outcome"]
    assert outcomes.tolist() == ["Rejected", "Rejected", "Closed", "", "", "", "Offer"]


def test_how_it_went() -> None:
    words = ["great", "FINE", " Bad", "Horrible", "", "-", "very odd", "Rejected", "FALSE"]
    table = parse(make_sheet([{"Company": "Acme", "How it went": word} for word in words]))
    assert table.frame["feeling"].tolist() == ["Great", "Fine", "Bad", "Horrible", "", "", "", "", ""]
    assert dict(table.remarks) == {
        6: ["How it went says very odd, which counts as empty; the words are Great, Fine, Bad, Horrible"],
        7: ["How it went says Rejected, which counts as empty; the words are Great, Fine, Bad, Horrible"],
    }


def test_quoted_words_are_cut_short() -> None:
    assert "x" * 39 + "…, which" in remarks(How_it_went="x" * 60)[0]


def test_computed_cells_are_read_as_they_were_meant() -> None:
    rows = [["Company", "Role", "Why", "Draft stamp"], ["Acme", "", "'=1"], ["Acme", "", 3], ["'=1"]]
    table = parse(grid_sheet(*rows, unescaped=lambda text: text.removeprefix("'")))
    assert table.computed("why") == ["=1", 3, None]
    assert table.column("company") == ["Acme", "Acme", "'=1"]
    assert parse(grid_sheet(*rows)).computed("why") == ["'=1", 3, None]
    assert parse(grid_sheet(*rows)).computed("draft") == [None] * 3


def test_which_rows_hold_something_computed() -> None:
    values = ["", None, " ", Formula("=A1", ""), Links(), Formula("=A1", "x"), Links([Link("a", "b")]), 0, "x"]
    for column in (column for column in OURS if not column.new):
        headers = ["Company", "Role", column.header] + (["Draft stamp"] if column.key != "stamp" else [])
        table = parse(grid_sheet(headers, *(["Acme", "", value] for value in values)))
        assert holds_computed(table).tolist() == [False] * 5 + [True] * 4
    assert holds_computed(parse(grid_sheet(["Company", "Role"], ["Acme"]))).tolist() == [False]
    assert holds_computed(parse(grid_sheet(["Company", "Role"]))).dtype == np.bool_
