"""Whether a mail link may go to an address."""

from __future__ import annotations

import re
import unicodedata

_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def address_trouble(email: str) -> str:
    """Why no mail link may go to this address; empty when one may (RFC 5321 lengths, one plain addr-spec)."""
    local, _, domain = email.rpartition("@")
    labels = domain.split(".")
    well_formed = (
        len(email) <= 254
        and len(local) <= 64
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not well_formed:
        return "is not a complete address"
    if not domain.isascii() and len({_script(c) for c in domain if c.isalpha()}) > 1:
        return "mixes letters of several scripts, as forged addresses do"
    return ""


_NO_REPLY = re.compile(
    r"(?:.*[._+-])?(?:no-?reply|do-?not-?reply|mailer-daemon|notifications?)(?:[._+-].*)?", re.IGNORECASE
)


def no_reply_trouble(email: str) -> str:
    """Why nobody would read a letter to this address; empty when somebody may."""
    local = email.rpartition("@")[0].replace("_", "-")
    return "takes no letters, as its name says" if _NO_REPLY.fullmatch(local) else ""


def _script(c: str) -> str:
    script = unicodedata.name(c, "UNKNOWN").split()[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else script
