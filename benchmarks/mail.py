"""What a look into a large mailbox costs, beside a script that fetches whole messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mail_server import dovecot, proxy
from mail_server.dovecot import PASSWORD, PLAIN, Dovecot
from mail_server.messages import message

from benchmarks.measure import Figure, progress
from benchmarks.page import Part, size, verdict
from benchmarks.peers import whole_mail
from sheetflow.mailbox import imap
from sheetflow.mailbox.facts import Wanted
from sheetflow.mailbox.providers import Account

ME = "sam@mail.example"
LAST = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAYS = 60
"""The mailbox holds as much as came in this time, all of it since the first interview."""
TEXT = "Some words that nobody has to read, as they are in mail. " * 60
GOAL_SECONDS, GOAL_BYTES = 1.0, 200_000


def measure(messages: int, people: int, count: int) -> Part:
    """One table: seconds and bytes of both, over ``count`` rounds."""
    addresses = [f"person{n}@company{n}.example" for n in range(people)]
    since = LAST.date() - timedelta(days=DAYS + 2)
    with dovecot.running(PLAIN) as server:
        progress(f"a mailbox of {messages:,} messages")
        _fill(server, messages, addresses)
        seconds: dict[str, list[float]] = {name: [] for name in ("sheetflow", "whole messages")}
        for _ in range(count):
            for name, look in _both(server, since, addresses, server.port).items():
                progress(f"{name} looks")
                begun = time.perf_counter()
                look()
                seconds[name].append(time.perf_counter() - begun)
        sent = {name: _bytes(server, since, addresses, name) for name in seconds}
    rows = [
        [name, Figure.of(took).text(), size(sum(sent[name])), size(sent[name][1])] for name, took in seconds.items()
    ]
    mine = Figure.of(seconds["sheetflow"]).median
    return Part(
        "The mailbox",
        _ABOUT.format(messages=messages, people=people, rounds=count),
        ("who looks", "seconds", "bytes on the wire", "of these from the server"),
        rows,
        (
            verdict(f"{messages:,} messages, {people} people: under a second", f"{mine:.2f} s", mine < GOAL_SECONDS),
            verdict("and under 200 kB on the wire", size(sum(sent["sheetflow"])), sum(sent["sheetflow"]) < GOAL_BYTES),
        ),
    )


_ABOUT = """\
A Dovecot on the same machine, over TLS, with {messages:,} messages of the last two months, among them three from and
three to each of {people} people of a tracker. *Whole messages* is a script written for this comparison
(`benchmarks/peers/`), which fetches what came since the first interview and looks into it; it does not look at sent
mail. Bytes are counted before TLS, by a proxy, in a look of its own. Medians of {rounds} round(s), both in each."""


def _fill(server: Dovecot, messages: int, addresses: list[str]) -> None:
    """Mail of strangers, and among it that of the people."""
    with server.client(ME) as client:
        strangers = [
            message(f"stranger{n}@elsewhere{n % 900}.example", ME, f"Message {n}", n, message_id=f"<{n}@x.example>",
                    received_by=TEXT)
            for n in range(200)
        ]  # fmt: skip
        step = timedelta(days=DAYS) / messages
        for start in range(0, messages, 1000):
            many: list[Any] = [
                {"msg": strangers[n % len(strangers)], "date": LAST - n * step}
                for n in range(start, min(start + 1000, messages))
            ]
            client.multiappend("INBOX", many)
    mails = [(n, address, day) for n, address in enumerate(addresses) for day in (3, 10, 20)]
    received = [(message(address, ME, "Re: Thank you", n), LAST - timedelta(days=day)) for n, address, day in mails]
    server.put(ME, "INBOX", received)
    sent = [(message(ME, address, "Thank you", n), LAST - timedelta(days=day + 1)) for n, address, day in mails]
    server.put(ME, r"\Sent", sent)


def _both(server: Dovecot, since: date, addresses: list[str], port: int) -> dict[str, Callable[[], None]]:
    context = server.certificates.client()
    account = Account(ME, ME, PASSWORD, "localhost", port)
    wanted = Wanted(since, tuple(f"@{a.rpartition('@')[2]}" for a in addresses), tuple(addresses))

    def mine() -> None:
        facts = imap.look(account, wanted, context=context)
        assert not facts.trouble
        assert len(facts.mails) == 6 * len(addresses)

    def whole() -> None:
        found = whole_mail.look("localhost", port, ME, PASSWORD, since, frozenset(addresses), context)
        assert found == 3 * len(addresses)

    return {"sheetflow": mine, "whole messages": whole}


def _bytes(server: Dovecot, since: date, addresses: list[str], name: str) -> tuple[int, int]:
    """Bytes to the server and from it, in one look."""
    with _between(server) as wire:
        _both(server, since, addresses, wire.port)[name]()
        return wire.sent, wire.received


@contextmanager
def _between(server: Dovecot) -> Iterator[proxy.Proxy]:
    with proxy.in_front_of(server.plain_port, server.certificates.server()) as wire:
        yield wire
