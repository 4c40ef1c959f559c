"""Where what was typed and what a mailbox showed meet (docs/mailbox.md).

Once it is settled which cells count, and before any date is worked out, what was seen is entered as if the person had
typed it, rightly: a sent column holds the day typed, else the day seen, else its tick; Reply received holds the later
of both. *Not sent* beats what was seen. From then on no rule asks who says so; only ``Why`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np

from sheetflow.cells import Problem, day_words, read_text
from sheetflow.columns import BY_KEY
from sheetflow.mailbox import seen
from sheetflow.mailbox.counts import CLOSING_NOTES, count
from sheetflow.mailbox.drafts import split
from sheetflow.mailbox.facts import Facts, Wanted
from sheetflow.mailbox.headers import plain_address
from sheetflow.mailbox.match import Row
from sheetflow.mailbox.providers import is_public
from sheetflow.mailbox.seen import Item
from sheetflow.notes import NOTES
from sheetflow.rules import dates
from sheetflow.rules.arrays import DAY, NONE, Days, Flags
from sheetflow.rules.quantities import Quantities, Sent
from sheetflow.settings import Settings
from sheetflow.table import Table, series
from sheetflow.table.people import Person
from sheetflow.table.prints import row_prints

MOST_PEOPLE = 1000
"""Addresses that one look asks for, those of the latest rows first: it has half a minute."""
MARGIN = timedelta(days=2)
"""Servers count days in zones of their own."""


class Kind(NamedTuple):
    """A kind of sent mail: the column that it fills, and what it is called in a sentence."""

    column: str
    title: str


KINDS: Mapping[str, Kind] = {
    "thank_you": Kind("thanked", "the thank-you"),
    "follow_up": Kind("followed", "the follow-up"),
    "check_in": Kind("followed", "the check-in"),
    "second_follow_up": Kind("seconded", "the second follow-up"),
    "closing": Kind("closing", "the closing note"),
}
"""In the order in which a row may come to them."""


@dataclass
class Met:
    """What was seen of one row, and what of that the rules go by."""

    items: tuple[Item, ...] = ()
    taken: tuple[str, ...] = ()
    """The kinds whose day is a seen one."""
    reply: date | None = None
    """The day of a reply that was seen and is later than what is typed."""
    missing: tuple[str, ...] = ()
    """Who of a panel has had no thank-you yet, where somebody has and nothing is typed."""


def join(table: Table, q: Quantities, settings: Settings, facts: Facts) -> list[Met]:
    """Enter what a mailbox showed, now or in an earlier run, into the quantities; adds ``seen`` to the frame.

    Where no mailbox is used and none ever was, there is nothing to do, and the list is empty. What came back is a
    problem of its row.
    """
    table.trouble = facts.trouble
    if not facts.used and "seen" not in table.header.at:
        return []
    before = [read_text(value) for value in table.computed("seen")]
    dates.work_out(q, settings)  # from what is typed alone: until when one thanks, and what ticks stand for
    rows = list(_rows(table, q, before))
    found = count(rows, facts, q.zone or UTC)
    texts = [seen.write(items, row.company) for row, items in zip(rows, found, strict=True)]
    unread = {position for position, problems in table.problems.items() if {"interview", "applied"} & problems.keys()}
    table.frame["seen"] = np.array(
        [before[i] if i in unread else text for i, text in enumerate(texts)], dtype=object
    )  # fmt: skip
    met = [_enter(q, position, rows[position], items) for position, items in enumerate(found)]
    for name, sent in _columns(q).items():
        table.frame[f"{name}_tick"] = series(sent.tick)
    interviewers: list[tuple[Person, ...]] = table.frame["interviewers"].tolist()
    for position in np.flatnonzero(q.outcome_is("", "Offer")).tolist():
        for key, problem in _undelivered(interviewers[position], found[position]):
            table.problems[position].setdefault(key, problem)
    return met


# --- what is typed, as the mailbox needs it -------------------------------------------------------------------------


def _columns(q: Quantities) -> dict[str, Sent]:
    return {"thanked": q.thanked, "followed": q.followed, "seconded": q.seconded, "closing": q.closing}


def _rows(table: Table, q: Quantities, before: Sequence[str]) -> Iterator[Row]:
    """Each row as the mailbox sees it."""
    frame = table.frame
    met, contact = frame["interviewers"].tolist(), frame["contact"].tolist()
    limit, reply, start = _days(q.limit), _days(q.reply), _days(q.start)
    columns = _columns(q)
    typed = {name: _days(sent.typed) for name, sent in columns.items()}
    stands_for = {"thanked": _days(q.t), "followed": _days(q.f), "seconded": _days(q.s)}
    denied = {name: frame[f"{name}_denied"].tolist() for name in typed}
    stamps, subjects = (list(map(read_text, table.computed(key))) for key in ("stamp", "draft_subject"))
    prints = row_prints(table, range(len(frame)), q.row.tolist())
    for i in range(len(frame)):
        begun = start[i]
        if not q.row[i] or begun is None or not (met[i] or contact[i] or before[i]):
            yield Row(company=q.company[i], before=before[i])
            continue
        kinds = _kinds(bool(q.has_interview[i]))
        stamp, tokens = split(stamps[i])
        note = stamp.partition(" ")[0]
        yield Row(
            company=q.company[i],
            role=q.role[i],
            since=_since(q, i, begun),
            interview=bool(q.has_interview[i]),
            panel=met[i] or contact[i],
            people=tuple(dict.fromkeys((*met[i], *contact[i]))),
            thanks_until=limit[i],
            typed={kind: day for kind, name in kinds.items() if (day := typed[name][i])}
            | ({"reply": day} if (day := reply[i]) else {}),
            ticked={
                kind: day
                for kind, name in kinds.items()
                if name in stands_for and columns[name].tick[i] and (day := stands_for[name][i])
            },
            denied=frozenset(kind for kind, name in kinds.items() if denied[name][i]),
            note=note if note in NOTES else "",
            subject=subjects[i],
            appended=tuple((token.subject, token.planned) for token in tokens if token.note in CLOSING_NOTES),
            print=prints[i],
            before=before[i],
        )


def _kinds(interview: bool) -> dict[str, str]:
    """The kinds of mail that a row knows -> the column of each."""
    left_out = "check_in" if interview else "follow_up"
    return {what: kind.column for what, kind in KINDS.items() if what != left_out}


def _since(q: Quantities, position: int, begun: date) -> datetime:
    """The moment from which on mail counts."""
    if q.has_interview[position] and q.interview_timed[position]:
        moment: datetime = q.instant[position].item()
        return moment.replace(tzinfo=UTC).astimezone(q.zone or UTC)
    return datetime.combine(begun, time(), q.zone or UTC)


def _days(days: Days) -> list[date | None]:
    found: list[date | None] = days.astype("datetime64[D]").tolist()
    return found


# --- what was seen, as the rules need it ----------------------------------------------------------------------------


def _enter(q: Quantities, position: int, row: Row, items: tuple[Item, ...]) -> Met:
    """Let what was seen of a row stand in its columns."""
    if not items:
        return Met()
    met = Met(items)
    tomorrow = (q.today + DAY).astype("datetime64[D]").item()
    days: dict[str, date] = {}
    for item in items:
        if item.day <= tomorrow:  # --now may be long ago
            days[item.what] = max(days.get(item.what, item.day), item.day)
    if "thank_you" in days:
        met.missing = _missing(row, items)
        if met.missing and not q.thanked.tick[position]:
            del days["thank_you"]
    taken, columns = [], _columns(q)
    for what, kind in KINDS.items():
        sent = columns[kind.column]
        if what in days and np.isnat(sent.typed[position]) and not _out_of_order(q, position, what, days[what]):
            sent.typed[position] = np.datetime64(days[what], "us")
            sent.tick[position] = False
            taken.append(what)
    met.taken = tuple(taken)
    if "thank_you" in taken or q.thanked.filled[position]:
        met.missing = ()
    reply = days.get("reply")
    if reply and not q.reply[position] >= np.datetime64(reply, "us"):
        q.reply[position] = np.datetime64(reply, "us")
        met.reply = reply
    return met


def _missing(row: Row, items: Sequence[Item]) -> tuple[str, ...]:
    """The people of a panel to whom no mail was seen; whoever has no address is among them."""
    thanked = {item.who for item in items if item.what == "thank_you"}
    return tuple(
        _called(person) for person in row.panel if row.names.get(plain_address(person.email), "") not in thanked
    )


def _called(person: Person) -> str:
    return (person.first_name or person.email) + ("" if plain_address(person.email) else " (no address)")


def _out_of_order(q: Quantities, position: int, what: str, day: date) -> bool:
    """Whether the two follow-ups would stand the wrong way round; what was typed is right."""
    moment = np.datetime64(day, "us")
    if what == "follow_up":
        return bool(moment > q.seconded.typed[position])
    return what == "second_follow_up" and bool(moment < q.followed.typed[position])


def _undelivered(interviewers: Sequence[Person], items: Sequence[Item]) -> Iterator[tuple[str, Problem]]:
    """What came back, as a problem of the column that holds the address."""
    for item in (item for item in items if item.what == "undelivered"):
        met = {plain_address(person.email) for person in interviewers}
        key = "interviewers" if item.who in met else "contact"
        yield (
            key,
            Problem(
                BY_KEY[key].header,
                f"mail to {item.who} came back, or is delayed, on {day_words(item.day)}: correct the address, or type "
                "not sent into the sent column if you reach them another way",
                "mail to an address came back, or is delayed",
            ),
        )


# --- Why ------------------------------------------------------------------------------------------------------------


def remark(table: Table, met: Sequence[Met], closed: Flags) -> None:
    """Say what was seen, as far as the row's state rests on it or the person has to decide."""
    for position, one in enumerate(met):
        if one.items:
            outcome = table.frame["outcome"].iat[position] or table.frame["outcome_kind"].iat[position]
            table.remarks[position].extend(_remarks(one, str(outcome), bool(closed[position])))


def _remarks(met: Met, outcome: str, closed: bool) -> Iterator[str]:
    if met.taken and (not closed or met.taken[-1] == "closing"):
        yield _taken_for(met, met.taken[-1])
    if closed:
        return
    if met.missing:
        thanked = [item for item in met.items if item.what == "thank_you"]
        days = " and ".join(dict.fromkeys(day_words(item.day) for item in thanked))
        yield (
            f"your mail to {_all(item.who for item in thanked)} of {days} is taken for a thank-you, and "
            f"{_all(met.missing)} {'is' if len(met.missing) == 1 else 'are'} still missing: mark Thank-you sent once "
            "everybody has had one, or type not sent if that mail was none"
        )
    if met.reply and not outcome:
        yield f"they wrote on {day_words(met.reply)}: what came of it? Outcome has the words for it"
    for item in met.items:
        answered = met.reply and item.day <= met.reply
        if item.what == "automatic" and not answered:
            yield f"an automatic reply came from {item.who} on {day_words(item.day)}, which counts for nothing"
        if item.what == "elsewhere" and not answered:
            yield (
                f"{item.who} wrote on {day_words(item.day)}: if that is about this row, add the address to Contact, or "
                "type the day into Reply received"
            )
        if item.what == "unclear":
            yield (
                f"mail with {item.who} of {day_words(item.day)} may be about this row or another one, and counts in "
                "none: mark it by hand"
            )


def _taken_for(met: Met, what: str) -> str:
    items = [item for item in met.items if item.what == what]
    who, day = _all(item.who for item in items), max(item.day for item in items)
    kind = KINDS[what]
    return (
        f"your mail to {who} of {day_words(day)} is taken for {kind.title}; if it was not, type not sent into "
        f"{BY_KEY[kind.column].header}"
    )


def _all(names: Any) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else str(last)


# --- what to look for -----------------------------------------------------------------------------------------------


def wanted(table: Table, owner: str, today: date) -> Wanted | None:
    """Whose mail to look for: that of the people in rows that are not closed, from the first of these rows on.

    ``table`` is assessed; ``owner`` is the mailbox's own address. ``None``: there is nobody to look for. The domain of
    a company's own stands for all its addresses.
    """
    frame = table.frame
    start: Days = np.where(frame["interview"].notna(), frame["interview"], frame["applied"]).astype("datetime64[us]")
    open_rows = frame["row"].to_numpy() & ~frame["closed"].to_numpy() & ~frame["to_come"].to_numpy()
    tokens = [split(read_text(value))[1] for value in table.computed("stamp")]
    uids = frozenset(token.place[1] for there in tokens for token in there if token.place[1])
    open_rows |= np.array([any(token.state == "planned" for token in there) for there in tokens], dtype=bool)
    start = np.where(open_rows, start, NONE)
    days: list[date] = start.astype("datetime64[D]").tolist()
    people: dict[str, date] = {}
    named: list[tuple[Person, ...]] = [a + b for a, b in zip(frame["interviewers"], frame["contact"], strict=True)]
    for position in np.argsort(start)[::-1].tolist():  # the latest first; NaT, of which argsort makes the last, before
        if np.isnat(start[position]):
            continue
        addresses = {address for person in named[position] if (address := plain_address(person.email))} - {owner}
        if len({*people, *addresses}) > MOST_PEOPLE:
            break
        people |= dict.fromkeys(sorted(addresses), days[position])
    if not people:
        return Wanted(since=today, uids=uids) if uids else None
    own = owner.rpartition("@")[2]
    domains = {address.rpartition("@")[2] for address in people}
    whole = {domain for domain in domains if domain != own and not is_public(domain)}
    single = {address for address in people if address.rpartition("@")[2] not in whole}
    return Wanted(
        since=min(people.values()) - MARGIN,
        senders=(*sorted(single), *sorted(f"@{domain}" for domain in whole)),
        people=tuple(sorted(people)),
        uids=uids,
    )
