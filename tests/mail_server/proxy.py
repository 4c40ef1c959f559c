"""A proxy in front of a mail server: it ends the TLS, writes down every command, and makes faults on request."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Fault = Callable[["Talk", bytes], bool]
"""Called with a command before it goes on; ``False``: it does not."""


@dataclass
class Talk:
    """One connection of a client."""

    client: socket.socket
    server: socket.socket
    number: int = 0
    """Which command this is, from 1."""
    literal: int = 0
    """How many bytes of a literal the client has yet to say."""
    shape: Callable[[bytes], Iterator[bytes]] | None = None
    """What becomes of the server's bytes from now on."""

    def answer(self, text: bytes) -> None:
        """Answer in the server's place."""
        self.client.sendall(text)

    def cut(self) -> None:
        for sock in (self.client, self.server):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


@dataclass
class Proxy:
    """What has gone through, and what is to go wrong."""

    port: int
    commands: list[bytes] = field(default_factory=list)
    """Every command line and literal that a client sent."""
    sent: int = 0
    received: int = 0
    """Bytes from the server, before TLS."""
    fault: Fault | None = None
    greeting: Fault | None = None
    """Called before the server's greeting goes on."""

    def names(self) -> list[str]:
        """The commands by name, in order: ``UID FETCH``."""
        return [name_of(line) for line in self.commands if name_of(line)]


def name_of(line: bytes) -> str:
    """The name of a command in a line; empty for the rest of one."""
    match = re.match(rb"[A-Z]{4}\d+ ((?:UID )?[A-Z]+)", line)
    return match[1].decode() if match else ""


def tag_of(line: bytes) -> bytes:
    return line.split(b" ", 1)[0]


@contextmanager
def in_front_of(port: int, context: ssl.SSLContext | None) -> Iterator[Proxy]:
    """A proxy to a port of this machine; without a context it speaks plain text."""
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = Proxy(listener.getsockname()[1])
    talks: list[Talk] = []
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(sock,), daemon=True))
            threads[-1].start()

    def serve(sock: socket.socket) -> None:
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError, ValueError):
            stack.enter_context(sock)
            sock.settimeout(20)
            client = stack.enter_context(context.wrap_socket(sock, server_side=True)) if context else sock
            server = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            talks.append(Talk(client, server))
            if not proxy.greeting or proxy.greeting(talks[-1], b""):
                _pass_on(proxy, talks[-1])

    threads.append(threading.Thread(target=accept, daemon=True))
    threads[0].start()
    try:
        yield proxy
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for talk in talks:
            talk.cut()
        for thread in threads:
            thread.join(5)


def _pass_on(proxy: Proxy, talk: Talk) -> None:
    """Pass on what both say, in one thread: an SSL socket is not for two."""
    said = b""
    while True:
        ready: list[socket.socket] = [talk.client]
        if not (isinstance(talk.client, ssl.SSLSocket) and talk.client.pending()):
            ready, _, _ = select.select([talk.client, talk.server], [], [])
        if talk.client in ready:
            data = talk.client.recv(65536)
            if not data:
                return
            said = _commands(proxy, talk, said + data)
        elif data := _received(talk.server):
            proxy.received += len(data)
            for piece in talk.shape(data) if talk.shape else (data,):
                talk.client.sendall(piece)
        else:
            return


def _received(server: socket.socket) -> bytes:
    """What the server says; acknowledged at once, since it waits for that between two small pieces."""
    data = server.recv(65536)
    if hasattr(socket, "TCP_QUICKACK"):
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    return data


def _commands(proxy: Proxy, talk: Talk, said: bytes) -> bytes:
    """Pass on whole lines and literals; what is left over waits for the rest."""
    while said:
        line, end, rest = said.partition(b"\n")
        if talk.literal:
            line, rest = said[: talk.literal], said[talk.literal :]
            talk.literal -= len(line)
        elif not end:
            return said
        else:
            line += end
            if literal := re.search(rb"\{(\d+)\+?\}\r\n$", line):
                talk.literal = int(literal[1])
        said = rest
        proxy.commands.append(line)
        proxy.sent += len(line)
        if name_of(line):
            talk.number += 1
            if proxy.fault and not proxy.fault(talk, line):
                continue
        talk.server.sendall(line)
    return b""


# --- faults -----------------------------------------------------------------------------------------------


def _cut_before(talk: Talk, line: bytes) -> bool:
    talk.cut()
    return False


def _cut_after(talk: Talk, line: bytes) -> bool:
    """The server does it, and its answer is lost."""

    def nothing(data: bytes) -> Iterator[bytes]:
        talk.cut()
        yield from ()

    talk.shape = nothing
    return True


def _cut_within(talk: Talk, line: bytes) -> bool:
    def some(data: bytes) -> Iterator[bytes]:
        yield data[: max(len(data) // 2, 1)]
        talk.cut()

    talk.shape = some
    return True


def _silent(talk: Talk, line: bytes) -> bool:
    return False


def _lost_answer(talk: Talk, line: bytes) -> bool:
    """The server does it, and its answer never comes."""
    talk.shape = lambda data: iter(())
    return True


def _slow(talk: Talk, line: bytes) -> bool:
    def bytewise(data: bytes) -> Iterator[bytes]:
        for byte in data:
            time.sleep(0.3)
            yield bytes((byte,))

    talk.shape = bytewise
    return True


def _says(text: bytes) -> Fault:
    def fault(talk: Talk, line: bytes) -> bool:
        talk.answer(text.replace(b"TAG", tag_of(line)))
        return False

    return fault


def _endless(talk: Talk, line: bytes) -> bool:
    with contextlib.suppress(OSError):
        while True:
            talk.answer(b"* 1 EXISTS\r\n" * 1000)
    return False


def _mixed_in(talk: Talk, line: bytes) -> bool:
    talk.answer(b"* 99999 EXISTS\r\n* 5 FETCH (FLAGS (\\Seen))\r\n* 3 EXPUNGE\r\n* OK [ALERT] Hello\r\n")
    return True


FAULTS: dict[str, Fault] = {
    "cut before": _cut_before,
    "cut after": _cut_after,
    "cut within the answer": _cut_within,
    "silent": _silent,
    "answer lost": _lost_answer,
    "a byte at a time": _slow,
    "NO": _says(b"TAG NO not now\r\n"),
    "NO [SERVERBUG]": _says(b"TAG NO [SERVERBUG] UID SEARCH Server error - Please try again later\r\n"),
    "NO [UNAVAILABLE]": _says(b"TAG NO [UNAVAILABLE] Temporary authentication failure\r\n"),
    "NO [LIMIT]": _says(b"TAG NO [LIMIT] Too many simultaneous connections\r\n"),
    "BAD": _says(b"TAG BAD Could not parse command\r\n"),
    "BYE": _says(b"* BYE Session expired, please login again.\r\n"),
    "OK and nothing else": _says(b"TAG OK done\r\n"),
    "wrong tag": _says(b"ZZZZ9 OK done\r\n"),
    "garbage": _says(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>\r\n"),
    "bytes": _says(bytes(range(256)) * 4 + b"\r\n"),
    "no line end": _says(b"* " + b"x" * 2_000_000),
    "endless": _endless,
    "a literal too large": _says(b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM)] {4294967295}\r\nx"),
    "a literal cut off": _says(b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM)] {20}\r\nFrom: x\r\nTAG OK done\r\n"),
    "brackets": _says(b"* SEARCH ((((\r\n* LIST (((( \"/\r\n* 1 FETCH (((\r\nTAG OK done\r\n"),
    "numbers that are none": _says(b"* SEARCH 1 x 99999999999999999999 -3\r\n* OK [UIDVALIDITY x]\r\nTAG OK done\r\n"),
    "news between": _mixed_in,
}  # fmt: skip
"""What can go wrong at any command."""
