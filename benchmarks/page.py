"""Tables, and the page made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """The answer to one question: a table and what is to be known about it."""

    title: str
    about: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    verdicts: Sequence[str] = ()

    def markdown(self) -> str:
        """The part as Markdown; numbers stand to the right."""
        lines = [f"## {self.title}", "", self.about, "", *_table(self.header, self.rows)]
        return "\n".join([*lines, "", *(f"- {verdict}" for verdict in self.verdicts)]).rstrip() + "\n"


def verdict(goal: str, reached: str, met: bool) -> str:
    """A goal, and whether it is met."""
    return f"Goal: {goal}. Measured: {reached}. **{'Met' if met else 'Missed'}.**"


def size(count: float) -> str:
    """Bytes as a person reads them."""
    for unit, step in (("MB", 1_000_000), ("kB", 1000)):
        if count >= step:
            return f"{count / step:,.1f} {unit}" if count < 10 * step else f"{count / step:,.0f} {unit}"
    return f"{count:,.0f} B"


def span(seconds: float) -> str:
    """A time as a person reads it."""
    for unit, step in (("h", 3600), ("min", 60)):
        if seconds >= 2 * step:
            return f"{seconds / step:,.1f} {unit}"
    return f"{seconds:,.1f} s"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    grid = [[*map(str, row)] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    right = [all(_is_number(row[i]) for row in grid[1:]) for i in range(len(widths))]
    rule = ["-" * (width - 1) + ":" if is_right else "-" * width for width, is_right in zip(widths, right, strict=True)]
    return [
        "| " + " | ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ) + " |"
        for row in (grid[0], rule, *grid[1:])
    ]  # fmt: skip


def _is_number(cell: str) -> bool:
    return not cell or cell.lstrip("≈ -")[:1].isdigit()
