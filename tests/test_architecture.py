"""Imports point one way and make no circle, the core knows no clock, file or network, and some words are nowhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sheetflow"

BELOW: Mapping[str, str] = {
    "errors": "cells",
    "addresses": "",
    "sheet": "",
    "cells": "sheet",
    "checks": "errors",
    "words": "",
    "columns": "words",
    "highlights": "",
    "table": "cells columns errors sheet words",
    "notes": "",
    "calendar": "cells letters notes table",
    "tabs": "calendar cells columns letters notes settings sheet table",
    "settings": "addresses cells columns errors sheet",
    "rules": "cells columns mailbox notes settings sheet table",
    "letters": "addresses cells columns errors mailbox notes rules settings sheet table",
    "mailbox": "addresses cells errors table __init__",
    "plan": "cells columns errors highlights mailbox sheet table tabs",
    "report": "cells columns plan rules sheet table tabs",
    "terminal": "cells columns plan report sheet tabs",
    "backends": "__init__ cells checks columns errors highlights plan settings sheet table tabs",
    "flow": "backends columns errors letters mailbox plan rules settings sheet table tabs",
    "session": "backends errors letters mailbox settings",
    "tell": "cells errors plan settings",
    "actions": "checks errors plan settings tell",
    "doctor": "actions checks columns errors flow mailbox plan report session sheet",
    "init": "backends errors session",
    "remove": "columns errors flow plan session sheet",
    "roster": "backends cells columns errors flow letters plan report session settings sheet table tabs words",
    "cli": "__init__ actions backends calendar doctor errors flow init remove report roster session settings sheet "
    "tabs terminal",
    "__main__": "cli",
    "__init__": "",
}
"""Each room of the package, and the rooms that it may import from; type-checking imports count."""
ENTRANCES = {
    "actions", "cli", "session", "doctor", "init", "remove", "roster", "flow", "backends", "__main__", "__init__",
}  # fmt: skip
"""The rooms that may touch files, the clock or the network, each in its own way; all others are the core."""
OUTSIDE = {
    "letters.load": {"os", "pathlib"},
    "words": {"importlib"},
    "tell.github": {"requests", "time"},
    "calendar": {"icalendar"},
    "mailbox.imap": {"imapclient", "imaplib", "socket", "ssl", "threading"},
}
"""What single modules of the core may do all the same: templates and words are files, GitHub and mail a network."""
SHELL_ONLY = {
    "gspread", "google", "lxml", "click", "os", "pathlib", "io", "time", "socket", "random", "secrets",
    "uuid", "requests", "urllib3", "subprocess", "tempfile", "shutil", "logging", "sys", "imapclient", "imaplib",
    "ssl", "threading", "icalendar", "importlib",
}  # fmt: skip
FORMATS = {"csv": (), "xlsx": ("lxml",), "google": ("gspread", "google", "requests", "urllib3")}
"""The formats, and what only the folder of each may import."""


def name_of(path: Path) -> str:
    """A module's name inside the package: ``table.dates``; a package's is its folder's."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room(name: str) -> str:
    return name.partition(".")[0]


CORE = {name: path for name, path in MODULES.items() if room(name) not in ENTRANCES}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path, *, run_time_only: bool = False) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    top = tree(path)
    if run_time_only:
        top.body = [node for node in top.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node))]
    for node in ast.walk(top):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules_imported(path: Path, *, run_time_only: bool = False) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for name in imported(path, run_time_only=run_time_only):
        if not name.startswith("sheetflow."):
            continue
        parts = name.split(".")[1:]
        while parts and ".".join(parts) not in MODULES:
            parts.pop()
        found.add(".".join(parts) or "__init__")
    return found


GRAPH = {name: modules_imported(path) - {name} for name, path in MODULES.items()}


def foreign(name: str) -> set[str]:
    """The packages outside of ours that a module imports."""
    return {other.partition(".")[0] for other in imported(MODULES[name])} - {"sheetflow"}


def test_the_graph_has_what_it_is_about() -> None:
    assert len(MODULES) > 40
    assert "rules.cadence" in GRAPH["letters.drafts"]
    assert "sheet" in GRAPH["cells"]


def test_every_room_has_its_line() -> None:
    assert {room(name) for name in MODULES} == set(BELOW)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_one_way(name: str) -> None:
    allowed = {*BELOW[room(name)].split(), room(name)}
    assert {other for other in GRAPH[name] if room(other) not in allowed} == set()


def test_no_circle() -> None:
    try:
        list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_circle_would_be_found() -> None:
    with pytest.raises(CycleError):
        list(TopologicalSorter({**GRAPH, "sheet": {"cli"}}).static_order())


def test_the_flow_imports_no_backend() -> None:
    assert {room(other) for other in modules_imported(MODULES["flow"], run_time_only=True)} & {"backends"} == set()


@pytest.mark.parametrize("name", CORE)
def test_the_core_knows_no_clock_file_or_network(name: str) -> None:
    assert foreign(name) & SHELL_ONLY <= OUTSIDE.get(name, set())


@pytest.mark.parametrize("name", MODULES)
def test_a_format_stays_in_its_folder(name: str) -> None:
    for folder, libraries in FORMATS.items():
        inside = name.startswith(f"backends.{folder}")
        if not inside:
            assert foreign(name) & set(libraries) <= OUTSIDE.get(name, set())
        if not inside and name != "backends":
            assert {o for o in GRAPH[name] if o.startswith(f"backends.{folder}")} == set()


@pytest.mark.parametrize("name", [name for name in MODULES if name != "session"])
def test_only_the_session_reads_a_clock(name: str) -> None:
    calls = [node for node in ast.walk(tree(MODULES[name])) if isinstance(node, ast.Attribute)]
    if room(name) == "backends":  # they wait between tries, and ask for the computer's zone
        return
    assert {node.attr for node in calls} & {"utcnow", "monotonic", "perf_counter"} == set()
    clocks = {"datetime", "date", "pd.Timestamp", "Timestamp", "datetime.datetime"}
    assert [ast.unparse(n) for n in calls if n.attr in ("now", "today") and ast.unparse(n.value) in clocks] == []


BANNED = {
    "USER_ENTERED",
    "get_all_records",
    "update_cell",
    "update_acell",
    "HYPERLINK",
    "get_all_values",
    "importFunctionsExternalUrlAccessAllowed",
}


@pytest.mark.parametrize("name", MODULES)
def test_words_that_make_formulas_or_guess_are_nowhere(name: str) -> None:
    used = set()
    for node in ast.walk(tree(MODULES[name])):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used |= {word for word in BANNED | {"formulaValue"} if word == node.value}
    # a cell of the person's, put back as it was
    allowed = {"formulaValue"} if name.startswith("backends.google") else set()
    assert used & (BANNED | {"formulaValue"}) <= allowed


def test_only_letters_make_templates() -> None:
    for name, path in MODULES.items():
        if name != "letters.templates":
            assert not any(other.startswith("jinja2") for other in imported(path)), name
            assert "from_string" not in path.read_text(encoding="utf-8"), name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_opens_with_its_rule(name: str) -> None:
    assert name == "__main__" or ast.get_docstring(tree(MODULES[name]))
