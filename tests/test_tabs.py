"""The tabs To send and Overview as plain data: one line per letter, and a flow in which nothing gets lost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support import MADRID, NOW, applied, make_plan, make_sheet, write

from sheetflow.cli import main
from sheetflow.sheet import Sheet, TabSeen, a1
from sheetflow.tabs import CellRef, Tab, TabCell
from sheetflow.tabs.agenda import opening, read_agenda
from sheetflow.tabs.overview import ENDS, STAGES, Stats, as_data, overview, read_stats, words
from sheetflow.tabs.to_send import HEAD, MARK, MOST, checked_today, day_words

ANA, BO = "Ana Ruiz <ana@acme.example>", "Bo Chen <bo@acme.example>"
THANK = {"Company": "Acme", "Role": "Analyst", "Interview": "2026-11-19 14:30", "Interviewers": ANA}
MET_BIRCH = {"Company": "Birch", "Interview": "2026-11-01", "Thank-you sent": "2026-11-02"}
LATE = {**MET_BIRCH, "Interviewers": "Cy <cy@birch.example>"}
CHECK = {"Company": "Cedar", "Interview": "someday"}
MET_DUNE = {"Company": "Dune", "Interview": "2026-11-10", "Thank-you sent": "x"}
OFFER = {**MET_DUNE, "Outcome": "Offer", "Decision by": "2026-11-25"}
COMING = {"Company": "Elm", "Interview": "2026-11-24 09:00"}


def with_tabs(rows: list[dict[str, Any]], **tabs: TabSeen) -> Sheet:
    return make_sheet(rows, links="many", tabs=tabs)


def tab_of(sheet: Sheet, key: str = "to_send", now: datetime = NOW, **settings: Any) -> Tab:
    return next(tab for tab in make_plan(sheet, now, **settings).tabs if tab.key == key)


def texts(tab: Tab) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in tab.rows]


def lines(tab: Tab) -> list[tuple[TabCell, ...]]:
    """The lines of letters."""
    head = next(i for i, row in enumerate(tab.rows) if [cell.value for cell in row] == list(HEAD))
    found = []
    for row in tab.rows[head + 1 :]:
        if len(row) < len(HEAD):
            break
        found.append(row)
    return found


# --- To send ------------------------------------------------------------------------------------------------------


def test_a_line_per_letter_thank_yous_first() -> None:
    panel = {**THANK, "Interviewers": f"{ANA}; {BO}"}
    tab = tab_of(with_tabs([LATE, panel]))
    assert [[cell.value for cell in row[:4]] for row in lines(tab)] == [
        ["Send thank-you", "Acme, Analyst", "Ana Ruiz", "Fri 20 Nov, 14:30, late"],
        ["Send thank-you", "Acme, Analyst", "Bo Chen", "Fri 20 Nov, 14:30, late"],
        ["Send follow-up", "Birch", "Cy", "Mon 16 Nov, late"],
    ]
    assert tab.rows[0][0].value == "Fri 20 Nov: 3 letters wait"


def test_each_line_leads_to_the_mail_the_draft_and_the_cell_to_mark() -> None:
    sheet = with_tabs([LATE, THANK])
    plan = make_plan(sheet)
    thank, follow = lines(plan.tabs[0])
    for line, row, mark, header in ((thank, 2, "thanked", "Thank-you sent"), (follow, 1, "followed", "Follow-up sent")):
        assert isinstance(line[4].link, str)
        assert line[4].link.startswith("https://mail.google.com/")
        assert line[5].link == CellRef(row, "draft")
        assert line[MARK].link == CellRef(row, mark)
        assert str(line[MARK].value).startswith(f"{header}, ")
        assert str(line[MARK].value).endswith(f", {a1(row, plan.at[mark])}")
    assert "ana%40acme.example" in str(thank[4].link)
    assert "cy%40birch.example" in str(follow[4].link)


def test_each_of_a_panel_has_the_link_that_goes_to_them() -> None:
    people = [f"P{n} Q{n} <p{n}@acme.example>" for n in range(4)]
    tab = tab_of(with_tabs([{**THANK, "Interviewers": "; ".join(people)}]))
    assert [f"p{n}%40acme.example" in str(row[4].link) for n, row in enumerate(lines(tab))] == [True] * 4
    assert len({row[4].link for row in lines(tab)}) == 4


def test_the_first_line_of_a_letter_is_the_one_after_the_greeting() -> None:
    assert opening("Hi Ana,\n\nThank you for your time.\n\nMore.") == "Thank you for your time."
    assert opening("Thanks!") == "Thanks!"
    assert opening("") == ""


def test_what_needs_a_look_offers_and_what_comes_stand_below() -> None:
    rows = texts(tab_of(with_tabs([CHECK, OFFER, COMING, THANK])))
    firsts = [row[0] for row in rows if row]
    assert firsts[-6:] == ["Needs a look", "Check row", "Offers to answer", "Offer", "The next 14 days", "Interview"]
    others = [row[1] for row in rows if row and row[0] in ("Check row", "Offer", "Interview")]
    assert others == ["Cedar", "Dune", "Elm"]
    assert next(row for row in rows if row and row[0] == "Offer")[3] == "Wed 25 Nov"
    assert next(row for row in rows if row and row[0] == "Interview")[3] == "Tue 24 Nov, 09:00"


@pytest.mark.parametrize(
    ("row", "do"),
    [
        ({"Company": "Elm", "Interview": "2026-11-12", "Thank-you sent": "2026-11-12"}, "Follow-up"),
        ({"Company": "Elm", "Applied": "2026-11-17", "Contact": "Ana Ruiz"}, "Check-in"),
        ({"Company": "Elm", "Applied": "2026-10-28"}, "Ghosted"),
        ({"Company": "Elm", "Interview": "2026-11-12", "Snooze until": "2026-11-27"}, "Snooze ends"),
        (COMING, "Interview"),
    ],
)
def test_what_comes_is_called_by_its_name(row: dict[str, Any], do: str) -> None:
    assert [item.do for item in read_agenda(write(make_sheet([row])), NOW.date()).coming] == [do]


@pytest.mark.parametrize(("days", "shown"), [(13, True), (14, True), (15, False)])
def test_fourteen_days_are_looked_ahead(days: int, shown: bool) -> None:
    coming = {"Company": "Elm", "Interview": (NOW.date() + timedelta(days=days)).isoformat()}
    assert ("The next 14 days" in str(texts(tab_of(with_tabs([coming]))))) is shown


def test_when_nothing_waits_it_says_so_and_what_comes_next() -> None:
    title = tab_of(with_tabs([COMING])).rows[0][0].value
    assert title == "Fri 20 Nov: nothing to send. Next: Interview, Elm, Tue 24 Nov, 09:00"
    assert tab_of(with_tabs([])).rows[0][0].value == "Fri 20 Nov: nothing to send"


def test_at_most_a_hundred_letters() -> None:
    many = [{**THANK, "Company": f"C{n}"} for n in range(MOST + 26)]
    tab = tab_of(with_tabs(many))
    assert len(lines(tab)) == MOST
    assert "and 26 more" in [row[0] for row in texts(tab) if row]


def seen(tab: Tab, changed: dict[tuple[int, int], Any] | None = None) -> TabSeen:
    rows = texts(tab)
    for (row, column), value in (changed or {}).items():
        rows[row][column] = value
    return TabSeen(tab.title, rows)


@pytest.mark.parametrize("typed", ["x", True, date(2026, 11, 20), "2026-11-20"])
def test_a_mark_typed_into_the_tab_stays_with_its_line(typed: Any) -> None:
    birch = {**LATE, "Company": "Birch"}
    tab = tab_of(with_tabs([birch, THANK]))
    place = next(i for i, row in enumerate(tab.rows) if row and row[0].value == "Send follow-up")
    again = make_plan(with_tabs([{"Company": "New"}, THANK, birch], to_send=seen(tab, {(place, MARK): typed})))
    thank, follow = lines(again.tabs[0])
    assert thank[0].value == "Send thank-you"
    assert follow[MARK].value == typed
    assert follow[0].value == f"Mark it in the tracker: {a1(3, again.at['followed'])}"


def test_a_mark_goes_with_its_letter() -> None:
    tab = tab_of(with_tabs([THANK]))
    place = next(i for i, row in enumerate(tab.rows) if row and row[0].value == "Send thank-you")
    after = tab_of(with_tabs([{**THANK, "Thank-you sent": "2026-11-20"}], to_send=seen(tab, {(place, MARK): "x"})))
    assert lines(after) == []
    assert ["x"] not in [row[MARK : MARK + 1] for row in texts(after)]


def test_the_tabs_alone_are_a_reason_to_write_once_a_day() -> None:
    sheet = with_tabs([THANK])
    first = make_plan(sheet)
    assert first.stale
    after = replace(applied(first), tabs={tab.key: seen(tab) for tab in first.tabs})
    assert not make_plan(after, NOW + timedelta(hours=2))
    assert make_plan(after, NOW + timedelta(days=1)).stale


def test_a_tab_is_not_drawn_where_there_are_none_or_none_is_wanted() -> None:
    assert make_plan(make_sheet([THANK])).tabs == ()
    assert not make_plan(make_sheet([THANK])).stale
    sheet = with_tabs([THANK])
    assert [tab.key for tab in make_plan(sheet).tabs] == ["to_send", "overview"]
    assert [tab.key for tab in make_plan(sheet, to_send_tab=False).tabs] == ["overview"]
    assert [tab.key for tab in make_plan(sheet, overview_tab=False).tabs] == ["to_send"]
    assert [tab.key for tab in make_plan(replace(sheet, declined=frozenset({"to_send"}))).tabs] == ["overview"]


def test_the_heartbeat_is_of_its_day() -> None:
    tab = TabSeen("To send", texts(tab_of(with_tabs([THANK]))))
    assert checked_today(tab, NOW)
    assert checked_today(tab, NOW.replace(hour=0, minute=0))
    assert not checked_today(tab, NOW + timedelta(days=1))
    assert not checked_today(TabSeen("To send", []), NOW)


def test_days_in_words() -> None:
    assert day_words(date(2026, 11, 22)) == "Sun 22 Nov"
    assert day_words(datetime(2026, 11, 24, 9, 5)) == "Tue 24 Nov, 09:05"  # noqa: DTZ001


def test_the_agenda_has_each_row_once_in_its_rows() -> None:
    table = write(make_sheet([{**THANK, "Interviewers": f"{ANA}; {BO}"}, LATE]))
    agenda = read_agenda(table, NOW.date())
    assert [(item.row, item.whom) for item in agenda.letters] == [(1, "Ana Ruiz"), (1, "Bo Chen"), (2, "Cy")]
    assert [item.row for item in agenda.rows] == [1, 2]


# --- Overview -----------------------------------------------------------------------------------------------------


def stats(*rows: dict[str, Any], now: datetime = NOW) -> Stats:
    return read_stats(write(make_sheet(list(rows)), now), now)


MET = {"Company": "Acme", "Role": "Analyst", "Interview": "2026-11-01", "Thank-you sent": "2026-11-02"}


@pytest.mark.parametrize(
    ("rows", "reached", "end"),
    [
        ([{"Company": "A", "Applied": "2026-11-18"}], "Applied", "Open"),
        ([{"Company": "A", "Applied": "2026-09-01"}], "Applied", "Ghosted"),
        ([{"Company": "A", "Applied": "2026-11-01", "Outcome": "Rejected"}], "Applied", "Turned down"),
        ([{"Company": "A", "Outcome": "applied"}], "Applied", "Open"),
        ([MET], "Interviewed", "Open"),
        ([{**MET, "Interview": "2026-12-01", "Thank-you sent": ""}], "Applied", "Open"),
        ([{**MET, "Reply received": "2026-11-10"}], "Answered", "Open"),
        ([{**MET, "Outcome": "Rejected"}], "Answered", "Turned down"),
        ([{**MET, "Outcome": "Withdrawn"}], "Interviewed", "Withdrawn"),
        ([{**MET, "Outcome": "Next round"}], "Next round", "Open"),
        ([{**MET, "Interview": "2026-11-18", "Thank-you sent": "x", "Outcome": "Next round"}], "Next round", "Open"),
        ([MET, {**MET, "Interview": "2026-11-12", "Thank-you sent": "2026-11-13"}], "Next round", "Open"),
        ([{**MET, "Outcome": "Offer"}], "Offer", "Open"),
        ([{**MET, "Outcome": "Accepted"}], "Accepted", "Accepted"),
    ],
)
def test_how_far_and_how_it_ended(rows: list[dict[str, Any]], reached: str, end: str) -> None:
    (unit,) = stats(*rows).units
    assert (STAGES[unit.reached], unit.end) == (reached, end)


def test_what_is_no_application_is_not_counted() -> None:
    assert stats({"Company": "A"}, {"Company": "B", "Outcome": "wishlist"}, {"Notes": "x"}).units == ()


def test_rows_of_one_company_and_role_are_one() -> None:
    assert len(stats(MET, {**MET, "Company": " ACME "}, {**MET, "Role": "Cook"}).units) == 2


MANY = [
    *({"Company": f"A{n}", "Applied": "2026-11-18"} for n in range(5)),
    *({"Company": f"G{n}", "Applied": "2026-08-18"} for n in range(3)),
    *({**MET, "Company": f"I{n}"} for n in range(4)),
    *({**MET, "Company": f"R{n}", "Outcome": "Rejected"} for n in range(2)),
    {**MET, "Company": "N", "Outcome": "Next round"},
    {**MET, "Company": "O", "Outcome": "Offer"},
]


def test_the_law_of_the_flow_what_comes_in_goes_out() -> None:
    flows = list(stats(*MANY, {**MET, "Company": "Y", "Outcome": "Accepted"}).flows())
    into, out = Counter[str](), Counter[str]()
    parents = Counter(target for _, _, target in flows)
    for source, count, target in flows:
        assert count > 0
        out[source] += count
        into[target] += count
    assert set(parents.values()) == {1}
    assert out["Applied"] == 17
    assert {stage: into[stage] - out[stage] for stage in STAGES[1:-1] if into[stage]} == dict.fromkeys(STAGES[1:-1], 0)


def test_sankey_text() -> None:
    text = stats(*MANY).sankey()
    assert text.splitlines()[:3] == ["Applied [8] Interviewed", "Applied [3] Ghosted", "Applied [5] Open"]
    assert "Answered [2] Turned down (answered)" in text.splitlines()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({**MET, "Thank-you sent": "2026-11-01"}, "in time"),
        ({**MET, "Thank-you sent": "2026-11-02"}, "in time"),
        ({**MET, "Thank-you sent": "2026-11-03"}, "late"),
        ({**MET, "Thank-you sent": "x"}, "day unknown"),
        ({**MET, "Thank-you sent": "", "Follow-up sent": "2026-11-16"}, "day unknown"),
        ({**MET, "Thank-you sent": ""}, "not"),
    ],
)
def test_thanked_in_time_late_not_or_day_unknown(row: dict[str, Any], word: str) -> None:
    assert stats(row).thanked == {word: 1}


def test_a_thank_you_that_is_not_due_yet_is_not_counted() -> None:
    assert stats({**MET, "Interview": "2026-11-19", "Thank-you sent": ""}).thanked == {}


def test_days_to_the_first_answer_and_todays_silences() -> None:
    answers = [{**MET, "Company": f"C{n}", "Reply received": f"2026-11-{day:02}"} for n, day in enumerate((3, 5, 11))]
    short = {**MET, "Company": "S", "Interview": "2026-11-17", "Thank-you sent": "2026-11-17"}
    silent = [short, {**MET, "Company": "L"}]
    found = stats(*answers, *silent)
    assert found.answered_after == (2, 4, 10)
    assert found.median_days == 4
    assert found.silent_for == (3, 19)
    assert found.longer_than_usual == 1
    assert stats(*silent).median_days is None


@pytest.mark.parametrize(("count", "share"), [(9, ""), (10, "100 %")])
def test_no_percentage_under_ten(count: int, share: str) -> None:
    tab = overview(stats(*({"Company": f"A{n}", "Applied": "2026-11-18"} for n in range(count))), NOW)
    line = next(row for row in tab.rows if row and row[0].value == "Applied")
    assert [cell.value for cell in line] == ["Applied", count, share]


def test_the_chart_is_over_the_stages() -> None:
    tab = overview(stats(*MANY), NOW)
    assert tab.chart is not None
    shown = tab.rows[tab.chart.first : tab.chart.end]
    assert [row[tab.chart.labels].value for row in shown] == list(STAGES)
    assert [row[tab.chart.values].value for row in shown] == [16, 8, 4, 2, 1, 0]


def test_the_same_for_terminal_and_programs() -> None:
    found = stats(*MANY)
    assert next(iter(words(found))) == "16 applications, each company and role once:"
    data = as_data(found)
    assert data["reached"] == dict(zip(STAGES, (16, 8, 4, 2, 1, 0), strict=True))
    assert sum(data["stand"][end] for end in ENDS) == 16  # type: ignore[index]


def test_an_empty_tracker() -> None:
    found = stats()
    assert found.sankey() == ""
    assert overview(found, NOW).rows[0][0].value == "0 applications (each company and role once)"
    assert MADRID is NOW.tzinfo


def test_the_command_prints_the_same(tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    path.write_text("Company,Applied,Outcome\nAcme,2026-11-18,\nBirch,2026-10-18,Rejected\n", encoding="utf-8")
    before = path.read_bytes()

    def call(*more: str) -> str:
        arguments = ["stats", str(path), "--now", "2026-11-20T15:00", *more]
        return CliRunner().invoke(main, arguments, catch_exceptions=False).stdout

    assert call().startswith("2 applications, each company and role once:\n  Applied          2\n")
    assert call("--sankey") == "Applied [1] Turned down\nApplied [1] Open\n"
    assert json.loads(call("--json"))["reached"]["Applied"] == 2
    assert path.read_bytes() == before
