"""Why a row is where it is: one plain sentence per row, with the dates it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from string import Formatter

import numpy as np
import pandas as pd

from sheetflow.cells import day_words, moment_words
from sheetflow.columns import BY_KEY
from sheetflow.rules.quantities import SENT, Quantities
from sheetflow.table import Array, Table


def explain(table: Table, q: Quantities, sentences: Sequence[str]) -> Array:
    """Each row's sentence: that of its rule, filled in; empty for a blank row.

    ``sentences`` has one per rule, with ``{names}`` of the words below. Which day a tick was taken for goes to
    the table's remarks.
    """
    words = _words(table, q)
    why = np.full(len(q.rule), "", dtype=object)
    for index, sentence in enumerate(sentences):
        rows = np.flatnonzero(q.rule == index)
        why[rows] = _filled_in(sentence, words, rows)
    _name_ticks(table, q)
    return why


def _filled_in(sentence: str, words: Mapping[str, Array], rows: Array) -> Array:
    texts = np.full(len(rows), "", dtype=object)
    for text, name, _, _ in Formatter().parse(sentence):
        texts += text
        if name:
            texts += words[name][rows]
    return texts


def _words(table: Table, q: Quantities) -> dict[str, Array]:
    """The words that sentences may use, one per row."""
    days = ("snooze", "reply", "follow_up_due", "second_follow_up_due", "ghosted_on", "next", "t", "f", "s")
    words = {name: _say(getattr(q, name)) for name in days}
    words |= {name: _say(getattr(q, name), getattr(q, f"{name}_timed")) for name in ("interview", "thank_you_due")}
    thanks = _choose(
        q.thanked_filled, "your thank-you of " + words["t"], "the day your thank-you was due, " + words["t"]
    )
    words["base"] = _choose(q.replied & (q.base == q.r), "their reply of " + words["reply"], thanks)
    follow_ups = _choose(q.second_counts, "your second follow-up of " + words["s"], "your follow-up of " + words["f"])
    words["last_step"] = _choose(q.follow_up_counts, follow_ups, words["base"])
    later = _choose(q.second_counts, "it counts as ghosted", "a second follow-up is due")
    words["next_step"] = _choose(q.follow_up_counts, later, "a follow-up is due")
    words["is"] = _choose(q.overdue, "was", "is")
    words["on_reply"] = _choose(np.isnat(q.reply), "", " on " + words["reply"])
    words["on_closing"] = _choose(np.isnat(q.closing), "", " on " + _say(q.closing))
    words["outcome"] = q.outcome
    words["next_row"] = _choose(q.outcome_is("Next round"), "; give the next interview a row of its own", "")
    words["problems"] = np.full(len(q.rule), "", dtype=object)
    for row, problems in table.problems.items():
        words["problems"][row] = "; ".join(str(problems[key]) for key in BY_KEY if key in problems)
    return words


def _choose(condition: Array, yes: Array | str, no: Array | str) -> Array:
    return np.where(condition, np.array(yes, dtype=object), np.array(no, dtype=object))


def _say(moments: Array, timed: Array | None = None) -> Array:
    """Each date as a sentence says it; empty where there is none."""
    words = _say_each(moments, day_words)
    if timed is not None:
        words[timed] = _say_each(moments[timed], lambda moment: moment_words(moment, True))
    return words


def _say_each(moments: Array, say: Callable[[datetime], str]) -> Array:
    codes, distinct = pd.factorize(moments)
    return np.array([*map(say, np.asarray(distinct).tolist()), ""], dtype=object)[codes]


def _name_ticks(table: Table, q: Quantities) -> None:
    """Say which day each tick was taken for, where the dates that rest on it are shown."""
    for name, day in zip(SENT, (q.t, q.f, q.s), strict=True):
        rows = np.flatnonzero(~np.isnat(q.follow_up_due) & getattr(q, f"{name}_tick"))
        for row, words in zip(rows.tolist(), _say(day[rows]), strict=True):
            table.remarks[row].append(f"the tick in {BY_KEY[name].header} is taken for {words}")
