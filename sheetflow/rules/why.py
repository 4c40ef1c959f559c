"""Why a row is where it is: one plain sentence per row, with the dates it rests on.

A rule's sentence has names in braces. Each is a function below, of the rows that the sentence is for: a new word
is a new line in ``WORDS``. No sentence takes a tick for a day that is still to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from string import Formatter

import numpy as np
import pandas as pd

from sheetflow.cells import day_words, moment_words
from sheetflow.columns import BY_KEY
from sheetflow.rules.arrays import DAY, Days, Flags, Words
from sheetflow.rules.quantities import Quantities, Sent
from sheetflow.table import Table

Word = Callable[[Quantities], Words]


def explain(q: Quantities, sentences: Sequence[str]) -> Words:
    """Each row's sentence: that of its rule, filled in; empty for a blank row. ``sentences`` has one per rule."""
    why = np.full(len(q.rule), "", dtype=object)
    for index, sentence in enumerate(sentences):
        rows = np.flatnonzero(q.rule == index)
        if len(rows):
            why[rows] = _filled_in(sentence, q.take(rows))
    return why


def _filled_in(sentence: str, q: Quantities) -> Words:
    texts = np.full(len(q.rule), "", dtype=object)
    for text, name, _, _ in Formatter().parse(sentence):
        texts += text
        if name:
            texts += WORDS[name](q)
    return texts


# --- the words -------------------------------------------------------------------------------------------------


def _either(condition: Flags, yes: Words | str, no: Words | str = "") -> Words:
    chosen: Words = np.where(condition, np.array(yes, dtype=object), np.array(no, dtype=object))
    return chosen


def _say(moments: Days, timed: Flags | None = None) -> Words:
    """Each date as a sentence says it; empty where there is none."""
    words = _say_each(moments, day_words)
    if timed is not None:
        words[timed] = _say_each(moments[timed], lambda moment: moment_words(moment, True))
    return words


def _say_each(moments: Days, say: Callable[[datetime], str]) -> Words:
    codes, distinct = pd.factorize(moments)
    return np.array([*map(say, np.asarray(distinct).tolist()), ""], dtype=object)[codes]


def _thing(name: Words | str, sent: Sent, day: Days) -> Words:
    """``your thank-you of 3 Nov 2026`` where a day was typed; a tick's day is nobody's word."""
    return _either(sent.tick, name, name + " of " + _say(day))


def _base(q: Quantities) -> Words:
    """What the silence is counted from, before any follow-up."""
    thanks = _either(
        q.thanked.filled,
        _thing("your thank-you", q.thanked, q.t),
        "the day your thank-you was due, " + _say(q.t),
    )
    own = _either(q.application, "your application of " + _say(q.applied), thanks)
    return _either(q.replied & (q.base == q.r), "their reply of " + _say(q.reply), own)


def _last_step(q: Quantities) -> Words:
    """What the silence is counted from."""
    note = _either(q.application, "check-in", "follow-up")
    first = _thing("your " + note, q.followed, q.f)
    second = _thing("your second " + note, q.seconded, q.s)
    return _either(q.follow_up_counts, _either(q.second_counts, second, first), _base(q))


def _waited(q: Quantities) -> Words:
    """Why the first follow-up falls due."""
    decided = "They were to decide by " + _say(q.decision_by) + ", and no word came"
    return _either(q.decision_counts, decided, "No word since " + _base(q))


def _turn(q: Quantities) -> Words:
    """Whose turn it is, and until when they asked for patience."""
    decide = ", and they want to decide by " + _say(q.decision_by)
    patience = _either(q.decision_counts & ~q.follow_up_counts, decide)
    turn: Words = "It is their turn since " + _last_step(q) + patience
    return turn


def _next_step(q: Quantities) -> Words:
    first = _either(q.application, "a check-in is due", "a follow-up is due")
    later = _either(q.application | q.second_counts, "it counts as ghosted", "a second follow-up is due")
    return _either(~q.follow_up_counts & (q.reachable | ~q.application), first, later)


def _unreachable(q: Quantities) -> Words:
    hint = "; if Contact names somebody, a check-in is due on " + _say(q.follow_up_due)
    return _either(~q.reachable & ~q.follow_up_counts, hint)


def _silence(q: Quantities) -> Words:
    """Of a ghosted row: how long nobody wrote, and what may still be done if nobody asked."""
    days: Words = ((q.ghosted_on - q.base) // DAY).astype(str).astype(object)
    note = _either(q.application, "check-in", "follow-up")
    marked = _either(q.followed.filled | q.seconded.filled, " is marked after it", " went out")
    forgotten = (
        "At least " + days + " days without a word since " + _base(q) + ", and no " + note + marked
        + ": write one yet and type its day into Follow-up sent, or let it go"
    )  # fmt: skip
    given_up = (
        "No word since " + _last_step(q) + ", nor by " + _say(q.ghosted_on)
        + ": cut your losses (a reply typed in brings the row back)"
    )  # fmt: skip
    return _either(q.follow_up_counts, given_up, forgotten)


def _thank_you_waits(q: Quantities) -> Words:
    """In a snoozed row."""
    waits = q.interviewed & ~q.thank_you_done & ~q.closing.filled & (q.today < q.limit)
    waits &= q.outcome_is("", "Next round", "Offer")
    late = _either(q.thank_you_late, "was", "is")
    return _either(waits, "; the thank-you waits meanwhile: it " + late + " due by " + _thank_you_due(q))


def _thank_you_due(q: Quantities) -> Words:
    return _say(q.thank_you_due, q.interview_timed)


def _next_row(q: Quantities) -> Words:
    """Of a row with Outcome Next round: where it goes on."""
    went_on = "; it went on to the interview of " + _say(q.newest)
    no_row = _either(q.lost | q.closing.filled | q.accepted_here, "", "; give the next interview a row of its own")
    return _either(q.newest > q.moment, went_on, no_row)


def _nothing_left(q: Quantities) -> Words:
    """Of a row lost to another offer: why no withdrawal is to be written."""
    heard = q.has_interview | q.replied | q.outcome_is("Offer")
    over = _either(q.closing_window, "a later row of this company has the withdrawal", "the time for one is over")
    return _either(heard, over, "nobody answered this application")


def _offer(q: Quantities) -> Words:
    by = _either(q.today <= q.decision_by, " by " + _say(q.decision_by), "; it was asked for by " + _say(q.decision_by))
    answer = _either(np.isnat(q.decision_by), "", by)
    decline = q.accepted_elsewhere & ~q.accepted_here & np.isnat(q.day)
    return _either(
        decline,
        "They made you an offer, and you accepted another elsewhere: decline it",
        "They made you an offer: the answer is yours to give" + answer,
    )


def _they_wrote(q: Quantities) -> Words:
    """Of a row marked as ghosted in which a reply is the last that happened."""
    later = q.replied & ~q.follow_up_counts & ~(q.r < q.thanked.typed)
    return _either(later, "; but they wrote on " + _say(q.reply) + ": empty Outcome, and it is open again")


WORDS: Mapping[str, Word] = {
    "problems": lambda q: q.problem_text,
    "snooze": lambda q: _say(q.snooze),
    "thank_you_waits": _thank_you_waits,
    "interview": lambda q: _say(q.interview, q.interview_timed),
    "thank_you_due": _thank_you_due,
    "is": lambda q: _either(q.overdue, "was", "is"),
    "outcome": lambda q: q.outcome,
    "ask_acceptance": lambda q: _either(
        np.isnat(q.reply), "; type the day you accepted into Reply received, so that the others can be closed"
    ),
    "next_row": _next_row,
    "newest": lambda q: _say(q.newest),
    "they_wrote": _they_wrote,
    "on_closing": lambda q: _either(np.isnat(q.closing.typed), "", " on " + _say(q.closing.typed)),
    "on_reply": lambda q: _either(np.isnat(q.reply), "", " on " + _say(q.reply)),
    "nothing_left": _nothing_left,
    "offer": _offer,
    "reply": lambda q: _say(q.reply),
    "last_step": _last_step,
    "silence": _silence,
    "waited": _waited,
    "turn": _turn,
    "follow_up_due": lambda q: _say(q.follow_up_due),
    "second_follow_up_due": lambda q: _say(q.second_follow_up_due),
    "next_step": _next_step,
    "next": lambda q: _say(q.next),
    "unreachable": _unreachable,
}
"""What a rule's sentence may name."""


# --- remarks ---------------------------------------------------------------------------------------------------


def remark(table: Table, q: Quantities, shown: Flags) -> None:
    """Say what the dates of a row rest on and a sentence does not name; ``shown``: the rows that show them."""
    for name, sent, day in (("thanked", q.thanked, q.t), ("followed", q.followed, q.f), ("seconded", q.seconded, q.s)):
        header = BY_KEY[name].header
        tick = shown & sent.tick
        if name != "thanked":
            _note(table, tick & q.replied, f"type the day over the tick in {header}: after their reply of ", q.reply,
                  " only a day counts")  # fmt: skip
            early = shown & q.application & (sent.typed < q.applied)
            _note(table, early, f"{header} of ", sent.typed, " is before the application and does not count")
            tick &= ~q.replied
        else:
            tick &= q.has_interview
        _note(table, tick & (day <= q.today), f"the tick in {header} is taken for ", day)
        for row in np.flatnonzero(tick & ~(day <= q.today)).tolist():
            table.remarks[row].append(f"the tick in {header} counts from the day it falls due")


def _note(table: Table, where: Flags, before: str, day: Days, after: str = "") -> None:
    rows = np.flatnonzero(where)
    for row, words in zip(rows.tolist(), _say(day[rows]), strict=True):
        table.remarks[row].append(f"{before}{words}{after}")
