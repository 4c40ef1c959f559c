"""A few thousand random inputs for each parser; ``python tests/fuzz.py`` runs as many as one likes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import fuzz
import pytest
from support import NOW, make_plan, make_sheet

from sheetflow.addresses import address_trouble
from sheetflow.errors import Refused
from sheetflow.letters.drafts import read_letters
from sheetflow.letters.stamps import Cells
from sheetflow.table.dates import read_moment
from sheetflow.table.people import Person, read_people

RUNS = {"csv": 1000, "xlsx": 600, "dates": 3000, "people": 2000, "links": 2000}
DAY_ZERO = fuzz.DAY_ZERO


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_a_short_run_finds_nothing(target: str) -> None:
    result = fuzz.fuzz(target, RUNS[target])
    assert not result.findings, str(result)
    assert result.runs == RUNS[target]
    assert result.refused < result.runs * 0.8


@pytest.mark.parametrize("path", sorted(fuzz.SEEDS.glob("*/*")), ids=lambda path: path.name)
def test_every_file_among_the_seeds_goes_through_a_whole_run(path: Path) -> None:
    subject = fuzz.TARGETS[path.parent.name]()
    subject.path.write_bytes(path.read_bytes())
    try:
        subject.check_run(subject.open().read())
    finally:
        subject.close()


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_a_number_gives_the_same_input_every_time(target: str) -> None:
    one, other = fuzz.TARGETS[target](), fuzz.TARGETS[target]()
    for number in range(20):
        assert repr(one.make(random.Random(number))) == repr(other.make(random.Random(number)))
    one.close()
    other.close()


class Broken(fuzz.Target):
    """A parser with every fault there is."""

    def make(self, chance: random.Random) -> Any:
        return chance.randrange(5)

    def check(self, value: int, _chance: random.Random) -> None:
        if value == 0:
            raise ValueError("a fault")
        if value == 1:
            raise Refused("two\nlines")
        if value == 2:
            raise Refused("{file} is told", file="")
        if value == 3:
            sum(range(10_000_000))


def test_the_harness_finds_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fuzz.TARGETS, "broken", Broken)
    monkeypatch.setattr(fuzz, "LIMIT", 0.05)
    found = fuzz.fuzz("broken", 15)
    assert {what.split()[0] for what in found.findings} == {"ValueError", "a", "slow:"}
    assert "15 executions" in str(found)
    assert "first: number" in str(found)


# --- what it has found ------------------------------------------------------------------------------------------

LONG = fuzz.CELL


@pytest.mark.parametrize(
    "name",
    ["𗀀𗀁 Lee <li@acme.example>", "Ana Ruiz <ana@𗀀.example>", "Ana \U00017000"],
)
def test_letters_that_python_has_no_name_for(name: str) -> None:
    """Python 3.11 has none for Tangut; the whole run ended with a traceback."""
    plan = make_plan(make_sheet([{"Company": "Acme", "Interview": "2026-11-19", "Interviewers": name}]), NOW)
    assert plan.table.frame["status"].tolist() == ["Send thank-you"]
    for person in read_people(name):
        assert person.first_name
        assert person.email != "ana@𗀀.example" or "scripts" in address_trouble(person.email)


@pytest.mark.parametrize("cell", ["o'neil@acme.example", "Pat O'Neil o'neil@acme.example", "<o'neil@acme.example>"])
def test_an_apostrophe_in_an_address_stays_in_it(cell: str) -> None:
    """It was cut off, and the note would have gone to neil@acme.example."""
    (person,) = read_people(cell)
    assert person.email == "o'neil@acme.example"
    assert [again.email for again in read_people(str(person))] == ["o'neil@acme.example"]


@pytest.mark.parametrize("cell", ["'ana@acme.example'", "'Ana Ruiz' 'ana@acme.example'", "Ana ('ana@acme.example')"])
def test_apostrophes_around_an_address_do_not(cell: str) -> None:
    assert [person.email for person in read_people(cell)] == ["ana@acme.example"]


@pytest.mark.parametrize("cell", ["\x06", "2026-11-20\x06", "\x1bx"])
def test_control_characters_in_a_date_cell_count_for_nothing(cell: str) -> None:
    reading = read_moment(cell, "", NOW.date(), DAY_ZERO)
    assert reading == read_moment(cell.strip("\x06\x1b"), "", NOW.date(), DAY_ZERO)


@pytest.mark.parametrize(
    "text",
    ["9" * LONG + "x", "a" * LONG, "@" * LONG + " x", "a," * (LONG // 2), "a b," * (LONG // 4), "a " + "(" * LONG,
     "To:" + " " * LONG + "\nx", " " * LONG + "x", '"' * LONG, '"a' * (LONG // 2) + '"', "<" * LONG,
     "a" + " " * LONG + "b x@y.example", "-----\n" * (LONG // 6)],
    ids=lambda text: repr(text[:3] + "…" + text[-2:]),
)  # fmt: skip
def test_a_long_cell_takes_no_time(text: str) -> None:
    """Some patterns took the square of its length: up to 23 s for 50,000 characters."""
    cells = Cells("Ana <ana@acme.example>", text, text)
    for step in (
        lambda: read_moment(text, "", NOW.date(), DAY_ZERO),
        lambda: [person.first_name for person in read_people(text)],
        lambda: Person(text, "").first_name,
        lambda: read_letters(cells),
        lambda: read_letters(cells._replace(to=text)),
    ):
        assert seconds(step) < 0.7


def seconds(step: Any) -> float:
    """Processor time that a step takes, the least of three."""
    import time

    least = fuzz.HOPELESS
    for _ in range(3):
        start = time.thread_time()
        with fuzz.patience():
            step()
        least = min(least, time.thread_time() - start)
        if not 0.3 < least < 2:
            break
    return least
