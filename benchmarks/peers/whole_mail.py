"""A script that looks who wrote as most do: it fetches the messages of the last months and looks into each."""

from __future__ import annotations

import email
import imaplib
import ssl
from collections.abc import Container
from datetime import date
from email.utils import getaddresses

AT_ONCE = 500


def look(
    host: str, port: int, user: str, password: str, since: date, people: Container[str], context: ssl.SSLContext
) -> int:
    """How many messages since a day are from one of these people."""
    found = 0
    with imaplib.IMAP4_SSL(host, port, ssl_context=context) as client:
        client.login(user, password)
        client.select("INBOX", readonly=True)
        _, (numbers,) = client.search(None, "SINCE", since.strftime("%d-%b-%Y"))
        wanted = numbers.split()
        for start in range(0, len(wanted), AT_ONCE):
            _, parts = client.fetch(b",".join(wanted[start : start + AT_ONCE]).decode(), "(BODY.PEEK[])")
            for part in parts:
                if isinstance(part, tuple):
                    message = email.message_from_bytes(part[1])
                    senders = getaddresses(message.get_all("From", []))
                    found += any(address in people for _, address in senders)
    return found
