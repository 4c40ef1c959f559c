"""What stops a run: one family of exceptions, each with an exit code.

A message is a template plus the private parts that go into it. On the person's own machine the parts are
filled in; in CI, where logs may be public, each is replaced by a placeholder, so no error can leak a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

HIDDEN = "[hidden]"


def literal(text: str) -> str:
    """Text that is for everybody's eyes, as it may stand in a template: its braces doubled."""
    return text.replace("{", "{{").replace("}", "}}")


def fill(template: str, private: Mapping[str, object], quiet: bool) -> str:
    """A template with its private parts: hidden, or on one line and without what could steer a terminal."""
    if quiet:
        return template.format(**dict.fromkeys(private, HIDDEN))
    from sheetflow.cells import clean  # not for --help, which answers at once

    return template.format(**{name: re.sub(r"\s", " ", clean(str(part))) for name, part in private.items()})


class Notice(NamedTuple):
    """Something to be said that stops nothing. ``text`` is a template; what is private is passed in ``private``."""

    text: str
    private: Mapping[str, object] = {}

    def say(self, quiet: bool) -> str:
        """The words, for the person's own screen or for a log that anybody may read."""
        return fill(self.text, self.private, quiet)


class SheetflowError(Exception):
    """The run cannot go on. The message says what, where, and how to fix it.

    ``SheetflowError("No tab named {tab}.", tab=title)``: everything from a spreadsheet, a file name, an
    address or an id is passed by name, never written into the template.
    """

    exit_code = 1
    passing = False
    """Whether it may go better by itself next time, so that nobody has to do anything."""
    access: Literal["", "refused", "unshared"] = ""
    """Of our access: ``refused``: nobody takes our credentials; ``unshared``: this sheet is not shared with us."""

    def __init__(self, template: str, **private: object) -> None:
        self.template = template
        self.private = private
        super().__init__(self.full)

    @property
    def full(self) -> str:
        """The message for the person's own terminal."""
        return fill(self.template, self.private, quiet=False)

    @property
    def quiet(self) -> str:
        """The message for a log that anybody may read."""
        return fill(self.template, self.private, quiet=True)


class UsageError(SheetflowError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class Refused(SheetflowError):  # noqa: N818 - it is no error: doing nothing was right
    """Going on could lose or spoil something, so nothing was written."""

    exit_code = 3


class SettingError(SheetflowError):
    """A setting that is unknown or cannot be used."""


class TemplateError(SheetflowError):
    """A note's template that cannot be used; names file and line."""
