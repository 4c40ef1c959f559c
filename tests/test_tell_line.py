"""The line between the two jobs: what goes in comes out, nothing else reads as one; and the schedule it rests on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import grid_sheet, make_plan

from sheetflow.rules.cadence import RULES
from sheetflow.settings import SettingError, from_text
from sheetflow.tell import line, schedule
from sheetflow.tell.issue import WORDS
from sheetflow.tell.line import KINDS, Letter, Line, Unreadable, decode, encode

LOOK = datetime(2026, 11, 24, 12, 17)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda m: m.replace(second=0, microsecond=0))
rows = st.integers(1, 1_000_000)
hashes = st.text("0123456789abcdef", min_size=12, max_size=12)
names = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\xa0"), max_size=15).filter(
    lambda text: text == text.strip() and line.clean(text) == text
)
letters = st.builds(
    Letter, st.sampled_from(KINDS), rows, st.none() | moments | moments.map(datetime.date), st.booleans(), hashes, names
)
lines = st.builds(
    Line, moments, st.none() | moments, st.booleans(), st.lists(letters, max_size=8).map(tuple), st.integers(0, 9999),
    st.lists(rows, max_size=5).map(tuple), st.integers(0, 9999), st.sampled_from(("", *line.NEEDS)),
)  # fmt: skip


@given(lines)
def test_what_goes_in_comes_out(one: Line) -> None:
    text = encode(one)
    assert re.fullmatch(r"[A-Za-z0-9.]+", text)
    assert decode(text) == one
    assert decode(f"  {text}\n") == one


@given(st.text(st.sampled_from("v1.look20261124DLHC\n {}-é"), max_size=60))
def test_anything_else_is_unreadable(text: str) -> None:
    try:
        one = decode(text)
    except Unreadable:
        return
    assert encode(one) == text.strip()


GOOD = "v1.look202611241217.next202611241817.thankyou14D202611221430LH0f1e2d3c4b5a.check31"


def test_a_line_as_it_looks() -> None:
    letter = Letter("thank_you", 14, datetime(2026, 11, 22, 14, 30), True, "0f1e2d3c4b5a")
    whole = Line(LOOK, datetime(2026, 11, 24, 18, 17), False, (letter,), check=(31,))
    assert encode(whole) == GOOD
    assert decode(GOOD) == whole


@pytest.mark.parametrize(
    "text",
    [
        "", "v1", "v2" + GOOD[2:], GOOD[:-1] + "x", GOOD + ".", GOOD + ".{", GOOD.replace("look", "lock"),
        GOOD.replace("look202611241217.", ""), GOOD.replace("241217", "321217"), GOOD.replace("D20261122", "D20261322"),
        GOOD.replace("14D", "014D"), GOOD.replace("thankyou", "thanks"), GOOD + ".follow1D20261122H0f1e2d3c4b5aC1",
        GOOD.replace("4b5a", "4b5aCA"), GOOD.replace("4b5a", "4b5aC77777777"), "{", "[hidden]",
    ],
)  # fmt: skip
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        decode(text)


def test_every_note_of_the_rules_can_be_told() -> None:
    assert {rule.note for rule in RULES if rule.note} <= set(KINDS)
    assert set(WORDS) == set(KINDS)


# --- from a plan ------------------------------------------------------------------------------------------------

HEADER = ["Company", "Role", "Interview", "Thank-you sent"]


def of(rows: list[list[str]], key: str = "sheet", companies: bool = False) -> Line:
    plan = make_plan(grid_sheet(HEADER, *rows), LOOK)
    return line.of_plan(plan, LOOK, None, False, key, companies)


def test_letters_that_are_due_and_rows_to_check() -> None:
    one = of(
        [
            ["Acme", "Analyst", "2026-11-20 14:30", ""],
            ["Brill", "Analyst", "2026-11-23", ""],
            ["Calder", "Analyst", "2026-12-01", ""],
            ["Dunmore", "Analyst", "03/04/2026", ""],
            ["Esk", "Analyst", "2026-11-01", "2026-11-02"],
        ]
    )
    assert [(x.kind, x.row, x.due, x.late) for x in one.letters] == [
        ("thank_you", 2, datetime(2026, 11, 21, 14, 30), True),
        ("thank_you", 3, date(2026, 11, 24), False),
        ("follow_up", 6, date(2026, 11, 16), True),
    ]
    assert one.check == (5,)
    assert all(x.company == "" for x in one.letters)
    assert "Acme" not in encode(one)


def test_a_letter_is_known_by_what_it_is_and_not_by_its_place() -> None:
    rows = [["Acme", "Analyst", "2026-11-20", ""], ["Brill", "Analyst", "2026-11-23", ""]]
    first, turned = of(rows), of(rows[::-1])
    assert {x.hash for x in first.letters} == {x.hash for x in turned.letters}
    assert [x.row for x in first.letters] == [2, 3]
    assert {x.hash for x in of(rows, "another").letters} & {x.hash for x in first.letters} == set()
    moved = of([["Acme", "Analyst", "2026-11-21", ""]])
    assert moved.letters[0].hash not in {x.hash for x in first.letters}


def test_two_equal_rows_are_two_letters() -> None:
    one = of([["Acme", "Analyst", "2026-11-20", ""]] * 2)
    assert len({x.hash for x in one.letters}) == 2


def test_companies_only_where_they_are_asked_for() -> None:
    long = "Zoë & Söhne " * 20
    one = of([[long, "Analyst", "2026-11-20", ""]], companies=True)
    assert long.startswith(one.letters[0].company)
    assert 50 < len(one.letters[0].company.encode()) <= line.LONGEST_COMPANY
    assert decode(encode(one)) == one


def test_a_long_list_ends() -> None:
    many = of([[f"Acme {n}", "", "2026-11-20", ""] for n in range(300)] + [[f"B{n}", "", "?!", ""] for n in range(70)])
    assert (len(many.letters), many.more) == (line.MOST_LETTERS, 100)
    assert (len(many.check), many.unchecked) == (line.MOST_CHECKS, 20)
    assert decode(encode(many)) == many
    assert len(encode(many)) < 20_000


# --- the schedule -----------------------------------------------------------------------------------------------

WORKFLOW = """
on:
  schedule:
    # three looks
    - cron: "17 7,12,18 * * *" # odd minutes
      timezone: "Europe/Madrid"
"""


def nexts(text: str, after: str, hours: str = "22-7", zone: str = "Europe/Madrid") -> list[str]:
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    found = []
    for _ in range(4):
        moment = schedule.next_told(schedule.entries(text), start, ZoneInfo(zone), hours)
        if moment is None:
            return [*found, "none"]
        found.append(f"{moment:%a %d %H:%M}")
        start = moment.replace(tzinfo=ZoneInfo(zone))
    return found


def test_the_next_look() -> None:
    expected = ["Tue 24 12:17", "Tue 24 18:17", "Wed 25 07:17", "Wed 25 12:17"]
    assert nexts(WORKFLOW, "2026-11-24T07:17") == expected
    assert nexts(WORKFLOW, "2026-11-24T12:16")[0] == "Tue 24 12:17"
    assert nexts(WORKFLOW, "2026-11-24T18:17")[0] == "Wed 25 07:17"


def test_a_look_in_the_quiet_hours_tells_nobody() -> None:
    assert nexts(WORKFLOW, "2026-11-24T12:17", "18-8") == [
        "Wed 25 12:17",
        "Thu 26 12:17",
        "Fri 27 12:17",
        "Sat 28 12:17",
    ]


def test_the_sheets_zone_is_the_one_that_counts() -> None:
    away = WORKFLOW.replace("Europe/Madrid", "America/New_York")
    assert nexts(away, "2026-11-24T12:00") == ["Tue 24 13:17", "Tue 24 18:17", "Wed 25 13:17", "Wed 25 18:17"]


def test_summer_time_begins() -> None:
    assert nexts(WORKFLOW, "2026-03-28T18:17")[0] == "Sun 29 07:17"
    assert nexts(WORKFLOW, "2026-10-24T18:17")[0] == "Sun 25 07:17"


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("17 9 * * 1-5", "Wed 25 09:17"), ("*/20 13 * * *", "Tue 24 13:00"), ("17 9 2 * *", "none"),
        ("17 9 27 * *", "Fri 27 09:17"), ("17 9 27 * 4", "Thu 26 09:17"), ("17 9 * * 0", "Sun 29 09:17"),
        ("17 9 * * 7", "Sun 29 09:17"), ("17 9 * 1 *", "none"), ("99 9 * * *", "none"), ("@daily", "none"),
        ("17 9-7 * * *", "none"), ("17 9 * *", "none"), ("*/0 9 * * *", "none"), ("50/5 12 * * *", "Tue 24 12:50"),
    ],
)  # fmt: skip
def test_cron(cron: str, first: str) -> None:
    text = WORKFLOW.replace("17 7,12,18 * * *", cron)
    assert nexts(text, "2026-11-24T12:17")[0] == first


def test_without_a_zone_it_is_utc_and_several_lines_all_count() -> None:
    text = "    - cron: '5 6 * * *'\n    - cron: '7 4 * * *'\n      timezone: Mars/Olympus\n    - cron: '9 20 * * *'\n"
    assert nexts(text, "2026-11-24T12:17", "22-6")[:3] == ["Tue 24 21:09", "Wed 25 07:05", "Wed 25 21:09"]
    assert nexts("on: push", "2026-11-24T12:17") == ["none"]


def test_looks_are_in_order_and_all_to_come() -> None:
    start = datetime(2026, 11, 24, 12, 17, tzinfo=UTC)
    found = list(schedule.looks(schedule.entries(WORKFLOW), start))
    assert found == sorted(found)
    assert start < found[0] <= start + timedelta(hours=13)
    assert len(found) == 24 - 2


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [
        ("22-7", {22, 23, 0, 6}),
        ("7-22", {7, 12, 21}),
        ("0-0", set()),
        ("7-7", set()),
        ("0-24", {0, 6, 7, 12, 21, 22, 23}),
    ],
)
def test_quiet_hours(hours: str, quiet: set[int]) -> None:
    asked = {0, 6, 7, 12, 21, 22, 23}
    assert {hour for hour in asked if schedule.is_quiet(LOOK.replace(hour=hour), hours)} == quiet & asked


def test_quiet_hours_as_a_setting() -> None:
    assert from_text({"quiet hours": " 21 - 8 "}, "x") == {"quiet_hours": "21-8"}
    for text in ("22", "late", "22-25", "a-b", "22-7-3"):
        with pytest.raises(SettingError, match="two hours"):
            from_text({"quiet hours": text}, "x")
