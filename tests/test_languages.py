"""The languages of the letters: their dates are those of Babel, but for the first of a month in French."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.told import Line, Teller
from sheetflow.settings import LANGUAGES as SETTING
from sheetflow.table.people import Person

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
        ("fr", "Yield Manager", "", "le poste de Yield Manager"),
        ("fr", "Hôtesse d'accueil", "", "le poste d'Hôtesse d'accueil"),
        ("fr", "Stage en communication", "Mairie de Lyon", "le stage en communication à la Mairie de Lyon"),
        ("fr", "Alternance", "Université de Lyon", "l'alternance à l'Université de Lyon"),
        ("fr", "", "", "le poste proposé"),
        ("de", "Praktikum Marketing", "Stadt Hamburg", "das Praktikum Marketing bei der Stadt Hamburg"),
        ("de", "Duales Studium", "Bundesamt", "das duale Studium beim Bundesamt"),
        ("de", "Praktikantin", "Stadtmagazin", "die Stelle als Praktikantin bei Stadtmagazin"),
        ("de", "", "", "die ausgeschriebene Stelle"),
        ("es", "Cocinera", "Acme", "el puesto de Cocinera en Acme"),
        ("zh", "数据分析师", "远山科技", "远山科技数据分析师一职"),
        ("zh", "Data Analyst", "Acme", "Acme Data Analyst一职"),
        ("zh", "销售岗位", "Acme", "Acme销售岗位"),
        ("zh", "R&D 工程师", "远山科技（上海）", "远山科技（上海）R&D 工程师一职"),
        ("zh", "", "Acme", "Acme的职位"),
        ("es", "Beca de diseño", "Acme", "la beca de diseño en Acme"),
        ("zh", "", "", "贵公司的职位"),
    ],
)
def test_what_is_applied_for(code: str, role: str, company: str, words: str) -> None:
    assert LANGUAGES[code].job_words(role, company) == words


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("de", "die Vier-Tage-Woche", "Besonders spannend fand ich {}"),
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
        ("es", "que todos los sueldos son públicos", "Me gustó especialmente saber {}"),
    ],
)
def test_only_what_surely_needs_no_inflection_stands_without_a_colon(code: str, words: str, sentence: str) -> None:
    assert LANGUAGES[code].detail_frame(words, 0) == sentence


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("de", "dass alle Gehälter offenliegen", "Bei Acme schätze ich besonders, {}"),
        ("fr", "les salaires publics", "Ce que j'apprécie le plus chez Acme, ce sont {}"),
        ("fr", "la transparence", "Ce que j'apprécie le plus chez Acme, c'est {}"),
        ("es", "los salarios públicos", "Lo que más valoro de Acme son {}"),
        ("es", "la transparencia", "Lo que más valoro de Acme es {}"),
        ("es", "todo es público", "Hay algo que valoro especialmente de Acme: {}"),
    ],
)
def test_what_sets_them_apart_in_other_languages(code: str, words: str, sentence: str) -> None:
    assert LANGUAGES[code].apart_frame(words, "Acme") == sentence
    assert "{company}" not in LANGUAGES[code].apart_frame(words, "")


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("de", "eure Vier-Tage-Woche", "Besonders spannend fand ich Ihre Vier-Tage-Woche."),
        (
            "de",
            "dass ihr freitags keine Sitzungen habt",
            "Besonders gefallen hat mir, dass Sie freitags keine Sitzungen haben.",
        ),
        ("de", "dass ihr Team nachts backt", "Besonders gefallen hat mir, dass ihr Team nachts backt."),
        ("de", "dass sie alles selbst nähen", "Besonders gefallen hat mir, dass Sie alles selbst nähen."),
        ("de", "dass sie früher Köchin war", "Besonders gefallen hat mir, dass Sie früher Köchin waren."),
        ("de", "warum es keine Chefs gibt", "Besonders interessant fand ich, warum es keine Chefs gibt."),
        ("fr", "qu'ils ont une crèche", "J'ai trouvé très intéressant d'apprendre que vous avez une crèche."),
        ("de", "Frau Ruiz hat in Rom gelebt",
         "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: "
         "Sie haben in Rom gelebt."),
        ("de", "wie offen sie erzählt hat", "Besonders gefallen hat mir, wie offen Sie erzählt haben."),
        ("de", "die Kantine kocht selbst",
         "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: "
         "Die Kantine kocht selbst."),
        ("de", "der Umgang mit Fehlern", "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: "
         "der Umgang mit Fehlern."),
        ("de", "die Idee, im Sommer zu schließen", "Besonders spannend fand ich die Idee, im Sommer zu schließen."),
        ("fr", "qu'elle parle de tout",
         "J'ai trouvé très intéressant d'apprendre que vous parlez de tout."),
        ("fr", "son rire", "J'ai particulièrement retenu votre rire."),
        ("es", "abren a las siete u ocho",
         "De nuestra conversación me quedo sobre todo con esto: abren a las siete u ocho."),
        ("fr", "leurs vendredis", "J'ai particulièrement retenu vos vendredis."),
    ],
)  # fmt: skip
def test_what_is_said_of_them_is_said_to_them(code: str, typed: str, said: str) -> None:
    person = Person("Ana Ruiz", "ana@acme.example")
    assert Teller(LANGUAGES[code], person, (person,)).detail([Line(typed)], 0) == said


@pytest.mark.parametrize(
    ("code", "typed", "asked"),
    [("de", "wie viele sind Sie", "Wie viele sind Sie?"),
     ("de", "wie entscheidet ihr, was ihr nicht baut?", "Wie entscheiden Sie, was Sie nicht bauen?"),
     ("de", "Habt ihr Hunde", "Haben Sie Hunde?"), ("de", "Was verbessert ihr zuerst?", "Was verbessern Sie zuerst?"),
     ("de", "Woran arbeitet ihr Team?", "Woran arbeitet ihr Team?"),
     ("de", "Wie groß ist ihr Team", "Wie groß ist ihr Team?"),
     ("de", "Wer leitet ihr neues Lager", "Wer leitet ihr neues Lager?"),
     ("de", "Wie trefft ihr euch?", "Wie trefft ihr euch?"),
     ("fr", "comment faites-vous ?", "Comment faites-vous ?"),
     ("es", "¿cómo lo hacen?", "¿Cómo lo hacen?"), ("es", "cómo lo hacen", "¿Cómo lo hacen?")],
)  # fmt: skip
def test_a_question_is_a_sentence_of_its_own(code: str, typed: str, asked: str) -> None:
    person = Person("Ana Ruiz", "ana@acme.example")
    assert Teller(LANGUAGES[code], person, (person,)).question([Line(typed)]) == asked


def test_a_company_that_wants_an_article_is_not_named_without_it() -> None:
    assert LANGUAGES["de"].apart_frame("alle Gehälter", "Stadt Köln").startswith("In meinen Augen zeichnet Sie ")
    assert LANGUAGES["de"].apart_frame("die Gehälter", "Stadt Köln") == "Bei der Stadt Köln schätze ich besonders {}"


def test_of_two_people_nobody_is_taken_for_the_other() -> None:
    people = (Person("Frau Ruiz", "ana@acme.example"), Person("Frau Chen", "bo@acme.example"))
    said = Teller(LANGUAGES["de"], people[1], people).detail([Line("dass sie früher Köchin war")], 0)
    assert said == "Besonders gefallen hat mir, dass sie früher Köchin war."


@pytest.mark.parametrize(
    ("code", "typed", "sentence"),
    [
        ("es", "La semana de cuatro días", "De nuestra conversación me quedo sobre todo con la semana de cuatro días."),
        ("es", "hablamos de la migración a la nube",
         "De nuestra conversación me quedo sobre todo con la migración a la nube."),
        ("es", "Me contó que los viernes no hay reuniones",
         "Me gustó especialmente saber que los viernes no hay reuniones."),
        ("es", "Ella trabajó en la NASA", "Me gustó especialmente saber que usted trabajó en la NASA."),
        ("es", "Tienen un huerto", "De nuestra conversación me quedo sobre todo con esto: tienen un huerto."),
        ("zh", "她以前在海洋局工作", "交谈中让我印象最深的是您以前在海洋局工作。"),
        ("zh", "谈到了她在做的地图项目", "交谈中让我印象最深的是您在做的地图项目。"),
        ("zh", "他们每周五分享会", "交谈中让我印象最深的是贵公司每周五分享会。"),
        ("es", "hablamos mucho", "De nuestra conversación me quedo sobre todo con esto: hablamos mucho."),
        ("zh", "我们聊到了新人导师制", "交谈中让我印象最深的是新人导师制。"),
        ("zh", "他们 用 AI 工具", "交谈中让我印象最深的是贵公司 用 AI 工具。"),
        ("zh", "聊了聊他们的开源项目。", "交谈中让我印象最深的是贵公司的开源项目。"),
    ],
)  # fmt: skip
def test_what_the_sentence_says_is_not_said_twice(code: str, typed: str, sentence: str) -> None:
    ana = Person("Ana", "ana@acme.example")
    assert Teller(LANGUAGES[code], ana, (ana,)).detail([Line(typed)], 0) == sentence


@pytest.mark.parametrize("typed", ["cuándo empieza el puesto", "¿Cuándo empieza el puesto?"])
def test_a_spanish_question_is_a_sentence_of_its_own(typed: str) -> None:
    ana = Person("Ana", "ana@acme.example")
    assert Teller(LANGUAGES["es"], ana, (ana,)).question([Line(typed)]) == "¿Cuándo empieza el puesto?"
