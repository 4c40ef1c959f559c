"""Imports point one way, the core knows no clock, file or network, and some words are nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sheetflow"
SHELL = {"cli", "__main__", "template_files", "doctor", "prepare", "flow"}
MODULES = sorted(PACKAGE.glob("*.py"))
CORE = [path for path in MODULES if path.stem not in SHELL]
EVERYTHING = sorted(PACKAGE.rglob("*.py"))
OUTSIDE = {
    "sheetflow.backends",
    "sheetflow.cli",
    "sheetflow.flow",
    "sheetflow.doctor",
    "sheetflow.prepare",
    "sheetflow.template_files",
    "gspread",
    "google",
    "openpyxl",
    "click",
    "os",
    "pathlib",
    "io",
    "time",
    "socket",
    "random",
    "secrets",
    "uuid",
    "requests",
    "urllib3",
    "subprocess",
    "tempfile",
    "shutil",
    "logging",
    "sys",
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_imports_nothing_of_the_shell(path: Path) -> None:
    assert {name for name in imported(path) if any(f"{name}.".startswith(f"{out}.") for out in OUTSIDE)} == set()


@pytest.mark.parametrize("path", [p for p in EVERYTHING if p.stem != "cli"], ids=lambda path: path.stem)
def test_only_the_command_line_reads_a_clock(path: Path) -> None:
    if path.parent.name == "backends":  # they wait between tries, and ask for the computer's zone
        return
    calls = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert calls & {"now", "today", "utcnow", "monotonic", "perf_counter"} <= {"now", "today"}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("now", "today"):
            owner = ast.unparse(node.func.value)
            assert owner not in ("datetime", "date", "pd.Timestamp", "Timestamp", "datetime.datetime"), ast.unparse(
                node
            )


def test_the_backends_import_no_rules() -> None:
    for path in (PACKAGE / "backends").glob("*.py"):
        assert {"sheetflow.cli", "sheetflow.flow", "sheetflow.cadence", "sheetflow.drafts"} & set(
            imported(path)
        ) == set(), path


def test_google_stays_out_of_local_files() -> None:
    for path in (PACKAGE / "backends").glob("*.py"):
        if not path.stem.startswith("google"):
            assert {name for name in imported(path) if name.startswith(("gspread", "google"))} == set(), path


BANNED = {
    "USER_ENTERED",
    "get_all_records",
    "update_cell",
    "update_acell",
    "HYPERLINK",
    "get_all_values",
    "importFunctionsExternalUrlAccessAllowed",
}


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.stem)
def test_words_that_make_formulas_or_guess_are_nowhere(path: Path) -> None:
    used = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used |= {word for word in BANNED | {"formulaValue"} if word == node.value}
    allowed = (
        {"formulaValue"} if path.stem.startswith("google") else set()
    )  # a cell of the person's, put back as it was
    assert used & (BANNED | {"formulaValue"}) <= allowed


def test_only_notes_make_templates() -> None:
    for path in EVERYTHING:
        if path.stem != "notes":
            assert not any(name.startswith("jinja2") for name in imported(path)), path
            assert "from_string" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_a_core_module_opens_with_its_rule(path: Path) -> None:
    assert ast.get_docstring(tree(path))
