"""Interviewers and Contact, from the cell to the typed table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import make_sheet, parse

from sheetflow.sheet import Link, Links
from sheetflow.table import people as reader
from sheetflow.table.people import Person, read_people


def corpus() -> Iterator[Any]:
    """The cells of ``people.txt``, each with the people in it."""
    for line in (Path(__file__).parent / "people.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cell, _, people = line.partition(" →")
            yield pytest.param(cell.replace(" ⏎ ", "\n"), people.strip(), id=cell)


@pytest.mark.parametrize(("cell", "people"), list(corpus()))
def test_who_is_a_person(cell: str, people: str) -> None:
    found = read_people(cell)
    shown = [
        " ".join([person.name] * bool(person.name) + [f"<{person.email}>"] * bool(person.email)) for person in found
    ]
    assert "; ".join(shown) == people
    assert [again for person in found for again in read_people(str(person))] == list(found)


def test_people_reach_the_table() -> None:
    text = "Ana Ruiz <ana@acme.example>\nBo Chen"
    frame = parse(make_sheet([{"Company": "Acme", "Interviewers": text, "Contact": " Cy Diaz "}])).frame
    assert frame["interviewers"].tolist() == [(Person("Ana Ruiz", "ana@acme.example"), Person("Bo Chen", ""))]
    assert frame["contact"].tolist() == [(Person("Cy Diaz", ""),)]


def test_links_read_as_their_labels() -> None:
    chips = Links([Link("ana@acme.example", "https://people.example/1"), Link("Bo Chen", "https://people.example/2")])
    frame = parse(make_sheet([{"Company": "Acme", "Interviewers": chips}])).frame
    assert frame["interviewers"].tolist() == [(Person("", "ana@acme.example"), Person("Bo Chen", ""))]


def test_a_line_break_in_quotation_marks_gets_into_no_address() -> None:
    (person,) = read_people('Ana <ana@acme"Ruiz\n Ana".example>')
    assert person == Person("Ana", 'ana@acme"Ruiz Ana".example')
    assert read_people(str(person)) == (person,)


def test_no_second_address_can_be_read_out_of_a_name() -> None:
    person = Person('A "B" <b@acme.example>', "ana@acme.example")
    assert str(person) == "\"A 'B' b acme.example\" <ana@acme.example>"
    assert [one.email for one in read_people(str(person))] == ["ana@acme.example"]


def test_very_long_texts_are_not_taken_apart() -> None:
    def two(length: int) -> str:
        return "Ana Ruiz," + " " * (length - 16) + "Bo Chen"

    assert read_people(two(20_000)) == (Person("Ana Ruiz", ""), Person("Bo Chen", ""))
    assert read_people(two(20_001)) == ()
    address = "<ana@acme.example>"
    assert read_people("x" * (999 - len(address)) + f" {address}") == (Person("", "ana@acme.example"),)
    assert read_people("x" * (1000 - len(address)) + f" {address}") == ()
    assert Person("Ana " * 250, "").first_name == "Ana"
    assert Person("Ana " * 251, "").first_name == "Ana " * 251


def test_letters_without_a_name_are_of_no_known_script() -> None:
    tangut = chr(0x17000)
    assert Person(f"Ana {tangut}", "").first_name == f"Ana {tangut}"


def test_an_address_in_single_quotation_marks() -> None:
    assert [one.email for one in read_people("Ana Ruiz 'ana@acme.example'")] == ["ana@acme.example"]
    assert [one.email for one in read_people("Xavier Gil Xavier@acme.example")] == ["Xavier@acme.example"]


# --- the addresses that are kept in a column of their own --------------------------------------------------------


def people_of(*rows: dict[str, str], **settings: str) -> list[tuple[str, str]]:
    """Interviewers and Contact of each row, as lines."""
    frame = parse(make_sheet([{"Company": "Acme", **row} for row in rows]), **settings).frame
    shown = [["; ".join(map(str, people)) for people in frame[key]] for key in ("interviewers", "contact")]
    return list(zip(*shown, strict=True))


def test_addresses_are_joined_to_the_names_first_to_first() -> None:
    assert people_of(
        {"Contact": "Ana Ruiz", "Contact email": "ana@acme.example"},
        {"Interviewers": "Ana Ruiz; Bo Chen", "Interviewer email": "ana@acme.example\nbo@acme.example"},
        {"Interviewers": "Ana Ruiz; Bo Chen", "Interviewer email": "ana@acme.example"},
        {"Interviewers": "Ana Ruiz <ana@acme.example>; Bo Chen", "Interviewer email": "bo@acme.example"},
    ) == [
        ("", "Ana Ruiz <ana@acme.example>"),
        ("Ana Ruiz <ana@acme.example>; Bo Chen <bo@acme.example>", ""),
        ("Ana Ruiz <ana@acme.example>; Bo Chen", ""),
        ("Ana Ruiz <ana@acme.example>; Bo Chen <bo@acme.example>", ""),
    ]  # fmt: skip


def test_an_address_alone_counts_as_somebody() -> None:
    assert people_of(
        {"Contact email": "ana@acme.example"},
        {"Contact": "Ana Ruiz <ana@acme.example>", "Contact email": "ANA@acme.example"},
        {"Contact": "Ana Ruiz", "Contact email": "ana@acme.example; bo@acme.example"},
    ) == [
        ("", "ana@acme.example"), ("", "Ana Ruiz <ana@acme.example>"),
        ("", "Ana Ruiz <ana@acme.example>; bo@acme.example"),
    ]  # fmt: skip


def test_one_column_lends_the_other_what_it_knows() -> None:
    assert (
        people_of(
            {"Interviewers": "Ana Ruiz <ana@acme.example>", "Contact": "ana@acme.example"},
            {"Interviewers": "Ana Ruiz", "Contact": "Ana Ruiz <ana@acme.example>"},
        )
        == [("Ana Ruiz <ana@acme.example>", "Ana Ruiz <ana@acme.example>")] * 2
    )


def test_whom_one_can_write_to() -> None:
    rows = [{"Contact": "Ana"}, {"Interviewers": "Ana"}, {"Contact email": "ana@acme.example"}, {"Company": "Acme"}]
    frame = parse(make_sheet(rows)).frame
    assert frame["reachable"].tolist() == [True, True, True, False]


def test_a_name_that_was_quoted_is_quoted_again() -> None:
    for cell in ('"Ana and Bo" <ana@acme.example>', '"Ruiz, Ana" <ana@acme.example>', '"Ana – Bo" <ana@acme.example>'):
        (person,) = read_people(cell)
        assert str(person) == cell


@pytest.mark.parametrize(("rows", "times", "own"), [(5, 3, True), (4, 4, False), (6, 3, False), (6, 4, True)])
def test_an_address_in_most_rows_is_the_persons_own(rows: int, times: int, own: bool) -> None:
    cells = [{"Contact": "sam@mail.example" if n < times else f"ana{n}@acme.example"} for n in range(rows)]
    assert people_of(*cells)[0] == ("", "" if own else "sam@mail.example")


def test_whose_address_is_ones_own_is_said_once() -> None:
    (notice,) = parse(make_sheet([{"Company": "Acme", "Contact": "Sam@mail.example"}] * 5)).notices
    assert notice.say(quiet=False) == ("sam@mail.example in 5 rows is taken for your own: it is nobody's to write to")
    assert "sam" not in notice.say(quiet=True)
    assert parse(make_sheet([{"Company": "Acme"}]), send_from="sam@mail.example").notices == []


def test_the_address_they_send_from_is_nobodys_contact() -> None:
    row = {"Contact": "Ana Ruiz", "Contact email": "Sam@mail.example", "Interviewers": "Sam <sam@mail.example>; Bo"}
    assert people_of(row, send_from="sam@mail.example") == [("Bo", "Ana Ruiz")]


def test_the_short_way_of_the_usual_form_gives_what_the_long_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """``Ana Ruiz <ana@acme.example>`` is read at once, unless a word of it has another use."""
    said = [
        "Ana",
        "Bo",
        "Ruiz",
        "Chen",
        "Recruiter",
        "Hiring",
        "Team",
        "Not",
        "Yet",
        "None",
        "And",
        "Et",
        "Y",
        "Van",
        "De",
        "La",
        "Dr",
        "Mr",
        "MBA",
        "Phd",
        "He",
        "Will",
        "An",
        "The",
        "Hr",
        "Talent",
        "Yes",
        "Done",
        "Null",
        "Jean-Luc",
        "O'Neil",
        "ana",
        "RUIZ",
        "From",
        "At",
        "Of",
        "Panel",
        "Vp",
        "Sent",
        "Her",
        "Ms",
        "Ma",
        "Lee",
        "Phone",
        "Email",
        "Tbd",
        "Na",
    ]
    chance, texts = random.Random(3), []
    for _ in range(3000):
        name = chance.choice(" - ").join(chance.choices(said, k=chance.randint(1, 4)))
        texts.append(name + chance.choice(["", " <a@x.example>", " <mailto:a@x.example>", " <a@x>", "<a.b+c@x.de> "]))
    short = [read_people(text) for text in texts]
    monkeypatch.setattr(reader, "is_plain", lambda _: False)
    assert short == [read_people(text) for text in texts]
