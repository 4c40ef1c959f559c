"""The five notes: what they say, in every variation, and what a template may not do.

Golden files show every note as it goes out; after a change to a template, write them anew and review the diff:
``REGENERATE=1 python -m pytest tests/test_notes.py``.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import templates

from sheetflow.errors import TemplateError
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import LIMIT, NOTES, Note, Templates, sentence
from sheetflow.table.people import Person

GOLDEN = Path(__file__).parent / "golden"
ANA = Person("Ana Ruiz", "ana@acme.example")
FULL = Note(
    company="Acme",
    role="Data Analyst",
    interview="20 November",
    interviewed=True,
    person=ANA,
    highlight="the story of rebuilding the billing system in one weekend",
    question="How do you decide what not to build?",
    reply="",
    followed_up="4 December",
    reason="",
    you="Sam Lee",
)
BARE = Note("", "", "", True, Person("", ""), "", "", "", "", "", "")
CASES = {
    "thank_you": {"full": FULL, "bare": BARE, "no-question": FULL._replace(question="")},
    "follow_up": {"full": FULL, "bare": BARE, "after-a-reply": FULL._replace(reply="24 November")},
    "second_follow_up": {"full": FULL, "bare": BARE, "after-a-tick": FULL._replace(followed_up="")},
    "withdrawal": {
        "accepted-elsewhere": FULL._replace(reason="accepted_elsewhere"),
        "accepted-elsewhere-to-come": FULL._replace(reason="accepted_elsewhere", interviewed=False),
        "horrible": FULL._replace(reason="horrible"),
        "own-decision": FULL._replace(reason="own_decision"),
        "bare-to-come": BARE._replace(reason="own_decision", interviewed=False),
    },
    "feedback_request": {"full": FULL._replace(reply="24 November"), "bare": BARE},
}


def variations() -> Iterator[Note]:
    yield from itertools.starmap(
        Note,
        itertools.product(
            ["", "Alder & Finch Ltd."],
            ["", "Senior Data Analyst"],
            ["", "20 November"],
            [True, False],
            [Person("", ""), ANA],
            ["", "penguins", "the story of rebuilding the billing system in one weekend"],
            ["", "How do you decide what not to build"],
            ["", "24 November"],
            ["", "4 December"],
            ["accepted_elsewhere", "horrible", "own_decision"],
            ["", "Sam Lee"],
        ),
    )


@pytest.fixture(scope="module")
def rendered() -> list[tuple[Note, dict[str, tuple[str, str]]]]:
    return [(case, {note: templates().render(note, case) for note in NOTES}) for case in variations()]


@pytest.mark.parametrize(("note", "case"), [(note, case) for note, cases in CASES.items() for case in cases])
def test_golden(note: str, case: str) -> None:
    subject, body = templates().render(note, CASES[note][case])
    text = f"Subject: {subject}\n\n{body}\n"
    path = GOLDEN / f"{note}.{case}.txt"
    if os.environ.get("REGENERATE"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.glob("*.txt")} == {f"{n}.{c}.txt" for n, cases in CASES.items() for c in cases}


@pytest.mark.parametrize("note", NOTES)
def test_between_60_and_120_words_in_every_variation(rendered, note: str) -> None:
    counts = [len(bodies[note][1].split()) for _, bodies in rendered]
    assert min(counts) >= 60
    assert max(counts) <= 120


def test_second_follow_up_is_shorter_and_says_that_it_is_the_second(rendered) -> None:
    for case, bodies in rendered:
        assert len(bodies["second_follow_up"][1].split()) < len(bodies["follow_up"][1].split()), case
        assert "second note" in bodies["second_follow_up"][1]


FORBIDDEN = re.compile(
    r"just checking in|circling back|touch(?:ing)? base|reach(?:ing)? out|\bsorry\b|apolog|unfortunately|regret|"
    r"hope this (?:email|finds)|as you know|humbl|forgive|bother|None|\bnan\b|\{\{|\{%|Hello ,|  |\.\.|\?\.|,\.| ,| \.|\bat ,",  # noqa: E501
    re.IGNORECASE,
)


def test_no_empty_phrases_no_grovelling_no_gaps(rendered) -> None:
    seen: set[str] = set()
    for case, bodies in rendered:
        for note, (subject, body) in bodies.items():
            seen.add(f"{subject}\n{body}".replace("Ltd.", "Ltd"))
            assert "\n\n\n" not in body
            assert "\n" not in subject
            assert body.startswith("Hello Ana,\n\n" if case.person.name else "Hello,\n\n")
            assert body.endswith("\n\nKind regards,\nSam Lee" if case.you else "\n\nKind regards,"), note
    assert [text for text in seen if FORBIDDEN.search(text)] == []


def test_what_the_advice_asks_for(rendered) -> None:
    for case, bodies in rendered:
        said = {note: body for note, (_, body) in bodies.items()}
        assert "I enjoyed meeting you" in said["thank_you"]
        assert "thank you for your time" in said["thank_you"]
        assert "I look forward to speaking with you soon." in said["thank_you"]
        assert (case.highlight or "[something special from your conversation]") in said["thank_you"]
        assert case.question in said["thank_you"]
        assert ("did not get to ask" in said["thank_you"]) == bool(case.question)
        assert "still very interested" in said["follow_up"]
        assert "What sets " in said["follow_up"]
        assert "Do you need anything else from me to reach a decision?" in said["follow_up"]
        assert "I have decided to withdraw" in said["withdrawal"]
        assert "How can I improve for future interviews" in said["feedback_request"]
        assert "letting me know" in said["feedback_request"]
        assert "I wish you and your colleagues every success" in said["feedback_request"]


def test_a_follow_up_after_a_reply_does_not_claim_silence(rendered) -> None:
    for case, bodies in rendered:
        body = bodies["follow_up"][1]
        assert ("Thank you for getting back to me on 24 November." in body) == bool(case.reply)
        assert not re.search(r"not heard|no word|no reply|silence", body)


def test_a_withdrawal_before_the_interview_cancels_it_and_thanks_nobody_for_their_time(rendered) -> None:
    for case, bodies in rendered:
        body = bodies["withdrawal"][1]
        assert ("for the time" in body) == case.interviewed
        assert ("Please cancel my interview on 20 November." in body) == (not case.interviewed and bool(case.interview))


# --- first names and greetings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Ana Ruiz", "Hello Ana,"),
        ("Ana", "Hello Ana,"),
        ("", "Hello,"),
        ("李明", "Hello 李明,"),
        ("Анна Петрова", "Hello Анна Петрова,"),
        ("Dr. Vera Lindqvist", "Hello Dr. Vera Lindqvist,"),
        ("Frau Schulz", "Hello Frau Schulz,"),
    ],
)
def test_greeting(name: str, greeting: str) -> None:
    assert FULL._replace(person=Person(name, "")).greeting == greeting


# --- what a template may not do ------------------------------------------------------------------------------


GOOD = "Subject: Hello\n\nHello {{ person.first_name }}, this is a note.\n"


def made(note: str = "thank_you", text: str = GOOD) -> Templates:
    return Templates({name: (f"mine/{name}.txt", text if name == note else GOOD) for name in NOTES})


BAD = {
    "Subject: Hi\n\n{{ wage }}\n": (3, "nothing called wage"),
    "Subject: {{ wage }}\n\nHi\n": (1, "nothing called wage"),
    "Subject: Hi\n\nHi\n{% if role %}\n{% elif company == 'x' %}{{ wage }}\n{% endif %}\n": (5, "nothing called wage"),
    "Subject: Hi\n\n{{ now() }}\n": (3, "nothing called now"),
    "Subject: Hi\n\n{{ range(9) }}\n": (3, "nothing called range"),
    "Subject: Hi\n\n{{ lipsum() }}\n": (3, "nothing called lipsum"),
    "Subject: Hi\n\n{{ cycler }}\n": (3, "nothing called cycler"),
    "Subject: Hi\n\nx\n{{ person.phone }}\n": (4, "person has no phone"),
    "Subject: Hi\n\n{{ company.upper() }}\n": (3, "only person has parts"),
    "Subject: Hi\n\n{{ interview.strftime('%Y') }}\n": (3, "only person has parts"),
    "Subject: Hi\n\n{{ ''.__class__ }}\n": (3, "only person has parts"),
    "Subject: Hi\n\n{{ person.__class__ }}\n": (3, "person has no __class__"),
    "Subject: Hi\n\n{{ company['upper'] }}\n": (3, "unsafe"),
    "Subject: Hi\n\nx{{ company['index']('c') }}\n": (3, "unsafe"),
    "Subject: Hi\n\n{{ person['_fields'] | length }}\n": (3, "unsafe"),
    "Subject: {{ role | center(9) }}\n\nHi\n": (1, "there is no filter center; a note may use capitalize, default, f"),
    "Subject: Hi\n\n{{ company | random }}\n": (3, "ilter"),
    "Subject: Hi\n\n{% if not company %}{{ role | center(9) }}{% endif %}\n": (3, "ilter"),
    "Subject: Hi\n\n{% if company is wonderful %}x{% endif %}\n": (3, "test"),
    "Subject: Hi\n\n{{ 'x' * 10000000000 }}\n": (3, "not allowed"),
    "Subject: Hi\n\n{{ 9 ** 9 ** 9 }}\n": (3, "not allowed"),
    "Subject: Hi\n\n{{ '%099999999d' % 1 }}\n": (3, "not allowed"),
    "Subject: Hi\n\n{% include 'x.txt' %}\n": (3, "other files"),
    "Subject: Hi\n\n{% import 'x.txt' as x %}\n": (3, "other files"),
    "Subject: Hi\n\n{% from 'x.txt' import y %}\n": (3, "other files"),
    "Subject: Hi\n\n{% extends 'x.txt' %}\n": (3, "other files"),
    "Subject: Hi\n\nHi\n{% if role %}\nx\n": (5, "end"),
    "Subject: Hi\n\nHi {{ role\n": (3, "end"),
    "Subject: {% if role %}Hi\n\n{% endif %}\n": (1, ""),
    "Subject: Hi\n\nHi\n\n{{ company + 1 }}\n": (5, ""),
    "Subject: Hi\n\nHi\n\n{{ person }}\n": (5, "only show text"),
    "Subject: Hi\n\nHi {{ none }}\n": (3, "only show text"),
    "Subject: {{ role }}\n\nHi\n": (1, "the subject is empty"),
    "Subject: Hi\n\n{{ role }}\n": (3, "the note is empty"),
    "Subject:\n\nHi\n": (1, "begins with a line Subject"),
    "Hello\n": (1, "begins with a line Subject"),
    "": (1, "begins with a line Subject"),
    "Subject: Hi\nHi\nHi\n": (1, "begins with a line Subject"),
    "Subject: Hi\n\n" + "x" * (LIMIT + 1) + "\n": (3, "longer than 20,000"),
    "Subject: Hi\n\n" + "{% for a in 'aaaaaaaaaa' %}" * 12 + "xxx" + "{% endfor %}" * 12 + "\n": (
        3,
        "longer than 20,000",
    ),
}


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("text", BAD)
def test_a_bad_template_is_refused_with_file_and_line(note: str, text: str) -> None:
    line, why = BAD[text]
    with pytest.raises(TemplateError) as caught:
        made(note, text)
    assert f"{note}.txt (in mine), line {line}:" in caught.value.full
    assert why in caught.value.full
    assert "mine" not in caught.value.quiet
    assert f"{note}.txt" in caught.value.quiet


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello\n", "line 1: a note begins with a line Subject: …, then a blank line, then its text."),
        ("Subject: {{ role }}\n\nx\n", "line 1: the subject is empty for some rows; give it words of its own."),
        ("Subject: x\n\n{{ role }}\n", "line 3: the note is empty for some rows."),
        ("Subject: x\n\n{% include 'x' %}\n", "line 3: a note cannot bring in other files."),
        ("Subject: x\n\n{{ person.phone }}\n", "line 3: person has no phone, only email, first_name, name."),
        ("Subject: x\n\n{{ person }}\n", "line 3: a note can only show text and numbers."),
        ("Subject: x\n\n{{ 'x' * 3 }}\n", "line 3: the operator * is not allowed in a note."),
        ("Subject: x\n\n{{ role['upper'] }}\n", "line 3: access to attribute 'upper' of 'str' object is unsafe."),
        ("Subject: x\n\n{% nope %}\n", "line 3: Encountered unknown tag 'nope'."),
        ("Subject: x\n\n{{ company\n", "line 3: unexpected end of template, expected 'end of print statement'."),
        (
            "Subject: x\n\n{{ wage }}\n",
            "line 3: there is nothing called wage; a note may use company, followed_up, greeting, highlight, "
            "interview, interviewed, job, person, question, reason, reply, role, you.",
        ),
        (
            "Subject: x\n\n{{ role | center }}\n",
            "line 3: there is no filter center; a note may use capitalize, default, first, join, last, length, lower, "
            "replace, sentence, title, trim, upper.",
        ),
    ],
)
def test_what_is_said_of_a_bad_template(text: str, said: str) -> None:
    for folder, where in (("", ""), ("mine/", " (in mine)"), ("a/b/", " (in a/b)"), ("a\\b\\", " (in a/b)")):
        with pytest.raises(TemplateError) as caught:
            Templates({name: (f"{folder}{name}.txt", text) for name in NOTES})
        assert caught.value.full == f"thank_you.txt{where}, {said}"


def test_a_note_may_be_just_short_enough_and_end_without_a_line_end() -> None:
    assert made(text="Subject: Hi\n\n" + "x" * LIMIT).render("thank_you", FULL) == ("Hi", "x" * LIMIT)


def test_several_blank_lines_become_one() -> None:
    assert made(text="Subject: Hi\n\nx\n\n\n\ny\n\nz\n\n\n").render("thank_you", FULL)[1] == "x\n\ny\n\nz"


def test_a_tag_on_a_line_of_its_own_leaves_no_trace() -> None:
    text = "Subject: Hi\n\nx\n  {% if company %}\n  y\n  {% endif %}\nz\n"
    assert made(text=text).render("thank_you", FULL)[1] == "x\n  y\nz"


def test_line_ends_and_byte_order_marks_do_not_matter() -> None:
    text = "\ufeffSubject: Hi {{ role }}\r\n\r\nHello {{ person.first_name }},\r\n\r\nbye\r\n"
    assert made(text=text).render("thank_you", FULL) == ("Hi Data Analyst", "Hello Ana,\n\nbye")


def test_everything_documented_can_be_used() -> None:
    text = (
        "Subject: {{ role }} note\n\n{{ company | upper }} {{ greeting }} {{ job }} {{ interview }} {{ interviewed }} "
        "{{ person.name }} {{ person.email }} {{ highlight | sentence }} {{ question | default('?') }} {{ reply }} "
        "{{ followed_up }} {{ reason }} {{ you }}{% for c in 'ab' %} {{ loop.index }}{{ c }}{% endfor %}\n"
    )
    assert made(text=text).render("thank_you", FULL._replace(reason="horrible")) == (
        "Data Analyst note",
        "ACME Hello Ana, the Data Analyst role at Acme 20 November True Ana Ruiz ana@acme.example the story of "
        "rebuilding the billing system in one weekend. How do you decide what not to build?  4 December horrible "
        "Sam Lee 1a 2b",
    )


def test_a_line_of_five_hyphens_in_a_template_does_not_make_a_section() -> None:
    assert made(text="Subject: Hi\n\nx\n----- \ny\n").render("thank_you", FULL)[1] == "x\n----\ny"


@pytest.mark.parametrize("end", [".", "!", "?", "…", "。", "！", "？"])
def test_a_sentence_ends_once(end: str) -> None:
    assert sentence(f" x{end} ") == f"x{end}"
    assert sentence("x") == "x."
    assert sentence("x", "?") == "x?"


def test_cell_text_is_never_a_template() -> None:
    case = FULL._replace(highlight="{{ you }} {% include 'x' %}", company="{# no #}", role="{{ 7 * 7 }}")
    subject, body = templates().render("thank_you", case)
    assert "{{ 7 * 7 }}" in subject
    assert "{{ you }} {% include 'x' %}" in body
    assert "{# no #}" in body


# --- where they come from ------------------------------------------------------------------------------------


def test_a_missing_file_falls_back_to_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "thank_you.txt").write_text(GOOD, encoding="utf-8")
    loaded = load_templates(str(tmp_path))
    assert loaded.render("thank_you", FULL) == ("Hello", "Hello Ana, this is a note.")
    assert loaded.render("withdrawal", FULL) == templates().render("withdrawal", FULL)


def test_a_folder_that_is_not_there_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no template folder"):
        load_templates(str(tmp_path / "nowhere"))
    (tmp_path / "follow_up.txt").write_bytes(b"Subject: \xff\xfe\n\nx\n")
    with pytest.raises(TemplateError, match=r"follow_up\.txt.*UTF-8"):
        load_templates(str(tmp_path))
