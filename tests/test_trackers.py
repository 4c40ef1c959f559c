"""Trackers as people keep them, with what a human said must come out, written without seeing the program.

``trackers/expectations.toml`` explains itself. Entries marked ``certain = false`` are left to the eye.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from openpyxl import Workbook

from sheetflow import flow, settings
from sheetflow.backends import open_backend
from sheetflow.backends.base import Options
from sheetflow.columns import BY_KEY
from sheetflow.errors import Refused
from sheetflow.letters.load import load_templates
from sheetflow.plan import Plan

FOLDER = Path(__file__).parent / "trackers"
EXPECTED: dict[str, Any] = tomllib.loads((FOLDER / "expectations.toml").read_text(encoding="utf-8"))
ZONE = ZoneInfo(EXPECTED["time_zone"])
NOW = datetime.fromisoformat(EXPECTED["now"]).replace(tzinfo=ZONE)
TRACKERS = {entry["file"]: entry for entry in EXPECTED.values() if isinstance(entry, dict)}
TEMPLATES = load_templates("")


def plan_of(path: Path, worksheet: str = "") -> Plan:
    sheet = open_backend(str(path), Options(zone=ZONE, worksheet=worksheet)).read()
    return flow.make_plan(sheet, NOW, settings.Layers().merged(sheet), TEMPLATES)


def rows() -> Iterator[Any]:
    for file, entry in TRACKERS.items():
        for row in entry.get("rows", ()):
            if row.get("certain", True):
                yield pytest.param(file, entry.get("with_worksheet", ""), row, id=f"{file}-{row['row']}")


def day(moment: Any, timed: bool) -> str:
    return "" if pd.isna(moment) else moment.strftime("%Y-%m-%d %H:%M" if timed else "%Y-%m-%d")


@pytest.fixture(scope="module")
def plans() -> dict[tuple[str, str], Plan]:
    return {}


@pytest.mark.parametrize(("file", "worksheet", "expected"), list(rows()))
def test_row_reads_as_a_human_reads_it(
    file: str, worksheet: str, expected: dict[str, Any], plans: dict[tuple[str, str], Plan]
) -> None:
    if (file, worksheet) not in plans:
        plans[file, worksheet] = plan_of(FOLDER / file, worksheet)
    plan = plans[file, worksheet]
    position = expected["row"] - 1 - plan.table.first_row
    if position >= len(plan.table.frame):
        assert expected.get("status", "") == ""
        return
    row = plan.table.frame.iloc[position]
    interview = day(row.interview, row.interview_timed) or "empty"
    if "interview" in plan.table.problems.get(position, {}):
        interview = "problem"
    found = {
        "company": row.company,
        "role": row.role,
        "status": row.status,
        "flag": row.flag,
        "due": day(row.due, row.due_timed),
        "interview_read_as": interview,
        "draft_to": row.draft_to,
    }
    wanted = {name: value for name, value in expected.items() if name in found}
    if isinstance(wanted.get("draft_to"), list):
        wanted["draft_to"] = "\n".join(wanted["draft_to"])
    if "company" in wanted:
        wanted["company"] = wanted["company"].strip()
    assert {name: found[name] for name in wanted} == wanted, f"{row.why} {expected.get('note', '')}"


@pytest.mark.parametrize("file", [file for file, entry in TRACKERS.items() if entry.get("refused")])
def test_refused_in_one_sentence(file: str) -> None:
    with pytest.raises(Refused) as refusal:
        plan_of(FOLDER / file)
    assert "\n" not in refusal.value.full
    for words in TRACKERS[file].get("says", ()):
        assert words in refusal.value.full


def test_a_tab_without_a_header_row_names_the_one_that_has_it() -> None:
    with pytest.raises(Refused, match=r"The tab \S+ has one: choose it with --worksheet"):
        plan_of(FOLDER / "31_dashboard_first.xlsx")


MADE_UP = [file for file, entry in TRACKERS.items() if file >= "35" and not entry.get("refused")]


@pytest.mark.parametrize("file", MADE_UP)
def test_the_same_in_a_workbook_with_typed_dates(file: str, tmp_path: Path) -> None:
    plan = plan_of(FOLDER / file)
    book = Workbook()
    page: Any = book.active
    for row, cells in enumerate(plan.sheet.rows, start=1):
        for column, text in enumerate(cells, start=1):
            typed = re.fullmatch(r"\d{4}-\d\d-\d\d", text)
            page.cell(row, column, datetime.fromisoformat(text) if typed else text or None)
    book.save(tmp_path / "same.xlsx")
    same = plan_of(tmp_path / "same.xlsx")
    assert same.table.header.at == plan.table.header.at
    for name in ("status", "flag", "due", "draft_to"):
        assert same.table.frame[name].tolist() == plan.table.frame[name].tolist()


@pytest.mark.parametrize("file", [file for file, entry in TRACKERS.items() if entry.get("notices")])
def test_what_was_understood_is_said(file: str) -> None:
    said = "\n".join(notice.say(quiet=False) for notice in plan_of(FOLDER / file).table.notices)
    for words in TRACKERS[file]["notices"]:
        assert words in said


@pytest.mark.parametrize("file", [file for file, entry in TRACKERS.items() if not entry.get("refused")])
def test_only_our_columns_change_and_the_second_run_is_quiet(file: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(FOLDER / file, tmp_path))
    worksheet = TRACKERS[file].get("with_worksheet", "")
    plan = plan_of(path, worksheet)
    ours = {plan.at[key] for key in plan.wanted} | {index for index, _ in plan.added}
    assert all(change.column in ours and BY_KEY[change.key] for change in plan.changes)
    backend = open_backend(str(path), Options(zone=ZONE, worksheet=worksheet))
    choose = lambda sheet: settings.Layers().merged(sheet)  # noqa: E731
    flow.run(backend, NOW, choose, TEMPLATES)
    assert not plan_of(path, worksheet)
