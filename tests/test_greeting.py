"""What a letter calls a person: by typed titles, by first name, or in a neutral form; never by a wrong name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.letters.greeting import first_name, greeting, read_name
from sheetflow.letters.languages import LANGUAGES

GREETINGS = [  # name, English, German, French, Spanish, Chinese
    ("Ana Ruiz", "Hi Ana,", "Guten Tag Ana Ruiz,", "Bonjour,", "Buenos días, Ana:", "Ana Ruiz，您好："),
    ("Ana", "Hi Ana,", "Guten Tag Ana,", "Bonjour,", "Buenos días, Ana:", "Ana，您好："),
    ("", "Hello,", "Guten Tag,", "Bonjour,", "Buenos días:", "您好："),
    ("Frau Dr. Ruiz", "Dear Dr. Ruiz,", "Sehr geehrte Frau Dr. Ruiz,", "Bonjour Madame Ruiz,", "Estimada Dra. Ruiz:",
     "Ruiz博士，您好："),
    ("Frau Schulz", "Dear Frau Schulz,", "Sehr geehrte Frau Schulz,", "Bonjour Madame Schulz,", "Estimada Sra. Schulz:",
     "Schulz女士，您好："),
    ("Herr Chen", "Dear Herr Chen,", "Sehr geehrter Herr Chen,", "Bonjour Monsieur Chen,", "Estimado Sr. Chen:",
     "Chen先生，您好："),
    ("Dr. Vera Lindqvist", "Dear Dr. Lindqvist,", "Guten Tag Dr. Lindqvist,", "Bonjour Docteur Lindqvist,",
     "Buenos días, Dr. Lindqvist:", "Vera Lindqvist博士，您好："),
    ("Prof. Dr. Klein", "Dear Prof. Klein,", "Guten Tag Prof. Klein,", "Bonjour Professeur Klein,",
     "Buenos días, Prof. Klein:", "Klein教授，您好："),
    ("Ms. Ruiz", "Dear Ms. Ruiz,", "Sehr geehrte Frau Ruiz,", "Bonjour Madame Ruiz,", "Estimada Sra. Ruiz:",
     "Ruiz女士，您好："),
    ("Ms Anna de la Cruz", "Dear Ms de la Cruz,", "Sehr geehrte Frau de la Cruz,", "Bonjour Madame de la Cruz,",
     "Estimada Sra. de la Cruz:", "Anna de la Cruz女士，您好："),
    ("Mme Martin", "Dear Mme Martin,", "Sehr geehrte Frau Martin,", "Bonjour Madame Martin,", "Estimada Sra. Martin:",
     "Martin女士，您好："),
    ("Sra. Ana García López", "Dear Sra. Ana García López,", "Sehr geehrte Frau Ana García López,",
     "Bonjour Madame Ana García López,", "Estimada Sra. Ana García López:", "Ana García López女士，您好："),
    ("Dra. Gómez", "Dear Dra. Gómez,", "Sehr geehrte Frau Dr. Gómez,", "Bonjour Madame Gómez,", "Estimada Dra. Gómez:",
     "Gómez博士，您好："),
    ("M. Leroy", "Hello,", "Guten Tag M. Leroy,", "Bonjour Monsieur Leroy,", "Buenos días:", "M. Leroy，您好："),
    ("M. Le Goff", "Hello,", "Guten Tag M. Le Goff,", "Bonjour Monsieur Le Goff,", "Buenos días:",
     "M. Le Goff，您好："),
    ("Herr Prof. Dr. von der Heide", "Dear Prof. von der Heide,", "Sehr geehrter Herr Prof. von der Heide,",
     "Bonjour Monsieur von der Heide,", "Estimado Prof. von der Heide:", "von der Heide教授，您好："),
    ("Herrn Kurz", "Dear Herrn Kurz,", "Sehr geehrter Herr Kurz,", "Bonjour Monsieur Kurz,", "Estimado Sr. Kurz:",
     "Kurz先生，您好："),
    ("Mr Ben Smith", "Dear Mr Smith,", "Sehr geehrter Herr Smith,", "Bonjour Monsieur Smith,", "Estimado Sr. Smith:",
     "Ben Smith先生，您好："),
    ("Mx Ash Lane", "Dear Mx Lane,", "Guten Tag Mx Ash Lane,", "Bonjour,", "Buenos días:", "Ash Lane，您好："),
    ("王女士", "Dear 王女士,", "Sehr geehrte Frau 王,", "Bonjour Madame 王,", "Estimada Sra. 王:", "王女士，您好："),
    ("陈先生", "Dear 陈先生,", "Sehr geehrter Herr 陈,", "Bonjour Monsieur 陈,", "Estimado Sr. 陈:", "陈先生，您好："),
    ("王总", "Dear 王总,", "Guten Tag 王总,", "Bonjour,", "Buenos días:", "王总，您好："),
    ("李明", "Hi 李明,", "Guten Tag 李明,", "Bonjour,", "Buenos días, 李明:", "李明，您好："),
    ("田中さくら", "Hi 田中さくら,", "Guten Tag 田中さくら,", "Bonjour,", "Buenos días, 田中さくら:",
     "田中さくら，您好："),
    ("Анна Петрова", "Hi Анна Петрова,", "Guten Tag Анна Петрова,", "Bonjour,", "Buenos días, Анна Петрова:",
     "Анна Петрова，您好："),
    ("Sister Mary Agnes", "Dear Sister Mary Agnes,", "Guten Tag Sister Mary Agnes,", "Bonjour,",
     "Buenos días, Sister Mary Agnes:", "Sister Mary Agnes，您好："),
    ("Sir John Smith", "Dear Sir John Smith,", "Guten Tag Sir John Smith,", "Bonjour,", "Buenos días, Sir John Smith:",
     "Sir John Smith，您好："),
    ("Doña Carmen Ruiz", "Dear Doña Carmen Ruiz,", "Guten Tag Doña Carmen Ruiz,", "Bonjour,",
     "Estimada doña Carmen Ruiz:", "Doña Carmen Ruiz，您好："),
    ("Dña. Carmen Ruiz", "Dear Dña. Carmen Ruiz,", "Guten Tag Dña. Carmen Ruiz,", "Bonjour,",
     "Estimada Dña. Carmen Ruiz:", "Dña. Carmen Ruiz，您好："),
    ("María José Pérez", "Hi María,", "Guten Tag María José Pérez,", "Bonjour,", "Buenos días, María José:",
     "María José Pérez，您好："),
    ("HR 小王", "Hello,", "Guten Tag,", "Bonjour,", "Buenos días:", "您好："),
    ("Sr. Don Luis Gil", "Dear Sr. Don Luis Gil,", "Guten Tag Sr. Don Luis Gil,", "Bonjour,",
     "Estimado don Luis Gil:", "Sr. Don Luis Gil，您好："),
]  # fmt: skip


@pytest.mark.parametrize("name", [row[0] for row in GREETINGS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_greeting(name: str, language: str) -> None:
    row = next(row for row in GREETINGS if row[0] == name)
    assert greeting(name, language) == row[1 + list(LANGUAGES).index(language)]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ruiz, Ana", "Ana"),
        ("van Beethoven, Ludwig", "Ludwig"),
        ("Chen, Bo, PhD", "Bo"),
        ("Bo Chen PhD", "Bo"),
        ("Bo Chen, MBA", "Bo"),
        ("Anne-Marie Dubois", "Anne-Marie"),
        ("D'Arcy Wells", "D'Arcy"),
        ("James O'Neil", "James"),
        ("Bo Chen (VP)", "Bo"),
        ("Jean-Luc", "Jean-Luc"),
        ("Ana R.", "Ana"),
    ],
)
def test_first_names(name: str, first: str) -> None:
    assert greeting(name, "en") == f"Hi {first},"


@pytest.mark.parametrize(
    "name",
    [
        "?", "the", "A.", "J. R. Smith", "J Smith", "VP", "Search", "Hiring", "Hiring Team", "Recruiting Team", "HR",
        "Sister", "Dr.", "Frau", "女士", "Talent Acquisition", "The Panel", "Ana Ruiz & Bo Chen", "Ana and Bo",
        "Ana / Bo", "Ana, Bo, Carla", "Ana Ruiz, Bo", "None", "nan", "TBD", "2020-09-25", "44116", "+1 555 0100", "https://x.example",
        "ana@x.example", "Unknown", "Head of People", "1. Ana",
    ],
)  # fmt: skip
def test_in_doubt_nobody_is_called_by_a_name(name: str) -> None:
    assert greeting(name, "en") == "Hello,"


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Ms Ruiz", "Ruiz"), ("Mr James O'Neil", "O'Neil"), ("Herr Ludwig van Beethoven", "van Beethoven"),
        ("Frau Ursula von der Leyen", "von der Leyen"), ("Mr. Sam Lee Jr.", "Lee"),
        ("Ms Mary Ann Smith", "Mary Ann Smith"),
    ],
)  # fmt: skip
def test_family_names(name: str, family: str) -> None:
    assert read_name(name).family == family


def test_what_a_link_calls_somebody() -> None:
    assert first_name("Ana Ruiz") == "Ana"
    assert first_name("Dr. Vera Lindqvist") == "Dr. Vera Lindqvist"
    assert first_name("J. R. Smith") == "J. R. Smith"


@given(st.text(max_size=60), st.sampled_from(list(LANGUAGES)))
def test_a_greeting_is_one_line_that_ends_with_its_mark(name: str, language: str) -> None:
    line = greeting(name, language)
    assert len(line.splitlines()) == 1
    assert line[-1] == {"en": ",", "de": ",", "fr": ",", "es": ":", "zh": "："}[language]
    assert "  " not in line
    assert not line.startswith(("Hi ,", "Dear ,"))
