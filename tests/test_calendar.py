"""The .ics file and the links: one entry a date, moved rather than doubled, read back by the library that wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from support import MADRID, grid_sheet, make_plan

from sheetflow.calendar import LONGEST_TITLE, Entry, entries, google_calendar_link, ics
from sheetflow.cli import main

NOW = datetime(2026, 11, 24, 12, 17, tzinfo=MADRID)
HEADER = [
    "Company",
    "Role",
    "Interview",
    "Thank-you sent",
    "Follow-up sent",
    "Reply received",
    "Outcome",
    "Snooze until",
]


def found(*rows: list[str], now: datetime = NOW) -> list[Entry]:
    whole = [row + [""] * (len(HEADER) - len(row)) for row in rows]
    return entries(make_plan(grid_sheet(HEADER, *whole), now).table, now.date())


def events(entries: list[Entry], now: datetime = NOW) -> list[Any]:
    calendar: Any = Calendar.from_ical(ics(entries, now))
    return list(calendar.walk("VEVENT"))


def test_an_interview_and_its_thank_you() -> None:
    one, other = found(["Acme", "Analyst", "2026-11-26 14:30"])
    assert (one.kind, one.title, one.start) == (
        "interview",
        "Interview: Acme · Analyst",
        datetime(2026, 11, 26, 14, 30),
    )
    assert (other.kind, other.start) == ("thank_you", datetime(2026, 11, 27, 14, 30))
    assert other.title == "Send the thank-you: Acme · Analyst"


def test_a_bare_date_is_a_whole_day() -> None:
    assert [entry.start for entry in found(["Acme", "", "2026-11-26"])] == [date(2026, 11, 26), date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("row", "kind", "day"),
    [
        (["Acme", "", "2026-11-24"], "thank_you", date(2026, 11, 25)),
        (["Acme", "", "2026-11-20", "2026-11-20"], "follow_up", date(2026, 12, 4)),
        (["Acme", "", "2026-11-03", "2026-11-03", "2026-11-18"], "second_follow_up", date(2026, 11, 25)),
        (["Acme", "", "2026-11-18", "2026-11-18", "", "2026-11-20"], "follow_up", date(2026, 12, 4)),
    ],
)
def test_what_falls_on_a_day(row: list[str], kind: str, day: date) -> None:
    (entry,) = found(row)
    assert (entry.kind, entry.start) == (kind, day)


@pytest.mark.parametrize(
    "row",
    [
        ["Acme", "", "2026-11-20"],
        ["Acme", "", "2026-11-20", "2026-11-20", "", "", "Rejected", ""],
        ["Acme", "", "2026-11-26", "", "", "", "", "2026-12-01"],
        ["Acme", "", "2026-09-01", "2026-09-01"],
        ["Acme", "", "03/04/2026"],
        ["", "", ""],
    ],
    ids=["overdue", "closed", "snoozed", "ghosted", "to check", "blank"],
)
def test_nothing_to_do_on_a_day_to_come(row: list[str]) -> None:
    assert [entry for entry in found(row) if entry.kind != "interview"] == []


@pytest.mark.parametrize("outcome", ["Withdrawn", "Rejected"])
def test_an_interview_that_will_not_be(outcome: str) -> None:
    """The reply makes the withdrawal one that is to be sent."""
    row = ["Acme", "", "2026-11-26", "", "", "2026-11-20", outcome]
    assert [entry.kind for entry in found(row) if entry.kind == "interview"] == []


def test_in_order() -> None:
    rows = [["B", "", "2026-12-05"], ["A", "", "2026-11-26 09:00"], ["C", "", "2026-11-26"]]
    assert [entry.title[-1] for entry in found(*rows)] == ["C", "A", "C", "A", "B", "B"]


def test_today_counts_and_yesterday_does_not() -> None:
    assert len(found(["Acme", "", "2026-11-23"])) == 1
    assert len(found(["Acme", "", "2026-11-22"])) == 0


# --- an entry that moves -------------------------------------------------------------------------------------------


def test_a_moved_interview_is_the_same_entry() -> None:
    before = {entry.uid for entry in found(["Acme", "Analyst", "2026-11-26 14:30"])}
    assert before == {entry.uid for entry in found(["Acme", "Analyst", "2026-12-02 10:00"])}
    assert before == {entry.uid for entry in found(["  ACME ", "analyst", "2026-11-26 14:30"])}
    assert before.isdisjoint(entry.uid for entry in found(["Acme", "Buyer", "2026-11-26 14:30"]))


def test_a_row_that_moves_is_the_same_entry_and_two_rounds_are_two() -> None:
    rows = [["Acme", "", "2026-11-26"], ["Brill", "", "2026-11-27"], ["Acme", "", "2026-12-03"]]
    uids = {(entry.title, entry.start): entry.uid for entry in found(*rows)}
    assert len(set(uids.values())) == 6
    assert uids == {(entry.title, entry.start): entry.uid for entry in found(*rows[::-1])}


def test_a_note_that_has_become_due_is_the_entry_that_announced_it() -> None:
    (before,) = found(["Acme", "", "2026-11-10", "2026-11-10"], now=NOW - timedelta(days=5))
    (after,) = found(["Acme", "", "2026-11-10", "2026-11-10"])
    assert (before.uid, before.start) == (after.uid, after.start)


def test_sequence_grows_and_all_else_stays() -> None:
    some = found(["Acme", "", "2026-11-26 14:30"])
    first, second = (events(some, NOW + timedelta(seconds=n)) for n in (0, 1))
    for one, other in zip(first, second, strict=True):
        assert one["sequence"] < other["sequence"] < 2**31
        assert one["uid"] == other["uid"]
    assert ics(some, NOW) == ics(some, NOW), "the same moment, the same bytes"


# --- the file ------------------------------------------------------------------------------------------------------


def test_the_file() -> None:
    interview, thanks = events(found(["Acme", "Analyst", "2026-11-26 14:30"]))
    assert interview["dtstart"].dt == datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
    assert interview["dtend"].dt - interview["dtstart"].dt == timedelta(hours=1)
    assert interview["transp"] == "OPAQUE"
    (alarm,) = interview.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt) == ("DISPLAY", timedelta(hours=-1))
    assert thanks["transp"] == "TRANSPARENT"
    assert thanks["description"].startswith("The interview is on")
    assert thanks.walk("VALARM")[0]["trigger"].dt == timedelta(hours=-3)
    assert thanks["dtstamp"].dt == NOW.astimezone(UTC)


def test_a_whole_day_in_the_file() -> None:
    interview, _ = events(found(["Acme", "", "2026-11-26"]))
    assert (interview["dtstart"].dt, interview["dtend"].dt) == (date(2026, 11, 26), date(2026, 11, 27))
    assert interview.walk("VALARM")[0]["trigger"].dt == timedelta(hours=9)


def test_the_hour_is_that_of_the_sheet_in_summer_and_winter() -> None:
    rows = [["A", "", "2027-03-27 12:00"], ["B", "", "2027-03-29 12:00"]]
    hours = [event["dtstart"].dt.hour for event in events(found(*rows)) if event["transp"] == "OPAQUE"]
    assert hours == [11, 10]


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300), st.text(max_size=80))
def test_any_name_is_only_a_name(company: str, role: str) -> None:
    """Whatever stands in a cell, it opens no property, no line and no second entry."""
    title = f"Interview: {company}"[:LONGEST_TITLE]
    entry = Entry("interview", title, date(2026, 11, 26), role, "0@sheetflow.invalid")
    data = ics([entry], NOW)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (event,) = events([entry])
    assert set(event) == {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DESCRIPTION", "TRANSP", "DTSTART", "DTEND"}


def test_an_empty_file_is_a_calendar() -> None:
    assert events([]) == []


# --- the command ---------------------------------------------------------------------------------------------------


def call(folder: Path, *words: str, **environment: str) -> Any:
    tracker = folder / "tracker.csv"
    tracker.write_text("Company,Role,Interview\nAcme,Analyst,2026-11-26 14:30\n", encoding="utf-8")
    arguments = ["calendar", str(tracker), "--now", "2026-11-24T12:17", "--time-zone", "Europe/Madrid", *words]
    return CliRunner().invoke(main, arguments, env={"CI": "", "GITHUB_ACTIONS": "", **environment})


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "due.ics"
    done = call(tmp_path, "-o", str(file))
    assert done.exit_code == 0, done.output
    assert f"2 entries are in {file}." in done.stderr
    first = file.read_bytes()
    assert b"SUMMARY:Interview: Acme" in first
    tracker = (tmp_path / "tracker.csv").read_text(encoding="utf-8")
    assert tracker == "Company,Role,Interview\nAcme,Analyst,2026-11-26 14:30\n", "nothing is written there"
    assert call(tmp_path, "-o", str(file), "--json").stdout == '{"entries": 2}\n'


def test_the_command_in_public(tmp_path: Path) -> None:
    done = call(tmp_path, "-o", str(tmp_path / "canary.ics"), CI="true")
    assert done.exit_code == 0
    assert "canary" not in done.output


@pytest.mark.parametrize("name", ["due.csv", "due", "tracker.csv"])
def test_only_an_ics_is_written(tmp_path: Path, name: str) -> None:
    done = call(tmp_path, "-o", str(tmp_path / name))
    assert done.exit_code == 2
    assert "due.ics" in done.stderr


# --- links ---------------------------------------------------------------------------------------------------------


def query(link: str) -> dict[str, str]:
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "calendar.google.com", "/calendar/render")
    return {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def test_a_link_for_a_moment() -> None:
    link = google_calendar_link("Send thank-you: Acme & Söhne", datetime(2026, 11, 26, 14, 30), MADRID, "Row 3")
    assert query(link) == {
        "action": "TEMPLATE", "text": "Send thank-you: Acme & Söhne", "dates": "20261126T143000/20261126T150000",
        "ctz": "Europe/Madrid", "details": "Row 3",
    }  # fmt: skip


def test_a_link_for_a_day() -> None:
    link = google_calendar_link("Send follow-up: Acme", date(2026, 12, 31), MADRID)
    assert query(link) == {"action": "TEMPLATE", "text": "Send follow-up: Acme", "dates": "20261231/20270101"}


def test_a_link_in_a_zone_without_a_name() -> None:
    zone = timezone(timedelta(hours=-7))
    link = google_calendar_link("x", datetime(2026, 11, 26, 14, 30), zone)
    assert query(link)["dates"] == "20261126T213000Z/20261126T220000Z"
    assert "ctz" not in query(link)


@given(st.text(max_size=400), st.text(max_size=400))
def test_nothing_else_gets_into_a_link(title: str, details: str) -> None:
    link = google_calendar_link(title, date(2026, 12, 31), MADRID, details)
    assert link.isascii()
    assert set(query(link)) <= {"action", "text", "dates", "details"}
