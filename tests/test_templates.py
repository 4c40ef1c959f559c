"""The letters' templates: what they may use, what they may not, and where they come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import templates

from sheetflow.errors import TemplateError
from sheetflow.letters.facts import Facts
from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import LIMIT, SUBJECT_LIMIT, Templates, sentence
from sheetflow.notes import NOTES
from sheetflow.table.people import Person

FULL = Facts(
    company="Acme", role="Data Analyst", interview="20 November", weekday="Friday", interviewed=True,
    person=Person("Ana Ruiz", "ana@acme.example"), highlight="the story", detail="I enjoyed the story.",
    apart="What sets Acme apart is the story.", question="How do you decide what not to build?", feeling="Great",
    thanked=True, followed_up="4 December", decision_by="1 December", applied="1 November", variant=2, you="Sam Lee",
    signature="Sam Lee\n+44 20 7946 0000",
)  # fmt: skip


GOOD = "Subject: Hello\n\nHello {{ person.first_name }}, this is a note.\n"


def made(note: str = "thank_you", text: str = GOOD) -> Templates:
    return Templates({("en", name): (f"mine/{name}.txt", text if name == note else GOOD) for name in NOTES})


BAD = {
    "Subject: Hi\n\n{{ wage }}\n": (3, "nothing called wage"),
    "Subject: {{ wage }}\n\nHi\n": (1, "nothing called wage"),
    "Subject: {{ person.name }}\n\nHi\n": (1, "person cannot stand in a subject: a row has one, for all"),
    "Subject: {% if role %}{{ greeting }}{% endif %} x\n\nHi\n": (1, "greeting cannot stand in a subject"),
    "Subject: Hi\n\n{{ language }}\n": (3, "nothing called language"),
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
            "line 3: there is nothing called wage; a note may use apart, applied, company, decision_by, detail, "
            "feeling, followed_up, greeting, highlight, interview, interviewed, job, offered, person, question, "
            "reason, reply, role, signature, thanked, variant, weekday, you.",
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
            Templates({("en", name): (f"{folder}{name}.txt", text) for name in NOTES})
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
        "Subject: {{ role }} note\n\n{{ company | upper }}|{{ greeting }}|{{ job }}|{{ interview }}|{{ weekday }}|"
        "{{ interviewed }}|{{ person.name }}|{{ person.first_name }}|{{ person.email }}|{{ highlight | sentence }}|"
        "{{ detail }}|{{ apart }}|{{ question | default('?') }}|{{ reply }}|{{ followed_up }}|{{ decision_by }}|"
        "{{ applied }}|{{ thanked }}|{{ feeling }}|{{ offered }}|{{ variant }}|{{ reason }}|{{ you }}|{{ signature }}"
        "{% for c in 'ab' %}|{{ loop.index }}{{ c }}{% endfor %}\n"
    )
    subject, body = made(text=text).render("thank_you", FULL._replace(reason="horrible"))
    assert subject == "Data Analyst note"
    assert body.split("|") == [
        "ACME", "Hi Ana,", "the Data Analyst role at Acme", "20 November", "Friday", "True", "Ana Ruiz", "Ana",
        "ana@acme.example", "the story.", "I enjoyed the story.", "What sets Acme apart is the story.",
        "How do you decide what not to build?", "", "4 December", "1 December", "1 November", "True", "Great", "False",
        "2", "horrible", "Sam Lee", "Sam Lee\n+44 20 7946 0000", "1a", "2b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "you", "subject"),
    [
        ("Cook", "Sam", "About: Cook, on 20 November (Sam)"),
        ("x" * 45, "Sam", "About: " + "x" * 45 + ", on 20 November"),
        ("x" * 50, "Sam", "About: " + "x" * 50),
        ("x" * 63, "Sam", "About: " + "x" * 63),
        ("x" * 64, "Sam", "About: on 20 November"),
        ("x" * 64, "", "About: on 20 November"),
    ],
)
def test_a_long_subject_drops_the_writer_then_the_day_then_the_role(role: str, you: str, subject: str) -> None:
    text = (
        "Subject: About: {{ role }}{% if role and interview %}, {% endif %}"
        "{% if interview %}on {{ interview }}{% endif %}{% if you %} ({{ you }}){% endif %}\n\nHi\n"
    )
    made_subject, _ = made(text=text).render("thank_you", FULL._replace(role=role, you=you))
    assert made_subject == subject
    assert len(made_subject) <= SUBJECT_LIMIT


def test_a_subject_that_is_long_by_itself_stays() -> None:
    assert made(text="Subject: " + "x" * 90 + "\n\nHi\n").render("thank_you", FULL)[0] == "x" * 90


def test_a_job_in_a_subject_gets_shorter_with_its_role() -> None:
    text = "Subject: About {{ job }}\n\nHi\n"
    assert made(text=text).render("thank_you", FULL._replace(role="x" * 60))[0] == "About the position at Acme"


def test_a_company_that_ends_with_a_full_stop_ends_the_sentence() -> None:
    text = "Subject: Hi\n\nI know {{ company }}. I like {{ company }}, and {{ company }}\n"
    assert made(text=text).render("thank_you", FULL._replace(company="Finch Ltd."))[1] == (
        "I know Finch Ltd. I like Finch Ltd., and Finch Ltd."
    )


def test_lines_end_where_the_template_ends_them() -> None:
    """Jinja would take away the line end behind a tag; only a tag with a line for itself leaves none."""
    text = (
        "Subject: Hi\n\nx{% if role %} y{% endif %}\nz{% if role %} y{% endif %}\n\n{% if role %}\na\n{% endif %}\nb\n"
    )
    assert made(text=text).render("thank_you", FULL)[1] == "x y\nz y\n\na\nb"
    joined = "Subject: Hi\n\n{% if role %}x {% endif -%}\n{% if role %}\ny\n{% else %}\nz\n{% endif %}\n"
    assert made(text=joined).render("thank_you", FULL)[1] == "x y"


def test_a_line_of_five_hyphens_in_a_template_does_not_make_a_section() -> None:
    assert made(text="Subject: Hi\n\nx\n----- \ny\n").render("thank_you", FULL)[1] == "x\n----\ny"


@pytest.mark.parametrize("end", [".", "!", "?", "…", "。", "！", "？"])
def test_a_sentence_ends_once(end: str) -> None:
    assert sentence(f" x{end} ") == f"x{end}"
    assert sentence("x") == "x."
    assert sentence("x", "?") == "x?"


def test_cell_text_is_never_a_template() -> None:
    case = FULL._replace(detail="{{ you }} {% include 'x' %}", company="{# no #}", role="{{ 7 * 7 }}", variant=0)
    subject, body = templates().render("thank_you", case)
    assert "{{ 7 * 7 }}" in subject
    assert "{{ you }} {% include 'x' %}" in body
    assert "{# no #}" in body


# --- where they come from ------------------------------------------------------------------------------------


def test_a_missing_file_falls_back_to_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "thank_you.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "follow_up.txt").write_text(GOOD.replace("Hello", "Hallo"), encoding="utf-8")
    loaded = load_templates(str(tmp_path))
    assert loaded.render("thank_you", FULL) == ("Hello", "Hello Ana, this is a note.")
    assert loaded.render("withdrawal", FULL) == templates().render("withdrawal", FULL)
    german = FULL._replace(language="de")
    assert loaded.render("follow_up", german) == ("Hallo", "Hallo Ana, this is a note.")
    assert loaded.render("thank_you", german) == templates().render("thank_you", german)


def test_a_bad_template_of_another_language_is_refused_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "check_in.txt").write_text("Subject: x\n\n{{ wage }}\n", encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_templates(str(tmp_path))
    assert f"check_in.txt (in {tmp_path / 'de'}), line 3: there is nothing called wage" in caught.value.full


def test_every_language_has_every_note() -> None:
    for language in LANGUAGES:
        assert [templates().language(note, language) for note in NOTES] == [language] * len(NOTES)


def test_a_note_missing_in_a_language_is_there_in_english() -> None:
    assert made().language("thank_you", "de") == "en"
    assert made().language("thank_you", "en") == "en"


def test_a_folder_that_is_not_there_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no template folder"):
        load_templates(str(tmp_path / "nowhere"))
    (tmp_path / "follow_up.txt").write_bytes(b"Subject: \xff\xfe\n\nx\n")
    with pytest.raises(TemplateError, match=r"follow_up\.txt.*UTF-8"):
        load_templates(str(tmp_path))
