"""The issue "What is due", decided: when a comment comes and when none, what the text says, when it is closed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.tell import issue
from sheetflow.tell.issue import Action, decide, remembered
from sheetflow.tell.line import Due, Letter, Line, encode

RUN = "https://github.com/sam/my-interviews/actions/runs/1"
NOON = datetime(2026, 11, 24, 12, 17)
EVENING = datetime(2026, 11, 24, 18, 17)
MORNING = datetime(2026, 11, 25, 7, 17)


def letter(number: int, due: Due = None, *, late: bool = False, kind: str = "follow_up", company: str = "") -> Letter:
    return Letter(kind, number + 1, due, late, f"{number:012x}", company)


def thanks(number: int, due: Due, *, late: bool = False) -> Letter:
    return letter(number, due, late=late, kind="thank_you")


class Person:
    """Somebody's issue over several runs."""

    def __init__(self) -> None:
        self.body, self.state = "", ""
        self.comments: list[str] = []
        self.broken = ""
        """``comment``: the next run breaks off before it, ``text``: after it, before the text is rewritten."""

    def after(self, line: Line | str) -> str:
        """One more run; what was told, without the hidden part."""
        text = line if isinstance(line, str) else encode(line)
        action = decide(text, self.body, self.comments[-1:], RUN)
        if action is None:
            return ""
        self.body = self.body or issue.EMPTY
        broken, self.broken = self.broken, ""
        if broken == "comment":
            return ""
        if action.comment:
            self.comments.append(action.comment)
        if not broken:
            self.body, self.state = action.body, action.state or self.state or "open"
        return re.sub(r"<!--.*?-->", "", action.comment).strip()


def run(look: datetime, *letters: Letter, hours: float = 6, **more: object) -> Line:
    return Line(look, look + timedelta(hours=hours), letters=letters, **more)  # type: ignore[arg-type]


def seen(action: Action | None) -> str:
    """What a person sees of the text."""
    assert action is not None
    return re.sub(r"<!--.*?-->", "", action.body)


# --- when somebody is told --------------------------------------------------------------------------------------


def test_nothing_due_makes_no_issue() -> None:
    assert decide(encode(run(NOON)), "", (), RUN) is None
    assert decide(encode(run(NOON, check=(3,))), "", (), RUN) is None


def test_a_due_letter_is_told_once() -> None:
    sam = Person()
    due = letter(1, date(2026, 11, 24))
    assert "- Due: follow-up, row 2, by Tue 24 Nov" in sam.after(run(NOON, due))
    assert [sam.after(run(look, due)) for look in (EVENING, MORNING, MORNING + timedelta(days=2))] == [""] * 3


def test_a_new_letter_is_one_more_comment() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    told = sam.after(run(EVENING, letter(1), letter(2)))
    assert "row 3" in told
    assert "row 2" not in told


def test_several_letters_are_one_comment() -> None:
    sam = Person()
    told = sam.after(run(NOON, letter(1), letter(2), letter(3)))
    assert told.count("- Due:") == 3
    assert len(sam.comments) == 1


def test_a_row_that_moves_is_the_same_letter() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    assert sam.after(run(EVENING, letter(1)._replace(row=40))) == ""


def test_overdue_is_told_once_more() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1, date(2026, 11, 24))))
    late = letter(1, date(2026, 11, 24), late=True)
    assert "- Overdue: follow-up, row 2" in sam.after(run(MORNING, late))
    assert sam.after(run(MORNING + timedelta(hours=5), late)) == ""


def test_overdue_at_first_sight_is_told_once() -> None:
    sam = Person()
    late = letter(1, date(2026, 11, 20), late=True)
    assert "Overdue" in sam.after(run(NOON, late))
    assert sam.after(run(EVENING, late)) == ""


@pytest.mark.parametrize(
    ("due", "next_look", "last"),
    [
        (datetime(2026, 11, 24, 18, 0), EVENING, True),
        (datetime(2026, 11, 24, 18, 17), EVENING, False),
        (datetime(2026, 11, 25, 7, 0), EVENING, False),
        (date(2026, 11, 24), MORNING, True),
        (date(2026, 11, 24), EVENING, False),
        (date(2026, 11, 24), datetime(2026, 11, 25), False),
        (date(2026, 11, 24), datetime(2026, 11, 25, 0, 1), True),
        (datetime(2026, 11, 24, 18, 0), None, False),
        (None, MORNING, False),
    ],
)
def test_the_last_look_before_a_thank_you_is_too_late(due: Due, next_look: datetime | None, last: bool) -> None:
    """Only of a thank-you: the others are days that nobody has to the minute."""
    sam = Person()
    sam.after(run(NOON - timedelta(hours=5), thanks(1, due), hours=0))
    told = sam.after(Line(NOON, next_look, letters=(thanks(1, due),)))
    assert ("Last call" in told) == last
    assert bool(told) == last
    other = Person()
    other.after(run(NOON - timedelta(hours=5), letter(1, due), hours=0))
    assert other.after(Line(NOON, next_look, letters=(letter(1, due),))) == ""


def test_last_call_and_overdue_each_come_once() -> None:
    sam = Person()
    due = datetime(2026, 11, 24, 15, 0)
    assert "Last call: thank-you, row 2, by Tue 24 Nov, 15:00" in sam.after(run(NOON, thanks(1, due)))
    assert sam.after(run(NOON + timedelta(minutes=9), thanks(1, due))) == ""
    assert "Overdue" in sam.after(run(EVENING, thanks(1, due, late=True)))
    assert sam.after(run(MORNING, thanks(1, due, late=True))) == ""


def test_nobody_is_told_in_the_quiet_hours_and_nothing_is_forgotten() -> None:
    sam = Person()
    night = datetime(2026, 11, 24, 23, 0)
    late = thanks(1, datetime(2026, 11, 25, 6, 0))
    assert sam.after(run(night, late, quiet=True)) == ""
    assert sam.body == "", "an issue is mailed as well"
    assert "Last call" not in sam.after(run(MORNING, late._replace(late=True)))
    assert len(sam.comments) == 1


def test_in_the_quiet_hours_the_text_is_still_rewritten() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    night = datetime(2026, 11, 24, 23, 0)
    assert sam.after(run(night, letter(1), letter(2), quiet=True)) == ""
    assert "23:00" in sam.body
    assert "row 3" in sam.after(run(MORNING, letter(1), letter(2)))


def test_at_most_two_comments_a_day() -> None:
    sam = Person()
    day = [run(NOON + timedelta(hours=h), *(letter(n) for n in range(1, h + 2))) for h in range(4)]
    assert [bool(sam.after(line)) for line in day] == [True, True, False, False]
    told = sam.after(run(MORNING, *(letter(n) for n in range(1, 5))))
    assert "row 4" in told
    assert "row 5" in told
    assert "row 3" not in told


def test_the_first_telling_of_a_thank_you_is_not_counted() -> None:
    sam = Person()
    tomorrow = datetime(2026, 11, 26, 9, 0)
    told = [sam.after(run(NOON + timedelta(minutes=n), *(thanks(m, tomorrow) for m in range(n + 1)))) for n in range(5)]
    assert all(told)
    assert sam.after(run(NOON + timedelta(hours=1), thanks(0, tomorrow), letter(20)))
    assert sam.after(run(NOON + timedelta(hours=2), thanks(0, tomorrow), letter(21)))
    assert sam.after(run(NOON + timedelta(hours=3), thanks(0, tomorrow), letter(22))) == ""
    both = sam.after(run(NOON + timedelta(hours=4), letter(22), thanks(30, tomorrow)))
    assert "row 31" in both
    assert "row 23" in both, "what waited goes with it"


def test_a_later_telling_of_a_thank_you_is_counted() -> None:
    sam = Person()
    due = datetime(2026, 11, 24, 17, 0)
    sam.after(run(NOON, letter(1)))
    sam.after(run(NOON + timedelta(hours=1), letter(1), letter(2)))
    sam.after(run(NOON + timedelta(hours=2), thanks(3, due), hours=1))
    assert sam.after(run(NOON + timedelta(hours=3), thanks(3, due))) == "", "the last call was one too many"


# --- a run that did not go well ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("needs", "words"), [("refused", "changed nothing"), ("stopped", "stopped and needs you")])
def test_a_run_that_needs_the_person(needs: str, words: str) -> None:
    """Told once, until a run has gone well; what is due stays in sight."""
    sam = Person()
    sam.after(run(NOON, letter(1)))
    trouble = Line(EVENING, MORNING, needs=needs)
    told = sam.after(trouble)
    assert words in told
    assert RUN in told
    assert words in sam.body
    assert "| Follow-up | 2 |" in sam.body
    assert sam.after(Line(MORNING, None, needs=needs)) == ""
    assert sam.after(run(MORNING + timedelta(hours=5), letter(1))) == ""
    assert words not in sam.body
    assert words in sam.after(Line(MORNING + timedelta(days=1), None, needs=needs))


def test_a_run_that_needs_the_person_makes_the_issue() -> None:
    sam = Person()
    assert "needs you" in sam.after(Line(NOON, None, needs="stopped"))
    assert sam.state == "open"


@pytest.mark.parametrize("text", ["", "{", "v1.nonsense", "v9.look202611241217"])
def test_a_line_that_is_missing(text: str) -> None:
    sam = Person()
    assert decide(text, "", (), RUN) is None
    sam.after(run(NOON, letter(1)))
    before = remembered(sam.body)
    assert sam.after(text) == ""
    assert "The last run did not finish." in sam.body
    assert "| Follow-up | 2 |" in sam.body
    assert "Last look: Tue 24 Nov, 12:17" in sam.body
    assert sam.state == "open", "nothing is closed"
    assert remembered(sam.body) == before
    assert sam.after(run(EVENING, letter(1))) == ""
    assert "did not finish" not in sam.body


@pytest.mark.parametrize("broken", ["comment", "text"])
@pytest.mark.parametrize("first", [True, False], ids=["new issue", "old issue"])
def test_a_run_that_breaks_off_tells_nothing_twice(broken: str, first: bool) -> None:
    sam = Person()
    if not first:
        sam.after(run(NOON - timedelta(days=1), letter(9)))
    told = len(sam.comments)
    sam.broken = broken
    sam.after(run(NOON, letter(1), letter(2)))
    sam.after(run(EVENING, letter(1), letter(2)))
    sam.after(run(MORNING, letter(1), letter(2)))
    assert len(sam.comments) == told + 1
    assert "row 2" in sam.comments[-1]


def test_a_need_that_broke_off_is_told_once_and_again_next_time() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    sam.broken = "text"
    sam.after(Line(EVENING, None, needs="stopped"))
    assert sam.after(Line(EVENING + timedelta(hours=1), None, needs="stopped")) == ""
    sam.after(run(MORNING, letter(1)))
    assert "needs you" in sam.after(Line(MORNING + timedelta(hours=5), None, needs="stopped"))


# --- open and closed --------------------------------------------------------------------------------------------


def test_closed_when_nothing_waits_and_opened_again() -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    sam.after(run(EVENING))
    assert sam.state == "closed"
    assert "Nothing to send." in sam.body
    sam.after(run(MORNING, letter(1)))
    assert sam.state == "closed", "that letter was told: it does not open the issue again"
    assert sam.after(run(MORNING + timedelta(hours=5), letter(1), letter(2)))
    assert sam.state == "open"


def test_what_the_person_closed_stays_closed_until_there_is_news() -> None:
    body = decide(encode(run(NOON, letter(1))), "", (), RUN)
    assert body is not None
    again = decide(encode(run(EVENING, letter(1))), body.body, (body.comment,), RUN)
    assert again is not None
    assert again.state == ""


@pytest.mark.parametrize("more", [{"check": (3,)}, {"needs": "stopped", "quiet": True}])
def test_open_while_a_row_or_a_run_waits(more: dict[str, object]) -> None:
    sam = Person()
    sam.after(run(NOON, letter(1)))
    action = decide(encode(run(EVENING, **more)), sam.body, (), RUN)
    assert action is not None
    assert action.state == ""


# --- the text ---------------------------------------------------------------------------------------------------


def test_the_text() -> None:
    due = thanks(1, datetime(2026, 11, 22, 14, 30), late=True)
    text = seen(decide(encode(run(NOON, due, letter(2, date(2026, 11, 23)), letter(3), check=(7, 9))), "", (), RUN))
    assert text.startswith("**3 letters wait.** Open your sheet")
    assert (
        "| Thank-you | 2 | Sun 22 Nov, 14:30, late |\n| Follow-up | 3 | Mon 23 Nov |\n| Follow-up | 4 | now |" in text
    )
    assert "Rows to check (`Why` says what is wrong and how to write it): 7, 9." in text
    assert "Last look: Tue 24 Nov, 12:17 (the sheet's time)." in text


def test_one_letter_waits() -> None:
    assert "**1 letter waits.**" in seen(decide(encode(run(NOON, letter(1))), "", (), RUN))


def test_at_most_fifty_rows() -> None:
    action = decide(encode(run(NOON, *map(letter, range(200)), more=1300, check=(3,), unchecked=12)), "", (), RUN)
    text = seen(action)
    assert text.count("| Follow-up |") == issue.MOST_ROWS
    assert "and 1450 more, in the sheet." in text
    assert "3 and 12 more" in text
    assert action is not None
    assert action.comment.count("- Due") == issue.MOST_ROWS + 1
    assert "- Due: 150 more" in action.comment


def test_github_takes_the_longest_text() -> None:
    """65,536 characters, after any number of letters in the past."""
    sam = Person()
    for first in range(0, 2000, 200):
        letters = [letter(n, NOON, company="Ü" * 30) for n in range(first, first + 200)]
        sam.after(run(NOON + timedelta(days=first), *letters))
        sam.after(run(NOON + timedelta(days=first, hours=1), *(one._replace(late=True) for one in letters)))
    assert len(sam.body) < 60_000
    assert max(map(len, sam.comments)) < 60_000
    assert len(remembered(sam.body).told) == issue.MOST_REMEMBERED
    assert sam.after(run(NOON + timedelta(days=5000), *letters[:3])) == "", "the present ones are remembered"


@pytest.mark.parametrize(
    "name", ["@octocat", "#12", "[a](https://x.example)", "<b>x</b>", "a|b`c", "![x](y)", "https://x.example"]
)
def test_a_company_is_nothing_but_text(name: str) -> None:
    action = decide(encode(run(NOON, letter(1, company=name))), "", (), RUN)
    assert action is not None
    for text in (action.body, action.comment):
        outside = re.sub(r"`[^`\n|]*`", "", text)
        assert not {"@", "#", "<b", "![", "x.example"} & {
            part for part in ("@", "#", "<b", "![", "x.example") if part in outside
        }
    (row,) = re.findall(r"^\| Follow-up.*$", action.body, re.MULTILINE)
    assert row.count("|") == 5


def test_without_companies_there_is_no_column_for_them() -> None:
    assert "company" not in seen(decide(encode(run(NOON, letter(1))), "", (), RUN))


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_text_that_somebody_spoiled_is_no_trouble(body: str, comments: list[str]) -> None:
    remembered(body, comments)
    whole = decide(encode(run(NOON, letter(1))), "", (), RUN)
    assert whole is not None
    cut = whole.body[: len(body) * 7 % len(whole.body)] + body
    assert decide(encode(run(EVENING, letter(1))), cut, comments, RUN) is not None
