"""The letters that lie in the mailbox as drafts: what the stamps remember of them, and what is to be done there."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import numpy as np

from sheetflow.cells import read_text
from sheetflow.mailbox.drafts import Outbox, Settling, Token, letter_to, split
from sheetflow.mailbox.facts import Facts
from sheetflow.rules.cadence import CHECK
from sheetflow.settings import Settings
from sheetflow.table import Table
from sheetflow.table.prints import row_prints

STUCK = (
    "The mail server cannot remove a single draft: {} that nobody needs any more stay in Drafts, to be deleted by hand."
)


def settle(table: Table, facts: Facts, now: datetime, settings: Settings) -> Outbox:
    """What is to be done with drafts in the mailbox once the sheet says so; completes the stamps of a table.

    Where there is no draft and none is wanted, nothing is.
    """
    texts = [read_text(value) for value in table.computed("stamp")]
    if not (facts.drafting and table.letters) and not any("draft:" in text for text in texts):
        return Outbox()
    held = [split(text)[1] for text in texts]
    prints = row_prints(table, range(len(table.frame)), table.frame["row"].tolist())
    tokens = _by_row(held, prints)
    settling = Settling(facts, now, settings.name)
    stamps, flags = table.frame["stamp"].tolist(), table.frame["flag"].tolist()
    for position in range(len(stamps)):
        drafts = (letter_to(prints[position], *letter) for letter in table.letters.get(position, ()))
        letters = [letter for letter in drafts if letter]
        mine = tokens.get(position, [])
        if mine or (letters and facts.drafts):
            kept = settling.row(mine, letters, judged=flags[position] != CHECK)
            stamps[position] = " ".join(filter(None, (stamps[position], *map(str, kept))))
    table.frame["stamp"] = np.array(stamps, dtype=object)
    if settling.outbox.stuck and not table.trouble:
        table.trouble = STUCK.format(settling.outbox.stuck)
    return settling.outbox


def _by_row(held: list[tuple[Token, ...]], prints: dict[int, str]) -> dict[int, list[Token]]:
    """The tokens at the rows that they are for: rows get sorted, perhaps without the hidden column."""
    places = {row: position for position, row in prints.items() if row}
    tokens: dict[int, list[Token]] = defaultdict(list)
    for position, there in enumerate(held):
        for token in there:
            own = prints[position] == token.row
            tokens[position if own else places.get(token.row, position)].append(token)
    return tokens
