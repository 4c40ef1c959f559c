"""Interviewers and Contact, from the cell to the typed table."""

from __future__ import annotations

from support import make_sheet, parse

from sheetflow.sheet import Link, Links
from sheetflow.table.people import Person, read_people


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


def test_no_second_address_can_be_read_out_of_a_name() -> None:
    person = Person('A "B" <b@acme.example>', "ana@acme.example")
    assert str(person) == "\"A 'B' b acme.example\" <ana@acme.example>"
    assert [one.email for one in read_people(str(person))] == ["ana@acme.example"]


def test_very_long_texts_are_not_taken_apart() -> None:
    def two(length: int) -> str:
        return "Ana Ruiz," + " " * (length - 16) + "Bo Chen"

    assert read_people(two(20_000)) == (Person("Ana Ruiz", ""), Person("Bo Chen", ""))
    assert read_people(two(20_001)) == (Person("Ana Ruiz, Bo Chen", ""),)
    address = "<ana@acme.example>"
    assert read_people("x" * (999 - len(address)) + f" {address}")[0].email == "ana@acme.example"
    assert read_people("x" * (1000 - len(address)) + f" {address}")[0].email == ""
    assert Person("Ana " * 250, "").first_name == "Ana"
    assert Person("Ana " * 251, "").first_name == "Ana " * 251


def test_letters_without_a_name_are_of_no_known_script() -> None:
    tangut = chr(0x17000)
    assert Person(f"Ana {tangut}", "").first_name == f"Ana {tangut}"


def test_an_address_in_single_quotation_marks() -> None:
    assert [one.email for one in read_people("Ana Ruiz 'ana@acme.example'")] == ["ana@acme.example"]
    assert [one.email for one in read_people("Xavier Gil Xavier@acme.example")] == ["Xavier@acme.example"]
