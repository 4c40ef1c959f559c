"""A header is borne out by its cells, or it claims nothing; and of several rounds the one that counts is read."""

# ruff: noqa: DTZ001 - wall-clock times, as cells hold them

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from support import NOW, assess, find_header, grid_sheet, make_sheet, parse

from sheetflow.columns import BY_KEY
from sheetflow.errors import Refused
from sheetflow.settings import from_toml
from sheetflow.table.claims import SAMPLE, Header, looks_like_a_date, mapping_line, quoted


def columns(header: str, cells: list[Any], *others: str, mapping: dict[str, str] | None = None) -> Header:
    """Where things are in a tracker with one column of interest, C, and further headers over empty cells."""
    rows = [["Acme", "", cell] for cell in cells]
    return find_header(grid_sheet(["Company", "Role", header, *others], *rows), mapping or {})


# --- what bears a header out ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "key"),
    [
        ("Interview date", ["2026-01-10", "03/04/2026", "TBD", ""], "interview"),
        ("Interview date", ["2026-01-10", "after lunch"], "interview"),  # half of them
        ("Interview date", ["5 Jan", "8-Jul", "1/5/26", "8/5/2019 & 8/14/2019"], "interview"),  # meant as dates
        ("Interview date", ["Yes", "No", "Remote"], None),
        ("Interview date", ["yes", True, "x"], None),  # a tick says nothing about when
        ("Interview date", [46346, 46347.5], "interview"),
        ("Interview date", [7, 8.5], None),
        ("Interview date", ["2026-01-10", "hm", "well", "perhaps"], None),
        ("Heard back", ["Yes", "No", "yes"], None),
        ("Heard back", ["No", "no", "n/a"], "reply"),  # says nothing, and does no harm
        ("Heard back", ["2026-01-10", "no"], "reply"),
        ("Followed up", ["Yes", "No", "x", "2026-01-10"], "followed"),
        ("Followed up", ["twice, by telephone", "asked Ana"], None),
        ("Status", ["applied", "Rejected", "Technical"], "outcome"),
        ("Status", ["They were friendly and said they would write", "I liked the place", "applied"], None),
        ("Status", ["", "", None], "outcome"),
        ("Recruiter", ["Ana Ruiz", "Bo Chen <bo@acme.example>"], "contact"),
        ("Recruiter", [], "contact"),
        ("Recruiter", ["yes", "no", "Yes"], None),
        ("HR", ["Ana Ruiz", "Bo Chen"], "contact"),
        ("Email", ["ana@acme.example", "bo@acme.example"], "contact_email"),
        ("Email", ["sent", "sent twice"], None),
        ("Firm", [1, True, "2026-01-10"], "company"),  # text always does
    ],
)  # fmt: skip
def test_an_alias_claims_only_what_its_cells_bear_out(header: str, cells: list[Any], key: str | None) -> None:
    if key == "company":
        found = find_header(grid_sheet([header, "Role"], *([cell] for cell in cells)), {})
        assert found.at["company"] == 0
        return
    found = columns(header, cells)
    assert [name for name, place in found.at.items() if place == 2] == ([key] if key else [])
    assert len(found.passed) == (0 if key else 1)


def test_only_the_first_filled_cells_are_looked_at() -> None:
    assert "interview" in columns("Interview date", ["2026-01-10"] * SAMPLE + ["no day"] * 600).at
    assert "interview" not in columns("Interview date", ["no day"] * SAMPLE + ["2026-01-10"] * 600).at
    assert "interview" in columns("Interview date", [""] * SAMPLE + ["2026-01-10"]).at


@pytest.mark.parametrize("cells", [["my brother knows"], ["Yes", "No"], ["soon"]])
def test_our_own_header_always_claims(cells: list[str]) -> None:
    assert columns("Outcome", cells).at["outcome"] == 2
    assert columns("Interview", cells).at["interview"] == 2


@pytest.mark.parametrize(
    ("own", "alias", "cells", "key", "wins"),
    [
        ("outcome", "current_status", [("They said it was great", "applied")], "outcome", 3),
        ("Interview", "Interview Date", [("Yes", "2026-01-10"), ("No", "")], "interview", 3),
        ("Interview", "Interview Date", [("Yes", ""), ("No", "")], "interview", 2),  # nothing there to give way to
        ("Interview", "Interview Date", [("2026-01-10", "2026-02-10")], "interview", 2),
        ("Interview", "Interview Date", [("", "2026-02-10")], "interview", 2),  # empty: nothing speaks against it
        ("Interview", "Interview Date", [("Yes", "No")], "interview", 2),
        ("Applied", "Date applied", [("Yes", "2026-01-10")], "applied", 3),
    ],
)  # fmt: skip
def test_our_own_header_gives_way_only_where_an_alias_is_borne_out(
    own: str, alias: str, cells: list[tuple[str, str]], key: str, wins: int
) -> None:
    rows = [["Acme", "", *pair] for pair in cells]
    header = find_header(grid_sheet(["Company", "Role", own, alias], *rows), {})
    assert header.at[key] == wins
    assert [(one.place, one.column.key) for one in header.passed] == [(5 - wins, key)]
    assert key not in [column.key for column in header.missing]


def test_the_first_alias_that_is_borne_out_wins() -> None:
    rows = [["Acme", "Full-time", "It was fun to meet them all", "rejected", "applied"]]
    header = find_header(grid_sheet(["Company", "Job title", "Status", "Result", "Stage"], *rows), {})
    assert (header.at["role"], header.at["outcome"]) == (1, 3)
    assert [(one.place, one.borne_out) for one in header.passed] == [(2, False), (4, True)]


def test_a_category_gives_way_to_the_job_title() -> None:
    assert find_header(grid_sheet(["Company", "Position", "Job Title"], ["Acme", "Intern", "Cook"]), {}).at["role"] == 2


def test_two_equal_aliases_are_a_doubt_only_if_both_would_do() -> None:
    both = grid_sheet(["Company", "Status", "Status"], ["Acme", "applied", "rejected"])
    with pytest.raises(Refused, match="Two headers for Outcome"):
        find_header(both, {})
    one = grid_sheet(["Company", "Status", "Status"], ["Acme", "we talked of gardens", "rejected"])
    assert find_header(one, {}).at["outcome"] == 2


def test_a_mapping_is_not_asked_to_bear_out() -> None:
    assert columns("Interview date", ["Yes"], mapping={"interview": "Interview date"}).at["interview"] == 2


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("8/5/2019 & 8/14/2019", True), ("8-Jul", True), ("27-Oct", True), ("1/5/26", True), ("3 mars", True),
        ("5. Mai", True), ("1月5日", True), ("Thu Jan 2", True), ("20.11.2026", True),
        ("06.12.34.56.78", False), ("555-0100", False), ("+1 (555) 010-0199", False), ("Round 2", False),
        ("1.5", False), ("1,234.50", False), ("Level 3", False), ("maybe", False), ("", False),
        ("We met on 3 May in the hall, all four of them", False),
    ],
)  # fmt: skip
def test_what_was_meant_as_a_date(text: str, is_one: bool) -> None:
    assert looks_like_a_date(text) == is_one


# --- a column that is just called Date ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "cells", "is_applied"),
    [
        (["Date", "Company", "Status"], ["2026-11-02", "Acme", "Applied"], True),
        (["Datum", "Firma", "Status"], ["02.11.2026", "Acme", "beworben"], True),
        (["日期", "公司", "状态"], ["2026-11-02", "甲", "已投递"], True),
        (["Date", "Company", "Status", "Interview date"], ["2026-11-02", "Acme", "Applied", ""], True),
        (["Date", "Company", "Status", "Applied on"], ["2026-11-02", "Acme", "Applied", ""], False),  # one that says so
        (["Date", "Company", "Role"], ["2026-11-02", "Acme", "Cook"], False),  # of what, nothing says
        (["Date", "Company", "Status"], ["2026-11-02", "Acme", ""], False),
        (["Date", "Company", "Status"], ["soon", "Acme", "Applied"], False),
        (["Date", "Company", "Status", "Date"], ["2026-11-02", "Acme", "Applied", "2026-11-03"], False),
        (["Date", "Company", "Status", "Met with"], ["2026-11-02", "Acme", "Applied", "Ana Ruiz"], False),  # interviews
    ],
)  # fmt: skip
def test_a_date_in_a_list_of_applications_is_their_day(heads: list[str], cells: list[str], is_applied: bool) -> None:
    table = parse(grid_sheet(heads, cells))
    assert (table.header.at.get("applied") == 0) == is_applied
    said = " ".join(notice.say(quiet=False) for notice in table.notices)
    assert (f"{heads[0]} is read as the day of the application. If it is" in said) == is_applied
    assert "is read as the day of the application" not in " ".join(n.say(quiet=True) for n in table.notices[1:])


def test_it_stays_so_when_ours_were_added_and_gives_way_to_a_mapping() -> None:
    heads = ["Date", "Company", "Status", "Interview", "Interviewers"]
    row = ["2026-11-02", "Acme", "Applied", "2026-11-19", "Ana Ruiz"]
    assert find_header(grid_sheet(heads, row), {}).at["applied"] == 0
    header = find_header(grid_sheet(heads[:3], row), {"interview": "Date"})
    assert (header.at["interview"], header.at.get("applied")) == (0, None)
    assert find_header(grid_sheet(heads[:3], row), {"applied": "Date"}).notices == ()


def test_a_tracker_without_a_day_to_go_by_names_the_column_that_holds_dates() -> None:
    def said(*cells: str, heads: tuple[str, ...] = ("Company", "Role", "Found on", "Applied")) -> str:
        return " ".join(notice.say(quiet=False) for notice in parse(grid_sheet(heads, cells)).notices)

    assert said("Acme", "Cook", "2026-11-02", "") == (
        "No row has a day to go by, and Found on (column C) holds dates. If they are the days of the applications, "
        'write in sheetflow.toml, under [columns], Applied = "Found on"; if they are those of the interviews, '
        'Interview = "Found on"'
    )
    assert said("Acme", "Cook", "2026-11-02", "2026-11-03") == ""
    assert said("Acme", "Cook", "yesterday", "") == ""


# --- what is said ----------------------------------------------------------------------------------------------


def test_whoever_stays_the_persons_own_is_named_with_the_line_that_maps_it() -> None:
    rows = [["Acme", "Yes", "2026-01-10", "applied", "Technical", "twice"]]
    heads = ["Company", "Interview", "Interview {date}", "Status", "Stage", "Followed up"]
    table = parse(grid_sheet(heads, *rows))
    assert [notice.say(quiet=False) for notice in table.notices] == [
        "Interview (column B) stays your own: it is not read as Interview, since most of its cells hold no dates. To "
        'have it read so, write in sheetflow.toml, under [columns]: Interview = "Interview"',
        "Followed up (column F) stays your own: it is not read as Follow-up sent, since most of its cells hold no "
        'dates or ticks. To have it read so, write in sheetflow.toml, under [columns]: "Follow-up sent" = '
        '"Followed up"',
        "Stage (column E) stays your own: Status is read as Outcome. To have it read so, write in sheetflow.toml, "
        'under [columns]: Outcome = "Stage"',
    ]
    quiet = " ".join(notice.say(quiet=True) for notice in table.notices)
    assert not any(word in quiet for word in ("{", "Stage", "Status", "Followed up"))


@pytest.mark.parametrize("header", ['The "best"', "Two\nlines", "C:\\firms", "公司 {x}", "Why, oh why"])
def test_the_line_is_one_that_the_settings_file_understands(header: str) -> None:
    for key in ("company", "feeling", "thanked"):
        read = from_toml("[columns]\n" + mapping_line(BY_KEY[key]).format(line=quoted(header)))["columns"]
        assert find_header(grid_sheet([header, "Firm", "Role"]), {**read}).at[key] == 0


# --- rounds ----------------------------------------------------------------------------------------------------

TODAY = NOW.date()


def rounds(*heads: str, **cells: Any) -> Any:
    """The first row of a tracker with columns for rounds, at three on 20 November 2026."""
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    return parse(make_sheet([{"Company": "Acme", **named}], ("Company", "Role", *heads)))


@pytest.mark.parametrize(
    ("phone", "onsite", "interview", "expected"),
    [
        ("2026-11-02", "2026-11-16", "", datetime(2026, 11, 16)),
        ("2026-11-16", "2026-11-02", "", datetime(2026, 11, 16)),
        ("2026-11-02", "2026-11-25", "", datetime(2026, 11, 2)),  # the latest that is not to come
        ("2026-11-27", "2026-11-25", "", datetime(2026, 11, 25)),  # else the earliest to come
        ("2026-11-02", "2026-11-20", "", datetime(2026, 11, 20)),  # today is not to come
        ("2026-11-20 09:00", "2026-11-20", "", datetime(2026, 11, 20, 9)),  # a bare date is before every time
        ("2026-11-20 15:01", "2026-11-20", "", datetime(2026, 11, 20)),
        ("2026-11-20 15:00", "2026-11-20 15:01", "", datetime(2026, 11, 20, 15)),
        ("2026-11-02", "passed, nice people", "2026-11-10", datetime(2026, 11, 10)),
        ("2026-11-12", "TBD", "2026-11-10", datetime(2026, 11, 12)),
        ("x", "yes", "2026-11-10", datetime(2026, 11, 10)),
        ("", "", "2026-11-10", datetime(2026, 11, 10)),
        ("no answer", "", "", None),
    ],
)  # fmt: skip
def test_of_all_rounds_one_is_the_interview(phone: str, onsite: str, interview: str, expected: Any) -> None:
    other = {"Company": "B", "Phone screen": "2026-01-01", "Onsite": "2026-01-01"}
    first = {"Company": "Acme", "Phone screen": phone, "Onsite": onsite, "Interview": interview}
    table = parse(make_sheet([first, other], ("Company", "Phone screen", "Onsite", "Interview")))
    assert table.rounds
    assert not table.problems
    found = table.frame["interview"].iat[0]
    assert (None if found != found else found) == expected
    assert table.frame["interview_timed"].iat[0] == bool(expected and (expected.hour or expected.minute))


def test_a_round_needs_one_date() -> None:
    assert not rounds(Phone="+1 555 0100", Onsite="Remote").rounds
    assert rounds(Phone="+1 555 0100", Onsite="2026-11-02").rounds
    assert rounds(HR="2026-11-02").header.at.get("contact") is None
    assert rounds(HR="2026-11-02").rounds


def test_interview_may_hold_words_where_the_rounds_have_the_days() -> None:
    table = rounds("Interview", "Phone screen", Interview="Yes", Phone_screen="2026-11-02")
    assert table.frame["interview"].iat[0] == datetime(2026, 11, 2)
    assert not table.problems
    assert "interview" not in [column.key for column in table.header.missing]


def test_a_date_of_a_round_that_cannot_be_read_is_a_problem_and_no_word() -> None:
    problems = rounds("Phone screen", "Onsite", Phone_screen="2026-11-02", Onsite="03/04/2026").problems
    assert list(problems[0]) == ["interview"]
    assert "cannot tell 3 April from 4 March" in problems[0]["interview"].text


def test_a_time_that_the_clocks_skip_moves_forward() -> None:
    sheet = make_sheet([{"Company": "Acme", "Phone screen": "2026-03-29 02:30", "Onsite": "2026-03-29 03:10"}])
    table = parse(sheet, TODAY)
    assert table.frame["interview"].iat[0] == datetime(2026, 3, 29, 3, 30)


def test_what_was_sent_or_came_before_the_round_is_of_an_earlier_one() -> None:
    cells = {"Company": "Acme", "Phone screen": "2026-11-02", "Onsite": "2026-11-16", "Thank-you sent": "2026-11-03",
             "Reply received": "2026-11-05"}  # fmt: skip
    row = assess(make_sheet([cells]), NOW).frame.iloc[0]
    assert (row.status, row.thank_you_done, row.replied) == ("Send thank-you", False, False)
    row = assess(make_sheet([{**cells, "Onsite": ""}]), NOW).frame.iloc[0]
    assert (row.status, row.thank_you_done, row.replied) == ("Send follow-up", True, True)


def test_the_rounds_are_named_once() -> None:
    table = rounds("Phone screen", "Onsite", Phone_screen="2026-11-02", Onsite="2026-11-09")
    assert [notice.say(quiet=False) for notice in table.notices] == [
        "Phone screen, Onsite hold the days of rounds: a row's interview is the latest of them that is not to come, "
        "else the next one"
    ]
    assert "Phone" not in table.notices[0].say(quiet=True)


def test_the_dates_of_each_column_stay_apart() -> None:
    table = rounds("Interview", "Onsite", Interview="2026-11-02", Onsite="2026-11-09")
    at = {place: column[0].astype("datetime64[D]").item().day for place, column in table.moments.items()}
    assert at[table.header.at["interview"]] == 2
    assert at[table.header.rounds[0]] == 9


# --- rows that are none ----------------------------------------------------------------------------------------


def test_a_header_row_once_more_is_blank() -> None:
    heads = ["Company", "Role", "Interview", "Outcome"]
    table = assess(grid_sheet(heads, ["Acme", "", "2026-11-19", ""], heads, ["Globex", "", "2026-11-18", ""]), NOW)
    assert table.frame["status"].tolist() == ["Send thank-you", "", "Send thank-you"]
    assert not table.problems
    table = assess(grid_sheet(heads, ["Company", "Cook", "2026-11-19", ""]), NOW)
    assert table.frame["status"].tolist() == ["Send thank-you"], "a firm may be called that"


def test_marks_of_a_conflict_are_blank_and_said_once() -> None:
    rows = [
        ["<<<<<<< HEAD"],
        ["Acme", "Cook", "2026-11-19"],
        ["======="],
        ["Acme", "Cook", "2026-11-18"],
        [">>>>>>> x"],
    ]
    table = assess(grid_sheet(["Company", "Role", "Interview"], *rows), NOW)
    assert [bool(status) for status in table.frame["status"]] == [False, True, False, True, False]
    assert [notice.say(quiet=True) for notice in table.notices] == [
        "Git could not merge two versions of this file and left its marks in it (rows 2, 4, 6): keep the rows that are "
        "right, and take the others and the marks out"
    ]
