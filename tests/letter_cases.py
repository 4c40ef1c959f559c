"""Letters in every situation in which they read differently: the facts they are made from, in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sheetflow.letters.facts import Facts
from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.told import Teller, read_lines
from sheetflow.table.people import Person

INTERVIEW, FOLLOWED, REPLY, DECISION, APPLIED = (
    date(2026, 11, 19), date(2026, 12, 3), date(2026, 11, 24), date(2026, 12, 1), date(2026, 11, 1),
)  # fmt: skip


class Row(NamedTuple):
    """What a row holds, in one language."""

    company: str
    role: str
    people: tuple[str, ...]
    """Four of a panel; the first has a note by herself."""
    highlight: str
    apart: str
    question: str
    you: str = "Sam Lee"


ROWS: Mapping[str, Row] = {
    "en": Row(
        "Acme", "Data Analyst", ("Ana Ruiz", "Bo Chen", "Dr. Vera Lindqvist", "Tom Hale"), "their 4 day week",
        "they publish every salary", "how do you decide what not to build?",
    ),
    "de": Row(
        "Nordlicht", "Datenanalystin", ("Frau Dr. Ruiz", "Herr Chen", "Vera Lindqvist", "Prof. Hale"),
        "die Vier-Tage-Woche und was daraus geworden ist", "dass alle Gehälter offenliegen",
        "Wie entscheiden Sie, was Sie nicht bauen?",
    ),
    "fr": Row(
        "Lumière", "Analyste", ("Mme Martin", "M. Leroy", "Ana Ruiz", "Dr. Vasseur"),
        "la semaine de quatre jours et ce qu'elle a changé", "la transparence sur tous les salaires",
        "Comment choisissez-vous ce que vous ne ferez pas ?",
    ),
    "es": Row(
        "Luz del Sur", "Analista de datos", ("Sra. García", "Sr. Pérez", "Ana Ruiz", "Dra. Vidal"),
        "la semana de cuatro días y lo que ha cambiado", "la transparencia en todos los salarios",
        "¿Cómo deciden qué no construir?",
    ),
    "zh": Row(
        "远山科技", "数据分析师", ("王女士", "陈先生", "李明", "Dr. Vera Lindqvist"), "你们用旧地图训练新员工的故事",
        "所有人的薪资都公开透明", "你们怎样决定不做什么？", "林三",
    ),
}  # fmt: skip

SITUATIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "thank_you": {
        "with a question": {"question": True},
        "great, without a question": {"feeling": "Great"},
        "with a day of decision": {"decision_by": DECISION},
        "without a detail": {"detail": False},
        "of a panel, the second": {"variant": 1},
        "of a panel, the third": {"variant": 2},
        "of a panel, the fourth": {"variant": 3},
        "bad": {"feeling": "Bad"},
        "bad, of a panel, the second": {"feeling": "Bad", "variant": 1},
        "bad, of a panel, the third": {"feeling": "Horrible", "variant": 2},
        "bad, of a panel, the fourth": {"feeling": "Horrible", "variant": 3},
        "with nothing known": {"bare": True},
    },
    "follow_up": {
        "after a thank-you": {},
        "to somebody who was never thanked": {"thanked": False},
        "after a reply": {"reply": REPLY},
        "after a day of decision": {"decision_by": DECISION},
        "after a day of decision and a reply, never thanked": {
            "thanked": False, "decision_by": DECISION, "reply": REPLY,
        },
        "with a Highlight only": {"apart": False},
        "without a detail": {"apart": False, "detail": False},
        "with nothing known": {"bare": True},
    },
    "second_follow_up": {
        "after a follow-up": {},
        "after a tick": {"followed_up": None},
        "after a reply": {"reply": REPLY},
        "after a day of decision": {"decision_by": DECISION},
        "with nothing known": {"bare": True},
    },
    "withdrawal": {
        "accepted elsewhere": {"reason": "accepted_elsewhere"},
        "accepted elsewhere, interview to come": {"reason": "accepted_elsewhere", "interviewed": False},
        "accepted elsewhere, an application": {"reason": "accepted_elsewhere", "interview": None, "interviewed": False},
        "accepted elsewhere, an offer declined": {"reason": "accepted_elsewhere", "offered": True},
        "accepted elsewhere, a bad interview": {"reason": "accepted_elsewhere", "feeling": "Bad"},
        "horrible": {"reason": "horrible", "feeling": "Horrible"},
        "own decision": {"reason": "own_decision"},
        "own decision, interview to come": {"reason": "own_decision", "interviewed": False},
        "with nothing known": {"reason": "own_decision", "bare": True},
    },
    "feedback_request": {
        "after a reply": {"reply": REPLY},
        "to somebody who was never thanked": {"reply": REPLY, "thanked": False},
        "with nothing known": {"bare": True},
    },
    "check_in": {
        "after an application": {},
        "after a reply": {"reply": REPLY},
        "after a day of decision": {"decision_by": DECISION},
        "without a detail": {"apart": False, "detail": False},
        "with nothing known": {"bare": True},
    },
}  # fmt: skip
"""Note -> situation -> what is otherwise than in the usual row."""


def cases() -> Iterator[tuple[str, str, str]]:
    """(language, note, situation) of every letter."""
    for language in LANGUAGES:
        for note, situations in SITUATIONS.items():
            yield from ((language, note, situation) for situation in situations)


def facts(language: str, note: str, situation: str) -> Facts:
    """What the template of a note is given."""
    given = dict(SITUATIONS[note][situation])
    if given.pop("bare", False):
        nothing = Facts(language=language, interviewed=note != "check_in", thanked=True)
        return nothing._replace(**given, signature=ROWS[language].you, you=ROWS[language].you)
    row, words = ROWS[language], LANGUAGES[language]
    days = {
        "interview": None if note == "check_in" else given.pop("interview", INTERVIEW),
        "applied": APPLIED if note == "check_in" else None,
        "followed_up": given.pop("followed_up", FOLLOWED),
        "reply": given.pop("reply", None),
        "decision_by": given.pop("decision_by", None),
    }
    person = Person(row.people[given.get("variant", 0)], "somebody@acme.example")
    teller = Teller(words, person, (person,))
    highlight = read_lines(row.highlight if given.pop("detail", True) else "", (person,))
    apart = read_lines(row.apart if given.pop("apart", True) else "", (person,))
    question = read_lines(row.question, (person,)) if given.pop("question", False) else ()
    return Facts(
        language=language,
        company=row.company,
        role=row.role,
        weekday=words.weekday(days["interview"]),
        **{name: words.spoken(day) for name, day in days.items()},
        person=person,
        highlight=highlight[0].text if highlight else "",
        detail=teller.detail(highlight, given.get("variant", 0)) if note == "thank_you" else teller.kept(highlight),
        apart=teller.apart(apart, row.company) or teller.later(highlight, row.company),
        question=teller.question(question),
        you=row.you,
        signature=row.you,
    )._replace(**{"interviewed": True, "thanked": True, **given})
