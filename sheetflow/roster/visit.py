"""One visit: the ordinary run over one tracker of a roster, and its end in numbers; whatever goes wrong stays there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sheetflow import flow
from sheetflow.backends import is_google, open_backend
from sheetflow.backends.base import Backend, Kept, Options, Outdated
from sheetflow.errors import HIDDEN, SheetflowError, TemplateError
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import Templates
from sheetflow.plan import Plan
from sheetflow.roster.entries import Entry
from sheetflow.roster.results import Result, count
from sheetflow.settings import PERSONAL, Layers
from sheetflow.sheet import Sheet, now_in


class _Read(Backend):
    """A tracker that its owner's own run keeps is read and not written."""

    def __init__(self, inner: Backend) -> None:
        self._inner, self.kept = inner, False

    def read(self) -> Sheet:
        """Read it."""
        return self._inner.read()

    def apply(self, plan: Plan) -> Sheet | None:
        """Write, unless the owner's own run does."""
        try:
            return self._inner.apply(plan)
        except Outdated:
            raise
        except Kept:
            self.kept = True
            return None

    def undo(self, plan: Plan) -> None:
        """Take back what overtaken writes left."""
        self._inner.undo(plan)


@dataclass
class Wording:
    """The coach's templates, and the folders beside them; each is read once."""

    folder: str
    """The coach's own folder; empty: none, so that others lie in the present folder."""
    _loaded: dict[str, Templates | SheetflowError] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, name: str) -> Templates:
        """The templates of a folder beside the coach's; without a name the coach's. Raises ``TemplateError``."""
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = self._load(name)
            found = self._loaded[name]
        if isinstance(found, SheetflowError):
            raise found
        return found

    def _load(self, name: str) -> Templates | SheetflowError:
        folder = str(Path(self.folder or "templates").parent / name) if name else self.folder
        if name and not Path(folder).is_dir():
            return TemplateError(
                "Templates names a folder that is not there, beside your templates. Make it, or empty the cell."
            )
        try:
            return load_templates(folder)
        except SheetflowError as error:
            return error


@dataclass(frozen=True)
class Visitor:
    """What all visits of a run share."""

    layers: Layers
    """The coach's settings; of those in ``PERSONAL`` nothing is taken."""
    wording: Wording
    options: Options
    now: Callable[[], datetime]
    dry_run: bool = False

    def visit(self, entry: Entry, connect: Callable[[str], Any] | None) -> tuple[Result, SheetflowError | None]:
        """Bring one tracker up to date; what came of it, and the error if it was one."""
        now = self.now()
        try:
            options = replace(self.options, connect=connect)
            backend = _Read(open_backend(entry.source if is_google(entry.source) else entry.key, options))
            templates = self.wording.of(entry.templates)
            settings = _of(self.layers, entry).merged
            made = flow.run(backend, now, settings, templates, dry_run=self.dry_run, force=options.force)
        except SheetflowError as error:
            return _failed(entry, error), error
        except Exception as error:  # noqa: BLE001 - one tracker never stops the others, and no text of it is told
            kind = type(error).__name__
            return Result(problem=f"sheetflow met a situation it was not made for ({kind}). Please report it."), None
        seen = now_in(made.sheet.zone, now)
        return Result(seen, count(made), "Kept by its owner" if backend.kept else ""), None


def _of(layers: Layers, entry: Entry) -> Layers:
    """The settings for one person's tracker: the coach's, but for what is personal."""
    own = {key: value for key, value in (("name", entry.name), ("language", entry.language)) if value}
    shared = [{key: value for key, value in layer.items() if key not in PERSONAL} for layer in layers]
    return Layers({**shared[0], **own}, *shared[1:])


def _failed(entry: Entry, error: SheetflowError) -> Result:
    """An end in words for everybody's eyes. Who was readable once and is not any more has been un-shared."""
    if error.access == "unshared" and entry.last_run is not None:
        return Result(state="Un-shared", forget=True)
    return Result(problem=public(error))


def public(error: SheetflowError) -> str:
    """An error's public form, without the places where private parts were."""
    return error.quiet.replace(f" ({HIDDEN})", "").replace(f"{HIDDEN}!", "").replace(HIDDEN, "…")
