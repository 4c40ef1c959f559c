"""Where typed and seen meet: a row whose mail was seen stands where it would if everything had been typed rightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from support import applied, make_sheet, templates

from sheetflow import flow
from sheetflow.mailbox.facts import NO_MAIL, Facts, Kind, Mail
from sheetflow.plan import Plan
from sheetflow.rules import mail
from sheetflow.rules.cadence import RULES
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet

ME, ANA, BO, KIM = "sam@mail.example", "ana@acme.example", "bo@acme.example", "kim@acme.example"
ROW = {"Company": "Acme", "Role": "Analyst", "Interview": "2026-11-20", "Interviewers": f"Ana Ruiz <{ANA}>"}
PANEL = {**ROW, "Interviewers": f"Ana Ruiz <{ANA}>; Bo Chen <{BO}>"}
APPLICATION = {"Company": "Acme", "Role": "Analyst", "Applied": "2026-11-02", "Contact": f"Ana Ruiz <{ANA}>"}


def at(day: int, month: int = 11, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


NOW = at(30, hour=9)


def out(moment: datetime, *to: str, **fields: Any) -> Mail:
    return Mail(moment, True, sender=ME, to=to or (ANA,), **fields)


def into(moment: datetime, sender: str = ANA, kind: Kind = "human", **fields: Any) -> Mail:
    return Mail(moment, False, kind, sender, (ME,), **fields)


def facts(*mails: Mail, **fields: Any) -> Facts:
    return Facts(**({"used": True, "owner": ME, "mails": mails, "received": True, "sent": True} | fields))


def plan(sheet: Sheet | dict[str, Any] | Sequence[dict[str, Any]], shown: Facts, now: datetime = NOW) -> Plan:
    if not isinstance(sheet, Sheet):
        sheet = make_sheet([sheet] if isinstance(sheet, dict) else sheet)
    return flow.make_plan(sheet, now, Settings(), templates(), shown)


def cell(made: Plan, column: str, row: int = 0) -> str:
    return str(made.table.frame[column].iat[row])


def why(row: dict[str, Any], *mails: Mail, now: datetime = NOW) -> str:
    return cell(plan(row, facts(*mails), now), "why")


def retyped(made: Plan, key: str, text: str) -> Sheet:
    """The sheet after a plan was applied and the person has typed something into the first row."""
    sheet = applied(made)
    grid = [list(row) for row in sheet.rows]
    grid[1][made.at[key]] = text
    return replace(sheet, rows=grid)


STATE = ("status", "flag", "due", "follow_up_due", "second_follow_up_due", "ghosted_on", "note", "rule", "draft")


def state(made: Plan, row: int = 0) -> tuple[str, ...]:
    return tuple(cell(made, column, row) for column in STATE)


THANKS, FOLLOW, SECOND = out(at(21)), out(at(5, 12)), out(at(13, 12))


@pytest.mark.parametrize(
    ("row", "mails", "typed", "now"),
    [
        (ROW, [THANKS], {"Thank-you sent": "2026-11-21"}, NOW),
        (ROW, [THANKS], {"Thank-you sent": "2026-11-21"}, at(9, 12)),
        (ROW, [THANKS, FOLLOW], {"Thank-you sent": "2026-11-21", "Follow-up sent": "2026-12-05"}, at(10, 12)),
        (
            ROW, [THANKS, FOLLOW, SECOND],
            {"Thank-you sent": "2026-11-21", "Follow-up sent": "2026-12-05", "Second follow-up sent": "2026-12-13"},
            at(22, 12),
        ),
        (ROW, [THANKS, into(at(24))], {"Thank-you sent": "2026-11-21", "Reply received": "2026-11-24"}, NOW),
        (ROW, [into(at(24))], {"Reply received": "2026-11-24"}, NOW),
        (PANEL, [out(at(21)), out(at(23), BO)], {"Thank-you sent": "2026-11-23"}, NOW),
        (APPLICATION, [out(at(13))], {"Follow-up sent": "2026-11-13"}, NOW),
        (APPLICATION, [into(at(13))], {"Reply received": "2026-11-13"}, NOW),
        ({**ROW, "Reply received": "2026-11-28"}, [into(at(24))], {}, NOW),
        ({**ROW, "Reply received": "2026-11-22"}, [into(at(24))], {"Reply received": "2026-11-24"}, NOW),
        ({**ROW, "Thank-you sent": "2026-11-22"}, [THANKS], {}, NOW),
        ({**ROW, "Thank-you sent": "x"}, [THANKS], {"Thank-you sent": "2026-11-21"}, NOW),
        ({**ROW, "Thank-you sent": "not sent"}, [THANKS], {}, NOW),
        ({**ROW, "Thank-you sent": "nonsense"}, [THANKS], {}, NOW),
        ({**ROW, "Outcome": "Rejected", "Reply received": "2026-11-24"}, [THANKS], {"Thank-you sent": "2026-11-21"},
         NOW),
        (ROW, [into(at(24), kind="automatic")], {}, NOW),
        (ROW, [out(at(19))], {}, NOW),
    ],
)  # fmt: skip
def test_seen_is_as_if_it_had_been_typed(
    row: dict[str, Any], mails: list[Mail], typed: dict[str, str], now: datetime
) -> None:
    assert state(plan(row, facts(*mails), now)) == state(plan({**row, **typed}, NO_MAIL, now))


def test_a_typed_day_beats_a_seen_one_and_that_a_tick() -> None:
    assert "taken for" not in why({**ROW, "Thank-you sent": "2026-11-22"}, THANKS)
    said = why({**ROW, "Thank-you sent": "x"}, THANKS)
    asked = "if it was not, type not sent into Thank-you sent"
    assert f"your mail to Ana of 21 Nov 2026 is taken for the thank-you; {asked}" in said
    assert "tick" not in said


def test_who_of_a_panel_is_still_missing() -> None:
    made = plan(PANEL, facts(THANKS))
    assert cell(made, "status") == "Send thank-you"
    assert "your mail to Ana of 21 Nov 2026 is taken for a thank-you, and Bo is still missing" in cell(made, "why")
    ticked = plan({**PANEL, "Thank-you sent": "x"}, facts(THANKS))
    assert state(ticked) == state(plan({**PANEL, "Thank-you sent": "2026-11-21"}, NO_MAIL))
    assert "missing" not in cell(ticked, "why")
    nameless = why({**ROW, "Interviewers": f"Ana Ruiz <{ANA}>; Bo Chen"}, THANKS)
    assert "Bo (no address) is still missing" in nameless


def test_a_reply_asks_what_came_of_it_until_there_is_an_outcome_or_a_day() -> None:
    asked = "they wrote on 24 Nov 2026: what came of it?"
    assert asked in why(ROW, THANKS, into(at(24)))
    assert asked not in why({**ROW, "Outcome": "Rejected"}, THANKS, into(at(24)))
    assert asked not in why({**ROW, "Reply received": "2026-11-24"}, THANKS, into(at(24)))


def test_what_counts_for_nothing_is_told() -> None:
    assert "an automatic reply came from Ana on 24 Nov 2026" in why(ROW, THANKS, into(at(24), kind="automatic"))
    assert f"{KIM} wrote on 24 Nov 2026" in why(ROW, THANKS, into(at(24), KIM))
    other = {**ROW, "Company": "Birch", "Interview": "2026-11-19"}
    both = plan([ROW, other], facts(out(at(21))))
    assert all("may be about this row or another one" in cell(both, "why", row) for row in (0, 1))


def test_a_bounce_is_to_be_checked_and_what_came_back_was_not_sent() -> None:
    bounce = into(at(22), "mailer-daemon@mail.example", "bounce", failed=(ANA,))
    made = plan(ROW, facts(THANKS, bounce))
    assert (cell(made, "status"), cell(made, "flag")) == ("Check row", "Check")
    assert f"Interviewers: mail to {ANA} came back, or is delayed, on 22 Nov 2026" in cell(made, "why")
    (problem,) = made.table.problems[0].values()
    assert ANA not in problem.quiet
    known = plan({**ROW, "Thank-you sent": "not sent"}, facts(THANKS, bounce), at(21, hour=20))
    assert cell(known, "status") == "Send thank-you"
    assert cell(plan({**ROW, "Outcome": "Rejected"}, facts(THANKS, bounce)), "flag") != "Check"


def test_a_closing_note_is_known_by_its_subject() -> None:
    row = {**ROW, "Thank-you sent": "2026-11-21", "Outcome": "Withdrawn"}
    first = plan(row, facts())
    assert cell(first, "note") == "withdrawal"
    note = out(at(30, hour=8), subject=cell(first, "draft_subject"))
    second = plan(applied(first), facts(note))
    assert (cell(second, "status"), cell(second, "seen")) == ("Closed", "Closing note to Ana 2026-11-30 · at Acme")
    assert "is taken for the closing note" in cell(second, "why")
    third = plan(applied(second), facts(note), at(1, 12))
    assert (cell(third, "status"), cell(third, "seen")) == ("Closed", cell(second, "seen"))
    assert cell(plan(applied(first), facts(out(at(30, hour=8), subject="Lunch"))), "status") == "Send withdrawal"


# --- the column -----------------------------------------------------------------------------------------------


def test_the_column_is_there_only_where_a_mailbox_is_used() -> None:
    assert "seen" not in plan(ROW, NO_MAIL).at
    assert "seen" in plan(ROW, Facts(used=True, trouble="No.")).at


def test_what_was_seen_stays_when_the_mailbox_cannot_be_reached() -> None:
    first = plan(ROW, facts(THANKS, into(at(24))))
    assert cell(first, "seen") == "Thank-you to Ana 2026-11-21 · reply 2026-11-24 (Ana) · at Acme"
    for down in (Facts(used=True, owner=ME, trouble="The mail server took too long."), NO_MAIL):
        again = plan(applied(first), down)
        assert state(again) == state(first)
        assert cell(again, "seen") == cell(first, "seen")
        assert not again.changes
        assert again.table.trouble == down.trouble


@pytest.mark.parametrize("company", ["", "·(),", "A · B", "Acme\nInc"])
def test_what_a_run_writes_is_no_text_of_somebody_elses(company: str) -> None:
    first = plan({**ROW, "Company": company}, facts(THANKS))
    assert "Thank-you to Ana 2026-11-21" in cell(first, "seen")
    assert "Thank-you to Ana 2026-11-21" in cell(plan(applied(first), facts(THANKS)), "seen")


def test_a_fact_older_than_the_interview_is_dropped() -> None:
    moved = plan(retyped(plan(ROW, facts(THANKS)), "interview", "2026-11-25"), Facts(used=True), at(26))
    assert (cell(moved, "seen"), cell(moved, "status")) == ("", "Send thank-you")


def test_a_day_that_cannot_be_read_loses_nothing() -> None:
    first = plan(ROW, facts(THANKS))
    broken = plan(retyped(first, "interview", "soon"), Facts(used=True))
    assert cell(broken, "flag") == "Check"
    assert cell(broken, "seen") == cell(first, "seen")


def test_the_hour_of_the_interview_counts_and_the_day_is_that_of_the_sheet() -> None:
    evening = {**ROW, "Interview": "2026-11-20 22:00"}  # in Madrid, an hour ahead
    assert cell(plan(evening, facts(out(at(20, hour=20)))), "seen") == ""
    late = plan(evening, facts(out(at(20, hour=23))))
    assert cell(late, "seen") == "Thank-you to Ana 2026-11-21 · at Acme"
    assert cell(plan(applied(late), Facts(used=True)), "seen") == cell(late, "seen")


# --- what to look for -----------------------------------------------------------------------------------------


def test_whose_mail_is_wanted() -> None:
    rows = [
        {**PANEL, "Contact": "Rita <rita@gmail.com>"},
        {**APPLICATION, "Contact": "Tom <tom@birch.example>", "Company": "Birch"},
        {**ROW, "Company": "Closed", "Outcome": "Closed", "Interviewers": "No <no@closed.example>"},
        {**ROW, "Company": "To come", "Interview": "2026-12-20", "Interviewers": "No <no@later.example>"},
        {**ROW, "Company": "Nobody", "Interviewers": "Nobody"},
    ]
    wanted = mail.wanted(plan(rows, NO_MAIL).table, ME, NOW.date())
    assert wanted is not None
    assert wanted.since == date(2026, 10, 31)
    assert wanted.people == (ANA, BO, "rita@gmail.com", "tom@birch.example")
    assert wanted.senders == ("rita@gmail.com", "@acme.example", "@birch.example")


def test_nobody_to_look_for() -> None:
    assert mail.wanted(plan({**ROW, "Outcome": "Closed"}, NO_MAIL).table, ME, NOW.date()) is None
    own = mail.wanted(plan({**ROW, "Interviewers": f"Me <{ME}>; Al <al@mail.example>"}, NO_MAIL).table, ME, NOW.date())
    assert own is not None
    assert (own.people, own.senders) == (("al@mail.example",), ("al@mail.example",))


def test_of_very_many_the_latest_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_PEOPLE", 2)
    rows = [
        {**ROW, "Company": f"C{day}", "Interview": f"2026-11-{day}", "Interviewers": f"a@c{day}.example"}
        for day in (20, 18, 22, 19)
    ]
    wanted = mail.wanted(plan(rows, NO_MAIL).table, ME, NOW.date())
    assert wanted is not None
    assert (wanted.people, wanted.since) == (("a@c20.example", "a@c22.example"), date(2026, 11, 18))


def test_every_kind_of_mail_has_a_column() -> None:
    from sheetflow.mailbox.seen import SENT

    assert set(mail.KINDS) == set(SENT)
    assert {rule.note for rule in RULES} - {""} <= {*mail.KINDS, "withdrawal", "feedback_request"}
