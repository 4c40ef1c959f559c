"""One call of a command: where from, with which options; and from these the settings, templates, tracker and now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetflow import settings
from sheetflow.errors import SettingError, UsageError

if TYPE_CHECKING:
    from sheetflow.backends.base import Backend
    from sheetflow.letters.templates import Templates
    from sheetflow.mailbox.box import Mailbox


@dataclass(frozen=True)
class Session:
    """What one call knows. ``options`` are the command line's, by name; ``quiet``: anybody may read what is said."""

    source: str
    options: Mapping[str, Any]
    environment: Mapping[str, str]
    quiet: bool
    say: Callable[[str], None] = lambda _: None
    """Tells the person, while they wait, what is being waited for; says nothing in public."""

    @cached_property
    def now(self) -> datetime:
        """The one moment this run is about; ``--now`` or the clock, read here and nowhere else."""
        text = self.options.get("now")
        if not text:
            return datetime.now(UTC)
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise UsageError("--now wants a time like 2026-11-20T14:30 or 2026-11-20T14:30+01:00.") from None

    @cached_property
    def layers(self) -> settings.Layers:
        """Settings from all their places; the Settings tab joins once the sheet is read."""
        command = {s.key: self.options[s.key] for s in settings.SETTINGS if self.options.get(s.key)}
        return settings.Layers(
            settings.from_toml(self._config()),
            settings.from_environment(self.environment),
            settings.from_text(command, "the command line"),
        )

    def _config(self) -> str:
        named = self.options.get("config") or self.environment.get("SHEETFLOW_CONFIG")
        path = Path(named or "sheetflow.toml")
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if named:
                raise UsageError("There is no settings file {file}.", file=named) from None
            return ""
        except (OSError, UnicodeDecodeError):
            raise UsageError("{file} cannot be read as UTF-8 text.", file=path) from None

    def templates(self) -> Templates:
        """The notes' templates, checked."""
        from sheetflow.letters.load import load_templates

        return load_templates(self.options.get("templates") or self.environment.get("SHEETFLOW_TEMPLATES", ""))

    def backend(self) -> Backend:
        """The tracker, not yet read."""
        from sheetflow.backends import open_backend
        from sheetflow.backends.base import Options

        known = self.layers.merged()
        options = Options(
            zone=known.zone,
            worksheet=known.worksheet,
            output=self.options.get("output") or "",
            columns=known.columns,
            force=bool(self.options.get("force")),
            environment=self.environment,
            say=self.say,
        )
        return open_backend(self.source, options)

    def mailbox(self) -> Mailbox | None:
        """The mailbox that the environment names, not yet looked into; ``None`` when it names none."""
        from sheetflow.mailbox.box import Mailbox
        from sheetflow.mailbox.providers import account

        try:
            found = account(self.environment)
        except SettingError as error:  # mail trouble never stops the sheet
            return Mailbox(trouble=error.template)
        return Mailbox(found) if found else None
