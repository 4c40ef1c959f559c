"""How flagged rows look, in Google Sheets and .xlsx alike: data only.

Told apart without colour, too: the word stands in the Flag column, ghosted rows are dark and struck through,
overdue ones a shade darker than due ones. No row is bold: a draft must stay easy to read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Highlight:
    """The look of a row with one flag; colours are RRGGBB."""

    flag: str
    background: str
    text: str
    bold: bool = False
    strikethrough: bool = False

    def formula(self, letters: str, row: int) -> str:
        """The rule's formula for a range that starts in ``row`` (1-based), with Flag in column ``letters``."""
        return f'${letters}{row}="{self.flag}"'


HIGHLIGHTS = (
    Highlight("Ghosted", "3D424B", "FFFFFF"),
    Highlight("Overdue", "FADCD2", "6B1A08"),
    Highlight("Due", "FFF6DA", "4A3800"),
    Highlight("Check", "E1EAFB", "1D3A7A"),
)
FLAGS = frozenset(h.flag for h in HIGHLIGHTS)
