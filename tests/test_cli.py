"""The command line: options in, words on stderr, JSON on stdout, an exit code; silence in public."""

from __future__ import annotations

import inspect
import json
import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetflow import flow
from sheetflow.cli import main

TEXT = (
    "Company,Role,Interview,Interviewers,Highlight\n"
    "Canary Acme,Canary Cook,2026-11-19,Canary Ana <canary@acme.example>,canary penguins\n"
    "Canary Birch,,canary day,,\n"
)
NOW = ("--now", "2026-11-20T15:00", "--time-zone", "Europe/Madrid")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith(("SHEETFLOW_", "GITHUB_")) or name in ("CI", "NO_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canary.csv").write_text(TEXT, encoding="utf-8")
    return tmp_path


def call(*arguments: str) -> Result:
    apart = {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}  # click < 8.2
    return CliRunner(**apart).invoke(main, arguments)


def test_run_then_run_again() -> None:
    first = call("run", "canary.csv", *NOW)
    assert first.exit_code == 0, first.stderr
    assert first.stdout == ""
    assert "To do now (1):" in first.stderr
    assert "Canary Acme" in first.stderr
    second = call("run", "canary.csv", *NOW)
    assert second.exit_code == 0
    assert "Nothing to change" in second.stderr


def test_plan_changes_nothing() -> None:
    before = Path("canary.csv").read_bytes()
    result = call("plan", "canary.csv", *NOW)
    assert result.exit_code == 0
    assert "+ column " in result.stderr
    assert "would be filled" in result.stderr
    assert Path("canary.csv").read_bytes() == before


def test_json_on_stdout() -> None:
    result = call("plan", "canary.csv", "--json", *NOW)
    assert json.loads(result.stdout)["statuses"] == {"Check row": 1, "Send thank-you": 1}
    assert result.stderr == ""
    assert json.loads(call("run", "canary.csv", "--json", *NOW).stdout)["applied"] is True


def test_elsewhere_and_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEETFLOW_SHEET", "canary.csv")
    result = call("run", "-o", "other.csv", *NOW)
    assert "Written to other.csv." in result.stderr
    assert Path("canary.csv").read_text(encoding="utf-8") == TEXT
    assert "Draft stamp" in Path("other.csv").read_text(encoding="utf-8")


def test_settings_from_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("sheetflow.toml").write_text('name = "From File"\nsend_with = "mailto"\n', encoding="utf-8")
    Path("other.toml").write_text('name = "From Other"\n', encoding="utf-8")

    def signed(*options: str) -> str:
        Path("out.csv").unlink(missing_ok=True)
        assert call("run", "canary.csv", "-o", "out.csv", *NOW, *options).exit_code == 0
        return Path("out.csv").read_text(encoding="utf-8")

    assert "From File" in signed()
    assert "mailto:canary@acme.example" in signed()
    assert "From Other" in signed("--config", "other.toml")
    monkeypatch.setenv("SHEETFLOW_CONFIG", "other.toml")
    assert "From Other" in signed()
    monkeypatch.setenv("SHEETFLOW_NAME", "From Environment")
    assert "From Environment" in signed()
    assert "From Command" in signed("--name", "From Command")


def test_the_moment() -> None:
    for now, zone, status in (
        ("2026-11-19T15:00", "Europe/Madrid", "due 20 Nov"),
        ("2026-11-21T00:30+01:00", "America/New_York", "due 20 Nov"),
        ("2026-11-21T00:30", "America/New_York", "OVERDUE"),
    ):
        assert status in call("plan", "canary.csv", "--now", now, "--time-zone", zone).stderr


EXITS = {
    ("run",): (2, "Name a tracker"),
    ("run", "canary.csv", "--now", "tomorrow"): (2, "--now wants"),
    ("run", "canary.pdf"): (2, "is a document"),
    ("run", "nowhere.csv"): (1, "no file"),
    ("run", "canary.csv", "--config", "nowhere.toml"): (2, "no settings file"),
    ("run", "canary.csv", "--templates", "nowhere"): (1, "no template folder"),
    ("run", "canary.csv", "--follow-up-days", "0"): (1, "whole number"),
    ("run", "canary.csv", "--time-zone", "Mars"): (1, "time zone"),
    ("run", "canary.csv", "-o", "other.pdf"): (2, "is a document"),
    ("run", "canary.csv", "-o", "there.csv"): (3, "--force"),
    ("run", "strange.csv"): (3, "Company header"),
    ("run", "canary.csv", "--wrong"): (2, "--wrong"),
    ("run", "a", "canary"): (2, "canary"),
    ("dance",): (2, "dance"),
}


@pytest.mark.parametrize("arguments", EXITS, ids=" ".join)
@pytest.mark.parametrize("public", [False, True])
def test_exit_codes_and_one_clear_line(
    arguments: tuple[str, ...], public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("there.csv").write_bytes(b"ticks")
    Path("strange.csv").write_bytes(b"a,b\n")
    if public:
        monkeypatch.setenv("CI", "true")
    code, said = EXITS[arguments]
    result = call(*arguments)
    assert result.exit_code == code
    assert "Traceback" not in result.stderr
    if public:
        assert "canary" not in result.output
    else:
        assert said in result.stderr


def test_force_goes_ahead() -> None:
    Path("there.csv").write_bytes(b"ticks")
    assert call("run", "canary.csv", "-o", "there.csv", "--force", *NOW).exit_code == 0
    assert b"Draft" in Path("there.csv").read_bytes()


def test_a_bad_template_stops_the_run_before_it_writes() -> None:
    Path("mine").mkdir()
    Path("mine/withdrawal.txt").write_text("Subject: x\n\n{{ wage }}\n", encoding="utf-8")
    result = call("run", "canary.csv", "--templates", "mine", *NOW)
    assert result.exit_code == 1
    assert "withdrawal.txt (in mine), line 3: there is nothing called wage" in result.stderr
    assert Path("canary.csv").read_text(encoding="utf-8") == TEXT


# --- silence in public -----------------------------------------------------------------------------------------

PUBLIC = [("CI", "true"), ("CI", "1"), ("GITHUB_ACTIONS", "true")]


def silent(result: Result) -> bool:
    return not any(word in result.output.casefold() for word in ("canary", "penguin", "hello", "@", "https", "19 nov"))


@pytest.mark.parametrize(("name", "value"), PUBLIC)
@pytest.mark.parametrize("options", [(), ("--json",), ("--debug",)])
@pytest.mark.parametrize("command", ["plan", "run"])
def test_nothing_of_the_persons_is_printed_in_public(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, options: tuple[str, ...], command: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    result = call(command, "canary.csv", *options, *NOW, "--name", "Canary Sam")
    assert result.exit_code == 0
    assert silent(result), result.output
    summary = Path("summary.md").read_text(encoding="utf-8")
    assert "Send thank-you" in summary
    assert "anary" not in summary


@pytest.mark.parametrize(("name", "value"), [("CI", ""), ("CI", "false"), ("GITHUB_ACTIONS", "0")])
def test_at_home_everything_is_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "Canary Acme" in call("plan", "canary.csv", *NOW).stderr


STAGES = ["find_header", "parse", "assess", "write", "diff", "read", "apply", "settings", "load_templates"]


def explode(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    from sheetflow import plan, settings, table
    from sheetflow.backends.csv.file import CsvFile
    from sheetflow.letters import drafts
    from sheetflow.letters import load as template_files
    from sheetflow.rules import cadence
    from sheetflow.table import claims

    def bang(*_: object, **__: object) -> None:
        raise RuntimeError("canary: Canary Acme <canary@acme.example>")

    owners = {
        "find_header": claims,
        "parse": table,
        "assess": cadence,
        "write": drafts,
        "diff": plan,
        "read": CsvFile,
        "apply": CsvFile,
        "settings": settings,
        "load_templates": template_files,
    }
    monkeypatch.setattr(owners[stage], "from_tab" if stage == "settings" else stage, bang)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("debug", [True, False])
def test_an_unexpected_error_in_public(monkeypatch: pytest.MonkeyPatch, stage: str, debug: bool) -> None:
    explode(monkeypatch, stage)
    monkeypatch.setenv("CI", "true")
    result = call("run", "canary.csv", *NOW, *(["--debug"] if debug else []))
    assert result.exit_code == 1
    assert silent(result), result.output
    assert "(RuntimeError)" in result.stderr
    assert ("test_cli.py:" in result.stderr) == debug


@pytest.mark.parametrize("debug", [True, False])
def test_an_unexpected_error_at_home(monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    explode(monkeypatch, "diff")
    result = call("run", "canary.csv", *NOW, *(["--debug"] if debug else []))
    assert result.exit_code == 1
    assert ("Traceback" in result.stderr) == debug
    assert ("--debug" in result.stderr) != debug


def test_warnings_and_logs_of_libraries_are_silent_in_public(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def noisy(*_: object, **__: object) -> None:
        warnings.warn("canary", stacklevel=1)
        logging.getLogger("urllib3").warning("canary")
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "run", noisy)
    monkeypatch.setenv("CI", "true")
    result = call("run", "canary.csv")
    assert result.exit_code == 1
    assert "Stopped." in result.stderr
    assert silent(result)
    assert "canary" not in "".join(capfd.readouterr())
    assert logging.root.manager.disable == 0


def test_a_summary_that_cannot_be_written_does_not_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "nowhere/summary.md")
    assert call("run", "canary.csv", *NOW).exit_code == 0


def test_a_public_repository_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    monkeypatch.setenv("GITHUB_EVENT_PATH", "event.json")
    Path("event.json").write_text('{"repository": {"visibility": "public"}}', encoding="utf-8")
    call("run", "canary.csv", "--event", *NOW)
    assert "Make it private" in Path("summary.md").read_text(encoding="utf-8")


# --- looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("no_color", ["", "1"])
def test_no_colour_codes(monkeypatch: pytest.MonkeyPatch, no_color: str) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert "\x1b" not in CliRunner().invoke(main, ["plan", "canary.csv", *NOW], color=True).output


def test_lines_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, call("plan", "canary.csv", *NOW).stderr.splitlines())) <= 60


def test_help_and_version() -> None:
    for arguments in (["--help"], ["-h"], ["run", "--help"], ["plan", "--help"], ["init", "-h"], ["doctor", "-h"]):
        assert call(*arguments).exit_code == 0
    assert "--templates" in call("run", "-h").output
    assert call("--version").output.startswith("sheetflow, version ")


def test_every_setting_has_an_option() -> None:
    from sheetflow.settings import SETTINGS

    output = call("run", "--help").output
    for setting in SETTINGS:
        assert f"--{setting.key.replace('_', '-')} " in output


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom sheetflow.cli import main\ntry:\n  main(['--help'])\nexcept SystemExit:\n  pass\n"
        "heavy = {'pandas', 'numpy', 'gspread', 'google', 'lxml', 'jinja2', 'logging', 'asyncio'} & set(sys.modules)\n"
        "raise SystemExit(','.join(heavy) or 0)\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    assert result.returncode == 0, result.stderr


def test_what_a_message_quotes_cannot_steer_the_terminal() -> None:
    Path("tab.csv").write_text("Compny\x1b,Role\nAcme,\n", encoding="utf-8")
    result = call("run", "tab.csv", *NOW)
    assert result.exit_code == 3
    assert "(Compny)" in result.stderr
    shown = call("doctor", "no\x1b[31m\nsuch.csv", *NOW).stderr
    assert "There is no file no[31m such.csv." in shown
    assert "\x1b" not in result.stderr + shown
