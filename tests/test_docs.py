"""The generated parts of the docs are what the program says; ``python tests/test_docs.py`` writes them anew."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from letter_cases import facts

from sheetflow import __version__
from sheetflow.cli import main
from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.load import load_templates
from sheetflow.letters.templates import NAMES
from sheetflow.mailbox.providers import PROVIDERS
from sheetflow.notes import NOTES
from sheetflow.rules.cadence import LATE, RULES
from sheetflow.settings import SETTINGS, defaults

ROOT = Path(__file__).parent.parent
NOTE_WORDS = {
    "company": "the company",
    "role": "the role",
    "job": "role and company together: `the Analyst role at Acme`, or what is known of it",
    "interview": "the day of the interview, like `20 November`",
    "weekday": "its day of the week",
    "interviewed": "true unless the interview is still to come",
    "applied": "the day of the application",
    "person": "whom the note is to: `person.name`, `person.first_name`, `person.email`",
    "greeting": "`Hi Ana,`, by title where you typed one (`Dear Dr. Lindqvist,`), or `Hello,`",
    "detail": "your Highlight as a sentence",
    "apart": "What sets them apart as a sentence; without it your Highlight",
    "highlight": "the Highlight as you typed it: the lines for this person",
    "question": "the Question, for the one person who is asked",
    "feeling": "How it went: `Great`, `Fine`, `Bad` or `Horrible`",
    "thanked": "true once a thank-you is marked",
    "followed_up": "the day you sent the follow-up, if you wrote one down",
    "reply": "the day of their latest reply since the interview or the application",
    "decision_by": "the day by which they said they would decide",
    "reason": "of a withdrawal: `accepted_elsewhere`, `horrible` or `own_decision`",
    "offered": "true when they have made an offer",
    "variant": "0 to 3: which of several people met this is, so that no two get the same letter",
    "you": "your name",
    "signature": "your signature, in several lines; without one your name",
}
SHOWN = {
    "thank_you": "with a question",
    "follow_up": "after a thank-you",
    "second_follow_up": "after a follow-up",
    "withdrawal": "accepted elsewhere, interview to come",
    "feedback_request": "after a reply",
    "check_in": "after an application",
}
"""Note -> the situation in which the docs show it."""


def statuses() -> str:
    """One line per status, in the order of the rules; the rules that lead to it joined."""
    rows: dict[str, tuple[dict[str, None], list[str]]] = {}
    for rule in RULES:
        flags, meanings = rows.setdefault(rule.status, ({}, []))
        flags[{LATE: "Due, later Overdue"}.get(rule.flag, rule.flag)] = None
        meanings.append(rule.meaning)
    return "\n".join(
        f"| {status} | {', '.join(filter(None, flags))} | {'; or: '.join(meanings)} |"
        for status, (flags, meanings) in rows.items()
    )


def settings() -> str:
    values = defaults()
    rows = []
    for setting in SETTINGS:
        shown = setting.words(values[setting.key])
        tab = f"`{setting.label}`" if setting.in_tab else "no"
        rows.append(f"| {setting.help} | {shown} | {tab} | `{setting.key}` |")
    return "\n".join(rows)


def names() -> str:
    assert set(NOTE_WORDS) == set(NAMES)
    return "\n".join(f"| `{name}` | {words} |" for name, words in NOTE_WORDS.items())


def letter(note: str, language: str = "en") -> str:
    subject, body = load_templates("").render(note, facts(language, note, SHOWN[note]))
    return f"```text\nSubject: {subject}\n\n{body}\n```"


def letters() -> str:
    return "\n\n".join(f"### {note.title.capitalize()}\n\n{letter(note.name)}" for note in NOTES.values())


def other_languages() -> str:
    return "\n\n".join(letter("thank_you", language) for language in LANGUAGES if language != "en")


def commands() -> str:
    parts = []
    for name in ("", *sorted(main.commands)):
        words = [name] if name else []
        result = CliRunner().invoke(main, [*words, "--help"], prog_name="sheetflow", terminal_width=100)
        title = f"sheetflow {name}".strip()
        parts.append(f"## {title}\n\n```text\n{result.output.strip()}\n```")
    return "\n\n".join(parts)


def cloud_shell() -> str:
    """The line for Cloud Shell: the release that it takes setup.sh from, and the sum that it must have."""
    script = (ROOT / "setup.sh").read_bytes()
    owner = re.findall(rb"^TEMPLATE=([\w-]+)/", script, re.M)[0].decode()
    place = f"https://raw.githubusercontent.com/{owner}/sheetflow/v{__version__}/setup.sh"
    total = hashlib.sha256(script).hexdigest()
    return f'```bash\ncurl -fsSLO {place} && echo "{total}  setup.sh" | sha256sum -c --quiet && bash setup.sh\n```'


def providers() -> str:
    """A line per mail provider: whom it serves, and what it wants or why it cannot be used."""
    rows = []
    for provider in PROVIDERS:
        first, *more = provider.domains.split()
        serves = f"@{first}" + (f" and {len(more)} more" if len(more) > 1 else "".join(f", @{one}" for one in more))
        wants = provider.todo if provider.host else f"**cannot be used**: {provider.todo}"
        rows.append(f"| {provider.name} | {serves} | {wants} |")
    return "\n".join(("| provider | addresses | what it wants |", "|---|---|---|", *rows))


GENERATED: dict[tuple[str, str], Callable[[], str]] = {
    ("README.md", "statuses"): statuses,
    ("docs/settings.md", "settings"): settings,
    ("docs/notes.md", "names"): names,
    ("docs/notes.md", "letters"): letters,
    ("docs/notes.md", "languages"): other_languages,
    ("docs/cli.md", "commands"): commands,
    ("docs/schedule.md", "cloud shell"): cloud_shell,
    ("docs/mailbox.md", "providers"): providers,
}


def renewed(file: str, part: str) -> tuple[str, str]:
    """The file's text as it is, and as it should be."""
    text = (ROOT / file).read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {part}: [^\n]*-->\n).*?(<!-- end -->)", re.DOTALL)
    assert pattern.search(text), f"{file} has no place for {part}"
    return text, pattern.sub(lambda match: f"{match[1]}{GENERATED[file, part]()}\n{match[2]}", text)


@pytest.mark.parametrize(("file", "part"), GENERATED)
def test_generated_part_is_up_to_date(file: str, part: str) -> None:
    text, wanted = renewed(file, part)
    assert text == wanted, "run: python tests/test_docs.py"


def test_the_page_of_the_rules_has_the_lines_of_the_table() -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8").partition("## 4. The status")[2]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    page = [(number, status, flag) for number, _, status, flag, _ in cells[1:]]
    table = {
        (rule.key.partition(" ")[0], rule.status, {LATE: "Due, then Overdue"}.get(rule.flag, rule.flag)): None
        for rule in sorted(RULES, key=lambda rule: rule.key == "4 next round")
    }
    assert page == list(table)


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert isinstance(main, click.Group)
    for name in main.commands:
        assert f"## sheetflow {name}" in text


def markdown_files() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http", "mailto:", "../../../")):  # the last: pages of the reader's own repository
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: path.name)
def test_links_to_headings_lead_somewhere(path: Path) -> None:
    for file, heading in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", path.read_text(encoding="utf-8")):
        text = ((path.parent / file) if file else path).read_text(encoding="utf-8")
        titles = {
            re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)
        }
        assert heading in titles, f"{path.name}: #{heading}"


def test_the_picture_shows_what_one_gets() -> None:
    """The README's picture is of today's sample, templates and looks; else: ``python docs/images/make.py``."""
    script = ROOT / "docs" / "images" / "make.py"
    spec = importlib.util.spec_from_file_location("make_picture", script)
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    with tempfile.TemporaryDirectory() as folder:
        shown = make.fingerprint(make.workbook(Path(folder)))
    assert shown == (script.parent / "tracker.sha256").read_text(encoding="utf-8").strip()
    assert "docs/images/tracker.png" in (ROOT / "README.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    for file, part in GENERATED:
        (ROOT / file).write_text(renewed(file, part)[1], encoding="utf-8")
    sys.exit(0)
