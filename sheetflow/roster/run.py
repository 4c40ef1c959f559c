"""The roster's run: who is to be visited, in which order and as whom; and what is written beside them, and when."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sheetflow.backends import google_accounts, identify, is_google, open_backend
from sheetflow.backends.base import Backend, Options, Time
from sheetflow.errors import Refused, SheetflowError, UsageError
from sheetflow.plan import Plan
from sheetflow.roster.columns import find_header, headers_known
from sheetflow.roster.crew import Crew, Line
from sheetflow.roster.entries import Entry, read_entries
from sheetflow.roster.results import Result, as_text, from_texts, name_of
from sheetflow.roster.table import make_plan, written
from sheetflow.roster.visit import Visitor, Wording
from sheetflow.session import Session
from sheetflow.sheet import Sheet, now_in

EVERY = 180.0
"""Seconds after which what was found is written down: a run that is killed has at most these to do again."""
AGAIN = timedelta(minutes=30)
"""So lately read, and a sheet is not read again: a run that was cut off is taken up where it was."""
SHARD_SIZE = 1000
"""Sheets that one shard takes, where their number is to be chosen."""


@dataclass(frozen=True)
class Shard:
    """Which part of the accounts is this call's: every ``of``-th, from the ``number``-th on (from 1)."""

    number: int = 1
    of: int = 1

    @classmethod
    def read(cls, text: str) -> Shard:
        """From ``2/5``. Raises ``UsageError``."""
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 256):
            raise UsageError("--shard wants a number and how many there are, like 2/5.")
        return cls(int(number), int(of))


def _left_alone(sheet: Sheet) -> Sheet:
    """A dry run writes nothing."""
    return sheet


@dataclass
class Outcome:
    """What a run over a roster came to. ``results`` are by row (0-based in the sheet)."""

    entries: list[Entry]
    results: dict[int, Result] = field(default_factory=dict)
    left: int = 0
    """Sheets left because they were read a short while ago."""
    skipped: int = 0
    """Sheets that were not reached because the credentials were refused."""
    stopped: SheetflowError | None = None

    @property
    def problems(self) -> dict[int, str]:
        """Row -> what is wrong and how to mend it."""
        found = {entry.row: entry.problem for entry in self.entries if entry.problem}
        return found | {row: result.problem for row, result in self.results.items() if result.problem}


class Roster:
    """One call of ``sheetflow roster``. ``time`` is an argument so that tests need not wait."""

    def __init__(self, session: Session, time: Time | None = None) -> None:
        self.session, self.time = session, time or Time()
        options = session.options
        self.shard = Shard.read(options.get("shard") or "1/1")
        self._google = is_google(session.source)
        if not self._google and Path(session.source).suffix.lower() not in (".csv", ".tsv"):
            raise UsageError("A roster is a Google Sheet, by its link or id, or a .csv file.")
        self._folder = None if self._google else Path(session.source).resolve().parent
        self._accounts = google_accounts(
            session.environment, options.get("accounts") or "", self.time, self.shard.number, self.shard.of
        )
        self._started = self.time.clock()
        self._backend: Backend | None = None
        self._results: dict[str, Result] = {}

    def now(self) -> datetime:
        """The moment that the session is about, and what has passed since."""
        return self.session.now + timedelta(seconds=self.time.clock() - self._started)

    # --- the roster itself ----------------------------------------------------------------------------------

    def _read(self) -> Sheet:
        known = self.session.layers.merged()
        options = Options(
            zone=known.zone,
            headers_known=headers_known,
            environment=self.session.environment,
            say=self.session.say,
            force=True,  # whichever of its accounts wrote last, the roster is the coach's
        )
        if self._google:
            options = replace(options, connect=self._accounts.own.patiently)
        self._backend = open_backend(self.session.source, options)
        return self._backend.read()

    def _entries(self, sheet: Sheet) -> list[Entry]:
        today = now_in(sheet.zone, self.now()).date()
        return read_entries(sheet, find_header(sheet), today, partial(identify, folder=self._folder))

    def _plan(self, sheet: Sheet) -> Plan:
        return make_plan(sheet, find_header(sheet), self._entries(sheet), self._results, self.now())

    def _write(self, sheet: Sheet) -> Sheet:
        """Write what was found so far; the roster as it stands then."""
        if not self._google:
            sheet = self._read()  # a file costs nothing to read again, and may have been edited
        assert self._backend is not None  # noqa: S101 - it was read
        plan = self._plan(sheet)
        while plan:
            overtaken = self._backend.apply(plan)
            if overtaken is None:
                return written(plan)
            plan = self._plan(overtaken)
        return plan.sheet

    # --- the commands ---------------------------------------------------------------------------------------

    def visit(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Outcome:
        """Visit every sheet of this shard, and write what was found beside it, or into the file of results."""
        sheet = self._read()
        results_file = self.session.options.get("results")
        alone = self.shard.of == 1 or results_file or self.session.options.get("dry_run")
        if find_header(sheet).missing and not alone:
            raise Refused(
                "The roster lacks columns of ours, and two shards would add them twice. Run it once without --shard, "
                "or let the shards write --results and put them together with --merge."
            )
        outcome = Outcome(self._entries(sheet))
        keep = partial(self._hand_over, Path(results_file)) if results_file else self._write
        if self.session.options.get("dry_run"):
            keep = _left_alone
        lines = self._lines(outcome, sheet)
        total, last = sum(len(line.entries) for line in lines), self.time.clock()
        try:
            for entry, result in Crew(lines).results():
                outcome.results[entry.row] = self._results[entry.key] = result
                progress(len(outcome.results), total)
                if self.time.clock() - last >= EVERY:
                    sheet, last = self._keep_for_now(keep, sheet), self.time.clock()
        except KeyboardInterrupt:
            keep(sheet)
            raise
        keep(sheet)
        outcome.stopped = next((line.error for line in lines if line.error), None)
        outcome.skipped = sum(len(line.entries) for line in lines)
        return outcome

    def _keep_for_now(self, keep: Callable[[Sheet], Sheet], sheet: Sheet) -> Sheet:
        """Write down what there is; what cannot be written now is written next time, or said at the end."""
        try:
            return keep(sheet)
        except SheetflowError as error:
            self.session.say(f"The roster could not be written just now: {error.quiet}")
            return sheet

    def merge(self, folder: Path) -> Outcome:
        """Write what shards found, by the names that they gave the sheets; never by row."""
        sheet = self._read()
        entries = self._entries(sheet)
        if not folder.is_dir():
            raise UsageError("--merge wants the folder with the files of results.")
        found = from_texts(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.json")))
        named = {entry.key: found.get(name_of(entry.key, self._secret)) for entry in entries if entry.key}
        self._results = {key: result for key, result in named.items() if result is not None}
        if not self.session.options.get("dry_run"):
            self._write(sheet)
        results = {e.row: self._results[e.key] for e in entries if e.to_visit and e.key in self._results}
        return Outcome(entries, results)

    def shards(self, size: int = SHARD_SIZE) -> int:
        """How many shards the roster's size asks for: one per ``size`` sheets, and no more than there are accounts."""
        sheets = sum(entry.to_visit for entry in self._entries(self._read()))
        return max(1, min(self._accounts.count, -(-sheets // size)))

    # --- who, in which order, as whom -----------------------------------------------------------------------

    @property
    def _secret(self) -> str:
        """What the sheets' names are keyed with: known to whoever may read the roster."""
        return identify(self.session.source, folder=self._folder) if self._google else self.session.source

    def _hand_over(self, file: Path, sheet: Sheet) -> Sheet:
        named = {name_of(key, self._secret): result for key, result in self._results.items()}
        file.write_text(as_text(named), encoding="utf-8")
        return sheet

    def _lines(self, outcome: Outcome, sheet: Sheet) -> list[Line]:
        """The sheets to visit by account, longest not visited first."""
        visitor, now = self._visitor(), now_in(sheet.zone, self.now()).replace(tzinfo=None)
        lines: dict[str, Line] = {}
        for entry in self._due(outcome, now):
            reached = self._reached(outcome, entry)
            if reached is not None:
                account, connect = reached
                line = lines.setdefault(account, Line(deque(), partial(visitor.visit, connect=connect)))
                line.entries.append(entry)
        return list(lines.values())

    def _due(self, outcome: Outcome, now: datetime) -> Iterator[Entry]:
        for entry in sorted(outcome.entries, key=lambda e: (e.last_run or datetime.min, e.row)):  # noqa: DTZ901
            if not entry.to_visit:
                continue
            lately = entry.last_run is not None and timedelta(0) <= now - entry.last_run < AGAIN
            if lately and not entry.failed and not self.session.options.get("all"):
                outcome.left += 1
            else:
                yield entry

    def _reached(self, outcome: Outcome, entry: Entry) -> tuple[str, Callable[[str], Any] | None] | None:
        """As which account a sheet is reached, and how (a file: as none); ``None`` where this shard does not."""
        if not is_google(entry.source):
            return ("", None) if self.shard.number == 1 else None
        try:
            account, connect = self._accounts.of(entry.account)
        except LookupError as error:
            outcome.results[entry.row] = self._results[entry.key] = Result(problem=str(error))
            return None
        return (account, connect) if connect is not None else None

    def _visitor(self) -> Visitor:
        session, known = self.session, self.session.layers.merged()
        folder = session.options.get("templates") or session.environment.get("SHEETFLOW_TEMPLATES", "")
        wording = Wording(folder)
        wording.of("")  # a broken one of the coach's stops the run before it begins
        options = Options(
            zone=known.zone, worksheet=known.worksheet, columns=known.columns, force=bool(session.options.get("force"))
        )
        return Visitor(session.layers, wording, options, self.now, dry_run=bool(session.options.get("dry_run")))
