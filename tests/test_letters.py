"""What the letters say: golden files of every note in every language and situation, and what holds for all of them.

After a change to a template write the golden files anew, read every letter that changed aloud, and ask whether you
would send it: ``REGENERATE=1 python -m pytest tests/test_letters.py``.
"""

from __future__ import annotations

import os
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from letter_cases import ROWS, SITUATIONS, cases, facts
from support import templates

from sheetflow.letters.drafts import shared_words
from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.links import LINK_LIMIT, mail_link
from sheetflow.letters.told import Line, Teller
from sheetflow.settings import Settings
from sheetflow.table.people import Person

GOLDEN = Path(__file__).parent / "golden"


def letter(language: str, note: str, situation: str) -> tuple[str, str]:
    return templates().render(note, facts(language, note, situation))


def golden(language: str, note: str) -> str:
    parts = []
    for situation in SITUATIONS[note]:
        subject, body = letter(language, note, situation)
        parts.append(f"=== {situation}\n\nSubject: {subject}\n\n{body}\n")
    return "\n".join(parts)


@pytest.mark.parametrize("note", SITUATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language: str, note: str) -> None:
    path = GOLDEN / language / f"{note}.txt"
    text = golden(language, note)
    if os.environ.get("REGENERATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


# --- what holds for all of them ---------------------------------------------------------------------------------

WORDS = {
    "thank_you": (30, 110), "follow_up": (45, 90), "second_follow_up": (20, 60), "withdrawal": (30, 80),
    "feedback_request": (45, 90), "check_in": (20, 60),
}  # fmt: skip
"""Note -> how many words a letter may have, greeting and close among them."""
CASES = list(cases())


def count(text: str, language: str) -> float:
    """Words; in Chinese 1.7 characters count as one."""
    if language == "zh":
        return len(re.findall(r"[\u3400-\u9fff]", text)) / 1.7 + len(re.findall(r"[A-Za-z]+|\d+", text))
    return len([word for word in text.split() if re.search(r"\w", word)])


@pytest.mark.parametrize(("language", "note", "situation"), CASES)
def test_as_long_as_a_letter_should_be(language: str, note: str, situation: str) -> None:
    least, most = WORDS[note]
    given = facts(language, note, situation)
    if note == "thank_you" and given.detail and given.feeling not in ("Bad", "Horrible"):
        least = 50
    assert least <= count(letter(language, note, situation)[1], language) <= most


NEVER = re.compile(
    r"\[|\]|\{|\}|\bNone\b|\bnan\b|\bTrue\b|\bFalse\b|  |\.\.|\?\.|,\.| ,| \.|\(\)|（）|: *\(|：（|, *\(|^\s|\s$"
    r"|Subject:|\bat \.|\bHi ,|just checking in|touch(?:ing)? base|circl(?:e|ing) back|\bsorry\b|apolog|unfortunately"
    r"|hope this (?:email|finds)|!",
    re.IGNORECASE | re.MULTILINE,
)


@pytest.mark.parametrize(("language", "note", "situation"), CASES)
def test_no_gap_no_bracket_no_empty_phrase(language: str, note: str, situation: str) -> None:
    subject, body = letter(language, note, situation)
    found = NEVER.search(f"{subject}\n{body}".replace("\n\n", "\n"))
    if found and language == "fr":  # French has a blank before : ? !
        found = NEVER.search(re.sub(r" ([:?;])", r"\1", f"{subject}\n{body}".replace("\n\n", "\n")))
    assert found is None, found
    assert len(subject) <= 70
    assert "\n\n\n" not in body


@pytest.mark.parametrize(("language", "note", "situation"), CASES)
def test_the_first_line_greets_and_the_last_signs(language: str, note: str, situation: str) -> None:
    given = facts(language, note, situation)
    lines = letter(language, note, situation)[1].split("\n")
    assert lines[0] == given.greeting
    assert lines[1] == ""
    assert lines[-1] == given.signature


def panel(language: str, *, own: bool, **otherwise: Any) -> list[str]:
    """The thank-yous of a panel of four, with a Highlight of each one's own or with one for all."""
    row = ROWS[language]
    people = [Person(name, f"p{n}@acme.example") for n, name in enumerate(row.people)]
    texts = OWN_DETAILS[language] if own else (row.highlight,) * 4
    letters = []
    for number, (person, text) in enumerate(zip(people, texts, strict=True)):
        teller = Teller(LANGUAGES[language], person, people)
        given = facts(language, "thank_you", "great, without a question")._replace(
            person=person,
            variant=number,
            detail=teller.detail([Line(text, person if own else None)], number),
            **otherwise,
        )
        letters.append(templates().render("thank_you", given)[1])
    return letters


OWN_DETAILS = {
    "en": (
        "the onboarding buddy program",
        "how they handle on-call",
        "her work on the Arabic keyboard",
        "no meetings on Fridays",
    ),
    "de": ("das Patenprogramm", "der Umgang mit Störungen", "die Arbeit an der Tastatur", "freitags keine Sitzungen"),
    "fr": ("le parrainage", "la gestion des astreintes", "le clavier arabe", "les vendredis sans réunion"),
    "es": ("el programa de acogida", "las guardias", "el teclado árabe", "los viernes sin reuniones"),
    "zh": ("新人导师制", "值班的安排", "阿拉伯语键盘的开发", "周五不开会"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", [True, False], ids=["own", "shared"])
@pytest.mark.parametrize("feeling", ["Great", "", "Horrible"])
def test_no_two_of_a_panel_have_much_the_same_letter(language: str, own: bool, feeling: str) -> None:
    for one, other in combinations(panel(language, own=own, feeling=feeling), 2):
        assert shared_words(one, other) < 0.6, f"{one}\n\n{other}"


GUSHING = re.compile(
    r"enjoy|glad|happy|pleasure|interest|look forward|gefreut|freue|Freude|gern|plaisir|placer|alegr|encantar"
    r"|高兴|愉快|开心|期待|希望"
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("feeling", ["Bad", "Horrible"])
def test_after_a_bad_interview_a_thank_you_only_thanks_and_wishes_well(language: str, feeling: str) -> None:
    for body in panel(language, own=True, feeling=feeling, question="How?", decision_by="1 December"):
        assert not GUSHING.search(body)
        assert "How?" not in body
        assert "December" not in body
        assert not any(text in body for text in OWN_DETAILS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_says_so_in_its_first_sentence(language: str) -> None:
    said = {"en": "withdraw", "de": "Bewerbung .* zurück", "fr": "retire", "es": "retir", "zh": "撤回"}[language]
    declined = {
        "en": "be taking up",
        "de": "nicht eingehen",
        "fr": "pas suite",
        "es": "debo declinarla",
        "zh": "无法接受",
    }
    for situation in SITUATIONS["withdrawal"]:
        first = re.split(r"[.。]", letter(language, "withdrawal", situation)[1].split("\n\n")[1])[0]
        assert re.search(declined[language] if "declined" in situation else said, first), first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_before_the_interview_releases_the_slot_and_thanks_nobody_for_their_time(language: str) -> None:
    day = facts(language, "withdrawal", "own decision").interview
    spent = {"en": "time that", "de": "Zeit", "fr": "temps", "es": "tiempo", "zh": "付出的时间"}[language]
    for situation in SITUATIONS["withdrawal"]:
        body = letter(language, "withdrawal", situation)[1]
        to_come = "to come" in situation
        thanked = not to_come and "application" not in situation and "declined" not in situation
        assert (spent in body) == thanked, situation
        assert (day in body) == (to_come or (thanked and "nothing" not in situation)), situation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("note", ["follow_up", "feedback_request"])
def test_whoever_was_never_thanked_is_thanked_for_the_interview(language: str, note: str) -> None:
    thanks = {
        "en": "for the interview on", "de": "für das Vorstellungsgespräch am", "fr": "l'entretien du",
        "es": "por la entrevista del", "zh": "11月19日的面试",
    }[language]  # fmt: skip
    for situation in SITUATIONS[note]:
        given = facts(language, note, situation)
        first = letter(language, note, situation)[1].split("\n\n")[1]
        if note == "follow_up" and given.thanked and language == "fr":
            continue  # "mon entretien du" is no thanks
        assert (thanks in first) == (not given.thanked), first


@pytest.mark.parametrize(("language", "note", "situation"), CASES)
def test_a_reply_and_a_day_of_decision_are_spoken_of(language: str, note: str, situation: str) -> None:
    given, body = facts(language, note, situation), letter(language, note, situation)[1]
    if given.reply and note != "withdrawal":
        assert given.reply in body
    if given.decision_by:
        assert given.decision_by in body


SILENCE = re.compile(
    r"not heard|no word|no reply|nothing heard|keine Antwort|nichts gehört|sans nouvelles|sin noticias|没有回复"
)


@pytest.mark.parametrize(("language", "note", "situation"), CASES)
def test_nobody_is_told_that_they_were_silent(language: str, note: str, situation: str) -> None:
    assert not SILENCE.search(letter(language, note, situation)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_note_says_that_it_is_and_is_shorter(language: str) -> None:
    second = {
        "en": "second note",
        "de": "zweite Nachfrage",
        "fr": "second message",
        "es": "segundo mensaje",
        "zh": "第二次",
    }
    for situation in SITUATIONS["second_follow_up"]:
        _, body = letter(language, "second_follow_up", situation)
        assert second[language] in body
        if situation in SITUATIONS["follow_up"]:
            assert count(body, language) < count(letter(language, "follow_up", situation)[1], language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("send_with", ["gmail", "mailto"])
def test_every_packaged_letter_fits_into_a_link(language: str, send_with: str) -> None:
    """With an address and a company of forty characters, in the script of the language."""
    settings = Settings(send_with=send_with)
    company = {"zh": "远山数据科技发展股份有限公司上海浦东张江高科技园区分公司第二事业部研发中心平台组"}.get(
        language, "A" * 40
    )
    assert len(company) == 40
    email = "a" * 27 + "@acme.example"
    for note, situations in SITUATIONS.items():
        for situation in situations:
            given = facts(language, note, situation)
            apart = given.apart.replace(ROWS[language].company, company)
            subject, body = templates().render(note, given._replace(company=company, apart=apart))
            url = mail_link(email, subject, body, settings)
            assert len(url) <= LINK_LIMIT, (note, situation, len(url))


@pytest.mark.parametrize("variant", range(4))
@pytest.mark.parametrize("feeling", ["Great", "", "Bad"])
def test_a_thank_you_thanks_in_its_first_sentence(variant: int, feeling: str) -> None:
    given = facts("en", "thank_you", "without a detail")._replace(variant=variant, feeling=feeling)
    first = templates().render("thank_you", given)[1].split("\n\n")[1].split(". ")[0]
    assert re.search(r"\bthank", first, re.I), first


def test_a_question_that_asks_politely_needs_no_other_introduction() -> None:
    given = facts("en", "thank_you", "with a question")
    assert "One thing I meant to ask: how do you decide" in templates().render("thank_you", given)[1]
    topic = given._replace(question="Could you tell me a little more about the rota?")
    assert "\n\nI also meant to ask about the rota.\n\n" in templates().render("thank_you", topic)[1]
    polite = given._replace(question="Could you tell me whether you sponsor visas?")
    asked = "\n\nOne thing I've wondered about since: could you tell me whether you sponsor visas?\n\n"
    assert asked in templates().render("thank_you", polite)[1]


def test_nobody_says_twice_that_they_want_the_job() -> None:
    given = facts("en", "thank_you", "great, without a question")
    assert "I'd like to join you" in given.detail
    assert "I'd love to join the team" not in templates().render("thank_you", given)[1]
    assert "I'd love to join the team" in templates().render("thank_you", given._replace(detail="I liked it."))[1]
