"""People edit while it runs: nothing of theirs changes, no draft stands on a wrong row, no edited draft is lost.

Two spreadsheets get the same edits; sheetflow works on one of them only. Whatever the person's columns hold in
the other, they must hold in this one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from google_support import Program, environment
from sheets_server import Book, Person, SheetsServer
from support import OURS

RUNS = int(os.environ.get("EDIT_RUNS", "60"))
OWN = [
    "Company",
    "Role",
    "Interview",
    "Interviewers",
    "Notes",
    "Highlight",
    "Thank-you sent",
    "Reply received",
    "Outcome",
]
NAMES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kapok", "Larch"]
MARK = "Rewritten by hand for "


def rows(rng: random.Random) -> list[list[str]]:
    table = [OWN]
    for name in NAMES[: rng.randint(4, 12)]:
        day = f"2026-{rng.choice(['10', '11'])}-{rng.randint(1, 28):02d}"
        person = f"Pat {name} <pat@{name.lower()}.example>"
        outcome = rng.choice(["", "", "", "", "Rejected", "Offer"])
        table.append([name, rng.choice(["Cook", "Clerk"]), day, person, f"note {name}", "", "", "", outcome])
    return table


Edit = Callable[[Person, random.Random], object]


def _last(person: Person) -> int:
    """Row number of the last row with a Company."""
    column = person.column("Company")
    return max(row + 1 for row in range(60) if person.sheet.entered((row, column)))


def _row(person: Person, rng: random.Random) -> int:
    return rng.randint(person.header_row + 1, max(person.header_row + 1, _last(person)))


def _add(person: Person, rng: random.Random) -> None:
    row = _last(person) + 1
    person.type((row, "Company"), f"New {rng.randint(1, 99)}").type((row, "Interview"), "2026-11-19")


EDITS: dict[str, Edit] = {
    "sort": lambda p, r: p.sort(r.choice(["Company", "Notes", "Interview"]), descending=r.random() < 0.5),
    "insert above": lambda p, r: p.insert_row_above(_row(p, r)),
    "insert above header": lambda p, r: p.insert_row_above(1),
    "delete": lambda p, r: p.delete_row(_row(p, r)),
    "move": lambda p, r: p.move_rows(2, 3, 5),
    "add": _add,
    "edit": lambda p, r: p.type((_row(p, r), "Highlight"), f"a story {r.randint(1, 99)}"),
    "edit role": lambda p, r: p.type((_row(p, r), "Role"), f"Role {r.randint(1, 99)}"),
    "clear": lambda p, r: p.clear((_row(p, r), "Highlight")),
    "insert column": lambda p, r: p.insert_column(r.choice(["Company", "Interview", "Outcome"])),
    "move column": lambda p, r: p.move_column("Notes", "Company"),
    "rename header": lambda p, r: p.rename_header("Notes", "My notes"),
    "rename tab": lambda p, r: p.rename_tab(f"Tab {r.randint(1, 99)}"),
    "hide column": lambda p, r: p.hide_column("Notes"),
}


def own_columns(book: Book) -> dict[str, list[object]]:
    """Header -> what was entered below it, by column order of the person's own."""
    sheet = book.first_visible
    header = next(r for r in range(40) if "Company" in [sheet.entered((r, c)) for c in range(60)])
    columns: dict[str, list[object]] = {}
    for column in range(60):
        title = sheet.entered((header, column))
        if title in OWN or title == "My notes":
            columns[str(title)] = [sheet.entered((row, column)) for row in range(60)]
    return columns


def drafts(book: Book) -> Iterator[tuple[object, object, object, object]]:
    """(Company, Interviewers, Draft to, Draft) of every row."""
    sheet = book.first_visible
    header = next(r for r in range(40) if "Company" in [sheet.entered((r, c)) for c in range(60)])
    at = {sheet.entered((header, column)): column for column in range(60)}
    wanted = ("Company", "Interviewers", "Draft to", "Draft")
    for row in range(header + 1, 60):
        yield tuple(sheet.entered((row, at[name])) if name in at else None for name in wanted)  # type: ignore[misc]


def rewrite(book: Book, person: Person) -> set[str]:
    """Edit every second draft by hand; returns whose."""
    sheet, edited = book.first_visible, set()
    header = next(r for r in range(40) if "Company" in [sheet.entered((r, c)) for c in range(60)])
    person = Person(book, sheet, header + 1)
    for number, (company, _, _, draft) in enumerate(drafts(book)):
        if draft and number % 2:
            person.type((header + 2 + number, "Draft"), f"{MARK}{company}")
            edited.add(str(company))
    return edited


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


@pytest.mark.parametrize("seed", range(RUNS))
def test_edits_at_every_point_of_a_run(program: Program, seed: int) -> None:
    rng = random.Random(seed)
    server = program.server
    server.calm()
    server.forget()
    server.errors.clear()
    server.books.clear()
    table = rows(rng)
    book, shadow = (server.add_spreadsheet(rows=table, book_id=f"{'book' if n else 'twin'}{seed:040d}") for n in (1, 0))
    people = [Person(book), Person(shadow)]
    edited: set[str] = set()
    if rng.random() < 0.7:
        program.run(book)
        edited = rewrite(book, people[0])
        if rng.random() < 0.7:  # something to write: the notes' signature changes
            program.name = f"Sam {seed}"
    log: list[str] = []

    def edit(name: str, choice: int) -> Callable[[], None]:
        def both() -> None:
            log.append(name)
            for one in people:
                header = next(r for r in range(40) if "Company" in [one.sheet.entered((r, c)) for c in range(60)])
                one.header_row = header + 1
                one_rng = random.Random(choice)
                try:
                    EDITS[name](one, one_rng)
                except KeyError:
                    log.append("(not possible)")

        return both

    for _ in range(rng.randint(1, 4)):
        when = rng.choice([server.before, server.after, server.after_snapshot, server.before])
        when("write", rng.randint(1, 3), edit(rng.choice(list(EDITS)), rng.randint(0, 10**6)))
    error = program.try_run(book)
    server.calm()
    context = f"{log} {error}"
    assert not server.errors, context
    assert own_columns(book) == own_columns(shadow), context
    present = set()
    for company, interviewers, to, draft in drafts(book):
        if to and company:
            assert str(to) in str(interviewers), f"a draft to {to} on the row of {company}: {context}"
        if draft and str(draft).startswith(MARK):
            assert draft == f"{MARK}{company}", f"{draft} on the row of {company}: {context}"
            present.add(str(company))
    if error is None:
        sheet = book.first_visible
        heads = [[sheet.entered((row, column)) for column in range(60)] for row in range(40)]
        titles = next(row for row in heads if "Company" in row)
        assert all(titles.count(column.header) == 1 for column in OURS), f"{titles} {context}"
        here = {str(company) for company, *_ in drafts(book)}
        assert edited & here <= present, f"lost {edited & here - present}: {context}"
    assert program.try_run(book) is None, context
    server.forget()
    assert program.try_run(book) is None, context
    assert server.writes == 0, f"not settled after a quiet run: {context}"
