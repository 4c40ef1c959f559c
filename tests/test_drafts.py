"""The notes in their rows: who gets one, what goes into it, what Why says about it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from support import NOW, make_sheet, write

from sheetflow.letters.drafts import _sentence, read_letters, spoken
from sheetflow.letters.links import CELL_LIMIT
from sheetflow.letters.stamps import Cells

ANA, BO, PRIYA = "Ana Ruiz <ana@acme.example>", "Bo Chen <bo@acme.example>", "Priya Nair <priya@acme.example>"


def rows(*cells: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    filled = [{"Company": "Acme", "Interview": "2026-11-19", **row} for row in cells]
    return write(make_sheet(filled), NOW, **settings).frame.to_dict("records")


def row(settings: dict[str, Any] | None = None, **cells: Any) -> dict[str, Any]:
    return rows(cells, **(settings or {}))[0]


THANKED = {"Interview": "2026-10-30", "Thank-you sent": "x"}


def test_a_thank_you_goes_to_everybody_met() -> None:
    r = row(Interviewers=f"{ANA}; {BO}", Contact=PRIYA)
    assert r["draft_to"] == f"{ANA}\n{BO}"
    first, second = r["draft"].split("\n-----\n")
    assert first.startswith(f"To: {ANA}\n\nHello Ana,\n\n")
    assert second.startswith(f"To: {BO}\n\nHello Bo,\n\n")
    assert [link.label for link in r["send"]] == ["ana@acme.example", "bo@acme.example"]
    assert "Hello%20Ana" in r["send"][0].url
    assert "Hello%20Bo" in r["send"][1].url
    assert "To%3A" not in r["send"][0].url


@pytest.mark.parametrize(
    ("cells", "to"),
    [
        ({"Interviewers": f"{ANA}; {BO}", "Contact": PRIYA}, PRIYA),
        ({"Interviewers": f"{ANA}; {BO}", "Contact": ""}, ANA),
        ({"Interviewers": "", "Contact": f"{PRIYA}; {BO}"}, PRIYA),
    ],
)
def test_every_other_note_goes_to_the_contact_or_else_the_first_interviewer(cells: dict[str, str], to: str) -> None:
    for state in (THANKED, {"Outcome": "Withdrawn"}, {"Outcome": "Rejected"}):
        r = row(**cells, **state)
        assert r["note"]
        assert r["draft_to"] == to
        assert len(r["send"]) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "write who gets this note into Interviewers, like"),
        ({"Contact": PRIYA}, "write who gets this note into Interviewers, like"),
        ({**THANKED}, "write who gets this note into Contact, like"),
        ({"Interviewers": "Ana Ruiz"}, "add the address of Ana Ruiz in Interviewers"),
        ({**THANKED, "Contact": "Ana Ruiz"}, "add the address of Ana Ruiz in Contact"),
        ({"Interviewers": "Ana <ana@acme>"}, "ana@acme is not a complete address: correct it in Interviewers"),
        ({**THANKED, "Interviewers": "Ana <ana@acme>"}, "not a complete address: correct it in Interviewers"),
        ({"Interviewers": "Ana <ana@аcme.example>"}, "mixes letters of several scripts, as forged addresses do"),
    ],
)
def test_a_draft_without_a_usable_address_has_no_link_and_asks(cells: dict[str, str], said: str) -> None:
    r = row(**cells)
    assert r["draft"]
    assert r["draft_subject"]
    assert r["send"] == ()
    assert said in r["why"]
    assert "None" not in r["draft"]


def test_no_name_no_name_in_the_greeting() -> None:
    assert row()["draft"].startswith("Hello,\n")
    assert row()["draft_to"] == ""
    assert row(Interviewers="ana@acme.example")["draft"].startswith("Hello,\n")


def test_a_missing_highlight_is_asked_for_where_its_gap_shows() -> None:
    ask = "; write something special from the conversation into Highlight, and the draft takes it up."
    for state in ({}, THANKED):
        assert ask in row(Interviewers=ANA, **state)["why"]
        assert "[" in row(Interviewers=ANA, **state)["draft"]
        assert ask not in row(Interviewers=ANA, Highlight="penguins", **state)["why"]
        assert "[" not in row(Interviewers=ANA, Highlight="penguins", **state)["draft"]
    assert ask not in row(Interviewers=ANA, Outcome="Withdrawn")["why"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Outcome": "Withdrawn"}, "my plans have changed"),
        ({"How it went": "Horrible", "Thank-you sent": "x"}, "a good match"),
    ],
)
def test_the_reason_for_a_withdrawal(cells: dict[str, str], words: str) -> None:
    assert words in row(Interviewers=ANA, **cells)["draft"]


def test_the_reason_another_offer() -> None:
    r = rows({"Company": "Birch", "Outcome": "Accepted"}, {"Interviewers": ANA})[1]
    assert "I have since accepted another offer" in r["draft"]


def test_a_withdrawal_before_the_interview() -> None:
    r = row(Interviewers=ANA, Outcome="Withdrawn", Interview="2026-11-24 10:00")
    assert "Please cancel my interview on 24 November." in r["draft"]
    assert "for the time" not in r["draft"]


def test_a_withdrawal_after_the_interview_thanks_for_the_time() -> None:
    assert "for the time" in row(Interviewers=ANA, Outcome="Withdrawn")["draft"]


def test_the_question_is_asked() -> None:
    assert "Who decides when it is done?" in row(Interviewers=ANA, Question="Who decides when it is done?")["draft"]


def test_a_withdrawal_without_an_interview_thanks_nobody_for_their_time() -> None:
    r = row(Contact=PRIYA, Outcome="Withdrawn", Interview="", **{"Reply received": "2026-11-18"})
    assert r["note"] == "withdrawal"
    assert "for the time" not in r["draft"]
    assert "cancel" not in r["draft"]


def test_the_days_in_a_note() -> None:
    followed = {"Interview": "2026-10-26", "Thank-you sent": "x", "Follow-up sent": "2026-11-10"}
    assert "after the one of 10 November," in row(Interviewers=ANA, **followed)["draft"]
    assert "after the one" not in row(Interviewers=ANA, **{**followed, "Follow-up sent": "x"})["draft"]
    replied = {"Interview": "2026-10-26", "Thank-you sent": "x", "Reply received": "2026-11-02"}
    assert "getting back to me on 2 November" in row(Interviewers=ANA, **replied)["draft"]
    early = {**THANKED, "Reply received": "2026-10-01"}
    assert "getting back" not in row(Interviewers=ANA, **early)["draft"]


def test_the_name_under_the_note() -> None:
    assert row({"name": " Sam\u200b  Lee\n"}, Interviewers=ANA)["draft"].endswith("\n\nKind regards,\nSam Lee")
    assert row(Interviewers=ANA)["draft"].endswith("\n\nKind regards,")


def test_cell_text_comes_in_on_one_line_without_invisible_characters() -> None:
    r = row(Interviewers=ANA, Highlight="one\n-----\ntwo\u202e\u200b\x00", Role="Chief\r\nCook")
    assert "one ----- two." in r["draft"]
    assert r["draft_subject"].endswith("Chief Cook")
    assert r["draft"].count("\n-----\n") == 0


def test_a_note_that_no_cell_holds_is_not_written() -> None:
    for cells in (
        {"Highlight": "x" * 20_001},
        {"Highlight": "😀" * 16_000},
        {"Interviewers": "; ".join(f"Person {n} <p{n}@acme.example>" for n in range(80))},
    ):
        r = row(**{"Interviewers": ANA, **cells})
        assert (r["draft"], r["draft_to"], r["draft_subject"], r["send"], r["stamp"]) == ("", "", "", (), "") or ""
        assert "; the note would be too long for a cell; shorten what you wrote into the row." in r["why"]
    assert row(Interviewers=ANA, Highlight="x" * 15_000)["draft"]


def test_the_longest_notes_that_fit() -> None:
    def made(highlight: int, *people: str) -> str:
        draft: str = row(Interviewers="; ".join(people), Highlight="x" * highlight)["draft"]
        return draft

    room = 20_000 - len(made(1, ANA)) + 1
    assert len(made(room, ANA)) == 20_000
    assert made(room + 1, ANA) == ""
    two = next(p for p in ([ANA, BO], [ANA, BO.replace("bo@", "bob@")]) if len(made(1, *p)) % 2 == 0)
    room = (CELL_LIMIT - len(made(1, *two))) // 2 + 1
    assert len(made(room, *two)) == CELL_LIMIT
    assert made(room + 1, *two) == ""


def test_why_stays_readable() -> None:
    assert _sentence("x" * 5000) == "x" * 5000 + "."
    assert _sentence("x" * 5001) == "x" * 4999 + "…"
    r = row(Interviewers="; ".join(f"P{n}, Q{n}" for n in range(3000)))
    assert len(r["why"]) <= 5001


def test_two_rows_to_one_address_name_each_other() -> None:
    c, a, b, d = rows(
        {"Interviewers": BO},
        {"Interviewers": ANA},
        {"Company": "Birch", "Interviewers": "ANA@acme.example"},
        {"Interviewers": PRIYA},
    )
    assert "ana@acme.example is also to get the note of Birch: perhaps write once" in a["why"]
    assert "ana@acme.example is also to get the note of Acme: perhaps write once" in b["why"]
    assert "perhaps write once" not in c["why"] + d["why"]


def test_a_double_in_a_row_without_a_company() -> None:
    nothing_to_see = "\u200b"
    made = rows({"Interviewers": ANA}, {"Company": nothing_to_see, "Interviewers": ANA})
    assert "is also to get the note of a row without a company: perhaps" in made[0]["why"]
    assert "is also to get the note of Acme: perhaps" in made[1]["why"]


def test_a_blank_row_has_no_remarks() -> None:
    assert row(Company="", Interview="", Outcome="who knows")["why"] == ""


@pytest.mark.parametrize("end", [".", "?", "!", "…"])
def test_why_ends_as_a_sentence(end: str) -> None:
    assert _sentence("x") == "x."
    assert _sentence(f"x{end}") == f"x{end}"


def test_two_rows_of_one_company_to_one_address() -> None:
    for r in rows({"Interviewers": ANA}, {"Interviewers": ANA, "Role": "Cook"}):
        assert "is also to get the note of Acme:" in r["why"]


def test_many_rows_to_one_address() -> None:
    others = ({"Company": f"D{n}", "Interviewers": f"d{n}@acme.example"} for n in range(6))
    made = rows(*({"Company": f"C{n}", "Interviewers": ANA} for n in range(6)), *others)
    assert "the note of C1, C2, C3 and 2 more:" in made[0]["why"]
    assert "the note of C0, C1, C2 and 2 more:" in made[5]["why"]


def test_a_row_without_a_link_does_not_count_as_a_double() -> None:
    a, _ = rows({"Interviewers": ANA}, {"Interviewers": ANA, "Snooze until": "2026-12-01"})
    assert "perhaps write once" not in a["why"]


@pytest.mark.parametrize("people", ["Ana, Bo", "Ana Ruiz, Bo", "Ana Ruiz, Bo <ana@acme.example>"])
def test_names_that_may_be_several_people(people: str) -> None:
    assert "is more than one person, put a semicolon between them in Interviewers" in row(Interviewers=people)["why"]


def test_a_family_name_first_is_one_person() -> None:
    r = row(Interviewers="Ruiz, Ana <ana@acme.example>")
    assert "semicolon" not in r["why"]
    assert r["draft"].startswith("Hello Ana,")


@pytest.mark.parametrize(
    ("to", "body", "people"),
    [
        ("ana@acme.example", "Hi", [("ana@acme.example", "Hi")]),
        ("ana@acme.example", "\nHi\r\nyou \n", [("ana@acme.example", "Hi\nyou")]),
        ("ana@acme.example; bo@acme.example", "Hi", None),
        ("", "Hi", None),
        ("x", "To: ana@acme.example\n\nHi", [("ana@acme.example", "Hi")]),
        (
            "x",
            "To: ana@acme.example\n\nA\n----- \nTo: bo@acme.example\n \nB",
            [("ana@acme.example", "A"), ("bo@acme.example", "B")],
        ),
        (
            "x",
            "To: ana@acme.example\r\rA\r-----\rTo: bo@acme.example\r\rB\rC",
            [("ana@acme.example", "A"), ("bo@acme.example", "B\nC")],
        ),
        ("ana@acme.example", "\n To: bo@acme.example\n\nHi", [("bo@acme.example", "Hi")]),
        ("x", "To: ana@acme.example\n\nA\n------\nB", [("ana@acme.example", "A\n------\nB")]),
        ("x", "To: ana@acme.example\n\nA\n-----\n", None),
        ("x", "A\n-----\nB", None),
    ],
)
def test_reading_edited_letters(to: str, body: str, people: list[tuple[str, str]] | None) -> None:
    letters = read_letters(Cells(to, "s", body))
    assert (letters and [(person.email, text) for person, text in letters]) == people


def test_spoken_days() -> None:
    assert spoken(pd.Series([pd.Timestamp(2026, 3, 1), pd.NaT, pd.Timestamp(2026, 12, 31, 10)])) == [
        "1 March",
        "",
        "31 December",
    ]
