"""What a row's mail counts as: the thank-yous, the follow-ups, the reply; and what counts for nothing and is told.

Pure, and a function of the row and its mail alone: nothing depends on the day on which it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo

from sheetflow.mailbox import seen
from sheetflow.mailbox.facts import Facts, Mail
from sheetflow.mailbox.headers import essence, plain_address
from sheetflow.mailbox.match import Hit, Mine, Post, Row, letter_id
from sheetflow.mailbox.seen import Item, What
from sheetflow.table.prints import digest

FOLLOW_UP_AFTER = timedelta(days=7)
"""A second mail this long after the thank-you is the follow-up …"""
SECOND_AFTER = timedelta(days=5)
"""… and one this long after that the second."""
CHECK_IN_AFTER = timedelta(days=3)
"""The first mail this long after an application is the check-in."""
BOUNCE_WITHIN = timedelta(days=6)
"""Servers give up within five days. A bounce that names no mail is taken for the last one in this time."""
CLOSING_NOTES = ("withdrawal", "feedback_request")


def count(rows: Sequence[Row], facts: Facts, zone: tzinfo) -> list[tuple[Item, ...]]:
    """What was seen of each row, now or in an earlier run; days are those of ``zone``, the sheet's."""
    post = Post(rows, facts, zone)
    return [
        tuple(_Count(row, mine, _remembered(row, index, post), post.received_read)) if row.since else ()
        for index, (row, mine) in enumerate(zip(rows, post.mine, strict=True))
    ]


def _remembered(row: Row, index: int, post: Post) -> list[Item]:
    """What was seen before and the mailbox does not show now: not read this time, deleted, or moved out of sight.

    Where it still shows mail with that person on that day, it decides anew. A closing note was known by a subject
    that has left the row since, so that one stays while its mail is the row's.
    """
    addresses: dict[str, list[str]] = defaultdict(list)
    for address, name in row.names.items():
        addresses[name].append(address)
        addresses[address].append(address)
    kept = []
    for item in seen.read(row.before, row.company, addresses):
        days = [(item.what in seen.SENT, address, item.day) for address in addresses.get(item.who, [item.who])]
        shown = [post.given[key] for key in days if key in post.given]
        if not shown or (item.what == "closing" and any(index in rows for rows in shown)):
            kept.append(item)
    return kept


class _Count:
    """One row's mail, counted; iterating gives the items."""

    def __init__(self, row: Row, mine: Mine, before: Sequence[Item], received_read: bool) -> None:
        assert row.since is not None  # noqa: S101 - asked by the caller
        self.row, self.mine, self.since = row, mine, row.since
        self.before = [item for item in before if item.what == "closing" or item.day >= self.since.date()]
        self.received_read = received_read
        self.lost = {(id(mail), hit.address) for hit, mail in self._came_back() if mail}
        self.out = [hit for hit in mine.out if (id(hit.mail), hit.address) not in self.lost]
        self.into = self._after(hit for hit in mine.into if hit.mail.kind == "human")
        self.notes = self._after(hit for hit in self.out if not self._is_closing(hit))
        days = {hit.day for hit in self.into} | {item.day for item in self._gone("reply")}
        self.answered = days | ({row.typed["reply"]} if "reply" in row.typed else set())
        """The days on which they answered."""

    def __iter__(self) -> Iterator[Item]:
        yield from self._cycle() if self.row.interview else self._check_in()
        yield from self._closing()
        yield from self._gone("reply")
        yield from self._latest("reply", self.into)
        yield from self._latest("automatic", self._after(h for h in self.mine.into if h.mail.kind == "automatic"))
        yield from self._undelivered()
        yield from self._latest("elsewhere", self._after(self.mine.elsewhere))
        yield from self._latest("unclear", self._after(self.mine.unclear))
        if not self.received_read:
            for what in ("automatic", "undelivered", "elsewhere", "unclear"):
                yield from self._gone(what)

    def _after(self, hits: Iterable[Hit]) -> list[Hit]:
        """Those from which on mail counts in this row."""
        return [hit for hit in hits if hit.mail.moment >= self.since]

    def _gone(self, what: str) -> list[Item]:
        """What was seen before and is not to be seen now."""
        return [item for item in self.before if item.what == what]

    def _item(self, what: What, hit: Hit) -> Item:
        return Item(what, self.row.names.get(hit.address, hit.address), hit.day)

    def _latest(self, what: What, hits: Iterable[Hit]) -> Iterable[Item]:
        """The latest of each sender."""
        items = {item.who: item for item in (self._item(what, hit) for hit in hits)}
        return items.values()

    # --- what the person sent -----------------------------------------------------------------------------

    def _note(self, hit: Hit) -> str:
        """The note that a mail is by its id; empty when that does not tell."""
        row, note = letter_id(hit.mail.id)
        return note if row == self.row.print else ""

    def _cycle(self) -> Iterator[Item]:
        """The thank-yous, the follow-up, the second."""
        thanks = list(self._thanks())
        yield from thanks
        used = {(item.who, item.day) for item in thanks}
        rest = [hit for hit in self.notes if (self.row.names[hit.address], hit.day) not in used]
        day = self._day("thank_you", thanks)
        start = self.row.thanks_until if day is None else day + FOLLOW_UP_AFTER
        first = self._first("follow_up", rest, start, FOLLOW_UP_AFTER)
        yield from first
        day = self._day("follow_up", first)
        later = [hit for hit in rest if day is None or hit.day > day]
        yield from self._first("second_follow_up", later, day + SECOND_AFTER if day else None, SECOND_AFTER)

    def _thanks(self) -> Iterator[Item]:
        """The first mail to each of the panel, while it is time for thanks."""
        if "thank_you" in self.row.denied:
            return
        marked = self._day("thank_you")
        ends = [day for day in (self.row.thanks_until, marked and marked + FOLLOW_UP_AFTER) if day]
        for person in self.row.panel:
            address = plain_address(person.email)
            name = self.row.names.get(address, "")
            days = [item.day for item in self._gone("thank_you") if item.who == name]
            for hit in self.notes:
                in_time = self._note(hit) == "" and all(hit.day < end for end in ends)
                if hit.address == address and (in_time or self._note(hit) == "thank_you"):
                    days.append(hit.day)
            if days:
                yield Item("thank_you", name, min(days))

    def _check_in(self) -> list[Item]:
        return self._first("check_in", self.notes, self.since.date() + CHECK_IN_AFTER, CHECK_IN_AFTER)

    def _first(self, what: What, hits: Iterable[Hit], start: date | None, wait: timedelta) -> list[Item]:
        """The first mail that is this note by its id, or by its day: not before ``start``, and no answer to a reply."""
        if what in self.row.denied:
            return []
        found = self._gone(what)
        for hit in hits:
            in_time = start is not None and hit.day >= start
            talk = any(timedelta() <= hit.day - day < wait for day in self.answered)
            if self._note(hit) == what or (not self._note(hit) and in_time and not talk):
                found.append(self._item(what, hit))
        return sorted(found, key=lambda item: item.day)[:1]

    def _day(self, note: str, items: Iterable[Item] = ()) -> date | None:
        """The day of a note: typed, else seen (of a panel the last), else the one that its tick stands for."""
        on = max((item.day for item in items), default=None)
        return self.row.typed.get(note) or on or self.row.ticked.get(note)

    def _is_closing(self, hit: Hit) -> bool:
        """Whether a mail is the row's closing note: by its id, by that note's subject, or because it was one before."""
        subject = essence(self.row.subject) if self.row.note in CLOSING_NOTES else ""
        if self._item("closing", hit) in self.before:
            return True
        if any(
            hit.mail.moment >= since and digest(essence(hit.mail.subject)) == one for one, since in self.row.appended
        ):
            return True
        return self._note(hit) in CLOSING_NOTES or (subject != "" and essence(hit.mail.subject) == subject)

    def _closing(self) -> Iterable[Item]:
        if "closing" in self.row.denied:
            return []
        found = self._gone("closing") + [self._item("closing", hit) for hit in self.out if self._is_closing(hit)]
        return sorted(found, key=lambda item: item.day)[-1:]

    # --- what came back -----------------------------------------------------------------------------------

    def _came_back(self) -> Iterator[tuple[Hit, Mail | None]]:
        """Each bounce and the mail that came back: the one it names, else the last one before it."""
        for hit, origin in self.mine.bounces:
            earlier = [
                out.mail
                for out in self.mine.out
                if out.address == hit.address and timedelta() <= hit.mail.moment - out.mail.moment <= BOUNCE_WITHIN
            ]
            yield hit, origin or max(earlier, key=lambda mail: mail.moment, default=None)

    def _undelivered(self) -> Iterable[Item]:
        """The addresses that could not be reached, until a later mail to or from them says otherwise."""
        if self.row.denied:  # the person knows
            return []
        found = {}
        for hit in self._after(hit for hit, _ in self.mine.bounces):
            later = [one for one in self.out + self.into if one.address == hit.address]
            if not any(one.mail.moment > hit.mail.moment for one in later):
                found[hit.address] = Item("undelivered", hit.address, hit.day)
        return found.values()
