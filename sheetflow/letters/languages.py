"""The languages of the letters: their dates, what they call a position, and the sentence that a detail stands in.

A language is an entry in ``LANGUAGES``, a folder in ``templates/`` and a greeting in ``greeting``. The dates are a
table of our own: what a letter needs is small, and the libraries write ``1 novembre`` where a French letter has
``1er novembre``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Language:
    """What a letter needs of its language, beside its templates. ``{}`` in a pattern is what comes in."""

    code: str
    name: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    """From Monday."""
    day: str
    """The pattern of a date, with ``{day}``, ``{month}`` (by name) and ``{number}`` (the month's)."""
    job: tuple[str, str, str, str]
    """What is applied for: with role and company, with the role, with the company, with neither."""
    details: tuple[str, str, str, str]
    """The sentence that ends in a Highlight, by variant: it needs no inflection of what was typed."""
    apart: tuple[str, str]
    """The same for What sets them apart, with the company and without its name."""
    later: str
    """The same for a Highlight, weeks later, to somebody who may not have been there."""
    shapes: tuple[tuple[str, tuple[str, str, str, str]], ...] = ()
    """(pattern of a whole Highlight, sentences that take it in without a colon), where it needs no inflection."""
    apart_shapes: tuple[tuple[str, str], ...] = ()
    """The same for What sets them apart, where the company is named."""
    end: str = "."
    question: tuple[str, str] = ("", "?")
    """What stands before and after a question."""
    first: str = ""
    """The first of a month, where it is written otherwise."""
    theirs: tuple[tuple[str, str], ...] = ()
    """(pattern, replacement): what is said of them at the beginning of a detail, as it is said to them."""

    def detail_frame(self, words: str, variant: int) -> str:
        """The sentence for a Highlight: within it where its shape is sure, else behind a colon."""
        frames = next((frames for pattern, frames in self.shapes if re.fullmatch(pattern, words)), self.details)
        return frames[variant % len(frames)]

    def apart_frame(self, words: str, company: str) -> str:
        """The sentence for What sets them apart."""
        if not company:
            return self.apart[1]
        shaped = (frame for pattern, frame in self.apart_shapes if re.fullmatch(pattern, words))
        return next(shaped, self.apart[0]).replace("{company}", company)

    def spoken(self, day: date | None) -> str:
        """A date as a letter says it: ``20 November``; empty for none."""
        if day is None:
            return ""
        pattern = self.first if day.day == 1 and self.first else self.day
        return pattern.format(day=day.day, month=self.months[day.month - 1], number=day.month)

    def weekday(self, day: date | None) -> str:
        """The day of the week; empty for none."""
        return self.weekdays[day.weekday()] if day else ""

    def job_words(self, role: str, company: str) -> str:
        """Role and company together, as far as they are known: ``the Data Analyst role at Acme``."""
        pattern = self.job[0 if role and company else 1 if role else 2 if company else 3]
        words = pattern.format(role=role, company=company)
        if self is ENGLISH:
            return re.sub(rf"\b({_SAYS_ITSELF}) role\b", r"\1", words, flags=re.I)
        if self is CHINESE:  # a blank stands beside Latin letters only
            return re.sub(r"(?<![A-Za-z0-9.)]) (?![A-Za-z0-9(])", "", words)
        return re.sub(r"poste de (?=[aeiouyàâéèêëîïôûAEIOUYÀÂÉÈÊ])", "poste d'", words) if self is FRENCH else words


_SAYS_ITSELF = "role|position|job|post|internship|apprenticeship|traineeship|fellowship|placement"

ENGLISH = Language(
    code="en",
    name="English",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    day="{day} {month}",
    job=("the {role} role at {company}", "the {role} role", "the position at {company}", "the position"),
    details=("", "", "", ""),
    apart=("", ""),
    later="",
)  # fmt: skip
_GERMAN_NOUN = (
    r"(?:die|das|eine|Ihre|unsere) (?:[a-zäöüß]+e[n]? ){0,2}[A-ZÄÖÜ][\w-]+"
    r"(?: (?:von|mit|für|im|in|zu|zum|zur|auf|über|bei|nach|aus|und|der|des|den|dem|am|an|ohne) .+|, (?:die|das) .+)?"
)
"""A noun that looks the same as the object of a verb: no ``der``, which would be ``den``."""
_FRENCH_NOUN = (
    r"(?:la |le |les |l'|un |une |votre |vos |cette )[\w'’-]+"
    r"(?: (?:de|du|des|d'\S+|pour|sur|avec|entre|et|sans|chez)\b.+| [\w-]+)?"
)
_SPANISH_NOUN = (
    r"(?:el|la|los|las|un|una|su|sus|nuestra) [\w-]+(?: (?:de|del|para|con|sobre|entre|y|sin|en)\b.+| [\w-]+)?"
)
GERMAN = Language(
    code="de",
    name="German",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    day="{day}. {month}",
    job=("die Stelle als {role} bei {company}", "die Stelle als {role}", "die Stelle bei {company}", "die Stelle"),
    details=(
        "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: {}",
        "Am meisten beschäftigt mich seither ein Thema: {}",
        "An eines denke ich besonders gern zurück: {}",
        "Vor allem eines hat mich angesprochen: {}",
    ),
    shapes=(
        (_GERMAN_NOUN, (
            "Besonders in Erinnerung behalten habe ich {}", "Seither denke ich oft an {}",
            "Sehr interessant fand ich {}", "Besonders schätze ich {}",
        )),
        (r"(?:dass|wie|warum) .+", (
            "Besonders gefallen hat mir, {}", "Sehr interessant fand ich, {}",
            "In Erinnerung geblieben ist mir, {}", "Besonders schätze ich, {}",
        )),
    ),
    apart=(
        "In meinen Augen zeichnet {company} vor allem eines aus: {}",
        "In meinen Augen zeichnet Sie vor allem eines aus: {}",
    ),
    apart_shapes=((r"(?:dass|wie) .+", "An {company} schätze ich besonders, {}"),),
    later="An einen Punkt aus dem Gespräch denke ich noch immer: {}",
    theirs=((r"^ihr(?=(?:e[mnrs]?)?\b)", "Ihr"), (r"^sie\b", "Sie")),
)  # fmt: skip
FRENCH = Language(
    code="fr",
    name="French",
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    day="{day} {month}",
    first="1er {month}",
    job=("le poste de {role} chez {company}", "le poste de {role}", "le poste chez {company}", "le poste"),
    details=(
        "J'ai particulièrement retenu un point de notre échange : {}",
        "Une chose me reste en mémoire plus que les autres : {}",
        "Il y a un sujet auquel je repense souvent : {}",
        "Un élément a surtout retenu mon attention : {}",
    ),
    shapes=((_FRENCH_NOUN, (
        "J'ai particulièrement retenu {}", "Je garde surtout en mémoire {}",
        "J'ai beaucoup aimé {}", "Mon attention s'est surtout portée sur {}",
    )),),
    apart_shapes=(
        (f"(?=les |vos ){_FRENCH_NOUN}", "Ce que j'apprécie le plus chez {company}, ce sont {}"),
        (_FRENCH_NOUN, "Ce que j'apprécie le plus chez {company}, c'est {}"),
    ),
    apart=("Ce qui distingue {company} à mes yeux : {}", "Ce qui vous distingue à mes yeux : {}"),
    later="Je repense encore à un point de l'entretien : {}",
    question=("", " ?"),
    theirs=((r"^leur\b", "votre"), (r"^leurs\b", "vos")),
)  # fmt: skip
SPANISH = Language(
    code="es",
    name="Spanish",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    day="{day} de {month}",
    job=("el puesto de {role} en {company}", "el puesto de {role}", "el puesto en {company}", "el puesto"),
    details=(
        "De nuestra conversación me quedo sobre todo con esto: {}",
        "Hay algo que recuerdo en especial: {}",
        "He vuelto a pensar más de una vez en un punto: {}",
        "Una cosa me llamó la atención por encima de las demás: {}",
    ),
    shapes=((_SPANISH_NOUN, (
        "De nuestra conversación me quedo sobre todo con {}", "Recuerdo en especial {}",
        "He vuelto a pensar más de una vez en {}", "Me pareció muy interesante conocer {}",
    )),),
    apart_shapes=(
        (f"(?=los |las |sus ){_SPANISH_NOUN}", "Lo que más valoro de {company} son {}"),
        (_SPANISH_NOUN, "Lo que más valoro de {company} es {}"),
    ),
    apart=("Para mí, esto distingue a {company}: {}", "Para mí, esto les distingue: {}"),
    later="Sigo pensando en un punto de la entrevista: {}",
    question=("¿", "?"),
)  # fmt: skip
CHINESE = Language(
    code="zh",
    name="Chinese",
    months=tuple(f"{month}月" for month in range(1, 13)),
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    day="{number}月{day}日",
    job=("{company} {role} 一职", "{role} 一职", "{company} 的职位", "这个职位"),
    details=(
        "交谈中让我印象最深的是{}",
        "我一直记得的是{}",
        "事后我常常想起{}",
        "其中最吸引我的是{}",
    ),
    apart=("在我看来，贵公司的独特之处在于{}", "在我看来，贵公司的独特之处在于{}"),
    later="我至今还记得面试中谈到的{}",
    end="。",
    question=("", "？"),
    theirs=((r"^(?:他们|你们)(?:公司)?", "贵公司"),),
)
LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE)}
"""Code -> language; the first is the one that the others fall back to."""
