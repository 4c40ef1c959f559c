"""People edit while it runs: nothing of theirs changes, no draft stands on a wrong row, no edited draft is lost.

A spreadsheet and its twin get the same edits at the same moments; sheetflow works on one of them only, amid the
storm, and on both in the calm after it. Every column that was there bears a tag that only the test sees, so that it
is known, and not guessed from headers, which column is whose. ``EDIT_RUNS=2000`` makes it 2,000 storms.
"""

from __future__ import annotations

import contextlib
import copy
import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from google_support import NOW, Program, environment
from sheets_server import Book, Fault, Person, Sheet, SheetsServer, structure

from sheetflow.columns import BY_KEY, FRESH

RUNS = int(os.environ.get("EDIT_RUNS", "60"))
FIRST = int(os.environ.get("EDIT_FIRST", "0"))
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
OURS = {column.header: column.key for column in FRESH if column.owner == "sheetflow"}
SPREADSHEET_ROWS = 60
NAMES = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kapok", "Larch"]
MARK = "Rewritten by hand for "
OLD_MARK = "Last checked by sheetflow on 2026-11-19."
COMPARED = (
    "status",
    "flag",
    "due",
    "thank_you_due",
    "follow_up_due",
    "ghosted_on",
    "draft_to",
    "draft_subject",
    "draft",
)
FAULTS = [
    Fault.html(502), Fault.html(502, apply=True), Fault.status(503, retry_after="20"), Fault.status(429),
    Fault.reset(), Fault.reset_after(), Fault.truncated(),
]  # fmt: skip


def rows(rng: random.Random) -> list[list[str]]:
    table = [[*OWN, *rng.choice([[], ["", "Extra"], ["Extra"]])]]
    for name in NAMES[: rng.randint(4, 12)]:
        day = f"2026-{rng.choice(['10', '11'])}-{rng.randint(1, 28):02d}"
        person = f"Pat {name} <pat@{name.lower()}.example>"
        outcome = rng.choice(["", "", "", "", "Rejected", "Offer"])
        row = [name, rng.choice(["Cook", "Clerk"]), day, person, f"note {name}", "", "", "", outcome]
        table.append([*row, *([rng.choice(["", "Due", "mine"])] * (len(table[0]) - len(OWN)))])
    return table


class Scene:
    """One of the two spreadsheets: its tab, with columns named by their tags."""

    def __init__(self, book: Book) -> None:
        self.book = book

        self.moment = 0
        """The write in whose moment an edit happens that it cannot know of; 0: before it all."""
        self.mine: dict[str, tuple[str, int]] = {}
        """What the person typed into tabs of ours: the text -> on whose line, and in which write's moment."""

    @property
    def sheet(self) -> Sheet:
        return self.book.sheet_by_id(0)

    def tab(self, key: str) -> Sheet:
        """A tab of ours, by metadata. Raises ``KeyError`` where there is none."""
        for sheet in self.book.sheets:
            if any((item["metadataKey"], item["metadataValue"]) == ("sheetflow", key) for item in sheet.metadata):
                return sheet
        raise KeyError(key)

    @property
    def header(self) -> int:
        titles = ("Company", "Employer")
        return next(r for r in range(40) if any(self.sheet.entered((r, c)) in titles for c in range(80)))

    @property
    def person(self) -> Person:
        return Person(self.book, self.sheet, self.header + 1)

    @property
    def tags(self) -> dict[str, int]:
        """Tag -> column."""
        return {column["_tag"]: index for index, column in enumerate(self.sheet.columns) if "_tag" in column}

    def cells(self, column: int, *, notes: bool = True) -> list[Any]:
        """What was entered in a column, with the notes on it."""
        cells = [self.sheet[row, column] for row in range(SPREADSHEET_ROWS)]
        return [(cell.get("userEnteredValue"), cell.get("note") if notes else None) for cell in cells]

    def ours(self) -> dict[str, int]:
        """Key -> the column of ours, by metadata, else by header."""
        found = {str(self.sheet.entered((self.header, c))): c for c in range(len(self.sheet.columns) - 1, -1, -1)}
        by_header = {key: found[header] for header, key in OURS.items() if header in found}
        remembered = {
            item["metadataValue"]: index
            for index, column in enumerate(self.sheet.columns)
            for item in column.get("developerMetadata", [])
            if item["metadataKey"] == "sheetflow"
        }
        return {**remembered, **by_header}

    def last(self) -> int:
        """Row number of the last row with a Company."""
        column = self.tags["Company"]
        return max(row + 1 for row in range(SPREADSHEET_ROWS) if self.sheet.entered((row, column)))


Edit = Callable[[Scene, random.Random, str], None]


def _row(scene: Scene, rng: random.Random) -> int:
    return rng.randint(scene.header + 2, max(scene.header + 2, scene.last()))


def _type(scene: Scene, row: int, tag: str, text: str) -> None:
    scene.sheet.ensure(row, 0)
    column = scene.tags[tag]
    scene.person.type(f"{_letters(column)}{row}", text)


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def _own(scene: Scene, rng: random.Random) -> str:
    return rng.choice([tag for tag in sorted(scene.tags) if tag in OWN])


def _sort(scene: Scene, rng: random.Random, _: str) -> None:
    column = scene.tags[rng.choice(["Company", "Notes", "Interview"])]
    title = scene.sheet.entered((scene.header, column))
    scene.person.sort(str(title), descending=rng.random() < 0.5)


def _add(scene: Scene, rng: random.Random, _: str) -> None:
    row = scene.last() + 1
    for tag, text in (("Company", f"New {rng.randint(1, 99)}"), ("Interview", "2026-11-19")):
        _type(scene, row, tag, text)


def _insert(scene: Scene, tag: str, before: int, title: str) -> None:
    structure.insert(scene.book, scene.sheet, False, before, 1)
    scene.sheet.columns[before]["_tag"] = tag
    if title:
        scene.sheet[scene.header, before] = {"userEnteredValue": {"stringValue": title}}


def _insert_column(scene: Scene, rng: random.Random, name: str) -> None:
    _insert(scene, name, scene.tags[_own(scene, rng)], rng.choice(["", "", "Mine"]))


def _insert_beside_ours(scene: Scene, rng: random.Random, name: str) -> None:
    """An empty column, with or without a header, left of a column of ours; where there is none yet, at the end."""
    key, title = rng.choice(sorted(OURS.values())), rng.choice(["", "", "", "Extra 2", "Due by"])
    ours = scene.ours()
    _insert(scene, name, ours.get(key, scene.sheet.last_value_column()), title)


def _move(scene: Scene, source: int, target: int) -> None:
    structure.move(scene.book, scene.sheet, False, source, source + 1, target)


def _drag_own(scene: Scene, rng: random.Random, _: str) -> None:
    source, target = _own(scene, rng), _own(scene, rng)
    _move(scene, scene.tags[source], scene.tags[target])


def _drag_own_among_ours(scene: Scene, rng: random.Random, _: str) -> None:
    tag, key = _own(scene, rng), rng.choice(sorted(OURS.values()))
    place = scene.ours().get(key)
    if place is not None:
        _move(scene, scene.tags[tag], place)


def _drag_ours(scene: Scene, rng: random.Random, _: str) -> None:
    key, other, far = rng.choice(sorted(OURS.values())), rng.choice(sorted(OURS.values())), _own(scene, rng)
    ours = scene.ours()
    if key in ours and other in ours:
        _move(scene, ours[key], scene.tags[far] if rng.random() < 0.3 else ours[other])


def _delete_ours(scene: Scene, rng: random.Random, _: str) -> None:
    """Any but the stamp, without which a sheet of version 1 is none."""
    place = scene.ours().get(rng.choice(sorted(set(OURS.values()) - {"stamp"})))
    if place is not None:
        structure.delete(scene.book, scene.sheet, False, place, place + 1)


def _delete_own(scene: Scene, rng: random.Random, _: str) -> None:
    tag = rng.choice(["Notes", "Extra", "Highlight"])
    if tag in scene.tags:
        structure.delete(scene.book, scene.sheet, False, scene.tags[tag], scene.tags[tag] + 1)


def _rename(scene: Scene, column: int, title: str) -> None:
    at = (scene.header, column)
    scene.sheet[at] = scene.sheet[at] | {"userEnteredValue": {"stringValue": title}}


def _rename_own(scene: Scene, rng: random.Random, _: str) -> None:
    tag, title = rng.choice([("Notes", "My notes"), ("Company", "Employer"), ("Role", "Position"), ("Highlight", "Hm")])
    if tag in scene.tags:
        _rename(scene, scene.tags[tag], title)


def _rename_ours(scene: Scene, rng: random.Random, _: str) -> None:
    key = rng.choice(sorted(OURS.values()))
    if f"ours {key}" in scene.tags:
        _rename(scene, scene.tags[f"ours {key}"], f"My {key}")


def _note(scene: Scene, rng: random.Random, _: str) -> None:
    row = scene.header + 1 if rng.random() < 0.5 else _row(scene, rng)
    scene.person.note(f"{_letters(scene.tags[_own(scene, rng)])}{row}", f"ask {rng.randint(1, 99)}")


def _copy_row(scene: Scene, rng: random.Random, _: str) -> None:
    row = _row(scene, rng)
    structure.insert(scene.book, scene.sheet, True, row, 1)
    scene.sheet.rows[row].cells = dict(scene.sheet.rows[row - 1].cells) if rng.random() < 0.0 else {
        column: cell for tag, column in scene.tags.items() if tag in OWN
        if (cell := scene.sheet[row - 1, column])
    }  # fmt: skip


def _swap(scene: Scene, rng: random.Random, _: str) -> None:
    if scene.last() > scene.header + 4:
        first = scene.header + 2
        scene.person.move_rows(first, first + 1, first + 3)


# --- edits of the tabs of ours


def _some_tab(scene: Scene, rng: random.Random) -> Sheet:
    return scene.tab(rng.choice(["to_send", "to_send", "overview"]))


def _part(sheet: Sheet, value: str) -> int:
    """Where a column of ours is by now, or the first or last row."""
    for index, meta in enumerate([row.meta for row in sheet.rows] if value in ("first", "last") else sheet.columns):
        for item in meta.get("developerMetadata", []):
            if (item["metadataKey"], item["metadataValue"]) == ("sheetflow.part", value):
                return index
    raise KeyError(value)


def _write_down(scene: Scene, sheet: Sheet, place: tuple[int, int], text: str, company: str = "") -> None:
    if sheet.entered(place) in scene.mine or (not company and sheet.entered(place) is not None):
        raise KeyError(place)
    sheet.ensure(place[0] + 1, place[1] + 1)
    sheet[place] = {"userEnteredValue": {"stringValue": text}}
    scene.mine[text] = (company, scene.moment)


def _type_mark(scene: Scene, rng: random.Random, name: str) -> None:
    sheet, company = scene.tab("to_send"), rng.choice(NAMES)
    mark, names = _part(sheet, "6"), _part(sheet, "1")
    for row in range(_part(sheet, "first") + 4, _part(sheet, "last") + 1):
        if str(sheet.entered((row, names))).startswith(f"{company}, ") and sheet.entered((row, mark)):
            _write_down(scene, sheet, (row, mark), f"mark {name}", str(sheet.entered((row, names))))
            return
    raise KeyError(company)


def _type_beside(scene: Scene, rng: random.Random, name: str) -> None:
    sheet = _some_tab(scene, rng)
    column = max(sheet.last_value_column(), _part(sheet, "1") + 7)
    _write_down(scene, sheet, (rng.randint(0, 9), column), f"beside {name}")


def _type_below(scene: Scene, rng: random.Random, name: str) -> None:
    sheet = _some_tab(scene, rng)
    _write_down(scene, sheet, (sheet.last_value_row() + rng.randint(1, 3), rng.randint(0, 3)), f"below {name}")


def _sort_tab(scene: Scene, rng: random.Random, _: str) -> None:
    sheet = scene.tab("to_send")
    first, last = _part(sheet, "first") + 4, _part(sheet, "last") + 1
    if last - first > 1:
        Person(scene.book, sheet, first).sort("Company", only=None, descending=rng.random() < 0.5)


def _cut_tab(scene: Scene, rng: random.Random, _: str) -> None:
    """Delete a row or a column of a tab; what the person had in it goes with it, on purpose."""
    sheet, rows = _some_tab(scene, rng), rng.random() < 0.6
    index = rng.randint(4, 12) if rows else _part(sheet, str(rng.randint(1, 3)))
    cells = [sheet.entered((index, c) if rows else (r, index)) for r in range(80) for c in range(20)]
    for text in [str(cell) for cell in cells if cell in scene.mine]:
        del scene.mine[text]
    structure.delete(scene.book, sheet, rows, index, index + 1)


def _widen_tab(scene: Scene, rng: random.Random, _: str) -> None:
    sheet, rows = _some_tab(scene, rng), rng.random() < 0.6
    structure.insert(scene.book, sheet, rows, rng.randint(0, 12) if rows else rng.randint(0, 3), 1)


def _rename_tab(scene: Scene, rng: random.Random, _: str) -> None:
    _some_tab(scene, rng).properties["title"] = f"Ours {rng.randint(1, 99)}"


def _move_tab(scene: Scene, rng: random.Random, _: str) -> None:
    scene.person.move_tab(_some_tab(scene, rng).title, rng.randint(0, 2))


def _delete_tab(scene: Scene, rng: random.Random, _: str) -> None:
    sheet = _some_tab(scene, rng)
    scene.book.sheets.remove(sheet)
    for text in [str(cell.get("userEnteredValue", {}).get("stringValue")) for _, _, cell in sheet]:
        scene.mine.pop(text, None)


def _own_to_send(scene: Scene, _: random.Random, name: str) -> None:
    if scene.book.find("To send"):
        raise KeyError("To send")
    scene.person.add_tab("To send", [["my own", name]])


TAB_EDITS: dict[str, Edit] = {
    "tab: mark": _type_mark,
    "tab: beside": _type_beside,
    "tab: below": _type_below,
    "tab: sort": _sort_tab,
    "tab: cut": _cut_tab,
    "tab: widen": _widen_tab,
    "tab: rename": _rename_tab,
    "tab: move": _move_tab,
    "tab: delete": _delete_tab,
    "tab: own": _own_to_send,
}

EDITS: dict[str, Edit] = {
    "sort": _sort,
    "insert above": lambda s, r, _: void(s.person.insert_row_above(_row(s, r))),
    "insert above and type": lambda s, r, _: (
        lambda row: (s.person.insert_row_above(row), _type(s, row, "Role", "typed"))[1]
    )(_row(s, r)),
    "insert above header": lambda s, r, _: void(s.person.insert_row_above(1)),
    "delete": lambda s, r, _: void(s.person.delete_row(_row(s, r))),
    "move rows": _swap,
    "copy row": _copy_row,
    "add": _add,
    "edit": lambda s, r, _: _type(s, _row(s, r), "Role", f"Role {r.randint(1, 99)}"),
    "edit date": lambda s, r, _: _type(s, _row(s, r), "Interview", f"2026-11-{r.randint(1, 19):02d}"),
    "mark": lambda s, r, _: _type(s, _row(s, r), "Thank-you sent", r.choice(["x", "2026-11-20", ""])),
    "type our words": lambda s, r, _: _type(s, _row(s, r), "Reply received", r.choice(["Due", "Check", "Waiting"])),
    "clear": lambda s, r, _: _type(s, _row(s, r), "Interviewers", ""),
    "insert column": _insert_column,
    "insert beside ours": _insert_beside_ours,
    "drag own": _drag_own,
    "drag own among ours": _drag_own_among_ours,
    "drag ours": _drag_ours,
    "delete ours": _delete_ours,
    "delete own": _delete_own,
    "rename own": _rename_own,
    "rename ours": _rename_ours,
    "rename tab": lambda s, r, _: void(s.person.rename_tab(f"Tab {r.randint(1, 99)}")),
    "note": _note,
}
STRUCTURE = ["insert column", "insert beside ours", "drag own among ours", "drag ours", "delete ours", "insert above"]


EDITS |= TAB_EDITS


def void(_: object) -> None:
    """For edits that give the person back."""


def drafts(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """(Company, Draft to, Draft) of every row."""
    ours = scene.ours()
    places = [scene.tags["Company"], ours.get("draft_to"), ours.get("draft")]
    for row in range(scene.header + 1, SPREADSHEET_ROWS):
        cells = [scene.sheet.entered((row, place)) if place is not None else None for place in places]
        yield tuple(str(cell or "") for cell in cells)  # type: ignore[misc] # three of them


def rewrite(scene: Scene) -> None:
    """Edit every second draft by hand."""
    column = scene.ours()["draft"]
    for number, (company, _, draft) in enumerate(drafts(scene)):
        if draft and number % 2:
            scene.person.type(f"{_letters(column)}{scene.header + 2 + number}", f"{MARK}{company}")


def forget_metadata(scene: Scene) -> None:
    """As version 1 left it."""
    scene.book.sheets[:] = [scene.sheet]
    scene.book.metadata.clear()
    for column in scene.sheet.columns:
        column.pop("developerMetadata", None)
    scene.person.note((scene.header + 1, "Follow-up status"), OLD_MARK)


def tag_columns(scene: Scene) -> None:
    """Name every column that is there."""
    ours = {place: key for key, place in scene.ours().items()}
    for index in range(scene.sheet.last_value_column()):
        title = scene.sheet.entered((scene.header, index))
        scene.sheet.columns[index]["_tag"] = f"ours {ours[index]}" if index in ours else str(title or f"column {index}")


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with SheetsServer() as server, environment(server.environment()):
        yield Program(server)


class Storm:
    """What happens when, and what happened."""

    def __init__(self, server: SheetsServer, scenes: tuple[Scene, Scene], rng: random.Random) -> None:
        self.server, self.scenes, self.rng = server, scenes, rng
        self.log: list[str] = []
        self.hit: set[int] = set()
        """The writes into which an edit fell: since the state before it was seen, until the state after it was."""
        self.unseen: set[int] = set()
        """The writes after whose answer an edit came, which only the next one's would show."""
        for name, moment, kind, number in self._edits():
            getattr(server, moment)(kind, number, self._edit(name, moment, kind, rng.randint(0, 10**9)))
        self.faulty = rng.randint(1, 3) if rng.random() < 1 / 8 else 0
        if self.faulty:
            fault = rng.choice(FAULTS)
            server.fault("write", self.faulty, fault)
            self.log.append(f"fault at write {self.faulty}: {fault.code or fault.ending} {fault.apply}")

    def _edits(self) -> Iterator[tuple[str, str, str, int]]:
        """Edits at single points, or at every attempt; structure and rows, one at a time or several at once."""
        rng = self.rng
        kind = rng.random()
        names = STRUCTURE if kind < 0.25 else list(TAB_EDITS) if kind < 0.5 else list(EDITS)
        every = rng.random() < 0.1
        for number in range(1, 6) if every else [rng.randint(1, 3) for _ in range(rng.randint(1, 4))]:
            moment, kind = rng.choice(["before", "before", "after", "after_snapshot"]), "write"
            if rng.random() < 0.1:
                moment, kind, number = rng.choice(["before", "after"]), "read", 2
            for _ in range(rng.choice([1, 1, 2, 3])):
                yield rng.choice(names), moment, kind, number

    def _edit(self, name: str, moment: str, kind: str, choice: int) -> Callable[[], None]:
        def both() -> None:
            number = self.server.writes  # counts the one that is on its way
            self.log.append(f"{moment} {kind} {number}: {name}")
            unseen = number != self.faulty if moment == "after_snapshot" else (moment, kind) == ("after", "read")
            self.hit.add(number + unseen)
            self.unseen |= {number} if unseen else set()
            for scene in self.scenes:
                scene.moment = number + 1 if moment == "after_snapshot" or kind == "read" else number
                try:
                    EDITS[name](scene, random.Random(choice), f"inserted {len(self.log)}")
                except KeyError:
                    self.log.append("(not possible)")

        return both


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_a_storm(program: Program, seed: int) -> None:
    rng, server = random.Random(seed), program.server
    server.calm()
    server.forget()
    server.errors.clear()
    server.books.clear()
    program.name, program.now = "Sam Lee", NOW
    scene = Scene(server.add_spreadsheet(rows=rows(rng), book_id=f"book{seed:040d}", grid=(90, 26)))
    start = rng.choice(["first", "version 1", "version 2", "version 2"])
    if start != "first":
        program.run(scene.book)
    tag_columns(scene)
    if start != "first":
        rewrite(scene)
        if start == "version 1":
            forget_metadata(scene)
        if rng.random() < 0.7:
            program.name = f"Sam {seed}"  # something to write: the letters' signature changes
        if rng.random() < 0.5:
            program.now = NOW + timedelta(days=rng.randint(1, 9))
    for number in range(6 if start == "version 2" else 0):
        with contextlib.suppress(KeyError):
            rng.choice([_type_mark, _type_beside, _type_below])(scene, rng, f"before {number}")
    scene.person.note((scene.header + 1, "Notes"), "mine").note((scene.header + 1, "Outcome"), OLD_MARK)
    twin = Scene(copy.deepcopy(scene.book))
    twin.mine = dict(scene.mine)
    twin.book.id = f"twin{seed:040d}"
    server.books[twin.book.id] = twin.book
    storm = Storm(server, (scene, twin), rng)
    server.forget()
    error = program.try_run(scene.book)
    server.calm()
    writes = server.writes
    addressed = [list(addresses(exchange.body)) for exchange in server.exchanges("write")]
    context = f"{start}, {writes} writes, {storm.log}, {error}"
    assert not server.errors, context
    if error is not None:
        assert error.exit_code == 1, context
        assert len(storm.hit & set(range(1, writes + 1))) >= 3, f"not every attempt was overtaken: {context}"
    check_own(scene, twin, context)
    check_drafts(scene, context)
    server.forget()
    assert program.try_run(scene.book) is None, context
    if error is None and writes not in storm.unseen:
        assert server.writes == 0, f"the run left something to do: {context}"
    server.forget()
    assert program.try_run(scene.book) is None, context
    assert server.writes == 0, f"not settled after a calm run: {context}"
    check_own(scene, twin, context)
    check_drafts(scene, context)
    check_tabs(scene, addressed, context)
    assert program.try_run(twin.book) is None, context
    check_equal(scene, twin, context)
    program.now += timedelta(days=1)
    assert program.try_run(scene.book) is None, context
    check_tabs(scene, addressed, context)
    check_drawn(program, scene, context)
    server.forget()
    assert program.try_run(scene.book) is None, context
    assert server.writes == 0, f"the tabs are not settled: {context}"


def check_own(scene: Scene, twin: Scene, context: str) -> None:
    """Whatever the person's columns hold in the twin, headers and notes with it, they hold here."""
    places, others = scene.tags, twin.tags
    assert places.keys() == others.keys(), context
    for tag, column in others.items():
        if not tag.startswith("ours "):
            assert scene.cells(places[tag]) == twin.cells(column), f"{tag}: {context}"
            items = scene.sheet.columns[places[tag]].get("developerMetadata", [])
            assert all(item["metadataKey"] != "sheetflow" for item in items), f"{tag} taken over: {context}"


def check_drafts(scene: Scene, context: str) -> None:
    for company, to, draft in drafts(scene):
        if company:
            assert to in ("", f"Pat {company} <pat@{company.lower()}.example>"), (
                f"to {to} on the row of {company}: {context}"
            )
        if draft.startswith(MARK):
            assert draft == f"{MARK}{company}", f"{draft} on the row of {company}: {context}"


def check_equal(scene: Scene, twin: Scene, context: str) -> None:
    """After the calm both hold the same in the columns of ours."""
    one, other = scene.ours(), twin.ours()
    assert one.keys() == other.keys(), context
    header = scene.header
    parted = "delete ours" in context or any(
        scene.tags.get(f"ours {key}", one[key]) != one[key]  # renamed, where version 1 had left it without a mark
        for key in ("draft_to", "draft_subject", "draft", "stamp")
    )
    waits = [cell[0] == {"stringValue": "Check row"} for cell in scene.cells(one["status"])]
    for key in COMPARED:
        here, there = (s.cells(p[key], notes=False) for s, p in ((scene, one), (twin, other)))
        for row in range(header + 1, SPREADSHEET_ROWS):
            # in a Check row drafts stay, of whichever run; and drafts without one of their columns are the person's
            if not (key.startswith("draft") and (waits[row] or parted)):
                assert here[row] == there[row], f"{BY_KEY[key].header} {row + 1}: {context}"


def addresses(body: dict[str, Any]) -> Iterator[tuple[int, range, range]]:
    """(Tab, rows, columns) of the cells that a write puts something into."""
    for request in body["requests"]:
        ((kind, what),) = request.items()
        if kind == "updateCells":
            start, width = what["start"], max(len(row["values"]) for row in what["rows"])
            top, left = start["rowIndex"], start["columnIndex"]
            yield start["sheetId"], range(top, top + len(what["rows"])), range(left, left + width)
        elif kind == "copyPaste":
            area = what["destination"]
            rows, columns = (range(area[f"start{x}Index"], area[f"end{x}Index"]) for x in ("Row", "Column"))
            yield area["sheetId"], rows, columns


def check_tabs(scene: Scene, addressed: list[list[tuple[int, range, range]]], context: str) -> None:
    """What the person wrote into tabs of ours is there, on its line; but for what was typed under our very hands."""
    cells: dict[Any, tuple[Sheet, int]] = {}
    for key in ("to_send", "overview"):
        try:
            sheet = scene.tab(key)
        except KeyError:
            continue
        cells |= {
            cell["userEnteredValue"].get("stringValue"): (sheet, r)
            for r, _, cell in sheet
            if cell.get("userEnteredValue")
        }
    for text, (company, moment) in scene.mine.items():
        if company and company not in cells:
            continue  # the letter is sent, or is for another role by now
        if moment and any(tab != 0 for tab, _, _ in (addressed[moment - 1] if moment <= len(addressed) else [])):
            continue
        assert text in cells, f"{text}: {context}"
        if company:
            sheet, row = cells[text]
            line = [str(sheet.entered((row, c))) for c in range(20)]
            assert company in line, f"{text} is not with {company}: {context}"


def ours_in(sheet: Sheet) -> dict[int, list[Any]]:
    """Number of a column of ours -> its cells in our rows."""
    found = {}
    for number in range(8):
        try:
            place = _part(sheet, str(number))
        except KeyError:
            continue
        rows = range(_part(sheet, "first"), _part(sheet, "last") + 1)
        found[number] = [sheet.entered((row, place)) for row in rows]
    return found


def check_drawn(program: Program, scene: Scene, context: str) -> None:
    """The tabs hold what they would if they were made now."""
    fresh = Scene(program.server.add_spreadsheet(rows=[], book_id="f" * 44))
    fresh.sheet.ensure(len(scene.sheet.rows), len(scene.sheet.columns))
    for row, column, cell in scene.sheet:
        fresh.sheet[row, column] = cell
    for column, meta in enumerate(scene.sheet.columns):
        fresh.sheet.columns[column] = copy.deepcopy(meta)
    assert program.try_run(fresh.book) is None, context
    for key in ("to_send", "overview"):
        try:
            here, there = ours_in(scene.tab(key)), ours_in(fresh.tab(key))
        except KeyError:
            continue
        if 0 not in here:
            continue
        size = len(here[0])  # what stands below is the person's, and ours ends above it
        typed = {n for n, cell in enumerate(here.get(6, [])) if cell in scene.mine}
        for number, cells in here.items():
            for n, (cell, wanted) in enumerate(zip(cells, there[number][:size], strict=True)):
                assert cell == wanted or (n in typed and number in (0, 6)), f"{key} {number} {n}: {context}"
