"""Dovecot on a free port of this machine, with mailboxes for anybody whose password is right."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mail_server import REQUIRED, needs

PASSWORD = "abcdefghijklmnop"
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
{users}
first_valid_uid = {uid}
first_valid_gid = {gid}
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:~/mail:LAYOUT=fs:INBOX=~/mail/INBOX
mail_fsync = never
maildir_stat_dirs = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
mail_max_userip_connections = 1000
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""
GMAIL = {r"\All": "[Gmail]/Alle Nachrichten", r"\Sent": "[Gmail]/Gesendet", r"\Drafts": "[Gmail]/Entwürfe"}
PLAIN = {r"\Sent": "Éléments envoyés", r"\Drafts": "Brouillons"}
UNMARKED: dict[str, str] = {}


@dataclass(frozen=True)
class Certificates:
    """A certification authority of the tests' own, and what it says of 127.0.0.1 and localhost."""

    authority: Any
    leaf: Any

    def client(self) -> ssl.SSLContext:
        """What a machine trusts whose only root is this authority."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def server(self, leaf: Any = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (leaf or self.leaf).configure_cert(context)
        return context


def certificates() -> Certificates:
    trustme = needs("trustme")
    authority = trustme.CA()
    return Certificates(authority, authority.issue_cert("localhost", "127.0.0.1"))


@dataclass(frozen=True)
class Dovecot:
    """A running server. Every user name is a mailbox of its own, empty at first."""

    port: int
    plain_port: int
    folders: dict[str, str]
    certificates: Certificates
    homes: Path

    @contextmanager
    def client(self, user: str) -> Iterator[Any]:
        """The tests' own way in, as the person's mail program has one."""
        import imapclient

        with imapclient.IMAPClient("127.0.0.1", self.plain_port, ssl=False, timeout=20) as client:
            client.normalise_times = False
            client.login(user, PASSWORD)
            yield client

    def folder(self, flag: str) -> str:
        return self.folders.get(flag, "INBOX")

    def put(
        self, user: str, flag: str, messages: Iterable[tuple[bytes, datetime]], flags: tuple[str, ...] = ()
    ) -> None:
        """Put messages, each with its arrival, into a folder."""
        with self.client(user) as client:
            for message, moment in messages:
                client.append(self.folder(flag), message, flags, moment)

    def all(self, user: str, flag: str) -> dict[int, dict[bytes, Any]]:
        """UID -> flags and whole text of each message in a folder."""
        with self.client(user) as client:
            client.select_folder(self.folder(flag), readonly=True)
            found: dict[int, dict[bytes, Any]] = client.fetch(client.search("ALL"), ["FLAGS", "BODY.PEEK[]"])
            return found


def binary() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def needs_dovecot() -> None:
    """Leave a test out where there is no Dovecot, or fail where there has to be one."""
    missing = binary() is None
    if missing and REQUIRED:
        pytest.fail("Dovecot is not installed (apt-get install dovecot-imapd)")
    if missing:
        pytest.skip("left out: Dovecot is not installed (apt-get install dovecot-imapd)")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def running(folders: dict[str, str]) -> Iterator[Dovecot]:
    """A Dovecot whose special folders have these names."""
    needs_dovecot()
    keys = certificates()
    folder = Path(tempfile.mkdtemp(prefix="sheetflow-dovecot-"))
    port, plain_port = free_port(), free_port()
    (folder / "homes").mkdir()
    keys.leaf.private_key_pem.write_to_path(folder / "key.pem")
    keys.leaf.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    mailboxes = "\n".join(
        f'  mailbox "{name}" {{\n    auto = create\n    special_use = {flag}\n  }}' for flag, name in folders.items()
    )
    uid, gid, users = _users(folder)
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder, users=users, uid=uid, gid=gid, password=PASSWORD, port=port, plain_port=plain_port,
            mailboxes=mailboxes,
        ),
        encoding="utf-8",
    )  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - our own configuration
        [str(binary()), "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(process, plain_port, folder / "log")
        yield Dovecot(port, plain_port, folders, keys, folder / "homes")
    finally:
        process.terminate()
        process.wait(20)
        if process.stderr:
            process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _users(folder: Path) -> tuple[int, int, str]:
    """Whose the mail is, and the line that says under whom Dovecot runs: it serves no mail as root."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        folder.chmod(0o755)
        os.chown(folder / "homes", nobody.pw_uid, nobody.pw_gid)
        return nobody.pw_uid, nobody.pw_gid, ""
    me, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    lines = (f"default_internal_user = {me}", f"default_internal_group = {group}", f"default_login_user = {me}")
    return os.getuid(), os.getgid(), "\n".join(lines)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as sock:
            if sock.recv(4) == b"* OK":
                return
        if process.poll() is not None or (log.exists() and "Fatal" in log.read_text()):
            break
        time.sleep(0.1)
    words = process.stderr.read().decode() if process.poll() is not None and process.stderr else ""
    pytest.fail(f"Dovecot does not start: {words} {log.read_text() if log.exists() else ''}")
