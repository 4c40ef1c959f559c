"""Fingerprints: short, the same for the same words, and nothing of the words can be read out of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sheetflow.table import Table


def digest(*words: str) -> str:
    """Twelve hexadecimal digits for some words."""
    return hashlib.blake2b("\x1f".join(words).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def row_prints(table: Table, positions: Iterable[int], real: Sequence[bool]) -> dict[int, str]:
    """A fingerprint of each row, by position: whose interview it is. Empty for a row that is not ``real``."""
    frame = table.frame
    company, role = (frame[name].tolist() for name in ("company", "role"))
    interview = frame["interview"].to_numpy().astype("datetime64[s]").astype(str).tolist()
    return {i: digest(company[i].casefold(), role[i].casefold(), interview[i]) if real[i] else "" for i in positions}
