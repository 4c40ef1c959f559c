"""The notes: one line each, with everything that is true of a note but its wording.

A new note is a line here, a template in every language, and a rule that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Note:
    """A kind of letter."""

    name: str
    """Its key: of its templates, in a rule and in a draft's stamp."""
    title: str
    """What it is called in a sentence."""
    to: Literal["each", "one"]
    """``each``: every person met has a letter; ``one``: the contact, or without one the first interviewer."""
    marked: str
    """The key of the column in which the person marks it as sent."""
    sent_when: str
    """The column of the frame that says it is sent; a draft of it, edited by hand or not, ends then."""
    wants: tuple[str, ...] = ()
    """The keys of the columns that it is poorer without; any one of them will do, the first is asked for."""


NOTES: Mapping[str, Note] = {
    note.name: note
    for note in (
        Note("thank_you", "thank-you", "each", "thanked", "thank_you_done", ("highlight", "apart")),
        Note("follow_up", "follow-up", "one", "followed", "follow_up_counts", ("apart", "highlight")),
        Note("second_follow_up", "second follow-up", "one", "seconded", "second_counts"),
        Note("withdrawal", "withdrawal", "one", "closing", "closing_filled"),
        Note("feedback_request", "feedback request", "one", "closing", "closing_filled"),
        Note("check_in", "check-in", "one", "followed", "follow_up_counts", ("apart",)),
    )
}
"""Name -> note, in the order in which a row may come to them."""
