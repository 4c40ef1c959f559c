"""The second reading against results worked out by hand, with a calendar, from the text of the rules.

The calendar: 2 November 2026 is a Monday, so are 9, 16, 23, 30 November and 7, 14, 21, 28 December. Unless a case
says otherwise the interview is on Monday 2 November without a time, and Madrid's clock shows noon. Then, with nothing
marked: Thank-you due 3 November, Follow-up due and Limit Tuesday 17, Second follow-up due Tuesday 24, Ghosted on
Tuesday 1 December, the closing window to 31 December.
"""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from oracle import BLANK, DATE_CELLS, TICK, Row, Settings, Verdict, assess, roll

MADRID = ZoneInfo("Europe/Madrid")


def oct_(day: int) -> date:
    return date(2026, 10, day)


def nov(day: int) -> date:
    return date(2026, 11, day)


def dec(day: int) -> date:
    return date(2026, 12, day)


def jan(day: int) -> date:
    return date(2027, 1, day)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)


def interview(**cells: Any) -> Row:
    return Row(**{"interview": nov(2), **cells})


def application(**cells: Any) -> Row:
    """Applied on Monday 2 November: Follow-up due Thursday 12, Ghosted on 2 December."""
    return Row(**{"applied": nov(2), "reachable": True, **cells})


def look(now: date, *rows: Row, zone: ZoneInfo = MADRID, **settings: Any) -> list[Verdict]:
    moment = now if isinstance(now, datetime) else at(now, 12)
    return assess(rows, moment, zone, Settings(**settings))


def first(now: date, *rows: Row, **settings: Any) -> Verdict:
    return look(now, *rows, **settings)[0]


STATUS = {
    "1": "Check row", "2": "Snoozed", "3": "Send thank-you", "4": "Closed", "4a": "Check row", "5": "Ghosted",
    "6": "Closed", "7": "Closed", "7a": "Closed", "8": "Send withdrawal", "8a": "Closed", "9": "Offer",
    "10": "Ask for feedback", "11": "Send withdrawal", "12": "Closed", "13a": "Not applied", "13b": "Check row",
    "13c": "No interview", "13d": "Ghosted", "13e": "Send check-in", "13f": "In conversation", "13g": "Applied",
    "14": "Ghosted", "15": "Send thank-you", "17": "Upcoming", "18": "Send follow-up", "19": "Send second follow-up",
    "20": "In conversation", "21": "Waiting",
}  # fmt: skip
"""Every rule but 16, which has two."""

Case = tuple[date, Row, str, str, date | None]

ALONE: dict[str, Case] = {
    # -- the thank-you: 15 and 17 --------------------------------------------------------------------------
    "the day before the interview": (nov(1), interview(), "17", "", nov(3)),
    "the day of the interview": (nov(2), interview(), "15", "Due", nov(3)),
    "the day the thank-you is due": (nov(3), interview(), "15", "Due", nov(3)),
    "the day after the thank-you was due": (nov(4), interview(), "15", "Overdue", nov(3)),
    "the last day for a thank-you": (nov(16), interview(), "15", "Overdue", nov(3)),
    "on Limit nobody is thanked any more": (nov(17), interview(), "18", "Due", nov(17)),
    "a minute before the interview": (at(nov(20), 14, 59), Row(interview=at(nov(20), 15)), "17", "", at(nov(21), 15)),
    "at the minute of the interview": (at(nov(20), 15), Row(interview=at(nov(20), 15)), "15", "Due", at(nov(21), 15)),
    "24 hours after it": (at(nov(21), 15), Row(interview=at(nov(20), 15)), "15", "Due", at(nov(21), 15)),
    "a minute later": (at(nov(21), 15, 1), Row(interview=at(nov(20), 15)), "15", "Overdue", at(nov(21), 15)),
    "a thank-you due on a Saturday is not rolled": (nov(21), Row(interview=nov(20)), "15", "Due", nov(21)),
    "a follow-up sent makes the thank-you done": (nov(5), interview(followed=nov(4)), "21", "", nov(11)),
    "a second sent makes the thank-you done": (nov(5), interview(seconded=nov(4)), "21", "", nov(11)),
    "a decision at once: thank still": (nov(3), interview(decision_by=nov(2)), "15", "Due", nov(3)),
    "and the follow-up begins": (nov(4), interview(decision_by=nov(2)), "18", "Due", nov(4)),
    # -- the follow-up: 18, 21 -----------------------------------------------------------------------------
    "thanked, the day before the follow-up": (nov(16), interview(thanked=nov(3)), "21", "", nov(17)),
    "thanked, the day of it": (nov(17), interview(thanked=nov(3)), "18", "Due", nov(17)),
    "thanked, the day after": (nov(18), interview(thanked=nov(3)), "18", "Overdue", nov(17)),
    "a tick is taken for Thank-you due": (nov(16), interview(thanked=TICK), "21", "", nov(17)),
    "thanked on a Saturday: rolled to Monday": (nov(22), interview(thanked=nov(7)), "21", "", nov(23)),
    "that Monday": (nov(23), interview(thanked=nov(7)), "18", "Due", nov(23)),
    "thanked on the very day: a day earlier": (nov(17), interview(thanked=nov(2)), "18", "Overdue", nov(16)),
    "until the day it is ghosted": (nov(30), interview(thanked=nov(3)), "18", "Overdue", nov(17)),
    # -- the second follow-up: 19 --------------------------------------------------------------------------
    "followed, the day before the second": (nov(23), interview(followed=nov(17)), "21", "", nov(24)),
    "followed, the day of the second": (nov(24), interview(followed=nov(17)), "19", "Due", nov(24)),
    "followed, the day after": (nov(25), interview(followed=nov(17)), "19", "Overdue", nov(24)),
    "followed on a Saturday: rolled": (nov(29), interview(followed=nov(21)), "21", "", nov(30)),
    "a tick stands for D1": (nov(24), interview(thanked=nov(3), followed=TICK), "19", "Due", nov(24)),
    "followed late: all of it moves": (nov(26), interview(thanked=nov(3), followed=nov(20)), "21", "", nov(27)),
    # -- ghosted: 14 ---------------------------------------------------------------------------------------
    "the day before it is ghosted": (nov(30), interview(followed=nov(17)), "19", "Overdue", nov(24)),
    "ghosted, nothing marked": (dec(1), interview(), "14", "Ghosted", dec(1)),
    "ghosted after a follow-up": (dec(1), interview(followed=nov(17)), "14", "Ghosted", dec(1)),
    "after the second: the day before": (dec(1), interview(followed=nov(17), seconded=nov(25)), "21", "", dec(2)),
    "a week after it, not rolled": (dec(5), interview(followed=nov(17), seconded=nov(28)), "14", "Ghosted", dec(5)),
    "the day before that": (dec(4), interview(followed=nov(17), seconded=nov(28)), "21", "", dec(5)),
    "a second tick stands for D2": (nov(30), interview(followed=nov(17), seconded=TICK), "21", "", dec(1)),
    "only the second: the follow-up counts": (nov(26), interview(seconded=nov(25)), "21", "", dec(2)),
    # -- replies: 20 ---------------------------------------------------------------------------------------
    "a reply: in conversation": (nov(20), interview(thanked=nov(3), reply=nov(10)), "20", "", nov(24)),
    "14 days after the reply": (nov(24), interview(thanked=nov(3), reply=nov(10)), "18", "Due", nov(24)),
    "a follow-up on the day of the reply does not count": (
        nov(12), interview(thanked=nov(3), followed=nov(10), reply=nov(10)), "20", "", nov(24)),
    "one on the day after does": (
        nov(12), interview(thanked=nov(3), followed=nov(11), reply=nov(10)), "21", "", nov(18)),
    "a tick beside a reply does not count": (
        nov(12), interview(thanked=nov(3), followed=TICK, reply=nov(10)), "20", "", nov(24)),
    "a second tick beside a reply does not count": (
        nov(18), interview(followed=nov(11), seconded=TICK, reply=nov(10)), "19", "Due", nov(18)),
    "a second before the reply, a follow-up after it": (
        nov(12), interview(followed=nov(4), seconded=nov(11), reply=nov(10)), "21", "", nov(18)),
    "a reply the day before the thank-you": (nov(5), interview(thanked=nov(4), reply=nov(3)), "21", "", nov(18)),
    "a reply on the day of the thank-you": (nov(5), interview(thanked=nov(4), reply=nov(4)), "20", "", nov(18)),
    "a reply on the day of the interview": (nov(5), interview(thanked=TICK, reply=nov(2)), "20", "", nov(17)),
    "a reply before the interview is none": (nov(5), interview(thanked=TICK, reply=nov(1)), "21", "", nov(17)),
    "a reply, but not thanked": (nov(5), interview(reply=nov(4)), "15", "Overdue", nov(3)),
    "a ghosted row comes back with a reply": (dec(2), interview(thanked=nov(3), reply=dec(1)), "20", "", dec(15)),
    "a reply of tomorrow": (nov(5), interview(thanked=nov(3), reply=nov(6)), "20", "", nov(20)),
    # -- Decision by ---------------------------------------------------------------------------------------
    "Decision by + 2 days is a Sunday": (nov(5), interview(thanked=nov(3), decision_by=nov(13)), "21", "", nov(16)),
    "Decision by on the interview's day": (nov(3), interview(thanked=nov(3), decision_by=nov(2)), "21", "", nov(4)),
    "Decision by before the interview": (nov(5), interview(thanked=nov(3), decision_by=nov(1)), "21", "", nov(17)),
    "Decision by on the reply's day": (
        nov(10), interview(thanked=nov(3), reply=nov(10), decision_by=nov(10)), "20", "", nov(24)),
    "Decision by the day after the reply": (
        nov(10), interview(thanked=nov(3), reply=nov(10), decision_by=nov(11)), "20", "", nov(13)),
    "a tick stands for Decision by + 2": (
        nov(6), interview(thanked=nov(3), followed=TICK, decision_by=nov(4)), "21", "", nov(13)),
    # -- Snooze until: 2 -----------------------------------------------------------------------------------
    "the day before the snooze ends": (nov(27), interview(thanked=nov(3), snooze=nov(28)), "2", "", nov(28)),
    "the day it ends: a Saturday, so Monday": (nov(28), interview(thanked=nov(3), snooze=nov(28)), "21", "", nov(30)),
    "then a week to the second": (nov(30), interview(thanked=nov(3), snooze=nov(28)), "18", "Due", nov(30)),
    "and two to ghosted": (dec(14), interview(thanked=nov(3), snooze=nov(28)), "14", "Ghosted", dec(14)),
    "snoozed after the second: a week from there": (
        dec(8), interview(followed=nov(17), seconded=nov(24), snooze=dec(2)), "21", "", dec(9)),
    "the end of that": (dec(9), interview(followed=nov(17), seconded=nov(24), snooze=dec(2)), "14", "Ghosted", dec(9)),
    "a snooze with a thank-you open": (nov(3), interview(snooze=nov(5)), "2", "", nov(5)),
    "a snooze does not stretch Limit": (nov(17), interview(snooze=nov(17)), "18", "Due", nov(17)),
    "a snooze beats every outcome": (nov(3), interview(outcome="Accepted", snooze=nov(5)), "2", "", nov(5)),
    # -- Horrible: 16 --------------------------------------------------------------------------------------
    "horrible: the thank-you first": (nov(4), interview(feeling="Horrible"), "15", "Overdue", nov(3)),
    "a reply after it and nothing is horrible": (
        nov(5), interview(feeling="Horrible", thanked=nov(3), reply=nov(3)), "20", "", nov(17)),
    "bad is not horrible": (nov(17), interview(feeling="Bad", thanked=nov(3)), "18", "Due", nov(17)),
    "horrible, still to come": (nov(1), interview(feeling="Horrible"), "17", "", nov(3)),
    # -- outcomes: 3 to 6, 9 to 12 -------------------------------------------------------------------------
    "an offer, not thanked": (nov(3), interview(outcome="Offer"), "3", "Due", nov(3)),
    "a next round, not thanked": (nov(4), interview(outcome="Next round"), "3", "Overdue", nov(3)),
    "a next round, the last day to thank": (nov(16), interview(outcome="Next round"), "3", "Overdue", nov(3)),
    "an offer, the last day to thank": (nov(16), interview(outcome="Offer"), "3", "Overdue", nov(3)),
    "an offer on Limit": (nov(17), interview(outcome="Offer"), "9", "", None),
    "an offer, closing note sent": (nov(3), interview(outcome="Offer", closing=TICK), "6", "", None),
    "an offer, answer today": (nov(5), interview(outcome="Offer", thanked=nov(3), decision_by=nov(5)), "9", "", nov(5)),
    "an offer, the day to answer is over": (
        nov(6), interview(outcome="Offer", thanked=nov(3), decision_by=nov(5)), "9", "", None),
    "an offer without an interview": (nov(6), Row(outcome="Offer"), "9", "", None),
    "accepted": (nov(3), interview(outcome="Accepted"), "4", "", None),
    "closed": (nov(3), interview(outcome="Closed"), "4", "", None),
    "a next round: wait for it": (nov(16), interview(outcome="Next round", thanked=nov(3)), "4", "", None),
    "a next round that does not come": (nov(17), interview(outcome="Next round", thanked=nov(3)), "4a", "Check", None),
    "to the end of the closing window": (dec(31), interview(outcome="Next round", thanked=nov(3)), "4a", "Check", None),
    "and no longer": (jan(1), interview(outcome="Next round", thanked=nov(3)), "4", "", None),
    "a next round with a closing note": (
        nov(20), interview(outcome="Next round", thanked=nov(3), closing=nov(18)), "4", "", None),
    "a next round, followed up: the second date": (
        nov(23), interview(outcome="Next round", followed=nov(17)), "4", "", None),
    "and on it": (nov(24), interview(outcome="Next round", followed=nov(17)), "4a", "Check", None),
    "a next round still to come is an empty Outcome": (nov(1), interview(outcome="Next round"), "17", "", nov(3)),
    "a next round of an application": (dec(1), application(outcome="Next round"), "4a", "Check", None),
    "a next round of an application long ago": (dec(2), application(outcome="Next round"), "4", "", None),
    "a next round of nothing": (nov(3), Row(outcome="Next round"), "4", "", None),
    "ghosted, said by hand": (nov(3), interview(outcome="Ghosted"), "5", "Ghosted", None),
    "closing note sent": (nov(3), interview(closing=nov(3)), "6", "", None),
    "rejected: the feedback waits a day, and over Saturday": (
        nov(6), interview(outcome="Rejected", thanked=nov(3), reply=nov(6)), "10", "Due", nov(9)),
    "a favour is never overdue": (
        nov(20), interview(outcome="Rejected", thanked=nov(3), reply=nov(6)), "10", "Due", nov(9)),
    "rejected, the last day of the window": (
        jan(3), interview(outcome="Rejected", thanked=nov(3), reply=nov(6)), "10", "Due", nov(9)),
    "rejected, the window over": (jan(4), interview(outcome="Rejected", thanked=nov(3), reply=nov(6)), "12", "", None),
    "rejected, no day of the reply": (nov(5), interview(outcome="Rejected"), "10", "Due", None),
    "rejected on the day": (nov(5), interview(outcome="Rejected", reply=nov(2)), "10", "Due", nov(3)),
    "rejected before the interview": (nov(5), interview(outcome="Rejected", reply=nov(1)), "12", "", None),
    "rejected, closing note sent": (nov(5), interview(outcome="Rejected", closing=nov(4)), "12", "", None),
    "rejected, the interview is to come": (nov(1), interview(outcome="Rejected"), "12", "", None),
    "rejected application": (nov(5), application(outcome="Rejected", reply=nov(4)), "12", "", None),
    "withdrawn": (nov(5), interview(outcome="Withdrawn"), "11", "Due", None),
    "withdrawn, the last day of the window": (dec(31), interview(outcome="Withdrawn"), "11", "Due", None),
    "withdrawn, the window over": (jan(1), interview(outcome="Withdrawn"), "12", "", None),
    "withdrawn from an interview to come": (
        nov(1), Row(interview=at(nov(2), 9), outcome="Withdrawn"), "11", "Due", at(nov(2), 9)),
    "withdrawn, closing note sent": (nov(5), interview(outcome="Withdrawn", closing=nov(4)), "12", "", None),
    "withdrawn application nobody answered": (nov(5), application(outcome="Withdrawn"), "12", "", None),
    "withdrawn application they answered": (nov(5), application(outcome="Withdrawn", reply=nov(3)), "11", "Due", None),
    "withdrawn application they answered before it": (
        nov(5), application(outcome="Withdrawn", reply=nov(1)), "12", "", None),
    # -- without an interview: 13a to 13g ------------------------------------------------------------------
    "not applied": (nov(5), Row(outcome_kind="not_applied"), "13a", "", None),
    "not applied, a day planned": (nov(5), Row(outcome_kind="not_applied", applied=nov(30)), "13a", "", None),
    "not applied, but applied today": (
        nov(2), application(outcome_kind="not_applied"), "13g", "", nov(12)),
    "not applied, planned for tomorrow": (nov(1), application(outcome_kind="not_applied"), "13a", "", None),
    "a stage without a day": (nov(5), Row(outcome_kind="stage"), "13b", "Check", None),
    "a stage of an application": (dec(1), application(outcome_kind="stage"), "13b", "Check", None),
    "a stage of an application long ago": (dec(2), application(outcome_kind="stage"), "13d", "Ghosted", dec(2)),
    "a stage beside an interview": (nov(5), interview(outcome_kind="stage"), "15", "Overdue", nov(3)),
    "waiting beside an interview": (nov(5), interview(outcome_kind="waiting"), "15", "Overdue", nov(3)),
    "nothing to go by": (nov(5), Row(), "13c", "", None),
    "a sent date alone is nothing to go by": (nov(5), Row(thanked=nov(3), reply=nov(4)), "13c", "", None),
    "applied, the day before the check-in": (nov(11), application(), "13g", "", nov(12)),
    "applied, the day of it": (nov(12), application(), "13e", "Due", nov(12)),
    "applied, the day after": (nov(13), application(), "13e", "Overdue", nov(12)),
    "applied, nobody to write to": (nov(13), application(reachable=False), "13g", "", dec(2)),
    "applied, waiting": (nov(12), application(outcome_kind="waiting"), "13e", "Due", nov(12)),
    "applied, the day before it is ghosted": (dec(1), application(), "13e", "Overdue", nov(12)),
    "applied, ghosted": (dec(2), application(), "13d", "Ghosted", dec(2)),
    "checked in": (nov(13), application(followed=nov(13)), "13g", "", dec(3)),
    "checked in, the day before ghosted": (dec(2), application(followed=nov(13)), "13g", "", dec(3)),
    "checked in, ghosted": (dec(3), application(followed=nov(13)), "13d", "Ghosted", dec(3)),
    "checked in by tick: as of D1": (nov(20), application(followed=TICK), "13g", "", dec(2)),
    "a second tick stands for D1 as well": (nov(20), application(seconded=TICK), "13g", "", dec(2)),
    "the second date is the last word": (
        nov(20), application(followed=nov(13), seconded=nov(19)), "13g", "", dec(9)),
    "a check-in before Applied does not count": (nov(12), application(followed=nov(1)), "13e", "Due", nov(12)),
    "a second before Applied does not count": (nov(12), application(seconded=nov(1)), "13e", "Due", nov(12)),
    "a check-in on the day of Applied counts": (nov(12), application(followed=nov(2)), "13g", "", nov(22)),
    "an answer: in conversation": (nov(6), application(reply=nov(5)), "13f", "", nov(16)),
    "an answer, nobody to write to": (nov(6), application(reply=nov(5), reachable=False), "13f", "", dec(6)),
    "ten days after the answer": (nov(16), application(reply=nov(5)), "13e", "Due", nov(16)),
    "a check-in on the day of the answer does not count": (
        nov(6), application(reply=nov(5), followed=nov(5)), "13f", "", nov(16)),
    "one after it does": (nov(6), application(reply=nov(5), followed=nov(6)), "13g", "", nov(26)),
    "an answer before Applied is none": (nov(6), application(reply=nov(1)), "13g", "", nov(12)),
    "a decision promised: + 2 is a Sunday": (nov(6), application(decision_by=nov(20)), "13g", "", nov(23)),
    "a decision before Applied": (nov(6), application(decision_by=nov(1)), "13g", "", nov(12)),
    "a snoozed application": (nov(28), application(snooze=nov(28)), "13g", "", nov(30)),
    "twenty days from there": (dec(20), application(snooze=nov(28)), "13d", "Ghosted", dec(20)),
    "and the day before": (dec(19), application(snooze=nov(28)), "13e", "Overdue", nov(30)),
    "a checked-in application, snoozed": (
        dec(2), application(followed=nov(12), snooze=nov(28)), "13g", "", dec(18)),
    "applied tomorrow": (nov(1), application(), "13g", "", nov(12)),
    "an interview beside Applied: its clock": (nov(13), application(interview=nov(10)), "15", "Overdue", nov(11)),
    # -- problems: 1 ---------------------------------------------------------------------------------------
    "applied the day after tomorrow": (oct_(31), application(), "1", "Check", None),
    "… beside an interview": (oct_(31), application(interview=nov(2)), "17", "", nov(3)),
    "sent tomorrow": (nov(4), interview(thanked=nov(5)), "21", "", nov(19)),
    "sent the day after tomorrow": (nov(4), interview(thanked=nov(6)), "1", "Check", None),
    "followed the day after tomorrow": (nov(4), interview(followed=nov(6)), "1", "Check", None),
    "a second the day after tomorrow": (nov(4), interview(seconded=nov(6)), "1", "Check", None),
    "closing note the day after tomorrow": (nov(4), interview(closing=nov(6)), "1", "Check", None),
    "closing note tomorrow": (nov(4), interview(closing=nov(5)), "6", "", None),
    "a reply the day after tomorrow": (nov(4), interview(reply=nov(6)), "1", "Check", None),
    "a tick in Interview": (nov(4), Row(interview=TICK), "1", "Check", None),
    "a tick in Reply received": (nov(4), interview(reply=TICK), "1", "Check", None),
    "a tick in Snooze until": (nov(4), interview(snooze=TICK), "1", "Check", None),
    "a tick in Applied says nothing": (nov(4), Row(applied=TICK), "13c", "", None),
    "thanked before the interview": (nov(4), interview(thanked=nov(1)), "1", "Check", None),
    "thanked on its day": (nov(4), Row(interview=at(nov(2), 15), thanked=nov(2)), "21", "", nov(16)),
    "followed before the interview": (nov(4), interview(followed=nov(1)), "1", "Check", None),
    "a second before the interview": (nov(4), interview(seconded=nov(1)), "1", "Check", None),
    "closing note before the interview": (nov(4), interview(closing=nov(1)), "6", "", None),
    "the second before the first": (nov(20), interview(followed=nov(17), seconded=nov(16)), "1", "Check", None),
    "both on one day": (nov(20), interview(followed=nov(17), seconded=nov(17)), "21", "", nov(24)),
    "the second before the first of an application": (
        nov(20), application(followed=nov(17), seconded=nov(16)), "1", "Check", None),
    "no company": (nov(4), interview(company=" "), "1", "Check", None),
    "no company, a sent tick": (nov(4), Row(company="", closing=TICK), "1", "Check", None),
    "no company, a reply": (nov(4), Row(company="", reply=nov(3)), "1", "Check", None),
    "unknown words beside an interview": (jan(31), interview(outcome_kind="unknown"), "1", "Check", None),
    "unknown words in an application": (dec(1), application(outcome_kind="unknown"), "1", "Check", None),
    "unknown words in an old application": (dec(2), application(outcome_kind="unknown"), "13d", "Ghosted", dec(2)),
    "unknown words and no day": (nov(4), Row(outcome_kind="unknown"), "13c", "", None),
    "a language unknown here": (nov(4), interview(unreadable=frozenset({"language"})), "1", "Check", None),
    "an offer has problems": (nov(4), interview(outcome="Offer", thanked=nov(1)), "1", "Check", None),
    # -- set aside -----------------------------------------------------------------------------------------
    "set aside: the reply counts as empty": (
        nov(5), interview(outcome="Rejected", unreadable=frozenset({"reply"})), "10", "Due", None),
    "set aside: thanked before the interview is not thanked": (
        nov(5), interview(outcome="Next round", thanked=nov(1)), "3", "Overdue", nov(3)),
    "set aside: the second before the first is empty": (
        nov(24), interview(outcome="Next round", followed=nov(17), seconded=nov(16)), "4a", "Check", None),
    "set aside: no company": (nov(5), interview(company="", outcome="Rejected"), "10", "Due", None),
    "set aside: applied too late is no application": (
        nov(5), application(applied=nov(30), outcome="Withdrawn", reply=nov(4)), "11", "Due", None),
    "not set aside: a next round to come": (
        nov(5), Row(interview=nov(9), outcome="Next round", thanked=nov(3)), "1", "Check", None),
}  # fmt: skip


@pytest.mark.parametrize("case", ALONE.values(), ids=ALONE.keys())
def test_a_row_alone(case: Case) -> None:
    now, row, rule, flag, due = case
    verdict = first(now, row)
    assert (verdict.rule, verdict.status, verdict.flag, verdict.due) == (rule, STATUS[rule], flag, due)
    assert type(verdict.due) is type(due)


@pytest.mark.parametrize("name", DATE_CELLS)
def test_a_cell_that_cannot_be_read_is_a_problem_until_the_row_is_settled(name: str) -> None:
    row: dict[str, Any] = {"interview": nov(2), name: None, "unreadable": frozenset({name})}
    assert first(nov(4), Row(**row)) == Verdict("1", "Check row", "Check", None, None, None, None, None)
    for outcome in ("Next round", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed"):
        assert first(nov(4), Row(**row, outcome=outcome)).rule != "1"
    assert first(nov(4), Row(**row, outcome="Offer")).rule == "1"


# -- the dates shown ---------------------------------------------------------------------------------------


def dates(verdict: Verdict) -> tuple[date | None, ...]:
    return verdict[4:]


def test_the_dates_of_an_interview() -> None:
    assert dates(first(nov(2), interview())) == (nov(3), nov(17), nov(24), dec(1))
    assert dates(first(oct_(1), interview(feeling="Horrible", thanked=TICK))) == (nov(3), None, None, None)
    assert dates(first(nov(5), interview(outcome="Offer"))) == (nov(3), None, None, None)
    assert dates(first(nov(5), interview(outcome_kind="waiting"))) == (nov(3), nov(17), nov(24), dec(1))
    assert dates(first(nov(5), interview(closing=nov(5)))) == (nov(3), nov(17), nov(24), dec(1))
    assert dates(first(nov(18), interview(outcome="Next round"))) == (None, None, None, None)  # a Check row


def test_the_dates_of_an_application() -> None:
    assert dates(first(nov(5), application())) == (None, nov(12), None, dec(2))
    assert dates(first(nov(5), application(reachable=False, feeling="Horrible"))) == (None, nov(12), None, dec(2))
    assert dates(first(nov(5), application(outcome="Offer"))) == (None, None, None, None)
    assert dates(first(nov(5), application(outcome_kind="stage"))) == (None, None, None, None)  # a Check row
    assert dates(first(nov(5), Row(thanked=nov(3)))) == (None, None, None, None)


def test_a_day_planned_is_an_application_from_the_day_before_on() -> None:
    assert dates(first(nov(1), application(outcome_kind="not_applied"))) == (None, nov(12), None, dec(2))
    assert dates(first(oct_(31), application(outcome_kind="not_applied"))) == (None, None, None, None)


def test_a_snooze_moves_the_second_follow_up_too() -> None:
    # D2 = 24 November; the Snooze, Saturday 28, is Monday 30; ghosted a week after that, not after the Snooze
    assert dates(first(nov(28), interview(followed=nov(17), snooze=nov(28)))) == (nov(3), nov(30), nov(30), dec(7))


def test_limit_is_rolled() -> None:
    # an interview on Friday 6: Thank-you due Saturday 7, + 14 = Saturday 21, so Monday 23
    assert first(nov(22), Row(interview=nov(6), outcome="Offer")).rule == "3"
    assert first(nov(23), Row(interview=nov(6), outcome="Offer")).rule == "9"


def test_a_second_follow_up_leaves_the_first_where_it_was() -> None:
    # F = Follow-up due (17), D2 = 24, S = the 26th
    assert dates(first(nov(27), interview(seconded=nov(26)))) == (nov(3), nov(17), nov(24), dec(3))


def test_horrible_until_the_closing_window_is_over() -> None:
    # Base 3 November: Ghosted on 1 December although it is not shown; + 30 days
    row = interview(feeling="Horrible", thanked=nov(3), reply=nov(2))
    assert first(dec(31), row)[:4] == ("16", "Send withdrawal", "Due", None)
    assert first(jan(1), row)[:4] == ("16", "Closed", "", None)
    assert first(nov(17), interview(feeling="Horrible"))[:3] == ("16", "Send withdrawal", "Due")
    assert first(dec(1), interview(feeling="Horrible", closing=dec(1))).rule == "6"


def test_latest_takes_what_was_typed_and_no_tick_of_a_day_to_come() -> None:
    # With that Snooze: Follow-up due Monday 21 December, the second 28, Ghosted on 4 January, + 30 days = 3 February.
    assert first(date(2027, 2, 3), interview(outcome="Withdrawn", snooze=dec(20))).rule == "11"
    assert first(date(2027, 2, 4), interview(outcome="Withdrawn", snooze=dec(20))).rule == "12"
    # Rejected on the 3rd with ticks for the 17th and the 24th: on the 6th only the reply counts for Latest
    row = interview(outcome="Rejected", thanked=TICK, followed=TICK, seconded=TICK, reply=nov(3))
    assert first(nov(6), row).due == nov(4)
    assert first(nov(17), row).due == nov(18)  # D1 is today
    # a tick beside a reply does not count for D2: Follow-up due + 7
    assert first(nov(24), row).due == nov(25)
    # a tick in Thank-you sent on the day of the interview stands for tomorrow
    row = interview(outcome="Rejected", thanked=TICK, reply=nov(2))
    assert (first(nov(2), row).due, first(nov(3), row).due) == (nov(3), nov(4))
    # a Snooze that ends today
    assert first(nov(10), interview(outcome="Rejected", reply=nov(6), snooze=nov(10))).due == nov(11)
    # Accepted without an interview date but thanked on 20 December, after Ghosted on; a tick would stand for nothing
    accepted = application(outcome="Accepted", thanked=dec(20))
    assert first(dec(21), globex(interview=jan(19)), accepted).rule == "8"
    assert first(dec(21), globex(interview=jan(20)), accepted).rule == "17"
    assert first(dec(21), globex(interview=jan(2)), application(outcome="Accepted", thanked=TICK)).rule == "17"


def test_without_a_base_ticks_still_stand_for_what_can_be_worked_out() -> None:
    # D1 = Sunday 22 November, so Monday 23; D2 = 30 November; + 30 days
    ticked = Row(outcome="Accepted", followed=TICK, seconded=TICK, decision_by=nov(20))
    assert first(dec(1), globex(interview=dec(30)), ticked).rule == "8"
    assert first(dec(1), globex(interview=dec(31)), ticked).rule == "17"
    # D2 = 17 + 7 November
    typed = Row(outcome="Accepted", followed=nov(17), seconded=TICK)
    assert first(dec(1), globex(interview=dec(24)), typed).rule == "8"
    assert first(dec(1), globex(interview=dec(25)), typed).rule == "17"


# -- settings ----------------------------------------------------------------------------------------------


def test_settings_move_the_dates() -> None:
    waits = {"thank_you_hours": 36, "follow_up_days": 5, "second_follow_up_days": 3, "ghosted_days": 2}
    # bare date: 36 / 24 rounded up = 2 days = 4 November; + 5 = Monday 9; + 3 = 12; + 2 = Saturday 14, not rolled
    assert dates(first(nov(2), interview(), **waits)) == (nov(4), nov(9), nov(12), nov(14))
    assert dates(first(nov(2), Row(interview=at(nov(2), 18)), **waits))[0] == at(nov(4), 6)
    assert first(nov(9), interview(), **waits).rule == "18"
    assert first(nov(8), interview(), **waits).rule == "15"
    assert dates(first(nov(5), application(), application_follow_up_days=4, application_ghosted_days=3)) == (
        None, nov(6), None, nov(9),
    )  # fmt: skip
    assert first(nov(19), interview(outcome="Withdrawn"), closing_days=4, **waits).rule == "12"
    assert first(nov(18), interview(outcome="Withdrawn"), closing_days=4, **waits).rule == "11"
    assert first(nov(2), interview(), thank_you_hours=24).thank_you_due == nov(3)
    assert first(nov(2), interview(), thank_you_hours=25).thank_you_due == nov(4)


def test_weekends_are_a_setting() -> None:
    assert [roll(nov(day), Settings()) for day in (20, 21, 22, 23)] == [nov(20), nov(23), nov(23), nov(23)]
    assert roll(nov(21), Settings(skip_weekends=False)) == nov(21)
    assert first(nov(21), interview(thanked=nov(7)), skip_weekends=False)[:3] == ("18", "Send follow-up", "Due")
    assert first(nov(28), interview(thanked=nov(3), snooze=nov(28)), skip_weekends=False).due == nov(28)


# -- rows of one company, and the Accepted ones -------------------------------------------------------------


def globex(**cells: Any) -> Row:
    return Row(**{"company": "Globex", "interview": nov(2), **cells})


ACCEPTED = Row(interview=nov(2), thanked=nov(3), outcome="Accepted")
"""At Acme; its End is 1 December, what lies by then is settled until 31 December."""


def test_an_accepted_row_closes_those_of_its_company_until_a_month_after_its_end() -> None:
    assert first(nov(5), Row(company=" aCME ", interview=nov(4)), ACCEPTED)[:4] == ("7", "Closed", "", None)
    assert first(nov(5), Row(interview=dec(31)), ACCEPTED).rule == "7"
    assert first(nov(5), Row(interview=jan(1)), ACCEPTED).rule == "17"
    assert first(nov(5), Row(interview=nov(2), outcome="Offer"), ACCEPTED).rule == "7"
    assert first(nov(5), application(), ACCEPTED).rule == "7"
    assert first(nov(5), Row(), ACCEPTED).rule == "13c"  # no day
    assert first(nov(5), Row(interview=nov(2)), Row(outcome="Accepted")).rule == "15"  # no End
    assert first(nov(5), Row(interview=nov(2), outcome="Rejected"), ACCEPTED).rule == "10"


def test_lost_to_another_offer() -> None:
    assert first(nov(5), globex(thanked=nov(3)), ACCEPTED)[:4] == ("8", "Send withdrawal", "Due", None)
    assert first(nov(3), globex(), ACCEPTED).rule == "8"  # no thank-you before it
    timed = globex(interview=at(nov(12), 9, 30))
    assert first(nov(5), timed, ACCEPTED)[:4] == ("8", "Send withdrawal", "Due", at(nov(12), 9, 30))
    assert first(nov(5), globex(interview=dec(31)), ACCEPTED)[:4] == ("8", "Send withdrawal", "Due", dec(31))
    assert first(nov(5), globex(interview=jan(1)), ACCEPTED).rule == "17"
    assert first(nov(5), globex(closing=nov(4)), ACCEPTED).rule == "6"
    assert first(nov(5), globex(outcome="Offer"), ACCEPTED).rule == "8"
    assert first(nov(5), globex(outcome="Next round"), ACCEPTED).rule == "8"
    assert first(nov(5), globex(outcome="Rejected"), ACCEPTED).rule == "10"
    assert first(nov(5), globex(), ACCEPTED, withdraw_when_accepted=False).rule == "15"
    assert first(nov(5), globex(outcome="Next round"), ACCEPTED, withdraw_when_accepted=False).rule == "3"
    assert first(nov(5), globex(snooze=nov(6)), ACCEPTED).rule == "2"
    no_company = Row(company="", interview=nov(2), outcome="Accepted")
    assert first(nov(5), globex(), no_company).rule == "15"


def test_lost_is_a_row_of_a_company_that_was_not_accepted_itself() -> None:
    other = Row(company="Initech", interview=nov(3), outcome="Accepted")
    assert first(nov(5), globex(thanked=nov(3)), ACCEPTED, globex(outcome="Accepted"), other).rule == "7"


def test_a_silent_row_is_ghosted_and_not_lost() -> None:
    assert first(nov(30), globex(thanked=nov(3)), ACCEPTED).rule == "8"
    assert first(dec(1), globex(thanked=nov(3)), ACCEPTED).rule == "14"
    assert first(dec(1), globex(thanked=nov(3), outcome="Offer"), ACCEPTED).rule == "8"
    assert first(dec(1), globex(thanked=nov(3), feeling="Horrible"), ACCEPTED).rule == "8"
    assert first(dec(1), globex(thanked=nov(3), outcome="Next round"), ACCEPTED).rule == "4a"
    job = application(company="Globex", reply=nov(3), followed=nov(12))
    assert first(dec(1), job, ACCEPTED).rule == "8"
    assert first(dec(2), job, ACCEPTED).rule == "13d"


def test_lost_and_nothing_to_say() -> None:
    assert first(nov(5), application(company="Globex"), ACCEPTED)[:4] == ("8a", "Closed", "", None)
    assert first(nov(5), application(company="Globex", reply=nov(1)), ACCEPTED).rule == "8a"  # before Applied
    assert first(nov(5), application(company="Globex", reply=nov(2)), ACCEPTED).rule == "8"
    assert first(nov(5), application(company="Globex", outcome="Offer"), ACCEPTED).rule == "8"
    assert first(nov(5), application(company="Globex", outcome="Next round"), ACCEPTED).rule == "8"
    assert first(dec(31), globex(outcome="Offer", thanked=nov(3)), ACCEPTED).rule == "8"
    assert first(jan(1), globex(outcome="Offer", thanked=nov(3)), ACCEPTED).rule == "8a"  # window over
    assert first(nov(5), Row(company="Globex", outcome="Offer"), ACCEPTED).rule == "9"  # no day


def test_one_withdrawal_a_company() -> None:
    engineer, manager = globex(role="Engineer", thanked=nov(3)), globex(role="Manager", interview=nov(4))
    assert [row.rule for row in look(nov(5), engineer, manager, ACCEPTED)] == ["8a", "8", "4"]
    assert [row.rule for row in look(nov(5), manager, engineer, ACCEPTED)] == ["8", "8a", "4"]
    early, late = globex(role="A", interview=at(nov(2), 9)), globex(role="B", interview=at(nov(2), 10))
    assert [row.rule for row in look(nov(5), early, late, ACCEPTED)] == ["8a", "8", "4"]
    assert [row.rule for row in look(nov(5), early, globex(role="B"), ACCEPTED)] == ["8", "8a", "4"]
    assert [row.rule for row in look(nov(5), globex(role="A"), globex(role="B"), ACCEPTED)] == ["8", "8", "4"]
    assert [row.rule for row in look(nov(5), late, globex(role="A", interview=at(nov(2), 10)), ACCEPTED)] == [
        "8",
        "8",
        "4",
    ]
    # one that does not come to the rule stands in nobody's way
    assert [row.rule for row in look(nov(5), engineer, globex(interview=nov(4), closing=nov(4)), ACCEPTED)] == [
        "7a",
        "6",
        "4",
    ]
    assert [
        row.rule for row in look(nov(5), engineer, globex(role="Manager", interview=nov(4), closing=nov(4)), ACCEPTED)
    ] == ["8", "6", "4"]
    assert [
        row.rule for row in look(nov(5), engineer, globex(role="Manager", interview=nov(4), snooze=nov(6)), ACCEPTED)
    ] == ["8", "2", "4"]


def test_a_next_round_beside_a_later_row_of_its_company_is_closed() -> None:
    first_round = globex(outcome="Next round", thanked=nov(3))
    assert [row.rule for row in look(nov(5), first_round, globex(interview=nov(4)), ACCEPTED)] == ["4", "8", "4"]
    both = (first_round, globex(outcome="Next round", interview=nov(4)))
    assert [row.rule for row in look(nov(5), *both, ACCEPTED)] == ["4", "8", "4"]


def test_a_row_that_went_on_to_an_interview() -> None:
    assert first(nov(5), interview(thanked=nov(3)), Row(interview=nov(30)))[:4] == ("7a", "Closed", "", None)
    assert first(nov(5), interview(), Row(interview=nov(30))).rule == "15"  # the thank-you is still open
    assert first(nov(17), interview(), Row(interview=nov(30))).rule == "7a"
    assert first(nov(1), interview(), Row(interview=nov(30))).rule == "17"  # not interviewed
    assert first(nov(5), interview(thanked=nov(3)), Row(interview=nov(2))).rule == "21"
    assert first(nov(5), interview(thanked=nov(3)), Row(interview=at(nov(2), 1))).rule == "7a"
    assert first(nov(5), Row(interview=at(nov(2), 9), thanked=nov(3)), Row(interview=nov(2))).rule == "21"
    assert first(nov(5), interview(thanked=nov(3)), globex(interview=nov(30))).rule == "21"
    assert first(nov(5), interview(thanked=nov(3), role="A"), Row(interview=nov(30), role=" a")).rule == "7a"
    assert first(nov(5), interview(thanked=nov(3), role="A"), Row(interview=nov(30), role="B")).rule == "21"
    assert first(nov(5), interview(thanked=nov(3), role="A"), Row(interview=nov(30))).rule == "7a"
    assert first(nov(5), interview(thanked=nov(3), outcome="Offer"), Row(interview=nov(30))).rule == "9"
    assert first(nov(5), application(), Row(interview=nov(2)))[:4] == ("7a", "Closed", "", None)
    assert first(nov(5), application(), Row(interview=nov(1))).rule == "13g"
    assert first(nov(5), application(role="A"), Row(interview=nov(2), role="B")).rule == "13g"
    assert first(nov(5), application(), application(applied=nov(4))).rule == "13g"
    # a row in trouble still has its interview
    assert first(nov(5), interview(thanked=nov(3)), Row(interview=nov(30), snooze=TICK)).rule == "7a"


def test_a_next_round_that_came() -> None:
    waiting = interview(outcome="Next round", thanked=nov(3), role="A")
    assert first(nov(17), waiting, Row(interview=nov(20))).rule == "4"
    assert first(nov(17), waiting, Row(interview=nov(20), role="B")).rule == "4a"
    assert first(nov(17), waiting, Row(interview=nov(1))).rule == "4a"
    assert first(nov(17), waiting, Row(outcome="Accepted", role="B")).rule == "4"
    assert first(nov(17), waiting, globex(outcome="Accepted")).rule == "8"
    job = application(outcome="Next round", role="A")
    assert first(nov(3), job).rule == "4a"
    assert first(nov(3), job, Row(interview=nov(2), role="B")).rule == "4"  # the role is not asked here
    assert first(nov(3), job, Row(interview=nov(1), role="B")).rule == "4a"
    assert first(nov(3), job, Row(applied=nov(3))).rule == "4a"


def test_one_request_for_feedback_a_company_and_role() -> None:
    row = interview(outcome="Rejected", role="A")
    assert first(nov(5), row, Row(interview=nov(3), outcome="Rejected")).rule == "12"
    assert first(nov(5), row, Row(interview=nov(3), outcome="Rejected", role="B")).rule == "10"
    assert first(nov(5), row, Row(interview=nov(3), outcome="Rejected", closing=nov(4))).rule == "10"
    assert first(nov(5), row, Row(interview=nov(6), outcome="Rejected")).rule == "10"  # to come
    assert first(nov(5), row, Row(interview=nov(3), outcome="Rejected", snooze=nov(6))).rule == "10"
    assert (
        first(nov(5), row, Row(interview=nov(3), outcome="Rejected", unreadable=frozenset({"language"}))).rule == "10"
    )
    assert first(nov(5), row, Row(interview=nov(3), outcome="Withdrawn")).rule == "10"


def test_one_withdrawal_of_ones_own_a_company() -> None:
    row = interview(outcome="Withdrawn", role="A")
    assert first(nov(5), row, Row(interview=nov(3), outcome="Withdrawn", role="B")).rule == "12"
    assert first(nov(5), row, Row(interview=nov(3), outcome="Withdrawn", closing=TICK)).rule == "11"
    assert first(nov(5), row, Row(applied=nov(3), outcome="Withdrawn")).rule == "11"  # no R: does not meet it
    assert first(nov(5), row, Row(applied=nov(3), outcome="Withdrawn", reply=nov(3))).rule == "12"
    assert first(nov(5), row, Row(interview=nov(3), outcome="Withdrawn", snooze=nov(6))).rule == "11"
    too_late = Row(applied=nov(30), outcome="Withdrawn", reply=nov(3))  # set aside: it has no day
    assert first(nov(5), row, too_late).rule == "11"
    undated = Row(outcome="Withdrawn", reply=nov(3))
    assert [verdict.rule for verdict in look(nov(5), undated, row)] == ["11", "11"]


def test_a_row_of_no_company_has_no_others() -> None:
    rows = [Row(company="", interview=nov(day), outcome="Rejected") for day in (2, 3)]
    assert [row.rule for row in look(nov(5), *rows)] == ["10", "10"]
    assert first(nov(5), Row(company="", interview=nov(2), outcome="Next round"), ACCEPTED).rule == "8"


# -- blank rows --------------------------------------------------------------------------------------------


def test_blank_rows() -> None:
    totals = Row(company="", unreadable=frozenset(DATE_CELLS))
    for row in (
        Row(company=""),
        Row(company="", applied=nov(2), outcome="Accepted"),
        Row(company="", role="A"),
        totals,
    ):
        assert first(nov(5), row) == BLANK
        assert first(nov(5), globex(thanked=nov(3)), row).rule == "21"
    assert first(nov(5), Row(company="", outcome="Rejected", thanked=nov(30))) == BLANK


# -- rounds ------------------------------------------------------------------------------------------------


def test_a_tracker_with_rounds_takes_the_last_one_that_was() -> None:
    row = Row(interview=oct_(5), other_rounds=(nov(2), nov(30)), thanked=oct_(6), reply=oct_(20))
    assert first(nov(3), row)[:4] == ("15", "Send thank-you", "Due", nov(3))  # sent and reply were of another round
    assert first(nov(30), row)[:4] == ("15", "Send thank-you", "Due", dec(1))
    assert first(oct_(6), Row(other_rounds=(nov(30), nov(2))))[:4] == ("17", "Upcoming", "", nov(3))
    assert first(nov(2), Row(interview=nov(2), other_rounds=(at(nov(2), 11),))).thank_you_due == at(nov(3), 11)
    assert first(nov(2), Row(interview=nov(2), other_rounds=(at(nov(2), 13),))).thank_you_due == nov(3)
    other = Row(other_rounds=(oct_(1),))
    assert first(nov(3), Row(interview=nov(2), thanked=oct_(6)), other).rule == "15"
    assert first(nov(3), Row(interview=nov(2), thanked=oct_(6))).rule == "1"  # no round columns
    assert first(nov(3), Row(interview=nov(2), closing=nov(1)), other).rule == "6"
    assert first(nov(3), Row(interview=dec(20), thanked=dec(10)), other).rule == "1"  # after tomorrow
    assert first(nov(5), Row(interview=nov(2), outcome="Rejected", reply=nov(1)), other)[:4:3] == ("10", None)
    assert first(nov(5), Row(interview=nov(2), outcome="Rejected", reply=nov(2)), other)[:4:3] == ("10", nov(3))


# -- clocks ------------------------------------------------------------------------------------------------


def test_twenty_four_hours_are_hours() -> None:
    # clocks in Madrid went back on Sunday 25 October 2026 and forward on Sunday 29 March
    assert first(oct_(24), Row(interview=at(oct_(24), 15))).thank_you_due == at(oct_(25), 14)
    assert first(date(2026, 3, 28), Row(interview=at(date(2026, 3, 28), 15))).thank_you_due == at(date(2026, 3, 29), 16)


def test_a_time_that_exists_twice_is_the_earlier() -> None:
    row = Row(interview=at(oct_(25), 2, 30))
    assert first(datetime(2026, 10, 25, 0, 29, tzinfo=UTC), row).rule == "17"
    assert first(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), row).rule == "15"
    assert first(oct_(24), row).thank_you_due == at(oct_(26), 1, 30)


def test_a_time_that_is_skipped_moves_forward() -> None:
    row = Row(interview=datetime(2026, 3, 29, 2, 30))
    assert first(date(2026, 3, 28), row).thank_you_due == datetime(2026, 3, 30, 3, 0)
    assert first(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), row).rule == "17"
    assert first(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), row).rule == "15"


def test_now_and_interviews_are_converted_to_the_zone_of_the_sheet() -> None:
    # 23:30 on the 2nd in London is the 3rd in Madrid
    assert first(datetime(2026, 11, 3, 23, 30, tzinfo=UTC), interview()).flag == "Overdue"
    assert first(datetime(2026, 11, 3, 22, 30, tzinfo=UTC), interview()).flag == "Due"
    tokyo = datetime(2026, 11, 20, 23, 0, tzinfo=timezone(timedelta(hours=9)))
    assert first(nov(20), Row(interview=tokyo)).thank_you_due == at(nov(21), 15)
    with pytest.raises(ValueError, match="zone"):
        assess([Row()], at(nov(2), 12))


def test_every_rule_has_a_case_here() -> None:
    alone = {case[2] for case in ALONE.values()}
    assert alone | {"7", "7a", "8", "8a", "16"} == set(STATUS) | {"16"}
