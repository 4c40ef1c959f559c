r"""The same tracker at the same moment gives the same bytes, whatever the machine around it.

``python tests/test_determinism.py`` compares this Python under every combination below; any further arguments are
other Pythons, such as one of a virtual environment with the lowest versions that pyproject.toml allows::

    python3 -m venv /tmp/lowest
    /tmp/lowest/bin/pip install click==8.1.7 google-auth==2.35 gspread==6.1.4 jinja2==3.1.6 lxml==5.3 \
        pandas==2.2.3 'numpy<2' python-dateutil==2.8.2 tzdata==2024.2 cryptography pytest
    python tests/test_determinism.py /tmp/lowest/bin/python

``--save FOLDER`` writes one set of outputs there, for a look at what differs.
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Europe/Lisbon", "Australia/Lord_Howe")
SEEDS = ("0", *(str(seed) for seed in random.Random(1).sample(range(2**32), 19)))
LOCALES = ("C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "fr_FR.UTF-8", "C")
"""The machine's locale: the first and, of the others, each that the machine has (``locale -a``)."""


# --- what is compared (runs in a process of its own) -------------------------------------------------------------


def outputs(few: bool = False) -> dict[str, bytes]:
    """Everything that a run can put out, by name."""
    return {**dict(files(few)), **dict(requests())}


def files(few: bool) -> Iterator[tuple[str, bytes]]:
    """The sample and each tracker in tests/trackers, or a few: rewritten, copied to the other format, and reported."""
    from support import MADRID, NOW, templates

    from sheetflow import flow, report, terminal
    from sheetflow.backends import open_backend
    from sheetflow.backends.base import Options
    from sheetflow.backends.xlsx.fresh import new_tracker
    from sheetflow.errors import SheetflowError
    from sheetflow.settings import Settings

    settings = Settings(name="Sam Lee")
    yield "new.xlsx", new_tracker(settings)
    trackers = [TESTS.parent / "sample_sheet.csv", *sorted((TESTS / "trackers").glob("[0-9]*"))]
    with tempfile.TemporaryDirectory() as folder:
        for tracker in trackers[::12] if few else trackers:
            path = Path(folder) / tracker.name
            for output in ("", "copy.csv", "copy.xlsx"):
                path.write_bytes(tracker.read_bytes())
                target = Path(folder) / output if output else path
                options = Options(zone=MADRID, output=str(target) if output else "", force=True)
                name = f"{tracker.name} {output}"
                try:
                    made = flow.run(
                        open_backend(str(path), options), NOW, lambda _: settings, templates(), copy=bool(output)
                    )
                except SheetflowError as error:
                    yield f"{name} error", f"{error.full}\n{error.quiet}".replace(folder, "").encode()
                    continue
                yield name, target.read_bytes()
                for quiet in (False, True) if not output else ():
                    told = report.Report(made, quiet, applied=False)
                    texts = [*terminal.changes(told, 100), *terminal.lines(told, 100)]
                    texts += [report.markdown(told)] if quiet else []
                    yield f"{name} report, quiet {quiet}", "\n".join(texts).encode("utf-8", "backslashreplace")
                    yield f"{name} JSON, quiet {quiet}", report.as_json(told, NOW).encode()


def requests() -> Iterator[tuple[str, bytes]]:
    """What goes to Google: the read, the write of a first run, and the write after a day."""
    import csv
    from datetime import date, timedelta

    from google_support import NOW, SAMPLE, Program, environment
    from sheets_server import SheetsServer

    from sheetflow.cells import moment_text
    from sheetflow.table.dates import read_moment

    def typed(text: str) -> str:
        moment = read_moment(text, "", NOW.date(), date(1899, 12, 30)).moment if text.startswith("=") else None
        return moment_text(moment) if moment else text

    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = [[typed(cell) for cell in row] for row in csv.reader(file)]
    with SheetsServer() as server:
        book = server.add_spreadsheet(rows=rows, time_zone="Europe/Madrid")
        with environment(server.environment(book)):
            for days in (0, 1):
                Program(server, NOW + timedelta(days=days)).run(book)
        calls = [one for kind in ("read", "write") for one in server.exchanges(kind)]  # type: ignore[arg-type]
    for number, one in enumerate(calls):
        # the marks of a write bear a name of chance, and the server numbers them by chance
        request = re.sub(rb'(?<="metadataValue": ")[0-9a-f]{6}(?= )|(?<="metadataId": )[0-9]+', b"chance", one.request)
        yield f"Google {one.kind} {number}", f"{one.method} {one.path} {one.query}\n".encode() + request


# --- under which circumstances -----------------------------------------------------------------------------------


def circumstances(count: int) -> list[dict[str, str]]:
    """So many different environments; together they have every zone, hash seed and locale, if there are enough."""
    there = [name for name in LOCALES if has_locale(name)]
    return [
        {"TZ": ZONES[n % len(ZONES)], "PYTHONHASHSEED": SEEDS[n % len(SEEDS)], "LC_ALL": there[n % len(there)]}
        for n in range(count)
    ]


def has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return True


def digests(pythons: Sequence[str], environments: Sequence[dict[str, str]], how: str) -> list[dict[str, str]]:
    """The digests of all outputs, in each environment; a few processes at a time."""
    results: list[dict[str, str]] = []
    jobs = [(python, variables) for python in pythons for variables in environments]
    width = max(2, os.cpu_count() or 1)
    for start in range(0, len(jobs), width):
        processes = [
            subprocess.Popen(  # noqa: S603
                [python, __file__, how], stdout=subprocess.PIPE, env={**os.environ, **variables}
            )
            for python, variables in jobs[start : start + width]
        ]
        for process in processes:
            text = process.communicate(timeout=300)[0]
            assert process.returncode == 0, process.args
            results.append(json.loads(text))
    return results


def different(results: Sequence[dict[str, str]]) -> list[str]:
    """The names of the outputs that are not the same everywhere."""
    return sorted(name for name in set().union(*results) if len({result.get(name) for result in results}) > 1)


def test_the_same_bytes_in_every_zone_order_and_language() -> None:
    environments = circumstances(6)
    assert len({variables["TZ"] for variables in environments}) == 6
    results = digests([sys.executable], environments, "--few-digests")
    assert len(results[0]) > 20
    assert sum(name.startswith("Google") for name in results[0]) == 4
    assert different(results) == []


def test_all_circumstances_are_met_by_hand() -> None:
    everything = circumstances(20)
    assert {variables["TZ"] for variables in everything} == set(ZONES)
    assert {variables["PYTHONHASHSEED"] for variables in everything} == set(SEEDS)
    assert len({variables["LC_ALL"] for variables in everything}) >= 2


@pytest.mark.parametrize("results", [[{"a": "1"}, {"a": "2"}], [{"a": "1"}, {}]])
def test_a_difference_is_noticed(results: list[dict[str, str]]) -> None:
    assert different(results) == ["a"]


def main(arguments: list[str]) -> int:
    """What the command line asks for."""
    if arguments in (["--digests"], ["--few-digests"]):
        locale.setlocale(locale.LC_ALL, "")
        made = outputs(few=arguments == ["--few-digests"])
        json.dump({name: hashlib.sha256(data).hexdigest() for name, data in made.items()}, sys.stdout)
        return 0
    if arguments[:1] == ["--save"]:
        folder = Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in outputs().items():
            (folder / name.replace("/", "_")).write_bytes(data)
        return 0
    environments = circumstances(20)
    results = digests([sys.executable, *arguments], environments, "--digests")
    wrong = different(results)
    sys.stdout.write(
        f"{len(results)} processes ({1 + len(arguments)} Pythons; {len(ZONES)} zones, {len(SEEDS)} hash seeds, "
        f"{len({variables['LC_ALL'] for variables in environments})} locales), {len(results[0])} outputs each, "
        f"{len(wrong)} of them different{': ' if wrong else ''}{', '.join(wrong)}\n"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
