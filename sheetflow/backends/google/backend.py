"""A Google Sheet with all that a backend may do: what ``doctor`` looks at and ``init`` makes, beside the run itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sheetflow.backends.base import Preparation
from sheetflow.backends.google.sheet import GoogleSheet
from sheetflow.checks import Check
from sheetflow.errors import Notice
from sheetflow.plan import Plan
from sheetflow.settings import Settings
from sheetflow.sheet import Sheet


class GoogleBackend(GoogleSheet):
    """A tracker in a Google Sheet, by link or id. What a run does not need is loaded only where it is asked for."""

    def examine(self, plan: Plan) -> Iterator[Check]:
        """The right to write, protected ranges, the Settings tab."""
        from sheetflow.backends.google.doctor import examine

        return examine(self, plan)

    def prepare(self, settings: Callable[[Sheet], Settings]) -> Preparation:
        """What ``init`` would do here."""
        from sheetflow.backends.google.prepare import GooglePreparation

        return GooglePreparation(self, settings)

    def extras(self, plan: Plan) -> Iterator[Notice]:
        """What ``remove`` takes away beside the cells."""
        from sheetflow.backends.google.remove import extras

        return extras(plan)

    def remove(self, plan: Plan) -> None:
        """Take everything of ours out of the spreadsheet, in one write."""
        from sheetflow.backends.google.remove import remove

        remove(self, plan)
