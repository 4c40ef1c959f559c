"""A computed cell in a .csv that a spreadsheet could take for a formula: escaped on write, unescaped on read.

OWASP, CSV Injection; a spreadsheet that opens a .csv calculates what begins like a formula.
"""

from __future__ import annotations

import unicodedata

_TRIGGERS = "=+-@\t\r\n\0＝＋－＠"


def _is_trigger(text: str) -> bool:
    """Whether a spreadsheet might calculate this text (OWASP, CSV Injection): also behind quotes and blanks."""
    bare = text.lstrip("'")
    if bare[:1] in ("\t", "\r", "\n", "\0"):
        return True
    seen = (c in _TRIGGERS for c in bare if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return next(seen, False)


def escape(text: str) -> str:
    """The text with a ``'`` in front if it would else be taken for a formula; ``unescape`` undoes it."""
    return "'" + text if text and not text[0].isalnum() and _is_trigger(text) else text


def unescape(text: str) -> str:
    """The text without the escape; a person's own ``'tis`` is left alone."""
    return text[1:] if text.startswith("'") and _is_trigger(text[1:]) else text
