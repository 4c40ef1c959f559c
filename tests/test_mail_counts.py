"""Whose mail is it, and what it counts as there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sheetflow.mailbox.counts import count
from sheetflow.mailbox.facts import Facts, Kind, Mail
from sheetflow.mailbox.match import Row
from sheetflow.mailbox.seen import Item, write
from sheetflow.table.people import Person

ANA, BO, RITA = (
    Person("Ana Ruiz", "ana@acme.example"), Person("Bo Chen", "bo@acme.example"), Person("Rita May", "rita@hr.example"),
)  # fmt: skip
INTERVIEW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
ME = "sam@mail.example"


def row(since: datetime | None = INTERVIEW, **fields: Any) -> Row:
    """An interview at Acme of 20 November, 14:30, with Ana and Bo; Rita is the contact."""
    usual: dict[str, Any] = {
        "company": "Acme", "role": "Data Analyst", "interview": True, "panel": (ANA, BO), "people": (ANA, BO, RITA),
        "thanks_until": (since + timedelta(days=17)).date() if since else None, "print": "0123456789ab",
    }  # fmt: skip
    return Row(since=since, **(usual | fields))


def alone(since: datetime = INTERVIEW, person: Person = ANA, **fields: Any) -> Row:
    """The same with one person."""
    return row(since, **({"panel": (person,), "people": (person,)} | fields))


def application(day: date = date(2026, 11, 2), **fields: Any) -> Row:
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return row(since, **({"interview": False, "panel": (), "people": (RITA,), "thanks_until": None} | fields))


def moment(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def out(at: datetime, *to: Person, subject: str = "Hello", **fields: Any) -> Mail:
    return Mail(at, True, sender=ME, to=tuple(p.email for p in to), subject=subject, **fields)


def into(
    at: datetime, sender: Person | str = ANA, kind: Kind = "human", subject: str = "Re: Hello", **fields: Any
) -> Mail:
    address = sender if isinstance(sender, str) else sender.email
    return Mail(at, False, kind, address, (ME,), subject, **fields)


def facts(*mails: Mail, **fields: Any) -> Facts:
    return Facts(**({"used": True, "owner": ME, "mails": mails, "received": True, "sent": True} | fields))


def seen(rows: Row | Sequence[Row], *mails: Mail, zone: Any = UTC, **fields: Any) -> Any:
    """What stands in Seen in mail, without the company; of one row or of several."""
    single = isinstance(rows, Row)
    many = [rows] if isinstance(rows, Row) else list(rows)
    texts = [write(items, "") for items in count(many, facts(*mails, **fields), zone)]
    return texts[0] if single else texts


# --- thank-yous -------------------------------------------------------------------------------------------


def test_the_first_mail_after_the_interview_is_the_thank_you() -> None:
    mails = [out(moment(21), ANA), out(moment(22), ANA)]
    assert seen(alone(), *mails) == "Thank-you to Ana 2026-11-21"


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (INTERVIEW - timedelta(minutes=1), False),
        (INTERVIEW, True),
        (INTERVIEW + timedelta(minutes=1), True),
        (moment(21), True),
        (moment(6, month=12), True),
        (moment(7, month=12), False),  # nobody is thanked any more: a follow-up
    ],
)
def test_from_when_and_until_when_a_mail_thanks(at: datetime, counts: bool) -> None:
    assert ("Thank-you" in seen(alone(), out(at, ANA))) is counts


def test_on_the_day_of_an_interview_without_a_time_every_hour_counts() -> None:
    bare = alone(datetime(2026, 11, 20, tzinfo=UTC))
    assert seen(bare, out(moment(20, 0), ANA)) == "Thank-you to Ana 2026-11-20"
    assert seen(bare, out(moment(19, 23), ANA)) == ""


def test_each_of_a_panel_has_a_day() -> None:
    mails = [out(moment(21), ANA), out(moment(22), BO)]
    assert seen(row(), *mails) == "Thank-you to Ana 2026-11-21 · Thank-you to Bo 2026-11-22"
    assert seen(row(), out(moment(21), ANA, BO)) == "Thank-you to Ana, Bo 2026-11-21"


def test_a_mail_to_the_recruiter_alone_thanks_nobody_of_the_panel() -> None:
    assert seen(row(), out(moment(21), RITA)) == ""


def test_a_mail_to_somebody_else_is_nothing() -> None:
    assert seen(row(), out(moment(21), Person("Kim", "kim@elsewhere.example"))) == ""


def test_what_the_persons_own_mailbox_answers_by_itself_is_no_thank_you() -> None:
    assert seen(alone(), out(moment(21), ANA, kind="automatic")) == ""


def test_not_sent_beats_what_was_seen() -> None:
    assert seen(alone(denied=frozenset({"thank_you"})), out(moment(21), ANA)) == ""


def test_the_day_is_that_of_the_sheets_zone() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert "2026-11-24" in seen(alone(), out(late, ANA), zone=ZoneInfo("Europe/Berlin"))
    assert "2026-11-23" in seen(alone(), out(late, ANA), zone=ZoneInfo("America/Los_Angeles"))


def test_an_address_is_the_same_in_any_case() -> None:
    shouting = alone(person=Person("Ana", "ANA@Acme.Example"))
    assert seen(shouting, out(moment(21), ANA)) == "Thank-you to Ana 2026-11-21"


def test_the_names_where_two_share_a_first_name() -> None:
    two = (Person("Ana Ruiz", "ana@acme.example"), Person("Ana Sol", "sol@acme.example"))
    assert seen(row(panel=two, people=two), out(moment(21), *two)) == "Thank-you to Ana Ruiz, Ana Sol 2026-11-21"
    nameless = Person("", "ana@acme.example")
    assert seen(alone(person=nameless), out(moment(21), ANA)) == "Thank-you to ana@acme.example 2026-11-21"


# --- follow-ups -------------------------------------------------------------------------------------------

THANKS = out(moment(21), ANA)


@pytest.mark.parametrize(("day", "counts"), [(22, False), (27, False), (28, True), (30, True)])
def test_a_mail_seven_days_after_the_thank_you_is_the_follow_up(day: int, counts: bool) -> None:
    assert ("Follow-up to Ana" in seen(alone(), THANKS, out(moment(day), ANA))) is counts


def test_the_follow_up_may_go_to_the_contact() -> None:
    mails = [out(moment(21), ANA, BO), out(moment(5, month=12), RITA)]
    assert seen(row(), *mails) == "Thank-you to Ana, Bo 2026-11-21 · Follow-up to Rita 2026-12-05"


@pytest.mark.parametrize(("day", "counts"), [(9, False), (10, True)])
def test_a_mail_five_days_after_that_is_the_second(day: int, counts: bool) -> None:
    mails = [THANKS, out(moment(5, month=12), ANA), out(moment(day, month=12), ANA)]
    assert ("Second follow-up to Ana" in seen(alone(), *mails)) is counts


def test_whoever_is_not_thanked_in_time_gets_a_follow_up() -> None:
    assert seen(alone(), out(moment(8, month=12), ANA)) == "Follow-up to Ana 2026-12-08"


def test_a_typed_thank_you_is_what_the_follow_up_is_counted_from() -> None:
    typed = alone(typed={"thank_you": date(2026, 11, 21)})
    assert seen(typed, out(moment(27), ANA)) == "Thank-you to Ana 2026-11-27"  # it thanks them, a week too early to ask
    assert seen(typed, out(moment(28), ANA)) == "Follow-up to Ana 2026-11-28"


def test_a_ticked_one_likewise_from_the_day_that_the_tick_stands_for() -> None:
    ticked = alone(ticked={"thank_you": date(2026, 11, 21)})
    assert seen(ticked, out(moment(28), ANA)) == "Follow-up to Ana 2026-11-28"


def test_a_typed_follow_up_is_what_the_second_is_counted_from() -> None:
    typed = alone(typed={"thank_you": date(2026, 11, 21), "follow_up": date(2026, 12, 4)})
    mails = [out(moment(8, month=12), ANA), out(moment(9, month=12), ANA)]
    assert "Second follow-up to Ana 2026-12-09" in seen(typed, *mails)


def test_one_who_is_thanked_late_completes_the_panel_and_is_no_follow_up() -> None:
    mails = [THANKS, out(moment(30), BO)]
    assert seen(row(), *mails) == "Thank-you to Ana 2026-11-21 · Thank-you to Bo 2026-11-30"


def test_a_mail_to_one_of_a_panel_of_which_another_was_never_thanked() -> None:
    mails = [THANKS, out(moment(8, month=12), ANA)]
    assert seen(row(), *mails) == "Thank-you to Ana 2026-11-21 · Follow-up to Ana 2026-12-08"


def test_an_answer_to_a_reply_is_no_follow_up() -> None:
    mails = [THANKS, into(moment(28)), out(moment(29), ANA)]
    assert seen(alone(), *mails) == "Thank-you to Ana 2026-11-21 · reply 2026-11-28 (Ana)"
    later = [*mails, out(moment(12, month=12), ANA)]
    assert "Follow-up to Ana 2026-12-12" in seen(alone(), *later)


def test_an_answer_to_a_typed_reply_is_none_either() -> None:
    typed = alone(typed={"reply": date(2026, 11, 28)})
    assert "Follow-up" not in seen(typed, THANKS, out(moment(30), ANA))
    assert "Follow-up to Ana 2026-12-05" in seen(typed, THANKS, out(moment(5, month=12), ANA))


def test_two_mails_on_one_day_are_one_note() -> None:
    day = moment(5, month=12)
    assert "Second" not in seen(alone(), THANKS, out(day, ANA), out(day + timedelta(hours=2), ANA))


def test_not_sent_of_the_follow_up() -> None:
    denied = alone(denied=frozenset({"follow_up"}))
    assert seen(denied, THANKS, out(moment(5, month=12), ANA)) == "Thank-you to Ana 2026-11-21"


# --- applications -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "counts"), [(2, False), (4, False), (5, True), (12, True)])
def test_the_first_mail_three_days_after_an_application_is_the_check_in(day: int, counts: bool) -> None:
    assert ("Check-in to Rita" in seen(application(), out(moment(day), RITA))) is counts


def test_an_application_knows_no_thank_you_and_no_second() -> None:
    mails = [out(moment(12), RITA), out(moment(30), RITA)]
    assert seen(application(), *mails) == "Check-in to Rita 2026-11-12"


def test_a_reply_to_an_application() -> None:
    assert seen(application(), into(moment(2, 1), RITA)) == "reply 2026-11-02 (Rita)"
    assert seen(application(), into(moment(1), RITA)) == ""


# --- closing notes ----------------------------------------------------------------------------------------

CLOSING = {"note": "withdrawal", "subject": "Withdrawing my application: Data Analyst (Sam Lee)"}


def test_a_closing_note_is_known_by_its_subject() -> None:
    closing = row(**CLOSING)
    assert seen(closing, out(moment(25), RITA, subject="RE: withdrawing my application: Data  Analyst (Sam Lee)")) == (
        "Closing note to Rita 2026-11-25"
    )


def test_another_subject_is_no_closing_note() -> None:
    assert "Closing" not in seen(row(**CLOSING), out(moment(25), RITA, subject="Withdrawing"))


def test_the_subject_of_another_note_proves_nothing() -> None:
    thanks = row(note="thank_you", subject="Thank you")
    assert "Closing" not in seen(thanks, out(moment(25), RITA, subject="Thank you"))


def test_a_withdrawal_before_an_interview_that_is_still_to_come() -> None:
    assert "Closing note" in seen(row(**CLOSING), out(moment(10), RITA, subject=CLOSING["subject"]))


def test_a_closing_note_thanks_nobody() -> None:
    assert seen(alone(**CLOSING), out(moment(25), ANA, subject=CLOSING["subject"])) == "Closing note to Ana 2026-11-25"


def test_an_empty_subject_is_nobodys() -> None:
    assert "Closing" not in seen(row(note="withdrawal", subject=""), out(moment(25), RITA, subject=""))


# --- ids --------------------------------------------------------------------------------------------------


def ours(note: str, print_: str = "0123456789ab") -> str:
    return f"<sheetflow.{print_}.{note}.a1b2@sheetflow.invalid>"


def test_an_id_says_which_note_it_is() -> None:
    early = [THANKS, out(moment(23), ANA, id=ours("follow_up"))]
    assert seen(alone(), *early) == "Thank-you to Ana 2026-11-21 · Follow-up to Ana 2026-11-23"
    assert seen(row(), out(moment(22), RITA, id=ours("feedback_request"))) == "Closing note to Rita 2026-11-22"
    assert "Thank-you to Ana" in seen(alone(), out(moment(9, month=12), ANA, id=ours("thank_you")))


def test_an_id_says_whose_letter_it_is() -> None:
    first, second = alone(print="0" * 12), alone(moment(25), print="1" * 12)
    texts = seen([first, second], out(moment(26), ANA, id=ours("thank_you", "0" * 12)))
    assert texts == ["Thank-you to Ana 2026-11-26", ""]


def test_the_id_of_a_row_that_is_gone_says_nothing() -> None:
    assert seen(alone(), out(moment(21), ANA, id=ours("follow_up", "f" * 12))) == "Thank-you to Ana 2026-11-21"


def test_an_answer_belongs_where_the_letter_does() -> None:
    first, second = alone(print="0" * 12), alone(moment(25), print="1" * 12)
    letter = out(moment(21), ANA, id="<a@mail.example>")
    answer = into(moment(26), references=("<x@y>", "<a@mail.example>"))
    assert seen([first, second], letter, answer) == ["Thank-you to Ana 2026-11-21 · reply 2026-11-26 (Ana)", ""]
    assert seen([first, second], into(moment(26), references=(ours("thank_you", "0" * 12),))) == (
        ["reply 2026-11-26 (Ana)", ""]
    )


def test_of_a_chain_the_youngest_letter_counts() -> None:
    first, second = alone(), alone(moment(25))
    letters = [out(moment(21), ANA, id="<a@m>"), out(moment(26), ANA, id="<b@m>")]
    texts = seen([first, second], *letters, into(moment(27), references=("<a@m>", "<b@m>")))
    assert ["reply" in text for text in texts] == [False, True]


def test_who_answers_a_letter_from_another_address_has_answered() -> None:
    letter = out(moment(21), ANA, id="<a@m>")
    answer = into(moment(23), "ana.ruiz@acme.example", references=("<a@m>",))
    assert seen(alone(), letter, answer) == "Thank-you to Ana 2026-11-21 · reply 2026-11-23 (ana.ruiz@acme.example)"


# --- several rows with one address ------------------------------------------------------------------------


def agency(company: str, role: str, day: int, **fields: Any) -> Row:
    return alone(moment(day), RITA, company=company, role=role, print=f"{company}{role}"[:12].ljust(12, "0"), **fields)


def test_the_subject_names_the_company() -> None:
    rows = [agency("Acme", "Analyst", 20), agency("Bolt", "Analyst", 20)]
    assert seen(rows, out(moment(21), RITA, subject="Thank you: Bolt")) == ["", "Thank-you to Rita 2026-11-21"]


def test_the_subject_names_the_role() -> None:
    rows = [agency("Acme", "Analyst", 20), agency("Acme", "Tester", 20)]
    assert seen(rows, into(moment(21), RITA, subject="RE: Acme, tester")) == ["", "reply 2026-11-21 (Rita)"]


def test_a_name_counts_as_a_word_and_not_inside_of_another() -> None:
    rows = [agency("Art", "Analyst", 20), agency("Bolt", "Analyst", 20)]
    texts = seen(rows, out(moment(21), RITA, subject="Starting on Monday"))
    assert texts == ["mail of one of several rows 2026-11-21 (Rita)"] * 2


def test_a_chinese_name_is_found_between_others() -> None:
    rows = [agency("公司甲", "分析师", 20), agency("公司乙", "分析师", 20)]
    assert seen(rows, into(moment(21), RITA, subject="关于公司乙的面试"))[1] == "reply 2026-11-21 (Rita)"


def test_of_one_company_the_latest_interview_not_after_it() -> None:
    rows = [agency("Acme", "", 10), agency("ACME ", "", 20), agency("Acme", "", 29)]
    assert seen(rows, out(moment(21), RITA)) == ["", "Thank-you to Rita 2026-11-21", ""]
    assert seen(rows, out(moment(12), RITA)) == ["Thank-you to Rita 2026-11-12", "", ""]
    assert seen(rows, out(moment(9), RITA)) == ["", "", ""]


def test_of_two_on_one_day_it_is_not_clear() -> None:
    rows = [agency("Acme", "A", 20), agency("Acme", "B", 20)]
    assert seen(rows, out(moment(21), RITA)) == ["mail of one of several rows 2026-11-21 (Rita)"] * 2


def test_of_two_companies_it_is_not_clear_and_counts_nowhere() -> None:
    rows = [agency("Acme", "A", 10), agency("Bolt", "B", 20), agency("Crux", "C", 28)]
    hint = "mail of one of several rows 2026-11-21 (Rita)"
    assert seen(rows, into(moment(21), RITA)) == [hint, hint, ""]  # the third has not been yet


def test_an_automatic_reply_that_is_not_clear_is_not_told() -> None:
    rows = [agency("Acme", "A", 10), agency("Bolt", "B", 20)]
    assert seen(rows, into(moment(21), RITA, "automatic")) == ["", ""]


# --- replies ----------------------------------------------------------------------------------------------


def test_the_latest_mail_of_each_person_is_their_reply() -> None:
    mails = [into(moment(22)), into(moment(24)), into(moment(23), BO)]
    assert seen(row(), *mails) == "reply 2026-11-23 (Bo) · reply 2026-11-24 (Ana)"


def test_what_came_before_the_interview_is_none() -> None:
    assert seen(row(), into(moment(19))) == ""
    assert seen(row(), into(INTERVIEW - timedelta(seconds=1))) == ""


@pytest.mark.parametrize("kind", ["bounce", "list", "machine"])
def test_what_no_person_wrote_is_none(kind: Kind) -> None:
    assert seen(row(), into(moment(24), kind=kind)) == ""


def test_an_automatic_reply_is_told_and_is_none() -> None:
    assert seen(row(), into(moment(24), kind="automatic")) == "automatic reply 2026-11-24 (Ana)"


def test_mail_from_another_address_of_the_company_is_a_hint() -> None:
    assert seen(row(), into(moment(24), "kim@acme.example")) == (
        "mail from another address 2026-11-24 (kim@acme.example)"
    )
    assert seen(row(), into(moment(24), "kim@acme.example", "automatic")) == ""
    assert seen(row(), into(moment(24), "kim@notacme.example")) == ""


def test_nobody_speaks_for_a_public_mail_provider_or_for_ones_own() -> None:
    public = alone(person=Person("Ana", "ana@gmail.com"))
    assert seen(public, into(moment(24), "kim@gmail.com")) == ""
    own = alone(person=Person("Ana", "ana@mail.example"))
    assert seen(own, into(moment(24), "kim@mail.example")) == ""


def test_a_mail_to_oneself_is_no_reply() -> None:
    assert seen(alone(person=Person("Sam", ME)), into(moment(24), ME)) == ""


# --- what came back ---------------------------------------------------------------------------------------


def bounce(at: datetime, *failed: Person, **fields: Any) -> Mail:
    return into(at, "mailer-daemon@mail.example", "bounce", failed=tuple(p.email for p in failed), **fields)


def test_a_bounced_letter_was_not_sent() -> None:
    assert seen(alone(), THANKS, bounce(moment(21, 13), ANA)) == "not delivered 2026-11-21 (ana@acme.example)"


def test_a_bounce_that_names_only_the_mail() -> None:
    letter = out(moment(21), ANA, id="<a@m>")
    assert "not delivered" in seen(alone(), letter, bounce(moment(21, 13), references=("<a@m>",)))


def test_of_two_recipients_only_the_one_who_was_not_reached() -> None:
    both = out(moment(21), ANA, BO, id="<a@m>")
    assert seen(row(), both, bounce(moment(21, 13), BO, references=("<a@m>",))) == (
        "Thank-you to Ana 2026-11-21 · not delivered 2026-11-21 (bo@acme.example)"
    )


def test_a_bounce_names_the_last_mail_before_it_and_not_an_old_one() -> None:
    mails = [THANKS, out(moment(5, month=12), ANA), bounce(moment(5, 13, 12), ANA)]
    assert seen(alone(), *mails) == "Thank-you to Ana 2026-11-21 · not delivered 2026-12-05 (ana@acme.example)"
    old = [THANKS, bounce(moment(30), ANA)]
    assert seen(alone(), *old) == "Thank-you to Ana 2026-11-21 · not delivered 2026-11-30 (ana@acme.example)"


@pytest.mark.parametrize("later", [out(moment(22), ANA), into(moment(22))])
def test_later_mail_to_or_from_them_overtakes_a_bounce(later: Mail) -> None:
    assert "not delivered" not in seen(alone(), THANKS, bounce(moment(21, 13), ANA), later)


def test_a_second_mail_that_came_back_too_overtakes_nothing() -> None:
    mails = [THANKS, bounce(moment(21, 13), ANA), out(moment(22), ANA), bounce(moment(22, 13), ANA)]
    assert seen(alone(), *mails) == "not delivered 2026-11-22 (ana@acme.example)"


def test_an_address_that_is_no_longer_in_the_row_is_no_matter() -> None:
    assert seen(alone(person=BO), bounce(moment(21, 13), ANA)) == ""


def test_who_wrote_not_sent_knows_of_the_bounce() -> None:
    denied = alone(denied=frozenset({"thank_you"}))
    assert seen(denied, THANKS, bounce(moment(21, 13), ANA)) == ""


# --- what was seen before ---------------------------------------------------------------------------------

BEFORE = "Thank-you to Ana, Bo 2026-11-21 · reply 2026-11-24 (Ana) · at Acme"


def test_what_was_seen_stays_while_the_mailbox_cannot_be_read() -> None:
    assert seen(row(before=BEFORE), received=False, sent=False) == BEFORE.removesuffix(" · at Acme")


def test_what_was_seen_stays_when_the_mail_is_deleted_or_moved_out_of_sight() -> None:
    assert seen(row(before=BEFORE)) == BEFORE.removesuffix(" · at Acme")


def test_folder_by_folder() -> None:
    told = "Thank-you to Ana 2026-11-21 · automatic reply 2026-11-22 (Ana) · not delivered 2026-11-22 (bo@acme.example)"
    assert seen(row(before=f"{told} · at Acme"), received=False) == told
    assert seen(row(before=f"{told} · at Acme"), sent=False) == "Thank-you to Ana 2026-11-21"


def test_the_mailbox_decides_anew_where_it_still_shows_the_mail() -> None:
    rows = [row(before=BEFORE), row(moment(21, 10))]  # a second round was added, and these were for it
    assert seen(rows, out(moment(21), ANA, BO), into(moment(24))) == [
        "", "Thank-you to Ana, Bo 2026-11-21 · reply 2026-11-24 (Ana)",
    ]  # fmt: skip


def test_what_is_older_than_the_interview_is_dropped() -> None:
    later = row(moment(23), before=BEFORE)
    assert seen(later, received=False, sent=False) == "reply 2026-11-24 (Ana)"


def test_what_is_of_another_company_is_dropped() -> None:
    assert seen(row(company="Bolt", before=BEFORE)) == ""


def test_who_is_not_in_the_row_is_dropped() -> None:
    assert seen(alone(before=BEFORE)) == "Thank-you to Ana 2026-11-21 · reply 2026-11-24 (Ana)"


def test_a_closing_note_stays_though_its_subject_has_left_the_row() -> None:
    closed = row(before="Closing note to Rita 2026-11-25 · at Acme")
    assert seen(closed, out(moment(25), RITA, subject="Goodbye")) == "Closing note to Rita 2026-11-25"
    rows = [closed, row(moment(24))]
    assert seen(rows, out(moment(25), RITA, subject="Goodbye"))[0] == ""  # the mail is another row's


def test_a_deleted_thank_you_still_starts_the_clock() -> None:
    before = alone(before="Thank-you to Ana 2026-11-21 · at Acme")
    assert seen(before, out(moment(28), ANA)) == "Thank-you to Ana 2026-11-21 · Follow-up to Ana 2026-11-28"


def test_not_sent_also_beats_what_was_seen_before() -> None:
    denied = alone(before="Thank-you to Ana 2026-11-21 · at Acme", denied=frozenset({"thank_you"}))
    assert seen(denied) == ""


# --- rows that no mail belongs to -------------------------------------------------------------------------


def test_a_row_without_a_day_has_no_mail() -> None:
    assert seen(row(None), out(moment(21), ANA), into(moment(22))) == ""
    assert seen(Row()) == ""


def test_an_interview_to_come_has_none_yet() -> None:
    assert seen(row(moment(29)), out(moment(21), ANA), into(moment(22))) == ""


def test_the_order_of_mails_and_rows_changes_nothing() -> None:
    mails = [THANKS, out(moment(5, month=12), ANA), into(moment(6, month=12)), bounce(moment(21, 13), BO)]
    assert seen(row(), *mails) == seen(row(), *reversed(mails))
    rows = [row(), agency("Bolt", "x", 20)]
    assert seen(rows, *mails) == seen(rows[::-1], *mails)[::-1]


def test_what_was_seen_is_seen_again() -> None:
    """A second look with the cell of the first changes nothing."""
    mails = [
        THANKS,
        out(moment(5, month=12), ANA, RITA),
        into(moment(6, month=12)),
        into(moment(7), "kim@acme.example"),
    ]
    first = count([row()], facts(*mails), UTC)[0]
    assert count([row(before=write(first, "Acme"))], facts(*mails), UTC)[0] == first
    assert count([row(before=write(first, "Acme"))], facts(received=False, sent=False), UTC)[0]
    assert all(isinstance(item, Item) for item in first)
