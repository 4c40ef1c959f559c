"""The package against an independent reading of sections 3 and 4, on thousands of rows near every boundary."""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import oracle
from support import Seen, assess, make_sheet, seen

from sheetflow.rules.cadence import RULES

HEADERS = {
    "company": "Company", "interview": "Interview", "how": "How it went", "thanked": "Thank-you sent",
    "followed": "Follow-up sent", "seconded": "Second follow-up sent", "closing": "Closing note sent",
    "reply": "Reply received", "outcome": "Outcome", "snooze": "Snooze until",
}  # fmt: skip
DATES = ("interview", "thanked", "followed", "seconded", "closing", "reply", "snooze")
ZONES = ("Europe/Madrid", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
NOWS = (
    datetime(2026, 3, 30, 3, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 11, 20, 15, 0),
    datetime(2026, 11, 21, 0, 0), datetime(2026, 11, 22, 23, 59), datetime(2026, 11, 23, 8, 0),
    datetime(2026, 11, 26, 18, 0), datetime(2026, 12, 29, 9, 5), datetime(2028, 2, 29, 12, 0),
)  # fmt: skip
SETTINGS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {"skip_weekends": False}, {"withdraw_when_accepted": False},
    {"thank_you_hours": 36, "follow_up_days": 5, "second_follow_up_days": 3, "ghosted_days": 2, "closing_days": 4},
    {"thank_you_hours": 1, "follow_up_days": 1, "second_follow_up_days": 1, "ghosted_days": 1, "closing_days": 1},
)  # fmt: skip
STEPS = (0, 0, 1, 7, 14, 15, 21, 28, 29, 30, 37, 44, 58, 59, 66)
"""Days after which something falls due, in some row; a little before and after them is where mistakes show."""


NEAR = (-3, -2, -1, -1, 0, 0, 0, 0, 1, 1, 2)


class Dice(random.Random):
    """Cells of random rows, most of them near a boundary."""

    def day(self, today: date, latest: int = 9) -> date:
        return min(today - timedelta(days=self.choice(STEPS) + self.choice(NEAR)), today + timedelta(days=latest))

    def interview(self, now: datetime) -> date | datetime | None:
        day = self.day(now.date())
        kind = self.random()
        if kind < 0.1:
            return None
        if kind < 0.5:
            return day
        if kind < 0.7:
            near = now.replace(tzinfo=None) - timedelta(hours=self.choice((0, 1, 24, 36)))
            near += timedelta(minutes=self.choice((-60, -30, -1, 0, 1, 30, 60)))
            return near if near.time() != time() else near.date()
        return datetime.combine(day, time(self.randint(0, 23), self.choice((1, 15, 30, 45))))

    def sent(self, today: date, share: float) -> date | bool | None:
        kind = self.random() / share
        return None if kind > 1 else True if kind < 0.4 else self.day(today, 2)

    def row(self, now: datetime, companies: list[str], outcomes: list[str]) -> oracle.Row:
        today = now.date()
        cells: dict[str, Any] = {
            "company": self.choice(companies),
            "interview": self.interview(now),
            "how": self.choice(("", "", "Great", "Bad", "Horrible")),
            "thanked": self.sent(today, 0.5), "followed": self.sent(today, 0.4), "seconded": self.sent(today, 0.25),
            "closing": self.sent(today, 0.1),
            "reply": self.day(today, 2) if self.random() < 0.3 else None,
            "outcome": self.choice(outcomes),
            "snooze": self.day(today, 30) if self.random() < 0.2 else None,
        }  # fmt: skip
        if self.random() < 0.3:
            cells |= {"outcome": "", "how": "", "reply": None, "snooze": None, "closing": None}
        bad = frozenset(key for key in DATES if self.random() < 0.01)
        for key in ("interview", "reply", "snooze"):
            if self.random() < 0.005:
                cells[key] = True
        return oracle.Row(**{**cells, **dict.fromkeys(bad)}, bad=bad)


def cell(row: oracle.Row, key: str) -> str:
    value = getattr(row, key)
    if key in row.bad:
        return "soon"
    if value is True:
        return "x"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value or ""


def verdict(row: Seen) -> oracle.Verdict:
    return oracle.Verdict(
        row.status, row.flag, row.due, row.thank_you_due, row.follow_up_due, row.second_follow_up_due, row.ghosted_on
    )


def compare(seed: int) -> list[Seen]:
    dice = Dice(seed)
    now = dice.choice(NOWS).replace(tzinfo=ZoneInfo(dice.choice(ZONES)))
    settings = dice.choice(SETTINGS)
    outcomes = ["", "", "", "", "Next round", "Offer", "Rejected", "Withdrawn", "Ghosted", "Closed"]
    if dice.random() < 0.4:
        outcomes += ["Accepted"] * dice.choice((0, 1))
    companies = ["Acme", " acme ", "Globex", "Initech", "Umbrella", "Hooli"] + [""] * (dice.random() < 0.3)
    rows = [dice.row(now, companies, outcomes) for _ in range(60)]
    sheet = make_sheet(
        [{header: cell(row, key) for key, header in HEADERS.items()} for row in rows],
        tuple(HEADERS.values()),
        zone=now.tzinfo,
    )
    shown = seen(assess(sheet, now, **settings))
    shown += [Seen("", "", None, None, None, None, None, "", 0, "")] * (len(rows) - len(shown))
    for row, got, expected in zip(rows, shown, oracle.assess(rows, now, oracle.Settings(**settings)), strict=True):
        assert verdict(got) == expected, (row, now, settings, got.why)
    return shown


def test_the_independent_reading_agrees_and_nothing_is_left_out() -> None:
    shown = [row for seed in range(150) for row in compare(seed)]
    assert {row.status for row in shown} == {rule.status for rule in RULES} | {""}
    assert {row.rule for row in shown} == set(range(22))
    sends = Counter((row.status, row.flag) for row in shown if row.note)
    assert set(sends) == {
        ("Send thank-you", "Due"), ("Send thank-you", "Overdue"), ("Send follow-up", "Due"),
        ("Send follow-up", "Overdue"), ("Send second follow-up", "Due"), ("Send second follow-up", "Overdue"),
        ("Send withdrawal", "Due"), ("Ask for feedback", "Due"), ("Ask for feedback", "Overdue"),
    }  # fmt: skip
    assert min(sends.values()) >= 3


def test_a_row_stands_alone_but_for_accepted_ones() -> None:
    dice = Dice(1)
    now = NOWS[2].replace(tzinfo=ZoneInfo("Europe/Madrid"))
    rows = [dice.row(now, ["Acme", "Globex", "Initech"], ["", "", "Offer", "Rejected", "Accepted"]) for _ in range(80)]
    order = list(range(len(rows)))
    dice.shuffle(order)

    def verdicts(rows: list[oracle.Row]) -> list[oracle.Verdict]:
        cells = [{header: cell(row, key) for key, header in HEADERS.items()} for row in rows]
        return [verdict(row) for row in seen(assess(make_sheet(cells), now))]

    assert verdicts([rows[i] for i in order]) == [verdicts(rows)[i] for i in order]
