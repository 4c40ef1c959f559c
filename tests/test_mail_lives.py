"""Random lives of a tracker with its mailbox, in a real Dovecot, beside a person who types everything, and rightly.

A life is a story: who was met, who was thanked, who answered, and whatever else comes into a mailbox meanwhile. It is
told twice, to a tracker that is only looked after by its mailbox and to one in which every day is typed as it comes;
at every look both must stand in the same place. MAIL_LIVES says how many lives there are.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mail_server import dovecot, needs
from mail_server.dovecot import GMAIL, PASSWORD, PLAIN, Dovecot
from mail_server.messages import message
from support import applied, make_sheet, templates

needs("imapclient")
from sheetflow import flow  # noqa: E402 - needs the library
from sheetflow.mailbox import imap  # noqa: E402
from sheetflow.mailbox.facts import NO_MAIL, Facts  # noqa: E402
from sheetflow.mailbox.providers import Account  # noqa: E402
from sheetflow.plan import Plan  # noqa: E402
from sheetflow.settings import Settings  # noqa: E402
from sheetflow.sheet import Sheet  # noqa: E402

LIVES = int(os.environ.get("MAIL_LIVES", "40"))
BATCH = 10
ZONES = ("Europe/Madrid", "America/Los_Angeles", "Asia/Tokyo", "UTC", "Australia/Sydney")
START = date(2026, 10, 1)
NAMES = ("Ana Ruiz", "Bo Chen", "Cy Diaz", "Di Eck", "Eva Lund")
SUBJECTS = ("Thank you", "quick note", "Re: your question", "Danke für das Gespräch", "", "Hello from the train")
AUTOMATIC = (
    ("Automatic reply: hello", {}),
    ("Hello", {"auto_submitted": "auto-replied"}),
    ("Abwesenheit: bin im Urlaub", {"x_autoreply": "yes"}),
    ("Accepted: interview", {}),
)
COLUMNS = (
    "status", "flag", "due", "thank_you_due", "follow_up_due", "second_follow_up_due", "ghosted_on", "note", "rule",
)  # fmt: skip
THANKED, FOLLOWED, SECONDED, REPLIED = "Thank-you sent", "Follow-up sent", "Second follow-up sent", "Reply received"


@dataclass
class Event:
    """Something that happens at a moment: mail, and what a careful person types for it."""

    moment: datetime
    folder: str
    text: bytes
    row: int = 0
    typed: tuple[str, date] | None = None


@dataclass
class Life:
    """One person's tracker and mailbox."""

    server: Dovecot
    me: str
    dice: random.Random
    zone: ZoneInfo
    rows: list[dict[str, Any]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    numbers: int = 0

    def mail(
        self, moment: datetime, row: int, typed: str = "", *, to: str = "", sender: str = "", **fields: Any
    ) -> None:
        """A mail to somebody, or from somebody."""
        self.numbers += 1
        subject = fields.pop("subject", self.dice.choice(SUBJECTS))
        text = message(sender or self.me, to or self.me, subject, self.numbers, **fields)
        day = moment.astimezone(self.zone).date()
        self.events.append(Event(moment, r"\Sent" if to else r"\All", text, row, (typed, day) if typed else None))

    def some_time(self, day: date, days: int = 0) -> datetime:
        """A moment on a day, the small hours included, in the sheet's zone."""
        hour, minute = self.dice.choice((0, 1, 8, 11, 15, 20, 23)), self.dice.randrange(60)
        there = day + timedelta(days)
        return datetime(there.year, there.month, there.day, hour, minute, tzinfo=self.zone).astimezone(UTC)

    def noise(self, row: int, day: date, address: str) -> None:
        """What comes into a mailbox and counts for nothing."""
        domain = address.rpartition("@")[2]
        for _ in range(self.dice.randrange(4)):
            moment = self.some_time(day, self.dice.randrange(1, 40))
            match self.dice.randrange(5):
                case 0:
                    subject, marks = self.dice.choice(AUTOMATIC)
                    self.mail(moment, row, sender=address, subject=subject, **marks)
                case 1:
                    self.mail(moment, row, sender=f"no-reply@{domain}", subject="Your application")
                case 2:
                    self.mail(moment, row, sender=f"news@{domain}", list_id=f"<news.{domain}>", precedence="list")
                case 3:
                    self.mail(moment, row, sender=f"somebody.else@{domain}")
                case _:
                    self.mail(moment, row, to="mum@home.example")

    def interview(self, row: int, day: date, last: date, people: list[tuple[str, str]]) -> None:
        """Thanks to each, perhaps; a follow-up, a second; an answer at some time, and a talk after it."""
        dice = self.dice
        thanked = [self.some_time(day, dice.randrange(1, 6)) for _ in people]
        answered = dice.choice((None, None, dice.randrange(1, 40)))
        answer = self.some_time(day, answered) if answered else None
        polite = dice.random() < 0.8
        if polite:
            for (_, address), moment in zip(people, thanked, strict=True):
                self.mail(moment, row, THANKED if moment == max(thanked) else "", to=address)
            self._remind(row, max(thanked).astimezone(self.zone).date(), people[0][1], answer)
        if answer and answer.astimezone(self.zone).date() <= last:
            self.mail(answer, row, REPLIED, sender=dice.choice(people)[1])
            for _ in range(dice.randrange(3) if polite and answer > max(thanked) else 0):  # the talk that follows
                self.mail(answer + timedelta(hours=dice.randrange(1, 60)), row, to=people[0][1])

    def _remind(self, row: int, thanked: date, address: str, answer: datetime | None) -> None:
        first = self.some_time(thanked, self.dice.randrange(8, 20))
        second = self.some_time(first.astimezone(self.zone).date(), self.dice.randrange(6, 12))
        for moment, typed in ((first, FOLLOWED), (second, SECONDED)):
            if self.dice.random() < 0.4 or (answer and answer - timedelta(days=1) < moment):
                return
            self.mail(moment, row, typed, to=address)

    def application(self, row: int, day: date, person: tuple[str, str]) -> None:
        answer = self.some_time(day, self.dice.randrange(1, 40)) if self.dice.random() < 0.4 else None
        moment = self.some_time(day, self.dice.randrange(4, 15))
        if self.dice.random() < 0.6 and not (answer and answer - timedelta(days=1) < moment):
            self.mail(moment, row, FOLLOWED, to=person[1])
        if answer:
            self.mail(answer, row, REPLIED, sender=person[1])


def story(server: Dovecot, number: int) -> Life:
    """The life of a number."""
    dice = random.Random(number)
    life = Life(server, f"life{number}@mail.example", dice, ZoneInfo(dice.choice(ZONES)))
    for company in range(dice.randrange(1, 4)):
        domain = f"c{company}.example"
        people = [(name, f"{name.split()[0].lower()}@{domain}") for name in dice.sample(NAMES, dice.randrange(1, 4))]
        shown = "; ".join(f"{name} <{address}>" for name, address in people)
        day = START + timedelta(days=dice.randrange(20))
        row = len(life.rows)
        about = {"Company": f"Company {company}", "Role": dice.choice(("Analyst", "Cook", ""))}
        if dice.random() < 0.25:
            life.rows.append({**about, "Applied": day.isoformat(), "Contact": shown.partition(";")[0]})
            life.application(row, day, people[0])
        else:
            clock = dice.choice(("", " 09:30", " 16:00"))
            life.rows.append({**about, "Interview": f"{day}{clock}", "Interviewers": shown})
            life.interview(row, day, START + timedelta(days=90), people)
        life.noise(row, day, people[0][1])
    life.events.sort(key=lambda event: event.moment)
    return life


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Dovecot]]:
    with dovecot.running(GMAIL) as one, dovecot.running(PLAIN) as other:
        yield [one, other]


def made(sheet: Sheet, now: datetime, facts: Facts) -> Plan:
    return flow.make_plan(sheet, now, Settings(), templates(), facts)


def looked(life: Life, sheet: Sheet, now: datetime) -> Facts:
    wanted = flow.whom_to_look_for(sheet, now, Settings(), life.me)
    if wanted is None:
        return Facts(used=True, owner=life.me, received=True, sent=True)
    account = Account(life.me, life.me, PASSWORD, "localhost", life.server.port)
    facts = imap.look(account, wanted, context=life.server.certificates.client())
    assert facts.trouble == ""
    return facts


def live(life: Life) -> None:
    """Look at three times, in which the mailbox fills, and compare."""
    headers = ("Company", "Role", "Applied", "Contact", "Interview", "Interviewers", "Outcome", THANKED, FOLLOWED,
               SECONDED, REPLIED)  # fmt: skip
    sheet = make_sheet(life.rows, headers, zone=life.zone)
    typed = [dict(row) for row in life.rows]
    waiting = list(life.events)
    for days in sorted(life.dice.sample(range(3, 75), 3)):
        now = life.some_time(START, days)
        while waiting and waiting[0].moment <= now:
            event = waiting.pop(0)
            life.server.put(life.me, event.folder, [(event.text, event.moment)])
            if event.typed:
                column, day = event.typed
                typed[event.row][column] = max(typed[event.row].get(column, ""), day.isoformat())
        plan = made(sheet, now, looked(life, sheet, now))
        right = made(make_sheet(typed, headers, zone=life.zone), now, NO_MAIL)
        for row in range(len(life.rows)):
            seen = plan.table.frame["seen"].iat[row]
            where = f"{life.me} at {now}, row {row}: {life.rows[row]} typed {typed[row]}, seen {seen}"
            found, wanted = (
                {column: str(one.table.frame[column].iat[row]) for column in COLUMNS} for one in (plan, right)
            )
            assert found == wanted, where
        sheet = applied(plan)
        assert not made(sheet, now, looked(life, sheet, now)).changes, "a second look finds nothing new"
        down = made(sheet, now, Facts(used=True, owner=life.me, trouble="Down."))
        assert [change for change in down.changes if change.key != "why"] == [], "what was seen stays"


@pytest.mark.parametrize("first", range(0, LIVES, BATCH))
def test_a_life_in_which_nothing_is_typed_equals_one_in_which_everything_is(servers: list[Dovecot], first: int) -> None:
    for number in range(first, min(first + BATCH, LIVES)):
        life = story(servers[number % 2], number)
        live(life)
