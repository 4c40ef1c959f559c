"""The columns: what each is called, what it holds, whose it is.

A new column or owner is a line in ``COLUMNS`` and nowhere else; other spellings of its header are words in
``words/``. Where the columns are in a sheet is found out in ``table.claims``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sheetflow.words import words

Kind = Literal[
    "text", "people", "emails", "moment", "sent", "day", "outcome", "feeling", "language",
    "draft", "links", "seen", "stamp", "count",
]  # fmt: skip
Owner = Literal["person", "sheetflow"]

HEADER_ROWS = 20
"""The header row is looked for in this many rows from the top (the rules, section 2)."""


@dataclass(frozen=True)
class Column:
    """A column sheetflow knows: its key in code, its header, what it holds, who writes it."""

    key: str
    header: str
    kind: Kind
    owner: Owner
    marks: bool = False
    """Without it nothing can be started or marked, so ``run`` adds it, empty, when it is missing."""
    optional: bool = False
    """A column of ours that is added only where what fills it is in use."""
    new: bool = False
    """A column of ours that this version brings: in a tracker of an earlier one its header may be the person's."""
    width: int = 100
    """Pixels, in a fresh tracker or as added."""
    wraps: bool = False
    """Its text runs on in further lines of the row's height, rather than being cut off at the end of the first."""
    group: bool = False
    """One of those that stand at the end in a group, folded up."""
    hint: str = ""
    """What a cell tells whoever types into it; at most 255 characters."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """What other people's trackers call it, the strongest first."""
        return words("headers", self.key)

    @property
    def rounds(self) -> tuple[str, ...]:
        """What they call columns that hold the days of single rounds; only Interview has any."""
        return words("rounds", self.key)


def _person(key: str, header: str, kind: Kind, width: int, *, marks: bool = False, hint: str = "") -> Column:
    return Column(key, header, kind, "person", marks, width=width, hint=hint)


def _ours(
    key: str,
    header: str,
    kind: Kind,
    width: int,
    *,
    wraps: bool = False,
    group: bool = False,
    optional: bool = False,
    new: bool = False,
) -> Column:
    return Column(key, header, kind, "sheetflow", optional=optional, new=new, width=width, wraps=wraps, group=group)


_DAY = "A date, like 2026-11-20."
_SENT = "The day you sent it, like 2026-11-20. A tick (x) works too; a date is better."
_PEOPLE = "Name <address>, one per line or with semicolons between: Ana Ruiz <ana@acme.example>; Bo Chen"

COLUMNS: tuple[Column, ...] = (
    _person("company", "Company", "text", 150),
    _person("role", "Role", "text", 140),
    _person(
        "interview", "Interview", "moment", 115, marks=True,
        hint="The day, or day and time, of the interview, like 2026-11-20 14:30. One row per interview.",
    ),
    _ours("flag", "Flag", "text", 75),
    _ours("status", "Follow-up status", "text", 145),
    _ours("due", "Due", "moment", 110),
    _ours("send", "Send", "links", 150, wraps=True),
    _ours("draft", "Draft", "draft", 300, wraps=True),
    _ours("why", "Why", "text", 260),
    _person(
        "highlight", "Highlight", "text", 220, marks=True,
        hint="Finish the sentence: I especially enjoyed hearing about … A line that begins with a name and a colon "
        "(Ana: the onboarding flow) is for that person's letter alone.",
    ),
    _person(
        "question", "Question", "text", 220,
        hint="A thoughtful question that was not discussed. A line that begins with a name and a colon is for that "
        "person's letter alone.",
    ),
    _person("feeling", "How it went", "feeling", 95, hint="Great, Fine, Bad or Horrible."),
    _person("thanked", "Thank-you sent", "sent", 115, marks=True, hint=_SENT),
    _person("followed", "Follow-up sent", "sent", 115, marks=True, hint=_SENT),
    _person("seconded", "Second follow-up sent", "sent", 115, marks=True, hint=_SENT),
    _person("closing", "Closing note sent", "sent", 115, marks=True, hint=_SENT),
    _person("reply", "Reply received", "day", 115, marks=True, hint="The day of their latest reply, like 2026-11-20."),
    _person(
        "outcome", "Outcome", "outcome", 110, marks=True,
        hint="Empty while it is open, else Next round, Offer, Accepted, Rejected, Withdrawn, Ghosted or Closed.",
    ),
    _person(
        "decision_by", "Decision by", "day", 105,
        hint="The day by which they said they would decide; with an offer, the day by which you answer.",
    ),
    _person("snooze", "Snooze until", "day", 105, hint="A date: leave this row alone until then."),
    _person("interviewers", "Interviewers", "people", 230, marks=True, hint=f"Everybody you met. {_PEOPLE}"),
    _person("contact", "Contact", "people", 220, hint=f"The recruiter or hiring manager. {_PEOPLE}"),
    _person("applied", "Applied", "day", 105, hint=_DAY),
    _person(
        "language", "Language", "language", 95,
        hint="Of the letters: English, German, French, Spanish or Chinese. Empty: the setting.",
    ),
    _person(
        "apart", "What sets them apart", "text", 220,
        hint="For the follow-up, as a sentence goes on: What sets you apart is …",
    ),
    _person("contact_email", "Contact email", "emails", 190),
    _person("interviewer_email", "Interviewer email", "emails", 190),
    _ours("draft_to", "Draft to", "draft", 220, wraps=True, group=True),
    _ours("draft_subject", "Draft subject", "draft", 200, wraps=True, group=True),
    _ours("thank_you_due", "Thank-you due", "moment", 115, group=True),
    _ours("follow_up_due", "Follow-up due", "day", 105, group=True),
    _ours("second_follow_up_due", "Second follow-up due", "day", 105, group=True),
    _ours("ghosted_on", "Ghosted on", "day", 105, group=True),
    _ours("seen", "Seen in mail", "seen", 220, group=True, optional=True, new=True),
    _ours("stamp", "Draft stamp", "stamp", 100, group=True),
)  # fmt: skip
"""In the order of a fresh tracker; in others what is missing is added in this order."""

BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
YOURS = tuple(column for column in COLUMNS if column.owner == "person")
OURS = tuple(column for column in COLUMNS if column.owner == "sheetflow")
FRESH = tuple(column for column in COLUMNS if not column.optional)
"""The columns of a fresh tracker."""


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Text as headers are compared: without case, accents, spacing and punctuation.

    >>> plain("Thank-you sent ")
    'thankyousent'
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in letters if c.isalnum())
