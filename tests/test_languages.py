"""The languages of the letters: their dates are those of Babel, but for the first of a month in French."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from sheetflow.letters.languages import LANGUAGES
from sheetflow.settings import LANGUAGES as SETTING

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_months_and_days_of_the_week_as_babel_has_them(code: str) -> None:
    language = LANGUAGES[code]
    if code != "zh":  # there a month is its number
        names = get_month_names("wide", locale=code)
        assert list(language.months) == [names[month] for month in range(1, 13)]
    width = "abbreviated" if code == "zh" else "wide"
    names = get_day_names(width, locale=code)
    assert list(language.weekdays) == [names[day] for day in range(7)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_day_as_babel_writes_it(code: str) -> None:
    language = LANGUAGES[code]
    for day in DAYS:
        expected = format_date(day, "d MMMM", "en") if code == "en" else format_skeleton("MMMMd", day, locale=code)
        if code == "fr" and day.day == 1:
            expected = expected.replace("1 ", "1er ")
        assert language.spoken(day) == expected
        assert language.weekday(day) == language.weekdays[day.weekday()]


def test_no_day_no_word() -> None:
    for language in LANGUAGES.values():
        assert (language.spoken(None), language.weekday(None)) == ("", "")


def test_the_setting_offers_the_languages_that_there_are() -> None:
    assert {code: language.name for code, language in LANGUAGES.items()} == dict(SETTING)


@pytest.mark.parametrize(
    ("code", "role", "company", "words"),
    [
        ("en", "Data Analyst", "Acme", "the Data Analyst role at Acme"),
        ("en", "Data Analyst", "", "the Data Analyst role"),
        ("en", "", "Acme", "the position at Acme"),
        ("en", "", "", "the position"),
        ("en", "Sales position", "Acme", "the Sales position at Acme"),
        ("en", "Summer internship", "", "the Summer internship"),
        ("en", "Role designer", "Acme", "the Role designer role at Acme"),
        ("de", "Köchin", "Acme", "die Stelle als Köchin bei Acme"),
        ("fr", "Analyste", "Acme", "le poste d'Analyste chez Acme"),
        ("fr", "Éditeur", "", "le poste d'Éditeur"),
        ("fr", "Cuisinier", "Acme", "le poste de Cuisinier chez Acme"),
        ("es", "Cocinera", "Acme", "el puesto de Cocinera en Acme"),
        ("zh", "数据分析师", "远山科技", "远山科技数据分析师一职"),
        ("zh", "Data Analyst", "Acme", "Acme Data Analyst 一职"),
        ("zh", "", "", "这个职位"),
    ],
)
def test_what_is_applied_for(code: str, role: str, company: str, words: str) -> None:
    assert LANGUAGES[code].job_words(role, company) == words


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("de", "die Vier-Tage-Woche", "Besonders in Erinnerung behalten habe ich {}"),
        ("de", "dass alle Gehälter offenliegen", "Besonders gefallen hat mir, {}"),
        (
            "de",
            "der Umgang mit Fehlern",
            "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: {}",
        ),
        (
            "de",
            "die Küche backt nachts",
            "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: {}",
        ),
        (
            "de",
            "freitags keine Sitzungen",
            "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: {}",
        ),
        ("fr", "la semaine de quatre jours", "J'ai particulièrement retenu {}"),
        ("fr", "la cuisine fait son pain", "J'ai particulièrement retenu un point de notre échange : {}"),
        ("es", "la semana de cuatro días", "De nuestra conversación me quedo sobre todo con {}"),
        ("es", "la cocina hace su pan", "De nuestra conversación me quedo sobre todo con esto: {}"),
    ],
)
def test_only_what_surely_needs_no_inflection_stands_without_a_colon(code: str, words: str, sentence: str) -> None:
    assert LANGUAGES[code].detail_frame(words, 0) == sentence


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("de", "dass alle Gehälter offenliegen", "An Acme schätze ich besonders, {}"),
        ("fr", "les salaires publics", "Ce que j'apprécie le plus chez Acme, ce sont {}"),
        ("fr", "la transparence", "Ce que j'apprécie le plus chez Acme, c'est {}"),
        ("es", "los salarios públicos", "Lo que más valoro de Acme son {}"),
        ("es", "la transparencia", "Lo que más valoro de Acme es {}"),
        ("es", "todo es público", "Para mí, esto distingue a Acme: {}"),
    ],
)
def test_what_sets_them_apart_in_other_languages(code: str, words: str, sentence: str) -> None:
    assert LANGUAGES[code].apart_frame(words, "Acme") == sentence
    assert "{company}" not in LANGUAGES[code].apart_frame(words, "")
