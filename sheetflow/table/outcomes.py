"""The Outcome column: what the words in it stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from sheetflow.columns import plain
from sheetflow.table.dates import empty_words
from sheetflow.words import words

OUTCOMES = ("Next round", "Offer", "Accepted", "Rejected", "Withdrawn", "Ghosted", "Closed")

_KEYS = {outcome.lower().replace(" ", "_"): outcome for outcome in OUTCOMES}
KINDS = ("not_applied", "waiting", "stage")
"""What the words say that stand for no outcome."""


@cache
def _meanings() -> Mapping[str, Outcome]:
    """Every known word, as it is compared, with what it stands for."""
    read = {key: Outcome(outcome) for key, outcome in _KEYS.items()} | {kind: Outcome(kind=kind) for kind in KINDS}
    read["by_whom"] = Outcome("Closed", by_whom=True)
    return {plain(word): meaning for key, meaning in read.items() for word in words("outcomes", key)}


def means_nothing(text: str) -> bool:
    """Whether a word stands for an empty cell, in any column of words."""
    return text.casefold() in empty_words() | {"", "false"}


class Outcome(NamedTuple):
    """An Outcome cell as read."""

    outcome: str = ""
    """A word of ``OUTCOMES``; empty while there is none."""
    kind: str = ""
    """What the cell says where it is no outcome: ``waiting``, ``not_applied``, ``stage`` or ``unknown``."""
    by_whom: bool = False
    """It says that something was refused, and not who refused."""


def read_outcome(text: str) -> Outcome:
    """What the text of an Outcome cell stands for."""
    if meaning := _meanings().get(plain(text)):
        return meaning
    return Outcome(kind="" if means_nothing(text) else "unknown")
