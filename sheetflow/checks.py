"""What a check is: one thing that a run needs, whether it is there, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sheetflow.errors import fill

State = Literal["ok", "look", "wrong"]


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``text`` is a template; what comes from the sheet is passed in ``private``."""

    name: str
    state: State
    text: str
    private: dict[str, object] = field(default_factory=dict)

    def say(self, quiet: bool) -> str:
        """The finding, for the person's own screen or for a log that anybody may read."""
        return fill(self.text, self.private, quiet)
