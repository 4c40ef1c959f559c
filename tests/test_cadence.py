"""The dates of section 3 and the statuses of section 4, on the day before, the day and the day after."""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

import re
import time
from datetime import date, datetime, timedelta
from string import Formatter
from typing import Any

import pytest
from support import MADRID, NOW, Seen, assess, look, look_all, make_sheet, parse, seen

from sheetflow.columns import BY_KEY
from sheetflow.notes import NOTES
from sheetflow.rules import cadence
from sheetflow.rules.cadence import LATE, RULES, TO_DO
from sheetflow.rules.why import WORDS
from sheetflow.settings import Settings
from sheetflow.table import Table

ONE = timedelta(days=1)

# Monday 2 November 2026 is the interview of most rows; a date is MM-DD of 2026 unless it has a year.


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def noon(text: str) -> datetime:
    return datetime.combine(day(text), datetime.min.time().replace(hour=12), MADRID)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=MADRID)


def row(text: str) -> dict[str, Any]:
    """Cells from ``interview 11-02, thanked x``: column key and cell."""
    cells: dict[str, Any] = {"company": "Acme"}
    for part in filter(None, text.split(", ")):
        key, _, value = part.partition(" ")
        cells[key] = f"2026-{value}" if value[:1].isdigit() and value[2:3] == "-" else value
    return cells


def state(found: Seen) -> str:
    number = found.rule.partition(" ")[0]
    return f"{number} {found.status} {found.flag}".strip()


MET = "interview 11-02"
THANKED = "interview 11-02, thanked 11-03"
FOLLOWED = "interview 11-02, thanked 11-03, followed 11-17"
SECONDED = "interview 11-02, thanked 11-03, followed 11-17, seconded 11-24"
WAITING, OVERDUE_18 = "21 Waiting", "18 Send follow-up Overdue"

APPLIED = "applied 11-02, contact Ana Ruiz"
PROMISED = f"{THANKED}, outcome Next round"


def by_rule(*table: tuple[Any, ...], at: int = -1) -> list[Any]:
    """The lines of a table as test cases, named after the rule that is in the column ``at``."""
    names = [f"{line[at].split()[0]}-{line[0] or 'empty'}" for line in table]
    return [pytest.param(*line, id=f"{name}-{i}") for i, (line, name) in enumerate(zip(table, names, strict=True))]


BOUNDARIES = by_rule(
    # cells, the day, and the state on the day before, the day, the day after
    ("applied 11-22", "11-21", "1 Check row Check", "13g Applied", "13g Applied"),
    (f"{THANKED}, reply 11-22", "11-21", "1 Check row Check", "20 In conversation", "20 In conversation"),
    (f"{THANKED}, snooze 11-10", "11-10", "2 Snoozed", WAITING, WAITING),
    (f"{MET}, snooze 11-10", "11-10", "2 Snoozed", "15 Send thank-you Overdue", "15 Send thank-you Overdue"),
    ("outcome Closed, snooze 11-10", "11-10", "2 Snoozed", "4 Closed", "4 Closed"),
    (f"{APPLIED}, snooze 11-20", "11-20", "2 Snoozed", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{MET}, outcome Next round", "11-02", "17 Upcoming", "3 Send thank-you Due", "3 Send thank-you Due"),
    (f"{MET}, outcome Next round", "11-03", "3 Send thank-you Due", "3 Send thank-you Due", "3 Send thank-you Overdue"),
    (f"{MET}, outcome Offer", "11-02", "9 Offer", "3 Send thank-you Due", "3 Send thank-you Due"),
    (f"{MET}, outcome Offer", "11-17", "3 Send thank-you Overdue", "9 Offer", "9 Offer"),
    # 13 November + 1 + 14 is a Saturday: nobody is thanked any more from Monday on
    ("interview 11-13, outcome Offer", "11-30", "3 Send thank-you Overdue", "9 Offer", "9 Offer"),
    # a promised round that did not come: from the next step on, while a courtesy still makes sense
    (f"{MET}, outcome Next round", "11-17", "3 Send thank-you Overdue", "4a Check row Check", "4a Check row Check"),
    (PROMISED, "11-17", "4 Closed", "4a Check row Check", "4a Check row Check"),
    (PROMISED, "2027-01-01", "4a Check row Check", "4 Closed", "4 Closed"),
    (f"{PROMISED}, followed 11-10", "11-17", "4 Closed", "4a Check row Check", "4a Check row Check"),
    (f"{FOLLOWED}, outcome Next round", "11-24", "4 Closed", "4a Check row Check", "4a Check row Check"),
    (f"{SECONDED}, outcome Next round", "12-01", "4 Closed", "4a Check row Check", "4a Check row Check"),
    (f"{PROMISED}, decision_by 11-10", "11-12", "4 Closed", "4a Check row Check", "4a Check row Check"),
    ("applied 11-02, outcome Next round", "12-02", "4a Check row Check", "4 Closed", "4 Closed"),
    (f"{THANKED}, outcome Rejected", "11-02", "12 Closed", "10 Ask for feedback Due", "10 Ask for feedback Due"),
    (f"{THANKED}, outcome Rejected", "12-31", "10 Ask for feedback Due", "10 Ask for feedback Due", "12 Closed"),
    # a favour is never overdue
    (f"{THANKED}, outcome Rejected, reply 11-05", "11-06", "10 Ask for feedback Due", "10 Ask for feedback Due",
     "10 Ask for feedback Due"),
    (f"{THANKED}, outcome Rejected, reply 11-05", "2027-01-02", "10 Ask for feedback Due", "10 Ask for feedback Due",
     "12 Closed"),
    (f"{THANKED}, outcome Withdrawn", "12-31", "11 Send withdrawal Due", "11 Send withdrawal Due", "12 Closed"),
    # an application: End is Ghosted on, 5 November + 10 rolled to the 16th + 20; 30 days later nothing is to be told
    ("applied 11-02, outcome Withdrawn, reply 11-05", "2027-01-05", "11 Send withdrawal Due", "11 Send withdrawal Due",
     "12 Closed"),
    ("applied 11-22, outcome Wishlist", "11-22", "13a Not applied", "13g Applied", "13g Applied"),
    (f"{APPLIED}, outcome Interview", "12-02", "13b Check row Check", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}", "12-02", "13e Send check-in Overdue", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    ("applied 11-02", "12-02", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, followed 11-20", "12-10", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, followed x", "12-02", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, seconded 11-20", "12-10", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, seconded x", "12-02", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, followed 11-12, snooze 11-20", "12-10", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}, followed 11-06, reply 11-05", "11-26", "13g Applied", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    ("applied 11-02, reply 11-05", "12-06", "13f In conversation", "13d Ghosted Ghosted", "13d Ghosted Ghosted"),
    (f"{APPLIED}", "11-12", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    ("applied 11-02, interviewers Ana Ruiz", "11-12", "13g Applied", "13e Send check-in Due",
     "13e Send check-in Overdue"),
    # ten days on: a Saturday, a Sunday
    ("applied 11-04, contact Ana Ruiz", "11-16", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    ("applied 11-05, contact Ana Ruiz", "11-16", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, decision_by 11-09", "11-11", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, decision_by 11-02", "11-04", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, decision_by 11-01", "11-12", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, reply 11-05", "11-16", "13f In conversation", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, reply 11-05, decision_by 11-05", "11-16", "13f In conversation", "13e Send check-in Due",
     "13e Send check-in Overdue"),
    (f"{APPLIED}, reply 11-05, decision_by 11-06", "11-09", "13f In conversation", "13e Send check-in Due",
     "13e Send check-in Overdue"),
    (f"{APPLIED}, reply 11-01", "11-12", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, reply 11-02", "11-12", "13f In conversation", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, followed 11-01", "11-12", "13g Applied", "13e Send check-in Due", "13e Send check-in Overdue"),
    (f"{APPLIED}, followed x, reply 11-05", "11-16", "13f In conversation", "13e Send check-in Due",
     "13e Send check-in Overdue"),
    (f"{APPLIED}, followed 11-05, reply 11-05", "11-16", "13f In conversation", "13e Send check-in Due",
     "13e Send check-in Overdue"),
    (f"{SECONDED}", "12-01", WAITING, "14 Ghosted Ghosted", "14 Ghosted Ghosted"),
    (f"{FOLLOWED}", "12-01", "19 Send second follow-up Overdue", "14 Ghosted Ghosted", "14 Ghosted Ghosted"),
    (f"{THANKED}", "12-01", OVERDUE_18, "14 Ghosted Ghosted", "14 Ghosted Ghosted"),
    (f"{SECONDED}, snooze 11-28", "12-05", WAITING, "14 Ghosted Ghosted", "14 Ghosted Ghosted"),
    (f"{MET}", "11-02", "17 Upcoming", "15 Send thank-you Due", "15 Send thank-you Due"),
    (f"{MET}", "11-03", "15 Send thank-you Due", "15 Send thank-you Due", "15 Send thank-you Overdue"),
    (f"{MET}, feeling Horrible", "11-17", "15 Send thank-you Overdue", "16 Send withdrawal Due",
     "16 Send withdrawal Due"),
    (f"{THANKED}, feeling Horrible", "11-03", "16 Send withdrawal Due", "16 Send withdrawal Due",
     "16 Send withdrawal Due"),
    (f"{THANKED}, feeling Horrible", "12-31", "16 Send withdrawal Due", "16 Send withdrawal Due", "16 Closed"),
    ("interview 11-10, feeling Horrible", "11-10", "17 Upcoming", "15 Send thank-you Due", "15 Send thank-you Due"),
    (f"{MET}", "11-17", "15 Send thank-you Overdue", "18 Send follow-up Due", OVERDUE_18),
    (f"{THANKED}", "11-17", WAITING, "18 Send follow-up Due", OVERDUE_18),
    ("interview 11-02, thanked x", "11-17", WAITING, "18 Send follow-up Due", OVERDUE_18),
    ("interview 11-02, thanked 11-08", "11-23", WAITING, "18 Send follow-up Due", OVERDUE_18),  # 14 days on: a Sunday
    ("interview 11-02, thanked 11-07", "11-23", WAITING, "18 Send follow-up Due", OVERDUE_18),  # 14 days on: a Saturday
    (f"{THANKED}, reply 11-05", "11-19", "20 In conversation", "18 Send follow-up Due", OVERDUE_18),
    (f"{FOLLOWED}, reply 11-17", "12-01", "20 In conversation", "18 Send follow-up Due", OVERDUE_18),
    (f"{THANKED}, snooze 11-18", "11-18", "2 Snoozed", "18 Send follow-up Due", OVERDUE_18),
    (f"{THANKED}, decision_by 11-10", "11-12", WAITING, "18 Send follow-up Due", OVERDUE_18),
    (f"{THANKED}, decision_by 12-10", "12-14", WAITING, "18 Send follow-up Due", OVERDUE_18),  # 12 December: a Saturday
    (f"{MET}, decision_by 11-04", "11-06", "15 Send thank-you Overdue", "18 Send follow-up Due", OVERDUE_18),
    # after a reply a tick may be from before it
    (f"{THANKED}, followed x, reply 11-05", "11-19", "20 In conversation", "18 Send follow-up Due", OVERDUE_18),
    (f"{FOLLOWED}", "11-24", WAITING, "19 Send second follow-up Due", "19 Send second follow-up Overdue"),
    (f"{FOLLOWED}, reply 11-16", "11-24", WAITING, "19 Send second follow-up Due", "19 Send second follow-up Overdue"),
    (f"{FOLLOWED}, snooze 11-25", "11-25", "2 Snoozed", "19 Send second follow-up Due",
     "19 Send second follow-up Overdue"),
    # a tick stands for a day without the snooze
    (f"{THANKED}, followed x, snooze 11-19", "11-24", WAITING, "19 Send second follow-up Due",
     "19 Send second follow-up Overdue"),
    at=3,
)  # fmt: skip


@pytest.mark.parametrize(("cells", "turn", "before", "on", "after"), BOUNDARIES)
def test_a_state_changes_on_its_day(cells: str, turn: str, before: str, on: str, after: str) -> None:
    days = (day(turn) - ONE, day(turn), day(turn) + ONE)
    assert [state(look(noon(d.isoformat()), **row(cells))) for d in days] == [before, on, after]


STAYS = by_rule(
    # cells, first and last day on which the state is this one
    ("interview 11-02, outcome Accepted", "11-01", "2027-11-01", "4 Closed"),
    ("interview 11-02, outcome Closed", "11-01", "2027-11-01", "4 Closed"),
    (PROMISED, "11-02", "11-16", "4 Closed"),
    (PROMISED, "11-17", "12-31", "4a Check row Check"),
    (f"{PROMISED}, closing x", "11-02", "2027-11-01", "4 Closed"),
    (f"{MET}, followed 11-02, outcome Next round", "11-02", "11-08", "4 Closed"),
    ("applied 11-02, outcome Next round", "11-02", "12-01", "4a Check row Check"),
    ("applied 11-02, outcome Next round, closing x", "11-02", "2027-11-01", "4 Closed"),
    ("reply 11-02, outcome Next round", "11-02", "2027-11-01", "4 Closed"),
    (f"{MET}, closing x, outcome Next round", "11-02", "2027-11-01", "4 Closed"),
    (f"{MET}, closing x, outcome Offer", "11-02", "2027-11-01", "6 Closed"),
    ("outcome Next round", "11-02", "2027-11-01", "4 Closed"),
    ("interview 11-02, outcome Ghosted", "11-01", "2027-11-01", "5 Ghosted Ghosted"),
    (f"{MET}, closing 11-02", "11-01", "2027-11-01", "6 Closed"),
    (f"{THANKED}, closing x", "11-02", "2027-11-01", "6 Closed"),
    (f"{THANKED}, outcome Offer", "11-02", "2027-11-01", "9 Offer"),
    ("outcome Offer", "11-02", "2027-11-01", "9 Offer"),
    ("outcome Rejected", "11-02", "2027-11-01", "12 Closed"),
    ("outcome Rejected, reply 11-02", "11-02", "2027-11-01", "12 Closed"),
    (f"{THANKED}, outcome Rejected, reply 11-01", "11-02", "2027-11-01", "12 Closed"),
    (f"{THANKED}, outcome Rejected, closing x", "11-02", "2027-11-01", "12 Closed"),
    (f"{THANKED}, outcome Withdrawn, closing x", "11-02", "2027-11-01", "12 Closed"),
    ("outcome Withdrawn", "11-02", "2027-11-01", "12 Closed"),
    ("outcome Withdrawn, closing x, reply 11-02", "11-02", "2027-11-01", "12 Closed"),
    ("outcome Withdrawn, reply 11-02", "11-02", "12-02", "11 Send withdrawal Due"),  # no clock: 30 days from the reply
    ("applied 11-02, outcome Withdrawn", "11-02", "2027-11-01", "12 Closed"),  # nobody knows of it
    ("applied 11-02, outcome Rejected, reply 11-05", "11-05", "2027-11-01", "12 Closed"),
    ("applied 11-02, outcome Accepted", "11-02", "2027-11-01", "4 Closed"),
    ("applied 11-02, outcome Ghosted", "11-02", "2027-11-01", "5 Ghosted Ghosted"),
    ("applied 11-02, closing 11-05", "11-05", "2027-11-01", "6 Closed"),
    ("applied 11-02, outcome Offer", "11-02", "2027-11-01", "9 Offer"),
    ("outcome Wishlist", "11-02", "2027-11-01", "13a Not applied"),
    ("outcome Wishlist, contact Ana Ruiz, reply 11-02", "11-02", "2027-11-01", "13a Not applied"),
    ("outcome Wishlist, applied 11-02, contact Ana Ruiz", "11-02", "11-11", "13g Applied"),
    ("outcome Wishlist, interview 11-30", "11-02", "11-29", "17 Upcoming"),
    ("outcome Interview", "11-02", "2027-11-01", "13b Check row Check"),
    ("outcome Interview, reply 11-02", "11-02", "2027-11-01", "13b Check row Check"),
    ("outcome Interview, applied 11-02", "11-02", "12-01", "13b Check row Check"),
    ("outcome Interview, interview 11-02", "11-02", "11-03", "15 Send thank-you Due"),
    ("", "11-02", "2027-11-01", "13c No interview"),
    ("outcome Applied, contact Ana Ruiz", "11-02", "2027-11-01", "13c No interview"),
    (f"{APPLIED}, reply 11-05", "11-05", "11-15", "13f In conversation"),
    ("applied 11-02, reply 11-05", "11-05", "12-05", "13f In conversation"),
    (APPLIED, "11-01", "11-11", "13g Applied"),
    (f"{APPLIED}, outcome Applied", "11-01", "11-11", "13g Applied"),
    (f"{APPLIED}, feeling Horrible", "11-01", "11-11", "13g Applied"),
    ("applied 11-02", "11-01", "12-01", "13g Applied"),
    (f"{APPLIED}, followed 11-12", "11-12", "12-01", "13g Applied"),
    (f"{APPLIED}, thanked 11-20", "11-19", "11-30", "13e Send check-in Overdue"),  # nobody was met
    # once there is an interview, the day of the application says nothing
    ("applied 11-02, interview 11-30", "11-02", "11-29", "17 Upcoming"),
    ("applied 12-24, interview 11-30", "11-02", "11-29", "17 Upcoming"),
    ("thanked 11-03", "11-02", "2027-11-01", "13c No interview"),
    ("feeling Horrible", "11-02", "2027-11-01", "13c No interview"),
    ("reply 11-03", "11-02", "2027-11-01", "13c No interview"),
    (f"{MET}, outcome Withdrawn", "10-01", "12-31", "11 Send withdrawal Due"),
    (f"{MET}, feeling Great", "11-02", "11-03", "15 Send thank-you Due"),
    (f"{MET}, feeling Fine", "11-02", "11-03", "15 Send thank-you Due"),
    (f"{MET}, feeling Bad", "11-02", "11-03", "15 Send thank-you Due"),
    (f"{THANKED}, feeling Bad", "11-03", "11-16", WAITING),
    (f"{THANKED}", "11-03", "11-16", WAITING),
    (f"{FOLLOWED}", "11-17", "11-23", WAITING),
    (f"{SECONDED}", "11-24", "11-30", WAITING),
    (f"{MET}, seconded 11-24", "11-24", "11-30", WAITING),
    (f"{MET}, followed 11-05", "11-05", "11-11", WAITING),
    ("interview 11-30", "11-02", "11-29", "17 Upcoming"),
    ("interview 11-30, thanked 11-30, closing ", "11-29", "11-29", "17 Upcoming"),
    ("interview 11-30, outcome Next round", "11-02", "11-29", "17 Upcoming"),
    (f"{THANKED}, reply 11-05", "11-05", "11-18", "20 In conversation"),
    ("interview 11-02, thanked 11-05, reply 11-05", "11-05", "11-18", "20 In conversation"),
    ("interview 11-02, thanked 11-06, reply 11-05", "11-06", "11-19", WAITING),
    ("interview 11-02, thanked x, reply 11-02", "11-02", "11-16", "20 In conversation"),
    (f"{FOLLOWED}, reply 11-16", "11-17", "11-23", WAITING),
    (f"{FOLLOWED}, reply 11-17", "11-17", "11-30", "20 In conversation"),
    (f"{SECONDED}, reply 11-24", "11-24", "12-07", "20 In conversation"),
    (f"{SECONDED}, reply 11-23", "11-24", "11-30", WAITING),
    # a reply makes a horrible interview like any other
    (f"{THANKED}, feeling Horrible, reply 11-05", "11-05", "11-18", "20 In conversation"),
    # ... but not on the very day
    (f"{THANKED}, feeling Horrible, reply 11-02", "11-03", "11-20", "16 Send withdrawal Due"),
    (f"{THANKED}, feeling Horrible, reply 11-03", "11-03", "11-16", "20 In conversation"),
    (f"{THANKED}, decision_by 12-10", "11-03", "12-13", WAITING),
    (f"{THANKED}, decision_by 11-01", "11-03", "11-16", WAITING),
    (f"{THANKED}, reply 11-05, decision_by 11-05", "11-05", "11-18", "20 In conversation"),
    (f"{THANKED}, reply 11-05, decision_by 11-06", "11-05", "11-08", "20 In conversation"),
    # a reply before the interview is none
    (f"{THANKED}, reply 11-01", "11-03", "11-16", WAITING),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "first", "last", "expected"), STAYS)
def test_a_state_lasts_until_its_day(cells: str, first: str, last: str, expected: str) -> None:
    start, end = day(first), day(last)
    days = {start, start + ONE, start + (end - start) / 2, end - ONE, end}
    for each in sorted(d for d in days if start <= d <= end):
        assert state(look(noon(each.isoformat()), **row(cells))) == expected, each


MINUTES = [
    ("11-02 14:29:59", "17 Upcoming"),
    ("11-02 14:30", "15 Send thank-you Due"),
    ("11-03 14:30", "15 Send thank-you Due"),
    ("11-03 14:30:01", "15 Send thank-you Overdue"),
    ("11-16 23:59", "15 Send thank-you Overdue"),
    ("11-17 00:00", "18 Send follow-up Due"),
]


@pytest.mark.parametrize(("now", "expected"), MINUTES)
def test_an_interview_with_a_time_counts_to_the_second(now: str, expected: str) -> None:
    assert state(look(at(now), interview="2026-11-02 14:30")) == expected


@pytest.mark.parametrize(("now", "expected"), [("11-02 14:29", "17 Upcoming"), ("11-02 14:30", "3 Send thank-you Due")])
def test_next_round_on_an_interview_still_to_come_counts_as_empty(now: str, expected: str) -> None:
    found = look(at(now), interview="2026-11-02 14:30", outcome="Next round")
    assert state(found) == expected
    assert (found.follow_up_due is not None) == (expected == "17 Upcoming")


def test_a_bare_date_has_come_at_midnight_and_is_late_after_the_next_day() -> None:
    times = ("11-01 23:59", "11-02 00:00", "11-03 23:59", "11-04 00:00")
    assert [look(at(now), interview="2026-11-02").flag for now in times] == ["", "Due", "Due", "Overdue"]


# --- rules 7 and 8 ------------------------------------------------------------------------------------------

# Accepted: interview 2 Nov, thanked 3 Nov; Ghosted on and so End is 1 Dec; 30 days later is 31 Dec.
ACCEPTED = row("interview 11-02, thanked 11-03, outcome Accepted, company Globex")


def beside(cells: str, now: str = "11-20", accepted: dict[str, Any] | None = None, **settings: Any) -> Seen:
    rows = [accepted or ACCEPTED, row(cells)]
    forth, back = look_all(rows, noon(now), **settings)[1], look_all(rows[::-1], noon(now), **settings)[0]
    assert forth == back
    return forth


ACCEPTANCE = by_rule(
    # the row beside an accepted one of Globex, and its state
    (f"{THANKED}", "8 Send withdrawal Due"),
    (f"{THANKED}, company Globex", "7 Closed"),
    (f"{THANKED}, company  globex ", "7 Closed"),
    (f"{THANKED}, company GLOBEX", "7 Closed"),
    (f"{THANKED}, outcome Offer", "8 Send withdrawal Due"),
    (f"{THANKED}, outcome Offer, company Globex", "7 Closed"),
    (f"{MET}, outcome Offer", "8 Send withdrawal Due"),
    ("interview 11-10, outcome Offer", "8 Send withdrawal Due"),
    ("interview 11-10, outcome Offer, company Globex", "7 Closed"),
    ("interview 11-10, outcome Next round", "8 Send withdrawal Due"),
    ("interview 11-10, outcome Next round, company Globex", "3 Send thank-you Overdue"),
    (f"{MET}, outcome Offer, company Globex", "7 Closed"),
    (f"{MET}", "8 Send withdrawal Due"),
    ("interview 12-30", "8 Send withdrawal Due"),
    ("interview 12-31", "8 Send withdrawal Due"),
    ("interview 2027-01-01", "17 Upcoming"),
    ("interview 12-31, company Globex", "7 Closed"),
    ("interview 2027-01-01, company Globex", "17 Upcoming"),
    ("interview 12-31, outcome Next round", "8 Send withdrawal Due"),
    (f"{THANKED}, feeling Horrible", "8 Send withdrawal Due"),
    (f"{THANKED}, closing x", "6 Closed"),
    (f"{THANKED}, snooze 12-10", "2 Snoozed"),
    (f"{THANKED}, outcome Rejected", "10 Ask for feedback Due"),
    (f"{THANKED}, outcome Withdrawn", "11 Send withdrawal Due"),
    (f"{THANKED}, outcome Closed", "4 Closed"),
    (PROMISED, "8 Send withdrawal Due"),
    (f"{PROMISED}, closing x", "4 Closed"),
    (f"{PROMISED}, company Globex", "4 Closed"),
    ("applied 11-02, outcome Next round", "8 Send withdrawal Due"),
    ("applied 11-02, outcome Next round, company Globex", "4 Closed"),
    ("outcome Next round", "4 Closed"),
    ("outcome Offer", "9 Offer"),
    ("outcome Offer, closing x", "6 Closed"),
    ("applied 11-02, outcome Offer", "8 Send withdrawal Due"),
    ("applied 11-02, outcome Offer, company Globex", "7 Closed"),
    ("applied 11-02, reply 11-05", "8 Send withdrawal Due"),
    ("applied 11-02, reply 11-05, closing x", "6 Closed"),
    ("applied 11-02, reply 11-05, company Globex", "7 Closed"),
    ("applied 11-02", "8a Closed"),
    (APPLIED, "8a Closed"),
    ("applied 11-05, reply 11-02", "8a Closed"),  # a reply before the application is none
    ("applied 11-02, company Globex", "7 Closed"),
    ("applied 11-21", "8a Closed"),
    ("applied 10-01", "13d Ghosted Ghosted"),
    ("applied 10-01, outcome Offer", "8 Send withdrawal Due"),
    ("applied 10-01, outcome Next round", "4 Closed"),
    ("applied 12-24, outcome Wishlist", "8a Closed"),
    ("applied 2027-01-01, outcome Wishlist", "13a Not applied"),
    ("outcome Wishlist", "13a Not applied"),
    ("applied 11-02, outcome Withdrawn, reply 11-05", "11 Send withdrawal Due"),
    ("interview 10-01, thanked 10-02, outcome Next round", "4a Check row Check"),  # silent: nobody waits
    ("interview 10-01, thanked 10-02, feeling Horrible", "8 Send withdrawal Due"),
    ("interview 08-03, thanked 08-04, feeling Horrible", "8a Closed"),  # the time for a closing note is over
    ("interview 08-03, thanked 08-04, outcome Offer", "8a Closed"),
    (f"{THANKED}, outcome Ghosted", "5 Ghosted Ghosted"),
    (f"{THANKED}, outcome Accepted", "4 Closed"),
    ("", "13c No interview"),
    ("thanked 11-03", "13c No interview"),
    ("interview soon", "1 Check row Check"),
    ("interview 10-01, thanked 10-02", "14 Ghosted Ghosted"),
    ("interview 10-01, thanked 10-02, outcome Offer", "8 Send withdrawal Due"),
    ("interview 10-01, thanked 10-02, company Globex", "7 Closed"),
)


@pytest.mark.parametrize(("cells", "expected"), ACCEPTANCE)
def test_an_offer_accepted_closes_its_company_and_withdraws_from_the_others(cells: str, expected: str) -> None:
    assert state(beside(cells)) == expected


def test_withdrawing_when_accepted_can_be_turned_off() -> None:
    assert state(beside(THANKED, withdraw_when_accepted=False)) == "18 Send follow-up Overdue"
    assert state(beside(f"{MET}, outcome Offer", "11-10", withdraw_when_accepted=False)) == "3 Send thank-you Overdue"
    assert state(beside(f"{THANKED}, company Globex", withdraw_when_accepted=False)) == "7 Closed"


def test_the_withdrawal_of_an_interview_to_come_is_due_then() -> None:
    assert beside("interview 12-01").due == date(2026, 12, 1)
    assert beside("interview 12-01 14:30").due == datetime(2026, 12, 1, 14, 30)
    assert beside(THANKED).due is None
    assert look(noon("11-20"), **row("interview 12-01, outcome Withdrawn")).due == date(2026, 12, 1)
    assert look(noon("11-20"), **row(f"{THANKED}, outcome Withdrawn")).due is None


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (["company Globex, outcome Accepted"], WAITING),  # no date, no End
        (["company Globex, outcome Accepted, thanked 11-03"], "8 Send withdrawal Due"),
        (["interview 11-02, outcome Accepted, company "], WAITING),  # of no company
        (["company , outcome Accepted"], WAITING),  # a separator
        (["company , outcome Accepted, snooze 11-10"], WAITING),
        (["interview soon, outcome Accepted, company Globex, reply 11-05"], "8 Send withdrawal Due"),
        (["interview 11-02, outcome Accepted, company Globex, snooze 12-24"], "8 Send withdrawal Due"),
        (["interview 2025-01-02, outcome Accepted, company Globex"], WAITING),  # too long ago
        (["interview 2025-01-02, outcome Accepted", "interview 11-02, outcome Accepted, company Globex"],
         "8 Send withdrawal Due"),
        (["interview 11-02, outcome Accepted", "interview 11-02, outcome Accepted, company Globex"], "7 Closed"),
        (["interview 11-03, outcome Accepted", "interview 11-02, outcome Accepted, company Globex"], "7 Closed"),
        (["interview 11-02, outcome Accepted", "interview 2025-01-02, outcome Accepted"], "7 Closed"),
        (["interview 2025-01-02, outcome Accepted", "interview 2025-01-02, outcome Accepted, company Globex"], WAITING),
        (["interview 11-02, outcome Accepted, company Globex", "interview 11-02, outcome Accepted, company Hooli"],
         "8 Send withdrawal Due"),
        (["interview 2025-01-02, outcome Accepted, company Globex", "interview 11-02, outcome Accepted, company Hooli"],
         "8 Send withdrawal Due"),
    ],
)  # fmt: skip
def test_which_accepted_rows_count(others: list[str], expected: str) -> None:
    mine = row("interview 11-10, thanked 11-11")
    rows = [row(other) for other in others]
    for mixed in ([mine, *rows], [*rows, mine]):
        shown = look_all(mixed, noon("11-20"))
        assert state(shown[mixed.index(mine)]) == expected


# --- the other rows of a company --------------------------------------------------------------------------------

FIRST = "interview 11-02, thanked 11-03"
REJECTED = f"{FIRST}, outcome Rejected"
WITHDRAWN = f"{FIRST}, outcome Withdrawn"
LOST = f"{FIRST}, outcome Offer"
GLOBEX = "interview 11-02, thanked 11-03, outcome Accepted, company Globex"
FEEDBACK, WITHDRAWAL = "10 Ask for feedback Due", "Send withdrawal Due"

BESIDE = by_rule(
    # a row of Acme, others (of Acme unless they say so), and the row's state on 20 November
    (PROMISED, ["interview 11-10"], "4 Closed"),
    (PROMISED, ["interview 12-10"], "4 Closed"),  # the round is to come
    (PROMISED, ["interview 11-02"], "4a Check row Check"),
    (PROMISED, ["interview 11-02 00:01"], "4 Closed"),  # any time is later than a bare date
    (PROMISED, ["interview 11-01"], "4a Check row Check"),
    (PROMISED, ["interview 11-10, company Hooli"], "4a Check row Check"),
    (PROMISED, ["interview 11-10, company ACME "], "4 Closed"),
    (PROMISED, ["applied 11-10"], "4a Check row Check"),
    (PROMISED, ["interview 11-10, thanked soon"], "4 Closed"),  # a row to check has its interview all the same
    (PROMISED, ["interview 11-10, outcome Rejected"], "4 Closed"),
    (f"{PROMISED}, role Analyst", ["interview 11-10, role Analyst"], "4 Closed"),
    (f"{PROMISED}, role Analyst", ["interview 11-10, role ANALYST "], "4 Closed"),
    (f"{PROMISED}, role Analyst", ["interview 11-10, role Manager"], "4a Check row Check"),
    (f"{PROMISED}, role Analyst", ["interview 11-10"], "4 Closed"),
    (PROMISED, ["interview 11-10, role Manager"], "4 Closed"),
    (PROMISED, ["outcome Accepted"], "4 Closed"),  # without any day, and without an End
    ("applied 11-02, outcome Next round", ["interview 11-02"], "4 Closed"),
    ("applied 11-02, outcome Next round", ["interview 11-01"], "4a Check row Check"),
    ("applied 11-02, outcome Next round, role Analyst", ["interview 11-10, role Manager"], "4 Closed"),
    ("applied 11-02, outcome Next round", ["interview 11-10, company Hooli"], "4a Check row Check"),
    (FIRST, ["interview 11-10"], "7a Closed"),
    (FIRST, ["interview 12-10"], "7a Closed"),
    (FIRST, ["interview 11-02"], OVERDUE_18),
    (FIRST, ["interview 11-02 09:00"], "7a Closed"),
    ("interview 11-02 09:00, thanked 11-03", ["interview 11-02"], OVERDUE_18),
    ("interview 11-02 09:00, thanked 11-03", ["interview 11-02 09:00"], OVERDUE_18),
    ("interview 11-02 09:00, thanked 11-03", ["interview 11-02 09:01"], "7a Closed"),
    (FIRST, ["applied 11-10"], OVERDUE_18),
    (f"{FIRST}, role Analyst", ["interview 11-10, role Manager"], OVERDUE_18),
    (f"{FIRST}, role Analyst", ["interview 11-10, role Manager", "interview 11-05"], "7a Closed"),
    (f"{FIRST}, role Analyst", ["interview 11-10, role analyst "], "7a Closed"),
    (FIRST, ["interview 11-10, role Manager"], "7a Closed"),
    (FIRST, ["interview 11-10, company Hooli"], OVERDUE_18),
    (f"{FIRST}, feeling Horrible", ["interview 11-10"], "7a Closed"),
    ("interview 11-18", ["interview 11-19"], "15 Send thank-you Overdue"),  # the thank-you first
    ("interview 11-02", ["interview 11-19"], "7a Closed"),  # too late for one
    ("interview 11-25", ["interview 11-26"], "17 Upcoming"),
    (f"{FIRST}, outcome Offer", ["interview 11-10"], "9 Offer"),
    (REJECTED, ["interview 11-10"], FEEDBACK),
    ("applied 11-02", ["interview 11-02"], "7a Closed"),
    ("applied 11-02", ["interview 11-01"], "13g Applied"),
    ("applied 11-02", ["interview 12-10 09:00"], "7a Closed"),
    ("applied 11-02, role Analyst", ["interview 11-10, role Manager"], "13g Applied"),
    ("applied 11-02", ["applied 11-10"], "13g Applied"),
    ("outcome Interview, applied 11-02", ["interview 11-10"], "7a Closed"),
    # one letter a company
    (LOST, [GLOBEX, "interview 11-10, outcome Offer"], "8a Closed"),
    (LOST, [GLOBEX, "interview 11-10, outcome Offer, role Manager"], "8a Closed"),
    (f"{LOST}, role Analyst", [GLOBEX, "interview 11-10, outcome Offer, role Manager"], "8a Closed"),
    (LOST, [GLOBEX, "interview 11-10, outcome Offer, company Hooli"], f"8 {WITHDRAWAL}"),
    (LOST, [GLOBEX, "interview 11-10, outcome Offer, closing x"], f"8 {WITHDRAWAL}"),  # it does not come to this rule
    (LOST, [GLOBEX, "interview 11-10, outcome Offer, snooze 12-24"], f"8 {WITHDRAWAL}"),
    (LOST, [GLOBEX, "interview 11-10, outcome Rejected"], f"8 {WITHDRAWAL}"),
    (LOST, [GLOBEX, "interview 11-02, outcome Offer"], f"8 {WITHDRAWAL}"),  # neither is later
    (LOST, [GLOBEX, "interview 11-02 09:00, outcome Offer"], "8a Closed"),
    (LOST, [GLOBEX, "applied 11-10, reply 11-12"], "8a Closed"),
    (LOST, [GLOBEX, "applied 11-10"], f"8 {WITHDRAWAL}"),  # nobody there has answered
    (LOST, [GLOBEX, "interview 11-10, outcome Next round"], "8a Closed"),
    (PROMISED, [GLOBEX, "interview 11-10, outcome Offer"], "4 Closed"),
    ("interview 11-10, outcome Next round", [GLOBEX, LOST], f"8 {WITHDRAWAL}"),
    (FIRST, [GLOBEX, "interview 11-10"], "7a Closed"),
    (REJECTED, ["interview 11-10, outcome Rejected"], "12 Closed"),
    (REJECTED, ["interview 11-02, outcome Rejected"], FEEDBACK),
    (REJECTED, ["interview 11-01, outcome Rejected"], FEEDBACK),
    (REJECTED, ["interview 12-10, outcome Rejected"], FEEDBACK),  # to come: not yet a reason to ask
    (REJECTED, ["interview 11-10, outcome Rejected, closing x"], FEEDBACK),
    (REJECTED, ["interview 11-10, outcome Rejected, reply 11-05"], FEEDBACK),
    (REJECTED, ["interview 11-10, outcome Rejected, company Hooli"], FEEDBACK),
    (f"{REJECTED}, role Analyst", ["interview 11-10, outcome Rejected, role Manager"], FEEDBACK),
    (f"{REJECTED}, role Analyst", ["interview 11-10, outcome Rejected, role analyst"], "12 Closed"),
    (f"{REJECTED}, role Analyst", ["interview 11-10, outcome Rejected"], "12 Closed"),
    (REJECTED, ["interview 11-10, outcome Rejected, role Manager"], "12 Closed"),
    (WITHDRAWN, ["interview 11-10, outcome Withdrawn"], "12 Closed"),
    (f"{WITHDRAWN}, role Analyst", ["interview 11-10, outcome Withdrawn, role Manager"], "12 Closed"),
    (WITHDRAWN, ["interview 12-10, outcome Withdrawn"], "12 Closed"),
    (WITHDRAWN, ["interview 11-10, outcome Withdrawn, closing x"], f"11 {WITHDRAWAL}"),
    (WITHDRAWN, ["interview 11-10, outcome Withdrawn, company Hooli"], f"11 {WITHDRAWAL}"),
    (WITHDRAWN, ["applied 11-10, outcome Withdrawn, reply 11-12"], "12 Closed"),
    (WITHDRAWN, ["applied 11-10, outcome Withdrawn"], f"11 {WITHDRAWAL}"),
    (WITHDRAWN, ["reply 11-12, outcome Withdrawn"], f"11 {WITHDRAWAL}"),  # a row without a day is not later
    ("reply 11-12, outcome Withdrawn", [WITHDRAWN], f"11 {WITHDRAWAL}"),
    # rows without a company have no other rows
    (f"{WITHDRAWN}, company ", ["interview 11-10, outcome Withdrawn, company "], f"11 {WITHDRAWAL}"),
    (f"{REJECTED}, company ", ["interview 11-10, outcome Rejected, company "], FEEDBACK),
    (f"{PROMISED}, company ", ["interview 11-10, outcome Rejected, company "], "4a Check row Check"),
    (f"{PROMISED}, company ", [GLOBEX], f"8 {WITHDRAWAL}"),
    # a row that is neither an interview nor an application
    ("outcome Offer", ["interview 11-10"], "9 Offer"),
    ("reply 11-05", ["interview 11-10"], "13c No interview"),
    at=2,
)  # fmt: skip


@pytest.mark.parametrize(("cells", "others", "expected"), BESIDE)
def test_a_row_beside_others_of_its_company(cells: str, others: list[str], expected: str) -> None:
    rows = [row(cells), *map(row, others)]
    forth, back = look_all(rows, noon("11-20"))[0], look_all(rows[::-1], noon("11-20"))[-1]
    assert state(forth) == state(back) == expected


def test_without_withdrawals_nothing_is_lost_to_another_offer() -> None:
    for cells, expected in (
        (THANKED, OVERDUE_18), (PROMISED, "4a Check row Check"), (f"{MET}, outcome Offer", "9 Offer"),
        ("applied 11-02", "13g Applied"), ("interview 11-10, outcome Next round", "3 Send thank-you Overdue"),
    ):  # fmt: skip
        assert state(beside(cells, withdraw_when_accepted=False)) == expected


# --- the dates ----------------------------------------------------------------------------------------------

THANK_YOU_DUE = [
    ("2026-11-02", {}, "2026-11-03"),
    ("2026-11-06", {}, "2026-11-07"),  # a Saturday: never rolled
    ("2026-12-31", {}, "2027-01-01"),
    ("2026-11-02 14:30", {}, "2026-11-03 14:30"),
    ("2026-11-02 14:30:15", {}, "2026-11-03 14:30:15"),
    ("2026-10-24 14:30", {}, "2026-10-25 13:30"),  # clocks go back in between
    ("2026-03-28 14:30", {}, "2026-03-29 15:30"),  # and forward
    ("2026-10-25 02:30", {}, "2026-10-26 01:30"),  # exists twice: the earlier
    ("2026-03-29 02:30", {}, "2026-03-30 03:00"),  # skipped: moves to 3:00
    ("2026-11-02", {"thank_you_hours": 1}, "2026-11-03"),
    ("2026-11-02", {"thank_you_hours": 25}, "2026-11-04"),
    ("2026-11-02", {"thank_you_hours": 48}, "2026-11-04"),
    ("2026-11-02 14:30", {"thank_you_hours": 1}, "2026-11-02 15:30"),
    ("2026-11-02 14:30", {"thank_you_hours": 48}, "2026-11-04 14:30"),
    ("2026-11-02 12:00", {"thank_you_hours": 12}, "2026-11-03 00:00"),
]


def moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if " " in text else date.fromisoformat(text)


@pytest.mark.parametrize(("interview", "settings", "expected"), THANK_YOU_DUE)
def test_thank_you_due(interview: str, settings: dict[str, int], expected: str) -> None:
    assert look_all([{"interview": interview}], noon("11-20"), **settings)[0].thank_you_due == moment(expected)


THREE_DATES = [
    # cells, follow-up due, second follow-up due, ghosted on
    (MET, "11-17", "11-24", "12-01"),
    (THANKED, "11-17", "11-24", "12-01"),
    ("interview 11-02, thanked 11-05", "11-19", "11-26", "12-03"),
    ("interview 11-02, thanked x", "11-17", "11-24", "12-01"),
    ("interview 11-02 14:30", "11-17", "11-24", "12-01"),
    ("interview 11-02, thanked 11-07", "11-23", "11-30", "12-07"),  # a Saturday rolls
    ("interview 11-02, thanked 11-08", "11-23", "11-30", "12-07"),  # a Sunday rolls
    ("interview 11-02, thanked 11-09", "11-23", "11-30", "12-07"),
    ("interview 11-02, thanked 11-06", "11-20", "11-27", "12-04"),
    (f"{MET}, reply 11-01", "11-17", "11-24", "12-01"),  # before the interview: none
    (f"{MET}, reply 11-02", "11-17", "11-24", "12-01"),  # T is later
    (f"{MET}, reply 11-04", "11-18", "11-25", "12-02"),
    (f"{THANKED}, decision_by 11-12", "11-16", "11-23", "11-30"),  # two days on: a Saturday
    (f"{THANKED}, decision_by 11-25", "11-27", "12-04", "12-11"),
    (f"{THANKED}, decision_by 11-02", "11-04", "11-11", "11-18"),  # the day of the interview
    (f"{THANKED}, decision_by 11-01", "11-17", "11-24", "12-01"),  # before it
    (f"{THANKED}, reply 11-05, decision_by 11-05", "11-19", "11-26", "12-03"),
    (f"{THANKED}, reply 11-05, decision_by 11-06", "11-09", "11-16", "11-23"),
    (f"{THANKED}, reply 11-01, decision_by 11-02", "11-04", "11-11", "11-18"),
    (f"{THANKED}, decision_by 11-12, snooze 11-20", "11-20", "11-27", "12-04"),
    (f"{THANKED}, decision_by 11-12, followed x", "11-16", "11-23", "11-30"),
    (f"{THANKED}, followed 11-18", "11-17", "11-25", "12-02"),
    (f"{THANKED}, followed 11-14", "11-17", "11-23", "11-30"),  # 7 days after a Saturday
    (f"{THANKED}, followed x", "11-17", "11-24", "12-01"),
    (f"{THANKED}, followed 11-18, seconded 11-28", "11-17", "11-25", "12-05"),  # ghosted on is not rolled
    (f"{THANKED}, followed x, seconded x", "11-17", "11-24", "12-01"),
    (f"{THANKED}, followed x, snooze 11-20", "11-20", "11-24", "12-01"),  # the tick stands for the 17th all the same
    (f"{FOLLOWED}, seconded x, snooze 11-27", "11-27", "11-27", "12-04"),  # ... for the 24th
    (f"{THANKED}, seconded 11-19", "11-17", "11-24", "11-26"),
    (f"{THANKED}, followed 11-10, reply 11-05", "11-19", "11-17", "11-24"),
    (f"{THANKED}, followed 11-05, reply 11-05", "11-19", "11-26", "12-03"),  # sent before the reply: does not count
    (f"{THANKED}, followed x, reply 11-05", "11-19", "11-26", "12-03"),
    (f"{THANKED}, followed 11-10, seconded 11-18, reply 11-18", "12-02", "12-09", "12-16"),
    (f"{THANKED}, followed 11-10, seconded 11-19, reply 11-18", "12-02", "12-09", "11-26"),
    (f"{THANKED}, snooze 11-10", "11-17", "11-24", "12-01"),
    (f"{THANKED}, snooze 11-17", "11-17", "11-24", "12-01"),
    (f"{THANKED}, snooze 11-18", "11-18", "11-25", "12-02"),
    (f"{THANKED}, snooze 11-21", "11-23", "11-30", "12-07"),  # a Saturday rolls to Monday
    (f"{FOLLOWED}, snooze 11-21", "11-23", "11-24", "12-01"),
    (f"{FOLLOWED}, snooze 11-28", "11-30", "11-30", "12-07"),
    (f"{SECONDED}, snooze 11-28", "11-30", "11-30", "12-05"),  # ghosted on: 7 days after the Saturday itself
]


def three(found: Seen) -> list[str]:
    return [str(d)[5:] if d else "" for d in (found.follow_up_due, found.second_follow_up_due, found.ghosted_on)]


@pytest.mark.parametrize(("cells", "follow_up", "second", "ghosted"), THREE_DATES)
def test_the_three_later_dates(cells: str, follow_up: str, second: str, ghosted: str) -> None:
    assert three(look(noon("11-30"), **row(cells))) == [follow_up, second, ghosted]


APPLICATION_DATES = [
    # cells, follow-up due, ghosted on
    ("applied 11-02", "11-12", "12-02"),
    (APPLIED, "11-12", "12-02"),
    ("applied 11-04", "11-16", "12-06"),  # a Saturday rolls; Ghosted on does not
    ("applied 11-02, reply 11-05", "11-16", "12-06"),
    ("applied 11-02, reply 11-01", "11-12", "12-02"),
    ("applied 11-02, thanked 11-20", "11-12", "12-02"),
    ("applied 11-02, decision_by 11-30", "12-02", "12-22"),
    ("applied 11-02, decision_by 11-01", "11-12", "12-02"),
    ("applied 11-02, snooze 11-21", "11-23", "12-13"),
    ("applied 11-02, followed 11-16, snooze 11-21", "11-23", "12-11"),
    ("applied 11-02, followed 11-16", "11-12", "12-06"),
    ("applied 11-02, followed x", "11-12", "12-02"),
    ("applied 11-02, followed x, snooze 11-13", "11-13", "12-03"),
    ("applied 11-02, followed 11-01", "11-12", "12-02"),
    ("applied 11-02, followed 11-02", "11-12", "11-22"),
    ("applied 11-02, seconded 11-01", "11-12", "12-02"),
    ("applied 11-02, seconded 11-18", "11-12", "12-08"),
    ("applied 11-02, followed 11-16, seconded 11-18", "11-12", "12-08"),
    ("applied 11-02, followed 11-16, seconded x", "11-12", "12-02"),
    ("applied 11-02, followed 11-04, reply 11-05", "11-16", "12-06"),
    ("applied 11-02, followed 11-06, reply 11-05", "11-16", "11-26"),
    ("applied 11-02, feeling Horrible", "11-12", "12-02"),
]


@pytest.mark.parametrize(("cells", "follow_up", "ghosted"), APPLICATION_DATES)
def test_the_two_dates_of_an_application(cells: str, follow_up: str, ghosted: str) -> None:
    found = look(noon("11-30"), **row(cells))
    assert three(found) == [follow_up, "", ghosted]
    assert found.thank_you_due is None


def test_the_waits_of_an_application_are_settings_of_their_own() -> None:
    waits = {"application_follow_up_days": 3, "application_ghosted_days": 5}
    for others in ({}, {"follow_up_days": 9, "second_follow_up_days": 9, "ghosted_days": 9}):
        assert three(look_all([row("applied 11-02")], noon("11-30"), **waits, **others)[0]) == ["11-05", "", "11-10"]
        cells = row("applied 11-02, snooze 11-10, followed x")
        assert three(look_all([cells], noon("11-30"), **waits, **others)[0]) == ["11-10", "", "11-15"]
    assert three(look_all([row(THANKED)], noon("11-30"), **waits)[0]) == ["11-17", "11-24", "12-01"]


def test_without_skipping_weekends_nothing_rolls() -> None:
    assert three(look_all([row("applied 11-04")], noon("11-20"), skip_weekends=False)[0]) == ["11-14", "", "12-04"]
    cells = row("interview 11-06, snooze 11-22")
    assert three(look_all([cells], noon("11-20"), skip_weekends=False)[0]) == ["11-22", "11-29", "12-06"]
    assert three(look_all([cells], noon("11-20"))[0]) == ["11-23", "11-30", "12-07"]


def test_every_wait_is_a_setting() -> None:
    waits = {"follow_up_days": 3, "second_follow_up_days": 2, "ghosted_days": 5}
    assert three(look_all([row(THANKED)], noon("11-20"), **waits)[0]) == ["11-06", "11-09", "11-14"]
    assert three(look_all([row(f"{THANKED}, snooze 11-20")], noon("11-20"), **waits)[0]) == ["11-20", "11-23", "11-28"]
    # the closing window: End is 14 November
    cells = row(f"{THANKED}, outcome Withdrawn")
    states = [state(look_all([cells], noon(d), closing_days=4, **waits)[0]) for d in ("11-18", "11-19")]
    assert states == ["11 Send withdrawal Due", "12 Closed"]
    # Limit follows the follow-up days: 3 November + 3
    states = [state(look_all([row(MET)], noon(d), **waits)[0]) for d in ("11-05", "11-06")]
    assert states == ["15 Send thank-you Overdue", "18 Send follow-up Due"]


SHOWN = [
    # cells, whether Thank-you due and the three later dates are shown
    (THANKED, True, True), ("", False, False), ("thanked 11-03", False, False), ("reply 11-03", False, False),
    (f"{THANKED}, feeling Horrible", True, False), (f"{THANKED}, feeling Horrible, reply 11-05", True, True),
    (f"{THANKED}, outcome Offer", True, False), (PROMISED, False, False),
    (f"{MET}, outcome Next round, thanked 11-09", True, False),
    (f"{THANKED}, outcome Accepted", True, False), (f"{THANKED}, outcome Rejected", True, False),
    (f"{THANKED}, outcome Withdrawn", True, False), (f"{THANKED}, outcome Ghosted", True, False),
    (f"{THANKED}, outcome Closed", True, False), (f"{THANKED}, snooze 12-24", True, True),
    (f"{THANKED}, closing x", True, True), ("interview 12-24", True, True), ("interview 10-01", True, True),
    ("interview 12-24, outcome Next round", True, True), (f"{THANKED}, snooze soon", False, False),
    (f"{THANKED}, outcome Pending", True, True), ("outcome Interview, interview 11-02", True, True),
    ("reply 11-03, followed 11-05, decision_by 11-10, snooze 12-24", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "first", "others"), SHOWN)
def test_which_dates_are_shown(cells: str, first: bool, others: bool) -> None:
    found = look(noon("11-20"), **row(cells))
    assert (found.thank_you_due is not None) is first
    assert [d is not None for d in (found.follow_up_due, found.second_follow_up_due, found.ghosted_on)] == [others] * 3


DUES = [
    (f"{THANKED}, snooze 12-24", "12-24"), ("interview 11-10, outcome Next round", "11-11"),
    (f"{THANKED}, outcome Closed", ""),
    (f"{THANKED}, outcome Ghosted", ""), (f"{THANKED}, closing x", ""), (f"{THANKED}, outcome Offer", ""),
    (f"{THANKED}, outcome Rejected", ""), (f"{THANKED}, outcome Rejected, reply 11-05", "11-06"),
    (f"{THANKED}, outcome Rejected, reply 11-05, followed 11-17", "11-18"),
    (f"{THANKED}, outcome Rejected, reply 11-05, followed x", "11-20"),  # the tick stands for 19 Nov, gone by now
    (f"{THANKED}, outcome Rejected, reply 11-09, followed x", "11-10"),  # ... for 23 Nov, which has not come
    (f"{THANKED}, outcome Rejected, reply 11-05, snooze 11-12", "11-13"),
    ("interview 11-02, thanked x, outcome Rejected, reply 11-02", "11-04"),
    ("interview 11-19, thanked x, outcome Rejected, reply 11-19", "11-23"),
    (f"{THANKED}, outcome Offer, decision_by 11-25", "11-25"),
    (f"{THANKED}, outcome Offer, decision_by 11-20", "11-20"),
    (f"{THANKED}, outcome Offer, decision_by 11-19", ""), ("outcome Offer, decision_by 11-25", "11-25"),
    (f"{THANKED}, outcome Offer, decision_by 11-25, closing x", ""),
    ("applied 11-02", "12-02"), (APPLIED, "11-12"), ("applied 10-01", "11-01"), ("applied 11-12", "12-13"),
    ("applied 11-12, contact Ana Ruiz", "11-23"), ("applied 11-12, contact Ana Ruiz, followed 11-13", "12-03"),
    ("applied 11-12, reply 11-13", "12-13"), ("applied 11-12, reply 11-13, contact Ana Ruiz", "11-23"),
    ("outcome Interview", ""), ("outcome Wishlist", ""), (PROMISED, ""),
    ("applied 11-02, outcome Withdrawn, reply 11-05", ""), (f"{THANKED}, outcome Withdrawn, reply 11-05", ""),
    ("", ""), ("interview 10-01", "10-30"), (MET, "11-17"), ("interview 11-10", "11-11"),
    (f"{THANKED}, feeling Horrible", ""), ("interview 12-24", "12-25"), (FOLLOWED, "11-24"),
    ("interview 11-02, thanked 11-03, followed 11-10, seconded 11-17", "11-24"),
    (f"{THANKED}, reply 11-10", "11-24"), ("interview 11-10, thanked 11-11", "11-25"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), DUES)
def test_due(cells: str, expected: str) -> None:
    due = look(noon("11-20"), **row(cells)).due
    assert (str(due)[5:] if due else "") == expected


def test_due_of_a_thank_you_has_its_time() -> None:
    found = look(at("11-02 15:00"), interview="2026-11-02 14:30")
    assert found.due == found.thank_you_due == datetime(2026, 11, 3, 14, 30)


LATEST = [
    # of a rejected row with a reply: the day after Latest, by what is in the row, on Friday 20 November
    ("interview 11-09, thanked 11-10, reply 11-09", "11-11"),
    ("interview 11-09, thanked x, reply 11-09", "11-11"),
    ("interview 11-19, thanked x, reply 11-19", "11-23"),  # T is 20 November
    ("interview 11-20, thanked x, reply 11-20", "11-23"),  # T is tomorrow: left out; the interview is today
    ("interview 11-09, thanked 11-10, reply 11-09, followed 11-11", "11-12"),
    ("interview 11-09, thanked 11-10, reply 11-09, seconded 11-12", "11-13"),
    ("interview 11-09, thanked 11-10, reply 11-16", "11-17"),
    ("interview 11-09, thanked 11-21, reply 11-16", "11-23"),  # a typed date of tomorrow is not left out
    ("interview 11-09, thanked 11-10, reply 11-09, snooze 11-19", "11-20"),
    ("interview 11-09, thanked 11-10, reply 11-09, snooze 11-20", "11-23"),
    ("interview 11-02, reply 11-02, thanked 11-02, seconded x", "11-03"),  # stands for 23 November: left out
    ("interview 10-26, reply 10-26, thanked 10-26, seconded x", "11-17"),  # stands for 16 November
]


@pytest.mark.parametrize(("cells", "expected"), LATEST)
def test_feedback_is_due_the_day_after_the_latest_sign_of_life(cells: str, expected: str) -> None:
    assert str(look(noon("11-20"), **row(f"{cells}, outcome Rejected")).due)[5:] == expected


def test_without_an_interview_the_closing_window_begins_at_the_snooze() -> None:
    cells = {"outcome": "Withdrawn", "reply": "2026-10-01"}
    assert look(NOW, **cells, snooze="2026-10-21").status == "Send withdrawal"
    assert look(NOW, **cells, snooze="2026-10-20").status == "Closed"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its time zone for a test")
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles"])
def test_the_zone_of_the_machine_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert look(NOW, interview="2026-11-19 15:00").flag == "Due"
        assert look(NOW, interview="2026-11-19 14:59").flag == "Overdue"
        skipped = look(NOW, interview="2026-03-29 02:30")
        assert skipped.thank_you_due == datetime(2026, 3, 30, 3, 0)
    finally:
        monkeypatch.undo()
        time.tzset()


# --- problems -----------------------------------------------------------------------------------------------

FUTURE = "has not come yet; write the day it happened"
PROBLEMS = [
    *((f"interview 11-02, {key} 11-22", f"{BY_KEY[key].header}: 22 Nov 2026 {FUTURE}")
      for key in ("thanked", "followed", "seconded", "closing", "reply")),
    *((f"interview 11-02, {key} 11-01",
       f"{BY_KEY[key].header}: 1 Nov 2026 is before the interview of 2 Nov 2026; correct one of the two")
      for key in ("thanked", "followed", "seconded")),
    ("interview 11-02, followed 11-12, seconded 11-11",
     "Second follow-up sent: 11 Nov 2026 is before the first follow-up of 12 Nov 2026; correct one of the two"),
    *((f"{key} x", f"{BY_KEY[key].header}: x is no date; write the date, like 2026-11-20")
      for key in ("interview", "reply", "snooze")),
    *((f"{key} soon", f"{BY_KEY[key].header}: cannot read soon as a date; write it like 2026-11-20")
      for key in ("interview", "thanked", "followed", "seconded", "closing", "reply", "snooze")),
    ("applied 11-22", "Applied: 22 Nov 2026 has not come yet; write the day you applied, once you have"),
    *((f"{key} soon", f"{BY_KEY[key].header}: cannot read soon as a date; write it like 2026-11-20")
      for key in ("applied", "decision_by")),
    *((f"company , {key} 11-02", "Company: it is empty; write whose interview it is")
      for key in ("interview", "thanked", "followed", "seconded", "closing", "reply")),
    *((f"company , {key} x", "Company: it is empty; write whose interview it is")
      for key in ("thanked", "followed", "seconded", "closing")),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), PROBLEMS)
def test_a_problem_makes_a_check_row(cells: str, expected: str) -> None:
    for outcome in ("", "Offer"):
        found = look(noon("11-20"), **row(cells), outcome=outcome)
        assert found == Seen("Check row", "Check", None, None, None, None, None, expected, "1", "")


NO_PROBLEMS = [
    *(f"interview 11-02, {key} 11-21" for key in ("thanked", "followed", "seconded", "closing", "reply")),
    *(f"interview 11-02, {key} 11-02" for key in ("thanked", "followed", "seconded")),
    "interview 11-02, reply 11-01", "interview 11-02, closing 11-01", "interview 11-02 14:30, thanked 11-02",
    "interview 11-02, followed 11-12, seconded 11-12", "interview 11-02, snooze 2027-11-01", "interview 2027-11-01",
    "interview 11-02, followed x, seconded 11-05", "interview 11-02, followed 11-05, seconded x",
    "applied 11-21", "applied 12-24, interview 11-02", "applied 11-22, outcome Wishlist",
    "applied 11-02, thanked 11-01",
    "applied 11-02, followed 11-01", "applied 11-02, reply 11-01", "interview 11-02, decision_by 10-01",
    "interview 12-24, thanked x, followed x, seconded x, closing x", "followed 11-05, thanked 11-10",
]  # fmt: skip


@pytest.mark.parametrize("cells", NO_PROBLEMS)
def test_what_is_no_problem(cells: str) -> None:
    assert look(noon("11-20"), **row(cells)).status not in ("Check row", "")


UNKNOWN = (
    "Outcome: cannot tell what ask my brother means; write one of Next round, Offer, Accepted, Rejected, Withdrawn, "
    "Ghosted, Closed"
)
IGNORED = (
    "Outcome says ask my brother, which counts as empty; the words are Next round, Offer, Accepted, Rejected, "
    "Withdrawn, Ghosted, Closed"
)
UNKNOWN_OUTCOMES = [
    # cells, and the rule that holds with an Outcome in unknown words
    (MET, "1"), (THANKED, "1"), (f"{THANKED}, closing x", "1"), (f"{THANKED}, snooze 12-24", "1"),
    ("interview 12-24", "1"), ("interview 09-01, thanked 09-02", "1"), (f"{THANKED}, feeling Horrible", "1"),
    ("applied 11-02", "1"), (APPLIED, "1"), ("applied 11-01", "1"), ("applied 10-21", "1"), ("applied 10-20", "13d"),
    ("", "13c"), ("reply 11-05", "13c"), ("closing x", "6"), ("snooze 12-24", "2"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), UNKNOWN_OUTCOMES)
def test_an_outcome_in_unknown_words_is_a_problem_where_a_letter_could_follow(cells: str, expected: str) -> None:
    table = assess(make_sheet([named(f"{cells}, outcome ask my brother")]), noon("11-20"))
    found = seen(table)[0]
    assert found.rule == expected
    assert (found.why == UNKNOWN) == (expected == "1")
    assert (IGNORED in table.remarks[0]) == (expected != "1")
    assert [problem.quiet for found in table.problems.values() for problem in found.values()] == (
        ["a word unknown here"] if expected == "1" else []
    )


def test_a_language_without_letters_is_a_problem_in_a_settled_row_too() -> None:
    for outcome in ("", *SETTLED):
        found = look(noon("11-20"), **row(f"{THANKED}, language Klingon, outcome {outcome}"))
        assert (found.rule, found.status, found.thank_you_due) == ("1", "Check row", None)
    table = assess(make_sheet([named("interview soon, language Klingon, outcome Rejected")]), noon("11-20"))
    assert list(table.problems[0]) == ["language"]
    assert len(table.remarks[0]) == 1


def test_next_round_to_come_can_have_a_problem() -> None:
    found = look(noon("11-20"), **row("interview 12-24, outcome Next round, thanked 11-03"))
    assert found.status == "Check row"


def test_several_problems_are_named_in_the_order_of_the_columns() -> None:
    why = look(noon("11-20"), **row("interview soon, reply x, company , thanked x")).why
    assert why == (
        "Company: it is empty; write whose interview it is; "
        "Interview: cannot read soon as a date; write it like 2026-11-20; "
        "Reply received: x is no date; write the date, like 2026-11-20"
    )


def test_what_a_public_log_says_of_a_problem() -> None:
    rows = [
        {"Company": "", "Interview": "2026-11-02"},
        {"Company": "Acme", "Interview": "2026-11-02", "Thank-you sent": "2026-11-30", "Follow-up sent": "2026-11-01"},
        {"Company": "Acme", "Follow-up sent": "2026-11-12", "Second follow-up sent": "2026-11-11"},
    ]
    problems = assess(make_sheet(rows), noon("11-20")).problems
    assert {(row, key): problem.quiet for row, found in problems.items() for key, problem in found.items()} == {
        (0, "company"): "empty",
        (1, "thanked"): "a day that has not come yet",
        (1, "followed"): "a day before the interview",
        (2, "seconded"): "a day before the first follow-up",
    }


def test_a_cell_has_one_problem_at_a_time() -> None:
    why = look(noon("11-20"), **row("interview 12-24, thanked 12-01")).why
    assert why == f"Thank-you sent: 1 Dec 2026 {FUTURE}"


SETTLED = ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")


@pytest.mark.parametrize("outcome", SETTLED)
@pytest.mark.parametrize(("cells", "problem"), PROBLEMS)
def test_in_a_settled_row_the_cell_counts_as_empty_and_why_says_so(outcome: str, cells: str, problem: str) -> None:
    table = assess(make_sheet([named(f"{cells}, outcome {outcome}")]), noon("11-20"))
    assert seen(table)[0].rule not in ("1", "")
    assert table.remarks[0] == [f"{problem}; until then it counts as empty"]
    assert not table.problems


def named(cells: str) -> dict[str, str]:
    return {BY_KEY[key].header: cell for key, cell in row(cells).items()}


ASIDE = [
    # what cannot be used, and the same row with that cell empty
    ("interview 11-02, thanked 11-01, outcome Next round", "interview 11-02, outcome Next round"),
    ("interview 11-10, thanked 11-30, outcome Offer, outcome Next round", "interview 11-10, outcome Next round"),
    ("interview soon, thanked 11-03, outcome Rejected, reply 11-05", "thanked 11-03, outcome Rejected, reply 11-05"),
    (f"{THANKED}, closing 11-30, outcome Withdrawn", f"{THANKED}, outcome Withdrawn"),
    (f"{THANKED}, reply 11-30, outcome Rejected", f"{THANKED}, outcome Rejected"),
    (f"{THANKED}, snooze x, outcome Rejected", f"{THANKED}, outcome Rejected"),
    ("interview 11-02, thanked 11-03, followed 11-10, seconded 11-09, reply 11-04, outcome Rejected",
     "interview 11-02, thanked 11-03, followed 11-10, reply 11-04, outcome Rejected"),
    # a follow-up that counts as empty contradicts no second one
    ("interview 11-02, thanked 11-03, followed 11-30, seconded 11-09, reply 11-04, outcome Rejected",
     "interview 11-02, thanked 11-03, seconded 11-09, reply 11-04, outcome Rejected"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "without"), ASIDE)
def test_what_is_set_aside_counts_nowhere(cells: str, without: str) -> None:
    found, expected = (look(noon("11-20"), **row(text)) for text in (cells, without))
    assert found == expected


BLANK = [
    "company ", "company , role Total", "company , outcome Accepted", "company , interview soon", "company , reply x",
    "company , thanked FALSE", "company , snooze 12-24", "company , thanked soon, outcome Rejected",
    "company , applied 11-02", "company , applied 11-22", "company , outcome ask my brother",
    "company , applied 11-02, outcome ask my brother", "company , decision_by 11-02",
    "company , thanked 11-30, outcome Rejected", "company , interviewers ---", "company , feeling Great",
]  # fmt: skip


@pytest.mark.parametrize("cells", BLANK)
def test_separators_totals_and_empty_rows_are_blank(cells: str) -> None:
    table = assess(make_sheet([named(cells), named(MET)]), noon("11-20"))
    assert seen(table)[0] == Seen("", "", None, None, None, None, None, "", "", "")
    assert not table.problems
    assert not table.frame["row"].iat[0]


def test_a_sheet_without_rows_is_fine() -> None:
    assert seen(assess(make_sheet([]))) == []


# --- rounds -----------------------------------------------------------------------------------------------------


def in_rounds(cells: str) -> tuple[Seen, Table]:
    """The only row of a tracker with columns for rounds, on 20 November."""
    table = parse(make_sheet([named(cells)]), day("11-20"))
    table.rounds = True
    table = cadence.assess(table, noon("11-20"), Settings())
    return seen(table)[0], table


EARLIER = [
    # what belongs to an earlier round, and the same row with that cell empty
    ("interview 11-10, thanked 11-09", "interview 11-10"),
    ("interview 11-10, thanked 11-03, followed 11-05, seconded 11-06", "interview 11-10"),
    ("interview 11-10, thanked 11-11, followed 11-09", "interview 11-10, thanked 11-11"),
    (
        "interview 11-10, thanked 11-11, followed 11-12, seconded 11-09",
        "interview 11-10, thanked 11-11, followed 11-12",
    ),
    ("interview 11-10, thanked 11-11, reply 11-09", "interview 11-10, thanked 11-11"),
    (
        "interview 11-10, thanked 11-11, reply 11-09, outcome Rejected",
        "interview 11-10, thanked 11-11, outcome Rejected",
    ),
    ("interview 11-25, thanked 11-09, reply 11-15", "interview 11-25"),
    (
        "interview 11-10, feeling Horrible, thanked 11-11, reply 11-09",
        "interview 11-10, feeling Horrible, thanked 11-11",
    ),
]


@pytest.mark.parametrize(("cells", "without"), EARLIER)
def test_what_is_of_an_earlier_round_counts_nowhere(cells: str, without: str) -> None:
    (found, table), (expected, _) = in_rounds(cells), in_rounds(without)
    assert found == expected
    assert not table.problems
    assert not table.remarks.get(0)
    for name in ("thanked", "followed", "seconded", "reply"):
        assert not (table.frame[name] < table.frame["interview"]).any()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("interview 11-10, thanked 11-10", WAITING),
        ("interview 11-10, thanked 11-10, reply 11-10", "20 In conversation"),
        # withdrawn before the interview that was to come
        ("interview 11-25, closing 11-15, outcome Withdrawn", "12 Closed"),
        ("interview 11-10, thanked 11-22", "1 Check row Check"),
        ("interview 11-25, thanked 11-22", "1 Check row Check"),
        ("interview 11-10, thanked 11-10, followed 11-15, seconded 11-12", "1 Check row Check"),
        ("applied 11-02, followed 11-01", "13g Applied"),
    ],
)  # fmt: skip
def test_what_is_not_of_an_earlier_round(cells: str, expected: str) -> None:
    assert state(in_rounds(cells)[0]) == expected


# --- what the drafts and the plan rest on ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (MET, ""), (THANKED, "thank_you_done"), (f"{MET}, thanked x", "thank_you_done"),
        (FOLLOWED, "thank_you_done follow_up_counts"), (SECONDED, "thank_you_done follow_up_counts second_counts"),
        (f"{MET}, seconded 11-19", "thank_you_done follow_up_counts second_counts"),
        (f"{MET}, followed 11-05, reply 11-05", "thank_you_done replied"), (f"{MET}, reply 11-01", ""),
        (f"{MET}, closing x", "closing_filled closed"), (f"{MET}, closing 11-05", "closing_filled closed"),
        ("interview 12-24", "to_come"), (APPLIED, "application"), ("applied 11-24, reply 11-25", "replied application"),
        (f"{APPLIED}, followed x", "thank_you_done follow_up_counts application"), ("", ""),
        (f"{THANKED}, outcome Closed", "thank_you_done closed"),
    ],
)  # fmt: skip
def test_the_frame_says_what_is_done(cells: str, columns: str) -> None:
    frame = assess(make_sheet([named(cells)]), noon("11-24")).frame
    names = ("thank_you_done", "follow_up_counts", "second_counts", "replied", "closing_filled",
             "to_come", "application", "closed")  # fmt: skip
    assert " ".join(name for name in names if frame[name].iat[0]) == columns
    assert frame["interviewed"].iat[0] == ("interview 11" in cells)


def test_text_in_the_frame_is_python_text() -> None:
    frame = assess(make_sheet([named(MET)]), noon("11-20")).frame
    for name in ("company", "outcome", "status", "flag", "note", "why"):
        assert frame[name].dtype == object
        assert type(frame[name].iat[0]) is str
    assert frame["due_timed"].dtype == bool


# --- Why ----------------------------------------------------------------------------------------------------

TURNED_DOWN = "They turned you down{}: thank them, and ask what to do better next time"
LET_GO = "write one yet and type its day into Follow-up sent, or let it go"
CUT = "cut your losses (a reply typed in brings the row back)"
ROUND = "add a row with its day, or empty Outcome if it has gone quiet"
WHY = {
    "interview soon": "Interview: cannot read soon as a date; write it like 2026-11-20",
    f"{THANKED}, snooze 12-24": "You asked to leave this row alone until 24 Dec 2026",
    "interview 11-19, snooze 12-24": (
        "You asked to leave this row alone until 24 Dec 2026; the thank-you waits meanwhile: it is due by 20 Nov 2026"
    ),
    "interview 11-10 09:00, outcome Offer, snooze 12-24": (
        "You asked to leave this row alone until 24 Dec 2026; the thank-you waits meanwhile: it was due by "
        "11 Nov 2026, 09:00"
    ),
    "interview 11-02, snooze 12-24": "You asked to leave this row alone until 24 Dec 2026",  # too late for a thank-you
    "interview 11-19, outcome Rejected, snooze 12-24": "You asked to leave this row alone until 24 Dec 2026",
    "interview 11-19, closing x, snooze 12-24": "You asked to leave this row alone until 24 Dec 2026",
    "interview 11-19, outcome Next round": (
        "You met them on 19 Nov 2026; a thank-you is due by 20 Nov 2026, whatever comes next"
    ),
    "interview 11-18 14:30, outcome Offer": (
        "You met them on 18 Nov 2026, 14:30; a thank-you was due by 19 Nov 2026, 14:30, whatever comes next"
    ),
    f"{THANKED}, outcome Accepted": (
        "Congratulations: you accepted their offer, and nothing is left to do here; type the day you accepted into "
        "Reply received, so that the others can be closed"
    ),
    f"{THANKED}, outcome Accepted, reply 11-19": (
        "Congratulations: you accepted their offer, and nothing is left to do here"
    ),
    f"{THANKED}, outcome Closed": "The outcome is Closed, so this row needs nothing more",
    PROMISED: f"They promised a next round, and there is no word of it since your thank-you of 3 Nov 2026: {ROUND}",
    "applied 11-02, outcome Next round": (
        f"They promised a next round, and there is no word of it since your application of 2 Nov 2026: {ROUND}"
    ),
    "interview 11-12, thanked 11-13, outcome Next round": (
        "The outcome is Next round, so this row needs nothing more; give the next interview a row of its own"
    ),
    f"{PROMISED}, closing x": "The outcome is Next round, so this row needs nothing more",
    f"{THANKED}, outcome Ghosted": "You marked this row as ghosted",
    f"{THANKED}, outcome Ghosted, reply 11-05": (
        "You marked this row as ghosted; but they wrote on 5 Nov 2026: empty Outcome, and it is open again"
    ),
    f"{FOLLOWED}, outcome Ghosted, reply 11-05": "You marked this row as ghosted",  # you wrote later
    "interview 11-02, thanked 11-06, outcome Ghosted, reply 11-05": "You marked this row as ghosted",
    f"{THANKED}, closing x": "Your closing note is marked as sent",
    f"{THANKED}, closing 11-10": "Your closing note is marked as sent on 10 Nov 2026",
    f"{THANKED}, outcome Offer": "They made you an offer: the answer is yours to give",
    f"{THANKED}, outcome Offer, decision_by 11-20": (
        "They made you an offer: the answer is yours to give by 20 Nov 2026"
    ),
    f"{THANKED}, outcome Offer, decision_by 11-19": (
        "They made you an offer: the answer is yours to give; it was asked for by 19 Nov 2026"
    ),
    f"{THANKED}, outcome Rejected": TURNED_DOWN.format(""),
    f"{THANKED}, outcome Rejected, reply 11-05": TURNED_DOWN.format(" on 5 Nov 2026"),
    f"{THANKED}, outcome Withdrawn": "You withdrew: tell them, politely and briefly",
    "outcome Rejected": "The outcome is Rejected, and nothing is left to send",
    "outcome Wishlist": "You have not applied yet: type the day into Applied once you have",
    "outcome Interview": "Outcome names an interview: which day? Type it into Interview",
    "": (
        "There is no date to go by: type the day of the interview into Interview, or that of the application into "
        "Applied"
    ),
    "applied 10-01": (
        f"At least 31 days without a word since your application of 1 Oct 2026, and no check-in went out: {LET_GO}"
    ),
    "applied 10-01, followed 10-12": f"No word since your check-in of 12 Oct 2026, nor by 1 Nov 2026: {CUT}",
    "applied 10-01, seconded 10-12": f"No word since your second check-in of 12 Oct 2026, nor by 1 Nov 2026: {CUT}",
    "applied 10-01, followed x": f"No word since your check-in, nor by 1 Nov 2026: {CUT}",
    "applied 10-01, followed 10-05, reply 10-06": (
        "At least 30 days without a word since their reply of 6 Oct 2026, and no check-in is marked after it: "
        f"{LET_GO}"
    ),
    APPLIED: "No word since your application of 2 Nov 2026; a check-in was due on 12 Nov 2026",
    "applied 11-10, contact Ana Ruiz": (
        "No word since your application of 10 Nov 2026; a check-in is due on 20 Nov 2026"
    ),
    f"{APPLIED}, decision_by 11-18": (
        "They were to decide by 18 Nov 2026, and no word came; a check-in is due on 20 Nov 2026"
    ),
    f"{APPLIED}, reply 11-12": (
        "They replied on 12 Nov 2026; if nothing more comes, a check-in is due on 23 Nov 2026"
    ),
    "applied 11-02, reply 11-12": (
        "They replied on 12 Nov 2026; if nothing more comes, it counts as ghosted on 13 Dec 2026; if Contact names "
        "somebody, a check-in is due on 23 Nov 2026"
    ),
    "applied 11-12, contact Ana Ruiz": (
        "It is their turn since your application of 12 Nov 2026; if no word comes, a check-in is due on 23 Nov 2026"
    ),
    "applied 11-12": (
        "It is their turn since your application of 12 Nov 2026; if no word comes, it counts as ghosted on "
        "13 Dec 2026; if Contact names somebody, a check-in is due on 23 Nov 2026"
    ),
    "applied 11-12, contact Ana Ruiz, decision_by 11-30": (
        "It is their turn since your application of 12 Nov 2026, and they want to decide by 30 Nov 2026; if no word "
        "comes, a check-in is due on 2 Dec 2026"
    ),
    f"{APPLIED}, followed 11-13": (
        "It is their turn since your check-in of 13 Nov 2026; if no word comes, it counts as ghosted on 3 Dec 2026"
    ),
    # the tick stands for the 23rd, which has not come
    "applied 11-12, followed x": (
        "It is their turn since your check-in; if no word comes, it counts as ghosted on 13 Dec 2026"
    ),
    "interview 09-01, thanked 09-02": (
        f"At least 28 days without a word since your thank-you of 2 Sep 2026, and no follow-up went out: {LET_GO}"
    ),
    "interview 09-01, thanked 09-02, followed 09-10, reply 09-12": (
        "At least 30 days without a word since their reply of 12 Sep 2026, and no follow-up is marked after it: "
        f"{LET_GO}"
    ),
    "interview 09-01, thanked 09-02, followed 09-16, seconded 09-23": (
        f"No word since your second follow-up of 23 Sep 2026, nor by 30 Sep 2026: {CUT}"
    ),
    "interview 09-01, thanked 09-02, followed 09-16": (
        f"No word since your follow-up of 16 Sep 2026, nor by 30 Sep 2026: {CUT}"
    ),
    "interview 11-19": "You met them on 19 Nov 2026; a thank-you is due by 20 Nov 2026",
    "interview 11-18": "You met them on 18 Nov 2026; a thank-you was due by 19 Nov 2026",
    "interview 11-19 14:30": "You met them on 19 Nov 2026, 14:30; a thank-you is due by 20 Nov 2026, 14:30",
    f"{THANKED}, feeling Horrible": "It went horribly on 2 Nov 2026: withdraw, politely and briefly",
    "interview 09-01, thanked 09-02, feeling Horrible": (
        "It went horribly on 1 Sep 2026, and the time for a withdrawal is over"
    ),
    "interview 11-23 09:05": (
        "The interview is on 23 Nov 2026, 09:05; a thank-you will be due by 24 Nov 2026, 09:05"
    ),
    MET: "No word since the day your thank-you was due, 3 Nov 2026; a follow-up was due on 17 Nov 2026",
    "interview 11-02, thanked x": "No word since your thank-you; a follow-up was due on 17 Nov 2026",
    "interview 11-02, thanked 11-06": "No word since your thank-you of 6 Nov 2026; a follow-up is due on 20 Nov 2026",
    f"{THANKED}, reply 11-06": "No word since their reply of 6 Nov 2026; a follow-up is due on 20 Nov 2026",
    f"{THANKED}, decision_by 11-18": (
        "They were to decide by 18 Nov 2026, and no word came; a follow-up is due on 20 Nov 2026"
    ),
    "interview 11-02, reply 11-03, thanked 11-06": (
        "No word since your thank-you of 6 Nov 2026; a follow-up is due on 20 Nov 2026"
    ),
    f"{THANKED}, followed 11-13": (
        "No word since your follow-up of 13 Nov 2026; a second one is due on 20 Nov 2026"
    ),
    f"{THANKED}, followed 11-12": (
        "No word since your follow-up of 12 Nov 2026; a second one was due on 19 Nov 2026"
    ),
    f"{THANKED}, reply 11-10": "They replied on 10 Nov 2026; if nothing more comes, a follow-up is due on 24 Nov 2026",
    "interview 11-10, thanked 11-11": (
        "It is their turn since your thank-you of 11 Nov 2026; if no word comes, a follow-up is due on 25 Nov 2026"
    ),
    "interview 11-10, thanked 11-11, decision_by 11-30": (
        "It is their turn since your thank-you of 11 Nov 2026, and they want to decide by 30 Nov 2026; if no word "
        "comes, a follow-up is due on 2 Dec 2026"
    ),
    "interview 11-20, thanked x": "It is their turn since your thank-you; if no word comes, a follow-up is due on "
    "7 Dec 2026",
    FOLLOWED: (
        "It is their turn since your follow-up of 17 Nov 2026; if no word comes, a second follow-up is due on "
        "24 Nov 2026"
    ),
    "interview 11-10, thanked 11-11, followed x": (
        "It is their turn since your follow-up; if no word comes, a second follow-up is due on 2 Dec 2026"
    ),
    f"{THANKED}, seconded 11-19": (
        "It is their turn since your second follow-up of 19 Nov 2026; if no word comes, it counts as ghosted on "
        "26 Nov 2026"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), WHY.items(), ids=lambda text: text[:60])
def test_why_is_one_plain_sentence_with_its_dates(cells: str, expected: str) -> None:
    assert look(at("11-20 14:30"), **row(cells)).why == expected


ELSEWHERE = "You accepted an offer elsewhere"
NOTHING_LEFT = f"{ELSEWHERE}, and no withdrawal is left to send"
WHY_BESIDE = (
    # a row of Acme, the others, and why
    (THANKED, ["interview 11-21"], "It went on to the interview of 21 Nov 2026, which has a row of its own"),
    (THANKED, ["interview 11-10", "interview 11-21 09:00"],
     "It went on to the interview of 21 Nov 2026, which has a row of its own"),
    ("applied 11-02", ["interview 11-02"], "It went on to the interview of 2 Nov 2026, which has a row of its own"),
    (PROMISED, ["interview 11-21"],
     "The outcome is Next round, so this row needs nothing more; it went on to the interview of 21 Nov 2026"),
    (PROMISED, ["outcome Accepted"], "The outcome is Next round, so this row needs nothing more"),
    (PROMISED, [GLOBEX, "interview 11-02 09:00, outcome Offer, thanked x"],
     "The outcome is Next round, so this row needs nothing more; it went on to the interview of 2 Nov 2026"),
    (THANKED, ["interview 11-01, outcome Accepted"],
     "You accepted an offer from this company, so nothing is left to send"),
    (THANKED, [GLOBEX], f"{ELSEWHERE} while this row is open: withdraw, politely and briefly"),
    ("applied 11-02", [GLOBEX], f"{NOTHING_LEFT}: nobody answered this application"),
    ("interview 08-03, thanked 08-04, outcome Offer", [GLOBEX], f"{NOTHING_LEFT}: the time for one is over"),
    (LOST, [GLOBEX, "interview 11-10, outcome Offer"],
     f"{NOTHING_LEFT}: a later row of this company has the withdrawal"),
    ("outcome Offer", [GLOBEX], "They made you an offer, and you accepted another elsewhere: decline it"),
    ("outcome Offer", ["interview 11-02, outcome Accepted"], "They made you an offer: the answer is yours to give"),
    ("outcome Offer", [GLOBEX, "interview 11-02, outcome Accepted"],
     "They made you an offer: the answer is yours to give"),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "others", "expected"), WHY_BESIDE)
def test_why_beside_other_rows(cells: str, others: list[str], expected: str) -> None:
    assert look_all([row(cells), *map(row, others)], noon("11-20"))[0].why == expected


def test_every_rule_has_its_sentence_tried() -> None:
    rules = {look(at("11-20 14:30"), **row(cells)).rule for cells in WHY}
    rules |= {look_all([row(cells), *map(row, others)], noon("11-20"))[0].rule for cells, others, _ in WHY_BESIDE}
    assert rules == {rule.key for rule in RULES}


TAKEN, FROM_ITS_DAY = (
    "the tick in {} sent is taken for {} Nov 2026",
    "the tick in {} sent counts from the day it falls due",
)
TYPE_IT = "type the day over the tick in {} sent: after their reply of {} Nov 2026 only a day counts"
REMARKS = (
    # cells, and what is said about them on 20 November
    (THANKED, []),
    ("interview 11-02, thanked x", [TAKEN.format("Thank-you", 3)]),
    ("interview 11-20, thanked x", [FROM_ITS_DAY.format("Thank-you")]),
    ("interview 11-19, thanked x", [TAKEN.format("Thank-you", 20)]),
    ("interview 11-02, thanked x, followed x, seconded x",
     [TAKEN.format("Thank-you", 3), TAKEN.format("Follow-up", 17), FROM_ITS_DAY.format("Second follow-up")]),
    ("interview 11-02, thanked 11-03, followed x, reply 11-05", [TYPE_IT.format("Follow-up", 5)]),
    ("interview 11-02, thanked x, seconded x, reply 11-05",
     [TAKEN.format("Thank-you", 3), TYPE_IT.format("Second follow-up", 5)]),
    (f"{APPLIED}, followed x", [TAKEN.format("Follow-up", 12)]),
    (f"{APPLIED}, seconded x", [TAKEN.format("Second follow-up", 12)]),
    ("applied 11-12, followed x", [FROM_ITS_DAY.format("Follow-up")]),
    (f"{APPLIED}, followed x, reply 11-05", [TYPE_IT.format("Follow-up", 5)]),
    (f"{APPLIED}, followed 11-01", ["Follow-up sent of 1 Nov 2026 is before the application and does not count"]),
    (f"{APPLIED}, followed 11-02", []),
    (f"{APPLIED}, thanked x", []),
    ("interview 11-02, closing x", []), ("interview 11-02, thanked x, outcome Offer", []),
    ("interview 11-02, thanked x, feeling Horrible", []), ("thanked x", []), ("followed x", []),
)  # fmt: skip


@pytest.mark.parametrize(("cells", "remarks"), REMARKS)
def test_why_says_which_day_a_tick_is_taken_for(cells: str, remarks: list[str]) -> None:
    assert assess(make_sheet([named(cells)]), noon("11-20")).remarks.get(0, []) == remarks


def test_no_sentence_takes_a_tick_for_a_day_to_come() -> None:
    for cells in ("interview 11-20, thanked x", "interview 11-02, thanked x, followed x, seconded x",
                  "applied 11-12, followed x", "applied 11-12, seconded x",
                  "interview 11-20, thanked x, followed x, seconded x"):  # fmt: skip
        for outcome in ("", "Next round", "Ghosted"):
            table = assess(make_sheet([named(f"{cells}, outcome {outcome}")]), noon("11-20"))
            said = "; ".join((seen(table)[0].why, *table.remarks[0]))
            assert not re.search(
                r"(thank-you|follow-up|check-in)( sent)?( is taken for| of) 2[1-9] Nov|Dec", said.split("if no word")[0]
            )


def test_each_rule_has_a_key_of_its_own_and_says_what_it_means() -> None:
    keys = [rule.key for rule in RULES]
    assert len(set(keys)) == len(keys)
    assert all(rule.meaning and not rule.meaning.endswith(".") for rule in RULES)
    assert {rule.status for rule in RULES if rule.closes} == {"Closed"} == {r.status for r in RULES if r.closes}
    assert all(rule.closes for rule in RULES if rule.status == "Closed")


def test_a_rule_has_a_note_exactly_when_there_is_something_to_send() -> None:
    for rule in RULES:
        assert bool(rule.note) == (rule.flag in (*TO_DO, LATE)), rule.key
        assert bool(rule.reason) == (rule.note == "withdrawal"), rule.key
    assert {rule.note for rule in RULES if rule.note} == set(NOTES)
    assert [rule.key for rule in RULES if rule.waits_for_edit] == ["8"]


def test_the_numbers_come_in_order_but_for_what_others_leave_of_next_round() -> None:
    def number(key: str) -> tuple[int, str]:
        digits = key.split()[0].rstrip("abcdefg")
        return int(digits), key.removeprefix(digits)

    keys = [number(rule.key) for rule in RULES if rule.key != "4 next round"]
    assert keys == sorted(keys)


def test_every_word_of_a_sentence_is_known_and_used() -> None:
    used = {name for rule in RULES for _, name, _, _ in Formatter().parse(rule.why) if name}
    assert used == set(WORDS)
