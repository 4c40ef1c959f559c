"""Whatever a tracker holds: a second run changes nothing, the person's cells stay, and a late run loses nothing."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import HEADERS, MADRID, NOW, applied, assess, make_plan, make_sheet, seen

from sheetflow.columns import FRESH
from sheetflow.rules.cadence import RULES
from sheetflow.sheet import Sheet

OURS = [column.header for column in FRESH if column.owner == "sheetflow"]
day = st.integers(-70, 10).map(lambda days: (NOW.date() + timedelta(days=days)).isoformat())
sent = st.sampled_from(["", "", "x", "TRUE", "FALSE", "sent?"]) | day
person = st.sampled_from(
    ["", "Ana Ruiz <ana@acme.example>", "Bo", "a@acme.example; b@acme.example", "李明 <li@acme.example>", "Ana <ana@>"]
)
row = st.fixed_dictionaries(
    {
        "Company": st.sampled_from(["Acme", "acme ", "Birch", "Cedar", ""]),
        "Role": st.sampled_from(["", "Cook"]),
        "Interview": st.sampled_from(["", "soon", "03/04/2026"]) | day | day.map("{} 14:30".format),
        "Interviewers": person,
        "Contact": person,
        "Highlight": st.sampled_from(["", "penguins", "=1+1", "{{ you }}"]),
        "Question": st.sampled_from(["", "Why?"]),
        "How it went": st.sampled_from(["", "", "Horrible", "meh"]),
        "Thank-you sent": sent,
        "Follow-up sent": sent,
        "Second follow-up sent": sent,
        "Closing note sent": sent,
        "Reply received": st.sampled_from(["", "", "", "x"]) | day,
        "Outcome": st.sampled_from(
            [
                "",
                "",
                "",
                "Next round",
                "Offer",
                "Accepted",
                "Rejected",
                "Withdrawn",
                "Ghosted",
                "Closed",
                "declined",
                "hm",
            ]
        ),
        "Snooze until": st.sampled_from(["", "", "", "x"]) | day,
    }
)
rows = st.lists(row, min_size=1, max_size=5)


def yours(sheet: Sheet) -> list[list[Any]]:
    return [list(cells[: len(HEADERS)]) for cells in sheet.rows]


def grid(sheet: Sheet) -> list[list[Any]]:
    """The cells, every row as long as the header."""
    return [[*row, *[""] * (len(sheet.rows[0]) - len(row))] for row in sheet.rows]


def answers(sheet: Sheet) -> list[dict[str, Any]]:
    header, *lines = grid(sheet)
    return [{name: cells[header.index(name)] or "" for name in OURS} for cells in lines]


@settings(max_examples=80, deadline=None)
@given(rows, st.sampled_from(["text", "single", "many"]))
def test_a_second_run_changes_nothing_and_the_persons_cells_stay(made: list[dict[str, Any]], links: str) -> None:
    sheet = make_sheet(made, links=links)
    after = applied(make_plan(sheet))
    again = make_plan(after)
    assert again.changes == ()
    assert yours(after) == yours(sheet)
    assert not [change for change in make_plan(sheet).changes if change.column < len(HEADERS)]


@settings(max_examples=25, deadline=None)
@given(rows, st.integers(0, 23))
def test_forty_daily_runs_and_one_late_run_give_the_same_sheet(made: list[dict[str, Any]], hour: int) -> None:
    daily = late = make_sheet(made)
    for days in range(0, 40, 3):
        daily = applied(make_plan(daily, NOW + timedelta(days=days, hours=hour)))
    late = applied(make_plan(late, NOW + timedelta(days=39, hours=hour)))
    assert grid(daily) == grid(late)


@settings(max_examples=40, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_any_order_of_rows_and_columns_gives_the_same_answer_per_row(
    made: list[dict[str, Any]], chance: random.Random
) -> None:
    answer = answers(applied(make_plan(make_sheet(made))))
    order = list(range(len(made)))
    chance.shuffle(order)
    headers = [*HEADERS, "My notes", *OURS]
    chance.shuffle(headers)
    sheet = make_sheet([made[i] for i in order], headers=headers)
    assert answers(applied(make_plan(sheet))) == [answer[i] for i in order]


@settings(max_examples=30, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_sorting_between_two_runs_is_harmless(made: list[dict[str, Any]], chance: random.Random) -> None:
    after = applied(make_plan(make_sheet(made)))
    header, *cells = grid(after)
    order = list(range(len(cells)))
    chance.shuffle(order)
    stamp = header.index("Draft stamp")
    moved = [list(cells[i]) for i in order]
    for line, old in zip(moved, cells, strict=True):
        line[stamp] = old[stamp]  # the hidden column stays behind
    shuffled = Sheet(after.title, [header, *moved], after.zone)
    assert answers(applied(make_plan(shuffled))) == [answers(after)[i] for i in order]


# --- the sample --------------------------------------------------------------------------------------------------

SAMPLE = Path(__file__).parent.parent / "sample_sheet.csv"


def sample() -> Sheet:
    text = SAMPLE.read_text(encoding="utf-8")
    return Sheet("sample_sheet.csv", list(csv.reader(io.StringIO(text, newline=""))), MADRID)


def test_the_sample_shows_every_status_on_every_weekday_and_at_every_hour() -> None:
    expected = {rule.status for rule in RULES}
    sheet = sample()
    for hours in range(14 * 24):
        now = datetime(2026, 11, 16, 0, 30, tzinfo=MADRID) + timedelta(hours=hours)
        shown = seen_statuses(sheet, now)
        assert expected <= shown, (now, expected - shown)


def seen_statuses(sheet: Sheet, now: datetime) -> set[str]:
    return set(assess(sheet, now).frame["status"])


@pytest.mark.parametrize("now", [NOW, NOW.replace(month=3, day=29), NOW.replace(year=2028, month=2, day=29)])
def test_the_sample_has_what_the_readme_says(now: datetime) -> None:
    shown = seen(assess(sample(), now))
    flags = {answer.flag for answer in shown}
    assert flags == {"", "Due", "Overdue", "Ghosted", "Check"}
    assert "Accepted" not in SAMPLE.read_text(encoding="utf-8")


def test_everybody_in_the_sample_is_invented() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    addresses: Sequence[str] = re.findall(r"[\w.+-]+@[\w.-]+", text)
    assert len(addresses) > 20
    assert [address for address in addresses if not address.endswith(".example")] == []
    assert re.search(r"[\u4e00-\u9fff]", text)
    assert ">; " in text
