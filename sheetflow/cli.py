"""The command line: run, plan, init, doctor. Options in, words on stderr, JSON on stdout, an exit code.

Nothing here decides anything about interviews. Heavy imports wait until a command needs them, so that
``--help`` answers at once.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from sheetflow import __version__
from sheetflow.errors import HIDDEN, Refused, SheetflowError, UsageError
from sheetflow.session import Session
from sheetflow.settings import PERSONAL, SETTINGS, Setting, defaults


def in_public() -> bool:
    """Whether what is printed may be read by anybody: in CI, where logs can be public."""
    return any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "GITHUB_ACTIONS"))


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command on one tracker takes."""
    return _options(command, SETTINGS)


def _options(command: Callable[..., None], settings: Sequence[Setting]) -> Callable[..., None]:
    """The source, and the options that every command takes, with one for each of some settings."""
    for setting in reversed(settings):
        name = f"--{setting.key.replace('_', '-')}"
        command = click.option(name, setting.key, metavar="TEXT", help=f"{setting.help[:-1]}{_default(setting)}.")(
            command
        )
    for option in (
        click.option("--debug", is_flag=True, help="Show where in the program an error came from."),
        click.option("--json", "as_json", is_flag=True, help="Write the result as JSON on stdout."),
        click.option("--config", metavar="FILE", help="The settings file (sheetflow.toml)."),
        click.option("--templates", metavar="DIR", help="Your own wording of the notes."),
        click.option("--now", metavar="TIME", help="Act as if it were this time, like 2026-11-20T14:30."),
    ):
        command = option(command)
    return click.argument("source", required=False)(command)


def _default(setting: Setting) -> str:
    words = setting.words(defaults()[setting.key])
    return f" [{words}]" if words else ""


class _Commands(click.Group):
    """The commands; in public, what was typed wrongly is not repeated (it may be a name or a sheet's id)."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _unspoken():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _unspoken():
            return super().invoke(ctx)


@contextlib.contextmanager
def _unspoken() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        if in_public():
            raise click.UsageError("The options or arguments are wrong; --help lists them.", error.ctx) from None
        raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sheetflow")
@click.pass_context
def main(context: click.Context) -> None:
    """From an interview tracker to the note to send today.

    SOURCE is a Google Sheet's link or id, a .csv or an .xlsx; without it, the one in SHEETFLOW_SHEET. sheetflow
    fills in due dates, statuses and the next email to send. It never sends one.
    """
    if os.environ.get("NO_COLOR"):
        context.color = False


@main.command()
@_common
@click.option("-o", "--output", metavar="FILE", help="Write a .csv or .xlsx elsewhere instead of in place.")
@click.option("--force", is_flag=True, help="Go on where sheetflow would refuse for safety.")
@click.option("--event", is_flag=True, hidden=True, help="Take ticks and name from the form of GitHub's Run workflow.")
def run(source: str | None, **options: Any) -> None:
    """Bring the tracker up to date."""
    debug = options["debug"] or (options["event"] and os.environ.get("RUNNER_DEBUG") == "1")
    _guarded(debug, lambda: _asked(source, options))


@main.command()
@_common
@click.option("--force", is_flag=True, help="Show the plan even where a run would refuse for safety.")
def plan(source: str | None, **options: Any) -> None:
    """Show what a run would change, and change nothing."""
    _guarded(options["debug"], lambda: _run(_session(source, options), dry_run=True))


@main.command()
@_common
@click.option("--yes", is_flag=True, help="Do it without asking.")
def init(source: str | None, **options: Any) -> None:
    """Make a new .csv or .xlsx tracker, or prepare a Google Sheet of yours."""
    _guarded(options["debug"], lambda: _init(_session(source, options)))


@main.command()
@_common
@click.option("--yes", is_flag=True, help="Do it without asking.")
def remove(source: str | None, **options: Any) -> None:
    """Take everything of sheetflow's out of a tracker; what you typed stays."""
    _guarded(options["debug"], lambda: _remove(_session(source, options)))


@main.command()
@_common
@click.option("--sankey", is_flag=True, help="Print only the text for sankeymatic.com/build.")
def stats(source: str | None, **options: Any) -> None:
    """Print how far the applications came, and change nothing."""
    _guarded(options["debug"], lambda: _stats(_session(source, options)))


@main.command()
@_common
def doctor(source: str | None, **options: Any) -> None:
    """Check everything a run needs, and say how to fix what is wrong."""
    _guarded(options["debug"], lambda: _doctor(_session(source, options)))


@main.command()
@_common
@click.option("-o", "--output", "file", metavar="FILE", required=True, help="The .ics file to write.")
def calendar(source: str | None, **options: Any) -> None:
    """Write interviews and due dates into a file for your calendar; importing it again updates them."""
    _guarded(options["debug"], lambda: _calendar(_session(source, options)))


@main.command()
@lambda command: _options(command, [setting for setting in SETTINGS if setting.key not in PERSONAL])
@click.option("--dry-run", is_flag=True, help="Read every sheet and change nothing.")
@click.option("--accounts", metavar="FILE", help="The accounts, a line each: a key file, or an address to act as.")
@click.option("--shard", metavar="I/N", help="Only the sheets of every N-th account, from the I-th on.")
@click.option("--all", is_flag=True, help="Also the sheets that were read less than half an hour ago.")
@click.option("--force", is_flag=True, help="Go on where sheetflow would refuse for safety, in every sheet.")
@click.option("--results", metavar="FILE", help="Write what was found to a file, and not into the roster.")
@click.option("--merge", metavar="DIR", help="Visit nothing: write the files of --results into the roster.")
@click.option("--count-shards", metavar="SIZE", type=click.IntRange(1), help="Print how many shards of SIZE it takes.")
def roster(source: str | None, **options: Any) -> None:
    """Bring every tracker that a roster lists up to date, and write beside each how it stands.

    SOURCE is a Google Sheet's link or id, or a .csv, with the columns Name and Sheet; without it, the one in
    SHEETFLOW_ROSTER.
    """
    _guarded(options["debug"], lambda: _roster(source, options))


@main.command()
@click.option("--debug", is_flag=True, help="Show where in the program an error came from.")
def tell(debug: bool) -> None:
    """Tell what is due in an issue at GitHub: a job of the scheduled run, in a private repository only."""
    _guarded(debug, _tell)


def _session(source: str | None, options: dict[str, Any]) -> Session:
    source = source or os.environ.get("SHEETFLOW_SHEET", "").strip()
    if not source:
        raise UsageError("Name a tracker (a Google Sheet's link, a .csv or an .xlsx), or set SHEETFLOW_SHEET.")
    return Session(source, options, os.environ, in_public(), _whisper)


def _whisper(text: str) -> None:
    """A word to somebody who waits at a terminal; to nobody else."""
    if sys.stderr.isatty() and not in_public():
        click.echo(text, err=True)


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Say that the work goes on when it takes more than two seconds."""
    from threading import Timer

    timer = Timer(2.0, _whisper, ["Still at work: a large tracker takes a while …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _asked(source: str | None, options: dict[str, Any]) -> None:
    """A run, as the command line asks for it or, at GitHub, the form of *Run workflow*; leaves word of its failure."""
    from sheetflow import actions

    form = actions.form(os.environ) if options["event"] else actions.Form()
    options |= {"force": options["force"] or form.force, "yes": True}
    if options["event"] and not options["templates"] and Path("templates").is_dir():
        options["templates"] = "templates"
    session = _session(source, options)
    try:
        if form.prepare or form.name:
            _init(_session(source, {**options, "name": form.name or options["name"]}))
        if form.public:
            warning = "> This repository is public: anybody can read this page. Make it private.\n\n"
            actions.add_to_summary(warning, os.environ)
        _run(session, dry_run=form.dry_run)
    except SheetflowError as error:
        if not error.passing:
            actions.hand_over(actions.line_of_failure(error, session.now, os.environ), os.environ)
        raise


def _run(session: Session, *, dry_run: bool) -> None:
    from sheetflow import flow, report, terminal

    backend = session.backend()
    copy = bool(session.options.get("output"))
    with _patience():
        made = flow.run(
            backend, session.now, session.layers.merged, session.templates(),
            mailbox=session.mailbox(), dry_run=dry_run, force=bool(session.options.get("force")), copy=copy,
        )  # fmt: skip
    told = report.Report(made, session.quiet, applied=not dry_run, requests=backend.requests())
    _leave_word(session, report.Report(made, True, applied=not dry_run, requests=backend.requests()))
    if session.options["as_json"]:
        click.echo(report.as_json(told, session.now))
        return
    width = max(shutil.get_terminal_size((100, 24)).columns, 40)
    lines = [*(terminal.changes(told, width) if dry_run else ()), *terminal.lines(told, width)]
    lines += _last_words(session, told) if not dry_run else ()
    click.echo("\n".join(lines), err=True)


def _last_words(session: Session, told: Any) -> Iterator[str]:
    """That the letters are unsigned, and the next step."""
    from sheetflow import terminal
    from sheetflow.backends import is_google

    settings = session.layers.merged(told.plan.sheet)
    if told.to_do and not (settings.name or settings.signature):
        yield "The letters are unsigned: set your name with --name, in sheetflow.toml or in the tab Settings."
    output = session.options.get("output")
    if output:
        yield f"Written to {HIDDEN if session.quiet else output}."
    place = "the tracker" if session.quiet or is_google(session.source) else output or session.source
    if step := terminal.next_step(told, place):
        yield step


def _leave_word(session: Session, told: Any) -> None:
    """At GitHub: the run's summary, and the line for the job that tells."""
    from sheetflow import actions

    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from sheetflow import report

        actions.add_to_summary(report.markdown(told), os.environ)
    if os.environ.get("GITHUB_OUTPUT"):
        settings = session.layers.merged(told.plan.sheet)
        actions.hand_over(actions.line_of(told.plan, settings, session.now, session.source, os.environ), os.environ)


def _calendar(session: Session) -> None:
    from sheetflow import calendar, flow
    from sheetflow.backends.replace import replace_file
    from sheetflow.sheet import now_in

    path = Path(session.options["file"])
    if path.suffix.lower() != ".ics":
        raise UsageError("calendar writes an .ics file; {file} is none. Call it due.ics.", file=path)
    sheet = session.backend().read()
    now = now_in(sheet.zone, session.now)
    made = flow.make_plan(sheet, now, session.layers.merged(sheet), session.templates())
    found = calendar.entries(made.table, made.today)
    replace_file(path, calendar.ics(found, now), None)
    if session.options["as_json"]:
        click.echo(json.dumps({"entries": len(found)}))
        return
    words = f"{len(found)} {'entry is' if len(found) == 1 else 'entries are'} in {HIDDEN if session.quiet else path}."
    _say([words, "Import it into your calendar. Importing a later one updates what is there."])


def _tell() -> None:
    from sheetflow import actions

    click.echo(f"::notice title=sheetflow::{actions.tell(os.environ)}")


def _add_to_summary(text: str) -> None:
    from sheetflow import actions

    actions.add_to_summary(f"## sheetflow\n\n{text}\n", os.environ)


def _init(session: Session) -> None:
    from sheetflow.init import prepare

    _say(prepare(session, _confirm(session)))


def _remove(session: Session) -> None:
    from sheetflow.remove import remove

    _say(remove(session, _confirm(session)))


def _confirm(session: Session) -> Callable[[], bool]:
    """Asks at a terminal before something is done that was just described, unless it was told yes."""
    return lambda: session.options["yes"] or not sys.stdin.isatty() or click.confirm("Go ahead?", err=True)


def _doctor(session: Session) -> None:
    from sheetflow import doctor

    checks = doctor.examine(session)
    if session.options["as_json"]:
        click.echo(doctor.as_json(checks, session.quiet))
    else:
        _say(doctor.lines(checks, session.quiet))
    if any(check.state == "wrong" for check in checks):
        raise SystemExit(1)


def _stats(session: Session) -> None:
    import json

    from sheetflow import flow
    from sheetflow.sheet import now_in
    from sheetflow.tabs import overview

    sheet = session.backend().read()
    made = flow.make_plan(sheet, session.now, session.layers.merged(sheet), session.templates())
    found = overview.read_stats(made.table, now_in(sheet.zone, session.now))
    if session.options["as_json"]:
        click.echo(json.dumps(overview.as_data(found), indent=2))
    else:
        click.echo(found.sankey() if session.options["sankey"] else "\n".join(overview.words(found)))


def _roster(source: str | None, options: dict[str, Any]) -> None:
    from sheetflow.roster.run import Roster
    from sheetflow.roster.words import as_json, lines, markdown

    gc.enable()  # it goes on for minutes, tracker after tracker
    source = source or os.environ.get("SHEETFLOW_ROSTER", "").strip()
    if not source:
        raise UsageError("Name a roster (a Google Sheet's link, or a .csv), or set SHEETFLOW_ROSTER.")
    called = Roster(Session(source, options, os.environ, in_public(), _whisper))
    if size := options["count_shards"]:
        click.echo(called.shards(size))
        return
    with _progress() as progress:
        outcome = called.merge(Path(options["merge"])) if options["merge"] else called.visit(progress)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from sheetflow import actions

        actions.add_to_summary(markdown(outcome), os.environ)
    if options["as_json"]:
        click.echo(as_json(outcome, called.session.now))
    else:
        _say(lines(outcome, dry_run=options["dry_run"]))
    if outcome.stopped is not None:
        raise outcome.stopped
    if outcome.problems:
        raise SystemExit(Refused.exit_code)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """How far it came, on one line of a terminal that is written over and cleared at the end."""
    shown = sys.stderr.isatty() and not in_public()

    def show(done: int, of: int) -> None:
        if shown:
            click.echo(f"\r{done:,} of {of:,} sheets", nl=False, err=True)

    try:
        yield show
    finally:
        if shown:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)


def _guarded(debug: bool, command: Callable[[], None]) -> None:
    """Run a command; every failure becomes one message and an exit code, and none leaks in public."""
    gc.disable()  # a run makes millions of cells and hardly a cycle, and then it ends: a fifth of its time otherwise
    try:
        with _silent_libraries() if in_public() else contextlib.nullcontext():
            command()
    except (SystemExit, click.exceptions.Exit):
        raise
    except SheetflowError as error:
        _add_to_summary(f"The run stopped. {error.quiet}")
        _fail(error.quiet if in_public() else error.full, error.exit_code, error if debug else None)
    except KeyboardInterrupt:
        _fail("Stopped.", 1, None)
    except Exception as error:  # noqa: BLE001 - the last resort: a traceback would quote cells
        text = "sheetflow met a situation it was not made for. Nothing more was written."
        _add_to_summary(text)
        hint = "" if debug else " Run it once more with --debug to see where."
        _fail(f"{text} ({type(error).__name__}){hint}", 1, error if debug else None)


@contextlib.contextmanager
def _silent_libraries() -> Iterator[None]:
    """Keep the warnings and logs of libraries from quoting cells, addresses and links."""
    import logging
    import warnings

    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _fail(message: str, code: int, cause: BaseException | None) -> None:
    click.echo(f"Error: {message}", err=True)
    if cause is not None and in_public():
        for frame in traceback.extract_tb(cause.__traceback__):
            click.echo(f"  {Path(frame.filename).name}:{frame.lineno} {type(cause).__name__}", err=True)
    elif cause is not None:
        click.echo("".join(traceback.format_exception(cause)), err=True)
    sys.exit(code)
