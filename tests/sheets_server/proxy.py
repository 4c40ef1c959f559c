"""The HTTPS door: a CONNECT proxy on a loopback port that answers for Google's hosts itself.

The program under test has no switch for tests. It is pointed here by two ordinary environment variables,
HTTPS_PROXY and REQUESTS_CA_BUNDLE, and speaks real TLS to ``sheets.googleapis.com``.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import json
import socket
import struct
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from .auth import OAuthError
from .errors import ApiError, Json
from .faults import Due, Exchange, Fault, Kind
from .keys import HOSTS, certificates

if TYPE_CHECKING:
    from .server import SheetsServer


class ClosedError(Exception):
    """End the connection without an answer."""


class Proxy(ThreadingHTTPServer):
    """Listens for the proxy's clients; one thread for each connection."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: SheetsServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients go away in many of our tests; there is nothing to print."""


class Handler(BaseHTTPRequestHandler):
    """One connection: CONNECT, then TLS, then as many requests as the client keeps it alive for."""

    protocol_version = "HTTP/1.1"
    server: Proxy
    host = ""
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Keep silent."""

    def do_CONNECT(self) -> None:
        """Answer for Google's hosts ourselves; refuse, and remember, all others."""
        owner = self.server.owner
        host, _, port = self.path.partition(":")
        with owner.lock:
            due = owner.arrive("connect")
            due.call("before")
        if host not in HOSTS or port != "443":
            self._refuse()
        elif due.fault is not None and due.fault.code:
            self.close_connection = True
            self.send_error(due.fault.code)
        else:
            self._tunnel(host, trusted=due.fault is None)

    def _refuse(self) -> None:
        self.server.owner.strangers.append(self.path)
        self.close_connection = True
        self.send_error(403, "Forbidden host")

    def _tunnel(self, host: str, trusted: bool) -> None:
        """Say yes, and be the host from here on."""
        self.send_response_only(200, "Connection established")
        self.end_headers()
        context = certificates().trusted if trusted else certificates().untrusted
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.close_connection = True
        try:
            tls = context.wrap_socket(self.connection, server_side=True)
        except OSError:
            return  # the client did not like the certificate
        self.host, self.connection = host, tls
        self.rfile.close()
        self.wfile.close()
        self.rfile, self.wfile = tls.makefile("rb"), tls.makefile("wb")
        self.close_connection = False

    def finish(self) -> None:
        """Close the TLS layer too."""
        for end in (self.wfile, self.rfile, self.connection):
            with contextlib.suppress(OSError):
                end.close()

    def do_GET(self) -> None:
        """Handle every method but CONNECT."""
        owner = self.server.owner
        if not self.host:
            self._refuse()
            return
        url = urlsplit(self.path)
        if hasattr(socket, "TCP_QUICKACK"):  # else a client behind a proxy waits 40 ms between head and body
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if owner.latency:
            time.sleep(owner.latency)
        exchange = Exchange(
            kind_of(self.command, self.host, url.path),
            self.command,
            self.host,
            url.path,
            parse_qs(url.query, keep_blank_values=True),
            body,
            headers=dict(self.headers.items()),
        )
        try:
            fault = self._answer(exchange)
            self._send(exchange, fault or Fault(apply=True))
        except (ClosedError, OSError):
            self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the base class calls them so

    def _answer(self, exchange: Exchange) -> Fault | None:
        """Process the request into the exchange; ClosedError when a fault ends the connection."""
        owner = self.server.owner
        with owner.lock, collector_paused():
            owner.log.append(exchange)
            due = owner.arrive(exchange.kind)
            fault = exchange.fault = due.fault
            exchange.status, message = self._process(exchange, due)
            if message is not None:
                compact = exchange.query.get("prettyPrint", ["true"])[-1].lower() in ("false", "0")
                text = minified(message) if compact else pretty(message)
                exchange.response = (text + "\n").encode("utf-8", "surrogatepass")
            if fault is not None and fault.code is not None:
                exchange.status, exchange.response = fault.code, fault.body
        if fault is not None:
            owner.closing.wait(fault.seconds)
            if fault.ending == "reset":
                linger = struct.pack("ii", 1, 0)  # close() then sends a TCP reset, not a polite end
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            if fault.ending in ("reset", "hang"):
                raise ClosedError
        return fault

    def _process(self, exchange: Exchange, due: Due) -> tuple[int, Json | None]:
        """Status and message; nothing is done when a fault swallows the request."""
        owner = self.server.owner
        try:
            due.call("before")
            if due.fault is not None and not due.fault.apply:
                return 0, None
            return 200, owner.answer(exchange, self.headers.get("Authorization"), due)
        except ApiError as error:
            return error.code, error.body()
        except OAuthError as error:
            return error.code, error.body
        except Exception as error:  # noqa: BLE001 - a bug here or in a callback must reach the test
            owner.errors.append(error)
            return 500, ApiError(500, f"Bug in the local Sheets server: {error!r}").body()

    def _send(self, exchange: Exchange, fault: Fault) -> None:
        body = exchange.response
        if fault.ending == "truncate":  # half of the JSON, in an answer that is whole as far as HTTP goes
            body = body[: len(body) // 2]
        self.send_response(exchange.status)
        self.send_header("Content-Type", fault.content_type)
        self.send_header("Vary", "Origin, X-Origin, Referer")
        for name, value in fault.headers.items():
            self.send_header(name, value)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Do not look for garbage among the million small dicts of a large answer: it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def kind_of(method: str, host: str, path: str) -> Kind:
    """Say what a request counts as."""
    if host == "sheets.googleapis.com":
        return "read" if method == "GET" else "write"
    if path.endswith("/allowedLocations"):
        return "boundary"
    return "token" if path.endswith(("/token", ":generateAccessToken")) else "other"


def minified(value: Any) -> str:
    """Return JSON as Google prints it with ``prettyPrint=false``."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pretty(value: Any, pad: str = "\n") -> str:
    """Return JSON as Google prints it by default: two blanks, UTF-8. Faster than json.dumps(indent=2)."""
    deeper = pad + "  "
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        parts = [f"{deeper}{quote(key)}: {pretty(item, deeper)}" for key, item in value.items()]
        return "{" + ",".join(parts) + pad + "}" if parts else "{}"
    if isinstance(value, list):
        parts = [deeper + pretty(item, deeper) for item in value]
        return "[" + ",".join(parts) + pad + "]" if parts else "[]"
    return json.dumps(value)
