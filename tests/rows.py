"""Random trackers for the rules: typed rows, most of them a day from where something falls due, and their cells.

``random_tracker(seed)`` is plain seeded chance, weighted; ``trackers()`` is a strategy for Hypothesis, which makes a
failing tracker small.
"""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import oracle
from hypothesis import strategies as st
from oracle import DATE_CELLS, OUTCOMES, TICK, Cell, Row, Settings, Tick

ROUNDS = ("Phone screen", "Final round")
"""Headers of the round columns."""
HEADERS = {
    "company": "Company", "role": "Role", "interview": "Interview", "applied": "Applied", "decision_by": "Decision by",
    "feeling": "How it went", "thanked": "Thank-you sent", "followed": "Follow-up sent",
    "seconded": "Second follow-up sent", "closing": "Closing note sent", "reply": "Reply received",
    "outcome": "Outcome", "snooze": "Snooze until", "contact": "Contact", "language": "Language",
}  # fmt: skip
WORDS = {
    "waiting": ("pending", "in progress", "Applied"), "not_applied": ("wishlist", "to apply"),
    "stage": ("phone screen", "Technical"), "unknown": ("zzz", "ask my brother"),
}  # fmt: skip
"""What stands in Outcome for each of its kinds."""

ZONES = ("Europe/Madrid", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
NOWS = (
    datetime(2026, 3, 29, 3, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 11, 1, 1, 30),
    datetime(2026, 11, 20, 15, 0), datetime(2026, 11, 21, 0, 0), datetime(2026, 11, 22, 23, 59),
    datetime(2026, 11, 23, 8, 0), datetime(2026, 12, 29, 9, 5), datetime(2028, 2, 29, 12, 0),
)  # fmt: skip
"""Clock changes, every end of a week, a turn of the year, a leap day."""
SETTINGS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {}, {"skip_weekends": False}, {"withdraw_when_accepted": False},
    {"thank_you_hours": 36, "follow_up_days": 5, "second_follow_up_days": 3, "ghosted_days": 2, "closing_days": 4,
     "application_follow_up_days": 6, "application_ghosted_days": 9},
    {"thank_you_hours": 1, "follow_up_days": 1, "second_follow_up_days": 1, "ghosted_days": 1, "closing_days": 1,
     "application_follow_up_days": 1, "application_ghosted_days": 1},
)  # fmt: skip
COMPANIES = ("Acme", " acme ", "ACME", "Globex", "globex", "Initech", "Straße 7", "STRASSE 7", "李明公司")
ROLES = ("", "", "", "Engineer", " engineer", "Manager")
FEELINGS = ("", "", "", "Great", "Bad", "Horrible")
OUTCOME_WEIGHTS = {"": 28, "Next round": 4, "Offer": 2, "Rejected": 2, "Withdrawn": 2, "Ghosted": 1, "Closed": 1}
STEPS = (0, 0, 0, 1, 2, 3, 7, 8, 10, 14, 15, 20, 21, 28, 29, 30, 37, 44, 58, 66)
"""Days after which something falls due, in some row."""
NEAR = (-2, -1, -1, 0, 0, 0, 1, 1, 2)


@dataclass(frozen=True)
class Tracker:
    """Rows, the clock they are looked at, the sheet's zone, and the settings by name."""

    rows: tuple[Row, ...]
    now: datetime
    zone: ZoneInfo
    settings: dict[str, Any]

    def verdicts(self) -> list[oracle.Verdict]:
        """What the second reading says of each row."""
        return oracle.assess(self.rows, self.now, self.zone, Settings(**self.settings))


# -- as cells ----------------------------------------------------------------------------------------------


def cell(value: Cell) -> str:
    """A date, time or tick as somebody types it."""
    if isinstance(value, Tick):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(sep="T" if value.tzinfo else " ", timespec="seconds")
    return value.isoformat() if value else ""


def cells(row: Row, number: int = 0) -> dict[str, str]:
    """A row's cells by header. ``number`` tells the contacts and the words apart."""
    typed = {name: "30 February" if name in row.unreadable else cell(getattr(row, name)) for name in DATE_CELLS}
    words = WORDS.get(row.outcome_kind, ("",))
    typed |= {
        "company": row.company,
        "role": row.role,
        "feeling": row.feeling,
        "outcome": row.outcome or words[number % len(words)],
        "contact": f"Ana Ruiz <ana@company-{number}.example>" if row.reachable else "",
        "language": "Klingon" if "language" in row.unreadable else "",
    }
    named = {HEADERS[name]: text for name, text in typed.items()}
    return named | {header: cell(day) for header, day in zip(ROUNDS, row.other_rounds, strict=False)}


# -- plain chance ------------------------------------------------------------------------------------------


class Dice(random.Random):
    """Chance for one tracker."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.now = self.choice(NOWS)
        self.today = self.now.date()
        self.zone = ZoneInfo(self.choice(ZONES))

    def day(self, latest: int = 9) -> date:
        day = self.today - timedelta(days=self.choice(STEPS) + self.choice(NEAR))
        return min(day, self.today + timedelta(days=latest))

    def maybe(self, share: float, latest: int = 9) -> date | None:
        return self.day(latest) if self.random() < share else None

    def interview(self) -> date | None:
        kind = self.random()
        if kind < 0.35:
            return None
        if kind < 0.65:
            return self.day(31)
        if kind < 0.8:
            # around this very minute, and around 24 hours ago
            moment = self.now - timedelta(hours=self.choice((0, 1, 24, 25, 36)))
            moment += timedelta(minutes=self.choice((-60, -30, -1, 0, 1, 30, 60)))
        else:
            moment = datetime.combine(self.day(31), time(self.randint(0, 23), self.choice((1, 15, 30, 45))))
        if moment.time() == time():
            moment += timedelta(minutes=1)
        return moment.replace(tzinfo=UTC) if self.random() < 0.05 else moment

    def sent(self, share: float) -> Cell:
        kind = self.random() / share
        return None if kind > 1 else TICK if kind < 0.4 else self.day(2)

    def company(self) -> str:
        """One that others have too, one of its own, or none."""
        kind = self.random()
        return (
            self.choice(COMPANIES)
            if kind < 0.45
            else f"Firm {self.random()}"
            if kind < 0.97
            else self.choice(("", " "))
        )

    def row(self, outcomes: Sequence[str], rounds: bool) -> Row:
        """One row; where today is in it, ``settle`` says."""
        interview = self.interview()
        outcome = self.choice(outcomes)
        row = Row(
            company=self.company(),
            role=self.choice(ROLES),
            interview=interview,
            other_rounds=tuple(self.day(20) for _ in ROUNDS if self.random() < 0.4) if rounds else (),
            applied=self.maybe(0.2 if interview else 0.8, 3),
            decision_by=self.maybe(0.2, 30),
            feeling=self.choice(FEELINGS),
            thanked=self.sent(0.5 if interview else 0.15),
            followed=self.sent(0.4),
            seconded=self.sent(0.25),
            closing=self.sent(0.08),
            reply=self.maybe(0.3, 2),
            outcome=outcome,
            outcome_kind="" if outcome or self.random() < 0.8 else self.choice(oracle.OUTCOME_KINDS),
            snooze=self.maybe(0.15, 30),
            reachable=self.random() < 0.75,
        )
        if self.random() < 0.3:  # few things at once
            row = replace(row, feeling="", reply=None, snooze=None, closing=None, outcome_kind="", decision_by=None)
        if self.random() < 0.9:
            row = self.in_order(row)
        if self.random() < 0.02:
            row = changed(row, {self.choice(("interview", "applied", "decision_by", "reply", "snooze")): TICK})
        if self.random() < 0.04:
            row = replace(row, unreadable=frozenset(self.sample((*DATE_CELLS, "language"), 1)))
        return row

    def in_order(self, row: Row) -> Row:
        """The row with its sent dates after the interview and after each other, as they mostly are."""
        last = oracle.typed(row.interview) or oracle.typed(row.applied)
        for name in ("thanked", "reply", "followed", "seconded"):
            if oracle.typed(getattr(row, name)) and last:
                if name != "reply" or self.random() < 0.7:
                    last += timedelta(days=self.choice((0, 1, 1, 2, 5, 7, 14)))
                row = changed(row, {name: last})
        return row

    def tracker(self) -> Tracker:
        weights = OUTCOME_WEIGHTS | {"Accepted": self.choice((0, 0, 1, 4))}
        outcomes = self.sample(list(weights), counts=list(weights.values()), k=40)
        rounds = self.random() < 0.15
        settings = self.choice(SETTINGS)
        rows = [self.row(outcomes, rounds) for _ in range(self.choice((1, 2, 3, 4, 6, 10, 20, 40)))]
        if rounds and not any(row.other_rounds for row in rows):
            rows.append(Row(company="Hooli", other_rounds=(self.today,)))
        tracker = Tracker(tuple(rows), self.now, self.zone, settings)
        rows = [self.settle(row, tracker) if self.random() < 0.6 else row for row in rows]
        rows = [self.beside(row, rows, tracker) if self.random() < 0.2 else row for row in rows]
        rows = [self.marked_by_now(row) if self.random() < 0.8 else row for row in rows]
        return replace(tracker, rows=tuple(rows))

    def marked_by_now(self, row: Row) -> Row:
        """The row without what was sent or answered more than a day from now."""
        names = ("thanked", "followed", "seconded", "closing", "reply")
        to_come = [
            name for name in names if oracle.before(self.today + timedelta(days=1), oracle.typed(getattr(row, name)))
        ]
        return changed(row, dict.fromkeys(to_come))

    def settle(self, row: Row, tracker: Tracker) -> Row:
        """The row moved as a whole, so that today is at, or a day or two from, one of its own boundaries."""
        days = boundaries(row, tracker)
        if not days:
            return row
        return moved(row, (self.today - self.choice(days)).days + self.choice(NEAR))

    def beside(self, row: Row, rows: Sequence[Row], tracker: Tracker) -> Row:
        """The row moved to about the day of another one, or to the last day that an Accepted one settles."""
        other = self.choice(rows)
        start, day = (oracle.typed(r.interview) or oracle.typed(r.applied) for r in (row, other))
        if other.outcome == "Accepted":
            day = max(boundaries(other, tracker), default=day)
        if start is None or day is None:
            return row
        return replace(
            moved(row, (day - start).days + self.choice((-1, 0, 0, 0, 1))), company=self.choice((row, other)).company
        )


def boundaries(row: Row, tracker: Tracker) -> list[date]:
    """The days at which something changes for a row alone; the last day of its closing window is the last of them."""
    settings = Settings(**tracker.settings)
    now = tracker.now.replace(tzinfo=tracker.zone).astimezone(UTC)
    seen = oracle.read(row, now, tracker.zone, rounds=bool(row.other_rounds), words=False)
    dates = oracle.work_out(seen, now, tracker.zone, settings)
    days = [
        oracle.typed(day)
        for day in (
            seen.interview, dates.thank_you_due, dates.limit, dates.follow_up_due, dates.second_due, dates.ghosted_on,
            oracle.plus(dates.end, settings.closing_days),
        )
    ]  # fmt: skip
    return [day for day in days if day is not None]


def changed(row: Row, cells: Mapping[str, Any]) -> Row:
    """A row with some cells changed."""
    return replace(row, **cells)


def moved(row: Row, days: int) -> Row:
    """A row with every date in it the same number of days later."""
    step = timedelta(days=days)
    changes: dict[str, Any] = {name: getattr(row, name) for name in DATE_CELLS}
    changes = {name: value + step for name, value in changes.items() if isinstance(value, date)}
    return replace(row, **changes, other_rounds=tuple(day + step for day in row.other_rounds))


def random_tracker(seed: int) -> Tracker:
    """A tracker by its seed."""
    return Dice(seed).tracker()


# -- Hypothesis --------------------------------------------------------------------------------------------


@st.composite
def trackers(draw: st.DrawFn) -> Tracker:
    """Small trackers; the simplest has one row with a company and nothing else."""
    now = draw(st.sampled_from(NOWS))
    today = now.date()
    days = st.builds(
        lambda step, near: today - timedelta(days=step + near), st.sampled_from(STEPS), st.integers(-31, 3)
    )
    times = st.builds(datetime.combine, days, st.times(time(0, 1)).map(lambda at: at.replace(microsecond=0)))
    sent = st.none() | st.just(TICK) | days
    kinds = st.sampled_from(oracle.OUTCOME_KINDS)
    rows = st.builds(
        Row,
        company=st.sampled_from(("Acme", "acme", "Globex", "")),
        role=st.sampled_from(("", "Engineer", "Manager")),
        interview=st.none() | days | times,
        applied=st.none() | days,
        decision_by=st.none() | days,
        feeling=st.sampled_from(("", "Great", "Horrible")),
        thanked=sent,
        followed=sent,
        seconded=sent,
        closing=st.none() | sent,
        reply=st.none() | days,
        outcome=st.sampled_from(OUTCOMES),
        snooze=st.none() | days,
        reachable=st.booleans(),
        unreadable=st.just(frozenset()) | st.frozensets(st.sampled_from(DATE_CELLS), max_size=1),
    )
    rows = st.builds(lambda row, kind: row if row.outcome else replace(row, outcome_kind=kind), rows, kinds)
    return Tracker(
        tuple(draw(st.lists(rows, min_size=1, max_size=4))),
        now,
        ZoneInfo(draw(st.sampled_from(ZONES))),
        draw(st.sampled_from(SETTINGS)),
    )


FIELDS = tuple(field.name for field in fields(Row))


def brief(row: Row) -> str:
    """A row as the call that makes it, without what is as usual."""
    usual = Row()
    changed = {name: getattr(row, name) for name in FIELDS if getattr(row, name) != getattr(usual, name)}
    return "Row(" + ", ".join(f"{name}={value!r}" for name, value in changed.items()) + ")"
