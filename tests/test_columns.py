"""Which header is which column, in whose language; and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from support import grid_sheet

from sheetflow.columns import BY_KEY, COLUMNS, FRESH, OURS, Column, plain
from sheetflow.errors import Refused
from sheetflow.settings import from_toml
from sheetflow.sheet import Formula, TabSeen
from sheetflow.table import claims
from sheetflow.table.claims import Header, find_header, headers_known


def find(*rows: Any, mapping: dict[str, str] | None = None, **options: Any) -> Header:
    return find_header(grid_sheet(*rows, **options), mapping or {})


def refusal(*rows: Any, mapping: dict[str, str] | None = None, **options: Any) -> str:
    with pytest.raises(Refused) as caught:
        find(*rows, mapping=mapping, **options)
    assert caught.value.exit_code == 3
    for row in rows:
        for cell in row:
            assert (
                not isinstance(cell, str)
                or len(cell) < 4
                or cell in {c.header for c in COLUMNS}
                or (cell not in caught.value.quiet)
            )
    return caught.value.full


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_column_is_found_by_its_header_in_any_spelling(column: Any) -> None:
    for name in (column.header, column.header.upper(), column.header.replace("-", " "), f" {column.header}:  ",
                 column.header.replace(" ", ""), column.header.replace(" ", "_"), column.header.lower()):  # fmt: skip
        headers = ["Mine", name, "Company" if column.key != "company" else "Role", "Also mine", "Interview date"]
        assert find(headers).at[column.key] == 1, name


ALIASES = [(column.key, alias) for column in COLUMNS for alias in column.aliases]


@pytest.mark.parametrize(("key", "alias"), ALIASES)
def test_every_alias_is_found(key: str, alias: str) -> None:
    other = "Role" if key == "company" else "Company"
    assert find([other, alias]).at == {("role" if key == "company" else "company"): 0, key: 1}


def test_no_two_columns_share_a_name() -> None:
    counts = Counter(name for column in COLUMNS for name in {plain(name) for name in (column.header, *column.aliases)})
    assert {name for name, count in counts.items() if count > 1 or not name} == set()


SPEC_ALIASES = {
    "applied": "Date applied|Applied on|Bewerbungsdatum|Date de candidature|Fecha de aplicación|投递日期",
    "company": "Organization Employer Firm Firma Entreprise Empresa 公司",
    "role": "Position|Job title|Role name|Stelle|Poste|Puesto|职位",
    "interview": "Interview date|Vorstellungsgespräch|Entretien|Entrevista|面试时间",
    "interviewers": "Interviewer|Gesprächspartner|Intervieweur|Entrevistador|面试官",
    "contact": "Recruiter|Contact person|HR contact|Ansprechpartner|Recruteur|Reclutador|联系人",
    "outcome": "Status|Result|Decision|Stage|Ergebnis|Statut|Résultat|Resultado|状态|结果",
    "reply": "Response date|Rückmeldung erhalten|Date de réponse|Fecha de respuesta|回复日期",
    "contact_email": "Recruiter email|E-Mail|Correo|邮箱",
    "thanked": "Dank gesendet|Remerciement envoyé|Agradecimiento enviado|感谢信",
    "followed": "Nachgefasst|Relance envoyée|Seguimiento enviado|已跟进",
}


@pytest.mark.parametrize(("key", "names"), SPEC_ALIASES.items())
def test_the_aliases_of_other_trackers(key: str, names: str) -> None:
    for name in names.split("|" if "|" in names else " "):
        assert plain(name) in {plain(alias) for alias in BY_KEY[key].aliases}, name


@pytest.mark.parametrize(
    "name",
    ["Follow-up date", "Next follow-up", "Follow up", "Follow-up", "Notes", "Salary", "Location",
     "Next step", "Deadline", "Link", "State", "Name", "Date", "备注", "Notizen", "Note"],
)  # fmt: skip
def test_names_that_are_nobodys_alias(name: str) -> None:
    assert find(["Company", "Role", name]).at == {"company": 0, "role": 1}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Thank-you sent ", "thankyousent"), ("Entrevista (día)", "entrevistadia"), ("STRASSE", "strasse"),
        ("Straße", "strasse"), ("İnterview", "interview"), ("Société", "societe"), ("公司 名称", "公司名称"),
        ("ｃｏｍｐａｎｙ", "company"), ("?!", ""), ("", ""), ("2nd", "2nd"),
    ],
)  # fmt: skip
def test_plain(name: str, expected: str) -> None:
    assert plain(name) == expected


# --- precedence -----------------------------------------------------------------------------------------------


def test_the_header_itself_beats_an_alias_which_stays_the_persons() -> None:
    header = find(["Firm", "Status", "Company", "Outcome"])
    assert header.at == {"company": 2, "outcome": 3}
    assert [one.place for one in header.passed] == [0, 1]


def test_among_aliases_the_first_in_the_table_wins() -> None:
    header = find(["Company", "Stage", " Status ", "Result"])
    assert header.at["outcome"] == 2
    assert [one.place for one in header.passed] == [3, 1]


def test_equal_aliases_that_lose_are_no_trouble() -> None:
    passed = find(["Company", "Outcome", "Status", "Status"]).passed
    assert [one.place for one in passed] == [2, 3]


def test_a_mapped_header_beats_every_other() -> None:
    header = find(["Firm", "Company", "Outcome", "My result"], mapping={"company": "FIRM", "outcome": "my result"})
    assert header.at == {"company": 0, "outcome": 3}
    assert header.passed == ()


def test_a_header_mapped_to_one_column_is_no_alias_of_another() -> None:
    header = find(["Company", "Position", "Status"], mapping={"role": "Status"})
    assert header.at == {"company": 0, "role": 2}


def test_a_computed_header_can_be_mapped_and_is_added_under_that_name() -> None:
    mapping = {"status": "Next step"}
    header = find(["Company", "Role"], mapping=mapping)
    added = next(column for column in header.missing if column.key == "status")
    assert (added.header, added.kind) == ("Next step", BY_KEY["status"].kind)
    assert find(["Company", "Role", "Next step"], mapping=mapping).at["status"] == 2


def test_a_header_may_come_from_a_formula() -> None:
    assert find([Formula('="Company"', "Company"), "Role", 2026, None, True]).at == {"company": 0, "role": 1}


# --- where the header row is ------------------------------------------------------------------------------------


def test_the_header_row_is_the_first_with_company_and_another() -> None:
    title = ["My company search"]
    assert find(title, [], ["Company"], ["Company", "Notes"], ["Company", "Role"], ["Company", "Interview"]).row == 4


def test_the_header_row_may_be_the_twentieth_but_not_later() -> None:
    assert find(*[["x"]] * 19, ["Company", "Role"]).row == 19
    assert "none of the first 20 rows" in refusal(*[["x"]] * 20, ["Company", "Role"])


NO_HEADER = "No header row in tracker.csv: none of the first 20 rows has "


@pytest.mark.parametrize("headers", [["Role", "Interview"], ["x", "Mine"], [], ["", None]])
def test_without_company_there_is_no_header_row(headers: list[Any]) -> None:
    assert headers_known(headers, {}) == 0
    assert refusal(headers) == (
        NO_HEADER + "a Company header and at least one other that is known here, such as Role or Interview. Add "
        'one, or write in sheetflow.toml, under [columns]: Company = "your own header"'
    )


@pytest.mark.parametrize(
    ("headers", "cell"),
    [(["Company"], "A1 (Company)"), (["Company", "Mine"], "A1 (Company)"),
     (["timestamp", "company_name", "application_id"], "B1 (company_name)")],
)  # fmt: skip
def test_a_company_header_without_another_says_what_is_missing(headers: list[Any], cell: str) -> None:
    assert headers_known(headers, {}) == 1
    assert refusal(headers) == (
        NO_HEADER + f"a second header that is known here beside the one for Company, {cell}, such as Role, Interview "
        "or Applied. Name one of your columns so, or map it in sheetflow.toml: under [columns] the line "
        'Applied = "your own header"'
    )


@pytest.mark.parametrize(
    ("rows", "cell", "line"),
    [
        ([["x"], ["Role", "Compnay "]], "B2 (Compnay)", 'Company = "Compnay"'),
        ([["Role", "Company\nand its web"]], "B1 (Company and its web)", 'Company = "Company and its web"'),
        ([["Name", "Stage"]], "A1 (Name)", 'Company = "Name"'),
        ([["公司全称呀", "岗位"]], "A1 (公司全称呀)", 'Company = "公司全称呀"'),
    ],
)  # fmt: skip
def test_the_line_that_maps_the_nearest_header(rows: list[list[str]], cell: str, line: str) -> None:
    text = refusal(*rows)
    assert f" Is it {cell}? Then write in sheetflow.toml, under [columns]: {line}" in text
    [mapping] = from_toml("[columns]\n" + line).values()
    assert headers_known(max(rows, key=len), mapping) > 1, "and it works"


def test_nothing_near_nothing_named() -> None:
    assert "Is it" not in refusal(["x"], ["Role", "Country"])
    assert "Is it" not in refusal(["Nom", "Salary"])
    assert "Is it" not in refusal(["The companies that I wrote to in the autumn of this year, by letter", "Role"])


def test_another_tab_with_a_header_row_is_named() -> None:
    def others() -> Iterator[TabSeen]:
        yield TabSeen("Dashboard", [["Company"]])
        yield TabSeen("Jobs", [["My jobs"], ["Company", "Role"]])

    assert " The tab Jobs has one: choose it with --worksheet" in refusal(["x"], others=others)
    assert " The tab Jobs has one" in refusal(["Company"], others=others)
    assert "tab" not in refusal(["x"], others=lambda: [TabSeen("Late", [["x"]] * 20 + [["Company", "Role"]])])


def test_headers_known_counts_columns_once() -> None:
    assert headers_known(["Company", "Firm", "Role", "Status", "Outcome", "Due"], {}) == 4
    assert headers_known(["Firm", "x"], {}) == 1
    assert headers_known(["Role", "Interview"], {}) == 0
    assert headers_known(["x", "Role"], {"company": "x"}) == 2
    assert headers_known(["Company", "Phone screen", "Onsite"], {}) == 2
    assert headers_known(["Company", "Interview", "Onsite"], {}) == 2


def test_width_counts_every_column_in_use_in_any_row() -> None:
    assert find(["Company", "Role", "", None, " "]).width == 2
    assert find(["Company", "Role"], ["Acme", "", "", "note"], ["Acme", "", "", "", Formula("=A1", "")]).width == 4
    assert find(["Company", "Role"], ["Acme", "", False]).width == 3


def test_what_a_run_adds() -> None:
    marks = {"interview", "interviewers", "highlight", "thanked", "followed", "seconded", "closing", "reply", "outcome"}
    wanted = [c.key for c in COLUMNS if c.key in marks or (c.owner == "sheetflow" and c.key != "seen")]
    assert [c.key for c in find(["Company", "Role"]).missing] == wanted
    known = [c.header for c in COLUMNS if c.key not in ("due", "reply", "snooze", "seen")]
    assert [c.key for c in find(known).missing] == ["due", "reply"]


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "cells", "column"),
    [
        (["Company", "Role", "Company"], "A1 and tracker.csv!C1", "Company"),
        (["Company", "Role", "COMPANY "], "A1 and tracker.csv!C1", "Company"),
        (["Company", "Thank-you sent", "thank you sent"], "B1 and tracker.csv!C1", "Thank-you sent"),
        (["Company", "Status", "x", "status"], "B1 and tracker.csv!D1", "Outcome"),
        (["Company", "Due", "Due"], "B1 and tracker.csv!C1", "Due"),
    ],
)  # fmt: skip
def test_two_equal_headers_are_refused_with_their_cells(headers: list[str], cells: str, column: str) -> None:
    assert refusal(headers, links="many") == (
        f"Two headers for {column}: tracker.csv!{cells}. Rename one of them, so that there is no doubt which to read."
    )


def test_a_mapped_header_that_is_not_there_is_refused() -> None:
    assert refusal(["x"], ["Company", "Role"], mapping={"interview": "Termine"}) == (
        "sheetflow.toml maps Interview to 'Termine', but row 2 of tracker.csv has no such header. Correct the name "
        "under [columns], or take the line out."
    )


def test_two_columns_mapped_to_one_header_are_refused() -> None:
    assert refusal(["Company", "Status"], mapping={"outcome": "Status", "status": "status"}) == (
        "sheetflow.toml maps both Outcome and Follow-up status to 'Status'. Take one of the lines under [columns] out."
    )


@pytest.mark.parametrize("column", [c for c in OURS if c.key != "stamp"], ids=lambda c: c.key)
def test_text_under_a_computed_header_is_refused_on_the_first_run(column: Any) -> None:
    headers = ["Company", "Role", column.header]
    assert refusal(headers, ["Acme"], ["Globex", "", "mine"]) == (
        f"tracker.csv row 3, column C already holds text of yours, under the header {column.header}, which is one "
        f"that sheetflow writes. Rename your column (to My {column.header}, for one) and run again."
    )
    assert " row 2, " in refusal(headers, ["Acme", "", "mine"])
    assert find(headers, ["Acme", "", " "], ["Globex", "", Formula("=A1", "")]).at[column.key] == 2


@pytest.mark.parametrize("column", [c for c in OURS if c.key not in ("stamp", "seen")], ids=lambda c: c.key)
def test_later_a_file_is_believed_where_an_earlier_version_had_the_column(column: Any) -> None:
    headers = ["Company", "Role", column.header, "Draft stamp"]
    assert find(headers, ["Globex", "", "ours by now"]).at[column.key] == 2


MINE = {
    "flag": "my flag", "status": "talk to Ana?", "due": "soon", "thank_you_due": "soon", "follow_up_due": "when I can",
    "second_follow_up_due": True, "ghosted_on": "never", "seen": "yes, on Monday", "stamp": "a stamp of mine",
}  # fmt: skip
THEIRS = {
    "flag": "Overdue", "status": "Send second follow-up", "due": 46346.5, "thank_you_due": date(2026, 11, 20),
    "follow_up_due": "2026-11-20", "second_follow_up_due": "20.11.2026", "ghosted_on": Formula("=A1", 46346),
    "seen": "Thank-you to Ana 2026-11-21 · at Acme", "stamp": "thank_you 0123456789ab 0123456789ab", "why": "any text",
}  # fmt: skip


@pytest.mark.parametrize("key", MINE)
def test_a_column_without_our_mark_never_loses_what_it_cannot_hold(key: str) -> None:
    headers = ["Company", "Role", BY_KEY[key].header, "Draft"]
    text = refusal(headers, ["Acme"], ["Globex", "", MINE[key], "Hello"], links="many", remembers={3: "draft"})
    assert text.startswith(f"tracker.csv!C3 already holds text of yours, under the header {BY_KEY[key].header}, ")
    assert find(headers, ["Globex", "", MINE[key], "Hello"], remembers={2: key, 3: "draft"}).at[key] == 2


@pytest.mark.parametrize("key", THEIRS)
def test_a_column_without_our_mark_is_taken_over_where_all_of_it_can_be_ours(key: str) -> None:
    headers = ["Company", "Role", BY_KEY[key].header, "Draft"]
    assert find(headers, ["Globex", "", THEIRS[key], "Hello"], remembers={3: "draft"}).at[key] == 2


def test_a_column_that_this_version_brings_is_looked_at_in_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    days = Column("days_silent", "Days silent", "day", "sheetflow", new=True)
    monkeypatch.setattr(claims, "OURS", (*OURS, days))
    monkeypatch.setattr(claims, "COLUMNS", (*COLUMNS, days))
    headers = ["Company", "Role", "Draft stamp", "Days silent"]
    with pytest.raises(Refused, match="row 2, column D already holds text of yours"):
        find(headers, ["Acme", "", "", "far too many"])
    assert find(headers, ["Acme", "", "", "2026-11-20"]).at["days_silent"] == 3


def test_the_order_of_a_fresh_tracker() -> None:
    assert [column.key for column in COLUMNS] == [
        "company", "role", "interview", "flag", "status", "due", "send", "draft", "why", "highlight",
        "question", "feeling", "thanked", "followed", "seconded", "closing", "reply", "outcome",
        "decision_by", "snooze", "interviewers", "contact", "applied", "language", "apart", "contact_email",
        "interviewer_email", "draft_to", "draft_subject", "thank_you_due", "follow_up_due",
        "second_follow_up_due", "ghosted_on", "seen", "stamp",
    ]  # fmt: skip
    assert [column.header for column in COLUMNS] == [
        "Company", "Role", "Interview", "Flag", "Follow-up status", "Due", "Send", "Draft", "Why", "Highlight",
        "Question", "How it went", "Thank-you sent", "Follow-up sent", "Second follow-up sent", "Closing note sent",
        "Reply received", "Outcome", "Decision by", "Snooze until", "Interviewers", "Contact", "Applied", "Language",
        "What sets them apart", "Contact email", "Interviewer email", "Draft to", "Draft subject", "Thank-you due",
        "Follow-up due", "Second follow-up due", "Ghosted on", "Seen in mail", "Draft stamp",
    ]  # fmt: skip
    assert [column.key for column in COLUMNS if column not in FRESH] == ["seen"]


def test_the_columns_that_fold_up_stand_together_at_the_end() -> None:
    folded = [column.group for column in COLUMNS]
    assert folded == sorted(folded)
    assert all(column.owner == "sheetflow" for column in COLUMNS if column.group)


def test_a_hint_fits_into_a_cells_message() -> None:
    assert all(len(column.hint) <= 255 for column in COLUMNS)
    assert all(BY_KEY[key].hint for key in ("highlight", "question", "interviewers", "contact", "outcome", "thanked",
                                            "followed", "seconded", "closing", "decision_by"))  # fmt: skip
