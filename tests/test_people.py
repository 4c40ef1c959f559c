"""Interviewers and Contact, from the cell to the typed table."""

from __future__ import annotations

from support import make_sheet, parse

from sheetflow.people import Person, read_people
from sheetflow.sheet import Link, Links


def test_people_reach_the_table_as_they_were_typed() -> None:
    text = "Ana Ruiz <ana@acme.example>\nBo Chen"
    frame = parse(make_sheet([{"Company": "Acme", "Interviewers": text, "Contact": " Cy Diaz "}])).frame
    assert frame["interviewers"].tolist() == [text]
    assert frame["contact"].tolist() == ["Cy Diaz"]
    assert read_people(frame["interviewers"].iat[0]) == (Person("Ana Ruiz", "ana@acme.example"), Person("Bo Chen", ""))


def test_links_read_as_their_labels() -> None:
    chips = Links([Link("ana@acme.example", "https://people.example/1"), Link("Bo Chen", "https://people.example/2")])
    frame = parse(make_sheet([{"Company": "Acme", "Interviewers": chips}])).frame
    assert read_people(frame["interviewers"].iat[0]) == (Person("", "ana@acme.example"), Person("Bo Chen", ""))


def test_a_line_break_in_quotation_marks_gets_into_no_address() -> None:
    (person,) = read_people('Ana <ana@acme"Ruiz\n Ana".example>')
    assert person == Person("Ana", 'ana@acme"Ruiz Ana".example')
    assert read_people(str(person)) == (person,)
