"""What a letter is made from: the facts of a row as a template sees them, for one person and in one language."""

from __future__ import annotations

from typing import NamedTuple

from sheetflow.letters.greeting import first_name, greeting
from sheetflow.letters.languages import LANGUAGES
from sheetflow.table.people import Person


class Whom(NamedTuple):
    """A person as a template sees one."""

    name: str
    first_name: str
    email: str


class Facts(NamedTuple):
    """What a template may use: text, empty when unknown, but for ``person``, ``variant`` and what is true or false."""

    language: str = "en"
    """Of the letter; decides over ``job`` and ``greeting``, and is no name for a template."""
    company: str = ""
    role: str = ""
    interview: str = ""
    """The day of the interview, as a letter says it: ``20 November``."""
    weekday: str = ""
    """Its day of the week."""
    interviewed: bool = False
    """Whether there was an interview: false while it is still to come."""
    person: Person = Person("", "")
    """Whom the note is to: ``person.name``, ``person.first_name``, ``person.email``."""
    highlight: str = ""
    detail: str = ""
    """The Highlight as a sentence, for this person."""
    apart: str = ""
    """What sets them apart, else the Highlight, as a sentence."""
    question: str = ""
    """The Question, with its question mark and a small letter in front, as behind a colon, for the one who is asked."""
    feeling: str = ""
    """How it went: ``Great``, ``Fine``, ``Bad``, ``Horrible``."""
    thanked: bool = False
    """Whether they have had a thank-you."""
    followed_up: str = ""
    """The day in Follow-up sent; empty when there is only a tick."""
    reply: str = ""
    """The day of their latest reply; empty when there is none since the interview or the application."""
    decision_by: str = ""
    """The day by which they said they would decide."""
    applied: str = ""
    """The day of the application."""
    reason: str = ""
    """Of a withdrawal: ``accepted_elsewhere``, ``horrible`` or ``own_decision``; else empty."""
    offered: bool = False
    """Whether they made an offer."""
    variant: int = 0
    """0 to 3: which of the people of a panel this is."""
    you: str = ""
    signature: str = ""

    @property
    def greeting(self) -> str:
        """The first line: ``Hi Ana,``, or ``Hello,`` when no name is known."""
        return greeting(self.person.name, self.language)

    @property
    def job(self) -> str:
        """``the Data Analyst role at Acme``, as far as it is known; else ``the position``."""
        return LANGUAGES[self.language].job_words(self.role, self.company)

    def names(self) -> dict[str, object]:
        """Name -> value, for a template."""
        whom = Whom(self.person.name, first_name(self.person.name), self.person.email)
        names = self._asdict() | {"person": whom, "greeting": self.greeting, "job": self.job}
        del names["language"]
        return names
